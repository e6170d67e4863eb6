use crate::kyc::logic::{Budget, Dialect, Logic};
use crate::value::Value;

fn value(json: &str) -> Value {
    Value::from_json(json).unwrap()
}

fn asked(rule: &str) -> (String, bool) {
    let data = value(
        r#"{"age": "21", "name": "Åsa", "tags": ["a", 1], "none": null, "zero": 0, "box": {"w": 1}}"#,
    );
    let logic = Logic::compile_as(&value(rule), Dialect::JavaScript).unwrap();
    let answer = logic.evaluate(&data, &mut Budget::default()).unwrap();
    (answer.to_json(), logic.holds(&data, &mut Budget::default()).unwrap())
}

#[test]
fn kinds_are_converted_as_in_javascript() {
    let cases = [
        ("a text is its number", r#"{"==": [1, "1"]}"#, "true"),
        ("but not strictly", r#"{"===": [1, "1"]}"#, "false"),
        ("an empty text is zero", r#"{"==": [0, ""]}"#, "true"),
        ("null is not zero", r#"{"==": [null, 0]}"#, "false"),
        ("but is not less than zero either", r#"{">=": [null, 0]}"#, "true"),
        ("null is what is missing", r#"{"==": [{"var": "none"}, {"var": "absent"}]}"#, "true"),
        ("true is one", r#"{"==": [true, "1"]}"#, "true"),
        ("a list of one is that one", r#"{"==": [["7"], 7]}"#, "true"),
        ("a list is its text", r#"{"==": [[1, [2, null]], "1,2,"]}"#, "true"),
        ("an object is a text of no use", r#"{"==": [{"var": "box"}, "[object Object]"]}"#, "true"),
        ("no list is another", r#"{"==": [[1], [1]]}"#, "false"),
        ("hexadecimal", r#"{"==": ["0x1F", 31]}"#, "true"),
        ("with white space", r#"{"==": ["\t 12.50\n", 12.5]}"#, "true"),
        ("no number is not equal", r#"{"==": ["twelve", 12]}"#, "false"),
        ("nor less", r#"{"<": ["twelve", 13]}"#, "false"),
        ("nor greater", r#"{">": ["twelve", 11]}"#, "false"),
        ("two texts by their letters", r#"{"<": ["10", "9"]}"#, "true"),
        ("a text and a number as numbers", r#"{"<": ["10", 9]}"#, "false"),
        ("units of UTF-16, not code points", r#"{"<": ["\ud83d\ude00", "\uffee"]}"#, "true"),
        ("between", r#"{"<": [18, {"var": "age"}, 65]}"#, "true"),
        ("a sum of what begins with numbers", r#"{"+": ["3 days", "4.5e1x", 2]}"#, "50"),
        ("a number of a text", r#"{"+": "3.14"}"#, "3.14"),
        ("a sum with no number", r#"{"+": [1, null]}"#, "null"),
        ("a product of one is it", r#"{"*": ["x"]}"#, r#""x""#),
        ("a difference of texts", r#"{"-": ["5", true]}"#, "4"),
        ("the other sign of a text", r#"{"-": "5"}"#, "-5"),
        ("a remainder with a fraction", r#"{"%": [5.5, 2]}"#, "1.5"),
        ("exact, unlike doubles", r#"{"===": [{"+": [0.1, 0.2]}, 0.3]}"#, "true"),
        ("beyond 2^53", r#"{"+": [9007199254740993, 0]}"#, "9007199254740993"),
        ("the greatest of texts", r#"{"max": ["10", 9, true]}"#, "10"),
        ("the greatest with no number", r#"{"max": ["ten", 9]}"#, "null"),
        ("one text", r#"{"cat": ["a", null, true, 1.50, [1, 2], 1e21]}"#, r#""atrue1.51,21e+21""#),
        ("a part of a number", r#"{"substr": [12345, 1, -1]}"#, r#""234""#),
        ("a text in a text", r#"{"in": [2, {"var": "age"}]}"#, "true"),
        ("nothing in an empty text", r#"{"in": ["", ""]}"#, "false"),
        ("a value in a list, strictly", r#"{"in": ["1", {"var": "tags"}]}"#, "false"),
        ("nothing in nothing", r#"{"in": [1, {"var": "absent"}]}"#, "false"),
        ("how long a list is", r#"{"var": "tags.length"}"#, "2"),
        ("how long a text is", r#"{"var": "name.length"}"#, "3"),
        ("a letter of a text", r#"{"var": "name.0"}"#, r#""Å""#),
        ("what is mapped is no list", r#"{"map": [{"var": "name"}, 1]}"#, "[]"),
        ("all of what is no list", r#"{"all": [{"var": "absent"}, true]}"#, "false"),
        ("none of what is no list", r#"{"none": [{"var": "absent"}, true]}"#, "true"),
        ("the first that is true", r#"{"or": [0, "", [], "0", true]}"#, r#""0""#),
        ("the first that is not", r#"{"and": ["0", [], true]}"#, "[]"),
        ("an object that is no rule", r#"{"if": [{"a": 1, "b": 2}, "yes", "no"]}"#, r#""yes""#),
        ("an argument that is not there", r#"{"==": [null]}"#, "true"),
        ("and strictly", r#"{"===": [null]}"#, "false"),
    ];
    for (name, rule, wanted) in cases {
        assert_eq!(asked(rule).0, wanted, "{name}: {rule}");
    }
}

#[test]
fn what_json_cannot_hold_is_still_true_or_not() {
    let cases = [
        ("infinite is true", r#"{"/": [1, 0]}"#, true),
        ("less than nothing, and infinite", r#"{"<": [{"/": [-1, 0]}, 0]}"#, true),
        ("the least of none", r#"{">": [{"min": []}, 1e300]}"#, true),
        ("no number is not true", r#"{"/": [0, 0]}"#, false),
        ("no number is not itself", r#"{"==": [{"+": "x"}, {"+": "x"}]}"#, false),
        ("far too many digits", r#"{"==": [{"+": "1e99999"}, {"/": [1, 0]}]}"#, true),
        ("far too small", r#"{"==": ["1e-99999", 0]}"#, true),
        ("infinite less infinite", r#"{"-": ["Infinity", "Infinity"]}"#, false),
        ("what is left of infinite parts", r#"{"%": [5, "Infinity"]}"#, true),
    ];
    for (name, rule, wanted) in cases {
        assert_eq!(asked(rule).1, wanted, "{name}: {rule}");
    }
}
