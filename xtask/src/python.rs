//! `cargo xtask python`: builds the Python package and tests it where it will be used: installed.

use clap::Args;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::repo::{Repo, ScratchFolder, files_in};
use crate::runner::Runner;
use crate::test;

/// Build the Python package, install the wheel and test it
///
/// The tools stand in an environment of their own under target/. The wheel is built as it ships and tested installed: types
/// (mypy --strict, stubtest), the vectors and tests, the examples of the pages, the notebook; and once more the vectors in an
/// environment that has nothing but the wheel.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask python\n  cargo xtask python --full     100,000 random payloads, a panic in every export"
)]
pub(crate) struct Python {
    /// More random payloads, and a build in which every export can be made to panic
    #[arg(long)]
    full: bool,
}

const PACKAGE: &str = "bindings-python";
/// What the vectors' driver needs beside the wheel.
const RUNNER: [&str; 2] = ["pytest", "hypothesis"];

impl Python {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let mut runner = Runner::default();
        let result = steps(repo, &mut runner, self.full);
        println!("\n{}", runner.summary());
        result
    }
}

/// The steps, as part of another run.
pub(crate) fn steps(repo: &Repo, runner: &mut Runner, full: bool) -> Result<(), Failure> {
    let tools = Environment::of(repo, "python");
    tools.create(runner)?;
    let requirements = repo.root().join(PACKAGE).join("requirements-dev.txt");
    runner.program("python tools", tools.pip().arg("-r").arg(requirements))?;
    let profile = test::profile(full);
    let wheel = build(repo, runner, &tools, profile, &[])?;
    tools.install(runner, &wheel)?;

    let package = repo.root().join(PACKAGE);
    let mut mypy = tools.python();
    runner.program("python types", mypy.current_dir(&package).args(["-m", "mypy", "python"]))?;
    let mut stubs = tools.python();
    stubs.current_dir(&package).args(["-m", "mypy.stubtest", "thalium._native"]);
    runner.program("python stubs", &mut stubs)?;
    // Away from the sources, so that it is the installed package that is tested.
    let away = ScratchFolder::create("python")?;
    let tests = |python: &Environment, only: &str| {
        let mut command = python.python();
        let vectors = repo.root().join("core/vectors");
        command.current_dir(away.path()).args(["-m", "pytest", "-p", "no:cacheprovider"]);
        command.arg("-c").arg(package.join("pyproject.toml")).arg(package.join("tests").join(only));
        command.env("THALIUM_VECTORS", vectors).env("THALIUM_TEST_TIER", test::tier(full));
        command
    };
    runner.program("python tests", &mut tests(&tools, ""))?;

    let mut reference = tools.python();
    reference.current_dir(away.path()).args(["-W", "error", "-m", "pdoc", "thalium", "-o"]);
    reference.arg(repo.root().join("target/reference/python"));
    runner.program("python reference", &mut reference)?;

    let bare = Environment::of(repo, "python-bare");
    bare.create(runner)?;
    runner.program("python bare", bare.pip().args(RUNNER))?;
    bare.install(runner, &wheel)?;
    runner.program("python vectors", &mut tests(&bare, "test_vectors.py"))?;

    if full {
        let hooked = build(repo, runner, &tools, profile, &["--features", "test-hooks"])?;
        tools.install(runner, &hooked)?;
        runner.program("python panics", &mut tests(&tools, "test_panics.py"))?;
        tools.install(runner, &wheel)?;
    }
    Ok(())
}

/// Builds the wheel into a folder of its own, and tells where it is.
fn build(
    repo: &Repo,
    runner: &mut Runner,
    tools: &Environment,
    profile: &str,
    features: &[&str],
) -> Result<PathBuf, Failure> {
    let wheels = repo.root().join("target/wheels").join(if features.is_empty() {
        "plain"
    } else {
        "hooked"
    });
    if wheels.exists() {
        fs::remove_dir_all(&wheels).map_err(|error| Failure::io("removing", &wheels, &error))?;
    }
    let mut maturin = tools.python();
    maturin.current_dir(repo.root().join(PACKAGE));
    let profile = ["--profile", profile];
    maturin.args(["-m", "maturin", "build"]).args(profile).args(["--locked", "--out"]).arg(&wheels);
    runner.program("python wheel", maturin.args(features))?;
    let found = files_in(&wheels, "whl")?.into_iter().next();
    found.ok_or_else(|| Failure::new(format!("no wheel was built in `{}`", wheels.display())))
}

/// Builds the wheel for every Linux since 2014 and the source distribution.
pub(crate) fn package(repo: &Repo, runner: &mut Runner, to: &Path) -> Result<(), Failure> {
    let tools = Environment::of(repo, "python");
    tools.create(runner)?;
    // Zig brings the C library of old systems to link against.
    runner.program("python tools", tools.pip().args(["maturin>=1.16,<2", "ziglang>=0.13"]))?;
    let maturin = |arguments: &[&str]| {
        let mut command = tools.python();
        command.current_dir(repo.root().join(PACKAGE)).args(["-m", "maturin"]).args(arguments);
        command.arg("--out").arg(to);
        command
    };
    runner.program("python sources", &mut maturin(&["sdist"]))?;
    let old_systems = ["--zig", "--compatibility", "manylinux2014"];
    let mut wheel = maturin(&["build", "--release", "--locked"]);
    runner.program("python wheel", wheel.args(old_systems))
}

/// A Python environment under target/.
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    pub(crate) fn of(repo: &Repo, name: &str) -> Self {
        Self { folder: repo.root().join("target").join(name) }
    }

    fn create(&self, runner: &mut Runner) -> Result<(), Failure> {
        if self.interpreter().is_file() {
            return Ok(());
        }
        let mut command = Command::new("python3");
        runner.program("python environment", command.args(["-m", "venv"]).arg(&self.folder))
    }

    fn interpreter(&self) -> PathBuf {
        self.folder.join("bin/python")
    }

    pub(crate) fn python(&self) -> Command {
        let mut command = Command::new(self.interpreter());
        // As an activated environment has it, so that its tools find one another.
        let own = self.folder.join("bin");
        let path = env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(own).chain(env::split_paths(&path));
        command.env("VIRTUAL_ENV", &self.folder);
        command.env("PATH", env::join_paths(paths).unwrap_or(path.clone()));
        command
    }

    fn pip(&self) -> Command {
        let mut command = self.python();
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        command.args(quiet);
        command
    }

    fn install(&self, runner: &mut Runner, wheel: &Path) -> Result<(), Failure> {
        let mut pip = self.pip();
        runner.program("python install", pip.args(["--force-reinstall", "--no-deps"]).arg(wheel))
    }
}
