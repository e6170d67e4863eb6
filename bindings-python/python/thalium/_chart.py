"""Charts: the states that a case goes through, and the sessions that run on them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from os import PathLike, fspath
from typing import Any, ClassVar, Literal, TypeAlias

from . import _native
from ._errors import ThaliumError
from ._instant import Timestamp, instant_text
from ._json import exact_request, json_text
from ._policy import UNDEFINED, Bundle, PolicyKey, bundle_fields, input_text, source_text
from ._types import ChartFinding, ChartView
from ._value import Value, table_html

Source: TypeAlias = str | bytes | Mapping[str, Any]
"""A chart: its text (JSON, YAML or SCXML), the bytes of it in UTF-8, or a mapping, which becomes JSON with exact numbers."""

# Those that follow stand in the place of what is made of the facade's types: what is JSON there is read here.


class ChartPending(Value):
    """A timer or a delayed event that waits."""

    __slots__ = ("session", "due", "event", "restore")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"due": "instant"}

    session: str
    """The id of the session that it belongs to."""
    due: Timestamp
    """When it is due."""
    event: str
    """The event."""
    restore: Literal["deadline", "remaining", "restart"]
    """What becomes of it when its session rests."""


class ChartSession(Value):
    """What a session is. In a notebook it is drawn, with its active states brought out."""

    __slots__ = ("session", "id", "done", "states", "configuration", "data", "pending", "_chart")
    _fields: ClassVar[tuple[str, ...]] = ("session", "id", "done", "states", "configuration", "data", "pending")
    _shapes: ClassVar[dict[str, str]] = {
        "states": "texts", "configuration": "texts", "data": "json", "pending": "[ChartPending]",
    }

    session: str
    """The session as text, to be stored and given back with the next event. It names the version of its chart."""
    id: str
    """Its id."""
    done: bool
    """Whether it has come to an end."""
    states: tuple[str, ...]
    """The active states without children, in document order."""
    configuration: tuple[str, ...]
    """All active states, in document order."""
    data: dict[str, Any]
    """Its variables. Whole numbers are ``int``, others ``Decimal``."""
    pending: tuple[ChartPending, ...]
    """What waits for its time, in the order in which it is due."""
    _chart: Chart | None

    def __init__(self, data: dict[str, Any], asset: str | None = None) -> None:
        super().__init__(data, asset)
        object.__setattr__(self, "_chart", None)

    def __repr__(self) -> str:
        waiting = f", pending={self.pending!r}" if self.pending else ""
        return f"ChartSession(id={self.id!r}, states={self.states!r}, done={self.done!r}, data={self.data!r}{waiting})"

    def _repr_html_(self) -> str:
        rows = [("id", self.id), ("states", ", ".join(self.states)), ("done", str(self.done).lower())]
        rows += [(name, json_text(value, name)) for name, value in self.data.items()]
        told = "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows)
        waiting = table_html(self.pending) if self.pending else ""
        return f"{self._picture()}<table>{told}</table>{waiting}"

    def _picture(self) -> str:
        # An image of its own: the ids and the style of one picture are none of another's.
        svg = None if self._chart is None else _drawn(self._chart, self)
        if svg is None:
            return ""
        return f'<img alt="{escape(", ".join(self.states))}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


class ChartEffect(Value):
    """Something that a chart asks for."""

    __slots__ = ("kind", "session", "id", "target", "type", "name", "src", "data")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"data": "json"}

    kind: Literal["send", "invoke", "cancel_invoke", "forward", "log", "done"]
    """What: ``send`` a message, ``invoke`` a service, ``cancel_invoke`` one, ``forward`` an event to one, ``log`` something, or the session
    is ``done``."""
    session: str
    """The id of the session that asks for it."""
    id: str | None
    """The id of the message or service."""
    target: str | None
    """Where the message goes."""
    type: str | None
    """What kind of processor or service it is for."""
    name: str | None
    """The event's name, or what a line of the log is about."""
    src: str | None
    """Where the service is to be found."""
    data: Any
    """What is carried, ``None`` if nothing is. Whole numbers are ``int``, others ``Decimal``."""


class ChartRead(Value):
    """A value that an expression read."""

    __slots__ = ("name", "value")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"value": "json"}

    name: str
    """What was asked for."""
    value: Any
    """What it was. Whole numbers are ``int``, others ``Decimal``."""


class ChartGuard(Value):
    """A guard that was asked."""

    __slots__ = ("path", "read", "held")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"read": "[ChartRead]"}

    path: str
    """The path of its transition."""
    read: tuple[ChartRead, ...]
    """What it read."""
    held: bool | None
    """Whether it held; ``None`` if that could not be told, which is a no."""


class ChartMapping(Value):
    """Expressions that were evaluated in one place."""

    __slots__ = ("path", "read", "held")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"read": "[ChartRead]"}

    path: str
    """The path of the action, timer, invocation, variable or final state that has them."""
    read: tuple[ChartRead, ...]
    """What they read."""
    held: bool | None
    """Whether it held, of a condition (``if``) that could be told."""


class ChartMicrostep(Value):
    """A microstep."""

    __slots__ = ("session", "guards", "taken", "exited", "entered", "mappings", "faults", "event")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {
        "guards": "[ChartGuard]", "taken": "texts", "exited": "texts", "entered": "texts", "mappings": "[ChartMapping]",
        "faults": "texts",
    }

    session: str
    """The id of the session whose it is."""
    guards: tuple[ChartGuard, ...]
    """The guards that were asked, in order."""
    taken: tuple[str, ...]
    """The paths of the transitions that were taken."""
    exited: tuple[str, ...]
    """The states that were left, in order."""
    entered: tuple[str, ...]
    """The states that were entered, in order."""
    mappings: tuple[ChartMapping, ...]
    """What else was evaluated and read something, in order: of actions, delays, and what services, messages and ends are told."""
    faults: tuple[str, ...]
    """What went wrong, with the path where: each was an event ``error.…`` of the chart, too."""
    event: str | None
    """The event that it answers; ``None`` if none was needed."""


class ChartStep(Value):
    """What came of a step: store its ``session``, and then do its ``effects``."""

    __slots__ = ("at", "heard", "effects", "faults", "trace")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {
        "at": "ChartSession",
        "effects": "[ChartEffect]",
        "faults": "texts",
        "trace": "[ChartMicrostep]",
    }

    at: ChartSession
    """What the session is now."""
    heard: bool
    """Whether the event was heard: a transition was taken for it, or what was invoked was told."""
    effects: tuple[ChartEffect, ...]
    """What is to be done, in order, once the session is stored."""
    faults: tuple[str, ...]
    """What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block."""
    trace: tuple[ChartMicrostep, ...]
    """What happened, where that was asked for."""

    @property
    def session(self) -> str:
        """The session as text, to be stored and given back with the next event. It names the version of its chart."""
        return self.at.session

    @property
    def id(self) -> str:
        """The session's id."""
        return self.at.id

    @property
    def done(self) -> bool:
        """Whether the session has come to an end."""
        return self.at.done

    @property
    def states(self) -> tuple[str, ...]:
        """The active states without children, in document order."""
        return self.at.states

    @property
    def configuration(self) -> tuple[str, ...]:
        """All active states, in document order."""
        return self.at.configuration

    @property
    def data(self) -> dict[str, Any]:
        """The session's variables. Whole numbers are ``int``, others ``Decimal``."""
        return self.at.data

    @property
    def pending(self) -> tuple[ChartPending, ...]:
        """What waits for its time, in the order in which it is due."""
        return self.at.pending

    def _repr_html_(self) -> str:
        lists = "".join(table_html(told) for told in (self.effects, self.trace) if told)
        return f"{self.at._repr_html_()}{lists}"


Held: TypeAlias = str | ChartStep | ChartSession
"""A session: the text that was stored, or what was answered last."""


class Chart:
    """A statechart that cases run on: ``thalium.Chart.open("onboarding.yaml")``. In a notebook it is drawn.

    >>> import thalium
    >>> c = thalium.Chart.of("{chart: 1, id: papers, states: {waiting: {on: {sent: settled}}, settled: {type: final}}}")
    >>> begun = c.start("case-1")
    >>> begun.states
    ('waiting',)
    >>> c.step(begun, "sent").done
    True

    It holds no session: a step answers what the session is now, whose text, ``session``, the caller stores and gives back with the next
    event; the value that was answered serves as well. Store it first, and then do the ``effects``.

    Data is what JSON can say, and its numbers are exact: an ``int`` or a ``Decimal`` is written as it is, a float is a ``TypeError``.
    ``Money`` is written as its text, instants as RFC 3339 in UTC, dates and ids as text. ``now`` is the instant of a step, by default that
    of the clock; with ``trace`` it is told what happened.

    An event that a session cannot take is a ``RefusedError``, and the session stands as it was; a text that is no session, or one of another
    version of the chart, is an ``InvalidError``. Many threads may ask at once.
    """

    __slots__ = ("_chart",)

    def __init__(self, chart: _native.Chart) -> None:
        self._chart = chart

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        *,
        charts: Iterable[Source] = (),
        policy: Bundle | None = None,
        keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
        dialect: Literal["strict", "javascript"] | None = None,
    ) -> Chart:
        """Opens the chart in a file of JSON, YAML or SCXML.

        ``charts`` are those that it invokes by their ids. ``policy`` is what its guards ask (``{"rego": "kyc/allowed"}``): the path of a
        bundle or its files, as of ``thalium.Policy``; with ``keys`` it must be signed by one of them. ``dialect`` is how JSON Logic takes
        values of other kinds. A chart that is refused is a ``ChartError`` with all that is wrong by row, column and path: nothing was
        loaded.
        """
        return cls(_native.Chart(_written(charts, policy, keys, dialect, path=fspath(path))))

    @classmethod
    def of(
        cls,
        text: Source,
        *,
        charts: Iterable[Source] = (),
        policy: Bundle | None = None,
        keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
        dialect: Literal["strict", "javascript"] | None = None,
    ) -> Chart:
        """A chart of a text of JSON, YAML or SCXML, of its bytes in UTF-8, or of a mapping; the rest is as in ``open``.

        The order of a mapping counts: of two transitions for an event the first is asked first.
        """
        return cls(_native.Chart(_written(charts, policy, keys, dialect, text=source_text(text, "text"))))

    def describe(self) -> ChartView:
        """What was loaded: its name, the digest that names this content, its states, variables and the events that it waits for."""
        return ChartView(self._asked("describe_chart"))

    def lint(self, *, outside: Iterable[str] | None = None) -> tuple[ChartFinding, ...]:
        """What is probably wrong in a chart that loads, each with its rule, its place, and how to mend it.

        ``outside`` are the events that can come from outside, such as ``submitted`` or ``document.*``; left out, any can. Given, a transition
        for an event that nothing makes is a finding.
        """
        asked = None if outside is None else texts(outside, "outside")
        return tuple(ChartFinding(told) for told in self._asked("lint_chart", outside=asked))

    def draw(self, format: Literal["svg", "mermaid"] = "svg", *, session: Held | None = None) -> str:
        """A picture of it: SVG, or the text of Mermaid. The active states of a ``session`` are brought out."""
        held = None if session is None else _session_text(session)
        text: str = self._asked("draw_chart", format=format, session=held)["text"]
        return text

    def write(self, format: Literal["json", "scxml"] = "json") -> str:
        """Its text in another form. A ``ThaliumError`` says what SCXML has no way to say."""
        text: str = self._asked("write_chart", format=format)["text"]
        return text

    def to_json(self) -> str:
        """Its text as JSON: the same chart is the same text, in the order in which it was written."""
        return self.write("json")

    def to_scxml(self) -> str:
        """Its text as SCXML."""
        return self.write("scxml")

    def start(self, id: str, data: Any = None, *, now: datetime | str | None = None, trace: bool = False) -> ChartStep:
        """Begins a session, whose ``id`` is the caller's own. ``data`` is what its variables begin with, by name."""
        told = None if data is None else json_text(data, "data")
        return self._step("start_session", now, trace, {"id": id}, told)

    def step(
        self,
        session: Held,
        event: str,
        data: Any = UNDEFINED,
        *,
        invoke_id: str | None = None,
        to: str | None = None,
        now: datetime | str | None = None,
        trace: bool = False,
    ) -> ChartStep:
        """Gives an event to a session, with what it carries: ``c.step(held, "approve", {"amount": Decimal("100.10")})``.

        What a service that the chart invoked has to tell comes with its ``invoke_id``. With ``to`` a session below is told, by its id. Timers
        that are due happen first.
        """
        fields = {"session": _session_text(session), "event": event, "invoke_id": invoke_id, "to": to}
        return self._step("step_session", now, trace, fields, input_text(data, "data"))

    def advance(self, session: Held, *, now: datetime | str | None = None, trace: bool = False) -> ChartStep:
        """Lets time pass for a session: its timers that are due happen. ``pending`` says when the next one is."""
        return self._step("advance_session", now, trace, {"session": _session_text(session)})

    def resume(
        self, session: Held, suspended_at: datetime | str, *, now: datetime | str | None = None, trace: bool = False
    ) -> ChartStep:
        """Goes on with a session that rested since ``suspended_at``, its timers as their ``restore`` says."""
        since = instant_text(suspended_at, "suspended_at")
        return self._step("resume_session", now, trace, {"session": _session_text(session), "suspended_at": since})

    def cancel(self, session: Held, *, now: datetime | str | None = None, trace: bool = False) -> ChartStep:
        """Ends a session from outside: its states are left."""
        return self._step("cancel_session", now, trace, {"session": _session_text(session)})

    def session(self, session: Held) -> ChartSession:
        """What a session that was stored is."""
        return self._shown(ChartSession(self._asked("describe_session", session=_session_text(session))))

    def __repr__(self) -> str:
        view = self.describe()
        return f"Chart(id={view.id!r}, digest={view.digest[:12]!r}, {len(view.states)} states)"

    def _repr_svg_(self) -> str | None:
        return _drawn(self, None)

    def _call(self, request: str) -> str:
        return self._chart.call(request)

    def _asked(self, op: str, **fields: Any) -> Any:
        # What is exact is JSON in a text of the answer, and read from there.
        return json.loads(self._call(exact_request(op, fields)))

    def _step(
        self, op: str, now: datetime | str | None, trace: bool, fields: dict[str, Any], data: str | None = None
    ) -> ChartStep:
        how = {**fields, "now": instant_text(now, "now"), "trace": trace}
        step = ChartStep(json.loads(self._call(exact_request(op, how, data=data))))
        self._shown(step.at)
        return step

    def _shown(self, session: ChartSession) -> ChartSession:
        """A session that knows where it is drawn."""
        object.__setattr__(session, "_chart", self)
        return session


def charts_text(charts: Iterable[Source]) -> list[str]:
    """The texts of a list of charts: one chart is none."""
    if isinstance(charts, str | bytes | Mapping) or not isinstance(charts, Iterable):
        raise TypeError(f"charts: give a list of charts, not {type(charts).__name__}")
    return [source_text(one, f"charts[{at}]") for at, one in enumerate(charts)]


def texts(values: Iterable[str], name: str) -> tuple[str, ...]:
    """A list of texts: one text is none."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise TypeError(f"{name}: give a list of texts, not {type(values).__name__}")
    return tuple(values)


def asked_policy(policy: Bundle | None, keys: Iterable[PolicyKey | Mapping[str, str]] | None) -> dict[str, Any] | None:
    """The policy that guards ask, with the keys of which one must have signed it."""
    if policy is not None:
        return bundle_fields(policy, keys, "policy")
    if keys is not None:
        raise TypeError("keys: are those of a policy: give `policy`, too")
    return None


def _written(
    charts: Iterable[Source],
    policy: Bundle | None,
    keys: Iterable[PolicyKey | Mapping[str, str]] | None,
    dialect: str | None,
    **which: str,
) -> str:
    asked: dict[str, Any] = {**which, "charts": charts_text(charts)}
    bundle = asked_policy(policy, keys)
    if bundle is not None:
        asked["policy"] = bundle
    if dialect is not None:
        asked["dialect"] = dialect
    return json.dumps(asked)


def _session_text(session: Held) -> str:
    if isinstance(session, ChartStep | ChartSession):
        return session.session
    if isinstance(session, str):
        return session
    raise TypeError(f"session: give its text, or what was answered last, not {type(session).__name__}")


def _drawn(chart: Chart, session: ChartSession | None) -> str | None:
    """A picture; nothing of what is too large to be drawn."""
    try:
        return chart.draw(session=session)
    except ThaliumError:
        return None
