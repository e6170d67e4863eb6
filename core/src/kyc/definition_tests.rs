//! Definitions: what a context may be, which charts invoke which, and what a case belongs to.

use super::super::chart::{Status, Step};
use super::*;

const NOW: i64 = 1_767_225_600_000_000_000;

const LEVEL: &str = r#"
chart: 1
id: level-one
context: {attempts: 0, email: null}
schema:
  type: object
  required: [attempts, email]
  properties:
    attempts: {type: integer, minimum: 0, maximum: 3}
    email: {type: [string, "null"], format: email}
  additionalProperties: false
states:
  collecting:
    on:
      email: {actions: [{assign: {email: {expr: event.data.address}}}]}
      wrong: {actions: [{assign: {attempts: {expr: {"+": [{var: attempts}, 1]}}}}]}
      confirmed: {target: approved, guard: {"!!": [{var: email}]}}
    after:
      P30D: expired
  approved: {type: final, output: {level: 1}}
  expired: {type: final}
"#;

fn load(text: &str) -> Definition {
    let chart = Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)));
    Definition::load(chart, Vec::new(), Surroundings::default())
        .unwrap_or_else(|errors| panic!("{errors}"))
}

fn event(name: &str, data: &str) -> Event {
    let data = (!data.is_empty()).then(|| Value::from_json(data).unwrap());
    Event { name: name.to_owned(), data, ..Event::default() }
}

#[test]
fn a_context_that_is_not_as_its_schema_has_it_refuses_the_event() {
    let level = load(LEVEL);
    let mut session = level.start("c", NOW, &Value::Null).unwrap().session;
    for (name, data, refused) in [
        ("email", r#"{"address": "ana"}"#, Some("email")),
        ("email", r#"{"address": 7}"#, Some("email")),
        ("email", r#"{"address": "ana@example.com"}"#, None),
        ("wrong", "", None),
        ("wrong", "", None),
        ("wrong", "", None),
        ("wrong", "", Some("attempts")),
        ("confirmed", "", None),
    ] {
        match (level.step(&session, event(name, data), NOW), refused) {
            (Ok(step), None) => session = step.session,
            (Err(Refused::Context(found)), Some(at)) => {
                assert_eq!(found[0].at, at, "{name} {data}")
            }
            (other, _) => panic!("{name} {data}: {other:?}"),
        }
    }
    assert_eq!(session.status(), Status::Done);
    let after = level.step(&session, event("wrong", ""), NOW).unwrap_err();
    assert!(matches!(after, Refused::Step(StepError::Ended { .. })), "{after}");
    let given = Value::from_json(r#"{"attempts": 9}"#).unwrap();
    assert!(matches!(level.start("c", NOW, &given), Err(Refused::Context(_))));
}

#[test]
fn a_context_that_another_schema_admitted_is_looked_at_as_a_whole() {
    let chart = |most: u32| {
        load(&format!(
            "chart: 1\nid: m\ncontext: {{level: 0, note: none}}\nschema: {{properties: {{level: {{maximum: {most}}}}}}}\nstates:\n  a:\n    on:\n      set: {{actions: [{{assign: {{level: {{expr: event.data}}}}}}]}}\n      note: {{actions: [{{assign: {{note: {{expr: event.data}}}}}}]}}\n"
        ))
    };
    let (mild, strict) = (chart(9), chart(3));
    let begun = mild.start("c", NOW, &Value::Null).unwrap().session;
    let high = mild.step(&begun, event("set", "7"), NOW).unwrap().session;
    let stored = Session::from_bytes(&high.to_bytes()).unwrap();
    for session in [&high, &stored] {
        assert!(mild.step(session, event("note", "1"), NOW).is_ok());
        // The note alone would do, and the level is still too high.
        let refused = strict.step(session, event("note", "1"), NOW);
        assert!(matches!(refused, Err(Refused::Context(found)) if found[0].at == "level"));
        let mended = strict.step(session, event("set", "3"), NOW).unwrap().session;
        assert!(strict.step(&mended, event("note", "1"), NOW).is_ok());
        assert!(strict.step(&mended, event("set", "4"), NOW).is_err());
    }
}

#[test]
fn a_timer_is_due_when_it_is_due() {
    let level = load(LEVEL);
    let begun = level.start("c", NOW, &Value::Null).unwrap().session;
    let month = NOW + 30 * 86_400 * 1_000_000_000;
    assert_eq!(begun.next_due(), Some(month));
    let still = level.advance(&begun, month - 1).unwrap().session;
    assert_eq!(still.status(), Status::Running);
    let over = level.advance(&still, month).unwrap().session;
    assert_eq!(level.program().atomic(&over).collect::<Vec<_>>(), ["expired"]);
}

#[test]
fn a_timer_may_be_due_at_an_instant_of_the_data() {
    let text = "chart: 1\nid: c\ncontext: {until: ''}\nstates:\n  valid: {after: [{delay: {expr: until}, target: over}], on: {again: valid}}\n  over: {}\n";
    let chart = load(text);
    let day = 86_400 * 1_000_000_000;
    let cases = [
        // A date is its first instant in UTC.
        ("2026-01-03", Some(NOW + 2 * day)),
        ("2026-01-03T02:00:00+02:00", Some(NOW + 2 * day)),
        ("P2D", Some(NOW + 2 * day)),
        // What is later than can be told never comes.
        ("9999-12-31", Some(i64::MAX)),
        ("9999-12-31T00:00:00Z", Some(i64::MAX)),
        // What is past is due at once.
        ("2025-12-31", Some(NOW)),
        ("2026-01-01", Some(NOW)),
        ("1500-01-01T00:00:00Z", Some(NOW)),
    ];
    for (until, due) in cases {
        let given = Value::fields([("until", Value::from(until))]);
        let begun = chart.start("c", NOW, &given).unwrap().session;
        assert_eq!(begun.next_due(), due, "{until}");
        let is_over = |at: i64| {
            let session = chart.advance(&begun, at).unwrap().session;
            chart.program().atomic(&session).eq(["over"])
        };
        let due = due.unwrap();
        assert!(is_over(due) && (due == NOW || !is_over(due - 1)), "{until}");
    }
    for until in ["2026-02-30", "2026-1-3", "03.01.2026", "tomorrow", ""] {
        let given = Value::fields([("until", Value::from(until))]);
        let begun = chart.begin(true, "c", NOW, &given).unwrap();
        assert_eq!((begun.session.next_due(), begun.faults.len()), (None, 1), "{until}");
    }
}

#[test]
fn what_guards_read_is_told_whatever_they_are_written_in() {
    let cases = [
        (r#"{"==": [{"var": "risk"}, "high"]}"#, vec![("risk", r#""low""#)]),
        ("risk == 'high'", vec![("risk", r#""low""#)]),
        (
            "!pep && hits == `[]` && (event.data.score || limits[0].most) > `5`",
            vec![
                ("event.data.score", "null"),
                ("hits", "[]"),
                ("limits", r#"[{"most":7}]"#),
                ("pep", "false"),
            ],
        ),
        (
            "contains(states, 'x') || event.name == 'go'",
            vec![("event.name", r#""go""#), ("states", r#"["a"]"#)],
        ),
        // What reads everything has read everything.
        ("length(@) > `0`", vec![("@", "whole")]),
    ];
    for (guard, wanted) in cases {
        let guard = Value::from_json(guard).unwrap_or_else(|_| Value::from(guard)).to_json();
        let text = format!(
            "chart: 1\nid: c\ncontext: {{risk: low, pep: false, hits: [], limits: [{{most: 7}}]}}\nstates:\n  a: {{on: {{go: {{target: b, guard: {guard}}}}}}}\n  b: {{}}\n"
        );
        let chart = load(&text);
        let begun = chart.start("c", NOW, &Value::Null).unwrap().session;
        let go = event("go", r#"{"kind": "x"}"#);
        let step = chart.run(true, |it| it.step(&begun, go, NOW)).unwrap();
        let guards = step.trace.microsteps.iter();
        let guards: Vec<_> = guards.flat_map(|told| &told.guards).collect();
        let read: Vec<(&str, String)> =
            guards[0].read.iter().map(|(name, value)| (&**name, value.to_json())).collect();
        if wanted[0].1 == "whole" {
            assert_eq!(read[0].0, "@");
            assert!(read[0].1.contains(r#""risk":"low""#) && read[0].1.contains(r#""kind":"x""#));
            continue;
        }
        let read: Vec<(&str, &str)> = read.iter().map(|(name, value)| (*name, &**value)).collect();
        assert_eq!(read, wanted, "{guard}");
    }
}

/// Whatever is evaluated beside guards, with all that it read and nothing else.
#[test]
fn a_mapping_is_told_with_all_that_it_read() {
    let text = r#"
chart: 1
id: c
context: {risk: high, hits: [x, y], seen: [], limit: P3D, plain: 1}
states:
  a: {on: {go: {target: b, guard: "risk == 'high'", actions: [
    {assign: {plain: {expr: {var: event.data.n}}, risk: low}},
    {if: "length(hits) > `5`", then: [{log: never}]},
    {foreach: hits, as: hit, do: [{if: "hit == 'y'", then: [{assign: {seen: {expr: "[seen, [hit]][]"}}}]}]},
    {effect: told, with: {all: {expr: {var: seen}}}}]}}}
  b:
    states:
      waits:
        after: [{delay: {expr: {var: limit}}, target: over}]
        invoke: {id: s, type: service, with: {n: {expr: {var: plain}}}}
        on: {end: {target: over, guard: plain}}
      over: {type: final, output: {left: {expr: {var: seen}}}}
"#;
    let chart = load(text);
    let begun = chart.start("c", NOW, &Value::Null).unwrap().session;
    let go = chart.run(true, |it| it.step(&begun, event("go", r#"{"n": 4}"#), NOW)).unwrap();
    let end = chart.run(true, |it| it.step(&go.session, event("end", ""), NOW)).unwrap();
    let told = |step: &Step| -> Vec<String> {
        let mappings = step.trace.microsteps.iter().flat_map(|told| &told.mappings);
        let told = mappings.map(|mapping| {
            let read =
                mapping.read.iter().map(|(name, value)| format!("{name}={}", value.to_json()));
            let held = mapping.held.map(|held| format!(" {held}")).unwrap_or_default();
            format!("{}{held}: {}", mapping.place.path, read.collect::<Vec<_>>().join(" "))
        });
        told.collect()
    };
    let at = "states/a/on/go/actions";
    let wanted = [
        format!("{at}/0/assign/plain: event.data.n=4"),
        format!("{at}/1 false: hits=[\"x\",\"y\"]"),
        format!("{at}/2: hits=[\"x\",\"y\"]"),
        format!("{at}/2/do/0 false: hit=\"x\""),
        format!("{at}/2/do/0 true: hit=\"y\""),
        format!("{at}/2/do/0/then/0/assign/seen: hit=\"y\" seen=[]"),
        format!("{at}/3: seen=[\"y\"]"),
        "states/b/states/waits/after/0: limit=\"P3D\"".to_owned(),
        "states/b/states/waits/invoke: plain=4".to_owned(),
    ];
    assert_eq!(told(&go), wanted);
    // What an action read is not told of the guard that is asked next.
    let guards = end.trace.microsteps.iter().flat_map(|told| &told.guards);
    let guards: Vec<_> = guards.flat_map(|asked| &asked.read).map(|(name, _)| &**name).collect();
    assert_eq!(guards, ["plain"]);
    assert_eq!(told(&end), ["states/b/states/over/output: seen=[\"y\"]"]);
}

#[test]
fn charts_invoke_each_other_by_their_ids() {
    let parent = "chart: 1\nid: company\ncontext: {level: 0}\nstates:\n  owners:\n    invoke: {id: owner, src: person, onDone: {target: open, actions: [{assign: {level: {expr: event.data.level}}}]}}\n  open: {type: final}\n";
    let child = "chart: 1\nid: person\nstates:\n  asked: {on: {seen: known}}\n  known: {type: final, output: {level: 2}}\n";
    let read = |text: &str| {
        Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)))
    };
    let both = Definition::load(read(parent), vec![read(child)], Surroundings::default()).unwrap();
    let begun = both.start("c", NOW, &Value::Null).unwrap().session;
    let (id, below) = begun.children().next().unwrap();
    assert_eq!(id, "owner");
    let below = below.id().to_owned();
    let done =
        both.run(false, |runs| runs.deliver(&begun, &below, event("seen", ""), NOW)).unwrap();
    assert_eq!(done.session.status(), Status::Done);
    assert_eq!(done.session.data().to_json(), r#"{"level":2}"#);

    let later = child.replace("level: 2", "level: 3");
    let other =
        Definition::load(read(parent), vec![read(&later)], Surroundings::default()).unwrap();
    assert_ne!(other.digest(), both.digest(), "what is invoked is part of the version");
    let error = |others: Vec<Chart>| {
        Definition::load(read(parent), others, Surroundings::default()).unwrap_err().to_string()
    };
    assert!(error(vec![read(child), read(child)]).contains("second chart `person`"));
    assert!(error(vec![read(&child.replace("id: person\n", ""))]).contains("no `id`"));
}

#[test]
fn a_schema_that_is_none_is_refused() {
    let text = LEVEL.replace("minimum: 0", "minimum: low");
    let chart = Chart::from_text(&text).unwrap();
    let error =
        Definition::load(chart, Vec::new(), Surroundings::default()).unwrap_err().to_string();
    assert!(error.contains("schema") && error.contains("is no JSON Schema"), "{error}");
}

#[test]
fn expressions_for_another_data_model_are_refused_wherever_they_stand() {
    let other = "chart: 1\nid: js\ndatamodel: ecmascript\nstates: {a: {on: {go: {target: b, guard: done}}}, b: {}}\n";
    let within = "chart: 1\nid: x\nstates:\n  a:\n    invoke: {chart: {id: y, datamodel: xpath, states: {b: {}}}}\n";
    for (text, model) in [(other, "ecmascript"), (within, "xpath")] {
        let chart =
            Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)));
        let error =
            Definition::load(chart, Vec::new(), Surroundings::default()).unwrap_err().to_string();
        assert!(error.contains(&format!("for the data model `{model}`")), "{error}");
    }
    load(
        "chart: 1\nid: x\ndatamodel: \"null\"\nstates: {a: {on: {go: {target: b, guard: \"In('a')\"}}}, b: {}}\n",
    );
}

#[test]
fn the_same_events_come_to_the_same_bytes() {
    let level = load(LEVEL);
    let run = || {
        let mut session = level.start("c", NOW, &Value::Null).unwrap().session;
        for (name, data) in [("wrong", ""), ("email", r#"{"address": "ana@example.com"}"#)] {
            session = level.step(&session, event(name, data), NOW + 1).unwrap().session;
        }
        session.to_bytes()
    };
    let bytes = run();
    assert_eq!(bytes, run());
    assert!(bytes.len() < 1000, "{}", bytes.len());
    assert_eq!(Session::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    assert_eq!(level.events(), ["confirmed", "email", "wrong"].map(str::to_owned));
}

/// What is wrong with a chart of one state that is loaded with another one, `person`.
fn wrong(state: &str) -> String {
    let text = format!(
        "chart: 1\nid: company\ncontext: {{owners: [], level: 1}}\nstates:\n  wait: {{{state}}}\n  over: {{context: {{note: none}}}}\n"
    );
    let other = "chart: 1\nid: person\ncontext: {name: none}\nstates: {asked: {}}\n";
    let read = |text: &str| {
        Chart::from_text(text).unwrap_or_else(|errors| panic!("{text} {}", ChartErrors(errors)))
    };
    let loaded = Definition::load(read(&text), vec![read(other)], Surroundings::default());
    loaded.err().map(|errors| errors.to_string()).unwrap_or_default()
}

#[test]
fn a_name_that_no_chart_has_is_refused() {
    for (state, told) in [
        ("always: {target: over, guard: {'!!': [{var: owners}]}}", ""),
        (
            "always: {target: over, guard: {'!!': [{var: owner}]}}",
            "reads `owner`, and there is no such variable: did you mean `owners`?",
        ),
        (
            "always: {target: over, guard: {'==': [{var: something}, 1]}}",
            "reads `something`, and there is no such variable: declare it in `context`",
        ),
        ("always: {target: over, guard: 'owners[?pep]'}", ""),
        ("always: {target: over, guard: 'owner[?pep]'}", "did you mean `owners`?"),
        ("always: {target: over, guard: 'evnt.data.x'}", "did you mean `event`?"),
        ("always: {target: over, guard: 'event.data.x && now && states && note && name'}", ""),
        ("always: {target: over, guard: \"In('asked')\"}", ""),
        (
            "always: {target: over, guard: \"In('askd')\"}",
            "asks for the state `askd`, and no chart has one: did you mean `asked`?",
        ),
        ("always: {target: over, guard: {in: [askd, {var: states}]}}", ""),
        (
            "entry: {foreach: owners, as: one, index: at, do: [{assign: {level: {expr: {'+': [{var: at}, {var: one.share}]}}}}]}",
            "",
        ),
        (
            "entry: {foreach: owners, as: one.x, do: [{raise: x}]}",
            "`one.x` is no variable's name: leave out the dots",
        ),
        (
            "entry: {assign: {level: {expr: lvel}}}",
            "states/wait/entry/assign/level/expr: reads `lvel`",
        ),
        ("context: {event: 1}", "`event` is no variable's name"),
        ("context: {now: 1}", "states/wait/context/now: `now` is no variable's name"),
        ("context: {states: 1}", "`states` is no variable's name"),
        (
            "entry: {foreach: owners, as: now, do: [{raise: x}]}",
            "states/wait/entry: `now` is no variable's name",
        ),
        (
            "entry: {foreach: owners, as: one, index: states, do: [{raise: x}]}",
            "`states` is no variable's name",
        ),
        (
            "exit: [{if: true, then: [{foreach: owners, as: event, do: [{raise: x}]}]}]",
            "states/wait/exit/0/then/0: `event` is no variable's name",
        ),
        (
            "on: {x: {actions: [{foreach: owners, as: _x, do: [{raise: x}]}]}}",
            "states/wait/on/x/actions/0: `_x` is no variable's name",
        ),
        (
            "invoke: {chart: {id: in, context: {event: 1}, states: {b: {}}}}",
            "states/wait/invoke/chart/context/event: `event` is no",
        ),
        ("context: {_x: 1}", "`_x` is no variable's name"),
        ("context: {a.b: 1}", "`a.b` is no variable's name: leave out the dots"),
        (
            "invoke: {chart: {id: in, context: {inner: 1}, states: {b: {always: {guard: {'<': [{var: inner}, 2]}}}}}}",
            "",
        ),
        (
            "invoke: {chart: {id: in, context: {inner: 1}, states: {b: {always: {guard: {'<': [{var: iner}, 2]}}}}}}",
            "did you mean `inner`?",
        ),
        // What is invoked is there.
        ("invoke: {src: person}", ""),
        ("invoke: {src: company}", ""),
        (
            "invoke: {type: scxml, src: persn}",
            "states/wait/invoke: invokes the chart `persn`, which is not loaded together with this one: load it, or name the `type` of a service; did you mean `person`?",
        ),
        ("invoke: {type: screening, src: persn}", ""),
        (
            "invoke: {content: persn}",
            "states/wait/invoke: invokes the chart `persn`, which is not loaded together with this one: load it, or name the `type` of a service; did you mean `person`?",
        ),
        ("invoke: {content: person}", ""),
        ("invoke: {content: {$src: persn}}", "invokes the chart `persn`, which is not loaded"),
        ("invoke: {content: [1]}", "invokes the chart ``, which is not loaded"),
        ("invoke: {id: x}", "states/wait/invoke: does not say which chart it invokes"),
        (
            "invoke: {chart: {id: in, states: {b: {invoke: {src: in}}}}}",
            "states/wait/invoke/chart/states/b/invoke: invokes the chart `in`, which is not loaded",
        ),
        ("invoke: {src: {expr: name}}", ""),
    ] {
        let errors = wrong(state);
        assert!(errors.contains(told) && errors.is_empty() == told.is_empty(), "{state}: {errors}");
        assert!(errors.lines().count() <= 1, "told once: {errors}");
    }
}

#[test]
fn an_error_of_another_chart_says_which_one() {
    let read = |text: &str| {
        Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)))
    };
    let other = "chart: 1\nid: person\nstates: {asked: {on: {go: {guard: {bogus: 1}}}}}\n";
    let errors = Definition::load(read(LEVEL), vec![read(other)], Surroundings::default())
        .unwrap_err()
        .to_string();
    assert!(
        errors.contains("states/asked/on/go/guard") && errors.ends_with("(in the chart `person`)"),
        "{errors}"
    );
}

#[test]
fn a_case_begins_with_the_variables_of_its_chart() {
    let level = load(LEVEL);
    let start = |given: &str| level.start("c", NOW, &Value::from_json(given).unwrap());
    assert!(start(r#"{"attempts": 1, "email": "ana@example.com"}"#).is_ok());
    let refused = start(r#"{"atempts": 1, "mail": "ana@example.com"}"#).unwrap_err();
    assert_eq!(refused, Refused::Unknown(vec!["atempts".to_owned(), "mail".to_owned()]));
    assert!(refused.to_string().contains("has no variable `atempts`, `mail`"), "{refused}");
}

/// Policies whose content a byte stands for.
#[derive(Debug)]
struct Desk(u8);

impl crate::kyc::Policies for Desk {
    fn check(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn ask(&self, _: &str, _: Value, _: i64) -> Result<Option<Value>, String> {
        Ok(None)
    }

    fn digest(&self) -> [u8; 32] {
        [self.0; 32]
    }
}

#[test]
fn a_version_is_of_all_that_decides() {
    let read = |text: &str| {
        Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)))
    };
    let other = |id: &str| read(&format!("chart: 1\nid: {id}\nstates: {{a: {{}}}}\n"));
    let digest = |others: Vec<Chart>, dialect: Dialect, policies: Option<u8>| {
        let policies = policies.map(|desk| Arc::new(Desk(desk)) as Arc<dyn crate::kyc::Policies>);
        *Definition::load(read(LEVEL), others, Surroundings { dialect, policies }).unwrap().digest()
    };
    let plain = || digest(Vec::new(), Dialect::Strict, None);
    let both = |one: &str, two: &str| digest(vec![other(one), other(two)], Dialect::Strict, None);
    assert_eq!(both("x", "y"), both("y", "x"), "the order of the others does not count");
    let all = [
        plain(),
        both("x", "y"),
        digest(Vec::new(), Dialect::JavaScript, None),
        digest(Vec::new(), Dialect::Strict, Some(1)),
        digest(Vec::new(), Dialect::Strict, Some(2)),
    ];
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn a_keyword_of_a_schema_that_would_not_hold_is_told_with_its_place() {
    let wrong = |schema: &str| wrong_chart(&format!("schema: {schema}\n"));
    assert!(
        wrong("{properties: {level: {maximun: 3}}}")
            .contains("schema/properties/level/maximun: `maximun` is no keyword")
    );
    assert!(
        wrong("{$schema: 'https://json-schema.org/draft/2020-12/schema'}")
            .contains("schema/$schema")
    );
    assert_eq!(wrong("{properties: {level: {maximum: 3, x-unit: steps}}}"), "");
    let below =
        wrong_chart_of("  wait: {invoke: {chart: {id: in, schema: {nope: 1}, states: {b: {}}}}}\n");
    assert!(below.contains("states/wait/invoke/chart/schema/nope: `nope`"), "{below}");
}

fn wrong_chart(head: &str) -> String {
    let text =
        format!("chart: 1\nid: company\ncontext: {{level: 1}}\n{head}states: {{wait: {{}}}}\n");
    loaded(&text)
}

fn wrong_chart_of(states: &str) -> String {
    loaded(&format!("chart: 1\nid: company\nstates:\n{states}"))
}

fn loaded(text: &str) -> String {
    let chart = Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)));
    let loaded = Definition::load(chart, Vec::new(), Surroundings::default());
    loaded.err().map(|errors| errors.to_string()).unwrap_or_default()
}

#[test]
fn a_chart_that_invokes_itself_runs_as_deep_as_charts_may() {
    // A list, an item at each depth.
    let text = |guard: &str| {
        format!("chart: 1\nid: each\ncontext: {{left: 0, ended: 0}}\nstates:\n  asked:\n    always: [{guard}open]\n  open:\n    invoke: {{id: next, src: each, with: {{left: {{expr: {{'-': [{{var: left}}, 1]}}}}}}, onDone: {{target: over, actions: [{{assign: {{ended: {{expr: {{'+': [event.data.ended, 1]}}}}}}}}]}}}}\n  over: {{type: final, output: {{ended: {{expr: ended}}}}}}\n")
        .replace("event.data.ended, 1", "{var: event.data.ended}, 1")
    };
    let each = load(&text("{target: over, guard: {'<': [{var: left}, 1]}}, "));
    let given = |left: i64| Value::fields([("left", Value::from(left))]);
    let step = each.start("c", NOW, &given(5)).unwrap();
    assert_eq!(step.session.status(), Status::Done);
    assert_eq!(step.session.data().get_str("ended"), Some(&Value::from(5_i64)));
    let endless = load(&text("")).start("c", NOW, &given(1)).unwrap_err();
    assert!(matches!(endless, Refused::Step(StepError::Invokes { .. })), "{endless}");
    // Of two charts that invoke each other, too.
    let read = |text: &str| {
        Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)))
    };
    let one = read("chart: 1\nid: one\nstates: {a: {invoke: {src: two}}}\n");
    let two = read("chart: 1\nid: two\nstates: {a: {invoke: {src: one}}}\n");
    let both = Definition::load(one, vec![two], Surroundings::default()).unwrap();
    let endless = both.start("c", NOW, &Value::Null).unwrap_err();
    assert!(matches!(endless, Refused::Step(StepError::Invokes { .. })), "{endless}");
}

#[test]
fn a_chart_that_is_invoked_keeps_its_schema_and_the_refusal_says_which_session() {
    let child = "id: owner\ncontext: {share: 0}\nschema: {properties: {share: {type: number, maximum: 100}}}\nstates:\n  asked:\n    on:\n      share: {actions: [{assign: {share: {expr: event.data.share}}}]}\n      last: {target: told, actions: [{assign: {share: {expr: event.data.share}}}]}\n  told: {type: final}\n";
    let inner = child.replace('\n', "\n        ");
    let invoked = "chart: 1\nid: company\nstates:\n  a:\n    invoke: {id: x, src: owner, onDone: b}\n  b: {}\n".to_owned();
    let inline = format!(
        "chart: 1\nid: company\nstates:\n  a:\n    invoke:\n      id: x\n      onDone: b\n      chart:\n        {inner}\n  b: {{}}\n"
    );
    let read = |text: &str| {
        Chart::from_text(text).unwrap_or_else(|errors| panic!("{text}\n{}", ChartErrors(errors)))
    };
    for (text, others) in
        [(inline, Vec::new()), (invoked, vec![read(&format!("chart: 1\n{child}"))])]
    {
        let company = Definition::load(read(&text), others, Surroundings::default()).unwrap();
        let begun = company.start("c", NOW, &Value::Null).unwrap().session;
        let tell = |session: &Session, name: &str, share: &str| {
            let told = event(name, &format!("{{\"share\": {share}}}"));
            company.run(false, |runs| runs.deliver(session, "c.0", told, NOW))
        };
        let half = tell(&begun, "share", "50").unwrap().session;
        for name in ["share", "last"] {
            let refused = tell(&half, name, "120").unwrap_err();
            let Refused::Context(found) = &refused else { panic!("{refused}") };
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].session.as_deref(), found[0].at.as_str()), (Some("c.0"), "share"));
            assert!(refused.to_string().contains("in the session `c.0`, share: "), "{refused}");
        }
        let over = tell(&half, "last", "100").unwrap().session;
        assert_eq!(company.program().atomic(&over).collect::<Vec<_>>(), ["b"]);
    }
    // It begins as its schema has it, or not at all.
    let wrong = "chart: 1\nid: c\nstates: {a: {invoke: {src: owner, with: {share: 101}}}}\n";
    let wrong = Definition::load(
        read(wrong),
        vec![read(&format!("chart: 1\n{child}"))],
        Surroundings::default(),
    )
    .unwrap();
    assert!(matches!(wrong.start("c", NOW, &Value::Null), Err(Refused::Context(_))));
}

#[test]
fn contexts_of_a_step_are_held_against_their_schemas_within_a_bound() {
    // Each is small enough; together they are not.
    let list = (0..2_000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let alike =
        (0..60).map(|n| format!("{{not: {{const: {}}}}}", n + 9_000)).collect::<Vec<_>>().join(",");
    let child = format!(
        "chart: 1\nid: big\ncontext: {{list: [{list}]}}\nschema: {{properties: {{list: {{items: {{allOf: [{alike}]}}}}}}}}\nstates: {{a: {{}}}}\n"
    );
    let states: String = (0..20).map(|n| format!("    s{n}: {{invoke: {{src: big}}}}\n")).collect();
    let read = |text: &str| {
        Chart::from_text(text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)))
    };
    let one = Definition::load(
        read("chart: 1\nid: c\nstates: {a: {invoke: {src: big}}}\n"),
        vec![read(&child)],
        Surroundings::default(),
    )
    .unwrap();
    assert!(one.start("c", NOW, &Value::Null).is_ok());
    let all = format!(
        "chart: 1\nid: c\nstates:\n  p:\n    type: parallel\n    states:\n{}",
        states.replace("    s", "      s")
    );
    let all = Definition::load(read(&all), vec![read(&child)], Surroundings::default()).unwrap();
    assert_eq!(all.start("c", NOW, &Value::Null).unwrap_err(), Refused::Unchecked);
}

#[test]
fn a_variable_that_nothing_reads_is_told() {
    let linted = |guard: &str| -> Vec<(&str, u32)> {
        let text = format!(
            "chart: 1\nid: c\ncontext:\n  risk: low\n  note: ''\nstates:\n  a:\n    on:\n      said: {{actions: [{{assign: {{note: {{expr: {{var: event.data.text}}}}}}}}]}}\n      done: {{target: b, guard: {guard}}}\n  b: {{type: final, description: Over.}}\n"
        );
        let chart =
            Chart::from_text(&text).unwrap_or_else(|errors| panic!("{}", ChartErrors(errors)));
        let found =
            Definition::load(chart, Vec::new(), Surroundings::default()).unwrap().lint(None);
        found.into_iter().map(|finding| (finding.id, finding.place.row)).collect()
    };
    assert_eq!(linted("\"risk == 'low'\""), [("unused-variable", 5)]);
    assert_eq!(
        linted("\"contains(states, 'a')\""),
        [("unused-variable", 4), ("unused-variable", 5)]
    );
    assert_eq!(linted("{'==': [{var: risk}, {var: note}]}"), []);
    // Whatever is computed or read whole may be any of them.
    assert_eq!(linted("\"length(keys(@)) > `2`\""), []);
}
