//! What only some records carry: a text key, a description, public metadata.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};
use serde::{Deserialize, Serialize};

use crate::codec::{self, Canonical, CodecError};

pub use crate::id::KEY_MAX;

/// The longest name or description, in bytes.
pub const DESCRIPTION_MAX: usize = 1024;
/// The largest public metadata, keys and values together, in bytes.
pub const METADATA_MAX: usize = 4096;

/// The caller's own names for a record. All of it is public: it enters the log as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The caller's key, unique among records of its type; empty: none.
    pub key: String,
    /// A name or a description; empty: none.
    pub description: String,
    /// Public metadata, at most [`METADATA_MAX`] bytes.
    pub metadata: BTreeMap<String, String>,
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
        self.key.is_empty() && self.description.is_empty() && self.metadata.is_empty()
    }

    /// Checks the bounds.
    ///
    /// # Errors
    /// The first field that is too large.
    pub fn check(&self) -> Result<(), DetailTooLarge> {
        let metadata =
            self.metadata.iter().map(|(key, value)| key.len().saturating_add(value.len())).sum();
        for (field, bytes, limit) in [
            ("key", self.key.len(), KEY_MAX),
            ("description", self.description.len(), DESCRIPTION_MAX),
            ("metadata", metadata, METADATA_MAX),
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
            ],
            |field, to| match field {
                1 => to.str(&self.key).map(|_| ()),
                2 => to.str(&self.description).map(|_| ()),
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
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        detail.check().map_err(|_| CodecError::TooLarge)?;
        Ok(detail)
    }
}
