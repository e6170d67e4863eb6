"""What was held and moved in each bucket of time: balance histories and volumes."""

from fractions import Fraction

from .books import T_PENDING, T_POST, T_VOID
from .party_views import the_party
from .rollup_calendar import Calendar, Clock, parse_width, parse_zone
from .text import DAY, I64_MAX, U128_MAX, Invalid, format_instant, parse_date, parse_instant, units_text
from .viewer import EVERYTHING
from .views import DEBIT_NORMAL, account_name, asked_ledger, page_limit, there

BUCKETS = 500


def balance_history(books, q, seen):
    account = there(books, "account", q.get("account", ""), seen)
    asset, now = books.asset(account.ledger), newest(books, seen, [account.id])
    spans, following = buckets(q, account.timestamp, now)
    moves = sorted(moves_of(books, account), key=lambda move: move["order"])
    return {
        "account": account_name(books, account.id), "asset": asset.code,
        "buckets": [balance_bucket(account, moves, span, now, asset.scale) for span in spans],
        "next": following,
    }


def newest(books, seen, accounts):
    """The newest instant that is told: a broker is not told when something happened to others."""
    if seen is EVERYTHING:
        return books.clock
    last = [books.entries[id][-1].timestamp for id in accounts if books.entries[id]]
    return max([books.account(id).timestamp for id in accounts] + last, default=0)


def moves_of(books, account):
    """What each entry did: posted on a side, and held back from what can be used."""
    debit_normal = account.kind in DEBIT_NORMAL
    for entry in books.entries[account.id]:
        transfer, held = entry.transfer, 0
        if entry.expired:
            held = -transfer.amount
        elif transfer.flags & T_PENDING:
            held = transfer.amount
        elif transfer.flags & (T_POST | T_VOID):
            held = -books.transfer(transfer.pending).amount
        posted = transfer.amount if not entry.expired and is_posted(transfer) else 0
        grows = (entry.side == "debit") == debit_normal
        yield {
            # By time: what was imported may have been recorded after what happened later.
            "order": (entry.timestamp, entry.sequence), "at": entry.timestamp, "balance": posted if grows else -posted,
            # What is to come is not there yet; only what is to go is held.
            "held": 0 if grows else held, "debit": 0, "credit": 0, entry.side: posted,
        }


def is_posted(transfer):
    """A hold moves nothing until it is captured, and a release never does."""
    return not transfer.flags & (T_PENDING | T_VOID)


def balance_bucket(account, moves, span, now, scale):
    start, end = span
    inside = [move for move in moves if start <= move["at"] < end]
    stood = [(max(start, account.timestamp), sum(move["balance"] for move in moves if move["at"] < start))]
    for move in inside:
        stood.append((move["at"], stood[-1][1] + move["balance"]))
    until = [*(at for at, _ in stood[1:]), min(end, now)]
    # Balances by the nanosecond.
    area = sum(balance * (to - since) for (since, balance), to in zip(stood, until))
    long = until[-1] - stood[0][0]
    levels = [balance for _, balance in stood]
    held = sum(move["held"] for move in moves if move["at"] < end)
    told = {
        "open": levels[0], "high": max(levels), "low": min(levels), "close": levels[-1],
        "average": round(Fraction(area, long)) if long else None, "available": levels[-1] - held,
        "debits": sum(move["debit"] for move in inside), "credits": sum(move["credit"] for move in inside),
    }
    told = {name: None if units is None else units_text(units, scale) for name, units in told.items()}
    return {"start": format_instant(start), "end": format_instant(end)} | told | {"entries": len(inside)}


def volumes(books, q, seen):
    named = [field for field in ("account", "party", "asset") if q.get(field) is not None]
    if len(named) != 1:
        raise Invalid("account")
    sides, now = sides_of(books, q, seen)
    # Nothing was moved before there were accounts.
    earliest = min((account.timestamp for account in books.accounts), default=0)
    spans, following = buckets(q, earliest, now)
    sums = {}
    for transfer in books.transfers:
        own = sides(transfer) if is_posted(transfer) and (not q.get("code") or transfer.code == q["code"]) else ()
        place = next((place for place, (start, end) in enumerate(spans) if start <= transfer.timestamp < end), None)
        if not own or place is None:
            continue
        volume = sums.setdefault((place, transfer.ledger, transfer.code), {"transfers": 0, "debits": 0, "credits": 0})
        volume["transfers"] += 1
        for side in own:
            volume[side] += transfer.amount
    if any(units > U128_MAX for volume in sums.values() for units in (volume["debits"], volume["credits"])):
        raise Invalid("width")
    told = []
    for (place, ledger, code), volume in sorted(sums.items()):
        asset, (start, end) = books.asset(ledger), spans[place]
        told.append({
            "start": format_instant(start), "end": format_instant(end), "asset": asset.code, "code": code,
            "transfers": volume["transfers"], "debits": units_text(volume["debits"], asset.scale),
            "credits": units_text(volume["credits"], asset.scale),
        })
    return {"volumes": told, "next": following}


def sides_of(books, q, seen):
    """Of a transfer, what of it is asked for: its debit, its credit, both or neither. And the newest instant that is told."""
    if q.get("asset") is not None:
        ledger = asked_ledger(books, q)
        own = [transfer for transfer in books.transfers if transfer.ledger == ledger and seen.transfer(transfer)]
        now = books.clock if seen is EVERYTHING else own[-1].timestamp if own else 0
        return lambda transfer: ("debits", "credits") if transfer in own else (), now
    if q.get("account") is not None:
        accounts = {there(books, "account", q["account"], seen).id}
    else:
        registry, party = books.parties, the_party(books, "party", q["party"], seen)
        accounts = {
            account for owner, account, _ in registry.accounts
            if registry.party(owner) is party and seen.account(account)
        }
    return lambda transfer: [
        side for side, id in (("debits", transfer.debit), ("credits", transfer.credit)) if id in accounts
    ], newest(books, seen, sorted(accounts))


def buckets(q, earliest, now):
    """When each bucket begins and ends, and when the first of the next page begins."""
    width = parse_width("1d" if q.get("width") is None else q["width"], "width")
    zone = None if q.get("zone") is None else parse_zone(q["zone"])
    limit = page_limit({"limit": BUCKETS if q.get("limit") is None else q["limit"]})
    first, last = instant(q, "from", zone, 0), instant(q, "to", zone, 1)
    if first is not None and last is not None and first > last:
        raise Invalid("from")
    low = earliest if first is None else max(first, earliest)
    high = now if last is None else min(last, now)
    calendar, found = Calendar(width, zone), []
    if first is not None:
        while low <= high:
            if len(found) == limit:
                return found, format_instant(low)
            found.append(bucket(calendar, low))
            low = found[-1][1]
        return found, None
    while low <= high and len(found) < limit:
        found.insert(0, bucket(calendar, high))
        high = found[0][0] - 1
    return found, None


def bucket(calendar, at):
    try:
        start, end = calendar.bucket(at)
    except (ValueError, OverflowError):
        raise Invalid("width") from None
    if not -I64_MAX <= start < end <= I64_MAX:
        raise Invalid("width")
    return start, end


def instant(q, field, zone, later):
    """An instant; a date is one of the zone, and stands for its first instant, or for the last before a later day's."""
    if q.get(field) is None:
        return None
    day = parse_date(q[field])
    try:
        at = parse_instant(q[field]) if day is None else Clock(zone).first_at((day + later) * DAY) - later
    except (ValueError, OverflowError):
        at = None
    # Where clocks are ahead, the first day begins before 1970.
    if at is not None and day is not None and day >= 0:
        at = max(at, 0)
    if at is None or not 0 <= at <= I64_MAX:
        raise Invalid(field)
    return at
