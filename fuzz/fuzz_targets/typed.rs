//! Attacks `core/src/policy/typed` and `verdict`: whatever a definition and facts say, a program is made or refused, decides alike twice and
//! with and without its reasons, and keeps tenants apart; whatever a document says, it is a verdict that reads the same again, or none.
//!
//! A seed is a definition and facts, with a zero byte between.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::policy::rego::Value;
use thalium::policy::typed::{Definition, Facts, Program};
use thalium::policy::{Outcome, Verdict};

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0).map(String::from_utf8_lossy);
    let definition = parts.next().unwrap_or_default();
    let facts = parts.next().and_then(|text| Value::from_json(&text).ok());
    if let Some(document) = &facts
        && let Ok(verdict) = Verdict::from_rego(document)
    {
        let text = serde_json::to_string(&verdict).expect("a verdict is written");
        let again = Value::from_json(&text).expect("as JSON");
        assert_eq!(Verdict::from_rego(&again), Ok(verdict));
    }
    let Ok(definition) = serde_json::from_str::<Definition>(&definition) else { return };
    let Ok(program) = Program::load(&definition) else { return };
    let facts = facts.and_then(|facts| Facts::from_value(&program, &facts).ok());
    let facts = facts.unwrap_or_else(|| Facts::new(&program));
    let verdict = program.decide(&facts);
    assert_eq!(verdict, program.decide(&facts));
    assert_eq!(verdict.outcome, program.permits(&facts));
    let mut alone = facts.clone();
    alone.unset("subject.tenant");
    assert_eq!(program.permits(&alone), Outcome::Deny, "whose request it is, is not known");
});
