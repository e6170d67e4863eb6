import ThaliumNative

/// What is done with the files of a ledger, without an open handle.
public enum Files {
    private static func run(_ op: String, _ fields: [String: Json?]) async throws -> String {
        let request = Json.request(op, fields).written
        return try await blocking { try nativeRun(request: request) }
    }

    static func one<Value>(_ op: String, _ fields: [String: Json?], _ read: (Told) throws -> Value) async throws -> Value {
        let text = try await run(op, fields)
        guard let value = try Told.one(text, read) else { throw ThaliumError.fault("the library answered `\(op)` with nothing") }
        return value
    }

    static func several<Value>(_ op: String, _ fields: [String: Json?], _ read: (Told) throws -> Value) async throws -> [Value] {
        try await Told.several(run(op, fields), read)
    }

    /// Copies a ledger, or brings its copy up to date; the ledger may be written meanwhile.
    @discardableResult
    public static func backup(_ ledger: String, to copy: String, keys: KeySource? = nil) async throws -> BackupReport {
        try await one("backup", ["ledger": .text(ledger), "to": .text(copy), "keys": keys?.json], BackupReport.init)
    }

    /// Makes a ledger from a backup, and verifies it.
    ///
    /// - Parameters:
    ///   - backup: The backup.
    ///   - ledger: Where the ledger is to be.
    ///   - until: Nothing that was asked for after this instant.
    ///   - untilSize: No more than the first so many events.
    ///   - keys: The key of the backup.
    ///   - newKeys: Encrypted under another key.
    ///   - decrypt: Without encryption.
    @discardableResult
    public static func restore(
        _ backup: String,
        to ledger: String,
        until: String? = nil,
        untilSize: Int64? = nil,
        keys: KeySource? = nil,
        newKeys: KeySource? = nil,
        decrypt: Bool = false
    ) async throws -> RestoreReport {
        try await one("restore", [
            "backup": .text(backup), "ledger": .text(ledger), "until": .of(until), "until_size": .of(untilSize), "keys": keys?.json,
            "new_keys": newKeys?.json, "decrypt": .ifTrue(decrypt),
        ], RestoreReport.init)
    }

    /// Shows that a backup can be restored.
    @discardableResult
    public static func rehearse(_ backup: String, keys: KeySource? = nil) async throws -> RestoreReport {
        try await one("rehearse", ["ledger": .text(backup), "keys": keys?.json], RestoreReport.init)
    }

    /// Verifies a ledger that no one writes from its first byte.
    @discardableResult
    public static func verify(_ ledger: String, keys: KeySource? = nil) async throws -> VerifyReport {
        try await one("verify", ["ledger": .text(ledger), "keys": keys?.json], VerifyReport.init)
    }

    /// Looks at the files of a ledger: what was found, as JSON.
    public static func inspect(_ ledger: String, keys: KeySource? = nil) async throws -> String {
        try await run("inspect", ["ledger": .text(ledger), "keys": keys?.json])
    }

    /// Brings the files of a ledger to the newest version of their formats; with `check` only tells which are older.
    @discardableResult
    public static func upgrade(_ ledger: String, check: Bool = false, keys: KeySource? = nil) async throws -> [String] {
        let text = try await run("upgrade", ["ledger": .text(ledger), "check": .of(check), "keys": keys?.json])
        guard let files = try Json(reading: text).list else { throw ThaliumError.fault("the library answered `upgrade` with no list") }
        return files.compactMap(\.text)
    }

    /// Makes a key for encrypted ledgers in a file that is not there yet, and gives its path.
    @discardableResult
    public static func newKey(_ file: String) async throws -> String {
        let text = try await run("new_key", ["file": .text(file)])
        guard let path = try Json(reading: text).text else { throw ThaliumError.fault("the library answered `new_key` with no path") }
        return path
    }
}
