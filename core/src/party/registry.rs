//! The registry in memory: parties, what they are to one another, which accounts they have.
//!
//! A party that was merged into another keeps its own record, so that a merger can be undone and each subject keeps its own
//! keys; whoever asks for either is told of all of them together. Sealed values stand in the log alone: the registry knows
//! where.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use minicbor::{Decode, Encode};

use super::basis::Basis;
use super::change::{
    AccountRole, ForgetScope, Grant, PartyKind, RelationRole, RetentionClass, RiskLevel, YEARS_MAX,
};
use crate::Id;

/// The most relations, accounts, holds and merged records of a party each, and the most retention classes.
pub const ENTRIES_MAX: usize = 10_000;

/// 9999-12-31, in days since 1970.
const LAST_DAY: i32 = 2_932_896;

/// When and where in the log something was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Stamp {
    /// The event.
    #[n(0)]
    pub sequence: u64,
    /// Nanoseconds since 1970.
    #[n(1)]
    pub timestamp: i64,
}

/// A party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Party {
    /// Its id.
    #[n(1)]
    pub id: Id,
    /// What it is.
    #[n(2)]
    pub kind: PartyKind,
    /// The broker whose client it is; zero for none.
    #[n(3)]
    pub broker: Id,
    /// The caller's own name for it; empty: none.
    #[n(4)]
    pub key: String,
    /// When it was registered.
    #[n(5)]
    pub registered: Stamp,
    /// When anything of it changed last.
    #[n(6)]
    pub changed: Stamp,
    /// How far it was identified; zero: not at all.
    #[n(7)]
    pub kyc_level: u8,
    /// How much risk it is, once that is known.
    #[n(8)]
    pub risk: Option<RiskLevel>,
    /// Its flags.
    #[n(9)]
    pub flags: BTreeSet<String>,
    /// The date on which the business relationship ended.
    #[n(10)]
    pub ended: Option<i32>,
    /// The party under which it is found.
    #[n(11)]
    pub merged_into: Option<Id>,
    /// What was forgotten of it, and when.
    #[n(12)]
    pub forgotten: Option<(ForgetScope, Stamp)>,
    /// Legal holds by their names.
    #[n(13)]
    pub holds: BTreeMap<String, Hold>,
    /// The fields that were taken down, by the numbers of their names.
    #[n(14)]
    pub(super) fields: BTreeMap<u32, FieldAt>,
    /// The longest that was said without a class of how long a law has anything kept, in years after the end of the relationship.
    #[n(15)]
    pub law_years: Option<u8>,
    /// The events that tell who read its personal data.
    #[n(16)]
    pub reads: Vec<u64>,
    /// The retention classes under which anything was sealed to it, by the numbers of their names.
    #[cbor(n(17), skip_if = "BTreeSet::is_empty")]
    pub(super) retentions: BTreeSet<u32>,
}

/// A legal hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Hold {
    /// Until when, that day included.
    #[n(0)]
    pub until: Option<i32>,
    /// Why.
    #[n(1)]
    pub reason: String,
    /// When it was placed.
    #[n(2)]
    pub placed: Stamp,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct FieldAt {
    /// The event that holds it.
    #[n(0)]
    pub(super) sequence: u64,
    /// The number of the name of its purpose.
    #[n(1)]
    pub(super) purpose: u32,
    #[n(2)]
    pub(super) basis: Basis,
    #[n(3)]
    pub(super) years: Option<u8>,
    /// Whether it can be found by it.
    #[n(4)]
    pub(super) is_identifier: bool,
    /// The number of the name of its retention class.
    #[n(5)]
    pub(super) retention: Option<u32>,
}

/// A field that was taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The party whose key it was sealed with: one of the merged ones.
    pub subject: Id,
    /// Its name.
    pub name: String,
    /// What it is held for.
    pub purpose: String,
    /// On what ground.
    pub basis: Basis,
    /// The years for which a law has it kept.
    pub years: Option<u8>,
    /// The retention class that says so, if one does.
    pub retention: Option<String>,
    /// The event that holds it.
    pub sequence: u64,
    /// Whether the party can be found by it.
    pub is_identifier: bool,
}

/// From when until when, and since which event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Span {
    /// Since when, in days since 1970.
    #[n(0)]
    pub since: Option<i32>,
    /// Until when, that day included.
    #[n(1)]
    pub until: Option<i32>,
    /// The share, of a relation, in hundredths of a percent.
    #[n(2)]
    pub share: Option<u32>,
    /// When it was recorded.
    #[n(3)]
    pub recorded: Stamp,
}

impl Span {
    /// Whether a day is in it.
    #[must_use]
    pub fn holds(&self, day: i32) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// Why nothing may be forgotten yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A legal hold: its name, and until when.
    Hold(String, Option<i32>),
    /// The relationship goes on.
    Relationship,
    /// The law has it kept until that day, included.
    Until(i32),
}

/// The registry of one tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Registry {
    #[n(1)]
    pub(super) parties: BTreeMap<Id, Party>,
    /// The ids of keys that are not their parties' own.
    #[cbor(skip)]
    pub(super) aliases: BTreeMap<Id, Id>,
    /// The records that were merged into one, each directly: a merger of mergers is undone step by step.
    #[cbor(skip)]
    pub(super) merged: BTreeMap<Id, BTreeSet<Id>>,
    #[cbor(skip)]
    pub(super) clients: BTreeSet<(Id, Id)>,
    #[n(2)]
    pub(super) relations: BTreeMap<(Id, RelationRole, Id), Span>,
    #[cbor(skip)]
    pub(super) relations_to: BTreeSet<(Id, RelationRole, Id)>,
    #[n(3)]
    pub(super) accounts: BTreeMap<(Id, Id, AccountRole), Span>,
    #[cbor(skip)]
    pub(super) holders: BTreeSet<(Id, Id, AccountRole)>,
    #[n(4)]
    pub(super) grants: BTreeMap<String, Vec<(Grant, Stamp)>>,
    #[n(5)]
    pub(super) names: Names,
    /// The retention classes by their names.
    #[cbor(n(6), skip_if = "BTreeMap::is_empty")]
    pub(super) retentions: BTreeMap<String, (RetentionClass, Stamp)>,
    /// The records of which something was forgotten, by the events that say so.
    #[cbor(skip)]
    pub(super) forgotten: BTreeSet<(u64, Id)>,
}

/// The names of fields, purposes and retention classes, of which there are few: each is kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Names {
    #[n(0)]
    pub(super) texts: Vec<String>,
    #[cbor(skip)]
    numbers: BTreeMap<String, u32>,
}

impl Names {
    pub(super) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// Makes the numbers anew from the texts.
    pub(super) fn index(&mut self) {
        self.numbers =
            (0..).zip(&self.texts).map(|(number, text)| (text.clone(), number)).collect();
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub(super) fn text(&self, number: u32) -> &str {
        let at = usize::try_from(number).ok();
        at.and_then(|at| self.texts.get(at)).map_or("", String::as_str)
    }
}

impl Registry {
    /// Whether nothing was ever recorded in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parties.is_empty() && self.grants.is_empty() && self.retentions.is_empty()
    }

    /// How many parties are registered.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parties.len()
    }

    /// The own record of a party, by its id or that of its key, merged or not.
    #[must_use]
    pub fn record(&self, id: Id) -> Option<&Party> {
        self.parties.get(self.aliases.get(&id).unwrap_or(&id))
    }

    /// The party that is found under an id: of one that was merged, the one that goes on.
    #[must_use]
    pub fn party(&self, id: Id) -> Option<&Party> {
        let mut party = self.record(id)?;
        // INVARIANT: what was merged was found under itself, and so was what it was merged into: there is no circle.
        while let Some(into) = party.merged_into {
            party = self.parties.get(&into)?;
        }
        Some(party)
    }

    /// All that are one with a party, itself first: the records that were merged into it, by their ids.
    pub fn members(&self, party: &Party) -> impl Iterator<Item = &Party> {
        let merged = self.merged_into(party.id);
        let members = std::iter::once(party.id).chain(merged);
        members.filter_map(|id| self.parties.get(&id))
    }

    /// The records that were merged into one, and into those.
    pub(super) fn merged_into(&self, id: Id) -> BTreeSet<Id> {
        let mut found = self.merged.get(&id).cloned().unwrap_or_default();
        let mut open: Vec<Id> = found.iter().copied().collect();
        while let Some(id) = open.pop() {
            for id in self.merged.get(&id).into_iter().flatten() {
                if found.insert(*id) {
                    open.push(*id);
                }
            }
        }
        found
    }

    /// All parties but those that were merged into another, by their ids, behind one.
    pub fn parties_from(&self, behind: Id) -> impl Iterator<Item = &Party> {
        let behind = (std::ops::Bound::Excluded(behind), std::ops::Bound::Unbounded);
        self.parties.range(behind).map(|(_, party)| party).filter(|one| one.merged_into.is_none())
    }

    /// The clients of a broker, by their ids, behind one.
    pub fn clients_from(&self, broker: Id, behind: Id) -> impl Iterator<Item = &Party> {
        let from = (std::ops::Bound::Excluded((broker, behind)), std::ops::Bound::Unbounded);
        let own = self.clients.range(from).take_while(move |(of, _)| *of == broker);
        own.filter_map(|(_, id)| self.parties.get(id)).filter(|one| one.merged_into.is_none())
    }

    /// A broker and its clients, by their ids, behind one.
    pub fn subtree_from(&self, broker: Id, behind: Id) -> impl Iterator<Item = &Party> {
        let own = self.parties.get(&broker).filter(|own| own.id > behind);
        let before = self.clients_from(broker, behind).take_while(move |one| one.id < broker);
        before.chain(own).chain(self.clients_from(broker, behind.max(broker)))
    }

    /// What a party is to others: the role, for whom, and when.
    pub fn relations_of(&self, party: &Party) -> impl Iterator<Item = (RelationRole, Id, Span)> {
        self.members(party).flat_map(|one| {
            let from = (one.id, RelationRole::Owner, Id::ZERO);
            let own = self.relations.range(from..).take_while(|((from, ..), _)| *from == one.id);
            own.map(|((_, role, to), span)| (*role, self.found_under(*to), *span))
        })
    }

    /// What others are to a party: the role, who has it, and when.
    pub fn relations_to(&self, party: &Party) -> impl Iterator<Item = (RelationRole, Id, Span)> {
        self.members(party).flat_map(|one| {
            let from = (one.id, RelationRole::Owner, Id::ZERO);
            let own = self.relations_to.range(from..).take_while(|(to, ..)| *to == one.id);
            own.filter_map(|(to, role, from)| {
                let span = self.relations.get(&(*from, *role, *to))?;
                Some((*role, self.found_under(*from), *span))
            })
        })
    }

    /// The accounts of a party: which, as what, and when.
    pub fn accounts_of(&self, party: &Party) -> impl Iterator<Item = (Id, AccountRole, Span)> {
        self.members(party).flat_map(|one| {
            let from = (one.id, Id::ZERO, AccountRole::Owner);
            let own = self.accounts.range(from..).take_while(|((party, ..), _)| *party == one.id);
            own.map(|((_, account, role), span)| (*account, *role, *span))
        })
    }

    /// The parties that have an account: which, as what, and when.
    pub fn holders_of(&self, account: Id) -> impl Iterator<Item = (&Party, AccountRole, Span)> {
        let from = (account, Id::ZERO, AccountRole::Owner);
        let own = self.holders.range(from..).take_while(move |(of, ..)| *of == account);
        own.filter_map(|(account, party, role)| {
            let span = self.accounts.get(&(*party, *account, *role))?;
            Some((self.party(*party)?, *role, *span))
        })
    }

    /// The fields that were taken down of a party, by their names; of records that were merged, each field as it was taken
    /// down last.
    #[must_use]
    pub fn fields_of(&self, party: &Party) -> Vec<Field> {
        let mut newest: BTreeMap<&str, (Id, FieldAt)> = BTreeMap::new();
        for one in self.members(party) {
            for (name, at) in &one.fields {
                let entry = newest.entry(self.names.text(*name)).or_insert((one.id, *at));
                if entry.1.sequence < at.sequence {
                    *entry = (one.id, *at);
                }
            }
        }
        let field = |(name, (subject, at)): (&str, (Id, FieldAt))| self.field(name, subject, at);
        newest.into_iter().map(field).collect()
    }

    /// A field of a record's own, whatever those have that were merged into it.
    #[must_use]
    pub fn own_field(&self, party: &Party, name: &str) -> Option<Field> {
        let at = party.fields.get(&self.names.find(name)?)?;
        Some(self.field(name, party.id, *at))
    }

    fn field(&self, name: &str, subject: Id, at: FieldAt) -> Field {
        Field {
            subject,
            name: name.to_owned(),
            purpose: self.names.text(at.purpose).to_owned(),
            basis: at.basis,
            years: at.retention.map_or(at.years, |class| self.years_of(self.names.text(class))),
            retention: at.retention.map(|class| self.names.text(class).to_owned()),
            sequence: at.sequence,
            is_identifier: at.is_identifier,
        }
    }

    /// Whether a field of a record's own is kept by a law.
    pub(super) fn is_kept_by_law(&self, party: &Party, name: &str) -> bool {
        let at = self.names.find(name).and_then(|number| party.fields.get(&number));
        at.is_some_and(|at| at.basis == Basis::Law)
    }

    /// Whether a record has a field of its own.
    pub(super) fn has_own(&self, party: &Party, name: &str) -> bool {
        self.names.find(name).is_some_and(|number| party.fields.contains_key(&number))
    }

    /// Whether a field was taken down of a party.
    #[must_use]
    pub fn has_field(&self, party: &Party, name: &str) -> bool {
        let Some(number) = self.names.find(name) else { return false };
        self.members(party).any(|one| one.fields.contains_key(&number))
    }

    /// The events that tell who read personal data of a party, oldest first.
    #[must_use]
    pub fn reads_of(&self, party: &Party) -> Vec<u64> {
        let mut reads: Vec<u64> =
            self.members(party).flat_map(|one| one.reads.iter().copied()).collect();
        reads.sort_unstable();
        reads
    }

    /// The events that tell who read personal data of any party, oldest first.
    #[must_use]
    pub fn reads(&self) -> Vec<u64> {
        let reads = self.parties.values().flat_map(|one| one.reads.iter().copied());
        let mut reads: Vec<u64> = reads.collect();
        reads.sort_unstable();
        reads
    }

    /// A legal hold that is in force on a day, and until when.
    #[must_use]
    pub fn held(&self, party: &Party, today: i32) -> Option<(String, Option<i32>)> {
        let holds = self.members(party).flat_map(|one| one.holds.iter());
        let in_force = |hold: &Hold| hold.until.is_none_or(|until| today <= until);
        let (name, hold) = holds.into_iter().find(|(_, hold)| in_force(hold))?;
        Some((name.clone(), hold.until))
    }

    /// Why a party may not be forgotten on a day, if it may not.
    #[must_use]
    pub fn kept(&self, party: &Party, scope: ForgetScope, today: i32) -> Option<Kept> {
        if let Some((name, until)) = self.held(party, today) {
            return Some(Kept::Hold(name, until));
        }
        if scope == ForgetScope::Consent {
            return None;
        }
        self.kept_by_law(party).filter(|kept| !matches!(kept, Kept::Until(until) if *until < today))
    }

    /// Why a law keeps what is known of a party, or kept it until a day that has passed.
    #[must_use]
    pub fn kept_by_law(&self, party: &Party) -> Option<Kept> {
        // Each record by the law that it is under and its own end: one that goes on is not kept by what another's end says.
        let mut last = None;
        for one in self.members(party) {
            let Some(years) = self.years_kept(one) else { continue };
            let Some(ended) = one.ended else { return Some(Kept::Relationship) };
            last = last.max(Some(years_after(ended, years)));
        }
        last.map(Kept::Until)
    }

    /// Whether a party is due to be forgotten on a day: its relationship has ended, no law and no hold keeps it, and it is known still.
    #[must_use]
    pub fn is_due(&self, party: &Party, today: i32) -> bool {
        let is_known = !matches!(party.forgotten, Some((ForgetScope::All, _)));
        let has_ended = |one: &Party| one.ended.is_some_and(|ended| ended < today);
        is_known
            && self.members(party).all(has_ended)
            && self.kept(party, ForgetScope::All, today).is_none()
    }

    /// The longest that a law has anything kept that was ever sealed to a record, in years after the end of its relationship: what was
    /// sealed before stays in the log.
    pub(crate) fn years_kept(&self, record: &Party) -> Option<u8> {
        let classes = record.retentions.iter();
        // Of a class that is not there, which no log has, everything is kept.
        let years = |class: &u32| self.years_of(self.names.text(*class)).unwrap_or(YEARS_MAX);
        let of_classes = classes.map(years).max();
        record.law_years.max(of_classes)
    }

    fn years_of(&self, retention: &str) -> Option<u8> {
        self.retentions.get(retention).map(|(class, _)| class.years)
    }

    /// For how many years a law has something kept: those of its retention class as it is now, or its own.
    #[must_use]
    pub fn years_said(&self, years: Option<u8>, retention: Option<&str>) -> Option<u8> {
        retention.map_or(years, |class| self.years_of(class))
    }

    /// Whether a retention class is there; what names none lacks none.
    #[must_use]
    pub fn has_retention(&self, retention: Option<&str>) -> bool {
        retention.is_none_or(|class| self.retentions.contains_key(class))
    }

    /// The retention classes, by their names.
    pub fn retentions(&self) -> impl Iterator<Item = &(RetentionClass, Stamp)> {
        self.retentions.values()
    }

    /// Whether an actor may read the access log of a party at an instant; of all parties, where none is named.
    #[must_use]
    pub fn may_audit(&self, actor: &str, party: Option<&Party>, now: i64) -> bool {
        let covers = |grant: &Grant| match (grant.party, party) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(granted), Some(party)) => {
                let granted = self.found_under(granted);
                granted == party.id || granted == self.found_under(party.broker)
            }
        };
        let grants = self.grants.get(actor).into_iter().flatten();
        grants.into_iter().any(|(grant, _)| now <= grant.until && covers(grant))
    }

    /// What was granted, by actors.
    pub fn grants(&self) -> impl Iterator<Item = &(Grant, Stamp)> {
        self.grants.values().flatten()
    }

    /// The subjects of which something was forgotten from an event on, each with the keys that have to be gone.
    pub fn forgotten(&self, from: u64) -> impl Iterator<Item = (Id, &'static [Basis])> {
        self.forgotten.range((from, Id::ZERO)..).filter_map(|(_, id)| {
            let (scope, _) = self.parties.get(id)?.forgotten?;
            Some((*id, keys_of(scope)))
        })
    }

    /// The events that hold an identifier by which a party can be found.
    #[must_use]
    pub fn identifiers(&self) -> Vec<u64> {
        let fields = self.parties.values().flat_map(|party| party.fields.values());
        let found = fields.filter(|field| field.is_identifier).map(|field| field.sequence);
        let mut found: Vec<u64> = found.collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a field of a subject stands in an event still, and was not taken down anew or forgotten.
    #[must_use]
    pub fn is_current(&self, subject: Id, name: &str, sequence: u64) -> bool {
        let number = self.names.find(name);
        let at = number.and_then(|number| self.parties.get(&subject)?.fields.get(&number));
        at.is_some_and(|at| at.sequence == sequence)
    }

    pub(super) fn found_under(&self, id: Id) -> Id {
        self.party(id).map_or(id, |party| party.id)
    }
}

/// The keys that go with what is forgotten.
#[must_use]
pub fn keys_of(scope: ForgetScope) -> &'static [Basis] {
    match scope {
        ForgetScope::Consent => &[Basis::Consent],
        ForgetScope::All => &Basis::ALL,
    }
}

/// The same day so many years later; of a 29 February, the last of the month.
fn years_after(day: i32, years: u8) -> i32 {
    let date = NaiveDate::from_epoch_days(day);
    let later = date.and_then(|date| date.checked_add_months(Months::new(u32::from(years) * 12)));
    // No date is written with more than four digits of the year: what is kept for longer is kept until the last of them.
    later.map_or(LAST_DAY, |date| date.to_epoch_days()).min(LAST_DAY)
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
