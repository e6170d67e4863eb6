//! Texts as base64, hexadecimal digits and parts of addresses, and back.
//!
//! Texts of Go are of bytes, those here of characters: what decodes to something else ends the query.

use super::crypto::hex;
use super::{Builtin, Context, Fault, operand, string, utf8};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("base64.encode", 1, |context, args| {
        to_text(context, args, |text| base64(text.as_bytes(), STANDARD, true))
    }),
    Builtin::new("base64.decode", 1, |context, args| {
        of_text(context, args, |text| unbase64(text.as_bytes(), STANDARD))
    }),
    Builtin::new("base64.is_valid", 1, |context, args| {
        let text = operand(args, 1)?.as_str();
        context.charge(text.map_or(0, str::len) / 4)?;
        context.allocate(text.map_or(0, str::len))?;
        let valid = text.is_some_and(|text| unbase64(text.as_bytes(), STANDARD).is_ok());
        Ok(Some(Value::Bool(valid)))
    }),
    Builtin::new("base64url.encode", 1, |context, args| {
        to_text(context, args, |text| base64(text.as_bytes(), ADDRESS, true))
    }),
    Builtin::new("base64url.encode_no_pad", 1, |context, args| {
        to_text(context, args, |text| base64(text.as_bytes(), ADDRESS, false))
    }),
    Builtin::new("base64url.decode", 1, |context, args| of_text(context, args, unbase64url)),
    Builtin::new("hex.encode", 1, |context, args| {
        to_text(context, args, |text| hex(text.as_bytes()))
    }),
    Builtin::new("hex.decode", 1, |context, args| of_text(context, args, unhex)),
];

/// The alphabet of RFC 4648 section 4.
pub(super) const STANDARD: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// That of section 5, for parts of addresses.
pub(super) const ADDRESS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn to_text(
    context: &mut Context<'_>,
    args: &[Value],
    encode: impl Fn(&str) -> String,
) -> Result<Option<Value>, Fault> {
    let text = string(args, 1)?;
    context.charge(text.len() / 4)?;
    context.allocate(text.len().saturating_mul(3))?;
    Ok(Some(encode(text).into()))
}

fn of_text(
    context: &mut Context<'_>,
    args: &[Value],
    decode: impl Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<Option<Value>, Fault> {
    let text = string(args, 1)?;
    context.charge(text.len() / 4)?;
    context.allocate(text.len().saturating_mul(4))?;
    Ok(Some(utf8(decode(text).map_err(Fault::builtin)?)?.into()))
}

/// Bytes as text, with U+FFFD for each that is in no character: for messages alone.
pub(super) fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Bytes in base64.
pub(super) fn base64(bytes: &[u8], alphabet: &[u8; 64], pad: bool) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for chunk in bytes.chunks(3) {
        let byte = |at| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            if at <= chunk.len() {
                let index = usize::try_from(bits >> shift & 63).unwrap_or(0);
                text.extend(alphabet.get(index).copied().map(char::from));
            } else if pad {
                text.push('=');
            }
        }
    }
    text
}

/// With padding, as Go decodes: ends of lines do not count, nor bits that are left over. Errors tell the places that Go tells.
pub(super) fn unbase64(text: &[u8], alphabet: &[u8; 64]) -> Result<Vec<u8>, String> {
    let wrong = |at: usize| format!("illegal base64 data at input byte {at}");
    let newline = |byte: u8| matches!(byte, b'\r' | b'\n');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    let mut rest = text.iter().copied().enumerate().filter(|(_, byte)| !newline(*byte));
    while let Some((at, byte)) = rest.next() {
        if byte == b'=' {
            match count {
                // Two signs; Go is one byte behind the second when it looks at it.
                2 => match rest.next() {
                    Some((_, b'=')) => {}
                    Some((second, _)) => return Err(wrong(second.saturating_sub(1))),
                    None => return Err(wrong(text.len())),
                },
                3 => {}
                _ => return Err(wrong(at)),
            }
            if let Some((after, _)) = rest.next() {
                return Err(wrong(after));
            }
            let whole = bits << (6 * (4 - count));
            bytes.extend(whole.to_be_bytes().get(1..count).unwrap_or_default());
            return Ok(bytes);
        }
        let index = index(byte, alphabet).ok_or_else(|| wrong(at))?;
        bits = bits << 6 | index;
        count += 1;
        if count == 4 {
            bytes.extend(bits.to_be_bytes().get(1..).unwrap_or_default());
            (bits, count) = (0, 0);
        }
    }
    if count > 0 { Err(wrong(text.len().saturating_sub(count))) } else { Ok(bytes) }
}

/// What a byte stands for: the two alphabets differ in the last two.
fn index(byte: u8, alphabet: &[u8; 64]) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        _ if alphabet.get(62) == Some(&byte) => 62,
        _ if alphabet.get(63) == Some(&byte) => 63,
        _ => return None,
    })
}

/// Also without padding (RFC 7515, appendix C).
pub(super) fn unbase64url(text: &str) -> Result<Vec<u8>, String> {
    let padding = match text.len() % 4 {
        _ if text.ends_with('=') => "",
        0 => "",
        2 => "==",
        3 => "=",
        _ => return Err(format!("illegal base64url string: {text}")),
    };
    unbase64(format!("{text}{padding}").as_bytes(), ADDRESS)
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    let digit = |c: &char| c.is_ascii_hexdigit();
    if let Some(c) = text.chars().find(|c| !digit(c)) {
        let byte = text.bytes().find(|byte| !byte.is_ascii_hexdigit()).unwrap_or(0);
        // Go tells of the byte as if it were a character.
        let shown = if c.is_ascii() { c } else { char::from(byte) };
        let shown = super::gofmt::unicode_point(shown);
        return Err(format!("encoding/hex: invalid byte: {shown}"));
    }
    if !text.len().is_multiple_of(2) {
        return Err("encoding/hex: odd length hex string".to_owned());
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    Ok(pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect())
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
