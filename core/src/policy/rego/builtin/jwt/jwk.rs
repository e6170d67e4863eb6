//! Keys as JSON (RFC 7517, RFC 7518 section 6, RFC 8037).

use ed25519_dalek as ed25519;
use rsa::BoxedUint;

use super::super::super::value::{Object, Value};
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
pub(super) fn parse(document: &Value) -> Result<Vec<Jwk<'_>>, String> {
    let object = document.as_object().ok_or("must be an object")?;
    let Some(keys) = object.get_str("keys") else { return Ok(vec![Jwk(object)]) };
    let keys = keys.as_array().ok_or("keys must be an array")?;
    keys.iter().map(|key| key.as_object().map(Jwk).ok_or("key must be an object".into())).collect()
}

impl Jwk<'_> {
    /// A member that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get_str(name)?.as_str()
    }

    /// The key that verifies.
    pub(super) fn public(&self) -> Result<Public, String> {
        match self.text("kty") {
            Some("oct") => Ok(Public::Secret(self.bytes("k")?)),
            Some("RSA") => {
                let key = rsa::PublicKey::new(self.uint("n")?, self.uint("e")?);
                key.map(|key| Public::Rsa(Box::new(key))).map_err(|error| error.to_string())
            }
            Some("EC") => self.point(),
            Some("OKP") if self.text("crv") == Some("Ed25519") => {
                let key = ed25519::VerifyingKey::from_bytes(&self.array("x")?);
                key.map(|key| Public::Ed25519(Box::new(key))).map_err(|error| error.to_string())
            }
            // A key for agreeing on keys is one that verifies nothing.
            Some("OKP") => Ok(Public::Other),
            _ => Err("kty is unknown".into()),
        }
    }

    /// The key that signs.
    pub(super) fn private(&self) -> Result<Private, String> {
        match self.text("kty") {
            Some("oct") => Ok(Private::Secret(self.bytes("k")?)),
            Some("RSA") => {
                let primes = match (self.text("p"), self.text("q")) {
                    (Some(_), Some(_)) => vec![self.uint("p")?, self.uint("q")?],
                    _ => Vec::new(),
                };
                let (n, e, d) = (self.uint("n")?, self.uint("e")?, self.uint("d")?);
                let key = rsa::PrivateKey::from_components(n, e, d, primes);
                key.map(|key| Private::Rsa(Box::new(key))).map_err(|error| error.to_string())
            }
            Some("EC") => self.scalar(),
            Some("OKP") if self.text("crv") == Some("Ed25519") => {
                let key = ed25519::SigningKey::from_bytes(&self.array("d")?);
                Ok(Private::Ed25519(Box::new(key)))
            }
            _ => Err("kty is unknown".into()),
        }
    }

    fn point(&self) -> Result<Public, String> {
        let curve = self.text("crv").unwrap_or_default();
        let size = size(curve)?;
        let mut point = vec![4];
        point.extend(self.padded("x", size)?);
        point.extend(self.padded("y", size)?);
        Public::of_point(curve, &point).ok_or_else(|| "not a point of the curve".into())
    }

    fn scalar(&self) -> Result<Private, String> {
        let curve = self.text("crv").unwrap_or_default();
        let scalar = self.padded("d", size(curve)?)?;
        let key = match curve {
            "P-256" => p256::ecdsa::SigningKey::from_slice(&scalar).map(Private::P256),
            "P-384" => p384::ecdsa::SigningKey::from_slice(&scalar).map(Private::P384),
            _ => p521::ecdsa::SigningKey::from_slice(&scalar).map(Private::P521),
        };
        key.map_err(|error| error.to_string())
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, String> {
        let text = self.text(name).ok_or_else(|| format!("{name} is missing"))?;
        base64::decode(text).map_err(|error| format!("{name}: {error}"))
    }

    fn array<const N: usize>(&self, name: &str) -> Result<[u8; N], String> {
        let bytes = self.bytes(name)?;
        bytes.try_into().map_err(|_| format!("{name} must have {N} bytes"))
    }

    /// Bytes of a fixed number, with zeros in front.
    fn padded(&self, name: &str, size: usize) -> Result<Vec<u8>, String> {
        let bytes = self.bytes(name)?;
        let missing = size.checked_sub(bytes.len());
        let missing = missing.ok_or_else(|| format!("{name} must have {size} bytes"))?;
        let mut padded = vec![0; missing];
        padded.extend(bytes);
        Ok(padded)
    }

    fn uint(&self, name: &str) -> Result<BoxedUint, String> {
        let bytes = self.bytes(name)?;
        let start = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = bytes.get(start..).unwrap_or_default();
        // The modulus has at most 8192 bits, and the rest is less.
        if bytes.len() > rsa::PublicKey::MAX_SIZE / 8 {
            return Err(format!("{name} is too large"));
        }
        Ok(BoxedUint::from_be_slice_vartime(bytes))
    }
}

fn size(curve: &str) -> Result<usize, String> {
    match curve {
        "P-256" => Ok(32),
        "P-384" => Ok(48),
        "P-521" => Ok(66),
        _ => Err("crv is unknown".into()),
    }
}
