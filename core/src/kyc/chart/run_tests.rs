//! Charts in a compact notation, events, and what comes of them: one table for each part of the semantics.

use super::super::toy::{Row, check, check_all as all};

#[test]
fn states_and_transitions() {
    all(&[
        ("the first state is the initial one", "state a\nstate b", "", "a", ""),
        (
            "an initial state deep within",
            "initial c\nstate a\nstate b\n  state c\n  state d",
            "",
            "c",
            "",
        ),
        (
            "an event moves the case on",
            "state open\n  on close -> closed\nfinal closed",
            "close",
            "closed",
            "done()",
        ),
        (
            "an event that nobody waits for is dropped",
            "state open\n  on close -> shut\nstate shut",
            "knock knock",
            "open",
            "",
        ),
        (
            "the inner state answers first",
            "state a\n  on e -> x\n  state b\n    on e -> y\nstate x\nstate y",
            "e",
            "y",
            "",
        ),
        (
            "the outer state answers what the inner does not",
            "state a\n  on e -> x\n  state b\n    on f -> y\nstate x\nstate y",
            "e",
            "x",
            "",
        ),
        (
            "the first transition that matches is taken",
            "state a\n  on e if false -> x\n  on e.* -> y\n  on e -> z\nstate x\nstate y\nstate z",
            "e",
            "y",
            "",
        ),
        (
            "entry is from outside in, exit from inside out",
            "state a\n  in: log 'a+'\n  out: log 'a-'\n  on e -> x\n  state b\n    in: log 'b+'\n    out: log 'b-'\nstate x\n  in: log 'x+'",
            "e",
            "x",
            "a+ b+ b- a- x+",
        ),
        (
            "actions of a transition run between exit and entry",
            "state a\n  out: log 'out'\n  on e -> b / log 'on the way'\nstate b\n  in: log 'in'",
            "e",
            "b",
            "out on the way in",
        ),
        (
            "an initial transition acts after the parent's entry",
            "state a\n  in: log 'a'\n  initial c / log 'initial'\n  state b\n  state c\n    in: log 'c'",
            "",
            "c",
            "a initial c",
        ),
        (
            "a transition to itself leaves and enters",
            "state a\n  in: log '+'\n  out: log '-'\n  on e -> a",
            "e",
            "a",
            "+ - +",
        ),
        (
            "a transition without target does neither",
            "state a\n  in: log '+'\n  out: log '-'\n  on e / log 'act'",
            "e",
            "a",
            "+ act",
        ),
        (
            "an internal transition does not leave its source",
            "state a\n  in: log 'a+'\n  out: log 'a-'\n  on e -> inside c\n  state b\n    out: log 'b-'\n  state c\n    in: log 'c+'",
            "e",
            "c",
            "a+ b- c+",
        ),
        (
            "an external transition to a child does",
            "state a\n  in: log 'a+'\n  out: log 'a-'\n  on e -> c\n  state b\n  state c",
            "e",
            "c",
            "a+ a- a+",
        ),
        (
            "internal, but to the outside: external",
            "state a\n  out: log 'a-'\n  on e -> inside x\n  state b\nstate x",
            "e",
            "x",
            "a-",
        ),
        (
            "an error ends its block only",
            "state a\n  in: log 'one'; missing = 1; log 'two'\n  in: log 'three'\n  on error.execution -> b\nstate b",
            "",
            "b",
            "one three",
        ),
        (
            "eventless transitions run before the next event",
            "state a\n  on e -> b\nstate b\n  always -> c\nstate c\n  on e -> d\nstate d",
            "e",
            "c",
            "",
        ),
        (
            "an eventless guard waits for what changes",
            "data x = 0\nstate a\n  on e / x = x + 1\n  always if x == 2 -> b\nstate b",
            "e e",
            "b",
            "",
        ),
        (
            "raised events come before external ones",
            "state a\n  on e / raise one; raise two\n  on one / log 'one'\n  on two / log 'two'\n  on f / log 'f'",
            "e f",
            "a",
            "one two f",
        ),
        (
            "eventless transitions come before raised events",
            "state a\n  on e -> b / raise r\nstate b\n  on r -> x\n  always -> c\nstate c\n  on r -> y\nstate x\nstate y",
            "e",
            "y",
            "",
        ),
        (
            "a guard that cannot be told is a no, and an error",
            "state a\n  on e if missing == 1 -> x\n  on e -> y\nstate x\nstate y\n  on error.execution / log _event.type",
            "e",
            "y",
            "Platform",
        ),
        (
            "a case that has ended keeps its last states",
            "state a\n  on e -> s\nstate s\n  final f\n  on done.state.s -> end\nfinal end",
            "e",
            "end",
            "done()",
        ),
        (
            "what a final state tells",
            "data x = 7\nstate a\n  on e -> end\nfinal end\n  out: x = 8\n  done verdict = 'ok'\n  done x = x",
            "e",
            "end",
            "done({\"verdict\":\"ok\",\"x\":8})",
        ),
        (
            "a done event carries data",
            "state a\n  state b\n    on e -> c\n  final c\n    done 'fine'\n  on done.state.a -> z / log _event.data\nstate z",
            "e",
            "z",
            "fine",
        ),
        (
            "a done event without what cannot be told",
            "state a\n  final c\n    done x = missing\n    done y = 1\n  on error.execution / log 'error'\n  on done.state.a -> z / log _event.data\nstate z",
            "",
            "z",
            "error {\"y\":1}",
        ),
    ]);
}

#[test]
fn descriptors() {
    let chart =
        "state a\n  on doc.received -> x\n  on doc.* -> y\n  on * -> z\nstate x\nstate y\nstate z";
    for (event, state) in [
        ("doc.received.late", "x"),
        ("doc", "y"),
        ("doc.lost", "y"),
        ("docs", "z"),
        ("doc.receive", "y"),
    ] {
        check(event, chart, event, state, "");
    }
    check("several descriptors", "state a\n  on one two. three.* -> b\nstate b", "two.x", "b", "");
}

const TWO: &str = "state out\nparallel p\n  state l\n    initial l1\n    state l1\n      on e -> l2\n      on gone -> out\n    state l2\n    final lf\n  state r\n    initial r1\n    state r1\n      on e -> r2\n      on gone -> r2 / log 'never'\n    state r2\n    final rf\n";

#[test]
fn parallel_states() {
    let p = |rest: &str| format!("initial p\n{TWO}{rest}");
    check("all children are entered", &p(""), "", "l1 r1", "");
    check("both answer an event", &p(""), "e", "l2 r2", "");
    check(
        "one that leaves both goes first in document order, the other is preempted",
        &p(""),
        "gone",
        "out",
        "",
    );
    let rows: &[Row] = &[
        (
            "targets in several regions",
            "state a\n  on e -> l2 r2\nparallel p\n  state l\n    state l1\n    state l2\n  state r\n    state r1\n    state r2",
            "e",
            "l2 r2",
            "",
        ),
        (
            "a target in one region enters the others by default",
            "state a\n  on e -> l2\nparallel p\n  state l\n    state l1\n    state l2\n  state r\n    state r1\n    state r2",
            "e",
            "l2 r1",
            "",
        ),
        (
            "several initial targets",
            "initial l2 r2\nparallel p\n  state l\n    state l1\n    state l2\n  state r\n    state r1\n    state r2",
            "",
            "l2 r2",
            "",
        ),
        (
            "the inner transition goes before the outer one that is first in order",
            "parallel p\n  on e -> x\n  state l\n    state l1\n  state r\n    state r1\n      on e -> r2\n    state r2\nstate x",
            "e",
            "l1 r2",
            "",
        ),
        (
            "parallel is done when all are",
            "parallel p\n  on done.state.p -> z\n  on done.state.l / log 'l'\n  on done.state.r / log 'r'\n  state l\n    state l1\n      on a -> lf\n    final lf\n  state r\n    state r1\n      on b -> rf\n    final rf\nstate z",
            "b a",
            "z",
            "r l",
        ),
        (
            "one transition of an ancestor is taken once",
            "parallel p\n  on e / log 'once'\n  state l\n  state r",
            "e",
            "l r",
            "once",
        ),
        (
            "In() sees the states of other regions",
            "parallel p\n  state l\n    state l1\n      on e if In(r2) -> l2\n    state l2\n  state r\n    state r1\n      on f -> r2\n    state r2",
            "e f e",
            "l2 r2",
            "",
        ),
        (
            "exit in reverse order, entry in order",
            "parallel p\n  in: log 'p+'\n  out: log 'p-'\n  on e -> x\n  state l\n    in: log 'l+'\n    out: log 'l-'\n  state r\n    in: log 'r+'\n    out: log 'r-'\nstate x",
            "e",
            "x",
            "p+ l+ r+ r- l- p-",
        ),
        (
            "a region that moves does not disturb the other",
            "parallel p\n  state l\n    out: log 'l-'\n    state l1\n      on e -> l2\n    state l2\n  state r\n    state r1\n      out: log 'r-'",
            "e",
            "l2 r1",
            "",
        ),
        (
            "targetless transitions of all regions run in document order",
            "parallel p\n  state l\n    on e / log 'l'\n  state r\n    on e / log 'r'",
            "e",
            "l r",
            "l r",
        ),
    ];
    all(rows);
}

#[test]
fn history() {
    const BOX: &str = "state a\n  on back -> h\n  on deep -> d\nstate b\n  on out -> a\n  history h\n    always -> b1 / log 'default'\n  deep d\n    always -> b1\n  state b1\n    on e -> b2\n  state b2\n    state c1\n      on e -> c2\n    state c2\n";
    let rows: &[(&str, &str, &str, &str)] = &[
        ("without a past the default is taken", "back", "b1", "default"),
        ("shallow: the child, and its own beginning", "back e e out back", "c1", "default"),
        ("deep: all that was active", "deep e e out deep", "c2", ""),
        ("what was last counts", "back e out back out back", "c1", "default"),
    ];
    for (name, events, states, log) in rows {
        check(name, BOX, events, states, log);
    }
    all(&[
        (
            "the history of parallel regions",
            "parallel p\n  on out -> a\n  deep h\n    always -> p1 q1\n  state l\n    state p1\n      on e -> p2\n    state p2\n  state r\n    state q1\n      on f -> q2\n    state q2\nstate a\n  on back -> h",
            "f out back",
            "p1 q2",
            "",
        ),
        (
            "a history as initial state",
            "state a\n  initial h\n  on out -> x\n  history h\n    always -> b\n  state b\n    on e -> c\n  state c\nstate x\n  on back -> a",
            "e out back",
            "c",
            "",
        ),
        (
            "the default of a history acts after its parent's entry",
            "state x\n  on e -> h\nstate a\n  in: log 'a'\n  history h\n    always -> c / log 'h'\n  state b\n  state c\n    in: log 'c'",
            "e",
            "c",
            "a h c",
        ),
    ]);
}

#[test]
fn variables_and_actions() {
    all(&[
        (
            "if, else if, else",
            "data x = 2\nstate a\n  in: if x == 1 { log 'one' } else if x == 2 { log 'two' } else { log 'more' }",
            "",
            "a",
            "two",
        ),
        (
            "an if whose condition fails goes on",
            "state a\n  in: if missing == 1 { log 'one' } else { log 'else' }; log 'on'\n  on error.* / log 'error'",
            "",
            "a",
            "else on error",
        ),
        (
            "each of a copy",
            "data s = 0\nstate a\n  in: each [3 4 5] as x, i { s = s + x; log i }; log s",
            "",
            "a",
            "0 1 2 12",
        ),
        (
            "an error in each ends the block",
            "state a\n  in: each [1 2] as x { log x; missing = 1 }; log 'never'\n  on error.* / log 'error'",
            "",
            "a",
            "1 error",
        ),
        (
            "an item that cannot be",
            "state a\n  in: each [1 2] as _x { log 'never' }\n  on error.* / log 'error'",
            "",
            "a",
            "error",
        ),
        (
            "what is no array",
            "data x = 1\nstate a\n  in: each x as y { log 'never' }\n  on error.* / log 'error'",
            "",
            "a",
            "error",
        ),
        ("a script", "script x = 5\nstate a\n  in: run x = x + 1; log x", "", "a", "6"),
        ("early: all data is there", "state a\n  in: log x\nstate b\n  data x = 1", "", "a", "1"),
        (
            "late: it is undefined until its state is entered, and made once",
            "late\nstate a\n  in: log x\n  on e -> b\nstate b\n  data x = 1\n  in: log x; x = x + 1\n  on e -> a",
            "e e e",
            "b",
            "null 1 2 2",
        ),
        (
            "data without a value is an error, and undefined",
            "data x = missing\nstate a\n  in: log x\n  on error.* / log 'error'",
            "",
            "a",
            "null error",
        ),
        (
            "the event is there until the next",
            "state a\n  on e -> b\nstate b\n  in: log _event.name; log _event.data.n",
            "e={\"n\":1.50}",
            "b",
            "e 1.50",
        ),
        ("name and id", "name kyc\nstate a\n  in: log _name; log _sessionid", "", "a", "kyc case"),
    ]);
}
