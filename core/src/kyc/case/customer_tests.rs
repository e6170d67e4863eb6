//! What a case waits for, and what it remembers.

use crate::kyc::Surroundings;
use crate::kyc::case::office::{Office, by};
use crate::kyc::case::{Command, Desk, Fact, Kind};
use crate::kyc::chart::Chart;
use crate::value::Value;

const KIND: &str = "{case: 1, id: forms, chart: forms, child_ended: child.done}";
const CHART: &str = "
chart: 1
id: forms
states:
  open:
    on: {address.*: {actions: []}, '*': {actions: []}}
    states:
      first:
        on: {child.done: second, income.given: {target: second, guard: {'==': [{var: event.data.kind}, wages]}}}
      second:
        on: {source.given: done}
  done: {type: final}
";

#[test]
fn a_case_waits_for_what_leaves_its_active_states() {
    let kind = Kind::from_text(KIND).unwrap();
    let desk =
        Desk::load(kind, vec![Chart::from_text(CHART).unwrap()], Surroundings::default()).unwrap();
    let begun = desk.definition().start("c1", 0, &Value::Null).unwrap();
    for (event, waits) in [
        ("income.given", true),
        ("address.given", true),
        ("address", true),
        ("source.given", false),
        ("income", false),
        ("anything.else", false),
        // What the kind tells the chart itself nobody sends.
        ("child.done", false),
    ] {
        assert_eq!(desk.waits_for(&begun.session, event), waits, "{event}");
    }
}

#[test]
fn a_case_remembers_its_last_requests() {
    let mut office = Office::new();
    office.in_review("c1");
    let attach =
        |name: &str| Command::Attach { name: name.to_owned(), hash: [7; 32].into(), file: None };
    for number in 0..40 {
        let id = format!("request-{number}");
        let by = crate::kyc::case::By { request_id: Some(id.clone()), ..by("host", office.now) };
        let done = office.cases.decide("c1", attach(&id), &by).unwrap();
        for change in done.changes {
            office.cases.fold(Fact::from(change)).unwrap();
        }
        let case = office.cases.get("c1").unwrap();
        assert!(case.has_done(&id));
        assert_eq!(case.remembers_all(), number < 31, "{number}");
        assert_eq!(case.has_done("request-0"), number < 32, "{number}");
    }
}
