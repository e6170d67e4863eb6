//! What `io.jwt.decode_verify` demands of a token.

use std::sync::Arc;

use super::super::super::number::Number;
use super::super::super::value::{Object, Value};
use super::super::{Context, Fault};
use super::algorithm::Algorithm;
use super::key::{self, Key};
use super::token::Header;
use super::{keys, verified_by};

/// Constraints on a token: who signed it, and what it has to say.
pub(super) struct Constraints {
    trust: Trust,
    alg: String,
    iss: String,
    aud: String,
    /// In nanoseconds since 1970.
    time: Number,
}

enum Trust {
    Keys(Arc<Vec<Key>>),
    Secret(String),
}

impl Constraints {
    /// Of the second operand. Without a time, the command's clock counts.
    pub(super) fn parse(context: &mut Context<'_>, from: &Object) -> Result<Self, Fault> {
        let (mut found, mut secret) = (None, String::new());
        let (mut alg, mut iss, mut aud) = (String::new(), String::new(), String::new());
        let mut time = Number::from(context.now_ns());
        for (name, value) in from.iter() {
            match name.as_str() {
                Some("cert") => {
                    let text = value.as_str();
                    let text =
                        text.ok_or_else(|| Fault::builtin("cert constraint: must be a string"))?;
                    found = Some(keys(context, text)?);
                }
                Some("time") => time = instant(value)?,
                Some("secret") => secret = string("secret", value)?,
                Some("alg") => alg = string("alg", value)?,
                Some("iss") => iss = string("iss", value)?,
                Some("aud") => aud = string("aud", value)?,
                other => {
                    let name = other.map_or_else(|| name.to_json(), str::to_owned);
                    let what = "unknown token validation constraint";
                    return Err(Fault::builtin(format_args!("{what}: {name}")));
                }
            }
        }
        let trust = match (found, secret) {
            (Some(keys), secret) if secret.is_empty() => Trust::Keys(keys),
            (Some(_), _) => return Err(Fault::builtin("duplicate key constraints")),
            (None, secret) if secret.is_empty() => return Err(Fault::builtin("no key constraint")),
            (None, secret) => Trust::Secret(secret),
        };
        Ok(Self { trust, alg, iss, aud, time })
    }

    /// Whether the signature is by whom the constraints trust, with the algorithm that the header names.
    pub(super) fn trusts(
        &self,
        context: &mut Context<'_>,
        header: &Header,
        signed: &str,
        signature: &[u8],
    ) -> Result<bool, Fault> {
        if !self.alg.is_empty() && self.alg != header.alg {
            return Ok(false);
        }
        let Some(algorithm) = Algorithm::parse(&header.alg) else { return Ok(false) };
        match (&self.trust, algorithm) {
            (Trust::Keys(keys), _) => {
                verified_by(context, keys, header, algorithm, signed, signature)
            }
            (Trust::Secret(secret), Algorithm::Hs(sha)) => {
                Ok(key::verifies_digest(secret.as_bytes(), sha, signed.as_bytes(), signature))
            }
            (Trust::Secret(_), _) => Ok(false),
        }
    }

    /// Whether the claims are what they have to be (RFC 7519 section 4.1).
    pub(super) fn admit(&self, claims: &Value) -> Result<bool, Fault> {
        if !self.iss.is_empty() && claims.get_str("iss").and_then(Value::as_str) != Some(&self.iss)
        {
            return Ok(false);
        }
        let aud = claims.get_str("aud");
        if aud.is_some_and(|aud| !self.is_audience(aud)) || (aud.is_none() && !self.aud.is_empty())
        {
            return Ok(false);
        }
        // From `exp` on it counts no longer, and until `nbf` not yet.
        if let Some(exp) = claims.get_str("exp")
            && self.time >= nanoseconds("exp", exp)?
        {
            return Ok(false);
        }
        if let Some(nbf) = claims.get_str("nbf")
            && self.time < nanoseconds("nbf", nbf)?
        {
            return Ok(false);
        }
        Ok(true)
    }

    fn is_audience(&self, aud: &Value) -> bool {
        match aud {
            Value::String(aud) => **aud == *self.aud,
            Value::Array(all) => all.iter().any(|aud| aud.as_str() == Some(&self.aud)),
            _ => false,
        }
    }
}

/// A claim's seconds since 1970, exact.
fn nanoseconds(name: &str, claim: &Value) -> Result<Number, Fault> {
    let seconds = claim.as_number();
    let seconds =
        seconds.ok_or_else(|| Fault::builtin(format_args!("{name} value must be a number")))?;
    Ok(seconds.mul(&Number::from(1_000_000_000_i64))?)
}

fn instant(value: &Value) -> Result<Number, Fault> {
    let time = value.as_number();
    let time = time.ok_or_else(|| Fault::builtin("token time constraint: must be a number"))?;
    if time.signum() < 0 {
        return Err(Fault::builtin("token time constraint: must not be negative"));
    }
    Ok(time.clone())
}

fn string(name: &str, value: &Value) -> Result<String, Fault> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| Fault::builtin(format_args!("{name} constraint: must be a string")))
}
