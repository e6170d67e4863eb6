//! Decisions on record: how many a second by the wall clock, and what plain syncs of the same disk take.

use std::error::Error;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

use thalium_host::policy::rego::Value;
use thalium_host::wire::OpenPolicy;
use thalium_host::{DecideOnRecord, LoadPolicy, Thalium};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Bytes of a block: the least that the journal of decisions writes.
const BLOCK: usize = 4096;

/// A ledger at an address that decides by one module.
///
/// # Errors
/// The ledger or the module.
pub fn ledger(address: &str, module: &str) -> Result<Thalium> {
    let t = Thalium::open(address)?;
    let files = Some([("module.rego".to_owned(), module.to_owned())].into());
    let bundle = OpenPolicy { files, ..OpenPolicy::default() };
    t.load_policy(&LoadPolicy { bundle, ..LoadPolicy::default() })
        .map_err(|failure| failure.message)?;
    Ok(t)
}

/// Decides so many times, the inputs one after the other, each put on record before the next.
///
/// # Errors
/// The ledger or the policy.
pub fn decide(t: &Thalium, path: &str, inputs: &[Value], count: usize) -> Result<()> {
    let call = DecideOnRecord { path: path.to_owned(), ..DecideOnRecord::default() };
    for input in inputs.iter().cycle().take(count) {
        std::hint::black_box(t.decide_on_record(&call, Some(input.clone()))?);
    }
    Ok(())
}

/// Decisions a second of so many threads, each of which decides so many times and waits for each to be durable.
///
/// # Errors
/// The ledger or the policy.
pub fn rate(
    t: &Thalium,
    path: &str,
    inputs: &[Value],
    threads: usize,
    count: usize,
) -> Result<f64> {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let work = || decide(t, path, inputs, count).map_err(|error| error.to_string());
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        started.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| "a thread that decides has panicked".to_owned())?
        })
    })?;
    Ok((threads * count) as f64 / start.elapsed().as_secs_f64())
}

/// Blocks a second that are written and synced one after another to a file that has its length already, as the journal does it.
///
/// # Errors
/// The disk.
pub fn syncs(directory: &Path, count: usize) -> Result<f64> {
    let file = File::create(directory.join("bare"))?;
    let block = [7_u8; BLOCK];
    let places = || (0..count).map(|n| (n * BLOCK) as u64);
    for at in places() {
        file.write_all_at(&[0_u8; BLOCK], at)?;
    }
    file.sync_all()?;
    let start = Instant::now();
    for at in places() {
        file.write_all_at(&block, at)?;
        file.sync_data()?;
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}
