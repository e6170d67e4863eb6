"""Tables of trades into candles, with the libraries that people use."""

import asyncio
import datetime
from decimal import Decimal

import pytest

import thalium

pyarrow = pytest.importorskip("pyarrow")
polars = pytest.importorskip("polars")
pandas = pytest.importorskip("pandas")

UTC = datetime.timezone.utc
TEN = datetime.datetime(2026, 3, 10, 10, tzinfo=UTC)
NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=UTC)
NANOS = int(TEN.timestamp()) * 1_000_000_000
ROWS = range(200)


def seconds(row):
    # Not in the order of time.
    return row * 7 % 600


def trade(row):
    """A trade as a mapping."""
    return {
        "symbol": ["BTC-ZAR", "ETH-ZAR", "SOL-ZAR"][row % 3],
        "at": TEN + datetime.timedelta(seconds=seconds(row)),
        "id": row,
        "price": Decimal(10_000 + row * 31 % 500).scaleb(-2),
        "quantity": Decimal(row % 7 + 1).scaleb(-1),
        "taker": ["buyer", "seller", None][row % 4 % 3],
    }


TRADES = [trade(row) for row in ROWS]


def arrow(**other):
    """The same trades as a table, with other columns where some are given."""
    columns = {
        "symbol": pyarrow.array([one["symbol"] for one in TRADES]),
        "at": pyarrow.array([one["at"] for one in TRADES], pyarrow.timestamp("us", "UTC")),
        "id": pyarrow.array([one["id"] for one in TRADES], pyarrow.uint64()),
        "price": pyarrow.array([one["price"] for one in TRADES], pyarrow.decimal128(38, 2)),
        "quantity": pyarrow.array([one["quantity"] for one in TRADES], pyarrow.decimal128(20, 1)),
        "taker": pyarrow.array([one["taker"] for one in TRADES]),
    }
    columns.update(other)
    return pyarrow.table({name: column for name, column in columns.items() if column is not None})


class Batch:
    """Rows that are handed out as one array, and in no other way."""

    def __init__(self, of):
        self.of = of

    def __arrow_c_array__(self, requested_schema=None):
        return self.of.__arrow_c_array__(requested_schema)


def tables():
    table = arrow()
    naive = [one["at"].replace(tzinfo=None) for one in TRADES]
    nanos = [NANOS + seconds(row) * 1_000_000_000 for row in ROWS]
    yield "pyarrow", table
    yield "a record batch", table.to_batches()[0]
    yield "a record batch as an array", Batch(table.to_batches()[0])
    yield "in chunks", pyarrow.concat_tables([table.slice(0, 3), table.slice(3, 0), table.slice(3, 100), table.slice(103)])
    yield "a slice", pyarrow.concat_tables([table.slice(0, 50), table]).combine_chunks().slice(50)
    yield "a reader", pyarrow.RecordBatchReader.from_stream(table)
    yield "large text", arrow(symbol=table["symbol"].cast(pyarrow.large_string()))
    for kind in (pyarrow.int8(), pyarrow.int32(), pyarrow.uint32(), pyarrow.int64()):
        coded = table["symbol"].combine_chunks().dictionary_encode().cast(pyarrow.dictionary(kind, pyarrow.string()))
        yield f"a dictionary by {kind}", arrow(symbol=coded, taker=table["taker"].combine_chunks().dictionary_encode())
    yield "seconds without a zone", arrow(at=pyarrow.array(naive, pyarrow.timestamp("s")))
    yield "milliseconds of a zone", arrow(at=table["at"].cast(pyarrow.timestamp("ms", "Africa/Johannesburg")))
    yield "nanoseconds", arrow(at=pyarrow.array(nanos, pyarrow.timestamp("ns")))
    yield "whole nanoseconds", arrow(at=pyarrow.array(nanos, pyarrow.int64()))
    yield "ids with a sign", arrow(id=table["id"].cast(pyarrow.int64()))
    yield "digits that are zeros", arrow(price=table["price"].cast(pyarrow.decimal128(38, 9)))
    yield "decimal text", arrow(price=pyarrow.array([str(one["price"]) for one in TRADES]))
    units = pyarrow.array([10_000 + row * 31 % 500 for row in ROWS], pyarrow.int64())
    yield "units", arrow(price=None, price_units=units)
    yield "units without a sign", arrow(price=None, price_units=units.cast(pyarrow.uint64()))
    frame = polars.DataFrame(table)
    yield "polars", frame
    yield "polars categories", frame.with_columns(polars.col("symbol", "taker").cast(polars.Categorical))
    yield "pandas", table.to_pandas(types_mapper=pandas.ArrowDtype)


def open_ledger():
    ledger = thalium.open("memory:")
    ledger.rollups.define("klines", levels=["1m", "1h"], delay="0s", price_scale=2, quantity_scale=2)
    return ledger


@pytest.fixture
def t():
    with open_ledger() as ledger:
        yield ledger


def candles(ledger):
    return [ledger.klines(symbol, width).to_dicts() for symbol in ("BTC-ZAR", "ETH-ZAR", "SOL-ZAR") for width in ("1m", "1h")]


@pytest.fixture(scope="module")
def expected():
    with open_ledger() as ledger:
        assert ledger.rollups.ingest("klines", TRADES, now=NOON).taken == len(TRADES)
        return candles(ledger)


@pytest.mark.parametrize(("name", "table"), list(tables()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_table_comes_to_what_its_rows_come_to(t, expected, name, table):
    told = t.rollups.ingest("klines", table, now=NOON)
    assert isinstance(told, thalium.IngestReport)
    assert (told.taken, told.again, told.refused, told.faults) == (len(TRADES), 0, 0, ())
    assert candles(t) == expected
    assert t.rollups.ingest("klines", TRADES, now=NOON).again == len(TRADES)


def test_ids_and_takers_may_be_left_out(t):
    table = arrow(id=None, taker=None)
    for again in (1, 2):
        assert t.rollups.ingest("klines", table, now=NOON).taken == len(TRADES)
        assert t.rollups.list()[0].trades == again * len(TRADES)
    assert t.klines("BTC-ZAR", "1h")[0].buy_volume == 0


def test_columns_may_have_other_names(t, expected):
    names = ["pair", "time", "id", "price", "size", "taker"]
    table = arrow().rename_columns(names)
    columns = {"symbol": "pair", "at": "time", "quantity": "size"}
    assert t.rollups.ingest("klines", table, columns=columns, now=NOON).taken == len(TRADES)
    assert candles(t) == expected
    batch = Batch(table.to_batches()[0])
    assert t.rollups.ingest("klines", batch, columns=columns, now=NOON).again == len(TRADES)
    with pytest.raises(TypeError, match="columns"):
        t.rollups.ingest("klines", TRADES, columns=columns)


def nothing(values, row):
    return [None if place == row else value for place, value in enumerate(values)]


FLOATS = pyarrow.array([float(one["price"]) for one in TRADES])
DIGITS = [one["price"] + (Decimal("0.001") if row == 42 else 0) for row, one in enumerate(TRADES)]
NEGATIVE = [-one["price"] if row == 42 else one["price"] for row, one in enumerate(TRADES)]
TEXTS = ["1,5" if row == 42 else "1.5" for row in ROWS]
IDS = [1 << 63 if row == 42 else row for row in ROWS]
SYMBOLS = [one["symbol"] for one in TRADES]
LATE = [NOON + datetime.timedelta(hours=1) if row == 42 else one["at"] for row, one in enumerate(TRADES)]


@pytest.mark.parametrize(
    ("other", "field", "why"),
    [
        ({"price": FLOATS}, "price", r"is a float.*cast it to decimal128\(38, 2\)"),
        ({"price": FLOATS.cast(pyarrow.float32())}, "price", "is a float"),
        ({"quantity": pyarrow.array(list(ROWS))}, "quantity", "name it `quantity_units`"),
        ({"price": pyarrow.array([b"1"] * len(ROWS))}, "price", "has the type Binary"),
        ({"price_units": pyarrow.array(list(ROWS))}, "price_units", "beside `price`"),
        ({"price": None}, "price", "is missing, and `price_units` too"),
        ({"symbol": None}, "symbol", "is missing"),
        ({"at": None}, "at", "is missing"),
        ({"at": pyarrow.array(["2026-03-10"] * len(ROWS))}, "at", "give timestamps"),
        ({"id": pyarrow.array([str(row) for row in ROWS])}, "id", "give int64 or uint64"),
        ({"taker": pyarrow.array([row == 0 for row in ROWS])}, "taker", "as text"),
        ({"amount": pyarrow.array(list(ROWS))}, "amount", "is not known; there are at, symbol"),
    ],
    ids=str,
)
def test_a_column_that_is_none_of_trades_is_refused(t, other, field, why):
    for bad_rows in ("refuse", "keep"):
        with pytest.raises(thalium.InvalidError, match=why) as error:
            t.rollups.ingest("klines", arrow(**other), bad_rows=bad_rows, now=NOON)
        assert (error.value.code, error.value.field) == ("invalid", field)
    assert t.rollups.list()[0].trades == 0


@pytest.mark.parametrize(
    ("other", "field", "why"),
    [
        ({"price": pyarrow.array(DIGITS, pyarrow.decimal128(38, 3))}, "price", "has more than 2 digits behind the point"),
        ({"price": pyarrow.array(NEGATIVE, pyarrow.decimal128(38, 2))}, "price", "is below zero"),
        ({"price": pyarrow.array(TEXTS)}, "price", "expected a digit"),
        ({"price": pyarrow.array(nothing(TEXTS, 42))}, "price", "is missing"),
        ({"symbol": pyarrow.array(nothing(SYMBOLS, 42))}, "symbol", "is missing"),
        ({"symbol": pyarrow.array(nothing(SYMBOLS, 42)).dictionary_encode()}, "symbol", "is missing"),
        ({"symbol": pyarrow.array(["" if row == 42 else "A-B" for row in ROWS])}, "symbol", "no name"),
        ({"symbol": pyarrow.array(["é" * 65 if row == 42 else "A-B" for row in ROWS])}, "symbol", "no name"),
        ({"at": pyarrow.array(nothing([one["at"] for one in TRADES], 42), pyarrow.timestamp("us", "UTC"))}, "at", "is missing"),
        ({"at": pyarrow.array([0 if row == 42 else NANOS for row in ROWS])}, "at", "is no instant"),
        ({"at": pyarrow.array(LATE, pyarrow.timestamp("s", "UTC"))}, "at", "ahead of the clock"),
        ({"id": pyarrow.array(nothing(ROWS, 42))}, "id", "is missing"),
        ({"id": pyarrow.array(IDS, pyarrow.uint64())}, "id", "below 2^63"),
        ({"id": pyarrow.array([-1 if row == 42 else row for row in ROWS])}, "id", "below 2^63"),
        ({"taker": pyarrow.array(["me" if row == 42 else None for row in ROWS])}, "taker", "neither `buyer` nor `seller`"),
    ],
    ids=str,
)
def test_a_row_at_fault_is_told_by_its_number_and_column(t, other, field, why):
    whole = arrow(**other)
    for table in (whole, pyarrow.concat_tables([whole.slice(0, 30), whole.slice(30)]), polars.DataFrame(whole)):
        with pytest.raises(thalium.InvalidError) as error:
            t.rollups.ingest("klines", table, now=NOON)
        assert (error.value.code, error.value.field) == ("invalid", f"trades[42].{field}")
        assert why in str(error.value)
        assert t.rollups.list()[0].trades == 0
    told = t.rollups.ingest("klines", whole, bad_rows="keep", now=NOON)
    assert (told.taken, told.again, told.refused) == (len(TRADES) - 1, 0, 1)
    fault = told.faults[0]
    assert (fault.row, fault.field) == (42, field) and why in fault.message


def test_what_is_no_table_of_trades_is_refused(t):
    for wrong in (Batch(pyarrow.array([1, 2])), Batch(pyarrow.array([{"at": 1}, None]))):
        with pytest.raises(TypeError, match="record batch"):
            t.rollups.ingest("klines", wrong)
    with pytest.raises(ValueError):
        t.rollups.ingest("klines", polars.Series([1, 2]))
    with pytest.raises(thalium.InvalidError) as error:
        t.rollups.ingest("none", arrow())
    assert error.value.field == "rollup"
    with pytest.raises(thalium.InvalidError) as error:
        t.rollups.ingest("klines", arrow(), now="noon")
    assert error.value.field == "now"
    with pytest.raises(thalium.InvalidError, match="quiet"):
        t.rollups.ingest("klines", arrow(), bad_rows="quiet")
    empty = arrow().slice(0, 0)
    assert t.rollups.ingest("klines", empty).taken == t.rollups.ingest("klines", polars.DataFrame(empty)).taken == 0


def test_a_table_is_durable_when_it_is_told(tmp_path, expected):
    with thalium.open(tmp_path / "books") as ledger:
        ledger.rollups.define("klines", levels=["1m", "1h"], delay="0s", price_scale=2, quantity_scale=2)
        ledger.rollups.ingest("klines", arrow(), now=NOON)
    with thalium.open(tmp_path / "books", read_only=True) as ledger:
        assert candles(ledger) == expected
        with pytest.raises(thalium.ReadOnlyError):
            ledger.rollups.ingest("klines", arrow(), now=NOON)


def test_a_table_can_be_awaited():
    async def run():
        async with await thalium.open_async("memory:") as t:
            await t.rollups.define("klines", levels=["1m"], price_scale=2, quantity_scale=2)
            assert (await t.rollups.ingest("klines", arrow(), now=NOON)).taken == len(TRADES)
            told = await t.rollups.ingest("klines", polars.DataFrame(arrow()), bad_rows="keep", now=NOON)
            assert told.again == len(TRADES)
            with pytest.raises(thalium.InvalidError, match="float"):
                await t.rollups.ingest("klines", arrow(price=FLOATS), now=NOON)

    asyncio.run(run())
