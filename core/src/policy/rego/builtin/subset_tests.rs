use super::super::harness::check;

#[test]
fn subsets() {
    check(
        "object.subset",
        &[
            (
                r#"[{"a": {"b": 1, "c": 2}, "d": ["§", 1, 2]}, {"a": {"b": 1}, "d": ["§", 2]}]"#,
                "true",
            ),
            (r#"[{"a": [1, 2, 3]}, {"a": [2, 3]}]"#, "true"),
            (r#"[{"a": [1, 2, 3]}, {"a": ["§", 2, 3]}]"#, "false"),
            (r#"[{"a": 1}, {"a": null}]"#, "false"),
            (r#"[[1, 1, 2], [1, 2]]"#, "true"),
            (r#"[[1, 2], []]"#, "true"),
            (r#"[[1, 2, 3], ["§", 3, 1]]"#, "true"),
            (r#"[[1, 2], ["§"]]"#, "true"),
            (r#"[[], ["§"]]"#, "false"),
            (
                r#"[["§", 1], [1]]"#,
                "type: both arguments object.subset must be of the same type or array and set",
            ),
        ],
    );
}
