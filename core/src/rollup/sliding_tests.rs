use proptest::prelude::*;

use super::*;
use crate::money::Amount;

const HOUR: i64 = 3_600_000_000_000;

fn once(units: u128) -> Tally {
    Tally::once(Amount::from_units(units))
}

/// A limit of 1,000 in 24 hours: what a customer asks for, after so many hours, and what is let through.
#[test]
fn a_limit_is_kept_at_any_instant() {
    for window in [Window::new(24 * HOUR).unwrap(), Window::exact(24 * HOUR, 10).unwrap()] {
        let mut sliding = Sliding::default();
        for (hours, amount, is_let) in [
            (0, 600, true),
            (1, 300, true),
            (23, 200, false),
            (23, 100, true),
            (23, 1, false),
            (25, 600, true),
            (26, 300, true),
            (26, 1, false),
            // Backdated: of the day before there is no room left, whatever there is now.
            (22, 1, false),
            (50, 500, true),
        ] {
            let (at, entry) = (hours * HOUR, once(amount));
            let most = sliding.with(&window, at, entry).unwrap();
            assert_eq!(
                most.amount <= Amount::from_units(1_000),
                is_let,
                "{hours}: {amount}, {most:?}"
            );
            if is_let {
                sliding.add(&window, at, entry).unwrap();
            }
        }
    }
}

#[test]
fn what_cannot_be_judged_is_refused_and_changes_nothing() {
    let day = Window::exact(24 * HOUR, 2).unwrap();
    let mut sliding = Sliding::default();
    sliding.add(&day, 0, once(5)).unwrap();
    sliding.add(&day, HOUR, once(5)).unwrap();
    let before = sliding.clone();
    assert_eq!(sliding.add(&day, 2 * HOUR, once(1)), Err(SlidingError::Full { cap: 2 }));
    assert_eq!(
        sliding.add(&day, -24 * HOUR, once(1)),
        Err(SlidingError::TooOld { by: -23 * HOUR })
    );
    let overflow = SlidingError::Merge(MergeError::Overflow);
    assert_eq!(sliding.add(&day, HOUR, once(u128::MAX)), Err(overflow));
    assert_eq!(sliding.add(&day, 0, once(u128::MAX)), Err(overflow));
    assert_eq!(sliding, before);
    // At one instant they are one entry; and what two widths have passed makes room.
    sliding.add(&day, HOUR, once(5)).unwrap();
    sliding.add(&day, 49 * HOUR, once(5)).unwrap();
    assert_eq!(
        sliding.with(&day, 49 * HOUR, once(1)),
        Ok(Tally { amount: Amount::from_units(6), count: 2 })
    );
    assert_eq!(Window::new(63), Err(WindowError::Width { width: 63 }));
    assert_eq!(Window::exact(HOUR, 0), Err(WindowError::Cap { cap: 0 }));
    assert_eq!(Window::exact(HOUR, EXACT + 1), Err(WindowError::Cap { cap: EXACT + 1 }));
}

/// What windows of the width hold at most that hold the entry, looked at one after another: those that end with an entry.
fn most(entries: &[(i64, u128)], width: i64, at: i64, amount: u128) -> Tally {
    let mut all = entries.to_vec();
    all.push((at, amount));
    let ends = all.iter().map(|(end, _)| *end).filter(|end| *end >= at && *end < at + width);
    let held = ends.map(|end| {
        let inside = all.iter().filter(|(other, _)| *other <= end && *other > end - width);
        let (count, sum) =
            inside.fold((0, 0), |(count, sum), (_, amount)| (count + 1, sum + amount));
        Tally { amount: Amount::from_units(sum), count }
    });
    held.fold(Tally::default(), Tally::most)
}

proptest! {
    /// Exactly, it is what the most of the windows holds; in slots never less, and never more than a window a slot longer on either
    /// side; and there are never more slots than there is room for.
    #[test]
    fn no_window_holds_more_than_is_told(
        width in 64..2_000_i64, entries in prop::collection::vec((-3..40_i64, 0..30_i64, 0..100_u128), 0..60),
    ) {
        let exact = Window::exact(width, EXACT).unwrap();
        let slots = Window::new(width).unwrap();
        let (mut exactly, mut roughly) = (Sliding::default(), Sliding::default());
        let mut added: Vec<(i64, u128)> = Vec::new();
        let mut newest = i64::MIN;
        for (index, (back, step, amount)) in (0..).zip(entries) {
            let at = index * 37 + step - back.max(0) * width / 30;
            let entry = once(amount);
            let told = exactly.with(&exact, at, entry);
            if newest > i64::MIN && at <= newest - width {
                prop_assert_eq!(told, Err(SlidingError::TooOld { by: newest - width }));
                prop_assert_eq!(roughly.add(&slots, at, entry), Err(SlidingError::TooOld { by: newest - width }));
                continue;
            }
            prop_assert_eq!(told, Ok(most(&added, width, at, amount)));
            let rough = roughly.with(&slots, at, entry).unwrap();
            let least = most(&added, width, at, amount);
            let longest = most(&added, width + 2 * slots.slot, at, amount);
            prop_assert!(rough.amount >= least.amount && rough.count >= least.count, "{:?} {:?}", rough, least);
            prop_assert!(rough.amount <= longest.amount && rough.count <= longest.count, "{:?} {:?}", rough, longest);
            exactly.add(&exact, at, entry).unwrap();
            roughly.add(&slots, at, entry).unwrap();
            added.push((at, amount));
            newest = newest.max(at);
            prop_assert!(roughly.slots.len() <= 130);
        }
    }
}
