//! Base64 for texts that are parts of addresses (RFC 4648 section 5), as tokens are written in it.

use super::super::encode::{ADDRESS, STANDARD, base64, unbase64, unbase64url};

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
    unbase64url(text)
}

/// The alphabet of RFC 4648 section 4 with padding: what PEM holds.
///
/// # Errors
///
/// Go's text of what is wrong.
pub(in super::super) fn decode_standard(text: &str) -> Result<Vec<u8>, String> {
    unbase64(text.as_bytes(), STANDARD)
}

#[cfg(test)]
#[path = "base64_tests.rs"]
mod tests;
