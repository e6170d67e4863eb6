"""The books: assets, accounts, transfers, and the log that they follow from. What comes here has been decided."""

from dataclasses import dataclass, field, replace

from . import events
from .assets import FIRST_FREE, ISO_BY_CODE, ISO_BY_LEDGER
from .details import Sealed
from .party import Registry, Stamp
from .text import SECOND, date_of, key_id

# Flags of an account.
A_LINKED, A_DEBITS_LIMITED, A_CREDITS_LIMITED, A_HISTORY, A_IMPORTED, A_CLOSED = (1 << bit for bit in range(6))
# Flags of a transfer.
(T_LINKED, T_PENDING, T_POST, T_VOID, T_BALANCING_DEBIT, T_BALANCING_CREDIT, T_CLOSING_DEBIT, T_CLOSING_CREDIT,
 T_IMPORTED) = (1 << bit for bit in range(9))

# Places of the four balances.
DEBITS_PENDING, DEBITS_POSTED, CREDITS_PENDING, CREDITS_POSTED = range(4)


@dataclass
class Account:
    id: int = 0
    parent: int = 0
    ledger: int = 0
    code: int = 1
    flags: int = 0
    kind: str | None = None
    user_data_128: int = 0
    user_data_64: int = 0
    user_data_32: int = 0
    timestamp: int = 0
    key: str = ""
    description: str = ""
    metadata: dict = field(default_factory=dict)
    sealed: Sealed | None = None
    # Since it was opened:
    sequence: int = 0
    balances: tuple = (0, 0, 0, 0)


@dataclass
class Transfer:
    id: int = 0
    debit: int = 0
    credit: int = 0
    amount: int = 0
    pending: int = 0
    user_data_128: int = 0
    user_data_64: int = 0
    user_data_32: int = 0
    timeout: int = 0
    ledger: int = 0
    code: int = 1
    flags: int = 0
    date: int | None = None
    part: int = 0
    parts: int = 0
    timestamp: int = 0
    key: str = ""
    description: str = ""
    metadata: dict = field(default_factory=dict)
    sealed: Sealed | None = None
    # Since it was booked:
    sequence: int = 0
    state: str = "none"
    due: int | None = None

    def effective(self):
        return date_of(self.timestamp) if self.date is None else self.date


@dataclass
class Entry:
    """What an event did to an account."""

    sequence: int
    timestamp: int
    transfer: Transfer
    side: str
    expired: bool
    balances: tuple


class Books:
    def __init__(self, tenant, keys=None):
        self.log = []
        self.clock = 0
        self.assets = []
        self.accounts = []
        self.transfers = []
        self.by_id = {}  # accounts by id and by the id of their key
        self.spent = {}  # ids of transfers, of their keys, and of attempts that failed: a Transfer, or a status
        self.entries = {}  # by account id, in the order of the log
        self.keys = keys
        self.parties = Registry(keys)
        self.contexts = {}  # of requests, by the sequence of the event that says who asked
        self.write(events.GENESIS, 0, 0, events.genesis(tenant))

    # What is there.

    def asset(self, ledger):
        return next((asset for asset in self.assets if asset.ledger == ledger), None) or ISO_BY_LEDGER.get(ledger)

    def asset_by_code(self, code):
        return next((asset for asset in self.assets if asset.code == code), None) or ISO_BY_CODE.get(code)

    def free_ledger(self, taken=()):
        ledger = FIRST_FREE
        while ledger in taken or self.asset(ledger):
            ledger += 1
        return ledger

    def account(self, id):
        return self.by_id.get(id)

    def transfer(self, id):
        found = self.spent.get(id)
        return found if isinstance(found, Transfer) else None

    def transaction(self, id):
        """The transfers of the transaction that a transfer belongs to; of one alone, itself."""
        found = self.transfer(id)
        if found is None:
            return []
        if found.parts == 0:
            return [found]
        first = found.sequence - found.part
        return [other for other in self.transfers if first <= other.sequence < first + found.parts]

    def open_holds(self):
        return [transfer for transfer in self.transfers if transfer.state == "pending"]

    def due(self, now):
        """The hold that runs out next, if it is due: by due instant, then by booking."""
        waiting = [hold for hold in self.open_holds() if hold.due is not None and hold.due <= now]
        return min(waiting, key=lambda hold: (hold.due, hold.sequence), default=None)

    def balances_at(self, account, instant):
        """The balances after everything up to an instant; None before the account was opened."""
        if account.timestamp > instant:
            return None
        found = (0, 0, 0, 0)
        for entry in self.entries[account.id]:
            if entry.timestamp <= instant:
                found = entry.balances
        return found

    # What happens.

    def write(self, kind, timestamp, request, body, flags=events.MUST_UNDERSTAND):
        sequence = len(self.log)
        request = sequence if request is None else request
        self.log.append(events.encode(kind, sequence, timestamp, request, body, flags))
        self.clock = max(self.clock, timestamp)
        return sequence

    def note_request(self, timestamp, context):
        sequence = self.write(events.REQUEST, timestamp, None, events.envelope(context))
        self.contexts[sequence] = context
        return sequence

    def change_party(self, change, timestamp, request):
        sequence = self.write(change.number, timestamp, request, change.body())
        self.parties.fold(change, Stamp(timestamp, sequence), self.contexts.get(request))
        return sequence

    def register(self, asset, timestamp, request):
        self.assets.append(asset)
        return self.write(events.ASSET, timestamp, request, events.asset(asset))

    def open_account(self, new, request):
        account = replace(new)
        account.sequence = self.write(events.ACCOUNT, account.timestamp, request, events.account(account))
        self.accounts.append(account)
        self.entries[account.id] = []
        self.by_id[account.id] = account
        if account.key:
            self.by_id[key_id("account", account.key)] = account
        self.parties.keep(account.sealed)
        return account.sequence

    def book(self, new, request):
        transfer = replace(new)
        body, flags = events.transfer(transfer)
        transfer.sequence = self.write(events.TRANSFER, transfer.timestamp, request, body, flags)
        if transfer.flags & T_PENDING:
            transfer.state = "pending"
            if transfer.timeout:
                transfer.due = transfer.timestamp + transfer.timeout * SECOND
        self.transfers.append(transfer)
        self.spent[transfer.id] = transfer
        if transfer.key:
            self.spent[key_id("transfer", transfer.key)] = transfer
        self.parties.keep(transfer.sealed)
        self._move(transfer)
        return transfer.sequence

    def fail(self, id, status, timestamp, request):
        self.spent[id] = status
        return self.write(events.FAILED, timestamp, request, events.failed(id, status.number))

    def expire(self, hold, timestamp):
        sequence = self.write(events.EXPIRED, timestamp, 0, events.expired(hold))
        hold.state = "expired"
        self._release(hold)
        self._record(hold, sequence, timestamp, expired=True)

    def _move(self, transfer):
        flags, amount = transfer.flags, transfer.amount
        if flags & T_PENDING:
            self._add(transfer.debit, DEBITS_PENDING, amount)
            self._add(transfer.credit, CREDITS_PENDING, amount)
            self._close(transfer, True)
        elif flags & T_VOID:
            hold = self.spent[transfer.pending]
            hold.state = "voided"
            self._release(hold)
        else:
            if flags & T_POST:
                hold = self.spent[transfer.pending]
                hold.state = "posted"
                self._add(transfer.debit, DEBITS_PENDING, -hold.amount)
                self._add(transfer.credit, CREDITS_PENDING, -hold.amount)
            self._add(transfer.debit, DEBITS_POSTED, amount)
            self._add(transfer.credit, CREDITS_POSTED, amount)
        self._record(transfer, transfer.sequence, transfer.timestamp, expired=False)

    def _release(self, hold):
        """Ends a hold without posting it, and opens what it closed."""
        self._add(hold.debit, DEBITS_PENDING, -hold.amount)
        self._add(hold.credit, CREDITS_PENDING, -hold.amount)
        self._close(hold, False)

    def _add(self, id, place, amount):
        account = self.by_id[id]
        balances = list(account.balances)
        balances[place] += amount
        assert 0 <= balances[place] < 2**128
        account.balances = tuple(balances)

    def _close(self, hold, closed):
        for flag, id in ((T_CLOSING_DEBIT, hold.debit), (T_CLOSING_CREDIT, hold.credit)):
            if hold.flags & flag:
                account = self.by_id[id]
                account.flags = account.flags | A_CLOSED if closed else account.flags & ~A_CLOSED

    def _record(self, transfer, sequence, timestamp, expired):
        for side, id in (("debit", transfer.debit), ("credit", transfer.credit)):
            account = self.by_id[id]
            entry = Entry(sequence, timestamp, transfer, side, expired, account.balances)
            self.entries[account.id].append(entry)
