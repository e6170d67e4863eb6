//! The register of parties is told how those stand whom cases are about: limits and policies read it there.
//!
//! The case comes first, and is durable; then the books take the amendment, and then the case knows that they have. Wherever the power fails,
//! what the register was not told is told when time passes for cases again, and what it was told twice changes nothing.

use std::sync::PoisonError;

use thalium::api::Command as Booked;
use thalium::api::party::AmendParty;
use thalium::kyc::case::{By, Command, Fact, PartyStanding};
use thalium::party::RiskLevel;

use crate::{Error, Thalium};

/// What is to be told of whom: the case, the party, how it stands, and since when.
type Untold = (String, String, PartyStanding, i64);

impl Thalium {
    /// Tells the register what it was not told yet. Of the cases where it takes none, why.
    pub(super) fn tell_register(&self) -> Result<Vec<(String, String)>, Error> {
        let is_told = self.see_cases(|loaded| Ok(loaded.cases.untold().next().is_none()))?;
        if is_told {
            return Ok(Vec::new());
        }
        // INVARIANT: what the register hears last of a party is what its case says now.
        let _telling = self.cases.telling.lock().unwrap_or_else(PoisonError::into_inner);
        let untold: Vec<Untold> = self.see_cases(|loaded| {
            let untold = loaded.cases.untold().filter_map(|case| {
                let (party, standing) = (case.party.clone()?, case.untold()?.clone());
                Some((case.key.clone(), party, standing, case.changed_at))
            });
            Ok(untold.collect())
        })?;
        let mut refused = Vec::new();
        for (key, party, standing, since) in untold {
            match self.amend_for(&party, &standing, since) {
                Ok(None) => self.told_register(&key, standing, since)?,
                Ok(Some(why)) => refused.push((key, why)),
                Err(error) => refused.push((key, error.to_string())),
            }
        }
        Ok(refused)
    }

    /// Books it; why the books do not take it.
    fn amend_for(
        &self,
        party: &str,
        standing: &PartyStanding,
        since: i64,
    ) -> Result<Option<String>, Error> {
        let flags = |are_set: bool| {
            let flags = standing.flags.iter().filter(move |(_, is_set)| **is_set == are_set);
            flags.map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        let nothing = AmendParty { party: party.to_owned(), ..AmendParty::default() };
        let amendment = AmendParty {
            kyc_level: standing.kyc_level,
            risk: standing.risk.as_deref().and_then(RiskLevel::named),
            set: flags(true),
            clear: flags(false),
            ..nothing.clone()
        };
        if amendment == nothing {
            return Ok(None);
        }
        // The books' clock does not run ahead for a case that is thought of in the future.
        let at = since.min(self.now());
        let told = self.submit_at(self.context(), at, &[Booked::from(amendment)])?;
        let refused = told.into_iter().find(|outcome| !outcome.ok);
        Ok(refused.map(|outcome| {
            let why = outcome.reason.unwrap_or(outcome.status);
            format!("the register of parties does not take it: {why}")
        }))
    }

    fn told_register(&self, key: &str, standing: PartyStanding, since: i64) -> Result<(), Error> {
        // At the instant of what is told: the clock of a case stands where its caller has put it.
        let by = By { at: since, ..self.by(None, None, None)? };
        self.change_cases(|cases| {
            let told = cases.decide(key, Command::RegisterTold { standing }, &by);
            // One that is gone, because whom it was about was forgotten, has nothing to know any more.
            let changes = told.map(|done| done.changes).unwrap_or_default();
            Ok::<_, Error>((changes.into_iter().map(Fact::from).collect(), ()))
        })
    }
}

#[cfg(test)]
#[path = "register_tests.rs"]
mod tests;
