//! Formats of texts. What is no text, or of a format that is unknown, is admitted.

use core::net::IpAddr;

use super::super::Exhausted;
use super::super::time::parse as time;
use super::address::{self, Address};
use super::pattern;

/// Whether a text is of the format.
///
/// # Errors
///
/// It is an expression that this engine cannot take.
pub(super) fn admits(format: &str, text: &str) -> Result<bool, Exhausted> {
    let reads = |layout: &str| time::parse(layout, text).is_ok();
    let is_reference = || !text.contains('\\') && Address::split(text).is_valid();
    Ok(match format {
        "date" => reads("2006-01-02"),
        "time" => reads("15:04:05Z07:00") || reads("15:04:05"),
        // RFC 3339 section 5.6, and its parts alone.
        "date-time" => {
            let layouts = ["15:04:05", "15:04:05Z07:00", "2006-01-02", "2006-01-02T15:04:05Z07:00"];
            layouts.into_iter().any(reads)
        }
        "hostname" => text.len() < 256 && text.split('.').all(is_label),
        "email" | "idn-email" => is_email(text),
        "ipv4" => text.contains('.') && text.parse::<IpAddr>().is_ok(),
        "ipv6" => text.contains(':') && text.parse::<IpAddr>().is_ok(),
        "uri" | "iri" => Address::split(text).scheme.is_some() && is_reference(),
        "uri-reference" | "iri-reference" => is_reference(),
        "uri-template" => {
            let path = address::unescape(Address::split(text).path);
            is_reference() && path.is_some_and(|path| is_template(&path))
        }
        "uuid" => is_uuid(text),
        "regex" => pattern::compile(text)?.is_some(),
        "json-pointer" => is_pointer(text),
        "relative-json-pointer" => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, rest) = text.split_at(digits);
            let is_number = !digits.is_empty() && (digits == "0" || !digits.starts_with('0'));
            is_number && (rest == "#" || is_pointer(rest))
        }
        _ => true,
    })
}

/// A label of a host's name: RFC 1123 section 2.1.
fn is_label(label: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = label.as_bytes();
    bytes.len() <= 63 && is_edge(bytes.first()) && is_edge(bytes.last()) && label.bytes().all(inner)
}

/// Every `{` has its `}`, and none is in another.
fn is_template(path: &str) -> bool {
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let is_part = |(part, len): (&str, usize)| {
        part.len() == len && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    text.split('-').count() == lengths.len() && text.split('-').zip(lengths).all(is_part)
}

/// RFC 6901 section 3.
fn is_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/'))
        && text.split('~').skip(1).all(|after| after.starts_with(['0', '1']))
}

/// An address of a mailbox, with or without a name (RFC 5322 section 3.4), without comments.
fn is_email(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    let address = match text.strip_suffix('>') {
        None => text,
        Some(text) => match text.rsplit_once('<') {
            Some((name, address)) if is_phrase(name.trim_matches([' ', '\t'])) => address,
            _ => return false,
        },
    };
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let is_literal = || {
        let address = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']'));
        let address = address.map(|text| text.strip_prefix("IPv6:").unwrap_or(text));
        address.is_some_and(|address| address.parse::<IpAddr>().is_ok())
    };
    (is_atoms(local) || is_quoted(local)) && (is_atoms(domain) || is_literal())
}

fn is_phrase(name: &str) -> bool {
    name.is_empty()
        || is_quoted(name)
        || name.split([' ', '\t']).all(|word| word.is_empty() || is_atoms(word))
}

/// Words with points between (RFC 5322 section 3.2.3); letters beyond ASCII count (RFC 6532).
fn is_atoms(text: &str) -> bool {
    let of_atom =
        |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(of_atom))
}

fn is_quoted(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(inner) = inner else { return false };
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return false,
            c if c.is_ascii_control() && c != '\t' => return false,
            _ => {}
        }
    }
    !escaped
}
