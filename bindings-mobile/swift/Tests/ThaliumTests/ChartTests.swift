import Foundation
import XCTest

@testable import Thalium

final class ChartTests: XCTestCase {
    private let newYear = Timestamp(nanoseconds: 1_767_225_600_000_000_000)
    private let echo = """
        chart: 1
        id: echo
        context: { given: null, amount: 0 }
        schema: { type: object, properties: { amount: { type: number, maximum: 99.99 } } }
        states:
          open:
            on:
              given:
                actions:
                  - assign: { given: { expr: { var: event.data } } }
                  - { effect: told, id: m-1, with: { given: { expr: { var: event.data } } } }
              bare: { actions: [{ effect: told }, { log: heard, value: { var: amount } }] }
              raised: { actions: [{ assign: { amount: { expr: { var: event.data.amount } } } }] }
              ended: closed
            after: { P2D: { target: late, restore: remaining } }
          closed: { type: final, output: { expr: { var: given } } }
          late: { description: It took too long., on: { ended: closed } }
        """

    private func chart() async throws -> Chart { try await Chart.of(echo) }

    private func day(_ days: Int64) -> Timestamp { Timestamp(nanoseconds: newYear.nanoseconds + days * 86_400_000_000_000) }

    func testNumbersAreExactBothWays() async throws {
        let chart = try await chart()
        let numbers = [
            "0.1", "12.50", "-7", "18446744073709551615", "12345678901234567890.123456789012345678",
            "100000000000000000000000000000000000000001", "0.\(String(repeating: "1", count: 60))",
        ]
        for text in numbers {
            let begun = try await chart.start("case-1", data: ["given": .number(text)], now: newYear)
            XCTAssertEqual(begun.data["given"], .number(text))
            let json = try await chart.step(begun, "given", data: .number(text), now: newYear)
            let read = try await chart.step(begun, "given", data: text, now: newYear)
            for told in [json, read] {
                XCTAssertEqual(told.data["given"], .number(text))
                XCTAssertEqual(told.effects.map { $0.data?["given"] }, [.number(text)])
                // What was stored has them as well, and so has the end.
                let stored = try await chart.session(told.held)
                XCTAssertEqual(stored, told.at)
                let done = try await chart.step(told.held, "ended", now: newYear)
                XCTAssertEqual(done.effects.map(\.kind), [.done])
                XCTAssertEqual(done.effects.map(\.data), [.number(text)])
            }
        }
        let begun = try await chart.start("case-1", now: newYear)
        for text in ["{", "", "01", "1,\"now\":\"x\""] {
            let error = await failure(text) { try await chart.step(begun, "given", data: text) }
            XCTAssertEqual([error?.code, error?.field], ["invalid", "data"], text)
            let other = await failure(text) { try await chart.start("case-1", data: text) }
            XCTAssertEqual([other?.code, other?.field], ["invalid", "data"], text)
        }
        let number = await failure { try await chart.step(begun, "given", data: ["a": [1, .number("1,2")]]) }
        XCTAssertTrue(number?.field == "data" && number?.message.hasPrefix("data.a[1]: `1,2`") == true, "\(number?.message ?? "")")
    }

    func testARefusedEventLeavesTheSessionUsable() async throws {
        let chart = try await chart()
        let begun = try await chart.start("case-1", data: ["amount": .number("1.50")], now: newYear)
        let refused = await failure { try await chart.step(begun, "raised", data: ["amount": 100], now: newYear) }
        XCTAssertEqual([refused?.code, refused?.field], ["refused", "data"])
        let raised = try await chart.step(begun, "raised", data: #"{"amount": 99.99}"#, now: newYear)
        XCTAssertEqual([raised.data["amount"], begun.data["amount"]], [.number("99.99"), .number("1.50")])
        // What nothing waits for is no error.
        let unheard = try await chart.step(raised, "unheard", now: newYear)
        XCTAssertEqual([unheard.states, raised.states], [["open"], ["open"]])
        XCTAssertTrue(unheard.data == raised.data && unheard.effects.isEmpty)
        // One that has ended takes none, and one that could not begin is none.
        let done = try await chart.step(unheard, "ended", now: newYear)
        XCTAssertTrue(done.done && done.states == ["closed"], "\(done)")
        await assertCode("refused") { try await chart.step(done, "given", data: 1, now: newYear) }
        let start = await failure { try await chart.start("case-2", data: ["amount": 100], now: newYear) }
        XCTAssertEqual([start?.code, start?.field], ["refused", "data"])
    }

    func testEffectsAreToldInOrder() async throws {
        let chart = try await chart()
        let told = try await chart.step(chart.start("case-1", now: newYear), "given", data: "[null]", now: newYear, trace: true)
        let sent = try XCTUnwrap(told.effects.first)
        XCTAssertTrue(told.effects.count == 1 && sent.kind == .send, "\(told.effects)")
        XCTAssertEqual([sent.session, sent.id, sent.target, sent.name, sent.src], ["case-1", "m-1", "host", "told", nil])
        XCTAssertEqual(sent.data, ["given": [.null]])
        XCTAssertEqual(told.trace.map(\.taken), [["states/open/on/given"]])
        let bare = try await chart.step(told, "bare", now: newYear)
        XCTAssertEqual(bare.effects.map(\.kind), [.send, .log])
        XCTAssertEqual(bare.effects.map(\.name), ["told", "heard"])
        XCTAssertEqual(bare.effects.map(\.data), [nil, 0])
        // An event that carries null.
        let null = try await chart.step(told, "given", data: .null, now: newYear)
        XCTAssertEqual(null.data["given"], .null)
        let (byValue, byText) = try await (chart.cancel(told, now: newYear), chart.cancel(told.held, now: newYear))
        XCTAssertTrue(byValue.done && byText.done)
    }

    func testATimerHappensWhenItIsDue() async throws {
        let chart = try await chart()
        let begun = try await chart.start("case-1", now: newYear)
        let timer = try XCTUnwrap(begun.pending.first)
        XCTAssertTrue(timer.due == day(2) && timer.restore == .remaining && timer.event == "after.0.open", "\(timer)")
        let early = try await chart.advance(begun, now: Timestamp(nanoseconds: day(2).nanoseconds - 1))
        XCTAssertEqual(early.states, ["open"])
        let late = try await chart.advance(begun.held, now: day(2), trace: true)
        XCTAssertTrue(late.states == ["late"] && late.pending.isEmpty, "\(late)")
        XCTAssertEqual(late.trace.first?.entered, ["late"])
        // What is due happens before an event is heard.
        let stepped = try await chart.step(begun, "given", data: 1, now: day(3))
        XCTAssertTrue(stepped.states == ["late"] && !stepped.heard, "\(stepped)")
        // A session that rested has what was left.
        let byValue = try await chart.resume(begun, suspendedAt: day(1), now: day(10))
        let byText = try await chart.resume(begun.held, suspendedAt: day(1), now: day(10))
        XCTAssertEqual([byValue.pending.map(\.due), byText.pending.map(\.due)], [[day(11)], [day(11)]])
    }

    func testAChartIsOpenedDescribedDrawnAndWritten() async throws {
        let chart = try await chart()
        let (view, json) = try await (chart.describe(), chart.write())
        XCTAssertEqual([view.states, view.variables], [["open", "closed", "late"], ["given", "amount"]])
        try await withFolder { folder in
            for (name, text) in ["echo.yaml": echo, "echo.json": json] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
                let opened = try await Chart.open("\(folder)/\(name)")
                let (same, again) = try await (opened.describe(), opened.write())
                XCTAssertTrue(same == view && again == json, name)
            }
            await assertCode("io") { try await Chart.open("\(folder)/none") }
        }
        let scxml = try await chart.write(.scxml)
        XCTAssertTrue(scxml.contains("<scxml"), scxml)
        let findings = try await chart.lint()
        XCTAssertFalse(findings.contains { $0.severity == "error" }, "\(findings)")
        let waiting = try await Chart.of("chart: 1\nid: x\nstates:\n  a: {on: {document.late: b}}\n  b: {on: {go: a}}\n")
        let known: [([String]?, Int)] = [(nil, 0), (["document.*", "go"], 0), (["go"], 1), ([], 2)]
        for (outside, count) in known {
            let unknown = try await waiting.lint(outside: outside).filter { $0.rule == "unknown-event" }
            XCTAssertEqual(unknown.count, count, "\(unknown)")
        }
        let begun = try await chart.start("case-1", now: newYear)
        let (svg, mermaid) = try await (chart.draw(), chart.draw(.mermaid))
        XCTAssertTrue(svg.contains("<svg") && mermaid.contains("stateDiagram"))
        let (byValue, byText) = try await (chart.draw(.mermaid, session: begun), chart.draw(.mermaid, session: begun.held))
        XCTAssertTrue(byValue == byText && byValue != mermaid, byValue)
        // A session belongs to its version.
        let other = try await Chart.of(echo.replacingOccurrences(of: "P2D", with: "P3D"))
        let version = await failure { try await other.step(begun, "given", data: 1) }
        XCTAssertEqual([version?.code, version?.field], ["invalid", "session"])
        await assertCode("invalid") { try await chart.session("") }
    }

    func testAChartThatIsNoneIsRefused() async throws {
        let refused = await failure { try await Chart.of("chart: 1\nstates: {a: {on: {go: b}, colour: red}}\n") }
        XCTAssertEqual([refused?.code, refused?.field], ["chart", nil])
        XCTAssertTrue(refused?.message.contains("colour") == true, "\(refused?.message ?? "")")
        await assertCode("chart") { try await Chart.of(echo, charts: ["chart: 1"]) }
        await assertCode("policy") { try await Chart.of(echo, policy: .of(["a.rego": "package a\n\nx := \n"])) }
    }

    func testGuardsAskAPolicyAndTakeValuesAsTheirDialectSays() async throws {
        let asks = "chart: 1\nstates: {a: {on: {go: {target: b, guard: {rego: p/ok}}}}, b: {}}\n"
        let asking = try await Chart.of(asks, policy: .of(["p.rego": "package p\n\nok if input.event.data.amount < 0.30\n"]))
        for (amount, state) in ["0.29": "b", "0.30": "a"] {
            let begun = try await asking.start("case-1", now: newYear)
            let told = try await asking.step(begun, "go", data: ["amount": .number(amount)], now: newYear)
            XCTAssertEqual(told.states, [state], amount)
        }
        let loose = "chart: 1\nstates: {a: {on: {go: {target: b, guard: {\"==\": [{var: event.data}, 1]}}}}, b: {}}\n"
        for (dialect, state) in [ChartDialect.strict: "a", .javascript: "b"] {
            let one = try await Chart.of(loose, dialect: dialect)
            let told = try await one.step(one.start("case-1", now: newYear), "go", data: .text("1"), now: newYear)
            XCTAssertEqual(told.states, [state], "\(dialect)")
        }
    }

    func testWhatTheReadmeShows() async throws {
        let text = """
            chart: 1
            id: onboarding
            context: { deposit: 0 }
            states:
              open:
                on:
                  paid:
                    target: active
                    guard: { ">=": [{ var: event.data.amount }, 100.50] }
                    actions: [{ assign: { deposit: { expr: { var: event.data.amount } } } }, { effect: welcome }]
                after: { P30D: expired }
              active: { type: final, description: The customer is in. }
              expired: { type: final, description: Nothing came for thirty days. }
            """
        let chart = try await Chart.of(text)
        let begun = try await chart.start("case-1", now: Timestamp("2026-01-01T00:00:00Z"))
        XCTAssertEqual("\(begun.pending[0].due)", "2026-01-31T00:00:00.000000000Z")
        let (second, third) = try (Timestamp("2026-01-02T00:00:00Z"), Timestamp("2026-01-03T00:00:00Z"))
        let less = try await chart.step(begun, "paid", data: ["amount": .number("100.49")], now: second)
        XCTAssertEqual(less.states, ["open"])
        let paid = try await chart.step(less.held, "paid", data: #"{"amount": 100.50}"#, now: third)
        XCTAssertEqual(paid.data["deposit"]!.written, "100.50")
        XCTAssertEqual(paid.effects.map { "\($0.kind) \($0.name ?? "")" }, ["send welcome", "done "])
        let late = try await chart.advance(begun, now: Timestamp("2026-01-31T00:00:00Z"))
        XCTAssertEqual(late.states, ["expired"])
    }

    func testManyStepAtOnce() async throws {
        let chart = try await chart()
        let begun = try await chart.start("case-1", now: newYear)
        let now = newYear
        let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
            for n in 1...200 {
                group.addTask { try await chart.step(begun, "given", data: .number("\(n)"), now: now).data["given"]?.integer ?? 0 }
            }
            return try await group.reduce(0, +)
        }
        XCTAssertEqual(sum, 20_100)
    }
}
