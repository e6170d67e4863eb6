//! The ledger: accounts, transfers in one step or two, transactions of many legs.
//!
//! The semantics of accounts and transfers are TigerBeetle's, to the status: four balances, numbered statuses in
//! order of precedence, idempotency before everything but the id itself, linked chains, balancing and closing
//! transfers, imports, deterministic timeouts. On top stand what an accountant expects: kinds with a normal side, a
//! chart of parents and children, text keys, effective dates, transactions of N debits and M credits.
//!
//! It is not for rates or fees (see [`crate::money`]) nor for who may move money (a policy's business).
//!
//! Deciding and doing are apart: `validate` reads and returns a plan, and only a plan can be applied.

pub mod account;
mod accounts;
mod apply;
pub mod book;
pub mod detail;
mod filter;
pub mod image;
mod movement;
mod overlay;
mod plan;
pub mod query;
pub mod report;
mod resolution;
mod retry;
mod spent;
pub mod status;
pub mod transaction;
pub mod transfer;
mod validate;
mod view;

pub use apply::FoldError;
pub use book::Book;
pub(crate) use book::{Ahead, TOUCHED};
pub(crate) use overlay::Overlay;
pub(crate) use plan::Plan;
pub(crate) use retry::transfer_key;
pub(crate) use spent::Present;
pub(crate) use validate::{
    Refused, Slot, validate_account, validate_asset, validate_transaction, validate_transfer,
};
pub(crate) use view::View;
