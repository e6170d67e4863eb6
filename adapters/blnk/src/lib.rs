//! Blnk's ledgers, balances, transactions and identities, as its API returns them, as commands for Thalium.
//!
//! [`Export::read`] takes in the files, [`Plan::of`] turns them into commands that book every transfer and every hold
//! under its own id and at its own time, and [`Plan::compare`] holds the books against the balances that Blnk showed.
//! Whatever cannot be taken over, or comes out otherwise, is a [`Difference`].
//!
//! What is known of Blnk comes from its documentation and source: every state of a transaction is a record of its own;
//! `APPLIED` moves money, `INFLIGHT` holds it, an `APPLIED` record under an `INFLIGHT` one captures a part of the hold,
//! `VOID` gives the rest back; `QUEUED`, `SCHEDULED` and `REJECTED` move nothing. Amounts are read from
//! `precise_amount`, never from `amount`, which is a float.

#![forbid(unsafe_code)]

mod difference;
mod export;
mod plan;
mod record;

pub use difference::{Difference, Kind};
pub use export::{Export, FILE_MAX, ReadError};
pub use plan::{Counts, Options, Plan};
pub use record::{Balance, Identity, Ledger, Transaction};
