//! Keys as JSON (RFC 7517, RFC 7518 section 6, RFC 8037).

use std::fmt::Display;

use ed25519_dalek as ed25519;
use rsa::BoxedUint;

use super::super::super::value::{Object, Value};
use super::super::{Exhausted, Fault};
use super::base64;
use super::key::Public;

/// A key's members.
pub(super) struct Jwk<'a>(&'a Object);

/// A key that signs.
pub(super) enum Private {
    /// Of a keyed digest.
    Secret(Vec<u8>),
    /// RSA.
    Rsa(Box<rsa::PrivateKey>),
    /// ECDSA on P-256.
    P256(p256::ecdsa::SigningKey),
    /// ECDSA on P-384.
    P384(p384::ecdsa::SigningKey),
    /// ECDSA on P-521.
    P521(p521::ecdsa::SigningKey),
    /// Ed25519.
    Ed25519(Box<ed25519::SigningKey>),
}

/// The keys of a JSON text: of a set (`keys`), or the one that it is.
///
/// # Errors
///
/// It is no JSON, or has no object where a key is to be.
pub(super) fn parse(document: &Value) -> Result<Vec<Jwk<'_>>, Fault> {
    let object = document.as_object().ok_or_else(|| wrong("must be an object"))?;
    let Some(keys) = object.get_str("keys") else { return Ok(vec![Jwk(object)]) };
    let keys = keys.as_array().ok_or_else(|| wrong("keys must be an array"))?;
    let no_key = || wrong("key must be an object");
    keys.iter().map(|key| key.as_object().map(Jwk).ok_or_else(no_key)).collect()
}

impl Jwk<'_> {
    /// A member that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get_str(name)?.as_str()
    }

    /// The key that verifies.
    pub(super) fn public(&self) -> Result<Public, Fault> {
        match self.text("kty") {
            Some("oct") => Ok(Public::Secret(self.bytes("k")?)),
            Some("RSA") => {
                let key = rsa::PublicKey::new(self.uint("n")?, self.uint("e")?);
                key.map(|key| Public::Rsa(Box::new(key))).map_err(|error| of_rsa(&error))
            }
            Some("EC") => self.point(),
            Some("OKP") if self.text("crv") == Some("Ed25519") => {
                let key = ed25519::VerifyingKey::from_bytes(&self.array("x")?);
                key.map(|key| Public::Ed25519(Box::new(key))).map_err(wrong)
            }
            // A key for agreeing on keys is one that verifies nothing.
            Some("OKP") => Ok(Public::Other),
            _ => Err(wrong("kty is unknown")),
        }
    }

    /// The key that signs.
    pub(super) fn private(&self) -> Result<Private, Fault> {
        match self.text("kty") {
            Some("oct") => Ok(Private::Secret(self.bytes("k")?)),
            Some("RSA") => {
                let primes = match (self.text("p"), self.text("q")) {
                    (Some(_), Some(_)) => vec![self.uint("p")?, self.uint("q")?],
                    _ => Vec::new(),
                };
                let (n, e, d) = (self.uint("n")?, self.uint("e")?, self.uint("d")?);
                let key = rsa::PrivateKey::from_components(n, e, d, primes);
                key.map(|key| Private::Rsa(Box::new(key))).map_err(|error| of_rsa(&error))
            }
            Some("EC") => self.scalar(),
            Some("OKP") if self.text("crv") == Some("Ed25519") => {
                let key = ed25519::SigningKey::from_bytes(&self.array("d")?);
                Ok(Private::Ed25519(Box::new(key)))
            }
            _ => Err(wrong("kty is unknown")),
        }
    }

    fn point(&self) -> Result<Public, Fault> {
        let curve = self.text("crv").unwrap_or_default();
        let size = size(curve)?;
        let mut point = vec![4];
        point.extend(self.padded("x", size)?);
        point.extend(self.padded("y", size)?);
        Public::of_point(curve, &point).ok_or_else(|| wrong("not a point of the curve"))
    }

    fn scalar(&self) -> Result<Private, Fault> {
        let curve = self.text("crv").unwrap_or_default();
        let scalar = self.padded("d", size(curve)?)?;
        let key = match curve {
            "P-256" => p256::ecdsa::SigningKey::from_slice(&scalar).map(Private::P256),
            "P-384" => p384::ecdsa::SigningKey::from_slice(&scalar).map(Private::P384),
            _ => p521::ecdsa::SigningKey::from_slice(&scalar).map(Private::P521),
        };
        key.map_err(wrong)
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, Fault> {
        let text = self.text(name).ok_or_else(|| wrong(format_args!("{name} is missing")))?;
        base64::decode(text).map_err(|error| wrong(format_args!("{name}: {error}")))
    }

    fn array<const N: usize>(&self, name: &str) -> Result<[u8; N], Fault> {
        let bytes = self.bytes(name)?;
        bytes.try_into().map_err(|_| wrong(format_args!("{name} must have {N} bytes")))
    }

    /// Bytes of a fixed number, with zeros in front.
    fn padded(&self, name: &str, size: usize) -> Result<Vec<u8>, Fault> {
        let bytes = self.bytes(name)?;
        let missing = size.checked_sub(bytes.len());
        let missing =
            missing.ok_or_else(|| wrong(format_args!("{name} must have {size} bytes")))?;
        let mut padded = vec![0; missing];
        padded.extend(bytes);
        Ok(padded)
    }

    fn uint(&self, name: &str) -> Result<BoxedUint, Fault> {
        let bytes = self.bytes(name)?;
        let start = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = bytes.get(start..).unwrap_or_default();
        // The modulus has at most 8192 bits, and the rest is less.
        if bytes.len() > rsa::PublicKey::MAX_SIZE / 8 {
            return Err(Exhausted::Size.into());
        }
        Ok(BoxedUint::from_be_slice_vartime(bytes))
    }
}

fn wrong(what: impl Display) -> Fault {
    Fault::builtin(what)
}

/// What is wrong with an RSA key's numbers. Go takes longer ones.
pub(super) fn of_rsa(error: &rsa::Error) -> Fault {
    match error {
        rsa::Error::ModulusTooLarge => Exhausted::Size.into(),
        other => wrong(other),
    }
}

fn size(curve: &str) -> Result<usize, Fault> {
    match curve {
        "P-256" => Ok(32),
        "P-384" => Ok(48),
        "P-521" => Ok(66),
        _ => Err(wrong("crv is unknown")),
    }
}
