use super::super::harness::check;

const NO_TEXT: &str = "exhausted: the result is not UTF-8 text, which this engine cannot hold";

#[test]
fn queries() {
    check("urlquery.encode", &[(r#"["a=b+1 ~é"]"#, r#""a%3Db%2B1+~%C3%A9""#)]);
    check(
        "urlquery.decode",
        &[
            (r#"["a%3Db%2B1+c"]"#, r#""a=b+1 c""#),
            (r#"["a%ff"]"#, NO_TEXT),
            (r#"["a%EF%BF%BD"]"#, "\"a\u{fffd}\""),
            (r#"["a%zzb"]"#, r#"error: invalid URL escape "%zz""#),
            (r#"["a%4"]"#, r#"error: invalid URL escape "%4""#),
        ],
    );
    check(
        "urlquery.encode_object",
        &[
            (
                r#"[{"b": ["y", "x"], "a": "1 2", "c": ["§", "n", "m"]}]"#,
                r#""a=1+2&b=y&b=x&c=m&c=n""#,
            ),
            ("[{}]", r#""""#),
            (
                r#"[{"a": 1}]"#,
                "type: operand 1 values must be string, array[string], or set[string]",
            ),
            (
                r#"[{"a": [1]}]"#,
                "type: operand 1 values must be string, array[string], or set[string]",
            ),
            ("[[]]", "type: operand 1 must be object but got array"),
        ],
    );
    check(
        "urlquery.decode_object",
        &[
            (r#"["a=1&b&a=2&&c=%20"]"#, r#"{"a": ["1", "2"], "b": [""], "c": [" "]}"#),
            (r#"["a=%ff"]"#, NO_TEXT),
            (r#"["%c3=a"]"#, NO_TEXT),
            (r#"["a=%ff&a;b"]"#, "error: invalid semicolon separator in query"),
            (r#"["a;b"]"#, "error: invalid semicolon separator in query"),
        ],
    );
}
