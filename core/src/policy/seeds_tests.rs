//! Bundles, definitions and verdicts that are almost some: read whole or refused whole, and never laxer for it.

use proptest::prelude::*;

use super::almost::{changed, changes};
use super::bundle::{Bundle, File, SignatureKey};
use super::rego::{Request, Value};
use super::snapshot::Snapshot;
use super::typed::{Definition, Facts, Program};
use super::{Outcome, Verdict};

const BUNDLES: [&[u8]; 2] = [
    include_bytes!("../../../fuzz/seeds/bundle/small"),
    include_bytes!("../../../fuzz/seeds/bundle/verdict"),
];
const TYPED: [&[u8]; 3] = [
    include_bytes!("../../../fuzz/seeds/typed/platform"),
    include_bytes!("../../../fuzz/seeds/typed/small"),
    include_bytes!("../../../fuzz/seeds/typed/verdict"),
];

/// The bundle of a seed, whose signature counts.
fn bundle(seed: &[u8]) -> Option<Bundle> {
    let mut parts = seed.splitn(4, |byte| *byte == 0);
    let files = [".manifest", "p/data.json", "p/p.rego", ".signatures.json"];
    let files = files.map(|name| File {
        name: name.into(),
        bytes: parts.next().unwrap_or_default().to_vec().into(),
    });
    let key = SignatureKey {
        id: String::new(),
        algorithm: "HS256".into(),
        key: "a secret of the operators".into(),
        scope: String::new(),
    };
    Bundle::read(&files, Some(&[key])).ok()
}

/// What a seed's facts are decided, by the seed's definition.
fn decided(seed: &[u8]) -> Option<Verdict> {
    let mut parts = seed.splitn(2, |byte| *byte == 0).map(String::from_utf8_lossy);
    let definition: Definition = serde_json::from_str(&parts.next()?).ok()?;
    let program = Program::load(&definition).ok()?;
    let facts = Facts::from_value(&program, &Value::from_json(&parts.next()?).ok()?).ok()?;
    let verdict = program.decide(&facts);
    assert_eq!(verdict.outcome, program.permits(&facts));
    let mut alone = facts;
    alone.unset("subject.tenant");
    assert_eq!(program.permits(&alone), Outcome::Deny);
    Some(verdict)
}

/// The verdict that a seed's second part is.
fn told(seed: &[u8]) -> Option<Verdict> {
    let text = String::from_utf8_lossy(seed.splitn(2, |byte| *byte == 0).nth(1)?).into_owned();
    let verdict = Verdict::from_rego(&Value::from_json(&text).ok()?).ok()?;
    let again = Value::from_json(&serde_json::to_string(&verdict).unwrap()).unwrap();
    assert_eq!(Verdict::from_rego(&again).as_ref(), Ok(&verdict));
    Some(verdict)
}

#[test]
fn seeds_are_what_they_seem() {
    for seed in BUNDLES {
        let snapshot = Snapshot::new(&bundle(seed).unwrap()).unwrap();
        let entry = snapshot.entry("p/verdict").unwrap();
        assert_ne!(snapshot.decide(&entry, Request::default()).unwrap().outcome, Outcome::Deny);
    }
    let outcomes = TYPED.map(|seed| decided(seed).map(|verdict| verdict.outcome));
    assert_eq!(outcomes, [Some(Outcome::Allow), Some(Outcome::Review), None]);
    assert!(told(TYPED[2]).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// One byte that is another is noticed, wherever it stands: in what was signed, or in the signature.
    #[test]
    fn what_was_signed_is_read_and_nothing_else(which in 0..BUNDLES.len(), changes in changes()) {
        let seed = BUNDLES[which];
        let Some(read) = bundle(&changed(seed, &changes)) else { return Ok(()) };
        // A document may be written otherwise, if it means the same.
        let whole = bundle(seed).unwrap();
        let modules = |bundle: &Bundle| -> Vec<String> {
            bundle.modules().map(|module| module.text.to_owned()).collect()
        };
        prop_assert_eq!(modules(&read), modules(&whole));
        prop_assert_eq!(read.data(), whole.data());
        prop_assert_eq!(read.manifest(), whole.manifest());
    }

    #[test]
    fn what_is_almost_a_definition_or_a_verdict_is_one_or_refused(which in 0..TYPED.len(), changes in changes()) {
        let seed = changed(TYPED[which], &changes);
        decided(&seed);
        told(&seed);
    }
}
