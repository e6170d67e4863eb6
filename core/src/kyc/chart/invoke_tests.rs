//! What is invoked: charts and services, in the notation of [`super::super::toy`].

use std::sync::Arc;

use super::super::effect::Effect;
use super::super::step::{Interpreter, StepError};
use super::super::toy::{Case, Toy, check_all as all, compiled};
use super::super::{Event, Session};

#[test]
fn invoked_charts() {
    all(&[
        (
            "a child that ends tells its parent",
            "state a\n  invoke sub\n    state s\n      on go -> f\n    final f\n      done 'good'\n  on go / send go to=#_sub\n  on done.invoke.sub -> b / log _event.data; log _event.invokeid\nstate b",
            "go",
            "b",
            "good sub",
        ),
        (
            "a child gets data for the variables that it has",
            "data x = 5\nstate a\n  invoke sub names=x p:z=1\n    data x = 0\n    data y = 2\n    state s\n      in: log x; log y\n      in: log z",
            "",
            "a",
            "5 2",
        ),
        (
            "a child tells its parent",
            "state a\n  invoke sub\n    state s\n      in: send hello to=#_parent p:n=1\n  on hello / log _event.invokeid; log _event.origin; log _event.data.n",
            "",
            "a",
            "sub #_scxml_case.0 1",
        ),
        (
            "a child that is left is cancelled, in order, and not heard any more",
            "state a\n  invoke sub\n    state s\n      out: log 'left'; send bye to=#_parent\n  on e -> b\nstate b\n  on bye / log 'never'\n  on done.invoke / log 'never'",
            "e",
            "b",
            "left",
        ),
        (
            "what is entered and left in one macrostep invokes nothing",
            "state a\n  invoke sub\n    state s\n      in: log 'never'\n  always -> b\nstate b",
            "",
            "b",
            "",
        ),
        (
            "a child hears what its parent hears",
            "state a\n  invoke sub forward\n    state s\n      on e / log 'child'\n  on e / log 'parent'",
            "e",
            "a",
            "parent child",
        ),
        (
            "finalize comes before the transitions",
            "data v = 0\nstate a\n  invoke sub finalize{v = _event.data.n}\n    state s\n      in: send hello to=#_parent p:n=7\n  on hello if v == 7 -> b\nstate b",
            "",
            "b",
            "",
        ),
        (
            "an empty finalize takes over what was handed out",
            "data v = 0\nstate a\n  invoke sub names=v finalize{}\n    data v = 1\n    state s\n      in: v = v + 5; send hello to=#_parent names=v\n  on hello / log v",
            "",
            "a",
            "5",
        ),
        (
            "finalize is for what was invoked only",
            "data v = 0\nstate a\n  invoke sub finalize{v = 1}\n    state s\n  on e / log v",
            "e",
            "a",
            "0",
        ),
        (
            "a child of a child",
            "state a\n  invoke one\n    state s\n      invoke two\n        state t\n          in: send up to=#_parent\n      on up -> done\n    final done\n  on done.invoke.one -> b\nstate b",
            "",
            "b",
            "",
        ),
        (
            "an id that is made",
            "data v = ''\nstate a\n  invoke idvar=v\n    final s\n  on done.invoke if _event.invokeid == v / log v",
            "",
            "a",
            "a.0",
        ),
        (
            "a delayed event of a child",
            "state a\n  invoke sub\n    state s\n      in: send late to=#_parent delay=1s\n  on late -> b\nstate b",
            "+1000",
            "b",
            "",
        ),
        (
            "delayed events of a child end with it",
            "state a\n  invoke sub\n    state s\n      in: send late to=#_parent delay=1s\n  on e -> b\nstate b\n  on late / log 'never'",
            "e +1000",
            "b",
            "",
        ),
        (
            "a chart that is not there",
            "state a\n  invoke sub src=none\n  on error.execution -> b\nstate b",
            "",
            "b",
            "",
        ),
        (
            "events of the host for a child",
            "state a\n  invoke sub\n    state s\n      on e / log 'child'\n  on e / log 'parent'",
            "@case.0:e e",
            "a",
            "child parent",
        ),
        (
            "an id is there once",
            "parallel p\n  state l\n    invoke x kind=screening\n  state r\n    invoke x kind=screening\n    on error.execution / log 'error'",
            "",
            "l r",
            "invoke(screening:x) error",
        ),
        (
            "a service of the host",
            "data x = 1\nstate a\n  invoke screen kind=screening names=x\n  on done.invoke.screen -> b / log _event.data.hit\nstate b",
            "done.invoke.screen#screen={\"hit\":false}",
            "b",
            "invoke(screening:screen={\"x\":1}) false",
        ),
        (
            "a service hears what its session hears, and what it is sent",
            "state a\n  invoke screen kind=screening forward\n  on e / send more to=#_screen",
            "e",
            "a",
            "invoke(screening:screen) forward(screen:e) send(#_screen:more)",
        ),
        (
            "a service that is not known",
            "state a\n  invoke screen kind=unknown\n  on error.execution -> b\nstate b",
            "",
            "b",
            "",
        ),
    ]);
}

#[test]
fn a_chart_by_name_is_found_again_in_each_step() {
    let mut model = Toy::default();
    let sub = compiled("name sub\nstate s\n  on tick -> t\nstate t\n  on tick -> f\nfinal f");
    model.charts.insert("sub".to_owned(), Arc::new(sub));
    let mut case =
        Case::with("state a\n  invoke x src=sub forward\n  on done.invoke.x -> b\nstate b", model);
    case.tell("tick");
    assert_eq!(case.session.children().count(), 1);
    case.tell("tick");
    assert_eq!(
        (case.states().as_str(), case.model.ended.as_slice()),
        ("b", ["case.0".to_owned()].as_slice())
    );
    assert_eq!(case.session.children().count(), 0);
}

/// What a service tells, or why it is not heard.
fn told(case: &mut Case, name: &str, id: &str) -> Result<bool, StepError> {
    let event = Event { invoke_id: Some(id.to_owned()), ..Event::named(name) };
    let mut interpreter = Interpreter::new(&case.program, &mut case.model);
    let step = interpreter.step(&case.session, event, case.now)?;
    let heard = step.heard;
    case.session = Session::from_bytes(&step.session.to_bytes()).unwrap();
    assert_eq!(case.session, step.session);
    case.effects.extend(step.effects);
    Ok(heard)
}

const AGAIN: &str = "state a\n  invoke screen kind=screening forward finalize{}\n  on again -> a\n  on out -> c\n  on e / send more to=#_screen\n  on progress / log _event.invokeid\n  on done.invoke.screen -> b / log _event.name; log _event.invokeid\n  on error.invoke.screen -> c\nstate b\nstate c\n  on back -> a";

#[test]
fn a_service_that_begins_anew_does_not_take_the_answer_of_the_one_before() {
    let mut case = Case::of(AGAIN);
    case.tell("again");
    case.tell("e");
    assert_eq!(
        case.log(),
        "invoke(screening:screen) forward(screen:again) cancel(screen) invoke(screening:screen#2) forward(screen#2:e) send(#_screen#2:more)"
    );
    assert_eq!(case.session.services().collect::<Vec<_>>(), ["screen#2".into()]);
    for (name, id) in [
        ("done.invoke.screen", "screen"),
        ("error.invoke.screen", "screen"),
        ("progress", "screen"),
        ("done.invoke.screen", "screen#1"),
        ("done.invoke.screen", "screen#02"),
        ("done.invoke.screen#3", "screen#3"),
        ("progress", "other"),
    ] {
        let before = case.session.to_bytes();
        let refused = told(&mut case, name, id).unwrap_err();
        assert!(
            matches!(&refused, StepError::Stale { invoke_id, .. } if invoke_id == id),
            "{name} {id}: {refused}"
        );
        assert_eq!(case.session.to_bytes(), before);
    }
    case.effects.clear();
    // The chart knows it by its id alone.
    assert_eq!(told(&mut case, "progress", "screen#2"), Ok(true));
    assert_eq!(told(&mut case, "done.invoke.screen#2", "screen#2"), Ok(true));
    assert_eq!(
        (case.states().as_str(), case.log().as_str()),
        ("b", "forward(screen#2:progress) screen done.invoke.screen screen")
    );
}

#[test]
fn the_name_of_an_answer_may_have_the_number_or_not() {
    for (name, want) in [
        ("done.invoke.screen", "b"),
        ("done.invoke.screen#2", "b"),
        ("error.invoke.screen", "c"),
        ("error.invoke.screen#2", "c"),
    ] {
        let mut case = Case::of(AGAIN);
        case.tell("out");
        case.tell("back");
        assert_eq!(told(&mut case, name, "screen#2"), Ok(true), "{name}");
        assert_eq!(case.states(), want, "{name}");
    }
}

#[test]
fn a_service_that_was_begun_anew_while_its_answer_was_on_its_way_does_not_hear_it() {
    let mut case = Case::of(
        "state a\n  invoke screen kind=screening\n  after 1s tick\n  on tick -> a\n  on done.invoke.screen -> b\nstate b",
    );
    case.now = 1_000_000_000;
    assert_eq!(told(&mut case, "done.invoke.screen", "screen"), Ok(false), "the timer comes first");
    assert_eq!(case.states(), "a");
    assert_eq!(told(&mut case, "done.invoke.screen", "screen#2"), Ok(true));
    assert_eq!(case.states(), "b");
}

#[test]
fn a_session_that_was_kept_before_services_had_numbers_reads_the_same() {
    // The bytes of the first version, of a case whose first service goes on.
    let mut case = Case::of(AGAIN);
    let bytes = case.session.to_bytes();
    assert_eq!(bytes[0], 1, "nothing new is in it");
    case.session = Session::from_bytes(&bytes).unwrap();
    case.tell("again");
    assert_eq!(case.session.to_bytes()[0], 2);
    assert!(
        case.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Invoke { id, .. } if **id == *"screen#2"))
    );
    // Ids that are made up are made up once: they are not counted, and the session does not grow.
    let mut case = Case::of("state a\n  invoke kind=screening\n  on again -> a");
    for _ in 0..3 {
        case.tell("again");
    }
    assert_eq!(case.session.to_bytes()[0], 1);
    assert_eq!(case.session.services().collect::<Vec<_>>(), ["a.3".into()]);
}
