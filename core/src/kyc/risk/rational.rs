//! Fractions of whole numbers: what scores are calculated in, so that nothing is rounded before it is printed.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Pow as _, Signed as _, Zero as _};

use super::super::logic::decimal::plain;
use crate::value::Number;

/// The digits behind the point that are printed.
const DIGITS: u32 = 6;

/// An exact number of a score. Equality and order are by value; printed it has at most six digits behind the point, and a half goes to the even one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rational {
    // INVARIANT: in lowest terms, and the bottom is above zero.
    top: BigInt,
    bottom: BigInt,
}

impl Rational {
    /// Nothing.
    #[must_use]
    pub fn zero() -> Self {
        Self { top: BigInt::zero(), bottom: BigInt::one() }
    }

    /// What stands above the line, in lowest terms.
    #[must_use]
    pub const fn numerator(&self) -> &BigInt {
        &self.top
    }

    /// What stands below the line, in lowest terms; above zero.
    #[must_use]
    pub const fn denominator(&self) -> &BigInt {
        &self.bottom
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self::lowest(
            &self.top * &other.bottom + &other.top * &self.bottom,
            &self.bottom * &other.bottom,
        )
    }

    /// The product.
    pub(super) fn mul(&self, other: &Self) -> Self {
        Self::lowest(&self.top * &other.top, &self.bottom * &other.bottom)
    }

    /// The quotient; nothing by nothing is nothing, and a model has no weights that add up to it.
    pub(super) fn div(&self, other: &Self) -> Self {
        if other.top.is_zero() {
            return Self::zero();
        }
        Self::lowest(&self.top * &other.bottom, &self.bottom * &other.top)
    }

    fn lowest(top: BigInt, bottom: BigInt) -> Self {
        let (top, bottom) = if bottom.is_negative() { (-top, -bottom) } else { (top, bottom) };
        let common = top.gcd(&bottom);
        if common.is_one() || common.is_zero() {
            return Self { top, bottom };
        }
        Self { top: top / &common, bottom: bottom / common }
    }

    /// In units of the last digit that is printed: the nearest whole number, a half to the even one; and whether that is exact.
    fn units(&self) -> (BigInt, bool) {
        let scaled = &self.top * BigInt::from(10).pow(DIGITS);
        let (whole, rest) = scaled.div_mod_floor(&self.bottom);
        let up = match (&rest * 2_u32).cmp(&self.bottom) {
            Ordering::Less => false,
            Ordering::Equal => whole.is_odd(),
            Ordering::Greater => true,
        };
        (if up { whole + 1_u32 } else { whole }, rest.is_zero())
    }

    /// Whether what is printed is all of it.
    #[must_use]
    pub fn is_printed_exactly(&self) -> bool {
        self.units().1
    }

    /// The decimal that is printed.
    #[must_use]
    pub fn to_number(&self) -> Number {
        // INVARIANT: numbers of models and overrides have few digits (`read::NUMBER`), and so have their sums and products.
        Number::from_decimal(self.units().0, -i64::from(DIGITS)).unwrap_or(Number::ZERO)
    }
}

impl From<&Number> for Rational {
    fn from(number: &Number) -> Self {
        let (mantissa, exponent) = number.decimal();
        let power = BigInt::from(10).pow(u32::try_from(exponent.unsigned_abs()).unwrap_or(0));
        if exponent < 0 {
            Self::lowest(mantissa, power)
        } else {
            Self { top: mantissa * power, bottom: BigInt::one() }
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.top * &other.bottom).cmp(&(&other.top * &self.bottom))
    }
}

/// At most six digits behind the point: `41.666667`.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(&self.to_number()))
    }
}

#[cfg(test)]
#[path = "rational_tests.rs"]
mod tests;
