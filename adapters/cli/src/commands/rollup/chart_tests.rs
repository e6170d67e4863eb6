//! Candles in the terminal.

use super::*;

fn kline(open: &str, high: &str, low: &str, close: &str, volume: &str) -> KlineView {
    let [open, high, low, close, volume] = [open, high, low, close, volume].map(ToOwned::to_owned);
    KlineView {
        start: "2026-01-15T12:00:00.000000000Z".to_owned(),
        end: "2026-01-15T12:01:00.000000000Z".to_owned(),
        turnover: String::new(),
        average: None,
        trades: 1,
        buy_volume: String::new(),
        buy_turnover: String::new(),
        sell_volume: String::new(),
        sell_turnover: String::new(),
        closed: true,
        revision: 0,
        open,
        high,
        low,
        close,
        volume,
    }
}

/// The highest price is on the first line, the lowest on the last; the largest volume fills its lines.
#[test]
fn candles_are_where_their_prices_are() {
    let klines = [
        kline("100", "1800", "100", "1800", "1"),
        kline("1800", "1800", "950", "950", "4"),
        kline("950", "950", "950", "950", "0"),
    ];
    let drawn = text("A-B 1m", &klines);
    let lines: Vec<&str> = drawn.lines().collect();
    assert_eq!(lines.len(), 1 + PRICES + VOLUMES + 1);
    assert_eq!(lines[0], "A-B 1m  2026-01-15 12:00 to 2026-01-15 12:00");
    assert_eq!(lines[1], " 1,800  ┃█");
    assert_eq!(lines[PRICES], "   100  ┃");
    let columns = |column: usize| -> String {
        lines[1..=PRICES].iter().map(|line| line.chars().nth(8 + column).unwrap_or(' ')).collect()
    };
    assert_eq!(columns(0), "┃".repeat(18), "it rises from the lowest to the highest");
    assert_eq!(columns(1).trim_end(), "█".repeat(9) + "▀", "it falls by half");
    assert_eq!(columns(2).trim(), "╹", "it stands at one price");
    assert_eq!(lines[PRICES + 1].chars().nth(9), Some('█'), "the largest volume");
    assert_eq!(
        lines[PRICES + VOLUMES],
        "        █▇".replace('▇', "█"),
        "a quarter is one line of four"
    );
}

/// One price alone, and candles of no price that a float has, are drawn all the same.
#[test]
fn there_is_a_chart_of_any_candles() {
    let same = [kline("5", "5", "5", "5", "0")];
    assert!(text("A-B 1m", &same).contains("5"));
    assert!(text("A-B 1m", &[]).ends_with("falls"));
}
