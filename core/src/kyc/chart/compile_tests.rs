//! What is wrong with charts, found when they are compiled.

use super::super::document::{Action, ActionKind, Branch, Chart, State, Transition};
use super::super::program::{DEPTH, Program, STATES};
use super::super::toy::{Toy, chart};

fn told(chart: &Chart) -> Vec<String> {
    let errors = Program::compile(chart, &Toy::default()).err().unwrap_or_default();
    errors.into_iter().map(|error| error.to_string()).collect()
}

#[test]
fn a_wrong_chart_is_refused_with_the_reason() {
    let cases = [
        ("no states", "data x = 1", "a chart needs a state"),
        ("a name twice", "state a\nstate a", "there are two states `a`"),
        ("a name with a space", "state a b", "`a b` is no name of a state"),
        (
            "an unknown target",
            "state review\n  on e -> reviw",
            "leads to `reviw`, and there is no such state; is `review` meant?",
        ),
        (
            "an unknown initial state",
            "initial b\nstate a",
            "leads to `b`, and there is no such state",
        ),
        (
            "an initial state elsewhere",
            "state a\n  initial c\n  state b\nstate c",
            "begins with `c`, which is not in it",
        ),
        (
            "an initial state of an atomic one",
            "state a\n  initial b\nstate b",
            "of which one child is active at a time",
        ),
        (
            "an initial state of a parallel one",
            "parallel a\n  initial b\n  state b",
            "of which one child is active at a time",
        ),
        (
            "two targets of one compound state",
            "state a\n  on e -> b c\nstate x\n  state b\n  state c",
            "leads to `b` and `c`, which cannot be active together",
        ),
        (
            "a target and one within it",
            "state a\n  on e -> x b\nstate x\n  state b",
            "leads to `x` and `b`, which cannot be active together",
        ),
        (
            "a history and what it stands for",
            "state a\n  on e -> h b\nparallel x\n  history h\n    always -> b\n  state b",
            "leads to `h` and `b`",
        ),
        ("a history on top", "history h\n  always -> a\nstate a", "is a history, and in no state"),
        (
            "a history without default",
            "state x\n  history h\n  state b",
            "is a history, and needs one transition",
        ),
        (
            "a history with two",
            "state x\n  history h\n    always -> b\n    always -> b\n  state b",
            "needs one transition",
        ),
        (
            "a history with an event",
            "state x\n  history h\n    on e -> b\n  state b",
            "has a target, and neither event nor guard",
        ),
        (
            "a history that leads out",
            "state x\n  history h\n    always -> c\n  state b\nstate c",
            "and `c` is none",
        ),
        (
            "a history that leads to itself",
            "state x\n  history h\n    always -> h\n  state b",
            "and `h` is none",
        ),
        (
            "a history that leads to the next",
            "state x\n  history h\n    always -> i\n  history i\n    always -> h\n  state b",
            "and `i` is none",
        ),
        ("only a history within", "state x\n  history h\n    always -> x", "and `x` is none"),
        ("a final state with states", "final f\n  state a", "is final, and has states"),
        (
            "a final state with transitions",
            "state a\nfinal f\n  on e -> a",
            "is final, and has transitions",
        ),
        (
            "a final state in a parallel one",
            "parallel p\n  state a\n  final f",
            "is final, and in a parallel state",
        ),
        (
            "data of what is not final",
            "state a\n  done x = 1",
            "tells what came of it, and is not final",
        ),
        ("a transition for ever", "state a\n  always", "it would be taken for ever"),
        ("a descriptor with a star within", "state a\n  on do*c -> a", "`do*c` describes no event"),
        ("a guard that is none", "state a\n  on e if %% -> a", "`%%` is no expression"),
        ("a delay that is none", "state a\n  after soon x", "`soon` is no delay"),
        (
            "an internal event with a delay",
            "state a\n  in: send e to=#_internal delay=1s",
            "where nothing waits",
        ),
        (
            "neither event nor content",
            "state a\n  in: send to=host",
            "sends neither an event nor content",
        ),
        (
            "two variables of one name",
            "data x = 1\ndata x = 2\nstate a",
            "there are two variables `x`",
        ),
        (
            "within a chart that is invoked",
            "state a\n  invoke sub\n    state s\n      on e -> gone",
            "leads to `gone`",
        ),
    ];
    for (name, text, wanted) in cases {
        let told = told(&chart(text));
        assert!(told.iter().any(|told| told.contains(wanted)), "{name}: {told:?}");
    }
}

#[test]
fn all_errors_are_told_at_once() {
    let told =
        told(&chart("state a\n  on e if %% -> b\n  in: log %%\n  on f -> c\nfinal z\n  on g -> a"));
    assert_eq!(told.len(), 5, "{told:?}");
}

#[test]
fn too_many_or_too_deep() {
    let state = |name: usize| State { id: Some(format!("s{name}")), ..State::default() };
    let many = |count: usize| Chart { states: (0..count).map(state).collect(), ..Chart::default() };
    assert_eq!(told(&many(STATES)), Vec::<String>::new());
    assert!(told(&many(STATES + 1))[0].contains("at most 4096 states"));
    let deep = |depth: u32| {
        let around = |inner: State, _| State { states: vec![inner], ..State::default() };
        Chart { states: vec![(1..depth).fold(State::default(), around)], ..Chart::default() }
    };
    assert_eq!(told(&deep(DEPTH)), Vec::<String>::new());
    assert!(told(&deep(DEPTH + 1))[0].contains("nest deeper than 64"));
    let acts = |depth: u32| {
        let around = |inner: Action, _| Action {
            kind: ActionKind::If(vec![Branch { condition: None, actions: vec![inner] }]),
            place: super::super::document::Place::default(),
        };
        let inner = Action {
            kind: ActionKind::Raise("e".to_owned()),
            place: super::super::document::Place::default(),
        };
        let actions = vec![(1..depth).fold(inner, around)];
        let transition =
            Transition { events: vec!["e".to_owned()], actions, ..Transition::default() };
        Chart {
            states: vec![State { transitions: vec![transition], ..State::default() }],
            ..Chart::default()
        }
    };
    assert_eq!(told(&acts(DEPTH)), Vec::<String>::new());
    assert!(told(&acts(DEPTH + 1))[0].contains("actions nest deeper than 64"));
}
