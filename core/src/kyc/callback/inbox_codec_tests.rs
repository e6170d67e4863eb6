//! Inboxes as bytes.

use proptest::prelude::*;

use super::super::inbox::tests::{steps, take};
use super::*;

fn small() -> Inbox {
    let mut inbox = Inbox::new(1_000, 10).unwrap();
    inbox.take(Provider::Persona, "evt_1", Some(5), "inq_1", 1).unwrap();
    inbox.take(Provider::Veriff, "ab", None, "session", 2).unwrap();
    inbox
}

#[test]
fn bytes_are_one_inbox_and_no_other() {
    let inbox = small();
    let bytes = inbox.to_bytes();
    assert_eq!(Inbox::from_bytes(&bytes).as_ref(), Ok(&inbox));
    for length in 0..bytes.len() {
        assert!(Inbox::from_bytes(&bytes[..length]).is_err(), "cut at {length}");
    }
    assert!(Inbox::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    let mut newer = bytes.clone();
    newer[0] = 2;
    assert_eq!(Inbox::from_bytes(&newer), Err(InboxCodecError::Version { version: 2 }));
    let long = vec![0; 200_000_000];
    let error = Inbox::from_bytes(&long).unwrap_err();
    assert_eq!(error, InboxCodecError::TooLong { length: 200_000_000 });
}

#[test]
fn the_bytes_are_those_of_version_1() {
    let hex: String = small().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let wanted = concat!(
        "01841903e80a",
        "8284026565",
        "76745f310165696e715f31",
        "840462616202",
        "6773657373696f6e",
        "82830265696e715f3105",
        "83046773657373696f6ef6"
    );
    assert_eq!(hex, wanted);
}

#[test]
fn what_would_be_another_inbox_is_refused() {
    let cases: [(&str, &[u8]); 6] = [
        ("a window of zero", &[1, 0x84, 0, 1, 0x80, 0x80]),
        ("more deliveries than it may remember", &[1, 0x84, 1, 1, 0x9b, 0, 0, 0, 9, 0, 0, 0, 0]),
        ("as many as it says and none there", &[1, 0x84, 1, 1, 0x81]),
        ("a check of no delivery", &[1, 0x84, 1, 1, 0x80, 0x81, 0x83, 1, 0x61, b'a', 0xf6]),
        (
            "an unknown provider",
            &[
                1, 0x84, 1, 1, 0x81, 0x84, 9, 0x61, b'a', 0, 0x61, b'a', 0x81, 0x83, 9, 0x61, b'a',
                0xf6,
            ],
        ),
        (
            "a delivery without an id",
            &[1, 0x84, 1, 1, 0x81, 0x84, 1, 0x60, 0, 0x61, b'a', 0x81, 0x83, 1, 0x61, b'a', 0xf6],
        ),
    ];
    for (name, bytes) in cases {
        let told = Inbox::from_bytes(bytes);
        assert!(matches!(told, Err(InboxCodecError::Damaged { .. })), "{name}: {told:?}");
    }
    let long_number = [1, 0x84, 0x18, 1, 1, 0x80, 0x80];
    assert_eq!(Inbox::from_bytes(&long_number), Err(InboxCodecError::NotCanonical));
}

proptest! {
    #[test]
    fn any_inbox_comes_back(steps in steps()) {
        let mut inbox = Inbox::new(25, 6).unwrap();
        let mut now = 0;
        for step in steps {
            now += step.after;
            let _ = take(&mut inbox, &step, now);
        }
        let bytes = inbox.to_bytes();
        let read = Inbox::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&read, &inbox);
        prop_assert_eq!(read.to_bytes(), bytes);
    }

    #[test]
    fn a_damaged_inbox_is_an_error_or_another(at in 0_usize..80, byte in any::<u8>()) {
        let mut bytes = small().to_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(mut inbox) = Inbox::from_bytes(&bytes) {
            prop_assert_eq!(inbox.to_bytes(), bytes);
            let _ = inbox.take(Provider::Onfido, "new", Some(1), "check", i64::MAX);
        }
    }

    #[test]
    fn garbage_is_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Inbox::from_bytes(&bytes).is_err() || Inbox::from_bytes(&bytes).unwrap().to_bytes() == bytes);
    }
}
