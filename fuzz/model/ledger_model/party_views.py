"""Parties as plain data, answers to questions about them, and what opens personal data."""

import time

from . import identifiers, sealing
from .engine import Engine
from .party import BASES, LIST_MAX, REASON_MAX, RELATIONS, ROLES, Change
from .text import Invalid, format_date, format_id, format_instant, named, parse_id, units_text
from .views import PAGE_MAX, account_name, page_limit, there


def party_name(registry, id):
    party = registry.record(id)
    return party.key if party and party.key else format_id(party.id if party else id)


def _day(days):
    return None if days is None else format_date(days)


def party_view(books, party):
    registry = books.parties
    members = registry.members(party)
    every = registry.relations.items()
    relations = [
        _relation(registry, other, role, span) for one in members
        for role, other, span in _by_role((role, to, span) for (source, role, to), span in every if source == one.id)
    ]
    related = [
        _relation(registry, other, role, span) for one in members
        for role, other, span in _by_role((role, source, span) for (source, role, to), span in every if to == one.id)
    ]
    accounts = [
        {"account": account_name(books, account), "role": role, "since": _day(since), "until": _day(until)}
        for one in members
        for (owner, account, role), (since, until, _) in _by_account(registry.accounts) if owner == one.id
    ]
    forgotten = party.forgotten and {"scope": party.forgotten[0], "timestamp": format_instant(party.forgotten[1].timestamp)}
    return {
        "id": format_id(party.id), "key": party.key, "kind": party.kind,
        "broker": party_name(registry, party.broker) if party.broker else None, "kyc_level": party.level,
        "risk": party.risk, "flags": sorted(party.flags, key=str.encode),
        "registered": format_instant(party.registered.timestamp), "ended": _day(party.ended),
        "merged": [party_name(registry, one.id) for one in members[1:]], "forgotten": forgotten,
        "holds": [
            {
                "name": name, "until": _day(hold.until), "reason": hold.reason,
                "placed": format_instant(hold.placed.timestamp),
            }
            for one in members for name, hold in sorted(one.holds.items(), key=lambda item: item[0].encode())
        ],
        "fields": [
            {"name": held.name, "purpose": held.purpose, "basis": held.basis, "years": held.years}
            for held in registry.fields_of(party)
        ],
        "accounts": accounts, "relations": relations, "related": related,
    }


def _by_role(relations):
    return sorted(relations, key=lambda one: (RELATIONS[one[0]], one[1]))


def _by_account(accounts):
    return sorted(accounts.items(), key=lambda item: (item[0][0], item[0][1], ROLES[item[0][2]]))


def _relation(registry, other, role, span):
    since, until, share, _ = span
    return {
        "party": party_name(registry, registry.party(other).id), "role": role, "since": _day(since), "until": _day(until),
        "share": None if share is None else units_text(share, 2),
    }


# Questions. Each takes the fields of the call.


def the_party(books, field, name):
    found = books.parties.party(named("party", name, field))
    if not found:
        raise Invalid(field)
    return found


def get_party(books, q):
    found = books.parties.party(named("party", q["name"], "name"))
    return party_view(books, found) if found else None


def list_parties(books, q):
    limit = page_limit(q)
    broker = the_party(books, "broker", q["broker"]) if q.get("broker") is not None else None
    after = parse_id(q["after"]) if q.get("after") is not None else -1
    meant = [
        party for party in books.parties.parties()
        if party.id > after and (not broker or party.broker == broker.id)
    ]
    found, last = [], None
    for index, party in enumerate(meant):
        if q.get("kind") in (None, party.kind) and (q.get("flag") is None or q["flag"] in party.flags):
            found.append(party)
        if len(found) == limit:
            last = party.id if index + 1 < len(meant) else None
            break
    return {"parties": [party_view(books, party) for party in found], "next": format_id(last) if last else None}


def list_holders(books, q):
    account = there(books, "account", q["account"])
    registry, found = books.parties, []
    for (owner, held, role), (since, until, _) in _by_account(registry.accounts):
        if held == account.id:
            found.append((registry.party(owner), role, since, until))
    return [
        {"party": party_name(registry, party.id), "role": role, "since": _day(since), "until": _day(until)}
        for party, role, since, until in found
    ]


def list_grants(books, _):
    return [
        {
            "actor": actor, "party": party_name(books.parties, party) if party else None,
            "until": format_instant(until), "granted": format_instant(stamp.timestamp),
        }
        for actor, party, until, stamp in books.parties.all_grants()
    ]


def access_log(books, q):
    limit = page_limit(q)
    party = the_party(books, "party", q["party"]) if q.get("party") is not None else None
    if not books.parties.may_audit(q.get("actor") or "", party, time.time_ns()):
        raise Invalid("actor")
    found = [reading for reading in books.parties.readings_of(party) if reading.sequence > (q.get("after") or 0)]
    following = found[limit - 1].sequence if len(found) > limit else None
    return {"entries": [_access(books, reading) for reading in found[:limit]], "next": following}


def _access(books, reading):
    by = reading.context
    return {
        "sequence": reading.sequence, "timestamp": format_instant(reading.timestamp), "actor": by["actor"],
        "role": by["role"], "origin": by["origin"], "party": party_name(books.parties, reading.party),
        "fields": reading.fields, "why": reading.why,
    }


def find_parties(books, q):
    form = identifiers.normalise(q["identifier"], q["value"])
    if not form:
        raise Invalid("value")
    token, found = books.keys.token(identifiers.KINDS[q["identifier"]], form), {}
    for record in books.parties.records():
        for held in record.fields.values():
            if held.token is not None and _open(books, held, b"token", held.token) == token:
                party = books.parties.party(record.id)
                found[party.id] = party
    return [party_view(books, found[id]) for id in sorted(found)]


# What opens personal data, and is recorded before it is given.


def read_data(books, context, now, q, check):
    party, fields, changes = _meant(books, q)
    check(now)
    Engine(books).execute(context, now, changes)
    return _opened(books, party, fields)


def export_party(books, context, now, q, check):
    party, fields, changes = _meant(books, q)
    before = books.parties.readings_of(party)[-PAGE_MAX:]
    check(now)
    Engine(books).execute(context, now, changes)
    return {
        "party": party_view(books, party), "data": _opened(books, party, fields),
        "accesses": [_access(books, reading) for reading in before],
    }


def _meant(books, q):
    party = the_party(books, "party", q.get("party", ""))
    why = q.get("why", "")
    if not 1 <= len(why.encode()) <= REASON_MAX:
        raise Invalid("why")
    fields, asked = books.parties.fields_of(party), q.get("fields") or []
    if set(asked) - {held.name for held in fields}:
        raise Invalid("fields")
    fields = [held for held in fields if not asked or held.name in asked]
    names = [held.name for held in fields]
    changes = [
        Change("read_data", party=party.id, fields=names[at:at + LIST_MAX], why=why)
        for at in range(0, len(names), LIST_MAX)
    ]
    return party, fields, changes


def _opened(books, party, fields):
    return {
        "party": party_name(books.parties, party.id),
        "fields": [
            {
                "name": held.name, "value": _open(books, held, b"field", held.value).decode(), "purpose": held.purpose,
                "basis": held.basis,
            }
            for held in fields
        ],
    }


def _open(books, held, what, sealed):
    key = books.keys.subject(held.subject, BASES[held.basis])
    return sealing.open_sealed(key, what, held.subject, held.name, sealed)
