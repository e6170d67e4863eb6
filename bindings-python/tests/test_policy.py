"""A policy in the hands of a Python programmer."""

import copy
import datetime
import json
import math
import pathlib
import pickle
import threading
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import pytest

import thalium
from thalium import UNDEFINED, Money, Policy, Timestamp, Verdict

UTC = datetime.timezone.utc
POLICIES = pathlib.Path(__file__).parents[2] / "examples" / "policies"
NEW_YEAR = datetime.datetime(2026, 1, 1, tzinfo=UTC)

MODULE = """package desk

default verdict := {"outcome": "deny", "reasons": [{
    "code": 10001, "rule": "desk/limit", "audience": "customer", "severity": "low",
    "message": "More than your limit.", "facts": [{"name": "limit", "value": "100.10"}],
}]}

verdict := {
    "outcome": "allow",
    "obligations": [{"type": "freeze", "until": "2026-01-06T10:00:00.000000001Z"}, {"type": "approvals", "role": "officer", "count": 2}],
} if input.amount <= data.desk.limit

same := input

said := json.marshal(input)

nothing := null

now := time.now_ns()

wrong := {"outcome": "allow", "because": "I say so"}

clash := 1

clash := 2

odd := to_number(input)

big := data.desk.huge * data.desk.huge

parts := {1, 2.50, "x"}
"""
DATA = {"limit": Decimal("100.10"), "huge": 10**40}
EXACT = Decimal("123456789012345678901234567890.123456789012345678")


@pytest.fixture(scope="module")
def p():
    return Policy.of({"desk/desk.rego": MODULE, "desk/data.json": DATA})


def test_a_directory_is_opened_and_decides():
    p = Policy.open(POLICIES)
    asked = json.loads((POLICIES / "inputs" / "aml.json").read_text(), parse_float=Decimal)
    verdict = p.decide("aml/verdict", asked, now=NEW_YEAR)
    assert isinstance(verdict, Verdict) and verdict.outcome in ("allow", "review", "deny")
    assert all(reason.rule.startswith("aml/") for reason in verdict.reasons)
    # What is not known denies.
    assert p.decide("aml/verdict", now=NEW_YEAR).outcome == "deny"
    view = p.describe()
    assert view.revision and len(view.digest) == 64 and "data.aml.verdict" in {rule.name for rule in view.rules}
    assert Policy.open(str(POLICIES)).describe() == view and view.digest[:12] in repr(p)
    tests = p.test(now=NEW_YEAR)
    assert tests.passed > 10 and (tests.failed, [test for test in tests.tests if test.outcome != "passed"]) == (0, [])
    some = p.test("data.aml_test.")
    assert 0 < len(some.tests) < len(tests.tests) and p.test("no such test").tests == ()


def test_a_verdict_is_a_value(p):
    verdict = p.decide("desk/verdict", {"amount": Decimal("100.10")})
    assert (verdict.outcome, verdict.reasons) == ("allow", ())
    freeze, approvals = verdict.obligations
    assert (freeze.type, freeze.until) == ("freeze", Timestamp.parse("2026-01-06T10:00:00.000000001Z"))
    assert (approvals.type, approvals.role, approvals.count, approvals.seconds) == ("approvals", "officer", 2, None)
    denied = p.decide("desk/verdict", {"amount": Decimal("100.11")})
    (reason,) = denied.reasons
    assert (denied.outcome, reason.code, reason.audience, reason.severity) == ("deny", 10001, "customer", "low")
    assert [(fact.name, fact.value) for fact in reason.facts] == [("limit", "100.10")]
    assert pickle.loads(pickle.dumps(denied)) == denied and denied != verdict
    assert denied.to_dict()["reasons"][0]["rule"] == "desk/limit" and "10001" in denied._repr_html_()
    assert p.decide("desk/verdict", {"amount": 1}, strict=True) == p.decide("desk/verdict", {"amount": 1})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.1"), "0.1"),
        (Decimal("100.10"), "100.10"),
        (Decimal("2.5E+2"), "250"),
        (Decimal("1E-8"), "0.00000001"),
        (Decimal("0E+3"), "0"),
        (Decimal("123456789012345678901234567890.123456789012345678"), "123456789012345678901234567890.123456789012345678"),
        (2**53 + 1, "9007199254740993"),
        (-(2**200), str(-(2**200))),
        (True, "true"),
        (None, "null"),
        ('"\\\u0000\u2028é😀', '"\\"\\\\\\u0000\\u2028é😀"'),
    ],
)
def test_what_is_asked_with_arrives_exactly(p, value, text):
    assert p.evaluate("desk/said", value) == text
    told = p.evaluate("desk/same", {"value": [value]})["value"][0]
    assert told == value and type(told) in (type(value), int)


def test_numbers_come_back_exactly(p):
    told = p.evaluate("desk/same", [Decimal("1.50"), 1, Decimal("-0.000000000000000000001"), 10**30])
    assert [type(number) for number in told] == [Decimal, int, Decimal, int]
    assert str(told[0]) == "1.50" and told[1:] == [1, Decimal("-1E-21"), 10**30]
    assert p.evaluate("desk/limit") == Decimal("100.10") and p.evaluate("desk/big") == 10**80
    # Longer than what Python reads and writes in digits of itself.
    for number in (10**9_000 + 1, -(10**9_000), Decimal("0." + "1" * 9_000)):
        assert p.evaluate("desk/same", number) == number
    assert p.evaluate("desk/parts") == [1, Decimal("2.50"), "x"]
    for number in (10**10_001, Decimal("1E+20000"), Decimal("1E-20000"), Decimal("1E+999999999999")):
        with pytest.raises(thalium.InvalidError, match="10000 digits"):
            p.evaluate("desk/same", number)


def test_python_s_own_values_are_written_as_text(p):
    view = thalium.Root({"events": 1, "root": "00"})
    row = namedtuple("row", "a b")(1, "x")
    at = datetime.datetime(2026, 1, 5, 12, 0, 0, 250, datetime.timezone(datetime.timedelta(hours=2)))
    id = thalium.new_id()
    asked = {
        "money": Money("250.00 ZAR"), "amount": Money("250.00 ZAR").amount, "at": at, "day": at.date(), "id": id, "root": view, "row": row,
        "exact": Timestamp.parse("2026-01-05T10:00:00.000000007Z"), "proxy": MappingProxyType({"a": 1}), "tuple": (1, 2),
    }
    assert p.evaluate("desk/same", asked) == {
        "money": "250.00 ZAR", "amount": Decimal("250.00"), "at": "2026-01-05T10:00:00.000250Z", "day": "2026-01-05", "id": str(id),
        "root": view.to_dict(), "row": [1, "x"], "exact": "2026-01-05T10:00:00.000000007Z", "proxy": {"a": 1}, "tuple": [1, 2],
    }


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1.5, TypeError), (float("nan"), TypeError), (Fraction(1, 2), TypeError), (b"1", TypeError), ({1, 2}, TypeError), (1j, TypeError),
        (object(), TypeError), (UNDEFINED, TypeError), (datetime.datetime(2026, 1, 5), TypeError), ({1: "x"}, TypeError),
        (Decimal("NaN"), ValueError), (Decimal("inf"), ValueError), (Decimal("sNaN"), ValueError),
    ],
)
def test_what_json_cannot_say_is_refused_with_its_place(p, value, error):
    calls = [
        lambda: p.decide("desk/verdict", {"party": {"sums": [1, value]}}),
        lambda: p.decide("desk/verdict", {"party": {"sums": [1, value]}}, strict=True),
        lambda: p.evaluate("desk/same", {"party": {"sums": [1, value]}}),
        lambda: p.query("input", {"party": {"sums": [1, value]}}),
        lambda: p.explain("desk/same", {"party": {"sums": [1, value]}}),
    ]
    for call in calls:
        with pytest.raises(error, match=r"^input\.party\.sums\[1\]: "):
            call()
    with pytest.raises(error, match=r"^files\['data.json'\]\.limit: "):
        Policy.of({"data.json": {"limit": value}})


def test_a_float_is_told_what_to_do(p):
    with pytest.raises(TypeError, match="give a Decimal"):
        p.decide("desk/verdict", {"amount": 0.1})
    with pytest.raises(TypeError, match="give a Decimal"):
        p.evaluate("desk/same", math.pi)


def test_depth_is_bounded_and_no_crash(p):
    def nested(depth):
        value = 1
        for _ in range(depth):
            value = [value]
        return value

    assert p.evaluate("desk/same", nested(390)) == nested(390)
    itself = []
    itself.append(itself)
    for value in (nested(500), nested(100_000), itself):
        with pytest.raises(thalium.InvalidError, match="nests|deep") as error:
            p.decide("desk/verdict", value)
        assert (error.value.code, error.value.field) == ("invalid", "input")
    with pytest.raises(ValueError):
        p.decide("desk/verdict", "\ud800")


def test_undefined_is_no_null(p):
    assert p.evaluate("desk/nothing") is None
    assert p.evaluate("desk/odd", "x") is UNDEFINED
    assert p.evaluate("desk/same") is UNDEFINED and p.evaluate("desk/same", None) is None
    assert not UNDEFINED and repr(UNDEFINED) == "undefined" and UNDEFINED is not None
    assert pickle.loads(pickle.dumps(UNDEFINED)) is UNDEFINED and copy.deepcopy(UNDEFINED) is UNDEFINED


def test_a_query_tells_all_ways(p):
    assert p.query("x := [1, 2.5][_]; x > input", 1) == [{"x": Decimal("2.5")}]
    assert p.query("input.a == 2", {"a": 1}) == [] and len(p.query("input.a == 1", {"a": 1})) == 1


def test_an_answer_is_explained(p):
    why = p.explain("desk/verdict", {"amount": Decimal("100.11")})
    assert why.defined and json.loads(why.result)["outcome"] == "deny" and why.error is None and not why.cut
    assert {step.became for step in why.steps} >= {"failed"} and all(step.file == "desk/desk.rego" for step in why.steps)
    assert "input.amount <= data.desk.limit" in why.text and "100.11" in why.text
    hidden = p.explain("desk/verdict", {"amount": Decimal("100.11")}, without_values=True)
    assert "100.11" not in repr(hidden) and "input.amount <= data.desk.limit" in hidden.text
    assert p.explain("desk/same", [EXACT]).result == f"[{EXACT}]"
    assert json.loads(p.explain("desk/limit").result, parse_float=Decimal) == Decimal("100.10")
    assert not p.explain("desk/same").defined and p.explain("desk/same").result is None
    assert p.explain("desk/verdict", {"amount": 1}, steps=1).cut and len(p.explain("desk/verdict", {"amount": 1}, steps=1).steps) == 1
    # That there is no end is told, and is no exception.
    assert p.explain("desk/clash").error and not p.explain("desk/clash").defined
    assert p.explain("desk/odd", "x").error is None and p.explain("desk/odd", "x", strict=True).error
    said = Policy.of({"a.rego": 'package a\n\nx if print("amount", input.amount)\n'}).explain("a/x", {"amount": Decimal("1.50")}).said
    assert said == "a.rego:3: amount 1.50\n"
    with pytest.raises(thalium.InvalidError) as error:
        p.explain("desk/verdikt")
    assert error.value.field == "path"
    with pytest.raises(TypeError, match="^input: a float"):
        p.explain("desk/same", 1.5)


def test_what_is_probably_wrong_is_told(p):
    files = {"a.rego": "package a\n\nimport data.b\n\nx := 1\n"}
    (found,) = [one for one in Policy.of(files).lint() if one.id == "unused-import"]
    assert (found.file, found.row) == ("a.rego", 3) and found.message and found.hint
    assert isinstance(p.lint(), tuple)


def test_tests_tell_what_they_ran():
    files = {
        "a.rego": "package a\n\nx := 1 if input.one\n\ny := 2\n",
        "a_test.rego": "package a_test\n\ntest_x if data.a.x == 1 with input.one as true\n",
    }
    p = Policy.of(files)
    assert p.test().coverage is None
    tests = p.test(coverage=True)
    module = next(file for file in tests.coverage.files if file.file == "a.rego")
    assert tests.passed == 1 and [(rows.first, rows.last) for rows in module.covered] == [(3, 3)]
    assert [(rows.first, rows.last) for rows in module.not_covered] == [(5, 5)] and module.basis_points == 5_000
    assert 0 < tests.coverage.basis_points < 10_000


def test_two_versions_are_compared(p, tmp_path):
    files = {"desk/desk.rego": MODULE.replace("clash := 2", "clash := 3"), "desk/data.json": {**DATA, "limit": EXACT}}
    told = p.diff(files)
    assert isinstance(told, thalium.PolicyDiff) and not told.empty and not told.same
    assert [(rule.path, rule.change) for rule in told.rules] == [("data.desk.clash", "changed")]
    assert told.rules[0].after[0].file == "desk/desk.rego" and told.rules[0].before[0].row > 1
    (limit,) = told.documents
    assert (limit.pointer, limit.change, limit.before, limit.after) == ("/desk/limit", "changed", "100.10", str(EXACT))
    assert (told.before.digest, told.after.digest) == (p.describe().digest, Policy.of(files).describe().digest)
    assert p.diff({"desk/desk.rego": MODULE, "desk/data.json": DATA}).empty and pickle.loads(pickle.dumps(told)) == told
    module = tmp_path / "a.rego"
    module.write_text("package a\n\nx := 1  # one\n")
    written = Policy.of({"a.rego": "package a\n\nx := 1\n"}).diff(module)
    assert written.same and not written.rules
    with pytest.raises(thalium.PolicyError, match="a.rego"):
        p.diff({"a.rego": "package a\n\nx := \n"})
    with pytest.raises(thalium.PolicyError):
        p.diff(files, keys=[{"algorithm": "HS256", "key": "a secret of the operators"}])
    for wrong in (5, None, p):
        with pytest.raises(TypeError, match="^to: "):
            p.diff(wrong)


ROWS = """package accounts

visible if input.row.owner == input.user

visible if {
    input.row.branch in input.branches
    input.row.balance < data.accounts.limit
}

doubled if input.row.balance * 2 < 5

nobody := false if input.row.owner
"""
COLUMNS = {"owner": {"type": "text", "sql": "owner_id"}, "branch": thalium.RowColumn(type="text", nullable=True), "balance": {"type": "number"}}


def test_a_rule_becomes_a_condition_over_rows():
    p = Policy.of({"accounts.rego": ROWS, "accounts/data.json": {"limit": EXACT}})
    asked = {"user": "zodwa", "branches": ["north", "south"]}
    f = p.filter("accounts/visible", asked, columns=COLUMNS, alias="a", first_parameter=2)
    assert f.rows == "some" and '"a"."owner_id" = $' in f.sql and "$1" not in f.sql and "$2::" in f.sql
    bound = [one.text if one.texts is None else list(one.texts) for one in f.parameters]
    assert "zodwa" in bound and str(EXACT) in bound and ["north", "south"] in bound
    assert p.filter("accounts/nobody", columns=COLUMNS).rows == "none"
    moved = p.filter("accounts/visible", {"user": "zodwa"}, columns=COLUMNS, row="input.row", now=NEW_YEAR)
    assert moved.rows == "some" and '"owner_id" = $1::text' in moved.sql
    with pytest.raises(thalium.ThaliumError, match="accounts.rego:10") as error:
        p.filter("accounts/doubled", asked, columns=COLUMNS)
    assert (error.value.code, error.value.field) == ("unsupported", "path")
    with pytest.raises(thalium.InvalidError) as error:
        p.filter("accounts/visible", asked, columns=COLUMNS, first_parameter=0)
    assert error.value.field == "first_parameter"
    with pytest.raises(thalium.InvalidError):
        p.filter("accounts/visible", asked, columns={"owner": {"type": "json"}})
    with pytest.raises(TypeError, match="columns: "):
        p.filter("accounts/visible", asked, columns=["owner"])
    with pytest.raises(TypeError, match=r"^input\.user: a float"):
        p.filter("accounts/visible", {"user": 1.5}, columns=COLUMNS)


def test_the_clock_is_what_was_given(p):
    nanos = 1_767_607_200_000_000_007
    for now in (Timestamp.from_nanoseconds(nanos), str(nanos), "2026-01-05T10:00:00.000000007Z"):
        assert p.evaluate("desk/now", now=now) == nanos
    assert p.evaluate("desk/now", now=datetime.datetime(2026, 1, 5, 10, tzinfo=UTC)) == nanos - 7
    before = datetime.datetime.now(UTC)
    assert Timestamp.from_nanoseconds(p.evaluate("desk/now")) > before - datetime.timedelta(seconds=1)
    for wrong in (datetime.datetime(2026, 1, 5), 1.5, 7):
        with pytest.raises((TypeError, ValueError)):
            p.decide("desk/verdict", {"amount": 1}, now=wrong)
    with pytest.raises(thalium.InvalidError) as error:
        p.decide("desk/verdict", {"amount": 1}, now="yesterday")
    assert error.value.field == "now"


@pytest.mark.parametrize("strict", [False, True])
def test_an_error_is_no_verdict_and_says_so(p, strict):
    for path in ("desk/wrong", "desk/clash", "desk/limit"):
        with pytest.raises(thalium.UndecidedError, match="no permission: deny") as error:
            p.decide(path, {"amount": 1}, strict=strict)
        assert error.value.code == "undecided" and isinstance(error.value, thalium.ThaliumError)
        assert pickle.loads(pickle.dumps(error.value)).code == "undecided"
    with pytest.raises(thalium.InvalidError, match="no permission: deny") as error:
        p.decide("desk/verdikt", {"amount": 1}, strict=strict)
    assert (error.value.code, error.value.field) == ("invalid", "path")


def test_strict_makes_errors_of_functions_errors(p):
    assert p.evaluate("desk/odd", "x") is UNDEFINED
    with pytest.raises(thalium.UndecidedError):
        p.evaluate("desk/odd", "x", strict=True)
    with pytest.raises(thalium.UndecidedError):
        p.query("to_number(input)", "x", strict=True)
    with pytest.raises(thalium.InvalidError) as error:
        p.query("x :=")
    assert error.value.field == "query"


def test_what_is_no_bundle_is_refused(tmp_path):
    with pytest.raises(thalium.PolicyError, match="a.rego") as error:
        Policy.of({"a.rego": "package a\n\nx := \n"})
    assert error.value.code == "policy" and isinstance(error.value, ValueError)
    with pytest.raises(thalium.PolicyError):
        Policy.of({"a.rego": "package a"}, keys=[{"algorithm": "HS256", "key": "a secret of the operators"}])
    with pytest.raises(thalium.ThaliumError) as error:
        Policy.open(tmp_path / "nowhere")
    assert error.value.code == "io"
    assert {"policy", "undecided"} <= set(thalium.codes())
    wrong = [
        lambda: Policy.open(5), lambda: Policy.of("package a"), lambda: Policy.of({"a.rego": 5}), lambda: Policy.of({5: "package a"}),
        lambda: Policy.of({"a.rego": "package a"}, keys={"algorithm": "HS256", "key": "x"}), lambda: Policy.of({"a.rego": "package a"}, keys=5),
    ]
    for call in wrong:
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ValueError, match=r"files\['a.rego'\]"):
        Policy.of({"a.rego": b"\xff"})
    with pytest.raises(thalium.InvalidError):
        Policy.of({"a.rego": "package a"}, keys=[{"algorithm": "HS256", "secret": "x"}])


def test_files_are_text_bytes_or_mappings(tmp_path):
    files = {"a/a.rego": b"package a\n\nlimit := data.a.most * 2\n", "a/data.json": {"most": Decimal("0.05")}}
    assert Policy.of(files).evaluate("a/limit") == Decimal("0.1")
    assert Policy.of({**files, "a/data.json": '{"most": 3}'}).evaluate("a/limit") == 6
    module = tmp_path / "b.rego"
    module.write_text("package b\n\nx := 1\n")
    assert Policy.open(module).evaluate("b/x") == 1


def test_many_are_decided_in_their_order(p):
    amounts = [Decimal("1"), Decimal("100.11"), 100]
    rows = [{"amount": amount} for amount in amounts]
    for inputs in (rows, tuple(rows), iter(rows)):
        assert [verdict.outcome for verdict in p.decide_many("desk/verdict", inputs)] == ["allow", "deny", "allow"]
    assert p.decide_many("desk/verdict", []) == []
    for wrong in ({"amount": 1}, "rows", 5, None):
        with pytest.raises(TypeError, match="inputs: "):
            p.decide_many("desk/verdict", wrong)
    with pytest.raises(TypeError, match=r"^inputs\[1\]\.amount: "):
        p.decide_many("desk/verdict", [{"amount": 1}, {"amount": 1.0}])
    with pytest.raises(thalium.UndecidedError, match=r"^inputs\[0\]: .*no permission"):
        p.decide_many("desk/wrong", rows)


@pytest.mark.parametrize("library", ["polars", "pandas", "pyarrow"])
def test_a_table_is_decided_row_by_row(p, library):
    tables = pytest.importorskip(library)
    columns = {"amount": [Decimal("1.00"), Decimal("100.11")], "client": ["c1", "c2"], "count": [1, 2]}
    table = tables.table(columns) if library == "pyarrow" else tables.DataFrame(columns)
    assert [verdict.outcome for verdict in p.decide_many("desk/verdict", table)] == ["allow", "deny"]
    floats = {"amount": [1.0]}
    with pytest.raises(TypeError, match=r"^inputs\[0\]\.amount: a float"):
        p.decide_many("desk/verdict", tables.table(floats) if library == "pyarrow" else tables.DataFrame(floats))


def test_numpy_s_whole_numbers_are_whole(p):
    numpy = pytest.importorskip("numpy")
    assert p.evaluate("desk/same", [numpy.int64(2**62), numpy.uint8(7)]) == [2**62, 7]
    for value in (numpy.float64(1), numpy.float32(1), numpy.array([1])):
        with pytest.raises(TypeError):
            p.evaluate("desk/same", value)


def test_many_threads_ask_at_once(p):
    told = []

    def ask(n):
        told.extend((n, p.evaluate("desk/same", {"n": n})["n"]) for _ in range(100))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 800 and all(asked == answer for asked, answer in told)
