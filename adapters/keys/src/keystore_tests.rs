use std::path::Path;

use super::*;

#[test]
fn a_place_names_a_key_of_the_store_or_a_file() {
    for (place, name) in [
        ("keystore:books", Some("books")),
        ("keystore:", Some("")),
        ("keystore:a/b", Some("a/b")),
        ("./keystore:books", None),
        ("keystore", None),
        ("/etc/thalium/key", None),
    ] {
        assert_eq!(name_in(Path::new(place)), name, "{place}");
    }
}

#[test]
fn a_name_is_checked_before_the_store_is_asked() {
    for name in ["", "two\nlines", &"x".repeat(NAME_MAX + 1)] {
        for told in [read(name).map(|_| ()), write(name, "text")] {
            assert!(told.unwrap_err().to_string().contains("from 1 to 128 bytes"), "{name:?}");
        }
    }
}

#[cfg(not(feature = "keystore"))]
#[test]
fn a_build_without_a_store_says_what_to_do() {
    assert!(read("books").unwrap_err().to_string().contains("give its text"));
    assert!(write("books", "text").is_err());
}
