//! Sealing and opening with the keys of subjects, whoever keeps them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::resolve::{Invalid, invalid};
use crate::Id;
use crate::party::{Basis, IdentifierKind, PURPOSE_MAX, Sealer, Token, TokenError, Tokenizer};
use crate::port::keys::KeyError;
use crate::port::subjects::{NoKey, SubjectKeys};

/// Keys that are at hand without asking their keeper: half a KiB each.
const AT_HAND_MAX: usize = 4_096;
/// The number of the tenant's key from which tokens are made.
const TOKEN_ROOT: u32 = 1;
/// The purpose of the tokens by which people are found.
const IDENTIFIERS: &str = "identifier";

/// Seals and opens personal data, and makes the tokens by which it is found.
pub struct Vault {
    keys: Arc<dyn SubjectKeys>,
    at_hand: Mutex<AtHand>,
    /// How often keys were destroyed: one that was fetched before is not kept at hand after.
    destroyed: AtomicU64,
}

#[derive(Default)]
struct AtHand {
    sealers: BTreeMap<(Id, Basis), Arc<Sealer>>,
    tokenizers: BTreeMap<String, Arc<Tokenizer>>,
}

/// Why there are no tokens for a purpose.
#[derive(Debug, thiserror::Error)]
pub enum PurposeError {
    /// The purpose cannot be one.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({:?})", self.keys)
    }
}

impl Vault {
    /// A vault whose keys someone keeps.
    #[must_use]
    pub fn new(keys: Arc<dyn SubjectKeys>) -> Self {
        Self { keys, at_hand: Mutex::default(), destroyed: AtomicU64::new(0) }
    }

    /// Who keeps the keys.
    #[must_use]
    pub fn keys(&self) -> &Arc<dyn SubjectKeys> {
        &self.keys
    }

    /// Seals bytes for a subject. The context says what they are, and is needed to open them.
    ///
    /// # Errors
    /// A key that cannot be had.
    pub fn seal(
        &self,
        subject: Id,
        basis: Basis,
        context: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, NoKey> {
        Ok(self.sealer(subject, basis)?.seal(context, plain))
    }

    /// Opens what was sealed for a subject in a context.
    ///
    /// # Errors
    /// A key that cannot be had; bytes that were not sealed with it, which is what a lost key looks like.
    pub fn open(
        &self,
        subject: Id,
        basis: Basis,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NoKey> {
        let opened = self.sealer(subject, basis)?.open(context, sealed);
        opened.ok_or_else(|| NoKey::Lost("what it sealed does not open with it".to_owned()))
    }

    /// The token of an identifier: the same for the same, and no one can tell which without the tenant's key.
    ///
    /// # Errors
    /// A key that cannot be had.
    pub fn token(&self, kind: IdentifierKind, normalised: &str) -> Result<Token, KeyError> {
        Ok(self.tokenizer(IDENTIFIERS)?.token(kind, normalised))
    }

    /// What makes the tokens of a purpose of the caller's own.
    ///
    /// # Errors
    /// A purpose that is out of bounds, or that of the search for people; a key that cannot be had.
    pub fn tokenizer_for(&self, purpose: &str) -> Result<Arc<Tokenizer>, PurposeError> {
        if !(1..=PURPOSE_MAX).contains(&purpose.len()) {
            return Err(invalid("purpose", TokenError::Purpose).into());
        }
        if purpose == IDENTIFIERS {
            let message = "is that by which people are found: name one of your own";
            return Err(invalid("purpose", message).into());
        }
        Ok(self.tokenizer(purpose)?)
    }

    /// What makes the tokens of a purpose.
    ///
    /// # Errors
    /// A key that cannot be had; a purpose that is empty or too long.
    pub fn tokenizer(&self, purpose: &str) -> Result<Arc<Tokenizer>, KeyError> {
        if let Some(tokenizer) = self.at_hand().tokenizers.get(purpose) {
            return Ok(Arc::clone(tokenizer));
        }
        let root = self.keys.root(TOKEN_ROOT)?;
        let made = Tokenizer::new(root.as_bytes(), purpose);
        let made = Arc::new(made.map_err(|error| KeyError(error.to_string()))?);
        let mut at_hand = self.at_hand();
        if at_hand.tokenizers.len() >= AT_HAND_MAX {
            at_hand.tokenizers.clear();
        }
        at_hand.tokenizers.insert(purpose.to_owned(), Arc::clone(&made));
        Ok(made)
    }

    /// Destroys keys of a subject.
    ///
    /// # Errors
    /// Their keeper's; then they are to be destroyed again.
    pub fn destroy(&self, subject: Id, which: &[Basis]) -> Result<(), KeyError> {
        let destroyed = self.keys.destroy(subject, which);
        let mut at_hand = self.at_hand();
        self.destroyed.fetch_add(1, Ordering::SeqCst);
        for basis in which {
            at_hand.sealers.remove(&(subject, *basis));
        }
        destroyed
    }

    /// Has keys at hand, as far as they can be had.
    pub fn warm(&self, keys: &[(Id, Basis)]) {
        for (subject, basis) in keys.iter().take(AT_HAND_MAX) {
            let _ = self.sealer(*subject, *basis);
        }
        let _ = self.tokenizer(IDENTIFIERS);
    }

    fn sealer(&self, subject: Id, basis: Basis) -> Result<Arc<Sealer>, NoKey> {
        if let Some(sealer) = self.at_hand().sealers.get(&(subject, basis)) {
            return Ok(Arc::clone(sealer));
        }
        let before = self.destroyed.load(Ordering::SeqCst);
        let sealer = Arc::new(Sealer::new(self.keys.key(subject, basis)?.as_bytes()));
        let mut at_hand = self.at_hand();
        if self.destroyed.load(Ordering::SeqCst) != before {
            return Ok(sealer);
        }
        if at_hand.sealers.len() >= AT_HAND_MAX {
            at_hand.sealers.clear();
        }
        at_hand.sealers.insert((subject, basis), Arc::clone(&sealer));
        Ok(sealer)
    }

    fn at_hand(&self) -> MutexGuard<'_, AtHand> {
        // What is in it is whole, wherever another thread panicked.
        self.at_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
