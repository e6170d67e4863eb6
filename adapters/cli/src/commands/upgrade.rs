//! `thalium upgrade`: files of older versions, made anew.

use clap::Args;

use crate::failure::Failure;
use crate::output::note;
use crate::session::Global;

/// Bring the files of a store to the newest version of their formats
#[derive(Args, Debug)]
#[command(after_help = "\
A store of an older version opens all the same; what is derived from its journal is made anew then, which takes as long as \
reading all of it. This does so at a time of your choice. The journal is not changed, and a backup needs no upgrade.

Examples:
  thalium upgrade --check
  thalium upgrade --dir ./books")]
pub(crate) struct Upgrade {
    /// Only tell which files are of an older version; exit code 1 if there are some
    #[arg(long)]
    check: bool,
}

impl Upgrade {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = global.directory()?;
        let files = if self.check {
            thalium_host::older_files(&path, global.keys()?)?
        } else {
            thalium_host::upgrade(&path, global.options(false)?)?
        };
        let output = global.output();
        if output.json {
            output.json(
                &serde_json::json!({ "ok": true, "files": files, "upgraded": !self.check }),
            )?;
        } else {
            files.iter().for_each(|file| note(format!("`{file}`")));
            let done = if self.check { "of an older version" } else { "made anew" };
            output.line(format!("{} files {done}", files.len()))?;
        }
        if self.check && !files.is_empty() { Err(Failure::Rejected) } else { Ok(()) }
    }
}
