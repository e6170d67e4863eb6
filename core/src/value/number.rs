//! Rego's numbers: decimals of any size up to a bound, exact.
//!
//! A number that was written keeps its text (`1.0` and `1e3` print as they stand), as OPA keeps it. One that was computed prints as Go's `%f`
//! if it is whole and else as Go's `%g`: the shortest digits, with an exponent below 10⁻⁴ and from 10⁶ (`1.5e+06`).
//! Sum, difference and product are exact. A quotient that is not whole has 64 bits of mantissa, rounded to even, and the fewest digits that tell it
//! from its neighbours, which is what OPA's `big.Float` answers.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{Pow as _, Signed as _, ToPrimitive as _, Zero as _};

/// The most decimal digits that a number may need, written out without an exponent, on either side of the point.
pub const DIGITS: i64 = 10_000;

/// A number out of bounds, or an operation that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is no number of JSON.
    #[error("is no number")]
    Malformed,
    /// It has more than [`DIGITS`] digits.
    #[error("has more than {DIGITS} digits")]
    Large,
    /// A division by zero.
    #[error("divide by zero")]
    DivideByZero,
    /// A remainder by zero.
    #[error("modulo by zero")]
    ModuloByZero,
    /// A remainder of what is not whole.
    #[error("modulo on floating-point number")]
    ModuloOfFraction,
}

/// A decimal number. Equality and order are by value: `1` is `1.0`.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Int(i64),
    Decimal(Arc<Decimal>),
}

/// `mantissa × 10^exponent`, with the text that it was written as, if it was.
#[derive(Clone, Debug)]
struct Decimal {
    mantissa: BigInt,
    exponent: i64,
    text: Option<Box<str>>,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Repr::Int(0));

    /// Of JSON's text of a number, which it keeps.
    ///
    /// # Errors
    ///
    /// The text is no number, or is out of bounds.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        if let Some(int) = canonical(text) {
            return Ok(Self(Repr::Int(int)));
        }
        let (mantissa, exponent) = scan(text)?;
        bound(&mantissa, exponent)?;
        let text = Some(Box::from(text));
        Ok(Self(Repr::Decimal(Arc::new(Decimal { mantissa, exponent, text }))))
    }

    /// `mantissa × 10^exponent`, as computed.
    ///
    /// # Errors
    ///
    /// It has more than [`DIGITS`] digits.
    pub fn from_decimal(mantissa: BigInt, exponent: i64) -> Result<Self, NumberError> {
        bound(&mantissa, exponent)?;
        Ok(Self::computed(mantissa, exponent))
    }

    /// The same of what is within the bound, or was a digit ago.
    fn computed(mantissa: BigInt, exponent: i64) -> Self {
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        if mantissa.is_zero() {
            return Self::ZERO;
        }
        if exponent > 0 {
            mantissa *= power(exponent);
            exponent = 0;
        }
        if exponent < 0 {
            (mantissa, exponent) = trimmed(mantissa, exponent);
        }
        if exponent > 0 {
            mantissa *= power(exponent);
            exponent = 0;
        }
        if exponent == 0
            && let Some(int) = mantissa.to_i64()
        {
            return Self(Repr::Int(int));
        }
        Self(Repr::Decimal(Arc::new(Decimal { mantissa, exponent, text: None })))
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// It has more than [`DIGITS`] digits.
    pub fn from_bigint(int: BigInt) -> Result<Self, NumberError> {
        Self::from_decimal(int, 0)
    }

    /// Mantissa and exponent: the number is `mantissa × 10^exponent`. Not normalised.
    #[must_use]
    pub fn decimal(&self) -> (BigInt, i64) {
        match &self.0 {
            Repr::Int(int) => (BigInt::from(*int), 0),
            Repr::Decimal(decimal) => (decimal.mantissa.clone(), decimal.exponent),
        }
    }

    /// Whether it is whole.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Int(_) => true,
            Repr::Decimal(_) => self.to_bigint().is_some(),
        }
    }

    /// Whether it is written as an integer, without point or exponent: what OPA takes for an integer where it looks at the text.
    #[must_use]
    pub fn is_integer_text(&self) -> bool {
        match &self.0 {
            Repr::Int(_) => true,
            Repr::Decimal(decimal) => match &decimal.text {
                Some(text) => !text.contains(['.', 'e', 'E']),
                None => decimal.exponent == 0,
            },
        }
    }

    /// The whole number, if it is one.
    #[must_use]
    pub fn to_bigint(&self) -> Option<BigInt> {
        match &self.0 {
            Repr::Int(int) => Some(BigInt::from(*int)),
            Repr::Decimal(decimal) if decimal.exponent >= 0 => {
                Some(&decimal.mantissa * power(decimal.exponent))
            }
            Repr::Decimal(decimal) => {
                let (whole, rest) = decimal.mantissa.div_rem(&power(-decimal.exponent));
                rest.is_zero().then_some(whole)
            }
        }
    }

    /// The whole number, if it is one and 64 bits hold it.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        if let Repr::Int(int) = &self.0 { Some(*int) } else { self.to_bigint()?.to_i64() }
    }

    /// The whole number, if it is one and 64 bits hold it.
    #[must_use]
    pub fn to_u64(&self) -> Option<u64> {
        if let Repr::Int(int) = &self.0 {
            return u64::try_from(*int).ok();
        }
        self.to_bigint()?.to_u64()
    }

    /// The whole number as an index, if it is one.
    #[must_use]
    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(self.to_u64()?).ok()
    }

    /// −1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> i64 {
        match &self.0 {
            Repr::Int(int) => int.signum(),
            Repr::Decimal(decimal) => decimal.mantissa.signum().to_i64().unwrap_or(0),
        }
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// It is out of bounds.
    pub fn add(&self, other: &Self) -> Result<Self, NumberError> {
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0)
            && let Some(sum) = a.checked_add(*b)
        {
            return Ok(Self(Repr::Int(sum)));
        }
        let (a, b, exponent) = aligned(self, other);
        Self::from_decimal(a + b, exponent)
    }

    /// The difference.
    ///
    /// # Errors
    ///
    /// It is out of bounds.
    pub fn sub(&self, other: &Self) -> Result<Self, NumberError> {
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0)
            && let Some(difference) = a.checked_sub(*b)
        {
            return Ok(Self(Repr::Int(difference)));
        }
        let (a, b, exponent) = aligned(self, other);
        Self::from_decimal(a - b, exponent)
    }

    /// The product.
    ///
    /// # Errors
    ///
    /// It is out of bounds.
    pub fn mul(&self, other: &Self) -> Result<Self, NumberError> {
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0)
            && let Some(product) = a.checked_mul(*b)
        {
            return Ok(Self(Repr::Int(product)));
        }
        let ((a, a_exponent), (b, b_exponent)) = (self.decimal(), other.decimal());
        Self::from_decimal(a * b, a_exponent + b_exponent)
    }

    /// The quotient: exact if it is whole, else of 64 bits.
    ///
    /// # Errors
    ///
    /// A division by zero, or out of bounds.
    pub fn div(&self, other: &Self) -> Result<Self, NumberError> {
        if other.signum() == 0 {
            return Err(NumberError::DivideByZero);
        }
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0)
            && a.checked_rem(*b) == Some(0)
        {
            return Ok(Self(Repr::Int(a / b)));
        }
        let (a, b, _) = aligned(self, other);
        let (whole, rest) = a.div_rem(&b);
        if rest.is_zero() {
            return Self::from_bigint(whole);
        }
        let negative = a.is_negative() != b.is_negative();
        let (mantissa, exponent) = super::number_float::quotient(&a.abs(), &b.abs());
        Self::from_decimal(if negative { -mantissa } else { mantissa }, exponent)
    }

    /// The remainder, which has the sign of the dividend.
    ///
    /// # Errors
    ///
    /// By zero, or of numbers that are not whole.
    pub fn rem(&self, other: &Self) -> Result<Self, NumberError> {
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0)
            && let Some(rest) = a.checked_rem(*b)
        {
            return Ok(Self(Repr::Int(rest)));
        }
        let whole = self.to_bigint().zip(other.to_bigint());
        let (a, b) = whole.ok_or(NumberError::ModuloOfFraction)?;
        if b.is_zero() {
            return Err(NumberError::ModuloByZero);
        }
        Self::from_bigint(a % b)
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.signum() < 0 { self.neg() } else { self.clone() }
    }

    /// The number with the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        if let Repr::Int(int) = &self.0
            && let Some(negative) = int.checked_neg()
        {
            return Self(Repr::Int(negative));
        }
        let (mantissa, exponent) = self.decimal();
        Self::computed(-mantissa, exponent)
    }

    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.whole(|mantissa, power| mantissa.div_floor(power))
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.whole(|mantissa, power| mantissa.div_ceil(power))
    }

    /// The nearest whole number; a half is rounded away from zero.
    #[must_use]
    pub fn round(&self) -> Self {
        self.whole(|mantissa, power| {
            let twice: BigInt = mantissa.abs() * 2 + power;
            let magnitude = twice.div_floor(&(power * 2));
            if mantissa.is_negative() { -magnitude } else { magnitude }
        })
    }

    /// In units of 10⁻¹⁸, if that fits: what amounts are compared in, without big integers.
    fn small(&self) -> Option<i128> {
        const PLACES: i64 = 18;
        let (mantissa, exponent) = match &self.0 {
            Repr::Int(int) => (*int, 0),
            Repr::Decimal(decimal) => (decimal.mantissa.to_i64()?, decimal.exponent),
        };
        let places = u32::try_from(exponent.checked_add(PLACES)?).ok()?;
        i128::from(mantissa).checked_mul(10i128.checked_pow(places)?)
    }

    fn whole(&self, of: impl Fn(&BigInt, &BigInt) -> BigInt) -> Self {
        let (mantissa, exponent) = match &self.0 {
            Repr::Int(_) => return self.clone(),
            Repr::Decimal(decimal) => (&decimal.mantissa, decimal.exponent),
        };
        let whole = if exponent >= 0 {
            mantissa * power(exponent)
        } else {
            of(mantissa, &power(-exponent))
        };
        Self::computed(whole, 0)
    }
}

impl From<i64> for Number {
    fn from(int: i64) -> Self {
        Self(Repr::Int(int))
    }
}

impl From<u64> for Number {
    fn from(int: u64) -> Self {
        match i64::try_from(int) {
            Ok(int) => Self(Repr::Int(int)),
            Err(_) => Self(Repr::Decimal(Arc::new(Decimal {
                mantissa: BigInt::from(int),
                exponent: 0,
                text: None,
            }))),
        }
    }
}

impl From<usize> for Number {
    fn from(int: usize) -> Self {
        Self::from(u64::try_from(int).unwrap_or(u64::MAX))
    }
}

impl From<u32> for Number {
    fn from(int: u32) -> Self {
        Self(Repr::Int(i64::from(int)))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0) {
            return a.cmp(b);
        }
        let signs = self.signum().cmp(&other.signum());
        if signs != Ordering::Equal {
            return signs;
        }
        if let (Some(a), Some(b)) = (self.small(), other.small()) {
            return a.cmp(&b);
        }
        let (a, b, _) = aligned(self, other);
        a.cmp(&b)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(int) => int.fmt(f),
            Repr::Decimal(decimal) => match &decimal.text {
                Some(text) => f.write_str(text),
                None => f.write_str(&computed(&decimal.mantissa, decimal.exponent)),
            },
        }
    }
}

/// The text of a computed number: Go's `%f` if it is whole, else Go's `%g` of its digits.
fn computed(mantissa: &BigInt, exponent: i64) -> String {
    let sign = if mantissa.is_negative() { "-" } else { "" };
    let digits = mantissa.abs().to_string();
    if exponent >= 0 {
        let zeros = "0".repeat(usize::try_from(exponent).unwrap_or(0));
        return format!("{sign}{digits}{zeros}");
    }
    let point = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(exponent);
    let power = point - 1;
    if !(-4..6).contains(&power) {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let mark = if power < 0 { '-' } else { '+' };
        return format!("{sign}{first}{dot}{rest}e{mark}{:02}", power.abs());
    }
    match usize::try_from(point) {
        Ok(point) if point > 0 => {
            let (whole, fraction) = digits.split_at(point);
            format!("{sign}{whole}.{fraction}")
        }
        _ => {
            let zeros = "0".repeat(usize::try_from(-point).unwrap_or(0));
            format!("{sign}0.{zeros}{digits}")
        }
    }
}

/// The integer, if the text is how it prints: no `-0`, no `007`.
fn canonical(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let leading = digits.starts_with('0') && (digits.len() > 1 || digits.len() < text.len());
    if plain && !leading { text.parse().ok() } else { None }
}

/// Mantissa and exponent by JSON's grammar: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
fn scan(text: &str) -> Result<(BigInt, i64), NumberError> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (plain, power) = match unsigned.split_once(['e', 'E']) {
        Some((plain, power)) => (plain, Some(power)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (plain, None),
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let power_digits = power.map(|power| power.strip_prefix(['+', '-']).unwrap_or(power));
    let leading = whole.len() > 1 && whole.starts_with('0');
    if !are_digits(whole)
        || leading
        || fraction.is_some_and(|fraction| !are_digits(fraction))
        || power_digits.is_some_and(|power| !are_digits(power))
    {
        return Err(NumberError::Malformed);
    }
    let fraction = fraction.unwrap_or_default();
    let limit = usize::try_from(DIGITS).unwrap_or(usize::MAX);
    if whole.len() > limit || fraction.len() > limit {
        return Err(NumberError::Large);
    }
    let power = match power {
        Some(power) => power.parse::<i64>().map_err(|_| NumberError::Large)?,
        None => 0,
    };
    let places = i64::try_from(fraction.len()).map_err(|_| NumberError::Large)?;
    let mantissa = format!("{whole}{fraction}").parse::<BigInt>();
    let mantissa = mantissa.map_err(|_| NumberError::Malformed)?;
    if mantissa.is_zero() {
        return Ok((mantissa, 0));
    }
    let exponent = power.checked_sub(places).ok_or(NumberError::Large)?;
    Ok((if unsigned.len() < text.len() { -mantissa } else { mantissa }, exponent))
}

fn bound(mantissa: &BigInt, exponent: i64) -> Result<(), NumberError> {
    if mantissa.is_zero() {
        return Ok(());
    }
    // A bit is 0.30103 digits; 1233 / 4096 is that within a digit of the bound.
    let bits = i64::try_from(mantissa.bits()).unwrap_or(i64::MAX);
    let digits = bits.saturating_mul(1233) / 4096;
    let large =
        digits.saturating_add(exponent) > DIGITS || exponent < -DIGITS || digits > 2 * DIGITS;
    if large { Err(NumberError::Large) } else { Ok(()) }
}

/// Two mantissas of one exponent.
fn aligned(a: &Number, b: &Number) -> (BigInt, BigInt, i64) {
    let ((a, a_exponent), (b, b_exponent)) = (a.decimal(), b.decimal());
    let exponent = a_exponent.min(b_exponent);
    let raise = |mantissa: BigInt, of: i64| {
        if of == exponent { mantissa } else { mantissa * power(of - exponent) }
    };
    (raise(a, a_exponent), raise(b, b_exponent), exponent)
}

/// Without zeros at the end of a fraction: doubling steps, so that many zeros take few divisions.
fn trimmed(mantissa: BigInt, exponent: i64) -> (BigInt, i64) {
    let (mut mantissa, mut exponent, mut step) = (mantissa, exponent, 1);
    while exponent < 0 && step >= 1 {
        let take = step.min(-exponent);
        let (shorter, rest) = mantissa.div_rem(&power(take));
        if rest.is_zero() {
            mantissa = shorter;
            exponent += take;
            step = take * 2;
        } else {
            step = take / 2;
        }
    }
    (mantissa, exponent)
}

/// 10 to a power that is not negative and within bounds.
fn power(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
