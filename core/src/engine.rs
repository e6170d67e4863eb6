//! The engine: the only place that sees all domains together. It takes requests and gives outcomes and event bytes.

use crate::audit::merkle::{Hash, MerkleTree};
use crate::bounds;
use crate::command::{Command, Context, Request};
use crate::event::{self, Body, Envelope, EventError, TransferFailed};
use crate::ledger::status::{AccountStatus, AssetStatus, TransferStatus};
use crate::ledger::transaction::{Side, Transaction};
use crate::ledger::transfer::Group;
use crate::ledger::{
    self, Ahead, Book, Overlay, Plan, Slot, validate_account, validate_asset, validate_transaction,
    validate_transfer,
};
use crate::outcome::{Outcome, Status};

pub use crate::bounds::RequestError;
pub use crate::event::Genesis;

/// One tenant's engine: its books, and the tree over its log.
#[derive(Clone, Debug)]
pub struct Engine {
    book: Book,
    tree: MerkleTree,
    jump_max: i64,
}

/// What executing a request gave.
#[derive(Clone, Debug, Default)]
pub struct Executed {
    /// One outcome per command, in order.
    pub outcomes: Vec<Outcome>,
    /// The sequence of the first new event. [`Book::events_from`] reads them where they stand.
    pub first_event: u64,
    /// How many new events there are.
    pub event_count: u64,
}

/// Event bytes that do not continue the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The bytes are no event.
    #[error("event {sequence}: {error}")]
    Event {
        /// The place at which it should stand.
        sequence: u64,
        /// What is wrong with it.
        error: EventError,
    },
    /// The event does not follow from the log before it.
    #[error(transparent)]
    Fold(#[from] ledger::FoldError),
    /// The first event is no genesis event, or of rules that this build does not know.
    #[error(
        "the log was begun with format {format} and rules {rules}; this build knows format 1 and rules 1"
    )]
    Genesis {
        /// The format.
        format: u32,
        /// The rules.
        rules: u32,
    },
}

/// A request's state while its commands are decided.
struct Run<'a> {
    envelope: &'a Context,
    base: i64,
    newest: i64,
    accounts_imported: bool,
    transfers_imported: bool,
    request: Option<u64>,
}

impl Run<'_> {
    fn slot(&self, command: &Command, timestamp: i64, likely: [u32; 2]) -> Slot {
        let imported = match command {
            Command::Account(_) => self.accounts_imported,
            _ => self.transfers_imported,
        };
        Slot { timestamp, newest: self.newest, imported, likely }
    }
}

impl Engine {
    /// An engine with an empty log of the tenant's. Its first event says which formats and rules it was begun with.
    #[must_use]
    pub fn new(genesis: Genesis) -> Self {
        let mut engine = Self::empty();
        engine.book.note(0, 0, &Body::Genesis(genesis));
        engine
    }

    /// An engine without a log, to replay one into.
    #[must_use]
    pub fn empty() -> Self {
        Self { book: Book::default(), tree: MerkleTree::default(), jump_max: i64::MAX }
    }

    /// Refuses requests dated further ahead of the log's newest instant than this many nanoseconds.
    #[must_use]
    pub fn with_jump_limit(mut self, nanos: i64) -> Self {
        self.jump_max = nanos;
        self
    }

    /// The books.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Executes a request.
    ///
    /// # Errors
    /// A request that is out of bounds as a whole; nothing has changed then. A command that is refused is an outcome.
    pub fn execute(&mut self, request: &Request) -> Result<Executed, RequestError> {
        let mut executed = Executed::default();
        self.execute_into(request, &mut executed)?;
        Ok(executed)
    }

    /// Executes a request into buffers that are used again, so that the accept path allocates nothing.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub fn execute_into(
        &mut self,
        request: &Request,
        executed: &mut Executed,
    ) -> Result<(), RequestError> {
        executed.outcomes.clear();
        let ticks = bounds::check(&self.book, self.jump_max, request)?;
        executed.first_event = self.book.event_count();
        let mut base = self.book.clock().saturating_add(1).max(request.now);
        let due = base;
        while let Some(position) = self.book.due(due) {
            self.book.expire(base, position);
            base += 1;
        }
        let mut run = Run {
            envelope: &request.context,
            base,
            newest: base + (ticks - 1).max(0),
            accounts_imported: first_imported(&request.commands, true),
            transfers_imported: first_imported(&request.commands, false),
            request: None,
        };
        executed.outcomes.reserve(request.commands.len());
        self.run(&request.commands, &mut run, executed);
        executed.event_count = self.book.event_count() - executed.first_event;
        Ok(())
    }

    /// What executing a request would give, without doing it. Event bytes are left out.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub fn preview(&self, request: &Request) -> Result<Vec<Outcome>, RequestError> {
        // A preview of the holds that are due would need them released; the clone shares nothing with the books.
        self.clone().execute(request).map(|executed| executed.outcomes)
    }

    /// Takes in one event of a log that was written before. Used by recovery, before any request.
    ///
    /// # Errors
    /// Bytes that do not continue the log; nothing has changed then.
    pub fn replay(&mut self, bytes: &[u8]) -> Result<(), ReplayError> {
        let sequence = self.book.event_count();
        let (header, body) =
            event::decode(bytes).map_err(|error| ReplayError::Event { sequence, error })?;
        match &body {
            Body::Genesis(genesis) if genesis.format != 1 || genesis.rules != 1 => {
                return Err(ReplayError::Genesis { format: genesis.format, rules: genesis.rules });
            }
            Body::Genesis(_) if sequence == 0 => {}
            _ if sequence == 0 => return Err(ReplayError::Genesis { format: 0, rules: 0 }),
            _ => {}
        }
        Ok(self.book.fold(header, &body, bytes)?)
    }

    /// The root of the Merkle tree over the log so far; hashes what was not hashed yet.
    pub fn root(&mut self) -> Hash {
        for event in self.book.events_from(self.tree.size()) {
            self.tree.push(event);
        }
        self.tree.root()
    }

    /// The digest of the state that the log leads to. See [`crate::invariants`].
    #[must_use]
    pub fn state_hash(&self) -> Hash {
        crate::invariants::state_hash(&self.book)
    }

    /// The books, for tables that start from given balances. Never compiled into a release.
    #[cfg(any(test, feature = "test-hooks"))]
    pub fn book_mut(&mut self) -> &mut Book {
        &mut self.book
    }

    fn run(&mut self, commands: &[Command], run: &mut Run<'_>, executed: &mut Executed) {
        let mut at = run.base;
        let mut rest = commands;
        let mut ahead = Ahead::new();
        let mut window = 0..0;
        while let Some((first, after)) = rest.split_first() {
            let place = commands.len() - rest.len();
            if place >= window.end {
                let next = rest.get(..ledger::TOUCHED).unwrap_or(rest);
                window = place..place + next.len();
                self.book.look_ahead(next, &mut ahead);
            }
            if !first.is_linked() {
                let likely = ahead.likely(place - window.start);
                let outcome = self.decide(first, run.slot(first, at, likely), run);
                executed.outcomes.push(outcome);
                at += first.ticks();
                rest = after;
                continue;
            }
            // A chain ends with the first command that is not linked, or, open, with the request.
            let length = rest
                .iter()
                .position(|command| !command.is_linked())
                .map_or(rest.len(), |last| last + 1);
            let (chain, after) = rest.split_at(length);
            self.decide_chain(chain, at, run, executed);
            at += chain.iter().map(Command::ticks).sum::<i64>();
            rest = after;
        }
    }

    /// Decides a command that stands alone: the hot path goes to the books without an overlay.
    fn decide(&mut self, command: &Command, slot: Slot, run: &mut Run<'_>) -> Outcome {
        let at = slot.timestamp;
        match command {
            Command::Transfer(transfer) => {
                match validate_transfer(&self.book, transfer, slot, Group::default()) {
                    Ok(plan) => {
                        let (timestamp, amount) = (plan.timestamp(), plan.amount());
                        let request = self.envelope(run);
                        let sequence = self.book.apply_transfer(&plan, request);
                        Outcome {
                            status: Status::Transfer(TransferStatus::Created),
                            timestamp,
                            sequence,
                            amount,
                        }
                    }
                    Err(refused) => {
                        self.burn(transfer.id, refused.status, at, run);
                        refusal(&refused, at)
                    }
                }
            }
            Command::Transaction(transaction) => self.decide_transaction(transaction, slot, run),
            Command::Account(account) => match validate_account(&self.book, account, slot) {
                Ok(plan) => {
                    let status = Status::Account(AccountStatus::Created);
                    let (timestamp, amount) = plan.when_and_amount();
                    Outcome { status, timestamp, sequence: self.append(&plan, run), amount }
                }
                Err(status) => account_refusal(&self.book, account.id, status, at),
            },
            Command::Asset(asset) => {
                let (status, sequence) = match validate_asset(&self.book, asset, slot) {
                    Ok(plan) => (AssetStatus::Created, self.append(&plan, run)),
                    Err(status) => (status, 0),
                };
                Outcome { status: Status::Asset(status), timestamp: at, sequence, amount: 0 }
            }
        }
    }

    fn decide_transaction(
        &mut self,
        transaction: &Transaction,
        slot: Slot,
        run: &mut Run<'_>,
    ) -> Outcome {
        let planned = validate_transaction(&mut Overlay::new(&self.book), transaction, slot);
        match planned {
            Ok(plans) => {
                let (mut outcome, mut amount) = (None, 0_u128);
                for plan in plans {
                    amount = amount.saturating_add(plan.amount());
                    let timestamp = plan.timestamp();
                    let sequence = self.append(&Plan::Transfer(plan), run);
                    outcome.get_or_insert((timestamp, sequence));
                }
                let (timestamp, sequence) = outcome.unwrap_or((slot.timestamp, 0));
                Outcome {
                    status: Status::Transfer(TransferStatus::Created),
                    timestamp,
                    sequence,
                    amount,
                }
            }
            Err(refused) => {
                self.burn(transaction.id, refused.status, slot.timestamp, run);
                transaction_refusal(transaction, &refused, slot.timestamp)
            }
        }
    }

    /// Decides a chain: every member over what the ones before it would leave, then all of them or none.
    fn decide_chain(
        &mut self,
        chain: &[Command],
        start: i64,
        run: &mut Run<'_>,
        executed: &mut Executed,
    ) {
        let open = chain.last().is_some_and(Command::is_linked);
        let first_outcome = executed.outcomes.len();
        let mut plans: Vec<Plan<'static>> = Vec::new();
        let mut parts: Vec<usize> = Vec::new();
        let mut broken: Option<(usize, Outcome)> = None;
        let mut burnt = None;
        {
            let mut overlay = Overlay::new(&self.book);
            let mut at = start;
            for (index, command) in chain.iter().enumerate() {
                if open && index + 1 == chain.len() {
                    let status = chain_open(command);
                    broken.get_or_insert((
                        index,
                        Outcome { status, timestamp: at, sequence: 0, amount: 0 },
                    ));
                    break;
                }
                match plan_in_chain(
                    &self.book,
                    &mut overlay,
                    command,
                    run.slot(command, at, Ahead::NONE),
                ) {
                    Ok(planned) => {
                        parts.push(planned.len());
                        plans.extend(planned);
                    }
                    Err(outcome) => {
                        if let (Status::Transfer(status), Some(id)) =
                            (outcome.status, transfer_id(command))
                        {
                            burnt = Some((id, status, at));
                        }
                        broken = Some((index, outcome));
                        break;
                    }
                }
                at += command.ticks();
            }
        }
        if let Some((at_fault, outcome)) = broken {
            // Only the id of the member that failed is spent: the others were never tried.
            if let Some((id, status, at)) = burnt {
                self.burn(id, status, at, run);
            }
            let mut at = start;
            for (index, command) in chain.iter().enumerate() {
                let failed = Outcome {
                    status: linked_failed(command),
                    timestamp: at,
                    sequence: 0,
                    amount: 0,
                };
                let last_of_open = open && index + 1 == chain.len();
                executed.outcomes.push(if index == at_fault {
                    outcome
                } else if last_of_open {
                    Outcome { status: chain_open(command), ..failed }
                } else {
                    failed
                });
                at += command.ticks();
            }
            return;
        }
        let mut plans = plans.into_iter();
        for (command, parts) in chain.iter().zip(parts) {
            let mut outcome =
                Outcome { status: created(command), timestamp: 0, sequence: 0, amount: 0 };
            for (part, plan) in plans.by_ref().take(parts).enumerate() {
                let (timestamp, amount) = plan.when_and_amount();
                let sequence = self.append(&plan, run);
                if part == 0 {
                    outcome.timestamp = timestamp;
                    outcome.sequence = sequence;
                }
                outcome.amount = outcome.amount.saturating_add(amount);
            }
            executed.outcomes.push(outcome);
        }
        debug_assert_eq!(executed.outcomes.len(), first_outcome + chain.len());
    }

    /// Applies a plan, behind the request's envelope.
    fn append(&mut self, plan: &Plan<'_>, run: &mut Run<'_>) -> u64 {
        let request = self.envelope(run);
        self.book.apply(plan, request)
    }

    /// The sequence of the request's envelope, which is written before the first event that the request causes.
    #[inline]
    fn envelope(&mut self, run: &mut Run<'_>) -> u64 {
        match run.request {
            Some(request) => request,
            None => self.write_envelope(run),
        }
    }

    #[cold]
    fn write_envelope(&mut self, run: &mut Run<'_>) -> u64 {
        let envelope = Envelope {
            actor: run.envelope.actor.clone(),
            role: run.envelope.role.clone(),
            request_id: run.envelope.request_id.clone(),
            origin: run.envelope.origin.clone(),
        };
        let sequence = self.book.event_count();
        self.book.note(run.base, sequence, &Body::Request(envelope));
        run.request = Some(sequence);
        sequence
    }

    /// Spends the id of an attempt that failed for a reason that may pass.
    fn burn(&mut self, id: crate::Id, status: TransferStatus, at: i64, run: &mut Run<'_>) {
        if status.is_transient() {
            self.append(&Plan::Failed(TransferFailed { id, status }, at), run);
        }
    }
}

fn first_imported(commands: &[Command], accounts: bool) -> bool {
    use crate::ledger::account::AccountFlags;
    use crate::ledger::transfer::TransferFlags;
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

fn refusal(refused: &ledger::Refused<TransferStatus>, at: i64) -> Outcome {
    let status = Status::Transfer(refused.status);
    match (&refused.existing, refused.status) {
        (Some(existing), TransferStatus::Exists) => Outcome {
            status,
            timestamp: existing.transfer.timestamp,
            sequence: existing.sequence,
            amount: existing.transfer.amount,
        },
        _ => Outcome { status, timestamp: at, sequence: 0, amount: 0 },
    }
}

/// The answer to a retry of a transaction names what all its transfers moved, as the first answer did.
fn transaction_refusal(
    transaction: &Transaction,
    refused: &ledger::Refused<TransferStatus>,
    at: i64,
) -> Outcome {
    let mut outcome = refusal(refused, at);
    if refused.status == TransferStatus::Exists {
        let debits = transaction.legs.iter().filter(|leg| leg.side == Side::Debit);
        outcome.amount = debits.fold(0, |sum, leg| sum.saturating_add(leg.amount));
    }
    outcome
}

fn account_refusal(book: &Book, id: crate::Id, status: AccountStatus, at: i64) -> Outcome {
    let original = if status == AccountStatus::Exists { book.opening_of(id) } else { None };
    let (timestamp, sequence) = original.unwrap_or((at, 0));
    Outcome { status: Status::Account(status), timestamp, sequence, amount: 0 }
}

fn plan_in_chain(
    book: &Book,
    overlay: &mut Overlay<'_>,
    command: &Command,
    slot: Slot,
) -> Result<Vec<Plan<'static>>, Outcome> {
    let refused = |status| Outcome { status, timestamp: slot.timestamp, sequence: 0, amount: 0 };
    let plans = match command {
        Command::Asset(asset) => {
            vec![
                validate_asset(overlay, asset, slot)
                    .map_err(|status| refused(Status::Asset(status)))?,
            ]
        }
        Command::Account(account) => {
            vec![
                validate_account(overlay, account, slot)
                    .map_err(|status| account_refusal(book, account.id, status, slot.timestamp))?,
            ]
        }
        Command::Transfer(transfer) => {
            let plan = validate_transfer(overlay, transfer, slot, Group::default());
            vec![Plan::Transfer(
                plan.map_err(|error| refusal(&error, slot.timestamp))?.into_owned(),
            )]
        }
        Command::Transaction(transaction) => {
            let plans = validate_transaction(&mut Overlay::new(overlay), transaction, slot);
            plans
                .map_err(|error| transaction_refusal(transaction, &error, slot.timestamp))?
                .into_iter()
                .map(Plan::Transfer)
                .collect()
        }
    };
    for plan in &plans {
        overlay.absorb(plan);
    }
    Ok(plans)
}

fn transfer_id(command: &Command) -> Option<crate::Id> {
    match command {
        Command::Transfer(transfer) => Some(transfer.id),
        Command::Transaction(transaction) => Some(transaction.id),
        Command::Asset(_) | Command::Account(_) => None,
    }
}

fn created(command: &Command) -> Status {
    match command {
        Command::Asset(_) => Status::Asset(AssetStatus::Created),
        Command::Account(_) => Status::Account(AccountStatus::Created),
        Command::Transfer(_) | Command::Transaction(_) => Status::Transfer(TransferStatus::Created),
    }
}

fn linked_failed(command: &Command) -> Status {
    match command {
        Command::Asset(_) => Status::Asset(AssetStatus::LinkedEventFailed),
        Command::Account(_) => Status::Account(AccountStatus::LinkedEventFailed),
        Command::Transfer(_) | Command::Transaction(_) => {
            Status::Transfer(TransferStatus::LinkedEventFailed)
        }
    }
}

fn chain_open(command: &Command) -> Status {
    match command {
        Command::Account(_) => Status::Account(AccountStatus::LinkedEventChainOpen),
        // INVARIANT: an asset is never linked, so it never leaves a chain open.
        Command::Asset(_) => Status::Asset(AssetStatus::LinkedEventFailed),
        Command::Transfer(_) | Command::Transaction(_) => {
            Status::Transfer(TransferStatus::LinkedEventChainOpen)
        }
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
