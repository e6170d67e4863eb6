//! Deciding a change of the registry: nothing is changed here, and what passes cannot fail when it is applied.

use super::basis::Basis;
use super::change::{
    Amendment, Assignment, Change, DataRead, Forget, ForgetScope, Grant, LIST_MAX, LegalHold,
    LiftHold, Merge, NewParty, PartyKind, Relation, RetentionClass, Revoke, SealedField,
    SealedFields, Split,
};
use super::registry::{ENTRIES_MAX, Kept, Party, Registry, Stamp};
use super::status::PartyStatus;
use crate::Id;
use crate::time::date_of;

/// A change that was refused: why, and, of a retry, when it was first done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub status: PartyStatus,
    /// Of a retry, the original.
    pub original: Option<Stamp>,
}

impl From<PartyStatus> for Refused {
    fn from(status: PartyStatus) -> Self {
        Self { status, original: None }
    }
}

fn again(original: Stamp) -> Refused {
    Refused { status: PartyStatus::Exists, original: Some(original) }
}

impl Registry {
    /// Decides a change at an instant. `account` tells the own id of an account, if there is one. Gives the change as it is to
    /// be recorded: with the own ids of whom it names.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn decide(
        &self,
        change: &Change,
        now: i64,
        account: impl Fn(Id) -> Option<Id>,
    ) -> Result<Change, Refused> {
        Ok(match change {
            Change::Register(new) => self.register(new)?.into(),
            Change::Amend(amendment) => self.amend(amendment)?.into(),
            Change::Relate(relation) => self.relate(relation)?.into(),
            Change::Assign(assignment) => self.assign(assignment, account)?.into(),
            Change::Seal(sealed) => self.seal(sealed)?.into(),
            Change::Merge(merge) => self.merge(*merge)?.into(),
            Change::Split(split) => self.split(*split, now)?.into(),
            Change::Hold(hold) => self.hold(hold)?.into(),
            Change::Lift(lift) => self.lift(lift)?.into(),
            Change::Forget(forget) => self.forget(*forget, now)?.into(),
            Change::Read(read) => self.read(read)?.into(),
            Change::Grant(grant) => self.grant(grant, now)?.into(),
            Change::Revoke(revoke) => self.revoke(revoke)?.into(),
            Change::Retain(class) => self.retain(class)?.into(),
        })
    }

    fn register(&self, new: &NewParty) -> Result<NewParty, Refused> {
        check_id(new.id)?;
        let broker = new.broker.map(|id| self.found_under(id));
        let named = new.key.as_deref().map(|key| Id::from_key("party", key));
        if let Some(old) = self.record(new.id) {
            if old.kind != new.kind {
                return Err(PartyStatus::ExistsWithDifferentKind.into());
            }
            if self.found_under(old.broker) != broker.unwrap_or_default() {
                return Err(PartyStatus::ExistsWithDifferentBroker.into());
            }
            if old.id != new.id || old.key != new.key.as_deref().unwrap_or_default() {
                return Err(PartyStatus::ExistsWithDifferentKey.into());
            }
            is_known(old)?;
            return Err(again(old.registered));
        }
        if named.is_some_and(|named| self.record(named).is_some()) {
            return Err(PartyStatus::ExistsWithDifferentKey.into());
        }
        if let Some(id) = new.broker {
            let broker = self.party(id).filter(|broker| broker.kind == PartyKind::Broker);
            let broker = broker.ok_or(PartyStatus::BrokerNotFound)?;
            // A broker is a client of no other: who sees whom has one level.
            if new.kind == PartyKind::Broker || broker.id == new.id {
                return Err(PartyStatus::BrokerNotFound.into());
            }
            is_known(broker)?;
        }
        Ok(NewParty { broker, ..new.clone() })
    }

    fn amend(&self, asked: &Amendment) -> Result<Amendment, Refused> {
        let (set, clear) = (asked.set.iter().flatten(), asked.clear.iter().flatten());
        let both = set.clone().any(|flag| clear.clone().any(|other| other == flag));
        if both || asked.ended.is_some() && asked.resumed.is_some() {
            return Err(PartyStatus::FlagsAreMutuallyExclusive.into());
        }
        let party = self.open(asked.party)?;
        let is_so = asked.kyc_level.is_none_or(|level| party.kyc_level == level)
            && asked.risk.is_none_or(|risk| party.risk == Some(risk))
            && set.clone().all(|flag| party.flags.contains(flag))
            && clear.clone().all(|flag| !party.flags.contains(flag))
            && asked.ended.is_none_or(|ended| party.ended == Some(ended))
            && (asked.resumed.is_none() || party.ended.is_none());
        if is_so {
            // Several changes may have led there: there is no one original.
            return Err(PartyStatus::Exists.into());
        }
        let new = set.filter(|flag| !party.flags.contains(*flag)).count();
        let gone = clear.filter(|flag| party.flags.contains(*flag)).count();
        if party.flags.len() + new - gone > LIST_MAX {
            return Err(PartyStatus::TooMany.into());
        }
        Ok(Amendment { party: party.id, ..asked.clone() })
    }

    fn relate(&self, asked: &Relation) -> Result<Relation, Refused> {
        self.are_different(asked.from, asked.to)?;
        check_span(asked.since, asked.until)?;
        let from = self.record(asked.from).ok_or(PartyStatus::PartyNotFound)?;
        let to = self.party(asked.to).ok_or(PartyStatus::OtherPartyNotFound)?;
        is_own(from)?;
        is_known(from)?;
        is_known(to)?;
        let old = self.relations.get(&(from.id, asked.role, to.id));
        if let Some(old) = old
            && (old.since, old.until, old.share) == (asked.since, asked.until, asked.share)
        {
            return Err(again(old.recorded));
        }
        let count = || self.relations_of(from).count().max(self.relations_to(to).count());
        if old.is_none() && count() >= ENTRIES_MAX {
            return Err(PartyStatus::TooMany.into());
        }
        Ok(Relation { from: from.id, to: to.id, ..asked.clone() })
    }

    fn assign(
        &self,
        asked: &Assignment,
        account: impl Fn(Id) -> Option<Id>,
    ) -> Result<Assignment, Refused> {
        check_span(asked.since, asked.until)?;
        let party = self.record(asked.party).ok_or(PartyStatus::PartyNotFound)?;
        let account = account(asked.account).ok_or(PartyStatus::AccountNotFound)?;
        is_own(party)?;
        is_known(party)?;
        let old = self.accounts.get(&(party.id, account, asked.role));
        if let Some(old) = old
            && (old.since, old.until) == (asked.since, asked.until)
        {
            return Err(again(old.recorded));
        }
        let count = || self.accounts_of(party).count().max(self.holders_of(account).count());
        if old.is_none() && count() >= ENTRIES_MAX {
            return Err(PartyStatus::TooMany.into());
        }
        Ok(Assignment { party: party.id, account, ..asked.clone() })
    }

    fn seal(&self, asked: &SealedFields) -> Result<SealedFields, Refused> {
        self.record(asked.party).ok_or(PartyStatus::PartyNotFound)?;
        if !asked.fields.iter().all(|field| self.has_retention(field.retention.as_deref())) {
            return Err(PartyStatus::RetentionNotFound.into());
        }
        let party = self.open(asked.party)?;
        if asked.fields.iter().any(|field| self.is_closed(party, field.basis)) {
            return Err(PartyStatus::PartyWasForgotten.into());
        }
        // What consent allowed goes when it is withdrawn, and would take along the way to what the law has kept.
        let hides = |field: &SealedField| {
            field.basis == Basis::Consent && self.is_kept_by_law(party, &field.name)
        };
        if asked.fields.iter().any(hides) {
            return Err(PartyStatus::FieldIsKeptByLaw.into());
        }
        let new = asked.fields.iter().filter(|field| !self.has_own(party, &field.name)).count();
        if party.fields.len() + new > ENTRIES_MAX {
            return Err(PartyStatus::TooMany.into());
        }
        // What is sealed with the key of another's id would outlive the party.
        if party.id != asked.party || asked.fields.iter().any(|field| field.value.is_empty()) {
            return Err(PartyStatus::KeyNotAvailable.into());
        }
        Ok(SealedFields { party: party.id, fields: asked.fields.clone() })
    }

    fn merge(&self, asked: Merge) -> Result<Merge, Refused> {
        let own = |id| self.record(id).map(|party| party.id);
        if asked.party == asked.into
            || own(asked.party).is_some_and(|id| own(asked.into) == Some(id))
        {
            return Err(PartyStatus::PartiesMustBeDifferent.into());
        }
        let party = self.record(asked.party).ok_or(PartyStatus::PartyNotFound)?;
        let into = self.party(asked.into).ok_or(PartyStatus::OtherPartyNotFound)?;
        if let Some(under) = party.merged_into {
            // It may have been split and merged since: there is no one original.
            let is_so = self.found_under(under) == into.id;
            return Err(
                if is_so { PartyStatus::Exists } else { PartyStatus::PartyWasMerged }.into()
            );
        }
        if party.id == into.id {
            return Err(PartyStatus::PartiesMustBeDifferent.into());
        }
        // Clients name their broker by its own id, which would stand for two.
        let is_broker = party.kind == PartyKind::Broker;
        if party.kind != into.kind || party.broker != into.broker || is_broker {
            return Err(PartyStatus::PartiesMustBeAlike.into());
        }
        is_known(party)?;
        is_known(into)?;
        let merged = |id: Id| self.merged_into(id).len();
        if merged(party.id) + merged(into.id) >= ENTRIES_MAX {
            return Err(PartyStatus::TooMany.into());
        }
        Ok(Merge { into: into.id, party: party.id })
    }

    fn split(&self, asked: Split, now: i64) -> Result<Split, Refused> {
        let party = self.record(asked.party).ok_or(PartyStatus::PartyNotFound)?;
        let into = party.merged_into.ok_or(PartyStatus::PartyWasNotMerged)?;
        let into = self.party(into).ok_or(PartyStatus::PartyWasNotMerged)?;
        is_known(into)?;
        // What a hold was placed on is held with all its records.
        if self.held(into, date_of(now)).is_some() {
            return Err(PartyStatus::LegalHoldInForce.into());
        }
        Ok(Split { party: party.id })
    }

    fn hold(&self, asked: &LegalHold) -> Result<LegalHold, Refused> {
        let party = self.open(asked.party)?;
        match party.holds.get(&asked.name) {
            Some(old)
                if old.until == asked.until
                    && old.reason == asked.reason.as_deref().unwrap_or_default() =>
            {
                return Err(again(old.placed));
            }
            None if party.holds.len() >= ENTRIES_MAX => return Err(PartyStatus::TooMany.into()),
            _ => {}
        }
        Ok(LegalHold { party: party.id, ..asked.clone() })
    }

    fn lift(&self, asked: &LiftHold) -> Result<LiftHold, Refused> {
        let found = self.party(asked.party).ok_or(PartyStatus::PartyNotFound)?;
        // The hold may have been placed on a record that was merged since.
        let party = self.members(found).find(|one| one.holds.contains_key(&asked.name));
        let party = party.ok_or(PartyStatus::HoldNotFound)?;
        Ok(LiftHold { party: party.id, name: asked.name.clone() })
    }

    fn forget(&self, asked: Forget, now: i64) -> Result<Forget, Refused> {
        let party = self.party(asked.party).ok_or(PartyStatus::PartyNotFound)?;
        // A record that was merged into it since is forgotten too.
        let is_gone = |one: &Party| {
            one.forgotten.is_some_and(|(scope, _)| {
                scope == ForgetScope::All || asked.scope == ForgetScope::Consent
            })
        };
        if let Some((_, at)) = party.forgotten
            && self.members(party).all(is_gone)
        {
            return Err(again(at));
        }
        match self.kept(party, asked.scope, date_of(now)) {
            Some(Kept::Hold(..)) => Err(PartyStatus::LegalHoldInForce.into()),
            Some(Kept::Relationship) => Err(PartyStatus::RelationshipHasNotEnded.into()),
            Some(Kept::Until(_)) => Err(PartyStatus::RetentionHasNotPassed.into()),
            None => Ok(Forget { party: party.id, scope: asked.scope }),
        }
    }

    fn read(&self, asked: &DataRead) -> Result<DataRead, Refused> {
        let party = self.party(asked.party).ok_or(PartyStatus::PartyNotFound)?;
        is_known(party)?;
        if asked.fields.iter().any(|name| !self.has_field(party, name)) {
            return Err(PartyStatus::FieldNotFound.into());
        }
        Ok(DataRead { party: party.id, ..asked.clone() })
    }

    fn grant(&self, asked: &Grant, now: i64) -> Result<Grant, Refused> {
        if asked.until < now {
            return Err(PartyStatus::UntilMustNotBePast.into());
        }
        let party = match asked.party {
            Some(party) => Some(self.party(party).ok_or(PartyStatus::PartyNotFound)?.id),
            None => None,
        };
        let recorded = Grant { party, ..asked.clone() };
        let own = self.grants.get(&asked.actor).map_or(&[][..], Vec::as_slice);
        match own.iter().find(|(old, _)| *old == recorded) {
            Some((_, at)) => Err(again(*at)),
            None if own.len() >= ENTRIES_MAX => Err(PartyStatus::TooMany.into()),
            None => Ok(recorded),
        }
    }

    fn revoke(&self, asked: &Revoke) -> Result<Revoke, Refused> {
        // What was never granted is as good as revoked.
        let granted = self.grants.contains_key(&asked.actor);
        if granted { Ok(asked.clone()) } else { Err(PartyStatus::Exists.into()) }
    }

    fn retain(&self, asked: &RetentionClass) -> Result<RetentionClass, Refused> {
        match self.retentions.get(&asked.name) {
            Some((old, at)) if old == asked => Err(again(*at)),
            None if self.retentions.len() >= ENTRIES_MAX => Err(PartyStatus::TooMany.into()),
            _ => Ok(asked.clone()),
        }
    }

    /// A party of which something may be known from now on: there, not merged away, not forgotten.
    fn open(&self, id: Id) -> Result<&Party, Refused> {
        let party = self.record(id).ok_or(PartyStatus::PartyNotFound)?;
        is_own(party)?;
        is_known(party)?;
        Ok(party)
    }

    /// Whether two names are of two parties, as far as they are of any.
    fn are_different(&self, one: Id, other: Id) -> Result<(), Refused> {
        let own = |id| self.party(id).map(|party| party.id);
        let is_one = one == other || own(one).is_some_and(|one| own(other) == Some(one));
        if is_one { Err(PartyStatus::PartiesMustBeDifferent.into()) } else { Ok(()) }
    }
}

/// What is to be changed is named by itself, not by a record that was merged into it.
fn is_own(party: &Party) -> Result<(), Refused> {
    if party.merged_into.is_some() { Err(PartyStatus::PartyWasMerged.into()) } else { Ok(()) }
}

fn is_known(party: &Party) -> Result<(), Refused> {
    match party.forgotten {
        Some((ForgetScope::All, _)) => Err(PartyStatus::PartyWasForgotten.into()),
        _ => Ok(()),
    }
}

fn check_id(id: Id) -> Result<(), Refused> {
    match id {
        Id::ZERO => Err(PartyStatus::IdMustNotBeZero.into()),
        Id::MAX => Err(PartyStatus::IdMustNotBeIntMax.into()),
        _ => Ok(()),
    }
}

fn check_span(since: Option<i32>, until: Option<i32>) -> Result<(), Refused> {
    match (since, until) {
        (Some(since), Some(until)) if until < since => {
            Err(PartyStatus::UntilMustNotPrecedeSince.into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
