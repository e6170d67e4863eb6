//! `thalium verify`: reads a directory from its beginning, trusting nothing in it.

use std::path::PathBuf;

use clap::Args;

use thalium_host::hex;
use thalium_host::wire::VerifyReport;

use crate::failure::Failure;
use crate::output::count;
use crate::session::Global;

/// Verify a store from its first byte: checksums, chain, Merkle roots, replay, books. Changes nothing
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium verify ./books")]
pub(crate) struct Verify {
    /// The directory [default: that of --dir]
    directory: Option<PathBuf>,
}

impl Verify {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = match &self.directory {
            Some(path) => path.clone(),
            None => global.directory()?,
        };
        let output = global.output();
        let verified = thalium_host::verify(&path, global.keys()?)?;
        let recovery = &verified.recovery;
        let torn = recovery.torn.as_ref();
        if output.json {
            return output.json(&VerifyReport::from(&verified));
        }
        let torn = torn.map_or_else(
            || "none".to_owned(),
            |torn| {
                let place = format!("`{}`, byte {}, block {}", torn.name, torn.offset, torn.block);
                format!("{place}: was never acknowledged, the next opening cuts it off")
            },
        );
        output.line(format!("`{}` is sound", path.display()))?;
        output.pairs(&[
            (
                "  blocks",
                format!("{} in {} segments", count(recovery.blocks), count(recovery.segments)),
            ),
            ("  events", count(recovery.events)),
            ("  accounts", verified.accounts.to_string()),
            ("  transfers", count(verified.transfers)),
            ("  torn tail", torn),
            ("  Merkle root", hex(&verified.root)),
            ("  state hash", hex(&verified.state_hash)),
        ])?;
        if let Some(found) = &verified.rollups {
            output.pairs(&[
                ("  rollups", count(found.rollups as u64)),
                ("  their records", count(found.records)),
                ("  their root", hex(&found.root)),
            ])?;
        }
        for (name, found) in [("  decisions", &verified.decisions), ("  cases", &verified.cases)] {
            let Some(found) = found else { continue };
            output.pairs(&[
                (name, count(found.entries)),
                ("  their records", count(found.records)),
                ("  their root", hex(&found.root)),
            ])?;
        }
        Ok(())
    }
}
