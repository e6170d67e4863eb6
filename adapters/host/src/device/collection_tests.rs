//! Collection over restarts, against a ledger with cases, on a line that loses what it likes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use thalium::api::party::RegisterParty;
use thalium::api::{CustomerCases, SyncCall, SyncReply};
use thalium::device::IntentState;
use thalium::policy::rego::Value;

use super::super::line::{Line, exchange, lines};
use super::*;
use crate::{
    CaseChange, CaseView, ChangeCase, DecideDocument, DefineCases, GetCase, OpenCase, Options,
    RequestDocument, SetStaff, SyncStart, Thalium,
};

const KIND: &str = "
case: 1
id: onboarding
chart: onboarding
documents:
  passport: {attempts: 9, roles: [officer], reasons: [blurred]}
  bill: {attempts: 3, roles: [officer], reasons: [blurred]}
document_events: {submitted: document.in}
";

const CHART: &str = "
chart: 1
id: onboarding
context: {count: 0, papers: 0, street: ''}
states:
  collecting:
    on:
      document.in: {actions: [{assign: {papers: {expr: {'+': [{var: papers}, 1]}}}}]}
      address.given: {actions: [{assign: {street: {expr: {var: event.data.street}}}}, {assign: {count: {expr: {'+': [{var: count}, 1]}}}}]}
";

/// A ledger with a case about each of two customers.
fn ledger() -> Thalium {
    let options = Options { insecure_seed: Some([7; 32]), ..Options::default() };
    let t = Thalium::open_with("memory:", options).unwrap();
    for party in ["zodwa", "sipho"] {
        let told = t.submit(&[RegisterParty::person(party).into()]).unwrap();
        assert!(told[0].ok, "{told:?}");
    }
    let define = DefineCases {
        kind: KIND.to_owned(),
        charts: vec![CHART.to_owned()],
        ..DefineCases::default()
    };
    t.define_cases(&define).unwrap();
    let (person, roles) = ("officer-1".to_owned(), vec!["officer".to_owned()]);
    t.set_staff(&SetStaff { person, roles, ..SetStaff::default() }).unwrap();
    for (case, party) in [("case-7", "zodwa"), ("case-8", "sipho")] {
        let (kind, party) = ("onboarding".to_owned(), Some(party.to_owned()));
        done(&t, case, CaseChange::Open(OpenCase { kind, party, ..OpenCase::default() }));
    }
    t
}

fn asks(t: &Thalium, case: &str, change: CaseChange) -> bool {
    let call = ChangeCase {
        case: case.to_owned(),
        change,
        data: None,
        actor: Some("officer-1".to_owned()),
        request_id: None,
        now: None,
    };
    t.change_case(&call, None).unwrap().ok
}

fn done(t: &Thalium, case: &str, change: CaseChange) {
    assert!(asks(t, case, change));
}

fn request(document: &str) -> CaseChange {
    let document = document.to_owned();
    CaseChange::RequestDocument(RequestDocument { document, why: None })
}

fn seen(t: &Thalium, case: &str) -> CaseView {
    t.get_case(&GetCase { case: case.to_owned(), open: None }).unwrap()
}

/// What the chart of a case counted: documents, and answers.
fn counted(t: &Thalium, case: &str) -> (u64, u64) {
    let open = crate::OpenSealed { why: "test".to_owned(), ..crate::OpenSealed::default() };
    let told = t.get_case(&GetCase { case: case.to_owned(), open: Some(open) }).unwrap();
    let data = Value::from_json(&told.data.unwrap()).unwrap();
    let number = |name| data.get_str(name).unwrap().as_number().unwrap().to_u64().unwrap();
    (number("papers"), number("count"))
}

fn answer(t: &Thalium, start: &SyncStart) -> SyncReply {
    answer_to(t, "zodwa", start)
}

fn answer_to(t: &Thalium, customer: &str, start: &SyncStart) -> SyncReply {
    let forms = BTreeMap::from([("address.given".to_owned(), vec!["street".to_owned()])]);
    t.sync(&SyncCall {
        customer: customer.to_owned(),
        cases: CustomerCases {
            parties: vec![customer.to_owned(), "nobody".to_owned()],
            documents: vec!["bill".to_owned()],
            forms,
            reasons: vec!["blurred".to_owned()],
            ..CustomerCases::default()
        },
        request: start.request.clone().unwrap(),
        ..SyncCall::default()
    })
    .unwrap()
}

fn sync(t: &Thalium, device: &Device) -> thalium::device::SyncDone {
    device.hurry().unwrap();
    device.end_sync(&answer(t, &device.begin_sync().unwrap())).unwrap()
}

fn paper(key: &str, document: &str, byte: u8) -> NewDocument {
    NewDocument {
        key: key.to_owned(),
        case: "case-7".to_owned(),
        document: document.to_owned(),
        hash: crate::hex(&[byte; 32]),
        file: Some(format!("uploads/{byte}")),
        ..NewDocument::default()
    }
}

fn street(name: u8) -> FilledForm {
    let (form, answers) = ("address.given".to_owned(), format!(r#"{{"street":"{name}"}}"#));
    FilledForm { form, answers }
}

#[test]
fn what_was_collected_offline_is_handed_in_when_the_line_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("device").display().to_string();
    let t = ledger();
    done(&t, "case-7", request("passport"));
    {
        let device = Device::open(&address).unwrap();
        device.follow_case("case-7").unwrap();
        device.follow_case("case-8").unwrap();
        let done = sync(&t, &device);
        assert_eq!((done.cases.len(), &*done.refused_cases), (1, &["case-8".to_owned()][..]));
    }
    {
        // Offline: the process ends with what was sent unanswered, and the reply is lost.
        let device = Device::open(&address).unwrap();
        let told = device.case("case-7").unwrap().unwrap().told.unwrap();
        let wanted = told.documents.iter().filter(|it| it.wanted).map(|it| &*it.document);
        assert_eq!(wanted.collect::<Vec<_>>(), ["bill", "passport"]);
        device.hand_in_document(paper("p", "passport", 1)).unwrap();
        device.answer_form("f", "case-7", street(1)).unwrap();
        answer(&t, &device.begin_sync().unwrap());
    }
    let device = Device::open(&address).unwrap();
    let states = |open| -> Vec<_> {
        device.hand_ins(None, open).unwrap().into_iter().map(|it| (it.key, it.state)).collect()
    };
    assert!(states(true).iter().all(|(_, state)| *state == IntentState::Sent));
    let done = sync(&t, &device);
    let told = done.hand_ins.iter().map(|it| it.outcome.as_ref().unwrap().replayed);
    assert_eq!(told.collect::<Vec<_>>(), [true, true]);
    assert!(states(false).iter().all(|(_, state)| *state == IntentState::Booked));
    assert_eq!(counted(&t, "case-7"), (1, 1));
    let case = seen(&t, "case-7");
    assert_eq!((case.documents[0].attempts, case.documents[0].standing.as_str()), (1, "submitted"));
    // Who handed it in is the customer, and under a key that is theirs alone.
    let log = t.case_log(&crate::CaseLogQuery::default()).unwrap();
    let handed = log.entries.iter().find(|entry| entry.what == "submit_document").unwrap();
    assert_eq!((&*handed.actor, handed.request_id.as_deref()), ("zodwa", Some("device/zodwa/p")));
    // Looked at, and wanted again: the device is told with which reason, and hands in another.
    let finding = DecideDocument {
        document: "passport".to_owned(),
        finding: "revise".to_owned(),
        reasons: vec!["blurred".to_owned()],
        seen: crate::hex(&[1; 32]),
        valid_until: None,
    };
    assert!(asks(&t, "case-7", CaseChange::DecideDocument(finding)));
    sync(&t, &device);
    let told = device.case("case-7").unwrap().unwrap().told.unwrap();
    let passport = told.documents.iter().find(|it| it.document == "passport").unwrap();
    assert_eq!((passport.wanted, &*passport.reasons), (true, &["blurred".to_owned()][..]));
    device.hand_in_document(paper("p2", "passport", 2)).unwrap();
    let done = sync(&t, &device);
    assert_eq!(done.hand_ins[0].state, IntentState::Booked);
    assert_eq!(counted(&t, "case-7"), (2, 1));
    assert!(t.replay_cases().unwrap().same);
    // What is old is forgotten on the disk, too.
    assert_eq!(device.prune(i64::MAX).unwrap().len(), 3);
    device.unfollow_case("case-7").unwrap();
    let device = Device::open(&address).unwrap();
    assert!(device.hand_ins(None, false).unwrap().is_empty());
    assert_eq!(device.cases().unwrap().len(), 1);
}

#[test]
fn another_customers_device_hands_in_nothing_and_is_told_nothing() {
    let t = ledger();
    done(&t, "case-7", request("passport"));
    let device = Device::open("memory:").unwrap();
    device.follow_case("case-7").unwrap();
    sync(&t, &device);
    device.hand_in_document(paper("p", "passport", 1)).unwrap();
    device.answer_form("f", "case-7", street(1)).unwrap();
    let reply = answer_to(&t, "sipho", &device.begin_sync().unwrap());
    let codes = reply.handed_in.iter().map(|told| told.code.as_deref());
    assert_eq!(codes.collect::<Vec<_>>(), [Some("not_permitted"); 2]);
    assert_eq!((reply.cases.len(), &*reply.refused_cases), (0, &["case-7".to_owned()][..]));
    assert_eq!((counted(&t, "case-7"), counted(&t, "case-8")), ((0, 0), (0, 0)));
    // Nor is anything done for who is no party at all.
    let call = SyncCall {
        customer: "zodwa".to_owned(),
        request: device.begin_sync().unwrap().request.unwrap(),
        ..SyncCall::default()
    };
    let reply = t.sync(&call).unwrap();
    assert!(reply.handed_in.iter().all(|told| !told.ok) && reply.cases.is_empty());
}

#[derive(Clone, Debug)]
enum Step {
    HandIn(u8, bool, u8),
    Answer(u8, u8),
    Cancel(u8),
    Request(bool),
    Office(u8),
    Sync(Line),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let handed_in = (0..12_u8, any::<bool>(), 1..4_u8);
    let step = prop_oneof![
        2 => handed_in.prop_map(|(key, bill, byte)| Step::HandIn(key, bill, byte)),
        1 => (0..12_u8, 1..4_u8).prop_map(|(key, street)| Step::Answer(key, street)),
        1 => (0..12_u8).prop_map(Step::Cancel),
        1 => any::<bool>().prop_map(Step::Request),
        1 => (1..40_u8).prop_map(Step::Office),
        3 => lines().prop_map(Step::Sync),
    ];
    proptest::collection::vec(step, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the line loses, and however often the office does something else meanwhile.
    #[test]
    fn nothing_is_handed_in_twice_or_told_wrongly(steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        let address = folder.path().display().to_string();
        let t = ledger();
        let mut device = Device::open(&address).unwrap();
        device.follow_case("case-7").unwrap();
        sync(&t, &device);
        for step in steps {
            match step {
                Step::HandIn(key, is_bill, byte) => {
                    let document = if is_bill { "bill" } else { "passport" };
                    let _ = device.hand_in_document(paper(&format!("k{key}"), document, byte));
                }
                Step::Answer(key, name) => drop(device.answer_form(&format!("k{key}"), "case-7", street(name))),
                Step::Cancel(key) => drop(device.cancel_hand_in(&format!("k{key}"))),
                Step::Request(is_bill) => {
                    asks(&t, "case-7", request(if is_bill { "bill" } else { "passport" }));
                }
                Step::Office(count) => {
                    for number in 0..count {
                        let call = ChangeCase {
                            case: "case-7".to_owned(),
                            change: CaseChange::Advance(crate::NoMore {}),
                            data: None,
                            actor: None,
                            request_id: Some(format!("office-{count}-{number}")),
                            now: None,
                        };
                        t.change_case(&call, None).unwrap();
                    }
                }
                Step::Sync(line) => device = exchange(device, &address, line, |start| answer(&t, start)),
            }
        }
        while sync(&t, &device).more {}
        // By the log: each key was taken once at most, and what the device was told is so; only of what the case may have forgotten it is told that
        // nobody can tell.
        let log = t.case_log(&crate::CaseLogQuery { limit: Some(1_000), ..crate::CaseLogQuery::default() }).unwrap();
        prop_assert_eq!(log.next, None);
        let taken = |key: &str| {
            let id = format!("device/zodwa/{key}");
            log.entries.iter().filter(|entry| entry.request_id.as_ref() == Some(&id)).count()
        };
        for one in device.hand_ins(None, false).unwrap() {
            prop_assert!(!one.state.is_open());
            let code = one.outcome.as_ref().and_then(|told| told.code.clone());
            match (one.state, code.as_deref()) {
                (IntentState::Booked, _) => prop_assert_eq!(taken(&one.key), 1, "{:?}", one),
                (_, Some("stale")) => prop_assert!(taken(&one.key) <= 1, "{:?}", one),
                _ => prop_assert_eq!(taken(&one.key), 0, "{:?}", one),
            }
        }
        let (papers, answers) = counted(&t, "case-7");
        let all = log.entries.iter().filter(|entry| entry.request_id.as_deref().is_some_and(|id| id.starts_with("device/")));
        prop_assert_eq!(all.count() as u64, papers + answers);
        // The copy is what the case is.
        let told = device.case("case-7").unwrap().unwrap().told.unwrap();
        for document in seen(&t, "case-7").documents {
            let copy = told.documents.iter().find(|it| it.document == document.document).unwrap();
            prop_assert_eq!(&copy.standing, &document.standing);
        }
        prop_assert!(t.replay_cases().unwrap().same);
    }
}
