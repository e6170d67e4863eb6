//! What an event tells of a callback is the callback; what is not so is told by its name.

use super::super::{Keys, verify};
use super::*;

fn callback() -> Callback {
    Callback {
        provider: Provider::Persona,
        event_id: "evt-1".into(),
        kind: "inquiry.approved".into(),
        about: "inq-1".into(),
        subject: Some("customer-7".into()),
        occurred_at: Some(1_769_851_800_000_000_000),
        outcome: Outcome::Approved,
        reasons: vec!["one".into(), "two".into()],
        parts: Parts { document: Some(Part::Passed), face: None, sanctions: Some(Part::Review) },
        sandbox: Some(true),
        evidence: "00ff".into(),
    }
}

#[test]
fn an_event_tells_all_of_a_callback() {
    let bare = Callback {
        subject: None,
        occurred_at: None,
        reasons: Vec::new(),
        parts: Parts::default(),
        sandbox: None,
        ..callback()
    };
    for outcome in Outcome::ALL {
        for told in [callback(), bare.clone()] {
            let told = Callback { outcome, ..told };
            assert_eq!(Callback::of_event(&told.to_event().data.unwrap()), Ok(told));
        }
    }
}

#[test]
fn what_proves_it_is_passed_over() {
    let body = br#"{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed",
        "object":{"id":"run-1","status":"approved"}}}"#;
    let keys = Keys::new([super::super::Key::new("2026", "secret").unwrap()]).unwrap();
    let signature = {
        use hmac::{Hmac, KeyInit, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"secret").unwrap();
        mac.update(body);
        crate::audit::merkle::hex(&mac.finalize().into_bytes())
    };
    let headers = [("X-SHA2-Signature", signature.as_str())];
    let verified = verify(Provider::Onfido, &headers, body, &keys, 0).unwrap();
    let read = verified.read(body).unwrap();
    let event = verified.to_event(&read);
    let data = event.data.unwrap();
    assert!(data.as_object().unwrap().get_str("verified").is_some());
    assert_eq!(Callback::of_event(&data), Ok(read));
}

#[test]
fn a_field_that_is_not_so_is_named() {
    let whole = r#"{"provider":"onfido","event_id":"e","kind":"k","about":"a","outcome":"approved","evidence":"00"}"#;
    assert!(Callback::of_event(&Value::from_json(whole).unwrap()).is_ok());
    for (field, from, to) in [
        ("provider", r#""onfido""#, r#""onfdio""#),
        ("event_id", r#""event_id":"e","#, ""),
        ("kind", r#""k""#, "1"),
        ("about", r#""about":"a""#, r#""about":null"#),
        ("outcome", r#""approved""#, r#""granted""#),
        ("evidence", r#""evidence":"00""#, r#""evidence":[]"#),
        ("occurred_at", r#""kind""#, r#""occurred_at":"soon","kind""#),
        ("subject", r#""kind""#, r#""subject":7,"kind""#),
        ("reasons", r#""kind""#, r#""reasons":[7],"kind""#),
        ("face", r#""kind""#, r#""parts":{"face":"good"},"kind""#),
        ("parts", r#""kind""#, r#""parts":[],"kind""#),
        ("sandbox", r#""kind""#, r#""sandbox":"yes","kind""#),
    ] {
        let told = Callback::of_event(&Value::from_json(&whole.replacen(from, to, 1)).unwrap());
        assert!(told.as_ref().unwrap_err().contains(&format!("`{field}`")), "{field}: {told:?}");
    }
    assert!(Callback::of_event(&Value::Null).unwrap_err().contains("no object"));
}
