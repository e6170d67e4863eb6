//! What is sealed to a party along with a booking: whether it may be, and how long the law has it kept.

use super::basis::Basis;
use super::change::ForgetScope;
use super::registry::{Party, Registry};
use crate::Id;

/// What is sealed to a party along with a booking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealedTo<'a> {
    /// The party.
    pub(crate) subject: Id,
    /// The years that a law has it kept for, where no class says it.
    pub(crate) years: Option<u8>,
    /// The retention class that says how long a law has it kept.
    pub(crate) retention: Option<&'a str>,
    /// Whether there was a key to seal it with.
    pub(crate) has_value: bool,
}

impl SealedTo<'_> {
    /// On what ground it is held: by a law that says for how long, or else by consent.
    pub(crate) const fn basis(self) -> Basis {
        if self.years.is_some() || self.retention.is_some() { Basis::Law } else { Basis::Consent }
    }
}

/// Why nothing is sealed to a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSubject {
    /// It does not exist.
    NotFound,
    /// The retention class does not exist.
    NoRetention,
    /// It was merged into another: name that one.
    Merged,
    /// It was forgotten.
    Forgotten,
    /// Its key is not at hand.
    NoKey,
}

impl Registry {
    /// Whether a booking may be sealed to a party, which is named by its own id: with another's key it would outlive it.
    ///
    /// # Errors
    /// Why it may not.
    pub(crate) fn may_seal(&self, sealed: SealedTo<'_>) -> Result<(), NoSubject> {
        let record = self.parties.get(&sealed.subject).ok_or(NoSubject::NotFound)?;
        if !self.has_retention(sealed.retention) {
            return Err(NoSubject::NoRetention);
        }
        if record.merged_into.is_some() {
            return Err(NoSubject::Merged);
        }
        if self.is_closed(record, sealed.basis()) {
            return Err(NoSubject::Forgotten);
        }
        if !sealed.has_value { Err(NoSubject::NoKey) } else { Ok(()) }
    }

    /// Whether nothing more may be sealed with a key of a record's own, since it was forgotten. What was withdrawn of one of those that are
    /// one is not begun anew with another's key.
    pub(super) fn is_closed(&self, record: &Party, basis: Basis) -> bool {
        let of_any = |party: &Party| self.members(party).any(|one| one.forgotten.is_some());
        matches!(record.forgotten, Some((ForgetScope::All, _)))
            || (basis == Basis::Consent && self.party(record.id).is_some_and(of_any))
    }

    /// Whether a booking makes the law keep what is known of its party for longer, or under another class.
    pub(crate) fn is_kept_longer(&self, sealed: SealedTo<'_>) -> bool {
        let is_new = |party: &Party, class: &str| {
            !self.names.find(class).is_some_and(|number| party.retentions.contains(&number))
        };
        self.record(sealed.subject).is_some_and(|party| {
            party.law_years < sealed.years
                || sealed.retention.is_some_and(|class| is_new(party, class))
        })
    }

    /// Notes that something is sealed to a party along with a booking.
    pub(crate) fn keep(&mut self, sealed: SealedTo<'_>) {
        let class = sealed.retention.map(|class| self.names.number(class));
        if let Some(id) = self.record(sealed.subject).map(|party| party.id)
            && let Some(party) = self.parties.get_mut(&id)
        {
            party.law_years = party.law_years.max(sealed.years);
            party.retentions.extend(class);
        }
    }
}
