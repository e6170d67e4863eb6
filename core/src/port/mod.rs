//! Ports: what the core asks of the world, with a reference in memory and one suite that every adapter passes.

pub mod conformance;
pub mod journal;
pub mod keys;
pub mod memory;
pub mod memory_subjects;
pub mod subjects;
pub mod subjects_conformance;
pub mod telemetry;
