//! Documents: how often, how long, and who has looked at which.

use crate::kyc::case::office::{DAY, Office, find, json, submit, why};
use crate::kyc::case::{Command, Finding, Standing};

use Finding::{Approve, Reject, Revise};

fn ask_for(document: &str) -> Command {
    Command::RequestDocument { document: document.to_owned(), why: Some(why()) }
}

fn submit_until(document: &str, hash: u8, until: i64) -> Command {
    let Command::SubmitDocument { document, hash, file, data, .. } = submit(document, hash) else {
        unreachable!()
    };
    Command::SubmitDocument { document, hash, file, data, valid_until: Some(until) }
}

/// One after another, in one case: what comes of it, and how the passport stands then.
fn story(steps: Vec<(&str, &str, Command, Option<Standing>)>) -> Office {
    let mut office = Office::new();
    office.in_review("c1");
    for (number, (wanted, actor, command, standing)) in steps.into_iter().enumerate() {
        let name = command.name();
        assert_eq!(office.says("c1", actor, command), wanted, "{number}: {actor}: {name}");
        let found = office.case("c1").documents.get("passport").map(|it| it.standing);
        assert_eq!(found, standing, "{number}: {actor}: {name}");
    }
    office.check();
    office
}

#[test]
fn a_document_goes_its_way() {
    let (requested, submitted) = (Some(Standing::Requested), Some(Standing::Submitted));
    let office = story(vec![
        ("unknown_name", "clerk-1", ask_for("pasport"), None),
        ("no_person", "stranger", ask_for("passport"), None),
        ("done", "clerk-1", ask_for("passport"), requested),
        ("document", "clerk-1", find("passport", Approve, &[], 1), requested),
        ("unknown_name", "customer", submit("pasport", 1), requested),
        ("instant", "customer", submit_until("passport", 1, 0), requested),
        ("done", "customer", submit("passport", 1), submitted),
        ("role", "senior-1", find("passport", Approve, &[], 1), submitted),
        ("no_person", "stranger", find("passport", Approve, &[], 1), submitted),
        ("stale", "clerk-1", find("passport", Approve, &[], 2), submitted),
        ("reasons", "clerk-1", find("passport", Reject, &[], 1), submitted),
        ("reasons", "clerk-1", find("passport", Revise, &["blurred"], 1), submitted),
        ("done", "clerk-1", find("passport", Revise, &["illegible"], 1), requested),
        ("done", "customer", submit("passport", 2), submitted),
        ("attempts", "customer", submit("passport", 3), submitted),
        ("attempts", "clerk-1", find("passport", Revise, &["illegible"], 2), submitted),
        ("attempts", "clerk-1", ask_for("passport"), submitted),
        ("done", "clerk-1", find("passport", Approve, &[], 2), Some(Standing::Approved)),
        ("document", "customer", submit("passport", 3), Some(Standing::Approved)),
        (
            "document",
            "clerk-1",
            find("passport", Reject, &["expired"], 2),
            Some(Standing::Approved),
        ),
    ]);
    let passport = &office.case("c1").documents["passport"];
    assert_eq!((passport.attempts, passport.file.as_deref()), (2, Some("files/2")));
    assert_eq!(office.variable("c1", "note"), r#""passport""#, "the chart heard of it");
    assert!(office.case("c1").submitters.contains("customer"));
}

#[test]
fn one_that_is_not_good_is_asked_for_again_first() {
    let rejected = Some(Standing::Rejected);
    story(vec![
        ("done", "customer", submit("passport", 1), Some(Standing::Submitted)),
        ("done", "clerk-1", find("passport", Reject, &["illegible"], 1), rejected),
        ("document", "customer", submit("passport", 2), rejected),
        ("done", "clerk-1", ask_for("passport"), Some(Standing::Requested)),
        ("done", "customer", submit("passport", 2), Some(Standing::Submitted)),
    ]);
}

#[test]
fn what_does_not_come_in_time_has_expired() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-1", ask_for("passport"));
    assert_eq!(office.case("c1").documents["passport"].due, Some(10 * DAY));
    office.advance(10 * DAY - 1);
    assert_eq!(office.case("c1").documents["passport"].standing, Standing::Requested);
    office.advance(10 * DAY);
    assert_eq!(office.case("c1").documents["passport"].standing, Standing::Expired);
    let event = office.case("c1").session().event().unwrap();
    assert_eq!(event.name, "document.over");
    office.ask("c1", "customer", submit("passport", 1));
    office.advance(19 * DAY);
    let standing = office.case("c1").documents["passport"].standing;
    assert_eq!(standing, Standing::Submitted, "handed in, it waits for somebody to look");
    office.check();
}

#[test]
fn what_is_not_valid_any_more_has_expired() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "customer", submit_until("passport", 1, 5 * DAY));
    office.now = DAY;
    office.ask("c1", "clerk-1", find("passport", Approve, &[], 1));
    assert_eq!(office.cases.next_due(), Some(2 * DAY), "the queue");
    office.advance(5 * DAY);
    assert_eq!(office.case("c1").documents["passport"].standing, Standing::Expired);
    office.check();
    // What is over by the time that somebody looks is not good.
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "customer", submit_until("passport", 1, DAY));
    office.now = DAY;
    assert_eq!(office.says("c1", "clerk-1", find("passport", Approve, &[], 1)), "instant");
    assert_eq!(office.says("c1", "clerk-1", find("passport", Reject, &["expired"], 1)), "done");
    office.check();
}

#[test]
fn what_a_case_tells_of_a_document_nobody_else_tells() {
    for (data, wanted) in [
        (r#"{"hash": "00"}"#, "text"),
        (r#"{"document": "bill"}"#, "text"),
        (r#"{"pages": 3}"#, "done"),
    ] {
        let Command::SubmitDocument { document, hash, file, .. } = submit("passport", 1) else {
            unreachable!()
        };
        let data = Some(json(data));
        let submit = Command::SubmitDocument { document, hash, file, data, valid_until: None };
        let standing = (wanted == "done").then_some(Standing::Submitted);
        story(vec![(wanted, "customer", submit, standing)]);
    }
}
