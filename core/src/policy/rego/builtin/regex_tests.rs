use super::super::harness::check;

#[test]
fn matches() {
    check(
        "regex.match",
        &[
            (r#"["^[a-z]+\\[[0-9]+\\]$", "foo[1]"]"#, "true"),
            (r#"["a$", "a\n"]"#, "false"),
            (r#"["^\\w$", "é"]"#, "false"),
            (r#"["^\\pL$", "é"]"#, "true"),
            (r#"["[", ""]"#, "error: error parsing regexp: missing closing ]: `[`"),
            (r#"["a", 1]"#, "type: operand 2 must be string but got number"),
            (
                r#"["((a{1000}){1000}){1000}", ""]"#,
                "error: error parsing regexp: invalid repeat count: `{1000}`",
            ),
        ],
    );
    let large = "exhausted: has a number, a text or a pattern that is larger than a query may have";
    check("regex.match", &[(r#"["\\p{L}{1000}", ""]"#, large)]);
    check("regex.is_valid", &[(r#"["\\p{L}{1000}"]"#, large)]);
    let nested = format!(r#"["{}a{}", "a"]"#, "(".repeat(300), ")".repeat(300));
    check("regex.match", &[(&nested, "exhausted: needs what this engine does not support")]);
    check("regex.is_valid", &[(r#"["(a{100}){100}"]"#, "false"), (r#"["(?)"]"#, "true")]);
    check("regex.is_valid", &[(r#"["a+"]"#, "true"), (r#"["++"]"#, "false"), ("[1]", "false")]);
}

#[test]
fn finds() {
    check(
        "regex.find_n",
        &[
            (r#"["a.", "paranormal", -1]"#, r#"["ar", "an", "al"]"#),
            (r#"["a.", "paranormal", 2]"#, r#"["ar", "an"]"#),
            (r#"["a.", "paranormal", 0]"#, "[]"),
            (r#"["a*", "baac", -1]"#, r#"["", "aa", ""]"#),
        ],
    );
    check(
        "regex.find_all_string_submatch_n",
        &[
            (r#"["a(x*)b(c)?", "-axxb-ab-", -1]"#, r#"[["axxb", "xx", ""], ["ab", "", ""]]"#),
            (r#"["x", "a", -1]"#, "[]"),
        ],
    );
}

#[test]
fn splits_and_replaces() {
    check(
        "regex.split",
        &[
            (r#"["z+", "pizza"]"#, r#"["pi", "a"]"#),
            (r#"["a", "banana"]"#, r#"["b", "n", "n", ""]"#),
            (r#"["", "abc"]"#, r#"["a", "b", "c"]"#),
            (r#"["x", ""]"#, r#"[""]"#),
            (r#"["", ""]"#, "[]"),
        ],
    );
    check(
        "regex.replace",
        &[
            (r#"["-wy-wxxy-", "w(x*)y", "${1}."]"#, r#""-.-xx.-""#),
            (r#"["foo", "^[a-z]", "F"]"#, r#""Foo""#),
            (r#"["abc", "", "-"]"#, r#""-a-b-c-""#),
            (r#"["baac", "a*", "x"]"#, r#""xbxcx""#),
            (r#"["foo", "(?P<n>o)", "[$n$nx${n}$$$é]"]"#, r#""f[oo$][oo$]""#),
            (r#"["foo", "f", "${1"]"#, r#""${1oo""#),
        ],
    );
}

#[test]
fn templates() {
    check(
        "regex.template_match",
        &[
            (r#"["urn:foo:{.*}", "urn:foo:bar:baz", "{", "}"]"#, "true"),
            (r#"["urn:foo:<.*>", "urn:bar", "<", ">"]"#, "false"),
            (r#"["a.{b{2}}", "a.bb", "{", "}"]"#, "true"),
            (r#"["a.{b}", "axb", "{", "}"]"#, "false"),
            (r#"["{a", "a", "{", "}"]"#, r#"error: unbalanced braces in "{a""#),
            (
                r#"["a", "a", "{{", "}"]"#,
                "error: start delimiter has to be exactly one character long but is 2 long",
            ),
        ],
    );
}
