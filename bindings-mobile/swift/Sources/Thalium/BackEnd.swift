/// The back end, as the app reaches it.
public protocol BackEnd: Sendable {
    /// Sends a request of the device's, as JSON, and gives the text of the answer; throws where there is no answer.
    func sync(_ request: String) async throws -> String
}

/// A back end that is one function.
struct Calling: BackEnd {
    let send: @Sendable (String) async throws -> String

    func sync(_ request: String) async throws -> String { try await send(request) }
}

/// What came of one exchange with the back end.
public struct SyncResult: Sendable {
    /// What was told; nothing where the back end was not asked, or could not be reached.
    ///
    /// An exchange may take several requests. Where one that is not the first failed, this is what the others told.
    public let done: SyncDone?
    /// How long to wait before the next attempt; zero where it was reached.
    public let waitMilliseconds: Int64
    /// Why it could not be reached.
    public let failure: (any Error)?
}

extension SyncDone {
    /// What two replies changed, one after the other.
    init(_ first: SyncDone, _ second: SyncDone) {
        intents = first.intents + second.intents
        accounts = first.accounts + second.accounts.filter { !first.accounts.contains($0) }
        refused = second.refused
        handIns = first.handIns + second.handIns
        cases = first.cases + second.cases.filter { !first.cases.contains($0) }
        refusedCases = second.refusedCases
        more = second.more
    }
}
