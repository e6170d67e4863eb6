//! What holds of every step: it is whole or there is none, the same again, and its states are legal.

use proptest::prelude::*;

use super::super::document::{Action, ActionKind, Given, Restore, Timer};
use super::super::document::{Chart, Expr, Initial, Kind, Place, Send, State, Transition};
use super::super::toy::{Case, Toy, chart, compiled};
use super::*;

const HOUR: i64 = 3_600_000_000_000;

#[test]
fn a_step_that_uses_up_a_budget_is_none() {
    let cases = [
        (
            "states in a circle",
            "state s\n  on e -> a\nstate a\n  always -> b\nstate b\n  always -> a",
            "microsteps",
        ),
        ("an event that raises itself", "state s\n  on e / raise e", "microsteps"),
        ("an event that raises two", "state s\n  on e / raise e; raise e", "events in a step"),
        ("a message to itself", "state s\n  on e / send e", "microsteps"),
        (
            "each in each",
            "data x = [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20]\nstate s\n  on e / each x as a { each x as b { each x as c { each x as d { x = x } } } }",
            "actions",
        ),
        (
            "a text that doubles",
            "data x = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'\nstate s\n  on e / each [1 2 3 4 5 6 7 8 9 10 11 12 13 14] as i { x = x + x }",
            "bytes",
        ),
        (
            "timers without end",
            "data x = [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17]\nstate s\n  on e / each x as a { each x as b { each x as c { send t delay=1h } } }",
            "events and timers",
        ),
        (
            "a chart that invokes itself",
            "state s\n  on e -> t\nstate t\n  invoke me src=me",
            "invokes deeper",
        ),
    ];
    for (name, text, wanted) in cases {
        let mut model = Toy::default();
        let me = compiled("state s\n  invoke me src=me");
        model.charts.insert("me".to_owned(), std::sync::Arc::new(me));
        let mut case = Case::with(text, model);
        let before = case.session.to_bytes();
        let error = Interpreter::new(&case.program, &mut case.model)
            .step(&case.session, Event::named("e"), 0)
            .unwrap_err();
        assert!(error.to_string().contains(wanted), "{name}: {error}");
        assert_eq!(case.session.to_bytes(), before, "{name}");
    }
}

#[test]
fn sessions_that_cannot_be_stepped() {
    let two = compiled("state a\n  on e -> b\nstate b");
    let one = compiled("parallel p\n  state l\n  state r");
    let mut toy = Toy::default();
    let session = Interpreter::new(&two, &mut toy).start("case", 0, &Value::Null).unwrap().session;
    let told = Interpreter::new(&one, &mut toy)
        .step(&session, Event::named("e"), 0)
        .unwrap_err()
        .to_string();
    assert!(told.starts_with("the session `case` is not one of the chart"), "{told}");
    let ended = Interpreter::new(&two, &mut toy).cancel(&session, 0).unwrap().session;
    let told = Interpreter::new(&two, &mut toy)
        .step(&ended, Event::named("e"), 0)
        .unwrap_err()
        .to_string();
    assert!(told.starts_with("the session `case` has ended"), "{told}");
    let told = Interpreter::new(&two, &mut toy)
        .deliver(&session, "other", Event::named("e"), 0)
        .unwrap_err();
    assert!(told.to_string().starts_with("there is no session `other`"), "{told}");
    assert!(Interpreter::new(&two, &mut toy).start("case", 0, &Value::int(1)).is_err());
}

#[test]
fn a_case_begins_with_what_it_is_given() {
    let program = compiled("data x = 1\ndata y = 2\nstate a");
    let given = Value::from_json(r#"{"x": 10.50, "z": 3}"#).unwrap();
    let step = Interpreter::new(&program, &mut Toy::default()).start("case", 0, &given).unwrap();
    assert_eq!(step.session.data().to_json(), r#"{"x":10.50,"y":2}"#);
}

#[test]
fn timers_after_a_rest() {
    let text = "state a\n  after PT10H deadline\n  after PT10H remaining remaining\n  after PT10H restart restart\n  on * / log _event.name";
    // Started at 0, suspended after four hours, resumed after twenty.
    let cases = [
        (0, "deadline"),
        (5, "deadline"),
        (6, "deadline remaining"),
        (10, "deadline remaining restart"),
    ];
    for (hours, log) in cases {
        let mut case = Case::of(text);
        let program = compiled(text);
        let rested = Interpreter::new(&program, &mut case.model)
            .resume(&case.session, 4 * HOUR, 20 * HOUR)
            .unwrap();
        let later = Interpreter::new(&program, &mut case.model)
            .advance(&rested.session, (20 + hours) * HOUR)
            .unwrap();
        case.effects = [rested.effects, later.effects].concat();
        assert_eq!(case.log(), log, "{hours}");
        let due: Vec<i64> =
            rested.session.pending().iter().map(|pending| pending.due / HOUR).collect();
        assert_eq!(due, [26, 30]);
        assert_eq!(rested.session.next_due(), Some(26 * HOUR));
    }
}

#[test]
fn a_trace_tells_what_happened() {
    let program = compiled("data x = 1\nstate a\n  on e if x == 2 -> b\n  on e if missing == 1 -> b\n  on e if x == 1 -> c / log %0\nstate b\nstate c\n  always -> d\nstate d".replace("log %0", "missing = 1").as_str());
    let mut toy = Toy::default();
    let session =
        Interpreter::new(&program, &mut toy).start("case", 0, &Value::Null).unwrap().session;
    let step =
        Interpreter::new(&program, &mut toy).traced().step(&session, Event::named("e"), 0).unwrap();
    let told: Vec<_> = step
        .trace
        .microsteps
        .iter()
        .map(|micro| {
            let held: Vec<_> = micro.guards.iter().map(|asked| asked.held).collect();
            let event = micro.event.as_ref().map_or("-", |event| event.name.as_str());
            let faults = micro.faults.len();
            format!("{event} {held:?} {:?} {:?} {faults}", micro.exited, micro.entered)
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"e [Some(false), None, Some(true)] ["a"] ["c"] 2"#,
            r#"- [] ["c"] ["d"] 0"#,
            r"error.execution [] [] [] 0",
            r"error.execution [] [] [] 0",
        ]
    );
    assert_eq!(step.trace.microsteps[0].taken[0].index, 2);
    let fast = Interpreter::new(&program, &mut toy).step(&session, Event::named("e"), 0).unwrap();
    assert_eq!(fast.trace, Trace::default());
    assert_eq!(fast.session, step.session, "a trace changes nothing");
}

#[test]
fn a_case_of_five_states_is_small() {
    let text = "name individual\ndata attempts = 0\ndata level = 'l1'\nstate collecting\n  after PT72H expired\n  on submitted -> review\n  on expired -> lost\nstate review\n  on approve -> approved\n  on more -> collecting / attempts = attempts + 1\nfinal approved\nfinal refused\nfinal lost";
    let mut case = Case::of(text);
    ["submitted={\"document\":\"passport\",\"country\":\"CH\"}", "more"]
        .iter()
        .for_each(|event| case.tell(event));
    let length = case.session.to_bytes().len();
    assert!(length < 150, "{length}");
}

/// A chart of some states in a random tree, with transitions between any, guards, histories, timers, and messages.
fn charts() -> impl Strategy<Value = Chart> {
    let shape = prop::collection::vec(
        (
            0_usize..8,
            0_u8..10,
            prop::collection::vec(
                (0_u8..5, 0_usize..12, 0_usize..12, any::<bool>(), 0_u8..8),
                0..6,
            ),
        ),
        1..12,
    );
    shape.prop_map(|shape| {
        let mut root = State::default();
        for (at, (parent, kind, transitions)) in shape.iter().enumerate() {
            let kind = match kind {
                0..=5 => Kind::State,
                6 | 7 => Kind::Parallel,
                8 => Kind::History { deep: at % 2 == 0 },
                _ => Kind::Final,
            };
            let mut state = State { id: Some(format!("s{at}")), kind, ..State::default() };
            for (event, first, second, internal, act) in transitions {
                let mut targets = vec![format!("s{}", first % shape.len())];
                if act % 4 == 0 {
                    targets.push(format!("s{}", second % shape.len()));
                }
                let events = if *event == 0 {
                    Vec::new()
                } else {
                    vec![["a", "b", "a.b", "*"][usize::from(*event) - 1].to_owned()]
                };
                let kind = match act {
                    // Without an event there has to be an end.
                    _ if *event == 0 => ActionKind::Script(text("x = x + 1")),
                    1 => ActionKind::Raise("b".to_owned()),
                    2 => ActionKind::Send(Box::new(Send {
                        event: Some(Given::Known("a.b".to_owned())),
                        delay: Some(Given::Known("1s".to_owned())),
                        ..Send::default()
                    })),
                    3 => ActionKind::Log { label: None, value: Some(text("missing")) },
                    _ => ActionKind::Script(text("x = x + 1")),
                };
                let guard = (*event == 0 || *internal && act % 4 == 3)
                    .then(|| text(if act % 2 == 0 || *event == 0 { "x < 9" } else { "In(s0)" }));
                let actions = vec![Action { kind, place: Place::default() }];
                state.transitions.push(Transition {
                    events,
                    guard,
                    targets,
                    internal: *internal,
                    actions,
                    ..Transition::default()
                });
            }
            if *parent == 7 {
                state.timers.push(Timer {
                    delay: Given::Known("1s".to_owned()),
                    event: Some("b".to_owned()),
                    restore: Restore::Remaining,
                    place: Place::default(),
                });
            }
            let mut around = &mut root;
            for step in 0..*parent % 4 {
                let open = around
                    .states
                    .iter()
                    .position(|state| matches!(state.kind, Kind::State | Kind::Parallel));
                let Some(open) =
                    open.map(|open| (open + step) % around.states.len()).filter(|open| {
                        matches!(around.states[*open].kind, Kind::State | Kind::Parallel)
                    })
                else {
                    break;
                };
                around = &mut around.states[open];
            }
            around.states.push(state);
        }
        let data = chart("data x = 0\nstate a").data;
        let mut chart = Chart { data, states: root.states, ..Chart::default() };
        mend(&mut chart.states, true, false);
        chart
    })
}

fn text(text: &str) -> Expr {
    Expr { source: text.into(), place: Place::default() }
}

/// Takes away what a chart cannot have, so that many are left.
fn mend(states: &mut [State], is_top: bool, in_parallel: bool) {
    let first = states
        .iter()
        .find(|state| !matches!(state.kind, Kind::History { .. }))
        .and_then(|state| state.id.clone());
    for state in states {
        if matches!(state.kind, Kind::History { .. }) && (is_top || first.is_none())
            || in_parallel && state.kind == Kind::Final
        {
            state.kind = Kind::State;
        }
        match state.kind {
            Kind::Final => (state.transitions, state.timers) = Default::default(),
            Kind::History { .. } => {
                let targets = first.clone().into_iter().collect();
                state.transitions = vec![Transition { targets, ..Transition::default() }];
                state.timers.clear();
            }
            _ => {}
        }
        if let Some(last) =
            state.states.last().filter(|last| !matches!(last.kind, Kind::History { .. }))
            && state.kind == Kind::State
            && state.states.len() == 3
        {
            state.initial = Some(Initial {
                targets: last.id.clone().into_iter().collect(),
                ..Initial::default()
            });
        }
        mend(&mut state.states, false, state.kind == Kind::Parallel);
    }
}

/// Takes away the transitions whose targets cannot be active together.
fn legal(mut chart: Chart) -> Option<Program<super::super::toy::Code>> {
    for _ in 0..3 {
        match Program::compile(&chart, &Toy::default()) {
            Ok(program) => return Some(program),
            Err(_) => cut_targets(&mut chart.states),
        }
    }
    None
}

fn cut_targets(states: &mut [State]) {
    for state in states {
        for transition in &mut state.transitions {
            transition.targets.truncate(1);
        }
        cut_targets(&mut state.states);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn states_are_legal_and_steps_the_same_again(chart in charts(), events in prop::collection::vec(0_usize..6, 0..12)) {
        let Some(program) = legal(chart) else { return Ok(()) };
        let run = || {
            let mut seen = Vec::new();
            let mut toy = Toy::default();
            let mut now = 0;
            let Ok(first) = Interpreter::new(&program, &mut toy).start("case", now, &Value::Null) else { return seen };
            let mut session = first.session;
            for event in &events {
                let before = session.clone();
                let next = match event {
                    4 => {
                        now += 1_000_000_000;
                        Interpreter::new(&program, &mut toy).advance(&session, now)
                    }
                    5 => Interpreter::new(&program, &mut toy).resume(&session, now, now + 700_000_000),
                    _ => Interpreter::new(&program, &mut toy).step(&session, Event::named(["a", "b", "a.b.c", "c"][*event]), now),
                };
                assert_eq!(before, session);
                let Ok(next) = next else { break };
                assert!(program.accepts(&next.session), "{:?}", program.active(&next.session).collect::<Vec<_>>());
                let bytes = next.session.to_bytes();
                assert_eq!(Session::from_bytes(&bytes).as_ref(), Ok(&next.session));
                seen.push((bytes, next.effects));
                session = next.session;
            }
            seen
        };
        prop_assert_eq!(run(), run());
    }
}
