//! Submits settlements in batches, and tells what became of them.

use std::time::{Duration, Instant};

use thalium_host::{Command, Outcome, Thalium};

use super::settle::Settlement;
use crate::failure::Failure;

/// The most trades that become durable together.
const BATCH_MAX: usize = 2_048;

/// What became of a run of settlements.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Settled {
    /// Trades that were booked now.
    pub(super) booked: usize,
    /// Trades that stood in the books already.
    pub(super) replayed: usize,
    /// Transfers that were booked while only new trades were settled, and how long that took.
    pub(super) timed: Timed,
}

/// Work and the time that it took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timed {
    pub(super) trades: usize,
    pub(super) transfers: u64,
    pub(super) time: Duration,
}

impl Timed {
    /// So many of a thing in a second; no floats, so that it is exact to the millisecond.
    pub(super) fn per_second(&self, things: u64) -> u64 {
        let micros = self.time.as_micros().max(1);
        u64::try_from(u128::from(things) * 1_000_000 / micros).unwrap_or(u64::MAX)
    }
}

/// The size of a batch for so many trades: at least some twenty batches.
pub(super) fn batch_size(trades: usize) -> usize {
    (trades / 20).clamp(1, BATCH_MAX)
}

/// Submits all or fails; a command of the set-up is never rejected.
pub(super) fn submit_all(thalium: &Thalium, commands: &[Command]) -> Result<usize, Failure> {
    for batch in commands.chunks(4_096) {
        for (command, outcome) in batch.iter().zip(thalium.submit(batch)?) {
            if !outcome.ok {
                return Err(unexpected(&format!("{command:?}"), &outcome));
            }
        }
    }
    Ok(commands.len())
}

/// Settles in batches; `acknowledged` is called with the number of trades that are durable, after each.
pub(super) fn settle(
    thalium: &Thalium,
    settlements: &[Settlement],
    batch: usize,
    mut acknowledged: impl FnMut(usize) -> Result<(), Failure>,
) -> Result<Settled, Failure> {
    let mut settled = Settled::default();
    let mut done = 0;
    for settlements in settlements.chunks(batch.max(1)) {
        let commands: Vec<Vec<Command>> = settlements.iter().map(Settlement::commands).collect();
        let all: Vec<Command> = commands.iter().flatten().cloned().collect();
        let before = thalium.read(|book| book.transfer_count())?;
        let started = Instant::now();
        let mut outcomes = thalium.submit(&all)?.into_iter();
        let time = started.elapsed();
        let booked_before = settled.booked;
        for (settlement, commands) in settlements.iter().zip(&commands) {
            let outcomes: Vec<Outcome> = outcomes.by_ref().take(commands.len()).collect();
            if is_replayed(settlement, &outcomes)? {
                settled.replayed += 1;
            } else {
                settled.booked += 1;
            }
        }
        if settled.booked - booked_before == settlements.len() {
            let transfers = thalium.read(|book| book.transfer_count())?.saturating_sub(before);
            settled.timed.trades += settlements.len();
            settled.timed.transfers += transfers;
            settled.timed.time += time;
        }
        done += settlements.len();
        acknowledged(done)?;
    }
    Ok(settled)
}

/// Whether a trade stood in the books already; anything but that or a booking is a failure.
fn is_replayed(settlement: &Settlement, outcomes: &[Outcome]) -> Result<bool, Failure> {
    let captured_before = outcomes.iter().any(|outcome| outcome.ok && outcome.replayed);
    for outcome in outcomes {
        // The retry of a chain is answered by its first member; the others were not tried.
        let in_replayed_chain = captured_before && outcome.status == "linked_event_failed";
        if !outcome.ok && !in_replayed_chain {
            return Err(unexpected(&settlement.key(), outcome));
        }
    }
    let held_only =
        settlement.is_held() && outcomes.last().is_some_and(|last| last.ok && !last.replayed);
    Ok(captured_before && !held_only)
}

fn unexpected(what: &str, outcome: &Outcome) -> Failure {
    let why = outcome.reason.clone().unwrap_or_default();
    let account = outcome.account.clone().unwrap_or_default();
    Failure::Store(format!("the demo's {what} was rejected: {} {why} {account}", outcome.status))
}
