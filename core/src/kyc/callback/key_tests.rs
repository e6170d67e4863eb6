//! Keys: what is refused, when they are valid, and that a secret is shown nowhere.

use super::*;

fn key(id: &str) -> Key {
    Key::new(id, "sekretny").unwrap()
}

#[test]
fn keys_that_are_refused() {
    let never = key("a").valid(Some(2), Some(1));
    let cases = [
        (
            Key::new("", "s").err(),
            "a key needs an id of 1 to 128 bytes: by it you are told which key signed",
        ),
        (
            Key::new("a", "").err(),
            "the secret of the key `a` is empty: everybody could sign with it",
        ),
        (
            Key::new("a", vec![0; 1025]).err(),
            "the secret of the key `a` has 1025 bytes, and at most 1024 are taken",
        ),
        (key("a").with_client("").err(), "the client of the key `a` must have 1 to 128 bytes"),
        (
            never.err(),
            "the key `a` is valid until before it begins to be: exchange the two instants",
        ),
        (Keys::new([]).err(), "no key is given: nothing could be verified"),
        (Keys::new([key("a"), key("b"), key("a")]).err(), "two keys have the id `a`"),
        (
            Keys::new((0..9).map(|at| key(&at.to_string()))).err(),
            "9 keys are given, and at most 8 are tried: take out those that ended",
        ),
        (
            Keys::new([key("a")]).unwrap().tolerating(-1).err(),
            "a tolerance of -1 ns tolerates nothing: it must not be below zero",
        ),
    ];
    for (error, wanted) in cases {
        assert_eq!(error.unwrap().to_string(), wanted);
    }
}

#[test]
fn a_key_is_valid_from_its_first_instant_to_its_last() {
    let cases = [
        ("always", None, None, [true, true, true, true, true]),
        ("from 10 on", Some(10), None, [false, true, true, true, true]),
        ("until 20", None, Some(20), [true, true, true, true, false]),
        ("from 10 to 20", Some(10), Some(20), [false, true, true, true, false]),
        ("at 10 alone", Some(10), Some(10), [false, true, false, false, false]),
    ];
    for (name, first, last, wanted) in cases {
        let key = key("a").valid(first, last).unwrap();
        assert_eq!([9, 10, 15, 20, 21].map(|now| key.is_valid(now)), wanted, "{name}");
    }
}

#[test]
fn a_secret_is_shown_nowhere() {
    let key = key("2026").with_client("api-key").unwrap();
    let shown = format!("{key:?} {:?}", Keys::new([key.clone()]).unwrap());
    assert!(shown.contains("2026") && !shown.contains("sekretny"), "{shown}");
    let bytes = format!("{:?}", b"sekretny");
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
}
