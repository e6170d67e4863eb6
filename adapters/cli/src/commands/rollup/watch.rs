//! `thalium rollup watch`: what becomes of a rollup, as it happens.

use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use clap::Args;
use thalium_host::api::rollup::{ChangeQuery, ChangeView, KlineQuery};
use thalium_host::rollup::Width;
use thalium_host::{Thalium, time};

use super::read::state;
use crate::failure::Failure;
use crate::output::{Output, money, note, one_line};
use crate::session::Global;

/// Show the buckets of a rollup as they are closed and changed, beside whoever writes it; ends with Ctrl-C
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  thalium rollup watch klines --symbol BTC-USD --width 1m")]
pub(crate) struct Watch {
    /// The rollup
    rollup: String,
    /// Of this symbol alone
    #[arg(long)]
    symbol: Option<String>,
    /// Of this width alone
    #[arg(long, value_parser = str::parse::<Width>)]
    width: Option<Width>,
    /// How often to look, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 500, value_parser = clap::value_parser!(u64).range(10..=3_600_000))]
    every: u64,
    /// End after so many changes
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Begin with the first change that is kept, and not with the next
    #[arg(long)]
    from_start: bool,
}

impl Watch {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let (stop, stopped) = sync_channel::<()>(1);
        ctrlc::set_handler(move || {
            let _ = stop.try_send(());
        })
        .map_err(Failure::usage)?;
        let ask = |after| {
            let rollup = self.rollup.clone();
            thalium.rollup_changes(&ChangeQuery { rollup, after: Some(after), limit: Some(10_000) })
        };
        let (mut after, mut version) = (0, ask(0)?.version);
        if !self.from_start {
            // From behind the newest on.
            while let page = ask(after)?
                && page.next > after
            {
                after = page.next;
            }
        }
        let mut left = self.limit.unwrap_or(u64::MAX);
        loop {
            let page = ask(after)?;
            if page.version != version {
                note("the rollup was defined anew: its changes begin again");
                (after, version) = (0, page.version);
                continue;
            }
            if page.lost > 0 {
                note(format!("{} changes were not seen in time", page.lost));
            }
            after = page.next;
            let wanted = page.changes.iter().filter(|change| self.is_wanted(change));
            for change in wanted {
                if left == 0 {
                    return Ok(());
                }
                left -= 1;
                self.tell(&thalium, global.output(), change)?;
            }
            if left == 0 {
                return Ok(());
            }
            match stopped.recv_timeout(Duration::from_millis(self.every)) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => return Ok(()),
            }
        }
    }

    fn is_wanted(&self, change: &ChangeView) -> bool {
        self.symbol.as_ref().is_none_or(|symbol| *symbol == change.symbol)
            && self.width.is_none_or(|width| change.width.as_ref() == Some(&width.to_string()))
    }

    /// Tells a change, of a bucket with its candle as it is now.
    fn tell(&self, thalium: &Thalium, output: Output, change: &ChangeView) -> Result<(), Failure> {
        let mut kline = None;
        if let (Some(width), Some(start)) = (&change.width, &change.start) {
            let query = KlineQuery {
                rollup: self.rollup.clone(),
                symbol: change.symbol.clone(),
                width: width.clone(),
                from: Some(start.clone()),
                to: time::parse_instant(start).map(|start| start.saturating_add(1).to_string()),
                limit: Some(1),
                fill: false,
            };
            // A rollup that was defined anew may have no such level any more.
            kline = thalium.klines(&query).ok().and_then(|page| page.klines.into_iter().next());
        }
        if output.json {
            return output.json(&serde_json::json!({ "change": change, "kline": kline }));
        }
        let ChangeView { kind, symbol, width, start, at, cause, .. } = change;
        let place = start.as_ref().or(at.as_ref()).map_or("", String::as_str);
        let width = width.as_deref().unwrap_or_default();
        let told = kline.map_or_else(
            || cause.clone().unwrap_or_default(),
            |kline| {
                let [open, high, low, close] =
                    [&kline.open, &kline.high, &kline.low, &kline.close].map(|text| money(text));
                let volume = money(&kline.volume);
                let state = state(&kline);
                format!("O {open}  H {high}  L {low}  C {close}  V {volume}  {state}")
            },
        );
        output.line(one_line(format!("{kind:8}{symbol}  {width:4}{place}  {told}").trim_end()))
    }
}
