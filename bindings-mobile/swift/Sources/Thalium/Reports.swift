extension SeenBooks {
    /// A page of the open holds of an account, oldest first; its `next` is what the next page comes `after`.
    public func holdsPage(_ account: String, after: Int64? = nil, limit: Int? = nil) async throws -> TransferPage {
        try await one("list_holds", ["account": .text(account), "after": .of(after), "limit": .of(limit)], TransferPage.init)
    }

    /// The open holds of an account, oldest first.
    public func holds(_ account: String) -> Pages<TransferView> {
        Pages { after in
            let page = try await self.holdsPage(account, after: after, limit: Pages<TransferView>.limit)
            return (page.transfers, page.next)
        }
    }

    /// A page of what moved an account, with its balances after each: its transfers, and the holds that ran out.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - from: Not before: an RFC 3339 instant or a date.
    ///   - to: Not after.
    ///   - after: The `next` of the page before.
    ///   - limit: How many entries at most.
    ///   - newestFirst: In which order.
    public func historyPage(
        _ account: String, from: String? = nil, to: String? = nil, after: Int64? = nil, limit: Int? = nil, newestFirst: Bool = false
    ) async throws -> HistoryPage {
        try await one("history", [
            "account": .text(account), "from": .of(from), "to": .of(to), "after": .of(after), "limit": .of(limit),
            "newest_first": .ifTrue(newestFirst),
        ], HistoryPage.init)
    }

    /// What moved an account, with its balances after each.
    public func history(_ account: String, from: String? = nil, to: String? = nil, newestFirst: Bool = false) -> Pages<EntryView> {
        Pages { after in
            let limit = Pages<EntryView>.limit
            let page = try await self.historyPage(account, from: from, to: to, after: after, limit: limit, newestFirst: newestFirst)
            return (page.entries, page.next)
        }
    }

    /// What moved an account over a span of time, both ends included: RFC 3339 instants or dates; nothing if there is no such
    /// account.
    public func statement(_ account: String, from: String? = nil, to: String? = nil) async throws -> StatementView? {
        try await Told.one(ask("statement", ["account": .text(account), "from": .of(from), "to": .of(to)]), StatementView.init)
    }

    /// A page of what an account held in each bucket of time, oldest first, also where nothing has happened.
    ///
    /// With `from` the buckets are the first from then on; without it, the last. Where there are more, the text of `next` is the `from` of
    /// the next page.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - width: How wide they are: `1h`, `1d`, `1w`, `1M` and others; `1d` by default.
    ///   - from: From the one on that has this: an RFC 3339 instant, or a date of the zone.
    ///   - to: Up to the one that has this; a date stands for its last instant.
    ///   - zone: The time zone by whose clocks they begin, such as `Africa/Johannesburg`; UTC by default.
    ///   - limit: How many at most: 500 by default, up to 10,000.
    public func balanceHistory(
        _ account: String, width: String? = nil, from: String? = nil, to: String? = nil, zone: String? = nil, limit: Int? = nil
    ) async throws -> BalanceHistoryPage {
        try await one("balance_history", [
            "account": .text(account), "width": .of(width), "from": .of(from), "to": .of(to), "zone": .of(zone), "limit": .of(limit),
        ], BalanceHistoryPage.init)
    }

    /// A page of how much was moved in each bucket of time, by asset and code, oldest first.
    ///
    /// One of `account`, `party` and `asset` says of what. What is held counts when it is captured; a bucket in which nothing was moved is
    /// left out. The buckets are those of ``balanceHistory(_:width:from:to:zone:limit:)``.
    ///
    /// - Parameters:
    ///   - account: What an account was debited and credited.
    ///   - party: What all accounts of a party were.
    ///   - asset: All that was moved of an asset. Then debits and credits are the same.
    ///   - code: Only transfers with this code.
    ///   - width: How wide the buckets are.
    ///   - from: From the one on that has this.
    ///   - to: Up to the one that has this.
    ///   - zone: The time zone by whose clocks they begin.
    ///   - limit: How many buckets at most.
    public func volumes(
        account: String? = nil,
        party: String? = nil,
        asset: String? = nil,
        code: UInt16? = nil,
        width: String? = nil,
        from: String? = nil,
        to: String? = nil,
        zone: String? = nil,
        limit: Int? = nil
    ) async throws -> VolumePage {
        try await one("volumes", [
            "account": .of(account), "party": .of(party), "asset": .of(asset), "code": .of(code), "width": .of(width), "from": .of(from),
            "to": .of(to), "zone": .of(zone), "limit": .of(limit),
        ], VolumePage.init)
    }
}

extension Thalium {
    /// The balances of every account, asset by asset, now or after everything up to an instant.
    public func trialBalance(at: String? = nil) async throws -> [TrialBalanceView] {
        try await Told.several(ask("trial_balance", ["at": .of(at)]), TrialBalanceView.init)
    }

    /// The size of the log and the root of its Merkle tree.
    public func root() async throws -> Root { try await one("root", [:], Root.init) }

    /// Checks every invariant of the books, and gives the digest of the state.
    public func check() async throws -> Checked { try await one("check", [:], Checked.init) }

    /// How large the ledger is.
    public func stats() async throws -> Stats { try await one("stats", [:], Stats.init) }
}
