"""Retries: what a command is compared with when its id is taken, field by field in order of precedence."""

from dataclasses import replace

from .books import T_BALANCING_CREDIT, T_BALANCING_DEBIT, T_VOID
from .refused import Refused, refuse, refuse_account
from .text import U128_MAX
from .transaction import transfers_of

USER_DATA = ("user_data_128", "user_data_64", "user_data_32")


def account_exists(books, new):
    """Refuses an account whose id is taken."""
    found = books.account(new.id)
    if not found:
        return
    # It has this key and another id.
    if found.id != new.id:
        refuse_account("exists_with_different_detail")
    # The flags are those that the account has now: a transfer may have closed it.
    for field_name, name in (
        ("flags", "flags"), ("user_data_128", "user_data_128"), ("user_data_64", "user_data_64"),
        ("user_data_32", "user_data_32"), ("ledger", "ledger"), ("code", "code"), ("kind", "kind"),
    ):
        if getattr(found, field_name) != getattr(new, field_name):
            refuse_account("exists_with_different_" + name)
    parent = books.account(new.parent)
    if found.parent != (parent.id if parent else new.parent):
        refuse_account("exists_with_different_parent")
    if not same_detail(found, new):
        refuse_account("exists_with_different_detail")
    refuse_account("exists", found)


def same_detail(found, new):
    if (found.key, found.description, found.metadata) != (new.key, new.description, new.metadata):
        return False
    asked, booked = new.sealed, found.sealed
    # Without the key nothing more can be compared.
    if asked and booked and not asked.bytes:
        asked = replace(asked, bytes=booked.bytes)
    return asked == booked


def resolved_amount(new, hold):
    """The largest amount posts all that is held, zero voids all of it."""
    if new.flags & T_VOID:
        return new.amount or hold.amount
    return hold.amount if new.amount == U128_MAX else new.amount


def transfer_exists(books, new, found):
    """A retry: which field differs, in order of precedence."""
    if new.id != found.id:
        # It has this key and another id.
        refuse("exists_with_different_detail")
    if new.flags != found.flags:
        refuse("exists_with_different_flags")
    hold = books.transfer(found.pending) if found.pending else None
    if (books.transfer(new.pending) if new.pending else None) is not hold:
        refuse("exists_with_different_pending_id")
    if new.timeout != found.timeout:
        refuse("exists_with_different_timeout")

    def account(id):
        known = books.account(id)
        return known.id if known else id

    # What ends a hold may leave out what it takes from it.
    given = (lambda value: value) if hold else (lambda value: True)
    if given(new.debit) and account(new.debit) != found.debit:
        refuse("exists_with_different_debit_account_id")
    if given(new.credit) and account(new.credit) != found.credit:
        refuse("exists_with_different_credit_account_id")
    if hold:
        differs = resolved_amount(new, hold) != found.amount
    elif new.flags & (T_BALANCING_DEBIT | T_BALANCING_CREDIT):
        # The request named the most that may move.
        differs = new.amount < found.amount
    else:
        differs = new.amount != found.amount
    if differs:
        refuse("exists_with_different_amount")
    for name in USER_DATA:
        value = getattr(new, name) or (getattr(hold, name) if hold else 0)
        if value != getattr(found, name):
            refuse("exists_with_different_" + name)
    if given(new.ledger) and new.ledger != found.ledger:
        refuse("exists_with_different_ledger")
    if given(new.code) and new.code != found.code:
        refuse("exists_with_different_code")
    if new.date != found.date:
        refuse("exists_with_different_effective_date")
    if not same_detail(found, new):
        refuse("exists_with_different_detail")
    if (new.part, new.parts) != (found.part, found.parts):
        refuse("exists_with_different_legs")
    refuse("exists", found)


def transaction_exists(books, new, found):
    try:
        asked = transfers_of(new)
    except Refused:
        refuse("exists_with_different_legs")
    for transfer in asked:
        old = books.transfer(transfer.id)
        if old is None:
            refuse("exists_with_different_legs")
        try:
            transfer_exists(books, transfer, old)
        except Refused as refused:
            if refused.status.name == "exists":
                continue
            # What is said of a transaction is said of its first transfer; the others are its legs.
            if transfer.part == 0:
                raise
            refuse("exists_with_different_legs")
    refuse("exists", found)
