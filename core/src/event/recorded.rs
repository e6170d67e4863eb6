//! What is kept in a journal beside the books: each as one map of deterministic CBOR, over as many records as it needs.

use std::marker::PhantomData;

use super::frame::{BODY_MAX, Frame};
use crate::codec::{Canonical, CodecError};

const VERSION: u8 = 1;
/// Header flag: it goes on in the next record.
const MORE: u8 = 2;

/// Something that is kept in a journal of its own.
pub trait Recorded: Canonical {
    /// The kind of a record with which it begins.
    const BEGINS: u16;
    /// The kind of those that go on with it.
    const GOES_ON: u16;
    /// The most bytes that it has.
    const MOST: usize;

    /// Its bytes, which go over as many records as they need.
    ///
    /// # Errors
    /// It is too large.
    fn encoded(&self) -> Result<Vec<u8>, RecordedError> {
        let bytes = self.to_bytes();
        if bytes.len() > Self::MOST { Err(RecordedError::TooLarge(Self::MOST)) } else { Ok(bytes) }
    }

    /// Its records, the first with a number.
    ///
    /// # Errors
    /// It is too large.
    fn records(&self, number: u64) -> Result<Vec<Vec<u8>>, RecordedError> {
        Self::framed(&self.encoded()?, number)
    }

    /// The records of its bytes, the first with a number.
    ///
    /// # Errors
    /// None that bytes within the bound can cause.
    fn framed(bytes: &[u8], number: u64) -> Result<Vec<Vec<u8>>, RecordedError> {
        let count = bytes.len().div_ceil(BODY_MAX);
        let framed = |(place, chunk): (usize, &[u8])| {
            let kind = if place == 0 { Self::BEGINS } else { Self::GOES_ON };
            let flags = if place + 1 < count { MORE } else { 0 };
            let number = number.saturating_add(place as u64);
            Frame::bytes(number, kind, VERSION, flags, &[chunk]).ok_or(RecordedError::Size)
        };
        bytes.chunks(BODY_MAX).enumerate().map(framed).collect()
    }
}

/// Bytes that are not what was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordedError {
    /// Fewer bytes than it needs, or more.
    #[error("a record is cut short, or longer than it says")]
    Size,
    /// It is too large to be kept.
    #[error("what is to be kept has more than {0} bytes: ask with less")]
    TooLarge(usize),
    /// It is of a newer version.
    #[error(
        "a record has kind {kind} and version {version}, which this build does not know: open it with a newer one"
    )]
    Unknown {
        /// Its kind.
        kind: u16,
        /// Its version.
        version: u8,
    },
    /// Its place is another.
    #[error(
        "record {number} stands where another is to begin or to go on: the journal was changed"
    )]
    Place {
        /// What it says.
        number: u64,
    },
    /// Something else in it is wrong.
    #[error("a record: {0}")]
    Codec(#[from] CodecError),
}

/// Joins records into what they are of.
#[derive(Debug)]
pub struct Joiner<T> {
    /// The number of the next record.
    next: u64,
    /// Where it began that goes on, and what there is of it.
    begun: Option<(u64, Vec<u8>)>,
    of: PhantomData<T>,
}

impl<T> Default for Joiner<T> {
    fn default() -> Self {
        Self::at(0)
    }
}

impl<T> Joiner<T> {
    /// One whose next record has a number, and begins something.
    #[must_use]
    pub const fn at(next: u64) -> Self {
        Self { next, begun: None, of: PhantomData }
    }

    /// Whether something was begun that is not whole yet.
    #[must_use]
    pub const fn is_within(&self) -> bool {
        self.begun.is_some()
    }
}

impl<T: Recorded> Joiner<T> {
    /// The next record; what it ends, with the number of its first record.
    ///
    /// # Errors
    /// Bytes that are none, of a newer version, or of another place.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Option<(u64, T)>, RecordedError> {
        let frame = Frame::of(bytes).ok_or(RecordedError::Size)?;
        let Frame { kind, version, flags, number, is_plain, body } = frame;
        if version != VERSION
            || !is_plain
            || !(kind == T::BEGINS || kind == T::GOES_ON)
            || flags & !MORE != 0
        {
            return Err(RecordedError::Unknown { kind, version });
        }
        if number != self.next || (kind == T::BEGINS) != self.begun.is_none() {
            return Err(RecordedError::Place { number });
        }
        self.next += 1;
        let (first, mut all) = self.begun.take().unwrap_or((number, Vec::new()));
        if all.len() + body.len() > T::MOST {
            return Err(RecordedError::TooLarge(T::MOST));
        }
        if flags == MORE {
            all.extend_from_slice(body);
            self.begun = Some((first, all));
            return Ok(None);
        }
        let whole = if all.is_empty() {
            T::from_bytes(body)?
        } else {
            all.extend_from_slice(body);
            T::from_bytes(&all)?
        };
        Ok(Some((first, whole)))
    }
}
