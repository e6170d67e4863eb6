use super::super::harness::{call, check};

#[test]
fn ranges_go_both_ways() {
    check(
        "numbers.range",
        &[
            ("[1, 3]", "[1, 2, 3]"),
            ("[2, -1]", "[2, 1, 0, -1]"),
            ("[4, 4]", "[4]"),
            ("[1.0, 2]", "[1, 2]"),
            (
                "[9223372036854775806, 9223372036854775808]",
                "[9223372036854775806, 9223372036854775807, 9223372036854775808]",
            ),
            ("[1.5, 2]", "type: operand 1 must be integer number but got floating-point number"),
            (r#"[1, "a"]"#, "type: operand 2 must be integer but got string"),
            ("[0, 1e300]", "exhausted: took more steps than a query may"),
        ],
    );
    check(
        "numbers.range_step",
        &[
            ("[0, 10, 4]", "[0, 4, 8]"),
            ("[10, 0, 4]", "[10, 6, 2]"),
            ("[0, 10, 99999999999999999999]", "[0]"),
            ("[0, 10, 0]", "error: numbers.range_step: step must be a positive integer"),
            ("[0, 10, -1]", "error: numbers.range_step: step must be a positive integer"),
        ],
    );
}

#[test]
fn a_draw_follows_from_its_key() {
    let draw = |args| call("rand.intn", args);
    assert_eq!(draw(r#"["a", 1000000000]"#), draw(r#"["a", -1000000000]"#));
    assert_ne!(draw(r#"["a", 1000000000]"#), draw(r#"["b", 1000000000]"#));
    check("rand.intn", &[(r#"["a", 0]"#, "0"), (r#"["a", 1]"#, "0")]);
}
