//! Sets of states.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::Bits;

proptest! {
    #[test]
    fn a_set_of_bits_is_the_set_of_its_numbers(steps in prop::collection::vec((any::<bool>(), 0_u32..300), 0..60), probe in 0_u32..400) {
        let (mut bits, mut model) = (Bits::default(), BTreeSet::new());
        for (inserts, number) in steps {
            if inserts {
                prop_assert_eq!(bits.insert(number), model.insert(number));
            } else {
                bits.remove(number);
                model.remove(&number);
            }
        }
        prop_assert_eq!(bits.iter().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
        prop_assert_eq!(bits.contains(probe), model.contains(&probe));
        prop_assert_eq!(bits.next(probe), model.range(probe..).next().copied());
        prop_assert_eq!(bits.previous(probe), model.range(..probe).next_back().copied());
        prop_assert_eq!(bits.any(probe, probe + 9), model.range(probe..probe + 9).next().is_some());
        prop_assert_eq!(bits.is_empty(), model.is_empty());
        let words: Vec<u64> = bits.words().collect();
        prop_assert_eq!(Bits::from_words(&words), Some(bits.clone()));
        prop_assert_eq!(model.into_iter().collect::<Bits>(), bits);
    }
}

#[test]
fn a_set_has_one_spelling() {
    let cases: &[(&[u64], bool)] =
        &[(&[], true), (&[1], true), (&[0], false), (&[1, 0], false), (&[0, 1], true)];
    for (words, wanted) in cases {
        assert_eq!(Bits::from_words(words).is_some(), *wanted, "{words:?}");
    }
}
