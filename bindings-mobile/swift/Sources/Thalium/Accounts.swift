/// Finds accounts, and opens them in a ledger.
public struct Accounts<Books: SeenBooks>: Sendable {
    let of: Books

    /// An account with its balances, now or after everything up to an instant; nothing if there is none.
    public func get(_ name: String, at: String? = nil) async throws -> AccountView? {
        try await Told.one(of.ask("get_account", ["name": .text(name), "at": .of(at)]), AccountView.init)
    }

    /// A page of accounts in the order in which they were opened; its `next` is what the next page comes `after`.
    public func page(under: String? = nil, asset: String? = nil, after: Int64? = nil, limit: Int? = nil) async throws -> AccountPage {
        try await of.one(
            "list_accounts", ["under": .of(under), "asset": .of(asset), "after": .of(after), "limit": .of(limit)], AccountPage.init
        )
    }

    /// Accounts in the order in which they were opened.
    public func list(under: String? = nil, asset: String? = nil) -> Pages<AccountView> {
        Pages { after in
            let page = try await page(under: under, asset: asset, after: after, limit: Pages<AccountView>.limit)
            return (page.accounts, page.next)
        }
    }
}

extension Accounts where Books == Thalium {
    /// Opens an account. With a `subject` its name and metadata are sealed to that party, as ``Extra`` says.
    ///
    /// ``Command/account(key:asset:kind:parent:name:code:overdraft:flags:metadata:subject:basis:years:retention:public:userData128:userData64:userData32:id:timestamp:)``
    /// has more.
    @discardableResult
    public func create(
        key: String,
        asset: String,
        kind: AccountKind? = nil,
        parent: String? = nil,
        name: String = "",
        overdraft: Bool = false,
        flags: Set<Flag> = [],
        metadata: [String: String] = [:],
        subject: String? = nil,
        basis: Basis? = nil,
        years: UInt8? = nil,
        retention: String? = nil,
        public: [String] = []
    ) async throws -> Outcome {
        try await of.submit(
            .account(
                key: key, asset: asset, kind: kind, parent: parent, name: name, overdraft: overdraft, flags: flags, metadata: metadata,
                subject: subject, basis: basis, years: years, retention: retention, public: `public`
            )
        )
    }
}
