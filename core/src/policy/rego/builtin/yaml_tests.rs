use super::super::harness::{call, value};
use super::parse::parse as read;
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
        ("-1.5e3", "-1.5e3"),
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
    assert_eq!(read(&bomb), Err("yaml: document contains excessive aliasing".to_owned()));
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
            "- \"12\"\n- 'a: b'\n- \"\"\n- it's\n- '- x'\n- |\n  a\n  b\n- ' x'\n- \"\\u0007\"\n",
        ),
        (r#"[[1, [2]], [["x"]]]"#, "- - 1\n  - - 2\n- - - x\n"),
        ("1.50", "1.50\n"),
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
