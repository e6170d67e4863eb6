//! `cargo xtask fuzz`: one fuzz target for a while, from its committed seeds.

use clap::Args;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::repo::Repo;
use crate::runner::Runner;
use crate::setup;

/// Fuzz one target for a while, or list the targets
///
/// A target is named after the file that it attacks. What it finds grows in fuzz/corpus/TARGET, which is not committed;
/// the seeds in fuzz/seeds/TARGET are. An input that crashes lands in fuzz/artifacts/TARGET: mend the code, then keep
/// the input as a seed. Needs a nightly toolchain and cargo-fuzz: `cargo xtask setup --fuzz`.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask fuzz --list\n  \
    cargo xtask fuzz codec --seconds 600")]
pub(crate) struct Fuzz {
    /// A file of fuzz/fuzz_targets, without `.rs`
    #[arg(required_unless_present = "list")]
    target: Option<String>,

    /// How long to fuzz
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,

    /// List the targets
    #[arg(long, conflicts_with = "target")]
    list: bool,
}

impl Fuzz {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let folder = repo.root().join("fuzz");
        let targets = targets(&folder.join("fuzz_targets"))?;
        let Some(target) = &self.target else {
            for target in targets {
                println!("{target}");
            }
            return Ok(());
        };
        if !targets.contains(target) {
            let known = targets.join(", ");
            return Err(Failure::new(format!(
                "no fuzz target is called `{target}`; there are: {known}"
            )));
        }
        let missing = setup::missing_for_fuzzing(repo);
        if !missing.is_empty() {
            let list = missing.join("\n  ");
            return Err(Failure::new(format!(
                "fuzzing needs what `cargo xtask setup --fuzz` installs; missing:\n  {list}"
            )));
        }
        let corpus = folder.join("corpus").join(target);
        fs::create_dir_all(&corpus).map_err(|error| Failure::io("creating", &corpus, &error))?;
        Runner::default().program(&format!("fuzz {target}"), &mut self.command(&folder, target))?;
        println!("fuzz: {target} ran for {} s and found nothing", self.seconds);
        Ok(())
    }

    fn command(&self, folder: &Path, target: &str) -> Command {
        // `+nightly` is understood by rustup's `cargo` alone, so the one on the PATH is meant.
        let mut command = Command::new("cargo");
        command
            .current_dir(folder)
            .args(["+nightly", "fuzz", "run", target])
            .arg(folder.join("corpus").join(target))
            .arg(folder.join("seeds").join(target))
            .args(["--", &format!("-max_total_time={}", self.seconds)]);
        command
    }
}

fn targets(folder: &Path) -> Result<Vec<String>, Failure> {
    let reading = |error| Failure::io("reading", folder, &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        if let (Some(stem), true) = (path.file_stem(), path.extension().is_some_and(|e| e == "rs"))
        {
            names.push(stem.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
#[path = "fuzz_tests.rs"]
mod tests;
