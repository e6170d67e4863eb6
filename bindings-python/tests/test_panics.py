"""A panic in any export becomes an exception, and the process lives. Needs a build with the feature `test-hooks`."""

import json

import pytest

import thalium
from thalium import _native

pyarrow = pytest.importorskip("pyarrow")

pytestmark = pytest.mark.skipif(not hasattr(_native, "_panic_next"), reason="the build has no test hooks")


COLUMNS = _native.Columns()


def table():
    columns = _native.Columns()
    for name, values in [("key", ["a"]), ("from", ["x"]), ("to", ["y"]), ("amount", ["1"])]:
        columns.texts(name, values)
    return columns


TABLE = table()
OUTCOMES = _native.Ledger("memory:", "{}").post_columns(table(), "ZAR")
BATCHES = OUTCOMES.table()
BUNDLE = json.dumps({"files": {"a.rego": "package a\n\nverdict := {\"outcome\": \"allow\"}\n"}})
POLICY = _native.Policy(BUNDLE)
CHART = _native.Chart(json.dumps({"text": "{chart: 1, id: a, states: {a: {}}}"}))

EXPORTS = {
    "Ledger": lambda ledger: _native.Ledger("memory:", "{}"),
    "Ledger.call": lambda ledger: ledger.call('{"op":"root"}'),
    "Ledger.post_columns": lambda ledger: ledger.post_columns(TABLE, "ZAR"),
    "Ledger.ingest_columns": lambda ledger: ledger.ingest_columns(TABLE, '{"rollup":"klines"}'),
    "Ledger.transfer_columns": lambda ledger: ledger.transfer_columns("{}"),
    "Ledger.account_columns": lambda ledger: ledger.account_columns(),
    "Ledger.is_open": lambda ledger: ledger.is_open(),
    "Ledger.close": lambda ledger: ledger.close(),
    "Policy": lambda ledger: _native.Policy(BUNDLE),
    "Policy.decide": lambda ledger: POLICY.decide("a/verdict"),
    "Policy.call": lambda ledger: POLICY.call('{"op":"describe_policy"}'),
    "Chart": lambda ledger: _native.Chart(json.dumps({"text": "{chart: 1, id: a, states: {a: {}}}"})),
    "Chart.call": lambda ledger: CHART.call('{"op":"describe_chart"}'),
    "run": lambda ledger: _native.run('{"op":"verify","ledger":"x"}'),
    "codes": lambda ledger: _native.codes(),
    "operations": lambda ledger: _native.operations(),
    "new_id": lambda ledger: _native.new_id(),
    "Columns": lambda ledger: _native.Columns(),
    "Columns.stream": lambda ledger: COLUMNS.stream(pyarrow.table({"a": [1]}).__arrow_c_stream__(), []),
    "Columns.batch": lambda ledger: COLUMNS.batch(*pyarrow.record_batch({"a": [1]}).__arrow_c_array__(), []),
    "Columns.array": lambda ledger: COLUMNS.array("a", *pyarrow.array([1]).__arrow_c_array__()),
    "Columns.buffer": lambda ledger: COLUMNS.buffer("a", "q", 8, bytes(8)),
    "Columns.texts": lambda ledger: COLUMNS.texts("a", ["b"]),
    "Batches.stream": lambda ledger: BATCHES.stream(),
    "Batches.rows": lambda ledger: BATCHES.rows(),
    "Batches.names": lambda ledger: BATCHES.names(),
    "Batches.numbers": lambda ledger: BATCHES.numbers("sequence", 0),
    "Outcomes.counts": lambda ledger: OUTCOMES.counts(),
    "Outcomes.statuses": lambda ledger: OUTCOMES.statuses(),
    "Outcomes.sequences": lambda ledger: OUTCOMES.sequences(),
    "Outcomes.timestamps": lambda ledger: OUTCOMES.timestamps(),
    "Outcomes.table": lambda ledger: OUTCOMES.table(),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_panic_is_an_exception(name):
    ledger = _native.Ledger("memory:", "{}")
    _native._panic_next()
    with pytest.raises(thalium.StoppedError) as error:
        EXPORTS[name](ledger)
    assert error.value.code == "panicked" and "a panic was asked for" in str(error.value)
    assert json.loads(ledger.call('{"op":"root"}'))["events"] == 1


def test_every_export_is_made_to_panic():
    exports = {name for name in dir(_native) if not name.startswith("_") and callable(getattr(_native, name))}
    classes = {name for name in exports if isinstance(getattr(_native, name), type)}
    methods = {f"{of}.{name}" for of in classes for name in dir(getattr(_native, of)) if not name.startswith("_")}
    assert methods | exports - {"Batches", "Outcomes"} == set(EXPORTS)
