"""What a customer's device asks for, and what it is told: docs/devices.md."""

from . import views, wire
from .text import Invalid, format_instant, named, parse_instant

INTENTS_MAX, FOLLOWED_MAX, ENTRIES_TOLD, HOLDS_TOLD = 100, 100, 200, 1_000
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
    try:
        own, payees = ({named("account", name, field) for name in call.get(field, ())} for field in ("accounts", "payees"))
    except Invalid as invalid:
        raise wire.Failure(field=invalid.field) from None

    admitted = []
    for intent in intents:
        command = intent["command"]
        try:
            if parse_instant(intent["made_at"]) is None:
                admitted.append({"status": "invalid", "number": 65535, "field": "made_at"})
                continue
            admitted.append(admit(ledger.books, customer, own, payees, command) | {"made_at": intent["made_at"]})
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
        key = command.get("code" if command["op"] == "asset" else "key", "")
        if "op" in one:
            outcome = as_first_refused(ledger.books, for_customer(next(told), own))
        else:
            outcome = {"ok": False, "replayed": False, "key": key or None, **one}
        outcomes.append({"key": key, "outcome": outcome})
    news, refused = [], []
    for follow in follows:
        name = follow["account"]
        account = ledger.books.account(named("account", name, "account")) if name else None
        if account and account.id in own:
            news.append({"name": name, **of_account(ledger.books, account, follow.get("after"))})
        else:
            refused.append(name)
    return {"outcomes": outcomes, "accounts": news, "refused": refused, **ledger.root(), "time": format_instant(now)}


def admit(books, customer, own, payees, command):
    """The command under the customer's own names, or what forbids it."""
    field = forbidden(command)
    if field:
        raise Invalid(field)
    command, prefix = dict(command), f"device/{customer}/"
    if command["op"] != "release" and named("account", command.get("from", ""), "from") not in own:
        raise Invalid("from")
    if command["op"] == "post" or (command["op"] == "hold" and command.get("to") is not None):
        to = named("account", command.get("to", ""), "to")
        account = books.account(to)
        if to not in own and not (account and any(stands_under(books, account, payee) for payee in payees)):
            raise Invalid("to")
    for name in ("key", "hold"):
        if name in command and not command[name].startswith(prefix):
            command[name] = prefix + command[name]
    return command


def forbidden(command):
    """The field for which a command is none for a device."""
    if command["op"] not in ("post", "hold", "release"):
        return "op"
    if not command.get("key"):
        return "key"
    if command.get("id") is not None:
        return "id"
    return "linked" if command.get("linked") else None


def stands_under(books, account, id):
    while account and account.id != id:
        account = books.account(account.parent)
    return account is not None


def booked(command):
    command = dict(command)
    return command | {"metadata": {**command.get("metadata", {}), "made_at": command.pop("made_at")}}


def for_customer(outcome, own):
    """Without what it says of other people's accounts."""
    if outcome.get("account") is None or named("account", outcome["account"], "account") in own:
        return outcome
    return {name: value for name, value in outcome.items() if name not in ("account", "have", "need")}


def as_first_refused(books, outcome):
    """An intent that was refused before is told as it was then: its device may not have heard."""
    if outcome["status"] != "id_already_failed":
        return outcome
    status = books.spent[named("transfer", outcome["id"], "id")]
    return outcome | {"status": status.name, "number": status.number, "replayed": True}


def of_account(books, account, after):
    name = views.account_name(books, account.id)
    page = {"account": name, "limit": ENTRIES_TOLD, "newest_first": after is None, "after": after}
    found = views.history(books, page)
    holds = views.list_holds(books, {"account": name, "limit": 10_000})["transfers"]
    entries = found["entries"][::-1] if after is None else found["entries"]
    first = entries[0]["sequence"] if entries else float("inf")
    before = [entry for entry in books.entries[account.id] if entry.sequence < first]
    opening = views.balance(account, before[-1].balances if before else (0, 0, 0, 0))
    return {
        "account": views.account_view(books, account),
        "opening": views.units_text(opening, books.asset(account.ledger).scale), "holds": holds[-HOLDS_TOLD:],
        "entries": entries,
        "more": after is not None and found["next"] is not None,
    }
