//! `thalium inspect`: the files of a store, one by one.

use std::path::PathBuf;

use clap::Args;
use thalium_host::{FileFound, Inspection, wire};

use crate::failure::Failure;
use crate::output::{Rows, count, note};
use crate::session::Global;

/// Show the files of a store, what is in each and what is wrong with it
#[derive(Args, Debug)]
#[command(after_help = "\
It reads no events and writes nothing, so it works beside a writer, on a backup, and where a store does not open any more. \
What it finds sound may still be damaged where it did not look: `thalium verify` reads everything.

Examples:
  thalium inspect
  thalium inspect ./backup --json")]
pub(crate) struct Inspect {
    /// The directory [default: that of --dir]
    directory: Option<PathBuf>,
}

impl Inspect {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = match &self.directory {
            Some(path) => path.clone(),
            None => global.directory()?,
        };
        let found = thalium_host::inspect(&path, global.keys()?)?;
        let damaged = found.damaged().count();
        let output = global.output();
        if output.json {
            output.json(&wire::inspection(&found))?;
        } else {
            output.table(&rows(&found))?;
            output.pairs(&[
                ("tenant", ledger(&found)),
                ("writer", writer(&found)),
                ("durable for readers", found.marked.map_or("-".to_owned(), events)),
                ("data keys", count(found.data_keys)),
            ])?;
            for file in found.damaged() {
                note(format!("`{}`: {}", file.name, file.wrong.as_deref().unwrap_or_default()));
            }
        }
        match damaged {
            0 => Ok(()),
            _ => Err(Failure::Damaged(format!("{damaged} of its files are damaged"))),
        }
    }
}

fn events(number: u64) -> String {
    format!("{} events", count(number))
}

/// The head of the log.
fn ledger(found: &Inspection) -> String {
    found.genesis.as_ref().map_or_else(
        || "not known: the first segment cannot be read".to_owned(),
        |head| format!("`{}`, format {}, rules {}", head.tenant, head.format, head.rules),
    )
}

fn writer(found: &Inspection) -> String {
    match (found.is_written, found.writer) {
        (false, _) => "none".to_owned(),
        (true, None) => "has it now".to_owned(),
        (true, Some(process)) => format!("process {process} has it now"),
    }
}

fn state(file: &FileFound) -> String {
    if file.wrong.is_some() {
        return "damaged".to_owned();
    }
    match file.torn {
        Some(at) => format!("torn at byte {at}: opening cuts it off"),
        None if file.is_closed => "encrypted, not read".to_owned(),
        None => "ok".to_owned(),
    }
}

fn rows(found: &Inspection) -> Rows {
    let mut rows = Rows::new(&[
        "file",
        "kind",
        ">bytes",
        ">used",
        ">first event",
        ">events",
        ">first block",
        ">blocks",
        ">version",
        ">key",
        "state",
    ]);
    for file in &found.files {
        let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), count);
        let FileFound { events, used, blocks, version, data_key, .. } = file;
        rows.push([
            file.name.as_str(),
            file.kind.name(),
            &count(file.len),
            &number(*used),
            &number(events.map(|(first, _)| first)),
            &number(events.map(|(_, events)| events)),
            &number(blocks.map(|(first, _)| first)),
            &number(blocks.map(|(_, blocks)| blocks)),
            &number(version.map(u64::from)),
            &number(data_key.map(u64::from)),
            &state(file),
        ]);
    }
    rows
}
