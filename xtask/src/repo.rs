//! Where things are: the root of the repository, the data folders beside it, folders for a run's own use.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use crate::failure::Failure;

pub(crate) struct Repo {
    root: PathBuf,
}

/// A folder of data that tests read when it is there: the variable that names it, its place beside the repository.
const DATA_FOLDERS: [(&str, &str); 2] =
    [("THALIUM_CONFORMANCE", "../shared/conformance"), ("THALIUM_DATA", "../shared/data")];

impl Repo {
    /// The workspace that this program belongs to, or the one that the current directory is in.
    pub(crate) fn find() -> Result<Self, Failure> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => env::current_dir()
                .map_err(|error| Failure::new(format!("the current directory: {error}")))?,
        };
        let is_root = |folder: &&Path| {
            fs::read_to_string(folder.join("Cargo.toml"))
                .is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
        };
        match start.ancestors().find(is_root) {
            Some(root) => Ok(Self { root: root.to_path_buf() }),
            None => Err(Failure::new("no workspace here; run it from inside the repository")),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// `cargo` in the root of the workspace.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// As `cargo`, for programs that read the optional data: they are told where it is.
    pub(crate) fn cargo_with_data<'a>(
        &self,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Command {
        let mut command = self.cargo(arguments);
        for (variable, _) in DATA_FOLDERS {
            if let (None, Some(folder)) = (env::var_os(variable), self.data_folder(variable)) {
                command.env(variable, folder);
            }
        }
        command
    }

    /// The folder that `variable` names; without it the one beside the repository, if that exists.
    pub(crate) fn data_folder(&self, variable: &str) -> Option<PathBuf> {
        if let Some(given) = env::var_os(variable) {
            return Some(PathBuf::from(given));
        }
        let (_, sibling) = DATA_FOLDERS.iter().find(|(name, _)| *name == variable)?;
        self.root.join(sibling).canonicalize().ok()
    }

    /// Says which optional data the tests will find, so that a skipped test surprises nobody.
    pub(crate) fn announce_data(&self) {
        for (variable, sibling) in DATA_FOLDERS {
            match self.data_folder(variable) {
                Some(folder) if folder.is_dir() => {
                    eprintln!("    {variable}={}", folder.display());
                }
                Some(folder) => {
                    eprintln!("    {variable}={} is no folder: its tests skip", folder.display());
                }
                None => {
                    eprintln!("    {variable} is not set and {sibling} is missing: its tests skip");
                }
            }
        }
    }
}

/// The folder that cargo builds into, wherever that is: this program stands in it.
pub(crate) fn target_folder() -> Result<PathBuf, Failure> {
    let own = env::current_exe().map_err(|error| Failure::new(format!("this program: {error}")))?;
    Ok(own.ancestors().nth(2).unwrap_or(&own).to_path_buf())
}

/// The files of a folder with an extension.
pub(crate) fn files_in(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    let reading = |error| Failure::io("reading", folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    Ok(found)
}

/// A folder of this run's own, gone when the value is dropped.
pub(crate) struct ScratchFolder {
    path: PathBuf,
}

impl ScratchFolder {
    pub(crate) fn create(purpose: &str) -> Result<Self, Failure> {
        let path = env::temp_dir().join(format!("thalium-{purpose}-{}", process::id()));
        // A folder of this name can only be the leavings of an older process with the same number.
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|error| Failure::io("removing", &path, &error))?;
        }
        fs::create_dir_all(&path).map_err(|error| Failure::io("creating", &path, &error))?;
        Ok(Self { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("warning: `{}` could not be removed: {error}", self.path.display());
        }
    }
}

#[cfg(test)]
#[path = "repo_tests.rs"]
mod tests;
