//! Attacks `core/src/kyc/callback`: whatever a body says, it is read or refused, and what a chart hears of it is one of the promised events;
//! whatever stands in headers, nothing is believed without a key; bytes are an inbox that is written the same again, or none.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::callback::{
    Callback, Inbox, Key, Keys, Outcome, Provider, REASON, REASONS, read_unverified, verify,
};

const HEADERS: [&str; 6] = [
    "x-sha2-signature",
    "persona-signature",
    "x-payload-digest",
    "x-payload-digest-alg",
    "x-hmac-signature",
    "x-auth-client",
];

fuzz_target!(|data: &[u8]| {
    if let Ok(inbox) = Inbox::from_bytes(data) {
        assert_eq!(inbox.to_bytes(), data);
    }
    // The first line is what stands in the headers, the rest is the body.
    let line = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (head, body) = (&data[..line], data.get(line + 1..).unwrap_or_default());
    let head = String::from_utf8_lossy(head);
    let headers: Vec<(&str, &str)> = HEADERS.iter().copied().zip(head.split('|')).collect();
    let key = Key::new("key", "a secret that no input has").expect("a key");
    let keys = Keys::new([key]).expect("keys");
    let mut inbox = Inbox::default();
    for provider in Provider::ALL {
        assert!(verify(provider, &headers, body, &keys, 0).is_err());
        let Ok(callback) = read_unverified(provider, body) else { continue };
        assert_eq!(callback.evidence.len(), 64);
        assert!(callback.reasons.len() <= REASONS);
        assert!(callback.reasons.iter().all(|reason| reason.chars().count() <= REASON));
        let event = callback.to_event();
        assert!(Outcome::ALL.iter().any(|outcome| outcome.event() == event.name));
        // What a chart hears is the whole callback: a case reads it again.
        let told = event.data.expect("what was read");
        assert_eq!(Callback::of_event(&told).as_ref(), Ok(&callback));
        inbox.receive(&callback, 0).expect("room, and identifiers that are bounded");
        assert_eq!(Inbox::from_bytes(&inbox.to_bytes()).as_ref(), Ok(&inbox));
    }
});
