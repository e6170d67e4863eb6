use super::super::{Exhausted, Value};
use super::{Schema, SchemaError};

fn json(text: &str) -> Value {
    Value::from_json(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn compile(schema: &str) -> Result<Schema, SchemaError> {
    Schema::compile(&json(schema), &mut |_| Ok(()))
}

/// What of a document a schema does not admit, as text.
fn wrong(schema: &str, document: &str) -> Vec<String> {
    let schema = compile(schema).unwrap_or_else(|error| panic!("{schema}: {error}"));
    let violations = schema.validate(&json(document), &mut |_| Ok(())).unwrap();
    violations.iter().map(|violation| format!("{} {}", violation.kind, violation.text())).collect()
}

/// Fails for each row of which the document has something else wrong.
fn check(table: &[(&str, &str, &[&str])]) {
    for (schema, document, want) in table {
        assert_eq!(wrong(schema, document), *want, "{schema} {document}");
    }
}

#[test]
fn types_are_told_apart() {
    check(&[
        (r#"{"type": "integer"}"#, "5", &[]),
        (r#"{"type": "integer"}"#, "5.0", &[]),
        (
            r#"{"type": "integer"}"#,
            "5.5",
            &["invalid_type (root): Invalid type. Expected: integer, given: number"],
        ),
        (r#"{"type": "number"}"#, "5", &[]),
        (r#"{"type": ["string", "null"]}"#, "null", &[]),
        (
            r#"{"type": ["string", "null"]}"#,
            "[]",
            &["invalid_type (root): Invalid type. Expected: [string,null], given: array"],
        ),
        (
            r#"{"properties": {"a": {"items": {"type": "boolean"}}}}"#,
            r#"{"a": [true, 1]}"#,
            &["invalid_type a.1: Invalid type. Expected: boolean, given: integer"],
        ),
        ("true", "1", &[]),
        ("false", "1", &["false (root): False always fails validation"]),
        ("{}", "1", &[]),
    ]);
}

#[test]
fn objects_have_what_they_must() {
    check(&[
        (r#"{"required": ["a", "b"]}"#, r#"{"b": 1}"#, &["required (root): a is required"]),
        (r#"{"required": ["a"]}"#, "1", &[]),
        (
            r#"{"properties": {"a": {}}, "additionalProperties": false}"#,
            r#"{"a": 1, "b": 2}"#,
            &["additional_property_not_allowed (root): Additional property b is not allowed"],
        ),
        (
            r#"{"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": {"type": "null"}}"#,
            r#"{"xa": 1, "b": null, "c": 2}"#,
            &[
                "invalid_type c: Invalid type. Expected: null, given: integer",
                "invalid_type xa: Invalid type. Expected: string, given: integer",
            ],
        ),
        (
            r#"{"minProperties": 1, "maxProperties": 1}"#,
            "{}",
            &["array_min_properties (root): Must have at least 1 properties"],
        ),
        (
            r#"{"minProperties": 1, "maxProperties": 1}"#,
            r#"{"a": 1, "b": 1}"#,
            &["array_max_properties (root): Must have at most 1 properties"],
        ),
        (
            r#"{"propertyNames": {"maxLength": 1}}"#,
            r#"{"ab": 1}"#,
            &[
                "invalid_property_name (root): Property name of \"ab\" does not match",
                "string_lte (root): String length must be less than or equal to 1",
            ],
        ),
        (
            r#"{"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}"#,
            r#"{"a": 1, "c": 1}"#,
            &["missing_dependency (root): Has a dependency on b", "required (root): d is required"],
        ),
        (r#"{"dependencies": {"a": ["b"]}}"#, r#"{"c": 1}"#, &[]),
    ]);
}

#[test]
fn arrays_have_what_they_must() {
    check(&[
        (
            r#"{"items": [{"type": "string"}], "additionalItems": false}"#,
            r#"["a", 1]"#,
            &["array_no_additional_items (root): No additional items allowed on array"],
        ),
        (
            r#"{"items": [{}], "additionalItems": {"type": "null"}}"#,
            "[1, 2]",
            &["invalid_type 1: Invalid type. Expected: null, given: integer"],
        ),
        (r#"{"items": [], "additionalItems": false}"#, "[1, 2]", &[]),
        (
            r#"{"minItems": 2, "maxItems": 2}"#,
            "[1]",
            &["array_min_items (root): Array must have at least 2 items"],
        ),
        (
            r#"{"minItems": 2, "maxItems": 2}"#,
            "[1, 2, 3]",
            &["array_max_items (root): Array must have at most 2 items"],
        ),
        (
            r#"{"uniqueItems": true}"#,
            r#"[1, "1", 1.0]"#,
            &["unique (root): array items[0,2] must be unique"],
        ),
        (r#"{"uniqueItems": true}"#, r#"[{"a": 1}, {"a": 2}]"#, &[]),
        (r#"{"contains": {"minimum": 5}}"#, "[1, 6]", &[]),
        (
            r#"{"contains": {"minimum": 5}}"#,
            "[1]",
            &[
                "contains (root): At least one of the items must match",
                "number_gte 0: Must be greater than or equal to 5",
            ],
        ),
        (r#"{"contains": {}}"#, "[]", &["contains (root): At least one of the items must match"]),
    ]);
}

#[test]
fn numbers_are_compared_exactly() {
    check(&[
        (r#"{"multipleOf": 0.01}"#, "4.35", &[]),
        (r#"{"multipleOf": 0.01}"#, "4.351", &["multiple_of (root): Must be a multiple of 0.01"]),
        (
            r#"{"multipleOf": 3}"#,
            "100000000000000000000000000000000000001",
            &["multiple_of (root): Must be a multiple of 3"],
        ),
        (
            r#"{"maximum": 3}"#,
            "3.0000000000000000000000001",
            &["number_lte (root): Must be less than or equal to 3"],
        ),
        (
            r#"{"minimum": 3, "exclusiveMinimum": true}"#,
            "3",
            &["number_gt (root): Must be greater than 3"],
        ),
        (
            r#"{"exclusiveMinimum": 1000000}"#,
            "1000000",
            &["number_gt (root): Must be greater than 1e+06"],
        ),
        (
            r#"{"exclusiveMaximum": 123456.5}"#,
            "123456.5",
            &["number_lt (root): Must be less than 123456.5"],
        ),
        (
            r#"{"minimum": -0.00025}"#,
            "-1",
            &["number_gte (root): Must be greater than or equal to -0.00025"],
        ),
        (
            r#"{"minimum": 1200}"#,
            "-1",
            &["number_gte (root): Must be greater than or equal to 1200"],
        ),
        (
            r#"{"minimum": 0.000025}"#,
            "-1",
            &["number_gte (root): Must be greater than or equal to 2.5e-05"],
        ),
        (r#"{"minimum": 3}"#, r#""text""#, &[]),
    ]);
}

#[test]
fn texts_count_by_characters() {
    check(&[
        (r#"{"minLength": 2, "maxLength": 2}"#, r#""éé""#, &[]),
        (
            r#"{"minLength": 2}"#,
            r#""é""#,
            &["string_gte (root): String length must be greater than or equal to 2"],
        ),
        (r#"{"pattern": "^\\d+$"}"#, r#""12""#, &[]),
        (
            r#"{"pattern": "^\\d+$"}"#,
            r#""١""#,
            &[r"pattern (root): Does not match pattern '^\d+$'"],
        ),
        (r#"{"pattern": "b"}"#, r#""abc""#, &[]),
        (r#"{"const": {"a": [1]}}"#, r#"{"a": [1.0]}"#, &[]),
        (
            r#"{"properties": {"a": {"const": "x"}}}"#,
            r#"{"a": "y"}"#,
            &[r#"const a: a does not match: "x""#],
        ),
        (
            r#"{"enum": ["a", 1, null]}"#,
            "2",
            &[r#"enum (root): (root) must be one of the following: "a", 1, null"#],
        ),
        (r#"{"enum": []}"#, "2", &["enum (root): (root) must be one of the following: (none)"]),
        (
            r#"{"format": "date"}"#,
            r#""2021-02-30""#,
            &["format (root): Does not match format 'date'"],
        ),
        (r#"{"format": "date"}"#, "7", &[]),
        (r#"{"format": "unheard-of"}"#, r#""x""#, &[]),
    ]);
}

#[test]
fn schemas_are_made_of_schemas() {
    check(&[
        (
            r#"{"anyOf": [{"type": "string"}, {"minimum": 3}]}"#,
            "2",
            &[
                "number_any_of (root): Must validate at least one schema (anyOf)",
                "number_gte (root): Must be greater than or equal to 3",
            ],
        ),
        (
            r#"{"oneOf": [{"minimum": 3}, {"maximum": 5}]}"#,
            "4",
            &["number_one_of (root): Must validate one and only one schema (oneOf)"],
        ),
        (r#"{"oneOf": [{"minimum": 3}, {"maximum": 5}]}"#, "2", &[]),
        (
            r#"{"allOf": [{"minimum": 3}, {"maximum": 1}]}"#,
            "2",
            &[
                "number_gte (root): Must be greater than or equal to 3",
                "number_lte (root): Must be less than or equal to 1",
                "number_all_of (root): Must validate all the schemas (allOf)",
            ],
        ),
        (
            r#"{"not": {"type": "null"}}"#,
            "null",
            &["number_not (root): Must not validate the schema (not)"],
        ),
        (
            r#"{"if": {"minimum": 3}, "then": {"maximum": 5}, "else": {"minimum": 1}}"#,
            "6",
            &[
                "condition_then (root): Must validate \"then\" as \"if\" was valid",
                "number_lte (root): Must be less than or equal to 5",
            ],
        ),
        (
            r#"{"if": {"minimum": 3}, "then": {"maximum": 5}, "else": {"minimum": 1}}"#,
            "0",
            &[
                "condition_else (root): Must validate \"else\" as \"if\" was not valid",
                "number_gte (root): Must be greater than or equal to 1",
            ],
        ),
        (r#"{"if": {"minimum": 3}, "then": false}"#, "2", &[]),
    ]);
}

#[test]
fn drafts_have_their_keywords() {
    let four =
        |rest: &str| format!(r#"{{"$schema": "http://json-schema.org/draft-04/schema#", {rest}}}"#);
    let six =
        |rest: &str| format!(r#"{{"$schema": "http://json-schema.org/draft-06/schema#", {rest}}}"#);
    assert_eq!(wrong(&four(r#""const": 1"#), "2"), [""; 0]);
    assert_eq!(wrong(&six(r#""const": 1"#), "2").len(), 1);
    assert_eq!(wrong(&six(r#""if": true, "then": false"#), "2"), [""; 0]);
    let refused = |schema: String| compile(&schema).err().unwrap().to_string();
    assert_eq!(
        refused(four(r#""exclusiveMinimum": 1"#)),
        "Invalid type. Expected: boolean, given: exclusiveMinimum"
    );
    assert_eq!(
        refused(six(r#""exclusiveMinimum": true"#)),
        "Invalid type. Expected: number, given: exclusiveMinimum"
    );
    assert_eq!(refused(four(r#""not": true"#)), "Expected: schema, given: Invalid JSON");
}

#[test]
fn references_are_within_the_schema() {
    check(&[
        (
            r##"{"definitions": {"a/b%": {"type": "null"}}, "$ref": "#/definitions/a~1b%25"}"##,
            "1",
            &["invalid_type (root): Invalid type. Expected: null, given: integer"],
        ),
        (
            r##"{"properties": {"next": {"$ref": "#"}}, "additionalProperties": false}"##,
            r#"{"next": {"next": {"x": 1}}}"#,
            &["additional_property_not_allowed next.next: Additional property x is not allowed"],
        ),
        (
            r#"{"$id": "http://x/root.json", "definitions": {"a": {"$id": "a.json", "type": "null"}}, "items": {"$ref": "a.json"}}"#,
            "[1]",
            &["invalid_type 0: Invalid type. Expected: null, given: integer"],
        ),
        (
            r##"{"$id": "http://x/root.json", "definitions": {"a": {"type": "null"}}, "items": {"$ref": "http://x/root.json#/definitions/a"}}"##,
            "[1]",
            &["invalid_type 0: Invalid type. Expected: null, given: integer"],
        ),
        (
            r##"{"definitions": {"a": {"$id": "#here", "type": "null"}}, "items": {"$ref": "#here"}}"##,
            "[1]",
            &["invalid_type 0: Invalid type. Expected: null, given: integer"],
        ),
        (
            r##"{"properties": {"$ref": {"type": "null"}}}"##,
            r#"{"$ref": 1}"#,
            &["invalid_type $ref: Invalid type. Expected: null, given: integer"],
        ),
    ]);
    for (schema, want) in [
        (r#"{"$ref": "http://json.schemastore.org/x"}"#, "remote reference loading disabled"),
        (r#"{"$ref": "file:///etc/passwd"}"#, "remote reference loading disabled"),
        (r#"{"$ref": "other.json"}"#, "Reference other.json must be canonical"),
        (r##"{"$ref": "#/definitions/a"}"##, "Object has no key 'definitions'"),
        (r##"{"a": 1, "$ref": "#/a"}"##, "schema must be of type object"),
    ] {
        assert_eq!(compile(schema).err().unwrap().to_string(), want, "{schema}");
    }
}

#[test]
fn what_is_no_schema_is_refused() {
    for (schema, want) in [
        ("1", "schema is invalid"),
        (r#"{"$schema": 1}"#, "$schema must be of type string"),
        (
            r#"{"type": "text"}"#,
            "has a primitive type that is NOT VALID -- given: /text/ Expected valid values are:[array boolean integer number null object string]",
        ),
        (r#"{"type": 1}"#, "Invalid type. Expected: type, given: string/array of strings"),
        (r#"{"type": ["null", "null"]}"#, "null type is duplicated"),
        (r#"{"title": 1}"#, "Invalid type. Expected: string, given: title"),
        (r#"{"properties": 1}"#, "properties must be of type object"),
        (r#"{"properties": {"a": 1}}"#, "Expected: schema, given: Invalid JSON"),
        (
            r#"{"additionalProperties": 1}"#,
            "Invalid type. Expected: boolean/schema, given: additionalProperties",
        ),
        (r#"{"patternProperties": {"(": {}}}"#, "Invalid regex pattern '('"),
        (r#"{"required": ["a", "a"]}"#, "required items must be unique"),
        (r#"{"required": 1}"#, "required must be of an array"),
        (r#"{"items": 1}"#, "Invalid type. Expected: schema/array of schemas, given: items"),
        (r#"{"minLength": -1}"#, "minLength must be greater than or equal to 0"),
        (r#"{"minLength": 1.5}"#, "minLength must be of an integer"),
        (r#"{"minLength": 2, "maxLength": 1}"#, "minLength cannot be greater than maxLength"),
        (r#"{"multipleOf": 0}"#, "multipleOf must be strictly greater than 0"),
        (r#"{"minimum": "1"}"#, "minimum must be of a number"),
        (r#"{"exclusiveMinimum": true}"#, "exclusiveMinimum cannot be used without minimum"),
        (r#"{"pattern": "("}"#, "pattern must be a valid regex"),
        (r#"{"enum": [1, 1.0]}"#, "enum items must be unique"),
        (r#"{"uniqueItems": 1}"#, "uniqueItems must be of a boolean"),
        (r#"{"not": 1}"#, "not must be of an object"),
        (
            r#"{"definitions": {"a": 1}}"#,
            "Invalid type. Expected: array of schemas, given: definitions",
        ),
        (r#"{"dependencies": {"a": 1}}"#, "dependency must be of type schema or array of strings"),
    ] {
        assert_eq!(compile(schema).err().unwrap().to_string(), want, "{schema}");
    }
}

#[test]
fn circles_and_great_work_end() {
    for schema in [r##"{"$ref": "#"}"##, r##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##] {
        let answer = compile(schema).unwrap().validate(&Value::Null, &mut |_| Ok(()));
        assert_eq!(answer, Err(Exhausted::Depth), "{schema}");
    }
    // Twice as many ways at every step: a million after twenty.
    let step = |at: u32| {
        format!(
            r##""{at}": {{"allOf": [{{"$ref": "#/definitions/{n}"}}, {{"$ref": "#/definitions/{n}"}}]}}"##,
            n = at + 1
        )
    };
    let steps: Vec<String> = (0..30).map(step).collect();
    let schema = format!(
        r##"{{"definitions": {{{}, "30": {{}}}}, "$ref": "#/definitions/0"}}"##,
        steps.join(", ")
    );
    let mut left = 100_000_usize;
    let mut charge = |steps: usize| {
        left = left.checked_sub(steps).ok_or(Exhausted::Steps)?;
        Ok(())
    };
    let answer = compile(&schema).unwrap().validate(&Value::Null, &mut charge);
    assert_eq!(answer, Err(Exhausted::Steps));
    let deep = format!("{}{}", "[".repeat(390), "]".repeat(390));
    assert_eq!(wrong(r##"{"items": {"$ref": "#"}}"##, &deep), [""; 0]);
}

#[test]
fn formats_are_told() {
    let table: &[(&str, &[&str], &[&str])] = &[
        (
            "date-time",
            &["2018-11-13T20:20:39+00:00", "2018-11-13T20:20:39.5Z", "20:20:39"],
            &["2018-11-13 20:20:39", "x"],
        ),
        ("time", &["20:20:39", "20:20:39Z", "20:20:39+01:00"], &["24:00:00", "20:20"]),
        (
            "email",
            &["a@b.c", "Joe <a@b>", r#""a b"@c"#, "ü@b", "a@[127.0.0.1]"],
            &["a", "a@", "a..b@c", "@c", "a b@c"],
        ),
        ("hostname", &["a-b.example"], &["-a", "a_b", "", "a..b"]),
        ("ipv4", &["1.2.3.4"], &["1.2.3", "::1", "01.2.3.4"]),
        ("ipv6", &["::1", "::ffff:1.2.3.4"], &["1.2.3.4", "::g"]),
        (
            "uri",
            &["http://a/b?c#d", "urn:x:y", "mailto:a@b"],
            &["/a", "a b:", "http://a b/", r"http://a\b", "http://a/%zz", "://x"],
        ),
        ("uri-reference", &["/a", "a", "", "#x"], &["a%zz", "1:b", r"\a"]),
        ("uri-template", &["/a/{b}/c"], &["/a/{b", r"\x"]),
        (
            "uuid",
            &["123E4567-e89b-12d3-a456-426614174000"],
            &["123e4567e89b12d3a456426614174000", "x"],
        ),
        ("regex", &["a+", ""], &["("]),
        ("json-pointer", &["", "/a/~0~1"], &["a", "/~2"]),
        ("relative-json-pointer", &["0#", "1/a", "0"], &["01", "#", "/a"]),
    ];
    for (format, good, bad) in table {
        let schema = format!(r#"{{"format": "{format}"}}"#);
        let is_good = |text: &&str| wrong(&schema, &Value::string(text).to_json()).is_empty();
        assert!(good.iter().all(is_good), "{format}: {:?}", good.iter().find(|it| !is_good(it)));
        assert!(!bad.iter().any(is_good), "{format}: {:?}", bad.iter().find(|it| is_good(it)));
    }
}
