/// A rollup to define. How wide a bucket is, and how long something lasts, is text: `1m`, `4h`, `30d`.
public struct DefineRollup: Sendable, Hashable {
    /// Its name: 1 to 64 of `a-z`, `0-9`, `-`, `_` and `.`.
    public var name: String
    /// The rollup whose trades it is made of; it has its own, where nothing is said.
    public var of: String?
    /// Widths of buckets, the finest first; `1m 5m 15m 1h 4h 1d 1w 1M` by default.
    public var levels: [String]?
    /// The time zone by whose clocks buckets begin, such as `Africa/Johannesburg`; UTC by default.
    public var zone: String?
    /// What those clocks show where buckets are counted from: a day, such as `2000-01-02` for weeks from Sunday, or a time without a zone; Monday,
    /// 2000-01-03, by default. Of months only the month counts.
    public var origin: String?
    /// By how much buckets begin later, or earlier: days from 17:00 to 17:00 are moved by `-7h`.
    public var offset: String?
    /// How far the watermark is behind the newest trade of a symbol; `5s` by default, `0s` for not at all.
    public var delay: String?
    /// What becomes of trades whose bucket is closed; by default they correct it.
    public var late: LateView?
    /// For how long after the end of their bucket they are taken in; `1h` by default.
    public var horizon: String?
    /// Of levels, by their width, how long their buckets are kept, as `["1m": "30d"]`; the others for ever.
    public var keep: [String: String]
    /// Digits of prices behind the point, up to 18; 8 by default, or those of the rollup it is `of`.
    public var priceScale: UInt8?
    /// Digits of quantities behind the point; as ``priceScale``.
    public var quantityScale: UInt8?

    /// Makes a definition; nothing of it but the name is needed.
    public init(
        name: String,
        of: String? = nil,
        levels: [String]? = nil,
        zone: String? = nil,
        origin: String? = nil,
        offset: String? = nil,
        delay: String? = nil,
        late: LateView? = nil,
        horizon: String? = nil,
        keep: [String: String] = [:],
        priceScale: UInt8? = nil,
        quantityScale: UInt8? = nil
    ) {
        self.name = name
        self.of = of
        self.levels = levels
        self.zone = zone
        self.origin = origin
        self.offset = offset
        self.delay = delay
        self.late = late
        self.horizon = horizon
        self.keep = keep
        self.priceScale = priceScale
        self.quantityScale = quantityScale
    }

    var fields: [String: Json?] {
        [
            "name": .text(name), "of": .of(of), "levels": levels.map(Json.of), "zone": .of(zone), "delay": .of(delay),
            "late": .of(late?.rawValue), "horizon": .of(horizon), "keep": .unlessEmpty(keep), "price_scale": .of(priceScale),
            "quantity_scale": .of(quantityScale), "origin": .of(origin), "offset": .of(offset),
        ]
    }
}

/// A trade as it is given.
///
/// Prices and quantities are text, since Swift would read a number in the source as a `Double` first; that of a `Decimal` is its
/// `description`.
public struct TradeRow: Sendable, Hashable {
    /// Of which symbol: 1 to 128 bytes.
    public var symbol: String
    /// When it was.
    public var at: Timestamp
    /// The price, in decimal text.
    public var price: String
    /// How much was traded, in decimal text.
    public var quantity: String
    /// The number that the market gave it, below 2^63. All trades of a call have one, or none has.
    public var id: String?
    /// Who took it, where that is known: `buyer` or `seller`.
    public var taker: String?

    /// Makes a trade.
    public init(symbol: String, at: Timestamp, price: String, quantity: String, id: String? = nil, taker: String? = nil) {
        self.symbol = symbol
        self.at = at
        self.price = price
        self.quantity = quantity
        self.id = id
        self.taker = taker
    }

    var json: Json {
        let fields: [String: Json?] = [
            "symbol": .text(symbol), "at": .of(at), "id": .of(id), "price": .text(price), "quantity": .text(quantity), "taker": .of(taker),
        ]
        return .object(fields.compactMapValues { $0 })
    }
}

/// What becomes of the other trades of a call where one is not taken.
public enum BadRows: String, Sendable {
    /// None is taken.
    case refuse
    /// They are taken, and it is told which is not.
    case keep
}

/// Defines rollups, takes trades into them, and tells what has become of them.
///
/// A page of candles is told by ``Thalium/klines(_:_:from:to:rollup:limit:fill:)``.
public struct Rollups: Sendable {
    let of: Thalium

    /// Defines a rollup.
    ///
    /// The same definition again changes nothing; another one of that name makes its next version, of all trades that were ever taken.
    @discardableResult
    public func define(_ rollup: DefineRollup) async throws -> RollupView {
        try await changing { try await of.one("define_rollup", rollup.fields, RollupView.init) }
    }

    /// Takes a rollup away with its trades, unless others are made of it.
    public func drop(_ name: String) async throws {
        _ = try await changing { try await of.ask("drop_rollup", ["name": .text(name)]) }
    }

    /// The rollups, by their names.
    public func list() async throws -> [RollupView] {
        try await Told.several(of.ask("list_rollups"), RollupView.init)
    }

    /// Takes trades into a rollup, at most 65,536 in a call, and returns when they are durable.
    ///
    /// - Parameters:
    ///   - rollup: The rollup.
    ///   - trades: The trades, in order.
    ///   - badRows: What becomes of the others where one is not taken: by default none is, and it throws.
    ///   - now: What time it is; by default the clock's.
    /// - Throws: `invalid` with the field of the trade that is not taken, as `trades[3].price`.
    @discardableResult
    public func ingest(
        _ rollup: String, _ trades: [TradeRow], badRows: BadRows = .refuse, now: Timestamp? = nil
    ) async throws -> IngestReport {
        let fields: [String: Json?] = [
            "rollup": .text(rollup), "trades": .list(trades.map(\.json)), "bad_rows": .text(badRows.rawValue), "now": .of(now),
        ]
        return try await changing { try await of.one("ingest_trades", fields, IngestReport.init) }
    }

    /// Puts a trade in the place of that with its symbol, instant and id, and gives the one that was there.
    @discardableResult
    public func correct(_ rollup: String, _ trade: TradeRow, now: Timestamp? = nil) async throws -> TradeView {
        let fields: [String: Json?] = ["rollup": .text(rollup), "trade": trade.json, "now": .of(now)]
        return try await changing { try await of.one("correct_trade", fields, TradeView.init) }
    }

    /// Takes a trade back, and gives the one that was there.
    @discardableResult
    public func remove(_ rollup: String, symbol: String, at: Timestamp, id: String) async throws -> TradeView {
        let fields: [String: Json?] = ["rollup": .text(rollup), "symbol": .text(symbol), "at": .of(at), "id": .text(id)]
        return try await changing { try await of.one("remove_trade", fields, TradeView.init) }
    }

    /// Tells a rollup what time it is, by default the clock's: buckets close in which nothing happens any more.
    ///
    /// It is for who knows that nothing earlier is on its way.
    public func advance(_ rollup: String, now: Timestamp? = nil) async throws {
        _ = try await changing { try await of.ask("advance_rollup", ["rollup": .text(rollup), "now": .of(now)]) }
    }

    // Told also where it fails: it is not known then whether it was done.
    private func changing<Value>(_ run: () async throws -> Value) async throws -> Value {
        defer { of.changes.tell(.rollups) }
        return try await run()
    }
}

extension Rollups {
    /// The candles of a symbol that begin at `from` or later, and before `to` where that is given, oldest first.
    ///
    /// See ``Thalium/klines(_:_:from:to:rollup:limit:fill:)``.
    public func klines(
        _ rollup: String, _ symbol: String, _ width: String, from: Timestamp, to: Timestamp? = nil, fill: Bool = false
    ) -> Pages<KlineView> {
        Pages(after: Timestamp.self) { [of] next in
            let limit = Pages<KlineView>.limit
            let page = try await of.klines(symbol, width, from: next ?? from, to: to, rollup: rollup, limit: limit, fill: fill)
            return (page.klines, page.next)
        }
    }

    /// A page of the symbols of a rollup, by name; its `next` is what the next page comes `after`.
    public func symbolsPage(_ rollup: String, after: String? = nil, limit: Int? = nil) async throws -> SymbolPage {
        try await of.one("list_symbols", ["rollup": .text(rollup), "after": .of(after), "limit": .of(limit)], SymbolPage.init)
    }

    /// The symbols of a rollup, by name, each with its newest price and its watermark.
    public func symbols(_ rollup: String) -> Pages<SymbolView> {
        Pages(after: String.self) { after in
            let page = try await symbolsPage(rollup, after: after, limit: Pages<SymbolView>.limit)
            return (page.symbols, page.next)
        }
    }

    /// What has become of a rollup: its changes behind the number `after`, in order; `next` is the `after` of the next question.
    ///
    /// The numbers begin again with another version of the rollup.
    public func changes(_ rollup: String, after: Int64? = nil, limit: Int? = nil) async throws -> ChangePage {
        try await of.one("rollup_changes", ["rollup": .text(rollup), "after": .of(after), "limit": .of(limit)], ChangePage.init)
    }

    /// What has become of a rollup and what becomes of it: `for try await page in t.rollups.watch("klines") { … }`.
    ///
    /// - Parameters:
    ///   - rollup: The rollup.
    ///   - after: Behind the change of this number, such as the `next` of the last page that was seen; from the first by default.
    ///   - version: The version that `after` is of. With another one the changes are told from its first.
    ///   - pauseMilliseconds: How long to wait for what others do.
    public func watch(
        _ rollup: String, after: Int64 = 0, version: Int64? = nil, pauseMilliseconds: Int64 = 1_000
    ) -> RollupChanges {
        RollupChanges(rollups: self, rollup: rollup, after: after, version: version, pauseMilliseconds: pauseMilliseconds)
    }
}

extension Thalium {
    /// Defines rollups, takes trades into them, and tells what has become of them.
    public var rollups: Rollups { Rollups(of: self) }

    /// A page of the candles of a symbol, oldest first.
    ///
    /// With `from` they are the first from then on, and `next` is the `from` of the next page where there are more; without it, the last.
    /// ``Rollups/klines(_:_:_:from:to:fill:)`` goes through all pages.
    ///
    /// - Parameters:
    ///   - symbol: The symbol.
    ///   - width: How wide they are, such as `1h`: one of the rollup's levels.
    ///   - from: Those that begin then or later.
    ///   - to: Those that begin before then.
    ///   - rollup: The rollup.
    ///   - limit: How many at most: 500 by default, up to 10,000.
    ///   - fill: Also those between in which nothing has happened, with the close before.
    public func klines(
        _ symbol: String,
        _ width: String,
        from: Timestamp? = nil,
        to: Timestamp? = nil,
        rollup: String = "klines",
        limit: Int? = nil,
        fill: Bool = false
    ) async throws -> KlinePage {
        try await one("klines", [
            "rollup": .text(rollup), "symbol": .text(symbol), "width": .text(width), "from": .of(from), "to": .of(to), "limit": .of(limit),
            "fill": .ifTrue(fill),
        ], KlinePage.init)
    }
}

extension TradeView {
    /// Reads what a trade was.
    package static func one(_ text: String) throws -> TradeView? { try Told.one(text, TradeView.init) }
}
