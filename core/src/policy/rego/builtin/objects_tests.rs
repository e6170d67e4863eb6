use super::super::harness::{call, check};

#[test]
fn keys_and_paths() {
    check(
        "object.get",
        &[
            (r#"[{"a": {"b": [5]}}, ["a", "b", 0], 1]"#, "5"),
            (r#"[{"a": 1}, ["a", "b"], 2]"#, "2"),
            (r#"[{"a": false}, "a", true]"#, "false"),
            (r#"[{"a": 1}, [], 2]"#, r#"{"a": 1}"#),
            (r#"[[1], 0, 2]"#, "type: operand 1 must be object but got array"),
        ],
    );
    check("object.keys", &[(r#"[{"b": 1, "a": 2}]"#, r#"{"a", "b"}"#)]);
    check(
        "object.remove",
        &[
            (r#"[{"a": 1, "b": 2}, ["a", "x"]]"#, r#"{"b": 2}"#),
            (r#"[{"a": 1}, {"a": 9}]"#, "{}"),
            (
                r#"[{"a": 1}, "a"]"#,
                "type: operand 2 must be one of {object, set, array} but got string",
            ),
        ],
    );
    check("object.filter", &[(r#"[{"a": 1, "b": 2}, ["§", "a"]]"#, r#"{"a": 1}"#)]);
}

#[test]
fn unions_go_into_objects() {
    check(
        "object.union",
        &[(
            r#"[{"a": {"x": 1}, "b": 1}, {"a": {"y": 2}, "b": {"z": 3}}]"#,
            r#"{"a": {"x": 1, "y": 2}, "b": {"z": 3}}"#,
        )],
    );
    check(
        "object.union_n",
        &[
            (r#"[[{"a": {"b": 2}}, {"a": 4}, {"a": {"c": 3}}]]"#, r#"{"a": {"c": 3}}"#),
            (r#"[[{"a": {"b": 2}}, {"a": {"c": 3}}]]"#, r#"{"a": {"b": 2, "c": 3}}"#),
            (
                r#"[[{"a": {"b": {"x": 1}}}, {"a": {"c": 0}}, {"a": {"b": {"y": 2}}}, {"a": {"b": {"x": 3}}}]]"#,
                r#"{"a": {"b": {"x": 3, "y": 2}, "c": 0}}"#,
            ),
            (r#"[[{"a": 1}, {"a": {"b": 2}}, {"a": {"c": 3}}]]"#, r#"{"a": {"b": 2, "c": 3}}"#),
            (r#"[[{"a": {"b": 2}, "c": 1}, {}]]"#, r#"{"a": {"b": 2}, "c": 1}"#),
            ("[[]]", "{}"),
            (
                r#"[[{}, 1]]"#,
                "type: operand 1 must be array of objects but got array containing number",
            ),
        ],
    );
}

#[test]
fn a_union_is_charged_by_what_it_joins() {
    let rest = |key: &str| {
        let all: Vec<String> =
            (0..10_000).map(|at| format!(r#"{{"{key}": {{"{at}": 1}}}}"#)).collect();
        format!("[[{}]]", all.join(","))
    };
    assert!(call("object.union_n", &rest("a")).starts_with(r#"{"a": {"0": 1, "#));
    let flat: Vec<String> = (0..10_000).map(|at| format!(r#"{{"{at}": 1}}"#)).collect();
    let flat = format!("[[{}]]", flat.join(","));
    assert!(call("object.union_n", &flat).starts_with(r#"{"0": 1, "#));
}
