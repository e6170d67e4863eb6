//! `thalium policy eval` and `thalium policy decide`.

use clap::Args;
use serde_json::value::RawValue;
use thalium_host::policy::explain::Explain;
use thalium_host::policy::rego::Value;
use thalium_host::policy::{Obligation, Outcome, Verdict};
use thalium_host::{DecideOnRecord, Decided, Policy, PolicyError};

use super::{AskedArgs, BundleArgs, answered, word};
use crate::commands::close;
use crate::failure::Failure;
use crate::output::{Rows, one_line};
use crate::session::Global;

/// Ask a bundle something: a path such as `aml/verdict`, or a query in Rego
#[derive(Args, Debug)]
#[command(after_help = "\
A path gives the value that stands there. A query gives a line for each way in which it holds. Numbers are exact.
With --explain a path's answer comes with what was run for it: `full`, every rule and expression; `notes`, what `print` and `trace` said.
Exit code 1: it is undefined, or holds in no way.

Examples:
  thalium policy eval policies/ aml/verdict --input withdrawal.json
  thalium policy eval policies/ 'some level, limit in data.kyc.limits; limit.max_withdrawal > 100000'
  echo '{\"amount\": 19.99}' | thalium policy eval policies/ 'cents := input.amount * 100' --input -")]
pub(crate) struct Eval {
    #[command(flatten)]
    bundle: BundleArgs,
    /// The path or the query
    query: String,
    /// Tell why, on the error output: every rule and expression that was run (`full`), or what was printed (`notes`)
    #[arg(long, value_name = "HOW", value_enum)]
    explain: Option<How>,
    #[command(flatten)]
    asked: AskedArgs,
}

/// How an answer is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum How {
    Full,
    Notes,
}

/// Whether a text is a path and not a query.
fn is_path(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.'))
        && (text.contains('/') || text.starts_with("data."))
}

/// What stands at a path, written as it is: no number becomes a float on its way.
#[derive(serde::Serialize)]
struct Told {
    defined: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Box<RawValue>>,
}

/// A value's JSON in that of the output, to the digit.
fn raw(json: String) -> Result<Box<RawValue>, Failure> {
    RawValue::from_string(json).map_err(Failure::usage)
}

impl Eval {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        let input = self.asked.text()?;
        let asked = self.asked.asked(input.as_deref());
        let output = global.output();
        if self.explain.is_some() && !is_path(&self.query) {
            return Err(Failure::usage("--explain is for a path, such as aml/verdict"));
        }
        if is_path(&self.query) {
            let value = match self.explain {
                Some(how) => {
                    let why = policy.explain(&self.query, &asked, Explain::default())?;
                    eprint!("{}", if how == How::Full { why.text } else { why.said });
                    match why.error {
                        Some(error) => return Err(Failure::usage(error)),
                        None => why.result,
                    }
                }
                None => policy.evaluate(&self.query, &asked)?.as_ref().map(Value::to_json),
            };
            let defined = value.is_some();
            let told = if output.json {
                output.json(&Told { defined, result: value.map(raw).transpose()? })
            } else {
                output.line(value.as_deref().unwrap_or("undefined"))
            };
            return answered(told, defined);
        }
        let ways = policy.query(&self.query, &asked)?;
        let mut told = ways.iter().try_for_each(|way| {
            let bindings = Value::from(way.clone());
            if output.json {
                output.json(&raw(bindings.to_json())?)
            } else {
                output.line(bindings.to_json())
            }
        });
        if ways.is_empty() && !output.json {
            told = output.line("it holds in no way");
        }
        answered(told, !ways.is_empty())
    }
}

/// Ask a bundle for a verdict: allow, review or deny, with the reasons and what has to be done
#[derive(Args, Debug)]
#[command(after_help = "\
The path must lead to an object {\"outcome\", \"reasons\", \"obligations\"}. Where it is undefined the verdict is deny.
Exit code 0: allow; 1: review or deny; 2: the policy came to no verdict, which is no permission.

With --record the decision is put on record in the store, durable before it is told: `thalium policy log` reads it, `replay` decides it once more.

Examples:
  thalium policy decide policies/ aml/verdict --input withdrawal.json
  thalium policy decide policies/ aml/verdict --input withdrawal.json --record --subject zodwa --retention aml --concerns w-17")]
pub(crate) struct Decide {
    #[command(flatten)]
    bundle: BundleArgs,
    /// The path, such as `aml/verdict`
    path: String,
    #[command(flatten)]
    asked: AskedArgs,
    /// Put the decision on record in the store
    #[arg(long)]
    record: bool,
    /// The party that it is about: input and answer are sealed with the party's own key
    #[arg(long, value_name = "PARTY", requires = "record")]
    subject: Option<String>,
    /// The retention class that says how long a law has it kept [default: held by consent]
    #[arg(long, value_name = "CLASS", requires = "subject")]
    retention: Option<String>,
    /// What it is about, such as the key of the transfer that is to be booked; in the clear
    #[arg(long, value_name = "KEY", requires = "record")]
    concerns: Option<String>,
}

impl Decide {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        let input = self.asked.text()?;
        let output = global.output();
        let (verdict, told) = if self.record {
            let decided = self.on_record(global, policy, input.as_deref())?;
            let told = if output.json {
                output.json(&decided)
            } else {
                tell(global, &decided.verdict)
                    .and_then(|()| output.line(format!("  on record: {}", decided.decision_id)))
            };
            (decided.verdict, told)
        } else {
            let verdict = policy.decide(&self.path, &self.asked.asked(input.as_deref()))?;
            let told = if output.json { output.json(&verdict) } else { tell(global, &verdict) };
            (verdict, told)
        };
        answered(told, verdict.outcome == Outcome::Allow)
    }

    fn on_record(
        &self,
        global: &Global,
        policy: Policy,
        input: Option<&str>,
    ) -> Result<Decided, Failure> {
        let thalium = global.open()?;
        let input = input.map(|text| Value::from_json_strict(text).map_err(PolicyError::Input));
        let input = input.transpose()?;
        thalium.put_policy(None, policy, false, thalium.now())?;
        let call = DecideOnRecord {
            path: self.path.clone(),
            now: self.asked.now.map(|now| now.to_string()),
            strict: self.asked.strict,
            subject: self.subject.clone(),
            retention: self.retention.clone(),
            concerns: self.concerns.clone(),
            ..DecideOnRecord::default()
        };
        let decided = thalium.decide_on_record(&call, input);
        close(thalium);
        Ok(decided?)
    }
}

fn tell(global: &Global, verdict: &Verdict) -> Result<(), Failure> {
    let output = global.output();
    output.line(word(&verdict.outcome))?;
    if !verdict.reasons.is_empty() {
        let mut table = Rows::new(&[">code", "rule", "severity", "for", "why"]);
        for reason in &verdict.reasons {
            let facts: Vec<String> =
                reason.facts.iter().map(|fact| format!("{} {}", fact.name, fact.value)).collect();
            let why = if facts.is_empty() {
                reason.message.clone()
            } else {
                format!("{} ({})", reason.message, facts.join(", "))
            };
            table.push([
                reason.code.to_string(),
                reason.rule.clone(),
                word(&reason.severity),
                word(&reason.audience),
                why,
            ]);
        }
        output.indented(&table)?;
    }
    verdict
        .obligations
        .iter()
        .try_for_each(|one| output.line(one_line(&format!("  then: {}", duty(one)))))
}

/// What has to be done, in words.
fn duty(obligation: &Obligation) -> String {
    match obligation {
        Obligation::Hold { seconds } => format!("hold for {seconds} seconds"),
        Obligation::Freeze { until } => format!("freeze until {until}"),
        Obligation::Approvals { role, count } => format!("{count} approvals by {role}"),
        Obligation::OpenCase { queue, kind } => format!("open a case `{kind}` in {queue}"),
        Obligation::DraftReport { report } => format!("draft the report {report}"),
        Obligation::StepUp { factor } => format!("ask for a second factor: {factor}"),
        Obligation::Notify { topic } => format!("tell {topic}"),
    }
}
