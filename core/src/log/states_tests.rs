use std::collections::BTreeMap;

use super::*;

#[test]
fn a_state_stays_where_it_was_put() {
    let mut states = States::default();
    let mut model = BTreeMap::new();
    let all = [PendingState::Posted, PendingState::Voided, PendingState::Expired];
    for n in 0..10_000_u64 {
        let sequence = n * 7_919 % 1_000_003;
        let state = all[usize::try_from(n % 3).unwrap()];
        states.set(sequence, state);
        model.insert(sequence, state);
    }
    for sequence in 0..1_000_003 {
        let expected = model.get(&sequence).copied().unwrap_or(PendingState::Pending);
        assert_eq!(states.get(sequence), expected, "{sequence}");
    }
    assert_eq!(states.blocks().count(), 8);
}

#[test]
fn a_copy_keeps_what_it_was_taken_of() {
    let mut states = States::default();
    states.set(5, PendingState::Posted);
    let copy = states.clone();
    states.set(5, PendingState::Voided);
    states.set(6, PendingState::Expired);
    assert_eq!([copy.get(5), copy.get(6)], [PendingState::Posted, PendingState::Pending]);
    assert_eq!([states.get(5), states.get(6)], [PendingState::Voided, PendingState::Expired]);
}

#[test]
fn where_no_hold_ended_there_is_no_block() {
    let mut states = States::default();
    states.set(10 * BLOCK_EVENTS + 3, PendingState::Posted);
    assert_eq!(states.blocks().map(|(number, _)| number).collect::<Vec<_>>(), [10]);
    let mut other = States::default();
    for (number, words) in states.blocks() {
        other.put(number, *words);
    }
    assert_eq!(other.get(10 * BLOCK_EVENTS + 3), PendingState::Posted);
    assert_eq!(States::blocks_of(10 * BLOCK_EVENTS + 4), 11);
}
