//! A sum of many amounts of either sign, and what it is divided by.

use crate::money::wide::U256;
use crate::money::{ConvertError, Net, RoundingMode};
use crate::rollup::MergeError;

/// A sum. What is above zero and what is below are added up apart, each in 256 bits: so it is the same in any order, and a sum that has no
/// room is one in every order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rollup) struct Total {
    plus: U256,
    minus: U256,
}

impl Total {
    /// An amount, so many times.
    pub(in crate::rollup) fn times(amount: Net, times: u128) -> Self {
        let product = U256::product(amount.magnitude(), times);
        match amount.is_negative() {
            false => Self { plus: product, minus: U256::ZERO },
            true => Self { plus: U256::ZERO, minus: product },
        }
    }

    pub(in crate::rollup) fn plus(self, other: Self) -> Result<Self, MergeError> {
        let sum = |one: U256, other| one.checked_add(other).ok_or(MergeError::Overflow);
        Ok(Self { plus: sum(self.plus, other.plus)?, minus: sum(self.minus, other.minus)? })
    }

    /// Without another, of which it is a later sum.
    // INVARIANT: either side of it has only grown.
    pub(in crate::rollup) fn minus(self, before: Self) -> Self {
        let rest = |one: U256, other| one.checked_sub(other).unwrap_or_default();
        Self { plus: rest(self.plus, before.plus), minus: rest(self.minus, before.minus) }
    }

    /// Whether it is below zero, and how far it is from zero.
    pub(in crate::rollup) fn net(self) -> (bool, U256) {
        match self.plus.checked_sub(self.minus) {
            Some(above) => (false, above),
            None => (true, self.minus.checked_sub(self.plus).unwrap_or_default()),
        }
    }

    /// The quotient with so many digits more, rounded once.
    pub(in crate::rollup) fn over(
        self,
        divisor: u128,
        digits: u8,
        rounding: RoundingMode,
    ) -> Result<Net, ConvertError> {
        let (is_negative, magnitude) = self.net();
        let magnitude =
            magnitude.checked_mul(power_of_ten(digits)?).ok_or(ConvertError::Overflow)?;
        let (units, ..) = magnitude.divided(U256::from_u128(divisor), is_negative, rounding)?;
        Ok(Net::new(is_negative, units))
    }
}

pub(in crate::rollup) fn power_of_ten(scale: u8) -> Result<u128, ConvertError> {
    10_u128.checked_pow(scale.into()).ok_or(ConvertError::ScaleTooLarge { scale })
}
