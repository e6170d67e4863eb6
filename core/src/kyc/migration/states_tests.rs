//! States, history and variables: nothing is guessed.

use super::*;

#[test]
fn nothing_is_guessed_of_states() {
    let (old, new) = (load(OLD), load(NEW));
    let context =
        "\ncontext: {set: {tries: {expr: attempts}, level: 1}, drop: [attempts, note], keep: true}";
    for (map, events, told) in [
        ("states: {collecting: intake}", "", "intake"),
        (
            "same: true",
            "",
            "state: the state `collecting` has no place: write `collecting: …` under `states`",
        ),
        (
            "states: {checking: checks}",
            "submitted",
            "state: the state `verifying` has no place: write `verifying: verifying` under `states`, or `same: true`",
        ),
        (
            "states: {collecting: intaek}",
            "",
            "unfit: the migration does not fit: wrong: 2:10: states/collecting: the new chart has no state `intaek`: did you mean `intake`?",
        ),
        (
            "states: {colecting: intake}",
            "",
            "the old chart has no state `colecting`: did you mean `collecting`?",
        ),
        (
            "states: {collecting: approved}",
            "",
            "it is a state without children, and `approved` is a final state in another place: a migration brings no case to its end",
        ),
        (
            "states: {collecting: verified}",
            "",
            "and `verified` is a final state: a migration brings no case to its end",
        ),
        (
            "states: {collecting: checks}",
            "",
            "`checks` has children now: name one of them, or write `checks: initial` under `enter`",
        ),
        (
            "states: {collecting: checks}\ndrop_timers: true\nenter: {checks: initial}",
            "",
            "verifying running asked",
        ),
        (
            "states: {collecting: intake}\nenter: {adress: initial}",
            "",
            "wrong: 3:9: enter/adress: the new chart has no state `adress`: did you mean `address`?",
        ),
        (
            "states: {collecting: intake}\nenter: {expired: initial}",
            "",
            "`expired` is a final state: nothing begins in it",
        ),
        (
            "states: {checking: checks}\nsame: true",
            "submitted",
            "configuration: nothing leads into `address`, a part of `checks` that is active with it: map a state into it, or write `address: initial` under `enter`",
        ),
        (
            "states: {checking: checks, running: review, verifying: review}\nsame: true\ninvoked: {screen: drop}\ndrop_timers: true",
            "submitted",
            "configuration: `checking` is active and stands for `checks`, in which no active state lies then",
        ),
        (
            "states: {checking: checks, verifying: review}\nsame: true\nenter: {address: initial, identity: initial}\ndrop_timers: true",
            "submitted",
            "configuration: more than one state of the chart would be active: `checks`, `review`",
        ),
        (
            "states: {verifying: asked, running: asked, identity: address, screening: address, checking: checks}\nenter: {identity: initial, screening: initial}\ninvoked: {screen: drop}\ndrop_timers: true",
            "submitted",
            "verifying running asked",
        ),
        (
            "states: {verified: verified, running: review}\ninvoked: {screen: drop}",
            "submitted identity.ok",
            "nothing leads into `screening`",
        ),
        (
            "states: {verified: verified, verifying: verifying, running: running, checking: checks}\nenter: {address: initial}",
            "submitted identity.ok",
            "configuration: `identity` would have come to its end, and `done.state.identity` would never be told",
        ),
        (
            "states: {review: asked, collecting: asked}\nenter: {checks: initial}\ndrop_timers: true",
            "submitted identity.ok done.invoke.screen",
            "verifying running asked",
        ),
        (
            "states: {review: asked}\ndrop_timers: true",
            "submitted identity.ok done.invoke.screen",
            "nothing leads into `identity`",
        ),
    ] {
        let outcome = outcome(&old, &new, &format!("migration: 1\n{map}{context}\n"), events);
        assert!(outcome.contains(told), "{map}: {outcome}");
    }
}

#[test]
fn a_region_less_does_not_leave_a_case_waiting_for_an_end_that_nobody_tells() {
    let parallel = |regions: &[&str]| {
        let regions: Vec<String> = regions
            .iter()
            .map(|region| format!("{region}: {{states: {{{region}1: {{on: {{{region}: {region}2}}}}, {region}2: {{type: final}}}}}}"))
            .collect();
        load(&format!(
            "chart: 1\nstates:\n  p: {{type: parallel, done: over, states: {{{}}}}}\n  over: {{}}\n",
            regions.join(", ")
        ))
    };
    let (old, new) = (parallel(&["x", "y", "z"]), parallel(&["x", "y"]));
    let map = "migration: 1\nsame: true\nstates: {z1: y1, z2: y2, z: y}\n";
    for (events, told) in [
        ("", "x1 y1"),
        ("x", "x2 y1"),
        ("x y", "configuration: more than one state of `y` would be active: `y1`, `y2`"),
        ("x y z", "over"),
    ] {
        let outcome = outcome(&old, &new, map, events);
        assert!(outcome.contains(told), "{events}: {outcome}");
    }
    // The third check is waived, the two others are done: the case would wait for ever.
    let map = "migration: 1\nsame: true\nstates: {z1: y2, z2: y2, z: y}\n";
    assert!(outcome(&old, &new, map, "x y").contains("a migration brings no case to its end"));
    let two = parallel(&["x", "y"]);
    let one = load(
        "chart: 1\nstates:\n  p: {type: parallel, done: over, states: {x: {states: {x1: {on: {x: x2}}, x2: {type: final}}}}}\n  over: {}\n  lost: {}\n",
    );
    let map = "migration: 1\nsame: true\nstates: {y1: x2, y2: x2, y: x}\n";
    assert!(outcome(&two, &one, map, "x").contains("brings no case to its end"));
}

#[test]
fn nothing_is_guessed_of_variables() {
    let (old, new) = (load(OLD), load(NEW));
    let states = "migration: 1\nstates: {collecting: intake, checking: checks}\nsame: true\n";
    let whole = "{set: {tries: {expr: attempts}, level: 1}, drop: [attempts, note], keep: true}";
    for (context, told) in [
        (whole, "intake"),
        ("{set: {tries: 0, level: {literal: 2}, hits: []}, drop: [attempts, note]}", "intake"),
        (
            "{keep: true}",
            "the new chart has no variable `attempts`: write it under `drop`, once what is to stay of it is set",
        ),
        (
            "{set: {tries: 0, level: 1}, drop: [attempts, note]}",
            "nothing is said of the variable `hits`: set or drop it under `context`, or write `keep: true`",
        ),
        (
            "{set: {tries: 0}, drop: [attempts, note], keep: true}",
            "the new chart has the variable `level`, and a case would not: write `level: …` under `set`",
        ),
        (
            "{set: {tries: 0, level: 1}, drop: [attempts, note, hits]}",
            "the new chart has the variable `hits`",
        ),
        (
            "{set: {tries: 0, level: 1, levl: 1}, drop: [attempts, note], keep: true}",
            "the new chart has no variable `levl`: did you mean `level`?",
        ),
        (
            "{set: {tries: 0, level: 1}, drop: [attempts, not], keep: true}",
            "the old chart has no variable `not`: did you mean `note`?",
        ),
        (
            "{set: {tries: {expr: atempts}, level: 1}, drop: [attempts, note], keep: true}",
            "reads `atempts`, and there is no such variable: did you mean `attempts`?",
        ),
        (
            "{set: {tries: {expr: {bogus: 1}}, level: 1}, drop: [attempts, note], keep: true}",
            "wrong: 4:17: context/set/tries: ",
        ),
        (
            "{set: {tries: {expr: {'+': [{var: hits}, 1]}}, level: 1}, drop: [attempts, note], keep: true}",
            "context: `tries` cannot be told: ",
        ),
        // The new schema is asked.
        (
            "{set: {tries: 4, level: 1}, drop: [attempts, note], keep: true}",
            "schema: the context would not be as its schema has it: tries: ",
        ),
        (
            "{set: {tries: 1, level: {expr: 'attempts'}}, drop: [attempts, note], keep: true}",
            "schema: the context would not be as its schema has it: level: ",
        ),
        (
            "{set: {tries: {expr: {if: [{in: [collecting, {var: states}]}, 3, 4]}}, level: 1}, drop: [attempts, note], keep: true}",
            "intake",
        ),
    ] {
        let outcome = outcome(&old, &new, &format!("{states}context: {context}\n"), "");
        assert!(outcome.contains(told), "{context}: {outcome}");
    }
}

#[test]
fn variables_of_loops_are_known() {
    let chart = "chart: 1\ncontext: {all: [1]}\nstates: {a: {on: {go: {actions: [{foreach: all, as: one, index: at, do: []}]}}}}\n";
    let plain = "chart: 1\ncontext: {all: [1]}\nstates: {a: {}}\n";
    let (old, new) = (load(chart), load(plain));
    let keep = "migration: 1\nsame: true\ncontext: {keep: true}\n";
    assert_eq!(outcome(&old, &old, keep, "go"), "a");
    assert_eq!(outcome(&old, &new, keep, ""), "a");
    assert!(outcome(&old, &new, keep, "go").contains("the new chart has no variable `at`"));
    let drop = "migration: 1\nsame: true\ncontext: {keep: true, drop: [one, at]}\n";
    assert_eq!(outcome(&old, &new, drop, "go"), "a");
}

#[test]
fn a_state_that_was_split_needs_two_maps() {
    let old = load(
        "chart: 1\ncontext: {pep: false}\nstates: {review: {on: {pep: {actions: [{assign: {pep: true}}]}}}}\n",
    );
    let new = load("chart: 1\ncontext: {pep: false}\nstates: {plain: {}, enhanced: {}}\n");
    let map = "migration: 1\nstates: {review: [plain, enhanced]}\n";
    let told = Migration::from_text(map).unwrap_err().to_string();
    assert_eq!(told, "2:10: states/review: a text belongs here, and not a list");
    for (to, events) in [("plain", ""), ("enhanced", "pep")] {
        let map = format!("migration: 1\nstates: {{review: {to}}}\ncontext: {{keep: true}}\n");
        assert_eq!(outcome(&old, &new, &map, events), to);
    }
}

#[test]
fn history_is_kept_or_forgotten() {
    let chart = |states: &str| {
        load(&format!(
            "chart: 1\nstates:\n  work:\n    on: {{pause: rest}}\n    states: {{{states}, back: {{type: history, target: a}}}}\n  rest: {{on: {{go: back}}}}\n"
        ))
    };
    let old = chart("a: {on: {next: b}}, b: {}");
    let renamed = chart("a: {on: {next: c}}, c: {}");
    for (new, map, told) in [
        (&old, "", "b"),
        (&old, "history: forget", "a"),
        (&renamed, "states: {b: c}", "c"),
        (&renamed, "", "history: what `back` stands for has no place: the state `b` has no place"),
        (&renamed, "history: forget", "a"),
        (&renamed, "states: {b: rest}", "its states cannot be active together below its parent"),
    ] {
        let map = migration(&format!("migration: 1\nsame: true\n{map}\n"));
        let outcome = match map.apply(&old, new, &case(&old, "next pause"), NOW + DAY) {
            Ok(moved) => {
                let event = Event::named("go");
                atomic(new, &new.step(&moved.session, event, NOW + DAY).unwrap().session)
            }
            Err(error) => format!("{}: {error}", error.name()),
        };
        assert!(outcome.contains(told), "{told}: {outcome}");
    }
}
