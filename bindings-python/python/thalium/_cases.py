"""Cases: what is asked for, and what is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

from ._chart import ChartEffect, Source, asked_policy, charts_text, texts
from ._errors import RefusedError
from ._instant import Timestamp, instant_text
from ._json import exact_request, json_text
from ._policy import Bundle, PolicyKey, source_text
from ._types import CaseStanding, DecisionReport, DocumentReport, KindReport, PersonReport
from ._value import Value
from .commands import Name, name_text

CaseStatus: TypeAlias = Literal["open", "ended", "cancelled"]
"""How a case stands: it goes on, has come to an end, or was ended from outside."""

Finding: TypeAlias = Literal["approve", "reject", "revise"]
"""What somebody found who looked at a document; ``revise`` is to have it handed in again."""

# Those that follow stand in the place of what is made of the facade's types: what is JSON or an instant there is read here.


class CasePlace(Value):
    """Where a case waits."""

    __slots__ = ("queue", "since", "due", "src", "waits_since")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"since": "instant", "due": "instant", "waits_since": "instant"}
    _names: ClassVar[dict[str, str]] = {"src": "from"}

    queue: str
    """The queue."""
    since: Timestamp
    """Since when."""
    due: Timestamp | None
    """Until when it may."""
    src: str | None
    """The queue that it belongs to by its kind, if it went on from there."""
    waits_since: Timestamp
    """Since when it waits for what is to be done, in whichever queue."""


class CaseDocument(Value):
    """A document of a case."""

    __slots__ = ("document", "standing", "since", "due", "attempts", "hash", "file", "valid_until", "reasons", "by")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"since": "instant", "due": "instant", "valid_until": "instant", "reasons": "texts"}

    document: str
    """Which."""
    standing: Literal["requested", "submitted", "approved", "rejected", "expired"]
    """How it stands."""
    since: Timestamp
    """Since when."""
    due: Timestamp | None
    """Until when it is to be handed in."""
    attempts: int
    """How often it was handed in."""
    hash: str | None
    """The SHA-256 of what was handed in last, in hexadecimal."""
    file: str | None
    """Where the host keeps that; ``None`` where the case is sealed and was not opened."""
    valid_until: Timestamp | None
    """When it is not valid any more."""
    reasons: tuple[str, ...]
    """Why it is asked for, or is not good."""
    by: str | None
    """Who handed it in."""


class CaseEvidence(Value):
    """Something that a decision rests on."""

    __slots__ = ("name", "hash", "file", "since", "by")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"since": "instant"}

    name: str
    """Its name."""
    hash: str
    """The SHA-256 of its bytes, in hexadecimal."""
    file: str | None
    """Where the host keeps it; ``None`` where the case is sealed and was not opened."""
    since: Timestamp
    """Since when it is there."""
    by: str
    """Who brought it."""


class CaseVote(Value):
    """A vote."""

    __slots__ = ("by", "role", "at", "reasons")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"at": "instant", "reasons": "texts"}

    by: str
    """Whose."""
    role: str
    """As what."""
    at: Timestamp
    """When."""
    reasons: tuple[str, ...]
    """With which reason codes."""


class CaseDecision(Value):
    """A decision, with its votes."""

    __slots__ = ("decision", "at", "seen", "votes")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"at": "instant", "votes": "[CaseVote]"}

    decision: str
    """Which."""
    at: Timestamp | None
    """When it was taken; ``None`` while it is pending."""
    seen: str
    """The digest of the evidence that it rests on."""
    votes: tuple[CaseVote, ...]
    """The votes, the first first."""


class CaseOverride(Value):
    """What was decided beside the rules."""

    __slots__ = ("by", "why", "since", "until")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"since": "instant", "until": "instant"}

    by: str
    """By whom."""
    why: str | None
    """Why; ``None`` where the case is sealed and was not opened."""
    since: Timestamp
    """Since when."""
    until: Timestamp
    """Until when."""


class CaseView(Value):
    """A case."""

    __slots__ = (
        "case", "kind", "status", "states", "party", "parent", "place", "assignee", "snoozed_until", "paused_at", "next_due", "documents", "evidence",
        "evidence_digest", "pending", "decided", "overrides", "standing", "data", "opened_at", "opened_by", "changed_at", "ended_at", "reopened",
        "version", "definition", "sealed", "withheld",
    )
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {
        "states": "texts", "place": "CasePlace", "snoozed_until": "instant", "paused_at": "instant", "next_due": "instant", "documents": "[CaseDocument]",
        "evidence": "[CaseEvidence]", "pending": "CaseDecision", "decided": "[CaseDecision]", "overrides": "[CaseOverride]",
        "standing": "CaseStanding", "data": "json", "opened_at": "instant", "changed_at": "instant", "ended_at": "instant",
    }

    case: str
    """Its key."""
    kind: str
    """The kind that it is of."""
    status: CaseStatus
    """How it stands."""
    states: tuple[str, ...]
    """The active states of its chart without children, in document order."""
    party: str | None
    """Whom it is about."""
    parent: str | None
    """The case that it was opened for."""
    place: CasePlace | None
    """Where it waits, if it waits for people."""
    assignee: str | None
    """Who works on it."""
    snoozed_until: Timestamp | None
    """Until when it rests."""
    paused_at: Timestamp | None
    """Since when its time rests, too."""
    next_due: Timestamp | None
    """When the next of what waits in it is due."""
    documents: tuple[CaseDocument, ...]
    """Its documents, by name."""
    evidence: tuple[CaseEvidence, ...]
    """Other evidence, by name."""
    evidence_digest: str
    """The digest of all that a decision rests on: who votes says that they have ``seen`` it."""
    pending: CaseDecision | None
    """The decision that is pending."""
    decided: tuple[CaseDecision, ...]
    """What was decided, the oldest first."""
    overrides: tuple[CaseOverride, ...]
    """What was decided beside the rules and holds."""
    standing: CaseStanding | None
    """What its kind tells the register of parties of whom it is about."""
    data: dict[str, Any] | None
    """Its variables; ``None`` where the case is sealed and was not opened. Whole numbers are ``int``, others ``Decimal``."""
    opened_at: Timestamp
    """When it was opened."""
    opened_by: str
    """By whom."""
    changed_at: Timestamp
    """When it changed last."""
    ended_at: Timestamp | None
    """When it ended."""
    reopened: int
    """How often it was opened again."""
    version: int
    """How often it changed."""
    definition: str
    """The digest of the version of the kind that it is pinned to."""
    sealed: bool
    """Whether it is sealed to whom it is about."""
    withheld: str | None
    """Why what is sealed is not told, though it was asked for."""


class CaseEffect(Value):
    """Something that a case asks for."""

    __slots__ = ("case", "effect")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"effect": "ChartEffect"}

    case: str
    """The case, by its key."""
    effect: ChartEffect
    """What its chart asks for."""


class CaseOutcome(Value):
    """What came of something that was done to a case. A refusal is a value that is not ``ok``, and has changed nothing."""

    __slots__ = ("ok", "case", "code", "reason", "heard", "replayed", "late", "effects", "now")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"effects": "[CaseEffect]", "now": "CaseView"}

    ok: bool
    """Whether it was done."""
    case: str
    """The case, by its key."""
    code: str | None
    """Why it was not done: a stable name, as ``same_person`` or ``stale``."""
    reason: str | None
    """The same in words, with what to do."""
    heard: bool
    """Whether the chart heard what it was told; true where it was told nothing."""
    replayed: bool
    """Whether the same request was done before, or the same callback came before: nothing was done now."""
    late: bool
    """Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it."""
    effects: tuple[CaseEffect, ...]
    """What the host is to do, in order. It stands in the log of the case, too."""
    now: CaseView | None
    """What the case is now."""

    def _repr_html_(self) -> str:
        # What the case is has tables of its own.
        told = CaseOutcome({name: value for name, value in self._data.items() if name != "now"})
        return super(CaseOutcome, told)._repr_html_() + ("" if self.now is None else self.now._repr_html_())


class CasesAdvanced(Value):
    """What came of letting time pass."""

    __slots__ = ("changed", "effects", "refused", "more")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"effects": "[CaseEffect]", "refused": "[CaseOutcome]"}

    changed: int
    """How many cases changed."""
    effects: tuple[CaseEffect, ...]
    """What the host is to do, in order."""
    refused: tuple[CaseOutcome, ...]
    """The cases that refused: each stands as it was, and is due still."""
    more: bool
    """Whether more is due."""


class CasePage(Value):
    """A page of cases."""

    __slots__ = ("cases", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"cases": "[CaseView]"}

    cases: tuple[CaseView, ...]
    """The cases."""
    next: str | None
    """What the next page comes ``after``; nothing if this is the last."""


class CaseEntry(Value):
    """Something that happened to cases."""

    __slots__ = (
        "number", "at", "actor", "request_id", "do", "case", "version", "asked", "steps", "session", "definition", "evidence", "sealed",
        "withheld",
    )
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"at": "instant", "asked": "json", "steps": "json"}

    number: int
    """Its number in the log."""
    at: Timestamp
    """When."""
    actor: str
    """Who asked."""
    request_id: str | None
    """The caller's id of the request."""
    do: str
    """What: the name of what was done to a case, or ``define`` or ``staff``."""
    case: str | None
    """The case, by its key."""
    version: int | None
    """Which of its changes."""
    asked: dict[str, Any] | None
    """What was asked; ``None`` where it is sealed and was not opened. Whole numbers are ``int``, others ``Decimal``."""
    steps: list[Any] | None
    """What happened in the chart, step by step; ``None`` where it is sealed and was not opened. Its numbers are as those of ``asked``."""
    session: str | None
    """The SHA-256 of the session that it led to."""
    definition: str | None
    """The SHA-256 of the version of the kind, with its charts, that the case was in."""
    evidence: str | None
    """The SHA-256 of the evidence that the case had then."""
    sealed: bool
    """Whether it is sealed."""
    withheld: str | None
    """Why what is sealed is not told, though it was asked for."""


class CaseLogPage(Value):
    """A page of the log of cases."""

    __slots__ = ("entries", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"entries": "[CaseEntry]"}

    entries: tuple[CaseEntry, ...]
    """What happened, the oldest first."""
    next: int | None
    """What the next page comes ``after``; nothing if this is the last."""


class QueueView(Value):
    """A queue in which cases wait."""

    __slots__ = ("queue", "waiting", "snoozed", "unassigned", "overdue", "oldest")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"oldest": "instant"}

    queue: str
    """Its name."""
    waiting: int
    """How many cases wait in it, without those that rest."""
    snoozed: int
    """How many rest."""
    unassigned: int
    """How many of those that wait nobody works on."""
    overdue: int
    """How many of them have waited too long."""
    oldest: Timestamp
    """Since when the oldest waits, also of those that rest."""


class QueueReport(Value):
    """What waits in a queue."""

    __slots__ = (
        "kind", "queue", "cases", "under_a_day", "one_to_three_days", "three_to_seven_days", "seven_to_thirty_days", "thirty_days_or_more",
        "oldest", "overdue", "unassigned", "snoozed",
    )
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"oldest": "instant"}

    kind: str
    """The kind of case."""
    queue: str
    """The queue."""
    cases: int
    """How many cases wait in it."""
    under_a_day: int
    """How many of them less than a day."""
    one_to_three_days: int
    """How many one to three days."""
    three_to_seven_days: int
    """How many three to seven days."""
    seven_to_thirty_days: int
    """How many seven to thirty days."""
    thirty_days_or_more: int
    """How many thirty days or more."""
    oldest: Timestamp | None
    """Since when the oldest does."""
    overdue: int
    """How many have waited too long."""
    unassigned: int
    """On how many nobody works."""
    snoozed: int
    """How many rest."""


class CaseReport(Value):
    """How cases stand at an instant. In a notebook it is shown as tables."""

    __slots__ = ("at", "queues", "kinds", "people", "decisions", "documents")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {
        "at": "instant", "queues": "[QueueReport]", "kinds": "[KindReport]", "people": "[PersonReport]", "decisions": "[DecisionReport]",
        "documents": "[DocumentReport]",
    }

    at: Timestamp
    """The instant."""
    queues: tuple[QueueReport, ...]
    """The cases that wait for people, by kind and queue."""
    kinds: tuple[KindReport, ...]
    """What became of the cases of each kind."""
    people: tuple[PersonReport, ...]
    """Who works on what and voted for what."""
    decisions: tuple[DecisionReport, ...]
    """What was decided, by kind and decision."""
    documents: tuple[DocumentReport, ...]
    """How documents stand, by kind and name."""


def define_request(
    kind: Source,
    charts: Iterable[Source],
    policy: Bundle | None,
    keys: Iterable[PolicyKey | Mapping[str, str]] | None,
    dialect: str | None,
    actor: str | None,
    now: datetime | str | None,
) -> str:
    fields = {**kind_fields(kind, charts, policy, keys, dialect), "actor": actor, "now": instant_text(now, "now")}
    return exact_request("define_cases", fields)


def kind_fields(
    kind: Source,
    charts: Iterable[Source],
    policy: Bundle | None,
    keys: Iterable[PolicyKey | Mapping[str, str]] | None,
    dialect: str | None,
) -> dict[str, Any]:
    """The fields that say which kind of case, and how it is read."""
    return {
        "kind": source_text(kind, "kind"),
        "charts": charts_text(charts),
        "policy": asked_policy(policy, keys),
        "dialect": dialect,
    }


def staff_request(
    person: str, roles: Iterable[str], away: bool, actor: str | None, now: datetime | str | None
) -> str:
    fields = {
        "person": person,
        "roles": texts(roles, "roles"),
        "away": away,
        "actor": actor,
        "now": instant_text(now, "now"),
    }
    return exact_request("set_staff", fields)


def body_text(body: bytes | str) -> str:
    """The text of the body of a request."""
    if isinstance(body, str):
        return body
    if not isinstance(body, bytes | bytearray | memoryview):
        raise TypeError(f"body: give its bytes as they came, not {type(body).__name__}")
    try:
        return bytes(body).decode()
    except UnicodeDecodeError as error:
        raise RefusedError(f"the body is not UTF-8, from byte {error.start} on", "refused", "body") from None


def change_request(
    do: str,
    case: str,
    change: Mapping[str, Any],
    data: Mapping[str, Any] | None,
    actor: str | None,
    request_id: str | None,
    now: datetime | str | None,
) -> str:
    """The request for what is done to a case; what of ``change`` says nothing is left out."""
    fields = {
        "case": case,
        "change": {"do": do, **{name: value for name, value in change.items() if value is not None}},
        "actor": actor,
        "request_id": request_id,
        "now": instant_text(now, "now"),
    }
    return exact_request("change_case", fields, data=None if data is None else json_text(data, "data"))


def case_query(
    queue: str | None,
    assignee: str | None,
    unassigned: bool,
    kind: str | None,
    party: Name | None,
    parent: str | None,
    status: CaseStatus | None,
    overdue: bool,
    snoozed: bool,
    now: datetime | str | None,
) -> dict[str, Any]:
    """The fields that say which cases."""
    return {
        "queue": queue,
        "assignee": assignee,
        "unassigned": unassigned or None,
        "kind": kind,
        "party": None if party is None else name_text(party, "party"),
        "parent": parent,
        "status": status,
        "overdue": overdue or None,
        "snoozed": snoozed or None,
        "now": instant_text(now, "now"),
    }
