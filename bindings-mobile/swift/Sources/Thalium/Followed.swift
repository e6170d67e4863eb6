extension Device {
    /// Keeps a copy of an account from the next sync on.
    public func follow(_ account: String) async throws {
        _ = try await ask("follow", ["account": .text(account)])
        changes.tell(.account(account))
        changes.tell(.wake)
    }

    /// Forgets an account and its copy.
    public func unfollow(_ account: String) async throws {
        _ = try await ask("unfollow", ["account": .text(account)])
        changes.tell(.account(account))
    }

    /// The accounts that are followed, as the device knows them.
    public func accounts() async throws -> [DeviceAccount] {
        try await Told.several(ask("followed_accounts"), DeviceAccount.init)
    }

    /// An account as the device knows it; nothing if it is not followed.
    public func account(_ name: String) async throws -> DeviceAccount? {
        try await Told.one(ask("followed_account", ["account": .text(name)]), DeviceAccount.init)
    }

    /// An account as the device knows it, now and whenever the back end tells it anew; it ends when it is not followed.
    public func accountUpdates(_ name: String) -> Updates<DeviceAccount> {
        Updates(changes: changes, change: .account(name), isLast: { _ in false }, ask: { try await self.account(name) })
    }

    /// The open holds of an account as the device knows them; nothing if it is not followed.
    public func holds(_ account: String) async throws -> DeviceHolds? {
        try await Told.one(ask("followed_holds", ["account": .text(account)]), DeviceHolds.init)
    }

    /// A statement as far as the device knows it, over a span of RFC 3339 instants or dates; nothing before the back end has told
    /// the account.
    public func statement(_ account: String, from: String? = nil, to: String? = nil) async throws -> DeviceStatement? {
        let fields: [String: Json?] = ["account": .text(account), "from": .of(from), "to": .of(to)]
        return try await Told.one(ask("followed_statement", fields), DeviceStatement.init)
    }
}
