//! The files that the rules read: sources, manifests and texts, by path from the root.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::source::Source;
use crate::failure::Failure;

#[derive(Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, File>,
    /// Whether the index of the version control holds Cargo.lock; nothing is known outside a repository.
    pub(crate) lock_is_tracked: Option<bool>,
    test_files: OnceCell<BTreeSet<String>>,
}

pub(crate) struct File {
    /// Nothing for files that are not text.
    pub(crate) text: Option<String>,
    pub(crate) bytes: u64,
    source: OnceCell<Source>,
}

const TEXT_EXTENSIONS: [&str; 17] = [
    "c", "h", "js", "json", "kt", "lock", "md", "py", "pyi", "rego", "rs", "sh", "swift", "toml",
    "ts", "yaml", "yml",
];
/// Folders with a dot that belong to the project.
const DOT_FOLDERS: [&str; 3] = [".cargo", ".ci", ".github"];
/// What programs write; paths from the root.
const GENERATED: [&str; 4] = ["data", "fuzz/artifacts", "fuzz/corpus", "fuzz/coverage"];
const BYTES_MAX: u64 = 4 << 20;

impl Tree {
    pub(crate) fn load(root: &Path) -> Result<Self, Failure> {
        let mut tree = Self { lock_is_tracked: lock_is_tracked(root), ..Self::default() };
        tree.walk(root, "")?;
        Ok(tree)
    }

    /// A tree in memory, for the tests of rules.
    #[cfg(test)]
    pub(crate) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.insert(path.to_owned(), Some(text.to_owned()), u64::try_from(text.len()).unwrap());
        }
        tree
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.text.as_deref()
    }

    /// Every text with its path, in order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, file)| Some((path.as_str(), file.text.as_deref()?)))
    }

    /// Every Rust source with its path, tests included.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &str, &Source)> {
        self.files.iter().filter(|(path, _)| path.ends_with(".rs")).filter_map(|(path, file)| {
            let text = file.text.as_deref()?;
            Some((path.as_str(), text, file.source.get_or_init(|| Source::parse(text))))
        })
    }

    /// Every Rust source that is part of a product: neither a test nor a helper of one.
    pub(crate) fn product_sources(&self) -> impl Iterator<Item = (&str, &str, &Source)> {
        let tests = self.test_files.get_or_init(|| self.find_test_files());
        self.sources().filter(move |(path, ..)| !tests.contains(*path))
    }

    /// The files under `folder`, which ends with a slash.
    pub(crate) fn under(&self, folder: &str) -> impl Iterator<Item = (&str, &File)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(path, file)| (path.as_str(), file))
    }

    fn find_test_files(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (path, _, source) in self.sources() {
            if is_test_path(path) || source.is_test_file() {
                found.insert(path.to_owned());
            }
            for module in source.test_modules() {
                let folder = match path.rsplit_once('/') {
                    Some((folder, "lib.rs" | "main.rs" | "mod.rs")) => format!("{folder}/"),
                    _ => format!("{}/", path.trim_end_matches(".rs")),
                };
                let beside = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                match &module.path {
                    Some(file) => drop(found.insert(format!("{beside}/{file}"))),
                    None => {
                        found.insert(format!("{folder}{}.rs", module.name));
                        found.insert(format!("{folder}{}/mod.rs", module.name));
                    }
                }
            }
        }
        found
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<(), Failure> {
        let reading = |error| Failure::io("reading", folder, &error);
        for entry in fs::read_dir(folder).map_err(reading)? {
            let entry = entry.map_err(reading)?;
            let kind = entry.file_type().map_err(reading)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                if is_ours(&name, &path) {
                    self.walk(&entry.path(), &format!("{path}/"))?;
                }
            } else if kind.is_file() {
                let bytes = entry.metadata().map_err(reading)?.len();
                let text = if is_text(&path) && bytes <= BYTES_MAX {
                    fs::read_to_string(entry.path()).ok()
                } else {
                    None
                };
                self.insert(path, text, bytes);
            }
        }
        Ok(())
    }

    fn insert(&mut self, path: String, text: Option<String>, bytes: u64) {
        self.files.insert(path, File { text, bytes, source: OnceCell::new() });
    }
}

fn is_ours(name: &str, path: &str) -> bool {
    let hidden = name.starts_with('.') && !DOT_FOLDERS.contains(&name);
    let built = ["target", "node_modules", "__pycache__"].contains(&name);
    !hidden && !built && !GENERATED.contains(&path)
}

fn is_text(path: &str) -> bool {
    path.starts_with(".ci/")
        || path.rsplit_once('.').is_some_and(|(_, extension)| TEXT_EXTENSIONS.contains(&extension))
}

fn is_test_path(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    name == "tests.rs" || name.ends_with("_tests.rs") || folders.split('/').any(|f| f == "tests")
}

fn lock_is_tracked(root: &Path) -> Option<bool> {
    let status = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "--error-unmatch", "Cargo.lock"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    match status.code()? {
        0 => Some(true),
        1 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
