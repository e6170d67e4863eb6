//! `thalium policy lint`.

use clap::Args;
use thalium_host::wire::PolicyFinding;

use super::{BundleArgs, answered};
use crate::failure::Failure;
use crate::session::Global;

/// Tell what is probably wrong in modules that load: names that nothing uses, defaults that permit, references that lead nowhere
#[derive(Args, Debug)]
#[command(after_help = "\
What is told is certain. A comment `# lint:ignore id` silences it on its own row and the next, as does `# regal ignore:id`.
Exit code 1: something was found.

Example:
  thalium policy lint policies/")]
pub(crate) struct Lint {
    #[command(flatten)]
    bundle: BundleArgs,
}

impl Lint {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let found = self.bundle.open()?.lint();
        let output = global.output();
        let told = found.iter().try_for_each(|finding| {
            if output.json {
                return output.json(finding);
            }
            let PolicyFinding { id, file, row, message, hint } = finding;
            output.line(format!("{file}:{row}: {message} ({id}): {hint}"))
        });
        let told = told.and_then(|()| {
            let number = found.len();
            if output.json { Ok(()) } else { output.line(format!("{number} findings")) }
        });
        answered(told, found.is_empty())
    }
}
