//! **Thalium**: the core of a financial platform as a library.
//!
//! This crate decides and does nothing else. It keeps a double-entry ledger exactly, says *created* or names the
//! reason why not, and writes every decision into one provable log. Files, sockets, clocks and threads live in the
//! adapters; `thalium-host` puts them together and is what most programs import.
//!
//! # What does this crate not do?
//! It opens nothing, reads no clock and draws no random number: time and ids come in as data. The same requests give
//! the same event bytes, the same state hash and the same Merkle root on every platform.
//!
//! # Example
//! ```
//! use thalium::{Command, Context, Engine, Id, NewAccount, Request, Status, Transfer};
//!
//! let mut engine = Engine::new(thalium::Genesis::default());
//! let usd = 840; // the ISO 4217 number is the ledger of a built-in currency
//! let account = |id| NewAccount { id: Id(id), ledger: usd, code: 1, ..NewAccount::default() };
//! let transfer = Transfer {
//!     id: Id(7),
//!     debit_account_id: Id(1),
//!     credit_account_id: Id(2),
//!     amount: 250_00,
//!     ledger: usd,
//!     code: 1,
//!     ..Transfer::default()
//! };
//! let executed = engine.execute(&Request {
//!     context: Context { actor: "treasury".into(), ..Context::default() },
//!     now: 1_700_000_000_000_000_000,
//!     commands: vec![account(1).into(), account(2).into(), transfer.clone().into(), transfer.into()],
//! })?;
//! let statuses: Vec<&str> = executed.outcomes.iter().map(|o| o.status.name()).collect();
//! assert_eq!(statuses, ["created", "created", "created", "exists"]);
//! assert_eq!(engine.book().balances(Id(2)).unwrap().credits_posted, 250_00);
//! assert!(matches!(executed.outcomes[3].status, Status::Transfer(status) if status.is_replay()));
//! # Ok::<(), thalium::RequestError>(())
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod api;
pub mod audit;
mod bounds;
pub mod codec;
mod command;
mod decide;
pub mod device;
mod engine;
pub mod event;
mod id;
pub mod invariants;
pub mod kyc;
pub mod ledger;
mod log;
pub mod money;
mod near;
mod need;
mod outcome;
pub mod pages;
pub mod part;
pub mod party;
pub mod policy;
pub mod port;
pub mod rollup;
mod statuses;
pub mod time;
pub mod value;

pub use command::{COMMANDS_MAX, CONTEXT_MAX, Command, Context, Request};
pub use engine::{Engine, Executed, Genesis, ReplayError, RequestError};
pub use id::{Id, ParseIdError};
pub use ledger::account::{AccountFlags, AccountKind, Balances, NewAccount};
pub use ledger::status::{AccountStatus, AssetStatus, TransferStatus};
pub use ledger::transfer::{Transfer, TransferFlags};
pub use log::{EventBytes, PartError};
pub use need::{Needs, need};
pub use outcome::{Outcome, Status};
