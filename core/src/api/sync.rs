//! What a customer's device and its back end say to one another.
//!
//! A device sends its [intents](Intent), commands that were given while it may have been offline, and asks what is new on the
//! customer's accounts. The back end knows who the customer is and which accounts are theirs; [`SyncCall::admit`] lets through
//! what such a customer may ask for, under keys of their own, and [`SyncCall::reply`] tells what became of it without telling
//! of other people's accounts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::collect::{CaseNews, CustomerCases, HandIn, HandInOutcome};
use super::command::{Command, Extra, Hold, Post, Release};
use super::outcome::{Outcome, key_of};
use super::question::is_under;
use super::resolve::{Invalid, account_id, invalid, short, transfer_id};
use super::view::{
    AccountView, EntryView, TransferView, account_view, balance_text, entry_view, transfer_view,
};
use crate::Id;
use crate::kyc::case::DEVICES;
use crate::ledger::Book;
use crate::ledger::book::Account;
use crate::ledger::detail::Detail;
use crate::ledger::query::Entry;
use crate::ledger::status::TransferStatus;
use crate::time::{format_instant, parse_instant};

/// Intents that one request may carry.
pub const INTENTS_MAX: usize = 100;
/// Accounts that one request may ask about.
pub const FOLLOWED_MAX: usize = 100;
/// Entries that are told of an account at a time.
pub const ENTRIES_TOLD: u32 = 200;
/// Entries by which a device may be behind and be told all of them; one that is further behind begins anew.
pub const BEHIND_MAX: usize = 1_000;
/// Open holds that are told of an account: the newest, among its newest [`HOLDS_SEEN`] entries.
pub const HOLDS_TOLD: usize = 200;
/// Entries among which the open holds of an account are looked for.
pub const HOLDS_SEEN: usize = 10_000;
/// Bytes of text in the intents of one request, as a device cuts it: a body of half a MiB holds it however it is escaped.
pub const REQUEST_TEXT_MAX: usize = 64 << 10;

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
    /// What the customer hands in to cases; at most [`HAND_INS_MAX`](super::HAND_INS_MAX).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hand_ins: Vec<HandIn>,
    /// The cases of which it wants to know how they stand, by their keys; at most [`CASES_MAX`](super::CASES_MAX).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<String>,
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
    /// What of cases is the customer's, and what they may be told of it. By default nothing.
    #[serde(default)]
    pub cases: CustomerCases,
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
    /// What became of each hand-in, in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub handed_in: Vec<HandInOutcome>,
    /// How each case stands that was asked about and is the customer's.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub cases: Vec<CaseNews>,
    /// The cases that were asked about and are not the customer's, or not there.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub refused_cases: Vec<String>,
    /// Events in the log when this was read: how new it is.
    pub events: u64,
    /// The root of the log's Merkle tree, in hexadecimal: of these events, and perhaps of some behind them.
    pub root: String,
    /// Events that the root is of.
    pub root_events: u64,
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
    /// Its open holds, oldest first; at most the newest [`HOLDS_TOLD`]. Of those that others placed neither key nor metadata.
    pub holds: Vec<TransferView>,
    /// The booked balance before the first of the entries.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "decimal")))]
    pub opening: String,
    /// The entry that these follow; nothing where the device begins anew with the newest.
    pub after: Option<u64>,
    /// Whether nothing stands before the first of the entries.
    pub from_the_beginning: bool,
    /// The entries behind the last one that the device has, oldest first; the newest where it has none, or is far behind.
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
        let mut names = BTreeSet::new();
        if let Some(twice) = self.request.accounts.iter().find(|one| !names.insert(&one.account)) {
            let message = format!("name `{}` twice", short(&twice.account));
            return Err(invalid("request.accounts", message));
        }
        self.check_cases()?;
        let admission = Admission {
            book,
            prefix: self.prefix(),
            own: self.own(book)?,
            payees: ids(book, "payees", &self.payees)?,
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
        let own = self.own(book)?;
        let told = self.request.intents.iter().zip(outcomes).map(|(intent, outcome)| {
            let key = key_of(&intent.command).to_owned();
            IntentOutcome { key, outcome: for_customer(book, outcome, &own) }
        });
        let mut reply = SyncReply {
            outcomes: told.collect(),
            events: book.event_count(),
            time: format_instant(now),
            ..SyncReply::default()
        };
        for follow in &self.request.accounts {
            let id = account_id("account", &follow.account).ok();
            let account = id.and_then(|id| book.account(id));
            match account.filter(|account| own.contains(&account.opened.id)) {
                Some(account) => reply.accounts.push(self.news(book, &own, &account, follow)),
                None => reply.refused.push(follow.account.clone()),
            }
        }
        Ok(reply)
    }

    /// What is new on an account. However much that is, the work is bounded.
    fn news(
        &self,
        book: &Book,
        own: &BTreeSet<Id>,
        account: &Account,
        follow: &Follow,
    ) -> AccountNews {
        let id = account.opened.id;
        let told = usize::try_from(ENTRIES_TOLD).unwrap_or(usize::MAX);
        // Newest first: what the device lacks, and then the entry before it.
        let mut walk = book.account_history(id).peekable();
        let mut found: Vec<Entry> = Vec::new();
        let mut after = follow.after;
        if let Some(last) = after {
            let newer = std::iter::from_fn(|| walk.next_if(|entry| entry.sequence > last));
            found.extend(newer.take(BEHIND_MAX + 1));
            if found.len() > BEHIND_MAX {
                after = None;
            }
        }
        let more = after.is_some() && found.len() > told;
        if after.is_none() {
            found.extend(walk.by_ref().take((told + 1).saturating_sub(found.len())));
            found.truncate(told + 1);
        }
        let before = match after {
            None => (found.len() > told).then(|| found.pop()).flatten(),
            Some(_) => walk.next(),
        };
        found.reverse();
        found.truncate(told);
        let from_the_beginning = after.is_none() && before.is_none();
        let prefix = self.prefix();
        let entries = found.iter().map(|entry| {
            let mut view = entry_view(book, account.opened.kind, entry);
            if view.transfer.starts_with(DEVICES) && !view.transfer.starts_with(&prefix) {
                // Who placed it, and under which name, is another customer's.
                view.transfer = entry.record.transfer.id.to_string();
            }
            // Whose the words are is the back end's to know.
            view.subject = None;
            view
        });
        let holds = book.newest_holds(id, HOLDS_TOLD, HOLDS_SEEN);
        let holds = holds.iter().map(|hold| {
            let mut view = transfer_view(book, hold);
            if !own.contains(&hold.transfer.debit_account_id) {
                (view.key, view.metadata) = (String::new(), BTreeMap::new());
            }
            view.subject = None;
            view
        });
        AccountNews {
            name: follow.account.clone(),
            account: AccountView { subject: None, ..account_view(book, account) },
            holds: holds.collect(),
            opening: balance_text(book, account, &before.map(|e| e.balances).unwrap_or_default()),
            after,
            from_the_beginning,
            entries: entries.collect(),
            more,
        }
    }

    /// The ids of the customer's accounts.
    fn own(&self, book: &Book) -> Result<BTreeSet<Id>, Invalid> {
        ids(book, "accounts", &self.accounts)
    }

    /// What stands before the keys of the customer's devices.
    pub(super) fn prefix(&self) -> String {
        format!("{DEVICES}{}/", self.customer)
    }
}

/// The ids of accounts: an account that has an id and a key is one, whichever names it.
fn ids(book: &Book, field: &'static str, names: &[String]) -> Result<BTreeSet<Id>, Invalid> {
    names.iter().map(|name| id_of(book, field, name)).collect()
}

fn id_of(book: &Book, field: &'static str, name: &str) -> Result<Id, Invalid> {
    let id = account_id(field, name)?;
    Ok(book.account(id).map_or(id, |account| account.opened.id))
}

pub(super) fn bound(field: &'static str, count: usize, max: usize) -> Result<(), Invalid> {
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
        let mut key = key_of(&intent.command).to_owned();
        self.take_own(&mut key);
        // What was decided stays decided, whatever the customer may do by now: asked again it is told again.
        let id = transfer_id("key", &key).map_err(refused)?;
        let booked = self.book.transfer(id);
        let is_known = booked.is_some() || self.book.failure(id).is_some();
        let made_at = booked.and_then(|one| one.transfer.detail?.metadata.remove(MADE_AT));
        let mut command = intent.command.clone();
        let (own_key, extra) = match &mut command {
            Command::Post(post) => {
                if !is_known {
                    self.check_own(&post.from).map_err(refused)?;
                    self.check_payee(&post.to).map_err(refused)?;
                }
                (&mut post.key, &mut post.extra)
            }
            Command::Hold(hold) => {
                if !is_known {
                    self.check_own(&hold.from).map_err(refused)?;
                    // Without a payee it is for the back end to say who takes the money.
                    hold.to
                        .as_deref()
                        .map_or(Ok(()), |to| self.check_payee(to))
                        .map_err(refused)?;
                }
                (&mut hold.key, &mut hold.extra)
            }
            Command::Release(release) => {
                self.take_own(&mut release.hold);
                (&mut release.key, &mut release.extra)
            }
            _ => return Err(refused(invalid("op", FOR_DEVICES))),
        };
        *own_key = key;
        // The same intent from another device of the customer's was made at another time, and is the same all the same.
        let made_at = made_at.unwrap_or_else(|| intent.made_at.clone());
        extra.metadata.insert(MADE_AT.to_owned(), made_at);
        Ok(command)
    }

    fn check_own(&self, name: &str) -> Result<(), Invalid> {
        if self.own.contains(&id_of(self.book, "from", name)?) {
            return Ok(());
        }
        Err(invalid("from", format!("`{}` is not the customer's account", short(name))))
    }

    fn check_payee(&self, name: &str) -> Result<(), Invalid> {
        let id = id_of(self.book, "to", name)?;
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
        Command::Post(Post { key, id, extra, amount, from, to, .. }) => {
            bound_names(&[("from", from), ("to", to), ("amount", amount)])?;
            check_amount(amount)?;
            check(key, id.as_deref(), extra)
        }
        Command::Hold(Hold { key, id, extra, amount, from, to, .. }) => {
            let to = to.as_deref().unwrap_or_default();
            bound_names(&[("from", from), ("to", to), ("amount", amount)])?;
            check_amount(amount)?;
            check(key, id.as_deref(), extra)
        }
        Command::Release(Release { key, id, extra, hold, .. }) => {
            bound_names(&[("hold", hold)])?;
            check(key, id.as_deref(), extra)
        }
        _ => Err(invalid("op", FOR_DEVICES)),
    }
}

/// Names and amounts have bounds on a device too: what it keeps it has to be able to send.
fn bound_names(fields: &[(&'static str, &str)]) -> Result<(), Invalid> {
    const MOST: usize = 1_024;
    match fields.iter().find(|(_, text)| text.len() > MOST) {
        Some((field, text)) => {
            Err(invalid(*field, format!("has {} bytes, at most {MOST} are allowed", text.len())))
        }
        None => Ok(()),
    }
}

fn check(key: &str, id: Option<&str>, extra: &Extra) -> Result<(), Invalid> {
    let theirs = "is the back end's to give: leave it out";
    let Extra { description, metadata, effective_date, code, user_data_128, subject, .. } = extra;
    for (field, is_given) in [
        ("id", id.is_some()),
        ("effective_date", effective_date.is_some()),
        ("code", code.is_some()),
        ("user_data_128", user_data_128.is_some()),
        ("user_data_64", extra.user_data_64 != 0),
        ("user_data_32", extra.user_data_32 != 0),
        ("subject", subject.is_some()),
        ("basis", extra.basis.is_some()),
        ("years", extra.years.is_some()),
        ("retention", extra.retention.is_some()),
        ("public", !extra.public.is_empty()),
    ] {
        if is_given {
            return Err(invalid(field, theirs));
        }
    }
    if key.is_empty() {
        return Err(invalid("key", "is missing: a retry could not be told from another"));
    }
    if extra.linked {
        return Err(invalid("linked", "is not for intents: each stands alone"));
    }
    // With room for what the back end adds.
    let mut metadata = metadata.clone();
    metadata.insert(MADE_AT.to_owned(), " ".repeat(64));
    let key = format!("{DEVICES}{}{key}", " ".repeat(64));
    let detail = Detail { key, description: description.clone(), metadata, sealed: None };
    detail.check().map_err(|error| invalid(error.field, error))
}

/// Refuses to move nothing: it would be a way to write onto other people's statements.
fn check_amount(text: &str) -> Result<(), Invalid> {
    let number = text.split(' ').next().unwrap_or_default();
    if !number.is_empty() && number.bytes().all(|digit| matches!(digit, b'0' | b'.')) {
        return Err(invalid("amount", "is nothing"));
    }
    Ok(())
}

/// Bytes of text in a command.
pub(crate) fn text_of(command: &Command) -> usize {
    let of_extra = |extra: &Extra| {
        let metadata = extra.metadata.iter().map(|(name, value)| name.len() + value.len());
        extra.description.len() + metadata.sum::<usize>()
    };
    match command {
        Command::Post(post) => {
            post.key.len()
                + post.from.len()
                + post.to.len()
                + post.amount.len()
                + of_extra(&post.extra)
        }
        Command::Hold(hold) => {
            let to = hold.to.as_deref().map_or(0, str::len);
            hold.key.len() + hold.from.len() + to + hold.amount.len() + of_extra(&hold.extra)
        }
        Command::Release(release) => {
            release.key.len() + release.hold.len() + of_extra(&release.extra)
        }
        _ => 0,
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
    let is_own = |name: &String| id_of(book, "account", name).is_ok_and(|id| own.contains(&id));
    if told.account.as_ref().is_some_and(|name| !is_own(name)) {
        (told.account, told.have, told.need) = (None, None, None);
        told.reason = Some("the other account cannot take it".to_owned());
    }
    told
}

#[cfg(test)]
#[path = "sync_tests.rs"]
mod tests;
