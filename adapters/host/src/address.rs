//! Where a ledger lives.

use std::path::PathBuf;
use std::str::FromStr;

use crate::Error;

/// The address of a ledger: `memory:`, `file:DIRECTORY`, or a directory alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// In this process, gone with it.
    Memory,
    /// In a directory.
    File(PathBuf),
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || Error::Address(text.chars().take(256).collect());
        if text == "memory:" {
            return Ok(Self::Memory);
        }
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some((scheme, _))
                if scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_lowercase()) =>
            {
                Err(unknown())
            }
            _ if text.is_empty() => Err(unknown()),
            _ => Ok(Self::File(text.into())),
        }
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
