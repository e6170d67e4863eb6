//! An amount together with its asset.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Amount, Asset, AssetCode, Excerpt, MoneyError, ParseMoneyError};

/// An amount of an asset, printed as `250.00 ZAR`.
///
/// Serialised as an object of `amount` (a string of smallest units) and `asset`. It has no order:
/// amounts of different assets do not compare.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How much, in the asset's smallest unit.
    pub amount: Amount,
    /// Of what.
    pub asset: Asset,
}

impl Money {
    /// This amount of this asset.
    pub const fn new(amount: Amount, asset: Asset) -> Self {
        Self { amount, asset }
    }

    /// Reads `250.00 ZAR`: an amount (see [`Amount::parse`]), one space, and a code that `resolve`
    /// turns into an asset.
    ///
    /// # Errors
    ///
    /// See [`ParseMoneyError`]. The code is looked at before the amount, which needs its scale.
    pub fn parse(
        text: &str,
        resolve: impl FnOnce(AssetCode) -> Option<Asset>,
    ) -> Result<Self, ParseMoneyError> {
        let Some((amount, code)) = text.split_once(' ') else {
            return Err(ParseMoneyError::Shape { input: Excerpt::new(text) });
        };
        let code = AssetCode::parse(code)?;
        let asset = resolve(code).ok_or(ParseMoneyError::UnknownAsset { code })?;
        let amount = Amount::parse(amount, asset.scale())?;
        Ok(Self { amount, asset })
    }

    /// `self + other`.
    ///
    /// # Errors
    ///
    /// If the assets differ, or the sum is beyond `u128::MAX` units.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_asset(other)?;
        let sum = self.amount.checked_add(other.amount);
        let amount = sum.ok_or(MoneyError::Overflow { asset: self.asset.code() })?;
        Ok(Self { amount, ..self })
    }

    /// `self - other`.
    ///
    /// # Errors
    ///
    /// If the assets differ, or the difference is below zero.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_asset(other)?;
        let difference = self.amount.checked_sub(other.amount);
        let amount = difference.ok_or(MoneyError::BelowZero { asset: self.asset.code() })?;
        Ok(Self { amount, ..self })
    }

    fn same_asset(self, other: Self) -> Result<(), MoneyError> {
        if self.asset == other.asset {
            return Ok(());
        }
        Err(MoneyError::DifferentAssets {
            left: self.asset.code(),
            left_scale: self.asset.scale(),
            right: other.asset.code(),
            right_scale: other.asset.scale(),
        })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount.display(self.asset.scale()), self.asset.code())
    }
}

#[cfg(test)]
#[path = "cash_tests.rs"]
mod tests;
