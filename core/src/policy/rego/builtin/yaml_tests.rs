use super::super::harness::{call, check as answers, value};
use super::{Rules, YamlError, yaml};

use crate::policy::rego::value::Value;

/// Fails for each document that reads as something else.
fn check(table: &[(&str, &str)]) {
    for (text, want) in table {
        let read = read(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(read.to_json(), value(want).to_json(), "{text:?}");
    }
}

#[test]
fn scalars_have_their_types() {
    check(&[
        ("", "null"),
        ("~", "null"),
        ("a", r#""a""#),
        ("true", "true"),
        ("yes", "true"),
        ("Off", "false"),
        ("12", "12"),
        ("-1.5e3", "-1500"),
        (".5", "0.5"),
        ("0x1F", "31"),
        ("010", "8"),
        ("1_000", "1000"),
        ("1.2.3", r#""1.2.3""#),
        ("2001-01-01", r#""2001-01-01""#),
        ("'it''s'", r#""it's""#),
        (r#""a\tb\u00e9\x41""#, r#""a\tbéA""#),
        ("a b # no", r#""a b""#),
        ("a#b", r#""a#b""#),
        ("http://x:80/", r#""http://x:80/""#),
        ("--- a\n...\n", r#""a""#),
        ("!!str 12", r#""12""#),
        ("a\n b\n\n c", r#""a b\nc""#),
        ("'a\n  b'", r#""a b""#),
        ("\"a \\\n  b\"", r#""a b""#),
    ]);
}

#[test]
fn collections_nest_by_their_indents() {
    check(&[
        (
            "a: 1\nb:\n  c: x\n  d: [1, {e: 2}]\n",
            r#"{"a": 1, "b": {"c": "x", "d": [1, {"e": 2}]}}"#,
        ),
        (
            "- a\n- b: 1\n  c: 2\n-\n  - d\n- - e\n  - f\n",
            r#"["a", {"b": 1, "c": 2}, ["d"], ["e", "f"]]"#,
        ),
        ("a:\n- 1\n- 2\nb: 3", r#"{"a": [1, 2], "b": 3}"#),
        ("a:\nb:\n", r#"{"a": null, "b": null}"#),
        ("a: # why\n  b # so\n# end\n", r#"{"a": "b"}"#),
        ("'a b': 1\n\"c\" : 2", r#"{"a b": 1, "c": 2}"#),
        ("1: a\ntrue: b", r#"{"1": "a", "true": "b"}"#),
        ("{a: b, c, d: , \"e\": [f,\n g]}", r#"{"a": "b", "c": null, "d": null, "e": ["f", "g"]}"#),
        ("a: b c\n  d\ne: f", r#"{"a": "b c d", "e": "f"}"#),
        (
            "x: &x {a: 1}\nw: *x\nz:\n  <<: *x\n  b: 2",
            r#"{"x": {"a": 1}, "w": {"a": 1}, "z": {"a": 1, "b": 2}}"#,
        ),
        ("a: &k\n  b: 1\nc: *k", r#"{"a": {"b": 1}, "c": {"b": 1}}"#),
        ("[]", "[]"),
        ("{}", "{}"),
        ("a: b\n---\nc: d", r#"{"a": "b"}"#),
        ("a:\n    - b:\n        c\n      d: e", r#"{"a": [{"b": "c", "d": "e"}]}"#),
    ]);
}

#[test]
fn blocks_keep_or_fold_their_lines() {
    check(&[
        ("a: |\n  b\n   c\n\n  d\n\ne: f", r#"{"a": "b\n c\n\nd\n", "e": "f"}"#),
        ("a: |-\n  b\n", r#"{"a": "b"}"#),
        ("a: |+\n  b\n\n", r#"{"a": "b\n\n"}"#),
        ("a: >\n  b\n  c\n\n  d\n   e\n  f\n", r#"{"a": "b c\nd\n e\nf\n"}"#),
        ("- |\n b\n- c", r#"["b\n", "c"]"#),
        ("a: |2\n   b\n", r#"{"a": " b\n"}"#),
    ]);
}

#[test]
fn what_is_no_yaml_is_refused() {
    for text in [
        "a: b: c",
        "[a",
        "{a: b",
        "'a",
        "\"a\\q\"",
        "a: *b",
        "@a",
        "a: 1\n b: 2",
        "a\nb: c",
        ".inf",
        "- a\nb: c",
    ] {
        assert!(read(text).is_err(), "{text:?}: {:?}", read(text));
    }
    let deep = "[".repeat(1000);
    assert!(read(&deep).is_err());
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..10 {
        let uses = vec![format!("*a{}", at - 1); 10].join(", ");
        bomb.push_str(&format!("a{at}: &a{at} [{uses}]\n"));
    }
    let told = read(&bomb).map_err(|error| error.to_string());
    assert!(told.is_err_and(|error| error.contains("excessive aliasing")));
}

#[test]
fn what_is_written_is_read_again() {
    for (json, want) in [
        (
            r#"{"b": [1, {"a": null, "c": []}], "a": {"x": {}, "y": "z"}}"#,
            "a:\n  x: {}\n  \"y\": z\nb:\n- 1\n- a: null\n  c: []\n",
        ),
        (r#""true""#, "\"true\"\n"),
        (
            r#"["12", "a: b", "", "it's", "- x", "a\nb\n", " x", "\u0007"]"#,
            "- \"12\"\n- 'a: b'\n- \"\"\n- it's\n- '- x'\n- |\n  a\n  b\n- ' x'\n- \"\\a\"\n",
        ),
        (r#"[[1, [2]], [["x"]]]"#, "- - 1\n  - - 2\n- - - x\n"),
        ("1.5", "1.5\n"),
    ] {
        let args = format!("[{json}]");
        let written = value(&call("yaml.marshal", &args));
        assert_eq!(written.as_str(), Some(want), "{json}");
        assert_eq!(
            call("yaml.unmarshal", &Value::array([written]).to_json()),
            value(json).to_string()
        );
    }
    assert_eq!(call("yaml.is_valid", r#"["a: b"]"#), "true");
    assert_eq!(call("yaml.is_valid", r#"["["]"#), "false");
    assert_eq!(call("yaml.is_valid", "[1]"), "false");
    assert_eq!(call("yaml.unmarshal", "[1]"), "type: operand 1 must be string but got number");
}

#[test]
fn one_long_line_takes_no_longer_than_many() {
    let many = vec!["a: b"; 50_000].join(", ");
    assert!(read(&format!("{{{many}}}")).is_ok());
    let many = vec!["'a'"; 50_000].join(", ");
    assert_eq!(read(&format!("[{many}]")).map(|value| value.len()), Ok(50_000));
}

fn read(text: &str) -> Result<Value, YamlError> {
    yaml::parse(text, Rules::Json)
}

/// What `yaml.marshal` writes.
fn written(json: &str) -> String {
    let answer = call("yaml.marshal", &format!("[{json}]"));
    if answer.starts_with('"') { value(&answer).as_str().unwrap().to_owned() } else { answer }
}

#[test]
fn texts_are_quoted_where_go_quotes_them() {
    for (text, want) in [
        // What would mean something else.
        ("2001-01-01", r#""2001-01-01""#),
        ("2001-1-1 1:2:3", r#""2001-1-1 1:2:3""#),
        ("2001-01-01T10:00:00.5Z", r#""2001-01-01T10:00:00.5Z""#),
        ("2001-13-01", "2001-13-01"),
        ("20010-01-01", "20010-01-01"),
        ("1:30", r#""1:30""#),
        ("-190:20:30.5_", r#""-190:20:30.5_""#),
        ("1:60", "1:60"),
        ("1.5:30", "1.5:30"),
        ("0x1F", r#""0x1F""#),
        ("1_000", r#""1_000""#),
        ("08", r#""08""#),
        ("1e3", r#""1e3""#),
        ("1e400", "1e400"),
        (".5", r#"".5""#),
        (".inf", r#"".inf""#),
        ("y", r#""y""#),
        ("NO", r#""NO""#),
        ("nO", "nO"),
        ("~", r#""~""#),
        ("null", r#""null""#),
        ("", r#""""#),
        ("<<", "<<"),
        ("=", "="),
        // What would be no scalar.
        ("-", "'-'"),
        ("- a", "'- a'"),
        ("-a", "-a"),
        ("? a", "'? a'"),
        ("?a", "?a"),
        (":a", ":a"),
        ("a:", "'a:'"),
        ("a: b", "'a: b'"),
        ("a:b", "a:b"),
        ("a #b", "'a #b'"),
        ("a#b", "a#b"),
        ("@a", "'@a'"),
        ("'a", "'''a'"),
        ("it's", "it's"),
        ("a,]}b", "a,]}b"),
        ("---", "'---'"),
        ("...a", "'...a'"),
        (" a", "' a'"),
        ("a ", "'a '"),
        ("\\", "\\"),
        // What is not shown.
        ("a\tb", r#""a\tb""#),
        ("a\rb", r#""a\rb""#),
        ("\0\u{7}\u{1b}\u{1f}\u{feff}\"\\", r#""\0\a\e\x1F\uFEFF\"\\""#),
        ("é\u{a0}", "é\u{a0}"),
        ("\u{1F600}", r#""\U0001F600""#),
    ] {
        assert_eq!(written(&Value::string(text).to_json()), format!("{want}\n"), "{text:?}");
    }
}

#[test]
fn texts_of_lines_stand_in_lines() {
    for (json, want) in [
        (r#"["a\nb"]"#, "- |-\n  a\n  b\n"),
        (r#"["a\n"]"#, "- |\n  a\n"),
        (r#"["a\n\n", 1]"#, "- |+\n  a\n\n- 1\n"),
        (r#"["\n", 1]"#, "- |2+\n\n- 1\n"),
        (r#"["\na"]"#, "- |2-\n\n  a\n"),
        (r#"[" a\nb"]"#, "- |2-\n   a\n  b\n"),
        (r#"["a\n  b"]"#, "- |-\n  a\n    b\n"),
        (r#"["a: b\nc #d"]"#, "- |-\n  a: b\n  c #d\n"),
        (r#"{"a": {"b": "c\n\nd\n"}}"#, "a:\n  b: |\n    c\n\n    d\n"),
        // What has spaces at its lines' ends, or what is not shown, does not.
        (r#"["a \nb"]"#, "- \"a \\nb\"\n"),
        (r#"["a\nb "]"#, "- \"a\\nb \"\n"),
        (r#"["a\n\tb"]"#, "- \"a\\n\\tb\"\n"),
        (r#""a\nb""#, "|-\n  a\n  b\n"),
    ] {
        assert_eq!(written(json), want, "{json}");
    }
}

#[test]
fn numbers_are_those_that_go_reads() {
    for (json, want) in [
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("1000000.0", "1e+06"),
        ("1e21", "1e+21"),
        ("1e-7", "1e-07"),
        ("-0", "0"),
        ("12345678901234567890", "12345678901234567890"),
        ("123456789012345678901", "1.2345678901234568e+20"),
        ("0.1", "0.1"),
        ("1e400", "1e400"),
    ] {
        assert_eq!(written(json), format!("{want}\n"), "{json}");
    }
}

#[test]
fn keys_are_in_the_order_of_go() {
    for (keys, want) in [
        (["b10", "b9", "a"], "a b9 b10"),
        (["b", "B", "_"], "_ B b"),
        (["a1", "a", "ab"], "a a1 ab"),
        (["é", "z", "-"], "'-' z é"),
        (["a01", "a1", "a001"], "a1 a01 a001"),
        (["x10y", "x2y", "x2"], "x2 x2y x10y"),
    ] {
        let json = keys.map(|key| format!("{key:?}: 1")).join(", ");
        let lines = written(&format!("{{{json}}}"));
        let keys: Vec<&str> = lines.lines().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(keys.join(" "), want);
    }
    // Round in circles, and digits of other scripts.
    let unsupported = "exhausted: needs what this engine does not support";
    assert_eq!(written(r#"{"10": 1, "1a": 2, "2": 3}"#), unsupported);
    assert_eq!(written("{\"a\u{661}\": 1}"), unsupported);
}

#[test]
fn long_lines_are_folded_and_long_keys_stand_alone() {
    let words = ["nineteen character s"; 6].join(" ");
    let at = words.char_indices().skip(79).find(|(_, c)| *c == ' ').unwrap().0;
    let (first, second) = words.split_at(at);
    assert_eq!(written(&format!("[{words:?}]")), format!("- {first}\n  {}\n", second.trim_start()));
    let folded = written(&format!("{{\"a\": {:?}}}", format!("{words}:")));
    assert_eq!(folded.lines().count(), 2);
    assert!(folded.starts_with("a: 'nineteen") && folded.ends_with(":'\n"), "{folded}");
    let tabbed = written(&format!("{:?}", format!("\t{words}")));
    assert!(tabbed.starts_with("\"\\tnineteen") && tabbed.lines().count() == 2, "{tabbed}");
    // Nothing is folded without a space.
    let long = "a".repeat(300);
    assert_eq!(written(&format!("[{long:?}]")), format!("- {long}\n"));
    let (simple, other) = ("k".repeat(128), "k".repeat(129));
    assert_eq!(written(&format!("{{{simple:?}: 1}}")), format!("{simple}: 1\n"));
    assert_eq!(written(&format!("{{{other:?}: [1, 2]}}")), format!("? {other}\n: - 1\n  - 2\n"));
    assert_eq!(written(r#"{"a\nb": {"c": 1}}"#), "? |-\n  a\n  b\n: c: 1\n");
    let longest = "k".repeat(1_100);
    let unsupported = "exhausted: needs what this engine does not support";
    assert_eq!(written(&format!("{{{longest:?}: 1}}")), unsupported);
}

#[test]
fn collections_stand_as_go_writes_them() {
    for (json, want) in [
        ("[]", "[]\n"),
        ("{}", "{}\n"),
        (r#"["§"]"#, "[]\n"),
        (r#"{"a": [], "b": {}, "c": [[], {}, [[]]]}"#, "a: []\nb: {}\nc:\n- []\n- {}\n- - []\n"),
        (
            r#"{"d": [[1, [2]], {"e": [{"f": 1, "g": null}]}]}"#,
            "d:\n- - 1\n  - - 2\n- e:\n  - f: 1\n    g: null\n",
        ),
        (r#"[{"a": {"b": [true]}}]"#, "- a:\n    b:\n    - true\n"),
        (r#""a\u007f""#, "error: yaml: control characters are not allowed"),
        (r#"{"\u0080": 1}"#, "error: yaml: control characters are not allowed"),
        (r#""a\u0085""#, "exhausted: needs what this engine does not support"),
        (r#""a\u2028""#, "exhausted: needs what this engine does not support"),
    ] {
        assert_eq!(written(json), want, "{json}");
    }
}

#[test]
fn limits_end_the_query() {
    let deep = format!(r#"["{}"]"#, "[".repeat(1_000));
    answers("yaml.unmarshal", &[(&deep, "exhausted: nests deeper than a query may")]);
    answers(
        "yaml.is_valid",
        &[
            (&deep, "exhausted: nests deeper than a query may"),
            (r#"["a:\tb"]"#, "exhausted: needs what this engine does not support"),
            // What JSON has not is YAML all the same.
            (r#"[".nan"]"#, "true"),
            (r#"["null: 1"]"#, "true"),
            (r#"["a: .nan\nb: ["]"#, "false"),
        ],
    );
    answers("yaml.unmarshal", &[(r#"["null: 1"]"#, "error: json: unsupported map key")]);
}
