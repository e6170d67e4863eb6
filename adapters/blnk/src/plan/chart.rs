//! Balances as accounts.

use std::collections::BTreeMap;

use thalium::api::Account;
use thalium::ledger::detail::{DESCRIPTION_MAX, Detail};
use thalium::time;

use super::currency::{Currencies, Currency};
use super::{Options, tagged};
use crate::difference::{Difference, Kind};
use crate::export::Export;
use crate::record::Balance;

/// The accounts, by their keys.
#[derive(Debug, Default)]
pub(super) struct Chart {
    accounts: BTreeMap<String, Opening>,
}

/// An account that is to be opened.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) account: Account,
    /// When; nothing for an account that only transfers know, which is opened before the first of them.
    pub(super) at: Option<i64>,
    pub(super) currency: Currency,
}

impl Chart {
    pub(super) fn of(
        export: &Export,
        options: &Options,
        currencies: &Currencies,
        differences: &mut Vec<Difference>,
    ) -> Self {
        let names: BTreeMap<&str, &str> = export
            .ledgers
            .iter()
            .map(|ledger| (ledger.ledger_id.as_str(), ledger.name.as_str()))
            .collect();
        let mut chart = Self::default();
        for balance in &export.balances {
            let name = names.get(balance.ledger_id.as_str()).copied().unwrap_or_default();
            match opening(balance, name, options, currencies, differences) {
                Ok(opening) => {
                    chart.accounts.insert(balance.balance_id.clone(), opening);
                }
                Err(detail) => {
                    let id = &balance.balance_id;
                    differences.push(Difference::new(Kind::Unreadable, id, detail));
                }
            }
        }
        chart
    }

    /// The currency of a balance that transfers name; an account is opened for one that the export does not have.
    pub(super) fn named(&mut self, id: &str, currency: &Currency) -> (Currency, bool) {
        if let Some(opening) = self.accounts.get(id) {
            return (opening.currency.clone(), true);
        }
        let account = Account {
            key: id.to_owned(),
            asset: currency.code.to_string(),
            flags: vec![thalium::api::Flag::Imported],
            ..Account::default()
        };
        let opening = Opening { account, at: None, currency: currency.clone() };
        self.accounts.insert(id.to_owned(), opening);
        (currency.clone(), false)
    }

    pub(super) fn accounts(self) -> Vec<Opening> {
        self.accounts.into_values().collect()
    }
}

fn opening(
    balance: &Balance,
    ledger: &str,
    options: &Options,
    currencies: &Currencies,
    differences: &mut Vec<Difference>,
) -> Result<Opening, String> {
    let currency = currencies
        .get(&balance.currency)
        .ok_or_else(|| format!("its currency `{}` has no asset", balance.currency))?;
    let at = time::parse_instant(&balance.created_at)
        .filter(|at| *at > 0)
        .ok_or_else(|| format!("created_at `{}` is no instant", balance.created_at))?;
    let tags = [
        ("blnk.ledger_id", balance.ledger_id.as_str()),
        ("blnk.ledger", ledger),
        ("blnk.identity_id", &balance.identity_id),
    ];
    let mut account = Account {
        key: balance.balance_id.clone(),
        asset: currency.code.to_string(),
        name: balance.indicator.clone(),
        flags: vec![thalium::api::Flag::Imported],
        metadata: tagged(balance.meta_data.as_ref(), tags, options),
        ..Account::default()
    };
    let id = &balance.balance_id;
    if let Some(cut) = fit(&mut account.name, &mut account.metadata, |metadata| {
        *metadata = tagged(None, tags, options);
    }) {
        differences.push(Difference::new(Kind::Cut, id, cut));
    }
    check(&account.key, &account.name, &account.metadata)?;
    Ok(Opening { account, at: Some(at), currency })
}

/// Cuts a description and leaves out metadata that the books have no room for, and says so.
pub(super) fn fit(
    description: &mut String,
    metadata: &mut BTreeMap<String, String>,
    without: impl FnOnce(&mut BTreeMap<String, String>),
) -> Option<String> {
    let mut cut = None;
    if description.len() > DESCRIPTION_MAX {
        let end = (0..=DESCRIPTION_MAX).rev().find(|end| description.is_char_boundary(*end));
        description.truncate(end.unwrap_or(0));
        cut = Some(format!("its description is cut to {DESCRIPTION_MAX} bytes"));
    }
    let too_large = Detail { metadata: metadata.clone(), ..Detail::default() }.check();
    if let Err(error) = too_large {
        without(metadata);
        cut = Some(format!("{error}; left out"));
    }
    cut
}

/// Whether the books have room for what a record carries.
pub(super) fn check(
    key: &str,
    description: &str,
    metadata: &BTreeMap<String, String>,
) -> Result<(), String> {
    if key.is_empty() {
        return Err("it has no id".to_owned());
    }
    let detail = Detail {
        key: key.to_owned(),
        description: description.to_owned(),
        metadata: metadata.clone(),
        ..Detail::default()
    };
    detail.check().map_err(|error| error.to_string())
}
