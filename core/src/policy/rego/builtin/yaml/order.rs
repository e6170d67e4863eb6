//! The order of a map's keys, as Go's `yaml.v2` sorts them: what is no letter comes before letters, and numbers in texts by their size.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;

use super::super::{Context, Exhausted, Fault};

/// Letters, of Unicode.
static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\p{L}").ok());

/// Pairs by their keys, which differ.
///
/// # Errors
///
/// Of some keys with digits the order goes round in circles (`10`, `1a`, `2`), and what Go writes is chance.
pub(super) fn sorted<T>(
    context: &mut Context<'_>,
    pairs: Vec<(String, T)>,
) -> Result<Vec<(String, T)>, Fault> {
    let mut keyed = Vec::with_capacity(pairs.len());
    let mut digits = false;
    for (key, value) in pairs {
        context.charge((key.len() / 8).saturating_add(4))?;
        context.allocate(key.len().saturating_mul(8))?;
        let mut letters = Vec::with_capacity(key.len());
        for c in key.chars() {
            if !c.is_ascii() && c.is_numeric() {
                return Err(Exhausted::Unsupported.into());
            }
            digits |= c.is_ascii_digit();
            letters.push((is_letter(c), c));
        }
        keyed.push(Pair { letters, key, value });
    }
    if !digits {
        // Without digits it is the order of what was collected.
        keyed.sort_by(|a, b| a.letters.cmp(&b.letters));
        return Ok(keyed.into_iter().map(|pair| (pair.key, pair.value)).collect());
    }
    let count = keyed.len();
    context.charge(count.saturating_mul(count))?;
    let mut done: Vec<Pair<T>> = Vec::with_capacity(count);
    for pair in keyed {
        let at = done.iter().position(|other| pair.order(other) == Ordering::Less);
        done.insert(at.unwrap_or(done.len()), pair);
    }
    let mut rest = done.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if others.iter().any(|other| first.order(other) != Ordering::Less) {
            return Err(Exhausted::Unsupported.into());
        }
        rest = others;
    }
    Ok(done.into_iter().map(|pair| (pair.key, pair.value)).collect())
}

struct Pair<T> {
    /// The key's characters, and whether they are letters.
    letters: Vec<(bool, char)>,
    key: String,
    value: T,
}

impl<T> Pair<T> {
    fn order(&self, other: &Self) -> Ordering {
        order(&self.letters, &other.letters)
    }
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    LETTER.as_ref().is_some_and(|letter| letter.is_match(c.encode_utf8(&mut [0; 4])))
}

fn order(a: &[(bool, char)], b: &[(bool, char)]) -> Ordering {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (Some((a_letter, a_char)), Some((b_letter, b_char))) = (a.get(same), b.get(same)) else {
        return a.len().cmp(&b.len());
    };
    if *a_letter || *b_letter {
        return (a_letter, a_char).cmp(&(b_letter, b_char));
    }
    // Zeros count if digits that are none stand before them.
    let before = a.get(..same).unwrap_or_default().iter().rev();
    let mut before = before.take_while(|(_, c)| c.is_ascii_digit());
    let zero = *a_char == '0' || *b_char == '0';
    let start = i64::from(zero && before.any(|(_, c)| *c != '0'));
    let (a_number, a_length) = number(a.get(same..).unwrap_or_default(), start);
    let (b_number, b_length) = number(b.get(same..).unwrap_or_default(), start);
    a_number.cmp(&b_number).then(a_length.cmp(&b_length)).then(a_char.cmp(b_char))
}

/// The number that a text begins with, as 64 bits wrap it, and how many digits it has.
fn number(text: &[(bool, char)], start: i64) -> (i64, usize) {
    let digits = text.iter().map_while(|(_, c)| c.to_digit(10));
    digits.fold((start, 0), |(number, length), digit| {
        (number.wrapping_mul(10).wrapping_add(i64::from(digit)), length + 1)
    })
}
