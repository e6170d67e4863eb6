use super::super::harness::{call, check};

#[test]
fn parses() {
    check(
        "uuid.parse",
        &[
            (
                r#"["00000000-0000-4000-8000-000000000000"]"#,
                r#"{"variant": "RFC4122", "version": 4}"#,
            ),
            (
                r#"["URN:UUID:00000000-0000-4000-c000-000000000000"]"#,
                r#"{"variant": "Microsoft", "version": 4}"#,
            ),
            (r#"["6bea8ef2d3d33cd1e4e09bab06a52ece"]"#, r#"{"variant": "Future", "version": 3}"#),
            (
                r#"["{000003e8-48b9-11ee-b201-335096b39f47}"]"#,
                r#"{"clocksequence": 12801, "macvariables": "local:multicast", "nodeid": "33-50-96-b3-9f-47", "time": 1693566990121469600, "variant": "RFC4122", "version": 1}"#,
            ),
            (r#"["00000000-0000-4000-8000-00000000000g"]"#, "undefined"),
            (r#"["00000000 0000-4000-8000-000000000000"]"#, "undefined"),
            (r#"[""]"#, "undefined"),
            ("[1]", "type: operand 1 must be string but got number"),
        ],
    );
}

#[test]
fn made_ones_follow_from_the_key() {
    let made = call("uuid.rfc4122", r#"["a"]"#);
    assert_eq!(made, call("uuid.rfc4122", r#"["a"]"#));
    assert_ne!(made, call("uuid.rfc4122", r#"["b"]"#));
    assert_eq!(call("uuid.parse", &format!("[{made}]")), r#"{"variant": "RFC4122", "version": 4}"#);
}
