use super::super::harness::{call, check};

#[test]
fn matches() {
    for (pattern, delimiters, text, answer) in [
        ("*.github.com", r#"["."]"#, "api.github.com", true),
        ("*.github.com", "[]", "a.b.github.com", false),
        ("*.github.com", "null", "a.b.github.com", true),
        ("api.**.com", r#"["."]"#, "api.cdn.github.com", true),
        ("*", "[]", "a.b", false),
        ("", "[]", "", true),
        ("", "[]", "a", false),
        ("?at", "[]", "cat", true),
        ("?at", r#"["f"]"#, "fat", false),
        ("[abc]at", "[]", "bat", true),
        ("[!abc]at", "[]", "bat", false),
        ("[a-c]at", "[]", "cat", true),
        ("[!a-c]at", "[]", "cat", false),
        ("{cat,bat,[fr]at}s", "[]", "rats", true),
        ("{a,{b,c}d}*", "[]", "cdx", true),
        ("{a,}x", "[]", "x", true),
        ("{a,b", "[]", "b", true),
        ("a,b}", "[]", "a,b}", true),
        (r"\\*", "[]", "*", true),
        (r"[\\]]", "[]", "]", true),
        ("[ab-d]", "[]", "-", true),
        ("ö?ä", "[]", "öéä", true),
        ("a:b:*", r#"[":"]"#, "a:b:c", true),
        ("**/*", r#"["/"]"#, "a/b/c", true),
        ("a*b*c", "[]", "aXbYbc", true),
    ] {
        let args = format!(r#"["{pattern}", {delimiters}, "{text}"]"#);
        assert_eq!(call("glob.match", &args), answer.to_string(), "{args}");
    }
}

#[test]
fn refuses() {
    check(
        "glob.match",
        &[
            (r#"["[a", [], ""]"#, "error: unexpected end of input"),
            (r#"["[a-bc]", [], ""]"#, "error: expected close range character"),
            (r#"["[]", [], ""]"#, "error: could not parse range"),
            (r#"["[c-a]", [], ""]"#, "error: hi character 'a' should be greater than lo 'c'"),
            (
                r#"["a", [1], ""]"#,
                "type: operand 2 must be array of strings but got array containing number",
            ),
            (
                r#"["a", ["ab"], ""]"#,
                "type: operand 2 must be array of runes but got array containing string",
            ),
            (r#"["a", "b", ""]"#, "type: operand 2 must be one of {array, null} but got string"),
        ],
    );
}

#[test]
fn quotes() {
    check("glob.quote_meta", &[(r#"["*.g[i]t{h},?\\"]"#, r#""\\*.g\\[i\\]t\\{h\\},\\?\\\\""#)]);
}

#[test]
fn many_stars_take_no_longer() {
    let args = format!(r#"["{}b", null, "{}"]"#, "*a".repeat(500), "a".repeat(5_000));
    assert_eq!(call("glob.match", &args), "false");
}
