"""Cases in the hands of a Python programmer: from the definition of a kind to a decision of two people."""

import asyncio
import copy
import datetime
import hashlib
import pickle
from decimal import Decimal

import pytest

import thalium
from thalium import CaseEntry, CaseOutcome, CaseReport, CaseView, Timestamp

SEED = "07" * 32
KIND = """
case: 1
id: onboarding
description: A person is let in by two officers.
chart: onboarding
evidence: [risk]
queues:
  - {id: senior, states: [review], when: {"==": [{var: risk}, high]}, roles: [senior]}
  - {id: reviews, states: [review], roles: [officer, senior], within: P2D, missed: sla.missed, escalate: late}
  - {id: late, when: {"==": [1, 2]}, roles: [senior]}
decisions:
  approve: {states: [review], roles: [officer, senior], quorum: 2, reasons: [fine, checked], not_by: [opener], event: approved, returned: returned}
  reject: {states: [review], roles: [officer, senior], reasons: [forged], event: rejected}
documents:
  passport: {attempts: 2, within: P7D, roles: [officer], reasons: [blurred]}
document_events: {requested: passport.wanted, submitted: passport.in, approved: passport.good, revised: passport.again}
overrides: {roles: [senior], most: P30D, event: overridden, expired: override.over}
reopening: {roles: [senior], keep: [limit]}
"""
CHART = """
chart: 1
id: onboarding
context: {risk: low, limit: "0", name: ""}
states:
  collecting:
    on:
      passport.wanted: {actions: [{effect: ask, with: {document: {expr: {var: event.data.document}}}}]}
      passport.again: {actions: [{effect: ask}]}
      passport.in: {actions: [{effect: scan, with: {fee: {expr: {var: event.data.fee}}}}]}
      passport.good: review
      screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
      overridden: {target: review, actions: [{assign: {limit: {expr: {var: event.data.limit}}}}]}
  review:
    on:
      screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
      sla.missed: {actions: [{effect: notify}]}
      returned: {actions: [{effect: notify}]}
      override.over: collecting
      approved: {target: settled, actions: [{assign: {limit: {expr: {var: event.data.limit}}}}]}
      rejected: closed
  settled: {type: final}
  closed: {type: final}
"""
EXACT = Decimal("123456789012345678901234567890.123456789012345678")
HASH = hashlib.sha256(b"a passport").hexdigest()
OTHER = hashlib.sha256(b"another passport").hexdigest()
DAY = datetime.timedelta(days=1)
MORNING = Timestamp.parse("2026-02-02T10:00:00.000000007Z")


@pytest.fixture
def t():
    with thalium.open("memory:", actor="host", insecure_seed=SEED) as ledger:
        ledger.cases.define(KIND, [CHART], now=MORNING - DAY)
        for person, role in [("ann", "officer"), ("ben", "officer"), ("sue", "senior")]:
            ledger.cases.set_staff(person, [role], now=MORNING - DAY)
        yield ledger


def to_review(t, case, **asked):
    """A case whose passport is good, and which waits for people."""
    opened = t.cases.open(case, "onboarding", {"name": "first"}, now=MORNING, **asked)
    assert opened.ok, opened
    t.cases.submit_document(case, "passport", HASH, file="vault/1", actor="customer", now=MORNING)
    found = t.cases.decide_document(case, "passport", "approve", HASH, actor="ann", now=MORNING)
    assert found.ok and found.now.states == ("review",), found
    return found.now


def test_a_kind_is_defined_and_staff_is_registered(t):
    (kind,) = t.cases.kinds()
    assert (kind.kind, kind.queues, kind.decisions) == ("onboarding", ("senior", "reviews", "late"), ("approve", "reject"))
    assert t.cases.define(KIND.encode(), [CHART.encode()], dialect="strict", actor="ann").digest == kind.digest
    assert [(one.person, one.roles, one.away, one.cases) for one in t.cases.staff()] == [
        ("ann", ("officer",), False, 0), ("ben", ("officer",), False, 0), ("sue", ("senior",), False, 0),
    ]
    assert t.cases.set_staff("ben", ["officer", "senior"], away=True).away
    assert t.cases.set_staff("ben", []).roles == ()
    with pytest.raises(thalium.ChartError, match="wittin"):
        t.cases.define(KIND.replace("within: P2D", "wittin: P2D"), [CHART])
    with pytest.raises(thalium.ChartError):
        t.cases.define(KIND, [])
    for wrong in (CHART, {"chart": 1}, 5):
        with pytest.raises(TypeError, match="charts: give a list"):
            t.cases.define(KIND, wrong)
    with pytest.raises(TypeError, match=r"charts\[0\]"):
        t.cases.define(KIND, [5])
    with pytest.raises(TypeError, match="roles: give a list"):
        t.cases.set_staff("ann", "officer")
    with pytest.raises(thalium.InvalidError) as error:
        t.cases.define(KIND, [CHART], dialect="loose")
    assert error.value.field == "dialect"
    assert t.cases.kinds() == (kind,)



LEVEL = """
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
LEVELS = """
chart: 1
id: level
context: {granted: none, score: 0}
states:
  active: {on: {granted: {actions: [{assign: {granted: L2}}]}, suspended: suspended}}
  suspended: {}
"""
HIGH = {"kyc.rego": "package kyc\n\nhigh if input.score >= 5\n"}


def test_a_level_is_told_to_the_register_and_guards_ask_a_policy(t):
    t.parties.register(key="thandi", kind="person")
    with pytest.raises(thalium.ChartError, match="there is no policy to ask"):
        t.cases.define(LEVEL, [LEVELS])
    with pytest.raises(TypeError, match="keys"):
        t.cases.define(LEVEL, [LEVELS], keys=[])
    t.cases.define(LEVEL, [LEVELS], policy=HIGH, now=MORNING)
    opened = t.cases.open("c1", "level", {"score": 5}, party="thandi", now=MORNING).now
    assert (opened.place.queue, opened.standing.kyc_level, opened.standing.told) == ("high", 0, True)
    t.cases.send("c1", "granted", now=MORNING)
    assert t.parties.get("thandi").kyc_level == 2
    suspended = t.cases.send("c1", "suspended", now=MORNING)
    assert (suspended.code, suspended.now.standing.flags, suspended.now.standing.kyc_level) == (None, ("suspended",), 0)
    assert (t.parties.get("thandi").kyc_level, t.parties.get("thandi").flags) == (0, ("suspended",))
    assert t.cases.replay().same

def test_a_case_is_decided_by_two_people(t):
    opened = t.cases.open("c1", "onboarding", {"name": "first"}, request_id="r-1", now=MORNING)
    assert isinstance(opened, CaseOutcome) and opened.ok and not opened.replayed
    assert (opened.now.status, opened.now.states, opened.now.place, opened.now.opened_by) == ("open", ("collecting",), None, "host")
    assert opened.now.opened_at == MORNING and opened.now.opened_at.nanoseconds % 10 == 7
    again = t.cases.open("c1", "onboarding", {"name": "first"}, request_id="r-1", now=MORNING)
    assert again.ok and again.replayed and again.now.version == opened.now.version
    taken = t.cases.open("c1", "onboarding")
    assert (taken.ok, taken.code, taken.now, taken.effects) == (False, "case_exists", None, ()) and "`c1`" in taken.reason

    asked = t.cases.request_document("c1", "passport", "the first", actor="ann", now=MORNING)
    assert [(one.case, one.effect.name, one.effect.data) for one in asked.effects] == [("c1", "ask", {"document": "passport"})]
    handed = t.cases.submit_document("c1", "passport", HASH, file="vault/1", valid_until="2030-01-01T00:00:00Z", actor="customer", now=MORNING)
    (document,) = handed.now.documents
    assert (document.standing, document.hash, document.file, document.attempts, document.by) == ("submitted", HASH, "vault/1", 1, "customer")
    assert document.valid_until == datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
    blurred = t.cases.decide_document("c1", "passport", "revise", HASH, ["blurred"], actor="ann", now=MORNING)
    assert blurred.now.documents[0].reasons == ("blurred",)
    t.cases.submit_document("c1", "passport", OTHER, actor="customer", now=MORNING)
    old = t.cases.decide_document("c1", "passport", "approve", HASH, actor="ann", now=MORNING)
    assert (old.ok, old.code) == (False, "stale")
    good = t.cases.decide_document("c1", "passport", "approve", OTHER, actor="ann", now=MORNING)
    assert good.now.states == ("review",)
    place = good.now.place
    assert (place.queue, place.since, place.due, place.waits_since) == ("reviews", MORNING, MORNING + 2 * DAY, MORNING)

    assert t.cases.claim("c1", actor="ben", now=MORNING).now.assignee == "ben"
    assert t.cases.release("c1", actor="ben", now=MORNING).now.assignee is None
    assert t.cases.assign("c1", "ann", actor="ben", now=MORNING).now.assignee == "ann"
    assert t.cases.note("c1", "looks fine", actor="ann", now=MORNING).ok
    assert t.cases.attach("c1", "report", HASH, file="vault/2", now=MORNING).now.evidence[0].name == "report"

    seen = t.cases.get("c1").evidence_digest
    data = {"limit": Decimal("5000.10")}
    stale = t.cases.decide("c1", "approve", HASH, ["fine"], actor="ann", data=data, now=MORNING)
    assert (stale.ok, stale.code) == (False, "stale")
    wrong = t.cases.decide("c1", "approve", seen, ["bad"], actor="ann", data=data, now=MORNING)
    assert (wrong.ok, wrong.code) == (False, "reasons")
    first = t.cases.decide("c1", "approve", seen, ["fine"], comment="all there", actor="ann", data=data, now=MORNING)
    assert first.ok and first.now.status == "open" and first.now.pending.decision == "approve"
    assert [(vote.by, vote.role, vote.at, vote.reasons) for vote in first.now.pending.votes] == [("ann", "officer", MORNING, ("fine",))]
    twice = t.cases.decide("c1", "approve", seen, ["fine"], actor="ann", data=data, now=MORNING)
    assert (twice.ok, twice.code) == (False, "same_person") and "another person" in twice.reason

    # What the first vote rested on has changed: it is stale.
    screened = t.cases.send("c1", "screened", {"risk": "medium"}, now=MORNING)
    assert screened.heard and screened.now.pending is None
    late = t.cases.decide("c1", "approve", seen, ["fine"], actor="ann", data=data, now=MORNING)
    assert (late.ok, late.code) == (False, "stale")
    seen = t.cases.get("c1").evidence_digest
    t.cases.decide("c1", "approve", seen, ["fine"], actor="ann", data=data, now=MORNING)
    assert t.cases.return_decision("c1", "once more", actor="ann", now=MORNING).now.pending is None
    assert t.cases.return_decision("c1", "once more", actor="ann", now=MORNING).code == "nothing_pending"
    t.cases.decide("c1", "approve", seen, ["fine"], actor="ann", data=data, now=MORNING)
    t.cases.release("c1", actor="ann", now=MORNING)
    done = t.cases.decide("c1", "approve", seen, ["checked"], actor="ben", data=data, now=MORNING + DAY)
    assert done.ok and done.now.status == "ended" and done.now.states == ("settled",) and done.now.ended_at == MORNING + DAY
    (decided,) = done.now.decided
    assert (decided.decision, decided.at, [vote.by for vote in decided.votes]) == ("approve", MORNING + DAY, ["ann", "ben"])
    assert done.now.data["limit"] == Decimal("5000.10") and str(done.now.data["limit"]) == "5000.10"
    assert t.cases.get("c1") == done.now
    assert t.cases.send("c1", "screened").code == "ended"
    assert t.cases.reopen("c1", "new facts", actor="ann").code == "role"
    reopened = t.cases.reopen("c1", "new facts", actor="sue", now=MORNING + DAY)
    assert reopened.now.reopened == 1 and reopened.now.data["limit"] == Decimal("5000.10")
    assert t.cases.cancel("c1", "gone", actor="sue", now=MORNING + DAY).now.status == "cancelled"


def test_numbers_are_exact_both_ways(t):
    values = [Decimal("1.50"), 1, Decimal("-1E-21"), 10**30, 2**53 + 1, EXACT, True, None, "x"]
    opened = t.cases.open("c1", "onboarding", {"name": values}, now=MORNING)
    found = opened.now.data["name"]
    assert found == values and [type(one) for one in found] == [type(one) for one in values] and str(found[0]) == "1.50"
    handed = t.cases.submit_document("c1", "passport", HASH, data={"fee": EXACT}, now=MORNING)
    assert [one.effect.data for one in handed.effects] == [{"fee": EXACT}]
    told = [entry for entry in t.cases.log("c1")]
    assert told[0].asked["data"]["name"] == values
    assert "123456789012345678901234567890.123456789012345678" in str(told[1].steps) and not holds_a_float([one.steps for one in told])
    for amount in (1.5, float("nan")):
        with pytest.raises(TypeError, match=r"^data\.limit: a float"):
            t.cases.send("c1", "screened", {"limit": amount})
    assert len([*t.cases.log("c1")]) == 2
    assert copy.deepcopy(handed) == handed == pickle.loads(pickle.dumps(handed))


def holds_a_float(value):
    if isinstance(value, dict):
        return any(map(holds_a_float, value.values()))
    return any(map(holds_a_float, value)) if isinstance(value, list) else isinstance(value, float)


def test_cases_wait_in_queues_and_are_found(t, monkeypatch):
    for number in range(1, 6):
        to_review(t, f"c{number}")
    t.cases.send("c5", "screened", {"risk": "high"}, now=MORNING)
    t.cases.open("c6", "onboarding", parent="c1", now=MORNING)
    t.cases.claim("c2", actor="ben", now=MORNING)

    def found(**asked):
        return [case.case for case in t.cases.list(**{"now": MORNING, **asked})]

    assert found() == ["c1", "c2", "c3", "c4", "c5", "c6"] and found(queue="senior") == ["c5"]
    assert found(queue="reviews") == ["c1", "c2", "c3", "c4"] and found(queue="reviews", unassigned=True) == ["c1", "c3", "c4"]
    assert found(assignee="ben") == ["c2"] and found(parent="c1") == ["c6"] and found(kind="other") == [] == found(status="ended")
    assert found(overdue=True) == [] and found(overdue=True, now=MORNING + 2 * DAY) == ["c1", "c2", "c3", "c4"]
    t.cases.snooze("c3", MORNING + DAY, "waits for a call", actor="ann", now=MORNING)
    assert found(queue="reviews") == ["c1", "c2", "c4"] and found(queue="reviews", snoozed=True) == ["c1", "c2", "c3", "c4"]
    assert t.cases.get("c3").snoozed_until == MORNING + DAY
    assert t.cases.wake("c3", actor="ann", now=MORNING).now.snoozed_until is None

    monkeypatch.setattr(thalium._ledger, "_PAGE", 2)
    assert found(limit=3) == ["c1", "c2", "c3"] and found(limit=0) == [] and found(after="c4") == ["c5", "c6"]
    assert found(queue="reviews") == ["c1", "c2", "c3", "c4"]
    page = t.cases.page(limit=4)
    assert [case.case for case in page.cases] == ["c1", "c2", "c3", "c4"] and page.next == "c4"
    assert t.cases.page(after=page.next).next is None
    with pytest.raises(thalium.InvalidError) as error:
        t.cases.page(status="gone")
    assert error.value.field == "status"

    queues = {queue.queue: queue for queue in t.cases.queues(now=MORNING + 3 * DAY)}
    assert set(queues) == {"reviews", "senior"}
    reviews = queues["reviews"]
    assert (reviews.waiting, reviews.unassigned, reviews.overdue, reviews.oldest) == (4, 3, 4, MORNING)
    assert t.cases.escalate("c1", "late", "by hand", actor="ann", now=MORNING).now.place.src == "reviews"
    assert [queue.queue for queue in t.cases.queues()] == ["late", "reviews", "senior"]


def test_time_passes_for_all(t):
    for number in range(1, 4):
        to_review(t, f"c{number}")
    assert t.cases.advance_all(now=MORNING + DAY).changed == 0
    some = t.cases.advance_all(2, actor="clock", now=MORNING + 2 * DAY)
    assert (some.changed, some.more, some.refused) == (2, True, ())
    assert [(one.case, one.effect.name) for one in some.effects] == [("c1", "notify"), ("c2", "notify")]
    late = t.cases.advance("c3", actor="clock", now=MORNING + 3 * DAY).now.place
    # Its time there began when that of the one before was over.
    assert (late.queue, late.src, late.since, late.waits_since) == ("late", "reviews", MORNING + 2 * DAY, MORNING)
    assert t.cases.advance_all(now=MORNING + 3 * DAY).more is False
    with pytest.raises(thalium.InvalidError) as error:
        t.cases.advance_all(0)
    assert error.value.field == "limit"


def test_something_is_decided_beside_the_rules(t):
    t.cases.open("c1", "onboarding", now=MORNING)
    far = t.cases.override("c1", "a bank vouches", MORNING + 60 * DAY, data={"limit": 1}, actor="sue", now=MORNING)
    assert not far.ok and far.code
    assert t.cases.override("c1", "a bank vouches", MORNING + DAY, actor="ann", now=MORNING).code == "role"
    done = t.cases.override("c1", "a bank vouches", MORNING + DAY, data={"limit": Decimal("1.10")}, actor="sue", now=MORNING)
    (held,) = done.now.overrides
    assert (held.by, held.why, held.since, held.until) == ("sue", "a bank vouches", MORNING, MORNING + DAY)
    assert str(done.now.data["limit"]) == "1.10" and done.now.next_due == MORNING + DAY
    assert t.cases.advance_all(now=MORNING + DAY).changed == 1
    assert t.cases.get("c1").overrides == () and t.cases.get("c1").states == ("collecting",)


def test_the_log_tells_what_happened_and_replays(t, monkeypatch):
    to_review(t, "c1")
    to_review(t, "c2")
    t.cases.claim("c1", actor="ann", request_id="r-9", now=MORNING)
    entries = [*t.cases.log()]
    assert [entry.do for entry in entries] == ["define", *["staff"] * 3, *["open", "submit_document", "decide_document"] * 2, "claim"]
    own = [*t.cases.log("c1")]
    assert [entry.version for entry in own] == [1, 2, 3, 4] and isinstance(own[0], CaseEntry)
    last = own[-1]
    assert (last.actor, last.request_id, last.at, last.sealed) == ("ann", "r-9", MORNING, False)
    assert own[0].asked["kind"] == "onboarding" and isinstance(own[2].steps, list) and len(last.session) == 64
    assert last.evidence == t.cases.get("c1").evidence_digest and last.definition == t.cases.kinds()[0].digest
    monkeypatch.setattr(thalium._ledger, "_PAGE", 3)
    assert [*t.cases.log()] == entries and [*t.cases.log(limit=4)] == entries[:4] and [*t.cases.log("c1")] == own
    page = t.cases.log_page(limit=2)
    assert page.entries == tuple(entries[:2]) and t.cases.log_page(after=page.next, limit=1).entries == (entries[2],)
    replayed = t.cases.replay()
    assert (replayed.same, replayed.facts, replayed.changes, replayed.cases) == (True, len(entries), 7, 2)
    assert replayed.differences == () and len(replayed.digest) == 64


def test_a_report_is_a_table(t):
    for case in ("c1", "c2"):
        to_review(t, case)
    seen = t.cases.get("c1").evidence_digest
    t.cases.decide("c1", "reject", seen, ["forged"], actor="sue", now=MORNING + DAY)
    report = t.cases.report(now=MORNING + 3 * DAY)
    assert isinstance(report, CaseReport) and report.at == MORNING + 3 * DAY
    (queue,) = report.queues
    assert (queue.queue, queue.cases, queue.three_to_seven_days, queue.oldest, queue.overdue) == ("reviews", 1, 1, MORNING, 1)
    (kind,) = report.kinds
    assert (kind.opened, kind.open, kind.ended) == (2, 1, 1)
    (decided,) = report.decisions
    assert (decided.decision, decided.taken, decided.median_seconds, decided.late) == ("reject", 1, 86_400, 0)
    assert [(one.reason, one.count) for one in decided.reasons] == [("forged", 1)]
    assert [(one.person, one.voted) for one in report.people if one.voted] == [("sue", 1)]
    assert [(one.document, one.approved) for one in report.documents] == [("passport", 2)]
    page = report._repr_html_()
    for caption in ("queues", "kinds", "people", "decisions", "documents"):
        assert f"<caption>{caption}</caption>" in page
    assert "<td>forged 1</td>" in page and "ReasonCount" not in page
    shown = t.cases.claim("c2", actor="ann", now=MORNING + DAY)._repr_html_()
    assert shown.count("evidence_digest") == 1 and "<td>review</td>" in shown and "CaseView" not in shown
    assert t.cases.claim("c9", actor="ann")._repr_html_().count("<table>") == 1


def test_a_case_is_drawn_and_migrated(t):
    to_review(t, "c1")
    assert t.cases.draw("c1").startswith("<svg") and "stateDiagram" in t.cases.draw("c1", "mermaid")
    with pytest.raises(thalium.InvalidError) as error:
        t.cases.draw("c1", "png")
    assert error.value.field == "format"
    before = t.cases.get("c1").definition
    assert t.cases.define(KIND.replace("P2D", "P3D"), [CHART], now=MORNING).digest != before
    lost = t.cases.rehearse_migration("onboarding", "{migration: 1, states: {review: nowhere}, context: {keep: true}}", now=MORNING)
    assert (lost.cases, lost.movable, [one.example for one in lost.refused]) == (1, 0, ["c1"])
    way = {"migration": 1, "same": True, "context": {"keep": True}, "timers": "keep", "history": "keep"}
    tried = t.cases.rehearse_migration("onboarding", way, actor="sue", now=MORNING)
    assert (tried.cases, tried.movable, tried.refused) == (1, 1, ())
    moved = t.cases.migrate("c1", way, actor="sue", now=MORNING)
    assert moved.ok and moved.now.definition != before
    with pytest.raises(thalium.InvalidError) as error:
        t.cases.rehearse_migration("other", way)
    assert error.value.field == "kind"


def test_what_is_about_someone_is_sealed_and_opened_for_a_reason(t):
    zodwa = t.parties.register(key="zodwa")
    t.parties.define_retention("aml", years=5, law="AML law")
    t.parties.grant_access("auditor", until=datetime.date(2099, 12, 31))
    opened = t.cases.open("c1", "onboarding", {"name": "Zodwa"}, party="zodwa", retention="aml")
    assert opened.now.sealed and opened.now.data is None
    assert t.cases.open("c2", "onboarding", {"name": "Zodwa"}, party=zodwa).ok
    assert t.cases.get("c1", why="review of the file", actor="ann", role="officer").data["name"] == "Zodwa"
    assert [entry.asked for entry in t.cases.log("c1")] == [None]
    (entry,) = t.cases.log("c1", why="an audit", actor="sue")
    assert entry.asked["data"] == {"name": "Zodwa"}
    whys = {one.why: one.actor for one in t.parties.access_log("zodwa", actor="auditor").entries}
    assert whys["review of the file"] == "ann" and whys["an audit"] == "sue"
    for asked in ({"why": ""}, {"actor": "ann"}):
        with pytest.raises(thalium.InvalidError):
            t.cases.get("c1", **asked)
    assert t.cases.replay().same


def test_a_callback_is_delivered_as_it_comes(t):
    body = b'{"id": "evt-1"}'

    def told(event, minute, outcome, evidence=hashlib.sha256(body).hexdigest()):
        return {
            "provider": "persona", "event_id": event, "kind": "inquiry", "about": "inq-1", "outcome": outcome,
            "occurred_at": f"2026-02-02T09:{minute:02}:00Z", "evidence": evidence,
            "verified": {"key": "2026"},
        }

    t.parties.register(key="zodwa")
    t.cases.open("c1", "onboarding", party="zodwa", now=MORNING)
    first = t.cases.callback("c1", told("evt-1", 5, "review"), body=body, actor="persona", now=MORNING)
    assert (first.ok, first.heard, first.replayed, first.late) == (True, False, False, False)
    assert t.cases.callback("c1", told("evt-1", 5, "review"), body=body, actor="persona", now=MORNING).replayed
    assert t.cases.callback("c1", told("evt-0", 4, "approved"), actor="persona", now=MORNING).late
    assert [(one.name, one.by) for one in t.cases.get("c1").evidence] == [("persona/inq-1", "persona")]
    wrong = t.cases.callback("c1", told("evt-2", 6, "review"), body=body.decode() + " ", now=MORNING)
    assert (wrong.ok, wrong.code) == (False, "text")
    assert [entry.asked["body"] for entry in t.cases.log("c1", why="an audit") if "body" in entry.asked] == [body.decode()]
    assert t.cases.replay().same


def test_what_means_nothing_is_an_exception(t):
    t.cases.open("c1", "onboarding")
    wrong = [
        ("case", lambda: t.cases.get("c9")), ("seen", lambda: t.cases.decide("c1", "approve", "soon")),
        ("until", lambda: t.cases.snooze("c1", "soon", "why")), ("hash", lambda: t.cases.attach("c1", "report", "soon")),
        ("finding", lambda: t.cases.decide_document("c1", "passport", "perhaps", HASH)), ("now", lambda: t.cases.claim("c1", now="noon")),
        ("retention", lambda: t.cases.open("c2", "onboarding", retention="aml")), ("party", lambda: t.cases.open("c2", "onboarding", party="nobody")),
    ]
    for field, call in wrong:
        with pytest.raises(thalium.InvalidError) as error:
            call()
        assert (error.value.code, error.value.field) == ("invalid", field)
    for reasons in ("fine", {"fine": 1}, 5):
        with pytest.raises(TypeError, match="reasons: give a list"):
            t.cases.decide("c1", "approve", HASH, reasons)
    with pytest.raises(TypeError, match="now: has no zone"):
        t.cases.claim("c1", now=datetime.datetime(2026, 1, 1))
    # What does not fit is a value.
    assert [t.cases.open("c2", "onboardin").code, t.cases.claim("c9").code, t.cases.assign("c1", "nobody").code] == ["no_kind", "no_case", "no_person"]
    t.close()
    with pytest.raises(thalium.ClosedError):
        t.cases.claim("c1")


def test_cases_last_and_are_verified(tmp_path):
    with thalium.open(tmp_path) as t:
        t.cases.define(KIND, [CHART])
        t.cases.open("c1", "onboarding", {"name": EXACT})
    with thalium.open(tmp_path, read_only=True) as t:
        assert isinstance(t.cases.get("c1"), CaseView) and t.cases.get("c1").data["name"] == EXACT
        with pytest.raises(thalium.ReadOnlyError):
            t.cases.claim("c1")
    assert thalium.verify(tmp_path).cases.facts == 2


def test_all_of_it_can_be_awaited():
    async def run():
        async with await thalium.open_async("memory:", actor="host") as t:
            await t.cases.define(KIND, [CHART])
            for person in ("ann", "ben"):
                await t.cases.set_staff(person, ["officer"])
            many = await asyncio.gather(*[t.cases.open(f"c{n:02}", "onboarding", {"limit": Decimal(n) / 2}) for n in range(20)])
            assert all(one.ok for one in many)
            found = [case.data["limit"] async for case in t.cases.list()]
            assert found == [Decimal(n) / 2 for n in range(20)] and not any(isinstance(one, float) for one in found)
            await t.cases.submit_document("c00", "passport", HASH)
            seen = (await t.cases.decide_document("c00", "passport", "approve", HASH, actor="ann")).now.evidence_digest
            await t.cases.decide("c00", "approve", seen, ["fine"], actor="ann", data={"limit": EXACT})
            assert (await t.cases.decide("c00", "approve", seen, ["fine"], actor="ann", data={"limit": EXACT})).code == "same_person"
            done = await t.cases.decide("c00", "approve", seen, ["fine"], actor="ben", data={"limit": EXACT})
            assert done.now.status == "ended" and (await t.cases.get("c00")).data["limit"] == EXACT
            assert len([entry async for entry in t.cases.log("c00")]) == 5
            assert (await t.cases.report()).kinds[0].ended == 1 and (await t.cases.replay()).same
            assert (await t.cases.draw("c01")).startswith("<svg")
            assert [kind.kind for kind in await t.cases.kinds()] == ["onboarding"] and len(await t.cases.staff()) == 2
            assert await t.cases.queues() == () and len((await t.cases.page(limit=3)).cases) == 3

    asyncio.run(run())
