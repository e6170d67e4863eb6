use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::money::Amount;
use crate::rollup::{Aggregate, Candle, Trade};

const MINUTE: i64 = 60_000_000_000;

fn minutes() -> Calendar {
    Calendar::new("1m".parse().unwrap())
}

/// A row: when, of which symbol, price, quantity.
type Row = (i64, u32, i64, i64);

fn add(bars: &mut Bars, rows: &[Row], valid: Option<&[u8]>) -> Result<(), TicksError> {
    let at: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let symbol: Vec<u32> = rows.iter().map(|row| row.1).collect();
    let price: Vec<i64> = rows.iter().map(|row| row.2).collect();
    let quantity: Vec<i64> = rows.iter().map(|row| row.3).collect();
    bars.add(Ticks { at: &at, symbol: &symbol, price: &price, quantity: &quantity, valid })
}

fn made(bars: Bars) -> Vec<Bar> {
    bars.finish().collect()
}

/// The bars of a trade after another, by candles, which know nothing of columns.
fn expected(
    calendar: &Calendar,
    rows: &[Row],
    is_there: impl Fn(usize) -> bool,
) -> BTreeMap<(u32, i64), Candle> {
    let mut candles: BTreeMap<(u32, i64), Candle> = BTreeMap::new();
    for (index, (at, symbol, price, quantity)) in
        rows.iter().enumerate().filter(|(index, _)| is_there(*index))
    {
        let units = |value: i64| Amount::from_units(value.try_into().unwrap());
        let (price, quantity) = (units(*price), units(*quantity));
        let trade = Trade { at: *at, sequence: index as u64, price, quantity, taker: None };
        let key = (*symbol, calendar.start(*at).unwrap());
        candles
            .entry(key)
            .and_modify(|candle| candle.add(&trade).unwrap())
            .or_insert_with(|| Candle::of(&trade));
    }
    candles
}

fn assert_same(bars: &[Bar], candles: &BTreeMap<(u32, i64), Candle>) {
    assert_eq!(
        bars.iter().map(|bar| (bar.symbol, bar.start)).collect::<Vec<_>>(),
        candles.keys().copied().collect::<Vec<_>>()
    );
    for (bar, candle) in bars.iter().zip(candles.values()) {
        let prices = [candle.first(), candle.high(), candle.low(), candle.last()]
            .map(|quote| quote.price.units());
        assert_eq!(
            [bar.open, bar.high, bar.low, bar.close].map(|price| u128::from(price.unsigned_abs())),
            prices,
            "{bar:?}"
        );
        assert_eq!(&bar.volume, candle.volume(), "{bar:?}");
    }
}

#[test]
fn trades_become_bars_however_late_they_come() {
    let mut bars = Bars::new(minutes(), 2, Missing::Skip);
    let rows = [
        (10 * MINUTE + 5, 0, 100, 1),
        (10 * MINUTE + 9, 0, 110, 1),
        // A minute further on, and hours: the bar before gives way.
        (11 * MINUTE, 0, 120, 2),
        (200 * MINUTE, 0, 130, 3),
        // Late: before what was first, between, at the instant of what was last, and in a bucket of its own.
        (10 * MINUTE + 1, 0, 90, 4),
        (10 * MINUTE + 9, 0, 105, 5),
        (11 * MINUTE, 0, 125, 6),
        (9 * MINUTE + 30, 0, 80, 7),
        (10 * MINUTE, 1, 7, 1),
    ];
    add(&mut bars, &rows, None).unwrap();
    let made = made(bars);
    let told: Vec<_> = made
        .iter()
        .map(|bar| {
            (
                bar.symbol,
                bar.start / MINUTE,
                [bar.open, bar.high, bar.low, bar.close],
                bar.volume.trades(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (0, 9, [80, 80, 80, 80], 1),
            (0, 10, [90, 110, 90, 105], 4),
            (0, 11, [120, 125, 120, 125], 2),
            (0, 200, [130, 130, 130, 130], 1),
            (1, 10, [7, 7, 7, 7], 1),
        ]
    );
}

#[test]
fn what_cannot_be_read_names_its_row_and_column_and_nothing_is_added() {
    let good = (10 * MINUTE, 1, 5, 5);
    let value = |row, column| (Some(row), column);
    for (rows, missing, valid, error) in [
        (vec![good, (0, 2, 1, 1)], Missing::Skip, None, value(1, "symbol")),
        (vec![good, good, (0, 1, -1, 1)], Missing::Skip, None, value(2, "price")),
        (vec![(0, 1, 1, i64::MIN), good], Missing::Skip, None, value(0, "quantity")),
        (vec![good, (i64::MIN, 1, 1, 1)], Missing::Skip, None, value(1, "at")),
        (vec![good, (0, 9, -1, -1)], Missing::Refuse, Some(&[0b01][..]), value(1, "valid")),
        (vec![good; 9], Missing::Skip, Some(&[0xff][..]), (None, "valid")),
    ] {
        let mut bars = Bars::new(minutes(), 2, missing);
        add(&mut bars, &[good], None).unwrap();
        let told = match add(&mut bars, &rows, valid) {
            Err(TicksError::Value { row, column, .. }) => (Some(row), column),
            Err(TicksError::Rows { column, .. }) => (None, column),
            other => panic!("{other:?}"),
        };
        assert_eq!(told, error);
        assert_eq!(made(bars)[0].volume.trades(), 1);
    }
    let short = Ticks { at: &[1, 2], symbol: &[0, 0], price: &[1], quantity: &[1, 1], valid: None };
    let told = Bars::new(minutes(), 1, Missing::Skip).add(short);
    assert_eq!(told, Err(TicksError::Rows { column: "price", rows: 1, of: 2 }));
    assert_eq!(told.unwrap_err().to_string(), "the column `price` has 1 rows, `at` has 2");
}

#[test]
fn the_most_that_columns_can_hold_is_counted() {
    let row = (MINUTE, 0, i64::MAX, i64::MAX);
    let mut bars = Bars::new(minutes(), 1, Missing::Skip);
    add(&mut bars, &[row; 20], None).unwrap();
    let made = made(bars);
    assert_same(&made, &expected(&minutes(), &[row; 20], |_| true));
    assert!(Bars::new(minutes(), 0, Missing::Skip).finish().next().is_none());
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let zone = |width: &str, zone: &str| {
        Calendar::new(width.parse().unwrap()).in_zone(zone.parse().unwrap())
    };
    prop::sample::select(vec![
        minutes(),
        minutes().moved_by(7_000_000_007),
        Calendar::new("1M".parse().unwrap()),
        zone("1h", "Europe/Berlin"),
        zone("4h", "Australia/Lord_Howe"),
        zone("1d", "America/Sao_Paulo"),
    ])
}

/// Two halves, each by itself, are the whole.
#[test]
fn what_two_have_made_of_a_half_each_is_joined() {
    let rows: Vec<Row> = (0..100).map(|n| (n / 4 * MINUTE / 2, 0, 100 + n % 7, n)).collect();
    let (early, late) = rows.split_at(50);
    let mut first = Bars::new(minutes(), 1, Missing::Skip);
    let mut second = Bars::new(minutes(), 1, Missing::Skip);
    add(&mut second, late, None).unwrap();
    add(&mut first, early, None).unwrap();
    first.join(second).unwrap();
    // What comes later is added as if all of it had been seen by one.
    let more: Vec<Row> = (0..30).map(|n| (n * MINUTE / 2, 0, 7, 7)).collect();
    add(&mut first, &more, None).unwrap();
    assert_same(&made(first), &expected(&minutes(), &[rows, more].concat(), |_| true));
}

/// With ties, in one piece, in many, and after others were joined.
#[test]
fn what_stands_aside_is_taken_in() {
    let mut rows: Vec<Row> = (0..400).map(|n| (n * MINUTE, 0, 100, 1)).collect();
    let late = |n: i64| (n * 7 % 90 * MINUTE + n % 3, 0, 200 + n, n);
    rows.extend((0..500).map(late));
    rows.push((1_000 * MINUTE, 0, 1, 1));
    let mut bars = Bars::new(minutes(), 1, Missing::Skip);
    for part in rows.chunks(37) {
        add(&mut bars, part, None).unwrap();
    }
    assert!(bars.late.len() >= 500, "they stand aside");
    let mut second = Bars::new(minutes(), 1, Missing::Skip);
    let more: Vec<Row> = (500..600).map(late).collect();
    add(&mut second, &more, None).unwrap();
    bars.join(second).unwrap();
    let last: Vec<Row> = (600..700).map(late).collect();
    add(&mut bars, &last, None).unwrap();
    // However many they are, they are taken in when they are as many as may stand aside.
    bars.late_most = 10;
    add(&mut bars, &last, None).unwrap();
    assert!(bars.late.len() < 200);
    let all = [rows, more, last.clone(), last].concat();
    assert_same(&made(bars), &expected(&minutes(), &all, |_| true));
}

#[test]
fn what_is_not_alike_is_not_joined() {
    let mut bars = Bars::new(minutes(), 2, Missing::Skip);
    for other in
        [Bars::new(minutes(), 3, Missing::Skip), Bars::new(minutes().moved_by(1), 2, Missing::Skip)]
    {
        assert_eq!(bars.join(other), Err(NotAlike));
    }
}

/// The longest bucket there is, and the shortest, hold a trade of today.
#[test]
fn buckets_of_any_width_have_bars() {
    let today = 1_795_000_000 * 1_000_000_000;
    for width in ["1ns", "300y", "600y", "9223372036854775807ns"] {
        let mut bars = Bars::new(Calendar::new(width.parse().unwrap()), 1, Missing::Skip);
        add(&mut bars, &[(today, 0, 5, 1), (today, 0, 6, 1)], None).unwrap();
        let made = made(bars);
        assert_eq!((made.len(), made[0].open, made[0].close), (1, 5, 6), "{width}");
    }
}

/// What a first row that is missing has in its place says nothing of where bars stand.
#[test]
fn a_missing_row_at_the_beginning_changes_nothing() {
    let then = 946_858_980_000_000_000;
    let mut bars = Bars::new(minutes(), 1, Missing::Skip);
    add(&mut bars, &[(i64::MIN, 0, 1, 1), (then, 0, 1, 1)], Some(&[0b10])).unwrap();
    add(&mut bars, &[(then + 11 * MINUTE, 0, 5, 1), (then, 0, 2, 1)], None).unwrap();
    let made = made(bars);
    assert_eq!((made[0].open, made[0].close, made.len()), (1, 2, 2));
}

/// Rows near to one another and far away, of few symbols, with ties.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let day = 24 * 60 * MINUTE;
    let at = prop_oneof![
        8 => (0..40_i64).prop_map(|n| n * 15_000_000_000),
        4 => (0..400_i64).prop_map(move |n| 17_800 * day + n * 30 * MINUTE),
        4 => (0..500_i64).prop_map(|n| n * MINUTE),
        1 => -(1_i64 << 61)..1_i64 << 61,
    ];
    let value = prop_oneof![4 => 0..9_i64, 1 => 0..=i64::MAX];
    prop::collection::vec((at, 0..3_u32, value.clone(), value), 0..400)
}

proptest! {
    /// In one piece or in many, with rows missing or without, the bars are those of a trade after another.
    #[test]
    fn bars_are_the_candles_of_their_trades(
        rows in rows(), calendar in calendars(), gaps in prop::collection::vec(any::<u8>(), 50), cut in any::<prop::sample::Index>(),
    ) {
        let cut = cut.index(rows.len() + 1) / 8 * 8;
        for with_gaps in [false, true] {
            let mut bars = Bars::new(calendar.clone(), 3, Missing::Skip);
            let is_there = |row: usize| !with_gaps || gaps[row / 8] >> (row % 8) & 1 == 1;
            for (part, valid) in [(&rows[..cut], &gaps[..cut / 8]), (&rows[cut..], &gaps[cut / 8..])] {
                // Where something is missing, what stands in its place is not looked at.
                let there = |(index, row): (usize, &Row)| match !with_gaps || valid[index / 8] >> (index % 8) & 1 == 1 {
                    true => *row,
                    false => (i64::MIN, u32::MAX, -1, i64::MIN),
                };
                let part: Vec<Row> = part.iter().enumerate().map(there).collect();
                add(&mut bars, &part, with_gaps.then_some(valid)).unwrap();
            }
            prop_assert_eq!(bars.skipped(), (0..rows.len()).filter(|row| !is_there(*row)).count() as u64);
            assert_same(&made(bars), &expected(&calendar, &rows, is_there));
        }
    }
}
