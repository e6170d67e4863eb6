//! Collection on a device, as a customer meets it.

use serde_json::json;

use super::*;
use crate::api::SyncReply;
use crate::device::{Device, HandInWarning, Records};
use crate::time::SECOND;

const NOW: i64 = 1_769_767_200 * SECOND; // 2026-01-30, 10:00 in UTC.

/// The specimen of ICAO Doc 9303, part 4, with another expiry: 2027-04-15.
const VALID: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F2704151ZE184226B<<<<<18";
/// The specimen itself: it expired in 2012.
const EXPIRED: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

fn hash(byte: u8) -> String {
    crate::audit::merkle::hex(&[byte; 32])
}

fn news(facts: u64, standing: &str, wanted: bool) -> CaseNews {
    serde_json::from_value(json!({
        "case": "case-7", "open": true, "states": [], "facts": facts,
        "documents": [
            { "document": "passport", "standing": standing, "wanted": wanted, "attempts_left": 2, "due": "2026-02-06T10:00:00Z", "reasons": [] },
            { "document": "bill", "standing": "expired", "wanted": false, "attempts_left": 0, "reasons": [] },
        ],
        "forms": [{ "form": "address.given", "variables": ["street", "rooms"] }],
    }))
    .unwrap()
}

/// A device that the back end has told of a case.
fn device() -> Device {
    let mut device = Device::default();
    device.follow_case("case-7").unwrap();
    tell(&mut device, news(3, "requested", true));
    device
}

fn tell(device: &mut Device, news: CaseNews) -> Vec<String> {
    let time = format!("2026-01-30T10:00:{:02}Z", news.facts);
    let reply = SyncReply { cases: vec![news], time, ..SyncReply::default() };
    device.end_sync(&reply, NOW).cases
}

fn answered(key: &str, ok: bool) -> SyncReply {
    let code = (!ok).then(|| "attempts".to_owned());
    let told = HandInOutcome { key: key.to_owned(), ok, code, ..HandInOutcome::default() };
    SyncReply { handed_in: vec![told], ..SyncReply::default() }
}

fn passport(key: &str, byte: u8) -> NewDocument {
    NewDocument {
        key: key.to_owned(),
        case: "case-7".to_owned(),
        document: "passport".to_owned(),
        hash: hash(byte),
        name: Some("/photos/passport.jpg".to_owned()),
        ..NewDocument::default()
    }
}

fn filled(answers: &str) -> FilledForm {
    FilledForm { form: "address.given".to_owned(), answers: answers.to_owned() }
}

#[test]
fn a_document_goes_out_until_it_is_answered() {
    let mut device = device();
    let given = NewDocument { zone: Some(VALID.to_owned()), ..passport("p1", 1) };
    let kept = device.hand_in_document(given.clone(), NOW).unwrap().clone();
    assert_eq!((kept.state, kept.number, kept.warnings.len()), (IntentState::Queued, 1, 0));
    // The same again is the same, under its key and under another; another document has to wait.
    assert_eq!(device.hand_in_document(given.clone(), NOW + SECOND).unwrap(), &kept);
    let again = NewDocument { key: "p2".to_owned(), ..given.clone() };
    assert_eq!(device.hand_in_document(again, NOW).unwrap().key, "p1");
    assert_eq!(device.hand_in_document(passport("p3", 2), NOW).unwrap_err().field, "document");
    assert_eq!(device.hand_in_document(passport("p1", 2), NOW).unwrap_err().field, "key");
    // It goes out, and out again, and says so; what names the document and its holder stays.
    let start = device.begin_sync(NOW).request.unwrap();
    assert_eq!((start.cases.len(), start.hand_ins.len(), start.hand_ins[0].again), (1, 1, false));
    let sent = serde_json::to_string(&start).unwrap();
    for word in ["L898902C3", "ERIKSSON", "ANNA", "740812", "1974", "photos", "ZE184226B"] {
        assert!(!sent.contains(word), "{word}: {sent}");
    }
    let handed = start.hand_ins[0].document.as_ref().unwrap();
    let zone = handed.zone.as_ref().unwrap();
    assert_eq!((zone.issuer.as_str(), zone.expires.as_deref()), ("UTO", Some("2027-04-15")));
    assert_eq!(handed.valid_until.as_deref(), Some("2027-04-16T00:00:00.000000000Z"));
    device.fail_sync(NOW, 0);
    device.hurry();
    let start = device.begin_sync(NOW).request.unwrap();
    assert!(start.hand_ins[0].again);
    assert_eq!(device.cancel_hand_in("p1", NOW).unwrap_err().field, "key");
    assert_eq!(device.case("case-7").unwrap().waiting.len(), 1);
    // It is answered once, and the zone is forgotten.
    let done = device.end_sync(&answered("p1", true), NOW);
    assert_eq!((done.hand_ins.len(), done.hand_ins[0].state), (1, IntentState::Booked));
    assert!(device.end_sync(&answered("p1", false), NOW).hand_ins.is_empty());
    let kept = device.hand_in("p1").unwrap();
    assert_eq!((kept.state, &kept.zone), (IntentState::Booked, &None));
    assert!(device.case("case-7").unwrap().waiting.is_empty());
    assert!(device.begin_sync(NOW).request.unwrap().hand_ins.is_empty());
    // What was kept is read again, and what is old is forgotten.
    let kept = Device::with(Records {
        hand_ins: device.hand_ins(None, false).into_iter().cloned().collect(),
        cases: vec![device.case_copy("case-7").unwrap().clone()],
        ..Records::default()
    });
    assert_eq!(kept.hand_ins(None, false), device.hand_ins(None, false));
    assert_eq!(kept.cases(), device.cases());
    assert_eq!(device.prune(NOW + SECOND), ["p1"]);
    assert_eq!(device.hand_in("p1"), None);
}

#[test]
fn what_a_device_lets_through() {
    let none = || Some("none".to_owned());
    let base = || passport("p", 1);
    let table: Vec<(NewDocument, Result<&[HandInWarning], &str>)> = vec![
        (base(), Ok(&[])),
        // Only what the case asks for, as the back end told it.
        (NewDocument { case: "case-8".to_owned(), ..base() }, Err("case")),
        (NewDocument { document: "selfie".to_owned(), ..base() }, Err("document")),
        (NewDocument { document: "bill".to_owned(), ..base() }, Err("document")),
        // Only what the back end could read.
        (NewDocument { hash: "abc".to_owned(), ..base() }, Err("hash")),
        (NewDocument { key: String::new(), ..base() }, Err("key")),
        (NewDocument { key: "k".repeat(57), ..base() }, Err("key")),
        (NewDocument { valid_until: none(), ..base() }, Err("valid_until")),
        (NewDocument { file: Some("x".repeat(1_025)), ..base() }, Err("file")),
        (NewDocument { name: Some("x".repeat(4_097)), ..base() }, Err("name")),
        (NewDocument { zone: none(), ..base() }, Err("zone")),
        // The device's clock only warns.
        (
            NewDocument { valid_until: Some("2026-01-01T00:00:00Z".to_owned()), ..base() },
            Ok(&[HandInWarning::NotValid]),
        ),
        (NewDocument { valid_until: Some("2027-01-01T00:00:00Z".to_owned()), ..base() }, Ok(&[])),
        (NewDocument { zone: Some(VALID.to_owned()), ..base() }, Ok(&[])),
        (
            NewDocument { zone: Some(EXPIRED.to_owned()), ..base() },
            Ok(&[HandInWarning::NotValid, HandInWarning::Expired]),
        ),
        // A camera that read 8 for B: the check digit tells.
        (
            NewDocument { zone: Some(VALID.replace("ZE184226B", "ZE1842268")), ..base() },
            Ok(&[HandInWarning::WrongDigits]),
        ),
    ];
    for (number, (given, expected)) in table.into_iter().enumerate() {
        let device = device();
        let found = device.check_document(given.clone(), NOW);
        let found = found.as_ref().map(|it| &*it.warnings).map_err(|error| &*error.field);
        assert_eq!(found, expected, "{number}: {given:?}");
        // Looking keeps nothing; keeping says the same.
        let mut kept = device.clone();
        assert!(device.hand_ins(None, false).is_empty());
        let found = kept.hand_in_document(given, NOW).map(|it| it.warnings.clone());
        assert_eq!(found.as_deref().map_err(|error| &*error.field), expected, "{number}");
    }
    let late = device().check_document(passport("p", 1), NOW + 8 * 86_400 * SECOND).unwrap();
    assert_eq!(late.warnings, [HandInWarning::TooLate]);
    // Before the back end has told of the case nothing is known to be asked for; nor after it has ended.
    let mut device = Device::default();
    device.follow_case("case-7").unwrap();
    assert_eq!(device.hand_in_document(passport("p", 1), NOW).unwrap_err().field, "case");
    tell(&mut device, CaseNews { open: false, ..news(9, "requested", true) });
    assert_eq!(device.hand_in_document(passport("p", 1), NOW).unwrap_err().field, "case");
}

#[test]
fn answers_are_kept_as_they_were_written() {
    let mut device = device();
    let answers = r#"{"rooms":12345678901234567890.10,"street":"Long Street 1"}"#;
    for (given, field) in [
        (r#"{"hits": 1}"#, "answers"),
        ("[]", "answers"),
        ("{", "answers"),
        (r#"{"made_at": "now"}"#, "answers"),
    ] {
        let refused = device.answer_form("f1", "case-7", filled(given), NOW).unwrap_err();
        assert_eq!(refused.field, field, "{given}");
    }
    let other = FilledForm { form: "wealth.given".to_owned(), ..filled("{}") };
    assert_eq!(device.answer_form("f1", "case-7", other, NOW).unwrap_err().field, "form");
    device.answer_form("f1", "case-7", filled(answers), NOW).unwrap();
    let refused = device.answer_form("f2", "case-7", filled("{}"), NOW).unwrap_err();
    assert_eq!(refused.field, "form");
    // What was never sent is taken back, once and for all; then another can be given.
    assert_eq!(device.cancel_hand_in("f1", NOW).unwrap().state, IntentState::Cancelled);
    assert_eq!(device.cancel_hand_in("f1", NOW).unwrap().state, IntentState::Cancelled);
    device.answer_form("f2", "case-7", filled(answers), NOW).unwrap();
    let start = device.begin_sync(NOW).request.unwrap();
    assert_eq!(start.hand_ins.len(), 1);
    assert_eq!(start.hand_ins[0].form.as_ref().unwrap().answers, answers);
    let done = device.end_sync(&answered("f2", false), NOW);
    assert_eq!(done.hand_ins[0].state, IntentState::Rejected);
    assert_eq!(done.hand_ins[0].outcome.as_ref().unwrap().code.as_deref(), Some("attempts"));
    // What is personal is in no text for those who debug.
    assert!(!format!("{:?}", device.hand_ins(None, false)).contains("Long"));
}

#[test]
fn a_copy_of_a_case_never_becomes_older() {
    let mut device = device();
    assert_eq!(tell(&mut device, news(5, "submitted", false)), ["case-7"]);
    assert!(tell(&mut device, news(4, "requested", true)).is_empty());
    let told = device.case("case-7").unwrap();
    assert_eq!(told.as_of.as_deref(), Some("2026-01-30T10:00:05Z"));
    assert_eq!(told.told.unwrap().documents[0].standing, "submitted");
    // A case that is not followed is not kept.
    let other = CaseNews { case: "case-8".to_owned(), ..news(6, "requested", true) };
    assert!(tell(&mut device, other).is_empty());
    device.unfollow_case("case-7");
    assert_eq!(device.case("case-7"), None);
    assert!(device.begin_sync(NOW).request.unwrap().cases.is_empty());
}

#[test]
fn what_is_kept_and_sent_is_bounded() {
    let mut device = device();
    for number in 0..CASES_MAX - 1 {
        device.follow_case(&format!("case-{number:03}")).unwrap();
    }
    assert_eq!(device.follow_case("one-more").unwrap_err().field, "case");
    device.follow_case("case-7").unwrap();
    assert_eq!(device.follow_case(" ").unwrap_err().field, "case");
    // Many forms with long answers: so much goes at a time, and all of it goes.
    let mut told = news(6, "requested", true);
    let variables = vec!["text".to_owned()];
    told.forms = (0..9)
        .map(|n| crate::api::AskedForm { form: format!("f{n}"), variables: variables.clone() })
        .collect();
    tell(&mut device, told);
    let answers = format!(r#"{{"text":"{}"}}"#, "x".repeat(15_000));
    for number in 0..9 {
        let filled = FilledForm { form: format!("f{number}"), answers: answers.clone() };
        device.answer_form(&format!("k{number}"), "case-7", filled, NOW).unwrap();
    }
    let mut sent = 0;
    loop {
        let request = device.begin_sync(NOW).request.unwrap();
        assert!(request.hand_ins.len() <= 4);
        let handed_in = request.hand_ins.iter().map(|it| HandInOutcome {
            key: it.key.clone(),
            ok: true,
            ..HandInOutcome::default()
        });
        let reply = SyncReply { handed_in: handed_in.collect(), ..SyncReply::default() };
        sent += request.hand_ins.len();
        if !device.end_sync(&reply, NOW).more {
            break;
        }
    }
    assert_eq!(sent, 9);
}
