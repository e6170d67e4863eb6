use super::super::harness::{call, check};

#[test]
fn intersections() {
    check(
        "regex.globs_match",
        &[
            (r#"["a.a.[0-9]+z", ".b.b2359825792*594823z"]"#, "true"),
            (r#"["[a-z]+", "[0-9]*"]"#, "false"),
            (r#"["b.*", "b1a"]"#, "true"),
            (r#"["b.*", "foo"]"#, "false"),
            (r#"["a+b*", "aab"]"#, "true"),
            // Each fits "aaa" and "a".
            (r#"["a+b*", "aaa"]"#, "false"),
            (r#"["ab*", "ac*"]"#, "false"),
            (r#"["", ""]"#, "true"),
            (r#"["", "a"]"#, "false"),
            (r#"["\\[a\\]", "[\\[-\\]]a."]"#, "true"),
            (r#"["a*a", "aa*"]"#, "true"),
        ],
    );
}

#[test]
fn refuses() {
    check(
        "regex.globs_match",
        &[
            (
                r#"["pqrs]", "a"]"#,
                "error: input:pqrs], pos:5, set-close ']' with no preceding '[': the input provided is invalid",
            ),
            (
                r#"["a", "*"]"#,
                "error: input:*, pos:1, flag '*' must be preceded by a non-flag: the input provided is invalid",
            ),
            (
                r#"["[ab", "a"]"#,
                "error: input:[ab, pos:3, found [ without matching ]: the input provided is invalid",
            ),
            (
                r#"["[b-a]", "a"]"#,
                "error: input:[b-a], pos:4, range is out of order: 'a' comes before 'b' in Unicode: the input provided is invalid",
            ),
            (
                r#"["[-a]", "a"]"#,
                "error: input:[-a], pos:2, range character '-' must be preceded by a Unicode character: the input provided is invalid",
            ),
        ],
    );
}

#[test]
fn long_patterns_end() {
    let args = format!(r#"["{}", "{}b"]"#, ".*a".repeat(200), "a".repeat(2_000));
    assert_eq!(call("regex.globs_match", &args), "false");
}

#[test]
fn what_goes_too_deep_ends_the_query() {
    let one = "a*b*".repeat(2_000);
    let other = "a+b+".repeat(2_000);
    let answer = call("regex.globs_match", &format!(r#"["{one}", "{other}"]"#));
    assert_eq!(answer, "exhausted: nests deeper than a query may");
}
