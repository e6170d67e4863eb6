//! `thalium policy log` and `thalium policy replay`.

use std::path::PathBuf;

use clap::Args;
use serde_json::value::RawValue;
use thalium_host::api::decision::Masks;
use thalium_host::policy::Outcome;
use thalium_host::policy::rego::Value;
use thalium_host::wire::OpenPolicy;
use thalium_host::{DecisionQuery, OpenSealed, ReplayDecisions};

use super::{BundleArgs, text_of};
use crate::commands::{close, named, page_of};
use crate::failure::Failure;
use crate::output::{Rows, count};
use crate::session::Global;

/// Tell the decisions on record in the store, the oldest first
#[derive(Args, Debug)]
#[command(after_help = "\
With --json each is one line with the names that the decision logs of Open Policy Agent have: what reads those reads these.
What is about someone is sealed, and is opened for a reason that is recorded: --why.

Examples:
  thalium policy log --outcome deny --from 2026-01-01
  thalium policy log --subject zodwa --why 'complaint 12' --json
  thalium policy log --json --mask /input/name --mask /input/documents > decisions.jsonl")]
pub(crate) struct Log {
    /// Only decisions of this path, such as aml/verdict
    #[arg(long)]
    path: Option<String>,
    /// Only those by the policy that was loaded under this name
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// Only those with this outcome: allow, review or deny
    #[arg(long, value_parser = named::<Outcome>)]
    outcome: Option<Outcome>,
    /// Only those about this party
    #[arg(long, value_name = "PARTY")]
    subject: Option<String>,
    /// Only those about this, by the key that they were given
    #[arg(long, value_name = "KEY")]
    concerns: Option<String>,
    /// Only the one with this id
    #[arg(long, value_name = "UUID")]
    id: Option<String>,
    /// Only those from this instant or date on
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// Only those before this instant, or up to this date
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Only those behind the one with this number
    #[arg(long, value_name = "NUMBER")]
    after: Option<u64>,
    /// How many at most [default: all]
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
    /// Open what is sealed, for this reason: it is recorded who read what
    #[arg(long, value_name = "REASON")]
    why: Option<String>,
    /// Leave out what stands at this JSON pointer, such as /input/name; repeat it
    #[arg(long = "mask", value_name = "POINTER")]
    masks: Vec<String>,
    /// Leave out or replace what a file says: a JSON list of pointers and of {op, path, value}
    #[arg(long, value_name = "FILE")]
    mask_file: Option<PathBuf>,
}

/// How many are read at a time.
const PAGE: u32 = 10_000;

impl Log {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let masks = self.masks()?;
        // Each reading of what is sealed is written down.
        let thalium = if self.why.is_some() { global.open()? } else { global.open_to_read()? };
        let open = self.why.clone().map(|why| OpenSealed { why, ..OpenSealed::default() });
        let (mut after, mut left) = (self.after, self.limit.unwrap_or(u64::MAX));
        let mut table = Rows::new(&["at", "outcome", "path", "subject", "about", "decision"]);
        let output = global.output();
        while left > 0 {
            let query = DecisionQuery {
                decision_id: self.id.clone(),
                path: self.path.clone(),
                policy: self.policy.clone(),
                outcome: self.outcome,
                subject: self.subject.clone(),
                concerns: self.concerns.clone(),
                from: self.from.clone(),
                until: self.until.clone(),
                after,
                limit: Some(page_of(left, PAGE)),
                open: open.clone(),
                masks: None,
            };
            let page = thalium.list_decisions(&query, &masks)?;
            let decisions = page.get_str("decisions").and_then(Value::as_array).unwrap_or_default();
            left = left.saturating_sub(decisions.len() as u64);
            for decision in decisions {
                if output.json {
                    output.json(
                        &RawValue::from_string(decision.to_json()).map_err(Failure::usage)?,
                    )?;
                } else {
                    table.push(row(decision));
                }
            }
            after = page.get_str("next").and_then(|next| next.to_json().parse().ok());
            if after.is_none() {
                break;
            }
        }
        if self.why.is_some() {
            close(thalium);
        }
        if output.json {
            return Ok(());
        }
        output.listed(&table, false, "no decision is on record that fits")
    }

    fn masks(&self) -> Result<Masks, Failure> {
        let mut all: Vec<Value> =
            self.masks.iter().map(|text| Value::from(text.as_str())).collect();
        if let Some(path) = &self.mask_file {
            let told = |error: &dyn std::fmt::Display| {
                Failure::usage(format!("`{}`: {error}", path.display()))
            };
            let read = Value::from_json(&text_of(path)?).map_err(|error| told(&error))?;
            let Some(masks) = read.as_array() else { return Err(told(&"is no list of masks")) };
            all.extend(masks.iter().cloned());
        }
        Masks::read(&Value::array(all)).map_err(Failure::usage)
    }
}

fn row(decision: &Value) -> [String; 6] {
    let text = |name| decision.get_str(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let outcome = match text("outcome") {
        outcome if outcome.is_empty() => "undecided".to_owned(),
        outcome => outcome,
    };
    let subject = match decision.get_str("subject_forgotten") {
        Some(_) => "(forgotten)".to_owned(),
        None => text("subject"),
    };
    [text("timestamp"), outcome, text("path"), subject, text("concerns"), text("decision_id")]
}

/// Decide once more what is on record, by another bundle: which outcomes it would flip
#[derive(Args, Debug)]
#[command(after_help = "\
Each decision is decided at its own instant, with the input that it had. Nothing is booked.
Exit code 0: every outcome is the same; 1: some are not.

Example:
  thalium policy replay policies/ --from 2026-01-01")]
pub(crate) struct Replay {
    #[command(flatten)]
    bundle: BundleArgs,
    /// Only decisions of this path, such as aml/verdict
    #[arg(long)]
    path: Option<String>,
    /// Only those by the policy that was loaded under this name
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// Only those from this instant or date on
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// Only those before this instant, or up to this date
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// How many flips are listed at most; all are counted
    #[arg(long, value_name = "COUNT", default_value_t = 1000)]
    limit: u32,
}

impl Replay {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        // What is sealed is opened with the keys that the writer has.
        let thalium = global.open()?;
        let call = ReplayDecisions {
            bundle: OpenPolicy::default(),
            path: self.path.clone(),
            policy: self.policy.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            limit: Some(self.limit),
        };
        let report = thalium.replay_decisions(&policy, &call);
        close(thalium);
        let report = report?;
        let output = global.output();
        let is_same = report.flipped == 0;
        if output.json {
            return super::answered(output.json(&report), is_same);
        }
        if !report.flips.is_empty() {
            let mut table = Rows::new(&["was", "would be", "path", "why", "decision"]);
            for flip in &report.flips {
                let reasons = flip.reasons.iter();
                let reasons = reasons.map(|reason| format!("{} {}", reason.code, reason.rule));
                let reasons = reasons.collect::<Vec<_>>().join(", ");
                let (was, now) = (flip.was.clone(), flip.now.clone());
                table.push([was, now, flip.path.clone(), reasons, flip.decision_id.clone()]);
            }
            output.table(&table)?;
        }
        let forgotten = match report.subject_forgotten {
            0 => String::new(),
            number => format!("  {} of those who were forgotten", count(number)),
        };
        let told = output.line(format!(
            "{} decisions  {} the same  {} for other reasons  {} flipped{forgotten}",
            count(report.decisions),
            count(report.same),
            count(report.changed),
            count(report.flipped),
        ));
        super::answered(told, is_same)
    }
}
