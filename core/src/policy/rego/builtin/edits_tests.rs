use super::super::harness::{call, check};

#[test]
fn case_is_of_one_letter_each() {
    check("upper", &[(r#"["straße ŉ ᾳ ǆ"]"#, r#""STRAßE ŉ ᾼ Ǆ""#)]);
    check(
        "lower",
        &[
            (r#"["ÅÄÖ İΣ"]"#, r#""åäö iσ""#),
            ("[1]", "type: operand 1 must be string but got number"),
        ],
    );
}

#[test]
fn trims() {
    check(
        "trim",
        &[
            (r#"["..a.b..", "."]"#, r#""a.b""#),
            (r#"["¡¡a!!", "!¡"]"#, r#""a""#),
            (r#"["a", ""]"#, r#""a""#),
        ],
    );
    check("trim_left", &[(r#"["aab", "a"]"#, r#""b""#)]);
    check("trim_right", &[(r#"["baa", "a"]"#, r#""b""#)]);
    check("trim_prefix", &[(r#"["aab", "a"]"#, r#""ab""#)]);
    check("trim_suffix", &[(r#"["baa", "a"]"#, r#""ba""#)]);
    check("trim_space", &[(r#"["\u00a0\t a b\n\u0085"]"#, r#""a b""#)]);
    check("strings.reverse", &[(r#"["1😀é"]"#, r#""é😀1""#)]);
}

#[test]
fn splits() {
    check(
        "split",
        &[
            (r#"["a.b.", "."]"#, r#"["a", "b", ""]"#),
            (r#"["åb", ""]"#, r#"["å", "b"]"#),
            (r#"["", ""]"#, "[]"),
            (r#"["", "."]"#, r#"[""]"#),
        ],
    );
}

#[test]
fn replaces_from_the_left() {
    check(
        "replace",
        &[
            (r#"["foo...bar", "..", ",,"]"#, r#""foo,,.bar""#),
            (r#"["ab", "", "-"]"#, r#""-a-b-""#),
            (r#"["abab", "ab", ""]"#, r#""""#),
        ],
    );
    check(
        "strings.replace_n",
        &[
            (r#"[{"f": "x", "foo": "xxx"}, "foobar"]"#, r#""xoobar""#),
            (r#"[{"": "-", "a": "b"}, "ac"]"#, r#""-b-c-""#),
            (r#"[{"a": "b", "b": "a"}, "ab"]"#, r#""ba""#),
            (r#"[{"a": 1}, "a"]"#, "type: operand 1 non-string value found in pattern object"),
            (r#"[{"a": "b"}, 1]"#, "type: operand 2 must be string but got number"),
        ],
    );
}

#[test]
fn what_grows_is_paid() {
    let args = format!(r#"["{}", "", "{}"]"#, "a".repeat(100_000), "b".repeat(100_000));
    assert!(call("replace", &args).starts_with("exhausted"));
}
