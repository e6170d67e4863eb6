use super::super::office::{DAY, HOUR, KIND, Office, open, send, submit, why};
use super::super::*;

const CHART: &str = "
chart: 1
id: account
context: {risk: low, told: []}
states:
  open:
    type: parallel
    on: {papers.in: settled, approved: settled, asked: settled, lists: {actions: []}, limits.raised: {actions: []}, limits.restored: {actions: [{assign: {risk: high}}]}}
    states:
      remaining: {states: {r: {after: {P10D: {target: r2, restore: remaining}}}, r2: {}}}
      deadline: {states: {d: {after: {P10D: d2}}, d2: {}}}
      restart: {states: {s: {after: {P10D: {target: s2, restore: restart}}}, s2: {}}}
  settled: {type: final}
";
const SMALL: &str = "
case: 1
id: account
chart: account
queues: [{id: usual, roles: [clerk], within: P5D, escalate: late}, {id: late, when: false, roles: [clerk]}]
decisions: {approve: {roles: [clerk], event: approved}}
documents: {passport: {within: P6D, roles: [clerk]}}
overrides: {roles: [senior], most: P90D, event: limits.raised, expired: limits.restored}
";

fn office() -> Office {
    let mut office = Office::new();
    office.define(SMALL, CHART);
    office.ask("c1", "teller", open(None));
    let ask = Command::RequestDocument { document: "passport".to_owned(), why: None };
    office.ask("c1", "clerk-1", ask);
    office
}

fn pause(until: i64) -> Command {
    Command::Snooze { until, why: why(), pause: Some(true) }
}

fn states(office: &Office) -> String {
    let case = office.case("c1");
    let desk = office.cases.desk_of(case).unwrap();
    desk.definition().program().atomic(case.session()).collect::<Vec<_>>().join(" ")
}

/// At four days it rests for three weeks; then it goes on as its timers, its queue and its documents say.
#[test]
fn its_time_goes_on_as_each_says_when_it_goes_on() {
    let mut office = office();
    office.advance(4 * DAY);
    office.ask("c1", "clerk-1", pause(25 * DAY));
    let case = office.case("c1");
    assert_eq!((case.paused_at, case.next_due()), (Some(4 * DAY), Some(25 * DAY)));
    office.advance(24 * DAY);
    assert_eq!((states(&office).as_str(), office.queue("c1")), ("r d s", Some("usual")));
    // Nobody looks for an hour after its rest was over.
    office.advance(25 * DAY + HOUR);
    let case = office.case("c1");
    assert_eq!((case.paused_at, case.snoozed_until), (None, None));
    assert_eq!(states(&office), "r d2 s", "what the law waits for was due when it was");
    assert_eq!(case.place.as_ref().unwrap().due, Some(26 * DAY), "one of five days was left");
    assert_eq!(case.documents["passport"].due, Some(27 * DAY), "two of six days were left");
    office.advance(31 * DAY);
    assert_eq!((states(&office).as_str(), office.queue("c1")), ("r2 d2 s", Some("late")));
    office.advance(35 * DAY);
    assert_eq!(states(&office), "r2 d2 s2", "it began anew");
    office.check();
}

#[test]
fn what_is_done_to_it_wakes_it_and_what_is_written_does_not() {
    let quiet = [
        Command::Note { text: "nothing yet".to_owned() },
        Command::Claim,
        Command::Release,
        Command::Assign { to: "clerk-2".to_owned() },
        Command::Advance,
    ];
    let loud = [
        send("lists", None),
        Command::Wake,
        submit("passport", 1),
        Command::Snooze { until: 30 * DAY, why: why(), pause: None },
        Command::Escalate { queue: "late".to_owned(), why: why() },
    ];
    let all = quiet.map(|it| (it, true)).into_iter().chain(loud.map(|it| (it, false)));
    for (command, is_paused) in all {
        let mut office = office();
        office.ask("c1", "clerk-1", pause(25 * DAY));
        office.now = 20 * DAY;
        office.ask("c1", "clerk-1", command.clone());
        let case = office.case("c1");
        assert_eq!(case.paused_at.is_some(), is_paused, "{}", command.name());
        let wanted = if is_paused { "r d s" } else { "r d2 s" };
        assert_eq!(states(&office), wanted, "{}", command.name());
        office.check();
    }
    // What is refused leaves it as it was.
    let mut office = office();
    office.ask("c1", "clerk-1", pause(25 * DAY));
    office.now = 20 * DAY;
    assert_eq!(office.says("c1", "clerk-1", send("approved", None)), "text");
    assert!(office.case("c1").paused_at.is_some());
}

#[test]
fn an_override_ends_when_it_ends() {
    let mut office = office();
    office.ask("c1", "senior-1", Command::Override { data: None, why: why(), until: 9 * DAY });
    office.ask("c1", "clerk-1", pause(25 * DAY));
    assert_eq!(office.case("c1").next_due(), Some(9 * DAY));
    office.advance(12 * DAY);
    assert_eq!(office.variable("c1", "risk"), "\"high\"");
    assert_eq!(office.case("c1").paused_at, None, "it goes on from then");
    assert_eq!(states(&office), "r d2 s");
    office.check();
}

#[test]
fn a_rest_without_pause_lets_time_go_on() {
    let mut office = Office::with(KIND);
    office.in_review("c1");
    let rest = Command::Snooze { until: 30 * DAY, why: why(), pause: Some(false) };
    office.ask("c1", "clerk-1", rest);
    office.advance(3 * DAY);
    assert_eq!(office.queue("c1"), Some("overdue"));
    office.check();
}

#[test]
fn a_note_does_not_end_a_pause_wherever_the_case_would_belong_by_now() {
    let mut office = Office::new();
    let kind = SMALL.replace(
        "{id: usual, roles",
        "{id: early, when: \"now < '1970-01-10'\", roles: [clerk]}, {id: usual, roles",
    );
    office.define(&kind, CHART);
    office.ask("c1", "teller", open(None));
    assert_eq!(office.queue("c1"), Some("early"));
    office.ask("c1", "clerk-1", pause(60 * DAY));
    office.now = 12 * DAY;
    office.ask("c1", "clerk-1", Command::Note { text: "not yet".to_owned() });
    assert!(office.case("c1").paused_at.is_some());
    assert_eq!(office.queue("c1"), Some("early"));
    office.advance(60 * DAY);
    assert_eq!((office.queue("c1"), states(&office).as_str()), (Some("usual"), "r d2 s"));
    office.check();
}
