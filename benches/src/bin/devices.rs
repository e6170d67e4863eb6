//! What customers' devices cost: the back end's sync beside the same posts submitted, and an intent beside a bare file.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Parser;
use thalium_benches::{Figure, median, print};
use thalium_host::{
    Account, Command, Device, Follow, Intent, Post, SyncCall, SyncRequest, Thalium,
};

/// What customers' devices cost
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Requests of devices
    #[arg(long, default_value_t = 500)]
    requests: usize,
    /// Where the store is made
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// Intents in a request.
const INTENTS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let directory = tempfile::tempdir_in(&arguments.dir)?;
    let t = Thalium::open(&directory.path().join("books").display().to_string())?;
    t.submit(&[
        Account::asset("bank:ZAR", "ZAR").into(),
        Account::liability("clients:ZAR", "ZAR").into(),
        Account::liability("c1:ZAR", "ZAR").parent("clients:ZAR").into(),
        Account::liability("c2:ZAR", "ZAR").parent("clients:ZAR").into(),
        Post::new("dep", "bank:ZAR", "c1:ZAR", "1000000.00").into(),
    ])?;
    let post = |key: String| Command::from(Post::new(key, "c1:ZAR", "c2:ZAR", "0.01"));
    let (mut submitted, mut synced, mut polled) = (Vec::new(), Vec::new(), Vec::new());
    let mut after = None;
    // Turn by turn: the disk of a shared machine is not the same from one minute to the next.
    for request in 0..arguments.requests {
        let posts: Vec<_> = (0..INTENTS).map(|n| post(format!("s{request}-{n}"))).collect();
        let start = Instant::now();
        t.submit(&posts)?;
        submitted.push(micros(start));

        let intents = (0..INTENTS).map(|n| Intent {
            made_at: "2026-01-30T09:59:00Z".to_owned(),
            command: post(format!("d{request}-{n}")),
        });
        let follow = |after| vec![Follow { account: "c1:ZAR".to_owned(), after }];
        let mut call = SyncCall {
            customer: "c1".to_owned(),
            accounts: vec!["c1:ZAR".to_owned()],
            payees: vec!["clients:ZAR".to_owned()],
            request: SyncRequest {
                intents: intents.collect(),
                accounts: follow(after),
                ..SyncRequest::default()
            },
            ..SyncCall::default()
        };
        let start = Instant::now();
        let reply = t.sync(&call)?;
        synced.push(micros(start));
        assert!(reply.outcomes.iter().all(|one| one.outcome.ok), "every post is good");
        after = reply.accounts.first().and_then(|news| news.entries.last()).map(|e| e.sequence);

        call.request = SyncRequest { accounts: follow(after), ..SyncRequest::default() };
        let start = Instant::now();
        t.sync(&call)?;
        polled.push(micros(start));
    }

    let device = Device::open(&directory.path().join("device").display().to_string())?;
    let (mut kept, mut bare) = (Vec::new(), Vec::new());
    for n in 0..arguments.requests {
        let start = Instant::now();
        device.intend(post(format!("i{n}")))?;
        kept.push(micros(start));
        let start = Instant::now();
        write(directory.path(), n)?;
        bare.push(micros(start));
    }

    let (submitted, synced) = (median(submitted), median(synced));
    let (kept, bare) = (median(kept), median(bare));
    print(
        &[
            Figure::limit(format!("{INTENTS} posts submitted, durable"), submitted, "µs"),
            Figure::at_most(
                format!("a sync of {INTENTS} intents with their entries"),
                synced,
                "µs",
                2.0 * submitted,
            ),
            Figure::limit("a sync that brings and finds nothing new", median(polled), "µs"),
            Figure::limit("a file written, synced and renamed", bare, "µs"),
            Figure::at_most("an intent kept", kept, "µs", 1.5 * bare),
        ],
        arguments.json,
    );
    Ok(())
}

/// As little as makes a file of some 400 bytes durable under its name.
fn write(folder: &Path, n: usize) -> std::io::Result<()> {
    let (temporary, name) = (folder.join("bare.tmp"), folder.join(format!("bare-{n}")));
    let mut file = File::create(&temporary)?;
    file.write_all(&[7; 400])?;
    file.sync_data()?;
    fs::rename(temporary, name)?;
    File::open(folder)?.sync_all()
}

fn micros(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e6
}
