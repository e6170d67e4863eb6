use super::super::harness::value;
use super::{quote, term};

#[test]
fn quotes_as_a_literal_of_go() {
    for (text, quoted) in [
        ("a\"b\\", r#""a\"b\\""#),
        ("\u{7}\u{8}\u{c}\n\r\t\u{b}\0\u{7f}", r#""\a\b\f\n\r\t\v\x00\x7f""#),
        ("é日\u{ad}\u{2028}\u{e0001}", r#""é日\u00ad\u2028\U000e0001""#),
    ] {
        assert_eq!(quote(text, '"', false), quoted);
    }
    assert_eq!(quote("é\u{1f600}", '"', true), r#""\u00e9\U0001f600""#);
}

#[test]
fn terms_quote_as_go_does() {
    for (json, want) in [
        (
            r#"["\u0007\u000b\u007f\u0085\u200b\u00e9\ud83d\ude00\u00a0\"\\\t'"]"#,
            r#"["\a\v\x7f\u0085\u200bé😀\u00a0\"\\\t'"]"#,
        ),
        (r#"{"\n": "<&>\u2028\udb40\udc01"}"#, r#"{"\n": "<&>\u2028\U000e0001"}"#),
        (r#"["§", "a\u0000", ["§"]]"#, r#"{"a\x00", set()}"#),
        (
            r#"[[], {}, 1.50, null, true, "\ufeff\ufffd"]"#,
            "[[], {}, 1.50, null, true, \"\\ufeff\u{fffd}\"]",
        ),
    ] {
        assert_eq!(term(&value(json)), want, "{json}");
    }
}
