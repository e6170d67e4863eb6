//! What is wrong with a text, and at which byte: the column is counted when it is told.

use crate::kyc::logic::GuardError;

#[derive(Debug)]
pub(super) struct Fault {
    at: usize,
    message: String,
}

impl Fault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    /// As an error of the text.
    pub(super) fn of(self, text: &str) -> GuardError {
        let place = place(column(text, self.at));
        GuardError { place, message: self.message, exhausted: None }
    }
}

/// The column of a byte, in characters from one.
pub(super) fn column(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or(text).chars().count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

/// A column as a place.
pub(super) fn place(column: u32) -> String {
    format!("column {column}")
}
