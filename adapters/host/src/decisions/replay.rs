//! Counterfactual replay: what another version of a policy would have decided.

use serde::{Deserialize, Serialize};
use thalium::api::decision::Body;
use thalium::policy::Verdict;
use thalium::policy::rego::Request;

use super::live::Compared;
use super::{DOSSIER, DecisionQuery, Flip, invalid};
use crate::sealed::{OpenSealed, Readings};
use crate::wire::OpenPolicy;
use crate::{Error, Policy, Thalium, hex};

/// The most flips that are told, and how many where nothing is said.
const FLIPS_MAX: u32 = 100_000;
const FLIPS_DEFAULT: u32 = 1_000;

/// Decisions to decide once more, by another policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplayDecisions {
    /// The policy that is to decide.
    pub bundle: OpenPolicy,
    /// Only decisions of this path.
    #[serde(default)]
    pub path: Option<String>,
    /// Only those by the policy that was loaded under this name.
    #[serde(default)]
    pub policy: Option<String>,
    /// Only those from this instant or date on.
    #[serde(default)]
    pub from: Option<String>,
    /// Only those before this instant, or up to this date.
    #[serde(default)]
    pub until: Option<String>,
    /// How many flips are told at most; all are counted.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// What another policy would have decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayReport {
    /// How many decisions were decided once more.
    pub decisions: u64,
    /// How many of these came to the same, for the same reasons.
    pub same: u64,
    /// How many have the same outcome for other reasons, or with other obligations.
    pub changed: u64,
    /// How many have another outcome.
    pub flipped: u64,
    /// How many could not be decided, because they were sealed to someone who was forgotten.
    pub subject_forgotten: u64,
    /// How many could not be decided for another reason: a key that is lost, an answer that this build cannot read, or a party of whom no
    /// reading can be recorded.
    pub unreadable: u64,
    /// Those with another outcome, the oldest first, as many as were asked for.
    pub flips: Vec<Flip>,
}

impl Thalium {
    /// Decides once more what is on record, each at its own instant, by another policy: which outcomes it would flip. Of each party whose
    /// sealed decisions that are, a reading is recorded, since what the other policy makes of an input tells of it.
    ///
    /// # Errors
    /// An instant that is none; keys that cannot be had; a log that cannot be read.
    pub fn replay_decisions(
        &self,
        policy: &Policy,
        call: &ReplayDecisions,
    ) -> Result<ReplayReport, Error> {
        let limit = call.limit.unwrap_or(FLIPS_DEFAULT);
        if limit > FLIPS_MAX {
            return Err(invalid("limit", format!("is out of range: up to {FLIPS_MAX}")).into());
        }
        let ReplayDecisions { path, policy: name, from, until, .. } = call.clone();
        let query = DecisionQuery { path, policy: name, from, until, ..DecisionQuery::default() };
        let wanted = self.wanted(&query)?;
        let (mut report, mut failed) = (ReplayReport::default(), None);
        let (mut readings, mut parties) = (Readings::default(), Vec::new());
        self.decisions.read(None, &mut |_, decision| {
            if !wanted.is(&decision) {
                return true;
            }
            let body = match self.body(&decision, true) {
                Ok(Body::Open(body)) => body,
                Ok(Body::Forgotten) => {
                    report.subject_forgotten += 1;
                    return true;
                }
                Ok(_) => {
                    report.unreadable += 1;
                    return true;
                }
                Err(error) => {
                    failed = Some(error);
                    return false;
                }
            };
            let asked = Request {
                input: body.get_str("input").cloned(),
                now_ns: decision.at,
                seed: decision.seed,
                strict: decision.strict == Some(true),
                ..Request::default()
            };
            let was = body.get_str("result").and_then(|result| Verdict::from_rego(result).ok());
            if was.as_ref().map(|was| was.outcome.number()) != decision.outcome {
                report.unreadable += 1;
                return true;
            }
            if let Some(to) = &decision.sealed {
                readings.add(&DOSSIER, to);
            }
            let entry = policy.entry(&decision.path).ok();
            let now = entry.and_then(|entry| policy.snapshot().decide(&entry, asked).ok());
            report.decisions += 1;
            match Compared::of(was.as_ref(), now.as_ref()) {
                Compared::Same => report.same += 1,
                Compared::Changed => report.changed += 1,
                Compared::Flipped => {
                    report.flipped += 1;
                    if (report.flips.len() as u64) < u64::from(limit) {
                        let (was, now) = (was.as_ref(), now.as_ref());
                        report.flips.push(Flip::of(decision.id, &decision.path, was, now));
                        parties.push(decision.sealed.as_ref().map(|to| to.party));
                    }
                }
            }
            true
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        let digest = hex(&policy.snapshot().digest());
        let why = format!("decided once more by the policy {digest}");
        let open = OpenSealed { why, ..OpenSealed::default() };
        let withheld = self.note_readings(&open, &readings)?;
        let mut parties = parties.into_iter();
        report.flips.retain(|_| {
            let party = parties.next().flatten();
            let is_told = party.is_none_or(|party| !withheld.contains_key(&party));
            report.unreadable += u64::from(!is_told);
            is_told
        });
        Ok(report)
    }
}
