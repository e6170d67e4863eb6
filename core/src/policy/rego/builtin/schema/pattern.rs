//! Regular expressions of schemas: Go's, found anywhere in the text.

use regex::{Regex, RegexBuilder};

use super::super::regex_syntax;

/// So much memory an expression may take, compiled: what repeats too much is refused.
const SIZE: usize = 1 << 20;

/// The expression, if it is one.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    let translated = regex_syntax::translate(pattern).ok()?;
    RegexBuilder::new(&translated).size_limit(SIZE).dfa_size_limit(SIZE).build().ok()
}
