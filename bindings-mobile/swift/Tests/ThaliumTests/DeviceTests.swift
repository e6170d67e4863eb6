import Foundation
import XCTest

@testable import Thalium

/// A back end in this process, on a line that can be down.
actor Line: BackEnd {
    struct Broken: Error {}

    enum State { case up, down, losesReplies }

    private let t: Thalium
    private(set) var asked = 0
    private var state = State.up

    init(_ t: Thalium) { self.t = t }

    func become(_ state: State) { self.state = state }

    func sync(_ request: String) async throws -> String {
        if state == .down { throw Broken() }
        asked += 1
        let reply = try await t.sync(customer: "c42", accounts: ["c42:ZAR"], request: request, payees: ["clients:ZAR"])
        if state == .losesReplies { throw Broken() }
        return reply
    }
}

final class DeviceTests: XCTestCase {
    func testWhatWasGivenOfflineIsBookedWhenTheLineIsBack() async throws {
        let t = try await bank()
        try await t.post(key: "dep-1", from: "bank:ZAR", to: "c42:ZAR", amount: zar("100.00"))
        let line = Line(t)
        try await withFolder { folder in
            try await self.goOffline(line, folder)
            // The app was ended; what was sent is sent again and booked once.
            await line.become(.up)
            try await self.comeBack(line, folder, t)
        }
        let account = try await t.accounts.get("c42:ZAR")
        XCTAssertEqual(account?.balance, try zar("70.00"))
        try await t.close()
    }

    private func goOffline(_ line: Line, _ folder: String) async throws {
        await line.become(.down)
        let device = try await Device.open(folder, backEnd: line)
        try await device.follow("c42:ZAR")
        let known = try await device.account("c42:ZAR")
        XCTAssertEqual(known?.name, "c42:ZAR")
        XCTAssertNil(known?.account)
        let before = Timestamp.now
        let lunch = try await device.intents.post(key: "lunch", from: "c42:ZAR", to: "c77:ZAR", amount: zar("30.00"), description: "Lunch")
        let given = try await lunch.now()
        XCTAssertEqual(given?.state, .queued)
        XCTAssertEqual(given?.command.key, "lunch")
        // The device's own clock says when.
        XCTAssertLessThan(abs(try XCTUnwrap(given).madeAt.date.timeIntervalSince(before.date)), 10)
        try await device.intents.hold(key: "ord-1", from: "c42:ZAR", amount: zar("20.00"))
        try await device.intents.post(key: "rent", from: "c42:ZAR", to: "c77:ZAR", amount: zar("500.00"))
        let cancelled = try await device.intents.post(key: "oops", from: "c42:ZAR", to: "c77:ZAR", amount: zar("1.00")).cancel()
        XCTAssertEqual(cancelled.state, .cancelled)
        let told = try await device.sync()
        XCTAssertTrue(told.failure is Line.Broken && told.waitMilliseconds > 0 && told.done == nil)
        // While the pause lasts nothing is sent, unless it is asked for.
        await line.become(.up)
        let paused = try await device.sync()
        XCTAssertTrue(paused.done == nil && paused.failure == nil && paused.waitMilliseconds > 0)
        let asked = await line.asked
        XCTAssertEqual(asked, 0)
        await line.become(.losesReplies)
        let lost = try await device.sync(now: true)
        XCTAssertNotNil(lost.failure)
        try await device.close()
    }

    private func comeBack(_ line: Line, _ folder: String, _ t: Thalium) async throws {
        let device = try await Device.open(folder, backEnd: line)
        let open = try await device.intents.list(open: true)
        XCTAssertEqual(open.map(\.state), [.sent, .sent, .sent])
        let found = try await device.intents.pending("rent")
        let rent = try XCTUnwrap(found)
        var states = rent.updates.makeAsyncIterator()
        let first = try await states.next()
        XCTAssertEqual(first?.state, .sent)
        let result = try await device.sync(now: true)
        let done = try XCTUnwrap(result.done)
        XCTAssertEqual(done.intents.map(\.key), ["lunch", "ord-1", "rent"])
        // The sequence ends with what became of it.
        let second = try await states.next()
        XCTAssertEqual(second?.state, .rejected)
        let end = try await states.next()
        XCTAssertNil(end)
        let refused = try await rent.resolved().outcome
        XCTAssertEqual(refused?.status, "exceeds_credits")
        XCTAssertFalse(try XCTUnwrap(refused?.reason).isEmpty)
        let lunch = try await device.intents.get("lunch")
        XCTAssertEqual(lunch?.state, .booked)
        XCTAssertEqual(lunch?.isOpen, false)

        let known = try await device.account("c42:ZAR")
        XCTAssertEqual(known?.account?.available, try zar("50.00"))
        XCTAssertNotNil(known?.asOf)
        let holds = try await device.holds("c42:ZAR")
        XCTAssertEqual(holds?.holds.map(\.key), ["device/c42/ord-1"])
        let statement = try await device.statement("c42:ZAR")
        XCTAssertEqual(statement?.complete, true)
        let theirs = try await t.statement("c42:ZAR")
        XCTAssertEqual(statement?.statement, theirs)
        let off = try await device.intents.release(key: "ord-off", hold: "ord-1")
        try await device.sync()
        let released = try await off.resolved()
        XCTAssertEqual(released.outcome?.ok, true)

        let pruned = try await device.intents.prune(before: Timestamp(Date(timeIntervalSinceNow: 60)))
        XCTAssertEqual(pruned.count, 5)
        await assertCode("invalid") { try await rent.resolved() }
        let followed = try await device.accounts()
        XCTAssertEqual(followed.map(\.name), ["c42:ZAR"])
        try await device.unfollow("c42:ZAR")
        let forgotten = try await device.account("c42:ZAR")
        XCTAssertNil(forgotten)
        try await device.close()
    }

    func testItKeepsInSyncWhileItIsIterated() async throws {
        let t = try await bank()
        try await t.post(key: "dep-1", from: "bank:ZAR", to: "c42:ZAR", amount: zar("10.00"))
        let device = try await Device.open("memory:", backEnd: Line(t))
        try await device.follow("c42:ZAR")
        let balance = Task {
            try await inTime {
                let six = try zar("6")
                return try await device.accountUpdates("c42:ZAR").first { $0.account?.balance == six }
            }
        }
        let syncs = Task {
            var count = 0
            for try await result in device.syncs(pauseMilliseconds: 60_000) {
                XCTAssertNil(result.failure)
                count += 1
            }
            return count
        }
        let paid = try await device.intents.post(key: "p", from: "c42:ZAR", to: "c77:ZAR", amount: zar("4.00"))
        let resolved = try await inTime { try await paid.resolved() }
        XCTAssertEqual(resolved.outcome?.ok, true)
        let first = try await paid.updates.first { _ in true }
        XCTAssertEqual(first?.state, .booked)
        let known = try await balance.value
        XCTAssertNotNil(known?.asOf)
        syncs.cancel()
        let count = try await syncs.value
        XCTAssertGreaterThan(count, 0)
        try await device.close()
    }

    func testSyncsComeBackAfterAFailure() async throws {
        let t = try await bank()
        let line = Line(t)
        await line.become(.down)
        let device = try await Device.open("memory:", backEnd: line)
        try await device.intents.post(key: "p", from: "c42:ZAR", to: "c77:ZAR", amount: zar("4.00"))
        let failures = try await inTime {
            var failures = 0
            for try await result in device.syncs(pauseMilliseconds: 10) {
                if result.failure == nil, result.done != nil { return failures }
                failures += 1
                await line.become(.up)
            }
            return -1
        }
        XCTAssertEqual(failures, 1)
        try await device.close()
        try await t.close()
    }

    func testUpdatesEndWithTheDeviceAndWithTheirTask() async throws {
        let t = try await bank()
        let device = try await Device.open("memory:", backEnd: Line(t))
        try await device.follow("c42:ZAR")
        let intent = try await device.intents.post(key: "p", from: "c42:ZAR", to: "c77:ZAR", amount: zar("4.00"))
        // Each waits after it was told what is now.
        let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
        let cancelled = Task {
            for try await _ in intent.updates { continuation.yield() }
            return Task.isCancelled
        }
        let unfollowed = Task { try await device.accountUpdates("c42:ZAR").reduce(0) { count, _ in continuation.yield(); return count + 1 } }
        let waiting = Task { try await intent.resolved() }
        var beginnings = begun.makeAsyncIterator()
        _ = await beginnings.next()
        _ = await beginnings.next()
        cancelled.cancel()
        let wasCancelled = try await inTime { try await cancelled.value }
        XCTAssertTrue(wasCancelled)
        try await device.unfollow("c42:ZAR")
        let updates = try await inTime { try await unfollowed.value }
        XCTAssertEqual(updates, 1)
        try await device.close()
        await assertCode("closed") { try await inTime { try await waiting.value } }
        await assertCode("closed") { try await device.accounts() }
        try await device.close()
        try await t.close()
    }

    func testWhatIsNoneOfACustomersIsRefused() async throws {
        let t = try await bank()
        try await t.post(key: "dep-1", from: "bank:ZAR", to: "c77:ZAR", amount: zar("10.00"))
        let device = try await Device.open("memory:", backEnd: Line(t))
        let theirs = try await device.intents.post(key: "p", from: "c77:ZAR", to: "c42:ZAR", amount: zar("1.00"))
        let banks = try await device.intents.post(key: "q", from: "c42:ZAR", to: "bank:ZAR", amount: zar("1.00"))
        try await device.follow("c77:ZAR")
        let told = try await device.sync()
        XCTAssertEqual(told.done?.refused, ["c77:ZAR"])
        for intent in [theirs, banks] {
            let resolved = try await intent.resolved()
            XCTAssertEqual(resolved.outcome?.status, "not_permitted")
        }
        let account = try await device.account("c77:ZAR")
        XCTAssertNil(account?.account)
        let late = await failure { try await device.intents.cancel("p") }
        XCTAssertEqual(late?.field, "key")
        let other = await failure { try await device.intents.post(key: "p", from: "c77:ZAR", to: "c42:ZAR", amount: zar("2")) }
        XCTAssertEqual(other?.field, "key")
        try await device.close()
        try await t.close()
    }

    // An answer that makes no sense is as none.
    func testAnAnswerThatMakesNoSense() async throws {
        let device = try await Device.open("memory:") { _ in "<html>" }
        try await device.intents.post(key: "p", from: "c42:ZAR", to: "c77:ZAR", amount: zar("1.00"))
        let told = try await device.sync()
        XCTAssertEqual((told.failure as? ThaliumError)?.code, "invalid")
        XCTAssertGreaterThan(told.waitMilliseconds, 0)
        let intent = try await device.intents.get("p")
        XCTAssertEqual(intent?.state, .sent)
        try await device.close()
    }

    func testExchangesTakeTurns() async throws {
        let t = try await bank()
        try await t.post(key: "dep-1", from: "bank:ZAR", to: "c42:ZAR", amount: zar("10.00"))
        let line = Line(t)
        let device = try await Device.open("memory:", backEnd: line)
        for n in 0..<8 { try await device.intents.post(key: "p\(n)", from: "c42:ZAR", to: "c77:ZAR", amount: zar("1.00")) }
        let attempts = try await withThrowingTaskGroup(of: SyncResult.self) { group in
            for _ in 0..<16 { group.addTask { try await device.sync() } }
            for try await result in group { XCTAssertNil(result.failure) }
            return try await device.intents.list().map(\.attempts)
        }
        XCTAssertEqual(attempts, Array(repeating: 1, count: 8))
        // One that is cancelled while it waits for its turn keeps no one else from theirs.
        let cancelled = Task { try await device.sync() }
        cancelled.cancel()
        _ = await cancelled.result
        let after = try await device.sync()
        XCTAssertNil(after.failure)
        try await device.close()
        try await t.close()
    }
}
