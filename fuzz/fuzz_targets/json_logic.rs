//! Attacks `core/src/kyc/logic`: whatever a rule and data say, the rule is refused or answers, alike twice and with what it reads on record,
//! within what it may use; and of the reads each is told with a path.
//!
//! A seed is a rule and data, with a zero byte between.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::logic::{Budget, Dialect, Logic, SIZE};
use thalium::value::Value;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0).map(String::from_utf8_lossy);
    let Ok(rule) = Value::from_json(&parts.next().unwrap_or_default()) else { return };
    let data = parts.next().and_then(|text| Value::from_json(&text).ok()).unwrap_or(Value::Null);
    for dialect in [Dialect::Strict, Dialect::JavaScript] {
        let Ok(logic) = Logic::compile_as(&rule, dialect) else { continue };
        let (mut first, mut second) = (Budget::new(20_000, 1 << 20), Budget::new(20_000, 1 << 20));
        let answer = logic.evaluate(&data, &mut first);
        let mut reads = 0_u64;
        let again = logic.evaluate_recorded(&data, &mut second, &mut |_, _| reads += 1);
        assert_eq!(answer, again);
        assert_eq!(first, second);
        assert!(reads <= 20_000, "a read takes a step");
        let held = logic.holds(&data, &mut Budget::new(20_000, 1 << 20));
        match answer {
            Ok(answer) => {
                let length = u64::try_from(answer.to_json().len()).expect("a length");
                let given =
                    u64::try_from(data.to_json().len() + rule.to_json().len()).expect("a length");
                // A text may be written with escapes that its size does not count.
                assert!(length <= 6 * (SIZE + given), "no more than may be made");
                assert!(held.is_ok() || dialect == Dialect::Strict);
            }
            Err(error) => assert_eq!(held, Err(error)),
        }
    }
});
