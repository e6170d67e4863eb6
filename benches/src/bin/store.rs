//! What an operator waits for: opening, readers, hand-over, backup, each beside the bare limit of the machine.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use thalium::ledger::Book;
use thalium_benches::load::{BATCH, Batches, chart};
use thalium_benches::{Figure, median, millions, print};
use thalium_host::{Access, Options, Thalium, backup};

/// Opening, readers, hand-over and backup of a store
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Transfers in the store, in millions
    #[arg(long, default_value_t = 2)]
    millions: u64,
    /// Where the store is made
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let directory = tempfile::tempdir_in(&arguments.dir)?;
    let store = directory.path().join("store");
    let address = store.display().to_string();
    let mut batches = Batches::new(2_000_000);
    let count = (arguments.millions * 1_000_000).div_ceil(BATCH);
    let t = Thalium::open(&address)?;
    for request in chart() {
        t.wait(t.send_request(&request)?)?;
    }
    for _ in 0..count {
        t.wait(t.send_request(&batches.batch())?)?;
    }

    let reader =
        Thalium::open_with(&address, Options { access: Access::Read, ..Options::default() })?;
    let (mut fresh, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        let mut request = batches.batch();
        request.commands.truncate(1);
        t.wait(t.send_request(&request)?)?;
        let want = t.read(Book::event_count)?;
        let start = Instant::now();
        let seen = reader.read(Book::event_count)?;
        fresh.push(micros(start.elapsed()));
        if seen != want {
            return Err(
                format!("a reader saw {seen} events of {want} that were acknowledged").into()
            );
        }
        let start = Instant::now();
        reader.read(Book::event_count)?;
        idle.push(micros(start.elapsed()));
    }
    drop(reader);

    let copy = directory.path().join("copy");
    let start = Instant::now();
    let copied = backup(&store, &copy, None, &mut |_| ())?;
    let backed_up = millions(copied.copied, start.elapsed());
    let bare = bare_copy(&copy, &directory.path().join("bare"), copied.copied)?;

    let gap = hand_over(t, &address, &mut batches)?;
    let start = Instant::now();
    let opened = Thalium::open(&address)?;
    let opening = start.elapsed();
    let events = opened.read(Book::event_count)?;
    drop(opened);

    let figures = [
        Figure::at_most(
            "a reader sees what was just acknowledged, median",
            median(fresh),
            "µs",
            100_000.0,
        ),
        Figure::limit("  a reader asks when nothing is new, median", median(idle), "µs"),
        Figure::at_most(
            "hand-over to a waiting writer, from answer to answer",
            gap.as_secs_f64(),
            "s",
            1.0,
        ),
        Figure::limit("backup, every root checked", backed_up, "M events/s"),
        Figure::limit("  limit: the same bytes copied and synced", bare, "M events/s"),
        Figure::limit("  share of the limit", backed_up / bare, "of 1"),
        Figure::limit("opening after a clean close", millions(events, opening), "M events/s"),
    ];
    print(&figures, arguments.json);
    Ok(())
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// From the last answer of a writer that is told to end to the first of the one that waits for it.
fn hand_over(
    first: Thalium,
    address: &str,
    batches: &mut Batches,
) -> Result<Duration, Box<dyn Error>> {
    let options = Options { wait: Duration::from_secs(600), ..Options::default() };
    let waiting = {
        let address = address.to_owned();
        std::thread::spawn(move || Thalium::open_with(&address, options))
    };
    // The one that waits has to have read what there is, as it would in a rolling restart.
    let until = Instant::now() + Duration::from_secs(5);
    while Instant::now() < until {
        first.wait(first.send_request(&batches.batch())?)?;
    }
    let last = Instant::now();
    first.close()?;
    let second = waiting.join().map_err(|_| "the waiting writer panicked")??;
    second.wait(second.send_request(&batches.batch())?)?;
    let gap = last.elapsed();
    second.close()?;
    Ok(gap)
}

fn bare_copy(from: &Path, to: &Path, events: u64) -> Result<f64, Box<dyn Error>> {
    std::fs::create_dir_all(to)?;
    let start = Instant::now();
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        std::fs::copy(&path, &target)?;
        File::open(&target)?.sync_all()?;
    }
    Ok(millions(events, start.elapsed()))
}
