//! PEM (RFC 7468): bytes between a line that begins and a line that ends them.

use super::base64;

/// A block, and what follows it.
pub(in super::super) struct Block<'a> {
    /// `CERTIFICATE`, `PUBLIC KEY`.
    pub(in super::super) label: &'a str,
    pub(in super::super) bytes: Vec<u8>,
    pub(in super::super) rest: &'a str,
}

/// The first block of the text, if it has one; what comes before it is skipped, as Go skips it.
pub(in super::super) fn first(text: &str) -> Option<Block<'_>> {
    const BEGIN: &str = "-----BEGIN ";
    const DASHES: &str = "-----";
    let mut at = text;
    loop {
        let start = begin(at, BEGIN)?;
        let after = start.get(BEGIN.len()..)?;
        at = after;
        let (line, body) = line(after);
        let Some(label) = line.strip_suffix(DASHES) else { continue };
        let end = format!("-----END {label}{DASHES}");
        let Some(ends) = begin_at(body, &end) else { continue };
        let (body, tail) = body.split_at(ends);
        let (trailer, rest) = self::line(tail.get(end.len()..)?);
        if !trailer.is_empty() {
            continue;
        }
        let Ok(bytes) = base64::decode_standard(&content(body)) else { continue };
        return Some(Block { label, bytes, rest });
    }
}

/// The body without the headers that may come first, and without white space.
fn content(body: &str) -> String {
    let lines = body.lines().skip_while(|line| line.contains(':') || line.trim().is_empty());
    lines.flat_map(str::chars).filter(|c| !c.is_ascii_whitespace()).collect()
}

/// The text from where a line begins with the mark.
fn begin<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.get(begin_at(text, mark)?..)
}

fn begin_at(text: &str, mark: &str) -> Option<usize> {
    text.match_indices(mark).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with('\n')
    })
}

/// The first line without white space at its end, and what follows.
fn line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end_matches([' ', '\t', '\r']), rest)
}
