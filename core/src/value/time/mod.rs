//! Instants as text, by the layouts of Go.

pub(crate) mod format;
pub(crate) mod instant;
pub(crate) mod layout;
pub(crate) mod parse;
