//! `thalium kyc risk`.

use std::path::{Path, PathBuf};

use clap::Args;
use thalium_host::chart_text;
use thalium_host::policy::rego::Value;
use thalium_host::wire::{ScoreRisk, score_risk};

use super::cases::nanos;
use crate::commands::{answered, text_of};
use crate::failure::Failure;
use crate::output::one_line;
use crate::session::Global;

/// Score the risk of a customer by a model, and tell what it is made of, point by point
#[derive(Args, Debug)]
#[command(after_help = "\
The score is exact, and a function of the model, the facts, the instant and the overrides alone. No store is needed.
Exit code 0: there can be business with the customer; 1: the level is one to refuse; 2: there is no score, as for a model that is refused.

Examples:
  thalium kyc risk risk.yaml customer.json
  thalium kyc risk risk.yaml customer.json --override decided.json --now 2026-03-01T09:00:00Z --json")]
pub(crate) struct Risk {
    /// The model: a file of YAML or JSON
    model: PathBuf,
    /// What is known of the customer: a file with a JSON object, or `-` for the standard input
    facts: PathBuf,
    /// What an officer decided instead: a file with a JSON object with `level` or `score`, `by`, `reason`, `expires`, or a list of such; repeat it
    #[arg(long = "override", value_name = "FILE")]
    overrides: Vec<PathBuf>,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
}

impl Risk {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let model = chart_text(&self.model)?;
        let call = ScoreRisk { model, facts: None, overrides: None, now: nanos(self.now) };
        let mut overrides = Vec::new();
        for path in &self.overrides {
            let read = json(path)?;
            match read.as_array() {
                Some(all) => overrides.extend(all.iter().cloned()),
                None => overrides.push(read),
            }
        }
        let score = score_risk(&call, Some(json(&self.facts)?), Some(Value::array(overrides)));
        // What is wrong in a model is told by its rows.
        let score = score.map_err(|failure| {
            if failure.field.is_none() {
                return Failure::usage(format!("{}:\n{failure}", self.model.display()));
            }
            Failure::usage(failure)
        })?;
        let output = global.output();
        let told = if output.json {
            output.json(&score)
        } else {
            score.explained.iter().try_for_each(|line| output.line(one_line(line)))
        };
        answered(told, !score.refuse)
    }
}

/// What a file says, its numbers exact.
fn json(path: &Path) -> Result<Value, Failure> {
    Value::from_json_strict(&text_of(path)?)
        .map_err(|error| Failure::usage(format!("`{}` is no JSON: {error}", path.display())))
}
