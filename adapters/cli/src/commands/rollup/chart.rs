//! Candles in the terminal. What is drawn is rounded to half a line; the numbers beside it are exact.

#![allow(
    clippy::float_arithmetic,
    reason = "what is drawn is rounded to where it stands; the numbers beside it are exact"
)]

use std::fmt::Write;

use comfy_table::Table;
use thalium_host::api::rollup::KlineView;

use super::number;
use crate::output::{money, one_line};

/// Lines of prices, and of volumes.
const PRICES: usize = 18;
const VOLUMES: usize = 4;
const VOLUME: &str = "volume";
/// What stands beside the candles takes so much.
const MARGIN: u16 = 24;

/// How many candles fit in a line.
pub(super) fn width() -> u32 {
    Table::new().width().unwrap_or(100).saturating_sub(MARGIN).max(10).into()
}

/// A candle in half lines from the top: of the wick, and of the body.
struct Drawn {
    wick: (usize, usize),
    body: (usize, usize),
    rises: bool,
}

/// The candles, their volumes below, prices and times beside them.
pub(super) fn text(title: &str, klines: &[KlineView]) -> String {
    let extreme = |of: fn(&KlineView) -> &str, pick: fn(f64, f64) -> f64| {
        klines.iter().map(|kline| number(of(kline))).reduce(pick).unwrap_or(0.0)
    };
    let (low, high) =
        (extreme(|kline| &kline.low, f64::min), extreme(|kline| &kline.high, f64::max));
    let most = extreme(|kline| &kline.volume, f64::max);
    let at = |text: &str| place(high - number(text), high - low, PRICES * 2);
    let drawn = |kline: &KlineView| {
        let (open, close) = (at(&kline.open), at(&kline.close));
        let rises = number(&kline.close) >= number(&kline.open);
        let body = (open.min(close), open.max(close));
        Drawn { wick: (at(&kline.high), at(&kline.low)), body, rises }
    };
    let candles: Vec<Drawn> = klines.iter().map(drawn).collect();
    let labels = (label(klines, high, |kline| &kline.high), label(klines, low, |kline| &kline.low));
    let margin = labels.0.chars().count().max(labels.1.chars().count()).max(VOLUME.len());
    let mut text = String::new();
    let (first, last) = (klines.first(), klines.last());
    let span =
        |kline: Option<&KlineView>| kline.map_or("", |kline| kline.start.as_str()).to_owned();
    line(
        &mut text,
        &format!("{}  {} to {}", one_line(title), minute(&span(first)), minute(&span(last))),
    );
    for row in 0..PRICES {
        let own = match row {
            0 => labels.0.as_str(),
            row if row + 1 == PRICES => labels.1.as_str(),
            _ => "",
        };
        let cells: String = candles.iter().map(|candle| cell(candle, row * 2)).collect();
        line(&mut text, &format!("{own:>margin$}  {cells}"));
    }
    for row in 0..VOLUMES {
        let bars = klines.iter().map(|kline| {
            let eighths = place(number(&kline.volume), most, VOLUMES * 8 + 1);
            [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
                .get(eighths.saturating_sub((VOLUMES - 1 - row) * 8).min(8))
                .copied()
                .unwrap_or(' ')
        });
        let own = if row == 0 { VOLUME } else { "" };
        line(&mut text, &format!("{own:>margin$}  {}", bars.collect::<String>()));
    }
    let close = last.map(|kline| money(&kline.close)).unwrap_or_default();
    let _ = write!(text, "{:>margin$}  last {close}   ┃ rises  █ falls", "");
    text
}

fn line(text: &mut String, own: &str) {
    text.push_str(own.trim_end());
    text.push('\n');
}

/// The price of a line, as it is written in the candles.
fn label(klines: &[KlineView], price: f64, of: fn(&KlineView) -> &str) -> String {
    let is_it = |kline: &&KlineView| number(of(kline)).total_cmp(&price).is_eq();
    klines.iter().find(is_it).map(|kline| money(of(kline))).unwrap_or_default()
}

fn minute(instant: &str) -> String {
    instant.get(..16).unwrap_or(instant).replace('T', " ")
}

/// In which of so many places a part of a whole is.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // What is drawn is rounded.
fn place(part: f64, whole: f64, places: usize) -> usize {
    let share = if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.5 };
    (share * (places - 1) as f64).round() as usize
}

/// A candle in a line: of the half lines `half` and the next.
fn cell(candle: &Drawn, half: usize) -> char {
    let is_in = |(from, to): (usize, usize), half| from <= half && half <= to;
    let part = |half| match (is_in(candle.body, half), is_in(candle.wick, half)) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    };
    match (part(half), part(half + 1), candle.rises) {
        (2, 2, true) => '┃',
        (2, 0, true) => '╹',
        (0, 2, true) => '╻',
        (2, 1, true) => '╿',
        (1, 2, true) => '╽',
        (2, 2, false) => '█',
        (2, _, false) => '▀',
        (_, 2, false) => '▄',
        (1, 1, _) => '│',
        (1, 0, _) => '╵',
        (0, 1, _) => '╷',
        _ => ' ',
    }
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
