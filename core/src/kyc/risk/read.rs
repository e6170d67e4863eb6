//! A model read from its text, with everything that is wrong told at once.

mod factor;
mod level;

use super::ask::Ask;
use super::{BOUNDS, Bound, Method, RiskModel, VERSION};
use crate::kyc::reader::cursor::{Cursor, Fields};
use crate::kyc::reader::node::NodeKind;
use crate::kyc::reader::{self, Format};
use crate::value::{Number, Value};

/// The longest name, in characters.
const NAME: usize = 64;
/// The longest description, in characters.
const DESCRIPTION: usize = 4_096;
/// About how many digits a number has at most, with the zeros that its exponent stands for.
const NUMBER: u64 = 40;

const MODEL: [&str; 10] = [
    "risk",
    "id",
    "description",
    "method",
    "minimum",
    "maximum",
    "factors",
    "floors",
    "caps",
    "levels",
];

/// The format of models.
#[derive(Default)]
pub(super) struct Models {
    /// How many points are written down.
    points: usize,
}

impl Format for Models {}

pub(super) type Reader = reader::Reader<Models>;

impl Reader {
    pub(super) fn model(&mut self, at: &Cursor<'_>) -> Option<RiskModel> {
        let fields = self.fields(at, "a model of risk", &MODEL)?;
        self.version(fields, "risk", VERSION);
        let id = self.needed(fields, "id").and_then(|at| self.name(&at));
        let description = self.needed(fields, "description").and_then(|at| self.told(&at));
        let methods = [("sum", Method::Sum), ("average", Method::Average)];
        let method = fields.get("method").and_then(|at| self.word(&at, &methods));
        let minimum = fields.get("minimum").and_then(|at| self.number(&at));
        let maximum = fields.get("maximum").and_then(|at| self.number(&at));
        let minimum = minimum.unwrap_or(Number::ZERO);
        let maximum = maximum.unwrap_or(Number::from(100_u32));
        if minimum >= maximum {
            let at = fields.get("maximum").unwrap_or(*at);
            self.wrong(&at, "the maximum is not above the minimum");
        }
        let factors = self.needed(fields, "factors").map(|at| self.factors(&at));
        let scale = (&minimum, &maximum);
        let levels = self.needed(fields, "levels").map(|at| self.levels(&at, scale));
        let levels = levels.unwrap_or_default();
        let named = |name: &str| levels.iter().find(|level| level.name == name);
        let names: Vec<&str> = levels.iter().map(|level| level.name.as_str()).collect();
        let from = |name: &str| named(name).map(|level| level.from.clone());
        let known = Known { scale, from: &from, names: &names };
        let floors = self.bounds(fields, "floors", "at_least", &known);
        let caps = self.bounds(fields, "caps", "at_most", &known);
        Some(RiskModel {
            id: id?,
            description: description?,
            method: method.unwrap_or_default(),
            factors: factors?,
            floors,
            caps,
            levels,
            minimum,
            maximum,
            digest: [0; 32],
        })
    }

    fn bounds(
        &mut self,
        fields: Fields<'_>,
        key: &str,
        score: &str,
        known: &Known<'_>,
    ) -> Vec<Bound> {
        let Some(list) = fields.get(key) else { return Vec::new() };
        let mut bounds: Vec<Bound> = Vec::new();
        for at in self.list(&list, BOUNDS) {
            if let Some(bound) = self.bound(&at, score, known) {
                if bounds.iter().any(|other| other.reason == bound.reason) {
                    self.wrong(&at, format!("the reason `{}` is another's already", bound.reason));
                }
                bounds.push(bound);
            }
        }
        bounds
    }

    fn bound(&mut self, at: &Cursor<'_>, score: &str, known: &Known<'_>) -> Option<Bound> {
        let is_floor = score == "at_least";
        let all = ["when", score, "reason", "description", "hard"];
        // A cap holds nothing up, so none is hard.
        let fields = self.fields(
            at,
            if is_floor { "a floor" } else { "a cap" },
            all.get(..if is_floor { 5 } else { 4 }).unwrap_or(&all),
        )?;
        let when = self.needed(fields, "when").and_then(|at| self.ask(&at));
        let reason = self.needed(fields, "reason").and_then(|at| self.name(&at));
        let hard = fields.get("hard").is_some_and(|at| self.boolean(&at));
        if let Some(at) = fields.get("description") {
            self.told(&at);
        }
        let score = self.needed(fields, score).and_then(|at| match &at.node.kind {
            NodeKind::Text(name) if is_floor => {
                let found = (known.from)(name);
                if found.is_none() {
                    self.wrong(
                        &at,
                        format!("there is no such level: {}", unknown(name, known.names)),
                    );
                }
                found
            }
            _ => self.number(&at).inspect(|score| {
                if score < known.scale.0 || score > known.scale.1 {
                    self.wrong(
                        &at,
                        format!(
                            "is not on the scale, which goes from {} to {}",
                            known.scale.0, known.scale.1
                        ),
                    );
                }
            }),
        });
        Some(Bound { when: when?, score: score?, reason: reason?, hard })
    }

    /// The items of a list of at least one and at most so many; else none.
    fn list<'c>(&mut self, at: &'c Cursor<'c>, most: usize) -> Vec<Cursor<'c>> {
        match at.node.as_list().map(<[_]>::len) {
            None => self.expected(at, "a list"),
            Some(0) => self.wrong(at, "the list is empty"),
            Some(items) if items > most => {
                self.wrong(at, format!("the list has {items} items, and at most {most} are taken"));
            }
            Some(_) => return at.items().collect(),
        }
        Vec::new()
    }

    /// A name: a short text without white space.
    fn name(&mut self, at: &Cursor<'_>) -> Option<String> {
        let Some(text) = at.node.as_text() else {
            self.expected(at, "a name");
            return None;
        };
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if text.is_empty() || text.contains(odd) || text.chars().nth(NAME).is_some() {
            let what = format!("a name has no white space, and 1 to {NAME} characters");
            self.wrong(at, what);
            return None;
        }
        Some(text.to_string())
    }

    /// A text for people.
    fn told(&mut self, at: &Cursor<'_>) -> Option<String> {
        let text = self.text(at)?;
        if text.trim().is_empty() || text.chars().nth(DESCRIPTION).is_some() {
            let what = format!("a description has 1 to {DESCRIPTION} characters");
            self.wrong(at, what);
            return None;
        }
        Some(text)
    }

    fn number(&mut self, at: &Cursor<'_>) -> Option<Number> {
        let Some(number) = at.node.as_number() else {
            self.expected(at, "a number");
            return None;
        };
        if !is_short(number) {
            self.wrong(at, format!("the number has more than {NUMBER} digits"));
            return None;
        }
        Some(number.clone())
    }

    /// The points of one answer, counted.
    fn points(&mut self, at: &Cursor<'_>) -> Option<Number> {
        self.own.points += 1;
        if self.own.points == super::POINTS + 1 {
            let what = format!("a model writes down at most {} points", super::POINTS);
            self.wrong(at, what);
        }
        self.number(at)
    }

    fn ask(&mut self, at: &Cursor<'_>) -> Option<Ask> {
        match Ask::compile(&at.node.to_value()) {
            Ok(ask) => Some(ask),
            Err(error) => {
                self.wrong(at, error.to_string());
                None
            }
        }
    }
}

/// What floors and caps are held against.
struct Known<'k> {
    scale: (&'k Number, &'k Number),
    from: &'k dyn Fn(&str) -> Option<Number>,
    names: &'k [&'k str],
}

/// Whether a number has so few digits that calculating with it takes no time.
pub(super) fn is_short(number: &Number) -> bool {
    Value::Number(number.clone()).size() <= NUMBER
}

/// That something is not known, and what may be meant.
pub(super) fn unknown(written: &str, known: &[&str]) -> String {
    reader::unknown(Models::FOREIGN, written, known)
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
