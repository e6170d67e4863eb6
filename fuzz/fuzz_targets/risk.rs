//! Attacks `core/src/kyc/risk`: whatever a text says, it is a model or refused with places in it; and whatever the facts and overrides behind it
//! say, a score has the laws that `docs/risk.md` gives it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::risk::{Override, Rational, RiskModel, Side};
use thalium::value::Value;

/// Stands between a model, the facts and each override.
const NEXT: &str = "\n=====\n";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split(NEXT);
    let model = match RiskModel::from_text(parts.next().unwrap_or_default()) {
        Ok(model) => model,
        Err(errors) => {
            assert!(!errors.is_empty() && errors.iter().all(|error| error.place.row > 0));
            return;
        }
    };
    let Some(Ok(facts)) = parts.next().map(Value::from_json) else { return };
    let overrides: Vec<Override> =
        parts.filter_map(|part| Override::from_value(&Value::from_json(part).ok()?).ok()).collect();
    let now = 1_767_225_600_000_000_000;
    let told = model.score(&facts, now, &overrides);
    assert_eq!(model.score(&facts, now, &overrides), told);
    let Ok(score) = told else { return };
    let sum = score.points.iter().fold(Rational::zero(), |sum, it| sum.add(&it.contribution));
    assert_eq!(sum, score.total);
    for floor in score.bounds.iter().filter(|bound| bound.side == Side::Floor) {
        let at = Rational::from(&floor.score);
        assert!(score.computed >= at);
        assert!(!floor.hard || score.score >= at);
    }
    assert!(model.levels().any(|level| level == score.level));
    assert!(!score.explain().is_empty());
    let value = score.to_value();
    assert_eq!(Value::from_json(&value.to_json()).as_ref(), Ok(&value));
    let mut backwards = overrides;
    backwards.reverse();
    let again = model.score(&facts, now, &backwards).expect("the same overrides");
    assert_eq!((again.score, again.overridden), (score.score, score.overridden));
});
