//! Exact money: amounts, assets, rates and allocations.
//!
//! # Goals
//!
//! * Every quantity is a whole number of an asset's smallest unit, held in a `u128`. Nothing on the
//!   way in, out or between is a float or a narrower integer.
//! * Every operation is checked. There are no arithmetic operators, so an overflow is a value that
//!   the caller must look at, never a wrap and never a panic.
//! * Nothing rounds unless the caller names a [`RoundingMode`], and whatever a division leaves over
//!   is reported ([`Conversion::remainder`]) or handed out by a stated rule ([`allocate`]).
//! * Equal inputs give equal results on every machine and in every order of presentation.
//!
//! # What it is not for
//!
//! It knows no accounts, no prices at a time, no locale (separators, symbols, names) and no
//! historic currencies. It does not estimate: there are no square roots, powers or interest curves.
//!
//! # Example
//!
//! ```
//! use thalium::money::{AllocationMethod, Money, Rate, RoundingMode, allocate, iso4217};
//!
//! let price = Money::parse("250.00 ZAR", iso4217::by_code)?;
//!
//! // A fee of 1.25 %: 3.125 rand, rounded half to even.
//! let scale = price.asset.scale();
//! let fee = Rate::basis_points(125).convert(price.amount, scale, scale, RoundingMode::HalfEven)?;
//! assert_eq!(fee.amount.to_text(scale), "3.12");
//! assert!(!fee.remainder.is_zero());
//!
//! // The fee, split between three parties, loses no cent.
//! let parts = [("agent", 1), ("bank", 1), ("carrier", 1)];
//! let shares = allocate(fee.amount.units(), &parts, AllocationMethod::LargestRemainder)?;
//! assert_eq!(shares, [("agent", 104), ("bank", 104), ("carrier", 104)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allocate;
mod amount;
mod asset;
mod cash;
mod decimal;
mod error;
mod excerpt;
pub mod iso4217;
#[cfg(test)]
mod model;
mod net;
mod rate;
mod rounding;
pub(crate) mod wide;
mod wire;

pub use allocate::{AllocationMethod, MAX_ALLOCATION_ENTRIES, allocate};
pub use amount::{Amount, AmountDisplay, MAX_AMOUNT_TEXT_BYTES};
pub use asset::{Asset, AssetCode, AssetKind, MAX_FIAT_NUMBER, MAX_SCALE};
pub use cash::Money;
pub use error::{
    AllocateError, AssetError, ConvertError, DecimalError, MoneyError, ParseAmountError,
    ParseAssetCodeError, ParseMoneyError, ParseUnitsError, RateError,
};
pub use excerpt::{Excerpt, MAX_EXCERPT_CHARS};
pub use net::{Net, NetDisplay};
pub use rate::{Conversion, NetConversion, Rate, Remainder};
pub use rounding::{RoundingDirection, RoundingMode};
