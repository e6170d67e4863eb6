//! `thalium backup` and `thalium restore`: copies of a store, and stores from copies.

use std::path::PathBuf;

use clap::Args;
use thalium_host::wire::{BackupReport, RestoreReport};
use thalium_host::{NewKeys, Restored, Until, Verified, hex};

use super::last_instant;
use crate::failure::Failure;
use crate::output::{count, spinner};
use crate::session::{Global, key_in};

/// Copy a store, or bring its copy up to date; the store may be written meanwhile
#[derive(Args, Debug)]
#[command(
    after_help = "A backup is a store: `thalium verify` checks it from its first byte. Do not write into it.\n\n\
Examples:\n  thalium backup ./backup\n  thalium backup ./backup --rehearse"
)]
pub(crate) struct Backup {
    /// The directory of the backup: an empty one, or that of this store's last backup
    directory: PathBuf,
    /// Then restore it beside itself, verify what comes of it, and remove that again
    #[arg(long)]
    rehearse: bool,
}

impl Backup {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = global.directory()?;
        // What was copied so far.
        let bar = spinner("{spinner} {bytes} copied, {bytes_per_sec}");
        let copied = thalium_host::backup(&path, &self.directory, global.keys()?, &mut |bytes| {
            bar.set_position(bytes);
        });
        bar.finish_and_clear();
        let copied = copied?;
        let output = global.output();
        if output.json {
            let place = self.directory.display().to_string();
            output.json(&BackupReport::new(place, &copied))?;
        } else {
            output.line(format!("backed up to `{}`", self.directory.display()))?;
            output.pairs(&[
                ("  events", count(copied.events)),
                ("  copied now", count(copied.copied)),
                ("  Merkle root", hex(&copied.root)),
                ("  generation", copied.generation.to_string()),
            ])?;
        }
        if self.rehearse {
            let (restored, verified) = thalium_host::rehearse(&self.directory, global.keys()?)?;
            if restored.root != copied.root {
                let what = "what was restored in the rehearsal has another root than the backup";
                return Err(Failure::Damaged(what.to_owned()));
            }
            tell(global, "rehearsed: restored, verified and removed again", &restored, &verified)?;
        }
        Ok(())
    }
}

/// Make a store from a backup, whole or as it was at some point
#[derive(Args, Debug)]
#[command(
    after_help = "The cut is made between two requests, so that nothing of one is restored in part. The new store begins a new \
generation: `thalium stats` shows it.\n\n\
Examples:\n  thalium restore ./backup --dir ./books\n  thalium restore ./backup --dir ./books --until 2026-01-31T17:00:00Z\n  thalium restore ./backup --dir ./books --new-key-file ./key"
)]
pub(crate) struct Restore {
    /// The directory of the backup
    backup: PathBuf,
    /// Nothing that was asked for after this instant: RFC 3339, nanoseconds, or a date
    #[arg(long, value_name = "INSTANT", value_parser = last_instant, conflicts_with = "until_size")]
    until: Option<i64>,
    /// No more than the first so many events
    #[arg(long, value_name = "EVENTS")]
    until_size: Option<u64>,
    /// Encrypt the new store under this key, in a file or as keystore:NAME [default: that of the backup, if it is encrypted]
    #[arg(long, value_name = "FILE")]
    new_key_file: Option<PathBuf>,
    /// Do not encrypt the new store, though the backup is
    #[arg(long, conflicts_with = "new_key_file")]
    decrypt: bool,
}

impl Restore {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = global.directory()?;
        let until = match (self.until, self.until_size) {
            (Some(instant), _) => Until::Instant(instant),
            (_, Some(size)) => Until::Size(size),
            _ => Until::End,
        };
        let new_keys = match &self.new_key_file {
            Some(file) => NewKeys::Other(key_in(file)?),
            None if self.decrypt => NewKeys::Without,
            None => NewKeys::Same,
        };
        let keys = global.keys()?;
        let (restored, verified) =
            thalium_host::restore(&self.backup, &path, until, keys, new_keys)?;
        let what = format!("restored `{}` and verified it", path.display());
        tell(global, &what, &restored, &verified)
    }
}

fn tell(
    global: &Global,
    what: &str,
    restored: &Restored,
    verified: &Verified,
) -> Result<(), Failure> {
    let output = global.output();
    if output.json {
        return output.json(&RestoreReport::new(restored, verified));
    }
    output.line(what)?;
    output.pairs(&[
        ("  events", format!("{} of {}", count(restored.events), count(restored.of))),
        ("  accounts", verified.accounts.to_string()),
        ("  transfers", count(verified.transfers)),
        ("  Merkle root", hex(&restored.root)),
        ("  state", hex(&verified.state_hash)),
        ("  generation", restored.generation.to_string()),
    ])
}
