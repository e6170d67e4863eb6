//! `cargo xtask setup`: what the other subcommands need, installed through the ordinary clients.

use clap::Args;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::repo::Repo;
use crate::runner::{Runner, display};

/// Install what the tests need; a second run changes nothing
///
/// Asks for each tool whether it is there and installs only what is missing: the `rustfmt` and `clippy` components
/// through rustup and, with --fuzz, a nightly toolchain and cargo-fuzz. A fuzzing tool that cannot be fetched is
/// reported and passed over, since nothing but fuzzing depends on it.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask setup\n  cargo xtask setup --fuzz")]
pub(crate) struct Setup {
    /// Also install what `cargo xtask fuzz` needs
    #[arg(long)]
    fuzz: bool,
}

struct Tool {
    name: &'static str,
    needed_for: Need,
    /// Succeeds when the tool is there.
    check: &'static [&'static str],
    install: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Everything,
    Fuzzing,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "rustfmt",
        needed_for: Need::Everything,
        check: &["cargo", "fmt", "--version"],
        install: &["rustup", "component", "add", "rustfmt"],
    },
    Tool {
        name: "clippy",
        needed_for: Need::Everything,
        check: &["cargo", "clippy", "--version"],
        install: &["rustup", "component", "add", "clippy"],
    },
    Tool {
        name: "nightly toolchain",
        needed_for: Need::Fuzzing,
        check: &["cargo", "+nightly", "--version"],
        install: &["rustup", "toolchain", "install", "nightly", "--profile", "minimal"],
    },
    Tool {
        name: "cargo-fuzz",
        needed_for: Need::Fuzzing,
        check: &["cargo", "fuzz", "--version"],
        install: &["cargo", "install", "cargo-fuzz", "--locked"],
    },
];

impl Setup {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let mut runner = Runner::default();
        let mut absent = Vec::new();
        let wanted = |tool: &&Tool| self.fuzz || tool.needed_for == Need::Everything;
        for tool in TOOLS.iter().filter(wanted) {
            if is_there(repo, tool) {
                println!("{}: is there", tool.name);
                continue;
            }
            match install(repo, &mut runner, tool) {
                Ok(()) => println!("{}: installed", tool.name),
                Err(failure) if tool.needed_for == Need::Fuzzing => {
                    eprintln!("warning: {failure}; going on without {}", tool.name);
                    absent.push(tool.name);
                }
                Err(failure) => return Err(failure),
            }
        }
        if absent.is_empty() {
            println!("setup: everything is there; next: `cargo xtask test`");
        } else {
            println!("setup: ready for all but `cargo xtask fuzz`; missing: {}", absent.join(", "));
        }
        Ok(())
    }
}

/// The fuzzing tools that are missing, each with the command that installs it.
pub(crate) fn missing_for_fuzzing(repo: &Repo) -> Vec<String> {
    TOOLS
        .iter()
        .filter(|tool| tool.needed_for == Need::Fuzzing && !is_there(repo, tool))
        .filter_map(|tool| Some(format!("{}: `{}`", tool.name, display(&command(tool.install)?))))
        .collect()
}

fn install(repo: &Repo, runner: &mut Runner, tool: &Tool) -> Result<(), Failure> {
    let Some(mut command) = command(tool.install) else { return Ok(()) };
    runner.program(tool.name, command.current_dir(repo.root()))?;
    if is_there(repo, tool) {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` passed and {} is still missing", display(&command), tool.name)))
}

fn is_there(repo: &Repo, tool: &Tool) -> bool {
    command(tool.check).is_some_and(|mut command| {
        command
            .current_dir(repo.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

fn command(words: &[&str]) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments);
    Some(command)
}

#[cfg(test)]
#[path = "setup_tests.rs"]
mod tests;
