//! `thalium stats`: how large a store is, and what opening it found.

use std::path::Path;

use clap::Args;
use thalium_host::time::format_instant;

use crate::failure::Failure;
use crate::output::count;
use crate::session::Global;

/// Show how large a store is
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium stats --json")]
pub(crate) struct Stats {}

impl Stats {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = global.directory()?;
        let thalium = global.open_to_read()?;
        let (events, accounts, transfers, memory, clock, holds, (parts, sealed)) =
            thalium.read(|book| {
                let memory = u64::try_from(book.history_bytes()).unwrap_or(u64::MAX);
                let (events, transfers) = (book.event_count(), book.transfer_count());
                let (accounts, holds) = (book.account_count(), book.open_holds().len());
                (events, accounts, transfers, memory, book.clock(), holds, book.parts())
            })?;
        let recovery = thalium.opened().recovery.clone();
        let left = thalium.health()?.disk_left;
        let data_key = thalium.data_key();
        let disk = bytes_in(&path)?;
        let each = disk.checked_div(transfers).unwrap_or(0);
        let output = global.output();
        if output.json {
            return output.json(&serde_json::json!({
                "events": events, "accounts": accounts, "transfers": transfers, "open_holds": holds,
                "parts": parts, "events_in_parts": sealed, "bytes_memory": memory, "bytes_disk": disk,
                "bytes_left": left, "data_key": data_key,
                "bytes_per_transfer": each, "clock": format_instant(clock),
                "generation": recovery.generation, "blocks": recovery.blocks, "segments": recovery.segments, "from_snapshot": recovery.from_snapshot,
                "events_from_image": recovery.from_image,
                "torn": recovery.torn.is_some(),
            }));
        }
        let snapshot = if recovery.from_snapshot { ", with the help of a snapshot" } else { "" };
        let torn = if recovery.torn.is_some() { ", after cutting off a torn tail" } else { "" };
        output.pairs(&[
            ("events", count(events)),
            ("accounts", accounts.to_string()),
            ("transfers", count(transfers)),
            ("open holds", holds.to_string()),
            ("history in parts", format!("{} events in {parts} parts", count(sealed))),
            ("history in memory", format!("{} bytes", count(memory))),
            ("on disk", format!("{} bytes, {} a transfer", count(disk), count(each))),
            (
                "left on the disk",
                left.map_or("not known".to_owned(), |left| format!("{} bytes", count(left))),
            ),
            (
                "encrypted",
                if data_key == 0 { "no".to_owned() } else { format!("with data key {data_key}") },
            ),
            ("clock", format_instant(clock)),
            ("generation", recovery.generation.to_string()),
            (
                "recovery",
                format!(
                    "{} blocks in {} segments{snapshot}{torn}; {} events known from an image",
                    count(recovery.blocks),
                    recovery.segments,
                    count(recovery.from_image)
                ),
            ),
        ])
    }
}

/// The bytes of the files in a directory.
pub(crate) fn bytes_in(path: &Path) -> Result<u64, Failure> {
    let failed =
        |error| Failure::Store(format!("cannot read the directory `{}`: {error}", path.display()));
    let mut bytes = 0_u64;
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let metadata = entry.and_then(|entry| entry.metadata()).map_err(failed)?;
        bytes = bytes.saturating_add(metadata.len());
    }
    Ok(bytes)
}
