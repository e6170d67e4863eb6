//! What comes back for a command, in the caller's terms.

use serde::{Deserialize, Serialize};

use super::command::Command;
use super::resolve::Invalid;
use crate::ledger::Book;
use crate::ledger::account::AccountFlags;
use crate::ledger::status::TransferStatus;
use crate::money::{Amount, AssetKind};
use crate::outcome::Status;
use crate::time::format_instant;
use crate::{Id, money};

/// What became of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether what was asked for stands in the books.
    pub ok: bool,
    /// The status's stable name; `invalid` for a command that could not be read.
    pub status: String,
    /// The status's stable number.
    pub number: u16,
    /// Whether it stood there before: the answer to a retry.
    pub replayed: bool,
    /// The record's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The record's key.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its place in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// When it was booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// How much moved, with its asset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The field at fault, for a command that could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why not, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The account at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What it had to spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have: Option<String>,
    /// What was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
}

impl From<Invalid> for Outcome {
    fn from(invalid: Invalid) -> Self {
        Self {
            status: "invalid".to_owned(),
            number: u16::MAX,
            field: Some(invalid.field.to_owned()),
            reason: Some(invalid.to_string()),
            ..Self::default()
        }
    }
}

/// Puts an engine's outcome into the caller's terms. `book` is the state right after the decision.
#[must_use]
pub fn outcome(
    book: &Book,
    asked: &Command,
    command: &crate::Command,
    outcome: &crate::Outcome,
) -> Outcome {
    let booked = outcome.is_booked();
    let (id, ledger) = match command {
        crate::Command::Asset(asset) => (None, asset.ledger),
        crate::Command::Account(account) => (Some(account.id), account.ledger),
        crate::Command::Transfer(transfer) => {
            let ledger = if transfer.ledger == 0 {
                book.transfer(transfer.pending_id).map_or(0, |held| held.transfer.ledger)
            } else {
                transfer.ledger
            };
            (Some(transfer.id), ledger)
        }
        crate::Command::Transaction(transaction) => (Some(transaction.id), 0),
    };
    let mut told = Outcome {
        ok: booked,
        status: outcome.status.name().to_owned(),
        number: outcome.status.number(),
        replayed: outcome.status.is_replay(),
        id,
        key: key_of(asked).to_owned(),
        sequence: (booked && outcome.sequence > 0).then_some(outcome.sequence),
        timestamp: Some(format_instant(outcome.timestamp)),
        ..Outcome::default()
    };
    if let (true, crate::Command::Transfer(_)) = (booked, command) {
        told.amount = Some(text(book, ledger, outcome.amount));
    }
    if !booked {
        told.reason = Some(told.status.replace('_', " "));
        explain(book, command, outcome.status, &mut told);
    }
    told
}

/// Says which account lacks what, in the customer's view.
fn explain(book: &Book, command: &crate::Command, status: Status, told: &mut Outcome) {
    let Status::Transfer(status) = status else { return };
    let crate::Command::Transfer(transfer) = command else { return };
    let (id, which) = match status {
        TransferStatus::ExceedsCredits
        | TransferStatus::DebitAccountNotFound
        | TransferStatus::DebitAccountAlreadyClosed => (transfer.debit_account_id, "debit"),
        TransferStatus::ExceedsDebits
        | TransferStatus::CreditAccountNotFound
        | TransferStatus::CreditAccountAlreadyClosed => (transfer.credit_account_id, "credit"),
        _ => return,
    };
    let account = book.account(id);
    let key = account
        .as_ref()
        .and_then(|account| account.opened.detail.as_ref())
        .map(|detail| detail.key.clone());
    told.account = Some(key.filter(|key| !key.is_empty()).unwrap_or_else(|| id.to_string()));
    let Some(account) = account else { return };
    let balances = account.balances;
    let limited = account.flags.has(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
        || account.flags.has(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS);
    if limited && matches!(status, TransferStatus::ExceedsCredits | TransferStatus::ExceedsDebits) {
        let left = if which == "debit" {
            balances
                .credits_posted
                .saturating_sub(balances.debits_posted.saturating_add(balances.debits_pending))
        } else {
            balances
                .debits_posted
                .saturating_sub(balances.credits_posted.saturating_add(balances.credits_pending))
        };
        told.have = Some(text(book, transfer.ledger, left));
        told.need = Some(text(book, transfer.ledger, transfer.amount));
    }
}

/// An amount with its asset's code, as `250.00 ZAR`.
pub(super) fn text(book: &Book, ledger: u32, units: u128) -> String {
    match book.asset(ledger) {
        Some(asset) => money::Money::new(Amount::from_units(units), asset).to_string(),
        None => units.to_string(),
    }
}

fn key_of(command: &Command) -> &str {
    match command {
        Command::Asset(asset) => &asset.code,
        Command::Account(account) => &account.key,
        Command::Post(post) => &post.key,
        Command::Hold(hold) => &hold.key,
        Command::Capture(capture) => &capture.key,
        Command::Release(release) => &release.key,
        Command::Transaction(transaction) => &transaction.key,
        Command::Transfer(transfer) => &transfer.key,
    }
}

/// The name of a kind of asset.
pub(super) fn kind_name(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Fiat { .. } => "fiat",
        AssetKind::Crypto => "crypto",
        AssetKind::Security => "security",
        AssetKind::Points => "points",
    }
}
