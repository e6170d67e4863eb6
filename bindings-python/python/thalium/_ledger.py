"""An open ledger."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from os import PathLike, fspath
from types import TracebackType
from typing import Any, Generic, Literal, TypeAlias, TypeVar, cast
from uuid import UUID

from . import _json as json, _native, commands
from ._cases import (
    CaseEntry,
    CaseLogPage,
    CaseOutcome,
    CasePage,
    CaseReport,
    CasesAdvanced,
    CaseStatus,
    CaseView,
    Finding,
    QueueView,
    case_query,
    body_text,
    change_request,
    define_request,
    staff_request,
)
from ._chart import Source, texts
from ._columns import ArrowArray, ArrowStream, PostOutcomes, Table, collect, collect_table
from ._decisions import (
    DecisionPage,
    DecisionQuery,
    Mask,
    decide_request,
    decision_query,
    load_request,
    opening,
    replay_request,
)
from ._errors import InvalidError, ThaliumError
from ._histories import BalanceHistory, Volumes
from ._instant import date_text, instant_text, local_text
from ._policy import UNDEFINED, Bundle, PolicyKey, no_permission, source_text
from ._rollups import BadRows, Klines, Trade, id_text, kline_question, trade_row, trade_rows
from ._rows import page_question
from ._types import (
    AccessPage,
    AccountPage,
    AccountView,
    AssetView,
    BlnkReport,
    CasesReplayed,
    ChangePage,
    Checked,
    Decided,
    EntryView,
    GrantView,
    Health,
    HistoryPage,
    HolderView,
    IngestReport,
    KindView,
    LateView,
    LoadedPolicy,
    MigrationRehearsed,
    Outcome,
    PartyExport,
    PartyPage,
    PartyView,
    PersonalData,
    ReplayReport,
    RetentionView,
    RollupView,
    Root,
    StaffView,
    StatementView,
    Stats,
    SubjectKeysReport,
    SymbolPage,
    SymbolView,
    TablesReport,
    TradeView,
    TransferPage,
    TransferView,
    TrialBalanceView,
    VerdictOutcome,
)
from .commands import (
    AccountFlag,
    AccountKind,
    AccountRole,
    Amount,
    Basis,
    Command,
    ForgetScope,
    IdentifierKind,
    Name,
    PartyKind,
    PersonalField,
    RelationRole,
    RiskLevel,
    TransferFlag,
    name_text,
)


TableForm: TypeAlias = Literal["csv", "jsonl", "parquet"]
"""How a table is written."""


def _request(op: str, **fields: Any) -> str:
    told = {name: value for name, value in fields.items() if value is not None}
    return json.dumps({"op": op, **told})


def _open_options(
    read_only: bool,
    at: int | None,
    wait: float,
    create: bool,
    tenant: str | None,
    actor: str,
    role: str,
    origin: str,
    key_file: str | PathLike[str] | None,
    key: str | None,
    passphrase: str | None,
    memory_mib: int | None,
    insecure_seed: str | None,
) -> str:
    context = {"actor": actor, "role": role, "origin": origin}
    keys = {"key_file": None if key_file is None else fspath(key_file), "key": key, "passphrase": passphrase}
    options: dict[str, Any] = {
        "read_only": read_only,
        "at": at,
        "wait_ms": round(wait * 1000),
        "create": create,
        "tenant": tenant,
        "context": context,
        "keys": keys,
        "memory_mib": memory_mib,
        "insecure_seed": insecure_seed,
    }
    return json.dumps(options)


def _reading(
    op: str,
    party: Name,
    fields: tuple[str, ...] | None,
    transfers: Iterable[Name],
    accounts: Iterable[Name],
    why: str,
    now: datetime | str | None,
    actor: str | None,
    role: str | None,
    request_id: str | None,
    origin: str | None,
) -> str:
    return _request(
        op,
        party=name_text(party, "party"),
        fields=fields,
        transfers=[name_text(name, "transfers") for name in transfers] or None,
        accounts=[name_text(name, "accounts") for name in accounts] or None,
        why=why,
        now=instant_text(now, "now"),
        actor=actor,
        role=role,
        request_id=request_id,
        origin=origin,
    )


class SeenBooks(ABC):
    """What moved accounts, and what is held."""

    @abstractmethod
    def _call(self, request: str) -> Any:
        """Asks something as the wire has it."""

    def _paged(self, op: str, rows: str, question: dict[str, Any], all_pages: bool) -> dict[str, Any]:
        """What a page tells; where all are asked for, with the rows of those that follow it."""
        told: dict[str, Any] = self._call(_request(op, **question))
        page = told
        while all_pages and page.get("next") is not None:
            page = self._call(_request(op, **{**question, "from": page["next"]}))
            told[rows] += page[rows]
        return {**told, "next": page.get("next")}

    def holds(self, account: Name, *, limit: int | None = None) -> Iterator[TransferView]:
        """The open holds of an account, oldest first; ``limit`` at most, or all."""
        after: int | None = None
        left = limit
        while left is None or left > 0:
            page = self.holds_page(account, after=after, limit=_page_limit(left))
            for hold in page.transfers:
                yield hold
            if page.next is None:
                break
            after = page.next
            left = None if left is None else left - len(page.transfers)

    def holds_page(self, account: Name, *, after: int | None = None, limit: int | None = None) -> TransferPage:
        """A page of the open holds of an account; its ``next`` is what the next page comes ``after``."""
        return TransferPage(
            self._call(_request("list_holds", account=name_text(account, "account"), after=after, limit=limit))
        )

    def history(
        self,
        account: Name,
        *,
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[EntryView]:
        """What moved an account, with its balances after each: its transfers, and the holds that ran out."""
        after: int | None = None
        left = limit
        while left is None or left > 0:
            page = self.history_page(
                account, start=start, end=end, newest_first=newest_first, after=after, limit=_page_limit(left)
            )
            for entry in page.entries:
                yield entry
            if page.next is None:
                break
            after = page.next
            left = None if left is None else left - len(page.entries)

    def history_page(
        self,
        account: Name,
        *,
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
        newest_first: bool = False,
        after: int | None = None,
        limit: int | None = None,
    ) -> HistoryPage:
        """A page of a history; its ``next`` is what the next page comes ``after``."""
        return HistoryPage(
            self._call(
                _request(
                    "history",
                    account=name_text(account, "account"),
                    **{"from": instant_text(start, "start"), "to": instant_text(end, "end")},
                    after=after,
                    newest_first=newest_first or None,
                    limit=limit,
                )
            )
        )

    def statement(
        self,
        account: Name,
        *,
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
    ) -> StatementView | None:
        """What moved an account over a span of time, both ends included; ``None`` if there is no such account."""
        told = self._call(
            _request(
                "statement",
                account=name_text(account, "account"),
                **{"from": instant_text(start, "start"), "to": instant_text(end, "end")},
            )
        )
        return None if told is None else StatementView(told)

    def balance_history(
        self,
        account: Name,
        width: str = "1d",
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
        *,
        zone: str | None = None,
        limit: int | None = None,
    ) -> BalanceHistory:
        """What an account held in each bucket of time, oldest first, as a sequence and a table:
        ``t.balance_history("c42:ZAR", "1d", start, end, zone="Africa/Johannesburg").to_polars()``.

        ``width`` is how wide the buckets are (``1h``, ``1d``, ``1w``, ``1M`` and others); they begin by the clocks of ``zone`` (UTC). They are
        those from the one that has ``start`` to the one that has ``end``, also where nothing has happened; a date is of the zone, and
        as ``end`` stands for its last instant. With both and no ``limit`` these are all of them, page after page; else at most ``limit``
        (500; up to 10,000): with ``start`` the first, and ``next`` tells where to go on if there are more; without it, the last.

        Balances are posted ones, on the account's normal side. An ``InvalidError`` names the field where there is no such account,
        the width or the zone is none, or ``start`` is after ``end``.
        """
        question, all_pages = page_question(width, start, end, limit)
        question.update(account=name_text(account, "account"), zone=zone)
        told = self._paged("balance_history", "buckets", question, all_pages)
        return BalanceHistory({"width": width, **told})

    def volumes(
        self,
        *,
        account: Name | None = None,
        party: Name | None = None,
        asset: str | None = None,
        code: int | None = None,
        width: str = "1d",
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
        zone: str | None = None,
        limit: int | None = None,
    ) -> Volumes:
        """How much was moved in each bucket of time, by asset and code, oldest first, as a sequence and a table:
        ``t.volumes(account="c42:ZAR", width="1w").to_polars()``.

        Name one of three: an ``account`` or a ``party``, and it is what that account or all accounts of that party were debited and credited;
        or an ``asset``, and it is all that was moved of it, as much debited as credited. With ``code`` only transfers with that code
        count. What is held counts when it is captured. Buckets are those of ``balance_history``; ``limit`` counts them, and one in
        which nothing was moved is left out.
        """
        question, all_pages = page_question(width, start, end, limit)
        names = {"account": account, "party": party}
        whose = {name: name_text(value, name) for name, value in names.items() if value is not None}
        if asset is not None:
            whose["asset"] = asset
        question.update(whose, code=code, zone=zone)
        told = self._paged("volumes", "volumes", question, all_pages)
        return Volumes({"of": next(iter(whose.values())), "width": width, **told})


class SeenAssets:
    """Lists assets."""

    def __init__(self, of: SeenBooks) -> None:
        self._of = of

    def list(self, *, all: bool = False) -> tuple[AssetView, ...]:
        """The registered assets by their codes; with ``all`` the currencies of ISO 4217 too."""
        told = self._of._call(_request("list_assets", all=all or None))
        return tuple(AssetView(asset) for asset in told)


class SeenAccounts:
    """Finds accounts."""

    def __init__(self, of: SeenBooks) -> None:
        self._of = of

    def get(self, name: Name, *, at: datetime | date | str | None = None) -> AccountView | None:
        """An account with its balances, now or after everything up to an instant; ``None`` if there is none."""
        request = _request("get_account", name=name_text(name, "name"), at=instant_text(at, "at"))
        told = self._of._call(request)
        return None if told is None else AccountView(told)

    def page(
        self,
        *,
        under: Name | None = None,
        asset: str | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> AccountPage:
        """A page of accounts in the order in which they were opened; its ``next`` is what the next page comes ``after``."""
        above = None if under is None else name_text(under, "under")
        request = _request("list_accounts", under=above, asset=asset, after=after, limit=limit)
        return AccountPage(self._of._call(request))

    def list(self, *, under: Name | None = None, asset: str | None = None) -> Iterator[AccountView]:
        """Accounts in the order in which they were opened: all of them, those at and below one, those in an asset."""
        after: int | None = None
        while True:
            page = self.page(under=under, asset=asset, after=after, limit=_PAGE)
            for account in page.accounts:
                yield account
            if page.next is None:
                break
            after = page.next

    # Only where nothing has to be awaited.

    def __getitem__(self, name: Name) -> AccountView:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: Name) -> bool:
        return self.get(name) is not None

    def __iter__(self) -> Iterator[AccountView]:
        return self.list()


class SeenParties:
    """Finds parties, and opens what is sealed of them."""

    def __init__(self, of: SeenBooks) -> None:
        self._of = of

    def get(self, name: Name) -> PartyView | None:
        """A party, with what is known of it but for personal data; ``None`` if there is none."""
        told = self._of._call(_request("get_party", name=name_text(name, "name")))
        return None if told is None else PartyView(told)

    def page(
        self,
        *,
        broker: Name | None = None,
        kind: PartyKind | None = None,
        flag: str | None = None,
        due: date | str | None = None,
        after: UUID | str | None = None,
        limit: int | None = None,
    ) -> PartyPage:
        """A page of parties by their ids; its ``next`` is what the next page comes ``after``. ``due`` are those to be forgotten on
        that date: their relationship ended before it, and no law and no legal hold keeps them any longer."""
        day = date_text(due, "due")
        of = None if broker is None else name_text(broker, "broker")
        behind = None if after is None else str(after)
        request = _request("list_parties", broker=of, kind=kind, flag=flag, due=day, after=behind, limit=limit)
        return PartyPage(self._of._call(request))

    def list(
        self,
        *,
        broker: Name | None = None,
        kind: PartyKind | None = None,
        flag: str | None = None,
        due: date | str | None = None,
    ) -> Iterator[PartyView]:
        """Parties by their ids: all of them, the clients of a broker, those of a kind or with a flag, those that are
        due to be forgotten on a date."""
        after: UUID | None = None
        while True:
            page = self.page(broker=broker, kind=kind, flag=flag, due=due, after=after, limit=_PAGE)
            for party in page.parties:
                yield party
            if page.next is None:
                break
            after = page.next

    def holders(self, account: Name) -> tuple[HolderView, ...]:
        """The parties that have an account."""
        told = self._of._call(_request("list_holders", account=name_text(account, "account")))
        return tuple(HolderView(holder) for holder in told)

    def retentions(self) -> tuple[RetentionView, ...]:
        """The retention classes, by their names."""
        return tuple(RetentionView(told) for told in self._of._call(_request("list_retentions")))

    def find(self, identifier: IdentifierKind, value: str) -> tuple[PartyView, ...]:
        """The parties that have an identifier, however it is written."""
        told = self._of._call(_request("find_parties", identifier=identifier, value=value))
        return tuple(PartyView(party) for party in told)

    def read(
        self,
        party: Name,
        fields: Iterable[str] = (),
        *,
        transfers: Iterable[Name] = (),
        accounts: Iterable[Name] = (),
        why: str,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> PersonalData:
        """Opens personal data for a reason, and records who read what, when and why; all fields, where nothing is named.

        ``transfers`` and ``accounts`` are those whose sealed descriptions, names and metadata are meant.
        """
        named = tuple(fields) or None
        request = _reading("read_data", party, named, transfers, accounts, why, now, actor, role, request_id, origin)
        return PersonalData(self._of._call(request))

    def export(
        self,
        party: Name,
        *,
        why: str,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> PartyExport:
        """All that is known of a party, as it is given to the person; recorded as a reading."""
        request = _reading("export_party", party, None, (), (), why, now, actor, role, request_id, origin)
        return PartyExport(self._of._call(request))

    def export_page(
        self,
        party: Name,
        *,
        why: str,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> str:
        """The same as a page of HTML."""
        request = _reading("party_page", party, None, (), (), why, now, actor, role, request_id, origin)
        return str(self._of._call(request))

    # Only where nothing has to be awaited.

    def __getitem__(self, name: Name) -> PartyView:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: Name) -> bool:
        return self.get(name) is not None

    def __iter__(self) -> Iterator[PartyView]:
        return self.list()


class SeenTransferList:
    """Transfers that were asked for: iterate over them, or take a page."""

    def __init__(self, of: SeenBooks, query: dict[str, Any], limit: int | None) -> None:
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
            raise InvalidError("limit: give a whole number, or nothing for all", field="limit")
        self._of = of
        self._query = query
        self._limit = limit

    def page(self, *, after: int | None = None) -> TransferPage:
        """A page of them; its ``next`` is what the next page comes ``after``."""
        query = self._query if after is None else {**self._query, "after": after}
        return TransferPage(self._of._call(_request("list_transfers", **query, limit=self._limit)))

    def _pages(self) -> Iterator[TransferPage]:
        query = self._query
        left = self._limit
        while left is None or left > 0:
            page = TransferPage(self._of._call(_request("list_transfers", **query, limit=_page_limit(left))))
            yield page
            if page.next is None:
                break
            query = {**query, "after": page.next}
            left = None if left is None else left - len(page.transfers)

    def __iter__(self) -> Iterator[TransferView]:
        for page in self._pages():
            for transfer in page.transfers:
                yield transfer


_List = TypeVar("_List", bound=SeenTransferList)


class SeenTransfers(Generic[_List]):
    """Finds transfers."""

    def __init__(self, of: SeenBooks, list_type: type[_List]) -> None:
        self._of = of
        self._list_type = list_type

    def get(self, name: Name) -> TransferView | None:
        """A transfer by its key or id; ``None`` if there is none."""
        told = self._of._call(_request("get_transfer", name=name_text(name, "name")))
        return None if told is None else TransferView(told)

    def of_transaction(self, name: Name) -> tuple[TransferView, ...]:
        """The transfers of a transaction, by its key or id."""
        told = self._of._call(_request("get_transaction", name=name_text(name, "name")))
        return tuple(TransferView(transfer) for transfer in told)

    def __call__(
        self,
        *,
        account: Name | None = None,
        side: Literal["debit", "credit"] | None = None,
        asset: str | None = None,
        code: int | None = None,
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        after: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> _List:
        """The transfers that match all that is given; ``start`` to ``end`` by when they were recorded, ``start_date`` to
        ``end_date`` by effective date. Nothing is read before it is asked for."""
        query = {
            "account": None if account is None else name_text(account, "account"),
            "side": side,
            "asset": asset,
            "code": code,
            "from": instant_text(start, "start"),
            "to": instant_text(end, "end"),
            "from_date": date_text(start_date, "start_date"),
            "to_date": date_text(end_date, "end_date"),
            "after": after,
            "newest_first": newest_first or None,
        }
        return self._list_type(self._of, {name: value for name, value in query.items() if value is not None}, limit)


class BrokerView(SeenBooks):
    """The books as a broker sees them: itself, its clients and their accounts, and its own side of what moves between those and
    others. What is asked here is asked as that broker, and nothing else can be."""

    accounts: SeenAccounts
    """Finds accounts."""
    assets: SeenAssets
    """Lists assets."""
    parties: SeenParties
    """Finds parties, and opens what is sealed of them."""
    transfers: SeenTransfers[SeenTransferList]
    """Finds transfers."""

    def __init__(self, of: Thalium, viewer: str) -> None:
        self._of = of
        self._viewer = json.dumps(viewer)
        self.accounts = SeenAccounts(self)
        self.assets = SeenAssets(self)
        self.parties = SeenParties(self)
        self.transfers = SeenTransfers(self, SeenTransferList)

    def _call(self, request: str) -> Any:
        # Every request is an object that names its operation, so there is a field before this one.
        return self._of._call(f'{request[:-1]}, "viewer": {self._viewer}}}')


class Thalium(SeenBooks):
    """An open ledger; a context manager that closes it.

    It can be used from several threads: requests of several become durable together. The interpreter's lock is released
    while it works.
    """

    accounts: Accounts
    """Opens accounts and finds them."""
    assets: Assets
    """Registers assets and lists them."""
    cases: Cases
    """Works on cases: their kinds, the register of staff, and what people do."""
    decisions: Decisions
    """Finds decisions on record, and decides them once more by other policies."""
    parties: Parties
    """Registers people and companies, seals what is known of them, and forgets them."""
    policies: Policies
    """Loads the policies that it decides by."""
    rollups: Rollups
    """Defines rollups, and puts trades into them."""
    transfers: Transfers
    """Finds transfers."""

    def __init__(self, ledger: _native.Ledger, address: str) -> None:
        self._ledger = ledger
        self._address = address
        self.accounts = Accounts(self)
        self.assets = Assets(self)
        self.cases = Cases(self)
        self.decisions = Decisions(self)
        self.parties = Parties(self)
        self.policies = Policies(self)
        self.rollups = Rollups(self)
        self.transfers = Transfers(self)

    def _call(self, request: str) -> Any:
        return json.loads(self._ledger.call(request))

    def __enter__(self) -> Thalium:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "open" if self._ledger.is_open() else "closed"
        return f"<thalium.{type(self).__name__} {self._address!r}, {state}>"

    def close(self) -> None:
        """Closes the ledger when the calls that are under way have ended. Closing again does nothing."""
        self._ledger.close()

    def seen_by(self, broker: Name) -> BrokerView:
        """The books as a broker sees them: its own clients only."""
        return BrokerView(self, name_text(broker, "broker"))

    # Commands.

    def submit(
        self,
        batch: Iterable[Command | Mapping[str, Any]],
        *,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> tuple[Outcome, ...]:
        """Submits commands together (see ``thalium.commands``), and returns when they are durable: one outcome each.

        A rejected command stops none of the others, unless they are linked. ``now`` is the clock's instant by default.
        """
        request = _request(
            "submit",
            commands=list(batch),
            now=instant_text(now, "now"),
            actor=actor,
            role=role,
            request_id=request_id,
            origin=origin,
        )
        return tuple(Outcome(told) for told in self._call(request))

    def _do(self, command: Command) -> Outcome:
        return self.submit([command])[0]

    def post(
        self,
        *,
        key: str | None = None,
        src: Name,
        dst: Name,
        amount: Amount,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        subject: Name | None = None,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        public: Iterable[str] = (),
        effective_date: date | str | None = None,
        code: int | None = None,
        id: UUID | int | str | None = None,
        user_data_128: UUID | int | str | None = None,
        user_data_64: int | None = None,
        user_data_32: int | None = None,
    ) -> Outcome:
        """Moves money at once, from ``src`` to ``dst``. A retry with the same key never books twice."""
        return self._do(
            commands.post(
                key=key,
                src=src,
                dst=dst,
                amount=amount,
                description=description,
                metadata=metadata,
                subject=subject,
                basis=basis,
                years=years,
                retention=retention,
                public=public,
                effective_date=effective_date,
                code=code,
                id=id,
                user_data_128=user_data_128,
                user_data_64=user_data_64,
                user_data_32=user_data_32,
            )
        )

    def hold(
        self,
        *,
        key: str | None = None,
        src: Name,
        dst: Name | None = None,
        amount: Amount,
        timeout: int | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        subject: Name | None = None,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        public: Iterable[str] = (),
        effective_date: date | str | None = None,
        code: int | None = None,
        id: UUID | int | str | None = None,
        user_data_128: UUID | int | str | None = None,
        user_data_64: int | None = None,
        user_data_32: int | None = None,
    ) -> Outcome:
        """Holds money of ``src``; by itself it is released after ``timeout`` seconds.

        Without ``dst`` it is meant for the account ``holds:ASSET``, which must exist.
        """
        return self._do(
            commands.hold(
                key=key,
                src=src,
                dst=dst,
                amount=amount,
                timeout=timeout,
                description=description,
                metadata=metadata,
                subject=subject,
                basis=basis,
                years=years,
                retention=retention,
                public=public,
                effective_date=effective_date,
                code=code,
                id=id,
                user_data_128=user_data_128,
                user_data_64=user_data_64,
                user_data_32=user_data_32,
            )
        )

    def capture(
        self,
        *,
        key: str | None = None,
        hold: Name,
        dst: Name | None = None,
        amount: Amount | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        subject: Name | None = None,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        public: Iterable[str] = (),
        effective_date: date | str | None = None,
        code: int | None = None,
        id: UUID | int | str | None = None,
        user_data_128: UUID | int | str | None = None,
        user_data_64: int | None = None,
        user_data_32: int | None = None,
    ) -> Outcome:
        """Moves held money, all of it unless ``amount`` says how much; what is left is released."""
        return self._do(
            commands.capture(
                key=key,
                hold=hold,
                dst=dst,
                amount=amount,
                description=description,
                metadata=metadata,
                subject=subject,
                basis=basis,
                years=years,
                retention=retention,
                public=public,
                effective_date=effective_date,
                code=code,
                id=id,
                user_data_128=user_data_128,
                user_data_64=user_data_64,
                user_data_32=user_data_32,
            )
        )

    def release(
        self,
        *,
        key: str | None = None,
        hold: Name,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        subject: Name | None = None,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        public: Iterable[str] = (),
        effective_date: date | str | None = None,
        code: int | None = None,
        id: UUID | int | str | None = None,
        user_data_128: UUID | int | str | None = None,
        user_data_64: int | None = None,
        user_data_32: int | None = None,
    ) -> Outcome:
        """Gives held money back."""
        return self._do(
            commands.release(
                key=key,
                hold=hold,
                description=description,
                metadata=metadata,
                subject=subject,
                basis=basis,
                years=years,
                retention=retention,
                public=public,
                effective_date=effective_date,
                code=code,
                id=id,
                user_data_128=user_data_128,
                user_data_64=user_data_64,
                user_data_32=user_data_32,
            )
        )

    def transaction(
        self,
        *,
        key: str | None = None,
        legs: Iterable[tuple[Name, str, Amount]],
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        subject: Name | None = None,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        public: Iterable[str] = (),
        effective_date: date | str | None = None,
        code: int | None = None,
        id: UUID | int | str | None = None,
        user_data_128: UUID | int | str | None = None,
        user_data_64: int | None = None,
        user_data_32: int | None = None,
    ) -> Outcome:
        """Books legs together, all or nothing; they balance in each asset. See ``commands.debit`` and ``commands.credit``."""
        return self._do(
            commands.transaction(
                key=key,
                legs=legs,
                description=description,
                metadata=metadata,
                subject=subject,
                basis=basis,
                years=years,
                retention=retention,
                public=public,
                effective_date=effective_date,
                code=code,
                id=id,
                user_data_128=user_data_128,
                user_data_64=user_data_64,
                user_data_32=user_data_32,
            )
        )

    def transfer(
        self,
        *,
        key: str | None = None,
        src: Name | None = None,
        dst: Name | None = None,
        amount: Amount | Literal["max"] | None = None,
        pending: Name | None = None,
        timeout: int | None = None,
        flags: Iterable[TransferFlag] = (),
        timestamp: datetime | str | None = None,
        description: str | None = None,
        metadata: Mapping[str, str] | None = None,
        subject: Name | None = None,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        public: Iterable[str] = (),
        effective_date: date | str | None = None,
        code: int | None = None,
        id: UUID | int | str | None = None,
        user_data_128: UUID | int | str | None = None,
        user_data_64: int | None = None,
        user_data_32: int | None = None,
    ) -> Outcome:
        """A transfer with every field and flag of the ledger; ``amount="max"`` moves as much as there is."""
        return self._do(
            commands.transfer(
                key=key,
                src=src,
                dst=dst,
                amount=amount,
                pending=pending,
                timeout=timeout,
                flags=flags,
                timestamp=timestamp,
                description=description,
                metadata=metadata,
                subject=subject,
                basis=basis,
                years=years,
                retention=retention,
                public=public,
                effective_date=effective_date,
                code=code,
                id=id,
                user_data_128=user_data_128,
                user_data_64=user_data_64,
                user_data_32=user_data_32,
            )
        )

    def post_columns(self, columns: Any, *, asset: str | None = None) -> PostOutcomes:
        """Books a post for each row of a table, in order; returns when all of it is durable.

        ``columns`` is anything with Arrow's ``__arrow_c_stream__`` (pandas, polars, pyarrow, DuckDB), or a mapping of names to
        Arrow arrays, buffers (numpy) or lists: ``key`` or ``id``, ``src``, ``dst``, ``units`` (whole numbers of smallest units)
        or ``amount`` (decimals, or text), and where they differ ``asset``, ``code``, ``effective_date``, ``description``.
        Accounts are keys, plain or as a dictionary, or ids: numbers, UUIDs, 16 bytes. Everything is read before the first row
        is booked.
        """
        return self._post_columns(collect(columns), asset)

    def _post_columns(self, columns: _native.Columns, asset: str | None) -> PostOutcomes:
        return PostOutcomes(self._ledger.post_columns(columns, asset))

    def import_tables(
        self,
        *,
        accounts: str | PathLike[str] | None = None,
        transfers: str | PathLike[str] | None = None,
        form: TableForm | None = None,
    ) -> TablesReport:
        """Takes in tables that were exported, under their ids and at their times. With both the balances are compared in the
        end; an import that was cut short is gone on with."""
        files = {
            "accounts": None if accounts is None else fspath(accounts),
            "transfers": None if transfers is None else fspath(transfers),
        }
        return TablesReport(self._call(_request("import_tables", **files, form=form)))

    def import_blnk(
        self,
        directory: str | PathLike[str],
        *,
        assets: Mapping[str, str] | None = None,
        without_metadata: bool = False,
        dry_run: bool = False,
        accept_differences: bool = False,
    ) -> BlnkReport:
        """Takes over what Blnk holds, from a directory with the lists that its API returned. It is rehearsed in memory first;
        where money is missing or counted otherwise nothing is imported, unless that is accepted."""
        told = self._call(
            _request(
                "import_blnk",
                **{"from": fspath(directory)},
                assets=dict(assets or {}),
                without_metadata=without_metadata,
                dry_run=dry_run,
                accept_differences=accept_differences,
            )
        )
        return BlnkReport(told)

    # Questions.

    def sync(
        self,
        *,
        customer: str,
        accounts: Iterable[Name],
        request: str | Mapping[str, Any],
        payees: Iterable[Name] = (),
        cases: Mapping[str, Any] | None = None,
        now: datetime | str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> str:
        """Books what a customer's device asks for, as far as the customer may, and gives the text to send back: what became
        of it, and what is new on the customer's accounts. The same request sent again books nothing twice.

        ``customer`` is who was authenticated, ``accounts`` are theirs, ``request`` is what the device sent; ``payees`` are the
        accounts to which they may send money, and those under which such accounts stand: by default their own alone. ``cases``
        says what of cases is theirs and what they may be told of it, by default nothing: ``parties``, who they are; ``documents``
        that may come unasked; ``forms``, by their events the variables; ``states`` and ``reasons`` that they may know.
        """
        told = self._call(
            _request(
                "sync",
                customer=customer,
                accounts=[name_text(account, "accounts") for account in accounts],
                payees=[name_text(account, "payees") for account in payees],
                request=request,
                cases=cases,
                now=instant_text(now, "now"),
                request_id=request_id,
                origin=origin,
            )
        )
        return json.dumps(told, ensure_ascii=False)

    def klines(
        self,
        symbol: str,
        width: str,
        start: datetime | str | None = None,
        end: datetime | str | None = None,
        *,
        rollup: str = "klines",
        limit: int | None = None,
        fill: bool = False,
    ) -> Klines:
        """The candles of a symbol that begin at ``start`` or later and before ``end``, oldest first, as a sequence and a table:
        ``t.klines("BTC-ZAR", "1h", start, end).to_polars()``.

        ``width`` is one of the levels of ``rollup``. With ``start`` and ``end`` and no ``limit`` these are all of them, page after page;
        else at most ``limit`` (500; up to 10,000): with ``start`` the first, and ``next`` tells where to go on if there are more;
        without it, the last. A bucket in which nothing has happened is left out; with ``fill``, each between two in which anything has
        is told too, with the close before it and no trades.

        Prices, quantities and turnovers are exact ``Decimal``; ``start`` and ``end`` are aware datetimes or RFC 3339 text. An
        ``InvalidError`` names the field where there is no such rollup, the width is none of its levels, or ``start`` is after ``end``.
        """
        question, all_pages = kline_question(symbol, width, start, end, rollup, limit, fill)
        told = self._paged("klines", "klines", question, all_pages)
        return Klines({"symbol": symbol, "width": width, **told})

    def decide(
        self,
        path: str,
        input: Any = UNDEFINED,
        *,
        policy: str | None = None,
        now: datetime | str | None = None,
        strict: bool = False,
        subject: Name | None = None,
        retention: str | None = None,
        concerns: str | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        decision_id: UUID | str | None = None,
    ) -> Decided:
        """Decides at a path of verdicts by a policy that ``t.policies.load`` loaded, and puts on record what was asked, what was answered
        and by which policy; returns when that is durable:
        ``t.decide("aml/verdict", {"cents": 700_000}, subject="zodwa", retention="aml", concerns="w-17").verdict.outcome``.

        ``policy`` is the name that it was loaded under (``policy``). An input is what ``thalium.Policy`` takes: its numbers are exact, a float
        is a ``TypeError``. With a ``subject`` input and answer are sealed with that party's own key: by law for as long as the class
        ``retention`` says, or else by consent. ``concerns`` is the caller's own key of what it is about, ``decision_id`` a UUID, which is
        made if it is left out; they, ``actor`` and ``request_id`` are kept in the clear.

        What comes to no verdict is an exception, and no permission: whoever asked must deny. An ``UndecidedError`` is on record, too; after an
        ``InvalidError``, which names the field (a policy, a path or a party that is not there), nothing is.
        """
        request = decide_request(
            path, input, policy, now, strict, subject, retention, concerns, actor, request_id, decision_id
        )
        try:
            told = self._call(request)
        except ThaliumError as error:
            raise no_permission(error) from None
        return Decided(told)

    def trial_balance(self, *, at: datetime | date | str | None = None) -> tuple[TrialBalanceView, ...]:
        """The balances of every account, asset by asset, now or after everything up to an instant."""
        told = self._call(_request("trial_balance", at=instant_text(at, "at")))
        return tuple(TrialBalanceView(trial) for trial in told)

    def root(self) -> Root:
        """The size of the log and the root of its Merkle tree."""
        return Root(self._call(_request("root")))

    def check(self) -> Checked:
        """Checks every invariant of the books, and gives the digest of the state."""
        return Checked(self._call(_request("check")))

    def stats(self) -> Stats:
        """How large the ledger is."""
        return Stats(self._call(_request("stats")))

    def health(self) -> Health:
        """Whether it takes requests, what waits, and whether the disk has room."""
        return Health(self._call(_request("health")))

    def metrics(self) -> str:
        """Figures for a dashboard in the OpenMetrics text format."""
        return str(self._call(_request("metrics")))

    # Running it.

    def drain(self) -> None:
        """Takes no more requests, and returns when all that was taken is durable: the first step of a hand-over."""
        self._call(_request("drain"))

    def rotate_keys(self) -> int:
        """Encrypts what is written from now on with a new data key, and gives its number."""
        return int(self._call(_request("rotate_keys")))

    def rewrap_keys(
        self,
        *,
        key_file: str | PathLike[str] | None = None,
        key: str | None = None,
        passphrase: str | None = None,
    ) -> None:
        """Wraps the data keys with another key, which opens the ledger from now on."""
        file = None if key_file is None else fspath(key_file)
        self._call(_request("rewrap_keys", key_file=file, key=key, passphrase=passphrase))

    def check_keys(self) -> int:
        """Unwraps every data key, and gives how many there are."""
        return int(self._call(_request("check_keys")))

    def rotate_subject_keys(self) -> int:
        """Wraps the keys of people with a new key of the tenant's, and gives its number; what an old copy of them holds is of no
        more use."""
        return int(self._call(_request("rotate_subject_keys")))

    def check_subject_keys(self) -> SubjectKeysReport:
        """Unwraps every key of a person's, and tells which cannot be had."""
        return SubjectKeysReport(self._call(_request("check_subject_keys")))


class Assets(SeenAssets):
    """Registers assets and lists them."""

    _of: Thalium

    def create(
        self, *, code: str, scale: int, kind: str | Mapping[str, Any] | None = None, ledger: int | None = None
    ) -> Outcome:
        """Registers an asset. The currencies of ISO 4217 are there without it."""
        return self._of._do(commands.asset(code=code, scale=scale, kind=kind, ledger=ledger))

class Accounts(SeenAccounts):
    """Opens accounts and finds them: ``t.accounts["c42:ZAR"]``, ``for account in t.accounts``."""

    _of: Thalium

    def create(
        self,
        *,
        key: str | None = None,
        asset: str,
        kind: AccountKind | None = None,
        parent: Name | None = None,
        name: str | None = None,
        overdraft: bool = False,
        flags: Iterable[AccountFlag] = (),
        code: int | None = None,
        metadata: Mapping[str, str] | None = None,
        subject: Name | None = None,
        basis: Basis | None = None,
        years: int | None = None,
        retention: str | None = None,
        public: Iterable[str] = (),
        id: UUID | int | str | None = None,
        user_data_128: UUID | int | str | None = None,
        user_data_64: int | None = None,
        user_data_32: int | None = None,
        timestamp: datetime | str | None = None,
    ) -> Outcome:
        """Opens an account. What the book owes may not be overdrawn, unless ``overdraft`` says so."""
        return self._of._do(
            commands.account(
                key=key,
                asset=asset,
                kind=kind,
                parent=parent,
                name=name,
                overdraft=overdraft,
                flags=flags,
                code=code,
                metadata=metadata,
                subject=subject,
                basis=basis,
                years=years,
                retention=retention,
                public=public,
                id=id,
                user_data_128=user_data_128,
                user_data_64=user_data_64,
                user_data_32=user_data_32,
                timestamp=timestamp,
            )
        )

    def columns(self) -> Table:
        """All accounts with their balances, as columns."""
        return Table(self._of._ledger.account_columns())

    # Only where nothing has to be awaited.

    def export(self, file: str | PathLike[str], *, form: TableForm | None = None) -> int:
        """Writes the accounts with their balances as CSV, JSON lines or Parquet, as the file's name or ``form`` tells; gives the
        number of rows. The file is there whole or not at all."""
        return cast(int, self._of._call(_request("export_table", table="accounts", file=fspath(file), form=form)))



class Parties(SeenParties):
    """Registers people and companies, seals what is known of them, and forgets them: ``t.parties["c42"]``."""

    _of: Thalium

    def register(
        self,
        *,
        key: str | None = None,
        kind: PartyKind = "person",
        broker: Name | None = None,
        id: UUID | int | str | None = None,
    ) -> Outcome:
        """Registers a party. The key stands in the log in the clear: no personal data in it."""
        return self._of._do(commands.register_party(key=key, kind=kind, broker=broker, id=id))

    def amend(
        self,
        party: Name,
        *,
        kyc_level: int | None = None,
        risk: RiskLevel | None = None,
        set: Iterable[str] = (),
        clear: Iterable[str] = (),
        ended: date | str | None = None,
        resumed: bool = False,
    ) -> Outcome:
        """Changes what is known of a party: its levels, its flags, the end of the relationship."""
        return self._of._do(
            commands.amend_party(
                party=party, kyc_level=kyc_level, risk=risk, set=set, clear=clear, ended=ended, resumed=resumed
            )
        )

    def relate(
        self,
        src: Name,
        dst: Name,
        *,
        role: RelationRole,
        since: date | str | None = None,
        until: date | str | None = None,
        share: str | None = None,
    ) -> Outcome:
        """Says what ``src`` is to ``dst``. To end a relation is to say it again with ``until``."""
        return self._of._do(
            commands.relate_parties(src=src, dst=dst, role=role, since=since, until=until, share=share)
        )

    def assign(
        self,
        party: Name,
        account: Name,
        *,
        role: AccountRole = "owner",
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Outcome:
        """Gives an account to a party. To take it away is to say it again with ``until``."""
        return self._of._do(
            commands.assign_account(party=party, account=account, role=role, since=since, until=until)
        )

    def seal(self, party: Name, fields: Mapping[str, PersonalField | Mapping[str, Any]]) -> Outcome:
        """Takes down personal data, sealed with the party's own keys before it is kept."""
        return self._of._do(commands.seal_data(party=party, fields=fields))

    def merge(self, party: Name, *, into: Name) -> Outcome:
        """Makes two records of one party one: ``party`` is found under ``into`` from now on."""
        return self._of._do(commands.merge_parties(party=party, into=into))

    def split(self, party: Name) -> Outcome:
        """Undoes a merger."""
        return self._of._do(commands.split_party(party=party))

    def place_hold(
        self, party: Name, name: str, *, until: date | str | None = None, reason: str | None = None
    ) -> Outcome:
        """Places a legal hold: nothing of the party is forgotten while it is in force."""
        return self._of._do(commands.place_hold(party=party, name=name, until=until, reason=reason))

    def lift_hold(self, party: Name, name: str) -> Outcome:
        """Lifts a legal hold."""
        return self._of._do(commands.lift_hold(party=party, name=name))

    def forget(self, party: Name, *, scope: ForgetScope = "all") -> Outcome:
        """Forgets a party: its keys are destroyed, and what was sealed with them is gone for ever."""
        return self._of._do(commands.forget_party(party=party, scope=scope))

    def grant_access(
        self, actor: str, *, until: datetime | date | str, party: Name | None = None
    ) -> Outcome:
        """Lets someone read the access log until an instant: of a party, of a broker and its clients, or of all."""
        return self._of._do(commands.grant_access(actor=actor, until=until, party=party))

    def revoke_access(self, actor: str) -> Outcome:
        """Takes back all that someone was granted."""
        return self._of._do(commands.revoke_access(actor=actor))

    def define_retention(self, name: str, *, years: int, law: str | None = None) -> Outcome:
        """Says how long a law has data of a retention class kept. Said again it is changed, and what was sealed under it follows."""
        return self._of._do(commands.define_retention(name=name, years=years, law=law))

    def tokens(
        self, identifier: IdentifierKind, values: Iterable[str], *, purpose: str
    ) -> tuple[str | None, ...]:
        """The token of each identifier for a purpose: the same for the same, to join tables by; ``None`` where a value is none of
        its kind. At most 10,000 at a time."""
        told = self._of._call(
            _request("make_tokens", purpose=purpose, identifier=identifier, values=tuple(values))
        )
        return tuple(told)

    def mask(self, values: Iterable[str], *, purpose: str) -> tuple[str | None, ...]:
        """Each text with other digits in the place of its own, always the same ones: a card or a phone number that still looks like
        one; ``None`` where there are fewer than 6 digits or more than 64. At most 10,000 at a time."""
        told = self._of._call(_request("mask_digits", purpose=purpose, values=tuple(values)))
        return tuple(told)

    def grants(self) -> tuple[GrantView, ...]:
        """Who may read the access log."""
        return tuple(GrantView(grant) for grant in self._of._call(_request("list_grants")))

    def access_log(
        self,
        party: Name | None = None,
        *,
        actor: str | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> AccessPage:
        """Who read personal data, what and why: of a party, or of all. Who asks must have been granted it."""
        of = None if party is None else name_text(party, "party")
        request = _request("access_log", party=of, actor=actor, after=after, limit=limit)
        return AccessPage(self._of._call(request))


class Rollups:
    """Defines rollups, and puts trades into them: what is asked of their candles is ``t.klines``.

    A rollup is a definition by name; the trades that are put into it are durable in the ledger's directory, and candles of every level
    come out at once, exactly, and again when a trade was late, wrong or taken back.
    """

    def __init__(self, of: Thalium) -> None:
        self._of = of

    def define(
        self,
        name: str,
        *,
        of: str | None = None,
        levels: Iterable[str] | None = None,
        zone: str | None = None,
        origin: date | datetime | str | None = None,
        offset: str | None = None,
        delay: str | None = None,
        late: LateView | None = None,
        horizon: str | None = None,
        keep: Mapping[str, str] | None = None,
        price_scale: int | None = None,
        quantity_scale: int | None = None,
    ) -> RollupView:
        """Defines a rollup, or defines one anew, and gives it:
        ``t.rollups.define("klines", levels=["1m", "1h", "1d"], zone="Africa/Johannesburg", price_scale=2, keep={"1m": "30d"})``.

        ``of`` is the rollup whose trades it is made of; without, it has its own. ``levels`` are widths of buckets, the finest first
        (``1m 5m 15m 1h 4h 1d 1w 1M``), by the clocks of ``zone`` (UTC), counted from what these show at the ``origin``, a day or a time
        without a zone (Monday, 2000-01-03), and moved by the ``offset``: days from 17:00 to 17:00 by ``-7h``. The watermark is ``delay`` (``5s``) behind the newest trade of a
        symbol; what becomes of trades whose bucket is closed is ``late`` (``correct``), for ``horizon`` (``1h``). ``keep`` says of levels how
        long their buckets are kept (for ever). Scales are digits behind the point, up to 18 (8, or those of the rollup it is ``of``).

        The same definition again changes nothing; another one makes the next version, from all trades that were ever taken. An
        ``InvalidError`` names the field that is wrong, or cannot be changed any more.
        """
        request = _request(
            "define_rollup",
            name=name,
            of=of,
            levels=None if levels is None else [*levels],
            zone=zone,
            origin=local_text(origin, "origin"),
            offset=offset,
            delay=delay,
            late=late,
            horizon=horizon,
            keep=None if keep is None else dict(keep),
            price_scale=price_scale,
            quantity_scale=quantity_scale,
        )
        return RollupView(self._of._call(request))

    def drop(self, name: str) -> None:
        """Takes a rollup away; its name can be defined again, and begins without trades. An ``InvalidError`` where there is none, or
        others are made of it."""
        self._of._call(_request("drop_rollup", name=name))

    def list(self) -> tuple[RollupView, ...]:
        """The rollups, by name."""
        return tuple(RollupView(told) for told in self._of._call(_request("list_rollups")))

    def ingest(
        self,
        rollup: str,
        trades: Iterable[Trade | Mapping[str, Any]] | ArrowStream | ArrowArray,
        *,
        columns: Mapping[str, str] | None = None,
        bad_rows: BadRows | None = None,
        now: datetime | str | None = None,
    ) -> IngestReport:
        """Puts trades into a rollup, in order, and returns when they are durable: at most 65,536 of them (see ``thalium.Trade``), or a table.
        ``t.rollups.ingest("klines", [dict(symbol="BTC-ZAR", at=at, id=7, price="60000.00", quantity="0.5", taker="buyer")])``.

        A row that is not taken fails the call with an ``InvalidError`` that names it, as in ``trades[3].price``, and nothing has changed;
        with ``bad_rows="keep"`` the others are taken, and ``faults`` tells which were not. Where the policy is ``correct``, a trade
        that comes twice, by its instant and id, counts once. ``now`` is the clock's instant by default: no trade is more than
        a minute ahead of it. Everything is read before anything is sent.

        A table is anything with Arrow's ``__arrow_c_stream__`` or ``__arrow_c_array__`` (pyarrow, polars, pandas, DuckDB), for millions of
        trades without an object for each: ``at`` (timestamps, in UTC if they have no zone, or nanoseconds as ``int64``), ``symbol`` (text,
        plain or as a dictionary), ``price`` and ``quantity`` (decimals, or decimal text) or ``price_units`` and ``quantity_units`` (``int64``
        or ``uint64``, in units of the last digit), and where they are known ``id`` (``int64`` or ``uint64``) and ``taker``. Other columns
        are refused: select those that are needed, and say with ``columns={"quantity": "size"}`` where one has another name. Up to 4,194,304
        rows are taken together; more of them in parts of so many, each durable before the next is begun, and the error of a row tells
        from which on nothing was taken.
        """
        if isinstance(trades, ArrowStream | ArrowArray):
            call = json.dumps({"rollup": rollup, "bad_rows": bad_rows, "now": instant_text(now, "now")})
            table = collect_table(trades, columns)
            return IngestReport(json.loads(self._of._ledger.ingest_columns(table, call)))
        if columns is not None:
            raise TypeError("columns: are of a table, and these are rows: name their fields as a trade has them")
        rows = trade_rows(trades)
        request = _request("ingest_trades", rollup=rollup, trades=rows, bad_rows=bad_rows, now=instant_text(now, "now"))
        return IngestReport(self._of._call(request))

    def correct(
        self, rollup: str, trade: Trade | Mapping[str, Any], *, now: datetime | str | None = None
    ) -> TradeView:
        """Puts a trade in the place of that with its symbol, instant and id, and gives what that was. An ``InvalidError`` where there
        is none, it is too late, or the policy is not ``correct``."""
        row = trade_row(trade, "trade")
        request = _request("correct_trade", rollup=rollup, trade=row, now=instant_text(now, "now"))
        return TradeView(self._of._call(request))

    def remove(self, rollup: str, *, symbol: str, at: datetime | str, id: int | str) -> TradeView:
        """Takes the trade with a symbol, instant and id back, and gives what it was. Errors are those of ``correct``."""
        place = {"symbol": symbol, "at": instant_text(at, "at"), "id": id_text(id, "id")}
        return TradeView(self._of._call(_request("remove_trade", rollup=rollup, **place)))

    def advance(self, rollup: str, now: datetime | str | None = None) -> None:
        """Tells a rollup what time it is, by default the clock's: buckets close in which nothing happens any more. It is for who
        knows that nothing earlier is on its way."""
        self._of._call(_request("advance_rollup", rollup=rollup, now=instant_text(now, "now")))

    def symbols(self, rollup: str) -> Iterator[SymbolView]:
        """The symbols of a rollup by name, each with its newest price, when that was traded, and its watermark."""
        after: str | None = None
        while True:
            told = self._of._call(_request("list_symbols", rollup=rollup, after=after, limit=_PAGE))
            page = SymbolPage(told)
            for symbol in page.symbols:
                yield symbol
            if page.next is None:
                break
            after = page.next

    def symbols_page(self, rollup: str, *, after: str | None = None, limit: int | None = None) -> SymbolPage:
        """A page of the symbols of a rollup (500; up to 10,000); its ``next`` is what the next page comes ``after``."""
        return SymbolPage(self._of._call(_request("list_symbols", rollup=rollup, after=after, limit=limit)))

    def changes(self, rollup: str, *, after: int = 0, limit: int | None = None) -> ChangePage:
        """What has become of a rollup: its changes behind the one with the number ``after``, in order, at most ``limit`` (500; up to
        10,000): buckets that were ``closed`` or ``revised``, and trades that were ``refused``.

        ``next`` is the ``after`` of the next question, ``lost`` how many of those asked for are not there any more: the newest 100,000
        are kept. Numbers begin again with a new ``version``.
        """
        return ChangePage(self._of._call(_request("rollup_changes", rollup=rollup, after=after, limit=limit)))


class Policies:
    """Loads the policies that a ledger decides by: what is asked of them is ``t.decide``.

    Each has a name (``policy``, where nothing is said) and is replaced whole, for all who ask from then on. They are loaded where the
    process begins, and not stored with the ledger.
    """

    def __init__(self, of: Thalium) -> None:
        self._of = of

    def load(
        self,
        bundle: Bundle,
        name: str | None = None,
        *,
        keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
        shadow: bool = False,
        now: datetime | str | None = None,
    ) -> LoadedPolicy:
        """Puts a bundle in force, and gives it with the versions before it: ``t.policies.load("policies")``. It is a path, as of
        ``thalium.Policy.open``, or files by their names, as of ``thalium.Policy.of``; with ``keys`` it must be signed by one of them.

        With ``shadow`` it is tried out: it is asked beside the one in force, and decides nothing; what it would decide otherwise is told
        by ``list``. A bundle that is refused is a ``PolicyError`` with the file and the row, and replaces nothing; an ``InvalidError`` names
        the field where the name is none, or there is nothing in force to try a shadow beside.
        """
        return LoadedPolicy(self._of._call(load_request(bundle, name, keys, shadow, now)))

    def roll_back(self, name: str | None = None) -> LoadedPolicy:
        """Puts the version before in force again; the last eight are kept. An ``InvalidError`` where there is none."""
        return LoadedPolicy(self._of._call(_request("roll_back_policy", name=name)))

    def drop(self, name: str | None = None, *, shadow: bool = False) -> None:
        """Takes a policy away, or with ``shadow`` only what is tried out beside it. An ``InvalidError`` where there is none."""
        self._of._call(_request("drop_policy", name=name, shadow=shadow))

    def list(self) -> tuple[LoadedPolicy, ...]:
        """The policies by name, each with the version in force, those before it, and what came of its shadow: how many decisions
        are the ``same``, how many have the same outcome for other reasons (``changed``), how many are ``flipped``, and the newest of these."""
        return tuple(LoadedPolicy(told) for told in self._of._call(_request("list_policies")))


class Decisions:
    """Finds decisions on record: ``t.decisions(outcome="deny")``, ``t.decisions.replay("policies-next")``."""

    def __init__(self, of: Thalium) -> None:
        self._of = of

    def __call__(
        self,
        *,
        decision_id: UUID | str | None = None,
        path: str | None = None,
        policy: str | None = None,
        outcome: VerdictOutcome | None = None,
        subject: Name | None = None,
        concerns: str | None = None,
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
        after: int | None = None,
        limit: int | None = None,
        masks: Iterable[str | Mask | Mapping[str, Any]] | None = None,
        why: str | None = None,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> DecisionList:
        """The decisions that match all that is given, the oldest first, from ``start`` on and before ``end`` (a date is up to its end):
        ``[one["decision_id"] for one in t.decisions(subject="zodwa", why="complaint 12", masks=["/input/name"])]``.

        Each is a dict with the names of Open Policy Agent's decision logs (``decision_id``, ``timestamp``, ``path``, ``bundles``, ``input``,
        ``result`` or ``error``, ``requested_by``, ``req_id``, ``erased``, ``masked``) and ``number``, ``outcome``, ``concerns``, ``subject``,
        ``retention``; what is not there is left out. Its numbers are exact: ``int`` and ``Decimal``.

        Of what is ``sealed`` there is neither ``input`` nor ``result``. With ``why`` it is opened, and who read it is on record before any of
        it is told, as ``now``, ``actor``, ``role``, ``request_id`` and ``origin`` say; where the subject was forgotten it stays closed
        (``subject_forgotten``). ``masks`` leave out what stands at JSON pointers below ``/input`` and ``/result``, or replace it (see
        ``thalium.Mask``). Nothing is read before it is asked for; an ``InvalidError`` names the field that is wrong.
        """
        query = decision_query(
            decision_id, path, policy, outcome, subject, concerns, start, end, after, masks, why, now, actor, role, request_id, origin
        )
        return DecisionList(self._of, query, limit)

    def replay(
        self,
        bundle: Bundle,
        *,
        keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
        path: str | None = None,
        policy: str | None = None,
        start: datetime | date | str | None = None,
        end: datetime | date | str | None = None,
        limit: int | None = None,
    ) -> ReplayReport:
        """Decides once more what is on record, each at its own instant, by another bundle (as of ``t.policies.load``): how many come to the
        ``same``, how many to the same outcome for other reasons (``changed``), and which are ``flipped``:
        ``t.decisions.replay("policies-next", path="aml/verdict", start="2026-01-01").flips``.

        ``policy`` is the name that those are loaded under which decided: another tenant's are left as they are. All are counted, and ``limit`` (1,000; up to 100,000) of the flips are told, with the numbers of their reasons. Nothing is booked, and
        of what is sealed nothing else is told. A bundle that is refused is a ``PolicyError``.
        """
        return ReplayReport(self._of._call(replay_request(bundle, keys, path, policy, start, end, limit)))


class DecisionList:
    """Decisions on record that were asked for: iterate over them, or take a page."""

    def __init__(self, of: Thalium, query: DecisionQuery, limit: int | None) -> None:
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
            raise InvalidError("limit: give a whole number, or nothing for all", field="limit")
        self._of = of
        self._query = query
        self._limit = limit

    def page(self, *, after: int | None = None) -> DecisionPage:
        """A page of them (100, or ``limit``; up to 10,000); its ``next`` is what the next page comes ``after``."""
        return DecisionPage(self._of._call(self._query.request(after, self._limit)))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        after: int | None = None
        left = self._limit
        while left is None or left > 0:
            page = DecisionPage(self._of._call(self._query.request(after, _page_limit(left))))
            for decision in page.decisions:
                yield decision
            if page.next is None:
                break
            after = page.next
            left = None if left is None else left - len(page.decisions)


class Cases:
    """Works on cases: ``t.cases.define(kind, charts)``, ``t.cases.open("case-7", "individual")``, ``t.cases.list(queue="senior")``.

    What is done to a case is durable when the call returns. A refusal is a value: ``outcome.ok`` is false, ``code`` says why, and nothing has
    changed. Every change takes ``actor``, who asks (by default who opened the ledger; roles are those of the register of staff),
    ``request_id``, by which the same request is not done twice (``replayed``), and ``now``, by default the clock's instant. ``data`` is a mapping
    whose numbers are exact: a float is a ``TypeError``. A call that means nothing is an ``InvalidError`` with its field.
    """

    def __init__(self, of: Thalium) -> None:
        self._of = of

    def define(
        self,
        kind: Source,
        charts: Iterable[Source],
        *,
        policy: Bundle | None = None,
        keys: Iterable[PolicyKey | Mapping[str, str]] | None = None,
        dialect: Literal["strict", "javascript"] | None = None,
        actor: str | None = None,
        now: datetime | str | None = None,
    ) -> KindView:
        """Defines a kind of case, or defines one anew, and gives it: texts of JSON or YAML (charts of SCXML, too), bytes in UTF-8 or mappings.

        ``charts`` are the chart of the kind and all that it invokes; ``policy`` is what guards ask (``{"rego": "kyc/high"}``): the path of
        a bundle or its files, as of ``thalium.Policy``; with ``keys`` it must be signed by one of them. Its files are kept with the kind.
        ``dialect`` is how JSON Logic takes values of other kinds. Cases that are there stay with the version that they were opened in. What
        is refused is a ``ChartError`` with all that is wrong by row, column and path.
        """
        return KindView(self._of._call(define_request(kind, charts, policy, keys, dialect, actor, now)))

    def kinds(self) -> tuple[KindView, ...]:
        """The kinds of cases, each in its newest version."""
        return tuple(KindView(told) for told in self._of._call(_request("list_kinds")))

    def set_staff(
        self,
        person: str,
        roles: Iterable[str],
        *,
        away: bool = False,
        actor: str | None = None,
        now: datetime | str | None = None,
    ) -> StaffView:
        """Says what somebody may do; without ``roles`` they are taken off the register. Who is ``away`` is given no work."""
        return StaffView(self._of._call(staff_request(person, roles, away, actor, now)))

    def staff(self) -> tuple[StaffView, ...]:
        """The register of staff, by name."""
        return tuple(StaffView(told) for told in self._of._call(_request("list_staff")))

    def open(
        self,
        case: str,
        kind: str,
        data: Mapping[str, Any] | None = None,
        *,
        party: Name | None = None,
        retention: str | None = None,
        parent: str | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Opens a case under a key of the caller's own: ``t.cases.open("case-7", "individual", {"party": "c42"}, party="c42", retention="aml")``.

        ``data`` is what the variables of its chart begin with, by name. With a ``party`` the case is sealed with that party's own key: by law for
        as long as the class ``retention`` says, or else by consent. ``parent`` is the key of the case that it is opened for.
        """
        change = {
            "kind": kind,
            "party": None if party is None else name_text(party, "party"),
            "retention": retention,
            "parent": parent,
        }
        return CaseOutcome(self._of._call(change_request("open", case, change, data, actor, request_id, now)))

    def send(
        self,
        case: str,
        event: str,
        data: Mapping[str, Any] | None = None,
        *,
        session: str | None = None,
        invoke_id: str | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Tells the chart of a case an event, with what it carries. With ``session`` a session below is told, by its id; what a service tells that
        the chart invoked comes with its ``invoke_id``. ``heard`` says whether anything came of it."""
        change = {"event": event, "session": session, "invoke_id": invoke_id}
        return CaseOutcome(self._of._call(change_request("send", case, change, data, actor, request_id, now)))

    def advance(
        self,
        case: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Lets time pass for a case: what is due happens."""
        return CaseOutcome(self._of._call(change_request("advance", case, {}, None, actor, request_id, now)))

    def assign(
        self,
        case: str,
        to: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Gives a case to somebody, who has to be on the register of staff."""
        change = {"to": to}
        return CaseOutcome(self._of._call(change_request("assign", case, change, None, actor, request_id, now)))

    def claim(
        self,
        case: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Takes a case from its queue: who asks works on it."""
        return CaseOutcome(self._of._call(change_request("claim", case, {}, None, actor, request_id, now)))

    def release(
        self,
        case: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Gives a case back to its queue: nobody works on it any more."""
        return CaseOutcome(self._of._call(change_request("release", case, {}, None, actor, request_id, now)))

    def note(
        self,
        case: str,
        text: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Writes something down in the log of a case."""
        change = {"text": text}
        return CaseOutcome(self._of._call(change_request("note", case, change, None, actor, request_id, now)))

    def snooze(
        self,
        case: str,
        until: datetime | str,
        why: str,
        *,
        pause: bool = False,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Lets a case rest until an instant. With ``pause`` its time rests, too: its timers are due as their ``restore`` says when it
        goes on, which it does when anything but a note is done to it.
        """
        change = {"until": instant_text(until, "until"), "why": why, "pause": pause}
        return CaseOutcome(self._of._call(change_request("snooze", case, change, None, actor, request_id, now)))

    def wake(
        self,
        case: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Wakes a case that rests."""
        return CaseOutcome(self._of._call(change_request("wake", case, {}, None, actor, request_id, now)))

    def request_document(
        self,
        case: str,
        document: str,
        why: str | None = None,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Asks for a document."""
        change = {"document": document, "why": why}
        return CaseOutcome(self._of._call(change_request("request_document", case, change, None, actor, request_id, now)))

    def submit_document(
        self,
        case: str,
        document: str,
        hash: str,
        *,
        file: str | None = None,
        valid_until: datetime | str | None = None,
        data: Mapping[str, Any] | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Hands in a document: ``hash`` is the SHA-256 of its bytes in hexadecimal (``hashlib.sha256(bytes).hexdigest()``), ``file`` where the host
        keeps it, ``valid_until`` when it is not valid any more. ``data`` is what the chart is told beside that."""
        change = {"document": document, "hash": hash, "file": file, "valid_until": instant_text(valid_until, "valid_until")}
        return CaseOutcome(self._of._call(change_request("submit_document", case, change, data, actor, request_id, now)))

    def decide_document(
        self,
        case: str,
        document: str,
        finding: Finding,
        seen: str,
        reasons: Iterable[str] = (),
        *,
        valid_until: datetime | str | None = None,
        data: Mapping[str, Any] | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Says what was found of a document: ``approve``, ``reject``, or ``revise`` to have it handed in again. ``seen`` is the hash of what was looked
        at: of a document that was handed in anew meanwhile it is refused. ``reasons`` are codes of the kind."""
        change = {
            "document": document,
            "finding": finding,
            "seen": seen,
            "reasons": texts(reasons, "reasons"),
            "valid_until": instant_text(valid_until, "valid_until"),
        }
        return CaseOutcome(self._of._call(change_request("decide_document", case, change, data, actor, request_id, now)))

    def attach(
        self,
        case: str,
        name: str,
        hash: str,
        *,
        file: str | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Attaches evidence, such as a report, by the SHA-256 of its bytes in hexadecimal; what has that ``name`` is replaced."""
        change = {"name": name, "hash": hash, "file": file}
        return CaseOutcome(self._of._call(change_request("attach", case, change, None, actor, request_id, now)))

    def callback(
        self,
        case: str,
        data: Mapping[str, Any],
        *,
        body: str | bytes | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Delivers the callback of a provider, by the ``data`` of what was read of it:
        ``t.cases.callback("case-7", kyc.read_callback(...).data)``.

        The case knows which came before (``replayed``: nothing is done) and which was overtaken by a newer one (``late``: it is in the log, and the
        chart does not hear it), so every delivery can be handed on as it comes, also to a case that has ended. With ``body``, its bytes as they
        came, the original is kept in the log, sealed to whom the case is about.
        """
        change = {"body": None if body is None else body_text(body)}
        return CaseOutcome(self._of._call(change_request("callback", case, change, data, actor, request_id, now)))

    def decide(
        self,
        case: str,
        decision: str,
        seen: str,
        reasons: Iterable[str] = (),
        *,
        comment: str | None = None,
        data: Mapping[str, Any] | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Votes for a decision: ``t.cases.decide("case-7", "approve", case.evidence_digest, ["false_positive"], actor="ann")``.

        ``seen`` is the ``evidence_digest`` of the case that was looked at: if anything has changed since, the vote is refused (``stale``), and votes
        that were given are void. One person votes once (``same_person``); the decision is taken when as many have voted as the kind asks for.
        ``reasons`` are codes of the kind, and ``data`` is what the chart is told beside them.
        """
        change = {"decision": decision, "seen": seen, "reasons": texts(reasons, "reasons"), "comment": comment}
        return CaseOutcome(self._of._call(change_request("decide", case, change, data, actor, request_id, now)))

    def return_decision(
        self,
        case: str,
        why: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Takes back the votes for the decision that is pending."""
        change = {"why": why}
        return CaseOutcome(self._of._call(change_request("return", case, change, None, actor, request_id, now)))

    def override(
        self,
        case: str,
        why: str,
        until: datetime | str,
        *,
        data: Mapping[str, Any] | None = None,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Decides something beside the rules until an instant, as far as the kind allows it; ``data`` is what the chart is told."""
        change = {"why": why, "until": instant_text(until, "until")}
        return CaseOutcome(self._of._call(change_request("override", case, change, data, actor, request_id, now)))

    def escalate(
        self,
        case: str,
        queue: str,
        why: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Sends a case to another queue."""
        change = {"queue": queue, "why": why}
        return CaseOutcome(self._of._call(change_request("escalate", case, change, None, actor, request_id, now)))

    def reopen(
        self,
        case: str,
        why: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Opens a case again that has ended."""
        change = {"why": why}
        return CaseOutcome(self._of._call(change_request("reopen", case, change, None, actor, request_id, now)))

    def cancel(
        self,
        case: str,
        why: str,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Ends a case from outside."""
        change = {"why": why}
        return CaseOutcome(self._of._call(change_request("cancel", case, change, None, actor, request_id, now)))

    def migrate(
        self,
        case: str,
        map: Source,
        *,
        actor: str | None = None,
        request_id: str | None = None,
        now: datetime | str | None = None,
    ) -> CaseOutcome:
        """Has a case go on in the newest version of its kind; ``map`` says how, in the format of ``docs/migration.md``. Try it first with
        ``rehearse_migration``."""
        change = {"map": source_text(map, "map")}
        return CaseOutcome(self._of._call(change_request("migrate", case, change, None, actor, request_id, now)))

    def advance_all(
        self, limit: int | None = None, *, actor: str | None = None, now: datetime | str | None = None
    ) -> CasesAdvanced:
        """Lets time pass for all cases: what is due happens, in order. At most ``limit`` cases change (1,000; up to 100,000); ``more``
        says whether others are due. A case that refuses stands as it was, and stops none of the others."""
        return CasesAdvanced(
            self._of._call(_request("advance_cases", limit=limit, actor=actor, now=instant_text(now, "now")))
        )

    def get(
        self,
        case: str,
        *,
        why: str | None = None,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> CaseView:
        """A case. An ``InvalidError`` where there is none, or whom it is about was forgotten.

        Of what is ``sealed`` there is no ``data``. With ``why`` it is opened, and who read it is on record before any of it is told, as
        ``now``, ``actor``, ``role``, ``request_id`` and ``origin`` say.
        """
        reading = opening(why, now, actor, role, request_id, origin)
        return CaseView(self._of._call(_request("get_case", case=case, open=reading)))

    def list(
        self,
        *,
        queue: str | None = None,
        assignee: str | None = None,
        unassigned: bool = False,
        kind: str | None = None,
        party: Name | None = None,
        parent: str | None = None,
        status: CaseStatus | None = None,
        overdue: bool = False,
        snoozed: bool = False,
        now: datetime | str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[CaseView]:
        """The cases of which all holds that is given, by key; those of a ``queue``, the one that has waited longest first, and without those
        that rest unless ``snoozed`` asks for them. ``limit`` at most, or all, behind the one with the key ``after``.

        ``now`` is the instant by which something is ``overdue``. What is sealed is not told.
        """
        query = case_query(queue, assignee, unassigned, kind, party, parent, status, overdue, snoozed, now)
        left = limit
        while left is None or left > 0:
            page = CasePage(self._of._call(_request("list_cases", **query, after=after, limit=_page_limit(left))))
            for case in page.cases:
                yield case
            if page.next is None:
                break
            after = page.next
            left = None if left is None else left - len(page.cases)

    def page(
        self,
        *,
        queue: str | None = None,
        assignee: str | None = None,
        unassigned: bool = False,
        kind: str | None = None,
        party: Name | None = None,
        parent: str | None = None,
        status: CaseStatus | None = None,
        overdue: bool = False,
        snoozed: bool = False,
        now: datetime | str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> CasePage:
        """A page of cases (100; up to 10,000); its ``next`` is what the next page comes ``after``."""
        query = case_query(queue, assignee, unassigned, kind, party, parent, status, overdue, snoozed, now)
        return CasePage(self._of._call(_request("list_cases", **query, after=after, limit=limit)))

    def queues(self, *, now: datetime | str | None = None) -> tuple[QueueView, ...]:
        """The queues in which cases wait."""
        told = self._of._call(_request("list_queues", now=instant_text(now, "now")))
        return tuple(QueueView(queue) for queue in told)

    def log(
        self,
        case: str | None = None,
        *,
        after: int | None = None,
        limit: int | None = None,
        why: str | None = None,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> Iterator[CaseEntry]:
        """What happened to a case, or to all, the oldest first: who did what and when, what was asked, and what came of it in the chart.
        ``limit`` entries at most, or all, behind the one with the number ``after``.

        Of what is ``sealed`` it is told only that it happened. With ``why`` it is opened, as by ``get``.
        """
        reading = opening(why, now, actor, role, request_id, origin)
        left = limit
        while left is None or left > 0:
            told = self._of._call(_request("case_log", case=case, after=after, limit=_page_limit(left), open=reading))
            page = CaseLogPage(told)
            for entry in page.entries:
                yield entry
            if page.next is None:
                break
            after = page.next
            left = None if left is None else left - len(page.entries)

    def log_page(
        self,
        case: str | None = None,
        *,
        after: int | None = None,
        limit: int | None = None,
        why: str | None = None,
        now: datetime | str | None = None,
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        origin: str | None = None,
    ) -> CaseLogPage:
        """A page of the log (100 entries; up to 10,000); its ``next`` is what the next page comes ``after``."""
        reading = opening(why, now, actor, role, request_id, origin)
        return CaseLogPage(self._of._call(_request("case_log", case=case, after=after, limit=limit, open=reading)))

    def report(self, *, now: datetime | str | None = None) -> CaseReport:
        """What a back office is asked at the end of a day: what waits and for how long, what became of cases, who works on what, what was
        decided and why, and how documents stand."""
        return CaseReport(self._of._call(_request("case_report", now=instant_text(now, "now"))))

    def replay(self) -> CasesReplayed:
        """Decides all cases once more from their log: everything has to come to the ``same``, to the byte."""
        return CasesReplayed(self._of._call(_request("replay_cases")))

    def draw(self, case: str, format: Literal["svg", "mermaid"] | None = None) -> str:
        """A picture of a case: its chart with the active states brought out, as SVG, or as the text of Mermaid."""
        told = self._of._call(_request("draw_case", case=case, format=format))
        return str(told["text"])

    def rehearse_migration(
        self, kind: str, map: Source, *, actor: str | None = None, now: datetime | str | None = None
    ) -> MigrationRehearsed:
        """What would become of the open cases of a kind that are not in its newest version, if they were moved by a ``map``: each is tried,
        and nothing is changed."""
        request = _request(
            "rehearse_migration", kind=kind, map=source_text(map, "map"), actor=actor, now=instant_text(now, "now")
        )
        return MigrationRehearsed(self._of._call(request))


class Transfers(SeenTransfers["TransferList"]):
    """Finds transfers: ``t.transfers(account="c42:ZAR")``, ``t.transfers.get("dep-9")``."""

    def __init__(self, ledger: Thalium) -> None:
        super().__init__(ledger, TransferList)


class TransferList(SeenTransferList):
    """Transfers that were asked for: iterate over them, take a page, or take columns."""

    _of: Thalium

    def export(self, file: str | PathLike[str], *, form: TableForm | None = None) -> int:
        """Writes them as CSV, JSON lines or Parquet, as the file's name or ``form`` tells; gives the number of rows. The file is
        there whole or not at all."""
        query = {**self._query, "limit": self._limit}
        return cast(
            int, self._of._call(_request("export_table", table="transfers", file=fspath(file), form=form, query=query))
        )

    def columns(self) -> Table:
        """All of them as columns."""
        query = self._query if self._limit is None else {**self._query, "limit": self._limit}
        return Table(self._of._ledger.transfer_columns(json.dumps(query)))

    # Only where nothing has to be awaited.

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.columns().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> Any:
        """As a ``pyarrow.Table``."""
        return self.columns().to_arrow()

    def to_pandas(self) -> Any:
        """As a ``pandas.DataFrame`` with Arrow's exact types."""
        return self.columns().to_pandas()

    def to_polars(self) -> Any:
        """As a ``polars.DataFrame``."""
        return self.columns().to_polars()


_PAGE = 1_000


def _page_limit(left: int | None) -> int:
    return _PAGE if left is None else min(left, _PAGE)


__all__: Sequence[str] = ("Accounts", "Assets", "BrokerView", "Cases", "DecisionList", "Decisions", "Parties", "Policies", "Rollups", "Thalium", "TransferList", "Transfers")
