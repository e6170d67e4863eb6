//! Policies: a decision in Rego, from parsed input and from JSON text, what more rules cost, regorus beside it; and by typed rules.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use clap::Parser;
use thalium::policy::Outcome;
use thalium::policy::rego::{Dialect, Policy, Query, Request, Value};
use thalium::policy::typed::{Definition, Facts, Program};
use thalium_benches::{Figure, print, timed};

const USERS: usize = 1_000;
/// Twelve rules: who may do what, up to which amount.
const ACCESS: &str = r#"
package access

default allow := false

allow if {
    input.method == "GET"
    grants[input.user.role].read
    not blocked
}
allow if {
    input.method == "POST"
    input.path[0] == "transfers"
    grants[input.user.role].write
    input.amount <= limit
    not blocked
}
allow if {
    input.user.role == "admin"
    not blocked
}
limit := 1000.50 if input.user.level == "L1"
limit := 50000 if input.user.level == "L2"
limit := 1000000 if input.user.level == "L3"
blocked if input.user.suspended == true
blocked if input.country in data.sanctions
grants := {"trader": {"read": true, "write": true}, "support": {"read": true}}
reason := "suspended" if input.user.suspended == true
reason := "sanctioned" if input.country in data.sanctions
"#;

/// Policies in Rego
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// How often each user asks
    #[arg(long, default_value_t = 200)]
    rounds: usize,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What each user asks.
fn inputs() -> Vec<String> {
    let user = |n: usize| {
        let of = |all: &[&str]| all.get(n % all.len()).copied().unwrap_or_default().to_owned();
        format!(
            r#"{{"method": "{}", "path": ["transfers", "{n}"], "amount": {}.25, "country": "{}",
                "user": {{"id": "u{n}", "role": "{}", "level": "{}", "suspended": {}}}}}"#,
            of(&["POST", "GET", "POST"]),
            n * 7,
            of(&["ZA", "DE", "KP", "US", "GB", "KE", "NG"]),
            of(&["trader", "support", "admin", "trader"]),
            of(&["L1", "L2", "L3", "L2", "L1"]),
            n.is_multiple_of(11),
        )
    };
    (0..USERS).map(user).collect()
}

/// How long a decision takes, in nanoseconds, and how many were to allow.
fn decide(
    policy: &Policy,
    query: &Query,
    requests: &[Request],
    rounds: usize,
) -> Result<(f64, usize)> {
    let (allowed, time) = timed(|| -> Result<usize> {
        let mut allowed = 0;
        for _ in 0..rounds {
            for request in requests {
                allowed += black_box(policy.run(query, request)?).len();
            }
        }
        Ok(allowed)
    });
    Ok((nanos(time, rounds * requests.len()), allowed? / rounds))
}

fn nanos(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e9 / count.max(1) as f64
}

/// So many rules, each for a user of its own.
fn equalities(rules: usize, rounds: usize) -> Result<f64> {
    let rule = |n| format!("allow if {{ input.user == \"u{n}\"; input.action == \"read\" }}\n");
    let source = format!("package p\n{}", (0..rules).map(rule).collect::<String>());
    let policy = Policy::load(&[("p.rego", &source)], Dialect::V1)?;
    let query = policy.query("data.p.allow == true")?;
    let ask = |n: usize| -> Result<Request> {
        let input = format!(r#"{{"user": "u{}", "action": "read"}}"#, n % rules);
        Ok(Request { input: Some(Value::from_json(&input)?), ..Request::default() })
    };
    let requests = (0..USERS).map(ask).collect::<Result<Vec<_>>>()?;
    let (time, allowed) = decide(&policy, &query, &requests, rounds)?;
    assert_eq!(allowed, USERS);
    Ok(time)
}

/// The same policy and questions by regorus' interpreter, once each: how long one takes, and how many were to allow.
fn regorus(texts: &[String], data: &str) -> Result<(f64, usize)> {
    let fault = |error| format!("regorus: {error}");
    let mut engine = regorus::Engine::new();
    engine.add_policy("access.rego".to_owned(), ACCESS.to_owned()).map_err(fault)?;
    engine.add_data_json(data).map_err(fault)?;
    let read = |text: &String| regorus::Value::from_json_str(text).map_err(fault);
    let inputs = texts.iter().map(read).collect::<std::result::Result<Vec<_>, _>>()?;
    let (allowed, time) = timed(|| -> Result<usize> {
        let mut allowed = 0;
        for input in &inputs {
            engine.set_input(input.clone());
            let told = engine.eval_rule("data.access.allow".to_owned()).map_err(fault)?;
            allowed += usize::from(told == regorus::Value::Bool(true));
        }
        Ok(allowed)
    });
    Ok((nanos(time, inputs.len()), allowed?))
}

/// The platform's typed rules, and twelve of them that all apply to a deposit.
const TYPED: &str = include_str!("../../../core/src/policy/typed/platform.json");
const TWELVE: [&str; 12] = [
    "access/roles",
    "kyc/status",
    "limits/deposit",
    "limits/count",
    "limits/day",
    "limits/month",
    "aml/large",
    "aml/structuring",
    "aml/sanctioned-country",
    "aml/sanctions",
    "aml/pep",
    "aml/volume",
];

/// What a deposit that is allowed rests on.
const DEPOSIT: &str = r#"{
    "subject.tenant": "broker-7", "resource.tenant": "broker-7", "subject.roles": ["user-trader"], "permission": "deposit:create",
    "jurisdiction": "ZA", "now": "2026-03-01T12:00:00Z", "action": "deposit", "amount": 1000, "kyc.level": "L2",
    "kyc.status": "approved", "count.day": 3, "sum.day": 10000, "sum.month": 20000, "structuring.count": 0, "country": "ZA",
    "screening.lists": [], "pep": false, "opened": "2020-01-01T00:00:00Z", "usual.day": 15000}"#;

/// How long a decision by typed rules takes, in nanoseconds: only whether, and with its reasons.
fn typed(rounds: usize) -> Result<(f64, f64)> {
    let mut definition: Definition = serde_json::from_str(TYPED)?;
    definition.rules.retain(|rule| TWELVE.contains(&rule.id.as_str()));
    assert_eq!(definition.rules.len(), 12);
    let program = Program::load(&definition)?;
    let facts = Facts::from_value(&program, &Value::from_json(DEPOSIT)?)?;
    assert_eq!(program.permits(&facts), Outcome::Allow);
    let count = rounds * USERS;
    let ((), only) = timed(|| {
        (0..count).for_each(|_| _ = black_box(black_box(&program).permits(black_box(&facts))));
    });
    let ((), whole) = timed(|| {
        (0..count).for_each(|_| _ = black_box(black_box(&program).decide(black_box(&facts))));
    });
    Ok((nanos(only, count), nanos(whole, count)))
}

fn main() -> Result<()> {
    let Arguments { json, rounds } = Arguments::parse();
    let policy = Policy::load(&[("access.rego", ACCESS)], Dialect::V1)?;
    let query = policy.query("data.access.allow == true")?;
    let documents = r#"{"sanctions": ["IR", "KP", "SY"]}"#;
    let data = Value::from_json(documents)?;
    let texts = inputs();
    let request = |text: &String| -> Result<Request> {
        let input = Some(Value::from_json(text)?);
        Ok(Request { input, data: data.clone(), ..Request::default() })
    };
    let requests = texts.iter().map(request).collect::<Result<Vec<_>>>()?;
    let (parsed, allowed) = decide(&policy, &query, &requests, rounds)?;
    let (from_text, time) = timed(|| -> Result<usize> {
        let mut allowed = 0;
        for _ in 0..rounds {
            for text in &texts {
                allowed += black_box(policy.run(&query, &request(text)?)?).len();
            }
        }
        Ok(allowed / rounds)
    });
    assert_eq!(from_text?, allowed);
    let text = nanos(time, rounds * USERS);
    let (peer, peer_allowed) = regorus(&texts, documents)?;
    assert_eq!(peer_allowed, allowed, "both decide alike");
    let (only, whole) = typed(rounds)?;
    let (one, many) = (equalities(1, rounds)?, equalities(800, rounds)?);
    print(
        &[
            Figure::at_most("a decision by twelve rules", parsed / 1e3, "µs", 2.0),
            Figure::at_most("the same from JSON text", text / 1e3, "µs", 4.0),
            Figure::limit("a decision by regorus 0.14.1, interpreted", peer / 1e3, "µs"),
            Figure::target(
                "that beside ours, from parsed input",
                peer / parsed,
                "times as long",
                50.0,
            ),
            Figure::at_most("whether twelve typed rules permit it", only / 1e3, "µs", 0.1),
            Figure::limit("the same as a verdict", whole / 1e3, "µs"),
            Figure::limit("of a thousand users are allowed", allowed as f64, ""),
            Figure::limit("a decision by one equality", one / 1e3, "µs"),
            Figure::at_most("by eight hundred, beside one", many / one, "times as long", 2.0),
        ],
        json,
    );
    Ok(())
}
