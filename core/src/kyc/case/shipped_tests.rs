//! The kind that the repository shows, as an office works with it: what the desk does, the charts beneath it take.

use super::office::{DAY, Office, by, find, json, send, submit, why};
use super::*;

/// 2026-01-01.
const NOW: i64 = 1_767_225_600_000_000_000;
const CHARTS: [&str; 5] = [
    include_str!("../../../../examples/kyc/individual.yaml"),
    include_str!("../../../../examples/kyc/each.yaml"),
    include_str!("../../../../examples/kyc/document.yaml"),
    include_str!("../../../../examples/kyc/decision.yaml"),
    include_str!("../../../../examples/kyc/monitoring.yaml"),
];

/// An office with a customer who has asked for the first level.
fn office() -> Office {
    office_about(Some("c42"))
}

fn office_about(party: Option<&str>) -> Office {
    let mut office = Office { cases: Cases::default(), facts: Vec::new(), now: NOW };
    let charts = CHARTS.map(str::to_owned);
    let kind = include_str!("../../../../examples/kyc/cases.yaml");
    let defined = office.cases.define(kind, &charts, false, None, &by("host", NOW)).unwrap();
    office.fold(defined);
    for (person, role) in [
        ("olga", "onboarding"),
        ("ann", "compliance"),
        ("ben", "compliance"),
        ("sue", "senior_compliance"),
    ] {
        office.staff(person, &[role], true);
    }
    let open = Command::Open {
        kind: "individual".to_owned(),
        party: party.map(str::to_owned),
        parent: None,
        given: Some(json(r#"{"party": "c42"}"#)),
        retention: None,
    };
    office.ask("c", "host", open);
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L0"}"#)));
    office
}

fn is(office: &Office, state: &str) -> bool {
    let case = office.case("c");
    office.cases.desk_of(case).unwrap().in_states(&[state.to_owned()], case.session())
}

/// Hands in a document that is valid until then.
fn handed_in(document: &str, hash: u8, until: i64) -> Command {
    match submit(document, hash) {
        Command::SubmitDocument { document, hash, file, data, .. } => {
            Command::SubmitDocument { document, hash, file, valid_until: Some(until), data }
        }
        other => other,
    }
}

/// The customer has the first level, and what the second one needs is handed in: screening is asked.
fn screened(office: &mut Office, until: i64) {
    office.ask("c", "c42", submit("wallet", 1));
    office.ask("c", "olga", find("wallet", Finding::Approve, &[], 1));
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    for hash in [2, 3, 4] {
        office.ask("c", "c42", handed_in("email", hash, until));
        let (finding, reasons) = match hash {
            4 => (Finding::Approve, [].as_slice()),
            _ => (Finding::Revise, ["code_wrong"].as_slice()),
        };
        office.ask("c", "olga", find("email", finding, reasons, hash));
    }
    office.ask("c", "c42", submit("phone", 5));
    office.ask("c", "olga", find("phone", Finding::Approve, &[], 5));
    assert!(is(office, "checks"), "all documents are there");
}

fn found(hits: &str, pep: bool, risk: &str) -> Command {
    let data = format!(
        r#"{{"party": "c42", "for": "application", "hits": {hits}, "pep": {pep}, "risk": "{risk}"}}"#
    );
    send("screening.done", Some(&data))
}

fn level(office: &Office) -> String {
    let data = office.case("c").session().data();
    data.get_str("granted").unwrap().get_str("level").unwrap().as_str().unwrap().to_owned()
}

#[test]
fn a_document_is_good_until_its_day_and_renewed_then() {
    let mut office = office();
    let until = NOW + 400 * DAY;
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    assert_eq!(level(&office), "L1");
    assert_eq!(office.case("c").documents["email"].valid_until, Some(until));

    // Each day the first to expire is looked at.
    for day in 1..=401 {
        office.advance(NOW + day * DAY);
    }
    assert_eq!(office.case("c").documents["email"].standing, Standing::Expired);
    assert!(is(&office, "renewing"));
    // It was looked at three times when it came first, and can be handed in again all the same.
    office.ask("c", "c42", handed_in("email", 7, NOW + 900 * DAY));
    office.ask("c", "olga", find("email", Finding::Approve, &[], 7));
    assert!(is(&office, "watched") && !is(&office, "renewing") && !is(&office, "suspended"));
    office.check();
}

#[test]
fn a_document_that_is_rejected_is_not_asked_for_again() {
    let mut office = office();
    office.ask("c", "c42", submit("wallet", 1));
    office.ask("c", "olga", find("wallet", Finding::Revise, &["signature_invalid"], 1));
    assert!(is(&office, "pending"), "another one is asked for, by the desk and by the chart");
    office.ask("c", "c42", submit("wallet", 2));
    office.ask("c", "olga", find("wallet", Finding::Reject, &["signature_invalid"], 2));
    assert!(is(&office, "rejected") && !is(&office, "in_progress"));
    assert_eq!(office.says("c", "c42", submit("wallet", 3)), "document");
    office.check();
}

#[test]
fn a_case_can_be_tried_out_about_nobody_of_the_register() {
    let mut office = office_about(None);
    office.ask("c", "c42", submit("wallet", 1));
    office.ask("c", "olga", find("wallet", Finding::Approve, &[], 1));
    assert_eq!(level(&office), "L0");
    office.check();
}

#[test]
fn one_person_suspends_and_says_why() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", false, "low"));
    let until = NOW + 10 * DAY;
    office.ask("c", "sue", Command::Override { data: None, why: why(), until });
    assert!(is(&office, "suspended"));
    let standing = office.case("c").standing.clone().unwrap();
    assert_eq!((standing.kyc_level, standing.flags["suspended"]), (Some(0), true));
    // When it is over, two people decide whether it is lifted.
    office.advance(until);
    assert!(is(&office, "lifting"));
    office.check();
}

#[test]
fn who_finds_a_higher_risk_brings_in_senior_management() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found(r#"["a name on a list"]"#, false, "low"));
    let first = office.case("c").assignee.clone().unwrap();
    let second = if first == "ann" { "ben" } else { "ann" };
    let vote = |office: &Office, data: Option<&str>| match office.vote(
        "c",
        "approve",
        &["false_positive"],
    ) {
        Command::Decide { decision, reasons, seen, comment, .. } => {
            Command::Decide { decision, reasons, seen, comment, data: data.map(json) }
        }
        other => other,
    };
    let proposed = vote(&office, Some(r#"{"risk": "high"}"#));
    office.ask("c", &first, proposed);
    let confirmed = vote(&office, None);
    assert_eq!(office.says("c", second, confirmed.clone()), "not_senior");
    assert!(office.case("c").decided.is_empty());
    office.ask("c", "sue", confirmed);
    assert!(is(&office, "approved"));
    assert_eq!(
        (level(&office).as_str(), office.variable("c", "risk").as_str()),
        ("L1", r#""high""#)
    );
    office.check();
}

#[test]
fn with_whom_is_prohibited_there_is_no_business() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", false, "prohibited"));
    assert!(is(&office, "rejected"));
    assert_eq!(level(&office), "L0");
    office.check();
}

#[test]
fn an_event_that_no_chart_hears_is_told_as_that() {
    let mut office = office();
    let mut heard = |event| office.try_ask("c", "host", send(event, None)).unwrap().heard;
    // Charts are invoked that are told of everything; none of them has anything to do with it now.
    assert!(!heard("renewal.asked"));
    assert!(heard("application.withdrawn"));
    assert!(heard("relationship.ended"));
}
