/// JSON as the library takes and gives it: what a ``Policy`` and a ``Chart`` are asked with, and what they answer.
///
/// Text, whole numbers, flags, lists and objects are written as they are in Swift: `["role": "teller", "count": 2]`. A number with digits
/// after the point is text, `.number("19.99")`, since Swift would read `19.99` as a `Double` first: it does not compile.
///
/// Numbers are kept as they are written. Foundation's reader makes a `Double` or a rounded decimal of what is too long for it, and
/// cannot tell `1` from `true` on every system.
public enum Json: Sendable, Hashable {
    /// Nothing.
    case null
    /// A flag.
    case bool(Bool)
    /// A number, as it is written.
    case number(String)
    /// Text.
    case text(String)
    /// A list.
    case list([Json])
    /// An object.
    case object([String: Json])

    /// The text, if it is one.
    public var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// The values, if it is a list.
    public var list: [Json]? {
        if case .list(let values) = self { values } else { nil }
    }

    /// The fields, if it is an object.
    public var fields: [String: Json]? {
        if case .object(let fields) = self { fields } else { nil }
    }

    /// The number, if it is one that 64 bits hold and that is written without a point and an exponent.
    public var integer: Int64? {
        if case .number(let digits) = self { Int64(digits) } else { nil }
    }

    /// A field, if it is an object and has it.
    public subscript(name: String) -> Json? {
        fields?[name]
    }

    /// As text, with the fields of an object in the order of their names.
    public var written: String {
        var out: [UInt8] = []
        write(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .number(let digits): out += digits.utf8
        case .text(let value): Json.quote(value, to: &out)
        case .list(let values):
            out.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                value.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let fields):
            out.append(UInt8(ascii: "{"))
            for (index, (name, value)) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Json.quote(name, to: &out)
                out.append(UInt8(ascii: ":"))
                value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    private static func quote(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0..<0x20:
                out += "\\u00".utf8
                out.append(hexadecimal[Int(byte >> 4)])
                out.append(hexadecimal[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}

extension Json: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// Text in the source.
    public init(stringLiteral text: String) { self = .text(text) }

    /// A whole number in the source.
    public init(integerLiteral number: Int) { self = .number(String(number)) }

    /// A flag in the source.
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

extension Json: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// A list in the source.
    public init(arrayLiteral values: Json...) { self = .list(values) }

    /// An object in the source; of equal names the last counts.
    public init(dictionaryLiteral fields: (String, Json)...) { self = .object(Dictionary(fields) { _, last in last }) }
}

extension Json {
    /// A request to the library; what is nothing is left out.
    package static func request(_ op: String, _ fields: [String: Json?] = [:]) -> Json {
        var kept = fields.compactMapValues { $0 }
        kept["op"] = .text(op)
        return .object(kept)
    }

    /// A value for a request; nothing is nothing.
    static func of(_ text: String?) -> Json? { text.map(Json.text) }
    static func of(_ number: (some BinaryInteger)?) -> Json? { number.map { .number(String($0)) } }
    static func of(_ money: Money?) -> Json? { money.map { .text($0.description) } }
    static func of(_ instant: Timestamp?) -> Json? { instant.map { .text($0.description) } }
    static func of(_ texts: [String]) -> Json { .list(texts.map(Json.text)) }
    static func of(_ flag: Bool) -> Json { .bool(flag) }

    /// A value that is left out where it says nothing.
    static func unlessEmpty(_ text: String) -> Json? { text.isEmpty ? nil : .text(text) }
    static func unlessEmpty(_ texts: [String: String]) -> Json? { texts.isEmpty ? nil : .object(texts.mapValues(Json.text)) }
    static func unlessEmpty(_ texts: [String]) -> Json? { texts.isEmpty ? nil : of(texts) }
    static func unlessZero(_ number: some BinaryInteger) -> Json? { number == 0 ? nil : .number(String(number)) }
    static func ifTrue(_ flag: Bool) -> Json? { flag ? .bool(true) : nil }
}
