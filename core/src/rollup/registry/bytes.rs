//! The bytes of an image, read one after another.

use super::image::RollupsImageError;

/// Bytes that are read one after another.
pub(super) struct Bytes<'a> {
    pub(super) all: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], RollupsImageError> {
        let end = self.at.saturating_add(length);
        let bytes = self.all.get(self.at..end).ok_or(RollupsImageError::Damaged { at: self.at })?;
        self.at = end;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], RollupsImageError> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| RollupsImageError::Damaged { at })
    }

    pub(super) fn count(&mut self) -> Result<u64, RollupsImageError> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn int(&mut self) -> Result<i64, RollupsImageError> {
        self.array().map(i64::from_le_bytes)
    }

    /// Bytes behind their length.
    pub(super) fn text(&mut self) -> Result<&'a [u8], RollupsImageError> {
        let length = usize::try_from(u32::from_le_bytes(self.array()?));
        self.take(length.unwrap_or(usize::MAX))
    }
}

pub(super) fn push(to: &mut Vec<u8>, bytes: &[u8]) {
    // INVARIANT: definitions and chunks are far shorter than 4 GiB.
    to.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    to.extend(bytes);
}
