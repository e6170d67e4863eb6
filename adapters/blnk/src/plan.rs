//! From Blnk's records to commands: which, under which ids, in which order, at which times.

mod chart;
mod currency;
mod moves;
mod order;

use std::collections::BTreeMap;

use serde::Serialize;
use thalium::api::Command;
use thalium::ledger::Book;
use thalium::{Balances, Id};

use crate::difference::{Difference, Kind};
use crate::export::Export;
use crate::record::{Balance, Transaction, Whole};
use chart::Chart;
use currency::{Currencies, Currency};

/// What a caller may choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The asset that stands for a currency, where it is not the one of the same code.
    pub assets: BTreeMap<String, String>,
    /// Leaves out the metadata of Blnk's records: it may tell of persons, and a ledger forgets nothing.
    pub without_metadata: bool,
}

/// How many records there were, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Ledgers: their names are on the accounts.
    pub ledgers: u64,
    /// Balances, each an account.
    pub balances: u64,
    /// Records of transactions.
    pub transactions: u64,
    /// Of them, those that moved or held nothing.
    pub not_booked: u64,
    /// Identities: only their ids are on the accounts, nothing of what they say.
    pub identities: u64,
    /// Records that came twice.
    pub repeated: u64,
    /// The longest time, in nanoseconds, by which a transfer is dated later than Blnk has it, so that no two are dated
    /// alike.
    pub shifted: i64,
}

/// Commands that book what Blnk holds, and the balances that they must come to.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Assets to register.
    pub assets: Vec<Command>,
    /// Accounts to open, in the order of their times.
    pub accounts: Vec<Command>,
    /// Transfers, in the order of their times.
    pub transfers: Vec<Command>,
    /// What is known to differ before anything is booked.
    pub differences: Vec<Difference>,
    /// What was counted.
    pub counts: Counts,
    expected: Vec<Expected>,
}

/// The balances that Blnk showed.
#[derive(Clone, Debug)]
struct Expected {
    balance: Balance,
    currency: Currency,
}

impl Plan {
    /// Makes the commands.
    #[must_use]
    pub fn of(export: &Export, options: &Options) -> Self {
        let mut plan = Self {
            counts: Counts {
                ledgers: export.ledgers.len() as u64,
                balances: export.balances.len() as u64,
                transactions: export.transactions.len() as u64,
                identities: export.identities.len() as u64,
                repeated: export.repeated,
                ..Counts::default()
            },
            ..Self::default()
        };
        let currencies = Currencies::of(export, options, &mut plan.differences);
        plan.assets = currencies.assets();
        let mut chart = Chart::of(export, options, &currencies, &mut plan.differences);
        let moves = moves::of(export, options, &mut chart, &currencies, &mut plan.differences);
        plan.counts.not_booked = moves.not_booked;
        let ordered = order::dated(chart.accounts(), moves.moves);
        (plan.accounts, plan.transfers) = (ordered.accounts, ordered.transfers);
        plan.counts.shifted = ordered.shifted;
        for balance in &export.balances {
            if let Some(currency) = currencies.get(&balance.currency) {
                plan.expected.push(Expected { balance: balance.clone(), currency });
            }
            plan.differences.extend(inconsistent(balance));
        }
        plan
    }

    /// Holds the books against the balances that Blnk showed, when everything is booked.
    pub fn compare<'a>(&'a self, book: &'a Book) -> impl Iterator<Item = Difference> + 'a {
        self.expected.iter().flat_map(|own| own.compare(book))
    }

    /// How many commands there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.assets.len() + self.accounts.len() + self.transfers.len()
    }

    /// Whether there is nothing to book.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Expected {
    fn compare(&self, book: &Book) -> Vec<Difference> {
        let id = &self.balance.balance_id;
        let account = book.account(Id::from_key("account", id));
        let found = account.map_or(Balances::default(), |account| account.balances);
        let fields = [
            ("credit_balance", &self.balance.credit_balance, found.credits_posted),
            ("debit_balance", &self.balance.debit_balance, found.debits_posted),
            (
                "inflight_credit_balance",
                &self.balance.inflight_credit_balance,
                found.credits_pending,
            ),
            ("inflight_debit_balance", &self.balance.inflight_debit_balance, found.debits_pending),
        ];
        let differs = |(name, shown, found): (&str, &Option<Whole>, u128)| {
            let shown = shown.as_ref()?;
            let expected = shown.units().and_then(|units| self.currency.units(units));
            (expected != Some(found)).then(|| {
                let found = self.currency.shown(found);
                let detail = format!("{name} is {shown} in Blnk, {found} in the books");
                Difference::new(Kind::Balance, id, detail)
            })
        };
        fields.into_iter().filter_map(differs).collect()
    }
}

/// A balance that is not what was credited less what was debited.
fn inconsistent(balance: &Balance) -> Option<Difference> {
    let (credit, debit) =
        (balance.credit_balance.as_ref()?.units(), balance.debit_balance.as_ref()?.units());
    let shown = balance.balance.as_ref()?;
    let fits = credit.zip(debit).is_some_and(|(credit, debit)| {
        shown.signed() == Some((credit < debit, credit.abs_diff(debit)))
    });
    (!fits).then(|| {
        let detail = format!("balance is {shown}, which is not credit_balance less debit_balance");
        Difference::new(Kind::Inconsistent, &balance.balance_id, detail)
    })
}

/// The text of a value of metadata.
fn text_of(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a record is known by in the metadata of the books.
fn tagged<'a>(
    own: Option<&BTreeMap<String, serde_json::Value>>,
    tags: impl IntoIterator<Item = (&'static str, &'a str)>,
    options: &Options,
) -> BTreeMap<String, String> {
    let own = own.filter(|_| !options.without_metadata);
    let own = own.into_iter().flatten().filter(|(_, value)| !value.is_null());
    let mut metadata: BTreeMap<String, String> =
        own.map(|(name, value)| (name.clone(), text_of(value))).collect();
    let tags = tags.into_iter().filter(|(_, value)| !value.is_empty());
    metadata.extend(tags.map(|(name, value)| (name.to_owned(), value.to_owned())));
    metadata
}

/// Whether the record moves money over an account for exchange: at a rate, or between two currencies.
fn rate_of(transaction: &Transaction) -> Option<&str> {
    let rate = transaction.rate.as_ref()?.text();
    let is_one = thalium::money::Rate::parse_decimal(rate)
        .is_ok_and(|rate| rate.is_zero() || rate.numerator() == rate.denominator());
    (!is_one && rate != "null").then_some(rate)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
