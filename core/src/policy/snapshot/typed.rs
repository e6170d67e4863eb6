//! Typed programs of a snapshot: what stands in their way, how they are found, and their tests.

use std::sync::Arc;

use super::Snapshot;
use crate::policy::bundle::{Bundle, BundleError};
use crate::policy::near::nearest;
use crate::policy::rego::{Foreign, Policy, Rules, Value};
use crate::policy::testing::{Test, TestOutcome};
use crate::policy::typed::Bundled;

impl Snapshot {
    /// The typed programs, by their files' names.
    ///
    /// ```
    /// use thalium::policy::Outcome;
    /// use thalium::policy::bundle::{Bundle, File};
    /// use thalium::policy::rego::{Request, Value};
    /// use thalium::policy::snapshot::Snapshot;
    ///
    /// let limits = r#"{"version": 1, "name": "limits", "default": "allow", "facts": {"amount": "units"},
    ///     "rules": [{"id": "limits/amount", "check": {"type": "amount", "fact": "amount", "max": ["18500"]}}]}"#;
    /// let snapshot = Snapshot::new(&Bundle::read(&[File::new("limits/typed.json", limits)], None)?)?;
    /// assert_eq!(snapshot.typed()[0].path(), "limits/verdict");
    /// let entry = snapshot.entry("limits/verdict")?;
    /// let input = r#"{"subject": {"tenant": "t"}, "resource": {"tenant": "t"}, "amount": 18501}"#;
    /// let input = Some(Value::from_json(input)?);
    /// let verdict = snapshot.decide(&entry, Request { input, ..Request::default() })?;
    /// assert_eq!((verdict.outcome, verdict.reasons[0].code), (Outcome::Deny, 2001));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn typed(&self) -> &[Arc<Bundled>] {
        &self.typed
    }

    /// Runs the tests of typed programs of which `wanted` says so by their names, in the order of files and places: `row` is a test's place in
    /// its file, from 1.
    ///
    /// A file `typed_test.json` or `typed_test.yaml` beside the program's has a list of them: `name`, `input`, `now` (a time), and `want` with
    /// the `outcome` and, where they matter, all `codes` of the reasons in their order. An input that gives no facts fails its test.
    #[must_use]
    pub fn test_typed(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Test> {
        let mut tests = Vec::new();
        for typed in &self.typed {
            let path = typed.path();
            for case in &typed.cases {
                let name = format!("{path}: {}", case.name);
                if !wanted(&name) {
                    continue;
                }
                let outcome = match case.fault(typed) {
                    None => TestOutcome::Passed,
                    Some(fault) => TestOutcome::Failed(vec![fault]),
                };
                tests.push(Test { name, file: case.file.clone(), row: case.place, outcome });
            }
        }
        tests
    }

    /// The program at a path.
    pub(super) fn typed_at(&self, keys: &[&str]) -> Option<&Arc<Bundled>> {
        self.typed.iter().find(|typed| typed.keys().eq(keys.iter().copied()))
    }

    /// A program below a path.
    pub(super) fn typed_below(&self, keys: &[&str]) -> Option<&Arc<Bundled>> {
        self.typed.iter().find(|typed| leads(keys.iter().copied(), typed.keys()))
    }

    /// The paths of programs that are perhaps meant by one that leads nowhere: those above and below, and those that are nearly called so.
    pub(super) fn typed_near(&self, keys: &[&str]) -> Vec<String> {
        let written = keys.join("/");
        let near = |typed: &&Arc<Bundled>| {
            leads(typed.keys(), keys.iter().copied())
                || leads(keys.iter().copied(), typed.keys())
                || typed.keys().last() == keys.last().copied()
                || nearest(&written, [typed.path().as_str()]).is_some()
        };
        self.typed.iter().filter(near).map(|typed| typed.path()).collect()
    }
}

/// Whether one path is the other's, or begins it.
pub(in crate::policy) fn leads<'a>(
    outer: impl ExactSizeIterator<Item = &'a str>,
    inner: impl ExactSizeIterator<Item = &'a str>,
) -> bool {
    outer.len() <= inner.len() && outer.zip(inner).all(|(a, b)| a == b)
}

/// The programs, as the bundle's rules have them beside them.
pub(super) fn foreign(bundle: &Bundle) -> Vec<Foreign> {
    let programs = bundle.typed().iter();
    let foreign = programs.map(|typed| Foreign {
        path: typed.keys().map(Value::from).collect(),
        file: typed.file().to_owned(),
    });
    foreign.collect()
}

/// No rule stands where a typed program answers.
pub(super) fn check(bundle: &Bundle, policy: &Policy) -> Result<(), BundleError> {
    for typed in bundle.typed() {
        if let Some(rules) = policy.rules().find(|rules| is_in_the_way(rules, typed)) {
            let file = rules.file.to_owned();
            let message = format!(
                "rule `{}` stands where {} answers, at `{}`: rename one",
                rules.name(),
                typed.file(),
                typed.path()
            );
            return Err(BundleError::File { file, message });
        }
    }
    Ok(())
}

fn is_in_the_way(rules: &Rules<'_>, typed: &Bundled) -> bool {
    // A key that is no text is at no program's path.
    rules.path.iter().zip(typed.keys()).all(|(key, own)| key.as_str() == Some(own))
}

#[cfg(test)]
#[path = "typed_properties.rs"]
mod properties;
#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
