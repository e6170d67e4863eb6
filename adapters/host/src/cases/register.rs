//! The register of parties is told how those stand whom cases are about: limits and policies read it there.
//!
//! The case comes first, and is durable; then the books take the amendment, and then the case knows that they have. Wherever the power fails,
//! what the register was not told is told when time passes for cases again, and what it was told twice changes nothing.

use std::sync::PoisonError;

use thalium::api::Command as Booked;
use thalium::api::party::AmendParty;
use thalium::kyc::case::{By, Case, Command, Fact, PartyStanding};
use thalium::party::RiskLevel;

use super::customer::party;
use crate::{Error, Thalium};

/// As many cases are told of at once, and in one call.
const AT_ONCE: usize = 1_000;
const MOST: usize = 100_000;

/// What is to be told of a case.
struct Untold {
    key: String,
    /// Of whom.
    party: String,
    /// What of it.
    news: PartyStanding,
    /// What the register says once it was told.
    standing: PartyStanding,
    since: i64,
}

impl Thalium {
    /// Tells the register what it was not told yet of some cases, what came first before what came later. Of the cases where it takes none, why:
    /// what was done to them stands, and they are told of when time passes again.
    pub(super) fn tell_register(&self, of: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
        let keys = self.see_cases(|loaded| {
            let mut untold: Vec<&Case> =
                loaded.cases.untold().filter(|case| of(&case.key)).collect();
            untold.sort_by_key(|case| case.changed_at);
            Ok(untold.iter().take(MOST).map(|case| case.key.clone()).collect::<Vec<_>>())
        });
        let mut refused = Vec::new();
        for keys in keys.unwrap_or_default().chunks(AT_ONCE) {
            // INVARIANT: what the register hears last of a case is what the case says now.
            let _telling = self.cases.telling.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = self.tell_of(keys, &mut refused) {
                refused.extend(keys.iter().map(|key| (key.clone(), error.to_string())));
            }
        }
        refused
    }

    fn tell_of(&self, keys: &[String], refused: &mut Vec<(String, String)>) -> Result<(), Error> {
        let mut untold: Vec<Untold> = self.see_cases(|loaded| {
            let cases = keys.iter().filter_map(|key| loaded.cases.get(key));
            Ok(cases.filter_map(Untold::of).collect())
        })?;
        self.read_state(|engine| {
            for it in &mut untold {
                // Who was merged into another is the other now.
                if let Some(id) = party(engine, &it.party) {
                    it.party = id.to_string();
                }
            }
        })?;
        // The books' clock does not run ahead for a case that is thought of in the future.
        let at = untold.iter().map(|it| it.since).max().unwrap_or_default().min(self.now());
        let amendments: Vec<Option<AmendParty>> = untold.iter().map(Untold::amendment).collect();
        let booked: Vec<Booked> = amendments.iter().flatten().cloned().map(Booked::from).collect();
        let outcomes = match booked.is_empty() {
            true => Vec::new(),
            false => self.submit_at(self.context(), at, &booked)?,
        };
        let mut outcomes = outcomes.into_iter();
        let mut told = Vec::new();
        for (it, amendment) in untold.into_iter().zip(amendments) {
            let outcome = amendment.and_then(|_| outcomes.next());
            match outcome.filter(|outcome| !outcome.ok) {
                Some(outcome) => {
                    let why = outcome.reason.unwrap_or(outcome.status);
                    refused
                        .push((it.key, format!("the register of parties does not take it: {why}")));
                }
                None => told.push(it),
            }
        }
        self.told_register(told, refused)
    }

    /// The cases know that they were told of. Of one where that cannot be kept it is not known, and it is told again.
    fn told_register(
        &self,
        told: Vec<Untold>,
        refused: &mut Vec<(String, String)>,
    ) -> Result<(), Error> {
        self.writable()?;
        let mut loaded = self.loaded_cases()?;
        for Untold { key, standing, since, .. } in told {
            // At the instant of what is told: the clock of a case stands where its caller has put it.
            let by = By { at: since, ..self.by(None, None, None)? };
            // One that is gone, because whom it was about was forgotten, has nothing to know any more.
            let Ok(done) = loaded.cases.decide(&key, Command::RegisterTold { standing }, &by)
            else {
                continue;
            };
            match self.give(&mut loaded, done.changes.into_iter().map(Fact::from).collect()) {
                Err(Error::Invalid(error)) => refused.push((key, error.to_string())),
                given => drop(given?),
            }
        }
        let given = loaded.given;
        drop(loaded);
        self.cases.log.wait(given)
    }
}

impl Untold {
    fn of(case: &Case) -> Option<Self> {
        Some(Self {
            key: case.key.clone(),
            party: case.party.clone()?,
            news: case.news_of_party()?,
            standing: case.standing.clone()?,
            since: case.changed_at,
        })
    }

    /// What is to be booked of it, if anything is.
    fn amendment(&self) -> Option<AmendParty> {
        if self.news == PartyStanding::default() {
            return None;
        }
        let flags = |are_set: bool| {
            let flags = self.news.flags.iter().filter(move |(_, is_set)| **is_set == are_set);
            flags.map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        Some(AmendParty {
            party: self.party.clone(),
            kyc_level: self.news.kyc_level,
            risk: self.news.risk.as_deref().and_then(RiskLevel::named),
            set: flags(true),
            clear: flags(false),
            ..AmendParty::default()
        })
    }
}

#[cfg(test)]
#[path = "register_tests.rs"]
mod tests;
