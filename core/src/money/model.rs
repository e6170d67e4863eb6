//! A slow and obvious model of unsigned integers without bounds, one `bool` per bit, for the tests
//! of everything that uses 256 bits. It shares no code and no method with `wide`.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::wide::U256;

/// Bits, the lowest first, without leading zeros.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Bits(Vec<bool>);

impl Bits {
    pub(super) fn of(mut value: u128) -> Self {
        let mut bits = Vec::new();
        while value != 0 {
            bits.push(value & 1 == 1);
            value >>= 1;
        }
        Self(bits)
    }

    pub(super) fn of_words(high: u128, low: u128) -> Self {
        Self::of(high).shifted(128).plus(&Self::of(low))
    }

    pub(super) fn of_wide(value: U256) -> Self {
        Self::of_words(value.high, value.low)
    }

    pub(super) fn pow10(exponent: u8) -> Self {
        (0..exponent).fold(Self::of(1), |power, _| power.times(&Self::of(10)))
    }

    /// The value, if it fits.
    pub(super) fn to_u128(&self) -> Option<u128> {
        if self.0.len() > 128 {
            return None;
        }
        Some(self.0.iter().rev().fold(0, |value, bit| (value << 1) | u128::from(*bit)))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut carry = false;
        let mut sum = Vec::new();
        for i in 0..=self.len().max(other.len()) {
            let (a, b) = (self.bit(i), other.bit(i));
            sum.push(a ^ b ^ carry);
            carry = (a && b) || (carry && (a || b));
        }
        Self(sum).trimmed()
    }

    /// `self - other`, which must not be larger.
    pub(super) fn minus(&self, other: &Self) -> Self {
        assert!(self.compare(other).is_ge());
        let mut borrow = false;
        let mut difference = Vec::new();
        for i in 0..self.len() {
            let (a, b) = (self.bit(i), other.bit(i));
            difference.push(a ^ b ^ borrow);
            borrow = (!a && (b || borrow)) || (b && borrow);
        }
        Self(difference).trimmed()
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        (0..other.len())
            .filter(|i| other.bit(*i))
            .fold(Self(vec![]), |sum, i| sum.plus(&self.shifted(i)))
    }

    /// Long division: bring down one bit, subtract if it goes.
    pub(super) fn div_rem(&self, divisor: &Self) -> (Self, Self) {
        assert!(!divisor.is_zero());
        let mut quotient = vec![false; self.len()];
        let mut rest = Self(vec![]);
        for i in (0..self.len()).rev() {
            rest.0.insert(0, self.bit(i));
            rest = rest.trimmed();
            if rest.compare(divisor).is_ge() {
                rest = rest.minus(divisor);
                quotient[i] = true;
            }
        }
        (Self(quotient).trimmed(), rest)
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let highest_first = |bits: &Self| bits.0.iter().rev().copied().collect::<Vec<_>>();
        self.len().cmp(&other.len()).then_with(|| highest_first(self).cmp(&highest_first(other)))
    }

    fn bit(&self, i: usize) -> bool {
        self.0.get(i).copied().unwrap_or(false)
    }

    fn shifted(&self, by: usize) -> Self {
        let mut bits = vec![false; by];
        bits.extend(&self.0);
        Self(bits).trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&false) {
            self.0.pop();
        }
        self
    }
}

/// Words of every length, and often those where carries and estimates go wrong.
pub(super) fn words() -> impl Strategy<Value = u128> {
    prop_oneof![
        4 => any::<u128>(),
        4 => (any::<u128>(), 0..128_u32).prop_map(|(word, shift)| word >> shift),
        1 => (0..128_u32).prop_map(|shift| 1 << shift),
        1 => (0..128_u32).prop_map(|shift| u128::MAX >> shift),
        1 => (0..128_u32).prop_map(|shift| u128::MAX << shift),
        1 => 0..4_u128,
        1 => (0..4_u128).prop_map(|below| u128::MAX - below),
        1 => (0..4_u128).prop_map(|above| (1 << 127) + above),
        1 => any::<u64>().prop_map(|half| (u128::from(half) << 64) | u128::from(u64::MAX)),
    ]
}

#[test]
fn the_model_counts_as_native_integers_do() {
    for a in 0..40_u128 {
        for b in 0..40_u128 {
            let (x, y) = (Bits::of(a), Bits::of(b));
            assert_eq!(x.plus(&y), Bits::of(a + b));
            assert_eq!(x.times(&y), Bits::of(a * b));
            assert_eq!(x.compare(&y), a.cmp(&b));
            if a >= b {
                assert_eq!(x.minus(&y), Bits::of(a - b));
            }
            if let (Some(quotient), Some(rest)) = (a.checked_div(b), a.checked_rem(b)) {
                assert_eq!(x.div_rem(&y), (Bits::of(quotient), Bits::of(rest)));
            }
        }
    }
    assert_eq!(Bits::pow10(38).to_u128(), Some(10_u128.pow(38)));
    assert_eq!(Bits::pow10(39).to_u128(), None);
}
