use proptest::prelude::*;

use super::*;
use crate::rollup::{Candle, Trade};

fn amount(units: u64) -> Amount {
    Amount::from_units(units.into())
}

#[test]
fn prices_that_contradict_one_another_are_no_bar() {
    for (prices, is_bar) in [
        ([5, 5, 5, 5], true),
        ([5, 9, 1, 7], true),
        ([5, 4, 1, 3], false),
        ([5, 9, 6, 7], false),
        ([5, 6, 1, 7], false),
        ([5, 9, 5, 4], false),
    ] {
        let own = Ohlcv::new((0, 0), prices.map(amount), amount(1));
        assert_eq!(own.is_ok(), is_bar, "{prices:?}");
    }
    let most = Ohlcv::new((0, 0), [amount(1); 4], Amount::from_units(u128::MAX)).unwrap();
    let mut own = Rolled::of(&most);
    assert_eq!(own.take_in(&Rolled::of(&most)), Err(MergeError::Overflow));
    assert_eq!(own, Rolled::of(&most));
}

proptest! {
    /// Bars of ten seconds rolled up are what the trades come to that they were made of.
    #[test]
    fn bars_of_bars_are_bars_of_trades(trades in prop::collection::vec((0..60_i64, 1..1_000_u64, 0..9_u64), 1..60), reversed in any::<bool>()) {
        let trades: Vec<Trade> = (0..).zip(trades).map(|(sequence, (at, price, quantity))| {
            Trade { at, sequence, price: amount(price), quantity: amount(quantity), taker: None }
        }).collect();
        let candle = |of: &mut dyn Iterator<Item = &Trade>| of.map(Candle::of).reduce(|mut one, other| {
            one.take_in(&other).unwrap();
            one
        });
        let mut bars: Vec<Ohlcv> = (0..6).filter_map(|part| {
            let own = candle(&mut trades.iter().filter(|trade| trade.at / 10 == part))?;
            let prices = [own.first(), own.high(), own.low(), own.last()].map(|quote| quote.price);
            Some(Ohlcv::new((part * 10, 0), prices, own.volume().quantity()).unwrap())
        }).collect();
        if reversed {
            bars.reverse();
        }
        let mut rolled = Rolled::of(&bars[0]);
        bars[1..].iter().for_each(|bar| rolled.add(bar).unwrap());
        let all = candle(&mut trades.iter()).unwrap();
        prop_assert_eq!(rolled.prices(), [all.first(), all.high(), all.low(), all.last()].map(|quote| quote.price));
        prop_assert_eq!(rolled.volume(), all.volume().quantity());
        prop_assert_eq!(rolled.bars(), bars.len() as u64);
    }
}
