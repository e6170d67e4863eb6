"""Exceptions: misuse, the disk, a ledger that has stopped. A rejected command is none of them but a value."""

from __future__ import annotations


class ThaliumError(Exception):
    """What every exception of this package is.

    ``code`` is a stable name, the same in every language; ``field`` the field at fault, where there is one.
    """

    code: str = "invalid"
    field: str | None = None

    def __init__(self, message: str, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (str(self), self.code, self.field))


class InvalidError(ThaliumError, ValueError):
    """A request that makes no sense. Nothing was done."""


class LockedError(ThaliumError):
    """Another writes the ledger: close that one, wait for it (``wait=``), or open to read."""


class MissingError(ThaliumError, FileNotFoundError):
    """There is no ledger at the address, and it was not to be made."""


class OccupiedError(ThaliumError, FileExistsError):
    """What was to be written to holds something else already."""


class ReadOnlyError(ThaliumError):
    """The ledger was opened to read, or finishes what it has taken."""


class KeysError(ThaliumError):
    """The key is missing, is another, or the ledger is not encrypted."""


class DamagedError(ThaliumError):
    """What is on the disk is not what was written, or is of a newer format."""


class StoppedError(ThaliumError):
    """The ledger stopped after a failure: open it again.

    What was acknowledged is safe. Whether the last requests were booked is known after opening again, by their keys.
    """


class PolicyError(ThaliumError, ValueError):
    """A policy is refused, with the file and the row. Nothing was loaded."""


class UndecidedError(ThaliumError):
    """A policy came to no answer: rules contradict each other, a budget was used up, or what it says is no verdict.

    It is no permission: deny.
    """


class ChartError(ThaliumError, ValueError):
    """A chart, a kind of cases or a model of risk is refused, with all that is wrong by row, column and path. Nothing was loaded."""


class RefusedError(ThaliumError):
    """A session cannot take an event: it has ended, a budget is used up, or its data would not be as its schema has it.

    The session stands as it was. Of ``thalium.kyc`` it is a callback that is not proven, or a score for which facts are missing.
    """


class ClosedError(ThaliumError):
    """The handle was closed, or the process was forked since it was opened."""


_CLASSES: dict[str, type[ThaliumError]] = {
    "invalid": InvalidError,
    "address": InvalidError,
    "not_that_long": InvalidError,
    "too_large": InvalidError,
    "clock": InvalidError,
    "missing": MissingError,
    "occupied": OccupiedError,
    "locked": LockedError,
    "read_only": ReadOnlyError,
    "draining": ReadOnlyError,
    "keys": KeysError,
    "version": DamagedError,
    "damaged": DamagedError,
    "stopped": StoppedError,
    "panicked": StoppedError,
    "closed": ClosedError,
    "policy": PolicyError,
    "undecided": UndecidedError,
    "chart": ChartError,
    "refused": RefusedError,
}


def failure(code: str, message: str, field: str | None) -> ThaliumError:
    """The exception for a failure of the native module."""
    return _CLASSES.get(code, ThaliumError)(message, code, field)
