//! `thalium kyc import` and `thalium kyc export`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use thalium_host::wire::{
    BallerineImport, ImportBallerine, ImportRules, import_ballerine, import_rules,
};
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
With --rules it is a set of rules of its rule engine, and comes out as a guard of JSON Logic. Both run with `--dialect javascript`.

Examples:
  thalium kyc import onboarding.scxml --output onboarding.json
  thalium kyc import workflow.json --ballerine --strict --output workflow.chart.json
  thalium kyc import workflows.json --ballerine --folder charts
  thalium kyc import rules.json --rules --output guard.json")]
pub(crate) struct Import {
    /// The document
    document: PathBuf,
    /// It is workflow definitions of Ballerine
    #[arg(long)]
    ballerine: bool,
    /// It is a set of rules of Ballerine's rule engine: make a guard of it
    #[arg(long, conflicts_with = "ballerine")]
    rules: bool,
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
        if self.rules {
            let guard = import_rules(&ImportRules { text }).map_err(Failure::usage)?.guard;
            return hand_out(global, &guard, self.output.as_ref());
        }
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
            Some(folder) => keep(folder, [chart].into_iter().chain(charts)),
            None if charts.is_empty() => hand_out(global, chart, self.output.as_ref()),
            None => {
                let number = charts.len();
                let told = format!("it has {number} more charts: say with --folder where they go");
                Err(Failure::usage(told))
            }
        }
    }
}

/// Writes charts into a folder, each under its id, once it is known that all can be.
fn keep<'a>(folder: &Path, charts: impl Iterator<Item = &'a String>) -> Result<(), Failure> {
    let mut files = BTreeMap::new();
    for text in charts {
        let id = read_chart(text)?.id.unwrap_or_default();
        let path = folder.join(format!("{id}.json"));
        let names_a_file = Path::new(&id).file_name().is_some_and(|name| name == id.as_str());
        let why = if !names_a_file {
            "names no file: import it alone, with --output"
        } else if path.exists() {
            "is there already: name another folder"
        } else if files.insert(path, text).is_some() {
            "is the id of two definitions: give one another"
        } else {
            continue;
        };
        return Err(Failure::usage(format!("`{}` {why}", one_line(&id))));
    }
    let fault = |path: &Path| {
        let path = path.display().to_string();
        move |error| Failure::usage(format!("cannot write `{path}`: {error}"))
    };
    std::fs::create_dir_all(folder).map_err(fault(folder))?;
    for (at, (path, text)) in files.iter().enumerate() {
        if let Err(error) = std::fs::write(path, text) {
            // None of them was there before.
            for written in files.keys().take(at + 1) {
                let _ = std::fs::remove_file(written);
            }
            return Err(fault(path)(error));
        }
    }
    Ok(())
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
