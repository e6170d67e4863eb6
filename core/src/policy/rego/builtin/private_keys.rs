//! `crypto.parse_private_keys` and `crypto.x509.parse_rsa_private_key`: private keys as PEM, told as Go tells its own and as JSON (RFC 7517).

use num_bigint::{BigInt, Sign};
use rsa::pkcs1::RsaPrivateKeyRef;
use rsa::pkcs8::PrivateKeyInfoRef;
use sec1::EcPrivateKey;
use x509_cert::der::Decode as _;

use super::super::number::Number;
use super::super::value::Value;
use super::jwt::{base64, pem};
use super::{Builtin, Context, Exhausted, Fault, string};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("crypto.parse_private_keys", 1, parse_private_keys),
    Builtin::new("crypto.x509.parse_rsa_private_key", 1, parse_rsa_private_key),
];

type Answer = Result<Option<Value>, Fault>;

/// All keys of the text, which is PEM or Base64 of it; blocks of other things are skipped.
fn parse_private_keys(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = string(args, 1)?;
    if text.is_empty() {
        return Ok(Some(Value::Null));
    }
    let keys = keys(context, text)?;
    let told = keys.iter().map(|key| key.told()).collect::<Result<Vec<_>, _>>();
    Ok(Some(Value::array(told?)))
}

/// The first key of the text, as JSON.
fn parse_rsa_private_key(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = string(args, 1)?;
    if text.is_empty() {
        return Err(Fault::builtin("input PEM data was empty"));
    }
    if !text.starts_with("-----BEGIN") {
        base64::decode_standard(text).map_err(Fault::builtin)?;
    }
    let keys = keys(context, text)?;
    let told = keys.first().map(PrivateKey::jwk).transpose()?;
    Ok(Some(told.unwrap_or(Value::Null)))
}

enum PrivateKey {
    Rsa(Vec<(&'static str, Vec<u8>)>),
    Ec {
        curve: &'static str,
        x: Vec<u8>,
        y: Vec<u8>,
        d: Vec<u8>,
    },
    /// The seed and the public key.
    Ed25519([u8; 64]),
}

fn keys(context: &mut Context<'_>, text: &str) -> Result<Vec<PrivateKey>, Fault> {
    context.charge(text.len())?;
    context.allocate(text.len().saturating_mul(8))?;
    let decoded = base64::decode_standard(text).ok();
    let decoded = decoded.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let mut rest = decoded.as_deref().unwrap_or(text);
    let mut keys = Vec::new();
    while let Some(block) = pem::first(rest) {
        // Checking a key takes about as long as a signature with it.
        context.charge(200_000)?;
        keys.extend(
            match block.label {
                "RSA PRIVATE KEY" => Some(of_rsa(&block.bytes)),
                "PRIVATE KEY" => Some(of_pkcs8(&block.bytes)),
                "EC PRIVATE KEY" => Some(of_ec(&block.bytes, None)),
                _ => None,
            }
            .transpose()?,
        );
        rest = block.rest;
    }
    Ok(keys)
}

fn of_pkcs8(bytes: &[u8]) -> Result<PrivateKey, Fault> {
    let info = PrivateKeyInfoRef::from_der(bytes).map_err(Fault::builtin)?;
    let key = info.private_key.as_bytes();
    match info.algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => of_rsa(key),
        "1.2.840.10045.2.1" => {
            let curve = info.algorithm.parameters_oid().map_err(Fault::builtin)?;
            of_ec(key, Some(curve.to_string()))
        }
        "1.3.101.112" => {
            // An octet string within the octet string: RFC 8410 section 7.
            let seed: &[u8; 32] = match key {
                [4, 32, seed @ ..] => {
                    seed.try_into().map_err(|_| wrong("wrong Ed25519 key size"))?
                }
                _ => return Err(wrong("wrong Ed25519 key size")),
            };
            Ok(PrivateKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed).to_keypair_bytes()))
        }
        other => {
            let what = "PKCS#8 wrapping contained private key with unknown algorithm";
            Err(Fault::builtin(format_args!("{what}: {other}")))
        }
    }
}

fn of_rsa(bytes: &[u8]) -> Result<PrivateKey, Fault> {
    let key = RsaPrivateKeyRef::from_der(bytes).map_err(Fault::builtin)?;
    if key.modulus.as_bytes().len() > rsa::PublicKey::MAX_SIZE / 8 {
        return Err(Exhausted::Size.into());
    }
    // Whether the numbers belong together.
    rsa::PrivateKey::try_from(key.clone()).map_err(Fault::builtin)?;
    let bytes = [
        ("n", key.modulus),
        ("e", key.public_exponent),
        ("d", key.private_exponent),
        ("p", key.prime1),
        ("q", key.prime2),
        ("dp", key.exponent1),
        ("dq", key.exponent2),
        ("qi", key.coefficient),
    ];
    Ok(PrivateKey::Rsa(
        bytes.into_iter().map(|(name, it)| (name, it.as_bytes().to_vec())).collect(),
    ))
}

fn of_ec(bytes: &[u8], curve: Option<String>) -> Result<PrivateKey, Fault> {
    let key = EcPrivateKey::from_der(bytes).map_err(Fault::builtin)?;
    let named = key.parameters.and_then(|parameters| parameters.named_curve());
    let curve = curve.or_else(|| named.map(|curve| curve.to_string()));
    macro_rules! of_curve {
        ($name:literal, $size:literal, $curve:ident) => {{
            let short = key.private_key.iter().skip_while(|byte| **byte == 0);
            let short: Vec<u8> = short.copied().collect();
            let missing = usize::checked_sub($size, short.len())
                .ok_or_else(|| wrong("invalid private key"))?;
            let d = [vec![0; missing], short].concat();
            let signing = $curve::ecdsa::SigningKey::from_slice(&d);
            let signing = signing.map_err(|_| wrong("invalid private key"))?;
            let point = signing.verifying_key().to_sec1_bytes();
            let (x, y) =
                point.get(1..).unwrap_or_default().split_at_checked($size).unwrap_or_default();
            Ok(PrivateKey::Ec { curve: $name, x: x.to_vec(), y: y.to_vec(), d })
        }};
    }
    match curve.as_deref() {
        Some("1.2.840.10045.3.1.7") => of_curve!("P-256", 32, p256),
        Some("1.3.132.0.34") => of_curve!("P-384", 48, p384),
        Some("1.3.132.0.35") => of_curve!("P-521", 66, p521),
        _ => Err(wrong("unknown elliptic curve")),
    }
}

impl PrivateKey {
    /// As Go's JSON tells its own keys: numbers whole, Ed25519 as bytes in Base64.
    fn told(&self) -> Result<Value, Fault> {
        match self {
            Self::Rsa(parts) => {
                let part = |name: &str| {
                    let found = parts.iter().find(|(other, _)| *other == name);
                    int(found.map_or(&[][..], |(_, bytes)| bytes))
                };
                let precomputed = object([
                    ("CRTValues", Value::array([])),
                    ("Dp", part("dp")?),
                    ("Dq", part("dq")?),
                    ("Qinv", part("qi")?),
                ]);
                Ok(object([
                    ("D", part("d")?),
                    ("E", part("e")?),
                    ("N", part("n")?),
                    ("Precomputed", precomputed),
                    ("Primes", Value::array([part("p")?, part("q")?])),
                ]))
            }
            Self::Ec { x, y, d, .. } => Ok(object([
                ("Curve", Value::object([])),
                ("D", int(d)?),
                ("X", int(x)?),
                ("Y", int(y)?),
            ])),
            Self::Ed25519(bytes) => Ok(Value::from(base64::encode_standard(bytes))),
        }
    }

    /// As JSON: RFC 7518 section 6.
    fn jwk(&self) -> Result<Value, Fault> {
        let text = |bytes: &[u8]| Value::from(base64::encode(bytes));
        match self {
            Self::Rsa(parts) => {
                let parts = parts.iter().map(|(name, bytes)| (*name, text(bytes)));
                Ok(object(parts.chain([("kty", Value::string("RSA"))])))
            }
            Self::Ec { curve, x, y, d } => Ok(object([
                ("kty", Value::string("EC")),
                ("crv", Value::string(curve)),
                ("x", text(x)),
                ("y", text(y)),
                ("d", text(d)),
            ])),
            Self::Ed25519(_) => Err(wrong("invalid key type ed25519.PrivateKey")),
        }
    }
}

fn wrong(what: &str) -> Fault {
    Fault::builtin(what)
}

fn int(bytes: &[u8]) -> Result<Value, Fault> {
    let int = BigInt::from_bytes_be(Sign::Plus, bytes);
    Ok(Number::from_bigint(int)?.into())
}

fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::object(members.into_iter().map(|(name, value)| (Value::string(name), value)))
}

#[cfg(test)]
#[path = "private_keys_tests.rs"]
mod tests;
