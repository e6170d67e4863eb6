//! What is sealed to a party along with a booking: whether it may be, and how long the law has it kept.

use super::basis::Basis;
use super::change::ForgetScope;
use super::registry::{Party, Registry};
use crate::Id;

/// Why nothing is sealed to a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSubject {
    /// It does not exist.
    NotFound,
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
    pub(crate) fn may_seal(
        &self,
        subject: Id,
        years: Option<u8>,
        sealed: &[u8],
    ) -> Result<(), NoSubject> {
        let record = self.parties.get(&subject).ok_or(NoSubject::NotFound)?;
        if record.merged_into.is_some() {
            return Err(NoSubject::Merged);
        }
        if self.is_closed(record, Basis::of_booking(years)) {
            return Err(NoSubject::Forgotten);
        }
        if sealed.is_empty() { Err(NoSubject::NoKey) } else { Ok(()) }
    }

    /// Whether nothing more may be sealed with a key of a record's own, since it was forgotten. What was withdrawn of one of those that are
    /// one is not begun anew with another's key.
    pub(super) fn is_closed(&self, record: &Party, basis: Basis) -> bool {
        let of_any = |party: &Party| self.members(party).any(|one| one.forgotten.is_some());
        matches!(record.forgotten, Some((ForgetScope::All, _)))
            || (basis == Basis::Consent && self.party(record.id).is_some_and(of_any))
    }

    /// Whether a booking makes the law keep what is known of its party for longer.
    pub(crate) fn is_kept_longer(&self, subject: Id, years: Option<u8>) -> bool {
        self.record(subject).is_some_and(|party| party.law_years < years)
    }

    /// Notes that something is sealed to a party along with a booking.
    pub(crate) fn keep(&mut self, subject: Id, years: Option<u8>) {
        if let Some(id) = self.record(subject).map(|party| party.id)
            && let Some(party) = self.parties.get_mut(&id)
        {
            party.law_years = party.law_years.max(years);
        }
    }
}
