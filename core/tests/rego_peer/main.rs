//! Policies that nobody has written, decided here and by regorus: where both have an answer it is the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod compare;
mod write;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

/// So many policies in the tier that is run.
fn cases() -> u32 {
    let is_full = std::env::var("THALIUM_TEST_TIER").is_ok_and(|tier| tier == "full");
    if is_full { 200_000 } else { 4_000 }
}

#[test]
fn both_come_to_the_same() {
    let compared = Cell::new(0);
    let config = ProptestConfig { cases: cases(), ..ProptestConfig::default() };
    let told =
        TestRunner::new(config).run(&proptest::collection::vec(any::<u8>(), 0..400), |bytes| {
            let written = write::written(&bytes);
            let same = compare::compare(&written)
                .map_err(|differs| TestCaseError::fail(format!("{differs}\n{}", written.module)))?;
            compared.set(compared.get() + same);
            Ok(())
        });
    if let Err(error) = told {
        panic!("{error}");
    }
    println!("rules that both decide: {} of {} policies", compared.get(), cases());
    assert!(compared.get() >= cases() as usize, "the other one refuses too much to be of use");
}
