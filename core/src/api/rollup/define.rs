//! Definitions as text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Invalid, invalid};
use crate::rollup::{Definition, Late, Rollup, Rollups, Width};
use crate::time::{format_local, parse_local};

/// What becomes of trades whose bucket is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LateView {
    /// They are refused.
    Refuse,
    /// They are folded in, within the horizon.
    Merge,
    /// As `merge`; and trades are kept as long, so that one that comes twice counts once, and each can be corrected or taken back.
    #[default]
    Correct,
}

/// A rollup to define.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DefineRollup {
    /// Its name: 1 to 64 of `a-z`, `0-9`, `-`, `_` and `.`.
    pub name: String,
    /// The rollup whose trades it is made of. By default it has its own.
    pub of: Option<String>,
    /// Widths of buckets, the finest first. By default `1m 5m 15m 1h 4h 1d 1w 1M`.
    pub levels: Option<Vec<String>>,
    /// The time zone by whose clocks buckets begin, such as `Africa/Johannesburg`. By default UTC.
    pub zone: Option<String>,
    /// What those clocks show where buckets are counted from: a day, `2026-01-04`, or a time without a zone, `2026-01-04T09:30:00`. Of months only
    /// the month counts. By default Monday, 2000-01-03, and of months January 2000.
    pub origin: Option<String>,
    /// By how much buckets begin later, or earlier: a day from 17:00 to 17:00 is one with `-7h`.
    pub offset: Option<String>,
    /// How far the watermark is behind the newest trade of a symbol: `5s` by default, `0s` for not at all.
    pub delay: Option<String>,
    /// What becomes of trades whose bucket is closed.
    pub late: Option<LateView>,
    /// For how long after the end of their bucket they are taken in: `1h` by default.
    pub horizon: Option<String>,
    /// Of levels, by their width, how long their buckets are kept: `{"1m":"30d"}`. By default for ever.
    pub keep: Option<BTreeMap<String, String>>,
    /// Digits of prices behind the point, up to 18: 8 by default, or those of the rollup it is `of`.
    pub price_scale: Option<u8>,
    /// Digits of quantities behind the point, up to 18: as `price_scale`.
    pub quantity_scale: Option<u8>,
}

/// A rollup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RollupView {
    /// Its name.
    pub name: String,
    /// How often it was defined.
    pub version: u32,
    /// The rollup whose trades it is made of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<String>,
    /// Widths of buckets, the finest first.
    pub levels: Vec<String>,
    /// The time zone by whose clocks buckets begin, if it is not UTC.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub zone: Option<String>,
    /// What those clocks show where buckets are counted from, if it is not 2000-01-03, or January 2000.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origin: Option<String>,
    /// By how much buckets begin later, or earlier.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub offset: Option<String>,
    /// How far the watermark is behind the newest trade of a symbol.
    pub delay: String,
    /// What becomes of trades whose bucket is closed.
    pub late: LateView,
    /// For how long after the end of their bucket they are taken in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub horizon: Option<String>,
    /// Of levels, by their width, how long their buckets are kept.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub keep: BTreeMap<String, String>,
    /// Digits of prices behind the point.
    pub price_scale: u8,
    /// Digits of quantities behind the point.
    pub quantity_scale: u8,
    /// How many symbols it has.
    pub symbols: u64,
    /// How many trades it took, also those that were taken back.
    pub trades: u64,
}

/// The definition that is asked for; scales that are not given are those of the rollup it is made of.
///
/// # Errors
/// Text that is no width, no zone or no length of time.
pub fn definition(rollups: &Rollups, asked: &DefineRollup) -> Result<Definition, Invalid> {
    let width = |field: &'static str, text: &str| {
        text.parse::<Width>().map_err(|error| invalid(field, error))
    };
    let late = asked.late.unwrap_or_default();
    let levels: Result<Vec<_>, _> = match &asked.levels {
        Some(levels) => levels.iter().map(|text| width("levels", text)).collect(),
        None => Definition::LEVELS.iter().map(|text| width("levels", text)).collect(),
    };
    let levels = levels?;
    let zone = asked.zone.as_ref().map(|name| name.parse()).transpose();
    let zone = zone.map_err(|error| invalid("zone", error))?;
    let origin = asked.origin.as_deref().map(|text| {
        parse_local(text).ok_or_else(|| {
            let what = "is no day and no time without a zone, such as `2026-01-04` or `2026-01-04T09:30:00`";
            invalid("origin", what)
        })
    });
    let origin = origin.transpose()?;
    let offset = asked.offset.as_deref().map_or(Ok(0), |text| match text.strip_prefix('-') {
        Some(text) => span("offset", text).map(i64::saturating_neg),
        None if text == "0s" => Ok(0),
        None => span("offset", text),
    })?;
    let delay = match asked.delay.as_deref().unwrap_or("5s") {
        "0s" => 0,
        text => span("delay", text)?,
    };
    let horizon = |asked: Option<&str>| span("horizon", asked.unwrap_or("1h"));
    let late = match (late, asked.horizon.as_deref()) {
        (LateView::Refuse, None) => Late::Refuse,
        (LateView::Refuse, Some(_)) => {
            let what =
                "is given, and `late` is `refuse`: leave it out, or take `merge` or `correct`";
            return Err(invalid("horizon", what));
        }
        (LateView::Merge, asked) => Late::Merge { horizon: horizon(asked)? },
        (LateView::Correct, asked) => Late::Correct { horizon: horizon(asked)? },
    };
    let mut keep = Vec::new();
    for (level, time) in asked.keep.iter().flatten() {
        let own = width("keep", level)?;
        let place = levels.iter().position(|width| *width == own);
        let place = place.ok_or_else(|| {
            invalid("keep", format!("`{own}` is none of the levels: keep what is there"))
        })?;
        keep.push((place, span("keep", time)?));
    }
    keep.sort_unstable();
    // What is wrong with `of` is told where it is defined.
    let root = asked.of.as_ref().and_then(|of| rollups.get(of)).map(Rollup::definition);
    let scale = |asked: Option<u8>, of: fn(&Definition) -> u8| asked.or(root.map(of)).unwrap_or(8);
    Ok(Definition {
        name: asked.name.as_str().into(),
        of: asked.of.as_deref().map(Into::into),
        levels,
        zone,
        origin,
        offset,
        delay,
        late,
        keep,
        price_scale: scale(asked.price_scale, |of| of.price_scale),
        quantity_scale: scale(asked.quantity_scale, |of| of.quantity_scale),
    })
}

/// A length of time in nanoseconds.
fn span(field: &'static str, text: &str) -> Result<i64, Invalid> {
    let width: Width = text.parse().map_err(|error| invalid(field, error))?;
    width.nanos().ok_or_else(|| {
        let what = "has no one length: write it in weeks, days, hours, minutes or seconds";
        invalid(field, format!("`{width}` {what}"))
    })
}

/// A length of time as text.
fn span_text(nanos: i64) -> String {
    Width::fixed(nanos).map_or_else(|| "0s".to_owned(), |width| width.to_string())
}

/// A rollup as it is told.
#[must_use]
pub fn rollup_view(rollup: &Rollup) -> RollupView {
    let definition = rollup.definition();
    let (late, horizon) = match definition.late {
        Late::Refuse => (LateView::Refuse, None),
        Late::Merge { horizon } => (LateView::Merge, Some(horizon)),
        Late::Correct { horizon } => (LateView::Correct, Some(horizon)),
    };
    let levels: Vec<_> = definition.levels.iter().map(ToString::to_string).collect();
    let keep = definition.keep.iter();
    let keep =
        keep.filter_map(|(level, span)| Some((levels.get(*level)?.clone(), span_text(*span))));
    RollupView {
        name: definition.name.to_string(),
        version: rollup.version(),
        of: definition.of.as_ref().map(ToString::to_string),
        keep: keep.collect(),
        levels,
        zone: definition.zone.as_ref().map(|zone| zone.name().to_owned()),
        origin: definition.origin.map(format_local),
        offset: (definition.offset != 0).then(|| {
            let sign = if definition.offset < 0 { "-" } else { "" };
            format!("{sign}{}", span_text(definition.offset.saturating_abs()))
        }),
        delay: span_text(definition.delay),
        late,
        horizon: horizon.map(span_text),
        price_scale: definition.price_scale,
        quantity_scale: definition.quantity_scale,
        symbols: rollup.market().symbols().count() as u64,
        trades: rollup.trades(),
    }
}

/// All rollups as they are told, by name.
#[must_use]
pub fn rollup_views(rollups: &Rollups) -> Vec<RollupView> {
    rollups.iter().map(rollup_view).collect()
}
