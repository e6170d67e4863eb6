//! Figures for a dashboard, in the OpenMetrics text format, and for whoever listens at the telemetry port. No name,
//! amount or id is among them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use thalium::Outcome;
use thalium::port::telemetry::{Sample, Stage, Telemetry};

/// How a command ended: booked, replayed (a retry of what was booked before) or rejected.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct In {
    stage: &'static str,
}

/// What is counted while a ledger is open.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: Counter,
    commands: Family<Ended, Counter>,
    stages: Family<In, Histogram>,
    /// Those of the stages, by their numbers: counting looks nothing up.
    took: [Histogram; Stage::ALL.len()],
    /// Nanoseconds that opening took.
    recovery: AtomicU64,
    telemetry: Option<Arc<dyn Telemetry>>,
}

impl Metrics {
    pub(crate) fn new(telemetry: Option<Arc<dyn Telemetry>>) -> Self {
        // From 10 µs to 10 s, half a decade a step.
        let seconds = || Histogram::new(exponential_buckets(1e-5, 10_f64.sqrt(), 13));
        let stages = Family::new_with_constructor(seconds as fn() -> Histogram);
        let took = Stage::ALL.map(|stage| stages.get_or_create_owned(&In { stage: stage.name() }));
        Self {
            requests: Counter::default(),
            commands: Family::default(),
            stages,
            took,
            recovery: AtomicU64::new(0),
            telemetry,
        }
    }

    /// A stage that took so long.
    pub(crate) fn took(&self, stage: Stage, took: Duration) {
        if let Some(histogram) = self.took.get(stage as usize) {
            histogram.observe(took.as_secs_f64());
        }
        if stage == Stage::Open {
            let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
            self.recovery.store(nanos, Ordering::Relaxed);
        }
        self.tell(Sample::Took(stage, took));
    }

    /// A request that was decided.
    pub(crate) fn decided(&self, outcomes: &[Outcome]) -> [u64; 3] {
        let (mut booked, mut replayed, mut rejected) = (0, 0, 0);
        for outcome in outcomes {
            match outcome.status {
                status if status.is_created() => booked += 1,
                status if status.is_replay() => replayed += 1,
                _ => rejected += 1,
            }
        }
        self.requests.inc();
        for (outcome, count) in [("booked", booked), ("replayed", replayed), ("rejected", rejected)]
        {
            self.commands.get_or_create(&Ended { outcome }).inc_by(count);
        }
        self.tell(Sample::Decided { booked, replayed, rejected });
        [booked, replayed, rejected]
    }

    fn tell(&self, sample: Sample) {
        if let Some(telemetry) = &self.telemetry {
            telemetry.record(sample);
        }
    }

    /// Tells the levels to whoever listens.
    pub(crate) fn tell_levels(&self, levels: &[Level]) {
        for level in levels {
            self.tell(Sample::Level(level.name, level.figure));
        }
    }

    /// All figures, with the levels as they are now.
    pub(crate) fn text(&self, levels: &[Level]) -> String {
        let mut all = Registry::with_prefix("thalium");
        all.register("requests", "Requests decided", self.requests.clone());
        all.register("commands", "Commands by how they ended", self.commands.clone());
        let help = "Time that a stage took: open, decide, hash, write, durable, part, image";
        all.register_with_unit("stage", help, Unit::Seconds, self.stages.clone());
        for Level { name, help, figure } in levels {
            let gauge = Gauge::<u64, AtomicU64>::default();
            gauge.set(*figure);
            match name.strip_suffix("_bytes") {
                Some(name) => all.register_with_unit(name, *help, Unit::Bytes, gauge),
                None => all.register(*name, *help, gauge),
            }
        }
        let recovery = Gauge::<f64, AtomicU64>::default();
        recovery.set(Duration::from_nanos(self.recovery.load(Ordering::Relaxed)).as_secs_f64());
        all.register_with_unit("recovery", "Time that opening took", Unit::Seconds, recovery);
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &all);
        text
    }
}

/// How much there is of something.
pub(crate) struct Level {
    /// The name, without the prefix; `_bytes` at its end is the unit.
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) figure: u64,
}

/// The levels of a ledger: one list for the text, the port and `docs/operations.md`.
pub(crate) fn levels(health: &crate::Health, books: &Books, waiting: Waiting) -> Vec<Level> {
    use crate::Condition::{Draining, Ready, Stopped};
    let level = |name, help, figure| Level { name, help, figure };
    let is = |truth: bool| u64::from(truth);
    let mut levels = vec![
        level("ready", "1 while requests are taken", is(health.condition == Ready)),
        level("draining", "1 while what was taken is finished", is(health.condition == Draining)),
        level("stopped", "1 after a failure", is(health.condition == Stopped)),
        level("lagging", "1 while parts are written later than cut", is(health.is_lagging)),
        level(
            "archive_failing",
            "1 while no part can be written",
            is(health.archive_failed.is_some()),
        ),
        level("disk_low", "1 when less is left than the reserve", is(health.disk_is_low)),
        level("events", "Events in the log", health.events),
        level("events_not_durable", "Events on their way to the disk", health.not_durable),
        level("waiting_to_hash", "Requests whose events wait to be hashed", waiting.to_hash),
        level("waiting_to_write", "Requests whose events wait to be written", waiting.to_write),
        level(
            "waiting_for_parts",
            "Cuts of the history that wait for their part",
            waiting.for_parts,
        ),
        level("accounts", "Accounts", books.accounts),
        level("transfers", "Transfers", books.transfers),
        level("open_holds", "Holds that are open", books.open_holds),
        level("parts", "Parts of the history on the disk", books.parts),
        level("history_bytes", "History in memory", health.history_bytes),
    ];
    levels.extend(health.disk_left.map(|left| level("disk_left_bytes", "Left on the disk", left)));
    levels
}

/// Figures of the books.
pub(crate) struct Books {
    pub(crate) accounts: u64,
    pub(crate) transfers: u64,
    pub(crate) open_holds: u64,
    pub(crate) parts: u64,
}

/// What waits in the pipeline.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) to_hash: u64,
    pub(crate) to_write: u64,
    pub(crate) for_parts: u64,
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
