//! The risk of a customer as data: factors give points, floors and caps bound the score, levels say what it means; nothing is rounded.
//!
//! A model is a document of YAML or JSON (`docs/risk.md`). A score is a function of the model, the facts, an instant and the overrides of officers:
//! it reads no clock, and the same input gives the same answer. What is not for it: where facts come from, and who may override.
//!
//! The sources: Recommendations 1 and 10 of the FATF with their interpretive notes (a risk-based approach, and customers whose risk is higher or
//! lower), and Regulation (EU) 2024/1624 (AMLR): Art. 20 with Annexes I to III (risk variables, and factors of lower and of higher risk), Art. 26
//! (customer information is updated after a year at most where the risk is higher, else after five), Art. 34 and 42 (enhanced measures).

mod ask;
mod explain;
mod facts;
mod overrides;
mod rational;
mod read;
mod score;

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

pub use self::overrides::{Override, To};
pub use self::rational::Rational;
pub use self::score::{Applied, Bounded, Missed, Point, RiskError, Score, Side};

use self::ask::Ask;
use self::read::{Models, Reader};
use super::chart::{ChartError, Duration};
use crate::value::{Number, Value};

/// The version of the format.
pub const VERSION: u64 = 1;
/// The most factors of a model.
pub const FACTORS: usize = 256;
/// The most points that a model writes down: of tables, bands and guards together.
pub const POINTS: usize = 1_000;
/// The most floors, and the most caps.
pub const BOUNDS: usize = 256;
/// The most levels.
pub const LEVELS: usize = 64;
/// The most bytes of facts, as their text has them.
pub const FACTS: u64 = 1 << 20;
/// The most overrides of one request.
pub const OVERRIDES: usize = 1_000;

/// How the score is made of points and weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// The sum of weight × points.
    #[default]
    Sum,
    /// The sum of weight × points, by the sum of the weights.
    Average,
}

/// A model of risk, compiled.
///
/// ```
/// use thalium::kyc::risk::RiskModel;
/// use thalium::time::{format_instant, parse_instant};
/// use thalium::value::Value;
///
/// let model = RiskModel::from_text("
/// risk: 1
/// id: small
/// description: Where a customer lives, and whether it is politically exposed.
/// factors:
///   - {id: country, description: Residence, weight: 0.5, value: {var: country_risk}, points: {low: 0, high: 60}}
/// floors:
///   - {when: {var: pep}, at_least: high, reason: pep}
/// levels:
///   - {level: low, from: 0, refresh: P5Y}
///   - {level: high, from: 70, high: true, refresh: P1Y}
/// ").unwrap();
/// let facts = Value::from_json(r#"{"country_risk": "high", "pep": true}"#)?;
/// let score = model.score(&facts, parse_instant("2026-03-01T00:00:00Z").unwrap(), &[])?;
/// assert_eq!((score.total.to_string(), score.score.to_string()), ("30".to_owned(), "70".to_owned()));
/// assert_eq!(score.level, "high");
/// assert_eq!(format_instant(score.refresh_by.unwrap()), "2027-03-01T00:00:00.000000000Z");
///
/// let unknown = Value::from_json(r#"{"country_risk": "high"}"#)?;
/// let told = model.score(&unknown, 0, &[]).unwrap_err().to_string();
/// assert_eq!(told, "there is no score without all facts: floors/0 needs `pep`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RiskModel {
    id: String,
    description: String,
    method: Method,
    minimum: Number,
    maximum: Number,
    factors: Vec<Factor>,
    floors: Vec<Bound>,
    caps: Vec<Bound>,
    levels: Vec<Level>,
    digest: [u8; 32],
}

#[derive(Debug)]
struct Factor {
    id: String,
    description: String,
    weight: Number,
    way: Way,
    /// The points where a fact is missing; none refuses the score.
    missing: Option<Number>,
}

/// How a factor comes to its points.
#[derive(Debug)]
enum Way {
    Table { value: Ask, points: BTreeMap<Arc<str>, Number>, otherwise: Option<Number> },
    Bands { value: Ask, bands: Vec<Band>, otherwise: Option<Number> },
    When { guards: Vec<Guard>, sum: bool, otherwise: Option<Number> },
}

/// Points of numbers from one, which is in it, to one that is not; none is without an end. Sorted.
#[derive(Debug)]
struct Band {
    from: Option<Number>,
    to: Option<Number>,
    points: Number,
}

#[derive(Debug)]
struct Guard {
    guard: Ask,
    points: Number,
    description: Option<String>,
}

/// A floor or a cap.
#[derive(Debug)]
struct Bound {
    when: Ask,
    score: Number,
    reason: String,
    /// Whether no override goes below.
    hard: bool,
}

#[derive(Debug)]
struct Level {
    name: String,
    from: Number,
    /// As it is written, and what it means; none of a level that is refused.
    refresh: Option<(String, Duration)>,
    refuse: bool,
}

impl RiskModel {
    /// Reads a model from a text of YAML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong, up to a hundred places, in the order of the text: what is neither JSON nor YAML (then that alone), keys that are
    /// not known or stand twice, values of another kind, expressions that do not compile, bands that overlap or leave a gap, levels that do not
    /// rise, a refresh that is later than Art. 26 AMLR has it, and what is too large.
    pub fn from_text(text: &str) -> Result<Self, Vec<ChartError>> {
        let read = Reader::read(text, Models::default(), |reader, at| {
            let model = reader.model(at)?;
            let digest = Sha256::digest(canonical(&at.node.to_value()).to_json()).into();
            Some(Self { digest, ..model })
        });
        // INVARIANT: where there is no model, it was told why.
        read.and_then(|model| model.ok_or_else(Vec::new))
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is for.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// How its scores are made.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The names of its factors with what they are, in their order.
    pub fn factors(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.factors.iter().map(|factor| (factor.id.as_str(), factor.description.as_str()))
    }

    /// The names of its levels, the lowest first.
    pub fn levels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.levels.iter().map(|level| level.name.as_str())
    }

    /// SHA-256 of its JSON with sorted keys and without zeros that say nothing: a model that is written in another way has the same.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

/// The same value, with its numbers as they are computed and not as they were written: `1.0` is `1`.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let (mantissa, exponent) = number.decimal();
            Value::Number(Number::from_decimal(mantissa, exponent).unwrap_or(number.clone()))
        }
        Value::Array(items) => Value::array(items.iter().map(canonical)),
        Value::Object(members) => {
            Value::object(members.iter().map(|(key, value)| (key.clone(), canonical(value))))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
#[path = "risk_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "property_tests.rs"]
mod properties;

#[cfg(test)]
#[path = "example_tests.rs"]
mod examples;
