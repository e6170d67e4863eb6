//! Four eyes: who may vote for a decision, and when it is taken.

use std::collections::BTreeSet;

use minicbor::bytes::ByteArray;

use super::act::{Work, with_data};
use super::json::Json;
use super::kind::{Part, Ruling, Senior};
use super::refusal::Refusal;
use super::registry::written;
use super::state::{Decided, InQueue, Pending, Vote};
use super::told::instant;
use crate::audit::merkle::hex;
use crate::kyc::chart::Event;
use crate::kyc::rules::shown;
use crate::value::Value;

/// The decisions that a case remembers; all are in its log.
const DECIDED: usize = 64;
/// The most reason codes of a vote.
const REASONS: usize = 16;

impl Work<'_> {
    /// One person votes. What is wrong is told in this order: no such decision, not now, not this person, not this, not on this evidence, not for
    /// these reasons; nothing has changed then.
    pub(super) fn vote(
        &mut self,
        decision: &str,
        reasons: &[String],
        seen: &ByteArray<32>,
        comment: Option<&str>,
        data: Option<&Json>,
    ) -> Result<(), Refusal> {
        let desk = self.desk;
        let decisions = &desk.kind().decisions;
        let Some(ruling) = decisions.get(decision) else {
            return Err(self.unknown("decision", decision, decisions.keys()));
        };
        if !desk.in_states(&ruling.states, self.case.session()) {
            return Err(Refusal::State {
                decision: decision.to_owned(),
                states: ruling.states.clone(),
                active: self.active(),
            });
        }
        let pending = self.case.pending.clone();
        if let Some(pending) = pending.as_ref().filter(|pending| pending.decision != decision) {
            return Err(Refusal::OtherPending { pending: pending.decision.clone() });
        }
        let said_before = pending.as_ref().map(|pending| pending.data.clone());
        let mut votes = pending.map(|pending| pending.votes).unwrap_or_default();
        let stated = said_before.as_ref().map_or(data, Option::as_ref);
        let senior = self.senior_of(decision, ruling, stated)?;
        let role = self.voter(ruling, senior, &votes)?;
        // One decision is one: whoever votes after the first votes for what the first said, or says the same.
        let data = match (said_before, data) {
            (Some(before), Some(data)) if before.as_ref() != Some(data) => {
                return Err(Refusal::OtherData);
            }
            (Some(before), _) => before,
            (None, data) => data.cloned(),
        };
        let now = self.evidence();
        if **seen != now {
            return Err(Refusal::Stale { now: hex(&now) });
        }
        checked_reasons(reasons, &ruling.reasons, !ruling.reasons.is_empty())?;
        comment.map_or(Ok(()), |comment| written("comment", comment))?;
        let (by, at) = (self.by.actor.clone(), self.by.at);
        votes.push(Vote { by, role, at, reasons: reasons.to_vec() });
        let is_taken = votes.len() >= usize::from(ruling.quorum.max(1));
        let told =
            with_data(data.as_ref(), ruling.data.as_ref(), said(decision, &votes, &now, comment))?;
        let name = if is_taken { Some(&ruling.event) } else { ruling.proposed.as_ref() };
        let place = self.case.place.as_ref();
        let since = place.map_or(self.case.opened_at, InQueue::waits_since);
        let due = place.and_then(InQueue::first_due);
        if is_taken {
            self.case.pending = None;
            let decision = decision.to_owned();
            let decided = Decided { decision, at, since, seen: *seen, votes, due };
            if self.case.decided.len() >= DECIDED {
                self.case.decided.remove(0);
            }
            self.case.decided.push(decided);
        } else {
            let (decision, seen) = (decision.to_owned(), *seen);
            self.case.pending = Some(Pending { decision, seen, votes, data });
        }
        name.map_or(Ok(()), |name| self.must_hear(Event::named(name.clone()).with(told)))?;
        if is_taken {
            // What comes next waits anew, wherever it is, and is given to somebody anew.
            (self.case.place, self.case.assignee) = (None, None);
        }
        Ok(())
    }

    /// The votes are taken back, and the chart hears it.
    pub(super) fn take_back(&mut self, why: &str) -> Result<(), Refusal> {
        let desk = self.desk;
        let Some(pending) = self.case.pending.take() else { return Ok(()) };
        let ruling = desk.kind().decisions.get(&pending.decision);
        if let Some((ruling, returned)) = ruling.and_then(|it| Some((it, it.returned.as_ref()?))) {
            let own = [
                ("decision", Value::from(&*pending.decision)),
                ("by", Value::from(&*self.by.actor)),
                ("why", Value::from(why)),
            ];
            let told = with_data(None, ruling.data.as_ref(), own)?;
            self.hear(Event::named(returned.clone()).with(told), None)?;
        }
        Ok(())
    }

    /// Who of higher rank must vote, if somebody must.
    fn senior_of<'r>(
        &self,
        decision: &str,
        ruling: &'r Ruling,
        said: Option<&Json>,
    ) -> Result<Option<&'r Senior>, Refusal> {
        let said = said.map(|said| &said.0);
        let needed = self.desk.needs_senior(decision, said, self.case.session(), self.by.at);
        let needed = needed.map_err(|fault| self.guard_fault(&fault))?;
        Ok(ruling.senior.as_ref().filter(|_| needed))
    }

    /// The role that the one who asks votes in: they are on the register, had no part that keeps them out, have not voted, and leave seats
    /// enough for those of higher rank.
    fn voter(
        &self,
        ruling: &Ruling,
        senior: Option<&Senior>,
        votes: &[Vote],
    ) -> Result<String, Refusal> {
        let actor = &self.by.actor;
        let person = self.cases.person(actor)?;
        let ranks = senior.map(|senior| senior.roles.as_slice()).unwrap_or_default();
        let has = |role: &&String| person.roles.contains(*role);
        let rank = ranks.iter().find(has);
        let role = match rank {
            Some(rank) => rank.clone(),
            None => self.role_of(actor, "vote for it", &ruling.roles)?,
        };
        if let Some(part) = self.part_of(&ruling.not_by, actor) {
            return Err(Refusal::HadPart { actor: actor.clone(), part });
        }
        if votes.iter().any(|vote| vote.by == *actor) {
            return Err(Refusal::SamePerson(actor.clone()));
        }
        // Whoever works on a case has the first vote, as long as they are there.
        let assignee = self.case.assignee.as_ref().filter(|it| votes.is_empty() && *it != actor);
        if let Some(assignee) = assignee.filter(|it| self.is_at_work(it)) {
            let (case, assignee) = (self.case.key.clone(), assignee.clone());
            return Err(Refusal::Assigned { case, assignee });
        }
        if let Some(senior) = senior {
            let seats = usize::from(ruling.quorum.max(1)).saturating_sub(votes.len() + 1);
            let of_rank = votes.iter().filter(|vote| senior.roles.contains(&vote.role)).count();
            let have = of_rank + usize::from(rank.is_some());
            if usize::from(senior.count.max(1)).saturating_sub(have) > seats {
                return Err(Refusal::NotSenior { needed: senior.roles.clone() });
            }
        }
        Ok(role)
    }

    /// The part that somebody had in the case, of those that keep them out.
    pub(super) fn part_of<'p>(
        &self,
        not_by: impl IntoIterator<Item = &'p Part>,
        person: &str,
    ) -> Option<&'static str> {
        let case = &self.case;
        let among = |people: Option<&BTreeSet<String>>| {
            people.is_some_and(|people| people.contains(person))
        };
        not_by.into_iter().find_map(|part| {
            let (had, part) = match part {
                Part::Opener => {
                    (case.opened_by == person || among(case.openers.as_ref()), "opened the case")
                }
                Part::Submitter => (case.submitters.contains(person), "handed something in"),
                Part::Overrider => (among(case.overriders.as_ref()), "decided beside the rules"),
            };
            had.then_some(part)
        })
    }
}

/// What the chart is told of a vote.
fn said<'a>(
    decision: &str,
    votes: &[Vote],
    seen: &[u8; 32],
    comment: Option<&str>,
) -> Vec<(&'a str, Value)> {
    let told = |vote: &Vote| {
        Value::fields([
            ("by", Value::from(&*vote.by)),
            ("role", Value::from(&*vote.role)),
            ("at", instant(vote.at)),
            ("reasons", texts(&vote.reasons)),
        ])
    };
    let last = votes.last();
    let reasons: BTreeSet<&String> = votes.iter().flat_map(|vote| &vote.reasons).collect();
    vec![
        ("decision", Value::from(decision)),
        ("by", last.map_or(Value::Null, |vote| Value::from(&*vote.by))),
        ("role", last.map_or(Value::Null, |vote| Value::from(&*vote.role))),
        ("reasons", Value::array(reasons.into_iter().map(|it| Value::from(&**it)))),
        // Why, in one word or in the voter's own.
        (
            "why",
            comment
                .or(last.and_then(|vote| vote.reasons.first().map(String::as_str)))
                .map_or(Value::Null, Value::from),
        ),
        ("comment", comment.map_or(Value::Null, Value::from)),
        ("evidence", Value::from(hex(seen))),
        ("votes", Value::array(votes.iter().map(told))),
    ]
}

pub(super) fn texts(texts: &[String]) -> Value {
    Value::array(texts.iter().map(|text| Value::from(&**text)))
}

/// That reason codes are such as there are, each once.
pub(super) fn checked_reasons(
    given: &[String],
    known: &[String],
    is_needed: bool,
) -> Result<(), Refusal> {
    let wrong = given.iter().find(|reason| !known.contains(reason));
    let what = if given.len() > REASONS {
        format!("there are more than {REASONS} reasons")
    } else if let Some(wrong) = wrong {
        format!("`{}` is no reason that is known here", shown(wrong))
    } else if given.iter().collect::<BTreeSet<_>>().len() < given.len() {
        "a reason stands twice".to_owned()
    } else if given.is_empty() && is_needed {
        "a reason is missing".to_owned()
    } else {
        return Ok(());
    };
    Err(Refusal::Reasons { what, known: known.to_vec() })
}

#[cfg(test)]
#[path = "vote_tests.rs"]
mod tests;
