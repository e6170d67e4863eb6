extension Thalium {
    /// Whether it takes requests, what waits, and whether the disk has room.
    public func health() async throws -> Health { try await one("health", [:], Health.init) }

    /// Figures for a dashboard in the OpenMetrics text format.
    public func metrics() async throws -> String {
        let text = try await ask("metrics")
        guard let metrics = try Json(reading: text).text else { throw ThaliumError.fault("the library's metrics are no text") }
        return metrics
    }

    /// Takes no more requests, and returns when all that was taken is durable: the first step of a hand-over.
    public func drain() async throws { _ = try await ask("drain") }

    /// Encrypts what is written from now on with a new data key, and gives its number.
    @discardableResult
    public func rotateKeys() async throws -> Int64 { try await count("rotate_keys") }

    /// Wraps the data keys with another key, which opens the ledger from now on.
    public func rewrapKeys(_ keys: KeySource) async throws { _ = try await ask("rewrap_keys", keys.fields) }

    /// Unwraps every data key, and gives how many there are.
    public func checkKeys() async throws -> Int64 { try await count("check_keys") }

    /// Wraps the keys of people with a new key of the tenant's, and gives its number; what an old copy of them holds is of no more use.
    @discardableResult
    public func rotateSubjectKeys() async throws -> Int64 { try await count("rotate_subject_keys") }

    /// Unwraps every key of a person's, and tells which cannot be had.
    public func checkSubjectKeys() async throws -> SubjectKeysReport { try await one("check_subject_keys", [:], SubjectKeysReport.init) }

    private func count(_ op: String) async throws -> Int64 {
        let text = try await ask(op)
        guard let number = try Json(reading: text).integer else { throw ThaliumError.fault("the library answered `\(op)` with no number") }
        return number
    }
}
