//! Typed rules: who may do what, limits, thresholds and the rules against money laundering, written down as data and compiled once.
//!
//! A [`Definition`] is a document; [`Program::load`] checks it and names the place of what is wrong; a program answers [`Facts`] with a
//! [`Verdict`](super::Verdict), or with the outcome alone and without allocating. It is for what every platform needs and what has to be
//! fast; what is special to a tenant is written in [`rego`](super::rego), and both verdicts are joined. In a bundle the file
//! `limits/typed.json` is a definition, whose program answers at the path `limits/verdict`: see [`Bundled`].
//!
//! What does it not do? It takes no sums and looks nothing up: sums and counts of windows are facts that the host takes from rollups. It reads
//! no clock: the time is the fact `now`. It converts no currencies: amounts and thresholds of a program are in one.
//!
//! - The tenants of subject and resource are compared for every request: no definition can switch that off.
//! - A rule that needs a fact that is missing denies, and what nothing permits is denied, unless the document says `"default": "allow"`.
//! - A fact that is kept back never makes the outcome laxer. Conditions that would break this are refused when the definition is loaded.

mod bundled;
mod code;
mod definition;
mod document;
mod error;
mod facts;
mod input;
mod instant;
mod load;
mod program;
mod reads;
mod rule;
mod schema;
mod tables;
mod test;
mod written;

pub use bundled::{Bundled, CASES};
pub use code::{Code, FREE};
pub use definition::{
    Check, Comparison, Condition, Definition, Jurisdiction, Kind, Listing, Membership, Otherwise,
    Role, Rule, Table,
};
pub use error::{FactFault, FactsError, TypedError};
pub use facts::{FACT_SET, FACT_TEXT, FACT_TEXTS, Fact, Facts};
pub use input::InputError;
pub use instant::{Instant, InstantError};
pub use load::{CONDITION_DEPTH, CONDITIONS, LIST, NAME, NAMES, RULES, TABLES, VERSION};
pub use program::{DEFAULT, FACTS, ISOLATION, Program};
pub use reads::{Need, Read};
pub use written::{Operand, Quantity, Threshold, Units};
