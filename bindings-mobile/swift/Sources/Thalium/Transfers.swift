/// Which transfers. All that is given must match.
public struct TransferQuery: Sendable, Hashable {
    /// That debit or credit this account.
    public var account: String?
    /// That touch the account on this side.
    public var side: Side?
    /// In this asset.
    public var asset: String?
    /// With this code.
    public var code: UInt16?
    /// Recorded not before: an RFC 3339 instant or a date.
    public var from: String?
    /// Recorded not after.
    public var to: String?
    /// With an effective date not before, as `2026-01-31`.
    public var fromDate: String?
    /// With an effective date not after.
    public var toDate: String?
    /// Newest first.
    public var newestFirst: Bool

    /// Makes a query; without anything it is for every transfer.
    public init(
        account: String? = nil,
        side: Side? = nil,
        asset: String? = nil,
        code: UInt16? = nil,
        from: String? = nil,
        to: String? = nil,
        fromDate: String? = nil,
        toDate: String? = nil,
        newestFirst: Bool = false
    ) {
        self.account = account
        self.side = side
        self.asset = asset
        self.code = code
        self.from = from
        self.to = to
        self.fromDate = fromDate
        self.toDate = toDate
        self.newestFirst = newestFirst
    }

    var fields: [String: Json?] {
        [
            "account": .of(account), "side": .of(side?.rawValue), "asset": .of(asset), "code": .of(code), "from": .of(from), "to": .of(to),
            "from_date": .of(fromDate), "to_date": .of(toDate), "newest_first": .ifTrue(newestFirst),
        ]
    }
}

/// Finds transfers.
public struct Transfers<Books: SeenBooks>: Sendable {
    let of: Books

    /// A transfer by its key or id; nothing if there is none.
    public func get(_ name: String) async throws -> TransferView? {
        try await Told.one(of.ask("get_transfer", ["name": .text(name)]), TransferView.init)
    }

    /// The transfers of a transaction, by its key or id.
    public func ofTransaction(_ name: String) async throws -> [TransferView] {
        try await Told.several(of.ask("get_transaction", ["name": .text(name)]), TransferView.init)
    }

    /// A page of the transfers that match; its `next` is what the next page comes `after`.
    public func page(_ query: TransferQuery = TransferQuery(), after: Int64? = nil, limit: Int? = nil) async throws -> TransferPage {
        var fields = query.fields
        fields["after"] = .of(after)
        fields["limit"] = .of(limit)
        return try await of.one("list_transfers", fields, TransferPage.init)
    }

    /// The transfers that match.
    public func list(_ query: TransferQuery = TransferQuery()) -> Pages<TransferView> {
        Pages { after in
            let page = try await page(query, after: after, limit: Pages<TransferView>.limit)
            return (page.transfers, page.next)
        }
    }
}
