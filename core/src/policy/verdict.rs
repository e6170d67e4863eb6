//! What a policy decides: an outcome, the reasons for it and what has to be done.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};

use super::typed::{Code, Instant};

mod read;
#[cfg(feature = "schema")]
mod schema;

pub use read::VerdictError;

/// The most reasons of a verdict that is read.
pub const REASONS: usize = 256;
/// The most obligations of a verdict that is read.
pub const OBLIGATIONS: usize = 64;
/// The most facts of a reason that is read.
pub const REASON_FACTS: usize = 32;
/// The longest text in a verdict, in bytes.
pub const TEXT: usize = 1024;

/// What is decided. The later one is the stricter one, and wins where verdicts are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "VerdictOutcome"))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It may be done, with its obligations.
    Allow,
    /// A person decides.
    Review,
    /// It is not done.
    Deny,
}

impl Outcome {
    /// All, the mildest first.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Review, Self::Deny];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Review => "review",
            Self::Deny => "deny",
        }
    }

    /// Its number, in what is stored.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Allow => 1,
            Self::Review => 2,
            Self::Deny => 3,
        }
    }

    /// The outcome of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.number() == number)
    }
}

/// Who may be told a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever asked.
    Customer,
    /// Whoever runs the platform.
    Operator,
    /// The officers of compliance, and nobody else.
    Officer,
}

/// How grave a reason is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To be known.
    Info,
    /// Of little weight.
    Low,
    /// Of some weight.
    Medium,
    /// Of much weight.
    High,
    /// To be acted on now.
    Critical,
}

/// A name and a value that a reason rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonFact {
    /// The name, such as `remaining`.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// The value as text, such as `18500`.
    #[serde(deserialize_with = "text")]
    pub value: String,
}

/// Why it is decided so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The number of the reason: [`Code`] has those of typed rules, and documents have their own from 10,000 on.
    pub code: u32,
    /// The rule, such as `aml/structuring`.
    #[serde(deserialize_with = "text")]
    pub rule: String,
    /// Who may be told.
    pub audience: Audience,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence.
    #[serde(deserialize_with = "text")]
    pub message: String,
    /// What it rests on, in order.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::<_, REASON_FACTS, _>"
    )]
    pub facts: Vec<ReasonFact>,
}

/// What has to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Obligation {
    /// Hold what was asked for so long.
    Hold {
        /// For how many seconds.
        seconds: u64,
    },
    /// Freeze the account.
    Freeze {
        /// Until when.
        until: Instant,
    },
    /// Have others approve it.
    Approvals {
        /// In which role they are.
        #[serde(deserialize_with = "text")]
        role: String,
        /// How many.
        count: u32,
    },
    /// Open a case.
    OpenCase {
        /// In which queue.
        #[serde(deserialize_with = "text")]
        queue: String,
        /// Of which kind.
        #[serde(deserialize_with = "text")]
        kind: String,
    },
    /// Draft a report to the authority.
    DraftReport {
        /// Which report.
        #[serde(deserialize_with = "text")]
        report: String,
    },
    /// Ask for a second factor.
    StepUp {
        /// Which factor.
        #[serde(deserialize_with = "text")]
        factor: String,
    },
    /// Tell a topic.
    Notify {
        /// Which topic.
        #[serde(deserialize_with = "text")]
        topic: String,
    },
}

impl Obligation {
    /// Takes the other in, if both are the same duty: the longer hold, the later freeze, the larger count. Answers whether it did.
    fn absorb(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Hold { seconds }, Self::Hold { seconds: other }) => {
                *seconds = (*seconds).max(*other);
                true
            }
            (Self::Freeze { until }, Self::Freeze { until: other }) => {
                *until = (*until).max(*other);
                true
            }
            (
                Self::Approvals { role, count },
                Self::Approvals { role: other_role, count: other },
            ) if role == other_role => {
                *count = (*count).max(*other);
                true
            }
            (own, other) => own == other,
        }
    }
}

/// A decision.
///
/// ```
/// use thalium::policy::{Outcome, Verdict, rego};
///
/// let document = rego::Value::from_json(
///     r#"{"outcome": "review",
///         "reasons": [{"code": 10001, "rule": "aml/pattern", "audience": "officer", "severity": "high", "message": "looks odd"}],
///         "obligations": [{"type": "approvals", "role": "compliance_officer", "count": 2}]}"#,
/// )?;
/// let verdict = Verdict::from_rego(&document)?;
/// assert_eq!(verdict.outcome, Outcome::Review);
/// // A document that is not there denies.
/// let joined = verdict.join(Verdict::missing("aml/decision"));
/// assert_eq!((joined.outcome, joined.reasons.len()), (Outcome::Deny, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// What is decided.
    pub outcome: Outcome,
    /// Why, in the order of the rules.
    #[serde(default, deserialize_with = "bounded::<_, REASONS, _>")]
    pub reasons: Vec<Reason>,
    /// What has to be done, in the order of the rules.
    #[serde(default, deserialize_with = "bounded::<_, OBLIGATIONS, _>")]
    pub obligations: Vec<Obligation>,
}

impl Verdict {
    /// That which allows, without a reason.
    #[must_use]
    pub const fn allow() -> Self {
        Self { outcome: Outcome::Allow, reasons: Vec::new(), obligations: Vec::new() }
    }

    /// That of a document that is undefined: it denies, because no rule decided.
    #[must_use]
    pub fn missing(rule: &str) -> Self {
        Self::denied(rule, Code::NoRuleDecided)
    }

    /// That of a rule that answers `true` or `false`, as rules named `allow` do: it allows without a reason, or denies, because no rule permits.
    #[must_use]
    pub fn of_rule(rule: &str, holds: bool) -> Self {
        if holds { Self::allow() } else { Self::denied(rule, Code::NoRulePermits) }
    }

    fn denied(rule: &str, code: Code) -> Self {
        let reason = Reason {
            code: code.number(),
            rule: rule.to_owned(),
            audience: Audience::Operator,
            severity: Severity::High,
            message: code.message().to_owned(),
            facts: Vec::new(),
        };
        Self { outcome: Outcome::Deny, reasons: vec![reason], obligations: Vec::new() }
    }

    /// Both: the stricter outcome, the reasons in order, each obligation once.
    ///
    /// Nothing is cut: two verdicts that are as large as they may be give one that is larger.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.outcome = self.outcome.max(other.outcome);
        self.reasons.extend(other.reasons);
        for obligation in other.obligations {
            self.oblige(obligation);
        }
        self
    }

    /// Adds an obligation, unless it is there already.
    pub(super) fn oblige(&mut self, obligation: Obligation) {
        if !self.obligations.iter_mut().any(|own| own.absorb(&obligation)) {
            self.obligations.push(obligation);
        }
    }
}

/// A text that is not too long.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.len() > TEXT {
        return Err(D::Error::custom(format_args!("a text has more than {TEXT} bytes")));
    }
    Ok(text)
}

/// Items that are not too many.
fn bounded<'de, T, const MOST: usize, D>(from: D) -> Result<Vec<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let items = Vec::<T>::deserialize(from)?;
    if items.len() > MOST {
        return Err(D::Error::custom(format_args!("has more than {MOST} items")));
    }
    Ok(items)
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
