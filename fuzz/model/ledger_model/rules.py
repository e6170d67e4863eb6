"""The rules: checks in order of precedence. The semantics are TigerBeetle's; what only this ledger has is *own*.

Each `check_…` raises Refused or returns the records to write. Nothing here changes the books.
"""

from dataclasses import dataclass, replace

from .assets import ISO
from .books import (
    A_CLOSED, A_CREDITS_LIMITED, A_DEBITS_LIMITED, A_IMPORTED, CREDITS_PENDING, CREDITS_POSTED, DEBITS_PENDING,
    DEBITS_POSTED, T_BALANCING_CREDIT, T_BALANCING_DEBIT, T_CLOSING_CREDIT, T_CLOSING_DEBIT, T_IMPORTED, T_LINKED,
    T_PENDING, T_POST, T_VOID, Account, Transfer,
)
from .refused import Refused, refuse, refuse_account, refuse_asset
from .retries import USER_DATA, account_exists, resolved_amount, transaction_exists, transfer_exists
from .text import I64_MAX, SECOND, U128_MAX, key_id
from .transaction import Transaction, transfers_of


@dataclass
class Slot:
    timestamp: int
    newest: int  # the last instant of the request: what is imported stands before it
    imported: bool  # whether the first of this type in the request is imported


def _import(slot, imported, timestamp, refuse):
    if imported != slot.imported:
        refuse("imported_event_not_expected" if imported else "imported_event_expected")
    if not imported:
        if timestamp:
            refuse("timestamp_must_be_zero")
        return
    if timestamp <= 0:
        refuse("imported_event_timestamp_out_of_range")
    if timestamp >= slot.newest:
        refuse("imported_event_timestamp_must_not_advance")


def check_asset(books, new):
    if new.ledger == 0:
        refuse_asset("ledger_must_not_be_zero")
    found = books.asset_by_code(new.code)
    if found:
        if found.scale != new.scale:
            refuse_asset("exists_with_different_scale")
        if (found.kind, found.number) != (new.kind, new.number):
            refuse_asset("exists_with_different_kind")
        if found.ledger != new.ledger:
            refuse_asset("exists_with_different_ledger")
        refuse_asset("exists")
    # The number of a currency of ISO 4217 is that currency's, whatever ledger number is asked for.
    if books.asset(new.ledger) or any(new.kind == "fiat" and new.number == asset.number for asset in ISO):
        refuse_asset("ledger_already_taken")
    return new


def check_account(books, new, slot):
    imported = bool(new.flags & A_IMPORTED)
    _import(slot, imported, new.timestamp, refuse_account)
    if new.id == 0:
        refuse_account("id_must_not_be_zero")
    if new.id == U128_MAX:
        refuse_account("id_must_not_be_int_max")
    parent = books.account(new.parent)
    account_exists(books, new)
    if new.key and books.account(key_id("account", new.key)):
        refuse_account("exists_with_different_detail")
    if new.flags & A_DEBITS_LIMITED and new.flags & A_CREDITS_LIMITED:
        refuse_account("flags_are_mutually_exclusive")
    if new.ledger == 0:
        refuse_account("ledger_must_not_be_zero")
    if new.code == 0:
        refuse_account("code_must_not_be_zero")
    if not books.asset(new.ledger):
        refuse_account("asset_not_found")
    if new.parent and not parent:
        refuse_account("parent_not_found")
    if imported:
        newest = max((account.timestamp for account in books.accounts), default=0)
        taken = any(transfer.timestamp == new.timestamp for transfer in books.transfers)
        if new.timestamp <= newest or taken:
            refuse_account("imported_event_timestamp_must_not_regress")
    timestamp = new.timestamp if imported else slot.timestamp
    return replace(new, timestamp=timestamp, parent=parent.id if parent else 0)


def check_transfer(books, new, slot):
    imported = bool(new.flags & T_IMPORTED)
    _import(slot, imported, new.timestamp, refuse)
    if new.id == 0:
        refuse("id_must_not_be_zero")
    if new.id == U128_MAX:
        refuse("id_must_not_be_int_max")
    found = books.spent.get(new.id)
    if isinstance(found, Transfer):
        transfer_exists(books, new, found)
    if found is not None:
        refuse("id_already_failed")
    _key_is_free(books, new)
    timestamp = new.timestamp if imported else slot.timestamp
    if new.flags & (T_POST | T_VOID):
        return _check_resolution(books, new, timestamp)

    if new.debit == 0:
        refuse("debit_account_id_must_not_be_zero")
    if new.debit == U128_MAX:
        refuse("debit_account_id_must_not_be_int_max")
    if new.credit == 0:
        refuse("credit_account_id_must_not_be_zero")
    if new.credit == U128_MAX:
        refuse("credit_account_id_must_not_be_int_max")
    debit, credit = books.account(new.debit), books.account(new.credit)
    # One account under its id and under its key is one account.
    if new.debit == new.credit or (debit and debit is credit):
        refuse("accounts_must_be_different")
    if new.pending:
        refuse("pending_id_must_be_zero")
    if not new.flags & T_PENDING:
        if new.timeout:
            refuse("timeout_reserved_for_pending_transfer")
        if new.flags & (T_CLOSING_DEBIT | T_CLOSING_CREDIT):
            refuse("closing_transfer_must_be_pending")
    if new.ledger == 0:
        refuse("ledger_must_not_be_zero")
    if new.code == 0:
        refuse("code_must_not_be_zero")
    if not debit:
        refuse("debit_account_not_found")
    if not credit:
        refuse("credit_account_not_found")
    if debit.ledger != credit.ledger:
        refuse("accounts_must_have_the_same_ledger")
    if debit.ledger != new.ledger:
        refuse("transfer_must_have_the_same_ledger_as_accounts")
    if imported:
        _import_order(books, new)
        if new.timestamp <= debit.timestamp:
            refuse("imported_event_timestamp_must_postdate_debit_account")
        if new.timestamp <= credit.timestamp:
            refuse("imported_event_timestamp_must_postdate_credit_account")
        if new.timeout:
            refuse("imported_event_timeout_must_be_zero")
    if debit.flags & A_CLOSED:
        refuse("debit_account_already_closed")
    if credit.flags & A_CLOSED:
        refuse("credit_account_already_closed")

    amount = new.amount
    if new.flags & T_BALANCING_DEBIT:
        amount = min(amount, debits_left(debit))
    if new.flags & T_BALANCING_CREDIT:
        amount = min(amount, credits_left(credit))
    _check_amount(debit, credit, amount, bool(new.flags & T_PENDING))
    if timestamp + new.timeout * SECOND > I64_MAX:
        refuse("overflows_timeout")
    debits = debit.balances[DEBITS_PENDING] + debit.balances[DEBITS_POSTED] + amount
    if debit.flags & A_DEBITS_LIMITED and debits > debit.balances[CREDITS_POSTED]:
        refuse("exceeds_credits")
    credits = credit.balances[CREDITS_PENDING] + credit.balances[CREDITS_POSTED] + amount
    if credit.flags & A_CREDITS_LIMITED and credits > credit.balances[DEBITS_POSTED]:
        refuse("exceeds_debits")
    return replace(new, amount=amount, timestamp=timestamp, debit=debit.id, credit=credit.id)


def debits_left(account):
    """What may still be debited within posted credits."""
    balances = account.balances
    return max(0, balances[CREDITS_POSTED] - balances[DEBITS_POSTED] - balances[DEBITS_PENDING])


def credits_left(account):
    """What may still be credited within posted debits."""
    balances = account.balances
    return max(0, balances[DEBITS_POSTED] - balances[CREDITS_POSTED] - balances[CREDITS_PENDING])


def _check_amount(debit, credit, amount, pending):
    out, into = debit.balances, credit.balances
    checks = [
        ("overflows_debits_posted", out[DEBITS_POSTED]),
        ("overflows_credits_posted", into[CREDITS_POSTED]),
        ("overflows_debits", out[DEBITS_POSTED] + out[DEBITS_PENDING]),
        ("overflows_credits", into[CREDITS_POSTED] + into[CREDITS_PENDING]),
    ]
    if pending:
        checks[:0] = [
            ("overflows_debits_pending", out[DEBITS_PENDING]),
            ("overflows_credits_pending", into[CREDITS_PENDING]),
        ]
    for name, before in checks:
        if before + amount > U128_MAX:
            refuse(name)


def _import_order(books, new):
    newest = max((transfer.timestamp for transfer in books.transfers), default=0)
    taken = any(account.timestamp == new.timestamp for account in books.accounts)
    if new.timestamp <= newest or taken:
        refuse("imported_event_timestamp_must_not_regress")


def _key_is_free(books, new):
    """*Own*: a key names one record."""
    if not new.key:
        return
    if key_id("transfer", new.key) in books.spent:
        refuse("exists_with_different_detail")


def _check_resolution(books, new, timestamp):
    if new.flags & T_POST and new.flags & T_VOID:
        refuse("flags_are_mutually_exclusive")
    if new.flags & (T_PENDING | T_BALANCING_DEBIT | T_BALANCING_CREDIT | T_CLOSING_DEBIT | T_CLOSING_CREDIT):
        refuse("flags_are_mutually_exclusive")
    if new.pending == 0:
        refuse("pending_id_must_not_be_zero")
    if new.pending == U128_MAX:
        refuse("pending_id_must_not_be_int_max")
    if new.pending == new.id:
        refuse("pending_id_must_be_different")
    if new.timeout:
        refuse("timeout_reserved_for_pending_transfer")
    hold = books.transfer(new.pending)
    if not hold:
        refuse("pending_transfer_not_found")
    if not hold.flags & T_PENDING:
        refuse("pending_transfer_not_pending")
    debit, credit = books.account(hold.debit), books.account(hold.credit)
    if new.debit and books.account(new.debit) is not debit:
        refuse("pending_transfer_has_different_debit_account_id")
    if new.credit and books.account(new.credit) is not credit:
        refuse("pending_transfer_has_different_credit_account_id")
    if new.ledger and new.ledger != hold.ledger:
        refuse("pending_transfer_has_different_ledger")
    if new.code and new.code != hold.code:
        refuse("pending_transfer_has_different_code")
    amount = resolved_amount(new, hold)
    if amount > hold.amount:
        refuse("exceeds_pending_transfer_amount")
    if new.flags & T_VOID and amount < hold.amount:
        refuse("pending_transfer_has_different_amount")
    if hold.state == "posted":
        refuse("pending_transfer_already_posted")
    if hold.state == "voided":
        refuse("pending_transfer_already_voided")
    if hold.state == "expired" or (hold.due is not None and hold.due <= timestamp):
        refuse("pending_transfer_expired")
    if new.flags & T_IMPORTED:
        _import_order(books, new)
    # A void is let through to a closed account: it is what opens it again.
    if not new.flags & T_VOID:
        if debit.flags & A_CLOSED:
            refuse("debit_account_already_closed")
        if credit.flags & A_CLOSED:
            refuse("credit_account_already_closed")
    return replace(
        new, amount=amount, timestamp=timestamp, debit=debit.id, credit=credit.id, pending=hold.id, ledger=hold.ledger,
        code=hold.code, **{name: getattr(new, name) or getattr(hold, name) for name in USER_DATA},
    )


def check_transaction(books, new, slot, trial):
    """`trial` is a copy of the books on which each transfer is booked before the next is checked."""
    _import(slot, False, 0, refuse)
    if new.id == 0:
        refuse("id_must_not_be_zero")
    if new.id == U128_MAX:
        refuse("id_must_not_be_int_max")
    found = books.spent.get(new.id)
    if isinstance(found, Transfer):
        transaction_exists(books, new, found)
    if found is not None:
        refuse("id_already_failed")
    _key_is_free(books, new)
    booked = []
    try:
        transfers = transfers_of(new)
    except Refused:
        # A code of zero stands before legs that are empty or do not balance.
        if new.code == 0:
            refuse("code_must_not_be_zero")
        raise
    for transfer in transfers:
        checked = check_transfer(trial, transfer, Slot(slot.timestamp + transfer.part, slot.newest, False))
        trial.book(checked, 0)
        booked.append(checked)
    return booked


def check_subject(books, new):
    """*Own*, and last of all: to whom the detail is sealed."""
    if not new.sealed:
        return
    told = refuse_account if isinstance(new, Account) else refuse
    party = books.parties.record(new.sealed.subject)
    if not party:
        told("subject_not_found")
    if not books.parties.has_retention(new.sealed.retention):
        told("retention_not_found")
    if party.into:
        told("subject_was_merged")
    if books.parties.was_forgotten(party, new.sealed.basis):
        told("subject_was_forgotten")
    if not new.sealed.bytes:
        told("subject_key_not_available")


def is_linked(command):
    if isinstance(command, Transaction):
        return command.linked
    # The flag is the same bit for accounts and transfers; an asset has none.
    return bool(getattr(command, "flags", 0) & T_LINKED)
