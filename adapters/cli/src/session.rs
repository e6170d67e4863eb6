//! Opens the store that a command works on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use thalium_host::{
    Access, Address, Context, KeyText, Keys, Options, Passphrase, Telemetry, Thalium,
};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::failure::Failure;
use crate::output::{Output, Recovering};

/// Where a store is without `--dir` and without the variable.
const DEFAULT_DIR: &str = "./thalium-data";
/// The variable that names the store.
const DIR_VARIABLE: &str = "THALIUM_DIR";
/// The variables that name the file of a key, or are a key or a passphrase.
const FILE_VARIABLE: &str = "THALIUM_KEY_FILE";
const KEY_VARIABLE: &str = "THALIUM_KEY";
const PASSPHRASE_VARIABLE: &str = "THALIUM_PASSPHRASE";

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
    /// The key of an encrypted store: where `thalium keys new` wrote it, a file or keystore:NAME [env: THALIUM_KEY_FILE; or the key itself in
    /// THALIUM_KEY, or a passphrase in THALIUM_PASSPHRASE]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Tell on the error output what the store does: off, error, warn, info, debug or trace
    #[arg(
        long,
        global = true,
        value_name = "LEVEL",
        env = "THALIUM_LOG",
        value_enum,
        hide_possible_values = true
    )]
    pub(crate) log: Option<LogLevel>,
    /// Machine output: one JSON object per line
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// How much is told on the error output.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum LogLevel {
    // A variable that is set to nothing is not set.
    #[value(alias = "")]
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    /// Tells from here on what the store does.
    pub(crate) fn start(self) {
        let level = match self {
            Self::Off => return,
            Self::Error => tracing::Level::ERROR,
            Self::Warn => tracing::Level::WARN,
            Self::Info => tracing::Level::INFO,
            Self::Debug => tracing::Level::DEBUG,
            Self::Trace => tracing::Level::TRACE,
        };
        // What the libraries beneath tell is not ours to vouch for: addresses, and what stands in requests.
        let own = Targets::new().with_target("thalium", level);
        let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr);
        log.with_ansi(false).finish().with(own).init();
    }
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
        Ok(Thalium::open_with(&self.address(), Options { access, ..self.options(false)? })?)
    }

    /// Opens the store, and makes it if it is not there and `create` says so.
    pub(crate) fn open_with(&self, create: bool) -> Result<Thalium, Failure> {
        if self.at_size.is_some() {
            return Err(Failure::usage("--at-size is for commands that read: leave it out"));
        }
        Ok(Thalium::open_with(&self.address(), self.options(create)?)?)
    }

    /// The directory, for what looks at the files themselves.
    pub(crate) fn directory(&self) -> Result<PathBuf, Failure> {
        match self.address().parse()? {
            Address::File(path) => Ok(path),
            Address::Memory => {
                Err(Failure::usage("`memory:` has no files: give a directory with `--dir`"))
            }
        }
    }

    /// The keys of the store, where some are given.
    pub(crate) fn keys(&self) -> Result<Option<Arc<dyn Keys>>, Failure> {
        let variable = |name| std::env::var(name).ok().filter(|text: &String| !text.is_empty());
        let file = self.key_file.clone().or_else(|| variable(FILE_VARIABLE).map(PathBuf::from));
        Ok(if let Some(file) = file {
            Some(key_in(&file)?)
        } else if let Some(text) = variable(KEY_VARIABLE) {
            Some(Arc::new(KeyText::parse(&text, KEY_VARIABLE).map_err(Failure::usage)?))
        } else if let Some(phrase) = variable(PASSPHRASE_VARIABLE) {
            Some(Arc::new(Passphrase::new(&phrase).map_err(Failure::usage)?))
        } else {
            None
        })
    }

    pub(crate) fn options(&self, create: bool) -> Result<Options, Failure> {
        let context =
            Context { actor: self.actor.clone(), origin: "cli".to_owned(), ..Context::default() };
        let wait = Duration::from_secs(self.wait.into());
        let memory = usize::try_from(u64::from(self.memory) << 20).unwrap_or(usize::MAX);
        let telemetry: Option<Arc<dyn Telemetry>> = Some(Arc::new(Recovering::default()));
        let keys = self.keys()?;
        Ok(Options { context, create, wait, memory, keys, telemetry, ..Options::default() })
    }
}

/// The key in a file.
pub(crate) fn key_in(file: &Path) -> Result<Arc<dyn Keys>, Failure> {
    Ok(Arc::new(KeyText::read(file).map_err(Failure::usage)?))
}
