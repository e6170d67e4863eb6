//! What is done with a case, but for its documents and decisions.

use clap::Args;
use thalium_host::{
    AssignCase, CaseChange, CaseNote, EscalateCase, NoMore, OpenCase, OverrideCase, SendToCase,
    SnoozeCase, WithReason,
};

use super::Which;
use crate::commands::kyc::run::{Told, given};
use crate::failure::Failure;
use crate::session::Global;

/// Open a case of a kind: its chart begins
#[derive(Args, Debug)]
#[command(after_help = "\
A case about a party is sealed with the party's own key: that takes an encrypted store. With a retention class a law has it kept, without one consent.

Examples:
  thalium kyc case open case-7 individual --data '{\"risk\": \"low\"}'
  thalium kyc case open case-7 individual --party c42 --retention aml --data @begin.json --request-id web-1")]
pub(crate) struct Open {
    #[command(flatten)]
    which: Which,
    /// The kind that it is of
    kind: String,
    /// Whom it is about: the party's key or id
    #[arg(long, value_name = "PARTY")]
    party: Option<String>,
    /// The retention class that says how long a law has it kept [default: held by consent]
    #[arg(long, value_name = "CLASS", requires = "party")]
    retention: Option<String>,
    /// The case that it is opened for, which hears how it ends
    #[arg(long, value_name = "CASE")]
    parent: Option<String>,
    /// What its variables begin with: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

impl Open {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let data = self.data.as_deref().map(given).transpose()?;
        let open = OpenCase {
            kind: self.kind.clone(),
            party: self.party.clone(),
            retention: self.retention.clone(),
            parent: self.parent.clone(),
        };
        self.which.change(global, CaseChange::Open(open), data)
    }
}

/// Tell the chart of a case an event: one of a customer, a provider or a machine; what people decide has commands of its own
#[derive(Args, Debug)]
#[command(after_help = "\
An event that the chart has no transition for is `not heard`, and the case stands as it was.

Examples:
  thalium kyc case send case-7 application.withdrawn
  thalium kyc case send case-7 'screening.done={\"hits\": [], \"risk\": \"low\"}' --request-id callback-118
  thalium kyc case send case-7 'done.invoke.screen={\"hits\": []}' --invoke-id screen")]
pub(crate) struct Send {
    #[command(flatten)]
    which: Which,
    /// The event: NAME, or NAME=JSON with the data that it carries
    event: String,
    /// The session below the case that is told, by its id
    #[arg(long, value_name = "ID")]
    to: Option<String>,
    /// The id under which the service that tells it was invoked, as the effect named it
    #[arg(long, value_name = "ID")]
    invoke_id: Option<String>,
}

impl Send {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let Told::Event(event) = Told::of(&self.event)? else {
            return Err(Failure::usage("time passes by `thalium kyc advance`, without an event"));
        };
        let send = SendToCase {
            event: event.name,
            session: self.to.clone(),
            invoke_id: self.invoke_id.clone(),
        };
        self.which.change(global, CaseChange::Send(send), event.data)
    }
}

/// Have somebody work on a case
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium kyc case assign case-7 reviewer-2 --actor reviewer-1")]
pub(crate) struct Assign {
    #[command(flatten)]
    which: Which,
    /// Who: a person on the register of staff
    person: String,
}

impl Assign {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let to = self.person.clone();
        self.which.change(global, CaseChange::Assign(AssignCase { to }), None)
    }
}

/// Take a case from its queue: the actor works on it
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium kyc case claim case-7 --actor reviewer-1")]
pub(crate) struct Claim {
    #[command(flatten)]
    which: Which,
}

impl Claim {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        self.which.change(global, CaseChange::Claim(NoMore {}), None)
    }
}

/// Give a case back to its queue: nobody works on it any more
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium kyc case release case-7 --actor reviewer-1")]
pub(crate) struct Release {
    #[command(flatten)]
    which: Which,
}

impl Release {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        self.which.change(global, CaseChange::Release(NoMore {}), None)
    }
}

/// Write something down in the log of a case
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case note case-7 'called twice, nobody answers' --actor reviewer-1"
)]
pub(crate) struct Note {
    #[command(flatten)]
    which: Which,
    /// What
    text: String,
}

impl Note {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let text = self.text.clone();
        self.which.change(global, CaseChange::Note(CaseNote { text }), None)
    }
}

/// Have a case rest: its queue does not show it until then, and its deadlines go on
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case snooze case-7 --until 2026-02-15 --why 'waits for the bank' --actor reviewer-1"
)]
pub(crate) struct Snooze {
    #[command(flatten)]
    which: Which,
    /// Until when: 2026-01-31 or 2026-01-31T09:30:00Z
    #[arg(long, value_name = "WHEN", value_parser = crate::commands::instant)]
    until: i64,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
    /// Its time rests, too: its timers are due as their `restore` says when it goes on, which it does when anything is done to it
    #[arg(long)]
    pause: bool,
}

impl Snooze {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let (until, why, pause) = (self.until.to_string(), self.why.clone(), self.pause);
        let snooze = SnoozeCase { until, why, pause };
        self.which.change(global, CaseChange::Snooze(snooze), None)
    }
}

/// End the rest of a case
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium kyc case wake case-7 --actor reviewer-1")]
pub(crate) struct Wake {
    #[command(flatten)]
    which: Which,
}

impl Wake {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        self.which.change(global, CaseChange::Wake(NoMore {}), None)
    }
}

/// End a case from outside: the states of its chart are left, and what it invoked is cancelled
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case cancel case-7 --why 'opened by mistake' --actor reviewer-1"
)]
pub(crate) struct Cancel {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
}

impl Cancel {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let why = self.why.clone();
        self.which.change(global, CaseChange::Cancel(WithReason { why }), None)
    }
}

/// Begin a case again that has ended, in the newest version of its kind
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case reopen case-7 --why 'the customer came back' --actor senior-1"
)]
pub(crate) struct Reopen {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
}

impl Reopen {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let why = self.why.clone();
        self.which.change(global, CaseChange::Reopen(WithReason { why }), None)
    }
}

/// Decide something beside the rules, for a time: the chart hears it, and hears when it is over
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case override case-7 --until 2026-02-15 --why 'ordered by a court' --data '{\"reason\": \"court_order\"}' --actor senior-1"
)]
pub(crate) struct Override {
    #[command(flatten)]
    which: Which,
    /// Until when: 2026-01-31 or 2026-01-31T09:30:00Z
    #[arg(long, value_name = "WHEN", value_parser = crate::commands::instant)]
    until: i64,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
    /// What the chart is told: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

impl Override {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let data = self.data.as_deref().map(given).transpose()?;
        let it = OverrideCase { why: self.why.clone(), until: self.until.to_string() };
        self.which.change(global, CaseChange::Override(it), data)
    }
}

/// Have a case go on to another queue
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case escalate case-7 senior --why 'a minister, probably' --actor reviewer-1"
)]
pub(crate) struct Escalate {
    #[command(flatten)]
    which: Which,
    /// The queue
    queue: String,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
}

impl Escalate {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let it = EscalateCase { queue: self.queue.clone(), why: self.why.clone() };
        self.which.change(global, CaseChange::Escalate(it), None)
    }
}
