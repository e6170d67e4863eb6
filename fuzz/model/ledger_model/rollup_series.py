"""What a rollup holds: the trades of each symbol, their buckets, watermarks, and the changes that were told."""

from dataclasses import dataclass

from .rollup_calendar import Calendar, format_width, nests
from .text import U128_MAX, format_instant, units_text

# From here on ids were given to trades that came without one, and are not shown.
AUTOMATIC = 2**63


@dataclass(frozen=True)
class Trade:
    symbol: str
    at: int
    id: int
    price: int
    quantity: int
    taker: str | None

    def order(self):
        return self.at, self.id


@dataclass
class Bucket:
    start: int
    end: int
    closed: bool
    revision: int = 0


def half_even(number, divisor):
    whole, rest = divmod(number, divisor)
    return whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))


def shown_id(id):
    return {"id": str(id)} if id < AUTOMATIC else {}


class Rules:
    """A definition as it is applied."""

    def __init__(self, definition):
        self.widths = definition.levels
        self.names = [format_width(width) for width in self.widths]
        self.calendars = [Calendar(width, definition.zone, definition.origin, definition.offset) for width in self.widths]
        self.origin = definition.origin
        self.delay, self.late = definition.delay, definition.late
        self.horizon = definition.horizon or 0
        # How long buckets are kept, by the place of their level.
        self.keep = {self.widths.index(width): span for width, span in definition.keep.items()}
        self.price_scale, self.quantity_scale = definition.price_scale, definition.quantity_scale

    def made_of(self, source):
        """The levels that are made of this one: whose last finer one before it this is."""
        for level, width in enumerate(self.widths):
            before = [place for place in range(level) if nests(self.widths[place], width, self.origin)]
            if before and before[-1] == source:
                yield level


class Series:
    """The trades of a symbol. `tell` takes what happens to its buckets."""

    def __init__(self, rules, symbol):
        self.rules, self.symbol = rules, symbol
        self.watermark = None
        # All that were taken and not taken back, in the order of coming.
        self.trades = []
        levels = range(len(rules.widths))
        self.buckets = [{} for _ in levels]
        self.dropped = [None for _ in levels]

    def too_late(self, at):
        """Why nothing at this instant can change any more, or None."""
        for level, dropped in enumerate(self.dropped):
            if dropped is not None and at < dropped:
                return "expired"
            if level == 0 and self.watermark is not None:
                if self.rules.calendars[0].bucket(at)[1] <= self.watermark - self.rules.horizon:
                    return "late"
        return None

    def find(self, at, id):
        return next((trade for trade in self.trades if trade.order() == (at, id)), None)

    def has_room(self, trade, instead_of=None):
        for calendar in self.rules.calendars:
            others = [one.quantity for one in self.within(*calendar.bucket(trade.at)) if one is not instead_of]
            if sum(others) + trade.quantity > U128_MAX:
                return False
        return True

    def take(self, trade, tell):
        """"taken", "again", or the cause for which it was refused."""
        cause = self.too_late(trade.at)
        if cause:
            return cause
        if self.rules.late == "correct":
            known = self.find(trade.at, trade.id)
            if known:
                return "again" if known == trade else "differs"
        if not self.has_room(trade):
            return "overflow"
        self.trades.append(trade)
        for level, calendar in enumerate(self.rules.calendars):
            start, end = calendar.bucket(trade.at)
            is_past = self.watermark is not None and end <= self.watermark
            self.buckets[level].setdefault(start, Bucket(start, end, is_past))
        self.revise(trade.at, "late", tell)
        self.advance(trade.at - self.rules.delay, tell)
        return "taken"

    def correct(self, at, id, trade, tell):
        """Puts a trade, or none, in the place of another: the cause for which it was refused, and what was there."""
        if self.rules.late != "correct":
            return "not_kept", None
        cause = self.too_late(at)
        if cause:
            return cause, None
        known = self.find(at, id)
        if not known:
            return "not_found", None
        if trade and not self.has_room(trade, known):
            return "overflow", None
        place = self.trades.index(known)
        self.trades[place : place + 1] = [trade] if trade else []
        self.revise(at, "corrected" if trade else "removed", tell)
        return None, known

    def revise(self, at, cause, tell):
        """The buckets of the instant were changed: those that were closed are told."""
        for level, calendar in enumerate(self.rules.calendars):
            bucket = self.buckets[level][calendar.bucket(at)[0]]
            if bucket.closed:
                bucket.revision += 1
                tell("revised", level, bucket, cause)

    def advance(self, to, tell):
        self.watermark = to if self.watermark is None else max(self.watermark, to)
        for level, buckets in enumerate(self.buckets):
            for _, bucket in sorted(buckets.items()):
                if not bucket.closed and bucket.end <= self.watermark:
                    bucket.closed = True
                    tell("closed", level, bucket, None)

    def drop(self, level, by):
        """Drops the buckets of a level that ended by then and that nothing can change or needs any more."""
        settled = self.watermark - self.rules.horizon
        needed = [self.rules.calendars[coarser].bucket(settled)[0] for coarser in self.rules.made_of(level)]
        by = min(by, settled, *needed)
        for start, bucket in sorted(self.buckets[level].items()):
            if bucket.end <= by:
                del self.buckets[level][start]
                self.dropped[level] = bucket.end

    def within(self, start, end):
        return [trade for trade in self.trades if start <= trade.at < end]

    def candles(self, level):
        """Of the buckets that are there and in which something has happened, by time."""
        for _, bucket in sorted(self.buckets[level].items()):
            if self.within(bucket.start, bucket.end):
                yield bucket, self.candle(bucket)

    def candle(self, bucket):
        rules, trades = self.rules, sorted(self.within(bucket.start, bucket.end), key=Trade.order)
        prices = [trade.price for trade in trades]
        told = {
            "start": format_instant(bucket.start), "end": format_instant(bucket.end),
            **{name: units_text(price, rules.price_scale) for name, price in (
                ("open", prices[0]), ("high", max(prices)), ("low", min(prices)), ("close", prices[-1]),
            )},
        }
        for prefix, takers in (("", ("buyer", "seller", None)), ("buy_", ("buyer",)), ("sell_", ("seller",))):
            quantity = sum(trade.quantity for trade in trades if trade.taker in takers)
            paid = sum(trade.price * trade.quantity for trade in trades if trade.taker in takers)
            told[f"{prefix}volume"] = units_text(quantity, rules.quantity_scale)
            told[f"{prefix}turnover"] = units_text(half_even(paid, 10**rules.quantity_scale), rules.price_scale)
            if not prefix and quantity:
                told["average"] = units_text(half_even(paid, quantity), rules.price_scale)
            if not prefix:
                told["trades"] = len(trades)
        return told | {"closed": self.is_past(bucket.end), "revision": bucket.revision}

    def filled(self, start, end, close):
        """A bucket in which nothing has happened, after one that closed at this price."""
        rules = self.rules
        nothing, unpaid = units_text(0, rules.quantity_scale), units_text(0, rules.price_scale)
        told = {"start": format_instant(start), "end": format_instant(end)}
        told |= dict.fromkeys(("open", "high", "low", "close"), close)
        told |= {"volume": nothing, "turnover": unpaid, "trades": 0, "buy_volume": nothing, "buy_turnover": unpaid}
        return told | {"sell_volume": nothing, "sell_turnover": unpaid, "closed": self.is_past(end), "revision": 0}

    def is_past(self, end):
        return self.watermark is not None and end <= self.watermark

    def newest(self):
        """The newest trade of the finest level that has any."""
        for buckets in self.buckets:
            trades = [one for bucket in buckets.values() for one in self.within(bucket.start, bucket.end)]
            if trades:
                return max(trades, key=Trade.order)
        return None


class Build:
    """A version of a rollup: what its rules make of the events of the rollup that has the trades."""

    def __init__(self, definition, events=()):
        self.rules = Rules(definition)
        # By symbol, in the order of their first trades.
        self.series = {}
        self.changes = []
        self.taken = 0
        self.pending = []
        for event in events:
            self.apply(event)

    def apply(self, event):
        """What another rollup took: what is refused here is told."""
        kind, told = event
        if kind == "rows":
            for trade in told:
                self.take(trade)
        elif kind == "advance":
            self.advance(told)
        else:
            symbol, at, id, trade = told
            cause, _ = self.correct(symbol, at, id, trade)
            if cause:
                self.tell_refused(symbol, at, id, cause)
        self.finish()

    def take(self, trade, is_told=True):
        series = self.series.get(trade.symbol) or Series(self.rules, trade.symbol)
        became = series.take(trade, self.teller(trade.symbol))
        if became == "taken":
            self.series[trade.symbol] = series
            self.taken += 1
        elif became != "again" and is_told:
            self.tell_refused(trade.symbol, trade.at, trade.id, became)
        return became

    def correct(self, symbol, at, id, trade):
        series = self.series.get(symbol) or Series(self.rules, symbol)
        return series.correct(at, id, trade, self.teller(symbol))

    def advance(self, now):
        for symbol, series in self.series.items():
            series.advance(now - self.rules.delay, self.teller(symbol))

    def finish(self):
        """After each event: changes are told by symbol, then what is too old is dropped."""
        places = {symbol: place for place, symbol in enumerate(self.series)}
        for change in sorted(self.pending, key=lambda change: places.get(change["symbol"], len(places))):
            self.changes.append({"number": len(self.changes) + 1, **change})
        self.pending = []
        newest = max((series.watermark for series in self.series.values()), default=None)
        for level in range(len(self.rules.widths)):
            if level in self.rules.keep and newest is not None:
                for series in self.series.values():
                    series.drop(level, newest - self.rules.keep[level])

    def teller(self, symbol):
        def tell(kind, level, bucket, cause):
            told = {"kind": kind, "symbol": symbol, "width": self.rules.names[level], "start": format_instant(bucket.start)}
            self.pending.append({**told, "revision": bucket.revision, "cause": cause} if cause else told)

        return tell

    def tell_refused(self, symbol, at, id, cause):
        told = {"kind": "refused", "symbol": symbol, "at": format_instant(at), **shown_id(id), "cause": cause}
        self.pending.append(told)

    def trade(self, trade):
        """A trade as plain data."""
        return {
            "symbol": trade.symbol, "at": format_instant(trade.at), **shown_id(trade.id),
            "price": units_text(trade.price, self.rules.price_scale),
            "quantity": units_text(trade.quantity, self.rules.quantity_scale),
            **({"taker": trade.taker} if trade.taker else {}),
        }
