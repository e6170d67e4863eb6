"""Widths of buckets, and the calendars by which instants fall into them: docs/series.md."""

import datetime
import re
import zoneinfo

from .text import DAY, SECOND, Invalid

MONTH_UNITS = {"y": 12, "q": 3, "M": 1}
FIXED_UNITS = {
    "w": 7 * DAY, "d": DAY, "h": 3_600 * SECOND, "m": 60 * SECOND, "s": SECOND, "ms": 1_000_000, "us": 1_000, "ns": 1,
}
LONG_UNITS = {
    "year": "y", "quarter": "q", "month": "M", "week": "w", "day": "d", "hour": "h", "minute": "m", "second": "s",
    "millisecond": "ms", "microsecond": "us", "nanosecond": "ns",
}
WIDTH = re.compile(r"(\d+) ?([A-Za-z]+)", re.ASCII)
HOUR = 3_600 * SECOND
# Fixed widths are counted from a Monday, months from the January before it, by the clocks of the zone.
ORIGIN = (datetime.date(2000, 1, 3).toordinal() - datetime.date(1970, 1, 1).toordinal()) * DAY
ORIGIN_YEAR = 2000
CENTURY = 36_525 * DAY


def parse_width(text, field):
    """("months", how many) or ("fixed", nanoseconds)."""
    found = WIDTH.fullmatch(text)
    if not found:
        raise Invalid(field)
    count, unit = int(found[1]), found[2]
    unit = LONG_UNITS.get(unit) or LONG_UNITS.get(unit.removesuffix("s") if len(unit) > 3 else "") or unit
    if count == 0 or unit not in MONTH_UNITS.keys() | FIXED_UNITS.keys():
        raise Invalid(field)
    return ("months", count * MONTH_UNITS[unit]) if unit in MONTH_UNITS else ("fixed", count * FIXED_UNITS[unit])


def parse_span(text, field):
    """Nanoseconds: a width that is no month and no year."""
    kind, size = parse_width(text, field)
    if kind == "months":
        raise Invalid(field)
    return size


def format_width(width):
    """In the largest unit that divides it."""
    kind, size = width
    units = MONTH_UNITS if kind == "months" else FIXED_UNITS
    unit = next(unit for unit, of in units.items() if size % of == 0)
    return f"{size // units[unit]}{unit}"


def format_span(nanos):
    return format_width(("fixed", nanos)) if nanos else "0s"


def parse_offset(text):
    """As a span, and with a sign: earlier than it would be."""
    if text == "0s":
        return 0
    size = parse_span(text.removeprefix("-"), "offset")
    if size > CENTURY:
        raise Invalid("offset")
    return -size if text.startswith("-") else size


def format_offset(nanos):
    return None if nanos == 0 else "-" * (nanos < 0) + format_span(abs(nanos))


def nests(finer, coarser, origin=None):
    """Whether the edges of the coarser width are edges of the finer one, where both are counted from one origin."""
    (kind, size), (coarser_kind, coarser_size) = finer, coarser
    if kind == coarser_kind:
        return size < coarser_size and coarser_size % size == 0
    # A month begins at a midnight.
    return kind == "fixed" and DAY % size == 0 and (ORIGIN if origin is None else origin) % size == 0


def parse_zone(name):
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Invalid("zone") from None


class Clock:
    """What the clocks of a zone show: nanoseconds since 1970, as if there were no zone."""

    def __init__(self, zone):
        self.zone = zone

    def offset(self, instant):
        if self.zone is None:
            return 0
        shown = datetime.datetime.fromtimestamp(instant // SECOND, self.zone)
        return int(shown.utcoffset().total_seconds()) * SECOND

    def segments(self, since, until):
        """(from, to, offset) without a gap from `since` to `until`: between changes of the clock."""
        if self.zone is None:
            return [(since, until, 0)]
        told, start, at = [], since, since
        while at < until:
            after = min(at + HOUR, until)
            if self.offset(after) != self.offset(at):
                # The clock changes at a full second between the two.
                early, late = at // SECOND, after // SECOND
                while late - early > 1:
                    middle = (early + late) // 2
                    if self.offset(middle * SECOND) == self.offset(at):
                        early = middle
                    else:
                        late = middle
                told.append((start, late * SECOND, self.offset(at)))
                start = late * SECOND
            at = after
        return [*told, (start, until, self.offset(until - 1))] if start < until else told

    def first_at(self, local):
        """The first instant at which the clock shows this or has jumped past it."""
        for since, until, offset in self.segments(local - 2 * DAY, local + 2 * DAY):
            at = max(since, local - offset)
            if at < until:
                return at
        raise AssertionError("a clock is behind by days")


class Calendar:
    """The buckets of a width by the clocks of a zone, counted from what these show at the origin, and moved."""

    def __init__(self, width, zone, origin=None, offset=0):
        self.kind, self.size = width
        self.base, self.offset = (ORIGIN if origin is None else origin) + offset, offset
        first = datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + origin // DAY) if origin is not None else None
        self.first_month = (first.year - ORIGIN_YEAR) * 12 + first.month - 1 if first else 0
        self.clock = Clock(zone)
        self.found = {}

    def bucket(self, instant):
        """Where the bucket of the instant begins and where the next does."""
        if instant not in self.found:
            short = self.kind == "fixed" and self.size < DAY
            self.found[instant] = self.short(instant) if short else self.long(instant)
        return self.found[instant]

    def short(self, instant):
        """Buckets begin whenever the clock shows a multiple of the width, or has jumped past one."""
        segments = self.clock.segments(instant - 2 * DAY, instant + 2 * DAY)
        starts, ends, before = [], [], None
        for since, until, offset in segments:
            if before is not None and (since + before - 1 - self.base) // self.size < (since + offset - self.base) // self.size:
                starts += [since] if since <= instant else []
                ends += [since] if since > instant else []
            before = offset
            last = min(instant, until - 1)
            last -= (last + offset - self.base) % self.size
            first = max(instant + 1, since)
            first += -(first + offset - self.base) % self.size
            starts += [last] if since <= last else []
            ends += [first] if first < until else []
        return max(starts), min(ends)

    def long(self, instant):
        """Buckets begin when the clock first shows their beginning, or has jumped past it."""
        number = self.number(instant + self.clock.offset(instant))
        while self.clock.first_at(self.local(number + 1)) <= instant:
            number += 1
        while self.clock.first_at(self.local(number)) > instant:
            number -= 1
        return self.clock.first_at(self.local(number)), self.clock.first_at(self.local(number + 1))

    def number(self, local):
        """Which bucket a local time is in, counted from the origin."""
        if self.kind == "fixed":
            return (local - self.base) // self.size
        date = datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + (local - self.offset) // DAY)
        return ((date.year - ORIGIN_YEAR) * 12 + date.month - 1 - self.first_month) // self.size

    def local(self, number):
        """When a bucket begins, in local time."""
        if self.kind == "fixed":
            return self.base + number * self.size
        years, months = divmod(number * self.size + self.first_month, 12)
        return (datetime.date(ORIGIN_YEAR + years, months + 1, 1) - datetime.date(1970, 1, 1)).days * DAY + self.offset
