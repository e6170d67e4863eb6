//! `thalium kyc case log` and `thalium kyc replay`.

use clap::Args;
use thalium_host::{CaseEntry, CaseLogQuery, OpenSealed};

use super::look;
use crate::commands::{answered, close, page_of};
use crate::failure::Failure;
use crate::output::{Rows, count};
use crate::session::Global;

/// How many are read at a time.
const PAGE: u32 = 1_000;

/// Tell what happened to cases, the oldest first: who, when, what, and in which order
#[derive(Args, Debug)]
#[command(after_help = "\
With --json each entry is a line, and `steps` has all that happened in the chart: guards with what they read, states, effects. It is an outbox as
well: go on with --after NUMBER of the last one. What is about a party is sealed, and is opened for a reason that is recorded: --why.

Examples:
  thalium kyc case log case-7
  thalium kyc case log --after 1204 --json
  thalium kyc case log case-7 --why 'complaint 12' --actor auditor-1 --json")]
pub(crate) struct Log {
    /// Only what happened to this case [default: to all, with kinds and the register of staff]
    case: Option<String>,
    /// Only what stands behind the entry with this number
    #[arg(long, value_name = "NUMBER")]
    after: Option<u64>,
    /// How many at most [default: all]
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
    /// Open what is sealed, for this reason: it is recorded who read what
    #[arg(long, value_name = "REASON")]
    why: Option<String>,
}

impl Log {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        // Each reading of what is sealed is written down.
        let thalium = if self.why.is_some() { global.open()? } else { global.open_to_read()? };
        let open = self.why.clone().map(|why| OpenSealed { why, ..OpenSealed::default() });
        let (mut after, mut left) = (self.after, self.limit.unwrap_or(u64::MAX));
        let mut table = Rows::new(&[">number", "at", "who", "what", "case", "asked"]);
        let output = global.output();
        while left > 0 {
            let query = CaseLogQuery {
                case: self.case.clone(),
                after,
                limit: Some(page_of(left, PAGE)),
                open: open.clone(),
            };
            let page = thalium.case_log(&query)?;
            left = left.saturating_sub(page.entries.len() as u64);
            for entry in &page.entries {
                if output.json {
                    output.json(entry)?;
                } else {
                    table.push(row(entry));
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if self.why.is_some() {
            close(thalium);
        }
        if output.json {
            return Ok(());
        }
        output.listed(&table, false, "nothing happened that fits")
    }
}

fn row(entry: &CaseEntry) -> [String; 6] {
    let asked = match (&entry.asked, &entry.withheld) {
        (Some(asked), _) => asked.clone(),
        (None, Some(why)) => format!("({why})"),
        (None, None) if entry.sealed => "(sealed)".to_owned(),
        (None, None) => String::new(),
    };
    let case = entry.case.clone().unwrap_or_default();
    [
        entry.number.to_string(),
        entry.at.clone(),
        entry.actor.clone(),
        entry.what.clone(),
        case,
        asked,
    ]
}

/// Decide all cases once more from their log: everything has to come to the same, to the byte
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 1: something comes to something else.

Example:
  thalium kyc replay")]
pub(crate) struct Replay {}

impl Replay {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let replayed = look(global, |thalium| Ok(thalium.replay_cases()?))?;
        let output = global.output();
        if output.json {
            return answered(output.json(&replayed), replayed.same);
        }
        let mut table = Rows::new(&[">fact", "case", ">change", "what"]);
        for it in &replayed.differences {
            let (fact, version) = (it.fact.to_string(), it.version.to_string());
            table.push([fact, it.case.clone(), version, it.what.clone()]);
        }
        let told = if table.is_empty() { Ok(()) } else { output.table(&table) };
        let forgotten = match replayed.subject_forgotten {
            0 => String::new(),
            number => format!("  {} of those who were forgotten", count(number)),
        };
        let told = told.and_then(|()| {
            output.line(format!(
                "{}  {} changes of {} cases{forgotten}  digest {}",
                if replayed.same { "the same" } else { "not the same" },
                count(replayed.changes),
                count(replayed.cases),
                replayed.digest,
            ))
        });
        answered(told, replayed.same)
    }
}
