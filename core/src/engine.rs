//! The engine: the only place that sees all domains together. It takes requests and gives outcomes and event bytes.

use std::borrow::Cow;
use std::sync::Arc;

use crate::PartError;
use crate::audit::merkle::{Hash, MerkleTree};
use crate::bounds;
use crate::command::{Command, Context, Request};
use crate::decide::{self, Decided, Frame, Known, Step, decide_alone, decide_chain, sealed_to};
use crate::event::{self, Body, Envelope, EventError, TransferFailed};
use crate::ledger::detail::{Detail, Sealed};
use crate::ledger::image::{Image, ImageError};
use crate::ledger::status::TransferStatus;
use crate::ledger::transfer::{Group, Transfer};
use crate::ledger::{self, Ahead, Book, Overlay, Plan, Slot, validate_transfer};
use crate::outcome::{Outcome, Status};
use crate::pages::{Heap, Pages};
use crate::part::{Cut, Part};
use crate::party::{Change, Registry, Stamp};

pub use crate::bounds::RequestError;
pub use crate::event::Genesis;

/// One tenant's engine: its books, and the tree over its log.
#[derive(Debug)]
pub struct Engine {
    book: Book,
    parties: Registry,
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
        "the log was begun with format {format} and rules {rules}, this build knows format 1 and rules 1: open it with a \
         newer build"
    )]
    Genesis {
        /// The format.
        format: u32,
        /// The rules.
        rules: u32,
    },
}

/// A request while its commands are decided.
struct Run<'a> {
    context: &'a Context,
    frame: Frame,
    /// The sequence of its envelope, once that is written.
    request: Option<u64>,
}

impl Engine {
    /// An engine with an empty log of the tenant's. Its first event says which formats and rules it was begun with.
    #[must_use]
    pub fn new(genesis: Genesis) -> Self {
        Self::new_in(Arc::new(Heap), genesis)
    }

    /// As [`Engine::new`], with memory of the host's for the log.
    #[must_use]
    pub fn new_in(pages: Arc<dyn Pages>, genesis: Genesis) -> Self {
        let mut engine = Self::empty_in(pages);
        engine.book.note(0, 0, &Body::Genesis(genesis));
        engine
    }

    /// An engine without a log, to replay one into.
    #[must_use]
    pub fn empty() -> Self {
        Self::empty_in(Arc::new(Heap))
    }

    /// As [`Engine::empty`], with memory of the host's for the log.
    #[must_use]
    pub fn empty_in(pages: Arc<dyn Pages>) -> Self {
        Self {
            book: Book::new(pages),
            parties: Registry::default(),
            tree: MerkleTree::default(),
            jump_max: i64::MAX,
        }
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

    /// The registry of parties.
    #[must_use]
    pub fn parties(&self) -> &Registry {
        &self.parties
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
        self.book.is_readable()?;
        executed.first_event = self.book.event_count();
        let mut base = self.book.clock().saturating_add(1).max(request.now);
        let due = base;
        while let Some(position) = self.book.due(due) {
            self.book.expire(base, position);
            // A hold that cannot be read does not run out; it would be due for ever.
            self.book.is_readable()?;
            base += 1;
        }
        let frame = Frame::new(request, base, ticks);
        let mut run = Run { context: &request.context, frame, request: None };
        executed.outcomes.reserve(request.commands.len());
        self.run(&request.commands, &mut run, executed);
        executed.event_count = self.book.event_count() - executed.first_event;
        // What was decided without a part of the history that it needed is not handed out, and nothing follows it.
        self.book.is_readable().inspect_err(|_| executed.outcomes.clear())?;
        Ok(())
    }

    /// What executing a request would give, without doing it: the same rules over an overlay, which is thrown away.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub fn preview(&self, request: &Request) -> Result<Vec<Outcome>, RequestError> {
        let ticks = bounds::check(&self.book, self.jump_max, request)?;
        let mut overlay = Overlay::new(&self.book);
        // A copy is made where a command changes parties, which a preview rarely does.
        let mut parties = Cow::Borrowed(&self.parties);
        let mut base = self.book.clock().saturating_add(1).max(request.now);
        let mut sequence = self.book.event_count();
        for pending in self.book.all_due(base) {
            overlay.expire(&pending.transfer);
            base += 1;
            sequence += 1;
        }
        let frame = Frame::new(request, base, ticks);
        let mut outcomes = Vec::with_capacity(request.commands.len());
        let mut enveloped = false;
        let mut at = base;
        let mut rest = request.commands.as_slice();
        while let Some((group, after)) = split_group(rest) {
            let known = Known { books: &overlay, parties: &parties };
            let decided = match group {
                [alone] if !alone.is_linked() => {
                    decide_alone(known, alone, frame.slot(alone, at, Ahead::NONE))
                }
                chain => decide_chain(known, chain, at, &frame),
            };
            if !enveloped && !decided.steps.is_empty() {
                enveloped = true;
                sequence += 1;
            }
            for (step, sequence) in decided.steps.iter().zip(sequence..) {
                match step {
                    Step::Books(plan) => {
                        overlay.absorb(plan, sequence);
                        decide::keep(&mut parties, plan);
                    }
                    Step::Party(change, timestamp) => {
                        let at = Stamp { sequence, timestamp: *timestamp };
                        parties.to_mut().apply(change, at);
                    }
                }
            }
            let first = sequence;
            sequence += decided.steps.len() as u64;
            outcomes.extend(decided.at(first));
            at += group.iter().map(Command::ticks).sum::<i64>();
            rest = after;
        }
        self.book.is_readable()?;
        Ok(outcomes)
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
        let refused = |reason| ledger::FoldError { sequence, reason };
        let Body::Party(change) = &body else {
            let detail = match &body {
                Body::AccountCreated(account) => account.detail.as_deref(),
                Body::TransferCreated(transfer) => transfer.detail.as_deref(),
                _ => None,
            };
            let sealed = Detail::sealed_in(detail);
            if let Some(sealed) = sealed {
                self.parties.has_class(sealed_to(sealed).retention).map_err(refused)?;
            }
            self.book.fold(header, &body, bytes)?;
            self.keep(sealed);
            return Ok(());
        };
        self.parties.follows(change).map_err(refused)?;
        self.book.fold(header, &body, bytes)?;
        self.parties.apply(change, Stamp { sequence, timestamp: header.timestamp });
        Ok(())
    }

    /// Bytes of the log in memory that were not cut yet.
    #[must_use]
    pub fn uncut(&self) -> usize {
        self.book.uncut()
    }

    /// Cuts the log: gives out the events that were not cut before, for the host to index. They stay in memory until
    /// they come back with [`Engine::attach`].
    pub fn cut(&mut self) -> Cut {
        self.book.cut()
    }

    /// An image of the state as it is now, from which [`Engine::restore`] goes on.
    #[must_use]
    pub fn image(&self) -> Image {
        self.book.image(self.parties_of_image())
    }

    /// Begins an image of the state as it is now, in place of one that is under way; [`Engine::go_on_with_image`] makes
    /// it, whatever is executed meanwhile.
    pub fn begin_image(&mut self) {
        self.book.begin_image(self.parties_of_image());
    }

    /// Goes on with an image by so many accounts, and gives it when it is whole: requests wait for so many at a time.
    pub fn go_on_with_image(&mut self, accounts: u32) -> Option<Image> {
        self.book.go_on_with_image(accounts)
    }

    /// Takes back what was cut, for a host that could not make a part of it: it is cut again with the next events.
    pub fn take_back(&mut self, cut: Cut) {
        self.book.take_back(cut);
    }

    /// Attaches the part of the log that follows those attached before, by the summary of its index. What it holds is
    /// read from there from now on, and replaying it needs no memory.
    ///
    /// # Errors
    /// A summary that is damaged or does not follow; nothing has changed then.
    pub fn attach(&mut self, summary: &[u8], part: Box<dyn Part>) -> Result<(), PartError> {
        self.book.attach(summary, part)
    }

    /// Takes in the state that an image holds, with the tree over the events that led to it, into an engine that has
    /// parts and no events. The events from there on are replayed.
    ///
    /// # Errors
    /// As [`ImageError`] says; nothing has changed then.
    pub fn restore(&mut self, image: &[u8], tree: MerkleTree) -> Result<(), ImageError> {
        let image = Image::from_bytes(image)?;
        let parties = match image.parties() {
            [] => Registry::default(),
            parties => Registry::from_bytes(parties).map_err(ImageError::parties)?,
        };
        self.book.restore(image)?;
        self.parties = parties;
        self.tree = tree;
        Ok(())
    }

    /// The root of the Merkle tree over the log so far; hashes what was not hashed yet.
    pub fn root(&mut self) -> Hash {
        self.tree().root()
    }

    /// The tree over the log so far; hashes what was not hashed yet.
    pub fn tree(&mut self) -> &MerkleTree {
        for event in self.book.events_from(self.tree.size()) {
            self.tree.push(&event);
        }
        &self.tree
    }

    /// The digest of the state that the log leads to. See [`crate::invariants`].
    #[must_use]
    pub fn state_hash(&self) -> Hash {
        crate::invariants::state_hash(&self.book, &self.parties)
    }

    /// The books, for tables that start from given balances. Never compiled into a release.
    #[cfg(any(test, feature = "test-hooks"))]
    pub fn book_mut(&mut self) -> &mut Book {
        &mut self.book
    }

    fn run(&mut self, commands: &[Command], run: &mut Run<'_>, executed: &mut Executed) {
        let mut at = run.frame.base;
        let mut rest = commands;
        let mut ahead = Ahead::new();
        let mut window = 0..0;
        while let Some((group, after)) = split_group(rest) {
            let place = commands.len() - rest.len();
            if place >= window.end {
                let next = rest.get(..ledger::TOUCHED).unwrap_or(rest);
                window = place..place + next.len();
                self.book.look_ahead(next, &mut ahead);
            }
            rest = after;
            match group {
                [alone @ Command::Transfer(transfer)] if !alone.is_linked() => {
                    let likely = ahead.likely(place - window.start);
                    let slot = run.frame.slot(alone, at, likely);
                    executed.outcomes.push(self.transfer(transfer, slot, run));
                    at += 1;
                }
                [alone] if !alone.is_linked() => {
                    let slot = run.frame.slot(alone, at, Ahead::NONE);
                    let decided = decide_alone(self.known(), alone, slot);
                    self.carry_out(decided, run, executed);
                    at += alone.ticks();
                }
                chain => {
                    let decided = decide_chain(self.known(), chain, at, &run.frame);
                    self.carry_out(decided, run, executed);
                    at += chain.iter().map(Command::ticks).sum::<i64>();
                }
            }
        }
    }

    /// Decides and books a transfer that stands alone: the hot path, which goes to the books without an overlay.
    fn transfer(&mut self, transfer: &Transfer, slot: Slot, run: &mut Run<'_>) -> Outcome {
        let at = slot.timestamp;
        let planned = validate_transfer(&self.book, transfer, slot, Group::default());
        let planned = planned.and_then(|plan| {
            decide::may_seal_transfer(&self.parties, transfer.detail.as_deref())?;
            Ok(plan)
        });
        match planned {
            Ok(plan) => {
                self.keep(Detail::sealed_in(transfer.detail.as_deref()));
                let (timestamp, amount) = (plan.timestamp(), plan.amount());
                let request = self.envelope(run);
                let sequence = self.book.apply_transfer(&plan, request);
                let status = Status::Transfer(TransferStatus::Created);
                Outcome { status, timestamp, sequence, amount }
            }
            Err(refused) => {
                let outcome = decide::refusal(&refused, at);
                if refused.status.is_transient() {
                    let failed = TransferFailed { id: transfer.id, status: refused.status };
                    self.append(&Plan::Failed(failed, at), run);
                }
                outcome
            }
        }
    }

    fn carry_out(&mut self, decided: Decided, run: &mut Run<'_>, executed: &mut Executed) {
        let mut first = None;
        for step in &decided.steps {
            let sequence = match step {
                Step::Books(plan) => self.append(plan, run),
                Step::Party(change, timestamp) => self.change(change, *timestamp, run),
            };
            first.get_or_insert(sequence);
        }
        executed.outcomes.extend(decided.at(first.unwrap_or(0)));
    }

    /// Applies a plan, behind the request's envelope.
    fn append(&mut self, plan: &Plan<'_>, run: &mut Run<'_>) -> u64 {
        let request = self.envelope(run);
        self.keep(plan.sealed());
        self.book.apply(plan, request)
    }

    /// Has the registry know of what is sealed to a party along with a booking.
    #[inline]
    fn keep(&mut self, sealed: Option<&Sealed>) {
        if let Some(sealed) = sealed {
            self.parties.keep(sealed_to(sealed));
        }
    }

    /// Records a change of the registry, behind the request's envelope.
    fn change(&mut self, change: &Change, timestamp: i64, run: &mut Run<'_>) -> u64 {
        let request = self.envelope(run);
        let sequence = self.book.note(timestamp, request, &Body::Party(change.clone()));
        self.parties.apply(change, Stamp { sequence, timestamp });
        sequence
    }

    fn parties_of_image(&self) -> Vec<u8> {
        if self.parties.is_empty() { Vec::new() } else { self.parties.to_bytes() }
    }

    fn known(&self) -> Known<'_> {
        Known { books: &self.book, parties: &self.parties }
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
        let Context { actor, role, request_id, origin } = run.context.clone();
        let envelope = Envelope { actor, role, request_id, origin };
        let sequence = self.book.event_count();
        self.book.note(run.frame.base, sequence, &Body::Request(envelope));
        run.request = Some(sequence);
        sequence
    }
}

/// The commands that are decided next: one that stands alone, or a chain. A chain ends with the first command that is
/// not linked, or, open, with the request.
#[inline]
fn split_group(commands: &[Command]) -> Option<(&[Command], &[Command])> {
    let length = match commands.first()?.is_linked() {
        false => 1,
        true => {
            let last = commands.iter().position(|command| !command.is_linked());
            last.map_or(commands.len(), |last| last + 1)
        }
    };
    commands.split_at_checked(length)
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
