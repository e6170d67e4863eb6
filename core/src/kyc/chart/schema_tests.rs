//! Schemas of contexts: which keywords are known, and where one stands that is not.

use super::*;

/// The errors of a schema, by their paths.
fn errors(schema: &str) -> Vec<(String, String)> {
    let schema = Value::from_json(schema).unwrap();
    let errors = compile(&schema, &Place::default()).err().unwrap_or_default();
    errors.into_iter().map(|error| (error.place.path, error.message)).collect()
}

#[test]
fn a_schema_of_keywords_that_hold_is_taken() {
    for schema in [
        "true",
        "{}",
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "case", "type": "object"}"#,
        r#"{"$schema": "http://json-schema.org/draft-04/schema", "id": "case", "minimum": 1, "exclusiveMinimum": true}"#,
        r#"{"title": "a", "description": "b", "default": {"bogus": 1}, "examples": [1], "$comment": "c", "readOnly": true, "writeOnly": false, "deprecated": true, "x-owner": {"bogus": 1}}"#,
        r#"{"properties": {"minimun": {"type": "string"}, "$defs": {}}, "enum": [{"bogus": 1}], "const": {"bogus": 1}}"#,
        r##"{"definitions": {"name": {"type": "string"}}, "properties": {"a": {"$ref": "#/definitions/name", "description": "by that"}}}"##,
        r##"{"properties": {"owner": {"$ref": "#"}}}"##,
        r#"{"dependencies": {"a": ["b"], "c": {"required": ["d"]}}, "if": {"required": ["a"]}, "then": {}, "else": false}"#,
    ] {
        assert_eq!(errors(schema), [], "{schema}");
    }
}

#[test]
fn a_keyword_that_would_not_hold_is_refused_where_it_stands() {
    for (schema, path, told) in [
        (
            r#"{"minimun": 1}"#,
            "schema/minimun",
            "`minimun` is no keyword of JSON Schema, and would not hold: did you mean `minimum`?",
        ),
        (
            r#"{"properties": {"score": {"requird": ["a"]}}}"#,
            "schema/properties/score/requird",
            "did you mean `required`?",
        ),
        (r#"{"items": [{}, {"owner": 1}]}"#, "schema/items/1/owner", "begin with `x-`"),
        (r#"{"items": {"anyOf": [{"nope": 1}]}}"#, "schema/items/anyOf/0/nope", "`nope`"),
        (
            r#"{"additionalProperties": {"not": {"nope": 1}}}"#,
            "schema/additionalProperties/not/nope",
            "`nope`",
        ),
        (
            r#"{"patternProperties": {"^a": {"nope": 1}}}"#,
            "schema/patternProperties/^a/nope",
            "`nope`",
        ),
        (r#"{"dependencies": {"a": {"nope": 1}}}"#, "schema/dependencies/a/nope", "`nope`"),
        (r#"{"definitions": {"a": {"nope": 1}}}"#, "schema/definitions/a/nope", "`nope`"),
        // Later drafts.
        (
            r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}"#,
            "schema/$schema",
            "write the schema in draft 4, 6 or 7",
        ),
        (
            r#"{"$schema": "https://json-schema.org/draft/2019-09/schema"}"#,
            "schema/$schema",
            "no draft that is understood",
        ),
        (
            r#"{"prefixItems": [{}]}"#,
            "schema/prefixItems",
            "is of a later draft than 7, and would not hold: write `items` as a list",
        ),
        (r#"{"dependentRequired": {}}"#, "schema/dependentRequired", "write `dependencies`"),
        (
            r#"{"unevaluatedProperties": false}"#,
            "schema/unevaluatedProperties",
            "write `additionalProperties`",
        ),
        (r#"{"$defs": {"a": {}}}"#, "schema/$defs", "write `definitions`"),
        // Keywords of a later one of those that are understood.
        (
            r#"{"$schema": "http://json-schema.org/draft-04/schema#", "const": 1}"#,
            "schema/const",
            "no keyword of the draft that `$schema` names",
        ),
        (
            r#"{"$schema": "http://json-schema.org/draft-06/schema#", "if": {}}"#,
            "schema/if",
            "name a later one",
        ),
        // What stands beside a reference does not hold, and what is referred to is looked at wherever it stands.
        (
            r##"{"definitions": {"n": {}}, "properties": {"a": {"$ref": "#/definitions/n", "minimum": 1}}}"##,
            "schema/properties/a/minimum",
            "stands beside `$ref`, where it does not hold: put both into `allOf`",
        ),
        (
            r##"{"x-types": {"n": {"nope": 1}}, "properties": {"a": {"$ref": "#/x-types/n"}}}"##,
            "schema/properties/a/$ref/nope",
            "`nope`",
        ),
        (
            r#"{"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}}"#,
            "schema/properties/a/$schema",
            "at the root",
        ),
        (r#"{"minimum": "low"}"#, "schema", "is no JSON Schema (draft 4, 6 or 7)"),
    ] {
        let found = errors(schema);
        let [(at, what)] = found.as_slice() else { panic!("{schema}: {found:?}") };
        assert!(at == path && what.contains(told), "{schema}: {at}: {what}");
    }
}

#[test]
fn all_that_is_wrong_is_told_up_to_a_bound() {
    let names: Vec<String> = (0..100).map(|at| format!("\"wrong{at}\": 1")).collect();
    assert_eq!(errors(&format!("{{{}}}", names.join(","))).len(), ERRORS);
}
