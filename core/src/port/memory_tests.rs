use super::*;

#[test]
fn the_reference_passes_the_suite() {
    super::super::conformance::journal(MemoryJournal::default(), |journal| journal).unwrap();
}
