//! `thalium`: a ledger on the command line. It reads arguments and files, calls the host and prints; every rule of
//! the ledger is the core's.
//!
//! # What does this program not do?
//! It decides nothing, keeps no state of its own and talks to no network.

mod commands;
mod demo;
mod failure;
mod input;
mod output;
mod session;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{
    account, asset, backup, balance, completions, export, get, history, holds, import, init,
    inspect, keys, kyc, movement, party, policy, post, rollup, ship, statement, stats, sync,
    transfers, trial_balance, upgrade, verify, volumes,
};
use crate::failure::Failure;
use crate::session::Global;

/// An exact double-entry ledger in a directory.
#[derive(Debug, Parser)]
#[command(name = "thalium", version, after_help = AFTER_HELP, after_long_help = AFTER_HELP, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Example:
  thalium init
  thalium account add bank:ZAR --asset ZAR --kind asset
  thalium account add c1:ZAR --asset ZAR --kind liability --flag debits_must_not_exceed_credits
  thalium post --key dep-1 --from bank:ZAR --to c1:ZAR --amount \"250.00 ZAR\"
  thalium statement c1:ZAR

Or see all of it at work, with nothing to prepare:
  thalium demo

Exit codes:
  0  ok
  1  some command was rejected, or what was asked for is not there
  2  usage, or input that cannot be read
  3  the store failed or is damaged, or the output cannot be written";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    #[command(subcommand)]
    Asset(asset::Asset),
    #[command(subcommand)]
    Account(account::Account),
    #[command(subcommand)]
    Party(party::Party),
    Post(post::Post),
    Hold(movement::Hold),
    Capture(movement::Capture),
    Release(movement::Release),
    Get(get::Get),
    Balance(balance::Balance),
    History(history::History),
    Holds(holds::Holds),
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    #[command(subcommand)]
    Kyc(kyc::KycCommand),
    #[command(subcommand)]
    Rollup(rollup::Rollup),
    Transfers(transfers::Transfers),
    Statement(statement::Statement),
    BalanceHistory(volumes::BalanceHistory),
    Volumes(volumes::Volumes),
    TrialBalance(trial_balance::TrialBalance),
    Verify(verify::Verify),
    Stats(stats::Stats),
    Sync(sync::Sync),
    Inspect(inspect::Inspect),
    Upgrade(upgrade::Upgrade),
    Backup(backup::Backup),
    Ship(ship::Ship),
    Restore(backup::Restore),
    #[command(subcommand)]
    Export(export::Export),
    #[command(subcommand)]
    Import(import::Import),
    #[command(subcommand)]
    Keys(keys::Keys),
    Completions(completions::Completions),
    Demo(demo::Demo),
    #[command(hide = true)]
    DemoSettle(demo::child::Settle),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(level) = cli.global.log {
        level.start();
    }
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                output::note(format!("thalium: {message}"));
                if cli.global.json {
                    let (status, reason) = (failure.status(), message);
                    let told =
                        serde_json::json!({ "ok": false, "status": status, "reason": reason });
                    // The exit code tells as much if the output is what failed.
                    let _ = cli.global.output().json(&told);
                }
            }
            failure.exit_code()
        }
    }
}

fn run(Cli { global, command }: &Cli) -> Result<(), Failure> {
    match command {
        Command::Init(args) => args.run(global),
        Command::Asset(args) => args.run(global),
        Command::Account(args) => args.run(global),
        Command::Party(args) => args.run(global),
        Command::Post(args) => args.run(global),
        Command::Hold(args) => args.run(global),
        Command::Capture(args) => args.run(global),
        Command::Release(args) => args.run(global),
        Command::Get(args) => args.run(global),
        Command::Balance(args) => args.run(global),
        Command::History(args) => args.run(global),
        Command::Holds(args) => args.run(global),
        Command::Policy(args) => args.run(global),
        Command::Kyc(args) => args.run(global),
        Command::Rollup(args) => args.run(global),
        Command::Transfers(args) => args.run(global),
        Command::Statement(args) => args.run(global),
        Command::BalanceHistory(args) => args.run(global),
        Command::Volumes(args) => args.run(global),
        Command::TrialBalance(args) => args.run(global),
        Command::Verify(args) => args.run(global),
        Command::Stats(args) => args.run(global),
        Command::Sync(args) => args.run(global),
        Command::Inspect(args) => args.run(global),
        Command::Upgrade(args) => args.run(global),
        Command::Backup(args) => args.run(global),
        Command::Ship(args) => args.run(global),
        Command::Restore(args) => args.run(global),
        Command::Export(args) => args.run(global),
        Command::Import(args) => args.run(global),
        Command::Keys(args) => args.run(global),
        Command::Completions(args) => args.run(&<Cli as clap::CommandFactory>::command()),
        Command::Demo(args) => args.run(global),
        Command::DemoSettle(args) => args.run(global),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_arguments_are_consistent() {
        <super::Cli as clap::CommandFactory>::command().debug_assert();
    }
}
