//! `cargo xtask bench`: one benchmark, a binary of `benches/`.

use clap::Args;
use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::repo::Repo;
use crate::runner::Runner;

/// Run one benchmark, or list those that exist
///
/// A benchmark prints one line per figure: its name, the figure, the unit, the target and the ratio of the two. With
/// --json standard output holds the same as JSON and nothing else, so it can be piped into another program.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask bench                        list the benchmarks\n  \
    cargo xtask bench submit                 run one\n  \
    cargo xtask bench submit --json > a.json")]
pub(crate) struct Bench {
    /// A file of benches/src/bin, without `.rs`; without it the benchmarks are listed
    name: Option<String>,

    /// Print the figures as JSON
    #[arg(long, requires = "name")]
    json: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Benchmark {
    name: String,
    /// The first line of the file's documentation.
    summary: String,
}

impl Bench {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let known = benchmarks(&repo.root().join("benches/src/bin"))?;
        let Some(name) = &self.name else {
            print!("{}", list(&known));
            return Ok(());
        };
        if !known.iter().any(|benchmark| benchmark.name == *name) {
            let list = list(&known);
            return Err(Failure::new(format!(
                "no benchmark is called `{name}`; there are:\n{list}"
            )));
        }
        let package = ["run", "--release", "--locked", "-p", "thalium-benches", "--bin", name];
        let mut command = repo.cargo_with_data(package);
        command.args(self.json.then_some(["--", "--json"]).iter().flatten());
        Runner::default().program(&format!("bench {name}"), &mut command)
    }
}

/// The benchmarks of a folder by name: each a file `NAME.rs` or a folder with a `main.rs`.
fn benchmarks(folder: &Path) -> Result<Vec<Benchmark>, Failure> {
    let reading = |error| Failure::io("reading", folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        let source = if path.is_dir() { path.join("main.rs") } else { path.clone() };
        if source.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        if let (Some(stem), Ok(text)) = (path.file_stem(), fs::read_to_string(&source)) {
            found.push(Benchmark {
                name: stem.to_string_lossy().into_owned(),
                summary: summary(&text).to_owned(),
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn summary(source: &str) -> &str {
    source.lines().find_map(|line| line.strip_prefix("//!")).unwrap_or("").trim()
}

fn list(benchmarks: &[Benchmark]) -> String {
    let width = benchmarks.iter().map(|benchmark| benchmark.name.len()).max().unwrap_or(0);
    let line = |Benchmark { name, summary }: &Benchmark| {
        format!("{}\n", format!("  {name:width$}  {summary}").trim_end())
    };
    benchmarks.iter().map(line).collect()
}

#[cfg(test)]
#[path = "bench_tests.rs"]
mod tests;
