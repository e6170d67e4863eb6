//! `thalium rollup define | drop | list`.

use clap::Args;
use thalium_host::api::rollup::{DefineRollup, LateView, RollupView};

use crate::commands::{close, named, pair};
use crate::failure::Failure;
use crate::output::{Rows, bar, count};
use crate::session::Global;

/// Define a rollup, or define one anew: then it is built again from all its trades, and takes the old one's place
#[derive(Args, Debug)]
#[command(after_help = "\
A width is a whole number and a unit: s, m (minutes), h, d, w, M (months), q, y.

Examples:
  thalium rollup define klines
  thalium rollup define klines --level 1m --level 1h --level 1d --zone Africa/Johannesburg --keep 1m=30d
  thalium rollup define weekly --of klines --level 1d --level 1w
  thalium rollup define sundays --of klines --level 1d --level 1w --origin 2000-01-02
  thalium rollup define futures --of klines --level 1h --level 1d --zone America/New_York --offset=-7h")]
pub(crate) struct Define {
    /// Its name: a-z, 0-9, `-`, `_` and `.`
    name: String,
    /// Make it of the trades of this rollup
    #[arg(long, value_name = "ROLLUP")]
    of: Option<String>,
    /// A width of buckets, the finest first; repeat it [default: 1m 5m 15m 1h 4h 1d 1w 1M]
    #[arg(long = "level", value_name = "WIDTH")]
    levels: Vec<String>,
    /// Begin buckets by the clocks of this zone, such as Africa/Johannesburg [default: UTC]
    #[arg(long)]
    zone: Option<String>,
    /// Count buckets from what these clocks show: a day, or a time without a zone [default: 2000-01-03, a Monday; months from 2000-01]
    #[arg(long, value_name = "DAY")]
    origin: Option<String>,
    /// Begin buckets so much later, or earlier: days from 17:00 to 17:00 are moved by -7h
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    offset: Option<String>,
    /// How far the watermark is behind the newest trade; 0s for not at all [default: 5s]
    #[arg(long, value_name = "TIME")]
    delay: Option<String>,
    /// What becomes of trades whose bucket is closed: refuse, merge or correct [default: correct]
    #[arg(long, value_name = "POLICY", value_parser = named::<LateView>)]
    late: Option<LateView>,
    /// For how long after the end of their bucket they are taken in [default: 1h]
    #[arg(long, value_name = "TIME")]
    horizon: Option<String>,
    /// Keep the buckets of a level for a time, as in 1m=30d; repeat it [default: for ever]
    #[arg(long, value_name = "WIDTH=TIME", value_parser = pair)]
    keep: Vec<(String, String)>,
    /// Digits of prices behind the point [default: 8]
    #[arg(long, value_name = "DIGITS")]
    price_scale: Option<u8>,
    /// Digits of quantities behind the point [default: 8]
    #[arg(long, value_name = "DIGITS")]
    quantity_scale: Option<u8>,
}

impl Define {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open()?;
        let asked = DefineRollup {
            name: self.name.clone(),
            of: self.of.clone(),
            levels: Some(self.levels.clone()).filter(|levels| !levels.is_empty()),
            zone: self.zone.clone(),
            origin: self.origin.clone(),
            offset: self.offset.clone(),
            delay: self.delay.clone(),
            late: self.late,
            horizon: self.horizon.clone(),
            keep: Some(self.keep.iter().cloned().collect()),
            price_scale: self.price_scale,
            quantity_scale: self.quantity_scale,
        };
        let mut progress = None;
        let defined = thalium.define_rollup_telling(&asked, &mut |done, of| {
            progress.get_or_insert_with(|| bar(of, "building")).set_position(done);
        });
        if let Some(progress) = progress {
            progress.finish_and_clear();
        }
        let defined = defined?;
        close(thalium);
        let output = global.output();
        if output.json {
            return output.json(&defined);
        }
        let trades = count(defined.trades);
        output.line(format!("{}  version {}  {trades} trades", defined.name, defined.version))
    }
}

/// Take a rollup away, with its trades
#[derive(Args, Debug)]
pub(crate) struct Drop {
    /// The rollup
    name: String,
}

impl Drop {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open()?;
        thalium.drop_rollup(&self.name)?;
        close(thalium);
        let output = global.output();
        if output.json {
            return output.json(&serde_json::json!({ "ok": true, "dropped": self.name }));
        }
        output.line(format!("{}  dropped", self.name))
    }
}

/// List the rollups
#[derive(Args, Debug)]
pub(crate) struct List {}

impl List {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let rollups = global.open_to_read()?.list_rollups()?;
        let output = global.output();
        if output.json {
            return rollups.iter().try_for_each(|rollup| output.json(rollup));
        }
        if rollups.is_empty() {
            return output.line("no rollups: thalium rollup define klines");
        }
        let mut table = Rows::new(&[
            "rollup", ">version", "of", "levels", "zone", "late", ">symbols", ">trades",
        ]);
        for rollup in rollups {
            let late = late(&rollup);
            table.push([
                rollup.name,
                rollup.version.to_string(),
                rollup.of.unwrap_or_default(),
                rollup.levels.join(" "),
                rollup.zone.unwrap_or_else(|| "UTC".to_owned()),
                late,
                count(rollup.symbols),
                count(rollup.trades),
            ]);
        }
        output.table(&table)
    }
}

fn late(rollup: &RollupView) -> String {
    let policy = match rollup.late {
        LateView::Refuse => "refuse",
        LateView::Merge => "merge",
        LateView::Correct => "correct",
    };
    rollup.horizon.as_ref().map_or_else(|| policy.to_owned(), |time| format!("{policy} {time}"))
}
