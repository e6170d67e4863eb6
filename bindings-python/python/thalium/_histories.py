"""What accounts held and what was moved, in buckets of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ._instant import Timestamp
from ._rows import Rows
from ._types import BalanceBucketView, VolumeView
from ._value import Value


class BalanceHistory(Rows[BalanceBucketView]):
    """What an account held in each bucket of time, oldest first: a sequence of ``BalanceBucketView``, and a table.

    ``t.balance_history("c42:ZAR")[-1].close`` is an exact ``Money``; ``history[-20:]`` is a balance history again.
    """

    __slots__ = ("account", "asset", "width", "buckets", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"buckets": "[BalanceBucketView]", "next": "instant"}
    _rows: ClassVar[str] = "buckets"
    _row: ClassVar[type[Value]] = BalanceBucketView
    _kinds: ClassVar[Mapping[str, str]] = {"entries": "number"}

    account: str
    """The account's key, or its id."""
    asset: str
    """The code of its asset."""
    width: str
    """How wide the buckets are."""
    buckets: tuple[BalanceBucketView, ...]
    """The buckets."""
    next: Timestamp | None
    """Where to go on, as the next ``start``, if there are more."""

    def __repr__(self) -> str:
        return f"BalanceHistory({self.account!r}, {self.width!r}, {len(self)} buckets)"

    def plot(self, *, ax: Any = None) -> Any:
        """The balance at the end of each bucket as steps, with the average, drawn by Matplotlib; see ``plot.balance_history``."""
        from . import plot

        return plot.balance_history(self, ax=ax)


class Volumes(Rows[VolumeView]):
    """How much was moved in each bucket of time, by asset and code, oldest first: a sequence of ``VolumeView``, and a table.

    ``t.volumes(asset="ZAR")[-1].debits`` is an exact ``Money``. In a table amounts of several assets have the digits of the one with most.
    """

    __slots__ = ("of", "width", "volumes", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"volumes": "[VolumeView]", "next": "instant"}
    _rows: ClassVar[str] = "volumes"
    _row: ClassVar[type[Value]] = VolumeView
    _kinds: ClassVar[Mapping[str, str]] = {"asset": "text", "code": "number", "transfers": "number"}

    of: str
    """The account, the party or the asset that was asked about."""
    width: str
    """How wide the buckets are."""
    volumes: tuple[VolumeView, ...]
    """The volumes."""
    next: Timestamp | None
    """Where to go on, as the next ``start``, if there are more."""

    def __repr__(self) -> str:
        return f"Volumes({self.of!r}, {self.width!r}, {len(self)} volumes)"

    def plot(self, *, asset: str | None = None, ax: Any = None) -> Any:
        """What was credited and debited as bars, drawn by Matplotlib; see ``plot.volumes``."""
        from . import plot

        return plot.volumes(self, asset=asset, ax=ax)
