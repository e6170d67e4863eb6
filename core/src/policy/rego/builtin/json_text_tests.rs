use super::super::harness::{call, check};

#[test]
fn text_and_back() {
    let deep = format!(r#"["{}{}"]"#, "[".repeat(500), "]".repeat(500));
    check(
        "json.marshal",
        &[
            (
                r#"[{"b": ["§", 2, 1], "a": "<&>\u2028"}]"#,
                r#""{\"a\":\"\\u003c\\u0026\\u003e\\u2028\",\"b\":[1,2]}""#,
            ),
            ("[1.0]", r#""1.0""#),
        ],
    );
    check(
        "json.unmarshal",
        &[
            (r#"["{\"a\": [1, 2.50, null]}"]"#, r#"{"a": [1, 2.50, null]}"#),
            ("[1]", "type: operand 1 must be string but got number"),
            (
                r#"["1e99999"]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            (&deep, "exhausted: nests deeper than a query may"),
            (r#"[""]"#, "error: EOF"),
        ],
    );
    check("json.is_valid", &[(r#"["[1]"]"#, "true"), (r#"["[1"]"#, "false"), ("[1]", "false")]);
}

#[test]
fn layout() {
    check(
        "json.marshal_with_options",
        &[
            (
                r#"[{"a": [1, {}], "b": []}, {"indent": "  "}]"#,
                r#""{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}""#,
            ),
            (r#"[[1], {"prefix": "> "}]"#, r#""> [\n> \t1\n> ]""#),
            (r#"[[1], {"pretty": true}]"#, r#""[\n\t1\n]""#),
            (r#"[[1], {"pretty": false, "indent": "  "}]"#, r#""[1]""#),
            (r#"[[1], {}]"#, r#""[1]""#),
            (r#"[1, {"x": 1}]"#, r#"type: operand 2 object contained unknown key "x""#),
            (r#"[1, {"pretty": 1}]"#, r#"type: operand 2 key "pretty" failed cast to bool"#),
            (
                r#"[1, {"indent": 1}]"#,
                r#"type: operand 2 key "indent" failed cast to string: operand 0 must be string but got number"#,
            ),
            ("[1, 1]", "type: operand 2 must be object but got number"),
        ],
    );
}

#[test]
fn an_indent_that_is_repeated_is_paid() {
    let deep = (0..300).fold("1".to_owned(), |inner, _| format!("[{inner},2]"));
    let args = format!(r#"[{deep}, {{"indent": "{}"}}]"#, "x".repeat(10_000));
    assert!(call("json.marshal_with_options", &args).starts_with("exhausted"));
}

#[test]
fn what_is_too_much_is_neither_valid_nor_not() {
    let deep = format!(r#"["{}{}"]"#, "[".repeat(500), "]".repeat(500));
    let torn = format!(r#"["{}"]"#, "[".repeat(500));
    check(
        "json.is_valid",
        &[
            (&deep, "exhausted: nests deeper than a query may"),
            (&torn, "false"),
            (
                r#"["1e99999"]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            (r#"["[1e99999"]"#, "false"),
        ],
    );
}
