//! `thalium demo`: an exchange's day, killed in the midst of it and recovered, and proven to the last unit.

mod chart;
pub(crate) mod child;
mod report;
mod run;
mod settle;
mod trades;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use thalium_host::{Options, Thalium, new_id};

use self::report::Report;
use self::run::{Settled, batch_size, settle, submit_all};
use self::settle::Settlement;
use crate::failure::Failure;
use crate::output::{Output, count};
use crate::session::Global;

/// See an exchange's ledger at work: chart, deposits, trades, a kill in mid-run, recovery, proof
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  thalium demo\n  thalium demo --count 100000 --dir ./demo --keep\n\n\
    It makes a store in a fresh folder (removed at the end, unless --dir or --keep is given), opens a platform, three \
    brokers and their clients, pays money in, settles trades with fees, holds and captures, kills itself once with \
    SIGKILL, recovers, submits everything again, and checks every balance. Trades are CSV under the header \
    trade_id,time_ms,price,quantity,buyer_maker."
)]
pub(crate) struct Demo {
    /// Trades of BTC against USD, as CSV [default: a built-in scenario of 200]
    #[arg(long, value_name = "FILE")]
    trades: Option<PathBuf>,
    /// Clients, spread over three brokers
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    clients: u64,
    /// Settle so many trades; the file or the scenario is cut or continued
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    count: Option<u64>,
    /// Do without the kill
    #[arg(long)]
    no_crash: bool,
    /// Leave the store where it is
    #[arg(long)]
    keep: bool,
}

/// What the kill left.
#[derive(Clone, Copy, Debug, Default)]
struct Killed {
    /// Trades that were acknowledged before it.
    acknowledged: usize,
    /// Trades that were found in the books after it.
    found: usize,
}

impl Demo {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let directory = Directory::new(global.dir.as_deref(), self.keep)?;
        let ended = self.run_in(&directory, global);
        if !directory.kept {
            // What is left in the system's folder for temporary files does no harm.
            let _ = std::fs::remove_dir_all(&directory.path);
        }
        ended
    }

    fn run_in(&self, directory: &Directory, global: &Global) -> Result<(), Failure> {
        let out = Section { output: global.output() };
        let count_asked = self.count.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let settlements = settlements(self.trades.as_deref(), count_asked, self.clients)?;
        let trades = settlements.len();
        let factor = 1 + u128::try_from(trades).unwrap_or(0) / u128::from(self.clients);

        let mut thalium = directory.open(true)?;
        out.title("1  Chart of accounts")?;
        let chart = chart::commands(self.clients);
        submit_all(&thalium, &chart)?;
        let accounts = thalium.read(|book| book.account_count())?;
        let (clients, brokers) = (count(self.clients), chart::BROKERS);
        out.line(format!("platform → {brokers} brokers → {clients} clients, each in ZAR, USD and BTC: {accounts} accounts"))?;
        out.title("2  Deposits")?;
        let deposits = submit_all(&thalium, &chart::deposits(self.clients, factor))?;
        out.line(format!("{} deposits, bank and vault → clients", count(widen(deposits))))?;

        out.title("3  Trades")?;
        out.line(format!(
            "{} trades of BTC against USD, one transaction each",
            count(widen(trades))
        ))?;
        out.line("quote = price × quantity, rounded half to even; fees round up: maker 10 bp, taker 20 bp")?;
        out.line(
            "every tenth: the taker's money is held first, then captured in one step with the rest",
        )?;
        let killed = if self.no_crash {
            None
        } else {
            thalium.close()?;
            let acknowledged = self.kill_in_midrun(directory, &settlements)?;
            out.line(format!(
                "killed with SIGKILL after {} trades were acknowledged",
                count(widen(acknowledged))
            ))?;
            out.title("4  Recovery")?;
            thalium = directory.open(false)?;
            let recovery = &thalium.opened().recovery;
            let torn = if recovery.torn.is_some() { "one, cut off" } else { "none" };
            let (events, blocks) = (count(recovery.events), count(recovery.blocks));
            out.line(format!("{events} events in {blocks} blocks are whole; torn tail: {torn}"))?;
            let found = report::found(&thalium, &settlements)?;
            let doubtful = count(widen(found.saturating_sub(acknowledged)));
            out.line(format!(
                "{} trades found; {doubtful} of them durable but not yet acknowledged",
                count(widen(found))
            ))?;
            Some(Killed { acknowledged, found })
        };
        let settled = settle(&thalium, &settlements, batch_size(trades), |_| Ok(()))?;
        if killed.is_some() {
            let (replayed, booked) = (count(widen(settled.replayed)), count(widen(settled.booked)));
            out.line(format!(
                "all {} submitted again: {replayed} recognised, {booked} booked",
                count(widen(trades))
            ))?;
        }
        check_kill(killed, settled, trades)?;

        let report = Report {
            out,
            clients: self.clients,
            factor,
            settlements: &settlements,
            settled,
            killed,
        };
        report.tell(thalium, directory)
    }

    /// Settles trades in a child and kills it when half of them are acknowledged; gives how many were.
    fn kill_in_midrun(
        &self,
        directory: &Directory,
        settlements: &[Settlement],
    ) -> Result<usize, Failure> {
        let failed = |error: std::io::Error| {
            Failure::Store(format!("cannot run the demo's second process: {error}"))
        };
        let program = std::env::current_exe().map_err(failed)?;
        let arguments =
            child::arguments(&directory.address(), self.trades.as_ref(), settlements, self.clients);
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut acknowledged = 0;
        if let Some(stdout) = child.stdout.take() {
            let mut killed = false;
            // What it said before it was killed is read to the end.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                acknowledged = child::acknowledged(&line).unwrap_or(acknowledged);
                if !killed && acknowledged * 2 >= settlements.len() {
                    child.kill().map_err(failed)?;
                    killed = true;
                }
            }
        }
        let status = child.wait().map_err(failed)?;
        if acknowledged * 2 < settlements.len() {
            return Err(Failure::Store(format!("the demo's second process ended early: {status}")));
        }
        Ok(acknowledged)
    }
}

/// Every trade that was acknowledged is there, what was there is recognised, and nothing is booked twice.
fn check_kill(killed: Option<Killed>, settled: Settled, trades: usize) -> Result<(), Failure> {
    let Killed { acknowledged, found } = killed.unwrap_or_default();
    if found < acknowledged {
        return Err(Failure::Store(format!(
            "{acknowledged} trades were acknowledged, but only {found} were found"
        )));
    }
    if (settled.replayed, settled.booked) != (found, trades - found) {
        let Settled { replayed, booked, .. } = settled;
        return Err(Failure::Store(format!(
            "{found} trades of {trades} were found, but {replayed} were recognised and {booked} booked"
        )));
    }
    Ok(())
}

/// The settlements of the trades of a file or of the scenario.
fn settlements(
    file: Option<&Path>,
    count: Option<usize>,
    clients: u64,
) -> Result<Vec<Settlement>, Failure> {
    trades::load(file, count)?.into_iter().map(|trade| Settlement::new(trade, clients)).collect()
}

/// Where the demo's store is.
#[derive(Debug)]
struct Directory {
    path: PathBuf,
    kept: bool,
}

impl Directory {
    fn new(asked: Option<&str>, keep: bool) -> Result<Self, Failure> {
        let Some(asked) = asked else {
            return Ok(Self {
                path: std::env::temp_dir().join(format!("thalium-demo-{}", new_id())),
                kept: keep,
            });
        };
        let path = match asked.parse()? {
            thalium_host::Address::File(path) => path,
            thalium_host::Address::Memory => {
                return Err(Failure::usage(
                    "the demo is killed and recovers, which needs a directory: give one, or none",
                ));
            }
        };
        let is_empty =
            !path.exists() || path.read_dir().is_ok_and(|mut entries| entries.next().is_none());
        if !is_empty {
            return Err(Failure::usage(format!(
                "`{asked}` is not empty: give the demo a directory of its own"
            )));
        }
        Ok(Self { path, kept: true })
    }

    fn address(&self) -> String {
        format!("file:{}", self.path.display())
    }

    fn open(&self, create: bool) -> Result<Thalium, Failure> {
        let context =
            thalium_host::Context { actor: "demo".into(), ..thalium_host::Context::default() };
        Ok(Thalium::open_with(&self.address(), Options { create, context, ..Options::default() })?)
    }
}

/// Sections of text for people; nothing of it if the output is for machines.
#[derive(Clone, Copy, Debug)]
struct Section {
    output: Output,
}

impl Section {
    fn title(self, text: &str) -> Result<(), Failure> {
        if self.output.json { Ok(()) } else { self.output.line(format!("\n{text}")) }
    }

    fn line(self, text: impl AsRef<str>) -> Result<(), Failure> {
        if self.output.json { Ok(()) } else { self.output.line(format!("  {}", text.as_ref())) }
    }

    fn table(self, rows: &crate::output::Rows) -> Result<(), Failure> {
        if self.output.json { Ok(()) } else { self.output.indented(rows) }
    }
}

fn widen(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
