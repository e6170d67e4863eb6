//! `thalium kyc run`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use thalium_host::kyc::chart::{Event, Interpreter, Session, Status, Step, StepError};
use thalium_host::kyc::{Rules, chart::Duration};
use thalium_host::policy::rego::Value;
use thalium_host::wire::{ChartEffect, ChartRead, ChartStep};
use thalium_host::{Chart, ChartFault};

use super::ChartArgs;
use crate::commands::text_of;
use crate::failure::Failure;
use crate::output::one_line;
use crate::session::Global;

/// Begin a case and give it events, one after another: tells where it stands after each, and what it asks of the host
#[derive(Args, Debug)]
#[command(after_help = "\
An event is NAME, or NAME=JSON with the data that it carries; +DURATION lets time pass, and timers that are due happen. What a service answers comes as
done.invoke.ID or error.invoke.ID, wherever it was invoked.
Exit code 2: an event was refused, and the case stands as it was before, or it had ended already.

Examples:
  thalium kyc run onboarding.yaml submitted approve
  thalium kyc run onboarding.yaml submitted 'done.invoke.screen={\"hits\": []}'
  thalium kyc run onboarding.yaml --data '{\"attempts\": 2}' 'submitted={\"document\": \"passport\"}' +P30D --trace")]
pub(crate) struct Run {
    #[command(flatten)]
    chart: ChartArgs,
    /// The events, in order: NAME, NAME=JSON, or +DURATION such as +PT72H, +P1M, +250ms
    events: Vec<String>,
    /// The id of the case
    #[arg(long, default_value = "case-1")]
    id: String,
    /// What its variables begin with: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
    /// The instant at which it begins, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
    /// Tell the guards that were asked, with what they read, and the states that were left and entered
    #[arg(long)]
    trace: bool,
}

impl Run {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let chart = self.chart.open()?;
        let mut now = self.now.unwrap_or_else(super::step::clock);
        let data = self.data.as_deref().map(given).transpose()?.unwrap_or(Value::Null);
        let step = chart.definition().begin(self.trace, &self.id, now, &data);
        let step = step.map_err(ChartFault::from)?;
        tell(global, &chart, "start", &step)?;
        let mut session = step.session;
        for (place, text) in self.events.iter().enumerate() {
            if session.status() == Status::Done {
                let rest = self.events.get(place..).unwrap_or_default().join(" ");
                return Err(Failure::usage(format!(
                    "the case has ended, and was not told: {rest}"
                )));
            }
            let told = Told::of(text)?;
            if let Told::Wait(wait) = &told {
                now = wait.after(now).map_err(Failure::usage)?;
            }
            let step = self.step(&chart, |runs| told.to(runs, &session, now))?;
            tell(global, &chart, text, &step)?;
            session = step.session;
        }
        Ok(())
    }

    fn step(
        &self,
        chart: &Chart,
        step: impl FnOnce(&mut Interpreter<'_, '_, Rules<'_>>) -> Result<Step, StepError>,
    ) -> Result<Step, Failure> {
        Ok(chart.definition().run(self.trace, step).map_err(ChartFault::from)?)
    }
}

/// What a case is told.
pub(super) enum Told {
    Event(Event),
    Wait(Duration),
}

impl Told {
    pub(super) fn of(text: &str) -> Result<Self, Failure> {
        if let Some(wait) = text.strip_prefix('+') {
            return wait.parse().map(Self::Wait).map_err(Failure::usage);
        }
        let (name, data) = match text.split_once('=') {
            Some((name, json)) => (name, Some(given(json)?)),
            None => (text, None),
        };
        if name.is_empty() {
            return Err(Failure::usage("an event has a name: NAME or NAME=JSON"));
        }
        Ok(Self::Event(Event { name: name.to_owned(), data, ..Event::default() }))
    }

    pub(super) fn to(
        &self,
        runs: &mut Interpreter<'_, '_, Rules<'_>>,
        session: &Session,
        now: i64,
    ) -> Result<Step, StepError> {
        match self {
            Self::Event(event) => match answers(session, &event.name) {
                Some((to, invoke_id)) => {
                    let event = Event { invoke_id: Some(invoke_id), ..event.clone() };
                    runs.deliver(session, to, event, now)
                }
                None => runs.step(session, event.clone(), now),
            },
            Self::Wait(_) => runs.advance(session, now),
        }
    }
}

/// The session whose service tells an event such as `done.invoke.ID`, and that service as its effect named it; none, if no service goes on under
/// that id. The innermost first: what is outside hears what comes of it.
fn answers<'s>(session: &'s Session, name: &str) -> Option<(&'s str, String)> {
    let id = name.strip_prefix("done.invoke.").or_else(|| name.strip_prefix("error.invoke."))?;
    let below = session.children().find_map(|(_, child)| answers(child, name));
    below.or_else(|| {
        let is_it = |known: &Arc<str>| {
            **known == *id || known.split_once('#').is_some_and(|(known, _)| known == id)
        };
        session.services().find(is_it).map(|known| (session.id(), known.to_string()))
    })
}

/// JSON, or that of a file.
pub(super) fn given(text: &str) -> Result<Value, Failure> {
    let read = match text.strip_prefix('@') {
        Some(path) => text_of(&PathBuf::from(path))?,
        None => text.to_owned(),
    };
    Value::from_json_strict(&read)
        .map_err(|error| Failure::usage(format!("the data is no JSON: {error}")))
}

pub(super) fn tell(global: &Global, chart: &Chart, what: &str, step: &Step) -> Result<(), Failure> {
    let view = chart.step_view(step);
    let output = global.output();
    if output.json {
        return output.json(&view);
    }
    let ChartStep { at, effects, faults, trace, .. } = view;
    let end = match (at.done, step.heard) {
        (true, _) => " (done)",
        (false, false) => " (not heard)",
        (false, true) => "",
    };
    output.line(one_line(&format!("{what} → {}{end}", at.states.join(", "))))?;
    for micro in &trace {
        for guard in &micro.guards {
            let held = guard
                .held
                .map_or("cannot be told", |held| if held { "holds" } else { "does not hold" });
            output.line(one_line(&format!(
                "    {} {held} ({})",
                guard.path,
                values(&guard.read)
            )))?;
        }
        for mapping in &micro.mappings {
            let held =
                mapping.held.map_or("read", |held| if held { "holds" } else { "does not hold" });
            output.line(one_line(&format!(
                "    {} {held} ({})",
                mapping.path,
                values(&mapping.read)
            )))?;
        }
        let parts = [
            micro.event.as_ref().map(|event| format!("on {event}")),
            (!micro.exited.is_empty()).then(|| format!("left {}", micro.exited.join(", "))),
            (!micro.entered.is_empty()).then(|| format!("entered {}", micro.entered.join(", "))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            output.line(one_line(&format!("    {}", parts.join(": "))))?;
        }
    }
    faults.iter().try_for_each(|fault| output.line(one_line(&format!("  failed: {fault}"))))?;
    effects.iter().try_for_each(|effect| output.line(one_line(&format!("  {}", duty(effect)))))?;
    at.pending.iter().try_for_each(|it| {
        output.line(one_line(&format!("  waits: {} at {}", it.event, it.due)))
    })?;
    if at.data == "{}" { Ok(()) } else { output.line(one_line(&format!("  data: {}", at.data))) }
}

fn values(read: &[ChartRead]) -> String {
    let read: Vec<String> =
        read.iter().map(|read| format!("{} = {}", read.name, read.value)).collect();
    read.join(", ")
}

/// What is to be done, in words.
pub(super) fn duty(effect: &ChartEffect) -> String {
    let parts = [
        effect.name.clone(),
        effect.of_type.as_ref().map(|kind| format!("type {kind}")),
        effect.src.as_ref().map(|src| format!("src {src}")),
        effect.target.as_ref().map(|target| format!("to {target}")),
        effect.id.as_ref().map(|id| format!("id {id}")),
        effect.data.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}: {}", effect.kind, parts.join(" "))
}
