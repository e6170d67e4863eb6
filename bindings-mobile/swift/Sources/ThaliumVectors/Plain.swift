import Foundation
import Thalium

/// Answers as the vectors have them: names as in JSON, money and instants as text, without what is worded and what says nothing.
enum Plain {
    static let worded: Set = ["reason", "message"]
    private static let withAsset: Set = ["amount", "have", "need"]
    // What a type has even where the answer leaves it out.
    private static let empty: [String: Json] = [
        "key": .text(""), "description": .text(""), "metadata": .object([:]), "debit": .text(""), "credit": .text(""), "keep": .object([:]),
    ]
    /// Numbers of no asset: a Decimal tells them without the zeros at their end.
    static let numbers: Set = [
        "open", "high", "low", "close", "average", "volume", "turnover", "buy_volume", "buy_turnover", "sell_volume", "sell_turnover",
        "price", "quantity",
    ]

    static func of(_ json: Json, _ name: String = "") -> Json {
        switch json {
        case .list(let values): .list(values.map { of($0, name) })
        case .object(let fields): kept(fields, name)
        case .text(let text) where numbers.contains(name): .text(shortest(text))
        // One instant is written in more than one way.
        case .text(let text) where name == "until": .text((try? Timestamp(text))?.description ?? text)
        default: json
        }
    }

    /// What a method of the package gave.
    static func of(told value: Any, _ name: String = "") -> Json {
        switch value {
        case let value as Json: return of(value, name)
        case let value as Command: return of(value.json, name)
        case let value as Money: return .text(withAsset.contains(name) ? value.description : value.amountText)
        case let value as Decimal: return .text(value.description)
        case let value as Timestamp: return .text(value.description)
        case let value as UUID: return .text(value.uuidString.lowercased())
        case let value as String: return .text(value)
        case let value as Bool: return .bool(value)
        case let value as Int64: return .number(String(value))
        case let value as any RawRepresentable: return of(told: value.rawValue, name)
        case let value as [String: String]: return .object(value.mapValues(Json.text))
        // What is in it is shown by no mirror.
        case let value as PersonalView:
            let fields: [String: Any] = [
                "name": value.name, "value": value.value as Any, "purpose": value.purpose, "basis": value.basis, "lost": value.lost as Any,
            ]
            return kept(fields.mapValues { of(told: $0) }, name)
        case let value as DetailView:
            let fields: [String: Any] = [
                "transfer": value.transfer as Any, "account": value.account as Any, "description": value.description as Any,
                "metadata": value.metadata, "basis": value.basis, "years": value.years as Any,
                "retention": value.retention as Any, "lost": value.lost as Any,
            ]
            return kept(fields.mapValues { of(told: $0) }, name)
        case let value as MrzView:
            let fields: [String: Any] = [
                "format": value.format, "document_code": value.documentCode, "issuer": value.issuer, "number": value.number,
                "primary": value.primary, "secondary": value.secondary, "names_truncated": value.namesTruncated,
                "nationality": value.nationality, "born": value.born as Any, "sex": value.sex, "expires": value.expires as Any,
                "status": value.status, "valid": value.valid, "wrong": value.wrong, "optional": value.optional,
            ]
            return kept(fields.mapValues { of(told: $0) }, name)
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { of(told: $0.value, name) } ?? .null
        case .collection: return .list(mirror.children.map { of(told: $0.value, name) })
        default:
            let fields = mirror.children.map { (named(value, $0.label ?? ""), $0.value) }
            let told = fields.map { name, value in (name, text(of: value) ?? of(told: value, name)) }
            return kept(Dictionary(uniqueKeysWithValues: told), name)
        }
    }

    private static func kept(_ fields: [String: Json], _ name: String) -> Json {
        // Metadata has the caller's names.
        if name == "metadata" { return .object(fields) }
        var kept: [String: Json] = [:]
        for (field, value) in fields where !worded.contains(field) {
            let plain = of(value, field)
            if plain != .null, plain != empty[field] { kept[field] = plain }
        }
        return .object(kept)
    }

    // Data is told as the text of JSON.
    private static func text(of value: Any) -> Json? { (value as? Json).map { .text($0.written) } }

    private static func named(_ value: Any, _ label: String) -> String {
        switch label {
        case "key" where value is Case || value is Case.Outcome || value is Case.Effect || value is Case.Entry: "case"
        case "what" where value is Case.Entry: "do"
        case "details" where value is ScoredRisk: "text"
        default: snake(label)
        }
    }

    private static func shortest(_ number: String) -> String {
        guard number.contains(".") else { return number }
        let digits = number.reversed().drop { $0 == "0" }
        return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
    }

    private static func snake(_ name: String) -> String {
        name.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }
}

/// Where two values differ.
func difference(_ at: String, _ expected: Json, _ found: Json) -> String? {
    switch (expected, found) {
    case (.object(let a), .object(let b)):
        return Set(a.keys).union(b.keys).sorted().lazy
            .compactMap { difference("\(at).\($0)", a[$0] ?? .null, b[$0] ?? .null) }.first
    case (.list(let a), .list(let b)) where a.count == b.count:
        return zip(a, b).enumerated().lazy.compactMap { index, pair in difference("\(at)[\(index)]", pair.0, pair.1) }.first
    default:
        return expected == found ? nil : "\(at): expected \(expected.written), found \(found.written)"
    }
}
