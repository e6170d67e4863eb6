//! Signing of tokens.
//!
//! A signature follows from the key, the text and the query's seed: ECDSA takes its nonce from RFC 6979, and what RSA needs of chance, the salt
//! and the blinding, comes from the seed. The blinding hides the private key's numbers from whoever measures the time (RUSTSEC-2023-0071).

use std::convert::Infallible;

use ed25519_dalek::Signer as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::super::{Context, Fault};
use super::algorithm::{Algorithm, Sha};
use super::jwk::Private;

/// The signature of a text.
pub(super) fn sign(
    context: &mut Context<'_>,
    key: &Private,
    algorithm: Algorithm,
    text: &[u8],
) -> Result<Vec<u8>, Fault> {
    context.charge(cost(key).saturating_add(text.len() / 16))?;
    match (key, algorithm) {
        (Private::Secret(secret), Algorithm::Hs(sha)) => digest(secret, sha, text),
        (Private::Rsa(key), Algorithm::Rs(sha)) => {
            let mut chance = Chance::of(context, text);
            match sha {
                Sha::S256 => key.pkcs1v15_sign_with_rng::<Sha256, _>(&mut chance, text),
                Sha::S384 => key.pkcs1v15_sign_with_rng::<Sha384, _>(&mut chance, text),
                Sha::S512 => key.pkcs1v15_sign_with_rng::<Sha512, _>(&mut chance, text),
            }
            .map_err(Fault::builtin)
        }
        (Private::Rsa(key), Algorithm::Ps(sha)) => {
            let mut chance = Chance::of(context, text);
            match sha {
                Sha::S256 => key.pss_sign_with_rng::<Sha256, _>(&mut chance, text),
                Sha::S384 => key.pss_sign_with_rng::<Sha384, _>(&mut chance, text),
                Sha::S512 => key.pss_sign_with_rng::<Sha512, _>(&mut chance, text),
            }
            .map_err(Fault::builtin)
        }
        (Private::P256(key), Algorithm::Es(Sha::S256)) => {
            let signed: Result<p256::ecdsa::Signature, _> = key.sign_prehash(&Sha256::digest(text));
            signed.map(|signature| signature.to_bytes().to_vec()).map_err(Fault::builtin)
        }
        (Private::P384(key), Algorithm::Es(Sha::S384)) => {
            let signed: Result<p384::ecdsa::Signature, _> = key.sign_prehash(&Sha384::digest(text));
            signed.map(|signature| signature.to_bytes().to_vec()).map_err(Fault::builtin)
        }
        (Private::P521(key), Algorithm::Es(Sha::S512)) => {
            let signed: Result<p521::ecdsa::Signature, _> = key.sign_prehash(&Sha512::digest(text));
            signed.map(|signature| signature.to_bytes().to_vec()).map_err(Fault::builtin)
        }
        (Private::Ed25519(key), Algorithm::EdDsa) => Ok(key.sign(text).to_bytes().to_vec()),
        _ => Err(Fault::builtin("the key is not of the kind that the algorithm needs")),
    }
}

/// What a signature takes, in steps.
fn cost(key: &Private) -> usize {
    match key {
        Private::Rsa(key) => {
            let words = key.size() / 8;
            words.saturating_mul(words).saturating_mul(words).saturating_mul(8)
        }
        Private::P256(_) | Private::Ed25519(_) => 20_000,
        Private::P384(_) => 60_000,
        Private::P521(_) => 120_000,
        Private::Secret(_) => 16,
    }
}

fn digest(secret: &[u8], sha: Sha, text: &[u8]) -> Result<Vec<u8>, Fault> {
    macro_rules! digest {
        ($hash:ty) => {{
            let mac = Hmac::<$hash>::new_from_slice(secret).map_err(Fault::builtin)?;
            Ok(mac.chain_update(text).finalize().into_bytes().to_vec())
        }};
    }
    match sha {
        Sha::S256 => digest!(Sha256),
        Sha::S384 => digest!(Sha384),
        Sha::S512 => digest!(Sha512),
    }
}

/// Bytes that follow from a seed: the digests of the seed and a counter.
struct Chance {
    seed: [u8; 32],
    count: u64,
    left: Vec<u8>,
}

impl Chance {
    /// Of the query's seed and what is signed.
    fn of(context: &mut Context<'_>, text: &[u8]) -> Self {
        let mut seed = Sha256::new();
        for _ in 0..4 {
            seed.update(context.draw().to_be_bytes());
        }
        seed.update(text);
        Self { seed: seed.finalize().into(), count: 0, left: Vec::new() }
    }

    fn byte(&mut self) -> u8 {
        loop {
            if let Some(byte) = self.left.pop() {
                return byte;
            }
            let block = Sha256::new().chain_update(self.seed);
            self.left = block.chain_update(self.count.to_be_bytes()).finalize().to_vec();
            self.count = self.count.wrapping_add(1);
        }
    }
}

impl TryRng for Chance {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(std::array::from_fn(|_| self.byte())))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(std::array::from_fn(|_| self.byte())))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill_with(|| self.byte());
        Ok(())
    }
}

impl TryCryptoRng for Chance {}
