use super::*;

fn masked(masks: &str, decision: &str) -> String {
    let masks = Masks::read(&Value::from_json(masks).unwrap()).unwrap();
    masks.apply(&Value::from_json(decision).unwrap()).to_json()
}

#[test]
fn what_is_masked_goes_or_is_replaced() {
    let cases = [
        ("nothing", "[]", r#"{"input":1}"#, r#"{"input":1}"#),
        (
            "a field",
            r#"["/input/a"]"#,
            r#"{"input":{"a":1,"b":2}}"#,
            r#"{"erased":["/input/a"],"input":{"b":2}}"#,
        ),
        (
            "all of the input",
            r#"["/input"]"#,
            r#"{"input":{"a":1},"result":2}"#,
            r#"{"erased":["/input"],"result":2}"#,
        ),
        (
            "an item of a list",
            r#"["/input/0"]"#,
            r#"{"input":[1,2]}"#,
            r#"{"erased":["/input/0"],"input":[null,2]}"#,
        ),
        (
            "several items of a list",
            r#"["/input/0","/input/1"]"#,
            r#"{"input":["a","b","c"]}"#,
            r#"{"erased":["/input/0","/input/1"],"input":[null,null,"c"]}"#,
        ),
        (
            "what an error says",
            r#"["/error/message"]"#,
            r#"{"error":{"message":"x"}}"#,
            r#"{"erased":["/error/message"],"error":{}}"#,
        ),
        (
            "deep in a list",
            r#"["/input/1/x"]"#,
            r#"{"input":[1,{"x":2}]}"#,
            r#"{"erased":["/input/1/x"],"input":[1,{}]}"#,
        ),
        ("what is not there", r#"["/input/c/d"]"#, r#"{"input":{"a":1}}"#, r#"{"input":{"a":1}}"#),
        (
            "a slash in a name",
            r#"["/input/a~1b"]"#,
            r#"{"input":{"a/b":1}}"#,
            r#"{"erased":["/input/a~1b"],"input":{}}"#,
        ),
        (
            "replaced",
            r#"[{"op":"upsert","path":"/result/n","value":null}]"#,
            r#"{"result":{"n":1}}"#,
            r#"{"masked":["/result/n"],"result":{"n":null}}"#,
        ),
        (
            "replaced where it is missing, as in Open Policy Agent",
            r#"[{"op":"upsert","path":"/input/n","value":"**"}]"#,
            r#"{"input":{}}"#,
            r#"{"input":{"n":"**"},"masked":["/input/n"]}"#,
        ),
        (
            "not where the parent is missing",
            r#"[{"op":"upsert","path":"/input/a/n","value":1}]"#,
            r#"{"input":{}}"#,
            r#"{"input":{}}"#,
        ),
    ];
    for (name, masks, decision, told) in cases {
        assert_eq!(masked(masks, decision), told, "{name}");
    }
}

#[test]
fn masks_that_are_none_are_refused() {
    let cases = [
        (r#""/input""#, "masks are no list"),
        (r#"[1]"#, "is none: write a pointer"),
        (r#"["input/a"]"#, "begin with /input, /result or /error"),
        (r#"["/labels/id"]"#, "begin with /input, /result or /error"),
        (r#"[{"op":"remove"}]"#, "begin with /input, /result or /error"),
        (r#"[{"op":"upsert","path":"/input/a"}]"#, "is none"),
        (r#"[{"op":"remove","path":"/input/a","value":1}]"#, "is none"),
        (r#"[{"op":"remove","path":"/input/a","when":1}]"#, "\"when\" is no field of a mask"),
    ];
    for (masks, told) in cases {
        let error = Masks::read(&Value::from_json(masks).unwrap()).unwrap_err().to_string();
        assert!(error.contains(told), "{masks}: {error}");
    }
}
