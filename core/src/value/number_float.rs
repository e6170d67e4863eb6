//! A quotient in 64 bits of mantissa, and the fewest decimal digits that tell it: the part of Go's `big.Float` that OPA's division shows.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Pow as _, ToPrimitive as _, Zero as _};

const BITS: u64 = 64;

/// `a / b` of positive numbers: rounded to 64 bits, halves to even, then as the shortest `mantissa × 10^exponent` that rounds back to it.
pub(super) fn quotient(a: &BigInt, b: &BigInt) -> (BigInt, i64) {
    let (mantissa, exponent) = rounded(a, b);
    shortest(&mantissa, exponent)
}

/// `mantissa × 2^exponent`, of a mantissa of exactly 64 bits.
fn rounded(a: &BigInt, b: &BigInt) -> (BigInt, i64) {
    let (a_bits, b_bits) = (signed(a.bits()), signed(b.bits()));
    // 65 or 66 bits of quotient, so that what is rounded away is a bit or two and a rest.
    let shift = 66 - (a_bits - b_bits);
    let (a, b) = if shift >= 0 {
        (a << unsigned(shift), b.clone())
    } else {
        (a.clone(), b << unsigned(-shift))
    };
    let (wide, rest) = a.div_rem(&b);
    let excess = wide.bits().saturating_sub(BITS);
    let one = BigInt::one();
    let half = &one << (excess - 1);
    let low = &wide & ((&one << excess) - 1);
    let mut mantissa = &wide >> excess;
    if low > half || (low == half && (!rest.is_zero() || mantissa.is_odd())) {
        mantissa += 1;
    }
    let mut exponent = signed(excess) - shift;
    if mantissa.bits() > BITS {
        mantissa >>= 1;
        exponent += 1;
    }
    (mantissa, exponent)
}

fn shortest(mantissa: &BigInt, exponent: i64) -> (BigInt, i64) {
    // All in units of 2^(exponent - 2): the neighbours are four units away, or two below a power of two.
    let value = mantissa << 2u32;
    let low = if *mantissa == BigInt::one() << (BITS - 1) { &value - 1 } else { &value - 2 };
    let high = &value + 2;
    let inclusive = mantissa.is_even();
    let scale = exponent - 2;
    // A power of ten below the number's last useful digit; each step drops one digit.
    let two = |power: i64| BigInt::one() << unsigned(power.max(0));
    let ten = |power: i64| BigInt::from(10).pow(u32::try_from(power.max(0)).unwrap_or(0));
    let digits = decimal_digits(&value, scale);
    for kept in 1..=24 {
        let power = digits - kept;
        // value × 2^scale / 10^power, as a fraction.
        let above = two(scale) * ten(-power);
        let below = two(-scale) * ten(power);
        let (down, rest) = (&value * &above).div_rem(&below);
        let up = &down + 1;
        let (low, high) = (&low * &above, &high * &above);
        let (at_down, at_up) = (&down * &below, &up * &below);
        let down_fits = if inclusive { at_down >= low } else { at_down > low };
        let up_fits = if inclusive { at_up <= high } else { at_up < high };
        let nearer_up = {
            let twice = &rest * 2;
            twice > below || (twice == below && down.is_odd())
        };
        match (down_fits, up_fits) {
            (true, true) => return (if nearer_up { up } else { down }, power),
            (true, false) => return (down, power),
            (false, true) => return (up, power),
            (false, false) => {}
        }
    }
    (value, scale)
}

/// How many decimal digits stand before the point of `value × 2^scale`; not positive below a tenth.
fn decimal_digits(value: &BigInt, scale: i64) -> i64 {
    // 30103 / 100000 is log10(2) from above by less than one digit in the range of numbers: corrected below.
    let bits = signed(value.bits()) + scale;
    let mut digits = (bits * 30_103).div_euclid(100_000) + 1;
    let one = BigInt::one();
    let fits = |digits: i64| {
        let (mut left, mut right) = (value.clone(), one.clone());
        if scale >= 0 {
            left <<= unsigned(scale)
        } else {
            right <<= unsigned(-scale)
        }
        let ten = BigInt::from(10).pow(u32::try_from(digits.abs()).unwrap_or(0));
        if digits >= 0 {
            right *= ten
        } else {
            left *= ten
        }
        left < right
    };
    while !fits(digits) {
        digits += 1;
    }
    while fits(digits - 1) {
        digits -= 1;
    }
    digits
}

fn signed(bits: u64) -> i64 {
    bits.to_i64().unwrap_or(i64::MAX)
}

fn unsigned(shift: i64) -> u64 {
    shift.to_u64().unwrap_or(0)
}
