//! The few operations on 256-bit integers that exact conversion and allocation need.
//!
//! Multiplication is by 64-bit halves. Division follows Knuth, *The Art of Computer Programming*
//! volume 2, 4.3.1, algorithm D, in the two-digit form of Warren, *Hacker's Delight*, chapter 9:
//! a divisor of up to 128 bits takes two quotient digits, a longer one takes an estimate that is at
//! most one too small.

use std::cmp::Ordering;

use super::{ConvertError, RoundingDirection, RoundingMode};

/// An unsigned integer of 256 bits: `high × 2^128 + low`.
// INVARIANT: `high` comes before `low`, so that the derived order is the numeric order.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct U256 {
    pub(super) high: u128,
    pub(super) low: u128,
}

impl U256 {
    pub(crate) const ZERO: Self = Self::from_u128(0);

    pub(crate) const fn from_u128(low: u128) -> Self {
        Self { high: 0, low }
    }

    /// The upper and the lower word.
    pub(crate) const fn words(self) -> (u128, u128) {
        (self.high, self.low)
    }

    pub(crate) const fn from_words(high: u128, low: u128) -> Self {
        Self { high, low }
    }

    /// The exact product of two 128-bit integers.
    pub(crate) const fn product(a: u128, b: u128) -> Self {
        let (a1, a0) = halves(a);
        let (b1, b0) = halves(b);
        // Each line is at most (2^64 - 1)^2 + 2^64 - 1 < 2^128, so none overflows.
        let bottom = a0 * b0;
        let left = a1 * b0 + (bottom >> 64);
        let right = a0 * b1 + (left & HALF_MASK);
        let high = a1 * b1 + (left >> 64) + (right >> 64);
        Self { high, low: (right << 64) | (bottom & HALF_MASK) }
    }

    /// The number, or nothing beyond 128 bits.
    pub(crate) const fn to_u128(self) -> Option<u128> {
        if self.high == 0 { Some(self.low) } else { None }
    }

    pub(super) const fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    /// `self + other`, or nothing beyond 256 bits.
    pub(crate) fn checked_add(self, other: Self) -> Option<Self> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high = self.high.checked_add(other.high)?.checked_add(u128::from(carry))?;
        Some(Self { high, low })
    }

    /// `self - other`, or nothing below zero.
    pub(crate) fn checked_sub(self, other: Self) -> Option<Self> {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        let high = self.high.checked_sub(other.high)?.checked_sub(u128::from(borrow))?;
        Some(Self { high, low })
    }

    /// `self × factor`, or nothing beyond 256 bits.
    pub(crate) fn checked_mul(self, factor: u128) -> Option<Self> {
        let low = Self::product(self.low, factor);
        let high = Self::product(self.high, factor);
        if high.high != 0 {
            return None;
        }
        Some(Self { high: high.low.checked_add(low.high)?, low: low.low })
    }

    /// The quotient and the remainder, or nothing if the divisor is zero or the quotient has more
    /// than 128 bits.
    pub(super) fn checked_div_rem(self, divisor: Self) -> Option<(u128, Self)> {
        if divisor.high == 0 {
            // Covers a divisor of zero: no high half is below it.
            if self.high >= divisor.low {
                return None;
            }
            let (quotient, remainder) = divide_two_words(self.high, self.low, divisor.low);
            return Some((quotient, Self::from_u128(remainder)));
        }
        if self < divisor {
            return Some((0, self));
        }
        let shift = divisor.high.leading_zeros();
        let divisor_top = shift_left(divisor.high, divisor.low, shift);
        // Halving the dividend keeps its high word below 2^127 and so below `divisor_top`.
        let halved_low = (self.high << 127) | (self.low >> 1);
        let (estimate, _) = divide_two_words(self.high >> 1, halved_low, divisor_top);
        // After the decrement the estimate is the quotient or one less.
        let mut quotient = (estimate >> (127 - shift)).saturating_sub(1);
        let mut remainder = self.checked_sub(divisor.checked_mul(quotient)?)?;
        if remainder >= divisor {
            quotient += 1;
            remainder = remainder.checked_sub(divisor)?;
        }
        Some((quotient, remainder))
    }

    /// The quotient and the remainder of a divisor of one word, which is not zero.
    fn div_rem_word(self, divisor: u128) -> (Self, u128) {
        let divisor = divisor.max(1);
        let (low, rest) = divide_two_words(self.high % divisor, self.low, divisor);
        (Self { high: self.high / divisor, low }, rest)
    }

    /// The quotient of a divisor of one word, rounded half to even.
    pub(crate) fn divided_half_even(self, divisor: u128) -> Self {
        let (floor, rest) = self.div_rem_word(divisor);
        let half = Self::from_u128(rest).cmp_half_of(Self::from_u128(divisor));
        let odd = !floor.low.is_multiple_of(2);
        match RoundingMode::HalfEven.direction(false, odd, half) {
            // INVARIANT: what is rounded up was divided by two or more.
            Some(RoundingDirection::AwayFromZero) => {
                floor.checked_add(Self::from_u128(1)).unwrap_or(floor)
            }
            _ => floor,
        }
    }

    /// The decimal text with exactly `scale` fraction digits.
    pub(crate) fn to_text(self, scale: u8) -> String {
        const DIGITS: usize = 38;
        let (mut rest, mut digits) = (self, String::new());
        while rest.high > 0 {
            let (next, word) = rest.div_rem_word(10_u128.pow(38));
            digits.insert_str(0, &format!("{word:0DIGITS$}"));
            rest = next;
        }
        let scale = usize::from(scale);
        let width = (scale + 1).saturating_sub(digits.len());
        let digits = format!("{:0width$}{digits}", rest.low);
        match digits.split_at(digits.len() - scale) {
            (whole, "") => whole.to_owned(),
            (whole, fraction) => format!("{whole}.{fraction}"),
        }
    }

    /// The quotient, rounded once, what rounding did, and what was left over before it.
    pub(crate) fn divided(
        self,
        divisor: Self,
        negative: bool,
        rounding: RoundingMode,
    ) -> Result<(u128, RoundingDirection, Self), ConvertError> {
        let (floor, rest) = self.checked_div_rem(divisor).ok_or(ConvertError::Overflow)?;
        if rest.is_zero() {
            return Ok((floor, RoundingDirection::Exact, rest));
        }
        let half = rest.cmp_half_of(divisor);
        let odd = !floor.is_multiple_of(2);
        let direction = rounding.direction(negative, odd, half).ok_or(ConvertError::Inexact)?;
        let quotient = match direction {
            RoundingDirection::AwayFromZero => {
                floor.checked_add(1).ok_or(ConvertError::Overflow)?
            }
            RoundingDirection::Exact | RoundingDirection::TowardZero => floor,
        };
        Ok((quotient, direction, rest))
    }

    /// How `self` compares with half of `whole`, which must not be smaller.
    pub(super) fn cmp_half_of(self, whole: Self) -> Ordering {
        match whole.checked_sub(self) {
            Some(rest) => self.cmp(&rest),
            None => Ordering::Greater,
        }
    }
}

/// `(high × 2^128 + low) / divisor` and its remainder.
// INVARIANT: `high < divisor`, so the quotient fits one word.
fn divide_two_words(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    if high == 0 {
        return (low / divisor, low % divisor);
    }
    let shift = divisor.leading_zeros();
    let divisor = divisor << shift;
    let top = shift_left(high, low, shift);
    let (next, last) = halves(low << shift);
    let (digit_high, rest) = divide_digit(top, next, divisor);
    let (digit_low, rest) = divide_digit(rest, last, divisor);
    ((digit_high << 64) | digit_low, rest >> shift)
}

/// `(rest × 2^64 + next) / divisor`, one 64-bit digit, and its remainder.
// INVARIANT: `rest < divisor`, `next < 2^64`, and the top bit of `divisor` is set.
fn divide_digit(rest: u128, next: u128, divisor: u128) -> (u128, u128) {
    let (divisor_high, divisor_low) = halves(divisor);
    let mut digit = rest / divisor_high;
    let mut over = rest % divisor_high;
    // At most two rounds: the estimate is never more than two too large.
    while digit > HALF_MASK || digit * divisor_low > ((over << 64) | next) {
        digit -= 1;
        over += divisor_high;
        if over > HALF_MASK {
            break;
        }
    }
    // The true remainder is below the divisor, so arithmetic modulo 2^128 finds it.
    let remainder = (rest << 64).wrapping_add(next).wrapping_sub(digit.wrapping_mul(divisor));
    (digit, remainder)
}

/// The high word of `(high × 2^128 + low) << shift`, for `shift < 128`.
fn shift_left(high: u128, low: u128, shift: u32) -> u128 {
    if shift == 0 { high } else { (high << shift) | (low >> (128 - shift)) }
}

const fn halves(word: u128) -> (u128, u128) {
    (word >> 64, word & HALF_MASK)
}

const HALF_MASK: u128 = (1 << 64) - 1;

#[cfg(test)]
#[path = "wide_tests.rs"]
mod tests;
