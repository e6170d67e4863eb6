//! Regular expressions of schemas: Go's, found anywhere in the text.

use regex::{Regex, RegexBuilder};

use super::super::Exhausted;
use super::super::regex_syntax::{self, PatternError};

/// So much memory an expression may take, compiled.
const SIZE: usize = 1 << 20;

/// The expression, if it is one.
///
/// # Errors
///
/// It is one of Go, and this engine cannot take it.
pub(super) fn compile(pattern: &str) -> Result<Option<Regex>, Exhausted> {
    let translated = match regex_syntax::translate(pattern) {
        Ok(translated) => translated,
        Err(PatternError::Exhausted(what)) => return Err(what),
        Err(PatternError::Wrong(_)) => return Ok(None),
    };
    let mut builder = RegexBuilder::new(&translated);
    match builder.size_limit(SIZE).dfa_size_limit(SIZE).build() {
        Ok(regex) => Ok(Some(regex)),
        Err(regex::Error::CompiledTooBig(_)) => Err(Exhausted::Size),
        Err(_) => Err(Exhausted::Unsupported),
    }
}
