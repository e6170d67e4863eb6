//! The names that an expression can read, for both languages.

use crate::kyc::jmespath::JmesPath;
use crate::kyc::logic::{Logic, Roots};
use crate::value::Value;

fn told(roots: &Roots) -> String {
    let names = roots.names.iter().map(|name| &**name).collect::<Vec<_>>().join(" ");
    if roots.is_all { format!("{names} *").trim().to_owned() } else { names }
}

#[test]
fn what_a_rule_of_json_logic_can_read() {
    for (rule, want) in [
        (r#"{"var": "a"}"#, "a"),
        (r#"{"var": "document.event.now"}"#, "document"),
        (r#"{"==": [{"var": "risk.level"}, "event"]}"#, "risk"),
        (r#"{"var": ["a", {"var": "b"}]}"#, "a b"),
        (r#"{"var": ""}"#, "*"),
        (r#"{"var": null}"#, "*"),
        (r#"{"var": []}"#, "*"),
        (r#"{"var": {"cat": ["ev", {"var": "a"}]}}"#, "a *"),
        (r#"{"missing": ["name", "tax.id"]}"#, "name tax"),
        (r#"{"missing": "name"}"#, "name"),
        (r#"{"missing": [["name", "tax.id"]]}"#, "name tax"),
        (r#"{"missing": {"var": "wanted"}}"#, "wanted *"),
        (r#"{"missing_some": [1, ["a.b", "c"]]}"#, "a c"),
        (r#"{"some": [{"var": "owners"}, {"==": [{"var": "pep"}, true]}]}"#, "owners"),
        (
            r#"{"reduce": [{"var": "l"}, {"+": [{"var": "accumulator"}, {"var": "current.n"}]}, {"var": "first"}]}"#,
            "first l",
        ),
        (
            r#"{"in": ["x", {"merge": [{"var": "a"}, {"filter": [{"var": "b"}, {"var": ""}]}]}]}"#,
            "a b",
        ),
        ("true", ""),
    ] {
        let logic = Logic::compile(&Value::from_json(rule).unwrap()).unwrap();
        assert_eq!(told(&logic.roots()), want, "{rule}");
    }
}

#[test]
fn what_a_text_of_jmespath_can_read() {
    for (text, want) in [
        ("a", "a"),
        ("document.event", "document"),
        ("a == 'event now states'", "a"),
        ("name && tax.id", "name tax"),
        ("owners[?pep].{name: name, at: address.now} | [0]", "owners"),
        ("sort_by(owners, &share)[-1].name", "owners"),
        (r#""e\u0076ent".name"#, "event"),
        ("@", "*"),
        ("@.a", "a"),
        ("keys(@)", "*"),
        ("*.a", "*"),
        ("length(pages[*].lines[])", "pages"),
        ("[a, b.c]", "a b"),
        ("{x: a, y: !b}", "a b"),
        ("a | b", "a"),
        ("a || contains(states, 'review')", "a states"),
        ("pages[0]", "pages"),
        ("`1`", ""),
    ] {
        let path = JmesPath::compile(text).unwrap();
        assert_eq!(told(&path.roots()), want, "{text}");
    }
}
