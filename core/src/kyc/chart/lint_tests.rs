use std::collections::BTreeSet;

use super::{FINDINGS, Known, RULES, Severity, lint, lint_with};
use crate::kyc::chart::document::{Chart, Content, Expr, Initial, Invoke, Kind, State};
use crate::kyc::chart::draw::{expression, tests::CASE, tests::chart};

/// The words of an expression: enough of a language to tell what it reads.
fn reads(expr: &Expr) -> Option<Vec<String>> {
    let text = expression(expr);
    let words =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.');
    let words = words.filter(|word| word.starts_with(|first: char| first.is_alphabetic()));
    let words: Vec<String> = words.map(str::to_owned).collect();
    // One word stands for everything.
    (!words.iter().any(|word| word == "everything")).then_some(words)
}

fn found(text: &str) -> Vec<(&'static str, u32)> {
    let outside = ["document.*".to_owned(), "decided".to_owned()];
    // The first row says what is known beside the chart.
    let first = text.lines().next().unwrap_or_default();
    let known = Known {
        outside: first.contains("outside").then_some(&outside[..]),
        reads: first.contains("reads").then_some(&reads as &dyn Fn(&Expr) -> Option<Vec<String>>),
    };
    let chart = chart(text.strip_prefix(first).unwrap_or_default());
    lint_with(&chart, &known).into_iter().map(|finding| (finding.id, finding.place.row)).collect()
}

/// For each rule a chart in which it finds something, with the row, and one that is as near to it and in which nothing is wrong.
const CASES: [(&str, &str, u32, &str, &str); 45] = [
    (
        "dead-end",
        "a state that waits for nothing",
        4,
        "\na\n  -> x > b\nb",
        "\na\n  -> x > b\nb\n  -> y > a",
    ),
    (
        "dead-end",
        "a state that only comes back to itself",
        4,
        "\na\n  -> x > b\nb\n  -> y > b",
        "\na\n  -> x > b\nb\n  -> y > b\n  -> z > a",
    ),
    (
        "dead-end",
        "a state that only notes things",
        2,
        "\na\n  -> x",
        "\na\n  -> x\n  -> y > b\n! b\n  # Over.",
    ),
    (
        "dead-end",
        "a part that ends, and nobody leads on",
        5,
        "\na\n  b\n    -> x > c\n  ! c",
        "\na\n  b\n    -> x > c\n  ! c\n  -> done.state.a > d\n! d\n  # Over.",
    ),
    (
        "dead-end",
        "a region waits for the other one, and nothing is said of their end",
        6,
        "\n+ p\n  a\n    a1\n      -> x > a2\n    ! a2\n  b\n    b1\n      -> y > b1 b1",
        "\n+ p\n  a\n    a1\n      -> x > a2\n    ! a2\n  b\n    b1\n      -> y > c\n! c\n  # Over.",
    ),
    (
        "endless-transition",
        "two states that lead to one another at once",
        3,
        "\na\n  -> > b\nb\n  -> > a",
        "\na\n  -> > b\nb\n  -> x > a",
    ),
    (
        "endless-transition",
        "a state that leads to itself at once",
        3,
        "\na\n  -> > a\n  -> [g] > b\n! b\n  # Over.",
        "\na\n  -> [h] > a\n  -> [g] > b\n! b\n  # Over.",
    ),
    (
        "endless-transition",
        "a state that acts for ever",
        3,
        "\na\n  -> / x\n  -> x > b\n! b\n  # Over.",
        "\na\n  -> [g] / x\n  -> x > b\n! b\n  # Over.",
    ),
    (
        "endless-transition",
        "a part begins anew at once",
        4,
        "\na\n  b\n    -> > a",
        "\na\n  b\n    -> > c\n! c\n  # Over.",
    ),
    (
        "false-guard",
        "a guard that never holds",
        3,
        "\na\n  -> x [false] > b\n  -> x > b\n! b\n  # Over.",
        "\na\n  -> x [g] > b\n  -> x > b\n! b\n  # Over.",
    ),
    (
        "half-heard-invoke",
        "a service that may fail, and nobody hears of it",
        3,
        "\na\n  $$ s\n  -> done.invoke.s > b\n! b\n  # Over.",
        "\na\n  $$ s\n  -> done.invoke.s > b\n  -> error.invoke.s > c\n! b\n  # Over.\n! c\n  # Over.",
    ),
    (
        "half-heard-invoke",
        "a service that comes to its end, and nobody hears of it",
        3,
        "\na\n  $$ s\n  -> error.invoke > b\n! b\n  # Over.",
        "\na\n  $ s\n  -> error.invoke > b\n! b\n  # Over.",
    ),
    (
        "outcome-on-success",
        "a success that tells of a failure",
        4,
        "\na\n  $ s\n  -> done.invoke.s / screening.failed > b\nb\n  -> screening.failed > c\n! c\n  # Over.",
        "\na\n  $ s\n  -> done.invoke.s [g] / screening.failed > b\nb\n  -> screening.failed > c\n! c\n  # Over.",
    ),
    (
        "outcome-on-error",
        "an error that tells of a success",
        4,
        "\na\n  $ s\n  -> error.invoke.s / screening.passed > b\nb\n  -> screening.passed > c\n! c\n  # Over.",
        "\na\n  $ s\n  -> error.invoke.s / screening.broke > b\nb\n  -> screening.broke > c\n! c\n  # Over.",
    ),
    (
        "unheard-raise",
        "an event that is raised where it is not heard any more",
        4,
        "\na\n  -> filed > c\n  -> x / filed > b\nb\n  -> y > a\n! c\n  # Over.",
        "\na\n  -> filed > c\n  -> x / filed > b\nb\n  -> filed > a\n! c\n  # Over.",
    ),
    (
        "unheard-raise",
        "an event that is raised where it is not heard yet",
        3,
        "\na\n  ^ filed\n  -> x > b\nb\n  -> filed > c\n! c\n  # Over.",
        "\na\n  ^ filed\n  -> [g] > b\n  -> x > b\nb\n  -> filed > c\n! c\n  # Over.",
    ),
    (
        "idle-history",
        "nothing comes back to the history",
        4,
        "\na\n  b\n  ~ h\n    -> > b\n  -> out > h2\n  => in > h\nh2\n  -> x > c\n! c\n  # Over.",
        "\na\n  b\n  ~ h\n    -> > b\n  -> out > h2\nh2\n  -> back > h",
    ),
    (
        "misplaced-initial",
        "a state that begins at itself",
        3,
        "\na\n  > a\n  b\n    -> x > c\n! c\n  # Over.",
        "\na\n  > b\n  b\n    -> x > c\n! c\n  # Over.",
    ),
    (
        "misplaced-initial",
        "a state that begins elsewhere",
        3,
        "\na\n  > c\n  b\n    -> x > c\n! c\n  # Over.",
        "\na\n  > b2\n  b\n    b2\n      -> x > c\n! c\n  # Over.",
    ),
    (
        "outcome-on-error",
        "an error approves",
        4,
        "\na\n  $ s\n  -> error.* > approved\n  -> done.invoke.s > b\n! approved\n  # Yes.\n! b\n  # No.",
        "\na\n  $ s\n  -> error.* > not_approved\n  -> done.invoke.s > approved\n! approved\n  # Yes.\n! not_approved\n  # No.",
    ),
    (
        "outcome-on-success",
        "what was done fails",
        4,
        "\na\n  $ s\n  -> done.invoke.s > screeningFailed\n  -> error > b\n! screeningFailed\n  # No.\n! b\n  # Yes.",
        "\na\n  $ s\n  -> done.invoke.s [ok] > b\n  -> done.invoke.s > screeningFailed\n  -> error > b\n! screeningFailed\n  # No.\n! b\n  # Yes.",
    ),
    (
        "shadowed-transition",
        "behind one for all events as narrow",
        4,
        "\na\n  -> document > b\n  -> document.identity > b\n! b\n  # Over.",
        "\na\n  -> document.identity > b\n  -> document > b\n! b\n  # Over.",
    ),
    (
        "shadowed-transition",
        "behind one for every event",
        4,
        "\na\n  -> * > b\n  -> x y > b\n! b\n  # Over.",
        "\na\n  -> * [g] > b\n  -> x y > b\n! b\n  # Over.",
    ),
    (
        "shadowed-transition",
        "one of two events is still free",
        4,
        "\na\n  -> x > b\n  -> x.1 x.* > b\n! b\n  # Over.",
        "\na\n  -> x > b\n  -> x.1 y > b\n! b\n  # Over.",
    ),
    (
        "shadowed-transition",
        "without event, behind one that is always taken",
        4,
        "\na\n  -> [true] > b\n  -> > c\n! b\n  # Over.\n! c\n  # Over.",
        "\na\n  -> [g] > b\n  -> > c\n! b\n  # Over.\n! c\n  # Over.",
    ),
    (
        "single-region",
        "a parallel state with one region",
        2,
        "\n+ p\n  a\n    -> x > b\n! b\n  # Over.",
        "\n+ p\n  a\n    -> x > b\n  a2\n! b\n  # Over.",
    ),
    (
        "undeclared-variable",
        "a guard reads what nobody declared",
        3,
        "reads\ndata risk\na\n  -> x [risc.level] > b\n  -> y [risk] > b\n! b\n  # Over.",
        "reads\ndata risk\na\n  -> x [risk.level] > b\n! b\n  # Over.",
    ),
    (
        "undescribed-final",
        "an end of which nobody says what it means",
        4,
        "\na\n  -> x > b\n! b",
        "\na\n  -> x > b\n! b\n  # Over.",
    ),
    (
        "unheard-event",
        "an event that is raised for nobody",
        4,
        "\na\n  -> x > b\n  ^ case.numbered\n! b\n  # Over.",
        "\na\n  -> x > b\n  -> case.* > b\n  ^ case.numbered\n! b\n  # Over.",
    ),
    (
        "unheard-invoke",
        "a service of which nobody hears",
        3,
        "\na\n  $ s\n  -> x > b\n! b\n  # Over.",
        "\na\n  $ s\n  -> done.invoke > b\n! b\n  # Over.",
    ),
    (
        "unheard-invoke",
        "a service of which another state hears",
        3,
        "\na\n  $ s\n  -> x > b\nb\n  -> done.invoke.s > c\n! c\n  # Over.",
        "\nb\n  a\n    $ s\n  -> error.communication > c\n! c\n  # Over.",
    ),
    (
        "unheard-timer",
        "a timer that is for nobody",
        3,
        "\na\n  @ 3d late\n  -> x > b\nb\n  -> late > a",
        "\na\n  @ 3d late\n  -> late > b\nb\n  -> x > a",
    ),
    (
        "unheard-timer",
        "a timer without a name of its own",
        3,
        "\na\n  @ 3d\n  -> after.1.a > b\n! b\n  # Over.",
        "\na\n  @ 3d\n  -> after.0.a > b\n! b\n  # Over.",
    ),
    (
        "unheard-timer",
        "a timer of a part, heard by the whole or beside it",
        5,
        "\n+ p\n  a\n    a1\n      @ 3d late\n  b\n  -> x > c\n! c\n  # Over.",
        "\n+ p\n  a\n    a1\n      @ 3d late\n  b\n    -> late > c\n! c\n  # Over.",
    ),
    (
        "unknown-event",
        "an event that nothing makes",
        3,
        "outside\na\n  -> documents.received > b\n  -> decided > b\n! b\n  # Over.",
        "outside\na\n  -> document.received > b\n  -> error.execution > b\n  -> decided > b\n! b\n  # Over.",
    ),
    (
        "unknown-event",
        "the end of a state that has no parts",
        3,
        "outside\na\n  -> done.state.a > b\n  -> decided > b\n! b\n  # Over.",
        "outside\na\n  -> done.state.a > b\n  c\n    -> decided > d\n  ! d\n! b\n  # Over.",
    ),
    (
        "unknown-event",
        "the end of what is not invoked",
        4,
        "outside\na\n  $ s\n  -> done.invoke.t > b\n  -> done.invoke.s > b\n! b\n  # Over.",
        "outside\na\n  $ s\n  -> done.invoke.s > b\n  ^ go\n  -> go > b\n  @ 1d late\n  -> late > b\n! b\n  # Over.",
    ),
    (
        "unreachable-final",
        "an end that nothing leads to",
        6,
        "\na\n  -> x > b\n! b\n  # Over.\n! c\n  # Over.",
        "\na\n  -> x > b c\n! b\n  # Over.\n! c\n  # Over.",
    ),
    (
        "unreachable-state",
        "a state that nothing leads to, told once",
        4,
        "\na\n  -> x > b\nd\n  e\n    -> x > b\n! b\n  # Over.",
        "\na\n  -> x > b\n  -> y > e\nd\n  e\n    -> x > b\n! b\n  # Over.",
    ),
    (
        "unreachable-state",
        "a state behind a guard that never holds",
        4,
        "\na\n  -> x > b\nd\n  -> x > b\n! b\n  # Over.",
        "\na\n  -> x > b\n  -> y > p2\nd\n  -> x > b\n+ p\n  p1\n    -> z > d\n  p2\n! b\n  # Over.",
    ),
    (
        "unreachable-state",
        "a history that nothing leads to",
        5,
        "\na\n  b\n    -> x > c\n  ~ h\n    -> > b\n! c\n  # Over.",
        "\na\n  b\n    -> x > c\n  ~ h\n    -> > b\nc\n  -> back > h",
    ),
    (
        "unreachable-transition",
        "an event where none is waited for",
        4,
        "\na\n  -> > b\n  -> x > c\n  -> [g] > b\nb\n  -> x > c\n! c\n  # Over.",
        "\na\n  -> [g] > b\n  -> x > c\nb\n  -> x > c\n! c\n  # Over.",
    ),
    (
        "unused-variable",
        "a variable that nobody reads",
        2,
        "reads\ndata risk = 1\na\n  -> x > b\n! b\n  # Over.",
        "reads\ndata risk = 1\na\n  -> x [risk] > b\n! b\n  # Over.",
    ),
    (
        "unused-variable",
        "a variable that another one begins with",
        3,
        "reads\ndata one\ndata two = one\na\n  -> x > b\n! b\n  # Over.",
        "reads\ndata one\ndata two = one\na\n  -> x [two] > b\n! b\n  # Over.",
    ),
    (
        "unused-variable",
        "a variable beside an expression that reads everything there is",
        2,
        "reads\ndata risk = 1\na\n  -> x [nothing] > b\n! b\n  # Over.",
        "reads\ndata risk = 1\na\n  -> x [everything] > b\n! b\n  # Over.",
    ),
];

#[test]
fn each_rule_finds_what_is_wrong_and_nothing_beside_it() {
    let mut failed = Vec::new();
    for (id, name, row, wrong, right) in CASES {
        let (told, beside) = (found(wrong), found(right));
        if !told.contains(&(id, row)) || !beside.is_empty() {
            failed.push(format!("{id}: {name}: {told:?} and {beside:?}"));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    let tried: BTreeSet<&str> = CASES.iter().map(|(id, ..)| *id).collect();
    let rules: BTreeSet<&str> =
        RULES.iter().map(|rule| rule.id).filter(|id| *id != "too-large").collect();
    assert_eq!(tried, rules);
    assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
}

#[test]
fn a_case_as_banks_have_them_has_no_findings_but_what_it_raises_for_nobody() {
    let told: Vec<_> = lint(&chart(CASE)).into_iter().map(|finding| finding.message).collect();
    let wanted = [
        "`opened` raises `case.numbered`, and no transition is for it",
        "`match_review` raises `note.written`, and no transition is for it",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn a_finding_tells_what_was_meant() {
    let chart = chart("a\n  ^ docment.filed\n  -> document.filed > b\n! b\n  # Over.");
    let finding = lint(&chart).pop().unwrap();
    let wanted =
        "`a` raises `docment.filed`, and no transition is for it; did you mean `document.filed`?";
    assert_eq!((finding.message.as_str(), finding.severity), (wanted, Severity::Warning));
    assert_eq!(
        (finding.place.row, finding.hint),
        (2, "add a transition for it, or do not send it")
    );
}

#[test]
fn charts_in_a_chart_are_looked_at_too() {
    let inner = chart("a\n  -> x > b\n! b\n  # Over.\nc");
    let invoke = Invoke { content: Some(Content::Chart(Box::new(inner))), ..Invoke::default() };
    let mut outer = chart("a\n  -> done.invoke > b\n! b\n  # Over.");
    outer.states[0].invokes.push(invoke);
    let told: Vec<_> =
        lint(&outer).into_iter().map(|finding| (finding.id, finding.place.row)).collect();
    assert_eq!(told, [("unreachable-state", 5)]);
}

#[test]
fn large_charts_end() {
    let state = |at: usize| State { id: Some(format!("s{at}")), ..State::default() };
    let many = Chart { states: (0..5000).map(state).collect(), ..Chart::default() };
    assert_eq!(lint(&many).first().unwrap().id, "too-large");
    let most = Chart { states: (0..4096).map(state).collect(), ..Chart::default() };
    assert_eq!(lint(&most).len(), FINDINGS);
    let mut deep = State { id: Some("s".into()), kind: Kind::State, ..State::default() };
    for _ in 0..2000 {
        deep = State { states: vec![deep], initial: Some(Initial::default()), ..State::default() };
    }
    assert_eq!(
        lint(&Chart { states: vec![deep], ..Chart::default() }).first().unwrap().id,
        "too-large"
    );
    assert_eq!(lint(&Chart::default()), []);
}
