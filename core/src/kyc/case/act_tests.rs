//! What people send by hand, what only follows, and what comes along to another version.

use crate::audit::merkle::hex;
use crate::kyc::case::Command;
use crate::kyc::case::office::{CHART, DAY, KIND, Office, json, send, why};

#[test]
fn what_follows_from_a_vote_nobody_sends() {
    let own = [
        "approved",
        "approved.now",
        "decision.first",
        "decision.back",
        "document.good",
        "document.good.indeed",
        "limits.raised",
        "limits.restored",
        "late",
        "child.done",
    ];
    for event in own {
        let mut office = Office::new();
        office.in_review("c1");
        assert_eq!(office.says("c1", "clerk-1", send(event, None)), "text", "{event}");
    }
    let mut office = Office::new();
    office.in_review("c1");
    let told = office.refuses("c1", "clerk-1", send("approved", None));
    let wanted = "event: `approved` is not sent by hand: it comes of a decision, so vote for it";
    assert_eq!(told, wanted);
    for event in ["approve", "approvednow", "decision", "decision.other", "lists"] {
        assert_eq!(office.says("c1", "clerk-1", send(event, None)), "done", "{event}");
    }
    office.check();
}

/// A map from the version that is there to one that is defined now.
fn to_another(office: &mut Office, kind: &str) -> Command {
    let chart = CHART.replace("id: account", "id: account\ndescription: Another.");
    let digest = |office: &Office| hex(office.cases.kind("account").unwrap().definition().digest());
    let from = digest(office);
    office.define(kind, &chart);
    let to = digest(office);
    let map = format!(
        "migration: 1\nfrom: {from}\nto: {to}\nsame: true\ncontext: {{keep: true}}\ntimers: keep\nhistory: keep\n"
    );
    Command::Migrate { map }
}

#[test]
fn who_may_move_a_case_stands_in_its_kind() {
    let mut office = Office::with(&format!("{KIND}migration: {{roles: [senior]}}\n"));
    office.in_review("c1");
    let migrate = to_another(&mut office, KIND);
    assert_eq!(office.says("c1", "clerk-1", migrate.clone()), "role");
    assert_eq!(office.says("c1", "senior-1", migrate), "done");
    office.check();
}

#[test]
fn nobody_decides_by_moving_a_case() {
    let kind = format!("{KIND}migration: {{roles: [senior], keep: [risk], stay: [review]}}\n");
    let mut office = Office::with(&kind);
    office.in_review("c1");
    let Command::Migrate { map } = to_another(&mut office, &kind) else { unreachable!() };
    let with = |from: &str, to: &str| {
        assert!(map.contains(from), "{map}");
        Command::Migrate { map: map.replace(from, to) }
    };
    let risk = with("context: {keep: true}", "context: {keep: true, set: {risk: high}}");
    let told = office.refuses("c1", "senior-1", risk);
    assert!(told.contains("`risk` would be another, and this kind keeps it"), "{told}");
    let granted = with("same: true", "states: {review: waiting}\nsame: true");
    let told = office.refuses("c1", "senior-1", granted);
    assert!(told.contains("it is in `review` and would not be any more"), "{told}");
    assert_eq!(office.says("c1", "senior-1", Command::Migrate { map }), "done");
    office.check();
}

#[test]
fn what_holds_beside_the_rules_is_not_moved_to_where_nobody_hears_its_end() {
    let mut office = Office::new();
    office.in_review("c1");
    let (data, until) = (Some(json("{\"amount\": 1}")), office.now + DAY);
    office.ask("c1", "senior-1", Command::Override { data, why: why(), until });
    let line =
        "overrides: {roles: [senior], most: P5D, event: limits.raised, expired: limits.restored}\n";
    assert!(KIND.contains(line));
    let migrate = to_another(&mut office, &KIND.replace(line, ""));
    assert_eq!(office.says("c1", "clerk-1", migrate.clone()), "migration");
    office.now = until;
    assert_eq!(office.says("c1", "clerk-1", migrate), "done", "it is over");
    office.check();
}

#[test]
fn a_case_goes_on_in_another_version() {
    let mut office = Office::new();
    office.in_review("c1");
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
    let overdue = Command::Escalate { queue: "overdue".to_owned(), why: why() };
    office.ask("c1", "clerk-1", overdue);
    // Without the queue that the case is in, and with other people who decide.
    let line = "  - {id: overdue, when: false, roles: [senior]}\n";
    let kind = KIND.replace(line, "").replace(", escalate: overdue", "");
    let kind = kind.replace("quorum: 2\n", "quorum: 1\n");
    let map = to_another(&mut office, &kind);
    let migrate = || map.clone();
    assert_eq!(office.says("c1", "stranger", migrate()), "no_person");
    office.ask("c1", "clerk-1", migrate());
    assert_eq!(office.says("c1", "clerk-1", migrate()), "migration", "it is there already");
    let case = office.case("c1");
    assert_eq!(case.pending, None, "who voted had another version before them");
    assert_eq!(office.variable("c1", "votes"), "0", "and the chart heard that");
    assert_eq!(office.queue("c1"), Some("usual"));
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["checked"]), "done");
    assert!(!office.case("c1").is_open());
    office.check();
}

#[test]
fn a_case_does_not_wait_in_a_queue_that_is_not_there_any_more() {
    let mut office = Office::new();
    office.in_review("c1");
    // No queue of the new version is for the state that it is in.
    let line = "  - {id: usual, states: [review], roles: [clerk, senior], within: P2D, missed: late, escalate: overdue}\n";
    assert!(KIND.contains(line));
    let migrate = to_another(&mut office, &KIND.replace(line, ""));
    office.ask("c1", "clerk-1", migrate);
    assert_eq!((office.queue("c1"), office.case("c1").assignee.as_ref()), (None, None));
    office.advance(3 * DAY);
    let version = office.case("c1").version;
    office.advance(4 * DAY);
    assert_eq!(office.case("c1").version, version, "nothing is due");
    office.check();
}
