//! The handle: decide under a lock, release when durable.

use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use thalium::audit::merkle::Hash;
use thalium::ledger::Book;
use thalium::ledger::query::AccountFilter;
use thalium::{Command, Context, Engine, Executed, Genesis, Id, Request, api};
use thalium_store::disk::Directory;
use thalium_store::{Recovery, StoreJournal};

use crate::clock::Clock;
use crate::pipeline::{Chunk, Pipeline};
use crate::{Address, Error};

/// A day, in nanoseconds.
const DAY: i64 = 86_400 * thalium::time::SECOND;

/// How a ledger is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who asks, unless a request says otherwise.
    pub context: Context,
    /// Requests dated further ahead of the log's newest instant are refused: a clock that jumped.
    pub max_clock_jump_days: i64,
    /// Makes the ledger if it is not there.
    pub create: bool,
    /// The head of a ledger that is made.
    pub genesis: Genesis,
    /// Bytes of a segment of the journal, at most.
    pub segment_len: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            context: Context::default(),
            max_clock_jump_days: 3_660,
            create: true,
            genesis: Genesis::default(),
            segment_len: thalium_store::SEGMENT_LEN,
        }
    }
}

/// What opening found and did.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// Whether the ledger was made.
    pub created: bool,
    /// What the journal's recovery found.
    pub recovery: Recovery,
}

/// An open ledger. It can be shared between threads; requests of several become durable together.
pub struct Thalium {
    state: Mutex<State>,
    pipeline: Option<Pipeline>,
    clock: Clock,
    context: Context,
    opened: Opened,
}

struct State {
    engine: Engine,
    executed: Executed,
}

/// Outcomes that wait for their block.
#[must_use = "nothing is known to be booked before `wait` returns"]
#[derive(Debug)]
pub struct Ticket {
    outcomes: Vec<thalium::Outcome>,
    events: u64,
}

impl Thalium {
    /// Opens the ledger at an address, and makes it if it is not there.
    ///
    /// # Errors
    /// An address that names none; a store that another writes or that is damaged.
    pub fn open(address: &str) -> Result<Self, Error> {
        Self::open_with(address, Options::default())
    }

    /// Opens the ledger at an address.
    ///
    /// # Errors
    /// As [`Thalium::open`].
    pub fn open_with(address: &str, options: Options) -> Result<Self, Error> {
        let jump_limit = options.max_clock_jump_days.saturating_mul(DAY);
        let (engine, pipeline, opened) = match address.parse()? {
            Address::Memory => {
                (Engine::new(options.genesis), None, Opened { created: true, ..Opened::default() })
            }
            Address::File(path) => open_directory(&path, &options)?,
        };
        Ok(Self {
            state: Mutex::new(State {
                engine: engine.with_jump_limit(jump_limit),
                executed: Executed::default(),
            }),
            pipeline,
            clock: Clock::default(),
            context: options.context,
            opened,
        })
    }

    /// What opening found and did.
    #[must_use]
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Submits commands together, and returns when they are durable: one outcome each, in order. A rejected command
    /// stops none of the others, unless they are linked.
    ///
    /// # Errors
    /// A request out of bounds, or a ledger that has stopped; then it is known after opening again, by their keys,
    /// which commands were booked.
    pub fn submit(&self, commands: &[api::Command]) -> Result<Vec<api::Outcome>, Error> {
        self.submit_at(&self.context, self.clock.now(), commands)
    }

    /// Submits commands for an actor, at an instant.
    ///
    /// # Errors
    /// As [`Thalium::submit`].
    pub fn submit_at(
        &self,
        context: &Context,
        now: i64,
        commands: &[api::Command],
    ) -> Result<Vec<api::Outcome>, Error> {
        let mut state = self.lock()?;
        let api::Resolved { commands: resolved, parts } =
            api::resolve(state.engine.book(), commands);
        let request = Request { context: context.clone(), now, commands: resolved };
        let ticket = self.execute(&mut state, &request)?;
        let mut told = Vec::with_capacity(commands.len());
        let mut done = request.commands.iter().zip(&ticket.outcomes);
        for (command, parts) in commands.iter().zip(parts) {
            told.push(match parts {
                Err(invalid) => api::Outcome::invalid(command, &invalid),
                Ok(parts) => {
                    // A command of several parts is told by the first that failed, or by its first.
                    let parts: Vec<_> = done.by_ref().take(parts).collect();
                    let shown = parts
                        .iter()
                        .find(|(_, outcome)| !outcome.is_booked() && !is_linked_failure(outcome));
                    match shown.or(parts.first()) {
                        Some((part, outcome)) => {
                            api::outcome(state.engine.book(), command, part, outcome)
                        }
                        None => api::Outcome::default(),
                    }
                }
            });
        }
        drop(state);
        self.wait(ticket)?;
        Ok(told)
    }

    /// Submits one command.
    ///
    /// # Errors
    /// As [`Thalium::submit`].
    pub fn do_one(&self, command: impl Into<api::Command>) -> Result<api::Outcome, Error> {
        Ok(self.submit(&[command.into()])?.into_iter().next().unwrap_or_default())
    }

    /// Submits the engine's own commands, without names to resolve: the way for thousands at once. Returns when they
    /// are decided; [`Thalium::wait`] returns when they are durable, so that a caller can have several under way.
    ///
    /// # Errors
    /// As [`Thalium::submit`].
    pub fn send(&self, commands: Vec<Command>) -> Result<Ticket, Error> {
        self.send_request(&Request {
            context: self.context.clone(),
            now: self.clock.now(),
            commands,
        })
    }

    /// As [`Thalium::send`], for a request that names its actor and its instant.
    ///
    /// # Errors
    /// As [`Thalium::submit`].
    pub fn send_request(&self, request: &Request) -> Result<Ticket, Error> {
        let mut state = self.lock()?;
        self.execute(&mut state, request)
    }

    /// Waits until what a ticket stands for is durable, and gives the outcomes.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn wait(&self, ticket: Ticket) -> Result<Vec<thalium::Outcome>, Error> {
        if let Some(pipeline) = &self.pipeline {
            pipeline.wait(ticket.events)?;
        }
        Ok(ticket.outcomes)
    }

    /// Reads the books. What is read is durable before it is returned, and holds that are due have run out.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn read<R>(&self, question: impl FnOnce(&Book) -> R) -> Result<R, Error> {
        let mut state = self.lock()?;
        let now = self.clock.now();
        if state.engine.book().next_timeout().is_some_and(|due| due <= now) {
            let _ = self.execute(
                &mut state,
                &Request { context: self.context.clone(), now, commands: Vec::new() },
            )?;
        }
        let answer = question(state.engine.book());
        let events = state.engine.book().event_count();
        drop(state);
        self.wait(Ticket { outcomes: Vec::new(), events })?;
        Ok(answer)
    }

    /// An account by its key or id.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn account(&self, name: &str) -> Result<Option<api::AccountView>, Error> {
        let Ok(id) = api::account_id("account", name) else { return Ok(None) };
        self.read(|book| book.account(id).map(|account| api::account_view(book, &account)))
    }

    /// A transfer by its key or id.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn transfer(&self, name: &str) -> Result<Option<api::TransferView>, Error> {
        let Ok(id) = api::transfer_id("transfer", name) else { return Ok(None) };
        self.read(|book| book.transfer(id).map(|record| api::transfer_view(book, &record)))
    }

    /// The transfers of an account, newest last.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn transfers(&self, filter: &AccountFilter) -> Result<Vec<api::TransferView>, Error> {
        self.read(|book| {
            book.account_transfers(filter)
                .iter()
                .map(|record| api::transfer_view(book, record))
                .collect()
        })
    }

    /// The statement of an account between two instants, both included; zero: open.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn statement(
        &self,
        account: &str,
        from: i64,
        to: i64,
    ) -> Result<Option<api::StatementView>, Error> {
        let Ok(id) = api::account_id("account", account) else { return Ok(None) };
        self.read(|book| {
            book.statement(id, from, to).map(|statement| api::statement_view(book, &statement))
        })
    }

    /// The trial balance of every asset in use, now or at an instant.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn trial_balance(&self, at: Option<i64>) -> Result<Vec<api::TrialBalanceView>, Error> {
        self.read(|book| {
            book.trial_balance(at)
                .iter()
                .map(|trial| api::trial_balance_view(book, trial))
                .collect()
        })
    }

    /// The size of the log and its Merkle root.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn root(&self) -> Result<(u64, Hash), Error> {
        let mut state = self.lock()?;
        let events = state.engine.book().event_count();
        let Some(pipeline) = &self.pipeline else { return Ok((events, state.engine.root())) };
        drop(state);
        pipeline.wait(events)?;
        let tree = pipeline.tree();
        Ok((tree.size(), tree.root()))
    }

    /// The digest of the state, and a check of every invariant of the books.
    ///
    /// # Errors
    /// Books that are broken.
    pub fn check(&self) -> Result<Hash, Error> {
        let state = self.lock()?;
        check_book(state.engine.book())?;
        Ok(state.engine.state_hash())
    }

    /// Closes the ledger and leaves a snapshot, so that the next opening is quicker. Dropping it is safe as well.
    ///
    /// # Errors
    /// A ledger that has stopped, or the disk's.
    pub fn close(mut self) -> Result<(), Error> {
        let Some(mut pipeline) = self.pipeline.take() else { return Ok(()) };
        let journal = pipeline.stop()?;
        let state = self.lock()?;
        journal.close(state.engine.state_hash())?;
        Ok(())
    }

    fn lock(&self) -> Result<MutexGuard<'_, State>, Error> {
        self.state.lock().map_err(|_| Error::Panicked)
    }

    /// Decides, and sends the events on their way while the lock keeps their order.
    fn execute(&self, state: &mut State, request: &Request) -> Result<Ticket, Error> {
        if let Some(pipeline) = &self.pipeline {
            pipeline.check()?;
        }
        let State { engine, executed } = state;
        engine.execute_into(request, executed)?;
        if let Some(pipeline) = &self.pipeline
            && executed.event_count > 0
        {
            let mut events = pipeline.buffer();
            for event in engine.book().events_from(executed.first_event) {
                events.extend_from_slice(event);
            }
            pipeline.send(Chunk { events, count: executed.event_count })?;
        }
        // A retry's original may still be on its way: the answer waits for it too.
        let events = if self.pipeline.is_some() { engine.book().event_count() } else { 0 };
        Ok(Ticket { outcomes: std::mem::take(&mut executed.outcomes), events })
    }
}

fn is_linked_failure(outcome: &thalium::Outcome) -> bool {
    outcome.status.name() == "linked_event_failed"
}

fn open_directory(
    path: &Path,
    options: &Options,
) -> Result<(Engine, Option<Pipeline>, Opened), Error> {
    let disk = Directory::new(path);
    let store = thalium_store::Options { segment_len: options.segment_len };
    let has_store = path.is_dir() && StoreJournal::is_at(&disk)?;
    if !has_store && options.create {
        std::fs::create_dir_all(path)
            .map_err(|source| Error::Create { path: path.display().to_string(), source })?;
        let journal = StoreJournal::create(disk, store)?;
        let (engine, pipeline) = begin(journal, &options.genesis)?;
        return Ok((engine, Some(pipeline), Opened { created: true, ..Opened::default() }));
    }
    if !has_store {
        return Err(thalium_store::StoreError::Missing { place: path.display().to_string() }.into());
    }
    let mut engine = Engine::empty();
    let mut failed = None;
    let (journal, recovery) = StoreJournal::open(disk, store, &mut |event| {
        if failed.is_none() {
            failed = engine.replay(event).err();
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    if recovery.events == 0 {
        // The power failed before the head of the log was durable: it is written now.
        let (engine, pipeline) = begin(journal, &options.genesis)?;
        return Ok((engine, Some(pipeline), Opened { created: true, recovery }));
    }
    if let Some(snapshot) = journal.snapshot()
        && snapshot.tree.size() == recovery.events
        && snapshot.state_hash != engine.state_hash()
    {
        return Err(Error::StateDiffers { events: recovery.events });
    }
    Ok((engine, Some(Pipeline::start(journal)), Opened { created: false, recovery }))
}

/// Begins the log in an empty journal: its head is durable before anything follows.
fn begin(journal: StoreJournal<Directory>, genesis: &Genesis) -> Result<(Engine, Pipeline), Error> {
    let engine = Engine::new(genesis.clone());
    let pipeline = Pipeline::start(journal);
    let count = engine.book().event_count();
    let events = engine.book().events_from(0).flatten().copied().collect();
    pipeline.send(Chunk { events, count })?;
    pipeline.wait(count)?;
    Ok((engine, pipeline))
}

/// What verifying a directory found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What the journal's recovery found.
    pub recovery: Recovery,
    /// The Merkle root over the log.
    pub root: Hash,
    /// The digest of the state that the log leads to.
    pub state_hash: Hash,
    /// Accounts in it.
    pub accounts: usize,
    /// Transfers in it.
    pub transfers: u64,
}

/// Verifies a directory that no one writes, trusting nothing in it: every checksum, the chain of blocks, every root,
/// the replay, and the invariants of the books that it leads to. Changes nothing.
///
/// # Errors
/// What does not fit, and where.
pub fn verify(path: &Path) -> Result<Verified, Error> {
    let mut engine = Engine::empty();
    let mut failed = None;
    let recovery = thalium_store::verify(&Directory::new(path), &mut |event| {
        if failed.is_none() {
            failed = engine.replay(event).err();
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    check_book(engine.book())?;
    Ok(Verified {
        recovery,
        root: engine.root(),
        state_hash: engine.state_hash(),
        accounts: engine.book().account_count(),
        transfers: engine.book().transfer_count(),
    })
}

fn check_book(book: &Book) -> Result<(), Error> {
    thalium::invariants::check(book)?;
    thalium::invariants::check_log(book)?;
    Ok(())
}

/// A new time-ordered id, for a caller that has none of its own.
#[must_use]
pub fn new_id() -> Id {
    Id(uuid::Uuid::now_v7().as_u128())
}

#[cfg(test)]
#[path = "handle_tests.rs"]
mod tests;
