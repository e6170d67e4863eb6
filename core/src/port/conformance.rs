//! The suites that every journal and every keeper of keys pass.

use super::journal::{Block, Journal};
use super::keys::{Keys, WRAPPED_MAX};
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

/// Runs the suite on a keeper of keys, the same one opened once more, and one that keeps another key.
///
/// # Errors
/// What it did differently from its contract.
pub fn keys(keys: &dyn Keys, again: &dyn Keys, other: &dyn Keys) -> Result<(), String> {
    let told = |what: &'static str| move |error| format!("{what}: {error}");
    let (one, two) = (keys.generate(), keys.generate());
    let (one, two) = (one.map_err(told("generate"))?, two.map_err(told("generate"))?);
    if one.as_bytes() == two.as_bytes() {
        return Err("two keys that were generated are the same".to_owned());
    }
    for context in [&b""[..], b"a", &[0xff; 64]] {
        for key in [&one, &two] {
            let wrapped = keys.wrap(key, context).map_err(told("wrap"))?;
            if wrapped.len() > WRAPPED_MAX {
                return Err(format!("a wrapped key has {} bytes", wrapped.len()));
            }
            if wrapped.windows(8).any(|run| key.as_bytes().windows(8).any(|own| own == run)) {
                return Err("a wrapped key shows some of the key".to_owned());
            }
            for keeper in [keys, again] {
                let unwrapped = keeper.unwrap(&wrapped, context).map_err(told("unwrap"))?;
                if unwrapped.as_bytes() != key.as_bytes() {
                    return Err("another key was unwrapped than was wrapped".to_owned());
                }
            }
            let refused = [
                ("for another context", keys.unwrap(&wrapped, b"other")),
                ("of another keeper", other.unwrap(&wrapped, context)),
                (
                    "that was cut short",
                    keys.unwrap(wrapped.split_last().map_or(&[], |cut| cut.1), context),
                ),
                ("that is empty", keys.unwrap(&[], context)),
            ];
            if let Some((what, _)) = refused.iter().find(|(_, unwrapped)| unwrapped.is_ok()) {
                return Err(format!("a key {what} was unwrapped"));
            }
            for at in 0..wrapped.len() {
                let mut damaged = wrapped.clone();
                damaged.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1);
                if keys.unwrap(&damaged, context).is_ok() {
                    return Err(format!("a wrapped key was unwrapped with byte {at} changed"));
                }
            }
        }
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
