//! The score: points by weight, the scale, caps, floors, an override, a level; in this order.

use super::facts::Facts;
use super::overrides::{Override, To};
use super::rational::Rational;
use super::read::unknown;
use super::{Bound, Level, Method, OVERRIDES, RiskModel};
use crate::value::{Number, Value};

/// A fact that something needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// What needs it: `factors/ID`, `floors/N` or `caps/N`.
    pub at: String,
    /// The path of the fact.
    pub fact: String,
}

/// Why there is no score.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RiskError {
    /// Facts are missing. A fact that nobody told is no good one.
    #[error("there is no score without all facts: {}", .0.iter().map(|it| format!("{} needs `{}`", it.at, it.fact)).collect::<Vec<_>>().join("; "))]
    Missing(Vec<Missed>),
    /// The facts are no object, or too large.
    #[error("{0}")]
    Facts(String),
    /// A fact is of another kind than is needed, or is nothing that the model knows.
    #[error("{at}: {message}")]
    Evaluation {
        /// Where: `factors/ID`, `floors/N` or `caps/N`.
        at: String,
        /// What, and what to do.
        message: String,
    },
    /// An override is none.
    #[error("{at}: {message}")]
    Override {
        /// Which: `overrides/N`, or `override` where one is read.
        at: String,
        /// What, and what to do.
        message: String,
    },
    /// The refresh would be later than an instant can be.
    #[error("the refresh after {0} is later than an instant can be")]
    Unreachable(String),
}

/// What a factor gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its name.
    pub factor: String,
    /// What was read, by path. A value of more than a kilobyte is left out.
    pub read: Vec<(String, Value)>,
    /// Its points.
    pub points: Number,
    /// Its weight.
    pub weight: Number,
    /// What it adds to the total: weight × points, and with `average` by the sum of all weights. All of them add up to the total exactly.
    pub contribution: Rational,
    /// Why it has these points.
    pub why: String,
}

/// Whether a score is held up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At least.
    Floor,
    /// At most.
    Cap,
}

/// A floor or a cap whose guard holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounded {
    /// Which of them.
    pub side: Side,
    /// The reason's code.
    pub reason: String,
    /// The score that it holds at.
    pub score: Number,
    /// Whether no override goes below.
    pub hard: bool,
    /// Whether it moved the score: caps are taken before floors, each by the score as it was before its kind.
    pub moved: bool,
}

/// The override that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// As it was given.
    pub given: Override,
    /// The reasons of the hard floors that it stays above, though it would go below.
    pub held_by: Vec<String>,
}

/// The risk of a customer, with all that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The model's name.
    pub model: String,
    /// The model's digest.
    pub digest: [u8; 32],
    /// The instant it was computed for, in nanoseconds UTC.
    pub now: i64,
    /// The sum of the contributions.
    pub total: Rational,
    /// The total within the scale, caps and floors: what counts without an override.
    pub computed: Rational,
    /// What counts.
    pub score: Rational,
    /// The level of what counts.
    pub level: String,
    /// Whether there is to be no business with the customer.
    pub refuse: bool,
    /// The duration after which customer information is updated, as the model has it; none at a level that is refused and says nothing.
    pub refresh: Option<String>,
    /// The instant of the next review, in nanoseconds UTC: when that duration is over, by the calendar, or the override that counts ends, whichever is
    /// earlier.
    pub refresh_by: Option<i64>,
    /// The override that counts.
    pub overridden: Option<Applied>,
    /// Overrides that count no more, in the order given.
    pub expired: Vec<Override>,
    /// Overrides that do not count yet, in the order given.
    pub pending: Vec<Override>,
    /// What each factor gives, in the order of the model.
    pub points: Vec<Point>,
    /// Caps and floors whose guards hold, caps first, in the order of the model.
    pub bounds: Vec<Bounded>,
}

impl RiskModel {
    /// The score of a customer, from facts, at an instant (nanoseconds UTC), with the overrides that were decided.
    ///
    /// # Errors
    /// Facts that are missing, all of them; facts that are of another kind or that no table has; overrides that are none; an instant so late that
    /// no refresh can follow.
    pub fn score(
        &self,
        facts: &Value,
        now: i64,
        overrides: &[Override],
    ) -> Result<Score, RiskError> {
        let mut facts = Facts::new(facts)?;
        let points = self.points(&mut facts)?;
        let caps = held(&self.caps, Side::Cap, &mut facts)?;
        let floors = held(&self.floors, Side::Floor, &mut facts)?;
        if !facts.missed.is_empty() {
            return Err(RiskError::Missing(facts.missed));
        }
        let total = points.iter().fold(Rational::zero(), |sum, point| sum.add(&point.contribution));
        let (minimum, maximum) = (Rational::from(&self.minimum), Rational::from(&self.maximum));
        let scaled = total.clone().clamp(minimum, maximum);
        let (capped, caps) = bounded(scaled, caps);
        let (computed, floors) = bounded(capped, floors);
        let bounds: Vec<Bounded> = caps.into_iter().chain(floors).collect();

        let Sorted { chosen, expired, pending } = self.sorted(overrides, now, &computed)?;
        let (score, overridden) = match chosen {
            None => (computed.clone(), None),
            Some((wanted, given)) => {
                let hard = bounds.iter().filter(|bound| bound.side == Side::Floor && bound.hard);
                let above = |bound: &&Bounded| Rational::from(&bound.score) > wanted;
                let held: Vec<&Bounded> = hard.filter(above).collect();
                let score = held.iter().map(|bound| Rational::from(&bound.score)).max();
                let held_by = held.iter().map(|bound| bound.reason.clone()).collect();
                (score.unwrap_or(wanted), Some(Applied { given, held_by }))
            }
        };
        let level = self.level(&score);
        let refresh = level.and_then(|level| level.refresh.as_ref());
        let refreshed = refresh.map(|(text, duration)| {
            duration.after(now).map_err(|_| RiskError::Unreachable(text.clone()))
        });
        // With its end an override says nothing any more, and what counts then may be a higher risk.
        let ends = overridden.as_ref().map(|applied| applied.given.expires);
        let refresh_by = refreshed.transpose()?.into_iter().chain(ends).min();
        Ok(Score {
            model: self.id.clone(),
            digest: self.digest,
            now,
            total,
            computed,
            level: level.map(|level| level.name.clone()).unwrap_or_default(),
            refuse: level.is_some_and(|level| level.refuse),
            refresh: refresh.map(|(text, _)| text.clone()),
            refresh_by,
            score,
            overridden,
            expired,
            pending,
            points,
            bounds,
        })
    }

    fn points(&self, facts: &mut Facts<'_>) -> Result<Vec<Point>, RiskError> {
        let weights = self.factors.iter().map(|factor| Rational::from(&factor.weight));
        let whole = match self.method {
            Method::Sum => Rational::from(&Number::from(1_u32)),
            Method::Average => weights.fold(Rational::zero(), |sum, weight| sum.add(&weight)),
        };
        let mut points = Vec::with_capacity(self.factors.len());
        for factor in &self.factors {
            let Some(found) = facts.factor(factor)? else { continue };
            let weighted = Rational::from(&factor.weight).mul(&Rational::from(&found.points));
            points.push(Point {
                factor: factor.id.clone(),
                read: found.seen.read.into_iter().collect(),
                contribution: weighted.div(&whole),
                points: found.points,
                weight: factor.weight.clone(),
                why: found.why,
            });
        }
        Ok(points)
    }

    /// The level that a score is in. The first begins where the scale does, so that there is one.
    fn level(&self, score: &Rational) -> Option<&Level> {
        let reached = |level: &&Level| Rational::from(&level.from) <= *score;
        self.levels.iter().take_while(reached).last()
    }

    /// The override that counts with its score, and those that do not.
    fn sorted(
        &self,
        overrides: &[Override],
        now: i64,
        computed: &Rational,
    ) -> Result<Sorted, RiskError> {
        let mut sorted = Sorted { chosen: None, expired: Vec::new(), pending: Vec::new() };
        if overrides.len() > OVERRIDES {
            let message =
                format!("there are {}, and at most {OVERRIDES} are taken", overrides.len());
            return Err(RiskError::Override { at: "overrides".to_owned(), message });
        }
        for (at, given) in overrides.iter().enumerate() {
            let wrong = |message| RiskError::Override { at: format!("overrides/{at}"), message };
            given.check().map_err(wrong)?;
            if given.expires <= now {
                // What it names may be gone from the model since.
                sorted.expired.push(given.clone());
                continue;
            }
            let wanted = self.wanted(&given.to, computed).map_err(wrong)?;
            if given.since.is_some_and(|since| since > now) {
                sorted.pending.push(given.clone());
                continue;
            }
            let key = |(score, given): &(Rational, Override)| {
                let kind = matches!(given.to, To::Level(_));
                (
                    given.since,
                    score.clone(),
                    given.expires,
                    given.by.clone(),
                    given.reason.clone(),
                    kind,
                )
            };
            let next = (wanted, given.clone());
            if sorted.chosen.as_ref().is_none_or(|chosen| key(chosen) < key(&next)) {
                sorted.chosen = Some(next);
            }
        }
        Ok(sorted)
    }

    /// The score that an override asks for.
    fn wanted(&self, to: &To, computed: &Rational) -> Result<Rational, String> {
        match to {
            To::Score(score) if *score < self.minimum || *score > self.maximum => Err(format!(
                "the score is not on the scale, which goes from {} to {}",
                self.minimum, self.maximum
            )),
            To::Score(score) => Ok(Rational::from(score)),
            To::Level(name) => {
                let names: Vec<&str> = self.levels().collect();
                let found = self.levels.iter().find(|level| level.name == *name);
                let level = found.ok_or_else(|| unknown(name, &names))?;
                let is_there = self.level(computed).is_some_and(|own| own.name == *name);
                Ok(if is_there { computed.clone() } else { Rational::from(&level.from) })
            }
        }
    }
}

struct Sorted {
    chosen: Option<(Rational, Override)>,
    expired: Vec<Override>,
    pending: Vec<Override>,
}

/// The floors or caps whose guards hold.
fn held(bounds: &[Bound], side: Side, facts: &mut Facts<'_>) -> Result<Vec<Bounded>, RiskError> {
    let mut held = Vec::new();
    for (at, bound) in bounds.iter().enumerate() {
        let name = if side == Side::Floor { "floors" } else { "caps" };
        if facts.bound(&bound.when, &format!("{name}/{at}"))? == Some(true) {
            held.push(Bounded {
                side,
                reason: bound.reason.clone(),
                score: bound.score.clone(),
                hard: bound.hard,
                moved: false,
            });
        }
    }
    Ok(held)
}

/// A score within floors, or within caps.
fn bounded(score: Rational, mut bounds: Vec<Bounded>) -> (Rational, Vec<Bounded>) {
    let mut kept = score.clone();
    for bound in &mut bounds {
        let at = Rational::from(&bound.score);
        bound.moved = if bound.side == Side::Floor { at > score } else { at < score };
        if bound.moved {
            kept = if bound.side == Side::Floor { kept.max(at) } else { kept.min(at) };
        }
    }
    (kept, bounds)
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
