//! The identity providers whose callbacks are understood.

use std::fmt;

/// An identity provider. Names and numbers are promises: they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// Onfido (Entrust): the raw body is signed.
    Onfido,
    /// Persona: the instant and the raw body are signed.
    Persona,
    /// Sumsub: the raw body is signed, by the algorithm that a header names.
    Sumsub,
    /// Veriff: the raw body is signed.
    Veriff,
    /// Jumio: nothing is signed; the address that it came from is all there is.
    Jumio,
    /// Ballerine: the raw body is signed.
    Ballerine,
}

/// A name that no provider has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no provider `{written}`: {}", meant(*near))]
pub struct ProviderError {
    /// What was written, of which at most 64 characters are kept.
    pub written: String,
    /// The provider that may have been meant.
    pub near: Option<Provider>,
}

fn meant(near: Option<Provider>) -> String {
    match near {
        Some(provider) => format!("did you mean `{provider}`?"),
        None => {
            let names: Vec<&str> = Provider::ALL.iter().map(|provider| provider.name()).collect();
            format!("there are {}", names.join(", "))
        }
    }
}

impl Provider {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Onfido, Self::Persona, Self::Sumsub, Self::Veriff, Self::Jumio, Self::Ballerine];

    /// Its name: lower-case letters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Onfido => "onfido",
            Self::Persona => "persona",
            Self::Sumsub => "sumsub",
            Self::Veriff => "veriff",
            Self::Jumio => "jumio",
            Self::Ballerine => "ballerine",
        }
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Onfido => 1,
            Self::Persona => 2,
            Self::Sumsub => 3,
            Self::Veriff => 4,
            Self::Jumio => 5,
            Self::Ballerine => 6,
        }
    }

    /// The provider of a name.
    ///
    /// # Errors
    /// There is none, with the one that may have been meant.
    pub fn from_name(name: &str) -> Result<Self, ProviderError> {
        let of = |name: &str| Self::ALL.into_iter().find(|provider| provider.name() == name);
        of(name).ok_or_else(|| ProviderError {
            written: crate::kyc::rules::shown(name),
            near: crate::near::nearest(name, Self::ALL.map(Self::name)).and_then(of),
        })
    }

    /// The provider of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.number() == number)
    }

    /// Whether it signs what it sends, so that [`verify`](super::verify()) proves it.
    #[must_use]
    pub const fn signs(self) -> bool {
        !matches!(self, Self::Jumio)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
#[path = "provider_tests.rs"]
mod tests;
