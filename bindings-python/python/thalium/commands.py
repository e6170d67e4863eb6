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
from ._types import AccountView, Outcome, TransferView

Command = NewType("Command", dict[str, Any])
"""A command, ready to be submitted."""

Name = str | UUID | AccountView | TransferView | Outcome
"""What names an account or a transfer: a key, an id, or a value that has one."""

Amount = Money | Decimal | str
"""Money, a ``Decimal``, or decimal text with the asset or without: ``"250.00 ZAR"``."""

AccountKind = Literal["asset", "liability", "equity", "income", "expense"]
AccountFlag = Literal[
    "debits_must_not_exceed_credits", "credits_must_not_exceed_debits", "history", "imported", "closed", "linked"
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
    if isinstance(value, AccountView | TransferView | Outcome):
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


def _extra(
    description: str | None,
    metadata: Mapping[str, str] | None,
    effective_date: date | str | None,
    code: int | None,
    user_data_128: UUID | int | str | None,
    user_data_64: int | None,
    user_data_32: int | None,
    linked: bool,
) -> dict[str, Any]:
    return {
        "description": description,
        "metadata": _texts(metadata),
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
    id: UUID | int | str | None = None,
    user_data_128: UUID | int | str | None = None,
    user_data_64: int | None = None,
    user_data_32: int | None = None,
    timestamp: datetime | str | None = None,
) -> Command:
    """Opens an account. What the book owes may not be overdrawn, unless ``overdraft`` says so."""
    return _command(
        "account",
        key=key,
        id=_id(id),
        asset=asset,
        kind=kind,
        parent=None if parent is None else name_text(parent, "parent"),
        name=name,
        overdraft=overdraft or None,
        flags=list(flags) or None,
        code=_whole(code, "code"),
        metadata=_texts(metadata),
        user_data_128=_id(user_data_128),
        user_data_64=_whole(user_data_64, "user_data_64"),
        user_data_32=_whole(user_data_32, "user_data_32"),
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
        description, metadata, effective_date, code, user_data_128, user_data_64, user_data_32, linked
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
        description, metadata, effective_date, code, user_data_128, user_data_64, user_data_32, linked
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
        description, metadata, effective_date, code, user_data_128, user_data_64, user_data_32, linked
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
        description, metadata, effective_date, code, user_data_128, user_data_64, user_data_32, linked
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
        description, metadata, effective_date, code, user_data_128, user_data_64, user_data_32, linked
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
        description, metadata, effective_date, code, user_data_128, user_data_64, user_data_32, linked
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
