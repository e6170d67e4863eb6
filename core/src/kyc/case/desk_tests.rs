//! What a kind is refused for when it is loaded, and what a desk answers about cases.

use super::Desk;
use crate::kyc::case::Kind;
use crate::kyc::chart::{Chart, Event, Session};
use crate::kyc::{ChartErrors, Definition, Surroundings};
use crate::value::Value;

const PARENT: &str = "
chart: 1
id: parent
context: {risk: low, hits: [], score: 0}
states:
  waiting: {on: {submitted: review}}
  review:
    invoke:
      id: eyes
      src: child
      with: {}
      autoforward: true
      onDone: settled
    on: {review.late: null, 'document.*': null, withdrawn: settled}
    states:
      written:
        invoke:
          - id: inner
            chart: {states: {inline: {on: {never: null}}}}
            onDone: null
  settled: {type: final}
";

const CHILD: &str = "
chart: 1
id: child
context: {maker: null}
states:
  undecided: {on: {proposed: chosen}}
  chosen: {on: {confirmed: over, returned: undecided}, exit: [{assign: {maker: {expr: {'+': [nobody, 1]}}}}]}
  over: {type: final}
";

fn chart(text: &str) -> Chart {
    Chart::from_text(text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn kind(rest: &str) -> Kind {
    let text = format!("case: 1\nid: papers\nchart: parent\n{rest}");
    Kind::from_text(&text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn load(rest: &str) -> Result<Desk, ChartErrors> {
    Desk::load(kind(rest), vec![chart(CHILD), chart(PARENT)], Surroundings::default())
}

#[test]
fn what_the_charts_do_not_have_is_told_with_its_place() {
    let cases = [
        (
            "a state",
            "queues: [{id: q, roles: [r], states: [reviw]}]",
            "4:10: queues/0/states: no chart has the state `reviw`; did you mean `review`?",
        ),
        (
            "a state of a decision",
            "decisions: {d: {roles: [r], event: confirmed, states: [gone]}}",
            "4:13: decisions/d/states: no chart has the state `gone`",
        ),
        (
            "evidence",
            "evidence: [risc]",
            "1:1: evidence: the chart has no variable `risc` in its `context`; did you mean `risk`?",
        ),
        (
            "evidence of a chart below",
            "evidence: [maker]",
            "1:1: evidence: the chart has no variable `maker` in its `context`",
        ),
        (
            "what is kept",
            "reopening: {roles: [r], keep: [scor]}",
            "4:1: reopening/keep: the chart has no variable `scor` in its `context`; did you mean `score`?",
        ),
        (
            "a chart that goes on",
            "migration: {roles: [r], below: {monitor: [maker]}}",
            "4:1: migration/below/monitor: no chart invokes anything as `monitor`",
        ),
        (
            "a variable of a chart that goes on",
            "migration: {roles: [r], below: {eyes: [makr], inner: []}}",
            "4:1: migration/below/eyes: what is invoked as `eyes` has no variable `makr` in its `context`; did you mean `maker`?",
        ),
        (
            "an event",
            "decisions: {d: {roles: [r], event: confirmd}}",
            "4:13: decisions/d/event: no state of any chart hears `confirmd`: add a transition for it, or leave it out; did you mean `confirmed`?",
        ),
        (
            "an event of a queue",
            "queues: [{id: q, roles: [r], within: P1D, missed: late}]",
            "4:10: queues/0/missed: no state of any chart hears `late`: add a transition for it, or leave it out",
        ),
        (
            "an event of documents",
            "document_events: {expired: documents.over}",
            "1:1: document_events/expired: no state of any chart hears `documents.over`: add a transition for it, or leave it out",
        ),
        (
            "an event that is only the beginning",
            "child_ended: review",
            "1:1: child_ended: no state of any chart hears `review`: add a transition for it, or leave it out",
        ),
        (
            "a variable of a guard",
            "queues: [{id: q, roles: [r], when: {'==': [{var: risc}, low]}}]",
            "4:30: queues/0/when: reads `risc`, and there is no such variable: did you mean `risk`?",
        ),
        (
            "a variable of a chart below",
            "queues: [{id: q, roles: [r], when: {'==': [{var: maker}, low]}}]",
            "4:30: queues/0/when: reads `maker`, and there is no such variable: declare it in `context`",
        ),
        (
            "a guard that is none",
            "decisions: {d: {roles: [r], event: confirmed, senior: {roles: [r], when: {equals: [1, 1]}}}}",
            "equals",
        ),
        (
            "a state of a guard",
            "queues: [{id: q, roles: [r], when: \"In('gone')\"}]",
            "4:30: queues/0/when: asks for the state `gone`, and no chart has one",
        ),
    ];
    for (name, rest, wanted) in cases {
        let told = load(rest).map(|_| ()).unwrap_err().to_string();
        assert!(
            told.ends_with(wanted) || (wanted == "equals" && told.contains(wanted)),
            "{name}: {told}"
        );
        assert_eq!(told.lines().count(), 1, "{name}: {told}");
    }
    let alone = Desk::load(kind(""), vec![chart(CHILD)], Surroundings::default()).unwrap_err();
    let wanted = "1:1: chart: the chart `parent` is not loaded together with the kind: load it";
    assert_eq!(alone.to_string(), wanted);
    let slip = Kind { chart: "parnt".to_owned(), ..kind("") };
    let told = Desk::load(slip, vec![chart(PARENT)], Surroundings::default()).unwrap_err();
    assert!(told.to_string().ends_with("load it; did you mean `parent`?"), "{told}");
    let without = Desk::load(kind(""), vec![chart(PARENT)], Surroundings::default()).unwrap_err();
    assert!(without.to_string().contains("`child`, which is not loaded"), "{without}");
}

#[test]
fn what_the_charts_have_is_taken() {
    let cases = [
        "queues: [{id: q, roles: [r], states: [chosen, inline, written]}]",
        "decisions: {d: {roles: [r], event: confirmed, proposed: proposed, returned: returned}}",
        "document_events: {submitted: document.uploaded, approved: document}",
        "queues: [{id: q, roles: [r], when: \"In('inline')\"}]",
        "queues: [{id: q, roles: [r], when: \"now > '2026' && contains(states, 'review')\"}]",
        "child_ended: never",
        "evidence: [risk, hits, score]",
    ];
    for rest in cases {
        assert!(load(rest).is_ok(), "{rest}: {:?}", load(rest));
    }
}

#[test]
fn a_kind_that_was_made_by_hand_keeps_to_the_same_rules() {
    let mut many = kind("decisions: {d: {roles: [r], event: confirmed}}");
    many.decisions.get_mut("d").unwrap().quorum = 10;
    let told = Desk::load(many, vec![chart(CHILD), chart(PARENT)], Surroundings::default());
    assert!(told.unwrap_err().to_string().contains("a whole number from 1 to 9"));
}

fn after(desk: &Desk, events: &[&str]) -> Session {
    let mut session = desk.definition().start("case-1", 0, &Value::Null).unwrap().session;
    for event in events {
        session = desk.definition().step(&session, Event::named(*event), 1).unwrap().session;
    }
    session
}

#[test]
fn a_case_belongs_to_the_first_queue_that_fits() {
    let desk = load(
        "
queues:
  - {id: second_eyes, states: [chosen], roles: [r]}
  - {id: written_there, states: [inline], when: \"score > `5`\", roles: [r]}
  - {id: first_eyes, states: [undecided], roles: [r]}
  - {id: asked, when: \"contains(states, 'waiting') && now > '2000'\", roles: [r]}
",
    )
    .unwrap();
    let cases: [(&[&str], i64, Option<usize>); 6] = [
        (&[], 0, None),
        (&[], 1_800_000_000_000_000_000, Some(3)),
        (&["submitted"], 0, Some(2)),
        (&["submitted", "proposed"], 0, Some(0)),
        (&["submitted", "proposed", "returned"], 0, Some(2)),
        (&["submitted", "proposed", "confirmed"], 0, None),
    ];
    for (events, now, wanted) in cases {
        let session = after(&desk, events);
        let before = session.to_bytes();
        assert_eq!(desk.queue_of(&session, now), Ok(wanted), "{events:?}");
        assert_eq!(session.to_bytes(), before, "asking changes nothing");
    }
}

#[test]
fn states_count_in_the_case_and_below_it() {
    let desk = load("").unwrap();
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let cases: [(&[&str], &[&str], bool); 8] = [
        (&[], &["waiting"], true),
        (&[], &["undecided"], false),
        (&["submitted"], &["review"], true),
        (&["submitted"], &["undecided"], true),
        (&["submitted"], &["inline"], true),
        (&["submitted", "proposed"], &["undecided", "waiting"], false),
        (&["submitted", "withdrawn"], &["settled"], true),
        (&["submitted", "withdrawn"], &["undecided"], false),
    ];
    for (events, states, wanted) in cases {
        let session = after(&desk, events);
        assert_eq!(desk.in_states(&names(states), &session), wanted, "{events:?} {states:?}");
        assert!(desk.in_states(&[], &session));
    }
}

#[test]
fn a_session_of_another_chart_has_no_states_here() {
    let desk = load("queues: [{id: q, roles: [r], states: [chosen]}]").unwrap();
    let other = chart(
        "{chart: 1, id: other, states: {a: {type: parallel, states: {b: null, chosen: null}}}}",
    );
    let other = Definition::load(other, Vec::new(), Surroundings::default()).unwrap();
    let session = other.start("case-1", 0, &Value::Null).unwrap().session;
    let told = desk.queue_of(&session, 0).unwrap_err();
    assert_eq!(told.message, "the session `case-1` is none of the chart `parent`");
    assert!(!desk.in_states(&["review".to_owned()], &session));
}

#[test]
fn people_of_higher_rank_are_needed_when_the_guard_says_so() {
    let desk = load(
        "
decisions:
  always: {roles: [r], event: confirmed, senior: {roles: [s]}}
  never: {roles: [r], event: confirmed}
  sometimes: {roles: [r], event: confirmed, senior: {roles: [s], when: \"risk == 'high'\"}}
  faulty: {roles: [r], event: confirmed, senior: {roles: [s], when: {'<': [{var: risk}, 1]}}}
",
    )
    .unwrap();
    let begin = |risk: &str| {
        let given = Value::fields([("risk", Value::from(risk))]);
        desk.definition().start("case-1", 0, &given).unwrap().session
    };
    let cases = [
        ("always", "low", true),
        ("never", "high", false),
        ("sometimes", "low", false),
        ("sometimes", "high", true),
        ("unknown", "high", false),
    ];
    for (decision, risk, wanted) in cases {
        assert_eq!(
            desk.needs_senior(decision, None, &begin(risk), 0),
            Ok(wanted),
            "{decision} {risk}"
        );
    }
    let told = desk.needs_senior("faulty", None, &begin("low"), 0).unwrap_err();
    assert!(told.message.contains("compares a text with a number"), "{told}");
}

#[test]
fn evidence_and_what_is_kept_are_variables_with_their_values() {
    let desk =
        load("evidence: [risk, hits]\nreopening: {roles: [r], keep: [score, risk]}").unwrap();
    let session = after(&desk, &[]);
    assert_eq!(desk.evidence_of(&session).to_json(), r#"{"hits":[],"risk":"low"}"#);
    assert_eq!(desk.starts_with(&session).to_json(), r#"{"risk":"low","score":0}"#);
    assert_eq!(load("").unwrap().starts_with(&session).to_json(), "{}");
}

#[test]
fn the_digest_names_the_content() {
    let digest = |rest: &str, parent: &str| {
        let charts = vec![chart(CHILD), chart(parent)];
        *Desk::load(kind(rest), charts, Surroundings::default()).unwrap().digest()
    };
    let first = digest("evidence: [risk]", PARENT);
    assert_eq!(first, digest("evidence: ['risk']\nqueues: []", PARENT), "written in another way");
    assert_ne!(first, digest("evidence: [hits]", PARENT), "another kind");
    assert_ne!(first, digest("evidence: [risk]", &PARENT.replace("score: 0", "score: 1")));
}

/// The kind that the repository shows, with the charts that stand beside it.
#[test]
fn the_example_is_loaded_with_its_charts() {
    let charts = [
        include_str!("../../../../examples/kyc/decision.yaml"),
        include_str!("../../../../examples/kyc/document.yaml"),
        include_str!("../../../../examples/kyc/each.yaml"),
        include_str!("../../../../examples/kyc/individual.yaml"),
        include_str!("../../../../examples/kyc/institution.yaml"),
        include_str!("../../../../examples/kyc/monitoring.yaml"),
        include_str!("../../../../examples/kyc/owner.yaml"),
    ];
    let kind = Kind::from_text(include_str!("../../../../examples/kyc/cases.yaml")).unwrap();
    let desk = Desk::load(kind, charts.map(chart).to_vec(), Surroundings::default()).unwrap();
    let definition = desk.definition();
    let given = Value::from_json(r#"{"party": "c1"}"#).unwrap();
    let mut session = definition.start("case-1", 0, &given).unwrap().session;
    let queue = |session: &Session| {
        let at = desk.queue_of(session, 0).unwrap()?;
        Some(desk.kind().queues[at].id.clone())
    };
    let papers: Vec<String> = ["email", "phone"]
        .iter()
        .flat_map(|paper| {
            ["uploaded", "processing", "verified"].map(|what| {
                format!(r#"document.{what}={{"party": "c1", "document": "{paper}", "file": "f1"}}"#)
            })
        })
        .collect();
    // The level before needs a wallet, and no people.
    let wallet = ["uploaded", "processing", "verified"].map(|what| {
        format!(r#"document.{what}={{"party": "c1", "document": "wallet", "file": "f1"}}"#)
    });
    let asked = |level: &str| format!(r#"application.requested={{"level": "{level}"}}"#);
    let screened = r#"screening.done={"party": "c1", "for": "application", "level": "L1", "hits": ["list"], "pep": true, "risk": "medium"}"#;
    let events = [asked("L0")].into_iter().chain(wallet).chain([asked("L1")]).chain(papers);
    for event in events {
        let is_there = event.contains("processing") || event.contains("verified");
        let wanted = is_there.then_some("documents");
        assert_eq!(queue(&session).as_deref(), wanted, "before {event}");
        session = told(&desk, &session, &event);
    }
    session = told(&desk, &session, screened);
    assert_eq!(queue(&session).as_deref(), Some("senior"), "politically exposed");
    assert_eq!(desk.needs_senior("approve", None, &session, 0), Ok(true));
    assert_eq!(desk.needs_senior("reject", None, &session, 0), Ok(false), "but for a refusal");
    let states = |decision: &str| desk.kind().decisions[decision].states.clone();
    assert!(desk.in_states(&states("approve"), &session));
    assert!(!desk.in_states(&states("retain"), &session));
    let wanted = r#""hits":["list"]"#;
    assert!(desk.evidence_of(&session).to_json().contains(wanted));
    // What a desk carries to the chart is what the chart takes.
    for (event, by, role) in [
        ("decision.proposed", "first", "compliance"),
        ("decision.confirmed", "second", "senior_compliance"),
    ] {
        let text = format!(
            r#"{event}={{"task": "application", "outcome": "approve", "by": "{by}", "role": "{role}", "why": "false_positive"}}"#
        );
        session = told(&desk, &session, &text);
    }
    assert!(desk.in_states(&["approved".to_owned()], &session));
    assert_eq!(queue(&session), None);
}

/// The case after `EVENT={"data": …}`.
fn told(desk: &Desk, session: &Session, event: &str) -> Session {
    let (name, data) = event.split_once('=').unwrap();
    let event = Event::named(name.to_owned()).with(Value::from_json(data).unwrap());
    let step = desk.definition().step(session, event, 0).unwrap();
    assert!(step.heard, "{name} is heard");
    step.session
}
