//! Serialised forms: text, because a JSON number loses digits beyond 2^53.

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, Error, Visitor};

use super::{Excerpt, ParseUnitsError};

/// Reads a value from a string through its `FromStr`.
pub(super) fn deserialize_text<'de, D, T>(
    deserializer: D,
    expecting: &'static str,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    deserializer.deserialize_str(TextVisitor { expecting, value: PhantomData })
}

/// A number of smallest units, as text or as an integer.
pub(super) trait FromUnits: Sized {
    /// What an error message says was expected.
    const EXPECTING: &'static str;

    /// Reads the canonical text.
    fn from_text(text: &str) -> Result<Self, ParseUnitsError>;

    /// The value with this sign, or nothing if there is none.
    fn from_sign(negative: bool, magnitude: u128) -> Option<Self>;
}

/// Reads a number of units. Floats are refused, even whole ones: their digits may be lost already.
pub(super) fn deserialize_units<'de, D: Deserializer<'de>, T: FromUnits>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(UnitsVisitor(PhantomData))
}

/// Reads `0` or digits without a leading zero. `input` is what an error quotes, and `skipped` the
/// number of characters of it before `digits`.
pub(super) fn parse_digits(
    input: &str,
    digits: &str,
    skipped: usize,
) -> Result<u128, ParseUnitsError> {
    if digits.is_empty() {
        return Err(ParseUnitsError::NoDigits { input: Excerpt::new(input) });
    }
    if let Some(index) = digits.chars().position(|c| !c.is_ascii_digit()) {
        let position = skipped + index + 1;
        return Err(ParseUnitsError::NotADigit { input: Excerpt::new(input), position });
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return Err(ParseUnitsError::LeadingZero { input: Excerpt::new(input) });
    }
    digits.parse().map_err(|_| ParseUnitsError::Overflow { input: Excerpt::new(input) })
}

struct TextVisitor<T> {
    expecting: &'static str,
    value: PhantomData<T>,
}

impl<T: FromStr<Err: Display>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

struct UnitsVisitor<T>(PhantomData<T>);

impl<T: FromUnits> UnitsVisitor<T> {
    fn signed<E: Error>(negative: bool, magnitude: u128) -> Result<T, E> {
        T::from_sign(negative, magnitude)
            .ok_or_else(|| E::custom(format_args!("expected {}", T::EXPECTING)))
    }
}

impl<T: FromUnits> Visitor<'_> for UnitsVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTING)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, units: u64) -> Result<T, E> {
        Self::signed(false, units.into())
    }

    fn visit_u128<E: Error>(self, units: u128) -> Result<T, E> {
        Self::signed(false, units)
    }

    fn visit_i64<E: Error>(self, units: i64) -> Result<T, E> {
        Self::signed(units < 0, units.unsigned_abs().into())
    }

    fn visit_i128<E: Error>(self, units: i128) -> Result<T, E> {
        Self::signed(units < 0, units.unsigned_abs())
    }
}
