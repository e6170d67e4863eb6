"""What is done with the files of a ledger, without an open handle."""

from __future__ import annotations

import json
from datetime import date, datetime
from os import PathLike, fspath
from typing import Any

from . import _native
from ._instant import instant_text
from ._types import BackupReport, RestoreReport, VerifyReport

Place = str | PathLike[str]


def _keys(key_file: Place | None, key: str | None, passphrase: str | None) -> dict[str, Any]:
    return {"key_file": None if key_file is None else fspath(key_file), "key": key, "passphrase": passphrase}


def _run(op: str, **fields: Any) -> Any:
    told = {name: value for name, value in fields.items() if value is not None}
    return json.loads(_native.run(json.dumps({"op": op, **told})))


def backup(
    ledger: Place,
    to: Place,
    *,
    key_file: Place | None = None,
    key: str | None = None,
    passphrase: str | None = None,
) -> BackupReport:
    """Copies a ledger, or brings its copy up to date. The ledger may be written meanwhile."""
    keys = _keys(key_file, key, passphrase)
    return BackupReport(_run("backup", ledger=fspath(ledger), to=fspath(to), keys=keys))


def restore(
    backup: Place,
    ledger: Place,
    *,
    until: datetime | date | str | None = None,
    until_size: int | None = None,
    key_file: Place | None = None,
    key: str | None = None,
    passphrase: str | None = None,
    new_key_file: Place | None = None,
    new_key: str | None = None,
    new_passphrase: str | None = None,
    decrypt: bool = False,
) -> RestoreReport:
    """Makes a ledger from a backup in an empty directory, whole or as it was at some point, and verifies it."""
    return RestoreReport(
        _run(
            "restore",
            backup=fspath(backup),
            ledger=fspath(ledger),
            until=instant_text(until, "until"),
            until_size=until_size,
            keys=_keys(key_file, key, passphrase),
            new_keys=_keys(new_key_file, new_key, new_passphrase),
            decrypt=decrypt or None,
        )
    )


def rehearse(
    backup: Place,
    *,
    key_file: Place | None = None,
    key: str | None = None,
    passphrase: str | None = None,
) -> RestoreReport:
    """Shows that a backup can be restored: restores it beside itself, verifies it, and removes that again."""
    return RestoreReport(_run("rehearse", ledger=fspath(backup), keys=_keys(key_file, key, passphrase)))


def verify(
    ledger: Place,
    *,
    key_file: Place | None = None,
    key: str | None = None,
    passphrase: str | None = None,
) -> VerifyReport:
    """Verifies a ledger that no one writes, or a backup, from its first byte."""
    return VerifyReport(_run("verify", ledger=fspath(ledger), keys=_keys(key_file, key, passphrase)))


def inspect(
    ledger: Place,
    *,
    key_file: Place | None = None,
    key: str | None = None,
    passphrase: str | None = None,
) -> dict[str, Any]:
    """Looks at the files of a ledger, whoever writes it: what each is and what is wrong with it."""
    found: dict[str, Any] = _run("inspect", ledger=fspath(ledger), keys=_keys(key_file, key, passphrase))
    return found


def upgrade(
    ledger: Place,
    *,
    check: bool = False,
    key_file: Place | None = None,
    key: str | None = None,
    passphrase: str | None = None,
) -> tuple[str, ...]:
    """Brings the files of a ledger to the newest version of their formats; with ``check`` only names those of an older one."""
    keys = _keys(key_file, key, passphrase)
    return tuple(_run("upgrade", ledger=fspath(ledger), check=check or None, keys=keys))


def new_key(file: Place) -> str:
    """Makes a key for encrypted ledgers in a file that is not there yet, or as ``keystore:NAME`` in the key store of the platform,
    and gives its name. Keep a copy elsewhere."""
    return str(_run("new_key", file=fspath(file)))
