use super::super::harness::check;

#[test]
fn edits_in_order() {
    check(
        "json.patch",
        &[
            (
                r#"[{"a": 1}, [{"op": "add", "path": "/b", "value": 2}, {"op": "remove", "path": "/a"}]]"#,
                r#"{"b": 2}"#,
            ),
            (
                r#"[[1, 2], [{"op": "add", "path": "/1", "value": 9}, {"op": "add", "path": "/-", "value": 3}]]"#,
                "[1, 9, 2, 3]",
            ),
            (r#"[[1, [2, 3]], [{"op": "replace", "path": "/1/0", "value": 9}]]"#, "[1, [9, 3]]"),
            (
                r#"[{"a": {"b": 1}}, [{"op": "move", "from": "/a/b", "path": "/c"}]]"#,
                r#"{"a": {}, "c": 1}"#,
            ),
            (
                r#"[{"a": [1]}, [{"op": "copy", "from": "/a", "path": "/b"}, {"op": "test", "path": "/b/0", "value": 1}]]"#,
                r#"{"a": [1], "b": [1]}"#,
            ),
            (r#"[{"a": 1}, [{"op": "replace", "path": "", "value": [1]}]]"#, "[1]"),
            (
                r#"[{"a/b": 1, "c~d": 2}, [{"op": "remove", "path": "/a~1b"}, {"op": "remove", "path": "/c~0d"}]]"#,
                "{}",
            ),
            (r#"[1, []]"#, "1"),
        ],
    );
}

#[test]
fn sets_have_their_elements_as_keys() {
    check(
        "json.patch",
        &[
            (r#"[["§", "a"], [{"op": "add", "path": "b", "value": "b"}]]"#, r#"{"a", "b"}"#),
            (r#"[["§", "a"], [{"op": "add", "path": "b", "value": "c"}]]"#, "undefined"),
            (r#"[["§", [1]], [{"op": "add", "path": [[1], 1], "value": 2}]]"#, "{[1, 2]}"),
            (r#"[["§", "a"], [{"op": "remove", "path": "x"}]]"#, "undefined"),
        ],
    );
}

#[test]
fn what_does_not_fit_is_undefined() {
    for edit in [
        r#"{"op": "remove", "path": "/x"}"#,
        r#"{"op": "add", "path": "/x/y", "value": 1}"#,
        r#"{"op": "add", "path": "/l/01", "value": 1}"#,
        r#"{"op": "add", "path": "/l/3", "value": 1}"#,
        r#"{"op": "remove", "path": "/l/-"}"#,
        r#"{"op": "test", "path": "/a", "value": 2}"#,
        r#"{"op": "add", "path": "/a"}"#,
        r#"{"op": "spam", "path": "/a"}"#,
        r#"{"op": "move", "from": "/l", "path": "/l/0"}"#,
        r#"{"op": "add", "path": 1, "value": 1}"#,
        r#"{"path": "/a"}"#,
        "1",
    ] {
        check("json.patch", &[(&format!(r#"[{{"a": 1, "l": [1, 2]}}, [{edit}]]"#), "undefined")]);
    }
    check("json.patch", &[("[{}, {}]", "type: operand 2 must be array but got object")]);
}

#[test]
fn a_document_does_not_get_deeper_than_values_may() {
    let nest = (0..250).fold("1".to_owned(), |inner, _| format!("[{inner}]"));
    let path = vec!["0"; 249].join("/");
    let args = format!(r#"[{nest}, [{{"op": "copy", "from": "", "path": "/{path}/0"}}]]"#);
    check("json.patch", &[(&args, "exhausted: nests deeper than a query may")]);
}
