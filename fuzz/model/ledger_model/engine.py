"""Executes a request: holds that are due run out, then command after command, chains all or nothing."""

import copy
from dataclasses import dataclass

from . import refused, rules, status
from .assets import Asset
from .books import A_IMPORTED, T_IMPORTED, Account, Transfer
from .party import Change
from .transaction import Transaction


@dataclass
class Outcome:
    status: status.Status
    timestamp: int
    sequence: int = 0
    amount: int = 0

    @property
    def booked(self):
        return self.status.name in ("created", "exists")


def family(command):
    if isinstance(command, Asset):
        return status.ASSET
    if isinstance(command, Change):
        return status.PARTY
    return status.ACCOUNT if isinstance(command, Account) else status.TRANSFER


def ticks(command):
    """A transaction takes an instant for each leg that it may need one for."""
    return max(1, len(command.legs)) if isinstance(command, Transaction) else 1


class Engine:
    def __init__(self, books):
        self.books = books

    def execute(self, context, now, commands):
        books = self.books
        base = max(books.clock + 1, now)
        due = base
        while hold := books.due(due):
            books.expire(hold, base)
            base += 1
        self.context, self.base, self.request = context, base, None
        self.newest = base + max(0, sum(map(ticks, commands)) - 1)
        self.imported = {
            kind: next((bool(getattr(c, "flags", 0) & flag) for c in commands if isinstance(c, kinds)), False)
            for kind, kinds, flag in (
                ("account", Account, A_IMPORTED), ("transfer", (Transfer, Transaction), T_IMPORTED),
            )
        }
        outcomes, at = [], base
        for chain in chains(commands):
            outcomes += self._chain(chain, at)
            at += sum(map(ticks, chain))
        return outcomes

    def _slot(self, command, at):
        kind = "account" if isinstance(command, Account) else "transfer"
        return rules.Slot(at, self.newest, self.imported[kind])

    def _chain(self, chain, at):
        """A command that stands alone is a chain of one."""
        trial = copy.deepcopy(self.books)
        plans, starts = [], []
        open_end = rules.is_linked(chain[-1])
        for index, command in enumerate(chain):
            starts.append(at)
            try:
                if open_end and index == len(chain) - 1:
                    raise refused.Refused(family(command)["linked_event_chain_open"])
                records = self._check(trial, command, at)
            except refused.Refused as refusal:
                return self._broken(chain, starts, index, refusal)
            for record in records:
                write(trial, record, at, 0)
            plans.append(records)
            at += ticks(command)
        return [self._apply(*planned) for planned in zip(chain, plans, starts)]

    def _check(self, books, command, at):
        if isinstance(command, Asset):
            return [rules.check_asset(books, command)]
        if isinstance(command, Change):
            return [books.parties.decide(command, at, books.account)]
        slot = self._slot(command, at)
        if isinstance(command, Account):
            records = [rules.check_account(books, command, slot)]
        elif isinstance(command, Transfer):
            records = [rules.check_transfer(books, command, slot)]
        else:
            records = rules.check_transaction(books, command, slot, copy.deepcopy(books))
        # The detail of a transaction is its first transfer's.
        rules.check_subject(books, records[0])
        return records

    def _apply(self, command, records, at):
        sequences = [write(self.books, record, at, self._envelope()) for record in records]
        timestamp = getattr(records[0], "timestamp", at)
        amount = sum(record.amount for record in records if isinstance(record, Transfer))
        return Outcome(family(command)["created"], timestamp, sequences[0], amount)

    def _broken(self, chain, starts, at_fault, refusal):
        """Only the id of the member at fault is spent: the others were never tried."""
        outcomes, at = [], starts[-1]
        position = starts[0]
        for index, command in enumerate(chain):
            names = family(command)
            if index == at_fault:
                outcomes.append(self._refused(command, refusal, at))
            elif rules.is_linked(chain[-1]) and index == len(chain) - 1:
                outcomes.append(Outcome(names["linked_event_chain_open"], position))
            else:
                outcomes.append(Outcome(names["linked_event_failed"], position))
            position += ticks(command)
        return outcomes

    def _refused(self, command, refusal, at):
        existing = refusal.existing
        if existing:
            # What stands only in the chain that broke has no place in the log.
            sequence = existing.sequence if existing.sequence < len(self.books.log) else 0
            return Outcome(refusal.status, existing.timestamp, sequence, getattr(existing, "amount", 0))
        spends = family(command) is status.TRANSFER and refusal.status.name in status.TRANSIENT
        if spends:
            self.books.fail(command.id, refusal.status, at, self._envelope())
        return Outcome(refusal.status, at)

    def _envelope(self):
        """The sequence of the event that says who asked: written before the first event that the request causes."""
        if self.request is None:
            self.request = self.books.note_request(self.base, self.context)
        return self.request


def write(books, record, at, request):
    if isinstance(record, Asset):
        return books.register(record, at, request)
    if isinstance(record, Change):
        return books.change_party(record, at, request)
    if isinstance(record, Account):
        return books.open_account(record, request)
    return books.book(record, request)


def chains(commands):
    """A chain ends with the first command that is not linked, or, open, with the request."""
    chain = []
    for command in commands:
        chain.append(command)
        if not rules.is_linked(command):
            yield chain
            chain = []
    if chain:
        yield chain
