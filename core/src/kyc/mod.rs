//! KYC and KYB: cases that run on statecharts. A definition is data, a step is a pure function of a definition, a state, an event and an instant.

pub mod callback;
pub mod case;
pub mod chart;
mod definition;
mod difference;
pub mod jmespath;
pub mod logic;
mod migration;
pub mod mrz;
mod reader;
pub mod risk;
mod rules;

pub use definition::{CHARTS, ChartErrors, Definition, Refused, Violation};
pub use difference::{CHANGES, Change, difference};
pub use migration::{
    InvokedChange, InvokedFate, Migrated, Migration, MigrationError, MigrationFinding,
    MigrationPlan, Refusal, Report, SessionChanges, TimerChange, TimerFate, Weight,
};
pub use rules::{Code, Policies, RESERVED, Rules, Surroundings};
