//! Personal data: the keys of those whom it is of, what is opened, and how a person is forgotten.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thalium::api::party::{
    AccessPage, AccessQuery, PartyView, PersonalData, ReadData, ToOpen, find_accesses,
    identifiers_in, party_view,
};
use thalium::api::{Invalid, Sight, Vault};
use thalium::event::{self, Kind};
use thalium::party::{Basis, ChangeKind, IdentifierKind, normalise};
use thalium::port::memory_subjects::MemorySubjects;
use thalium::port::subjects::SubjectKeys;
use thalium::{Command, Engine, Id, Request};
use thalium_store::disk::{Directory, Disk};

use crate::identifiers::Index;
use crate::keyring::LazyKeyring;
use crate::{Error, Options, Thalium, Ticket, api};

/// What a ledger keeps of people beside its log: their keys, and by which identifiers they are found.
#[derive(Debug)]
pub(crate) struct Privacy {
    pub(crate) vault: Vault,
    /// The keys of a ledger on disk.
    pub(crate) keyring: Option<Arc<LazyKeyring>>,
    /// Keys that are to be destroyed once the log is durable as far as it says so.
    to_destroy: Mutex<Vec<Doomed>>,
    /// Made when someone is searched for the first time; one who makes it has the lock beside it.
    pub(crate) index: Mutex<Option<Index>>,
    pub(crate) making: Mutex<()>,
}

/// Keys that have to go.
#[derive(Clone, Copy, Debug)]
struct Doomed {
    /// The events that have to be durable before.
    events: u64,
    subject: Id,
    which: &'static [Basis],
}

impl Privacy {
    /// The keys of subjects: beside the log of a ledger on disk, in memory of one in memory. Who only reads has none, since each
    /// reading of personal data is written down.
    pub(crate) fn open(
        options: &Options,
        disk: Option<&Directory>,
        is_writer: bool,
        engine: &Engine,
    ) -> Result<Option<Self>, Error> {
        let mut keyring = None;
        let keys: Arc<dyn SubjectKeys> = match (disk, options.insecure_seed, &options.keys) {
            (Some(_), Some(_), _) => return Err(Error::Seeded),
            (None, Some(seed), _) => Arc::new(MemorySubjects::seeded(seed)),
            (None, None, Some(keys)) => Arc::new(MemorySubjects::new(Arc::clone(keys))),
            (Some(disk), None, _) if is_writer && disk.seal().current() > 0 => {
                Arc::clone(keyring.insert(Arc::new(LazyKeyring::open(disk.clone())?))) as _
            }
            _ => return Ok(None),
        };
        let vault = Vault::new(keys);
        let (to_destroy, index, making) = Default::default();
        let privacy = Self { vault, keyring, to_destroy, index, making };
        // What was forgotten and may not have been destroyed is destroyed now. A keyring that cannot be had keeps no one from the
        // books: it is tried again.
        let doomed = engine.parties().forgotten(0);
        let doomed = doomed.map(|(subject, which)| Doomed { events: 0, subject, which });
        held(&privacy.to_destroy).extend(doomed);
        let _ = privacy.destroy(0);
        Ok(Some(privacy))
    }

    /// Notes what became of parties in the events from one on.
    pub(crate) fn note(&self, engine: &Engine, first: u64) {
        let (events, parties) = (engine.book().event_count(), engine.parties());
        let mut forgets = false;
        let mut index = held(&self.index);
        for (sequence, event) in (first..).zip(engine.book().events_from(first)) {
            match event::header(&event) {
                Ok((_, Kind::Party(ChangeKind::Seal))) => {
                    if let Some(index) = &mut *index {
                        index.add(identifiers_in(&self.vault, &event), sequence);
                    }
                }
                Ok((_, Kind::Party(ChangeKind::Forget))) => forgets = true,
                _ => {}
            }
        }
        if !forgets {
            return;
        }
        // By what the registry says of each, since records may have been merged and split behind it.
        let mut to_destroy = held(&self.to_destroy);
        for (subject, which) in parties.forgotten(first) {
            to_destroy.push(Doomed { events, subject, which });
            if let Some(index) = &mut *index {
                index.forget(parties, subject);
            }
        }
    }

    /// Destroys the keys that have to go, as far as the log is durable: no one waits for a lock meanwhile. What could not be
    /// destroyed is tried again with the next request, and when the ledger is opened; the first reason is given.
    pub(crate) fn destroy(&self, durable: u64) -> Result<(), Error> {
        let due: Vec<Doomed> = {
            let mut to_destroy = held(&self.to_destroy);
            if to_destroy.is_empty() {
                return Ok(());
            }
            let (due, later) = to_destroy.drain(..).partition(|doomed| doomed.events <= durable);
            *to_destroy = later;
            due
        };
        let mut failed = Ok(());
        for doomed in due {
            if let Err(error) = self.vault.destroy(doomed.subject, doomed.which) {
                tracing::error!(%error, "the keys of someone who was forgotten are not destroyed yet");
                held(&self.to_destroy).push(doomed);
                failed = failed.and(Err(error.into()));
            }
        }
        failed
    }
}

pub(crate) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is in it is whole, wherever another thread panicked.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who is searched for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FindParties {
    /// What kind of identifier it is.
    pub identifier: IdentifierKind,
    /// The identifier, however it is written.
    pub value: api::party::PersonalText,
    /// As this broker sees it: its key or id. By default all is seen.
    #[serde(default)]
    pub viewer: Option<String>,
}

/// Personal data of a party, as it is given to the person: Art. 15 of the GDPR.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyExport {
    /// What is known of the party.
    pub party: PartyView,
    /// The personal data.
    pub data: PersonalData,
    /// Who read it before, oldest first; the newest 10,000 readings.
    pub accesses: Vec<api::party::AccessView>,
}

impl Thalium {
    /// Opens personal data of a party for a reason, and records that; the values are given when the record is durable.
    ///
    /// # Errors
    /// A party or a field that is not there, no reason; a ledger without keys; as [`Thalium::submit`].
    pub fn read_data(&self, call: &ReadData) -> Result<PersonalData, Error> {
        self.read_data_at(self.now(), call)
    }

    /// As [`Thalium::read_data`], at an instant.
    ///
    /// # Errors
    /// As [`Thalium::read_data`].
    pub fn read_data_at(&self, now: i64, call: &ReadData) -> Result<PersonalData, Error> {
        Ok(self.opened_data(now, call, |sight| Ok((call.resolve(sight)?, ())))?.0)
    }

    /// All that is known of a party, with its personal data, as it is given to the person; recorded as a reading.
    ///
    /// # Errors
    /// As [`Thalium::read_data`].
    pub fn export_party(&self, call: &ReadData) -> Result<PartyExport, Error> {
        self.export_party_at(self.now(), call)
    }

    /// As [`Thalium::export_party`], at an instant.
    ///
    /// # Errors
    /// As [`Thalium::read_data`].
    pub fn export_party_at(&self, now: i64, call: &ReadData) -> Result<PartyExport, Error> {
        let (data, (party, accesses)) = self.opened_data(now, call, |sight| {
            let party = call.party(sight)?;
            let told = (party_view(sight, party), api::party::accesses_of(sight, party));
            Ok((call.resolve_all(sight)?, told))
        })?;
        Ok(PartyExport { party, data, accesses })
    }

    /// Opens data, records that, and tells what else is asked of the party before the reading.
    fn opened_data<R>(
        &self,
        now: i64,
        call: &ReadData,
        tell: impl FnOnce(&Sight<'_>) -> Result<(ToOpen, R), Invalid>,
    ) -> Result<(PersonalData, R), Error> {
        let privacy = self.privacy()?;
        let mut state = self.lock()?;
        let sight = &Sight::of(&state.engine, call.viewer.as_deref())?;
        let (mut to_open, told) = tell(sight)?;
        let commands = std::mem::take(&mut to_open.read).into_iter().map(Command::from).collect();
        let said = [&call.actor, &call.role, &call.request_id, &call.origin];
        let request = Request { context: self.context_with(said), now, commands };
        let ticket = self.execute(&mut state, &request)?;
        drop(state);
        // Without the books' lock: no post waits until all is opened.
        let data = to_open.open(&privacy.vault);
        self.wait_booked(ticket, "party")?;
        Ok((data, told))
    }

    /// Waits until readings are durable, all of them.
    ///
    /// # Errors
    /// One that was refused: the field is at fault that says what was to be read.
    pub(crate) fn wait_booked(&self, ticket: Ticket, field: &'static str) -> Result<(), Error> {
        match self.wait(ticket)?.into_iter().find(|outcome| !outcome.is_booked()) {
            Some(outcome) => {
                let message = outcome.status.name().replace('_', " ");
                Err(Invalid { field: field.into(), message }.into())
            }
            None => Ok(()),
        }
    }

    /// The parties that have an identifier, however it is written: most often one or none.
    ///
    /// # Errors
    /// An identifier that is none; a ledger without keys, or one that has stopped.
    pub fn find_parties(&self, call: &FindParties) -> Result<Vec<PartyView>, Error> {
        let privacy = self.privacy()?;
        let normal = normalise(call.identifier, call.value.as_str())
            .map_err(|error| Invalid { field: "value".into(), message: error.to_string() })?;
        let token = privacy.vault.token(call.identifier, &normal)?;
        self.make_index(privacy)?;
        self.read_state(|engine| {
            let sight = Sight::of(engine, call.viewer.as_deref())?;
            let index = held(&privacy.index);
            let found = index.as_ref().map(|index| index.find(engine.parties(), token));
            let found = found.unwrap_or_default();
            let parties = found.into_iter().filter_map(|id| engine.parties().party(id));
            let seen = parties.filter(|party| sight.sees_party(party));
            Ok(seen.map(|party| party_view(&sight, party)).collect())
        })?
    }

    /// Who read personal data, what and why; told to those who were granted it.
    ///
    /// # Errors
    /// Someone who was not granted it, or whose time is over; a ledger that has stopped.
    pub fn access_log(&self, query: &AccessQuery) -> Result<AccessPage, Error> {
        self.access_log_at(self.now(), query)
    }

    /// As [`Thalium::access_log`], at an instant.
    ///
    /// # Errors
    /// As [`Thalium::access_log`].
    pub fn access_log_at(&self, now: i64, query: &AccessQuery) -> Result<AccessPage, Error> {
        let actor = query.actor.as_deref().unwrap_or(&self.context().actor);
        Ok(self.read_state(|engine| find_accesses(engine, query, actor, now))??)
    }

    /// Makes sure that the keys are there which commands need to seal personal data.
    pub(crate) fn prepare_keys(&self, commands: &[api::Command]) -> Result<(), Error> {
        let seals = commands.iter().any(api::Command::seals);
        let Some(privacy) = self.privacy.as_ref().filter(|_| seals) else { return Ok(()) };
        let needed = api::keys_needed(&self.lock()?.engine, commands);
        privacy.vault.keys().ensure(&needed)?;
        // At hand before the books are locked, so that no post waits for the keyring.
        privacy.vault.warm(&needed);
        Ok(())
    }

    pub(crate) fn privacy(&self) -> Result<&Privacy, Error> {
        if self.is_read_only() {
            return Err(Error::ReadOnly);
        }
        self.privacy.as_ref().ok_or(Error::NoKeys)
    }
}

#[cfg(test)]
#[path = "privacy_tests.rs"]
mod tests;
