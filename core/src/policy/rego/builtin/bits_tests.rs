use super::super::harness::check;

#[test]
fn bits_are_of_any_size() {
    check("bits.and", &[("[-1, 18446744073709551615]", "18446744073709551615"), ("[12, 10]", "8")]);
    check("bits.or", &[("[7, 9]", "15"), ("[-4, 1]", "-3")]);
    check(
        "bits.xor",
        &[
            ("[42, 42]", "0"),
            ("[7.2, 42]", "type: operand 1 must be integer number but got floating-point number"),
        ],
    );
    check("bits.negate", &[("[42]", "-43"), ("[-1]", "0")]);
    check(
        "bits.lsh",
        &[
            ("[1, 64]", "18446744073709551616"),
            ("[0, 1e300]", "0"),
            (
                "[1, 1e300]",
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            (
                "[1, -1]",
                "type: operand 2 must be an unsigned integer number but got a negative integer",
            ),
        ],
    );
    check(
        "bits.rsh",
        &[
            ("[8, 3]", "1"),
            ("[-1, 5]", "-1"),
            ("[-5, 1]", "-3"),
            ("[7, 1e300]", "0"),
            ("[-7, 1e300]", "-1"),
        ],
    );
}
