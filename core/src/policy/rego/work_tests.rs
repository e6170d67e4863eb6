//! What shares its parts: equal to what does not, and no way to work for nothing.

use std::cmp::Ordering;

use super::{Fuel, sort};
use crate::policy::rego::{Dialect, Policy, Request, Value};

/// Rules `a0` to `a60` and `b0` to `b60`: each twice the one before; `c` is as `b`, but for its last leaf.
fn doubling() -> String {
    let mut rules = "package t\na0 := [1, 1]\nb0 := [1, 1]\nc0 := [1, 2]\n".to_owned();
    for at in 1..=60 {
        let before = at - 1;
        for name in ["a", "b"] {
            rules.push_str(&format!("{name}{at} := [{name}{before}, {name}{before}]\n"));
        }
        rules.push_str(&format!("c{at} := [b{before}, c{before}]\n"));
    }
    rules
}

fn run(policy: &Policy, query: &str, request: &Request) -> Result<String, String> {
    let query = policy.query(query).map_err(|error| error.to_string())?;
    let ways = policy.run(&query, request).map_err(|error| error.to_string())?;
    Ok(ways.first().and_then(|way| way.first()).map_or("none".to_owned(), |x| x.1.to_string()))
}

#[test]
fn sizes_are_those_of_texts_about() {
    for (json, size) in [
        ("[]", 2),
        ("[1, 2]", 20),
        (r#""abc""#, 5),
        (r#"{"a": "b"}"#, 10),
        ("[[[]]]", 8),
        ("1e1000", 1002),
    ] {
        assert_eq!(Value::from_json(json).unwrap().size(), size, "{json}");
    }
    let mut value = Value::array([Value::int(1)]);
    for _ in 0..100 {
        value = Value::array([value.clone(), value]);
    }
    assert_eq!(value.size(), u64::MAX);
    // Texts of other lengths are equal all the same.
    let long = Value::array([Value::from_json("1.000").unwrap()]);
    let short = Value::array([Value::int(1)]);
    assert_eq!(long, short);
    assert_eq!(long.cmp(&short), Ordering::Equal);
    assert_eq!(Value::set([long, short]).len(), 1);
}

#[test]
fn counted_comparisons_are_the_order_of_values() {
    let values = [
        "null",
        "true",
        "1",
        "1.0",
        "2.5",
        "\"a\"",
        "\"b\"",
        "[]",
        "[1]",
        "[1, 2]",
        "[2]",
        "[[1]]",
        "{}",
        r#"{"a": 1}"#,
        r#"{"a": 2}"#,
        r#"{"a": 1, "b": 1}"#,
        r#"{"b": 0}"#,
    ];
    let mut values: Vec<Value> = values.iter().map(|v| Value::from_json(v).unwrap()).collect();
    values.push(Value::set([]));
    values.push(Value::set([Value::int(1), Value::from("a")]));
    for a in &values {
        for b in &values {
            assert_eq!(Fuel::new(1000).compare(a, b).unwrap(), a.cmp(b), "{a} {b}");
        }
    }
    let mut fuel = Fuel::new(100_000);
    let mut reversed = values.clone();
    reversed.reverse();
    let sorted = sort(reversed.clone(), &mut |a, b| fuel.compare(a, b)).unwrap();
    reversed.sort();
    assert_eq!(sorted, reversed);
    assert!(Fuel::new(3).compare(&values[9], &values[9].clone()).is_ok());
    let other = Value::from_json("[1, 2, 3, 4]").unwrap();
    assert!(Fuel::new(3).compare(&other, &Value::from_json("[1, 2, 3, 4]").unwrap()).is_err());
}

#[test]
fn what_is_doubled_sixty_times_is_no_work_for_nothing() {
    let rules = doubling()
        + "s contains a60\ns contains b60\np[a60] := 1\np[b60] := 1\nf(x) := x\nk[x] := 1 if x := b60\n"
        + "m contains x if x := b60\nd := a60\nd := b60\n";
    let policy = Policy::load(&[("m.rego", &rules)], Dialect::V1).unwrap();
    let request = Request { steps: 100_000, ..Request::default() };
    for query in [
        "data.t.a60 == data.t.b60",
        "data.t.a60 != data.t.b60",
        "data.t.a60 = data.t.b60",
        "[data.t.a60] = [data.t.b60]",
        "x := {data.t.a60, data.t.b60}; count(x) == 1",
        "x := {data.t.a60: 1, data.t.b60: 2}; count(x) == 1",
        "x := {v | some v in [data.t.a60, data.t.b60]}; count(x) == 1",
        "x := {v: 1 | some v in [data.t.a60, data.t.b60]}; count(x) == 1",
        "x := [1 | {data.t.a60: 1}[data.t.b60]]",
        "x := [1 | some v in [data.t.b60]; v == data.t.a60]",
        "data.t.a60 in [data.t.b60]",
        "data.t.a60 in {data.t.b60}",
        "data.t.a60 in {1: data.t.b60}",
        "not data.t.a60 == data.t.b60",
        "every v in [data.t.a60] { v == data.t.b60 }",
        "count(data.t.s) == 1",
        "count(data.t.p) == 1",
        "data.t.k[data.t.a60]",
        "data.t.m[data.t.a60]",
        "x := json.marshal(data.t.a60)",
        "x := count(json.marshal(data.t.a60))",
        "x := count(sprintf(\"%v\", [data.t.a60]))",
        "x := count($\"{data.t.a60}\")",
        "x := count(yaml.marshal(data.t.a60))",
        "x := count(sort([data.t.a60, data.t.b60]))",
        "x := count({data.t.a60} | {data.t.b60})",
        "x := count({data.t.a60} & {data.t.b60})",
        "x := object.get({data.t.a59: 1}, data.t.b60, 0)",
        "x := count(object.union({data.t.a60: 1}, {data.t.b60: 2}))",
        "x := count([p | walk(data.t.a60, [p, _])])",
        "x := graph.reachable({\"a\": data.t.a60}, [data.t.a60])",
        "x := data.t.a60",
        "x = data.t",
        "x := data.t.d",
        "x := count(data.t.a60) with input as data.t.a60",
    ] {
        for strict in [false, true] {
            let found = run(&policy, query, &Request { strict, ..request.clone() });
            let cheap = query.ends_with("with input as data.t.a60");
            let ended = found.as_ref().is_err_and(|e| e.contains("than a query may"));
            assert!(ended || cheap && found.is_ok(), "{query}: {found:?}");
        }
    }
    for (query, want) in [
        ("x := count(data.t.a60)", "2"),
        ("x := data.t.a60[0][1][0] == data.t.a57", "true"),
        ("x := data.t.a60 == data.t.a60", "true"),
        ("x := count(array.concat(data.t.a60, data.t.b60))", "4"),
        ("x := is_array(data.t.a60)", "true"),
        ("x := count([data.t.a60, data.t.b60])", "2"),
        ("x := data.t.a60 == 1", "false"),
        ("x := data.t.b60 < data.t.c60", "true"),
        ("x := data.t.a10 == data.t.b10", "true"),
        ("x := count({data.t.a10, data.t.b10, data.t.c10})", "2"),
        ("x := count({data.t.c10: 1, data.t.b10: 1, data.t.a10: 2})", "2"),
    ] {
        assert_eq!(run(&policy, query, &request), Ok(want.to_owned()), "{query}");
    }
}

#[test]
fn work_beside_the_rules_is_charged() {
    let pairs: String = (0..20_000).map(|at| format!(",\"k{at}\": {at}")).collect();
    let data = Value::from_json(&format!(r#"{{"big": {{"z": 1{pairs}}}}}"#)).unwrap();
    let policy =
        "package t\nq[k] := 1 if some k, _ in data.big\nw := data.t.v\npackage_of if data.t.u\n";
    let modules = [("m.rego", policy), ("n.rego", "package big.rules\nr := 1\n")];
    let policy = Policy::load(&modules, Dialect::V1).unwrap();
    let request =
        Request { data, steps: 400_000, bytes: 64 << 20, strict: true, ..Request::default() };
    for query in [
        "n := [1 | some i in numbers.range(1, 10000); data.big.z with data.big.z as i]",
        "n := [1 | some i in numbers.range(1, 10000); count(data.big) > i]",
        "n := [1 | some i in numbers.range(1, 10000); count(data.t.q) > i with input as i]",
        "n := [1 | some i in numbers.range(1, 10000); data.big == object.union(data.big, {})]",
        "n := [data.big | some i in numbers.range(1, 10000)]",
        "n := [s | some i in numbers.range(1, 10000); s := json.marshal(data.big)]",
        "some i in numbers.range(1, 10000); x := data.big",
    ] {
        let found = run(&policy, query, &request);
        assert!(
            found.as_ref().is_err_and(|e| e.contains("than a query may")),
            "{query}: {found:?}"
        );
    }
    // A `with` costs no more than what it copies.
    let many: String = (0..5000).map(|at| format!("r{at} := {at}\n")).collect();
    let module = format!("package t\n{many}q := input.x\n");
    let policy = Policy::load(&[("m.rego", &module)], Dialect::V1).unwrap();
    let query =
        "x := count([1 | some i in numbers.range(1, 5000); data.t.q == i with input.x as i])";
    let request = Request { bytes: 16 << 20, steps: 300_000, ..Request::default() };
    assert_eq!(run(&policy, query, &request), Ok("5000".to_owned()));
}

#[test]
fn an_answer_is_no_larger_than_the_bytes_of_the_query() {
    let policy = Policy::load(&[], Dialect::V1).unwrap();
    let text = Value::from("a".repeat(1000));
    let request = Request { input: Some(text), bytes: 100_000, ..Request::default() };
    assert!(run(&policy, "x := [input | some i in numbers.range(1, 50)]", &request).is_ok());
    for query in [
        "x := [input | some i in numbers.range(1, 200)]",
        "some i in numbers.range(1, 200); x := input",
        "x := {i: input | some i in numbers.range(1, 200)}",
    ] {
        let found = run(&policy, query, &request);
        assert!(found.as_ref().is_err_and(|e| e.contains("more memory")), "{query}: {found:?}");
    }
}

#[test]
fn many_modules_of_many_packages_load_in_time() {
    let texts: Vec<String> = (0..3000)
        .map(|at| {
            format!(
                "package p{}.q{at}\nimport data.p0.q0.r as first\nr := {at}\ns := r + first\n",
                at % 7
            )
        })
        .collect();
    let names: Vec<String> = (0..texts.len()).map(|at| format!("m{at}.rego")).collect();
    let modules: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let policy = Policy::load(&modules, Dialect::V1).unwrap();
    let found = run(&policy, "x := data.p3.q2999.s; y := 1", &Request::default());
    assert_eq!(found, Ok("2999".to_owned()));
    let one: Vec<(&str, String)> =
        (0..2000).map(|at| ("m.rego", format!("package p\nr{at} := r{}\n", at + 1))).collect();
    let modules: Vec<(&str, &str)> =
        one.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert!(Policy::load(&modules, Dialect::V1).is_err());
}
