use super::quote;

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
