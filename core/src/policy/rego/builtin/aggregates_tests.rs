use super::super::harness::check;

#[test]
fn aggregates() {
    check(
        "count",
        &[
            (r#"["åäö"]"#, "3"),
            (r#"[{"a": 1}]"#, "1"),
            (r#"[["§", 1, 1]]"#, "1"),
            ("[1]", "type: operand 1 must be one of {array, object, set, string} but got number"),
        ],
    );
    check(
        "sum",
        &[
            ("[[1, 2.5]]", "3.5"),
            ("[[]]", "0"),
            ("[[9223372036854775807, 1]]", "9223372036854775808"),
            (
                r#"[[1, "a"]]"#,
                "type: operand 1 must be array of numbers but got array containing string",
            ),
            (
                r#"[["§", "a"]]"#,
                "type: operand 1 must be set of numbers but got set containing string",
            ),
            (r#"["a"]"#, "type: operand 1 must be one of {set, array} but got string"),
        ],
    );
    check("product", &[("[[2, 3]]", "6"), ("[[]]", "1")]);
    check(
        "max",
        &[
            ("[[1, 3, 2]]", "3"),
            ("[[1.0, 1]]", "1"),
            ("[[]]", "undefined"),
            (r#"[[1, "a"]]"#, r#""a""#),
        ],
    );
    check(
        "min",
        &[
            ("[[1, 3, 2]]", "1"),
            ("[[1.0, 1]]", "1"),
            ("[[]]", "undefined"),
            ("[1]", "type: operand 1 must be one of {set, array} but got number"),
        ],
    );
    check("sort", &[(r#"[[3, "a", null, [1], 1]]"#, r#"[null, 1, 3, "a", [1]]"#)]);
    check(
        "all",
        &[
            ("[[true, true]]", "true"),
            ("[[]]", "true"),
            ("[[true, 1]]", "false"),
            ("[1]", "type: operand 1 must be one of {array, set} but got number"),
        ],
    );
    check("any", &[("[[false, true]]", "true"), ("[[]]", "false")]);
}

#[test]
fn membership() {
    check(
        "internal.member_2",
        &[(r#"[1, ["§", 1]]"#, "true"), (r#"[1, {"a": 1}]"#, "true"), (r#"["a", "abc"]"#, "false")],
    );
    check(
        "internal.member_3",
        &[
            (r#"["a", 1, {"a": 1}]"#, "true"),
            (r#"[0, "a", ["a"]]"#, "true"),
            (r#"[1, 2, ["§", 1, 2]]"#, "false"),
        ],
    );
}
