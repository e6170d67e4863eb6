//! What is told of changed members is what the whole check tells, and what it takes is known before.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::super::{Exhausted, Value};
use super::*;

fn json(text: &str) -> Value {
    Value::from_json(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn kept(schema: &Value) -> Kept {
    let schema = Schema::compile(schema, &mut |_| Ok(()));
    Kept::new(schema.unwrap_or_else(|error| panic!("{error}")))
}

/// Whether the whole check finds nothing, and the steps that it takes.
fn whole(kept: &Kept, document: &Value) -> (Result<bool, Exhausted>, u64) {
    let mut taken = 0;
    let found = kept.schema().validate(document, &mut |steps| {
        taken += length(steps);
        if taken > 100_000 { Err(Exhausted::Steps) } else { Ok(()) }
    });
    (found.map(|found| found.is_empty()), taken)
}

fn still_holds(kept: &Kept, before: &Value, now: &Value) -> bool {
    kept.still_holds(before.as_object().unwrap(), now.as_object().unwrap())
}

#[test]
fn of_a_context_the_members_that_changed_are_looked_at() {
    let plain = r#"{"type": "object", "required": ["score"], "additionalProperties": false,
        "properties": {"score": {"type": "integer", "maximum": 100}, "note": {}}}"#;
    let referring = r##"{"definitions": {"share": {"maximum": 1}, "owner": {"properties": {"share": {"$ref": "#/definitions/share"}}}},
        "properties": {"owner": {"$ref": "#/definitions/owner"}}}"##;
    for (schema, before, now, holds) in [
        (plain, r#"{"score": 1}"#, r#"{"score": 100}"#, true),
        (plain, r#"{"score": 1}"#, r#"{"score": 101}"#, false),
        (plain, r#"{"score": 1}"#, r#"{"score": "1"}"#, false),
        (plain, r#"{"note": "a", "score": 1}"#, r#"{"note": [1], "score": 1}"#, true),
        // That there is another member, or one less, is for the whole check.
        (plain, r#"{"score": 1}"#, r#"{"note": 1, "score": 1}"#, false),
        (plain, r#"{"note": 1, "score": 1}"#, r#"{"score": 1}"#, false),
        (plain, r#"{"note": 1, "score": 1}"#, r#"{"other": 1, "score": 1}"#, false),
        (referring, r#"{"owner": {"share": 0.5}}"#, r#"{"owner": {"share": 0.25}}"#, true),
        (referring, r#"{"owner": {"share": 0.5}}"#, r#"{"owner": {"share": 1.25}}"#, false),
        (r#"{"additionalProperties": {"type": "null"}}"#, r#"{"a": null}"#, r#"{"a": 1}"#, false),
        (
            r#"{"patternProperties": {"^a": {"type": "null"}}}"#,
            r#"{"ab": null}"#,
            r#"{"ab": 1}"#,
            false,
        ),
        // What looks across members, or goes round in circles, is for the whole check, too.
        (r#"{"anyOf": [{"required": ["a"]}, {}]}"#, r#"{"a": 1}"#, r#"{"a": 2}"#, false),
        (r#"{"dependencies": {"a": ["b"]}}"#, r#"{"a": 1, "b": 1}"#, r#"{"a": 2, "b": 1}"#, false),
        (r#"{"enum": [{"a": 1}, {"a": 2}]}"#, r#"{"a": 1}"#, r#"{"a": 2}"#, false),
        (r##"{"properties": {"a": {"$ref": "#"}}}"##, r#"{"a": {}}"#, r#"{"a": {"a": {}}}"#, false),
    ] {
        let kept = kept(&json(schema));
        let (before, now) = (json(before), json(now));
        assert_eq!(whole(&kept, &before).0, Ok(true), "{schema}: {before}");
        assert_eq!(still_holds(&kept, &before, &now), holds, "{schema}: {before} becomes {now}");
    }
}

#[test]
fn what_is_the_same_in_memory_is_not_looked_at_again() {
    let kept =
        kept(&json(r#"{"properties": {"list": {"maxItems": 1}, "text": {"maxLength": 1}}}"#));
    let wrong = json(r#"{"list": [1, 2], "text": "ab"}"#);
    assert!(still_holds(&kept, &wrong, &wrong), "it is taken for right");
    let copy = json(r#"{"list": [1, 2], "text": "ab"}"#);
    assert!(!still_holds(&kept, &wrong, &copy));
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..4).prop_map(Value::from),
        prop::sample::select(vec!["0.5", "1.0", "2e0"]).prop_map(json),
        prop::sample::select(vec![
            "",
            "a",
            "ab",
            "2026-01-01",
            "b long text, of more than 64 bytes, that takes steps of its own when it is looked at"
        ])
        .prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::array),
            members(inner).prop_map(Value::object),
        ]
    })
}

fn members(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Vec<(Value, Value)>> {
    let name = prop::sample::select(vec!["a", "b", "ab", "c"]).prop_map(Value::from);
    prop::collection::vec((name, of), 0..4)
}

/// A keyword or two, with what stands under them.
fn keywords() -> impl Strategy<Value = Value> {
    let choices = prop::collection::btree_set(scalar(), 0..4);
    let plain = prop_oneof![
        prop::sample::select(vec![
            r#"{"type": "integer"}"#,
            r#"{"type": ["string", "null"]}"#,
            r#"{"type": "object"}"#,
            r#"{"minimum": 0, "exclusiveMaximum": 3}"#,
            r#"{"multipleOf": 0.5}"#,
            r#"{"minLength": 1, "maxLength": 4}"#,
            r#"{"pattern": "^a"}"#,
            r#"{"format": "date"}"#,
            r#"{"const": 1}"#,
            r#"{"uniqueItems": true, "maxItems": 2}"#,
            r#"{"required": ["a"]}"#,
            r#"{"minProperties": 1, "maxProperties": 2}"#,
            r#"{"additionalProperties": false, "properties": {"a": {}, "b": {}}}"#,
            r#"{"dependencies": {"a": ["b"]}}"#,
            r##"{"$ref": "#/definitions/one"}"##,
            r##"{"$ref": "#/definitions/two"}"##,
            "{}",
        ])
        .prop_map(json),
        choices.prop_map(|choices| Value::fields([("enum", Value::array(choices))])),
    ];
    plain.prop_recursive(3, 12, 2, |inner| {
        let single = prop::sample::select(vec![
            "not",
            "if",
            "then",
            "else",
            "contains",
            "items",
            "additionalItems",
            "additionalProperties",
            "propertyNames",
        ]);
        let listed = prop::sample::select(vec!["anyOf", "allOf", "oneOf", "items"]);
        let named = prop::sample::select(vec![
            "properties",
            "properties",
            "properties",
            "patternProperties",
            "dependencies",
        ]);
        let list = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            1 => (single, inner.clone()).prop_map(|(name, of)| Value::fields([(name, of)])),
            1 => (listed, list).prop_map(|(name, of)| Value::fields([(name, Value::array(of))])),
            2 => (named, members(inner.clone()))
                .prop_map(|(name, of)| Value::fields([(name, Value::object(of))])),
            2 => (inner.clone(), inner).prop_map(|(one, other)| joined([one, other])),
        ]
    })
}

/// One schema of the keywords of several.
fn joined(of: impl IntoIterator<Item = Value>) -> Value {
    let pairs = of.into_iter().flat_map(|one| one.as_object().unwrap().as_slice().to_vec());
    Value::object(pairs)
}

fn schema() -> impl Strategy<Value = Value> {
    (keywords(), members(keywords()), keywords(), keywords()).prop_map(
        |(own, properties, one, two)| {
            let definitions = Value::fields([("one", one), ("two", two)]);
            let own = own
                .as_object()
                .unwrap()
                .as_slice()
                .iter()
                .filter(|(name, _)| name.as_str() != Some("$ref"));
            let own = Value::object(own.cloned());
            let properties = Value::object(properties);
            joined([
                Value::fields([("properties", properties)]),
                own,
                Value::fields([("definitions", definitions)]),
            ])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is told of a context that was as the schema has it is what the whole check tells; where members alone tell it, always.
    #[test]
    fn changed_members_tell_what_the_whole_check_tells(
        schema in schema(),
        before in members(value()),
        changes in prop::collection::vec((0_usize..4, value()), 0..3),
    ) {
        let kept = kept(&schema);
        let before = Value::object(before);
        let mut now = before.clone();
        if let Value::Object(members) = &mut now {
            let names: Vec<Value> = members.keys().cloned().collect();
            for (at, value) in changes {
                if let Some(name) = names.get(at) {
                    Arc::make_mut(members).put(name.as_str().unwrap(), value);
                }
            }
        }
        let (is_right, _) = whole(&kept, &now);
        let holds = still_holds(&kept, &before, &now);
        if whole(&kept, &before).0 == Ok(true) {
            prop_assert!(!holds || is_right == Ok(true));
            prop_assert!(kept.rate.is_none() || holds == (is_right == Ok(true)));
        }
    }

    /// No check takes more steps than are told before.
    #[test]
    fn no_more_steps_are_taken_than_are_told(schema in schema(), document in value()) {
        let kept = kept(&schema);
        let (found, taken) = whole(&kept, &document);
        prop_assert!(taken <= kept.most(&document));
        prop_assert!(kept.rate.is_none() || found.is_ok());
    }
}
