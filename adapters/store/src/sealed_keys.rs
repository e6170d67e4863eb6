//! Keys that are wrapped with the data keys of their own directory: whoever has another key wrap those need not touch these.
//!
//! | Offset | Size | |
//! |---|---|---|
//! | 0 | 1 | version: 1 |
//! | 1 | 4 | number of the data key, little-endian |
//! | 5 | 48 | the key, encrypted, and the tag |

use std::fmt;

use sha2::{Digest, Sha256};
use thalium::port::keys::{DATA_KEY_LEN, DataKey, KeyError, Keys};
use zeroize::Zeroizing;

use crate::cipher::Purpose;
use crate::disk::Disk;
use crate::error::StoreError;
use crate::format::u32_at;

const VERSION: u8 = 1;
const HEAD: usize = 5;

/// Wraps keys with the data keys of a directory that is encrypted.
pub struct SealedKeys<D>(D);

impl<D: Disk> SealedKeys<D> {
    /// With the data keys of a directory.
    #[must_use]
    pub fn new(disk: D) -> Self {
        Self(disk)
    }
}

impl<D: Disk> fmt::Debug for SealedKeys<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedKeys({:?})", self.0.seal())
    }
}

impl<D: Disk + Sync> Keys for SealedKeys<D> {
    fn name(&self) -> String {
        format!("the data keys of {}", self.0.place())
    }

    fn generate(&self) -> Result<DataKey, KeyError> {
        self.0.seal().generate(&self.0).map_err(told)
    }

    fn wrap(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, KeyError> {
        let seal = self.0.seal();
        let number = seal.current();
        let cipher = seal.cipher(&self.0, number, Purpose::Subjects).map_err(told)?;
        if !cipher.is_sealed() {
            return Err(told(StoreError::Unsealed { place: self.0.place() }));
        }
        let mut wrapped = [&[VERSION], &number.to_le_bytes()[..]].concat();
        let (stamp, index) = place(context);
        cipher.push(&mut wrapped, stamp, index, key.as_bytes());
        Ok(wrapped)
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<DataKey, KeyError> {
        let other =
            || KeyError("it was not wrapped with these data keys, or not for that".to_owned());
        let (head, rest) = wrapped.split_at_checked(HEAD).ok_or_else(other)?;
        let number =
            u32_at(head, 1).filter(|_| head.first() == Some(&VERSION)).ok_or_else(other)?;
        let cipher = self.0.seal().cipher(&self.0, number, Purpose::Subjects).map_err(told)?;
        let mut bytes = Zeroizing::new(rest.to_vec());
        let (stamp, index) = place(context);
        let opened = cipher.open_one(stamp, index, &mut bytes).filter(|_| cipher.is_sealed());
        let key = bytes.get(..opened.ok_or_else(other)?).and_then(|key| key.try_into().ok());
        let mut key: Zeroizing<[u8; DATA_KEY_LEN]> = Zeroizing::new(key.ok_or_else(other)?);
        Ok(DataKey::new(std::mem::take(&mut *key)))
    }
}

/// The nonce of what is wrapped for something: each is for another, as a tenant's generations are.
fn place(context: &[u8]) -> (u64, u32) {
    let digest: [u8; 32] = Sha256::digest(context).into();
    let (stamp, rest) = digest.split_at(8);
    let stamp = stamp.try_into().map_or(0, u64::from_le_bytes);
    (stamp, u32_at(rest, 0).unwrap_or(0))
}

fn told(error: StoreError) -> KeyError {
    KeyError(error.to_string())
}
