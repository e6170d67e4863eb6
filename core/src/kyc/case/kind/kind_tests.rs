//! What a kind is read from, what is refused, and that what is written is read again the same.

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;

use super::{
    Assign, Cancelling, DocumentEvents, Kind, Levels, Migrating, Opening, Overriding, Paper, Part,
    Queue, Registering, Reopening, Resting, Ruling, Sending, Senior,
};
use crate::kyc::chart::{Duration, Expr, Place};
use crate::value::Value;
use crate::value::schema::Schema;

fn told(text: &str) -> Vec<String> {
    match Kind::from_text(text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_kind_as_json_means_what_it_means_as_yaml() {
    let yaml = "
case: 1
id: papers
chart: papers
queues:
  - id: first
    roles: [clerk]
    within: PT36H
documents:
  passport: {roles: [clerk]}
";
    let json = r#"{"case": 1, "chart": "papers", "documents": {"passport": {"roles": ["clerk"]}}, "id": "papers",
        "queues": [{"id": "first", "roles": ["clerk"], "within": "P1DT12H"}]}"#;
    let read = |text: &str| without_places(Kind::from_text(text).unwrap());
    assert_eq!(read(yaml), read(json));
    let kind = read(yaml);
    assert_eq!(kind.documents["passport"].attempts, 3, "three, if nothing is said");
    let wanted = r#"{"case":1,"chart":"papers","documents":{"passport":{"roles":["clerk"]}},"id":"papers","queues":[{"id":"first","roles":["clerk"],"within":"P1DT12H"}]}"#;
    assert_eq!(kind.to_json(), wanted);
}

#[test]
fn what_is_not_well_formed_is_refused_where_it_stands() {
    const HEAD: &str = "case: 1\nid: k\nchart: c\n";
    let cases = [
        (
            "another version",
            "case: 2\nid: k\nchart: c",
            "1:1: case: the format has version 1: write `case: 1`",
        ),
        (
            "no version",
            "{id: k, chart: c}",
            "1:1: : the version of the format is missing: write `case: 1`",
        ),
        ("no chart", "case: 1\nid: k", "1:1: : `chart` is missing"),
        (
            "a name that is none",
            "case: 1\nid: a b\nchart: c",
            "2:1: id: `a b` is no name: one has 1 to 64 letters, digits, `_`, `-` and `.`, and nothing else",
        ),
        (
            "a key that is nearly another",
            "queues: [{id: q, roles: [r], witin: P1D}]",
            "4:30: queues/0/witin: `witin` is not known here: did you mean `within`?",
        ),
        (
            "nobody's work",
            "queues: [{id: q}]",
            "4:10: queues/0: `roles` is missing: name who may, such as `roles: [compliance]`",
        ),
        (
            "nobody at all",
            "queues: [{id: q, roles: []}]",
            "4:18: queues/0/roles: nobody may, without a role: name one, or leave all of it out",
        ),
        (
            "a role twice",
            "queues: [{id: q, roles: [r, r]}]",
            "4:29: queues/0/roles/1: stands here twice: keep one of them",
        ),
        (
            "two queues of a name",
            "queues: [{id: q, roles: [r]}, {id: q, roles: [r]}]",
            "4:31: queues/1: is the second queue of this name: give each a name of its own",
        ),
        (
            "a wait that is none",
            "queues: [{id: q, roles: [r], within: two days}]",
            "4:30: queues/0/within: `two days` is no delay: write `250ms`, `1.5s`, or a duration of ISO 8601 such as `PT72H`, `P3D`, `P1M`",
        ),
        (
            "no time at all",
            "queues: [{id: q, roles: [r], within: PT0S}]",
            "4:30: queues/0/within: this takes no time at all: write how long, such as `P2D`",
        ),
        (
            "late without a time",
            "queues: [{id: q, roles: [r], missed: late}]",
            "4:30: queues/0/missed: `missed` tells what happens when the time is over, and there is no `within`: write how long a case may wait, such as `within: P2D`",
        ),
        (
            "on to itself",
            "queues: [{id: q, roles: [r], within: P1D, escalate: q}]",
            "4:43: queues/0/escalate: `q` does not come behind this queue: a case only goes on to a later one, so that none goes round",
        ),
        (
            "on to no queue",
            "queues: [{id: q, roles: [r], within: P1D, escalate: lat}, {id: late, roles: [r]}]",
            "4:43: queues/0/escalate: there is no queue `lat`: did you mean `late`?",
        ),
        (
            "an unknown way to assign",
            "queues: [{id: q, roles: [r], assign: least_loded}]",
            "4:30: queues/0/assign: `least_loded` is not known here: did you mean `least_loaded`?",
        ),
        (
            "no people",
            "decisions: {d: {roles: [r], event: e, quorum: 0}}",
            "4:39: decisions/d/quorum: a whole number from 1 to 9 belongs here",
        ),
        (
            "ten people",
            "decisions: {d: {roles: [r], event: e, quorum: 10}}",
            "4:39: decisions/d/quorum: a whole number from 1 to 9 belongs here",
        ),
        (
            "half a person",
            "decisions: {d: {roles: [r], event: e, quorum: 1.5}}",
            "4:39: decisions/d/quorum: a whole number from 1 to 9 belongs here",
        ),
        (
            "more seniors than people",
            "decisions: {d: {roles: [r], event: e, senior: {roles: [s], count: 2}}}",
            "4:60: decisions/d/senior/count: 2 of higher rank are asked for, and 1 in all: write a larger `quorum`, or a smaller `count`",
        ),
        ("no event", "decisions: {d: {roles: [r]}}", "4:13: decisions/d: `event` is missing"),
        (
            "an expression as data",
            "decisions: {d: {roles: [r], event: e, data: {risk: {expr: risk}}}}",
            "4:46: decisions/d/data/risk: nothing is evaluated here: write the value as it is, or let the chart add what it knows",
        ),
        (
            "data that is no object",
            "decisions: {d: {roles: [r], event: e, data: [1]}}",
            "4:39: decisions/d/data: an object of what its events carry belongs here, and not a list",
        ),
        (
            "a part that nobody has",
            "decisions: {d: {roles: [r], event: e, not_by: [openr]}}",
            "4:48: decisions/d/not_by/0: `openr` is not known here: did you mean `opener`?",
        ),
        (
            "a name with a blank",
            "decisions: {'a b': {roles: [r], event: e}}",
            "4:13: decisions/a b: `a b` is no name: one has 1 to 64 letters, digits, `_`, `-` and `.`, and nothing else",
        ),
        (
            "a hundred times",
            "documents: {passport: {roles: [r], attempts: 100}}",
            "4:36: documents/passport/attempts: a whole number from 1 to 99 belongs here",
        ),
        (
            "an event nobody tells",
            "document_events: {uploaded: e}",
            "4:19: document_events/uploaded: `uploaded` is not known here; there are: requested, submitted, approved, rejected, revised, expired",
        ),
        (
            "for how long?",
            "overrides: {roles: [r], event: e, expired: x}",
            "4:1: overrides: `most` is missing",
        ),
        (
            "nobody may",
            "reopening: {}",
            "4:1: reopening: `roles` is missing: name who may, such as `roles: [compliance]`",
        ),
        (
            "a list for an object",
            "decisions: [d]",
            "4:1: decisions: an object of decisions by their names belongs here, and not a list",
        ),
        (
            "a key twice",
            "evidence: []\nevidence: []",
            "5:1: evidence: `evidence` stands here twice, first in row 4, column 1: keep one of them",
        ),
        (
            "an alias of nothing that stands there",
            "evidence: &all [*all]",
            "4:17: evidence/0: this alias stands within what it stands for",
        ),
        ("a number", "evidence: [0x1F]", "4:12: evidence/0: a text belongs here, and not a number"),
        ("a truth", "evidence: [True]", "4:12: evidence/0: a text belongs here, and not a boolean"),
        (
            "another number to some",
            "evidence: [007]",
            "4:12: evidence/0: `007` is another number to some readers: write it without the zeros, or in quotes if it is a text",
        ),
        (
            "a second kind",
            "---\ncase: 1",
            "4:1: : a second document begins here: write one in a text",
        ),
    ];
    for (name, text, wanted) in cases {
        let whole = if text.starts_with("case:") || text.starts_with('{') {
            text.to_owned()
        } else {
            format!("{HEAD}{text}")
        };
        assert_eq!(told(&whole), [wanted], "{name}");
    }
}

#[test]
fn all_errors_are_told_at_once_and_in_their_order() {
    let text = "id: k\nqueues: [{id: q}]\ncase: 7\nchild_ended: ''\n";
    let rows: Vec<_> = Kind::from_text(text).unwrap_err().iter().map(|it| it.place.row).collect();
    assert_eq!(rows, [1, 2, 3, 4], "no chart, no roles, no such version, no name");
}

#[test]
fn what_is_too_large_is_refused() {
    let many = |count: usize, item: &dyn Fn(usize) -> String| {
        (0..count).map(item).collect::<Vec<_>>().join(", ")
    };
    let head = "case: 1\nid: k\nchart: c\n";
    let queues = |count| many(count, &|at| format!("{{id: q{at}, roles: [r]}}"));
    let named = |count, rest: &str| many(count, &|at| format!("n{at}: {{roles: [r]{rest}}}"));
    let cases = [
        (format!("queues: [{}]", queues(64)), ""),
        (format!("queues: [{}]", queues(65)), "there are at most 64 queues"),
        (format!("decisions: {{{}}}", named(65, ", event: e")), "there are at most 64 decisions"),
        (format!("documents: {{{}}}", named(257, "")), "there are at most 256 documents"),
        (
            format!("queues: [{{id: q, roles: [{}]}}]", many(65, &|at| format!("r{at}"))),
            "there are at most 64 `roles`",
        ),
        (
            format!("evidence: [{}]", many(257, &|at| format!("v{at}"))),
            "there are at most 256 `evidence`",
        ),
        (format!("child_ended: {}", "e".repeat(65)), "is no name"),
        (format!("description: {}", "[".repeat(65)), "nests deeper than 64"),
        (format!("description: '{}'", "x".repeat(1 << 20)), "longer than 1048576 bytes"),
    ];
    for (text, wanted) in cases {
        let told = told(&format!("{head}{text}"));
        let is_told = told.iter().any(|told| told.contains(wanted));
        assert!(if wanted.is_empty() { told.is_empty() } else { is_told }, "{wanted}: {told:?}");
    }
}

/// What is not valid by `core/case.schema.json`.
fn invalid(text: &str) -> Vec<String> {
    let schema = Value::from_json(include_str!("../../../../case.schema.json")).unwrap();
    // The validator knows older drafts, and the schema needs nothing that is newer.
    let fields =
        schema.as_object().unwrap().iter().filter(|(key, _)| key.as_str() != Some("$schema"));
    let schema = Value::object(fields.map(|(key, value)| (key.clone(), value.clone())));
    let mut charge = |_| Ok(());
    let schema = Schema::compile(&schema, &mut charge).unwrap();
    let kind = Value::from_json(text).unwrap();
    schema.validate(&kind, &mut charge).unwrap().iter().map(|wrong| format!("{wrong:?}")).collect()
}

#[test]
fn the_kind_of_the_manual_is_read_and_valid() {
    let manual = include_str!("../../../../../docs/cases.md");
    let (_, rest) = manual.split_once("```yaml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let kind = Kind::from_text(text).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(invalid(&kind.to_json()), [""; 0]);
    assert!(!invalid(r#"{"case": 1, "id": "k", "chart": "c", "queue": []}"#).is_empty());
}

#[test]
fn what_the_fuzzer_begins_with_is_read_and_written() {
    let seeds = [
        include_str!("../../../../../fuzz/seeds/case/escapes"),
        include_str!("../../../../../fuzz/seeds/case/loaded"),
        include_str!("../../../../../fuzz/seeds/case/manual"),
        include_str!("../../../../../fuzz/seeds/case/small"),
        include_str!("../../../../../examples/kyc/cases.yaml"),
    ];
    for seed in seeds {
        let kind = Kind::from_text(seed).unwrap_or_else(|errors| panic!("{seed} {errors:?}"));
        let written = kind.to_json();
        assert_eq!(Kind::from_text(&written).unwrap().to_json(), written);
        assert_eq!(invalid(&written), [""; 0], "{written}");
    }
}

#[test]
fn a_wait_is_written_with_its_months() {
    for text in
        ["P1M", "P48M", "P1461D", "P1Y2M3DT4H5M6.000000007S", "P100Y", "P36525D", "250ms", "PT36H"]
    {
        let wait: Duration = text.parse().unwrap();
        let queue = Queue {
            id: "q".into(),
            roles: vec!["r".into()],
            within: Some(wait),
            ..Queue::default()
        };
        let kind =
            Kind { id: "k".into(), chart: "c".into(), queues: vec![queue], ..Kind::default() };
        let again = Kind::from_text(&kind.to_json()).unwrap();
        assert_eq!(again.queues[0].within, Some(wait), "{text}: {}", kind.to_json());
    }
}

/// The kind as if it had been read from nowhere.
fn without_places(mut kind: Kind) -> Kind {
    let forget = |expr: &mut Option<Expr>| {
        expr.iter_mut().for_each(|expr| expr.place = Place::default());
    };
    kind.place = Place::default();
    for queue in &mut kind.queues {
        queue.place = Place::default();
        forget(&mut queue.when);
    }
    for ruling in kind.decisions.values_mut() {
        ruling.place = Place::default();
        ruling.senior.iter_mut().for_each(|senior| forget(&mut senior.when));
    }
    kind.documents.values_mut().for_each(|paper| paper.place = Place::default());
    let events = kind.events.iter_mut().flat_map(|events| events.values_mut());
    events.for_each(|it| it.place = Place::default());
    kind.overrides.iter_mut().for_each(|it| it.place = Place::default());
    kind.reopening.iter_mut().for_each(|it| it.place = Place::default());
    kind.migration.iter_mut().for_each(|it| it.place = Place::default());
    kind.opening.iter_mut().for_each(|it| it.place = Place::default());
    kind.cancelling.iter_mut().for_each(|it| it.place = Place::default());
    kind.resting.iter_mut().for_each(|it| it.place = Place::default());
    if let Some(registering) = &mut kind.party {
        registering.place = Place::default();
        registering.risk.iter_mut().for_each(|it| it.place = Place::default());
        registering.flags.values_mut().for_each(|it| it.place = Place::default());
        if let Some(level) = &mut registering.kyc_level {
            (level.place, level.of.place) = (Place::default(), Place::default());
        }
    }
    kind
}

fn name() -> impl Strategy<Value = String> {
    "[a-zé][a-z0-9_.-]{0,8}|null|true|12|1e3|0x1f|2026-11-30".prop_map(String::from)
}

fn names(least: usize) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(name(), least..4).prop_map(|names| names.into_iter().collect())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~é\n\t\u{7f}\u{85}\u{2028}]{0,12}",
        any::<String>(),
        Just("~".to_owned()),
        Just("\u{feff}\u{0}\u{ffff}😀".to_owned())
    ]
}

fn value() -> BoxedStrategy<Value> {
    let scalar = prop_oneof![
        Just(Value::Bool(true)),
        any::<i64>().prop_map(Value::int),
        Just(Value::from_json("123456789012345678901234567890.1250").unwrap()),
        text().prop_map(Value::from),
    ];
    let nested = scalar.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::array),
            vec((name(), inner), 0..3).prop_map(|fields| Value::object(
                fields.into_iter().map(|(key, value)| (Value::from(key), value))
            )),
        ]
    });
    nested.boxed()
}

fn expr() -> impl Strategy<Value = Option<Expr>> {
    of(value().prop_map(|source| Expr { source, place: Place::default() }))
}

fn wait() -> impl Strategy<Value = Duration> {
    let any = (0_u32..=1_200, 1_i64..3_000_000_000_000_000_000);
    any.prop_map(|(months, nanos)| {
        let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
        format!("P{months}MT{seconds}.{rest:09}S").parse().unwrap()
    })
}

fn queue() -> impl Strategy<Value = Queue> {
    let assign = prop::sample::select(super::read::ASSIGN.to_vec());
    (names(0), expr(), names(1), of((wait(), of(name()))), assign).prop_map(
        |(states, when, roles, within, assign)| Queue {
            states,
            when,
            roles,
            within: within.as_ref().map(|(wait, _)| *wait),
            missed: within.and_then(|(_, missed)| missed),
            assign,
            ..Queue::default()
        },
    )
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    prop::sample::subsequence(super::read::PARTS.to_vec(), 0..=3)
}

fn sending() -> impl Strategy<Value = Sending> {
    let roles = prop_oneof![Just(Vec::new()), names(1)];
    roles.prop_map(|roles| Sending { roles, place: Place::default() })
}

fn ruling() -> impl Strategy<Value = Ruling> {
    let senior = (expr(), names(1), 1_u8..10);
    let not_by = parts();
    let object = vec((name(), value()), 0..3).prop_map(|fields| {
        Value::object(fields.into_iter().map(|(key, value)| (Value::from(key), value)))
    });
    let events = (name(), of(name()), of(name()));
    (names(0), names(1), 1_u8..10, of(senior), names(0), not_by, events, of(object)).prop_map(
        |(states, roles, quorum, senior, reasons, not_by, (event, proposed, returned), data)| {
            let senior =
                senior.map(|(when, roles, count)| Senior { when, roles, count: count.min(quorum) });
            let place = Place::default();
            Ruling {
                states,
                roles,
                quorum,
                senior,
                reasons,
                not_by,
                event,
                proposed,
                returned,
                data,
                place,
            }
        },
    )
}

fn paper() -> impl Strategy<Value = Paper> {
    (of(text()), 1_u8..100, of(wait()), names(1), names(0), parts()).prop_map(
        |(description, attempts, within, roles, reasons, not_by)| Paper {
            description,
            attempts,
            within,
            roles,
            reasons,
            not_by,
            place: Place::default(),
        },
    )
}

fn registering() -> impl Strategy<Value = Registering> {
    let some = || value().prop_map(|source| Expr { source, place: Place::default() });
    let level = (some(), btree_map(name(), any::<u8>(), 0..4));
    (of(level), some(), btree_map(name(), some(), 0..3)).prop_map(|(level, risk, flags)| {
        let place = Place::default;
        Registering {
            kyc_level: level.map(|(of, levels)| Levels { of, levels, place: place() }),
            risk: Some(risk),
            flags,
            place: place(),
        }
    })
}

fn kind() -> impl Strategy<Value = Kind> {
    let head = (name(), of(text()), name(), names(0), of(name()));
    let queues = vec((queue(), any::<u8>()), 0..4).prop_map(|queues| {
        let count = queues.len();
        let place = |(at, (queue, to)): (usize, (Queue, u8))| {
            let next = at + 1 + usize::from(to) % 4;
            let escalate = (queue.within.is_some() && next < count).then(|| format!("q{next}"));
            Queue { id: format!("q{at}"), escalate, ..queue }
        };
        queues.into_iter().enumerate().map(place).collect::<Vec<_>>()
    });
    let events = (vec(of(name()), 6), of(name()), of(btree_map(name(), sending(), 0..3)));
    let overrides = of((names(1), wait(), name(), name()));
    let below = btree_map(name(), names(0), 0..3);
    let reopening =
        (of((names(1), names(0))), of(registering()), of((names(1), names(0), below, names(0))));
    let office = (of((of(names(0)), any::<bool>())), of(names(1)), of((names(1), wait())));
    let named = (btree_map(name(), ruling(), 0..3), btree_map(name(), paper(), 0..3));
    (head, queues, named, events, overrides, reopening, office).prop_map(
        |(
            head,
            queues,
            (decisions, documents),
            (papers, asks, events),
            overrides,
            (reopening, party, migration),
            (opening, cancelling, resting),
        )| {
            let (id, description, chart, evidence, child_ended) = head;
            let place = Place::default;
            let mut document_events = DocumentEvents::default();
            document_events.all_mut().into_iter().zip(papers).for_each(|(to, event)| *to = event);
            Kind {
                id,
                description,
                chart,
                evidence,
                queues,
                decisions,
                documents,
                document_events,
                asks,
                events,
                overrides: overrides.map(|(roles, most, event, expired)| Overriding {
                    roles,
                    most,
                    event,
                    expired,
                    place: place(),
                }),
                reopening: reopening.map(|(roles, keep)| Reopening { roles, keep, place: place() }),
                migration: migration.map(|(roles, keep, below, stay)| Migrating {
                    roles,
                    keep,
                    below,
                    stay,
                    place: place(),
                }),
                opening: opening.map(|(given, is_once)| Opening { given, is_once, place: place() }),
                cancelling: cancelling.map(|roles| Cancelling { roles, place: place() }),
                resting: resting.map(|(roles, most)| Resting { roles, most, place: place() }),
                child_ended,
                party,
                place: place(),
            }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_the_same(kind in kind()) {
        let written = kind.to_json();
        let read = Kind::from_text(&written);
        prop_assert!(read.is_ok(), "{:?} {}", read, written);
        let read = read.unwrap();
        prop_assert_eq!(read.to_json(), written.clone());
        prop_assert_eq!(without_places(read), kind);
        prop_assert_eq!(invalid(&written), [""; 0]);
    }

    #[test]
    fn whatever_stands_there_is_a_kind_or_refused_with_a_place(text in "[a-z0-9:,\\[\\]{}'\" \n&*!|>-]{0,80}") {
        if let Err(errors) = Kind::from_text(&text) {
            prop_assert!(!errors.is_empty() && errors.iter().all(|error| error.place.row > 0));
        }
    }
}

#[test]
fn the_words_are_those_of_the_manual() {
    assert_eq!(super::read::ASSIGN.map(Assign::name), ["nobody", "least_loaded", "round_robin"]);
    assert_eq!(super::read::PARTS.map(Part::name), ["opener", "submitter", "overrider"]);
}
