//! Records that are kept beside the books: a header as every event has one, and a body.

use super::{EVENT_MAX, HEADER_LEN, size_of};

/// Bytes of a record's body, at most.
pub(crate) const BODY_MAX: usize = EVENT_MAX - HEADER_LEN;

/// A record's header and body, as they stand in its bytes.
pub(crate) struct Frame<'a> {
    pub(crate) kind: u16,
    pub(crate) version: u8,
    pub(crate) flags: u8,
    pub(crate) number: u64,
    /// Whether the bytes that mean nothing yet are zero.
    pub(crate) is_plain: bool,
    pub(crate) body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Reads one; `None` where its size is not the one that it says.
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Self> {
        let (head, body) = bytes.split_first_chunk::<HEADER_LEN>()?;
        let (_, rest) = head.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<2>()?;
        let ([version, flags], rest) = rest.split_first_chunk()?;
        let (number, rest) = rest.split_first_chunk::<8>()?;
        (size_of(bytes) == Some(bytes.len())).then(|| Self {
            kind: u16::from_le_bytes(*kind),
            version: *version,
            flags: *flags,
            number: u64::from_le_bytes(*number),
            is_plain: rest.iter().all(|byte| *byte == 0),
            body,
        })
    }

    /// The bytes of a record whose body has these parts; `None` where they are more than [`BODY_MAX`].
    pub(crate) fn bytes(
        number: u64,
        kind: u16,
        version: u8,
        flags: u8,
        body: &[&[u8]],
    ) -> Option<Vec<u8>> {
        let size = HEADER_LEN + body.iter().map(|part| part.len()).sum::<usize>();
        let size_said = u32::try_from(size).ok().filter(|_| size <= EVENT_MAX)?;
        let [low, high] = kind.to_le_bytes();
        let mut bytes = Vec::with_capacity(size);
        bytes.extend(size_said.to_le_bytes());
        bytes.extend([low, high, version, flags]);
        bytes.extend(number.to_le_bytes());
        bytes.resize(HEADER_LEN, 0);
        body.iter().for_each(|part| bytes.extend_from_slice(part));
        Some(bytes)
    }
}
