"""Money: an exact amount of an asset."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, overload

_TEXT = re.compile(r"(-?)(\d{1,80})(?:\.(\d{1,80}))?\Z", re.ASCII)
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,15}\Z", re.ASCII)
_SCALE_MAX = 80
_DIGITS_MAX = 80


class Money:
    """An exact amount of an asset: ``Money("250.00", "ZAR")``, ``Money("0.5 BTC")``, ``Money(units=25000, scale=2, asset="ZAR")``.

    An amount is decimal text or a ``Decimal``; a whole number is a count of smallest units and says so. A float or a bool is
    a ``TypeError``: neither can hold money. Two amounts are equal if they are the same number of the same asset, however many
    zeros are written. Arithmetic is exact, and refuses to mix assets.
    """

    __slots__ = ("_asset", "_scale", "_units")

    _units: int
    _scale: int
    _asset: str

    @overload
    def __init__(self, amount: str) -> None: ...
    @overload
    def __init__(self, amount: str | Decimal, asset: str) -> None: ...
    @overload
    def __init__(self, *, units: int, scale: int, asset: str) -> None: ...
    def __init__(
        self,
        amount: str | Decimal | None = None,
        asset: str | None = None,
        *,
        units: int | None = None,
        scale: int | None = None,
    ) -> None:
        if amount is None:
            if units is None or scale is None:
                raise TypeError("give an amount, or units with their scale: Money(units=25000, scale=2, asset='ZAR')")
            _check_whole("units", units)
            _check_whole("scale", scale)
            if not 0 <= scale <= _SCALE_MAX:
                raise ValueError(f"scale: {scale} is not from 0 to {_SCALE_MAX}")
        else:
            if units is not None or scale is not None:
                raise TypeError("give an amount, or units with their scale, not both")
            if isinstance(amount, str) and asset is None:
                amount, _, asset = amount.partition(" ")
            units, scale = _parse(amount)
        if not isinstance(asset, str):
            raise TypeError("asset: give its code: Money('250.00', 'ZAR')")
        if not _CODE.match(asset):
            raise ValueError(f"asset: {asset!r} is no code of an asset: write 1 to 16 of A-Z, 0-9, '.', '_', '-'")
        object.__setattr__(self, "_units", units)
        object.__setattr__(self, "_scale", scale)
        object.__setattr__(self, "_asset", asset)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Money does not change: make another instead of setting {name!r}")

    @property
    def asset(self) -> str:
        """The code of the asset."""
        return self._asset

    @property
    def scale(self) -> int:
        """How many digits stand after the point."""
        return self._scale

    @property
    def amount(self) -> Decimal:
        """The amount as an exact ``Decimal``."""
        sign = 1 if self._units < 0 else 0
        digits = tuple(int(digit) for digit in str(abs(self._units)))
        return Decimal((sign, digits, -self._scale))

    def units(self, scale: int) -> int:
        """The count of smallest units at a scale; a ``ValueError`` where it would have to be rounded."""
        _check_whole("scale", scale)
        if scale >= self._scale:
            return int(self._units * 10 ** (scale - self._scale))
        whole, rest = divmod(self._units, 10 ** (self._scale - scale))
        if rest:
            raise ValueError(f"{self} has more than {scale} digits after the point")
        return int(whole)

    def _aligned(self, other: Money) -> tuple[int, int, int]:
        if self._asset != other._asset:
            raise ValueError(f"{self} and {other} are of different assets")
        scale = max(self._scale, other._scale)
        return self.units(scale), other.units(scale), scale

    def _of(self, units: int, scale: int) -> Money:
        return Money(units=units, scale=scale, asset=self._asset)

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        a, b, scale = self._aligned(other)
        return self._of(a + b, scale)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        a, b, scale = self._aligned(other)
        return self._of(a - b, scale)

    def __mul__(self, times: int) -> Money:
        if isinstance(times, bool) or not isinstance(times, int):
            return NotImplemented
        return self._of(self._units * times, self._scale)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return self._of(-self._units, self._scale)

    def __pos__(self) -> Money:
        return self

    def __abs__(self) -> Money:
        return self._of(abs(self._units), self._scale)

    def __bool__(self) -> bool:
        return self._units != 0

    def _normal(self) -> tuple[int, int, str]:
        units, scale = self._units, self._scale
        while scale and units % 10 == 0:
            units, scale = units // 10, scale - 1
        return units, scale, self._asset

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self._normal() == other._normal()

    def __hash__(self) -> int:
        return hash(self._normal())

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        a, b, _ = self._aligned(other)
        return a < b

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        a, b, _ = self._aligned(other)
        return a <= b

    def __gt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        a, b, _ = self._aligned(other)
        return a > b

    def __ge__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        a, b, _ = self._aligned(other)
        return a >= b

    def _digits(self) -> str:
        digits = str(abs(self._units)).rjust(self._scale + 1, "0")
        sign = "-" if self._units < 0 else ""
        return f"{sign}{digits[:-self._scale]}.{digits[-self._scale:]}" if self._scale else sign + digits

    def __str__(self) -> str:
        return f"{self._digits()} {self._asset}"

    def __repr__(self) -> str:
        return f"Money('{self}')"

    def __format__(self, form: str) -> str:
        return f"{self.amount:{form}} {self._asset}" if form else str(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Money, (str(self),))


class Currency:
    """Makes money of one asset: ``zar = currency("ZAR")``, then ``zar("250.00")``."""

    __slots__ = ("code",)

    code: str

    def __init__(self, code: str) -> None:
        object.__setattr__(self, "code", Money("0", code).asset)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a currency does not change: make another")

    def __call__(self, amount: str | Decimal) -> Money:
        return Money(amount, self.code)

    def units(self, units: int, scale: int) -> Money:
        """An amount from a count of smallest units."""
        return Money(units=units, scale=scale, asset=self.code)

    def __repr__(self) -> str:
        return f"currency({self.code!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Currency) and self.code == other.code

    def __hash__(self) -> int:
        return hash(("currency", self.code))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Currency, (self.code,))


def currency(code: str) -> Currency:
    """What makes money of one asset."""
    return Currency(code)


def _check_whole(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: give a whole number, not {type(value).__name__}")


def _parse(amount: object) -> tuple[int, int]:
    if isinstance(amount, str):
        found = _TEXT.match(amount)
        if not found:
            raise ValueError(f"amount: {amount[:64]!r} is no decimal number: write '250.00'")
        sign, whole, rest = found.groups()
        rest = rest or ""
        return int(f"{sign}{whole}{rest}"), len(rest)
    if isinstance(amount, Decimal):
        sign, digits, exponent = amount.as_tuple()
        if not isinstance(exponent, int):
            raise ValueError(f"amount: {amount} is no amount")
        if len(digits) + abs(exponent) > _DIGITS_MAX:
            raise ValueError(f"amount: has more than {_DIGITS_MAX} digits")
        units = int("".join(map(str, digits)) or "0") * (-1 if sign else 1)
        return (units * 10**exponent, 0) if exponent > 0 else (units, -exponent)
    if isinstance(amount, bool | float):
        raise TypeError(f"amount: a {type(amount).__name__} cannot hold money: give decimal text or a Decimal")
    if isinstance(amount, int):
        raise TypeError("amount: is an int of what? give decimal text, or Money(units=..., scale=..., asset=...)")
    raise TypeError(f"amount: give decimal text or a Decimal, not {type(amount).__name__}")
