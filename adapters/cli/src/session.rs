//! Opens the store that a command works on.

use std::time::Duration;

use clap::Args;
use thalium_host::{Access, Address, Context, Options, Thalium};

use crate::failure::Failure;
use crate::output::Output;

/// Where a store is without `--dir` and without the variable.
const DEFAULT_DIR: &str = "./thalium-data";
/// The variable that names the store.
const DIR_VARIABLE: &str = "THALIUM_DIR";

/// What every command takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The store: a directory, `file:DIRECTORY` or `memory:` [env: THALIUM_DIR] [default: ./thalium-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<String>,
    /// Who asks; written into the log with every request. Put no personal data here
    #[arg(long, global = true, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub(crate) actor: String,
    /// Read the store as it was when its log had so many events (`thalium stats` tells how many it has)
    #[arg(long, global = true, value_name = "EVENTS")]
    pub(crate) at_size: Option<u64>,
    /// Wait so many seconds for another process that writes the store, and take over from it
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(crate) wait: u32,
    /// Keep about twice so many MiB of the newest history in memory; what is older is read from the directory
    #[arg(
        long,
        global = true,
        value_name = "MIB",
        env = "THALIUM_MEMORY",
        default_value_t = 64,
        value_parser = clap::value_parser!(u32).range(1..=1_048_576),
        hide_env_values = true
    )]
    pub(crate) memory: u32,
    /// Machine output: one JSON object per line
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Global {
    /// The address of the store.
    pub(crate) fn address(&self) -> String {
        let variable = || std::env::var(DIR_VARIABLE).ok().filter(|dir| !dir.is_empty());
        self.dir.clone().or_else(variable).unwrap_or_else(|| DEFAULT_DIR.to_owned())
    }

    /// Where output goes.
    pub(crate) fn output(&self) -> Output {
        Output { json: self.json }
    }

    /// Opens the store to write it; it must be there.
    pub(crate) fn open(&self) -> Result<Thalium, Failure> {
        self.open_with(false)
    }

    /// Opens the store to read it, whether or not another writes it.
    pub(crate) fn open_to_read(&self) -> Result<Thalium, Failure> {
        let access = self.at_size.map_or(Access::Read, Access::ReadAt);
        Ok(Thalium::open_with(&self.address(), Options { access, ..self.options(false) })?)
    }

    /// Opens the store, and makes it if it is not there and `create` says so.
    pub(crate) fn open_with(&self, create: bool) -> Result<Thalium, Failure> {
        if self.at_size.is_some() {
            return Err(Failure::usage("--at-size is for commands that read: leave it out"));
        }
        Ok(Thalium::open_with(&self.address(), self.options(create))?)
    }

    /// The directory, for what looks at the files themselves.
    pub(crate) fn directory(&self) -> Result<std::path::PathBuf, Failure> {
        match self.address().parse()? {
            Address::File(path) => Ok(path),
            Address::Memory => {
                Err(Failure::usage("`memory:` has no files: give a directory with `--dir`"))
            }
        }
    }

    fn options(&self, create: bool) -> Options {
        let context =
            Context { actor: self.actor.clone(), origin: "cli".to_owned(), ..Context::default() };
        let wait = Duration::from_secs(self.wait.into());
        let memory = usize::try_from(u64::from(self.memory) << 20).unwrap_or(usize::MAX);
        Options { context, create, wait, memory, ..Options::default() }
    }
}
