//! Sets of states, as bits: in document order without sorting, and without memory of their own up to 64 states.

/// A set of states by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    first: u64,
    /// INVARIANT: the last word is not zero, so that equal sets are equal.
    rest: Vec<u64>,
}

/// The word of a number in `rest`, or none for the first, and its bit.
fn place(number: u32) -> (Option<usize>, u64) {
    let word = usize::try_from(number / 64).unwrap_or(usize::MAX);
    (word.checked_sub(1), 1 << (number % 64))
}

impl Bits {
    pub(super) fn contains(&self, number: u32) -> bool {
        let (word, bit) = place(number);
        word.map_or(self.first, |word| self.rest.get(word).copied().unwrap_or_default()) & bit != 0
    }

    /// Whether it was not there before.
    pub(super) fn insert(&mut self, number: u32) -> bool {
        let (word, bit) = place(number);
        let held = match word {
            None => &mut self.first,
            Some(word) => {
                if self.rest.len() <= word {
                    self.rest.resize(word + 1, 0);
                }
                let Some(held) = self.rest.get_mut(word) else { return false };
                held
            }
        };
        let is_new = *held & bit == 0;
        *held |= bit;
        is_new
    }

    pub(super) fn remove(&mut self, number: u32) {
        let (word, bit) = place(number);
        match word {
            None => self.first &= !bit,
            Some(word) => {
                if let Some(held) = self.rest.get_mut(word) {
                    *held &= !bit;
                }
                while self.rest.last() == Some(&0) {
                    self.rest.pop();
                }
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.first = 0;
        self.rest.clear();
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.first == 0 && self.rest.is_empty()
    }

    fn word(&self, word: usize) -> Option<u64> {
        if word == 0 { Some(self.first) } else { self.rest.get(word - 1).copied() }
    }

    /// The first number that is not below `from`.
    pub(super) fn next(&self, from: u32) -> Option<u32> {
        let mut base = from / 64 * 64;
        let mut word = usize::try_from(from / 64).ok()?;
        let mut held = self.word(word)? & (u64::MAX << (from % 64));
        loop {
            if held != 0 {
                return Some(base + held.trailing_zeros());
            }
            (base, word) = (base.checked_add(64)?, word + 1);
            held = self.word(word)?;
        }
    }

    /// The last number below `end`.
    pub(super) fn previous(&self, end: u32) -> Option<u32> {
        let last = end.checked_sub(1)?;
        let mut base = last / 64 * 64;
        let mut held = self.word(usize::try_from(base / 64).ok()?).unwrap_or_default()
            & (u64::MAX >> (63 - last % 64));
        loop {
            if held != 0 {
                return Some(base + 63 - held.leading_zeros());
            }
            base = base.checked_sub(64)?;
            held = self.word(usize::try_from(base / 64).ok()?).unwrap_or_default();
        }
    }

    /// Whether one of `from..end` is in it.
    pub(super) fn any(&self, from: u32, end: u32) -> bool {
        self.next(from).is_some_and(|found| found < end)
    }

    pub(super) fn intersects(&self, other: &Self) -> bool {
        self.first & other.first != 0
            || self.rest.iter().zip(&other.rest).any(|(own, other)| own & other != 0)
    }

    /// The numbers in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let found = self.next(from?)?;
            from = found.checked_add(1);
            Some(found)
        })
    }

    /// The words up to the last that is not zero.
    pub(super) fn words(&self) -> impl Iterator<Item = u64> {
        let first = (!self.is_empty()).then_some(self.first);
        first.into_iter().chain(self.rest.iter().copied())
    }

    /// Of words; `None` if the last is zero: there is another spelling.
    pub(super) fn from_words(words: &[u64]) -> Option<Self> {
        let Some((first, rest)) = words.split_first() else { return Some(Self::default()) };
        (words.last() != Some(&0)).then(|| Self { first: *first, rest: rest.to_vec() })
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut bits = Self::default();
        for number in numbers {
            bits.insert(number);
        }
        bits
    }
}

#[cfg(test)]
#[path = "bits_tests.rs"]
mod tests;
