//! `thalium kyc draw`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::step::kept;
use super::{ChartArgs, hand_out};
use crate::failure::Failure;
use crate::session::Global;

/// Draw a chart: a picture (SVG), or the text of one (Mermaid)
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  thalium kyc draw onboarding.yaml --output onboarding.svg
  thalium kyc draw onboarding.yaml --format mermaid
  thalium kyc draw onboarding.yaml --session case-7.session --output where-it-stands.svg")]
pub(crate) struct Draw {
    #[command(flatten)]
    chart: ChartArgs,
    /// The form
    #[arg(long, value_enum, default_value_t = Form::Svg)]
    format: Form,
    /// Bring out the active states of a session that is kept in a file
    #[arg(long, value_name = "FILE")]
    session: Option<PathBuf>,
    /// Write it there [default: the standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Svg,
    Mermaid,
}

impl Form {
    /// Its name in a call.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Mermaid => "mermaid",
        }
    }
}

impl Draw {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let chart = self.chart.open()?;
        let session = self.session.as_ref().map(|path| kept(&chart, path)).transpose()?;
        let text = match self.format {
            Form::Svg => chart.svg(session.as_ref())?,
            Form::Mermaid => chart.mermaid(session.as_ref()),
        };
        hand_out(global, &text, self.output.as_ref())
    }
}
