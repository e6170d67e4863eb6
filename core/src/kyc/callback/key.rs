//! Secrets that are shared with a provider, and when each is valid. While one is exchanged for the next, both are.

use std::fmt;

use zeroize::Zeroizing;

use crate::time::SECOND;

/// The most keys of a provider that are tried.
pub const KEYS: usize = 8;
/// The longest secret, in bytes.
pub const SECRET: usize = 1024;
/// How far the instant that was signed may be from now, unless it is said otherwise: five minutes, in nanoseconds.
pub const TOLERANCE: i64 = 300 * SECOND;

/// The longest id and the longest name of a client, in bytes.
const NAME: usize = 128;

/// A key that cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It has no id, or too long a one.
    #[error("a key needs an id of 1 to {NAME} bytes: by it you are told which key signed")]
    Id,
    /// Its secret is empty.
    #[error("the secret of the key `{id}` is empty: everybody could sign with it")]
    EmptySecret {
        /// Its id.
        id: String,
    },
    /// Its secret is longer than any.
    #[error("the secret of the key `{id}` has {length} bytes, and at most {SECRET} are taken")]
    LongSecret {
        /// Its id.
        id: String,
        /// How many bytes it has.
        length: usize,
    },
    /// The name of its client is empty or too long.
    #[error("the client of the key `{id}` must have 1 to {NAME} bytes")]
    Client {
        /// Its id.
        id: String,
    },
    /// It would be valid at no instant.
    #[error("the key `{id}` is valid until before it begins to be: exchange the two instants")]
    Never {
        /// Its id.
        id: String,
    },
    /// Two keys have one id.
    #[error("two keys have the id `{id}`")]
    Twice {
        /// The id.
        id: String,
    },
    /// There is none.
    #[error("no key is given: nothing could be verified")]
    NoKeys,
    /// There are too many.
    #[error("{count} keys are given, and at most {KEYS} are tried: take out those that ended")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// A tolerance below zero.
    #[error("a tolerance of {nanos} ns tolerates nothing: it must not be below zero")]
    Tolerance {
        /// The tolerance, nanoseconds.
        nanos: i64,
    },
}

/// A secret that is shared with a provider. It is shown nowhere, and wiped when it is dropped.
#[derive(Clone)]
pub struct Key {
    id: String,
    secret: Zeroizing<Vec<u8>>,
    client: Option<String>,
    not_before: Option<i64>,
    not_after: Option<i64>,
}

impl Key {
    /// A key that is always valid.
    ///
    /// # Errors
    /// The id or the secret is empty or too long.
    pub fn new(id: impl Into<String>, secret: impl Into<Vec<u8>>) -> Result<Self, KeyError> {
        let (id, secret) = (id.into(), Zeroizing::new(secret.into()));
        if id.is_empty() || id.len() > NAME {
            return Err(KeyError::Id);
        }
        if secret.is_empty() {
            return Err(KeyError::EmptySecret { id });
        }
        if secret.len() > SECRET {
            return Err(KeyError::LongSecret { id, length: secret.len() });
        }
        Ok(Self { id, secret, client: None, not_before: None, not_after: None })
    }

    /// The same, for this client alone: what Veriff sends as `x-auth-client`, the API key that belongs to the secret.
    ///
    /// # Errors
    /// The name is empty or too long.
    pub fn with_client(mut self, client: impl Into<String>) -> Result<Self, KeyError> {
        let client = client.into();
        if client.is_empty() || client.len() > NAME {
            return Err(KeyError::Client { id: self.id });
        }
        self.client = Some(client);
        Ok(self)
    }

    /// The same, valid from the one instant until the other, both among them; nanoseconds UTC, and none for always.
    ///
    /// # Errors
    /// There is no such instant.
    pub fn valid(
        mut self,
        not_before: Option<i64>,
        not_after: Option<i64>,
    ) -> Result<Self, KeyError> {
        if not_before.zip(not_after).is_some_and(|(first, last)| first > last) {
            return Err(KeyError::Never { id: self.id });
        }
        (self.not_before, self.not_after) = (not_before, not_after);
        Ok(self)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it is valid at an instant.
    #[must_use]
    pub fn is_valid(&self, now: i64) -> bool {
        self.not_before.is_none_or(|first| first <= now)
            && self.not_after.is_none_or(|last| now <= last)
    }

    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    pub(super) fn client(&self) -> Option<&str> {
        self.client.as_deref()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// The keys of one provider, and how far its clock may be from ours.
#[derive(Clone, Debug)]
pub struct Keys {
    keys: Vec<Key>,
    tolerance: i64,
}

impl Keys {
    /// Keys of which any may have signed, with a tolerance of [`TOLERANCE`].
    ///
    /// # Errors
    /// There are none, too many, or two of one id.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Result<Self, KeyError> {
        let keys: Vec<Key> = keys.into_iter().collect();
        if keys.is_empty() {
            return Err(KeyError::NoKeys);
        }
        if keys.len() > KEYS {
            return Err(KeyError::TooMany { count: keys.len() });
        }
        for (at, key) in keys.iter().enumerate() {
            if keys.iter().take(at).any(|other| other.id == key.id) {
                return Err(KeyError::Twice { id: key.id.clone() });
            }
        }
        Ok(Self { keys, tolerance: TOLERANCE })
    }

    /// The same, where the instant that was signed may be this far from now, before and after; nanoseconds. It counts where a provider signs one.
    ///
    /// # Errors
    /// It is below zero.
    pub fn tolerating(mut self, nanos: i64) -> Result<Self, KeyError> {
        if nanos < 0 {
            return Err(KeyError::Tolerance { nanos });
        }
        self.tolerance = nanos;
        Ok(self)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Key> {
        self.keys.iter()
    }

    /// Whether an instant is near enough to now.
    pub(super) fn tolerates(&self, signed_at: i64, now: i64) -> bool {
        signed_at.abs_diff(now) <= self.tolerance.unsigned_abs()
    }
}

#[cfg(test)]
#[path = "key_tests.rs"]
mod tests;
