//! Decides commands over what they would leave, without doing anything: a command that stands alone, or a chain whose
//! members succeed or fail together.
//!
//! Executing applies what comes out of it, a preview lays it over the books and throws it away, so both tell the same.

use std::borrow::Cow;

use crate::command::{Command, Request};
use crate::event::TransferFailed;
use crate::ledger::account::AccountFlags;
use crate::ledger::detail::{Detail, Sealed};
use crate::ledger::status::{AccountStatus, AssetStatus, TransferStatus};
use crate::ledger::transaction::{Side, Transaction};
use crate::ledger::transfer::{Group, TransferFlags};
use crate::ledger::{
    Ahead, Overlay, Plan, Refused, Slot, View, validate_account, validate_asset,
    validate_transaction, validate_transfer,
};
use crate::outcome::{Outcome, Status};
use crate::party::{self, Change, NoSubject, PartyStatus, Registry, SealedTo, Stamp};

/// What the commands of a request have in common: where their instants begin, and what is imported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// The instant of the first command.
    pub(crate) base: i64,
    newest: i64,
    accounts_imported: bool,
    transfers_imported: bool,
}

impl Frame {
    pub(crate) fn new(request: &Request, base: i64, ticks: i64) -> Self {
        Self {
            base,
            newest: base + (ticks - 1).max(0),
            accounts_imported: first_imported(&request.commands, true),
            transfers_imported: first_imported(&request.commands, false),
        }
    }

    pub(crate) fn slot(&self, command: &Command, timestamp: i64, likely: [u32; 2]) -> Slot {
        let imported = match command {
            Command::Account(_) => self.accounts_imported,
            _ => self.transfers_imported,
        };
        Slot { timestamp, newest: self.newest, imported, likely }
    }
}

/// A decision that has passed every check, of whichever domain.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Of the books.
    Books(Plan<'static>),
    /// Of the registry of parties, at an instant.
    Party(Box<Change>, i64),
}

impl Step {
    fn when_and_amount(&self) -> (i64, u128) {
        match self {
            Self::Books(plan) => plan.when_and_amount(),
            Self::Party(_, timestamp) => (*timestamp, 0),
        }
    }
}

/// What deciding looks at.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) books: &'a dyn View,
    pub(crate) parties: &'a Registry,
}

/// What becomes of a command or a chain.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// One outcome per command. The sequence of what is created now counts from zero; see [`Decided::at`].
    outcomes: Vec<Outcome>,
    /// What is to be applied, in order: all that was asked for, or the spending of the id that failed, or nothing.
    pub(crate) steps: Vec<Step>,
}

impl Decided {
    /// The outcomes, once it is known which sequence the first plan gets.
    pub(crate) fn at(self, first: u64) -> impl Iterator<Item = Outcome> {
        self.outcomes.into_iter().map(move |outcome| {
            let offset = if outcome.status.is_created() { first } else { 0 };
            Outcome { sequence: outcome.sequence + offset, ..outcome }
        })
    }

    fn refused(command: &Command, outcome: Outcome) -> Self {
        let burnt = spent_by(command, outcome.status)
            .map(|failed| Step::Books(Plan::Failed(failed, outcome.timestamp)));
        Self { outcomes: vec![outcome], steps: burnt.into_iter().collect() }
    }

    fn planned(&mut self, command: &Command, steps: Vec<Step>) {
        let mut told = Outcome {
            status: created(command),
            timestamp: 0,
            sequence: self.steps.len() as u64,
            amount: 0,
        };
        for (part, step) in steps.iter().enumerate() {
            let (timestamp, amount) = step.when_and_amount();
            if part == 0 {
                told.timestamp = timestamp;
            }
            told.amount = told.amount.saturating_add(amount);
        }
        self.outcomes.push(told);
        self.steps.extend(steps);
    }
}

/// Decides a command that stands alone.
pub(crate) fn decide_alone(known: Known<'_>, command: &Command, slot: Slot) -> Decided {
    let mut decided = Decided::default();
    match plan(known, command, slot) {
        Ok(steps) => decided.planned(command, steps),
        Err(outcome) => decided = Decided::refused(command, outcome),
    }
    decided
}

/// Decides a chain: every member over what the ones before it would leave, then all of them or none.
///
/// INVARIANT: only the last member can be one of the registry, since such a command is linked to no next one. So the registry
/// needs no overlay of its own, but for what the bookings before a forgetting have the law keep.
pub(crate) fn decide_chain(
    known: Known<'_>,
    chain: &[Command],
    start: i64,
    frame: &Frame,
) -> Decided {
    let open = chain.last().is_some_and(Command::is_linked);
    let mut overlay = Overlay::new(known.books);
    let mut parties = Cow::Borrowed(known.parties);
    let forgets = matches!(chain.last(), Some(Command::Party(change)) if matches!(**change, Change::Forget(_)));
    let mut decided = Decided::default();
    let mut at = start;
    for (index, command) in chain.iter().enumerate() {
        let slot = frame.slot(command, at, Ahead::NONE);
        let planned = if open && index + 1 == chain.len() {
            Err(failed(chain_open(command), at))
        } else {
            plan(Known { books: &overlay, parties: &parties }, command, slot)
        };
        match planned {
            Ok(steps) => {
                for step in &steps {
                    if let Step::Books(plan) = step {
                        overlay.absorb(plan, 0);
                        if forgets {
                            keep(&mut parties, plan);
                        }
                    }
                }
                decided.planned(command, steps);
            }
            Err(outcome) => return break_chain(chain, start, index, outcome),
        }
        at += command.ticks();
    }
    decided
}

/// The outcomes of a chain that broke. Only the id of the member that failed is spent: the others were never tried.
fn break_chain(chain: &[Command], start: i64, at_fault: usize, outcome: Outcome) -> Decided {
    let open = chain.last().is_some_and(Command::is_linked);
    let mut broken = Decided::default();
    let mut at = start;
    for (index, command) in chain.iter().enumerate() {
        if index == at_fault {
            let refused = Decided::refused(command, outcome);
            broken.steps = refused.steps;
            broken.outcomes.extend(refused.outcomes);
        } else if open && index + 1 == chain.len() {
            broken.outcomes.push(failed(chain_open(command), at));
        } else {
            broken.outcomes.push(failed(linked_failed(command), at));
        }
        at += command.ticks();
    }
    broken
}

fn plan(known: Known<'_>, command: &Command, slot: Slot) -> Result<Vec<Step>, Outcome> {
    let (view, at) = (known.books, slot.timestamp);
    let plan = match command {
        Command::Asset(asset) => {
            let plan = validate_asset(view, asset, slot);
            plan.map_err(|status| failed(Status::Asset(status), at))?
        }
        Command::Account(account) => {
            let plan = validate_account(view, account, slot);
            let plan = plan.map_err(|status| account_refusal(view, account.id, status, at))?;
            let sealed = may_seal(known.parties, account.detail.as_deref());
            sealed.map_err(|reason| failed(account_of_no_one(reason), at))?;
            plan
        }
        Command::Transfer(transfer) => {
            let plan = validate_transfer(view, transfer, slot, Group::default());
            let plan = plan.map_err(|refused| refusal(&refused, at))?;
            may_seal_transfer(known.parties, transfer.detail.as_deref())
                .map_err(|status| failed(Status::Transfer(status), at))?;
            Plan::Transfer(plan.into_owned())
        }
        Command::Transaction(transaction) => {
            let plans = validate_transaction(&mut Overlay::new(view), transaction, slot);
            let plans = plans.map_err(|refused| transaction_refusal(transaction, &refused, at))?;
            may_seal_transfer(known.parties, transaction.detail.as_deref())
                .map_err(|status| failed(Status::Transfer(status), at))?;
            return Ok(plans.into_iter().map(|plan| Step::Books(Plan::Transfer(plan))).collect());
        }
        Command::Party(change) => {
            let account = |id| view.account(id).map(|index| view.head(index).id);
            let change = known.parties.decide(change, at, account);
            let change = change.map_err(|refused| party_refusal(refused, at))?;
            return Ok(vec![Step::Party(Box::new(change), at)]);
        }
    };
    Ok(vec![Step::Books(plan)])
}

/// What the registry is told of what is sealed along with a booking.
pub(crate) fn sealed_to(sealed: &Sealed) -> SealedTo<'_> {
    SealedTo {
        subject: sealed.subject,
        years: sealed.years,
        retention: Some(sealed.retention.as_str()).filter(|class| !class.is_empty()),
        has_value: !sealed.value.is_empty(),
    }
}

/// Whether the sealed part of a detail may be sealed to its party.
fn may_seal(parties: &Registry, detail: Option<&Detail>) -> Result<(), NoSubject> {
    match Detail::sealed_in(detail) {
        Some(sealed) => parties.may_seal(sealed_to(sealed)),
        None => Ok(()),
    }
}

fn account_of_no_one(reason: NoSubject) -> Status {
    Status::Account(match reason {
        NoSubject::NotFound => AccountStatus::SubjectNotFound,
        NoSubject::NoRetention => AccountStatus::RetentionNotFound,
        NoSubject::Merged => AccountStatus::SubjectWasMerged,
        NoSubject::Forgotten => AccountStatus::SubjectWasForgotten,
        NoSubject::NoKey => AccountStatus::SubjectKeyNotAvailable,
    })
}

/// As [`may_seal`], for a transfer or a transaction.
pub(crate) fn may_seal_transfer(
    parties: &Registry,
    detail: Option<&Detail>,
) -> Result<(), TransferStatus> {
    may_seal(parties, detail).map_err(|reason| match reason {
        NoSubject::NotFound => TransferStatus::SubjectNotFound,
        NoSubject::NoRetention => TransferStatus::RetentionNotFound,
        NoSubject::Merged => TransferStatus::SubjectWasMerged,
        NoSubject::Forgotten => TransferStatus::SubjectWasForgotten,
        NoSubject::NoKey => TransferStatus::SubjectKeyNotAvailable,
    })
}

/// Has a registry that is looked at know of what a plan has the law keep: a copy is made the first time that it does for longer.
pub(crate) fn keep(parties: &mut Cow<'_, Registry>, plan: &Plan<'_>) {
    if let Some(sealed) = plan.sealed()
        && parties.is_kept_longer(sealed_to(sealed))
    {
        parties.to_mut().keep(sealed_to(sealed));
    }
}

fn party_refusal(refused: party::Refused, at: i64) -> Outcome {
    let status = Status::Party(refused.status);
    match refused.original {
        Some(Stamp { sequence, timestamp }) => Outcome { status, timestamp, sequence, amount: 0 },
        None => failed(status, at),
    }
}

/// The outcome of a transfer that was refused.
pub(crate) fn refusal(refused: &Refused<TransferStatus>, at: i64) -> Outcome {
    let status = Status::Transfer(refused.status);
    match (&refused.existing, refused.status) {
        (Some(existing), TransferStatus::Exists) => Outcome {
            status,
            timestamp: existing.transfer.timestamp,
            sequence: existing.sequence,
            amount: existing.transfer.amount,
        },
        _ => failed(status, at),
    }
}

/// The answer to a retry of a transaction names what all its transfers moved, as the first answer did.
fn transaction_refusal(
    transaction: &Transaction,
    refused: &Refused<TransferStatus>,
    at: i64,
) -> Outcome {
    let mut outcome = refusal(refused, at);
    if refused.status == TransferStatus::Exists {
        let debits = transaction.legs.iter().filter(|leg| leg.side == Side::Debit);
        outcome.amount = debits.fold(0, |sum, leg| sum.saturating_add(leg.amount));
    }
    outcome
}

fn account_refusal(view: &dyn View, id: crate::Id, status: AccountStatus, at: i64) -> Outcome {
    let original = if status == AccountStatus::Exists { view.account(id) } else { None };
    let (timestamp, sequence) = original.map_or((at, 0), |index| view.opening(index));
    Outcome { status: Status::Account(status), timestamp, sequence, amount: 0 }
}

fn failed(status: Status, timestamp: i64) -> Outcome {
    Outcome { status, timestamp, sequence: 0, amount: 0 }
}

/// The id that a refusal spends: that of an attempt that failed for a reason that may pass.
fn spent_by(command: &Command, status: Status) -> Option<TransferFailed> {
    let Status::Transfer(status) = status else { return None };
    let id = match command {
        Command::Transfer(transfer) => transfer.id,
        Command::Transaction(transaction) => transaction.id,
        Command::Asset(_) | Command::Account(_) | Command::Party(_) => return None,
    };
    status.is_transient().then_some(TransferFailed { id, status })
}

fn first_imported(commands: &[Command], accounts: bool) -> bool {
    commands
        .iter()
        .find_map(|command| match command {
            Command::Account(account) if accounts => {
                Some(account.flags.has(AccountFlags::IMPORTED))
            }
            Command::Transfer(transfer) if !accounts => {
                Some(transfer.flags.has(TransferFlags::IMPORTED))
            }
            Command::Transaction(_) if !accounts => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}

fn created(command: &Command) -> Status {
    match command {
        Command::Asset(_) => Status::Asset(AssetStatus::Created),
        Command::Account(_) => Status::Account(AccountStatus::Created),
        Command::Transfer(_) | Command::Transaction(_) => Status::Transfer(TransferStatus::Created),
        Command::Party(_) => Status::Party(PartyStatus::Created),
    }
}

fn linked_failed(command: &Command) -> Status {
    match command {
        Command::Asset(_) => Status::Asset(AssetStatus::LinkedEventFailed),
        Command::Account(_) => Status::Account(AccountStatus::LinkedEventFailed),
        Command::Transfer(_) | Command::Transaction(_) => {
            Status::Transfer(TransferStatus::LinkedEventFailed)
        }
        Command::Party(_) => Status::Party(PartyStatus::LinkedEventFailed),
    }
}

fn chain_open(command: &Command) -> Status {
    match command {
        Command::Account(_) => Status::Account(AccountStatus::LinkedEventChainOpen),
        // INVARIANT: neither an asset nor a party is ever linked, so neither leaves a chain open.
        Command::Asset(_) => Status::Asset(AssetStatus::LinkedEventFailed),
        Command::Party(_) => Status::Party(PartyStatus::LinkedEventFailed),
        Command::Transfer(_) | Command::Transaction(_) => {
            Status::Transfer(TransferStatus::LinkedEventChainOpen)
        }
    }
}
