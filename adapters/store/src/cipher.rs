//! How bytes are sealed: AES-256-GCM-SIV (RFC 8452).
//!
//! The nonce is the place: number of the block and of the piece, or stamp and number of the page. A place may be written
//! twice, after a torn write or in two copies of a directory; with this mode that tells whether the same was written, and
//! nothing else.

use std::borrow::Cow;

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce, Tag};
use hkdf::Hkdf;
use sha2::Sha256;
use thalium::port::keys::DataKey;
use zeroize::Zeroizing;

/// Bytes of events that are sealed together: a transfer is read without opening the whole of its block.
pub(crate) const PIECE: usize = 2048 - TAG;
/// Bytes by which a piece grows.
pub(crate) const TAG: usize = 16;

/// What a data key is used for; each use has its own key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    Segment,
    Part,
    Image,
    Subjects,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Segment => b"thalium.segment.v1",
            Self::Part => b"thalium.part.v1",
            Self::Image => b"thalium.image.v1",
            Self::Subjects => b"thalium.subjects.v1",
        }
    }
}

/// Seals and opens, or leaves bytes as they are.
#[derive(Default)]
pub(crate) struct Cipher(Option<Box<Aes256GcmSiv>>);

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_sealed() { "Cipher(sealed)" } else { "Cipher(plain)" })
    }
}

impl Cipher {
    pub(crate) fn new(key: &DataKey, purpose: Purpose) -> Self {
        let mut own = Zeroizing::new([0; 32]);
        // INVARIANT: 32 bytes are fewer than the 8,160 that HKDF gives.
        let _ =
            Hkdf::<Sha256>::new(None, key.as_bytes()).expand(purpose.label(), own.as_mut_slice());
        Self(Some(Box::new(Aes256GcmSiv::new((&*own).into()))))
    }

    pub(crate) const fn is_sealed(&self) -> bool {
        self.0.is_some()
    }

    /// How long so many bytes of events are as they are stored.
    pub(crate) fn stored_len(&self, len: usize) -> usize {
        if self.is_sealed() { sealed_len(len) } else { len }
    }

    /// The events of a block, sealed piece by piece.
    pub(crate) fn seal<'a>(&self, block: u64, events: &'a [u8]) -> Cow<'a, [u8]> {
        if !self.is_sealed() {
            return Cow::Borrowed(events);
        }
        let mut sealed = Vec::with_capacity(sealed_len(events.len()));
        for (index, piece) in (0..).zip(events.chunks(PIECE)) {
            self.push(&mut sealed, block, index, piece);
        }
        Cow::Owned(sealed)
    }

    /// Opens sealed pieces of a block where they are, from the piece of an index on; gives how many bytes of events there
    /// are. `None` where they are not what was sealed there.
    pub(crate) fn open(&self, block: u64, first: u32, bytes: &mut [u8]) -> Option<usize> {
        self.open_pieces(PIECE, block, first, bytes)
    }

    /// As [`Cipher::open`], for pieces of another length.
    pub(crate) fn open_pieces(
        &self,
        len: usize,
        stamp: u64,
        first: u32,
        bytes: &mut [u8],
    ) -> Option<usize> {
        if !self.is_sealed() {
            return Some(bytes.len());
        }
        let mut filled = 0;
        let starts = (0..bytes.len()).step_by(len + TAG);
        for (index, start) in (first..).zip(starts) {
            let end = bytes.len().min(start + len + TAG);
            let piece = self.open_one(stamp, index, bytes.get_mut(start..end)?)?;
            bytes.copy_within(start..start + piece, filled);
            filled += piece;
        }
        Some(filled)
    }

    /// Seals bytes that are one piece, behind what `to` holds.
    pub(crate) fn push(&self, to: &mut Vec<u8>, stamp: u64, index: u32, piece: &[u8]) {
        let at = to.len();
        to.extend_from_slice(piece);
        let (Some(cipher), Some(own)) = (&self.0, to.get_mut(at..)) else { return };
        match cipher.encrypt_inout_detached(&nonce(stamp, index), &[], own.into()) {
            Ok(tag) => to.extend_from_slice(&tag),
            // INVARIANT: no piece is longer than the 64 GiB that may be sealed at once. If it were, nothing is better
            // than what is not sealed.
            Err(_) => to.truncate(at),
        }
    }

    /// Opens one piece where it is; gives its length without the tag.
    pub(crate) fn open_one(&self, stamp: u64, index: u32, bytes: &mut [u8]) -> Option<usize> {
        let Some(cipher) = &self.0 else { return Some(bytes.len()) };
        let (piece, tag) = bytes.split_last_chunk_mut::<TAG>()?;
        let tag = Tag::from(*tag);
        cipher.decrypt_inout_detached(&nonce(stamp, index), &[], piece.into(), &tag).ok()?;
        Some(piece.len())
    }
}

/// How long so many bytes of events are when they are sealed.
pub(crate) const fn sealed_len(len: usize) -> usize {
    len + len.div_ceil(PIECE) * TAG
}

fn nonce(stamp: u64, index: u32) -> Nonce {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&stamp.to_le_bytes());
    nonce[8..].copy_from_slice(&index.to_le_bytes());
    nonce.into()
}

#[cfg(test)]
#[path = "cipher_tests.rs"]
mod tests;
