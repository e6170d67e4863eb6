//! Levels: where each begins, and when customer information is updated.

use super::super::super::chart::Duration;
use super::super::{LEVELS, Level};
use super::Reader;
use crate::kyc::reader::cursor::{Cursor, Fields};
use crate::time::DAY;
use crate::value::Number;

/// What says that from this level on the risk is higher, in the words of Art. 26(2)(a) AMLR. Where no level has it, the name of a level says it.
const HIGH: &str = "high";
/// The longest time between updates: (a) where the risk is higher, (b) for all others.
const YEAR: &str = "P1Y";
const YEARS: &str = "P5Y";
/// The first of March 2024, from which on each day of four years is a start.
const START: i64 = 19_783 * DAY;
const STARTS: i64 = 1_461;

impl Reader {
    pub(super) fn levels(&mut self, list: &Cursor<'_>, scale: (&Number, &Number)) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::new();
        let items = self.list(list, LEVELS);
        let mut risk = Risk { higher: false, known: says_where_it_is_higher(&items) };
        for at in &items {
            let Some(level) = self.level(at, &mut risk) else { continue };
            match levels.last() {
                None if level.from != *scale.0 => {
                    let what = format!(
                        "the first level begins where the scale does: write `from: {}`",
                        scale.0
                    );
                    self.wrong(at, what);
                }
                Some(before) if level.from <= before.from => {
                    let what = format!(
                        "levels rise: this one begins at {}, and the one before at {}",
                        level.from, before.from
                    );
                    self.wrong(at, what);
                }
                _ if level.from > *scale.1 => {
                    let what = format!("no score is as high: the scale ends at {}", scale.1);
                    self.wrong(at, what);
                }
                _ => {}
            }
            if levels.iter().any(|other| other.name == level.name) {
                self.wrong(at, format!("another level is called `{}`", level.name));
            }
            levels.push(level);
        }
        levels
    }

    /// One level, of a risk that is as high as that of those below it, or higher.
    fn level(&mut self, at: &Cursor<'_>, risk: &mut Risk) -> Option<Level> {
        let known = ["level", "from", "high", "refresh", "refuse", "beyond_amlr", "description"];
        let fields = self.fields(at, "a level", &known)?;
        let name = self.needed(fields, "level").and_then(|at| self.name(&at));
        let from = self.needed(fields, "from").and_then(|at| self.number(&at));
        let refuse = fields.get("refuse").is_some_and(|at| self.boolean(&at));
        let beyond = fields.get("beyond_amlr").is_some_and(|at| self.boolean(&at));
        if let Some(at) = fields.get("description") {
            self.told(&at);
        }
        match fields.get(HIGH) {
            Some(at) if self.boolean(&at) => risk.higher = true,
            Some(at) if risk.higher => {
                self.wrong(&at, "a level below says `high: true`, and a higher score is no lower risk: leave this out");
            }
            Some(_) => {}
            None => risk.higher |= risk.known == Known::ByName && name.as_deref() == Some(HIGH),
        }
        let refresh = match fields.get("refresh") {
            Some(at) => self.refresh(&at, risk, beyond),
            // Of a customer that is refused nothing is kept up to date.
            None if refuse => None,
            None => {
                self.wrong(
                    fields.of(),
                    format!("`refresh` is missing: write a duration such as `{YEAR}`"),
                );
                None
            }
        };
        Some(Level { name: name?, from: from?, refresh, refuse })
    }

    fn refresh(
        &mut self,
        at: &Cursor<'_>,
        risk: &Risk,
        beyond: bool,
    ) -> Option<(String, Duration)> {
        let Some(text) = at.node.as_text() else {
            self.expected(at, "a duration");
            return None;
        };
        let duration: Duration = match text.parse() {
            Ok(duration) => duration,
            Err(error) => {
                self.wrong(at, format!("{error}"));
                return None;
            }
        };
        if duration.is_zero() {
            self.wrong(at, "no time is no refresh: write a duration such as `P1Y`");
        }
        let longer = |most: &str| most.parse().is_ok_and(|most| is_longer(duration, most));
        let (most, point) = if risk.higher { (YEAR, "a") } else { (YEARS, "b") };
        if !beyond && longer(most) {
            self.wrong(
                at,
                format!("Art. 26(2)({point}) of Regulation (EU) 2024/1624 allows {most} at most here: shorten it, or write `beyond_amlr: true` beside it"),
            );
        } else if !beyond && risk.known == Known::Nowhere && longer(YEAR) {
            self.wrong(
                at,
                format!("no level says where the risk is higher, from where on Art. 26(2)(a) of Regulation (EU) 2024/1624 allows {YEAR} at most: write `high: true` at the first such level, or `high: false` at the last one if there is none"),
            );
        }
        Some((text.to_string(), duration))
    }
}

/// Whether the risk is higher at a level, and how that is known.
struct Risk {
    higher: bool,
    known: Known,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// A level has `high`, and names say nothing.
    ByField,
    /// A level is called so.
    ByName,
    Nowhere,
}

fn says_where_it_is_higher(levels: &[Cursor<'_>]) -> Known {
    let any = |holds: &dyn Fn(Fields<'_>) -> bool| {
        levels.iter().any(|level| level.fields().is_some_and(holds))
    };
    if any(&|fields| fields.get(HIGH).is_some()) {
        return Known::ByField;
    }
    let named = |fields: Fields<'_>| {
        let name = fields.get("level").and_then(|at| at.node.as_text().map(|text| **text == *HIGH));
        name == Some(true)
    };
    if any(&named) { Known::ByName } else { Known::Nowhere }
}

/// Whether a duration is over later than another, from some day on: how many days a year has depends on where it begins.
fn is_longer(one: Duration, other: Duration) -> bool {
    let ends = |duration: Duration, day: i64| duration.after(START + day * DAY).unwrap_or(i64::MAX);
    (0..STARTS).any(|day| ends(one, day) > ends(other, day))
}
