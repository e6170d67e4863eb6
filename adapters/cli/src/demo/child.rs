//! The process that is killed: it settles trades and says on its output how many are durable.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::run::{batch_size, settle};
use super::{Settlement, settlements};
use crate::failure::Failure;
use crate::session::Global;

/// Settle the demo's trades until killed
#[derive(Args, Debug)]
pub(crate) struct Settle {
    #[arg(long)]
    trades: Option<PathBuf>,
    #[arg(long)]
    count: usize,
    #[arg(long)]
    clients: u64,
}

impl Settle {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let settlements = settlements(self.trades.as_deref(), Some(self.count), self.clients)?;
        let thalium = global.open()?;
        let batch = batch_size(settlements.len());
        let half = (settlements.len() / 2).div_ceil(batch) * batch;
        let (first, second) = settlements.split_at(half.min(settlements.len()));
        let tell = |done: usize| {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{done}")?;
            out.flush()?;
            Ok(())
        };
        settle(&thalium, first, batch, tell)?;
        // From here on the kill may come at any time: small batches, so that it comes in the midst of them.
        let small = batch.div_ceil(8);
        settle(&thalium, second, small, |done| tell(first.len() + done))?;
        Ok(())
    }
}

/// What the parent learns from the child: how many trades are durable.
pub(super) fn acknowledged(line: &str) -> Option<usize> {
    line.trim().parse().ok()
}

/// The arguments that start it.
pub(super) fn arguments(
    directory: &str,
    trades: Option<&PathBuf>,
    settlements: &[Settlement],
    clients: u64,
) -> Vec<String> {
    let mut arguments = vec![
        "demo-settle".to_owned(),
        "--dir".to_owned(),
        directory.to_owned(),
        "--count".to_owned(),
        settlements.len().to_string(),
        "--clients".to_owned(),
        clients.to_string(),
    ];
    if let Some(path) = trades {
        arguments.extend(["--trades".to_owned(), path.display().to_string()]);
    }
    arguments
}
