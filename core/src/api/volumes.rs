//! Volumes: how much was moved in each bucket of time, by asset and type.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::balances::{ENTRIES_READ, newest, too_many};
use super::buckets::{Asked, Buckets};
use super::party::the_party;
use super::query::{PAGE_MAX, SCAN_MAX, TransferQuery, asset_asked, find_records, there};
use super::resolve::{Invalid, invalid};
use super::sight::Sight;
use crate::Id;
use crate::ledger::book::Record;
use crate::ledger::transaction::Side;
use crate::ledger::transfer::TransferFlags;
use crate::money::Amount;
use crate::time::format_instant;

/// Whose volumes, and in which buckets of time. One of `account`, `party` and `asset` says of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct VolumeQuery {
    /// What an account was debited and credited: its key or id.
    pub account: Option<String>,
    /// What all accounts of a party were: its key or id.
    pub party: Option<String>,
    /// All that was moved of an asset: its code. Then debits and credits are the same.
    pub asset: Option<String>,
    /// Only transfers with this code.
    pub code: Option<u16>,
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

/// Volumes, oldest first: of each bucket, asset and code of which there are transfers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VolumePage {
    /// The volumes.
    pub volumes: Vec<VolumeView>,
    /// The [from](VolumeQuery::from) of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub next: Option<String>,
}

/// How much was moved in a bucket of time. What is held counts when it is captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VolumeView {
    /// When the bucket begins.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub start: String,
    /// When the next begins.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub end: String,
    /// The code of the asset.
    pub asset: String,
    /// The code of the transfers.
    pub code: u16,
    /// How many.
    pub transfers: u64,
    /// What was debited.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub debits: String,
    /// What was credited.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub credits: String,
}

/// How much was moved.
#[derive(Clone, Copy, Debug, Default)]
struct Volume {
    transfers: u64,
    debits: u128,
    credits: u128,
}

/// Volumes of an account, of a party, or of an asset.
///
/// # Errors
/// A field that cannot be read or names what is not there; none of the three, or more than one; more transfers than are counted for an
/// answer, or a sum beyond 2¹²⁸ units.
pub fn volumes(sight: &Sight<'_>, query: &VolumeQuery) -> Result<VolumePage, Invalid> {
    let book = sight.book();
    let asked = Asked {
        width: query.width.as_deref(),
        zone: query.zone.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        limit: query.limit,
    };
    let scope = Scope::of(sight, query)?;
    let opened = book.accounts_from(0).next().map_or(0, |first| first.opened.timestamp);
    // Nothing was moved before there were accounts.
    let Buckets { spans, next } = Buckets::of(asked, opened, scope.newest(sight, query)?)?;
    let mut volumes: BTreeMap<(usize, u32, u16), Volume> = BTreeMap::new();
    if let (Some((low, _)), Some((_, high))) = (spans.first(), spans.last()) {
        scope.each(sight, query, (*low, *high), |record, part| {
            let transfer = &record.transfer;
            let place = spans.partition_point(|(_, end)| *end <= transfer.timestamp);
            let own = volumes.entry((place, transfer.ledger, transfer.code)).or_default();
            let [debits, credits] =
                part.sides.map(|counts| if counts { transfer.amount } else { 0 });
            own.transfers += u64::from(part.is_first);
            own.debits = own.debits.checked_add(debits)?;
            own.credits = own.credits.checked_add(credits)?;
            Some(())
        })?;
    }
    let told = volumes.into_iter().filter_map(|((place, ledger, code), volume)| {
        let (start, end) = spans.get(place)?;
        let asset = book.asset(ledger);
        let scale = asset.map_or(0, |asset| asset.scale());
        let amount = |units| Amount::from_units(units).to_text(scale);
        Some(VolumeView {
            start: format_instant(*start),
            end: format_instant(*end),
            asset: asset.map_or_else(|| ledger.to_string(), |asset| asset.code().to_string()),
            code,
            transfers: volume.transfers,
            debits: amount(volume.debits),
            credits: amount(volume.credits),
        })
    });
    Ok(VolumePage { volumes: told.collect(), next: next.map(format_instant) })
}

/// Of what.
enum Scope {
    /// Of accounts: what each is debited and credited.
    Accounts(BTreeSet<Id>),
    /// Of an asset.
    Asset,
}

impl Scope {
    fn of(sight: &Sight<'_>, query: &VolumeQuery) -> Result<Self, Invalid> {
        match (&query.account, &query.party, &query.asset) {
            (Some(name), None, None) => {
                Ok(Self::Accounts(BTreeSet::from([there(sight, "account", name)?.opened.id])))
            }
            (None, Some(name), None) => {
                let party = the_party(sight, "party", name)?;
                let accounts = sight.parties().accounts_of(party).map(|(id, ..)| id);
                // One may be held in several roles.
                Ok(Self::Accounts(accounts.filter(|id| sight.sees_account(*id)).collect()))
            }
            (None, None, code @ Some(_)) => {
                asset_asked(sight.book(), code.as_deref())?;
                Ok(Self::Asset)
            }
            (None, None, None) => {
                Err(invalid("account", "is missing: name it, a party or an asset"))
            }
            _ => Err(invalid(
                "account",
                "is one of three: name either an account, a party or an asset",
            )),
        }
    }

    /// The newest instant that is told: of a book that is seen in part, others' newest event is not.
    fn newest(&self, sight: &Sight<'_>, query: &VolumeQuery) -> Result<i64, Invalid> {
        match self {
            _ if sight.is_whole() => Ok(sight.book().clock()),
            Self::Accounts(accounts) => {
                Ok(accounts.iter().map(|account| newest(sight, *account)).max().unwrap_or(0))
            }
            Self::Asset => {
                let newest = TransferQuery {
                    asset: query.asset.clone(),
                    newest_first: true,
                    limit: Some(1),
                    ..TransferQuery::default()
                };
                let mut newest_at = 0;
                pages(sight, newest, |found| {
                    newest_at = found.first().map_or(0, |record| record.transfer.timestamp);
                    Ok(newest_at == 0)
                })?;
                Ok(newest_at)
            }
        }
    }

    /// Calls for each transfer that has moved anything, with what counts of it.
    fn each(
        &self,
        sight: &Sight<'_>,
        query: &VolumeQuery,
        span: (i64, i64),
        mut take: impl FnMut(&Record, Part) -> Option<()>,
    ) -> Result<(), Invalid> {
        let mut read = 0;
        let mut take = |record: &Record, part| {
            read += 1;
            if read > ENTRIES_READ {
                return Err(too_many("transfers"));
            }
            let flags = record.transfer.flags;
            let is_held =
                flags.has(TransferFlags::PENDING) || flags.has(TransferFlags::VOID_PENDING);
            let took = if is_held { Some(()) } else { take(record, part) };
            took.ok_or_else(|| invalid("width", "what was moved is more than can be counted"))
        };
        match self {
            Self::Accounts(accounts) => accounts.iter().try_for_each(|account| {
                of_account(sight, (accounts, *account), query.code, span, &mut take)
            }),
            Self::Asset => of_asset(sight, query, span, &mut take),
        }
    }
}

/// What counts of a transfer.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Whether its debit and its credit do.
    sides: [bool; 2],
    /// Whether it was not counted yet.
    is_first: bool,
}

type Take<'a> = &'a mut dyn FnMut(&Record, Part) -> Result<(), Invalid>;

/// The transfers of one of some accounts.
fn of_account(
    sight: &Sight<'_>,
    (all, account): (&BTreeSet<Id>, Id),
    code: Option<u16>,
    (low, high): (i64, i64),
    take: Take<'_>,
) -> Result<(), Invalid> {
    for entry in sight.book().account_history(account) {
        // Newest first: but for what was imported, nothing newer stands behind.
        if entry.timestamp < low && !entry.is_imported() {
            break;
        }
        let transfer = &entry.record.transfer;
        // As in every question, zero stands for all.
        let is_asked = code.is_none_or(|code| code == 0 || code == transfer.code);
        if is_asked && !entry.expired && (low..high).contains(&entry.timestamp) {
            let is_debit = entry.side == Side::Debit;
            // One between two of them is counted where it debits.
            let is_first = is_debit || !all.contains(&transfer.debit_account_id);
            take(&entry.record, Part { sides: [is_debit, !is_debit], is_first })?;
        }
    }
    Ok(())
}

fn of_asset(
    sight: &Sight<'_>,
    query: &VolumeQuery,
    (low, high): (i64, i64),
    take: Take<'_>,
) -> Result<(), Invalid> {
    let asked = TransferQuery {
        asset: query.asset.clone(),
        code: query.code,
        from: Some(low.max(0).to_string()),
        to: Some(high.saturating_sub(1).max(0).to_string()),
        limit: Some(PAGE_MAX),
        ..TransferQuery::default()
    };
    let part = Part { sides: [true; 2], is_first: true };
    let is_there = |record: &&Record| (low..high).contains(&record.transfer.timestamp);
    pages(sight, asked, |found| {
        found.iter().filter(is_there).try_for_each(|record| take(record, part))?;
        Ok(true)
    })
}

/// Calls for each page of transfers, as long as more are wanted.
fn pages(
    sight: &Sight<'_>,
    mut asked: TransferQuery,
    mut take: impl FnMut(&[Record]) -> Result<bool, Invalid>,
) -> Result<(), Invalid> {
    let mut looked_at = 0;
    loop {
        let (found, next) = find_records(sight, &asked)?;
        // Where only a part is seen, a page is what was found among so many.
        looked_at += if sight.is_whole() { found.len() } else { SCAN_MAX };
        if !take(&found)? || next.is_none() {
            return Ok(());
        }
        if looked_at > ENTRIES_READ {
            return Err(too_many("transfers"));
        }
        asked.after = next;
    }
}
