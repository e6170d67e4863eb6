"""Policies: bundles of Rego that decide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from numbers import Integral
from os import PathLike, fspath
from typing import Any, Final, TypedDict
from uuid import UUID

from . import _native
from ._errors import InvalidError, ThaliumError
from ._instant import Timestamp, instant_text
from ._money import Money
from ._types import PolicyTests, PolicyView, Verdict
from ._value import Value


class Undefined:
    """What ``UNDEFINED`` is: that there is no value. It is false, and it is not ``None``, which is the null of JSON."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"

    def __reduce__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()
"""There is no value: no rule made one. Ask ``value is thalium.UNDEFINED``."""


class PolicyKey(TypedDict, total=False):
    """A key by which a bundle's signature is verified: ``dict(algorithm="RS256", key=pem)``."""

    id: str
    """Its id, which the signature names; left out if it serves for every signature."""
    algorithm: str
    """The algorithm, such as ``RS256``."""
    key: str
    """A public key or certificate (PEM), a set of public keys (JWK), or the secret of an HMAC."""
    scope: str
    """What the signature must be for, if anything."""


class Policy:
    """A bundle of Rego that decides: ``thalium.Policy.open("policies")``.

    >>> import thalium
    >>> p = thalium.Policy.of({"access.rego": 'package access\\n\\nallow if "teller" in input.roles'})
    >>> p.evaluate("access/allow", {"roles": ["teller"]})
    True
    >>> p.evaluate("access/allow", {"roles": []})
    undefined

    An input is what JSON can say, and its numbers are exact: an ``int`` or a ``Decimal`` is written as it is, a float is a ``TypeError``.
    ``Money`` is written as its text (``"250.00 ZAR"``; its ``amount`` is the number), instants as RFC 3339 in UTC, dates and ids as text,
    what the ledger answered as its ``to_dict()``. ``None`` is null; an input that is left out is undefined.

    ``now`` is the instant that ``time.now_ns()`` answers, by default that of the clock. With ``strict`` an error of a built-in function
    ends the question; else what it stands in is undefined. Many threads may ask at once.
    """

    __slots__ = ("_policy",)

    def __init__(self, policy: _native.Policy) -> None:
        self._policy = policy

    @classmethod
    def open(
        cls, path: str | PathLike[str], *, keys: Iterable[PolicyKey | Mapping[str, str]] | None = None
    ) -> Policy:
        """Opens the bundle at a path: a directory, an archive (``.tar.gz``) or one module.

        With ``keys`` it must be signed by one of them; without, a signature is not looked at. A bundle that is refused is a
        ``PolicyError`` with the file and the row: nothing was loaded.
        """
        return cls(_native.Policy(_open(keys, path=fspath(path))))

    @classmethod
    def of(
        cls,
        files: Mapping[str, str | bytes | Mapping[str, Any]],
        *,
        keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
    ) -> Policy:
        """A bundle of files, by their names in it: ``{"aml/aml.rego": module, "aml/data.json": {"large": Decimal("10000.50")}}``.

        A file is text, its bytes in UTF-8, or a mapping, which becomes JSON with exact numbers.
        """
        if not isinstance(files, Mapping):
            raise TypeError(f"files: give a mapping of names to texts, not {type(files).__name__}")
        return cls(_native.Policy(_open(keys, files={name: _file(name, file) for name, file in files.items()})))

    def decide(self, path: str, input: Any = UNDEFINED, *, now: datetime | str | None = None, strict: bool = False) -> Verdict:
        """The verdict at a path, such as ``"aml/verdict"``; where it is undefined, a denial that says so.

        What comes to no verdict is an exception, and no permission: whoever asked must deny.
        """
        return self._decided(path, input, now, strict, "input")

    def decide_many(
        self, path: str, inputs: Any, *, now: datetime | str | None = None, strict: bool = False
    ) -> list[Verdict]:
        """The verdicts at a path for many inputs, in their order: a list, or the rows of a table of polars, pandas or Arrow.

        The first that comes to no verdict is an exception, whose message begins with its place: ``inputs[3]``.
        """
        rows = _rows(inputs)
        return [self._decided(path, row, now, strict, f"inputs[{index}]") for index, row in enumerate(rows)]

    def evaluate(self, path: str, input: Any = UNDEFINED, *, now: datetime | str | None = None, strict: bool = False) -> Any:
        """What stands at a path; ``UNDEFINED`` if nothing does.

        Whole numbers are ``int``, others ``Decimal``, sets are lists. ``None`` is a null that the policy says.
        """
        return self._asked("evaluate", input, path=path, **_how(now, strict)).get("result", UNDEFINED)

    def query(
        self, text: str, input: Any = UNDEFINED, *, now: datetime | str | None = None, strict: bool = False
    ) -> list[dict[str, Any]]:
        """All ways in which a query in Rego holds, such as ``"some name, limit in data.aml.limits; limit > 5"``, each with its variables."""
        ways: list[dict[str, Any]] = self._asked("query_policy", input, query=text, **_how(now, strict))["ways"]
        return ways

    def describe(self) -> PolicyView:
        """What was loaded: the revision, the digest that names this content, and the rules."""
        return PolicyView(json.loads(self._call(json.dumps({"op": "describe_policy"}))))

    def test(self, only: str = "", *, now: datetime | str | None = None) -> PolicyTests:
        """Runs the tests of the bundle, or only those with a text in their names. One that fails is told, and is no exception."""
        request = {"op": "test_policy", "only": only, "now": instant_text(now, "now")}
        return PolicyTests(json.loads(self._call(json.dumps(request))))

    def __repr__(self) -> str:
        view = self.describe()
        return f"Policy(revision={view.revision!r}, digest={view.digest[:12]!r}, {len(view.rules)} rules)"

    def _call(self, request: str) -> str:
        return self._policy.call(request)

    def _asked(self, op: str, input: Any, **fields: Any) -> Any:
        return _EXACT.decode(self._call(_request(op, _input_text(input, "input"), fields)))

    def _decided(self, path: str, input: Any, now: datetime | str | None, strict: bool, name: str) -> Verdict:
        text, how = _input_text(input, name), _how(now, strict)
        try:
            if strict:
                told = self._call(_request("decide", text, {"path": path, **how}))
            else:
                told = self._policy.decide(path, text, how["now"])
        except ThaliumError as error:
            place = "" if name == "input" else f"{name}: "
            message = f"{place}{error}; there is no verdict, and so no permission: deny"
            raise type(error)(message, error.code, error.field) from None
        return Verdict(json.loads(told))


def json_text(value: Any, name: str) -> str:
    """A value as JSON with exact numbers. ``name`` is what it is called where it cannot be written."""
    try:
        return _text(value, (name,))
    except RecursionError:
        raise InvalidError(f"{name}: nests too deep, or holds itself", "invalid", name) from None


def _open(keys: Iterable[PolicyKey | Mapping[str, str]] | None, **which: Any) -> str:
    if keys is not None:
        which["keys"] = [_key(key, f"keys[{index}]") for index, key in enumerate(keys)]
    return json.dumps(which)


def _key(key: PolicyKey | Mapping[str, str], name: str) -> dict[str, Any]:
    if not isinstance(key, Mapping):
        raise TypeError(f"{name}: give a mapping, as dict(algorithm='RS256', key=pem), not {type(key).__name__}")
    return dict(key)


def _file(name: str, file: str | bytes | Mapping[str, Any]) -> str:
    where = f"files[{name!r}]"
    if not isinstance(name, str):
        raise TypeError(f"{where}: the name of a file is text")
    if isinstance(file, str):
        return file
    if isinstance(file, bytes):
        try:
            return file.decode()
        except UnicodeDecodeError:
            raise ValueError(f"{where}: is not UTF-8") from None
    if isinstance(file, Mapping):
        return json_text(file, where)
    raise TypeError(f"{where}: give text, bytes or a mapping, not {type(file).__name__}")


def _rows(inputs: Any) -> Iterable[Any]:
    """The rows of a table as polars, Arrow and pandas give them; or what is a list already."""
    if hasattr(inputs, "to_dicts"):
        rows: Iterable[Any] = inputs.to_dicts()
    elif hasattr(inputs, "to_pylist"):
        rows = inputs.to_pylist()
    elif hasattr(inputs, "to_dict") and hasattr(inputs, "columns"):
        rows = inputs.to_dict("records")
    elif isinstance(inputs, str | bytes | Mapping) or not isinstance(inputs, Iterable):
        raise TypeError(f"inputs: give a list of inputs or a table, not {type(inputs).__name__}")
    else:
        rows = inputs
    return rows


def _how(now: datetime | str | None, strict: bool) -> dict[str, Any]:
    return {"now": instant_text(now, "now"), "strict": strict}


def _input_text(input: Any, name: str) -> str | None:
    return None if input is UNDEFINED else json_text(input, name)


def _request(op: str, input: str | None, fields: dict[str, Any]) -> str:
    request = json.dumps({"op": op, **fields})
    # The input is JSON already, with exact numbers.
    return request if input is None else f'{request[:-1]}, "input": {input}}}'


# As many bits as Python writes and reads in digits whatever its own limit is.
_SHORT_BITS = 2_000
_SHORT_DIGITS = 600
# As many places as a policy takes: more are sent as they are, and refused there.
_PLACES = 10_000

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _whole(text: str) -> int:
    return int(text) if len(text) <= _SHORT_DIGITS else int(Decimal(text))


_EXACT = json.JSONDecoder(parse_float=Decimal, parse_int=_whole)


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
