//! `thalium kyc import` and `thalium kyc export`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use thalium_host::wire::{BallerineImport, ImportBallerine, import_ballerine};
use thalium_host::{chart_text, read_chart};

use super::hand_out;
use crate::failure::Failure;
use crate::output::{note, one_line};
use crate::session::Global;

/// Make charts of an SCXML document or of workflow definitions of Ballerine, or bring one of YAML into its canonical form, JSON
#[derive(Args, Debug)]
#[command(after_help = "\
A document that begins with `<` is SCXML. What its expressions mean is not looked at: `thalium kyc check` tells whether they can run here.
With --ballerine it is a definition of Ballerine, or a list of them of which the first is the main one (docs/ballerine.md). What is tolerated there is
told on the standard error, and refused with --strict. Its children become charts of their own, in --folder as ID.json: give them with --with.
Charts of Ballerine run with `--dialect javascript`.

Examples:
  thalium kyc import onboarding.scxml --output onboarding.json
  thalium kyc import workflow.json --ballerine --strict --output workflow.chart.json
  thalium kyc import workflows.json --ballerine --folder charts")]
pub(crate) struct Import {
    /// The document
    document: PathBuf,
    /// It is workflow definitions of Ballerine
    #[arg(long)]
    ballerine: bool,
    /// Refuse what Ballerine tolerates
    #[arg(long, requires = "ballerine")]
    strict: bool,
    /// Write it there [default: the standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write all charts into this folder, each as ID.json
    #[arg(long, value_name = "FOLDER", requires = "ballerine", conflicts_with = "output")]
    folder: Option<PathBuf>,
}

impl Import {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let text = chart_text(&self.document)?;
        if !self.ballerine {
            return hand_out(global, &read_chart(&text)?.to_json(), self.output.as_ref());
        }
        let imported = import_ballerine(&ImportBallerine { text, strict: self.strict })
            .map_err(Failure::usage)?;
        let BallerineImport { chart, charts, leniencies, .. } = &imported;
        for lenient in leniencies {
            let at = format!("{}:{}: {}", lenient.row, lenient.column, lenient.path);
            note(one_line(&format!("{at}: {} ({})", lenient.message, lenient.rule)));
        }
        match &self.folder {
            Some(folder) => {
                let folder = folder.as_path();
                [chart].into_iter().chain(charts).try_for_each(|chart| keep(folder, chart))
            }
            None if charts.is_empty() => hand_out(global, chart, self.output.as_ref()),
            None => {
                let number = charts.len();
                let told = format!("it has {number} more charts: say with --folder where they go");
                Err(Failure::usage(told))
            }
        }
    }
}

/// Writes a chart into a folder, under its id.
fn keep(folder: &Path, text: &str) -> Result<(), Failure> {
    let id = read_chart(text)?.id.unwrap_or_default();
    if Path::new(&id).file_name().is_none_or(|name| name != id.as_str()) {
        let told = format!("`{}` names no file: import it alone, with --output", one_line(&id));
        return Err(Failure::usage(told));
    }
    let path = folder.join(format!("{id}.json"));
    let fault = |error| Failure::usage(format!("cannot write `{}`: {error}", path.display()));
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text)).map_err(fault)
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
