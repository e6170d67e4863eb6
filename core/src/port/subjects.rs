//! The port to the keys of people: who keeps them, and destroys them when a person is forgotten.
//!
//! A subject has two keys, so that what the law keeps outlives what consent allowed. What is sealed with a key is gone when
//! the key is: from the log, from every copy of it, from what was made of it.

use std::fmt;

use super::keys::{DataKey, KeyError};
use crate::Id;
use crate::party::Basis;

/// Why the key of a subject cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// There never was one: nothing was sealed with it.
    #[error("there is no key: nothing was sealed with it")]
    Absent,
    /// It was destroyed, and with it what was sealed.
    #[error("the key was destroyed: what was sealed with it is gone")]
    Destroyed,
    /// It should be there and is not: damage, or a keeper of keys that cannot be reached. Nothing else is touched by it.
    #[error("the key is lost: {0}")]
    Lost(String),
}

/// Keeps the keys of subjects.
///
/// An implementation keeps to the letter:
/// - When `ensure` returns, the keys that it was asked for are there, durably, unless they were destroyed or are lost; one
///   that was there is the same.
/// - `key` gives the key that `ensure` made, always the same, or says why not.
/// - When `destroy` returns, the keys are gone for ever, from memory and from what is stored; `ensure` never makes them
///   anew. To destroy what is gone or never was is no error: it stays or becomes destroyed.
/// - `roots` gives keys of the tenant's own, one for each number, made when they are first asked for, never destroyed.
/// - Whatever fails or stops half-way, no key but those to be destroyed is lost.
pub trait SubjectKeys: fmt::Debug + Send + Sync {
    /// Makes the keys that are missing.
    ///
    /// # Errors
    /// A keeper that cannot be reached or cannot write; then some of them may be there.
    fn ensure(&self, wanted: &[(Id, Basis)]) -> Result<(), KeyError>;

    /// The key of a subject.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn key(&self, subject: Id, basis: Basis) -> Result<DataKey, NoKey>;

    /// Destroys keys of a subject.
    ///
    /// # Errors
    /// A keeper that cannot be reached or cannot write; then they may be there, and it is to be asked again.
    fn destroy(&self, subject: Id, which: &[Basis]) -> Result<(), KeyError>;

    /// A key of the tenant's, which belongs to no subject: for tokens.
    ///
    /// # Errors
    /// A keeper that cannot be reached or cannot write.
    fn root(&self, number: u32) -> Result<DataKey, KeyError>;
}
