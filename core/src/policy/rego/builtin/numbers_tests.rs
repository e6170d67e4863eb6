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

#[test]
fn what_has_too_many_digits_ends_the_query() {
    let large = "exhausted: has a number, a text or a pattern that is larger than a query may have";
    check("mul", &[("[1e9000, 1e9000]", large)]);
    check("div", &[("[1e9000, 1e-9000]", large), ("[1, 0]", "error: divide by zero")]);
    check("product", &[("[[1e9000, 1e9000]]", large)]);
    let many = vec!["9e9999"; 20].join(", ");
    check("sum", &[(&format!("[[{many}]]"), large)]);
    check("units.parse", &[(r#"["1e9999Ei"]"#, large)]);
    check("units.parse_bytes", &[(r#"["1e99999"]"#, large)]);
}
