"""The registry of parties: docs/parties.md. What is asked for, what is refused, what follows from it, and its digest."""

import copy
import datetime
import hashlib
import struct
from dataclasses import dataclass, field

from . import events, identifiers, sealing
from .refused import Refused
from .status import PARTY
from .text import EPOCH, Invalid, date_of, key_id, named, own_id, parse_date, parse_until, parse_units

KEY_MAX, NAME_MAX, REASON_MAX, LIST_MAX, VALUE_MAX, SEALED_MAX, YEARS_MAX = 256, 64, 512, 32, 2_048, 12 * 1_024, 100
ENTRIES_MAX = 10_000
YEARS_DEFAULT = 5
ALL_SHARES = 10_000

KINDS = {"person": 1, "company": 2, "broker": 3}
RISKS = {"low": 1, "medium": 2, "high": 3, "prohibited": 4}
RELATIONS = {"owner": 1, "beneficial_owner": 2, "director": 3, "signatory": 4, "representative": 5, "employee": 6}
ROLES = {"owner": 1, "operator": 2, "viewer": 3}
BASES = {"consent": sealing.CONSENT, "law": sealing.LAW}
SCOPES = {"consent": 1, "all": 2}

# The event of each change, and the names of its fields by their numbers, from 1.
CHANGES = {
    "register_party": (8, ("party", "kind", "broker", "key")),
    "amend_party": (9, ("party", "level", "risk", "set", "clear", "ended", "resumed")),
    "relate_parties": (10, ("party", "other", "role", "since", "until", "share")),
    "assign_account": (11, ("party", "account", "role", "since", "until")),
    "seal_data": (12, ("party", "fields")),
    "merge_parties": (13, ("other", "party")),
    "split_party": (14, ("party",)),
    "place_hold": (15, ("party", "name", "until", "reason")),
    "lift_hold": (16, ("party", "name")),
    "forget_party": (17, ("party", "scope")),
    "read_data": (18, ("party", "fields", "why", "transfers", "accounts", "details")),
    "grant_access": (19, ("actor", "party", "until")),
    "revoke_access": (20, ("actor",)),
    "define_retention": (21, ("name", "years", "law")),
}
FIELD = ("name", "purpose", "basis", "years", "value", "token", "retention")
IDS = ("party", "other", "broker", "account")
NUMBERS = {"kind": KINDS, "risk": RISKS, "basis": BASES, "scope": SCOPES}


class Change(dict):
    """What is asked for, and what is recorded of it. What is not there is None, or absent."""

    def __init__(self, op, **fields):
        super().__init__({name: value for name, value in fields.items() if value is not None})
        self.op = op

    def __deepcopy__(self, _):
        return self

    def but(self, **fields):
        return Change(self.op, **{**self, **fields})

    @property
    def number(self):
        return CHANGES[self.op][0]

    def body(self):
        return events.cbor(_numbered(CHANGES[self.op][1], self, self.op))


def _numbered(names, fields, op=None):
    found = {}
    for number, name in enumerate(names, 1):
        value = fields.get(name)
        if value is None:
            continue
        if name in IDS:
            value = events.big(value)
        elif name in NUMBERS:
            value = NUMBERS[name][value]
        elif name == "role":
            value = (RELATIONS if op == "relate_parties" else ROLES)[value]
        elif name in ("transfers", "accounts"):
            value = [events.big(id) for id in value]
        elif name == "fields" and op == "seal_data":
            value = [_numbered(FIELD, one) for one in value]
        found[number] = value
    return found


# What is asked for.


def read(c, keys):
    """A command as a change, with the ids that its names stand for."""
    return READERS[c["op"]](c, keys)


def _party(c, name="party"):
    return named("party", c.get(name, ""), name)


def _text(c, name, most, may_be_empty=False):
    text = c.get(name, "")
    if len(text.encode()) > most or not (text or may_be_empty):
        raise Invalid(name)
    return text or None


def _date(c, name):
    if name not in c:
        return None
    days = parse_date(c[name])
    if days is None:
        raise Invalid(name)
    return days


def _register(c, _):
    id = own_id("party", c)
    key = _text(c, "key", KEY_MAX, may_be_empty=True)
    broker = _party(c, "broker") if "broker" in c else None
    return Change(c["op"], party=id, kind=c.get("kind", "person"), broker=broker, key=key)


def _amend(c, _):
    party = _party(c)
    flags = {}
    for name in ("set", "clear"):
        listed = c.get(name) or []
        if any(not flag or len(flag.encode()) > NAME_MAX for flag in listed) or len(set(listed)) > LIST_MAX:
            raise Invalid(name)
        flags[name] = _ascending(listed) or None
    change = Change(
        c["op"], party=party, level=c.get("kyc_level"), risk=c.get("risk"), ended=_date(c, "ended"),
        resumed=c.get("resumed") or None, **flags,
    )
    # Nothing is to change.
    if change.keys() == {"party"}:
        raise Invalid("party")
    return change


def _ascending(names):
    """As their bytes ascend, each once."""
    return sorted(set(names), key=str.encode)


def _relate(c, _):
    share = None
    if "share" in c:
        share = parse_units(c["share"], 2, "share")
        if share > ALL_SHARES:
            raise Invalid("share")
    return Change(
        c["op"], party=_party(c, "from"), other=_party(c, "to"), role=c["role"], since=_date(c, "since"),
        until=_date(c, "until"), share=share,
    )


def _assign(c, _):
    return Change(
        c["op"], party=_party(c), account=named("account", c["account"], "account"), role=c.get("role", "owner"),
        since=_date(c, "since"), until=_date(c, "until"),
    )


def _seal(c, keys):
    party, listed = _party(c), []
    if keys is None or not 1 <= len(c["fields"]) <= LIST_MAX:
        raise Invalid("fields")
    for name in _ascending(c["fields"]):
        told = {field: value for field, value in c["fields"][name].items() if value is not None}
        value, kind = told["value"], told.get("identifier")
        if not 1 <= len(name.encode()) <= NAME_MAX:
            raise Invalid("fields")
        if not 1 <= len(told["purpose"].encode()) <= NAME_MAX:
            raise Invalid("purpose")
        if not 1 <= len(value.encode()) <= VALUE_MAX:
            raise Invalid("fields")
        ground = grounds(told, "law" if "retention" in told else "consent")
        normalised = identifiers.normalise(kind, value) if kind else None
        if kind and not normalised:
            raise Invalid("identifier")
        token = keys.token(identifiers.KINDS[kind], normalised) if kind else None
        listed.append({
            "name": name, "purpose": told["purpose"], "plain": value.encode(), "plain_token": token, **ground,
        })
    sealed = sum(
        sealing.sealed_length(len(one["plain"])) + (sealing.sealed_length(16) if one["plain_token"] else 0)
        + sum(len((one[name] or "").encode()) for name in ("name", "purpose", "retention"))
        for one in listed
    )
    if sealed > SEALED_MAX:
        raise Invalid("fields")
    return Change(c["op"], party=party, fields=listed)


def grounds(told, basis):
    """By which basis a field or a booking is sealed, and how long a law has it kept: so many years, or as a class says.
    `basis` is that of what names none."""
    basis, years, retention = told.get("basis", basis), told.get("years"), told.get("retention")
    if basis == "consent":
        for name in ("years", "retention"):
            if name in told:
                raise Invalid(name)
    elif retention is None:
        years = _years(told, YEARS_DEFAULT)
    elif years is not None:
        raise Invalid("years")
    else:
        _text(told, "retention", NAME_MAX)
    return {"basis": basis, "years": years, "retention": retention}


def _years(c, default=None):
    years = c.get("years", default)
    if years > YEARS_MAX:
        raise Invalid("years")
    return years


def _merge(c, _):
    return Change(c["op"], party=_party(c), other=_party(c, "into"))


def _split(c, _):
    return Change(c["op"], party=_party(c))


def _place(c, _):
    return Change(
        c["op"], party=_party(c), name=_text(c, "name", NAME_MAX), until=_date(c, "until"),
        reason=_text(c, "reason", REASON_MAX, may_be_empty=True),
    )


def _lift(c, _):
    return Change(c["op"], party=_party(c), name=_text(c, "name", NAME_MAX))


def _forget(c, _):
    return Change(c["op"], party=_party(c), scope=c.get("scope", "all"))


def _grant(c, _):
    actor = _text(c, "actor", KEY_MAX)
    until = parse_until(c["until"])
    if until is None or until <= 0:
        raise Invalid("until")
    return Change(c["op"], actor=actor, party=_party(c) if "party" in c else None, until=until)


def _revoke(c, _):
    return Change(c["op"], actor=_text(c, "actor", KEY_MAX))


def _define(c, _):
    return Change(
        c["op"], name=_text(c, "name", NAME_MAX), years=_years(c), law=_text(c, "law", REASON_MAX, may_be_empty=True),
    )


READERS = {
    "register_party": _register, "amend_party": _amend, "relate_parties": _relate, "assign_account": _assign,
    "seal_data": _seal, "merge_parties": _merge, "split_party": _split, "place_hold": _place, "lift_hold": _lift,
    "forget_party": _forget, "grant_access": _grant, "revoke_access": _revoke, "define_retention": _define,
}


# What is known.


@dataclass(frozen=True)
class Stamp:
    timestamp: int
    sequence: int


@dataclass
class Hold:
    until: int | None
    reason: str
    placed: Stamp


@dataclass(frozen=True)
class Retention:
    years: int
    law: str
    defined: Stamp


@dataclass
class Field:
    name: str
    purpose: str
    basis: str
    years: int | None
    retention: str | None
    value: bytes
    token: bytes | None
    subject: int
    sequence: int


@dataclass
class Party:
    id: int
    kind: str
    broker: int
    key: str
    registered: Stamp
    level: int = 0
    risk: str | None = None
    flags: set = field(default_factory=set)
    ended: int | None = None
    into: int = 0  # the one that it was merged into
    forgotten: tuple | None = None  # how much, and when
    holds: dict = field(default_factory=dict)
    fields: dict = field(default_factory=dict)
    # Of all that was ever sealed to it by law, fields and details:
    years: int | None = None  # the most that were said without a class
    retentions: set = field(default_factory=set)  # the classes

    def keep(self, years, retention):
        if years is not None:
            self.years = max(years, self.years or 0)
        if retention is not None:
            self.retentions.add(retention)

    def is_forgotten(self):
        return self.forgotten is not None and self.forgotten[0] == "all"


@dataclass
class Reading:
    sequence: int
    timestamp: int
    context: dict
    party: int
    fields: list
    why: str
    transfers: list
    accounts: list
    details: bool  # whether all of the party's details were


class Registry:
    def __init__(self, keys):
        self.keys = keys
        self.by_id = {}  # by id and by the id of the key
        self.relations = {}  # (from, role, to): since, until, share, and when it was said
        self.accounts = {}  # (party, account, role): since, until, and when it was said
        self.grants = {}  # by actor: [(party or zero, until, stamp)], in the order of granting
        self.retentions = {}  # by name, as defined last
        self.readings = []

    def copied(self):
        """One that takes registrations beside it."""
        other = copy.copy(self)
        other.by_id = dict(self.by_id)
        return other

    # What is there.

    def record(self, id):
        return self.by_id.get(id)

    def records(self):
        return sorted({party.id: party for party in self.by_id.values()}.values(), key=lambda party: party.id)

    def party(self, id):
        """The party that a name stands for: what was merged is found under the other."""
        found = self.record(id)
        while found and found.into:
            found = self.record(found.into)
        return found

    def parties(self):
        return [party for party in self.records() if not party.into]

    def members(self, party):
        """The party and all that was merged into it."""
        others = [one for one in self.records() if one.into and self.party(one.id) is party]
        return [party, *others]

    def fields_of(self, party):
        """By name; of several of one name the newest."""
        found = {}
        for one in self.members(party):
            for name, held in one.fields.items():
                if name not in found or found[name].sequence < held.sequence:
                    found[name] = held
        return [found[name] for name in _ascending(found)]

    def has_retention(self, name):
        """What names no class lacks none."""
        return name is None or name in self.retentions

    def years(self, sealed):
        """For how many years a law has a field or a detail kept: None where none does."""
        return self.retentions[sealed.retention].years if sealed.retention is not None else sealed.years

    def years_of(self, record):
        """The longest that a law has anything kept that was ever sealed to a record."""
        every = [self.retentions[name].years for name in record.retentions]
        return max(every if record.years is None else [record.years, *every], default=None)

    def kept_until(self, party):
        """Until when a law has data of the party kept, that day included: None where none does, infinity while the
        relationship lasts."""
        until = None
        for one in self.members(party):
            years = self.years_of(one)
            if years is None:
                continue
            last = float("inf") if one.ended is None else _later(one.ended, years)
            until = last if until is None else max(until, last)
        return until

    def is_due(self, party, today):
        """Whether the relationship is over, and nothing keeps the party that is known still."""
        over = all(one.ended is not None and one.ended < today for one in self.members(party))
        until = self.kept_until(party)
        is_kept = self.is_held(party, today) or (until is not None and today <= until)
        return over and not is_kept and not party.is_forgotten()

    def is_held(self, party, today):
        holds = [hold for one in self.members(party) for hold in one.holds.values()]
        return any(hold.until is None or hold.until >= today for hold in holds)

    def may_audit(self, actor, party, now):
        for whose, until, _ in self.grants.get(actor, ()):
            if until < now:
                continue
            if not whose:
                return True
            granted = self.party(whose)
            if party is not None and (granted is party or (granted.kind == "broker" and party.broker == granted.id)):
                return True
        return False

    def all_grants(self):
        return [(actor, *grant) for actor in _ascending(self.grants) for grant in self.grants[actor]]

    def all_retentions(self):
        return [(name, self.retentions[name]) for name in _ascending(self.retentions)]

    def readings_of(self, party):
        return [reading for reading in self.readings if party is None or self.party(reading.party) is party]

    def was_forgotten(self, record, basis):
        """A key that was destroyed is never made again, and those who are one are forgotten as one."""
        is_one_with = self.members(self.party(record.id))
        return record.is_forgotten() or (basis == "consent" and any(one.forgotten for one in is_one_with))

    # What is refused.

    def decide(self, change, at, account):
        """What is recorded of a change. `account` gives the account of an id."""
        return getattr(self, "_decide_" + change.op)(change, at, account)

    def _standing(self, found, missing="party_not_found"):
        if found is None:
            return [missing]
        names = ["party_was_merged"] if found.into else []
        return names + (["party_was_forgotten"] if found.is_forgotten() else [])

    def _decide_register_party(self, c, at, _):
        _refuse_reserved(c["party"])
        found = self.record(c["party"])
        broker = self.record(c["broker"]) if "broker" in c else None
        if found:
            wrong = []
            if found.kind != c["kind"]:
                wrong.append("exists_with_different_kind")
            if found.broker != (broker.id if broker else c.get("broker", 0)):
                wrong.append("exists_with_different_broker")
            if found.key != c.get("key", "") or found.id != c["party"]:
                wrong.append("exists_with_different_key")
            if found.is_forgotten():
                wrong.append("party_was_forgotten")
            _refuse([*wrong, "exists"], found.registered)
        wrong = []
        if "key" in c and self.record(key_id("party", c["key"])):
            wrong.append("exists_with_different_key")
        if "broker" in c and (broker is None or broker.kind != "broker" or c["kind"] == "broker"):
            wrong.append("broker_not_found")
        elif broker and broker.is_forgotten():
            wrong.append("party_was_forgotten")
        _refuse(wrong)
        return c.but(broker=broker.id if broker else None)

    def _decide_amend_party(self, c, at, _):
        found = self.record(c["party"])
        wrong = self._standing(found)
        new, old = set(c.get("set", ())), set(c.get("clear", ()))
        # It cannot end and go on either.
        if new & old or ("ended" in c and "resumed" in c):
            wrong.append("flags_are_mutually_exclusive")
        if found:
            flags = found.flags - old | new
            if (
                flags == found.flags and c.get("level", found.level) == found.level
                and c.get("risk", found.risk) == found.risk and c.get("ended", found.ended) == found.ended
                and not ("resumed" in c and found.ended is not None)
            ):
                wrong.append("exists")
            if len(flags) > LIST_MAX:
                wrong.append("too_many")
        # Several changes may have led there: there is no one original.
        _refuse(wrong)
        return c.but(party=found.id)

    def _decide_relate_parties(self, c, at, _):
        # The one that something is said of is named itself; the other is found under the one that goes on.
        found, other = self.record(c["party"]), self.party(c["other"])
        wrong, original = self._standing(found) + self._standing(other, "other_party_not_found"), None
        if c["party"] == c["other"] or (found and self.party(found.id) is other):
            wrong.append("parties_must_be_different")
        wrong += _span(c)
        if found and other:
            place = (found.id, c["role"], other.id)
            said = self.relations.get(place)
            if said and said[:3] == (c.get("since"), c.get("until"), c.get("share")):
                wrong.append("exists")
                original = said[3]
            if place not in self.relations and sum(one[0] == found.id for one in self.relations) >= ENTRIES_MAX:
                wrong.append("too_many")
        _refuse(wrong, original)
        return c.but(party=found.id, other=other.id)

    def _decide_assign_account(self, c, at, account):
        found, opened = self.record(c["party"]), account(c["account"])
        wrong, original = self._standing(found) + _span(c), None
        if not opened:
            wrong.append("account_not_found")
        if found and opened:
            place = (found.id, opened.id, c["role"])
            said = self.accounts.get(place)
            if said and said[:2] == (c.get("since"), c.get("until")):
                wrong.append("exists")
                original = said[2]
            if place not in self.accounts and sum(one[0] == found.id for one in self.accounts) >= ENTRIES_MAX:
                wrong.append("too_many")
        _refuse(wrong, original)
        return c.but(party=found.id, account=opened.id)

    def _decide_seal_data(self, c, at, _):
        found = self.record(c["party"])
        wrong = self._standing(found)
        if not all(self.has_retention(one["retention"]) for one in c["fields"]):
            wrong.append("retention_not_found")
        if found and any(self.was_forgotten(found, one["basis"]) for one in c["fields"]):
            wrong.append("party_was_forgotten")
        hides = lambda one: one["basis"] == "consent" and getattr(found.fields.get(one["name"]), "basis", "") == "law"
        if found and any(map(hides, c["fields"])):
            wrong.append("field_is_kept_by_law")
        _refuse(wrong)
        sealed = []
        for one in c["fields"]:
            key = self.keys.subject(found.id, BASES[one["basis"]])
            one = {name: value for name, value in one.items() if value is not None}
            one["value"] = sealing.seal(key, b"field", found.id, one["name"].encode(), one.pop("plain"))
            if "plain_token" in one:
                one["token"] = sealing.seal(key, b"token", found.id, one["name"].encode(), one.pop("plain_token"))
            sealed.append(one)
        return c.but(party=found.id, fields=sealed)

    def _decide_merge_parties(self, c, at, _):
        found, into = self.record(c["party"]), self.party(c["other"])
        wrong = self._standing(found) + self._standing(into, "other_party_not_found")
        if c["party"] == c["other"] or (found and found in (into, self.record(c["other"]))):
            wrong.append("parties_must_be_different")
        elif found and into:
            if found.into and self.party(found.id) is into:
                _refuse(["exists"])
            if found.kind != into.kind or found.broker != into.broker or found.kind == "broker":
                wrong.append("parties_must_be_alike")
        _refuse(wrong)
        return c.but(party=found.id, other=into.id)

    def _decide_split_party(self, c, at, _):
        found = self.record(c["party"])
        _refuse([] if found else ["party_not_found"])
        _refuse([] if found.into else ["party_was_not_merged"])
        root = self.party(found.id)
        _refuse(["party_was_forgotten"] if root.is_forgotten() else [])
        _refuse(["legal_hold_in_force"] if self.is_held(root, date_of(at)) else [])
        return c.but(party=found.id)

    def _decide_place_hold(self, c, at, _):
        found = self.record(c["party"])
        wrong, original = self._standing(found), None
        if found:
            placed = found.holds.get(c["name"])
            if placed and (placed.until, placed.reason) == (c.get("until"), c.get("reason", "")):
                wrong.append("exists")
                original = placed.placed
            if not placed and len(found.holds) >= ENTRIES_MAX:
                wrong.append("too_many")
        _refuse(wrong, original)
        return c.but(party=found.id)

    def _decide_lift_hold(self, c, at, _):
        found = self.party(c["party"])
        _refuse([] if found else ["party_not_found"])
        # It may stand on a record that was merged since.
        held = next((one for one in self.members(found) if c["name"] in one.holds), None)
        _refuse([] if held else ["hold_not_found"])
        return c.but(party=held.id)

    def _decide_forget_party(self, c, at, _):
        found = self.party(c["party"])
        _refuse([] if found else ["party_not_found"])
        wrong, today = [], date_of(at)
        members = self.members(found)
        if all(one.is_forgotten() or (one.forgotten and c["scope"] == "consent") for one in members):
            wrong.append("exists")
        if self.is_held(found, today):
            wrong.append("legal_hold_in_force")
        kept = self.kept_until(found) if c["scope"] == "all" else None
        if kept is not None and kept >= today:
            wrong.append("relationship_has_not_ended" if kept == float("inf") else "retention_has_not_passed")
        _refuse(wrong, found.forgotten[1] if found.forgotten else None)
        return c.but(party=found.id)

    def _decide_read_data(self, c, at, _):
        return c

    def _decide_grant_access(self, c, at, _):
        wrong, original = [], None
        if c["until"] < at:
            wrong.append("until_must_not_be_past")
        found = self.party(c["party"]) if "party" in c else None
        if "party" in c and not found:
            wrong.append("party_not_found")
        for whose, until, stamp in self.grants.get(c["actor"], ()):
            if (whose, until) == (found.id if found else 0, c["until"]):
                wrong.append("exists")
                original = stamp
        _refuse(wrong, original)
        return c.but(party=found.id if found else None)

    def _decide_revoke_access(self, c, at, _):
        _refuse([] if c["actor"] in self.grants else ["exists"])
        return c

    def _decide_define_retention(self, c, at, _):
        wrong, known = [], self.retentions.get(c["name"])
        if known and (known.years, known.law) == (c["years"], c.get("law", "")):
            wrong.append("exists")
        if not known and len(self.retentions) >= ENTRIES_MAX:
            wrong.append("too_many")
        _refuse(wrong, known and known.defined)
        return c

    # What follows.

    def fold(self, change, stamp, context):
        getattr(self, "_fold_" + change.op)(change, stamp, context)

    def _fold_register_party(self, c, stamp, _):
        party = Party(c["party"], c["kind"], c.get("broker", 0), c.get("key", ""), stamp)
        self.by_id[party.id] = party
        if party.key:
            self.by_id[key_id("party", party.key)] = party

    def _fold_amend_party(self, c, stamp, _):
        party = self.record(c["party"])
        party.level, party.risk = c.get("level", party.level), c.get("risk", party.risk)
        party.flags = party.flags - set(c.get("clear", ())) | set(c.get("set", ()))
        party.ended = None if "resumed" in c else c.get("ended", party.ended)

    def _fold_relate_parties(self, c, stamp, _):
        self.relations[c["party"], c["role"], c["other"]] = (c.get("since"), c.get("until"), c.get("share"), stamp)

    def _fold_assign_account(self, c, stamp, _):
        self.accounts[c["party"], c["account"], c["role"]] = (c.get("since"), c.get("until"), stamp)

    def _fold_seal_data(self, c, stamp, _):
        party = self.record(c["party"])
        for one in c["fields"]:
            years, retention = one.get("years"), one.get("retention")
            party.fields[one["name"]] = Field(
                one["name"], one["purpose"], one["basis"], years, retention, one["value"], one.get("token"), party.id,
                stamp.sequence,
            )
            party.keep(years, retention)

    def keep(self, sealed):
        """A detail was booked. On a trial its party may not be there: that is refused last."""
        party = self.record(sealed.subject) if sealed else None
        if party:
            party.keep(sealed.years, sealed.retention)

    def _fold_merge_parties(self, c, stamp, _):
        self.record(c["party"]).into = c["other"]

    def _fold_split_party(self, c, stamp, _):
        self.record(c["party"]).into = 0

    def _fold_place_hold(self, c, stamp, _):
        self.record(c["party"]).holds[c["name"]] = Hold(c.get("until"), c.get("reason", ""), stamp)

    def _fold_lift_hold(self, c, stamp, _):
        del self.record(c["party"]).holds[c["name"]]

    def _fold_forget_party(self, c, stamp, _):
        gone = ("consent",) if c["scope"] == "consent" else tuple(BASES)
        for one in self.members(self.record(c["party"])):
            # What is wholly forgotten is not forgotten less.
            one.forgotten = ("all" if one.is_forgotten() else c["scope"], stamp)
            one.fields = {name: held for name, held in one.fields.items() if held.basis not in gone}
            if self.keys is not None:
                for basis in gone:
                    self.keys.destroy(one.id, BASES[basis])

    def _fold_read_data(self, c, stamp, context):
        self.readings.append(Reading(
            stamp.sequence, stamp.timestamp, context, c["party"], c["fields"], c["why"], c.get("transfers", []),
            c.get("accounts", []), c.get("details", False),
        ))

    def _fold_grant_access(self, c, stamp, _):
        self.grants.setdefault(c["actor"], []).append((c.get("party", 0), c["until"], stamp))

    def _fold_revoke_access(self, c, stamp, _):
        del self.grants[c["actor"]]

    def _fold_define_retention(self, c, stamp, _):
        self.retentions[c["name"]] = Retention(c["years"], c.get("law", ""), stamp)

    # The digest.

    def digest(self):
        """Nothing where there is neither a party, nor a grant, nor a retention class."""
        if not self.by_id and not self.grants and not self.retentions:
            return b""
        parts = [b"thalium.parties.v1\0"]
        for party in self.records():
            parts += self._bodies(party)
        for source, role, target in sorted(self.relations, key=lambda at: (at[0], RELATIONS[at[1]], at[2])):
            since, until, share, _ = self.relations[source, role, target]
            span = {"since": since, "until": until, "share": share}
            parts.append(Change("relate_parties", party=source, other=target, role=role, **span).body())
        for party, account, role in sorted(self.accounts, key=lambda at: (at[0], at[1], ROLES[at[2]])):
            since, until, _ = self.accounts[party, account, role]
            change = Change("assign_account", party=party, account=account, role=role, since=since, until=until)
            parts.append(change.body())
        for actor, party, until, _ in self.all_grants():
            parts.append(Change("grant_access", actor=actor, party=party or None, until=until).body())
        for name, known in self.all_retentions():
            parts.append(Change("define_retention", name=name, years=known.years, law=known.law or None).body())
        return hashlib.sha256(b"".join(parts)).digest()

    def _bodies(self, party):
        id = party.id
        yield Change(
            "register_party", party=id, kind=party.kind, broker=party.broker or None, key=party.key or None
        ).body()
        yield Change(
            "amend_party", party=id, level=party.level, risk=party.risk, set=_ascending(party.flags) or None,
            ended=party.ended,
        ).body()
        if party.into:
            yield Change("merge_parties", party=id, other=party.into).body()
        if party.forgotten:
            yield Change("forget_party", party=id, scope=party.forgotten[0]).body()
        for name in _ascending(party.holds):
            hold = party.holds[name]
            yield Change("place_hold", party=id, name=name, until=hold.until, reason=hold.reason or None).body()
        if party.years is not None:
            yield b"y" + bytes([party.years])
        for name in _ascending(party.retentions):
            yield b"r" + name.encode() + b"\0"
        for name in _ascending(party.fields):
            yield name.encode() + b"\0" + struct.pack("<Q", party.fields[name].sequence)


def _refuse(names, original=None):
    """By the status of those that hold that comes first."""
    if names:
        status = min(PARTY[name] for name in names)
        raise Refused(status, original if status.name == "exists" else None)


def _refuse_reserved(id):
    _refuse(["id_must_not_be_zero"] if id == 0 else ["id_must_not_be_int_max"] if id == 2**128 - 1 else [])


def _span(c):
    ends_first = "since" in c and "until" in c and c["until"] < c["since"]
    return ["until_must_not_precede_since"] if ends_first else []


def _later(days, years):
    """The same day so many years later; of the 29th of February, where there is none, the 28th."""
    date = datetime.date.fromordinal(days + EPOCH)
    year = date.year + years
    if year > datetime.MAXYEAR:
        return datetime.date.max.toordinal() - EPOCH
    try:
        return date.replace(year=year).toordinal() - EPOCH
    except ValueError:
        return date.replace(year=year, day=28).toordinal() - EPOCH
