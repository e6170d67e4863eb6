//! `.signatures.json`: a token that names every file with its digest, as `opa sign` writes it.

use super::digest;
use super::engine::ask;
use super::error::{BundleError, refuse};
use super::files::{File, Names};
use crate::policy::rego::{Value, hex};

/// The file with the signature.
pub(super) const FILE: &str = ".signatures.json";

/// The algorithms of tokens (RFC 7518, RFC 8037) that sign bundles.
const ALGORITHMS: [&str; 13] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
    "ES384", "ES512", "EdDSA",
];

/// A key by which a bundle's signature is verified.
#[derive(Clone)]
pub struct SignatureKey {
    /// Its id, which the token or the payload names; empty if it serves for every token.
    pub id: String,
    /// The algorithm: it is the key's, whatever the token claims.
    pub algorithm: String,
    /// A public key or certificate (PEM), a set of public keys (JWK), or the secret of an HMAC.
    pub key: String,
    /// What the signature must be for, if anything.
    pub scope: String,
}

/// A key by which a bundle is signed.
#[derive(Clone)]
pub struct SigningKey {
    /// Its id.
    pub id: String,
    /// The algorithm.
    pub algorithm: String,
    /// A private key of RSA (PEM), a private key (JWK), or the secret of an HMAC.
    pub key: String,
    /// What the signature is for, if anything.
    pub scope: String,
}

impl std::fmt::Debug for SignatureKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignatureKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

fn wrong(why: impl std::fmt::Display) -> BundleError {
    refuse(FILE, why)
}

fn known(algorithm: &str) -> Result<(), BundleError> {
    if ALGORITHMS.contains(&algorithm) {
        return Ok(());
    }
    let shown: String = algorithm.chars().take(32).collect();
    Err(wrong(format_args!("there is no algorithm `{shown}`: {}", ALGORITHMS.join(", "))))
}

/// Every file is named with its digest, and none is named that is not there.
pub(super) fn verify(names: &Names<'_>, keys: &[SignatureKey]) -> Result<(), BundleError> {
    let missing = || wrong("is missing: the bundle is not signed, and must be");
    let bytes = names.get(FILE).ok_or_else(missing)?;
    let signatures = super::files::parse(FILE, bytes)?;
    let tokens = signatures.get_str("signatures").and_then(Value::as_array);
    let [token] = tokens.unwrap_or_default() else {
        return Err(wrong("must have one token under `signatures`"));
    };
    let payload = trusted(token, keys)?;
    let files = payload.get_str("files").and_then(Value::as_array);
    let files = files.ok_or_else(|| wrong("the payload has no list `files`"))?;
    let mut left: std::collections::BTreeMap<&str, (&str, &str)> = Default::default();
    for file in files {
        let field = |name| file.get_str(name).and_then(Value::as_str);
        let (Some(name), Some(hash), Some(algorithm)) =
            (field("name"), field("hash"), field("algorithm"))
        else {
            return Err(wrong("a file of the payload lacks its name, hash or algorithm"));
        };
        let name = name.strip_prefix('/').unwrap_or(name);
        if left.insert(name, (hash, algorithm)).is_some() {
            return Err(wrong(format_args!("names `{name}` twice")));
        }
    }
    for (name, bytes) in names.iter().filter(|(name, _)| *name != FILE) {
        let (hash, algorithm) =
            left.remove(name).ok_or_else(|| refuse(name, "is not in the bundle's signature"))?;
        if hex(&digest::of_file(name, bytes, algorithm)?) != hash.to_ascii_lowercase() {
            return Err(refuse(name, "is not what was signed: its digest is another"));
        }
    }
    match left.keys().next() {
        None => Ok(()),
        Some(name) => Err(refuse(name, "was signed and is not in the bundle")),
    }
}

/// The payload of a token that one of the keys made.
fn trusted(token: &Value, keys: &[SignatureKey]) -> Result<Value, BundleError> {
    // The outer token is what is verified, so that nothing within it is unwrapped.
    let parts: Vec<&str> = token.as_str().unwrap_or_default().split('.').collect();
    let [header, payload, _] = parts.as_slice() else {
        return Err(wrong("the token has no three parts"));
    };
    let read =
        |part: &str| ask("json.unmarshal(base64url.decode(input))", part.into(), 0).map_err(wrong);
    let (header, payload) = (read(header)?, read(payload)?);
    let text = |value: &Value, name: &str| {
        value.get_str(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    if header.get_str("cty").is_some() {
        return Err(wrong("the token holds another token: sign the files themselves"));
    }
    let named = text(&header, "kid");
    let id = if named.is_empty() { text(&payload, "keyid") } else { named };
    let fits = |key: &&SignatureKey| key.id.is_empty() || id.is_empty() || key.id == id;
    let mut fitting = keys.iter().filter(fits).peekable();
    if fitting.peek().is_none() {
        let shown: String = id.chars().take(64).collect();
        return Err(wrong(format_args!(
            "is signed by the key `{shown}`, which is none of those given"
        )));
    }
    let mut why = None;
    for key in fitting {
        match verified(token, &text(&header, "alg"), &text(&payload, "scope"), key) {
            Ok(()) => return Ok(payload),
            Err(error) => why = Some(error),
        }
    }
    Err(why.unwrap_or_else(|| wrong("no key is given")))
}

/// A key made the token.
fn verified(token: &Value, alg: &str, scope: &str, key: &SignatureKey) -> Result<(), BundleError> {
    known(&key.algorithm)?;
    if alg != key.algorithm {
        return Err(wrong(format_args!("is not signed by {}, as the key asks", key.algorithm)));
    }
    check_secret(&key.algorithm, &key.key)?;
    let name = key.algorithm.to_ascii_lowercase();
    let input = [("token", token.clone()), ("key", Value::from(key.key.as_str()))];
    let input = Value::object(input.map(|(name, value)| (name.into(), value)));
    let answer = ask(&format!("io.jwt.verify_{name}(input.token, input.key)"), input, 0);
    let answer = answer.map_err(|error| wrong(format_args!("the key cannot verify: {error}")))?;
    if answer != Value::Bool(true) {
        return Err(wrong("the signature is not that of the key"));
    }
    if scope != key.scope {
        return Err(wrong(format_args!("is not for the scope `{}`", key.scope)));
    }
    Ok(())
}

/// A secret that everyone knows proves nothing.
fn check_secret(algorithm: &str, key: &str) -> Result<(), BundleError> {
    if algorithm.starts_with("HS") && key.trim().is_empty() {
        return Err(wrong("the secret is empty"));
    }
    Ok(())
}

/// The content of `.signatures.json` for a bundle's files; `seed` is where chance comes from, for RSA's salt and blinding.
///
/// # Errors
///
/// A file that cannot be part of a bundle, or a key that cannot sign.
pub fn sign(files: &[File<'_>], key: &SigningKey, seed: u64) -> Result<String, BundleError> {
    known(&key.algorithm)?;
    check_secret(&key.algorithm, &key.key)?;
    let names = Names::check(files)?;
    let mut listed = Vec::new();
    for (name, bytes) in names.iter().filter(|(name, _)| *name != FILE) {
        let digest = digest::of_file(name, bytes, "SHA-256")?;
        listed.push(object([
            ("name", name.into()),
            ("hash", hex(&digest).into()),
            ("algorithm", "SHA-256".into()),
        ]));
    }
    let mut payload = vec![("files", Value::array(listed))];
    if !key.id.is_empty() {
        payload.push(("keyid", key.id.as_str().into()));
    }
    if !key.scope.is_empty() {
        payload.push(("scope", key.scope.as_str().into()));
    }
    let mut header = vec![("alg", key.algorithm.as_str().into()), ("typ", "JWT".into())];
    if !key.id.is_empty() {
        header.push(("kid", key.id.as_str().into()));
    }
    let private = private(key)?;
    let input =
        object([("header", object(header)), ("payload", object(payload)), ("key", private)]);
    let token = ask("io.jwt.encode_sign(input.header, input.payload, input.key)", input, seed);
    let token = token.map_err(|error| wrong(format_args!("the key cannot sign: {error}")))?;
    Ok(object([("signatures", Value::array([token]))]).to_json())
}

/// A private key as a JWK.
fn private(key: &SigningKey) -> Result<Value, BundleError> {
    let text = key.key.trim();
    let broken = |error| wrong(format_args!("the key cannot be read: {error}"));
    if text.starts_with('{') {
        return Value::from_json(text).map_err(|error| broken(error.to_string()));
    }
    if key.algorithm.starts_with("HS") {
        let secret = ask("base64url.encode_no_pad(input)", key.key.as_str().into(), 0);
        return Ok(object([("kty", "oct".into()), ("k", secret.map_err(broken)?)]));
    }
    if key.algorithm.starts_with("RS") || key.algorithm.starts_with("PS") {
        return ask("crypto.x509.parse_rsa_private_key(input)", text.into(), 0).map_err(broken);
    }
    Err(wrong(format_args!("a key of {} must be a JWK: {{\"kty\":…}}", key.algorithm)))
}

fn object<'a>(pairs: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::object(pairs.into_iter().map(|(key, value)| (key.into(), value)))
}
