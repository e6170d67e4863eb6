extension Json {
    /// Reads JSON text. Its numbers stay as they are written.
    ///
    /// - Throws: `invalid` for anything else, and for what nests deeper than 128 levels.
    public init(parsing text: String) throws {
        try self.init(parsing: text, at: "input")
    }

    /// Reads what stands in a field of a request.
    init(parsing text: String, at field: String) throws {
        do {
            self = try Json.read(text)
        } catch let error as JsonReader.Unreadable {
            throw ThaliumError.invalid(field, error.why)
        }
    }

    /// Reads an answer of the library's.
    package init(reading text: String) throws {
        do {
            self = try Json.read(text)
        } catch let error as JsonReader.Unreadable {
            let message = "the library's answer \(error.why)"
            throw error.isDeep ? ThaliumError.unsupported("answer", message) : ThaliumError.fault(message)
        }
    }

    private static func read(_ text: String) throws -> Json {
        var reader = JsonReader(bytes: Array(text.utf8))
        return try reader.all()
    }
}

/// Reads the bytes of a text, one value after the other.
private struct JsonReader {
    // Answers are some levels deep; what is deeper would be no answer but an attempt on the stack.
    static let deepest = 128

    struct Unreadable: Error {
        let isDeep: Bool
        let why: String
    }

    let bytes: [UInt8]
    var at = 0

    mutating func all() throws -> Json {
        let value = try value(depth: 0)
        skip()
        guard at == bytes.count else { throw unreadable() }
        return value
    }

    private func unreadable() -> Unreadable {
        Unreadable(isDeep: false, why: "is no JSON at byte \(at)")
    }

    private mutating func skip() {
        while at < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[at]) { at += 1 }
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ byte: Character) -> Bool {
        skip()
        guard next == byte.asciiValue else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) throws -> Json {
        guard depth < JsonReader.deepest else {
            throw Unreadable(isDeep: true, why: "nests deeper than the \(JsonReader.deepest) levels that are read")
        }
        skip()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: Json) throws -> Json {
        guard bytes[at...].starts(with: word.utf8) else { throw unreadable() }
        at += word.utf8.count
        return value
    }

    private mutating func number() throws -> Json {
        let start = at
        while let byte = next, "0123456789+-.eE".utf8.contains(byte) { at += 1 }
        let digits = String(decoding: bytes[start..<at], as: UTF8.self)
        guard Double(digits) != nil else { throw unreadable() }
        return .number(digits)
    }

    private mutating func list(depth: Int) throws -> Json {
        at += 1
        var values: [Json] = []
        if take("]") { return .list(values) }
        repeat {
            values.append(try value(depth: depth + 1))
        } while take(",")
        guard take("]") else { throw unreadable() }
        return .list(values)
    }

    private mutating func object(depth: Int) throws -> Json {
        at += 1
        var fields: [String: Json] = [:]
        if take("}") { return .object(fields) }
        repeat {
            skip()
            let name = try text()
            guard take(":") else { throw unreadable() }
            fields[name] = try value(depth: depth + 1)
        } while take(",")
        guard take("}") else { throw unreadable() }
        return .object(fields)
    }

    private mutating func text() throws -> String {
        guard next == UInt8(ascii: "\"") else { throw unreadable() }
        at += 1
        var out: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): out += try escaped().utf8
            default: out.append(byte)
            }
        }
        throw unreadable()
    }

    private mutating func escaped() throws -> String {
        guard let byte = next else { throw unreadable() }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "u"): return String(decoding: try units(), as: UTF16.self)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        default: throw unreadable()
        }
    }

    // What is past the 16 bits of one escape is written as two.
    private mutating func units() throws -> [UInt16] {
        let first = try unit()
        guard UTF16.isLeadSurrogate(first), bytes[at...].starts(with: "\\u".utf8) else { return [first] }
        at += 2
        return [first, try unit()]
    }

    private mutating func unit() throws -> UInt16 {
        guard at + 4 <= bytes.count, let unit = UInt16(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16) else {
            throw unreadable()
        }
        at += 4
        return unit
    }
}
