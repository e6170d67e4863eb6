//! What expressions see, and where values go.

use super::super::chart::{Chart, Event, Step};
use super::super::{Definition, Refused};
use super::*;

const NOW: i64 = 1_767_225_600_000_000_000;

fn load(text: &str) -> Definition {
    load_with(text, Surroundings::default()).unwrap_or_else(|errors| panic!("{errors}"))
}

fn load_with(text: &str, surroundings: Surroundings) -> Result<Definition, String> {
    let chart = Chart::from_text(text).map_err(|errors| errors[0].to_string())?;
    Definition::load(chart, Vec::new(), surroundings).map_err(|errors| errors.to_string())
}

/// A chart with one guard on the event `go`, and the case after it.
fn guarded(guard: &str, data: &str) -> String {
    let chart = format!(
        "chart: 1\nid: g\ncontext: {{a: 1, doc: {{status: new, pages: [1, 2]}}, none: null}}\nstates:\n  wait:\n    on:\n      go: {{target: yes, guard: {guard}}}\n      error.execution: failed\n  yes: {{}}\n  failed: {{}}\n"
    );
    let chart = load(&chart);
    let begun = chart.start("c", NOW, &Value::Null).unwrap();
    let data = (!data.is_empty()).then(|| Value::from_json(data).unwrap());
    let event = Event { name: "go".to_owned(), data, ..Event::default() };
    let step = chart.step(&begun.session, event, NOW).unwrap();
    let states: Vec<&str> = chart.program().atomic(&step.session).collect();
    states.join(",")
}

#[test]
fn guards_are_json_logic_jmespath_or_a_state() {
    for (guard, data, want) in [
        ("{'==': [{var: a}, 1]}", "", "yes"),
        ("{'==': [{var: doc.status}, verified]}", "", "wait"),
        (
            "{'<': [{var: event.data.amount}, 18500]}",
            r#"{"amount": 18499.999999999999999999}"#,
            "yes",
        ),
        (
            "{'<': [{var: event.data.amount}, 18500]}",
            r#"{"amount": 18500.000000000000000001}"#,
            "wait",
        ),
        ("{'==': [{var: event.name}, go]}", "", "yes"),
        ("{'in': [wait, {var: states}]}", "", "yes"),
        ("{'==': [{var: now}, '2026-01-01T00:00:00.000000000Z']}", "", "yes"),
        ("{'==': [{var: {cat: [ev, ent.name]}}, go]}", "", "yes"),
        ("\"doc.status == 'new'\"", "", "yes"),
        ("{jmespath: 'length(doc.pages) > `2`'}", "", "wait"),
        ("\"event.data.kind == 'passport'\"", r#"{"kind": "passport"}"#, "yes"),
        ("\"In('wait')\"", "", "yes"),
        ("\"In('yes')\"", "", "wait"),
        ("true", "", "yes"),
        ("false", "", "wait"),
        // What is no condition, and what has no order, is told to the chart.
        ("{var: a}", "", "failed"),
        // A text of JMESPath holds as its language has it, of any kind.
        ("doc.status", "", "yes"),
        ("none", "", "wait"),
        ("none || doc.pages", "", "yes"),
        ("\"doc.pages[?@ > `1`]\"", "", "yes"),
        ("\"doc.pages[?@ > `2`]\"", "", "wait"),
        ("doc && a", "", "yes"),
        ("{jmespath: event.data.note}", r#"{"note": ""}"#, "wait"),
        ("{'<': [{var: doc.status}, 3]}", "", "failed"),
    ] {
        assert_eq!(guarded(guard, data), want, "{guard} with {data}");
    }
}

/// A chart that acts on the event `go`, and the variables after it.
fn acted(actions: &str, data: &str) -> (String, String) {
    let chart = format!(
        "chart: 1\nid: a\ncontext: {{a: 1, doc: {{status: new}}, pages: [1, 2], sum: 0}}\nstates:\n  wait:\n    on:\n      go: {{actions: {actions}}}\n      error.execution: failed\n  failed: {{}}\n"
    );
    let chart = load(&chart);
    let begun = chart.start("c", NOW, &Value::Null).unwrap();
    let data = (!data.is_empty()).then(|| Value::from_json(data).unwrap());
    let event = Event { name: "go".to_owned(), data, ..Event::default() };
    let Step { session, .. } = chart.step(&begun.session, event, NOW).unwrap();
    let states: Vec<&str> = chart.program().atomic(&session).collect();
    (states.join(","), session.data().to_json())
}

#[test]
fn values_go_where_they_are_assigned() {
    for (actions, data, state, want) in [
        (
            "[{assign: {a: 2}}]",
            "",
            "wait",
            r#"{"a":2,"doc":{"status":"new"},"pages":[1,2],"sum":0}"#,
        ),
        (
            "[{assign: {doc.status: {expr: event.data.status}, doc.by.name: ana}}]",
            r#"{"status": "verified"}"#,
            "wait",
            r#"{"a":1,"doc":{"by":{"name":"ana"},"status":"verified"},"pages":[1,2],"sum":0}"#,
        ),
        (
            "[{assign: {pages.1: 7}}]",
            "",
            "wait",
            r#"{"a":1,"doc":{"status":"new"},"pages":[1,7],"sum":0}"#,
        ),
        (
            "[{assign: {pages.2: 7}}]",
            "",
            "failed",
            r#"{"a":1,"doc":{"status":"new"},"pages":[1,2],"sum":0}"#,
        ),
        (
            "[{assign: {a.b: 7}}]",
            "",
            "failed",
            r#"{"a":1,"doc":{"status":"new"},"pages":[1,2],"sum":0}"#,
        ),
        (
            "[{assign: {other: 7}}]",
            "",
            "failed",
            r#"{"a":1,"doc":{"status":"new"},"pages":[1,2],"sum":0}"#,
        ),
        // An error ends the block; what was assigned before it stays, as SCXML has it.
        (
            "[{assign: {a: 2}}, {assign: {other: 7}}, {assign: {sum: 9}}]",
            "",
            "failed",
            r#"{"a":2,"doc":{"status":"new"},"pages":[1,2],"sum":0}"#,
        ),
        (
            "[{foreach: pages, as: page, do: [{assign: {sum: {expr: {'+': [{var: sum}, {var: page}]}}}}]}]",
            "",
            "wait",
            r#"{"a":1,"doc":{"status":"new"},"page":2,"pages":[1,2],"sum":3}"#,
        ),
        (
            "[{assign: {a: {expr: {'*': [{var: event.data.amount}, 100]}}}}]",
            r#"{"amount": 19.99}"#,
            "wait",
            r#"{"a":1999,"doc":{"status":"new"},"pages":[1,2],"sum":0}"#,
        ),
    ] {
        let (at, variables) = acted(actions, data);
        assert_eq!((at.as_str(), variables.as_str()), (state, want), "{actions}");
    }
}

#[test]
fn what_cannot_run_is_refused_when_it_is_loaded() {
    let chart = |body: &str| {
        format!("chart: 1\nid: x\ncontext: {{a: 1}}\nstates:\n  wait:\n    on: {{go: {body}}}\n")
    };
    for (body, told) in [
        ("{guard: {bogus: []}}", "bogus"),
        ("{guard: 'a =='}", "column"),
        ("{guard: {rego: kyc/ok}}", "there is no policy to ask"),
        ("{actions: [{assign: {event: 1}}]}", "`event` is no variable's name"),
        ("{actions: [{assign: {_x: 1}}]}", "`_x` is no variable's name"),
        ("{actions: [{assign: {'a..b': 1}}]}", "is no location"),
        ("{actions: [{script: 'a = 1'}]}", "is a script"),
    ] {
        let error = load_with(&chart(body), Surroundings::default()).unwrap_err();
        assert!(error.contains(told), "{body}: {error}");
        assert!(error.contains("wait"), "the place is told: {error}");
    }
}

#[test]
fn only_what_is_read_is_put_together() {
    let none = Reads::default();
    for (rule, want) in [
        (r#"{"var": "a"}"#, none),
        (r#"{"==": [{"var": "doc.event"}, "states"]}"#, none),
        (r#""doc.now == 'event'""#, none),
        (r#"{"var": "event.data.x"}"#, Reads { event: true, ..none }),
        (r#""contains(states, 'review')""#, Reads { states: true, ..none }),
        (r#"{"missing": ["a", "now"]}"#, Reads { now: true, ..none }),
        (r#"{"var": {"var": "a"}}"#, Reads::ALL),
        (r#"{"var": ""}"#, Reads::ALL),
        (r#""keys(@)""#, Reads::ALL),
    ] {
        let surroundings = Surroundings::default();
        let source = Value::from_json(rule).unwrap();
        let expr = Expr { source, place: super::super::chart::Place::default() };
        let code =
            Rules::new(&surroundings, Budget::default()).compile(Role::Value, &expr).unwrap();
        let (Kind::Logic(_, reads) | Kind::Path(_, reads, _)) = code.0 else { panic!("{rule}") };
        assert_eq!(reads, want, "{rule}");
    }
}

/// A policy that knows one path, and answers by the amount.
#[derive(Debug)]
struct Desk;

impl Policies for Desk {
    fn check(&self, path: &str) -> Result<(), String> {
        if path == "kyc/ok" { Ok(()) } else { Err(format!("there is no rule `{path}`")) }
    }

    fn ask(&self, _: &str, input: Value, now: i64) -> Result<Option<Value>, String> {
        assert_eq!(now, NOW);
        let event = input.get_str("event").and_then(|event| event.get_str("data"));
        Ok(event.and_then(|data| data.get_str("ok")).cloned())
    }

    fn digest(&self) -> [u8; 32] {
        [7; 32]
    }
}

#[test]
fn a_policy_is_asked_and_what_it_leaves_open_is_a_no() {
    let text = "chart: 1\nid: p\nstates:\n  wait:\n    on: {go: {target: yes, guard: {rego: data.kyc/ok}}, error.execution: failed}\n  yes: {}\n  failed: {}\n";
    let surroundings =
        || Surroundings { policies: Some(Arc::new(Desk)), ..Surroundings::default() };
    let chart = load_with(text, surroundings()).unwrap();
    for (data, want) in [
        ("{\"ok\": true}", "yes"),
        ("{\"ok\": false}", "wait"),
        ("{}", "wait"),
        ("{\"ok\": \"yes\"}", "failed"),
    ] {
        let begun = chart.start("c", NOW, &Value::Null).unwrap();
        let data = Some(Value::from_json(data).unwrap());
        let event = Event { name: "go".to_owned(), data, ..Event::default() };
        let step = chart.step(&begun.session, event, NOW).unwrap();
        assert_eq!(chart.program().atomic(&step.session).collect::<Vec<_>>(), [want]);
    }
    let wrong = load_with(&text.replace("kyc/ok", "kyc/no"), surroundings()).unwrap_err();
    assert!(wrong.contains("there is no rule `kyc/no`"), "{wrong}");
}

#[test]
fn what_guards_read_is_told_where_it_is_asked_for() {
    let text = "chart: 1\nid: r\ncontext: {a: 1}\nstates:\n  wait:\n    on: {go: {target: yes, guard: {'<': [{var: a}, {var: event.data.max}]}}}\n  yes: {}\n";
    let chart = load(text);
    let begun = chart.start("c", NOW, &Value::Null).unwrap();
    let data = Some(Value::from_json("{\"max\": 3}").unwrap());
    let event = Event { name: "go".to_owned(), data, ..Event::default() };
    let step = chart.run(true, |runs| runs.step(&begun.session, event.clone(), NOW)).unwrap();
    let read = &step.trace.microsteps[0].guards[0].read;
    let read: Vec<(&str, String)> =
        read.iter().map(|(name, value)| (name.as_str(), value.to_json())).collect();
    assert_eq!(read, [("a", "1".to_owned()), ("event.data.max", "3".to_owned())]);
    let untold = chart.step(&begun.session, event, NOW).unwrap();
    assert!(untold.trace.microsteps.is_empty());
    assert_eq!(untold.session, step.session, "a trace changes nothing");
}

#[test]
fn a_guard_that_takes_too_much_ends_the_step_and_changes_nothing() {
    let long: Vec<String> = (0..2000).map(|n| n.to_string()).collect();
    let list = format!("[{}]", long.join(","));
    let guard =
        format!("{{'all': [{{var: l}}, {{'none': [{list}, {{'==': [{{var: ''}}, -1]}}]}}]}}");
    let text = format!(
        "chart: 1\nid: b\ncontext: {{l: {list}}}\nstates:\n  wait:\n    on: {{go: {{target: yes, guard: {guard}}}}}\n  yes: {{}}\n"
    );
    let chart = load(&text);
    let begun = chart.start("c", NOW, &Value::Null).unwrap();
    let event = Event { name: "go".to_owned(), ..Event::default() };
    let refused = chart.step(&begun.session, event, NOW).unwrap_err();
    assert!(matches!(&refused, Refused::Step(_)), "{refused}");
    assert!(refused.to_string().contains("gave up"), "{refused}");
}

#[test]
fn a_name_that_no_variable_can_have_is_told_wherever_a_chart_is_compiled() {
    let surroundings = Surroundings::default();
    let rules = Rules::new(&surroundings, Budget::default());
    for name in RESERVED.into_iter().chain(["_x"]) {
        let declared = format!("chart: 1\nid: x\ncontext: {{{name}: 1}}\nstates: {{wait: {{}}}}\n");
        let within = format!("chart: 1\nid: x\nstates: {{wait: {{context: {{{name}: 1}}}}}}\n");
        let item = format!(
            "chart: 1\nid: x\ncontext: {{l: []}}\nstates: {{wait: {{exit: [{{foreach: l, as: {name}, do: [{{raise: x}}]}}]}}}}\n"
        );
        let index = item.replace("as: ", "as: one, index: ");
        for (text, at) in [
            (declared, format!("context/{name}")),
            (within, format!("states/wait/context/{name}")),
            (item, "states/wait/exit/0".to_owned()),
            (index, "states/wait/exit/0".to_owned()),
        ] {
            let errors = Program::compile(&Chart::from_text(&text).unwrap(), &rules).unwrap_err();
            assert_eq!((errors.len(), &errors[0].place.path), (1, &at), "{text}");
            assert!(
                errors[0].message.contains(&format!("`{name}` is no variable's name")),
                "{}",
                errors[0]
            );
        }
    }
}
