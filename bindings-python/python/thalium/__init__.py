"""An exact double-entry ledger inside the process.

>>> import thalium
>>> zar = thalium.currency("ZAR")
>>> with thalium.open("memory:") as t:
...     _ = t.accounts.create(key="bank:ZAR", asset="ZAR", kind="asset")
...     _ = t.accounts.create(key="c42:ZAR", asset="ZAR", kind="liability")
...     _ = t.post(key="dep-9", src="bank:ZAR", dst="c42:ZAR", amount=zar("250.00"))
...     t.accounts["c42:ZAR"].available
Money('250.00 ZAR')
"""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING
from uuid import UUID

from . import _native, commands, kyc
from ._cases import (
    CaseDecision,
    CaseDocument,
    CaseEffect,
    CaseEntry,
    CaseEvidence,
    CaseLogPage,
    CaseOutcome,
    CaseOverride,
    CasePage,
    CasePlace,
    CaseReport,
    CasesAdvanced,
    CaseView,
    CaseVote,
    QueueReport,
    QueueView,
)
from ._chart import (
    Chart,
    ChartEffect,
    ChartGuard,
    ChartMapping,
    ChartMicrostep,
    ChartPending,
    ChartRead,
    ChartSession,
    ChartStep,
)
from ._columns import PostOutcomes, Table
from ._decisions import DecisionPage, Mask
from ._errors import (
    ChartError,
    ClosedError,
    DamagedError,
    InvalidError,
    KeysError,
    LockedError,
    MissingError,
    OccupiedError,
    PolicyError,
    ReadOnlyError,
    RefusedError,
    StoppedError,
    ThaliumError,
    UndecidedError,
)
from ._files import backup, inspect, new_key, rehearse, restore, upgrade, verify
from ._histories import BalanceHistory, Volumes
from ._instant import Timestamp
from ._ledger import BrokerView, DecisionList, Thalium, TransferList, _open_options
from ._money import Currency, Money, currency
from ._policy import UNDEFINED, Policy, PolicyKey, RowColumn
from ._rollups import Klines, Trade
from ._rows import Rows
from ._types import (
    AccessPage,
    AccessView,
    AccountPage,
    AccountView,
    AssetView,
    BackupReport,
    BalanceBucketView,
    CaseDifference,
    CasesReplayed,
    CaseStanding,
    CasesReport,
    ChangePage,
    ChangeView,
    ChartFinding,
    ChartView,
    Checked,
    Decided,
    DecisionReport,
    DecisionsReport,
    DetailView,
    DiffChange,
    DiffMore,
    DiffName,
    DiffPackage,
    DiffRow,
    DiffRule,
    DiffSite,
    DiffTyped,
    DiffVersion,
    DocumentReport,
    EntryView,
    Flip,
    FlipReason,
    GrantView,
    Health,
    HistoryPage,
    HolderView,
    IngestReport,
    KindReport,
    KindView,
    KlineView,
    LoadedPolicy,
    MigrationRefused,
    MigrationRehearsed,
    Obligation,
    Outcome,
    PartyExport,
    PartyPage,
    PartyView,
    PersonReport,
    PersonalData,
    PersonalView,
    PolicyCoverage,
    PolicyDiff,
    PolicyExplanation,
    PolicyFact,
    PolicyFileCoverage,
    PolicyFinding,
    PolicyProgram,
    PolicyRows,
    PolicyRule,
    PolicyStep,
    PolicyTest,
    PolicyTests,
    PolicyVersion,
    PolicyView,
    Reason,
    ReasonCount,
    ReasonFact,
    ReplayReport,
    RestoreReport,
    RetentionView,
    RollupView,
    Root,
    RowFaultView,
    RowFilter,
    RowParameter,
    ShadowView,
    StaffView,
    StatementView,
    Stats,
    SymbolPage,
    SymbolView,
    TornReport,
    TradeView,
    TransferPage,
    TransferView,
    TrialBalanceView,
    TrialLineView,
    Verdict,
    VerifyReport,
    VolumeView,
)

from .commands import PersonalField

if TYPE_CHECKING:
    from .aio import AsyncThalium

__version__ = _native.__version__


def open(
    address: str | PathLike[str],
    *,
    read_only: bool = False,
    at: int | None = None,
    wait: float = 0,
    create: bool = True,
    tenant: str | None = None,
    actor: str = "",
    role: str = "",
    origin: str = "python",
    key_file: str | PathLike[str] | None = None,
    key: str | None = None,
    passphrase: str | None = None,
    memory_mib: int | None = None,
    insecure_seed: str | None = None,
) -> Thalium:
    """Opens the ledger at an address: ``memory:``, ``file:DIRECTORY``, or a directory. It is made if it is not there.

    ``read_only`` reads beside a live writer in any process; ``at`` as it was when its log had so many events. ``wait`` waits
    so many seconds for another writer to end, and takes over from it. ``actor`` is written into the log with every request:
    put no personal data there. A ledger that is made with ``key_file``, ``key`` or ``passphrase`` is encrypted;
    ``key_file="keystore:NAME"`` is a key in the key store of the platform. Some twice ``memory_mib`` (64) of the newest history is kept in memory. Personal data needs a ledger with a key; ``insecure_seed``, 64
    hexadecimal digits, makes the keys of people the same everywhere, for tests in ``memory:``.
    """
    place = fspath(address)
    options = _open_options(
        read_only, at, wait, create, tenant, actor, role, origin, key_file, key, passphrase, memory_mib, insecure_seed
    )
    return Thalium(_native.Ledger(place, options), place)


async def open_async(
    address: str | PathLike[str],
    *,
    read_only: bool = False,
    at: int | None = None,
    wait: float = 0,
    create: bool = True,
    tenant: str | None = None,
    actor: str = "",
    role: str = "",
    origin: str = "python",
    key_file: str | PathLike[str] | None = None,
    key: str | None = None,
    passphrase: str | None = None,
    memory_mib: int | None = None,
    insecure_seed: str | None = None,
) -> AsyncThalium:
    """As ``open``; every method of what it gives is awaited, and blocks no event loop."""
    from .aio import open_ledger

    place = fspath(address)
    options = _open_options(
        read_only, at, wait, create, tenant, actor, role, origin, key_file, key, passphrase, memory_mib, insecure_seed
    )
    return await open_ledger(place, options)


def new_id() -> UUID:
    """A new time-ordered id (UUIDv7)."""
    return UUID(_native.new_id())


def codes() -> dict[str, str]:
    """Every code that an exception may have, with what it means."""
    return dict(_native.codes())


__all__ = [
    "AccessPage",
    "AccessView",
    "AccountPage",
    "AccountView",
    "AssetView",
    "BackupReport",
    "BalanceBucketView",
    "BalanceHistory",
    "BrokerView",
    "CaseDecision",
    "CaseDifference",
    "CaseDocument",
    "CaseEffect",
    "CaseEntry",
    "CaseEvidence",
    "CaseLogPage",
    "CaseOutcome",
    "CaseOverride",
    "CasePage",
    "CasePlace",
    "CaseReport",
    "CaseView",
    "CaseVote",
    "CasesAdvanced",
    "CasesReplayed",
    "CaseStanding",
    "CasesReport",
    "ChangePage",
    "ChangeView",
    "Chart",
    "ChartEffect",
    "ChartError",
    "ChartFinding",
    "ChartGuard",
    "ChartMapping",
    "ChartMicrostep",
    "ChartPending",
    "ChartRead",
    "ChartSession",
    "ChartStep",
    "ChartView",
    "Checked",
    "ClosedError",
    "Currency",
    "DamagedError",
    "Decided",
    "DecisionList",
    "DecisionPage",
    "DecisionReport",
    "DecisionsReport",
    "DetailView",
    "DiffChange",
    "DiffMore",
    "DiffName",
    "DiffPackage",
    "DiffRow",
    "DiffRule",
    "DiffSite",
    "DiffTyped",
    "DiffVersion",
    "DocumentReport",
    "EntryView",
    "Flip",
    "FlipReason",
    "GrantView",
    "Health",
    "HistoryPage",
    "HolderView",
    "IngestReport",
    "InvalidError",
    "KeysError",
    "KindReport",
    "KindView",
    "KlineView",
    "Klines",
    "LoadedPolicy",
    "LockedError",
    "Mask",
    "MigrationRefused",
    "MigrationRehearsed",
    "MissingError",
    "Money",
    "Obligation",
    "OccupiedError",
    "Outcome",
    "PartyExport",
    "PartyPage",
    "PartyView",
    "PersonReport",
    "PersonalData",
    "PersonalField",
    "PersonalView",
    "Policy",
    "PolicyCoverage",
    "PolicyDiff",
    "PolicyError",
    "PolicyExplanation",
    "PolicyFact",
    "PolicyFileCoverage",
    "PolicyFinding",
    "PolicyKey",
    "PolicyProgram",
    "PolicyRows",
    "PolicyRule",
    "PolicyStep",
    "PolicyTest",
    "PolicyTests",
    "PolicyVersion",
    "PolicyView",
    "PostOutcomes",
    "QueueReport",
    "QueueView",
    "ReadOnlyError",
    "Reason",
    "ReasonCount",
    "ReasonFact",
    "RefusedError",
    "ReplayReport",
    "RestoreReport",
    "RetentionView",
    "RollupView",
    "Root",
    "RowColumn",
    "RowFaultView",
    "RowFilter",
    "RowParameter",
    "Rows",
    "ShadowView",
    "StaffView",
    "StatementView",
    "Stats",
    "StoppedError",
    "SymbolPage",
    "SymbolView",
    "Table",
    "Thalium",
    "ThaliumError",
    "Timestamp",
    "TornReport",
    "Trade",
    "TradeView",
    "TransferList",
    "TransferPage",
    "TransferView",
    "TrialBalanceView",
    "TrialLineView",
    "UNDEFINED",
    "UndecidedError",
    "Verdict",
    "VerifyReport",
    "VolumeView",
    "Volumes",
    "backup",
    "codes",
    "commands",
    "currency",
    "inspect",
    "kyc",
    "new_id",
    "new_key",
    "open",
    "open_async",
    "rehearse",
    "restore",
    "upgrade",
    "verify",
]
