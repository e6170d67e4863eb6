//! Transfers a second: in memory by CPU time, durable by the wall clock, each beside the bare limit of the machine.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::collections::VecDeque;
use std::error::Error;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use clap::Parser;
use thalium::pages::{Chunk, Pages};
use thalium::{Engine, Executed, Genesis, Request};
use thalium_benches::load::{ACCOUNTS, BATCH, Batches, chart_of};
use thalium_benches::{Figure, cpu_time, median, millions, print};
use thalium_host::{KeyText, Keys, LargePages, Options, Thalium};

/// Bytes of a plain transfer's event.
const EVENT_LEN: usize = 112;

/// Transfers a second: in memory by CPU time, durable by the wall clock
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Transfers of a run, in millions
    #[arg(long, default_value_t = 4)]
    millions: u64,
    /// Accounts between which they are
    #[arg(long, default_value_t = ACCOUNTS)]
    accounts: u64,
    /// Runs; the median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// One part alone
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Where the durable runs write
    #[arg(long, default_value = ".")]
    dir: std::path::PathBuf,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Part {
    Memory,
    Durable,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let count = (arguments.millions * 1_000_000).div_ceil(BATCH);
    let accounts = arguments.accounts;
    let mut batches = Batches::of(accounts, 2_000_000);
    let requests: Vec<Request> = (0..count).map(|_| batches.batch()).collect();
    let mut figures = Vec::new();
    if arguments.only != Some(Part::Durable) {
        let used = Recycled::default();
        let (mut memory, mut fresh, mut bare, mut bare_fresh) = (vec![], vec![], vec![], vec![]);
        // The first run brings the memory into use; it is not counted.
        in_memory(accounts, &requests, Arc::new(used.clone()))?;
        for _ in 0..arguments.runs {
            memory.push(in_memory(accounts, &requests, Arc::new(used.clone()))?);
            bare.push(bare_memory(&requests, &used));
            fresh.push(in_memory(accounts, &requests, Arc::new(LargePages::default()))?);
            bare_fresh.push(bare_memory(&requests, &LargePages::default()));
        }
        let (memory, bare) = (median(memory), median(bare));
        // With a million accounts each transfer waits for memory several times.
        let target = if accounts < 1_000_000 { 10.0 } else { 2.5 };
        let (fresh, bare_fresh) = (median(fresh), median(bare_fresh));
        figures.extend([
            Figure::target("in memory, decided and encoded", memory, "M transfers/CPU-s", target),
            Figure::limit("  limit: the events written, nothing decided", bare, "M events/CPU-s"),
            Figure::limit("  share of the limit", memory / bare, "of 1"),
            Figure::limit("  the same into fresh memory", fresh, "M transfers/CPU-s"),
            Figure::limit(
                "  limit: the events written to fresh memory",
                bare_fresh,
                "M events/CPU-s",
            ),
        ]);
    }
    if arguments.only != Some(Part::Memory) {
        let (mut durable, mut sealed, mut disk, mut hashing) = (vec![], vec![], vec![], vec![]);
        for _ in 0..arguments.runs {
            hashing.push(bare_hashing(&requests));
            durable.push(on_disk(accounts, &requests, &arguments.dir, None)?);
            let keys: Arc<dyn Keys> = Arc::new(KeyText::generate()?);
            sealed.push(on_disk(accounts, &requests, &arguments.dir, Some(keys))?);
            disk.push(bare_disk(count, &arguments.dir)?);
        }
        let (durable, sealed, disk) = (median(durable), median(sealed), median(disk));
        figures.extend([
            Figure::target("durable, hashed and synced", durable, "M transfers/s", 4.0),
            Figure::limit(
                "  limit: blocks of the same bytes written and synced",
                disk,
                "M events/s",
            ),
            Figure::limit("  limit: the tree alone, one thread", median(hashing), "M events/CPU-s"),
            Figure::limit("  share of the disk's limit", durable / disk, "of 1"),
            Figure::limit("the same, encrypted at rest", sealed, "M transfers/s"),
            Figure::limit("  share of what is not encrypted", sealed / durable, "of 1"),
        ]);
    }
    print(&figures, arguments.json);
    Ok(())
}

/// Memory that was in use before: what is dropped is given out again, so that the system's work for fresh memory is not
/// measured as the ledger's.
#[derive(Clone, Debug, Default)]
struct Recycled(Arc<Mutex<Vec<Returned>>>);

struct Returned(Box<dyn Chunk>);

struct Lent(Option<Box<dyn Chunk>>, Recycled);

impl std::fmt::Debug for Returned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.bytes().len())
    }
}

impl Pages for Recycled {
    fn chunk(&self, len: usize) -> Box<dyn Chunk> {
        let used = self.0.lock().ok().and_then(|mut returned| returned.pop());
        let chunk = used.map_or_else(|| LargePages::default().chunk(len), |returned| returned.0);
        Box::new(Lent(Some(chunk), self.clone()))
    }
}

impl Chunk for Lent {
    fn bytes(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |chunk| chunk.bytes())
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self.0.as_mut().map_or(&mut [], |chunk| chunk.bytes_mut())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(chunk), Ok(mut returned)) = (self.0.take(), self.1.0.lock()) {
            returned.push(Returned(chunk));
        }
    }
}

fn in_memory(
    accounts: u64,
    requests: &[Request],
    pages: Arc<dyn Pages>,
) -> Result<f64, Box<dyn Error>> {
    let mut engine = Engine::new_in(pages, Genesis::default());
    for request in chart_of(accounts) {
        engine.execute(&request)?;
    }
    let mut executed = Executed::default();
    let (cpu, mut done) = (cpu_time(), 0);
    for request in requests {
        engine.execute_into(request, &mut executed)?;
        done += executed.outcomes.len() as u64;
    }
    let rate = millions(done, cpu_time() - cpu);
    Ok(rate)
}

/// What writing events of that size costs.
fn bare_memory(requests: &[Request], pages: &dyn Pages) -> f64 {
    let (cpu, mut done) = (cpu_time(), 0_u64);
    let mut event = [0_u8; EVENT_LEN];
    let mut log = Vec::new();
    let transfers = requests.iter().flat_map(|request| &request.commands);
    let mut transfers = transfers.filter_map(|command| match command {
        thalium::Command::Transfer(transfer) => Some(transfer),
        _ => None,
    });
    let mut first = transfers.next();
    while first.is_some() {
        let mut chunk = pages.chunk(16 << 20);
        for (to, transfer) in chunk
            .bytes_mut()
            .chunks_exact_mut(EVENT_LEN)
            .zip(first.take().into_iter().chain(&mut transfers))
        {
            event[32..48].copy_from_slice(&transfer.id.0.to_be_bytes());
            event[80..96].copy_from_slice(&transfer.amount.to_le_bytes());
            to.copy_from_slice(&event);
            done += 1;
        }
        log.push(std::hint::black_box(chunk));
        first = transfers.next();
    }
    millions(done, cpu_time() - cpu)
}

fn bare_hashing(requests: &[Request]) -> f64 {
    let mut tree = thalium::audit::merkle::MerkleTree::default();
    let event = [7_u8; EVENT_LEN];
    let count = requests.len() as u64 * BATCH / 8;
    let cpu = cpu_time();
    for _ in 0..count {
        tree.push(&event);
    }
    std::hint::black_box(tree.root());
    millions(count, cpu_time() - cpu)
}

fn on_disk(
    accounts: u64,
    requests: &[Request],
    dir: &std::path::Path,
    keys: Option<Arc<dyn Keys>>,
) -> Result<f64, Box<dyn Error>> {
    let directory = tempfile::tempdir_in(dir)?;
    let options = Options { keys, ..Options::default() };
    let t = Thalium::open_with(&directory.path().display().to_string(), options)?;
    for request in chart_of(accounts) {
        let ticket = t.send_request(&request)?;
        t.wait(ticket)?;
    }
    let (start, mut done) = (Instant::now(), 0);
    let mut under_way = VecDeque::new();
    for request in requests {
        under_way.push_back(t.send_request(request)?);
        if under_way.len() > 8
            && let Some(ticket) = under_way.pop_front()
        {
            done += t.wait(ticket)?.len() as u64;
        }
    }
    for ticket in under_way {
        done += t.wait(ticket)?.len() as u64;
    }
    let rate = millions(done, start.elapsed());
    Ok(rate)
}

/// Blocks of as many bytes, appended and synced one after another.
fn bare_disk(count: u64, dir: &std::path::Path) -> Result<f64, Box<dyn Error>> {
    let directory = tempfile::tempdir_in(dir)?;
    let file = File::create(directory.path().join("bare"))?;
    let block =
        vec![7_u8; (usize::try_from(BATCH)? * EVENT_LEN * 512 / 496).next_multiple_of(4096)];
    let start = Instant::now();
    for n in 0..count {
        file.write_all_at(&block, n * block.len() as u64)?;
        file.sync_data()?;
    }
    Ok(millions(count * BATCH, start.elapsed()))
}
