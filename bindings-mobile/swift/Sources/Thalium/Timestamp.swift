import Foundation

/// An instant to the nanosecond, which neither `Date` nor its formatters hold.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970 began, in UTC.
    public let nanoseconds: Int64

    /// The instant so many nanoseconds after 1970 began.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// An instant in RFC 3339 text with any offset, as `Timestamp("2026-01-31T09:30:00.000000001Z")`.
    ///
    /// - Throws: `invalid` for anything else, for more than nine digits of a second, and for a year that nanoseconds do not reach:
    ///   they go from 1677 to 2262.
    public init(_ text: String) throws {
        guard let nanoseconds = Timestamp.read(text) else {
            throw ThaliumError.invalid("instant", "`\(text.prefix(64))` is none: write it as \"2026-01-31T09:30:00Z\"")
        }
        self.nanoseconds = nanoseconds
    }

    /// The instant of a date, as precisely as that is: some hundred nanoseconds.
    ///
    /// - Throws: `invalid` for a date that nanoseconds do not reach.
    public init(_ date: Date) throws {
        let seconds = date.timeIntervalSince1970
        guard seconds.isFinite, let nanoseconds = Int64(exactly: (seconds * 1e9).rounded()) else {
            throw ThaliumError.invalid("instant", "\(date) is past what nanoseconds reach")
        }
        self.nanoseconds = nanoseconds
    }

    /// The clock's instant.
    public static var now: Timestamp {
        // A clock that stands outside the years 1677 to 2262 is none.
        (try? Timestamp(Date())) ?? Timestamp(nanoseconds: 0)
    }

    /// As a date, whose precision is some hundred nanoseconds.
    public var date: Date {
        let (seconds, rest) = nanoseconds.split(by: Timestamp.second)
        return Date(timeIntervalSince1970: Double(seconds) + Double(rest) / 1e9)
    }

    /// Which is earlier.
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 text in UTC with nine digits of a second, as `2026-01-31T09:30:00.000000001Z`.
    public var description: String {
        let (seconds, fraction) = nanoseconds.split(by: Timestamp.second)
        let (days, time) = seconds.split(by: 86_400)
        let (year, month, day) = Timestamp.civil(days)
        let parts = [(year, 4), (month, 2), (day, 2), (time / 3_600, 2), (time / 60 % 60, 2), (time % 60, 2), (fraction, 9)]
        let texts = parts.map { value, width in
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(texts[0])-\(texts[1])-\(texts[2])T\(texts[3]):\(texts[4]):\(texts[5]).\(texts[6])Z"
    }
}

extension Timestamp {
    private static let second: Int64 = 1_000_000_000

    private static func read(_ text: String) -> Int64? {
        var rest = Substring(text)
        func number(_ width: Int, within range: ClosedRange<Int64>) -> Int64? {
            let digits = rest.prefix(width)
            guard digits.utf8.count == width, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(width)
            return Int64(digits).flatMap { range.contains($0) ? $0 : nil }
        }
        func mark(_ marks: String) -> Bool {
            guard let first = rest.first, marks.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4, within: 0...9_999), mark("-"), let month = number(2, within: 1...12), mark("-"),
            let day = number(2, within: 1...length(of: month, in: year)), mark("Tt "),
            let hour = number(2, within: 0...23), mark(":"), let minute = number(2, within: 0...59), mark(":"),
            let second = number(2, within: 0...59)
        else { return nil }
        var fraction: Int64 = 0
        if mark(".") {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard (1...9).contains(digits.count) else { return nil }
            fraction = Int64(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
            rest = rest.dropFirst(digits.count)
        }
        var offset: Int64 = 0
        if !mark("Zz") {
            let sign: Int64 = rest.first == "-" ? -1 : 1
            guard mark("+-"), let hours = number(2, within: 0...23), mark(":"), let minutes = number(2, within: 0...59) else { return nil }
            offset = sign * (hours * 3_600 + minutes * 60)
        }
        guard rest.isEmpty else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
        // Before 1970 whole seconds may reach below the first instant though the fraction leads back to it.
        let (whole, part) = seconds < 0 && fraction > 0 ? (seconds + 1, fraction - Timestamp.second) : (seconds, fraction)
        let (product, isOver) = whole.multipliedReportingOverflow(by: Timestamp.second)
        let (sum, isPast) = product.addingReportingOverflow(part)
        return isOver || isPast ? nil : sum
    }

    private static func length(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // The Gregorian calendar repeats after 400 years, which have 146,097 days. Years are counted from March on, so that the day
    // that a leap year adds is the last one.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, ofEra) = (month > 2 ? year : year - 1).split(by: 400)
        let ofYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, ofEra) = (days + 719_468).split(by: 146_097)
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }
}

extension Int64 {
    /// The quotient rounded down, and what is left, which is never negative.
    fileprivate func split(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}
