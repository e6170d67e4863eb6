//! How a ledger is opened, as plain data.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::{Access, Context, KeyText, Keys, Options, Passphrase, Thalium};

/// Where the key of an encrypted ledger is; at most one of the three.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct KeySource {
    /// A file that holds the key's text, or `keystore:NAME` for one in the key store of the platform.
    pub key_file: Option<PathBuf>,
    /// The key's text.
    pub key: Option<String>,
    /// A passphrase.
    pub passphrase: Option<String>,
}

// A secret is told nowhere.
impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySource").field("key_file", &self.key_file).finish_non_exhaustive()
    }
}

impl KeySource {
    /// The keys.
    ///
    /// # Errors
    /// More than one, a file that cannot be read, text that is no key.
    pub fn keys(&self) -> Result<Option<Arc<dyn Keys>>, Failure> {
        match (&self.key_file, &self.key, &self.passphrase) {
            (None, None, None) => Ok(None),
            (Some(file), None, None) => {
                Ok(Some(Arc::new(KeyText::read(file).map_err(Failure::keys)?)))
            }
            (None, Some(text), None) => {
                Ok(Some(Arc::new(KeyText::parse(text, "key").map_err(Failure::keys)?)))
            }
            (None, None, Some(phrase)) => {
                Ok(Some(Arc::new(Passphrase::new(phrase).map_err(Failure::keys)?)))
            }
            _ => Err(Failure::usage("key_file", "give one of key_file, key and passphrase")),
        }
    }
}

/// How a ledger is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OpenOptions {
    /// To read it, beside its writer or without one.
    pub read_only: bool,
    /// To read it as it was when its log had so many events.
    pub at: Option<u64>,
    /// Milliseconds to wait for another writer to end, and take over from it.
    pub wait_ms: u64,
    /// Makes the ledger if it is not there.
    pub create: bool,
    /// The tenant of a ledger that is made.
    pub tenant: Option<String>,
    /// Who asks, unless a request says otherwise.
    pub context: Context,
    /// MiB of the newest history in memory, from 1 to 1,048,576; some twice as much is in memory at a time.
    pub memory_mib: Option<u32>,
    /// Days that a request may be dated ahead of the log's newest instant.
    pub max_clock_jump_days: Option<u32>,
    /// For tests, and for `memory:` alone: 64 hexadecimal digits from which the keys of people come, the same everywhere.
    pub insecure_seed: Option<String>,
    /// The key of an encrypted ledger. One that is made is encrypted if a key is given.
    pub keys: KeySource,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            read_only: false,
            at: None,
            wait_ms: 0,
            create: true,
            tenant: None,
            context: Context::default(),
            memory_mib: None,
            max_clock_jump_days: None,
            insecure_seed: None,
            keys: KeySource::default(),
        }
    }
}

impl OpenOptions {
    pub(super) fn options(&self) -> Result<Options, Failure> {
        let mut options = Options {
            access: match (self.at, self.read_only) {
                (Some(at), _) => Access::ReadAt(at),
                (None, true) => Access::Read,
                (None, false) => Access::Write,
            },
            wait: Duration::from_millis(self.wait_ms),
            create: self.create,
            context: self.context.clone(),
            keys: self.keys.keys()?,
            ..Options::default()
        };
        if let Some(tenant) = &self.tenant {
            options.genesis.tenant.clone_from(tenant);
        }
        if let Some(mib) = self.memory_mib {
            if !(1..=1_048_576).contains(&mib) {
                let message = format!("{mib} is not from 1 to 1,048,576");
                return Err(Failure::usage("memory_mib", message));
            }
            options.memory = usize::try_from(u64::from(mib) << 20).unwrap_or(usize::MAX);
        }
        if let Some(seed) = &self.insecure_seed {
            let read = thalium::audit::merkle::from_hex(seed);
            let read =
                read.ok_or_else(|| Failure::usage("insecure_seed", "is no 64 hexadecimal digits"));
            options.insecure_seed = Some(read?);
        }
        if let Some(days) = self.max_clock_jump_days {
            options.max_clock_jump_days = days.into();
        }
        Ok(options)
    }
}

/// Opens the ledger at an address, with options as JSON.
///
/// # Errors
/// Options that cannot be read; as [`Thalium::open_with`].
pub fn open(address: &str, options: &str) -> Result<Thalium, Failure> {
    let options: OpenOptions =
        serde_json::from_str(options).map_err(|error| Failure::unread(&error))?;
    Ok(Thalium::open_with(address, options.options()?)?)
}
