use super::*;

const PHRASE: &str = "correct horse battery staple";

#[test]
fn who_knows_the_passphrase_has_the_key() {
    let key = DataKey::new([7; 32]);
    let wrapped = Passphrase::new(PHRASE).unwrap().wrap(&key, b"c").unwrap();
    let again = Passphrase::new(PHRASE).unwrap();
    assert_eq!(again.unwrap(&wrapped, b"c").unwrap().as_bytes(), key.as_bytes());
    assert!(again.unwrap(&wrapped, b"d").is_err());
    let other = Passphrase::new("correct horse battery stable").unwrap();
    assert!(other.unwrap(&wrapped, b"c").unwrap_err().0.contains("not the one"));
    assert!(!format!("{again:?}").contains("horse"));
}

/// A promise: version, kind, length of the parameters, salt, cost.
#[test]
fn what_stands_beside_a_wrapped_key_is_golden() {
    let wrapped = Passphrase::new(PHRASE).unwrap().wrap(&DataKey::new([7; 32]), b"").unwrap();
    assert_eq!(wrapped.len(), 3 + 28 + 12 + 48);
    assert_eq!(wrapped[..3], [1, 2, 28]);
    assert_eq!(wrapped[19..31], [0, 0, 1, 0, 3, 0, 0, 0, 4, 0, 0, 0]);
}

#[test]
fn what_is_asked_for_without_measure_is_refused() {
    let keys = Passphrase::new(PHRASE).unwrap();
    let wrapped = keys.wrap(&DataKey::new([7; 32]), b"").unwrap();
    for (at, what) in
        [(22, "more memory or time"), (26, "more memory or time"), (30, "more memory or time")]
    {
        let mut forged = wrapped.clone();
        forged[at] = 0xff;
        assert!(keys.unwrap(&forged, b"").unwrap_err().0.contains(what), "byte {at}");
    }
    let mut other = wrapped.clone();
    other[1] = 1;
    assert!(keys.unwrap(&other, b"").unwrap_err().0.contains("by a key, not by a passphrase"));
    other[0] = 2;
    assert!(keys.unwrap(&other, b"").unwrap_err().0.contains("version 2"));
    assert!(keys.unwrap(b"", b"").is_err());
    assert!(Passphrase::new("short").unwrap_err().0.contains("fewer than 12"));
}

/// Of a wrapped key's bytes, those of the salt and the cost each make another key: the suite tries them all, with little
/// memory.
#[test]
fn a_passphrase_passes_the_suite_of_keys() {
    let cheap = |phrase: &str| {
        let mut keys = Passphrase::new(phrase).unwrap();
        keys.parameters[SALT..].copy_from_slice(&[64, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
        keys
    };
    let other = cheap("correct horse battery stable");
    thalium::port::conformance::keys(&cheap(PHRASE), &cheap(PHRASE), &other).unwrap();
}
