//! What becomes of the callbacks of a provider: first, doubled, overtaken, after the end; and what they change of votes.

use sha2::{Digest as _, Sha256};

use super::*;
use crate::kyc::case::By;
use crate::kyc::case::office::{
    BODY as BODY_TEXT, DAY, HOUR, Office, attach, by, callback, json, why,
};

const CHART: &str = "
chart: 1
id: checked
context: {told: []}
states:
  waiting:
    on:
      check.approved: {target: cleared, actions: [&tell {assign: {told: {expr: {merge: [{var: told}, {var: event.data.event_id}]}}}}]}
      check.review: {target: review, actions: [*tell]}
      check.processing: {actions: [*tell]}
  review:
    on: {settled: settled, check.approved: {actions: [*tell]}, check.review: {actions: [*tell]}}
  cleared: {on: {check.review: {target: review, actions: [*tell]}}}
  settled: {type: final}
";
const KIND: &str = "
case: 1
id: checked
chart: checked
queues: [{id: reviews, states: [review], roles: [clerk]}]
decisions: {settle: {states: [review], roles: [clerk, senior], quorum: 2, event: settled}}
reopening: {roles: [senior], keep: []}
";

fn office(party: Option<&str>) -> Office {
    let mut office = Office::new();
    office.define(KIND, CHART);
    let open = Command::Open {
        kind: "checked".to_owned(),
        party: party.map(str::to_owned),
        parent: None,
        given: None,
        retention: None,
    };
    office.ask("c", "teller", open);
    office
}

fn with_body(command: Command, kept: &str) -> Command {
    let Command::Callback { data, .. } = command else { unreachable!() };
    Command::Callback { data, body: Some(kept.to_owned()) }
}

/// What is answered: whether it was heard, had come before, and is late.
fn delivers(office: &mut Office, command: Command) -> (bool, bool, bool) {
    let done = office.try_ask("c", "persona", command).unwrap();
    (done.heard, done.replayed.is_some(), done.late)
}

const HEARD: (bool, bool, bool) = (true, false, false);
const UNHEARD: (bool, bool, bool) = (false, false, false);
const AGAIN: (bool, bool, bool) = (true, true, false);
const LATE: (bool, bool, bool) = (false, false, true);

#[test]
fn deliveries_in_the_order_in_which_they_came() {
    let mut office = office(None);
    for (name, event, minute, outcome, wanted) in [
        ("it goes on", "evt_1", 1, "processing", HEARD),
        ("the same once more", "evt_1", 1, "processing", AGAIN),
        ("a person has to look at it", "evt_3", 3, "review", HEARD),
        ("what was before has come after", "evt_2", 2, "approved", LATE),
        ("that once more", "evt_2", 2, "approved", AGAIN),
        ("what decides nothing is never late", "evt_4", 1, "other", UNHEARD),
        ("nothing waits for it", "evt_5", 5, "cancelled", UNHEARD),
        ("the newest", "evt_6", 6, "approved", HEARD),
    ] {
        assert_eq!(delivers(&mut office, callback(event, minute, outcome)), wanted, "{name}");
    }
    assert_eq!(office.variable("c", "told"), r#"["evt_1","evt_3","evt_6"]"#);
    assert!(
        office
            .facts
            .iter()
            .filter(|fact| matches!(fact, crate::kyc::case::Fact::Changed(_)))
            .count()
            == 7
    );
    office.check();
}

#[test]
fn what_was_overtaken_is_written_down() {
    let mut office = office(None);
    delivers(&mut office, callback("evt_3", 3, "review"));
    let done = office.try_ask("c", "persona", callback("evt_2", 2, "approved")).unwrap();
    let told = done.changes[0].steps[0].0.to_json();
    assert!(told.contains(r#""name":"check.approved""#), "{told}");
    assert!(told.contains(r#""overtaken":"2026-01-31T09:03:00.000000000Z""#), "{told}");
}

#[test]
fn a_check_is_evidence_and_the_newest_stands_for_it() {
    let mut office = office(None);
    let evidence = |office: &Office| -> Vec<(String, String, String)> {
        let named = office.case("c").evidence.iter();
        named.map(|(name, it)| (name.clone(), hex(&*it.hash), it.by.clone())).collect()
    };
    let is = |event: &str| {
        vec![("persona/inq_1".to_owned(), hex(&Sha256::digest(event)), "persona".to_owned())]
    };
    delivers(&mut office, callback("evt_0", 0, "processing"));
    assert_eq!(evidence(&office), [], "nothing is decided by it");
    delivers(&mut office, callback("evt_3", 3, "review"));
    assert_eq!(evidence(&office), is("evt_3"));
    assert_eq!(office.votes("c", "clerk-1", "settle", &[]), "done");
    // What is late or doubled changes nothing of what was voted on.
    delivers(&mut office, callback("evt_2", 2, "approved"));
    delivers(&mut office, callback("evt_3", 3, "review"));
    assert!(office.case("c").pending.is_some());
    assert_eq!(evidence(&office), is("evt_3"));
    // What is newer does: the votes were on something else.
    delivers(&mut office, callback("evt_4", 4, "approved"));
    assert!(office.case("c").pending.is_none());
    assert_eq!(evidence(&office), is("evt_4"));
    office.check();
}

#[test]
fn a_case_that_has_ended_takes_what_comes_and_hears_nothing() {
    for cancelled in [false, true] {
        let mut office = office(None);
        delivers(&mut office, callback("evt_1", 1, "review"));
        if cancelled {
            office.ask("c", "clerk-1", Command::Cancel { why: why() });
        } else {
            assert_eq!(office.votes("c", "clerk-1", "settle", &[]), "done");
            assert_eq!(office.votes("c", "clerk-2", "settle", &[]), "done");
        }
        assert!(!office.case("c").is_open());
        assert_eq!(delivers(&mut office, callback("evt_2", 2, "approved")), UNHEARD);
        assert_eq!(delivers(&mut office, callback("evt_2", 2, "approved")), AGAIN);
        // It is known still when the case begins again.
        office.ask("c", "senior-1", Command::Reopen { why: why() });
        assert_eq!(delivers(&mut office, callback("evt_2", 2, "approved")), AGAIN);
        assert_eq!(delivers(&mut office, callback("evt_1", 1, "review")), AGAIN);
        assert_eq!(delivers(&mut office, callback("evt_3", 3, "review")), HEARD);
        office.check();
    }
}

#[test]
fn the_original_is_kept_sealed_or_not_at_all() {
    let original = with_body(callback("evt_1", 1, "review"), BODY_TEXT);
    let mut about = office(Some("c42"));
    let done = about.try_ask("c", "persona", original.clone()).unwrap();
    let Command::Callback { body, .. } = &done.changes[0].command else { unreachable!() };
    assert_eq!(body.as_deref(), Some(BODY_TEXT));
    about.check();
    for (party, command, wanted) in [
        (None, original, "body: is kept with a case that is about a party"),
        (
            Some("c42"),
            with_body(callback("evt_1", 1, "review"), "{}"),
            "body: is not what the callback",
        ),
        (
            Some("c42"),
            with_body(callback("evt_1", 1, "review"), &" ".repeat(BODY + 1)),
            "body: has more than 64 KiB",
        ),
    ] {
        let told = office(party).refuses("c", "persona", command);
        assert!(told.starts_with(wanted), "{told}");
    }
}

#[test]
fn what_is_no_callback_is_refused() {
    for (data, wanted) in [
        (None, "data: is no object"),
        (Some(json("{}")), "data: has no `provider`"),
        (
            Some(json(
                r#"{"provider":"persona","event_id":"e","kind":"k","about":"a","outcome":"review","evidence":"00","verified":{"key":"2026"}}"#,
            )),
            "data: has no SHA-256 as `evidence`",
        ),
    ] {
        let told = office(None).refuses("c", "persona", Command::Callback { data, body: None });
        assert!(told.starts_with(wanted), "{told}");
    }
    let told = office(None).refuses("d", "persona", callback("evt_1", 1, "review"));
    assert!(told.starts_with("there is no case `d`"), "{told}");
}

#[test]
fn a_case_remembers_so_many_and_for_so_long() {
    let mut office = office(None);
    for number in 0..CALLBACKS {
        let command = callback(&format!("evt_{}", 10 + number), 1, "review");
        assert_eq!(delivers(&mut office, command), HEARD);
    }
    let told = office.refuses("c", "persona", callback("evt_1", 1, "review"));
    assert_eq!(told, "callbacks to a case within thirty days: there are 256 at most");
    assert_eq!(delivers(&mut office, callback("evt_10", 1, "review")), AGAIN);
    let after = By { at: 30 * DAY + HOUR, ..by("persona", 0) };
    let done = office.try_as("c", callback("evt_1", 1, "review"), &after).unwrap();
    assert!(done.heard && done.replayed.is_none());
    assert_eq!(office.case("c").callbacks.as_ref().map(|it| it.0.len()), Some(1));
}

/// However much a provider tells of what goes on, there is room for what it finds.
#[test]
fn room_is_kept_for_what_decides_something() {
    let mut office = office(None);
    for number in 0..2 * CALLBACKS {
        let command = callback(&format!("evt_{}", 10 + number), 1, "processing");
        assert_eq!(delivers(&mut office, command), HEARD);
    }
    assert_eq!(office.case("c").callbacks.as_ref().map(|it| it.0.len()), Some(128));
    assert_eq!(delivers(&mut office, callback("evt_1", 2, "review")), HEARD);
    assert_eq!(delivers(&mut office, callback("evt_1", 2, "review")), AGAIN);
    office.check();
}

/// A recording of what was heard long ago is known no more, and is not heard again: the provider says when it happened.
#[test]
fn what_is_older_than_what_is_remembered_is_not_heard() {
    let happened = crate::time::parse_instant("2026-01-31T09:02:00Z").unwrap();
    for (after, wanted) in [(30 * DAY, HEARD), (30 * DAY + 1, LATE)] {
        let mut office = office(None);
        office.now = happened + after;
        assert_eq!(delivers(&mut office, callback("evt_2", 2, "approved")), wanted);
    }
}

#[test]
fn what_proves_a_callback_comes_with_it_and_its_evidence_is_its_own() {
    let unproven = |verified: &str| {
        let Command::Callback { data, .. } = callback("evt_1", 1, "review") else { unreachable!() };
        let text = data.unwrap().0.to_json().replace(r#""verified":{"key":"2026"}"#, verified);
        Command::Callback { data: Some(json(&text)), body: None }
    };
    for verified in [
        r#""other":1"#,
        r#""verified":{}"#,
        r#""verified":{"key":null,"origin":null}"#,
        r#""verified":true"#,
    ] {
        let told = office(None).refuses("c", "persona", unproven(verified));
        assert!(told.starts_with("data: has nothing in `verified` that proves it"), "{told}");
    }
    let origin = r#""verified":{"key":null,"origin":"203.0.113.7"}"#;
    assert_eq!(delivers(&mut office(None), unproven(origin)), HEARD);
    let mut office = office(None);
    for name in ["persona/inq_1", "onfido/anything"] {
        let told = office.refuses("c", "teller", attach(name, 1));
        assert_eq!(told, "name: is that of a provider's callbacks: give it another");
    }
    office.ask("c", "teller", attach("files/inq_1", 1));
}

#[test]
fn what_is_told_of_somebody_else_is_no_evidence() {
    let about = |subject: &str, event: &str| match callback(event, 1, "review") {
        Command::Callback { data, body } => {
            let told = data.unwrap().0.to_json();
            let told = format!(r#"{{"subject": "{subject}", {}"#, told.trim_start_matches('{'));
            Command::Callback { data: Some(json(&told)), body }
        }
        other => other,
    };
    // About a party; about nobody of the register, and the chart says nothing either: then it is known by its key.
    let cases = [
        (Some("c42"), "c42", "done"),
        (Some("c42"), "c", "done"),
        (Some("c42"), "c43", "text"),
        (None, "c", "done"),
        (None, "c43", "text"),
    ];
    for (party, subject, wanted) in cases {
        let mut office = office(party);
        assert_eq!(
            office.says("c", "persona", about(subject, "e1")),
            wanted,
            "{party:?} {subject}"
        );
        assert_eq!(office.case("c").evidence.len(), usize::from(wanted == "done"));
        office.check();
    }
    let told = office(Some("c42")).refuses("c", "persona", about("c43", "e1"));
    let wanted = "data: is about `c43`, and the case is not: deliver it to the case of that one";
    assert_eq!(told, wanted);
}
