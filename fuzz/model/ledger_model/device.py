"""What a customer's device keeps: docs/devices.md."""

from . import wire
from .sync import forbidden
from .text import format_id, format_instant, named, parse_from, parse_instant, parse_until

SECOND = 1_000_000_000
INTENTS_MAX, FOLLOWED_MAX, ENTRIES_KEPT = 100, 100, 1_000
PAUSE_MAX = 300 * SECOND
OPEN = ("queued", "sent")


class Device:
    def __init__(self):
        self.intents, self.accounts = {}, {}
        self.failures = self.due = 0

    def call(self, request):
        op = request.get("op")
        if not wire.text(op) or op not in OPERATIONS:
            raise wire.Failure(field="op")
        rest = {name: value for name, value in request.items() if name != "op"}
        known, required = OPERATIONS[op]
        if "command" in rest:
            if isinstance(rest["command"], dict):
                try:
                    wire.read_command(0, rest["command"])
                except wire.Failure as failure:
                    field = failure.field.replace("commands[0]", "command")
                    raise wire.Failure(field=field) from None
        for name in known:
            if name not in rest and name in required:
                raise wire.Failure()
        wire.read(rest, known)
        now = rest.pop("now", None)
        if now is not None:
            rest["now"] = instant("now", now)
        return getattr(self, op)(**rest)

    # Intents.

    def intend(self, command, now):
        field = forbidden(command)
        if field:
            raise wire.Failure(field=field)
        key = command["key"]
        told = stored(command)
        if key in self.intents and self.intents[key]["command"] != told:
            raise wire.Failure(field="key")
        if key not in self.intents:
            at = format_instant(now)
            number = max((intent["number"] for intent in self.intents.values()), default=0) + 1
            self.intents[key] = {
                "key": key, "number": number, "state": "queued", "made_at": at, "changed_at": at, "attempts": 0,
                "command": told,
            }
        return dict(self.intents[key])

    def cancel_intent(self, key, now):
        intent = self.intents.get(key)
        if intent is None or intent["state"] not in ("queued", "cancelled"):
            raise wire.Failure(field="key")
        if intent["state"] == "queued":
            intent.update(state="cancelled", changed_at=format_instant(now))
        return dict(intent)

    def get_intent(self, key, now=None):
        return dict(self.intents[key]) if key in self.intents else None

    def list_intents(self, open=False):
        told = sorted(self.intents.values(), key=lambda intent: intent["number"])
        return [dict(intent) for intent in told if not open or intent["state"] in OPEN]

    def prune_intents(self, before):
        before = instant("before", before)
        old = [
            key for key, intent in sorted(self.intents.items())
            if intent["state"] not in OPEN and parse_instant(intent["changed_at"]) < before
        ]
        for key in old:
            del self.intents[key]
        return old

    # Accounts.

    def follow(self, account):
        if account in self.accounts:
            return None
        if not account or len(self.accounts) >= FOLLOWED_MAX:
            raise wire.Failure(field="account")
        self.accounts[account] = {"account": None, "events": 0, "entries": [], "holds": []}

    def unfollow(self, account):
        self.accounts.pop(self.found(account)[0], None)

    def followed_accounts(self):
        return [self.followed_account(name) for name in sorted(self.accounts)]

    def found(self, name):
        if name in self.accounts:
            return name, self.accounts[name]
        for followed in sorted(self.accounts):
            account = self.accounts[followed]["account"]
            if account and name in (account["key"], account["id"]):
                return followed, self.accounts[followed]
        return name, None

    def followed_account(self, account):
        name, copy = self.found(account)
        if copy is None:
            return None
        told = {"name": name, "events": copy["events"]}
        return told | ({"account": copy["account"], "as_of": copy["as_of"]} if copy["account"] else {})

    def followed_holds(self, account):
        _, copy = self.found(account)
        if copy is None:
            return None
        return {"holds": copy["holds"], **({"as_of": copy["as_of"]} if copy["account"] else {})}

    def followed_statement(self, account, **span):
        _, copy = self.found(account)
        if copy is None:
            return None
        first = span_end("from", span.get("from"), parse_from)
        last = span_end("to", span.get("to"), parse_until)
        if last and first > last:
            raise wire.Failure(field="from")
        if not copy["account"]:
            return None
        opening = closing = copy["opening"]
        complete, entries = copy["complete"], []
        for entry in copy["entries"]:
            at = parse_instant(entry["timestamp"])
            if at < first:
                opening, complete = entry["balance"], True
            if not last or at <= last:
                closing = entry["balance"]
            if at >= first and (not last or at <= last):
                entries.append(entry)
        told = copy["account"]
        statement = {
            "account": told["key"] or told["id"], "asset": told["asset"], "opening": opening, "entries": entries,
            "closing": closing,
        }
        return {"statement": statement, "complete": complete, "as_of": copy["as_of"]}

    # The line.

    def begin_sync(self, now):
        if self.due - now > PAUSE_MAX:
            self.due = 0
        wait = self.due - now
        if wait > 0:
            return {"wait_ms": -(-wait // 1_000_000)}
        sent = self.list_intents(open=True)[:INTENTS_MAX]
        for intent in sent:
            own = self.intents[intent["key"]]
            own.update(state="sent", changed_at=format_instant(now), attempts=own["attempts"] + 1)
        accounts = []
        for name, copy in sorted(self.accounts.items()):
            accounts.append({"account": name, "after": copy["entries"][-1]["sequence"] if copy["entries"] else None})
        intents = [{"made_at": intent["made_at"], "command": intent["command"]} for intent in sent]
        return {"request": {"intents": intents, "accounts": accounts}, "wait_ms": 0}

    def end_sync(self, reply, now=0):
        if not {"outcomes", "accounts", "refused", "events", "root", "root_events", "time"} <= reply.keys():
            raise wire.Failure()
        self.failures = self.due = 0
        resolved, told, more = [], [], False
        for one in reply["outcomes"]:
            intent = self.intents.get(one["key"])
            if intent and intent["state"] == "sent":
                state = "booked" if one["outcome"]["ok"] else "rejected"
                intent.update(state=state, changed_at=format_instant(now), outcome=one["outcome"])
                resolved.append(dict(intent))
        for news in reply["accounts"]:
            copy = self.accounts.get(news["name"])
            if copy is None or (copy["account"] and (reply["events"], reply["time"]) < (copy["events"], copy["as_of"])):
                continue
            last = copy["entries"][-1]["sequence"] if copy["entries"] else None
            if news.get("after") not in (None, last):
                continue
            if news.get("after") is None:
                copy.update(entries=[], opening=news["opening"], complete=news["from_the_beginning"])
            newest = copy["entries"][-1]["sequence"] if copy["entries"] else -1
            entries = copy["entries"] + [entry for entry in news["entries"] if entry["sequence"] > newest]
            if len(entries) > ENTRIES_KEPT:
                copy.update(opening=entries[-ENTRIES_KEPT - 1]["balance"], complete=False)
            copy.update(
                entries=entries[-ENTRIES_KEPT:], account=news["account"], holds=news["holds"], events=reply["events"],
                as_of=reply["time"],
            )
            told.append(news["name"])
            more |= news["more"]
        more |= bool(resolved) and any(intent["state"] in OPEN for intent in self.intents.values())
        # Of cases the model knows nothing: the scenarios of core/vectors/collecting have them.
        collected = {"hand_ins": [], "cases": [], "refused_cases": []}
        return {"intents": resolved, "accounts": told, "refused": reply["refused"], **collected, "more": more}

    def fail_sync(self, now, random=0):
        pause = min(SECOND << min(self.failures, 16), PAUSE_MAX)
        self.failures += 1
        wait = pause // 2 + random % (pause // 2)
        self.due = now + wait
        return {"wait_ms": -(-wait // 1_000_000)}

    def hurry_sync(self):
        self.due = 0


NOW = {"now": wire.text}
ACCOUNT = {"account": wire.text}
KEY = {"key": wire.text, **NOW}
# What each takes, and what it cannot do without.
OPERATIONS = {
    "intend": ({"command": lambda told: isinstance(told, dict), **NOW}, ("command",)), "cancel_intent": (KEY, ("key",)),
    "get_intent": (KEY, ("key",)), "list_intents": ({"open": wire.flag}, ()),
    "prune_intents": ({"before": wire.text}, ("before",)), "follow": (ACCOUNT, ("account",)),
    "unfollow": (ACCOUNT, ("account",)), "followed_accounts": ({}, ()), "followed_account": (ACCOUNT, ("account",)),
    "followed_holds": (ACCOUNT, ("account",)),
    "followed_statement": ({**ACCOUNT, "from": wire.text, "to": wire.text}, ("account",)), "begin_sync": (NOW, ()),
    "end_sync": ({"reply": lambda told: isinstance(told, dict), **NOW}, ("reply",)),
    "fail_sync": ({"random": wire.count(2**64 - 1), **NOW}, ()), "hurry_sync": ({}, ()),
}


def stored(command):
    """The command with the defaults that it is kept with."""
    kept = {name: value for name, value in command.items() if value not in ("", None, {}, [])}
    defaults = {"user_data_64": 0, "user_data_32": 0, "linked": False}
    if command["op"] == "hold":
        defaults["timeout"] = 0
    needed = {"post": ("from", "to", "amount"), "hold": ("from", "amount"), "release": ("hold",)}[command["op"]]
    return {**dict.fromkeys(needed, ""), **defaults, **kept}


def instant(field, text):
    nanos = parse_instant(text)
    if nanos is None or nanos <= 0:
        raise wire.Failure(field=field)
    return nanos


def span_end(field, text, parse):
    nanos = parse(text) if text is not None else 0
    if nanos is None or nanos < 0:
        raise wire.Failure(field=field)
    return nanos
