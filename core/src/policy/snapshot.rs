//! A snapshot: a bundle loaded, which never changes and answers for its revision.

mod typed;

use std::sync::Arc;

use super::bundle::{Bundle, BundleError, Contents, Manifest};
use super::rego::{Bindings, EvalError, LoadError, Policy, Query, Refused, Request, Value};
use super::typed::{Bundled, InputError};
use super::{Verdict, VerdictError};

pub(super) use typed::leads;

/// A bundle loaded.
///
/// ```
/// use thalium::policy::bundle::{Bundle, File};
/// use thalium::policy::rego::{Request, Value};
/// use thalium::policy::snapshot::Snapshot;
///
/// let files = [
///     File::new("aml/data.json", r#"{"large": "10000.00"}"#),
///     File::new("aml/aml.rego", "package aml\n\nis_large if to_number(input.amount) >= to_number(data.aml.large)\n"),
/// ];
/// let snapshot = Snapshot::new(&Bundle::read(&files, None)?)?;
/// let large = snapshot.entry("aml/is_large")?;
/// let asked = |amount: &str| Request {
///     input: Some(Value::object([("amount".into(), amount.into())])),
///     ..Request::default()
/// };
/// assert_eq!(snapshot.evaluate(&large, asked("10000"))?, Some(Value::Bool(true)));
/// assert_eq!(snapshot.evaluate(&large, asked("9999.99"))?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Snapshot {
    policy: Policy,
    data: Value,
    typed: Vec<Arc<Bundled>>,
    manifest: Manifest,
    contents: Arc<Contents>,
    digest: [u8; 32],
}

/// A path that is asked for, compiled for its snapshot: rules and documents under `data`, or a typed program.
#[derive(Debug)]
pub struct Entry {
    asked: Asked,
    path: String,
}

/// Who answers.
#[derive(Debug)]
enum Asked {
    Rego { query: Query, keys: Vec<Value> },
    Typed(Arc<Bundled>),
}

impl Entry {
    /// The query and the keys of the path, where rules and documents answer.
    pub(super) fn rego(&self) -> Option<(&Query, &[Value])> {
        if let Asked::Rego { query, keys } = &self.asked { Some((query, keys)) } else { None }
    }

    /// The path, as it was asked for.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The typed program that answers; none where rules or documents do.
    #[must_use]
    pub fn typed(&self) -> Option<&Bundled> {
        if let Asked::Typed(typed) = &self.asked { Some(typed) } else { None }
    }
}

/// Why a path or a query cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// There is neither a rule nor a document, nor a typed program.
    #[error("there is neither a rule nor a document at `{path}`{hint}")]
    Missing {
        /// The path.
        path: String,
        /// What was meant, perhaps.
        hint: String,
    },
    /// A typed program stands below: what Rego has there would lack its verdict, and nobody would notice.
    #[error(
        "the typed program `{typed}` stands below `{path}`, and answers at its own path only: ask for each"
    )]
    Above {
        /// The path.
        path: String,
        /// The program's path.
        typed: String,
    },
    /// The query is refused.
    #[error(transparent)]
    Query(#[from] LoadError),
}

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// The policy did not come to an end.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// What it answers is no verdict.
    #[error(transparent)]
    Verdict(#[from] VerdictError),
    /// The input gives a typed program no facts.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// The longest path.
const PATH: usize = 1024;

impl Snapshot {
    /// Of a bundle.
    ///
    /// # Errors
    ///
    /// A module is refused, stands outside of the bundle's roots, or has a rule where a document or a typed program stands, or one that reads
    /// what a typed program answers: Rego does not see it.
    pub fn new(bundle: &Bundle) -> Result<Self, BundleError> {
        let policy = Policy::load_beside(bundle.modules(), typed::foreign(bundle))
            .map_err(|error| told_of_document(error, bundle.data()))?;
        let (manifest, data) = (bundle.manifest().clone(), bundle.data().clone());
        for rule in policy.rules() {
            let file = || rule.file.to_owned();
            let path = rule.path.iter().map(|key| key.as_str().unwrap_or_default());
            if !manifest.owns(path) {
                let message = format!(
                    "`{}` is outside of what the bundle owns: {}",
                    rule.name(),
                    manifest.owned()
                );
                return Err(BundleError::File { file: file(), message });
            }
            if let Some(at) = document_in_the_way(&data, rule.path) {
                let message = format!(
                    "rule `{}` stands where the bundle has a document, {at}: rename one",
                    rule.name()
                );
                return Err(BundleError::File { file: file(), message });
            }
        }
        typed::check(bundle, &policy)?;
        let typed = bundle.typed().to_vec();
        let (contents, digest) = (Arc::clone(bundle.contents()), bundle.digest());
        Ok(Self { policy, data, typed, manifest, contents, digest })
    }

    /// The files that it was read from.
    pub(super) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The documents.
    #[must_use]
    pub const fn data(&self) -> &Value {
        &self.data
    }

    /// What the bundle says of itself.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bundle's [digest](Bundle::digest).
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// A path to ask for: `aml/verdict`, or `data.aml.verdict`.
    ///
    /// # Errors
    ///
    /// There is neither a rule nor a document, nor a typed program: a path that is written wrong would else be undefined for ever. Or typed
    /// programs stand below it.
    pub fn entry(&self, path: &str) -> Result<Entry, AskError> {
        let keys = keys_of(path);
        if path.len() > PATH {
            return Err(self.missing(path, &keys));
        }
        if let Some(typed) = self.typed_at(&keys) {
            let typed = Arc::clone(typed);
            return Ok(Entry { asked: Asked::Typed(typed), path: path.to_owned() });
        }
        let values: Vec<Value> = keys.iter().map(|key| Value::from(*key)).collect();
        let stored = values.iter().try_fold(&self.data, |value, key| value.get(key));
        if stored.is_none() && !self.policy.has(&values) {
            return Err(self.missing(path, &keys));
        }
        if let Some(typed) = self.typed_below(&keys) {
            return Err(AskError::Above { path: path.to_owned(), typed: typed.path() });
        }
        let asked = Asked::Rego { query: self.policy.query_of(&values)?, keys: values };
        Ok(Entry { asked, path: path.to_owned() })
    }

    fn missing(&self, path: &str, keys: &[&str]) -> AskError {
        let last = keys.last().copied().unwrap_or_default();
        let rules = self.policy.rules();
        let rules = rules.filter(|rule| rule.path.last().and_then(Value::as_str) == Some(last));
        let mut near: Vec<String> = self.typed_near(keys);
        near.extend(rules.map(|rule| rule.name()));
        near.dedup();
        near.truncate(3);
        let hint =
            if near.is_empty() { String::new() } else { format!("; there is {}", near.join(", ")) };
        let path = path.chars().take(128).collect();
        AskError::Missing { path, hint }
    }

    /// All ways in which a query of the snapshot's [policy](Snapshot::policy) holds for a request, whose documents are replaced by the
    /// snapshot's.
    ///
    /// # Errors
    ///
    /// As [`Policy::run`].
    pub fn run(&self, query: &Query, request: Request) -> Result<Vec<Bindings>, EvalError> {
        self.policy.run(query, &Request { data: self.data.clone(), ..request })
    }

    /// What stands at a path for a request, whose documents are replaced by the snapshot's; none if it is undefined. Of a typed program it is
    /// its verdict; an input that gives it no facts is denied there, with a reason that says why.
    ///
    /// # Errors
    ///
    /// As [`Policy::run`].
    pub fn evaluate(&self, entry: &Entry, request: Request) -> Result<Option<Value>, EvalError> {
        let query = match &entry.asked {
            Asked::Rego { query, .. } => query,
            Asked::Typed(typed) => return Ok(Some(typed.answer(&request))),
        };
        self.evaluate_watched(query, request, None)
    }

    /// The verdict that stands at a path; where it is undefined, a denial that says so. A rule such as `allow` that answers `true` allows, and denies
    /// where it is `false`.
    ///
    /// # Errors
    ///
    /// As [`Policy::run`], or what the policy answers is no verdict, or the input gives a typed program no facts. An error is no verdict:
    /// whoever asked must deny.
    pub fn decide(&self, entry: &Entry, request: Request) -> Result<Verdict, DecideError> {
        if let Asked::Typed(typed) = &entry.asked {
            return Ok(typed.decide(request.input.as_ref(), request.now_ns)?);
        }
        match self.evaluate(entry, request)? {
            Some(Value::Bool(holds)) => Ok(Verdict::of_rule(&entry.path, holds)),
            Some(value) => Ok(Verdict::from_rego(&value)?),
            None => Ok(Verdict::missing(&entry.path)),
        }
    }
}

/// The keys of a path: `aml/verdict`, or `data.aml.verdict`.
fn keys_of(path: &str) -> Vec<&str> {
    match path.strip_prefix("data.") {
        Some(rest) => rest.split('.').collect(),
        None => path.trim_matches('/').split('/').collect(),
    }
}

/// The one way to write a path: `aml/verdict`, however it was written.
#[must_use]
pub fn canonical_path(path: &str) -> String {
    keys_of(path).join("/")
}

/// A rule that reads the document of its own name reads itself: who wrote it is told so.
fn told_of_document(mut error: LoadError, data: &Value) -> LoadError {
    let name = error.message.split('`').nth(1).and_then(|name| name.strip_prefix("data."));
    let document =
        name.and_then(|name| name.split('.').try_fold(data, |value, key| value.get_str(key)));
    if error.kind == Refused::Recursion && document.is_some() {
        error
            .message
            .push_str("; the bundle has a document of that name, which it hides: rename one");
    }
    error
}

/// A document at a path, or what is no object on the way there: either would hide the other.
pub(super) fn document_in_the_way(data: &Value, path: &[Value]) -> Option<&'static str> {
    let mut value = data;
    for key in path {
        if value.as_object().is_none() {
            return Some("which is no object, above it");
        }
        value = value.get(key)?;
    }
    Some("at its path")
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
