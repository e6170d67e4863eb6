//! Rules, checked and compiled.

use std::collections::BTreeSet;

use super::super::code::{Code, FREE};
use super::super::definition::{self, Kind, Listing};
use super::super::error::TypedError;
use super::super::rule::{Check, Rule};
use super::super::test::Amount;
use super::super::written::Quantity;
use super::condition::Known;
use super::{Loaded, Loader, RULES, at_most, is_name};
use crate::policy::{Audience, OBLIGATIONS, Obligation, Outcome, Severity, TEXT};

/// The largest number that a document can give to reasons of its own.
const FREE_MAX: u32 = 99_999;
/// The most limits of a rule.
const LIMITS: usize = 16;
/// The most approvals.
const APPROVALS: u32 = 100;

impl Loader {
    pub(super) fn rules(
        &mut self,
        rules: &[definition::Rule],
        allows: bool,
    ) -> Loaded<Box<[Rule]>> {
        at_most("rules", rules.len(), RULES)?;
        let (mut ids, mut obligations) = (BTreeSet::new(), 0);
        let mut compiled = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            let path = format!("rules[{at}]");
            is_name(&format!("{path}.id"), &rule.id)?;
            if !ids.insert(&rule.id) {
                return Err(TypedError::new(
                    format_args!("{path}.id"),
                    "is the id of another rule",
                ));
            }
            let rule = self.rule(&path, rule, allows)?;
            obligations += rule.obligations.len();
            // With those of all rules a verdict is no larger than one that is read.
            at_most(format_args!("{path}.obligations"), obligations, OBLIGATIONS)?;
            compiled.push(rule);
        }
        Ok(compiled.into())
    }

    fn rule(&mut self, path: &str, rule: &definition::Rule, allows: bool) -> Loaded<Rule> {
        let permits = matches!(rule.check, definition::Check::Permit {});
        let conditional = permits || matches!(rule.check, definition::Check::Match { .. });
        if conditional && rule.when.is_none() {
            return Err(TypedError::new(path, "needs a `when`"));
        }
        if permits && allows {
            let what = "permits what is allowed by default: leave it out, or deny by default";
            return Err(TypedError::new(path, what));
        }
        let known = match rule.check {
            definition::Check::Permit {} => Known::Plain,
            definition::Check::Access {} => Known::Nowhere,
            _ => Known::Negated,
        };
        let when = rule.when.as_ref();
        let when =
            when.map(|when| self.condition(&format!("{path}.when"), when, known)).transpose()?;
        let check = self.check(&format!("{path}.check"), &rule.check)?;
        let (mut code, mut outcome) = default_of(&rule.check);
        if let Some(own) = rule.outcome {
            if permits || matches!(rule.check, definition::Check::Access {}) {
                let what = "cannot be chosen: such a rule permits, and one of access denies else";
                return Err(TypedError::new(format_args!("{path}.outcome"), what));
            }
            outcome = own;
        }
        if matches!(rule.check, definition::Check::Match { .. }) {
            code = match outcome {
                Outcome::Allow => Code::Noted,
                Outcome::Review => Code::ReviewAsked,
                Outcome::Deny => Code::Forbidden,
            };
        }
        let audience = rule.audience.unwrap_or_else(|| audience_of(code));
        if code.is_confidential() && audience == Audience::Customer {
            let what = "is `customer`: who is suspected is never told";
            return Err(TypedError::new(format_args!("{path}.audience"), what));
        }
        let message = rule.message.as_deref().unwrap_or_else(|| code.message());
        if !(1..=TEXT).contains(&message.len()) {
            let what = format!("is empty, or has more than {TEXT} bytes");
            return Err(TypedError::new(format_args!("{path}.message"), what));
        }
        let mut obligations = Vec::new();
        for (at, obligation) in rule.obligations.iter().enumerate() {
            bounded(&format!("{path}.obligations[{at}]"), obligation)?;
            obligations.push(obligation.clone());
        }
        obligations.extend(obligation_of(&rule.check));
        Ok(Rule {
            id: rule.id.as_str().into(),
            when,
            check,
            number: number_of(&format!("{path}.check.code"), &rule.check, code)?,
            outcome,
            audience,
            severity: rule.severity.unwrap_or_else(|| severity_of(code)),
            message: message.into(),
            obligations: obligations.into(),
        })
    }

    fn check(&self, path: &str, check: &definition::Check) -> Loaded<Check> {
        use definition::Check as Of;
        let at = |field: &str| format!("{path}.{field}");
        let units = |field: &str, name: &str| self.slot(&at(field), name, &[Kind::Units]);
        let slot = |field: &str, name: &str, kind| self.slot(&at(field), name, &[kind]);
        let amount = |field: &str, quantity: &Quantity| self.amount(&at(field), quantity);
        let limits = |quantities: &[Quantity]| -> Loaded<Box<[Amount]>> {
            at_most(at("max"), quantities.len(), LIMITS)?;
            let limit = |(place, quantity)| self.amount(&at(&format!("max[{place}]")), quantity);
            quantities.iter().enumerate().map(limit).collect()
        };
        let some = |quantities: &[Quantity]| -> Loaded<Box<[Amount]>> {
            if quantities.is_empty() {
                return Err(TypedError::new(at("max"), "has no limit"));
            }
            limits(quantities)
        };
        Ok(match check {
            Of::Access {} => Check::Access,
            Of::Permit {} => Check::Permit,
            Of::Match { .. } => Check::Match,
            Of::Amount { fact, max, min } => {
                let max = if min.is_some() { limits(max)? } else { some(max)? };
                let min = min.as_ref().map(|min| amount("min", min)).transpose()?;
                Check::Amount { fact: units("fact", fact)?, max, min }
            }
            Of::Count { fact, max } => Check::Count { fact: units("fact", fact)?, max: some(max)? },
            Of::Velocity { amount, sum, max } => Check::Velocity {
                amount: units("amount", amount)?,
                sum: units("sum", sum)?,
                max: some(max)?,
            },
            Of::Large { amount: fact, at_least } => Check::Large {
                amount: units("amount", fact)?,
                at_least: amount("at_least", at_least)?,
            },
            Of::Structuring { amount: fact, count, more_than, from, below } => Check::Structuring {
                amount: units("amount", fact)?,
                count: units("count", count)?,
                more_than: amount("more_than", more_than)?,
                from: amount("from", from)?,
                below: amount("below", below)?,
            },
            Of::RapidMovement { incoming, outgoing, amount: fact, at_least } => {
                let fact = fact.as_ref().map(|fact| units("amount", fact)).transpose()?;
                Check::RapidMovement {
                    incoming: units("incoming", incoming)?,
                    outgoing: units("outgoing", outgoing)?,
                    amount: fact,
                    at_least: amount("at_least", at_least)?,
                }
            }
            Of::Listed { fact, list, .. } => Check::Listed {
                fact: self.slot(&at("fact"), fact, &[Kind::Text, Kind::Texts])?,
                list: self.list(&at("list"), list)?,
            },
            Of::Pep { pep, amount: fact, above } => Check::Pep {
                pep: slot("pep", pep, Kind::Bool)?,
                amount: units("amount", fact)?,
                above: amount("above", above)?,
            },
            Of::NewAccount { opened, days, amount: fact, above } => Check::NewAccount {
                opened: slot("opened", opened, Kind::Instant)?,
                days: amount("days", days)?,
                amount: units("amount", fact)?,
                above: amount("above", above)?,
            },
            Of::UnusualVolume { amount: fact, sum, usual, factor } => Check::UnusualVolume {
                amount: units("amount", fact)?,
                sum: units("sum", sum)?,
                usual: units("usual", usual)?,
                factor: amount("factor", factor)?,
            },
            Of::TravelRule { amount: fact, at_least, complete } => Check::TravelRule {
                amount: units("amount", fact)?,
                at_least: amount("at_least", at_least)?,
                complete: slot("complete", complete, Kind::Bool)?,
            },
            Of::StepUp { amount: fact, at_least, done, factor } => {
                is_name(&at("factor"), factor)?;
                Check::StepUp {
                    amount: units("amount", fact)?,
                    at_least: amount("at_least", at_least)?,
                    done: slot("done", done, Kind::Bool)?,
                }
            }
            Of::FourEyes { amount: fact, at_least, maker, checkers, count, role } => {
                is_name(&at("role"), role)?;
                if !(1..=APPROVALS).contains(count) {
                    let what = format!("is not from 1 to {APPROVALS}");
                    return Err(TypedError::new(at("count"), what));
                }
                Check::FourEyes {
                    amount: units("amount", fact)?,
                    at_least: amount("at_least", at_least)?,
                    maker: slot("maker", maker, Kind::Text)?,
                    checkers: slot("checkers", checkers, Kind::Texts)?,
                    count: *count,
                }
            }
            Of::LoginFailures { failures, at_least, .. } => Check::LoginFailures {
                failures: units("failures", failures)?,
                at_least: amount("at_least", at_least)?,
            },
            Of::Session { started, seconds } => Check::Session {
                started: slot("started", started, Kind::Instant)?,
                seconds: amount("seconds", seconds)?,
            },
        })
    }
}

const fn default_of(check: &definition::Check) -> (Code, Outcome) {
    use definition::Check as Of;
    match check {
        Of::Access {} => (Code::PermissionNotGranted, Outcome::Deny),
        Of::Permit {} => (Code::Noted, Outcome::Allow),
        Of::Match { .. } => (Code::Forbidden, Outcome::Deny),
        Of::Amount { .. } => (Code::AmountAboveLimit, Outcome::Deny),
        Of::Count { .. } => (Code::CountAboveLimit, Outcome::Deny),
        Of::Velocity { .. } => (Code::VelocityAboveLimit, Outcome::Deny),
        Of::Large { .. } => (Code::LargeTransaction, Outcome::Review),
        Of::Structuring { .. } => (Code::Structuring, Outcome::Review),
        Of::RapidMovement { .. } => (Code::RapidMovement, Outcome::Review),
        Of::Listed { listing, .. } => match listing {
            Listing::SanctionedCountry => (Code::SanctionedCountry, Outcome::Deny),
            Listing::HighRiskCountry => (Code::HighRiskCountry, Outcome::Review),
            Listing::SanctionsMatch => (Code::SanctionsMatch, Outcome::Deny),
        },
        Of::Pep { .. } => (Code::Pep, Outcome::Review),
        Of::NewAccount { .. } => (Code::NewAccount, Outcome::Review),
        Of::UnusualVolume { .. } => (Code::UnusualVolume, Outcome::Review),
        Of::TravelRule { .. } => (Code::TravelRule, Outcome::Review),
        Of::StepUp { .. } => (Code::StepUpRequired, Outcome::Review),
        Of::FourEyes { .. } => (Code::ApprovalsMissing, Outcome::Review),
        Of::LoginFailures { .. } => (Code::LoginFailures, Outcome::Deny),
        Of::Session { .. } => (Code::SessionExpired, Outcome::Deny),
    }
}

fn number_of(path: &str, check: &definition::Check, code: Code) -> Loaded<u32> {
    let definition::Check::Match { code: Some(number) } = check else { return Ok(code.number()) };
    if (FREE..=FREE_MAX).contains(number) {
        return Ok(*number);
    }
    Err(TypedError::new(path, format_args!("is not from {FREE} to {FREE_MAX}")))
}

/// What a check obliges to by itself.
fn obligation_of(check: &definition::Check) -> Option<Obligation> {
    match check {
        definition::Check::StepUp { factor, .. } => {
            Some(Obligation::StepUp { factor: factor.clone() })
        }
        definition::Check::FourEyes { role, count, .. } => {
            Some(Obligation::Approvals { role: role.clone(), count: *count })
        }
        definition::Check::LoginFailures { hold_seconds, .. } => {
            Some(Obligation::Hold { seconds: *hold_seconds })
        }
        _ => None,
    }
}

const fn audience_of(code: Code) -> Audience {
    match code.number() {
        2000..=2999 | 4000..=4999 => Audience::Customer,
        3000..=3999 if matches!(code, Code::TravelRule) => Audience::Customer,
        3000..=3999 => Audience::Officer,
        _ => Audience::Operator,
    }
}

const fn severity_of(code: Code) -> Severity {
    match code {
        Code::SanctionsMatch | Code::SanctionedCountry => Severity::Critical,
        Code::Structuring | Code::RapidMovement | Code::Pep | Code::MakerIsChecker => {
            Severity::High
        }
        Code::LoginFailures | Code::HighRiskCountry => Severity::High,
        Code::Noted => Severity::Info,
        Code::AmountBelowMinimum | Code::StepUpRequired | Code::SessionExpired => Severity::Low,
        _ => Severity::Medium,
    }
}

fn bounded(path: &str, obligation: &Obligation) -> Loaded<()> {
    let texts: [&str; 2] = match obligation {
        Obligation::Hold { .. } | Obligation::Freeze { .. } => return Ok(()),
        Obligation::Approvals { role, .. } => [role, role],
        Obligation::OpenCase { queue, kind } => [queue, kind],
        Obligation::DraftReport { report } => [report, report],
        Obligation::StepUp { factor } => [factor, factor],
        Obligation::Notify { topic } => [topic, topic],
    };
    if texts.iter().all(|text| (1..=TEXT).contains(&text.len())) {
        return Ok(());
    }
    Err(TypedError::new(
        path,
        format_args!("has a text that is empty, or of more than {TEXT} bytes"),
    ))
}
