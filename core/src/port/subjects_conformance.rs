//! The suite that every keeper of subjects' keys passes.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::{DATA_KEY_LEN, DataKey};
use super::subjects::{NoKey, SubjectKeys};
use crate::Id;
use crate::party::Basis;
use crate::party::Basis::{Consent, Law};

/// Runs the suite on a keeper that has no keys yet; `reopen` closes it and opens what it left.
///
/// # Errors
/// What it did differently from its contract.
pub fn subjects(
    mut keyring: Box<dyn SubjectKeys>,
    mut reopen: impl FnMut(Box<dyn SubjectKeys>) -> Box<dyn SubjectKeys>,
) -> Result<(), String> {
    let mut model = Model::default();
    model.compare(&*keyring)?;
    for (number, step) in (1..).zip(steps()) {
        let told = |when: &'static str| move |why| format!("step {number}{when}: {why}");
        model.take(&*keyring, &step).map_err(told(""))?;
        model.compare(&*keyring).map_err(told(""))?;
        keyring = reopen(keyring);
        model.compare(&*keyring).map_err(told(", opened again"))?;
    }
    Ok(())
}

/// Something that is asked of the keeper.
enum Step {
    Ensure(Vec<(Id, Basis)>),
    Destroy(Vec<Id>, &'static [Basis]),
    Root(u32),
}

const ANNA: Id = Id(0xa00a);
const BORIS: Id = Id(0xb00b);
const CLARA: Id = Id(0xc00c);
const DORA: Id = Id(0xd00d);
/// A subject whose id is the number of a root.
const ONE: Id = Id(1);
const MANY: u128 = 1_000;

/// What is never asked for: it stays absent.
const STRANGERS: [(Id, Basis); 4] =
    [(Id(2), Consent), (Id(u128::MAX - 1), Law), (BORIS, Law), (Id(0xa00b), Consent)];

fn steps() -> Vec<Step> {
    use Step::{Destroy, Ensure, Root};
    let many = || (0..MANY).map(|number| Id((number << 64) | 7));
    let all = || -> Vec<(Id, Basis)> {
        many().flat_map(|id| Basis::ALL.map(|basis| (id, basis))).collect()
    };
    vec![
        Ensure(Vec::new()),
        Ensure(vec![(ANNA, Consent), (ANNA, Law), (BORIS, Consent)]),
        // What is there stays the same, however often it is asked for.
        Ensure(vec![(BORIS, Consent), (ANNA, Law), (BORIS, Consent), (ANNA, Law)]),
        Root(1),
        Root(2),
        Root(1),
        Ensure(vec![(ONE, Consent), (ONE, Law)]),
        // One goes, the other stays, and none comes back.
        Destroy(vec![ANNA], &[Consent]),
        Ensure(vec![(ANNA, Consent), (ANNA, Law)]),
        Destroy(vec![ANNA], &[Consent]),
        Destroy(vec![BORIS], &[]),
        // What never was becomes destroyed.
        Destroy(vec![CLARA], &Basis::ALL),
        Ensure(vec![(CLARA, Consent), (CLARA, Law)]),
        Destroy(vec![DORA], &[Law, Law]),
        Ensure(vec![(DORA, Law), (DORA, Consent)]),
        // Not the root of that number.
        Destroy(vec![ONE], &Basis::ALL),
        Root(1),
        Ensure(all()),
        Destroy(many().step_by(7).collect(), &[Law]),
        Destroy(many().step_by(31).collect(), &Basis::ALL),
        Ensure(all()),
        Root(u32::MAX),
        Root(2),
    ]
}

/// What the keeper is expected to hold.
#[derive(Default)]
struct Model {
    /// `None` where it was destroyed.
    subjects: BTreeMap<(Id, Basis), Option<[u8; DATA_KEY_LEN]>>,
    roots: BTreeMap<u32, [u8; DATA_KEY_LEN]>,
    seen: BTreeSet<[u8; DATA_KEY_LEN]>,
}

impl Model {
    fn take(&mut self, keyring: &dyn SubjectKeys, step: &Step) -> Result<(), String> {
        match step {
            Step::Ensure(wanted) => {
                keyring.ensure(wanted).map_err(|error| format!("ensure failed: {error}"))?;
                for (subject, basis) in wanted {
                    if !self.subjects.contains_key(&(*subject, *basis)) {
                        let key = keyring.key(*subject, *basis);
                        let key =
                            key.map_err(|error| shown(*subject, *basis, &error.to_string()))?;
                        let key = self.unlike_all(&key)?;
                        self.subjects.insert((*subject, *basis), Some(key));
                    }
                }
            }
            Step::Destroy(subjects, which) => {
                for subject in subjects {
                    let destroyed = keyring.destroy(*subject, which);
                    destroyed.map_err(|error| format!("destroy failed: {error}"))?;
                    let gone = which.iter().map(|basis| ((*subject, *basis), None));
                    self.subjects.extend(gone);
                }
            }
            Step::Root(number) => {
                let key = keyring.root(*number).map_err(|error| format!("no root: {error}"))?;
                if !self.roots.contains_key(number) {
                    let key = self.unlike_all(&key)?;
                    self.roots.insert(*number, key);
                }
            }
        }
        Ok(())
    }

    /// The bytes of a key that was made just now.
    fn unlike_all(&mut self, key: &DataKey) -> Result<[u8; DATA_KEY_LEN], String> {
        let is_new = self.seen.insert(*key.as_bytes());
        is_new.then(|| *key.as_bytes()).ok_or_else(|| "a key was given twice".to_owned())
    }

    fn compare(&self, keyring: &dyn SubjectKeys) -> Result<(), String> {
        for ((subject, basis), expected) in &self.subjects {
            let what = match (keyring.key(*subject, *basis), expected) {
                (Ok(key), Some(expected)) if key.as_bytes() == expected => continue,
                (Err(NoKey::Destroyed), None) => continue,
                (Ok(_), Some(_)) => "it is another key than before".to_owned(),
                (Ok(_), None) => "it was destroyed and is there".to_owned(),
                (Err(error), None) => format!("it was destroyed, and is told to be so: {error}"),
                (Err(error), Some(_)) => error.to_string(),
            };
            return Err(shown(*subject, *basis, &what));
        }
        for (subject, basis) in STRANGERS {
            match keyring.key(subject, basis) {
                Err(NoKey::Absent) => {}
                Err(error) => return Err(shown(subject, basis, &error.to_string())),
                Ok(_) => return Err(shown(subject, basis, "it was never asked for")),
            }
        }
        for (number, expected) in &self.roots {
            let root = keyring.root(*number).map_err(|error| format!("root {number}: {error}"))?;
            if root.as_bytes() != expected {
                return Err(format!("root {number} is another key than before"));
            }
        }
        Ok(())
    }
}

fn shown(subject: Id, basis: Basis, what: &str) -> String {
    format!("the key of {subject} for {}: {what}", basis.name())
}
