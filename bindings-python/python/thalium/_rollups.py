"""Rollups: trades as the wire has them, and the candles that are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict, overload

from ._instant import Timestamp, instant_text
from ._money import _DIGITS_MAX
from ._types import KlineView
from ._value import Value

BadRows: TypeAlias = Literal["refuse", "keep"]
"""What becomes of the others where a row is not taken: none is taken, or they are, and it is told which is not."""

# As many candles as one question is answered with.
PAGE = 10_000


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
    all_pages = start is not None and end is not None and limit is None
    question = {
        "rollup": rollup,
        "symbol": symbol,
        "width": width,
        "from": instant_text(start, "start"),
        "to": instant_text(end, "end"),
        "limit": PAGE if all_pages else limit,
        "fill": fill or None,
    }
    return question, all_pages


class Klines(Value, Sequence[KlineView]):
    """Candles of a symbol, oldest first: a sequence of ``KlineView``, and a table.

    ``t.klines("BTC-ZAR", "1h")[-1].close`` is an exact ``Decimal``; ``klines[-20:]`` are candles again.
    """

    __slots__ = ("symbol", "width", "klines", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"klines": "[KlineView]", "next": "instant"}

    symbol: str
    """Of which symbol."""
    width: str
    """How wide their buckets are."""
    klines: tuple[KlineView, ...]
    """The candles."""
    next: Timestamp | None
    """Where to go on, as the next ``start``, if there are more."""

    def __len__(self) -> int:
        return len(self.klines)

    @overload
    def __getitem__(self, index: int) -> KlineView: ...
    @overload
    def __getitem__(self, index: slice) -> Klines: ...
    def __getitem__(self, index: int | slice) -> KlineView | Klines:
        if isinstance(index, slice):
            return Klines({**self._data, "klines": self._data["klines"][index], "next": None})
        return self.klines[index]

    def __repr__(self) -> str:
        return f"Klines({self.symbol!r}, {self.width!r}, {len(self)} candles)"

    def to_dicts(self) -> list[dict[str, Any]]:
        """Each as plain data: what the ledger answered, prices as decimal text, instants as RFC 3339."""
        return [kline.to_dict() for kline in self.klines]

    def _columns(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {name: [getattr(kline, name) for kline in self.klines] for name in KlineView._fields}
        for name in _INSTANTS:
            columns[name] = [at.nanoseconds for at in columns[name]]
        return columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> Any:
        """As a ``pyarrow.Table``, with a column for each field of a ``KlineView``: ``start`` and ``end`` in UTC to the nanosecond,
        prices, quantities and turnovers as exact decimals."""
        import pyarrow

        columns = self._columns()

        def kind(name: str) -> Any:
            if name in _INSTANTS:
                return pyarrow.timestamp("ns", "UTC")
            if name in _COUNTS:
                return pyarrow.uint64()
            if name == "closed":
                return pyarrow.bool_()
            digits, scale = _size(columns, name)
            return pyarrow.decimal128(38, scale) if digits <= 38 else pyarrow.decimal256(76, scale)

        return pyarrow.table({name: pyarrow.array(values, kind(name)) for name, values in columns.items()})

    def to_pandas(self) -> Any:
        """The same as a ``pandas.DataFrame`` with Arrow's exact types."""
        import pandas

        return self.to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)

    def to_polars(self) -> Any:
        """The same as a ``polars.DataFrame``. An ``OverflowError`` where a number has more than the 38 digits that polars knows."""
        import polars

        columns = self._columns()

        def series(name: str, values: list[Any]) -> Any:
            if name in _INSTANTS:
                return polars.Series(name, values, polars.Int64).cast(polars.Datetime("ns", "UTC"))
            if name in _COUNTS:
                return polars.Series(name, values, polars.UInt64)
            if name == "closed":
                return polars.Series(name, values, polars.Boolean)
            digits, scale = _size(columns, name)
            if digits > 38:
                raise OverflowError(f"{name}: has {digits} digits, and polars knows 38: take to_arrow")
            return polars.Series(name, values, polars.Decimal(38, scale))

        return polars.DataFrame([series(name, values) for name, values in columns.items()])

    def plot(self, *, axes: Any = None) -> Any:
        """Candlesticks with the volumes below, drawn by Matplotlib; see ``plot.candles``."""
        from . import plot

        return plot.candles(self, axes=axes)


_INSTANTS = ("start", "end")
_COUNTS = ("trades", "revision")


def _size(columns: Mapping[str, list[Any]], name: str) -> tuple[int, int]:
    """How many digits the numbers of a column have at most, and how many of them behind the point."""
    # Averages may be missing all; they have the digits of prices.
    values = [*columns["open"], *columns["average"]] if name == "average" else columns[name]
    whole = scale = 0
    for value in values:
        if value is not None:
            _, digits, exponent = value.as_tuple()
            whole, scale = max(whole, len(digits) + exponent), max(scale, -exponent)
    return whole + scale, scale
