"""Rollups: trades as the wire has them, and the candles that are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict

from ._instant import Timestamp, instant_text
from ._money import _DIGITS_MAX
from ._rows import Rows, page_question
from ._types import KlineView
from ._value import Value

BadRows: TypeAlias = Literal["refuse", "keep"]
"""What becomes of the others where a row is not taken: none is taken, or they are, and it is told which is not."""


class Trade(TypedDict, total=False):
    """A trade: ``dict(symbol="BTC-ZAR", at=at, id=7, price="60000.00", quantity="0.5", taker="buyer")``.

    Prices and quantities are decimal text or a ``Decimal``: a float is a ``TypeError``, and nothing is sent. All trades of a call have an
    ``id``, or none has; ``taker`` may be left out.
    """

    symbol: str
    """Of which symbol: 1 to 128 bytes."""
    at: datetime | str
    """When it happened: an aware ``datetime``, or text: RFC 3339 or nanoseconds since 1970."""
    id: int | str | None
    """The number that the market gave it, below 2^63, or its digits."""
    price: Decimal | str
    """The price."""
    quantity: Decimal | str
    """How much was traded."""
    taker: Literal["buyer", "seller"] | None
    """Who took it, where that is known."""


def trade_row(trade: Trade | Mapping[str, Any], where: str) -> dict[str, Any]:
    """A trade as the wire has it. What is missing is missing there: the ledger tells it, with its row."""
    if not isinstance(trade, Mapping):
        example = "dict(symbol='BTC-ZAR', at='2026-01-31T09:30:00Z', price='60000.00', quantity='0.5')"
        raise TypeError(f"{where}: give a mapping, as {example}, not {type(trade).__name__}")
    row: dict[str, Any] = dict(trade)
    for name, convert in _CONVERTED:
        if row.get(name) is not None:
            row[name] = convert(row[name], f"{where}.{name}")
    return row


def trade_rows(trades: Iterable[Trade | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Trades as the wire has them."""
    return [trade_row(trade, f"trades[{index}]") for index, trade in enumerate(trades)]


def id_text(value: int | str, field: str) -> str:
    """How a request writes the number that a market gave a trade."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{field}: give a whole number or its digits, not {type(value).__name__}")
    return str(value)


def _decimal_text(value: Decimal | str, field: str) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, Decimal):
        raise TypeError(f"{field}: give decimal text or a Decimal, not {type(value).__name__}")
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{field}: {value} is no number")
    if len(digits) + abs(exponent) > _DIGITS_MAX:
        raise ValueError(f"{field}: has more than {_DIGITS_MAX} digits")
    return f"{value:f}"


_CONVERTED = (("at", instant_text), ("id", id_text), ("price", _decimal_text), ("quantity", _decimal_text))


def kline_question(
    symbol: str,
    width: str,
    start: datetime | str | None,
    end: datetime | str | None,
    rollup: str,
    limit: int | None,
    fill: bool,
) -> tuple[dict[str, Any], bool]:
    """The fields of a question for candles, and whether all pages are asked for."""
    question, all_pages = page_question(width, start, end, limit)
    return {"rollup": rollup, "symbol": symbol, **question, "fill": fill or None}, all_pages


class Klines(Rows[KlineView]):
    """Candles of a symbol, oldest first: a sequence of ``KlineView``, and a table.

    ``t.klines("BTC-ZAR", "1h")[-1].close`` is an exact ``Decimal``; ``klines[-20:]`` are candles again.
    """

    __slots__ = ("symbol", "width", "klines", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"klines": "[KlineView]", "next": "instant"}
    _rows: ClassVar[str] = "klines"
    _row: ClassVar[type[Value]] = KlineView
    _kinds: ClassVar[Mapping[str, str]] = {"trades": "number", "closed": "flag", "revision": "number"}

    symbol: str
    """Of which symbol."""
    width: str
    """How wide their buckets are."""
    klines: tuple[KlineView, ...]
    """The candles."""
    next: Timestamp | None
    """Where to go on, as the next ``start``, if there are more."""

    def __repr__(self) -> str:
        return f"Klines({self.symbol!r}, {self.width!r}, {len(self)} candles)"

    def plot(self, *, axes: Any = None) -> Any:
        """Candlesticks with the volumes below, drawn by Matplotlib; see ``plot.candles``."""
        from . import plot

        return plot.candles(self, axes=axes)
