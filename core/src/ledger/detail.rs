//! What only some records carry: a text key, a description, metadata; in the clear, or sealed to a party.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::codec::{self, Canonical, CodecError};

pub use crate::id::KEY_MAX;

/// The longest name or description, in bytes.
pub const DESCRIPTION_MAX: usize = 1024;
/// The largest public metadata, keys and values together, in bytes.
pub const METADATA_MAX: usize = 4096;

/// The longest name of a retention class, in bytes: as long as names in the registry.
const RETENTION_MAX: usize = 64;

/// The most that is sealed, with twice the public metadata, in bytes: so that a detail fits into an event however short the
/// entries of its metadata are.
const SEALED_MAX: usize = 11 * 1024;

/// The caller's own names for a record. What is not sealed is public: it enters the log as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The caller's key, unique among records of its type; empty: none.
    pub key: String,
    /// A name or a description; empty: none.
    pub description: String,
    /// Public metadata, at most [`METADATA_MAX`] bytes.
    pub metadata: BTreeMap<String, String>,
    /// The rest of the description and the metadata, sealed to a party.
    pub sealed: Option<Sealed>,
}

/// The part of a detail that is sealed to a party. Who sealed it has its key; the ledger keeps it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The party.
    pub subject: Id,
    /// The years that a law has it kept for after the business relationship ended, where no class says it.
    pub years: Option<u8>,
    /// The name of the retention class that says how long a law has it kept, in place of years; empty: none.
    pub retention: String,
    /// The description and the metadata, sealed; empty where there was no key to seal them with.
    pub value: Vec<u8>,
}

impl Sealed {
    /// Whether one that is asked for may be the one that was recorded.
    fn is_retry_of(&self, recorded: &Self) -> bool {
        let is_same = self.value.is_empty() || self.value == recorded.value;
        is_same
            && (self.subject, self.years) == (recorded.subject, recorded.years)
            && self.retention == recorded.retention
    }
}

/// A detail that is too large to be stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` has {bytes} bytes, at most {limit} are allowed")]
pub struct DetailTooLarge {
    /// The field.
    pub field: &'static str,
    /// Its size.
    pub bytes: usize,
    /// The largest size.
    pub limit: usize,
}

impl Detail {
    /// A detail with a key alone.
    #[must_use]
    pub fn keyed(key: impl Into<String>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// Boxed, or nothing where there is nothing to keep.
    #[must_use]
    pub fn boxed(self) -> Option<Box<Self>> {
        (!self.is_empty()).then(|| Box::new(self))
    }

    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
            && self.description.is_empty()
            && self.metadata.is_empty()
            && self.sealed.is_none()
    }

    /// The sealed part of what a record may carry.
    pub(crate) fn sealed_in(detail: Option<&Self>) -> Option<&Sealed> {
        detail?.sealed.as_ref()
    }

    /// Whether one that is asked for may be the one that was recorded. Where its party's key cannot be had, nobody can tell what was
    /// sealed: the rest is compared.
    #[must_use]
    pub(crate) fn is_retry_of(&self, recorded: &Self) -> bool {
        let (Some(asked), Some(sealed)) = (&self.sealed, &recorded.sealed) else {
            return self == recorded;
        };
        asked.is_retry_of(sealed)
            && self.key == recorded.key
            && self.description == recorded.description
            && self.metadata == recorded.metadata
    }

    /// Checks the bounds.
    ///
    /// # Errors
    /// The first field that is too large.
    pub fn check(&self) -> Result<(), DetailTooLarge> {
        let metadata: usize =
            self.metadata.iter().map(|(key, value)| key.len().saturating_add(value.len())).sum();
        let sealed = self.sealed.as_ref().map_or(0, |sealed| sealed.value.len());
        let (class, class_limit) = self.sealed.as_ref().map_or((0, 0), |sealed| {
            // A class says how long by itself.
            (sealed.retention.len(), if sealed.years.is_some() { 0 } else { RETENTION_MAX })
        });
        for (field, bytes, limit) in [
            ("key", self.key.len(), KEY_MAX),
            ("description", self.description.len(), DESCRIPTION_MAX),
            ("metadata", metadata, METADATA_MAX),
            ("retention", class, class_limit),
            ("sealed", sealed, SEALED_MAX.saturating_sub(metadata.saturating_mul(2))),
        ] {
            if bytes > limit {
                return Err(DetailTooLarge { field, bytes, limit });
            }
        }
        Ok(())
    }
}

impl Canonical for Detail {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        codec::fields(
            to,
            &[
                (1, !self.key.is_empty()),
                (2, !self.description.is_empty()),
                (3, !self.metadata.is_empty()),
                (4, self.sealed.is_some()),
            ],
            |field, to| match (field, &self.sealed) {
                (1, _) => to.str(&self.key).map(|_| ()),
                (2, _) => to.str(&self.description).map(|_| ()),
                (4, Some(sealed)) => sealed.encode(to),
                _ => codec::text_map(to, &self.metadata),
            },
        )
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let mut detail = Self::default();
        codec::read_fields(from, |field, from| {
            match field {
                1 => detail.key = from.str()?.to_owned(),
                2 => detail.description = from.str()?.to_owned(),
                3 => detail.metadata = codec::read_text_map(from)?,
                4 => detail.sealed = Some(Sealed::decode(from)?),
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        detail.check().map_err(|_| CodecError::TooLarge)?;
        Ok(detail)
    }
}

impl Canonical for Sealed {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        let (has_years, has_class) = (self.years.is_some(), !self.retention.is_empty());
        codec::fields(to, &[(1, true), (2, has_years), (3, true), (4, has_class)], |field, to| {
            match (field, self.years) {
                (1, _) => to.encode(self.subject).map(|_| ()),
                (2, Some(years)) => to.u8(years).map(|_| ()),
                (4, _) => to.str(&self.retention).map(|_| ()),
                _ => to.bytes(&self.value).map(|_| ()),
            }
        })
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let (mut subject, mut value) = (None, None);
        let (mut years, mut retention) = (None, String::new());
        codec::read_fields(from, |field, from| {
            match field {
                1 => subject = Some(from.decode()?),
                2 => years = Some(from.u8()?),
                3 => value = Some(from.bytes()?.to_vec()),
                4 => retention = from.str()?.to_owned(),
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        Ok(Self {
            subject: subject.ok_or(CodecError::MissingField(1))?,
            years,
            retention,
            value: value.ok_or(CodecError::MissingField(3))?,
        })
    }
}
