//! Policies: decisions that a tenant writes down as rules, and the engine that answers them.

pub mod rego;
