//! What the demo shows and proves at its end.

use std::collections::BTreeMap;

use thalium_host::ledger::account::Balances;
use thalium_host::money::{Amount, Net};
use thalium_host::{Id, Thalium, account_id, hex, transfer_id};

use super::chart::{BROKERS, HELD, QUOTE, client, deposit};
use super::run::Settled;
use super::settle::Settlement;
use super::{Directory, Killed, Section, widen};
use crate::commands::statement;
use crate::failure::Failure;
use crate::output::{Rows, count, money};

/// Lines of the statement that are shown.
const STATEMENT_LINES: usize = 6;

/// All that the end of the demo needs to know.
pub(super) struct Report<'a> {
    pub(super) out: Section,
    pub(super) clients: u64,
    pub(super) factor: u128,
    pub(super) settlements: &'a [Settlement],
    pub(super) settled: Settled,
    pub(super) killed: Option<Killed>,
}

/// One asset's money, in smallest units: what there is, and whose it is.
#[derive(Clone, Copy, Debug, Default)]
struct Position {
    money: u128,
    brokers: [u128; 3],
    holds: u128,
    fees: u128,
}

/// How many of the trades are in the books.
pub(super) fn found(thalium: &Thalium, settlements: &[Settlement]) -> Result<usize, Failure> {
    let ids: Vec<Id> =
        settlements.iter().filter_map(|trade| transfer_id("transfer", &trade.key()).ok()).collect();
    Ok(thalium.read(|book| ids.iter().filter(|id| book.transfer(**id).is_some()).count())?)
}

impl Report<'_> {
    pub(super) fn tell(&self, thalium: Thalium, directory: &Directory) -> Result<(), Failure> {
        let Self { out, settlements, .. } = *self;
        let accounts = self.check_balances(&thalium)?;
        let all = found(&thalium, settlements)?;
        if all != settlements.len() {
            return Err(Failure::Store(format!(
                "only {all} of {} trades are in the books",
                settlements.len()
            )));
        }
        out.line(format!(
            "every acknowledged trade is there; {} balances are as reckoned apart",
            count(widen(accounts))
        ))?;
        out.line("lost: 0, booked twice: 0")?;

        let busiest = self.busiest();
        out.title(&format!("5  Statement of {busiest}, its newest lines"))?;
        let Some(mut shown) = thalium.statement(&busiest, 0, 0)? else {
            return Err(Failure::Store(format!("there is no account `{busiest}`")));
        };
        for entry in &mut shown.entries {
            entry.timestamp = entry.timestamp.chars().skip(11).take(12).collect();
        }
        out.table(&statement::rows(&shown, STATEMENT_LINES, money))?;

        out.title("6  Trial balance, clients by broker")?;
        let mut positions = Vec::new();
        for (asset, scale, _) in HELD {
            positions.push((asset, scale, self.position(&thalium, asset)?));
        }
        for trial in thalium.trial_balance(None)? {
            if !trial.balanced {
                return Err(Failure::Store(format!(
                    "the trial balance of {} does not balance",
                    trial.asset
                )));
            }
        }
        out.table(&trial_rows(&positions))?;
        out.title("7  Reconciliation: bank and vault less clients, holds and fees")?;
        out.table(&reconcile(&positions)?)?;

        let (events, transfers) =
            thalium.read(|book| (book.event_count(), book.transfer_count()))?;
        thalium.close()?;
        let verified = thalium_host::verify(&directory.path, None)?;
        if (verified.recovery.events, verified.transfers) != (events, transfers) {
            return Err(Failure::Store("what was verified is not what was closed".to_owned()));
        }
        out.title("8  Verified from the first byte")?;
        out.line(format!(
            "{} events, {} transfers, {} accounts",
            count(events),
            count(transfers),
            verified.accounts
        ))?;
        out.line(format!("Merkle root {}", hex(&verified.root)))?;
        let timed = self.settled.timed;
        let (trade_rate, transfer_rate) =
            (timed.per_second(widen(timed.trades)), timed.per_second(timed.transfers));
        out.title("Throughput, every batch durable before it is acknowledged")?;
        let (trade_text, transfer_text) = (count(trade_rate), count(transfer_rate));
        let measured = count(widen(timed.trades));
        out.line(format!("{trade_text} trades/s, {transfer_text} transfers/s, over the {measured} trades settled by this process"))?;
        if out.output.json {
            return self.summary(&verified, trade_rate, transfer_rate, directory);
        }
        if directory.kept {
            let path = directory.path.display();
            out.title("Next")?;
            out.line(format!("thalium verify {path}"))?;
            return out.line(format!("thalium statement {busiest} --dir {path}"));
        }
        out.title("The store was removed. To keep one, and to look into it:")?;
        out.line("thalium demo --dir ./demo && thalium verify ./demo")?;
        out.line(format!("thalium statement {busiest} --dir ./demo"))
    }

    fn summary(
        &self,
        verified: &thalium_host::Verified,
        trade_rate: u64,
        transfer_rate: u64,
        directory: &Directory,
    ) -> Result<(), Failure> {
        let kept = directory.kept.then(|| directory.path.display().to_string());
        let killed = self.killed;
        self.out.output.json(&serde_json::json!({
            "ok": true, "trades": self.settlements.len(), "clients": self.clients, "killed": killed.is_some(),
            "acknowledged_before_kill": killed.map(|killed| killed.acknowledged),
            "found_after_kill": killed.map(|killed| killed.found),
            "replayed": self.settled.replayed, "booked_after": self.settled.booked, "lost": 0, "doubled": 0,
            "events": verified.recovery.events, "transfers": verified.transfers, "accounts": verified.accounts,
            "root": hex(&verified.root), "state_hash": hex(&verified.state_hash), "reconciled": true,
            "trades_per_second": trade_rate, "transfers_per_second": transfer_rate, "dir": kept,
        }))
    }

    /// Reckons every account's debits and credits from the trades alone, and compares them with the books'.
    fn check_balances(&self, thalium: &Thalium) -> Result<usize, Failure> {
        let mut reckoned: BTreeMap<String, (u128, u128)> = BTreeMap::new();
        let mut add = |account: String, debit: u128, credit: u128| {
            let sides = reckoned.entry(account).or_default();
            *sides = (sides.0.saturating_add(debit), sides.1.saturating_add(credit));
        };
        for (asset, _, bank) in HELD {
            for number in 1..=self.clients {
                add(bank.to_owned(), deposit(asset, self.factor), 0);
                add(client(number, asset), 0, deposit(asset, self.factor));
            }
        }
        for (account, debit, credit) in self.settlements.iter().flat_map(Settlement::entries) {
            add(account, debit, credit);
        }
        thalium.read(|book| {
            let mut checked = 0;
            for account in book.accounts() {
                let key = account.opened.detail.map(|detail| detail.key).unwrap_or_default();
                let (debits_posted, credits_posted) = reckoned.remove(&key).unwrap_or_default();
                let expected = Balances { debits_posted, credits_posted, ..Balances::default() };
                if account.balances != expected {
                    let found = account.balances;
                    return Err(Failure::Store(format!(
                        "`{key}` should have {expected:?}, but has {found:?}"
                    )));
                }
                checked += 1;
            }
            if let Some((key, _)) = reckoned.pop_first() {
                return Err(Failure::Store(format!("there is no account `{key}`")));
            }
            Ok(checked)
        })?
    }

    /// The account of the client that traded most, in quote.
    fn busiest(&self) -> String {
        let mut trades: BTreeMap<u64, u64> = BTreeMap::new();
        for settlement in self.settlements {
            *trades.entry(settlement.buyer).or_default() += 1;
            *trades.entry(settlement.seller).or_default() += 1;
        }
        let most =
            trades.into_iter().max_by_key(|(number, trades)| (*trades, std::cmp::Reverse(*number)));
        client(most.map_or(1, |(number, _)| number), QUOTE)
    }

    /// What the accounts of an asset hold, each on its own side.
    fn position(&self, thalium: &Thalium, asset: &str) -> Result<Position, Failure> {
        let bank = HELD.iter().find(|(code, ..)| *code == asset).map_or("", |(.., bank)| *bank);
        let mut brokers = [0_u128; 3];
        let of = |name: &str| {
            let id = account_id("account", name).map_err(Failure::usage)?;
            let found = thalium.read(|book| book.balances(id))?;
            found.ok_or_else(|| Failure::Store(format!("there is no account `{name}`")))
        };
        let owed =
            |balances: Balances| balances.credits_posted.saturating_sub(balances.debits_posted);
        for number in 1..=self.clients {
            let broker = usize::try_from((number - 1) % BROKERS).unwrap_or(0);
            if let Some(sum) = brokers.get_mut(broker) {
                *sum = sum.saturating_add(owed(of(&client(number, asset))?));
            }
        }
        let money = of(bank)?;
        Ok(Position {
            money: money.debits_posted.saturating_sub(money.credits_posted),
            brokers,
            holds: owed(of(&format!("holds:{asset}"))?),
            fees: owed(of(&format!("fees:{asset}"))?),
        })
    }
}

fn trial_rows(positions: &[(&str, u8, Position)]) -> Rows {
    let mut rows = Rows::new(&["asset", "account", ">debit", ">credit"]);
    for (asset, scale, position) in positions {
        let text = |units: u128| money(&Amount::from_units(units).to_text(*scale));
        let bank = HELD.iter().find(|(code, ..)| code == asset).map_or("", |(.., bank)| *bank);
        rows.push([*asset, bank, &text(position.money), ""]);
        for (broker, units) in (1..=BROKERS).zip(position.brokers) {
            rows.push([*asset, &format!("clients of b{broker}"), "", &text(units)]);
        }
        if position.fees > 0 {
            rows.push([*asset, &format!("fees:{asset}"), "", &text(position.fees)]);
        }
        rows.push([*asset, "total", &text(position.money), &text(owed(position))]);
    }
    rows
}

fn owed(position: &Position) -> u128 {
    let clients = position.brokers.iter().fold(0_u128, |sum, units| sum.saturating_add(*units));
    clients.saturating_add(position.holds).saturating_add(position.fees)
}

fn reconcile(positions: &[(&str, u8, Position)]) -> Result<Rows, Failure> {
    let mut rows = Rows::new(&["asset", ">there is", ">clients", ">holds", ">fees", ">difference"]);
    for (asset, scale, position) in positions {
        let difference = Net::between(position.money, owed(position));
        if !difference.is_zero() {
            let text = difference.to_text(*scale);
            return Err(Failure::Store(format!(
                "{asset} does not reconcile: {text} is too much or too little"
            )));
        }
        let text = |units: u128| money(&Amount::from_units(units).to_text(*scale));
        let clients = owed(position).saturating_sub(position.holds).saturating_sub(position.fees);
        let zero = difference.to_text(*scale);
        rows.push([
            *asset,
            &text(position.money),
            &text(clients),
            &text(position.holds),
            &text(position.fees),
            &zero,
        ]);
    }
    Ok(rows)
}
