//! Tests of policies, as `opa test` has them: rules whose names begin with `test_`.

use super::rego::{EvalError, Observer, Query, Request, RuleKind, Rules, Value};
use super::snapshot::{AskError, Snapshot};

/// What became of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// It is true; of several cases, all are.
    Passed,
    /// It is something else or undefined; of several cases, these are not true.
    Failed(Vec<String>),
    /// It came to no end.
    Error(EvalError),
    /// It is yet to be done: its name begins with `todo_test_`.
    Skipped,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its name, such as `data.aml_test.test_structuring`.
    pub name: String,
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
    /// What became of it.
    pub outcome: TestOutcome,
}

impl Snapshot {
    /// Runs the tests of which `wanted` says so by their names, in the order of files and rows. `asked` is with what each is asked: a test
    /// that needs an input or another instant says so itself, by `with`.
    ///
    /// # Errors
    ///
    /// None that a policy can cause: a test's path is its own.
    pub fn test(
        &self,
        wanted: &dyn Fn(&str) -> bool,
        asked: &Request,
    ) -> Result<Vec<Test>, AskError> {
        self.test_watched(wanted, asked, None)
    }

    /// As [`Snapshot::test`]; an observer is told what happens.
    pub(super) fn test_watched(
        &self,
        wanted: &dyn Fn(&str) -> bool,
        asked: &Request,
        mut observer: Option<&mut dyn Observer>,
    ) -> Result<Vec<Test>, AskError> {
        let mut tests = Vec::new();
        for rules in self.policy().rules() {
            let last = rules.path.last().and_then(Value::as_str).unwrap_or_default();
            let skips = last.starts_with("todo_test_");
            let is_test = (last.starts_with("test_") || skips) && rules.kind != RuleKind::Function;
            let name = rules.name();
            if !is_test || !wanted(&name) {
                continue;
            }
            let outcome = if skips {
                TestOutcome::Skipped
            } else {
                match &mut observer {
                    Some(observer) => self.outcome(&rules, asked, Some(&mut **observer))?,
                    None => self.outcome(&rules, asked, None)?,
                }
            };
            tests.push(Test { name, file: rules.file.to_owned(), row: rules.row, outcome });
        }
        tests.sort_by(|a, b| (&a.file, a.row, &a.name).cmp(&(&b.file, b.row, &b.name)));
        Ok(tests)
    }

    fn outcome(
        &self,
        rules: &Rules<'_>,
        asked: &Request,
        observer: Option<&mut dyn Observer>,
    ) -> Result<TestOutcome, AskError> {
        if rules.kind == RuleKind::Partial && rules.always_true {
            // A case whose body does not hold would only be missing.
            return Ok(TestOutcome::Failed(vec![UNTOLD.to_owned()]));
        }
        let query = self.policy().query_of(rules.path)?;
        Ok(match self.evaluate_watched(&query, asked.clone(), observer) {
            Err(error) => TestOutcome::Error(error),
            Ok(Some(Value::Bool(true))) => TestOutcome::Passed,
            Ok(Some(Value::Object(cases))) if !cases.is_empty() => {
                let mut failed = Vec::new();
                cases.iter().for_each(|(key, value)| untrue(label(key), value, &mut failed));
                if failed.is_empty() { TestOutcome::Passed } else { TestOutcome::Failed(failed) }
            }
            Ok(_) => TestOutcome::Failed(Vec::new()),
        })
    }
}

impl Snapshot {
    /// What a query of one variable answers; an observer is told what happens.
    pub(super) fn evaluate_watched(
        &self,
        query: &Query,
        request: Request,
        observer: Option<&mut dyn Observer>,
    ) -> Result<Option<Value>, EvalError> {
        let request = Request { data: self.data().clone(), ..request };
        let ways = self.policy().run_watched(query, &request, observer)?;
        Ok(ways.into_iter().flatten().next().map(|(_, value)| value))
    }
}

/// What is told of cases without a value of their own.
const UNTOLD: &str =
    "a case has no value that could be false: write `test_x[case] := holds if { …; holds := … }`";

/// The cases that are not true, those within cases by both names.
fn untrue(name: String, value: &Value, failed: &mut Vec<String>) {
    match value {
        Value::Bool(true) => {}
        Value::Object(cases) if !cases.is_empty() => {
            cases
                .iter()
                .for_each(|(key, value)| untrue(format!("{name}/{}", label(key)), value, failed));
        }
        _ => failed.push(name),
    }
}

/// A case's name.
fn label(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_json(), str::to_owned)
}

#[cfg(test)]
#[path = "testing_tests.rs"]
mod tests;
