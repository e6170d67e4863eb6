//! `thalium init`: makes a store.

use clap::Args;

use crate::failure::Failure;
use crate::session::Global;

/// Make a store
#[derive(Args, Debug)]
#[command(
    after_help = "With a key the store is encrypted; without it nothing of the store can be read again.\n\n\
Examples:\n  thalium init --dir ./books\n  thalium keys new ./key && thalium init --dir ./books --key-file ./key"
)]
pub(crate) struct Init {}

impl Init {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let path = global.directory()?;
        match global.open() {
            Err(_) if !path.exists() => {}
            Ok(_) => return Err(exists(global)),
            Err(failure @ (Failure::Store(_) | Failure::Damaged(_))) => return Err(failure),
            Err(_) => {}
        }
        let thalium = global.open_with(true)?;
        if !thalium.opened().created {
            return Err(exists(global));
        }
        super::close(thalium);
        let output = global.output();
        if output.json {
            return output
                .json(&serde_json::json!({ "ok": true, "dir": path.display().to_string() }));
        }
        output.line(format!("made a store at `{}`", path.display()))?;
        output.line("next: thalium account add bank:ZAR --asset ZAR --kind asset")
    }
}

fn exists(global: &Global) -> Failure {
    Failure::usage(format!(
        "there is a store at `{}` already: use it, or choose another directory",
        global.address()
    ))
}
