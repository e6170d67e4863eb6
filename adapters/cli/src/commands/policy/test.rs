//! `thalium policy test`.

use clap::Args;
use thalium_host::policy::testing::{Test as Tested, TestOutcome};

use super::{AskedArgs, BundleArgs, answered};
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
        let tests =
            policy.test(&|name| name.contains(&self.only), &self.asked.asked(input.as_deref()))?;
        let is_bad =
            |test: &&Tested| matches!(test.outcome, TestOutcome::Failed(_) | TestOutcome::Error(_));
        let is_good = !tests.is_empty() && !tests.iter().any(|test| is_bad(&test));
        answered(tell(global, &tests), is_good)
    }
}

fn tell(global: &Global, tests: &[Tested]) -> Result<(), Failure> {
    let output = global.output();
    let (mut passed, mut failed, mut skipped) = (0_usize, 0_usize, 0_usize);
    for test in tests {
        let (outcome, why) = match &test.outcome {
            TestOutcome::Passed => ("passed", None),
            TestOutcome::Failed(cases) if cases.is_empty() => ("failed", None),
            TestOutcome::Failed(cases) => {
                ("failed", Some(format!("not true: {}", cases.join(", "))))
            }
            TestOutcome::Error(error) => ("error", Some(error.to_string())),
            TestOutcome::Skipped => ("skipped", None),
        };
        *match outcome {
            "passed" => &mut passed,
            "skipped" => &mut skipped,
            _ => &mut failed,
        } += 1;
        if output.json {
            output.json(&serde_json::json!({
                    "test": test.name, "outcome": outcome, "why": why, "file": test.file, "row": test.row,
                }))?;
        } else if outcome != "passed" {
            let why = why.map_or_else(String::new, |why| format!("  {why}"));
            output.line(format!("{outcome}  {}:{}  {}{why}", test.file, test.row, test.name))?;
        }
    }
    if !output.json {
        output.line(format!("{passed} passed, {failed} failed, {skipped} skipped"))?;
    }
    Ok(())
}
