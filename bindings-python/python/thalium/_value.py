"""What every answer is: a value that does not change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import escape
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from ._instant import Timestamp
from ._money import Money

TYPES: dict[str, type[Value]] = {}


class Value:
    """A value that does not change: it can be compared, hashed, pickled, shown, and turned into plain data."""

    __slots__ = ("_data",)

    _fields: ClassVar[tuple[str, ...]] = ()
    _shapes: ClassVar[dict[str, str]] = {}
    _names: ClassVar[dict[str, str]] = {}
    _data: dict[str, Any]

    def __init_subclass__(cls) -> None:
        TYPES[cls.__name__] = cls

    def __init__(self, data: dict[str, Any], asset: str | None = None) -> None:
        object.__setattr__(self, "_data", data)
        asset = data.get("asset", asset)
        shapes, names = self._shapes, self._names
        for name in self._fields:
            value = data.get(names.get(name, name))
            shape = shapes.get(name)
            object.__setattr__(self, name, value if shape is None else _read(shape, value, asset))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change")

    def to_dict(self) -> dict[str, Any]:
        """The value as plain data: what the ledger answered, money as decimal text, instants as RFC 3339."""
        return dict(self._data)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    def __hash__(self) -> int:
        return hash((type(self), repr(self._data)))

    def __repr__(self) -> str:
        told = ((name, getattr(self, name)) for name in self._fields)
        pairs = ", ".join(f"{name}={value!r}" for name, value in told if value not in (None, "", ()) and value != {})
        return f"{type(self).__name__}({pairs})"

    def _repr_html_(self) -> str:
        rows = [(name, getattr(self, name)) for name in self._fields]
        lists = [(name, value) for name, value in rows if isinstance(value, tuple) and value and isinstance(value[0], Value)]
        plain = [(name, value) for name, value in rows if value not in (None, "", ()) and (name, value) not in lists]
        head = "".join(f"<tr><th>{escape(name)}</th><td>{escape(_shown(value))}</td></tr>" for name, value in plain)
        # Where there are several, each says what it is.
        return f"<table>{head}</table>" + "".join(table_html(value, name if len(lists) > 1 else "") for name, value in lists)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self._data,))


def table_html(values: tuple[Value, ...], caption: str = "") -> str:
    """Values of one type as a table, with the columns that say something."""
    if not values:
        return "<p>none</p>"
    names = [name for name in values[0]._fields if any(getattr(value, name) not in (None, "", ()) for value in values)]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    cells = (
        "".join(f"<td>{escape(_shown(getattr(value, name)))}</td>" for name in names)
        for value in values
    )
    return f"<table>{title}<tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        # All digits, where `str` says `0E-8`.
        return f"{value:f}"
    if isinstance(value, tuple):
        return ("; " if value and isinstance(value[0], Value) else ", ").join(_shown(item) for item in value)
    if isinstance(value, Value):
        told = (getattr(value, name) for name in value._fields)
        return " ".join(_shown(item) for item in told if item not in (None, "", ()))
    if isinstance(value, dict):
        from ._json import json_text

        try:
            return json_text(value, "value")
        except (TypeError, ValueError):
            return str(value)
    return "" if value is None else str(value)


def _read(shape: str, value: Any, asset: str | None) -> Any:
    if shape == "map":
        return MappingProxyType(value or {})
    if value is None:
        return "" if shape == "text" else None
    if shape == "text":
        return value
    if shape == "money":
        return Money(value)
    if shape == "decimal":
        return Money(value, asset or "")
    if shape == "exact":
        # Prices and quantities are of no asset.
        return Decimal(value)
    if shape == "decimal?":
        # A side of a trial balance without a balance is empty.
        return Money(value, asset or "") if value[:1].isdigit() else None
    if shape == "instant":
        return Timestamp.parse(value)
    if shape == "date":
        return date.fromisoformat(value)
    if shape == "uuid":
        return UUID(value)
    if shape == "texts":
        return tuple(value)
    if shape == "json":
        # What is written there is made of values, too.
        from ._json import loads

        return loads(value)
    if shape.startswith("["):
        kind = TYPES[shape[1:-1]]
        return tuple(kind(item, asset) for item in value)
    return TYPES[shape](value, asset)
