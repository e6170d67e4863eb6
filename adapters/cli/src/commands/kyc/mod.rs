//! `thalium kyc`: charts that cases run on, cases that people work on, and what is asked about people.

mod advance;
mod callback;
mod cases;
mod check;
mod convert;
mod decide;
mod define;
mod draw;
mod migrate;
mod mrz;
mod report;
mod risk;
mod run;
mod staff;
mod step;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use thalium_host::kyc::logic::Dialect;
use thalium_host::wire::OpenPolicy;
use thalium_host::{Chart, ChartOptions, Policy, chart_text, read_chart};

use crate::failure::Failure;
use crate::session::Global;

/// Run cases: check and draw the statecharts that they run on, work on them with others, and read what is told about people
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A chart is JSON, YAML or SCXML: states, events that lead from one to another, guards, timers, and what is asked of the host on the way.
Charts need no store (check, lint, draw, import, export, run, step): the same events at the same instants come to the same session, byte for byte.

A kind of cases says what people do with a chart: queues, decisions of several, documents. Kinds and cases stand in the store, beside the books;
what is done is durable before it is told. Say who does it with --actor: their roles are those of the register of staff.

Example:
  thalium kyc check onboarding.yaml
  thalium kyc draw onboarding.yaml --output onboarding.svg
  thalium kyc run onboarding.yaml submitted 'verified={\"score\": 87}' +P30D

  thalium kyc define cases.yaml onboarding.yaml
  thalium kyc staff set reviewer-1 compliance
  thalium kyc case open case-7 onboarding
  thalium kyc queue
  thalium kyc case show case-7
  thalium kyc decide case-7 approve --reason false_positive --seen DIGEST --actor reviewer-1")]
pub(crate) enum KycCommand {
    Check(check::Check),
    Lint(check::Lint),
    Draw(draw::Draw),
    Import(convert::Import),
    Export(convert::Export),
    Run(run::Run),
    Step(step::Step),
    Define(define::Define),
    Kinds(define::Kinds),
    #[command(subcommand)]
    Staff(staff::Staff),
    #[command(subcommand)]
    Case(cases::CaseCommand),
    Queue(cases::show::Queue),
    Decide(decide::Decide),
    Return(decide::Return),
    Advance(advance::Advance),
    Migrate(migrate::Migrate),
    Replay(cases::log::Replay),
    Report(report::Report),
    Mrz(mrz::Mrz),
    Callback(callback::Callback),
    Risk(risk::Risk),
}

impl KycCommand {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Check(args) => args.run(global),
            Self::Lint(args) => args.run(global),
            Self::Draw(args) => args.run(global),
            Self::Import(args) => args.run(global),
            Self::Export(args) => args.run(global),
            Self::Run(args) => args.run(global),
            Self::Step(args) => args.run(global),
            Self::Define(args) => args.run(global),
            Self::Kinds(args) => args.run(global),
            Self::Staff(args) => args.run(global),
            Self::Case(args) => args.run(global),
            Self::Queue(args) => args.run(global),
            Self::Decide(args) => args.run(global),
            Self::Return(args) => args.run(global),
            Self::Advance(args) => args.run(global),
            Self::Migrate(args) => args.run(global),
            Self::Replay(args) => args.run(global),
            Self::Report(args) => args.run(global),
            Self::Mrz(args) => args.run(global),
            Self::Callback(args) => args.run(global),
            Self::Risk(args) => args.run(global),
        }
    }
}

/// Which chart, and what it is loaded with.
#[derive(Args, Debug)]
struct ChartArgs {
    /// The chart: a file of JSON, YAML or SCXML
    chart: PathBuf,
    /// A chart that it invokes by its id, a file; repeat it
    #[arg(long = "with", value_name = "FILE")]
    others: Vec<PathBuf>,
    /// The policy that its guards ask with {"rego": PATH}: a bundle
    #[arg(long, value_name = "BUNDLE")]
    policy: Option<PathBuf>,
    /// How JSON Logic takes values of other kinds
    #[arg(long, value_enum, default_value_t = How::Strict)]
    dialect: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum How {
    /// Not at all: it is an error
    Strict,
    /// As JavaScript does
    Javascript,
}

impl How {
    /// Its name in a call.
    const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Javascript => "javascript",
        }
    }
}

/// A chart's text with the chart; what is wrong with it is told with its file.
fn read(path: &Path) -> Result<(String, thalium_host::kyc::chart::Chart), Failure> {
    let text = chart_text(path)?;
    let named = |error| Failure::usage(format!("{}:\n{error}", path.display()));
    let chart = read_chart(&text).map_err(named)?;
    Ok((text, chart))
}

impl ChartArgs {
    fn open(&self) -> Result<Chart, Failure> {
        self.load(&self.chart, self.others.iter())
    }

    /// The chart, and each of those that it is loaded with, loaded with all the rest.
    fn open_each(&self) -> impl Iterator<Item = Result<(&Path, Chart), Failure>> {
        let all = || std::iter::once(&self.chart).chain(&self.others);
        all().enumerate().map(move |(at, path)| {
            let rest = all().enumerate().filter(|(other, _)| *other != at).map(|(_, path)| path);
            Ok((path.as_path(), self.load(path, rest)?))
        })
    }

    /// The texts of all of them.
    fn texts(&self) -> Result<Vec<String>, Failure> {
        std::iter::once(&self.chart).chain(&self.others).map(|path| Ok(read(path)?.0)).collect()
    }

    fn load<'a>(
        &self,
        path: &Path,
        others: impl Iterator<Item = &'a PathBuf>,
    ) -> Result<Chart, Failure> {
        let others = others.map(|path| Ok::<_, Failure>(read(path)?.1));
        let policy = self.policy.as_ref().map(|path| Policy::open(path, None)).transpose()?;
        let dialect = match self.dialect {
            How::Strict => Dialect::Strict,
            How::Javascript => Dialect::JavaScript,
        };
        let options = ChartOptions { charts: others.collect::<Result<_, _>>()?, policy, dialect };
        Ok(Chart::open(path, options)?)
    }
}

/// The policy at a path, to be opened.
fn bundle(path: &Path) -> OpenPolicy {
    OpenPolicy { path: Some(path.display().to_string()), ..OpenPolicy::default() }
}

/// Writes a text into a file, or prints it.
fn hand_out(global: &Global, text: &str, to: Option<&PathBuf>) -> Result<(), Failure> {
    match to {
        Some(path) => std::fs::write(path, text)
            .map_err(|error| Failure::usage(format!("cannot write `{}`: {error}", path.display()))),
        None => global.output().line(text.trim_end()),
    }
}
