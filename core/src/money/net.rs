//! A net amount: what is left, and on which side.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::wire::{self, FromUnits};
use super::{Amount, AmountDisplay, ParseUnitsError};

/// A signed number of smallest units, from `-u128::MAX` to `u128::MAX`.
///
/// Used for what is derived, such as a balance; what is recorded is an [`Amount`] and a side.
///
/// Serialised as a string of decimal digits with `-` before a negative number (`"-25000"`),
/// canonical: no `+`, no leading zero, no `-0`. Deserialised from that string or from an integer,
/// never from a float.
// INVARIANT: `negative` is false if `magnitude` is zero, so the derived equality is numeric.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Net {
    negative: bool,
    magnitude: u128,
}

impl Net {
    /// Nothing on either side.
    pub const ZERO: Self = Self::new(false, 0);

    /// The net amount of this sign and size. A zero is never negative, whatever is asked.
    pub const fn new(negative: bool, magnitude: u128) -> Self {
        Self { negative: negative && magnitude != 0, magnitude }
    }

    /// `plus - minus`, which always fits.
    pub const fn between(plus: u128, minus: u128) -> Self {
        Self::new(plus < minus, plus.abs_diff(minus))
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.negative
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.magnitude == 0
    }

    /// Its distance from zero, in smallest units.
    pub const fn magnitude(self) -> u128 {
        self.magnitude
    }

    /// The same distance on the other side of zero.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self::new(!self.negative, self.magnitude)
    }

    /// The amount, or nothing if it is below zero.
    pub fn to_amount(self) -> Option<Amount> {
        (!self.negative).then_some(Amount::from_units(self.magnitude))
    }

    /// `self + other`, or nothing if its size is beyond `u128::MAX` units.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.negative == other.negative {
            let magnitude = self.magnitude.checked_add(other.magnitude)?;
            return Some(Self::new(self.negative, magnitude));
        }
        Some(if self.negative {
            Self::between(other.magnitude, self.magnitude)
        } else {
            Self::between(self.magnitude, other.magnitude)
        })
    }

    /// `self - other`, or nothing if its size is beyond `u128::MAX` units.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negated())
    }

    /// The decimal text with exactly `scale` fraction digits, `-` before a negative number:
    /// `-250.00`.
    pub fn to_text(self, scale: u8) -> String {
        self.display(scale).to_string()
    }

    /// [`to_text`](Self::to_text) for a formatter, without an allocation.
    pub const fn display(self, scale: u8) -> NetDisplay {
        let magnitude = Amount::from_units(self.magnitude).display(scale);
        NetDisplay { negative: self.negative, magnitude }
    }
}

impl From<Amount> for Net {
    fn from(amount: Amount) -> Self {
        Self::new(false, amount.units())
    }
}

impl Ord for Net {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude.cmp(&other.magnitude),
            (true, true) => other.magnitude.cmp(&self.magnitude),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Net {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Prints a net amount with exactly its scale's number of fraction digits. Width, fill and
/// precision of the formatter are ignored.
#[derive(Clone, Copy, Debug)]
pub struct NetDisplay {
    negative: bool,
    magnitude: AmountDisplay,
}

impl fmt::Display for NetDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.negative { "-" } else { "" }, self.magnitude)
    }
}

impl Serialize for Net {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.display(0))
    }
}

impl<'de> Deserialize<'de> for Net {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::deserialize_units(deserializer)
    }
}

impl FromUnits for Net {
    const EXPECTING: &'static str = "a whole number of units, as a string or an integer";

    fn from_text(text: &str) -> Result<Self, ParseUnitsError> {
        let Some(digits) = text.strip_prefix('-') else {
            return wire::parse_digits(text, text, 0).map(|units| Self::new(false, units));
        };
        match wire::parse_digits(text, digits, 1)? {
            0 => Err(ParseUnitsError::NegativeZero { input: super::Excerpt::new(text) }),
            units => Ok(Self::new(true, units)),
        }
    }

    fn from_sign(negative: bool, magnitude: u128) -> Option<Self> {
        Some(Self::new(negative, magnitude))
    }
}

#[cfg(test)]
#[path = "net_tests.rs"]
mod tests;
