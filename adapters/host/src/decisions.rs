//! Decisions on record: asked, answered, and durable before anyone is told.

mod live;
mod query;
mod replay;

use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};
use thalium::Id;
use thalium::api::Invalid;
use thalium::api::decision::{DecisionRecord, SealedTo};
use thalium::event::Recorded as _;
use thalium::policy::Verdict;
use thalium::policy::rego::{Request, Value};
use thalium::policy::snapshot::canonical_path;

pub(crate) use self::live::Policies;
pub use self::live::{
    DropPolicy, Flip, FlipReason, LoadPolicy, LoadedPolicy, NamedPolicy, PolicyVersion, ShadowView,
};
pub use self::query::DecisionQuery;
pub use self::replay::{ReplayDecisions, ReplayReport};
use crate::beside::{DECISIONS, Log, Logged};
use crate::clock::instant_in;
use crate::error::invalid;
use crate::sealed::Dossier;
use crate::{Error, PolicyError, Thalium, new_seed};

/// The name of a policy where none is given.
pub(crate) const DEFAULT: &str = "policy";
/// The longest of the texts that are kept with a decision in the clear, in bytes.
const TEXT_MAX: usize = 256;
/// Decisions about a party.
const DOSSIER: Dossier = Dossier { field: "decisions", purpose: "decision_log", what: "decisions" };

/// Where decisions are kept.
pub(crate) type DecisionLog = Log<DecisionRecord>;

impl Logged for DecisionRecord {
    const DIRECTORY: &'static str = DECISIONS;

    fn damaged(why: String) -> Error {
        Error::Decisions(why)
    }
}

/// What a loaded policy is to decide, with what is kept of it. The input is given beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideOnRecord {
    /// The policy, by the name that it was loaded under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The path of a verdict, such as `aml/verdict`.
    pub path: String,
    /// The input, any JSON. Its numbers are read exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<serde_json::Value>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// Whether errors of built-in functions end the evaluation, instead of making the expression undefined.
    #[serde(default)]
    pub strict: bool,
    /// The party that it is about, by key or id: input and answer are sealed with the party's own key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The retention class that says how long a law has it kept; left out, it is held by consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// What it is about, by the caller's own key, such as that of the transfer that is to be booked. In the clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concerns: Option<String>,
    /// Who asks; by default who opened the ledger. In the clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The caller's id of the request. In the clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The decision's id, a UUID; by default one is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<String>,
}

/// A verdict on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decided {
    /// The decision's id.
    pub decision_id: String,
    /// The verdict.
    pub verdict: Verdict,
}

/// Why nothing was decided on record.
#[derive(Debug, thiserror::Error)]
pub enum OnRecordError {
    /// The ledger or the log.
    #[error(transparent)]
    Ledger(#[from] Error),
    /// The policy came to no verdict: that is on record, too.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

impl From<Invalid> for OnRecordError {
    fn from(error: Invalid) -> Self {
        Self::Ledger(error.into())
    }
}

impl Thalium {
    /// Decides by a policy that was loaded, and takes down what was asked, what was answered, and by which policy; told when that is
    /// durable. `input` is what the policy is asked with.
    ///
    /// # Errors
    /// A policy, a path or a party that is not there; a policy that comes to no verdict, which is on record, too; a ledger that has
    /// stopped or is only read. An error is no permission.
    pub fn decide_on_record(
        &self,
        call: &DecideOnRecord,
        input: Option<Value>,
    ) -> Result<Decided, OnRecordError> {
        if self.is_read_only() {
            return Err(Error::ReadOnly.into());
        }
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(Error::Draining.into());
        }
        let name = call.policy.as_deref().unwrap_or(DEFAULT);
        let live = self.policies.get("policy", name)?;
        let id = match &call.decision_id {
            Some(text) => text.parse().map_err(|_| invalid("decision_id", "is no UUID"))?,
            None => Id(uuid::Uuid::now_v7().as_u128()),
        };
        let at = self.instant(call.now.as_deref())?;
        let actor = call.actor.as_deref().unwrap_or(&self.context().actor);
        let clear = [
            ("actor", Some(actor)),
            ("request_id", call.request_id.as_deref()),
            ("concerns", call.concerns.as_deref()),
        ];
        for (field, text) in clear {
            if text.is_some_and(|text| text.len() > TEXT_MAX) {
                return Err(invalid(field, format!("has more than {TEXT_MAX} bytes")).into());
            }
        }
        // Before it is decided: a misspelt path is no decision.
        let entry = live.current.policy.entry(&call.path)?;
        // The books' clock does not run ahead for a decision that is thought of in the future.
        let sealed = self.decision_sealed_to(call, at.min(self.now()))?;
        let asked = Request {
            input: input.clone(),
            now_ns: at,
            seed: new_seed(),
            strict: call.strict,
            ..Request::default()
        };
        let seed = asked.seed;
        let decided =
            live.current.policy.snapshot().decide(&entry, asked.clone()).map_err(PolicyError::from);
        let answer = match &decided {
            Ok(verdict) => ("result", verdict.to_rego()),
            Err(error) => ("error", error_as_value(error)),
        };
        let body = Value::fields(input.map(|input| ("input", input)).into_iter().chain([answer]));
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut record = DecisionRecord {
            id,
            at,
            path: canonical_path(&call.path),
            digest: live.current.policy.snapshot().digest().into(),
            revision: text(&live.current.policy.snapshot().manifest().revision)
                .map(|revision| revision.chars().take(TEXT_MAX).collect()),
            seed,
            strict: call.strict.then_some(true),
            outcome: decided.as_ref().ok().map(|verdict| verdict.outcome.number()),
            requested_by: text(actor),
            request_id: call.request_id.clone(),
            concerns: call.concerns.clone(),
            sealed,
            body: body.to_json().into_bytes().into(),
            policy: name.to_owned(),
        };
        if let Some(to) = &record.sealed {
            let vault = &self.privacy()?.vault;
            let sealed = vault.seal(to.party, to.basis, &record.context(), &record.body);
            record.body = sealed.map_err(|error| invalid("subject", error.to_string()))?.into();
        }
        // What is too large stops its caller alone.
        self.decisions.append(record.encoded().map_err(|_| PolicyError::InputTooLarge)?)?;
        live.shadowed(&record, asked, decided.as_ref().ok());
        Ok(Decided { decision_id: id.to_string(), verdict: decided? })
    }

    /// An instant that is said, or that of the clock.
    pub(crate) fn instant(&self, said: Option<&str>) -> Result<i64, Invalid> {
        said.map_or_else(|| Ok(self.now()), |text| instant_in("now", text))
    }

    /// To whom a decision is sealed, if it is about somebody.
    fn decision_sealed_to(
        &self,
        call: &DecideOnRecord,
        at: i64,
    ) -> Result<Option<SealedTo>, OnRecordError> {
        let Some(subject) = &call.subject else {
            if call.retention.is_some() {
                let message = "says how long the decisions of a subject are kept: name the subject";
                return Err(invalid("retention", message).into());
            }
            return Ok(None);
        };
        let retention = call.retention.as_deref();
        Ok(Some(self.sealed_to(&DOSSIER, ("subject", subject), retention, at)?))
    }
}

fn error_as_value(error: &PolicyError) -> Value {
    Value::fields([("code", error.code().into()), ("message", error.to_string().into())])
}

#[cfg(test)]
#[path = "decisions_tests.rs"]
mod tests;
