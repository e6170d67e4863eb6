//! Policies: a bundle is opened once, and answers by the clock of the host.

mod error;
mod files;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use thalium::policy::Verdict;
use thalium::policy::bundle::{Bundle, File, SignatureKey, is_meant};
use thalium::policy::diff::{Diff, diff};
use thalium::policy::rego::{BYTES, Bindings, Query, Request, STEPS, Value};
use thalium::policy::snapshot::{Entry, Snapshot};

pub use self::error::PolicyError;
pub use self::files::{bundle_files, pack_bundle};
use crate::clock::Clock;
use crate::handle::new_seed;

/// The largest input, in bytes of JSON.
pub const INPUT_BYTES: usize = 16 << 20;

/// How many paths are kept compiled.
const ENTRIES: usize = 1024;

/// A policy that answers.
///
/// ```
/// use thalium_host::{Asked, Policy};
/// use thalium::policy::bundle::File;
///
/// let module = "package access\n\nallow if \"teller\" in input.roles\n";
/// let policy = Policy::of(&[File::new("access.rego", module)], None)?;
/// let asked = Asked { input: Some(r#"{"roles": ["teller"]}"#), ..Asked::default() };
/// assert_eq!(policy.evaluate("access/allow", &asked)?.unwrap().to_json(), "true");
/// # Ok::<(), thalium_host::PolicyError>(())
/// ```
#[derive(Debug)]
pub struct Policy {
    snapshot: Snapshot,
    entries: RwLock<HashMap<String, Arc<Entry>>>,
}

/// With what a policy is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The input: JSON, whose numbers are read exactly.
    pub input: Option<&'a str>,
    /// The instant, in nanoseconds since 1970; by default that of the clock.
    pub now: Option<i64>,
    /// What chance follows from; by default it is drawn.
    pub seed: Option<u64>,
    /// Whether errors of built-in functions end the evaluation, instead of making the expression undefined.
    pub strict: bool,
    /// The most steps.
    pub steps: u64,
    /// The most bytes.
    pub bytes: u64,
}

impl Default for Asked<'_> {
    fn default() -> Self {
        Self { input: None, now: None, seed: None, strict: false, steps: STEPS, bytes: BYTES }
    }
}

impl Asked<'_> {
    pub(crate) fn request(&self) -> Result<Request, PolicyError> {
        let input = match self.input {
            Some(json) if json.len() > INPUT_BYTES => return Err(PolicyError::InputTooLarge),
            Some(json) => Some(Value::from_json_strict(json).map_err(PolicyError::Input)?),
            None => None,
        };
        Ok(Request {
            input,
            data: Value::object([]),
            now_ns: self.now.unwrap_or_else(|| Clock::default().now()),
            seed: self.seed.unwrap_or_else(new_seed),
            strict: self.strict,
            steps: self.steps,
            bytes: self.bytes,
        })
    }
}

impl Policy {
    /// Opens the bundle at a path: a directory, an archive (`.tar.gz`), or one module. With keys, it must be signed by one of them.
    ///
    /// # Errors
    /// What is there cannot be read, is not signed as it must be, or is refused; the error says where.
    pub fn open(
        path: impl AsRef<Path>,
        keys: Option<&[SignatureKey]>,
    ) -> Result<Self, PolicyError> {
        let files = bundle_files(path.as_ref())?;
        if !files.iter().any(|file| is_meant(&file.name)) {
            // Another directory was meant, or nothing is mounted there.
            let path = path.as_ref().display().to_string();
            let source = std::io::Error::other("holds no module, no document and no manifest");
            return Err(PolicyError::Read { path, source });
        }
        Self::of(&files, keys)
    }

    /// Of a bundle's files.
    ///
    /// # Errors
    /// As [`Policy::open`].
    pub fn of(files: &[File<'_>], keys: Option<&[SignatureKey]>) -> Result<Self, PolicyError> {
        let snapshot = Snapshot::new(&Bundle::read(files, keys)?)?;
        Ok(Self { snapshot, entries: RwLock::default() })
    }

    /// What was loaded.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What changes from this version to another.
    #[must_use]
    pub fn diff(&self, to: &Self) -> Diff {
        diff(&self.snapshot, &to.snapshot)
    }

    /// The verdict at a path, such as `aml/verdict`; where it is undefined, a denial that says so.
    ///
    /// # Errors
    /// A path that leads nowhere, an input that is no JSON, a policy that comes to no answer, or to one that is no verdict. An error is
    /// no verdict: whoever asked must deny.
    pub fn decide(&self, path: &str, asked: &Asked<'_>) -> Result<Verdict, PolicyError> {
        let entry = self.entry(path)?;
        Ok(self.snapshot.decide(&entry, asked.request()?)?)
    }

    /// What stands at a path; none if it is undefined.
    ///
    /// # Errors
    /// As [`Policy::decide`], but for verdicts.
    pub fn evaluate(&self, path: &str, asked: &Asked<'_>) -> Result<Option<Value>, PolicyError> {
        let entry = self.entry(path)?;
        Ok(self.snapshot.evaluate(&entry, asked.request()?)?)
    }

    /// All ways in which a query holds, such as `data.aml.limits[level] > 100`.
    ///
    /// # Errors
    /// As [`Policy::evaluate`], or a query that is refused.
    pub fn query(&self, text: &str, asked: &Asked<'_>) -> Result<Vec<Bindings>, PolicyError> {
        let query = self.compiled(text)?;
        Ok(self.snapshot.run(&query, asked.request()?)?)
    }

    pub(crate) fn compiled(&self, query: &str) -> Result<Query, PolicyError> {
        self.snapshot.policy().query(query).map_err(PolicyError::Query)
    }

    /// A path compiled, once for all who ask for it.
    pub(crate) fn entry(&self, path: &str) -> Result<Arc<Entry>, PolicyError> {
        let known = self.entries.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(entry) = known {
            return Ok(entry);
        }
        let entry = Arc::new(self.snapshot.entry(path)?);
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() < ENTRIES {
            entries.insert(path.to_owned(), Arc::clone(&entry));
        }
        Ok(entry)
    }
}

#[cfg(test)]
#[path = "policies_tests.rs"]
mod tests;
