//! `cargo xtask crash`: kills the real binary while it writes and looks at what it left behind.

use clap::Args;

use crate::failure::Failure;
use crate::repo::Repo;
use crate::runner::Runner;

/// Kill the real binary with signal 9 while it writes, again and again
///
/// Each round starts `thalium`, kills it at a random moment, reopens the directory and holds it against what was
/// acknowledged: nothing that was acknowledged is missing, nothing is booked twice, the log verifies.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask crash\n  cargo xtask crash --rounds 1000")]
pub(crate) struct Crash {
    /// How often to kill it
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

impl Crash {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let mut runner = Runner::default();
        let test = "test --release --locked -p thalium-cli --test crash -- --nocapture";
        let mut command = repo.cargo(test.split(' '));
        runner.program("crash", command.env("THALIUM_CRASH_ROUNDS", self.rounds.to_string()))?;
        println!("crash: {} rounds passed", self.rounds);
        Ok(())
    }
}
