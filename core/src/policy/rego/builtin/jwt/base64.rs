//! Base64 for texts that are parts of addresses (RFC 4648 section 5), as tokens are written in it.

use super::super::encode::{ADDRESS, STANDARD, base64};

/// Without padding, as RFC 7515 section 2 has it.
pub(in super::super) fn encode(bytes: &[u8]) -> String {
    base64(bytes, ADDRESS, false)
}

/// The alphabet of RFC 4648 section 4, with padding.
pub(in super::super) fn encode_standard(bytes: &[u8]) -> String {
    base64(bytes, STANDARD, true)
}

/// With or without padding; line ends do not count.
///
/// # Errors
///
/// Go's text of what is wrong.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, String> {
    let padded = text.ends_with('=');
    let missing = if padded { 0 } else { (4 - text.len() % 4) % 4 };
    if missing == 3 {
        return Err(format!("illegal base64url string: {text}"));
    }
    decoded(text, missing, digit)
}

/// The alphabet of RFC 4648 section 4 with padding: what PEM holds.
///
/// # Errors
///
/// Go's text of what is wrong.
pub(in super::super) fn decode_standard(text: &str) -> Result<Vec<u8>, String> {
    decoded(text, 0, |byte| match byte {
        b'+' => Some(62),
        b'/' => Some(63),
        b'-' | b'_' => None,
        _ => digit(byte),
    })
}

fn decoded(
    text: &str,
    missing: usize,
    digit: impl Fn(u8) -> Option<u8>,
) -> Result<Vec<u8>, String> {
    let illegal = |at: usize| format!("illegal base64 data at input byte {at}");
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count, mut pads) = (0_u32, 0_u32, 0_u32);
    let padding = std::iter::repeat_n(b'=', missing);
    let mut start = 0;
    for (at, byte) in text.bytes().chain(padding).enumerate() {
        match (byte, digit(byte)) {
            (b'\r' | b'\n', _) => {}
            (b'=', _) if pads == 0 && count < 2 => return Err(illegal(at)),
            (b'=', _) => {
                pads += 1;
                if count + pads > 4 {
                    return Err(illegal(at));
                }
            }
            (_, Some(digit)) if pads == 0 => {
                if count == 0 {
                    start = at;
                }
                bits = bits << 6 | u32::from(digit);
                count += 1;
                if count == 4 {
                    let [_, first, second, third] = bits.to_be_bytes();
                    out.extend([first, second, third]);
                    (bits, count) = (0, 0);
                }
            }
            _ => return Err(illegal(at)),
        }
    }
    if count == 0 {
        return Ok(out);
    }
    if count + pads != 4 {
        // Go tells where the incomplete four begin, or, within padding, the end.
        return Err(illegal(if pads == 0 { start } else { text.len() }));
    }
    let [_, first, second, _] = (bits << (6 * pads)).to_be_bytes();
    out.push(first);
    if count == 3 {
        out.push(second);
    }
    Ok(out)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
#[path = "base64_tests.rs"]
mod tests;
