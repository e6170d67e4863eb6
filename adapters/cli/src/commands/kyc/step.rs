//! `thalium kyc step`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use thalium_host::kyc::chart::{Event, Session};
use thalium_host::policy::rego::Value;
use thalium_host::{Chart, ChartFault, write_whole};

use super::ChartArgs;
use super::run::{Told, given, tell};
use crate::commands::text_of;
use crate::failure::Failure;
use crate::session::Global;

/// Give an event to a case that is kept in a file, which is replaced by what it comes to
#[derive(Args, Debug)]
#[command(after_help = "\
The file names the version of the chart that it belongs to: another is refused. A file that is not there yet is begun with --start ID.
Exit code 2: the event was refused; the file stands as it was.

Examples:
  thalium kyc step onboarding.yaml case-7.session --start case-7
  thalium kyc step onboarding.yaml case-7.session 'submitted={\"document\": \"passport\"}'
  thalium kyc step onboarding.yaml case-7.session             # time passes, and nothing else
  thalium kyc step onboarding.yaml case-7.session --suspended-at 2026-03-01T00:00:00Z    # it goes on after a rest
  thalium kyc step onboarding.yaml case-7.session 'done.invoke.screen={\"hits\": []}'")]
pub(crate) struct Step {
    #[command(flatten)]
    chart: ChartArgs,
    /// The file of the session
    session: PathBuf,
    /// The event: NAME or NAME=JSON [default: only time passes]
    event: Option<String>,
    /// Begin a case under this id
    #[arg(long, value_name = "ID", conflicts_with = "event")]
    start: Option<String>,
    /// What its variables begin with: JSON, or @FILE
    #[arg(long, value_name = "JSON", requires = "start")]
    data: Option<String>,
    /// The session below that is told, by its id, as effects name it. Without it, `done.invoke.ID` and `error.invoke.ID` go where that service was invoked
    #[arg(long, value_name = "ID", requires = "event")]
    to: Option<String>,
    /// The id under which the service that tells it was invoked, as the effect named it
    #[arg(long, value_name = "ID", requires = "event")]
    invoke_id: Option<String>,
    /// Go on after a rest that began then: timers are due as their `restore` says
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant, conflicts_with_all = ["event", "start"])]
    suspended_at: Option<i64>,
    /// End the case: its states are left
    #[arg(long, conflicts_with_all = ["event", "start", "suspended_at"])]
    cancel: bool,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
    /// Tell what happened
    #[arg(long)]
    trace: bool,
}

impl Step {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let chart = self.chart.open()?;
        let now = self.now.unwrap_or_else(clock);
        let (what, step) = if let Some(id) = &self.start {
            if self.session.exists() {
                let path = self.session.display();
                return Err(Failure::usage(format!(
                    "`{path}` is there already: leave out --start"
                )));
            }
            let data = self.data.as_deref().map(given).transpose()?.unwrap_or(Value::Null);
            ("start", chart.definition().begin(self.trace, id, now, &data))
        } else {
            let session = kept(&chart, &self.session)?;
            let event = match self.event.as_deref().map(Told::of).transpose()? {
                Some(Told::Wait(_)) => {
                    return Err(Failure::usage("time passes by --now, without an event"));
                }
                Some(Told::Event(event)) => {
                    Some(Event { invoke_id: self.invoke_id.clone(), ..event })
                }
                None => None,
            };
            let step = chart.definition().run(self.trace, |runs| match (event, &self.to) {
                (Some(event), Some(to)) => runs.deliver(&session, to, event, now),
                (Some(event), None) if event.invoke_id.is_none() => {
                    Told::Event(event).to(runs, &session, now)
                }
                (Some(event), None) => runs.step(&session, event, now),
                (None, _) if self.cancel => runs.cancel(&session, now),
                (None, _) => match self.suspended_at {
                    Some(since) => runs.resume(&session, since, now),
                    None => runs.advance(&session, now),
                },
            });
            (self.event.as_deref().unwrap_or("time"), step)
        };
        let step = step.map_err(ChartFault::from)?;
        let path = self.session.display();
        let fault = |error| Failure::usage(format!("cannot write `{path}`: {error}"));
        write_whole(&self.session, fault, |mut file| {
            writeln!(file, "{}", chart.hold(&step)).map_err(fault)
        })?;
        tell(global, &chart, what, &step)
    }
}

/// The session that a file keeps.
pub(super) fn kept(chart: &Chart, path: &Path) -> Result<Session, Failure> {
    Ok(chart.held(text_of(path)?.trim())?)
}

/// The instant of the machine's clock.
pub(super) fn clock() -> i64 {
    thalium_host::now()
}
