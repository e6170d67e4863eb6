use proptest::prelude::*;

use super::*;

/// A promise: without this text nothing of a store can be read again.
#[test]
fn the_text_of_a_key_is_golden() {
    let text = format!("thalium-key-1-{}\n", "0f".repeat(32));
    let key = KeyText::parse(&text, "it").unwrap();
    assert_eq!(*key.secret, [15; 32]);
    assert_eq!(*key.text(), text);
}

#[test]
fn what_is_no_key_is_told_by_its_name_and_not_shown() {
    let short = format!("thalium-key-1-{}", "0f".repeat(31));
    let letters = format!("thalium-key-1-{}", "0g".repeat(32));
    for text in ["", "secret", "thalium-key-2-00", &short, &letters, &format!("{short}é")] {
        let told = KeyText::parse(text, "THE_VARIABLE").unwrap_err().to_string();
        assert!(told.starts_with("THE_VARIABLE is no key"), "{told}");
        assert!(text.is_empty() || !told.contains(text), "{told}");
    }
}

#[test]
fn a_file_is_written_once_for_its_owner_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    let key = KeyText::generate().unwrap();
    key.write(&path).unwrap();
    assert!(key.write(&path).unwrap_err().to_string().contains("cannot be written"));
    let read = KeyText::read(&path).unwrap();
    assert_eq!(*read.secret, *key.secret);
    assert!(!format!("{read:?}").contains(&key.text()[20..40]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(
        KeyText::read(&directory.path().join("none")).unwrap_err().0.contains("cannot be read")
    );
}

proptest! {
    /// Never another key: whatever is changed, and whatever it is asked for.
    #[test]
    fn a_wrapped_key_is_unwrapped_as_it_was_or_not_at_all(
        key: [u8; 32], context: Vec<u8>, other: Vec<u8>, at: prop::sample::Index, bit in 0_u8..8,
    ) {
        let keys = KeyText::generate().unwrap();
        let wrapped = keys.wrap(&DataKey::new(key), &context).unwrap();
        prop_assert!(wrapped.len() <= thalium::port::keys::WRAPPED_MAX);
        let unwrapped = keys.unwrap(&wrapped, &context).unwrap();
        prop_assert_eq!(unwrapped.as_bytes(), &key);
        prop_assert!(!wrapped.windows(8).any(|window| key.starts_with(window) && key != [0; 32]));
        if other != context {
            prop_assert!(keys.unwrap(&wrapped, &other).is_err());
        }
        let mut damaged = wrapped.clone();
        damaged[at.index(wrapped.len())] ^= 1 << bit;
        prop_assert!(keys.unwrap(&damaged, &context).is_err());
        prop_assert!(keys.unwrap(&wrapped[..at.index(wrapped.len())], &context).is_err());
        prop_assert!(KeyText::generate().unwrap().unwrap(&wrapped, &context).is_err());
    }
}

#[test]
fn a_key_passes_the_suite_of_keys() {
    let key = KeyText::generate().unwrap();
    let again = KeyText::parse(&key.text(), "it").unwrap();
    thalium::port::conformance::keys(&key, &again, &KeyText::generate().unwrap()).unwrap();
}
