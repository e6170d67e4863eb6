//! Which facts a program reads: for forms, for documentation, and for whoever takes them from where they are kept.

use super::definition::Kind;
use super::program::Program;
use super::rule::{Check, Rule};
use super::schema::{JURISDICTION, NOW, PERMISSION, RESOURCE_TENANT, ROLES, SUBJECT_TENANT};
use super::test::{Amount, Test};

/// How a program needs a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// No rule reads it.
    Never,
    /// Some requests can be answered without it: those of which no rule that is asked needs it.
    Sometimes,
    /// Whatever else a request has, without it it is denied.
    Always,
}

/// A fact that a program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its type.
    pub kind: Kind,
    /// How it is needed.
    pub need: Need,
}

impl Program {
    /// The facts that it knows, those that are always there first, and how it needs each. `now` is the request's time.
    ///
    /// ```
    /// use thalium::policy::rego::Value;
    /// use thalium::policy::typed::{Definition, Need, Program};
    ///
    /// let definition = r#"{"version": 1, "name": "limits", "default": "allow", "facts": {"amount": "units"},
    ///     "rules": [{"id": "limits/amount", "check": {"type": "amount", "fact": "amount", "max": ["18500"]}}]}"#;
    /// let program = Program::load(&Definition::from_value(&Value::from_json(definition)?)?)?;
    /// let always = program.reads().into_iter().filter(|read| read.need == Need::Always);
    /// let names: Vec<&str> = always.map(|read| read.name).collect();
    /// assert_eq!(names, ["subject.tenant", "resource.tenant", "amount"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reads(&self) -> Vec<Read<'_>> {
        let facts = &self.schema().facts;
        let mut needs = Needs(vec![Need::Never; facts.len()]);
        for slot in [SUBJECT_TENANT, RESOURCE_TENANT] {
            needs.note(slot, Need::Always);
        }
        for rule in &self.rules {
            needs.rule(rule);
        }
        let named = facts.iter().zip(needs.0);
        named.map(|((name, kind), need)| Read { name, kind: *kind, need }).collect()
    }
}

/// By slot.
struct Needs(Vec<Need>);

impl Needs {
    fn note(&mut self, slot: u16, need: Need) {
        if let Some(own) = self.0.get_mut(usize::from(slot)) {
            *own = need.max(*own);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        // A rule that can only permit denies nobody; one that is not asked needs nothing.
        let asked = if rule.is_permit() { Need::Sometimes } else { Need::Always };
        if let Some(when) = &rule.when {
            self.test(when, asked);
        }
        self.check(&rule.check, if rule.when.is_some() { Need::Sometimes } else { asked });
    }

    fn test(&mut self, test: &Test, need: Need) {
        match test {
            // What is known not to hold decides it without the others.
            Test::All(tests) => {
                let need = if tests.len() > 1 { Need::Sometimes } else { need };
                tests.iter().for_each(|test| self.test(test, need));
            }
            // INVARIANT: as `Missing::Wins` has it for rules that do not permit.
            Test::Any(tests) => tests.iter().for_each(|test| self.test(test, need)),
            Test::Known(slot, _) => self.note(*slot, Need::Sometimes),
            Test::Bool(slot, _)
            | Test::Text(slot, ..)
            | Test::Instant(slot, ..)
            | Test::Among(slot, ..) => self.note(*slot, need),
            Test::Units(slot, _, amount) => {
                self.note(*slot, need);
                self.amount(amount, need);
            }
            Test::Facts(slot, _, other) | Test::Within(slot, _, other) => {
                self.note(*slot, need);
                self.note(*other, need);
            }
        }
    }

    fn amount(&mut self, amount: &Amount, need: Need) {
        if let Amount::Exactly(_) = amount {
            return;
        }
        self.note(NOW, need);
        self.note(JURISDICTION, need);
        if let Amount::By(_, slot) = amount {
            self.note(*slot, need);
        }
    }

    fn check(&mut self, check: &Check, need: Need) {
        // INVARIANT: a check reads all that it has before it finds anything, so that one fact that is missing is a gap.
        let (slots, amounts): (Vec<u16>, Vec<&Amount>) = match check {
            Check::Access => (vec![ROLES, PERMISSION], Vec::new()),
            Check::Permit | Check::Match => (Vec::new(), Vec::new()),
            Check::Amount { fact, max, min } => (vec![*fact], max.iter().chain(min).collect()),
            Check::Count { fact, max } => (vec![*fact], max.iter().collect()),
            Check::Velocity { amount, sum, max } => (vec![*amount, *sum], max.iter().collect()),
            Check::Large { amount, at_least } => (vec![*amount], vec![at_least]),
            Check::Structuring { amount, count, more_than, from, below } => {
                (vec![*amount, *count], vec![more_than, from, below])
            }
            Check::RapidMovement { incoming, outgoing, amount, at_least } => {
                let slots = [*incoming, *outgoing].into_iter().chain(*amount);
                (slots.collect(), vec![at_least])
            }
            Check::Listed { fact, .. } => (vec![*fact], Vec::new()),
            Check::Pep { pep, amount, above } => (vec![*pep, *amount], vec![above]),
            Check::NewAccount { opened, days, amount, above } => {
                (vec![*opened, NOW, *amount], vec![days, above])
            }
            Check::UnusualVolume { amount, sum, usual, factor } => {
                (vec![*amount, *sum, *usual], vec![factor])
            }
            Check::TravelRule { amount, at_least, complete } => {
                (vec![*amount, *complete], vec![at_least])
            }
            Check::StepUp { amount, at_least, done } => (vec![*amount, *done], vec![at_least]),
            Check::FourEyes { amount, at_least, maker, checkers, .. } => {
                (vec![*amount, *maker, *checkers], vec![at_least])
            }
            Check::LoginFailures { failures, at_least } => (vec![*failures], vec![at_least]),
            Check::Session { started, seconds } => (vec![*started, NOW], vec![seconds]),
        };
        slots.into_iter().for_each(|slot| self.note(slot, need));
        amounts.into_iter().for_each(|amount| self.amount(amount, need));
    }
}

#[cfg(test)]
#[path = "reads_tests.rs"]
mod tests;
