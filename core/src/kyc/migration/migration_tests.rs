//! Migrations: where cases go, what is refused, and that nothing is half moved.

use proptest::prelude::*;

use super::super::chart::{Chart, Effect, Event};
use super::super::definition::ChartErrors;
use super::super::rules::Surroundings;
use super::*;
use crate::value::Value;

#[path = "parts_tests.rs"]
mod parts;
#[path = "states_tests.rs"]
mod states;

const NOW: i64 = 1_767_225_600_000_000_000;
const HOUR: i64 = 3_600_000_000_000;
const DAY: i64 = 24 * HOUR;

/// The version that cases are on.
const OLD: &str = r#"
chart: 1
id: person
context: {attempts: 0, hits: [], note: null}
states:
  collecting:
    on: {submitted: checking, tried: {actions: [{assign: {attempts: {expr: {"+": [{var: attempts}, 1]}}}}]}}
    after:
      P7D: {actions: [{effect: remind}]}
      P30D: expired
  checking:
    type: parallel
    done: review
    states:
      identity:
        states:
          verifying: {on: {identity.ok: verified}, after: {PT1H: {event: retry, actions: [{effect: retry}]}}}
          verified: {type: final}
      screening:
        states:
          running: {invoke: {id: screen, type: screening, onDone: screened}}
          screened: {type: final}
  review: {on: {decided: approved}, after: {P3D: {event: escalate, actions: [{effect: escalate}]}}}
  approved: {type: final}
  expired: {type: final}
"#;

/// The next version: other names, a third check, a variable more and one less.
const NEW: &str = r#"
chart: 1
id: person
context: {tries: 0, hits: [], level: 1}
schema:
  properties: {tries: {type: integer, maximum: 3}, level: {enum: [1, 2]}}
states:
  intake:
    on: {submitted: checks}
    after:
      P7D: {actions: [{effect: remind}]}
      P60D: expired
  checks:
    type: parallel
    done: review
    states:
      identity:
        states:
          verifying: {on: {identity.ok: verified}, after: {PT2H: {event: retry, actions: [{effect: retry}]}}}
          verified: {type: final}
      screening:
        states:
          running: {invoke: {id: screen, type: screening, onDone: screened}}
          screened: {type: final}
      address:
        states:
          asked: {on: {address.ok: proven}, after: {P14D: {actions: [{effect: remind}]}}}
          proven: {type: final}
  review: {on: {decided: approved}, after: {P3D: {event: escalate, actions: [{effect: escalate}]}}}
  approved: {type: final}
  expired: {type: final}
"#;

const MAP: &str = "
migration: 1
states: {collecting: intake, checking: checks}
same: true
enter: {address: initial}
context:
  set: {tries: {expr: {var: attempts}}, level: 1}
  drop: [attempts, note]
  keep: true
";

fn read(text: &str) -> Chart {
    Chart::from_text(text).unwrap_or_else(|errors| panic!("{text}\n{}", ChartErrors(errors)))
}

fn load_with(text: &str, others: &[&str]) -> Definition {
    let others = others.iter().map(|text| read(text)).collect();
    Definition::load(read(text), others, Surroundings::default())
        .unwrap_or_else(|errors| panic!("{text}\n{errors}"))
}

fn load(text: &str) -> Definition {
    load_with(text, &[])
}

fn migration(text: &str) -> Migration {
    Migration::from_text(text).unwrap_or_else(|errors| panic!("{text}\n{errors}"))
}

/// A case after events, an hour after one another.
fn case(definition: &Definition, events: &str) -> Session {
    let mut session = definition.start("case", NOW, &Value::Null).unwrap().session;
    for (hours, name) in (1..).zip(events.split_whitespace()) {
        let invoke_id = name.strip_prefix("done.invoke.").map(str::to_owned);
        let event = Event { name: name.to_owned(), invoke_id, ..Event::default() };
        session = definition.step(&session, event, NOW + hours * HOUR).unwrap().session;
    }
    session
}

fn atomic(definition: &Definition, session: &Session) -> String {
    definition.program().atomic(session).collect::<Vec<_>>().join(" ")
}

/// What waits: events, and hours from the beginning.
fn waits(session: &Session) -> String {
    let pending = session.pending();
    let told = pending.iter().map(|waiting| {
        let event = waiting.message.event.as_deref().unwrap_or_default();
        format!("{event}@{}", (waiting.due - NOW) / HOUR)
    });
    told.collect::<Vec<_>>().join(" ")
}

#[test]
fn cases_go_where_the_map_says() {
    let (old, new) = (load(OLD), load(NEW));
    let map = migration(MAP);
    assert_eq!(map.check(&old, &new), []);
    for (events, states, waiting) in [
        ("", "intake", "after.0.intake@168 after.1.intake@720"),
        ("tried", "intake", "after.0.intake@168 after.1.intake@720"),
        ("submitted", "verifying running asked", "retry@2 after.0.asked@346"),
        ("submitted identity.ok", "verified running asked", "after.0.asked@346"),
        ("submitted done.invoke.screen", "verifying screened asked", "after.0.asked@346"),
        ("submitted identity.ok done.invoke.screen", "review", "escalate@75"),
    ] {
        let session = case(&old, events);
        let before = session.to_bytes();
        let moved = map.apply(&old, &new, &session, NOW + 10 * HOUR).unwrap();
        assert_eq!(atomic(&new, &moved.session), states, "{events}");
        assert_eq!(waits(&moved.session), waiting, "{events}");
        assert_eq!(session.to_bytes(), before);
        assert_eq!(moved.effects, []);
        let tries = i64::from(events == "tried");
        let data = format!(r#"{{"hits":[],"level":1,"tries":{tries}}}"#);
        assert_eq!(moved.session.data().to_json(), data);
        // It goes on as a case of the new version, and no more as one of the old.
        assert!(new.advance(&moved.session, NOW + 10 * HOUR).is_ok());
        assert_eq!(Session::from_bytes(&moved.session.to_bytes()).unwrap(), moved.session);
    }
}

#[test]
fn a_moved_case_goes_on() {
    let (old, new) = (load(OLD), load(NEW));
    let moved = migration(MAP).apply(&old, &new, &case(&old, "submitted"), NOW + 2 * HOUR).unwrap();
    let mut session = moved.session;
    for (name, states) in [
        ("identity.ok", "verified running asked"),
        ("done.invoke.screen", "verified screened asked"),
        ("address.ok", "review"),
        ("decided", "approved"),
    ] {
        let invoke_id = name.strip_prefix("done.invoke.").map(str::to_owned);
        let event = Event { name: name.to_owned(), invoke_id, ..Event::default() };
        session = new.step(&session, event, NOW + 3 * HOUR).unwrap().session;
        assert_eq!(atomic(&new, &session), states, "{name}");
    }
}

#[test]
fn what_became_of_a_case_is_told() {
    let (old, new) = (load(OLD), load(NEW));
    let moved = migration(MAP).apply(&old, &new, &case(&old, "submitted"), NOW + 2 * HOUR).unwrap();
    let told = moved.changes[0].to_value().to_json();
    let wanted = concat!(
        r#"{"context":[{"before":0,"path":"/attempts"},{"after":1,"path":"/level"},"#,
        r#"{"before":null,"path":"/note"},{"after":0,"path":"/tries"}],"#,
        r#""entered":["address","asked"],"history_forgotten":false,"#,
        r#""invoked":[{"fate":"kept","id":"screen","was":"screen"}],"session":"case","#,
        r#""states":[["verifying","verifying"],["running","running"]],"#,
        r#""timers":[{"due":"2026-01-01T02:00:00.000000000Z","event":"retry","fate":"kept","state":"verifying","was_due":"2026-01-01T02:00:00.000000000Z"},"#,
        r#"{"due":"2026-01-15T02:00:00.000000000Z","event":"after.0.asked","fate":"started","state":"asked","was_due":null}]}"#,
    );
    assert_eq!(told, wanted);
    assert_eq!(moved.changes.len(), 1);
}

/// What a move of a case comes to: its states, or why there is none.
fn outcome(old: &Definition, new: &Definition, map: &str, events: &str) -> String {
    match migration(map).apply(old, new, &case(old, events), NOW + 10 * HOUR) {
        Ok(moved) => {
            assert!(new.program().accepts(&moved.session));
            atomic(new, &moved.session)
        }
        Err(error) => format!("{}: {error}", error.name()),
    }
}

#[test]
fn digests_are_held_against_the_definitions() {
    let (old, new) = (load(OLD), load(NEW));
    let map = |from: &Definition, to: &Definition| {
        format!("{MAP}\nfrom: '{}'\nto: '{}'\n", hex(from.digest()), hex(to.digest()))
    };
    assert_eq!(outcome(&old, &new, &map(&old, &new), ""), "intake");
    assert_eq!(migration(&map(&old, &new)).from_digest(), Some(old.digest()));
    for wrong in [map(&new, &new), map(&old, &old)] {
        let told = outcome(&old, &new, &wrong, "");
        assert!(told.contains("give the one that the migration was written for"), "{told}");
        assert_eq!(migration(&wrong).check(&old, &new)[0].weight, Weight::Wrong);
    }
    // A case of another definition is none of this one.
    let foreign = load("chart: 1\nstates: {a: {states: {b: {}}}}\n");
    let session = case(&foreign, "");
    let error = migration(MAP).apply(&old, &new, &session, NOW).unwrap_err();
    assert_eq!(error, MigrationError::Foreign);
    let ended = case(&old, "submitted identity.ok done.invoke.screen decided");
    let error = migration(MAP).apply(&old, &new, &ended, NOW).unwrap_err();
    assert_eq!(error, MigrationError::Ended);
}

#[test]
fn the_check_tells_of_cases_that_would_be_refused() {
    let (old, new) = (load(OLD), load(NEW));
    for (map, told) in [
        (MAP.to_owned(), ""),
        (
            MAP.replace("enter: {address: initial}", ""),
            "refused: 2:1: : nothing leads into `address`, a part of `checks`",
        ),
        (
            MAP.replace("collecting: intake, ", ""),
            "refused: 2:1: : the state `collecting` has no place",
        ),
        (
            MAP.replace("collecting: intake", "collecting: intakes"),
            "wrong: 3:10: states/collecting: the new chart has no state `intakes`: did you mean `intake`?",
        ),
        (
            MAP.replace("same: true", "same: false"),
            "refused: 2:1: : the state `verifying` has no place",
        ),
    ] {
        let found = migration(&map).check(&old, &new);
        let text = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(text.contains(told) && text.is_empty() == told.is_empty(), "{map}: {text}");
    }
}

#[test]
fn a_dry_run_tells_what_would_become_of_all() {
    let (old, new) = (load(OLD), load(NEW));
    let map = migration(&MAP.replace("enter: {address: initial}\n", ""));
    let events = ["", "tried", "submitted", "submitted identity.ok done.invoke.screen decided"];
    let sessions: Vec<Session> = events.iter().map(|events| case(&old, events)).collect();
    let report = map.dry_run(&old, &new, &sessions, NOW + HOUR);
    let told = "4 cases: 2 would move, 1 refused, 1 have ended\n  no `from` is named: cases of any version are taken\n  collecting -> intake: 2\n  refused 1: nothing leads into `address`, a part of `checks` that is active with it: map a state into it, or write `address: initial` under `enter` (case)";
    assert_eq!(report.to_string(), told);
    let value = report.to_value().to_json();
    assert!(
        value.contains(r#""states":[{"count":2,"from":"collecting","to":"intake"}]"#),
        "{value}"
    );
    // However many there are, what is told is bounded.
    let many = (0..1000).map(|_| case(&old, "submitted"));
    let report = map.dry_run(&old, &new, many, NOW + HOUR);
    assert_eq!((report.refused, report.reasons.len()), (1000, 1));
    assert_eq!(report.reasons.values().next().unwrap().examples.len(), 8);
}

const EVENTS: [&str; 7] =
    ["tried", "submitted", "identity.ok", "screen", "decided", "advance", "nothing"];

/// A case of the old version after some events at some instants.
fn any_case(old: &Definition, events: &[(usize, i64)]) -> Session {
    let mut session = case(old, "");
    let mut now = NOW;
    for (event, hours) in events {
        now += hours * HOUR;
        let name = EVENTS[event % EVENTS.len()];
        let step = match name {
            "advance" => old.advance(&session, now),
            "screen" => {
                let invoke_id = Some("screen".to_owned());
                let name = "done.invoke.screen".to_owned();
                old.step(&session, Event { name, invoke_id, ..Event::default() }, now)
            }
            name => old.step(&session, Event::named(name), now),
        };
        session = step.map_or(session, |step| step.session);
    }
    session
}

proptest! {
    #[test]
    fn the_same_version_leaves_a_case_as_it_is(
        events in prop::collection::vec((0_usize..7, 0_i64..100), 0..8),
        later in 0_i64..1000,
    ) {
        let old = load(OLD);
        let session = any_case(&old, &events);
        let map = migration("migration: 1\nsame: true\ncontext: {keep: true}\n");
        match map.apply(&old, &load(OLD), &session, NOW + later * HOUR) {
            Ok(moved) => {
                prop_assert_eq!(moved.session.to_bytes(), session.to_bytes());
                prop_assert!(moved.effects.is_empty());
                prop_assert!(moved.changes[0].context.is_empty());
            }
            Err(error) => {
                prop_assert_eq!(error, MigrationError::Ended);
            }
        }
    }

    #[test]
    fn no_map_makes_a_case_that_cannot_be(
        events in prop::collection::vec((0_usize..7, 0_i64..100), 0..6),
        pairs in prop::collection::vec((0_usize..30, 0_usize..30), 0..8),
        enter in prop::collection::vec(0_usize..30, 0..4),
        flags in 0_u8..8,
    ) {
        let (old, new) = (load(OLD), load(NEW));
        let olds: Vec<&str> = old.program().states().collect();
        let news: Vec<&str> = new.program().states().collect();
        let mut states = std::collections::BTreeMap::from([("collecting", "intake"), ("checking", "checks")]);
        states.extend(pairs.iter().map(|(one, other)| (olds[one % olds.len()], news[other % news.len()])));
        let states: Vec<String> = states.iter().map(|(one, other)| format!("{one}: {other}")).collect();
        let enter: std::collections::BTreeSet<&str> =
            enter.iter().map(|state| news[state % news.len()]).chain(["address"]).collect();
        let enter: Vec<String> = enter.iter().map(|state| format!("{state}: initial")).collect();
        let text = format!(
            "migration: 1\nsame: true\nstates: {{{}}}\nenter: {{{}}}\ndrop_timers: {}\ntimers: {}\ninvoked: {{{}}}\ncontext: {{set: {{tries: 0, level: 1}}, drop: [attempts, note], keep: true}}\n",
            states.join(", "),
            enter.join(", "),
            flags & 1 == 0,
            if flags & 2 == 0 { "keep" } else { "restart" },
            if flags & 4 == 0 { "screen: drop" } else { "" },
        );
        let map = migration(&text);
        let session = any_case(&old, &events);
        let before = session.to_bytes();
        let found = map.check(&old, &new);
        let moved = map.apply(&old, &new, &session, NOW + 1000 * HOUR);
        // Looked up once for many, or for each: it is the same.
        let mut plan = map.plan(&old, &new).unwrap();
        for _ in 0..2 {
            prop_assert_eq!(&plan.apply(&session, NOW + 1000 * HOUR), &moved);
        }
        prop_assert_eq!(session.to_bytes(), before);
        match moved {
            Ok(moved) => {
                prop_assert!(new.program().accepts(&moved.session));
                prop_assert_eq!(&Session::from_bytes(&moved.session.to_bytes()).unwrap(), &moved.session);
                prop_assert!(new.advance(&moved.session, NOW + 1000 * HOUR).is_ok());
                prop_assert!(found.iter().all(|found| found.weight != Weight::Wrong || found.error.place.path.starts_with("invoked")));
            }
            // What the check has nothing against is moved, but for what depends on which states are active together.
            Err(MigrationError::Configuration(_) | MigrationError::Ended) => {}
            Err(error) => prop_assert!(!found.is_empty(), "{error} {text}"),
        }
    }
}
