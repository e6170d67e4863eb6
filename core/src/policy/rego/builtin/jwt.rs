//! `io.jwt.*`: tokens (RFC 7519) that are signed (RFC 7515), with keys of RFC 7517.

mod algorithm;
pub(super) mod base64;
mod constraints;
mod jwk;
mod key;
pub(super) mod pem;
mod sign;
mod token;

use std::sync::Arc;

use self::algorithm::{Algorithm, Sha};
use self::constraints::Constraints;
use self::key::Key;
use self::token::{Header, Token};
use super::super::value::Value;
use super::{Builtin, Context, Exhausted, Fault, crypto, object, operand, string};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("io.jwt.decode", 1, decode),
    Builtin::new("io.jwt.verify_hs256", 2, verify_hs256),
    Builtin::new("io.jwt.verify_hs384", 2, verify_hs384),
    Builtin::new("io.jwt.verify_hs512", 2, verify_hs512),
    Builtin::new("io.jwt.verify_rs256", 2, verify_rs256),
    Builtin::new("io.jwt.verify_rs384", 2, verify_rs384),
    Builtin::new("io.jwt.verify_rs512", 2, verify_rs512),
    Builtin::new("io.jwt.verify_ps256", 2, verify_ps256),
    Builtin::new("io.jwt.verify_ps384", 2, verify_ps384),
    Builtin::new("io.jwt.verify_ps512", 2, verify_ps512),
    Builtin::new("io.jwt.verify_es256", 2, verify_es256),
    Builtin::new("io.jwt.verify_es384", 2, verify_es384),
    Builtin::new("io.jwt.verify_es512", 2, verify_es512),
    Builtin::new("io.jwt.verify_eddsa", 2, verify_eddsa),
    Builtin::new("io.jwt.decode_verify", 2, decode_verify),
    Builtin::new("io.jwt.encode_sign", 3, encode_sign),
    Builtin::new("io.jwt.encode_sign_raw", 3, encode_sign_raw),
];

/// How many tokens may be one within the other.
const NESTED: usize = 16;

type Answer = Result<Option<Value>, Fault>;

/// Functions that verify by one algorithm.
macro_rules! verify {
    ($($name:ident: $algorithm:expr),* $(,)?) => {$(
        fn $name(context: &mut Context<'_>, args: &[Value]) -> Answer {
            verify(context, args, $algorithm)
        }
    )*};
}

verify!(
    verify_hs256: Algorithm::Hs(Sha::S256),
    verify_hs384: Algorithm::Hs(Sha::S384),
    verify_hs512: Algorithm::Hs(Sha::S512),
    verify_rs256: Algorithm::Rs(Sha::S256),
    verify_rs384: Algorithm::Rs(Sha::S384),
    verify_rs512: Algorithm::Rs(Sha::S512),
    verify_ps256: Algorithm::Ps(Sha::S256),
    verify_ps384: Algorithm::Ps(Sha::S384),
    verify_ps512: Algorithm::Ps(Sha::S512),
    verify_es256: Algorithm::Es(Sha::S256),
    verify_es384: Algorithm::Es(Sha::S384),
    verify_es512: Algorithm::Es(Sha::S512),
    verify_eddsa: Algorithm::EdDsa,
);

/// Header, payload and signature, of which nothing is verified. Of a token in a token the inner one's.
fn decode(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut text = string(args, 1)?.to_owned();
    for _ in 0..NESTED {
        let token = Token::split(context, &text)?;
        let header = token.header()?;
        let payload = token.payload()?;
        if header.get_str("cty").and_then(Value::as_str) == Some("JWT") {
            // Some write the inner token as a JSON text, with its quotes.
            text = payload.trim_matches(['"', '\'']).to_owned();
            continue;
        }
        let payload = token::object(&payload)?;
        let signature = token.signature().map_err(|error| {
            Fault::builtin(format_args!("JWT signature had invalid encoding: {error}"))
        })?;
        return Ok(Some(Value::array([header, payload, crypto::hex(&signature).into()])));
    }
    Err(too_deep())
}

fn verify(context: &mut Context<'_>, args: &[Value], algorithm: Algorithm) -> Answer {
    let text = string(args, 1)?;
    if let Algorithm::Hs(sha) = algorithm {
        let secret = string(args, 2)?;
        let token = Token::split(context, text)?;
        let signature = token.signature().map_err(Fault::builtin)?;
        let signed = token.signed.as_bytes();
        let verified = key::verifies_digest(secret.as_bytes(), sha, signed, &signature);
        return Ok(Some(Value::from(verified)));
    }
    let token = Token::split(context, text)?;
    let keys = keys(context, string(args, 2)?)?;
    let signature = token.signature().map_err(Fault::builtin)?;
    let header = token.header()?;
    let header = Header::parse(object(std::slice::from_ref(&header), 1)?)?;
    let verified = verified_by(context, &keys, &header, algorithm, token.signed, &signature)?;
    Ok(Some(Value::from(verified)))
}

fn decode_verify(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let constraints = Constraints::parse(context, object(args, 2)?)?;
    let mut text = string(args, 1)?.to_owned();
    for _ in 0..NESTED {
        let token = Token::split(context, &text)?;
        let members = token.header()?;
        let header = Header::parse(object(std::slice::from_ref(&members), 1)?)?;
        if !header.is_valid() {
            return Ok(Some(unverified()));
        }
        let signature = token.signature().map_err(Fault::builtin)?;
        if !constraints.trusts(context, &header, token.signed, &signature)? {
            return Ok(Some(unverified()));
        }
        let payload = token.payload()?;
        if header.cty.eq_ignore_ascii_case("JWT") {
            text = payload;
            continue;
        }
        let claims = token::object(&payload)?;
        if !constraints.admit(&claims)? {
            return Ok(Some(unverified()));
        }
        return Ok(Some(Value::array([Value::from(true), members, claims])));
    }
    Err(too_deep())
}

fn encode_sign(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let (headers, payload, key) = (operand(args, 1)?, operand(args, 2)?, operand(args, 3)?);
    let headers = headers.to_html_safe_json();
    let payload = payload.to_html_safe_json();
    signed(context, &headers, &payload, key)
}

fn encode_sign_raw(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let key = string(args, 3)?;
    let (headers, payload) = (string(args, 1)?, string(args, 2)?);
    context.charge(key.len() / 4)?;
    let key = Value::from_json(key)
        .map_err(|error| Fault::from(error).within("failed to parse a JWK key (set)"))?;
    signed(context, headers, payload, &key)
}

fn signed(context: &mut Context<'_>, headers: &str, payload: &str, key: &Value) -> Answer {
    context.charge(headers.len().saturating_add(payload.len()) / 4)?;
    context.allocate(headers.len().saturating_add(payload.len()).saturating_mul(4))?;
    let broken = |fault: Fault| fault.within("failed to parse a JWK key (set)");
    let keys = jwk::parse(key).map_err(broken)?;
    let key = keys.first().ok_or_else(|| Fault::builtin("no keys found in JWK set"))?;
    let members = read(headers)?;
    let alg = member(members.as_ref(), "alg").map_err(|error| {
        Fault::builtin(format_args!("missing or invalid 'alg' header: {error}"))
    })?;
    let algorithm = Algorithm::parse(alg)
        .ok_or_else(|| Fault::builtin(format_args!("unknown JWS algorithm: {alg}")))?;
    let is_jwt = member(members.as_ref(), "typ").map_or(true, |typ| typ == "JWT");
    if is_jwt && read(payload)?.is_none() {
        return Err(Fault::builtin("type is JWT but payload is not JSON"));
    }
    // Building an RSA key checks its numbers, which takes about as long as a signature.
    context.charge(100_000)?;
    let key = key.private().map_err(broken)?;
    let headers = base64::encode(headers.as_bytes());
    let text = format!("{headers}.{}", base64::encode(payload.as_bytes()));
    let signature = sign::sign(context, &key, algorithm, text.as_bytes())?;
    Ok(Some(Value::from(format!("{text}.{}", base64::encode(&signature)))))
}

/// The value of a JSON text; none if it is no JSON.
fn read(text: &str) -> Result<Option<Value>, Fault> {
    match Value::from_json(text).map_err(Fault::from) {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Exhausted(what)) => Err(what.into()),
        Err(Fault::Type(_) | Fault::Builtin(_)) => Ok(None),
    }
}

fn member<'a>(members: Option<&'a Value>, name: &str) -> Result<&'a str, String> {
    let member = members.and_then(|members| members.get_str(name));
    let member = member.ok_or_else(|| format!("jwsbb: header {name:?} not found"))?;
    member.as_str().ok_or_else(|| format!("jwsbb: header {name:?} is not a string"))
}

/// The keys of a text, read once for all queries that name it.
fn keys(context: &mut Context<'_>, text: &str) -> Result<Arc<Vec<Key>>, Fault> {
    context.cached("io.jwt keys", text, |context| {
        context.charge((text.len() / 4).saturating_add(1000))?;
        context.allocate(text.len().saturating_mul(4))?;
        key::parse(text)
    })
}

/// Whether one of the keys made the signature: the one that the header names, if there is one, or any whose algorithm is the header's or unsaid.
fn verified_by(
    context: &mut Context<'_>,
    keys: &[Key],
    header: &Header,
    algorithm: Algorithm,
    signed: &str,
    signature: &[u8],
) -> Result<bool, Fault> {
    let named = keys
        .iter()
        .find(|key| !header.kid.is_empty() && key.kid.as_deref() == Some(header.kid.as_str()));
    let fits = |key: &&Key| key.alg.as_ref().is_none_or(|alg| *alg == header.alg);
    let candidates: Vec<&Key> = match named {
        Some(key) => vec![key],
        None => keys.iter().filter(fits).collect(),
    };
    for key in candidates {
        context.charge(key.public.cost())?;
        if key.public.verifies(algorithm, signed.as_bytes(), signature) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn unverified() -> Value {
    Value::array([Value::from(false), Value::object([]), Value::object([])])
}

fn too_deep() -> Fault {
    Exhausted::Depth.into()
}

#[cfg(test)]
#[path = "jwt_tests.rs"]
mod tests;
