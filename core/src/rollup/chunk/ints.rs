//! Whole numbers as a few bits each.

use super::ChunkError;

/// A block has so many numbers.
const BLOCK: usize = 128;

/// Numbers as bytes, in whichever of three ways takes the fewest: as they are, as differences, as differences of differences.
pub(super) fn encode(rows: &[i64]) -> Vec<u8> {
    let ways = (0..=2_u8).map(|order| encode_by(rows, order));
    ways.min_by_key(Vec::len).unwrap_or_default()
}

fn encode_by(rows: &[i64], order: u8) -> Vec<u8> {
    let mut bytes = vec![order];
    // What is left of the numbers that come before any difference.
    let mut rest = rows.to_vec();
    for _ in 0..order {
        let Some((first, _)) = rest.split_first() else { break };
        bytes.extend(first.to_le_bytes());
        rest = rest
            .windows(2)
            .filter_map(|pair| Some(pair.get(1)?.wrapping_sub(*pair.first()?)))
            .collect();
    }
    let (base, factor) = factor(&rest);
    put(&mut bytes, zigzag(base));
    put(&mut bytes, factor);
    // INVARIANT: `factor` divides what each is apart from `base`, as unsigned numbers of 64 bits.
    let parts: Vec<u64> =
        rest.iter().map(|row| row.wrapping_sub(base).cast_unsigned() / factor).collect();
    for block in parts.chunks(BLOCK) {
        let least = block.iter().copied().min().unwrap_or(0);
        let most = block.iter().copied().max().unwrap_or(0) - least;
        let width = u64::BITS - most.leading_zeros();
        put(&mut bytes, least);
        bytes.push(u8::try_from(width).unwrap_or(u8::MAX));
        pack(&mut bytes, block.iter().map(|part| part - least), width);
    }
    bytes
}

/// The least of numbers, and the greatest factor of what they are apart from it; nothing and one where that is beyond 63 bits, since there
/// a difference that runs over says nothing.
fn factor(rows: &[i64]) -> (i64, u64) {
    let (Some(least), Some(most)) = (rows.iter().min(), rows.iter().max()) else {
        return (0, 1);
    };
    if most.checked_sub(*least).is_none() {
        return (0, 1);
    }
    let apart = |row: &i64| row.wrapping_sub(*least).cast_unsigned();
    let factor = rows.iter().map(apart).fold(0, common_factor);
    (*least, factor.max(1))
}

fn common_factor(mut one: u64, mut other: u64) -> u64 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

fn pack(bytes: &mut Vec<u8>, parts: impl Iterator<Item = u64>, width: u32) {
    let (mut waiting, mut bits) = (0_u128, 0);
    for part in parts {
        waiting |= u128::from(part) << bits;
        bits += width;
        while bits >= 8 {
            bytes.push(low_byte(waiting));
            waiting >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        bytes.push(low_byte(waiting));
    }
}

fn low_byte(bits: u128) -> u8 {
    u8::try_from(bits & 0xff).unwrap_or(0)
}

/// A number of up to 64 bits, seven a byte, the lowest first (LEB128).
fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(low_byte((value & 0x7f | 0x80).into()));
        value >>= 7;
    }
    bytes.push(low_byte(value.into()));
}

const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// The numbers of a column of so many rows.
pub(super) fn decode(reader: &mut Reader<'_>, rows: usize) -> Result<Vec<i64>, ChunkError> {
    let order = reader.byte()?;
    if order > 2 {
        return Err(reader.damaged("differences of no known order"));
    }
    let mut firsts = [0_i64; 2];
    let mut left = rows;
    let mut known = 0;
    for first in firsts.iter_mut().take(order.into()) {
        if left == 0 {
            break;
        }
        *first = i64::from_le_bytes(reader.take(8)?.first_chunk().copied().unwrap_or_default());
        left -= 1;
        known += 1;
    }
    let base = unzigzag(reader.number()?);
    let factor = reader.number()?;
    let mut values = Vec::with_capacity(rows);
    while left > 0 {
        let count = left.min(BLOCK);
        let least = reader.number()?;
        let width = u32::from(reader.byte()?);
        if width > u64::BITS {
            return Err(reader.damaged("numbers of more than 64 bits"));
        }
        let bits = usize::try_from(width).unwrap_or(0) * count;
        let packed = reader.take(bits.div_ceil(8))?;
        unpack(packed, width, count, |part| {
            let part = least.wrapping_add(part).wrapping_mul(factor);
            values.push(base.wrapping_add(part.cast_signed()));
        });
        left -= count;
    }
    // INVARIANT: differences run over as they were made.
    for first in firsts.iter().take(known).rev() {
        let mut sum = *first;
        for value in &mut values {
            (*value, sum) = (sum, sum.wrapping_add(*value));
        }
        values.push(sum);
    }
    Ok(values)
}

fn unpack(packed: &[u8], width: u32, count: usize, mut put: impl FnMut(u64)) {
    let mask = if width == 64 { u64::MAX } else { (1 << width) - 1 };
    let (mut waiting, mut bits) = (0_u128, 0);
    let mut bytes = packed.iter();
    for _ in 0..count {
        while bits < width {
            waiting |= u128::from(bytes.next().copied().unwrap_or(0)) << bits;
            bits += 8;
        }
        put(u64::try_from(waiting & u128::from(mask)).unwrap_or(0));
        waiting >>= width;
        bits -= width;
    }
}

/// Bytes that are read one after another, and where they stand in the chunk.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    left: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes, at: 0 }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) const fn damaged(&self, what: &'static str) -> ChunkError {
        ChunkError::Damaged { at: self.at, what }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], ChunkError> {
        let (taken, left) =
            self.left.split_at_checked(count).ok_or(self.damaged("it ends too early"))?;
        self.left = left;
        self.at += count;
        Ok(taken)
    }

    /// The next bytes by themselves.
    pub(super) fn part(&mut self, count: usize) -> Result<Self, ChunkError> {
        let at = self.at;
        Ok(Self { left: self.take(count)?, at })
    }

    pub(super) fn byte(&mut self) -> Result<u8, ChunkError> {
        self.take(1).map(|bytes| bytes.first().copied().unwrap_or(0))
    }

    pub(super) fn length(&mut self, what: &'static str) -> Result<usize, ChunkError> {
        let bytes = self.take(4)?.first_chunk().copied().unwrap_or_default();
        usize::try_from(u32::from_le_bytes(bytes)).map_err(|_| self.damaged(what))
    }

    /// A number of seven bits a byte.
    fn number(&mut self) -> Result<u64, ChunkError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.damaged("a number of more than 64 bits"))
    }

    pub(super) const fn end(&self) -> Result<(), ChunkError> {
        if self.left.is_empty() { Ok(()) } else { Err(self.damaged("more than there is to be")) }
    }
}
