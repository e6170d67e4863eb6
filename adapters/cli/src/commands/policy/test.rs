//! `thalium policy test`.

use clap::Args;
use thalium_host::wire::{PolicyTest, PolicyTestOutcome, PolicyTests};

use super::{AskedArgs, BundleArgs, answered, word};
use crate::failure::Failure;
use crate::output::Rows;
use crate::session::Global;

/// Run the tests of a bundle: its rules whose names begin with `test_`
#[derive(Args, Debug)]
#[command(after_help = "\
A test passes if it is true. A test with cases, such as test_limits[name], passes if every case is true.
Names that begin with `todo_test_` are skipped. Exit code 1: a test failed, or there is none.

With --coverage it is told which rows of the modules the tests ran, as `opa test --coverage` counts them.

Examples:
  thalium policy test policies/
  thalium policy test policies/ --coverage --threshold 90
  thalium policy test policies/ --only structuring")]
pub(crate) struct Test {
    #[command(flatten)]
    bundle: BundleArgs,
    /// Only the tests with this text in their names
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    only: String,
    /// Tell which rows of the modules they ran
    #[arg(long)]
    coverage: bool,
    /// Fail where fewer rows were run, in percent
    #[arg(long, value_name = "PERCENT", requires = "coverage", value_parser = clap::value_parser!(u32).range(0..=100))]
    threshold: Option<u32>,
    #[command(flatten)]
    asked: AskedArgs,
}

impl Test {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        let input = self.asked.text()?;
        let asked = self.asked.asked(input.as_deref());
        let told = if self.coverage {
            policy.test_covered(&self.only, &asked)?
        } else {
            policy.test(&self.only, &asked)?
        };
        let covered = told.coverage.as_ref().and_then(|coverage| coverage.basis_points);
        let is_enough = match self.threshold {
            Some(percent) => covered.is_none_or(|covered| covered >= percent * 100),
            None => true,
        };
        let is_good = told.failed == 0 && !told.tests.is_empty() && is_enough;
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
    if let Some(coverage) = &told.coverage {
        if output.json {
            output.json(&serde_json::json!({ "coverage": coverage }))?;
        } else {
            let mut table = Rows::new(&["module", ">covered", "rows that no test ran"]);
            for file in &coverage.files {
                let rows = file.not_covered.iter().map(|rows| match (rows.first, rows.last) {
                    (first, last) if first == last => first.to_string(),
                    (first, last) => format!("{first}-{last}"),
                });
                let rows: Vec<String> = rows.collect();
                table.push([file.file.clone(), percent(file.basis_points), rows.join(" ")]);
            }
            output.table(&table)?;
            output.line(format!("{} of the rows were run", percent(coverage.basis_points)))?;
        }
    }
    if !output.json {
        let PolicyTests { passed, failed, skipped, .. } = told;
        output.line(format!("{passed} passed, {failed} failed, {skipped} skipped"))?;
    }
    Ok(())
}

/// Hundredths of a percent, as percent.
fn percent(basis_points: Option<u32>) -> String {
    basis_points.map_or_else(|| "-".to_owned(), |of| format!("{}.{:02}%", of / 100, of % 100))
}
