//! Hostile policies and inputs: an error each, never an overflow or a panic.

use super::{DEPTH, Dialect, EvalError, Policy, Request, Value};

fn answer(source: &str, query: &str, request: &Request) -> Result<usize, String> {
    let policy = Policy::load(&[("hostile.rego", source)], Dialect::V1);
    let policy = policy.map_err(|error| error.to_string())?;
    let query = policy.query(query).map_err(|error| error.to_string())?;
    policy.run(&query, request).map(|results| results.len()).map_err(|error| error.to_string())
}

#[test]
fn deep_chains_of_rules_end_in_an_error() {
    for rule in [
        "p«at» := [p«next»]",
        "p«at» := [x | x := p«next»]",
        "p«at» := x if { some y in [p«next»]; some x in [y] }",
        "p«at» if { every x in [1] { p«next» } }",
        "p«at» if { not not_p«at» }\nnot_p«at» if { not p«next» }",
        "p«at» := x if { x := p«next» with input as 1 }",
        "p«at» := x if { some x in [p«next»] with input as 1 }",
        "p«at»[x] := y if { some x in [1]; y := p«next»[x] }",
        "p«at» contains x if { some x in [1]; p«next»[x] }",
        "p«at» := $\"{p«next»}\"",
        "p«at» := object.get({\"a\": {\"b\": [p«next»]}}, [\"a\", \"b\"], 1)",
        "p«at» := f«at»(1)\nf«at»(x) := [x, p«next»]",
        "p«at» := {\"a\": {\"a\": {\"a\": [[{x: x | x := p«next»}]]}}}",
    ] {
        let mut source = "package p\n".to_owned();
        for at in 0..1000 {
            let text =
                rule.replace("«at»", &at.to_string()).replace("«next»", &(at + 1).to_string());
            source.push_str(&text);
            source.push('\n');
        }
        source.push_str("p1000 := 1\n");
        let error = answer(&source, "data.p.p0 = x", &Request::default());
        let error = error.expect_err(rule);
        assert!(error.contains("nests deeper"), "{rule}: {error}");
    }
}

#[test]
fn deep_terms_are_refused() {
    for (open, close) in [
        ("[", "]"),
        ("{", "}"),
        ("(", ")"),
        ("{1: ", "}"),
        ("[1 | ", "]"),
        ("[x | x = ", "]"),
        ("f(", ")"),
        ("data[", "]"),
        ("[a | b, ", "]"),
        ("{a: b | ", "}"),
        ("{{a | b}: ", "}"),
    ] {
        for depth in [40, 62, 1000, 50_000] {
            let term = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let source = format!("package p\nf(x) := x\np := {term}");
            _ = answer(&source, "data.p.p = x", &Request::default());
            _ = answer(
                &format!("package p\np if {{ {term} }}"),
                "data.p.p = x",
                &Request::default(),
            );
            let unclosed = format!("package p\np := {}", open.repeat(depth));
            assert!(answer(&unclosed, "data.p.p = x", &Request::default()).is_err());
        }
    }
    let templates = format!("package p\np := {}1", "$\"{".repeat(5000));
    assert!(answer(&templates, "data.p.p = x", &Request::default()).is_err());
    let branches = format!("package p\np := 1 if input{}", " else := 2 if input".repeat(20_000));
    _ = answer(&branches, "data.p.p = x", &Request::default());
}

/// A term that is put where terms stand, loaded and asked for.
fn answers(term: &str) -> Vec<Result<usize, String>> {
    let bodies = ["p := «»", "p if { x := «»; x }", "p := [y | y := «»]", "p if not «»"];
    let sources = bodies.map(|body| format!("package p\n{}", body.replace("«»", term)));
    sources.iter().map(|source| answer(source, "data.p.p = x", &Request::default())).collect()
}

#[test]
fn operators_in_a_row_are_bounded() {
    for (operator, operand) in [
        ("+", "1"),
        ("-", "- 1"),
        ("*", "2"),
        ("|", "{1}"),
        ("&", "{1}"),
        ("<", "1"),
        ("in", "[true]"),
    ] {
        let row =
            |count: usize| format!("{operand}{}", format!(" {operator} {operand}").repeat(count));
        let told = answers(&row(190));
        assert!(told.iter().all(Result::is_ok), "{operator}: {told:?}");
        for count in [250, 20_000] {
            let told = answers(&row(count));
            let deep = |told: &Result<usize, String>| {
                told.as_ref().is_err_and(|error| error.contains("nests too deep"))
            };
            assert!(told.iter().all(deep), "{operator}: {told:?}");
        }
    }
}

#[test]
fn operators_in_brackets_are_bounded() {
    for (open, close) in [
        ("(", ")"),
        ("count([", "])"),
        ("count([x | x := ", "])"),
        ("count({x: 1 | x := ", "})"),
        ("count([1 | every x in [1] { x < ", "}])"),
        ("to_number($\"{", "}\")"),
    ] {
        for (depth, count) in [(2, 50), (5, 30), (10, 15), (10, 50), (29, 2), (29, 50), (60, 60)] {
            let row = " + 1".repeat(count);
            let term = format!("{}1{}", open.repeat(depth), format!("{row}{close}").repeat(depth));
            // An overflow of the stack would end the test.
            _ = answers(&term);
        }
        // Each bracket has as many operators as may stand there.
        let term = (1..60).rev().fold("1".to_owned(), |term, depth: usize| {
            format!("{open}{term}{}{close}", " + 1".repeat(60 - depth))
        });
        assert!(answers(&term).iter().all(Result::is_err), "{open}");
    }
}

#[test]
fn deep_inputs_are_bounded() {
    let depth = usize::try_from(DEPTH).unwrap();
    let json = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Value::from_json(&json(depth + 1)).is_err());
    let deep = Value::from_json(&json(depth - 1)).unwrap();
    let request = Request { input: Some(deep), ..Request::default() };
    for (query, ok) in [
        ("input == input; input < [input]", true),
        ("x = json.unmarshal(json.marshal(input)); x == input", true),
        ("walk(input, [p, 1])", true),
        ("x = [input]", true),
        ("x = [[input]]", false),
        ("x = sprintf(\"%v\", [input])", true),
    ] {
        let found = answer("package p", query, &request);
        assert_eq!(found.is_ok(), ok, "{query}: {found:?}");
    }
}

#[test]
fn steps_and_memory_are_bounded() {
    let request = Request { steps: 1_000_000, bytes: 1 << 24, ..Request::default() };
    for query in [
        "xs := numbers.range(1, 3000); count([1 | xs[i]; xs[j]; i < j]) == 0",
        "xs := [x | some x in numbers.range(1, 100000); some y in numbers.range(1, 100000)]",
        "x := concat(\",\", [s | some i in numbers.range(1, 300000); s := \"aaaaaaaaaaaaaaaaaaaaaa\"])",
        "x := numbers.range(1, 1000000000)",
        "x := bits.lsh(1, 100000000)",
    ] {
        let policy = Policy::load(&[], Dialect::V1).unwrap();
        let query_code = policy.query(query).unwrap();
        let error = policy.run(&query_code, &Request { strict: true, ..request.clone() });
        let error: Result<(), EvalError> =
            error.map(|results| assert!(results.is_empty(), "{query}"));
        println!("{query}: {error:?}");
    }
}
