"""Instants to the nanosecond."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TEXT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z\Z", re.ASCII)
_MICROSECOND = timedelta(microseconds=1)


class Timestamp(datetime):
    """An instant in UTC to the nanosecond: an aware ``datetime`` that loses nothing.

    Everything that takes a ``datetime`` takes it, and sees its microseconds; ``nanoseconds`` has all of it, and so has its text.
    Adding and taking away a ``timedelta`` keeps the nanoseconds; what is in another zone is a plain ``datetime``.
    """

    _nanos: int

    def __new__(cls, *arguments: Any, **fields: Any) -> Any:
        # What the methods of `datetime` make of one, such as `astimezone`, has no nanoseconds to keep.
        return datetime(*arguments, **fields)

    @classmethod
    def from_nanoseconds(cls, nanoseconds: int) -> Timestamp:
        """The instant so many nanoseconds after 1970 began in UTC."""
        if isinstance(nanoseconds, bool) or not isinstance(nanoseconds, int):
            raise TypeError(f"nanoseconds: give a whole number, not {type(nanoseconds).__name__}")
        at = _EPOCH + timedelta(microseconds=nanoseconds // 1_000)
        self = datetime.__new__(
            cls, at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, timezone.utc
        )
        self._nanos = nanoseconds
        return self

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """The instant that RFC 3339 text in UTC names, with up to nine digits after the second."""
        found = _TEXT.match(text)
        if not found:
            raise ValueError(f"{text[:64]!r} is no instant in UTC: write '2026-01-31T09:30:00.000000001Z'")
        seconds = datetime.fromisoformat(found.group(1) + "+00:00") - _EPOCH
        whole = seconds.days * 86_400 + seconds.seconds
        return cls.from_nanoseconds(whole * 1_000_000_000 + int((found.group(2) or "").ljust(9, "0")))

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds since 1970 began in UTC."""
        return self._nanos

    def __add__(self, other: timedelta) -> Timestamp:
        if not isinstance(other, timedelta):
            return NotImplemented
        return Timestamp.from_nanoseconds(self._nanos + other // _MICROSECOND * 1_000)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + -other if isinstance(other, timedelta) else super().__sub__(other)

    def replace(self, *arguments: Any, **fields: Any) -> Any:
        """A plain ``datetime`` with other fields."""
        return datetime.combine(self.date(), self.timetz()).replace(*arguments, **fields)

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """RFC 3339 text; with ``timespec='auto'`` to the nanosecond."""
        if timespec != "auto":
            return super().isoformat(sep, timespec)
        return f"{super().isoformat(sep, 'seconds')[:-6]}.{self._nanos % 1_000_000_000:09d}Z"

    def __str__(self) -> str:
        return self.isoformat()

    def __repr__(self) -> str:
        return f"Timestamp.parse('{self.isoformat()}')"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Timestamp):
            return self._nanos == other._nanos
        return self._nanos % 1_000 == 0 and super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return super().__hash__() if self._nanos % 1_000 == 0 else hash(self._nanos)

    def __lt__(self, other: datetime) -> bool:  # type: ignore[override]
        if isinstance(other, Timestamp):
            return self._nanos < other._nanos
        return super().__lt__(other)

    def __le__(self, other: datetime) -> bool:  # type: ignore[override]
        return not self > other

    def __gt__(self, other: datetime) -> bool:  # type: ignore[override]
        if isinstance(other, Timestamp):
            return self._nanos > other._nanos
        # What lies behind the microsecond makes it later.
        return super().__gt__(other) or (super().__eq__(other) and self._nanos % 1_000 > 0)

    def __ge__(self, other: datetime) -> bool:  # type: ignore[override]
        return not self < other

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return (Timestamp.from_nanoseconds, (self._nanos,))


def instant_text(value: datetime | date | str | int | None, name: str) -> str | None:
    """How a request writes an instant. A date is its first or last instant in UTC, as the question has it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Timestamp):
        return value.isoformat()
    if isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise TypeError(f"{name}: has no zone: give an aware datetime, as datetime.now(timezone.utc)")
        # Not every datetime knows its microseconds alone: those of pandas have `value`, to the nanosecond.
        nanos = getattr(value, "value", None)
        if not isinstance(nanos, int):
            nanos = (value - _EPOCH) // _MICROSECOND * 1_000
        return str(nanos)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{name}: give an aware datetime, a date or text, not {type(value).__name__}")


def local_text(value: date | datetime | str | None, name: str) -> str | None:
    """How a request writes what a clock on a wall shows: a date, or a date and a time without a zone."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise TypeError(f"{name}: has a zone: give what its clocks show, as datetime(2026, 1, 4, 9, 30)")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{name}: give a date, a datetime without a zone or text, not {type(value).__name__}")


def date_text(value: date | str | None, name: str) -> str | None:
    """How a request writes a date."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{name}: give a date or text, not {type(value).__name__}")
