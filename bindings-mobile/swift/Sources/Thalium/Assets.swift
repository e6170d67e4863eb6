/// Lists assets, and registers them in a ledger.
public struct Assets<Books: SeenBooks>: Sendable {
    let of: Books

    /// The registered assets by their codes; with `all` the currencies of ISO 4217 too.
    public func list(all: Bool = false) async throws -> [AssetView] {
        try await Told.several(of.ask("list_assets", ["all": .ifTrue(all)]), AssetView.init)
    }
}

extension Assets where Books == Thalium {
    /// Registers an asset. The currencies of ISO 4217 are there without it.
    @discardableResult
    public func create(code: String, scale: Int, kind: AssetKind = .crypto, ledger: UInt32? = nil) async throws -> Outcome {
        try await of.submit(.asset(code: code, scale: scale, kind: kind, ledger: ledger))
    }
}
