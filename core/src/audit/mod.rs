//! What makes the log provable.

pub mod merkle;
