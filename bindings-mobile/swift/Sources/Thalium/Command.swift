/// A command, ready to be submitted: `try await t.submit([.post(…), .hold(…)])`.
///
/// Accounts, transfers, holds and parties are named by the caller's keys, or by the text of their ids.
public struct Command: Sendable, Hashable {
    package let json: Json

    package init(_ json: Json) {
        self.json = json
    }

    private init(_ op: String, _ fields: [String: Json?], _ extra: Extra? = nil) {
        json = .request(op, fields.merging(extra?.fields ?? [:]) { own, _ in own })
    }

    /// What it does.
    public var op: String { json["op"]?.text ?? "" }

    /// Its key; empty where it has none.
    public var key: String { json["key"]?.text ?? "" }
}

extension Command: CustomStringConvertible, CustomReflectable {
    /// The command as JSON, without the values of personal data and what is sealed to a subject.
    public var description: String { json.shown.written }

    /// As ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["json": json.shown]) }
}

extension Json {
    private static let hidden = Json.text("…")

    /// What a command says, without the values of personal data; where there is a subject, without what is sealed to it.
    var shown: Json {
        guard var told = fields else { return self }
        if let fields = told["fields"]?.fields {
            told["fields"] = .object(fields.mapValues { .object(($0.fields ?? [:]).merging(["value": Json.hidden]) { $1 }) })
        }
        guard told["subject"] != nil else { return .object(told) }
        for name in ["description", "name"] where told[name] != nil { told[name] = Json.hidden }
        if let metadata = told["metadata"]?.fields {
            let kept = metadata.filter { told["public"]?.list?.contains(.text($0.key)) ?? false }
            told["metadata"] = .object(metadata.mapValues { _ in Json.hidden }.merging(kept) { $1 })
        }
        return .object(told)
    }
}

extension Command {
    /// Registers an asset: its code, and how many digits stand after the point.
    public static func asset(code: String, scale: Int, kind: AssetKind = .crypto, ledger: UInt32? = nil) -> Command {
        Command("asset", ["code": .text(code), "scale": .of(scale), "kind": kind.json, "ledger": .of(ledger)])
    }

    /// Opens an account.
    ///
    /// A liability may not be overdrawn unless `overdraft` says so; every other kind may, unless a flag forbids it. With a `subject` its
    /// name and metadata are sealed to that party, as ``Extra`` says.
    public static func account(
        key: String,
        asset: String,
        kind: AccountKind? = nil,
        parent: String? = nil,
        name: String = "",
        code: UInt16? = nil,
        overdraft: Bool = false,
        flags: Set<Flag> = [],
        metadata: [String: String] = [:],
        subject: String? = nil,
        basis: Basis? = nil,
        years: UInt8? = nil,
        retention: String? = nil,
        public: [String] = [],
        userData128: String? = nil,
        userData64: UInt64 = 0,
        userData32: UInt32 = 0,
        id: String? = nil,
        timestamp: Timestamp? = nil
    ) -> Command {
        Command("account", [
            "key": .unlessEmpty(key), "id": .of(id), "asset": .text(asset), "kind": .of(kind?.rawValue), "parent": .of(parent),
            "name": .unlessEmpty(name), "code": .of(code), "overdraft": .ifTrue(overdraft),
            "flags": .unlessEmpty(flags.map(\.rawValue).sorted()), "metadata": .unlessEmpty(metadata),
            "subject": .of(subject), "basis": .of(basis?.rawValue), "years": .of(years), "retention": .of(retention),
            "public": .unlessEmpty(`public`),
            "user_data_128": .of(userData128), "user_data_64": .unlessZero(userData64), "user_data_32": .unlessZero(userData32),
            "timestamp": .of(timestamp),
        ])
    }

    /// Moves money at once.
    public static func post(
        key: String, from: String, to: String, amount: Money, extra: Extra = Extra(), id: String? = nil
    ) -> Command {
        Command("post", ["key": .unlessEmpty(key), "id": .of(id), "from": .text(from), "to": .text(to), "amount": .of(amount)], extra)
    }

    /// Holds money for a later capture or release; without `to` for the account `holds:ASSET`. After `timeout` seconds it runs out.
    public static func hold(
        key: String, from: String, amount: Money, to: String? = nil, timeout: UInt32 = 0, extra: Extra = Extra(), id: String? = nil
    ) -> Command {
        Command("hold", [
            "key": .unlessEmpty(key), "id": .of(id), "from": .text(from), "to": .of(to), "amount": .of(amount),
            "timeout": .unlessZero(timeout),
        ], extra)
    }

    /// Moves held money, wholly or in part; what is left is released.
    public static func capture(
        key: String, hold: String, amount: Money? = nil, to: String? = nil, extra: Extra = Extra(), id: String? = nil
    ) -> Command {
        Command("capture", ["key": .unlessEmpty(key), "id": .of(id), "hold": .text(hold), "to": .of(to), "amount": .of(amount)], extra)
    }

    /// Gives held money back.
    public static func release(key: String, hold: String, extra: Extra = Extra(), id: String? = nil) -> Command {
        Command("release", ["key": .unlessEmpty(key), "id": .of(id), "hold": .text(hold)], extra)
    }

    /// Books legs together, all or nothing; they balance in each asset.
    public static func transaction(key: String, legs: [Leg], extra: Extra = Extra(), id: String? = nil) -> Command {
        Command("transaction", ["key": .unlessEmpty(key), "id": .of(id), "legs": .list(legs.map(\.json))], extra)
    }

    /// A transfer with every field and flag of the ledger.
    ///
    /// With a flag that balances an account, or that posts a hold, `max` stands for as much as there is, in place of an amount.
    public static func transfer(
        key: String,
        from: String? = nil,
        to: String? = nil,
        amount: Money? = nil,
        max: Bool = false,
        pending: String? = nil,
        timeout: UInt32 = 0,
        flags: Set<TransferFlag> = [],
        timestamp: Timestamp? = nil,
        extra: Extra = Extra(),
        id: String? = nil
    ) -> Command {
        Command("transfer", [
            "key": .unlessEmpty(key), "id": .of(id), "from": .of(from), "to": .of(to), "amount": max ? .text("max") : .of(amount),
            "pending": .of(pending), "timeout": .unlessZero(timeout), "flags": .unlessEmpty(flags.map(\.rawValue).sorted()),
            "timestamp": .of(timestamp),
        ], extra)
    }
}
