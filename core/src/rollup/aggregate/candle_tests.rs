use proptest::prelude::*;

use super::*;

fn trade(at: i64, sequence: u64, price: u128, quantity: u128, taker: Option<Taker>) -> Trade {
    let (price, quantity) = (Amount::from_units(price), Amount::from_units(quantity));
    Trade { at, sequence, price, quantity, taker }
}

fn candle(trades: &[Trade]) -> Candle {
    let (first, rest) = trades.split_first().unwrap();
    let mut candle = Candle::of(first);
    for trade in rest {
        candle.add(trade).unwrap();
    }
    candle
}

/// Prices in cents, quantities in hundredths.
#[test]
fn a_candle_says_what_trades_did() {
    use Taker::{Buyer, Seller};
    let candle = candle(&[
        trade(30, 1, 10_050, 300, Some(Seller)),
        trade(10, 1, 10_000, 100, Some(Buyer)),
        trade(20, 2, 10_100, 50, None),
        trade(20, 1, 9_900, 200, Some(Buyer)),
        trade(25, 1, 10_100, 0, Some(Buyer)),
        trade(30, 2, 9_900, 1, Some(Seller)),
    ]);
    let at = |quote: Quote| (quote.at, quote.sequence, quote.price.units());
    assert_eq!(at(candle.first()), (10, 1, 10_000));
    assert_eq!(at(candle.high()), (20, 2, 10_100), "the first of two that are as high");
    assert_eq!(at(candle.low()), (20, 1, 9_900), "the first of two that are as low");
    assert_eq!(at(candle.last()), (30, 2, 9_900), "the later of two at one instant");
    let told = |volume: &Volume| (volume.trades(), volume.quantity().units());
    assert_eq!(told(candle.volume()), (6, 651));
    assert_eq!(told(candle.bought()), (3, 300));
    assert_eq!(told(candle.sold()), (2, 301));
    // 1 × 100.00 + 2 × 99.00 + 0.5 × 101.00 + 3 × 100.50 + 0.01 × 99.00 = 650.99
    let turnover = candle.volume().turnover(2, RoundingMode::Unnecessary);
    assert_eq!(turnover, Ok(Amount::from_units(65_099)));
}

/// Rounding is said, happens once, and is of the exact value.
#[test]
fn averages_are_rounded_once_as_is_said() {
    let volume = *candle(&[trade(1, 1, 100, 1, None), trade(2, 1, 101, 2, None)]).volume();
    for (digits, rounding, units) in [
        (0, RoundingMode::Down, Ok(100)),
        (0, RoundingMode::HalfEven, Ok(101)),
        (2, RoundingMode::HalfEven, Ok(10_067)),
        (2, RoundingMode::Down, Ok(10_066)),
        (2, RoundingMode::Unnecessary, Err(ConvertError::Inexact)),
        (39, RoundingMode::Down, Err(ConvertError::ScaleTooLarge { scale: 39 })),
    ] {
        let told = volume.average_price(digits, rounding);
        assert_eq!(
            told,
            units.map(|units| Some(Amount::from_units(units))),
            "{digits} {rounding:?}"
        );
    }
    // A thousand cents each of a third of a hundredth: rounded one by one they would be nothing.
    let trades: Vec<Trade> = (0..1_000).map(|at| trade(at, 1, 1, 33, None)).collect();
    let turnover = candle(&trades).volume().turnover(2, RoundingMode::Down);
    assert_eq!(turnover, Ok(Amount::from_units(330)));
    let nothing = *candle(&[trade(1, 1, 100, 0, None)]).volume();
    assert_eq!(nothing.average_price(2, RoundingMode::Down), Ok(None));
}

#[test]
fn what_cannot_be_counted_is_told_and_changes_nothing() {
    let whole = trade(1, 1, u128::MAX, u128::MAX, None);
    let mut one = candle(&[whole]);
    let before = one;
    assert_eq!(one.add(&trade(2, 1, 1, 1, None)), Err(MergeError::Overflow));
    assert_eq!(one, before);
    assert_eq!(one.volume().turnover(0, RoundingMode::Down), Err(ConvertError::Overflow));
    assert_eq!(one.volume().average_price(0, RoundingMode::Down), Ok(Some(Amount::MAX)));
    assert_eq!(
        one.volume().turnover(39, RoundingMode::Down),
        Err(ConvertError::ScaleTooLarge { scale: 39 })
    );
}

fn trades() -> impl Strategy<Value = Vec<Trade>> {
    let takers = prop::sample::select(vec![None, Some(Taker::Buyer), Some(Taker::Seller)]);
    // Few instants, sequences and prices, so that everything collides.
    let trade = (0..4_i64, 0..3_u64, 0..4_u128, any::<u64>(), takers).prop_map(
        |(at, sequence, price, quantity, taker)| trade(at, sequence, price, quantity.into(), taker),
    );
    prop::collection::vec(trade, 1..24)
}

proptest! {
    #[test]
    fn the_order_in_which_trades_are_added_makes_no_difference(
        trades in trades(), order in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let whole = candle(&trades);
        let mut turned = trades.clone();
        turned.rotate_left(order.index(trades.len()));
        turned.reverse();
        prop_assert_eq!(candle(&turned), whole);
        // Cut into three parts, merged in any way.
        let (mut from, mut to) = (cut.index(trades.len() + 1), other.index(trades.len() + 1));
        if from > to {
            std::mem::swap(&mut from, &mut to);
        }
        let parts: Vec<Candle> = [&trades[..from], &trades[from..to], &trades[to..]]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(candle)
            .collect();
        let merged = |parts: &[Candle]| parts[1..].iter().try_fold(parts[0], |mut one, other| one.take_in(other).map(|()| one));
        prop_assert_eq!(merged(&parts), Ok(whole));
        let turned: Vec<Candle> = parts.into_iter().rev().collect();
        prop_assert_eq!(merged(&turned), Ok(whole));
    }

    #[test]
    fn the_average_is_between_the_lowest_and_the_highest(trades in trades()) {
        let candle = candle(&trades);
        let (down, up) = (RoundingMode::Down, RoundingMode::Up);
        if let Some(average) = candle.volume().average_price(0, down).unwrap() {
            let traded = |trade: &&Trade| !trade.quantity.is_zero();
            let prices = || trades.iter().filter(traded).map(|trade| trade.price);
            prop_assert!(prices().min() <= Some(average));
            prop_assert!(candle.volume().average_price(0, up).unwrap() <= prices().max());
        }
    }
}
