"""JSON with exact numbers: what a request says and what an answer tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from json import dumps as dumps
from numbers import Integral
from typing import Any
from uuid import UUID

from ._errors import InvalidError
from ._instant import Timestamp
from ._money import Money
from ._value import Value


def loads(text: str) -> Any:
    """What a text says: whole numbers as ``int``, others as ``Decimal``, none as a float."""
    try:
        return _SHORT.decode(text)
    except ValueError:
        return _LONG.decode(text)


def json_text(value: Any, name: str) -> str:
    """A value as JSON with exact numbers. ``name`` is what it is called where it cannot be written."""
    try:
        return _text(value, (name,))
    except RecursionError:
        raise InvalidError(f"{name}: nests too deep, or holds itself", "invalid", name) from None


def exact_request(op: str, fields: Mapping[str, Any], **written: str | None) -> str:
    """A request with those of its fields that say something. ``written`` are JSON already, with exact numbers."""
    told = json.dumps({"op": op, **{name: value for name, value in fields.items() if value is not None}})
    exact = "".join(f', "{name}": {text}' for name, text in written.items() if text is not None)
    return f"{told[:-1]}{exact}}}"


# As many bits as Python writes and reads in digits whatever its own limit is.
_SHORT_BITS = 2_000
_SHORT_DIGITS = 600
# As many places as a policy takes: more are sent as they are, and refused there.
_PLACES = 10_000

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _whole(text: str) -> int:
    return int(text) if len(text) <= _SHORT_DIGITS else int(Decimal(text))


_LONG = json.JSONDecoder(parse_float=Decimal, parse_int=_whole)
# The quick one, which refuses whole numbers that are longer than Python reads of itself.
_SHORT = json.JSONDecoder(parse_float=Decimal)


def _text(value: Any, where: tuple[Any, ...]) -> str:
    # One frame for each level, so that all that a policy takes can be written.
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value) if value.bit_length() <= _SHORT_BITS else f"{Decimal(value):f}"
    if isinstance(value, Value):
        value = value.to_dict()
    if isinstance(value, dict | Mapping):
        fields = []
        for name, item in value.items():
            if not isinstance(name, str):
                raise TypeError(f"{_place(where)}: the name of a field is text, not {type(name).__name__}: {name!r}")
            fields.append(f"{_quoted(name)}: {_text(item, (where, name))}")
        return f"{{{', '.join(fields)}}}"
    if isinstance(value, list | tuple):
        items = []
        for index, item in enumerate(value):
            items.append(_text(item, (where, index)))
        return f"[{', '.join(items)}]"
    return _single(value, where)


def _single(value: Any, where: tuple[Any, ...]) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{_place(where)}: {value} is no number")
        return f"{value:f}" if abs(value.adjusted()) <= _PLACES else str(value)
    if isinstance(value, Money | UUID):
        return _quoted(str(value))
    if isinstance(value, date):
        return _quoted(_date_text(value, where))
    if isinstance(value, float):
        raise TypeError(f"{_place(where)}: a float is not exact: give a Decimal, an int or text")
    if isinstance(value, Integral):
        return _text(int(value), where)
    raise TypeError(
        f"{_place(where)}: give a mapping, a list, text, an int, a Decimal, a bool or None, not {type(value).__name__}"
    )


def _date_text(value: date, where: tuple[Any, ...]) -> str:
    if not isinstance(value, datetime) or isinstance(value, Timestamp):
        return value.isoformat()
    if value.tzinfo is None or value.utcoffset() is None:
        raise TypeError(f"{_place(where)}: has no zone: give an aware datetime, as datetime.now(timezone.utc)")
    return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def _place(where: tuple[Any, ...]) -> str:
    """Where a value stands, as ``input.party.accounts[2]``."""
    if len(where) == 1:
        return str(where[0])
    above, step = where
    return f"{_place(above)}[{step}]" if isinstance(step, int) else f"{_place(above)}.{step}"
