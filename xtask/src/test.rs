//! `cargo xtask test`: every test of the workspace, in one profile.

use clap::Args;
use std::env;
use std::process::Command;

use crate::failure::Failure;
use crate::peers;
use crate::repo::Repo;
use crate::runner::{Runner, seconds};

/// Run the tests: unit, integration, conformance and documentation tests
///
/// They are built as what ships (profile `tested`), but for the optimisation over all crates, so that property tests run about as fast as the
/// product and each test program is linked in seconds. What a test prints is shown after it passed, so the conformance suites show their `NAME: passed/total` lines and a test that
/// skips for want of data says so.
///
/// What npm packages of peers define is fetched to target/peers first, pinned by content; what cannot be fetched skips.
/// Conformance data is read from the folders that THALIUM_CONFORMANCE and THALIUM_DATA name; without them from
/// ../shared/conformance and ../shared/data beside the repository; without those the tests skip.
///
/// Tests read THALIUM_TEST_TIER: `quick` (the default) or `full`, which raises the number of property test cases and of
/// kill -9 rounds.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask test                 everything, quick tier\n  \
    cargo xtask test conformance     only tests with `conformance` in their name\n  \
    cargo xtask test --full          everything, full tier")]
pub(crate) struct Test {
    /// Only tests whose path contains this
    name: Option<String>,

    /// The full tier: more property test cases, more kill -9 rounds
    #[arg(long)]
    full: bool,
}

/// What the test harness counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    /// Lines `NAME: passed/total` that suites printed.
    pub(crate) suites: u64,
}

/// What the tests are built as, and the libraries of the languages that are tested.
pub(crate) const PROFILE: &str = "tested";

/// What a language's library is built as: for the full tier as it ships.
pub(crate) const fn profile(full: bool) -> &'static str {
    if full { "release" } else { PROFILE }
}

const TIER: &str = "THALIUM_TEST_TIER";

impl Test {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let mut runner = Runner::default();
        let count = run_tests(repo, &mut runner, self.full, self.name.as_deref())?;
        println!("{}", closing_line(count, &tier(self.full), &seconds(runner.took("test"))));
        Ok(())
    }
}

/// What no member switches on by itself, and is tested all the same.
pub(crate) const FEATURES: [&str; 2] = ["--features", "thalium-host/objects,thalium-host/schema"];

/// Builds the libraries of the languages, and the program that prints the schema, as the tests are built: of the whole workspace and with what
/// its tests switch on. So everything beneath them is what the tests have built already.
pub(crate) fn libraries(repo: &Repo) -> Command {
    let arguments = "build --locked --workspace --lib --example schema --profile";
    let mut command = repo.cargo(arguments.split(' ').chain([PROFILE]));
    command.args(FEATURES);
    command
}

/// Runs the tests as one step of `runner`.
pub(crate) fn run_tests(
    repo: &Repo,
    runner: &mut Runner,
    full: bool,
    name: Option<&str>,
) -> Result<Count, Failure> {
    repo.announce_data();
    peers::fetch(repo, runner)?;
    let mut command =
        repo.cargo_with_data(["test", "--workspace", "--profile", PROFILE, "--locked"]);
    for peer in peers::PEERS {
        command.env(peer.variable, peer.folder()?);
    }
    command.args(FEATURES).args(name).args(["--", "--show-output"]).env(TIER, tier(full));
    let mut count = Count::default();
    runner.program_seen("test", &mut command, |line| count.see(line))?;
    match name {
        Some(name) if count.passed + count.ignored == 0 => {
            Err(Failure::new(format!("no test has `{name}` in its name")))
        }
        _ => Ok(count),
    }
}

impl Count {
    /// Reads a line of the harness, as `test result: ok. 3 passed; 0 failed; 1 ignored; …`, or of a suite.
    fn see(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            let counts = result.split_once(". ").map_or("", |(_, counts)| counts);
            for (number, what) in counts.split("; ").filter_map(|part| part.split_once(' ')) {
                let number = number.parse().unwrap_or(0);
                match what {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    "ignored" => self.ignored += number,
                    _ => {}
                }
            }
        } else if is_suite_line(line) {
            self.suites += 1;
        }
    }
}

pub(crate) fn closing_line(count: Count, tier: &str, took: &str) -> String {
    let Count { passed, failed, ignored, suites } = count;
    let suites = match suites {
        0 => "no conformance suite ran".to_owned(),
        1 => "1 conformance suite reported above".to_owned(),
        _ => format!("{suites} conformance suites reported above"),
    };
    format!(
        "test: {passed} passed, {failed} failed, {ignored} ignored ({tier} tier, {took}); {suites}"
    )
}

/// The tier that `--full`, else the user's own setting, else the default asks for.
pub(crate) fn tier(full: bool) -> String {
    if full { "full".to_owned() } else { env::var(TIER).unwrap_or_else(|_| "quick".to_owned()) }
}

/// `NAME: passed/total`, alone on its line.
fn is_suite_line(line: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    line.rsplit_once(": ").is_some_and(|(name, counts)| {
        !name.trim().is_empty()
            && counts.split_once('/').is_some_and(|(a, b)| is_number(a) && is_number(b))
    })
}

#[cfg(test)]
#[path = "test_tests.rs"]
mod tests;
