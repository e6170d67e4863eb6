//! Transactions as transfers and holds.

use std::collections::HashMap;

use thalium::api::{Extra, Transfer, TransferFlag};
use thalium::money::{Amount, Rate, RoundingMode};
use thalium::time;

use super::chart::{Chart, check, fit};
use super::currency::{Currencies, Currency};
use super::{Options, rate_of, tagged};
use crate::difference::{Difference, Kind};
use crate::export::Export;
use crate::record::Transaction;

/// The code of a transfer that stands for a transaction of Blnk's.
const CODE: u16 = 1;
/// What Blnk writes for no date.
const NO_DATE: &str = "0001-01-01";

/// Transfers that are booked together, at one time.
#[derive(Debug)]
pub(super) struct Move {
    /// When Blnk recorded it.
    pub(super) at: i64,
    /// What orders moves of one instant: what captures a hold comes behind it.
    pub(super) rank: u8,
    pub(super) id: String,
    pub(super) transfers: Vec<Transfer>,
}

/// What became of the transactions.
#[derive(Debug, Default)]
pub(super) struct Moves {
    pub(super) moves: Vec<Move>,
    pub(super) not_booked: u64,
}

/// A transaction that can be booked.
struct Booking<'a> {
    of: &'a Transaction,
    at: i64,
    units: u128,
    currency: Currency,
    /// The asset that the destination holds, and how much it gets, where that is another sum.
    exchanged: Option<(Currency, u128)>,
}

/// What a capture or a release takes of a hold.
struct Part {
    child: usize,
    units: u128,
}

pub(super) fn of(
    export: &Export,
    options: &Options,
    chart: &mut Chart,
    currencies: &Currencies,
    differences: &mut Vec<Difference>,
) -> Moves {
    let all = &export.transactions;
    let by_id: HashMap<&str, usize> =
        all.iter().enumerate().map(|(index, own)| (own.transaction_id.as_str(), index)).collect();
    let mut bookings: Vec<Option<Booking<'_>>> = Vec::with_capacity(all.len());
    for own in all {
        match own.status.as_str() {
            "APPLIED" | "INFLIGHT" | "VOID" => {
                bookings.push(booking(own, chart, currencies, differences));
            }
            _ => bookings.push(None),
        }
    }
    let captures = captures(all, &by_id, &bookings);
    let answered = answered(all, &by_id);
    let mut moves = Moves::default();
    let mut beyond: HashMap<usize, u128> = HashMap::new();
    for (index, own) in all.iter().enumerate() {
        let before = moves.moves.len();
        match (own.status.as_str(), bookings.get(index).and_then(Option::as_ref)) {
            ("INFLIGHT", Some(hold)) => {
                let children = captures.get(&index).map_or(&[][..], Vec::as_slice);
                if hold.exchanged.is_some() {
                    let detail = "a hold at a rate or between two currencies is not booked, only what was captured";
                    differences.push(Difference::new(Kind::Exchange, &own.transaction_id, detail));
                    for child in children {
                        let units = bookings.get(*child).and_then(Option::as_ref);
                        beyond.insert(*child, units.map_or(0, |booking| booking.units));
                    }
                } else {
                    let parts = parts(hold, children, &bookings, &mut beyond, differences);
                    moves.hold(hold, &parts, &bookings, options, differences);
                }
            }
            ("APPLIED" | "VOID" | "INFLIGHT", None) => {}
            ("APPLIED" | "VOID", Some(_)) => continue,
            ("QUEUED" | "SCHEDULED", _) if !answered.contains(&own.transaction_id.as_str()) => {
                let detail = format!("is {}: submit it again when it is due", own.status);
                differences.push(Difference::new(Kind::NotApplied, &own.transaction_id, detail));
            }
            ("QUEUED" | "SCHEDULED", _) => {}
            ("REJECTED", _) => {
                differences.push(Difference::new(
                    Kind::Rejected,
                    &own.transaction_id,
                    "nothing is booked",
                ));
            }
            (status, _) => {
                let detail = format!("has the status `{status}`, which is not known");
                differences.push(Difference::new(Kind::Status, &own.transaction_id, detail));
            }
        }
        moves.not_booked += u64::from(moves.moves.len() == before);
    }
    let captured: std::collections::HashSet<usize> = captures.into_values().flatten().collect();
    for (index, own) in all.iter().enumerate() {
        let Some(booking) = bookings.get(index).and_then(Option::as_ref) else { continue };
        let before = moves.moves.len();
        match own.status.as_str() {
            // What captures a hold moves only what goes beyond it by itself.
            "APPLIED" if captured.contains(&index) => {
                let rest = beyond.get(&index).copied().unwrap_or(0);
                if rest > 0 {
                    moves.post(booking, rest, options, chart, differences);
                }
                continue;
            }
            "APPLIED" => moves.post(booking, booking.units, options, chart, differences),
            "VOID" if captured.contains(&index) => continue,
            "VOID" => {
                let detail = "releases a hold that the export does not have";
                differences.push(Difference::new(Kind::BeyondHold, &own.transaction_id, detail));
            }
            _ => continue,
        }
        moves.not_booked += u64::from(moves.moves.len() == before);
    }
    moves
}

/// What of a transaction is booked; nothing, and a difference, where it cannot be.
fn booking<'a>(
    own: &'a Transaction,
    chart: &mut Chart,
    currencies: &Currencies,
    differences: &mut Vec<Difference>,
) -> Option<Booking<'a>> {
    let id = &own.transaction_id;
    let mut told = |kind, detail: String| differences.push(Difference::new(kind, id, detail));
    if own.source == own.destination {
        told(Kind::SameAccount, format!("`{}` is its source and its destination", own.source));
        return None;
    }
    let read = || -> Result<(i64, u128, Currency), String> {
        if own.source.is_empty() || own.destination.is_empty() {
            return Err("its source or its destination lacks".to_owned());
        }
        let currency = currencies
            .get(&own.currency)
            .ok_or_else(|| format!("its currency `{}` has no asset", own.currency))?;
        let amount = own.precise_amount.as_ref().ok_or(
            "precise_amount lacks: lists of Blnk before 0.15.1 leave it out, fetch GET /transactions/{id}",
        )?;
        let units = amount.units().and_then(|units| currency.units(units));
        let units = units.ok_or_else(|| {
            format!(
                "precise_amount `{amount}` is no whole number from 0 to 2^128 − 1 in {}",
                currency.code
            )
        })?;
        let at = time::parse_instant(&own.created_at).filter(|at| *at > 0);
        let at = at.ok_or_else(|| format!("created_at `{}` is no instant", own.created_at))?;
        check(id, "", &std::collections::BTreeMap::new())?;
        Ok((at, units, currency))
    };
    let (at, units, currency) = match read() {
        Ok(read) => read,
        Err(detail) => {
            told(Kind::Unreadable, detail);
            return None;
        }
    };
    let mut sides = Vec::new();
    for balance in [&own.source, &own.destination] {
        let (held, is_there) = chart.named(balance, &currency);
        if !is_there {
            told(Kind::MissingBalance, format!("names `{balance}`, which is not in the export"));
        }
        sides.push(held);
    }
    let [from, to] = <[Currency; 2]>::try_from(sides).ok()?;
    let rate = rate_of(own);
    if rate.is_none() && from == to {
        return Some(Booking { of: own, at, units, currency: from, exchanged: None });
    }
    // Both sides count in Blnk's units, whatever their currencies: the destination gets as many, times the rate.
    let blnk = own.precise_amount.as_ref().and_then(|amount| amount.units());
    let received = blnk.and_then(|blnk| match rate {
        None => Some(blnk),
        Some(rate) => {
            let rate = Rate::parse_decimal(rate).ok()?;
            let converted = rate.convert(Amount::from_units(blnk), 0, 0, RoundingMode::Down);
            converted.ok().map(|converted| converted.amount.units())
        }
    });
    let debited = blnk.and_then(|blnk| from.units(blnk));
    let Some((debited, received)) = debited.zip(received.and_then(|units| to.units(units))) else {
        told(Kind::Unreadable, format!("its rate `{}` cannot be applied", rate.unwrap_or("1")));
        return None;
    };
    told(Kind::Exchange, format!("{} for {}", from.money(debited), to.money(received)));
    Some(Booking { of: own, at, units: debited, currency: from, exchanged: Some((to, received)) })
}

/// For each hold, what captures or releases it, in the order of its times.
fn captures(
    all: &[Transaction],
    by_id: &HashMap<&str, usize>,
    bookings: &[Option<Booking<'_>>],
) -> HashMap<usize, Vec<usize>> {
    let mut found: HashMap<usize, Vec<usize>> = HashMap::new();
    let at = |index: &usize| bookings.get(*index).and_then(Option::as_ref).map(|own| own.at);
    for (index, own) in all.iter().enumerate() {
        if at(&index).is_none() || own.status == "INFLIGHT" {
            continue;
        }
        // A capture that was queued hangs under its queued record, and that under the hold.
        let mut above = by_id.get(own.parent_transaction.as_str());
        for _ in 0..8 {
            let queued =
                above.and_then(|above| all.get(*above)).filter(|own| own.status == "QUEUED");
            let Some(queued) = queued else { break };
            above = by_id.get(queued.parent_transaction.as_str());
        }
        let holds = |hold: &&usize| {
            at(hold).is_some()
                && all.get(**hold).is_some_and(|hold| {
                    hold.status == "INFLIGHT"
                        && (&hold.source, &hold.destination) == (&own.source, &own.destination)
                })
        };
        if let Some(hold) = above.filter(holds) {
            found.entry(*hold).or_default().push(index);
        }
    }
    for children in found.values_mut() {
        children.sort_by_key(|index| {
            (at(index), all.get(*index).map(|own| own.transaction_id.clone()))
        });
    }
    found
}

/// The queued records that another record followed.
fn answered<'a>(
    all: &'a [Transaction],
    by_id: &HashMap<&str, usize>,
) -> std::collections::HashSet<&'a str> {
    let followed = |own: &&Transaction| by_id.contains_key(own.parent_transaction.as_str());
    all.iter().filter(followed).map(|own| own.parent_transaction.as_str()).collect()
}

/// Shares a hold out among what captured and released it.
fn parts(
    hold: &Booking<'_>,
    children: &[usize],
    bookings: &[Option<Booking<'_>>],
    beyond: &mut HashMap<usize, u128>,
    differences: &mut Vec<Difference>,
) -> Vec<Part> {
    let mut left = hold.units;
    let mut parts = Vec::new();
    for child in children {
        let Some(own) = bookings.get(*child).and_then(Option::as_ref) else { continue };
        let units = own.units.min(left);
        left -= units;
        if units > 0 {
            parts.push(Part { child: *child, units });
        }
        if units < own.units {
            beyond.insert(*child, own.units - units);
            let (rest, id) = (own.currency.money(own.units - units), &own.of.transaction_id);
            let detail = format!("goes {rest} beyond what `{}` held", hold.of.transaction_id);
            differences.push(Difference::new(Kind::BeyondHold, id, detail));
        }
    }
    parts
}

impl Moves {
    /// A hold, and what became of each of its parts. The ledger posts a hold once, so one that was captured in several
    /// steps is held in as many parts: the sums are the same at every instant.
    fn hold(
        &mut self,
        hold: &Booking<'_>,
        parts: &[Part],
        bookings: &[Option<Booking<'_>>],
        options: &Options,
        differences: &mut Vec<Difference>,
    ) {
        let taken: u128 = parts.iter().map(|part| part.units).sum();
        let open = hold.units - taken;
        let sizes = parts.iter().map(|part| part.units);
        let sizes: Vec<u128> = sizes.chain((open > 0).then_some(open)).collect();
        let id = &hold.of.transaction_id;
        let key =
            |index: usize| if index == 0 { id.clone() } else { format!("{id}#{}", index + 1) };
        let mut transfers: Vec<Transfer> = (0..)
            .zip(&sizes)
            .map(|(index, units)| {
                let mut transfer = transfer(hold, options, differences);
                transfer.key = key(index);
                transfer.amount = Some(hold.currency.money(*units));
                transfer.flags.push(TransferFlag::Pending);
                transfer
            })
            .collect();
        link(&mut transfers);
        self.push(hold.at, 0, id, transfers);
        for (index, part) in parts.iter().enumerate() {
            let Some(own) = bookings.get(part.child).and_then(Option::as_ref) else { continue };
            let is_void = own.of.status == "VOID";
            let mut transfer = transfer(own, options, differences);
            transfer.pending = Some(key(index));
            transfer.amount = (!is_void).then(|| own.currency.money(part.units));
            (transfer.from, transfer.to) = (None, None);
            transfer.flags.push(match is_void {
                true => TransferFlag::VoidPending,
                false => TransferFlag::PostPending,
            });
            self.push(own.at.max(hold.at), 1, &own.of.transaction_id, vec![transfer]);
        }
    }

    /// Money that moves at once.
    fn post(
        &mut self,
        own: &Booking<'_>,
        units: u128,
        options: &Options,
        chart: &mut Chart,
        differences: &mut Vec<Difference>,
    ) {
        let id = &own.of.transaction_id;
        let mut first = transfer(own, options, differences);
        first.amount = Some(own.currency.money(units));
        if units != own.units {
            first.key = format!("{id}#beyond");
        }
        let Some((currency, received)) = &own.exchanged else {
            self.push(own.at, 2, id, vec![first]);
            return;
        };
        let exchange = |currency: &Currency| format!("blnk-exchange:{}", currency.code);
        let mut second = first.clone();
        for side in [&own.currency, currency] {
            chart.named(&exchange(side), side);
        }
        first.to = Some(exchange(&own.currency));
        second.from = Some(exchange(currency));
        second.key = format!("{id}#received");
        second.amount = Some(currency.money(*received));
        let mut transfers = vec![first, second];
        link(&mut transfers);
        self.push(own.at, 2, id, transfers);
    }

    fn push(&mut self, at: i64, rank: u8, id: &str, transfers: Vec<Transfer>) {
        self.moves.push(Move { at, rank, id: id.to_owned(), transfers });
    }
}

/// All of them together or none.
fn link(transfers: &mut [Transfer]) {
    if let Some((_, chained)) = transfers.split_last_mut() {
        for transfer in chained {
            transfer.flags.push(TransferFlag::Linked);
        }
    }
}

/// The transfer of a transaction, without its amount.
fn transfer(own: &Booking<'_>, options: &Options, differences: &mut Vec<Difference>) -> Transfer {
    let of = own.of;
    let tags = [
        ("blnk.reference", of.reference.as_str()),
        ("blnk.parent_transaction", &of.parent_transaction),
    ];
    let mut description = of.description.clone();
    let mut metadata = tagged(of.meta_data.as_ref(), tags, options);
    let cut = fit(&mut description, &mut metadata, |metadata| {
        *metadata = tagged(None, tags, options);
    });
    differences.extend(cut.map(|cut| Difference::new(Kind::Cut, &of.transaction_id, cut)));
    let date = of.effective_date.as_deref().and_then(|date| date.get(..10));
    Transfer {
        key: of.transaction_id.clone(),
        from: Some(of.source.clone()),
        to: Some(of.destination.clone()),
        flags: vec![TransferFlag::Imported],
        extra: Extra {
            description,
            metadata,
            effective_date: date.filter(|date| *date != NO_DATE).map(str::to_owned),
            code: Some(CODE),
            ..Extra::default()
        },
        ..Transfer::default()
    }
}
