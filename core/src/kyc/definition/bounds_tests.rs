//! Charts of a permitted size that are made to hold up whoever runs them: each comes to its end at once, or to an error of the step.

use std::time::{Duration, Instant};

use super::super::chart::{Chart, Event, Step, StepError};
use super::super::{ChartErrors, Definition, Refused, Surroundings};
use crate::value::Value;

const NOW: i64 = 1_767_225_600_000_000_000;
/// None hangs: what takes the longest is some tenths of a second where nothing else runs, and this is a build without optimisation on a busy machine.
const MOST: Duration = Duration::from_secs(30);

fn load(text: &str) -> Definition {
    let chart = Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)));
    Definition::load(chart, Vec::new(), Surroundings::default())
        .unwrap_or_else(|errors| panic!("{errors}"))
}

/// What comes of the event `go` at the start of a case, and that it comes soon.
fn go(name: &str, text: &str) -> Result<Step, Refused> {
    let chart = load(text);
    let since = Instant::now();
    let step = chart.start("c", NOW, &Value::Null).and_then(|begun| {
        let step = chart.step(&begun.session, Event::named("go"), NOW + 1)?;
        chart.advance(&step.session, NOW + 3_600_000_000_000)
    });
    let took = since.elapsed();
    assert!(took < MOST, "{name}: {took:?}");
    step
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// A chart with a list of so many numbers, and what is done on `go`.
fn acts(items: usize, context: &str, actions: &str) -> String {
    let list = many(items, |at| format!("{at},"));
    format!(
        "chart: 1\nid: h\ncontext: {{l: [{list}], {context}}}\nstates:\n  w: {{on: {{go: {{actions: {actions}}}}}}}\n"
    )
}

#[test]
fn a_hostile_chart_comes_to_an_error_of_the_step() {
    let regions = |count: usize, inner: &str| {
        many(count, |at| format!("      r{at}: {{{}}}\n", inner.replace('@', &at.to_string())))
    };
    let walk = format!(
        "chart: 1\nid: h\nstates:\n  p:\n    type: parallel\n    on:\n{}    states:\n{}",
        many(9_000, |at| format!("      x{at}: {{actions: [{{raise: y}}]}}\n")),
        regions(900, "")
    );
    let circle = format!(
        "chart: 1\nid: h\nstates:\n  w: {{on: {{go: p}}}}\n  p:\n    type: parallel\n    always: p\n    states:\n{}",
        regions(900, "")
    );
    let timers = format!(
        "chart: 1\nid: h\ncontext: {{l: [{}]}}\nstates:\n  w: {{on: {{go: {{actions: [{{foreach: l, as: a, do: [{{send: t, delay: PT1H}}, {{cancel: x}}]}}]}}}}}}\n",
        many(4_000, |at| format!("{at},"))
    );
    let deep = acts(
        5_000,
        "doc: {}",
        "[{foreach: l, as: a, do: [{assign: {doc.a.b.c.d.e.f.g: {expr: doc}}}]}]",
    );
    let nested = "chart: 1\nid: h\nstates:\n  w: {on: {go: {actions: [{send: go, with: {a: {expr: event.data}}}]}}}\n";
    let copies = format!(
        "chart: 1\nid: h\ncontext: {{{} l: [{}]}}\nstates:\n  w: {{on: {{go: {{actions: [{{foreach: l, as: a, do: [{{assign: {{v1: 1}}}}]}}]}}}}}}\n",
        many(30_000, |at| format!("v{at}: 0, ")),
        many(9_000, |at| format!("{at},"))
    );
    let forwards = format!(
        "chart: 1\nid: h\nstates:\n  w:\n    invoke: [{}]\n    on: {{go: {{actions: [{}]}}}}\n",
        many(1_500, |at| format!("{{id: s{at}, type: screening, autoforward: true}}, ")),
        many(3_000, |_| "{send: x}, ".to_owned())
    );
    let computed = format!(
        "chart: 1\nid: h\ncontext: {{{}}}\nstates: {{w: {{}}}}\n",
        many(20_000, |at| format!("v{at}: {{expr: '`1`'}}, "))
    );
    let is_looks = |error: &StepError| matches!(error, StepError::Looks { .. });
    let is_model = |error: &StepError| matches!(error, StepError::Model { .. });
    let is_effects = |error: &StepError| matches!(error, StepError::Effects { .. });
    let text = "a".repeat(50_000);
    type Is<'a> = &'a dyn Fn(&StepError) -> bool;
    let cases: [(&str, &str, Is<'_>); 8] = [
        ("transitions around many states", &walk, &is_looks),
        ("many states in a circle", &circle, &is_looks),
        ("many timers, and what cancels them", &timers, &is_looks),
        ("variables that are computed", &computed, &is_model),
        ("a large context that is written again and again", &copies, &is_model),
        ("events for many services", &forwards, &is_effects),
        (
            "a log of a long text",
            &acts(1_000, &format!("t: {text}"), "[{foreach: l, as: a, do: [{log: x, value: t}]}]"),
            &is_effects,
        ),
        (
            "messages of a long text",
            &acts(
                1_000,
                &format!("t: {text}"),
                "[{foreach: l, as: a, do: [{effect: x, with: {t: {expr: t}}}]}]",
            ),
            &is_effects,
        ),
    ];
    for (name, text, is_wanted) in cases {
        match go(name, text).unwrap_err() {
            Refused::Step(error) if is_wanted(&error) => {}
            other => panic!("{name}: {other}"),
        }
    }
    // What holds itself deeper and deeper is a fault of the chart, which goes on.
    let step = go("a value in itself", &deep).unwrap();
    assert!(step.session.data().depth() <= crate::value::DEPTH);
    assert!(go("what is carried in what is carried", nested).is_ok());
}

#[test]
fn a_large_chart_runs_within_the_bounds() {
    let wide = format!(
        "chart: 1\nid: h\nstates:\n  p:\n    type: parallel\n    states:\n{}",
        many(1_200, |at| format!(
            "      r{at}: {{states: {{a{at}: {{on: {{go: b{at}}}}}, b{at}: {{}}}}}}\n"
        ))
    );
    let timers = format!(
        "chart: 1\nid: h\nstates:\n  w:\n    after: [{}]\n",
        many(4_000, |at| format!("{{delay: PT{}M, event: e{at}}}, ", at % 60 + 1))
    );
    let variables = format!(
        "chart: 1\nid: h\ncontext: {{{}}}\nstates: {{w: {{}}}}\n",
        many(40_000, |at| format!("v{at}: {at}, "))
    );
    let late = format!("binding: late\n{variables}")
        .replace("binding: late\nchart: 1", "chart: 1\nbinding: late");
    let spread = format!(
        "chart: 1\nid: h\nstates:\n{}",
        many(2_000, |at| format!(
            "  s{at}: {{context: {{{}}}}}\n",
            many(20, |of| format!("v{at}_{of}: 1, "))
        ))
    );
    let some = format!(
        "chart: 1\nid: h\ncontext: {{{}}}\nstates: {{w: {{}}}}\n",
        many(1_000, |at| format!("v{at}: {{expr: '`1`'}}, "))
    );
    for (name, text) in [
        ("a transition in each of many states at once", &wide),
        ("as many timers as may be", &timers),
        ("as many variables as a text has room for", &variables),
        ("the same, with late binding", &late),
        ("variables of many states", &spread),
        ("a thousand variables that are computed", &some),
    ] {
        assert!(go(name, text).is_ok(), "{name}");
    }
    let chart = load(&variables);
    let given = Value::fields(
        (0..40_000)
            .map(|at| format!("v{at}"))
            .collect::<Vec<_>>()
            .iter()
            .map(|name| (name.as_str(), Value::from(true))),
    );
    let since = Instant::now();
    let begun = chart.start("c", NOW, &given).unwrap();
    assert!(since.elapsed() < MOST);
    assert_eq!(begun.session.data(), &given);
}
