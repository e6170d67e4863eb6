use super::super::harness::check;

#[test]
fn documents_are_matched() {
    check(
        "json.match_schema",
        &[
            (r#"[{"id": 5}, {"required": ["id"]}]"#, "[true, []]"),
            (r#"["{\"id\": 5}", "{\"required\": [\"id\"]}"]"#, "[true, []]"),
            (
                r#"[{}, {"required": ["id"]}]"#,
                r#"[false, [{"desc": "id is required", "error": "(root): id is required", "field": "(root)", "type": "required"}]]"#,
            ),
            (r#"[["§", 1, 2], {}]"#, "error: wrong type, expected string or object"),
            (r#"[[["§", 1, 2]], {"items": {"type": "array"}}]"#, "[true, []]"),
            (r#"["{", {}]"#, "error: invalid JSON string"),
            (
                r#"[{}, {"type": "text"}]"#,
                "error: has a primitive type that is NOT VALID -- given: /text/ Expected valid values are:[array boolean integer number null object string]",
            ),
            ("[1, {}]", "error: wrong type, expected string or object"),
            (r##"[{}, {"$ref": "#"}]"##, "exhausted: nests deeper than a query may"),
        ],
    );
}

#[test]
fn schemas_are_verified() {
    check(
        "json.verify_schema",
        &[
            (
                r#"[{"pattern": "\\p{L}{1000}"}]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            (
                r#"[{"patternProperties": {"\\p{L}{1000}": {}}}]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            (
                r#"["{\"a\": 1e99999}"]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            ("[{}]", "[true, null]"),
            (r#"["true"]"#, "[true, null]"),
            (
                r#"[{"minLength": -1}]"#,
                r#"[false, "jsonschema: minLength must be greater than or equal to 0"]"#,
            ),
            (r#"["{"]"#, r#"[false, "jsonschema: invalid JSON string"]"#),
            ("[[]]", r#"[false, "jsonschema: schema is invalid"]"#),
            ("[1]", r#"[false, "jsonschema: wrong type, expected string or object"]"#),
        ],
    );
}

#[test]
fn limits_end_the_query() {
    let digits = "9".repeat(9_999);
    check(
        "json.match_schema",
        &[
            (
                &format!(
                    r#"[{{"a": {digits}}}, {{"properties": {{"a": {{"multipleOf": 1e-9999}}}}}}]"#
                ),
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
            (
                r#"[{"a": "\\p{L}{1000}"}, {"properties": {"a": {"format": "regex"}}}]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
        ],
    );
}
