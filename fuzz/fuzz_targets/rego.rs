//! Attacks `core/src/policy/rego`: whatever a policy, a question or an input says, the answer is one, or an error, within what it may use;
//! and the same twice.
//!
//! A seed is a module, a query and an input, with a zero byte between.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::policy::rego::{Dialect, Policy, Request, Value};

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(3, |byte| *byte == 0).map(String::from_utf8_lossy);
    let (module, query) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let input = parts.next().and_then(|text| Value::from_json(&text).ok());
    if let Some(input) = &input {
        let text = input.to_json();
        assert_eq!(Value::from_json(&text).expect("what was written is read").to_json(), text);
    }
    for dialect in [Dialect::V1, Dialect::V0] {
        let Ok(policy) = Policy::load(&[("fuzz.rego", &module)], dialect) else { continue };
        let Ok(query) = policy.query(&query) else { continue };
        for strict in [false, true] {
            let request = Request {
                input: input.clone(),
                strict,
                steps: 20_000,
                bytes: 1 << 22,
                ..Request::default()
            };
            assert_eq!(policy.run(&query, &request), policy.run(&query, &request));
        }
    }
});
