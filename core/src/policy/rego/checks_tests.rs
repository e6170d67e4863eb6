//! What is refused when a policy is loaded, and what beside it is not.

use crate::policy::rego::{Dialect, Failure, Policy, Request, Value};

fn load(rules: &str, dialect: Dialect) -> Result<(), String> {
    let module = format!("package t\n{rules}\n");
    Policy::load(&[("m.rego", &module)], dialect).map(|_| ()).map_err(|error| error.to_string())
}

fn table(cases: &[(&str, Option<&str>)]) {
    for (rules, refused) in cases {
        match (load(rules, Dialect::V1), refused) {
            (Ok(()), None) => {}
            (Err(found), Some(want)) => assert!(found.contains(want), "{rules}: {found}"),
            (found, want) => panic!("{rules}: {found:?}, not {want:?}"),
        }
    }
}

#[test]
fn documents_are_not_shadowed() {
    table(&[
        ("input := 1", Some("rules must not shadow `input`")),
        ("data contains 1", Some("rules must not shadow `data`")),
        ("input.x := 1", Some("rules must not shadow `input`")),
        ("p if { input := 1; input == 1 }", Some("variables must not shadow `input`")),
        ("f(data) := 1", Some("args must not shadow `data`")),
        ("p.input := 1", None),
        ("inputs := input", None),
        ("f(x) := x\np := f(input)", None),
    ]);
    assert!(load("p = x { input := 1; x := input }", Dialect::V0).is_ok());
    assert!(load("import rego.v1\np := x if { input := 1; x := input }", Dialect::V0).is_err());
}

#[test]
fn what_some_declares_is_used() {
    table(&[
        ("p if { some x; true }", Some("declared var `x` unused")),
        ("p if { some x, y; data.d[x] }", Some("declared var `y` unused")),
        ("p := [1 | some x; true]", Some("declared var `x` unused")),
        ("p if { every y in [1] { some x; y } }", Some("declared var `x` unused")),
        ("p if { some x; data.d[x] }", None),
        ("p[x] := 1 if { some x; data.d[x] }", None),
        ("p := x if { some x; x = 1 }", None),
        ("p := y if { some x; y := [x | x := 1] }", None),
        ("p if { some x; input.y with input.y as data.d[x] }", None),
        ("p if { some x; startswith($\"{x}\", \"a\"); x = 1 }", None),
        ("p if { some x; every y in data.d[x] { y } }", None),
        ("p if { some x in [1]; true }", None),
        ("p if { some i, x in [1]; true }", None),
        ("p if { x := 1; true }", None),
    ]);
}

#[test]
fn what_v1_has_no_more_is_refused() {
    for call in [
        "any([true])",
        "all([true])",
        "re_match(\"a\", \"b\")",
        "net.cidr_overlap(\"10.0.0.0/8\", \"10.0.0.1\")",
        "set_diff({1}, {2})",
        "cast_array([1])",
        "cast_set([1])",
        "cast_string(\"a\")",
        "cast_boolean(true)",
        "cast_null(null)",
        "cast_object({})",
    ] {
        let rules = format!("p if {call}");
        let refused = load(&rules, Dialect::V1).unwrap_err();
        assert!(refused.contains("deprecated built-in function calls"), "{call}: {refused}");
        assert_eq!(load(&format!("p {{ {call} }}"), Dialect::V0), Ok(()), "{call}");
    }
    table(&[("any(x) := x\np := any(1)", None), ("import data.all\np := all.x", None)]);
}

#[test]
fn arguments_of_a_wrong_kind_are_refused_where_they_are_written() {
    let invalid = Some("invalid argument(s)");
    table(&[
        ("p := count(1)", invalid),
        ("p := count(true)", invalid),
        ("p := count(null)", invalid),
        ("p := 1 + \"a\"", invalid),
        ("p := \"a\" + 1", invalid),
        ("p := [1] + [2]", invalid),
        ("p := {1} - [1]", invalid),
        ("p := {1} | [1]", invalid),
        ("p := {1} & {}", invalid),
        ("p := startswith(1, \"a\")", invalid),
        ("p := startswith(\"a\", [x | x := 1])", invalid),
        ("p := lower($\"{input.x}\") - 1", None),
        ("p := abs($\"{input.x}\")", invalid),
        ("p := concat(\",\", \"a\")", invalid),
        ("p := sprintf(\"%d\", 1)", invalid),
        ("p if { not count(1) }", invalid),
        ("p if { count(1, x) }", invalid),
        ("p if { some x in [1]; y := [1 | upper(2)] }", invalid),
        ("p := sum(\"a\")", invalid),
        ("p := to_number([])", invalid),
        ("p := count(\"a\") + count([]) + count({}) + count({1}) + count({x | x := 1})", None),
        ("p := 1 + input.x", None),
        ("p := x if { x := startswith(input.x, \"a\") }", None),
        ("p := {1} - {2}", None),
        ("p := {1} | set()", None),
        ("p := to_number(null)", None),
        ("p := concat(\",\", {\"a\"})", None),
        ("count(x) := x\np := count(1)", None),
        ("p := is_string(1)", None),
        ("p := 1 == \"a\"", None),
        ("p := 1 < \"a\"", None),
    ]);
}

#[test]
fn what_cannot_be_replaced_is_refused() {
    let part = Some("cannot partially replace virtual document(s)");
    table(&[
        ("p if q with data.t.r.x as 1\nq := 1\nr := {\"x\": 2}", part),
        ("p if q with r.x as 1\nq := 1\nr := {\"x\": 2}", part),
        ("p if q with data.t.r.x.y as 1\nq := 1\nr[x] := 1 if some x in [1]", part),
        ("p if q with data.t.r[1] as 1\nq := 1\nr contains 1", part),
        ("p if q with data.t.f.x as 1\nq := 1\nf(x) := x", part),
        ("p if q with data.t.r.x.z as 1\nq := 1\nr.x := {}", part),
        ("p if q with data.t.r as 1\nq := 1\nr := {\"x\": 2}", None),
        ("p if q with data.t.r.x as 1\nq := 1\nr.x := {}", None),
        ("p if q with data.t.r as 1\nq := 1\nr.x := {}", None),
        ("p if q with data.t.r.y as 1\nq := 1\nr.x := {}", None),
        ("p if q with data.u.v.w as 1\nq := 1", None),
        ("p if q with data.t as 1\nq := 1", None),
        ("p if q with data as {}\nq := 1", None),
        ("p if q with walk as 1\nq := 1", Some("target must not be a relation")),
        ("p if q with walk as f\nq := 1\nf(x) := x", Some("target must not be a relation")),
        ("p if q with internal.member_2 as 1\nq := 1", Some("internal function")),
        ("p if q with equal as 1\nq := 1", Some("`==` cannot be replaced")),
        ("p if q with count as 1\nq := 1", None),
        ("p if q with plus as 1\nq := 1", None),
    ]);
}

/// A function that reaches outside ends the query wherever it stands, unless it is replaced there.
#[test]
fn what_reaches_outside_is_never_undefined() {
    let send = "http.send({\"method\": \"GET\", \"url\": \"x\"})";
    let rules = "package t\nmock(_) := {\"body\": 1}\ntest if q with http.send as mock\nq := «send».body\n\
        negated if not «send»\nnested if not startswith(«send».body, \"a\")\nitems := [x | x := «send»]\n\
        set := {x | x := «send»}\npairs := {1: x | x := «send»}\nevery_domain if every x in «send» { x }\n\
        every_body if every x in [1] { «send» }\nargument := count(«send»)\nfunction := f(«send»)\n\
        f(x) := x\nin_function := g(1)\ng(_) := «send»\nitem contains «send»\npair[k] := «send» if k := 1\n\
        key[«send»] := 1\notherwise := 1 if «send» else := 2\ndefault defaulted := 3\ndefaulted := 1 if «send»\n\
        template := $\"{«send»}\"\nas_value := x if { x := 1 with input as «send» }\n\
        by_other := x if { x := count([1]) with count as http.send }\nmember if 1 in «send»\n\
        declared if { some x in «send»; x }\nunified if { {\"body\": x} = «send»; x }\ncompared if «send» == 1\n\
        indexed := [1, 2][«send».body]\nliteral := [«send»]\n\
        loaded := object.get({}, \"a\", «send»)\n";
    let rules = rules.replace("«send»", send);
    let policy = Policy::load(&[("m.rego", &rules)], Dialect::V1).unwrap();
    for strict in [false, true] {
        let request = Request { strict, ..Request::default() };
        for rule in [
            "q",
            "negated",
            "nested",
            "items",
            "set",
            "pairs",
            "every_domain",
            "every_body",
            "argument",
            "function",
            "in_function",
            "item",
            "item[1]",
            "pair",
            "pair[1]",
            "key",
            "key[1]",
            "otherwise",
            "defaulted",
            "template",
            "as_value",
            "by_other",
            "member",
            "declared",
            "unified",
            "compared",
            "indexed",
            "literal",
            "loaded",
        ] {
            for query in [
                format!("data.t.{rule}"),
                format!("not data.t.{rule}"),
                format!("x := [y | y := data.t.{rule}]"),
                format!("x := [y | y := data.t[\"{rule}\"]]").replace("[1]\"]", "\"][1]"),
            ] {
                let query_code = policy.query(&query).unwrap();
                let error = policy.run(&query_code, &request).expect_err(&query);
                assert_eq!(error.kind(), Failure::Refused, "{query}: {error}");
            }
        }
        let query = policy.query("x := data.t.test; y := data.t.q with http.send as {\"body\": 2}");
        let ways = policy.run(&query.unwrap(), &request).unwrap();
        assert_eq!(ways[0][1].1, Value::int(2));
    }
    // Where nothing replaces it, no call of it is loaded.
    assert!(load(&format!("p := {send}"), Dialect::V1).is_err());
    assert!(policy.query("x := http.send({})").is_ok());
    let plain = Policy::load(&[("m.rego", "package t")], Dialect::V1).unwrap();
    assert!(plain.query("x := http.send({})").is_err());
}
