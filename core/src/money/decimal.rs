//! To and from [`rust_decimal::Decimal`], exactly or not at all.
//!
//! A decimal has a 96-bit mantissa and at most 28 fraction digits, an amount 128 bits and any scale,
//! so neither holds the other.

use rust_decimal::Decimal;

use super::{Amount, DecimalError};

impl Amount {
    /// The amount of a decimal number of whole coins: `250.5` at scale 2 is 25050 units. Trailing
    /// zeros beyond the scale are allowed, and so is a negative zero.
    ///
    /// # Errors
    ///
    /// If the decimal is negative, is not a whole number of units, or has too many of them. It is
    /// never rounded.
    pub fn from_decimal(decimal: Decimal, scale: u8) -> Result<Self, DecimalError> {
        let mantissa =
            u128::try_from(decimal.mantissa()).map_err(|_| DecimalError::Negative { decimal })?;
        if mantissa == 0 {
            return Ok(Self::ZERO);
        }
        let wanted = u32::from(scale);
        if decimal.scale() <= wanted {
            let units = 10_u128
                .checked_pow(wanted - decimal.scale())
                .and_then(|factor| mantissa.checked_mul(factor));
            return units.map(Self::from_units).ok_or(DecimalError::Overflow { decimal, scale });
        }
        // The mantissa is below 10^29 and the divisor at most 10^28, so the power always exists.
        let units = 10_u128
            .checked_pow(decimal.scale() - wanted)
            .filter(|divisor| mantissa.is_multiple_of(*divisor))
            .and_then(|divisor| mantissa.checked_div(divisor));
        units.map(Self::from_units).ok_or(DecimalError::Inexact { decimal, scale })
    }

    /// The decimal number of whole coins: 25050 units at scale 2 are `250.50`. It has `scale`
    /// fraction digits if they fit a decimal, and otherwise as many fewer, all zeros, as make it
    /// fit.
    ///
    /// # Errors
    ///
    /// If the amount does not fit a decimal exactly. It is never rounded.
    pub fn to_decimal(self, scale: u8) -> Result<Decimal, DecimalError> {
        let mut mantissa = self.units();
        let mut digits = u32::from(scale);
        while mantissa > MAX_MANTISSA || digits > Decimal::MAX_SCALE {
            if digits == 0 || !mantissa.is_multiple_of(10) {
                return Err(DecimalError::DoesNotFit { units: self.units(), scale });
            }
            mantissa /= 10;
            digits -= 1;
        }
        i128::try_from(mantissa)
            .ok()
            .and_then(|mantissa| Decimal::try_from_i128_with_scale(mantissa, digits).ok())
            .ok_or(DecimalError::DoesNotFit { units: self.units(), scale })
    }
}

const MAX_MANTISSA: u128 = (1 << 96) - 1;

#[cfg(test)]
#[path = "decimal_tests.rs"]
mod tests;
