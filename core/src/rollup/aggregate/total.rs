//! A sum of many amounts of either sign, and what it is divided by.

use crate::money::wide::U256;
use crate::money::{ConvertError, Net, RoundingMode};
use crate::rollup::MergeError;

/// A sum. What is above zero and what is below are added up apart, each in 256 bits: so it is the same in any order, and a sum that has no
/// room is one in every order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Total {
    plus: U256,
    minus: U256,
}

impl Total {
    /// An amount, so many times.
    pub(super) fn times(amount: Net, times: u128) -> Self {
        let product = U256::product(amount.magnitude(), times);
        match amount.is_negative() {
            false => Self { plus: product, minus: U256::ZERO },
            true => Self { plus: U256::ZERO, minus: product },
        }
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, MergeError> {
        let sum = |one: U256, other| one.checked_add(other).ok_or(MergeError::Overflow);
        Ok(Self { plus: sum(self.plus, other.plus)?, minus: sum(self.minus, other.minus)? })
    }

    /// Whether it is below zero, and how far it is from zero.
    pub(super) fn net(self) -> (bool, U256) {
        match self.plus.checked_sub(self.minus) {
            Some(above) => (false, above),
            None => (true, self.minus.checked_sub(self.plus).unwrap_or_default()),
        }
    }

    /// The quotient with so many digits more, rounded once.
    pub(super) fn over(
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

pub(super) fn power_of_ten(scale: u8) -> Result<u128, ConvertError> {
    10_u128.checked_pow(scale.into()).ok_or(ConvertError::ScaleTooLarge { scale })
}
