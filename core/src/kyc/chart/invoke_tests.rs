//! What is invoked: charts and services, in the notation of [`super::super::toy`].

use std::sync::Arc;

use super::super::toy::{Case, Toy, check_all as all, compiled};

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
