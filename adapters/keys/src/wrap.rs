//! A wrapped key: AES-256-GCM-SIV (RFC 8452) under a random nonce, authenticated with what it is for.
//!
//! | Offset | Size | |
//! |---|---|---|
//! | 0 | 1 | version: 1 |
//! | 1 | 1 | kind: 1 a key, 2 a passphrase |
//! | 2 | 1 | length of the parameters: 0 for a key, 28 for a passphrase |
//! | 3 | n | the parameters |
//! | 3 + n | 12 | nonce |
//! | 15 + n | 48 | the key, encrypted, and the tag; authenticated with the bytes before the nonce and the context |

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce, Tag};
use thalium::port::keys::{DATA_KEY_LEN, DataKey, KeyError};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;

/// What wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Key = 1,
    Passphrase = 2,
}

pub(crate) type Secret = Zeroizing<[u8; DATA_KEY_LEN]>;

pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| KeyError(format!("the system gives no random numbers: {error}")))?;
    Ok(bytes)
}

pub(crate) fn data_key() -> Result<DataKey, KeyError> {
    random().map(DataKey::new)
}

pub(crate) fn wrap(
    kind: Kind,
    parameters: &[u8],
    secret: &Secret,
    key: &DataKey,
    context: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let len = u8::try_from(parameters.len()).map_err(|_| KeyError("too long".to_owned()))?;
    let head = [&[VERSION, kind as u8, len], parameters].concat();
    let nonce: [u8; NONCE] = random()?;
    let mut bytes = Zeroizing::new(*key.as_bytes());
    let cipher = Aes256GcmSiv::new((&**secret).into());
    let bound = [&head, context].concat();
    let tag = cipher
        .encrypt_inout_detached(&Nonce::from(nonce), &bound, bytes.as_mut_slice().into())
        .map_err(|_| KeyError("the key cannot be wrapped".to_owned()))?;
    Ok([&head[..], &nonce, bytes.as_slice(), &tag].concat())
}

/// The parameters of a wrapped key.
pub(crate) fn parameters(kind: Kind, wrapped: &[u8]) -> Result<&[u8], KeyError> {
    let found = match wrapped {
        [VERSION, own, len, rest @ ..] if *own == kind as u8 => rest.get(..usize::from(*len)),
        [VERSION, 1, ..] => {
            return Err(KeyError("its keys are wrapped by a key, not by a passphrase".to_owned()));
        }
        [VERSION, 2, ..] => {
            return Err(KeyError("its keys are wrapped by a passphrase, not by a key".to_owned()));
        }
        [version, ..] if *version > VERSION => {
            let what = format!(
                "its keys are wrapped as of version {version}, this build knows versions up to {VERSION}: open it with a newer build"
            );
            return Err(KeyError(what));
        }
        _ => None,
    };
    found.ok_or_else(|| KeyError("its keys are wrapped by something else".to_owned()))
}

pub(crate) fn unwrap(
    kind: Kind,
    secret: &Secret,
    wrapped: &[u8],
    context: &[u8],
) -> Result<DataKey, KeyError> {
    let other = || KeyError("the key is not the one that it was encrypted with".to_owned());
    let head = 3 + parameters(kind, wrapped)?.len();
    let (head, rest) = wrapped.split_at_checked(head).ok_or_else(other)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(other)?;
    let (bytes, tag) = rest.split_last_chunk::<TAG>().ok_or_else(other)?;
    let mut bytes = Zeroizing::new(<[u8; DATA_KEY_LEN]>::try_from(bytes).map_err(|_| other())?);
    let bound = [head, context].concat();
    Aes256GcmSiv::new((&**secret).into())
        .decrypt_inout_detached(
            &Nonce::from(*nonce),
            &bound,
            bytes.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| other())?;
    Ok(DataKey::new(*bytes))
}
