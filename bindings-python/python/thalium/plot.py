"""Pictures, with Matplotlib or Plotly where they are there (``pip install thalium[matplotlib]`` or ``thalium[plotly]``).

Only here an amount becomes a float: a picture has no more digits than a float.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

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
