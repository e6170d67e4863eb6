//! Whole numbers as a few bits each.

use super::ChunkError;

/// A block has so many numbers.
const BLOCK: usize = 128;

/// Writes numbers in whichever of three ways takes the fewest bytes: as they are, as differences, as differences of differences.
pub(super) fn encode(bytes: &mut Vec<u8>, rows: &[i64]) {
    let differences = |rows: &[i64]| -> Vec<i64> {
        let later = rows.iter().skip(1);
        rows.iter().zip(later).map(|(one, next)| next.wrapping_sub(*one)).collect()
    };
    let once = differences(rows);
    let twice = differences(&once);
    let firsts = [rows.first(), once.first()];
    let ways = [rows, &once, &twice].map(Packing::of);
    let costs = ways.iter().enumerate().map(|(order, packing)| {
        let firsts = firsts.iter().take(order).flatten().count();
        (8 * firsts + packing.length(), order)
    });
    let Some((_, order)) = costs.min() else { return };
    let Some(packing) = ways.get(order) else { return };
    bytes.push(u8::try_from(order).unwrap_or(0));
    firsts.iter().take(order).flatten().for_each(|first| bytes.extend(first.to_le_bytes()));
    packing.write(bytes);
}

/// How numbers are written: as multiples of a factor above the least, those of a block with as many bits as its greatest needs.
struct Packing<'a> {
    rows: &'a [i64],
    base: i64,
    factor: u64,
    /// Of each block the least, and how many bits a number takes.
    blocks: Vec<(u64, u32)>,
}

impl<'a> Packing<'a> {
    fn of(rows: &'a [i64]) -> Self {
        let (base, factor) = factor(rows);
        let mut packing = Self { rows, base, factor, blocks: Vec::new() };
        let blocks = rows.chunks(BLOCK).map(|block| {
            let (mut least, mut most) = (u64::MAX, 0);
            for row in block {
                let above = packing.above(*row);
                (least, most) = (least.min(above), most.max(above));
            }
            // A factor divides all of them, and so changes nothing of their order.
            let (least, most) = (least / factor, most / factor);
            (least, u64::BITS - (most - least).leading_zeros())
        });
        packing.blocks = blocks.collect();
        packing
    }

    /// How far a number is above the least. INVARIANT: `factor` divides it, as an unsigned number of 64 bits.
    const fn above(&self, row: i64) -> u64 {
        row.wrapping_sub(self.base).cast_unsigned()
    }

    /// How many bytes it takes.
    fn length(&self) -> usize {
        let own = length_of(zigzag(self.base)) + length_of(self.factor);
        let blocks =
            self.blocks.iter().zip(self.rows.chunks(BLOCK)).map(|((least, width), block)| {
                let bits = usize::try_from(*width).unwrap_or(0) * block.len();
                length_of(*least) + 1 + bits.div_ceil(8)
            });
        own + blocks.sum::<usize>()
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        put(bytes, zigzag(self.base));
        put(bytes, self.factor);
        for ((least, width), block) in self.blocks.iter().zip(self.rows.chunks(BLOCK)) {
            put(bytes, *least);
            bytes.push(u8::try_from(*width).unwrap_or(u8::MAX));
            let above = block.iter().map(|row| self.above(*row));
            if self.factor == 1 {
                pack(bytes, above.map(|above| above - least), *width);
            } else {
                pack(bytes, above.map(|above| above / self.factor - least), *width);
            }
        }
    }
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
    let mut factor = 0;
    for row in rows {
        factor = common_factor(factor, row.wrapping_sub(*least).cast_unsigned());
        if factor == 1 {
            break;
        }
    }
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
        if bits >= u64::BITS {
            let word = u64::try_from(waiting & u128::from(u64::MAX)).unwrap_or(0);
            bytes.extend(word.to_le_bytes());
            waiting >>= u64::BITS;
            bits -= u64::BITS;
        }
    }
    let left = usize::try_from(bits.div_ceil(8)).unwrap_or(0);
    bytes.extend(waiting.to_le_bytes().iter().take(left));
}

/// How many bytes a number takes, seven bits a byte.
fn length_of(value: u64) -> usize {
    let bits = (u64::BITS - value.leading_zeros()).max(1);
    usize::try_from(bits.div_ceil(7)).unwrap_or(0)
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
