//! The kind that the repository shows, as an office works with it: what the desk does, the charts beneath it take.

use super::office::{DAY, Office, find, json, send, submit, why};
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
    office_given(r#"{"party": "c42"}"#)
}

/// An office with a customer of whom a risk is known from before.
fn office_with(risk: &str) -> Office {
    office_given(&format!(r#"{{"party": "c42", "risk": "{risk}"}}"#))
}

fn office_given(given: &str) -> Office {
    let kind = (include_str!("../../../../examples/kyc/cases.yaml"), CHARTS.as_slice());
    let people = [
        ("olga", "onboarding"),
        ("ann", "compliance"),
        ("ben", "compliance"),
        ("sue", "senior_compliance"),
        ("tom", "senior_compliance"),
        ("host", "screening"),
    ];
    let mut office = Office::of(&[kind], &people, NOW);
    let open = Command::Open {
        kind: "individual".to_owned(),
        party: Some("c42".to_owned()),
        parent: None,
        given: Some(json(given)),
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

/// Hands in a document that is valid until then, and has it found good.
fn proven(office: &mut Office, document: &str, hash: u8, until: i64) {
    office.ask("c", "c42", handed_in(document, hash, until));
    office.ask("c", "olga", find(document, Finding::Approve, &[], hash));
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
    found_for("L1", hits, pep, risk)
}

fn found_for(level: &str, hits: &str, pep: bool, risk: &str) -> Command {
    let data = format!(
        r#"{{"party": "c42", "for": "application", "level": "{level}", "hits": {hits}, "pep": {pep}, "risk": "{risk}"}}"#
    );
    send("screening.done", Some(&data))
}

/// What screening says of who is a customer.
fn monitored(hits: &str, pep: bool, risk: &str) -> Command {
    let data = format!(
        r#"{{"party": "c42", "for": "monitoring", "hits": {hits}, "pep": {pep}, "risk": "{risk}"}}"#
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
    let until = NOW + 300 * DAY;
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    assert_eq!(level(&office), "L1");
    assert_eq!(office.case("c").documents["email"].valid_until, Some(until));

    // Until then there is nothing to do: nothing is written for days on which nothing happens.
    let version = office.case("c").version;
    for day in 1..300 {
        office.advance(NOW + day * DAY);
    }
    assert_eq!(office.case("c").version, version);
    office.advance(until);
    assert_eq!(office.case("c").documents["email"].standing, Standing::Requested);
    assert!(is(&office, "renewing"));
    // It was looked at three times when it came first, and can be handed in again all the same.
    proven(&mut office, "email", 7, NOW + 900 * DAY);
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
    let mut heard = |event| office.try_ask("c", "ann", send(event, None)).unwrap().heard;
    // Charts are invoked that are told of everything; none of them has anything to do with it now.
    assert!(!heard("renewal.asked"));
    assert!(heard("application.withdrawn"));
    assert!(heard("relationship.ended"));
}

/// Votes as the first one says, with what it carries.
fn voted(
    office: &mut Office,
    who: &str,
    decision: &str,
    reason: &str,
    data: Option<&str>,
) -> &'static str {
    let Command::Decide { decision, reasons, seen, comment, .. } =
        office.vote("c", decision, &[reason])
    else {
        unreachable!()
    };
    let vote = Command::Decide { decision, reasons, seen, comment, data: data.map(json) };
    office.says("c", who, vote)
}

/// In which order those vote of whom one must be of higher rank is nobody's concern.
#[test]
fn senior_management_may_vote_first() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", true, "low"));
    assert_eq!(office.queue("c"), Some("senior"));
    assert_eq!(voted(&mut office, "sue", "approve", "risk_accepted", None), "done");
    assert_eq!(voted(&mut office, "ann", "approve", "risk_accepted", None), "done");
    assert!(is(&office, "approved"));
    assert_eq!(level(&office), "L1");
    office.check();
}

/// A customer at the first level that is watched.
fn customer(pep: bool) -> Office {
    let mut office = office();
    screened(&mut office, NOW + 4000 * DAY);
    office.ask("c", "host", found("[]", pep, "low"));
    if pep {
        assert_eq!(voted(&mut office, "sue", "approve", "risk_accepted", None), "done");
        assert_eq!(voted(&mut office, "ann", "approve", "risk_accepted", None), "done");
    }
    assert!(is(&office, "approved") && is(&office, "watched"));
    office
}

#[test]
fn what_a_review_finds_is_known_to_the_case_and_to_the_register() {
    let mut office = customer(false);
    office.ask("c", "host", send("review.triggered", Some(r#"{"reason": "suspicious_activity"}"#)));
    assert!(is(&office, "reviewing"));
    let first = office.case("c").assignee.clone().unwrap();
    let second = if first == "sue" { "ann" } else { "sue" };
    let high = Some(r#"{"risk": "high"}"#);
    assert_eq!(voted(&mut office, &first, "retain", "risk_accepted", high), "done");
    assert_eq!(voted(&mut office, second, "retain", "risk_accepted", None), "done");
    assert!(is(&office, "watched"));
    assert_eq!(office.variable("c", "risk"), r#""high""#);
    assert_eq!(office.case("c").standing.as_ref().unwrap().risk.as_deref(), Some("high"));
    // Whatever is decided next takes senior management.
    office.ask("c", "host", send("review.triggered", Some(r#"{"reason": "high_risk_country"}"#)));
    let first = office.case("c").assignee.clone().unwrap_or_else(|| "ann".to_owned());
    let other = if first == "ann" { "ben" } else { "ann" };
    assert_eq!(voted(&mut office, &first, "retain", "risk_accepted", None), "done");
    let told = voted(&mut office, other, "retain", "risk_accepted", None);
    assert_eq!(told, if first == "sue" { "done" } else { "not_senior" });
    office.check();
}

#[test]
fn what_is_found_of_a_customer_later_begins_a_review() {
    for (hits, pep, risk, wanted) in [
        ("[]", false, "low", "watched"),
        ("[]", false, "medium", "watched"),
        ("[]", true, "low", "reviewing"),
        ("[]", false, "high", "reviewing"),
        (r#"["UN-1"]"#, false, "low", "reviewing"),
    ] {
        let mut office = customer(false);
        office.ask("c", "host", monitored(hits, pep, risk));
        assert!(is(&office, wanted), "{hits} {pep} {risk}");
        assert_eq!(office.variable("c", "pep"), pep.to_string());
        assert_eq!(office.variable("c", "risk"), format!("\"{risk}\""));
        office.check();
    }
}

/// Regulation (EU) 2024/1624, Art. 26 and 42: a year for whoever is of high risk, and politically exposed persons are.
#[test]
fn who_is_politically_exposed_is_looked_at_each_year() {
    for (pep, days, wanted) in [(true, 364, false), (true, 366, true), (false, 366, false)] {
        let mut office = customer(pep);
        office.advance(NOW + days * DAY);
        assert_eq!(is(&office, "reviewing"), wanted, "{pep} {days}");
    }
}

fn called(event: u8, kind: &str, sanctions: &str) -> Command {
    let data = format!(
        r#"{{"provider": "persona", "event_id": "evt-{event}", "kind": "inquiry", "about": "inq-1", "subject": "c42", "outcome": "{kind}",
        "occurred_at": "2026-01-01T0{event}:00:00Z", "evidence": "{}", "parts": {{"document": null, "face": null, "sanctions": {sanctions}}},
        "verified": {{"key": "2026"}}}}"#,
        crate::audit::merkle::hex(&[event; 32]),
    );
    Command::Callback { data: Some(json(&data)), body: None }
}

#[test]
fn callbacks_of_a_provider_answer_checks_and_begin_reviews() {
    for (kind, sanctions, wanted) in [
        ("approved", r#""passed""#, "approved"),
        // The document is good; of lists it says nothing.
        ("approved", "null", "checks"),
        ("processing", "null", "checks"),
        ("review", r#""review""#, "requires_review"),
        ("rejected", "null", "requires_review"),
    ] {
        let mut office = office();
        screened(&mut office, NOW + 400 * DAY);
        office.ask("c", "persona", called(1, kind, sanctions));
        assert!(is(&office, wanted), "{kind} {sanctions}");
        office.check();
    }
    let mut office = customer(false);
    office.ask("c", "persona", called(2, "review", r#""review""#));
    assert!(is(&office, "reviewing") && is(&office, "approved"));
    assert_eq!(office.case("c").evidence.len(), 1);
    office.check();
}

#[test]
fn a_hit_that_nobody_clears_takes_away_what_was_granted() {
    for prohibited in [false, true] {
        let mut office = office();
        screened(&mut office, NOW + 400 * DAY);
        if prohibited {
            office.ask("c", "host", found("[]", false, "prohibited"));
        } else {
            office.ask("c", "host", found(r#"["UN-1"]"#, false, "low"));
            let first = office.case("c").assignee.clone().unwrap();
            let second = if first == "ben" { "ann" } else { "ben" };
            assert_eq!(voted(&mut office, &first, "reject", "true_match", None), "done");
            assert_eq!(voted(&mut office, second, "reject", "true_match", None), "done");
        }
        assert!(is(&office, "rejected") && is(&office, "suspended"));
        assert_eq!(office.case("c").standing.as_ref().unwrap().kyc_level, Some(0));
        office.check();
    }
}

/// Doubts of a provider are not lost because documents are still to come, nor by an answer of another one.
#[test]
fn a_doubt_that_comes_early_is_looked_at() {
    let mut office = office();
    office.ask("c", "c42", submit("wallet", 1));
    office.ask("c", "olga", find("wallet", Finding::Approve, &[], 1));
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    office.ask("c", "persona", called(1, "review", r#""review""#));
    assert!(is(&office, "documents"));
    for (paper, hash) in [("email", 2), ("phone", 3)] {
        office.ask("c", "c42", submit(paper, hash));
        office.ask("c", "olga", find(paper, Finding::Approve, &[], hash));
    }
    office.ask("c", "host", found("[]", false, "low"));
    assert!(is(&office, "requires_review"));
    assert_eq!(office.variable("c", "hits"), r#"["persona/inq-1"]"#);
    office.check();
}

/// A provider of lists tells that nothing is on them as something else than an approval.
#[test]
fn a_list_that_was_asked_answers_the_checks() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "persona", called(1, "other", "null"));
    assert!(is(&office, "checks"));
    office.ask("c", "persona", called(2, "other", r#""passed""#));
    assert!(is(&office, "approved"));
    assert_eq!(office.case("c").evidence.len(), 1);
    office.check();
}

/// Screening often keeps nobody from being looked at in time, and takes back nothing that people found.
#[test]
fn screening_that_finds_nothing_changes_nothing() {
    let clean = || {
        let data =
            r#"{"party": "c42", "for": "monitoring", "hits": [], "pep": false, "risk": "low"}"#;
        send("screening.done", Some(data))
    };
    let mut office = customer(true);
    for month in 1..=12 {
        office.advance(NOW + month * 30 * DAY);
        office.ask("c", "host", clean());
        assert_eq!(office.variable("c", "pep"), "true");
    }
    office.advance(NOW + 366 * DAY);
    assert!(is(&office, "reviewing"), "a year is over");
    office.check();
}

#[test]
fn who_withdraws_an_application_is_granted_nothing() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "c42", send("application.withdrawn", None));
    assert_eq!(level(&office), "L0");
    // Neither is it where two people would have had to decide.
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    assert!(is(&office, "documents"), "all documents are asked for anew");
    let before = office.case("c").session().data().clone();
    for _ in 0..3 {
        office.ask("c", "c42", send("application.withdrawn", None));
        office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    }
    assert_eq!(*office.case("c").session().data(), before);
    office.check();
}

#[test]
fn no_screening_makes_a_risk_smaller() {
    for (first, then, most) in [("medium", "low", "medium"), ("low", "medium", "medium")] {
        let mut office = office();
        screened(&mut office, NOW + 400 * DAY);
        office.ask("c", "host", found("[]", false, first));
        office.ask("c", "host", monitored("[]", false, then));
        assert_eq!(risk(&office), most);
        // Monitoring goes by the same: data are refreshed after three years, not after five.
        office.advance(NOW + 3 * 366 * DAY);
        assert!(is(&office, "reviewing"), "{first}, then {then}");
        office.check();
    }
}

#[test]
fn who_was_closed_and_comes_back_begins_as_anybody_does() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", true, "low"));
    office.ask("c", "ann", send("relationship.ended", None));
    office.ask("c", "sue", Command::Reopen { why: why() });
    assert_eq!(level(&office), "none");
    let standing = office.case("c").standing.clone().unwrap();
    assert_eq!((standing.kyc_level, standing.flags["pep"]), (Some(0), true));
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    assert!(is(&office, "pending") && !is(&office, "in_progress"), "the first level comes first");
    office.check();
}

#[test]
fn nobody_tells_a_case_what_its_charts_tell_each_other() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    let granted = r#"{"granted": {"level": "L3"}, "risk": "low", "pep": false, "papers": []}"#;
    let cleared = r#"{"party": "c42", "for": "application", "level": "L1", "hits": [], "pep": false, "risk": "low"}"#;
    let passed = r#"{"subject": "c42", "parts": {"sanctions": "passed"}}"#;
    let cases = [
        ("ann", "granted", Some(granted), "unknown_name"),
        ("ann", "suspension.due", Some(r#"{"reason": "x"}"#), "unknown_name"),
        ("ann", "standing.lifted", None, "unknown_name"),
        ("ann", "risk.found", Some(r#"{"risk": "low"}"#), "unknown_name"),
        ("ann", "check.approved", Some(passed), "unknown_name"),
        ("ann", "done.invoke.documents", None, "unknown_name"),
        ("ann", "decision.confirmed", None, "text"),
        ("ann", "screening.done", Some(cleared), "role"),
        ("c42", "screening.done", Some(cleared), "no_person"),
    ];
    for (actor, event, data, wanted) in cases {
        assert_eq!(office.says("c", actor, send(event, data)), wanted, "{actor} {event}");
    }
    assert_eq!(level(&office), "L0");
    office.ask("c", "host", send("screening.done", Some(cleared)));
    assert_eq!(level(&office), "L1");
    office.check();
}

#[test]
fn who_orders_a_suspension_does_not_lift_it() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", false, "low"));
    let until = NOW + DAY;
    office.ask("c", "sue", Command::Override { data: None, why: why(), until });
    office.advance(until);
    assert!(is(&office, "lifting"));
    assert_eq!(office.votes("c", "sue", "lift", &["ordered_in_error"]), "had_part");
    for person in ["ann", "ben"] {
        assert_eq!(office.votes("c", person, "lift", &["ordered_in_error"]), "done");
    }
    assert!(is(&office, "in_order"));
    office.check();
}

#[test]
fn one_person_sends_an_application_back() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found(r#"["un"]"#, false, "low"));
    assert!(is(&office, "requires_review"));
    assert_eq!(office.votes("c", "olga", "revise", &["documents_insufficient"]), "role");
    assert_eq!(office.votes("c", "ann", "revise", &["documents_insufficient"]), "done");
    assert!(is(&office, "documents"), "what the level needs is asked for anew");
    for (document, hash) in [("email", 21), ("phone", 22)] {
        let ask = Command::RequestDocument { document: document.to_owned(), why: Some(why()) };
        office.ask("c", "ann", ask);
        proven(&mut office, document, hash, NOW + 400 * DAY);
    }
    // What was found the first time is not forgotten because nothing was found the second time.
    office.ask("c", "host", found("[]", false, "low"));
    assert!(is(&office, "requires_review"));
    assert_eq!(level(&office), "L0");
    office.check();
}

#[test]
fn people_ask_for_more_than_a_level_needs() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found(r#"["un"]"#, false, "low"));
    assert_eq!(office.votes("c", "ann", "approve", &["false_positive"]), "done");
    let ask = Command::RequestDocument { document: "bank_statement".to_owned(), why: Some(why()) };
    office.ask("c", "ben", ask);
    office.ask("c", "c42", submit("bank_statement", 31));
    assert!(office.case("c").pending.is_none(), "votes were for what was known then");
    office.ask("c", "ann", find("bank_statement", Finding::Approve, &[], 31));
    assert!(is(&office, "requires_review"));
    office.check();
}

/// Two people decide, with what the vote carries.
fn decide(
    office: &mut Office,
    people: [&str; 2],
    decision: &str,
    reason: &str,
    data: Option<&str>,
) {
    let mut people = people;
    // Who works on it votes first, or gives it back.
    if office.case("c").assignee.as_deref().is_some_and(|own| !people.contains(&own)) {
        office.ask("c", people[0], Command::Release);
    }
    people.sort_by_key(|person| office.case("c").assignee.as_deref() != Some(*person));
    for person in people {
        assert_eq!(voted(office, person, decision, reason, data), "done", "{person} {decision}");
    }
}

fn risk(office: &Office) -> String {
    let data = office.case("c").session().data();
    data.get_str("risk").unwrap().as_str().unwrap().to_owned()
}

#[test]
fn a_suspension_is_lifted_whatever_it_came_from() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", false, "low"));
    // A document runs out, and nobody renews it.
    office.advance(NOW + 400 * DAY);
    office.advance(NOW + 431 * DAY);
    assert!(is(&office, "suspended"));
    assert_eq!(office.says("c", "c42", send("lifting.asked", None)), "no_person");
    office.ask("c", "ann", send("lifting.asked", None));
    decide(&mut office, ["ann", "ben"], "hold", "document_missing", None);
    assert!(is(&office, "held"), "it stays so until it is asked once more");
    office.ask("c", "c42", send("renewal.asked", None));
    proven(&mut office, "email", 7, NOW + 900 * DAY);
    office.ask("c", "ben", send("lifting.asked", None));
    decide(&mut office, ["ann", "ben"], "lift", "document_renewed", None);
    assert!(is(&office, "active") && is(&office, "current"));
    assert_eq!(office.case("c").standing.as_ref().unwrap().kyc_level, Some(2));
    office.check();
}

#[test]
fn who_renews_a_document_before_its_day_has_renewed_it() {
    let mut office = office();
    let until = NOW + 400 * DAY;
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    office.now = until - 10 * DAY;
    let ask = Command::RequestDocument { document: "email".to_owned(), why: None };
    office.ask("c", "olga", ask);
    proven(&mut office, "email", 7, NOW + 900 * DAY);
    office.advance(until + 40 * DAY);
    assert!(is(&office, "active") && is(&office, "current"));
    assert_eq!(office.case("c").documents["email"].standing, Standing::Approved);
    office.advance(NOW + 900 * DAY);
    assert!(is(&office, "renewing"), "the next one counts");
    office.check();
}

#[test]
fn what_was_handed_in_and_is_not_looked_at_yet_is_not_asked_for_again() {
    let renewed = |office: &mut Office, until: i64| {
        office.now = until - 10 * DAY;
        let ask = Command::RequestDocument { document: "email".to_owned(), why: None };
        office.ask("c", "olga", ask);
        office.ask("c", "c42", handed_in("email", 7, NOW + 900 * DAY));
        office.advance(until);
        let standing = office.case("c").documents["email"].standing;
        assert_eq!((standing, is(office, "renewing")), (Standing::Submitted, true));
        assert!(is(office, "uploaded"), "the chart of the document knows that it is there");
    };
    let until = NOW + 400 * DAY;
    // It is good, and the next day counts.
    let mut office = office();
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    renewed(&mut office, until);
    office.ask("c", "olga", find("email", Finding::Approve, &[], 7));
    assert!(is(&office, "current"));
    office.advance(NOW + 900 * DAY);
    assert!(is(&office, "renewing") && is(&office, "pending"), "this time nothing was handed in");
    office.check();
    // It is not good: another one is asked for, and has its thirty days.
    let mut office = self::office();
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    renewed(&mut office, until);
    office.ask("c", "olga", find("email", Finding::Revise, &["code_wrong"], 7));
    assert_eq!(office.case("c").documents["email"].standing, Standing::Requested);
    assert!(is(&office, "renewing"));
    office.advance(until + 29 * DAY);
    assert!(is(&office, "active"));
    office.advance(until + 31 * DAY);
    assert!(is(&office, "suspended"));
    office.check();
}

#[test]
fn a_new_application_takes_what_is_there_and_gives_what_is_missing_its_time() {
    let mut office = office();
    office.ask("c", "c42", submit("wallet", 1));
    office.ask("c", "c42", send("application.withdrawn", None));
    office.now += 20 * DAY;
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L0"}"#)));
    assert_eq!(office.case("c").documents["wallet"].standing, Standing::Submitted);
    office.ask("c", "olga", find("wallet", Finding::Approve, &[], 1));
    assert_eq!(level(&office), "L0");
    // Of the next level nothing is handed in before it is asked for by another application.
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    let due = |office: &Office| office.case("c").documents["email"].due;
    let first = due(&office);
    office.ask("c", "c42", send("application.withdrawn", None));
    office.now += 20 * DAY;
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    assert_eq!(due(&office), first.map(|due| due + 20 * DAY));
    office.check();
}

#[test]
fn what_was_found_is_cleared_by_two_people_and_by_nothing_else() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "c42", send("application.withdrawn", None));
    // The answer comes when nobody waits for it any more.
    office.ask("c", "host", found(r#"["un"]"#, false, "low"));
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    // What the chart asks for anew is asked for on the desk, and can be handed in.
    for (document, hash) in [("email", 21), ("phone", 22)] {
        assert_eq!(office.case("c").documents[document].standing, Standing::Requested);
        proven(&mut office, document, hash, NOW + 400 * DAY);
    }
    office.ask("c", "host", found("[]", false, "low"));
    assert!(is(&office, "requires_review"), "it was found before");
    office.ask("c", "c42", send("application.withdrawn", None));
    assert!(is(&office, "requires_review"), "people look at it to the end");
    decide(&mut office, ["ann", "ben"], "approve", "false_positive", None);
    assert_eq!((level(&office).as_str(), office.variable("c", "hits")), ("L1", "[]".to_owned()));
    office.check();
}

#[test]
fn a_document_that_was_rejected_for_good_can_be_asked_for_by_another_application() {
    let mut office = office();
    for hash in [1, 2] {
        office.ask("c", "c42", submit("wallet", hash));
        office.ask("c", "olga", find("wallet", Finding::Revise, &["signature_invalid"], hash));
    }
    office.ask("c", "c42", submit("wallet", 3));
    office.ask("c", "olga", find("wallet", Finding::Reject, &["signature_invalid"], 3));
    assert!(is(&office, "rejected"));
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L0"}"#)));
    office.ask("c", "c42", submit("wallet", 4));
    office.ask("c", "olga", find("wallet", Finding::Approve, &[], 4));
    assert_eq!(level(&office), "L0");
    office.check();
}

#[test]
fn with_whom_is_prohibited_nobody_goes_on_without_saying_that_it_is_otherwise() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", false, "low"));
    let data =
        r#"{"party": "c42", "for": "monitoring", "hits": [], "pep": false, "risk": "prohibited"}"#;
    office.ask("c", "host", send("screening.done", Some(data)));
    assert!(is(&office, "reviewing") && is(&office, "suspended"), "nothing can be used meanwhile");
    assert_eq!(office.queue("c"), Some("senior"));
    assert_eq!(office.votes("c", "ann", "retain", &["data_confirmed"]), "done");
    assert_eq!(office.votes("c", "ben", "retain", &["data_confirmed"]), "not_senior");
    assert_eq!(office.votes("c", "sue", "retain", &["data_confirmed"]), "done");
    assert!(is(&office, "suspended"), "they did not say that it is another risk");
    office.ask("c", "ann", send("lifting.asked", None));
    decide(&mut office, ["ann", "sue"], "lift", "review_done", None);
    assert!(is(&office, "suspended"));
    office.ask("c", "ann", send("lifting.asked", None));
    decide(&mut office, ["ann", "sue"], "lift", "review_done", Some(r#"{"risk": "high"}"#));
    assert!(is(&office, "active"));
    assert_eq!(risk(&office), "high");
    office.check();

    // Who comes back as such is not even granted the first level.
    let mut office = office_with("prohibited");
    office.ask("c", "c42", submit("wallet", 1));
    office.ask("c", "olga", find("wallet", Finding::Approve, &[], 1));
    assert!(is(&office, "rejected") && is(&office, "suspended") && is(&office, "reviewing"));
    assert_eq!(level(&office), "none");
}

#[test]
fn lifting_says_nothing_of_a_risk_that_nobody_spoke_of() {
    let mut office = office_with("high");
    let until = NOW + DAY;
    office.ask("c", "sue", Command::Override { data: None, why: why(), until });
    office.advance(until);
    decide(&mut office, ["ann", "tom"], "lift", "ordered_in_error", None);
    assert!(is(&office, "active"));
    assert_eq!(risk(&office), "high");
    office.check();
}

#[test]
fn a_lifting_clears_nothing_that_it_was_not_about() {
    let mut office = office();
    screened(&mut office, NOW + 400 * DAY);
    office.ask("c", "host", found("[]", false, "low"));
    let data =
        r#"{"party": "c42", "for": "monitoring", "hits": ["un"], "pep": false, "risk": "low"}"#;
    office.ask("c", "host", send("screening.done", Some(data)));
    let until = NOW + DAY;
    office.ask("c", "sue", Command::Override { data: None, why: why(), until });
    office.advance(until);
    decide(&mut office, ["ann", "ben"], "lift", "ordered_in_error", None);
    assert!(is(&office, "suspended"), "the review comes first");
    assert_eq!(office.variable("c", "hits"), r#"["un"]"#);
    decide(&mut office, ["ann", "ben"], "retain", "false_positive", None);
    assert_eq!(office.variable("c", "hits"), "[]");
    office.ask("c", "ann", send("lifting.asked", None));
    decide(&mut office, ["ann", "ben"], "lift", "ordered_in_error", None);
    assert!(is(&office, "active"));
    office.check();
}

#[test]
fn who_renews_a_document_in_a_review_has_renewed_it() {
    let mut office = office();
    let until = NOW + 400 * DAY;
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    office.now = until - 5 * DAY;
    let flag = r#"{"reason": "high_risk_country", "pep": true}"#;
    office.ask("c", "ann", send("review.triggered", Some(flag)));
    assert_eq!(office.variable("c", "pep"), "true", "what people say is known to the case");
    let ask = Command::RequestDocument { document: "email".to_owned(), why: None };
    office.ask("c", "olga", ask);
    proven(&mut office, "email", 7, NOW + 900 * DAY);
    // Who said that is one who handed something in.
    decide(&mut office, ["ben", "sue"], "retain", "data_confirmed", None);
    office.advance(until + 40 * DAY);
    assert!(is(&office, "active") && is(&office, "current"));
    office.check();
}

#[path = "shipped_found_tests.rs"]
mod found;
