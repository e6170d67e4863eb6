//! Who is kept apart from what: makers from checkers, those who had a part from those who decide, those who may send from those who may not.

use super::office::{DAY, HOUR, KIND, Office, find, open, send, submit, why};
use super::*;

#[test]
fn who_hands_a_document_in_does_not_say_that_it_is_good() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-1", submit("passport", 1));
    for finding in [Finding::Approve, Finding::Reject, Finding::Revise] {
        let told = office.refuses("c1", "clerk-1", find("passport", finding, &["illegible"], 1));
        assert_eq!(told, "`clerk-1` handed it in and may not decide: another person must");
    }
    // What they handed in of something else is no matter.
    office.ask("c1", "clerk-2", submit("bill", 2));
    office.ask("c1", "clerk-2", find("passport", Finding::Approve, &[], 1));
    office.ask("c1", "clerk-1", find("bill", Finding::Approve, &[], 2));
    office.check();

    let not_by = |parts: &str| {
        KIND.replacen(
            "bill: {roles: [clerk]}",
            &format!("bill: {{roles: [clerk], not_by: {parts}}}"),
            1,
        )
    };
    let own = |kind: &str, opener: &str| {
        let mut office = Office::with(kind);
        office.ask("c1", opener, open(None));
        office.ask("c1", "clerk-1", submit("bill", 1));
        office.says("c1", "clerk-1", find("bill", Finding::Approve, &[], 1))
    };
    for (parts, opener, wanted) in [
        ("[]", "clerk-1", "done"),
        ("[opener]", "clerk-1", "had_part"),
        ("[opener]", "host", "done"),
        ("[opener, submitter]", "host", "had_part"),
    ] {
        assert_eq!(own(&not_by(parts), opener), wanted, "{parts} {opener}");
    }
}

#[test]
fn who_opened_a_case_has_opened_it_whoever_opens_it_again() {
    let mut office = Office::new();
    office.ask("c1", "senior-1", open(None));
    for round in ["senior-2", "senior-1", "senior-2"] {
        office.ask("c1", "clerk-1", Command::Cancel { why: why() });
        office.ask("c1", round, Command::Reopen { why: why() });
    }
    office.ask("c1", "host", send("papers.in", None));
    for opener in ["senior-1", "senior-2"] {
        assert_eq!(office.votes("c1", opener, "approve", &["checked"]), "had_part");
    }
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
    office.check();
}

#[test]
fn who_decided_beside_the_rules_does_not_decide_by_them() {
    let kind = KIND.replacen("not_by: [opener, submitter]", "not_by: [overrider]", 1);
    let mut office = Office::with(&kind);
    office.in_review("c1");
    let until = office.now + DAY;
    office.ask("c1", "senior-1", Command::Override { data: None, why: why(), until });
    let vote = office.vote("c1", "approve", &["checked"]);
    let told = office.refuses("c1", "senior-1", vote);
    assert_eq!(told, "`senior-1` decided beside the rules and may not decide: another person must");
    // Nor when it does not hold any more.
    office.advance(until);
    assert_eq!(office.votes("c1", "senior-1", "approve", &["checked"]), "had_part");
    assert_eq!(office.votes("c1", "senior-2", "approve", &["checked"]), "done");
    office.check();
}

#[test]
fn a_case_is_not_given_to_somebody_who_may_not_decide_it() {
    let kind = KIND.replacen("missed: late, escalate: overdue", "assign: least_loaded", 1);
    let rulings = |states: &str| format!("states: {states}, roles: [clerk, senior], quorum");
    // Only one decision is left in the state of the queue: whoever had a part has nothing to do there.
    let kind = kind
        .replacen(&rulings("[review]"), &rulings("[vip]"), 3)
        .replacen("ask: {states: [review]", "ask: {states: [vip]", 1)
        .replacen("[review, waiting]", "[waiting]", 1);
    let mut office = Office::with(&kind);
    office.ask("c1", "clerk-1", open(None));
    office.ask("c1", "clerk-2", submit("bill", 1));
    office.ask("c1", "host", send("papers.in", None));
    assert_eq!(office.queue("c1"), Some("usual"));
    assert_eq!(office.case("c1").assignee.as_deref(), Some("clerk-3"), "the others had a part");
    office.check();
}

#[test]
fn who_is_away_holds_nobody_up() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-1", Command::Claim);
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "assigned");
    office.staff("clerk-1", &["clerk"], false);
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "done");
    assert_eq!(office.case("c1").assignee.as_deref(), Some("clerk-1"), "it is theirs all the same");
    office.check();

    // Who handed something in since cannot go on with it: another may.
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-1", Command::Claim);
    office.ask("c1", "clerk-1", submit("bill", 1));
    assert_eq!(
        office.votes("c1", "clerk-2", "approve", &["checked"]),
        "assigned",
        "they may refuse"
    );

    // Who has another role now does not keep it.
    office.staff("clerk-1", &["front"], true);
    office.ask("c1", "clerk-2", Command::Note { text: "looked at".to_owned() });
    assert_eq!(office.case("c1").assignee, None);
    office.check();
}

#[test]
fn a_case_waits_since_it_came_whichever_queue_it_goes_on_to() {
    let kind = KIND.replacen(
        "{id: overdue, when: false, roles: [senior]}",
        "{id: overdue, when: false, roles: [senior, clerk], within: P1D, missed: late, escalate: last}\n  - {id: last, when: false, roles: [senior, clerk]}",
        1,
    );
    let mut office = Office::with(&kind);
    office.in_review("c1");
    // Nobody looks for a week: its time in the second queue began when that in the first was over.
    office.advance(7 * DAY);
    let place = office.case("c1").place.clone().unwrap();
    assert_eq!((place.queue.as_str(), place.from.as_deref()), ("last", Some("usual")));
    assert_eq!((place.since, place.waits_since(), place.first_due()), (3 * DAY, 0, Some(2 * DAY)));
    let report = office.cases.report(8 * DAY);
    let queue = &report.queues[&("account".to_owned(), "last".to_owned())];
    assert_eq!((queue.oldest_since, queue.overdue, queue.ages), (Some(0), 1, [0, 0, 0, 1, 0]));
    office.now = 8 * DAY;
    for clerk in ["clerk-1", "clerk-2"] {
        assert_eq!(office.votes("c1", clerk, "approve", &["checked"]), "done");
    }
    let report = office.cases.report(8 * DAY);
    let decided = &report.decisions[&("account".to_owned(), "approve".to_owned())];
    assert_eq!((decided.taken, decided.late, decided.waited.most), (1, 1, 8 * DAY));
    office.check();

    // By hand nobody makes it younger, and it is not late because of that.
    office.in_review("c2");
    office.now += HOUR;
    let escalate = Command::Escalate { queue: "overdue".to_owned(), why: why() };
    office.ask("c2", "clerk-1", escalate);
    let place = office.case("c2").place.clone().unwrap();
    assert_eq!((place.waits_since(), place.first_due()), (8 * DAY, Some(9 * DAY + HOUR)));
    office.check();
}

#[test]
fn a_kind_says_what_may_be_sent_and_by_whom() {
    let events = "events: {papers.in: {}, risk.is: {roles: [clerk]}}\nreopening";
    let kind = KIND.replacen("reopening", events, 1);
    let mut office = Office::with(&kind);
    office.ask("c1", "teller", open(None));
    let risk = || send("risk.is", Some(r#"{"level": "high"}"#));
    let cases = [
        ("unknown_name", "host", send("paper.in", None)),
        ("unknown_name", "host", send("papers.in.now", None)),
        ("unknown_name", "senior-1", send("vip.in", None)),
        ("unknown_name", "host", send("check.approved", None)),
        ("no_person", "host", risk()),
        ("role", "teller", risk()),
        ("text", "clerk-1", send("approved", None)),
        ("done", "clerk-1", risk()),
        ("done", "host", send("papers.in", None)),
    ];
    for (wanted, actor, command) in cases {
        assert_eq!(office.says("c1", actor, command.clone()), wanted, "{command:?}");
    }
    let told = office.refuses("c1", "host", send("paper.in", None));
    let wanted =
        "the kind `account` has no event that may be sent `paper.in`: did you mean `papers.in`?";
    assert_eq!(told, wanted);
    office.check();
}

#[test]
fn nobody_speaks_for_a_provider_unless_the_kind_says_so() {
    let mut office = Office::new();
    office.in_review("c1");
    for event in ["check.approved", "check.other", "check"] {
        assert_eq!(office.says("c1", "clerk-1", send(event, None)), "text", "{event}");
    }
    assert_eq!(office.says("c1", "clerk-1", send("checked", None)), "done");
    let events = "events: {check.approved: {roles: [clerk]}}\nreopening";
    let chart = super::office::CHART.replacen("lists: ", "check.approved: ", 1);
    let mut office = Office::new();
    office.define(&KIND.replacen("reopening", events, 1), &chart);
    office.ask("c1", "teller", open(None));
    assert_eq!(office.says("c1", "teller", send("check.approved", None)), "role");
    assert_eq!(office.says("c1", "clerk-1", send("check.approved", None)), "done");
    office.check();
}

#[test]
fn an_owner_of_whom_only_the_chart_knows_is_told_of_by_name() {
    let chart = super::office::CHART.replacen("context: {", "context: {party: o1, ", 1);
    let mut office = Office::with(KIND);
    office.define(KIND, &chart.replacen("event.data.case}", "event.data.party}", 1));
    office.ask("group", "host", open(None));
    office.ask("owner", "host", open(Some("group")));
    office.ask("owner", "host", send("closed", None));
    assert_eq!(office.variable("group", "note"), r#""o1""#);
    office.check();
}
