import Thalium

/// What the vectors say, as it would be typed.
///
/// They write most amounts without the asset, which ``Money`` always has: it is that of the accounts in the scenario.
struct Typed {
    private var assets: [String: String] = [:]

    struct CannotBeTyped: Error {}

    static func instant(_ text: String) throws -> Timestamp {
        try Int64(text).map(Timestamp.init(nanoseconds:)) ?? Timestamp(text)
    }

    /// The value of that name, where there is one.
    static func name<Name: RawRepresentable>(_ json: Json?) throws -> Name? where Name.RawValue == String {
        guard let json, json != .null else { return nil }
        guard let name = json.text.flatMap(Name.init(rawValue:)) else { throw CannotBeTyped() }
        return name
    }

    // What a command says where it is silent.
    private static let defaults: [String: [String: Json]] = [
        "asset": ["kind": .text("crypto")], "register_party": ["kind": .text("person")], "assign_account": ["role": .text("owner")],
        "forget_party": ["scope": .text("all")],
    ]

    /// A command through the factory of its kind; as it stands where it says something that cannot be typed.
    mutating func command(_ json: Json) -> (command: Command, isTyped: Bool) {
        learn(json)
        guard let typed = try? make(json), says(typed.json, json) else { return (Command(json), false) }
        return (typed, true)
    }

    /// The trades of a call; nothing where one of them says something that cannot be typed.
    static func trades(_ fields: [String: Json]) -> [TradeRow]? {
        try? (fields["trades"]?.list ?? [fields["trade"]].compactMap { $0 }).map(trade)
    }

    private static func trade(_ json: Json) throws -> TradeRow {
        guard let fields = json.fields?.filter({ $0.value != .null }), fields.allSatisfy({ $0.value.text != nil }),
            let symbol = fields["symbol"]?.text, let at = fields["at"]?.text, let price = fields["price"]?.text,
            let quantity = fields["quantity"]?.text
        else { throw CannotBeTyped() }
        return TradeRow(
            symbol: symbol, at: try instant(at), price: price, quantity: quantity, id: fields["id"]?.text, taker: fields["taker"]?.text
        )
    }

    private mutating func learn(_ json: Json) {
        guard let key = json["key"]?.text ?? json["id"]?.text else { return }
        // A name that is given two meanings has none here.
        func name(_ asset: String?) {
            guard let asset else { return }
            assets[key] = assets[key] == nil || assets[key] == asset ? asset : ""
        }
        switch json["op"]?.text {
        case "account": name(json["asset"]?.text)
        case "hold", "transfer": name(json["from"]?.text.flatMap { assets[$0] })
        default: break
        }
    }

    // The same, but for the asset behind an amount and for what is left out because it says nothing.
    private func says(_ typed: Json, _ json: Json) -> Bool {
        func bare(_ json: Json) -> Json {
            switch json {
            case .list(let values): return .list(values.map(bare))
            case .object(let fields):
                var fields = fields.filter { $0.value != .null && $0.value != .text("") && $0.value != .bool(false) }
                if let amount = fields["amount"]?.text { fields["amount"] = .text(String(amount.prefix { $0 != " " })) }
                if let instant = fields["timestamp"]?.text, let read = try? Typed.instant(instant) { fields["timestamp"] = .text("\(read)") }
                for (name, value) in Typed.defaults[fields["op"]?.text ?? ""] ?? [:] where fields[name] == value { fields[name] = nil }
                for name in ["flags", "set", "clear"] {
                    if let names = fields[name]?.list { fields[name] = .list(names.sorted { $0.written < $1.written }) }
                }
                return .object(fields.filter { $0.value != .list([]) && $0.value != .object([:]) && $0.value != .number("0") }.mapValues(bare))
            default: return json
            }
        }
        return bare(typed) == bare(json)
    }

    private func money(_ json: Json, of names: [String?]) throws -> Money? {
        guard let text = json["amount"]?.text else { return nil }
        if text.contains(" ") { return try Money(text) }
        let found = Set(names.compactMap { name in name.flatMap { assets[$0] } })
        guard let asset = found.first, found.count == 1, !asset.isEmpty else { throw CannotBeTyped() }
        return try Money(text, asset)
    }

    private func make(_ json: Json) throws -> Command {
        func text(_ name: String) -> String? { json[name]?.text }
        func needed(_ name: String) throws -> String {
            guard let text = text(name) else { throw CannotBeTyped() }
            return text
        }
        func count<Count: FixedWidthInteger>(_ name: String) throws -> Count? {
            guard case .number(let digits) = json[name] else { return nil }
            guard let count = Count(digits) else { throw CannotBeTyped() }
            return count
        }
        func flags<Flag: RawRepresentable & Hashable>() throws -> Set<Flag> where Flag.RawValue == String {
            let names = json["flags"]?.list ?? []
            let flags = names.compactMap(\.text).compactMap(Flag.init)
            guard flags.count == names.count else { throw CannotBeTyped() }
            return Set(flags)
        }
        let metadata = json["metadata"]?.fields?.compactMapValues(\.text) ?? [:]
        let (key, id) = (text("key") ?? "", text("id"))
        let op = try needed("op")
        let code: UInt16? = op == "asset" ? nil : try count("code")
        let extra = Extra(
            description: text("description") ?? "", metadata: metadata, subject: text("subject"), basis: try Typed.name(json["basis"]),
            years: try count("years"), retention: text("retention"), public: json["public"]?.list?.compactMap(\.text) ?? [],
            effectiveDate: text("effective_date"), code: code, userData128: text("user_data_128"),
            userData64: try count("user_data_64") ?? 0, userData32: try count("user_data_32") ?? 0, linked: json["linked"] == .bool(true)
        )
        func texts(_ name: String) -> Set<String> { Set(json[name]?.list?.compactMap(\.text) ?? []) }
        let (from, to) = (text("from"), text("to"))
        let (party, since, until) = (text("party"), text("since"), text("until"))
        let timeout: UInt32 = try count("timeout") ?? 0
        switch op {
        case "asset":
            return .asset(code: try needed("code"), scale: try count("scale") ?? 0, kind: try kind(json["kind"]), ledger: try count("ledger"))
        case "account":
            return .account(
                key: key, asset: try needed("asset"), kind: text("kind").flatMap(AccountKind.init), parent: text("parent"),
                name: text("name") ?? "", code: code, overdraft: json["overdraft"] == .bool(true), flags: try flags(), metadata: metadata,
                subject: extra.subject, basis: extra.basis, years: extra.years, retention: extra.retention, public: extra.public,
                userData128: extra.userData128, userData64: extra.userData64, userData32: extra.userData32, id: id,
                timestamp: try text("timestamp").map(Typed.instant)
            )
        case "post":
            guard let amount = try money(json, of: [from, to]) else { throw CannotBeTyped() }
            return .post(key: key, from: try needed("from"), to: try needed("to"), amount: amount, extra: extra, id: id)
        case "hold":
            guard let amount = try money(json, of: [from, to]) else { throw CannotBeTyped() }
            return .hold(key: key, from: try needed("from"), amount: amount, to: to, timeout: timeout, extra: extra, id: id)
        case "capture":
            let hold = try needed("hold")
            return .capture(key: key, hold: hold, amount: try money(json, of: [hold, to]), to: to, extra: extra, id: id)
        case "release":
            return .release(key: key, hold: try needed("hold"), extra: extra, id: id)
        case "transaction":
            let legs = try (json["legs"]?.list ?? []).map { leg in
                guard let account = leg["account"]?.text, let side = leg["side"]?.text.flatMap(Side.init),
                    let amount = try money(leg, of: [account])
                else { throw CannotBeTyped() }
                return Leg(account: account, side: side, amount: amount)
            }
            return .transaction(key: key, legs: legs, extra: extra, id: id)
        case "transfer":
            let max = text("amount") == "max"
            let amount = max ? nil : try money(json, of: [from, to, text("pending")])
            return .transfer(
                key: key, from: from, to: to, amount: amount, max: max, pending: text("pending"), timeout: timeout, flags: try flags(),
                timestamp: try text("timestamp").map(Typed.instant), extra: extra, id: id
            )
        case "register_party":
            return .registerParty(key: key, kind: try Typed.name(json["kind"]) ?? .person, broker: text("broker"), id: id)
        case "amend_party":
            return .amendParty(
                party: try needed("party"), kycLevel: try count("kyc_level"), risk: try Typed.name(json["risk"]), set: texts("set"),
                clear: texts("clear"), ended: text("ended"), resumed: json["resumed"] == .bool(true)
            )
        case "relate_parties":
            guard let role: RelationRole = try Typed.name(json["role"]) else { throw CannotBeTyped() }
            return .relateParties(
                from: try needed("from"), to: try needed("to"), role: role, since: since, until: until, share: text("share")
            )
        case "assign_account":
            return .assignAccount(
                party: try needed("party"), account: try needed("account"), role: try Typed.name(json["role"]) ?? .owner, since: since,
                until: until
            )
        case "seal_data":
            return .sealData(party: try needed("party"), fields: try (json["fields"]?.fields ?? [:]).mapValues(personal))
        case "merge_parties": return .mergeParties(party: try needed("party"), into: try needed("into"))
        case "split_party": return .splitParty(party: try needed("party"))
        case "place_hold":
            return .placeHold(party: try needed("party"), name: try needed("name"), until: until, reason: text("reason") ?? "")
        case "lift_hold": return .liftHold(party: try needed("party"), name: try needed("name"))
        case "forget_party": return .forgetParty(party: try needed("party"), scope: try Typed.name(json["scope"]) ?? .all)
        case "grant_access": return .grantAccess(actor: try needed("actor"), party: party, until: try needed("until"))
        case "revoke_access": return .revokeAccess(actor: try needed("actor"))
        case "define_retention":
            guard let years = extra.years else { throw CannotBeTyped() }
            return .defineRetention(name: try needed("name"), years: years, law: text("law") ?? "")
        default: throw CannotBeTyped()
        }
    }

    private func personal(_ json: Json) throws -> PersonalField {
        guard let value = json["value"]?.text, let purpose = json["purpose"]?.text else { throw CannotBeTyped() }
        return PersonalField(
            value: value, purpose: purpose, basis: try Typed.name(json["basis"]),
            years: json["years"]?.integer.flatMap { UInt8(exactly: $0) }, retention: json["retention"]?.text,
            identifier: try Typed.name(json["identifier"])
        )
    }

    private func kind(_ json: Json?) throws -> AssetKind {
        if let number = json?["fiat"]?["number"]?.integer { return .fiat(UInt16(number)) }
        switch json?.text {
        case nil, "crypto": return .crypto
        case "security": return .security
        case "points": return .points
        default: throw CannotBeTyped()
        }
    }
}
