//! `.manifest`: what a bundle says of itself.

use super::error::{BundleError, refuse};
use crate::policy::rego::{Dialect, Value};

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The name of this version.
    pub revision: String,
    /// The paths under `data` that the bundle owns, such as `aml/limits`; an empty path is all of it.
    pub roots: Vec<String>,
    /// What else its author noted, as it stands there.
    pub metadata: Value,
    dialect: Dialect,
    /// Globs of module names, and their dialects.
    dialects: Vec<(String, Dialect)>,
}

/// Without a manifest a bundle owns everything.
impl Default for Manifest {
    fn default() -> Self {
        Self {
            revision: String::new(),
            roots: vec![String::new()],
            metadata: Value::object([]),
            dialect: Dialect::V1,
            dialects: Vec::new(),
        }
    }
}

pub(super) const FILE: &str = ".manifest";

/// The most roots, and the most dialects of single modules.
const ENTRIES: usize = 1024;

/// The longest revision.
const REVISION: usize = 256;

/// For each name the places of the globs that match it.
const MATCHES: &str = r#"[matches |
    some name in input.names
    matches := [at | some at, pattern in input.globs; glob.match(pattern, ["/"], name)]
]"#;

fn wrong(field: &str, why: &str) -> BundleError {
    refuse(FILE, format_args!("`{field}` {why}"))
}

impl Manifest {
    pub(super) fn read(value: &Value) -> Result<Self, BundleError> {
        let Some(fields) = value.as_object() else { return Err(refuse(FILE, "is no object")) };
        let mut manifest = Self::default();
        for (key, value) in fields.iter() {
            match key.as_str().unwrap_or_default() {
                "revision" => {
                    let text = value.as_str().filter(|text| text.len() <= REVISION);
                    let text =
                        text.ok_or_else(|| wrong("revision", "is no text of at most 256 bytes"))?;
                    manifest.revision = text.to_owned();
                }
                "roots" => manifest.roots = roots(value)?,
                "metadata" => manifest.metadata = value.clone(),
                "rego_version" => manifest.dialect = dialect("rego_version", value)?,
                "file_rego_versions" => {
                    let pairs = value.as_object().filter(|pairs| pairs.len() <= ENTRIES);
                    let pairs = pairs.ok_or_else(|| {
                        wrong("file_rego_versions", "is no object of at most 1024 globs")
                    })?;
                    for (glob, version) in pairs.iter() {
                        let glob = glob.as_str().unwrap_or_default();
                        let version = dialect("file_rego_versions", version)?;
                        manifest.dialects.push((glob.to_owned(), version));
                    }
                }
                "wasm" if value.is_empty() => {}
                "wasm" => {
                    let why = "names WebAssembly, which this engine does not run: build the bundle with its Rego";
                    return Err(wrong("wasm", why));
                }
                other => {
                    let shown: String = other.chars().take(64).collect();
                    let why = "is unknown: a manifest has revision, roots, rego_version, \
                        file_rego_versions, metadata and wasm";
                    return Err(wrong(&shown, why));
                }
            }
        }
        Ok(manifest)
    }

    /// The dialects of modules by their names: that of the first glob that matches, or else the bundle's.
    pub(super) fn dialects_of(&self, names: &[&str]) -> Result<Vec<Dialect>, BundleError> {
        if self.dialects.is_empty() {
            return Ok(vec![self.dialect; names.len()]);
        }
        // One question for all, so that its budget bounds what many globs and many modules take.
        let globs = self.dialects.iter().map(|(glob, _)| Value::from(glob.trim_start_matches('/')));
        let texts = names.iter().map(|name| Value::from(*name));
        let input = [("globs", Value::array(globs)), ("names", Value::array(texts))];
        let input = Value::object(input.map(|(key, texts)| (key.into(), texts)));
        let answer = super::engine::ask(MATCHES, input, 0);
        let answer = answer.map_err(|error| wrong("file_rego_versions", &error))?;
        let dialect = |matches: &Value| {
            let first =
                matches.as_array().and_then(|matches| matches.first()?.as_number()?.to_usize());
            let glob = first.and_then(|first| self.dialects.get(first));
            glob.map_or(self.dialect, |(_, dialect)| *dialect)
        };
        Ok(answer.as_array().unwrap_or_default().iter().map(dialect).collect())
    }

    /// The documents stand under the roots.
    pub(super) fn check_data(&self, data: &Value) -> Result<(), BundleError> {
        let mut path = Vec::new();
        match self.stray(data, &mut path) {
            None => Ok(()),
            Some(path) => {
                let why =
                    format_args!("does not permit data at `{path}`: it owns {}", self.owned());
                Err(refuse(FILE, why))
            }
        }
    }

    /// The first path of the documents that is under no root.
    fn stray<'v>(&self, value: &'v Value, path: &mut Vec<&'v str>) -> Option<String> {
        if self.owns(path.iter().copied()) {
            return None;
        }
        let outer = |root: &String| {
            let root = root.split('/').filter(|part| !part.is_empty());
            root.zip(path.iter()).all(|(a, b)| a == *b)
        };
        // Above a root stand only the objects that lead there.
        let leads = self.roots.iter().any(outer);
        let pairs = value.as_object().filter(|_| leads);
        let Some(pairs) = pairs else { return Some(path.join("/")) };
        for (key, value) in pairs.iter() {
            path.push(key.as_str().unwrap_or_default());
            if let Some(stray) = self.stray(value, path) {
                return Some(stray);
            }
            path.pop();
        }
        None
    }

    /// Whether a path is under a root.
    pub(crate) fn owns<'a>(&self, path: impl Iterator<Item = &'a str> + Clone) -> bool {
        self.roots.iter().any(|root| {
            let mut path = path.clone();
            root.split('/').filter(|part| !part.is_empty()).all(|part| path.next() == Some(part))
        })
    }

    /// The roots, for people.
    pub(crate) fn owned(&self) -> String {
        let roots: Vec<String> =
            self.roots.iter().take(8).map(|root| format!("`{root}`")).collect();
        roots.join(", ")
    }
}

fn roots(value: &Value) -> Result<Vec<String>, BundleError> {
    let items = value.as_array().filter(|items| items.len() <= ENTRIES);
    let items = items.ok_or_else(|| wrong("roots", "is no list of at most 1024 paths"))?;
    let mut roots: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let text = item.as_str().ok_or_else(|| wrong("roots", "has what is no text"))?;
        roots.push(text.trim_matches('/').to_owned());
    }
    roots.sort();
    // Sorted, a root stands right before those below it, but for siblings such as `a-b` between `a` and `a/b`.
    for (at, root) in roots.iter().enumerate() {
        let below = |other: &String| {
            root.is_empty() || other == root || other.starts_with(&format!("{root}/"))
        };
        if roots.iter().skip(at + 1).any(below) {
            let why = format!("overlap: `{root}` and what is below it");
            return Err(wrong("roots", &why));
        }
    }
    Ok(roots)
}

fn dialect(field: &str, value: &Value) -> Result<Dialect, BundleError> {
    match value.as_number().and_then(|number| number.to_usize()) {
        Some(0) => Ok(Dialect::V0),
        Some(1) => Ok(Dialect::V1),
        _ => Err(wrong(field, "is neither 0 nor 1")),
    }
}
