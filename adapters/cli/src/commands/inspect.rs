//! `thalium inspect`: the files of a store, one by one.

use std::path::PathBuf;

use clap::Args;
use thalium_host::{FileFound, Inspection};

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
            output.json(&json(&found))?;
        } else {
            output.table(&rows(&found))?;
            output.pairs(&[
                ("writer", if found.is_written { "has it now" } else { "none" }.to_owned()),
                ("marked as durable", found.marked.map_or("-".to_owned(), count)),
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

fn rows(found: &Inspection) -> Rows {
    let mut rows = Rows::new(&[
        "file",
        "kind",
        ">bytes",
        ">used",
        ">first event",
        ">events",
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
            &number(*blocks),
            &number(version.map(u64::from)),
            &number(data_key.map(u64::from)),
            if file.wrong.is_some() { "damaged" } else { "ok" },
        ]);
    }
    rows
}

fn json(found: &Inspection) -> serde_json::Value {
    let files = found.files.iter().map(|file| {
        serde_json::json!({
            "name": file.name, "kind": file.kind.name(), "bytes": file.len, "used": file.used,
            "first_event": file.events.map(|(first, _)| first), "events": file.events.map(|(_, events)| events),
            "blocks": file.blocks, "version": file.version, "generation": file.generation,
            "data_key": file.data_key, "wrong": file.wrong,
        })
    });
    serde_json::json!({
        "is_written": found.is_written, "marked": found.marked, "data_keys": found.data_keys,
        "files": files.collect::<Vec<_>>(),
    })
}
