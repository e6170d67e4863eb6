"""Answers that are sequences and tables: candles, balances, volumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeVar, overload

from ._instant import Timestamp, instant_text
from ._money import Money
from ._value import Value

# As many buckets as one question is answered with.
PAGE = 10_000

Row = TypeVar("Row", bound=Value)
Own = TypeVar("Own", bound="Rows[Any]")


def page_question(
    width: str,
    start: datetime | date | str | None,
    end: datetime | date | str | None,
    limit: int | None,
) -> tuple[dict[str, Any], bool]:
    """The fields by which a question says which buckets, and whether all pages are asked for."""
    all_pages = start is not None and end is not None and limit is None
    question = {
        "width": width,
        "from": instant_text(start, "start"),
        "to": instant_text(end, "end"),
        "limit": PAGE if all_pages else limit,
    }
    return question, all_pages


class Rows(Value, Sequence[Row]):
    """What is told row after row: a sequence of them, and a table with a column for each of their fields."""

    __slots__ = ()
    # The field that has the rows, their type, and of its columns those that are neither instants nor decimals.
    _rows: ClassVar[str]
    _row: ClassVar[type[Value]]
    _kinds: ClassVar[Mapping[str, str]] = {}

    def _own(self) -> tuple[Row, ...]:
        rows: tuple[Row, ...] = getattr(self, self._rows)
        return rows

    def __len__(self) -> int:
        return len(self._own())

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self: Own, index: slice) -> Own: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return type(self)({**self._data, self._rows: self._data[self._rows][index], "next": None})
        return self._own()[index]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Each row as plain data: what the ledger answered, amounts and prices as decimal text, instants as RFC 3339."""
        return [row.to_dict() for row in self._own()]

    def _columns(self) -> dict[str, list[Any]]:
        return {name: [_plain(getattr(row, name)) for row in self._own()] for name in self._row._fields}

    def _kind(self, name: str) -> str:
        return "instant" if self._row._shapes.get(name) == "instant" else self._kinds.get(name, "decimal")

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> Any:
        """As a ``pyarrow.Table``, with a column for each field of a row: instants in UTC to the nanosecond, amounts, prices and quantities
        as exact decimals."""
        import pyarrow

        kinds = {
            "instant": pyarrow.timestamp("ns", "UTC"),
            "number": pyarrow.uint64(),
            "flag": pyarrow.bool_(),
            "text": pyarrow.string(),
        }
        columns = self._columns()
        arrays: dict[str, Any] = {}
        for name, values in columns.items():
            kind = kinds.get(self._kind(name))
            if kind is None:
                digits, scale = _size(columns, name)
                kind = pyarrow.decimal128(38, scale) if digits <= 38 else pyarrow.decimal256(76, scale)
                values = _scaled(values, scale)
            arrays[name] = pyarrow.array(values, kind)
        return pyarrow.table(arrays)

    def to_pandas(self) -> Any:
        """The same as a ``pandas.DataFrame`` with Arrow's exact types."""
        import pandas

        return self.to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)

    def to_polars(self) -> Any:
        """The same as a ``polars.DataFrame``. An ``OverflowError`` where a number has more than the 38 digits that polars knows."""
        import polars

        kinds = {"number": polars.UInt64, "flag": polars.Boolean, "text": polars.String}
        columns = self._columns()
        series: list[Any] = []
        for name, values in columns.items():
            kind = self._kind(name)
            if kind == "instant":
                series.append(polars.Series(name, values, polars.Int64).cast(polars.Datetime("ns", "UTC")))
            elif kind == "decimal":
                digits, scale = _size(columns, name)
                if digits > 38:
                    raise OverflowError(f"{name}: has {digits} digits, and polars knows 38: take to_arrow")
                series.append(polars.Series(name, _scaled(values, scale), polars.Decimal(38, scale)))
            else:
                series.append(polars.Series(name, values, kinds[kind]))
        return polars.DataFrame(series)


def _plain(value: object) -> object:
    """A value as a column has it: an instant in nanoseconds, money as its amount."""
    if isinstance(value, Timestamp):
        return value.nanoseconds
    return value.amount if isinstance(value, Money) else value


def _size(columns: Mapping[str, list[Any]], name: str) -> tuple[int, int]:
    """How many digits the numbers of a column have at most, and how many of them behind the point."""
    # Averages may be missing all; they have the digits of what they are averages of.
    values = [*columns["open"], *columns["average"]] if name == "average" else columns[name]
    whole = scale = 0
    for value in values:
        if value is not None:
            _, digits, exponent = value.as_tuple()
            whole, scale = max(whole, len(digits) + exponent), max(scale, -exponent)
    return whole + scale, scale


def _scaled(values: list[Any], scale: int) -> list[Decimal | None]:
    """The same numbers with as many digits behind the point: a column may hold amounts of several assets."""
    scaled: list[Decimal | None] = []
    for value in values:
        if value is not None:
            sign, digits, exponent = value.as_tuple()
            value = Decimal((sign, (*digits, *[0] * (scale + exponent)), -scale))
        scaled.append(value)
    return scaled
