"""What became of a command, in the caller's terms."""

from .assets import Asset
from .books import A_CLOSED, A_DEBITS_LIMITED, Transfer
from .party import CHANGES, Change
from .rules import credits_left, debits_left
from .transaction import Transaction
from .text import format_id, format_instant
from .views import account_name, money


# What is known by another field than `party` or `key`. It cannot be left out.
KEYS = {
    "asset": "code", "relate_parties": "from", "grant_access": "actor", "revoke_access": "actor",
    "define_retention": "name",
}


def key_of(asked):
    """The key that a command was given; of an asset its code, of a retention class its name, of what changes a party the
    party's name, or who is granted."""
    op = asked["op"]
    if op in KEYS:
        return asked[KEYS[op]]
    return asked.get("party" if op in CHANGES and op != "register_party" else "key", "")


def id_of(books, command):
    """The record's own id, where there is a record."""
    if not isinstance(command, Change):
        return command.id
    found = books.parties.record(command.get("party"))
    return found.id if found else command.get("party")


def invalid(asked, field):
    told = {"ok": False, "status": "invalid", "number": 65_535, "replayed": False, "field": field}
    if key_of(asked):
        told["key"] = key_of(asked)
    return told


def outcome(books, asked, command, became):
    told = {
        "ok": became.booked, "status": became.status.name, "number": became.status.number,
        "replayed": became.status.name == "exists",
    }
    if not isinstance(command, Asset):
        id = id_of(books, command)
        told["id"] = None if id is None else format_id(id)
    if key_of(asked):
        told["key"] = key_of(asked)
    if became.booked and became.sequence:
        told["sequence"] = became.sequence
    told["timestamp"] = format_instant(became.timestamp)
    if became.booked and isinstance(command, Transfer):
        hold = None if command.ledger else books.transfer(command.pending)
        told["amount"] = money(books, hold.ledger if hold else command.ledger, became.amount)
    if not became.booked:
        told |= lacking(books, asked, command, became.status.name)
    return told


def lacking(books, asked, command, name):
    """Which account is at fault, what it had and what it needed."""
    if isinstance(command, Transaction):
        return lacking_leg(books, asked, command, name)
    sides = {
        "exceeds_credits": "debit", "debit_account_not_found": "debit", "debit_account_already_closed": "debit",
        "exceeds_debits": "credit", "credit_account_not_found": "credit", "credit_account_already_closed": "credit",
    }
    if not isinstance(command, Transfer) or name not in sides:
        return {}
    side = sides[name]
    id = getattr(command, side)
    if not id and command.pending:
        # What ends a hold leaves out its accounts: they are the hold's.
        id = getattr(books.transfer(command.pending), side)
    account = books.account(id)
    if not account:
        return {"account": given_name(books, asked, command, side)}
    told = {"account": account_name(books, account.id)}
    if name in ("exceeds_credits", "exceeds_debits"):
        left = debits_left(account) if side == "debit" else credits_left(account)
        told |= {"have": money(books, account.ledger, left), "need": money(books, account.ledger, command.amount)}
    return told


def given_name(books, asked, command, side):
    """The name that the caller gave an account that is not there."""
    if side == "credit" and "to" not in asked and asked["op"] == "hold":
        return "holds:" + books.asset(command.ledger).code
    return asked.get("from" if side == "debit" else "to") or format_id(getattr(command, side))


def lacking_leg(books, asked, command, name):
    legs = [(leg, books.account(leg.account)) for leg in command.legs]
    if name.endswith("_account_not_found"):
        return {"account": next(named["account"] for named, (_, account) in zip(asked["legs"], legs) if not account)}
    if name.endswith("_account_already_closed"):
        return {"account": next(account_name(books, a.id) for _, a in legs if a and a.flags & A_CLOSED)}
    if name != "exceeds_credits":
        return {}
    # The first account that pays more than it has and receives.
    for leg, account in legs:
        if not account or not account.flags & A_DEBITS_LIMITED:
            continue
        sums = {"debit": 0, "credit": 0}
        for other, owner in legs:
            if owner is account:
                sums[other.side] += other.amount
        left = debits_left(account)
        if sums["debit"] > left + sums["credit"]:
            return {
                "account": account_name(books, account.id), "have": money(books, account.ledger, left),
                "need": money(books, account.ledger, sums["debit"]),
            }
    return {}
