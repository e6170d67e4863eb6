//! Policies that a ledger decides by: each under a name, replaced whole, with what was there before and what is tried out beside it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use thalium::Id;
use thalium::api::Invalid;
use thalium::api::decision::DecisionRecord;
use thalium::policy::Verdict;
use thalium::policy::rego::Request;

use super::{DEFAULT, invalid};
use crate::wire::{Failure, OpenPolicy};
use crate::{Error, Policy, Thalium, hex, time};

/// The most policies: one of each broker's, and some to spare.
const POLICIES: usize = 1_024;
/// The longest name of one, in bytes.
const NAME: usize = 64;
/// How many former versions are kept to go back to.
const FORMER: usize = 8;
/// How many of the newest differences of a shadow are told.
const FLIPS: usize = 100;

/// A policy to load, in place of what has its name, or to try out beside that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LoadPolicy {
    /// The name that it is asked by; `policy`, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is, or what it is.
    pub bundle: OpenPolicy,
    /// Whether it only answers beside the one in force, and what it would decide otherwise is told.
    #[serde(default)]
    pub shadow: bool,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// A policy by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NamedPolicy {
    /// The name; `policy`, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A policy to take away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DropPolicy {
    /// The name; `policy`, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether only what is tried out beside it goes.
    #[serde(default)]
    pub shadow: bool,
}

/// A version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyVersion {
    /// The bundle's name for this version; empty where it has none.
    pub revision: String,
    /// What names this content and no other, in hexadecimal.
    pub digest: String,
    /// When it was loaded.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub loaded: String,
}

/// A policy that a ledger decides by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadedPolicy {
    /// Its name.
    pub name: String,
    /// The version in force.
    pub current: PolicyVersion,
    /// Those that were in force before, the newest first: what can be gone back to.
    pub former: Vec<PolicyVersion>,
    /// What is tried out beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shadow: Option<ShadowView>,
}

/// What a policy that is tried out would have decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShadowView {
    /// The version that is tried out.
    pub version: PolicyVersion,
    /// How many decisions it was asked for as well.
    pub decisions: u64,
    /// How many of these it decides the same way, for the same reasons.
    pub same: u64,
    /// How many have the same outcome for other reasons, or with other obligations.
    pub changed: u64,
    /// How many have another outcome.
    pub flipped: u64,
    /// The newest of those, the newest last.
    pub flips: Vec<Flip>,
}

/// A decision that another version of a policy decides otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Flip {
    /// The decision.
    pub decision_id: String,
    /// The path that was asked for.
    pub path: String,
    /// The outcome on record: `allow`, `review`, `deny`, or `undecided`.
    pub was: String,
    /// The outcome of the other version.
    pub now: String,
    /// Its reasons; of a shadow, none where the decision is sealed.
    pub reasons: Vec<FlipReason>,
}

/// A reason of a version that decides otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FlipReason {
    /// Its number.
    pub code: u32,
    /// The rule, such as `aml/structuring`.
    pub rule: String,
}

/// How a decision compares with one on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    Same,
    Changed,
    Flipped,
}

impl Compared {
    pub(super) fn of(was: Option<&Verdict>, now: Option<&Verdict>) -> Self {
        match (was, now) {
            (was, now) if was == now => Self::Same,
            (Some(was), Some(now)) if was.outcome == now.outcome => Self::Changed,
            _ => Self::Flipped,
        }
    }
}

impl Flip {
    pub(super) fn of(id: Id, path: &str, was: Option<&Verdict>, now: Option<&Verdict>) -> Self {
        let name = |verdict: Option<&Verdict>| {
            verdict.map_or("undecided", |verdict| verdict.outcome.name()).to_owned()
        };
        let reasons = now.into_iter().flat_map(|now| &now.reasons);
        let reasons =
            reasons.map(|reason| FlipReason { code: reason.code, rule: reason.rule.clone() });
        let (decision_id, path) = (id.to_string(), path.to_owned());
        Self { decision_id, path, was: name(was), now: name(now), reasons: reasons.collect() }
    }
}

/// A policy, and when it was loaded.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) policy: Arc<Policy>,
    loaded: i64,
}

/// What decides under a name; it never changes, and another takes its place.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) current: Version,
    former: Vec<Version>,
    shadow: Option<Arc<Shadow>>,
}

struct Shadow {
    version: Version,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    decisions: u64,
    same: u64,
    changed: u64,
    flipped: u64,
    flips: VecDeque<Flip>,
}

impl Live {
    /// Asks what is tried out beside it, if anything is, and counts how that compares.
    pub(super) fn shadowed(&self, record: &DecisionRecord, asked: Request, was: Option<&Verdict>) {
        let Some(shadow) = &self.shadow else { return };
        let path = record.path.as_str();
        let policy = &shadow.version.policy;
        let entry = policy.entry(path).ok();
        let now = entry.and_then(|entry| policy.snapshot().decide(&entry, asked).ok());
        let compared = Compared::of(was, now.as_ref());
        let mut tally = shadow.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.decisions += 1;
        match compared {
            Compared::Same => tally.same += 1,
            Compared::Changed => tally.changed += 1,
            Compared::Flipped => {
                tally.flipped += 1;
                if tally.flips.len() == FLIPS {
                    tally.flips.pop_front();
                }
                let mut flip = Flip::of(record.id, path, was, now.as_ref());
                if record.sealed.is_some() {
                    // A rule may be called by what stands in the input, and nobody is on record for reading it here.
                    flip.reasons.clear();
                }
                tally.flips.push_back(flip);
            }
        }
    }

    fn view(&self, name: &str) -> LoadedPolicy {
        let shadow = self.shadow.as_ref().map(|shadow| {
            let tally = shadow.tally.lock().unwrap_or_else(PoisonError::into_inner);
            ShadowView {
                version: shadow.version.view(),
                decisions: tally.decisions,
                same: tally.same,
                changed: tally.changed,
                flipped: tally.flipped,
                flips: tally.flips.iter().cloned().collect(),
            }
        });
        LoadedPolicy {
            name: name.to_owned(),
            current: self.current.view(),
            former: self.former.iter().map(Version::view).collect(),
            shadow,
        }
    }
}

impl Version {
    fn view(&self) -> PolicyVersion {
        let snapshot = self.policy.snapshot();
        PolicyVersion {
            revision: snapshot.manifest().revision.clone(),
            digest: hex(&snapshot.digest()),
            loaded: time::format_instant(self.loaded),
        }
    }
}

/// The policies of a ledger, by name.
#[derive(Default)]
pub(crate) struct Policies(RwLock<BTreeMap<String, Arc<Live>>>);

impl Policies {
    pub(super) fn get(&self, field: &'static str, name: &str) -> Result<Arc<Live>, Invalid> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(name).cloned().ok_or_else(|| {
            let known = all.keys().cloned().collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() {
                "none is loaded".to_owned()
            } else {
                format!("there is {known}")
            };
            invalid(
                field,
                format!("`{}` is not loaded: {known}", name.chars().take(NAME).collect::<String>()),
            )
        })
    }

    /// Puts another in the place of what has a name, seen at once by whoever asks from then on. Who asked before is answered by what was
    /// there.
    fn change(
        &self,
        name: &str,
        change: impl FnOnce(Option<&Live>) -> Result<Option<Live>, Invalid>,
    ) -> Result<Option<Arc<Live>>, Invalid> {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let changed = change(all.get(name).map(|live| &**live))?.map(Arc::new);
        match &changed {
            Some(live) => {
                if all.len() >= POLICIES && !all.contains_key(name) {
                    return Err(invalid(
                        "name",
                        format!("there are {POLICIES} policies already: drop one"),
                    ));
                }
                all.insert(name.to_owned(), Arc::clone(live));
            }
            None => {
                all.remove(name);
            }
        }
        Ok(changed)
    }
}

fn the_name(name: Option<&str>) -> Result<&str, Invalid> {
    let name = name.unwrap_or(DEFAULT);
    if (1..=NAME).contains(&name.len()) {
        Ok(name)
    } else {
        Err(invalid("name", format!("has 1 to {NAME} bytes")))
    }
}

impl Thalium {
    /// Loads a policy that the ledger decides by: at once, and whole or not at all. What it replaces can be gone back to. As a shadow, it
    /// is only asked beside the one in force.
    ///
    /// # Errors
    /// A bundle that is refused; a shadow of what is not there.
    pub fn load_policy(&self, call: &LoadPolicy) -> Result<LoadedPolicy, Failure> {
        let loaded = self.instant(call.now.as_deref())?;
        let policy = call.bundle.open()?;
        Ok(self.put_policy(call.name.as_deref(), policy, call.shadow, loaded)?)
    }

    /// As [`Thalium::load_policy`], of one that is open.
    ///
    /// # Errors
    /// A name that is none; a shadow of what is not there.
    pub fn put_policy(
        &self,
        name: Option<&str>,
        policy: Policy,
        shadow: bool,
        loaded: i64,
    ) -> Result<LoadedPolicy, Error> {
        let name = the_name(name)?;
        let policy = Arc::new(policy);
        let live = self.policies.change(name, |live| {
            let version = Version { policy: Arc::clone(&policy), loaded };
            match (live, shadow) {
                (Some(live), true) => {
                    let shadow = Shadow { version, tally: Mutex::default() };
                    Ok(Some(Live { shadow: Some(Arc::new(shadow)), ..live.clone() }))
                }
                (None, true) => {
                    let message = format!("there is no policy `{name}` beside which this could be tried out: load one first");
                    Err(invalid("name", message))
                }
                (live, false) => {
                    let former = live.into_iter().flat_map(|live| {
                        [&live.current].into_iter().chain(&live.former).cloned()
                    });
                    let former = former.take(FORMER).collect();
                    let shadow = live.and_then(|live| live.shadow.clone());
                    Ok(Some(Live { current: version, former, shadow }))
                }
            }
        })?;
        tracing::info!(name, shadow, "policy loaded");
        live.map(|live| live.view(name)).ok_or(Error::Panicked)
    }

    /// Goes back to the version of a policy that was in force before.
    ///
    /// # Errors
    /// There is no such policy, or nothing was in force before.
    pub fn roll_back_policy(&self, call: &NamedPolicy) -> Result<LoadedPolicy, Error> {
        let name = the_name(call.name.as_deref())?;
        self.policies.get("name", name)?;
        let live = self.policies.change(name, |live| {
            let former = live.and_then(|live| live.former.split_first());
            let Some((version, former)) = former else {
                return Err(invalid(
                    "name",
                    format!("nothing was loaded under `{name}` before what is there"),
                ));
            };
            let shadow = live.and_then(|live| live.shadow.clone());
            Ok(Some(Live { current: version.clone(), former: former.to_vec(), shadow }))
        })?;
        tracing::info!(name, "policy rolled back");
        live.map(|live| live.view(name)).ok_or(Error::Panicked)
    }

    /// Takes a policy away, or what is tried out beside it.
    ///
    /// # Errors
    /// There is no such policy.
    pub fn drop_policy(&self, call: &DropPolicy) -> Result<(), Error> {
        let name = the_name(call.name.as_deref())?;
        self.policies.get("name", name)?;
        self.policies.change(name, |live| {
            Ok(live.filter(|_| call.shadow).map(|live| Live { shadow: None, ..live.clone() }))
        })?;
        Ok(())
    }

    /// The policies that the ledger decides by, by name.
    #[must_use]
    pub fn list_policies(&self) -> Vec<LoadedPolicy> {
        let all = self.policies.0.read().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(name, live)| live.view(name)).collect()
    }
}
