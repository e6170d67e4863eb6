use super::super::harness::check;

#[test]
fn computes() {
    check(
        "plus",
        &[
            ("[1, 2]", "3"),
            ("[0.1, 0.2]", "0.3"),
            (r#"[1, "a"]"#, "type: operand 2 must be number but got string"),
        ],
    );
    check("mul", &[("[9223372036854775807, 2]", "18446744073709551614")]);
    check(
        "div",
        &[
            ("[6, 3]", "2"),
            ("[1, 0]", "error: divide by zero"),
            ("[1, 0.0]", "error: divide by zero"),
        ],
    );
    check(
        "rem",
        &[
            ("[-7, 3]", "-1"),
            ("[7, 0]", "error: modulo by zero"),
            ("[1.1, 1]", "error: modulo on floating-point number"),
            ("[10, 18446744073709551616]", "10"),
        ],
    );
    check("abs", &[("[-5]", "5"), ("[-0.5]", "0.5")]);
    check("round", &[("[2.5]", "3"), ("[-2.5]", "-3"), ("[2.4]", "2")]);
    check("ceil", &[("[1.01]", "2"), ("[-1.9]", "-1")]);
    check("floor", &[("[1.99]", "1"), ("[-1.1]", "-2")]);
    check("lt", &[("[1, 1.0]", "false"), (r#"[1, "a"]"#, "true"), ("[null, false]", "true")]);
    check("equal", &[("[[1], [1.0]]", "true")]);
}

#[test]
fn minus_is_of_numbers_or_sets() {
    check(
        "minus",
        &[
            ("[3, 5]", "-2"),
            (r#"[["§", 1, 2, 3], ["§", 2]]"#, "{1, 3}"),
            (r#"[["§", 1], 1]"#, "type: operand 2 must be set but got number"),
            (r#"[1, ["§", 1]]"#, "type: operand 2 must be number but got set"),
            (r#"[["§", 1], "a"]"#, "type: operand 2 must be number but got string"),
            (r#"["a", 1]"#, "type: operand 1 must be one of {number, set} but got string"),
        ],
    );
}
