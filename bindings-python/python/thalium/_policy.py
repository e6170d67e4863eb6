"""Policies: bundles of Rego that decide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from os import PathLike, fspath
from typing import Any, Final, Literal, TypeAlias, TypedDict

from . import _native
from ._errors import ThaliumError
from ._instant import instant_text
from ._json import exact_request, json_text, loads
from ._types import PolicyDiff, PolicyExplanation, PolicyFinding, PolicyTests, PolicyView, RowFilter, Verdict


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


class RowColumn(TypedDict, total=False):
    """A column of a table: ``dict(type="text", sql="owner_id")``. It has a ``type``; the rest may be left out."""

    type: Literal["text", "number", "boolean", "texts"]
    """What it holds: ``text`` (``text``, ``varchar``), ``number`` (``numeric`` or whole numbers), ``boolean`` or ``texts`` (``text[]``)."""
    sql: str
    """Its name in SQL, without quotes; the row's key, where it is left out."""
    nullable: bool
    """Whether it may be NULL, which is the row's ``null``: say so unless it is ``not null``."""


Files: TypeAlias = Mapping[str, str | bytes | Mapping[str, Any]]
"""A bundle's files by their names in it: text, its bytes in UTF-8, or a mapping, which becomes JSON with exact numbers."""
Bundle: TypeAlias = str | PathLike[str] | Files
"""A bundle: the path of a directory, an archive or a module; or its files."""


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
        return cls(_native.Policy(json.dumps(_fields(keys, path=fspath(path)))))

    @classmethod
    def of(
        cls,
        files: Files,
        *,
        keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
    ) -> Policy:
        """A bundle of files, by their names in it: ``{"aml/aml.rego": module, "aml/data.json": {"large": Decimal("10000.50")}}``.

        A file is text, its bytes in UTF-8, or a mapping, which becomes JSON with exact numbers.
        """
        if not isinstance(files, Mapping):
            raise TypeError(f"files: give a mapping of names to texts, not {type(files).__name__}")
        return cls(_native.Policy(bundle_text(files, keys)))

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
        """What was loaded: the revision, the digest that names this content, the rules, and the programs of typed rules with their facts."""
        return PolicyView(json.loads(self._call(json.dumps({"op": "describe_policy"}))))

    def test(self, only: str = "", *, now: datetime | str | None = None, coverage: bool = False) -> PolicyTests:
        """Runs the tests of the bundle, or only those with a text in their names. One that fails is told, and is no exception.

        With ``coverage`` the answer tells which rows of the modules they ran: ``tests.coverage.files``, and as ``basis_points`` how many of
        all rows in hundredths of a percent.
        """
        request = {"op": "test_policy", "only": only, "now": instant_text(now, "now"), "coverage": coverage}
        return PolicyTests(json.loads(self._call(json.dumps(request))))

    def explain(
        self,
        path: str,
        input: Any = UNDEFINED,
        *,
        now: datetime | str | None = None,
        strict: bool = False,
        steps: int | None = None,
        without_values: bool = False,
    ) -> PolicyExplanation:
        """What stands at a path, and why: ``print(p.explain("aml/verdict", input).text)``.

        ``steps`` are the rules and expressions in the order in which they were run, each with its file, its row and what became of it (at
        most so many as are asked for: 1,000, and up to 10,000; ``cut`` says that there were more); ``text`` is the same, a line each.
        ``said`` is what ``print`` and ``trace`` said. ``result`` is the answer as JSON text: read it with ``parse_float=Decimal``. With
        ``without_values`` nothing of the input stands in the steps, and nothing that is printed.

        That the evaluation came to no end is told as ``error``, and is no exception: to decide, ask ``decide``. An ``InvalidError`` names
        the field where the path leads nowhere or the input is none.
        """
        fields = {"path": path, **_how(now, strict), "steps": steps, "without_values": without_values}
        return PolicyExplanation(self._asked("explain", input, **fields))

    def lint(self) -> tuple[PolicyFinding, ...]:
        """What is probably wrong in modules that load, each with the linter's rule, its file and row, and how to mend it. The row
        ``# lint:ignore unused-import`` silences a rule on the row below it."""
        return tuple(PolicyFinding(told) for told in json.loads(self._call(json.dumps({"op": "lint_policy"}))))

    def diff(self, to: Bundle, *, keys: Iterable[PolicyKey | Mapping[str, str]] | None = None) -> PolicyDiff:
        """What changes from this version to another, which is the path of a bundle or its files: ``p.diff("policies-2").rules``.

        Rules are compared by what they mean, documents by their JSON pointers, typed rules field by field. ``empty`` says that nothing
        changes at all, ``same`` that nothing does but how it is written. Of each list the first 1,000 entries are told, and in ``more``
        how many are not. With ``keys`` the other version must be signed by one of them; where it is refused, that is a ``PolicyError``.
        """
        return PolicyDiff(json.loads(self._call(json.dumps({"op": "diff_policy", "to": bundle_fields(to, keys, "to")}))))

    def filter(
        self,
        path: str,
        input: Any = UNDEFINED,
        *,
        columns: Mapping[str, RowColumn | Mapping[str, Any]],
        row: str | None = None,
        alias: str | None = None,
        first_parameter: int | None = None,
        now: datetime | str | None = None,
    ) -> RowFilter:
        """Which rows of a table a rule is true for, as a condition in PostgreSQL's SQL that is equal to deciding on each:
        ``p.filter("accounts/visible", {"user": "zodwa"}, columns={"owner": dict(type="text", sql="owner_id")}, alias="a")``.

        ``columns`` are the columns by the row's keys (see ``thalium.RowColumn``), ``row`` is where a row stands in the input (``input.row``),
        ``alias`` what the query calls the table, ``first_parameter`` the number of the first parameter (1: ``$1``). ``input`` is the rest of
        the input.

        The ``sql`` of the answer is true or false of every row, never NULL, and ``rows`` says whether there are ``all``, ``none`` or ``some``.
        Its values are ``parameters``, each a ``text`` or ``texts``; those to bind are
        ``[one.text if one.texts is None else list(one.texts) for one in f.parameters]``.

        A rule that has no exact condition is a ``ThaliumError`` with the code ``unsupported`` and its place; a table that is none is an
        ``InvalidError`` that names the field. After any error nothing may be shown.
        """
        if not isinstance(columns, Mapping):
            raise TypeError(f"columns: give a mapping, as {{'owner': dict(type='text')}}, not {type(columns).__name__}")
        fields = {"path": path, "row": row, "alias": alias, "first_parameter": first_parameter, "now": instant_text(now, "now")}
        written = {"input": input_text(input, "input"), "columns": json_text(columns, "columns")}
        return RowFilter(json.loads(self._call(exact_request("filter_rows", fields, **written))))

    def __repr__(self) -> str:
        view = self.describe()
        return f"Policy(revision={view.revision!r}, digest={view.digest[:12]!r}, {len(view.rules)} rules)"

    def _call(self, request: str) -> str:
        return self._policy.call(request)

    def _asked(self, op: str, input: Any, **fields: Any) -> Any:
        return loads(self._call(exact_request(op, fields, input=input_text(input, "input"))))

    def _decided(self, path: str, input: Any, now: datetime | str | None, strict: bool, name: str) -> Verdict:
        text, how = input_text(input, name), _how(now, strict)
        try:
            if strict:
                told = self._call(exact_request("decide", {"path": path, **how}, input=text))
            else:
                told = self._policy.decide(path, text, how["now"])
        except ThaliumError as error:
            raise no_permission(error, "" if name == "input" else f"{name}: ") from None
        return Verdict(json.loads(told))


def bundle_text(bundle: Bundle, keys: Iterable[PolicyKey | Mapping[str, str]] | None) -> str:
    """A bundle as a request says which."""
    return json.dumps(bundle_fields(bundle, keys, "bundle"))


def bundle_fields(bundle: Bundle, keys: Iterable[PolicyKey | Mapping[str, str]] | None, name: str) -> dict[str, Any]:
    """The same as its fields. ``name`` is what it is called where it is none."""
    if isinstance(bundle, Mapping):
        return _fields(keys, files={file: _file(file, text) for file, text in bundle.items()})
    if isinstance(bundle, str | PathLike):
        return _fields(keys, path=fspath(bundle))
    raise TypeError(f"{name}: give a path or a mapping of names to texts, not {type(bundle).__name__}")


def source_text(source: str | bytes | Mapping[str, Any], where: str) -> str:
    """What is text, its bytes in UTF-8, or a mapping, which becomes JSON with exact numbers."""
    if isinstance(source, str):
        return source
    if isinstance(source, bytes):
        try:
            return source.decode()
        except UnicodeDecodeError:
            raise ValueError(f"{where}: is not UTF-8") from None
    if isinstance(source, Mapping):
        return json_text(source, where)
    raise TypeError(f"{where}: give text, bytes or a mapping, not {type(source).__name__}")


def input_text(input: Any, name: str) -> str | None:
    """An input as JSON, if there is one."""
    return None if input is UNDEFINED else json_text(input, name)


def no_permission(error: ThaliumError, place: str = "") -> ThaliumError:
    """The error of what came to no verdict, which says what that means."""
    message = f"{place}{error}; there is no verdict, and so no permission: deny"
    return type(error)(message, error.code, error.field)


def _fields(keys: Iterable[PolicyKey | Mapping[str, str]] | None, **which: Any) -> dict[str, Any]:
    if keys is not None:
        which["keys"] = [_key(key, f"keys[{index}]") for index, key in enumerate(keys)]
    return which


def _key(key: PolicyKey | Mapping[str, str], name: str) -> dict[str, Any]:
    if not isinstance(key, Mapping):
        raise TypeError(f"{name}: give a mapping, as dict(algorithm='RS256', key=pem), not {type(key).__name__}")
    return dict(key)


def _file(name: str, file: str | bytes | Mapping[str, Any]) -> str:
    where = f"files[{name!r}]"
    if not isinstance(name, str):
        raise TypeError(f"{where}: the name of a file is text")
    return source_text(file, where)


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
