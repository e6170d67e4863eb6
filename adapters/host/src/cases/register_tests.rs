//! What the register of parties hears of cases, and policies that are kept with a kind.

use std::sync::Arc;

use thalium::api::party::{AmendParty, PartyView, RegisterParty};
use thalium::api::{Answer, Named, Question};
use thalium::kyc::case::{Command, Fact, Json};
use thalium::policy::rego::Value;

use super::super::{
    AdvanceCases, CaseChange, CaseOutcome, ChangeCase, DefineCases, GetCase, OpenCase, SendToCase,
};
use crate::wire::OpenPolicy;
use crate::{CaseFault, KeyText, Keys, Options, Thalium};

const CHART: &str = r#"
chart: 1
id: level
context: {granted: none, risk: low, score: 0}
states:
  active:
    on:
      granted: {actions: [{assign: {granted: {expr: {var: event.data.level}}}}]}
      rated: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
      suspended: suspended
      closed: closed
  suspended: {on: {lifted: active, closed: closed}}
  closed: {type: final}
"#;

const KIND: &str = r#"
case: 1
id: level
chart: level
queues:
  - {id: high, states: [active], when: {rego: kyc/high}, roles: [senior]}
  - {id: usual, states: [active], roles: [clerk]}
party:
  kyc_level: {of: "contains(states, 'active') && granted || 'none'", levels: {none: 0, L1: 1, L2: 2}}
  risk: risk
  flags: {suspended: "contains(states, 'suspended')"}
"#;

const MODULE: &str = "package kyc\n\nhigh if input.score >= 5\n\nhigh if input.risk == \"high\"\n";

fn policy() -> OpenPolicy {
    let files = [("kyc/kyc.rego".to_owned(), MODULE.to_owned())].into();
    OpenPolicy { files: Some(files), ..OpenPolicy::default() }
}

fn define(t: &Thalium, policy: Option<OpenPolicy>) -> Result<String, CaseFault> {
    let charts = vec![CHART.to_owned()];
    let call = DefineCases { kind: KIND.to_owned(), charts, policy, ..DefineCases::default() };
    t.define_cases(&call).map(|kind| kind.digest)
}

fn keys() -> Arc<dyn Keys> {
    Arc::new(KeyText::generate().unwrap())
}

fn open_with(address: &str, keys: &Arc<dyn Keys>) -> Thalium {
    let options = Options { keys: Some(Arc::clone(keys)), ..Options::default() };
    let t = Thalium::open_with(address, options).unwrap();
    if t.list_kinds().unwrap().is_empty() {
        for party in ["c42", "c43"] {
            submit(&t, RegisterParty::person(party));
        }
        define(&t, Some(policy())).unwrap();
    }
    t
}

fn submit(t: &Thalium, command: impl Into<crate::Command>) {
    let told = t.submit(&[command.into()]).unwrap();
    assert!(told[0].ok, "{told:?}");
}

fn ask(t: &Thalium, case: &str, change: CaseChange, data: &str) -> CaseOutcome {
    let call = ChangeCase {
        case: case.to_owned(),
        change,
        data: None,
        actor: None,
        request_id: None,
        now: None,
    };
    let outcome = t.change_case(&call, Some(Value::from_json(data).unwrap())).unwrap();
    assert!(outcome.ok, "{outcome:?}");
    outcome
}

fn opened(party: Option<&str>) -> CaseChange {
    let party = party.map(str::to_owned);
    CaseChange::Open(OpenCase { kind: "level".to_owned(), party, ..OpenCase::default() })
}

fn event(name: &str) -> CaseChange {
    CaseChange::Send(SendToCase { event: name.to_owned(), ..SendToCase::default() })
}

fn party(t: &Thalium, name: &str) -> PartyView {
    let question = Question::GetParty(Named { name: name.to_owned(), viewer: None });
    let Answer::Party(Some(found)) = t.ask(&question).unwrap() else { panic!("no `{name}`") };
    *found
}

fn standing(t: &Thalium, name: &str) -> (u8, Option<String>, Vec<String>) {
    let PartyView { kyc_level, risk, flags, .. } = party(t, name);
    let risk = risk.map(|risk| serde_json::to_value(risk).unwrap().as_str().unwrap().to_owned());
    (kyc_level, risk, flags)
}

#[test]
fn a_level_is_an_event_of_the_party() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("file:{}", folder.path().display());
    let keys = keys();
    let t = open_with(&address, &keys);
    ask(&t, "case", opened(Some("c42")), "{}");
    assert_eq!(standing(&t, "c42"), (0, None, vec![]), "what a case begins with is told to nobody");
    let way = [
        ("granted", r#"{"level": "L1"}"#, (1, None, vec![])),
        ("granted", r#"{"level": "L2"}"#, (2, None, vec![])),
        ("suspended", "{}", (0, None, vec!["suspended".to_owned()])),
        ("lifted", "{}", (2, None, vec![])),
        ("rated", r#"{"risk": "high"}"#, (2, Some("high"), vec![])),
    ];
    for (name, data, (level, risk, flags)) in way {
        let outcome = ask(&t, "case", event(name), data);
        assert_eq!(outcome.code, None, "{name}: {outcome:?}");
        let wanted = (level, risk.map(str::to_owned), flags);
        assert_eq!(standing(&t, "c42"), wanted, "{name}");
        let told = outcome.now.unwrap().standing.unwrap();
        assert_eq!((told.kyc_level, told.flags), (Some(wanted.0), wanted.2));
        assert!(told.told, "{name}");
    }
    assert_eq!(standing(&t, "c43"), (0, None, vec![]), "nobody else is");
    // Another case of the same party says nothing before it has found something.
    ask(&t, "case-2", opened(Some("c42")), r#"{"granted": "L1", "risk": "low"}"#);
    assert_eq!(standing(&t, "c42"), (2, Some("high".to_owned()), vec![]));
    assert!(t.replay_cases().unwrap().same);
    t.close().unwrap();
    let t = open_with(&address, &keys);
    assert_eq!(standing(&t, "c42"), (2, Some("high".to_owned()), vec![]));
    // What somebody says of the party meanwhile stands: what was told is not told again.
    let by_hand = AmendParty { party: "c42".into(), kyc_level: Some(9), ..AmendParty::default() };
    submit(&t, by_hand);
    t.advance_cases(&AdvanceCases::default()).unwrap();
    assert_eq!(party(&t, "c42").kyc_level, 9);
    ask(&t, "case", event("rated"), r#"{"risk": "medium"}"#);
    assert_eq!(standing(&t, "c42"), (9, Some("medium".to_owned()), vec![]), "it is another matter");
    ask(&t, "case", event("closed"), "{}");
    assert_eq!(party(&t, "c42").kyc_level, 0, "whatever was granted ends with the case");
    assert!(t.replay_cases().unwrap().same);
}

#[test]
fn what_the_books_do_not_take_is_told_again_until_they_do() {
    let folder = tempfile::tempdir().unwrap();
    let t = open_with(&format!("file:{}", folder.path().display()), &keys());
    ask(&t, "case", opened(Some("c42")), "{}");
    // No flag more finds room.
    let set: Vec<String> = (0..32).map(|flag| format!("flag-{flag}")).collect();
    submit(&t, AmendParty { party: "c42".into(), set: set.clone(), ..AmendParty::default() });
    let outcome = ask(&t, "case", event("suspended"), "{}");
    assert_eq!(outcome.code.as_deref(), Some("register"));
    let now = outcome.now.unwrap();
    assert_eq!(
        (now.states.as_slice(), now.standing.unwrap().told),
        (&["suspended".to_owned()][..], false)
    );
    let advanced = t.advance_cases(&AdvanceCases::default()).unwrap();
    assert_eq!(advanced.refused.len(), 1);
    assert_eq!(advanced.refused[0].code.as_deref(), Some("register"));
    submit(&t, AmendParty { party: "c42".into(), clear: set, ..AmendParty::default() });
    let advanced = t.advance_cases(&AdvanceCases::default()).unwrap();
    assert_eq!(advanced.refused, []);
    assert_eq!(standing(&t, "c42").2, ["suspended"]);
    let view = t.get_case(&GetCase { case: "case".to_owned(), open: None }).unwrap();
    assert!(view.standing.unwrap().told);
    assert!(t.replay_cases().unwrap().same);
}

#[test]
fn what_was_not_told_when_the_power_failed_is_told_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("file:{}", folder.path().display());
    let keys = keys();
    let t = open_with(&address, &keys);
    ask(&t, "case", opened(Some("c42")), "{}");
    // The case is durable, and nobody has told of it.
    let change = |t: &Thalium, event: &str, data: &str| {
        let data = Some(Json(Value::from_json(data).unwrap()));
        let event = event.to_owned();
        let sent = Command::Send { event, data, session: None, invoke_id: None };
        let by = t.by(None, None, None).unwrap();
        t.change_cases(|cases| {
            let done = cases.decide("case", sent, &by).unwrap();
            Ok::<_, crate::Error>((done.changes.into_iter().map(Fact::from).collect(), ()))
        })
        .unwrap();
    };
    change(&t, "granted", r#"{"level": "L2"}"#);
    t.close().unwrap();
    let t = open_with(&address, &keys);
    assert_eq!(party(&t, "c42").kyc_level, 0);
    assert_eq!(t.advance_cases(&AdvanceCases::default()).unwrap().refused, []);
    assert_eq!(party(&t, "c42").kyc_level, 2);
    // Booked, and nobody has written that down: the way back to what was told before is told.
    change(&t, "suspended", "{}");
    let booked = AmendParty { party: "c42".into(), kyc_level: Some(0), ..AmendParty::default() };
    submit(&t, booked);
    ask(&t, "case", event("lifted"), "{}");
    assert_eq!(standing(&t, "c42"), (2, Some("low".to_owned()), vec![]));
    assert!(t.replay_cases().unwrap().same);
}

#[test]
fn a_kind_asks_the_policy_that_was_given_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("bundle");
    std::fs::create_dir_all(bundle.join("kyc")).unwrap();
    std::fs::write(bundle.join("kyc/kyc.rego"), MODULE).unwrap();
    let address = format!("file:{}", folder.path().join("books").display());
    let t = Thalium::open(&address).unwrap();
    let path = Some(bundle.display().to_string());
    let digest = define(&t, Some(OpenPolicy { path, ..OpenPolicy::default() })).unwrap();
    // It is kept: what becomes of the folder says nothing.
    std::fs::remove_dir_all(&bundle).unwrap();
    t.close().unwrap();
    let t = Thalium::open(&address).unwrap();
    let queue = |case: &str, data: &str| {
        let outcome = ask(&t, case, opened(None), data);
        outcome.now.unwrap().place.unwrap().queue
    };
    assert_eq!(queue("a", r#"{"score": 4}"#), "usual");
    assert_eq!(queue("b", r#"{"score": 5}"#), "high");
    assert_eq!(queue("c", r#"{"risk": "high"}"#), "high");
    // Given as files, it is the same version; another policy is another.
    assert_eq!(define(&t, Some(policy())).unwrap(), digest);
    let mut other = policy();
    let files = [("kyc/kyc.rego".to_owned(), MODULE.replace('5', "9"))].into();
    other.files = Some(files);
    assert_ne!(define(&t, Some(other)).unwrap(), digest);
    assert_eq!(queue("d", r#"{"score": 5}"#), "usual");
    assert!(t.replay_cases().unwrap().same);
}

#[test]
fn a_policy_that_is_none_is_refused_with_the_kind() {
    let t = Thalium::open("memory:").unwrap();
    let files = |text: &str| OpenPolicy {
        files: Some([("kyc.rego".to_owned(), text.to_owned())].into()),
        ..OpenPolicy::default()
    };
    let table = [
        ("none is given", None, "there is no policy to ask"),
        ("neither path nor files", Some(OpenPolicy::default()), "give one of `path` and `files`"),
        ("no policy", Some(files("pakage kyc")), "rego_parse_error"),
        ("another package", Some(files("package aml\n\nhigh if true\n")), "kyc/high"),
        ("not signed", Some(OpenPolicy { keys: Some(vec![]), ..policy() }), "sign"),
    ];
    for (name, policy, wanted) in table {
        let told = define(&t, policy).unwrap_err().to_string();
        assert!(told.contains(wanted), "{name}: {told}");
    }
    assert!(t.list_kinds().unwrap().is_empty(), "nothing was defined");
}
