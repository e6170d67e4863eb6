//! `thalium import`: what other ledgers hold.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use thalium_host::blnk::{Difference, Export, Options, Plan};
use thalium_host::rehearse_blnk;

use super::{close, pair};
use crate::failure::Failure;
use crate::output::{Output, Rows, bar, count, note};
use crate::session::Global;

/// Differences that are shown; all of them are in the report.
const SHOWN_MAX: usize = 20;

/// Import what another ledger holds
#[derive(Subcommand, Debug)]
pub(crate) enum Import {
    Blnk(Blnk),
    Tables(super::import_tables::Tables),
}

impl Import {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Blnk(blnk) => blnk.run(global),
            Self::Tables(tables) => tables.run(global),
        }
    }
}

/// Import ledgers, balances and transactions as Blnk's API returns them
#[derive(Args, Debug)]
#[command(after_help = "\
The directory has what the API returned: balances.json, transactions.json, ledgers.json, identities.json; arrays, pages one \
behind the other, or JSON lines. Every balance becomes an account and every transaction a transfer or a hold, under its \
own id and at its own time. It is rehearsed in memory first; where money is missing or counted otherwise nothing is \
imported. What was queued or rejected is reported and not booked. Of identities only the ids are taken over.

Examples:
  thalium import blnk ./export --dry-run
  thalium import blnk ./export --asset USD=USDM --report differences.jsonl")]
pub(crate) struct Blnk {
    /// The directory with the lists
    from: PathBuf,
    /// Only show what would come out
    #[arg(long)]
    dry_run: bool,
    /// The asset that stands for a currency
    #[arg(long = "asset", value_name = "CURRENCY=CODE", value_parser = pair)]
    assets: Vec<(String, String)>,
    /// Leave out the metadata of balances and transactions
    #[arg(long)]
    without_metadata: bool,
    /// Import although money is missing or counted otherwise
    #[arg(long)]
    accept_differences: bool,
    /// Write every difference to a file, as JSON lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Blnk {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let output = global.output();
        let export = Export::read(&self.from).map_err(Failure::usage)?;
        let options = Options {
            assets: self.assets.iter().cloned().collect::<BTreeMap<_, _>>(),
            without_metadata: self.without_metadata,
        };
        let plan = Plan::of(&export, &options);
        drop(export);
        let (imported, differences) = if self.dry_run {
            let progress = bar(plan.len() as u64, "rehearsing");
            let told = rehearse_blnk(&plan, |done| progress.set_position(done));
            progress.finish_and_clear();
            (false, told?)
        } else {
            // The ledger is found, and its lock taken, before anything takes time.
            let thalium = global.open()?;
            let (rehearsing, importing) =
                (bar(plan.len() as u64, "rehearsing"), bar(plan.len() as u64, "importing"));
            let told = thalium.import_blnk_rehearsed(
                &plan,
                self.accept_differences,
                |is_rehearsal, done| {
                    if is_rehearsal { &rehearsing } else { &importing }.set_position(done);
                },
            );
            rehearsing.finish_and_clear();
            importing.finish_and_clear();
            let told = told?;
            close(thalium);
            told
        };
        self.report(&differences)?;
        tell(output, &plan, &differences, self.dry_run, imported)?;
        if differences.iter().any(|own| own.kind.is_serious()) {
            Err(Failure::Rejected)
        } else {
            Ok(())
        }
    }

    fn report(&self, differences: &[Difference]) -> Result<(), Failure> {
        let Some(path) = &self.report else { return Ok(()) };
        let cannot = |error: std::io::Error| {
            Failure::Output(format!("cannot write `{}`: {error}", path.display()))
        };
        let mut text = Vec::new();
        for difference in differences {
            crate::output::write_json(&mut text, difference)?;
        }
        std::fs::write(path, text).map_err(cannot)
    }
}

fn tell(
    output: Output,
    plan: &Plan,
    differences: &[Difference],
    dry_run: bool,
    imported: bool,
) -> Result<(), Failure> {
    if output.json {
        for difference in differences {
            output.json(difference)?;
        }
        return output.json(&serde_json::json!({
            "summary": true, "imported": imported, "counts": plan.counts, "accounts": plan.accounts.len(),
            "transfers": plan.transfers.len(), "differences": differences.len(),
        }));
    }
    for difference in differences.iter().take(SHOWN_MAX) {
        note(difference.to_string());
    }
    if let Some(hidden) = differences.len().checked_sub(SHOWN_MAX).filter(|hidden| *hidden > 0) {
        note(format!("… and {} more; `--report FILE` has them all", count(hidden as u64)));
    }
    let counts = plan.counts;
    let mut rows = Rows::new(&["Blnk", ">records", "here", ">booked"]);
    rows.push(["ledgers", &count(counts.ledgers), "on the accounts", ""]);
    rows.push([
        "balances",
        &count(counts.balances),
        "accounts",
        &count(plan.accounts.len() as u64),
    ]);
    rows.push([
        "transactions",
        &count(counts.transactions),
        "transfers",
        &count(plan.transfers.len() as u64),
    ]);
    rows.push(["  that move nothing", &count(counts.not_booked), "", ""]);
    rows.push(["identities", &count(counts.identities), "ids on the accounts", ""]);
    rows.push(["differences", &count(differences.len() as u64), "", ""]);
    output.table(&rows)?;
    output.line(match (dry_run, imported) {
        (true, _) => "dry run: nothing was imported",
        (false, true) => "imported",
        (false, false) => {
            "nothing was imported: money is missing or counted otherwise; --accept-differences imports all the same"
        }
    })
}
