//! `thalium completions`: what a shell needs to complete arguments.

use std::io::Write;

use clap::Args;
use clap_complete::Shell;

use crate::failure::Failure;

/// Print the completions for a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium completions bash > /etc/bash_completion.d/thalium")]
pub(crate) struct Completions {
    /// bash, elvish, fish, powershell or zsh
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, command: &clap::Command) -> Result<(), Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut command.clone(), "thalium", &mut text);
        std::io::stdout().lock().write_all(&text)?;
        Ok(())
    }
}
