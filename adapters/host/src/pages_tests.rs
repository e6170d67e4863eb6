use super::*;

const LEN: usize = 3 << 20;

#[test]
fn memory_is_as_long_as_asked_for_and_its_own() {
    let pages = LargePages::default();
    let mut chunks: Vec<_> = (0..3).map(|_| pages.chunk(LEN)).collect();
    for (n, chunk) in (1..).zip(&mut chunks) {
        assert_eq!(chunk.bytes().len(), LEN);
        chunk.bytes_mut().fill(n);
    }
    for (n, chunk) in (1..).zip(&chunks) {
        assert!(chunk.bytes().iter().all(|byte| *byte == n));
    }
    // No memory of a length that no system has: the allocator's answer is what counts then.
    assert_eq!(pages.chunk(0).bytes().len(), 0);
}

#[test]
fn memory_that_was_given_back_is_given_out_again_up_to_a_bound() {
    let pages = LargePages::default();
    let mut first = pages.chunk(LEN);
    first.bytes_mut().fill(7);
    drop(first);
    assert_eq!(pages.chunk(LEN / 2).bytes(), vec![0; LEN / 2]);
    let again = pages.chunk(LEN);
    assert_eq!(again.bytes()[0], 7);
    let many: Vec<_> = (0..2 * KEPT_MAX).map(|_| pages.chunk(LEN)).collect();
    drop((again, many));
    assert_eq!(pages.0.lock().unwrap().len(), KEPT_MAX);
}

#[cfg(feature = "tables")]
#[test]
fn a_copy_is_what_it_was_copied_from() {
    for len in [0, 1, 4_096, (2 << 20) - 1, 2 << 20, (4 << 20) + 3] {
        let from: Vec<u8> = (0..=250).cycle().take(len).collect();
        assert_eq!(copied(&from), from);
    }
}
