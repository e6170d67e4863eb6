//! `thalium kyc case`: what is done with a case, one command after another.

pub(super) mod log;
mod papers;
pub(super) mod show;
mod work;

use clap::{Args, Subcommand};
use thalium_host::policy::rego::Value;
use thalium_host::{
    self as api, CaseChange, CaseEffect, CaseFault, CaseOutcome, CaseView, ChangeCase, Thalium,
};

use super::run::duty;
use crate::commands::{answered, close};
use crate::failure::Failure;
use crate::output::{Output, note, one_line};
use crate::session::Global;

/// Work on cases: open one, tell it events, take it and give it back, ask for documents and look at them
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A case runs on the chart of its kind (`thalium kyc define`). Say who does something with --actor: their roles are those of the register of staff.
Exit code 1: it was refused, with a code that is a promise, and the case stands as it was.

Example:
  thalium kyc case open case-7 individual --data '{\"party\": \"c42\"}'
  thalium kyc case send case-7 'application.requested={\"level\": \"L1\"}'
  thalium kyc case submit-document case-7 passport scan.pdf
  thalium kyc case claim case-7 --actor reviewer-1
  thalium kyc case show case-7")]
pub(crate) enum CaseCommand {
    Open(work::Open),
    Show(show::Show),
    List(show::List),
    Send(work::Send),
    Assign(work::Assign),
    Claim(work::Claim),
    Release(work::Release),
    Note(work::Note),
    Snooze(work::Snooze),
    Wake(work::Wake),
    Cancel(work::Cancel),
    Reopen(work::Reopen),
    Override(work::Override),
    Escalate(work::Escalate),
    RequestDocument(papers::RequestDocument),
    SubmitDocument(papers::SubmitDocument),
    DecideDocument(papers::DecideDocument),
    Attach(papers::Attach),
    Draw(show::Draw),
    Log(log::Log),
}

impl CaseCommand {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Open(args) => args.run(global),
            Self::Show(args) => args.run(global),
            Self::List(args) => args.run(global),
            Self::Send(args) => args.run(global),
            Self::Assign(args) => args.run(global),
            Self::Claim(args) => args.run(global),
            Self::Release(args) => args.run(global),
            Self::Note(args) => args.run(global),
            Self::Snooze(args) => args.run(global),
            Self::Wake(args) => args.run(global),
            Self::Cancel(args) => args.run(global),
            Self::Reopen(args) => args.run(global),
            Self::Override(args) => args.run(global),
            Self::Escalate(args) => args.run(global),
            Self::RequestDocument(args) => args.run(global),
            Self::SubmitDocument(args) => args.run(global),
            Self::DecideDocument(args) => args.run(global),
            Self::Attach(args) => args.run(global),
            Self::Draw(args) => args.run(global),
            Self::Log(args) => args.run(global),
        }
    }
}

/// Which case, and when.
#[derive(Args, Debug)]
pub(super) struct Which {
    /// The case, by its key
    pub(super) case: String,
    /// Your own id of the request: the same request is not done twice
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
}

impl Which {
    /// A case, at an instant.
    pub(super) const fn at(case: String, now: Option<i64>) -> Self {
        Self { case, request_id: None, now }
    }

    /// Does something to the case, and tells what came of it.
    pub(super) fn change(
        &self,
        global: &Global,
        change: CaseChange,
        data: Option<Value>,
    ) -> Result<(), Failure> {
        let call = ChangeCase {
            case: self.case.clone(),
            change,
            data: None,
            actor: None,
            request_id: self.request_id.clone(),
            now: nanos(self.now),
        };
        let thalium = global.open()?;
        let outcome = thalium.change_case(&call, data)?;
        let output = global.output();
        // What is durable is told before anything else can fail.
        let told = if output.json { output.json(&outcome) } else { tell(output, &outcome) };
        close(thalium);
        answered(told, outcome.ok)
    }
}

/// An instant as the host takes it.
pub(super) fn nanos(instant: Option<i64>) -> Option<String> {
    instant.map(|instant| instant.to_string())
}

/// What came of something, for people.
fn tell(output: Output, outcome: &CaseOutcome) -> Result<(), Failure> {
    let Some(now) = outcome.now.as_ref().filter(|_| outcome.ok) else {
        return output.line(refused(outcome));
    };
    let how = match (outcome.replayed, outcome.late, outcome.heard) {
        (true, ..) => " (done already)",
        (_, true, _) => " (overtaken: written down, and not heard)",
        (_, _, false) => " (not heard)",
        (false, false, true) => "",
    };
    output.line(one_line(&format!("{} → {}{how}", now.case, stands(now))))?;
    effects(output, &now.case, &outcome.effects)
}

/// Why something was not done, in a line.
pub(super) fn refused(outcome: &CaseOutcome) -> String {
    let code = outcome.code.as_deref().unwrap_or_default();
    let reason = outcome.reason.as_deref().unwrap_or_default();
    one_line(&format!("rejected  {}  {code}: {reason}", outcome.case))
}

/// Where a case stands, in a line.
fn stands(case: &CaseView) -> String {
    let is = if case.status == "open" { case.states.join(", ") } else { case.status.clone() };
    let votes = case.pending.as_ref().map(|pending| {
        let by: Vec<&str> = pending.votes.iter().map(|vote| vote.by.as_str()).collect();
        format!("{} by {}", pending.decision, by.join(", "))
    });
    let parts = [
        Some(is),
        case.place.as_ref().map(|place| format!("in {}", place.queue)),
        case.assignee.as_ref().map(|who| format!("with {who}")),
        votes,
        case.snoozed_until.as_ref().map(|until| format!("rests until {until}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

/// What the host is to do, a line each; that of another case with its name.
pub(super) fn effects(output: Output, own: &str, effects: &[CaseEffect]) -> Result<(), Failure> {
    effects.iter().try_for_each(|CaseEffect { case, effect }| {
        let whose = if case == own { String::new() } else { format!("{case}: ") };
        output.line(one_line(&format!("  {whose}{}", duty(effect))))
    })
}

/// Looks at cases.
pub(super) fn look<T>(
    global: &Global,
    ask: impl Fn(&Thalium) -> Result<T, CaseFault>,
) -> Result<T, Failure> {
    Ok(looked(global, ask)??)
}

/// Looks at a case that has to be there.
pub(super) fn look_at<T>(
    global: &Global,
    case: &str,
    ask: impl Fn(&Thalium) -> Result<T, CaseFault>,
) -> Result<T, Failure> {
    match looked(global, ask)? {
        Err(CaseFault::Ledger(api::Error::Invalid(error))) if error.field == "case" => {
            let output = global.output();
            if output.json {
                output.json(&serde_json::json!({
                    "ok": false, "status": "not_found", "what": "case", "name": case, "reason": error.message,
                }))?;
            } else {
                note(format!("thalium: {}", error.message));
            }
            Err(Failure::Rejected)
        }
        told => Ok(told?),
    }
}

/// Beside a writer where that will do. What is sealed is opened with keys that only a writer has, and its reading is written down.
fn looked<T>(
    global: &Global,
    ask: impl Fn(&Thalium) -> Result<T, CaseFault>,
) -> Result<Result<T, CaseFault>, Failure> {
    let thalium = global.open_to_read()?;
    let told = ask(&thalium);
    if !matches!(told, Err(CaseFault::Ledger(api::Error::ReadOnly))) {
        return Ok(told);
    }
    drop(thalium);
    let thalium = global.open()?;
    let told = ask(&thalium);
    close(thalium);
    Ok(told)
}
