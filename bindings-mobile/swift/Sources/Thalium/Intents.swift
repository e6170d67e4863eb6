extension IntentView {
    /// Whether it still has to be sent or answered.
    public var isOpen: Bool { state == .queued || state == .sent }
}

/// What the customer asks for. Each has a key: given again with the same key it is the same intent.
public struct Intents: Sendable {
    let of: Device

    /// Money to move to a payee.
    @discardableResult
    public func post(key: String, from: String, to: String, amount: Money, description: String = "") async throws -> PendingIntent {
        try await intend(.post(key: key, from: from, to: to, amount: amount, extra: Extra(description: description)))
    }

    /// Money to hold, until the back end captures it or it is released. After `timeout` seconds it runs out.
    @discardableResult
    public func hold(
        key: String, from: String, amount: Money, to: String? = nil, timeout: UInt32 = 0, description: String = ""
    ) async throws -> PendingIntent {
        let extra = Extra(description: description)
        return try await intend(.hold(key: key, from: from, amount: amount, to: to, timeout: timeout, extra: extra))
    }

    /// A hold to give back that was placed from a device: its key.
    @discardableResult
    public func release(key: String, hold: String) async throws -> PendingIntent {
        try await intend(.release(key: key, hold: hold))
    }

    private func intend(_ command: Command) async throws -> PendingIntent {
        let told = try await of.one("intend", ["command": command.json], IntentView.init)
        of.changes.tell(.intent(told.key))
        of.changes.tell(.wake)
        return PendingIntent(of: of, key: told.key)
    }

    /// An intent by its key.
    public func get(_ key: String) async throws -> IntentView? {
        try await Told.one(of.ask("get_intent", ["key": .text(key)]), IntentView.init)
    }

    /// An intent that was given before, to wait for: nothing if there is none.
    public func pending(_ key: String) async throws -> PendingIntent? {
        try await get(key).map { PendingIntent(of: of, key: $0.key) }
    }

    /// The intents in the order in which they were given; only those that are not resolved, if `open`.
    public func list(open: Bool = false) async throws -> [IntentView] {
        try await Told.several(of.ask("list_intents", ["open": .ifTrue(open)]), IntentView.init)
    }

    /// Takes an intent back that was never sent.
    @discardableResult
    public func cancel(_ key: String) async throws -> IntentView {
        let told = try await of.one("cancel_intent", ["key": .text(key)], IntentView.init)
        of.changes.tell(.intent(key))
        return told
    }

    /// Forgets the intents and what was handed in that were resolved before an instant, and gives their keys.
    @discardableResult
    public func prune(before: Timestamp) async throws -> [String] {
        let text = try await of.ask("prune_intents", ["before": .of(before)])
        let keys = try Json(reading: text).list?.compactMap(\.text) ?? []
        keys.forEach {
            of.changes.tell(.intent($0))
            of.changes.tell(.handIn($0))
        }
        return keys
    }
}

/// An intent that was given.
public struct PendingIntent: Sendable {
    let of: Device
    /// Its key.
    public let key: String

    /// How far it has come, now and at each change, until it is resolved.
    public var updates: Updates<IntentView> {
        Updates(changes: of.changes, change: .intent(key), isLast: { !$0.isOpen }, ask: { [of, key] in try await of.intents.get(key) })
    }

    /// Waits until it is resolved.
    ///
    /// - Throws: What the device throws, such as `closed`; `invalid` if it was forgotten; `CancellationError` if the task was
    ///   cancelled.
    public func resolved() async throws -> IntentView {
        for try await told in updates where !told.isOpen { return told }
        try Task.checkCancellation()
        throw ThaliumError.invalid("key", "there is no intent `\(key)`: it was forgotten")
    }

    /// How far it has come.
    public func now() async throws -> IntentView? { try await of.intents.get(key) }

    /// Takes it back, if it was never sent.
    @discardableResult
    public func cancel() async throws -> IntentView { try await of.intents.cancel(key) }
}
