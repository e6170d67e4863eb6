//! Four eyes: who may decide, and what keeps them from it.

use crate::kyc::case::office::{DAY, HOUR, KIND, Office, attach, find, json, send, submit, why};
use crate::kyc::case::{By, Command, Finding, Refusal};

/// One after another, in one case: who asks for which decision, and what comes of it.
fn story(steps: &[(&str, &str, &str, &[&str])]) -> Office {
    let mut office = Office::new();
    office.in_review("c1");
    for (wanted, actor, decision, reasons) in steps {
        assert_eq!(office.votes("c1", actor, decision, reasons), *wanted, "{actor}: {decision}");
    }
    office.check();
    office
}

#[test]
fn two_different_people_approve() {
    let office = story(&[
        ("done", "clerk-1", "approve", &["checked"]),
        ("same_person", "clerk-1", "approve", &["checked"]),
        ("no_person", "stranger", "approve", &["checked"]),
        ("done", "clerk-2", "approve", &["accepted"]),
        ("ended", "clerk-3", "approve", &["checked"]),
    ]);
    let case = office.case("c1");
    let decided = case.decided.first().unwrap();
    let voters: Vec<&str> = decided.votes.iter().map(|vote| vote.by.as_str()).collect();
    assert_eq!(voters, ["clerk-1", "clerk-2"]);
    assert!(!case.is_open() && case.is_done());
}

#[test]
fn who_may_not_vote_is_told_why() {
    let cases: [(&str, &str, &str, &[&str]); 9] = [
        ("role", "teller", "refuse", &["match"]),
        ("no_person", "stranger", "approve", &["checked"]),
        ("state", "clerk-1", "answer", &[]),
        ("unknown_name", "clerk-1", "aprove", &["checked"]),
        ("reasons", "clerk-1", "approve", &[]),
        ("reasons", "clerk-1", "approve", &["tired"]),
        ("reasons", "clerk-1", "approve", &["checked", "checked"]),
        ("reasons", "clerk-1", "ask", &["checked"]),
        ("role", "senior-1", "ask", &[]),
    ];
    for case in cases {
        let office = story(&[case]);
        assert!(office.case("c1").pending.is_none());
    }
    let mut office = Office::new();
    office.in_review("c1");
    let vote = office.vote("c1", "aprove", &["checked"]);
    let told = office.refuses("c1", "clerk-1", vote);
    assert_eq!(told, "the kind `account` has no decision `aprove`: did you mean `approve`?");
    let vote = office.vote("c1", "answer", &[]);
    let told = office.refuses("c1", "clerk-1", vote);
    assert_eq!(told, "`answer` can be decided in `waiting` only, and the case is in `review`");
}

#[test]
fn whoever_had_a_part_does_not_decide() {
    let mut office = Office::new();
    office.staff("teller", &["clerk"], true);
    office.in_review("c1");
    assert_eq!(office.votes("c1", "teller", "approve", &["checked"]), "had_part", "opened it");
    office.ask("c1", "clerk-1", attach("report", 1));
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "had_part", "evidence");
    office.ask("c1", "clerk-2", submit("bill", 1));
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "had_part", "a document");
    assert_eq!(office.votes("c1", "clerk-1", "ask", &[]), "done", "which says nothing of parts");
    office.check();
}

#[test]
fn whoever_voted_and_hands_something_in_has_no_vote_any_more() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "host", attach("report", 1));
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
    // The same bytes again: the evidence is what it was.
    office.ask("c1", "clerk-1", attach("report", 1));
    assert_eq!(office.case("c1").pending, None);
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "had_part");
    office.check();
}

#[test]
fn votes_fall_when_the_evidence_changes() {
    let approve = Finding::Approve;
    let changes = [
        ("new evidence", attach("report", 2), true),
        ("other evidence", attach("old report", 2), true),
        ("a document", submit("passport", 2), true),
        ("a document that is good", find("bill", approve, &[], 1), true),
        ("a document that is asked for", ask_for("passport"), true),
        ("a variable that is evidence", send("risk.is", Some(r#"{"level": "medium"}"#)), true),
        ("the same evidence again", attach("old report", 1), false),
        ("a variable that is none", send("note.is", Some(r#"{"text": "x"}"#)), false),
        ("a note", Command::Note { text: why() }, false),
    ];
    for (what, command, falls) in changes {
        let mut office = Office::new();
        office.in_review("c1");
        office.ask("c1", "teller", attach("old report", 1));
        office.ask("c1", "teller", submit("bill", 1));
        let old = office.vote("c1", "approve", &["checked"]);
        assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
        assert_eq!(office.variable("c1", "votes"), "1", "the chart heard of the vote");
        office.ask("c1", "clerk-3", command);
        assert_eq!(office.case("c1").pending.is_none(), falls, "{what}");
        assert_eq!(office.variable("c1", "votes"), if falls { "0" } else { "1" }, "{what}");
        let wanted = if falls { "stale" } else { "done" };
        assert_eq!(office.says("c1", "clerk-2", old), wanted, "{what}");
        assert_eq!(office.case("c1").is_open(), falls, "{what}");
        office.check();
    }
}

fn ask_for(document: &str) -> Command {
    Command::RequestDocument { document: document.to_owned(), why: None }
}

#[test]
fn evidence_that_went_by_before_a_vote_takes_the_votes_with_it() {
    let mut office = Office::new();
    office.in_review("c1");
    let until = Some(5 * HOUR);
    let Command::SubmitDocument { document, hash, file, data, .. } = submit("bill", 1) else {
        unreachable!()
    };
    office.ask(
        "c1",
        "teller",
        Command::SubmitDocument { document, hash, file, data, valid_until: until },
    );
    office.ask("c1", "clerk-3", find("bill", Finding::Approve, &[], 1));
    let seen = office.vote("c1", "approve", &["checked"]);
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
    // The bill is not valid any more, and nobody has told the case the time.
    office.now = 6 * HOUR;
    assert_eq!(office.says("c1", "clerk-2", seen), "stale");
    // Not even with the digest that it has by then: the first vote was for another.
    let mut later = office.clone();
    later.advance(6 * HOUR);
    let fresh = later.vote("c1", "approve", &["checked"]);
    office.ask("c1", "clerk-2", fresh);
    let pending = office.case("c1").pending.as_ref().unwrap();
    assert_eq!(pending.votes.len(), 1);
    assert!(office.case("c1").decided.is_empty());
    office.check();
}

#[test]
fn a_state_that_was_left_by_the_clock_is_not_decided_in() {
    let mut office = Office::new();
    office.in_review("c1");
    office.now = 21 * DAY;
    // The chart has left `review` after twenty days, and `lapsed` would hear `approved`.
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "state");
    office.advance(21 * DAY);
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "state");
    office.check();
}

#[test]
fn one_decision_is_pending_at_a_time() {
    let office = story(&[
        ("done", "clerk-1", "approve", &["checked"]),
        ("other_pending", "clerk-2", "refuse", &["match"]),
    ]);
    let mut office = office;
    assert_eq!(office.says("c1", "stranger", Command::Return { why: why() }), "no_person");
    office.ask("c1", "clerk-2", Command::Return { why: why() });
    assert_eq!(office.variable("c1", "votes"), "0", "the chart hears it");
    assert_eq!(office.says("c1", "clerk-2", Command::Return { why: why() }), "nothing_pending");
    assert_eq!(office.votes("c1", "clerk-1", "refuse", &["match"]), "done");
    office.check();
}

#[test]
fn three_refuse() {
    story(&[
        ("done", "clerk-1", "refuse", &["match"]),
        ("same_person", "clerk-1", "refuse", &["match"]),
        ("done", "clerk-2", "refuse", &["match"]),
        ("same_person", "clerk-1", "refuse", &["match"]),
        ("same_person", "clerk-2", "refuse", &["match"]),
        ("done", "senior-1", "refuse", &["match"]),
    ]);
}

#[test]
fn seats_are_kept_for_those_of_higher_rank() {
    type Steps = &'static [(&'static str, &'static str, &'static str)];
    let stories: [(&str, Steps); 5] = [
        (
            "the last seat",
            &[
                ("done", "clerk-1", "last"),
                ("done", "clerk-2", "last"),
                ("not_senior", "clerk-3", "last"),
                ("done", "senior-1", "last"),
            ],
        ),
        (
            "the first seat",
            &[
                ("done", "senior-1", "last"),
                ("done", "clerk-1", "last"),
                ("done", "clerk-2", "last"),
            ],
        ),
        (
            "both seats",
            &[
                ("not_senior", "clerk-1", "both"),
                ("done", "senior-1", "both"),
                ("not_senior", "clerk-1", "both"),
                ("same_person", "senior-1", "both"),
                ("done", "senior-2", "both"),
            ],
        ),
        (
            "none, while the risk is low",
            &[("done", "clerk-1", "approve"), ("done", "clerk-2", "approve")],
        ),
        (
            "one, now that it is high",
            &[
                ("done", "risk", "high"),
                ("done", "clerk-1", "approve"),
                ("not_senior", "clerk-2", "approve"),
                ("done", "senior-2", "approve"),
            ],
        ),
    ];
    for (what, steps) in stories {
        let mut office = Office::new();
        office.in_review("c1");
        for (wanted, actor, decision) in steps {
            if *actor == "risk" {
                office.ask("c1", "host", send("risk.is", Some(r#"{"level": "high"}"#)));
                continue;
            }
            let reasons: &[&str] = if *decision == "approve" { &["checked"] } else { &[] };
            assert_eq!(office.votes("c1", actor, decision, reasons), *wanted, "{what}: {actor}");
        }
        assert!(!office.case("c1").is_open(), "{what}");
        office.check();
    }
}

#[test]
fn what_the_case_tells_by_itself_nobody_else_tells() {
    for (data, wanted) in [
        (r#"{"by": "clerk-2"}"#, "text"),
        (r#"{"evidence": "00"}"#, "text"),
        (r#"[1]"#, "text"),
        (r#"{"outcome": "refuse", "remark": 1}"#, "done"),
    ] {
        let mut office = Office::new();
        office.in_review("c1");
        let Command::Decide { decision, reasons, seen, comment, .. } =
            office.vote("c1", "approve", &["checked"])
        else {
            unreachable!()
        };
        let data = Some(json(data));
        let vote = Command::Decide { decision, reasons, seen, comment, data };
        assert_eq!(office.says("c1", "clerk-1", vote), wanted);
        if wanted == "done" {
            let event = office.case("c1").session().event().unwrap().clone();
            let carried = event.data.unwrap();
            let text = |name: &str| carried.get_str(name).unwrap().to_json();
            assert_eq!(text("outcome"), r#""approve""#, "what the kind says stands");
            assert_eq!((text("by"), text("remark")), (r#""clerk-1""#.to_owned(), "1".to_owned()));
        }
        office.check();
    }
}

#[test]
fn a_decision_that_the_chart_does_not_hear_is_not_taken() {
    let mut office = Office::new();
    office.in_review("c1");
    let before = office.case("c1").clone();
    let vote = office.vote("c1", "deaf", &[]);
    let refusal = office.try_ask("c1", "clerk-1", vote).unwrap_err();
    let wanted =
        Refusal::Unheard { event: "decided.early".to_owned(), active: vec!["review".to_owned()] };
    assert_eq!(refusal, wanted);
    assert_eq!(*office.case("c1"), before);
    office.check();
}

#[test]
fn whoever_works_on_a_case_has_the_first_vote() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-1", Command::Claim);
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "assigned");
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "done");
    office.check();
}

#[test]
fn after_a_decision_a_case_waits_anew() {
    let kind = KIND.replace("event: asked}", "event: note.is, data: {text: asked}}");
    let mut office = Office::with(&kind);
    office.in_review("c1");
    office.ask("c1", "clerk-1", Command::Claim);
    office.now = DAY;
    assert_eq!(office.votes("c1", "clerk-1", "ask", &[]), "done");
    let case = office.case("c1");
    let place = case.place.as_ref().unwrap();
    assert_eq!((place.queue.as_str(), place.since, place.due), ("usual", DAY, Some(3 * DAY)));
    assert_eq!(case.assignee, None);
    let waited = |office: &Office| {
        office.case("c1").decided.iter().map(|it| it.at - it.since).collect::<Vec<_>>()
    };
    assert_eq!(waited(&office), [DAY]);
    office.now = DAY + HOUR;
    assert_eq!(office.votes("c1", "clerk-2", "ask", &[]), "done");
    assert_eq!(waited(&office), [DAY, HOUR], "no time counts twice");
    office.check();
}

#[test]
fn a_vote_falls_with_the_role_that_it_was_given_in() {
    for (why, roles) in [("dismissed", &[][..]), ("of another role", &["teller"])] {
        let mut office = Office::new();
        office.in_review("c1");
        assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
        office.staff("clerk-1", roles, true);
        assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "done", "{why}");
        let pending = office.case("c1").pending.clone().unwrap();
        assert_eq!(pending.votes.len(), 1, "{why}: it is the first vote now");
        office.check();
    }
}

#[test]
fn whoever_changes_a_variable_that_is_evidence_has_handed_it_in() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-1", send("risk.is", Some(r#"{"level": "medium"}"#)));
    office.ask("c1", "clerk-2", send("note.is", Some(r#"{"text": "x"}"#)));
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "had_part");
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "done");
    office.check();
}

#[test]
fn all_vote_for_the_same_data() {
    let mut office = Office::new();
    office.in_review("c1");
    let vote = |office: &Office, data: Option<&str>| Command::Decide {
        decision: "approve".to_owned(),
        reasons: vec!["checked".to_owned()],
        seen: office.evidence("c1").into(),
        comment: None,
        data: data.map(json),
    };
    let first = vote(&office, Some(r#"{"limit": "1000"}"#));
    assert_eq!(office.says("c1", "clerk-1", first), "done");
    let other = vote(&office, Some(r#"{"limit": "1000000"}"#));
    assert_eq!(office.says("c1", "clerk-2", other), "other_data");
    let other = vote(&office, Some(r#"{"limit": "1000000"}"#));
    assert_eq!(office.says("c1", "clerk-1", other), "same_person", "what comes first is who");
    let same = vote(&office, None);
    assert_eq!(office.says("c1", "clerk-2", same), "done");
    office.check();
}

#[test]
fn a_request_is_who_asked_and_for_what() {
    let mut office = Office::new();
    office.in_review("c1");
    let by = |actor: &str, at| By {
        at,
        actor: actor.to_owned(),
        request_id: Some("event-7".to_owned()),
    };
    let note = |text: &str| Command::Note { text: text.to_owned() };
    let at = office.now;
    let _ = office.try_as("c1", note("one"), &by("clerk-1", at)).unwrap();
    for (what, command, actor, told) in [
        ("the same", note("one"), "clerk-1", "replayed"),
        ("of somebody else", note("one"), "clerk-2", "other_request"),
        ("something else", note("two"), "clerk-1", "other_request"),
    ] {
        let answer = match office.try_as("c1", command, &by(actor, at)) {
            Ok(done) if done.replayed.is_some() && done.changes.is_empty() => "replayed",
            Ok(_) => "done",
            Err(refusal) => refusal.code(),
        };
        assert_eq!(answer, told, "{what}");
    }
}
