use std::collections::BTreeMap;

use super::*;
use crate::log::Sealed;
use crate::pages::Heap;

const NOW_MILLIS: u64 = 1_700_000_000_000;

fn v7(millis: u64, random: u64) -> Id {
    Id((u128::from(millis) << 80)
        | (7 << 76)
        | (u128::from(random >> 50) << 64)
        | (2 << 62)
        | u128::from(random >> 2))
}

#[test]
fn every_spent_id_is_found_and_no_other() {
    let mut index = SpentIds::new(Arc::new(Heap));
    let sealed = Sealed::default();
    let mut model: BTreeMap<u128, u64> = BTreeMap::new();
    let mut events: BTreeMap<u64, Id> = BTreeMap::new();
    let mut random = 1_u64;
    for n in 0..60_000_u64 {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let millis = NOW_MILLIS + n / 100;
        let id = match n % 10 {
            0 => Id(u128::from(n) + 1),                         // a number
            1 => Id::from_key("transfer", &n.to_string()),      // a key
            2 => v7(millis + 3_600_000, random),                // a clock an hour ahead
            3 => v7(millis.saturating_sub(86_400_000), random), // a day late
            _ => v7(millis - random % 50, random),              // dated now, 50 ms of skew
        };
        let sequence = n + 1;
        assert_eq!(index.find(&sealed, id, |at| events.get(&at) == Some(&id)), None);
        index.insert(id, sequence, i64::try_from(millis).unwrap() * 1_000_000);
        model.insert(id.0, sequence);
        events.insert(sequence, id);
    }
    for (id, sequence) in &model {
        assert_eq!(
            index.find(&sealed, Id(*id), |at| events.get(&at) == Some(&Id(*id))),
            Some(*sequence)
        );
    }
    assert!(index.tables.len() > 2 && !index.strays.is_empty());
}

#[test]
fn an_id_from_the_future_slows_no_other() {
    let mut index = SpentIds::new(Arc::new(Heap));
    let now = i64::try_from(NOW_MILLIS).unwrap() * 1_000_000;
    index.insert(v7(NOW_MILLIS + 3_600_000, 1), 1, now);
    for n in 1..10_000 {
        index.insert(v7(NOW_MILLIS + n / 100, n << 20), 1 + n, now);
    }
    // The strange id stands in the table of strays, so the tables still end at now.
    assert!(index.spans.iter().all(|span| span.max_so_far < v7(NOW_MILLIS + 1_000, 0).made_at()));
}
