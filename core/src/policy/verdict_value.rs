//! Verdicts as Rego's documents: what [`Verdict::from_rego`] reads.

use super::rego::Value;
use super::{Audience, Obligation, Reason, Severity, Verdict};

impl Verdict {
    /// The document that says it, in the shape of its JSON.
    ///
    /// ```
    /// use thalium::policy::Verdict;
    ///
    /// let document = Verdict::allow().to_rego();
    /// assert_eq!(document.to_json(), r#"{"obligations":[],"outcome":"allow","reasons":[]}"#);
    /// assert_eq!(Verdict::from_rego(&document)?, Verdict::allow());
    /// # Ok::<(), thalium::policy::VerdictError>(())
    /// ```
    #[must_use]
    pub fn to_rego(&self) -> Value {
        Value::fields([
            ("outcome", self.outcome.name().into()),
            ("reasons", Value::array(self.reasons.iter().map(reason))),
            ("obligations", Value::array(self.obligations.iter().map(obligation))),
        ])
    }
}

fn reason(reason: &Reason) -> Value {
    let audience = match reason.audience {
        Audience::Customer => "customer",
        Audience::Operator => "operator",
        Audience::Officer => "officer",
    };
    let severity = match reason.severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    };
    let facts = reason.facts.iter().map(|fact| {
        Value::fields([("name", fact.name.as_str().into()), ("value", fact.value.as_str().into())])
    });
    // As in its JSON: where there are none, the field is not there.
    let facts = (!reason.facts.is_empty()).then(|| ("facts", Value::array(facts)));
    let fields = [
        ("code", u64::from(reason.code).into()),
        ("rule", reason.rule.as_str().into()),
        ("audience", audience.into()),
        ("severity", severity.into()),
        ("message", reason.message.as_str().into()),
    ];
    Value::fields(fields.into_iter().chain(facts))
}

fn obligation(obligation: &Obligation) -> Value {
    let text = |text: &String| Value::from(text.as_str());
    let (kind, fields) = match obligation {
        Obligation::Hold { seconds } => ("hold", vec![("seconds", (*seconds).into())]),
        Obligation::Freeze { until } => ("freeze", vec![("until", until.to_string().into())]),
        Obligation::Approvals { role, count } => {
            ("approvals", vec![("role", text(role)), ("count", u64::from(*count).into())])
        }
        Obligation::OpenCase { queue, kind } => {
            ("open_case", vec![("queue", text(queue)), ("kind", text(kind))])
        }
        Obligation::DraftReport { report } => ("draft_report", vec![("report", text(report))]),
        Obligation::StepUp { factor } => ("step_up", vec![("factor", text(factor))]),
        Obligation::Notify { topic } => ("notify", vec![("topic", text(topic))]),
    };
    Value::fields(fields.into_iter().chain([("type", kind.into())]))
}

#[cfg(test)]
#[path = "verdict_value_tests.rs"]
mod tests;
