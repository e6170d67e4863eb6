//! Cases beside the books: kinds, the register of staff, and what people do with cases; durable before anyone is told.

mod call;
mod customer;
mod query;
mod register;
mod report;
mod view;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use thalium::api::case::CaseRecord;
use thalium::event::Recorded as _;
use thalium::kyc::case::{By, Case, Cases, Change, Command, Done, Fact, Kind};
use thalium::policy::rego::Value;
use thalium::port::keys::Keys;
use thalium::port::subjects::NoKey;

pub use self::call::{
    AdvanceCases, AssignCase, AttachEvidence, CaseCallback, CaseChange, CaseNote, ChangeCase,
    DecideCase, DecideDocument, DefineCases, EscalateCase, MigrateCase, NoMore, OpenCase,
    OverrideCase, RehearseMigration, RequestDocument, SendToCase, SetStaff, SnoozeCase,
    SubmitDocument, WithReason,
};
pub use self::query::{
    CaseDifference, CaseLogQuery, CaseQuery, CasesReplayed, DrawCase, GetCase, ReportCases,
};
pub use self::report::{
    CaseReport, DecisionReport, DocumentReport, KindReport, PersonDecision, PersonDocument,
    PersonReport, QueueReport, ReasonCount,
};
pub use self::view::{
    CaseDecision, CaseDocument, CaseEffect, CaseEntry, CaseEvidence, CaseLogPage, CaseOutcome,
    CaseOverride, CasePage, CasePlace, CaseStanding, CaseView, CaseVote, CasesAdvanced, KindView,
    MigrationRefused, MigrationRehearsed, QueueView, StaffView,
};
use crate::beside::{CASES, Log, Logged};
use crate::charts::lend;
use crate::error::invalid;
use crate::sealed::Dossier;
use crate::{Error, Thalium, read_chart};

/// Cases about a party.
const DOSSIER: Dossier = Dossier { field: "cases", purpose: "case_file", what: "cases" };
/// How many cases change in one call that lets time pass, where nothing is said, and at most.
const ADVANCE_DEFAULT: u32 = 1_000;
const ADVANCE_MAX: u32 = 100_000;
/// How many bytes of changes are given to the log before they have to be durable.
const ADVANCE_BYTES: usize = 16 << 20;

impl Logged for CaseRecord {
    const DIRECTORY: &'static str = CASES;

    fn damaged(why: String) -> Error {
        Error::Cases(why)
    }
}

/// Where cases are kept, and what they come to.
pub(crate) struct CaseFile {
    pub(crate) log: Log<CaseRecord>,
    loaded: Mutex<Loaded>,
    /// Held by whoever tells the register of parties, so that it hears of one thing after another.
    telling: Mutex<()>,
    writes: bool,
}

/// What the log comes to, as far as it was read.
struct Loaded {
    cases: Cases,
    /// Cases of which nothing can be read any more: whom they are about was forgotten.
    lost: BTreeSet<String>,
    /// The record up to which it was read; none before the first.
    read: Option<u64>,
    is_whole: bool,
    /// What was given to the log, up to which it has to be durable before anything is told.
    given: u64,
}

impl Default for Loaded {
    fn default() -> Self {
        Self {
            cases: Cases::lending(lend),
            lost: BTreeSet::new(),
            read: None,
            is_whole: false,
            given: 0,
        }
    }
}

impl Loaded {
    /// Nothing is known of a case any more.
    fn forget(&mut self, key: &str) {
        self.cases.forget_case(key);
        self.lost.insert(key.to_owned());
    }
}

impl Default for CaseFile {
    fn default() -> Self {
        Self {
            log: Log::in_memory(),
            loaded: Mutex::default(),
            telling: Mutex::default(),
            writes: true,
        }
    }
}

impl CaseFile {
    /// Those beside a ledger in a directory; `keys` are given where that is encrypted.
    pub(crate) fn beside(
        ledger: &Path,
        keys: Option<Arc<dyn Keys>>,
        segment_len: u64,
        writes: bool,
    ) -> Self {
        Self {
            log: Log::beside(ledger, keys, segment_len, writes),
            loaded: Mutex::default(),
            telling: Mutex::default(),
            writes,
        }
    }
}

impl Thalium {
    /// Defines a kind of case, or defines it anew: cases that are there stay with the version that they were opened in.
    ///
    /// # Errors
    /// All that is wrong with it, by row, column and path; a ledger that was opened to read or has stopped.
    pub fn define_cases(&self, call: &DefineCases) -> Result<KindView, CaseFault> {
        let javascript = match call.dialect.as_deref() {
            None | Some("strict") => false,
            Some("javascript") => true,
            Some(_) => {
                return Err(Error::from(invalid("dialect", "is `strict` or `javascript`")).into());
            }
        };
        let charts = call.charts.iter().map(|text| read_chart(text).map(|chart| chart.to_json()));
        let charts: Vec<String> = charts.collect::<Result<_, _>>()?;
        let policy = call.policy.as_ref().map(|policy| policy.kept()).transpose()?;
        let by = self.by(call.actor.as_deref(), None, call.now.as_deref())?;
        self.change_cases(|cases| {
            let fact = cases.define(&call.kind, &charts, javascript, policy, &by);
            let fact = fact.map_err(crate::ChartFault::from)?;
            Ok::<_, CaseFault>((vec![fact], ()))
        })?;
        let kind = Kind::from_text(&call.kind).map_err(crate::ChartFault::from)?;
        self.see_cases(|loaded| {
            let desk = loaded.cases.kind(&kind.id).map_err(|_| Error::Panicked)?;
            Ok(KindView::of(desk))
        })
        .map_err(Into::into)
    }

    /// Puts somebody on the register of staff, with other roles, or off it.
    ///
    /// # Errors
    /// A name or role that is none; a ledger that was opened to read or has stopped.
    pub fn set_staff(&self, call: &SetStaff) -> Result<StaffView, Error> {
        let by = self.by(call.actor.as_deref(), None, call.now.as_deref())?;
        self.change_cases(|cases| {
            let fact = cases.staff(&call.person, &call.roles, !call.away, &by);
            let fact = fact.map_err(|refusal| invalid("person", refusal.to_string()))?;
            Ok::<_, Error>((vec![fact], ()))
        })?;
        self.see_cases(|loaded| {
            let cases = &loaded.cases;
            let person = cases.person(&call.person).ok();
            Ok(StaffView::of(&call.person, person, cases.load_of(&call.person)))
        })
    }

    /// Does something to a case; told when it is durable. `data` is what it carries. A refusal is an outcome that is not ok, with its code.
    ///
    /// # Errors
    /// A call that means nothing; a party that is not there; a ledger that was opened to read or has stopped.
    pub fn change_case(
        &self,
        call: &ChangeCase,
        data: Option<Value>,
    ) -> Result<CaseOutcome, Error> {
        let command = call.change.command(data)?;
        let by = self.by(call.actor.as_deref(), call.request_id.clone(), call.now.as_deref())?;
        if self.loaded_cases()?.lost.contains(&call.case) {
            return Ok(CaseOutcome::unkept(&call.case, &invalid("case", query::FORGOTTEN)));
        }
        let done = self.change_cases(|cases| {
            Ok::<_, Error>(match cases.decide(&call.case, command, &by) {
                Ok(mut done) => {
                    let changes = std::mem::take(&mut done.changes);
                    let keys = changes.iter().map(|change| change.case.key.clone());
                    let keys: BTreeSet<String> = keys.collect();
                    let facts = changes.into_iter().map(Fact::from).collect();
                    (facts, Ok((done, keys)))
                }
                Err(refusal) => (Vec::new(), Err(refusal)),
            })
        })?;
        let (done, keys) = match done {
            Ok(done) => done,
            Err(refusal) => return Ok(CaseOutcome::refused(&call.case, &refusal)),
        };
        let untold = self.tell_register(&|key| keys.contains(key));
        self.see_cases(|loaded| {
            let case = loaded.cases.existing(&call.case).map_err(|_| Error::Panicked)?;
            let view = CaseView::of(&loaded.cases, case, false);
            let done = CaseOutcome::done(view, &done);
            let why = untold.into_iter().find(|(key, _)| *key == call.case);
            Ok(match why {
                Some((_, why)) => done.untold(why),
                None => done,
            })
        })
    }

    /// Lets time pass for all cases: what is due happens, in the order in which it is due.
    ///
    /// # Errors
    /// A ledger that was opened to read or has stopped.
    pub fn advance_cases(&self, call: &AdvanceCases) -> Result<CasesAdvanced, Error> {
        let limit = call.limit.unwrap_or(ADVANCE_DEFAULT);
        if !(1..=ADVANCE_MAX).contains(&limit) {
            return Err(invalid("limit", format!("is out of range: 1 to {ADVANCE_MAX}")).into());
        }
        let by = self.by(call.actor.as_deref(), None, call.now.as_deref())?;
        self.writable()?;
        let mut loaded = self.loaded_cases()?;
        let due: Vec<String> = loaded.cases.due(by.at).cloned().collect();
        let mut told = CasesAdvanced::default();
        let mut bytes = 0;
        for key in due {
            let tried = told.changed.saturating_add(told.refused.len() as u64);
            if tried >= u64::from(limit) {
                told.more = true;
                break;
            }
            // What happened to another may have been what it waited for.
            if loaded.cases.get(&key).and_then(Case::next_due).is_none_or(|due| due > by.at) {
                continue;
            }
            let Done { changes, effects, .. } =
                match loaded.cases.decide(&key, Command::Advance, &by) {
                    Ok(done) => done,
                    Err(refusal) => {
                        told.refused.push(CaseOutcome::refused(&key, &refusal));
                        continue;
                    }
                };
            bytes += match self.give(&mut loaded, changes.into_iter().map(Fact::from).collect()) {
                Ok(bytes) => bytes,
                // What cannot be kept, because whom it is about was forgotten, or because it is too large, does not happen; the others do.
                Err(Error::Invalid(error)) => {
                    told.refused.push(CaseOutcome::unkept(&key, &error));
                    continue;
                }
                Err(error) => return Err(error),
            };
            told.changed += 1;
            told.effects.extend(effects.iter().map(CaseEffect::of));
            // Nothing grows without end while the disk is waited for.
            if bytes >= ADVANCE_BYTES {
                self.cases.log.wait(loaded.given)?;
                bytes = 0;
            }
        }
        let given = loaded.given;
        drop(loaded);
        self.cases.log.wait(given)?;
        // What was not told before is told now, too.
        for (key, why) in self.tell_register(&|_| true) {
            let unheard = CaseOutcome { case: key, ..CaseOutcome::default() };
            told.refused.push(unheard.untold(why));
        }
        Ok(told)
    }

    /// What would become of the cases of a kind that are not in its newest version yet, if they were moved by a map: each is tried, and nothing
    /// is changed.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn rehearse_migration(
        &self,
        call: &RehearseMigration,
    ) -> Result<MigrationRehearsed, Error> {
        let by = self.by(call.actor.as_deref(), None, call.now.as_deref())?;
        self.see_cases(|loaded| {
            let cases = &loaded.cases;
            let mut told = MigrationRehearsed::default();
            let rehearsed = cases.rehearse(&call.kind, &call.map, &by, |case, outcome| {
                told.cases += 1;
                match outcome {
                    Ok(()) => told.movable += 1,
                    Err(refusal) => told.refuse(&case.key, &refusal),
                }
            });
            rehearsed.map_err(|refusal| invalid("kind", refusal.to_string()))?;
            Ok(told)
        })
    }

    /// By whom something is asked, and when.
    fn by(
        &self,
        actor: Option<&str>,
        request_id: Option<String>,
        now: Option<&str>,
    ) -> Result<By, Error> {
        let actor = actor.unwrap_or(&self.context().actor);
        let actor = if actor.is_empty() { "system" } else { actor };
        Ok(By { at: self.instant(now)?, actor: actor.to_owned(), request_id })
    }

    fn writable(&self) -> Result<(), Error> {
        if self.is_read_only() {
            return Err(Error::ReadOnly);
        }
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(Error::Draining);
        }
        self.cases.log.stopped().map_or(Ok(()), |why| Err(Error::Stopped { why }))
    }

    /// Does something to the cases: the facts that it makes are durable when this returns.
    fn change_cases<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Cases) -> Result<(Vec<Fact>, T), E>,
    ) -> Result<T, E> {
        self.writable()?;
        let mut loaded = self.loaded_cases()?;
        let (facts, told) = work(&loaded.cases)?;
        self.give(&mut loaded, facts)?;
        let given = loaded.given;
        drop(loaded);
        self.cases.log.wait(given)?;
        Ok(told)
    }

    /// Gives facts to the log and folds them in, in the order in which they were decided: nobody else decides meanwhile. How many bytes they have.
    fn give(&self, loaded: &mut Loaded, facts: Vec<Fact>) -> Result<usize, Error> {
        let records: Result<Vec<_>, Error> =
            facts.iter().map(|fact| self.case_record(fact)).collect();
        let records = records?;
        let bytes = records.iter().map(Vec::len).sum();
        loaded.given = self.cases.log.give(records)?;
        for fact in facts {
            loaded.cases.fold(fact).map_err(|_| Error::Panicked)?;
        }
        Ok(bytes)
    }

    /// The record of a fact, sealed to whom it is about.
    fn case_record(&self, fact: &Fact) -> Result<Vec<u8>, Error> {
        let mut record = CaseRecord::of(fact);
        if let Fact::Changed(change) = fact
            && let Some(party) = &change.case.party
        {
            record.sealed = Some(self.case_sealed_to(party, change)?);
            if let Some(to) = &record.sealed {
                let vault = &self.privacy()?.vault;
                let sealed = vault.seal(to.party, to.basis, &record.context(), &record.body);
                record.body = sealed.map_err(|error| invalid("party", error.to_string()))?.into();
            }
        }
        // What is too large stops its caller alone.
        let encoded = record.encoded();
        encoded.map_err(|error| invalid("case", error.to_string()).into())
    }

    fn case_sealed_to(
        &self,
        party: &str,
        change: &Change,
    ) -> Result<thalium::api::decision::SealedTo, Error> {
        // The books' clock does not run ahead for a case that is thought of in the future.
        let at = change.by.at.min(self.now());
        self.sealed_to(&DOSSIER, ("party", party), change.case.retention.as_deref(), at)
    }

    /// What the cases come to, with all that is in their log.
    fn loaded_cases(&self) -> Result<std::sync::MutexGuard<'_, Loaded>, Error> {
        let file = &self.cases;
        let mut loaded = file.loaded.lock().map_err(|_| Error::Panicked)?;
        if loaded.is_whole {
            return Ok(loaded);
        }
        let mut failed = None;
        let after = loaded.read;
        file.log.read(after, &mut |number, record| {
            let taken = self.take_case(&mut loaded, &record);
            match taken {
                // What could not be taken in is tried again: nothing is passed over.
                Err(error) => failed = Some(error),
                Ok(()) => loaded.read = Some(number),
            }
            failed.is_none()
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        // Beside a writer there is more at any time.
        loaded.is_whole = file.writes;
        Ok(loaded)
    }

    /// Takes in what was kept of a fact.
    fn take_case(&self, loaded: &mut Loaded, record: &CaseRecord) -> Result<(), Error> {
        let damaged = |error: &dyn std::fmt::Display| Error::Cases(error.to_string());
        let fact = match &record.sealed {
            None => record.fact(&record.body),
            Some(to) => {
                let vault = &self.privacy()?.vault;
                match vault.open(to.party, to.basis, &record.context(), &record.body) {
                    Ok(plain) => record.fact(&plain),
                    Err(NoKey::Destroyed) => {
                        loaded.forget(record.case.as_deref().unwrap_or_default());
                        loaded.cases.pass_over();
                        return Ok(());
                    }
                    // A keeper of keys that cannot be had now may be had later.
                    Err(error) => return Err(damaged(&error)),
                }
            }
        };
        let fact = fact.map_err(|error| damaged(&error))?;
        loaded.cases.fold(fact).map_err(|error| damaged(&error))
    }

    /// Sees the cases, and tells of them when what was done to them is durable.
    fn see_cases<T>(&self, see: impl FnOnce(&Loaded) -> Result<T, Error>) -> Result<T, Error> {
        let loaded = self.loaded_cases()?;
        let (told, given) = (see(&loaded), loaded.given);
        drop(loaded);
        self.cases.log.wait(given)?;
        told
    }
}

/// Why nothing was defined.
#[derive(Debug, thiserror::Error)]
pub enum CaseFault {
    /// The ledger or the log.
    #[error(transparent)]
    Ledger(#[from] Error),
    /// The kind or a chart.
    #[error(transparent)]
    Chart(#[from] crate::ChartFault),
    /// The policy.
    #[error(transparent)]
    Policy(#[from] crate::PolicyError),
}

#[cfg(test)]
#[path = "cases_tests.rs"]
mod tests;
