//! Facts decided again: whether what is kept is what follows from what was asked, to the byte.
//!
//! Whoever trusts a case trusts its log. Here nothing of a change is believed but what was asked, by whom and when: all else is worked out
//! again from the facts before it, and held against what is kept.

mod readable;

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use minicbor::bytes::ByteArray;
use sha2::{Digest as _, Sha256};

use super::command::Command;
use super::fact::{Change, Fact};
use super::registry::{Cases, Done, Lend};
use crate::kyc::difference;
use crate::kyc::rules::shown;
use crate::value::Value;

/// The most differences that are told one by one.
pub const DIFFERENCES: usize = 1_000;
/// The most places that are told of one change.
const PLACES: usize = 16;

/// What came of deciding facts again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replayed {
    /// How many facts there were.
    pub facts: u64,
    /// How many of them were changes of cases.
    pub changes: u64,
    /// How many cases there are now.
    pub cases: u64,
    /// What differs, in the order of the facts, at most [`DIFFERENCES`].
    pub differences: Vec<Difference>,
    /// How many more differ.
    pub more: u64,
    /// SHA-256 over all cases as they are now, in the order of their keys: two replays that come to the same have the same.
    pub digest: [u8; 32],
}

/// A change that is not what follows from what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The number of the fact, the first is 1; of one that is missing, that before which it should stand.
    pub fact: u64,
    /// The case; of a kind that does not load, the kind's text as far as there is room.
    pub case: String,
    /// The version of the case that the change is said to lead to.
    pub version: u64,
    /// What is different.
    pub what: What,
}

/// What is different.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// What is kept as done is refused.
    Refused(String),
    /// Nothing comes of it: the request was done before, and led to that version.
    DoneBefore(u64),
    /// Something else comes of it: where, as a JSON Pointer into [`Difference`]'s change, `before` is what is kept, `after` what comes of it.
    Otherwise(Vec<difference::Change>),
    /// The same comes of it, and the bytes are others.
    Bytes,
    /// A change follows that is not kept.
    Missing,
    /// A change is kept that follows from nothing.
    Extra,
    /// A kind does not load.
    Kind(String),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "what is kept as done is refused: {why}"),
            Self::DoneBefore(version) => {
                write!(f, "the request was done before, and led to version {version}")
            }
            Self::Otherwise(places) => {
                f.write_str("something else comes of it (kept -> found): ")?;
                for (index, place) in places.iter().enumerate() {
                    write!(f, "{}{place}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Self::Bytes => f.write_str("the same comes of it, in other bytes than its own"),
            Self::Missing => f.write_str("a change follows that is not kept"),
            Self::Extra => f.write_str("a change is kept that follows from nothing"),
            Self::Kind(why) => write!(f, "the kind does not load: {why}"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "fact {}, case `{}`, version {}: {}",
            self.fact, self.case, self.version, self.what
        )
    }
}

/// Facts that are decided again, one by one. [`replay()`] does all at once.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    cases: Cases,
    told: Replayed,
    /// What follows from the last change that was asked, and is to come next.
    expected: VecDeque<Change>,
    /// The cases of which there were facts that nobody can read any more.
    gone: BTreeSet<String>,
}

/// Decides facts again, in their order, from nothing.
///
/// What is kept is folded in whether it differs or not, so that each change is held against what was there before it: one that differs does
/// not make others differ.
///
/// ```
/// use thalium::kyc::case::{By, Cases, replay};
///
/// let by = By { at: 0, actor: "host".to_owned(), request_id: None };
/// let staffed = Cases::default().staff("reviewer", &["compliance".to_owned()], true, &by)?;
/// let replayed = replay([staffed]);
/// assert_eq!((replayed.facts, replayed.changes, replayed.differences.len()), (1, 0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn replay(facts: impl IntoIterator<Item = Fact>) -> Replayed {
    let mut replay = Replay::default();
    facts.into_iter().for_each(|fact| replay.take(fact));
    replay.finish()
}

impl Replay {
    /// One that knows of nothing yet; `lend` makes the policies that guards ask.
    #[must_use]
    pub fn lending(lend: Lend) -> Self {
        Self { cases: Cases::lending(lend), ..Self::default() }
    }

    /// Takes the next fact.
    pub fn take(&mut self, fact: Fact) {
        self.told.facts = self.told.facts.saturating_add(1);
        match fact {
            Fact::Changed(change) => {
                self.told.changes = self.told.changes.saturating_add(1);
                self.changed(&change);
                // A change is always folded.
                let _ = self.cases.fold(Fact::Changed(change));
            }
            Fact::Defined(defined) => {
                self.none_expected();
                let text = shown(&defined.kind);
                if let Err(errors) = self.cases.fold(Fact::Defined(defined)) {
                    self.differs(text, 0, What::Kind(errors.to_string()));
                }
            }
            Fact::Staffed(staffed) => {
                self.none_expected();
                let _ = self.cases.fold(Fact::Staffed(staffed));
            }
        }
    }

    /// Passes over a fact about a case that nobody can read any more, since whom it was about was forgotten.
    ///
    /// What is opened for that case is taken as it is from then on, and so is what it told the case that it was opened for when it ended.
    pub fn pass_over(&mut self, case: Option<String>) {
        self.gone.extend(case);
    }

    /// The cases as they are now.
    #[must_use]
    pub const fn cases(&self) -> &Cases {
        &self.cases
    }

    /// All that came of it.
    #[must_use]
    pub fn finish(mut self) -> Replayed {
        self.told.facts = self.told.facts.saturating_add(1);
        self.none_expected();
        self.told.facts = self.told.facts.saturating_sub(1);
        let mut digest = Sha256::new();
        for case in self.cases.iter() {
            self.told.cases = self.told.cases.saturating_add(1);
            digest.update(bytes(case));
        }
        self.told.digest = digest.finalize().into();
        self.told
    }

    fn changed(&mut self, kept: &Change) {
        let key = &kept.case.key;
        let follows = matches!(kept.command, Command::ChildEnded { .. });
        if follows && self.expected.front().is_some_and(|next| next.case.key == *key) {
            if let Some(found) = self.expected.pop_front() {
                self.compare(kept, &found);
            }
            return;
        }
        self.none_expected();
        let is_gone = |case: &String| self.gone.contains(case);
        let decided = match &kept.command {
            Command::ChildEnded { child, .. } if is_gone(child) => {
                self.cases.follow(key, kept.command.clone(), &kept.by, Done::default())
            }
            Command::ChildEnded { .. } => {
                self.differs(key.clone(), kept.case.version, What::Extra);
                return;
            }
            Command::Open { parent: Some(parent), .. } if is_gone(parent) => return,
            command => self.cases.decide(key, command.clone(), &kept.by),
        };
        match decided {
            Ok(done) => {
                let mut changes = VecDeque::from(done.changes);
                match (changes.pop_front(), done.replayed) {
                    (Some(found), _) => self.compare(kept, &found),
                    (None, version) => {
                        let what = What::DoneBefore(version.unwrap_or_default());
                        self.differs(key.clone(), kept.case.version, what);
                    }
                }
                self.expected = changes;
            }
            Err(refusal) => {
                self.differs(key.clone(), kept.case.version, What::Refused(refusal.to_string()));
            }
        }
    }

    fn compare(&mut self, kept: &Change, found: &Change) {
        if bytes(kept) == bytes(found) {
            return;
        }
        let mut places = difference::difference(&readable::change(kept), &readable::change(found));
        places.truncate(PLACES);
        let what = if places.is_empty() { What::Bytes } else { What::Otherwise(places) };
        self.differs(kept.case.key.clone(), kept.case.version, what);
    }

    /// Nothing is to come that followed from the last change.
    fn none_expected(&mut self) {
        for change in std::mem::take(&mut self.expected) {
            self.differs(change.case.key, change.case.version, What::Missing);
        }
    }

    fn differs(&mut self, case: String, version: u64, what: What) {
        if self.told.differences.len() < DIFFERENCES {
            let fact = self.told.facts;
            self.told.differences.push(Difference { fact, case, version, what });
        } else {
            self.told.more = self.told.more.saturating_add(1);
        }
    }
}

/// The bytes that something is kept as.
fn bytes<T: minicbor::Encode<()>>(it: &T) -> Vec<u8> {
    // INVARIANT: the writer is memory, its error type has no value; what is kept has nothing that cannot be written.
    minicbor::to_vec(it).unwrap_or_default()
}

/// Bytes as a reader compares them.
fn digest(bytes: &[u8]) -> Value {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    hex(&hash.into())
}

fn hex(hash: &ByteArray<32>) -> Value {
    Value::from(crate::audit::merkle::hex(&**hash))
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
