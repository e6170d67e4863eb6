use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use proptest::prelude::*;

use super::*;
use crate::money::Amount;
use crate::rollup::{Candle, Trade};

fn trade(at: i64, sequence: u64, price: u128) -> Trade {
    let price = Amount::from_units(price);
    Trade { at, sequence, price, quantity: Amount::from_units(1), taker: None }
}

fn sum(kept: &Kept<Candle>) -> Option<Candle> {
    kept.sum().unwrap()
}

#[test]
fn what_does_not_fit_is_not_put_in() {
    let mut kept: Kept<Candle> = Kept::default();
    kept.insert(&trade(1, 1, u128::MAX)).unwrap();
    let most = Trade { quantity: Amount::from_units(u128::MAX), ..trade(2, 1, 1) };
    let before = sum(&kept);
    assert_eq!(kept.insert(&most), Err(MergeError::Overflow));
    assert_eq!((sum(&kept), kept.get((2, 1))), (before, None));
}

proptest! {
    /// Whatever is put in and taken out, what is there folds to the same as by itself.
    #[test]
    fn what_is_kept_folds_to_what_is_there(
        steps in prop::collection::vec((0..60_i64, 0..8_u64, any::<u8>()), 0..600), in_order in any::<bool>(),
    ) {
        let mut kept: Kept<Candle> = Kept::default();
        let mut model: BTreeMap<(i64, u64), Trade> = BTreeMap::new();
        for (step, (at, sequence, what)) in steps.into_iter().enumerate() {
            let at = if in_order { i64::try_from(step).unwrap() } else { at };
            let key = (at, sequence);
            prop_assert_eq!(kept.get(key), model.get(&key));
            if what % 4 == 0 {
                prop_assert_eq!(kept.remove(key), model.remove(&key));
            } else if let Entry::Vacant(place) = model.entry(key) {
                let own = trade(at, sequence, what.into());
                kept.insert(&own).unwrap();
                place.insert(own);
            }
        }
        let expected = model.values().map(Candle::of).reduce(|mut one, other| {
            one.take_in(&other).unwrap();
            one
        });
        prop_assert_eq!(sum(&kept), expected);
        let entries: Vec<_> = kept.runs.iter().flat_map(|run| run.entries.clone()).collect();
        prop_assert_eq!(entries, model.into_values().collect::<Vec<_>>());
    }
}
