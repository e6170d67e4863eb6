//! What JSON and YAML are read as, and what is refused.

use proptest::prelude::*;

use super::{DEPTH_MAX, Node};
use crate::value::Value;

fn value(text: &str) -> Result<Value, String> {
    let told = |errors: Vec<super::ChartError>| {
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    Node::parse(text).map(|node| node.to_value()).map_err(told)
}

#[test]
fn scalars_are_what_the_core_schema_says() {
    let cases = [
        ("yes", r#""yes""#),
        ("NO", r#""NO""#),
        ("on", r#""on""#),
        ("true", "true"),
        ("False", "false"),
        ("~", "null"),
        ("null", "null"),
        ("\"null\"", r#""null""#),
        ("''", r#""""#),
        ("12", "12"),
        ("-12", "-12"),
        ("+12", "12"),
        ("0", "0"),
        ("0x1F", "31"),
        ("0o17", "15"),
        ("0x1G", r#""0x1G""#),
        ("1.10", "1.10"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1e3"),
        ("1_000", r#""1_000""#),
        ("12:30:45", r#""12:30:45""#),
        ("2026-01-31", r#""2026-01-31""#),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("-", r#"[null]"#),
        ("+", r#""+""#),
        (".", r#"".""#),
        ("e5", r#""e5""#),
        ("1e", r#""1e""#),
        ("P3D", r#""P3D""#),
        ("!!str 12", r#""12""#),
        ("!!int 12", "12"),
        ("!!float 12", "12"),
        ("! 12", r#""12""#),
        ("|\n  a\n  b\n", r#""a\nb\n""#),
        (">-\n  a\n  b\n", r#""a b""#),
    ];
    for (text, wanted) in cases {
        assert_eq!(value(text).map(|value| value.to_json()).as_deref(), Ok(wanted), "{text}");
    }
}

#[test]
fn what_json_writes_is_read() {
    let cases = [
        r#"{"a":1,"b":[true,false,null],"c":{"d":"e"}}"#,
        "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t1\n\t]\n}",
        "{\r\n  \"a\": 1\r\n}\r\n",
        r#"{"a":"\"\\\/\b\f\n\r\t\u00e9\u2028"}"#,
        r#"{"a":"\ud83d\ude00 \\ud83d\\ude00 \uD83D\uDE00"}"#,
        r#"{"404":"key","true":"key","~x":1}"#,
        r#"[-0.5,1E+2,1e-2,0]"#,
        r#""only a text""#,
        r##"{"": 1, " ": 2, "a: b": "c: d", "#": "- x"}"##,
        r#"{"a":"two  spaces","b":"  around  "}"#,
    ];
    for text in cases {
        assert_eq!(
            value(text),
            Value::from_json(text).map_err(|error| error.to_string()),
            "{text}"
        );
    }
}

#[test]
fn what_is_written_twice_is_told_with_both_places() {
    let told = value("a: 1\nb:\n  c: 1\n  d: [1, {e: 1, e: 2}]\n  c: 2\na: 3\n").unwrap_err();
    let wanted = "4:17: b/d/1/e: `e` stands here twice, first in row 4, column 11: keep one of them; \
                  5:3: b/c: `c` stands here twice, first in row 3, column 3: keep one of them; \
                  6:1: a: `a` stands here twice, first in row 1, column 1: keep one of them";
    assert_eq!(told, wanted);
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    let deep = format!("{}1{}", "[".repeat(65), "]".repeat(65));
    let long = format!("{{\"{}\": 1}}", "k".repeat(1001));
    let large = "x".repeat((1 << 20) + 1);
    let many = format!("[{}1]", "1,".repeat(100_000));
    let cases = [
        ("", "1:1: : nothing is written here"),
        ("# only this\n", "1:1: : nothing is written here"),
        ("a: 1\n---\nb: 2\n", "2:1: : a second document begins here"),
        ("a: [1, 2", "this is neither JSON nor YAML"),
        ("{\"a\" 1}", "this is neither JSON nor YAML"),
        ("a: &x [*x]", "1:8: a/0: this alias stands within what it stands for"),
        ("a: *x", "this is neither JSON nor YAML"),
        ("[a]: 1", "a list or an object is no key"),
        ("{{a: 1}: 1}", "a list or an object is no key"),
        (": 1", "1:1: : a key is missing"),
        ("a: !secret x", "1:4: a: a tag stands here that is not read: `!secret`"),
        ("a: !!binary x", "a tag stands here that is not read: `binary`"),
        ("a: !!set {x: 1}", "a tag stands here that is not read"),
        ("a: 007", "1:4: a: `007` is another number to some readers"),
        ("a: .inf", "`.inf` is no number of JSON"),
        ("a: 1e99999", "is too large"),
        ("a: 0xFFFFFFFFFFFFFFFFF", "is too large"),
        ("a: \u{0}", "1:4: : a control character stands here"),
        ("x\n\u{7f}", "2:1: : a control character stands here"),
        (&deep, "this nests deeper than 64"),
        (&long, "a key is longer than 1000 characters"),
        (&large, "the text is longer than 1048576 bytes"),
        (&many, "there are more than 100000 values"),
    ];
    for (text, wanted) in cases {
        let told = value(text).unwrap_err();
        assert!(told.contains(wanted), "{:?}: {told}", text.chars().take(30).collect::<String>());
    }
}

#[test]
fn aliases_stand_for_what_is_anchored_and_are_counted() {
    let text = "a: &notify [{effect: notify}]\nb: *notify\nc: [*notify, *notify]\n";
    let wanted = r#"{"a":[{"effect":"notify"}],"b":[{"effect":"notify"}],"c":[[{"effect":"notify"}],[{"effect":"notify"}]]}"#;
    assert_eq!(value(text).unwrap().to_json(), wanted);
    // Each line ten times the one before it: a billion values in ten lines.
    let mut bomb = "a0: &a0 [1]\n".to_owned();
    for at in 1..10 {
        let aliases = vec![format!("*a{}", at - 1); 10].join(", ");
        bomb.push_str(&format!("a{at}: &a{at} [{aliases}]\n"));
    }
    assert!(value(&bomb).unwrap_err().contains("more than 100000 values"));
    // Anchors in anchors: each copy counts.
    let nest: String = (0..60).map(|at| format!("&a{at} [")).collect();
    let nested = format!("{nest}{}1{}", "1,".repeat(10_000), "]".repeat(60));
    assert!(value(&nested).unwrap_err().contains("more than 100000 values"));
    // Depth adds up.
    let half = format!(
        "[&a {}1{}, {}*a{}]",
        "[".repeat(40),
        "]".repeat(40),
        "[".repeat(40),
        "]".repeat(40)
    );
    assert!(value(&half).unwrap_err().contains("nests deeper"));
}

#[test]
fn the_deepest_text_is_read() {
    let text = format!("{}1{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
    assert_eq!(value(&text).unwrap().depth(), 64);
}

#[test]
fn rows_and_columns_are_those_of_the_text() {
    let node = Node::parse("a:\n  - 1\n  - bé: {x: y}\n").unwrap();
    let list = &node.as_map().unwrap()[0].value;
    let item = &list.as_list().unwrap()[1];
    let field = &item.as_map().unwrap()[0];
    assert_eq!((field.mark.row, field.mark.column), (3, 5));
    let inner = &field.value.as_map().unwrap()[0];
    assert_eq!((inner.mark.row, inner.mark.column), (3, 10));
    assert_eq!((inner.value.mark.row, inner.value.mark.column), (3, 13));
}

#[test]
fn columns_behind_escapes_of_two_halves_are_those_of_the_text() {
    let text = "{\"a\": \"\\ud83d\\ude00\", \"b\": [\"\\ud83d\\ude00\\ud83d\\ude00\", {\"c\": 1,\n \"d\": 2}]}";
    let node = Node::parse(text).unwrap();
    let list = &node.as_map().unwrap()[1];
    let column =
        |of: &str| u32::try_from(text.lines().find_map(|line| line.find(of)).unwrap()).unwrap() + 1;
    assert_eq!((list.mark.row, list.mark.column), (1, column("\"b\"")));
    let inner = list.value.as_list().unwrap()[1].as_map().unwrap();
    assert_eq!((inner[0].mark.row, inner[0].mark.column), (1, column("\"c\"")));
    assert_eq!((inner[1].mark.row, inner[1].mark.column), (2, 2));
}

proptest! {
    #[test]
    fn no_text_panics(text in "[\\[\\]{}:,&*!|>?'\"#%@ \n\t\\\\a-c0-9u.-]{0,80}") {
        let _ = Node::parse(&text);
    }

    #[test]
    fn any_characters_are_read_or_refused(text in any::<String>()) {
        let _ = Node::parse(&text);
    }
}
