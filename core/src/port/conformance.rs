//! The suite that every journal passes.

use super::journal::{Block, Journal};
use crate::audit::merkle::{Hash, MerkleTree};
use crate::event::{self, Body, Envelope, Header};

/// Runs the suite on an empty journal; `reopen` closes it and opens what it left.
///
/// # Errors
/// What the journal did differently from its contract.
pub fn journal<J: Journal>(mut journal: J, mut reopen: impl FnMut(J) -> J) -> Result<(), String> {
    let mut tree = MerkleTree::default();
    let mut written: Vec<Vec<u8>> = Vec::new();
    // Blocks of one event and of many, small events and large ones, with a reopening in between.
    for (round, sizes) in
        [vec![0], vec![1, 2, 3], vec![200; 100], vec![], vec![250, 0, 100]].into_iter().enumerate()
    {
        let mut block = Block::default();
        for length in sizes {
            let envelope = Envelope { actor: "a".repeat(length), ..Envelope::default() };
            let mut bytes = Vec::new();
            event::encode(header(written.len()), &Body::Request(envelope), &mut bytes);
            tree.push(&bytes);
            block.events.extend_from_slice(&bytes);
            block.event_count += 1;
            written.push(bytes);
        }
        block.tree = tree.clone();
        journal.append(&block).map_err(|error| format!("round {round}: append failed: {error}"))?;
        check(&mut journal, &written, tree.root(), round)?;
        journal = reopen(journal);
        check(&mut journal, &written, tree.root(), round)?;
    }
    Ok(())
}

fn header(sequence: usize) -> Header {
    let sequence = u64::try_from(sequence).unwrap_or(u64::MAX);
    Header { sequence, timestamp: 1, request: sequence }
}

fn check<J: Journal>(
    journal: &mut J,
    written: &[Vec<u8>],
    root: Hash,
    round: usize,
) -> Result<(), String> {
    let mut read: Vec<Vec<u8>> = Vec::new();
    journal
        .replay(&mut |event| read.push(event.to_vec()))
        .map_err(|error| format!("round {round}: {error}"))?;
    if read != written {
        return Err(format!(
            "round {round}: {} events were written and {} others read",
            written.len(),
            read.len()
        ));
    }
    if usize::try_from(journal.event_count()) != Ok(written.len()) {
        return Err(format!("round {round}: the journal counts {} events", journal.event_count()));
    }
    if journal.tree().root() != root {
        return Err(format!("round {round}: the journal's tree has another root"));
    }
    Ok(())
}
