//! Identifiers by RFC 4122: read, and made of the query's seed.

use super::{Builtin, Context, operand, string};
use crate::policy::rego::number::Number;
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("uuid.rfc4122", 1, |context, args| {
        let size = super::json_text::size(context, operand(args, 1)?)?;
        context.charge(size / 16)?;
        Ok(Some(random(context, &operand(args, 1)?.to_json()).into()))
    }),
    Builtin::new("uuid.parse", 1, |_, args| {
        Ok(parse(string(args, 1)?.as_bytes()).map(|bytes| fields(&bytes)))
    }),
];

/// Of version 4; the same for the same key within a query.
fn random(context: &Context<'_>, key: &str) -> String {
    let draw = |half| u128::from(context.draw_for(&format!("uuid.rfc4122 {half} {key}")));
    let mut bytes = (draw(0) << 64 | draw(1)).to_be_bytes();
    for (at, keep, set) in [(6, 0x0f, 0x40), (8, 0x3f, 0x80)] {
        if let Some(byte) = bytes.get_mut(at) {
            *byte = *byte & keep | set;
        }
    }
    let bits = u128::from_be_bytes(bytes);
    let part = |shift: u32, mask: u128| bits >> shift & mask;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        part(96, 0xffff_ffff),
        part(80, 0xffff),
        part(64, 0xffff),
        part(48, 0xffff),
        part(0, 0xffff_ffff_ffff),
    )
}

/// With dashes, also behind `urn:uuid:` or between any two characters, or digits alone.
fn parse(text: &[u8]) -> Option<[u8; 16]> {
    let text = match text.len() {
        32 | 36 => text,
        38 => text.get(1..37)?,
        45 if text.get(..9)?.eq_ignore_ascii_case(b"urn:uuid:") => text.get(9..)?,
        _ => return None,
    };
    let dashes = [8, 13, 18, 23];
    if text.len() == 36 && dashes.iter().any(|at| text.get(*at) != Some(&b'-')) {
        return None;
    }
    let kept = |(at, _): &(usize, &u8)| text.len() == 32 || !dashes.contains(at);
    let digits: Vec<u8> = text.iter().enumerate().filter(kept).map(|(_, digit)| *digit).collect();
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let digits = std::str::from_utf8(pair).ok()?;
        let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        *byte = u8::from_str_radix(digits, 16).ok().filter(|_| plain)?;
    }
    Some(bytes)
}

/// What it says: of versions 1 and 2 also when and where it was made.
fn fields(bytes: &[u8; 16]) -> Value {
    let bits = u128::from_be_bytes(*bytes);
    let part = |shift: u32, mask: u64| u64::try_from(bits >> shift & u128::from(mask)).unwrap_or(0);
    let version = part(76, 0xf);
    let variant = match part(56, 0xff) {
        byte if byte & 0xc0 == 0x80 => "RFC4122",
        byte if byte & 0xe0 == 0xc0 => "Microsoft",
        byte if byte & 0xe0 == 0xe0 => "Future",
        _ => "Reserved",
    };
    let whole = |number: u64| Value::Number(Number::from(number));
    let mut pairs = vec![("version", whole(version)), ("variant", Value::from(variant))];
    if matches!(version, 1 | 2) {
        let node = (0..6).rev().map(|at| format!("{:02x}", part(at * 8, 0xff)));
        let place = match part(40, 0b11) {
            0b11 => "local:multicast",
            0b01 => "global:multicast",
            0b10 => "local:unicast",
            _ => "global:unicast",
        };
        let time = part(64, 0xfff) << 48 | part(80, 0xffff) << 32 | part(96, 0xffff_ffff);
        pairs.extend([
            ("nodeid", Value::from(node.collect::<Vec<_>>().join("-"))),
            ("macvariables", Value::from(place)),
            ("time", Value::int(nanoseconds(time))),
            ("clocksequence", whole(part(48, 0x3fff))),
        ]);
    }
    if version == 2 {
        let domain = match part(48, 0xff) {
            0 => "Person".to_owned(),
            1 => "Group".to_owned(),
            2 => "Org".to_owned(),
            other => format!("Domain{other}"),
        };
        pairs.extend([("id", whole(part(96, 0xffff_ffff))), ("domain", Value::from(domain))]);
    }
    Value::object(pairs.into_iter().map(|(name, value)| (Value::from(name), value)))
}

/// Hundreds of nanoseconds since the calendar of 1582 as nanoseconds since 1970, in 64 bits, as in Go.
fn nanoseconds(time: u64) -> i64 {
    const START: i64 = 122_192_928_000_000_000;
    time.cast_signed().wrapping_sub(START).wrapping_mul(100)
}

#[cfg(test)]
#[path = "uuid_tests.rs"]
mod tests;
