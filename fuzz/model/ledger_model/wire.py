"""The calls: what is taken, what is refused as a whole, and what is answered."""

from . import balances, events, identifiers, outcome, party, party_views, tokens, viewer, views
from .books import Books
from .engine import Engine
from .sealing import Keys
from .resolve import ACCOUNT_FLAGS, TRANSFER_FLAGS, resolve
from .transaction import Transaction
from .text import DAY, Invalid, parse_id, parse_instant

COMMANDS_MAX, CONTEXT_MAX, LEGS_MAX = 8_192, 256, 1_024
JUMP_MAX = 3_660 * DAY
U16, U32, U64 = 2**16 - 1, 2**32 - 1, 2**64 - 1
CONTEXT = ("actor", "role", "request_id", "origin")


class Failure(Exception):
    def __init__(self, code="invalid", field=None):
        super().__init__(code)
        self.code, self.field = code, field


# What a field holds: a check of its value. `bool` is no number here.


def text(value):
    return isinstance(value, str)


def flag(value):
    return isinstance(value, bool)


def count(limit):
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= limit


def texts(value):
    return isinstance(value, list) and all(map(text, value))


def mapping(value):
    return isinstance(value, dict) and all(map(text, value.values()))


def account_kind(value):
    return value in ("asset", "liability", "equity", "income", "expense")


def asset_kind(value):
    return isinstance(value, (str, dict))


def side(value):
    return value in ("debit", "credit")


def legs(value):
    return isinstance(value, list)


def one_of(names):
    return lambda value: isinstance(value, str) and value in names


def identity(value):
    return text(value) and parse_id(value) is not None


def personal(value):
    return isinstance(value, dict)


USER_DATA = {"user_data_128": text, "user_data_64": count(U64), "user_data_32": count(U32)}
SEALED = {"subject": text, "basis": one_of(party.BASES), "years": count(255), "retention": text, "public": texts}
EXTRA = {
    "description": text, "metadata": mapping, "effective_date": text, "code": count(U16), **USER_DATA, "linked": flag,
    **SEALED,
}
NAMED = {"key": text, "id": text}
MOVE = {**NAMED, "from": text, "to": text, "amount": text}
COMMANDS = {
    "asset": {"code": text, "scale": count(38), "kind": asset_kind, "ledger": count(U32)},
    "account": {
        **NAMED, "asset": text, "kind": account_kind, "parent": text, "name": text, "code": count(U16),
        "overdraft": flag, "flags": texts, **USER_DATA, "metadata": mapping, "timestamp": text, **SEALED,
    },
    "post": {**MOVE, **EXTRA},
    "hold": {**MOVE, "timeout": count(U32), **EXTRA},
    "capture": {**NAMED, "hold": text, "to": text, "amount": text, **EXTRA},
    "release": {**NAMED, "hold": text, **EXTRA},
    "transaction": {**NAMED, "legs": legs, **EXTRA},
    "transfer": {**MOVE, "pending": text, "timeout": count(U32), "flags": texts, "timestamp": text, **EXTRA},
}
PARTY = {"party": text}
SPAN = {"since": text, "until": text}
COMMANDS |= {
    "register_party": {**NAMED, "kind": one_of(party.KINDS), "broker": text},
    "amend_party": {
        **PARTY, "kyc_level": count(255), "risk": one_of(party.RISKS), "set": texts, "clear": texts, "ended": text,
        "resumed": flag,
    },
    "relate_parties": {"from": text, "to": text, "role": one_of(party.RELATIONS), **SPAN, "share": text},
    "assign_account": {**PARTY, "account": text, "role": one_of(party.ROLES), **SPAN},
    "seal_data": {**PARTY, "fields": personal},
    "merge_parties": {**PARTY, "into": text},
    "split_party": PARTY,
    "place_hold": {**PARTY, "name": text, "until": text, "reason": text},
    "lift_hold": {**PARTY, "name": text},
    "forget_party": {**PARTY, "scope": one_of(party.SCOPES)},
    "grant_access": {"actor": text, **PARTY, "until": text},
    "revoke_access": {"actor": text},
    "define_retention": {"name": text, "years": count(255), "law": text},
}
# What a command cannot do without.
REQUIRED = {
    "asset": ("code", "scale"), "relate_parties": ("from", "to", "role"), "assign_account": ("party", "account"),
    "seal_data": ("party", "fields"), "merge_parties": ("party", "into"), "split_party": ("party",),
    "place_hold": ("party", "name"), "lift_hold": ("party", "name"), "forget_party": ("party",),
    "grant_access": ("actor", "until"), "revoke_access": ("actor",),
    "define_retention": ("name", "years"),
}
PERSONAL = {
    "value": text, "purpose": text, "basis": one_of(party.BASES), "years": count(255), "retention": text,
    "identifier": one_of(identifiers.KINDS),
}
NEEDED_PERSONAL = ("value", "purpose")
BUCKETS = {"width": text, "zone": text, "from": text, "to": text, "limit": count(U32)}
QUESTIONS = {
    "list_assets": {"all": flag},
    "get_account": {"name": text, "at": text},
    "list_accounts": {"under": text, "asset": text, "after": count(U32), "limit": count(U32)},
    "get_transfer": {"name": text},
    "get_transaction": {"name": text},
    "list_transfers": {
        "account": text, "side": side, "asset": text, "code": count(U16), "from": text, "to": text, "from_date": text,
        "to_date": text, "after": count(U64), "limit": count(U32), "newest_first": flag,
    },
    "list_holds": {"account": text, "after": count(U64), "limit": count(U32)},
    "history": {
        "account": text, "from": text, "to": text, "after": count(U64), "limit": count(U32), "newest_first": flag,
    },
    "statement": {"account": text, "from": text, "to": text},
    "balance_history": {"account": text, **BUCKETS},
    "volumes": {"account": text, "party": text, "asset": text, "code": count(U16), **BUCKETS},
    "trial_balance": {"at": text},
    "get_party": {"name": text},
    "list_parties": {
        "broker": text, "kind": one_of(party.KINDS), "flag": text, "due": text, "after": identity,
        "limit": count(U32),
    },
    "list_holders": {"account": text},
    "list_grants": {},
    "list_retentions": {},
    "access_log": {"party": text, "after": count(U64), "limit": count(U32), "actor": text},
    "find_parties": {"identifier": one_of(identifiers.KINDS), "value": text},
}
# Who sees what is answered; the access log has grants instead.
QUESTIONS = {op: known if op == "access_log" else {**known, "viewer": text} for op, known in QUESTIONS.items()}
NEEDED = {"list_holders": ("account",), "find_parties": ("identifier", "value")}
VALUES = {"purpose": text, "values": texts}
ROLLUPS = (
    "define_rollup", "drop_rollup", "list_rollups", "ingest_trades", "correct_trade", "remove_trade", "advance_rollup",
    "klines", "list_symbols", "rollup_changes",
)
TOKENS = {"make_tokens": {**VALUES, "identifier": one_of(identifiers.KINDS)}, "mask_digits": VALUES}
READING = {
    "party": text, "fields": texts, "transfers": texts, "accounts": texts, "why": text, "now": text, "viewer": text,
    **dict.fromkeys(CONTEXT, text),
}


class Ledger:
    def __init__(self, tenant="default", seed=None):
        from .rollups import Rollups  # It needs this module.

        self.books = Books(tenant, Keys(seed) if seed else None)
        self.rollups = Rollups()

    def call(self, request):
        op = request.get("op")
        if not text(op):
            raise Failure(field="op")
        rest = {name: value for name, value in request.items() if name != "op"}
        if op == "submit":
            return self.submit(rest)
        if op == "sync":
            from .sync import sync  # It needs this module.

            return sync(self, rest)
        if op in ("root", "check", "stats"):
            if rest:
                raise Failure()
            return getattr(self, op)()
        if op in ("read_data", "export_party"):
            return self.read_personal(getattr(party_views, op), rest)
        if op in TOKENS:
            return self.tokens(op, rest)
        if op in ROLLUPS:
            return self.rollups.call(op, rest)
        if op not in QUESTIONS:
            raise Failure(field="op")
        try:
            read(rest, QUESTIONS[op])
            is_told = all(rest.get(name) is not None for name in NEEDED.get(op, ()))
        except Failure:
            is_told = False
            if op != "find_parties":
                raise
        # What is wrong with a search is told without what was searched for.
        if op == "find_parties" and not is_told:
            raise Failure(field="value")
        if "name" in QUESTIONS[op] and rest.get("name") is None:
            raise Failure()
        if any(rest.get(name) is None for name in NEEDED.get(op, ())):
            raise Failure()
        if op == "find_parties" and self.books.keys is None:
            raise Failure("keys")
        try:
            where = next(module for module in (views, balances, party_views) if hasattr(module, op))
            return getattr(where, op)(self.books, rest, viewer.seen(self.books, rest))
        except Invalid as invalid:
            raise Failure(field=invalid.field) from None

    def root(self):
        return {"events": len(self.books.log), "root": events.root(self.books.log).hex()}

    def check(self):
        return {"state_hash": events.state_hash(self.books).hex()}

    def stats(self):
        books = self.books
        return {
            "events": len(books.log), "accounts": len(books.accounts), "transfers": len(books.transfers),
            "open_holds": len(books.open_holds()), "clock": views.format_instant(books.clock), "data_key": 0,
        }

    def submit(self, request):
        commands = request.pop("commands", None)
        read(request, dict.fromkeys(("now", *CONTEXT), text))
        if not isinstance(commands, list) or len(commands) > COMMANDS_MAX:
            raise Failure(field="commands")
        now = parse_instant(request["now"])
        if now is None or now <= 0:
            raise Failure(field="now")
        asked = [read_command(index, command) for index, command in enumerate(commands)]
        resolved = resolve(self.books, asked)
        flat = [command for parts in resolved if not isinstance(parts, Invalid) for command in parts]
        context = {name: request.get(name) or "" for name in CONTEXT}
        self.check_bounds(context, now, flat)
        done = iter(list(zip(flat, Engine(self.books).execute(context, now, flat))))
        told = []
        for command, parts in zip(asked, resolved):
            if isinstance(parts, Invalid):
                told.append(outcome.invalid(command, parts.field))
                continue
            # A command of several parts is told by the first that failed, or by its first.
            became = [next(done) for _ in parts]
            failed = [part for part in became if not part[1].booked and part[1].status.name != "linked_event_failed"]
            told.append(outcome.outcome(self.books, command, *(failed or became)[0]))
        return told

    def read_personal(self, operation, request):
        """Personal data is opened for a reason, and that is recorded before it is given."""
        read(request, READING)
        now = parse_instant(request["now"])
        if now is None or now <= 0:
            raise Failure(field="now")
        if self.books.keys is None:
            raise Failure("keys")
        context = {name: request.get(name) or "" for name in CONTEXT}
        try:
            seen = viewer.seen(self.books, request)
            return operation(self.books, context, now, request, seen, lambda now: self.check_bounds(context, now, []))
        except Invalid as invalid:
            raise Failure(field=invalid.field) from None

    def tokens(self, op, request):
        # What is wrong with a call is told without the values.
        try:
            read(request, TOKENS[op])
        except Failure:
            raise Failure(field="values") from None
        if any(request.get(name) is None for name in TOKENS[op]):
            raise Failure(field="values")
        if self.books.keys is None:
            raise Failure("keys")
        try:
            return getattr(tokens, op)(self.books.keys, request)
        except Invalid as invalid:
            raise Failure(field=invalid.field) from None

    def check_bounds(self, context, now, commands):
        """What is refused as a whole, before anything is decided."""
        if self.books.clock > 0 and now - self.books.clock > JUMP_MAX:
            raise Failure("clock")
        if any(len(value.encode()) > CONTEXT_MAX for value in context.values()):
            raise Failure("too_large")
        for command in commands:
            if isinstance(command, Transaction) and len(command.legs) > LEGS_MAX:
                raise Failure("too_large")


def read(fields, known):
    """Refuses what is unknown or of another type, without naming a field. Null is what is not there."""
    for name, value in fields.items():
        if name not in known:
            raise Failure()
        may_be_null = known[name] is not flag and name != "name"
        if not known[name](value) and not (value is None and may_be_null):
            raise Failure()


def read_command(index, command):
    at = f"commands[{index}]"
    if not isinstance(command, dict):
        raise Failure(field=at)
    op = command.get("op")
    if not text(op) or op not in COMMANDS:
        raise Failure(field=f"{at}.op")
    for name, value in command.items():
        if name == "op" or value is None:
            continue
        if name not in COMMANDS[op] or not COMMANDS[op][name](value):
            raise Failure(field=f"{at}.{name}")
        if name == "legs":
            for place, leg in enumerate(value):
                read_leg(f"{at}.legs[{place}]", leg)
        if op == "seal_data" and name == "fields":
            for name_of, told in value.items():
                read_personal(f"{at}.fields.{name_of}", told)
    command = {name: value for name, value in command.items() if value is not None}
    known = TRANSFER_FLAGS if op == "transfer" else ACCOUNT_FLAGS
    if any(name not in known for name in command.get("flags", ())):
        raise Failure(field=at)
    for name in REQUIRED.get(op, ()):
        if name not in command:
            raise Failure(field=at if op == "asset" else f"{at}.{name}")
    if op == "asset" and not known_kind(command.get("kind", "crypto")):
        raise Failure(field=at)
    return command


def read_personal(at, told):
    if not isinstance(told, dict):
        raise Failure(field=at)
    for name, value in told.items():
        may_be_null = name not in NEEDED_PERSONAL and value is None
        if name not in PERSONAL or not (may_be_null or PERSONAL[name](value)):
            raise Failure(field=f"{at}.{name}")
    for name in NEEDED_PERSONAL:
        if name not in told:
            raise Failure(field=f"{at}.{name}")


def known_kind(kind):
    if isinstance(kind, str):
        return kind in ("crypto", "security", "points")
    return kind.keys() == {"fiat"} and kind["fiat"].keys() == {"number"} and count(U16)(kind["fiat"]["number"])


def read_leg(at, leg):
    if not isinstance(leg, dict):
        raise Failure(field=at)
    for name in ("account", "side", "amount"):
        if not text(leg.get(name)):
            raise Failure(field=f"{at}.{name}")
    if not side(leg["side"]):
        raise Failure(field=f"{at}.side")
    for name in leg:
        if name not in ("account", "side", "amount"):
            raise Failure(field=f"{at}.{name}")
