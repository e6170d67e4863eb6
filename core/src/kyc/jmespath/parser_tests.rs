use crate::kyc::jmespath::JmesPath;
use crate::kyc::logic::Budget;
use crate::value::Value;

const COMPANY: &str = r#"{
    "name": "Norrsken AB",
    "registered": "SE",
    "owners": [
        {"name": "Lindqvist", "share": 0.6, "pep": false, "papers": [{"kind": "passport", "ok": true}, {"kind": "bill", "ok": false}]},
        {"name": "Abara", "share": 0.25, "pep": true, "papers": [{"kind": "id", "ok": true}]},
        {"name": "Fund", "share": 0.15, "papers": []}
    ],
    "offices": {"head": {"city": "Umeå", "staff": {"count": 5}}, "other": {"city": "Oslo", "staff": {"count": 2}}},
    "levels": [[1, 2], [3, [4]], 5],
    "odd name": "a",
    "empty": "",
    "zero": 0
}"#;

fn asked(text: &str) -> String {
    let data = Value::from_json(COMPANY).unwrap();
    let found =
        JmesPath::compile(text).and_then(|path| path.evaluate(&data, &mut Budget::default()));
    found.map_or_else(|error| error.to_string(), |value| value.to_json())
}

#[test]
fn what_is_found() {
    let cases = [
        ("a field", "name", r#""Norrsken AB""#),
        ("a field of a field", "offices.head.city", r#""Umeå""#),
        ("what is not there", "offices.third.city", "null"),
        ("a name in quotes", r#""odd name""#, r#""a""#),
        ("an index", "owners[1].name", r#""Abara""#),
        ("an index from the end", "owners[-1].name", r#""Fund""#),
        ("an index beyond", "owners[3]", "null"),
        ("a slice", "owners[:2].name", r#"["Lindqvist","Abara"]"#),
        ("a slice backwards", "owners[::-1].share", "[0.15,0.25,0.6]"),
        ("a slice from the end", "owners[-2:].name", r#"["Abara","Fund"]"#),
        ("a list", "owners[*].share", "[0.6,0.25,0.15]"),
        ("null is left out", "owners[*].pep", "[false,true]"),
        ("lists of lists", "owners[*].papers[*].kind", r#"[["passport","bill"],["id"],[]]"#),
        ("one list of lists", "owners[].papers[].kind", r#"["passport","bill","id"]"#),
        ("one level at a time", "levels[]", "[1,2,3,[4],5]"),
        ("two levels", "levels[][]", "[1,2,3,4,5]"),
        ("values in the order of their names", "offices.*.city", r#"["Umeå","Oslo"]"#),
        ("values and all that follows", "offices.*.staff.count", "[5,2]"),
        ("values of what is no object", "owners.*", "null"),
        ("a filter", "owners[?share >= `0.25`].name", r#"["Lindqvist","Abara"]"#),
        ("a filter of several", "owners[?share > `0.2` && !pep].name", r#"["Lindqvist"]"#),
        ("a filter within", "owners[?papers[?!ok]].name", r#"["Lindqvist"]"#),
        ("a pipe ends a list", "owners[*].name | [0]", r#""Lindqvist""#),
        ("no pipe does not", "owners[*].name[0]", "[]"),
        ("parentheses end a list, too", "(owners[*].name)[0]", r#""Lindqvist""#),
        ("several in a list", "offices.head.[city, staff.count]", r#"["Umeå",5]"#),
        (
            "several by name",
            "owners[0].{who: name, much: share}",
            r#"{"much":0.6,"who":"Lindqvist"}"#,
        ),
        ("several of nothing", "nobody.{who: name}", "null"),
        ("a text", "'it\\'s'", r#""it's""#),
        ("JSON", "`{\"a\": [1, 2.50]}`", r#"{"a":[1,2.50]}"#),
        ("the value itself", "zero | @", "0"),
        ("or", "nobody || empty || name", r#""Norrsken AB""#),
        ("zero is true", "zero || name", "0"),
        ("and", "name && registered", r#""SE""#),
        ("not", "!empty", "true"),
        ("and before or", "empty && name || registered", r#""SE""#),
        ("equal", "zero == `0.0`", "true"),
        ("of other kinds", "zero == 'zero'", "false"),
        ("texts have an order", "registered < 'TR'", "true"),
        ("other kinds have none", "registered < zero", "null"),
    ];
    for (name, text, wanted) in cases {
        assert_eq!(asked(text), wanted, "{name}: {text}");
    }
}

#[test]
fn a_text_that_is_wrong_is_refused_with_its_column() {
    let cases = [
        ("", "column 1: the text ends where an expression should stand"),
        ("owners.", "column 8: the text ends where a name, `*`, `[` or `{` should stand"),
        ("owners[name]", "column 8: `name` stands where an index, a slice or `*` should"),
        ("owners[?share = `1`]", "column 15: `=` compares nothing; write `==`"),
        (
            "owners[?share >= 0.25]",
            "column 18: `0` stands where an expression should; a number is written in backticks, as `1`",
        ),
        ("owners[::0]", "column 8: the step of a slice is not zero"),
        ("owners[*]name", "column 10: `name` stands where the end or an operator should"),
        ("'Åsa' == name)", "column 14: `)` stands where the end or an operator should"),
        ("name == 'x", "column 9: what begins with ' has no end"),
        (
            "`verified`",
            "column 1: there is no JSON between the backticks; a text is written as `\"text\"` in them, or as 'text' without them",
        ),
        ("a - b", "column 3: `-` stands before digits only; there is no subtraction"),
        ("a # b", "column 3: `#` has no meaning here"),
        ("{a: b,}", "column 7: `}` stands where a name should"),
        ("\"length\"(a)", "column 1: the name of a function has no quotes"),
        ("&a", "column 1: `&` stands before an argument of a function only"),
        ("a[99999999999999999999]", "column 3: the index has too many digits"),
    ];
    for (text, wanted) in cases {
        assert_eq!(asked(text), wanted, "{text}");
    }
}

#[test]
fn a_text_has_bounds() {
    let long = "a.".repeat(20_000) + "a";
    assert_eq!(asked(&long), "null", "a path may be long");
    let many = "a || ".repeat(5_000) + "name";
    assert_eq!(asked(&many), r#""Norrsken AB""#, "alternatives may be many");
    let deep = [
        "(".repeat(5_000) + "a",
        "!".repeat(5_000) + "a",
        "[".repeat(5_000) + "a",
        "a".to_owned() + &"[*]".repeat(5_000),
        "a".to_owned() + &"[0]".repeat(5_000),
        "a".to_owned() + &" == a".repeat(5_000),
        "a".to_owned() + &" | a.*".repeat(5_000),
        "a || b && ".repeat(5_000) + "a",
        "length(".repeat(5_000) + "a",
        "a[?".repeat(5_000),
        "a.*".to_owned() + &".*".repeat(5_000),
    ];
    for text in deep {
        let told = asked(&text);
        assert!(told.contains("deeper than 100") || told == "null", "{told}: {}", &text[..20]);
    }
    let told = asked(&"a".repeat(super::TEXT + 1));
    assert!(told.ends_with("the text is longer than 65536 bytes"), "{told}");
}
