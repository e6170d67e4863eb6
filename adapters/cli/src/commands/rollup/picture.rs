//! Candles as a picture.

#![allow(
    clippy::float_arithmetic,
    reason = "what is drawn is rounded to where it stands; the numbers beside it are exact"
)]

use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use thalium_host::api::rollup::KlineView;

use super::number;
use crate::failure::Failure;

const SIZE: (u32, u32) = (1_200, 675);
const FONT: &str = "sans-serif";
/// Rises and falls: colours that people tell apart who do not see red and green.
const RISES: RGBColor = RGBColor(0, 114, 178);
const FALLS: RGBColor = RGBColor(213, 94, 0);
const GRID: RGBColor = RGBColor(230, 230, 230);

/// Draws candles, with their volumes below, into a file whose name tells its form.
pub(super) fn draw(file: &Path, title: &str, klines: &[KlineView]) -> Result<(), Failure> {
    // A picture of pixels needs the letters; which they are is the same on every machine.
    let _ = register_font(FONT, FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT);
    let extension = file.extension().and_then(|extension| extension.to_str());
    let drawn = match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("svg") => on(SVGBackend::new(file, SIZE).into_drawing_area(), title, klines),
        Some("png") => on(BitMapBackend::new(file, SIZE).into_drawing_area(), title, klines),
        _ => {
            let shown = file.display();
            let what = format!("`{shown}` does not tell its form: name it .svg or .png");
            return Err(Failure::usage(what));
        }
    };
    drawn.map_err(|why| Failure::Output(format!("cannot draw `{}`: {why}", file.display())))
}

fn on<B: DrawingBackend>(
    area: DrawingArea<B, Shift>,
    title: &str,
    klines: &[KlineView],
) -> Result<(), String> {
    let told = |error: DrawingAreaErrorKind<B::ErrorType>| error.to_string();
    area.fill(&WHITE).map_err(told)?;
    let (upper, lower) = area.split_vertically(SIZE.1 * 3 / 4);
    let low = klines.iter().map(|kline| number(&kline.low)).fold(f64::INFINITY, f64::min);
    let high = klines.iter().map(|kline| number(&kline.high)).fold(0.0, f64::max);
    let most = klines.iter().map(|kline| number(&kline.volume)).fold(0.0, f64::max);
    let room = if high > low { (high - low) * 0.05 } else { high.abs().max(1.0) * 0.05 };
    let count = i32::try_from(klines.len()).unwrap_or(i32::MAX);
    let span = -1..count;
    let body = (SIZE.0 * 3 / 5 / u32::try_from(count).unwrap_or(1).max(1)).clamp(1, 40);
    let start = |place: &i32| {
        let kline = usize::try_from(*place).ok().and_then(|place| klines.get(place));
        kline.and_then(|kline| kline.start.get(..19)).unwrap_or_default().replace('T', " ")
    };
    // As many digits as the prices have.
    let digits = klines
        .first()
        .map_or(0, |kline| kline.close.split_once('.').map_or(0, |(_, fraction)| fraction.len()));
    let price = |price: &f64| format!("{price:.digits$}");

    let mut prices = ChartBuilder::on(&upper)
        .caption(title, (FONT, 24))
        .margin(12)
        .set_label_area_size(LabelAreaPosition::Left, 90)
        .set_label_area_size(LabelAreaPosition::Bottom, 8)
        .build_cartesian_2d(span.clone(), low - room..high + room)
        .map_err(told)?;
    let mut mesh = prices.configure_mesh();
    mesh.light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .x_labels(6)
        .x_label_formatter(&|_| String::new());
    mesh.y_label_formatter(&price).label_style((FONT, 14)).draw().map_err(told)?;
    let candles = (0..).zip(klines).map(|(place, kline)| {
        let [open, high, low, close] =
            [&kline.open, &kline.high, &kline.low, &kline.close].map(|text| number(text));
        CandleStick::new(place, open, high, low, close, RISES.filled(), FALLS.filled(), body)
    });
    prices.draw_series(candles).map_err(told)?;

    let mut volumes = ChartBuilder::on(&lower)
        .margin(12)
        .set_label_area_size(LabelAreaPosition::Left, 90)
        .set_label_area_size(LabelAreaPosition::Bottom, 36)
        .build_cartesian_2d(span, 0.0..if most > 0.0 { most * 1.05 } else { 1.0 })
        .map_err(told)?;
    let mut mesh = volumes.configure_mesh();
    mesh.light_line_style(TRANSPARENT).bold_line_style(GRID).y_desc("volume");
    mesh.x_labels(6)
        .y_labels(3)
        .x_label_formatter(&start)
        .label_style((FONT, 14))
        .draw()
        .map_err(told)?;
    let half = i32::try_from(body / 2).unwrap_or(0);
    let bars = (0..).zip(klines).map(|(place, kline)| {
        let colour = if number(&kline.close) >= number(&kline.open) { RISES } else { FALLS };
        // From the bottom up, as wide as a candle's body.
        let volume = number(&kline.volume);
        EmptyElement::at((place, volume))
            + Rectangle::new([(-half, 0), (half.max(1), height(volume, most))], colour.filled())
    });
    volumes.draw_series(bars).map_err(told)?;
    area.present().map_err(told)
}

/// Pixels from the top of a bar to the bottom.
#[allow(clippy::cast_possible_truncation)] // What is drawn is rounded.
fn height(volume: f64, most: f64) -> i32 {
    // The lower quarter, less its margins and labels.
    let room = f64::from(SIZE.1 - SIZE.1 * 3 / 4) - 24.0 - 36.0;
    if most > 0.0 { (volume / (most * 1.05) * room).round() as i32 } else { 0 }
}
