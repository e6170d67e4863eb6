//! Who sent a callback: the signature of every provider as it is documented, compared in a time that tells nothing.
//!
//! | Provider | Header | What is signed, by HMAC | Source |
//! | --- | --- | --- | --- |
//! | Onfido | `X-SHA2-Signature` | body, SHA-256, lower-case hex | `onfido/onfido-openapi-spec`, `generators/*/templates/*ebhook*erifier.mustache` |
//! | Persona | `Persona-Signature`: `t=SECONDS,v1=HEX`, several with blanks between | `SECONDS.body`, SHA-256, lower-case hex | <https://docs.withpersona.com/docs/webhooks-best-practices> |
//! | Sumsub | `x-payload-digest`, `x-payload-digest-alg` | body, by `HMAC_SHA1_HEX`, `HMAC_SHA256_HEX` or `HMAC_SHA512_HEX` | <https://docs.sumsub.com/docs/webhook-manager>; `SUMSUB/agent-skills`, `webhook-schema.md` |
//! | Veriff | `x-hmac-signature`, `x-auth-client` | body, SHA-256, hex of either case | <https://devdocs.veriff.com/docs/hmac-authentication-and-endpoint-security>; `Veriff/js-integration-demo`, `server.ts` |
//! | Ballerine | `X-HMAC-Signature` | body, SHA-256, lower-case hex | <https://docs.ballerine.com/en/learn/webhooks_security>; `ballerine-io/ballerine`, `sign.ts` |
//! | Jumio | none | nothing: [`verify_origin`] | <https://documentation.jumio.ai/docs/developer-resources/callback> |

use core::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::key::{Key, Keys};
use super::{CallbackError, Provider, bounded, evidence};
use crate::audit::merkle::unhex;
use crate::time::SECOND;

/// The most signatures in one header that are tried; Persona sends two while a secret is exchanged.
pub const SIGNATURES: usize = 4;

/// The longest header that is looked at, in bytes.
const HEADER: usize = 1024;

const CLIENT: &str = "x-auth-client";
const ALGORITHM: &str = "x-payload-digest-alg";

const HEX_64: &str = "64 digits of lower-case hexadecimal";
const HEX: &str = "as many digits of lower-case hexadecimal as its algorithm makes";
const HEX_64_ANY: &str = "64 digits of hexadecimal";
const PAIRS: &str = "1 to 4 pairs `t=SECONDS,v1=HEX` with one blank between them";
const ALGORITHMS: &str = "one of HMAC_SHA1_HEX, HMAC_SHA256_HEX, HMAC_SHA512_HEX";
const SHORT: &str = "as short as a header of this provider is";

/// A callback that came from its provider. Only [`verify`] and [`verify_origin`] make one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The provider.
    pub provider: Provider,
    /// What proves it.
    pub proof: Proof,
    /// When it was signed, where the provider signs that; nanoseconds UTC.
    pub signed_at: Option<i64>,
    /// The SHA-256 of the body in lower-case hexadecimal: only these bytes can be read by it.
    pub evidence: String,
}

/// What proves that a provider sent a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A shared secret signed the body.
    Key {
        /// The id of the key.
        id: String,
    },
    /// It came from an address of the provider's. What it says was not signed: ask the provider's API before anything follows from it.
    Origin {
        /// The address.
        from: IpAddr,
    },
}

/// Proves that a body was signed by one of the keys. The body is the bytes as they came: JSON that was read and written again is another text.
///
/// Headers are found whatever the case of their names. A header that is there twice, or not written as the provider writes it, is refused.
///
/// # Errors
/// A header is missing, there twice or malformed; no key signed, or one that is not valid at the instant (nanoseconds UTC); it was signed too
/// long ago; the provider signs nothing.
pub fn verify(
    provider: Provider,
    headers: &[(&str, &str)],
    body: &[u8],
    keys: &Keys,
    now: i64,
) -> Result<Verified, CallbackError> {
    bounded(body)?;
    let (header, claims) = claims(provider, headers)?;
    // Every key is tried with every signature, so that the time does not tell which one it was.
    let (mut found, mut ended) = (None, None);
    for key in keys.iter() {
        for claim in &claims {
            if claim.is_made_by(key, body) {
                let place = if key.is_valid(now) { &mut found } else { &mut ended };
                place.get_or_insert((key, claim));
            }
        }
    }
    let Some((key, claim)) = found else {
        return Err(match ended {
            Some((key, _)) => CallbackError::KeyNotValid { key: key.id().to_owned(), now },
            None => CallbackError::Signature { provider, header },
        });
    };
    if provider == Provider::Veriff {
        check_client(key, headers)?;
    }
    if let Some(signed_at) = claim.signed_at.filter(|signed_at| !keys.tolerates(*signed_at, now)) {
        return Err(CallbackError::Stale { signed_at, now });
    }
    Ok(Verified {
        provider,
        proof: Proof::Key { id: key.id().to_owned() },
        signed_at: claim.signed_at,
        evidence: evidence(body),
    })
}

/// Proves that a body came from one of the addresses that a provider names, which is all that Jumio documents. The list is Jumio's to change:
/// it says which host names have the current one.
///
/// The address is that of the connection. What a header such as `X-Forwarded-For` claims proves nothing, unless your own proxy set it.
///
/// # Errors
/// The address is none of them, or the provider signs.
pub fn verify_origin(
    provider: Provider,
    from: IpAddr,
    allowed: &[IpAddr],
    body: &[u8],
) -> Result<Verified, CallbackError> {
    bounded(body)?;
    if provider.signs() {
        return Err(CallbackError::IsSigned { provider });
    }
    // An IPv4 address within an IPv6 one is the same place.
    let from = from.to_canonical();
    if !allowed.iter().any(|address| address.to_canonical() == from) {
        return Err(CallbackError::Origin { provider, from });
    }
    let proof = Proof::Origin { from };
    Ok(Verified { provider, proof, signed_at: None, evidence: evidence(body) })
}

/// A signature that was sent, and what it would be of.
struct Claim<'a> {
    algorithm: Algorithm,
    /// What stands before the body in what was signed: an instant as it was written, and a dot.
    before: [&'a str; 2],
    signature: Vec<u8>,
    signed_at: Option<i64>,
}

#[derive(Clone, Copy)]
enum Algorithm {
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    /// How many bytes it makes.
    const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

impl<'a> Claim<'a> {
    fn of_body(algorithm: Algorithm, text: &str, upper: bool) -> Option<Self> {
        let signature = bytes_of(text, algorithm.length(), upper)?;
        Some(Self { algorithm, before: ["", ""], signature, signed_at: None })
    }

    /// `t=SECONDS,v1=HEX`.
    fn of_pair(text: &'a str) -> Option<Self> {
        let (seconds, hex) = text.strip_prefix("t=")?.split_once(",v1=")?;
        let is_number = (1..=12).contains(&seconds.len())
            && seconds.bytes().all(|byte| byte.is_ascii_digit())
            && (seconds.len() == 1 || !seconds.starts_with('0'));
        let seconds_at = is_number.then(|| seconds.parse::<i64>().ok()).flatten()?;
        let claim = Self::of_body(Algorithm::Sha256, hex, false)?;
        let signed_at = Some(seconds_at.checked_mul(SECOND)?);
        Some(Self { before: [seconds, "."], signed_at, ..claim })
    }

    fn is_made_by(&self, key: &Key, body: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Sha1 => self.matches::<Hmac<Sha1>>(key, body),
            Algorithm::Sha256 => self.matches::<Hmac<Sha256>>(key, body),
            Algorithm::Sha512 => self.matches::<Hmac<Sha512>>(key, body),
        }
    }

    fn matches<M: Mac + KeyInit>(&self, key: &Key, body: &[u8]) -> bool {
        let [seconds, dot] = self.before;
        M::new_from_slice(key.secret()).is_ok_and(|mac| {
            let mac = mac.chain_update(seconds).chain_update(dot).chain_update(body);
            // Takes the same time wherever the two differ.
            mac.verify_slice(&self.signature).is_ok()
        })
    }
}

/// The signatures of a callback, with the header that has them.
fn claims<'a>(
    provider: Provider,
    headers: &[(&str, &'a str)],
) -> Result<(&'static str, Vec<Claim<'a>>), CallbackError> {
    let one = |header, upper, wanted| {
        let claim = Claim::of_body(Algorithm::Sha256, value(headers, header)?, upper);
        let claim = claim.ok_or(CallbackError::HeaderMalformed { header, wanted })?;
        Ok((header, vec![claim]))
    };
    match provider {
        Provider::Onfido => one("X-SHA2-Signature", false, HEX_64),
        Provider::Veriff => one("x-hmac-signature", true, HEX_64_ANY),
        // It sends `UNSIGNED` where no secret is set, which is no signature.
        Provider::Ballerine => one("X-HMAC-Signature", false, HEX_64),
        Provider::Sumsub => {
            let header = "x-payload-digest";
            let digest = value(headers, header)?;
            let algorithm = match value(headers, ALGORITHM)? {
                "HMAC_SHA1_HEX" => Algorithm::Sha1,
                "HMAC_SHA256_HEX" => Algorithm::Sha256,
                "HMAC_SHA512_HEX" => Algorithm::Sha512,
                _ => {
                    let wanted = ALGORITHMS;
                    return Err(CallbackError::HeaderMalformed { header: ALGORITHM, wanted });
                }
            };
            let claim = Claim::of_body(algorithm, digest, false);
            let claim = claim.ok_or(CallbackError::HeaderMalformed { header, wanted: HEX })?;
            Ok((header, vec![claim]))
        }
        Provider::Persona => {
            let header = "Persona-Signature";
            let pairs: Vec<&str> = value(headers, header)?.split(' ').collect();
            let claims = pairs.iter().map(|pair| Claim::of_pair(pair)).collect::<Option<Vec<_>>>();
            let claims = claims.filter(|claims| claims.len() <= SIGNATURES);
            let claims = claims.ok_or(CallbackError::HeaderMalformed { header, wanted: PAIRS })?;
            Ok((header, claims))
        }
        Provider::Jumio => Err(CallbackError::NotSigned { provider }),
    }
}

/// The one value of a header.
fn value<'a>(headers: &[(&str, &'a str)], header: &'static str) -> Result<&'a str, CallbackError> {
    let mut found = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(header));
    let (_, value) = found.next().ok_or(CallbackError::HeaderMissing { header })?;
    if found.next().is_some() {
        return Err(CallbackError::HeaderTwice { header });
    }
    if value.len() > HEADER {
        return Err(CallbackError::HeaderMalformed { header, wanted: SHORT });
    }
    Ok(value.trim_matches([' ', '\t']))
}

/// Veriff names the client that the secret belongs to.
fn check_client(key: &Key, headers: &[(&str, &str)]) -> Result<(), CallbackError> {
    let Some(client) = key.client() else {
        return Ok(());
    };
    let named = value(headers, CLIENT)?;
    // Compared by what the secret makes of both, so that the time tells nothing of the client either.
    let of = |text: &str| {
        Hmac::<Sha256>::new_from_slice(key.secret()).ok().map(|mac| mac.chain_update(text))
    };
    let same = of(client)
        .zip(of(named))
        .is_some_and(|(client, named)| named.verify_slice(&client.finalize().into_bytes()).is_ok());
    if same {
        Ok(())
    } else {
        Err(CallbackError::Client { header: CLIENT, key: key.id().to_owned() })
    }
}

/// The bytes that hexadecimal stands for, so many of them.
fn bytes_of(text: &str, length: usize, upper: bool) -> Option<Vec<u8>> {
    let is_cased = upper || !text.contains(|digit: char| digit.is_ascii_uppercase());
    unhex(text).filter(|bytes| is_cased && bytes.len() == length)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
