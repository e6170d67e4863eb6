//! What a state tells itself is heard by its whole name: names of states and of what is invoked that begin alike do not hear each other.

use super::super::document::Chart;
use super::super::step::Interpreter;
use super::super::toy::{Toy, compiled};
use super::super::{Event, Session};
use crate::value::Value;

/// The states of a chart after events, of which `+HOURS` lets time pass and `NAME#ID` comes from a service.
fn states(text: &str, events: &[&str]) -> String {
    let chart = Chart::from_text(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
    let mut model = Toy::default();
    let program = super::super::Program::compile(&chart, &model)
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    let mut runs = Interpreter::new(&program, &mut model);
    let mut session = runs.start("case", 0, &Value::Null).unwrap().session;
    let mut now = 0;
    for event in events {
        let step = match event.strip_prefix('+') {
            Some(hours) => {
                now += hours.parse::<i64>().unwrap() * 3_600_000_000_000;
                runs.advance(&session, now)
            }
            None => {
                let (name, id) =
                    event.split_once('#').map_or((*event, None), |(name, id)| (name, Some(id)));
                let told = Event { invoke_id: id.map(str::to_owned), ..Event::named(name) };
                runs.step(&session, told, now)
            }
        };
        session = step.unwrap_or_else(|error| panic!("{event}: {error}")).session;
        assert_eq!(Session::from_bytes(&session.to_bytes()).as_ref(), Ok(&session));
    }
    program.atomic(&session).collect::<Vec<_>>().join(" ")
}

const DONE: &str = "chart: 1
id: x
states:
  p:
    type: parallel
    states:
      a: {initial: w, done: heard, states: {w: {on: {end: f}}, f: {type: final}}}
      a.b: {initial: w2, done: heard2, states: {w2: {on: {end2: f2}}, f2: {type: final}}}
      late: {}
  heard: {}
  heard2: {}
";

#[test]
fn the_end_of_a_state_is_not_the_end_of_one_whose_name_begins_alike() {
    assert_eq!(states(DONE, &["end2"]), "heard2");
    assert_eq!(states(DONE, &["end"]), "heard");
    // What is written elsewhere is a descriptor of SCXML, and hears all whose names begin with it.
    let outer = DONE
        .replace("    type: parallel\n", "    type: parallel\n    on: {done.state.a: heard}\n")
        .replace("done: heard2, ", "");
    assert_eq!(states(&outer, &["end2"]), "heard");
    // So does one with a `.*` in the state itself.
    let wide = DONE
        .replace("done: heard, ", "on: {'done.state.a.*': heard}, ")
        .replace("done: heard2, ", "");
    assert_eq!(states(&wide, &["end2"]), "heard");
}

#[test]
fn the_timer_of_a_state_is_not_that_of_one_whose_name_begins_alike() {
    let text = "chart: 1\nid: x\nstates:\n  p:\n    type: parallel\n    states:\n      a: {after: {PT9H: heard}}\n      a.b: {after: {PT1H: {actions: [{raise: x}]}}}\n  heard: {}\n";
    assert_eq!(states(text, &["+1"]), "a a.b");
    assert_eq!(states(text, &["+9"]), "heard");
    // A name that the author gave is heard as SCXML has it.
    let named = text
        .replace("{PT9H: heard}", "[{delay: PT9H, event: late, target: heard}]")
        .replace("raise: x", "raise: late.x");
    assert_eq!(states(&named, &["+1"]), "heard");
}

#[test]
fn what_is_invoked_is_heard_by_its_whole_id() {
    let text = "chart: 1
id: x
states:
  p:
    type: parallel
    states:
      one: {invoke: {id: a, type: screening, onDone: done, onError: failed}}
      two: {invoke: {id: a.b, type: screening}}
  done: {}
  failed: {}
";
    for (event, want) in [
        ("done.invoke.a.b#a.b", "one two"),
        ("error.invoke.a.b#a.b", "one two"),
        ("error.invoke.a.slow#a", "one two"),
        ("done.invoke.a#a", "done"),
        ("error.invoke.a#a", "failed"),
    ] {
        assert_eq!(states(text, &[event]), want, "{event}");
    }
    let wide = text.replace("      two:", "        on: {'error.invoke.a.*': failed}\n      two:");
    let wide = wide.replace(
        "one: {invoke: {id: a, type: screening, onDone: done, onError: failed}}",
        "one:\n        invoke: {id: a, type: screening, onDone: done}",
    );
    assert_eq!(states(&wide, &["error.invoke.a.slow#a"]), "failed");
}

#[test]
fn a_descriptor_that_an_author_writes_keeps_the_rule_of_prefixes() {
    for (descriptor, event, is_heard) in [
        ("document", "document.received", true),
        ("document.received", "document", false),
        ("order", "order.a.b", true),
    ] {
        let program = compiled(&format!("state s\n  on {descriptor} -> t\nstate t"));
        let mut model = Toy::default();
        let mut runs = Interpreter::new(&program, &mut model);
        let session = runs.start("case", 0, &Value::Null).unwrap().session;
        assert_eq!(
            runs.step(&session, Event::named(event), 0).unwrap().heard,
            is_heard,
            "{descriptor} {event}"
        );
    }
}
