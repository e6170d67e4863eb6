"""Decisions on record in the hands of a Python programmer."""

import asyncio
import datetime
import json
import pickle
from decimal import Decimal
from uuid import UUID

import pytest

import thalium
from thalium import Decided, DecisionPage, Money, Timestamp

SEED = "07" * 32
MODULE = """package aml

default verdict := {"outcome": "allow"}

verdict := {"outcome": "review", "reasons": [{
    "code": 12001, "rule": "aml/large", "audience": "officer", "severity": "high", "message": "A large amount.",
}]} if input.amount >= data.aml.large

clash := 1 if input.amount

clash := 2 if input.amount
"""
EXACT = Decimal("123456789012345678901234567890.123456789012345678")


def bundle(large, revision="1"):
    return {".manifest": {"revision": revision}, "aml/aml.rego": MODULE, "aml/data.json": {"large": large}}


@pytest.fixture
def t():
    with thalium.open("memory:", actor="desk", insecure_seed=SEED) as ledger:
        ledger.policies.load(bundle(Decimal("10000.10")))
        yield ledger


def test_a_decision_is_on_record(t):
    id = thalium.new_id()
    at = Timestamp.parse("2026-01-05T10:00:00.000000007Z")
    decided = t.decide(
        "aml/verdict", {"amount": Decimal("10000.10")}, now=at, concerns="w-17", actor="api", request_id="r-1", decision_id=id
    )
    assert isinstance(decided, Decided) and decided.decision_id == str(id)
    assert (decided.verdict.outcome, decided.verdict.reasons[0].code) == ("review", 12001)
    assert pickle.loads(pickle.dumps(decided)) == decided
    (told,) = t.decisions()
    digest = t.policies.list()[0].current.digest
    reason = {"code": 12001, "rule": "aml/large", "audience": "officer", "severity": "high", "message": "A large amount."}
    assert told == {
        "decision_id": str(id), "timestamp": "2026-01-05T10:00:00.000000007Z", "path": "aml/verdict", "requested_by": "api",
        "req_id": "r-1", "bundles": {"policy": {"digest": digest, "revision": "1"}}, "input": {"amount": Decimal("10000.10")},
        "result": {"outcome": "review", "reasons": [reason], "obligations": []}, "number": 0, "outcome": "review", "concerns": "w-17",
    }
    assert t.decide("aml/verdict", {"amount": Decimal("10000.09")}, strict=True).verdict.outcome == "allow"
    assert UUID(t.decide("aml/verdict").decision_id) and "input" not in [*t.decisions()][2]


def test_numbers_are_exact_both_ways(t):
    values = [Decimal("1.50"), 1, Decimal("-1E-21"), 10**30, 2**53 + 1, EXACT, -(10**300), True, None, "x"]
    t.decide("aml/verdict", {"amount": 1, "values": values, "money": Money("250.00 ZAR")})
    (told,) = t.decisions()
    found = told["input"]["values"]
    assert found == values and [type(one) for one in found] == [type(one) for one in values]
    assert str(found[0]) == "1.50" and told["input"]["money"] == "250.00 ZAR"
    page = t.decisions(masks=[{"op": "upsert", "path": "/input/values", "value": [EXACT, 10**30, Decimal("1.50")]}, "/input/money"]).page()
    (masked,) = page.decisions
    assert masked["input"] == {"amount": 1, "values": [EXACT, 10**30, Decimal("1.50")]} and str(masked["input"]["values"][2]) == "1.50"
    assert (masked["masked"], masked["erased"]) == (["/input/values"], ["/input/money"])
    assert isinstance(page, DecisionPage) and page.next is None and pickle.loads(pickle.dumps(page)) == page
    for amount in (1.5, float("nan")):
        with pytest.raises(TypeError, match=r"^input\.amount: a float"):
            t.decide("aml/verdict", {"amount": amount})
        with pytest.raises(TypeError, match=r"^masks\[0\]\.value: a float"):
            t.decisions(masks=[dict(op="upsert", path="/input/amount", value=amount)])
    assert len([*t.decisions()]) == 1


def test_what_is_no_verdict_is_an_exception_and_no_permission(t):
    for strict in (False, True):
        with pytest.raises(thalium.UndecidedError, match="no permission: deny") as error:
            t.decide("aml/clash", {"amount": 1}, strict=strict)
        assert error.value.code == "undecided"
    # It is on record, too.
    assert [(one["error"]["code"], "result" in one, "outcome" in one) for one in t.decisions()] == [("undecided", False, False)] * 2
    wrong = [
        ("path", lambda: t.decide("aml/verdikt", {"amount": 1})), ("policy", lambda: t.decide("aml/verdict", policy="other")),
        ("subject", lambda: t.decide("aml/verdict", subject="nobody")), ("retention", lambda: t.decide("aml/verdict", retention="aml")),
        ("decision_id", lambda: t.decide("aml/verdict", decision_id="x")), ("now", lambda: t.decide("aml/verdict", now="noon")),
    ]
    for field, call in wrong:
        with pytest.raises(thalium.InvalidError, match="no permission: deny") as error:
            call()
        assert (error.value.code, error.value.field) == ("invalid", field)
    assert len([*t.decisions()]) == 2
    t.close()
    with pytest.raises(thalium.ClosedError, match="no permission: deny"):
        t.decide("aml/verdict", {"amount": 1})


def test_what_is_about_someone_is_sealed_and_opened_for_a_reason(t):
    zodwa = t.parties.register(key="zodwa", kind="person")
    t.parties.define_retention("aml", years=5, law="AML law")
    t.parties.grant_access("auditor", until=datetime.date(2099, 12, 31))
    t.decide("aml/verdict", {"amount": Decimal("0.10"), "name": "Zodwa"}, subject=zodwa, retention="aml")
    t.decide("aml/verdict", {"amount": 2}, subject="zodwa")
    sealed = [*t.decisions(subject="zodwa")]
    assert [one["sealed"] for one in sealed] == [True, True] and not any("input" in one or "result" in one for one in sealed)
    assert [one.get("retention") for one in sealed] == ["aml", None] and sealed[0]["subject"] == str(zodwa.id)
    opened = [*t.decisions(subject=zodwa, why="complaint 12", actor="ann", role="officer", masks=["/input/name"])]
    assert [one["input"] for one in opened] == [{"amount": Decimal("0.10")}, {"amount": 2}] and str(opened[0]["input"]["amount"]) == "0.10"
    (reading,) = [one for one in t.parties.access_log("zodwa", actor="auditor").entries if one.why == "complaint 12"]
    assert reading.actor == "ann"
    t.parties.forget("zodwa", scope="consent")
    gone = [*t.decisions(why="audit")]
    assert gone[0]["input"]["name"] == "Zodwa" and gone[1]["subject_forgotten"] and "input" not in gone[1]
    # Nobody reads without a reason.
    for asked in ({"why": ""}, {"actor": "ann"}, {"role": "officer"}):
        with pytest.raises(thalium.InvalidError):
            t.decisions(**asked).page()


def test_decisions_are_found_page_after_page(t, monkeypatch):
    ids = [t.decide("aml/verdict", {"amount": n}, now=f"2026-01-0{n}T10:00:00Z", concerns=f"w-{n % 2}").decision_id for n in range(1, 7)]
    t.decide("aml/verdict", {"amount": 20_000}, now="2026-01-07T10:00:00Z")
    day = datetime.date

    def found(**asked):
        return [one["decision_id"] for one in t.decisions(**asked)]

    assert found(start=day(2026, 1, 2), end=day(2026, 1, 3)) == ids[1:3] and found(concerns="w-1") == ids[0::2]
    assert found(decision_id=UUID(ids[4])) == [ids[4]] and len(found(outcome="review")) == 1 and found(path="aml/other") == []
    monkeypatch.setattr(thalium._ledger, "_PAGE", 2)
    assert found(outcome="allow") == ids and found(outcome="allow", limit=3) == ids[:3] and found(limit=0) == []
    asked = t.decisions(outcome="allow", limit=4)
    first = asked.page()
    assert [one["number"] for one in first.decisions] == [0, 1, 2, 3] and first.next == 3
    last = asked.page(after=first.next)
    assert [one["decision_id"] for one in last.decisions] == ids[4:] and last.next is None
    assert found(after=3, outcome="allow") == ids[4:]
    assert first.to_dict()["decisions"][0]["decision_id"] == ids[0]
    for wrong in (True, -1, "x"):
        with pytest.raises(thalium.InvalidError) as error:
            t.decisions(limit=wrong)
        assert error.value.field == "limit"
    for masks in ("/input/name", {"op": "remove", "path": "/input"}, 5):
        with pytest.raises(TypeError, match="masks: "):
            t.decisions(masks=masks)
    with pytest.raises(thalium.InvalidError) as error:
        t.decisions(masks=["input"]).page()
    assert error.value.field == "masks"


def test_a_policy_is_loaded_tried_out_and_taken_back(t, tmp_path):
    (first,) = t.policies.list()
    assert (first.name, first.current.revision, first.former, first.shadow) == ("policy", "1", (), None)
    shadowed = t.policies.load(bundle(5000, "2"), shadow=True, now="2026-01-02T10:00:00Z")
    assert shadowed.current == first.current and shadowed.shadow.version.revision == "2"
    assert shadowed.shadow.version.loaded == datetime.datetime(2026, 1, 2, 10, tzinfo=datetime.timezone.utc)
    decided = t.decide("aml/verdict", {"amount": 7000})
    assert decided.verdict.outcome == "allow"
    shadow = t.policies.list()[0].shadow
    (flip,) = shadow.flips
    assert (shadow.decisions, shadow.flipped, flip.was, flip.now) == (1, 1, "allow", "review")
    assert [(reason.code, reason.rule) for reason in flip.reasons] == [(12001, "aml/large")]
    assert flip.decision_id == decided.decision_id

    report = t.decisions.replay(bundle(5000), path="aml/verdict", start="2020-01-01")
    assert (report.decisions, report.same, report.flipped, report.flips[0].decision_id) == (1, 0, 1, decided.decision_id)
    assert t.decisions.replay(bundle(5000), limit=0).flips == () and t.decisions.replay(bundle(5000), end="2020-01-01").decisions == 0

    loaded = t.policies.load(bundle(5000, "2"))
    assert (loaded.current.revision, [version.revision for version in loaded.former]) == ("2", ["1"])
    assert t.decide("aml/verdict", {"amount": 7000}).verdict.outcome == "review"
    assert t.policies.roll_back().current == first.current
    t.policies.drop(shadow=True)
    assert t.policies.list()[0].shadow is None

    folder = tmp_path / "policies"
    (folder / "aml").mkdir(parents=True)
    (folder / "aml" / "aml.rego").write_text(MODULE)
    (folder / "aml" / "data.json").write_text('{"large": 1}')
    for path in (folder, str(folder)):
        assert t.policies.load(path, "other").name == "other"
    assert t.decide("aml/verdict", {"amount": 1}, policy="other").verdict.outcome == "review"
    assert [one.name for one in t.policies.list()] == ["other", "policy"]
    t.policies.drop("other")
    with pytest.raises(thalium.InvalidError) as error:
        t.policies.drop("other")
    assert error.value.field == "name"


def test_what_is_refused_replaces_nothing(t):
    before = t.policies.list()
    with pytest.raises(thalium.PolicyError, match="a.rego"):
        t.policies.load({"a.rego": "pakage a"})
    with pytest.raises(thalium.PolicyError):
        t.policies.load(bundle(1), keys=[{"algorithm": "HS256", "key": "a secret of the operators"}])
    with pytest.raises(thalium.PolicyError):
        t.decisions.replay({"a.rego": "pakage a"})
    with pytest.raises(thalium.InvalidError) as error:
        t.policies.load(bundle(1), "other", shadow=True)
    assert error.value.field == "name"
    for wrong in (5, None, b"policies", ["policies"]):
        with pytest.raises(TypeError, match="bundle: "):
            t.policies.load(wrong)
    with pytest.raises(TypeError, match="large: a float"):
        t.policies.load(bundle(1.5))
    assert t.policies.list() == before
    with pytest.raises(thalium.InvalidError) as error:
        t.policies.roll_back()
    assert error.value.field == "name"


def test_decisions_last_and_are_verified(tmp_path):
    with thalium.open(tmp_path) as t:
        t.policies.load(bundle(5))
        t.decide("aml/verdict", {"amount": EXACT})
    with thalium.open(tmp_path, read_only=True) as t:
        assert [one["input"]["amount"] for one in t.decisions()] == [EXACT]
        with pytest.raises(thalium.ReadOnlyError, match="no permission: deny"):
            t.decide("aml/verdict", {"amount": 1})
    assert thalium.verify(tmp_path).decisions.decisions == 1


def test_all_of_it_can_be_awaited():
    async def run():
        async with await thalium.open_async("memory:") as t:
            await t.policies.load(bundle(Decimal("10.5")))
            many = await asyncio.gather(*[t.decide("aml/verdict", {"amount": Decimal(n) / 2}) for n in range(40)])
            assert [one.verdict.outcome for one in many].count("review") == 19
            found = [one["input"]["amount"] async for one in t.decisions(outcome="review")]
            assert sorted(found) == [Decimal(n) / 2 for n in range(21, 40)] and not any(isinstance(one, float) for one in found)
            page = await t.decisions(limit=3).page()
            assert len(page.decisions) == 3 and page.next == 2
            assert (await t.decisions.replay(bundle(0))).decisions == 40
            await t.policies.load(bundle(0), shadow=True)
            (listed,) = await t.policies.list()
            assert listed.shadow is not None
            await t.policies.load(bundle(0))
            assert (await t.policies.roll_back()).current == listed.current
            with pytest.raises(thalium.UndecidedError, match="no permission: deny"):
                await t.decide("aml/clash", {"amount": 1})
            await t.policies.drop()
            with pytest.raises(thalium.InvalidError, match="no permission: deny"):
                await t.decide("aml/verdict", {"amount": 1})

    asyncio.run(run())


def test_what_else_is_told_is_exact_json(t):
    assert thalium._json.loads('{"a": 1.10, "b": 7}') == {"a": Decimal("1.10"), "b": 7}
    long = "9" * 6_000
    assert thalium._json.loads(f"[{long}]") == [10**6_000 - 1]
    with pytest.raises(ValueError):
        thalium._json.loads("[1")
    assert json.loads(thalium._json.exact_request("x", {"a": None, "b": 1}, c=None, d="[1]")) == {"op": "x", "b": 1, "d": [1]}
