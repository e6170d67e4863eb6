//! PEM (RFC 7468): bytes between a line that begins and a line that ends them.

use super::base64;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// A block, and what follows it.
pub(in super::super) struct Block<'a> {
    /// `CERTIFICATE`, `PUBLIC KEY`.
    pub(in super::super) label: &'a str,
    pub(in super::super) bytes: Vec<u8>,
    pub(in super::super) rest: &'a str,
}

/// The first block of the text, if it has one; what comes before it is skipped, as Go skips it.
// INVARIANT: takes a time that grows with the text alone. Marks are found once, headers are passed once, and the body of a block that is none is
// read no further than to the dashes of the next.
pub(in super::super) fn first(text: &str) -> Option<Block<'_>> {
    let ends: Vec<usize> = lines_with(text, END).collect();
    let mut passed = 0;
    for at in lines_with(text, BEGIN) {
        if at < passed {
            continue;
        }
        let (line, rest) = line(text.get(at + BEGIN.len()..)?);
        let Some(label) = line.strip_suffix(DASHES) else { continue };
        let body = headed(rest)?;
        let start = text.len() - body.len();
        passed = start;
        // Behind headers an empty line comes first.
        let least = start + usize::from(body.len() < rest.len());
        // The first end counts, whatever it ends.
        let Some(end) = ends.get(ends.partition_point(|end| *end < least)) else { continue };
        let tail = text.get(end + END.len()..)?;
        let tail = tail.strip_prefix(label).and_then(|tail| tail.strip_prefix(DASHES));
        let Some((trailer, rest)) = tail.map(self::line) else { continue };
        if !trailer.is_empty() {
            continue;
        }
        let content = content(text.get(start..*end)?);
        let Some(Ok(bytes)) = content.map(|content| base64::decode_standard(&content)) else {
            continue;
        };
        return Some(Block { label, bytes, rest });
    }
    None
}

/// What follows the headers, which are the lines with a colon. None if nothing does.
fn headed(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let (header, after) = line(rest);
        if rest.is_empty() {
            return None;
        }
        if !header.contains(':') {
            return Some(rest);
        }
        rest = after;
    }
}

/// Where lines begin with the mark.
fn lines_with<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = usize> {
    text.match_indices(mark).map(|(at, _)| at).filter(move |at| {
        let before = text.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with('\n')
    })
}

/// The body without white space. None if it has what no base64 has.
fn content(body: &str) -> Option<String> {
    let mut content = String::new();
    for c in body.chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n')) {
        if !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '=') {
            return None;
        }
        content.push(c);
    }
    Some(content)
}

/// The first line without white space at its end, and what follows.
fn line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end_matches([' ', '\t', '\r']), rest)
}

#[cfg(test)]
#[path = "pem_tests.rs"]
mod tests;
