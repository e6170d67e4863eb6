use super::*;

#[test]
fn a_key_that_stands_twice_is_refused_where_that_is_asked_for() {
    let twice = |key: &str, at| Some(JsonError::Twice { key: key.to_owned(), at });
    let long = "a".repeat(100);
    let cases = [
        (r#"{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": "a"}]}"#.to_owned(), None),
        (r#"{"role": "teller", "role": "admin"}"#.to_owned(), twice("role", 19)),
        (r#"{"a": 1, "a": 1}"#.to_owned(), twice("a", 9)),
        (r#"{"a": {"b": 1, "c": "\":{", "\u0062": 2}}"#.to_owned(), twice("b", 28)),
        (r#"[{"a:\\": 1}, {"a": 1, "x": ["a"], "a": 2}]"#.to_owned(), twice("a", 35)),
        (r#"{"a": "b", "c": "b", "b": 1}"#.to_owned(), None),
        (r#"{"A": 1, "a": 2, "": 3}"#.to_owned(), None),
        (format!(r#"{{"{long}": 1, "{long}": 2}}"#), twice(&"a".repeat(64), 108)),
        (r#"{"a": 1, "a""#.to_owned(), twice("a", 9)),
    ];
    for (text, wanted) in cases {
        let read = Value::from_json_strict(&text);
        assert_eq!(read.as_ref().err(), wanted.as_ref(), "{text}");
        match Value::from_json(&text) {
            // What both read is the same.
            Ok(last) if wanted.is_none() => assert_eq!(read, Ok(last), "{text}"),
            last => assert!(last.is_ok() || text.ends_with('"'), "{text}"),
        }
    }
}

#[test]
fn what_is_no_json_is_none_for_both() {
    for text in ["", "{", "[1,]", "01", "{1: 2}", "1 2", &"[".repeat(1000)] {
        assert_eq!(Value::from_json_strict(text), Value::from_json(text), "{text}");
        assert!(Value::from_json_strict(text).is_err(), "{text}");
    }
}
