//! What comes back for a command, in the caller's terms.

use serde::{Deserialize, Serialize};

use super::command::{Capture, Command};
use super::reason::explain;
use super::resolve::{Invalid, account_id};
use crate::ledger::Book;
use crate::ledger::status::TransferStatus;
use crate::ledger::transfer::Transfer;
use crate::money::{Amount, AssetKind};
use crate::outcome::Status;
use crate::time::format_instant;
use crate::{Engine, Id, money};

/// What became of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// Whether what was asked for stands in the books.
    pub ok: bool,
    /// The status's stable name; `invalid` for a command that could not be read, `not_permitted` for one that its sender
    /// may not ask for.
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
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub timestamp: Option<String>,
    /// How much moved, with its asset.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: Option<String>,
    /// The field at fault, for a command that could not be read or was not permitted.
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
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub have: Option<String>,
    /// What was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub need: Option<String>,
}

impl Outcome {
    /// The outcome of a command that could not be read.
    #[must_use]
    pub fn invalid(asked: &Command, invalid: &Invalid) -> Self {
        Self::unread("invalid", u16::MAX, asked, invalid)
    }

    /// The outcome of a command that who sent it may not ask for.
    #[must_use]
    pub fn not_permitted(asked: &Command, invalid: &Invalid) -> Self {
        Self::unread("not_permitted", u16::MAX - 1, asked, invalid)
    }

    fn unread(status: &str, number: u16, asked: &Command, invalid: &Invalid) -> Self {
        Self {
            status: status.to_owned(),
            number,
            key: key_of(asked).to_owned(),
            field: Some(invalid.field.to_string()),
            reason: Some(invalid.to_string()),
            ..Self::default()
        }
    }
}

/// Puts an engine's outcome into the caller's terms. `engine` has the state right after the decision.
#[must_use]
pub fn outcome(
    engine: &Engine,
    asked: &Command,
    command: &crate::Command,
    outcome: &crate::Outcome,
) -> Outcome {
    let book = engine.book();
    let status = match (asked, command) {
        (Command::Capture(capture), crate::Command::Transfer(transfer))
            if outcome.status.is_replay() && is_elsewhere(book, capture, transfer) =>
        {
            Status::Transfer(TransferStatus::ExistsWithDifferentCreditAccountId)
        }
        _ => outcome.status,
    };
    let booked = status.is_created() || status.is_replay();
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
        crate::Command::Party(change) => {
            // By its own id, whatever it was named by.
            let own = |id| engine.parties().record(id).map_or(id, |party| party.id);
            (change.party().map(own), 0)
        }
    };
    let mut told = Outcome {
        ok: booked,
        status: status.name().to_owned(),
        number: status.number(),
        replayed: status.is_replay(),
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
        explain(engine, asked, command, status, &mut told);
    }
    told
}

/// Whether a capture was booked to another account than a retry of it names. What is captured to another account than the
/// hold was meant for goes on to it in a transfer of its own.
fn is_elsewhere(book: &Book, capture: &Capture, transfer: &Transfer) -> bool {
    let Some(booked) = book.transfer(transfer.id).map(|record| record.transfer) else {
        return false;
    };
    let onward = book.transfer(booked.id.part(1)).map(|record| record.transfer);
    let went_to = onward.map_or(booked.credit_account_id, |onward| onward.credit_account_id);
    let asked_for = match capture.to.as_deref().map(|to| account_id("to", to)) {
        Some(Ok(to)) => book.account(to).map_or(to, |account| account.opened.id),
        _ => booked.credit_account_id,
    };
    went_to != asked_for
}

/// An amount with its asset's code, as `250.00 ZAR`.
pub(super) fn text(book: &Book, ledger: u32, units: u128) -> String {
    match book.asset(ledger) {
        Some(asset) => money::Money::new(Amount::from_units(units), asset).to_string(),
        None => units.to_string(),
    }
}

/// The key that a command was given; of an asset, its code; of what changes a party, the party's name.
#[must_use]
pub fn key_of(command: &Command) -> &str {
    match command {
        Command::Asset(asset) => &asset.code,
        Command::Account(account) => &account.key,
        Command::Post(post) => &post.key,
        Command::Hold(hold) => &hold.key,
        Command::Capture(capture) => &capture.key,
        Command::Release(release) => &release.key,
        Command::Transaction(transaction) => &transaction.key,
        Command::Transfer(transfer) => &transfer.key,
        Command::RegisterParty(party) => &party.key,
        Command::AmendParty(of) => &of.party,
        Command::RelateParties(of) => &of.from,
        Command::AssignAccount(of) => &of.party,
        Command::SealData(of) => &of.party,
        Command::MergeParties(of) => &of.party,
        Command::SplitParty(of) => &of.party,
        Command::PlaceHold(of) => &of.party,
        Command::LiftHold(of) => &of.party,
        Command::ForgetParty(of) => &of.party,
        Command::GrantAccess(of) => &of.actor,
        Command::RevokeAccess(of) => &of.actor,
        Command::DefineRetention(of) => &of.name,
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
