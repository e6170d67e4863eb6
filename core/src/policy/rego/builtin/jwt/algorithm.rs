//! Algorithms of signatures (RFC 7518 section 3.1, RFC 8037 section 3.1).

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// A keyed digest.
    Hs(Sha),
    /// RSA with the padding of PKCS #1 v1.5.
    Rs(Sha),
    /// RSA with probabilistic padding.
    Ps(Sha),
    /// ECDSA; the digest tells the curve.
    Es(Sha),
    /// Ed25519.
    EdDsa,
}

/// The digest of what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sha {
    /// SHA-256.
    S256,
    /// SHA-384.
    S384,
    /// SHA-512.
    S512,
}

impl Algorithm {
    /// Of the name that headers and keys have it by. `none` is none.
    pub(super) fn parse(name: &str) -> Option<Self> {
        if name == "EdDSA" {
            return Some(Self::EdDsa);
        }
        let (family, bits) = name.split_at_checked(2)?;
        let sha = match bits {
            "256" => Sha::S256,
            "384" => Sha::S384,
            "512" => Sha::S512,
            _ => return None,
        };
        Some(match family {
            "HS" => Self::Hs(sha),
            "RS" => Self::Rs(sha),
            "PS" => Self::Ps(sha),
            "ES" => Self::Es(sha),
            _ => return None,
        })
    }
}
