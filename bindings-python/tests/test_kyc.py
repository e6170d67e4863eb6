"""Machine-readable zones, callbacks of providers and risk scores in the hands of a Python programmer."""

import asyncio
import datetime
import hashlib
import hmac
import io
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


LARGE = json.dumps({"payload": "x" * (1 << 20)}).encode()
# What Python, and every other language, answers: the headers' signature is of the second, the body is the first.
REFUSED = [
    (CHECK, None, 401, None), (CHECK + b" ", CHECK, 401, None), (b'{"payload":', b'{"payload":', 400, "body: is no JSON"), (b"", b"", 400, "body: is no JSON"),
    (b"{\xff", b"{\xff", 400, "body: is no JSON"), (b"[" * 100_000, b"", 400, "body: is no JSON"), (b"{}", b"{}", 400, None),
    (LARGE, LARGE, 413, "the body has more than 1048576 bytes"),
]


def must_be_a_problem(status, headers, body, wanted, detail):
    told = json.loads(body)
    kind = {str(name).lower(): str(value) for name, value in headers}
    assert (status, told["status"], kind["content-type"], kind["content-length"]) == (wanted, wanted, "application/problem+json", str(len(body)))
    assert told["title"] == {400: "Bad Request", 401: "Unauthorized", 413: "Payload Too Large"}[wanted] and set(told) == {"status", "title", "detail"}
    assert told["detail"] and detail in (None, told["detail"]) and SECRET not in body.decode()


def asked_by_asgi(app, body, headers=(), parts=1, **more):
    """What an application of ASGI answers, and what is left to it when it has read the body."""
    size = -(-len(body) // parts) or 1
    messages = [{"type": "http.request", "body": body[at : at + size], "more_body": True} for at in range(0, len(body), size)]
    messages += [{"type": "http.request"}, {"type": "http.disconnect"}]
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(app({"type": "http", "headers": headers, "client": ("192.0.2.7", 5000), **more}, receive, send))
    if not sent:
        return None
    start, rest = sent
    return start["status"], [(name.decode(), value.decode()) for name, value in start["headers"]], rest["body"]


def test_an_application_of_asgi_hears_what_is_signed():
    heard = []

    async def inner(scope, receive, send):
        heard.append((scope, [await receive(), await receive()] if scope["type"] == "http" else None))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    # Keys may come one after another, and are asked for once.
    app = kyc.Callbacks("onfido", iter([KEY])).asgi(inner)
    for parts, state in [(1, {"state": {"pool": 1}}), (3, {})]:
        assert asked_by_asgi(app, CHECK, [(b"x-sha2-signature", signed(CHECK).encode())], parts, **state)[0] == 200
        scope, messages = heard.pop()
        assert scope["state"].pop("callback").about == "c-1" and scope["state"] == state.get("state", {})
        assert messages == [{"type": "http.request", "body": CHECK, "more_body": False}, {"type": "http.disconnect"}]
    for body, of, status, detail in REFUSED:
        headers = [] if of is None else [(b"x-sha2-signature", signed(of).encode())]
        must_be_a_problem(*asked_by_asgi(app, body, headers, 7), status, detail)
    # What is no request passes, and whoever has broken off is told nothing.
    assert asked_by_asgi(app, b"", type="lifespan")[0] == 200 and heard.pop()[0]["type"] == "lifespan"

    async def gone():
        return {"type": "http.disconnect"}

    asyncio.run(app({"type": "http", "headers": []}, gone, None))
    assert heard == []


def test_an_application_of_wsgi_hears_what_is_signed():
    heard = []

    def inner(environ, start_response):
        heard.append((environ["thalium.callback"], environ["wsgi.input"].read(), environ["CONTENT_LENGTH"]))
        start_response("200 OK", [])
        return [b"heard"]

    def asked(body, of=None, **more):
        told = []
        environ = {"wsgi.input": io.BytesIO(body + b"the next request"), "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "192.0.2.7", **more}
        if of is not None:
            environ["HTTP_X_SHA2_SIGNATURE"] = signed(of)
        answer = b"".join(app(environ, lambda status, headers: told.append((status, headers))))
        ((status, headers),) = told
        return int(status.split(" ")[0]), headers, answer

    app = kyc.Callbacks("onfido", [KEY]).wsgi(inner)
    chunked = {"wsgi.input": io.BytesIO(CHECK), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    for more in ({}, chunked):
        assert asked(CHECK, CHECK, **more) == (200, [], b"heard")
        callback, body, length = heard.pop()
        assert (callback.about, callback.key, body, length) == ("c-1", "2026", CHECK, str(len(CHECK)))
    for body, of, status, detail in REFUSED:
        must_be_a_problem(*asked(body, of), status, detail)
    must_be_a_problem(*asked(LARGE, LARGE, **{"wsgi.input": io.BytesIO(LARGE), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}), 413, None)
    # Nobody reads on where nobody says that there is an end.
    must_be_a_problem(*asked(CHECK, CHECK, CONTENT_LENGTH=""), 400, "body: is no JSON")
    assert heard == []


def test_who_signs_nothing_comes_through_from_an_address():
    body = json.dumps({"callbackSentAt": "2026-02-01T10:00:00Z", "userReference": "c42", "workflowExecution": {"id": "w-1", "status": "PROCESSED"}}).encode()

    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["state"]["callback"].subject.encode()})

    for allowed, status in [([ipaddress.ip_address("192.0.2.7")], 200), (["192.0.2.8"], 401), ([], 401)]:
        told = asked_by_asgi(kyc.Callbacks("jumio", allowed=allowed).asgi(inner), body)
        assert told[0] == status and (told[2] == b"c42") == (status == 200)
    # Of an address that nobody knows, and with options that make no sense, nothing is answered.
    wrong = [("from", kyc.Callbacks("jumio", allowed=["192.0.2.7"]), {"client": None}), ("keys", kyc.Callbacks("onfido"), {}), ("provider", kyc.Callbacks("onfidoo"), {})]
    for field, callbacks, more in wrong:
        with pytest.raises(thalium.InvalidError) as error:
            asked_by_asgi(callbacks.asgi(inner), body, **more)
        assert error.value.field == field
    for mistake in (lambda: kyc.Callbacks("onfido", KEY), lambda: kyc.Callbacks("onfido", [SECRET]), lambda: kyc.Callbacks("jumio", allowed="192.0.2.7")):
        with pytest.raises(TypeError) as error:
            mistake()
        assert SECRET not in str(error.value)


def test_a_callback_is_heard_once_by_a_case():
    kind = "{case: 1, id: small, chart: small}"
    chart = "{chart: 1, id: small, context: {told: null}, states: {a: {on: {EVENT: {target: b, actions: [{assign: {told: {expr: {var: event.data}}}}]}}}, b: {type: final}}}"
    read = kyc.read_callback("onfido", {"X-SHA2-Signature": signed(CHECK)}, CHECK, [KEY], now=NOW)
    with thalium.open("memory:") as t:
        t.cases.define(kind, [chart.replace("EVENT", f'"{read.event}"')], now=NOW)
        t.cases.open("case-1", "small", now=NOW)
        # What a provider tells is delivered, and not sent: whoever sends proves nothing.
        sent = t.cases.send("case-1", read.event, read.data, now=NOW)
        told = [t.cases.callback("case-1", read.data, now=NOW) for _ in range(2)]
    assert (sent.ok, sent.code) == (False, "text")
    assert [(one.ok, one.heard, one.replayed) for one in told] == [(True, True, False), (True, True, True)]
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


def test_rules_of_ballerine_become_a_guard():
    rules = {"operator": "and", "rules": [{"key": "entity.score", "operator": "GT", "value": 40}]}
    told = kyc.import_rules(rules)
    assert told == kyc.import_rules(json.dumps(rules)) == kyc.import_rules(json.dumps(rules).encode())
    on = {"CHECKED": [{"target": "high", "guard": json.loads(told.guard)}, "low"]}
    chart = {"chart": 1, "id": "risk", "context": {"entity": {}}, "states": {"waiting": {"on": on}, "high": {"type": "final"}, "low": {"type": "final"}}}
    for score, state in [(41, "high"), (40, "low"), ("41", "high"), (None, "low")]:
        risk = thalium.Chart.of(chart, dialect=told.dialect)
        begun = risk.start("case-1", {"entity": {"score": score}})
        assert risk.step(begun, "CHECKED").states == (state,), score
    with pytest.raises(thalium.ChartError, match="AML_CHECK"):
        kyc.import_rules({"operator": "and", "rules": [{"key": "entity", "operator": "AML_CHECK", "value": {}}]})
    with pytest.raises(TypeError, match="text: "):
        kyc.import_rules(5)


def test_what_is_probably_wrong_in_a_kind_is_told():
    chart = """
chart: 1
id: papers
states:
  review: {on: {decided: settled}}
  resting: {on: {woken: review}}
  settled: {type: final}
"""
    kind = """
case: 1
id: papers
chart: papers
queues:
  - {id: all, roles: [officer]}
  - {id: some, states: [review], roles: [officer]}
decisions:
  approve: {states: [review, resting], roles: [officer], event: decided}
"""
    told = kyc.lint_cases(kind, [chart])
    assert [(one.rule, one.severity, one.row) for one in told] == [("hidden-queue", "warning", 7), ("unheard-decision", "warning", 9)]
    assert all(isinstance(one, thalium.ChartFinding) and one.path and one.message and one.hint for one in told)
    assert told == kyc.lint_cases(kind.encode(), (chart.encode(),), dialect="javascript")
    assert kyc.lint_cases({"case": 1, "id": "papers", "chart": "papers"}, [chart]) == ()
    # Guards of a kind ask a policy.
    asking = kind.replace("{id: all, ", "{id: all, when: {rego: kyc/high}, ")
    policy = {"kyc.rego": "package kyc\n\nhigh if input.score >= 5\n"}
    assert [one.rule for one in kyc.lint_cases(asking, [chart], policy=policy)] == ["unheard-decision"]
    for refused, charts in [(asking, [chart]), (kind.replace("[review]", "[nowhere]"), [chart]), (kind, []), (kind, ["chart: 2"])]:
        with pytest.raises(thalium.ChartError):
            kyc.lint_cases(refused, charts)
    with pytest.raises(TypeError, match="charts: "):
        kyc.lint_cases(kind, chart)
    with pytest.raises(TypeError, match="keys: "):
        kyc.lint_cases(kind, [chart], keys=[])
    with pytest.raises(TypeError, match="kind: "):
        kyc.lint_cases(5, [chart])
