//! `thalium ship`: keeps a copy of a store up to date while it is written.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use clap::Args;
use thalium_host::Shipment;

use crate::failure::Failure;
use crate::output::{count, spinner};
use crate::session::Global;

/// Keep a copy of a store up to date for as long as this runs
#[derive(Args, Debug)]
#[command(
    after_help = "The copy is a backup, whole after every step: rehearse and restore it at any time. This ends cleanly at SIGINT or SIGTERM, \
may be killed at any time and started again. What is behind is what would be lost with the store's disk.\n\n\
Examples:\n  thalium ship /mnt/elsewhere/books\n  thalium ship /mnt/elsewhere/books --every 60 --json"
)]
pub(crate) struct Ship {
    /// The directory of the copy: an empty one, or that of this store's last backup
    directory: PathBuf,
    /// Seconds between two steps; `200ms` and `5m` are understood, too
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = pause)]
    every: Duration,
    /// End when the copy is up to date
    #[arg(long)]
    once: bool,
}

impl Ship {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = global.directory()?;
        let output = global.output();
        let is_ending = Arc::new(AtomicBool::new(false));
        let (asks, asked) = sync_channel(1);
        let told_to_end = Arc::clone(&is_ending);
        // A process that cannot be told to end dies of the signal, and the copy is gone on with all the same.
        let _ = ctrlc::set_handler(move || {
            told_to_end.store(true, Ordering::Relaxed);
            let _ = asks.try_send(());
        });
        let is_ending = || is_ending.load(Ordering::Relaxed);
        // Where no one watches, a line a step; a terminal shows the last.
        let spinner = (!output.json).then(|| spinner("{spinner} {msg}"));
        let mut written = Ok(());
        let keys = global.keys()?;
        thalium_host::ship_until(&path, &self.directory, keys, &is_ending, |told| {
            match &spinner {
                None => written = output.json(told),
                Some(spinner) if spinner.is_hidden() => written = output.line(line(told)),
                Some(spinner) => spinner.set_message(line(told)),
            }
            !self.once
                && written.is_ok()
                && asked.recv_timeout(self.every) == Err(RecvTimeoutError::Timeout)
        })?;
        if let Some(spinner) = spinner {
            spinner.finish();
        }
        written
    }
}

fn line(told: &Shipment) -> String {
    let Shipment { events, behind, behind_bytes, behind_for, failed, .. } = told;
    match failed {
        Some(why) => format!("not brought up to date: {why}"),
        None => format!(
            "{} events in the copy, {} behind in {} bytes, {:.1} s",
            count(*events),
            count(*behind),
            count(*behind_bytes),
            behind_for.as_secs_f64()
        ),
    }
}

/// Reads a pause: seconds, or a number with `ms`, `s`, `m` or `h`.
fn pause(text: &str) -> Result<Duration, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
    let millis = match unit {
        "ms" => Some(1),
        "" | "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    match number.zip(millis) {
        Some((number, millis)) => Ok(Duration::from_millis(u64::from(number) * millis)),
        None => Err("is no pause: write seconds, 200ms, 5m or 1h".to_owned()),
    }
}

#[cfg(test)]
#[path = "ship_tests.rs"]
mod tests;
