//! `--viewer`: as which broker the books are looked at.

use clap::Args;
use thalium_host::{Sight, Thalium};

use crate::failure::Failure;

/// As whom is looked.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Viewer {
    /// As this broker sees it, its own clients only: its key or id [default: all is seen]
    #[arg(long, value_name = "BROKER")]
    pub(crate) viewer: Option<String>,
}

impl Viewer {
    /// Reads what is seen.
    pub(crate) fn read<R>(
        &self,
        thalium: &Thalium,
        question: impl FnOnce(&Sight<'_>) -> Result<R, thalium_host::Invalid>,
    ) -> Result<R, Failure> {
        let read = thalium.read_state(|engine| {
            Sight::of(engine, self.viewer.as_deref()).and_then(|sight| question(&sight))
        })?;
        read.map_err(Failure::usage)
    }
}
