//! Typed programs of a snapshot: what stands in their way, how they are found, and their tests.

use std::fmt::Write as _;
use std::sync::Arc;

use super::Snapshot;
use crate::policy::bundle::{Bundle, BundleError};
use crate::policy::near::nearest;
use crate::policy::rego::{Dialect, LoadError, Module, Policy, Refused, RuleKind, Rules, Value};
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

/// No rule stands where a typed program answers, and none reads it.
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
    // One circle tells that there is one; which program closes it is only looked for then.
    if reader(bundle, policy, bundle.typed())?.is_some() {
        for typed in bundle.typed() {
            if let Some(error) = reader(bundle, policy, std::slice::from_ref(typed))? {
                return Err(BundleError::Policy(told(error, typed)));
            }
        }
    }
    Ok(())
}

fn is_in_the_way(rules: &Rules<'_>, typed: &Bundled) -> bool {
    // A key that is no text is at no program's path.
    rules.path.iter().zip(typed.keys()).all(|(key, own)| key.as_str() == Some(own))
}

/// The error of a rule that needs the value at a program's path, if one does.
///
/// The engine knows which rules need which, and refuses those that come to need themselves. So a rule is put at the program's path that needs
/// all others: it closes a circle with each of those that read it, by its name or with all that stands beside it, and with no other.
fn reader(
    bundle: &Bundle,
    policy: &Policy,
    programs: &[Arc<Bundled>],
) -> Result<Option<LoadError>, BundleError> {
    let mut all = String::new();
    for rules in policy.rules().filter(|rules| rules.kind != RuleKind::Function) {
        let keys: String = rules.path.iter().map(|key| format!("[{}]", key.to_json())).collect();
        _ = writeln!(all, "if data{keys}");
    }
    if all.is_empty() {
        return Ok(None);
    }
    let mut probes: Vec<(&str, String)> = Vec::new();
    let mut bodies = all;
    for typed in programs {
        let keys: Vec<String> = typed.keys().map(|key| Value::from(key).to_json()).collect();
        let Some((name, package)) = keys.split_last() else { continue };
        let name = name.trim_matches('"');
        let mut text = "package ".to_owned();
        for (at, key) in package.iter().enumerate() {
            // The first is a name, which stands alone.
            text.push_str(&if at == 0 {
                key.trim_matches('"').to_owned()
            } else {
                format!("[{key}]")
            });
        }
        text.push('\n');
        bodies.lines().for_each(|body| _ = writeln!(text, "{name} {body}"));
        probes.push((typed.file(), text));
        // What needs the first one needs all.
        if probes.len() == 1 {
            bodies = format!(
                "if data{}\n",
                keys.iter().map(|key| format!("[{key}]")).collect::<String>()
            );
        }
    }
    let probed = probes.iter().map(|(file, text)| Module { file, text, dialect: Dialect::V1 });
    match Policy::load_modules(bundle.modules().chain(probed)) {
        Ok(_) => Ok(None),
        Err(error) if error.kind == Refused::Recursion => Ok(Some(error)),
        Err(error) => {
            let file = error.file.to_string();
            let message = format!("cannot be told from the bundle's rules: {}", error.message);
            Err(BundleError::File { file, message })
        }
    }
}

/// The error, as it is told.
fn told(error: LoadError, typed: &Bundled) -> LoadError {
    let rule = error.message.split('`').nth(1).unwrap_or_default();
    let path = typed.path();
    let message = format!(
        "`{rule}` reads the value at `{path}`, itself or through others, by its name or with all that stands beside it; there {} answers, which \
         Rego does not see: ask for `{path}` as well, and join the verdicts",
        typed.file()
    );
    LoadError { kind: Refused::Unsupported, message, ..error }
}

#[cfg(test)]
#[path = "typed_properties.rs"]
mod properties;
#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
