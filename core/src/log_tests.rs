use super::*;
use crate::event::{self, Body, Envelope, Header};
use crate::pages::Heap;
use crate::port::memory::MemoryPart;

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

/// A log of events that are large enough to cross a chunk's end several times.
fn filled() -> (EventLog, Vec<Vec<u8>>) {
    let mut log = EventLog::new(Arc::new(Heap));
    let events: Vec<_> =
        (0..20_000).map(|n| event(n, usize::try_from(n * 7 % 9_000).unwrap())).collect();
    for bytes in &events {
        log.push(Links::default(), bytes);
    }
    assert!(log.full.len() >= 4);
    (log, events)
}

fn check(log: &EventLog, events: &[Vec<u8>]) {
    assert_eq!(log.count(), events.len() as u64);
    for (n, bytes) in events.iter().enumerate().step_by(7) {
        assert_eq!(log.event(n as u64).as_deref(), Some(bytes.as_slice()));
    }
    assert!(log.event(events.len() as u64).is_none());
    for from in [0, 1, 4_321, 19_999] {
        let expected = (from as u64..).zip(&events[from..]);
        assert!(
            log.from(from as u64)
                .zip(expected)
                .all(|((n, got), (m, event))| n == m && *got == **event)
        );
        assert_eq!(log.from(from as u64).count(), events.len() - from);
    }
    let backward = events.iter().enumerate().rev();
    assert!(
        log.backward(u64::MAX)
            .zip(backward)
            .all(|((n, got), (m, event))| n == m as u64 && *got == **event)
    );
    assert_eq!(log.backward(1_234).count(), 1_234);
    assert_eq!(log.sealed.unreadable(), None);
}

#[test]
fn events_are_found_by_sequence_forward_and_backward() {
    let (log, events) = filled();
    check(&log, &events);
}

#[test]
fn what_was_cut_is_read_from_its_part_and_takes_no_memory() {
    let (mut log, mut events) = filled();
    assert_eq!(log.uncut(), log.bytes());
    let cut = log.cut();
    assert_eq!(log.uncut(), 0);
    assert_eq!((cut.first(), cut.count()), (0, 20_000));
    assert!(cut.events().eq(events.iter().map(Vec::as_slice)));
    for n in 20_000..20_100 {
        events.push(event(n, 5));
        log.push(Links::default(), events.last().unwrap());
    }
    check(&log, &events);
    let before = log.bytes();
    let (summary, part) = MemoryPart::of(&cut);
    assert!(log.sealed.attach(&summary, Box::new(part), log.count()).unwrap().is_empty());
    log.free_sealed();
    assert!(log.bytes() < 20_000 && before > 80_000_000);
    check(&log, &events);
    let rest = log.cut();
    assert_eq!((rest.first(), rest.count()), (20_000, 100));
}

#[test]
fn a_part_that_does_not_follow_is_refused() {
    let (mut log, _) = filled();
    let cut = log.cut();
    let (summary, part) = MemoryPart::of(&cut);
    log.sealed.attach(&summary, Box::new(part.clone()), log.count()).unwrap();
    let gap = PartError::Gap { first: 0, expected: 20_000 };
    assert_eq!(log.sealed.attach(&summary, Box::new(part), log.count()), Err(gap));
}

#[test]
fn an_event_that_is_replayed_from_a_part_takes_no_memory() {
    let (mut log, events) = filled();
    let (summary, part) = MemoryPart::of(&log.cut());
    let mut again = EventLog::new(Arc::new(Heap));
    again.sealed.attach(&summary, Box::new(part), 0).unwrap();
    for (n, bytes) in (0_u64..).zip(&events) {
        assert!(again.event(n).is_none(), "an event that is not replayed yet is not there");
        assert_eq!(again.push(Links::default(), bytes), n);
    }
    assert_eq!(again.bytes(), 0);
    check(&again, &events);
}
