//! A long history: sustained writing with parts and images made beside it, opening, and questions to what is old

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::collections::VecDeque;
use std::error::Error;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use thalium::Id;
use thalium::ledger::query::{AccountFilter, Dates, QueryFilter};
use thalium_benches::load::{
    ACCOUNTS, BATCH, Batches, DAYS_BACK, EPOCH_DAY, Random, chart_of, client,
};
use thalium_benches::{Figure, cpu_time, median, millions, print};
use thalium_host::{KeyText, Keys, Options, Thalium};

/// Batches that are under way at a time.
const UNDER_WAY: usize = 8;
const QUESTIONS: usize = 2_000;

/// A long history: sustained writing, opening, and questions to what is old
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Transfers in the history, in millions
    #[arg(long, default_value_t = 10)]
    millions: u64,
    /// Accounts between which they are
    #[arg(long, default_value_t = ACCOUNTS)]
    accounts: u64,
    /// Ids that say nothing of the time
    #[arg(long)]
    random_ids: bool,
    /// Encrypted at rest
    #[arg(long)]
    encrypted: bool,
    /// Where the ledger is made
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// What writing the history took.
struct Written {
    rate: f64,
    cpu: f64,
    worst: f64,
    ids: Vec<Id>,
    count: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let directory = tempfile::tempdir_in(&arguments.dir)?;
    let ledger = directory.path().join("ledger");
    let address = ledger.display().to_string();
    let key = arguments.encrypted.then(KeyText::generate).transpose()?;
    let keys = key.map(|key| Arc::new(key) as Arc<dyn Keys>);
    let options = Options { keys, ..Options::default() };
    let batches = || {
        let batches = Batches::of(arguments.accounts, 2_000_000);
        if arguments.random_ids { batches.with_random_ids() } else { batches }
    };
    let t = Thalium::open_with(&address, options.clone())?;
    for request in chart_of(arguments.accounts) {
        t.wait(t.send_request(&request)?)?;
    }
    let count = (arguments.millions * 1_000_000).div_ceil(BATCH);
    let written = write(&t, batches(), count)?;
    let making = making(batches(), count.min(200));
    let anonymous = anonymous_memory()?;
    let closing = Instant::now();
    t.close()?;
    let closing = closing.elapsed();
    let disk = disk(&ledger)? as f64 / written.count as f64;

    let opening = Instant::now();
    let t = Thalium::open_with(&address, options.clone())?;
    let opening = opening.elapsed();
    let opened = anonymous_memory()?;
    let spared = t.opened().recovery.from_image as f64 / t.opened().recovery.events as f64;
    // Once as the system's cache happens to be, and once more when it has what is asked for.
    let (cold_by_id, cold_newest) = (by_id(&t, &written.ids)?, newest(&t, arguments.accounts)?);
    let (by_id, newest) = (by_id(&t, &written.ids)?, newest(&t, arguments.accounts)?);
    let dated = by_date(&t)?;
    let (own, bare) = (latency(&t, batches())?, bare_latency(directory.path())?);

    let per = |bytes: u64| bytes as f64 / written.count as f64;
    let sustained = if arguments.random_ids { "sustained, random ids" } else { "sustained" };
    let figures = [
        Figure::target(sustained, written.rate, "M transfers/s", 1.0),
        Figure::at_most("  CPU of all threads", written.cpu - making, "µs a transfer", 0.8),
        Figure::limit("  of it not counted: making the batches", making, "µs a transfer"),
        Figure::at_most("  longest pause of a batch", written.worst, "ms", 20.0),
        Figure::at_most(
            "memory a stored transfer, all that is not shared",
            per(anonymous),
            "bytes",
            24.0,
        ),
        Figure::limit("  the same after opening", per(opened), "bytes"),
        Figure::at_most("disk a stored transfer, with indexes", disk, "bytes", 230.0),
        Figure::limit("closing", closing.as_secs_f64(), "s"),
        Figure::at_most("opening", opening.as_secs_f64(), "s", 2.0),
        Figure::limit("  share of the events that an image spared", spared, "of 1"),
        Figure::at_most("a transfer by its id, warm, median", by_id, "µs", 10.0),
        Figure::limit("  as the cache is after writing", cold_by_id, "µs"),
        Figure::at_most("the newest 100 of an account, warm, median", newest, "µs", 200.0),
        Figure::limit("  as the cache is after writing", cold_newest, "µs"),
        Figure::limit("the transfers dated on one day of the past, median", dated, "µs"),
        Figure::at_most(
            "one transfer, durable, over a bare 4 KiB fdatasync",
            own / bare,
            "times",
            1.3,
        ),
        Figure::limit("  one transfer, durable, median", own, "µs"),
        Figure::limit("  limit: 4 KiB written and synced, median", bare, "µs"),
    ];
    print(&figures, arguments.json);
    Ok(())
}

fn write(t: &Thalium, mut batches: Batches, count: u64) -> Result<Written, Box<dyn Error>> {
    let (start, cpu) = (Instant::now(), cpu_time());
    let (mut under_way, mut worst, mut ids) = (VecDeque::new(), Duration::ZERO, Vec::new());
    let every = (count * BATCH / 10_000).max(1);
    let mut done = 0;
    for _ in 0..count {
        let request = batches.batch();
        for (n, command) in (done..).zip(&request.commands) {
            if let thalium::Command::Transfer(transfer) = command
                && n % every == 0
            {
                ids.push(transfer.id);
            }
        }
        let sent = Instant::now();
        under_way.push_back(t.send_request(&request)?);
        worst = worst.max(sent.elapsed());
        done += BATCH;
        if under_way.len() > UNDER_WAY
            && let Some(ticket) = under_way.pop_front()
        {
            t.wait(ticket)?;
        }
    }
    for ticket in under_way {
        t.wait(ticket)?;
    }
    let count = t.read(thalium::ledger::Book::transfer_count)?;
    Ok(Written {
        rate: millions(done, start.elapsed()),
        cpu: micros(cpu_time().saturating_sub(cpu)) / done as f64,
        worst: worst.as_secs_f64() * 1e3,
        ids,
        count,
    })
}

/// CPU time of making the batches themselves, in µs a transfer.
fn making(mut batches: Batches, count: u64) -> f64 {
    let cpu = cpu_time();
    for _ in 0..count {
        std::hint::black_box(batches.batch());
    }
    micros(cpu_time().saturating_sub(cpu)) / (count * BATCH) as f64
}

fn by_id(t: &Thalium, ids: &[Id]) -> Result<f64, Box<dyn Error>> {
    let mut random = Random(7);
    let mut times = Vec::new();
    for _ in 0..QUESTIONS {
        let at = usize::try_from(random.number() % ids.len() as u64)?;
        let id = ids.get(at).copied().unwrap_or_default();
        let start = Instant::now();
        if t.read(|book| book.transfer(id))?.is_none() {
            return Err(format!("transfer {id} is not found").into());
        }
        times.push(micros(start.elapsed()));
    }
    Ok(median(times))
}

fn newest(t: &Thalium, accounts: u64) -> Result<f64, Box<dyn Error>> {
    let mut random = Random(8);
    let mut times = Vec::new();
    for _ in 0..QUESTIONS / 2 {
        let id = client(random.number() % accounts);
        let filter = AccountFilter { limit: 100, reversed: true, ..AccountFilter::of(id) };
        let start = Instant::now();
        let found = t.read(|book| book.account_transfers(&filter))?;
        times.push(micros(start.elapsed()));
        std::hint::black_box(found);
    }
    Ok(median(times))
}

/// The transfers that are dated on one day of the past, of which the log's time knows nothing.
fn by_date(t: &Thalium) -> Result<f64, Box<dyn Error>> {
    let mut random = Random(9);
    let mut times = Vec::new();
    for _ in 0..QUESTIONS / 20 {
        let day = i32::try_from(EPOCH_DAY - 1 - random.number() % DAYS_BACK)?;
        let dates = Dates { first: day, last: day };
        let filter = QueryFilter { dates, limit: 100, ..QueryFilter::default() };
        let start = Instant::now();
        let found = t.read(|book| book.query_transfers(&filter))?;
        times.push(micros(start.elapsed()));
        if found.iter().any(|record| record.transfer.date() != day) {
            return Err(format!("a transfer of another day is found on day {day}").into());
        }
    }
    Ok(median(times))
}

fn latency(t: &Thalium, mut batches: Batches) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::new();
    // Transfers that the history does not know: those of the load in the order of another rate have the same ids.
    for command in batches.batch().commands.into_iter().take(400) {
        let thalium::Command::Transfer(mut transfer) = command else { continue };
        transfer.id = thalium_host::new_id();
        let start = Instant::now();
        t.wait(t.send(vec![transfer.into()])?)?;
        times.push(micros(start.elapsed()));
    }
    Ok(median(times))
}

/// A sector written into a file that is as long already, and synced.
fn bare_latency(dir: &Path) -> Result<f64, Box<dyn Error>> {
    let file = File::create(dir.join("bare"))?;
    file.write_all_at(&vec![0; 4 << 20], 0)?;
    file.sync_all()?;
    let mut times = Vec::new();
    for n in 0..400 {
        let start = Instant::now();
        file.write_all_at(&[7; 4096], n * 4096)?;
        file.sync_data()?;
        times.push(micros(start.elapsed()));
    }
    Ok(median(times))
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Bytes of the ledger's files, but for the segment that is prewritten for later.
fn disk(ledger: &Path) -> Result<u64, Box<dyn Error>> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(ledger)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with("prepared") {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

/// Bytes of memory that this process has for itself alone.
fn anonymous_memory() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).unwrap_or("0");
    Ok(kib.parse::<u64>()? * 1024)
}
