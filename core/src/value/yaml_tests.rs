use super::*;

/// What a text is by the rules of JSON, or why it is nothing: `wrong`, `json`, `exhausted: …`.
fn told(text: &str, rules: Rules) -> String {
    match parse(text, rules) {
        Ok(value) => value.to_json(),
        Err(YamlError::Wrong { .. }) => "wrong".to_owned(),
        Err(YamlError::Json(_)) => "json".to_owned(),
        Err(YamlError::Exhausted(what)) => format!("exhausted: {what}"),
    }
}

fn check(rules: Rules, table: &[(&str, &str)]) {
    for (text, want) in table {
        assert_eq!(told(text, rules), *want, "{text:?}");
    }
}

const UNSUPPORTED: &str = "exhausted: needs what this engine does not support";

#[test]
fn scalars_have_the_types_of_go() {
    check(
        Rules::Json,
        &[
            ("yes", "true"),
            ("N", "false"),
            ("~", "null"),
            ("Null", "null"),
            ("nULL", r#""nULL""#),
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("1e21", "1e+21"),
            ("1e-7", "1e-7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-0", "0"),
            ("+1", "1"),
            ("0x1F", "31"),
            ("-0b11", "-3"),
            ("0o17", "15"),
            ("017", "15"),
            ("08", "8"),
            ("1__0", "10"),
            ("-_1", "-1"),
            ("_1", r#""_1""#),
            ("12345678901234567890", "12345678901234567890"),
            ("123456789012345678901234", "1.2345678901234569e+23"),
            ("1e400", r#""1e400""#),
            ("0x1ffffffffffffffff", UNSUPPORTED),
            (".", r#"".""#),
            ("--1", r#""--1""#),
            ("1:30", r#""1:30""#),
            ("2001-01-01", r#""2001-01-01""#),
            (".nan", "json"),
            ("[-.Inf]", "json"),
            ("!!str 1", r#""1""#),
            ("!!int \"12\"", "12"),
            ("!!int x", "wrong"),
            ("!foo bar", r#""bar""#),
            ("! 12", UNSUPPORTED),
            ("!!binary aGk=", UNSUPPORTED),
        ],
    );
    check(
        Rules::Annotations,
        &[("yes", r#""yes""#), ("On", r#""On""#), ("true", "true"), ("010", "8"), ("1.0", "1")],
    );
}

#[test]
fn flow_collections_may_end_anywhere() {
    for rules in [Rules::Json, Rules::Annotations] {
        check(
            rules,
            &[
                ("[a\n]", r#"["a"]"#),
                ("{a: b\n}", r#"{"a":"b"}"#),
                ("[a b\n, c]", r#"["a b","c"]"#),
                ("{a: b\n  c, d: e}", r#"{"a":"b c","d":"e"}"#),
                ("[a,\n b,\n]", r#"["a","b"]"#),
                ("[a: b, {c}]", r#"[{"a":"b"},{"c":null}]"#),
                ("{a:1}", r#"{"a:1":null}"#),
                ("{\"a\":1}", r#"{"a":1}"#),
                ("[http://x:80/]", r#"["http://x:80/"]"#),
                ("a: [b,\n  c]\nd: e", r#"{"a":["b","c"],"d":"e"}"#),
                ("[a,,b]", "wrong"),
                ("[a", "wrong"),
                ("{a: b]", "wrong"),
            ],
        );
    }
}

#[test]
fn what_the_versions_of_yaml_differ_in_is_neither_read_nor_wrong() {
    for text in [
        "[a?b]",
        "&x [a?b]",
        "a: !t [b, [c?d]]",
        "[:a]",
        "[a:]",
        "{a:[1]}",
        "a:\tb",
        "- a\n-\tb",
        "\ta: b",
        "\t\na: b",
        "[a,\tb]",
        "[a] b",
        "[a]]",
        "a: ]",
        "\"a\"b",
        "a: [b]#c",
        "a: 'b\nc'",
        "a: \u{feff}b",
        "a: \u{2028}",
        "a: \u{85}",
        "%YAML 1.2\n---\na",
        "%TAG ! tag:x,2000:\n---\n!a b",
        "1e10: x",
    ] {
        assert_eq!(told(text, Rules::Json), UNSUPPORTED, "{text:?}");
    }
    check(Rules::Annotations, &[("[a?b]", r#"["a?b"]"#), ("[:a]", UNSUPPORTED)]);
    check(
        Rules::Json,
        &[
            ("a?b: c?d", r#"{"a?b":"c?d"}"#),
            ("- &x [c]\n- a?b", r#"[["c"],"a?b"]"#),
            ("%YAML 1.1\n---\na", r#""a""#),
            ("\u{feff}a: b", r#"{"a":"b"}"#),
            ("a: b\t# c\td\ne: f\t\n", r#"{"a":"b","e":"f"}"#),
            ("# a\tb\nc: d\te", r#"{"c":"d\te"}"#),
            ("a: |\n  \tx\n  y\tz\nb: 'c\td'", r#"{"a":"\tx\ny\tz\n","b":"c\td"}"#),
            ("a: \u{1}", "wrong"),
            ("a: \u{7f}", "wrong"),
        ],
    );
}

#[test]
fn lines_that_do_not_end_give_no_end_of_a_line() {
    for (text, json, annotations) in [
        ("a: |\n  x", r#"{"a":"x"}"#, r#"{"a":"x\n"}"#),
        ("a: |\n  x\n", r#"{"a":"x\n"}"#, r#"{"a":"x\n"}"#),
        ("a: |+\n  x", r#"{"a":"x"}"#, r#"{"a":"x\n"}"#),
        ("a: >\n  x\n  y", r#"{"a":"x y"}"#, r#"{"a":"x y\n"}"#),
        ("a: |\n  x\n  ", r#"{"a":"x\n"}"#, r#"{"a":"x\n"}"#),
        ("a: |+\n  x\n  ", r#"{"a":"x\n"}"#, r#"{"a":"x\n\n"}"#),
        ("a: |+\n  ", r#"{"a":""}"#, r#"{"a":"\n"}"#),
        ("a: |-\n  x", r#"{"a":"x"}"#, r#"{"a":"x"}"#),
        ("- |\n  x\n- z", r#"["x\n","z"]"#, r#"["x\n","z"]"#),
        ("a: >-\n  x\n  y\n\n\n  z\n", r#"{"a":"x y\n\nz"}"#, r#"{"a":"x y\n\nz"}"#),
        ("a: |2\n   x\n", r#"{"a":" x\n"}"#, r#"{"a":" x\n"}"#),
    ] {
        assert_eq!(told(text, Rules::Json), json, "{text:?}");
        assert_eq!(told(text, Rules::Annotations), annotations, "{text:?}");
    }
}

#[test]
fn keys_and_merges_are_those_of_the_package() {
    for (text, json, annotations) in [
        ("a: 1\na: 2", r#"{"a":2}"#, "wrong"),
        ("{b: 2, <<: {b: 1}}", r#"{"b":1}"#, r#"{"b":2}"#),
        ("{<<: {b: 1}, b: 2}", r#"{"b":2}"#, r#"{"b":2}"#),
        ("{<<: [{b: 1}, {b: 2, c: 3}]}", r#"{"b":1,"c":3}"#, r#"{"b":1,"c":3}"#),
        ("{'<<': 1}", r#"{"<<":1}"#, r#"{"<<":1}"#),
        ("<<: 1", "wrong", "wrong"),
        ("[a]: b", "wrong", "wrong"),
        ("{{a: b}: c}", "wrong", "wrong"),
        ("null: 1", "json", r#"{"null":1}"#),
        ("12345678901234567890: 1", "json", r#"{"12345678901234567890":1}"#),
        ("1.5: x", r#"{"1.5":"x"}"#, r#"{"1.5":"x"}"#),
        ("y: x", r#"{"true":"x"}"#, r#"{"y":"x"}"#),
        ("0x10: x", r#"{"16":"x"}"#, r#"{"16":"x"}"#),
    ] {
        assert_eq!(told(text, Rules::Json), json, "{text:?}");
        assert_eq!(told(text, Rules::Annotations), annotations, "{text:?}");
    }
}

#[test]
fn what_go_refuses_is_wrong() {
    for text in [
        "a: b: c",
        "a\nb: c",
        "a: 1\n b: 2",
        "- a\nb: c",
        "- a\nb",
        "a: b\n- c",
        "a: - b",
        "a: *b",
        "&a [*a]",
        "a: @b",
        "a: 'b",
        "a: 'b' c",
        "\"\\q\"",
        "a:\n  - b\n - c",
        "a: >x\n b",
    ] {
        assert_eq!(told(text, Rules::Json), "wrong", "{text:?}");
    }
}

#[test]
fn what_is_too_much_is_not_wrong() {
    let deep = "exhausted: nests deeper than a query may";
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
        for depth in [450, 100_000] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(told(&text, Rules::Json), deep, "{open} {depth}");
        }
    }
    let shallow = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    assert_eq!(told(&shallow, Rules::Annotations), deep);
    assert!(parse(&shallow, Rules::Json).is_ok());
    // Many values, and half of them aliases': Go takes that for no bomb.
    let list = format!("a: &a [{}]\n", vec!["x"; 60_000].join(", "));
    assert_eq!(
        told(&format!("{list}b: *a\nc: *a\n"), Rules::Json),
        "exhausted: took more memory than a query may"
    );
    assert!(parse(&format!("{list}b: *a\n"), Rules::Json).is_ok());
    let around = format!("a: &a {}1{}\nb: [*a]", "- ".repeat(0), "");
    assert!(parse(&around, Rules::Json).is_ok());
    let nested = format!("a: &a {}1{}\nb: [[*a]]", "[".repeat(199), "]".repeat(199));
    assert!(parse(&nested, Rules::Json).is_ok());
}

#[test]
fn hostile_texts_end() {
    for unit in [
        "[",
        "{",
        "- ",
        "? ",
        "a: ",
        "a:\n",
        "&a ",
        "!a ",
        "*a ",
        "'",
        "\"",
        "|\n",
        ">\n ",
        "# ",
        "---\n",
        "...\n",
        "%a\n",
        "{a: &a [*a, ",
        "<<: ",
        "[a, ",
        "\t",
        "\r",
        "\u{feff}",
        "a\n",
        "'a' ",
        ": ",
        ", ",
        "a: b\n",
        "- a\n",
        "é: é\n",
        "? a\n: b\n",
        "[a]: ",
        "\\",
    ] {
        for rules in [Rules::Json, Rules::Annotations] {
            _ = parse(&unit.repeat(3_000), rules);
            _ = parse(&format!("a: {}", unit.repeat(300)), rules);
            _ = parse(&format!("a:\n  - {}", unit.repeat(30)), rules);
        }
    }
}

#[test]
fn no_text_panics() {
    // Pieces of YAML in a row, which a sum chooses.
    const PIECES: [&str; 36] = [
        "a", "b: ", "- ", "\n", "\n ", "\n  ", "[", "]", "{", "}", ", ", ": ", "? ", "'", "\"",
        "&x ", "*x", "!t ", "!!str ", "|", ">", "|-\n", ">2\n", "# ", "---", "...", "%", "\t",
        "\\", "\r\n", "é", "1", "<<: ", "~", "\u{feff}", "\u{2028}",
    ];
    let mut sum: u64 = 7;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            sum =
                sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(sum >> 33).unwrap() % PIECES.len();
            text.push_str(PIECES[at]);
        }
        for rules in [Rules::Json, Rules::Annotations] {
            _ = parse(&text, rules);
        }
    }
}
