//! Commands and requests: what a caller submits.

use crate::event::AssetRegistered;
use crate::ledger::account::{AccountFlags, NewAccount};
use crate::ledger::transaction::Transaction;
use crate::ledger::transfer::{Transfer, TransferFlags};
use crate::party::Change;

/// The most commands of a request.
pub const COMMANDS_MAX: usize = 65_536;
/// The longest text of a context, in bytes.
pub const CONTEXT_MAX: usize = 256;

/// Who asks, and from where. It is written into the log once per request; put no personal data into it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Context {
    /// Who asks: a user, a service.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// The caller's id of the request, for tracing.
    pub request_id: String,
    /// Where the request came from: a channel, a service.
    pub origin: String,
}

/// What a caller submits: commands, decided in order at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub context: Context,
    /// Nanoseconds since 1970. Time runs forward only: an earlier instant than the log's newest counts as just after it.
    pub now: i64,
    /// The commands, at most [`COMMANDS_MAX`]; none at all releases the holds that are due.
    pub commands: Vec<Command>,
}

/// One thing to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Registers an asset.
    Asset(AssetRegistered),
    /// Opens an account.
    Account(Box<NewAccount>),
    /// Books a transfer.
    Transfer(Transfer),
    /// Books a transaction of several legs.
    Transaction(Box<Transaction>),
    /// Changes the registry of parties.
    Party(Box<Change>),
}

impl Command {
    /// Whether this command and the next succeed or fail together.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        match self {
            Self::Asset(_) | Self::Party(_) => false,
            Self::Account(account) => account.flags.has(AccountFlags::LINKED),
            Self::Transfer(transfer) => transfer.flags.has(TransferFlags::LINKED),
            Self::Transaction(transaction) => transaction.linked,
        }
    }

    /// How many instants the command takes up.
    pub(crate) fn ticks(&self) -> i64 {
        match self {
            Self::Transaction(transaction) => {
                i64::try_from(transaction.legs.len().max(1)).unwrap_or(i64::MAX)
            }
            _ => 1,
        }
    }
}

impl From<AssetRegistered> for Command {
    fn from(asset: AssetRegistered) -> Self {
        Self::Asset(asset)
    }
}

impl From<NewAccount> for Command {
    fn from(account: NewAccount) -> Self {
        Self::Account(Box::new(account))
    }
}

impl From<Change> for Command {
    fn from(change: Change) -> Self {
        Self::Party(Box::new(change))
    }
}

impl From<Transfer> for Command {
    fn from(transfer: Transfer) -> Self {
        Self::Transfer(transfer)
    }
}

impl From<Transaction> for Command {
    fn from(transaction: Transaction) -> Self {
        Self::Transaction(Box::new(transaction))
    }
}
