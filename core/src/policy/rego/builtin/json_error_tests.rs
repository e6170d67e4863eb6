use super::explain;

#[test]
fn says_what_go_says() {
    for (text, what) in [
        ("", "EOF"),
        (" ", "EOF"),
        ("[1", "unexpected EOF"),
        ("x", "invalid character 'x' looking for beginning of value"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("[1 2]", "invalid character '2' after array element"),
        ("{1}", "invalid character '1' looking for beginning of object key string"),
        ("{\"a\",", "invalid character ',' after object key"),
        ("{\"a\": 1 \"", "invalid character '\"' after object key:value pair"),
        ("\"\n\"", "invalid character '\\n' in string literal"),
        ("\"\\'\"", "invalid character '\\'' in string escape code"),
        ("\"\\u00g0\"", "invalid character 'g' in \\u hexadecimal character escape"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1ex", "invalid character 'x' in exponent of numeric literal"),
        ("trux", "invalid character 'x' in literal true (expecting 'e')"),
        ("[é]", "invalid character 'Ã' looking for beginning of value"),
        ("{} x", "invalid character 'x' looking for beginning of value"),
        ("{} 12 x", "error: invalid character '12' after top-level value"),
        ("[] []", "error: invalid character '[' after top-level value"),
    ] {
        assert_eq!(explain(text).as_deref(), Some(what), "{text}");
    }
    assert_eq!(explain(" {\"a\": [1, {}, -0.5e+3, \"\\u00e9\"]} "), None);
}
