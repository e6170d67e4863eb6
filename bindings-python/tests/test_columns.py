"""Columns in and out, with the libraries that people use and without."""

from array import array
from decimal import Decimal

import pytest

import thalium
from thalium import currency

pyarrow = pytest.importorskip("pyarrow")
polars = pytest.importorskip("polars")
pandas = pytest.importorskip("pandas")
numpy = pytest.importorskip("numpy")

zar = currency("ZAR")


@pytest.fixture
def t():
    with thalium.open("memory:") as ledger:
        ledger.assets.create(code="BTC", scale=8)
        ledger.accounts.create(key="bank", asset="ZAR", kind="asset", id=1)
        ledger.accounts.create(key="c1", asset="ZAR", kind="liability", id=2)
        ledger.accounts.create(key="vault", asset="BTC", kind="asset")
        ledger.accounts.create(key="c1:BTC", asset="BTC", kind="liability")
        yield ledger


ROWS = {"key": ["a", "b"], "src": ["bank", "c1"], "dst": ["c1", "bank"], "amount": ["10.00", "2.50"]}


def tables():
    decimals = {**ROWS, "amount": [Decimal("10.00"), Decimal("2.50")]}
    units = {name: values for name, values in ROWS.items() if name != "amount"}
    yield "mapping", ROWS
    yield "decimals", decimals
    yield "polars", polars.DataFrame(ROWS)
    yield "polars decimals", polars.DataFrame(decimals)
    yield "polars categories", polars.DataFrame(ROWS).with_columns(polars.col("src", "dst").cast(polars.Categorical))
    yield "pandas", pandas.DataFrame(ROWS)
    yield "pyarrow", pyarrow.table(decimals)
    yield "pyarrow in chunks", pyarrow.concat_tables([pyarrow.table(ROWS).slice(0, 1), pyarrow.table(ROWS).slice(1)])
    yield "dictionaries", pyarrow.table({**ROWS, "src": pyarrow.array(ROWS["src"]).dictionary_encode()})
    yield "numpy", {**units, "units": numpy.array([1_000, 250])}
    yield "array", {**units, "units": array("Q", [1_000, 250])}
    yield "list", {**units, "units": [1_000, 250]}
    ids = numpy.array([1, 2], dtype="u8")
    yield "ids", {"id": numpy.array([7, 8]), "src": ids, "dst": ids[::-1], "units": numpy.array([1_000, 250], dtype="i4")}
    raw = numpy.frombuffer(b"".join(n.to_bytes(16, "big") for n in (7, 8)), dtype="u1").reshape(2, 16)
    yield "bytes", {**units, "key": ROWS["key"], "units": numpy.array([1_000, 250])} | {"id": raw}


@pytest.mark.parametrize(("name", "table"), list(tables()), ids=lambda value: value if isinstance(value, str) else "")
def test_tables_of_every_library_book_the_same(t, name, table):
    done = t.post_columns(table)
    assert (done.booked, done.replayed, done.rejected) == (2, 0, 0)
    assert t.accounts["c1"].balance == zar("7.50")
    told = polars.DataFrame(done.table)
    assert told["status"].to_list() == ["created", "created"] and told["sequence"].to_list()[0] > 0


def test_a_refused_row_stops_no_other(t):
    done = t.post_columns({**ROWS, "src": ["bank", "nobody"]}, asset="ZAR")
    assert tuple(done) == (1, 0, 1)
    told = done.table.to_pandas()
    assert told["status"].tolist() == ["created", "debit_account_not_found"] and told["ok"].tolist() == [True, False]
    assert tuple(t.post_columns({**ROWS, "src": ["bank", "nobody"]}, asset="ZAR")) == (0, 1, 1)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount": [10.0, 2.5]}, TypeError),
        ({"amount": numpy.array([10.0, 2.5])}, TypeError),
        ({"amount": [True, False]}, TypeError),
        ({"amount": ["10.00"]}, ValueError),
        ({"amount": ["10.00", "-2"]}, ValueError),
        ({"amount": ["10.00", None]}, ValueError),
        ({"amount": ["10.00", "2.505"]}, ValueError),
        ({"units": [1, 2]}, ValueError),
        ({"amonut": ["1", "2"]}, ValueError),
        ({"src": ["bank", ""]}, ValueError),
        ({"src": 5}, TypeError),
        ({"code": numpy.array([1, 70_000])}, ValueError),
        ({"src": numpy.zeros((2, 3))}, TypeError),
        ({"src": numpy.array([1, 2], dtype=">u8")}, TypeError),
    ],
)
def test_nothing_is_booked_of_what_cannot_be_read(t, change, error):
    with pytest.raises(error):
        t.post_columns({**ROWS, **change})
    assert t.stats().transfers == 0


def test_what_is_no_table_is_refused(t):
    for wrong in [None, 5, [ROWS], "a"]:
        with pytest.raises(TypeError):
            t.post_columns(wrong)
    with pytest.raises(ValueError):
        t.post_columns({name: values for name, values in ROWS.items() if name != "src"})
    table = polars.DataFrame(ROWS).with_columns(polars.col("amount").cast(polars.Float64))
    with pytest.raises(thalium.InvalidError, match="float"):
        t.post_columns(table)


def test_mixed_assets_carry_units_scale_and_asset(t):
    t.post_columns(ROWS)
    t.post(key="coins", src="vault", dst="c1:BTC", amount="0.5")
    told = t.transfers().to_polars()
    assert told["asset"].to_list() == ["ZAR", "ZAR", "BTC"] and told["scale"].to_list() == [2, 2, 8]
    assert [int(units) for units in told["units"]] == [1_000, 250, 50_000_000]
    assert told["timestamp"].dtype == polars.Datetime("ns", "UTC")
    assert t.transfers(account="c1").to_pandas()["key"].tolist() == ["a", "b"]
    assert t.transfers(limit=1).to_arrow().num_rows == 1
    assert polars.DataFrame(t.transfers(asset="BTC")).height == 1
    accounts = t.accounts.columns().to_polars()
    assert accounts.filter(polars.col("key") == "c1")["available"].to_list() == ["7.50"]
    table = t.transfers().columns()
    assert table.to_arrow() == table.to_arrow() and len(table) == 3 and "units" in table.names
    with pytest.raises(thalium.InvalidError):
        t.transfers(account="nobody").to_arrow()


def test_what_was_read_can_be_booked_elsewhere(t):
    t.post_columns(ROWS)
    told = t.transfers().to_polars().select("key", "from", "to", "units")
    with thalium.open("memory:") as other:
        other.accounts.create(key="bank", asset="ZAR", kind="asset", id=1)
        other.accounts.create(key="c1", asset="ZAR", kind="liability", id=2)
        assert other.post_columns(told).booked == 2
        assert other.accounts["c1"].balance == t.accounts["c1"].balance


def test_numbers_come_by_the_buffer_protocol(t):
    done = t.post_columns({**ROWS, "src": ["bank", "nobody"]}, asset="ZAR")
    assert [view.format for view in (done.statuses, done.sequences, done.timestamps)] == ["H", "Q", "q"]
    assert done.statuses[0] == 0 and done.statuses[1] > 0
    table = done.table.to_arrow()
    assert done.sequences.tolist() == [table["sequence"][0].as_py(), 0]
    assert numpy.asarray(done.timestamps).dtype == "i8"
    assert done.timestamps.tolist() == [row.value for row in table["timestamp"]]
    assert done.table.column("ok").tolist() == [True, False]
    t.post(key="coins", src="vault", dst="c1:BTC", amount="0.5")
    read = t.transfers().columns()
    assert numpy.asarray(read.column("units")).tolist() == [1_000, 50_000_000]
    assert read.column("scale").tolist() == [2, 8] and len(read.column("timestamp")) == 2


@pytest.mark.parametrize(
    ("column", "error", "why"),
    [("units", ValueError, "64 bits"), ("asset", TypeError, "texts"), ("colour", KeyError, "colour")],
)
def test_a_buffer_holds_what_it_can_hold_and_nothing_else(t, column, error, why):
    t.assets.create(code="WEI", scale=18)
    t.accounts.create(key="mine", asset="WEI", kind="asset")
    t.accounts.create(key="theirs", asset="WEI", kind="liability")
    t.post(key="large", src="mine", dst="theirs", amount="9223372036854775808")
    with pytest.raises(error, match=why):
        t.transfers().columns().column(column)


def test_what_is_missing_stands_for_nothing_that_was_not_said(t):
    done = t.post_columns({**ROWS, "src": ["bank", "nobody"]}, asset="ZAR").table
    with pytest.raises(ValueError, match="missing"):
        done.column("sequence")
    assert done.column("sequence", missing=0)[1] == 0
    with pytest.raises(ValueError, match="64 bits"):
        done.column("sequence", missing=-1)
