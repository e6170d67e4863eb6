//! A case goes on in the newest version of its kind: by an explicit map, and as a change like any other, with what became of everything in it.

use std::collections::BTreeMap;

use super::act::Work;
use super::command::{By, Command};
use super::desk::Desk;
use super::json::Kept;
use super::refusal::Refusal;
use super::registry::{Cases, named};
use super::state::Case;
use crate::kyc::chart::Session;
use crate::kyc::migration::SessionChanges;
use crate::kyc::{Migrated, Migration, MigrationError};
use crate::value::Value;

impl Work<'_> {
    /// Moves the case. Votes that are pending do not come along: they were for another version.
    pub(super) fn migrate(&mut self, map: &str) -> Result<(), Refusal> {
        let (from, to) = (self.desk, self.cases.kind(&self.case.kind)?);
        self.movable()?;
        let map = Migration::from_text(map).map_err(|errors| refused(&self.case.key, errors))?;
        self.moves(|session, now| map.apply(from.definition(), to.definition(), session, now))
    }

    /// Whether it is in an older version, nothing of it would be left behind, and somebody asks who may.
    fn movable(&self) -> Result<(), Refusal> {
        let roles = self.desk.kind().migration.as_ref().map(|it| &*it.roles);
        self.may("move it to another version", roles)?;
        let to = self.cases.kind(&self.case.kind)?;
        if self.desk.digest() == to.digest() {
            return Err(refused(&self.case.key, "it is in the newest version already"));
        }
        if to.kind().overrides.is_none() && !self.case.overrides.is_empty() {
            let why = "something is decided beside the rules, and the new version has no event for its end: wait for it, or give the new version `overrides`";
            return Err(refused(&self.case.key, why));
        }
        Ok(())
    }

    /// That what people have decided about, and nobody decides by moving a case, is as it was.
    fn stands(&self, moved: &Session, to: &Desk) -> Result<(), Refusal> {
        let Some(migrating) = &self.desk.kind().migration else { return Ok(()) };
        let before = self.case.session();
        let other = |name: &&String| before.data().get_str(name) != moved.data().get_str(name);
        if let Some(name) = migrating.keep.iter().find(other) {
            let why =
                format!("`{name}` would be another, and this kind keeps it: leave it as it is");
            return Err(refused(&self.case.key, why));
        }
        if let Some(why) = changed_below(&migrating.below, before, Some(moved)) {
            return Err(refused(&self.case.key, why));
        }
        let is_in = |desk: &Desk, state: &String, session: &Session| {
            desk.in_states(std::slice::from_ref(state), session)
        };
        let left = |state: &&String| is_in(self.desk, state, before) && !is_in(to, state, moved);
        if let Some(state) = migrating.stay.iter().find(left) {
            let why = format!(
                "it is in `{state}` and would not be any more, and in this kind nobody leaves that by a migration: map `{state}` to itself"
            );
            return Err(refused(&self.case.key, why));
        }
        Ok(())
    }

    fn moves(
        &mut self,
        apply: impl FnOnce(&Session, i64) -> Result<Migrated, MigrationError>,
    ) -> Result<(), Refusal> {
        let to = self.cases.kind(&self.case.kind)?;
        self.take_back("the case goes on in another version")?;
        let moved = apply(self.case.session(), self.by.at);
        let moved = moved.map_err(|error| refused(&self.case.key, error))?;
        self.stands(&moved.session, to)?;
        let changes = moved.changes.iter().map(SessionChanges::to_value);
        self.tells(Value::fields([("moved", Value::array(changes))]))?;
        self.effects.extend(moved.effects);
        self.case.session = Kept(moved.session);
        self.case.desk = (*to.digest()).into();
        self.desk = to;
        Ok(())
    }
}

impl Cases {
    /// Tells of each open case of a kind that is in an older version what would become of it, were it moved by a map: as [`Cases::decide`] of a migration,
    /// but the map is read once, and what the cases of a version have in common is looked up once. Nothing is changed.
    ///
    /// # Errors
    /// There is no such kind, or the map is none.
    pub fn rehearse(
        &self,
        kind: &str,
        map: &str,
        by: &By,
        mut tell: impl FnMut(&Case, Result<(), Refusal>),
    ) -> Result<(), Refusal> {
        let to = self.kind(kind)?;
        let map = Migration::from_text(map).map_err(|errors| {
            let what = format!("is none: {errors}");
            Refusal::Text { field: "map", what }
        })?;
        let mut plans = BTreeMap::new();
        let is_older =
            |case: &&Case| case.is_open() && case.kind == kind && *case.desk != *to.digest();
        for case in self.iter().filter(is_older) {
            let mut tried = || {
                named("actor", &by.actor)?;
                let mut work = Work::begun(self, case, by, true, true)?;
                work.movable()?;
                let from = work.desk;
                let plan = plans
                    .entry(*from.digest())
                    .or_insert_with(|| map.plan(from.definition(), to.definition()));
                work.moves(|session, now| match plan {
                    Ok(plan) => plan.apply(session, now),
                    Err(unfit) => Err(unfit.clone()),
                })?;
                work.settled(Command::Advance).map(drop)
            };
            tell(case, tried());
        }
        Ok(())
    }
}

/// What of the charts that a session invoked is not as it was, though the kind keeps it; however deep they are.
fn changed_below(
    kept: &BTreeMap<String, Vec<String>>,
    before: &Session,
    moved: Option<&Session>,
) -> Option<String> {
    before.children().find_map(|(id, child)| {
        let mut others = moved.into_iter().flat_map(Session::children);
        let other = others.find(|(other, _)| *other == id).map(|(_, session)| session);
        if let Some(names) = kept.get(id) {
            let Some(other) = other else {
                return Some(format!(
                    "what goes on as `{id}` would not go on, and this kind keeps it: map the state that invoked it to one that invokes it"
                ));
            };
            let is_other =
                |name: &&String| child.data().get_str(name) != other.data().get_str(name);
            if let Some(name) = names.iter().find(is_other) {
                return Some(format!(
                    "`{name}` of `{id}` would be another, and this kind keeps it: leave it as it is"
                ));
            }
        }
        changed_below(kept, child, other)
    })
}

fn refused(case: &str, why: impl ToString) -> Refusal {
    Refusal::Migration { case: case.to_owned(), why: why.to_string() }
}
