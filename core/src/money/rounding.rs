//! How a result between two whole units becomes one of them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// A rule of rounding, by its name in Java's `RoundingMode`; the IEEE 754 name is given with each.
///
/// `Up` and `Down` are about distance from zero, `Ceiling` and `Floor` about the number line. For an
/// unsigned amount they coincide; for a [`Net`](super::Net) of -2.5 `Up` and `Floor` give -3,
/// `Down` and `Ceiling` give -2. Of the halves, `HalfUp` and `HalfDown` are about distance from
/// zero too: -2.5 becomes -3 and -2. Serialised in snake case: `"half_even"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Away from zero. IEEE 754 has no name for it.
    Up,
    /// Toward zero, dropping the fraction. IEEE 754 *roundTowardZero*.
    Down,
    /// Toward plus infinity. IEEE 754 *roundTowardPositive*.
    Ceiling,
    /// Toward minus infinity. IEEE 754 *roundTowardNegative*.
    Floor,
    /// To the nearest, a half away from zero. IEEE 754 *roundTiesToAway*. Commercial rounding.
    HalfUp,
    /// To the nearest, a half toward zero. IEEE 754-2019 *roundTiesToZero*.
    HalfDown,
    /// To the nearest, a half to the even neighbour. IEEE 754 *roundTiesToEven*. Bankers' rounding.
    HalfEven,
    /// The result must be whole: a fraction is an error,
    /// [`ConvertError::Inexact`](super::ConvertError::Inexact).
    Unnecessary,
}

/// What rounding did to the size of a result.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RoundingDirection {
    /// Nothing: the result is whole.
    Exact,
    /// The fraction was dropped: the result is nearer to zero than the exact value.
    TowardZero,
    /// One was added: the result is farther from zero than the exact value.
    AwayFromZero,
}

impl RoundingMode {
    /// Where a value between two whole numbers goes, or nothing if it may not be rounded.
    ///
    /// `odd` is about the neighbour nearer to zero, and `half` says how the fraction beyond it
    /// compares with a half. The fraction is not zero.
    pub(super) fn direction(
        self,
        negative: bool,
        odd: bool,
        half: Ordering,
    ) -> Option<RoundingDirection> {
        let away = match self {
            Self::Up => true,
            Self::Down => false,
            Self::Ceiling => !negative,
            Self::Floor => negative,
            Self::HalfUp => half.is_ge(),
            Self::HalfDown => half.is_gt(),
            Self::HalfEven => half.is_gt() || (half.is_eq() && odd),
            Self::Unnecessary => return None,
        };
        Some(if away { RoundingDirection::AwayFromZero } else { RoundingDirection::TowardZero })
    }
}
