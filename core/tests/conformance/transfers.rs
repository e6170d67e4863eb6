//! Tables of transfers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use thalium::event::AssetRegistered;
use thalium::ledger::query::{
    AccountFilter, ChangeFilter, ChangeKind, ChangedAccount, QueryFilter,
};
use thalium::money::{Asset, AssetKind};
use thalium::{
    AccountFlags, Balances, Command, Engine, Genesis, Id, NewAccount, Request, Transfer,
    TransferFlags,
};

/// The last instant that a ledger of this kind can write.
const INSTANT_MAX: i64 = i64::MAX - 1;

/// Runs a file of tables; gives how many passed, of how many, and what disagrees.
pub(crate) fn check(file: &Path) -> (usize, usize, Vec<String>) {
    let tables: Vec<Value> =
        serde_json::from_str(&quoted(&std::fs::read_to_string(file).unwrap())).unwrap();
    let (mut passed, mut failures) = (0, Vec::new());
    for table in &tables {
        let name = table["test"].as_str().unwrap();
        // A step that this driver cannot read fails its own table, not those after it.
        match std::panic::catch_unwind(|| run(table["steps"].as_array().unwrap())) {
            Ok(Ok(())) => passed += 1,
            Ok(Err(why)) => failures.push(format!("{name}: {why}")),
            Err(_) => failures.push(format!("{name}: panicked, see above")),
        }
    }
    (passed, tables.len(), failures)
}

/// Puts every number into quotes: a `Value` would read one past 64 bits as a float.
fn quoted(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let (mut in_string, mut in_number, mut escaped) = (false, false, false);
    for c in json.chars() {
        let digit = !in_string && (c.is_ascii_digit() || c == '-');
        if digit != in_number {
            text.push('"');
            in_number = digit;
        }
        if c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = c == '\\' && !escaped;
        text.push(c);
    }
    text
}

struct Table {
    engine: Engine,
    clock: i64,
    /// The commands of the batch being built, each with the status that it must get.
    batch: Vec<(Command, String)>,
    /// The rows of the query being built: the query, then its results.
    rows: Vec<Vec<String>>,
    lookups: Vec<Value>,
    /// Whether the table set balances: they need neither balance nor keep to limits then.
    has_setup: bool,
}

fn run(steps: &[Value]) -> Result<(), String> {
    let mut engine = Engine::new(Genesis::default());
    // Our accounts belong to registered assets, so every ledger number of the table gets one first.
    let ledgers: BTreeSet<u64> = steps
        .iter()
        .filter_map(|step| step["ledger"].as_str().map(|text| text.parse().unwrap()))
        .filter(|n| *n > 0)
        .collect();
    let commands = ledgers.iter().map(|number| {
        let asset =
            Asset::new(format!("L{number}").parse().unwrap(), 0, AssetKind::Points).unwrap();
        AssetRegistered { ledger: u32::try_from(*number).unwrap(), asset }.into()
    });
    engine.execute(&Request { commands: commands.collect(), ..Request::default() }).unwrap();
    // The registrations took instants, and a table counts from zero; replaying nothing else, the clock starts again.
    let clock = engine.book().clock();
    let has_setup = steps.iter().any(|step| step["op"] == "setup");
    let (batch, rows, lookups) = (Vec::new(), Vec::new(), Vec::new());
    let mut table = Table { engine, clock, batch, rows, lookups, has_setup };
    for (number, step) in steps.iter().enumerate() {
        table.step(step, clock).map_err(|why| format!("step {number}: {why}"))?;
    }
    Ok(())
}

impl Table {
    fn step(&mut self, step: &Value, epoch: i64) -> Result<(), String> {
        match step["op"].as_str().unwrap() {
            "account" => {
                self.batch.push((account(step, epoch), step["expect"].as_str().unwrap().to_owned()))
            }
            "transfer" => self
                .batch
                .push((transfer(step, epoch), step["expect"].as_str().unwrap().to_owned())),
            "lookup_account" | "lookup_transfer" => self.lookups.push(step.clone()),
            "setup" => {
                let id = Id(number(&step["account"]));
                self.engine.book_mut().set_balances(id, balances(step));
            }
            "tick" => {
                let unit = match step["unit"].as_str().unwrap() {
                    "seconds" => 1_000_000_000,
                    "nanoseconds" => 1,
                    other => panic!("unit {other}"),
                };
                let value: i64 = step["value"].as_str().unwrap().parse().unwrap();
                let interval = value.abs() * unit;
                self.clock +=
                    if value > 0 { interval } else { INSTANT_MAX - self.clock - interval };
            }
            "commit" => return self.commit(step["operation"].as_str().unwrap(), epoch),
            _ => self.rows.push(
                step["raw"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|v| v.as_str().unwrap().to_owned())
                    .collect(),
            ),
        }
        Ok(())
    }

    /// Executes the batch, or answers the query built so far once its result rows are complete.
    fn commit(&mut self, operation: &str, epoch: i64) -> Result<(), String> {
        let _ = operation;
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            let count = i64::try_from(batch.len()).unwrap();
            let (commands, expected): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            // Each batch's timestamp is its predecessor's + 1 + n, and event i of n stands at that − n + i + 1.
            self.clock += 1 + count;
            // Holds that are due run out before the batch, at its own instant.
            self.pulse(self.clock - count);
            let request = Request { now: self.clock - count + 1, commands, ..Request::default() };
            let executed = self.engine.execute(&request).map_err(|error| error.to_string())?;
            for (index, (outcome, want)) in executed.outcomes.iter().zip(&expected).enumerate() {
                if outcome.status.name() != want {
                    return Err(format!(
                        "event {index}: {} instead of {want}",
                        outcome.status.name()
                    ));
                }
            }
            if executed.outcomes.len() != expected.len() {
                return Err(format!("{} outcomes", executed.outcomes.len()));
            }
            if self.has_setup {
                return Ok(());
            }
            return thalium::invariants::check(self.engine.book())
                .map_err(|error| error.to_string());
        }
        self.clock += 1;
        self.pulse(self.clock);
        for lookup in std::mem::take(&mut self.lookups) {
            self.lookup(&lookup, epoch)?;
        }
        let rows = std::mem::take(&mut self.rows);
        if let Some((query, want)) = rows.split_first() {
            let got = self.answer(operation, query, epoch);
            let want: Vec<Vec<String>> = want.iter().cloned().map(name_expired).collect();
            if got.len() != want.len()
                || !got.iter().zip(&want).all(|(got, want)| is_row(got, want))
            {
                return Err(format!("{operation} {query:?}: {got:?} instead of {want:?}"));
            }
        }
        Ok(())
    }

    fn pulse(&mut self, now: i64) {
        if self.engine.book().next_timeout().is_some_and(|due| due <= now) {
            self.engine.execute(&Request { now, ..Request::default() }).unwrap();
        }
    }

    fn lookup(&self, step: &Value, epoch: i64) -> Result<(), String> {
        let id = Id(number(&step["id"]));
        if step["op"] == "lookup_account" {
            let got = self.engine.book().account(id).map(|account| {
                let Balances { debits_pending, debits_posted, credits_pending, credits_posted } =
                    account.balances;
                let closed = account.flags.has(AccountFlags::CLOSED);
                ([debits_pending, debits_posted, credits_pending, credits_posted], closed)
            });
            let want = step["data"].as_object().map(|data| {
                let b: Vec<u128> = data["b"].as_array().unwrap().iter().map(number).collect();
                ([b[0], b[1], b[2], b[3]], data["closed"].as_bool().unwrap())
            });
            return if got == want {
                Ok(())
            } else {
                Err(format!("account {id}: {got:?} instead of {want:?}"))
            };
        }
        let record = self.engine.book().transfer(id);
        let want = step["val"].as_str().unwrap();
        let got = match step["kind"].as_str().unwrap() {
            "exists" => record.is_some().to_string(),
            "amount" => {
                record.map_or("none".to_owned(), |record| record.transfer.amount.to_string())
            }
            "timestamp" => record.map_or("none".to_owned(), |record| {
                (record.transfer.timestamp - epoch).to_string()
            }),
            other => panic!("lookup of {other}"),
        };
        if got == want { Ok(()) } else { Err(format!("transfer {id}: {got} instead of {want}")) }
    }

    fn answer(&self, operation: &str, row: &[String], epoch: i64) -> Vec<Vec<String>> {
        let book = self.engine.book();
        // A timestamp is given as the record that has it; what counts down from the type's end is past every instant.
        let instant_of = |cell: &String, find: &dyn Fn(Id) -> Option<i64>| match cell.as_str() {
            "_" => 0,
            text if text.contains('-') => -1,
            text => {
                let number = value(text, u128::MAX);
                find(Id(number)).unwrap_or_else(|| epoch.saturating_add(narrow(number)))
            }
        };
        let transfer_instant = |cell: &String| {
            instant_of(cell, &|id| book.transfer(id).map(|record| record.transfer.timestamp))
        };
        let account_instant = |cell: &String| {
            instant_of(cell, &|id| book.account(id).map(|account| account.opened.timestamp))
        };
        let cell = |at: usize, max: u128| value(&row[at], max);
        let account_filter = || AccountFilter {
            account_id: Id(cell(0, u128::MAX)),
            user_data_128: cell(1, u128::MAX),
            user_data_64: narrow(cell(2, u128::from(u64::MAX))),
            user_data_32: narrow(cell(3, u128::from(u32::MAX))),
            code: narrow(cell(4, u128::from(u16::MAX))),
            timestamp_min: transfer_instant(&row[5]),
            timestamp_max: transfer_instant(&row[6]),
            limit: narrow(cell(7, u128::from(u32::MAX))),
            debits: row[8] == "DR",
            credits: row[9] == "CR",
            reversed: row[10] == "REV",
            ..AccountFilter::of(Id::ZERO)
        };
        let query_filter = |instant: &dyn Fn(&String) -> i64| QueryFilter {
            user_data_128: cell(0, u128::MAX),
            user_data_64: narrow(cell(1, u128::from(u64::MAX))),
            user_data_32: narrow(cell(2, u128::from(u32::MAX))),
            ledger: narrow(cell(3, u128::from(u32::MAX))),
            code: narrow(cell(4, u128::from(u16::MAX))),
            timestamp_min: instant(&row[5]),
            timestamp_max: instant(&row[6]),
            limit: narrow(cell(7, u128::from(u32::MAX))),
            reversed: row[8] == "REV",
            ..QueryFilter::default()
        };
        let four = |b: Balances| {
            [b.debits_pending, b.debits_posted, b.credits_pending, b.credits_posted]
                .map(|n| n.to_string())
        };
        let closed = |closed: bool| if closed { "CLSD" } else { "_" }.to_owned();
        match operation {
            "get_account_transfers" => book
                .account_transfers(&account_filter())
                .iter()
                .map(|r| vec![format!("T{}", r.transfer.id.0)])
                .collect(),
            "get_account_balances" => book
                .account_balances(&account_filter())
                .iter()
                .map(|at| {
                    [vec![format!("T{}", at.transfer_id.0)], four(at.balances).to_vec()].concat()
                })
                .collect(),
            "query_accounts" => book
                .query_accounts(&query_filter(&account_instant))
                .iter()
                .map(|account| {
                    let is_closed = account.flags.has(AccountFlags::CLOSED);
                    let id = format!("A{}", account.opened.id.0);
                    [vec![id], four(account.balances).to_vec(), vec![closed(is_closed)]].concat()
                })
                .collect(),
            "query_transfers" => book
                .query_transfers(&query_filter(&transfer_instant))
                .iter()
                .map(|r| vec![format!("T{}", r.transfer.id.0)])
                .collect(),
            "get_change_events" => {
                let filter = ChangeFilter {
                    timestamp_min: transfer_instant(&row[0]),
                    timestamp_max: transfer_instant(&row[1]),
                    limit: narrow(cell(2, u128::from(u32::MAX))),
                };
                let side = |side: ChangedAccount| {
                    [
                        vec![format!("A{}", side.id.0)],
                        four(side.balances).to_vec(),
                        vec![closed(side.closed)],
                    ]
                    .concat()
                };
                let changes = book.changes(&filter);
                let cells = changes.iter().map(|change| {
                    let kind = match change.kind {
                        ChangeKind::SinglePhase => "_",
                        ChangeKind::Pending => "PEN",
                        ChangeKind::Posted => "POS",
                        ChangeKind::Voided => "VOI",
                        ChangeKind::Expired => "EXP",
                    };
                    let pending = match change.transfer.pending_id {
                        Id::ZERO => "_".to_owned(),
                        id => format!("T{}", id.0),
                    };
                    let transfer = format!("T{}", change.transfer.id.0);
                    [
                        vec![
                            kind.to_owned(),
                            transfer,
                            change.transfer.amount.to_string(),
                            pending,
                        ],
                        side(change.debit),
                        side(change.credit),
                    ]
                    .concat()
                });
                cells.collect()
            }
            other => panic!("operation {other}"),
        }
    }
}

/// Whether a row is the one wanted. A wanted row of an account may leave the balances out; then it names the account,
/// and says so if that is closed.
fn is_row(got: &[String], want: &[String]) -> bool {
    if got.len() == 6 && want.len() == 2 {
        return is_cell(&got[0], &want[0]) && (want[1] == "_" || got[5] == want[1]);
    }
    got.len() == want.len() && got.iter().zip(want).all(|(got, want)| is_cell(got, want))
}

/// Whether two cells mean the same: words by their letters, numbers by their value.
fn is_cell(got: &str, want: &str) -> bool {
    let is_word = |cell: &str| cell.chars().all(|c| c.is_ascii_alphabetic());
    if is_word(got) || is_word(want) {
        return got == want;
    }
    value(got, u128::MAX) == value(want, u128::MAX)
}

/// An expiry is no transfer of its own: a row may name the pending transfer in either column.
fn name_expired(mut row: Vec<String>) -> Vec<String> {
    if row[0] == "EXP" && row[1] == "_" {
        row.swap(1, 3);
    } else if row[0] == "EXP" && row[1] == row[3] {
        row[3] = "_".to_owned();
    }
    row
}

/// A cell of a query row: `_` nothing, a leading letter decoration, `-N` the type's maximum minus N.
fn value(cell: &str, max: u128) -> u128 {
    let digits = cell.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    match digits {
        "_" | "" => 0,
        digits => digits
            .strip_prefix('-')
            .map_or_else(|| digits.parse().unwrap(), |n| max - n.parse::<u128>().unwrap()),
    }
}

fn narrow<T: TryFrom<u128>>(number: u128) -> T {
    T::try_from(number).unwrap_or_else(|_| panic!("{number} does not fit"))
}

fn number(value: &Value) -> u128 {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("{value} is no u128"))
}

fn balances(step: &Value) -> Balances {
    Balances {
        debits_pending: number(&step["dp"]),
        debits_posted: number(&step["dpo"]),
        credits_pending: number(&step["cp"]),
        credits_posted: number(&step["cpo"]),
    }
}

fn flags(step: &Value, names: &[(&str, u16)]) -> u16 {
    let known: BTreeMap<&str, u16> = names.iter().copied().collect();
    let mut bits = 0;
    for flag in step["flags"].as_array().unwrap() {
        bits |= known[flag.as_str().unwrap()];
    }
    // Padding stands for bits that no flag uses.
    if number(&step["padding"]) != 0 { bits | 1 << 15 } else { bits }
}

fn account(step: &Value, epoch: i64) -> Command {
    let names = [
        ("linked", AccountFlags::LINKED.0),
        ("d_le_c", AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS.0),
        ("c_le_d", AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS.0),
        ("history", AccountFlags::HISTORY.0),
        ("imported", AccountFlags::IMPORTED.0),
        ("closed", AccountFlags::CLOSED.0),
    ];
    NewAccount {
        id: Id(number(&step["id"])),
        balances: balances(step),
        user_data_128: number(&step["ud128"]),
        user_data_64: u64::try_from(number(&step["ud64"])).unwrap(),
        user_data_32: u32::try_from(number(&step["ud32"])).unwrap(),
        reserved: u32::try_from(number(&step["reserved"])).unwrap(),
        ledger: u32::try_from(number(&step["ledger"])).unwrap(),
        code: u16::try_from(number(&step["code"])).unwrap(),
        flags: AccountFlags(flags(step, &names)),
        timestamp: instant(step, epoch),
        ..NewAccount::default()
    }
    .into()
}

fn transfer(step: &Value, epoch: i64) -> Command {
    let names = [
        ("linked", TransferFlags::LINKED.0),
        ("pending", TransferFlags::PENDING.0),
        ("post", TransferFlags::POST_PENDING.0),
        ("void", TransferFlags::VOID_PENDING.0),
        ("bdr", TransferFlags::BALANCING_DEBIT.0),
        ("bcr", TransferFlags::BALANCING_CREDIT.0),
        ("closing_dr", TransferFlags::CLOSING_DEBIT.0),
        ("closing_cr", TransferFlags::CLOSING_CREDIT.0),
        ("imported", TransferFlags::IMPORTED.0),
    ];
    Transfer {
        id: Id(number(&step["id"])),
        debit_account_id: Id(number(&step["dr"])),
        credit_account_id: Id(number(&step["cr"])),
        amount: number(&step["amount"]),
        pending_id: Id(number(&step["pending_id"])),
        user_data_128: number(&step["ud128"]),
        user_data_64: u64::try_from(number(&step["ud64"])).unwrap(),
        user_data_32: u32::try_from(number(&step["ud32"])).unwrap(),
        timeout: u32::try_from(number(&step["timeout"])).unwrap(),
        ledger: u32::try_from(number(&step["ledger"])).unwrap(),
        code: u16::try_from(number(&step["code"])).unwrap(),
        flags: TransferFlags(flags(step, &names)),
        timestamp: instant(step, epoch),
        ..Transfer::default()
    }
    .into()
}

/// A timestamp of the table: it counts from zero, our clock from the last registration.
fn instant(step: &Value, epoch: i64) -> i64 {
    match number(&step["timestamp"]) {
        0 => 0,
        // What no instant can be is out of range in our type as well.
        timestamp => i64::try_from(timestamp).map_or(-1, |instant| instant.saturating_add(epoch)),
    }
}
