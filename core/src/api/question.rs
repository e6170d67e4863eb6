//! Questions to the books as plain data, and what answers them.

use serde::{Deserialize, Serialize};

use super::balances::{BalanceHistoryPage, BalanceHistoryQuery, balance_history};
use super::party::{
    self, GrantView, HolderView, HoldersQuery, ListGrants, ListRetentions, PartyPage, PartyQuery,
    PartyView, RetentionView,
};
use super::query::{
    TransferPage, TransferQuery, asset_asked, check_span, find_transfers, instant, page_limit,
    there,
};
use super::resolve::{Invalid, account_id, transfer_id};
use super::sight::Sight;
use super::view::{
    AccountView, AssetView, EntryView, StatementView, TransferView, TrialBalanceView, asset_view,
    name_of, trial_balance_view,
};
use super::volumes::{VolumePage, VolumeQuery, volumes};
use crate::ledger::Book;
use crate::ledger::book::Account;
use crate::ledger::query::AccountFilter;
use crate::money::iso4217;
use crate::time;
use crate::{Engine, Id};

/// Accounts that are looked at for one page: one that asks for a branch of a large chart may hold fewer than its limit.
const SCAN_MAX: usize = 100_000;

/// A question to the books. In JSON the field `op` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Question {
    /// The assets that are registered, by their codes. Answer: a list of [`AssetView`].
    ListAssets(ListAssets),
    /// An account with its balances. Answer: an [`AccountView`], or nothing.
    GetAccount(GetAccount),
    /// Accounts, page by page, in the order in which they were opened. Answer: an [`AccountPage`].
    ListAccounts(AccountQuery),
    /// A transfer. Answer: a [`TransferView`], or nothing.
    GetTransfer(Named),
    /// The transfers of a transaction. Answer: a list of [`TransferView`].
    GetTransaction(Named),
    /// Transfers, page by page. Answer: a [`TransferPage`].
    ListTransfers(TransferQuery),
    /// The holds of an account that are open, page by page, oldest first. Answer: a [`TransferPage`].
    ListHolds(HoldQuery),
    /// What moved an account, with its balances after each: its transfers, and the holds that ran out. Answer: a
    /// [`HistoryPage`].
    History(HistoryQuery),
    /// What moved an account over a span of time. Answer: a [`StatementView`], or nothing.
    Statement(StatementQuery),
    /// What an account held in each bucket of time. Answer: a [`BalanceHistoryPage`].
    BalanceHistory(BalanceHistoryQuery),
    /// How much was moved in each bucket of time. Answer: a [`VolumePage`].
    Volumes(VolumeQuery),
    /// The balances of every account, asset by asset. Answer: a list of [`TrialBalanceView`].
    TrialBalance(TrialBalanceQuery),
    /// A party, with what is known of it but for personal data. Answer: a [`PartyView`], or nothing.
    GetParty(Named),
    /// Parties, page by page, by their ids. Answer: a [`PartyPage`].
    ListParties(PartyQuery),
    /// The parties that have an account. Answer: a list of [`HolderView`].
    ListHolders(HoldersQuery),
    /// Who may read the access log. Answer: a list of [`GrantView`].
    ListGrants(ListGrants),
    /// The retention classes. Answer: a list of [`RetentionView`].
    ListRetentions(ListRetentions),
}

/// Which assets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ListAssets {
    /// With the currencies of ISO 4217, which are there without being registered.
    pub all: bool,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// Something that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its key or id.
    pub name: String,
    /// As this broker sees it: its key or id. By default all is seen.
    #[serde(default)]
    pub viewer: Option<String>,
}

/// Which account, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetAccount {
    /// Its key or id.
    pub name: String,
    /// With its balances after everything up to this instant: RFC 3339, nanoseconds since 1970, or a date, which stands for
    /// its last instant in UTC. By default now.
    #[serde(default)]
    pub at: Option<String>,
    /// As this broker sees it: its key or id. By default all is seen.
    #[serde(default)]
    pub viewer: Option<String>,
}

/// Which accounts. All that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AccountQuery {
    /// This account and those below it in the chart: its key or id.
    pub under: Option<String>,
    /// In this asset.
    pub asset: Option<String>,
    /// Behind the page before: its `next`.
    pub after: Option<u32>,
    /// At most so many, up to [`PAGE_MAX`](super::PAGE_MAX);
    /// [`PAGE_DEFAULT`](super::PAGE_DEFAULT) where nothing is said.
    pub limit: Option<u32>,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// Accounts in the order in which they were opened, and where the next page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountPage {
    /// The accounts.
    pub accounts: Vec<AccountView>,
    /// What the next page comes [after](AccountQuery::after); nothing at the end. There may be a next page behind one that
    /// holds fewer than asked for.
    pub next: Option<u32>,
}

/// Whose holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct HoldQuery {
    /// The account, on either side: its key or id.
    pub account: String,
    /// Behind the last hold of the page before: its `next`.
    pub after: Option<u64>,
    /// At most so many, up to [`PAGE_MAX`](super::PAGE_MAX);
    /// [`PAGE_DEFAULT`](super::PAGE_DEFAULT) where nothing is said.
    pub limit: Option<u32>,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// Whose history, and which part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct HistoryQuery {
    /// The account: its key or id.
    pub account: String,
    /// Not before: RFC 3339, nanoseconds since 1970, or a date.
    pub from: Option<String>,
    /// Not after; a date stands for its last instant in UTC.
    pub to: Option<String>,
    /// Behind the last entry of the page before: its `next`.
    pub after: Option<u64>,
    /// At most so many, up to [`PAGE_MAX`](super::PAGE_MAX);
    /// [`PAGE_DEFAULT`](super::PAGE_DEFAULT) where nothing is said.
    pub limit: Option<u32>,
    /// Newest first.
    pub newest_first: bool,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// Entries in the order asked for, and where the next page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryPage {
    /// The account's key, or its id.
    pub account: String,
    /// The code of its asset.
    pub asset: String,
    /// The entries.
    pub entries: Vec<EntryView>,
    /// What the next page comes [after](HistoryQuery::after); nothing at the end.
    pub next: Option<u64>,
}

/// Whose statement, and over which span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct StatementQuery {
    /// The account: its key or id.
    pub account: String,
    /// Not before: RFC 3339, nanoseconds since 1970, or a date.
    pub from: Option<String>,
    /// Not after; a date stands for its last instant in UTC.
    pub to: Option<String>,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// When.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TrialBalanceQuery {
    /// After everything up to this instant: RFC 3339, nanoseconds since 1970, or a date. By default now.
    pub at: Option<String>,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// What answers a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Assets.
    Assets(Vec<AssetView>),
    /// An account, if it is there.
    Account(Option<Box<AccountView>>),
    /// A page of accounts.
    Accounts(AccountPage),
    /// A transfer, if it is there.
    Transfer(Option<Box<TransferView>>),
    /// The transfers of a transaction.
    Transaction(Vec<TransferView>),
    /// A page of transfers.
    Transfers(TransferPage),
    /// A page of a history.
    History(HistoryPage),
    /// A statement, if the account is there.
    Statement(Option<StatementView>),
    /// A page of a balance history.
    BalanceHistory(BalanceHistoryPage),
    /// A page of volumes.
    Volumes(VolumePage),
    /// Trial balances.
    TrialBalances(Vec<TrialBalanceView>),
    /// A party, if it is there.
    Party(Option<Box<PartyView>>),
    /// A page of parties.
    Parties(PartyPage),
    /// The parties that have an account.
    Holders(Vec<HolderView>),
    /// Who may read the access log.
    Grants(Vec<GrantView>),
    /// The retention classes.
    Retentions(Vec<RetentionView>),
}

impl Question {
    /// The broker that asks.
    #[must_use]
    pub fn viewer(&self) -> Option<&str> {
        let viewer = match self {
            Self::ListAssets(ListAssets { viewer, .. })
            | Self::GetAccount(GetAccount { viewer, .. })
            | Self::ListAccounts(AccountQuery { viewer, .. })
            | Self::GetTransfer(Named { viewer, .. })
            | Self::GetTransaction(Named { viewer, .. })
            | Self::GetParty(Named { viewer, .. })
            | Self::ListTransfers(TransferQuery { viewer, .. })
            | Self::ListHolds(HoldQuery { viewer, .. })
            | Self::History(HistoryQuery { viewer, .. })
            | Self::Statement(StatementQuery { viewer, .. })
            | Self::BalanceHistory(BalanceHistoryQuery { viewer, .. })
            | Self::Volumes(VolumeQuery { viewer, .. })
            | Self::TrialBalance(TrialBalanceQuery { viewer, .. })
            | Self::ListParties(PartyQuery { viewer, .. })
            | Self::ListHolders(HoldersQuery { viewer, .. })
            | Self::ListGrants(ListGrants { viewer })
            | Self::ListRetentions(ListRetentions { viewer }) => viewer,
        };
        viewer.as_deref()
    }
}

/// Answers a question, as far as who asks may see it.
///
/// # Errors
/// A field that cannot be read, or that names what is not there where only something that is there makes sense.
pub fn answer(engine: &Engine, question: &Question) -> Result<Answer, Invalid> {
    let sight = &Sight::of(engine, question.viewer())?;
    let book = engine.book();
    Ok(match question {
        Question::ListAssets(query) => Answer::Assets(list_assets(book, query)),
        Question::GetAccount(query) => Answer::Account(get_account(sight, query)?.map(Box::new)),
        Question::ListAccounts(query) => Answer::Accounts(find_accounts(sight, query)?),
        Question::GetTransfer(Named { name, .. }) => {
            let found = book.transfer(transfer_id("name", name)?);
            let found = found.filter(|record| sight.sees_transfer(&record.transfer));
            Answer::Transfer(found.map(|record| Box::new(sight.transfer_view(&record))))
        }
        Question::GetTransaction(Named { name, .. }) => {
            Answer::Transaction(sight.transaction(transfer_id("name", name)?))
        }
        Question::ListTransfers(query) => Answer::Transfers(find_transfers(sight, query)?),
        Question::ListHolds(query) => Answer::Transfers(find_holds(sight, query)?),
        Question::History(query) => Answer::History(find_history(sight, query)?),
        Question::Statement(query) => Answer::Statement(statement(sight, query)?),
        Question::BalanceHistory(query) => Answer::BalanceHistory(balance_history(sight, query)?),
        Question::Volumes(query) => Answer::Volumes(volumes(sight, query)?),
        Question::TrialBalance(TrialBalanceQuery { at, .. }) => {
            sight.must_be_whole()?;
            let at = at.is_some().then(|| instant("at", at.as_deref(), time::parse_until));
            let trials = book.trial_balance(at.transpose()?);
            Answer::TrialBalances(
                trials.iter().map(|trial| trial_balance_view(book, trial)).collect(),
            )
        }
        Question::GetParty(Named { name, .. }) => {
            Answer::Party(party::get_party(sight, name)?.map(Box::new))
        }
        Question::ListParties(query) => Answer::Parties(party::find_parties(sight, query)?),
        Question::ListHolders(query) => Answer::Holders(party::find_holders(sight, query)?),
        Question::ListGrants(_) => {
            sight.must_be_whole()?;
            Answer::Grants(party::list_grants(engine))
        }
        // What a law says is no secret of anybody's.
        Question::ListRetentions(_) => Answer::Retentions(party::list_retentions(engine)),
    })
}

fn list_assets(book: &Book, query: &ListAssets) -> Vec<AssetView> {
    let mut assets: Vec<_> =
        book.assets().map(|found| asset_view(found.ledger, &found.asset)).collect();
    if query.all {
        assets.extend(iso4217::all().filter_map(|asset| {
            let ledger = book.ledger_of(asset.code())?;
            (book.asset(ledger) == Some(asset)).then(|| asset_view(ledger, &asset))
        }));
    }
    assets.sort_by(|a, b| a.code.cmp(&b.code));
    assets.dedup_by(|a, b| a.ledger == b.ledger);
    assets
}

fn get_account(sight: &Sight<'_>, query: &GetAccount) -> Result<Option<AccountView>, Invalid> {
    let id = account_id("name", &query.name)?;
    let Some(mut account) = sight.account(id) else { return Ok(None) };
    if query.at.is_some() {
        let at = instant("at", query.at.as_deref(), time::parse_until)?;
        // Before it was opened there was no such account.
        let Some(balances) = sight.book().balances_at(account.opened.id, at) else {
            return Ok(None);
        };
        account.balances = balances;
    }
    Ok(Some(sight.account_view(&account)))
}

/// Finds accounts.
///
/// # Errors
/// A field that cannot be read, or that names what is not there.
pub fn find_accounts(sight: &Sight<'_>, query: &AccountQuery) -> Result<AccountPage, Invalid> {
    let book = sight.book();
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let under = query.under.as_deref().map(|name| there(sight, "under", name)).transpose()?;
    let under = under.map(|account| account.opened.id);
    let ledger = asset_asked(book, query.asset.as_deref())?;
    let mut page = AccountPage::default();
    let mut position = query.after.unwrap_or(0);
    let mut end = position;
    for account in book.accounts_from(position).take(SCAN_MAX) {
        let is_full = page.accounts.len() == limit;
        if is_full && sight.is_whole() {
            break;
        }
        let is_meant = ledger.is_none_or(|ledger| account.opened.ledger == ledger)
            && under.is_none_or(|above| is_under(book, &account, above))
            && sight.sees_account(account.opened.id);
        // Who does not see all is not told that more follows where it is others'.
        if is_full && is_meant {
            page.next = Some(end);
            return Ok(page);
        }
        position = position.saturating_add(1);
        if is_meant {
            end = position;
            page.accounts.push(sight.account_view(&account));
        }
    }
    let is_end = usize::try_from(position).is_ok_and(|position| position >= book.account_count());
    page.next = (!is_end).then_some(position);
    Ok(page)
}

/// Whether an account is another or stands below it.
pub(super) fn is_under(book: &Book, account: &Account, above: Id) -> bool {
    let (mut id, mut parent) = (account.opened.id, account.opened.parent);
    // INVARIANT: a parent exists before its child, so the chart has no cycle.
    while id != above && parent != Id::ZERO {
        let Some(next) = book.account(parent) else { return false };
        (id, parent) = (next.opened.id, next.opened.parent);
    }
    id == above
}

/// Finds the holds of an account that are open.
///
/// # Errors
/// A field that cannot be read, or that names what is not there.
pub fn find_holds(sight: &Sight<'_>, query: &HoldQuery) -> Result<TransferPage, Invalid> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let account = there(sight, "account", &query.account)?;
    let mut found = sight.book().account_holds(account.opened.id);
    let after = query.after.unwrap_or(0);
    found.retain(|hold| hold.sequence > after);
    let more = found.len() > limit;
    found.truncate(limit);
    Ok(TransferPage {
        next: found.last().filter(|_| more).map(|hold| hold.sequence),
        transfers: found.iter().map(|hold| sight.transfer_view(hold)).collect(),
    })
}

/// Finds what moved an account, with its balances after each: its transfers, and the holds that ran out.
///
/// # Errors
/// A field that cannot be read, or that names what is not there.
pub fn find_history(sight: &Sight<'_>, query: &HistoryQuery) -> Result<HistoryPage, Invalid> {
    let book = sight.book();
    let limit = page_limit(query.limit)?;
    let account = there(sight, "account", &query.account)?;
    let (min, max) = span(query.from.as_deref(), query.to.as_deref())?;
    let filter = AccountFilter {
        timestamp_min: min,
        timestamp_max: max,
        // One more than the page holds: whether there is a next page is known, not guessed.
        limit: limit + 1,
        reversed: query.newest_first,
        after: query.after.unwrap_or(0),
        ..AccountFilter::of(account.opened.id)
    };
    let mut found = book.account_moves(&filter);
    let more = found.len() == usize::try_from(filter.limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    Ok(HistoryPage {
        account: name_of(book, account.opened.id),
        asset: asset_code(book, &account),
        next: found.last().filter(|_| more).map(|entry| entry.sequence),
        entries: found.iter().map(|entry| sight.entry_view(&account, entry)).collect(),
    })
}

fn statement(sight: &Sight<'_>, query: &StatementQuery) -> Result<Option<StatementView>, Invalid> {
    let id = account_id("account", &query.account)?;
    let (from, to) = span(query.from.as_deref(), query.to.as_deref())?;
    Ok(sight.statement(id, from, to))
}

fn asset_code(book: &Book, account: &Account) -> String {
    let ledger = account.opened.ledger;
    book.asset(ledger).map_or_else(|| ledger.to_string(), |asset| asset.code().to_string())
}

/// Reads a span of time, both ends included; zero: open.
///
/// # Errors
/// An instant that cannot be read; a span that ends before it begins.
pub fn span(from: Option<&str>, to: Option<&str>) -> Result<(i64, i64), Invalid> {
    let min = instant("from", from, time::parse_from)?;
    let max = instant("to", to, time::parse_until)?;
    check_span(min, max)?;
    Ok((min, max))
}

#[cfg(test)]
#[path = "question_tests.rs"]
mod tests;
