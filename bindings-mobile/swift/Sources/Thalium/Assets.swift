/// Registers assets and lists them.
public struct Assets: Sendable {
    let of: Thalium

    /// Registers an asset. The currencies of ISO 4217 are there without it.
    @discardableResult
    public func create(code: String, scale: Int, kind: AssetKind = .crypto, ledger: UInt32? = nil) async throws -> Outcome {
        try await of.submit(.asset(code: code, scale: scale, kind: kind, ledger: ledger))
    }

    /// The registered assets by their codes; with `all` the currencies of ISO 4217 too.
    public func list(all: Bool = false) async throws -> [AssetView] {
        try await Told.several(of.ask("list_assets", ["all": .ifTrue(all)]), AssetView.init)
    }
}
