"""The vectors of core/vectors through Python's own surface."""

import copy
import json
import os
import pathlib
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

import pytest

import thalium
from thalium import IngestReport, Money, Timestamp, _native
from thalium._json import json_text, loads
from thalium._value import Value

FOLDER = pathlib.Path(os.environ.get("THALIUM_VECTORS", pathlib.Path(__file__).parents[2] / "core" / "vectors"))
FILES = sorted(FOLDER.glob("*.json"))
DECISIONS = sorted((FOLDER / "decisions").glob("*.json"))
CASES = sorted((FOLDER / "cases").glob("*.json"))
POLICIES = sorted((FOLDER / "policy").glob("*.json"))
CHARTS = sorted((FOLDER / "charts").glob("*.json"))
WORDED = ("reason", "message")
# What is told as the text of JSON.
IN_JSON = ("data", "value", "asked", "steps")
# Their answers are of this machine and this run; test_ledger.py has them.
OF_THE_MACHINE = {
    "health", "metrics", "drain", "rotate_keys", "rewrap_keys", "check_keys", "export_table", "import_tables", "import_blnk",
    "party_page", "rotate_subject_keys", "check_subject_keys",
}


def submit(t, call):
    return list(t.submit(call.pop("commands"), **call))


def span(call):
    return {python: call.pop(name) for name, python in [("from", "start"), ("to", "end")] if name in call}


def history(t, call):
    return t.history_page(call.pop("account"), **span(call), **call)


def statement(t, call):
    return t.statement(call.pop("account"), **span(call), **call)


def balance_history(t, call):
    told = t.balance_history(call.pop("account"), **span(call), **call)
    return {"account": told.account, "asset": told.asset, "buckets": wire(told.buckets), "next": wire(told.next)}


def volumes(t, call):
    told = t.volumes(**span(call), **call)
    return {"volumes": wire(told.volumes), "next": wire(told.next)}


def list_transfers(t, call):
    names = {"from": "start", "to": "end", "from_date": "start_date", "to_date": "end_date"}
    return t.transfers(**{names.get(name, name): value for name, value in call.items()}).page()


def ingest_trades(t, call):
    if all(isinstance(row, dict) and all(value is None or isinstance(value, str) for value in row.values()) for row in call["trades"]):
        return t.rollups.ingest(**call)
    # What is no text is refused before it is sent; the vectors send it.
    return IngestReport(t._call(json.dumps({"op": "ingest_trades", **call})))


def klines(t, call):
    told = t.klines(call.pop("symbol", ""), call.pop("width"), **span(call), **call)
    return {"klines": wire(told.klines), "next": wire(told.next)}


def load_policy(t, call):
    return t.policies.load(*of_bundle(call), **call)


def of_bundle(call, name="bundle"):
    """A bundle as Python says it; its keys stay with the call."""
    bundle = dict(call.pop(name))
    if "keys" in bundle:
        call["keys"] = bundle.pop("keys")
    return bundle.values()


def list_decisions(t, call):
    after = call.pop("after", None)
    names = {"from": "start", "until": "end"}
    asked = {names.get(name, name): value for name, value in call.items() if name != "open"}
    return t.decisions(**asked, **call.get("open", {})).page(after=after)


def replay_decisions(t, call):
    names = {"from": "start", "until": "end"}
    bundle = of_bundle(call)
    return t.decisions.replay(*bundle, **{names.get(name, name): value for name, value in call.items()})


def define_cases(t, call):
    return t.cases.define(call.pop("kind"), call.pop("charts"), **call)


def change_case(t, call):
    change = call.pop("change")
    do = change.pop("do")
    return getattr(t.cases, CHANGES[do])(call.pop("case"), **change, **call)


def get_case(t, call):
    return t.cases.get(call.pop("case"), **call.pop("open", {}), **call)


def case_log(t, call):
    return t.cases.log_page(**call.pop("open", {}), **call)


def read_callback(t, call):
    headers = [(header.pop("name"), header.pop("value"), *header) for header in call.pop("headers", [])]
    body = call.pop("body").encode()
    address = {"address": call.pop("from")} if "from" in call else {}
    return thalium.kyc.read_callback(call.pop("provider"), headers, body, **address, **call)


# How each change of a case is called in Python: one that is missing here fails.
CHANGES = {
    "return": "return_decision",
    **{
        do: do
        for do in (
            "open", "send", "advance", "assign", "claim", "release", "note", "snooze", "wake", "request_document", "submit_document",
            "decide_document", "attach", "decide", "override", "escalate", "reopen", "cancel", "migrate",
            "callback",
        )
    },
}
# How each operation is called in Python: one that is missing here fails.
SURFACE = {
    "submit": submit,
    "list_assets": lambda t, call: list(t.assets.list(**call)),
    "get_account": lambda t, call: t.accounts.get(call.pop("name"), **call),
    "list_accounts": lambda t, call: t.accounts.page(**call),
    "get_transfer": lambda t, call: t.transfers.get(**call),
    "get_transaction": lambda t, call: list(t.transfers.of_transaction(**call)),
    "list_transfers": list_transfers,
    "list_holds": lambda t, call: t.holds_page(**call),
    "sync": lambda t, call: json.loads(t.sync(**call)),
    "history": history,
    "statement": statement,
    "balance_history": balance_history,
    "volumes": volumes,
    "trial_balance": lambda t, call: list(t.trial_balance(**call)),
    "root": lambda t, call: t.root(**call),
    "check": lambda t, call: t.check(**call),
    "stats": lambda t, call: t.stats(**call),
    "get_party": lambda t, call: t.parties.get(**call),
    "list_parties": lambda t, call: t.parties.page(**call),
    "list_holders": lambda t, call: list(t.parties.holders(**call)),
    "list_grants": lambda t, call: list(t.parties.grants(**call)),
    "list_retentions": lambda t, call: list(t.parties.retentions(**call)),
    "read_data": lambda t, call: t.parties.read(**call),
    "export_party": lambda t, call: t.parties.export(**call),
    "find_parties": lambda t, call: list(t.parties.find(**call)),
    "make_tokens": lambda t, call: list(t.parties.tokens(**call)),
    "mask_digits": lambda t, call: list(t.parties.mask(**call)),
    "access_log": lambda t, call: t.parties.access_log(**call),
    "define_rollup": lambda t, call: t.rollups.define(**call),
    "drop_rollup": lambda t, call: t.rollups.drop(**call),
    "list_rollups": lambda t, call: list(t.rollups.list(**call)),
    "ingest_trades": ingest_trades,
    "correct_trade": lambda t, call: t.rollups.correct(**call),
    "remove_trade": lambda t, call: t.rollups.remove(**call),
    "advance_rollup": lambda t, call: t.rollups.advance(**call),
    "klines": klines,
    "list_symbols": lambda t, call: t.rollups.symbols_page(**call),
    "rollup_changes": lambda t, call: t.rollups.changes(**call),
    "load_policy": load_policy,
    "roll_back_policy": lambda t, call: t.policies.roll_back(**call),
    "drop_policy": lambda t, call: t.policies.drop(**call),
    "list_policies": lambda t, call: list(t.policies.list(**call)),
    "decide_on_record": lambda t, call: t.decide(**call),
    "list_decisions": list_decisions,
    "replay_decisions": replay_decisions,
    "define_cases": define_cases,
    "list_kinds": lambda t, call: list(t.cases.kinds(**call)),
    "set_staff": lambda t, call: t.cases.set_staff(**call),
    "list_staff": lambda t, call: list(t.cases.staff(**call)),
    "change_case": change_case,
    "advance_cases": lambda t, call: t.cases.advance_all(**call),
    "get_case": get_case,
    "list_cases": lambda t, call: t.cases.page(**call),
    "list_queues": lambda t, call: list(t.cases.queues(**call)),
    "case_log": case_log,
    "case_report": lambda t, call: t.cases.report(**call),
    "replay_cases": lambda t, call: t.cases.replay(**call),
    "draw_case": lambda t, call: {"text": t.cases.draw(**call)},
    "rehearse_migration": lambda t, call: t.cases.rehearse_migration(**call),
    "read_mrz": lambda t, call: thalium.kyc.read_mrz(**call),
    "read_callback": read_callback,
    "score_risk": lambda t, call: thalium.kyc.score_risk(call.pop("model"), call.pop("facts"), **call),
    "import_ballerine": lambda t, call: thalium.kyc.import_ballerine(**call),
    "import_rules": lambda t, call: thalium.kyc.import_rules(**call),
    "lint_cases": lambda t, call: thalium.kyc.lint_cases(**call),
}
# Those of cases, and those that need nothing that is open.
OF_CASES = {
    "define_cases", "list_kinds", "set_staff", "list_staff", "change_case", "advance_cases", "get_case", "list_cases", "list_queues",
    "case_log", "case_report", "replay_cases", "draw_case", "rehearse_migration",
}
OF_KYC = {"read_mrz", "read_callback", "score_risk", "import_ballerine", "import_rules", "lint_cases"}
# What those of decisions take, and how a bundle is named: the rest Python cannot say.
OF_DECISIONS = {
    "load_policy": {"name", "bundle", "shadow", "now"},
    "roll_back_policy": {"name"},
    "drop_policy": {"name", "shadow"},
    "list_policies": set(),
    "decide_on_record": {
        "policy", "path", "input", "now", "strict", "subject", "retention", "concerns", "actor", "request_id", "decision_id",
    },
    "list_decisions": {
        "decision_id", "path", "policy", "outcome", "subject", "concerns", "from", "until", "after", "limit", "open", "masks",
    },
    "replay_decisions": {"bundle", "path", "policy", "from", "until", "limit"},
}


def evaluate(p, call):
    value = p.evaluate(**call)
    return {} if value is thalium.UNDEFINED else {"result": value}


# The same of a policy.
OF_POLICIES = {
    "decide": lambda p, call: p.decide(**call),
    "evaluate": evaluate,
    "query_policy": lambda p, call: {"ways": p.query(call.pop("query"), **call)},
    "describe_policy": lambda p, call: p.describe(**call),
    "test_policy": lambda p, call: p.test(**call),
    "explain": lambda p, call: p.explain(**call),
    "lint_policy": lambda p, call: p.lint(**call),
    "filter_rows": lambda p, call: p.filter(**call),
    "diff_policy": lambda p, call: p.diff(*of_bundle(call, "to"), **call),
}
# What each takes: with another field the vectors ask for something that Python cannot say.
ASKED = {
    "decide": {"path", "input", "now", "strict"},
    "evaluate": {"path", "input", "now", "strict"},
    "query_policy": {"query", "input", "now", "strict"},
    "describe_policy": set(),
    "test_policy": {"only", "now", "coverage"},
    "explain": {"path", "input", "now", "strict", "steps", "without_values"},
    "lint_policy": set(),
    "filter_rows": {"path", "input", "now", "row", "alias", "columns", "first_parameter"},
    "diff_policy": {"to"},
}
# What each has to have.
NEEDED = {"path", "query", "columns", "to"}

# The same of a chart.
OF_CHARTS = {
    "describe_chart": lambda c, call: c.describe(**call),
    "lint_chart": lambda c, call: c.lint(**call),
    "draw_chart": lambda c, call: {"text": c.draw(**call)},
    "write_chart": lambda c, call: {"text": c.write(**call)},
    "start_session": lambda c, call: c.start(**call),
    "step_session": lambda c, call: c.step(**call),
    "advance_session": lambda c, call: c.advance(**call),
    "resume_session": lambda c, call: c.resume(**call),
    "cancel_session": lambda c, call: c.cancel(**call),
    "describe_session": lambda c, call: c.session(**call),
}
ASKED_OF_CHARTS = {
    "describe_chart": set(),
    "lint_chart": {"outside"},
    "draw_chart": {"format", "session"},
    "write_chart": {"format"},
    "start_session": {"id", "data", "now", "trace"},
    "step_session": {"session", "event", "data", "invoke_id", "to", "now", "trace"},
    "advance_session": {"session", "now", "trace"},
    "resume_session": {"session", "suspended_at", "now", "trace"},
    "cancel_session": {"session", "now", "trace"},
    "describe_session": {"session"},
}
NEEDED_OF_CHARTS = {
    "start_session": {"id"},
    "step_session": {"session", "event"},
    "advance_session": {"session"},
    "resume_session": {"session", "suspended_at"},
    "cancel_session": {"session"},
    "describe_session": {"session"},
}


def unworded(value):
    """Without what is worded; nothing and null stay what they are."""
    if isinstance(value, dict):
        return {name: unworded(item) for name, item in value.items() if name not in WORDED}
    return [unworded(item) for item in value] if isinstance(value, list) else value


def plain(value):
    """Without what is worded, and without what says nothing."""
    if isinstance(value, dict):
        kept = {name: plain(item) for name, item in value.items() if name not in WORDED}
        return {name: item for name, item in kept.items() if item is not None and item != "" and item != {}}
    return [plain(item) for item in value] if isinstance(value, list) else value


def wire(value, shape=None):
    """Python's values as the vectors have them: what was converted is converted back."""
    if shape == "json":
        # The vectors' are read by the same exact reader.
        return value
    if isinstance(value, Value):
        names = value._names
        return {names.get(name, name): wire(getattr(value, name), value._shapes.get(name)) for name in value._fields}
    if isinstance(value, Money):
        return str(value) if shape == "money" else str(value).partition(" ")[0]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Timestamp):
        return value.isoformat()
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, MappingProxyType):
        return dict(value)
    return [wire(item, shape) for item in value] if isinstance(value, list | tuple) else value


def differences(vector):
    """Where Python says something else than a vector."""
    found = []
    t = thalium.open("memory:", tenant=vector.get("tenant"), origin="", insecure_seed=vector.get("seed"))
    for number, step in enumerate(vector["steps"]):
        call = copy.deepcopy(step["call"])
        is_read = call.get("op") in OF_CASES | OF_KYC
        if "failure" in step:
            told, expected = failed(asked_of_ledger, t, call), step["failure"]
        else:
            viewer = call.pop("viewer", None)
            asked = t if viewer is None else t.seen_by(viewer)
            told = wire(SURFACE[call.pop("op")](asked, call))
            expected = read(step["answer"]) if is_read else step["answer"]
        if shown(plain(told)) != shown(plain(expected)):
            found.append(f"step {number}: expected {plain(expected)}, found {plain(told)}")
    end = {**wire(t.root()), **wire(t.check())}
    if end != vector["end"]:
        found.append(f"end: expected {vector['end']}, found {end}")
    t.close()
    return found


def asked_of_ledger(t, call):
    """What should fail, through Python's own methods if they are of decisions or cases and can say it."""
    op = str(call.get("op"))
    if op in OF_CASES | OF_KYC:
        said = copy.deepcopy(call)
        del said["op"]
        try:
            return SURFACE[op](t, said)
        except (KeyError, TypeError):
            return t._call(json_text(call, "call"))
    if op not in OF_DECISIONS:
        return t._call(json.dumps(call))
    bundle = call.get("bundle", {"path": ""})
    if set(call) - {"op"} <= OF_DECISIONS[op] and set(bundle) - {"keys"} in ({"path"}, {"files"}):
        del call["op"]
        return SURFACE[op](t, call)
    return t._call(json_text(call, "call"))


def failed(call, *arguments):
    """The failure of what should be none."""
    try:
        return f"no failure but {call(*arguments)!r}"
    except thalium.ThaliumError as error:
        return {"code": error.code, "field": error.field}


def opened(which):
    """What opens a policy."""
    fields = dict(which)
    if set(fields) <= {"files", "keys"} and "files" in fields:
        return thalium.Policy.of(**fields)
    if set(fields) <= {"path", "keys"} and "path" in fields:
        return thalium.Policy.open(**fields)
    # Python cannot say it.
    return thalium.Policy(_native.Policy(json.dumps(which)))


def answered(p, call):
    """What comes of a call through Python's own methods; Python cannot say one with a field that there is not."""
    call = copy.deepcopy(call)
    op = call.pop("op")
    if op in OF_POLICIES and ASKED[op] & NEEDED <= set(call) <= ASKED[op] and is_bundle(call.get("to", {"path": ""})):
        return OF_POLICIES[op](p, call)
    return p._call(json_text({"op": op, **call}, "call"))


def is_bundle(which):
    """Whether Python can say it."""
    return isinstance(which, dict) and set(which) - {"keys"} in ({"path"}, {"files"})


def opened_chart(which):
    """What opens a chart."""
    fields = dict(which)
    policy = fields.pop("policy", {"path": ""})
    if is_bundle(policy) and set(fields) <= {"path", "text", "charts", "dialect"} and len({"path", "text"} & set(fields)) == 1:
        if "policy" in which:
            fields.update({"policy": policy.get("files", policy.get("path")), "keys": policy.get("keys")})
        return thalium.Chart.open(**fields) if "path" in fields else thalium.Chart.of(**fields)
    # Python cannot say it.
    return thalium.Chart(_native.Chart(json.dumps(which)))


def answered_by_chart(c, call, last):
    """What comes of a call of a chart. Its session is that of the last answer: in turn as it was answered, and as its text."""
    call = copy.deepcopy(call)
    op = call.pop("op")
    if call.get("session") == "$session":
        call["session"] = last
    if op in OF_CHARTS and NEEDED_OF_CHARTS.get(op, set()) <= set(call) <= ASKED_OF_CHARTS[op]:
        return OF_CHARTS[op](c, call)
    if "session" in call:
        call["session"] = getattr(call["session"], "session", call["session"])
    return c._call(json_text({"op": op, **call}, "call"))


def read(value):
    """An answer of a chart or of cases, with what is the text of JSON read exactly."""
    if isinstance(value, list):
        return [read(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: as_json(item) if name in IN_JSON else read(item) for name, item in value.items()}


def as_json(text):
    try:
        return loads(text)
    except (TypeError, ValueError):
        return text


def chart_differences(vector):
    """Where Python says something else than a vector of charts."""
    found = []
    for number, one in enumerate(vector.get("refused") or []):
        told, expected = failed(opened_chart, one["open"]), one["failure"]
        if plain(told) != plain(expected):
            found.append(f"chart {number}: expected {expected}, found {told}")
    c = opened_chart(vector["open"]) if "open" in vector else None
    last = "$session"
    for number, step in enumerate(vector.get("steps") or []):
        if "failure" in step:
            told, expected = failed(answered_by_chart, c, step["call"], last), step["failure"]
        else:
            told, expected = answered_by_chart(c, step["call"], last), read(step["answer"])
            if hasattr(told, "session"):
                last = told.session if number % 2 else told
            told = wire(told)
        if shown(plain(told)) != shown(plain(expected)):
            found.append(f"step {number}: expected {shown(plain(expected))}, found {shown(plain(told))}")
    return found


def exact(file):
    """A vector of policies, charts, decisions or cases, with exact numbers."""
    return json.loads(file.read_text(), parse_float=Decimal)


def instants(value):
    """An answer with all digits of its instants, as Python has them."""
    if isinstance(value, dict):
        return {name: Timestamp.parse(item).isoformat() if name == "until" else instants(item) for name, item in value.items()}
    return [instants(item) for item in value] if isinstance(value, list) else value


def shown(value):
    """Values that are equal and of the same types look the same: an int is no Decimal."""
    return json.dumps(value, sort_keys=True, default=repr)


def policy_differences(vector):
    """Where Python says something else than a vector of policies."""
    found = []
    for number, one in enumerate(vector.get("refused", [])):
        told, expected = failed(opened, one["open"]), one["failure"]
        if plain(told) != plain(expected):
            found.append(f"bundle {number}: expected {expected}, found {told}")
    p = opened(vector["open"]) if "open" in vector else None
    for number, step in enumerate(vector.get("steps", [])):
        if "failure" in step:
            told, expected = plain(failed(answered, p, step["call"])), plain(step["failure"])
        else:
            told, expected = answered(p, step["call"]), step["answer"]
            if isinstance(told, Value | tuple):
                told, expected = plain(wire(told)), plain(instants(expected))
            else:
                told, expected = unworded(told), unworded(expected)
        if shown(told) != shown(expected):
            found.append(f"step {number}: expected {shown(expected)}, found {shown(told)}")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_python_answers_as_the_vectors_say(file):
    assert differences(json.loads(file.read_text())) == []


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_python_answers_as_the_vectors_of_decisions_say(file):
    assert differences(exact(file)) == []


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_python_answers_as_the_vectors_of_cases_say(file):
    assert differences(exact(file)) == []


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_python_answers_as_the_vectors_of_policies_say(file):
    assert policy_differences(exact(file)) == []


@pytest.mark.parametrize("file", CHARTS, ids=lambda file: file.stem)
def test_python_answers_as_the_vectors_of_charts_say(file):
    assert chart_differences(exact(file)) == []


def test_there_are_vectors():
    assert len(FILES) > 20
    steps = [step for file in POLICIES for name in ("steps", "refused") for step in exact(file).get(name, [])]
    assert len(steps) > 30
    # What is asked of policies is asked of each method.
    assert {step["call"]["op"] for step in steps if "answer" in step} == set(OF_POLICIES)
    charts = [exact(file) for file in CHARTS]
    steps = [step for chart in charts for step in chart.get("steps") or []]
    assert {step["call"]["op"] for step in steps if "answer" in step} == set(OF_CHARTS)
    assert sum(len(chart.get("refused") or []) for chart in charts) > 10
    steps = [step for file in DECISIONS for step in exact(file)["steps"]]
    assert set(OF_DECISIONS) <= {step["call"]["op"] for step in steps if "answer" in step}
    steps = [step for file in CASES for step in exact(file)["steps"] if "answer" in step]
    assert OF_CASES | OF_KYC <= {step["call"]["op"] for step in steps}
    # Every change is made.
    assert {step["call"]["change"]["do"] for step in steps if step["call"]["op"] == "change_case"} == set(CHANGES)


def test_every_operation_is_there():
    of_files = {"backup", "restore", "rehearse", "verify", "inspect", "upgrade", "new_key"}
    # What a customer's device does is of the mobile packages.
    operations = {name: surface for name, surface in _native.operations() if surface != "device"}
    of_policies = {name for name, surface in operations.items() if surface == "policy"}
    assert of_policies == set(OF_POLICIES) == set(ASKED)
    of_charts = {name for name, surface in operations.items() if surface == "chart"}
    assert of_charts == set(OF_CHARTS) == set(ASKED_OF_CHARTS)
    assert {name for name, surface in operations.items() if surface == "decisions"} == set(OF_DECISIONS)
    assert {name for name, surface in operations.items() if surface == "cases"} == OF_CASES
    assert all(callable(getattr(thalium._ledger.Cases, name)) for name in CHANGES.values())
    of_kyc = {name for name, surface in operations.items() if surface == "kyc"}
    assert of_kyc == OF_KYC and all(callable(getattr(thalium.kyc, name)) for name in of_kyc)
    assert {name for name, surface in operations.items() if surface == "files"} == of_files
    assert all(callable(getattr(thalium, name)) for name in of_files)
    assert set(operations) - of_files - of_policies - of_charts == set(SURFACE) | OF_THE_MACHINE
    assert all(callable(getattr(thalium.Thalium, name)) for name in OF_THE_MACHINE - {"export_table", "party_page"})


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    elif value not in (None, ""):
        yield path


def test_a_changed_value_is_noticed():
    vector = json.loads(FILES[0].read_text())
    paths = list(leaves([step.get("answer", step.get("failure")) for step in vector["steps"]]))
    assert len(paths) > 10
    for number, *path in paths[:: max(1, len(paths) // 60)]:
        changed = copy.deepcopy(vector)
        step = changed["steps"][number]
        holder = step["answer" if "answer" in step else "failure"]
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = "changed"
        assert differences(changed), (number, path)
    of_decisions = exact(DECISIONS[0])
    paths = list(leaves([step.get("answer", step.get("failure")) for step in of_decisions["steps"]]))
    for number, *path in paths[:: max(1, len(paths) // 30)]:
        changed = copy.deepcopy(of_decisions)
        step = changed["steps"][number]
        holder = step["answer" if "answer" in step else "failure"]
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = "changed"
        assert path[-1] in WORDED or differences(changed), (number, path)
    for file in CASES:
        of_cases = exact(file)
        paths = list(leaves([step.get("answer", step.get("failure")) for step in of_cases["steps"]]))
        for number, *path in paths[:: max(1, len(paths) // 15)]:
            changed = copy.deepcopy(of_cases)
            step = changed["steps"][number]
            holder = step["answer" if "answer" in step else "failure"]
            for name in path[:-1]:
                holder = holder[name]
            holder[path[-1]] = "changed"
            assert path[-1] in WORDED or differences(changed), (number, path)
    for name in ("events", "root", "state_hash"):
        changed = copy.deepcopy(vector)
        changed["end"][name] = "changed"
        assert differences(changed)


def test_a_changed_value_of_a_policy_is_noticed():
    vector = exact(POLICIES[0])
    paths = list(leaves([step.get("answer", step.get("failure")) for step in vector["steps"]]))
    noticed = 0
    for number, *path in paths:
        if path[-1] in WORDED or path[-1] == "until":
            continue
        changed = copy.deepcopy(vector)
        step = changed["steps"][number]
        # The others are as they were.
        changed["steps"] = [step]
        holder = step["answer" if "answer" in step else "failure"]
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = "changed"
        assert policy_differences(changed), (number, path)
        noticed += 1
    assert noticed > 100


def test_a_changed_value_of_a_chart_is_noticed():
    vector = exact(FOLDER / "charts" / "running.json")
    paths = list(leaves([step.get("answer", step.get("failure")) for step in vector["steps"]]))
    paths = [path for path in paths if path[-1] not in WORDED]
    assert len(paths) > 100
    for number, *path in paths[:: max(1, len(paths) // 60)]:
        changed = copy.deepcopy(vector)
        step = changed["steps"][number]
        holder = step["answer" if "answer" in step else "failure"]
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = "changed"
        assert chart_differences(changed), (number, path)
    refused = exact(FOLDER / "charts" / "refused.json")
    for number in range(len(refused["refused"])):
        changed = copy.deepcopy(refused)
        changed["refused"][number]["failure"]["code"] = "changed"
        assert chart_differences(changed), number
