//! How an open ledger is: for a probe that decides whether requests are sent to it, and for whoever is woken at night.

use serde::Serialize;

/// What an open ledger can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It takes requests.
    Ready,
    /// It is read beside its writer, and takes none.
    Reading,
    /// It has stopped after a failure, and takes none until it is opened again.
    Stopped,
}

/// How an open ledger is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// What it can do.
    pub condition: Condition,
    /// Why it has stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Events that were decided.
    pub events: u64,
    /// Those of them that are not durable yet.
    pub not_durable: u64,
    /// Bytes of history in memory. They go into parts when there are enough of them.
    pub history_bytes: u64,
    /// Why the history could not be put into a part last time: it stays in memory until it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive_failed: Option<String>,
    /// Bytes left on the disk, where the system tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_left: Option<u64>,
    /// Whether less is left than [`Options::disk_reserve`](crate::Options::disk_reserve): time to make room.
    pub disk_is_low: bool,
}

impl Health {
    /// Whether requests can be sent to it and nobody need be woken.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.condition != Condition::Stopped && !self.disk_is_low && self.archive_failed.is_none()
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
