//! Names in a column of texts, and lines of two texts beside each other.

use std::collections::HashMap;

/// Names, a row each, one behind the other, as Arrow has texts.
#[derive(Debug)]
pub struct Texts {
    /// Where each begins, and where the last ends.
    offsets: Vec<i32>,
    bytes: Vec<u8>,
}

impl Texts {
    /// Of names; `None` where they take 2 GiB or more.
    pub fn of<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Option<Self> {
        let mut offsets = Vec::with_capacity(names.len() + 1);
        let mut bytes = Vec::new();
        offsets.push(0);
        for name in names {
            bytes.extend_from_slice(name.as_bytes());
            offsets.push(i32::try_from(bytes.len()).ok()?);
        }
        Some(Self { offsets, bytes })
    }

    /// The names, a row after another.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let place = |offset: &i32| usize::try_from(*offset).unwrap_or(usize::MAX);
        let mut from = 0;
        self.offsets.iter().skip(1).map(move |to| {
            let name = self.bytes.get(from..place(to)).unwrap_or_default();
            from = place(to);
            name
        })
    }

    /// Each name once, as they first come, and of each row the place of its name among them; `None` where one is no UTF-8.
    #[must_use]
    pub fn coded(&self) -> Option<(Vec<u32>, Vec<&str>)> {
        let mut codes = Vec::with_capacity(self.offsets.len());
        let (mut short, mut long, mut names) = (Short::new(), HashMap::new(), Vec::new());
        for name in self.rows() {
            let new = u32::try_from(names.len()).ok()?;
            let code = match key(name) {
                Some(key) => short.code(key, new),
                None => *long.entry(name).or_insert(new),
            };
            if code == new {
                names.push(name);
            }
            codes.push(code);
        }
        let names = names.into_iter().map(|name| std::str::from_utf8(name).ok());
        Some((codes, names.collect::<Option<_>>()?))
    }
}

/// What no other name has: its bytes and their number, if there are no more than 15.
#[inline]
fn key(name: &[u8]) -> Option<u128> {
    let length = u8::try_from(name.len()).ok().filter(|length| *length <= 15)?;
    let bytes = match (name.first_chunk(), name.last_chunk()) {
        // Where they overlap they are the same.
        (Some(first), Some(last)) => {
            let last = u128::from(u64::from_le_bytes(*last)) << (8 * (u32::from(length) - 8));
            u128::from(u64::from_le_bytes(*first)) | last
        }
        _ => name.iter().rev().fold(0, |bytes, byte| bytes << 8 | u128::from(*byte)),
    };
    Some(bytes | u128::from(length) << 120)
}

/// Codes of short names: a table with few of its places taken, so that most are found where they are looked for first.
struct Short {
    /// Of 2ⁿ places the one among the keys; [`NONE`] where it is free.
    places: Vec<u32>,
    keys: Vec<(u128, u32)>,
    /// 64 − n.
    shift: u32,
}

const NONE: u32 = u32::MAX;
const PLACES: u32 = 14;

impl Short {
    fn new() -> Self {
        Self { places: vec![NONE; 1 << PLACES], keys: Vec::new(), shift: u64::BITS - PLACES }
    }

    /// That of a key, or the one that is given to it now.
    #[inline]
    fn code(&mut self, key: u128, new: u32) -> u32 {
        let mut place = self.first(key);
        while let Some(taken) = self.places.get(place).copied() {
            match self.keys.get(taken as usize) {
                Some((known, code)) if *known == key => return *code,
                Some(_) => place = (place + 1) % self.places.len(),
                None => break,
            }
        }
        self.put(key, new);
        new
    }

    /// Where a key is looked for first.
    #[inline]
    fn first(&self, key: u128) -> usize {
        let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0);
        let mixed = half(key) ^ half(key >> 64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        usize::try_from(mixed.wrapping_mul(0xF135_7AEA_2E62_A9C5) >> self.shift).unwrap_or(0)
    }

    #[cold]
    fn put(&mut self, key: u128, code: u32) {
        self.keys.push((key, code));
        if self.keys.len() * 8 > self.places.len() {
            self.shift -= 1;
            self.places = vec![NONE; self.places.len() * 2];
            (0..self.keys.len()).for_each(|index| self.take(index));
        } else {
            self.take(self.keys.len() - 1);
        }
    }

    /// Takes the first free place for a key.
    fn take(&mut self, index: usize) {
        let first = self.keys.get(index).map_or(0, |(key, _)| self.first(*key));
        let (before, behind) = self.places.split_at_mut(first);
        if let Some(place) = behind.iter_mut().chain(before).find(|place| **place == NONE) {
            *place = u32::try_from(index).unwrap_or(NONE);
        }
    }
}

/// How many lines of a text another has not, whatever their order; where it has all of them, how many more it has.
#[must_use]
pub fn differing(own: &str, other: &str) -> usize {
    let sorted = |text| {
        let mut lines: Vec<&str> = str::lines(text).collect();
        lines.sort_unstable();
        lines
    };
    let (own, other) = (sorted(own), sorted(other));
    if own == other {
        return 0;
    }
    let missing = own.iter().filter(|line| other.binary_search(line).is_err()).count();
    missing.max(own.len().abs_diff(other.len())).max(1)
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
