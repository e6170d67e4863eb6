"""Pictures."""

import math
import statistics

import pytest

import thalium
from thalium import plot


@pytest.fixture
def t():
    with thalium.open("memory:") as ledger:
        for key, kind in [("bank", "asset"), ("c1", "liability"), ("c2", "liability")]:
            ledger.accounts.create(key=key, asset="ZAR", kind=kind)
        ledger.post(key="a", src="bank", dst="c1", amount="10.00")
        ledger.hold(key="h", src="c1", dst="c2", amount="4.00")
        yield ledger


def test_matplotlib_draws_balance_and_available(t):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = plot.balance(t, "c1")
    balance, available = ax.get_lines()
    assert (list(balance.get_ydata()), list(available.get_ydata())) == ([10.0, 10.0], [10.0, 6.0])
    assert (ax.get_title(), ax.get_ylabel()) == ("c1", "ZAR")
    assert plot.balance(t.statement("bank"), ax=ax, available=False) is ax
    with pytest.raises(ValueError, match="nothing to draw"):
        plot.balance(t, "c2", end="2020-01-01")
    with pytest.raises(TypeError):
        plot.balance(t)


def test_plotly_draws_balance_and_available(t):
    pytest.importorskip("plotly")
    figure = plot.balance_figure(t, "c1")
    assert [list(trace.y) for trace in figure.data] == [[10.0, 10.0], [10.0, 6.0]]
    assert "post a" in figure.data[0].text[0]


def hour(n):
    return {"start": f"2026-01-30T{n:02}:00:00Z", "end": f"2026-01-30T{n + 1:02}:00:00Z"}


def bucket(n, close, average):
    amounts = dict.fromkeys(("open", "high", "low", "close", "available", "debits", "credits"), close)
    return {**hour(n), **amounts, "entries": 0, **({} if average is None else {"average": average})}


HISTORY = thalium.BalanceHistory(
    {"account": "c1", "asset": "ZAR", "width": "1h", "buckets": [bucket(10, "100.00", "75.00"), bucket(11, "140.00", None)]}
)
MOVED = [("ZAR", 10, 1, "0.00", "100.00"), ("ZAR", 12, 1, "2.50", "0.00"), ("ZAR", 12, 7, "1.00", "4.00")]


def moved(*rows):
    volumes = [{**hour(n), "asset": asset, "code": code, "transfers": 1, "debits": debits, "credits": credits} for asset, n, code, debits, credits in rows]
    return thalium.Volumes({"of": "c1", "width": "1h", "volumes": volumes})


def test_matplotlib_draws_balances_of_buckets_and_their_average():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = HISTORY.plot()
    closes, averages = ax.get_lines()
    assert list(closes.get_ydata()) == [100.0, 140.0, 140.0] and averages.get_ydata()[0] == 75.0 and math.isnan(averages.get_ydata()[1])
    assert list(closes.get_xdata()) == [HISTORY[0].start.replace(), HISTORY[1].start.replace(), HISTORY[1].end.replace()]
    assert (ax.get_title(), ax.get_ylabel()) == ("c1 1h", "ZAR")
    assert plot.balance_history(HISTORY, ax=ax) is ax
    ax.figure.canvas.draw()
    with pytest.raises(ValueError, match="nothing to draw"):
        plot.balance_history(HISTORY[:0])


def test_matplotlib_draws_volumes_of_all_codes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = moved(*MOVED).plot()
    assert [bar.get_height() for bar in ax.patches] == [100.0, 4.0, -0.0, -3.5]
    assert (ax.get_title(), ax.get_ylabel()) == ("c1 1h", "ZAR")
    # Amounts of two assets are not drawn together.
    mixed = moved(*MOVED, ("BTC", 12, 1, "0.00", "0.50000000"))
    with pytest.raises(ValueError, match="asset: name one of BTC, ZAR"):
        mixed.plot()
    assert plot.volumes(mixed, asset="BTC", ax=ax) is ax and ax.get_ylabel() == "BTC"
    with pytest.raises(ValueError, match="nothing to draw"):
        plot.volumes(moved())


def test_plotly_draws_balances_and_volumes():
    pytest.importorskip("plotly")
    closes, _ = plot.balance_history_figure(HISTORY).data
    assert list(closes.y) == [100.0, 140.0, 140.0]
    assert [list(trace.y) for trace in plot.volumes_figure(moved(*MOVED)).data] == [[100.0, 4.0], [-0.0, -3.5]]


CLOSES = ["100.00", "102.00", "101.00", "101.00", "99.00"]


@pytest.fixture
def klines():
    with thalium.open("memory:") as ledger:
        ledger.rollups.define("klines", levels=["1m"], price_scale=2, quantity_scale=1)
        trades = []
        for minute, (opened, close) in enumerate(zip(["100.00", *CLOSES], CLOSES)):
            for second, price in ((0, opened), (30, close)):
                at = f"2026-03-10T10:{minute:02}:{second:02}Z"
                trades.append({"symbol": "BTC-ZAR", "at": at, "price": price, "quantity": f"{minute + 1}.0"})
        ledger.rollups.ingest("klines", trades)
        yield ledger.klines("BTC-ZAR", "1m")


def test_matplotlib_draws_candles_and_volumes(klines):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    prices, volumes = klines.plot()
    bodies = [(bar.get_y(), bar.get_height()) for bar in prices.patches]
    assert bodies == [(100.0, 0.0), (100.0, 2.0), (101.0, 1.0), (101.0, 0.0), (99.0, 2.0)]
    colors = [matplotlib.colors.to_hex(bar.get_facecolor()) for bar in prices.patches]
    assert colors == [plot._RISING, plot._RISING, plot._FALLING, plot._RISING, plot._FALLING]
    wicks = [(line[0][1], line[1][1]) for line in prices.collections[0].get_segments()]
    assert wicks == [(100.0, 100.0), (100.0, 102.0), (101.0, 102.0), (101.0, 101.0), (99.0, 101.0)]
    assert [bar.get_height() for bar in volumes.patches] == [2.0, 4.0, 6.0, 8.0, 10.0]
    # A body is in its minute, and not as wide: dates are numbers of days there.
    starts = [matplotlib.dates.date2num(kline.start.replace()) for kline in klines]
    assert all(start < bar.get_x() and bar.get_x() + bar.get_width() < start + 1 / 1440 for start, bar in zip(starts, prices.patches))
    assert (prices.get_title(), prices.get_ylabel(), volumes.get_ylabel()) == ("BTC-ZAR 1m", "price", "volume")
    assert plot.candles(klines, axes=(prices, volumes)) == (prices, volumes)
    prices.figure.canvas.draw()
    with pytest.raises(ValueError, match="nothing to draw"):
        plot.candles(klines[:0])


def test_plotly_draws_candles_and_volumes(klines):
    pytest.importorskip("plotly")
    candles, volumes = plot.candles_figure(klines).data
    assert [float(close) for close in candles.close] == [100.0, 102.0, 101.0, 101.0, 99.0]
    assert (list(candles.high), list(volumes.y)) == ([100.0, 102.0, 102.0, 101.0, 101.0], [2.0, 4.0, 6.0, 8.0, 10.0])
    with pytest.raises(ValueError, match="nothing to draw"):
        plot.candles_figure(klines[:0])


def test_volatility_is_the_deviation_of_the_last_returns(klines):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    closes = [math.log(float(close)) for close in CLOSES]
    returns = [after - before for before, after in zip(closes, closes[1:])]
    expected = [statistics.stdev(returns[first : first + 3]) for first in range(2)]
    ax = plot.volatility(klines, window=3)
    (line,) = ax.get_lines()
    assert list(line.get_ydata()) == pytest.approx(expected)
    assert list(line.get_xdata()) == [kline.end.replace() for kline in klines[3:]]
    assert (ax.get_title(), ax.get_ylabel()) == ("BTC-ZAR 1m", "volatility of 3")
    assert plot.volatility(klines, window=4, ax=ax) is ax and len(ax.get_lines()[1].get_ydata()) == 1
    for window, why in [(5, "nothing to draw"), (20, "nothing to draw"), (1, "window"), (2.0, "window"), (True, "window")]:
        with pytest.raises(ValueError, match=why):
            plot.volatility(klines, window=window)


def test_plotly_draws_volatility(klines):
    pytest.importorskip("plotly")
    (trace,) = plot.volatility_figure(klines, window=2).data
    assert len(trace.y) == 3 and all(value > 0 for value in trace.y)


def test_a_price_of_zero_has_no_return(klines):
    zero = {**klines[0].to_dict(), "close": "0.00"}
    with pytest.raises(ValueError, match="zero"):
        plot._deviations(thalium.Klines({"symbol": "A", "width": "1m", "klines": [zero] * 3}), 2)
