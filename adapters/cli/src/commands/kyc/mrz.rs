//! `thalium kyc mrz`.

use std::path::PathBuf;

use clap::Args;
use thalium_host::wire::{MrzView, ReadMrz, read_mrz};

use crate::commands::{answered, text_of};
use crate::failure::Failure;
use crate::session::Global;

/// Read the machine-readable zone of a passport, card or visa, and tell each check digit that is wrong
#[derive(Args, Debug)]
#[command(after_help = "\
The text is that of a scanner: its lines, or one run of its characters. Nothing is repaired or guessed. That it holds does not prove that the document
is real. No store is needed.
Exit code 0: every check digit is right, and it has not expired; 1: one is not, or it has; 2: it is no machine-readable zone.

Examples:
  thalium kyc mrz zone.txt
  scan | thalium kyc mrz - --json")]
pub(crate) struct Mrz {
    /// The text: a file, or `-` for the standard input
    text: PathBuf,
    /// The day for which is told whether it has expired, such as 2026-01-31 [default: today, in UTC]
    #[arg(long, value_name = "DAY")]
    today: Option<String>,
}

impl Mrz {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let call = ReadMrz { text: text_of(&self.text)?, today: self.today.clone() };
        let read = read_mrz(&call).map_err(Failure::usage)?;
        let output = global.output();
        let told = if output.json { output.json(&read) } else { output.pairs(&pairs(&read)) };
        answered(told, read.valid && read.status != "expired")
    }
}

fn pairs(read: &MrzView) -> Vec<(&'static str, String)> {
    let cut = if read.names_truncated { " (may be cut off)" } else { "" };
    let unknown = || "not known".to_owned();
    let expires = read.expires.clone().unwrap_or_else(unknown);
    let digits = if read.valid {
        "all are right".to_owned()
    } else {
        format!("wrong: {}", read.wrong.join(", "))
    };
    let mut pairs = vec![
        ("format", format!("{} {}", read.format, read.document_code)),
        ("issuer", read.issuer.clone()),
        ("number", read.number.clone()),
        ("names", format!("{}, {}{cut}", read.primary, read.secondary)),
        ("nationality", read.nationality.clone()),
        ("born", read.born.clone().unwrap_or_else(unknown)),
        ("sex", read.sex.clone()),
        ("expires", format!("{expires} ({})", read.status)),
        ("check digits", digits),
    ];
    if !read.optional.is_empty() {
        pairs.push(("optional", read.optional.join(", ")));
    }
    pairs
}
