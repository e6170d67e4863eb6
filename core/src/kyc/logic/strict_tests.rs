use super::*;

fn value(json: &str) -> Value {
    Value::from_json(json).unwrap()
}

fn asked(rule: &str, data: &str) -> String {
    let logic = Logic::compile(&value(rule)).unwrap();
    let answer = logic.evaluate(&value(data), &mut Budget::default());
    answer.map_or_else(|error| error.to_string(), |answer| answer.to_json())
}

const CASE: &str = r#"{
    "document": {"status": "verified", "kind": "passport", "expires": "2031-05-01"},
    "attempts": 1,
    "score": 0.30,
    "country": "SE",
    "note": null,
    "empty": "",
    "pep": false,
    "owners": [{"name": "Lindqvist", "share": 0.6}, {"name": "Abara", "share": 0.25}, {"name": "Fund", "share": 0.15}],
    "flags": ["address", "age"]
}"#;

#[test]
fn what_a_case_is_asked() {
    let cases = [
        ("a document is verified", r#"{"==": [{"var": "document.status"}, "verified"]}"#, "true"),
        ("between two bounds", r#"{"<=": [0, {"var": "attempts"}, 3]}"#, "true"),
        ("not between two bounds", r#"{"<": [1, {"var": "attempts"}, 3]}"#, "false"),
        ("dates as texts", r#"{">": [{"var": "document.expires"}, "2026-11-30"]}"#, "true"),
        (
            "a default for what is not there",
            r#"{"var": ["risk.level", "unknown"]}"#,
            r#""unknown""#,
        ),
        ("no default where null stands", r#"{"var": ["note", "unknown"]}"#, "null"),
        ("a default that is evaluated", r#"{"var": ["risk", {"var": "country"}]}"#, r#""SE""#),
        ("an item of a list", r#"{"var": "owners.1.name"}"#, r#""Abara""#),
        ("an item that is not there", r#"{"var": "owners.7.name"}"#, "null"),
        (
            "a path that is evaluated",
            r#"{"var": {"cat": ["document", ".", "kind"]}}"#,
            r#""passport""#,
        ),
        ("nothing is null", r#"{"==": [{"var": "risk"}, null]}"#, "true"),
        ("something is not null", r#"{"!=": [{"var": "country"}, null]}"#, "true"),
        ("whether there is something", r#"{"!!": {"var": "empty"}}"#, "false"),
        ("not", r#"{"!": {"var": "pep"}}"#, "true"),
        (
            "what is missing",
            r#"{"missing": ["country", "note", "empty", "tax.id"]}"#,
            r#"["note","empty","tax.id"]"#,
        ),
        (
            "what is missing of a list",
            r#"{"missing": {"merge": [["country"], ["tax.id"]]}}"#,
            r#"["tax.id"]"#,
        ),
        ("enough of some", r#"{"missing_some": [1, ["country", "tax.id"]]}"#, "[]"),
        ("not enough of some", r#"{"missing_some": [2, ["country", "tax.id"]]}"#, r#"["tax.id"]"#),
        (
            "if",
            r#"{"if": [{"var": "pep"}, "refer", {"<": [{"var": "attempts"}, 3]}, "retry", "reject"]}"#,
            r#""retry""#,
        ),
        ("else", r#"{"?:": [{"var": "pep"}, "refer", "go on"]}"#, r#""go on""#),
        ("no else", r#"{"if": [false, 1]}"#, "null"),
        ("one of a list", r#"{"in": [{"var": "country"}, ["NO", "SE"]]}"#, "true"),
        ("a part of a text", r#"{"in": ["port", {"var": "document.kind"}]}"#, "true"),
        ("exact sums", r#"{"==": [{"+": [0.1, 0.2]}, {"var": "score"}]}"#, "true"),
        (
            "all shares together",
            r#"{"reduce": [{"var": "owners"}, {"+": [{"var": "accumulator"}, {"var": "current.share"}]}, 0]}"#,
            "1",
        ),
        (
            "the names of those who own much",
            r#"{"map": [{"filter": [{"var": "owners"}, {">=": [{"var": "share"}, 0.25]}]}, {"var": "name"}]}"#,
            r#"["Lindqvist","Abara"]"#,
        ),
        ("all", r#"{"all": [{"var": "owners"}, {">": [{"var": "share"}, 0]}]}"#, "true"),
        ("all of nothing", r#"{"all": [[], true]}"#, "false"),
        ("none", r#"{"none": [{"var": "flags"}, {"==": [{"var": ""}, "pep"]}]}"#, "true"),
        ("some", r#"{"some": [{"var": "flags"}, {"==": [{"var": ""}, "age"]}]}"#, "true"),
        ("the greatest", r#"{"max": [1, {"var": "attempts"}, 2.5]}"#, "2.5"),
        ("the least", r#"{"min": [1, 0.5, 2]}"#, "0.5"),
        ("a difference", r#"{"-": [5, 1.5]}"#, "3.5"),
        ("the other sign", r#"{"-": {"var": "attempts"}}"#, "-1"),
        ("a quotient", r#"{"/": [1, 3]}"#, "0.3333333333333333333333333333333333"),
        ("a remainder", r#"{"%": [-7, 3]}"#, "-1"),
        ("one text of several", r#"{"cat": [{"var": "country"}, "-", 1.50]}"#, r#""SE-1.5""#),
        ("the first letters", r#"{"substr": [{"var": "document.kind"}, 0, 4]}"#, r#""pass""#),
        ("the last letters", r#"{"substr": [{"var": "document.kind"}, -4]}"#, r#""port""#),
        ("without the last letters", r#"{"substr": ["åäö", 1, -1]}"#, r#""ä""#),
        ("as it is", r#"{"log": {"var": "country"}}"#, r#""SE""#),
        ("a list with parts", r#"[1, {"var": "country"}]"#, r#"[1,"SE"]"#),
    ];
    for (name, rule, wanted) in cases {
        assert_eq!(asked(rule, CASE), wanted, "{name}: {rule}");
    }
}

#[test]
fn no_value_is_taken_for_another_kind() {
    let cases = [
        (r#"{"==": [{"var": "attempts"}, "1"]}"#, "==: compares a number with a text"),
        (
            r#"{"and": [true, {"<": [{"var": "risk"}, 3]}]}"#,
            "and/1/<: compares null with a number; only two numbers or two texts have an order",
        ),
        (
            r#"{"if": [{"var": "country"}, 1, 2]}"#,
            "if: a condition must be true or false, and is a text; `!!` tells whether there is something",
        ),
        (
            r#"{"or": [{"!": {"var": "note"}}, true]}"#,
            "or/0/!: a condition must be true or false, and is null; `!!` tells whether there is something",
        ),
        (r#"{"+": [1, {"var": "country"}]}"#, "+: takes numbers, and is given a text"),
        (r#"{"map": [{"var": "country"}, 1]}"#, "map: takes a list, and is given a text"),
        (r#"{"cat": ["a", {"var": "note"}]}"#, "cat: joins texts and numbers, and is given null"),
        (
            r#"{"/": [1, {"-": [1, 1]}]}"#,
            "/: divides by zero; ask whether the divisor is zero before, with `if`",
        ),
        (
            r#"{"%": [1, 0]}"#,
            "%: divides by zero; ask whether the divisor is zero before, with `if`",
        ),
        (
            r#"{"in": ["a", {"var": "document"}]}"#,
            "in: looks for a text in an object; a text has texts in it, and a list has values",
        ),
        (r#"{"substr": ["abc", 0.5]}"#, "substr: counts characters in whole numbers"),
    ];
    for (rule, wanted) in cases {
        assert_eq!(asked(rule, CASE), wanted, "{rule}");
    }
    let text = Logic::compile(&value(r#"{"var": "country"}"#)).unwrap();
    assert!(text.holds(&value(CASE), &mut Budget::default()).is_err());
}

#[test]
fn what_was_read_is_told() {
    let rule = r#"{"and": [
        {"==": [{"var": "country"}, "SE"]},
        {"some": [{"var": "owners"}, {">": [{"var": "share"}, 0.5]}]},
        {"==": [{"missing": ["tax.id"]}, []]},
        {"var": ["never.read", false]}
    ]}"#;
    let logic = Logic::compile(&value(rule)).unwrap();
    let data = value(CASE);
    let mut read = Vec::new();
    let mut record = |path: &str, value: &Value| read.push((path.to_owned(), value.clone()));
    let answer = logic.evaluate_recorded(&data, &mut Budget::default(), &mut record);
    assert_eq!(answer, Ok(Value::Bool(false)));
    let owners = data.get_str("owners").cloned().unwrap();
    let wanted = [
        ("country".to_owned(), Value::from("SE")),
        ("owners".to_owned(), owners),
        ("tax.id".to_owned(), Value::Null),
    ];
    assert_eq!(read, wanted);
}

#[test]
fn a_rule_ends_within_its_budget() {
    let items = value(&format!("[{}0]", "0,".repeat(999)));
    let squared = r#"{"map": [{"var": ""}, {"reduce": [{"var": ""}, {"+": [1, 1]}, 0]}]}"#;
    let nested = r#"{"map": [[1, 2], {"+": [{"var": ""}, 1]}]}"#;
    let logic = Logic::compile(&value(nested)).unwrap();
    let mut budget = Budget::default();
    logic.evaluate(&items, &mut budget).unwrap();
    let mut exact = Budget::new(Budget::default().steps() - budget.steps(), 10_000);
    logic.evaluate(&items, &mut exact).unwrap();
    assert_eq!(exact.steps(), 0, "the same rule takes the same steps");
    let told = logic.evaluate(&items, &mut exact).unwrap_err();
    assert_eq!(told.exhausted, Some(crate::value::Exhausted::Steps));
    assert!(Logic::compile(&value(squared)).is_ok());

    let doubles = [
        // A text, a list and a number that double or square with every item.
        (
            r#"{"reduce": [{"var": ""}, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "x"]}"#,
            "data",
        ),
        (
            r#"{"reduce": [{"var": ""}, [{"var": "accumulator"}, {"var": "accumulator"}], "x"]}"#,
            "large",
        ),
        (r#"{"reduce": [{"var": ""}, [{"var": "accumulator"}], "x"]}"#, "deep"),
        (
            r#"{"reduce": [{"var": ""}, {"*": [{"var": "accumulator"}, {"var": "accumulator"}]}, 3]}"#,
            "large",
        ),
    ];
    for (rule, word) in doubles {
        let told = Logic::compile(&value(rule)).unwrap().evaluate(&items, &mut Budget::default());
        let told = told.unwrap_err();
        assert!(told.exhausted.is_some() && told.message.contains(word), "{rule}: {told}");
    }
}
