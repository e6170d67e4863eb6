//! What peers publish and tests compare with: fetched by its package client, pinned by its content, kept under `target/peers`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::repo::{Repo, ScratchFolder, target_folder};
use crate::runner::{Runner, display};

/// Something that tests compare with.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    /// The variable that tests find it by.
    pub(crate) variable: &'static str,
    source: Source,
}

/// Where it comes from, pinned by its content.
#[derive(Clone, Copy)]
enum Source {
    /// A package of npm, as it was packed, with its integrity as npm states it.
    Package(&'static str, &'static str),
    /// Packages of npm with all that they need, by the lock file of a folder; installed under a name.
    Locked(&'static str, &'static str),
}

/// Everything that tests compare with.
pub(crate) const PEERS: [Peer; 2] = [
    Peer {
        variable: "THALIUM_SCXML_TESTS",
        source: Source::Package(
            "@scion-scxml/test-framework@2.0.16",
            "sha512-5rRd5CdFLUzmPaO43NSamBmhq6uW/0kUmUneEnqRSbAj0FiFVAINd1DfadUkdECT+xHLARCJZU7meQD4nqYyKw==",
        ),
    },
    Peer {
        variable: "THALIUM_BALLERINE",
        source: Source::Locked("adapters/ballerine/tests/oracle", "ballerine"),
    },
];

impl Peer {
    /// Where it is kept, unless the variable says otherwise.
    pub(crate) fn folder(&self) -> Result<PathBuf, Failure> {
        if let Some(given) = std::env::var_os(self.variable) {
            return Ok(PathBuf::from(given));
        }
        let peers = target_folder()?.join("peers");
        Ok(match self.source {
            Source::Package(package, _) => {
                let name = package.replace(['@', '/'], "-");
                peers.join(name.trim_start_matches('-')).join("package")
            }
            Source::Locked(_, name) => peers.join(name),
        })
    }

    /// What fetches it, for whoever looks on.
    fn told(&self) -> String {
        match self.source {
            Source::Package(package, _) => format!("npm pack {package}"),
            Source::Locked(folder, _) => format!("npm ci by {folder}/package-lock.json"),
        }
    }

    /// Fetches it; tells why npm could not, if it could not.
    fn fetch(&self, repo: &Repo, to: &Path) -> Result<Option<String>, Failure> {
        match self.source {
            Source::Package(package, integrity) => pack(repo, to, package, integrity),
            Source::Locked(folder, _) => install(repo, to, folder),
        }
    }
}

/// Fetches a package as it was packed.
fn pack(repo: &Repo, to: &Path, package: &str, pinned: &str) -> Result<Option<String>, Failure> {
    let scratch = ScratchFolder::create("peer")?;
    let mut pack = Command::new("npm");
    pack.current_dir(repo.root()).args(["pack", "--json", "--ignore-scripts", package]);
    pack.arg("--pack-destination").arg(scratch.path());
    let told = match output(&mut pack) {
        Ok(told) => told,
        Err(unreachable) => return Ok(Some(unreachable)),
    };
    let told: serde_json::Value = serde_json::from_str(&told)
        .map_err(|error| Failure::new(format!("what npm tells is no JSON: {error}")))?;
    let text = |name: &str| told.pointer(&format!("/0/{name}")).and_then(|it| it.as_str());
    let integrity = text("integrity").unwrap_or_default();
    if integrity != pinned {
        return Err(Failure::new(format!(
            "{package} is not what it was: its content is `{integrity}`, pinned is `{pinned}`"
        )));
    }
    let above = to.parent().unwrap_or(to);
    fs::create_dir_all(above).map_err(|error| Failure::io("creating", above, &error))?;
    let mut unpack = Command::new("tar");
    unpack.current_dir(above).arg("-xzf");
    unpack.arg(scratch.path().join(text("filename").unwrap_or_default()));
    output(&mut unpack).map(|_| None).map_err(Failure::new)
}

/// Installs what a lock file pins, beside its place first: what is there is whole.
fn install(repo: &Repo, to: &Path, folder: &str) -> Result<Option<String>, Failure> {
    let beside = to.with_extension("part");
    fs::create_dir_all(&beside).map_err(|error| Failure::io("creating", &beside, &error))?;
    for name in ["package.json", "package-lock.json"] {
        let (from, to) = (repo.root().join(folder).join(name), beside.join(name));
        fs::copy(&from, &to).map_err(|error| Failure::io("copying", &from, &error))?;
    }
    let mut install = Command::new("npm");
    install.current_dir(&beside).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    if let Err(unreachable) = output(&mut install) {
        return Ok(Some(unreachable));
    }
    fs::rename(&beside, to).map_err(|error| Failure::io("renaming", &beside, &error))?;
    Ok(None)
}

/// Fetches what is missing. What npm cannot fetch is told, and its tests skip.
pub(crate) fn fetch(repo: &Repo, runner: &mut Runner) -> Result<(), Failure> {
    for peer in PEERS {
        let folder = peer.folder()?;
        if folder.is_dir() {
            continue;
        }
        let told = peer.told();
        if let Some(why) = runner.step("peer", &told, || peer.fetch(repo, &folder))? {
            eprintln!("    {told}: not there, what compares with it skips: {why}");
        }
    }
    Ok(())
}

/// What a program printed, or why it did not end well.
fn output(command: &mut Command) -> Result<String, String> {
    let shown = display(command);
    let output = command.output().map_err(|error| format!("`{shown}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("`{shown}` failed: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
