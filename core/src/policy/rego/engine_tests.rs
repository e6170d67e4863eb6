//! What policies answer: a table of modules, queries and answers.

use super::{Dialect, Policy, Request, Value};

/// The answers as JSON, or the error.
fn ask(modules: &[&str], query: &str, input: &str, data: &str) -> String {
    let named: Vec<(String, &str)> =
        modules.iter().enumerate().map(|(at, text)| (format!("m{at}.rego"), *text)).collect();
    let named: Vec<(&str, &str)> =
        named.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let policy = match Policy::load(&named, Dialect::V1) {
        Ok(policy) => policy,
        Err(error) => return error.to_string(),
    };
    let query = match policy.query(query) {
        Ok(query) => query,
        Err(error) => return error.to_string(),
    };
    let input = if input.is_empty() { None } else { Some(Value::from_json(input).unwrap()) };
    let data = Value::from_json(if data.is_empty() { "{}" } else { data }).unwrap();
    let request = Request { input, data, strict: true, ..Request::default() };
    match policy.run(&query, &request) {
        Ok(results) => Value::array(results.into_iter().map(Value::from)).to_string(),
        Err(error) => error.to_string(),
    }
}

fn body(module: &str, want: &str) {
    let module = format!("package t\n{module}");
    let data =
        r#"{"a": [1, 2, 3], "m": {"x": {"n": 1}, "y": {"n": 2}}, "u": {"roles": ["a", "b"]}}"#;
    assert_eq!(ask(&[&module], "data.t.p = x", r#"{"n": 2, "s": "x"}"#, data), want, "{module}");
}

#[test]
fn bodies_answer() {
    for (module, want) in [
        ("p := 19.99 * 100", r#"[{"x": 1999}]"#),
        (
            "p := [- 1, -1.5, -\n2, -  1e2, 3 - - 1, 3 -1, 3 - 1]",
            r#"[{"x": [-1, -1.5, -2, -1e2, 4, 2, 2]}]"#,
        ),
        ("p := x if { [x, 1] = [2, y]; y = 1 }", r#"[{"x": 2}]"#),
        ("p := [x, i] if { x = data.a[i]; i = y; y = input.n }", r#"[{"x": [3, 2]}]"#),
        ("p := [k | data.m[k].n > 1]", r#"[{"x": ["y"]}]"#),
        ("p := {k: v.n | some k, v in data.m}", r#"[{"x": {"x": 1, "y": 2}}]"#),
        ("p if every x in data.a { x < 4 }", r#"[{"x": true}]"#),
        ("p if every x in data.a { x < 3 }", "[]"),
        ("p if not data.a[7]", r#"[{"x": true}]"#),
        ("p := count(data.a) + input.n", r#"[{"x": 5}]"#),
        ("p contains x if { some x in data.a; x != 2 }", r#"[{"x": {1, 3}}]"#),
        ("p[k] := v.n if some k, v in data.m", r#"[{"x": {"x": 1, "y": 2}}]"#),
        ("p := f(3)\nf(1) := 10\nf(x) := x * 2 if x > 1", r#"[{"x": 6}]"#),
        ("p := f([1, {\"k\": 2}])\nf([a, {\"k\": b}]) := a + b", r#"[{"x": 3}]"#),
        ("p := 1 if input.n == 1 else := 2 if input.n == 2 else := 3", r#"[{"x": 2}]"#),
        ("p := x if { x := q with input.n as 5 }\nq := input.n + 1", r#"[{"x": 6}]"#),
        ("p := x if { x := q with data.a as [9] }\nq := data.a[0]", r#"[{"x": 9}]"#),
        ("p := x if { x := q with count as 42 }\nq := count([])", r#"[{"x": 42}]"#),
        ("p := $\"n is {input.n}, {input.none}\"", r#"[{"x": "n is 2, <undefined>"}]"#),
        ("p := `raw \\n`", r#"[{"x": "raw \\n"}]"#),
        ("p if { 2 in data.a; not 7 in data.a }", r#"[{"x": true}]"#),
        ("p if 1, 2 in data.a", r#"[{"x": true}]"#),
        ("p := [x | some x in data.a; x > 1]", r#"[{"x": [2, 3]}]"#),
        ("default p := 7\np := 1 if false", r#"[{"x": 7}]"#),
        ("p := x if { some i; data.a[i] == 2; x := i }", r#"[{"x": 1}]"#),
        ("p := {1, 2} | {3}", r#"[{"x": {1, 2, 3}}]"#),
        ("p := x if { y := {\"a\": [1, {\"b\": 2}]}; x := y.a[1].b }", r#"[{"x": 2}]"#),
        ("p := x if { walk({\"a\": [7]}, [[\"a\", 0], x]) }", r#"[{"x": 7}]"#),
        ("p := data.a[\"1\"]", r#"[{"x": 2}]"#),
        (
            "p if { not data.a[\"3\"]; not data.a[\"x\"]; y := [1, 2]; not y[\"1\"] }",
            r#"[{"x": true}]"#,
        ),
        (
            "p[k] if some k in [\"a\"]\np[k] if some k in [\"b\"]",
            r#"[{"x": {"a": true, "b": true}}]"#,
        ),
        (
            "p[k] := true if k := \"a\"\np[k] := true if k := \"b\"",
            r#"[{"x": {"a": true, "b": true}}]"#,
        ),
        (
            "p[k] contains 1 if k := \"a\"\np[k] contains 1 if k := \"b\"",
            r#"[{"x": {"a": {1}, "b": {1}}}]"#,
        ),
        (
            "p := [k | some k in [\"a\", \"b\"]; q[k]]\nq[k] if k := \"a\"\nq[k] if k := \"b\"",
            r#"[{"x": ["a", "b"]}]"#,
        ),
        ("p.q.r := 1\np.q[s] := 2 if s := \"t\"", r#"[{"x": {"q": {"r": 1, "t": 2}}}]"#),
        ("p := x if { x := input.n; print(x, input.none) }", r#"[{"x": 2}]"#),
        ("p := x if { a := [1, 2]; b := a; [_, x] = b }", r#"[{"x": 2}]"#),
        ("p if { some x in data.u.roles; x == \"b\" }", r#"[{"x": true}]"#),
        ("p := [y | some x in [1, 2]; y := [z | z := x * 10]]", r#"[{"x": [[10], [20]]}]"#),
        ("p := count({x | x := data.a[_]})", r#"[{"x": 3}]"#),
        ("p := 1 / 0", "m0.rego:2: eval_builtin_error: div: divide by zero"),
        (
            "p := 1\np := 2",
            "m0.rego:3: eval_conflict_error: complete rules must not produce multiple outputs",
        ),
        (
            "p := {k: v | k := \"a\"; some v in [1, 2]}",
            "eval_conflict_error: object keys must be unique",
        ),
    ] {
        body(module, want);
    }
}

#[test]
fn replaced_documents_and_functions_answer() {
    for (module, want) in [
        ("p := x if { x := data.a with data.a.b as 5 }", r#"[{"x": {"b": 5}}]"#),
        ("p := x if { x := input with input.s.t as 1 }", r#"[{"x": {"n": 2, "s": {"t": 1}}}]"#),
        ("p := [x, y] if { x := q with input.n as 7; y := q }\nq := input.n", r#"[{"x": [7, 2]}]"#),
        ("p := x if { x := r with q as 9 }\nq := 1\nr := q", r#"[{"x": 9}]"#),
        ("p := x if { x := r with data.t.q as 9 }\nq := 1\nr := q", r#"[{"x": 9}]"#),
        ("p := x if { x := f(1) with f as g }\nf(x) := x\ng(x) := f(x) + 1", r#"[{"x": 2}]"#),
        ("p := [x | f(x) with input.n as [4, 5][_]]\nf(1) if true", "var `x` is unsafe"),
        ("p := [x | x := input.n with input.n as [4, 5][_]]", r#"[{"x": [4, 5]}]"#),
        ("p if { not q with input.n as 3; q }\nq if input.n == 2", r#"[{"x": true}]"#),
        (
            "p := [y | some x in [1, 2]; y := q with input.n as x]\nq := input.n * 10",
            r#"[{"x": [10, 20]}]"#,
        ),
        (
            "p := x if { every v in [1, 2] { q with input.n as v }; x := 1 }\nq if input.n < 3",
            r#"[{"x": 1}]"#,
        ),
        (
            "p := x if { x := q with http.send as {\"body\": 3} }\nq := http.send({\"method\": \"GET\"}).body",
            r#"[{"x": 3}]"#,
        ),
    ] {
        let module = format!("package t\n{module}");
        let data = r#"{"a": [1, 2, 3]}"#;
        let found = ask(&[&module], "data.t.p = x", r#"{"n": 2, "s": "x"}"#, data);
        assert!(found.contains(want), "{module}\n{found}");
    }
}

#[test]
fn refused_policies() {
    for (module, want) in [
        ("p if x > 1", "m0.rego:2:6: rego_unsafe_var_error: var `x` is unsafe"),
        ("p if not data.a[x]", "m0.rego:2:6: rego_unsafe_var_error: var `x` is unsafe"),
        ("p := y if { not y }", "m0.rego:2:13: rego_unsafe_var_error: var `y` is unsafe"),
        ("p if q\nq if p", "rule `data.t.p` is recursive"),
        ("f(x) := f(x)", "rule `data.t.f` is recursive"),
        ("p := data.t", "rule `data.t.p` is recursive"),
        ("p[x] := 1 if { some x in [1]; p[x] }", "rule `data.t.p` is recursive"),
        ("p if { x := 1; x := 2 }", "var `x` declared above"),
        ("p if { x = 1; x := 2 }", "var `x` referenced above"),
        ("p if nothing(1)", "rego_type_error: undefined function `nothing`"),
        ("p if count(1, 2, 3)", "count: arity mismatch: have 3 arguments, want 1"),
        ("p := http.send({})", "built-in function `http.send` reaches outside of the engine"),
        ("p := net.lookup_ip_addr(\"a\")", "built-in function `net.lookup_ip_addr` reaches"),
        ("p contains 1\np := 2", "conflicting rules `data.t.p` found"),
        ("p := 1\np.q := 2", "rule `data.t.p` conflicts with what stands below it"),
        ("default p := 1\ndefault p := 2", "multiple default rules `data.t.p` found"),
        ("default p := input.x", "illegal default rule (value cannot contain ref)"),
        ("f(x) := 1\nf(x, y) := 2", "conflicting rules `data.t.f` found"),
        ("p { true }", "rego_parse_error: expected `if`, `contains` or a value, found `{`"),
        ("p if { true", "rego_parse_error: expected `;` or a new line, found the end"),
        ("p := \"abc", "rego_parse_error: non-terminated string"),
        ("p := 01", "rego_parse_error: illegal number format"),
        // OPA reads it, and cannot write it down as JSON.
        ("p := .5", "rego_parse_error: expected a term, found `.`"),
        ("p := - .5", "rego_parse_error: expected a number, found `.`"),
        ("p := - -1", "rego_parse_error: expected a number, found `-`"),
        ("p := - input.x", "rego_parse_error: expected a number, found `input`"),
        ("import data.a as b\nimport data.c as b", "import must not shadow import `b`"),
        ("import foo.bar", "unexpected import path"),
        ("p if { every [x] in [[1]] { x == 1 } }", "`every` declares variables only"),
        ("p := x if { x := 1 with count as plus }", "has another arity"),
        ("p if { input.x with x.y as 1 }", "with keyword target must reference existing"),
    ] {
        let module = format!("package t\n{module}");
        let found = ask(&[&module], "data.t.p = x", "", "");
        assert!(found.contains(want), "{module}\n{found}");
    }
}

#[test]
fn packages_join() {
    let modules =
        ["package a.b\nq := data.c.r + 1\n", "package c\nimport data.a.b\nr := 1\ns := b.q"];
    assert_eq!(ask(&modules, "data.c.s = x", "", ""), r#"[{"x": 2}]"#);
    assert_eq!(
        ask(&modules, "data = x", "", r#"{"a": {"z": 1}}"#),
        r#"[{"x": {"a": {"b": {"q": 2}, "z": 1}, "c": {"r": 1, "s": 2}}}]"#
    );
    assert_eq!(
        ask(&modules, "data.c[k] = v", "", ""),
        r#"[{"k": "r", "v": 1}, {"k": "s", "v": 2}]"#
    );
}

#[test]
fn older_modules_are_read_where_that_is_said() {
    let module = "package t\nimport future.keywords.in\np[x] { some x in [1, 2] }\nq = 3 { p[1] }\nr { q == 3 } else = false { true }\nf(x) = y { y := x + 1 }\nif := 1\n";
    assert!(Policy::load(&[("m.rego", module)], Dialect::V1).is_err());
    let policy = Policy::load(&[("m.rego", module)], Dialect::V0).unwrap();
    let query = policy.query("data.t.p = p; data.t.q = q; data.t.r = r; data.t.f(1) = f").unwrap();
    let results = policy.run(&query, &Request::default()).unwrap();
    let found: Vec<String> =
        results[0].iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(found, ["p={1, 2}", "q=3", "r=true", "f=2"]);
}

#[test]
fn annotations_answer() {
    let module = "# METADATA\n# title: all\n# scope: subpackages\npackage a.b\n\n# METADATA\n# title: \"one\"\n# custom:\n#   level: 3\n#   tags: [x, 'y']\n#   text: |\n#     first\n#     second\n# authors:\n# - Ann Lee <ann@example.com>\n# related_resources:\n# - https://example.com\n# - ref: https://example.org\n#   description: more\np := rego.metadata.chain()\n\nq := rego.metadata.rule()\n";
    let want = r#"[{"x": [{"annotations": {"authors": [{"email": "ann@example.com", "name": "Ann Lee"}], "custom": {"level": 3, "tags": ["x", "y"], "text": "first\nsecond\n"}, "related_resources": [{"ref": "https://example.com"}, {"description": "more", "ref": "https://example.org"}], "scope": "rule", "title": "one"}, "path": ["a", "b", "p"]}, {"annotations": {"scope": "subpackages", "title": "all"}, "path": ["a", "b"]}]}]"#;
    assert_eq!(ask(&[module], "data.a.b.p = x", "", ""), want);
    assert_eq!(ask(&[module], "data.a.b.q = x", "", ""), r#"[{"x": {}}]"#);
}

#[test]
fn an_index_changes_no_answer() {
    let rules: String = (0..20)
        .map(|at| format!("p contains {at} if {{ input.k == \"{}\"; input.n > {at} }}\n", at % 3))
        .collect();
    let module = format!("package t\n{rules}p contains 99 if input.n > 0\nq := 5\n");
    let want = r#"[{"x": {1, 4, 7, 99}}]"#;
    assert_eq!(ask(&[&module], "data.t.p = x", r#"{"k": "1", "n": 9}"#, ""), want);
    assert_eq!(ask(&[&module], "data.t.p = x", r#"{"n": 9}"#, ""), r#"[{"x": {99}}]"#);
    let function = "package t\nf(\"a\") := 1\nf(\"b\") := 2\nf(x) := 3 if x == \"c\"\nf(x) := 4 if count(x) > 1\np := [f(x) | some x in [\"a\", \"b\", \"c\", \"dd\", \"e\"]]";
    assert_eq!(ask(&[function], "data.t.p = x", "", ""), r#"[{"x": [1, 2, 3, 4]}]"#);
}

/// A key that is not known leads to what is behind it, and to nothing else: a package can ask its siblings, and itself, for other names.
#[test]
fn only_what_is_asked_for_is_needed() {
    let router =
        ["package app.main\nresult if data.app[input.svc].allow", "package app.a\nallow if true"];
    assert_eq!(ask(&router, "x = data.app.main.result", r#"{"svc": "a"}"#, ""), r#"[{"x": true}]"#);
    let own = ["package p\na := [k | some k; data[k].z]\nz := 1"];
    assert_eq!(ask(&own, "x = data.p.a", "", ""), r#"[{"x": ["p"]}]"#);
    let itself = ["package app.main\nresult if data.app[input.svc].result"];
    assert!(
        ask(&itself, "x = data.app.main.result", r#"{"svc": "a"}"#, "")
            .contains("rego_recursion_error")
    );
    let whole = ["package app.main\nresult if data.app[input.svc]"];
    assert!(
        ask(&whole, "x = data.app.main.result", r#"{"svc": "a"}"#, "")
            .contains("rego_recursion_error")
    );
}
