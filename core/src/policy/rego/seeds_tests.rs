//! Policies that are almost some: answered or refused, never more than they may use, and the same twice.

use proptest::prelude::*;

use super::{Dialect, Policy, Request, Value};

const SEEDS: [&[u8]; 4] = [
    include_bytes!("../../../../fuzz/seeds/rego/access"),
    include_bytes!("../../../../fuzz/seeds/rego/limits"),
    include_bytes!("../../../../fuzz/seeds/rego/texts"),
    include_bytes!("../../../../fuzz/seeds/rego/with"),
];

/// How many ways there are; `None` where it is refused.
fn answer(seed: &[u8]) -> Option<Result<usize, String>> {
    let mut parts = seed.splitn(3, |byte| *byte == 0).map(String::from_utf8_lossy);
    let (module, query) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let input = parts.next().and_then(|text| Value::from_json(&text).ok());
    let policy = Policy::load(&[("seed.rego", &module)], Dialect::V1).ok()?;
    let query = policy.query(&query).ok()?;
    let request = Request { input, steps: 20_000, bytes: 1 << 22, ..Request::default() };
    let told = policy.run(&query, &request);
    assert_eq!(told, policy.run(&query, &request));
    Some(told.map(|ways| ways.len()).map_err(|error| error.to_string()))
}

#[test]
fn seeds_are_policies() {
    for seed in SEEDS {
        let told = answer(seed).map(|told| told.map(|ways| ways > 0));
        assert_eq!(told, Some(Ok(true)), "{}", String::from_utf8_lossy(seed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_almost_a_policy_is_answered_or_refused(
        which in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..6),
    ) {
        let mut seed = SEEDS[which].to_vec();
        for (at, other, how, byte) in changes {
            let (at, other) = (at.index(seed.len()), other.index(seed.len()));
            match how {
                0 => seed[at] = byte,
                1 => seed.swap(at, other),
                2 => drop(seed.drain(at.min(other)..at.max(other).min(at.min(other) + 8))),
                _ => {
                    let part = seed[at.min(other)..at.max(other).min(at.min(other) + 24)].to_vec();
                    seed.splice(at..at, part);
                }
            }
            if seed.is_empty() {
                break;
            }
        }
        answer(&seed);
    }
}
