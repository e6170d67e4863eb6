//! Opening, ending, queues, people and the clock.

use super::{NESTED, TEXT};
use crate::kyc::case::office::{
    CHART, DAY, HOUR, KIND, Office, attach, by, json, open, send, submit, why,
};
use crate::kyc::case::{By, Command, Fact, Refusal};
use crate::kyc::chart::Effect;

#[test]
fn what_names_nothing_is_refused() {
    let mut office = Office::new();
    office.in_review("c1");
    let kind = |kind: &str| Command::Open {
        kind: kind.to_owned(),
        party: None,
        parent: None,
        given: None,
        retention: None,
    };
    let assign = |to: &str| Command::Assign { to: to.to_owned() };
    let note = |text: &str| Command::Note { text: text.to_owned() };
    let snooze = |until| Command::Snooze { until, why: why(), pause: None };
    let escalate = |queue: &str| Command::Escalate { queue: queue.to_owned(), why: why() };
    let long = "x".repeat(TEXT + 1);
    let told = Command::ChildEnded { child: "c1".to_owned(), data: None };
    let cases = [
        ("no_case", "c2", Command::Claim),
        ("case_exists", "c1", open(None)),
        ("no_kind", "c2", kind("acount")),
        ("no_case", "c2", open(Some("c3"))),
        ("text", "c2", open(Some("\n"))),
        ("text", "", open(None)),
        ("text", "a\nb", open(None)),
        ("chart", "c2", opened_with(r#"{"colour": "red"}"#)),
        ("chart", "c2", opened_with("[1]")),
        ("no_person", "c1", assign("stranger")),
        ("role", "c1", assign("teller")),
        ("text", "c1", note(" ")),
        ("text", "c1", note(&long)),
        ("instant", "c1", snooze(0)),
        ("unknown_name", "c1", escalate("usal")),
        ("text", "c1", escalate("usual")),
        ("text", "c1", told),
        ("open", "c1", Command::Reopen { why: why() }),
        ("nothing_pending", "c1", Command::Return { why: why() }),
        ("chart", "c1", send("done.state.x", None)),
        ("migration", "c1", Command::Migrate { map: String::new() }),
    ];
    for (wanted, key, command) in cases {
        let name = command.name();
        assert_eq!(office.says(key, "clerk-1", command), wanted, "{name} of `{key}`");
    }
    let told = office.refuses("c2", "clerk-1", kind("acount"));
    assert_eq!(told, "there is no kind of case `acount`: did you mean `account`?");
    let told = office.refuses("c1", "clerk-1", escalate("usal"));
    assert_eq!(told, "the kind `account` has no queue `usal`: did you mean `usual`?");
    office.check();
}

fn opened_with(given: &str) -> Command {
    Command::Open {
        kind: "account".to_owned(),
        party: None,
        parent: None,
        given: Some(json(given)),
        retention: None,
    }
}

#[test]
fn who_is_not_on_the_register_does_no_work() {
    let mut office = Office::new();
    office.in_review("c1");
    let snooze = Command::Snooze { until: DAY, why: why(), pause: None };
    let escalate = Command::Escalate { queue: "overdue".to_owned(), why: why() };
    let all = [
        Command::Claim,
        Command::Release,
        Command::Note { text: why() },
        snooze,
        Command::Wake,
        escalate,
        Command::Assign { to: "clerk-1".to_owned() },
        Command::Cancel { why: why() },
        Command::RequestDocument { document: "bill".to_owned(), why: None },
    ];
    for command in all {
        assert_eq!(office.says("c1", "stranger", command), "no_person");
    }
    office.staff("clerk-1", &[], true);
    assert_eq!(office.says("c1", "clerk-1", Command::Claim), "no_person");
    office.check();
}

#[test]
fn the_first_queue_that_fits_has_a_case() {
    let mut office = Office::new();
    office.ask("c1", "teller", open(None));
    assert_eq!(office.queue("c1"), None, "nobody has to do anything");
    assert_eq!(office.says("c1", "clerk-1", Command::Claim), "text");
    office.ask("c1", "host", send("papers.in", None));
    assert_eq!(office.queue("c1"), Some("usual"));
    office.ask("c1", "host", send("risk.is", Some(r#"{"level": "high"}"#)));
    assert_eq!(office.queue("c1"), Some("high"));
    office.ask("c1", "host", send("lists", None));
    assert_eq!(office.queue("c1"), None);
    office.check();
}

#[test]
fn a_case_is_with_one_person() {
    let mut office = Office::new();
    office.in_review("c1");
    let steps = [
        ("role", "teller", Command::Claim),
        ("done", "clerk-1", Command::Claim),
        ("done", "clerk-1", Command::Claim),
        ("assigned", "clerk-2", Command::Claim),
        ("done", "clerk-2", Command::Release),
        ("done", "clerk-2", Command::Claim),
        ("done", "senior-1", Command::Assign { to: "clerk-3".to_owned() }),
    ];
    for (wanted, actor, command) in steps {
        assert_eq!(office.says("c1", actor, command), wanted, "{actor}");
    }
    assert_eq!(office.case("c1").assignee.as_deref(), Some("clerk-3"));
    assert_eq!((office.cases.load_of("clerk-3"), office.cases.load_of("clerk-2")), (1, 0));
    // Another queue: who works there as well keeps the case, who does not has it no more.
    office.ask("c1", "host", send("risk.is", Some(r#"{"level": "high"}"#)));
    assert_eq!(office.case("c1").assignee, None);
    office.ask("c1", "senior-1", Command::Claim);
    office.ask("c1", "host", send("risk.is", Some(r#"{"level": "low"}"#)));
    assert_eq!(office.case("c1").assignee.as_deref(), Some("senior-1"));
    office.check();
}

#[test]
fn a_case_that_waits_too_long_goes_on() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-1", Command::Claim);
    office.advance(2 * DAY - 1);
    assert_eq!(office.queue("c1"), Some("usual"));
    office.advance(2 * DAY);
    let place = office.case("c1").place.clone().unwrap();
    assert_eq!((place.queue.as_str(), place.since, place.due), ("overdue", 2 * DAY, None));
    assert_eq!(place.from.as_deref(), Some("usual"));
    assert_eq!(office.variable("c1", "note"), r#""late""#, "the chart hears it");
    assert_eq!(office.case("c1").assignee, None, "clerks do not work there");
    // It stays there as long as it belongs to where it came from.
    office.ask("c1", "host", send("note.is", Some(r#"{"text": "x"}"#)));
    assert_eq!(office.queue("c1"), Some("overdue"));
    office.ask("c1", "host", send("risk.is", Some(r#"{"level": "high"}"#)));
    assert_eq!(office.queue("c1"), Some("high"));
    // Where it cannot go on from, it is late once, and waits on.
    office.advance(4 * DAY);
    let place = office.case("c1").place.clone().unwrap();
    assert_eq!((place.queue.as_str(), place.since, place.due), ("high", 2 * DAY, None));
    office.check();
}

#[test]
fn what_is_due_happens_before_what_is_asked() {
    let mut office = Office::new();
    office.in_review("c1");
    office.now = 3 * DAY;
    assert_eq!(office.says("c1", "clerk-1", Command::Claim), "role", "it is overdue by now");
    assert_eq!(office.says("c1", "senior-1", Command::Claim), "done");
    office.check();
}

#[test]
fn a_case_goes_to_another_queue_by_hand_and_back() {
    let mut office = Office::new();
    office.in_review("c1");
    let to = |queue: &str| Command::Escalate { queue: queue.to_owned(), why: why() };
    office.ask("c1", "clerk-1", to("overdue"));
    assert_eq!(office.case("c1").place.as_ref().unwrap().from.as_deref(), Some("usual"));
    office.ask("c1", "clerk-1", to("high"));
    let place = office.case("c1").place.clone().unwrap();
    assert_eq!((place.due, place.from.as_deref()), (Some(DAY), Some("usual")));
    assert_eq!(office.says("c1", "clerk-1", to("high")), "text", "its time does not begin anew");
    office.now = DAY / 2;
    office.ask("c1", "clerk-1", to("usual"));
    let place = office.case("c1").place.clone().unwrap();
    assert_eq!(
        (place.since, place.due, place.from),
        (DAY / 2, Some(DAY), None),
        "nor on the way back"
    );
    office.ask("c1", "host", send("lists", None));
    assert_eq!(office.says("c1", "clerk-1", to("high")), "text", "it waits nowhere");
    office.check();
}

#[test]
fn cases_are_given_to_those_who_are_there() {
    let mut office = Office::new();
    let given = |office: &mut Office, key: &str| {
        office.ask(key, "host", open(None));
        office.ask(key, "host", send("vip.in", None));
        office.case(key).assignee.clone().unwrap_or_default()
    };
    // In turn: the one who was given a case longest ago.
    let turns: Vec<String> = ["v1", "v2", "v3"].map(|key| given(&mut office, key)).into();
    assert_eq!(turns, ["senior-1", "senior-2", "senior-1"]);
    office.staff("senior-2", &["senior"], false);
    assert_eq!(given(&mut office, "v4"), "senior-1");
    office.staff("senior-1", &["senior"], false);
    assert_eq!(given(&mut office, "v5"), "", "nobody is there");
    // Of those who may, the one with the fewest.
    let mut fewest = Vec::new();
    for key in ["g1", "g2", "g3", "g4"] {
        office.in_review(key);
        assert_eq!(office.votes(key, "clerk-1", "ask", &[]), "done");
        fewest.push(office.case(key).assignee.clone().unwrap());
    }
    assert_eq!(fewest, ["clerk-1", "clerk-2", "clerk-3", "clerk-1"]);
    office.staff("clerk-1", &["clerk"], false);
    office.ask("g2", "clerk-2", Command::Release);
    office.in_review("g5");
    assert_eq!(office.votes("g5", "clerk-3", "ask", &[]), "done");
    assert_eq!(office.case("g5").assignee.as_deref(), Some("clerk-2"));
    office.check();
}

#[test]
fn a_case_rests_until_then() {
    let mut office = Office::new();
    office.in_review("c1");
    let rest = Command::Snooze { until: 5 * HOUR, why: why(), pause: None };
    office.ask("c1", "clerk-1", rest.clone());
    assert_eq!(office.cases.next_due(), Some(5 * HOUR));
    office.ask("c1", "clerk-1", Command::Wake);
    assert_eq!(office.case("c1").snoozed_until, None);
    office.ask("c1", "clerk-1", rest.clone());
    office.advance(5 * HOUR);
    assert_eq!(office.case("c1").snoozed_until, None);
    let rest = Command::Snooze { until: DAY, why: why(), pause: None };
    office.ask("c1", "clerk-1", rest);
    office.ask("c1", "host", send("risk.is", Some(r#"{"level": "high"}"#)));
    assert_eq!(office.case("c1").snoozed_until, None, "it is another matter now");
    office.check();
}

#[test]
fn what_is_decided_beside_the_rules_holds_for_a_time() {
    let mut office = Office::new();
    office.in_review("c1");
    let aside = |until, data: &str| Command::Override { data: Some(json(data)), why: why(), until };
    let amount = r#"{"amount": 5}"#;
    let cases = [
        ("role", "clerk-1", aside(DAY, amount)),
        ("no_person", "stranger", aside(DAY, amount)),
        ("instant", "senior-1", aside(0, amount)),
        ("instant", "senior-1", aside(5 * DAY + 1, amount)),
        ("text", "senior-1", aside(DAY, r#"{"by": "x"}"#)),
        ("text", "senior-1", aside(DAY, "1")),
        ("done", "senior-1", aside(DAY, amount)),
    ];
    for (wanted, actor, command) in cases {
        assert_eq!(office.says("c1", actor, command), wanted, "{actor}");
    }
    assert_eq!(office.variable("c1", "amount"), "5");
    assert_eq!(office.case("c1").overrides.len(), 1);
    office.advance(DAY - 1);
    assert_eq!(office.variable("c1", "amount"), "5");
    office.advance(DAY);
    assert_eq!(
        (office.variable("c1", "amount").as_str(), office.case("c1").overrides.len()),
        ("0", 0)
    );
    for _ in 0..16 {
        office.ask("c1", "senior-1", aside(2 * DAY, amount));
    }
    assert_eq!(office.says("c1", "senior-1", aside(2 * DAY, amount)), "too_many");
    office.ask("c1", "host", send("lists", None));
    assert_eq!(office.says("c1", "senior-1", aside(DAY + 1, amount)), "too_many");
    office.advance(2 * DAY);
    assert_eq!(office.says("c1", "senior-1", aside(3 * DAY, amount)), "unheard");
    office.check();
    let mut office = Office::with(&without("overrides"));
    office.in_review("c1");
    assert_eq!(office.says("c1", "senior-1", aside(DAY, amount)), "nobody");
}

/// The kind without a line.
fn without(key: &str) -> String {
    KIND.lines().filter(|line| !line.starts_with(key)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_case_that_has_ended_begins_again() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "host", send("risk.is", Some(r#"{"level": "medium"}"#)));
    office.ask("c1", "host", send("note.is", Some(r#"{"text": "x"}"#)));
    office.ask("c1", "clerk-1", attach("report", 1));
    office.now = DAY;
    office.ask("c1", "clerk-1", Command::Cancel { why: why() });
    assert!(office.case("c1").cancelled);
    assert_eq!((office.queue("c1"), office.case("c1").ended_at), (None, Some(DAY)));
    let again = || Command::Reopen { why: why() };
    for (wanted, actor, command) in [
        ("ended", "clerk-1", Command::Claim),
        ("ended", "clerk-1", Command::Cancel { why: why() }),
        ("ended", "host", send("papers.in", None)),
        ("done", "clerk-1", Command::Note { text: why() }),
        ("role", "clerk-1", again()),
        ("done", "senior-1", again()),
        ("open", "senior-1", again()),
    ] {
        assert_eq!(office.says("c1", actor, command), wanted, "{actor}");
    }
    let case = office.case("c1");
    assert_eq!((case.cancelled, case.ended_at, case.reopened), (false, None, 1));
    assert_eq!(case.session().id(), "c1~1");
    assert!(case.evidence.contains_key("report"), "what was handed in is there");
    assert_eq!(office.variable("c1", "risk"), r#""medium""#, "kept");
    assert_eq!(office.variable("c1", "note"), r#""""#, "not kept");
    office.ask("c1", "host", send("papers.in", None));
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "had_part");
    office.check();
    let mut office = Office::with(&without("reopening"));
    office.in_review("c1");
    office.ask("c1", "clerk-1", Command::Cancel { why: why() });
    assert_eq!(office.says("c1", "senior-1", again()), "nobody");
}

#[test]
fn a_chart_that_ends_by_the_clock_ends_its_case() {
    let mut office = Office::new();
    office.in_review("c1");
    assert_eq!(office.votes("c1", "clerk-1", "ask", &[]), "done");
    office.now = 30 * DAY;
    assert_eq!(office.says("c1", "clerk-1", Command::Claim), "ended", "it has, by then");
    assert!(office.case("c1").is_open(), "and nothing has changed by asking");
    let advanced = office.advanced(30 * DAY, 10);
    assert_eq!((advanced.changes.len(), advanced.is_more), (1, false));
    let output = json(r#"{"risk": "low"}"#).0;
    let told: Vec<&Effect> = advanced.effects.iter().map(|told| &told.effect).collect();
    assert!(matches!(told[..], [Effect::Done { data: Some(data), .. }] if *data == output));
    assert_eq!(office.case("c1").ended_at, Some(30 * DAY));
    assert_eq!(office.cases.next_due(), None);
    office.check();
}

#[test]
fn a_parent_hears_when_a_case_has_ended_that_was_opened_for_it() {
    let mut office = Office::new();
    office.ask("group", "host", open(None));
    office.ask("owner", "host", open(Some("group")));
    office.now = HOUR;
    let by = By { request_id: Some("r1".to_owned()), ..by("clerk-1", HOUR) };
    let done = office.try_as("owner", Command::Cancel { why: why() }, &by).unwrap();
    let told: Vec<(&str, &str)> =
        done.changes.iter().map(|it| (it.case.key.as_str(), it.command.name())).collect();
    assert_eq!(told, [("owner", "cancel"), ("group", "child_ended")]);
    assert_eq!(office.variable("group", "note"), r#""owner""#);
    assert!(office.case("group").requests.is_empty(), "nobody asked it for anything");
    office.ask("late", "host", open(Some("group")));
    office.ask("group", "host", send("closed", None));
    assert_eq!(office.says("x", "host", open(Some("group"))), "ended");
    office.ask("late", "host", send("closed", None));
    assert_eq!(office.case("group").version, 3, "one that has ended hears nothing");
    office.check();
}

#[test]
fn cases_are_opened_for_one_another_so_deep_and_all_can_end() {
    let mut office = Office::with(&KIND.replace("child_ended: child.done", "child_ended: closed"));
    let key = |depth: usize| format!("c{depth}");
    office.ask(&key(0), "host", open(None));
    for depth in 1..NESTED {
        office.ask(&key(depth), "host", open(Some(&key(depth - 1))));
    }
    let refused = office.says("deeper", "host", open(Some(&key(NESTED - 1))));
    assert_eq!(refused, "too_many");
    office.ask(&key(NESTED - 1), "clerk-1", Command::Cancel { why: why() });
    assert!(office.cases.iter().all(|case| !case.is_open()), "each end ends the next");
    office.check();
}

#[test]
fn a_clock_that_is_behind_turns_nothing_back() {
    let mut office = Office::new();
    office.ask("group", "host", open(None));
    office.ask("owner", "host", open(Some("group")));
    office.now = 5 * HOUR;
    office.ask("owner", "clerk-1", Command::Note { text: why() });
    // The request comes from another machine, whose clock is behind.
    office.now = HOUR;
    office.ask("owner", "host", send("closed", None));
    assert_eq!(office.case("owner").ended_at, Some(5 * HOUR));
    assert_eq!(office.case("group").changed_at, 5 * HOUR, "not before what it follows from");
    office.check();
}

#[test]
fn a_request_is_done_once() {
    let mut office = Office::new();
    office.in_review("c1");
    let asked = |id: &str| By { request_id: Some(id.to_owned()), ..by("clerk-1", HOUR) };
    let note = Command::Note { text: why() };
    let first = office.try_as("c1", note.clone(), &asked("r1")).unwrap();
    assert_eq!((first.replayed, first.changes.len()), (None, 1));
    let again = office.try_as("c1", note.clone(), &asked("r1")).unwrap();
    assert_eq!((again.replayed, again.changes.len(), again.effects.len()), (Some(3), 0, 0));
    let refused = office.try_as("c1", Command::Return { why: why() }, &asked("r2"));
    assert_eq!(refused.unwrap_err().code(), "nothing_pending");
    assert_eq!(office.try_as("c1", note.clone(), &asked("r2")).unwrap().replayed, None);
    assert_eq!(office.try_as("c1", note, &asked("")).unwrap_err().code(), "text");
    office.check();
}

#[test]
fn those_that_refuse_do_not_keep_others_from_their_turn() {
    // A note that is no text is refused by the schema, and `late` writes one.
    let schema = "schema: {properties: {note: {enum: ['', x]}}}\nstates:";
    let chart = CHART.replacen("states:", schema, 1);
    let mut office = Office::new();
    office.define(KIND, &chart);
    for key in ["a1", "a2", "a3"] {
        office.in_review(key);
    }
    office.now = HOUR;
    office.define(KIND, CHART);
    for key in ["b1", "b2", "b3"] {
        office.in_review(key);
    }
    let advanced = office.advanced(5 * DAY, 2);
    let changed: Vec<&str> = advanced.changes.iter().map(|it| it.case.key.as_str()).collect();
    let refused: Vec<&str> = advanced.refused.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!((changed, refused), (vec!["b1", "b2"], vec!["a1", "a2", "a3"]));
    assert!(matches!(&advanced.refused[0].1, Refusal::Chart { .. }));
    assert!(advanced.is_more);
    let advanced = office.advanced(5 * DAY, 2);
    assert_eq!((advanced.changes.len(), advanced.is_more), (1, false));
    office.check();
}

#[test]
fn a_step_that_could_not_be_read_again_is_not_taken() {
    let mut office = Office::new();
    office.in_review("c1");
    let deep = |depth: usize| format!("{{\"text\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(office.says("c1", "host", send("note.is", Some(&deep(398)))), "too_many");
    assert_eq!(office.says("c1", "host", send("note.is", Some(&deep(300)))), "done");
    office.ask("c1", "host", submit("bill", 1));
    office.check();
}

#[test]
fn cases_stay_with_the_kind_that_they_were_opened_in() {
    let mut office = Office::new();
    office.in_review("c1");
    office.define(&KIND.replace("quorum: 2\n", "quorum: 1\n"), CHART);
    office.in_review("c2");
    for (key, is_open) in [("c1", true), ("c2", false)] {
        assert_eq!(office.votes(key, "clerk-1", "approve", &["checked"]), "done");
        assert_eq!(office.case(key).is_open(), is_open, "{key}");
    }
    let mut strange = office.case("c1").clone();
    strange.desk = [7; 32].into();
    let mut change = office.facts.iter().rev().find_map(|fact| match fact {
        Fact::Changed(change) => Some(change.clone()),
        _ => None,
    });
    let change = change.as_mut().unwrap();
    change.case = strange;
    office.cases.fold(Fact::Changed(change.clone())).unwrap();
    assert_eq!(office.says("c1", "clerk-1", Command::Claim), "version");
}
