"""Trades go in, candles come out."""

import asyncio
import datetime
import json
import pickle
from decimal import Decimal
from types import MappingProxyType

import pytest

import thalium
from thalium import Timestamp, _ledger, _rows

UTC = datetime.timezone.utc
TEN = datetime.datetime(2026, 3, 10, 10, tzinfo=UTC)
NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=UTC)
# Minute, id, price, quantity, taker.
TRADES = [
    (0, 1, "100.00", "0.5", "buyer"),
    (0, 2, "102.00", "1.5", "seller"),
    (1, 3, "101.00", "2", None),
    (4, 4, "99.50", "1", "buyer"),
    (7, 5, "103.00", "0.25", "buyer"),
]


def trade(minute, id, price, quantity, taker, symbol="BTC-ZAR"):
    at = TEN + datetime.timedelta(minutes=minute)
    return {"symbol": symbol, "at": at, "id": id, "price": price, "quantity": quantity, "taker": taker}


def minute(n):
    return TEN + datetime.timedelta(minutes=n)


@pytest.fixture
def t():
    with thalium.open("memory:") as ledger:
        ledger.rollups.define("klines", levels=["1m", "5m"], delay="0s", price_scale=2, quantity_scale=2)
        ledger.rollups.ingest("klines", [trade(*row) for row in TRADES], now=NOON)
        yield ledger


@pytest.fixture
def asked(t, monkeypatch):
    """What is sent."""
    sent = []
    call = t._call
    monkeypatch.setattr(t, "_call", lambda request: sent.append(json.loads(request)) or call(request))
    return sent


def test_trades_go_in_and_candles_come_out(t):
    klines = t.klines("BTC-ZAR", "5m", TEN, minute(10))
    rows = [(kline.open, kline.high, kline.low, kline.close, kline.volume, kline.trades, kline.closed) for kline in klines]
    assert rows == [
        (Decimal("100.00"), Decimal("102.00"), Decimal("99.50"), Decimal("99.50"), Decimal("5.00"), 4, True),
        (Decimal("103.00"), Decimal("103.00"), Decimal("103.00"), Decimal("103.00"), Decimal("0.25"), 1, False),
    ]
    first = klines[0]
    assert (first.start, first.end) == (TEN, minute(5)) and isinstance(first.start, Timestamp)
    assert (first.turnover, first.average, first.revision) == (Decimal("504.50"), Decimal("100.90"), 0)
    assert (first.buy_volume, first.sell_volume) == (Decimal("1.50"), Decimal("1.50"))
    assert (first.buy_turnover, first.sell_turnover) == (Decimal("149.50"), Decimal("153.00"))
    assert type(first.open) is Decimal and str(first.open) == "100.00"


def test_candles_are_a_sequence_that_does_not_change(t):
    klines = t.klines("BTC-ZAR", "1m")
    assert len(klines) == 4 and klines[-1] in klines and [*klines] == [*klines.klines] and klines.index(klines[2]) == 2
    assert isinstance(klines[1:3], thalium.Klines) and [*klines[1:3]] == [*klines][1:3]
    again = pickle.loads(pickle.dumps(klines))
    assert again == klines and hash(again) == hash(klines) and again != klines[1:]
    assert repr(klines) == "Klines('BTC-ZAR', '1m', 4 candles)"
    assert "<td>0.00</td>" in klines._repr_html_() and klines.to_dicts()[0]["open"] == "100.00"
    assert klines.to_dict()["klines"] == klines.to_dicts()
    assert [*t.klines("ETH-ZAR", "1m")] == [] and not t.klines("ETH-ZAR", "1m")
    with pytest.raises(AttributeError):
        klines.symbol = "ETH-ZAR"


@pytest.mark.parametrize(
    ("given", "starts", "next"),
    [
        ({}, [0, 1, 4, 7], None),
        ({"limit": 2}, [4, 7], None),
        ({"start": TEN, "limit": 2}, [0, 1], 4),
        ({"start": minute(4)}, [4, 7], None),
        ({"end": minute(7)}, [0, 1, 4], None),
        ({"start": minute(1), "end": minute(7)}, [1, 4], None),
        ({"start": minute(1), "end": minute(7), "limit": 1}, [1], 4),
        ({"start": minute(1), "end": minute(5), "fill": True}, [1, 2, 3, 4], None),
        ({"start": "2026-03-10T10:04:00Z", "end": "2026-03-10T10:04:00.000000001Z"}, [4], None),
        ({"start": minute(7), "end": minute(7)}, [], None),
    ],
)
def test_which_candles(t, given, starts, next):
    klines = t.klines("BTC-ZAR", "1m", **given)
    assert [kline.start for kline in klines] == [minute(n) for n in starts]
    assert klines.next == (None if next is None else minute(next))


def test_a_filled_bucket_has_the_close_before_it_and_no_trades(t):
    filled = t.klines("BTC-ZAR", "1m", TEN, minute(10), fill=True)[2]
    assert (filled.open, filled.close, filled.volume, filled.trades) == (Decimal("101"), Decimal("101"), 0, 0)
    assert filled.average is None


@pytest.mark.parametrize("fill", [False, True])
def test_pages_go_on_where_they_ended(t, asked, monkeypatch, fill):
    whole = t.klines("BTC-ZAR", "1m", TEN, minute(10), fill=fill)
    assert [question["limit"] for question in asked] == [10_000]
    for size in (1, 2, 3):
        monkeypatch.setattr(_rows, "PAGE", size)
        asked.clear()
        paged = t.klines("BTC-ZAR", "1m", TEN, minute(10), fill=fill)
        assert paged == whole and paged.next is None
        assert len(asked) == -(-len(whole) // size)
    # With a limit there is one page, and so there is without both ends.
    asked.clear()
    assert t.klines("BTC-ZAR", "1m", TEN, minute(10), limit=1).next and t.klines("BTC-ZAR", "1m", TEN)
    assert len(asked) == 2 and "limit" not in asked[1]


@pytest.mark.parametrize(
    "row",
    [
        {"price": Decimal("100.5"), "quantity": Decimal("1E-2")},
        {"price": "100.50", "quantity": "0.01"},
        {"at": "2026-03-10T10:09:00Z"},
        {"at": "2026-03-10T12:09:00+02:00"},
        {"at": Timestamp.parse("2026-03-10T10:09:00.000000000Z")},
        {"at": str(Timestamp.parse("2026-03-10T10:09:00Z").nanoseconds)},
        {"id": "9", "taker": None},
    ],
    ids=str,
)
def test_what_a_trade_may_be_given_as(t, row):
    given = {**trade(9, 9, "100.5", "0.01", None), **row}
    for rows in ([given], (MappingProxyType(given),), iter([dict(given)])):
        report = t.rollups.ingest("klines", rows, now=NOON)
        assert (report.taken + report.again, report.refused) == (1, 0)
    last = t.klines("BTC-ZAR", "1m")[-1]
    assert (last.start, last.close, last.volume, last.trades) == (minute(9), Decimal("100.5"), Decimal("0.01"), 1)


@pytest.mark.parametrize(
    ("row", "error", "why"),
    [
        ({"price": 100.5}, TypeError, "trades[1].price: give decimal text or a Decimal, not float"),
        ({"price": 100}, TypeError, "trades[1].price: give decimal text or a Decimal, not int"),
        ({"price": True}, TypeError, "trades[1].price: give decimal text or a Decimal, not bool"),
        ({"price": thalium.Money("100.5 ZAR")}, TypeError, "trades[1].price: give decimal text or a Decimal, not Money"),
        ({"price": Decimal("NaN")}, ValueError, "trades[1].price: NaN is no number"),
        ({"price": Decimal("1E+80")}, ValueError, "trades[1].price: has more than 80 digits"),
        ({"quantity": 0.5}, TypeError, "trades[1].quantity: give decimal text or a Decimal, not float"),
        ({"id": 7.0}, TypeError, "trades[1].id: give a whole number or its digits, not float"),
        ({"id": True}, TypeError, "trades[1].id: give a whole number or its digits, not bool"),
        ({"at": datetime.datetime(2026, 3, 10)}, TypeError, "trades[1].at: has no zone"),
        ({"at": 1_773_136_800}, TypeError, "trades[1].at: give an aware datetime"),
        (None, TypeError, "trades[1]: give a mapping"),
        ("BTC-ZAR", TypeError, "trades[1]: give a mapping"),
    ],
)
def test_what_is_no_trade_is_refused_before_anything_is_sent(t, asked, row, error, why):
    wrong = {**trade(9, 9, "1", "1", None), **row} if isinstance(row, dict) else row
    with pytest.raises(error) as told:
        t.rollups.ingest("klines", [trade(8, 8, "1", "1", None), wrong], bad_rows="keep")
    assert str(told.value).startswith(why)
    if isinstance(row, dict):
        with pytest.raises(error, match="^trade[.]"):
            t.rollups.correct("klines", wrong)
    assert asked == []


def test_a_row_that_is_not_taken_fails_the_call_or_is_told(t):
    rows = [trade(8, 8, "1.00", "1", None), trade(9, 9, "1.001", "1", None), trade(10, 10, "1", "1", "me"), {"price": None}]
    with pytest.raises(thalium.InvalidError) as error:
        t.rollups.ingest("klines", rows, now=NOON)
    assert (error.value.code, error.value.field) == ("invalid", "trades[1].price")
    assert t.rollups.list()[0].trades == len(TRADES)
    told = t.rollups.ingest("klines", rows, bad_rows="keep", now=NOON)
    assert (told.taken, told.again, told.refused) == (1, 0, 3)
    assert [(fault.row, fault.field) for fault in told.faults] == [(1, "price"), (2, "taker"), (3, "symbol")]
    assert t.rollups.ingest("klines", rows[:1], now=NOON).again == 1


def test_what_makes_no_sense_raises_with_its_field(t):
    for wrong, code, field in [
        (lambda: t.klines("BTC-ZAR", "1h"), "invalid", "width"),
        (lambda: t.klines("BTC-ZAR", "1m", rollup="none"), "invalid", "rollup"),
        (lambda: t.klines("BTC-ZAR", "1m", minute(1), TEN), "invalid", "from"),
        (lambda: t.klines("BTC-ZAR", "1m", "noon"), "invalid", "from"),
        (lambda: t.klines("BTC-ZAR", "1m", limit=0), "invalid", "limit"),
        (lambda: t.rollups.define("klines", levels=["1 fortnight"]), "invalid", "levels"),
        (lambda: t.rollups.define("klines", price_scale=3), "invalid", "price_scale"),
        (lambda: t.rollups.define("klines", price_scale=1.5), "invalid", None),
        (lambda: t.rollups.define("Klines"), "invalid", "name"),
        (lambda: t.rollups.drop("none"), "invalid", "name"),
        (lambda: t.rollups.ingest("none", []), "invalid", "rollup"),
        (lambda: t.rollups.ingest("klines", [{"symbl": "BTC-ZAR"}]), "invalid", "trades[0].symbl"),
        (lambda: t.rollups.ingest("klines", [{}] * 65_537), "too_large", "trades"),
        (lambda: t.rollups.correct("klines", trade(0, 99, "1", "1", None), now=NOON), "invalid", "trade.id"),
        (lambda: t.rollups.remove("klines", symbol="BTC-ZAR", at=TEN, id=99), "invalid", "id"),
        (lambda: t.rollups.changes("none"), "invalid", "rollup"),
        (lambda: list(t.rollups.symbols("none")), "invalid", "rollup"),
        (lambda: t.rollups.advance("klines", "noon"), "invalid", "now"),
    ]:
        with pytest.raises(thalium.InvalidError) as error:
            wrong()
        assert (error.value.code, error.value.field) == (code, field)
    for wrong in [
        lambda: t.klines("BTC-ZAR", "1m", datetime.datetime(2026, 3, 10)),
        lambda: t.rollups.remove("klines", symbol="BTC-ZAR", at=TEN, id=1.0),
        lambda: t.rollups.advance("klines", 5),
    ]:
        with pytest.raises(TypeError):
            wrong()


def test_rollups_are_defined_listed_and_dropped(t):
    first = t.rollups.list()[0]
    assert (first.name, first.version, first.levels, first.delay) == ("klines", 1, ("1m", "5m"), "0s")
    assert (first.late, first.horizon, first.price_scale, first.symbols, first.trades) == ("correct", "1h", 2, 1, 5)
    days = t.rollups.define("days", of="klines", levels=("1h", "1d"), zone="Africa/Johannesburg", late="merge", keep={"1h": "30d"})
    assert (days.of, days.zone, days.late, dict(days.keep), days.quantity_scale) == ("klines", "Africa/Johannesburg", "merge", {"1h": "30d"}, 2)
    assert t.klines("BTC-ZAR", "1d", rollup="days")[0].start == datetime.datetime(2026, 3, 9, 22, tzinfo=UTC)
    assert t.rollups.define("days", of="klines", levels=["1h", "1d"]).version == 2
    with pytest.raises(thalium.InvalidError):
        t.rollups.drop("klines")
    assert t.rollups.drop("days") is None and [one.name for one in t.rollups.list()] == ["klines"]


def test_trades_are_corrected_and_taken_back_and_changes_are_told(t):
    seen = t.rollups.changes("klines")
    assert {change.kind for change in seen.changes} == {"closed"} and seen.next == len(seen.changes) and seen.lost == 0
    was = t.rollups.correct("klines", trade(4, 4, Decimal("98"), "1", "buyer"), now=NOON)
    assert (was.symbol, was.at, was.id, was.price, was.quantity, was.taker) == ("BTC-ZAR", minute(4), "4", Decimal("99.50"), 1, "buyer")
    assert t.rollups.remove("klines", symbol="BTC-ZAR", at=minute(1), id=3).price == Decimal("101")
    assert t.rollups.remove("klines", symbol="BTC-ZAR", at="2026-03-10T10:00:00Z", id="2").taker == "seller"
    told = t.rollups.changes("klines", after=seen.next)
    assert [(one.kind, one.width, one.cause, one.start) for one in told.changes[:2]] == [
        ("revised", "1m", "corrected", minute(4)),
        ("revised", "5m", "corrected", TEN),
    ]
    assert {change.cause for change in told.changes} == {"corrected", "removed"}
    assert (told.version, told.next, t.rollups.changes("klines", after=told.next).changes) == (1, told.changes[-1].number, ())
    assert [one.number for one in t.rollups.changes("klines", after=1, limit=2).changes] == [2, 3]
    assert [(kline.low, kline.trades) for kline in t.klines("BTC-ZAR", "5m")] == [(98, 2), (103, 1)]
    t.rollups.advance("klines", NOON)
    assert all(kline.closed for kline in t.klines("BTC-ZAR", "1m"))


def test_symbols_come_by_name_page_after_page(t, asked, monkeypatch):
    for symbol in ("ETH-ZAR", "BTC-USD", "SOL-ZAR"):
        t.rollups.ingest("klines", [trade(0, 1, "7", "1", None, symbol)], now=NOON)
    names = ["BTC-USD", "BTC-ZAR", "ETH-ZAR", "SOL-ZAR"]
    asked.clear()
    monkeypatch.setattr(_ledger, "_PAGE", 3)
    found = list(t.rollups.symbols("klines"))
    assert ([one.symbol for one in found], len(asked)) == (names, 2)
    assert (found[1].price, found[1].at, found[1].watermark) == (Decimal("103"), minute(7), minute(7))
    page = t.rollups.symbols_page("klines", after="BTC-USD", limit=2)
    assert ([one.symbol for one in page.symbols], page.next) == (names[1:3], "ETH-ZAR")


def test_everything_can_be_awaited():
    async def run():
        async with await thalium.open_async("memory:") as t:
            await t.rollups.define("klines", levels=["1m"], delay="0s", price_scale=2)
            assert (await t.rollups.ingest("klines", [trade(*row) for row in TRADES], now=NOON)).taken == 5
            with pytest.raises(TypeError, match="price"):
                await t.rollups.ingest("klines", [{"price": 1.5}])
            assert [kline.start async for kline in each(await t.klines("BTC-ZAR", "1m", TEN, minute(5)))] == [minute(n) for n in (0, 1, 4)]
            assert (await t.rollups.correct("klines", trade(4, 4, "98", "1", None), now=NOON)).taker == "buyer"
            assert (await t.rollups.remove("klines", symbol="BTC-ZAR", at=minute(1), id=3)).id == "3"
            assert [one.symbol async for one in t.rollups.symbols("klines")] == ["BTC-ZAR"]
            assert (await t.rollups.symbols_page("klines")).next is None
            await t.rollups.advance("klines", NOON)
            assert (await t.rollups.changes("klines")).changes[-1].kind == "closed"
            assert [one.name for one in await t.rollups.list()] == ["klines"]
            await t.rollups.drop("klines")
            assert await t.rollups.list() == ()

    async def each(items):
        for item in items:
            yield item

    asyncio.run(run())


def test_candles_as_tables_keep_every_digit(t):
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    pandas = pytest.importorskip("pandas")
    klines = t.klines("BTC-ZAR", "1m", TEN, minute(10), fill=True)
    fields = list(thalium.KlineView._fields)
    arrow, frame, data = klines.to_arrow(), klines.to_polars(), klines.to_pandas()
    assert arrow.column_names == fields and frame.columns == fields and list(data.columns) == fields
    assert arrow.schema.field("start").type == pyarrow.timestamp("ns", "UTC") and frame["end"].dtype == polars.Datetime("ns", "UTC")
    assert arrow.schema.field("close").type == pyarrow.decimal128(38, 2) and frame["close"].dtype == polars.Decimal(38, 2)
    assert str(data["volume"].dtype) == "decimal128(38, 2)[pyarrow]" and isinstance(data, pandas.DataFrame)
    for name in fields:
        expected = [getattr(kline, name) for kline in klines]
        assert frame[name].to_list() == expected and data[name].isna().tolist() == [value is None for value in expected]
        if name not in ("start", "end"):
            assert arrow[name].to_pylist() == expected
    assert [at.value for at in arrow["start"]] == [kline.start.nanoseconds for kline in klines]
    assert pyarrow.table(klines) == arrow and polars.from_arrow(arrow).equals(frame)


def test_tables_have_their_columns_also_where_there_is_little_in_them(t):
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    none, filled = t.klines("ETH-ZAR", "1m"), t.klines("BTC-ZAR", "1m", TEN, minute(10), fill=True)[2:4]
    assert none.to_arrow().num_rows == 0 and none.to_polars().shape == (0, len(thalium.KlineView._fields))
    assert filled.to_arrow()["average"].type == pyarrow.decimal128(38, 2) and filled.to_polars()["average"].dtype == polars.Decimal(38, 2)


def test_a_number_that_polars_does_not_know_is_told(t):
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    assert polars.Decimal(38, 0)
    row = {**t.klines("BTC-ZAR", "1m")[0].to_dict(), "turnover": f"{10**38}.00"}
    large = thalium.Klines({"symbol": "BTC-ZAR", "width": "1m", "klines": [row]})
    assert large.to_arrow()["turnover"].to_pylist() == [Decimal(10**38)]
    assert large.to_arrow().schema.field("turnover").type == pyarrow.decimal256(76, 2)
    with pytest.raises(OverflowError, match="turnover"):
        large.to_polars()
