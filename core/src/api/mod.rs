//! The facade: plain data that crosses every border, defined once.
//!
//! Here money is decimal text with its asset, accounts are named by their keys, and verbs read from → to. [`Command`]
//! is what a caller submits, [`Outcome`] what comes back: a rejection is a value with its reason. [`resolve()`] turns
//! the caller's names into the engine's commands; it parses and decides nothing.

mod balances;
mod buckets;
pub mod case;
mod collect;
mod command;
pub mod decision;
mod legs;
mod outcome;
pub mod party;
mod query;
mod question;
mod reason;
mod resolve;
pub mod rollup;
mod sight;
mod sync;
mod vault;
mod view;
mod volumes;

pub use balances::{BalanceBucketView, BalanceHistoryPage, BalanceHistoryQuery, balance_history};
pub use collect::{
    ANSWERS_MAX, Admitted, AskedDocument, AskedForm, CASES_MAX, CaseNews, CustomerCases,
    FILE_NAME_MAX, FilledForm, HAND_IN_KEY_MAX, HAND_INS_MAX, HandIn, HandInOutcome,
    HandedDocument, ZoneNote, check_hand_in, hand_in_failed, refused_hand_in,
};
pub(crate) use collect::{answers_of, unasked_answer};
pub use command::{
    Account, Capture, Command, Extra, Flag, Hold, Leg, NewAsset, Post, Release, Transaction,
    Transfer, TransferFlag,
};
pub use outcome::{Outcome, key_of, outcome};
pub use query::{
    PAGE_DEFAULT, PAGE_MAX, TransferPage, TransferQuery, find_records, find_transfers, instant,
};
pub use question::{
    AccountPage, AccountQuery, Answer, GetAccount, HistoryPage, HistoryQuery, HoldQuery,
    ListAssets, Named, Question, StatementQuery, TrialBalanceQuery, answer, find_accounts,
    find_history, find_holds, span,
};
pub use resolve::{
    Invalid, Resolved, account_id, keys_needed, parse_money, resolve, resolve_with, transfer_id,
};
pub(crate) use resolve::{invalid, short};
pub use sight::Sight;
pub(crate) use sync::text_of;
pub use sync::{
    AccountNews, BEHIND_MAX, ENTRIES_TOLD, FOLLOWED_MAX, Follow, HOLDS_SEEN, HOLDS_TOLD,
    INTENTS_MAX, Intent, IntentOutcome, REQUEST_TEXT_MAX, SyncCall, SyncReply, SyncRequest,
    check_intent,
};
pub use vault::{PurposeError, Vault};
pub use view::{
    AccountView, AssetView, BalancesView, EntryView, StatementView, TransferView, TrialBalanceView,
    TrialLineView, account_view, asset_view, entry_view, statement_view, transfer_view,
    trial_balance_view,
};
pub use volumes::{VolumePage, VolumeQuery, VolumeView, volumes};
