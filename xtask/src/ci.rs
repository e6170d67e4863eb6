//! `cargo xtask ci`: everything that has to pass before a change is merged.

use std::env;
use std::process::Command;

use clap::Args;

use crate::failure::Failure;
use crate::generate;
use crate::mobile;
use crate::node;
use crate::python;
use crate::repo::{Repo, ScratchFolder, target_folder};
use crate::runner::{Runner, seconds};
use crate::test;
use crate::tidy;

/// Run everything that has to pass before a merge, and time it
///
/// In this order, stopping at the first failure: formatting, clippy without a warning (also over the fuzz targets), tidy, the vectors
/// against the model that they come from, tests, what
/// is made of the facade's types, the Python package, the npm package, the Kotlin and the Swift package, the README's demo
/// (written, then verified; once more with real trades where the data is there), documentation without a warning.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask ci\n  cargo xtask ci --full")]
pub(crate) struct Ci {
    /// Run the tests in their full tier
    #[arg(long)]
    full: bool,
}

const TRADES: &str = "btcusdt-trades.csv";

impl Ci {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let mut runner = Runner::default();
        let result = self.steps(repo, &mut runner);
        println!("\n{}", runner.summary());
        let count = result?;
        let tier = test::tier(self.full);
        println!("{}", test::closing_line(count, &tier, &seconds(runner.took("test"))));
        println!("ci: all steps passed");
        Ok(())
    }

    fn steps(&self, repo: &Repo, runner: &mut Runner) -> Result<test::Count, Failure> {
        runner.program("fmt", &mut repo.cargo(["fmt", "--all", "--", "--check"]))?;
        let fuzz = repo.root().join("fuzz/Cargo.toml");
        runner.program(
            "fmt fuzz",
            repo.cargo(["fmt", "--manifest-path"]).arg(&fuzz).args(["--", "--check"]),
        )?;
        let mut clippy = repo.cargo(["clippy", "--workspace", "--all-targets", "--locked"]);
        runner.program("clippy", clippy.args(test::FEATURES).args(["--", "-D", "warnings"]))?;
        // They are of a workspace of their own, which no other step compiles.
        let mut targets = repo.cargo(["clippy", "--all-targets", "--locked", "--manifest-path"]);
        targets.arg(&fuzz).env("CARGO_TARGET_DIR", target_folder()?);
        runner.program("fuzz targets", targets.args(["--", "-D", "warnings"]))?;
        runner.step("tidy", "cargo xtask tidy", || tidy::check(repo))?;
        runner.program(
            "model",
            Command::new("python3").arg(repo.root().join("fuzz/model/vectors.py")),
        )?;
        let count = test::run_tests(repo, runner, self.full, None)?;
        runner.step("generated", "cargo xtask generate --check", || generate::check(repo))?;
        python::steps(repo, runner, self.full)?;
        node::steps(repo, runner, self.full)?;
        mobile::steps(repo, runner, self.full)?;
        demo(repo, runner, self.full)?;
        let documentation = "doc --no-deps --workspace --locked";
        let mut command = repo.cargo(documentation.split(' '));
        command.args(test::FEATURES);
        runner.program("doc", command.env("RUSTDOCFLAGS", "-D warnings"))?;
        Ok(count)
    }
}

/// The demo as the README shows it: a ledger is written into an empty folder, then verified from what is on disk.
fn demo(repo: &Repo, runner: &mut Runner, full: bool) -> Result<(), Failure> {
    let folder = ScratchFolder::create("ci-demo")?;
    let plain = folder.path().join("plain");
    runner.program("demo", thalium(repo, full, &["demo", "--dir"])?.arg(&plain))?;
    runner.program("verify", thalium(repo, full, &["verify", "--dir"])?.arg(&plain))?;

    match repo.data_folder("THALIUM_DATA").map(|data| data.join(TRADES)) {
        Some(file) if file.is_file() => {
            let traded = folder.path().join("trades");
            let mut command = thalium(repo, full, &["demo", "--dir"])?;
            runner.program("demo trades", command.arg(&traded).arg("--trades").arg(&file))?;
            runner.program("verify trades", thalium(repo, full, &["verify", "--dir"])?.arg(&traded))
        }
        _ => {
            eprintln!("    demo trades: skipped, {TRADES} is not in THALIUM_DATA");
            Ok(())
        }
    }
}

/// The program: as it ships in the full tier, otherwise as the tests have built it.
fn thalium(repo: &Repo, full: bool, arguments: &[&str]) -> Result<Command, Failure> {
    let mut command = if full {
        repo.cargo(["run", "--release", "--locked", "-p", "thalium-cli", "--"])
    } else {
        let name = format!("thalium{}", env::consts::EXE_SUFFIX);
        Command::new(target_folder()?.join(test::PROFILE).join(name))
    };
    command.args(arguments);
    Ok(command)
}
