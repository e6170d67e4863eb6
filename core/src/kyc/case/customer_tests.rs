//! What a case waits for, and what it remembers.

use crate::kyc::Surroundings;
use crate::kyc::case::office::{Office, by};
use crate::kyc::case::{By, Case, Command, DEVICES, Desk, Fact, Kind};
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
    let mut ask = |id: &str| -> Case {
        let by = By { request_id: Some(id.to_owned()), ..by("host", office.now) };
        let done = office.cases.decide("c1", attach(id), &by).unwrap();
        for change in done.changes {
            office.cases.fold(Fact::from(change)).unwrap();
        }
        let case = office.cases.get("c1").unwrap().clone();
        assert!(case.has_done(id));
        case
    };
    ask("callback-0");
    for number in 0..40 {
        let case = ask(&format!("{DEVICES}c42/{number}"));
        assert_eq!(case.remembers_devices(), number < 31, "{number}");
        assert_eq!(case.has_done("device/c42/0"), number < 32, "{number}");
        assert!(case.has_done("callback-0"), "a customer makes nobody else's forgotten");
    }
    for number in 1..40 {
        let case = ask(&format!("callback-{number}"));
        assert_eq!(case.has_done("callback-0"), number < 32, "{number}");
        assert!(case.has_done("device/c42/39") && case.has_done("device/c42/8"));
    }
}
