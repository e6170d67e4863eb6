extension Thalium {
    /// Submits commands together, at most 8,192, and returns when they are durable: one outcome each.
    ///
    /// A rejected command stops none of the others, unless they are linked.
    @discardableResult
    public func submit(_ commands: [Command], context: Context = Context()) async throws -> [Outcome] {
        var fields = context.fields
        fields["commands"] = .list(commands.map(\.json))
        return try await Outcome.several(ask("submit", fields))
    }

    /// Submits one command.
    @discardableResult
    public func submit(_ command: Command, context: Context = Context()) async throws -> Outcome {
        guard let outcome = try await submit([command], context: context).first else {
            throw ThaliumError.fault("the library answered a command without an outcome")
        }
        return outcome
    }

    /// Moves money at once. A retry with the same key never books twice.
    @discardableResult
    public func post(key: String, from: String, to: String, amount: Money, extra: Extra = Extra()) async throws -> Outcome {
        try await submit(.post(key: key, from: from, to: to, amount: amount, extra: extra))
    }

    /// Holds money for a later capture or release; without `to` for the account `holds:ASSET`. After `timeout` seconds it runs out.
    @discardableResult
    public func hold(
        key: String, from: String, amount: Money, to: String? = nil, timeout: UInt32 = 0, extra: Extra = Extra()
    ) async throws -> Outcome {
        try await submit(.hold(key: key, from: from, amount: amount, to: to, timeout: timeout, extra: extra))
    }

    /// Moves held money, wholly or in part; what is left is released.
    @discardableResult
    public func capture(key: String, hold: String, amount: Money? = nil, to: String? = nil, extra: Extra = Extra()) async throws -> Outcome {
        try await submit(.capture(key: key, hold: hold, amount: amount, to: to, extra: extra))
    }

    /// Gives held money back.
    @discardableResult
    public func release(key: String, hold: String, extra: Extra = Extra()) async throws -> Outcome {
        try await submit(.release(key: key, hold: hold, extra: extra))
    }

    /// Books legs together, all or nothing; they balance in each asset.
    @discardableResult
    public func transaction(key: String, legs: [Leg], extra: Extra = Extra()) async throws -> Outcome {
        try await submit(.transaction(key: key, legs: legs, extra: extra))
    }

    /// Books what a customer's device asks for, as far as the customer may.
    ///
    /// The same request sent again books nothing twice.
    ///
    /// - Parameters:
    ///   - customer: Who was authenticated.
    ///   - accounts: The accounts that are theirs.
    ///   - request: What the device sent.
    ///   - payees: The accounts to which they may send money, and those under which such accounts stand.
    ///   - cases: What of cases is theirs, and what they may be told of it; by default nothing.
    ///   - context: The instant, the id of the request and where it came from. Who asks is the customer: `actor` and `role` of it
    ///     are not used.
    /// - Returns: The text to send back: what became of it, and what is new on the customer's accounts.
    public func sync(
        customer: String, accounts: [String], request: String, payees: [String] = [], cases: CustomerCases? = nil,
        context: Context = Context()
    ) async throws -> String {
        try await ask("sync", [
            "customer": .text(customer), "accounts": .of(accounts), "payees": .of(payees), "request": .text(request),
            "now": .of(context.now), "request_id": .of(context.requestId), "origin": .of(context.origin), "cases": cases?.json,
        ])
    }
}
