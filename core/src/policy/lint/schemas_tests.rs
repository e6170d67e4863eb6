//! What a schema says is not there, and what it leaves open.

use crate::policy::bundle::{Bundle, File};
use crate::policy::snapshot::Snapshot;

const ORDER: &str = r##"{
    "type": "object",
    "properties": {
        "user": {"$ref": "#/definitions/user"},
        "amount": {"type": "string"},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}}}},
        "tags": {"type": "object", "additionalProperties": {"type": "object", "properties": {"by": {"type": "string"}}}},
        "open": {"type": "object", "properties": {"a": {}}, "additionalProperties": true},
        "any": {},
        "either": {"anyOf": [{"type": "object", "properties": {"card": {"type": "string"}}}, {"type": "object", "properties": {"wire": {"type": "string"}}}]},
        "both": {"allOf": [{"type": "object", "properties": {"first": {}}}, {"type": "object", "properties": {"second": {}}}]},
        "text": {"type": ["string", "null"]},
        "loop": {"$ref": "#/properties/loop"}
    },
    "definitions": {"user": {"type": "object", "properties": {"name": {"type": "string"}, "role": {"enum": ["a", "b"]}}}}
}"##;

fn findings(module: &str, more: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![File::new("orders.rego", module), File::new("schemas/order.json", ORDER)];
    files.extend(more.iter().map(|(name, text)| File::new(name, text)));
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    let told = |found: crate::policy::lint::Finding| {
        format!("{}:{} {}", found.row, found.id, found.message)
    };
    snapshot.lint().into_iter().map(told).collect()
}

/// What is found in a rule whose input has the schema.
fn found(expression: &str) -> Vec<String> {
    findings(
        &format!(
            "# METADATA\n# schemas:\n#   - input: schema.order\npackage orders\n\nr if {{ {expression} }}\n"
        ),
        &[],
    )
}

#[test]
fn references_are_followed_through_the_schema() {
    for right in [
        "input.user.name == \"x\"",
        "input.user.role == \"a\"",
        "input[\"amount\"] == \"1\"",
        "input.lines[0].price > 1",
        "input.lines[_].price > 1",
        "some line in input.lines; line.anything",
        "input.tags.green.by == \"x\"",
        "input.tags[input.amount].by == \"x\"",
        "input.open.anything.at.all",
        "input.any.anything",
        "input.either.card == \"x\"",
        "input.either.wire == \"x\"",
        "input.both.first; input.both.second",
        "input.loop.anything",
        "every line in input.lines { line.anything }",
    ] {
        assert_eq!(found(right), Vec::<String>::new(), "{right}");
    }
    let told = "is not in the schema of its input or document";
    for (wrong, wanted) in [
        ("input.user.nam == \"x\"", format!("`input.user.nam` {told}; did you mean `name`?")),
        ("input.usr.name == \"x\"", format!("`input.usr` {told}; did you mean `user`?")),
        ("input.lines[0].cost > 1", format!("`input.lines[0].cost` {told}")),
        (
            "input.lines[_].prices > 1",
            format!("`input.lines[_].prices` {told}; did you mean `price`?"),
        ),
        (
            "input.tags.green.byy == \"x\"",
            format!("`input.tags.green.byy` {told}; did you mean `by`?"),
        ),
        (
            "input.tags[input.amount].byy == \"x\"",
            format!("`input.tags[_].byy` {told}; did you mean `by`?"),
        ),
        ("input.either.cash == \"x\"", format!("`input.either.cash` {told}")),
        ("input.both.third", format!("`input.both.third` {told}")),
        (
            "input.amount.value == 1",
            "`input.amount.value`: by its schema `input.amount` has no parts".to_owned(),
        ),
        (
            "input.text.value == 1",
            "`input.text.value`: by its schema `input.text` has no parts".to_owned(),
        ),
        (
            "input.lines.first.price > 1",
            "`input.lines.first`: by its schema `input.lines` has no parts".to_owned(),
        ),
        ("not input.user.blocked", format!("`input.user.blocked` {told}")),
        (
            "count([x | x := input.lins[_]]) > 1",
            format!("`input.lins` {told}; did you mean `lines`?"),
        ),
    ] {
        assert_eq!(found(wrong), [format!("6:schema-mismatch {wanted}")], "{wrong}");
    }
}

#[test]
fn the_nearest_annotation_counts_and_the_longest_path() {
    let module = "# METADATA\n# scope: subpackages\n# schemas:\n#   - input: schema.order\npackage orders\n\n\
        import input.user as who\n\n\
        a if who.nam == \"x\"\n\n\
        # METADATA\n# schemas:\n#   - input: {type: object, properties: {only: {type: string}}}\n#   - input.only: {type: object, properties: {part: {}}}\n\
        b if {\n\tinput.only.part\n\tinput.only.parts\n\tinput.amount\n}\n";
    assert_eq!(
        findings(module, &[]),
        [
            "9:schema-mismatch `input.user.nam` is not in the schema of its input or document; did you mean `name`?",
            "17:schema-mismatch `input.only.parts` is not in the schema of its input or document; did you mean `part`?",
            "18:schema-mismatch `input.amount` is not in the schema of its input or document",
        ]
    );
    // A module of another package, below the first.
    let below = "package orders.below\n\nc if input.usr\n";
    let told = findings(module, &[("below.rego", below)]);
    assert!(told.iter().any(|told| told.starts_with("3:schema-mismatch `input.usr`")), "{told:?}");
}

#[test]
fn documents_have_schemas_and_tests_have_none() {
    let module = "package orders\n\n# METADATA\n# schemas:\n#   - data.limits: schema[\"limits\"]\nr if data.limits.dayly > 1\n";
    let more = [
        (
            "schemas/limits.json",
            r#"{"type": "object", "properties": {"daily": {"type": "number"}}}"#,
        ),
        ("limits/data.json", r#"{"daily": 10, "dayly": 1}"#),
        (
            "orders_test.rego",
            "package orders_test\n\nimport data.orders\n\ntest_r if orders.r with input.nothing as 1\n",
        ),
    ];
    let told = findings(module, &more);
    assert_eq!(
        told,
        [
            "6:schema-mismatch `data.limits.dayly` is not in the schema of its input or document; did you mean `daily`?"
        ]
    );
}

#[test]
fn a_schema_that_is_not_there_is_told() {
    for (schemas, wanted) in [
        ("[{input: schema.missing}]", "`input` is to have a schema that is not in the bundle"),
        ("[{input: order}]", "`input` is to have a schema that is not in the bundle"),
        ("[input]", "`\"input\"` is no path with a schema"),
    ] {
        let module = format!("package orders\n\n# METADATA\n# schemas: {schemas}\nr if input.x\n");
        assert_eq!(findings(&module, &[]), [format!("5:unresolved-schema {wanted}")], "{schemas}");
    }
}

/// A schema belongs to what a bundle is: another one has another digest, and what is no JSON is refused.
#[test]
fn schemas_are_a_part_of_the_bundle() {
    let digest = |schema: &str| {
        let files =
            [File::new("p.rego", "package p\n\na := 1\n"), File::new("schemas/order.json", schema)];
        Bundle::read(&files, None).map(|bundle| bundle.digest())
    };
    assert_ne!(digest("{}").unwrap(), digest(ORDER).unwrap());
    let told = digest("{").unwrap_err().to_string();
    assert!(told.contains("schemas/order.json") && told.contains("is no JSON"), "{told}");
}

/// Nothing is said that Open Policy Agent would not say, and nothing takes for ever.
#[test]
fn what_is_not_certain_is_left_alone() {
    let ask = |schema: &str, reference: &str| {
        let module = format!(
            "package orders\n\n# METADATA\n# schemas:\n#   - input: {schema}\nr if {reference}\n"
        );
        findings(&module, &[])
    };
    for (schema, reference) in [
        (r##"{"$ref": "#money"}"##, "input.a.b"),
        (r##"{"$ref": "https://example.com/schema"}"##, "input.a.b"),
        (
            r##"{"properties": {"x": {"properties": {"p": {}}}}, "anyOf": [{"properties": {"x": {"properties": {"q": {}}}}}]}"##,
            "input.x.q",
        ),
        (r##"{"anyOf": [{"properties": {"a": {}}}], "oneOf": [{}]}"##, "input.a"),
        (
            r##"{"allOf": [{"properties": {"a": {}}}, {"anyOf": [{"properties": {"b": {}}}, {}]}]}"##,
            "input.b",
        ),
        (r##"{"properties": {"a": {}}, "patternProperties": {"^x": {}}}"##, "input.xyz"),
        (r##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##, "input.a.b.c"),
        (
            r##"{"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "number"}}"##,
            "input[0].a",
        ),
    ] {
        assert_eq!(ask(schema, reference), Vec::<String>::new(), "{schema} {reference}");
    }
    // Of what all say, and each closes, nothing is left.
    let both = r##"{"allOf": [{"properties": {"a": {}}}, {"required": ["a"]}, {"properties": {"b": {}}}]}"##;
    assert_eq!(ask(both, "input.a").len() + ask(both, "input.b").len(), 0);
    assert_eq!(ask(both, "input.c").len(), 1);
}
