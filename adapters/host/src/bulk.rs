//! Many commands, in batches that become durable one after another.

use crate::{Command, Error, Outcome, Thalium};

/// Commands that become durable together.
const BATCH: usize = 4_096;

impl Thalium {
    /// Submits commands in order, in batches, and tells each with its outcome when it is durable, until `tell` says to
    /// stop. Commands that are linked stay in one batch.
    ///
    /// # Errors
    /// As [`Thalium::submit`]; what was told is booked.
    pub fn submit_all(
        &self,
        commands: &[Command],
        mut tell: impl FnMut(&[Command], Vec<Outcome>) -> bool,
    ) -> Result<(), Error> {
        let mut rest = commands;
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at(batch_len(rest));
            let outcomes = self.submit(batch)?;
            if !tell(batch, outcomes) {
                break;
            }
            rest = behind;
        }
        Ok(())
    }
}

/// How many of the next commands go together: a batch, and the chain at its end.
fn batch_len(commands: &[Command]) -> usize {
    let mut len = BATCH.min(commands.len());
    while len < commands.len() && commands.get(len - 1).is_some_and(Command::is_linked) {
        len += 1;
    }
    len
}

#[cfg(test)]
#[path = "bulk_tests.rs"]
mod tests;
