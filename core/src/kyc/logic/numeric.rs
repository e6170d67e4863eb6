//! Numbers of JavaScript: exact decimals where it has doubles, and what is no number or infinite.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::decimal::{divide, remainder};
use super::error::Stop;
use super::item::Item;
use crate::value::{Number, NumberError};

/// A number as JavaScript has them. There is no negative zero.
#[derive(Debug)]
pub(super) enum Numeric {
    Finite(Number),
    /// Positive or, if so, negative.
    Infinite(bool),
    NotANumber,
}

impl Numeric {
    pub(super) fn whole(number: i64) -> Self {
        Self::Finite(Number::from(number))
    }

    pub(super) fn negative(&self) -> Self {
        match self {
            Self::Finite(number) => Self::Finite(number.neg()),
            Self::Infinite(negative) => Self::Infinite(!negative),
            Self::NotANumber => Self::NotANumber,
        }
    }

    /// −1, 0 or 1.
    fn sign(&self) -> i64 {
        match self {
            Self::Finite(number) => number.signum(),
            Self::Infinite(negative) => {
                if *negative {
                    -1
                } else {
                    1
                }
            }
            Self::NotANumber => 0,
        }
    }

    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::NotANumber, _) | (_, Self::NotANumber) => None,
            (Self::Finite(a), Self::Finite(b)) => Some(a.cmp(b)),
            (Self::Infinite(a), Self::Infinite(b)) => Some(b.cmp(a)),
            (Self::Infinite(negative), _) => {
                Some(if *negative { Ordering::Less } else { Ordering::Greater })
            }
            (_, Self::Infinite(negative)) => {
                Some(if *negative { Ordering::Greater } else { Ordering::Less })
            }
        }
    }

    pub(super) fn add(&self, other: &Self) -> Result<Self, Stop> {
        Ok(match (self, other) {
            (Self::Finite(a), Self::Finite(b)) => Self::Finite(a.add(b)?),
            (Self::NotANumber, _) | (_, Self::NotANumber) => Self::NotANumber,
            (Self::Infinite(a), Self::Infinite(b)) if a != b => Self::NotANumber,
            (Self::Infinite(negative), _) | (_, Self::Infinite(negative)) => {
                Self::Infinite(*negative)
            }
        })
    }

    pub(super) fn multiply(&self, other: &Self) -> Result<Self, Stop> {
        Ok(match (self, other) {
            (Self::Finite(a), Self::Finite(b)) => Self::Finite(a.mul(b)?),
            _ => match self.sign() * other.sign() {
                0 => Self::NotANumber,
                sign => Self::Infinite(sign < 0),
            },
        })
    }

    pub(super) fn divide(&self, other: &Self) -> Result<Self, Stop> {
        Ok(match (self, other) {
            (Self::NotANumber, _) | (_, Self::NotANumber) => Self::NotANumber,
            (Self::Infinite(_), Self::Infinite(_)) => Self::NotANumber,
            (Self::Finite(_), Self::Infinite(_)) => Self::whole(0),
            (_, Self::Finite(b)) if b.signum() == 0 => match self.sign() {
                0 => Self::NotANumber,
                sign => Self::Infinite(sign < 0),
            },
            (Self::Infinite(_), _) => Self::Infinite(self.sign() * other.sign() < 0),
            (Self::Finite(a), Self::Finite(b)) => Self::Finite(divide(a, b)?),
        })
    }

    pub(super) fn remainder(&self, other: &Self) -> Result<Self, Stop> {
        Ok(match (self, other) {
            (Self::Finite(_), Self::Finite(b)) if b.signum() == 0 => Self::NotANumber,
            (Self::Finite(a), Self::Finite(b)) => Self::Finite(remainder(a, b)?),
            (Self::Finite(a), Self::Infinite(_)) => Self::Finite(a.clone()),
            _ => Self::NotANumber,
        })
    }
}

impl From<Numeric> for Item<'_> {
    fn from(numeric: Numeric) -> Self {
        match numeric {
            Numeric::Finite(number) => number.into(),
            Numeric::Infinite(negative) => Item::Infinite(negative),
            Numeric::NotANumber => Item::NotANumber,
        }
    }
}

/// `StringToNumber`: all of a text, without white space around it; an empty one is zero.
pub(super) fn number_of_text(text: &str) -> Numeric {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return Numeric::whole(0);
    }
    let prefix = text.get(..2).unwrap_or_default();
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => {
            let (number, length) = longest(text);
            return if length == text.len() { number } else { Numeric::NotANumber };
        }
    };
    let digits = text.get(2..).unwrap_or_default();
    // A number of more than 10,000 digits is refused below; longer texts are not even read.
    let plain = digits.len() <= 40_000 && digits.chars().all(|digit| digit.is_digit(radix));
    let number = BigInt::parse_bytes(digits.as_bytes(), radix).filter(|_| plain);
    number.map_or(Numeric::NotANumber, |number| {
        Number::from_bigint(number).map_or(Numeric::Infinite(false), Numeric::Finite)
    })
}

/// `parseFloat`: the longest beginning of a text that is a number.
pub(super) fn parse_float(text: &str) -> Numeric {
    longest(text.trim_start_matches(is_space)).0
}

/// The longest beginning that is a decimal number, and how many bytes it has.
fn longest(text: &str) -> (Numeric, usize) {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let sign = text.len() - unsigned.len();
    if unsigned.starts_with("Infinity") {
        return (Numeric::Infinite(negative), sign + "Infinity".len());
    }
    let run = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let cut = |at: usize| unsigned.get(at..).unwrap_or_default();
    let whole = run(unsigned);
    let fraction = cut(whole).strip_prefix('.').map_or(0, run);
    if whole + fraction == 0 {
        return (Numeric::NotANumber, 0);
    }
    let mut end = whole;
    if cut(whole).starts_with('.') {
        end += 1 + fraction;
    }
    let mantissa_end = end;
    if let Some(power) = cut(end).strip_prefix(['e', 'E']) {
        let digits = power.strip_prefix(['+', '-']).unwrap_or(power);
        let count = run(digits);
        if count > 0 {
            end += 1 + (power.len() - digits.len()) + count;
        }
    }
    let digits = unsigned.get(..whole).unwrap_or_default().trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let places = unsigned.get(whole + 1..whole + 1 + fraction).unwrap_or_default();
    let places = if fraction == 0 { "" } else { places };
    let dot = if places.is_empty() { "" } else { "." };
    let power = unsigned.get(mantissa_end..end).unwrap_or_default();
    let minus = if negative { "-" } else { "" };
    let number = match Number::parse(&format!("{minus}{digits}{dot}{places}{power}")) {
        Ok(number) => Numeric::Finite(number),
        // Too many digits: far above what a double holds, or far below.
        Err(NumberError::Large) if power.contains('-') => Numeric::whole(0),
        Err(NumberError::Large) => Numeric::Infinite(negative),
        Err(_) => Numeric::NotANumber,
    };
    (number, sign + end)
}

/// White space and ends of lines of ECMAScript.
fn is_space(character: char) -> bool {
    character == '\u{feff}' || (character.is_whitespace() && character != '\u{85}')
}
