//! `thalium kyc define` and `thalium kyc kinds`.

use std::path::PathBuf;

use clap::Args;
use thalium_host::{CaseFault, DefineCases, KindView, chart_text};

use super::cases::show::short;
use super::cases::{look, nanos};
use super::{How, bundle, read};
use crate::commands::close;
use crate::failure::Failure;
use crate::output::Rows;
use crate::session::Global;

/// Define a kind of cases, with the chart that its cases run on and all that it invokes
#[derive(Args, Debug)]
#[command(after_help = "\
A kind that is there already is defined anew: cases that go on stay with the version that they began in, until `thalium kyc migrate` moves them.
Exit code 2: it is refused; every error has its row, column and path.

Example:
  thalium kyc define cases.yaml individual.yaml document.yaml decision.yaml
  thalium kyc define cases.yaml individual.yaml --policy policies/")]
pub(crate) struct Define {
    /// The kind: a file of YAML or JSON
    kind: PathBuf,
    /// The charts: files of JSON, YAML or SCXML
    #[arg(required = true, value_name = "CHART")]
    charts: Vec<PathBuf>,
    /// How JSON Logic takes values of other kinds
    #[arg(long, value_enum, default_value_t = How::Strict)]
    dialect: How,
    /// The policy that guards ask with {"rego": PATH}: a bundle, whose files are kept with the kind
    #[arg(long, value_name = "BUNDLE")]
    policy: Option<PathBuf>,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
}

impl Define {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let charts = self.charts.iter().map(|path| Ok::<_, Failure>(read(path)?.0));
        let call = DefineCases {
            kind: chart_text(&self.kind)?,
            charts: charts.collect::<Result<_, _>>()?,
            dialect: Some(self.dialect.name().to_owned()),
            policy: self.policy.as_deref().map(bundle),
            actor: None,
            now: nanos(self.now),
        };
        let thalium = global.open()?;
        let defined = thalium.define_cases(&call);
        close(thalium);
        let kind = defined.map_err(|error| match error {
            CaseFault::Chart(error) => Failure::usage(format!("{}:\n{error}", self.kind.display())),
            other => Failure::from(other),
        })?;
        let output = global.output();
        if output.json {
            return output.json(&kind);
        }
        output.pairs(&[
            ("defined", kind.kind.clone()),
            ("digest", kind.digest.clone()),
            ("chart", kind.chart.clone()),
            ("queues", kind.queues.join(", ")),
            ("decisions", kind.decisions.join(", ")),
            ("documents", kind.documents.join(", ")),
        ])
    }
}

/// Tell the kinds of cases, each in its newest version
#[derive(Args, Debug)]
#[command(after_help = "\
With --json each is a line, with the whole of its text.

Example:
  thalium kyc kinds")]
pub(crate) struct Kinds {}

impl Kinds {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let kinds = look(global, |thalium| Ok(thalium.list_kinds()?))?;
        let output = global.output();
        if output.json {
            return kinds.iter().try_for_each(|kind| output.json(kind));
        }
        let mut rows =
            Rows::new(&["kind", "chart", "queues", "decisions", ">documents", "version"]);
        for kind in &kinds {
            let KindView { kind, digest, chart, queues, decisions, documents, .. } = kind;
            rows.push([
                kind.clone(),
                chart.clone(),
                queues.join(", "),
                decisions.join(", "),
                documents.len().to_string(),
                short(digest).to_owned(),
            ]);
        }
        output.listed(&rows, false, "no kind of cases is defined")
    }
}
