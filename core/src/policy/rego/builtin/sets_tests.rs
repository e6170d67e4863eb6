use super::super::harness::check;

#[test]
fn sets() {
    check(
        "and",
        &[
            (r#"[["§", 1, 2], ["§", 2, 3]]"#, "{2}"),
            (r#"[["§"], [1]]"#, "type: operand 2 must be set but got array"),
        ],
    );
    check("or", &[(r#"[["§", 1, 2], ["§", 2, 3]]"#, "{1, 2, 3}")]);
    check(
        "intersection",
        &[
            (r#"[["§", ["§", 1, 2], ["§", 2, 3]]]"#, "{2}"),
            (r#"[["§"]]"#, "set()"),
            (r#"[["§", 1]]"#, "type: operand 1 must be set but got number"),
        ],
    );
    check(
        "union",
        &[(r#"[["§", ["§", 1, 2], ["§", 2, 3]]]"#, "{1, 2, 3}"), (r#"[["§"]]"#, "set()")],
    );
}
