//! Keys that verify signatures.

use ed25519_dalek as ed25519;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, referenced::OwnedToRef as _};
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::super::super::value::Value;
use super::super::{Exhausted, Fault};
use super::algorithm::{Algorithm, Sha};
use super::{jwk, pem};

/// A key that verifies.
pub(super) enum Public {
    /// Of a keyed digest.
    Secret(Vec<u8>),
    /// RSA.
    Rsa(Box<rsa::PublicKey>),
    /// ECDSA on P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// ECDSA on P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// ECDSA on P-521.
    P521(Box<p521::ecdsa::VerifyingKey>),
    /// Ed25519.
    Ed25519(Box<ed25519::VerifyingKey>),
    /// A key that no algorithm of tokens takes.
    Other,
}

/// A key, with what a set of keys says about it.
pub(super) struct Key {
    pub(super) public: Public,
    pub(super) alg: Option<String>,
    pub(super) kid: Option<String>,
}

/// The keys of a text: a certificate or a public key as PEM, a key or a set of keys as JSON.
///
/// # Errors
///
/// OPA's text of what is wrong.
pub(super) fn parse(text: &str) -> Result<Vec<Key>, Fault> {
    if let Some(block) = pem::first(text) {
        if !block.rest.is_empty() {
            return Err(Fault::builtin("extra data after a PEM certificate block"));
        }
        let public = match block.label {
            "CERTIFICATE" => certificate(&block.bytes)
                .map_err(|fault| fault.within("failed to parse a PEM certificate"))?,
            "PUBLIC KEY" => of_info(&block.bytes)
                .map_err(|fault| fault.within("failed to parse a PEM public key"))?,
            _ => return Err(Fault::builtin("failed to extract a Key from the PEM certificate")),
        };
        return Ok(vec![Key { public, alg: None, kid: None }]);
    }
    set(text).map_err(|fault| fault.within("failed to parse a JWK key (set)"))
}

impl Public {
    /// Whether the signature is the key's, by the algorithm. A key of another kind has signed nothing.
    pub(super) fn verifies(&self, algorithm: Algorithm, text: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (Self::Secret(secret), Algorithm::Hs(sha)) => {
                verifies_digest(secret, sha, text, signature)
            }
            (Self::Rsa(key), Algorithm::Rs(sha)) => match sha {
                Sha::S256 => key.pkcs1v15_verify::<Sha256>(text, signature),
                Sha::S384 => key.pkcs1v15_verify::<Sha384>(text, signature),
                Sha::S512 => key.pkcs1v15_verify::<Sha512>(text, signature),
            }
            .is_ok(),
            // The salt is as long as the digest: RFC 7518 section 3.5.
            (Self::Rsa(key), Algorithm::Ps(sha)) => match sha {
                Sha::S256 => key.pss_verify::<Sha256>(text, signature),
                Sha::S384 => key.pss_verify::<Sha384>(text, signature),
                Sha::S512 => key.pss_verify::<Sha512>(text, signature),
            }
            .is_ok(),
            // Digest and curve belong together, and a signature is two numbers of the curve's size: RFC 7518 section 3.4.
            (Self::P256(key), Algorithm::Es(Sha::S256)) => {
                p256::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|it| key.verify_prehash(&Sha256::digest(text), &it).is_ok())
            }
            (Self::P384(key), Algorithm::Es(Sha::S384)) => {
                p384::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|it| key.verify_prehash(&Sha384::digest(text), &it).is_ok())
            }
            (Self::P521(key), Algorithm::Es(Sha::S512)) => {
                p521::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|it| key.verify_prehash(&Sha512::digest(text), &it).is_ok())
            }
            (Self::Ed25519(key), Algorithm::EdDsa) => ed25519::Signature::from_slice(signature)
                .is_ok_and(|it| ed25519::Verifier::verify(&**key, text, &it).is_ok()),
            _ => false,
        }
    }

    /// What a verification takes, in steps.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Rsa(key) => {
                // Some twenty multiplications, each of them the square of the key's words.
                let words = key.size() / 8;
                words.saturating_mul(words).saturating_mul(20)
            }
            Self::P256(_) | Self::Ed25519(_) => 20_000,
            Self::P384(_) => 60_000,
            Self::P521(_) => 120_000,
            Self::Secret(_) | Self::Other => 16,
        }
    }

    /// Of a point as SEC 1 encodes it.
    pub(super) fn of_point(curve: &str, point: &[u8]) -> Option<Self> {
        match curve {
            "P-256" => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P256),
            "P-384" => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P384),
            "P-521" => {
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
                Some(Self::P521(Box::new(key)))
            }
            _ => None,
        }
    }
}

/// Whether the signature is the keyed digest of the text, in a time that does not tell where it differs.
pub(super) fn verifies_digest(secret: &[u8], sha: Sha, text: &[u8], signature: &[u8]) -> bool {
    macro_rules! verifies {
        ($hash:ty) => {
            Hmac::<$hash>::new_from_slice(secret)
                .is_ok_and(|mac| mac.chain_update(text).verify_slice(signature).is_ok())
        };
    }
    match sha {
        Sha::S256 => verifies!(Sha256),
        Sha::S384 => verifies!(Sha384),
        Sha::S512 => verifies!(Sha512),
    }
}

fn set(text: &str) -> Result<Vec<Key>, Fault> {
    let document = Value::from_json(text)?;
    let mut keys = Vec::new();
    for key in jwk::parse(&document)? {
        let public = key.public()?;
        let alg = key.text("alg").map(str::to_owned);
        // A set may hold keys for other things than tokens.
        if alg.as_ref().is_none_or(|alg| Algorithm::parse(alg).is_some()) {
            keys.push(Key { public, alg, kid: key.text("kid").map(str::to_owned) });
        }
    }
    Ok(keys)
}

/// Whether it is an RSA key whose modulus is longer than the crate takes.
fn is_long(bytes: &[u8]) -> bool {
    let key = rsa::pkcs1::RsaPublicKeyRef::try_from(bytes);
    key.is_ok_and(|key| key.modulus.as_bytes().len() > rsa::PublicKey::MAX_SIZE / 8)
}

fn certificate(bytes: &[u8]) -> Result<Public, Fault> {
    let certificate = Certificate::from_der(bytes).map_err(Fault::builtin)?;
    let info = certificate.tbs_certificate().subject_public_key_info();
    public(&info.owned_to_ref())
}

fn of_info(bytes: &[u8]) -> Result<Public, Fault> {
    let info = SubjectPublicKeyInfoRef::from_der(bytes).map_err(Fault::builtin)?;
    public(&info)
}

fn public(info: &SubjectPublicKeyInfoRef<'_>) -> Result<Public, Fault> {
    // RFC 3279 section 2.3.1, RFC 5480 section 2.1, RFC 8410 section 3.
    const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
    let bits = info.subject_public_key.raw_bytes();
    match info.algorithm.oid {
        RSA => {
            let key = rsa::PublicKey::try_from(info.clone());
            key.map(|key| Public::Rsa(Box::new(key))).map_err(|error| {
                // The crate does not tell why, and Go takes longer ones.
                if is_long(bits) { Exhausted::Size.into() } else { Fault::builtin(error) }
            })
        }
        EC => {
            let curve = info.algorithm.parameters_oid().map_err(Fault::builtin)?;
            let curve = match curve.to_string().as_str() {
                "1.2.840.10045.3.1.7" => "P-256",
                "1.3.132.0.34" => "P-384",
                "1.3.132.0.35" => "P-521",
                _ => return Err(Fault::builtin("unsupported elliptic curve")),
            };
            Public::of_point(curve, bits)
                .ok_or_else(|| Fault::builtin("failed to unmarshal elliptic curve point"))
        }
        ED25519 => {
            let bytes =
                bits.try_into().map_err(|_| Fault::builtin("wrong Ed25519 public key size"))?;
            let key = ed25519::VerifyingKey::from_bytes(bytes);
            key.map(|key| Public::Ed25519(Box::new(key))).map_err(Fault::builtin)
        }
        _ => Ok(Public::Other),
    }
}
