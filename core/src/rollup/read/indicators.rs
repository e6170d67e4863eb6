//! What traders compute of prices: returns, moving averages, how far a price has fallen from its peak.
//!
//! Each figure is exact until it is rounded, once; an exponential average, which is made of the one before, is rounded at each step.

use std::num::NonZeroUsize;

use crate::money::wide::U256;
use crate::money::{Amount, ConvertError, Net, RoundingMode};
use crate::rollup::aggregate::{Total, power_of_ten};

/// What each price is above the one before it, as a part of that (simple returns), with so many digits: 0.05 is 500 of four. `None` of the
/// first, and of what follows a price of zero.
///
/// # Errors
/// More digits than 38, more than 2¹²⁸ units, or a fraction where none may be rounded away.
pub fn returns(
    prices: &[Amount],
    digits: u8,
    rounding: RoundingMode,
) -> Result<Vec<Option<Net>>, ConvertError> {
    let pairs = prices.windows(2).map(|pair| match pair {
        [before, price] if !before.is_zero() => {
            let gain = Net::between(price.units(), before.units());
            Total::times(gain, 1).over(before.units(), digits, rounding).map(Some)
        }
        _ => Ok(None),
    });
    prices.first().map(|_| Ok(None)).into_iter().chain(pairs).collect()
}

/// Of each number the average of as many as the window has up to it (simple moving average), with so many digits more; `None` where there
/// are fewer.
///
/// # Errors
/// As [`returns`]; sums beyond 256 bits.
pub fn moving_average(
    values: &[Net],
    window: NonZeroUsize,
    digits: u8,
    rounding: RoundingMode,
) -> Result<Vec<Option<Net>>, ConvertError> {
    let mut averages = Vec::with_capacity(values.len());
    // What all come to up to each: a window is the difference of two.
    let mut sums = Vec::with_capacity(values.len() + 1);
    let mut sum = Total::default();
    sums.push(sum);
    let count = u128::try_from(window.get()).map_err(|_| ConvertError::Overflow)?;
    for (index, value) in values.iter().enumerate() {
        sum = sum.plus(Total::times(*value, 1)).map_err(|_| ConvertError::Overflow)?;
        sums.push(sum);
        let before = (index + 1).checked_sub(window.get()).and_then(|before| sums.get(before));
        let average = before.map(|before| sum.minus(*before).over(count, digits, rounding));
        averages.push(average.transpose()?);
    }
    Ok(averages)
}

/// Of each number the exponential moving average up to it: the first is itself, each that follows the one before and 2 / (periods + 1) of
/// what the number is away from that. With so many digits more, rounded at each step.
///
/// # Errors
/// As [`returns`].
pub fn exponential_average(
    values: &[Net],
    periods: NonZeroUsize,
    digits: u8,
    rounding: RoundingMode,
) -> Result<Vec<Net>, ConvertError> {
    let scale = power_of_ten(digits)?;
    let periods = u128::try_from(periods.get()).map_err(|_| ConvertError::Overflow)?;
    let divisor = periods.checked_add(1).ok_or(ConvertError::Overflow)?;
    let mut averages: Vec<Net> = Vec::with_capacity(values.len());
    for value in values {
        let magnitude = value.magnitude().checked_mul(scale).ok_or(ConvertError::Overflow)?;
        let value = Net::new(value.is_negative(), magnitude);
        let average = match averages.last() {
            None => value,
            // (2 value + (periods − 1) before) / (periods + 1).
            Some(before) => {
                let sum = Total::times(value, 2).plus(Total::times(*before, periods - 1));
                sum.map_err(|_| ConvertError::Overflow)?.over(divisor, 0, rounding)?
            }
        };
        averages.push(average);
    }
    Ok(averages)
}

/// The furthest that a price has fallen from a peak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawdown {
    /// The row of the peak.
    pub peak: usize,
    /// The row of the lowest after it.
    pub trough: usize,
    /// What it fell, as a part of the peak, with the digits that were asked for.
    pub part: Amount,
}

/// The furthest that prices have fallen from a peak, with so many digits: 0.25 is 2,500 of four. Of several, the first. `None` where they
/// never fall.
///
/// # Errors
/// As [`returns`].
pub fn drawdown(
    prices: &[Amount],
    digits: u8,
    rounding: RoundingMode,
) -> Result<Option<Drawdown>, ConvertError> {
    let units = |row: usize| prices.get(row).map_or(0, |price| price.units());
    let mut most: Option<(usize, usize)> = None;
    let mut peak = 0;
    for row in 0..prices.len() {
        if units(row) > units(peak) {
            peak = row;
        }
        // A part is larger where less is left: a / b < c / d where a d < c b.
        let is_further = most.map_or(units(row) < units(peak), |(high, low)| {
            U256::product(units(row), units(high)) < U256::product(units(low), units(peak))
        });
        if is_further {
            most = Some((peak, row));
        }
    }
    let Some((peak, trough)) = most else {
        return Ok(None);
    };
    let fallen = Net::between(units(peak), units(trough));
    let part = Total::times(fallen, 1).over(units(peak), digits, rounding)?;
    Ok(Some(Drawdown { peak, trough, part: Amount::from_units(part.magnitude()) }))
}

#[cfg(test)]
#[path = "indicators_tests.rs"]
mod tests;
