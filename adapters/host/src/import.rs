//! Bringing in what another ledger holds.

use thalium_blnk::{Difference, Kind, Plan};

use crate::{Command, Error, Outcome, Thalium};

impl Thalium {
    /// Books what a plan has of Blnk's, and gives every difference: those of the plan, what the ledger refused, and the
    /// balances that are not those that Blnk showed. Whatever was booked before is recognised by its key, so an import
    /// that was cut short is gone on with. Stops behind the first batch of which something is refused.
    ///
    /// `told` gets how many commands were decided.
    ///
    /// # Errors
    /// As [`Thalium::submit`].
    pub fn import_blnk(
        &self,
        plan: &Plan,
        mut told: impl FnMut(u64),
    ) -> Result<Vec<Difference>, Error> {
        let mut differences = plan.differences.clone();
        let refused_before = differences.len();
        let mut done = 0;
        for commands in [&plan.assets, &plan.accounts, &plan.transfers] {
            self.submit_all(commands, |batch, outcomes| {
                done += batch.len() as u64;
                told(done);
                let refused = batch.iter().zip(outcomes).filter(|(_, outcome)| !outcome.ok);
                differences.extend(refused.map(|(command, outcome)| refusal(command, &outcome)));
                differences.len() == refused_before
            })?;
            if differences.len() > refused_before {
                return Ok(differences);
            }
        }
        differences.extend(self.read(|book| plan.compare(book).collect::<Vec<_>>())?);
        Ok(differences)
    }
}

impl Thalium {
    /// Books what a plan has of Blnk's after a rehearsal in memory, and tells whether it was booked. Where money would be missing
    /// or counted otherwise nothing is, unless such differences are accepted. `told` gets whether it is the rehearsal, and how
    /// many commands were decided.
    ///
    /// # Errors
    /// As [`Thalium::import_blnk`].
    pub fn import_blnk_rehearsed(
        &self,
        plan: &Plan,
        accepts_differences: bool,
        mut told: impl FnMut(bool, u64),
    ) -> Result<(bool, Vec<Difference>), Error> {
        let rehearsed = rehearse_blnk(plan, |done| told(true, done))?;
        let is_serious = rehearsed.iter().any(|difference| difference.kind.is_serious());
        if is_serious && !accepts_differences {
            return Ok((false, rehearsed));
        }
        Ok((true, self.import_blnk(plan, |done| told(false, done))?))
    }
}

/// Books what a plan has of Blnk's in memory alone, and gives every difference.
///
/// # Errors
/// As [`Thalium::import_blnk`].
pub fn rehearse_blnk(plan: &Plan, told: impl FnMut(u64)) -> Result<Vec<Difference>, Error> {
    Thalium::open("memory:")?.import_blnk(plan, told)
}

fn refusal(command: &Command, outcome: &Outcome) -> Difference {
    let reason = outcome.reason.as_deref().unwrap_or_default();
    let record = match command {
        Command::Asset(asset) => asset.code.clone(),
        command => crate::key_of(command).to_owned(),
    };
    Difference::new(Kind::Refused, record, format!("{}: {reason}", outcome.status))
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
