//! A copy of an account: its balances, its open holds and its newest entries, as the back end told them.

use serde::{Deserialize, Serialize};

use crate::api::{AccountNews, AccountView, EntryView, Invalid, StatementView, TransferView, span};
use crate::time::parse_instant;

/// Entries that are kept of an account: the newest.
pub const ENTRIES_KEPT: usize = 1_000;

/// A copy of an account, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountCopy {
    /// The name under which it is followed.
    pub name: String,
    /// The account; nothing before the back end has told it.
    pub account: Option<AccountView>,
    /// Its open holds, oldest first.
    pub holds: Vec<TransferView>,
    /// Its newest entries, oldest first.
    pub entries: Vec<EntryView>,
    /// The booked balance before the first of them.
    pub opening: String,
    /// Whether nothing stands before the first of them.
    pub from_the_beginning: bool,
    /// Of when it is, by the back end's clock.
    pub as_of: String,
    /// Events in the back end's log at that moment.
    pub events: u64,
}

/// An account as the device knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceAccount {
    /// The name under which it is followed.
    pub name: String,
    /// The account with its balances; nothing before the back end has told it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<AccountView>,
    /// Of when it is, by the back end's clock; nothing before the back end has told it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub as_of: Option<String>,
    /// Events in the back end's log at that moment.
    pub events: u64,
}

/// The open holds of an account as the device knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceHolds {
    /// The holds, oldest first.
    pub holds: Vec<TransferView>,
    /// Of when they are, by the back end's clock.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub as_of: Option<String>,
}

/// A statement as far as the device knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceStatement {
    /// The statement.
    pub statement: StatementView,
    /// Whether it has every entry from its beginning: a device keeps the newest.
    pub complete: bool,
    /// Of when it is, by the back end's clock.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub as_of: String,
}

impl AccountCopy {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The last entry that it has.
    pub(super) fn newest(&self) -> Option<u64> {
        self.entries.last().map(|entry| entry.sequence)
    }

    /// Whether this is another name of the account.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let is_it = |account: &AccountView| account.key == name || account.id.to_string() == name;
        self.account.as_ref().is_some_and(is_it)
    }

    /// The copy with what is new; nothing where the news are older than the copy.
    pub(super) fn with(&self, news: &AccountNews, events: u64, time: &str) -> Option<Self> {
        let is_older = (events, time) < (self.events, self.as_of.as_str());
        // A page that follows another than the last entry would leave a gap: it is asked for again.
        if self.account.is_some() && is_older || news.after.is_some() && news.after != self.newest()
        {
            return None;
        }
        let mut next = self.clone();
        if news.after.is_none() {
            next.entries.clear();
            next.opening.clone_from(&news.opening);
            next.from_the_beginning = news.from_the_beginning;
        }
        let newest = next.newest();
        let is_new = |entry: &&EntryView| newest.is_none_or(|newest| entry.sequence > newest);
        next.entries.extend(news.entries.iter().filter(is_new).cloned());
        let surplus = next.entries.len().saturating_sub(ENTRIES_KEPT);
        if let Some(last) = next.entries.drain(..surplus).next_back() {
            (next.opening, next.from_the_beginning) = (last.balance, false);
        }
        next.account = Some(news.account.clone());
        next.holds.clone_from(&news.holds);
        (next.events, next.as_of) = (events, time.to_owned());
        Some(next)
    }

    /// The account as the device knows it.
    #[must_use]
    pub fn view(&self) -> DeviceAccount {
        DeviceAccount {
            name: self.name.clone(),
            account: self.account.clone(),
            as_of: self.as_of(),
            events: self.events,
        }
    }

    /// Its open holds as the device knows them.
    #[must_use]
    pub fn open_holds(&self) -> DeviceHolds {
        DeviceHolds { holds: self.holds.clone(), as_of: self.as_of() }
    }

    /// A statement over a span of time, both ends included; nothing before the back end has told the account.
    ///
    /// # Errors
    /// An instant that cannot be read; a span that ends before it begins.
    pub fn statement(
        &self,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Option<DeviceStatement>, Invalid> {
        let (from, to) = span(from, to)?;
        let Some(account) = &self.account else { return Ok(None) };
        let (mut opening, mut closing) = (&self.opening, &self.opening);
        let mut entries = Vec::new();
        let mut reaches_back = self.from_the_beginning;
        for entry in &self.entries {
            let at = parse_instant(&entry.timestamp).unwrap_or(0);
            if at < from {
                (opening, reaches_back) = (&entry.balance, true);
            }
            if to == 0 || at <= to {
                closing = &entry.balance;
            }
            if at >= from && (to == 0 || at <= to) {
                entries.push(entry.clone());
            }
        }
        let statement = StatementView {
            account: if account.key.is_empty() {
                account.id.to_string()
            } else {
                account.key.clone()
            },
            asset: account.asset.clone(),
            opening: opening.clone(),
            entries,
            closing: closing.clone(),
        };
        Ok(Some(DeviceStatement { statement, complete: reaches_back, as_of: self.as_of.clone() }))
    }

    fn as_of(&self) -> Option<String> {
        self.account.is_some().then(|| self.as_of.clone())
    }
}
