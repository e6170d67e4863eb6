//! The handle: decide under a lock, release when durable.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use thalium::audit::merkle::Hash;
use thalium::ledger::Book;
use thalium::ledger::query::AccountFilter;
use thalium::party::Change;
use thalium::port::telemetry::Stage;
use thalium::{Command, Context, Engine, Executed, Id, Request, Status, api};

use thalium_store::disk::{Directory, Disk};

use crate::cases::CaseFile;
use crate::clock::Clock;
use crate::decisions::{DecisionLog, Policies};
use crate::error::readable;
use crate::follow::Follower;
use crate::history::{Sealing, attach, go_on_with_image};
use crate::metrics::Metrics;
use crate::open::{Access, DAY, Opened, Options, open_directory};
use crate::pages::LargePages;
use crate::pipeline::{Chunk, Pipeline};
use crate::privacy::Privacy;
use crate::rollups::Shelf;
use crate::verify::check_book;
use crate::{Address, Error};

/// An open ledger. It can be shared between threads; requests of several become durable together.
pub struct Thalium {
    state: Mutex<State>,
    pub(crate) pipeline: Option<Pipeline>,
    clock: Clock,
    context: Context,
    opened: Opened,
    pub(crate) metrics: Arc<Metrics>,
    /// Whether nothing more is taken, since the ledger will be closed.
    pub(crate) is_draining: AtomicBool,
    /// Whether it was told that the ledger has stopped.
    is_stop_told: AtomicBool,
    /// Where it is, and how much has to be left there.
    pub(crate) disk: Option<(Directory, u64)>,
    /// What is kept of people, where there are keys to keep it with.
    pub(crate) privacy: Option<Privacy>,
    /// The rollups.
    pub(crate) shelf: Shelf,
    /// The policies that it decides by, and what was decided.
    pub(crate) policies: Policies,
    pub(crate) decisions: DecisionLog,
    pub(crate) cases: CaseFile,
}

impl std::fmt::Debug for Thalium {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thalium").field("opened", &self.opened).finish_non_exhaustive()
    }
}

pub(crate) struct State {
    pub(crate) engine: Engine,
    /// The journal of a ledger that is read beside its writer.
    pub(crate) follower: Option<Follower>,
    executed: Executed,
    /// Bytes of history in memory at which it is cut, and how many events the last image is of.
    memory: usize,
    imaged: u64,
}

impl State {
    /// Brings books that are read beside their writer up to date.
    fn catch_up(&mut self) -> Result<(), Error> {
        match &mut self.follower {
            Some(follower) => follower.catch_up(&mut self.engine),
            None => Ok(()),
        }
    }
}

/// Outcomes that wait for their block.
#[must_use = "nothing is known to be booked before `wait` returns"]
#[derive(Debug)]
pub struct Ticket {
    outcomes: Vec<thalium::Outcome>,
    events: u64,
    /// Whether it forgets someone, and so is not done before their keys are gone.
    forgets: bool,
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
        let _span = tracing::info_span!("open").entered();
        let opening = Instant::now();
        let metrics = Arc::new(Metrics::new(options.telemetry.clone()));
        let mut disk = match address.parse()? {
            Address::File(path) => Some(Directory::new(path).with_keys(options.keys.clone())?),
            Address::Memory => None,
        };
        let jump_limit = options.max_clock_jump_days.saturating_mul(DAY);
        let mut opened = Opened { created: true, ..Opened::default() };
        let (mut pipeline, mut follower) = (None, None);
        let engine = match (options.access, disk.clone()) {
            (Access::Write, None) => {
                Engine::new_in(Arc::new(LargePages::default()), options.genesis.clone())
            }
            (_, None) => return Err(Error::NotShared),
            (Access::Write, Some(directory)) => {
                let (engine, threads, found, directory) =
                    open_directory(directory, &options, &metrics)?;
                (pipeline, opened, disk) = (Some(threads), found, Some(directory));
                engine
            }
            (access, Some(directory)) => {
                let at = if let Access::ReadAt(at) = access { Some(at) } else { None };
                let (engine, reading) = Follower::open(&directory, at, options.memory)?;
                opened = Opened { created: false, recovery: reading.recovery() };
                follower = Some(reading);
                engine
            }
        };
        let engine = engine.with_jump_limit(jump_limit);
        let (shelf, decisions, cases) = match &disk {
            Some(disk) => {
                let keys = || options.keys.clone().filter(|_| disk.seal().current() > 0);
                let (path, len, writes) = (disk.path(), options.segment_len, pipeline.is_some());
                let shelf = Shelf::beside(path, keys(), len, writes);
                let decisions = DecisionLog::beside(path, keys(), len, writes);
                (shelf, decisions, CaseFile::beside(path, keys(), len, writes))
            }
            None => (Shelf::in_memory(), DecisionLog::in_memory(), CaseFile::default()),
        };
        let privacy = Privacy::open(&options, disk.as_ref(), pipeline.is_some(), &engine)?;
        metrics.took(Stage::Open, opening.elapsed());
        let recovery = &opened.recovery;
        tracing::info!(
            created = opened.created,
            events = recovery.events,
            from_image = recovery.from_image,
            torn = recovery.torn.is_some(),
            took = ?opening.elapsed(),
            "opened"
        );
        Ok(Self {
            state: Mutex::new(State {
                engine,
                follower,
                executed: Executed::default(),
                memory: options.memory,
                imaged: opened.recovery.from_image,
            }),
            pipeline,
            clock: Clock::default(),
            context: options.context,
            opened,
            metrics,
            is_draining: AtomicBool::new(false),
            is_stop_told: AtomicBool::new(false),
            disk: disk.map(|disk| (disk, options.disk_reserve)),
            privacy,
            shelf,
            policies: Policies::default(),
            decisions,
            cases,
        })
    }

    /// Opens the ledger at an address to read it, beside its writer or without one.
    ///
    /// # Errors
    /// An address without a ledger; one that is damaged.
    pub fn open_to_read(address: &str) -> Result<Self, Error> {
        Self::open_with(address, Options { access: Access::Read, ..Options::default() })
    }

    /// Who asks, unless a request says otherwise.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Who asks, with what a request says of it: actor, role, id of the request and origin, in this order.
    pub(crate) fn context_with(&self, said: [&Option<String>; 4]) -> Context {
        let mut context = self.context.clone();
        let Context { actor, role, request_id, origin } = &mut context;
        for (own, said) in [actor, role, request_id, origin].into_iter().zip(said) {
            if let Some(said) = said {
                own.clone_from(said);
            }
        }
        context
    }

    /// The instant of the clock that dates requests: it never goes back.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
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
        let (told, ticket) = self.decide_at(context, now, commands)?;
        self.wait(ticket)?;
        Ok(told)
    }

    /// Decides commands, and gives the outcomes with what to wait for before they are told.
    pub(crate) fn decide_at(
        &self,
        context: &Context,
        now: i64,
        commands: &[api::Command],
    ) -> Result<(Vec<api::Outcome>, Ticket), Error> {
        let _span = tracing::trace_span!("submit", commands = commands.len()).entered();
        self.prepare_keys(commands)?;
        let mut state = self.lock()?;
        let vault = self.privacy.as_ref().map(|privacy| &privacy.vault);
        let api::Resolved { commands: resolved, parts } =
            api::resolve_with(&state.engine, commands, vault);
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
                            api::outcome(&state.engine, command, part, outcome)
                        }
                        None => api::Outcome::default(),
                    }
                }
            });
        }
        self.readable(&state)?;
        Ok((told, ticket))
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
        let _span = tracing::trace_span!("submit", commands = request.commands.len()).entered();
        let mut state = self.lock()?;
        self.execute(&mut state, request)
    }

    /// Waits until what a ticket stands for is durable, and gives the outcomes.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn wait(&self, ticket: Ticket) -> Result<Vec<thalium::Outcome>, Error> {
        if let Some(pipeline) = &self.pipeline {
            let begun = Instant::now();
            pipeline.wait(ticket.events)?;
            self.metrics.took(Stage::Durable, begun.elapsed());
        }
        if let Some(privacy) = &self.privacy {
            let destroyed = privacy.destroy(ticket.events);
            // What was booked is told, whatever became of the keys of others.
            if ticket.forgets {
                destroyed?;
            }
        }
        Ok(ticket.outcomes)
    }

    /// Reads the books. What is read is durable before it is returned, and holds that are due have run out; beside a
    /// writer it is what that one has made durable so far, and only the writer lets holds run out.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn read<R>(&self, question: impl FnOnce(&Book) -> R) -> Result<R, Error> {
        self.read_state(|engine| question(engine.book()))
    }

    /// As [`Thalium::read`], for a question that goes beyond the books.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn read_state<R>(&self, question: impl FnOnce(&Engine) -> R) -> Result<R, Error> {
        let mut state = self.lock()?;
        state.catch_up()?;
        let now = self.clock.now();
        let is_due = |due| due <= now;
        if state.follower.is_none() && state.engine.book().next_timeout().is_some_and(is_due) {
            let _ = self.execute(
                &mut state,
                &Request { context: self.context.clone(), now, commands: Vec::new() },
            )?;
        }
        let answer = question(&state.engine);
        self.readable(&state)?;
        let events = state.engine.book().event_count();
        drop(state);
        self.pipeline.as_ref().map_or(Ok(()), |pipeline| pipeline.wait(events))?;
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
        state.catch_up()?;
        self.readable(&state)?;
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
        let mut state = self.lock()?;
        state.catch_up()?;
        check_book(state.engine.book())?;
        self.readable(&state)?;
        Ok(state.engine.state_hash())
    }

    /// Closes the ledger and leaves a snapshot, so that the next opening is quicker. Dropping it is safe as well.
    ///
    /// # Errors
    /// A ledger that has stopped, or the disk's.
    pub fn close(mut self) -> Result<(), Error> {
        let Some(mut pipeline) = self.pipeline.take() else { return Ok(()) };
        let beside = self.shelf.close().and(self.decisions.close()).and(self.cases.log.close());
        let (journal, mut history) = pipeline.stop()?;
        let State { engine, memory, imaged, .. } = &mut *self.lock()?;
        // What was decided without its history is void, and no state that anything could be told of.
        readable(engine.book())?;
        if let Some(sealing) = Sealing::at_close(engine, imaged, *memory) {
            // Without it, the next opening reads more.
            let _ = history.seal(&sealing, &journal.end());
        }
        if let Some(image) = engine.go_on_with_image(u32::MAX) {
            let _ = history.image(&image);
        }
        journal.close(engine.state_hash())?;
        beside
    }

    /// Whether the ledger is only read.
    pub(crate) fn is_read_only(&self) -> bool {
        self.disk.is_some() && self.pipeline.is_none()
    }

    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, State>, Error> {
        self.state.lock().map_err(|_| self.stopped(Error::Panicked))
    }

    /// Whether the books could read all of the history that they were asked for: else the ledger has stopped.
    fn readable(&self, state: &State) -> Result<(), Error> {
        readable(state.engine.book()).map_err(|error| self.stopped(error))
    }

    /// Tells that the ledger has stopped, the first time that it is found out.
    fn stopped(&self, error: Error) -> Error {
        if !self.is_stop_told.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "the ledger stopped: it takes nothing more until it is opened again");
        }
        error
    }

    /// Decides, and sends the events on their way while the lock keeps their order.
    pub(crate) fn execute(&self, state: &mut State, request: &Request) -> Result<Ticket, Error> {
        if state.follower.is_some() {
            return Err(Error::ReadOnly);
        }
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(Error::Draining);
        }
        if let Some(pipeline) = &self.pipeline {
            pipeline.check()?;
        }
        let begun = Instant::now();
        if let Err(error) = state.engine.execute_into(request, &mut state.executed) {
            // One that is refused says nothing of the ledger, unless it was refused for its history.
            self.readable(state)?;
            return Err(error.into());
        }
        let State { engine, executed, memory, imaged, .. } = state;
        let took = begun.elapsed();
        self.metrics.took(Stage::Decide, took);
        let [booked, replayed, rejected] = self.metrics.decided(&executed.outcomes);
        tracing::trace!(
            booked,
            replayed,
            rejected,
            events = executed.event_count,
            ?took,
            "decided"
        );
        if let Some(pipeline) = &self.pipeline
            && executed.event_count > 0
        {
            let mut events = pipeline.buffer();
            for event in engine.book().events_from(executed.first_event) {
                events.extend_from_slice(&event);
            }
            let is_full = engine.uncut() >= *memory;
            let sealing = is_full.then(|| Sealing::of(engine, imaged));
            let image = go_on_with_image(engine);
            pipeline.send(Chunk { events, count: executed.event_count, sealing, image })?;
            while let Some(sealed) = pipeline.sealed() {
                attach(engine, sealed)?;
            }
        }
        let is_of_party = |outcome: &thalium::Outcome| matches!(outcome.status, Status::Party(_));
        let mut forgets = false;
        if let Some(privacy) = &self.privacy
            && executed.outcomes.iter().any(is_of_party)
        {
            privacy.note(engine, executed.first_event);
            let is_forget = |command: &Command| match command {
                Command::Party(change) => matches!(**change, Change::Forget(_)),
                _ => false,
            };
            forgets = request.commands.iter().any(is_forget);
        }
        // A retry's original may still be on its way: the answer waits for it too.
        let events = engine.book().event_count();
        Ok(Ticket { outcomes: std::mem::take(&mut executed.outcomes), events, forgets })
    }
}

fn is_linked_failure(outcome: &thalium::Outcome) -> bool {
    outcome.status.name() == "linked_event_failed"
}

/// A new time-ordered id, for a caller that has none of its own.
#[must_use]
pub fn new_id() -> Id {
    Id(uuid::Uuid::now_v7().as_u128())
}

/// What chance follows from, for a caller that has none of its own.
#[must_use]
pub fn new_seed() -> u64 {
    uuid::Uuid::now_v7().as_u64_pair().1
}

#[cfg(test)]
#[path = "handle_tests.rs"]
mod tests;
