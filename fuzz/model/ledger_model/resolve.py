"""From the caller's names to the ledger's commands. It parses; it decides nothing."""

from . import details, party
from .assets import Asset
from .books import (
    A_CLOSED, A_CREDITS_LIMITED, A_DEBITS_LIMITED, A_HISTORY, A_IMPORTED, A_LINKED, T_BALANCING_CREDIT,
    T_BALANCING_DEBIT, T_CLOSING_CREDIT, T_CLOSING_DEBIT, T_IMPORTED, T_LINKED, T_PENDING, T_POST, T_VOID, Account,
    Transfer,
)
from .refused import Refused
from .rules import check_asset
from .transaction import Leg, Transaction
from .text import (
    CODE, U128_MAX, Invalid, key_id, named, own_id, parse_date, parse_id, parse_instant, parse_units, part_id,
)

ACCOUNT_FLAGS = {
    "linked": A_LINKED, "debits_must_not_exceed_credits": A_DEBITS_LIMITED,
    "credits_must_not_exceed_debits": A_CREDITS_LIMITED, "history": A_HISTORY, "imported": A_IMPORTED,
    "closed": A_CLOSED,
}
TRANSFER_FLAGS = {
    "linked": T_LINKED, "pending": T_PENDING, "post_pending": T_POST, "void_pending": T_VOID,
    "balancing_debit": T_BALANCING_DEBIT, "balancing_credit": T_BALANCING_CREDIT, "closing_debit": T_CLOSING_DEBIT,
    "closing_credit": T_CLOSING_CREDIT, "imported": T_IMPORTED,
}


def resolve(books, commands):
    """For each command the ledger's commands that stand for it, or the field at fault."""
    names = Names(books)
    found = []
    for command in commands:
        try:
            found.append(names.command(command))
        except Invalid as invalid:
            found.append(invalid)
    # A chain of which one member cannot be read is not all there, so none of it goes on.
    start = 0
    for index, command in enumerate(commands):
        if is_linked(command) and index + 1 < len(commands):
            continue
        members = range(start, index + 1)
        if any(isinstance(found[member], Invalid) for member in members):
            for member in members:
                if not isinstance(found[member], Invalid):
                    found[member] = Invalid("linked")
        start = index + 1
    return found


def is_linked(command):
    return bool(command.get("linked")) or "linked" in command.get("flags", ())


class Names:
    """What is known: the books, and what the commands before add to them."""

    def __init__(self, books):
        self.books = books
        self.assets = []
        self.accounts = {}
        self.holds = {}
        self.parties = books.parties.copied()

    def command(self, command):
        if command["op"] in party.READERS:
            change = party.read(command, self.books.keys)
            if change.op == "register_party":
                self._registered(change)
            return [change]
        found = getattr(self, command["op"])(command)
        return found if isinstance(found, list) else [found]

    # Commands.

    def asset(self, c):
        if not CODE.fullmatch(c["code"]):
            raise Invalid("code")
        kind, number = c.get("kind", "crypto"), 0
        if isinstance(kind, dict):
            kind, number = "fiat", kind["fiat"]["number"]
        ledger = c.get("ledger")
        if ledger is None:
            known = self._asset_by_code(c["code"])
            ledger = known.ledger if known else self.books.free_ledger({asset.ledger for asset in self.assets})
        found = Asset(ledger, c["code"], c["scale"], kind, number)
        # What will be refused must not lend its scale or number to what follows.
        if not self._asset_by_code(found.code) and not self._asset(found.ledger):
            try:
                check_asset(self.books, found)
            except Refused:
                return found
            self.assets.append(found)
        return found

    def account(self, c):
        id = own_id("account", c)
        asset = self._asset_named(c.get("asset", ""), "asset")
        flags = sum({ACCOUNT_FLAGS[flag] for flag in c.get("flags", ())})
        # Money that the book owes is someone's: paying out more than there is has to be asked for.
        limited = flags & (A_DEBITS_LIMITED | A_CREDITS_LIMITED)
        if c.get("overdraft") and flags & A_DEBITS_LIMITED:
            raise Invalid("overdraft")
        if c.get("kind") == "liability" and not c.get("overdraft") and not limited:
            flags |= A_DEBITS_LIMITED
        details.check(c, "name", self.books.keys)
        parent = named("account", c["parent"], "parent") if "parent" in c else 0
        found = Account(
            id=id, parent=parent, ledger=asset.ledger, code=c.get("code", 1), flags=flags, kind=c.get("kind"),
            timestamp=timestamp(c), **user_data(c), **details.detail(c, "name", b"account", id, self),
        )
        self.accounts[id] = asset.ledger
        if found.key:
            self.accounts[key_id("account", found.key)] = asset.ledger
        return found

    def post(self, c):
        return self._move(c, named("account", c.get("from", ""), "from"), named("account", c.get("to", ""), "to"), 0)

    def hold(self, c):
        debit = named("account", c.get("from", ""), "from")
        credit = named("account", c["to"], "to") if "to" in c else 0
        found = self._move(c, debit, credit, T_PENDING, timeout=c.get("timeout", 0))
        if not credit:
            # Without a destination the money stands in the account of its asset's holds.
            found.credit = key_id("account", "holds:" + self._asset(found.ledger).code)
        self._held(found)
        return found

    def capture(self, c):
        hold = named("transfer", c.get("hold", ""), "hold")
        ledger, meant, held = self.held(hold)
        amount = U128_MAX
        asked = 0
        if "amount" in c:
            asked, amount = self._money(c["amount"], ledger)
        post = self._carried(c, code=0)
        post.pending, post.amount, post.ledger = hold, amount, asked
        post.flags |= T_POST
        to = named("account", c["to"], "to") if "to" in c else 0
        if not to or self._is_same(to, meant):
            return post
        # The money passes through the account that the hold was meant for, in one step with the capture.
        onward = self._carried(c, code=1)
        onward.id = part_id(post.id, 1)
        onward.key, onward.description, onward.metadata, onward.sealed = "", "", {}, None
        onward.debit, onward.credit, onward.ledger = meant, to, ledger
        onward.amount = held if amount == U128_MAX else amount
        post.flags |= T_LINKED
        return [post, onward]

    def release(self, c):
        void = self._carried(c, code=0)
        void.pending = named("transfer", c.get("hold", ""), "hold")
        void.flags |= T_VOID
        return void

    def transaction(self, c):
        legs = []
        for leg in c.get("legs", ()):
            account = named("account", leg["account"], "account")
            ledger, amount = self._money(leg["amount"], self._ledger_of(account))
            legs.append(Leg(account, leg["side"], amount, ledger))
        base = self._carried(c)
        return Transaction(
            id=base.id, legs=legs, code=base.code, date=base.date, key=base.key, description=base.description,
            metadata=base.metadata, sealed=base.sealed, linked=bool(base.flags & T_LINKED), **user_data(c),
        )

    def transfer(self, c):
        flags = sum({TRANSFER_FLAGS[flag] for flag in c.get("flags", ())})
        resolves = flags & (T_POST | T_VOID)
        found = self._carried(c, code=0 if resolves else 1)
        found.flags |= flags
        # What ends a hold may leave out what it takes from it.
        found.debit = 0 if resolves and "from" not in c else named("account", c.get("from", ""), "from")
        found.credit = 0 if resolves and "to" not in c else named("account", c.get("to", ""), "to")
        found.pending = named("transfer", c["pending"], "pending") if "pending" in c else 0
        found.timeout, found.timestamp = c.get("timeout", 0), timestamp(c)
        ledger = self.held(found.pending)[0] if resolves else self._ledger_of(found.debit, found.credit)
        text = c.get("amount")
        if text is None and resolves:
            found.amount = U128_MAX if flags & T_POST else 0
        elif text == "max":
            found.ledger, found.amount = self._ledger_of(found.debit, found.credit), U128_MAX
        else:
            found.ledger, found.amount = self._money(text or "", ledger)
        self._held(found)
        return found

    # What they are made of.

    def _move(self, c, debit, credit, flags, timeout=0):
        found = self._carried(c)
        found.ledger, found.amount = self._money(c.get("amount", ""), self._ledger_of(debit, credit))
        found.debit, found.credit, found.timeout = debit, credit, timeout
        found.flags |= flags
        return found

    def _carried(self, c, code=1):
        """A transfer with an id and all that any movement may carry."""
        details.check(c, "description", self.books.keys)
        date = None
        if "effective_date" in c:
            date = parse_date(c["effective_date"])
            if date is None:
                raise Invalid("effective_date")
        id = own_id("transfer", c)
        return Transfer(
            id=id, date=date, code=c.get("code", code), flags=T_LINKED if c.get("linked") else 0, **user_data(c),
            **details.detail(c, "description", b"transfer", id, self),
        )

    def _money(self, text, ledger):
        """An amount, and the asset that it names; it may leave out the one that its account holds."""
        amount, space, code = text.partition(" ")
        asset = self._asset(ledger) if ledger else None
        if space:
            asset_named = self._asset_named(code, "amount")
            if asset and asset != asset_named:
                raise Invalid("amount")
            asset = asset_named
        if not asset:
            raise Invalid("amount")
        return asset.ledger, parse_units(amount, asset.scale)

    def _asset(self, ledger):
        return self.books.asset(ledger) or next((asset for asset in self.assets if asset.ledger == ledger), None)

    def _asset_by_code(self, code):
        return self.books.asset_by_code(code) or next((asset for asset in self.assets if asset.code == code), None)

    def _asset_named(self, code, field):
        found = self._asset_by_code(code) if CODE.fullmatch(code) else None
        if not found:
            raise Invalid(field)
        return found

    def _ledger_of(self, *accounts):
        for id in accounts:
            known = self.books.account(id)
            ledger = known.ledger if known else self.accounts.get(id)
            if ledger:
                return ledger
        return 0

    def _is_same(self, a, b):
        """Whether two ids name one account: its id, and the id of its key."""
        known = self.books.account(a)
        return a == b or (known is not None and known is self.books.account(b))

    def _held(self, transfer):
        if transfer.flags & T_PENDING:
            held = (transfer.ledger, transfer.credit, transfer.amount)
            self.holds[transfer.id] = held
            if transfer.key:
                self.holds[key_id("transfer", transfer.key)] = held

    def held(self, id):
        known = self.books.transfer(id)
        if known:
            return known.ledger, known.credit, known.amount
        return self.holds.get(id, (0, 0, 0))

    # Parties, to whom details are sealed.

    def _registered(self, change):
        # What will be refused must not lend its names to what follows.
        try:
            self.parties.fold(self.parties.decide(change, 0, None), party.Stamp(0, 0), None)
        except Refused:
            pass

    def subject(self, name):
        """The own id of the record that is named; of one that is unknown what its name stands for."""
        id = named("party", name, "subject")
        known = self.parties.record(id)
        return known.id if known else id

    def subject_key(self, subject, basis):
        """There is none of a party that is unknown, or was forgotten."""
        return self.books.keys.subject(subject, basis) if self.parties.record(subject) else None


def user_data(c):
    found = {"user_data_64": c.get("user_data_64", 0), "user_data_32": c.get("user_data_32", 0), "user_data_128": 0}
    if "user_data_128" in c:
        found["user_data_128"] = parse_id(c["user_data_128"])
        if found["user_data_128"] is None:
            raise Invalid("user_data_128")
    return found


def timestamp(c):
    if "timestamp" not in c:
        return 0
    nanos = parse_instant(c["timestamp"])
    if nanos is None:
        raise Invalid("timestamp")
    return nanos
