//! The books as plain data: money in decimal text, accounts under their keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::outcome::{kind_name, text};
use crate::Id;
use crate::ledger::Book;
use crate::ledger::account::{AccountFlags, AccountKind, Balances};
use crate::ledger::book::{Account, Record};
use crate::ledger::query::Entry;
use crate::ledger::report::{Statement, TrialBalance};
use crate::ledger::transaction::Side;
use crate::ledger::transfer::{Transfer, TransferFlags};
use crate::money::{Amount, Asset, AssetKind, Net};
use crate::time::{format_date, format_instant};

/// An asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssetView {
    /// Its code.
    pub code: String,
    /// Digits after the point.
    pub scale: u8,
    /// What it is: `crypto`, `security`, `points`, or `fiat:` and its ISO 4217 number.
    pub kind: String,
    /// Its ledger number.
    pub ledger: u32,
}

/// The balances of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalancesView {
    /// Held debits.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub debits_pending: String,
    /// Booked debits.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub debits_posted: String,
    /// Held credits.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub credits_pending: String,
    /// Booked credits.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub credits_posted: String,
    /// What is booked, on the account's normal side.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub balance: String,
    /// The balance less what is held against it.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub available: String,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountView {
    /// Its id.
    pub id: Id,
    /// The caller's key.
    pub key: String,
    /// Its name, where that is public.
    pub name: String,
    /// The code of its asset.
    pub asset: String,
    /// What its asset is.
    pub asset_kind: String,
    /// Its kind in the chart.
    pub kind: Option<AccountKind>,
    /// The account above it.
    pub parent: Option<String>,
    /// The caller's code.
    pub code: u16,
    /// Names of its flags.
    pub flags: Vec<String>,
    /// When it was opened.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub opened_at: String,
    /// Its balances.
    #[serde(flatten)]
    pub balances: BalancesView,
    /// Public metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub metadata: BTreeMap<String, String>,
    /// The party to which the rest of the name and the metadata is sealed: `read_data` opens it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<Id>,
}

/// A transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransferView {
    /// Its id.
    pub id: Id,
    /// The caller's key.
    pub key: String,
    /// The account that was debited.
    pub from: String,
    /// The account that was credited.
    pub to: String,
    /// How much moved, with its asset.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: String,
    /// What has become of it: `none` for a transfer in one step.
    pub state: String,
    /// The hold that it resolves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Id>,
    /// The key of the hold that it resolves, or its id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hold: Option<String>,
    /// Seconds until a hold runs out.
    pub timeout: u32,
    /// The caller's code.
    pub code: u16,
    /// Names of its flags.
    pub flags: Vec<String>,
    /// When it was booked.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub timestamp: String,
    /// The date that the books give it.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub effective_date: String,
    /// Its place in the log.
    pub sequence: u64,
    /// The transaction that it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<u64>,
    /// The description, where that is public.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub description: String,
    /// Public metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub metadata: BTreeMap<String, String>,
    /// The party to which the rest of the description and the metadata is sealed: `read_data` opens it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<Id>,
}

/// One line of a statement, or of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryView {
    /// Its place in the log.
    pub sequence: u64,
    /// When.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub timestamp: String,
    /// What: `post`, `hold`, `capture`, `release`, `expiry`.
    pub what: String,
    /// The transfer's key, or its id; of a transfer that is part of a transaction, the transaction's.
    pub transfer: String,
    /// Which part of its transaction it is, such as `2/5`; nothing for a transfer of its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub part: Option<String>,
    /// The other account.
    pub counterparty: String,
    /// The account's side of it: `debit` or `credit`.
    pub side: String,
    /// How much was posted, held, captured or released, with its asset.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: String,
    /// How much the booked balance changed, on the account's normal side.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub change: String,
    /// The booked balance after it.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub balance: String,
    /// The balance less what is held against it.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub available: String,
    /// The date that the books give it.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub effective_date: String,
    /// The description, where that is public.
    pub description: String,
    /// The party to which the rest of the description and the metadata is sealed: `read_data` opens it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<Id>,
}

/// An account's history over a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementView {
    /// The account's key, or its id.
    pub account: String,
    /// The code of its asset.
    pub asset: String,
    /// The balance before the first line.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub opening: String,
    /// The lines, oldest first.
    pub entries: Vec<EntryView>,
    /// The balance after the last line.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub closing: String,
}

/// One line of a trial balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrialLineView {
    /// The account's key, or its id.
    pub account: String,
    /// Its kind.
    pub kind: Option<AccountKind>,
    /// A balance on the left side.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal?")))]
    pub debit: String,
    /// A balance on the right side.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal?")))]
    pub credit: String,
}

/// The trial balance of one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrialBalanceView {
    /// The code of the asset.
    pub asset: String,
    /// The accounts.
    pub lines: Vec<TrialLineView>,
    /// The sum of the left side.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal?")))]
    pub debit: String,
    /// The sum of the right side.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal?")))]
    pub credit: String,
    /// Whether the sides are equal.
    pub balanced: bool,
}

/// An asset as plain data.
#[must_use]
pub fn asset_view(ledger: u32, asset: &Asset) -> AssetView {
    let kind = match asset.kind() {
        AssetKind::Fiat { number } => format!("fiat:{number}"),
        kind => kind_name(kind).to_owned(),
    };
    AssetView { code: asset.code().to_string(), scale: asset.scale(), kind, ledger }
}

/// An account as plain data.
#[must_use]
pub fn account_view(book: &Book, account: &Account) -> AccountView {
    let opened = &account.opened;
    let detail = opened.detail.as_deref().cloned().unwrap_or_default();
    let asset = book.asset(opened.ledger);
    AccountView {
        id: opened.id,
        key: detail.key,
        name: detail.description,
        asset: asset.map_or_else(|| opened.ledger.to_string(), |asset| asset.code().to_string()),
        asset_kind: asset.map_or("unknown", |asset| kind_name(asset.kind())).to_owned(),
        kind: opened.kind,
        parent: (opened.parent != Id::ZERO).then(|| name_of(book, opened.parent)),
        code: opened.code,
        flags: account_flags(account.flags),
        opened_at: format_instant(opened.timestamp),
        balances: balances_view(asset, opened.kind, &account.balances),
        metadata: detail.metadata,
        subject: detail.sealed.map(|sealed| sealed.subject),
    }
}

/// A transfer as plain data.
#[must_use]
pub fn transfer_view(book: &Book, record: &Record) -> TransferView {
    let transfer = &record.transfer;
    let detail = transfer.detail.as_deref().cloned().unwrap_or_default();
    TransferView {
        id: transfer.id,
        key: detail.key,
        from: name_of(book, transfer.debit_account_id),
        to: name_of(book, transfer.credit_account_id),
        amount: text(book, transfer.ledger, transfer.amount),
        state: record.state.name().to_owned(),
        pending: (transfer.pending_id != Id::ZERO).then_some(transfer.pending_id),
        hold: book.transfer(transfer.pending_id).map(|hold| transfer_name(book, &hold)),
        timeout: transfer.timeout,
        code: transfer.code,
        flags: transfer_flags(transfer.flags),
        timestamp: format_instant(transfer.timestamp),
        effective_date: effective_date(transfer),
        sequence: record.sequence,
        transaction: (transfer.group.size > 0)
            .then(|| record.sequence.saturating_sub(u64::from(transfer.group.index))),
        description: detail.description,
        metadata: detail.metadata,
        subject: detail.sealed.map(|sealed| sealed.subject),
    }
}

/// A statement as plain data.
#[must_use]
pub fn statement_view(book: &Book, statement: &Statement) -> StatementView {
    let kind = statement.account.opened.kind;
    statement_with(book, statement, |entry| entry_view(book, kind, entry))
}

/// A statement whose lines are shown in a way of the caller's.
pub(super) fn statement_with(
    book: &Book,
    statement: &Statement,
    line: impl Fn(&Entry) -> EntryView,
) -> StatementView {
    let opened = &statement.account.opened;
    let scale = book.asset(opened.ledger).map_or(0, |asset| asset.scale());
    let balance = |balances: &Balances| normal(opened.kind, balances).to_text(scale);
    StatementView {
        account: name_of(book, opened.id),
        asset: book.asset(opened.ledger).map_or_else(String::new, |asset| asset.code().to_string()),
        opening: balance(&statement.opening),
        entries: statement.entries.iter().map(line).collect(),
        closing: balance(&statement.closing),
    }
}

/// A line of a statement or a history.
#[must_use]
pub fn entry_view(book: &Book, kind: Option<AccountKind>, entry: &Entry) -> EntryView {
    let transfer = &entry.record.transfer;
    let detail = transfer.detail.as_deref().cloned().unwrap_or_default();
    let asset = book.asset(transfer.ledger);
    let scale = asset.map_or(0, |asset| asset.scale());
    let what = match transfer.flags {
        _ if entry.expired => "expiry",
        flags if flags.has(TransferFlags::PENDING) => "hold",
        flags if flags.has(TransferFlags::POST_PENDING) => "capture",
        flags if flags.has(TransferFlags::VOID_PENDING) => "release",
        _ => "post",
    };
    let other = if entry.side == Side::Debit {
        transfer.credit_account_id
    } else {
        transfer.debit_account_id
    };
    let moved = if matches!(what, "post" | "capture") { transfer.amount } else { 0 };
    let is_left = kind.is_some_and(AccountKind::is_debit_normal);
    let change = if (entry.side == Side::Debit) == is_left {
        Net::between(moved, 0)
    } else {
        Net::between(0, moved)
    };
    let group = transfer.group;
    EntryView {
        sequence: entry.sequence,
        timestamp: format_instant(entry.timestamp),
        what: what.to_owned(),
        transfer: transfer_name(book, &entry.record),
        part: (group.size > 1).then(|| format!("{}/{}", group.index + 1, group.size)),
        counterparty: name_of(book, other),
        side: if entry.side == Side::Debit { "debit" } else { "credit" }.to_owned(),
        amount: text(book, transfer.ledger, transfer.amount),
        change: change.to_text(scale),
        balance: normal(kind, &entry.balances).to_text(scale),
        available: available(kind, &entry.balances).to_text(scale),
        effective_date: effective_date(transfer),
        description: detail.description,
        subject: detail.sealed.map(|sealed| sealed.subject),
    }
}

/// A trial balance as plain data; accounts without a balance are left out.
#[must_use]
pub fn trial_balance_view(book: &Book, trial: &TrialBalance) -> TrialBalanceView {
    let asset = book.asset(trial.ledger);
    let scale = asset.map_or(0, |asset| asset.scale());
    let amount = |units: u128| {
        if units == 0 { String::new() } else { Amount::from_units(units).to_text(scale) }
    };
    let sum = |units: Option<u128>| {
        units.map_or_else(
            || "past 2^128".to_owned(),
            |units| Amount::from_units(units).to_text(scale),
        )
    };
    TrialBalanceView {
        asset: asset.map_or_else(|| trial.ledger.to_string(), |asset| asset.code().to_string()),
        lines: trial
            .lines
            .iter()
            .filter(|line| line.debit != line.credit)
            .map(|line| TrialLineView {
                account: name_of(book, line.account.opened.id),
                kind: line.account.opened.kind,
                debit: amount(line.debit),
                credit: amount(line.credit),
            })
            .collect(),
        debit: sum(trial.debit),
        credit: sum(trial.credit),
        balanced: trial.debit == trial.credit,
    }
}

fn balances_view(
    asset: Option<Asset>,
    kind: Option<AccountKind>,
    balances: &Balances,
) -> BalancesView {
    let scale = asset.map_or(0, |asset| asset.scale());
    let amount = |units| Amount::from_units(units).to_text(scale);
    BalancesView {
        debits_pending: amount(balances.debits_pending),
        debits_posted: amount(balances.debits_posted),
        credits_pending: amount(balances.credits_pending),
        credits_posted: amount(balances.credits_posted),
        balance: normal(kind, balances).to_text(scale),
        available: available(kind, balances).to_text(scale),
    }
}

/// The booked balance of an account as text, for balances that it had.
pub(super) fn balance_text(book: &Book, account: &Account, balances: &Balances) -> String {
    let scale = book.asset(account.opened.ledger).map_or(0, |asset| asset.scale());
    normal(account.opened.kind, balances).to_text(scale)
}

/// The posted balance on the normal side; without a kind, credits − debits.
pub(super) fn normal(kind: Option<AccountKind>, balances: &Balances) -> Net {
    if kind.is_some_and(AccountKind::is_debit_normal) {
        Net::between(balances.debits_posted, balances.credits_posted)
    } else {
        Net::between(balances.credits_posted, balances.debits_posted)
    }
}

/// The balance on the normal side less what is held on the other.
pub(super) fn available(kind: Option<AccountKind>, balances: &Balances) -> Net {
    if kind.is_some_and(AccountKind::is_debit_normal) {
        Net::between(
            balances.debits_posted,
            balances.credits_posted.saturating_add(balances.credits_pending),
        )
    } else {
        Net::between(
            balances.credits_posted,
            balances.debits_posted.saturating_add(balances.debits_pending),
        )
    }
}

/// An account's key, or its id where it has none.
pub(super) fn name_of(book: &Book, id: Id) -> String {
    let key = book.account(id).and_then(|account| account.opened.detail).map(|detail| detail.key);
    key.filter(|key| !key.is_empty()).unwrap_or_else(|| id.to_string())
}

/// The date that the books give a transfer: its own, or the day on which it was recorded.
fn effective_date(transfer: &Transfer) -> String {
    let days = transfer.date();
    format_date(days).unwrap_or_default()
}

/// The key of a transfer or of the transaction that it is part of; the id where there is no key.
pub(super) fn transfer_name(book: &Book, record: &Record) -> String {
    let named = |transfer: &Transfer| {
        let key = transfer.detail.as_deref().map_or("", |detail| detail.key.as_str());
        if key.is_empty() { transfer.id.to_string() } else { key.to_owned() }
    };
    // A transaction has the key and the id of its first transfer.
    let first = match record.transfer.group.index {
        0 => None,
        index => book.record(record.sequence.saturating_sub(u64::from(index))),
    };
    named(first.as_ref().map_or(&record.transfer, |first| &first.transfer))
}

fn account_flags(flags: AccountFlags) -> Vec<String> {
    let names = [
        (AccountFlags::LINKED, "linked"),
        (AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS, "debits_must_not_exceed_credits"),
        (AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS, "credits_must_not_exceed_debits"),
        (AccountFlags::HISTORY, "history"),
        (AccountFlags::IMPORTED, "imported"),
        (AccountFlags::CLOSED, "closed"),
    ];
    names
        .into_iter()
        .filter(|(flag, _)| flags.has(*flag))
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn transfer_flags(flags: TransferFlags) -> Vec<String> {
    let names = [
        (TransferFlags::LINKED, "linked"),
        (TransferFlags::PENDING, "pending"),
        (TransferFlags::POST_PENDING, "post_pending"),
        (TransferFlags::VOID_PENDING, "void_pending"),
        (TransferFlags::BALANCING_DEBIT, "balancing_debit"),
        (TransferFlags::BALANCING_CREDIT, "balancing_credit"),
        (TransferFlags::CLOSING_DEBIT, "closing_debit"),
        (TransferFlags::CLOSING_CREDIT, "closing_credit"),
        (TransferFlags::IMPORTED, "imported"),
    ];
    names
        .into_iter()
        .filter(|(flag, _)| flags.has(*flag))
        .map(|(_, name)| name.to_owned())
        .collect()
}
