"""Columns in and out: Arrow by its capsules, numbers by the buffer protocol. No library is needed for either."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast, runtime_checkable

from . import _native

# The columns of the facade are called `from` and `to`; Python says `src` and `dst`.
_NAMES = [("src", "from"), ("dst", "to")]


def collect(columns: Any) -> _native.Columns:
    """Columns of whatever has them: a table of Arrow, pandas, polars or DuckDB; a mapping of names to arrays or lists."""
    collected = _native.Columns()
    if hasattr(columns, "__arrow_c_stream__"):
        collected.stream(columns.__arrow_c_stream__(None), _NAMES)
        return collected
    if not isinstance(columns, Mapping):
        raise TypeError(
            f"columns: give a table (anything with __arrow_c_stream__) or a mapping of columns, not {type(columns).__name__}"
        )
    renamed: dict[str, str] = dict(_NAMES)
    for name, values in columns.items():
        _add(collected, renamed[name] if name in renamed else name, values)
    return collected


@runtime_checkable
class ArrowStream(Protocol):
    """A table of Arrow: of pyarrow, polars, pandas, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object: ...


@runtime_checkable
class ArrowArray(Protocol):
    """A record batch of Arrow."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[object, object]: ...


def collect_table(table: ArrowStream | ArrowArray, names: Mapping[str, str] | None) -> _native.Columns:
    """The columns of a table; ``names`` are what they are called there, by what they are called here."""
    collected = _native.Columns()
    renamed = [(there, here) for here, there in (names or {}).items()]
    if isinstance(table, ArrowStream):
        collected.stream(table.__arrow_c_stream__(None), renamed)
    else:
        collected.batch(*table.__arrow_c_array__(None), renamed)
    return collected


def _add(collected: _native.Columns, name: str, values: Any) -> None:
    if hasattr(values, "__arrow_c_array__"):
        collected.array(name, *values.__arrow_c_array__(None))
        return
    if isinstance(values, list | tuple):
        if all(value is None or isinstance(value, str) for value in values):
            collected.texts(name, list(values))
            return
        if name in ("units", "code"):
            _add(collected, name, _wholes(name, values))
            return
        texts = [None if value is None else _text(name, value) for value in values]
        collected.texts(name, texts)
        return
    try:
        view = memoryview(values)
    except TypeError:
        if hasattr(values, "tolist"):
            _add(collected, name, values.tolist())
            return
        raise TypeError(f"column {name!r}: give an Arrow array, a buffer or a list, not {type(values).__name__}") from None
    if view.ndim == 2 and view.itemsize == 1 and view.shape is not None and view.shape[1] == 16:
        collected.buffer(name, "16s", 16, view.tobytes())
        return
    if view.ndim != 1:
        raise TypeError(f"column {name!r}: has {view.ndim} dimensions, a column has one")
    collected.buffer(name, view.format or "", view.itemsize, view.tobytes())


def _wholes(name: str, values: Any) -> array[int]:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"column {name!r}: holds a {type(value).__name__}, not a whole number")
    try:
        return array("q", values)
    except OverflowError:
        raise ValueError(f"column {name!r}: holds a number past 64 bits: give decimals, or the column `amount`") from None


def _text(name: str, value: Any) -> str:
    from .commands import amount_text, name_text

    if name == "amount":
        return amount_text(value).partition(" ")[0]
    if isinstance(value, bool | float):
        raise TypeError(f"column {name!r}: holds a {type(value).__name__}: give whole numbers as an array, or text")
    return str(value) if isinstance(value, int) else name_text(value, name)


class Table:
    """Columns that were read: anything that knows Arrow's capsules takes it (pandas, polars, pyarrow, DuckDB), and numbers come
    by the buffer protocol without any library.

    A table of mixed assets has the columns ``units``, ``scale`` and ``asset``.
    """

    __slots__ = ("_batches",)

    def __init__(self, batches: _native.Batches) -> None:
        self._batches = batches

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._batches.stream()

    def __len__(self) -> int:
        return self._batches.rows()

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return self._batches.names()

    def column(self, name: str, *, missing: int | None = None) -> memoryview:
        """A column of numbers as a buffer, which ``numpy.asarray`` takes as it is: counts (``Q``), smallest units (``q``; an error
        where one is past 64 bits), instants in nanoseconds since 1970 (``q``), dates in days since 1970 (``i``), flags (``?``).
        A missing number is an error unless ``missing`` says what stands for it; texts are read by Arrow."""
        form, numbers = self._batches.numbers(name, missing)
        view: Any = memoryview(numbers)
        return cast("memoryview", view.cast(form))

    def to_arrow(self) -> Any:
        """As a ``pyarrow.Table``."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> Any:
        """As a ``pandas.DataFrame`` with Arrow's exact types."""
        import pandas
        import pyarrow

        return pyarrow.table(self).to_pandas(types_mapper=pandas.ArrowDtype)

    def to_polars(self) -> Any:
        """As a ``polars.DataFrame``."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        return f"Table({len(self)} rows: {', '.join(self.names)})"


class PostOutcomes:
    """What became of the rows of ``post_columns``: counts, a buffer of each column of numbers, and a table of ``ok``, ``status``,
    ``replayed``, ``sequence``, ``timestamp``. What is not asked for is not copied."""

    __slots__ = ("_outcomes", "booked", "rejected", "replayed")

    booked: int
    """Rows that were booked now."""
    replayed: int
    """Rows that had been booked before."""
    rejected: int
    """Rows that were refused."""

    def __init__(self, outcomes: _native.Outcomes) -> None:
        self._outcomes = outcomes
        self.booked, self.replayed, self.rejected = outcomes.counts()

    @property
    def statuses(self) -> memoryview:
        """The number of each row's status (``H``): 0 is ``created``."""
        return memoryview(self._outcomes.statuses()).cast("H")

    @property
    def sequences(self) -> memoryview:
        """The place of each row in the log (``Q``); 0 where nothing is booked."""
        return memoryview(self._outcomes.sequences()).cast("Q")

    @property
    def timestamps(self) -> memoryview:
        """When each row was decided, in nanoseconds since 1970 (``q``)."""
        return memoryview(self._outcomes.timestamps()).cast("q")

    @property
    def table(self) -> Table:
        """A row for each row."""
        return Table(self._outcomes.table())

    def __iter__(self) -> Iterator[int]:
        return iter((self.booked, self.replayed, self.rejected))

    def __repr__(self) -> str:
        return f"PostOutcomes(booked={self.booked}, replayed={self.replayed}, rejected={self.rejected})"
