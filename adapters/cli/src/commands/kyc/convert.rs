//! `thalium kyc import` and `thalium kyc export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use thalium_host::{chart_text, read_chart};

use super::hand_out;
use crate::failure::Failure;
use crate::session::Global;

/// Make a chart of an SCXML document, or bring one of YAML into its canonical form, JSON
#[derive(Args, Debug)]
#[command(after_help = "\
What the expressions of the document mean is not looked at: `thalium kyc check` tells whether they can run here.

Example:
  thalium kyc import onboarding.scxml --output onboarding.json")]
pub(crate) struct Import {
    /// The document
    document: PathBuf,
    /// Write it there [default: the standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Import {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let chart = read_chart(&chart_text(&self.document)?)?;
        hand_out(global, &chart.to_json(), self.output.as_ref())
    }
}

/// Write a chart as SCXML or as JSON
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  thalium kyc export onboarding.yaml --output onboarding.scxml")]
pub(crate) struct Export {
    /// The chart: a file of JSON, YAML or SCXML
    chart: PathBuf,
    /// The form
    #[arg(long, value_enum, default_value_t = Form::Scxml)]
    format: Form,
    /// Write it there [default: the standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Scxml,
    Json,
}

impl Export {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let chart = read_chart(&chart_text(&self.chart)?)?;
        let text = match self.format {
            Form::Json => chart.to_json(),
            Form::Scxml => thalium_host::chart_as_scxml(&chart)?,
        };
        hand_out(global, &text, self.output.as_ref())
    }
}
