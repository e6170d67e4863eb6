//! `thalium policy test`.

use clap::Args;
use thalium_host::wire::{PolicyTest, PolicyTestOutcome, PolicyTests};

use super::{AskedArgs, BundleArgs, answered, word};
use crate::failure::Failure;
use crate::session::Global;

/// Run the tests of a bundle: its rules whose names begin with `test_`
#[derive(Args, Debug)]
#[command(after_help = "\
A test passes if it is true. A test with cases, such as test_limits[name], passes if every case is true.
Names that begin with `todo_test_` are skipped. Exit code 1: a test failed, or there is none.

Examples:
  thalium policy test policies/
  thalium policy test policies/ --only structuring")]
pub(crate) struct Test {
    #[command(flatten)]
    bundle: BundleArgs,
    /// Only the tests with this text in their names
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    only: String,
    #[command(flatten)]
    asked: AskedArgs,
}

impl Test {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        let input = self.asked.text()?;
        let told = policy.test(&self.only, &self.asked.asked(input.as_deref()))?;
        let is_good = told.failed == 0 && !told.tests.is_empty();
        answered(tell(global, &told), is_good)
    }
}

fn tell(global: &Global, told: &PolicyTests) -> Result<(), Failure> {
    let output = global.output();
    for PolicyTest { name, outcome, why, file, row } in &told.tests {
        if output.json {
            output.json(&serde_json::json!({
                "test": name, "outcome": outcome, "why": why, "file": file, "row": row,
            }))?;
        } else if *outcome != PolicyTestOutcome::Passed {
            let why = why.as_ref().map_or_else(String::new, |why| format!("  {why}"));
            output.line(format!("{}  {file}:{row}  {name}{why}", word(outcome)))?;
        }
    }
    if !output.json {
        let PolicyTests { passed, failed, skipped, .. } = told;
        output.line(format!("{passed} passed, {failed} failed, {skipped} skipped"))?;
    }
    Ok(())
}
