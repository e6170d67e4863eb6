//! Durations as Go writes them: `1h30m`, `-1.5s`.

/// The nanoseconds of a duration's text.
///
/// # Errors
///
/// Go's text of what is wrong.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut sum: u128 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {text:?}"));
        }
        let unit = nanoseconds(unit)
            .ok_or_else(|| format!("time: unknown unit {unit:?} in duration {text:?}"))?;
        sum = whole_of(whole, unit)
            .and_then(|whole| sum.checked_add(whole)?.checked_add(part_of(fraction, unit)))
            .filter(|sum| *sum <= LIMIT)
            .ok_or_else(invalid)?;
        rest = after;
    }
    let signed = i128::try_from(sum).map_err(|_| invalid())?;
    i64::try_from(if negative { -signed } else { signed }).map_err(|_| invalid())
}

/// 2⁶³: the least duration has this magnitude.
const LIMIT: u128 = 1 << 63;

fn nanoseconds(unit: &str) -> Option<u128> {
    Some(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

fn whole_of(digits: &str, unit: u128) -> Option<u128> {
    if digits.is_empty() {
        return Some(0);
    }
    digits.parse::<u64>().ok().and_then(|whole| u128::from(whole).checked_mul(unit))
}

/// The fraction's nanoseconds, rounded down; what comes after 18 digits is less than any unit shows.
fn part_of(digits: &str, unit: u128) -> u128 {
    let digits = digits.get(..18).unwrap_or(digits);
    let power = u32::try_from(digits.len()).unwrap_or(0);
    digits.parse::<u128>().map_or(0, |part| part.saturating_mul(unit) / 10_u128.pow(power))
}
