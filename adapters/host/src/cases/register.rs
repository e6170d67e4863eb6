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
    /// What the register says once it was told.
    standing: PartyStanding,
    /// Of whom, and what of it.
    amendment: AmendParty,
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
        let cases: Vec<(Case, PartyStanding)> = self.see_cases(|loaded| {
            let cases = keys.iter().filter_map(|key| loaded.cases.get(key));
            let untold = cases.filter_map(|case| Some((case.clone(), case.news_of_party()?)));
            Ok(untold.collect())
        })?;
        let untold = self.read_state(|engine| {
            let untold = cases.into_iter().filter_map(|(case, news)| {
                let name = case.party?;
                // Who was merged into another is the other now.
                let own = party(engine, &name).map(|id| id.to_string()).unwrap_or(name);
                let amendment = amendment(own, &news);
                let (key, since) = (case.key, case.changed_at);
                Some(Untold { key, standing: case.standing?, amendment, since })
            });
            untold.collect::<Vec<_>>()
        })?;
        // The books' clock does not run ahead for a case that is thought of in the future.
        let at = untold.iter().map(|it| it.since).max().unwrap_or_default().min(self.now());
        let is_something = |it: &&Untold| {
            let party = it.amendment.party.clone();
            it.amendment != AmendParty { party, ..AmendParty::default() }
        };
        let booked =
            untold.iter().filter(is_something).map(|it| Booked::from(it.amendment.clone()));
        let booked: Vec<Booked> = booked.collect();
        let outcomes = match booked.is_empty() {
            true => Vec::new(),
            false => self.submit_at(self.context(), at, &booked)?,
        };
        let mut outcomes = outcomes.into_iter();
        let mut told = Vec::new();
        for it in untold {
            let outcome = if is_something(&&it) { outcomes.next() } else { None };
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
            let facts: Vec<Fact> = done.changes.into_iter().map(Fact::from).collect();
            let records: Result<Vec<_>, Error> =
                facts.iter().map(|fact| self.case_record(fact)).collect();
            match records {
                Ok(records) => loaded.given = self.cases.log.give(records)?,
                Err(error) => {
                    refused.push((key, error.to_string()));
                    continue;
                }
            }
            for fact in facts {
                loaded.cases.fold(fact).map_err(|_| Error::Panicked)?;
            }
        }
        let given = loaded.given;
        drop(loaded);
        self.cases.log.wait(given)
    }
}

fn amendment(party: String, news: &PartyStanding) -> AmendParty {
    let flags = |are_set: bool| {
        let flags = news.flags.iter().filter(move |(_, is_set)| **is_set == are_set);
        flags.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    AmendParty {
        party,
        kyc_level: news.kyc_level,
        risk: news.risk.as_deref().and_then(RiskLevel::named),
        set: flags(true),
        clear: flags(false),
        ..AmendParty::default()
    }
}

#[cfg(test)]
#[path = "register_tests.rs"]
mod tests;
