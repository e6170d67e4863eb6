//! `thalium policy bench`.

use std::time::{Duration, Instant};

use clap::Args;

use super::{AskedArgs, BundleArgs};
use crate::failure::Failure;
use crate::output::count;
use crate::session::Global;

/// Measure how long a path takes to be decided, again and again for a while
#[derive(Args, Debug)]
#[command(after_help = "\
The input is read from its text each time, as a service would.

Example:
  thalium policy bench policies/ aml/verdict --input withdrawal.json")]
pub(crate) struct Bench {
    #[command(flatten)]
    bundle: BundleArgs,
    /// The path, such as `aml/verdict`
    path: String,
    #[command(flatten)]
    asked: AskedArgs,
    /// For how many seconds
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
}

impl Bench {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        let input = self.asked.text()?;
        let asked = self.asked.asked(input.as_deref());
        let begun = Instant::now();
        let lasts = Duration::from_secs(self.seconds);
        let mut times: Vec<u64> = Vec::new();
        while begun.elapsed() < lasts {
            let one = Instant::now();
            policy.evaluate(&self.path, &asked)?;
            times.push(u64::try_from(one.elapsed().as_nanos()).unwrap_or(u64::MAX));
        }
        times.sort_unstable();
        let at = |part: usize| times.get(times.len() * part / 1000).copied().unwrap_or(0);
        let (median, late, latest) = (at(500), at(990), at(999));
        let output = global.output();
        if output.json {
            return output.json(&serde_json::json!({
                "path": self.path, "decisions": times.len(), "p50_ns": median, "p99_ns": late, "p999_ns": latest,
            }));
        }
        output.pairs(&[
            ("decisions", count(times.len() as u64)),
            ("median", micros(median)),
            ("99 of 100 within", micros(late)),
            ("999 of 1000 within", micros(latest)),
        ])
    }
}

fn micros(nanos: u64) -> String {
    format!("{}.{:03} µs", nanos / 1000, nanos % 1000)
}
