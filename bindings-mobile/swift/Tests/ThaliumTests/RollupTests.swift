import Foundation
import XCTest

@testable import Thalium

final class RollupTests: XCTestCase {
    private let bars = DefineRollup(name: "bars", levels: ["1m", "5m"], delay: "0s", horizon: "30m", priceScale: 2, quantityScale: 4)
    private let noon = Timestamp(nanoseconds: 1_773_144_000_000_000_000)

    private func ledger(_ address: String = "memory:") async throws -> Thalium {
        let t = try await Thalium.open(address)
        try await t.rollups.define(bars)
        return t
    }

    /// So many seconds after ten.
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(nanoseconds: noon.nanoseconds + (seconds - 7_200) * 1_000_000_000) }

    private func trade(
        _ seconds: Int64, _ id: Int, _ price: String, _ quantity: String = "1", symbol: String = "BTC-ZAR", taker: String? = nil
    ) -> TradeRow {
        TradeRow(symbol: symbol, at: at(seconds), price: price, quantity: quantity, id: "\(id)", taker: taker)
    }

    private func minutes(_ t: Thalium) async throws -> [KlineView] {
        try await t.klines("BTC-ZAR", "1m", rollup: "bars").klines
    }

    /// What changes say, in short.
    private func said(_ page: ChangePage?) -> [String] {
        (page?.changes ?? []).map { [$0.kind, $0.cause, $0.width].compactMap { $0 }.joined(separator: " ") }
    }

    func testTradesGoInAndCandlesComeOut() async throws {
        let t = try await ledger()
        let trades = [
            trade(1, 1, "1800000.25", "0.5", taker: "buyer"), trade(20, 2, "1800100.75", "0.25", taker: "seller"),
            trade(59, 3, "1799999.99", "0.0001"), trade(65, 4, "1800050.01"),
        ]
        let report = try await t.rollups.ingest("bars", trades, now: noon)
        XCTAssertEqual([report.taken, report.again, report.refused], [4, 0, 0])
        // What comes twice counts once.
        let again = try await t.rollups.ingest("bars", trades, now: noon)
        XCTAssertEqual(again.again, 4)

        let klines = try await minutes(t)
        let first = try XCTUnwrap(klines.first)
        let prices = [first.open, first.high, first.low, first.close]
        XCTAssertEqual(prices.map { "\($0)" }, ["1800000.25", "1800100.75", "1799999.99", "1799999.99"])
        XCTAssertEqual([first.volume, first.buyVolume, first.sellVolume].map { "\($0)" }, ["0.7501", "0.5", "0.25"])
        XCTAssertEqual([first.start, first.end], [at(0), at(60)])
        XCTAssertEqual(klines.map(\.trades), [3, 1])
        XCTAssertEqual(klines.map(\.closed), [true, false])
        let coarse = try await t.klines("BTC-ZAR", "5m", rollup: "bars")
        XCTAssertEqual(coarse.klines.map(\.trades), [4])
        let none = try await t.klines("ETH-ZAR", "1m", rollup: "bars")
        XCTAssertEqual(none.klines, [])
        let width = await failure { try await t.klines("BTC-ZAR", "1h", rollup: "bars") }
        XCTAssertEqual([width?.code, width?.field], ["invalid", "width"])
        try await t.close()
    }

    func testCandlesArePagedAndFilled() async throws {
        let t = try await ledger()
        try await t.rollups.ingest("bars", [0, 60, 120, 300].map { trade($0, 1, "\($0 + 1)") }, now: noon)
        let first = try await t.klines("BTC-ZAR", "1m", from: at(60), rollup: "bars", limit: 2)
        XCTAssertEqual(first.klines.map(\.start), [at(60), at(120)])
        let rest = try await t.klines("BTC-ZAR", "1m", from: first.next, rollup: "bars", limit: 2)
        XCTAssertEqual(rest.klines.map(\.start), [at(300)])
        XCTAssertNil(rest.next)
        let earlier = (-1_200..<0).map { trade($0 * 60, 1, "5", symbol: "ETH-ZAR") }
        try await t.rollups.ingest("bars", earlier, now: noon)
        let all = try await t.rollups.klines("bars", "ETH-ZAR", "1m", from: earlier[0].at).all()
        XCTAssertEqual(all.map(\.start), earlier.map(\.at))
        let some = try await t.rollups.klines("bars", "ETH-ZAR", "1m", from: earlier[0].at, to: earlier[7].at).all()
        XCTAssertEqual(some, Array(all.prefix(7)))
        // Without a beginning it is the last that are told.
        let last = try await t.klines("BTC-ZAR", "1m", rollup: "bars", limit: 2)
        XCTAssertEqual(last.klines.map(\.start), [at(120), at(300)])
        let filled = try await t.klines("BTC-ZAR", "1m", from: at(0), to: at(240), rollup: "bars", fill: true).klines
        XCTAssertEqual(filled.map(\.trades), [1, 1, 1, 0])
        XCTAssertEqual(filled[3].open, filled[2].close)
        XCTAssertNil(filled[3].average)
        try await t.close()
    }

    func testRollupsAreDefinedMadeOfEachOtherListedAndDropped() async throws {
        let t = try await ledger()
        let days = DefineRollup(
            name: "days", of: "bars", levels: ["1d"], zone: "Africa/Johannesburg", late: .merge, keep: ["1d": "520w"]
        )
        let defined = try await t.rollups.define(days)
        XCTAssertEqual([defined.name, defined.of, defined.zone], ["days", "bars", "Africa/Johannesburg"])
        XCTAssertEqual(defined.late, .merge)
        XCTAssertEqual(defined.priceScale, 2)
        XCTAssertEqual(Array(defined.keep.keys), ["1d"])
        let same = try await t.rollups.define(days)
        XCTAssertEqual(same, defined)
        try await t.rollups.ingest("bars", [trade(0, 1, "5")], now: noon)
        let day = try await t.klines("BTC-ZAR", "1d", rollup: "days")
        XCTAssertEqual(day.klines.map(\.trades), [1])
        var other = bars
        other.levels = ["1m", "1h"]
        let next = try await t.rollups.define(other)
        XCTAssertEqual(next.version, 2)
        let listed = try await t.rollups.list()
        XCTAssertEqual(listed.map(\.name), ["bars", "days"])

        let needed = await failure { try await t.rollups.drop("bars") }
        XCTAssertEqual([needed?.code, needed?.field], ["invalid", "name"])
        try await t.rollups.drop("days")
        let left = try await t.rollups.list()
        XCTAssertEqual(left.map(\.name), ["bars"])
        let none = await failure { try await t.rollups.define(DefineRollup(name: "x", levels: [])) }
        XCTAssertEqual(none?.field, "levels")
        // What is said of it is its name alone.
        let klines = try await t.rollups.define(DefineRollup(name: "klines"))
        XCTAssertEqual(klines.levels, ["1m", "5m", "15m", "1h", "4h", "1d", "1w", "1M"])
        let page = try await t.klines("BTC-ZAR", "1h")
        XCTAssertEqual(page.klines, [])
        try await t.close()
    }

    func testARowThatIsNotTakenFailsTheCallOrIsTold() async throws {
        let t = try await ledger()
        let trades = [trade(0, 1, "5"), trade(1, 2, "5.001"), trade(2, 3, "6", taker: "nobody"), trade(3, 4, "7")]
        let refused = await failure { try await t.rollups.ingest("bars", trades, now: self.noon) }
        XCTAssertEqual([refused?.code, refused?.field], ["invalid", "trades[1].price"])
        let nothing = try await minutes(t)
        XCTAssertEqual(nothing, [])
        let report = try await t.rollups.ingest("bars", trades, badRows: .keep, now: noon)
        XCTAssertEqual([report.taken, report.refused], [2, 2])
        XCTAssertEqual(report.faults.map(\.row), [1, 2])
        XCTAssertEqual(report.faults.map(\.field), ["price", "taker"])
        try await t.close()
    }

    func testATradeIsCorrectedAndTakenBack() async throws {
        let t = try await ledger()
        try await t.rollups.ingest("bars", [trade(0, 1, "5.05", taker: "buyer"), trade(1, 2, "9.99"), trade(60, 3, "6.66")], now: noon)
        let was = try await t.rollups.correct("bars", trade(1, 2, "7.77"), now: noon)
        XCTAssertEqual([was.symbol, was.id, "\(was.price)", was.taker], ["BTC-ZAR", "2", "9.99", nil])
        XCTAssertEqual(was.at, at(1))
        let corrected = try await minutes(t)
        XCTAssertEqual("\(corrected[0].high)", "7.77")
        let gone = try await t.rollups.remove("bars", symbol: "BTC-ZAR", at: at(0), id: "1")
        XCTAssertEqual(["\(gone.price)", gone.taker], ["5.05", "buyer"])
        let rest = try await minutes(t)
        XCTAssertEqual("\(rest[0].open)", "7.77")
        XCTAssertEqual([rest[0].trades, rest[0].revision], [1, 2])
        await assertCode("invalid") { try await t.rollups.remove("bars", symbol: "BTC-ZAR", at: self.at(0), id: "1") }
        try await t.rollups.advance("bars", now: at(600))
        let closed = try await minutes(t)
        XCTAssertTrue(closed.allSatisfy(\.closed))

        let first = try await t.rollups.changes("bars", limit: 3)
        XCTAssertEqual(said(first), ["closed 1m", "revised corrected 1m", "revised removed 1m"])
        XCTAssertEqual([first.version, first.next, first.lost], [1, 3, 0])
        let others = try await t.rollups.changes("bars", after: first.next)
        XCTAssertEqual(Set(said(others)), ["closed 1m", "closed 5m"])
        let none = try await t.rollups.changes("bars", after: others.next)
        XCTAssertEqual(none.changes, [])
        try await t.close()
    }

    func testSymbolsArePaged() async throws {
        let t = try await ledger()
        let names = (1_000..<2_200).map { "S\($0)" }
        try await t.rollups.ingest("bars", names.map { trade(30, 1, "5.25", symbol: $0) }, now: noon)
        let symbols = try await t.rollups.symbols("bars").all()
        XCTAssertEqual(symbols.map(\.symbol), names)
        XCTAssertEqual(symbols[0].price.map { "\($0)" }, "5.25")
        XCTAssertEqual([symbols[0].at, symbols[0].watermark], [at(30), at(30)])
        let first = try await t.rollups.symbolsPage("bars", limit: 2)
        let second = try await t.rollups.symbolsPage("bars", after: first.next, limit: 1)
        XCTAssertEqual((first.symbols + second.symbols).map(\.symbol), Array(names.prefix(3)))
        try await t.close()
    }

    func testWhatBecomesOfARollupIsWatched() async throws {
        let t = try await ledger()
        try await t.rollups.ingest("bars", [trade(0, 1, "5"), trade(60, 2, "5")], now: noon)
        var pages = t.rollups.watch("bars", pauseMilliseconds: 600_000).makeAsyncIterator()
        let closed = try await pages.next()
        XCTAssertEqual(said(closed), ["closed 1m"])
        // At once, however long it would wait for others.
        let later = Task { [trade = trade(1, 3, "6"), noon] in
            try await Task.sleep(nanoseconds: 20_000_000)
            try await t.rollups.ingest("bars", [trade], now: noon)
        }
        let late = try await pages.next()
        _ = try await later.value
        XCTAssertEqual(said(late), ["revised late 1m"])
        // Another version tells its own changes, from its first.
        var other = bars
        other.levels = ["1m"]
        try await t.rollups.define(other)
        let anew = try await pages.next()
        XCTAssertEqual([anew?.version, anew?.changes.first?.number], [2, 1])
        // Who comes again says how far it was.
        let changed = try await t.rollups.watch("bars", after: XCTUnwrap(late).next, version: 1).first { _ in true }
        XCTAssertEqual(changed, anew)
        let rest = try await t.rollups.watch("bars", after: 1, version: 2).first { _ in true }
        XCTAssertEqual(rest?.changes, anew.map { Array($0.changes.dropFirst()) })
        try await t.close()
    }

    func testWatchingEnds() async throws {
        let t = try await ledger()
        let watch = { @Sendable (rollup: String) async throws in
            for try await _ in t.rollups.watch(rollup, pauseMilliseconds: 600_000) {}
        }
        let cancelled = Task { try await watch("bars") }
        try await Task.sleep(nanoseconds: 20_000_000)
        cancelled.cancel()
        try await inTime { try await cancelled.value }
        await assertCode("invalid") { try await watch("none") }
        let others = [Task { try await watch("bars") }, Task { try await watch("bars") }]
        try await Task.sleep(nanoseconds: 20_000_000)
        try await t.rollups.drop("bars")
        let dropped = await failure { try await inTime { try await others[0].value } }
        XCTAssertEqual([dropped?.code, dropped?.field], ["invalid", "rollup"])
        try await t.rollups.define(bars)
        let closing = Task { try await watch("bars") }
        try await Task.sleep(nanoseconds: 20_000_000)
        try await t.close()
        await assertCode("closed") { try await inTime { try await closing.value } }
    }

    func testAReaderBesideTheWriterSeesWhatIsDurable() async throws {
        try await withFolder { folder in
            let t = try await ledger(folder + "/books")
            let reader = try await Thalium.open(folder + "/books", OpenOptions(readOnly: true))
            let changes = Task { try await reader.rollups.watch("bars", pauseMilliseconds: 10).first { _ in true } }
            try await t.rollups.ingest("bars", [trade(0, 1, "5"), trade(60, 2, "5")], now: noon)
            let told = try await inTime { try await changes.value }
            XCTAssertEqual(said(told), ["closed 1m"])
            let (own, seen) = try await (minutes(t), minutes(reader))
            XCTAssertEqual(own, seen)
            await assertCode("read_only") { try await reader.rollups.advance("bars") }
            try await reader.close()
            try await t.close()
            let again = try await ledger(folder + "/books")
            let listed = try await again.rollups.list()
            XCTAssertEqual(listed.map(\.trades), [2])
            try await again.close()
        }
    }

    // Prices of more digits than Decimal has are never rounded.
    func testAPriceThatDecimalCannotHoldIsAnError() async throws {
        let t = try await Thalium.open("memory:")
        try await t.rollups.define(DefineRollup(name: "klines", levels: ["1m"], priceScale: 0, quantityScale: 0))
        let most = "340282366920938463463374607431768211455"
        try await t.rollups.ingest("klines", [trade(0, 1, most)], now: noon)
        let error = await failure { try await t.klines("BTC-ZAR", "1m") }
        XCTAssertEqual([error?.code, error?.field], ["unsupported", "open"])
        try await t.close()
    }
}
