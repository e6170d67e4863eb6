"""What a customer's device asks for, and what it is told: docs/devices.md."""

from . import views, wire
from .outcome import key_of
from .text import Invalid, format_instant, named, parse_instant

INTENTS_MAX, FOLLOWED_MAX, ENTRIES_TOLD, BEHIND_MAX, HOLDS_TOLD = 100, 100, 200, 1_000, 200
KNOWN = {"customer": wire.text, "accounts": wire.texts, "payees": wire.texts, "now": wire.text, "request_id": wire.text, "origin": wire.text}


def sync(ledger, call):
    request = call.pop("request", None)
    if not isinstance(request, dict) or not isinstance(call.get("accounts"), list) or not wire.text(call.get("customer")):
        raise wire.Failure()
    wire.read(call, KNOWN)
    now = parse_instant(call["now"])
    if now is None or now <= 0:
        raise wire.Failure(field="now")
    wire.read(request, {"intents": lambda told: isinstance(told, list), "accounts": lambda told: isinstance(told, list)})
    intents, follows = request.get("intents", []), request.get("accounts", [])
    customer = call["customer"]
    if not customer or "/" in customer:
        raise wire.Failure(field="customer")
    for field, told, most in (("intents", intents, INTENTS_MAX), ("accounts", follows, FOLLOWED_MAX)):
        if len(told) > most:
            raise wire.Failure(field=f"request.{field}")
    names = [follow["account"] for follow in follows]
    if len(set(names)) < len(names):
        raise wire.Failure(field="request.accounts")
    try:
        own, payees = ({named("account", name, field) for name in call.get(field, ())} for field in ("accounts", "payees"))
    except Invalid as invalid:
        raise wire.Failure(field=invalid.field) from None

    books = ledger.books
    own, payees = ({one.id if (one := books.account(id)) else id for id in ids} for ids in (own, payees))
    admitted = []
    for index, intent in enumerate(intents):
        try:
            wire.read_command(index, intent["command"])
        except wire.Failure as failure:
            raise wire.Failure(field=failure.field.replace("commands[", "request.intents[").replace("]", "].command", 1)) from None
    for intent in intents:
        command = intent["command"]
        try:
            if parse_instant(intent["made_at"]) is None:
                admitted.append({"status": "invalid", "number": 65535, "field": "made_at"})
                continue
            admitted.append(admit(books, customer, own, payees, command, intent["made_at"]))
        except Invalid as invalid:
            admitted.append({"status": "not_permitted", "number": 65534, "field": invalid.field})
    commands = [booked(one) for one in admitted if "op" in one]
    context = {"actor": customer, "role": "customer", "origin": call.get("origin") or "device"}
    context["request_id"] = call.get("request_id") or ""
    told = iter(ledger.submit({"now": call["now"], "commands": commands, **context}) if commands else [])

    outcomes = []
    for intent, one in zip(intents, admitted):
        command = intent["command"]
        # An asset is known by its code.
        key = key_of(command)
        if "op" in one:
            outcome = as_first_refused(ledger.books, for_customer(books, next(told), own))
        else:
            outcome = {"ok": False, "replayed": False, "key": key or None, **one}
        outcomes.append({"key": key, "outcome": outcome})
    news, refused = [], []
    for follow in follows:
        name = follow["account"]
        account = ledger.books.account(named("account", name, "account")) if name else None
        if account and account.id in own:
            news.append({"name": name, **of_account(books, customer, own, account, follow.get("after"))})
        else:
            refused.append(name)
    root = ledger.root()
    told = {"outcomes": outcomes, "accounts": news, "refused": refused, **root}
    return told | {"root_events": root["events"], "time": format_instant(now)}


def admit(books, customer, own, payees, command, made_at):
    """The command under the customer's own names, or what forbids it."""
    field = forbidden(command)
    if field:
        raise Invalid(field)
    command, prefix = dict(command), f"device/{customer}/"
    for name in ("key", "hold"):
        if name in command and not command[name].startswith(prefix):
            command[name] = prefix + command[name]
    spent = books.spent.get(named("transfer", command["key"], "key"))
    if spent is None and command["op"] != "release":
        if account_of(books, command, "from") not in own:
            raise Invalid("from")
        if command["op"] == "post" or command.get("to") is not None:
            to = account_of(books, command, "to")
            account = books.account(to)
            if to not in own and not (account and any(stands_under(books, account, payee) for payee in payees)):
                raise Invalid("to")
    known = books.transfer(named("transfer", command["key"], "key"))
    if known:
        made_at = (known.metadata or {}).get("made_at", made_at)
    return command | {"made_at": made_at}


def account_of(books, command, name):
    id = named("account", command.get(name, ""), name)
    account = books.account(id)
    return account.id if account else id


BACK_ENDS = (
    ("effective_date", None), ("code", None), ("user_data_128", None), ("user_data_64", 0), ("user_data_32", 0),
    ("subject", None), ("basis", None), ("years", None), ("retention", None), ("public", []),
)


def forbidden(command):
    """The field for which a command is none for a device."""
    if command["op"] not in ("post", "hold", "release"):
        return "op"
    for name in ("from", "to", "amount", "hold"):
        if len((command.get(name) or "").encode()) > 1_024:
            return name
    amount = (command.get("amount") or "").split(" ")[0]
    if amount and not amount.strip("0."):
        return "amount"
    if command.get("id") is not None:
        return "id"
    for name, nothing in BACK_ENDS:
        if command.get(name) not in (None, nothing):
            return name
    if not command.get("key"):
        return "key"
    return "linked" if command.get("linked") else None


def stands_under(books, account, id):
    while account and account.id != id:
        account = books.account(account.parent)
    return account is not None


def booked(command):
    command = dict(command)
    return command | {"metadata": {**command.get("metadata", {}), "made_at": command.pop("made_at")}}


def for_customer(books, outcome, own):
    """Without what it says of other people's accounts."""
    if outcome.get("account") is None or account_of(books, outcome, "account") in own:
        return outcome
    return {name: value for name, value in outcome.items() if name not in ("account", "have", "need")}


def as_first_refused(books, outcome):
    """An intent that was refused before is told as it was then: its device may not have heard."""
    if outcome["status"] != "id_already_failed":
        return outcome
    status = books.spent[named("transfer", outcome["id"], "id")]
    return outcome | {"status": status.name, "number": status.number, "replayed": True}


def of_account(books, customer, own, account, after):
    every = books.entries[account.id]
    newer = [entry for entry in every if after is not None and entry.sequence > after]
    if len(newer) > BEHIND_MAX:
        after = None
    found = every[-ENTRIES_TOLD:] if after is None else newer[:ENTRIES_TOLD]
    more = after is not None and len(newer) > ENTRIES_TOLD
    first = found[0].sequence if found else float("inf")
    before = [entry for entry in every if entry.sequence < first]
    opening = views.balance(account, before[-1].balances if before else (0, 0, 0, 0))
    entries = []
    for entry in found:
        view = views.entry_view(books, account, entry)
        if view["transfer"].startswith("device/") and not view["transfer"].startswith(f"device/{customer}/"):
            view["transfer"] = views.format_id(entry.transfer.id)
        entries.append({**view, "subject": None})
    holds = []
    for transfer in books.transfers:
        if transfer.state == "pending" and transfer.amount and account.id in (transfer.debit, transfer.credit):
            view = views.transfer_view(books, transfer)
            if transfer.debit not in own:
                view = {**view, "key": "", "metadata": None}
            holds.append({**view, "subject": None})
    return {
        "account": {**views.account_view(books, account), "subject": None}, "holds": holds[-HOLDS_TOLD:], "after": after,
        "opening": views.units_text(opening, books.asset(account.ledger).scale), "entries": entries, "more": more,
        "from_the_beginning": after is None and not before,
    }
