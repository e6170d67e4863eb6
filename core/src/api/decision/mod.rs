//! Decisions on record: what a policy was asked, what it answered, and which policy it was.

mod mask;
mod record;
mod told;

pub use mask::{MASKS, Masks};
pub use record::{DECISION_MAX, DecisionRecord, SealedTo};
pub use told::{Body, told};
