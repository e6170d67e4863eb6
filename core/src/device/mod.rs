//! What a customer's device keeps: intents that wait for the back end, and a copy of what stands there.
//!
//! On a device nothing is booked. A command becomes an [intent](IntentView) that is kept until the back end has answered it:
//! sent, sent again, and resolved with the customer's reason. Accounts, holds and statements are copies that say of when they
//! are. The device's clock is evidence; time is the back end's.
//!
//! [`Device`] decides and does no I/O: a host makes what [`Changed`] names durable before it goes on.
//!
//! ```
//! use thalium::api::{Post, SyncReply};
//! use thalium::device::Device;
//!
//! # fn main() -> Result<(), thalium::api::Invalid> {
//! let now = 1_769_767_200_000_000_000;
//! let mut device = Device::default();
//! device.follow("c1:ZAR")?;
//! let intent = device.intend(Post::new("lunch-7", "c1:ZAR", "c2:ZAR", "5.00").into(), now)?;
//! assert_eq!(intent.state.name(), "queued");
//! let request = device.begin_sync(now).request.unwrap();
//! assert_eq!(request.intents.len(), 1);
//! // Offline: it stays, and is sent again.
//! device.fail_sync(now, 0);
//! assert!(device.begin_sync(now).request.is_none());
//! # let _ = SyncReply::default();
//! # Ok(())
//! # }
//! ```

mod collection;
mod hand_in;
mod intent;
mod mirror;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::api::{
    Command, FOLLOWED_MAX, Follow, INTENTS_MAX, Invalid, REQUEST_TEXT_MAX, SyncReply, SyncRequest,
    check_intent, key_of, text_of,
};
use crate::time::SECOND;

pub use collection::{CaseCopy, DeviceCase, HAND_INS_KEPT};
pub use hand_in::{DocumentCheck, HandInView, HandInWarning, NewDocument};
pub use intent::{IntentState, IntentView};
pub use mirror::{AccountCopy, DeviceAccount, DeviceHolds, DeviceStatement, ENTRIES_KEPT};

/// Intents that a device keeps, resolved ones among them.
pub const INTENTS_KEPT: usize = 10_000;
/// The longest pause between two attempts to reach the back end.
pub const PAUSE_MAX: i64 = 300 * SECOND;

/// What a device keeps.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// By their keys.
    intents: BTreeMap<String, Arc<IntentView>>,
    /// By the names under which they are followed.
    accounts: BTreeMap<String, Arc<AccountCopy>>,
    /// What is handed in to cases, by its keys.
    hand_ins: BTreeMap<String, Arc<HandInView>>,
    /// By their keys.
    cases: BTreeMap<String, Arc<CaseCopy>>,
    /// The keys and names whose records changed since they were last taken.
    changed: BTreeSet<Changed>,
    /// The number of the newest of what was given.
    newest: u64,
    /// Attempts to reach the back end that failed, one after another, and not before when the next is made.
    failures: u32,
    next_attempt: i64,
}

/// A record that has to be made durable as it is now; one that is not there any more is to be removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    /// An intent, by its key.
    Intent(String),
    /// A copy of an account, by the name under which it is followed.
    Account(String),
    /// What is handed in to a case, by its key.
    HandIn(String),
    /// A copy of a case, by its key.
    Case(String),
}

/// The records that were kept.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Intents.
    pub intents: Vec<IntentView>,
    /// Copies of accounts.
    pub accounts: Vec<AccountCopy>,
    /// What is handed in to cases.
    pub hand_ins: Vec<HandInView>,
    /// Copies of cases.
    pub cases: Vec<CaseCopy>,
}

/// What to send now, if anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncStart {
    /// The request; nothing before the next attempt is due.
    pub request: Option<SyncRequest>,
    /// Milliseconds until the next attempt is due.
    pub wait_ms: u64,
}

/// What a reply changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncDone {
    /// The intents that were resolved.
    pub intents: Vec<IntentView>,
    /// The accounts that were told anew, by the names under which they are followed.
    pub accounts: Vec<String>,
    /// The accounts that the back end does not show to this customer.
    pub refused: Vec<String>,
    /// What was handed in and is resolved.
    pub hand_ins: Vec<HandInView>,
    /// The cases that were told anew, by their keys.
    pub cases: Vec<String>,
    /// The cases that the back end does not show to this customer.
    pub refused_cases: Vec<String>,
    /// Whether there is more to send or to ask at once.
    pub more: bool,
}

impl Device {
    /// A device with the records that were kept.
    #[must_use]
    pub fn with(records: Records) -> Self {
        let Records { intents, accounts, hand_ins, cases } = records;
        let numbers = intents.iter().map(|one| one.number);
        let newest = numbers.chain(hand_ins.iter().map(|one| one.number)).max().unwrap_or(0);
        let intents = intents.into_iter().map(|one| (one.key.clone(), Arc::new(one)));
        let accounts = accounts.into_iter().map(|one| (one.name.clone(), Arc::new(one)));
        let hand_ins = hand_ins.into_iter().map(|one| (one.key.clone(), Arc::new(one)));
        let cases = cases.into_iter().map(|one| (one.case.clone(), Arc::new(one)));
        Self {
            intents: intents.collect(),
            accounts: accounts.collect(),
            hand_ins: hand_ins.collect(),
            cases: cases.collect(),
            newest,
            ..Self::default()
        }
    }

    /// Takes the names of the records that changed, to make them durable.
    pub fn take_changed(&mut self) -> BTreeSet<Changed> {
        std::mem::take(&mut self.changed)
    }

    /// An intent.
    #[must_use]
    pub fn intent(&self, key: &str) -> Option<&IntentView> {
        self.intents.get(key).map(Arc::as_ref)
    }

    /// The intents in the order in which they were given; only those that are not resolved, if `open`.
    #[must_use]
    pub fn intents(&self, open: bool) -> Vec<&IntentView> {
        let all = self.intents.values().map(Arc::as_ref);
        let mut found: Vec<_> = all.filter(|one| !open || one.state.is_open()).collect();
        found.sort_by_key(|one| one.number);
        found
    }

    /// Keeps a command until the back end has answered it. The same command under the same key is the same intent.
    ///
    /// # Errors
    /// A command that is none for a device; a key that was used for another; too many intents.
    pub fn intend(&mut self, command: Command, now: i64) -> Result<&IntentView, Invalid> {
        check_intent(&command)?;
        let key = key_of(&command).to_owned();
        if let Some(there) = self.intents.get(&key) {
            there.check_same(&command)?;
        } else {
            if self.intents.len() >= INTENTS_KEPT {
                let message = format!(
                    "{INTENTS_KEPT} intents are kept: sync, or prune those that are resolved"
                );
                return Err(Invalid { field: "key".into(), message });
            }
            self.newest = self.newest.saturating_add(1);
            self.keep(IntentView::new(key.clone(), self.newest, command, now));
        }
        self.found(&key)
    }

    /// Takes an intent back that was never sent.
    ///
    /// # Errors
    /// One that is not there, or was sent: the back end may have booked it.
    pub fn cancel(&mut self, key: &str, now: i64) -> Result<&IntentView, Invalid> {
        let there = self.found(key)?;
        if there.state != IntentState::Cancelled {
            let cancelled = there.cancelled(now)?;
            self.keep(cancelled);
        }
        self.found(key)
    }

    /// Forgets the intents and what was handed in that were resolved before an instant of the device's clock, and gives their keys.
    pub fn prune(&mut self, before: i64) -> Vec<String> {
        let is_old = |one: &IntentView| one.state.is_resolved(&one.changed_at, before);
        let old = self.intents.values().filter(|one| is_old(one)).map(|one| one.key.clone());
        let mut old: Vec<_> = old.collect();
        for key in &old {
            self.intents.remove(key);
            self.changed.insert(Changed::Intent(key.clone()));
        }
        old.extend(self.prune_hand_ins(before));
        old
    }

    /// Keeps a copy of an account from now on.
    ///
    /// # Errors
    /// An empty name; too many accounts.
    pub fn follow(&mut self, name: &str) -> Result<(), Invalid> {
        if self.accounts.contains_key(name) {
            return Ok(());
        }
        let wrong = |message: String| Invalid { field: "account".into(), message };
        if name.is_empty() {
            return Err(wrong("is missing: give a key or an id".to_owned()));
        }
        if self.accounts.len() >= FOLLOWED_MAX {
            return Err(wrong(format!("{FOLLOWED_MAX} accounts are followed, no more can be")));
        }
        self.copy(AccountCopy::new(name));
        Ok(())
    }

    /// Forgets an account and its copy.
    pub fn unfollow(&mut self, name: &str) {
        let followed = self.account(name).map(|copy| copy.name.clone());
        let name = followed.as_deref().unwrap_or(name);
        if self.accounts.remove(name).is_some() {
            self.changed.insert(Changed::Account(name.to_owned()));
        }
    }

    /// The copy of an account, by the name under which it is followed, its key or its id.
    #[must_use]
    pub fn account(&self, name: &str) -> Option<&AccountCopy> {
        let by_other = || self.accounts.values().find(|copy| copy.is_called(name));
        self.accounts.get(name).or_else(by_other).map(Arc::as_ref)
    }

    /// The copy that is kept under a name.
    #[must_use]
    pub fn copy_of(&self, name: &str) -> Option<&AccountCopy> {
        self.accounts.get(name).map(Arc::as_ref)
    }

    /// The copies of the accounts that are followed.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountCopy> {
        self.accounts.values().map(Arc::as_ref)
    }

    /// What to send to the back end. From here on what is in it counts as sent: it may be booked, whatever is heard.
    pub fn begin_sync(&mut self, now: i64) -> SyncStart {
        let mut wait = self.next_attempt.saturating_sub(now);
        if wait > PAUSE_MAX {
            // No pause is so long: the clock was set back, and must not keep the device from syncing.
            (wait, self.next_attempt) = (0, 0);
        }
        if wait > 0 {
            return SyncStart { request: None, wait_ms: millis(wait) };
        }
        let mut left = REQUEST_TEXT_MAX;
        let due = self.intents(true).into_iter().take(INTENTS_MAX);
        let due = due.take_while(|one| fits(&mut left, text_of(&one.command)));
        let due: Vec<_> = due.cloned().collect();
        let mut request = SyncRequest::default();
        for intent in due {
            request.intents.push(intent.as_sent());
            self.keep(intent.sent(now));
        }
        request.accounts = self
            .accounts
            .values()
            .map(|copy| Follow { account: copy.name.clone(), after: copy.newest() })
            .collect();
        self.begin_hand_ins(&mut request, now, left);
        SyncStart { request: Some(request), wait_ms: 0 }
    }

    /// Takes what the back end replied. A reply that comes twice or late changes nothing for the worse: a resolved intent stays
    /// as it is, and a copy never becomes older.
    pub fn end_sync(&mut self, reply: &SyncReply, now: i64) -> SyncDone {
        (self.failures, self.next_attempt) = (0, 0);
        let (hand_ins, cases) = self.end_hand_ins(reply, now);
        let mut done = SyncDone {
            refused: reply.refused.clone(),
            hand_ins,
            cases,
            refused_cases: reply.refused_cases.clone(),
            ..SyncDone::default()
        };
        for told in &reply.outcomes {
            let Some(there) = self.intents.get(&told.key) else { continue };
            if there.state == IntentState::Sent {
                let resolved = there.resolved(&told.outcome, now);
                done.intents.push(resolved.clone());
                self.keep(resolved);
            }
        }
        for news in &reply.accounts {
            let Some(copy) = self.accounts.get(&news.name) else { continue };
            let Some(newer) = copy.with(news, reply.events, &reply.time) else { continue };
            done.accounts.push(newer.name.clone());
            done.more |= news.more;
            self.copy(newer);
        }
        // What brings nothing is not asked again at once.
        let is_heard = !done.intents.is_empty() || !done.hand_ins.is_empty();
        let is_open = self.intents.values().any(|one| one.state.is_open());
        done.more |= is_heard && (is_open || self.has_open_hand_ins());
        done
    }

    /// Notes that the back end could not be reached, or that its answer made no sense: the next attempt waits, longer each time,
    /// and not as long as that of other devices. `random` is any number.
    pub fn fail_sync(&mut self, now: i64, random: u64) -> SyncStart {
        let pause = SECOND.saturating_mul(1 << self.failures.min(16)).min(PAUSE_MAX);
        self.failures = self.failures.saturating_add(1);
        // Half of it, and up to as much again.
        let half = pause / 2;
        let more = i64::try_from(random % u64::try_from(half).unwrap_or(1).max(1)).unwrap_or(0);
        let wait = half.saturating_add(more);
        self.next_attempt = now.saturating_add(wait);
        SyncStart { request: None, wait_ms: millis(wait) }
    }

    /// Makes the next attempt due at once, as when the network is back.
    pub fn hurry(&mut self) {
        self.next_attempt = 0;
    }

    fn found(&self, key: &str) -> Result<&IntentView, Invalid> {
        let missing = || {
            let key: String = key.chars().take(64).collect();
            Invalid { field: "key".into(), message: format!("there is no intent `{key}`") }
        };
        self.intent(key).ok_or_else(missing)
    }

    fn keep(&mut self, intent: IntentView) {
        self.changed.insert(Changed::Intent(intent.key.clone()));
        self.intents.insert(intent.key.clone(), Arc::new(intent));
    }

    fn copy(&mut self, copy: AccountCopy) {
        self.changed.insert(Changed::Account(copy.name.clone()));
        self.accounts.insert(copy.name.clone(), Arc::new(copy));
    }
}

/// Whether so many bytes of text have room in a request. One goes in any case.
fn fits(left: &mut usize, text: usize) -> bool {
    let fits = *left == REQUEST_TEXT_MAX || text <= *left;
    *left = left.saturating_sub(text.max(1));
    fits
}

/// Whole milliseconds, rounded up: whoever waits for so long is not early.
fn millis(nanos: i64) -> u64 {
    u64::try_from(nanos).unwrap_or(0).div_ceil(1_000_000)
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;
