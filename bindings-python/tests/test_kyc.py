"""Machine-readable zones, callbacks of providers and risk scores in the hands of a Python programmer."""

import datetime
import hashlib
import hmac
import ipaddress
import json
import pathlib
import pickle
from decimal import Decimal

import pytest

import thalium
from thalium import Timestamp, kyc

ROOT = pathlib.Path(__file__).parents[2]
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
SECRET = "a secret of the tests"
KEY = {"id": "2026", "secret": SECRET}
NOW = "2026-02-01T10:01:00Z"
CHECK = json.dumps({
    "payload": {
        "resource_type": "check", "action": "check.completed",
        "object": {
            "id": "c-1", "status": "complete", "completed_at_iso8601": "2026-02-01T10:00:00Z", "href": "https://api.onfido.com/v3.6/checks/c-1",
        },
    },
}).encode()
MODEL = """
risk: 1
id: small
description: A small model.
factors:
  - {id: country, description: Where., weight: 1, value: {var: country}, points: {ZA: 10.50, XX: 60}}
  - {id: volume, description: How much., weight: 0.5, value: {var: volume}, bands: [{to: 100000.50, points: 0}, {from: 100000.50, points: 40}]}
floors:
  - {when: {var: pep}, at_least: 70, reason: pep, description: Art. 42., hard: true}
levels:
  - {level: low, from: 0, refresh: P5Y}
  - {level: high, from: 60, refresh: P1Y}
"""


def signed(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_a_passport_is_read():
    read = kyc.read_mrz(PASSPORT, datetime.date(2012, 4, 15))
    assert (read.format, read.document_code, read.issuer, read.number) == ("TD3", "P", "UTO", "L898902C3")
    assert (read.primary, read.secondary, read.names_truncated) == ("ERIKSSON", "ANNA MARIA", False)
    assert (read.born, read.expires, read.sex) == (datetime.date(1974, 8, 12), datetime.date(2012, 4, 15), "female")
    assert (read.status, read.valid, read.wrong) == ("valid", True, ()) and read.optional[0].startswith("ZE184226B")
    assert kyc.read_mrz(PASSPORT, "2012-04-16").status == kyc.read_mrz(PASSPORT).status == "expired"
    assert pickle.loads(pickle.dumps(read)) == read and "ERIKSSON" in read._repr_html_()
    changed = kyc.read_mrz(PASSPORT.replace("7408122F", "7408123F"), "2010-01-01")
    assert not changed.valid and changed.wrong
    for field, call in [("text", lambda: kyc.read_mrz("P<UTO")), ("today", lambda: kyc.read_mrz(PASSPORT, "soon"))]:
        with pytest.raises(thalium.InvalidError) as error:
            call()
        assert error.value.field == field
    with pytest.raises(TypeError, match="today: "):
        kyc.read_mrz(PASSPORT, datetime.datetime(2012, 4, 15))


def test_the_example_of_the_module_runs():
    import doctest

    assert doctest.testmod(kyc).failed == 0 < doctest.testmod(kyc).attempted


def test_a_callback_is_proven_and_read():
    read = kyc.read_callback("onfido", {"X-SHA2-Signature": signed(CHECK)}, CHECK, [KEY], now=NOW)
    assert (read.provider, read.key, read.about, read.signed_at) == ("onfido", "2026", "c-1", None)
    assert read.occurred_at == Timestamp.parse("2026-02-01T10:00:00Z") and read.evidence == hashlib.sha256(CHECK).hexdigest()
    assert read.event_id and read.event and isinstance(read.data, dict) and isinstance(read.outcome, str)
    assert pickle.loads(pickle.dumps(read)) == read
    # As frameworks give headers, and while keys change.
    signature = signed(CHECK)
    former = {"id": "2025", "secret": "the one before", "not_after": Timestamp.parse("2027-01-01T00:00:00Z")}
    for headers in (
        {"x-sha2-signature": [signature]}, [("X-SHA2-Signature", signature)], [(b"x-sha2-signature", signature.encode())],
        {"content-type": ["application/json"], "X-Sha2-Signature": (signature,)}, Multi([("x-sha2-signature", signature)]),
    ):
        assert kyc.read_callback("onfido", headers, CHECK.decode(), iter([former, KEY]), now=NOW) == read
    assert kyc.read_callback("onfido", {"x-sha2-signature": signed(CHECK, "the one before")}, CHECK, [former, KEY], now=NOW).key == "2025"
    assert kyc.read_callback("onfido", {"x-sha2-signature": signature}, bytearray(CHECK), [KEY], now=NOW) == read


class Multi:
    """Headers that are no mapping of Python's."""

    def __init__(self, pairs):
        self.pairs = pairs

    def items(self):
        return iter(self.pairs)


def test_a_callback_that_is_not_proven_is_refused():
    good = {"X-SHA2-Signature": signed(CHECK)}
    refused = [
        ({"X-SHA2-Signature": signed(CHECK, "another secret")}, CHECK), (good, CHECK + b" "), ({}, CHECK), (good, b"\xff" + CHECK),
        ({"X-SHA2-Signature": [signed(CHECK), signed(CHECK)]}, CHECK), ({"X-SHA2-Signature": "x"}, CHECK),
    ]
    for headers, body in refused:
        with pytest.raises(thalium.RefusedError) as error:
            kyc.read_callback("onfido", headers, body, [KEY], now=NOW)
        assert (error.value.code, error.value.field) == ("refused", "body") and SECRET not in str(error.value)
    ended = {**KEY, "not_after": "2026-01-01T00:00:00Z"}
    with pytest.raises(thalium.RefusedError, match="2026"):
        kyc.read_callback("onfido", good, CHECK, [ended], now=NOW)
    wrong = [
        ("provider", lambda: kyc.read_callback("onfidoo", good, CHECK, [KEY])), ("keys", lambda: kyc.read_callback("onfido", good, CHECK)),
        ("now", lambda: kyc.read_callback("onfido", good, CHECK, [KEY], now="noon")),
        ("from", lambda: kyc.read_callback("jumio", {}, CHECK)),
    ]
    for field, call in wrong:
        with pytest.raises(thalium.InvalidError) as error:
            call()
        assert error.value.field == field and SECRET not in str(error.value)
    mistakes = [
        lambda: kyc.read_callback("onfido", good, {"a": 1}, [KEY]), lambda: kyc.read_callback("onfido", good, CHECK, KEY),
        lambda: kyc.read_callback("onfido", good, CHECK, [SECRET]), lambda: kyc.read_callback("onfido", "x", CHECK, [KEY]),
        lambda: kyc.read_callback("onfido", ["x"], CHECK, [KEY]), lambda: kyc.read_callback("onfido", {"a": 1}, CHECK, [KEY]),
        lambda: kyc.read_callback("onfido", {1: "a"}, CHECK, [KEY]), lambda: kyc.read_callback("onfido", good, CHECK, [{**KEY, "secret": b"x"}]),
    ]
    for mistake in mistakes:
        with pytest.raises(TypeError) as error:
            mistake()
        assert SECRET not in str(error.value)
    # A field that there is not.
    with pytest.raises(thalium.InvalidError) as error:
        kyc.read_callback("onfido", good, CHECK, [{**KEY, "secrets": SECRET}])
    assert SECRET not in str(error.value)


def test_a_signature_with_a_time_is_not_taken_late():
    body = json.dumps({
        "data": {
            "type": "event", "id": "evt_1",
            "attributes": {
                "name": "inquiry.approved", "created-at": "2026-02-01T10:00:30.000Z",
                "payload": {"data": {"type": "inquiry", "id": "inq_1", "attributes": {"status": "approved", "reference-id": "c42"}}},
            },
        },
    }).encode()
    at = int(datetime.datetime(2026, 2, 1, 10, 0, 40, tzinfo=datetime.timezone.utc).timestamp())
    header = {"Persona-Signature": f"t={at},v1={signed(f'{at}.'.encode() + body)}"}
    read = kyc.read_callback("persona", header, body, [KEY], now=NOW)
    assert (read.event_id, read.subject, read.signed_at) == ("evt_1", "c42", Timestamp.from_nanoseconds(at * 10**9))
    for now, tolerance in [("2026-02-01T11:00:00Z", None), (NOW, 10)]:
        with pytest.raises(thalium.RefusedError):
            kyc.read_callback("persona", header, body, [KEY], now=now, tolerance=tolerance)
    assert kyc.read_callback("persona", header, body, [KEY], now="2026-02-01T11:00:00Z", tolerance=7_200).subject == "c42"


def test_who_signs_nothing_is_known_by_the_address():
    address = ipaddress.ip_address("192.0.2.7")
    for allowed in [["192.0.2.8"], []]:
        with pytest.raises(thalium.RefusedError) as error:
            kyc.read_callback("jumio", {}, b"{}", address=address, allowed=allowed)
        assert error.value.code == "refused"
        assert "which is none of the addresses" in str(error.value)
    # Of who is allowed the body is read.
    with pytest.raises(thalium.InvalidError) as error:
        kyc.read_callback("jumio", {}, b"{}", address=address, allowed=[address])
    assert error.value.field == "body"
    with pytest.raises(thalium.InvalidError) as error:
        kyc.read_callback("jumio", {}, b"{}", address="here", allowed=[address])
    assert error.value.field == "from"
    with pytest.raises(TypeError, match="allowed: "):
        kyc.read_callback("jumio", {}, b"{}", address=address, allowed="192.0.2.7")


def test_a_callback_is_heard_once_by_a_case():
    kind = "{case: 1, id: small, chart: small}"
    chart = "{chart: 1, id: small, context: {told: null}, states: {a: {on: {EVENT: {target: b, actions: [{assign: {told: {expr: {var: event.data}}}}]}}}, b: {type: final}}}"
    read = kyc.read_callback("onfido", {"X-SHA2-Signature": signed(CHECK)}, CHECK, [KEY], now=NOW)
    with thalium.open("memory:") as t:
        t.cases.define(kind, [chart.replace("EVENT", f'"{read.event}"')])
        t.cases.open("case-1", "small")
        told = [t.cases.send("case-1", read.event, read.data, request_id=read.event_id) for _ in range(2)]
    assert [(one.ok, one.replayed) for one in told] == [(True, False), (True, True)]
    assert told[0].now.status == "ended" and told[0].now.data["told"]["evidence"] == read.evidence


def test_a_risk_is_scored_exactly():
    facts = {"country": "ZA", "volume": Decimal("100000.49"), "pep": False}
    score = kyc.score_risk(MODEL, facts, now="2026-03-01T09:00:00Z")
    assert (score.score, str(score.score), score.level, score.refuse) == (Decimal("10.5"), "10.5", "low", False)
    assert score.refresh_by == Timestamp.parse("2031-03-01T09:00:00Z") and len(score.model) == 64
    assert "score 10.5: low" in score.explained[-1] and score.details["level"] == "low"
    assert all(f"<li>{line.split(':')[0]}" in score._repr_html_() for line in score.explained)
    assert kyc.score_risk(MODEL.encode(), {**facts, "volume": Decimal("100000.50")}).score == Decimal("30.5")
    assert kyc.score_risk(MODEL, {**facts, "pep": True}).level == "high"
    officer = {"level": "high", "by": "sue", "reason": "adverse media", "expires": datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)}
    assert kyc.score_risk(MODEL, facts, [officer], now="2026-03-01T09:00:00Z").level == "high"
    assert kyc.score_risk(MODEL, facts, [officer], now="2027-03-01T09:00:00Z").level == "low"
    with pytest.raises(thalium.RefusedError, match="volume") as error:
        kyc.score_risk(MODEL, {"country": "ZA", "pep": False})
    assert error.value.field == "facts"
    with pytest.raises(thalium.ChartError, match="factor"):
        kyc.score_risk(MODEL.replace("factors", "factor"), facts)
    with pytest.raises(TypeError, match=r"^facts\.volume: a float"):
        kyc.score_risk(MODEL, {**facts, "volume": 1.5})
    with pytest.raises(TypeError, match="overrides: "):
        kyc.score_risk(MODEL, facts, officer)
    assert pickle.loads(pickle.dumps(score)) == score


def test_the_model_of_the_examples_scores():
    facts = {
        "occupation": "cash_intensive", "source_of_funds": "salary", "country_risk": "medium", "country": "ZA", "product": "trading",
        "delivery_channel": "remote_verified", "expected_volume": "250000.00", "adverse_media": False, "alerts": 1, "pep": False,
        "sanctioned": False,
    }
    score = kyc.score_risk((ROOT / "examples/kyc/risk.yaml").read_text(), facts, now="2026-03-01T09:00:00Z")
    assert (score.score, score.level, score.refresh_by) == (Decimal("38.5"), "medium", Timestamp.parse("2029-03-01T09:00:00Z"))


def test_a_workflow_of_ballerine_becomes_a_chart():
    rule = {"==": [{"var": "entity.ready"}, True]}
    approve = [{"target": "approved", "cond": {"type": "json-logic", "options": {"rule": rule}}}]
    states = {"waiting": {"on": {"APPROVE": approve, "REJECT": "rejected"}}, "approved": {"type": "final"}, "rejected": {"type": "final"}}
    review = {"id": "review", "definitionType": "statechart-json", "definition": {"id": "review", "initial": "waiting", "states": states}}
    told = kyc.import_ballerine(review)
    assert (told.charts, told.dialect, told.leniencies) == ((), "javascript", ())
    assert told == kyc.import_ballerine(json.dumps(review)) == kyc.import_ballerine(json.dumps([review]).encode()) == kyc.import_ballerine([review])
    chart = thalium.Chart.of(told.chart, charts=told.charts, dialect=told.dialect)
    begun = chart.start("case-1", {"entity": {"ready": True}})
    assert chart.step(begun, "APPROVE").states == ("approved",)
    # What is no final state there ends nothing.
    del states["rejected"]["type"]
    assert [one.path for one in kyc.import_ballerine(review).leniencies]
    with pytest.raises(thalium.ChartError):
        kyc.import_ballerine(review, strict=True)
    with pytest.raises(thalium.ChartError):
        kyc.import_ballerine("{}")
    with pytest.raises(TypeError, match="text: "):
        kyc.import_ballerine(5)
