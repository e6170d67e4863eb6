//! What charts say, and what is told of charts that are wrong.

use super::super::document::{
    ActionKind, Chart, Content, Given, Invoke, Kind, Place, Restore, State, Transition,
};
use crate::value::Value;

fn chart(text: &str) -> Chart {
    Chart::from_text(text).unwrap_or_else(|errors| panic!("{text}\n{errors:#?}"))
}

/// The only state of a chart.
fn state(text: &str) -> State {
    let indented = text.replace('\n', "\n    ");
    chart(&format!("chart: 1\nstates:\n  s:\n    {indented}\n")).states.remove(0)
}

/// What is told of a chart, an error a line.
fn told(text: &str) -> String {
    let errors = Chart::from_text(text).expect_err(text);
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn json(json: &str) -> Value {
    Value::from_json(json).unwrap()
}

fn names(state: &State) -> Vec<(String, String)> {
    let told =
        |transition: &Transition| (transition.events.join(" "), transition.targets.join(" "));
    state.transitions.iter().map(told).collect()
}

/// Actions in a notation of these tests.
fn actions(of: &State) -> Vec<String> {
    let exprs = |content: &Content| match content {
        Content::Expr(expr) => format!("={}", expr.source.to_json()),
        Content::Value(value) => value.to_json(),
        Content::Src(address) => format!("@{address}"),
        Content::Chart(chart) => format!("chart {:?}", chart.id),
    };
    of.entry
        .iter()
        .flatten()
        .map(|action| match &action.kind {
            ActionKind::Assign { location, value } => format!("{location} := {}", exprs(value)),
            ActionKind::Raise(event) => format!("raise {event}"),
            other => format!("{other:?}").split_once(['(', ' ']).unwrap().0.to_owned(),
        })
        .collect()
}

#[test]
fn the_head_of_a_chart() {
    let read = chart(
        "chart: 1\nid: individual-l1\ndescription: What an individual of level 1 goes through.\ndatamodel: jsonlogic\n\
         binding: late\ncontext: {attempts: 0, level: {expr: {var: input.level}}, tags: [a, b], gone: null}\n\
         schema: {type: object}\ninitial: [a, b]\nscript: go()\nstates: {a: {}, b: }\n",
    );
    assert_eq!(read.id.as_deref(), Some("individual-l1"));
    assert_eq!(read.description.as_deref(), Some("What an individual of level 1 goes through."));
    assert_eq!(read.datamodel.as_deref(), Some("jsonlogic"));
    assert_eq!(read.binding, super::Binding::Late);
    assert_eq!(read.schema, Some(json(r#"{"type": "object"}"#)));
    assert_eq!(read.initial.unwrap().targets, ["a", "b"]);
    assert_eq!(read.script.unwrap().source, Value::from("go()"));
    let data: Vec<_> = read.data.iter().map(|datum| datum.id.as_str()).collect();
    assert_eq!(data, ["attempts", "level", "tags", "gone"]);
    assert_eq!(read.data[0].value, Some(Content::Value(Value::int(0))));
    assert!(
        matches!(&read.data[1].value, Some(Content::Expr(expr)) if expr.source == json(r#"{"var": "input.level"}"#))
    );
    assert_eq!(read.data[3].value, Some(Content::Value(Value::Null)));
    let states: Vec<_> = read.states.iter().map(|state| state.id.as_deref().unwrap()).collect();
    assert_eq!(states, ["a", "b"]);
}

#[test]
fn a_chart_means_the_same_in_json_and_yaml() {
    let yaml = chart(
        "chart: 1\nstates:\n  a:\n    on:\n      go: b\n  b: {type: final, output: {x: 1}}\n",
    );
    let json = chart(
        r#"{"chart": 1, "states": {"a": {"on": {"go": "b"}}, "b": {"type": "final", "output": {"x": 1}}}}"#,
    );
    assert_eq!(yaml.to_json(), json.to_json());
}

#[test]
fn kinds_of_states() {
    let cases = [
        ("{}", Kind::State),
        ("{type: state}", Kind::State),
        ("{type: parallel}", Kind::Parallel),
        ("{type: final}", Kind::Final),
        ("{type: history}", Kind::History { deep: false }),
        ("{type: history, history: shallow}", Kind::History { deep: false }),
        ("{type: history, history: deep, target: x}", Kind::History { deep: true }),
    ];
    for (text, kind) in cases {
        assert_eq!(state(text).kind, kind, "{text}");
    }
    let history = state("{type: history, target: {target: [x, y], actions: [{raise: back}]}}");
    assert_eq!(names(&history), [(String::new(), "x y".to_owned())]);
    assert_eq!(history.transitions[0].actions.len(), 1);
}

#[test]
fn transitions_keep_the_order_of_the_text() {
    let read = state(
        "always: [{target: a, guard: {var: ready}}, b]\n\
         on:\n  submitted: review\n  document.*: {target: [x, y], guard: 'x > 1', actions: {raise: seen}, internal: true, description: why}\n  resend: [{guard: ok, target: s}, {actions: []}]\n  ping:\n  one two: t\n\
         done: finished",
    );
    let wanted = [
        ("", "a"),
        ("", "b"),
        ("submitted", "review"),
        ("document.*", "x y"),
        ("resend", "s"),
        ("resend", ""),
        ("ping", ""),
        ("one two", "t"),
        ("done.state.s", "finished"),
    ];
    assert_eq!(
        names(&read),
        wanted.map(|(events, targets)| (events.to_owned(), targets.to_owned()))
    );
    let full = &read.transitions[3];
    assert!(full.internal && full.actions.len() == 1);
    assert_eq!(full.guard.as_ref().unwrap().source, Value::from("x > 1"));
    assert_eq!(full.description.as_deref(), Some("why"));
    assert_eq!(read.transitions[7].events, ["one", "two"]);
    let listed = state("on: [{event: a b, target: x}, {target: y}, {event: c}]");
    assert_eq!(
        names(&listed),
        [("a b", "x"), ("", "y"), ("c", "")].map(|(e, t)| (e.to_owned(), t.to_owned()))
    );
}

#[test]
fn timers_and_their_transitions() {
    let read = state(
        "after: {PT72H: expired, 1.5s: [{target: a, guard: g}, b], P1M: {restore: restart, event: month, target: c}, P2D: {}}",
    );
    let wanted = [("after.0.s", "expired"), ("after.1.s", "a"), ("after.1.s", "b"), ("month", "c")];
    assert_eq!(
        names(&read),
        wanted.map(|(events, targets)| (events.to_owned(), targets.to_owned()))
    );
    let timers: Vec<_> =
        read.timers.iter().map(|timer| (timer.event.as_deref(), timer.restore)).collect();
    let deadline = Restore::Deadline;
    assert_eq!(
        timers,
        [(None, deadline), (None, deadline), (Some("month"), Restore::Restart), (None, deadline)]
    );
    let listed = state(
        "after:\n  - {delay: P3D, restore: remaining, target: x}\n  - {delay: P3D, event: reminder}\n  - {delay: {expr: wait}, target: y}",
    );
    assert_eq!(
        names(&listed),
        [("after.0.s", "x"), ("after.2.s", "y")].map(|(e, t)| (e.to_owned(), t.to_owned()))
    );
    assert_eq!(listed.timers[0].restore, Restore::Remaining);
    assert!(
        matches!(&listed.timers[2].delay, Given::Expr(expr) if expr.source == Value::from("wait"))
    );
}

#[test]
fn what_is_invoked() {
    let read = state(
        "invoke:\n  - {id: screening, type: service, src: screen, with: {name: {expr: {var: name}}, list: EU}, autoforward: true, onDone: clear, onError: [{target: retry, guard: more}, failed], finalize: [{assign: {hits: {expr: event.hits}}}]}\n  - {chart: {id: child, states: {x: {type: final}}}, onDone: done}\n  - {src: {expr: where}, content: {a: 1}, namelist: [x, y], idLocation: at}",
    );
    let wanted = [
        ("done.invoke.screening", "clear"),
        ("error.invoke.screening", "retry"),
        ("error.invoke.screening", "failed"),
        ("done.invoke.s.1", "done"),
    ];
    assert_eq!(
        names(&read),
        wanted.map(|(events, targets)| (events.to_owned(), targets.to_owned()))
    );
    let [service, child, other] = read.invokes.as_slice() else { panic!() };
    assert_eq!(service.kind, Some(Given::Known("service".into())));
    assert_eq!(service.params[1].value, Given::Known(Value::from("EU")));
    assert!(matches!(&service.params[0].value, Given::Expr(_)));
    assert!(service.autoforward && service.finalize.as_ref().unwrap().len() == 1);
    assert_eq!(child.id.as_deref(), Some("s.1"));
    assert!(matches!(&child.content, Some(Content::Chart(chart)) if chart.states.len() == 1));
    assert_eq!(other.content, Some(Content::Value(json(r#"{"a": 1}"#))));
    assert_eq!(
        (other.names.len(), other.id_location.as_deref(), other.id.as_deref()),
        (2, Some("at"), None)
    );
    assert_eq!(
        state("invoke: {finalize: []}").invokes,
        [Invoke {
            finalize: Some(vec![]),
            place: Place { path: "states/s/invoke".into(), row: 4, column: 5 },
            ..Invoke::default()
        }]
    );
}

#[test]
fn what_a_final_state_tells() {
    let whole = |text: &str| state(text).done.unwrap().content;
    assert_eq!(
        whole("{type: final, output: approved}"),
        Some(Content::Value(Value::from("approved")))
    );
    assert_eq!(whole("{type: final, output: [1]}"), Some(Content::Value(json("[1]"))));
    assert_eq!(
        whole("{type: final, output: {literal: {a: 1}}}"),
        Some(Content::Value(json(r#"{"a": 1}"#)))
    );
    assert!(matches!(whole("{type: final, output: {expr: x}}"), Some(Content::Expr(_))));
    let parts = state("{type: final, output: {level: {expr: x}, reason: done}}").done.unwrap();
    assert_eq!((parts.content, parts.params.len()), (None, 2));
    assert_eq!(parts.params[1].value, Given::Known(Value::from("done")));
    assert_eq!(
        state("{type: final, with: [{name: a, value: 1}, {name: a, value: 2}]}")
            .done
            .unwrap()
            .params
            .len(),
        2
    );
    assert_eq!(state("{type: final}").done, None);
}

#[test]
fn blocks_of_actions() {
    let blocks = |text: &str| state(text).entry.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(blocks("entry: []"), [0; 0]);
    assert_eq!(blocks("entry: {raise: a}"), [1]);
    assert_eq!(blocks("entry: [{raise: a}, {raise: b}]"), [2]);
    assert_eq!(blocks("entry: [[{raise: a}], [], [{raise: b}, {raise: c}]]"), [1, 0, 2]);
    assert_eq!(blocks("entry: [[]]"), [0]);
}

#[test]
fn actions_of_every_kind() {
    let read = state(
        "entry:\n  - raise: checked\n  - assign: {a: 1, b.c: {expr: x}, d: {literal: {expr: x}}, e: {$src: 'file:e'}}\n  - log: label\n  - log:\n    value: {var: x}\n  - script: f()\n  - cancel: {expr: y}",
    );
    let wanted = [
        "raise checked",
        "a := 1",
        "b.c := =\"x\"",
        "d := {\"expr\":\"x\"}",
        "e := @file:e",
        "Log",
        "Log",
        "Script",
        "Cancel",
    ];
    assert_eq!(actions(&read), wanted);
    let read = state(
        "entry:\n  - effect: notify\n    with: {to: {expr: email}, template: welcome}\n  - send: {expr: name}\n    to: '#_parent'\n    type: x\n    id: i\n    delay: P3D\n    namelist: [a]\n    content: hello\n  - send: ~\n    content: {expr: all}\n  - effect: {expr: e}\n    id: i\n    content: {a: 1}",
    );
    let sends: Vec<_> = read.entry[0]
        .iter()
        .filter_map(|action| match &action.kind {
            ActionKind::Send(send) => Some(send.as_ref()),
            _ => None,
        })
        .collect();
    let [effect, full, bare, own] = sends.as_slice() else { panic!() };
    assert_eq!(effect.event, Some(Given::Known("notify".into())));
    assert_eq!(effect.target, Some(Given::Known("host".into())));
    assert_eq!((effect.kind.as_ref(), effect.params.len()), (None, 2));
    assert_eq!(effect.params[1].value, Given::Known(Value::from("welcome")));
    assert_eq!(full.target, Some(Given::Known("#_parent".into())));
    assert_eq!(full.delay, Some(Given::Known("P3D".into())));
    assert_eq!(
        (full.id.as_deref(), full.names.as_slice()),
        (Some("i"), ["a".to_owned()].as_slice())
    );
    assert_eq!(full.content, Some(Content::Value(Value::from("hello"))));
    assert_eq!((bare.event.as_ref(), bare.target.as_ref()), (None, None));
    assert!(matches!(&own.event, Some(Given::Expr(_))));
}

#[test]
fn choices_and_loops() {
    let read = state(
        "entry:\n  - if: a\n    then: {raise: x}\n    elseif: [{if: b, then: [{raise: y}]}, {if: c, then: []}]\n    else: [{raise: z}, {raise: z}]\n  - {if: a, then: [], elseif: {if: b, then: {raise: y}}}\n  - {foreach: {var: owners}, as: owner, index: i, do: [{raise: w}]}",
    );
    let branches = |at: usize| match &read.entry[0][at].kind {
        ActionKind::If(branches) => branches
            .iter()
            .map(|branch| (branch.condition.is_some(), branch.actions.len()))
            .collect(),
        _ => vec![],
    };
    assert_eq!(branches(0), [(true, 1), (true, 1), (true, 0), (false, 2)]);
    assert_eq!(branches(1), [(true, 0), (true, 1)]);
    let ActionKind::Foreach { array, item, index, actions } = &read.entry[0][2].kind else {
        panic!()
    };
    assert_eq!((item.as_str(), index.as_deref(), actions.len()), ("owner", Some("i"), 1));
    assert_eq!(array.source, json(r#"{"var": "owners"}"#));
}

#[test]
fn everything_wrong_is_told_at_once_with_its_place() {
    let text = "chart: 2\nid: 7\nstats: {}\nstates:\n  review:\n    type: paralel\n    on:\n      approve: {trget: b}\n      deny: 4\n      'x y': [a b]\n    after: {72h!: x}\n    entry: [{rais: a}, {log: a, vlue: b}, notify, {}]\n    cond: x\n";
    let wanted = "1:1: chart: the format has version 1: write `chart: 1`
2:1: id: a text belongs here, and not a number
3:1: stats: `stats` is not known here: did you mean `states`?
6:5: states/review/type: `paralel` is not known here: did you mean `parallel`?
8:17: states/review/on/approve/trget: `trget` is not known here: did you mean `target`?
9:7: states/review/on/deny: an object that is a transition belongs here, and not a number
10:15: states/review/on/x y/0: a name has no white space and is not empty; several are a list
11:13: states/review/after/72h!: `72h!` is no delay: write `250ms`, `1.5s`, or a duration of ISO 8601 such as `PT72H`, `P3D`, `P1M`
12:14: states/review/entry/0/rais: `rais` is not known here: did you mean `raise`?
12:33: states/review/entry/1/vlue: `vlue` is not known here: did you mean `value`?
12:43: states/review/entry/2: an action, such as `{effect: notify}`, belongs here, and not a text
12:51: states/review/entry/3: an action is missing: write one of effect, assign, raise, send, cancel, log, if, foreach, script
13:5: states/review/cond: `cond` is not known here; there are: type, history, description, context, initial, entry, exit, on, always, after, done, invoke, target, output, with, states";
    assert_eq!(told(text), wanted);
}

#[test]
fn what_is_wrong_alone() {
    let cases = [
        ("[]", "an object that is a chart belongs here, and not a list"),
        ("states: {}", "the version of the format is missing: write `chart: 1`"),
        ("{chart: '1'}", "the format has version 1"),
        ("{chart: 1, binding: lazy}", "`lazy` is not known here; there are: early, late"),
        ("{chart: 1, context: [{value: 1}]}", "context/0: `id` is missing"),
        ("{chart: 1, context: 7}", "an object of variables"),
        (
            "{chart: 1, states: {a: {history: deep}}}",
            "only a history state has this: write `type: history`",
        ),
        ("{chart: 1, states: {a: {target: b}}}", "only a history state has a target of its own"),
        ("{chart: 1, states: {a: {id: b}}}", "`id` is not known here"),
        ("{chart: 1, states: {a: {onDone: b}}}", "did you mean `done`?"),
        ("{chart: 1, states: {a: {type: compound}}}", "did you mean `state`?"),
        ("{chart: 1, states: {a: {on: {x: {cond: b}}}}}", "did you mean `guard`?"),
        ("{chart: 1, states: {a: {on: {x: {guard: }}}}}", "on/x/guard: an expression is missing"),
        ("{chart: 1, states: {a: {on: {'': b}}}}", "an event is missing"),
        ("{chart: 1, states: {a: {on: [{event: 1}]}}}", "`event` is a text"),
        ("{chart: 1, states: {a: {on: {x: ''}}}}", "a name has no white space and is not empty"),
        ("{chart: 1, states: {a: {after: [{target: b}]}}}", "after/0: `delay` is missing"),
        (
            "{chart: 1, states: {a: {after: {P1D: {restore: never}}}}}",
            "there are: deadline, remaining, restart",
        ),
        ("{chart: 1, states: [{after: {P1D: b}}]}", "this state has no name"),
        ("{chart: 1, states: [{done: b}]}", "this state has no name"),
        ("{chart: 1, states: [{invoke: {src: x, onDone: b}}]}", "give it an `id`"),
        ("{chart: 1, states: {a: {invoke: {chart: {}, content: 1}}}}", "not both"),
        ("{chart: 1, states: {a: {entry: {send: x, with: {}, content: 1}}}}", "not both"),
        (
            "{chart: 1, states: {a: {entry: {effect: x, to: y}}}}",
            "`to` is not known here; there are: effect, id, with, content",
        ),
        ("{chart: 1, states: {a: {entry: {send: x, target: y}}}}", "did you mean `to`?"),
        ("{chart: 1, states: {a: {entry: {raise: a, log: b}}}}", "`log` is not known here"),
        ("{chart: 1, states: {a: {entry: {assign: {}}}}}", "a variable is missing"),
        ("{chart: 1, states: {a: {entry: {if: x}}}}", "`then` is missing"),
        ("{chart: 1, states: {a: {entry: {foreach: x, do: []}}}}", "`as` is missing"),
        ("{chart: 1, states: {a: {entry: [[], {raise: a}]}}}", "a list of actions, as before it,"),
        ("{chart: 1, states: {a: {entry: {send: x, delay: soon}}}}", "`soon` is no delay"),
        (
            "{chart: 1, states: {a: {entry: {send: x, with: {a: {$src: y}}}}}}",
            "make it the `content`",
        ),
        (
            "{chart: 1, states: {a: {entry: {send: x, to: 4}}}}",
            "a text, or `{expr: …}`, belongs here",
        ),
    ];
    for (text, wanted) in cases {
        let told = told(text);
        assert!(told.contains(wanted) && !told.contains('\n'), "{text}: {told}");
    }
}

#[test]
fn an_expression_within_data_is_never_taken_for_data() {
    let cases = [
        "{assign: {a: {b: {expr: x}}}}",
        "{assign: {a: [{expr: x}]}}",
        "{send: x, with: {a: {b: {c: {expr: x}}}}}",
        "{send: x, content: {a: {expr: x}}}",
        "{assign: {a: {expr: x, default: 0}}}",
        "{assign: {a: {literal: x, of: y}}}",
        "{send: x, with: {a: {b: {literal: 1}}}}",
        "{send: x, content: {list: [{$src: 'file:a', x: 1}]}}",
    ];
    for action in cases {
        let told = told(&format!("{{chart: 1, states: {{a: {{entry: {action}}}}}}}"));
        assert!(told.contains("an `{expr: …}` within data is not evaluated"), "{action}: {told}");
    }
    let read = state(
        "entry: {assign: {a: {literal: [{expr: x}]}, b: {literal: {expr: x, y: 1}}, c: {literal: {literal: 1}}}}",
    );
    assert_eq!(
        actions(&read),
        [r#"a := [{"expr":"x"}]"#, r#"b := {"expr":"x","y":1}"#, r#"c := {"literal":1}"#]
    );
}

#[test]
fn a_mark_is_no_name_in_an_object_of_names() {
    for (state, key) in [
        ("entry: {effect: x, with: {expr: {var: all}}}", "expr"),
        ("entry: {effect: x, with: {expr: {var: all}, template: y}}", "expr"),
        ("entry: {assign: {expr: {var: all}}}", "expr"),
        ("entry: {assign: {literal: {a: 1}}}", "literal"),
        ("context: {expr: {var: all}}", "expr"),
        ("context: {$src: 'file:a'}", "$src"),
        ("invoke: {src: x, with: {$chart: {states: {}}}}", "$chart"),
        ("type: final, output: {expr: x, y: 1}", "expr"),
    ] {
        let told = told(&format!("{{chart: 1, states: {{a: {{{state}}}}}}}"));
        assert!(
            told.contains(&format!("`{key}` marks a value: write `NAME: {{{key}: …}}`")),
            "{state}: {told}"
        );
    }
    let read = state(
        "entry: [{assign: [{name: expr, value: {expr: x}}, {name: a, value: 1}]}, {assign: {b: 2}}]\ncontext: [{id: literal, value: 1}]",
    );
    assert_eq!(actions(&read), [r#"expr := ="x""#, "a := 1", "b := 2"]);
    assert_eq!(read.data[0].id, "literal");
}

#[test]
fn so_many_errors_are_told_and_no_more() {
    let text = format!(
        "{{chart: 1, {}}}",
        (0..1000).map(|at| format!("x{at}: 1")).collect::<Vec<_>>().join(", ")
    );
    assert_eq!(Chart::from_text(&text).unwrap_err().len(), 100);
}

#[test]
fn long_paths_are_told_by_their_ends() {
    let name = "n".repeat(100);
    let open: String = (0..15).map(|_| format!("{{states: {{{name}: ")).collect();
    let text = format!("{{chart: 1, states: {{a: {open}7{}}}}}", "}}".repeat(15));
    let errors = Chart::from_text(&text).unwrap_err();
    assert!(
        errors[0].place.path.len() <= 520 && errors[0].place.path.starts_with("…/"),
        "{}",
        errors[0]
    );
}
