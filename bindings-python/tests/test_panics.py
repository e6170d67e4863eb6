"""A panic in any export becomes an exception, and the process lives. Needs a build with the feature `test-hooks`."""

import json

import pytest

import thalium
from thalium import _native, _types  # noqa: F401

pytestmark = pytest.mark.skipif(not hasattr(_native, "_panic_next"), reason="the build has no test hooks")


def table():
    columns = _native.Columns()
    for name, values in [("key", ["a"]), ("from", ["x"]), ("to", ["y"]), ("amount", ["1"])]:
        columns.texts(name, values)
    return columns


EXPORTS = {
    "open": lambda ledger: _native.Ledger("memory:", "{}"),
    "call": lambda ledger: ledger.call('{"op":"root"}'),
    "post_columns": lambda ledger: ledger.post_columns(table(), "ZAR"),
    "transfer_columns": lambda ledger: ledger.transfer_columns("{}"),
    "account_columns": lambda ledger: ledger.account_columns(),
    "is_open": lambda ledger: ledger.is_open(),
    "close": lambda ledger: ledger.close(),
    "run": lambda ledger: _native.run('{"op":"verify","ledger":"x"}'),
    "codes": lambda ledger: _native.codes(),
    "operations": lambda ledger: _native.operations(),
    "new_id": lambda ledger: _native.new_id(),
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
    methods = {name for name in dir(_native.Ledger) if not name.startswith("_")}
    functions = {name for name in dir(_native) if not name.startswith("_") and callable(getattr(_native, name))}
    # Columns converts what Python holds and calls nothing of the ledger's.
    assert methods | (functions - {"Ledger", "Columns"}) | {"open"} == set(EXPORTS)
