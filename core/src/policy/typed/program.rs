//! Programs: rules that were checked and compiled, and what they decide.

use std::sync::Arc;

use super::code::Code;
use super::facts::{Cell, Facts};
use super::rule::{Detail, Finding, Rule};
use super::schema::{RESOURCE_TENANT, SUBJECT_TENANT, Schema};
use super::tables::Thresholds;
use super::test::Gap;
use crate::policy::{Audience, Outcome, Reason, ReasonFact, Severity, Verdict};

/// The rule that the tenants of subject and resource are compared by: every program begins with it.
pub const ISOLATION: &str = "access/tenant";
/// The rule that speaks where no other permits.
pub const DEFAULT: &str = "access/default";
/// The rule that speaks where the input gives no facts.
pub const FACTS: &str = "access/facts";

/// A definition, checked and compiled.
///
/// ```
/// use thalium::policy::Outcome;
/// use thalium::policy::typed::{Definition, Fact, Facts, Program};
///
/// let definition: Definition = serde_json::from_str(
///     r#"{"version": 1, "name": "broker",
///         "roles": {"support": {"permissions": ["account:read"]}, "admin": {"inherits": ["support"], "permissions": ["payout:*"]}},
///         "rules": [{"id": "access/roles", "check": {"type": "access"}}]}"#,
/// )?;
/// let program = Program::load(&definition)?;
/// let mut facts = Facts::new(&program);
/// facts.set("subject.tenant", Fact::Text("broker-7"))?;
/// facts.set("resource.tenant", Fact::Text("broker-7"))?;
/// facts.set("permission", Fact::Text("account:read"))?;
/// // Without its roles nobody is let in.
/// assert_eq!(program.decide(&facts).reasons[0].message, "missing fact subject.roles");
/// facts.set("subject.roles", Fact::Texts(&["admin"]))?;
/// assert_eq!(program.decide(&facts).outcome, Outcome::Allow);
/// facts.set("resource.tenant", Fact::Text("broker-8"))?;
/// assert_eq!(program.decide(&facts).reasons[0].code, 1005);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Program {
    pub(super) name: Box<str>,
    pub(super) schema: Arc<Schema>,
    pub(super) thresholds: Thresholds,
    pub(super) rules: Box<[Rule]>,
    pub(super) allows: bool,
}

impl Program {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the facts that it knows, those that are always there first.
    pub fn facts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.schema.facts.iter().map(|(name, _)| name.as_ref())
    }

    pub(super) const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The outcome of [`Program::decide`] without its reasons: nothing is allocated, and the first rule that denies ends it.
    #[must_use]
    pub fn permits(&self, facts: &Facts) -> Outcome {
        if self.isolation(facts).is_some() {
            return Outcome::Deny;
        }
        let tables = self.thresholds.in_force(facts);
        let (mut permitted, mut outcome) = (self.allows, Outcome::Allow);
        let mut detail = Detail::default();
        for rule in &self.rules {
            match rule.find(facts, &tables, &mut detail) {
                Ok(Finding::Quiet) => {}
                Ok(Finding::Permits) => permitted = true,
                Ok(Finding::Fires(own)) => outcome = outcome.max(rule.outcome(own)),
                Err(_) if rule.is_permit() => {}
                Err(_) => return Outcome::Deny,
            }
            if outcome == Outcome::Deny {
                return Outcome::Deny;
            }
        }
        if permitted { outcome } else { Outcome::Deny }
    }

    /// What the rules decide: the strictest of what they say, with a reason for each that says something, in the order of the document.
    ///
    /// Whoever asks for what belongs to another tenant is told nothing else. A rule that needs a fact that is missing denies; one that would
    /// permit does not.
    #[must_use]
    pub fn decide(&self, facts: &Facts) -> Verdict {
        if let Some((code, message)) = self.isolation(facts) {
            let reason = plain(code, ISOLATION, Severity::High, message);
            return Verdict { outcome: Outcome::Deny, reasons: vec![reason], ..Verdict::allow() };
        }
        let tables = self.thresholds.in_force(facts);
        let mut verdict = Verdict::allow();
        let (mut permitted, mut waiting, mut duties) = (self.allows, Vec::new(), Vec::new());
        for rule in &self.rules {
            let mut detail = Detail::default();
            match rule.find(facts, &tables, &mut detail) {
                Ok(Finding::Quiet) => {}
                Ok(Finding::Permits) => {
                    permitted = true;
                    duties.extend(rule.obligations.iter());
                }
                Ok(Finding::Fires(own)) => fire(rule, own, detail, facts, &mut verdict),
                Err(gap) if rule.is_permit() => waiting.push(self.gap(rule, gap)),
                Err(gap) => {
                    verdict.outcome = Outcome::Deny;
                    add(&mut verdict, self.gap(rule, gap));
                }
            }
        }
        if !permitted {
            verdict.outcome = Outcome::Deny;
            for reason in waiting {
                add(&mut verdict, reason);
            }
            let told = [Code::MissingFact, Code::PermissionNotGranted].map(Code::number);
            if verdict.reasons.iter().all(|reason| !told.contains(&reason.code)) {
                let code = Code::NoRulePermits;
                verdict.reasons.push(plain(code, DEFAULT, Severity::Medium, code.message()));
            }
        }
        if verdict.outcome != Outcome::Deny {
            for duty in duties {
                verdict.oblige(duty.clone());
            }
        }
        verdict
    }

    /// Why the tenants of subject and resource are not one.
    fn isolation(&self, facts: &Facts) -> Option<(Code, &'static str)> {
        if !facts.are_of(&self.schema) {
            return Some((Code::ForeignFacts, Code::ForeignFacts.message()));
        }
        match (facts.cell(SUBJECT_TENANT), facts.cell(RESOURCE_TENANT)) {
            (Cell::Text(subject), Cell::Text(resource)) if subject == resource => None,
            (Cell::Text(_), Cell::Text(_)) => {
                Some((Code::TenantsDiffer, Code::TenantsDiffer.message()))
            }
            (Cell::Text(_), _) => Some((Code::TenantUnknown, "missing fact resource.tenant")),
            _ => Some((Code::TenantUnknown, "missing fact subject.tenant")),
        }
    }

    /// Why a rule has no answer.
    fn gap(&self, rule: &Rule, gap: Gap) -> Reason {
        let (code, message) = match gap {
            Gap::Fact(slot) => {
                let name = self.schema.facts.get(usize::from(slot));
                let name = name.map_or("", |(name, _)| name.as_ref());
                (Code::MissingFact, format!("missing fact {name}"))
            }
            Gap::NoKey(threshold) => {
                let name = self.thresholds.names.get(usize::from(threshold));
                let name = name.map_or("", AsRef::as_ref);
                (Code::NoThresholdForKey, format!("the threshold {name} has no entry for this key"))
            }
            Gap::NoTable => {
                (Code::NoThresholdsInForce, Code::NoThresholdsInForce.message().to_owned())
            }
            Gap::Range => (Code::OutOfRange, Code::OutOfRange.message().to_owned()),
        };
        plain(code, &rule.id, Severity::Medium, &message)
    }
}

fn fire(rule: &Rule, own: Option<Code>, detail: Detail, facts: &Facts, verdict: &mut Verdict) {
    verdict.outcome = verdict.outcome.max(rule.outcome(own));
    verdict.reasons.push(Reason {
        code: own.map_or(rule.number, Code::number),
        rule: rule.id.as_ref().to_owned(),
        audience: rule.audience,
        severity: rule.severity,
        message: own.map_or(rule.message.as_ref(), |code| code.message()).to_owned(),
        facts: detail_facts(detail, facts),
    });
    // Approvals by the maker are mended by no more approvals: the obligations are those of the rule's own code.
    if own.is_none() {
        for obligation in &rule.obligations {
            verdict.oblige(obligation.clone());
        }
    }
}

/// Adds a reason, unless another rule has said the same.
fn add(verdict: &mut Verdict, reason: Reason) {
    let same = |own: &Reason| own.code == reason.code && own.message == reason.message;
    if !verdict.reasons.iter().any(same) {
        verdict.reasons.push(reason);
    }
}

fn plain(code: Code, rule: &str, severity: Severity, message: &str) -> Reason {
    Reason {
        code: code.number(),
        rule: rule.to_owned(),
        audience: Audience::Operator,
        severity,
        message: message.to_owned(),
        facts: Vec::new(),
    }
}

fn detail_facts(detail: Detail, facts: &Facts) -> Vec<ReasonFact> {
    let text = detail.text.map(|text| ("matched", facts.text(text).to_owned()));
    let numbers =
        [("value", detail.value), ("limit", detail.limit), ("remaining", detail.remaining)];
    let numbers = numbers.into_iter().filter_map(|(name, units)| Some((name, units?.to_string())));
    let all = numbers.chain(text);
    all.map(|(name, value)| ReasonFact { name: name.to_owned(), value }).collect()
}

#[cfg(test)]
#[path = "property_tests.rs"]
mod properties;
#[cfg(test)]
#[path = "program_tests.rs"]
mod tests;
