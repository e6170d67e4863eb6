"""What is asked about people and needs no ledger: machine-readable zones, callbacks of providers, risk scores, charts of other engines, and what
is probably wrong in a kind of cases; and middleware that lets a callback through which its provider has signed.

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
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict, cast

from . import _native
from ._cases import body_text, kind_fields
from ._chart import Source
from ._errors import InvalidError, RefusedError
from ._instant import Timestamp, date_text, instant_text
from ._json import exact_request, json_text, loads
from ._policy import Bundle, PolicyKey, source_text
from ._types import BallerineLeniency, ChartFinding
from ._value import Value

Provider: TypeAlias = Literal["onfido", "persona", "sumsub", "veriff", "jumio", "ballerine"]
"""Who checks identities, and sends callbacks about it."""

Headers: TypeAlias = Mapping[str, str | bytes | Iterable[str]] | Iterable[tuple[str | bytes, str | bytes]]
"""Headers as a framework gives them: names to texts or lists of texts, or pairs, as ASGI has them."""

ASGIApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
"""An application of ASGI: Starlette, FastAPI, Django's ``get_asgi_application()``."""

WSGIApp: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""An application of WSGI: Flask's ``app.wsgi_app``, Django's ``get_wsgi_application()``."""

# No body of a callback has more bytes.
_BODY_MAX = 1 << 20
_TITLES = {400: "Bad Request", 401: "Unauthorized", 413: "Payload Too Large"}


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


class RulesImport(Value):
    """Rules of Ballerine's rule engine as a guard."""

    __slots__ = ("guard", "dialect")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    guard: str
    """The guard, a rule of JSON Logic: JSON."""
    dialect: Literal["javascript"]
    """How JSON Logic takes values of other kinds in it."""


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


class Callbacks:
    """Lets the callbacks of a provider through that it has signed, to an application of ASGI or of WSGI.

    ``app.mount("/webhooks/onfido", kyc.Callbacks("onfido", [dict(id="2026", secret=secret)]).asgi(heard))``. It takes what ``read_callback`` takes;
    ``tolerance`` and ``allowed`` are as there, and the address is that of the connection, as the server tells it.

    One that is not proven is answered 401, one that cannot be read 400, and one of more than 1 MiB 413; each is a problem document (RFC 9457), and
    the application behind is not called. It is called with the body as it came. Options that make no sense are an exception.
    """

    __slots__ = ("_allowed", "_keys", "_provider", "_tolerance")

    def __init__(
        self,
        provider: Provider,
        keys: Iterable[CallbackKey | Mapping[str, Any]] = (),
        *,
        tolerance: int | None = None,
        allowed: Iterable[str | IPv4Address | IPv6Address] = (),
    ) -> None:
        self._provider: Provider = provider
        self._keys = tuple(_key(key, f"keys[{at}]") for at, key in enumerate(_list(keys, "keys")))
        self._tolerance = tolerance
        self._allowed = tuple(_list(allowed, "allowed"))

    def asgi(self, app: ASGIApp) -> ASGIApp:
        """The application with this before it: ``scope["state"]["callback"]`` is the ``CallbackView``, ``request.state.callback`` in Starlette."""

        async def callbacks(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            parts: list[bytes] = []
            length, more = 0, True
            while more and length <= _BODY_MAX:
                message = await receive()
                if message["type"] != "http.request":
                    # Whoever has broken off is told nothing.
                    return
                parts.append(message.get("body", b""))
                length += len(parts[-1])
                more = message.get("more_body", False)
            body, client = b"".join(parts), scope.get("client")
            told = self._proven(scope["headers"], body, client[0] if client else None)
            if isinstance(told, tuple):
                status, problem = told
                headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(problem)).encode())]
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": problem})
                return
            scope.setdefault("state", {})["callback"] = told
            replayed = [{"type": "http.request", "body": body, "more_body": False}]

            async def again() -> Any:
                return replayed.pop() if replayed else await receive()

            await app(scope, again, send)

        return callbacks

    def wsgi(self, app: WSGIApp) -> WSGIApp:
        """The application with this before it: ``environ["thalium.callback"]`` is the ``CallbackView``."""

        def callbacks(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            most, text = _BODY_MAX + 1, environ.get("CONTENT_LENGTH") or ""
            # Without a length the body is read to its end, where the server says that it has one.
            length = min(int(text), most) if text.isdecimal() else most if environ.get("wsgi.input_terminated") else 0
            body = environ["wsgi.input"].read(length)
            # As CGI names them.
            headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
            told = self._proven(headers, body, environ.get("REMOTE_ADDR") or None)
            if isinstance(told, tuple):
                status, problem = told
                written = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(problem)))]
                start_response(f"{status} {_TITLES[status]}", written)
                return [problem]
            environ["thalium.callback"] = told
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
            return app(environ, start_response)

        return callbacks

    def _proven(self, headers: Headers, body: bytes, address: str | None) -> CallbackView | tuple[int, bytes]:
        # The callback in a body, or the status and the problem that are answered.
        if len(body) > _BODY_MAX:
            return _problem(413, f"the body has more than {_BODY_MAX} bytes")
        try:
            json.loads(body.decode())
        except (ValueError, RecursionError):
            return _problem(400, "body: is no JSON")
        try:
            return read_callback(
                self._provider, headers, body, self._keys, tolerance=self._tolerance, address=address, allowed=self._allowed
            )
        except RefusedError as error:
            return _problem(401, str(error))
        except InvalidError as error:
            if error.field != "body":
                raise
            return _problem(400, str(error))


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


def import_rules(text: Source) -> RulesImport:
    """A set of rules of Ballerine's rule engine, ``{"operator": "and", "rules": [{"key": …, "operator": …, "value": …}]}``, as a guard of
    JSON Logic: a text, its bytes in UTF-8 or a mapping.

    An operator that looks at more than a value, or asks others, is a ``ChartError``, with all that is wrong by row, column and path.
    """
    return RulesImport(_asked("import_rules", {"text": source_text(text, "text")}))


def lint_cases(
    kind: Source,
    charts: Iterable[Source],
    *,
    policy: Bundle | None = None,
    keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
    dialect: Literal["strict", "javascript"] | None = None,
) -> tuple[ChartFinding, ...]:
    """What is probably wrong in a kind of cases that loads, beside its charts: votes that no chart hears where they are given, queues that no case
    comes to. Each with its rule, its place, and how to mend it; what is wrong in a chart itself ``Chart.lint`` tells.

    It takes what ``t.cases.define`` takes, and defines nothing. A kind or a chart that is refused is a ``ChartError`` with all that is wrong
    by row, column and path.
    """
    fields = kind_fields(kind, charts, policy, keys, dialect)
    return tuple(ChartFinding(told) for told in _asked("lint_cases", fields))


def _problem(status: int, detail: str) -> tuple[int, bytes]:
    return status, json.dumps({"status": status, "title": _TITLES[status], "detail": detail}).encode()


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
    "ASGIApp",
    "BallerineImport",
    "BallerineLeniency",
    "CallbackKey",
    "CallbackView",
    "Callbacks",
    "Headers",
    "MrzView",
    "Provider",
    "RiskScore",
    "RulesImport",
    "WSGIApp",
    "import_ballerine",
    "import_rules",
    "lint_cases",
    "read_callback",
    "read_mrz",
    "score_risk",
]
