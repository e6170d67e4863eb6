import Foundation

/// What the library answered, as the generated types read it.
///
/// Money whose text has no asset is of the asset around it.
struct Told: Sendable {
    private let fields: [String: Json]
    private let asset: String

    init(_ fields: [String: Json], around: String = "") {
        self.fields = fields
        asset = fields["asset"]?.text ?? around
    }

    init(_ json: Json, around: String = "") throws {
        guard let fields = json.fields else { throw ThaliumError.fault("the library answered something else than an object") }
        self.init(fields, around: around)
    }

    /// Reads an answer that may be nothing.
    static func one<Value>(_ text: String, _ read: (Told) throws -> Value) throws -> Value? {
        let json = try Json(reading: text)
        return json == .null ? nil : try read(Told(json))
    }

    /// Reads a list.
    static func several<Value>(_ text: String, _ read: (Told) throws -> Value) throws -> [Value] {
        guard let values = try Json(reading: text).list else { throw ThaliumError.fault("the library answered something else than a list") }
        return try values.map { try read(Told($0)) }
    }

    private func there(_ name: String) -> Json? {
        fields[name].flatMap { $0 == .null ? nil : $0 }
    }

    private func misfit(_ name: String) -> ThaliumError {
        .fault("the library answered without `\(name)`: it and this package are of different versions", name)
    }

    // A field that is needed, as what it has to be.
    private func needed<Value>(_ name: String, _ read: (Json) throws -> Value?) throws -> Value {
        guard let json = there(name), let value = try read(json) else { throw misfit(name) }
        return value
    }

    // A field that may be missing; if it is there it is what it has to be.
    private func optional<Value>(_ name: String, _ read: (Json) throws -> Value?) throws -> Value? {
        guard let json = there(name) else { return nil }
        guard let value = try read(json) else { throw misfit(name) }
        return value
    }

    private static func flag(_ json: Json) -> Bool? {
        if case .bool(let value) = json { value } else { nil }
    }

    // One that is larger is no misfit of versions.
    private static func integer(_ name: String) -> (Json) throws -> Int64? {
        { json in
            if case .number(let digits) = json, json.integer == nil {
                throw ThaliumError.unsupported(name, "the library's answer has \(digits.prefix(64)) here, which no Int64 holds")
            }
            return json.integer
        }
    }

    private static func texts(_ json: Json) -> [String]? {
        guard let texts = json.list?.compactMap(\.text), texts.count == json.list?.count else { return nil }
        return texts
    }

    // An amount that does not fit is told with the field in which it stands.
    private func amount<Value>(_ name: String, _ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch let error as ThaliumError {
            throw ThaliumError(code: error.code, message: "the library's answer has in `\(name)` \(error.message)", field: name)
        }
    }

    func text(_ name: String) throws -> String { try needed(name, \.text) }
    func textOrNil(_ name: String) throws -> String? { try optional(name, \.text) }
    func textOrEmpty(_ name: String) throws -> String { try textOrNil(name) ?? "" }

    func number(_ name: String) throws -> Int64 { try needed(name, Told.integer(name)) }
    func numberOrNil(_ name: String) throws -> Int64? { try optional(name, Told.integer(name)) }

    func flag(_ name: String) throws -> Bool { try needed(name, Told.flag) }
    func flagOrNil(_ name: String) throws -> Bool? { try optional(name, Told.flag) }

    func money(_ name: String) throws -> Money {
        let text = try text(name)
        return try amount(name) { try Money(text) }
    }

    func moneyOrNil(_ name: String) throws -> Money? { there(name) == nil ? nil : try money(name) }

    func decimal(_ name: String) throws -> Money {
        let text = try text(name)
        return try amount(name) { try Money(text, asset) }
    }

    // A side of a trial balance without a balance is empty.
    func decimalOrNil(_ name: String) throws -> Money? {
        try (textOrNil(name) ?? "").isEmpty ? nil : decimal(name)
    }

    /// A number of no asset, such as a price.
    func exact(_ name: String) throws -> Decimal {
        let digits = try needed(name) { $0.text.flatMap(Digits.init) }
        return try amount(name) { try Decimal(exactly: digits) }
    }

    func exactOrNil(_ name: String) throws -> Decimal? { there(name) == nil ? nil : try exact(name) }

    func instant(_ name: String) throws -> Timestamp { try Timestamp(text(name)) }
    func instantOrNil(_ name: String) throws -> Timestamp? { try textOrNil(name).map { try Timestamp($0) } }

    func uuid(_ name: String) throws -> UUID { try needed(name) { $0.text.flatMap(UUID.init(uuidString:)) } }
    func uuidOrNil(_ name: String) throws -> UUID? { try optional(name) { $0.text.flatMap(UUID.init(uuidString:)) } }

    func name<Name: RawRepresentable>(_ name: String) throws -> Name where Name.RawValue == String {
        try needed(name) { $0.text.flatMap(Name.init(rawValue:)) }
    }

    func nameOrNil<Name: RawRepresentable>(_ name: String) throws -> Name? where Name.RawValue == String {
        try optional(name) { $0.text.flatMap(Name.init(rawValue:)) }
    }

    func map(_ name: String) throws -> [String: String] {
        try optional(name) { json in
            guard let fields = json.fields else { return nil }
            let texts = fields.compactMapValues(\.text)
            return texts.count == fields.count ? texts : nil
        } ?? [:]
    }

    func texts(_ name: String) throws -> [String] { try needed(name, Told.texts) }
    func textsOrNil(_ name: String) throws -> [String]? { try optional(name, Told.texts) }

    func of<Value>(_ name: String, _ read: (Told) throws -> Value) throws -> Value {
        try needed(name) { try read(Told($0, around: asset)) }
    }

    func ofOrNil<Value>(_ name: String, _ read: (Told) throws -> Value) throws -> Value? {
        try optional(name) { try read(Told($0, around: asset)) }
    }

    func list<Value>(_ name: String, _ read: (Told) throws -> Value) throws -> [Value] {
        try needed(name) { json in try json.list?.map { try read(Told($0, around: asset)) } }
    }

    func listOrNil<Value>(_ name: String, _ read: (Told) throws -> Value) throws -> [Value]? {
        try there(name).map { _ in try list(name, read) }
    }

    func command(_ name: String) throws -> Command { try needed(name) { $0.fields == nil ? nil : Command($0) } }
}

extension Outcome {
    /// Reads what a submission answered.
    package static func several(_ text: String) throws -> [Outcome] { try Told.several(text, Outcome.init) }
}
