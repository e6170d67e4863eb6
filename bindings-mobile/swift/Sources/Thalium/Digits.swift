/// A decimal number as it is written: its digits, and how many of them stand after the point.
///
/// It counts exactly, however long a number is. Foundation's own functions round at 38 digits.
struct Digits: Sendable {
    let isNegative: Bool
    /// The digits without the point, the last one first; none for zero.
    let magnitude: [UInt8]
    /// How many of them stand after the point.
    let scale: Int

    private init(_ isNegative: Bool, _ magnitude: [UInt8], _ scale: Int) {
        let end = magnitude.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        self.isNegative = isNegative && end > 0
        self.magnitude = Array(magnitude[..<end])
        self.scale = scale
    }

    /// Reads `-12.50`; nothing for anything else.
    init?(_ text: some StringProtocol) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let parts = text.utf8.dropFirst(isNegative ? 1 : 0).split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        for part in parts {
            guard !part.isEmpty, part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        }
        let digits = parts.joined().map { $0 - UInt8(ascii: "0") }
        self.init(isNegative, digits.reversed(), parts.count == 2 ? parts[1].count : 0)
    }

    /// Reads a number of JSON, such as `1.5e+06`; nothing for anything else, and for one with an exponent past 10,000.
    init?(json number: String) {
        let parts = number.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = Digits(parts[0]), let exponent = parts.count == 2 ? Int(parts[1]) : 0, (-10_000...10_000).contains(exponent)
        else { return nil }
        let scale = mantissa.scale - exponent
        self.init(mantissa.isNegative, [UInt8](repeating: 0, count: max(0, -scale)) + mantissa.magnitude, max(0, scale))
    }

    /// Without the zeros at the end of the fraction.
    var shortest: Digits {
        let zeros = magnitude.isEmpty ? scale : min(scale, magnitude.prefix { $0 == 0 }.count)
        return Digits(isNegative, Array(magnitude.dropFirst(zeros)), scale - zeros)
    }

    /// How many digits there are from the first to the last that is not zero.
    var significant: Int {
        magnitude.count - magnitude.prefix { $0 == 0 }.count
    }

    var negated: Digits {
        Digits(!isNegative, magnitude, scale)
    }

    func adding(_ other: Digits) -> Digits {
        let scale = max(scale, other.scale)
        let (a, b) = (shifted(to: scale), other.shifted(to: scale))
        if isNegative == other.isNegative { return Digits(isNegative, Digits.sum(a, b), scale) }
        return Digits.isLess(a, b) ? Digits(other.isNegative, Digits.difference(b, a), scale) : Digits(isNegative, Digits.difference(a, b), scale)
    }

    func multiplied(by n: Int) -> Digits {
        var product = [UInt8](repeating: 0, count: magnitude.count + 20)
        for (place, digit) in String(n.magnitude).utf8.reversed().enumerated() {
            var carry: UInt8 = 0
            for index in 0...magnitude.count {
                let term = index < magnitude.count ? magnitude[index] * (digit - UInt8(ascii: "0")) : 0
                let value = product[place + index] + term + carry
                product[place + index] = value % 10
                carry = value / 10
            }
        }
        return Digits(isNegative != (n < 0), product, scale)
    }

    func isLess(than other: Digits) -> Bool {
        let difference = adding(other.negated)
        return difference.isNegative
    }

    private func shifted(to scale: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: magnitude.isEmpty ? 0 : scale - self.scale) + magnitude
    }

    private static func isLess(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count ? a.reversed().lexicographicallyPrecedes(b.reversed()) : a.count < b.count
    }

    private static func sum(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var (sum, carry): ([UInt8], UInt8) = ([], 0)
        for index in 0...max(a.count, b.count) {
            let value = (index < a.count ? a[index] : 0) + (index < b.count ? b[index] : 0) + carry
            sum.append(value % 10)
            carry = value / 10
        }
        return sum
    }

    /// The larger less the smaller.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var (difference, borrow): ([UInt8], UInt8) = ([], 0)
        for index in a.indices {
            let less = (index < b.count ? b[index] : 0) + borrow
            borrow = a[index] < less ? 1 : 0
            difference.append(a[index] + 10 * borrow - less)
        }
        return difference
    }
}

extension Digits: CustomStringConvertible {
    var description: String {
        let whole = max(magnitude.count, scale + 1)
        let all = (0..<whole).reversed().map { $0 < magnitude.count ? magnitude[$0] + UInt8(ascii: "0") : UInt8(ascii: "0") }
        let before = String(decoding: all.dropLast(scale), as: UTF8.self)
        let after = scale == 0 ? "" : "." + String(decoding: all.suffix(scale), as: UTF8.self)
        return (isNegative ? "-" : "") + before + after
    }
}

/// Two numbers are equal whatever zeros are written.
extension Digits: Hashable {
    static func == (a: Digits, b: Digits) -> Bool {
        let (a, b) = (a.shortest, b.shortest)
        return a.isNegative == b.isNegative && a.scale == b.scale && a.magnitude == b.magnitude
    }

    func hash(into hasher: inout Hasher) {
        let shortest = shortest
        hasher.combine(shortest.isNegative)
        hasher.combine(shortest.magnitude)
        hasher.combine(shortest.scale)
    }
}
