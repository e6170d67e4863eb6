//! Figures for a dashboard, in the OpenMetrics text format. No name, amount or id is among them.

use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use thalium::Outcome;

use crate::health::{Condition, Health};

/// How a command ended: booked, replayed (a retry of what was booked before) or rejected.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    outcome: &'static str,
}

/// What is counted while a ledger is open.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: Counter,
    commands: Family<Labels, Counter>,
    deciding: Histogram,
    durable: Histogram,
    recovery: Duration,
}

impl Metrics {
    pub(crate) fn new(opening: Instant) -> Self {
        // From 10 µs to 10 s, half a decade a step.
        let seconds = || Histogram::new(exponential_buckets(1e-5, 10_f64.sqrt(), 13));
        Self {
            requests: Counter::default(),
            commands: Family::default(),
            deciding: seconds(),
            durable: seconds(),
            recovery: opening.elapsed(),
        }
    }

    /// A request that was decided in so much time.
    pub(crate) fn decided(&self, outcomes: &[Outcome], took: Duration) {
        self.requests.inc();
        self.deciding.observe(took.as_secs_f64());
        let (mut booked, mut replayed, mut rejected) = (0, 0, 0);
        for outcome in outcomes {
            match outcome.status {
                status if status.is_created() => booked += 1,
                status if status.is_replay() => replayed += 1,
                _ => rejected += 1,
            }
        }
        for (outcome, count) in [("booked", booked), ("replayed", replayed), ("rejected", rejected)]
        {
            self.commands.get_or_create(&Labels { outcome }).inc_by(count);
        }
    }

    /// A caller that waited so long for its outcomes to be durable.
    pub(crate) fn waited(&self, took: Duration) {
        self.durable.observe(took.as_secs_f64());
    }

    /// All figures, with those of the books as they are now.
    pub(crate) fn text(&self, health: &Health, books: &Books) -> String {
        let mut all = Registry::with_prefix("thalium");
        all.register("requests", "Requests decided", self.requests.clone());
        all.register("commands", "Commands by how they ended", self.commands.clone());
        let help = "Time to decide a request";
        all.register_with_unit("deciding", help, Unit::Seconds, self.deciding.clone());
        let help = "Time that a caller waited for its outcomes to be durable";
        all.register_with_unit("durable_wait", help, Unit::Seconds, self.durable.clone());
        let is = |truth: bool| u64::from(truth);
        for (name, help, figure) in [
            ("ready", "1 while requests are taken", is(health.condition == Condition::Ready)),
            ("stopped", "1 after a failure", is(health.condition == Condition::Stopped)),
            (
                "archive_failing",
                "1 while no part can be written",
                is(health.archive_failed.is_some()),
            ),
            ("disk_low", "1 when less is left than the reserve", is(health.disk_is_low)),
            ("events", "Events in the log", health.events),
            ("events_not_durable", "Events on their way to the disk", health.not_durable),
            ("accounts", "Accounts", books.accounts),
            ("transfers", "Transfers", books.transfers),
            ("open_holds", "Holds that are open", books.open_holds),
            ("parts", "Parts of the history on the disk", books.parts),
        ] {
            all.register(name, help, gauge(figure));
        }
        let help = "History in memory";
        all.register_with_unit("history", help, Unit::Bytes, gauge(health.history_bytes));
        if let Some(left) = health.disk_left {
            all.register_with_unit("disk_left", "Left on the disk", Unit::Bytes, gauge(left));
        }
        let recovery = Gauge::<f64, AtomicU64>::default();
        recovery.set(self.recovery.as_secs_f64());
        all.register_with_unit("recovery", "Time that opening took", Unit::Seconds, recovery);
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &all);
        text
    }
}

/// Figures of the books.
pub(crate) struct Books {
    pub(crate) accounts: u64,
    pub(crate) transfers: u64,
    pub(crate) open_holds: u64,
    pub(crate) parts: u64,
}

fn gauge(figure: u64) -> Gauge<u64, AtomicU64> {
    let gauge = Gauge::default();
    gauge.set(figure);
    gauge
}
