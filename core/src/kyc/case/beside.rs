//! What is done beside the rules: decisions that hold for a time, and cases that begin again.

use super::act::{Work, chart_refusal, remembered, with_data};
use super::json::Json;
use super::refusal::Refusal;
use super::registry::written;
use super::state::InForce;
use super::told::instant;
use crate::kyc::chart::Event;
use crate::value::Value;

/// Of whom there can be too many.
const BESIDE: &str = "people who open one case again, or decide beside the rules";
/// The most overrides that hold at once.
const OVERRIDES: usize = 16;

impl Work<'_> {
    /// Decides beside the rules, for a time.
    pub(super) fn set_aside(
        &mut self,
        data: Option<&Json>,
        why: &str,
        until: i64,
    ) -> Result<(), Refusal> {
        let desk = self.desk;
        let kind = &desk.kind().id;
        let Some(overriding) = &desk.kind().overrides else {
            return Err(Refusal::Nobody { kind: kind.clone(), what: "decide beside the rules" });
        };
        let role = self.role_of(&self.by.actor, "decide beside the rules", &overriding.roles)?;
        written("why", why)?;
        let what = "is later than the kind lets an override hold";
        self.within("until", until, Some(overriding.most), what)?;
        if self.case.overrides.len() >= OVERRIDES {
            return Err(Refusal::TooMany { what: "overrides that hold", most: OVERRIDES });
        }
        let own = [
            ("by", Value::from(&*self.by.actor)),
            ("role", Value::from(role)),
            ("why", Value::from(why)),
            ("until", instant(until)),
        ];
        let event = Event::named(overriding.event.clone()).with(with_data(data, None, own)?);
        self.must_hear(event)?;
        remembered(self.case.overriders.get_or_insert_default(), &self.by.actor, BESIDE)?;
        let (by, since) = (self.by.actor.clone(), self.by.at);
        self.case.overrides.push(InForce { by, why: why.to_owned(), since, until });
        Ok(())
    }

    /// A case that has ended begins again, with what its kind keeps.
    pub(super) fn reopen(&mut self, why: &str) -> Result<(), Refusal> {
        let desk = self.desk;
        if self.case.is_open() {
            return Err(Refusal::Open(self.case.key.clone()));
        }
        let Some(reopening) = &desk.kind().reopening else {
            let kind = desk.kind().id.clone();
            return Err(Refusal::Nobody { kind, what: "open a case again" });
        };
        self.role_of(&self.by.actor, "open a case again", &reopening.roles)?;
        written("why", why)?;
        let kept = desk.starts_with(self.case.session());
        let round = self.case.reopened.saturating_add(1);
        let id = format!("{}~{round}", self.case.key);
        let before = self.case.session().data().clone();
        let begun = desk.definition().begin(true, &id, self.by.at, &kept);
        let step = begun.map_err(|why| chart_refusal(&self.case.key, why))?;
        self.took(None, Some(&before), step)?;
        // What is asked for in this round can be handed in as often as in the last.
        self.case.documents.values_mut().for_each(|document| document.attempts = 0);
        // Who opens it again is one who opened it, beside those who did before.
        let before = std::mem::replace(&mut self.case.opened_by, self.by.actor.clone());
        remembered(self.case.openers.get_or_insert_default(), &before, BESIDE)?;
        (self.case.reopened, self.case.ended_at, self.case.cancelled) = (round, None, false);
        Ok(())
    }
}
