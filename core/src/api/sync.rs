//! What a customer's device and its back end say to one another.
//!
//! A device sends its [intents](Intent), commands that were given while it may have been offline, and asks what is new on the
//! customer's accounts. The back end knows who the customer is and which accounts are theirs; [`SyncCall::admit`] lets through
//! what such a customer may ask for, under keys of their own, and [`SyncCall::reply`] tells what became of it without telling
//! of other people's accounts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::command::{Command, Extra, Hold, Post, Release};
use super::outcome::{Outcome, key_of};
use super::query::there;
use super::question::{HistoryQuery, find_history, is_under};
use super::resolve::{Invalid, account_id, invalid, short};
use super::view::{
    AccountView, EntryView, TransferView, account_view, balance_text, transfer_view,
};
use crate::Id;
use crate::ledger::Book;
use crate::ledger::book::Account;
use crate::ledger::query::AccountFilter;
use crate::ledger::status::TransferStatus;
use crate::time::{format_instant, parse_instant};

/// Intents that one request may carry.
pub const INTENTS_MAX: usize = 100;
/// Accounts that one request may ask about.
pub const FOLLOWED_MAX: usize = 100;
/// Entries that are told of an account at a time.
pub const ENTRIES_TOLD: u32 = 200;
/// Open holds that are told of an account: the newest.
pub const HOLDS_TOLD: usize = 1_000;

/// The name under which an event keeps when the device says that an intent was made.
const MADE_AT: &str = "made_at";

/// What a device asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SyncRequest {
    /// What the customer asked for; at most [`INTENTS_MAX`].
    pub intents: Vec<Intent>,
    /// The accounts of which it wants to know what is new; at most [`FOLLOWED_MAX`].
    pub accounts: Vec<Follow>,
}

/// A command that a customer gave on a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// When, by the device's clock. It is evidence and goes into the metadata as `made_at`; time is the back end's.
    pub made_at: String,
    /// A post, a hold or a release, with a key of the device's making.
    pub command: Command,
}

/// An account of which a device wants to know what is new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// Its key or id.
    pub account: String,
    /// The last entry that the device has; without it the newest entries are told.
    #[serde(default)]
    pub after: Option<u64>,
}

/// A device's request with what the back end knows of the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SyncCall {
    /// Who was authenticated. Keys of their intents are kept apart under this name, and it is the actor.
    pub customer: String,
    /// The keys or ids of the customer's accounts.
    pub accounts: Vec<String>,
    /// The accounts to which the customer may send money, and those under which in the chart they stand. The customer's own
    /// are among them without being named, no other is.
    #[serde(default)]
    pub payees: Vec<String>,
    /// What the device asks: the request or its JSON text.
    pub request: SyncRequest,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// The caller's id of the request, for tracing.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Where the request came from; `device` by default.
    #[serde(default)]
    pub origin: Option<String>,
}

/// What a device is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncReply {
    /// What became of each intent, in order.
    pub outcomes: Vec<IntentOutcome>,
    /// What is new on each account that was asked about and is the customer's.
    pub accounts: Vec<AccountNews>,
    /// The accounts that were asked about and are not the customer's, or not there.
    pub refused: Vec<String>,
    /// Events in the log at that moment.
    pub events: u64,
    /// The root of their Merkle tree, in hexadecimal.
    pub root: String,
    /// The back end's time.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub time: String,
}

/// What became of an intent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntentOutcome {
    /// The device's key of it.
    pub key: String,
    /// The customer's view of the outcome.
    pub outcome: Outcome,
}

/// What is new on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountNews {
    /// The name by which it was asked for.
    pub name: String,
    /// The account with its balances.
    pub account: AccountView,
    /// Its open holds, oldest first; at most the newest [`HOLDS_TOLD`].
    pub holds: Vec<TransferView>,
    /// The booked balance before the first of the entries.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub opening: String,
    /// The entries behind the last one that the device has, oldest first; the newest where it has none.
    pub entries: Vec<EntryView>,
    /// Whether there are more: ask again after the last.
    pub more: bool,
}

impl SyncCall {
    /// The commands to book for the customer, and the outcomes of those that are not let through.
    ///
    /// A customer may post and hold what is on their accounts for a [payee](Self::payees), and release the holds that they
    /// placed. A key `k` of the device becomes `device/CUSTOMER/k`, so that no device can take a key of another's or of the
    /// back office.
    ///
    /// # Errors
    /// A call that makes no sense, or is past a bound.
    pub fn admit(&self, book: &Book) -> Result<Vec<Result<Command, Box<Outcome>>>, Invalid> {
        if self.customer.is_empty() || self.customer.contains('/') {
            let message = "is empty or holds a `/`: give the name of who was authenticated";
            return Err(invalid("customer", message));
        }
        bound("request.intents", self.request.intents.len(), INTENTS_MAX)?;
        bound("request.accounts", self.request.accounts.len(), FOLLOWED_MAX)?;
        let admission = Admission {
            book,
            prefix: format!("device/{}/", self.customer),
            own: self.own()?,
            payees: ids("payees", &self.payees)?,
        };
        Ok(self.request.intents.iter().map(|intent| admission.admit(intent)).collect())
    }

    /// What the device is told: of its intents, and what is new on the customer's accounts. The log's size and root are the
    /// host's to add, once all of it is there.
    ///
    /// # Errors
    /// As [`SyncCall::admit`].
    pub fn reply(
        &self,
        book: &Book,
        outcomes: Vec<Outcome>,
        now: i64,
    ) -> Result<SyncReply, Invalid> {
        let own = self.own()?;
        let told = self.request.intents.iter().zip(outcomes).map(|(intent, outcome)| {
            let key = key_of(&intent.command).to_owned();
            IntentOutcome { key, outcome: for_customer(book, outcome, &own) }
        });
        let mut reply = SyncReply {
            outcomes: told.collect(),
            time: format_instant(now),
            ..SyncReply::default()
        };
        for follow in &self.request.accounts {
            let account = there(book, "account", &follow.account).ok();
            match account.filter(|account| own.contains(&account.opened.id)) {
                Some(account) => reply.accounts.push(news(book, &account, follow)?),
                None => reply.refused.push(follow.account.clone()),
            }
        }
        Ok(reply)
    }

    /// The ids of the customer's accounts.
    fn own(&self) -> Result<BTreeSet<Id>, Invalid> {
        ids("accounts", &self.accounts)
    }
}

fn ids(field: &'static str, names: &[String]) -> Result<BTreeSet<Id>, Invalid> {
    names.iter().map(|name| account_id(field, name)).collect()
}

fn bound(field: &'static str, count: usize, max: usize) -> Result<(), Invalid> {
    if count > max {
        return Err(invalid(
            field,
            format!("are {count}, at most {max} go together: send several"),
        ));
    }
    Ok(())
}

/// Which commands of a request are let through.
struct Admission<'a> {
    book: &'a Book,
    /// What stands before the keys of the customer's devices.
    prefix: String,
    own: BTreeSet<Id>,
    payees: BTreeSet<Id>,
}

impl Admission<'_> {
    fn admit(&self, intent: &Intent) -> Result<Command, Box<Outcome>> {
        let refused = |what: Invalid| Box::new(Outcome::not_permitted(&intent.command, &what));
        if parse_instant(&intent.made_at).is_none() {
            let message =
                format!("`{}` is no instant: write 2026-01-31T09:30:00Z", short(&intent.made_at));
            let told = Outcome::invalid(&intent.command, &invalid(MADE_AT, message));
            return Err(Box::new(told));
        }
        check_intent(&intent.command).map_err(refused)?;
        let mut command = intent.command.clone();
        let (key, extra) = match &mut command {
            Command::Post(post) => {
                self.check_own(&post.from).map_err(refused)?;
                self.check_payee(&post.to).map_err(refused)?;
                (&mut post.key, &mut post.extra)
            }
            Command::Hold(hold) => {
                self.check_own(&hold.from).map_err(refused)?;
                // Without a payee it is for the back end to say who takes the money.
                hold.to.as_deref().map_or(Ok(()), |to| self.check_payee(to)).map_err(refused)?;
                (&mut hold.key, &mut hold.extra)
            }
            Command::Release(release) => {
                self.take_own(&mut release.hold);
                (&mut release.key, &mut release.extra)
            }
            _ => return Err(refused(invalid("op", FOR_DEVICES))),
        };
        self.take_own(key);
        extra.metadata.insert(MADE_AT.to_owned(), intent.made_at.clone());
        Ok(command)
    }

    fn check_own(&self, name: &str) -> Result<(), Invalid> {
        if self.own.contains(&account_id("from", name)?) {
            return Ok(());
        }
        Err(invalid("from", format!("`{}` is not the customer's account", short(name))))
    }

    fn check_payee(&self, name: &str) -> Result<(), Invalid> {
        let id = account_id("to", name)?;
        let stands_under = |account: Account| {
            self.payees.iter().any(|payee| is_under(self.book, &account, *payee))
        };
        if self.own.contains(&id) || self.book.account(id).is_some_and(stands_under) {
            return Ok(());
        }
        Err(invalid("to", format!("`{}` is no one whom the customer may pay", short(name))))
    }

    /// Makes a name of the device's one of the ledger's; one that the ledger told stays as it is.
    fn take_own(&self, name: &mut String) {
        if !name.starts_with(&self.prefix) {
            name.insert_str(0, &self.prefix);
        }
    }
}

const FOR_DEVICES: &str = "a device may post, hold and release";

/// What of a command can be told on a device: whether it is one that a customer may give there, under a key.
///
/// # Errors
/// The field at fault.
pub fn check_intent(command: &Command) -> Result<(), Invalid> {
    match command {
        Command::Post(Post { key, id, extra, .. })
        | Command::Hold(Hold { key, id, extra, .. })
        | Command::Release(Release { key, id, extra, .. }) => check(key, id.as_deref(), extra),
        _ => Err(invalid("op", FOR_DEVICES)),
    }
}

fn check(key: &str, id: Option<&str>, extra: &Extra) -> Result<(), Invalid> {
    match (key, id) {
        ("", _) => Err(invalid("key", "is missing: a retry could not be told from another")),
        (_, Some(_)) => Err(invalid("id", "is the back end's to give: leave it out")),
        _ if extra.linked => Err(invalid("linked", "is not for intents: each stands alone")),
        _ => Ok(()),
    }
}

/// An outcome without what it says of accounts that are not the customer's. An intent that was refused before is told as it
/// was refused: its device may not have heard.
fn for_customer(book: &Book, mut told: Outcome, own: &BTreeSet<Id>) -> Outcome {
    let spent = told.id.filter(|_| told.status == TransferStatus::IdAlreadyFailed.name());
    if let Some(first) = spent.and_then(|id| book.failure(id)) {
        (told.status, told.number) = (first.name().to_owned(), first.number());
        (told.replayed, told.reason) =
            (true, Some(format!("refused before: {}", first.name().replace('_', " "))));
    }
    let is_own = |name: &String| account_id("account", name).is_ok_and(|id| own.contains(&id));
    if told.account.as_ref().is_some_and(|name| !is_own(name)) {
        (told.account, told.have, told.need) = (None, None, None);
        told.reason = Some("the other account cannot take it".to_owned());
    }
    told
}

fn news(book: &Book, account: &Account, follow: &Follow) -> Result<AccountNews, Invalid> {
    let after = follow.after;
    let query = HistoryQuery {
        account: account.opened.id.to_string(),
        after,
        limit: Some(ENTRIES_TOLD),
        newest_first: after.is_none(),
        ..HistoryQuery::default()
    };
    let mut page = find_history(book, &query)?;
    if after.is_none() {
        page.entries.reverse();
    }
    let before = AccountFilter {
        reversed: true,
        after: page.entries.first().map_or(0, |entry| entry.sequence),
        limit: 1,
        ..AccountFilter::of(account.opened.id)
    };
    let before = book.account_moves(&before).first().map(|entry| entry.balances);
    let holds = book.account_holds(account.opened.id);
    let newest = holds.len().saturating_sub(HOLDS_TOLD);
    Ok(AccountNews {
        name: follow.account.clone(),
        account: account_view(book, account),
        holds: holds.iter().skip(newest).map(|hold| transfer_view(book, hold)).collect(),
        opening: balance_text(book, account, &before.unwrap_or_default()),
        entries: page.entries,
        more: after.is_some() && page.next.is_some(),
    })
}

#[cfg(test)]
#[path = "sync_tests.rs"]
mod tests;
