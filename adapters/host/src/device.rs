//! A device: what [`thalium::device`] decides, made durable in a directory.

mod collection;
mod digest;
#[cfg(test)]
#[path = "device/line_tests.rs"]
mod line;

use std::sync::{Mutex, PoisonError};

use thalium::Id;
use thalium::api::{Command, SyncReply};
use thalium::device::{
    self, AccountCopy, Changed, DeviceAccount, DeviceHolds, DeviceStatement, IntentView, SyncDone,
    SyncStart,
};
use thalium_store::disk::Directory;
use thalium_store::{Records, StoreError};

pub use self::digest::{DOCUMENT_BYTES, digest, digest_file};
use crate::clock::Clock;
use crate::{Address, Error};

/// A customer's device: intents that wait for the back end, what is handed in to cases, and copies of the customer's accounts and cases.
///
/// What a call changed is durable when it returns. Between two calls no file is open and no lock is held: a system may suspend
/// the process at any moment. One process at a time works with a directory.
///
/// ```
/// use thalium_host::{Device, Post};
///
/// let device = Device::open("memory:")?;
/// device.follow("c1:ZAR")?;
/// let intent = device.intend(Post::new("lunch-7", "c1:ZAR", "c2:ZAR", "5.00").into())?;
/// assert_eq!(intent.state.name(), "queued");
/// // Send this to the back end, and hand its answer to `end_sync`; or say that there was none with `fail_sync`.
/// let request = device.begin_sync()?.request.unwrap();
/// assert_eq!(request.intents.len(), 1);
/// # Ok::<(), thalium_host::Error>(())
/// ```
#[derive(Debug)]
pub struct Device {
    state: Mutex<device::Device>,
    records: Option<Records<Directory>>,
}

impl Device {
    /// Opens what a device keeps at an address: `memory:`, `file:DIRECTORY`, or a directory, which is made if it is not there.
    ///
    /// # Errors
    /// An address that names nothing; a directory that cannot be read or written; a record that is damaged.
    pub fn open(address: &str) -> Result<Self, Error> {
        let records = match address.parse()? {
            Address::Memory => None,
            Address::File(path) => {
                std::fs::create_dir_all(&path)
                    .map_err(|source| Error::Create { path: path.display().to_string(), source })?;
                Some(Records::new(Directory::new(path)))
            }
        };
        let state = match &records {
            None => device::Device::default(),
            Some(records) => device::Device::with(device::Records {
                intents: read(records, "intent-")?,
                accounts: read(records, "account-")?,
                hand_ins: read(records, "handin-")?,
                cases: read(records, "case-")?,
            }),
        };
        Ok(Self { state: Mutex::new(state), records })
    }

    /// The instant of the device's clock, which its owner may set back.
    #[must_use]
    pub fn now(&self) -> i64 {
        Clock::default().now()
    }

    /// Keeps a command until the back end has answered it; see [`thalium::device::Device::intend`].
    ///
    /// # Errors
    /// A command that is none for a device, a key that was used for another; the disk's.
    pub fn intend(&self, command: Command) -> Result<IntentView, Error> {
        self.intend_at(command, self.now())
    }

    /// As [`Device::intend`], at an instant of the device's clock.
    ///
    /// # Errors
    /// As [`Device::intend`].
    pub fn intend_at(&self, command: Command, now: i64) -> Result<IntentView, Error> {
        self.change(|state| Ok(state.intend(command, now)?.clone()))
    }

    /// Takes an intent back that was never sent.
    ///
    /// # Errors
    /// One that is not there or was sent; the disk's.
    pub fn cancel(&self, key: &str) -> Result<IntentView, Error> {
        self.cancel_at(key, self.now())
    }

    /// As [`Device::cancel`], at an instant.
    ///
    /// # Errors
    /// As [`Device::cancel`].
    pub fn cancel_at(&self, key: &str, now: i64) -> Result<IntentView, Error> {
        self.change(|state| Ok(state.cancel(key, now)?.clone()))
    }

    /// An intent by its key.
    ///
    /// # Errors
    /// A handle that a panic left in doubt.
    pub fn intent(&self, key: &str) -> Result<Option<IntentView>, Error> {
        self.read(|state| state.intent(key).cloned())
    }

    /// The intents in the order in which they were given; only those that are not resolved, if `open`.
    ///
    /// # Errors
    /// As [`Device::intent`].
    pub fn intents(&self, open: bool) -> Result<Vec<IntentView>, Error> {
        self.read(|state| state.intents(open).into_iter().cloned().collect())
    }

    /// Forgets the intents and what was handed in that were resolved before an instant, and gives their keys.
    ///
    /// # Errors
    /// The disk's.
    pub fn prune(&self, before: i64) -> Result<Vec<String>, Error> {
        self.change(|state| Ok(state.prune(before)))
    }

    /// Keeps a copy of an account from the next sync on.
    ///
    /// # Errors
    /// An empty name, too many accounts; the disk's.
    pub fn follow(&self, account: &str) -> Result<(), Error> {
        self.change(|state| Ok(state.follow(account)?))
    }

    /// Forgets an account and its copy.
    ///
    /// # Errors
    /// The disk's.
    pub fn unfollow(&self, account: &str) -> Result<(), Error> {
        self.change(|state| {
            state.unfollow(account);
            Ok(())
        })
    }

    /// The accounts that are followed, as the device knows them.
    ///
    /// # Errors
    /// As [`Device::intent`].
    pub fn accounts(&self) -> Result<Vec<DeviceAccount>, Error> {
        self.read(|state| state.accounts().map(AccountCopy::view).collect())
    }

    /// An account as the device knows it; nothing if it is not followed.
    ///
    /// # Errors
    /// As [`Device::intent`].
    pub fn account(&self, name: &str) -> Result<Option<DeviceAccount>, Error> {
        self.read(|state| state.account(name).map(AccountCopy::view))
    }

    /// The open holds of an account as the device knows them; nothing if it is not followed.
    ///
    /// # Errors
    /// As [`Device::intent`].
    pub fn holds(&self, account: &str) -> Result<Option<DeviceHolds>, Error> {
        self.read(|state| state.account(account).map(AccountCopy::open_holds))
    }

    /// A statement as far as the device knows it; nothing before the back end has told the account.
    ///
    /// # Errors
    /// An instant that cannot be read; as [`Device::intent`].
    pub fn statement(
        &self,
        account: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Option<DeviceStatement>, Error> {
        let told = self.read(|state| {
            let copy = state.account(account)?;
            Some(copy.statement(from, to))
        })?;
        Ok(told.transpose()?.flatten())
    }

    /// What to send to the back end. From here on what is in it counts as sent.
    ///
    /// # Errors
    /// The disk's.
    pub fn begin_sync(&self) -> Result<SyncStart, Error> {
        self.begin_sync_at(self.now())
    }

    /// As [`Device::begin_sync`], at an instant.
    ///
    /// # Errors
    /// As [`Device::begin_sync`].
    pub fn begin_sync_at(&self, now: i64) -> Result<SyncStart, Error> {
        self.change(|state| Ok(state.begin_sync(now)))
    }

    /// Takes what the back end replied.
    ///
    /// # Errors
    /// The disk's: then what was not kept is asked for again.
    pub fn end_sync(&self, reply: &SyncReply) -> Result<SyncDone, Error> {
        self.end_sync_at(reply, self.now())
    }

    /// As [`Device::end_sync`], at an instant.
    ///
    /// # Errors
    /// As [`Device::end_sync`].
    pub fn end_sync_at(&self, reply: &SyncReply, now: i64) -> Result<SyncDone, Error> {
        self.change(|state| Ok(state.end_sync(reply, now)))
    }

    /// Notes that the back end could not be reached, and tells how long to wait. `random` is any number.
    ///
    /// # Errors
    /// A handle that a panic left in doubt.
    pub fn fail_sync(&self, random: u64) -> Result<SyncStart, Error> {
        self.fail_sync_at(self.now(), random)
    }

    /// As [`Device::fail_sync`], at an instant.
    ///
    /// # Errors
    /// As [`Device::fail_sync`].
    pub fn fail_sync_at(&self, now: i64, random: u64) -> Result<SyncStart, Error> {
        self.change(|state| Ok(state.fail_sync(now, random)))
    }

    /// Makes the next attempt due at once, as when the network is back.
    ///
    /// # Errors
    /// A handle that a panic left in doubt.
    pub fn hurry(&self) -> Result<(), Error> {
        self.change(|state| {
            state.hurry();
            Ok(())
        })
    }

    fn read<T>(&self, ask: impl FnOnce(&device::Device) -> T) -> Result<T, Error> {
        Ok(ask(&*self.state.lock().map_err(|_| Error::Panicked)?))
    }

    /// Changes what is kept: on the disk, then in memory. What fails changes nothing in memory; what was kept of it before it
    /// failed is as if it had been heard late.
    fn change<T>(
        &self,
        change: impl FnOnce(&mut device::Device) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut state = self.state.lock().map_err(|_: PoisonError<_>| Error::Panicked)?;
        let mut next = state.clone();
        let told = change(&mut next)?;
        let changed = next.take_changed();
        if let Some(records) = &self.records {
            for one in &changed {
                keep(records, &next, one)?;
            }
        }
        *state = next;
        Ok(told)
    }
}

fn keep(
    records: &Records<Directory>,
    state: &device::Device,
    changed: &Changed,
) -> Result<(), StoreError> {
    let (name, body) = match changed {
        Changed::Intent(key) => (record("intent", key), state.intent(key).map(serde_json::to_vec)),
        Changed::Account(name) => {
            (record("account", name), state.copy_of(name).map(serde_json::to_vec))
        }
        Changed::HandIn(key) => (record("handin", key), state.hand_in(key).map(serde_json::to_vec)),
        Changed::Case(case) => {
            (record("case", case), state.case_copy(case).map(serde_json::to_vec))
        }
    };
    match body {
        // INVARIANT: plain data of texts and numbers is always JSON.
        Some(body) => records.write(&name, &body.unwrap_or_default()),
        None => records.remove(&name),
    }
}

/// The name of the record of a key.
fn record(kind: &str, key: &str) -> String {
    format!("{kind}-{}", Id::from_key(kind, key))
}

fn read<T: serde::de::DeserializeOwned>(
    records: &Records<Directory>,
    kind: &str,
) -> Result<Vec<T>, Error> {
    let parse = |(name, body): (String, Vec<u8>)| {
        serde_json::from_slice(&body).map_err(|error| {
            let what = error.to_string();
            Error::Store(StoreError::Damaged { name, offset: 0, block: 0, what })
        })
    };
    records.read(kind)?.into_iter().map(parse).collect()
}

#[cfg(test)]
#[path = "device_tests.rs"]
mod tests;
