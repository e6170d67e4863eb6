//! A case goes on in the newest version of its kind: by an explicit map, and as a change like any other, with what became of everything in it.

use super::act::Work;
use super::json::Kept;
use super::refusal::Refusal;
use crate::kyc::Migration;
use crate::kyc::migration::SessionChanges;
use crate::value::Value;

impl Work<'_> {
    /// Moves the case. Votes that are pending do not come along: they were for another version.
    pub(super) fn migrate(&mut self, map: &str) -> Result<(), Refusal> {
        match &self.desk.kind().migration {
            Some(migrating) => {
                let actor = self.by.actor.clone();
                self.role_of(&actor, "move it to another version", &migrating.roles)?;
            }
            None => self.registered()?,
        }
        let case = self.case.key.clone();
        let refused = |why: String| Refusal::Migration { case: case.clone(), why };
        let (from, to) = (self.desk, self.cases.kind(&self.case.kind)?);
        if from.digest() == to.digest() {
            return Err(refused("it is in the newest version already".to_owned()));
        }
        if to.kind().overrides.is_none() && !self.case.overrides.is_empty() {
            let why = "something is decided beside the rules, and the new version has no event for its end: wait for it, or give the new version `overrides`";
            return Err(refused(why.to_owned()));
        }
        let map = Migration::from_text(map).map_err(|errors| refused(errors.to_string()))?;
        self.take_back("the case goes on in another version")?;
        let moved = map.apply(from.definition(), to.definition(), self.case.session(), self.by.at);
        let moved = moved.map_err(|error| refused(error.to_string()))?;
        let changes = moved.changes.iter().map(SessionChanges::to_value);
        self.tells(Value::fields([("moved", Value::array(changes))]))?;
        self.effects.extend(moved.effects);
        self.case.session = Kept(moved.session);
        self.case.desk = (*to.digest()).into();
        self.desk = to;
        Ok(())
    }
}
