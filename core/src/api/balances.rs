//! Balance histories: what an account held in each bucket of time.

use serde::{Deserialize, Serialize};

use super::buckets::{Asked, Buckets};
use super::query::there;
use super::resolve::{Invalid, invalid};
use super::sight::Sight;
use super::view::{available, name_of, normal};
use crate::Id;
use crate::ledger::account::Balances;
use crate::ledger::book::{Account, Book};
use crate::money::{Amount, Net, RoundingMode};
use crate::rollup::{Aggregate, Sample, TimeWeighted};
use crate::time::format_instant;

/// Entries that are counted for an answer.
pub(super) const ENTRIES_READ: usize = 1_000_000;

/// Whose balances, and in which buckets of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BalanceHistoryQuery {
    /// The account: its key or id.
    pub account: String,
    /// How wide the buckets are: `1h`, `1d`, `1w`, `1M` and others; `1d` where nothing is said.
    pub width: Option<String>,
    /// The time zone by whose clocks they begin, such as `Africa/Johannesburg`; UTC where nothing is said.
    pub zone: Option<String>,
    /// From the bucket on that has this: RFC 3339, nanoseconds since 1970, or a date of the zone. By default the newest.
    pub from: Option<String>,
    /// Up to the bucket that has this; a date stands for its last instant.
    pub to: Option<String>,
    /// At most so many buckets: 500 by default, up to [`PAGE_MAX`](super::PAGE_MAX).
    pub limit: Option<u32>,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// What an account held, oldest first: every bucket from its opening on, also those in which nothing happened, up to now, which is the newest
/// instant of the log. A broker is told up to the account's newest entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalanceHistoryPage {
    /// The account's key, or its id.
    pub account: String,
    /// The code of its asset.
    pub asset: String,
    /// The buckets.
    pub buckets: Vec<BalanceBucketView>,
    /// The [from](BalanceHistoryQuery::from) of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub next: Option<String>,
}

/// What an account held in a bucket of time. Balances are posted ones, on the account's normal side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalanceBucketView {
    /// When the bucket begins.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub start: String,
    /// When the next begins.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub end: String,
    /// The balance at its beginning.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub open: String,
    /// The highest balance, that at the beginning among them.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub high: String,
    /// The lowest balance, that at the beginning among them.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub low: String,
    /// The balance at its end, or now.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub close: String,
    /// The average, weighted by how long each balance stood while the account was open and until now; rounded half to even, once. Nothing
    /// where no time has passed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub average: Option<String>,
    /// What was available at its end: the balance less what is held.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub available: String,
    /// What was debited.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub debits: String,
    /// What was credited.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub credits: String,
    /// How many entries the account has of that time: posts, holds, captures, releases and expiries.
    pub entries: u64,
}

/// The balance history of an account.
///
/// # Errors
/// A field that cannot be read, an account that is not there, or more entries than are read for an answer.
pub fn balance_history(
    sight: &Sight<'_>,
    query: &BalanceHistoryQuery,
) -> Result<BalanceHistoryPage, Invalid> {
    let book = sight.book();
    let account = there(sight, "account", &query.account)?;
    let asked = Asked {
        width: query.width.as_deref(),
        zone: query.zone.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        limit: query.limit,
    };
    let opened = account.opened.timestamp;
    let now = newest(sight, account.opened.id);
    let Buckets { spans, next } = Buckets::of(asked, opened, now)?;
    let asset = book.asset(account.opened.ledger);
    let mut buckets = Vec::with_capacity(spans.len());
    if let (Some((low, _)), Some((_, high))) = (spans.first(), spans.last()) {
        let (mut state, entries) = Entry::between(book, &account, *low, *high)?;
        let mut entries = entries.into_iter().peekable();
        for (start, end) in spans {
            let mut bucket = Bucket::begin(start.max(opened), state);
            while let Some(entry) = entries.next_if(|entry| entry.at < end) {
                bucket.add(&entry).ok_or_else(too_much)?;
            }
            state = bucket.state;
            let scale = asset.map_or(0, |asset| asset.scale());
            buckets.push(bucket.view((start, end), end.min(now), scale).ok_or_else(too_much)?);
        }
    }
    Ok(BalanceHistoryPage {
        account: name_of(book, account.opened.id),
        asset: asset
            .map_or_else(|| account.opened.ledger.to_string(), |asset| asset.code().to_string()),
        buckets,
        next: next.map(format_instant),
    })
}

fn too_much() -> Invalid {
    invalid("account", "its balances times how long they stood are more than can be counted")
}

/// More entries than are read for an answer.
pub(super) fn too_many(what: &str) -> Invalid {
    invalid(
        "limit",
        format!(
            "more than {ENTRIES_READ} {what} fall into the buckets asked for: ask for fewer, or for narrower ones"
        ),
    )
}

/// The newest instant that is told of an account: of a book that is seen in part, others' newest event is not.
pub(super) fn newest(sight: &Sight<'_>, account: Id) -> i64 {
    let book = sight.book();
    if sight.is_whole() {
        return book.clock();
    }
    let opened = book.account(account).map_or(0, |account| account.opened.timestamp);
    let last = book.account_history(account).next().map_or(0, |entry| entry.timestamp);
    opened.max(last)
}

/// What an account has at an instant.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    balance: Net,
    available: Net,
}

impl State {
    fn of(account: &Account, balances: &Balances) -> Self {
        let kind = account.opened.kind;
        Self { balance: normal(kind, balances), available: available(kind, balances) }
    }

    /// What has to be added to come from another to this one.
    fn less(self, before: Self) -> Option<Self> {
        Some(Self {
            balance: self.balance.checked_sub(before.balance)?,
            available: self.available.checked_sub(before.available)?,
        })
    }

    fn plus(self, change: Self) -> Option<Self> {
        Some(Self {
            balance: self.balance.checked_add(change.balance)?,
            available: self.available.checked_add(change.available)?,
        })
    }
}

/// Something that moved an account.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: i64,
    sequence: u64,
    change: State,
    debited: u128,
    credited: u128,
}

impl Entry {
    /// What the account had before an instant, and its entries from then to before another, by time: what was imported has its own,
    /// whenever it was recorded.
    fn between(
        book: &Book,
        account: &Account,
        low: i64,
        high: i64,
    ) -> Result<(State, Vec<Self>), Invalid> {
        let mut state = State::of(account, &account.balances);
        let mut found = Vec::new();
        let mut history = book.account_history(account.opened.id).peekable();
        while let Some(entry) = history.next() {
            if entry.timestamp < low {
                if entry.is_imported() {
                    continue;
                }
                break;
            }
            // What was before is what the entry before it has left.
            let before = history.peek().map_or(Balances::default(), |before| before.balances);
            let after = entry.balances;
            let change = State::of(account, &after).less(State::of(account, &before));
            let change = change.ok_or_else(too_much)?;
            state = state.less(change).ok_or_else(too_much)?;
            if entry.timestamp >= high {
                continue;
            }
            if found.len() >= ENTRIES_READ {
                return Err(too_many("entries of the account"));
            }
            found.push(Self {
                at: entry.timestamp,
                sequence: entry.sequence,
                change,
                debited: after.debits_posted.saturating_sub(before.debits_posted),
                credited: after.credits_posted.saturating_sub(before.credits_posted),
            });
        }
        found.sort_unstable_by_key(|entry| (entry.at, entry.sequence));
        Ok((state, found))
    }
}

/// A bucket that is being filled.
struct Bucket {
    from: i64,
    open: Net,
    state: State,
    high: Net,
    low: Net,
    weighted: TimeWeighted,
    debits: u128,
    credits: u128,
    entries: u64,
}

impl Bucket {
    fn begin(from: i64, state: State) -> Self {
        // INVARIANT: a sequence in the log is above zero, so that nothing stands before this.
        let open = Sample { at: from, sequence: 0, value: state.balance };
        Self {
            from,
            open: state.balance,
            state,
            high: state.balance,
            low: state.balance,
            weighted: TimeWeighted::of(&open),
            debits: 0,
            credits: 0,
            entries: 0,
        }
    }

    fn add(&mut self, entry: &Entry) -> Option<()> {
        self.state = self.state.plus(entry.change)?;
        let sample = Sample {
            at: entry.at.max(self.from),
            sequence: entry.sequence,
            value: self.state.balance,
        };
        self.high = self.high.max(sample.value);
        self.low = self.low.min(sample.value);
        self.weighted.add(&sample).ok()?;
        self.debits = self.debits.checked_add(entry.debited)?;
        self.credits = self.credits.checked_add(entry.credited)?;
        self.entries += 1;
        Some(())
    }

    /// As text; what stands at the end has stood until an instant.
    fn view(&self, (start, end): (i64, i64), until: i64, scale: u8) -> Option<BalanceBucketView> {
        let text = |net: Net| net.to_text(scale);
        let amount = |units| Amount::from_units(units).to_text(scale);
        let average = self.weighted.average(self.from, until, None, 0, RoundingMode::HalfEven);
        Some(BalanceBucketView {
            start: format_instant(start),
            end: format_instant(end),
            open: text(self.open),
            high: text(self.high),
            low: text(self.low),
            close: text(self.state.balance),
            average: average.ok()?.map(text),
            available: text(self.state.available),
            debits: amount(self.debits),
            credits: amount(self.credits),
            entries: self.entries,
        })
    }
}

#[cfg(test)]
#[path = "balances_tests.rs"]
mod tests;
