use super::super::harness::check;

#[test]
fn parts() {
    check(
        "concat",
        &[
            (r#"["/", ["a", "b"]]"#, r#""a/b""#),
            (r#"["/", ["§", "b", "a"]]"#, r#""a/b""#),
            (r#"["/", []]"#, r#""""#),
            (
                r#"["/", ["a", 1]]"#,
                "type: operand 2 must be array of strings but got array containing number",
            ),
            (r#"["/", "a"]"#, "type: operand 2 must be one of {set, array} but got string"),
            (r#"[1, []]"#, "type: operand 1 must be string but got number"),
        ],
    );
    check(
        "contains",
        &[(r#"["abc", "bc"]"#, "true"), (r#"["abc", ""]"#, "true"), (r#"["abc", "ac"]"#, "false")],
    );
    check(
        "strings.any_prefix_match",
        &[
            (r#"[["a/b", "c"], ["§", "x", "a/"]]"#, "true"),
            (r#"["abc", "ab"]"#, "true"),
            (r#"[[], ["a"]]"#, "false"),
            (r#"[1, "a"]"#, "type: operand 1 must be one of {string, set, array} but got number"),
            (
                r#"["a", ["§", 1]]"#,
                "type: operand 2 must be set of strings but got set containing number",
            ),
        ],
    );
    check("strings.any_suffix_match", &[(r#"["file.txt", [".md", ".txt"]]"#, "true")]);
}

#[test]
fn positions_are_of_code_points() {
    check(
        "indexof",
        &[
            (r#"["åäö", "ö"]"#, "2"),
            (r#"["abc", "x"]"#, "-1"),
            (r#"["abc", ""]"#, "error: empty search character"),
        ],
    );
    check(
        "indexof_n",
        &[(r#"["aaå", "a"]"#, "[0, 1]"), (r#"["aaa", "aa"]"#, "[0, 1]"), (r#"["a", "b"]"#, "[]")],
    );
    check(
        "substring",
        &[
            (r#"["åäö", 1, 1]"#, r#""ä""#),
            (r#"["åäö", 1, -1]"#, r#""äö""#),
            (r#"["abc", 5, 1]"#, r#""""#),
            (r#"["abc", 1, 9223372036854775807]"#, r#""bc""#),
            (r#"["abc", -1, 1]"#, "error: negative offset"),
            (
                r#"["abc", 0.5, 1]"#,
                "type: operand 2 must be integer number but got floating-point number",
            ),
        ],
    );
    check(
        "strings.count",
        &[
            (r#"["cheese", "e"]"#, "3"),
            (r#"["åäö", ""]"#, "4"),
            (r#"["", ""]"#, "1"),
            (r#"["aaaa", "aa"]"#, "2"),
        ],
    );
}

#[test]
fn integers_of_other_bases() {
    check(
        "format_int",
        &[
            ("[255, 16]", r#""ff""#),
            ("[-255.9, 16]", r#""-ff""#),
            ("[5, 2]", r#""101""#),
            ("[18446744073709551616, 10]", r#""18446744073709551616""#),
            ("[1, 3]", "type: operand 2 must be one of {2, 8, 10, 16}"),
        ],
    );
}
