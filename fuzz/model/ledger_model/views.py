"""The books as plain data, and answers to questions."""

from .assets import ISO
from .books import CREDITS_PENDING, CREDITS_POSTED, DEBITS_PENDING, DEBITS_POSTED, T_PENDING, T_POST, T_VOID
from .resolve import ACCOUNT_FLAGS, TRANSFER_FLAGS
from .text import (
    CODE, Invalid, format_date, format_id, format_instant, named, parse_date, parse_from, parse_until, part_id, units_text,
)
from .viewer import EVERYTHING

PAGE_DEFAULT, PAGE_MAX = 100, 10_000
DEBIT_NORMAL = ("asset", "expense")
BALANCES = ("debits_pending", "debits_posted", "credits_pending", "credits_posted")


def money(books, ledger, units):
    asset = books.asset(ledger)
    return f"{units_text(units, asset.scale)} {asset.code}"


def account_name(books, id):
    account = books.account(id)
    return account.key if account and account.key else format_id(account.id if account else id)


def transfer_name(books, transfer):
    """The key of a transfer or of the transaction that it is part of; the id where there is no key."""
    first = books.transaction(transfer.id)[0]
    return first.key or format_id(first.id)


def tells_of_others(books, transfer, seen):
    """Whether it, another of its transaction, or that by which captured money goes on touches what is someone else's."""
    onward = books.transfer(part_id(transfer.id, 1))
    touched = [*books.transaction(transfer.id), *([onward] if onward else []), transfer]
    return any(not seen.is_named(side) for one in touched for side in (one.debit, one.credit))


def seen_name(books, transfer, seen):
    """As `transfer_name`; the id of the first where its words tell of others."""
    if tells_of_others(books, transfer, seen):
        return format_id(books.transaction(transfer.id)[0].id)
    return transfer_name(books, transfer)


def balance(account, balances):
    net = balances[CREDITS_POSTED] - balances[DEBITS_POSTED]
    return -net if account.kind in DEBIT_NORMAL else net


def available(account, balances):
    held = balances[CREDITS_PENDING] if account.kind in DEBIT_NORMAL else balances[DEBITS_PENDING]
    return balance(account, balances) - held


def flag_names(names, flags):
    return [name for name, flag in names.items() if flags & flag]


def asset_view(asset):
    kind = f"fiat:{asset.number}" if asset.kind == "fiat" else asset.kind
    return {"code": asset.code, "scale": asset.scale, "kind": kind, "ledger": asset.ledger}


def subject(books, record, seen):
    if not record.sealed or not seen.party(books.parties.party(record.sealed.subject)):
        return {}
    return {"subject": format_id(record.sealed.subject)}


def account_view(books, account, seen=EVERYTHING, balances=None):
    balances = account.balances if balances is None else balances
    asset = books.asset(account.ledger)
    view = {
        "id": format_id(account.id), "key": account.key, "name": account.description, "asset": asset.code,
        "asset_kind": asset.kind, "kind": account.kind,
        "parent": account_name(books, account.parent) if account.parent and seen.account(account.parent) else None,
        "code": account.code,
        "flags": flag_names(ACCOUNT_FLAGS, account.flags), "opened_at": format_instant(account.timestamp),
    }
    view |= {name: units_text(units, asset.scale) for name, units in zip(BALANCES, balances)}
    view["balance"] = units_text(balance(account, balances), asset.scale)
    view["available"] = units_text(available(account, balances), asset.scale)
    if account.metadata:
        view["metadata"] = account.metadata
    return view | subject(books, account, seen)


def transfer_view(books, transfer, seen=EVERYTHING):
    hold = books.transfer(transfer.pending) if transfer.pending else None
    view = {
        "id": format_id(transfer.id), "key": transfer.key, "from": account_name(books, transfer.debit),
        "to": account_name(books, transfer.credit), "amount": money(books, transfer.ledger, transfer.amount),
        "state": transfer.state, "pending": format_id(transfer.pending) if hold else None,
        "hold": transfer_name(books, hold) if hold else None, "timeout": transfer.timeout, "code": transfer.code,
        "flags": flag_names(TRANSFER_FLAGS, transfer.flags), "timestamp": format_instant(transfer.timestamp),
        "effective_date": format_date(transfer.effective()), "sequence": transfer.sequence,
        "transaction": transfer.sequence - transfer.part if transfer.parts else None,
    }
    if transfer.description:
        view["description"] = transfer.description
    if transfer.metadata:
        view["metadata"] = transfer.metadata
    view |= subject(books, transfer, seen)
    others = [side for side, id in (("from", transfer.debit), ("to", transfer.credit)) if not seen.is_named(id)]
    view |= dict.fromkeys(others, "")
    if tells_of_others(books, transfer, seen):
        # What its words say may be someone else's.
        view |= {"key": "", "hold": view["pending"], "metadata": None, "description": None}
    return view


def entry_view(books, account, entry, seen=EVERYTHING):
    transfer = entry.transfer
    scale = books.asset(account.ledger).scale
    kinds = ((T_PENDING, "hold"), (T_POST, "capture"), (T_VOID, "release"))
    what = next((name for flag, name in kinds if transfer.flags & flag), "post")
    what = "expiry" if entry.expired else what
    moved = transfer.amount if what in ("post", "capture") else 0
    grows = (entry.side == "debit") == (account.kind in DEBIT_NORMAL)
    other = transfer.credit if entry.side == "debit" else transfer.debit
    is_named = seen.is_named(other)
    tells = tells_of_others(books, transfer, seen)
    return {
        "sequence": entry.sequence, "timestamp": format_instant(entry.timestamp), "what": what,
        "transfer": seen_name(books, transfer, seen),
        "part": f"{transfer.part + 1}/{transfer.parts}" if transfer.parts > 1 else None,
        "counterparty": account_name(books, other) if is_named else "", "side": entry.side,
        "amount": money(books, transfer.ledger, transfer.amount),
        "change": units_text(moved if grows else -moved, scale),
        "balance": units_text(balance(account, entry.balances), scale),
        "available": units_text(available(account, entry.balances), scale),
        "effective_date": format_date(transfer.effective()), "description": "" if tells else transfer.description,
    } | subject(books, transfer, seen)


# Questions. Each takes the fields of the call, and what is seen.


def list_assets(books, q, seen):
    assets = {asset.ledger: asset for asset in ISO} if q.get("all") else {}
    assets |= {asset.ledger: asset for asset in books.assets}
    return [asset_view(asset) for asset in sorted(assets.values(), key=lambda asset: asset.code)]


def get_account(books, q, seen):
    account = books.account(named("account", q["name"], "name"))
    if not account or not seen.account(account.id):
        return None
    if q.get("at") is None:
        return account_view(books, account, seen)
    balances = books.balances_at(account, instant("at", q["at"], parse_until))
    return None if balances is None else account_view(books, account, seen, balances)


def list_accounts(books, q, seen):
    limit = page_limit(q)
    above = there(books, "under", q["under"], seen) if q.get("under") is not None else None
    ledger = asked_ledger(books, q)
    if seen is not EVERYTHING:
        return list_seen(books, q, limit, above, ledger, seen)
    position, found = q.get("after") or 0, []
    for account in books.accounts[position:]:
        if len(found) == limit:
            break
        position += 1
        if (ledger is None or account.ledger == ledger) and (not above or is_under(books, account, above)):
            found.append(account_view(books, account))
    return {"accounts": found, "next": position if position < len(books.accounts) else None}


def list_seen(books, q, limit, above, ledger, seen):
    """How many accounts there are beside is not told: the next page begins behind the last of this one."""
    meant = [
        (position, account) for position, account in enumerate(books.accounts, 1)
        if position > (q.get("after") or 0) and seen.account(account.id)
        and (ledger is None or account.ledger == ledger) and (not above or is_under(books, account, above))
    ]
    found = meant[:limit]
    return {
        "accounts": [account_view(books, account, seen) for _, account in found],
        "next": found[-1][0] if len(meant) > limit else None,
    }


def is_under(books, account, above):
    while account and account is not above:
        account = books.account(account.parent)
    return account is above


def get_transfer(books, q, seen):
    found = books.transfer(named("transfer", q["name"], "name"))
    return transfer_view(books, found, seen) if found and seen.transfer(found) else None


def get_transaction(books, q, seen):
    found = books.transaction(named("transfer", q["name"], "name"))
    return [transfer_view(books, transfer, seen) for transfer in found if seen.transfer(transfer)]


def list_transfers(books, q, seen):
    limit = page_limit(q)
    ledger = asked_ledger(books, q)
    first, last = span(q)
    dates = []
    for field in ("from_date", "to_date"):
        text = q.get(field)
        dates.append(None if text is None else parse_date(text))
        if text is not None and dates[-1] is None:
            raise Invalid(field)
    if None not in dates and dates[0] > dates[1]:
        raise Invalid("from_date")
    account = None
    if q.get("account") is not None:
        account = there(books, "account", q["account"], seen)
    elif q.get("side") is not None:
        raise Invalid("side")

    def is_meant(transfer):
        sides = {"debit": transfer.debit, "credit": transfer.credit}
        touched = [sides[q["side"]]] if q.get("side") else list(sides.values())
        return (
            seen.transfer(transfer) and (not account or account.id in touched)
            and (ledger is None or transfer.ledger == ledger) and (not q.get("code") or transfer.code == q["code"])
            and transfer.timestamp >= first and (not last or transfer.timestamp <= last)
            and (dates[0] is None or transfer.effective() >= dates[0])
            and (dates[1] is None or transfer.effective() <= dates[1])
        )

    found, following = page(q, limit, [transfer for transfer in books.transfers if is_meant(transfer)])
    return {"transfers": [transfer_view(books, transfer, seen) for transfer in found], "next": following}


def list_holds(books, q, seen):
    limit = page_limit(q)
    account = there(books, "account", q.get("account", ""), seen)
    held = [
        transfer for transfer in books.transfers
        if transfer.state == "pending" and transfer.amount and account.id in (transfer.debit, transfer.credit)
    ]
    found, following = page(q, limit, held)
    return {"transfers": [transfer_view(books, transfer, seen) for transfer in found], "next": following}


def history(books, q, seen):
    limit = page_limit(q)
    account = there(books, "account", q.get("account", ""), seen)
    first, last = span(q)
    entries = [entry for entry in books.entries[account.id] if in_span(entry.timestamp, first, last)]
    found, following = page(q, limit, entries)
    return {
        "account": account_name(books, account.id), "asset": books.asset(account.ledger).code,
        "entries": [entry_view(books, account, entry, seen) for entry in found], "next": following,
    }


def statement(books, q, seen):
    account = books.account(named("account", q.get("account", ""), "account"))
    first, last = span(q)
    if not account or not seen.account(account.id):
        return None
    scale = books.asset(account.ledger).scale
    opening = closing = (0, 0, 0, 0)
    found = []
    for entry in books.entries[account.id]:
        if entry.timestamp < first:
            opening = entry.balances
        if not last or entry.timestamp <= last:
            closing = entry.balances
        if in_span(entry.timestamp, first, last):
            found.append(entry_view(books, account, entry, seen))
    return {
        "account": account_name(books, account.id), "asset": books.asset(account.ledger).code,
        "opening": units_text(balance(account, opening), scale), "entries": found,
        "closing": units_text(balance(account, closing), scale),
    }


def trial_balance(books, q, seen):
    of_all(seen)
    at = instant("at", q["at"], parse_until) if q.get("at") is not None else None
    told = []
    for ledger in sorted({account.ledger for account in books.accounts}):
        asset, lines, sums = books.asset(ledger), [], [0, 0]
        for account in books.accounts:
            balances = account.balances if at is None else books.balances_at(account, at)
            if account.ledger != ledger or balances is None:
                continue
            net = balances[DEBITS_POSTED] - balances[CREDITS_POSTED]
            columns = (max(net, 0), max(-net, 0))
            sums = [total + column for total, column in zip(sums, columns)]
            if net:
                debit, credit = (units_text(column, asset.scale) if column else "" for column in columns)
                name = account_name(books, account.id)
                lines.append({"account": name, "kind": account.kind, "debit": debit, "credit": credit})
        debit, credit = (units_text(total, asset.scale) if total < 2**128 else "past 2^128" for total in sums)
        told.append({
            "asset": asset.code, "lines": lines, "debit": debit, "credit": credit, "balanced": sums[0] == sums[1],
        })
    return told


# What questions are made of.


def there(books, field, name, seen):
    account = books.account(named("account", name, field))
    if not account or not seen.account(account.id):
        raise Invalid(field)
    return account


def of_all(seen):
    """What is no broker's."""
    if seen is not EVERYTHING:
        raise Invalid("viewer")


def asked_ledger(books, q):
    code = q.get("asset")
    if code is None:
        return None
    asset = books.asset_by_code(code) if CODE.fullmatch(code) else None
    if not asset:
        raise Invalid("asset")
    return asset.ledger


def instant(field, text, parse):
    nanos = parse(text)
    if nanos is None or nanos < 0:
        raise Invalid(field)
    return nanos


def span(q):
    """From an instant to another, both included; zero: open."""
    first = instant("from", q["from"], parse_from) if q.get("from") is not None else 0
    last = instant("to", q["to"], parse_until) if q.get("to") is not None else 0
    if last and first > last:
        raise Invalid("from")
    return first, last


def in_span(timestamp, first, last):
    return timestamp >= first and (not last or timestamp <= last)


def page_limit(q):
    limit = q["limit"] if q.get("limit") is not None else PAGE_DEFAULT
    if not 1 <= limit <= PAGE_MAX:
        raise Invalid("limit")
    return limit


def page(q, limit, records):
    """A page of what is in the order of the log, and what the next one comes after."""
    after = q.get("after") or 0
    if q.get("newest_first"):
        records = [record for record in reversed(records) if not after or record.sequence < after]
    else:
        records = [record for record in records if record.sequence > after]
    found = records[:limit]
    return found, found[-1].sequence if len(records) > limit else None
