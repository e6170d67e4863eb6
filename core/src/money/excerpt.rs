//! A bounded, printable piece of refused input, for error messages.

use std::fmt;

/// The most characters of the input that an error keeps and prints.
pub const MAX_EXCERPT_CHARS: usize = 64;

/// The beginning of a refused input, at most [`MAX_EXCERPT_CHARS`] characters of it.
///
/// `Display` puts it in backticks, adds `…` where it was cut, and escapes what a terminal or a log
/// would not show as itself (line breaks, control and formatting characters, backslashes), so that
/// a hostile input cannot forge a second log line.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Excerpt {
    kept: Box<str>,
    cut: bool,
}

impl Excerpt {
    /// Keeps the beginning of `input`.
    pub fn new(input: &str) -> Self {
        match input.char_indices().nth(MAX_EXCERPT_CHARS) {
            Some((end, _)) => Self { kept: input.get(..end).unwrap_or_default().into(), cut: true },
            None => Self { kept: input.into(), cut: false },
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`")?;
        for c in self.kept.chars() {
            match c {
                '\'' | '"' => write!(f, "{c}")?,
                _ => write!(f, "{}", c.escape_debug())?,
            }
        }
        f.write_str(if self.cut { "…`" } else { "`" })
    }
}
