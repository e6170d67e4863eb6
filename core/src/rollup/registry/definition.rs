//! What a rollup is, as data.

use std::sync::Arc;

use minicbor::{Decoder, Encoder};

use super::RollupError;
use crate::codec::{self, Canonical, CodecError};
use crate::rollup::width::CENTURY;
use crate::rollup::{Calendar, Hierarchy, Late, Rules, Width, Zone};

/// A name is at most so many bytes long.
pub const NAME: usize = 64;
/// Prices and quantities have at most so many digits behind the point: then their product is told in 38.
pub const SCALE: u8 = 18;

/// What a rollup is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: Arc<str>,
    /// The rollup whose trades it is made of; `None` where it has its own.
    pub of: Option<Arc<str>>,
    /// The widths of its buckets, the finest first.
    pub levels: Vec<Width>,
    /// By whose clocks buckets begin; UTC's by default.
    pub zone: Option<Zone>,
    /// What those clocks show where buckets are counted from, in nanoseconds as if it were UTC: of months only the month counts. By default Monday,
    /// 3 January 2000, and of months January 2000.
    pub origin: Option<i64>,
    /// By how many nanoseconds buckets begin later, or earlier: a day from 17:00 to 17:00 is one with −7 hours.
    pub offset: i64,
    /// How far the watermark is behind the newest trade of a symbol, in nanoseconds.
    pub delay: i64,
    /// What becomes of trades whose bucket is closed.
    pub late: Late,
    /// Of some levels, by their places, for how many nanoseconds their buckets are kept: in order.
    pub keep: Vec<(usize, i64)>,
    /// Digits of prices behind the point.
    pub price_scale: u8,
    /// Digits of quantities behind the point.
    pub quantity_scale: u8,
}

impl Definition {
    /// The levels that a market is asked for.
    pub const LEVELS: [&'static str; 8] = ["1m", "5m", "15m", "1h", "4h", "1d", "1w", "1M"];

    /// The rollup that is given the trades: itself, or that which it is `of`.
    #[must_use]
    pub fn root(&self) -> &Arc<str> {
        self.of.as_ref().unwrap_or(&self.name)
    }

    /// How a market is folded by it.
    ///
    /// # Errors
    /// A name that is none, levels that are none, a length of time that is below zero, a scale that is too large.
    pub fn rules(&self) -> Result<Rules, RollupError> {
        if !is_name(&self.name) {
            return Err(RollupError::Name { name: excerpt(&self.name) });
        }
        let calendar = |width: &Width| {
            let calendar = Calendar::new(*width).moved_by(self.offset);
            let calendar = self.origin.into_iter().fold(calendar, Calendar::from_origin);
            self.zone.iter().cloned().fold(calendar, Calendar::in_zone)
        };
        // Beyond that a bucket is moved past others, and instants at the end of time have none.
        if self.offset.unsigned_abs() > CENTURY.unsigned_abs() {
            return Err(RollupError::Span { field: "offset" });
        }
        let levels = Hierarchy::new(self.levels.iter().map(calendar).collect())?;
        if self.delay < 0 {
            return Err(RollupError::Span { field: "delay" });
        }
        if self.late != Late::Refuse && self.late.horizon() <= 0 {
            return Err(RollupError::Span { field: "horizon" });
        }
        let mut last = None;
        for (level, span) in &self.keep {
            if *span <= 0 || *level >= self.levels.len() || last >= Some(*level) {
                return Err(RollupError::Span { field: "keep" });
            }
            last = Some(*level);
        }
        for (field, scale) in self.scales() {
            if scale > SCALE {
                return Err(RollupError::Scale { field, scale });
            }
        }
        Ok(Rules { levels, delay: self.delay, late: self.late })
    }

    /// Whether another has the same scales, as it must where both have the same trades.
    pub(super) fn check_scales(&self, other: &Self) -> Result<(), RollupError> {
        for ((field, own), (_, next)) in self.scales().into_iter().zip(other.scales()) {
            if own != next {
                return Err(RollupError::OtherScale { field, own, next });
            }
        }
        Ok(())
    }

    const fn scales(&self) -> [(&'static str, u8); 2] {
        [("price_scale", self.price_scale), ("quantity_scale", self.quantity_scale)]
    }
}

fn is_name(name: &str) -> bool {
    let is_of_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    (1..=NAME).contains(&name.len()) && name.bytes().all(is_of_name)
}

pub(super) fn excerpt(name: &str) -> String {
    name.chars().take(NAME).collect()
}

impl Canonical for Definition {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        let horizon = self.late.horizon();
        let present = [
            (1, true),
            (2, self.of.is_some()),
            (3, true),
            (4, self.zone.is_some()),
            (5, true),
            (6, true),
            (7, horizon > 0),
            (8, !self.keep.is_empty()),
            (9, true),
            (10, true),
            (11, self.origin.is_some()),
            (12, self.offset != 0),
        ];
        codec::fields(to, &present, |field, to| {
            match field {
                1 => drop(to.str(&self.name)?),
                2 => drop(to.str(self.of.as_deref().unwrap_or_default())?),
                3 => {
                    to.array(self.levels.len() as u64)?;
                    for width in &self.levels {
                        to.str(&width.to_string())?;
                    }
                }
                4 => drop(to.str(self.zone.as_ref().map_or("", Zone::name))?),
                5 => drop(to.i64(self.delay)?),
                6 => drop(to.u32(late_number(self.late))?),
                7 => drop(to.i64(horizon)?),
                8 => {
                    to.array(self.keep.len() as u64)?;
                    for (level, span) in &self.keep {
                        to.array(2)?.u64(*level as u64)?.i64(*span)?;
                    }
                }
                9 => drop(to.u8(self.price_scale)?),
                10 => drop(to.u8(self.quantity_scale)?),
                11 => drop(to.i64(self.origin.unwrap_or_default())?),
                _ => drop(to.i64(self.offset)?),
            }
            Ok(())
        })
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let (mut name, mut of, mut zone, mut horizon) = (None, None, None, 0);
        let (mut levels, mut keep) = (Vec::new(), Vec::new());
        let (mut origin, mut offset) = (None, 0);
        let (mut delay, mut late, mut price_scale, mut quantity_scale) = (None, None, None, None);
        codec::read_fields(from, |field, from| {
            match field {
                1 => name = Some(from.str()?.into()),
                2 => of = Some(from.str()?.into()),
                3 => {
                    for _ in 0..from.array()?.ok_or(CodecError::NotCanonical)? {
                        levels.push(from.str()?.parse().map_err(|_| CodecError::Malformed)?);
                    }
                }
                4 => zone = Some(from.str()?.parse().map_err(|_| CodecError::Malformed)?),
                5 => delay = Some(from.i64()?),
                6 => late = Some(from.u32()?),
                7 => horizon = from.i64()?,
                8 => {
                    for _ in 0..from.array()?.ok_or(CodecError::NotCanonical)? {
                        if from.array()? != Some(2) {
                            return Err(CodecError::Malformed);
                        }
                        let level = usize::try_from(from.u64()?);
                        keep.push((level.map_err(|_| CodecError::TooLarge)?, from.i64()?));
                    }
                }
                9 => price_scale = Some(from.u8()?),
                10 => quantity_scale = Some(from.u8()?),
                11 => origin = Some(from.i64()?),
                12 => match from.i64()? {
                    0 => return Err(CodecError::NotCanonical),
                    moved => offset = moved,
                },
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        let missing = CodecError::MissingField;
        let late = match late.ok_or(missing(6))? {
            0 => Late::Refuse,
            1 => Late::Merge { horizon },
            2 => Late::Correct { horizon },
            _ => return Err(CodecError::TooLarge),
        };
        let definition = Self {
            name: name.ok_or(missing(1))?,
            of,
            levels,
            zone,
            origin,
            offset,
            delay: delay.ok_or(missing(5))?,
            late,
            keep,
            price_scale: price_scale.ok_or(missing(9))?,
            quantity_scale: quantity_scale.ok_or(missing(10))?,
        };
        definition.rules().map_err(|_| CodecError::TooLarge)?;
        Ok(definition)
    }
}

const fn late_number(late: Late) -> u32 {
    match late {
        Late::Refuse => 0,
        Late::Merge { .. } => 1,
        Late::Correct { .. } => 2,
    }
}

#[cfg(test)]
#[path = "definition_tests.rs"]
mod tests;
