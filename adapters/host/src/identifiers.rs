//! By which identifiers people are found: tokens in memory, made of what is sealed in the log.

use std::collections::{BTreeSet, HashMap};

use thalium::Id;
use thalium::api::party::{Found, identifiers_in};
use thalium::event::{self, Kind};
use thalium::party::{ChangeKind, Registry, Token};

use crate::privacy::{Privacy, held};
use crate::{Error, Thalium};

/// Events that are read under one lock while the index is made.
const TOGETHER: usize = 256;

/// Where identifiers stand.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The subject, the field and its event. One that was taken down anew since is passed over.
    entries: HashMap<Token, Vec<(Id, String, u64)>>,
    /// The tokens of each subject: one who is forgotten is taken out, however many others there are.
    tokens: HashMap<Id, Vec<Token>>,
}

impl Index {
    pub(crate) fn add(&mut self, found: Vec<Found>, sequence: u64) {
        for Found { token, subject, name } in found {
            self.entries.entry(token).or_default().push((subject, name, sequence));
            self.tokens.entry(subject).or_default().push(token);
        }
    }

    /// Takes out what is no longer current of a subject.
    pub(crate) fn forget(&mut self, parties: &Registry, subject: Id) {
        let Some(tokens) = self.tokens.get_mut(&subject) else { return };
        tokens.retain(|token| {
            let Some(entries) = self.entries.get_mut(token) else { return false };
            entries
                .retain(|(of, name, at)| *of != subject || parties.is_current(subject, name, *at));
            let is_left = entries.iter().any(|(of, ..)| *of == subject);
            if entries.is_empty() {
                self.entries.remove(token);
            }
            is_left
        });
        if tokens.is_empty() {
            self.tokens.remove(&subject);
        }
    }

    /// The parties that have an identifier, by their ids.
    pub(crate) fn find(&self, parties: &Registry, token: Token) -> Vec<Id> {
        let entries = self.entries.get(&token).into_iter().flatten();
        let current = entries.filter(|(subject, name, at)| parties.is_current(*subject, name, *at));
        let found = current.filter_map(|(subject, ..)| Some(parties.party(*subject)?.id));
        found.collect::<BTreeSet<Id>>().into_iter().collect()
    }
}

impl Thalium {
    /// Makes the index, where there is none yet. What is sealed is opened without the books' lock, so that no post waits for a
    /// search, however many people there are.
    pub(crate) fn make_index(&self, privacy: &Privacy) -> Result<(), Error> {
        let _one_at_a_time = held(&privacy.making);
        if held(&privacy.index).is_some() {
            return Ok(());
        }
        let mut made = Index::default();
        let (identifiers, known) = self
            .read_state(|engine| (engine.parties().identifiers(), engine.book().event_count()))?;
        for sequences in identifiers.chunks(TOGETHER) {
            let events: Vec<(u64, Vec<u8>)> = self.read_state(|engine| {
                let event =
                    |sequence: &u64| Some((*sequence, engine.book().event(*sequence)?.to_vec()));
                sequences.iter().filter_map(event).collect()
            })?;
            for (sequence, event) in events {
                made.add(identifiers_in(&privacy.vault, &event), sequence);
            }
        }
        // What came meanwhile: from here on it is noted as it comes.
        let state = self.lock()?;
        let (book, parties) = (state.engine.book(), state.engine.parties());
        for (sequence, event) in (known..).zip(book.events_from(known)) {
            if matches!(event::header(&event), Ok((_, Kind::Party(ChangeKind::Seal)))) {
                made.add(identifiers_in(&privacy.vault, &event), sequence);
            }
        }
        for (subject, _) in parties.forgotten(known) {
            made.forget(parties, subject);
        }
        *held(&privacy.index) = Some(made);
        Ok(())
    }
}

#[cfg(test)]
#[path = "identifiers_tests.rs"]
mod tests;
