//! `thalium kyc decide` and `thalium kyc return`.

use std::io::{IsTerminal as _, Write as _};

use clap::Args;
use thalium_host::{CaseChange, CaseView, DecideCase, WithReason};

use super::cases::{Which, show};
use super::run::given;
use crate::failure::Failure;
use crate::session::Global;

/// So many digits of a digest are typed by whoever has looked at the evidence.
const DIGITS: usize = 8;

/// Vote for a decision, on the evidence that was seen
#[derive(Args, Debug)]
#[command(after_help = "\
The actor votes, in a role of theirs; the kind says how many must, and of which roles. A vote is for the evidence that was seen: --seen gives its digest,
as `thalium kyc case show` tells it. If the evidence is another by then, the vote is refused. Without --seen the case is shown, and whoever sits at
the terminal is asked; a script has to give it.
Exit code 1: the vote was refused, with a code that is a promise; 2: --seen is missing, or nothing was typed.

Examples:
  thalium kyc decide case-7 approve --reason false_positive --actor reviewer-1
  thalium kyc decide case-7 approve --reason false_positive --seen 2c26b4…66e7 --actor reviewer-2 --comment 'born in another year'")]
pub(crate) struct Decide {
    #[command(flatten)]
    which: Which,
    /// The decision, as the kind names it
    decision: String,
    /// A reason code of the kind; repeat it
    #[arg(long = "reason", value_name = "CODE")]
    reasons: Vec<String>,
    /// The digest of the evidence that was seen
    #[arg(long, value_name = "HASH")]
    seen: Option<String>,
    /// Open what is sealed of the case that is shown, for this reason: it is recorded who read what
    #[arg(long, value_name = "REASON", conflicts_with = "seen")]
    why: Option<String>,
    /// What is said about it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// What else the chart is told: JSON, or @FILE
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

impl Decide {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let data = self.data.as_deref().map(given).transpose()?;
        let seen = match &self.seen {
            Some(seen) => seen.clone(),
            None => self.look(global)?,
        };
        let it = DecideCase {
            decision: self.decision.clone(),
            reasons: self.reasons.clone(),
            seen,
            comment: self.comment.clone(),
        };
        self.which.change(global, CaseChange::Decide(it), data)
    }

    /// Shows the case, and asks whether it was looked at. The store is not held while somebody thinks.
    fn look(&self, global: &Global) -> Result<String, Failure> {
        let case = show::shown(global, &self.which.case, self.why.as_deref())?;
        let output = global.output();
        if output.json {
            output.json(&case)?;
        } else {
            show::tell(output, &case)?;
        }
        if output.json || !std::io::stdin().is_terminal() {
            let message = "--seen is missing: look at the evidence, and give the digest of what was seen. Nothing was decided";
            return Err(Failure::usage(message));
        }
        self.asked(&case)
    }

    fn asked(&self, case: &CaseView) -> Result<String, Failure> {
        let fault = |error| Failure::usage(format!("cannot ask: {error}"));
        let mut asks = std::io::stderr().lock();
        write!(asks, "\nTo vote for `{}` on this evidence, ", self.decision).map_err(fault)?;
        write!(asks, "type the first {DIGITS} digits of its digest: ").map_err(fault)?;
        asks.flush().map_err(fault)?;
        let mut typed = String::new();
        std::io::stdin().read_line(&mut typed).map_err(fault)?;
        if is_of(typed.trim(), &case.evidence_digest) {
            return Ok(case.evidence_digest.clone());
        }
        Err(Failure::usage("these are not its digits. Nothing was decided"))
    }
}

/// Whether somebody typed the beginning of a digest, or all of it.
fn is_of(typed: &str, digest: &str) -> bool {
    typed.len() >= DIGITS && digest.starts_with(&typed.to_ascii_lowercase())
}

/// Take back the votes for the decision that is pending
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium kyc return case-7 --why 'the source of funds is not plausible' --actor reviewer-2"
)]
pub(crate) struct Return {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long, value_name = "REASON")]
    why: String,
}

impl Return {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let why = self.why.clone();
        self.which.change(global, CaseChange::Return(WithReason { why }), None)
    }
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn what_was_looked_at_is_typed() {
        let digest = "0123456789abcdef";
        assert!(is_of("01234567", digest) && is_of("0123456789ABCDEF", digest));
        for other in ["", "y", "0123456", "01234568", "0123456789abcdef0"] {
            assert!(!is_of(other, digest), "{other}");
        }
    }
}
