"""Pictures, with Matplotlib or Plotly where they are there (``pip install thalium[matplotlib]`` or ``thalium[plotly]``).

Only here an amount or a price becomes a float: a picture has no more digits than a float.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import log, nan, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from ._histories import BalanceHistory, Volumes
from ._rollups import Klines
from ._types import EntryView, StatementView

if TYPE_CHECKING:
    from ._ledger import Thalium


def _points(entries: Iterable[EntryView]) -> tuple[list[Any], list[float], list[float], str]:
    rows = list(entries)
    if not rows:
        raise ValueError("there is nothing to draw: no transfer moved the account in that time")
    times: list[Any] = [row.timestamp.replace() for row in rows]
    return times, [float(row.balance.amount) for row in rows], [float(row.available.amount) for row in rows], rows[0].balance.asset


def _entries(source: Thalium | StatementView, account: str | None, **span: Any) -> tuple[Iterable[EntryView], str]:
    if isinstance(source, StatementView):
        return source.entries, source.account
    if account is None:
        raise TypeError("account: give its key or id")
    return source.history(account, **span), account


def balance(
    source: Thalium | StatementView,
    account: str | None = None,
    *,
    start: Any = None,
    end: Any = None,
    available: bool = True,
    ax: Any = None,
) -> Any:
    """The balance of an account over time as steps, drawn by Matplotlib; gives the axes.

    ``source`` is an open ledger with the account's key, or a statement. With ``available`` the dashed line is what the account
    may spend: the distance between the two is what is held.
    """
    import matplotlib.pyplot as plt

    entries, name = _entries(source, account, start=start, end=end)
    times, balances, availables, asset = _points(entries)
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
    ax.step(times, balances, where="post", label="balance", color="#1f5fa8")
    if available and availables != balances:
        ax.step(times, availables, where="post", label="available", color="#1f5fa8", linestyle="--", linewidth=1)
        ax.legend(frameon=False)
    ax.set_title(name)
    ax.set_ylabel(asset)
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def balance_figure(
    source: Thalium | StatementView,
    account: str | None = None,
    *,
    start: Any = None,
    end: Any = None,
    available: bool = True,
) -> Any:
    """As ``balance``, drawn by Plotly; gives the figure. Pointing at a step tells what moved the account."""
    import plotly.graph_objects as go

    entries, name = _entries(source, account, start=start, end=end)
    rows = list(entries)
    times, balances, availables, asset = _points(rows)
    told = [f"{row.what} {row.transfer}<br>{row.change} with {row.counterparty}" for row in rows]
    line = {"shape": "hv"}
    figure = go.Figure(go.Scatter(x=times, y=balances, name="balance", text=told, hoverinfo="x+y+text", line=line))
    if available and availables != balances:
        figure.add_scatter(x=times, y=availables, name="available", line={**line, "dash": "dash"})
    figure.update_layout(title=name, yaxis_title=asset, template="plotly_white")
    return figure


def _steps(history: BalanceHistory) -> tuple[list[datetime], list[float], list[float]]:
    """When each bucket begins and the last one ends, and what is drawn from then on: the balance at its end, and the average."""
    if not history:
        raise ValueError("there is nothing to draw: the account was not there in that time")
    closes = [float(bucket.close.amount) for bucket in history]
    # No time has passed yet of one without an average.
    averages = [nan if bucket.average is None else float(bucket.average.amount) for bucket in history]
    times = [bucket.start.replace() for bucket in history] + [history[-1].end.replace()]
    return times, [*closes, closes[-1]], [*averages, averages[-1]]


def balance_history(history: BalanceHistory, *, ax: Any = None) -> Any:
    """The balance at the end of each bucket of time as steps, drawn by Matplotlib; gives the axes. The dashed line is the average.

    ``plot.balance_history(t.balance_history("c42:ZAR", "1d", start, end))``. What moved the account, one after another, is drawn by ``balance``.
    """
    import matplotlib.pyplot as plt

    times, closes, averages = _steps(history)
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
    ax.step(times, closes, where="post", label="balance", color="#1f5fa8")
    ax.step(times, averages, where="post", label="average", color="#1f5fa8", linestyle="--", linewidth=1)
    ax.legend(frameon=False)
    ax.set_title(f"{history.account} {history.width}")
    ax.set_ylabel(history.asset)
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def balance_history_figure(history: BalanceHistory) -> Any:
    """As ``balance_history``, drawn by Plotly; gives the figure."""
    import plotly.graph_objects as go

    times, closes, averages = _steps(history)
    line = {"shape": "hv"}
    figure = go.Figure(go.Scatter(x=times, y=closes, name="balance", line=line))
    figure.add_scatter(x=times, y=averages, name="average", line={**line, "dash": "dash"})
    title = f"{history.account} {history.width}"
    figure.update_layout(title=title, yaxis_title=history.asset, template="plotly_white")
    return figure


_RISING, _FALLING = "#2e8b57", "#c0392b"


class _Span(NamedTuple):
    start: datetime
    end: datetime

    @property
    def middle(self) -> datetime:
        return self.start + (self.end - self.start) / 2

    @property
    def width(self) -> timedelta:
        return (self.end - self.start) * 0.8


class _Bar(NamedTuple):
    span: _Span
    credits: float
    debits: float


def _bars(volumes: Volumes, asset: str | None) -> tuple[list[_Bar], str]:
    """What was moved of an asset in each bucket, whatever the code."""
    rows = [row for row in volumes if asset in (None, row.asset)]
    if not rows:
        raise ValueError("there is nothing to draw: nothing was moved in that time")
    assets = sorted({row.asset for row in rows})
    if len(assets) > 1:
        raise ValueError(f"asset: name one of {', '.join(assets)}: amounts of several are not drawn together")
    bars: dict[datetime, _Bar] = {}
    for row in rows:
        span = _Span(row.start.replace(), row.end.replace())
        bar = bars.get(span.start, _Bar(span, 0.0, 0.0))
        bars[span.start] = bar._replace(credits=bar.credits + float(row.credits.amount), debits=bar.debits + float(row.debits.amount))
    return list(bars.values()), assets[0]


def volumes(volumes: Volumes, *, asset: str | None = None, ax: Any = None) -> Any:
    """What was credited in each bucket of time as bars, and what was debited as bars below, drawn by Matplotlib; gives the axes.

    ``plot.volumes(t.volumes(account="c42:ZAR", width="1w"))``. Codes are added up; where there are several assets, ``asset`` names one.
    """
    import matplotlib.pyplot as plt

    bars, code = _bars(volumes, asset)
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
    at, widths = [bar.span.middle for bar in bars], [bar.span.width for bar in bars]
    ax.bar(at, [bar.credits for bar in bars], widths, label="credits", color=_RISING, alpha=0.8)
    ax.bar(at, [-bar.debits for bar in bars], widths, label="debits", color=_FALLING, alpha=0.8)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.legend(frameon=False)
    ax.set_title(f"{volumes.of} {volumes.width}")
    ax.set_ylabel(code)
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def volumes_figure(volumes: Volumes, *, asset: str | None = None) -> Any:
    """As ``volumes``, drawn by Plotly; gives the figure."""
    import plotly.graph_objects as go

    bars, code = _bars(volumes, asset)
    at = [bar.span.middle for bar in bars]
    figure = go.Figure(go.Bar(x=at, y=[bar.credits for bar in bars], name="credits", marker_color=_RISING))
    figure.add_bar(x=at, y=[-bar.debits for bar in bars], name="debits", marker_color=_FALLING)
    title = f"{volumes.of} {volumes.width}"
    figure.update_layout(title=title, yaxis_title=code, template="plotly_white", barmode="relative")
    return figure


class _Candle(NamedTuple):
    span: _Span
    open: float
    high: float
    low: float
    close: float
    volume: float
    color: str


def _candles(klines: Klines) -> list[_Candle]:
    if not klines:
        raise ValueError("there is nothing to draw: nothing was traded in that time")
    return [
        _Candle(
            span=_Span(kline.start.replace(), kline.end.replace()),
            open=float(kline.open),
            high=float(kline.high),
            low=float(kline.low),
            close=float(kline.close),
            volume=float(kline.volume),
            color=_RISING if kline.close >= kline.open else _FALLING,
        )
        for kline in klines
    ]


def candles(klines: Klines, *, axes: Any = None) -> Any:
    """Candlesticks with the volumes below, drawn by Matplotlib; gives both axes: that of prices and that of volumes.

    ``plot.candles(t.klines("BTC-ZAR", "1h", start, end))``. A candle is green where it closed at its opening price or above. ``axes`` are
    two to draw in.
    """
    import matplotlib.pyplot as plt

    rows = _candles(klines)
    if axes is None:
        options = {"height_ratios": (3, 1), "figsize": (8, 5), "layout": "constrained"}
        _, axes = plt.subplots(2, 1, sharex=True, **options)
    prices, volumes = axes
    at, colors = [row.span.middle for row in rows], [row.color for row in rows]
    widths = [row.span.width for row in rows]
    prices.vlines(at, [row.low for row in rows], [row.high for row in rows], colors=colors, linewidth=1)
    bodies, bottoms = [abs(row.close - row.open) for row in rows], [min(row.open, row.close) for row in rows]
    # The edge shows a body that has no height.
    prices.bar(at, bodies, widths, bottoms, color=colors, edgecolor=colors, linewidth=1)
    volumes.bar(at, [row.volume for row in rows], widths, color=colors, alpha=0.6)
    prices.set_title(f"{klines.symbol} {klines.width}")
    for ax, label in ((prices, "price"), (volumes, "volume")):
        ax.set_ylabel(label)
        ax.grid(alpha=0.3)
        ax.spines[["top", "right"]].set_visible(False)
    return axes


def candles_figure(klines: Klines) -> Any:
    """As ``candles``, drawn by Plotly; gives the figure."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    rows = _candles(klines)
    at = [row.span.start for row in rows]
    prices = {name: [getattr(row, name) for row in rows] for name in ("open", "high", "low", "close")}
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.75, 0.25], vertical_spacing=0.03)
    lines = {"increasing_line_color": _RISING, "decreasing_line_color": _FALLING}
    figure.add_trace(go.Candlestick(x=at, name="price", **prices, **lines), row=1, col=1)
    volumes, colors = [row.volume for row in rows], [row.color for row in rows]
    figure.add_trace(go.Bar(x=at, y=volumes, name="volume", marker_color=colors, opacity=0.6), row=2, col=1)
    title = f"{klines.symbol} {klines.width}"
    figure.update_layout(title=title, template="plotly_white", showlegend=False, xaxis_rangeslider_visible=False)
    figure.update_yaxes(title_text="price", row=1)
    figure.update_yaxes(title_text="volume", row=2)
    return figure


def _deviations(klines: Klines, window: int) -> tuple[list[datetime], list[float]]:
    if isinstance(window, bool) or not isinstance(window, int) or window < 2:
        raise ValueError("window: give how many returns each value is of, from 2 on")
    rows = list(klines)
    if len(rows) <= window:
        raise ValueError(f"there is nothing to draw: {window} returns are of {window + 1} candles, and there are {len(rows)}")
    if any(row.close <= 0 for row in rows):
        raise ValueError("a price of zero has no return")
    closes = [log(row.close) for row in rows]
    returns = [after - before for before, after in zip(closes, closes[1:])]
    values = []
    for last in range(window, len(rows)):
        those = returns[last - window : last]
        average = sum(those) / window
        values.append(sqrt(sum((one - average) ** 2 for one in those) / (window - 1)))
    return [row.end.replace() for row in rows[window:]], values


def volatility(klines: Klines, *, window: int = 20, ax: Any = None) -> Any:
    """How much a price moves: at the end of each candle the standard deviation of the last ``window`` logarithmic returns of the close
    (of the sample, not annualised), drawn by Matplotlib; gives the axes.

    A return is from one candle to the next that is there: ask with ``fill=True`` where there are buckets in which nothing has happened.
    """
    import matplotlib.pyplot as plt

    times, values = _deviations(klines, window)
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
    ax.plot(times, values, color="#1f5fa8")
    ax.set_title(f"{klines.symbol} {klines.width}")
    ax.set_ylabel(f"volatility of {window}")
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def volatility_figure(klines: Klines, *, window: int = 20) -> Any:
    """As ``volatility``, drawn by Plotly; gives the figure."""
    import plotly.graph_objects as go

    times, values = _deviations(klines, window)
    figure = go.Figure(go.Scatter(x=times, y=values, name="volatility"))
    title, label = f"{klines.symbol} {klines.width}", f"volatility of {window}"
    figure.update_layout(title=title, yaxis_title=label, template="plotly_white")
    return figure
