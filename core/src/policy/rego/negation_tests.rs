//! What a negated literal means by the place of what is undefined in it.

use crate::policy::rego::{Dialect, Policy, Request, Value};

const INPUT: &str = r#"{"n": 1, "s": "abc", "xs": [1, 2], "o": {"k": 1}, "no": false, "key": "k"}"#;

/// The ways in which the query holds, by their number, or why it is refused.
fn ways(module: &str, query: &str) -> Result<usize, String> {
    let policy = Policy::load(&[("m.rego", module)], Dialect::V1).map_err(|e| e.to_string())?;
    let query = policy.query(query).map_err(|e| e.to_string())?;
    let input = Some(Value::from_json(INPUT).unwrap());
    let data = Value::from_json(r#"{"d": {"k": 1, "l": 2}}"#).unwrap();
    let request = Request { input, data, ..Request::default() };
    policy.run(&query, &request).map(|ways| ways.len()).map_err(|e| e.to_string())
}

const RULES: &str = "f(x) if x == 1\ng(x) := x if x != 7\nh(_) := true\nu if false\nt := 1\n";

fn table(cases: &[(&str, bool)]) {
    for (literal, holds) in cases {
        let module = format!("package t\n{RULES}p if {{ {literal} }}");
        assert_eq!(ways(&module, "data.t.p"), Ok(usize::from(*holds)), "{literal}");
    }
}

#[test]
fn what_is_nested_stands_before_it() {
    table(&[
        // The negated term itself.
        ("not input.missing", true),
        ("not input.missing.deeper", true),
        ("not input.n", false),
        ("not input.no", true),
        ("not u", true),
        ("not data.t.u", true),
        ("not f(2)", true),
        ("not f(1)", false),
        // Arguments.
        ("not f(input.missing)", false),
        ("not f(input.n)", false),
        ("not f(input.s)", true),
        ("not h(input.missing)", false),
        ("not h(u)", false),
        ("not f([input.missing])", false),
        ("not f({\"a\": input.missing})", false),
        ("not f({input.missing})", false),
        ("not f({\"a\": [input.n]})", true),
        ("not f([x | x := input.missing])", true),
        ("not f(data.d.missing)", false),
        ("not startswith(input.missing, \"a\")", false),
        ("not startswith(input.s, \"b\")", true),
        // Calls within calls.
        ("not f(g(7))", false),
        ("not f(g(2))", true),
        ("not f(g(input.missing))", false),
        ("not count(input.missing)", false),
        // Comparisons are calls, equality is none.
        ("not input.missing == 1", true),
        ("not 1 == input.missing", true),
        ("not input.missing = 1", true),
        ("not input.n == 1", false),
        ("not input.n == 2", true),
        ("not input.missing == input.none", true),
        ("not input.missing != 1", false),
        ("not input.missing > 1", false),
        ("not input.n > 1", true),
        ("not g(7) == 1", false),
        ("not g(2) == 1", true),
        ("not count(input.missing) == 0", false),
        ("not count(input.xs) == 0", true),
        ("not [input.missing] == [1]", false),
        ("not [input.n] == [1]", false),
        ("not [input.n, 2] = [1, 3]", true),
        ("not {\"a\": input.missing} == {\"a\": 1}", false),
        ("not input.missing + 1 == 2", false),
        ("not input.n + 1 == 3", true),
        ("not 1 in input.missing", false),
        ("not 1 in input.xs", false),
        ("not 3 in input.xs", true),
        ("not input.missing in input.xs", false),
        ("not 0, 2 in input.missing", false),
        // Keys.
        ("not input.o[input.missing]", false),
        ("not input.o[input.key]", false),
        ("not input.o[input.s]", true),
        ("not input.o[g(7)]", false),
        ("not data.d[input.key]", false),
        ("not data.d[input.missing]", false),
        ("not data.d[input.s]", true),
        ("not input.o[input.missing] == 1", false),
        ("not input.o[input.s] == 1", true),
        // What is made on the spot.
        ("not [input.missing]", false),
        ("not {input.missing}", false),
        ("not [1, 2][input.n]", false),
        ("not [1, 2][input.missing]", false),
        ("not g(7)[0]", false),
        ("not g([1])[3]", true),
        ("not [x | x := input.missing][0]", true),
        ("not {x | x := input.xs[_]}[3]", true),
        ("not $\"{input.missing}\" == \"\"", true),
        // A call with its answer.
        ("not g(7, 1)", true),
        ("not g(1, 1)", false),
        ("not g(1, input.missing)", false),
        ("not g(input.missing, 1)", false),
        ("not count(input.xs, 3)", true),
        // Bodies within are their own.
        ("x := [1 | not f(input.missing)]; count(x) == 0", true),
        ("x := [1 | not f(input.s)]; count(x) == 1", true),
        ("not count([1 | not input.missing]) == 0", true),
        ("every y in [1] { not f(input.missing) }", false),
        ("every y in [2] { not f(y) }", true),
        ("not print(input.missing)", true),
    ]);
}

#[test]
fn what_is_replaced_is_replaced_before_it_too() {
    table(&[
        ("not f(input.missing) with input.missing as 2", true),
        ("not f(input.missing) with input.missing as 1", false),
        ("not f(input.missing) with input.n as 2", false),
        ("not f(g(input.missing)) with input.missing as 2", true),
        ("not f(g(input.missing)) with input.missing as 7", false),
        ("not f(input.n) with input as {}", false),
        ("not input.n with input as {}", true),
        ("not input.n == 1 with input.n as 2", true),
        ("not f(t) with t as 2", true),
        ("not h(u) with u as 1", false),
        ("not f(2) with f as h", false),
        ("not f(g(1)) with g as 2", true),
        ("not input.n with input.n as input.missing", false),
        ("not f(input.n) with input.n as g(7)", false),
    ]);
}

#[test]
fn variables_are_bound_outside() {
    table(&[
        ("some k in [\"l\"]; not data.d[k] == 1", true),
        ("some k in [\"l\", \"k\"]; not f(data.d[k])", true),
        ("some k in [\"k\"]; not f(data.d[k])", false),
        ("some k in [\"z\"]; not f(data.d[k])", false),
        ("some k in [\"z\"]; not data.d[k]", true),
        ("x := input.xs; not f(x[1])", true),
        ("some k; data.d[k] == 2; not data.d[k] == data.d.k", true),
        ("some k; data.d[k] == 1; not data.d[k] == data.d[k]", false),
        // A nested call may bind a variable: the rest holds for each.
        ("not f(g(data.d[_]))", true),
        ("not f(g(data.d[k])); k == \"k\"", false),
        ("not f(g(data.d[k])); k == \"l\"", true),
    ]);
    for (literal, want) in [
        ("not f(data.d[k])", "var `k` is unsafe"),
        ("not f(data.d[_])", "var `_` is unsafe"),
        ("not data.d[_] == 1", "var `_` is unsafe"),
        ("not x = 1", "var `x` is unsafe"),
        ("not g(1, x)", "var `x` is unsafe"),
        ("not x := 1", "cannot assign vars inside negated expression"),
    ] {
        let module = format!("package t\n{RULES}p if {{ {literal} }}");
        let refused = ways(&module, "data.t.p").unwrap_err();
        assert!(refused.contains(want), "{literal}: {refused}");
    }
}

#[test]
fn equality_is_a_call_in_queries() {
    for (query, found) in [
        ("not input.missing == 1", 0),
        ("not input.n == 2", 1),
        ("not input.missing = 1", 1),
        ("not input.missing", 1),
        ("x := [1 | not input.missing == 1]; count(x) == 1", 0),
    ] {
        assert_eq!(ways("package t", query), Ok(found), "{query}");
    }
}

#[test]
fn the_import_puts_all_within_it() {
    for (imports, literal, want) in [
        ("future.keywords.not", "not f(input.missing)", Ok(1)),
        ("future.keywords.not", "not f(input.n)", Ok(0)),
        ("future.keywords.not", "not f(g(7))", Ok(1)),
        ("future.keywords.not", "not input.missing + 1 == 2", Ok(1)),
        ("future.keywords.not", "not input.n + 1 == 2", Ok(0)),
        ("future.keywords.not", "not 1 in input.missing", Ok(1)),
        ("future.keywords.not", "not 1 in input.xs", Ok(0)),
        ("future.keywords.not", "some k in [\"z\"]; not f(data.d[k])", Ok(1)),
        ("future.keywords.not", "some k in [\"k\"]; not data.d[k] == data.d[k]", Ok(0)),
        ("future.keywords.not", "not f(input.missing) with input.missing as 1", Ok(0)),
        ("future.keywords.not", "not { input.n == 1 }", Err("a body after `not`")),
        ("future.keywords.not", "not {1, 2}[3]", Err("a body after `not`")),
        ("future.keywords.not", "not {x | x := 1} == {1}", Err("a body after `not`")),
        ("future.keywords.not", "not data.d[_] == 1", Err("var `_` is unsafe")),
        ("future.keywords.not", "not x := 1", Err("cannot assign vars")),
        // The bare import means the one or the other: what both answer alike is answered.
        ("future.keywords", "not input.missing", Ok(1)),
        ("future.keywords", "not input.missing == 1", Ok(1)),
        ("future.keywords", "not f(1)", Ok(0)),
        ("future.keywords", "not f(input.missing)", Err("depends on OPA's release")),
        ("future.keywords", "not f(g(1))", Err("depends on OPA's release")),
        ("future.keywords", "not input.o[input.key]", Err("depends on OPA's release")),
        ("future.keywords.in", "not f(input.missing)", Ok(0)),
        ("rego.v1", "not f(input.missing)", Ok(0)),
    ] {
        let module = format!("package t\nimport {imports}\n{RULES}p if {{ {literal} }}");
        let found = ways(&module, "data.t.p");
        match (&found, want) {
            (Ok(found), Ok(want)) => assert_eq!(*found, want, "{imports}: {literal}"),
            (Err(found), Err(want)) => assert!(found.contains(want), "{literal}: {found}"),
            _ => panic!("{imports}: {literal}: {found:?}, not {want:?}"),
        }
    }
}
