//! `cargo xtask mobile`: builds the library of the Kotlin and the Swift package and tests both.

use clap::Args;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::node;
use crate::repo::{Repo, ScratchFolder, files_in, target_folder};
use crate::runner::Runner;
use crate::test;

/// Build the Kotlin and the Swift package and test them
///
/// Kotlin is compiled by Maven and runs on the JVM: the vectors, its tests, its example against the back end of
/// examples/express, and the reference pages. Swift runs where a toolchain is: `swift` in the path, or in a tree of Debian
/// that THALIUM_SWIFT_ROOT names and that is entered by chroot. Where there is none the lane says that it was skipped.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask mobile            \n  \
    cargo xtask mobile --full     100,000 random payloads, a panic in every export, the size of what ships\n  \
    cargo xtask mobile --only kotlin")]
pub(crate) struct Mobile {
    /// More random payloads, a build in which every export can be made to panic, and the size of the library
    #[arg(long)]
    full: bool,
    /// Only one of the languages
    #[arg(long, value_name = "LANGUAGE", value_parser = ["kotlin", "swift"])]
    only: Option<String>,
}

const KOTLIN: &str = "bindings-mobile/kotlin";
const SWIFT: &str = "bindings-mobile/swift";
/// Bytes that the library may have on a device, for one architecture.
const SIZE_MAX: u64 = 8 << 20;

impl Mobile {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let mut runner = Runner::default();
        let result = self.steps(repo, &mut runner);
        println!("\n{}", runner.summary());
        result
    }

    fn steps(&self, repo: &Repo, runner: &mut Runner) -> Result<(), Failure> {
        let only = self.only.as_deref();
        if only != Some("swift") {
            kotlin(repo, runner, self.full)?;
        }
        if only != Some("kotlin") {
            swift(repo, runner, self.full)?;
        }
        if self.full {
            size(repo, runner)?;
        }
        Ok(())
    }
}

/// The steps, as part of another run.
pub(crate) fn steps(repo: &Repo, runner: &mut Runner, full: bool) -> Result<(), Failure> {
    Mobile { full, only: None }.steps(repo, runner)
}

/// Builds the native library and tells where it is.
pub(crate) fn library(repo: &Repo, features: &[&str]) -> Result<PathBuf, Failure> {
    // By itself, and not as the tests are built: what is not for phones must not be in it.
    let mut cargo =
        repo.cargo(["build", "--profile", test::PROFILE, "--locked", "-p", "thalium-mobile"]);
    let status = cargo
        .args(features)
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !status.success() {
        return Err(Failure::new("the mobile library cannot be built: see above"));
    }
    built(test::PROFILE)
}

fn built(profile: &str) -> Result<PathBuf, Failure> {
    let name = format!("{}thalium_mobile{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    Ok(target_folder()?.join(profile).join(name))
}

/// A folder with the library, built as asked.
fn with_library(
    repo: &Repo,
    runner: &mut Runner,
    features: &[&str],
) -> Result<ScratchFolder, Failure> {
    let mut found = None;
    runner.step("mobile library", "cargo build -p thalium-mobile", || {
        found = Some(library(repo, features)?);
        Ok(())
    })?;
    let folder = ScratchFolder::create("mobile")?;
    if let Some(library) = found {
        let name = library.file_name().unwrap_or_default();
        let to = folder.path().join(name);
        fs::copy(&library, &to).map_err(|error| Failure::io("copying", &library, &error))?;
    }
    Ok(folder)
}

fn kotlin(repo: &Repo, runner: &mut Runner, full: bool) -> Result<(), Failure> {
    let library = with_library(repo, runner, &[])?;
    let maven = |library: &Path, arguments: &[&str]| {
        let mut command = Command::new("mvn");
        command.current_dir(repo.root().join(KOTLIN));
        command.args(["--quiet", "--batch-mode", "--no-transfer-progress"]).args(arguments);
        command.arg(format!("-Dthalium.library={}", library.display()));
        command.env("THALIUM_VECTORS", repo.root().join("core/vectors"));
        command.env("THALIUM_TEST_TIER", test::tier(full));
        command
    };
    let away = ScratchFolder::create("express")?;
    let express = node::back_end(repo, runner, away.path())?;
    let mut verify = maven(library.path(), &["verify"]);
    runner.program("kotlin", verify.env("THALIUM_EXPRESS", express))?;
    if full {
        let hooked = with_library(repo, runner, &["--features", "test-hooks"])?;
        let only = ["test", "-Dtest=PanicTest", "-Dthalium.hooks=true"];
        runner.program("kotlin panics", &mut maven(hooked.path(), &only))?;
    }
    Ok(())
}

fn swift(repo: &Repo, runner: &mut Runner, full: bool) -> Result<(), Failure> {
    let Some(toolchain) = Toolchain::find() else {
        eprintln!(
            "    swift: skipped, no `swift` in the path and THALIUM_SWIFT_ROOT names no tree with one"
        );
        return Ok(());
    };
    let library = with_library(repo, runner, &[])?;
    let mut command = toolchain.swift(repo, library.path());
    command.env("THALIUM_TEST_TIER", test::tier(full));
    runner.program("swift", &mut command)
}

/// Where Swift is.
enum Toolchain {
    InPath,
    InTree(PathBuf),
}

impl Toolchain {
    fn find() -> Option<Self> {
        if let Some(root) = env::var_os("THALIUM_SWIFT_ROOT").map(PathBuf::from) {
            // A link there is good inside the tree alone.
            return root
                .join("usr/bin/swift")
                .symlink_metadata()
                .is_ok()
                .then_some(Self::InTree(root));
        }
        let paths = env::var_os("PATH").unwrap_or_default();
        let is_there = env::split_paths(&paths).any(|path| path.join("swift").is_file());
        is_there.then_some(Self::InPath)
    }

    /// Builds the package and runs its tests.
    fn swift(&self, repo: &Repo, library: &Path) -> Command {
        let script = repo.root().join(SWIFT).join("test.sh");
        let mut command = Command::new("bash");
        command.arg(script).arg(library);
        command.env("THALIUM_VECTORS", repo.root().join("core/vectors"));
        if let Self::InTree(root) = self {
            command.env("THALIUM_SWIFT_ROOT", root);
        }
        command
    }
}

/// Builds the jar of the Kotlin package.
pub(crate) fn package(repo: &Repo, runner: &mut Runner, to: &Path) -> Result<(), Failure> {
    let mut maven = Command::new("mvn");
    maven.current_dir(repo.root().join(KOTLIN));
    maven.args(["--quiet", "--batch-mode", "--no-transfer-progress", "-DskipTests", "package"]);
    runner.program("kotlin jar", &mut maven)?;
    for jar in files_in(&repo.root().join("target/kotlin"), "jar")? {
        let name = jar.file_name().unwrap_or_default();
        fs::copy(&jar, to.join(name)).map_err(|error| Failure::io("copying", &jar, &error))?;
    }
    Ok(())
}

/// Builds what ships, checks it for phones, and compares its size with what it may have.
fn size(repo: &Repo, runner: &mut Runner) -> Result<(), Failure> {
    let targets = String::from_utf8_lossy(
        &Command::new("rustup")
            .args(["target", "list", "--installed"])
            .output()
            .map(|told| told.stdout)
            .unwrap_or_default(),
    )
    .into_owned();
    for target in ["aarch64-linux-android", "aarch64-apple-ios"] {
        if !targets.lines().any(|installed| installed == target) {
            eprintln!("    {target}: skipped; `rustup target add {target}` brings it");
            continue;
        }
        let check =
            ["check", "--profile", "mobile", "--locked", "-p", "thalium-mobile", "--target"];
        runner.program("mobile check", repo.cargo(check).arg(target))?;
    }
    let arguments = "build --profile mobile --locked -p thalium-mobile";
    runner.program("mobile profile", &mut repo.cargo(arguments.split(' ')))?;
    let library = built("mobile")?;
    let size =
        fs::metadata(&library).map_err(|error| Failure::io("reading", &library, &error))?.len();
    println!("mobile library, stripped: {size} bytes of {SIZE_MAX}");
    if size > SIZE_MAX {
        return Err(Failure::new(format!(
            "the mobile library has {size} bytes, {SIZE_MAX} are allowed"
        )));
    }
    Ok(())
}
