"""Text and what it means: instants, dates, ids, amounts."""

import datetime
import hashlib
import re

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
I64_MAX = 2**63 - 1
U128_MAX = 2**128 - 1
NO_DATE = -(2**31)

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,15}", re.ASCII)
AMOUNT = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)

EPOCH = datetime.date(1970, 1, 1).toordinal()


class Invalid(Exception):
    """Text that stands for nothing: the field at fault."""

    def __init__(self, field):
        super().__init__(field)
        self.field = field


def parse_date(text):
    """Days since 1970, or None."""
    if not DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text).toordinal() - EPOCH
    except ValueError:
        return None


LOCAL = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?", re.ASCII)


def parse_local(text):
    """What a clock shows, in nanoseconds as if it were UTC, or None: a date, or a date and a time without a zone."""
    found = LOCAL.fullmatch(text)
    days = parse_date(found[1] if found else text)
    if days is None:
        return None
    hour, minute, second = (int(part) for part in found.groups()[1:4]) if found else (0, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = int((found and found[5] or "").ljust(9, "0"))
    nanos = days * DAY + ((hour * 60 + minute) * 60 + second) * SECOND + fraction
    return nanos if -(2**63) <= nanos <= I64_MAX else None


def format_local(nanos):
    """A date where it is midnight; the fraction of a second in thousands, millionths or milliardths."""
    days, rest = divmod(nanos, DAY)
    if rest == 0:
        return format_date(days)
    told = format_instant(nanos)[:-1]
    while told.endswith("000"):
        told = told[:-3]
    return told.removesuffix(".")


def format_date(days):
    return datetime.date.fromordinal(days + EPOCH).isoformat()


def date_of(nanos):
    return nanos // DAY


def parse_instant(text):
    """Nanoseconds since 1970, or None: RFC 3339 with any offset, or a whole number."""
    if WHOLE.fullmatch(text):
        nanos = int(text)
        return nanos if -(2**63) <= nanos <= I64_MAX else None
    found = INSTANT.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    fraction = (found[7] or "")[:9].ljust(9, "0")
    try:
        days = datetime.date(year, month, day).toordinal() - EPOCH
    except ValueError:
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = 0
    if found[8]:
        offset = (int(found[9]) * 60 + int(found[10])) * (1 if found[8] == "+" else -1)
    nanos = ((days * 24 + hour) * 60 + minute - offset) * 60 * SECOND + second * SECOND + int(fraction)
    return nanos if -(2**63) <= nanos <= I64_MAX else None


def format_instant(nanos):
    days, rest = divmod(nanos, DAY)
    seconds, fraction = divmod(rest, SECOND)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{format_date(days)}T{clock}.{fraction:09}Z"


def parse_from(text):
    """An instant, or a date for its first one."""
    days = parse_date(text)
    return parse_instant(text) if days is None else days * DAY


def parse_until(text):
    """An instant, or a date for its last one."""
    days = parse_date(text)
    return parse_instant(text) if days is None else days * DAY + DAY - 1


def parse_id(text):
    """The 128-bit number that a UUID or decimal digits stand for, or None."""
    if text.isascii() and text.isdigit() and len(text) <= 39:
        number = int(text)
        return number if number <= U128_MAX else None
    if UUID.fullmatch(text):
        return int(text.replace("-", ""), 16)
    return None


def format_id(number):
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _uuid8(digest):
    """The first 16 bytes of a digest with the version and variant bits of a UUIDv8."""
    raw = bytearray(digest[:16])
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    return int.from_bytes(raw, "big")


def key_id(namespace, key):
    return _uuid8(hashlib.sha256(b"thalium.key.v1\0" + namespace.encode() + b"\0" + key.encode()).digest())


def part_id(whole, index):
    if index == 0:
        return whole
    parts = whole.to_bytes(16, "big") + index.to_bytes(4, "big")
    return _uuid8(hashlib.sha256(b"thalium.part.v1\0" + parts).digest())


def named(namespace, name, field):
    """The id that a caller's name stands for: an id, or else a key."""
    if not name:
        raise Invalid(field)
    number = parse_id(name)
    return key_id(namespace, name) if number is None else number


def own_id(namespace, c):
    key = c.get("key", "")
    # A key that reads as an id would name two things.
    if key and parse_id(key) is not None:
        raise Invalid("key")
    if "id" in c:
        id = parse_id(c["id"])
        if id is None:
            raise Invalid("id")
        return id
    if not key:
        raise Invalid("key")
    return key_id(namespace, key)


def parse_units(text, scale, field="amount"):
    """Decimal text as a count of smallest units. Digits beyond the scale may only be zeros."""
    found = AMOUNT.fullmatch(text) if len(text.encode()) <= 128 else None
    if not found:
        raise Invalid(field)
    fraction = (found[2] or "").rstrip("0")
    if len(fraction) > scale:
        raise Invalid(field)
    units = int(found[1] + fraction.ljust(scale, "0"))
    if units > U128_MAX:
        raise Invalid(field)
    return units


def units_text(units, scale):
    sign, digits = ("-" if units < 0 else ""), str(abs(units))
    if scale == 0:
        return sign + digits
    digits = digits.rjust(scale + 1, "0")
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"
