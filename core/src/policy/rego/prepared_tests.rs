//! Constants compiled once for all queries: the same answers, for fewer steps.

use crate::policy::rego::{Dialect, Policy, Request, Value};

/// The answers as text, or the error, with so many steps.
fn ask(policy: &Policy, query: &str, steps: u64) -> String {
    let query = policy.query(query).unwrap();
    let input = Some(Value::from_json(r#"{"s": "abc", "p": "^a+b"}"#).unwrap());
    let request = Request { input, steps, strict: true, ..Request::default() };
    match policy.run(&query, &request) {
        Ok(ways) => ways.first().map_or("none".to_owned(), |way| way[0].1.to_string()),
        Err(error) => error.to_string(),
    }
}

fn policy(rules: &str) -> Policy {
    Policy::load(&[("m.rego", &format!("package t\n{rules}\n"))], Dialect::V1).unwrap()
}

#[test]
fn constants_answer_as_other_patterns_do() {
    for (call, want) in [
        ("regex.match(«^a+b», input.s)", "true"),
        ("regex.split(«b», input.s)", r#"["a", "c"]"#),
        ("regex.find_n(«[a-c]», input.s, 2)", r#"["a", "b"]"#),
        ("regex.find_all_string_submatch_n(«(a)(b)», input.s, -1)", r#"[["ab", "a", "b"]]"#),
        ("regex.replace(input.s, «b», \"x\")", r#""axc""#),
        ("glob.match(«a*», [], input.s)", "true"),
        ("glob.match(«a?», [], input.s)", "false"),
    ] {
        let constant = policy(&format!("p := {}", call.replace(['«', '»'], "`")));
        assert_eq!(ask(&constant, "x := data.t.p", 10_000), want, "{call}");
        // Twice the same, and the same from another thread.
        assert_eq!(ask(&constant, "x := data.t.p", 10_000), want, "{call}");
        let told = std::thread::scope(|scope| {
            scope.spawn(|| ask(&constant, "x := data.t.p", 10_000)).join().unwrap()
        });
        assert_eq!(told, want, "{call}");
        let computed = call.replace('«', "concat(\"\", [`").replace('»', "`])");
        assert_eq!(ask(&policy(&format!("p := {computed}")), "x := data.t.p", 10_000), want);
    }
    let schema = policy("p := json.match_schema(input, {\"required\": [\"s\"]})[0]");
    assert_eq!(ask(&schema, "x := data.t.p", 10_000), "true");
}

#[test]
fn what_is_no_pattern_is_an_error_where_it_is_used() {
    let policy = policy("p := regex.match(`(`, input.s)\nq := 1");
    assert_eq!(ask(&policy, "x := data.t.q", 10_000), "1");
    assert!(ask(&policy, "x := data.t.p", 10_000).contains("error parsing regexp"));
}

#[test]
fn a_constant_is_compiled_once_for_all_queries() {
    let expression = "[a-z]{1,40}".repeat(8);
    let constant = policy(&format!("p if not regex.match(`{expression}`, input.s)\nq := 1"));
    let computed =
        policy(&format!("p if not regex.match(concat(\"\", [`{expression}`]), input.s)"));
    let steps = (1..).map(|at| 1 << at);
    let least = |policy: &Policy| {
        steps.clone().find(|steps| ask(policy, "x := 1; data.t.p", *steps) == "1").unwrap()
    };
    assert!(least(&constant) < least(&computed));
    // And no more than some are.
    let many: String =
        (0..3000).map(|at| format!("r{at} if regex.match(`a{at}`, input.s)\n")).collect();
    assert_eq!(ask(&policy(&many), "x := 1; not data.t.r2999", 10_000), "1");
}

#[test]
fn policies_can_be_sent_and_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<Policy>();
}
