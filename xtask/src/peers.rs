//! What peers publish and tests compare with: fetched by its package client, pinned by its content, kept under `target/peers`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::repo::{Repo, ScratchFolder, target_folder};
use crate::runner::{Runner, display};

/// A package of npm.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    /// The variable that tests find it by.
    pub(crate) variable: &'static str,
    package: &'static str,
    /// As npm states it.
    integrity: &'static str,
}

/// Everything that tests compare with.
pub(crate) const PEERS: [Peer; 1] = [Peer {
    variable: "THALIUM_SCXML_TESTS",
    package: "@scion-scxml/test-framework@2.0.16",
    integrity: "sha512-5rRd5CdFLUzmPaO43NSamBmhq6uW/0kUmUneEnqRSbAj0FiFVAINd1DfadUkdECT+xHLARCJZU7meQD4nqYyKw==",
}];

impl Peer {
    /// Where it is kept, unless the variable says otherwise.
    pub(crate) fn folder(&self) -> Result<PathBuf, Failure> {
        match std::env::var_os(self.variable) {
            Some(given) => Ok(PathBuf::from(given)),
            None => Ok(target_folder()?
                .join("peers")
                .join(self.package.replace(['@', '/'], "-").trim_start_matches('-'))
                .join("package")),
        }
    }

    /// Fetches it; tells why npm could not, if it could not.
    fn fetch(&self, repo: &Repo, to: &Path) -> Result<Option<String>, Failure> {
        let scratch = ScratchFolder::create("peer")?;
        let mut pack = Command::new("npm");
        pack.current_dir(repo.root()).args(["pack", "--json", "--ignore-scripts", self.package]);
        pack.arg("--pack-destination").arg(scratch.path());
        let told = match output(&mut pack) {
            Ok(told) => told,
            Err(unreachable) => return Ok(Some(unreachable)),
        };
        let told: serde_json::Value = serde_json::from_str(&told)
            .map_err(|error| Failure::new(format!("what npm tells is no JSON: {error}")))?;
        let text = |name: &str| told.pointer(&format!("/0/{name}")).and_then(|it| it.as_str());
        let integrity = text("integrity").unwrap_or_default();
        if integrity != self.integrity {
            return Err(Failure::new(format!(
                "{} is not what it was: its content is `{integrity}`, pinned is `{}`",
                self.package, self.integrity
            )));
        }
        let above = to.parent().unwrap_or(to);
        fs::create_dir_all(above).map_err(|error| Failure::io("creating", above, &error))?;
        let mut unpack = Command::new("tar");
        unpack.current_dir(above).arg("-xzf");
        unpack.arg(scratch.path().join(text("filename").unwrap_or_default()));
        output(&mut unpack).map(|_| None).map_err(Failure::new)
    }
}

/// Fetches what is missing. What npm cannot fetch is told, and its tests skip.
pub(crate) fn fetch(repo: &Repo, runner: &mut Runner) -> Result<(), Failure> {
    for peer in PEERS {
        let folder = peer.folder()?;
        if folder.is_dir() {
            continue;
        }
        let why = runner
            .step("peer", &format!("npm pack {}", peer.package), || peer.fetch(repo, &folder))?;
        if let Some(why) = why {
            eprintln!("    {}: not there, what compares with it skips: {why}", peer.package);
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
