import Foundation
import XCTest

@testable import Thalium

private let kind = """
    case: 1
    id: onboarding
    description: A person is let in by two officers.
    chart: onboarding
    evidence: [risk]
    queues:
      - {id: senior, states: [review], when: "risk == 'high'", roles: [senior]}
      - {id: reviews, states: [review], roles: [officer], within: P2D, missed: sla.missed, escalate: late, assign: least_loaded}
      - {id: late, when: false, roles: [senior]}
    decisions:
      approve: {states: [review], roles: [officer, senior], quorum: 2, reasons: [fine, checked], not_by: [opener], event: approved, returned: returned}
      reject: {states: [review], roles: [officer, senior], reasons: [forged], event: rejected}
    documents:
      passport: {attempts: 2, within: P7D, roles: [officer], reasons: [blurred]}
    document_events: {requested: passport.wanted, submitted: passport.in, approved: passport.good, revised: passport.again}
    overrides: {roles: [senior], most: P30D, event: raised, expired: lowered}
    reopening: {roles: [senior], keep: [limit]}
    """

private let chart = """
    chart: 1
    id: onboarding
    context: {risk: low, limit: 0, name: ""}
    states:
      collecting:
        on:
          passport.wanted: {actions: [{effect: ask}]}
          passport.in: {actions: [{effect: scan, with: {told: {expr: {var: event.data.told}}}}]}
          passport.again: {actions: [{effect: ask}]}
          passport.good: review
          screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
          raised: {actions: [{assign: {limit: {expr: {var: event.data.limit}}}}]}
          lowered: {actions: [{assign: {limit: 0}}]}
      review:
        on:
          screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
          sla.missed: {actions: [{effect: notify}]}
          returned: {actions: [{effect: notify}]}
          approved: {target: settled, actions: [{assign: {limit: {expr: {var: event.data.limit}}}}]}
          rejected: closed
      settled: {type: final}
      closed: {type: final}
    """

private let level = """
    case: 1
    id: level
    chart: level
    queues:
      - {id: high, states: [active], when: {rego: kyc/high}, roles: [senior]}
      - {id: usual, states: [active], roles: [officer]}
    party:
      kyc_level: {of: "contains(states, 'active') && granted || 'none'", levels: {none: 0, L2: 2}}
      flags: {suspended: "contains(states, 'suspended')"}
    """

private let levels = """
    chart: 1
    id: level
    context: {granted: none, score: 0}
    states:
      active: {on: {granted: {actions: [{assign: {granted: L2}}]}, suspended: suspended}}
      suspended: {}
    """

private let map = "{migration: 1, same: true, context: {keep: true}, timers: keep, history: keep}"
private let passport = String(repeating: "11", count: 32)
private let long = "12345678901234567890.000000000000000001"

private func at(_ hours: Int64) -> Timestamp { Timestamp(nanoseconds: (1_767_225_600 + hours * 3_600) * 1_000_000_000) }

private func by(_ actor: String, _ hours: Int64 = 0, _ requestId: String? = nil) -> By {
    By(actor, requestId: requestId, now: at(hours))
}

private func done(_ outcome: Case.Outcome, file: StaticString = #filePath, line: UInt = #line) throws -> Case {
    XCTAssertTrue(outcome.ok, "\(outcome.code ?? ""): \(outcome.reason ?? "")", file: file, line: line)
    return try XCTUnwrap(outcome.now, file: file, line: line)
}

private func assertRefused(_ code: String, _ outcome: Case.Outcome, file: StaticString = #filePath, line: UInt = #line) {
    XCTAssertTrue(!outcome.ok && outcome.now == nil && outcome.reason?.isEmpty == false, "\(outcome)", file: file, line: line)
    XCTAssertEqual(outcome.code, code, outcome.reason ?? "", file: file, line: line)
}

private func office() async throws -> Thalium {
    let t = try await Thalium.open("memory:", OpenOptions(actor: "host", insecureSeed: String(repeating: "07", count: 32)))
    let defined = try await t.cases.define(kind, charts: [chart], actor: "admin", now: at(0))
    XCTAssertEqual([defined.queues, defined.decisions, defined.documents], [["senior", "reviews", "late"], ["approve", "reject"], ["passport"]])
    for (person, role) in [("ann", "officer"), ("bob", "officer"), ("sam", "senior")] {
        let told = try await t.cases.setStaff(person, roles: [role], actor: "admin", now: at(0))
        XCTAssertEqual(told.roles, [role])
    }
    return t
}

final class CaseTests: XCTestCase {
    func testACaseGoesToADecisionByTwo() async throws {
        let t = try await office()
        let cases = t.cases
        let opened = try await cases.open("c-1", kind: "onboarding", data: ["name": "Zodwa"], by: by("clerk", 0, "r-1"))
        let begun = try done(opened)
        XCTAssertTrue(begun.status == .open && begun.openedBy == "clerk" && begun.openedAt == at(0) && begun.states == ["collecting"], "\(begun)")
        let again = try await cases.open("c-1", kind: "onboarding", data: ["name": "Zodwa"], by: by("clerk", 0, "r-1"))
        XCTAssertTrue(again.ok && again.replayed)
        assertRefused("case_exists", try await cases.open("c-1", kind: "onboarding", by: by("clerk")))
        assertRefused("no_kind", try await cases.open("c-2", kind: "onboardin", by: by("clerk")))

        let asked = try await cases.requestDocument("c-1", "passport", why: "the first", by: by("ann", 1))
        XCTAssertEqual(asked.effects.map(\.effect.name), ["ask"])
        let document = try XCTUnwrap(done(asked).documents.first)
        XCTAssertTrue(document.standing == .requested && document.due == at(1 + 7 * 24), "\(document)")
        let submitted = try await cases.submitDocument(
            "c-1", "passport", hash: passport, file: "vault/1", validUntil: at(24 * 365), data: ["told": .number("0.10")], by: by("zodwa", 2)
        )
        XCTAssertEqual(submitted.effects.first?.effect.data?["told"], .number("0.10"))
        let held = try XCTUnwrap(done(submitted).documents.first)
        XCTAssertTrue(held.file == "vault/1" && held.hash == passport && held.validUntil == at(24 * 365) && held.by == "zodwa", "\(held)")
        let other = String(repeating: "22", count: 32)
        assertRefused("stale", try await cases.decideDocument("c-1", "passport", .approve, seen: other, by: by("ann", 3)))
        let review = try done(await cases.decideDocument("c-1", "passport", .approve, seen: passport, by: by("ann", 3)))
        let place = try XCTUnwrap(review.place)
        XCTAssertTrue(place.queue == "reviews" && place.since == at(3) && place.due == at(51) && place.waitsSince == at(3), "\(place)")
        let queues = try await cases.queues(now: at(4))
        XCTAssertTrue(queues.count == 1 && queues[0].waiting == 1 && queues[0].oldest == at(3), "\(queues)")

        let first = try XCTUnwrap(review.assignee)
        let second = first == "ann" ? "bob" : "ann"
        assertRefused("assigned", try await cases.claim("c-1", by: by(second, 4)))
        _ = try done(await cases.note("c-1", "looks fine", by: by(first, 4)))
        _ = try done(await cases.release("c-1", by: by(first, 4)))
        _ = try done(await cases.assign("c-1", to: second, by: by(first, 4)))
        assertRefused("assigned", try await cases.decide("c-1", "approve", seen: review.evidenceDigest, reasons: ["fine"], by: by(first, 4)))
        let released = try done(await cases.release("c-1", by: by(second, 4)))
        XCTAssertNil(released.assignee)
        let report = String(repeating: "33", count: 32)
        let attached = try done(await cases.attach("c-1", name: "report", hash: report, file: "vault/2", by: by("host", 4)))
        XCTAssertEqual(attached.evidence.map { [$0.name, $0.by] }, [["report", "host"]])
        let seen = attached.evidenceDigest
        let data: Json = ["limit": .number(long)]

        // Who has voted, on what is known now, votes once.
        assertRefused("stale", try await cases.decide("c-1", "approve", seen: review.evidenceDigest, reasons: ["fine"], by: by(first, 5)))
        assertRefused("reasons", try await cases.decide("c-1", "approve", seen: seen, reasons: ["bad"], by: by(first, 5)))
        assertRefused("unknown_name", try await cases.decide("c-1", "aprove", seen: seen, reasons: ["fine"], by: by(first, 5)))
        let voted = try done(
            await cases.decide("c-1", "approve", seen: seen, reasons: ["fine"], comment: "all there", data: data, by: by(first, 5))
        )
        XCTAssertEqual(voted.pending?.votes.map { [$0.by, $0.role] + $0.reasons }, [[first, "officer", "fine"]])
        assertRefused("same_person", try await cases.decide("c-1", "approve", seen: seen, reasons: ["fine"], data: data, by: by(first, 6)))
        // The evidence has changed: the vote does not count any more.
        let screened = try await cases.send("c-1", "screened", data: ["risk": "medium"], by: by("host", 7))
        XCTAssertEqual(screened.effects.map(\.effect.name), ["notify"])
        XCTAssertNil(try done(screened).pending)
        assertRefused("stale", try await cases.decide("c-1", "approve", seen: seen, reasons: ["fine"], data: data, by: by(second, 8)))
        assertRefused("nothing_pending", try await cases.returnDecision("c-1", why: "once more", by: by(first, 8)))
        let now = try await cases.get("c-1").evidenceDigest
        _ = try done(await cases.decide("c-1", "approve", seen: now, reasons: ["fine"], data: data, by: by(first, 9)))
        let returned = try done(await cases.returnDecision("c-1", why: "once more", by: by(second, 10)))
        XCTAssertNil(returned.pending)
        _ = try done(await cases.decide("c-1", "approve", seen: now, reasons: ["fine"], data: data, by: by(first, 11)))
        let settled = try done(await cases.decide("c-1", "approve", seen: now, reasons: ["checked"], data: data, by: by(second, 12)))
        XCTAssertTrue(settled.status == .ended && settled.states == ["settled"] && settled.endedAt == at(12), "\(settled)")
        let decided = try XCTUnwrap(settled.decided.first)
        XCTAssertTrue(decided.decision == "approve" && decided.at == at(12) && decided.seen == now, "\(decided)")
        XCTAssertEqual(Set(decided.votes.map(\.by)), ["ann", "bob"])
        // What was approved is what was given, to the last digit.
        XCTAssertEqual(settled.data?["limit"], .number(long))
        let got = try await cases.get("c-1")
        XCTAssertEqual(got, settled)
        assertRefused("ended", try await cases.send("c-1", "screened", by: by("host", 13)))

        assertRefused("role", try await cases.reopen("c-1", why: "new facts", by: by("ann", 14)))
        let reopened = try done(await cases.reopen("c-1", why: "new facts", by: by("sam", 14)))
        XCTAssertTrue(reopened.reopened == 1 && reopened.data?["limit"] == .number(long), "\(reopened)")
        let cancelled = try done(await cases.cancel("c-1", why: "a mistake", by: by("sam", 15)))
        XCTAssertEqual(cancelled.status, .cancelled)

        let told = try await cases.log().all()
        XCTAssertEqual(told.prefix(6).map(\.what), ["define", "staff", "staff", "staff", "open", "request_document"])
        XCTAssertTrue(told[4].actor == "clerk" && told[4].requestId == "r-1" && told[4].key == "c-1" && told[4].at == at(0), "\(told[4])")
        let vote = try XCTUnwrap(told.last { $0.what == "decide" })
        XCTAssertEqual(vote.asked?["data"]?["limit"], .number(long))
        XCTAssertTrue(vote.steps?.written.contains(long) == true, vote.steps?.written ?? "")
        let page = try await cases.logPage("c-1", limit: 2)
        XCTAssertEqual(page.entries, Array(told.filter { $0.key == "c-1" }.prefix(2)))
        XCTAssertEqual(page.next, told[5].number)
        let all = try await cases.log("c-1").all()
        XCTAssertEqual(all, told.filter { $0.key == "c-1" })
        let replayed = try await cases.replay()
        XCTAssertTrue(replayed.same && replayed.differences.isEmpty && replayed.facts == told.count && replayed.cases == 1, "\(replayed)")
        let figures = try await cases.report(now: at(16))
        XCTAssertTrue(figures.at == at(16) && figures.kinds[0].opened == 1 && figures.kinds[0].cancelled == 1, "\(figures)")
        XCTAssertTrue(figures.decisions.count == 1 && figures.decisions[0].taken == 1 && figures.decisions[0].late == 0, "\(figures.decisions)")
        try await t.close()
    }

    func testCasesWaitRestAreFoundAndMoved() async throws {
        let t = try await office()
        let cases = t.cases
        for key in ["c-1", "c-2", "c-3"] {
            _ = try done(await cases.open(key, kind: "onboarding", by: by("clerk")))
            if key == "c-3" { continue }
            _ = try done(await cases.submitDocument(key, "passport", hash: passport, by: by("zodwa", 1)))
            _ = try done(await cases.decideDocument(key, "passport", .approve, seen: passport, by: by("ann", 2)))
        }
        _ = try done(await cases.open("c-4", kind: "onboarding", parent: "c-3", by: by("clerk")))
        func keys(_ query: CaseQuery, _ hours: Int64 = 3) async throws -> [String] { try await cases.list(query, now: at(hours)).all().map(\.key) }
        let waiting = try await keys(CaseQuery(queue: "reviews"))
        XCTAssertEqual(waiting, ["c-1", "c-2"])
        let children = try await keys(CaseQuery(parent: "c-3", status: .open))
        XCTAssertEqual(children, ["c-4"])
        let free = try await keys(CaseQuery(unassigned: true, kind: "onboarding"))
        XCTAssertEqual(free, ["c-3", "c-4"])
        let first = try await cases.get("c-1")
        let owner = try XCTUnwrap(first.assignee)
        let own = try await keys(CaseQuery(assignee: owner))
        XCTAssertEqual(own, ["c-1"])
        let page = try await cases.page(limit: 3, now: at(3))
        XCTAssertEqual(page.cases.map(\.key) + [page.next], ["c-1", "c-2", "c-3", "c-3"])
        let last = try await cases.page(after: page.next, now: at(3))
        XCTAssertEqual(last.cases.map(\.key), ["c-4"])
        let staff = try await cases.staff()
        XCTAssertEqual(staff.map(\.cases), [1, 1, 0])

        let snoozed = try done(await cases.snooze("c-1", until: at(20), why: "waits for a call", by: by(owner, 4)))
        XCTAssertEqual(snoozed.snoozedUntil, at(20))
        let (awake, both) = try await (keys(CaseQuery(queue: "reviews"), 5), keys(CaseQuery(queue: "reviews", snoozed: true), 5))
        XCTAssertEqual([awake, both], [["c-2"], ["c-1", "c-2"]])
        let woken = try done(await cases.wake("c-1", by: by(owner, 6)))
        XCTAssertNil(woken.snoozedUntil)
        let overdue = try await keys(CaseQuery(queue: "reviews", overdue: true), 50)
        XCTAssertEqual(overdue, ["c-1", "c-2"])

        // Two days have passed: they are told that, and are late.
        let some = try await cases.advanceAll(limit: 1, now: at(50))
        XCTAssertTrue(some.changed == 1 && some.more && some.effects.map(\.effect.name) == ["notify"], "\(some)")
        let rest = try await cases.advanceAll(now: at(50))
        XCTAssertTrue(rest.changed == 1 && !rest.more && rest.refused.isEmpty, "\(rest)")
        let late = try await cases.get("c-2")
        XCTAssertEqual([late.place?.queue, late.place?.from], ["late", "reviews"])
        XCTAssertEqual([late.place?.since, late.place?.waitsSince], [at(50), at(2)])
        _ = try done(await cases.claim("c-2", by: by("sam", 51)))
        let escalated = try done(await cases.escalate("c-2", to: "senior", why: "by hand", by: by("sam", 51)))
        XCTAssertEqual(escalated.place?.queue, "senior")
        let report = try await cases.report(now: at(52))
        XCTAssertEqual(Set(report.queues.map(\.queue)), ["late", "senior"])

        let raised = try done(
            await cases.override("c-3", why: "a bank vouches", until: at(80), data: ["limit": .number("0.10")], by: by("sam", 52))
        )
        XCTAssertEqual(raised.data?["limit"], .number("0.10"))
        XCTAssertEqual(raised.overrides.map(\.until), [at(80)])
        assertRefused("instant", try await cases.override("c-4", why: "a bank vouches", until: at(24 * 60), by: by("sam", 52)))
        let lowered = try done(await cases.advance("c-3", by: by("host", 80)))
        XCTAssertTrue(lowered.data?["limit"] == 0 && lowered.overrides.isEmpty, "\(lowered)")

        // A new version of the kind: those that are there stay until they are moved.
        let newer = try await cases.define(kind.replacingOccurrences(of: "P7D", with: "P9D"), charts: [chart], now: at(81))
        let kinds = try await cases.kinds()
        XCTAssertEqual(kinds, [newer])
        let bad = try await cases.rehearseMigration("onboarding", map: "{migration: 1, states: {collecting: nowhere}}", actor: "sam", now: at(82))
        XCTAssertTrue(bad.cases == 4 && bad.movable == 0 && bad.refused.allSatisfy { $0.code == "migration" }, "\(bad)")
        let good = try await cases.rehearseMigration("onboarding", map: map, actor: "sam", now: at(82))
        XCTAssertEqual([good.cases, good.movable], [4, 4])
        let moved = try done(await cases.migrate("c-4", map: map, by: by("sam", 83)))
        XCTAssertEqual(moved.definition, newer.digest)
        let (svg, mermaid) = try await (cases.draw("c-4"), cases.draw("c-4", .mermaid))
        XCTAssertTrue(svg.contains("<svg") && mermaid.contains("stateDiagram"))
        let replayed = try await cases.replay()
        XCTAssertTrue(replayed.same, "\(replayed)")
        try await t.close()
    }

    func testACaseAboutSomeoneIsSealed() async throws {
        let t = try await office()
        try await t.parties.register(key: "zodwa")
        _ = try done(await t.cases.open("c-1", kind: "onboarding", data: ["name": "Zodwa"], party: "zodwa", by: by("clerk")))
        let closed = try await t.cases.get("c-1")
        XCTAssertTrue(closed.sealed && closed.data == nil && closed.party == "zodwa", "\(closed)")
        let why = OpenSealed(why: "complaint 12", context: Context(actor: "sam"))
        let opened = try await t.cases.get("c-1", open: why)
        XCTAssertEqual(opened.data?["name"], "Zodwa")
        let sealed = try await t.cases.logPage("c-1")
        XCTAssertEqual(sealed.entries.map(\.asked), [nil])
        let told = try await t.cases.log("c-1", open: why).all()
        XCTAssertEqual(told.map { $0.asked?["data"]?["name"] }, ["Zodwa"])
        try await t.parties.grantAccess("host", until: "2200-01-01")
        let readings = try await t.parties.accessLog(party: "zodwa")
        XCTAssertEqual(readings.entries.first?.actor, "sam")
        try await t.parties.forget("zodwa")
        let gone = try await t.cases.log("c-1", open: OpenSealed(why: "complaint 12")).all()
        XCTAssertTrue(gone.count == 1 && gone[0].asked == nil && gone[0].withheld?.contains("subject_forgotten") == true, "\(gone)")
        let replayed = try await t.cases.replay()
        XCTAssertEqual(replayed.subjectForgotten, 1)
        try await t.close()
    }

    func testALevelIsToldToTheRegisterOfPartiesAndGuardsAskAPolicy() async throws {
        let t = try await office()
        try await t.parties.register(key: "thandi")
        let none = await failure { try await t.cases.define(level, charts: [levels]) }
        XCTAssertEqual(none?.code, "chart")
        let policy = PolicyBundle.of(["kyc.rego": "package kyc\n\nhigh if input.score >= 5\n"])
        try await t.cases.define(level, charts: [levels], policy: policy)
        let opened = try done(await t.cases.open("c-1", kind: "level", data: ["score": 5], party: "thandi", by: by("clerk")))
        XCTAssertEqual(opened.place?.queue, "high")
        _ = try done(await t.cases.send("c-1", "granted", by: by("clerk")))
        let granted = try await t.parties.get("thandi")
        XCTAssertEqual(granted?.kycLevel, 2)
        let suspended = try done(await t.cases.send("c-1", "suspended", by: by("clerk")))
        XCTAssertEqual([suspended.standing?.kycLevel == 0, suspended.standing?.told], [true, true])
        XCTAssertEqual(suspended.standing?.flags, ["suspended"])
        let party = try await t.parties.get("thandi")
        XCTAssertEqual(party?.flags, ["suspended"])
        let replayed = try await t.cases.replay()
        XCTAssertTrue(replayed.same)
        try await t.close()
    }

    func testACallThatMeansNothingIsAnError() async throws {
        let t = try await office()
        let cases = t.cases
        _ = try done(await cases.open("c-1", kind: "onboarding", by: by("clerk")))
        let wrong: [(String, () async throws -> Any?)] = [
            ("data", { try await cases.send("c-1", "screened", data: ["risk": .number("0,1")]) }), ("case", { try await cases.get("none") }),
            ("seen", { try await cases.decide("c-1", "approve", seen: "soon") }), ("limit", { try await cases.page(limit: 0) }),
            ("retention", { try await cases.open("c-2", kind: "onboarding", retention: "aml") }),
            ("party", { try await cases.open("c-2", kind: "onboarding", party: "nobody") }),
            ("why", { try await cases.get("c-1", open: OpenSealed(why: "")) }),
            ("person", { try await cases.setStaff("", roles: ["officer"]) }),
        ]
        for (field, ask) in wrong {
            let error = await failure(field, ask)
            XCTAssertEqual([error?.code, error?.field], ["invalid", field])
        }
        assertRefused("no_case", try await cases.claim("none", by: by("ann")))
        let none = await failure { try await cases.define("{case: 1, id: odd, colour: red}", charts: [chart]) }
        XCTAssertTrue(none?.code == "chart" && none?.message.contains("colour") == true, "\(none?.message ?? "")")
        try await t.close()
        await assertCode("closed") { try await cases.kinds() }
    }

    func testWhatTheReadmeShows() async throws {
        let kind = """
            case: 1
            id: onboarding
            chart: onboarding
            evidence: [risk]
            queues: [{ id: reviews, states: [review], roles: [officer], within: P2D }]
            decisions:
              approve: { states: [review], roles: [officer], quorum: 2, event: approved }
            """
        let chart = """
            chart: 1
            id: onboarding
            context: { risk: low, limit: 0 }
            states:
              review:
                on:
                  screened: { actions: [{ assign: { risk: { expr: { var: event.data.risk } } } }] }
                  approved: { target: settled, actions: [{ assign: { limit: { expr: { var: event.data.limit } } } }] }
              settled: { type: final }
            """
        let t = try await Thalium.open("memory:")
        try await t.cases.define(kind, charts: [chart])
        for person in ["ann", "bob"] { try await t.cases.setStaff(person, roles: ["officer"]) }
        let opened = try await t.cases.open("c-1", kind: "onboarding", data: ["risk": "medium"], by: By("clerk"))
        XCTAssertEqual(opened.now!.place!.queue, "reviews")
        let seen = opened.now!.evidenceDigest
        let limit: Json = ["limit": .number("5000.10")]
        let first = try await t.cases.decide("c-1", "approve", seen: seen, data: limit, by: By("ann"))
        XCTAssertTrue(first.ok && first.now!.pending!.votes.count == 1)
        let again = try await t.cases.decide("c-1", "approve", seen: seen, data: limit, by: By("ann"))
        XCTAssertEqual(again.code!, "same_person")
        let second = try await t.cases.decide("c-1", "approve", seen: seen, data: limit, by: By("bob"))
        XCTAssertEqual(second.now!.status, .ended)
        XCTAssertEqual(second.now!.data!["limit"]!.written, "5000.10")
        var names: [String] = []
        for try await entry in t.cases.log("c-1") { names.append(entry.what) }
        XCTAssertEqual(names, ["open", "decide", "decide"])
        let replayed = try await t.cases.replay()
        XCTAssertTrue(replayed.same)
        try await t.close()
    }
}
