//! The key port: who keeps the keys that wrap data keys.
//!
//! What is encrypted at rest is encrypted with *data keys*, which are stored beside it, wrapped by a key that never leaves
//! where it is kept: a file, a passphrase, a key service. To change that key is to wrap the data keys anew.

use std::fmt;

use zeroize::Zeroize;

/// Bytes of a data key.
pub const DATA_KEY_LEN: usize = 32;
/// Bytes of a wrapped data key, at most.
pub const WRAPPED_MAX: usize = 1024;

/// A data key; it is wiped when it is dropped and never printed.
#[derive(Clone)]
pub struct DataKey([u8; DATA_KEY_LEN]);

impl DataKey {
    /// The key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; DATA_KEY_LEN]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; DATA_KEY_LEN] {
        &self.0
    }
}

impl Drop for DataKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// Why a key cannot be had: what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub String);

/// Wraps data keys.
///
/// An implementation keeps to the letter:
/// - `unwrap` gives the key that `wrap` was given, or fails: never another key, whatever the bytes or the context.
/// - A wrapped key tells nothing of the key, and has [`WRAPPED_MAX`] bytes at most.
/// - `generate` gives a key that no one can foresee.
pub trait Keys: fmt::Debug + Send + Sync {
    /// What wraps, for people: never a secret.
    fn name(&self) -> String;

    /// A new data key.
    ///
    /// # Errors
    /// No source of randomness.
    fn generate(&self) -> Result<DataKey, KeyError>;

    /// Wraps a key. The context says what for, and is needed to unwrap it again.
    ///
    /// # Errors
    /// A keeper of keys that cannot be reached, or refuses.
    fn wrap(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, KeyError>;

    /// Unwraps a key.
    ///
    /// # Errors
    /// Bytes that were not wrapped by this one, or for another context; a keeper that cannot be reached.
    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<DataKey, KeyError>;
}
