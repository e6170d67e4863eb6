//! Tokens in their three parts (RFC 7515 section 3.1).

use std::collections::BTreeSet;

use super::super::super::value::{Object, Value};
use super::super::{Context, Exhausted, Fault, utf8};
use super::base64;

/// The longest token: far beyond what any service accepts in a header.
const LONGEST: usize = 1 << 20;

/// A token's parts, as they are written.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    /// Header and payload: what is signed.
    pub(super) signed: &'a str,
}

/// What of a header decides how a token is verified.
#[derive(Default)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) kid: String,
    pub(super) cty: String,
    crit: BTreeSet<String>,
    unknown: Vec<String>,
}

impl<'a> Token<'a> {
    /// Splits a token.
    pub(super) fn split(context: &mut Context<'_>, text: &'a str) -> Result<Self, Fault> {
        if text.len() > LONGEST {
            return Err(Exhausted::Size.into());
        }
        // Each part is decoded, read and hashed.
        context.charge((text.len() / 4).saturating_add(16))?;
        context.allocate(text.len().saturating_mul(4))?;
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [_] => Err(Fault::builtin("encoded JWT had no period separators")),
            [header, payload, signature] => {
                let end = header.len().saturating_add(payload.len()).saturating_add(1);
                let signed = text.get(..end).unwrap_or_default();
                Ok(Self { header, payload, signature, signed })
            }
            parts => {
                let found = parts.len();
                let what = "encoded JWT must have 3 sections, found";
                Err(Fault::builtin(format_args!("{what} {found}")))
            }
        }
    }

    /// The header as it stands.
    pub(super) fn header(&self) -> Result<Value, Fault> {
        let text = decoded(self.header)
            .map_err(|fault| fault.within("JWT header had invalid encoding"))?;
        let header = object(&text).map_err(|fault| fault.within("bad JWT header"))?;
        // RFC 7516 section 9 tells an encrypted token by this member.
        if header.get_str("enc").is_some() {
            return Err(Fault::builtin("JWT is a JWE object, which is not supported"));
        }
        Ok(header)
    }

    /// The payload's text.
    pub(super) fn payload(&self) -> Result<String, Fault> {
        decoded(self.payload).map_err(|fault| fault.within("JWT payload had invalid encoding"))
    }

    /// The signature's bytes.
    pub(super) fn signature(&self) -> Result<Vec<u8>, String> {
        base64::decode(self.signature)
    }
}

impl Header {
    /// Of a header's members.
    pub(super) fn parse(header: &Object) -> Result<Self, Fault> {
        let mut out = Self::default();
        for (name, value) in header.iter() {
            let Some(name) = name.as_str() else { continue };
            match name {
                "alg" => out.alg = text(name, value)?,
                "kid" => out.kid = text(name, value)?,
                "cty" => out.cty = text(name, value)?,
                "typ" => drop(text(name, value)?),
                "crit" => {
                    let items = value.as_array();
                    let items = items.ok_or_else(|| Fault::builtin("crit: must be a list"))?;
                    out.crit = items.iter().map_while(Value::as_str).map(str::to_owned).collect();
                    if out.crit.is_empty() {
                        return Err(Fault::builtin("crit: must be a nonempty list"));
                    }
                }
                _ => out.unknown.push(name.to_owned()),
            }
        }
        Ok(out)
    }

    /// Whether it names an algorithm, and demands nothing that is not understood (RFC 7515 sections 4.1.1 and 4.1.11).
    pub(super) fn is_valid(&self) -> bool {
        !self.alg.is_empty() && !self.unknown.iter().any(|name| self.crit.contains(name))
    }
}

/// The object of a JSON text; of members with one name the last counts.
pub(super) fn object(text: &str) -> Result<Value, Fault> {
    let value =
        Value::from_json(text).map_err(|error| Fault::from(error).within("invalid JSON"))?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err(Fault::builtin("decoded JSON type was not an Object")),
    }
}

/// What was encoded, as text. Go's JSON would replace what is no UTF-8, and two claims that differ could be the same then.
fn decoded(part: &str) -> Result<String, Fault> {
    utf8(base64::decode(part).map_err(Fault::builtin)?)
}

fn text(name: &str, value: &Value) -> Result<String, Fault> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| Fault::builtin(format_args!("{name}: must be a string")))
}
