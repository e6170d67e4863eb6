"""Rollups: trades go in, candles come out. What is called, refused and answered: docs/rollups.md."""

import copy
import re
import time
from dataclasses import dataclass

from . import wire
from .rollup_calendar import format_offset, format_span, format_width, parse_width
from .rollup_definition import POLICIES, Definition, read_definition
from .rollup_series import AUTOMATIC, Build, Trade
from .text import SECOND, Invalid, format_instant, format_local, parse_instant, parse_units, units_text

ROLLUPS_MAX, TRADES_MAX, FAULTS_MAX, CHANGES_KEPT = 64, 65_536, 1_000, 100_000
PAGE_DEFAULT, PAGE_MAX = 500, 10_000
SYMBOL_MAX, ID_DIGITS, AHEAD_MAX = 128, 19, 60 * SECOND
NAME = re.compile(r"[a-z0-9_.-]{1,64}", re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)
TAKERS = ("buyer", "seller")
TRADE = ("symbol", "at", "id", "price", "quantity", "taker")
# By which field a call fails whose trade is refused.
REFUSED_AT = {"late": "at", "expired": "at", "out_of_range": "at", "overflow": "quantity", "differs": "id", "not_found": "id"}

ROLLUP = {"rollup": wire.text}
LIMIT = {"limit": wire.count(wire.U32)}
KNOWN = {
    "define_rollup": {
        "name": wire.text, "of": wire.text, "levels": wire.texts, "zone": wire.text, "origin": wire.text, "offset": wire.text,
        "delay": wire.text,
        "late": wire.one_of(POLICIES), "horizon": wire.text, "keep": wire.mapping, "price_scale": wire.count(wire.U32),
        "quantity_scale": wire.count(wire.U32),
    },
    "drop_rollup": {"name": wire.text},
    "list_rollups": {},
    "ingest_trades": {**ROLLUP, "bad_rows": wire.one_of(("refuse", "keep")), "now": wire.text},
    "correct_trade": {**ROLLUP, "now": wire.text},
    "remove_trade": {**ROLLUP, "symbol": wire.text, "at": wire.text, "id": wire.text},
    "advance_rollup": {**ROLLUP, "now": wire.text},
    "klines": {
        **ROLLUP, "symbol": wire.text, "width": wire.text, "from": wire.text, "to": wire.text, **LIMIT,
        "fill": wire.flag,
    },
    "list_symbols": {**ROLLUP, "after": wire.text, **LIMIT},
    "rollup_changes": {**ROLLUP, "after": wire.count(wire.U64), **LIMIT},
}
NEEDED = {
    "define_rollup": ("name",), "drop_rollup": ("name",), "list_rollups": (),
    "remove_trade": ("rollup", "symbol", "at", "id"), "klines": ("rollup", "symbol", "width"),
}


@dataclass
class Rollup:
    name: str
    version: int
    definition: Definition
    build: Build
    # What it took, in order: rows, corrections, what was taken back, the time. Of one that has its own trades.
    events: list
    # How many rows without an id it took.
    unnamed: int = 0

    def has_trades(self):
        return any(kind == "rows" for kind, _ in self.events)


class Rollups:
    def __init__(self):
        self.rollups = {}

    def call(self, op, request):
        trades = request.pop("trades", None) if op == "ingest_trades" else None
        trade = request.pop("trade", None) if op == "correct_trade" else None
        wire.read(request, KNOWN[op])
        needed = NEEDED.get(op, ("rollup",))
        if any(name in request and request[name] is None for name in needed):
            raise wire.Failure()
        request = {name: value for name, value in request.items() if value is not None}
        if op == "ingest_trades":
            check_rows(trades)
            request["trades"] = trades
        if op == "correct_trade":
            check_shape("trade", trade)
            request["trade"] = trade
        # What is not there is read as an empty text, which is refused by its name.
        for name in needed:
            request.setdefault(name, "")
        try:
            return getattr(self, op)(request)
        except Invalid as invalid:
            raise wire.Failure(field=invalid.field) from None

    def asked(self, q, has_own_trades=False):
        rollup = self.rollups.get(q["rollup"])
        if rollup is None or (has_own_trades and rollup.definition.of):
            raise Invalid("rollup")
        return rollup

    def made_of(self, name):
        return [rollup for rollup in self.rollups.values() if rollup.definition.of == name]

    def happened(self, root, event):
        """An event of a rollup that has its own trades: those that are made of it follow."""
        root.events.append(event)
        for rollup in self.made_of(root.name):
            rollup.build.apply(event)

    # Definitions.

    def check_name(self, name):
        if not NAME.fullmatch(name) or (name not in self.rollups and len(self.rollups) >= ROLLUPS_MAX):
            raise Invalid("name")

    def define_rollup(self, q):
        name = q["name"]
        known = self.rollups.get(name)
        definition = read_definition(self, q, known)
        if known is None or known.definition != definition:
            of = definition.of
            stays = known is not None and not of and not known.definition.of
            events = known.events if stays else []
            build = Build(definition, self.rollups[of].events if of else events)
            version, unnamed = (known.version + 1, known.unnamed if stays else 0) if known else (1, 0)
            self.rollups[name] = Rollup(name, version, definition, build, events, unnamed)
        return rollup_view(self.rollups[name])

    def drop_rollup(self, q):
        if q["name"] not in self.rollups or self.made_of(q["name"]):
            raise Invalid("name")
        del self.rollups[q["name"]]

    def list_rollups(self, _):
        return [rollup_view(rollup) for _, rollup in sorted(self.rollups.items())]

    # Trades.

    def ingest_trades(self, q):
        now, rollup = read_now(q), self.asked(q, has_own_trades=True)
        keeps = q.get("bad_rows", "refuse") == "keep"
        attempt, unnamed = copy.deepcopy(rollup.build), rollup.unnamed
        taken, again, faults = [], 0, []
        for row, told in enumerate(q["trades"]):
            try:
                # All have an id if the first has one.
                has_id = q["trades"][0].get("id") is not None
                trade = read_trade(told, now, None if has_id else AUTOMATIC + unnamed, rollup.definition)
                became = attempt.take(trade, keeps)
                if became not in ("taken", "again"):
                    raise Invalid(REFUSED_AT[became])
            except Invalid as invalid:
                if not keeps:
                    raise Invalid(f"trades[{row}].{invalid.field}") from None
                faults.append({"row": row, "field": invalid.field, "message": "it was not taken"})
                continue
            if became == "again":
                again += 1
            else:
                taken.append(trade)
                unnamed += not has_id
        attempt.finish()
        rollup.build, rollup.unnamed = attempt, unnamed
        if taken:
            self.happened(rollup, ("rows", taken))
        return {"taken": len(taken), "again": again, "refused": len(faults), "faults": faults[:FAULTS_MAX]}

    def correct_trade(self, q):
        now, rollup = read_now(q), self.asked(q, has_own_trades=True)
        try:
            trade = read_trade(q["trade"], now, None, rollup.definition)
        except Invalid as invalid:
            raise Invalid(f"trade.{invalid.field}") from None
        return self.put(rollup, trade.symbol, trade.at, trade.id, trade, "trade.")

    def remove_trade(self, q):
        rollup = self.asked(q, has_own_trades=True)
        return self.put(rollup, read_symbol(q), read_at(q), read_id(q), None, "")

    def put(self, rollup, symbol, at, id, trade, prefix):
        cause, was = rollup.build.correct(symbol, at, id, trade)
        if cause:
            raise Invalid("rollup" if cause == "not_kept" else prefix + REFUSED_AT[cause])
        rollup.build.finish()
        self.happened(rollup, ("correct", (symbol, at, id, trade)))
        return rollup.build.trade(was)

    def advance_rollup(self, q):
        now, rollup = read_now(q), self.asked(q, has_own_trades=True)
        rollup.build.advance(now)
        rollup.build.finish()
        self.happened(rollup, ("advance", now))

    # Questions.

    def klines(self, q):
        limit = read_limit(q)
        since, until = (read_instant(q[field], field) if field in q else None for field in ("from", "to"))
        if since is not None and until is not None and since > until:
            raise Invalid("from")
        build = self.asked(q).build
        width = parse_width(q["width"], "width")
        if width not in build.rules.widths:
            raise Invalid("width")
        if q["symbol"] not in build.series:
            return {"klines": []}
        told = candles(build, q["symbol"], build.rules.widths.index(width), since, until, q.get("fill", False))
        if since is None:
            return {"klines": told[-limit:]}
        return {"klines": told[:limit], "next": told[limit]["start"] if len(told) > limit else None}

    def list_symbols(self, q):
        limit, build = read_limit(q), self.asked(q).build
        names = sorted(build.series, key=str.encode)
        names = [name for name in names if name.encode() > q.get("after", "").encode()]
        told = [symbol_view(build, build.series[name]) for name in names[:limit]]
        return {"symbols": told, "next": names[limit - 1] if len(names) > limit else None}

    def rollup_changes(self, q):
        limit, rollup, after = read_limit(q), self.asked(q), q.get("after", 0)
        forgotten = max(0, len(rollup.build.changes) - CHANGES_KEPT)
        told = rollup.build.changes[max(after, forgotten) :][:limit]
        return {
            "version": rollup.version, "changes": told, "next": told[-1]["number"] if told else after,
            "lost": max(0, forgotten - after),
        }


def candles(build, symbol, level, since, until, fill):
    """The candles of a level, with `fill` also between them, that begin in a range."""
    series, told, before = build.series[symbol], [], None
    for bucket, candle in series.candles(level):
        if fill and before:
            end = before.end
            while end < bucket.start:
                start, end = build.rules.calendars[level].bucket(end)
                told.append((start, series.filled(start, end, told[-1][1]["close"])))
        told.append((bucket.start, candle))
        before = bucket
    is_asked = lambda start: (since is None or since <= start) and (until is None or start < until)
    return [candle for start, candle in told if is_asked(start)]


# What is read.


def check_shape(at, trade):
    if not isinstance(trade, dict):
        raise wire.Failure(field=at)
    for name in trade:
        if name not in TRADE:
            raise wire.Failure(field=f"{at}.{name}")


def check_rows(trades):
    if not isinstance(trades, list):
        raise wire.Failure(field="trades")
    if len(trades) > TRADES_MAX:
        raise wire.Failure("too_large", "trades")
    for row, trade in enumerate(trades):
        check_shape(f"trades[{row}]", trade)


def read_trade(told, now, automatic, definition):
    """A trade whose shape is known to be right. It has an id of its own, or else none and is given the automatic one."""
    symbol, at = read_symbol(told), read_at(told)
    if at > now + AHEAD_MAX:
        raise Invalid("at")
    if automatic is not None and told.get("id") is not None:
        raise Invalid("id")
    id = read_id(told) if automatic is None else automatic
    price, quantity = (
        parse_units(told_text(told, field), getattr(definition, f"{field}_scale"), field) for field in ("price", "quantity")
    )
    taker = told.get("taker")
    if taker not in (None, *TAKERS):
        raise Invalid("taker")
    return Trade(symbol, at, id, price, quantity, taker)


def told_text(told, field):
    if not wire.text(told.get(field)):
        raise Invalid(field)
    return told[field]


def read_symbol(told):
    symbol = told_text(told, "symbol")
    if not 1 <= len(symbol.encode()) <= SYMBOL_MAX:
        raise Invalid("symbol")
    return symbol


def read_at(told):
    at = read_instant(told_text(told, "at"), "at")
    if at <= 0:
        raise Invalid("at")
    return at


def read_id(told):
    text = told_text(told, "id")
    if not DIGITS.fullmatch(text) or len(text) > ID_DIGITS or int(text) >= AUTOMATIC:
        raise Invalid("id")
    return int(text)


def read_instant(text, field):
    instant = parse_instant(text)
    if instant is None:
        raise Invalid(field)
    return instant


def read_now(q):
    now = read_instant(q["now"], "now") if "now" in q else time.time_ns()
    if now <= 0:
        raise Invalid("now")
    return now


def read_limit(q):
    limit = q.get("limit", PAGE_DEFAULT)
    if not 1 <= limit <= PAGE_MAX:
        raise Invalid("limit")
    return limit


# What is told.


def rollup_view(rollup):
    definition, build = rollup.definition, rollup.build
    return {
        "name": rollup.name, "version": rollup.version, "of": definition.of,
        "levels": [format_width(width) for width in definition.levels], "zone": definition.zone_name,
        "origin": None if definition.origin is None else format_local(definition.origin),
        "offset": format_offset(definition.offset),
        "delay": format_span(definition.delay), "late": definition.late,
        "horizon": None if definition.horizon is None else format_span(definition.horizon),
        "keep": {format_width(width): format_span(span) for width, span in definition.keep.items()} or None,
        "price_scale": definition.price_scale, "quantity_scale": definition.quantity_scale,
        "symbols": len(build.series), "trades": build.taken,
    }


def symbol_view(build, series):
    newest = series.newest()
    price, at = (units_text(newest.price, build.rules.price_scale), format_instant(newest.at)) if newest else (None, None)
    return {"symbol": series.symbol, "price": price, "at": at, "watermark": format_instant(series.watermark)}
