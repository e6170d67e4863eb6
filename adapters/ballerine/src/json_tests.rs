use super::*;

#[test]
fn places_are_told_by_rows_and_columns() {
    let node = Node::parse("{\n  \"a\": [1,\n    {\"é\": \"x\", \"b\": null}]\n}").unwrap();
    let root = At { node: &node, path: String::new() };
    let items = root.get("a").unwrap().items().unwrap();
    let text = items[1].get("é").unwrap();
    assert_eq!(text.place(), Place { path: "a/1/é".to_owned(), row: 3, column: 11 });
    assert!(items[1].get("b").is_none(), "null is nothing");
    assert_eq!(node.to_value().to_json(), r#"{"a":[1,{"b":null,"é":"x"}]}"#);
}

#[test]
fn what_is_no_json_is_told_where_it_is_seen() {
    let cases = [
        ("", "1:1"),
        ("{\"a\" 1}", "1:6"),
        ("{\"a\": 1,}", "1:9"),
        ("[1 2]", "1:4"),
        ("[1,\n 2", "2:3"),
        ("\"open", "1:1"),
        ("{} {}", "1:4"),
        ("{a: 1}", "1:2"),
        ("[truee]", "1:2"),
        ("[\"\\q\"]", "1:2"),
    ];
    for (text, wanted) in cases {
        let error = Node::parse(text).unwrap_err();
        assert_eq!(
            format!("{}:{}", error.place.row, error.place.column),
            wanted,
            "{text}: {error}"
        );
    }
}

#[test]
fn bounds_hold() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let told = |text: &str| Node::parse(text).unwrap_err().message;
    assert!(Node::parse(&deep(DEPTH)).is_ok());
    assert!(told(&deep(DEPTH + 2)).contains("deeper"));
    assert!(told(&format!("{{\"{}\": 1}}", "k".repeat(KEY + 1))).contains("256 bytes"));
    assert!(told(&format!("[{}1]", "1,".repeat(VALUES))).contains("values"));
    assert!(told(&format!("\"{}\"", "x".repeat(BYTES))).contains("bytes"));
}

#[test]
fn a_long_path_keeps_its_end() {
    let text = format!("{}1{}", format!("{{\"{}\":", "k".repeat(200)).repeat(5), "}".repeat(5));
    let node = Node::parse(&text).unwrap();
    let mut at = At { node: &node, path: String::new() };
    for _ in 0..5 {
        at = at.fields()[0].1.clone();
    }
    assert!(at.path.starts_with('…') && at.path.ends_with("kkk") && at.path.len() < PATH + 4);
}
