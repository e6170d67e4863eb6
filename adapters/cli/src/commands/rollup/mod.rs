//! `thalium rollup`: trades in, candles out.

mod chart;
mod define;
mod ingest;
mod picture;
mod read;
mod typed;
mod watch;

use clap::Subcommand;

use crate::failure::Failure;
use crate::session::Global;

/// Put trades in, and get candles out: of every level, exactly, also where a trade was late or wrong
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Example:
  thalium rollup define klines --zone Africa/Johannesburg --price-scale 2
  thalium rollup ingest klines trades.csv --symbol BTC-USD
  thalium rollup query klines BTC-USD 1m
  thalium rollup plot klines BTC-USD 1m candles.svg")]
pub(crate) enum Rollup {
    Define(define::Define),
    Drop(define::Drop),
    List(define::List),
    Ingest(ingest::Ingest),
    Query(read::Query),
    Symbols(read::Symbols),
    Changes(read::Changes),
    Watch(watch::Watch),
    Export(read::Export),
    Plot(read::Plot),
}

/// A price or a quantity to be drawn: what is drawn is rounded to where it stands.
fn number(text: &str) -> f64 {
    text.parse().unwrap_or(0.0)
}

impl Rollup {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Define(args) => args.run(global),
            Self::Drop(args) => args.run(global),
            Self::List(args) => args.run(global),
            Self::Ingest(args) => args.run(global),
            Self::Query(args) => args.run(global),
            Self::Symbols(args) => args.run(global),
            Self::Changes(args) => args.run(global),
            Self::Watch(args) => args.run(global),
            Self::Export(args) => args.run(global),
            Self::Plot(args) => args.run(global),
        }
    }
}
