use super::super::harness::check;

#[test]
fn kinds() {
    check(
        "type_name",
        &[("[null]", r#""null""#), (r#"[["§"]]"#, r#""set""#), ("[1]", r#""number""#)],
    );
    check("is_set", &[(r#"[["§"]]"#, "true"), ("[[]]", "false")]);
    check(
        "cast_array",
        &[
            (r#"[["§", 2, 1]]"#, "[1, 2]"),
            ("[1]", "type: operand 1 must be one of {array, set} but got number"),
        ],
    );
    check("cast_set", &[("[[2, 1, 2]]", "{1, 2}")]);
    check(
        "cast_string",
        &[(r#"["a"]"#, r#""a""#), ("[1]", "type: operand 1 must be string but got number")],
    );
}

#[test]
fn numbers_of_other_values() {
    check(
        "to_number",
        &[
            ("[null]", "0"),
            ("[true]", "1"),
            ("[1.50]", "1.50"),
            (r#"["-10.50"]"#, "-10.50"),
            (r#"["+007"]"#, "7"),
            (r#"[".5e3"]"#, "0.5e3"),
            (r#"["5."]"#, "5"),
            (
                r#"["1e-99999"]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            (r#"["1e400"]"#, r#"error: strconv.ParseFloat: parsing "1e400": value out of range"#),
            (r#"["1 "]"#, r#"error: strconv.ParseFloat: parsing "1 ": invalid syntax"#),
            (r#"[""]"#, r#"error: strconv.ParseFloat: parsing "": invalid syntax"#),
            (r#"["1e"]"#, r#"error: strconv.ParseFloat: parsing "1e": invalid syntax"#),
            (r#"["-iNf"]"#, "type: operand 1 must be valid number string but got string"),
            (
                "[[]]",
                "type: operand 1 must be one of {null, boolean, number, string} but got array",
            ),
        ],
    );
}
