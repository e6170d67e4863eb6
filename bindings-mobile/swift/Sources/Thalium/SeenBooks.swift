import ThaliumNative

/// Books that are asked: a ledger's own, or what a broker sees of them.
///
/// ``Thalium`` and ``BrokerView`` are such. Both are asked in the same way.
public protocol SeenBooks: Sendable {
    /// What carries the questions.
    var questions: Questions { get }
}

/// What carries questions to the library, for all of the books or as a broker.
public struct Questions: Sendable {
    let native: NativeLedger
    let viewer: String?

    func ask(_ op: String, _ fields: [String: Json?]) async throws -> String {
        var fields = fields
        if let viewer { fields["viewer"] = .text(viewer) }
        let request = Json.request(op, fields).written
        return try await blocking { [native] in try native.call(request: request) }
    }
}

extension SeenBooks {
    func ask(_ op: String, _ fields: [String: Json?] = [:]) async throws -> String { try await questions.ask(op, fields) }

    func one<Value>(_ op: String, _ fields: [String: Json?], _ read: (Told) throws -> Value) async throws -> Value {
        let text = try await ask(op, fields)
        guard let value = try Told.one(text, read) else { throw ThaliumError.fault("the library answered `\(op)` with nothing") }
        return value
    }

    /// Finds accounts, and opens them in a ledger.
    public var accounts: Accounts<Self> { Accounts(of: self) }

    /// Lists assets, and registers them in a ledger.
    public var assets: Assets<Self> { Assets(of: self) }

    /// Finds transfers.
    public var transfers: Transfers<Self> { Transfers(of: self) }

    /// Finds people and companies, and opens what is sealed of them; in a ledger registers and forgets them.
    public var parties: Parties<Self> { Parties(of: self) }
}
