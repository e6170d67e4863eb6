"""What the ledger answers. Made of the facade's types by `cargo xtask generate`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from ._instant import Timestamp
from ._money import Money
from ._value import Value

AccountKind = Literal["asset", "liability", "equity", "income", "expense"]
"""The kind of an account in the chart of accounts, and with it its normal side."""

AccountRole = Literal["owner", "operator", "viewer"]
"""What a party may do with an account."""

Audience = Literal["customer", "operator", "officer"]
"""Who may be told a reason."""

Basis = Literal["consent", "law"]
"""The ground on which a field is held, and so the key with which it is sealed (GDPR Art. 6(1)(a) and (c))."""

Condition = Literal["ready", "draining", "reading", "stopped"]
"""What an open ledger can do."""

DiffChange = Literal["added", "removed", "changed", "notes", "text"]
"""How something changes."""

FilteredRows = Literal["all", "none", "some"]
"""Which rows there are."""

ForgetScope = Literal["consent", "all"]
"""How much of a party is forgotten."""

LateView = Literal["refuse", "merge", "correct"]
"""What becomes of trades whose bucket is closed."""

ObligationType = Literal["hold", "freeze", "approvals", "open_case", "draft_report", "step_up", "notify"]
"""What has to be done."""

PartyKind = Literal["person", "company", "broker"]
"""What a party is."""

PolicyNeed = Literal["always", "sometimes", "never"]
"""Whether a request without a fact is denied."""

PolicyRuleKind = Literal["value", "set", "object", "function"]
"""What the rules of one name make together."""

PolicyStepOutcome = Literal["held", "failed", "undefined", "ended"]
"""What became of a rule or an expression."""

PolicyTestOutcome = Literal["passed", "failed", "error", "skipped"]
"""What became of a test."""

RelationRole = Literal["owner", "beneficial_owner", "director", "signatory", "representative", "employee"]
"""What one party is to another."""

RiskLevel = Literal["low", "medium", "high", "prohibited"]
"""How much risk a party is (FATF Recommendation 1)."""

Severity = Literal["info", "low", "medium", "high", "critical"]
"""How grave a reason is."""

VerdictOutcome = Literal["allow", "review", "deny"]
"""What is decided. The later one is the stricter one, and wins where verdicts are joined."""


class AccessPage(Value):
    """Entries of the access log, oldest first, and where the next page begins."""

    __slots__ = ("entries", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"entries": "[AccessView]"}

    entries: tuple[AccessView, ...]
    """The entries."""
    next: int | None
    """What the next page comes after; nothing at the end."""


class AccessView(Value):
    """Who read personal data, what and why."""

    __slots__ = ("sequence", "timestamp", "actor", "role", "origin", "party", "fields", "transfers", "accounts", "details", "why")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"timestamp": "instant", "fields": "texts", "transfers": "texts", "accounts": "texts"}

    sequence: int
    """Its place in the log."""
    timestamp: Timestamp
    """When."""
    actor: str
    """Who read."""
    role: str
    """In which role."""
    origin: str
    """From where."""
    party: str
    """Whose data: the party's key or id."""
    fields: tuple[str, ...]
    """Which fields."""
    transfers: tuple[str, ...]
    """The transfers whose details were opened: their keys or ids."""
    accounts: tuple[str, ...]
    """The accounts whose details were opened: their keys or ids."""
    details: bool
    """Whether all details were opened that are sealed to the party, as for an export."""
    why: str
    """Why."""


class AccountNews(Value):
    """What is new on an account."""

    __slots__ = ("name", "account", "holds", "opening", "after", "from_the_beginning", "entries", "more")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"account": "AccountView", "holds": "[TransferView]", "opening": "decimal", "entries": "[EntryView]"}

    name: str
    """The name by which it was asked for."""
    account: AccountView
    """The account with its balances."""
    holds: tuple[TransferView, ...]
    """Its open holds, oldest first; at most the newest ``HOLDS_TOLD``. Of those that others placed neither key nor metadata."""
    opening: Money
    """The booked balance before the first of the entries."""
    after: int | None
    """The entry that these follow; nothing where the device begins anew with the newest."""
    from_the_beginning: bool
    """Whether nothing stands before the first of the entries."""
    entries: tuple[EntryView, ...]
    """The entries behind the last one that the device has, oldest first; the newest where it has none, or is far behind."""
    more: bool
    """Whether there are more: ask again after the last."""


class AccountOfView(Value):
    """An account of a party."""

    __slots__ = ("account", "role", "since", "until")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"since": "date", "until": "date"}

    account: str
    """The account's key, or its id."""
    role: AccountRole
    """What the party may do."""
    since: date | None
    """Since which date."""
    until: date | None
    """Until which date, that day included."""


class AccountPage(Value):
    """Accounts in the order in which they were opened, and where the next page begins."""

    __slots__ = ("accounts", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"accounts": "[AccountView]"}

    accounts: tuple[AccountView, ...]
    """The accounts."""
    next: int | None
    """What the next page comes after; nothing at the end. There may be a next page behind one that holds fewer than asked for."""


class AccountView(Value):
    """An account."""

    __slots__ = ("id", "key", "name", "asset", "asset_kind", "kind", "parent", "code", "flags", "opened_at", "debits_pending", "debits_posted", "credits_pending", "credits_posted", "balance", "available", "metadata", "subject")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"id": "uuid", "flags": "texts", "opened_at": "instant", "debits_pending": "decimal", "debits_posted": "decimal", "credits_pending": "decimal", "credits_posted": "decimal", "balance": "decimal", "available": "decimal", "metadata": "map", "subject": "uuid"}

    id: UUID
    """Its id."""
    key: str
    """The caller's key."""
    name: str
    """Its name, where that is public."""
    asset: str
    """The code of its asset."""
    asset_kind: str
    """What its asset is."""
    kind: AccountKind | None
    """Its kind in the chart."""
    parent: str | None
    """The account above it."""
    code: int
    """The caller's code."""
    flags: tuple[str, ...]
    """Names of its flags."""
    opened_at: Timestamp
    """When it was opened."""
    debits_pending: Money
    """Held debits."""
    debits_posted: Money
    """Booked debits."""
    credits_pending: Money
    """Held credits."""
    credits_posted: Money
    """Booked credits."""
    balance: Money
    """What is booked, on the account's normal side."""
    available: Money
    """The balance less what is held against it."""
    metadata: Mapping[str, str]
    """Public metadata."""
    subject: UUID | None
    """The party to which the rest of the name and the metadata is sealed: ``read_data`` opens it."""


class AskedDocument(Value):
    """A document of a case, as the customer is told."""

    __slots__ = ("document", "standing", "wanted", "attempts_left", "reasons", "due", "valid_until")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "texts", "due": "instant", "valid_until": "instant"}

    document: str
    """Which."""
    standing: str
    """How it stands: ``requested``, ``submitted``, ``approved``, ``rejected`` or ``expired``."""
    wanted: bool
    """Whether it can be handed in now."""
    attempts_left: int
    """How often it can still be handed in."""
    reasons: tuple[str, ...]
    """Why it is asked for again or was not taken: the reason codes that the customer may be told."""
    due: Timestamp | None
    """Until when it is to be handed in."""
    valid_until: Timestamp | None
    """When it is not valid any more."""


class AskedForm(Value):
    """A form that a case waits for."""

    __slots__ = ("form", "variables")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"variables": "texts"}

    form: str
    """Which."""
    variables: tuple[str, ...]
    """The variables that it has."""


class AssetView(Value):
    """An asset."""

    __slots__ = ("code", "scale", "kind", "ledger")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    code: str
    """Its code."""
    scale: int
    """Digits after the point."""
    kind: str
    """What it is: ``crypto``, ``security``, ``points``, or ``fiat:`` and its ISO 4217 number."""
    ledger: int
    """Its ledger number."""


class BackupReport(Value):
    """What a backup holds."""

    __slots__ = ("ok", "backup", "events", "copied", "root", "generation")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    ok: bool
    """Always true."""
    backup: str
    """Where it is."""
    events: int
    """Events in it."""
    copied: int
    """Events that were copied this time."""
    root: str
    """The root over all of them, in hexadecimal."""
    generation: int
    """The generation of the journal: each restoring begins a new one."""


class BalanceBucketView(Value):
    """What an account held in a bucket of time. Balances are posted ones, on the account's normal side."""

    __slots__ = ("start", "end", "open", "high", "low", "close", "available", "debits", "credits", "entries", "average")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"start": "instant", "end": "instant", "open": "decimal", "high": "decimal", "low": "decimal", "close": "decimal", "available": "decimal", "debits": "decimal", "credits": "decimal", "average": "decimal"}

    start: Timestamp
    """When the bucket begins."""
    end: Timestamp
    """When the next begins."""
    open: Money
    """The balance at its beginning."""
    high: Money
    """The highest balance, that at the beginning among them."""
    low: Money
    """The lowest balance, that at the beginning among them."""
    close: Money
    """The balance at its end, or now."""
    available: Money
    """What was available at its end: the balance less what is held."""
    debits: Money
    """What was debited."""
    credits: Money
    """What was credited."""
    entries: int
    """How many entries the account has of that time: posts, holds, captures, releases and expiries."""
    average: Money | None
    """The average, weighted by how long each balance stood while the account was open and until now; rounded half to even, once. Nothing where no time has passed."""


class BalanceHistoryPage(Value):
    """What an account held, oldest first: every bucket from its opening on, also those in which nothing happened, up to now, which is the newest instant of the log. A broker is told up to the account's newest entry."""

    __slots__ = ("account", "asset", "buckets", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"buckets": "[BalanceBucketView]", "next": "instant"}

    account: str
    """The account's key, or its id."""
    asset: str
    """The code of its asset."""
    buckets: tuple[BalanceBucketView, ...]
    """The buckets."""
    next: Timestamp | None
    """The from of the next page, if there is one."""


class BallerineImport(Value):
    """Workflow definitions of Ballerine as charts."""

    __slots__ = ("chart", "charts", "dialect", "leniencies")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"charts": "texts", "leniencies": "[BallerineLeniency]"}

    chart: str
    """The chart of the first definition: JSON."""
    charts: tuple[str, ...]
    """The charts of the others, to be loaded together with it: JSON."""
    dialect: str
    """How JSON Logic takes values of other kinds in them: ``strict`` or ``javascript``."""
    leniencies: tuple[BallerineLeniency, ...]
    """What was tolerated."""


class BallerineLeniency(Value):
    """Something that Ballerine tolerates."""

    __slots__ = ("rule", "path", "row", "column", "message")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    rule: str
    """The rule that it broke."""
    path: str
    """The path to it."""
    row: int
    """The row, from one."""
    column: int
    """The column, from one."""
    message: str
    """What is wrong with it, and what became of it."""


class BlnkDifference(Value):
    """What differs from what Blnk holds."""

    __slots__ = ("kind", "is_serious", "record", "detail")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    kind: str
    """What kind it is, by its stable name."""
    is_serious: bool
    """Whether money is missing or counted otherwise."""
    record: str
    """The record of Blnk's."""
    detail: str
    """What differs."""


class BlnkReport(Value):
    """What came of what Blnk holds."""

    __slots__ = ("imported", "balances", "transactions", "not_booked", "accounts", "transfers", "differences")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"differences": "[BlnkDifference]"}

    imported: bool
    """Whether it was imported."""
    balances: int
    """Its balances."""
    transactions: int
    """Its transactions."""
    not_booked: int
    """Of them, those that moved or held nothing."""
    accounts: int
    """Accounts here."""
    transfers: int
    """Transfers here."""
    differences: tuple[BlnkDifference, ...]
    """What differs."""


class CallbackView(Value):
    """A callback that was proven and read."""

    __slots__ = ("provider", "event_id", "kind", "about", "outcome", "reasons", "evidence", "event", "data", "key", "occurred_at", "sandbox", "signed_at", "subject")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "texts"}

    provider: str
    """Who sent it."""
    event_id: str
    """The id by which a second delivery is known: a case that it is delivered to knows it by that."""
    kind: str
    """What the provider calls it."""
    about: str
    """The provider's own id of the check."""
    outcome: str
    """What it comes to, in the same words for every provider."""
    reasons: tuple[str, ...]
    """The provider's own reasons."""
    evidence: str
    """The SHA-256 of the body, to be kept with it as evidence."""
    event: str
    """The event that a chart is told."""
    data: str
    """What that carries: the text of a JSON object."""
    key: str | None
    """The key that signed it."""
    occurred_at: str | None
    """When it happened: RFC 3339."""
    sandbox: bool | None
    """Whether it is of the provider's sandbox, where it says so."""
    signed_at: str | None
    """When it was signed, where the provider says so: RFC 3339."""
    subject: str | None
    """The caller's own reference, where the provider carries it."""


class CaseDecision(Value):
    """A decision, with its votes."""

    __slots__ = ("decision", "seen", "votes", "at")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"votes": "[CaseVote]"}

    decision: str
    """Which."""
    seen: str
    """The digest of the evidence that it rests on."""
    votes: tuple[CaseVote, ...]
    """The votes, the first first."""
    at: str | None
    """When it was taken; none while it is pending: RFC 3339."""


class CaseDifference(Value):
    """A change that came to something else when it was decided once more."""

    __slots__ = ("fact", "case", "version", "what")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    fact: int
    """The number of the fact, from zero."""
    case: str
    """The case."""
    version: int
    """Which of its changes."""
    what: str
    """What is different."""


class CaseDocument(Value):
    """A document of a case."""

    __slots__ = ("document", "standing", "since", "attempts", "reasons", "by", "due", "file", "hash", "valid_until")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "texts"}

    document: str
    """Which."""
    standing: str
    """How it stands: ``requested``, ``submitted``, ``approved``, ``rejected`` or ``expired``."""
    since: str
    """Since when: RFC 3339."""
    attempts: int
    """How often it was handed in."""
    reasons: tuple[str, ...]
    """Why it is asked for, or is not good."""
    by: str | None
    """Who handed it in."""
    due: str | None
    """Until when it is to be handed in: RFC 3339."""
    file: str | None
    """Where the host keeps that. Left out where the case is sealed and was not opened."""
    hash: str | None
    """The SHA-256 of what was handed in last."""
    valid_until: str | None
    """When it is not valid any more: RFC 3339."""


class CaseEffect(Value):
    """Something that a case asks for."""

    __slots__ = ("case", "effect")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"effect": "ChartEffect"}

    case: str
    """The case, by its key."""
    effect: ChartEffect
    """What its chart asks for."""


class CaseEntry(Value):
    """Something that happened to cases."""

    __slots__ = ("number", "at", "actor", "do", "sealed", "asked", "case", "definition", "evidence", "request_id", "session", "steps", "version", "withheld")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    number: int
    """Its number in the log."""
    at: str
    """When: RFC 3339."""
    actor: str
    """Who asked."""
    do: str
    """What: the name of what was done to a case, or ``define`` or ``staff``."""
    sealed: bool
    """Whether it is sealed."""
    asked: str | None
    """What was asked: the text of a JSON object. Left out where it is sealed and was not opened."""
    case: str | None
    """The case, by its key."""
    definition: str | None
    """The SHA-256 of the version of the kind, with its charts, that the case was in."""
    evidence: str | None
    """The SHA-256 of the evidence that the case had then."""
    request_id: str | None
    """The caller's id of the request."""
    session: str | None
    """The SHA-256 of the session that it led to."""
    steps: str | None
    """What happened in the chart, step by step: the text of a JSON array. Left out where it is sealed and was not opened."""
    version: int | None
    """Which of its changes."""
    withheld: str | None
    """Why what is sealed is not told, though it was asked for."""


class CaseEvidence(Value):
    """Something that a decision rests on."""

    __slots__ = ("name", "hash", "since", "by", "file")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """Its name."""
    hash: str
    """The SHA-256 of its bytes."""
    since: str
    """Since when it is there: RFC 3339."""
    by: str
    """Who brought it."""
    file: str | None
    """Where the host keeps it. Left out where the case is sealed and was not opened."""


class CaseLogPage(Value):
    """Some of the log of cases."""

    __slots__ = ("entries", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"entries": "[CaseEntry]"}

    entries: tuple[CaseEntry, ...]
    """What happened, the oldest first."""
    next: int | None
    """The number to go on behind, if there is more."""


class CaseNews(Value):
    """How a case stands, as the customer is told."""

    __slots__ = ("case", "open", "states", "documents", "forms", "facts")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"states": "texts", "documents": "[AskedDocument]", "forms": "[AskedForm]"}

    case: str
    """Its key."""
    open: bool
    """Whether it goes on."""
    states: tuple[str, ...]
    """The states in which it is, of those that the customer may be told of."""
    documents: tuple[AskedDocument, ...]
    """Its documents, by name."""
    forms: tuple[AskedForm, ...]
    """The forms that it waits for, by name."""
    facts: int
    """Facts in the log of cases when this was read: how new it is."""


class CaseOutcome(Value):
    """What came of something that was done to a case. A refusal is not ``ok``, and has changed nothing."""

    __slots__ = ("ok", "case", "heard", "replayed", "late", "effects", "code", "now", "reason")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"effects": "[CaseEffect]", "now": "CaseView"}

    ok: bool
    """Whether it was done."""
    case: str
    """The case, by its key."""
    heard: bool
    """Whether the chart heard what it was told; true where it was told nothing."""
    replayed: bool
    """Whether the same request was done before, or the same callback came before: nothing was done now."""
    late: bool
    """Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it."""
    effects: tuple[CaseEffect, ...]
    """What the host is to do, in order. It stands in the log of the case, too."""
    code: str | None
    """Why it was not done: a code, a promise. With ``ok`` it is ``register``: the register of parties could not be told what follows from it yet."""
    now: CaseView | None
    """What the case is now."""
    reason: str | None
    """The same in words, with what to do."""


class CaseOverride(Value):
    """What was decided beside the rules."""

    __slots__ = ("by", "since", "until", "why")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    by: str
    """By whom."""
    since: str
    """Since when: RFC 3339."""
    until: str
    """Until when: RFC 3339."""
    why: str | None
    """Why. Left out where the case is sealed and was not opened."""


class CasePage(Value):
    """Some cases."""

    __slots__ = ("cases", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"cases": "[CaseView]"}

    cases: tuple[CaseView, ...]
    """The cases."""
    next: str | None
    """The key to go on behind, if there are more."""


class CasePlace(Value):
    """Where a case waits."""

    __slots__ = ("queue", "since", "waits_since", "due", "src")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _names: ClassVar[dict[str, str]] = {"src": "from"}

    queue: str
    """The queue."""
    since: str
    """Since when: RFC 3339."""
    waits_since: str
    """Since when it waits for what is to be done, in whichever queue: RFC 3339."""
    due: str | None
    """Until when it may: RFC 3339."""
    src: str | None
    """The queue that it belongs to by its kind, if it went on from there."""


class CaseReport(Value):
    """How cases stand at an instant."""

    __slots__ = ("at", "queues", "kinds", "people", "decisions", "documents")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"queues": "[QueueReport]", "kinds": "[KindReport]", "people": "[PersonReport]", "decisions": "[DecisionReport]", "documents": "[DocumentReport]"}

    at: str
    """The instant: RFC 3339."""
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


class CaseStanding(Value):
    """What a case tells the register of parties of whom it is about."""

    __slots__ = ("flags", "told", "kyc_level", "risk")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"flags": "texts"}

    flags: tuple[str, ...]
    """The flags that they have."""
    told: bool
    """Whether the register says so already."""
    kyc_level: int | None
    """How far they were identified; zero: not at all."""
    risk: str | None
    """How much risk they are: ``low``, ``medium``, ``high`` or ``prohibited``."""


class CaseView(Value):
    """A case."""

    __slots__ = ("case", "kind", "definition", "version", "status", "states", "opened_at", "opened_by", "changed_at", "reopened", "evidence_digest", "documents", "evidence", "decided", "overrides", "sealed", "assignee", "data", "ended_at", "next_due", "parent", "party", "paused_at", "pending", "place", "snoozed_until", "standing", "withheld")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"states": "texts", "documents": "[CaseDocument]", "evidence": "[CaseEvidence]", "decided": "[CaseDecision]", "overrides": "[CaseOverride]", "pending": "CaseDecision", "place": "CasePlace", "standing": "CaseStanding"}

    case: str
    """Its key."""
    kind: str
    """The kind that it is of."""
    definition: str
    """The digest of the version of the kind that it is pinned to."""
    version: int
    """How often it changed."""
    status: str
    """``open``, ``ended`` or ``cancelled``."""
    states: tuple[str, ...]
    """The active states of its chart without children, in document order."""
    opened_at: str
    """When it was opened: RFC 3339."""
    opened_by: str
    """By whom."""
    changed_at: str
    """When it changed last: RFC 3339."""
    reopened: int
    """How often it was opened again."""
    evidence_digest: str
    """The digest of all that a decision rests on: who votes says which they saw."""
    documents: tuple[CaseDocument, ...]
    """Its documents, by name."""
    evidence: tuple[CaseEvidence, ...]
    """Other evidence, by name."""
    decided: tuple[CaseDecision, ...]
    """What was decided, the oldest first."""
    overrides: tuple[CaseOverride, ...]
    """What was decided beside the rules and holds."""
    sealed: bool
    """Whether it is sealed to whom it is about."""
    assignee: str | None
    """Who works on it."""
    data: str | None
    """Its variables: the text of a JSON object, whose numbers are exact. Left out where the case is sealed and was not opened."""
    ended_at: str | None
    """When it ended: RFC 3339."""
    next_due: str | None
    """When the next of what waits in it is due: RFC 3339."""
    parent: str | None
    """The case that it was opened for."""
    party: str | None
    """Whom it is about."""
    paused_at: str | None
    """Since when its time rests, too: RFC 3339."""
    pending: CaseDecision | None
    """The decision that is pending."""
    place: CasePlace | None
    """Where it waits, if it waits for people."""
    snoozed_until: str | None
    """Until when it rests: RFC 3339."""
    standing: CaseStanding | None
    """What its kind tells the register of parties of whom it is about."""
    withheld: str | None
    """Why what is sealed is not told, though it was asked for."""


class CaseVote(Value):
    """A vote."""

    __slots__ = ("by", "role", "at", "reasons")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "texts"}

    by: str
    """Whose."""
    role: str
    """As what."""
    at: str
    """When: RFC 3339."""
    reasons: tuple[str, ...]
    """With which reason codes."""


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
    """The cases that refused: each stands as it was, and is due still. Of those with the code ``register``, the register of parties could not be told what follows from them yet."""
    more: bool
    """Whether more is due."""


class CasesReplayed(Value):
    """What deciding all cases once more came to."""

    __slots__ = ("facts", "changes", "cases", "same", "differences", "subject_forgotten", "digest")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"differences": "[CaseDifference]"}

    facts: int
    """How many facts there are: kinds, the register of staff, and changes."""
    changes: int
    """How many changes were decided once more."""
    cases: int
    """How many cases they are of."""
    same: bool
    """Whether everything came to the same, to the byte."""
    differences: tuple[CaseDifference, ...]
    """What did not, the first first; at most 100 are told."""
    subject_forgotten: int
    """How many changes could not be decided, because they were sealed to someone who was forgotten."""
    digest: str
    """The digest of all cases as they came to be."""


class CasesReport(Value):
    """What verifying found of cases."""

    __slots__ = ("facts", "records", "root")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    facts: int
    """How many facts there are: kinds, the register of staff, and changes."""
    records: int
    """Records that they take."""
    root: str
    """The root of the Merkle tree over those, in hexadecimal."""


class ChangePage(Value):
    """Changes, in order."""

    __slots__ = ("version", "changes", "next", "lost")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"changes": "[ChangeView]"}

    version: int
    """How often the rollup was defined: numbers begin again with it."""
    changes: tuple[ChangeView, ...]
    """The changes."""
    next: int
    """The ``after`` of the next question."""
    lost: int
    """How many of those asked for are not there any more."""


class ChangeView(Value):
    """A change."""

    __slots__ = ("number", "kind", "symbol", "at", "cause", "id", "revision", "start", "width")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"at": "instant", "start": "instant"}

    number: int
    """Its number, from one."""
    kind: str
    """``closed``, ``revised`` or ``refused``."""
    symbol: str
    """Of which symbol."""
    at: Timestamp | None
    """Of a trade that was refused: when it was."""
    cause: str | None
    """Why: of a bucket ``late``, ``corrected`` or ``removed``; of a trade ``late``, ``expired``, ``differs``, ``not_found``, ``not_kept``, ``out_of_range`` or ``overflow``."""
    id: str | None
    """Of a trade that was refused: the number that the market gave it."""
    revision: int | None
    """Of a bucket that was changed: for the how manieth time."""
    start: Timestamp | None
    """Of a bucket: when it begins."""
    width: str | None
    """Of a bucket: how wide it is."""


class ChartEffect(Value):
    """Something that a chart asks for."""

    __slots__ = ("kind", "session", "data", "id", "name", "src", "target", "type")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    kind: str
    """What: ``send`` a message, ``invoke`` a service, ``cancel_invoke`` one, ``forward`` an event to one, ``log`` something, or the session is ``done``."""
    session: str
    """The session that asks for it."""
    data: str | None
    """What is carried: the text of JSON, whose numbers are exact."""
    id: str | None
    """The id of the message or service."""
    name: str | None
    """The event's name, or what a line of the log is about."""
    src: str | None
    """Where the service is to be found."""
    target: str | None
    """Where the message goes."""
    type: str | None
    """What kind of processor or service it is for."""


class ChartFinding(Value):
    """What is probably wrong in a chart."""

    __slots__ = ("rule", "severity", "path", "row", "column", "message", "hint")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    rule: str
    """The rule that found it."""
    severity: str
    """How grave it is: ``error``, ``warning`` or ``hint``."""
    path: str
    """Where, as a path."""
    row: int
    """The row; zero where the chart was not read from a text."""
    column: int
    """The column."""
    message: str
    """What is wrong."""
    hint: str
    """How to mend it."""


class ChartGuard(Value):
    """A guard that was asked."""

    __slots__ = ("path", "read", "held")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"read": "[ChartRead]"}

    path: str
    """The path of its transition."""
    read: tuple[ChartRead, ...]
    """What it read: the name and the text of JSON."""
    held: bool | None
    """Whether it held; none if that could not be told, which is a no."""


class ChartMapping(Value):
    """Expressions that were evaluated in one place."""

    __slots__ = ("path", "read", "held")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"read": "[ChartRead]"}

    path: str
    """The path of the action, timer, invocation, variable or final state that has them."""
    read: tuple[ChartRead, ...]
    """What they read: the name and the text of JSON."""
    held: bool | None
    """Whether it held, of a condition (``if``) that could be told."""


class ChartMicrostep(Value):
    """A microstep."""

    __slots__ = ("session", "guards", "taken", "exited", "entered", "mappings", "faults", "event")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"guards": "[ChartGuard]", "taken": "texts", "exited": "texts", "entered": "texts", "mappings": "[ChartMapping]", "faults": "texts"}

    session: str
    """The session whose it is."""
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
    """The event that it answers; none if none was needed."""


class ChartPending(Value):
    """A timer or a delayed event that waits."""

    __slots__ = ("session", "due", "event", "restore")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    session: str
    """The session that it belongs to."""
    due: str
    """When it is due: RFC 3339."""
    event: str
    """The event."""
    restore: str
    """What becomes of it when its session rests: ``deadline``, ``remaining`` or ``restart``."""


class ChartRead(Value):
    """A value that a guard read."""

    __slots__ = ("name", "value")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """What was asked for."""
    value: str
    """What it was: the text of JSON."""


class ChartSession(Value):
    """What a session is."""

    __slots__ = ("session", "id", "done", "states", "configuration", "data", "pending")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"states": "texts", "configuration": "texts", "pending": "[ChartPending]"}

    session: str
    """The session, to be kept and given back with the next event. It names the version of its chart."""
    id: str
    """Its id."""
    done: bool
    """Whether it has come to an end."""
    states: tuple[str, ...]
    """The active states without children, in document order."""
    configuration: tuple[str, ...]
    """All active states, in document order."""
    data: str
    """Its variables: the text of a JSON object, whose numbers are exact."""
    pending: tuple[ChartPending, ...]
    """What waits for its time, in the order in which it is due."""


class ChartStep(Value):
    """What came of a step."""

    __slots__ = ("at", "heard", "effects", "faults", "trace")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"at": "ChartSession", "effects": "[ChartEffect]", "faults": "texts", "trace": "[ChartMicrostep]"}

    at: ChartSession
    """What the session is now."""
    heard: bool
    """Whether the event was heard: a transition was taken for it, or something that was invoked was told."""
    effects: tuple[ChartEffect, ...]
    """What is to be done, in order, once the session is kept."""
    faults: tuple[str, ...]
    """What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block."""
    trace: tuple[ChartMicrostep, ...]
    """What happened, where that was asked for."""


class ChartText(Value):
    """A chart in some form."""

    __slots__ = ("text",)
    _fields: ClassVar[tuple[str, ...]] = __slots__

    text: str
    """The text."""


class ChartView(Value):
    """A chart that was loaded."""

    __slots__ = ("id", "description", "digest", "states", "variables", "events")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"states": "texts", "variables": "texts", "events": "texts"}

    id: str
    """Its name; empty where it has none."""
    description: str
    """What it says of itself; empty where it says nothing."""
    digest: str
    """What names this content and no other, in hexadecimal: a session belongs to it."""
    states: tuple[str, ...]
    """Its states in document order."""
    variables: tuple[str, ...]
    """Its variables."""
    events: tuple[str, ...]
    """The events that it waits for, by name; without those of its own timers, and ``done.…`` and ``error.…``."""


class Checked(Value):
    """The digest of the state."""

    __slots__ = ("state_hash",)
    _fields: ClassVar[tuple[str, ...]] = __slots__

    state_hash: str
    """The digest of the state, in hexadecimal: the same on every machine and in every language."""


class Decided(Value):
    """A verdict on record."""

    __slots__ = ("decision_id", "verdict")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"verdict": "Verdict"}

    decision_id: str
    """The decision's id."""
    verdict: Verdict
    """The verdict."""


class DecisionReport(Value):
    """How often something was decided, why, and how long it took."""

    __slots__ = ("kind", "decision", "taken", "reasons", "least_seconds", "median_seconds", "ninetieth_seconds", "most_seconds", "late")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "[ReasonCount]"}

    kind: str
    """The kind of case."""
    decision: str
    """The decision."""
    taken: int
    """How often it was taken."""
    reasons: tuple[ReasonCount, ...]
    """How often with each reason code."""
    least_seconds: int
    """The shortest time in which it was taken, in whole seconds from when the case came to its queue."""
    median_seconds: int
    """The time in which half of them were."""
    ninetieth_seconds: int
    """The time in which nine of ten were."""
    most_seconds: int
    """The longest."""
    late: int
    """How often it was taken after the time that its queue gives."""


class DecisionsReport(Value):
    """What verifying found of decisions on record."""

    __slots__ = ("decisions", "records", "root")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    decisions: int
    """How many decisions there are."""
    records: int
    """Records that they take."""
    root: str
    """The root of the Merkle tree over those, in hexadecimal."""


class DetailView(Value):
    """A description and metadata that were opened, or why they were not."""

    __slots__ = ("basis", "account", "description", "lost", "metadata", "retention", "transfer", "years")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"metadata": "map"}

    basis: Basis
    """On what ground they are held."""
    account: str | None
    """The account whose they are: its key or id."""
    description: str | None
    """The description; of an account, the name."""
    lost: str | None
    """Why there is nothing: their key is lost."""
    metadata: Mapping[str, str]
    """The metadata."""
    retention: str | None
    """The retention class that says so, if one does."""
    transfer: str | None
    """The transfer whose they are: its key or id."""
    years: int | None
    """The years for which a law has them kept after the relationship ended."""


class DiffMore(Value):
    """How much of a list is left out."""

    __slots__ = ("list", "entries")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    list: str
    """The list, such as ``documents``."""
    entries: int
    """How many entries are left out."""


class DiffName(Value):
    """A file or a name that comes, goes or changes."""

    __slots__ = ("name", "change")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """The name."""
    change: DiffChange
    """How it changes."""


class DiffPackage(Value):
    """A package."""

    __slots__ = ("package", "change", "notes", "notes_more")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"notes": "[DiffRow]"}

    package: str
    """Its path, such as ``data.aml``."""
    change: DiffChange
    """How it changes."""
    notes: tuple[DiffRow, ...]
    """How its own annotations change, at most 32 rows."""
    notes_more: int
    """How many rows of them are left out."""


class DiffRow(Value):
    """A part of a document."""

    __slots__ = ("pointer", "change", "after", "before")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    pointer: str
    """Its JSON pointer."""
    change: DiffChange
    """How it changes."""
    after: str | None
    """Its JSON text after."""
    before: str | None
    """Its JSON text before, of a long one the beginning and ``…``."""


class DiffRule(Value):
    """The rules of one name."""

    __slots__ = ("path", "package", "change", "before", "after", "notes", "notes_more")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"before": "[DiffSite]", "after": "[DiffSite]", "notes": "[DiffRow]"}

    path: str
    """Their path, such as ``data.aml.verdict``."""
    package: str
    """Their package."""
    change: DiffChange
    """How they change."""
    before: tuple[DiffSite, ...]
    """Where those stand before that have no equal after, at most 32."""
    after: tuple[DiffSite, ...]
    """Where those stand after that have no equal before, at most 32."""
    notes: tuple[DiffRow, ...]
    """How their annotations change, at most 32 rows."""
    notes_more: int
    """How many rows of them are left out."""


class DiffSite(Value):
    """Where a rule stands."""

    __slots__ = ("file", "row")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    file: str
    """The module."""
    row: int
    """The row."""


class DiffTyped(Value):
    """A field of typed rules. Whole numbers are told as texts."""

    __slots__ = ("path", "part", "name", "field", "change", "after", "before")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    path: str
    """The program's path, such as ``limits/verdict``."""
    part: str
    """The part, such as ``rules``; empty where the whole program comes or goes."""
    name: str
    """Which of them, such as ``limits/day``; of ``rules``, empty where their order changes."""
    field: str
    """The field's JSON pointer in it; empty where all of it comes or goes."""
    change: DiffChange
    """How it changes."""
    after: str | None
    """Its JSON text after."""
    before: str | None
    """Its JSON text before."""


class DiffVersion(Value):
    """A version of a policy."""

    __slots__ = ("revision", "digest")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    revision: str
    """The bundle's name for it; empty where it has none."""
    digest: str
    """What names this content and no other, in hexadecimal."""


class DocumentReport(Value):
    """How documents of a name stand."""

    __slots__ = ("kind", "document", "requested", "submitted", "approved", "rejected", "expired", "looked_at", "least_seconds", "median_seconds", "ninetieth_seconds", "most_seconds")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    kind: str
    """The kind of case."""
    document: str
    """The document."""
    requested: int
    """How many are asked for."""
    submitted: int
    """How many were handed in."""
    approved: int
    """How many are good."""
    rejected: int
    """How many are not."""
    expired: int
    """How many did not come in time, or are not valid any more."""
    looked_at: int
    """How often somebody has looked at one, since the log began."""
    least_seconds: int
    """The shortest time for which one had waited for that, in whole seconds from when it was handed in."""
    median_seconds: int
    """The time for which half of them had."""
    ninetieth_seconds: int
    """The time for which nine of ten had."""
    most_seconds: int
    """The longest."""


class EntryView(Value):
    """One line of a statement, or of a history."""

    __slots__ = ("sequence", "timestamp", "what", "transfer", "counterparty", "side", "amount", "change", "balance", "available", "effective_date", "description", "part", "subject")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"timestamp": "instant", "amount": "money", "change": "decimal", "balance": "decimal", "available": "decimal", "effective_date": "date", "subject": "uuid"}

    sequence: int
    """Its place in the log."""
    timestamp: Timestamp
    """When."""
    what: str
    """What: ``post``, ``hold``, ``capture``, ``release``, ``expiry``."""
    transfer: str
    """The transfer's key, or its id; of a transfer that is part of a transaction, the transaction's."""
    counterparty: str
    """The other account."""
    side: str
    """The account's side of it: ``debit`` or ``credit``."""
    amount: Money
    """How much was posted, held, captured or released, with its asset."""
    change: Money
    """How much the booked balance changed, on the account's normal side."""
    balance: Money
    """The booked balance after it."""
    available: Money
    """The balance less what is held against it."""
    effective_date: date
    """The date that the books give it."""
    description: str
    """The description, where that is public."""
    part: str | None
    """Which part of its transaction it is, such as ``2/5``; nothing for a transfer of its own."""
    subject: UUID | None
    """The party to which the rest of the description and the metadata is sealed: ``read_data`` opens it."""


class FieldView(Value):
    """A field that was taken down, without its value."""

    __slots__ = ("name", "purpose", "basis", "years", "retention")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """Its name."""
    purpose: str
    """What it is held for."""
    basis: Basis
    """On what ground."""
    years: int | None
    """The years for which a law has it kept after the relationship ended."""
    retention: str | None
    """The retention class that says so, if one does."""


class Flip(Value):
    """A decision that another version of a policy decides otherwise."""

    __slots__ = ("decision_id", "path", "was", "now", "reasons")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "[FlipReason]"}

    decision_id: str
    """The decision."""
    path: str
    """The path that was asked for."""
    was: str
    """The outcome on record: ``allow``, ``review``, ``deny``, or ``undecided``."""
    now: str
    """The outcome of the other version."""
    reasons: tuple[FlipReason, ...]
    """Its reasons; of a shadow, none where the decision is sealed."""


class FlipReason(Value):
    """A reason of a version that decides otherwise."""

    __slots__ = ("code", "rule")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    code: int
    """Its number."""
    rule: str
    """The rule, such as ``aml/structuring``."""


class ForgottenView(Value):
    """What was forgotten, and when."""

    __slots__ = ("scope", "timestamp")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"timestamp": "instant"}

    scope: ForgetScope
    """How much."""
    timestamp: Timestamp
    """When."""


class GrantView(Value):
    """Who may read the access log."""

    __slots__ = ("actor", "party", "until", "granted")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"until": "instant", "granted": "instant"}

    actor: str
    """Who: the actor of their requests."""
    party: str | None
    """Whose access log; of all parties, where there is none: a key or an id."""
    until: Timestamp
    """Until when."""
    granted: Timestamp
    """When it was granted."""


class HandInOutcome(Value):
    """What became of something that was handed in, as the customer is told."""

    __slots__ = ("key", "ok", "replayed", "code", "field", "reason")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    key: str
    """The device's key of it."""
    ok: bool
    """Whether the case has it."""
    replayed: bool
    """Whether the case had it before: the answer to a retry."""
    code: str | None
    """Why not, a stable name: ``not_permitted``, ``invalid``, ``ended``, ``document``, ``attempts``, ``unheard``, ``instant``, ``text``, ``other_request``, ``stale``, ``unkept`` or ``refused``."""
    field: str | None
    """The field at fault."""
    reason: str | None
    """Why not, for people."""


class Health(Value):
    """How an open ledger is."""

    __slots__ = ("condition", "events", "not_durable", "history_bytes", "is_lagging", "disk_is_low", "archive_failed", "disk_left", "why")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    condition: Condition
    """What it can do."""
    events: int
    """Events that were decided."""
    not_durable: int
    """Those of them that are not durable yet."""
    history_bytes: int
    """Bytes of history in memory. They go into parts when there are enough of them."""
    is_lagging: bool
    """Whether history waits in memory because parts are written later than it is cut: what writes is faster than the disk can follow."""
    disk_is_low: bool
    """Whether less is left than ``disk_reserve``: time to make room."""
    archive_failed: str | None
    """Why the history could not be put into a part last time: it stays in memory until it can."""
    disk_left: int | None
    """Bytes left on the disk, where the system tells."""
    why: str | None
    """Why it has stopped."""


class HistoryPage(Value):
    """Entries in the order asked for, and where the next page begins."""

    __slots__ = ("account", "asset", "entries", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"entries": "[EntryView]"}

    account: str
    """The account's key, or its id."""
    asset: str
    """The code of its asset."""
    entries: tuple[EntryView, ...]
    """The entries."""
    next: int | None
    """What the next page comes after; nothing at the end."""


class HolderView(Value):
    """A party that has an account."""

    __slots__ = ("party", "role", "since", "until")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"since": "date", "until": "date"}

    party: str
    """The party's key, or its id."""
    role: AccountRole
    """What it may do."""
    since: date | None
    """Since which date."""
    until: date | None
    """Until which date, that day included."""


class IngestReport(Value):
    """What has become of trades."""

    __slots__ = ("taken", "again", "refused", "faults")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"faults": "[RowFaultView]"}

    taken: int
    """How many are new."""
    again: int
    """How many had been taken before: these count once."""
    refused: int
    """How many were not taken."""
    faults: tuple[RowFaultView, ...]
    """The first thousand of those."""


class IntentOutcome(Value):
    """What became of an intent."""

    __slots__ = ("key", "outcome")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"outcome": "Outcome"}

    key: str
    """The device's key of it."""
    outcome: Outcome
    """The customer's view of the outcome."""


class KindReport(Value):
    """What became of the cases of a kind."""

    __slots__ = ("kind", "opened", "open", "elsewhere", "ended", "cancelled", "reopened")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    kind: str
    """The kind."""
    opened: int
    """How many were opened."""
    open: int
    """How many of them go on."""
    elsewhere: int
    """How many of these wait in no queue."""
    ended: int
    """How many came to an end."""
    cancelled: int
    """How many were ended from outside."""
    reopened: int
    """How often one was opened again."""


class KindView(Value):
    """A kind of case."""

    __slots__ = ("kind", "description", "digest", "chart", "queues", "decisions", "documents", "text")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"queues": "texts", "decisions": "texts", "documents": "texts"}

    kind: str
    """Its name."""
    description: str
    """What it is for."""
    digest: str
    """The digest of this version: of the kind, and of its charts."""
    chart: str
    """The chart that its cases run on."""
    queues: tuple[str, ...]
    """Its queues, in their order."""
    decisions: tuple[str, ...]
    """What can be decided."""
    documents: tuple[str, ...]
    """The documents that it knows."""
    text: str
    """The kind as JSON."""


class KlinePage(Value):
    """Candles, oldest first."""

    __slots__ = ("klines", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"klines": "[KlineView]", "next": "instant"}

    klines: tuple[KlineView, ...]
    """The candles."""
    next: Timestamp | None
    """Where to go on, if there are more."""


class KlineView(Value):
    """A candle."""

    __slots__ = ("start", "end", "open", "high", "low", "close", "volume", "turnover", "trades", "buy_volume", "buy_turnover", "sell_volume", "sell_turnover", "closed", "revision", "average")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"start": "instant", "end": "instant", "open": "exact", "high": "exact", "low": "exact", "close": "exact", "volume": "exact", "turnover": "exact", "buy_volume": "exact", "buy_turnover": "exact", "sell_volume": "exact", "sell_turnover": "exact", "average": "exact"}

    start: Timestamp
    """When the bucket begins."""
    end: Timestamp
    """When the next begins."""
    open: Decimal
    """The first price."""
    high: Decimal
    """The highest price."""
    low: Decimal
    """The lowest price."""
    close: Decimal
    """The last price."""
    volume: Decimal
    """How much was traded."""
    turnover: Decimal
    """What was paid for it."""
    trades: int
    """How many trades."""
    buy_volume: Decimal
    """How much buyers are known to have taken."""
    buy_turnover: Decimal
    """What was paid for that."""
    sell_volume: Decimal
    """How much sellers are known to have taken."""
    sell_turnover: Decimal
    """What was paid for that."""
    closed: bool
    """Whether the watermark has passed its end."""
    revision: int
    """How often it was changed since."""
    average: Decimal | None
    """The average price, weighted by quantities (VWAP)."""


class LegalHoldView(Value):
    """A legal hold."""

    __slots__ = ("name", "until", "reason", "placed")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"until": "date", "placed": "instant"}

    name: str
    """Its name."""
    until: date | None
    """Until which date, that day included; until it is lifted, where there is none."""
    reason: str
    """Why."""
    placed: Timestamp
    """When it was placed."""


class LoadedPolicy(Value):
    """A policy that a ledger decides by."""

    __slots__ = ("name", "current", "former", "shadow")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"current": "PolicyVersion", "former": "[PolicyVersion]", "shadow": "ShadowView"}

    name: str
    """Its name."""
    current: PolicyVersion
    """The version in force."""
    former: tuple[PolicyVersion, ...]
    """Those that were in force before, the newest first: what can be gone back to."""
    shadow: ShadowView | None
    """What is tried out beside it."""


class LostKey(Value):
    """A key that cannot be had."""

    __slots__ = ("subject", "basis", "why")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"subject": "uuid"}

    subject: UUID
    """Whose it is; of a key of the tenant's own, its number."""
    basis: Basis | None
    """Which of theirs; none of a key of the tenant's own."""
    why: str
    """Why not, and what to do."""


class MigrationRefused(Value):
    """Why cases cannot be moved."""

    __slots__ = ("code", "why", "cases", "example")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    code: str
    """Why: a code, a promise."""
    why: str
    """The same in words, of the first of them."""
    cases: int
    """How many."""
    example: str
    """The first of them, by its key."""


class MigrationRehearsed(Value):
    """What would become of cases that were moved to the newest version of their kind."""

    __slots__ = ("cases", "movable", "refused")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"refused": "[MigrationRefused]"}

    cases: int
    """How many open cases are not in the newest version."""
    movable: int
    """How many of them can be moved."""
    refused: tuple[MigrationRefused, ...]
    """Why the others cannot, at most 100 reasons."""


class MrzView(Value):
    """A machine-readable zone that was read."""

    __slots__ = ("format", "document_code", "issuer", "number", "primary", "secondary", "names_truncated", "nationality", "sex", "status", "valid", "wrong", "optional", "born", "expires")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"wrong": "texts", "optional": "texts"}

    format: str
    """``TD1``, ``TD2``, ``TD3``, ``MRV-A`` or ``MRV-B``."""
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
    sex: str
    """``female``, ``male`` or ``unspecified``."""
    status: str
    """``valid``, ``expired`` or ``unknown``, on the day that was given."""
    valid: bool
    """Whether every check digit is right."""
    wrong: tuple[str, ...]
    """The check digits that are not."""
    optional: tuple[str, ...]
    """What else stands there."""
    born: str | None
    """The day of birth, ``YYYY-MM-DD``; none, where part of it is not known."""
    expires: str | None
    """The last day on which it is valid, ``YYYY-MM-DD``."""


class Obligation(Value):
    """What has to be done; ``type`` says what, and which of the other fields there are."""

    __slots__ = ("type", "count", "factor", "kind", "queue", "report", "role", "seconds", "topic", "until")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"until": "instant"}

    type: ObligationType
    """What."""
    count: int | None
    """``approvals``: how many."""
    factor: str | None
    """``step_up``: which factor."""
    kind: str | None
    """``open_case``: of which kind."""
    queue: str | None
    """``open_case``: in which queue."""
    report: str | None
    """``draft_report``: which report."""
    role: str | None
    """``approvals``: in which role they are."""
    seconds: int | None
    """``hold``: for how many seconds."""
    topic: str | None
    """``notify``: which topic."""
    until: Timestamp | None
    """``freeze``: until when."""


class Outcome(Value):
    """What became of a command."""

    __slots__ = ("ok", "status", "number", "replayed", "account", "amount", "field", "have", "id", "key", "need", "reason", "sequence", "timestamp")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"amount": "money", "have": "money", "id": "uuid", "key": "text", "need": "money", "timestamp": "instant"}

    ok: bool
    """Whether what was asked for stands in the books."""
    status: str
    """The status's stable name; ``invalid`` for a command that could not be read, ``not_permitted`` for one that its sender may not ask for."""
    number: int
    """The status's stable number."""
    replayed: bool
    """Whether it stood there before: the answer to a retry."""
    account: str | None
    """The account at fault."""
    amount: Money | None
    """How much moved, with its asset."""
    field: str | None
    """The field at fault, for a command that could not be read or was not permitted."""
    have: Money | None
    """What it had to spend."""
    id: UUID | None
    """The record's id."""
    key: str
    """The record's key."""
    need: Money | None
    """What was asked for."""
    reason: str | None
    """Why not, for people."""
    sequence: int | None
    """Its place in the log."""
    timestamp: Timestamp | None
    """When it was booked."""


class PartyExport(Value):
    """Personal data of a party, as it is given to the person: Art. 15 of the GDPR."""

    __slots__ = ("party", "data", "accesses")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"party": "PartyView", "data": "PersonalData", "accesses": "[AccessView]"}

    party: PartyView
    """What is known of the party."""
    data: PersonalData
    """The personal data."""
    accesses: tuple[AccessView, ...]
    """Who read it before, oldest first; the newest 10,000 readings."""


class PartyPage(Value):
    """Parties by their ids, and where the next page begins."""

    __slots__ = ("parties", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"parties": "[PartyView]", "next": "uuid"}

    parties: tuple[PartyView, ...]
    """The parties."""
    next: UUID | None
    """What the next page comes after; nothing at the end."""


class PartyView(Value):
    """A party."""

    __slots__ = ("id", "key", "kind", "broker", "kyc_level", "risk", "flags", "registered", "ended", "kept_until", "merged", "forgotten", "holds", "fields", "accounts", "relations", "related")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"id": "uuid", "flags": "texts", "registered": "instant", "ended": "date", "kept_until": "date", "merged": "texts", "forgotten": "ForgottenView", "holds": "[LegalHoldView]", "fields": "[FieldView]", "accounts": "[AccountOfView]", "relations": "[RelationView]", "related": "[RelationView]"}

    id: UUID
    """Its id."""
    key: str
    """The caller's name for it; empty: none."""
    kind: PartyKind
    """What it is."""
    broker: str | None
    """The broker whose client it is: its key, or its id."""
    kyc_level: int
    """How far it was identified; zero: not at all."""
    risk: RiskLevel | None
    """How much risk it is, once that is known."""
    flags: tuple[str, ...]
    """Its flags."""
    registered: Timestamp
    """When it was registered."""
    ended: date | None
    """The date on which the business relationship ended."""
    kept_until: date | None
    """The last day on which a law has it kept, once the relationship has ended; none where no law keeps anything."""
    merged: tuple[str, ...]
    """The records that were merged into it: their keys, or their ids."""
    forgotten: ForgottenView | None
    """What was forgotten of it."""
    holds: tuple[LegalHoldView, ...]
    """Its legal holds."""
    fields: tuple[FieldView, ...]
    """What was taken down of it, without the values."""
    accounts: tuple[AccountOfView, ...]
    """Its accounts."""
    relations: tuple[RelationView, ...]
    """What it is to other parties."""
    related: tuple[RelationView, ...]
    """What other parties are to it."""


class PersonDecision(Value):
    """How often somebody voted for a decision that was taken, and why."""

    __slots__ = ("kind", "decision", "voted", "reasons")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "[ReasonCount]"}

    kind: str
    """The kind of case."""
    decision: str
    """The decision."""
    voted: int
    """How often they voted for it."""
    reasons: tuple[ReasonCount, ...]
    """How often with each reason code."""


class PersonDocument(Value):
    """How often somebody found the same of a document, and why."""

    __slots__ = ("kind", "document", "finding", "found", "reasons")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "[ReasonCount]"}

    kind: str
    """The kind of case."""
    document: str
    """The document."""
    finding: str
    """What they found: ``approve``, ``reject`` or ``revise``."""
    found: int
    """How often."""
    reasons: tuple[ReasonCount, ...]
    """How often with each reason code."""


class PersonReport(Value):
    """What somebody does."""

    __slots__ = ("person", "registered", "assigned", "voted", "pending", "decisions", "documents")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"decisions": "[PersonDecision]", "documents": "[PersonDocument]"}

    person: str
    """Who."""
    registered: bool
    """Whether they are on the register of staff."""
    assigned: int
    """How many cases they work on."""
    voted: int
    """In how many decisions that were taken they voted."""
    pending: int
    """In how many that are pending."""
    decisions: tuple[PersonDecision, ...]
    """What they voted for of what was taken."""
    documents: tuple[PersonDocument, ...]
    """What they found of documents that they looked at."""


class PersonalData(Value):
    """Personal data of a party."""

    __slots__ = ("party", "fields", "details")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"fields": "[PersonalView]", "details": "[DetailView]"}

    party: str
    """The party's key, or its id."""
    fields: tuple[PersonalView, ...]
    """The fields, by their names."""
    details: tuple[DetailView, ...]
    """What transfers and accounts say in words."""


class PersonalView(Value):
    """A field that was opened, or why it was not."""

    __slots__ = ("name", "value", "purpose", "basis", "lost")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """Its name."""
    value: str | None
    """The value."""
    purpose: str
    """What it is held for."""
    basis: Basis
    """On what ground."""
    lost: str | None
    """Why there is no value: its key is lost."""


class PolicyCoverage(Value):
    """Which rows of the modules the tests ran."""

    __slots__ = ("files", "basis_points")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"files": "[PolicyFileCoverage]"}

    files: tuple[PolicyFileCoverage, ...]
    """The modules, by name."""
    basis_points: int | None
    """Of all rows, those that were run, in hundredths of a percent and rounded down: 10,000 is all."""


class PolicyDiff(Value):
    """What changes from one version of a policy to another. Of each list the first 1,000 entries are told."""

    __slots__ = ("before", "after", "empty", "same", "roots", "metadata", "files", "packages", "rules", "entry_points", "documents", "typed", "more")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"before": "DiffVersion", "after": "DiffVersion", "roots": "[DiffName]", "metadata": "[DiffRow]", "files": "[DiffName]", "packages": "[DiffPackage]", "rules": "[DiffRule]", "entry_points": "[DiffName]", "documents": "[DiffRow]", "typed": "[DiffTyped]", "more": "[DiffMore]"}

    before: DiffVersion
    """The version before."""
    after: DiffVersion
    """The version after."""
    empty: bool
    """Whether nothing changes at all."""
    same: bool
    """Whether nothing changes but how it is written, and the revision."""
    roots: tuple[DiffName, ...]
    """The roots that come or go."""
    metadata: tuple[DiffRow, ...]
    """The manifest's metadata, by JSON pointer."""
    files: tuple[DiffName, ...]
    """The files."""
    packages: tuple[DiffPackage, ...]
    """The packages."""
    rules: tuple[DiffRule, ...]
    """The rules, by path."""
    entry_points: tuple[DiffName, ...]
    """What is annotated as an entry point."""
    documents: tuple[DiffRow, ...]
    """The documents under ``data``, by JSON pointer."""
    typed: tuple[DiffTyped, ...]
    """The typed rules, field by field."""
    more: tuple[DiffMore, ...]
    """What is left out of lists that are longer."""


class PolicyExplanation(Value):
    """Why an answer is what it is."""

    __slots__ = ("defined", "steps", "text", "said", "cut", "error", "result")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"steps": "[PolicyStep]"}

    defined: bool
    """Whether there is an answer."""
    steps: tuple[PolicyStep, ...]
    """The rules and expressions in the order in which they were run."""
    text: str
    """The same as text, a line each, set in by their depth."""
    said: str
    """What ``print`` and ``trace`` said, a line each."""
    cut: bool
    """Whether there were more steps than there was room for."""
    error: str | None
    """Why the evaluation came to no end."""
    result: str | None
    """The answer as JSON text, numbers to the digit."""


class PolicyFact(Value):
    """A fact that a program of typed rules knows."""

    __slots__ = ("name", "type", "needed")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """Its name, such as ``amount``."""
    type: str
    """Its type: ``text``, ``texts``, ``bool``, ``units`` (whole numbers) or ``instant``."""
    needed: PolicyNeed
    """Whether a request without it is denied."""


class PolicyFileCoverage(Value):
    """Which rows of a module the tests ran."""

    __slots__ = ("file", "covered", "not_covered", "basis_points")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"covered": "[PolicyRows]", "not_covered": "[PolicyRows]"}

    file: str
    """The module."""
    covered: tuple[PolicyRows, ...]
    """The rows that were run."""
    not_covered: tuple[PolicyRows, ...]
    """The rows that never were."""
    basis_points: int | None
    """Of its rows, those that were run, in hundredths of a percent and rounded down."""


class PolicyFinding(Value):
    """What is probably wrong in a policy that loads."""

    __slots__ = ("id", "file", "row", "message", "hint")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    id: str
    """The linter's rule, such as ``unused-import``."""
    file: str
    """The module."""
    row: int
    """The row."""
    message: str
    """What is wrong."""
    hint: str
    """How to mend it."""


class PolicyProgram(Value):
    """A program of typed rules."""

    __slots__ = ("path", "file", "facts")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"facts": "[PolicyFact]"}

    path: str
    """The path of its verdict, such as ``limits/verdict``."""
    file: str
    """The file."""
    facts: tuple[PolicyFact, ...]
    """The facts that it knows."""


class PolicyRows(Value):
    """Rows next to each other."""

    __slots__ = ("first", "last")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    first: int
    """The first."""
    last: int
    """The last."""


class PolicyRule(Value):
    """The rules of one name."""

    __slots__ = ("name", "makes", "count", "file", "row")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """The name, such as ``data.aml.verdict``."""
    makes: PolicyRuleKind
    """What they make together."""
    count: int
    """How many there are, without the default."""
    file: str
    """The module of the first."""
    row: int
    """The row of the first."""


class PolicyStep(Value):
    """A rule or an expression that was run."""

    __slots__ = ("depth", "file", "row", "text", "became")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    depth: int
    """How deep it stands in the tree."""
    file: str
    """The module."""
    row: int
    """The row."""
    text: str
    """What it is, with its values."""
    became: PolicyStepOutcome | None
    """What became of it; none of what was not run."""


class PolicyTest(Value):
    """A test."""

    __slots__ = ("name", "outcome", "file", "row", "why")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """Its name."""
    outcome: PolicyTestOutcome
    """What became of it."""
    file: str
    """The module."""
    row: int
    """The row."""
    why: str | None
    """Why it did not pass, where there is more to say: the cases that are not true, or the error."""


class PolicyTests(Value):
    """What the tests of a bundle came to."""

    __slots__ = ("passed", "failed", "skipped", "tests", "coverage")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"tests": "[PolicyTest]", "coverage": "PolicyCoverage"}

    passed: int
    """How many passed."""
    failed: int
    """How many failed, or came to no end."""
    skipped: int
    """How many are yet to be done."""
    tests: tuple[PolicyTest, ...]
    """The tests, by file and row."""
    coverage: PolicyCoverage | None
    """Which rows of the modules they ran, where that was asked for."""


class PolicyVersion(Value):
    """A version of a policy."""

    __slots__ = ("revision", "digest", "loaded")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"loaded": "instant"}

    revision: str
    """The bundle's name for this version; empty where it has none."""
    digest: str
    """What names this content and no other, in hexadecimal."""
    loaded: Timestamp
    """When it was loaded."""


class PolicyView(Value):
    """A policy that was loaded."""

    __slots__ = ("revision", "digest", "roots", "rules", "typed")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"roots": "texts", "rules": "[PolicyRule]", "typed": "[PolicyProgram]"}

    revision: str
    """The bundle's name for this version; empty where it has none."""
    digest: str
    """What names this content and no other, in hexadecimal."""
    roots: tuple[str, ...]
    """The paths under ``data`` that the bundle owns; an empty one is all of it."""
    rules: tuple[PolicyRule, ...]
    """The rules, by file and row."""
    typed: tuple[PolicyProgram, ...]
    """The programs of typed rules, by path."""


class QueueReport(Value):
    """What waits in a queue."""

    __slots__ = ("kind", "queue", "cases", "under_a_day", "one_to_three_days", "three_to_seven_days", "seven_to_thirty_days", "thirty_days_or_more", "overdue", "unassigned", "snoozed", "oldest")
    _fields: ClassVar[tuple[str, ...]] = __slots__

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
    overdue: int
    """How many have waited too long."""
    unassigned: int
    """On how many nobody works."""
    snoozed: int
    """How many rest."""
    oldest: str | None
    """Since when the oldest does: RFC 3339."""


class QueueView(Value):
    """A queue in which cases wait."""

    __slots__ = ("queue", "waiting", "snoozed", "unassigned", "overdue", "oldest")
    _fields: ClassVar[tuple[str, ...]] = __slots__

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
    oldest: str
    """Since when the oldest waits, also of those that rest: RFC 3339."""


class Reason(Value):
    """Why it is decided so."""

    __slots__ = ("code", "rule", "audience", "severity", "message", "facts")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"facts": "[ReasonFact]"}

    code: int
    """The number of the reason: ``Code`` has those of typed rules, and documents have their own from 10,000 on."""
    rule: str
    """The rule, such as ``aml/structuring``."""
    audience: Audience
    """Who may be told."""
    severity: Severity
    """How grave it is."""
    message: str
    """One sentence."""
    facts: tuple[ReasonFact, ...] | None
    """What it rests on, in order."""


class ReasonCount(Value):
    """How often a reason was given."""

    __slots__ = ("reason", "count")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    reason: str
    """Its code."""
    count: int
    """How often."""


class ReasonFact(Value):
    """A name and a value that a reason rests on."""

    __slots__ = ("name", "value")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    name: str
    """The name, such as ``remaining``."""
    value: str
    """The value as text, such as ``18500``."""


class RelationView(Value):
    """What a party is to another."""

    __slots__ = ("party", "role", "since", "until", "share")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"since": "date", "until": "date"}

    party: str
    """The other party's key, or its id."""
    role: RelationRole
    """The role."""
    since: date | None
    """Since which date."""
    until: date | None
    """Until which date, that day included."""
    share: str | None
    """The share in percent."""


class ReplayReport(Value):
    """What another policy would have decided."""

    __slots__ = ("decisions", "same", "changed", "flipped", "subject_forgotten", "unreadable", "flips")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"flips": "[Flip]"}

    decisions: int
    """How many decisions were decided once more."""
    same: int
    """How many of these came to the same, for the same reasons."""
    changed: int
    """How many have the same outcome for other reasons, or with other obligations."""
    flipped: int
    """How many have another outcome."""
    subject_forgotten: int
    """How many could not be decided, because they were sealed to someone who was forgotten."""
    unreadable: int
    """How many could not be decided for another reason: a key that is lost, an answer that this build cannot read, or a party of whom no reading can be recorded."""
    flips: tuple[Flip, ...]
    """Those with another outcome, the oldest first, as many as were asked for."""


class RestoreReport(Value):
    """What was restored, and verified."""

    __slots__ = ("ok", "events", "of", "accounts", "transfers", "root", "state_hash", "generation")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    ok: bool
    """Always true."""
    events: int
    """Events in the new journal."""
    of: int
    """Events in the backup."""
    accounts: int
    """Accounts in the books."""
    transfers: int
    """Transfers in them."""
    root: str
    """The root of the log's Merkle tree, in hexadecimal."""
    state_hash: str
    """The digest of the state, in hexadecimal."""
    generation: int
    """The generation of the new journal."""


class RetentionView(Value):
    """A retention class."""

    __slots__ = ("name", "years", "law", "defined")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"defined": "instant"}

    name: str
    """Its name."""
    years: int
    """The years for which the law has data kept after the business relationship ended."""
    law: str
    """The law that says so; empty: not said."""
    defined: Timestamp
    """When it was defined, or changed last."""


class RiskScore(Value):
    """The risk of a customer."""

    __slots__ = ("score", "level", "refuse", "explained", "model", "text", "refresh_by")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"explained": "texts"}

    score: str
    """The score: a decimal number."""
    level: str
    """The level that it comes to."""
    refuse: bool
    """Whether there is to be no business with the customer."""
    explained: tuple[str, ...]
    """What it was made of, point by point, for people."""
    model: str
    """The digest of the model."""
    text: str
    """All of it: the text of a JSON object, whose numbers are exact."""
    refresh_by: str | None
    """When the information about the customer is to be updated: RFC 3339."""


class RollupView(Value):
    """A rollup."""

    __slots__ = ("name", "version", "levels", "delay", "late", "price_scale", "quantity_scale", "symbols", "trades", "horizon", "keep", "of", "offset", "origin", "zone")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"levels": "texts", "keep": "map"}

    name: str
    """Its name."""
    version: int
    """How often it was defined."""
    levels: tuple[str, ...]
    """Widths of buckets, the finest first."""
    delay: str
    """How far the watermark is behind the newest trade of a symbol."""
    late: LateView
    """What becomes of trades whose bucket is closed."""
    price_scale: int
    """Digits of prices behind the point."""
    quantity_scale: int
    """Digits of quantities behind the point."""
    symbols: int
    """How many symbols it has."""
    trades: int
    """How many trades it took, also those that were taken back."""
    horizon: str | None
    """For how long after the end of their bucket they are taken in."""
    keep: Mapping[str, str]
    """Of levels, by their width, how long their buckets are kept."""
    of: str | None
    """The rollup whose trades it is made of."""
    offset: str | None
    """By how much buckets begin later, or earlier."""
    origin: str | None
    """What those clocks show where buckets are counted from, if it is not 2000-01-03, or January 2000."""
    zone: str | None
    """The time zone by whose clocks buckets begin, if it is not UTC."""


class RollupsReport(Value):
    """What verifying found of rollups."""

    __slots__ = ("rollups", "records", "root")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    rollups: int
    """How many rollups there are."""
    records: int
    """Records of what happened to them."""
    root: str
    """The root of the Merkle tree over those, in hexadecimal."""


class Root(Value):
    """The log's size and root."""

    __slots__ = ("events", "root")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    events: int
    """Events in the log."""
    root: str
    """The root of their Merkle tree, in hexadecimal."""


class RowFaultView(Value):
    """A row that was not taken."""

    __slots__ = ("row", "field", "message")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    row: int
    """Which, from zero."""
    field: str
    """The field at fault."""
    message: str
    """What is wrong, and what to do."""


class RowFilter(Value):
    """Which rows there are for a principal."""

    __slots__ = ("rows", "sql", "parameters")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"parameters": "[RowParameter]"}

    rows: FilteredRows
    """Whether all rows, none, or those of which the condition is true."""
    sql: str
    """The condition in PostgreSQL's SQL, with parameters: true or false of every row. It is there for all and for none, too."""
    parameters: tuple[RowParameter, ...]
    """The values of the parameters in their order, each a text or a list of texts: the condition says what they are."""


class RowParameter(Value):
    """The value of a parameter: one of the two."""

    __slots__ = ("text", "texts")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"texts": "texts"}

    text: str | None
    """A text, or an exact decimal as its text."""
    texts: tuple[str, ...] | None
    """A list of them."""


class RulesImport(Value):
    """Rules of Ballerine's rule engine as a guard."""

    __slots__ = ("guard", "dialect")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    guard: str
    """The guard, a rule of JSON Logic: JSON."""
    dialect: str
    """How JSON Logic takes values of other kinds in it: ``javascript``."""


class ShadowView(Value):
    """What a policy that is tried out would have decided."""

    __slots__ = ("version", "decisions", "same", "changed", "flipped", "flips")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"version": "PolicyVersion", "flips": "[Flip]"}

    version: PolicyVersion
    """The version that is tried out."""
    decisions: int
    """How many decisions it was asked for as well."""
    same: int
    """How many of these it decides the same way, for the same reasons."""
    changed: int
    """How many have the same outcome for other reasons, or with other obligations."""
    flipped: int
    """How many have another outcome."""
    flips: tuple[Flip, ...]
    """The newest of those, the newest last."""


class StaffView(Value):
    """Somebody on the register of staff."""

    __slots__ = ("person", "roles", "away", "cases")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"roles": "texts"}

    person: str
    """Who."""
    roles: tuple[str, ...]
    """What they may do; nothing, if they are not on it."""
    away: bool
    """Whether they are away and are given no work."""
    cases: int
    """How many cases they work on."""


class StatementView(Value):
    """An account's history over a span of time."""

    __slots__ = ("account", "asset", "opening", "entries", "closing")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"opening": "decimal", "entries": "[EntryView]", "closing": "decimal"}

    account: str
    """The account's key, or its id."""
    asset: str
    """The code of its asset."""
    opening: Money
    """The balance before the first line."""
    entries: tuple[EntryView, ...]
    """The lines, oldest first."""
    closing: Money
    """The balance after the last line."""


class Stats(Value):
    """How large a ledger is."""

    __slots__ = ("events", "accounts", "transfers", "open_holds", "clock", "data_key")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"clock": "instant"}

    events: int
    """Events in the log."""
    accounts: int
    """Accounts."""
    transfers: int
    """Transfers."""
    open_holds: int
    """Holds that are open."""
    clock: Timestamp
    """The newest instant in the log."""
    data_key: int
    """The number of the data key with which is encrypted what is written; zero where nothing is."""


class SubjectKeysReport(Value):
    """What looking at every key of a person's found."""

    __slots__ = ("subjects", "keys", "destroyed", "damaged", "generation", "lost", "lost_count")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"lost": "[LostKey]"}

    subjects: int
    """People that have a key."""
    keys: int
    """Keys that can be had, the tenant's own among them."""
    destroyed: int
    """Keys that were destroyed."""
    damaged: int
    """Places in the file that were written and are not what was written."""
    generation: int
    """The number of the tenant's key."""
    lost: tuple[LostKey, ...]
    """Keys that are there and cannot be had; the first 1,000."""
    lost_count: int
    """How many there are."""


class SymbolPage(Value):
    """Symbols, by name."""

    __slots__ = ("symbols", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"symbols": "[SymbolView]"}

    symbols: tuple[SymbolView, ...]
    """The symbols."""
    next: str | None
    """The ``after`` of the next page, if there is one."""


class SymbolView(Value):
    """A symbol."""

    __slots__ = ("symbol", "watermark", "at", "price")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"watermark": "instant", "at": "instant", "price": "exact"}

    symbol: str
    """Its name."""
    watermark: Timestamp
    """What ended by then is closed."""
    at: Timestamp | None
    """When that was traded."""
    price: Decimal | None
    """Its newest price."""


class SyncReply(Value):
    """What a device is told."""

    __slots__ = ("outcomes", "accounts", "refused", "events", "root", "root_events", "time", "cases", "handed_in", "refused_cases")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"outcomes": "[IntentOutcome]", "accounts": "[AccountNews]", "refused": "texts", "time": "instant", "cases": "[CaseNews]", "handed_in": "[HandInOutcome]", "refused_cases": "texts"}

    outcomes: tuple[IntentOutcome, ...]
    """What became of each intent, in order."""
    accounts: tuple[AccountNews, ...]
    """What is new on each account that was asked about and is the customer's."""
    refused: tuple[str, ...]
    """The accounts that were asked about and are not the customer's, or not there."""
    events: int
    """Events in the log when this was read: how new it is."""
    root: str
    """The root of the log's Merkle tree, in hexadecimal: of these events, and perhaps of some behind them."""
    root_events: int
    """Events that the root is of."""
    time: Timestamp
    """The back end's time."""
    cases: tuple[CaseNews, ...] | None
    """How each case stands that was asked about and is the customer's."""
    handed_in: tuple[HandInOutcome, ...] | None
    """What became of each hand-in, in order."""
    refused_cases: tuple[str, ...] | None
    """The cases that were asked about and are not the customer's, or not there."""


class TableCounts(Value):
    """What became of the rows of a table."""

    __slots__ = ("rows", "booked", "replayed", "left_out")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    rows: int
    """Rows."""
    booked: int
    """Of them, those that were booked."""
    replayed: int
    """Those that were booked before."""
    left_out: int
    """Those that were left out."""


class TableDifference(Value):
    """What came out otherwise than in a table."""

    __slots__ = ("table", "row", "detail")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    table: str
    """Which table: ``accounts``, ``transfers``, or ``balances`` where the accounts were compared in the end."""
    row: int
    """The row, from one."""
    detail: str
    """What."""


class TablesReport(Value):
    """What came of tables that were taken in."""

    __slots__ = ("ok", "accounts", "transfers", "differences", "ended")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"accounts": "TableCounts", "transfers": "TableCounts", "differences": "[TableDifference]"}

    ok: bool
    """Whether everything stands in the books as in the tables."""
    accounts: TableCounts
    """The rows of the accounts."""
    transfers: TableCounts
    """The rows of the transfers."""
    differences: tuple[TableDifference, ...]
    """What came out otherwise."""
    ended: str | None
    """Why a table was not read to its end; the rows before it were taken in."""


class TornReport(Value):
    """A block that was being written when the power failed."""

    __slots__ = ("file", "byte", "block")
    _fields: ClassVar[tuple[str, ...]] = __slots__

    file: str
    """The file."""
    byte: int
    """Where in it the block begins."""
    block: int
    """The block's number."""


class TradeView(Value):
    """A trade as it was."""

    __slots__ = ("symbol", "at", "id", "price", "quantity", "taker")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"at": "instant", "price": "exact", "quantity": "exact"}

    symbol: str
    """Its symbol."""
    at: Timestamp
    """When it was."""
    id: str
    """The number that the market gave it."""
    price: Decimal
    """The price."""
    quantity: Decimal
    """How much was traded."""
    taker: str | None
    """Who took it, where that is known."""


class TransferPage(Value):
    """Transfers in the order asked for, and where the next page begins."""

    __slots__ = ("transfers", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"transfers": "[TransferView]"}

    transfers: tuple[TransferView, ...]
    """The transfers."""
    next: int | None
    """What the next page comes after; nothing at the end. It stays good whatever is booked."""


class TransferView(Value):
    """A transfer."""

    __slots__ = ("id", "key", "src", "dst", "amount", "state", "timeout", "code", "flags", "timestamp", "effective_date", "sequence", "description", "hold", "metadata", "pending", "subject", "transaction")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"id": "uuid", "amount": "money", "flags": "texts", "timestamp": "instant", "effective_date": "date", "description": "text", "metadata": "map", "pending": "uuid", "subject": "uuid"}
    _names: ClassVar[dict[str, str]] = {"src": "from", "dst": "to"}

    id: UUID
    """Its id."""
    key: str
    """The caller's key."""
    src: str
    """The account that was debited."""
    dst: str
    """The account that was credited."""
    amount: Money
    """How much moved, with its asset."""
    state: str
    """What has become of it: ``none`` for a transfer in one step."""
    timeout: int
    """Seconds until a hold runs out."""
    code: int
    """The caller's code."""
    flags: tuple[str, ...]
    """Names of its flags."""
    timestamp: Timestamp
    """When it was booked."""
    effective_date: date
    """The date that the books give it."""
    sequence: int
    """Its place in the log."""
    description: str
    """The description, where that is public."""
    hold: str | None
    """The key of the hold that it resolves, or its id."""
    metadata: Mapping[str, str]
    """Public metadata."""
    pending: UUID | None
    """The hold that it resolves."""
    subject: UUID | None
    """The party to which the rest of the description and the metadata is sealed: ``read_data`` opens it."""
    transaction: int | None
    """The transaction that it is part of."""


class TrialBalanceView(Value):
    """The trial balance of one asset."""

    __slots__ = ("asset", "lines", "debit", "credit", "balanced")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"lines": "[TrialLineView]", "debit": "decimal?", "credit": "decimal?"}

    asset: str
    """The code of the asset."""
    lines: tuple[TrialLineView, ...]
    """The accounts."""
    debit: Money | None
    """The sum of the left side."""
    credit: Money | None
    """The sum of the right side."""
    balanced: bool
    """Whether the sides are equal."""


class TrialLineView(Value):
    """One line of a trial balance."""

    __slots__ = ("account", "kind", "debit", "credit")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"debit": "decimal?", "credit": "decimal?"}

    account: str
    """The account's key, or its id."""
    kind: AccountKind | None
    """Its kind."""
    debit: Money | None
    """A balance on the left side."""
    credit: Money | None
    """A balance on the right side."""


class Verdict(Value):
    """A decision.  `````` use thalium::policy::{Outcome, Verdict, rego};  let document = rego::Value::from_json(     r#"{"outcome": "review",         "reasons": [{"code": 10001, "rule": "aml/pattern", "audience": "officer", "severity": "high", "message": "looks odd"}],         "obligations": [{"type": "approvals", "role": "compliance_officer", "count": 2}]}"#, )?; let verdict = Verdict::from_rego(&document)?; assert_eq!(verdict.outcome, Outcome::Review); // A document that is not there denies. let joined = verdict.join(Verdict::missing("aml/decision")); assert_eq!((joined.outcome, joined.reasons.len()), (Outcome::Deny, 2)); # Ok::<(), Box<dyn std::error::Error>>(()) ``````"""

    __slots__ = ("outcome", "reasons", "obligations")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"reasons": "[Reason]", "obligations": "[Obligation]"}

    outcome: VerdictOutcome
    """What is decided."""
    reasons: tuple[Reason, ...]
    """Why, in the order of the rules."""
    obligations: tuple[Obligation, ...]
    """What has to be done, in the order of the rules."""


class VerifyReport(Value):
    """What verifying found."""

    __slots__ = ("ok", "segments", "blocks", "events", "accounts", "transfers", "torn", "root", "state_hash", "cases", "decisions", "rollups")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"torn": "TornReport", "cases": "CasesReport", "decisions": "DecisionsReport", "rollups": "RollupsReport"}

    ok: bool
    """Always true: what does not fit is a failure."""
    segments: int
    """Segments of the journal."""
    blocks: int
    """Blocks in them."""
    events: int
    """Events in the log."""
    accounts: int
    """Accounts in the books that it leads to."""
    transfers: int
    """Transfers in them."""
    torn: TornReport | None
    """A block at the end that never came whole: it was never acknowledged."""
    root: str
    """The root of the log's Merkle tree, in hexadecimal."""
    state_hash: str
    """The digest of the state, in hexadecimal."""
    cases: CasesReport | None
    """What was found of its cases, if it has any."""
    decisions: DecisionsReport | None
    """What was found of the decisions on record, if there are any."""
    rollups: RollupsReport | None
    """What was found of its rollups, if it has any."""


class VolumePage(Value):
    """Volumes, oldest first: of each bucket, asset and code of which there are transfers."""

    __slots__ = ("volumes", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"volumes": "[VolumeView]", "next": "instant"}

    volumes: tuple[VolumeView, ...]
    """The volumes."""
    next: Timestamp | None
    """The from of the next page, if there is one."""


class VolumeView(Value):
    """How much was moved in a bucket of time. What is held counts when it is captured."""

    __slots__ = ("start", "end", "asset", "code", "transfers", "debits", "credits")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"start": "instant", "end": "instant", "debits": "decimal", "credits": "decimal"}

    start: Timestamp
    """When the bucket begins."""
    end: Timestamp
    """When the next begins."""
    asset: str
    """The code of the asset."""
    code: int
    """The code of the transfers."""
    transfers: int
    """How many."""
    debits: Money
    """What was debited."""
    credits: Money
    """What was credited."""
