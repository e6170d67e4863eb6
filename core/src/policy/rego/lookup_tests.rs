//! Keys looked up one by one: the same answers as from the whole, for less.

use crate::policy::rego::{Dialect, Policy, Request, Value};

/// The value of `x`, or the error, with so many steps.
fn ask(module: &str, query: &str, steps: u64) -> String {
    let policy = Policy::load(&[("m.rego", module)], Dialect::V1).unwrap();
    let query = policy.query(query).unwrap();
    let data = r#"{"rows": {"a": {"n": 1}, "b": {"n": 2}}, "xs": [10, 20], "set": ["a", "b"]}"#;
    let request = Request {
        data: Value::from_json(data).unwrap(),
        input: Some(Value::from_json(r#"{"key": "a", "one": 1.0}"#).unwrap()),
        strict: true,
        steps,
        ..Request::default()
    };
    match policy.run(&query, &request) {
        Ok(ways) => Value::array(ways.into_iter().map(|way| way[0].1.clone())).to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_key_answers_what_the_whole_answers() {
    for (rules, key, want) in [
        ("p[k] := v.n if some k, v in data.rows", r#""a""#, "[1]"),
        ("p[k] := v.n if some k, v in data.rows", r#""c""#, "[]"),
        ("p[k] := v.n if some k, v in data.rows", "1", "[]"),
        ("p[k] := data.rows[k].n if data.rows[k]", r#""b""#, "[2]"),
        ("p[k] := v if { k := concat(\"\", [\"a\", \"b\"]); v := 3 }", r#""ab""#, "[3]"),
        ("p[input.key] := 5", r#""a""#, "[5]"),
        ("p[input.key] := 5", r#""b""#, "[]"),
        ("p[input.none] := 5", r#""b""#, "[]"),
        ("p[lower(k)] := v.n if some k, v in data.rows", r#""b""#, "[2]"),
        ("p[[k, 1]] := k if some k in data.set", r#"["a", 1]"#, r#"["a"]"#),
        ("p[k] := 1 if some k in data.set\np[k] := 1 if k := \"a\"", r#""a""#, "[1]"),
        ("p[k] := 1 if some k in data.set\np.z := 2", r#""z""#, "[2]"),
        ("p[k] := 1 if some k in data.set\np.a := 1", r#""a""#, "[1]"),
        ("p[k][v.n] := k if some k, v in data.rows", r#""b""#, r#"[{2: "b"}]"#),
        ("p[k] contains v.n if some k, v in data.rows", r#""b""#, "[{2}]"),
        ("p[k] contains n if { some k in data.set; some n in [1, 2] }", r#""b""#, "[{1, 2}]"),
        ("p contains k if some k in data.set", r#""a""#, r#"["a"]"#),
        ("p contains k if some k in data.set", r#""c""#, "[]"),
        ("p contains [k, v.n] if some k, v in data.rows", r#"["b", 2]"#, r#"[["b", 2]]"#),
        ("p contains [k, v.n] if some k, v in data.rows", r#"["b", 1]"#, "[]"),
        ("p contains upper(k) if some k in data.set", r#""A""#, r#"["A"]"#),
        ("p contains x if { some y in data.xs; x := y * 2 }", "20", "[20]"),
        ("p contains 1 if data.rows.a\np contains 2", "1", "[1]"),
        // Equal by value; but no index of an array.
        ("p[k] := 1 if k := 1", "input.one", "[1]"),
        ("p contains 1", "input.one", "[1.0]"),
        ("p[i] := x if some i, x in data.xs", "1", "[20]"),
        ("p[i] := x if some i, x in data.xs", "input.one", "[]"),
        // What is negated, quantified or collected sees the key.
        ("p[k] := 1 if { some k in data.set; not data.rows[k].n == 1 }", r#""a""#, "[]"),
        ("p[k] := 1 if { some k in data.set; not data.rows[k].n == 1 }", r#""b""#, "[1]"),
        ("p[k] := 1 if { some k in data.set; every x in data.xs { x > 5 } }", r#""b""#, "[1]"),
        ("p[k] := n if { some k in data.set; n := count([1 | data.rows[k]]) }", r#""b""#, "[1]"),
    ] {
        let module = format!("package t\n{rules}\n");
        assert_eq!(ask(&module, &format!("x = data.t.p[{key}]"), 10_000), want, "{rules}: {key}");
        let bound = format!("k = {key}; x = data.t.p[k]");
        let found = ask(
            &format!("{module}q[k] := x if {{ k := {key}; x := p[k] }}"),
            "x = data.t.q[_]",
            10_000,
        );
        assert_eq!(found, want, "{rules}: {bound}");
        // Looked up in the whole.
        let whole = format!("p := data.t.p; k := {key}; x := p[k]");
        let found =
            ask(&module, &format!("x := [y | {}][_]", whole.replace("x :=", "y :=")), 10_000);
        if key != "input.one" {
            assert_eq!(found, want, "{rules}: {whole}");
        }
    }
}

#[test]
fn only_what_contradicts_itself_under_the_key_is_a_conflict() {
    let rules = "package t\np[k] := v if { k := \"a\"; some v in [1, 2] }\np[k] := 1 if k := \"b\"\np[\"c\"] := 1\np[k] := 2 if k := \"c\"";
    let conflict = "eval_conflict_error: object keys must be unique";
    assert_eq!(ask(rules, "x = data.t.p.b", 1000), "[1]");
    assert_eq!(ask(rules, "x = data.t.p.d", 1000), "[]");
    assert!(ask(rules, "x = data.t.p.a", 1000).contains(conflict));
    assert!(ask(rules, "x = data.t.p.c", 1000).contains(conflict));
    assert!(ask(rules, "x = data.t.p", 1000).contains(conflict));
    // Nor after many keys, when the whole is tried.
    let many = "x := [y | some k in numbers.range(1, 100); y := object.get({1: data.t.p.b}, k, 0); not data.t.p[k]][0]";
    assert_eq!(ask(rules, many, 100_000), "[1]");
}

#[test]
fn a_key_costs_no_table() {
    let table: String = (0..2000).map(|at| format!("    \"k{at}\": {at},\n")).collect();
    let module = format!(
        "package t\ntable := {{\n{table}}}\np[k] := v if some k, v in table\ns contains k if some k, _ in table\n"
    );
    assert_eq!(ask(&module, "x = data.t.p.k1999", 200), "[1999]");
    assert_eq!(ask(&module, "x = data.t.s.k1999", 200), r#"["k1999"]"#);
    assert_eq!(ask(&module, "x = data.t.p.none", 200), "[]");
    // Many keys cost no more than the whole, about.
    let all = "x := count([1 | some k, _ in data.t.table; data.t.p[k]])";
    assert_eq!(ask(&module, all, 60_000), "[2000]");
    let list = "package t\np[k] := 1 if some k in numbers.range(1, 2000)\ns contains k if some k in numbers.range(1, 2000)";
    let all = "x := count([1 | some k in numbers.range(1, 2000); data.t.p[k]; data.t.s[k]])";
    assert_eq!(ask(list, all, 600_000), "[2000]");
}
