//! An inbox as bytes: deterministic CBOR, the same inbox always as the same bytes, and no others are read.

use std::sync::Arc;

use minicbor::{Decoder, Encoder};

use super::inbox::{CAPACITY, Check, Inbox, Seen};
use super::{IDENTIFIER, Provider};
use crate::value::length;

/// The version that is written.
const VERSION: u8 = 1;

/// The most bytes of a delivery and of what is known of its check: four identifiers with their lengths, and numbers.
const ENTRY: usize = 4 * (IDENTIFIER + 3) + 64;

/// Bytes that are no inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxCodecError {
    /// They are cut short, longer than they say, or something else.
    #[error(
        "an inbox is cut short or damaged, at byte {at}: restore it from a copy, and take again what came since"
    )]
    Damaged {
        /// Where.
        at: usize,
    },
    /// They are of a newer version.
    #[error(
        "an inbox has version {version}, which this build does not know: open it with a newer one"
    )]
    Version {
        /// Which.
        version: u8,
    },
    /// The right inbox in other bytes than its own.
    #[error("an inbox is not written in its one form: it was changed by hand")]
    NotCanonical,
    /// They are more than an inbox can have.
    #[error("an inbox of {length} bytes is longer than any")]
    TooLong {
        /// How many.
        length: usize,
    },
}

type Encoded = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

impl Inbox {
    /// Its bytes. Equal inboxes have equal bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        match self.encode(&mut Encoder::new(&mut bytes)) {
            Ok(()) => bytes,
            // INVARIANT: the writer is memory, its error type has no value.
            Err(_) => Vec::new(),
        }
    }

    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> Encoded {
        to.u8(VERSION)?.array(4)?.i64(self.window)?.u32(self.capacity)?;
        to.array(length(self.seen.len()))?;
        for ((provider, id), seen) in &self.seen {
            to.array(4)?.u8(provider.number())?.str(id)?.i64(seen.at)?.str(&seen.about)?;
        }
        to.array(length(self.checks.len()))?;
        for ((provider, about), check) in &self.checks {
            to.array(3)?.u8(provider.number())?.str(about)?;
            match check.newest {
                Some(newest) => to.i64(newest)?,
                None => to.null()?,
            };
        }
        Ok(())
    }

    /// Reads the bytes of an inbox, all of them.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InboxCodecError> {
        let capacity = usize::try_from(CAPACITY).unwrap_or(usize::MAX);
        if bytes.len() > capacity.saturating_mul(ENTRY) {
            return Err(InboxCodecError::TooLong { length: bytes.len() });
        }
        let mut from = Decoder::new(bytes);
        let version = from.u8().map_err(|_| InboxCodecError::Damaged { at: 0 })?;
        if version != VERSION {
            return Err(InboxCodecError::Version { version });
        }
        let inbox = decode(&mut from);
        let at = from.position();
        let inbox = inbox.filter(|_| at == bytes.len()).ok_or(InboxCodecError::Damaged { at })?;
        if inbox.to_bytes() == bytes { Ok(inbox) } else { Err(InboxCodecError::NotCanonical) }
    }
}

/// Nothing is read where something else stands; where that was, the decoder knows.
fn decode(from: &mut Decoder<'_>) -> Option<Inbox> {
    array(from, 4)?;
    let (window, capacity) = (from.i64().ok()?, from.u32().ok()?);
    let mut inbox = Inbox::new(window, capacity).ok()?;
    for _ in 0..count(from, &inbox)? {
        array(from, 4)?;
        let provider = Provider::from_number(from.u8().ok()?)?;
        let (id, at, about) = (text(from)?, from.i64().ok()?, text(from)?);
        let check = inbox.checks.entry((provider, about.clone())).or_default();
        check.deliveries = check.deliveries.checked_add(1)?;
        inbox.order.insert((at, provider, id.clone()));
        if inbox.seen.insert((provider, id), Seen { at, about }).is_some() {
            return None;
        }
    }
    let checks = count(from, &inbox)?;
    if checks != length(inbox.checks.len()) {
        return None;
    }
    for _ in 0..checks {
        array(from, 3)?;
        let provider = Provider::from_number(from.u8().ok()?)?;
        let Check { newest, .. } = inbox.checks.get_mut(&(provider, text(from)?))?;
        *newest = match from.datatype().ok()? {
            minicbor::data::Type::Null => {
                from.null().ok()?;
                None
            }
            _ => Some(from.i64().ok()?),
        };
    }
    Some(inbox)
}

fn array(from: &mut Decoder<'_>, wanted: u64) -> Option<()> {
    (from.array().ok()?? == wanted).then_some(())
}

/// How many follow: never more than the inbox may remember.
fn count(from: &mut Decoder<'_>, inbox: &Inbox) -> Option<u64> {
    from.array().ok()?.filter(|count| *count <= u64::from(inbox.capacity))
}

fn text(from: &mut Decoder<'_>) -> Option<Arc<str>> {
    let text = from.str().ok()?;
    ((1..=IDENTIFIER).contains(&text.len())).then(|| Arc::from(text))
}

#[cfg(test)]
#[path = "inbox_codec_tests.rs"]
mod tests;
