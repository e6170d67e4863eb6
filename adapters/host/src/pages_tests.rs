use super::*;

#[test]
fn memory_is_as_long_as_asked_for_and_its_own() {
    let mut chunks: Vec<_> = (0..3).map(|_| LargePages.chunk(3 << 20)).collect();
    for (n, chunk) in (1..).zip(&mut chunks) {
        assert_eq!(chunk.bytes().len(), 3 << 20);
        chunk.bytes_mut().fill(n);
    }
    for (n, chunk) in (1..).zip(&chunks) {
        assert!(chunk.bytes().iter().all(|byte| *byte == n));
    }
    // No memory of a length that no system has: the allocator's answer is what counts then.
    assert_eq!(LargePages.chunk(0).bytes().len(), 0);
}
