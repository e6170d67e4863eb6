//! Collection: what cases ask a customer for, as the back end told it, and what is handed in.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::hand_in::{DocumentCheck, HandInView, HandInWarning, NewDocument};
use super::intent::IntentState;
use super::{Changed, Device, fits};
use crate::api::{
    CASES_MAX, CaseNews, FilledForm, HAND_INS_MAX, HandInOutcome, Invalid, SyncReply, SyncRequest,
    answers_of, check_hand_in, invalid, short, unasked_answer,
};
use crate::kyc::case::NAME;
use crate::time::parse_instant;

/// Hand-ins that a device keeps, resolved ones among them.
pub const HAND_INS_KEPT: usize = 1_000;

/// A copy of a case, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseCopy {
    /// Its key.
    pub case: String,
    /// How it stands; nothing before the back end has told it.
    pub told: Option<CaseNews>,
    /// Of when that is, by the back end's clock.
    pub as_of: String,
}

/// A case as the device knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceCase {
    /// Its key.
    pub case: String,
    /// How it stands; nothing before the back end has told it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub told: Option<CaseNews>,
    /// What is handed in to it and not answered yet, in the order in which it was given.
    pub waiting: Vec<HandInView>,
    /// Of when it is, by the back end's clock; nothing before the back end has told it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub as_of: Option<String>,
}

impl Device {
    /// Keeps a copy of a case from now on.
    ///
    /// # Errors
    /// A key that is none; too many cases.
    pub fn follow_case(&mut self, case: &str) -> Result<(), Invalid> {
        if self.cases.contains_key(case) {
            return Ok(());
        }
        if case.trim().is_empty() || case.len() > NAME {
            return Err(invalid("case", format!("is no key of a case: 1 to {NAME} bytes")));
        }
        if self.cases.len() >= CASES_MAX {
            return Err(invalid("case", format!("{CASES_MAX} are followed, no more can be")));
        }
        self.keep_case(CaseCopy { case: case.to_owned(), ..CaseCopy::default() });
        Ok(())
    }

    /// Forgets the copy of a case. What was handed in to it is sent all the same.
    pub fn unfollow_case(&mut self, case: &str) {
        if self.cases.remove(case).is_some() {
            self.changed.insert(Changed::Case(case.to_owned()));
        }
    }

    /// The copy of a case, if it is followed.
    #[must_use]
    pub fn case_copy(&self, case: &str) -> Option<&CaseCopy> {
        self.cases.get(case).map(Arc::as_ref)
    }

    /// A case as the device knows it; nothing if it is not followed.
    #[must_use]
    pub fn case(&self, case: &str) -> Option<DeviceCase> {
        let copy = self.case_copy(case)?;
        Some(DeviceCase {
            case: copy.case.clone(),
            told: copy.told.clone(),
            waiting: self.hand_ins(Some(case), true).into_iter().cloned().collect(),
            as_of: copy.told.is_some().then(|| copy.as_of.clone()),
        })
    }

    /// The cases that are followed.
    #[must_use]
    pub fn cases(&self) -> Vec<DeviceCase> {
        self.cases.keys().filter_map(|case| self.case(case)).collect()
    }

    /// Something that was handed in, by its key.
    #[must_use]
    pub fn hand_in(&self, key: &str) -> Option<&HandInView> {
        self.hand_ins.get(key).map(Arc::as_ref)
    }

    /// What was handed in, in the order in which it was given: to a case or to all; only what is not resolved, if `open`.
    #[must_use]
    pub fn hand_ins(&self, case: Option<&str>, open: bool) -> Vec<&HandInView> {
        let is_asked = |one: &&HandInView| {
            case.is_none_or(|case| one.case == case) && (!open || one.state.is_open())
        };
        let mut found: Vec<_> = self.hand_ins.values().map(Arc::as_ref).filter(is_asked).collect();
        found.sort_by_key(|one| one.number);
        found
    }

    /// Keeps a document until the back end has answered. It is checked as the back end will, by what that told of the case last: whether the document is
    /// asked for, and can be handed in once more. A document that waits already is not handed in twice.
    ///
    /// # Errors
    /// What cannot be handed in, with the field at fault; a key that was used for something else; too many.
    pub fn hand_in_document(&mut self, new: NewDocument, now: i64) -> Result<&HandInView, Invalid> {
        let checked = self.checked_document(new, now)?;
        self.hand(checked)
    }

    /// What would be noticed of a document. Nothing is kept.
    ///
    /// # Errors
    /// As [`Device::hand_in_document`].
    pub fn check_document(&self, new: NewDocument, now: i64) -> Result<DocumentCheck, Invalid> {
        Ok(self.checked_document(new, now)?.into())
    }

    /// Keeps the answers to a form until the back end has answered.
    ///
    /// # Errors
    /// As [`Device::hand_in_document`].
    pub fn answer_form(
        &mut self,
        key: &str,
        case: &str,
        filled: FilledForm,
        now: i64,
    ) -> Result<&HandInView, Invalid> {
        let given = HandInView::of_form(key.to_owned(), case.to_owned(), filled, now);
        check_hand_in(&given.as_sent())?;
        if !self.is_there(&given) {
            let told = self.told_of(case)?;
            let Some(form) = told.forms.iter().find(|form| form.form == given.what()) else {
                let asked: Vec<&str> = told.forms.iter().map(|it| it.form.as_str()).collect();
                return Err(unasked("form", given.what(), &asked));
            };
            let answers = answers_of(given.form.as_ref().map_or("", |filled| &filled.answers))?;
            if let Some(other) = unasked_answer(&answers, &form.variables) {
                let asked: Vec<&str> = form.variables.iter().map(String::as_str).collect();
                return Err(unasked("answers", other, &asked));
            }
        }
        self.hand(given)
    }

    /// Takes something back that was never sent.
    ///
    /// # Errors
    /// What is not there, or was sent: the case may have it.
    pub fn cancel_hand_in(&mut self, key: &str, now: i64) -> Result<&HandInView, Invalid> {
        let there = self.found_hand_in(key)?;
        if there.state != IntentState::Cancelled {
            let cancelled = there.cancelled(now)?;
            self.keep_hand_in(cancelled);
        }
        self.found_hand_in(key)
    }

    /// Forgets what was resolved before an instant of the device's clock, and gives the keys.
    pub(super) fn prune_hand_ins(&mut self, before: i64) -> Vec<String> {
        let is_old = |one: &HandInView| one.state.is_resolved(&one.changed_at, before);
        let old = self.hand_ins.values().filter(|one| is_old(one)).map(|one| one.key.clone());
        let old: Vec<_> = old.collect();
        for key in &old {
            self.hand_ins.remove(key);
            self.changed.insert(Changed::HandIn(key.clone()));
        }
        old
    }

    /// Adds what is handed in to a request, as far as there is room, and the cases that are followed.
    pub(super) fn begin_hand_ins(&mut self, request: &mut SyncRequest, now: i64, mut left: usize) {
        let due = self.hand_ins(None, true).into_iter().take(HAND_INS_MAX);
        let due = due.take_while(|one| fits(&mut left, one.text_len()));
        for one in due.cloned().collect::<Vec<_>>() {
            request.hand_ins.push(one.as_sent());
            self.keep_hand_in(one.sent(now));
        }
        request.cases = self.cases.keys().cloned().collect();
    }

    /// Takes what became of what was handed in, and how cases stand; a copy never becomes older.
    pub(super) fn end_hand_ins(
        &mut self,
        reply: &SyncReply,
        now: i64,
    ) -> (Vec<HandInView>, Vec<String>) {
        let mut resolved = Vec::new();
        for told in &reply.handed_in {
            let HandInOutcome { key, .. } = told;
            let Some(there) = self.hand_ins.get(key) else { continue };
            if there.state == IntentState::Sent {
                let one = there.resolved(told, now);
                resolved.push(one.clone());
                self.keep_hand_in(one);
            }
        }
        let mut newer = Vec::new();
        for news in &reply.cases {
            let Some(copy) = self.cases.get(&news.case) else { continue };
            if copy.told.as_ref().is_some_and(|told| told.facts > news.facts) {
                continue;
            }
            let case = news.case.clone();
            newer.push(case.clone());
            self.keep_case(CaseCopy { case, told: Some(news.clone()), as_of: reply.time.clone() });
        }
        (resolved, newer)
    }

    /// Whether something waits to be sent.
    pub(super) fn has_open_hand_ins(&self) -> bool {
        self.hand_ins.values().any(|one| one.state.is_open())
    }

    /// A document that can be handed in, with what is noticed of it.
    fn checked_document(&self, new: NewDocument, now: i64) -> Result<HandInView, Invalid> {
        let mut given = HandInView::of_document(new, now)?;
        check_hand_in(&given.as_sent())?;
        if self.is_there(&given) {
            return Ok(given);
        }
        let told = self.told_of(&given.case)?;
        let Some(asked) = told.documents.iter().find(|it| it.document == given.what()) else {
            let asked: Vec<&str> = told.documents.iter().map(|it| it.document.as_str()).collect();
            return Err(unasked("document", given.what(), &asked));
        };
        if asked.attempts_left == 0 {
            let message = "was handed in as often as it can be: ask the office".to_owned();
            return Err(invalid("document", message));
        }
        if !asked.wanted {
            let message = format!("is {}: it is not asked for now", asked.standing);
            return Err(invalid("document", message));
        }
        let due = asked.due.as_deref().and_then(parse_instant);
        if due.is_some_and(|due| due <= now) {
            given.warnings.push(HandInWarning::TooLate);
            given.warnings.sort();
        }
        Ok(given)
    }

    /// What the back end told of a case that goes on.
    fn told_of(&self, case: &str) -> Result<&CaseNews, Invalid> {
        let name = short(case);
        let copy = self.case_copy(case);
        let copy = copy.ok_or_else(|| invalid("case", format!("`{name}` is not followed")))?;
        let told = copy.told.as_ref();
        let told = told.ok_or_else(|| {
            invalid("case", format!("the back end has told nothing of `{name}` yet: sync first"))
        })?;
        if told.open { Ok(told) } else { Err(invalid("case", format!("`{name}` has ended"))) }
    }

    /// Whether the same was given before: under the same key, or as what still waits.
    fn is_there(&self, given: &HandInView) -> bool {
        self.hand_ins.contains_key(&given.key) || self.waiting_as(given).is_some()
    }

    /// What waits for the same document or form of the same case.
    fn waiting_as(&self, given: &HandInView) -> Option<&HandInView> {
        let same = |one: &&Arc<HandInView>| {
            one.state.is_open()
                && one.case == given.case
                && one.document.is_some() == given.document.is_some()
                && one.what() == given.what()
        };
        self.hand_ins.values().find(same).map(Arc::as_ref)
    }

    fn hand(&mut self, mut given: HandInView) -> Result<&HandInView, Invalid> {
        if let Some(there) = self.hand_in(&given.key) {
            if !there.is_same(&given) {
                let message = format!("`{}` was used for something else", given.key);
                return Err(invalid("key", message));
            }
            return self.found_hand_in(&given.key);
        }
        if let Some(there) = self.waiting_as(&given) {
            let key = there.key.clone();
            if there.is_same(&given) {
                return self.found_hand_in(&key);
            }
            let message = format!("another is waiting, `{key}`: take that back or wait for it");
            let field = if given.document.is_some() { "document" } else { "form" };
            return Err(invalid(field, message));
        }
        if self.hand_ins.len() >= HAND_INS_KEPT {
            let message = format!("{HAND_INS_KEPT} are kept: sync, or prune what is resolved");
            return Err(invalid("key", message));
        }
        self.newest = self.newest.saturating_add(1);
        given.number = self.newest;
        let key = given.key.clone();
        self.keep_hand_in(given);
        self.found_hand_in(&key)
    }

    fn found_hand_in(&self, key: &str) -> Result<&HandInView, Invalid> {
        let missing = || invalid("key", format!("nothing was handed in as `{}`", short(key)));
        self.hand_in(key).ok_or_else(missing)
    }

    fn keep_hand_in(&mut self, one: HandInView) {
        self.changed.insert(Changed::HandIn(one.key.clone()));
        self.hand_ins.insert(one.key.clone(), Arc::new(one));
    }

    fn keep_case(&mut self, copy: CaseCopy) {
        self.changed.insert(Changed::Case(copy.case.clone()));
        self.cases.insert(copy.case.clone(), Arc::new(copy));
    }
}

fn unasked(field: &'static str, name: &str, asked: &[&str]) -> Invalid {
    let name = short(name);
    let asked = if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") };
    invalid(field, format!("`{name}` is not asked for: {asked} is"))
}

#[cfg(test)]
#[path = "collection_tests.rs"]
mod tests;
