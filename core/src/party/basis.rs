//! On what ground personal data is held.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The ground on which a field is held, and so the key with which it is sealed (GDPR Art. 6(1)(a) and (c)).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The person's consent or the contract: it goes when the person asks.
    #[n(1)]
    Consent = 1,
    /// A legal obligation, such as that to keep what customer due diligence gathered (Directive (EU) 2015/849, Art. 40): it
    /// goes when the time that the law says has passed.
    #[n(2)]
    Law = 2,
}

impl Basis {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Consent, Self::Law];

    /// Its number, in what is stored.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The basis of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.number() == number)
    }

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Law => "law",
        }
    }
}
