//! Reads the parts of an event's body one after another.

use super::EventError;
use crate::Id;

pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn take<const N: usize>(&mut self) -> Result<&'a [u8; N], EventError> {
        let taken = self
            .bytes
            .get(self.at..)
            .and_then(|bytes| bytes.first_chunk())
            .ok_or(EventError::Size)?;
        self.at += N;
        Ok(taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, EventError> {
        self.take::<1>().map(|&[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, EventError> {
        self.take().map(|bytes| u16::from_le_bytes(*bytes))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, EventError> {
        self.take().map(|bytes| u32::from_le_bytes(*bytes))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, EventError> {
        self.take().map(|bytes| u64::from_le_bytes(*bytes))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, EventError> {
        self.take().map(|bytes| i64::from_le_bytes(*bytes))
    }

    pub(crate) fn i32(&mut self) -> Result<i32, EventError> {
        self.take().map(|bytes| i32::from_le_bytes(*bytes))
    }

    pub(crate) fn u128(&mut self) -> Result<u128, EventError> {
        self.take().map(|bytes| u128::from_le_bytes(*bytes))
    }

    pub(crate) fn id(&mut self) -> Result<Id, EventError> {
        self.take().map(|bytes| Id(u128::from_be_bytes(*bytes)))
    }

    pub(crate) fn zeros(&mut self, count: usize) -> Result<(), EventError> {
        for _ in 0..count {
            if self.u8()? != 0 {
                return Err(EventError::Value(self.at - 1));
            }
        }
        Ok(())
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}
