//! Policies: decisions that a tenant writes down as rules, and the engine that answers them.

#[cfg(test)]
mod almost;
pub mod rego;
