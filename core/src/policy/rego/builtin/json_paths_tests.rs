use super::super::harness::check;

#[test]
fn filters() {
    check(
        "json.filter",
        &[
            (r#"[{"a": {"b": 1, "c": 2}, "d": 3}, ["a/b"]]"#, r#"{"a": {"b": 1}}"#),
            (r#"[{"a": [{"x": 1}, {"y": 2}]}, ["a/1/y"]]"#, r#"{"a": [{"y": 2}]}"#),
            (r#"[{"a": {"b": 1}}, ["a/b", "a"]]"#, r#"{"a": {"b": 1}}"#),
            (r#"[{"a/b": 1, "c~d": 2, "e": 3}, ["/a~1b", "c~0d"]]"#, r#"{"a/b": 1, "c~d": 2}"#),
            (r#"[{"a": 1}, [""]]"#, "{}"),
            (r#"[{"a": {"s": ["§", "x", "y"]}}, [["a", "s", "x"]]]"#, r#"{"a": {"s": {"x"}}}"#),
        ],
    );
}

#[test]
fn removes() {
    check(
        "json.remove",
        &[
            (
                r#"[{"a": [{"b": 7, "c": 8}, {"d": 9}]}, ["§", "a/0/b", "a/1"]]"#,
                r#"{"a": [{"c": 8}]}"#,
            ),
            (r#"[{"a": 1}, ["a/b/c", "x"]]"#, r#"{"a": 1}"#),
            (r#"[[1], ["a"]]"#, "type: operand 1 must be object but got array"),
            (r#"[{}, "a"]"#, "type: operand 2 must be one of {set, array} but got string"),
            (
                r#"[{}, [1]]"#,
                "type: operand 2 must be one of {set, array} containing string paths or array of path segments but got number",
            ),
        ],
    );
}
