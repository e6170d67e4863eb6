"""What is asked about people and needs no ledger: machine-readable zones, callbacks of providers, risk scores, and charts of other engines.

>>> from thalium import kyc
>>> passport = kyc.read_mrz('''
... P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
... L898902C36UTO7408122F1204159ZE184226B<<<<<10
... ''', today="2012-01-31")
>>> passport.primary, passport.number, passport.status, passport.valid
('ERIKSSON', 'L898902C3', 'valid', True)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from ipaddress import IPv4Address, IPv6Address
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict, cast

from . import _native
from ._cases import body_text
from ._chart import Source
from ._instant import Timestamp, date_text, instant_text
from ._json import exact_request, json_text, loads
from ._policy import source_text
from ._types import BallerineLeniency
from ._value import Value

Provider: TypeAlias = Literal["onfido", "persona", "sumsub", "veriff", "jumio", "ballerine"]
"""Who checks identities, and sends callbacks about it."""

Headers: TypeAlias = Mapping[str, str | bytes | Iterable[str]] | Iterable[tuple[str | bytes, str | bytes]]
"""Headers as a framework gives them: names to texts or lists of texts, or pairs, as ASGI has them."""


class CallbackKey(TypedDict, total=False):
    """A key that callbacks are signed with: ``dict(id="2026", secret=os.environ["SUMSUB_SECRET"])``."""

    id: str
    """What it is called."""
    secret: str
    """The secret, as the provider shows it."""
    client: str
    """The name of the client that the provider sends along, where it does."""
    not_before: datetime | str
    """From when on it is valid."""
    not_after: datetime | str
    """Until when it is valid."""


# Those that follow stand in the place of what is made of the facade's types: what is JSON, a day or an instant there is read here.


class MrzView(Value):
    """A machine-readable zone that was read."""

    __slots__ = (
        "format", "document_code", "issuer", "number", "primary", "secondary", "names_truncated", "nationality", "born", "sex", "expires",
        "status", "valid", "wrong", "optional",
    )
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"born": "date", "expires": "date", "wrong": "texts", "optional": "texts"}

    format: Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]
    """Of which format it is."""
    document_code: str
    """The document code, such as ``P``."""
    issuer: str
    """Who issued it: a code of ICAO 9303, as it stands."""
    number: str
    """Its number."""
    primary: str
    """The primary identifier: the last names as a rule."""
    secondary: str
    """The secondary identifier: the given names as a rule."""
    names_truncated: bool
    """Whether the names may have been cut off."""
    nationality: str
    """The nationality: a code of ICAO 9303, as it stands."""
    born: date | None
    """The day of birth; ``None`` where part of it is not known."""
    sex: Literal["female", "male", "unspecified"]
    """The sex."""
    expires: date | None
    """The last day on which it is valid."""
    status: Literal["valid", "expired", "unknown"]
    """How it stands on the day that was given."""
    valid: bool
    """Whether every check digit is right."""
    wrong: tuple[str, ...]
    """The check digits that are not."""
    optional: tuple[str, ...]
    """What else stands there."""


class CallbackView(Value):
    """A callback that was proven and read."""

    __slots__ = (
        "provider", "key", "signed_at", "event_id", "kind", "about", "subject", "occurred_at", "outcome", "reasons", "sandbox", "evidence",
        "event", "data",
    )
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"signed_at": "instant", "occurred_at": "instant", "reasons": "texts", "data": "json"}

    provider: Provider
    """Who sent it."""
    key: str | None
    """The key that signed it, by its id."""
    signed_at: Timestamp | None
    """When it was signed, where the provider says so."""
    event_id: str
    """The id by which a second delivery is known: give it as the ``request_id`` of what is done with it."""
    kind: str
    """What the provider calls it."""
    about: str
    """The provider's own id of the check."""
    subject: str | None
    """The caller's own reference, where the provider carries it."""
    occurred_at: Timestamp | None
    """When it happened."""
    outcome: str
    """What it comes to, in the same words for every provider."""
    reasons: tuple[str, ...]
    """The provider's own reasons."""
    sandbox: bool | None
    """Whether it is of the provider's sandbox, where it says so."""
    evidence: str
    """The SHA-256 of the body, to be kept with it as evidence."""
    event: str
    """The event that a chart is told."""
    data: dict[str, Any] | None
    """What that carries. Whole numbers are ``int``, others ``Decimal``."""


class RiskScore(Value):
    """The risk of a customer."""

    __slots__ = ("score", "level", "refuse", "refresh_by", "explained", "model", "text")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"score": "exact", "refresh_by": "instant", "explained": "texts"}

    score: Decimal
    """The score."""
    level: str
    """The level that it comes to."""
    refuse: bool
    """Whether there is to be no business with the customer."""
    refresh_by: Timestamp | None
    """When the information about the customer is to be updated."""
    explained: tuple[str, ...]
    """What it was made of, point by point, for people."""
    model: str
    """The digest of the model."""
    text: str
    """All of it as JSON: the same score is the same text, to be kept as evidence."""

    @property
    def details(self) -> dict[str, Any]:
        """All of it, read from ``text``. Whole numbers are ``int``, others ``Decimal``."""
        told: dict[str, Any] = loads(self.text)
        return told

    def _repr_html_(self) -> str:
        # Point by point, and not all of it once more.
        shown = super(RiskScore, RiskScore({**self._data, "text": "", "explained": ()}))._repr_html_()
        return f"{shown}<ul>{''.join(f'<li>{escape(point)}</li>' for point in self.explained)}</ul>"


class BallerineImport(Value):
    """Workflow definitions of Ballerine as charts: ``thalium.Chart.of(told.chart, charts=told.charts, dialect=told.dialect)``."""

    __slots__ = ("chart", "charts", "dialect", "leniencies")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"charts": "texts", "leniencies": "[BallerineLeniency]"}

    chart: str
    """The chart of the first definition: JSON."""
    charts: tuple[str, ...]
    """The charts of the others, to be loaded together with it: JSON."""
    dialect: Literal["strict", "javascript"]
    """How JSON Logic takes values of other kinds in them."""
    leniencies: tuple[BallerineLeniency, ...]
    """What was tolerated."""


def read_mrz(text: str, today: date | str | None = None) -> MrzView:
    """Reads the machine-readable zone of a passport, an identity card or a visa: its lines, or one run of its characters.

    ``today`` is the day for which is told whether it has expired, by default that of the clock, in UTC. A check digit that is wrong is told
    (``valid``, ``wrong``); what is no such zone is an ``InvalidError``.
    """
    return MrzView(_asked("read_mrz", {"text": text, "today": date_text(today, "today")}))


def read_callback(
    provider: Provider,
    headers: Headers,
    body: bytes | str,
    keys: Iterable[CallbackKey | Mapping[str, Any]] = (),
    *,
    tolerance: int | None = None,
    address: str | IPv4Address | IPv6Address | None = None,
    allowed: Iterable[str | IPv4Address | IPv6Address] = (),
    now: datetime | str | None = None,
) -> CallbackView:
    """Proves who sent a callback, and reads it:
    ``kyc.read_callback("sumsub", request.headers, await request.body(), [dict(id="2026", secret=secret)])``.

    ``headers`` are those of the request and ``body`` is its bytes, as they came: what was read as JSON and written again has another signature.
    One of the ``keys`` has signed it; there are several while they change. ``tolerance`` is how many seconds old what is signed with a time
    may be (300). A provider that signs nothing is known by the ``address`` of the connection, one of those that are ``allowed``.

    What is not proven is a ``RefusedError``: answer 401, and believe nothing of it. An ``InvalidError`` names the field that is wrong: a
    ``body`` that was proven and is no such callback, or what was given beside it. No message tells a secret. The same callback may come twice: it has the same
    ``event_id``, by which a case that it is delivered to knows it: ``t.cases.callback(case, told.data)``.
    """
    fields: dict[str, Any] = {
        "provider": provider,
        "headers": _headers(headers),
        "body": body_text(body),
        "keys": [_key(key, f"keys[{at}]") for at, key in enumerate(_list(keys, "keys"))],
        "tolerance": tolerance,
        "from": None if address is None else str(address),
        "allowed": [str(one) for one in _list(allowed, "allowed")],
        "now": instant_text(now, "now"),
    }
    return CallbackView(_asked("read_callback", fields))


def score_risk(
    model: Source,
    facts: Mapping[str, Any],
    overrides: Iterable[Mapping[str, Any]] = (),
    *,
    now: datetime | str | None = None,
) -> RiskScore:
    """The risk of a customer by a model of JSON or YAML (a text, its bytes in UTF-8 or a mapping), with what it was made of.

    ``facts`` are what is known of the customer; numbers are exact, and a float is a ``TypeError``. ``overrides`` are what officers decided
    instead, each with ``level`` or ``score``, ``by``, ``reason``, ``expires`` and, if wanted, ``since``. ``now`` is the instant, by default that
    of the clock. The same input gives the same score everywhere.

    Facts that the model lacks are a ``RefusedError`` that names them all; a model that is refused is a ``ChartError``, with all that is
    wrong by row, column and path.
    """
    fields = {"model": source_text(model, "model"), "now": instant_text(now, "now")}
    instead = [*_list(overrides, "overrides")]
    return RiskScore(
        _asked(
            "score_risk",
            fields,
            facts=json_text(facts, "facts"),
            overrides=json_text(instead, "overrides") if instead else None,
        )
    )


def import_ballerine(text: Source | Sequence[Mapping[str, Any]], *, strict: bool = False) -> BallerineImport:
    """Workflow definitions of Ballerine as charts: a definition, or a list of them of which the first is the main one, as JSON or as
    mappings; ``docs/ballerine.md`` says what becomes of what.

    What Ballerine tolerates is told in ``leniencies``, and refused with ``strict``. What cannot be carried over is a ``ChartError`` with all
    that is wrong by row, column and path.
    """
    is_list = isinstance(text, Sequence) and not isinstance(text, str | bytes)
    written = json_text([*text], "text") if is_list else source_text(cast(Source, text), "text")
    return BallerineImport(_asked("import_ballerine", {"text": written, "strict": strict}))


def _asked(op: str, fields: dict[str, Any], **written: str | None) -> Any:
    # What is exact is JSON in a text of the answer, and read from there.
    return json.loads(_native.run(exact_request(op, fields, **written)))


def _list(values: Iterable[Any], name: str) -> Iterable[Any]:
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise TypeError(f"{name}: give a list, not {type(values).__name__}")
    return values


def _headers(headers: Headers) -> list[dict[str, str]]:
    # Mappings of frameworks may tell a name more than once, and not all are of `Mapping`.
    pairs: Any = headers.items() if hasattr(headers, "items") else headers
    if isinstance(pairs, str | bytes) or not isinstance(pairs, Iterable):
        raise TypeError(f"headers: give a mapping of names to texts, or pairs, not {type(headers).__name__}")
    told = []
    for pair in pairs:
        if isinstance(pair, str | bytes) or not isinstance(pair, Iterable) or len(both := [*pair]) != 2:
            raise TypeError("headers: give a mapping of names to texts, or pairs of a name and a text")
        name = _header(both[0], "the name of a header")
        values = [both[1]] if isinstance(both[1], str | bytes) or not isinstance(both[1], Iterable) else both[1]
        told += [{"name": name, "value": _header(value, f"headers[{name!r}]")} for value in values]
    return told


def _header(value: Any, where: str) -> str:
    if isinstance(value, bytes):
        # As HTTP has it: every byte is a character.
        return value.decode("latin-1")
    if isinstance(value, str):
        return value
    raise TypeError(f"{where}: is text, not {type(value).__name__}")


def _key(key: CallbackKey | Mapping[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(key, Mapping):
        raise TypeError(f"{where}: give a mapping, as dict(id='2026', secret=secret), not {type(key).__name__}")
    told: dict[str, Any] = {name: value for name, value in key.items() if value is not None}
    for name in ("not_before", "not_after"):
        if name in told:
            told[name] = instant_text(told[name], f"{where}.{name}")
    for name, value in told.items():
        if not isinstance(value, str):
            raise TypeError(f"{where}.{name}: is text, not {type(value).__name__}")
    return told


__all__ = [
    "BallerineImport",
    "BallerineLeniency",
    "CallbackKey",
    "CallbackView",
    "Headers",
    "MrzView",
    "Provider",
    "RiskScore",
    "import_ballerine",
    "read_callback",
    "read_mrz",
    "score_risk",
]
