//! `thalium keys`: the keys of an encrypted store.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use thalium_host::{KeyText, Keys as KeyPort, Passphrase};

use super::close;
use crate::failure::Failure;
use crate::session::{Global, key_in};

/// Make, rotate and check the keys of an encrypted store
#[derive(Subcommand, Debug)]
#[command(after_help = "\
What a store holds is encrypted with data keys, which stand in the store, wrapped by a key that you keep: in a file, in the key store \
of your platform (keystore:NAME), in the environment, or as a passphrase. Without it nothing of the store can be read again, nor of its backups.")]
pub(crate) enum Keys {
    New(New),
    Copy(Copy),
    Rotate(Rotate),
    Rewrap(Rewrap),
    Check(Check),
}

/// Make a key, in a new file that only its owner may read, or in the key store of the platform
#[derive(Args, Debug)]
#[command(after_help = "\
Keep a copy of it where the store and its backups are not.

Examples:
  thalium keys new ./key && thalium init --dir ./books --key-file ./key
  thalium keys new keystore:books && thalium init --dir ./books --key-file keystore:books")]
pub(crate) struct New {
    /// The file, or keystore:NAME
    file: PathBuf,
}

/// Copy a key to a new place
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  thalium keys copy ./key keystore:books\n  thalium keys copy keystore:books /media/safe/key"
)]
pub(crate) struct Copy {
    /// Where it is: a file, or keystore:NAME
    from: PathBuf,
    /// Where it is to be as well: a file, or keystore:NAME
    to: PathBuf,
}

/// Encrypt with a new data key from now on
#[derive(Args, Debug)]
#[command(after_help = "\
What was written stays as it is. To put everything under one new key, restore a backup.

Example:
  thalium keys rotate --key-file ./key
  thalium keys rotate --people")]
pub(crate) struct Rotate {
    /// Rotate the key that wraps the keys of people instead: what an old copy of their file held is of no more use
    #[arg(long)]
    people: bool,
}

/// Wrap the data keys with another key, which opens the store from now on
#[derive(Args, Debug)]
#[command(after_help = "\
Nothing else is written anew. Backups keep the key that they were made under until they are brought up to date.

Examples:
  thalium keys rewrap --key-file ./key --to ./new-key
  thalium keys rewrap --key-file ./key --to-passphrase NEW_PASSPHRASE")]
pub(crate) struct Rewrap {
    /// The new key: its file, or keystore:NAME
    #[arg(long, value_name = "FILE", required_unless_present = "to_passphrase")]
    to: Option<PathBuf>,
    /// The variable of the environment that has the new passphrase
    #[arg(long, value_name = "VARIABLE", conflicts_with = "to")]
    to_passphrase: Option<String>,
}

/// Unwrap every data key, and say which cannot be had
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  thalium keys check --key-file ./key\n  thalium keys check --people"
)]
pub(crate) struct Check {
    /// Look at the keys of people as well
    #[arg(long)]
    people: bool,
}

impl Keys {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::New(New { file }) => {
                let failed = |error: thalium_host::KeyError| Failure::Output(error.to_string());
                KeyText::generate().and_then(|key| key.write(file)).map_err(failed)?;
                let file = file.display().to_string();
                let said = format!("made a key in `{file}`: keep a copy of it elsewhere");
                tell(global, said, &serde_json::json!({ "ok": true, "file": file }))
            }
            Self::Copy(Copy { from, to }) => {
                let key = KeyText::read(from).map_err(Failure::usage)?;
                key.write(to).map_err(|error| Failure::Output(error.to_string()))?;
                let file = to.display().to_string();
                let said = format!("copied the key to `{file}`");
                tell(global, said, &serde_json::json!({ "ok": true, "file": file }))
            }
            Self::Rotate(Rotate { people: true }) => {
                let thalium = global.open()?;
                let bar = crate::output::bar(1, "keys");
                let generation = thalium.rotate_subject_keys(|done, of| {
                    bar.set_length(of);
                    bar.set_position(done);
                })?;
                bar.finish_and_clear();
                close(thalium);
                let said =
                    format!("key {generation} of the tenant wraps the keys of people from now on");
                tell(global, said, &serde_json::json!({ "ok": true, "generation": generation }))
            }
            Self::Rotate(Rotate { people: false }) => {
                let thalium = global.open()?;
                let data_key = thalium.rotate_keys()?;
                close(thalium);
                let said = format!("data key {data_key} encrypts what is written from now on");
                tell(global, said, &serde_json::json!({ "ok": true, "data_key": data_key }))
            }
            Self::Rewrap(rewrap) => {
                let to = rewrap.keys()?;
                let thalium = global.open()?;
                thalium.rewrap_keys(Arc::clone(&to))?;
                close(thalium);
                let said = format!("{} opens the store from now on", to.name());
                tell(global, said, &serde_json::json!({ "ok": true, "wrapped_by": to.name() }))
            }
            Self::Check(Check { people: true }) => {
                let thalium = global.open()?;
                let report = thalium.check_subject_keys()?;
                close(thalium);
                let is_whole = report.lost_count == 0 && report.damaged == 0;
                let said = format!(
                    "keys of {} people: {} can be had, {} were destroyed, {} are lost, {} damaged places",
                    report.subjects,
                    report.keys,
                    report.destroyed,
                    report.lost_count,
                    report.damaged
                );
                tell(global, said, &report)?;
                for lost in &report.lost {
                    crate::output::note(format!("lost: {} {}", lost.subject, lost.why));
                }
                if is_whole { Ok(()) } else { Err(Failure::Rejected) }
            }
            Self::Check(Check { people: false }) => {
                let count = global.open_to_read()?.check_keys()?;
                let said = format!("all data keys can be had: {count}");
                tell(global, said, &serde_json::json!({ "ok": true, "data_keys": count }))
            }
        }
    }
}

impl Rewrap {
    fn keys(&self) -> Result<Arc<dyn KeyPort>, Failure> {
        match (&self.to, &self.to_passphrase) {
            (Some(file), _) => key_in(file),
            (None, Some(variable)) => {
                let phrase = std::env::var(variable)
                    .map_err(|_| Failure::usage(format!("there is no variable `{variable}`")))?;
                Ok(Arc::new(Passphrase::new(&phrase).map_err(Failure::usage)?))
            }
            (None, None) => Err(Failure::usage("say with what: --to FILE, or --to-passphrase")),
        }
    }
}

fn tell(global: &Global, said: String, json: &impl serde::Serialize) -> Result<(), Failure> {
    let output = global.output();
    if output.json { output.json(json) } else { output.line(said) }
}
