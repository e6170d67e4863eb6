//! Differences of values: what is told of a context that changed.

use proptest::prelude::*;

use super::*;

fn json(text: &str) -> Value {
    Value::from_json(text).unwrap()
}

#[test]
fn what_changed_is_told_with_its_place() {
    for (before, after, told) in [
        ("1", "1", ""),
        ("1.0", "1", ""),
        ("{}", "{}", ""),
        ("1", "2", "(whole): 1 -> 2"),
        ("{}", "[]", "(whole): {} -> []"),
        (r#"{"a": 1}"#, r#"{"a": 2}"#, "/a: 1 -> 2"),
        (r#"{"a": null}"#, "{}", "- /a: null"),
        ("{}", r#"{"a": null}"#, "+ /a: null"),
        (r#"{"a": {"b": [1, 2]}}"#, r#"{"a": {"b": [1]}}"#, "- /a/b/1: 2"),
        (r#"{"a/b": 1, "c~d": 1}"#, r#"{"a/b": 2, "c~d": 2}"#, "/a~1b: 1 -> 2; /c~0d: 1 -> 2"),
        (
            r#"{"a": 1, "c": 3, "d": 4}"#,
            r#"{"b": 2, "c": 3, "d": 5}"#,
            "- /a: 1; + /b: 2; /d: 4 -> 5",
        ),
        (r#"{"": 1}"#, r#"{"": 2}"#, "/: 1 -> 2"),
    ] {
        let found = difference(&json(before), &json(after));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.join("; "), told, "{before} {after}");
    }
}

#[test]
fn too_many_changes_are_one() {
    let many = |from: i64| Value::array((0..2_000).map(|number| Value::int(from + number)));
    let found = difference(&many(0), &many(1));
    assert_eq!(found.len(), 1);
    assert_eq!((&*found[0].path, &found[0].after), ("", &Some(many(1))));
    assert_eq!(difference(&many(0), &many(0)), []);
    let deep = |end: i64| (0..200).fold(Value::int(end), |value, _| Value::array([value]));
    let found = difference(&deep(1), &deep(2));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path.len(), 2 * DEEP);
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), (0_i64..3).prop_map(Value::int)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::array),
            prop::collection::btree_map("[a-c/~]{1,2}", inner, 0..4).prop_map(|members| {
                Value::object(members.into_iter().map(|(key, value)| (Value::from(&*key), value)))
            }),
        ]
    })
}

/// The value that stands at a path.
fn at(value: &Value, path: &str) -> Option<Value> {
    let mut found = value.clone();
    for step in path.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        found = match &found {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?.clone(),
            other => other.get_str(&step)?.clone(),
        };
    }
    Some(found)
}

proptest! {
    #[test]
    fn there_is_a_change_if_they_differ_and_it_is_true(before in value(), after in value()) {
        let found = difference(&before, &after);
        prop_assert_eq!(found.is_empty(), before == after);
        for change in &found {
            prop_assert_eq!(&at(&before, &change.path), &change.before);
            prop_assert_eq!(&at(&after, &change.path), &change.after);
            prop_assert_ne!(&change.before, &change.after);
        }
        let back = difference(&after, &before);
        prop_assert_eq!(back.len(), found.len());
    }
}
