//! Policies that are almost some: answered or refused, never more than they may use, and the same twice.

use proptest::prelude::*;

use super::{Dialect, Policy, Request, Value};
use crate::policy::almost::{changed, changes};

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
    fn what_is_almost_a_policy_is_answered_or_refused(which in 0..SEEDS.len(), changes in changes()) {
        answer(&changed(SEEDS[which], &changes));
    }
}
