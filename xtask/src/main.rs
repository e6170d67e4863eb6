//! `cargo xtask`: the contributor's one entry.
//!
//! Every subcommand prints the commands that it runs, so that any of them can be repeated by hand, and how long each
//! took. The first step that fails ends the run with a non-zero exit code and a sentence that says what failed.
//!
//! # What does this crate not do?
//! It holds no logic of the product, and it pulls in little: `cargo xtask` has to compile in seconds.

mod bench;
mod ci;
mod crash;
mod failure;
mod fuzz;
mod generate;
mod mobile;
mod node;
mod package;
mod peers;
mod python;
mod repo;
mod runner;
mod setup;
mod test;
mod tidy;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

use failure::Failure;
use repo::Repo;

/// Work on Thalium: set up, test, check, measure
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "A first visit: `cargo xtask setup`, then `cargo xtask test`.\n\
                  Before a pull request: `cargo xtask ci`, which is what the project's CI runs."
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    Setup(setup::Setup),
    Test(test::Test),
    Tidy(tidy::Tidy),
    Ci(ci::Ci),
    Bench(bench::Bench),
    Crash(crash::Crash),
    Fuzz(fuzz::Fuzz),
    Generate(generate::Generate),
    Mobile(mobile::Mobile),
    Node(node::Node),
    Package(package::Package),
    Python(python::Python),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<(), Failure> {
    let repo = Repo::find()?;
    match task {
        Task::Setup(setup) => setup.run(&repo),
        Task::Test(test) => test.run(&repo),
        Task::Tidy(tidy) => tidy.run(&repo),
        Task::Ci(ci) => ci.run(&repo),
        Task::Bench(bench) => bench.run(&repo),
        Task::Crash(crash) => crash.run(&repo),
        Task::Fuzz(fuzz) => fuzz.run(&repo),
        Task::Generate(generate) => generate.run(&repo),
        Task::Mobile(mobile) => mobile.run(&repo),
        Task::Node(node) => node.run(&repo),
        Task::Package(package) => package.run(&repo),
        Task::Python(python) => python.run(&repo),
    }
}

#[cfg(test)]
#[path = "main_tests.rs"]
mod tests;
