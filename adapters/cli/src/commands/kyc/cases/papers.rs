//! Documents and other evidence of a case. The files stay where they are: a case has their SHA-256.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use sha2::{Digest as _, Sha256};
use thalium_host::{self as api, AttachEvidence, CaseChange, hex};

use super::{Which, nanos};
use crate::commands::kyc::run::given;
use crate::failure::Failure;
use crate::session::Global;

/// Ask for a document
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case request-document case-7 passport --why expired --actor reviewer-1"
)]
pub(crate) struct RequestDocument {
    #[command(flatten)]
    which: Which,
    /// Which, as the kind names it
    document: String,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: Option<String>,
}

impl RequestDocument {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let it = api::RequestDocument { document: self.document.clone(), why: self.why.clone() };
        self.which.change(global, CaseChange::RequestDocument(it), None)
    }
}

/// Hand in a document: the case keeps the SHA-256 of the file, and where it is
#[derive(Args, Debug)]
#[command(after_help = "\
The file is read and left where it is. What a case says of where a file is, is in the clear unless the case is about a party: name files by ids.

Examples:
  thalium kyc case submit-document case-7 passport scan-118.pdf --valid-until 2031-05-01
  thalium kyc case submit-document case-7 passport - --file s3://papers/118 < scan-118.pdf")]
pub(crate) struct SubmitDocument {
    #[command(flatten)]
    which: Which,
    /// Which, as the kind names it
    document: String,
    /// The file, or `-` for the standard input
    path: PathBuf,
    /// Where it is kept [default: the path as given]
    #[arg(long, value_name = "PLACE")]
    file: Option<String>,
    /// From when on it is not valid any more: 2026-01-31 or 2026-01-31T09:30:00Z
    #[arg(long, value_name = "WHEN", value_parser = crate::commands::instant)]
    valid_until: Option<i64>,
    /// What else the chart is told of it: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

impl SubmitDocument {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let data = self.data.as_deref().map(given).transpose()?;
        let it = api::SubmitDocument {
            document: self.document.clone(),
            hash: hash_of(&self.path)?,
            file: place_of(&self.path, self.file.as_ref()),
            valid_until: nanos(self.valid_until),
        };
        self.which.change(global, CaseChange::SubmitDocument(it), data)
    }
}

/// Say what was found in a document that was handed in
#[derive(Args, Debug)]
#[command(after_help = "\
What is decided is the document that was seen: give its SHA-256, or the file itself. Another one may have been handed in since; then it is refused.

Examples:
  thalium kyc case decide-document case-7 passport approve --file scan-118.pdf --actor reviewer-1
  thalium kyc case decide-document case-7 passport revise --reason illegible --seen 9f86d0…0a08 --actor reviewer-1")]
pub(crate) struct DecideDocument {
    #[command(flatten)]
    which: Which,
    /// Which, as the kind names it
    document: String,
    /// What was found
    #[arg(value_enum)]
    finding: Finding,
    /// A reason code of the kind; repeat it
    #[arg(long = "reason", value_name = "CODE")]
    reasons: Vec<String>,
    /// The SHA-256 of the document that was seen, as `thalium kyc case show` tells it
    #[arg(long, value_name = "HASH", required_unless_present = "file")]
    seen: Option<String>,
    /// The document that was seen
    #[arg(long, value_name = "FILE", conflicts_with = "seen")]
    file: Option<PathBuf>,
    /// From when on it is not valid any more, if that is known only now
    #[arg(long, value_name = "WHEN", value_parser = crate::commands::instant)]
    valid_until: Option<i64>,
    /// What else the chart is told of it: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Finding {
    /// It is good
    Approve,
    /// It is not, and another one is not wanted
    Reject,
    /// It is to be handed in again
    Revise,
}

impl DecideDocument {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let data = self.data.as_deref().map(given).transpose()?;
        let finding = match self.finding {
            Finding::Approve => "approve",
            Finding::Reject => "reject",
            Finding::Revise => "revise",
        };
        let seen = match (&self.seen, &self.file) {
            (Some(seen), _) => seen.clone(),
            (None, Some(file)) => hash_of(file)?,
            (None, None) => String::new(),
        };
        let it = api::DecideDocument {
            document: self.document.clone(),
            finding: finding.to_owned(),
            reasons: self.reasons.clone(),
            seen,
            valid_until: nanos(self.valid_until),
        };
        self.which.change(global, CaseChange::DecideDocument(it), data)
    }
}

/// Attach evidence, such as a report: decisions rest on it, and votes that were given before are stale
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc case attach case-7 screening-report report-118.pdf --actor reviewer-1"
)]
pub(crate) struct Attach {
    #[command(flatten)]
    which: Which,
    /// Its name in the case; what has that name is replaced
    name: String,
    /// The file, or `-` for the standard input
    path: PathBuf,
    /// Where it is kept [default: the path as given]
    #[arg(long, value_name = "PLACE")]
    file: Option<String>,
}

impl Attach {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let it = AttachEvidence {
            name: self.name.clone(),
            hash: hash_of(&self.path)?,
            file: place_of(&self.path, self.file.as_ref()),
        };
        self.which.change(global, CaseChange::Attach(it), None)
    }
}

/// Where a file is kept: of the standard input nobody knows.
fn place_of(path: &Path, said: Option<&String>) -> Option<String> {
    let own = (path != Path::new("-")).then(|| path.display().to_string());
    said.cloned().or(own)
}

/// The SHA-256 of a file, or of the standard input, however large.
fn hash_of(path: &Path) -> Result<String, Failure> {
    let fault = |error| Failure::usage(format!("cannot read `{}`: {error}", path.display()));
    let mut hash = Hashing(Sha256::new());
    if path == Path::new("-") {
        io::copy(&mut io::stdin().lock(), &mut hash).map_err(fault)?;
    } else {
        io::copy(&mut File::open(path).map_err(fault)?, &mut hash).map_err(fault)?;
    }
    Ok(hex(&hash.0.finalize()))
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
