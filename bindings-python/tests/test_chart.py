"""A chart in the hands of a Python programmer."""

import base64
import copy
import datetime
import json
import pickle
import re
import threading
import xml.etree.ElementTree
from decimal import Decimal

import pytest

import thalium
from thalium import Chart, ChartEffect, ChartSession, ChartStep, Money, Timestamp

UTC = datetime.timezone.utc
BEGAN = Timestamp.parse("2026-01-05T10:00:00.000000007Z")
HOUR = datetime.timedelta(hours=1)
EXACT = Decimal("123456789012345678901234567890.123456789012345678")

TEXT = """
chart: 1
id: papers
description: A customer sends papers.
context: { asked: 0, amount: null, given: null, limit: 100.10 }
schema: { type: object, properties: { asked: { type: integer, maximum: 1 } } }
initial: collecting
states:
  collecting:
    entry: { effect: ask, id: first, with: { limit: { expr: { var: limit } }, documents: [passport] } }
    on:
      submitted:
        - target: approved
          guard: { "<=": [{ var: event.data.amount }, { var: limit }] }
          actions: [{ assign: { amount: { expr: { var: event.data.amount } } } }]
        - review
      note: { actions: [{ assign: { given: { expr: { var: event.data } } } }, { log: told, value: given }] }
      again: { target: collecting, actions: [{ assign: { asked: { expr: { "+": [{ var: asked }, 1] } } } }] }
    after: { PT1H: { target: expired, restore: remaining } }
  review: { on: { approve: approved } }
  approved: { type: final, output: { amount: { expr: { var: amount } } } }
  expired: { type: final }
"""


@pytest.fixture(scope="module")
def c():
    return Chart.of(TEXT)


@pytest.fixture
def begun(c):
    return c.start("case-1", now=BEGAN)


def test_a_chart_is_opened_and_tells_what_it_is(c, tmp_path):
    view = c.describe()
    assert (view.id, view.description) == ("papers", "A customer sends papers.") and len(view.digest) == 64
    assert view.states == ("collecting", "review", "approved", "expired") and view.variables == ("asked", "amount", "given", "limit")
    assert view.events == ("again", "approve", "note", "submitted") and "papers" in repr(c) and view.digest[:12] in repr(c)
    file = tmp_path / "papers.yaml"
    file.write_text(TEXT)
    for other in (Chart.open(file), Chart.open(str(file)), Chart.of(TEXT.encode()), Chart.of(c.to_json())):
        assert other.describe() == view
    assert json.loads(c.to_json())["id"] == "papers" and c.write() == c.to_json()
    again = Chart.of(c.to_scxml())
    assert c.write("scxml") == c.to_scxml() and again.describe().states == view.states


def test_a_mapping_is_a_chart_with_exact_numbers():
    chart = {"chart": 1, "id": "a", "context": {"exact": EXACT, "one": Decimal("1.50")}, "states": {"z": {"on": {"go": "a"}}, "a": {}}}
    c = Chart.of(chart)
    assert c.describe().states == ("z", "a") and c.start("s").data == {"exact": EXACT, "one": Decimal("1.50")}
    with pytest.raises(TypeError, match=r"^text\.context\.one: a float"):
        Chart.of({"chart": 1, "context": {"one": 1.5}})


def test_a_case_goes_its_way(c, begun):
    assert isinstance(begun, ChartStep) and isinstance(begun.at, ChartSession)
    assert (begun.id, begun.states, begun.configuration, begun.done, begun.trace) == ("case-1", ("collecting",), ("collecting",), False, ())
    assert begun.session == begun.at.session and begun.data is begun.at.data and begun.pending is begun.at.pending
    review = c.step(begun.session, "submitted", {"amount": Decimal("100.11")}, now=BEGAN)
    assert review.states == ("review",) and review.data["amount"] is None and review.pending == ()
    approved = c.step(review, "approve", now=BEGAN)
    assert approved.states == ("approved",) and approved.done and [effect.kind for effect in approved.effects] == ["done"]
    # What came before can be gone on with still, and what was stored is what was answered.
    assert c.step(begun.at, "submitted", {"amount": Decimal("100.10")}, now=BEGAN).states == ("approved",)
    assert c.session(approved.session) == approved.at == c.session(approved) and c.session(begun).states == ("collecting",)
    assert c.cancel(begun).done and not c.session(begun).done
    # An event that nothing waits for changes nothing.
    assert c.step(begun, "unheard", now=BEGAN).states == ("collecting",)


def test_numbers_are_exact_both_ways(c, begun):
    numbers = [EXACT, Decimal("1.50"), -(2**200), 2**53 + 1, Decimal("1E-30"), Decimal("0.1"), 0, True, None, "x"]
    told = c.step(begun, "note", {"numbers": numbers, "more": [{"n": Decimal("2.50")}]}, now=BEGAN)
    back = told.data["given"]["numbers"]
    assert back == numbers and [type(one) for one in back] == [type(one) for one in numbers] and str(back[1]) == "1.50"
    assert type(told.data["given"]["more"][0]["n"]) is Decimal and type(told.data["asked"]) is int
    (logged,) = told.effects
    assert (logged.kind, logged.name) == ("log", "told") and logged.data["numbers"] == numbers
    # Through the text that is stored, too.
    assert c.session(told.session).data["given"]["numbers"] == numbers
    for number in (10**9_000 + 1, Decimal("0." + "1" * 9_000)):
        assert c.step(begun, "note", number, now=BEGAN).data["given"] == number
    given = c.start("case-2", {"limit": EXACT, "given": [Decimal("2.0")]}, now=BEGAN)
    assert given.data["limit"] == EXACT and str(given.data["given"][0]) == "2.0"
    assert c.step(given, "submitted", {"amount": EXACT}, now=BEGAN).data["amount"] == EXACT
    # More by a hair.
    assert c.step(given, "submitted", {"amount": Decimal(f"{EXACT}1")}, now=BEGAN).states == ("review",)


def test_python_s_own_values_are_written_as_text(c, begun):
    at = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    id = thalium.new_id()
    told = c.step(begun, "note", {"money": Money("250.00 ZAR"), "at": at, "id": id, "exact": BEGAN}, now=BEGAN).data["given"]
    assert told == {"money": "250.00 ZAR", "at": "2026-01-05T10:00:00Z", "id": str(id), "exact": BEGAN.isoformat()}


@pytest.mark.parametrize("value", [1.5, float("nan"), b"1", {1, 2}, object(), {1: "x"}, datetime.datetime(2026, 1, 5), Decimal("NaN")])
def test_what_json_cannot_say_is_refused_with_its_place(c, begun, value):
    for call in (lambda: c.start("x", {"given": [1, value]}), lambda: c.step(begun, "note", {"given": [1, value]})):
        with pytest.raises((TypeError, ValueError), match=r"^data\.given\[1\]: "):
            call()


def test_nothing_and_null(c, begun):
    # An event without data and one whose data is null are two texts, and mean the same here.
    assert c.step(begun, "note", now=BEGAN).data["given"] is None and c.step(begun, "note", None, now=BEGAN).data["given"] is None
    (logged,) = c.step(begun, "note", None, now=BEGAN).effects
    assert logged.data is None


def test_a_refused_event_leaves_the_session(c, begun):
    once = c.step(begun, "again", now=BEGAN)
    assert once.data["asked"] == 1
    with pytest.raises(thalium.RefusedError) as error:
        c.step(once, "again", now=BEGAN)
    assert (error.value.code, error.value.field) == ("refused", "data") and isinstance(error.value, thalium.ThaliumError)
    assert pickle.loads(pickle.dumps(error.value)).code == "refused"
    assert c.session(once) == once.at and c.step(once, "submitted", {"amount": 1}, now=BEGAN).states == ("approved",)
    done = c.cancel(once, now=BEGAN)
    with pytest.raises(thalium.RefusedError, match="has ended") as error:
        c.step(done, "submitted")
    assert error.value.code == "refused"
    for data in ({"asked": 7}, [1]):
        with pytest.raises(thalium.RefusedError):
            c.start("case-3", data)
    with pytest.raises(thalium.RefusedError):
        c.step(once, "submitted", to="nobody")


def test_effects_are_what_is_to_be_done(begun):
    (asked,) = begun.effects
    assert isinstance(asked, ChartEffect)
    assert (asked.kind, asked.name, asked.target, asked.session, asked.id) == ("send", "ask", "host", "case-1", "first")
    assert asked.data == {"limit": Decimal("100.10"), "documents": ["passport"]} and str(asked.data["limit"]) == "100.10"
    assert asked.src is None and "ask" in asked._repr_html_()


def test_a_service_and_a_chart_that_are_invoked():
    person = {"chart": 1, "id": "person", "states": {"open": {"on": {"known": "done"}}, "done": {"type": "final"}}}
    company = """
chart: 1
id: company
context: { name: null }
initial: asking
states:
  asking: { invoke: { id: owner, src: person, onDone: register } }
  register:
    invoke:
      id: register
      type: register
      src: lookup
      with: { share: 0.250 }
      onDone: { target: found, actions: [{ assign: { name: { expr: { var: event.data.name } } } }] }
  found: { type: final }
"""
    c = Chart.of(company, charts=[person])
    begun = c.start("co", now=BEGAN)
    below = c.step(begun, "known", to="co.0", now=BEGAN)
    (invoked,) = below.effects
    assert (invoked.kind, invoked.type, invoked.src, invoked.id, str(invoked.data["share"])) == ("invoke", "register", "lookup", "register", "0.250")
    found = c.step(below, "done.invoke.register", {"name": "ACME"}, invoke_id="register", now=BEGAN)
    assert found.done and found.data == {"name": "ACME"}
    for wrong in (company, person, 5, None):
        with pytest.raises(TypeError, match="^charts: "):
            Chart.of(company, charts=wrong)
    with pytest.raises(TypeError, match=r"^charts\[1\]: "):
        Chart.of(company, charts=[person, 5])
    with pytest.raises(thalium.ChartError):
        Chart.of(company, charts=["chart: 1"])


def test_a_timer_is_due_to_the_nanosecond(c, begun):
    (timer,) = begun.pending
    assert isinstance(timer.due, Timestamp) and timer.due == BEGAN + HOUR and timer.due.nanoseconds % 1_000 == 7
    assert (timer.session, timer.restore) == ("case-1", "remaining")
    before = Timestamp.from_nanoseconds(timer.due.nanoseconds - 1)
    waits = c.advance(begun, now=before)
    assert waits.states == ("collecting",) and waits.pending == begun.pending
    expired = c.advance(waits, now=timer.due, trace=True)
    assert expired.states == ("expired",) and expired.done and expired.pending == ()
    assert expired.trace[0].event == timer.event and expired.trace[0].entered == ("expired",)
    # What is due happens before an event is heard.
    late = c.step(begun, "submitted", {"amount": 1}, now=timer.due + HOUR)
    assert late.states == ("expired",) and not late.heard
    # What rested for two hours after half of one has half of one left.
    half = BEGAN + HOUR / 2
    resumed = c.resume(begun, half, now=half + 2 * HOUR)
    assert resumed.pending[0].due == timer.due + 2 * HOUR and resumed.states == ("collecting",)
    with pytest.raises(thalium.InvalidError) as error:
        c.resume(begun, "yesterday")
    assert error.value.field == "suspended_at"


def test_the_clock_is_what_was_given(c):
    for now in (BEGAN, str(BEGAN.nanoseconds), BEGAN.isoformat()):
        assert c.start("x", now=now).pending[0].due == BEGAN + HOUR
    at = datetime.datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert c.start("x", now=at).pending[0].due == at + HOUR
    before = datetime.datetime.now(UTC)
    assert c.start("x").pending[0].due > before + HOUR - datetime.timedelta(seconds=1)
    for wrong in (datetime.datetime(2026, 1, 5), 1.5, 7):
        with pytest.raises(TypeError, match="^now: "):
            c.start("x", now=wrong)
    with pytest.raises(thalium.InvalidError) as error:
        c.start("x", now="yesterday")
    assert error.value.field == "now"


def test_a_trace_tells_what_guards_read(c, begun):
    told = c.step(begun, "submitted", {"amount": Decimal("100.110")}, now=BEGAN, trace=True)
    (step,) = told.trace
    (guard,) = step.guards
    assert (step.event, step.exited, step.entered, step.faults) == ("submitted", ("collecting",), ("review",), ())
    assert guard.held is False and guard.path == "states/collecting/on/submitted/0" and step.taken == ("states/collecting/on/submitted/1",)
    assert {read.name: str(read.value) for read in guard.read} == {"event.data.amount": "100.110", "limit": "100.10"}
    assert all(isinstance(read.value, Decimal) for read in guard.read)


def test_a_guard_asks_a_policy(tmp_path):
    text = "chart: 1\nid: a\nstates: {wait: {on: {apply: [{target: open, guard: {rego: kyc/allowed}}, refused]}}, open: {}, refused: {}}"
    files = {
        "kyc/kyc.rego": "package kyc\n\nallowed if input.event.data.amount <= data.kyc.limit\n",
        "kyc/data.json": {"limit": Decimal("100.10")},
    }
    c = Chart.of(text, policy=files)
    begun = c.start("x")
    assert c.step(begun, "apply", {"amount": Decimal("100.10")}).states == ("open",)
    assert c.step(begun, "apply", {"amount": Decimal("100.11")}).states == ("refused",)
    module = tmp_path / "kyc.rego"
    module.write_text("package kyc\n\nallowed := true\n")
    c = Chart.of(text, policy=module)
    assert c.step(c.start("x"), "apply").states == ("open",)
    with pytest.raises(thalium.PolicyError):
        Chart.of(text, policy={"a.rego": "package a\n\nx := \n"})
    with pytest.raises(thalium.PolicyError):
        Chart.of(text, policy=files, keys=[{"algorithm": "HS256", "key": "a secret of the operators"}])
    with pytest.raises(thalium.ChartError):
        Chart.of(text)
    with pytest.raises(TypeError, match="^policy: give a path"):
        Chart.of(text, policy=thalium.Policy.of(files))
    with pytest.raises(TypeError, match="^keys: "):
        Chart.of(text, keys=[])


def test_json_logic_is_strict_unless_it_is_said():
    text = 'chart: 1\nid: a\nstates: {a: {on: {go: {target: b, guard: {"==": [{var: event.data}, "1"]}}}}, b: {}}'
    strict, loose = Chart.of(text, dialect="strict"), Chart.of(text, dialect="javascript")
    assert [c.step(c.start("x"), "go", 1).states for c in (Chart.of(text), strict, loose)] == [("a",), ("a",), ("b",)]
    with pytest.raises(thalium.InvalidError) as error:
        Chart.of(text, dialect="loose")
    assert error.value.field == "dialect"


def test_what_is_no_chart_is_refused(tmp_path):
    with pytest.raises(thalium.ChartError, match=r"^3:\d+: ") as error:
        Chart.of("chart: 1\nid: x\nstates: {a: {colour: red, on: {go: nowhere}}}")
    assert error.value.code == "chart" and isinstance(error.value, ValueError) and "colour" in str(error.value)
    assert {"chart", "refused"} <= set(thalium.codes())
    with pytest.raises(thalium.ThaliumError) as error:
        Chart.open(tmp_path / "nowhere")
    assert error.value.code == "io"
    for call in (lambda: Chart.open(5), lambda: Chart.of(5), lambda: Chart.of(tmp_path), lambda: Chart.of(None)):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ValueError, match="^text: is not UTF-8"):
        Chart.of(b"\xff")


def test_what_is_probably_wrong_is_told(c):
    assert {(one.rule, one.path) for one in c.lint()} == {("undescribed-final", "states/approved"), ("undescribed-final", "states/expired")}
    told = Chart.of("chart: 1\nid: x\nstates:\n  a: {on: {go: a}}\n  b: {on: {go: a}}").lint()
    (found,) = [one for one in told if one.rule == "unreachable-state"]
    assert (found.path, found.row, found.severity) == ("states/b", 5, "warning") and found.message and found.hint


def test_what_waits_for_an_event_that_nothing_makes_is_told():
    c = Chart.of("chart: 1\nid: x\nstates:\n  a: {on: {document.late: b}}\n  b: {on: {go: a}}")
    told = [[one.row for one in c.lint(outside=outside) if one.rule == "unknown-event"] for outside in (None, ["document.*", "go"], ("go",), [])]
    assert told == [[], [], [4], [4, 5]]
    with pytest.raises(TypeError, match="outside: "):
        c.lint(outside="go")


def test_what_is_no_session_is_refused(c, begun):
    other = Chart.of(TEXT.replace("PT1H", "PT2H"))
    for held in ("", "nonsense", begun.session[:-2]):
        with pytest.raises(thalium.InvalidError) as error:
            c.step(held, "submitted")
        assert error.value.field == "session"
    with pytest.raises(thalium.InvalidError, match="version"):
        other.step(begun, "submitted")
    for call in (c.advance, c.cancel, c.session, lambda held: c.step(held, "x"), lambda held: c.resume(held, BEGAN)):
        for wrong in (None, 5, b"s1"):
            with pytest.raises(TypeError, match="^session: "):
                call(wrong)
    with pytest.raises(TypeError, match="^session: "):
        c.draw(session=5)


def test_a_picture_brings_out_the_active_states(c, begun):
    svg = c.draw()
    assert xml.etree.ElementTree.fromstring(svg).tag.endswith("svg") and c._repr_svg_() == svg
    assert c.draw(session=begun) != svg and c.draw("svg", session=begun.session) == c.draw(session=begun.at)
    assert c.draw("mermaid").startswith("stateDiagram-v2") and "class collecting active" in c.draw("mermaid", session=begun)
    with pytest.raises(thalium.InvalidError) as error:
        c.draw("png")
    assert error.value.field == "format"
    with pytest.raises(thalium.InvalidError):
        c.write("yaml")


def test_a_notebook_shows_a_session(c, begun):
    def picture(html):
        return base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html).group(1)).decode()

    for shown in (begun, begun.at, c.session(begun)):
        assert picture(shown._repr_html_()) == c.draw(session=begun) and "100.10" in shown._repr_html_()
    note = c.step(begun, "note", "<script>", now=BEGAN, trace=True)._repr_html_()
    assert "<script>" not in note and "&lt;script&gt;" in note
    # Away from its chart there is no picture.
    assert "<img" not in pickle.loads(pickle.dumps(begun))._repr_html_() and "<img" not in copy.deepcopy(begun)._repr_html_()


def test_a_step_is_a_value(c, begun):
    again = c.start("case-1", now=BEGAN)
    assert again == begun and hash(again) == hash(begun) and again.at == begun.at and c.start("case-2", now=BEGAN) != begun
    assert pickle.loads(pickle.dumps(begun)) == begun and copy.deepcopy(begun) == begun
    assert c.step(pickle.loads(pickle.dumps(begun)), "submitted", {"amount": 1}).done
    assert begun.to_dict()["at"]["session"] == begun.session and begun.session not in repr(begun) and "collecting" in repr(begun)
    with pytest.raises(AttributeError):
        begun.at.done = True
    with pytest.raises(AttributeError):
        begun.session = ""


def test_many_threads_ask_at_once(c, begun):
    told = []

    def ask(n):
        told.extend((n, c.step(begun, "note", n, now=BEGAN).data["given"]) for _ in range(50))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 400 and all(asked == answer for asked, answer in told)
