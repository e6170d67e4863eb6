//! Attacks `core/src/policy/rego` with regorus beside it: policies of what both support come to the same.
//!
//! A seed is the choices that a policy is written by, a byte each.

#![no_main]

#[path = "../../core/tests/rego_peer/compare.rs"]
mod compare;
#[path = "../../core/tests/rego_peer/write.rs"]
mod write;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let written = write::written(data);
    if let Err(differs) = compare::compare(&written) {
        panic!("{differs}\n{}", written.module);
    }
});
