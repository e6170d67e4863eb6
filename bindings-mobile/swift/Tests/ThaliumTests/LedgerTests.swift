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
