//! Policies: a decision in Rego, from parsed input and from JSON text, what more rules cost, regorus beside it; by typed rules; as a condition over
//! rows; on record; and the linter.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use thalium::policy::Outcome;
use thalium::policy::bundle::{Bundle, File};
use thalium::policy::filter::{Column, Filter, Kind, Table};
use thalium::policy::rego::{Dialect, Policy, Query, Request, Value};
use thalium::policy::snapshot::Snapshot;
use thalium::policy::typed::{Definition, Facts, Program};
use thalium_benches::{Figure, decisions, median, print, timed};
use thalium_host::bundle_files;

const USERS: usize = 1_000;
/// Twelve rules: who may do what, up to which amount.
const ACCESS: &str = include_str!("../../languages/access.rego");

/// Policies in Rego
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// How often each user asks
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// Decisions of a durable run, on each thread
    #[arg(long, default_value_t = 500)]
    durable: usize,
    /// Threads that put decisions on record together
    #[arg(long, default_value_t = 16)]
    threads: usize,
    /// Runs of what is durable; the median counts
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Where the durable runs write
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A user, as a request brings one along.
fn user(n: usize) -> String {
    let of = |all: &[&str]| all.get(n % all.len()).copied().unwrap_or_default().to_owned();
    format!(
        r#"{{"id": "u{n}", "role": "{}", "level": "{}", "suspended": {}}}"#,
        of(&["trader", "support", "admin", "trader"]),
        of(&["L1", "L2", "L3", "L2", "L1"]),
        n.is_multiple_of(11),
    )
}

/// What each user asks.
fn inputs(user: impl Fn(usize) -> String) -> Vec<String> {
    let asked = |n: usize| {
        let of = |all: &[&str]| all.get(n % all.len()).copied().unwrap_or_default().to_owned();
        format!(
            r#"{{"method": "{}", "path": ["transfers", "{n}"], "amount": {}.25, "country": "{}", "user": {}}}"#,
            of(&["POST", "GET", "POST"]),
            n * 7,
            of(&["ZA", "DE", "KP", "US", "GB", "KE", "NG"]),
            user(n),
        )
    };
    (0..USERS).map(asked).collect()
}

/// The same policy, where the thousand users are its data and a request names one: how long a decision takes, in nanoseconds, here and by regorus.
fn users_in_data(sanctions: &str, rounds: usize) -> Result<(f64, f64)> {
    let module = ACCESS.replace("input.user.", "user.") + "user := data.users[input.user]\n";
    let users: Vec<String> = (0..USERS).map(|n| format!(r#""u{n}": {}"#, user(n))).collect();
    let documents = format!(r#"{{"sanctions": {sanctions}, "users": {{{}}}}}"#, users.join(","));
    let texts = inputs(|n| format!(r#""u{n}""#));
    let policy = Policy::load(&[("access.rego", &module)], Dialect::V1)?;
    let query = policy.query("data.access.allow == true")?;
    let data = Value::from_json(&documents)?;
    let request = |text: &String| -> Result<Request> {
        let input = Some(Value::from_json(text)?);
        Ok(Request { input, data: data.clone(), ..Request::default() })
    };
    let requests = texts.iter().map(request).collect::<Result<Vec<_>>>()?;
    let (ours, allowed) = decide(&policy, &query, &requests, rounds)?;
    let (peer, peer_allowed) = regorus(&module, &texts, &documents)?;
    assert_eq!(peer_allowed, allowed, "both decide alike");
    Ok((ours, peer))
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
fn regorus(module: &str, texts: &[String], data: &str) -> Result<(f64, usize)> {
    let fault = |error| format!("regorus: {error}");
    let mut engine = regorus::Engine::new();
    engine.add_policy("access.rego".to_owned(), module.to_owned()).map_err(fault)?;
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
    // Each user asks with facts of their own: no branch is learnt, and no cache line stays.
    let asked = |n: usize| -> Result<Facts> {
        let of = |all: &[&str]| all.get(n % all.len()).copied().unwrap_or_default().to_owned();
        let text = DEPOSIT
            .replace("1000,", &format!("{},", 1_000 + n))
            .replace("\"L2\"", &format!("\"{}\"", of(&["L1", "L2", "L3"])))
            .replace(
                "\"country\": \"ZA\"",
                &format!("\"country\": \"{}\"", of(&["ZA", "DE", "GB", "KE"])),
            )
            .replace("\"count.day\": 3", &format!("\"count.day\": {}", n % 15));
        Ok(Facts::from_value(&program, &Value::from_json(&text)?)?)
    };
    let all = (0..USERS).map(asked).collect::<Result<Vec<_>>>()?;
    assert!(all.iter().all(|facts| program.permits(facts) == Outcome::Allow));
    let count = rounds * USERS;
    let each = || all.iter().cycle().take(count);
    let ((), only) = timed(|| {
        each().for_each(|facts| _ = black_box(black_box(&program).permits(black_box(facts))));
    });
    let ((), whole) = timed(|| {
        each().for_each(|facts| _ = black_box(black_box(&program).decide(black_box(facts))));
    });
    Ok((nanos(only, count), nanos(whole, count)))
}

/// The accounts that a user may see.
const ACCOUNTS: &str = r#"
package accounts

visible if input.row.owner == input.user.id
visible if {
    input.row.branch in data.branches[input.user.region]
    input.row.balance < data.limits[input.user.level]
    not input.row.secret
}
"#;
const BRANCHES: &str = r#"{"branches": {"north": ["kiel", "oslo", "turku"], "south": ["cape", "durban"]},
    "limits": {"L1": 1000.50, "L2": 50000}}"#;

/// How long it takes to make the condition in SQL for a user, in nanoseconds.
fn filter(rounds: usize) -> Result<f64> {
    let files = [File::new("accounts.rego", ACCOUNTS), File::new("data.json", BRANCHES)];
    let snapshot = Snapshot::new(&Bundle::read(&files, None)?)?;
    let columns = [
        Column::new("owner", "owner_id", Kind::Text),
        Column::new("branch", "branch", Kind::Text),
        Column::new("balance", "balance", Kind::Number),
        Column::new("secret", "is_secret", Kind::Boolean),
    ];
    let table = Table::new("input.row", columns)?.alias("a")?;
    let entry = snapshot.entry("accounts/visible")?;
    let ask = |n: usize| -> Result<Request> {
        let region = if n.is_multiple_of(2) { "north" } else { "south" };
        let level = if n.is_multiple_of(3) { "L1" } else { "L2" };
        let input =
            format!(r#"{{"user": {{"id": "u{n}", "region": "{region}", "level": "{level}"}}}}"#);
        Ok(Request { input: Some(Value::from_json(&input)?), ..Request::default() })
    };
    let requests = (0..USERS).map(ask).collect::<Result<Vec<_>>>()?;
    let (made, time) = timed(|| -> Result<()> {
        for _ in 0..rounds {
            for request in &requests {
                let filter = snapshot.filter(&entry, &table, request.clone())?;
                assert!(matches!(filter, Filter::Where(_)));
                black_box(filter.sql(1)?);
            }
        }
        Ok(())
    });
    made?;
    Ok(nanos(time, rounds * USERS))
}

/// How long the linter takes for the examples, in nanoseconds.
fn lint(rounds: usize) -> Result<f64> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/policies");
    let snapshot = Snapshot::new(&Bundle::read(&bundle_files(&examples)?, None)?)?;
    let ((), time) = timed(|| (0..rounds).for_each(|_| _ = black_box(snapshot.lint())));
    Ok(nanos(time, rounds))
}

/// What the twelve rules say as a verdict. Its documents stand in the module, so that the module is all there is.
const VERDICT: &str = r#"
default verdict := {"outcome": "deny", "reasons": [{
    "code": 10001, "rule": "access/role", "audience": "customer", "severity": "low",
    "message": "Your role does not permit this.",
}]}
verdict := {"outcome": "allow"} if allow
"#;

/// Decisions on record.
struct OnRecord {
    /// A verdict, in nanoseconds of CPU time.
    plain: f64,
    /// The same on record in memory.
    memory: f64,
    /// Durable decisions a second: one after another, and by several threads.
    alone: f64,
    together: f64,
    /// Blocks a second that the disk takes, one after another.
    disk: f64,
}

fn on_record(arguments: &Arguments, inputs: &[Value]) -> Result<OnRecord> {
    const PATH: &str = "access/verdict";
    let module = format!("{ACCESS}{VERDICT}").replace("data.sanctions", r#"{"IR", "KP", "SY"}"#);
    let files = [File::new("module.rego", &module)];
    let snapshot = Snapshot::new(&Bundle::read(&files, None)?)?;
    let entry = snapshot.entry(PATH)?;
    let count = inputs.len() * arguments.rounds.div_ceil(20);
    let (decided, time) = timed(|| -> Result<()> {
        for input in inputs.iter().cycle().take(count) {
            let request = Request { input: Some(input.clone()), ..Request::default() };
            black_box(snapshot.decide(&entry, request)?);
        }
        Ok(())
    });
    decided?;
    let plain = nanos(time, count);
    let t = decisions::ledger("memory:", &module)?;
    let (decided, time) = timed(|| decisions::decide(&t, PATH, inputs, count));
    decided?;
    let memory = nanos(time, count);
    let (mut alone, mut together, mut disk) = (vec![], vec![], vec![]);
    for _ in 0..arguments.runs {
        let directory = tempfile::tempdir_in(&arguments.dir)?;
        let address = directory.path().join("books").display().to_string();
        let t = decisions::ledger(&address, &module)?;
        // The first ones bring the journal into use; they are not counted.
        decisions::decide(&t, PATH, inputs, 16)?;
        let (threads, count) = (arguments.threads, arguments.durable);
        alone.push(decisions::rate(&t, PATH, inputs, 1, count)?);
        together.push(decisions::rate(&t, PATH, inputs, threads, count)?);
        disk.push(decisions::syncs(directory.path(), count)?);
    }
    let (alone, together, disk) = (median(alone), median(together), median(disk));
    Ok(OnRecord { plain, memory, alone, together, disk })
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let Arguments { json, rounds, threads, .. } = arguments;
    let policy = Policy::load(&[("access.rego", ACCESS)], Dialect::V1)?;
    let query = policy.query("data.access.allow == true")?;
    let sanctions = r#"["IR", "KP", "SY"]"#;
    let documents = format!(r#"{{"sanctions": {sanctions}}}"#);
    let data = Value::from_json(&documents)?;
    let texts = inputs(user);
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
    let (peer, peer_allowed) = regorus(ACCESS, &texts, &documents)?;
    assert_eq!(peer_allowed, allowed, "both decide alike");
    let (in_data, peer_in_data) = users_in_data(sanctions, rounds)?;
    let (only, whole) = typed(rounds)?;
    let (one, many) = (equalities(1, rounds)?, equalities(800, rounds)?);
    let condition = filter(rounds.div_ceil(10))?;
    let linted = lint(rounds.div_ceil(10))?;
    let inputs: Vec<Value> = requests.iter().filter_map(|request| request.input.clone()).collect();
    let record = on_record(&arguments, &inputs)?;
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
            Figure::at_most("by twelve rules, the users being data", in_data / 1e3, "µs", 2.0),
            Figure::limit("the same by regorus", peer_in_data / 1e3, "µs"),
            Figure::limit("  beside ours", peer_in_data / in_data, "times as long"),
            Figure::at_most("whether twelve typed rules permit it", only / 1e3, "µs", 0.1),
            Figure::limit("the same as a verdict", whole / 1e3, "µs"),
            Figure::limit("of a thousand users are allowed", allowed as f64, ""),
            Figure::limit("a decision by one equality", one / 1e3, "µs"),
            Figure::at_most("by eight hundred, beside one", many / one, "times as long", 2.0),
            Figure::limit("a list filter: the condition in SQL for a user", condition / 1e3, "µs"),
            Figure::limit("the linter over examples/policies", linted / 1e6, "ms"),
            Figure::limit("a verdict by the twelve rules", record.plain / 1e3, "µs"),
            Figure::limit("the same on record, in memory", record.memory / 1e3, "µs"),
            Figure::limit("  beside the plain one", record.memory / record.plain, "times as long"),
            Figure::limit("on record and durable, one by one", record.alone, "decisions/s"),
            Figure::limit("  limit: blocks written and synced one by one", record.disk, "blocks/s"),
            Figure::target("  share of the limit", record.alone / record.disk, "of 1", 0.5),
            Figure::limit(
                format!("on record and durable, by {threads} threads"),
                record.together,
                "decisions/s",
            ),
            Figure::limit(
                "  beside the disk's limit for one by one",
                record.together / record.disk,
                "times as many",
            ),
        ],
        json,
    );
    Ok(())
}
