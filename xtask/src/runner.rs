//! Runs the steps of a subcommand: prints each command before it starts and its time when it ends.
//!
//! Headings go to standard error, where Cargo's own go; standard output belongs to what the step says.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

#[derive(Default)]
pub(crate) struct Runner {
    steps: Vec<Step>,
}

struct Step {
    name: String,
    took: Duration,
    passed: bool,
}

impl Runner {
    /// Runs a program to its end; its output goes straight to the terminal.
    pub(crate) fn program(&mut self, name: &str, command: &mut Command) -> Result<(), Failure> {
        let shown = display(command);
        self.step(name, &shown, || {
            let status = command.status().map_err(|error| cannot_start(command, &error))?;
            success(status, &shown)
        })
    }

    /// As `program`, and hands every line of the standard output to `see` after printing it.
    pub(crate) fn program_seen(
        &mut self,
        name: &str,
        command: &mut Command,
        mut see: impl FnMut(&str),
    ) -> Result<(), Failure> {
        let shown = display(command);
        self.step(name, &shown, || {
            let mut child = command
                .stdout(Stdio::piped())
                .spawn()
                .map_err(|error| cannot_start(command, &error))?;
            if let Some(stdout) = child.stdout.take() {
                pass_on(BufReader::new(stdout), std::io::stdout(), &mut see)
                    .map_err(|error| Failure::new(format!("the output of `{shown}`: {error}")))?;
            }
            let status = child
                .wait()
                .map_err(|error| Failure::new(format!("waiting for `{shown}`: {error}")))?;
            success(status, &shown)
        })
    }

    /// Runs a step of this program itself.
    pub(crate) fn step<T>(
        &mut self,
        name: &str,
        shown: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        eprintln!("==> {name}: {shown}");
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        let passed = result.is_ok();
        eprintln!("<== {name}: {} in {}", verdict(passed), seconds(took));
        self.steps.push(Step { name: name.to_owned(), took, passed });
        result
    }

    /// A table of the steps so far: name, verdict, seconds; the total last.
    pub(crate) fn summary(&self) -> String {
        let total: Duration = self.steps.iter().map(|step| step.took).sum();
        let width = self.steps.iter().map(|step| step.name.len()).max().unwrap_or(0).max(5);
        let mut table = String::new();
        for step in &self.steps {
            let (name, verdict) = (&step.name, verdict(step.passed));
            // Writing to a string does not fail.
            let _ = writeln!(table, "{name:width$}  {verdict:6}  {:>10}", seconds(step.took));
        }
        let _ = writeln!(table, "{:width$}  {:6}  {:>10}", "total", "", seconds(total));
        table
    }

    /// How long the steps of that name took.
    pub(crate) fn took(&self, name: &str) -> Duration {
        self.steps.iter().filter(|step| step.name == name).map(|step| step.took).sum()
    }
}

/// What one would type to get the same: the variables that were set, the program, its arguments.
pub(crate) fn display(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        value.map(|value| format!("{}={}", name.to_string_lossy(), quoted(value)))
    });
    let program = std::iter::once(quoted(command.get_program()));
    let arguments = command.get_args().map(quoted);
    variables.chain(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn quoted(text: &OsStr) -> String {
    let text = text.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_=+./:,@%\\".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{text}'")
    }
}

fn pass_on(
    mut output: impl BufRead,
    mut terminal: impl Write,
    see: &mut impl FnMut(&str),
) -> std::io::Result<()> {
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        terminal.write_all(&line)?;
        terminal.flush()?;
        see(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    Ok(())
}

fn success(status: ExitStatus, shown: &str) -> Result<(), Failure> {
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{shown}` ended with {status}; its output is above")))
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(format!("`{program}` could not be started: {error}; is it on the PATH?"))
}

fn verdict(passed: bool) -> &'static str {
    if passed { "ok" } else { "FAILED" }
}

#[cfg(test)]
#[path = "runner_tests.rs"]
mod tests;
