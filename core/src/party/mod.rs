//! Parties: the people and companies that accounts belong to, and what is known of them.
//!
//! The registry holds who there is, what they are to one another and which accounts they have. Personal data is not in it: it
//! is sealed with keys of the subject's own, stands in the log as bytes that mean nothing without them, and is gone when they
//! are (`docs/parties.md`).

mod basis;
mod booking;
pub mod change;
mod check;
mod decide;
mod fold;
mod image;
mod normalise;
mod registry;
mod seal;
mod status;
mod token;

pub use basis::Basis;
pub use booking::NoSubject;
pub(crate) use booking::SealedTo;
pub use change::{
    AccountRole, Change, ChangeKind, ForgetScope, OutOfBounds, PartyKind, RelationRole, RiskLevel,
};
pub use decide::Refused;
pub use normalise::{IDENTIFIER_MAX, IdentifierError, IdentifierKind, normalise};
pub use registry::{ENTRIES_MAX, Field, Hold, Kept, Party, Registry, Span, Stamp, keys_of};
pub use seal::Sealer;
pub use status::PartyStatus;
pub use token::{DIGITS_MAX, DIGITS_MIN, PURPOSE_MAX, Token, TokenError, Tokenizer};
