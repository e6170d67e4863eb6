//! Cases beside the books: durable, sealed, opened again, decided once more.

use thalium::api::party::{AccessQuery, ForgetParty, GrantAccess, RegisterParty};
use thalium::party::ForgetScope;

use super::*;
use crate::sealed::OpenSealed;
use crate::wire::call;
use crate::{Access, KeyText, Keys, NewKeys, Options, Until, backup, hex, restore, verify};

const KIND: &str = r#"
case: 1
id: onboarding
chart: onboarding
evidence: [risk]
queues:
  - {id: senior, states: [review], when: {"==": [{var: risk}, high]}, roles: [senior]}
  - {id: reviews, states: [review], roles: [officer], within: P2D, missed: sla.missed, escalate: late, assign: least_loaded}
  - {id: late, when: {"==": [1, 2]}, roles: [senior]}
decisions:
  approve: {states: [review], roles: [officer, senior], quorum: 2, reasons: [fine, checked], event: approved, returned: returned}
  reject: {states: [review], roles: [officer, senior], quorum: 1, reasons: [forged], event: rejected}
documents:
  passport: {attempts: 2, within: P7D, roles: [officer], reasons: [blurred]}
document_events: {submitted: passport.in, approved: passport.good, revised: passport.again}
reopening: {roles: [senior], keep: [limit]}
"#;

const CHART: &str = r#"
chart: 1
id: onboarding
context: {risk: low, limit: "0", name: ""}
states:
  collecting:
    on:
      passport.in: {actions: [{effect: scan}]}
      passport.good: review
      passport.again: {actions: [{effect: ask}]}
      screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
  review:
    on:
      screened: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
      sla.missed: {actions: [{effect: notify}]}
      returned: {actions: [{effect: notify}]}
      approved: {target: settled, actions: [{assign: {limit: {expr: {var: event.data.limit}}}}]}
      rejected: closed
  settled: {type: final}
  closed: {type: final}
"#;

fn hash(byte: u8) -> String {
    hex(&[byte; 32])
}

fn define(t: &Thalium) {
    let asked = DefineCases {
        kind: KIND.to_owned(),
        charts: vec![CHART.to_owned()],
        ..DefineCases::default()
    };
    let view = t.define_cases(&asked).unwrap();
    assert_eq!(view.queues, ["senior", "reviews", "late"]);
    for (person, role) in
        [("reviewer-1", "officer"), ("reviewer-2", "officer"), ("senior-1", "senior")]
    {
        let staff = SetStaff {
            person: person.to_owned(),
            roles: vec![role.to_owned()],
            ..SetStaff::default()
        };
        t.set_staff(&staff).unwrap();
    }
}

fn ask(t: &Thalium, case: &str, change: CaseChange, data: &str, actor: &str) -> CaseOutcome {
    let call = ChangeCase {
        case: case.to_owned(),
        change,
        data: None,
        actor: Some(actor.to_owned()),
        request_id: None,
        now: None,
    };
    let data = Value::from_json(data).unwrap();
    t.change_case(&call, Some(data).filter(|data| *data != Value::Null)).unwrap()
}

fn done(t: &Thalium, case: &str, change: CaseChange, data: &str, actor: &str) -> CaseView {
    let outcome = ask(t, case, change, data, actor);
    assert!(outcome.ok, "{outcome:?}");
    outcome.now.unwrap()
}

fn open(party: Option<&str>, retention: Option<&str>) -> CaseChange {
    CaseChange::Open(OpenCase {
        kind: "onboarding".to_owned(),
        party: party.map(str::to_owned),
        retention: retention.map(str::to_owned),
        parent: None,
    })
}

fn vote(decision: &str, reason: &str, seen: &str) -> CaseChange {
    CaseChange::Decide(DecideCase {
        decision: decision.to_owned(),
        reasons: vec![reason.to_owned()],
        seen: seen.to_owned(),
        comment: None,
    })
}

/// A case that waits for a decision.
fn to_review(t: &Thalium, case: &str) -> CaseView {
    let submit = SubmitDocument {
        document: "passport".to_owned(),
        hash: hash(1),
        file: Some("vault/1".to_owned()),
        valid_until: None,
    };
    let view = done(t, case, CaseChange::SubmitDocument(submit), "null", "customer");
    assert_eq!(view.documents[0].standing, "submitted");
    let finding = DecideDocument {
        document: "passport".to_owned(),
        finding: "approve".to_owned(),
        seen: hash(1),
        ..DecideDocument::default()
    };
    let view = done(t, case, CaseChange::DecideDocument(finding), "null", "reviewer-1");
    assert_eq!(view.states, ["review"]);
    view
}

/// Approved by two: exact numbers go in and come out.
fn approve(t: &Thalium, case: &str) -> CaseView {
    let seen = t.get_case(&GetCase { case: case.to_owned(), open: None }).unwrap();
    let first = seen.assignee.clone().unwrap();
    let second = if first == "reviewer-1" { "reviewer-2" } else { "reviewer-1" };
    let seen = seen.evidence_digest;
    let data = r#"{"limit": 12345678901234567890.000000000000000001}"#;
    done(t, case, vote("approve", "fine", &seen), data, &first);
    let refused = ask(t, case, vote("approve", "fine", &seen), data, &first);
    assert_eq!(refused.code.as_deref(), Some("same_person"));
    done(t, case, vote("approve", "checked", &seen), data, second)
}

fn all() -> CaseLogQuery {
    CaseLogQuery::default()
}

#[test]
fn a_case_is_decided_by_two_and_everything_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("file:{}", folder.path().display());
    let t = Thalium::open(&address).unwrap();
    define(&t);
    done(&t, "c42", open(None, None), r#"{"name": "c42"}"#, "host");
    let view = to_review(&t, "c42");
    assert_eq!(view.place.unwrap().queue, "reviews");
    let view = approve(&t, "c42");
    assert_eq!((view.status.as_str(), view.decided.len()), ("ended", 1));
    let told = r#"{"limit":12345678901234567890.000000000000000001,"name":"c42","risk":"low"}"#;
    assert_eq!(view.data.as_deref(), Some(told));
    let log = t.case_log(&all()).unwrap();
    // Each entry says by which version of the kind, and on which evidence.
    let kind = t.list_kinds().unwrap().remove(0).digest;
    let [.., first, last] = log.entries.as_slice() else { panic!("{log:?}") };
    for entry in [first, last] {
        assert_eq!(entry.definition.as_ref(), Some(&kind));
        assert_eq!(entry.evidence.as_ref(), Some(&view.evidence_digest), "nothing else came");
    }
    assert_eq!((&log.entries[0].definition, &log.entries[0].evidence), (&None, &None));
    let replayed = t.replay_cases().unwrap();
    assert!(replayed.same, "{:?}", replayed.differences);
    assert_eq!((replayed.facts, replayed.cases), (log.entries.len() as u64, 1));
    t.close().unwrap();

    let found = verify(folder.path(), None).unwrap().cases.unwrap();
    assert_eq!(found.entries, log.entries.len() as u64);
    let reader = Options { access: Access::Read, ..Options::default() };
    let beside = Thalium::open_with(&address, reader).unwrap();
    assert_eq!(beside.get_case(&GetCase { case: "c42".to_owned(), open: None }).unwrap(), view);
    assert!(matches!(
        beside.change_case(
            &ChangeCase {
                case: "c43".to_owned(),
                change: open(None, None),
                data: None,
                actor: None,
                request_id: None,
                now: None
            },
            None
        ),
        Err(Error::ReadOnly)
    ));
    drop(beside);
    let t = Thalium::open(&address).unwrap();
    assert_eq!(t.get_case(&GetCase { case: "c42".to_owned(), open: None }).unwrap(), view);
    assert_eq!(t.case_log(&all()).unwrap(), log);
    // It goes on from there.
    let why = WithReason { why: "new facts".to_owned() };
    let view = done(&t, "c42", CaseChange::Reopen(why), "null", "senior-1");
    assert_eq!((view.states, view.reopened), (vec!["collecting".to_owned()], 1));
    assert!(t.replay_cases().unwrap().same);
}

#[test]
fn a_reader_beside_the_writer_sees_what_was_done_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("file:{}", folder.path().display());
    let t = Thalium::open(&address).unwrap();
    define(&t);
    done(&t, "c1", open(None, None), "null", "host");
    let reader = Thalium::open_to_read(&address).unwrap();
    let keys =
        |page: CasePage| -> Vec<String> { page.cases.into_iter().map(|case| case.case).collect() };
    assert_eq!(keys(reader.list_cases(&CaseQuery::default()).unwrap()), ["c1"]);
    done(&t, "c2", open(None, None), "null", "host");
    assert_eq!(keys(reader.list_cases(&CaseQuery::default()).unwrap()), ["c1", "c2"]);
}

/// What a reason says, for the log of readings.
fn for_review() -> Option<OpenSealed> {
    Some(OpenSealed { why: "review".to_owned(), ..OpenSealed::default() })
}

#[test]
fn a_case_about_someone_is_sealed_opened_for_a_reason_and_goes_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("file:{}", folder.path().display());
    let keys: Arc<dyn Keys> = Arc::new(KeyText::generate().unwrap());
    let options = || Options { keys: Some(Arc::clone(&keys)), ..Options::default() };
    let t = Thalium::open_with(&address, options()).unwrap();
    let register = RegisterParty::person("zodwa");
    let told = t.submit(&[crate::Command::from(register)]).unwrap();
    assert!(told[0].ok, "{told:?}");
    define(&t);
    done(&t, "c42", open(Some("zodwa"), None), r#"{"name": "Zodwa"}"#, "host");
    to_review(&t, "c42");
    let get = |open| t.get_case(&GetCase { case: "c42".to_owned(), open });
    let closed = get(None).unwrap();
    assert_eq!((closed.data, closed.documents[0].file.clone()), (None, None));
    assert_eq!(closed.states, ["review"]);
    let opened = get(for_review()).unwrap();
    assert!(opened.data.unwrap().contains("Zodwa"));
    assert_eq!(opened.documents[0].file.as_deref(), Some("vault/1"));
    let until = "2099-12-31".to_owned();
    let grant = GrantAccess { actor: "auditor".to_owned(), until, ..GrantAccess::default() };
    let granted = t.submit(&[crate::Command::from(grant)]).unwrap();
    assert!(granted[0].ok, "{granted:?}");
    let actor = Some("auditor".to_owned());
    let readings = t.access_log(&AccessQuery { actor, ..AccessQuery::default() }).unwrap();
    let readings = serde_json::to_string(&readings).unwrap();
    assert!(readings.contains("review") && readings.contains("cases"), "{readings}");
    let log = t.case_log(&all()).unwrap();
    let entry = log.entries.last().unwrap();
    assert_eq!(
        (entry.what.as_str(), &entry.asked, &entry.steps),
        ("decide_document", &None, &None)
    );
    let open_log = CaseLogQuery { open: for_review(), ..all() };
    let entry = t.case_log(&open_log).unwrap().entries.pop().unwrap();
    assert!(entry.asked.unwrap().contains("passport"));
    assert!(t.replay_cases().unwrap().same);
    let forget = ForgetParty { party: "zodwa".to_owned(), scope: ForgetScope::All };
    let told = t.submit(&[crate::Command::from(forget)]).unwrap();
    assert!(told[0].ok, "{told:?}");
    // Nothing more happens to it, and nothing of it is told.
    let view = get(for_review());
    assert!(view.is_err() || view.unwrap().data.is_none());
    t.close().unwrap();
    let t = Thalium::open_with(&address, options()).unwrap();
    let gone = t.get_case(&GetCase { case: "c42".to_owned(), open: None }).unwrap_err();
    assert!(gone.to_string().contains("subject_forgotten"), "{gone}");
    let log = t.case_log(&CaseLogQuery { open: for_review(), ..all() }).unwrap();
    assert!(log.entries.last().unwrap().withheld.as_ref().unwrap().contains("subject_forgotten"));
    let replayed = t.replay_cases().unwrap();
    assert!(replayed.subject_forgotten > 0 && replayed.same, "{replayed:?}");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn cases_go_where_the_ledger_goes_and_are_encrypted_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, copy, again] = ["ledger", "copy", "again"].map(|name| folder.path().join(name));
    let keys: Arc<dyn Keys> = Arc::new(KeyText::generate().unwrap());
    let address = format!("file:{}", ledger.display());
    let options = || Options { keys: Some(Arc::clone(&keys)), ..Options::default() };
    let t = Thalium::open_with(&address, options()).unwrap();
    define(&t);
    done(&t, "c42", open(None, None), r#"{"name": "sesame"}"#, "host");
    t.rotate_keys().unwrap();
    let view = to_review(&t, "c42");
    t.check_keys().unwrap();
    t.close().unwrap();
    for file in walk(&ledger) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"sesame"), "{}", file.display());
    }
    backup(&ledger, &copy, Some(Arc::clone(&keys)), &mut |_| {}).unwrap();
    restore(&copy, &again, Until::End, Some(Arc::clone(&keys)), NewKeys::Same).unwrap();
    let t = Thalium::open_with(&format!("file:{}", again.display()), options()).unwrap();
    assert_eq!(t.get_case(&GetCase { case: "c42".to_owned(), open: None }).unwrap(), view);
}

#[test]
fn many_at_once_lose_nothing_and_replay() {
    let folder = tempfile::tempdir().unwrap();
    let t = Thalium::open(&format!("file:{}", folder.path().display())).unwrap();
    define(&t);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let t = &t;
            scope.spawn(move || {
                for number in 0..10 {
                    let case = format!("c{thread}-{number}");
                    done(t, &case, open(None, None), "null", "host");
                    to_review(t, &case);
                }
            });
        }
    });
    let queues = t.list_queues(&ReportCases::default()).unwrap();
    assert_eq!((queues.len(), queues[0].waiting, queues[0].unassigned), (1, 40, 0));
    let staff = t.list_staff().unwrap();
    assert!(
        staff.iter().filter(|it| it.roles == ["officer"]).all(|it| it.cases == 20),
        "{staff:?}"
    );
    let replayed = t.replay_cases().unwrap();
    assert!(replayed.same && replayed.changes == 120, "{replayed:?}");
    // Two days later all of them are late.
    let later = thalium::time::format_instant(crate::now() + 3 * 86_400 * 1_000_000_000);
    let advance = AdvanceCases { limit: Some(15), now: Some(later), ..AdvanceCases::default() };
    let changed: Vec<(u64, bool)> = std::iter::repeat_with(|| t.advance_cases(&advance).unwrap())
        .map(|told| (told.changed, told.more))
        .take(3)
        .collect();
    assert_eq!(changed, [(15, true), (15, true), (10, false)]);
    let report = t.case_report(&ReportCases::default()).unwrap();
    assert_eq!(report.queues[0].queue, "late");
    assert!(t.replay_cases().unwrap().same);
}

/// What a call says, where it is wrong: a table of what is asked and the code and field that come back.
#[test]
fn calls_that_mean_nothing_are_refused_with_their_field() {
    let t = Thalium::open("memory:").unwrap();
    define(&t);
    done(&t, "c1", open(None, None), "null", "host");
    let table = [
        (
            r#"{"op":"change_case","case":"c1","change":{"do":"claim"},"data":{"a":1}}"#,
            "invalid",
            "data",
        ),
        (
            r#"{"op":"change_case","case":"c1","change":{"do":"decide","decision":"approve","seen":"x"}}"#,
            "invalid",
            "seen",
        ),
        (
            r#"{"op":"change_case","case":"c2","change":{"do":"open","kind":"onboarding","retention":"aml"}}"#,
            "invalid",
            "retention",
        ),
        (
            r#"{"op":"change_case","case":"c1","change":{"do":"snooze","until":"soon","why":"x"}}"#,
            "invalid",
            "until",
        ),
        (r#"{"op":"list_cases","status":"lost"}"#, "invalid", "status"),
        (r#"{"op":"list_cases","limit":0}"#, "invalid", "limit"),
        (r#"{"op":"get_case","case":"none"}"#, "invalid", "case"),
        (r#"{"op":"define_cases","kind":"{case: 1}","charts":[]}"#, "chart", ""),
        (
            r#"{"op":"define_cases","kind":"{case: 1}","charts":[],"dialect":"odd"}"#,
            "invalid",
            "dialect",
        ),
        (r#"{"op":"read_mrz","text":"P<"}"#, "invalid", "text"),
    ];
    for (request, code, field) in table {
        let failure = call(&t, request).unwrap_err();
        assert_eq!(failure.code, code, "{request}: {failure:?}");
        assert_eq!(failure.field.as_deref().unwrap_or_default(), field, "{request}: {failure:?}");
    }
    // A refusal is an outcome.
    let refused =
        call(&t, r#"{"op":"change_case","case":"none","change":{"do":"claim"}}"#).unwrap();
    assert!(refused.contains(r#""code":"no_case""#), "{refused}");
}

#[test]
fn a_party_is_named_with_what_it_is_about() {
    let options = Options { insecure_seed: Some([7; 32]), ..Options::default() };
    let t = Thalium::open_with("memory:", options).unwrap();
    define(&t);
    let call = ChangeCase {
        case: "c1".to_owned(),
        change: open(Some("nobody"), None),
        data: None,
        actor: None,
        request_id: None,
        now: None,
    };
    let error = t.change_case(&call, None).unwrap_err();
    assert!(error.to_string().contains("party"), "{error}");
    assert!(t.list_cases(&CaseQuery::default()).unwrap().cases.is_empty());
}
