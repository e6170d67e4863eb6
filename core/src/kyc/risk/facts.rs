//! What a factor, a floor or a cap makes of the facts.

use super::super::logic::Budget;
use super::ask::{Ask, Seen};
use super::score::{Missed, RiskError};
use super::{Band, FACTS, Factor, Guard, Way};
use crate::kyc::logic::decimal::plain;
use crate::kyc::rules::shown;
use crate::value::{Number, Value};

/// What all expressions of a score may take.
const BUDGET: Budget = Budget::new(2_000_000, 16 << 20);

/// The facts, with what is left for asking them, and what was found missing.
pub(super) struct Facts<'f> {
    facts: &'f Value,
    budget: Budget,
    pub(super) missed: Vec<Missed>,
}

/// Points, and why.
pub(super) struct Found {
    pub(super) points: Number,
    pub(super) why: String,
    pub(super) seen: Seen,
}

/// Why there are none: a fact is missing, or something is wrong.
enum Stop {
    Missing,
    Wrong(String),
}

impl<'f> Facts<'f> {
    pub(super) fn new(facts: &'f Value) -> Result<Self, RiskError> {
        if facts.as_object().is_none() {
            return Err(RiskError::Facts(format!(
                "facts are an object, and this is a {}",
                facts.kind()
            )));
        }
        if facts.size() > FACTS {
            return Err(RiskError::Facts(format!(
                "facts have at most {FACTS} bytes: give what the model reads, and keep documents elsewhere"
            )));
        }
        Ok(Self { facts, budget: BUDGET, missed: Vec::new() })
    }

    /// The points of a factor; none if a fact is missing, which is noted.
    pub(super) fn factor(&mut self, factor: &Factor) -> Result<Option<Found>, RiskError> {
        let mut seen = Seen::default();
        match self.points(&factor.way, &mut seen) {
            Ok((points, why)) => Ok(Some(Found { points, why, seen })),
            Err(Stop::Wrong(message)) => {
                Err(RiskError::Evaluation { at: format!("factors/{}", factor.id), message })
            }
            Err(Stop::Missing) => {
                let names: Vec<_> = seen.missing.iter().map(|name| format!("`{name}`")).collect();
                if let Some(points) = &factor.missing {
                    let why = format!("{} is missing", names.join(", "));
                    return Ok(Some(Found { points: points.clone(), why, seen }));
                }
                self.miss(&format!("factors/{}", factor.id), &seen);
                Ok(None)
            }
        }
    }

    /// Whether a floor or a cap applies; none if a fact is missing, which is noted.
    pub(super) fn bound(&mut self, when: &Ask, at: &str) -> Result<Option<bool>, RiskError> {
        let mut seen = Seen::default();
        match self.holds(when, &mut seen) {
            Ok(held) => Ok(Some(held)),
            Err(Stop::Wrong(message)) => Err(RiskError::Evaluation { at: at.to_owned(), message }),
            Err(Stop::Missing) => {
                self.miss(at, &seen);
                Ok(None)
            }
        }
    }

    fn miss(&mut self, at: &str, seen: &Seen) {
        let missed =
            seen.missing.iter().map(|fact| Missed { at: at.to_owned(), fact: fact.clone() });
        self.missed.extend(missed);
    }

    fn holds(&mut self, guard: &Ask, seen: &mut Seen) -> Result<bool, Stop> {
        let held = guard.holds(self.facts, &mut self.budget, seen);
        // What is missing explains what goes wrong for want of it.
        if !seen.missing.is_empty() {
            return Err(Stop::Missing);
        }
        held.map_err(|error| Stop::Wrong(error.to_string()))
    }

    fn value(&mut self, ask: &Ask, seen: &mut Seen) -> Result<Value, Stop> {
        let value = ask.value(self.facts, &mut self.budget, seen);
        if !seen.missing.is_empty() {
            return Err(Stop::Missing);
        }
        match value {
            Ok(Value::Null) => Err(Stop::Wrong("the expression answers nothing".to_owned())),
            Ok(value) => Ok(value),
            Err(error) => Err(Stop::Wrong(error.to_string())),
        }
    }

    fn points(&mut self, way: &Way, seen: &mut Seen) -> Result<(Number, String), Stop> {
        match way {
            Way::Table { value, points, otherwise } => {
                let value = self.value(value, seen)?;
                let key = match &value {
                    Value::String(text) => &**text,
                    Value::Bool(true) => "true",
                    Value::Bool(false) => "false",
                    other => {
                        return Err(Stop::Wrong(format!(
                            "a table is of texts and truths, and this is a {}: use `bands` for numbers",
                            other.kind()
                        )));
                    }
                };
                let shown = shown(key);
                match (points.get(key), otherwise) {
                    (Some(points), _) => Ok((points.clone(), format!("it is `{shown}`"))),
                    (None, Some(points)) => {
                        let why = format!("it is `{shown}`, which the table does not have");
                        Ok((points.clone(), why))
                    }
                    (None, None) => Err(Stop::Wrong(format!(
                        "the table does not have `{shown}`: add it, or write `otherwise`"
                    ))),
                }
            }
            Way::Bands { value, bands, otherwise } => {
                let number = number(&self.value(value, seen)?)?;
                let shown = shown(&plain(&number));
                match (bands.iter().find(|band| band.has(&number)), otherwise) {
                    (Some(band), _) => {
                        Ok((band.points.clone(), format!("it is {shown}, {}", band.told())))
                    }
                    (None, Some(points)) => {
                        Ok((points.clone(), format!("it is {shown}, which no band has")))
                    }
                    (None, None) => Err(Stop::Wrong(format!("no band has {shown}"))),
                }
            }
            Way::When { guards, sum, otherwise } => {
                self.guards(guards, *sum, otherwise.as_ref(), seen)
            }
        }
    }

    fn guards(
        &mut self,
        guards: &[Guard],
        sum: bool,
        otherwise: Option<&Number>,
        seen: &mut Seen,
    ) -> Result<(Number, String), Stop> {
        let (mut total, mut whys) = (Number::ZERO, Vec::new());
        for (at, Guard { guard, points, description }) in guards.iter().enumerate() {
            if !self.holds(guard, seen)? {
                continue;
            }
            whys.push(description.clone().unwrap_or_else(|| format!("guard {at} holds")));
            if !sum {
                return Ok((points.clone(), whys.concat()));
            }
            total = total.add(points).map_err(|error| Stop::Wrong(error.to_string()))?;
        }
        match otherwise {
            _ if !whys.is_empty() => Ok((total, whys.join("; "))),
            Some(points) => Ok((points.clone(), "no guard holds".to_owned())),
            None => Ok((Number::ZERO, "no guard holds".to_owned())),
        }
    }
}

/// A number, or the text of one: amounts of the platform are texts.
fn number(value: &Value) -> Result<Number, Stop> {
    match value {
        Value::Number(number) => Ok(number.clone()),
        Value::String(text) => Number::parse(text).map_err(|error| {
            let shown = shown(text);
            Stop::Wrong(format!("bands are of numbers, and `{shown}` {error}"))
        }),
        other => Err(Stop::Wrong(format!("bands are of numbers, and this is a {}", other.kind()))),
    }
}

impl Band {
    fn has(&self, number: &Number) -> bool {
        self.from.as_ref().is_none_or(|from| from <= number)
            && self.to.as_ref().is_none_or(|to| number < to)
    }

    fn told(&self) -> String {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => format!("from {} to below {}", plain(from), plain(to)),
            (Some(from), None) => format!("from {} on", plain(from)),
            (None, Some(to)) => format!("below {}", plain(to)),
            (None, None) => "as any number".to_owned(),
        }
    }
}
