//! The trades that the demo settles: a file's, or a small scenario of its own.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use thalium_host::money::Amount;
use thalium_host::time;

use crate::failure::Failure;

/// Digits after the point of a price and of a quantity.
pub(super) const SCALE: u8 = 8;
/// The largest power of ten of scientific notation.
const EXPONENT_MAX: u8 = 38;
/// Trades of the scenario.
const SCENARIO: usize = 200;
/// When the scenario begins: 2026-01-05T09:00:00Z, in milliseconds.
const SCENARIO_START_MS: i64 = 1_767_603_600_000;

/// A trade in a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trade {
    /// Its id.
    pub(super) id: u64,
    /// When, in milliseconds since 1970.
    pub(super) time_ms: i64,
    /// Quote coins per base coin, in units of 10⁻⁸.
    pub(super) price: Amount,
    /// Base coins, in units of 10⁻⁸.
    pub(super) quantity: Amount,
    /// Whether the buyer's order stood in the book; then the seller took it.
    pub(super) is_buyer_maker: bool,
}

impl Trade {
    /// The civil date of the trade.
    pub(super) fn date(&self) -> String {
        let days = time::date_of(self.time_ms.saturating_mul(1_000_000));
        time::format_date(days).unwrap_or_default()
    }
}

/// The trades of a file or of the scenario, cut or continued to `count`.
pub(super) fn load(file: Option<&Path>, count: Option<usize>) -> Result<Vec<Trade>, Failure> {
    let trades = match file {
        Some(path) => read(path)?,
        None => scenario(),
    };
    Ok(repeat(trades, count))
}

/// Reads `trade_id,time_ms,price,quantity,buyer_maker` under a header.
fn read(path: &Path) -> Result<Vec<Trade>, Failure> {
    let name = path.display();
    let file = File::open(path)
        .map_err(|error| Failure::usage(format!("cannot read `{name}`: {error}")))?;
    let mut reader = csv::Reader::from_reader(BufReader::new(file));
    let mut trades = Vec::new();
    let mut record = csv::StringRecord::new();
    let broken = |line: u64, why: String| Failure::usage(format!("{name}:{line}: {why}"));
    while reader
        .read_record(&mut record)
        .map_err(|error| Failure::usage(format!("{name}: {error}")))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        trades.push(trade(&record).map_err(|why| broken(line, why))?);
    }
    if trades.is_empty() {
        return Err(Failure::usage(format!("{name}: has no trades under its header")));
    }
    Ok(trades)
}

pub(super) fn trade(record: &csv::StringRecord) -> Result<Trade, String> {
    let field =
        |index: usize, name: &str| record.get(index).ok_or_else(|| format!("{name}: is missing"));
    let number = |index: usize, name: &str| {
        field(index, name)?.parse::<u64>().map_err(|_| format!("{name}: is no whole number"))
    };
    let amount = |index: usize, name: &str| {
        let found = Amount::parse(&plain(field(index, name)?), SCALE)
            .map_err(|error| format!("{name}: {error}"))?;
        if found.is_zero() { Err(format!("{name}: is zero")) } else { Ok(found) }
    };
    Ok(Trade {
        id: number(0, "trade_id")?,
        time_ms: i64::try_from(number(1, "time_ms")?)
            .map_err(|_| "time_ms: is out of range".to_owned())?,
        price: amount(2, "price")?,
        quantity: amount(3, "quantity")?,
        is_buyer_maker: match field(4, "buyer_maker")? {
            "true" => true,
            "false" => false,
            _ => return Err("buyer_maker: is neither true nor false".to_owned()),
        },
    })
}

/// Scientific notation, which some exports of trades have, as plain decimal text: `2.5e-6` is `0.0000025`. Digits are
/// moved, nothing is computed; other text is left as it is.
fn plain(text: &str) -> Cow<'_, str> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Cow::Borrowed(text);
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let shift = match exponent.parse::<i8>() {
        Ok(shift) if shift.unsigned_abs() <= EXPONENT_MAX => shift,
        _ => return Cow::Borrowed(text),
    };
    if whole.is_empty() {
        return Cow::Borrowed(text);
    }
    let zeros = usize::from(shift.unsigned_abs());
    Cow::Owned(if shift < 0 {
        let digits = format!("{}{whole}", "0".repeat(zeros));
        let (left, right) = digits.split_at_checked(digits.len() - zeros).unwrap_or((&digits, ""));
        let left = if left.is_empty() { "0" } else { left };
        format!("{left}.{right}{fraction}").trim_end_matches('.').to_owned()
    } else {
        let digits = format!("{fraction}{}", "0".repeat(zeros.saturating_sub(fraction.len())));
        let (left, right) = digits.split_at_checked(zeros).unwrap_or((&digits, ""));
        format!("{whole}{left}.{right}").trim_end_matches('.').to_owned()
    })
}

/// A walk of prices around 60,000 with quantities from 0.0001 to 0.5, the same on every machine.
fn scenario() -> Vec<Trade> {
    let mut state = 20_260_105;
    let mut cents: u64 = 6_000_000;
    let mut time_ms = SCENARIO_START_MS;
    (1..=SCENARIO)
        .map(|index| {
            // Each step moves the price by at most 25.00 and keeps it above 50,000.
            cents = (cents + draw(&mut state) % 5_001).saturating_sub(2_500).max(5_000_000);
            time_ms += i64::try_from(draw(&mut state) % 30_000).unwrap_or(0);
            let quantity = 10_000 + draw(&mut state) % 49_990_000;
            Trade {
                id: u64::try_from(index).unwrap_or(u64::MAX),
                time_ms,
                price: Amount::from_units(u128::from(cents) * 1_000_000),
                quantity: Amount::from_units(quantity.into()),
                is_buyer_maker: draw(&mut state).is_multiple_of(2),
            }
        })
        .collect()
}

/// The next number of a sequence that looks random: SplitMix64 (Steele, Lea, Flood 2014).
pub(super) fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// As many as asked for: a later round has later ids and later times.
fn repeat(trades: Vec<Trade>, count: Option<usize>) -> Vec<Trade> {
    let Some(count) = count else { return trades };
    let (Some(first), Some(last)) = (trades.first().copied(), trades.last().copied()) else {
        return trades;
    };
    let highest = trades.iter().map(|trade| trade.id).max().unwrap_or(last.id);
    let lowest = trades.iter().map(|trade| trade.id).min().unwrap_or(first.id);
    let id_span = highest.saturating_sub(lowest).saturating_add(1);
    let time_span = last.time_ms.saturating_sub(first.time_ms).max(0).saturating_add(1_000);
    let mut found = Vec::with_capacity(count);
    let mut round = 0_u32;
    while found.len() < count {
        for trade in trades.iter().take(count - found.len()) {
            found.push(Trade {
                id: trade.id.saturating_add(id_span.saturating_mul(u64::from(round))),
                time_ms: trade.time_ms.saturating_add(time_span.saturating_mul(i64::from(round))),
                ..*trade
            });
        }
        round += 1;
    }
    found
}

#[cfg(test)]
#[path = "trades_tests.rs"]
mod tests;
