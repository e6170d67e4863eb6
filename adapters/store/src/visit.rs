//! What is done with what is read of a journal.

use crate::End;
use crate::error::StoreError;

/// Where a block stands, and which events are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockPlace {
    /// The number of its segment.
    pub segment: u64,
    /// Where in the segment it begins.
    pub offset: u64,
    /// The sequence of its first event.
    pub first: u64,
    /// How many events it has.
    pub count: u64,
}

/// Is shown a journal from one end to the other.
pub trait Visit {
    /// A segment begins, with this header.
    ///
    /// # Errors
    /// The visitor's; reading ends then.
    fn segment(&mut self, _name: &str, _header: &[u8]) -> Result<(), StoreError> {
        Ok(())
    }

    /// An event of a block that is whole.
    fn event(&mut self, bytes: &[u8]);

    /// A block whose events were shown, and where the journal would end behind it.
    ///
    /// # Errors
    /// The visitor's; reading ends then.
    fn block(&mut self, _place: BlockPlace, _end: &End, _bytes: &[u8]) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Hands events on, and nothing else.
pub struct Events<'a>(pub &'a mut dyn FnMut(&[u8]));

impl Visit for Events<'_> {
    fn event(&mut self, bytes: &[u8]) {
        (self.0)(bytes);
    }
}
