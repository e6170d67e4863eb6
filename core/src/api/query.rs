//! Questions about transfers as plain data: what is asked, and a page of what was found.

use serde::{Deserialize, Serialize};

use super::resolve::{Invalid, account_id, invalid, short};
use super::sight::Sight;
use super::view::TransferView;
use crate::ledger::Book;
use crate::ledger::book::{Account, Record};
use crate::ledger::query::{AccountFilter, Dates, QueryFilter};
use crate::ledger::transaction::Side;
use crate::time;

/// Transfers on a page where the question does not say.
pub const PAGE_DEFAULT: u32 = 100;
/// The most transfers on a page.
pub const PAGE_MAX: u32 = 10_000;

/// Which transfers. All that is given must match; what is left out is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TransferQuery {
    /// That debit or credit this account: its key or id.
    pub account: Option<String>,
    /// That touch the account on this side.
    pub side: Option<Side>,
    /// In this asset.
    pub asset: Option<String>,
    /// With this code.
    pub code: Option<u16>,
    /// Recorded not before: RFC 3339, nanoseconds since 1970, or a date, which stands for its first instant in UTC.
    pub from: Option<String>,
    /// Recorded not after; a date stands for its last instant in UTC.
    pub to: Option<String>,
    /// With an effective date not before, such as `2026-01-31`.
    pub from_date: Option<String>,
    /// With an effective date not after.
    pub to_date: Option<String>,
    /// Behind the last transfer of the page before: its `next`.
    pub after: Option<u64>,
    /// At most so many, up to [`PAGE_MAX`]; [`PAGE_DEFAULT`] where nothing is said.
    pub limit: Option<u32>,
    /// Newest first.
    pub newest_first: bool,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// Transfers in the order asked for, and where the next page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransferPage {
    /// The transfers.
    pub transfers: Vec<TransferView>,
    /// What the next page comes [after](TransferQuery::after); nothing at the end. It stays good whatever is booked.
    pub next: Option<u64>,
}

/// Transfers that are looked at for one page of a broker's: one that sees few of many may get fewer than it asked for.
pub(super) const SCAN_MAX: usize = 100_000;

/// Transfers that are looked at in one step.
const STEP: u32 = 1_000;

/// Finds transfers.
///
/// # Errors
/// A field that cannot be read, or that names what is not there.
pub fn find_transfers(sight: &Sight<'_>, query: &TransferQuery) -> Result<TransferPage, Invalid> {
    let (found, next) = find_records(sight, query)?;
    let transfers = found.iter().map(|record| sight.transfer_view(record)).collect();
    Ok(TransferPage { transfers, next })
}

/// Finds transfers as the books have them, and what the next page comes after.
///
/// # Errors
/// As [`find_transfers`].
pub fn find_records(
    sight: &Sight<'_>,
    query: &TransferQuery,
) -> Result<(Vec<Record>, Option<u64>), Invalid> {
    let mut asked = Asked::of(sight, query)?;
    let book = sight.book();
    let limit = usize::try_from(asked.filter.limit).unwrap_or(usize::MAX);
    if sight.is_whole() || asked.account.is_some() {
        let mut found = asked.find(book);
        // One more than the page holds was asked for: whether there is a next page is known, not guessed.
        let more = found.len() == limit;
        if more {
            found.pop();
        }
        let next = found.last().filter(|_| more).map(|record| record.sequence);
        return Ok((found, next));
    }
    // However few a page holds: each step looks its way up anew.
    asked.filter.limit = asked.filter.limit.max(STEP);
    let mut found: Vec<Record> = Vec::new();
    let mut looked_at = 0;
    while looked_at < SCAN_MAX {
        let some = asked.find(book);
        let Some(last) = some.last().map(|record| record.sequence) else {
            return Ok((found, None));
        };
        looked_at += some.len();
        for record in some {
            if !sight.sees_transfer(&record.transfer) {
                continue;
            }
            if found.len() + 1 == limit {
                let next = found.last().map(|record| record.sequence);
                return Ok((found, next));
            }
            found.push(record);
        }
        asked.filter.after = last;
    }
    Ok((found, Some(asked.filter.after)))
}

struct Asked {
    filter: QueryFilter,
    account: Option<AccountFilter>,
    /// The account holds another asset than was asked for.
    nothing: bool,
}

impl Asked {
    fn of(sight: &Sight<'_>, query: &TransferQuery) -> Result<Self, Invalid> {
        let book = sight.book();
        let limit = page_limit(query.limit)?;
        let ledger = asset_asked(book, query.asset.as_deref())?;
        let filter = QueryFilter {
            ledger: ledger.unwrap_or(0),
            code: query.code.unwrap_or(0),
            timestamp_min: instant("from", query.from.as_deref(), time::parse_from)?,
            timestamp_max: instant("to", query.to.as_deref(), time::parse_until)?,
            limit: limit + 1,
            reversed: query.newest_first,
            dates: Dates {
                first: date("from_date", query.from_date.as_deref())?.unwrap_or(i32::MIN),
                last: date("to_date", query.to_date.as_deref())?.unwrap_or(i32::MAX),
            },
            after: query.after.unwrap_or(0),
            ..QueryFilter::default()
        };
        let (min, max) = (filter.timestamp_min, filter.timestamp_max);
        check_span(min, max)?;
        if filter.dates.first > filter.dates.last {
            return Err(invalid("from_date", "is after `to_date`: swap them"));
        }
        let Some(name) = &query.account else {
            return match query.side {
                Some(_) => Err(invalid("side", "is that of an account: name the account too")),
                None => Ok(Self { filter, account: None, nothing: false }),
            };
        };
        let opened = there(sight, "account", name)?;
        let account = AccountFilter {
            code: filter.code,
            timestamp_min: min,
            timestamp_max: max,
            limit: filter.limit,
            debits: query.side != Some(Side::Credit),
            credits: query.side != Some(Side::Debit),
            reversed: filter.reversed,
            dates: filter.dates,
            after: filter.after,
            ..AccountFilter::of(opened.opened.id)
        };
        let nothing = ledger.is_some_and(|ledger| ledger != opened.opened.ledger);
        Ok(Self { filter, account: Some(account), nothing })
    }

    fn find(&self, book: &Book) -> Vec<Record> {
        match &self.account {
            _ if self.nothing => Vec::new(),
            Some(account) => book.account_transfers(account),
            None => book.query_transfers(&self.filter),
        }
    }
}

/// How many a page holds.
pub(super) fn page_limit(limit: Option<u32>) -> Result<u32, Invalid> {
    let limit = limit.unwrap_or(PAGE_DEFAULT);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(invalid("limit", format!("{limit} is not from 1 to {PAGE_MAX}")));
    }
    Ok(limit)
}

/// Refuses a span of time that ends before it begins; zero: open.
pub(super) fn check_span(min: i64, max: i64) -> Result<(), Invalid> {
    if max != 0 && min > max {
        return Err(invalid("from", "is after `to`: swap them"));
    }
    Ok(())
}

/// An account that has to be there, and seen.
pub(super) fn there(
    sight: &Sight<'_>,
    field: &'static str,
    name: &str,
) -> Result<Account, Invalid> {
    let found = sight.account(account_id(field, name)?);
    found.ok_or_else(|| invalid(field, format!("`{}` is not there", short(name))))
}

/// The ledger number of an asset that is asked for.
pub(super) fn asset_asked(book: &Book, code: Option<&str>) -> Result<Option<u32>, Invalid> {
    let Some(code) = code else { return Ok(None) };
    let parsed = code.parse().map_err(|error| invalid("asset", error))?;
    let ledger = book.ledger_of(parsed);
    ledger.map(Some).ok_or_else(|| invalid("asset", format!("there is no asset `{parsed}`")))
}

/// Reads an instant, or a date if `parse` reads one; zero where nothing is said.
///
/// # Errors
/// Text that is neither: the field is at fault.
pub fn instant(
    field: &'static str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<i64>,
) -> Result<i64, Invalid> {
    let Some(text) = text else { return Ok(0) };
    parse(text).filter(|nanos| *nanos >= 0).ok_or_else(|| {
        let forms = "write 2026-01-31, 2026-01-31T09:30:00Z or nanoseconds since 1970";
        invalid(field, format!("`{}` is no instant: {forms}", short(text)))
    })
}

fn date(field: &'static str, text: Option<&str>) -> Result<Option<i32>, Invalid> {
    let Some(text) = text else { return Ok(None) };
    let days = time::parse_date(text);
    days.map(Some)
        .ok_or_else(|| invalid(field, format!("`{}` is no date: write 2026-01-31", short(text))))
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
