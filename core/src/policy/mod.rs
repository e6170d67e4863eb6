//! Policies: decisions that a tenant writes down as rules, and the engine that answers them.

#[cfg(test)]
mod almost;
pub mod bundle;
pub mod coverage;
pub mod diff;
pub mod explain;
pub mod filter;
pub mod lint;
pub mod rego;
pub mod snapshot;
pub mod testing;
pub mod typed;
mod verdict;
mod verdict_value;

use crate::near;

pub use verdict::{
    Audience, OBLIGATIONS, Obligation, Outcome, REASON_FACTS, REASONS, Reason, ReasonFact,
    Severity, TEXT, Verdict, VerdictError,
};

#[cfg(test)]
mod seeds_tests;
