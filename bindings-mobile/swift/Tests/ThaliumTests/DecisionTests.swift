import Foundation
import XCTest

@testable import Thalium

final class DecisionTests: XCTestCase {
    private let newYear = Timestamp(nanoseconds: 1_767_225_600_000_000_000)

    private func bundle(_ limit: String, _ revision: String) -> PolicyBundle {
        let module = """
            package aml

            default verdict := {"outcome": "allow"}

            verdict := {"outcome": "review", "reasons": [{
                "code": 12001, "rule": "aml/large", "audience": "officer", "severity": "high", "message": "A large amount.",
            }]} if input.amount >= data.aml.large

            clash := 1 if input.amount
            clash := 2 if input.amount
            """
        return .of([
            ".manifest": #"{"revision": "\#(revision)"}"#, "aml/aml.rego": module, "aml/data.json": #"{"large": \#(limit)}"#,
        ])
    }

    private var first: PolicyBundle { bundle("10000.00", "1") }
    private var stricter: PolicyBundle { bundle("0.30", "2") }

    private func ledger() async throws -> Thalium {
        let t = try await Thalium.open("memory:", OpenOptions(actor: "ann", insecureSeed: String(repeating: "07", count: 32)))
        try await t.loadPolicy(first)
        return t
    }

    private func amount(_ text: String) -> Json { ["amount": .number(text)] }

    private func amounts(_ decisions: [Json]) -> [Json?] { decisions.map { $0["input"]?["amount"] } }

    func testWhatIsDecidedIsOnRecord() async throws {
        let t = try await ledger()
        let id = try Thalium.newId().uuidString.lowercased()
        let decided = try await t.decide(
            "aml/verdict", input: amount("7.50"), concerns: "w-1", actor: "bob", requestId: "r-1", decisionId: id, now: newYear
        )
        XCTAssertEqual(decided.decisionId, id)
        XCTAssertEqual(decided.verdict.outcome, .allow)
        let large = try await t.decide("aml/verdict", input: #"{"amount": 10000.00}"#)
        XCTAssertEqual(large.verdict.reasons.map(\.code), [12_001])
        let told = try await t.listDecisions().decisions
        XCTAssertEqual(told.map { $0["decision_id"]?.text }, [id, large.decisionId])
        let texts = ["path", "timestamp", "outcome", "concerns", "requested_by", "req_id"].map { told[0][$0]?.text }
        XCTAssertEqual(texts, ["aml/verdict", "2026-01-01T00:00:00.000000000Z", "allow", "w-1", "bob", "r-1"])
        XCTAssertEqual(told[1]["requested_by"], "ann")
        let review = try await t.listDecisions(DecisionQuery(outcome: .review))
        XCTAssertEqual(review.decisions, [told[1]])
        let found = try await t.listDecisions(DecisionQuery(concerns: "w-1", until: "2026-01-01"))
        XCTAssertEqual(found.decisions, [told[0]])
        // Page by page, and all of them.
        let page = try await t.listDecisions(limit: 1)
        XCTAssertEqual(page, DecisionPage(decisions: [told[0]], next: 0))
        let last = try await t.listDecisions(after: page.next, limit: 1)
        XCTAssertEqual(last, DecisionPage(decisions: [told[1]], next: nil))
        let all = try await t.decisions().all()
        XCTAssertEqual(all, told)
        try await t.close()
    }

    func testNumbersAreExact() async throws {
        let t = try await ledger()
        let numbers = [
            "0.1", "12.50", "18446744073709551615", "12345678901234567890.123456789012345678", "100000000000000000000000000000000000000001",
        ]
        for text in numbers {
            _ = try await t.decide("aml/verdict", input: amount(text))
            _ = try await t.decide("aml/verdict", input: #"{"amount": \#(text)}"#)
            let told = try await t.decisions().all().suffix(2)
            XCTAssertEqual(amounts(Array(told)), [.number(text), .number(text)])
        }
        // A limit that a `Double` would round away.
        let below = try await t.decide("aml/verdict", input: amount("9999.9999999999999999"))
        XCTAssertEqual(below.verdict.outcome, .allow)
        _ = try await t.decide("aml/verdict", input: ["amount": 1, "name": "Thandi", "iban": "1"], concerns: "masked")
        let masks: [DecisionMask] = [
            .remove("/input/name"), .upsert("/input/amount", .number("0.10")), .upsert("/input/iban", "1"),
            .upsert("/result/reasons", ["none": .null]), .upsert("/input/not-there", .null),
        ]
        let masked = try await t.listDecisions(DecisionQuery(concerns: "masked"), masks: masks).decisions
        XCTAssertEqual(masked.count, 1)
        XCTAssertEqual([masked[0]["input"]?["name"], masked[0]["input"]?["amount"], masked[0]["input"]?["iban"]], [nil, .number("0.10"), "1"])
        XCTAssertEqual(masked[0]["result"]?["reasons"], ["none": .null])
        XCTAssertTrue(masked[0]["erased"]?.list?.contains("/input/name") == true, masked[0].written)
        XCTAssertTrue(masked[0]["masked"]?.list?.contains("/input/amount") == true, masked[0].written)
        try await t.close()
    }

    func testADecisionIsSealedAndOpened() async throws {
        let t = try await ledger()
        try await t.parties.register(key: "c42")
        try await t.parties.defineRetention("aml", years: 5)
        try await t.parties.grantAccess("ann", until: "2200-01-01")
        _ = try await t.decide("aml/verdict", input: amount("5000.50"), subject: "c42")
        _ = try await t.decide("aml/verdict", input: amount("6000.50"), subject: "c42", retention: "aml")
        let query = DecisionQuery(subject: "c42")
        let sealed = try await t.listDecisions(query).decisions
        XCTAssertEqual(sealed.count, 2)
        XCTAssertTrue(sealed.allSatisfy { $0["sealed"] == true && $0["input"] == nil && $0["result"] == nil }, "\(sealed)")
        let before = try await t.parties.accessLog(party: "c42")
        XCTAssertEqual(before.entries, [])
        let why = await failure { try await t.listDecisions(query, open: OpenSealed(why: "")) }
        XCTAssertEqual([why?.code, why?.field], ["invalid", "why"])
        let opening = OpenSealed(why: "complaint 12", context: Context(actor: "bob", role: "officer"))
        let opened = try await t.listDecisions(query, open: opening)
        XCTAssertEqual(amounts(opened.decisions), [.number("5000.50"), .number("6000.50")])
        let readings = try await t.parties.accessLog(party: "c42").entries
        XCTAssertEqual(readings.map { [$0.actor, $0.why] }, [["bob", "complaint 12"]])
        // What was held by consent goes with it.
        let forgotten = try await t.parties.forget("c42", scope: .consent)
        XCTAssertTrue(forgotten.ok, "\(forgotten)")
        let rest = try await t.decisions(query, open: OpenSealed(why: "audit")).all()
        XCTAssertEqual(amounts(rest), [nil, .number("6000.50")])
        XCTAssertEqual(rest.first?["subject_forgotten"], true)
        try await t.close()
    }

    func testAnErrorIsNoPermission() async throws {
        let t = try await ledger()
        let undecided = await failure { try await t.decide("aml/clash", input: self.amount("1.10")) }
        XCTAssertEqual(undecided?.code, "undecided")
        XCTAssertTrue(undecided?.message.hasSuffix("no permission: deny") == true, "\(undecided?.message ?? "")")
        // It is on record as well.
        let told = try await t.listDecisions().decisions
        XCTAssertEqual(amounts(told), [.number("1.10")])
        XCTAssertEqual([told.first?["result"], told.first?["error"]?["code"]], [nil, "undecided"])
        let wrong: [String: () async throws -> Decided] = [
            "path": { try await t.decide("aml/verdikt", input: 1) }, "policy": { try await t.decide("aml/verdict", input: 1, policy: "other") },
            "subject": { try await t.decide("aml/verdict", input: 1, subject: "nobody") },
            "decision_id": { try await t.decide("aml/verdict", input: 1, decisionId: "x") },
            "input": { try await t.decide("aml/verdict", input: ["amount": .number("1,2")]) },
            "retention": { try await t.decide("aml/verdict", input: 1, retention: "aml") },
            "now": { try await t.decide("aml/verdict", input: 1, now: Timestamp(nanoseconds: 0)) },
        ]
        for (field, ask) in wrong {
            let error = await failure(field, ask)
            XCTAssertEqual([error?.code, error?.field], ["invalid", field])
            XCTAssertTrue(error?.message.hasSuffix("no permission: deny") == true, "\(error?.message ?? "")")
        }
        let text = await failure { try await t.decide("aml/verdict", input: "{") }
        XCTAssertEqual([text?.code, text?.field], ["invalid", "input"])
        let after = try await t.listDecisions().decisions
        XCTAssertEqual(after, told)
        for mask in [DecisionMask.upsert("/input/a", [.number("1,2")]), .remove("input")] {
            let error = await failure { try await t.listDecisions(masks: [mask]) }
            XCTAssertEqual([error?.code, error?.field], ["invalid", "masks"])
        }
        let from = await failure { try await t.listDecisions(DecisionQuery(from: "yesterday")) }
        XCTAssertEqual([from?.code, from?.field], ["invalid", "from"])
        try await t.close()
        let closed = await failure { try await t.decide("aml/verdict", input: 1) }
        XCTAssertEqual(closed?.code, "closed")
        XCTAssertTrue(closed?.message.hasSuffix("no permission: deny") == true, "\(closed?.message ?? "")")
    }

    func testVersionsOfAPolicyComeAndGo() async throws {
        let t = try await ledger()
        let shadowed = try await t.loadPolicy(stricter, shadow: true)
        XCTAssertEqual([shadowed.name, shadowed.current.revision, shadowed.shadow?.version.revision], ["policy", "1", "2"])
        for text in ["0.20", "0.30"] {
            let decided = try await t.decide("aml/verdict", input: amount(text))
            XCTAssertEqual(decided.verdict.outcome, .allow)
        }
        let known = try await t.listPolicies()
        let shadow = try XCTUnwrap(known.first?.shadow)
        XCTAssertEqual([shadow.decisions, shadow.same, shadow.flipped], [2, 1, 1])
        XCTAssertEqual(shadow.flips.map { [$0.was, $0.now] + $0.reasons.map { "\($0.code)" } }, [["allow", "review", "12001"]])
        try await t.dropPolicy(shadow: true)
        let without = try await t.listPolicies()
        XCTAssertEqual(without.map(\.shadow), [nil])

        let replayed = try await t.replayDecisions(stricter)
        XCTAssertEqual([replayed.decisions, replayed.same, replayed.flipped], [2, 1, 1])
        XCTAssertEqual(replayed.flips, shadow.flips)
        let counted = try await t.replayDecisions(stricter, path: "aml/verdict", limit: 0)
        XCTAssertEqual([counted.flipped, Int64(counted.flips.count)], [1, 0])

        await assertCode("policy") { try await t.loadPolicy(.of(["a.rego": "pakage a"])) }
        await assertCode("io") { try await t.loadPolicy(.at("/none/here")) }
        let loaded = try await t.loadPolicy(stricter, now: newYear)
        XCTAssertEqual(loaded.former.map(\.revision), ["1"])
        XCTAssertEqual(loaded.current.loaded, newYear)
        let review = try await t.decide("aml/verdict", input: amount("0.30"))
        XCTAssertEqual(review.verdict.outcome, .review)
        let back = try await t.rollBackPolicy()
        XCTAssertEqual([back.current.revision] + back.former.map(\.revision), ["1"])
        let none = await failure { try await t.rollBackPolicy() }
        XCTAssertEqual([none?.code, none?.field], ["invalid", "name"])
        try await t.loadPolicy(stricter, name: "limits")
        let named = try await t.decide("aml/verdict", input: amount("0.30"), policy: "limits")
        XCTAssertEqual(named.verdict.outcome, .review)
        let policies = try await t.listPolicies()
        XCTAssertEqual(policies.map(\.name), ["limits", "policy"])
        try await t.dropPolicy()
        let gone = await failure { try await t.decide("aml/verdict", input: 1) }
        XCTAssertEqual([gone?.code, gone?.field], ["invalid", "policy"])
        try await t.close()
    }

    func testABundlePrintsNoKey() {
        let bundle = PolicyBundle.at("p.tar.gz", keys: [PolicyKey(algorithm: "HS256", key: "a secret of the operators", id: "ops")])
        var shown = "\(bundle) \(String(reflecting: bundle))"
        dump(bundle, to: &shown)
        XCTAssertFalse(shown.contains("secret"), shown)
    }

    func testWhatTheReadmeShows() async throws {
        try await withFolder { folder in
            let file = try await Files.newKey("\(folder)/key")
            let module = """
                package aml

                default verdict := {"outcome": "allow"}

                verdict := {"outcome": "review"} if input.amount >= data.aml.large
                """
            let t = try await Thalium.open("\(folder)/books", OpenOptions(actor: "ann", keys: .keyFile(file)))
            try await t.loadPolicy(.of(["aml/aml.rego": module, "aml/data.json": #"{"large": 10000.00}"#]))
            try await t.parties.register(key: "c42")
            let decided = try await t.decide("aml/verdict", input: ["amount": .number("5000.50")], subject: "c42", concerns: "wd-1")
            XCTAssertEqual("\(decided.verdict.outcome)", "allow")
            let query = DecisionQuery(subject: "c42")
            let sealed = try await t.listDecisions(query)
            XCTAssertEqual(sealed.decisions[0]["sealed"]!.written, "true")
            for try await decision in t.decisions(query, open: OpenSealed(why: "complaint 12")) {
                XCTAssertEqual(decision["input"]!.written, #"{"amount":5000.50}"#)
            }
            let next = PolicyBundle.of(["aml/aml.rego": module, "aml/data.json": #"{"large": 5000.50}"#])
            let report = try await t.replayDecisions(next)
            XCTAssertEqual(report.flipped, 1)
            try await t.close()
        }
    }
}
