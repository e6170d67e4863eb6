//! What the benchmarks share: figures beside their targets and limits, CPU time, and the load.
//!
//! A figure is read beside the bare limit of the same machine in the same run, as a ratio: machines differ and drift.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

pub mod decisions;
pub mod load;
pub mod texts;
pub mod trades;

use std::time::Duration;

use serde::Serialize;

/// What a benchmark found.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// How much.
    pub figure: f64,
    /// Of what.
    pub unit: &'static str,
    /// What is to be reached; none for a limit of the machine.
    pub target: Option<f64>,
    /// The figure over its target, or the target over the figure where less is better: from 1 on it is reached.
    pub ratio: Option<f64>,
}

impl Figure {
    /// A figure to be reached.
    #[must_use]
    pub fn target(name: impl Into<String>, figure: f64, unit: &'static str, target: f64) -> Self {
        Self { name: name.into(), figure, unit, target: Some(target), ratio: Some(figure / target) }
    }

    /// A figure that is the better the smaller it is; its ratio is the target over it.
    #[must_use]
    pub fn at_most(name: impl Into<String>, figure: f64, unit: &'static str, target: f64) -> Self {
        Self { name: name.into(), figure, unit, target: Some(target), ratio: Some(target / figure) }
    }

    /// A limit of the machine, or a figure to know.
    #[must_use]
    pub fn limit(name: impl Into<String>, figure: f64, unit: &'static str) -> Self {
        Self { name: name.into(), figure, unit, target: None, ratio: None }
    }
}

/// Prints figures for people, or a JSON line each.
#[expect(clippy::print_stdout, reason = "printing is what a benchmark is for")]
pub fn print(figures: &[Figure], json: bool) {
    if !json {
        println!("{:<58} {:>12}  {:<22} {:>9} {:>6}", "", "figure", "unit", "target", "ratio");
    }
    for figure in figures {
        if json {
            println!("{}", serde_json::to_string(figure).unwrap_or_default());
            continue;
        }
        let target = figure.target.map_or_else(String::new, |target| format!("{target:.1}"));
        let ratio = figure.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        println!(
            "{:<58} {:>12.2}  {:<22} {target:>9} {ratio:>6}",
            figure.name, figure.figure, figure.unit
        );
    }
}

/// CPU time that this process has used, over all its threads.
#[must_use]
pub fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Millions a second.
#[must_use]
pub fn millions(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64() / 1e6
}

/// The middle of several runs.
#[must_use]
pub fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    runs.get(runs.len() / 2).copied().unwrap_or(0.0)
}

/// What a piece of work gives, and the CPU time that it takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = cpu_time();
    let made = work();
    (made, cpu_time() - before)
}
