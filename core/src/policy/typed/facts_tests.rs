//! What is a fact, and what is not.

use super::super::definition::Definition;
use super::*;

fn program() -> Program {
    let definition: Definition = serde_json::from_str(
        r#"{"version": 1, "name": "p", "default": "allow",
            "facts": {"n": "units", "b": "bool", "t": "instant", "s": "text", "a.b": "text", "set": "texts"}}"#,
    )
    .unwrap();
    Program::load(&definition).unwrap()
}

#[test]
fn what_is_no_fact_is_refused() {
    let program = program();
    let mut facts = Facts::new(&program);
    let long = "x".repeat(FACT_TEXT + 1);
    let many = vec!["x"; FACT_SET + 1];
    for (name, fact, fault) in [
        ("m", Fact::Units(1), FactFault::Unknown),
        ("n", Fact::Bool(true), FactFault::Kind),
        ("b", Fact::Units(1), FactFault::Kind),
        ("t", Fact::Text("2026-01-01T00:00:00Z"), FactFault::Kind),
        ("set", Fact::Text("x"), FactFault::Kind),
        ("s", Fact::Texts(&["x"]), FactFault::Kind),
        ("s", Fact::Text(&long), FactFault::TooLarge),
        ("set", Fact::Texts(&[&long]), FactFault::TooLarge),
        ("set", Fact::Texts(&many), FactFault::TooLarge),
        ("permission", Fact::Text("account"), FactFault::Permission),
        ("permission", Fact::Text("account:*"), FactFault::Permission),
        ("permission", Fact::Text("*:read"), FactFault::Permission),
        ("permission", Fact::Text("a:b:c"), FactFault::Permission),
        ("permission", Fact::Text(":read"), FactFault::Permission),
    ] {
        assert_eq!(facts.set(name, fact), Err(FactsError { name: name.into(), fault }), "{name}");
    }
    assert!(facts.cells.iter().all(|cell| *cell == Cell::Missing));
}

#[test]
fn texts_that_are_made_up_are_bounded() {
    let program = program();
    let mut facts = Facts::new(&program);
    let set = |facts: &mut Facts, at: u32| facts.set("s", Fact::Text(&format!("t{at}")));
    for at in 0..FACT_TEXTS {
        assert_eq!(set(&mut facts, at), Ok(()));
    }
    assert_eq!(set(&mut facts, FACT_TEXTS).unwrap_err().fault, FactFault::TooLarge);
    assert_eq!(set(&mut facts, 0), Ok(()));
    facts.reset();
    assert_eq!(set(&mut facts, FACT_TEXTS), Ok(()));
}

#[test]
fn facts_are_read_from_a_document() {
    let program = program();
    let read = |json: &str| {
        let value = Value::from_json(json).unwrap();
        Facts::from_value(&program, &value).map_err(|error| error.to_string())
    };
    let facts = read(
        r#"{"n": "170141183460469231731687303715884105727", "b": true, "t": "1970-01-01T00:00:01Z", "a": {"b": "x"}, "set": ["q", "q"], "other": 1.5, "s": null}"#,
    );
    // The largest number has a word in a document, and as a fact would be unlimited.
    assert_eq!(facts.unwrap_err(), "fact `n` is of another type than it is declared with");
    let facts = read(
        r#"{"n": -7, "t": "1970-01-01T00:00:01Z", "a": {"b": "x"}, "set": ["q", "q"], "s": null, "u": 1.5}"#,
    );
    let facts = facts.unwrap();
    let cell = |name: &str| facts.cell(program.schema().slots[name]).clone();
    assert_eq!(cell("n"), Cell::Units(-7));
    assert_eq!(cell("t"), Cell::Instant(1_000_000_000));
    assert_eq!((cell("s"), cell("b")), (Cell::Missing, Cell::Missing));
    assert!(matches!(cell("a.b"), Cell::Text(_)));
    assert!(matches!(cell("set"), Cell::Texts(texts) if texts.len() == 1));
    for (json, want) in [
        (r#"{"n": 1.5}"#, "fact `n` is of another type than it is declared with"),
        (r#"{"n": "1e3"}"#, "fact `n` is of another type than it is declared with"),
        (r#"{"n": true}"#, "fact `n` is of another type than it is declared with"),
        (r#"{"b": "true"}"#, "fact `b` is of another type than it is declared with"),
        (r#"{"t": "today"}"#, "fact `t` is no time of RFC 3339"),
        (r#"{"t": 0}"#, "fact `t` is of another type than it is declared with"),
        (r#"{"set": "q"}"#, "fact `set` is of another type than it is declared with"),
        (r#"{"set": [1]}"#, "fact `set` is of another type than it is declared with"),
        (r#"{"permission": "*:*"}"#, "fact `permission` is no permission: write `resource:action`"),
    ] {
        assert_eq!(read(json).map(|_| ()), Err(want.to_owned()), "{json}");
    }
}
