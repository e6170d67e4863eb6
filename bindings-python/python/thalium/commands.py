"""Commands to submit together: ``t.submit([commands.post(...), commands.hold(...)])``.

Each function has the arguments of the method of the same name. ``linked=True`` makes a command and the next succeed or fail
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NewType
from uuid import UUID

from ._instant import date_text, instant_text
from ._money import Money, _parse
from ._types import AccountView, Outcome, PartyView, TransferView

Command = NewType("Command", dict[str, Any])
"""A command, ready to be submitted."""

Name = str | UUID | AccountView | TransferView | PartyView | Outcome
"""What names an account, a transfer or a party: a key, an id, or a value that has one."""

Amount = Money | Decimal | str
"""Money, a ``Decimal``, or decimal text with the asset or without: ``"250.00 ZAR"``."""

AccountKind = Literal["asset", "liability", "equity", "income", "expense"]
AccountFlag = Literal[
    "debits_must_not_exceed_credits", "credits_must_not_exceed_debits", "history", "imported", "closed", "linked"
]
PartyKind = Literal["person", "company", "broker"]
RiskLevel = Literal["low", "medium", "high", "prohibited"]
RelationRole = Literal["owner", "beneficial_owner", "director", "signatory", "representative", "employee"]
AccountRole = Literal["owner", "operator", "viewer"]
Basis = Literal["consent", "law"]
ForgetScope = Literal["consent", "all"]
IdentifierKind = Literal[
    "name",
    "email",
    "phone",
    "iban",
    "tax_number",
    "passport",
    "national_id",
    "company_number",
    "lei",
    "wallet",
    "other",
]
TransferFlag = Literal[
    "pending",
    "post_pending",
    "void_pending",
    "balancing_debit",
    "balancing_credit",
    "closing_debit",
    "closing_credit",
    "imported",
    "linked",
]


def name_text(value: Name, field: str) -> str:
    """The key or id that names an account or a transfer."""
    if isinstance(value, str):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, AccountView | TransferView | PartyView | Outcome):
        if value.id is None:
            raise ValueError(f"{field}: names nothing: the command that it comes from was refused ({value!r})")
        return str(value.id)
    raise TypeError(f"{field}: give a key, a UUID or what was answered, not {type(value).__name__}")


def amount_text(value: Amount, field: str = "amount") -> str:
    """How a request writes an amount."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        _parse(value)
        return f"{value:f}"
    if isinstance(value, Money):
        return str(value)
    _parse(value)
    raise TypeError(f"{field}: give money, a Decimal or text, not {type(value).__name__}")


def _whole(value: int | None, field: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{field}: give a whole number, not {type(value).__name__}")
    return value


def _texts(value: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if value is None else dict(value)


def _command(op: str, **fields: Any) -> Command:
    return Command({"op": op, **{name: value for name, value in fields.items() if value is not None}})


def _sealed(
    subject: Name | None, basis: Basis | None, years: int | None, retention: str | None, public: Iterable[str]
) -> dict[str, Any]:
    return {
        "subject": None if subject is None else name_text(subject, "subject"),
        "basis": basis,
        "years": _whole(years, "years"),
        "retention": retention,
        "public": list(public) or None,
    }


def _words(
    name: str, text: str | None, metadata: Mapping[str, str] | None, sealed: dict[str, Any]
) -> dict[str, Any]:
    """What a command says in words. What is sealed of it shows in no text of the command."""
    if sealed["subject"] is None:
        return {name: text, "metadata": _texts(metadata)}
    public = sealed["public"] or ()
    shown = {key: value if key in public else _Personal(value) for key, value in (metadata or {}).items()}
    return {name: None if text is None else _Personal(text), "metadata": shown or None}


def _extra(
    description: str | None,
    metadata: Mapping[str, str] | None,
    effective_date: date | str | None,
    code: int | None,
    user_data_128: UUID | int | str | None,
    user_data_64: int | None,
    user_data_32: int | None,
    linked: bool,
    sealed: dict[str, Any],
) -> dict[str, Any]:
    return {
        **sealed,
        **_words("description", description, metadata, sealed),
        "effective_date": date_text(effective_date, "effective_date"),
        "code": _whole(code, "code"),
        "user_data_128": None if user_data_128 is None else str(user_data_128),
        "user_data_64": _whole(user_data_64, "user_data_64"),
        "user_data_32": _whole(user_data_32, "user_data_32"),
        "linked": linked or None,
    }


def _id(value: UUID | int | str | None) -> str | None:
    return None if value is None else str(value)


def asset(
    *, code: str, scale: int, kind: str | Mapping[str, Any] | None = None, ledger: int | None = None
) -> Command:
    """Registers an asset. The currencies of ISO 4217 are there without it."""
    kind = dict(kind) if isinstance(kind, Mapping) else kind
    return _command("asset", code=code, scale=_whole(scale, "scale"), kind=kind, ledger=_whole(ledger, "ledger"))


def account(
    *,
    key: str | None = None,
    asset: str,
    kind: AccountKind | None = None,
    parent: Name | None = None,
    name: str | None = None,
    overdraft: bool = False,
    flags: Iterable[AccountFlag] = (),
    code: int | None = None,
    metadata: Mapping[str, str] | None = None,
    subject: Name | None = None,
    basis: Basis | None = None,
    years: int | None = None,
    retention: str | None = None,
    public: Iterable[str] = (),
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    timestamp: datetime | str | None = None,
) -> Command:
    """Opens an account. What the book owes may not be overdrawn, unless ``overdraft`` says so."""
    sealed = _sealed(subject, basis, years, retention, public)
    return _command(
        "account",
        key=key,
        id=_id(id),
        asset=asset,
        kind=kind,
        parent=None if parent is None else name_text(parent, "parent"),
        overdraft=overdraft or None,
        flags=list(flags) or None,
        code=_whole(code, "code"),
        **_words("name", name, metadata, sealed),
        user_data_128=_id(user_data_128),
        user_data_64=_whole(user_data_64, "user_data_64"),
        user_data_32=_whole(user_data_32, "user_data_32"),
        **sealed,
        timestamp=instant_text(timestamp, "timestamp"),
    )


def post(
    *,
    key: str | None = None,
    src: Name,
    dst: Name,
    amount: Amount,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
    subject: Name | None = None,
    basis: Basis | None = None,
    years: int | None = None,
    retention: str | None = None,
    public: Iterable[str] = (),
    effective_date: date | str | None = None,
    code: int | None = None,
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    linked: bool = False,
) -> Command:
    """Moves money at once, from ``src`` to ``dst``."""
    extra = _extra(
        description,
        metadata,
        effective_date,
        code,
        user_data_128,
        user_data_64,
        user_data_32,
        linked,
        _sealed(subject, basis, years, retention, public),
    )
    names = {"from": name_text(src, "src"), "to": name_text(dst, "dst")}
    return _command("post", key=key, id=_id(id), **names, amount=amount_text(amount), **extra)


def hold(
    *,
    key: str | None = None,
    src: Name,
    dst: Name | None = None,
    amount: Amount,
    timeout: int | None = None,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
    subject: Name | None = None,
    basis: Basis | None = None,
    years: int | None = None,
    retention: str | None = None,
    public: Iterable[str] = (),
    effective_date: date | str | None = None,
    code: int | None = None,
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    linked: bool = False,
) -> Command:
    """Holds money of ``src`` for a later capture or release; by itself it is released after ``timeout`` seconds.

    Without ``dst`` it is meant for the account ``holds:ASSET``, which must exist.
    """
    extra = _extra(
        description,
        metadata,
        effective_date,
        code,
        user_data_128,
        user_data_64,
        user_data_32,
        linked,
        _sealed(subject, basis, years, retention, public),
    )
    names = {"from": name_text(src, "src"), "to": None if dst is None else name_text(dst, "dst")}
    timeout = _whole(timeout, "timeout")
    return _command("hold", key=key, id=_id(id), **names, amount=amount_text(amount), timeout=timeout, **extra)


def capture(
    *,
    key: str | None = None,
    hold: Name,
    dst: Name | None = None,
    amount: Amount | None = None,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
    subject: Name | None = None,
    basis: Basis | None = None,
    years: int | None = None,
    retention: str | None = None,
    public: Iterable[str] = (),
    effective_date: date | str | None = None,
    code: int | None = None,
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    linked: bool = False,
) -> Command:
    """Moves held money, all of it unless ``amount`` says how much; what is left is released."""
    extra = _extra(
        description,
        metadata,
        effective_date,
        code,
        user_data_128,
        user_data_64,
        user_data_32,
        linked,
        _sealed(subject, basis, years, retention, public),
    )
    return _command(
        "capture",
        key=key,
        id=_id(id),
        hold=name_text(hold, "hold"),
        to=None if dst is None else name_text(dst, "dst"),
        amount=None if amount is None else amount_text(amount),
        **extra,
    )


def release(
    *,
    key: str | None = None,
    hold: Name,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
    subject: Name | None = None,
    basis: Basis | None = None,
    years: int | None = None,
    retention: str | None = None,
    public: Iterable[str] = (),
    effective_date: date | str | None = None,
    code: int | None = None,
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    linked: bool = False,
) -> Command:
    """Gives held money back."""
    extra = _extra(
        description,
        metadata,
        effective_date,
        code,
        user_data_128,
        user_data_64,
        user_data_32,
        linked,
        _sealed(subject, basis, years, retention, public),
    )
    return _command("release", key=key, id=_id(id), hold=name_text(hold, "hold"), **extra)


def debit(account: Name, amount: Amount) -> tuple[str, str, str]:
    """A leg of a transaction on the left side."""
    return (name_text(account, "account"), "debit", amount_text(amount))


def credit(account: Name, amount: Amount) -> tuple[str, str, str]:
    """A leg of a transaction on the right side."""
    return (name_text(account, "account"), "credit", amount_text(amount))


def transaction(
    *,
    key: str | None = None,
    legs: Iterable[tuple[Name, Literal["debit", "credit"] | str, Amount]],
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
    subject: Name | None = None,
    basis: Basis | None = None,
    years: int | None = None,
    retention: str | None = None,
    public: Iterable[str] = (),
    effective_date: date | str | None = None,
    code: int | None = None,
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    linked: bool = False,
) -> Command:
    """Books legs together, all or nothing: ``[debit("c77:BTC", "0.5"), credit("c42:BTC", "0.5")]``; they balance in each asset."""
    extra = _extra(
        description,
        metadata,
        effective_date,
        code,
        user_data_128,
        user_data_64,
        user_data_32,
        linked,
        _sealed(subject, basis, years, retention, public),
    )
    told = [
        {"account": name_text(account, "account"), "side": side, "amount": amount_text(amount)}
        for account, side, amount in legs
    ]
    return _command("transaction", key=key, id=_id(id), legs=told, **extra)


def transfer(
    *,
    key: str | None = None,
    src: Name | None = None,
    dst: Name | None = None,
    amount: Amount | Literal["max"] | None = None,
    pending: Name | None = None,
    timeout: int | None = None,
    flags: Iterable[TransferFlag] = (),
    timestamp: datetime | str | None = None,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
    subject: Name | None = None,
    basis: Basis | None = None,
    years: int | None = None,
    retention: str | None = None,
    public: Iterable[str] = (),
    effective_date: date | str | None = None,
    code: int | None = None,
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    linked: bool = False,
) -> Command:
    """A transfer with every field and flag of the ledger; ``amount="max"`` moves as much as there is."""
    extra = _extra(
        description,
        metadata,
        effective_date,
        code,
        user_data_128,
        user_data_64,
        user_data_32,
        linked,
        _sealed(subject, basis, years, retention, public),
    )
    names = {
        "from": None if src is None else name_text(src, "src"),
        "to": None if dst is None else name_text(dst, "dst"),
    }
    return _command(
        "transfer",
        key=key,
        id=_id(id),
        **names,
        amount=None if amount is None else amount_text(amount),
        pending=None if pending is None else name_text(pending, "pending"),
        timeout=_whole(timeout, "timeout"),
        flags=list(flags) or None,
        timestamp=instant_text(timestamp, "timestamp"),
        **extra,
    )


class _Personal(str):
    """Text that a command carries and does not show."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "…"


class PersonalField:
    """A field of personal data: its value is shown nowhere.

    What is held by consent goes when the party asks; with ``basis="law"`` it is kept so many ``years`` after the relationship
    ended (5), with ``retention`` for as long as that retention class says. With ``identifier`` the party can be found by it.
    """

    __slots__ = ("_told",)

    def __init__(
        self,
        value: str,
        *,
        purpose: str,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        identifier: IdentifierKind | None = None,
    ) -> None:
        if not isinstance(value, str):
            raise TypeError(f"value: give text, not {type(value).__name__}")
        told = {
            "value": _Personal(value),
            "purpose": purpose,
            "basis": basis,
            "years": _whole(years, "years"),
            "retention": retention,
            "identifier": identifier,
        }
        self._told = {name: one for name, one in told.items() if one is not None}

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={one!r}" for name, one in self._told.items() if name != "value")
        return f"PersonalField(…, {told})"


def register_party(
    *,
    key: str | None = None,
    kind: PartyKind = "person",
    broker: Name | None = None,
    id: UUID | int | str | None = None,
) -> Command:
    """Registers a party. The key stands in the log in the clear: no personal data in it."""
    of = None if broker is None else name_text(broker, "broker")
    return _command("register_party", key=key, id=_id(id), kind=kind, broker=of)


def amend_party(
    *,
    party: Name,
    kyc_level: int | None = None,
    risk: RiskLevel | None = None,
    set: Iterable[str] = (),
    clear: Iterable[str] = (),
    ended: date | str | None = None,
    resumed: bool = False,
) -> Command:
    """Changes what is known of a party: its levels, its flags, the end of the relationship."""
    return _command(
        "amend_party",
        party=name_text(party, "party"),
        kyc_level=_whole(kyc_level, "kyc_level"),
        risk=risk,
        set=list(set) or None,
        clear=list(clear) or None,
        ended=date_text(ended, "ended"),
        resumed=resumed or None,
    )


def relate_parties(
    *,
    src: Name,
    dst: Name,
    role: RelationRole,
    since: date | str | None = None,
    until: date | str | None = None,
    share: str | None = None,
) -> Command:
    """Says what ``src`` is to ``dst``. To end a relation is to say it again with ``until``."""
    names = {"from": name_text(src, "src"), "to": name_text(dst, "dst")}
    span = {"since": date_text(since, "since"), "until": date_text(until, "until")}
    return _command("relate_parties", **names, role=role, **span, share=share)


def assign_account(
    *,
    party: Name,
    account: Name,
    role: AccountRole = "owner",
    since: date | str | None = None,
    until: date | str | None = None,
) -> Command:
    """Gives an account to a party. To take it away is to say it again with ``until``."""
    names = {"party": name_text(party, "party"), "account": name_text(account, "account")}
    return _command(
        "assign_account", **names, role=role, since=date_text(since, "since"), until=date_text(until, "until")
    )


def seal_data(*, party: Name, fields: Mapping[str, PersonalField | Mapping[str, Any]]) -> Command:
    """Takes down personal data, sealed with the party's own keys before it is kept."""
    told = {
        name: field._told if isinstance(field, PersonalField) else dict(field) for name, field in fields.items()
    }
    return _command("seal_data", party=name_text(party, "party"), fields=told)


def merge_parties(*, party: Name, into: Name) -> Command:
    """Makes two records of one party one: ``party`` is found under ``into`` from now on."""
    return _command("merge_parties", party=name_text(party, "party"), into=name_text(into, "into"))


def split_party(*, party: Name) -> Command:
    """Undoes a merger."""
    return _command("split_party", party=name_text(party, "party"))


def place_hold(
    *, party: Name, name: str, until: date | str | None = None, reason: str | None = None
) -> Command:
    """Places a legal hold: nothing of the party is forgotten while it is in force."""
    of = name_text(party, "party")
    return _command("place_hold", party=of, name=name, until=date_text(until, "until"), reason=reason)


def lift_hold(*, party: Name, name: str) -> Command:
    """Lifts a legal hold."""
    return _command("lift_hold", party=name_text(party, "party"), name=name)


def forget_party(*, party: Name, scope: ForgetScope = "all") -> Command:
    """Forgets a party: its keys are destroyed, and what was sealed with them is gone for ever."""
    return _command("forget_party", party=name_text(party, "party"), scope=scope)


def grant_access(*, actor: str, until: datetime | date | str, party: Name | None = None) -> Command:
    """Lets someone read the access log until an instant: of a party, of a broker and its clients, or of all."""
    of = None if party is None else name_text(party, "party")
    return _command("grant_access", actor=actor, party=of, until=instant_text(until, "until"))


def revoke_access(*, actor: str) -> Command:
    """Takes back all that someone was granted."""
    return _command("revoke_access", actor=actor)


def define_retention(*, name: str, years: int, law: str | None = None) -> Command:
    """Says how long a law has data of a retention class kept. Said again it is changed, and what was sealed under it follows."""
    return _command("define_retention", name=name, years=_whole(years, "years"), law=law)
