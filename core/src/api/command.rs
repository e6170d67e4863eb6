//! What a caller types.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::party::SealTo;
use super::party::{
    AmendParty, AssignAccount, DefineRetention, ForgetParty, GrantAccess, LiftHold, MergeParties,
    PlaceHold, RegisterParty, RelateParties, RevokeAccess, SealData, SplitParty,
};
use crate::ledger::account::AccountKind;
use crate::ledger::transaction::Side;
use crate::money::AssetKind;
use crate::party::Basis;

/// One thing to do. In JSON the field `op` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Command {
    /// Registers an asset.
    Asset(NewAsset),
    /// Opens an account.
    Account(Account),
    /// Moves money at once.
    Post(Post),
    /// Holds money for a later capture or release.
    Hold(Hold),
    /// Moves held money, wholly or in part; what is left is released.
    Capture(Capture),
    /// Gives held money back.
    Release(Release),
    /// Moves money between several accounts, in several assets, all or nothing.
    Transaction(Transaction),
    /// A transfer with every field and flag of the ledger.
    Transfer(Transfer),
    /// Registers a party.
    RegisterParty(RegisterParty),
    /// Changes what is known of a party: its levels, its flags, the end of the relationship.
    AmendParty(AmendParty),
    /// Says what one party is to another.
    RelateParties(RelateParties),
    /// Gives an account to a party.
    AssignAccount(AssignAccount),
    /// Takes down personal data, sealed with the party's own keys.
    SealData(SealData),
    /// Makes two records of one party one.
    MergeParties(MergeParties),
    /// Undoes a merger.
    SplitParty(SplitParty),
    /// Places a legal hold: nothing of the party is forgotten while it is in force.
    PlaceHold(PlaceHold),
    /// Lifts a legal hold.
    LiftHold(LiftHold),
    /// Forgets a party: its keys are destroyed.
    ForgetParty(ForgetParty),
    /// Lets someone read the access log.
    GrantAccess(GrantAccess),
    /// Takes back what someone was granted.
    RevokeAccess(RevokeAccess),
    /// Says how long a law has data of a retention class kept.
    DefineRetention(DefineRetention),
}

impl Command {
    /// To whom it seals what it says in words.
    pub(super) fn seal_to(&self) -> Option<SealTo<'_>> {
        if let Self::Account(account) = self {
            Some(account.into())
        } else {
            self.extra().map(SealTo::from)
        }
    }

    /// Whether it has personal data to seal.
    #[must_use]
    pub fn seals(&self) -> bool {
        matches!(self, Self::SealData(_)) || self.seal_to().is_some_and(|to| to.key().is_some())
    }

    /// What any movement may carry.
    fn extra(&self) -> Option<&Extra> {
        match self {
            Self::Post(Post { extra, .. })
            | Self::Hold(Hold { extra, .. })
            | Self::Capture(Capture { extra, .. })
            | Self::Release(Release { extra, .. })
            | Self::Transaction(Transaction { extra, .. })
            | Self::Transfer(Transfer { extra, .. }) => Some(extra),
            _ => None,
        }
    }

    /// Whether this command and the next succeed or fail together.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        match self {
            Self::Account(account) => account.flags.contains(&Flag::Linked),
            Self::Transfer(transfer) if transfer.flags.contains(&TransferFlag::Linked) => true,
            _ => self.extra().is_some_and(|extra| extra.linked),
        }
    }
}

macro_rules! into_command {
    ($($type:ident => $variant:ident),*) => {
        $(impl From<$type> for Command { fn from(command: $type) -> Self { Self::$variant(command) } })*
    };
}
into_command!(
    NewAsset => Asset, Account => Account, Post => Post, Hold => Hold, Capture => Capture, Release => Release,
    Transaction => Transaction, Transfer => Transfer, RegisterParty => RegisterParty, AmendParty => AmendParty,
    RelateParties => RelateParties, AssignAccount => AssignAccount, SealData => SealData, MergeParties => MergeParties,
    SplitParty => SplitParty, PlaceHold => PlaceHold, LiftHold => LiftHold, ForgetParty => ForgetParty,
    GrantAccess => GrantAccess, RevokeAccess => RevokeAccess, DefineRetention => DefineRetention
);

/// An asset to register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAsset {
    /// Its code: 1 to 16 of `A`–`Z`, `0`–`9`, `.`, `_`, `-`.
    pub code: String,
    /// Digits after the point, 0 to 38.
    pub scale: u8,
    /// What it is.
    #[serde(default = "crypto")]
    pub kind: AssetKind,
    /// Its ledger number; by default the next free one from 1,000 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<u32>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // Serde hands it a reference.
fn is_false(value: &bool) -> bool {
    !value
}

fn crypto() -> AssetKind {
    AssetKind::Crypto
}

/// A flag of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// This command and the next succeed or fail together.
    Linked,
    /// The account may not owe more than it has.
    DebitsMustNotExceedCredits,
    /// The account may not receive more than it gave.
    CreditsMustNotExceedDebits,
    /// The balances after every transfer may be asked for.
    History,
    /// The account brings its own timestamp.
    Imported,
    /// The account takes no transfers.
    Closed,
}

/// An account to open.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// The caller's name for it, unique; it also names the account in every other command.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The code of its asset.
    pub asset: String,
    /// Its kind in the chart of accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<AccountKind>,
    /// The key or id of the account above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// A name; public, unless there is a subject.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Why the account exists, by the caller's own list; 1 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// Whether it may be overdrawn. What the book owes may not, unless this says so; every other kind may, unless a flag
    /// forbids it.
    #[serde(skip_serializing_if = "is_false")]
    pub overdraft: bool,
    /// Flags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// For the caller's use: a decimal number below 2¹²⁸, or a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_data_128: Option<String>,
    /// For the caller's use.
    pub user_data_64: u64,
    /// For the caller's use.
    pub user_data_32: u32,
    /// Metadata, at most 4 KiB; public, unless there is a subject.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// The party to which the name and the metadata are sealed: its key or id. Without one, they are public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// On what ground they are kept; `law` where nothing is said, as records of transactions are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The years for which a law has them kept after the business relationship ended; five where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<u8>,
    /// The retention class that says so, in place of years: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// The entries of the metadata that stay public all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub public: Vec<String>,
    /// When it was opened, for an imported account: RFC 3339 or nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub timestamp: Option<String>,
}

impl Account {
    /// An account of a kind.
    #[must_use]
    pub fn new(kind: AccountKind, key: impl Into<String>, asset: impl Into<String>) -> Self {
        Self { key: key.into(), asset: asset.into(), kind: Some(kind), ..Self::default() }
    }

    /// What the book owes, such as a client's money. It may not be overdrawn.
    #[must_use]
    pub fn liability(key: impl Into<String>, asset: impl Into<String>) -> Self {
        Self::new(AccountKind::Liability, key, asset)
    }

    /// What the book owns, such as money at a bank.
    #[must_use]
    pub fn asset(key: impl Into<String>, asset: impl Into<String>) -> Self {
        Self::new(AccountKind::Asset, key, asset)
    }

    /// What the book earns, such as fees.
    #[must_use]
    pub fn income(key: impl Into<String>, asset: impl Into<String>) -> Self {
        Self::new(AccountKind::Income, key, asset)
    }

    /// Under another account in the chart.
    #[must_use]
    pub fn parent(mut self, parent: impl Into<String>) -> Self {
        self.parent = Some(parent.into());
        self
    }

    /// With a public name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// What any movement may carry.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Extra {
    /// A description; public, unless there is a subject.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Metadata, at most 4 KiB; public, unless there is a subject.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// The party to which the description and the metadata are sealed: its key or id. Without one, they are public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// On what ground they are kept; `law` where nothing is said, as records of transactions are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The years for which a law has them kept after the business relationship ended; five where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<u8>,
    /// The retention class that says so, in place of years: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// The entries of the metadata that stay public all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub public: Vec<String>,
    /// The civil date that the books give it: `2026-01-31`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub effective_date: Option<String>,
    /// Why the money moves, by the caller's own list; 1 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// For the caller's use: a decimal number below 2¹²⁸, or a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_data_128: Option<String>,
    /// For the caller's use.
    pub user_data_64: u64,
    /// For the caller's use.
    pub user_data_32: u32,
    /// Whether this command and the next succeed or fail together.
    pub linked: bool,
}

/// Money to move at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Post {
    /// The caller's name for it: a retry with the same key never books twice.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The account that is debited.
    pub from: String,
    /// The account that is credited.
    pub to: String,
    /// Decimal text, with the asset or without: `250.00 ZAR`, `250.00`.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: String,
    /// What any movement may carry.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Post {
    /// Money from one account to another under a key.
    #[must_use]
    pub fn new(
        key: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
        amount: impl ToString,
    ) -> Self {
        Self {
            key: key.into(),
            from: from.into(),
            to: to.into(),
            amount: amount.to_string(),
            ..Self::default()
        }
    }
}

/// Money to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Hold {
    /// The caller's name for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The account whose money is held.
    pub from: String,
    /// The account that the money is meant for; by default the account `holds:ASSET`, which must exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Decimal text, with the asset or without.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: String,
    /// Seconds after which it is released by itself; zero: never.
    pub timeout: u32,
    /// What any movement may carry.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Hold {
    /// Money held under a key.
    #[must_use]
    pub fn new(
        key: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
        amount: impl ToString,
    ) -> Self {
        let to = Some(to.into());
        Self {
            key: key.into(),
            from: from.into(),
            to,
            amount: amount.to_string(),
            ..Self::default()
        }
    }
}

/// Held money to move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Capture {
    /// The caller's name for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The key or id of the hold.
    pub hold: String,
    /// Another account than the hold was meant for; the money passes through that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How much; by default all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: Option<String>,
    /// What any movement may carry.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Capture {
    /// All of a hold.
    #[must_use]
    pub fn new(key: impl Into<String>, hold: impl Into<String>) -> Self {
        Self { key: key.into(), hold: hold.into(), ..Self::default() }
    }

    /// Part of it.
    #[must_use]
    pub fn amount(mut self, amount: impl ToString) -> Self {
        self.amount = Some(amount.to_string());
        self
    }
}

/// Held money to give back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Release {
    /// The caller's name for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The key or id of the hold.
    pub hold: String,
    /// What any movement may carry.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Release {
    /// The release of a hold.
    #[must_use]
    pub fn new(key: impl Into<String>, hold: impl Into<String>) -> Self {
        Self { key: key.into(), hold: hold.into(), ..Self::default() }
    }
}

/// One entry of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// The key or id of the account.
    pub account: String,
    /// Its side.
    pub side: Side,
    /// Decimal text, with the asset or without.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: String,
}

impl Leg {
    /// A leg on the left side.
    #[must_use]
    pub fn debit(account: impl Into<String>, amount: impl ToString) -> Self {
        Self { account: account.into(), side: Side::Debit, amount: amount.to_string() }
    }

    /// A leg on the right side.
    #[must_use]
    pub fn credit(account: impl Into<String>, amount: impl ToString) -> Self {
        Self { account: account.into(), side: Side::Credit, amount: amount.to_string() }
    }
}

/// Several legs to book together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Transaction {
    /// The caller's name for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The legs; they balance in each asset.
    pub legs: Vec<Leg>,
    /// What any movement may carry.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A flag of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TransferFlag {
    /// This command and the next succeed or fail together.
    Linked,
    /// Holds the amount.
    Pending,
    /// Posts a pending transfer.
    PostPending,
    /// Releases a pending transfer.
    VoidPending,
    /// Moves at most what the debit account may still spend.
    BalancingDebit,
    /// Moves at most what the credit account may still receive.
    BalancingCredit,
    /// Closes the debit account until the transfer is voided.
    ClosingDebit,
    /// Closes the credit account until the transfer is voided.
    ClosingCredit,
    /// The transfer brings its own timestamp.
    Imported,
}

/// A transfer with every field and flag of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Transfer {
    /// The caller's name for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The account that is debited; a post or void may leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The account that is credited; a post or void may leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Decimal text with the asset, or `max`: as much as there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "money")))]
    pub amount: Option<String>,
    /// The key or id of the pending transfer to post or void.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<String>,
    /// Seconds after which a pending transfer is released by itself.
    pub timeout: u32,
    /// Flags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<TransferFlag>,
    /// When it was booked, for an imported transfer: RFC 3339 or nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub timestamp: Option<String>,
    /// What any movement may carry.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What is sealed is printed nowhere.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Words { is_sealed: self.subject.is_some(), public: &self.public };
        f.debug_struct("Extra")
            .field("description", &words.text(&self.description))
            .field("metadata", &words.entries(&self.metadata))
            .field("subject", &self.subject)
            .field("basis", &self.basis)
            .field("years", &self.years)
            .field("retention", &self.retention)
            .field("effective_date", &self.effective_date)
            .field("code", &self.code)
            .field("user_data_128", &self.user_data_128)
            .field("user_data_64", &self.user_data_64)
            .field("user_data_32", &self.user_data_32)
            .field("linked", &self.linked)
            .finish()
    }
}

/// What is sealed is printed nowhere.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Words { is_sealed: self.subject.is_some(), public: &self.public };
        f.debug_struct("Account")
            .field("key", &self.key)
            .field("id", &self.id)
            .field("asset", &self.asset)
            .field("kind", &self.kind)
            .field("parent", &self.parent)
            .field("name", &words.text(&self.name))
            .field("code", &self.code)
            .field("overdraft", &self.overdraft)
            .field("flags", &self.flags)
            .field("user_data_128", &self.user_data_128)
            .field("user_data_64", &self.user_data_64)
            .field("user_data_32", &self.user_data_32)
            .field("metadata", &words.entries(&self.metadata))
            .field("subject", &self.subject)
            .field("basis", &self.basis)
            .field("years", &self.years)
            .field("retention", &self.retention)
            .field("timestamp", &self.timestamp)
            .finish()
    }
}

/// What may be printed of the words of a command.
struct Words<'a> {
    is_sealed: bool,
    public: &'a [String],
}

impl Words<'_> {
    fn text<'t>(&self, text: &'t str) -> &'t str {
        if self.is_sealed && !text.is_empty() { "…" } else { text }
    }

    fn entries<'t>(&self, metadata: &'t BTreeMap<String, String>) -> BTreeMap<&'t str, &'t str> {
        let shown = |name: &str| !self.is_sealed || self.public.iter().any(|one| one == name);
        let entry = |(name, value): (&'t String, &'t String)| {
            if shown(name) { (name.as_str(), value.as_str()) } else { ("…", "…") }
        };
        metadata.iter().map(entry).collect()
    }
}
