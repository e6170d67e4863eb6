//! What is done with the files of a ledger, without an open handle.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::failure::Failure;
use super::options::KeySource;
use super::report::{BackupReport, RestoreReport, VerifyReport, inspection};
use super::{Surface, json, kyc, object, operation};
use crate::{Address, KeyText, NewKeys, Options, Until, time};

/// What to do with the files of a ledger. In JSON the field `op` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Task {
    /// Copies a ledger, or brings its copy up to date; the ledger may be written meanwhile. Answer: a [`BackupReport`].
    Backup(BackupTask),
    /// Makes a ledger from a backup, and verifies it. Answer: a [`RestoreReport`].
    Restore(RestoreTask),
    /// Shows that a backup can be restored. Answer: a [`RestoreReport`].
    Rehearse(FilesTask),
    /// Verifies a ledger that no one writes from its first byte. Answer: a [`VerifyReport`].
    Verify(FilesTask),
    /// Looks at the files of a ledger. Answer: an object of what was found.
    Inspect(FilesTask),
    /// Brings the files of a ledger to the newest version of their formats. Answer: the names of those that are of an
    /// older one.
    Upgrade(UpgradeTask),
    /// Makes a key for encrypted ledgers. Answer: its text.
    NewKey(NewKeyTask),
}

/// What to copy, and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BackupTask {
    /// The address of the ledger.
    pub ledger: String,
    /// Where the copy is: a directory, or an object store where the build has them.
    pub to: PathBuf,
    /// The key of an encrypted ledger.
    #[serde(default)]
    pub keys: KeySource,
}

/// What to restore, and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RestoreTask {
    /// Where the backup is.
    pub backup: PathBuf,
    /// The address of the new ledger: an empty directory, or none yet.
    pub ledger: String,
    /// Nothing that was asked for after this instant: RFC 3339, nanoseconds since 1970, or a date.
    #[serde(default)]
    pub until: Option<String>,
    /// No more than the first so many events.
    #[serde(default)]
    pub until_size: Option<u64>,
    /// The key of an encrypted backup.
    #[serde(default)]
    pub keys: KeySource,
    /// Encrypts the new ledger under this key. By default that of the backup, if it is encrypted.
    #[serde(default)]
    pub new_keys: KeySource,
    /// Leaves the new ledger unencrypted, though the backup is encrypted.
    #[serde(default)]
    pub decrypt: bool,
}

/// The files of a ledger or of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FilesTask {
    /// The address of the ledger, or where the backup is.
    pub ledger: String,
    /// The key of encrypted files.
    #[serde(default)]
    pub keys: KeySource,
}

/// Which files to bring up to date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpgradeTask {
    /// The address of the ledger.
    pub ledger: String,
    /// Only tells which are of an older version.
    #[serde(default)]
    pub check: bool,
    /// The key of an encrypted ledger.
    #[serde(default)]
    pub keys: KeySource,
}

/// Where to write a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewKeyTask {
    /// A file that is not there yet; only its owner will be able to read it.
    pub file: PathBuf,
}

/// Does something with the files of a ledger, and tells of it as JSON. `go_on` is asked now and then with the bytes that a
/// backup has copied.
///
/// # Errors
/// A request that cannot be read, or what the functions of the same names say.
pub fn run(request: &str, told: &mut dyn FnMut(u64)) -> Result<String, Failure> {
    let object = object(request)?;
    let op = operation(&object)?.to_owned();
    if operation::surface_of(&op) == Some(Surface::Kyc) {
        return kyc::call(request);
    }
    if operation::surface_of(&op) != Some(Surface::Files) {
        return Err(operation::unknown(&op, Surface::Files));
    }
    let task: Task =
        serde_json::from_value(Value::Object(object)).map_err(|e| Failure::unread(&e))?;
    match task {
        Task::Backup(BackupTask { ledger, to, keys }) => {
            let copied = crate::backup(&directory(&ledger)?, &to, keys.keys()?, told)?;
            json(&BackupReport::new(to.display().to_string(), &copied))
        }
        Task::Restore(task) => restore(&task),
        Task::Rehearse(FilesTask { ledger, keys }) => {
            let (restored, verified) = crate::rehearse(&place(&ledger)?, keys.keys()?)?;
            json(&RestoreReport::new(&restored, &verified))
        }
        Task::Verify(FilesTask { ledger, keys }) => {
            json(&VerifyReport::from(&crate::verify(&place(&ledger)?, keys.keys()?)?))
        }
        Task::Inspect(FilesTask { ledger, keys }) => {
            json(&inspection(&crate::inspect(&place(&ledger)?, keys.keys()?)?))
        }
        Task::Upgrade(UpgradeTask { ledger, check: true, keys }) => {
            json(&crate::older_files(&directory(&ledger)?, keys.keys()?)?)
        }
        Task::Upgrade(UpgradeTask { ledger, check: false, keys }) => {
            let options = Options { keys: keys.keys()?, ..Options::default() };
            json(&crate::upgrade(&directory(&ledger)?, options)?)
        }
        Task::NewKey(NewKeyTask { file }) => {
            KeyText::generate().and_then(|key| key.write(&file)).map_err(Failure::keys)?;
            json(&file.display().to_string())
        }
    }
}

fn restore(task: &RestoreTask) -> Result<String, Failure> {
    let until = match (&task.until, task.until_size) {
        (Some(_), Some(_)) => {
            return Err(Failure::usage("until", "give `until` or `until_size`, not both"));
        }
        (Some(text), None) => Until::Instant(time::parse_until(text).ok_or_else(|| {
            let forms = "write 2026-01-31, 2026-01-31T09:30:00Z or nanoseconds since 1970";
            Failure::usage("until", format!("is no instant: {forms}"))
        })?),
        (None, Some(size)) => Until::Size(size),
        (None, None) => Until::End,
    };
    let new_keys = match (task.new_keys.keys()?, task.decrypt) {
        (Some(_), true) => {
            return Err(Failure::usage("decrypt", "contradicts `new_keys`: leave one of them out"));
        }
        (Some(keys), false) => NewKeys::Other(Arc::clone(&keys)),
        (None, true) => NewKeys::Without,
        (None, false) => NewKeys::Same,
    };
    let to = directory(&task.ledger)?;
    let (restored, verified) =
        crate::restore(&task.backup, &to, until, task.keys.keys()?, new_keys)?;
    json(&RestoreReport::new(&restored, &verified))
}

/// The directory at an address.
fn directory(address: &str) -> Result<PathBuf, Failure> {
    match address.parse()? {
        Address::File(path) => Ok(path),
        Address::Memory => {
            Err(Failure::usage("ledger", "`memory:` has no files: give a directory"))
        }
    }
}

/// A directory at an address, or an object store.
fn place(address: &str) -> Result<PathBuf, Failure> {
    if address.contains("://") { Ok(address.into()) } else { directory(address) }
}
