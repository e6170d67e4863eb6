//! Sealing a subject's data: AES-256-GCM-SIV (RFC 8452) under a key of the subject's own.
//!
//! | Offset | Size | |
//! |---|---|---|
//! | 0 | 1 | version: 1 |
//! | 1 | n | the value, padded with 0x80 and zeros to a multiple of 32 bytes, encrypted: its length tells little |
//! | 1 + n | 16 | the tag, over the version and the context |
//!
//! The nonce is zero. The mode is made for that (RFC 8452 §9): what is sealed twice gives the same bytes twice, which tells that
//! the same was sealed in the same place and nothing else, and gives the same events from the same requests.

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce, Tag};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

const VERSION: u8 = 1;
const TAG: usize = 16;
const PADDED: usize = 32;
const LABEL: &[u8] = b"thalium.subject-data.v1";

/// Seals and opens with one key.
pub struct Sealer(Box<Aes256GcmSiv>);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// With a subject's key.
    ///
    /// ```
    /// use thalium::party::Sealer;
    ///
    /// let sealer = Sealer::new(&[7; 32]);
    /// let sealed = sealer.seal(b"where it stands", b"12 Long Street");
    /// assert_eq!(sealer.open(b"where it stands", &sealed).unwrap().as_slice(), b"12 Long Street");
    /// assert!(sealer.open(b"elsewhere", &sealed).is_none());
    /// ```
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let mut own = Zeroizing::new([0; 32]);
        // INVARIANT: 32 bytes are fewer than the 8,160 that HKDF gives.
        let _ = Hkdf::<Sha256>::new(None, key).expand(LABEL, own.as_mut_slice());
        Self(Box::new(Aes256GcmSiv::new((&*own).into())))
    }

    /// Seals bytes. The context says what they are, and is needed to open them.
    #[must_use]
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let padded = (plain.len() / PADDED + 1) * PADDED;
        let mut sealed = Vec::with_capacity(1 + padded + TAG);
        sealed.push(VERSION);
        sealed.extend_from_slice(plain);
        sealed.push(0x80);
        sealed.resize(1 + padded, 0);
        let Some((_, own)) = sealed.split_first_mut() else { return Vec::new() };
        match self.0.encrypt_inout_detached(&Nonce::default(), context, own.into()) {
            Ok(tag) => sealed.extend_from_slice(&tag),
            // INVARIANT: nothing is longer than the 64 GiB that may be sealed at once. If it were, nothing is better than what
            // is not sealed.
            Err(_) => {
                sealed.zeroize();
            }
        }
        sealed
    }

    /// Opens what was sealed; `None` where that is not what was sealed with this key in this context.
    #[must_use]
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (version, rest) = sealed.split_first()?;
        if *version != VERSION {
            return None;
        }
        let (own, tag) = rest.split_last_chunk::<TAG>()?;
        let mut plain = Zeroizing::new(own.to_vec());
        let tag = Tag::from(*tag);
        let opened = self.0.decrypt_inout_detached(
            &Nonce::default(),
            context,
            plain.as_mut_slice().into(),
            &tag,
        );
        opened.ok()?;
        let end = plain.iter().rposition(|byte| *byte != 0)?;
        (plain.get(end) == Some(&0x80)).then(|| plain.truncate(end))?;
        Some(plain)
    }
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
