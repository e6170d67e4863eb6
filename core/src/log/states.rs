//! What has become of pending transfers: two bits for every event, in blocks that are there only where a hold has ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ledger::transfer::PendingState;

/// Events of a block.
const BLOCK_EVENTS: u64 = 1 << 17;
const WORD_EVENTS: u64 = 32;
const WORDS: usize = 1 << 12;

/// How each pending transfer ended, by sequence; one without an entry is pending.
///
/// A block is shared with the copies that a snapshot takes, and copied when it changes while it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct States(BTreeMap<u32, Arc<[u64; WORDS]>>);

impl States {
    /// How the pending transfer with this sequence ended.
    pub(crate) fn get(&self, sequence: u64) -> PendingState {
        let (block, word, shift) = place(sequence);
        let words = self.0.get(&block);
        match words.and_then(|words| words.get(word)).map_or(0, |word| (word >> shift) & 3) {
            0 => PendingState::Pending,
            1 => PendingState::Posted,
            2 => PendingState::Voided,
            _ => PendingState::Expired,
        }
    }

    pub(crate) fn set(&mut self, sequence: u64, state: PendingState) {
        let bits: u64 = match state {
            PendingState::None | PendingState::Pending => 0,
            PendingState::Posted => 1,
            PendingState::Voided => 2,
            PendingState::Expired => 3,
        };
        let (block, word, shift) = place(sequence);
        let words = self.0.entry(block).or_insert_with(|| Arc::new([0; WORDS]));
        let words = Arc::make_mut(words);
        if let Some(word) = words.get_mut(word) {
            *word = (*word & !(3 << shift)) | (bits << shift);
        }
    }

    /// The blocks that are there, with their numbers.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (u32, &[u64; WORDS])> {
        self.0.iter().map(|(number, words)| (*number, words.as_ref()))
    }

    /// Takes in a block that was written out.
    pub(crate) fn put(&mut self, number: u32, words: [u64; WORDS]) {
        self.0.insert(number, Arc::new(words));
    }

    /// Words of a block.
    pub(crate) const WORDS: usize = WORDS;

    /// How many blocks so many events can have at most.
    pub(crate) fn blocks_of(events: u64) -> u64 {
        events.div_ceil(BLOCK_EVENTS)
    }
}

fn place(sequence: u64) -> (u32, usize, u32) {
    let within = sequence % BLOCK_EVENTS;
    // INVARIANT: a log has far fewer than 2⁴⁹ events, which would take sixty petabytes, and the other numbers are small.
    let block = u32::try_from(sequence / BLOCK_EVENTS).unwrap_or(u32::MAX);
    let word = usize::try_from(within / WORD_EVENTS).unwrap_or(usize::MAX);
    let shift = u32::try_from(within % WORD_EVENTS * 2).unwrap_or(0);
    (block, word, shift)
}

#[cfg(test)]
#[path = "states_tests.rs"]
mod tests;
