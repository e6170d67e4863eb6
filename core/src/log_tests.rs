use super::*;
use crate::event::{self, Body, Envelope, Header};
use crate::pages::Heap;

fn event(sequence: u64, actor_len: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let envelope = Envelope { actor: "x".repeat(actor_len), ..Envelope::default() };
    event::encode(
        Header { sequence, timestamp: 0, request: 0 },
        &Body::Request(envelope),
        &mut bytes,
    );
    bytes
}

#[test]
fn events_are_found_by_sequence_forward_and_backward() {
    let mut log = EventLog::new(Arc::new(Heap));
    // Large enough to cross a chunk's end several times.
    let events: Vec<_> =
        (0..5_000).map(|n| event(n, usize::try_from(n * 7 % 9_000).unwrap())).collect();
    for bytes in &events {
        log.push(Links::default(), PendingState::None, bytes);
    }
    assert!(log.chunks.len() > 1);
    assert_eq!(log.count(), 5_000);
    for (n, bytes) in events.iter().enumerate() {
        assert_eq!(log.by_sequence(n as u64), Some(bytes.as_slice()));
    }
    assert_eq!(log.by_sequence(5_000), None);
    assert!(log.from(4_321).map(|(_, bytes)| bytes).eq(events[4_321..].iter().map(Vec::as_slice)));
    assert!(log.backward().map(|(_, bytes)| bytes).eq(events.iter().rev().map(Vec::as_slice)));
}

#[test]
fn the_state_of_a_pending_transfer_changes_in_place() {
    let mut log = EventLog::new(Arc::new(Heap));
    let links = Links { debit: Position(123), credit: Position(456) };
    let first = log.push(links, PendingState::Pending, &event(0, 3));
    let second = log.push(Links::default(), PendingState::None, &event(1, 3));
    assert_eq!(log.pending_state(first), PendingState::Pending);
    log.set_pending_state(first, PendingState::Expired);
    assert_eq!(log.pending_state(first), PendingState::Expired);
    assert_eq!(log.links(first), links);
    assert_eq!(log.pending_state(second), PendingState::None);
    assert_eq!(log.event(second), event(1, 3));
}
