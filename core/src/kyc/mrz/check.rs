//! Check digits: [ICAO Doc 9303, part 3](https://www.icao.int/publications/doc-series/doc-9303), section 4.9.

/// The weights, again and again from the left.
const WEIGHTS: [u8; 3] = [7, 3, 1];

/// The check digit of a text: each character's value by the weights 7, 3, 1, 7, ... from the left, and of the sum the last digit.
///
/// A digit is worth itself, `A` to `Z` are worth 10 to 35, and the filler `<` is worth nothing. `None` where another character is.
///
/// What it sees: **one character in place of another is seen if and only if their values differ by no multiple of ten**. For the sum changes by
/// the difference of the values times the weight, and 7, 3 and 1 have no factor in common with 10. So it takes `A` for `0`, `K`, `U` or `<`, and `1`
/// for `B`, `L` or `V`; it tells `O` from `0`, `I` from `1`, `S` from `5` and `B` from `8`. Of several changes, one in ten goes unseen.
///
/// ```
/// use thalium::kyc::mrz::check_digit;
///
/// assert_eq!(check_digit("L898902C3"), Some(6));
/// assert_eq!(check_digit("740812"), Some(2));
/// assert_eq!(check_digit("l898902c3"), None);
/// ```
#[must_use]
pub fn check_digit(text: &str) -> Option<u8> {
    digit_of(text.chars())
}

/// The check digit of characters that stand in several places.
pub(super) fn digit_of(characters: impl IntoIterator<Item = char>) -> Option<u8> {
    let mut weights = WEIGHTS.iter().cycle();
    characters.into_iter().try_fold(0, |sum: u8, character| {
        // 9 + 35 * 7 is 254, which a byte holds.
        Some((sum + value(character)? * weights.next()?) % 10)
    })
}

/// What a character is worth; `None` if it is none of a zone.
pub(super) fn value(character: char) -> Option<u8> {
    match character {
        '<' => Some(0),
        // Digits of base 36; small letters would be such too.
        '0'..='9' | 'A'..='Z' => u8::try_from(character.to_digit(36)?).ok(),
        _ => None,
    }
}
