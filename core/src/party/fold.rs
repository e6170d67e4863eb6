//! Applying: a change that was decided, or recorded, becomes the state of the registry. How a change of a kind is folded is
//! frozen.

use super::change::{Change, ForgetScope};
use super::registry::{FieldAt, Hold, Party, Registry, Span, Stamp};
use crate::Id;

impl Registry {
    /// Whether a recorded change names what is there. Whether it was rightly decided is not asked again: rules may change.
    ///
    /// # Errors
    /// What does not follow from the registry as it is.
    pub(crate) fn follows(&self, change: &Change) -> Result<(), &'static str> {
        let there = |id: Id| match self.parties.contains_key(&id) {
            true => Ok(()),
            false => Err("it names no party"),
        };
        match change {
            Change::Register(new) if self.record(new.id).is_some() => Err("the party exists"),
            Change::Register(_) | Change::Revoke(_) | Change::Retain(_) => Ok(()),
            Change::Amend(amendment) => there(amendment.party),
            Change::Relate(relation) => there(relation.from).and(there(relation.to)),
            Change::Assign(assignment) => there(assignment.party),
            Change::Seal(sealed) => {
                let mut classes = sealed.fields.iter().map(|field| field.retention.as_deref());
                classes.try_for_each(|class| self.has_class(class))?;
                there(sealed.party)
            }
            Change::Merge(merge) => {
                there(merge.party).and(there(merge.into))?;
                let free = |id: &Id| self.parties.get(id).is_some_and(|p| p.merged_into.is_none());
                let fits = merge.party != merge.into && free(&merge.party) && free(&merge.into);
                if fits { Ok(()) } else { Err("it merges what is merged") }
            }
            Change::Split(split) => match self.parties.get(&split.party) {
                Some(party) if party.merged_into.is_some() => Ok(()),
                _ => Err("it splits what is not merged"),
            },
            Change::Hold(hold) => there(hold.party),
            Change::Lift(lift) => match self.parties.get(&lift.party) {
                Some(party) if party.holds.contains_key(&lift.name) => Ok(()),
                _ => Err("there is no such hold"),
            },
            Change::Forget(forget) => there(forget.party),
            Change::Read(read) => there(read.party),
            Change::Grant(grant) => grant.party.map_or(Ok(()), there),
        }
    }

    /// Whether a retention class that something recorded names is there.
    ///
    /// # Errors
    /// It is not.
    pub(crate) fn has_class(&self, retention: Option<&str>) -> Result<(), &'static str> {
        self.has_retention(retention).then_some(()).ok_or("there is no such retention class")
    }

    /// Applies a change as [`Registry::decide`] gave it. It cannot fail.
    pub(crate) fn apply(&mut self, change: &Change, at: Stamp) {
        match change {
            Change::Register(new) => {
                let broker = new.broker.unwrap_or_default();
                let key = new.key.clone().unwrap_or_default();
                if !key.is_empty() {
                    let named = Id::from_key("party", &key);
                    if named != new.id {
                        self.aliases.insert(named, new.id);
                    }
                }
                self.clients.insert((broker, new.id));
                let (registered, changed) = (at, at);
                let party = Party {
                    id: new.id,
                    kind: new.kind,
                    broker,
                    key,
                    registered,
                    changed,
                    ..Party::default()
                };
                self.parties.insert(new.id, party);
            }
            Change::Amend(amendment) => self.change(amendment.party, at, |party| {
                party.kyc_level = amendment.kyc_level.unwrap_or(party.kyc_level);
                party.risk = amendment.risk.or(party.risk);
                party.flags.extend(amendment.set.iter().flatten().cloned());
                for flag in amendment.clear.iter().flatten() {
                    party.flags.remove(flag);
                }
                party.ended = match amendment.resumed {
                    Some(_) => None,
                    None => amendment.ended.or(party.ended),
                };
            }),
            Change::Relate(relation) => {
                let (from, role, to) = (relation.from, relation.role, relation.to);
                let span = Span {
                    since: relation.since,
                    until: relation.until,
                    share: relation.share,
                    recorded: at,
                };
                self.relations.insert((from, role, to), span);
                self.relations_to.insert((to, role, from));
            }
            Change::Assign(assignment) => {
                let (party, account, role) =
                    (assignment.party, assignment.account, assignment.role);
                let (since, until) = (assignment.since, assignment.until);
                let span = Span { since, until, share: None, recorded: at };
                self.accounts.insert((party, account, role), span);
                self.holders.insert((account, party, role));
            }
            Change::Seal(sealed) => {
                for field in &sealed.fields {
                    let name = self.names.number(&field.name);
                    let purpose = self.names.number(&field.purpose);
                    let retention =
                        field.retention.as_deref().map(|class| self.names.number(class));
                    let years = field.years;
                    let entry = FieldAt {
                        sequence: at.sequence,
                        purpose,
                        basis: field.basis,
                        years,
                        is_identifier: field.token.is_some(),
                        retention,
                    };
                    self.change(sealed.party, at, |party| {
                        party.fields.insert(name, entry);
                        party.law_years = party.law_years.max(years);
                        party.retentions.extend(retention);
                    });
                }
            }
            Change::Merge(merge) => {
                self.merged.entry(merge.into).or_default().insert(merge.party);
                self.change(merge.party, at, |party| party.merged_into = Some(merge.into));
            }
            Change::Split(split) => {
                let into = self.parties.get(&split.party).and_then(|party| party.merged_into);
                if let Some(into) = into
                    && let Some(all) = self.merged.get_mut(&into)
                {
                    all.remove(&split.party);
                    if all.is_empty() {
                        self.merged.remove(&into);
                    }
                }
                self.change(split.party, at, |party| party.merged_into = None);
            }
            Change::Hold(hold) => self.change(hold.party, at, |party| {
                let reason = hold.reason.clone().unwrap_or_default();
                party
                    .holds
                    .insert(hold.name.clone(), Hold { until: hold.until, reason, placed: at });
            }),
            Change::Lift(lift) => self.change(lift.party, at, |party| {
                party.holds.remove(&lift.name);
            }),
            Change::Forget(forget) => {
                let party = self.parties.get(&forget.party);
                let all = party.into_iter().flat_map(|party| self.members(party));
                let all: Vec<Id> = all.map(|one| one.id).collect();
                for id in all {
                    let before = self.parties.get(&id).and_then(|party| party.forgotten);
                    if let Some((_, before)) = before {
                        self.forgotten.remove(&(before.sequence, id));
                    }
                    self.forgotten.insert((at.sequence, id));
                    self.change(id, at, |party| {
                        // What is wholly forgotten is not forgotten less by less.
                        let scope = match party.forgotten {
                            Some((ForgetScope::All, _)) => ForgetScope::All,
                            _ => forget.scope,
                        };
                        party.forgotten = Some((scope, at));
                        // What is known of where its data stands tells something of it, and is of no more use.
                        party.fields.retain(|_, field| {
                            scope == ForgetScope::Consent && field.basis == super::Basis::Law
                        });
                    });
                }
            }
            Change::Read(read) => {
                if let Some(party) = self.parties.get_mut(&read.party) {
                    party.reads.push(at.sequence);
                }
            }
            Change::Grant(grant) => {
                self.grants.entry(grant.actor.clone()).or_default().push((grant.clone(), at));
            }
            Change::Revoke(revoke) => {
                self.grants.remove(&revoke.actor);
            }
            Change::Retain(class) => {
                self.retentions.insert(class.name.clone(), (class.clone(), at));
            }
        }
    }

    fn change(&mut self, id: Id, at: Stamp, change: impl FnOnce(&mut Party)) {
        if let Some(party) = self.parties.get_mut(&id) {
            change(party);
            party.changed = at;
        }
    }
}
