//! Opens Thalium by address and owns what the core does not: the clock, the threads, the journal.
//!
//! ```
//! use thalium_host::{Account, Capture, Hold, Leg, NewAsset, Post, Thalium, Transaction};
//! use thalium_host::money::AssetKind;
//!
//! // `file:./data` keeps everything in a directory; nothing else changes.
//! let t = Thalium::open("memory:")?;
//! t.submit(&[
//!     NewAsset { code: "BTC".into(), scale: 8, kind: AssetKind::Crypto, ledger: None }.into(),
//!     Account::asset("bank:ZAR", "ZAR").into(),
//!     Account::asset("vault:BTC", "BTC").into(),
//!     Account::liability("c42:ZAR", "ZAR").into(),
//!     Account::liability("c42:BTC", "BTC").into(),
//!     Account::liability("c77:ZAR", "ZAR").into(),
//!     Account::liability("c77:BTC", "BTC").into(),
//!     Post::new("dep-9", "bank:ZAR", "c42:ZAR", "250.00").into(),
//!     Post::new("dep-10", "vault:BTC", "c77:BTC", "0.5").into(),
//! ])?;
//!
//! // A rejection is a value that says why; a retry with the same key never books twice.
//! let refused = t.do_one(Post::new("wd-1", "c42:ZAR", "bank:ZAR", "250.01"))?;
//! assert_eq!((refused.status.as_str(), refused.have.as_deref()), ("exceeds_credits", Some("250.00 ZAR")));
//! assert!(t.do_one(Post::new("dep-9", "bank:ZAR", "c42:ZAR", "250.00"))?.replayed);
//!
//! // A trade is one transaction: it balances in every asset, and all of it happens or none.
//! t.do_one(Hold::new("ord-7", "c42:ZAR", "c77:ZAR", "100.00"))?;
//! t.do_one(Capture::new("fill-1", "ord-7").amount("60.00"))?;
//! let legs = vec![Leg::debit("c77:BTC", "0.00005"), Leg::credit("c42:BTC", "0.00005")];
//! assert!(t.do_one(Transaction { key: "trade-1".into(), legs, ..Transaction::default() })?.ok);
//!
//! assert_eq!(t.account("c42:ZAR")?.unwrap().balances.available, "190.00");
//! # Ok::<(), thalium_host::Error>(())
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod address;
mod backup;
mod beside;
mod bulk;
mod cases;
mod charts;
mod clock;
#[cfg(feature = "tables")]
mod columns;
mod decisions;
mod device;
mod error;
#[cfg(feature = "tables")]
mod export;
mod fold;
mod follow;
mod handle;
mod health;
mod history;
mod identifiers;
#[cfg(feature = "blnk")]
mod import;
mod inspect;
mod keyring;
mod keys;
mod metrics;
mod open;
mod pages;
mod pipeline;
mod place;
mod policies;
mod privacy;
mod privacy_page;
mod rollups;
mod sealed;
mod ship;
mod sync;
#[cfg(feature = "tables")]
mod table_files;
mod tokens;
mod upgrade;
mod verify;
mod whole;
pub mod wire;

pub use address::Address;
pub use backup::{NewKeys, backup, rehearse, restore};
pub use beside::VerifiedLog;
pub use cases::*;
pub use charts::{
    CHART_BYTES, Chart, ChartFault, ChartOptions, Held, chart_as_scxml, chart_text, read_chart,
};
pub use clock::now;
#[cfg(feature = "tables")]
pub use columns::{ColumnsError, PostOutcomes};
pub use decisions::{
    DecideOnRecord, Decided, DecisionQuery, DropPolicy, Flip, FlipReason, LoadPolicy, LoadedPolicy,
    NamedPolicy, OnRecordError, PolicyVersion, ReplayDecisions, ReplayReport, ShadowView,
};
pub use device::{DOCUMENT_BYTES, Device, digest, digest_file};
pub use error::Error;
#[cfg(feature = "tables")]
pub use export::TableImport;
pub use handle::{Thalium, Ticket, new_id, new_seed};
pub use health::{Condition, Health};
#[cfg(feature = "blnk")]
pub use import::rehearse_blnk;
pub use inspect::inspect;
pub use keys::{LostKey, SubjectKeysReport};
pub use open::{Access, Opened, Options};
pub use pages::LargePages;
#[cfg(feature = "tables")]
pub use pages::copied;
pub use policies::{Asked, INPUT_BYTES, Policy, PolicyError, bundle_files, pack_bundle};
pub use privacy::{FindParties, PartyExport};
pub use rollups::VerifiedRollups;
pub use sealed::OpenSealed;
pub use ship::{Shipment, Shipper, ship, ship_until};
#[cfg(feature = "tables")]
pub use table_files::{Exported, TableCounts, TableDifference, TablesReport};
pub use thalium::api::*;
pub use thalium::audit::merkle::hex;
pub use thalium::device::{
    DeviceAccount, DeviceCase, DeviceHolds, DeviceStatement, DocumentCheck, HandInView,
    HandInWarning, IntentState, IntentView, NewDocument, SyncDone, SyncStart,
};
pub use thalium::port::keys::{DataKey, KeyError, Keys};
pub use thalium::port::telemetry::{Sample, Stage, Telemetry};
pub use thalium::{Context, Genesis, Id, api, kyc, ledger, money, party, policy, rollup, time};
#[cfg(feature = "blnk")]
pub use thalium_blnk as blnk;
pub use thalium_keys::{KeyText, Passphrase};
pub use thalium_store::{Backup, FileFound, FileKind, Inspection, Recovery, Restored, Torn, Until};
#[cfg(feature = "tables")]
pub use thalium_tables as tables;
pub use tokens::{MakeTokens, MaskDigits, VALUES_MAX};
pub use upgrade::{older_files, upgrade};
pub use verify::{Verified, verify};
pub use whole::write_whole;

/// The example of the README is a program that runs.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// As are those of the pages.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/encryption.md")]
struct Encryption;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/parties.md")]
struct Parties;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/policy.md")]
struct Policies;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/rollups.md")]
struct Rollups;
