"""Parties as plain data, answers to questions about them, and what opens personal data."""

import time

from . import details, identifiers, sealing
from .books import Account
from .engine import Engine
from .party import BASES, LIST_MAX, REASON_MAX, RELATIONS, ROLES, Change
from .text import Invalid, format_date, format_id, format_instant, named, parse_date, parse_id, units_text
from .viewer import EVERYTHING
from .views import PAGE_MAX, account_name, of_all, page_limit, seen_name, there

NAMED_MAX, NEWEST = 1_000, 10_000


def party_name(registry, id):
    party = registry.record(id)
    return party.key if party and party.key else format_id(party.id if party else id)


def _day(days):
    return None if days is None else format_date(days)


def party_view(books, party, seen=EVERYTHING):
    registry = books.parties
    members = registry.members(party)
    every = [
        ((source, role, to), span) for (source, role, to), span in registry.relations.items()
        if seen.party(registry.party(source)) and seen.party(registry.party(to))
    ]
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
        for (owner, account, role), (since, until, _) in _by_account(registry.accounts)
        if owner == one.id and seen.account(account)
    ]
    forgotten = party.forgotten and {"scope": party.forgotten[0], "timestamp": format_instant(party.forgotten[1].timestamp)}
    return {
        "id": format_id(party.id), "key": party.key, "kind": party.kind,
        "broker": party_name(registry, party.broker) if party.broker else None, "kyc_level": party.level,
        "risk": party.risk, "flags": sorted(party.flags, key=str.encode),
        "registered": format_instant(party.registered.timestamp), "ended": _day(party.ended),
        "kept_until": _kept_until(registry, party),
        "merged": [party_name(registry, one.id) for one in members[1:]], "forgotten": forgotten,
        "holds": [
            {
                "name": name, "until": _day(hold.until), "reason": hold.reason,
                "placed": format_instant(hold.placed.timestamp),
            }
            for one in members for name, hold in sorted(one.holds.items(), key=lambda item: item[0].encode())
        ],
        "fields": [
            {"name": held.name, "purpose": held.purpose, "basis": held.basis, **_kept(registry, held)}
            for held in registry.fields_of(party)
        ],
        "accounts": accounts, "relations": relations, "related": related,
    }


def _kept_until(registry, party):
    until = registry.kept_until(party)
    return None if party.is_forgotten() or until in (None, float("inf")) else _day(until)


def _kept(registry, sealed):
    """For how long a law has it kept: of a class, as it is now."""
    return {"years": registry.years(sealed), "retention": sealed.retention}


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


# Questions. Each takes the fields of the call, and what is seen.


def the_party(books, field, name, seen=EVERYTHING):
    found = books.parties.party(named("party", name, field))
    if not found or not seen.party(found):
        raise Invalid(field)
    return found


def get_party(books, q, seen):
    found = books.parties.party(named("party", q["name"], "name"))
    return party_view(books, found, seen) if found and seen.party(found) else None


def list_parties(books, q, seen):
    limit = page_limit(q)
    broker = the_party(books, "broker", q["broker"], seen) if q.get("broker") is not None else None
    after = parse_id(q["after"]) if q.get("after") is not None else -1
    due = parse_date(q["due"]) if q.get("due") is not None else None
    if q.get("due") is not None and due is None:
        raise Invalid("due")
    meant = [
        party for party in books.parties.parties()
        if party.id > after and seen.party(party) and (not broker or party.broker == broker.id)
    ]
    found, last = [], None
    for index, party in enumerate(meant):
        is_due = due is None or books.parties.is_due(party, due)
        if is_due and q.get("kind") in (None, party.kind) and (q.get("flag") is None or q["flag"] in party.flags):
            found.append(party)
        if len(found) == limit:
            last = party.id if index + 1 < len(meant) else None
            break
    return {"parties": [party_view(books, party, seen) for party in found], "next": format_id(last) if last else None}


def list_holders(books, q, seen):
    account = there(books, "account", q["account"], seen)
    registry, found = books.parties, []
    for (owner, held, role), (since, until, _) in _by_account(registry.accounts):
        if held == account.id and seen.party(registry.party(owner)):
            found.append((registry.party(owner), role, since, until))
    return [
        {"party": party_name(registry, party.id), "role": role, "since": _day(since), "until": _day(until)}
        for party, role, since, until in found
    ]


def list_grants(books, _, seen):
    of_all(seen)
    return [
        {
            "actor": actor, "party": party_name(books.parties, party) if party else None,
            "until": format_instant(until), "granted": format_instant(stamp.timestamp),
        }
        for actor, party, until, stamp in books.parties.all_grants()
    ]


def list_retentions(books, _, seen):
    """They are no one's alone: a broker sees all of them."""
    return [
        {"name": name, "years": known.years, "law": known.law, "defined": format_instant(known.defined.timestamp)}
        for name, known in books.parties.all_retentions()
    ]


def access_log(books, q, _):
    limit = page_limit(q)
    party = the_party(books, "party", q["party"]) if q.get("party") is not None else None
    if not books.parties.may_audit(q.get("actor") or "", party, time.time_ns()):
        raise Invalid("actor")
    found = [reading for reading in books.parties.readings_of(party) if reading.sequence > (q.get("after") or 0)]
    following = found[limit - 1].sequence if len(found) > limit else None
    return {"entries": [_access(books, reading, EVERYTHING) for reading in found[:limit]], "next": following}


def _access(books, reading, seen):
    by = reading.context
    told = {
        "sequence": reading.sequence, "timestamp": format_instant(reading.timestamp), "actor": by["actor"],
        "role": by["role"], "origin": by["origin"], "party": party_name(books.parties, reading.party),
        "fields": reading.fields, "why": reading.why,
    }
    told["transfers"] = [_transfer_named(books, id, seen) for id in reading.transfers or ()]
    told["accounts"] = [
        account_name(books, id) if seen.account(id) else format_id(id) for id in reading.accounts or ()
    ]
    return told | {"details": bool(reading.details)}


def _transfer_named(books, id, seen):
    """What is not seen, and what tells of others, goes by its id."""
    transfer = books.transfer(id)
    if not seen.transfer(transfer):
        return format_id(id)
    return seen_name(books, transfer, seen)


def find_parties(books, q, seen):
    form = identifiers.normalise(q["identifier"], q["value"])
    if not form:
        raise Invalid("value")
    token, found = books.keys.token(identifiers.KINDS[q["identifier"]], form), {}
    for record in books.parties.records():
        for held in record.fields.values():
            if held.token is not None and _open(books, held, b"token", held.token) == token:
                party = books.parties.party(record.id)
                found[party.id] = party
    return [party_view(books, found[id], seen) for id in sorted(found) if seen.party(found[id])]


# What opens personal data, and is recorded before it is given.


def read_data(books, context, now, q, seen, check):
    party, why = _read_for(books, q, seen)
    named = any(q.get(field) for field in ("transfers", "accounts"))
    fields = _fields(books, party, q) if q.get("fields") or not named else []
    transfers = _sealed_to(books, party, "transfer", q, seen.transfer)
    accounts = _sealed_to(books, party, "account", q, lambda account: seen.account(account.id))
    changes = _readings(party, why, fields)
    for field, records in (("transfers", transfers), ("accounts", accounts)):
        ids = sorted(record.id for record in records)
        changes += [_reading(party, why, **{field: some}) for some in _chunks(ids)]
    check(now)
    Engine(books).execute(context, now, changes)
    return _opened(books, party, fields, [*transfers, *accounts], seen)


def export_party(books, context, now, q, seen, check):
    party, why = _read_for(books, q, seen)
    fields = _fields(books, party, q)
    for field in ("transfers", "accounts"):
        if q.get(field):
            raise Invalid(field)
    before = books.parties.readings_of(party)[-PAGE_MAX:]
    check(now)
    is_gone = party.is_forgotten()
    details = [] if is_gone else [_reading(party, why, details=True)]
    Engine(books).execute(context, now, [*_readings(party, why, fields), *details])
    # What was withdrawn is no part of what there is.
    records = [] if is_gone else [one for one in _all_details(books, party, seen) if _opens(books, one)]
    return {
        "party": party_view(books, party, seen), "data": _opened(books, party, fields, records, seen),
        "accesses": [_access(books, reading, seen) for reading in before],
    }


def _read_for(books, q, seen):
    party = the_party(books, "party", q.get("party") or "", seen)
    why = q.get("why") or ""
    if not 1 <= len(why.encode()) <= REASON_MAX:
        raise Invalid("why")
    return party, why


def _fields(books, party, q):
    """Those that are named, or all."""
    fields, asked = books.parties.fields_of(party), q.get("fields") or []
    if set(asked) - {held.name for held in fields}:
        raise Invalid("fields")
    return [held for held in fields if not asked or held.name in asked]


def _sealed_to(books, party, what, q, is_seen):
    """The records that are named, each once: they have to be sealed to the party, or to what was merged into it."""
    field, find = (what + "s", getattr(books, what))
    names = q.get(field) or []
    if len(names) > NAMED_MAX:
        raise Invalid(field)
    found = {}
    for name in names:
        record = find(named(what, name, field))
        if not record or not is_seen(record) or not _is_sealed_to(books, party, record):
            raise Invalid(field)
        found[record.id] = record
    return list(found.values())


def _is_sealed_to(books, party, record):
    return record.sealed is not None and books.parties.party(record.sealed.subject) is party


def _all_details(books, party, seen):
    """Of the party's accounts, then of the newest transfers of each."""
    registry = books.parties
    members = {one.id for one in registry.members(party)}
    accounts = sorted({
        account for owner, account, _ in registry.accounts if owner in members and seen.account(account)
    })
    transfers = {}
    for id in accounts:
        moved = [transfer for transfer in books.transfers if id in (transfer.debit, transfer.credit)]
        transfers |= {transfer.sequence: transfer for transfer in moved[-NEWEST:]}
    every = [*map(books.account, accounts), *(transfers[sequence] for sequence in sorted(transfers))]
    return [record for record in every if _is_sealed_to(books, party, record)]


def _chunks(items):
    return [items[at:at + LIST_MAX] for at in range(0, len(items), LIST_MAX)]


def _readings(party, why, fields):
    return [_reading(party, why, names) for names in _chunks([held.name for held in fields])]


def _reading(party, why, fields=(), **told):
    return Change("read_data", party=party.id, fields=list(fields), why=why, **told)


def _opened(books, party, fields, records, seen):
    told = {
        "party": party_name(books.parties, party.id),
        "fields": [
            {
                "name": held.name, "value": _open(books, held, b"field", held.value).decode(), "purpose": held.purpose,
                "basis": held.basis,
            }
            for held in fields
        ],
    }
    return told | {"details": [_opened_detail(books, record, seen) for record in records]}


def _opens(books, record):
    party = books.parties.record(record.sealed.subject)
    return not books.parties.was_forgotten(party, record.sealed.basis)


def _opened_detail(books, record, seen):
    what = "account" if isinstance(record, Account) else "transfer"
    if what == "account":
        name = record.key if seen.account(record.id) and record.key else format_id(record.id)
    else:
        name = _transfer_named(books, record.id, seen)
    told = {what: name, "basis": record.sealed.basis, **_kept(books.parties, record.sealed)}
    words = details.opened(books.keys, what.encode(), record)
    if words is None:
        return told | {"lost": "the key is gone"}
    description, metadata = words
    return told | {name: value for name, value in (("description", description), ("metadata", metadata)) if value}


def _open(books, held, what, sealed):
    key = books.keys.subject(held.subject, BASES[held.basis])
    return sealing.open_sealed(key, what, held.subject, held.name.encode(), sealed)
