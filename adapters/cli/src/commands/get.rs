//! `thalium get`: whatever has a key or an id.

use clap::Args;
use thalium_host::ledger::account::AccountKind;
use thalium_host::{self as api, AccountView, TransferView};

use super::missing;
use super::viewer::Viewer;
use crate::failure::Failure;
use crate::output::{Output, Rows};
use crate::session::Global;

/// Show an account, a transfer or a transaction by its key or id
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium get dep-1 --json")]
pub(crate) struct Get {
    /// The key or id; if it names both an account and a transfer, both are shown
    name: String,
    #[command(flatten)]
    viewer: Viewer,
}

impl Get {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let (account, transfers) = self.viewer.read(&thalium, |sight| {
            let account = api::account_id("account", &self.name).ok();
            let account = account.and_then(|id| sight.account(id));
            let id = api::transfer_id("transfer", &self.name).ok();
            let transfers = id.map(|id| sight.transaction(id)).unwrap_or_default();
            Ok((account.map(|one| sight.account_view(&one)), transfers))
        })?;
        let output = global.output();
        if account.is_none() && transfers.is_empty() {
            return Err(missing("account, transfer or transaction", &self.name, output));
        }
        let what = if transfers.len() > 1 { "transaction" } else { "transfer" };
        if output.json {
            if let Some(account) = &account {
                output.json(&serde_json::json!({ "what": "account", "account": account }))?;
            }
            if !transfers.is_empty() {
                output.json(&serde_json::json!({ "what": what, "transfers": transfers }))?;
            }
            return Ok(());
        }
        if let Some(account) = &account {
            show_account(account, output)?;
        }
        match transfers.as_slice() {
            [] => Ok(()),
            [transfer] => show_transfer(transfer, output),
            transfers => show_transaction(transfers, output),
        }
    }
}

fn show_account(account: &AccountView, output: Output) -> Result<(), Failure> {
    let balances = &account.balances;
    let amount = |text: &str| format!("{text} {}", account.asset);
    output.line("account")?;
    let rows = [
        ("  key", account.key.clone()),
        ("  id", account.id.to_string()),
        ("  name", account.name.clone()),
        ("  kind", account.kind.map_or("-", AccountKind::name).to_owned()),
        ("  parent", account.parent.clone().unwrap_or_else(|| "-".to_owned())),
        ("  flags", account.flags.join(", ")),
        ("  opened", account.opened_at.clone()),
        ("  balance", amount(&balances.balance)),
        ("  available", amount(&balances.available)),
        (
            "  debits",
            format!("{} posted, {} held", balances.debits_posted, balances.debits_pending),
        ),
        (
            "  credits",
            format!("{} posted, {} held", balances.credits_posted, balances.credits_pending),
        ),
        ("  metadata", metadata_text(&account.metadata)),
        ("  sealed to", account.subject.map(|id| id.to_string()).unwrap_or_default()),
    ];
    output.pairs(&present(rows))
}

fn show_transfer(transfer: &TransferView, output: Output) -> Result<(), Failure> {
    let state = match transfer.state.as_str() {
        "none" => String::new(),
        "pending" if transfer.timeout > 0 => format!("held, for {} s", transfer.timeout),
        "pending" => "held".to_owned(),
        "posted" => "captured".to_owned(),
        "voided" => "released".to_owned(),
        other => other.to_owned(),
    };
    output.line("transfer")?;
    let rows = [
        ("  key", transfer.key.clone()),
        ("  id", transfer.id.to_string()),
        ("  from", transfer.from.clone()),
        ("  to", transfer.to.clone()),
        ("  amount", transfer.amount.clone()),
        ("  hold", transfer.hold.clone().unwrap_or_default()),
        ("  state", state),
        ("  code", transfer.code.to_string()),
        ("  booked", transfer.timestamp.clone()),
        ("  date", transfer.effective_date.clone()),
        ("  event", transfer.sequence.to_string()),
        ("  flags", transfer.flags.join(", ")),
        ("  description", transfer.description.clone()),
        ("  metadata", metadata_text(&transfer.metadata)),
        ("  sealed to", transfer.subject.map(|id| id.to_string()).unwrap_or_default()),
    ];
    output.pairs(&present(rows))
}

/// The pairs that say something.
fn present<const N: usize>(rows: [(&'static str, String); N]) -> Vec<(&'static str, String)> {
    rows.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn show_transaction(transfers: &[TransferView], output: Output) -> Result<(), Failure> {
    let key = transfers.first().map(|first| first.key.as_str()).unwrap_or_default();
    output.line(format!("transaction {key} of {} transfers", transfers.len()))?;
    let mut rows = Rows::new(&[">event", "from", "to", ">amount", "date"]);
    for transfer in transfers {
        rows.push([
            transfer.sequence.to_string(),
            transfer.from.clone(),
            transfer.to.clone(),
            transfer.amount.clone(),
            transfer.effective_date.clone(),
        ]);
    }
    output.indented(&rows)
}

fn metadata_text(metadata: &std::collections::BTreeMap<String, String>) -> String {
    metadata.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", ")
}
