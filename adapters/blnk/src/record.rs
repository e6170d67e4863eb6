//! The records of Blnk's API, with the fields that matter here.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A whole number of any length, as JSON writes it or as text: Blnk's amounts go beyond 64 bits, and no float is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole(String);

impl Whole {
    /// The number, if it is whole, not negative and has 128 bits at most.
    #[must_use]
    pub fn units(&self) -> Option<u128> {
        self.0.parse().ok()
    }

    /// Its sign and magnitude, if that has 128 bits at most.
    #[must_use]
    pub fn signed(&self) -> Option<(bool, u128)> {
        let magnitude = self.0.strip_prefix('-');
        let units = magnitude.unwrap_or(&self.0).parse().ok()?;
        Some((magnitude.is_some() && units != 0, units))
    }

    /// The text as it stands.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(raw.get().trim_matches('"').chars().take(80).collect()))
    }
}

/// A ledger: a name for balances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Ledger {
    /// Its id, `ldg_…`.
    pub ledger_id: String,
    /// Its name.
    pub name: String,
}

/// An identity; what it says of a person is not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Its id, `idt_…`.
    pub identity_id: String,
}

/// A balance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Balance {
    /// Its id, `bln_…`.
    pub balance_id: String,
    /// `credit_balance` − `debit_balance`.
    pub balance: Option<Whole>,
    /// What was credited.
    pub credit_balance: Option<Whole>,
    /// What was debited.
    pub debit_balance: Option<Whole>,
    /// What is held for it.
    pub inflight_credit_balance: Option<Whole>,
    /// What is held of it.
    pub inflight_debit_balance: Option<Whole>,
    /// The ledger that it is in.
    pub ledger_id: String,
    /// Whose it is, or nothing.
    pub identity_id: String,
    /// Its name, such as `@World`, or nothing.
    pub indicator: String,
    /// Its currency.
    pub currency: String,
    /// When it was made.
    pub created_at: String,
    /// What the caller put on it.
    pub meta_data: Option<BTreeMap<String, serde_json::Value>>,
}

/// A state of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Transaction {
    /// Its id, `txn_…`.
    pub transaction_id: String,
    /// The record that it follows from, or nothing.
    pub parent_transaction: String,
    /// The balance that is debited.
    pub source: String,
    /// The balance that is credited.
    pub destination: String,
    /// The caller's reference.
    pub reference: String,
    /// How much, in smallest units.
    pub precise_amount: Option<Whole>,
    /// How many smallest units make one.
    pub precision: Option<Whole>,
    /// What the destination gets for one; zero for as much as the source gave. Versions before 0.15 had it.
    pub rate: Option<Whole>,
    /// The currency.
    pub currency: String,
    /// What it was for.
    pub description: String,
    /// `APPLIED`, `INFLIGHT`, `VOID`, `QUEUED`, `SCHEDULED` or `REJECTED`.
    pub status: String,
    /// When it was recorded.
    pub created_at: String,
    /// The date that the caller gave it.
    pub effective_date: Option<String>,
    /// What the caller put on it.
    pub meta_data: Option<BTreeMap<String, serde_json::Value>>,
}
