//! Outcomes and the events that charts hear.

use super::*;
use crate::kyc::chart::Chart;
use crate::kyc::{Definition, Surroundings};

#[test]
fn names_numbers_and_events_are_promises() {
    let promised = [
        ("approved", 1, "check.approved"),
        ("rejected", 2, "check.rejected"),
        ("rejected_retry", 3, "check.rejected"),
        ("review", 4, "check.review"),
        ("expired", 5, "check.expired"),
        ("cancelled", 6, "check.cancelled"),
        ("processing", 7, "check.processing"),
        ("other", 8, "check.other"),
    ];
    let told = Outcome::ALL.map(|outcome| (outcome.name(), outcome.number(), outcome.event()));
    assert_eq!(told, promised);
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_name(outcome.name()), Some(outcome));
        assert_eq!(Outcome::from_number(outcome.number()), Some(outcome));
    }
    assert_eq!((Outcome::from_name("Approved"), Outcome::from_number(0)), (None, None));
}

fn callback(outcome: Outcome) -> Callback {
    Callback {
        provider: Provider::Sumsub,
        event_id: "applicantReviewed:req-1".into(),
        kind: "applicantReviewed".into(),
        about: "applicant-1".into(),
        subject: Some("customer-7".into()),
        occurred_at: Some(1_769_851_800_000_000_000),
        outcome,
        reasons: vec!["UNSATISFACTORY_PHOTOS".into()],
        parts: Parts { document: Some(Part::Failed), face: None, sanctions: Some(Part::Passed) },
        sandbox: Some(false),
        evidence: "00ff".into(),
    }
}

#[test]
fn a_chart_hears_neutral_data_and_nothing_of_the_person() {
    let event = callback(Outcome::Rejected { retry: true }).to_event();
    assert_eq!(event.name, "check.rejected");
    let wanted = concat!(
        r#"{"about":"applicant-1","event_id":"applicantReviewed:req-1","evidence":"00ff","#,
        r#""kind":"applicantReviewed","occurred_at":"2026-01-31T09:30:00.000000000Z","#,
        r#""outcome":"rejected_retry","parts":{"document":"failed","face":null,"#,
        r#""sanctions":"passed"},"provider":"sumsub","reasons":["UNSATISFACTORY_PHOTOS"],"#,
        r#""retry":true,"sandbox":false,"subject":"customer-7"}"#
    );
    assert_eq!(event.data.unwrap().to_json(), wanted);
}

#[test]
fn what_decides_nothing_has_no_place_in_the_order() {
    let bare = Callback { parts: Parts::default(), ..callback(Outcome::Other) };
    assert_eq!((bare.position(), bare.decides()), (None, false));
    // What tells of a part, as a list that was asked, is ordered as the rest.
    assert!(callback(Outcome::Other).position().is_some() && callback(Outcome::Other).decides());
    assert!(!callback(Outcome::Processing).decides() && callback(Outcome::Review).decides());
    assert_eq!(callback(Outcome::Review).position(), Some(1_769_851_800_000_000_000));
}

/// The events that docs/callbacks.md shows, each leading where it says.
const CHART: &str = "
chart: 1
id: check
states:
  waiting:
    on:
      check.approved: approved
      check.rejected:
        - target: again
          guard: { var: event.data.retry }
        - rejected
      check.review: review
      check.other:
        - target: asking
          guard: { in: [{ var: event.data.kind }, [PROCESSED, check.completed]] }
  approved: { type: final }
  again: {}
  rejected: { type: final }
  review: {}
  asking: {}
";

#[test]
fn a_case_is_stepped_by_what_a_provider_says() {
    let chart = Chart::from_text(CHART).unwrap();
    let definition = Definition::load(chart, Vec::new(), Surroundings::default()).unwrap();
    let begun = definition.start("case-1", 0, &Value::Null).unwrap().session;
    let cases = [
        ("applicantReviewed", Outcome::Approved, "approved", true),
        ("applicantReviewed", Outcome::Rejected { retry: true }, "again", true),
        ("applicantReviewed", Outcome::Rejected { retry: false }, "rejected", true),
        ("applicantOnHold", Outcome::Review, "review", true),
        ("PROCESSED", Outcome::Other, "asking", true),
        ("applicantTagsChanged", Outcome::Other, "waiting", false),
        ("applicantPending", Outcome::Processing, "waiting", false),
    ];
    for (kind, outcome, state, heard) in cases {
        let event = Callback { kind: kind.into(), ..callback(outcome) }.to_event();
        let step = definition.step(&begun, event, 1).unwrap();
        let states: Vec<&str> = definition.program().atomic(&step.session).collect();
        assert_eq!((states, step.heard), (vec![state], heard), "{kind} {}", outcome.name());
    }
}

#[test]
fn what_a_chart_hears_says_what_proves_it() {
    let callback = callback(Outcome::Approved);
    let heard = |proof, signed_at| {
        let (provider, evidence) = (callback.provider, callback.evidence.clone());
        let verified = Verified { provider, proof, signed_at, evidence };
        let event = verified.to_event(&callback);
        let data = event.data.unwrap();
        assert_eq!(data.get_str("about").unwrap().as_str(), Some("applicant-1"));
        data.get_str("verified").unwrap().to_json()
    };
    assert_eq!(
        heard(Proof::Key { id: "2026".into() }, Some(1_769_851_800_000_000_000)),
        r#"{"key":"2026","origin":null,"signed_at":"2026-01-31T09:30:00.000000000Z"}"#
    );
    let from = "192.0.2.7".parse().unwrap();
    assert_eq!(
        heard(Proof::Origin { from }, None),
        r#"{"key":null,"origin":"192.0.2.7","signed_at":null}"#
    );
}
