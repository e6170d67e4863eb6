use super::*;

#[test]
fn addresses() {
    for (text, want) in [
        ("memory:", Some(Address::Memory)),
        ("file:./data", Some(Address::File("./data".into()))),
        ("file:/var/lib/x", Some(Address::File("/var/lib/x".into()))),
        ("./data", Some(Address::File("./data".into()))),
        ("data:x/y", None),
        ("file:", None),
        ("postgres://localhost/x", None),
        ("", None),
    ] {
        assert_eq!(text.parse::<Address>().ok(), want, "{text}");
    }
}
