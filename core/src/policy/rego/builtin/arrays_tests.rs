use super::super::harness::check;

#[test]
fn arrays() {
    check(
        "array.concat",
        &[("[[1], [2]]", "[1, 2]"), ("[{}, []]", "type: operand 1 must be array but got object")],
    );
    check("array.reverse", &[("[[1, 2, 3]]", "[3, 2, 1]")]);
    check(
        "array.flatten",
        &[
            ("[[[1, [2]], [], 3, [[4]]]]", "[1, [2], 3, [4]]"),
            (r#"[[["§", 1]]]"#, "[{1}]"),
            ("[[[2]]]", "[2]"),
        ],
    );
    check(
        "array.slice",
        &[
            ("[[1, 2, 3], 1, 2]", "[2]"),
            ("[[1, 2, 3], -5, 100]", "[1, 2, 3]"),
            ("[[1, 2, 3], 2, 1]", "[]"),
            ("[[1, 2, 3], 1, -1]", "[]"),
            (
                "[[1], 0.5, 1]",
                "type: operand 2 must be integer number but got floating-point number",
            ),
        ],
    );
}
