//! Moves running cases to another version of their definition, by a map of states and variables that somebody wrote down.
//!
//! Nothing is guessed: what the map does not place refuses the case, and the case stands as it was. A migration is no transition: no entry, exit
//! or other action runs, nothing is invoked, and no event is raised. `docs/migration.md` has the format.

mod changes;
mod error;
mod mapping;
mod report;

use std::borrow::Borrow;

pub use self::changes::{
    InvokedChange, InvokedFate, Migrated, SessionChanges, TimerChange, TimerFate,
};
pub use self::error::{MigrationError, MigrationFinding, Weight};
pub(in crate::kyc) use self::mapping::{Context, History, Mapping, Timers};
pub use self::report::{Refusal, Report};
use super::chart::{Place, Plans, Session};
use super::definition::Definition;
use crate::audit::merkle::hex;

/// How cases of one definition are moved to another one.
///
/// ```
/// use thalium::kyc::{ChartErrors, Definition, Migration, Surroundings};
/// use thalium::kyc::chart::Chart;
/// use thalium::value::Value;
///
/// let load = |text: &str| {
///     let chart = Chart::from_text(text).map_err(ChartErrors)?;
///     Definition::load(chart, Vec::new(), Surroundings::default())
/// };
/// let old = load("
/// chart: 1
/// context: {asked: 2}
/// states:
///   waiting: {on: {sent: settled}, after: {P30D: expired}}
///   settled: {type: final}
///   expired: {type: final}
/// ")?;
/// let new = load("
/// chart: 1
/// context: {reminders: 0, level: 1}
/// states:
///   open: {on: {sent: settled}, after: {P60D: expired}}
///   settled: {type: final}
///   expired: {type: final}
/// ")?;
/// let migration = Migration::from_text("
/// migration: 1
/// states: {waiting: open}
/// context:
///   set: {reminders: {expr: {var: asked}}, level: 1}
///   drop: [asked]
/// ")?;
/// assert!(migration.check(&old, &new).is_empty());
/// let case = old.start("case-1", 0, &Value::Null)?.session;
/// let moved = migration.apply(&old, &new, &case, 1)?;
/// assert_eq!(moved.session.data().to_json(), r#"{"level":1,"reminders":2}"#);
/// assert_eq!(moved.session.next_due(), case.next_due());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// The digest of the definition that cases are moved from, where it says one.
    pub(in crate::kyc) from: Option<([u8; 32], Place)>,
    /// The digest of the definition that they are moved to, where it says one.
    pub(in crate::kyc) to: Option<([u8; 32], Place)>,
    pub(in crate::kyc) mapping: Mapping,
}

/// Both definitions: what they lend to expressions, and the charts that can be invoked by their ids.
#[derive(Clone, Copy)]
pub(in crate::kyc) struct Beside<'a> {
    pub(in crate::kyc) old: &'a Definition,
    pub(in crate::kyc) new: &'a Definition,
}

impl Migration {
    /// The digest of the definition that it moves cases from; none, if it may be any.
    #[must_use]
    pub fn from_digest(&self) -> Option<&[u8; 32]> {
        self.from.as_ref().map(|(digest, _)| digest)
    }

    /// The digest of the definition that it moves cases to; none, if it may be any.
    #[must_use]
    pub fn to_digest(&self) -> Option<&[u8; 32]> {
        self.to.as_ref().map(|(digest, _)| digest)
    }

    /// What can be told before any case is moved, what is worst first: names that the definitions do not have, states that a case can be in
    /// and that have no place, parallel regions that nothing leads to, variables, timers and invocations without a place.
    ///
    /// It is told of the charts, and not of cases: one that is in none of the states concerned is moved.
    #[must_use]
    pub fn check(&self, from: &Definition, to: &Definition) -> Vec<MigrationFinding> {
        let mut found = self.check_digests(from, to);
        let beside = Beside { old: from, new: to };
        found.extend(from.program().check_move(to.program(), &self.mapping, beside));
        found.sort_by_key(|finding| finding.weight);
        found
    }

    /// Whether it is between these two.
    fn check_digests(&self, from: &Definition, to: &Definition) -> Vec<MigrationFinding> {
        let sides = [(&self.from, from, "from"), (&self.to, to, "to")];
        let wrong = sides.into_iter().filter_map(|(wanted, given, side)| {
            let (digest, place) = wanted.as_ref()?;
            (digest != given.digest()).then(|| {
                let message = format!(
                    "the definition given as `{side}` has the digest {}: give the one that the migration was written for",
                    hex(given.digest())
                );
                MigrationFinding::of(Weight::Wrong, place, message)
            })
        });
        wrong.collect()
    }

    /// Moves a case at an instant, nanoseconds UTC. The session that is given stands as it was.
    ///
    /// # Errors
    /// Why it is not moved. Nothing is half moved.
    pub fn apply(
        &self,
        from: &Definition,
        to: &Definition,
        session: &Session,
        now: i64,
    ) -> Result<Migrated, MigrationError> {
        self.plan(from, to)?.apply(session, now)
    }

    /// What all cases of a version need that are moved to another one, looked up once: as [`Migration::apply`] for each.
    ///
    /// # Errors
    /// It is not between these two definitions.
    pub fn plan<'a>(
        &'a self,
        from: &'a Definition,
        to: &'a Definition,
    ) -> Result<MigrationPlan<'a>, MigrationError> {
        let wrong = self.check_digests(from, to);
        if !wrong.is_empty() {
            return Err(MigrationError::Unfit(wrong));
        }
        let beside = Beside { old: from, new: to };
        Ok(MigrationPlan { mapping: &self.mapping, beside, plans: Plans::default() })
    }

    /// What it would do to many cases; they stand as they are.
    pub fn dry_run<S: Borrow<Session>>(
        &self,
        from: &Definition,
        to: &Definition,
        sessions: impl IntoIterator<Item = S>,
        now: i64,
    ) -> Report {
        let mut report = Report { is_any: self.from.is_none(), ..Report::default() };
        let mut plan = self.plan(from, to);
        for session in sessions {
            let session = session.borrow();
            let outcome = match &mut plan {
                Ok(plan) => plan.apply(session, now),
                Err(unfit) => Err(unfit.clone()),
            };
            report.count(session.id(), outcome.as_ref());
        }
        report
    }
}

/// A migration between two definitions, for many cases.
pub struct MigrationPlan<'a> {
    mapping: &'a Mapping,
    beside: Beside<'a>,
    plans: Plans<'a>,
}

impl MigrationPlan<'_> {
    /// Moves a case at an instant, nanoseconds UTC. The session that is given stands as it was.
    ///
    /// # Errors
    /// Why it is not moved. Nothing is half moved.
    pub fn apply(&mut self, session: &Session, now: i64) -> Result<Migrated, MigrationError> {
        let Beside { old, new } = self.beside;
        let plans = &mut self.plans;
        old.program().moved(new.program(), self.mapping, self.beside, plans, session, now)
    }
}

#[cfg(test)]
#[path = "migration_tests.rs"]
mod tests;
