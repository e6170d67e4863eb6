//! `thalium balance`: what an account holds, now or at an instant.

use clap::Args;
use thalium_host as api;

use super::viewer::Viewer;
use super::{last_instant, missing};
use crate::failure::Failure;
use crate::output::money;
use crate::session::Global;

/// Show the balances of an account, now or in the past
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium balance c1:ZAR --at 2026-01-31")]
pub(crate) struct Balance {
    /// Its key or id
    account: String,
    /// After everything up to this instant: RFC 3339, nanoseconds, or a date (its last instant in UTC)
    #[arg(long, value_name = "INSTANT", value_parser = last_instant)]
    at: Option<i64>,
    #[command(flatten)]
    viewer: Viewer,
}

impl Balance {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let output = global.output();
        let absent = || missing("account", &self.account, output);
        let id = api::account_id("account", &self.account).map_err(Failure::usage)?;
        let found = self.viewer.read(&thalium, |sight| {
            let at = |mut account: api::ledger::book::Account| {
                if let Some(at) = self.at {
                    account.balances = sight.book().balances_at(id, at)?;
                }
                Some(sight.account_view(&account))
            };
            Ok(sight.account(id).and_then(at))
        })?;
        let view = found.ok_or_else(absent)?;
        if output.json {
            let at = self.at.map(api::time::format_instant);
            return output.json(&serde_json::json!({
                "account": self.account, "asset": view.asset, "at": at, "balances": view.balances,
            }));
        }
        let amount = |text: &str| format!("{} {}", money(text), view.asset);
        output.pairs(&[
            ("balance", amount(&view.balances.balance)),
            ("available", amount(&view.balances.available)),
            ("held", amount(held(&view))),
        ])
    }
}

/// What is held against the account, on the side that lessens it.
fn held(view: &api::AccountView) -> &str {
    let is_debit_normal = view.kind.is_some_and(api::ledger::account::AccountKind::is_debit_normal);
    if is_debit_normal { &view.balances.credits_pending } else { &view.balances.debits_pending }
}
