//! KYC and KYB: cases that run on statecharts. A definition is data, a step is a pure function of a definition, a state, an event and an instant.

pub mod chart;
mod definition;
pub mod jmespath;
pub mod logic;
mod rules;

pub use definition::{CHARTS, ChartErrors, Definition, Refused, Violation};
pub use rules::{Code, Policies, RESERVED, Rules, Surroundings};
