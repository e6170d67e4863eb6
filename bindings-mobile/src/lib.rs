//! The native library beneath the Kotlin and the Swift package: it converts, and decides nothing.
//!
//! Requests and answers are JSON (`thalium_host::wire`): one call with much in it costs less than many. Every export goes
//! through [`border`]: a panic becomes an error, and a failure carries its code. Calls block; the packages run them off the
//! main thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{PoisonError, RwLock};

use thalium_host::wire::{self, Failure};
use thalium_host::{Chart, Device, Policy, Thalium};

uniffi::setup_scaffolding!("thalium_mobile");

/// Why a call failed.
#[derive(Debug, uniffi::Error, thiserror::Error)]
pub enum NativeError {
    /// Under a stable code, with the field at fault where there is one.
    #[error("{code}: {detail}")]
    Failed {
        /// The code.
        code: String,
        /// What went wrong, where, and what to do.
        detail: String,
        /// The field at fault.
        field: Option<String>,
    },
}

impl From<Failure> for NativeError {
    fn from(Failure { code, message, field }: Failure) -> Self {
        Self::Failed { code, detail: message, field }
    }
}

/// Runs what an export does, and turns whatever goes wrong into an error.
fn border<T>(run: impl FnOnce() -> Result<T, Failure>) -> Result<T, NativeError> {
    let run = || {
        #[cfg(feature = "test-hooks")]
        hooks::panic_if_asked();
        run()
    };
    let done = catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|panic| Err(Failure::of_panic(panic.as_ref())));
    Ok(done?)
}

/// Something that is open until it is closed, for whoever works with it.
struct Shared<T>(RwLock<Option<T>>);

impl<T> Shared<T> {
    fn new(open: T) -> Self {
        Self(RwLock::new(Some(open)))
    }

    fn with<R>(&self, run: impl FnOnce(&T) -> Result<R, Failure>) -> Result<R, Failure> {
        let open = self.0.read().unwrap_or_else(PoisonError::into_inner);
        run(open.as_ref().ok_or_else(|| Failure::closed("it is closed: open it again"))?)
    }

    fn take(&self) -> Option<T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// An open ledger.
#[derive(uniffi::Object)]
pub struct NativeLedger(Shared<Thalium>);

#[uniffi::export]
impl NativeLedger {
    /// Opens the ledger at an address, with options as JSON.
    #[uniffi::constructor]
    pub fn open(address: String, options: String) -> Result<Self, NativeError> {
        border(|| Ok(Self(Shared::new(wire::open(&address, &options)?))))
    }

    /// Asks something, as JSON.
    pub fn call(&self, request: String) -> Result<String, NativeError> {
        border(|| self.0.with(|ledger| wire::call(ledger, &request)))
    }

    /// Closes it when the calls that are under way have ended.
    pub fn shut(&self) -> Result<(), NativeError> {
        border(|| self.0.take().map_or(Ok(()), |open| Ok(open.close()?)))
    }
}

/// What a customer's device keeps.
#[derive(uniffi::Object)]
pub struct NativeDevice(Shared<Device>);

#[uniffi::export]
impl NativeDevice {
    /// Opens what is kept at an address.
    #[uniffi::constructor]
    pub fn open(address: String) -> Result<Self, NativeError> {
        border(|| Ok(Self(Shared::new(Device::open(&address).map_err(Failure::from)?))))
    }

    /// Does something, as JSON.
    pub fn call(&self, request: String) -> Result<String, NativeError> {
        border(|| self.0.with(|device| wire::device(device, &request)))
    }

    /// Closes it when the calls that are under way have ended.
    pub fn shut(&self) -> Result<(), NativeError> {
        border(|| {
            self.0.take();
            Ok(())
        })
    }
}

/// A policy that answers.
#[derive(uniffi::Object)]
pub struct NativePolicy(Policy);

#[uniffi::export]
impl NativePolicy {
    /// Opens a policy, which JSON names.
    #[uniffi::constructor]
    pub fn open(request: String) -> Result<Self, NativeError> {
        border(|| Ok(Self(wire::open_policy(&request)?)))
    }

    /// Asks something, as JSON.
    pub fn call(&self, request: String) -> Result<String, NativeError> {
        border(|| wire::policy(&self.0, &request))
    }
}

/// A chart that cases run on.
#[derive(uniffi::Object)]
pub struct NativeChart(Chart);

#[uniffi::export]
impl NativeChart {
    /// Opens a chart, which JSON names.
    #[uniffi::constructor]
    pub fn open(request: String) -> Result<Self, NativeError> {
        border(|| Ok(Self(wire::open_chart(&request)?)))
    }

    /// Asks something, as JSON.
    pub fn call(&self, request: String) -> Result<String, NativeError> {
        border(|| wire::chart(&self.0, &request))
    }
}

/// Does something with the files of a ledger, as JSON.
#[uniffi::export]
pub fn native_run(request: String) -> Result<String, NativeError> {
    border(|| wire::run(&request, &mut |_| {}))
}

/// The codes of failures with what each means, as JSON.
#[uniffi::export]
pub fn native_codes() -> Result<String, NativeError> {
    border(|| Ok(serde_json::json!(wire::CODES).to_string()))
}

/// The names of the operations with what each works on, as JSON.
#[uniffi::export]
pub fn native_operations() -> Result<String, NativeError> {
    let names: Vec<_> = wire::OPERATIONS.iter().map(|one| (one.name, one.surface.name())).collect();
    border(|| Ok(serde_json::json!(names).to_string()))
}

/// A new time-ordered id.
#[uniffi::export]
pub fn native_new_id() -> Result<String, NativeError> {
    border(|| Ok(thalium_host::new_id().to_string()))
}

/// Makes the next call panic, for the tests of what becomes of that.
#[cfg(feature = "test-hooks")]
#[allow(clippy::panic, reason = "a panic is what is asked for")]
mod hooks {
    use std::sync::atomic::{AtomicBool, Ordering};

    static ASKED: AtomicBool = AtomicBool::new(false);

    pub(super) fn panic_if_asked() {
        if ASKED.swap(false, Ordering::SeqCst) {
            panic!("a panic was asked for");
        }
    }

    /// Makes the next call panic.
    #[uniffi::export]
    pub fn native_panic_next() {
        ASKED.store(true, Ordering::SeqCst);
    }
}
