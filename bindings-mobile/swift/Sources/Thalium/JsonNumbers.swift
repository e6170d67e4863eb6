import Foundation

extension Json {
    /// The number as a `Decimal`, to its last digit.
    ///
    /// - Throws: `invalid` for what is no number, and `unsupported` for one that `Decimal` cannot hold: its text has all of it.
    public func decimal() throws -> Decimal {
        guard case .number(let text) = self, Json.isNumber(text) else { throw ThaliumError.invalid("number", "\(written.prefix(64)) is none") }
        guard let digits = Digits(json: text), let number = try? Decimal(exactly: digits.shortest) else {
            throw ThaliumError.unsupported("number", "\(text.prefix(64)) has more digits than Decimal holds: read it as text")
        }
        return number
    }

    /// The same, where every number is one; else it is told which is not.
    func checked(at place: String = "input") throws -> Json {
        switch self {
        case .number(let text) where !Json.isNumber(text):
            let field = String(place.prefix { $0 != "." && $0 != "[" })
            throw ThaliumError(code: "invalid", message: "\(place): `\(text.prefix(64))` is no number of JSON: write \"19.99\"", field: field)
        case .list(let values):
            for (index, value) in values.enumerated() { _ = try value.checked(at: "\(place)[\(index)]") }
        case .object(let fields):
            for (name, value) in fields { _ = try value.checked(at: "\(place).\(name)") }
        default: break
        }
        return self
    }

    /// Whether a text is a number as JSON writes it.
    static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func take(_ bytes: String) -> Bool {
            guard let first = rest.first, bytes.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        _ = take("-")
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !startsWithZero else { return false }
        if take("."), digits() == 0 { return false }
        if take("eE") {
            _ = take("+-")
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }
}

extension Decimal {
    /// This number as JSON.
    public var json: Json { .number(description) }
}
