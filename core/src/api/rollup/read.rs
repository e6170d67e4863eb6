//! Candles, symbols and changes as text.

use serde::{Deserialize, Serialize};

use super::{Invalid, instant, invalid, limit};
use crate::money::{Amount, RoundingMode};
use crate::rollup::{
    Bucket, Calendar, Candle, Cause, Change, Refusal, Rollup, Rollups, Series, Volume, Width, fill,
};
use crate::time;

/// Which candles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct KlineQuery {
    /// The rollup.
    pub rollup: String,
    /// Of which symbol.
    pub symbol: String,
    /// How wide: one of the rollup's levels.
    pub width: String,
    /// Those that begin then or later: RFC 3339 or nanoseconds since 1970. By default the newest.
    pub from: Option<String>,
    /// Those that begin before then.
    pub to: Option<String>,
    /// At most so many: 500 by default, up to 10,000.
    pub limit: Option<u32>,
    /// Also those between in which nothing has happened, with the close before.
    pub fill: bool,
}

/// Candles, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KlinePage {
    /// The candles.
    pub klines: Vec<KlineView>,
    /// Where to go on, if there are more.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub next: Option<String>,
}

/// A candle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KlineView {
    /// When the bucket begins.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub start: String,
    /// When the next begins.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub end: String,
    /// The first price.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub open: String,
    /// The highest price.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub high: String,
    /// The lowest price.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub low: String,
    /// The last price.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub close: String,
    /// How much was traded.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub volume: String,
    /// What was paid for it.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub turnover: String,
    /// The average price, weighted by quantities (VWAP).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub average: Option<String>,
    /// How many trades.
    pub trades: u64,
    /// How much buyers are known to have taken.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub buy_volume: String,
    /// What was paid for that.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub buy_turnover: String,
    /// How much sellers are known to have taken.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub sell_volume: String,
    /// What was paid for that.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub sell_turnover: String,
    /// Whether the watermark has passed its end.
    pub closed: bool,
    /// How often it was changed since.
    pub revision: u32,
}

/// Which symbols.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SymbolQuery {
    /// The rollup.
    pub rollup: String,
    /// Behind this symbol.
    pub after: Option<String>,
    /// At most so many: 500 by default, up to 10,000.
    pub limit: Option<u32>,
}

/// Symbols, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SymbolPage {
    /// The symbols.
    pub symbols: Vec<SymbolView>,
    /// The `after` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<String>,
}

/// A symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SymbolView {
    /// Its name.
    pub symbol: String,
    /// Its newest price.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub price: Option<String>,
    /// When that was traded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub at: Option<String>,
    /// What ended by then is closed.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub watermark: String,
}

/// Which changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ChangeQuery {
    /// The rollup.
    pub rollup: String,
    /// Behind the change of this number; from the first by default.
    pub after: Option<u64>,
    /// At most so many: 500 by default, up to 10,000.
    pub limit: Option<u32>,
}

/// Changes, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangePage {
    /// How often the rollup was defined: numbers begin again with it.
    pub version: u32,
    /// The changes.
    pub changes: Vec<ChangeView>,
    /// The `after` of the next question.
    pub next: u64,
    /// How many of those asked for are not there any more.
    pub lost: u64,
}

/// A change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeView {
    /// Its number, from one.
    pub number: u64,
    /// `closed`, `revised` or `refused`.
    pub kind: String,
    /// Of which symbol.
    pub symbol: String,
    /// Of a bucket: how wide it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width: Option<String>,
    /// Of a bucket: when it begins.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub start: Option<String>,
    /// Of a bucket that was changed: for the how manieth time.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub revision: Option<u32>,
    /// Of a trade that was refused: when it was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub at: Option<String>,
    /// Of a trade that was refused: the number that the market gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// Why: of a bucket `late`, `corrected` or `removed`; of a trade `late`, `expired`, `differs`, `not_found`, `not_kept`,
    /// `out_of_range` or `overflow`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<String>,
}

/// Candles of a symbol.
///
/// # Errors
/// A rollup that is not there, a width that is none of its levels, an instant that is none.
pub fn klines(rollups: &Rollups, query: &KlineQuery) -> Result<KlinePage, Invalid> {
    let rollup = rollups.existing(&query.rollup)?;
    let width: Width = query.width.parse().map_err(|error| invalid("width", error))?;
    let level = rollup.level(width).ok_or_else(|| {
        let levels: Vec<_> = rollup.definition().levels.iter().map(ToString::to_string).collect();
        let what = format!("`{width}` is none of the levels, which are {}", levels.join(" "));
        invalid("width", what)
    })?;
    let limit = limit(query.limit)?;
    let from = query.from.as_ref().map(|text| instant("from", text)).transpose()?;
    let to = query.to.as_ref().map(|text| instant("to", text)).transpose()?.unwrap_or(i64::MAX);
    if from.is_some_and(|from| from > to) {
        return Err(invalid("from", "is after `to`: swap them"));
    }
    let market = rollup.market();
    let (Some(series), Some(calendar)) =
        (market.series(&query.symbol), market.rules().levels.calendars().get(level))
    else {
        return Ok(KlinePage::default());
    };
    let range = (from, to);
    let candles = if query.fill {
        filled(series, calendar, level, range, limit)?
    } else {
        candles(series, level, range, limit)
    };
    let mut told = Vec::with_capacity(candles.len());
    for candle in candles {
        told.push(view(rollup, series.watermark(), &candle)?);
    }
    let more = told.len() > limit;
    let next = if more { told.pop().map(|candle| candle.start) } else { None };
    Ok(KlinePage { klines: told, next })
}

/// A bucket as it is told: where nothing has happened in it, with the candle before it.
struct Told<'a> {
    start: i64,
    end: i64,
    revision: u32,
    candle: Result<&'a Candle, &'a Candle>,
}

/// The buckets of a level in which anything has happened, and that begin in a range.
fn buckets(
    series: &Series<Candle>,
    level: usize,
    range: std::ops::Range<i64>,
) -> impl DoubleEndedIterator<Item = &Bucket<Candle>> {
    series.buckets(level, range).filter(|bucket| bucket.value.is_some())
}

/// The candles of a level: from an instant on the first of them, with one more where there are more; else the last.
fn candles(
    series: &Series<Candle>,
    level: usize,
    (from, to): (Option<i64>, i64),
    limit: usize,
) -> Vec<Told<'_>> {
    let told = buckets(series, level, from.unwrap_or(i64::MIN)..to).filter_map(|bucket| {
        let Bucket { start, end, revision, value } = bucket;
        let candle = Ok(value.as_ref()?);
        Some(Told { start: *start, end: *end, revision: *revision, candle })
    });
    if from.is_some() {
        return told.take(limit + 1).collect();
    }
    let mut newest: Vec<_> = told.rev().take(limit).collect();
    newest.reverse();
    newest
}

/// As [`candles`], with each bucket between the first and the last in which anything has happened.
fn filled<'a>(
    series: &'a Series<Candle>,
    calendar: &Calendar,
    level: usize,
    (from, to): (Option<i64>, i64),
    limit: usize,
) -> Result<Vec<Told<'a>>, Invalid> {
    let all = || buckets(series, level, i64::MIN..i64::MAX);
    let (Some(first), Some(last)) = (all().next(), all().next_back()) else {
        return Ok(Vec::new());
    };
    let mut low = from.unwrap_or(i64::MIN).max(first.start);
    let mut high = to.min(last.start.saturating_add(1));
    if low >= high {
        return Ok(Vec::new());
    }
    // No more is filled than is told.
    if from.is_some() {
        let begin = calendar.start(low).ok().filter(|start| *start == low);
        let mut edge = begin.or_else(|| calendar.end(low).ok()).unwrap_or(high);
        (low, edge) = (edge, edge);
        for _ in 0..limit {
            edge = calendar.end(edge).ok().filter(|next| *next > edge).unwrap_or(high);
        }
        high = high.min(edge.saturating_add(1));
    } else if let Ok(mut edge) = calendar.start(high - 1) {
        for _ in 1..limit {
            edge = calendar.start(edge.saturating_sub(1)).unwrap_or(low);
        }
        low = low.max(edge);
    }
    // What is before a gap is carried into it.
    let before = buckets(series, level, i64::MIN..low).next_back();
    let own = before.into_iter().chain(buckets(series, level, low..high));
    let told = fill(calendar, low..high, own).map_err(|error| invalid("fill", error))?;
    let revision = |at: i64| {
        buckets(series, level, at..at.saturating_add(1)).next().map_or(0, |own| own.revision)
    };
    let told = told.into_iter().filter_map(|bucket| {
        let candle =
            bucket.value.map_or_else(|| bucket.before.map(Err), |value| Some(Ok(value)))?;
        let revision = if candle.is_ok() { revision(bucket.start) } else { 0 };
        Some(Told { start: bucket.start, end: bucket.end, revision, candle })
    });
    Ok(told.collect())
}

fn view(rollup: &Rollup, watermark: i64, told: &Told<'_>) -> Result<KlineView, Invalid> {
    let definition = rollup.definition();
    let price = |amount: Amount| amount.to_text(definition.price_scale);
    let quantity = |volume: &Volume| volume.quantity().to_text(definition.quantity_scale);
    let wide = |error| invalid("rollup", error);
    let turnover = |volume: &Volume| {
        volume.turnover_text(definition.quantity_scale, definition.price_scale).map_err(wide)
    };
    let Told { start, end, revision, candle } = told;
    let (prices, volumes) = match candle {
        Ok(candle) => (
            [candle.first(), candle.high(), candle.low(), candle.last()].map(|quote| quote.price),
            [*candle.volume(), *candle.bought(), *candle.sold()],
        ),
        Err(before) => ([before.last().price; 4], [Volume::default(); 3]),
    };
    let [open, high, low, close] = prices.map(price);
    let [all, bought, sold] = &volumes;
    Ok(KlineView {
        start: time::format_instant(*start),
        end: time::format_instant(*end),
        open,
        high,
        low,
        close,
        volume: quantity(all),
        turnover: turnover(all)?,
        average: all.average_price(0, RoundingMode::HalfEven).map_err(wide)?.map(price),
        trades: all.trades(),
        buy_volume: quantity(bought),
        buy_turnover: turnover(bought)?,
        sell_volume: quantity(sold),
        sell_turnover: turnover(sold)?,
        closed: *end <= watermark,
        revision: *revision,
    })
}

/// The symbols of a rollup, with their newest prices.
///
/// # Errors
/// A rollup that is not there.
pub fn symbols(rollups: &Rollups, query: &SymbolQuery) -> Result<SymbolPage, Invalid> {
    let rollup = rollups.existing(&query.rollup)?;
    let limit = limit(query.limit)?;
    let after = query.after.as_deref();
    let mut rest = rollup.market().symbols_after(after);
    let told = rest.by_ref().take(limit).map(|(symbol, series)| {
        let levels = 0..rollup.definition().levels.len();
        let newest = |level| {
            let buckets = series.buckets(level, i64::MIN..i64::MAX);
            buckets.rev().find_map(|bucket| bucket.value.as_ref())
        };
        let last = levels.into_iter().find_map(newest).map(Candle::last);
        SymbolView {
            symbol: symbol.to_owned(),
            price: last.map(|last| last.price.to_text(rollup.definition().price_scale)),
            at: last.map(|last| time::format_instant(last.at)),
            watermark: time::format_instant(series.watermark()),
        }
    });
    let symbols: Vec<_> = told.collect();
    let next = rest.next().and_then(|_| symbols.last()).map(|last| last.symbol.clone());
    Ok(SymbolPage { symbols, next })
}

/// What has become of a rollup.
///
/// # Errors
/// A rollup that is not there.
pub fn changes(rollups: &Rollups, query: &ChangeQuery) -> Result<ChangePage, Invalid> {
    let rollup = rollups.existing(&query.rollup)?;
    let limit = limit(query.limit)?;
    let after = query.after.unwrap_or(0);
    let (lost, changes) = rollup.changes().after(after);
    let told = changes.take(limit).map(|(number, symbol, change)| {
        let view = ChangeView { number, symbol: symbol.to_owned(), ..ChangeView::default() };
        change_view(rollup, view, change)
    });
    let changes: Vec<_> = told.collect();
    // What is lost is told once.
    let next = changes.last().map_or(after.saturating_add(lost), |last| last.number);
    Ok(ChangePage { version: rollup.version(), changes, next, lost })
}

fn change_view(rollup: &Rollup, view: ChangeView, change: &Change) -> ChangeView {
    let width = |level: usize| rollup.definition().levels.get(level).map(ToString::to_string);
    match change {
        Change::Closed { level, start } => ChangeView {
            kind: "closed".to_owned(),
            width: width(*level),
            start: Some(time::format_instant(*start)),
            ..view
        },
        Change::Revised { level, start, revision, cause } => ChangeView {
            kind: "revised".to_owned(),
            width: width(*level),
            start: Some(time::format_instant(*start)),
            revision: Some(*revision),
            cause: Some(cause_name(*cause).to_owned()),
            ..view
        },
        Change::Refused { key: (at, id), why } => ChangeView {
            kind: "refused".to_owned(),
            at: Some(time::format_instant(*at)),
            // What came without a number has one from 2⁶³ on.
            id: i64::try_from(*id).ok().map(|id| id.to_string()),
            cause: Some(refusal_name(why).to_owned()),
            ..view
        },
    }
}

const fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Late => "late",
        Cause::Corrected => "corrected",
        Cause::Removed => "removed",
    }
}

const fn refusal_name(why: &Refusal) -> &'static str {
    match why {
        Refusal::Late { .. } => "late",
        Refusal::Expired { .. } => "expired",
        Refusal::Differs => "differs",
        Refusal::NotFound => "not_found",
        Refusal::NotKept => "not_kept",
        Refusal::OutOfRange(_) => "out_of_range",
        Refusal::Merge(_) => "overflow",
    }
}
