//! Conditions, checked and compiled: types, names, and that none is evaded by a fact that is kept back.

use super::super::definition::{Comparison, Condition, Kind, Membership};
use super::super::error::TypedError;
use super::super::instant::Instant;
use super::super::schema::ROLES;
use super::super::test::{Amount, Compare, Test};
use super::super::written::{Operand, Units};
use super::{CONDITION_DEPTH, CONDITIONS, Loaded, Loader, at_most, is_label};

/// Where `is_known` may stand, so that a request gains nothing by keeping a fact back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// As it stands: what it is for permits.
    Plain,
    /// Under `not`: what it is for denies or reviews.
    Negated,
    /// Nowhere: what it is for does both.
    Nowhere,
}

impl Loader {
    pub(super) fn condition(
        &mut self,
        path: &str,
        condition: &Condition,
        known: Known,
    ) -> Loaded<Test> {
        self.test(path, condition, known, false, 0)
    }

    fn test(
        &mut self,
        path: &str,
        condition: &Condition,
        known: Known,
        negated: bool,
        depth: usize,
    ) -> Loaded<Test> {
        self.conditions += 1;
        if depth >= CONDITION_DEPTH || self.conditions > CONDITIONS {
            let what = format!(
                "is too much: at most {CONDITION_DEPTH} conditions in one another, and {CONDITIONS} in all"
            );
            return Err(TypedError::new(path, what));
        }
        let (name, compare, comparison) = match condition {
            Condition::All(conditions) | Condition::Any(conditions) => {
                let all = matches!(condition, Condition::All(_));
                let path = format!("{path}.{}", if all { "all" } else { "any" });
                // Of nothing, `all` would hold: a condition that was forgotten, and not one that was meant.
                if conditions.is_empty() {
                    return Err(TypedError::new(path, "has no conditions"));
                }
                let test = |(at, condition)| {
                    self.test(&format!("{path}[{at}]"), condition, known, negated, depth + 1)
                };
                let tests = conditions.iter().enumerate().map(test).collect::<Loaded<_>>()?;
                return Ok(if all != negated { Test::All(tests) } else { Test::Any(tests) });
            }
            Condition::Not(condition) => {
                let path = format!("{path}.not");
                return self.test(&path, condition, known, !negated, depth + 1);
            }
            Condition::In(membership) => {
                return self.membership(&format!("{path}.in"), membership, negated);
            }
            Condition::IsKnown(fact) => {
                let path = format!("{path}.is_known");
                let slot = self.fact(&path, fact)?.0;
                return match (known, negated) {
                    (Known::Plain, false) => Ok(Test::Known(slot, true)),
                    (Known::Negated, true) => Ok(Test::Known(slot, false)),
                    _ => Err(TypedError::new(path, evaded(known))),
                };
            }
            Condition::Eq(comparison) => ("eq", Compare::Eq, comparison),
            Condition::Neq(comparison) => ("neq", Compare::Ne, comparison),
            Condition::Lt(comparison) => ("lt", Compare::Lt, comparison),
            Condition::Le(comparison) => ("le", Compare::Le, comparison),
            Condition::Gt(comparison) => ("gt", Compare::Gt, comparison),
            Condition::Ge(comparison) => ("ge", Compare::Ge, comparison),
        };
        let compare = if negated { compare.negated() } else { compare };
        self.comparison(&format!("{path}.{name}"), compare, comparison)
    }

    fn comparison(&mut self, path: &str, compare: Compare, of: &Comparison) -> Loaded<Test> {
        let (slot, kind) = self.fact(&format!("{path}.fact"), &of.fact)?;
        let wrong = |what: &str| Err(TypedError::new(format_args!("{path}.value"), what));
        let equality = matches!(compare, Compare::Eq | Compare::Ne);
        match kind {
            Kind::Texts => {
                return Err(TypedError::new(path, "compares a set of texts: ask with `in`"));
            }
            Kind::Text | Kind::Bool if !equality => {
                return Err(TypedError::new(
                    path,
                    "compares what has no order: take `eq` or `neq`",
                ));
            }
            _ => {}
        }
        let equal = compare == Compare::Eq;
        match (kind, &of.value) {
            (_, Operand::Fact(other)) => {
                let (other, other_kind) = self.fact(&format!("{path}.value.fact"), other)?;
                if kind != other_kind {
                    return wrong("is a fact of another type");
                }
                Ok(Test::Facts(slot, compare, other))
            }
            (Kind::Bool, Operand::Bool(value)) => Ok(Test::Bool(slot, *value == equal)),
            (Kind::Text, Operand::Text(text)) => {
                is_label(&format!("{path}.value"), text)?;
                Ok(Test::Text(slot, equal, self.schema.texts.intern(text)))
            }
            (Kind::Units, Operand::Units(Units(units))) => {
                Ok(Test::Units(slot, compare, Amount::Exactly(*units)))
            }
            (Kind::Units, Operand::Text(text)) => match text.parse() {
                Ok(Units(units)) => Ok(Test::Units(slot, compare, Amount::Exactly(units))),
                Err(error) => wrong(&error),
            },
            (Kind::Units, Operand::Threshold { name, by }) => {
                let path = format!("{path}.value");
                // Of several entries nobody could say which is the strict one here.
                let amount = self.threshold(&path, name, by.as_deref(), &[Kind::Text])?;
                Ok(Test::Units(slot, compare, amount))
            }
            (Kind::Instant, Operand::Text(text)) => match text.parse() {
                Ok(Instant(nanos)) => Ok(Test::Instant(slot, compare, nanos)),
                Err(error) => wrong(&error.to_string()),
            },
            _ => wrong("is of another type than the fact"),
        }
    }

    fn membership(&mut self, path: &str, of: &Membership, negated: bool) -> Loaded<Test> {
        let slot = self.slot(&format!("{path}.fact"), &of.fact, &[Kind::Text, Kind::Texts])?;
        match (&of.list, &of.values, &of.texts) {
            (Some(list), None, None) => {
                let texts = self.list(&format!("{path}.list"), list)?;
                self.among(path, slot, !negated, texts)
            }
            (None, Some(values), None) => {
                at_most(format_args!("{path}.values"), values.len(), super::LIST)?;
                let texts = self.texts(&format!("{path}.values"), values)?;
                self.among(path, slot, !negated, texts)
            }
            (None, None, Some(texts)) => {
                let other = self.slot(&format!("{path}.texts"), texts, &[Kind::Texts])?;
                Ok(Test::Within(slot, !negated, other))
            }
            _ => Err(TypedError::new(path, "needs one of `list`, `values` and `texts`")),
        }
    }

    fn among(&self, path: &str, slot: u16, among: bool, texts: Box<[u32]>) -> Loaded<Test> {
        if slot == ROLES {
            self.no_alias(path, texts.iter())?;
        }
        Ok(Test::Among(slot, among, texts))
    }

    /// The texts of a list.
    pub(super) fn list(&self, path: &str, name: &str) -> Loaded<Box<[u32]>> {
        self.lists.get(name).cloned().ok_or_else(|| {
            let name = super::super::error::excerpt(name);
            TypedError::new(path, format_args!("there is no list `{name}`"))
        })
    }
}

const fn evaded(known: Known) -> &'static str {
    match known {
        Known::Plain => {
            "stands under `not` in a rule that permits: a request would gain by keeping the fact back"
        }
        Known::Negated => {
            "stands in a rule that does not permit: a request would gain by keeping the fact back; put it under `not`"
        }
        Known::Nowhere => "cannot stand in a rule of access, which both permits and denies",
    }
}
