import Foundation
import XCTest

@testable import Thalium

final class LedgerTests: XCTestCase {
    func testMoneyMovesAndIsReported() async throws {
        let t = try await bank()
        let salary = Extra(description: "Salary", metadata: ["channel": "eft"])
        let deposit = try await t.post(key: "dep-9", from: "bank:ZAR", to: "c42:ZAR", amount: zar("250.00"), extra: salary)
        XCTAssertTrue(deposit.ok && !deposit.replayed)
        XCTAssertEqual(deposit.amount, try zar("250"))
        let again = try await t.post(key: "dep-9", from: "bank:ZAR", to: "c42:ZAR", amount: zar("250.0"), extra: salary)
        XCTAssertTrue(again.ok && again.replayed)
        XCTAssertEqual(again.id, deposit.id)
        // A rejection is a value, with what there is and what it takes.
        let refused = try await t.post(key: "wd-1", from: "c42:ZAR", to: "bank:ZAR", amount: zar("250.01"))
        XCTAssertFalse(refused.ok)
        XCTAssertEqual([refused.status, refused.account], ["exceeds_credits", "c42:ZAR"])
        XCTAssertEqual([refused.have, refused.need], [try zar("250.00"), try zar("250.01")])

        let hold = try await t.hold(key: "ord-7", from: "c42:ZAR", amount: zar("100"))
        let held = try await t.holds("c42:ZAR").all()
        XCTAssertEqual(held.map(\.key), ["ord-7"])
        let fill = try await t.capture(key: "fill-1", hold: XCTUnwrap(hold.id).uuidString.lowercased(), amount: zar("60"), to: "c77:ZAR")
        XCTAssertTrue(fill.ok)
        try await t.hold(key: "ord-8", from: "c42:ZAR", amount: zar("5"), timeout: 60)
        let release = try await t.release(key: "off-8", hold: "ord-8")
        XCTAssertTrue(release.ok)
        let open = try await t.holds("c42:ZAR").all()
        XCTAssertTrue(open.isEmpty)

        let legs = [Leg(account: "c42:ZAR", side: .debit, amount: try zar("10")), Leg(account: "c77:ZAR", side: .credit, amount: try zar("10"))]
        let trade = try await t.transaction(key: "trade-1", legs: legs)
        XCTAssertTrue(trade.ok)
        let parts = try await t.transfers.ofTransaction("trade-1")
        XCTAssertFalse(parts.isEmpty)
        let linked = try await t.submit([
            .post(key: "a", from: "c42:ZAR", to: "c77:ZAR", amount: zar("1"), extra: Extra(linked: true)),
            .post(key: "b", from: "c42:ZAR", to: "c77:ZAR", amount: zar("9999")),
        ])
        XCTAssertEqual(linked.map(\.status), ["linked_event_failed", "exceeds_credits"])
        let all = try await t.submit(
            .transfer(key: "all", from: "c77:ZAR", to: "bank:ZAR", max: true, flags: [.balancingDebit]), context: Context(actor: "ops")
        )
        XCTAssertEqual(all.amount, try zar("70"))
        try await t.close()
    }

    func testTheBooksAreAsked() async throws {
        let t = try await bank()
        try await t.post(key: "dep-9", from: "bank:ZAR", to: "c42:ZAR", amount: zar("250.00"), extra: Extra(code: 7))
        try await t.post(key: "p-1", from: "c42:ZAR", to: "c77:ZAR", amount: zar("70"))
        let account = try await t.accounts.get("c42:ZAR")
        XCTAssertEqual(account?.available, try zar("180.00"))
        XCTAssertEqual(account?.kind, .liability)
        let nobody = try await t.accounts.get("nobody")
        XCTAssertNil(nobody)
        let none = try await t.statement("nobody")
        XCTAssertNil(none)
        let found = try await t.statement("c42:ZAR")
        let statement = try XCTUnwrap(found)
        XCTAssertEqual([statement.opening, statement.closing], [try zar("0"), try zar("180")])
        XCTAssertEqual(statement.entries.map(\.what), ["post", "post"])
        let history = try await t.history("c42:ZAR").all()
        XCTAssertEqual(history, statement.entries)
        let newest = try await t.history("c42:ZAR", newestFirst: true).first { _ in true }
        XCTAssertEqual(newest, history.last)
        let trial = try await t.trialBalance()
        XCTAssertEqual(trial.map(\.balanced), [true])
        XCTAssertEqual(trial.first?.debit, try zar("250"))
        let accounts = try await t.accounts.list().all()
        XCTAssertEqual(accounts.count, 5)
        let clients = try await t.accounts.list(under: "clients:ZAR", asset: "ZAR").all()
        XCTAssertEqual(clients.filter { $0.parent == "clients:ZAR" }.count, 2)
        let coded = try await t.transfers.list(TransferQuery(account: "c42:ZAR", side: .credit, code: 7)).all()
        XCTAssertEqual(coded.map(\.key), ["dep-9"])
        let transfer = try await t.transfers.get("dep-9")
        XCTAssertEqual(transfer, coded.first)
        let coin = try await t.assets.create(code: "BTC", scale: 8)
        XCTAssertTrue(coin.ok)
        let coins = try await t.assets.list()
        XCTAssertTrue(coins.contains { $0.code == "BTC" && $0.scale == 8 })
        let stats = try await t.stats()
        XCTAssertEqual([stats.accounts, stats.transfers, stats.openHolds], [5, 2, 0])
        let (root, check) = try await (t.root(), t.check())
        XCTAssertEqual(root.events, stats.events)
        XCTAssertEqual(check.stateHash.count, 64)
        try await t.close()
    }

    /// So many minutes after ten.
    private func at(_ minutes: Int64) throws -> Timestamp {
        Timestamp(nanoseconds: try Timestamp("2026-01-30T10:00:00Z").nanoseconds + minutes * 60_000_000_000)
    }

    /// A ledger in which c42 has 100 from ten on, 140 from eleven on, of which 30 are held, and 120 from half past one on.
    private func hours() async throws -> Thalium {
        let t = try await Thalium.open("memory:")
        let accounts: [Command] = [
            .account(key: "bank:ZAR", asset: "ZAR", kind: .asset), .account(key: "c42:ZAR", asset: "ZAR", kind: .liability),
            .account(key: "c77:ZAR", asset: "ZAR", kind: .liability),
        ]
        let first: [Command] = [
            .registerParty(key: "c42"), .assignAccount(party: "c42", account: "c42:ZAR"),
            .post(key: "d1", from: "bank:ZAR", to: "c42:ZAR", amount: try zar("100.00")),
        ]
        let second: [Command] = [
            .post(key: "d2", from: "bank:ZAR", to: "c42:ZAR", amount: try zar("40.00")),
            .hold(key: "h1", from: "c42:ZAR", amount: try zar("30.00"), to: "c77:ZAR"),
        ]
        let third: [Command] = [.capture(key: "f1", hold: "h1", amount: try zar("20.00"))]
        let last: [Command] = [.post(key: "d3", from: "bank:ZAR", to: "c77:ZAR", amount: try zar("1.00"), extra: Extra(code: 7))]
        for (minutes, commands) in [(0, accounts), (0, first), (60, second), (210, third), (240, last)] as [(Int64, [Command])] {
            let told = try await t.submit(commands, context: Context(now: at(minutes)))
            XCTAssertTrue(told.allSatisfy(\.ok))
        }
        return t
    }

    func testABalanceIsToldBucketByBucket() async throws {
        let t = try await hours()
        let page = try await t.balanceHistory("c42:ZAR", width: "1h", from: "\(at(0))", limit: 4)
        XCTAssertEqual([page.account, page.asset], ["c42:ZAR", "ZAR"])
        XCTAssertEqual(page.buckets.map(\.start), try [at(0), at(60), at(120), at(180)])
        XCTAssertEqual(page.buckets.map(\.close), try ["100", "140", "140", "120"].map(zar))
        XCTAssertEqual(page.buckets.compactMap(\.average), try ["100", "140", "140", "130"].map(zar))
        XCTAssertEqual(page.buckets.map(\.entries), [1, 2, 0, 1])
        let last = try XCTUnwrap(page.buckets.last)
        let amounts = [last.open, last.high, last.low, last.available, last.debits, last.credits]
        XCTAssertEqual(amounts, try ["140", "140", "120", "120", "20", "0"].map(zar))
        let next = try XCTUnwrap(page.next)
        XCTAssertEqual(next, try at(240))
        let rest = try await t.balanceHistory("c42:ZAR", width: "1h", from: "\(next)")
        XCTAssertEqual(rest.buckets.map(\.start), [next])
        XCTAssertNil(rest.next)
        let days = try await t.balanceHistory("c42:ZAR", to: "2026-01-30", zone: "Africa/Johannesburg").buckets
        XCTAssertEqual(days.map(\.start), [try Timestamp("2026-01-29T22:00:00Z")])
        for (field, account, width) in [("account", "nobody", "1h"), ("width", "c42:ZAR", "1 fortnight")] {
            let refused = await failure { try await t.balanceHistory(account, width: width) }
            XCTAssertEqual([refused?.code, refused?.field], ["invalid", field])
        }
        try await t.close()
    }

    func testVolumesAreOfAnAccountAPartyOrAnAsset() async throws {
        let t = try await hours()
        let volumes = try await t.volumes(account: "c42:ZAR", width: "1h").volumes
        XCTAssertEqual(volumes.map(\.start), try [at(0), at(60), at(180)])
        XCTAssertEqual(volumes.map(\.debits), try ["0", "0", "20"].map(zar))
        XCTAssertEqual(volumes.map(\.credits), try ["100", "40", "0"].map(zar))
        let party = try await t.volumes(party: "c42", width: "1h").volumes
        XCTAssertEqual(party, volumes)
        let coded = try await t.volumes(asset: "ZAR", code: 7).volumes
        XCTAssertEqual(coded.map(\.code), [7])
        XCTAssertEqual(coded.map(\.transfers), [1])
        XCTAssertEqual(coded.map(\.debits), [try zar("1")])
        let none = await failure { try await t.volumes() }
        XCTAssertEqual([none?.code, none?.field], ["invalid", "account"])
        let several = await failure { try await t.volumes(account: "c42:ZAR", asset: "ZAR") }
        XCTAssertEqual(several?.field, "account")
        try await t.close()
    }

    func testThousandsArePagedThrough() async throws {
        let t = try await bank()
        let posts = try (0..<2_500).map { Command.post(key: "p\($0)", from: "bank:ZAR", to: "c42:ZAR", amount: try zar("0.01")) }
        let outcomes = try await t.submit(posts)
        XCTAssertTrue(outcomes.allSatisfy(\.ok))
        var keys: [String] = []
        for try await entry in t.history("c42:ZAR") { keys.append(entry.transfer) }
        XCTAssertEqual(keys, (0..<2_500).map { "p\($0)" })
        let transfers = try await t.transfers.list().all()
        XCTAssertEqual(Set(transfers.map(\.key)).count, 2_500)
        let page = try await t.transfers.page(limit: 2)
        let next = try await t.transfers.page(after: page.next, limit: 2)
        XCTAssertEqual((page.transfers + next.transfers).map(\.key), ["p0", "p1", "p2", "p3"])
        // A loop that is left early asks for no more.
        for try await _ in t.transfers.list() { break }
        try await t.close()
    }

    func testPagesEndWithTheirTask() async throws {
        let t = try await bank()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await t.accounts.list().all().count
        }
        task.cancel()
        let result = await task.result
        XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError) }
        try await t.close()
    }
}
