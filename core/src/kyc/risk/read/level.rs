//! Levels: where each begins, and when customer information is updated.

use super::super::super::chart::Duration;
use super::super::{LEVELS, Level};
use super::Reader;
use crate::kyc::reader::cursor::Cursor;
use crate::time::DAY;
use crate::value::Number;

/// The level from which on the risk is higher, in the words of Art. 26(2)(a) AMLR.
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
        let mut higher = false;
        for at in &self.list(list, LEVELS) {
            let Some(level) = self.level(at, &mut higher) else { continue };
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

    /// One level; `higher` if it is the high one, or above it.
    fn level(&mut self, at: &Cursor<'_>, higher: &mut bool) -> Option<Level> {
        let known = ["level", "from", "refresh", "refuse", "beyond_amlr", "description"];
        let fields = self.fields(at, "a level", &known)?;
        let name = self.needed(fields, "level").and_then(|at| self.name(&at));
        let from = self.needed(fields, "from").and_then(|at| self.number(&at));
        let refuse = fields.get("refuse").is_some_and(|at| self.boolean(&at));
        let beyond = fields.get("beyond_amlr").is_some_and(|at| self.boolean(&at));
        if let Some(at) = fields.get("description") {
            self.told(&at);
        }
        *higher |= name.as_deref() == Some(HIGH);
        let refresh = match fields.get("refresh") {
            Some(at) => self.refresh(&at, *higher, beyond),
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
        higher: bool,
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
        let (most, point) = if higher { (YEAR, "a") } else { (YEARS, "b") };
        if !beyond && most.parse().is_ok_and(|most| is_longer(duration, most)) {
            self.wrong(
                at,
                format!("Art. 26(2)({point}) of Regulation (EU) 2024/1624 allows {most} at most here: shorten it, or write `beyond_amlr: true` beside it"),
            );
        }
        Some((text.to_string(), duration))
    }
}

/// Whether a duration is over later than another, from some day on: how many days a year has depends on where it begins.
fn is_longer(one: Duration, other: Duration) -> bool {
    let ends = |duration: Duration, day: i64| duration.after(START + day * DAY).unwrap_or(i64::MAX);
    (0..STARTS).any(|day| ends(one, day) > ends(other, day))
}
