use crate::kyc::jmespath::JmesPath;
use crate::kyc::logic::Budget;
use crate::value::{Exhausted, Value};

fn asked(text: &str) -> String {
    let data = r#"{
        "amounts": [30, 1.5, -2], "names": ["b", "å", "a"], "mixed": [1, "a"], "none": [],
        "person": {"name": "Åsa", "age": 41}, "text": "verified", "nothing": null,
        "steps": [{"at": 2, "name": "b"}, {"at": 1, "name": "a"}, {"at": 2, "name": "c"}, {"at": 1, "name": "d"}]
    }"#;
    let data = Value::from_json(data).unwrap();
    let found =
        JmesPath::compile(text).and_then(|path| path.evaluate(&data, &mut Budget::default()));
    found.map_or_else(|error| error.to_string(), |value| value.to_json())
}

#[test]
fn what_functions_answer() {
    let cases = [
        ("abs(amounts[2])", "2"),
        ("avg(amounts)", "9.833333333333333333333333333333333"),
        ("avg(none)", "null"),
        ("ceil(amounts[1])", "2"),
        ("floor(`-1.5`)", "-2"),
        ("contains(text, 'rif')", "true"),
        ("contains(text, `1`)", "false"),
        ("contains(mixed, `1.0`)", "true"),
        ("ends_with(text, 'ied')", "true"),
        ("starts_with(text, 'ied')", "false"),
        ("join(', ', names)", r#""b, å, a""#),
        ("join(', ', none)", r#""""#),
        ("keys(person)", r#"["age","name"]"#),
        ("values(person)", r#"[41,"Åsa"]"#),
        ("length(person.name)", "3"),
        ("length(person)", "2"),
        ("length(amounts)", "3"),
        ("map(&at, steps)", "[2,1,2,1]"),
        ("map(&more, steps)", "[null,null,null,null]"),
        ("max(amounts)", "30"),
        ("max(names)", r#""å""#),
        ("min(amounts)", "-2"),
        ("max(none)", "null"),
        ("max_by(steps, &at).name", r#""b""#),
        ("min_by(steps, &at).name", r#""a""#),
        ("min_by(none, &at)", "null"),
        ("merge(person, {age: `42`, town: 'Umeå'})", r#"{"age":42,"name":"Åsa","town":"Umeå"}"#),
        ("deep_merge(person)", r#"{"age":41,"name":"Åsa"}"#),
        (
            "deep_merge(`{\"a\": {\"x\": 1, \"l\": [1, 2]}, \"b\": 1}`, `{\"a\": {\"y\": 2, \"l\": [3]}}`)",
            r#"{"a":{"l":[3],"x":1,"y":2},"b":1}"#,
        ),
        (
            "deep_merge(`{\"a\": {\"x\": 1}, \"b\": 2}`, `{\"a\": null, \"b\": {\"z\": 1}}`)",
            r#"{"a":null,"b":{"z":1}}"#,
        ),
        (
            "deep_merge(`{\"a\": {\"b\": {\"c\": 1}}}`, `{\"a\": {\"b\": {\"d\": 2}}}`, `{\"a\": {\"b\": {\"c\": 3}}}`)",
            r#"{"a":{"b":{"c":3,"d":2}}}"#,
        ),
        ("not_null(nothing, absent, text)", r#""verified""#),
        ("not_null(nothing)", "null"),
        ("reverse(person.name)", r#""asÅ""#),
        ("reverse(amounts)", "[-2,1.5,30]"),
        ("sort(amounts)", "[-2,1.5,30]"),
        ("sort(names)", r#"["a","b","å"]"#),
        ("sort_by(steps, &at)[].name", r#"["a","d","b","c"]"#),
        ("sum(amounts)", "29.5"),
        ("sum(none)", "0"),
        ("to_array(text)", r#"["verified"]"#),
        ("to_array(none)", "[]"),
        ("to_number('1.50')", "1.50"),
        ("to_number('one')", "null"),
        ("to_number(mixed)", "null"),
        ("to_string(mixed)", r#""[1,\"a\"]""#),
        ("to_string(text)", r#""verified""#),
        (
            "[type(text), type(amounts), type(person), type(nothing), type(`1`), type(`true`)]",
            r#"["string","array","object","null","number","boolean"]"#,
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(asked(text), wanted, "{text}");
    }
}

#[test]
fn a_function_that_is_called_wrongly_says_so() {
    let cases = [
        ("lenght(text)", "column 1: there is no function `lenght`; `length` is near"),
        ("text == upper(text)", "column 9: there is no function `upper`"),
        ("abs()", "column 1: `abs` takes 1 arguments and is given 0"),
        ("deep_merge()", "column 1: `deep_merge` takes at least 1 arguments and is given 0"),
        ("merge()", "column 1: `merge` takes at least 1 arguments and is given 0"),
        (
            "sort_by(steps, at)",
            "column 1: argument 2 of `sort_by` must be an expression with `&` before it, as `&name`",
        ),
        ("length(&text)", "column 1: argument 1 of `length` is a value; write it without `&`"),
        ("abs(text)", "column 1: argument 1 of `abs` must be a number, and is a text"),
        ("[abs(nothing)]", "column 2: argument 1 of `abs` must be a number, and is null"),
        (
            "sum(mixed)",
            "column 1: argument 1 of `sum` must be a list of numbers, and has a text in it",
        ),
        (
            "sort(mixed)",
            "column 1: argument 1 of `sort` must be a list of numbers or of texts, and has a text in it",
        ),
        (
            "join(', ', text)",
            "column 1: argument 2 of `join` must be a list of texts, and is a text",
        ),
        ("merge(person, text)", "column 1: argument 2 of `merge` must be an object, and is a text"),
        (
            "max_by(steps, &more)",
            "column 1: the expression of `max_by` must be a number for all items or a text for all, and is null for one",
        ),
        (
            "sort_by(steps, &(name == 'a' && at || name))",
            "column 1: the expression of `sort_by` must be a number for all items or a text for all, and is a number for one",
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(asked(text), wanted, "{text}");
    }
}

#[test]
fn an_expression_ends_within_its_budget() {
    let data = Value::array((0..1000_i64).map(Value::from));
    let cases = [
        ("[@, @]".to_owned() + &" | [@, @]".repeat(40), Exhausted::Size),
        ("map(&to_string(@), [0])".to_owned(), Exhausted::Steps),
        ("[*].[@, @][][]".to_owned(), Exhausted::Steps),
    ];
    for (text, wanted) in cases {
        let path = JmesPath::compile(&text).unwrap();
        let steps = if wanted == Exhausted::Steps { 3 } else { 100_000 };
        let told = path.evaluate(&data, &mut Budget::new(steps, 4 << 20));
        let told = told.map(|value| value.size()).map_err(|error| error.exhausted);
        assert!(told.is_err(), "{text}: {told:?}");
    }
}
