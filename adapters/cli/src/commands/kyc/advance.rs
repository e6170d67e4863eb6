//! `thalium kyc advance`.

use clap::Args;
use thalium_host::AdvanceCases;

use super::cases::{effects, nanos, refused};
use crate::commands::{answered, close};
use crate::failure::Failure;
use crate::output::count;
use crate::session::Global;

/// How many cases change at a time.
const PAGE: u32 = 10_000;

/// Let time pass for all cases: timers, deadlines of queues and documents, overrides that end
#[derive(Args, Debug)]
#[command(after_help = "\
What is due happens in the order in which it is due; what the host is to do then is told, and stands in the log of the cases. Run it every minute or so.
With --json each thousands of cases are a line.
Exit code 1: a case refused; it stands as it was, and is due still.

Example:
  thalium kyc advance --actor clock")]
pub(crate) struct Advance {
    /// How many cases change at most [default: all that are due]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: Option<u32>,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
}

impl Advance {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let limit = Some(self.limit.unwrap_or(PAGE));
        let call = AdvanceCases { limit, actor: None, now: nanos(self.now) };
        let thalium = global.open()?;
        let output = global.output();
        let mut changed = 0_u64;
        let (left, told) = loop {
            let advanced = thalium.advance_cases(&call)?;
            changed += advanced.changed;
            let told = if output.json {
                output.json(&advanced)
            } else {
                effects(output, "", &advanced.effects)
            };
            let is_last = !advanced.more || advanced.changed == 0 || self.limit.is_some();
            if is_last || told.is_err() {
                break (advanced, told);
            }
        };
        close(thalium);
        let told = told.and_then(|()| {
            if output.json {
                return Ok(());
            }
            left.refused.iter().try_for_each(|one| output.line(refused(one)))?;
            let more = if left.more { "  more are due" } else { "" };
            output.line(format!("{} cases changed{more}", count(changed)))
        });
        answered(told, left.refused.is_empty())
    }
}
