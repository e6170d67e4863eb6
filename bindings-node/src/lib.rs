//! The native module beneath the npm package `thalium`: it converts, and decides nothing.
//!
//! Requests and answers are JSON (`thalium_host::wire`), columns are typed arrays or Arrow's IPC. What takes time runs in
//! threads of its own and is a promise. Every export goes through [`border`]: a panic becomes an exception, and a failure is
//! the message of one, as JSON, which the TypeScript above it reads: the code of an error that a promise is rejected with
//! would not come through.

mod chart;
mod columns;
mod policy;
mod submitter;
mod tasks;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

use napi::bindgen_prelude::{
    AsyncTask, BigInt64Array, BigUint64Array, Object, Uint8Array, Uint16Array,
};
use napi::{Env, Error, Result};
use napi_derive::napi;
use thalium_host::wire::{self, Failure};
use thalium_host::{PostOutcomes, Thalium};

use chart::NativeChart;
use columns::Columns;
use policy::NativePolicy;
use submitter::Submitter;
use tasks::Task;

/// Runs what an export does, and turns whatever goes wrong into an exception.
pub(crate) fn border<T>(run: impl FnOnce() -> std::result::Result<T, Failure>) -> Result<T> {
    let run = || {
        #[cfg(feature = "test-hooks")]
        hooks::panic_if_asked();
        run()
    };
    let done = catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|panic| Err(Failure::of_panic(panic.as_ref())));
    done.map_err(|failure| Error::from_reason(told(&failure)))
}

/// A failure as JSON.
fn told(failure: &Failure) -> String {
    serde_json::to_string(failure).unwrap_or_else(|_| failure.message.clone())
}

/// A ledger that is open until it is closed, for whoever works with it.
#[derive(Clone)]
pub(crate) struct Shared(Arc<RwLock<Option<Thalium>>>);

impl Shared {
    fn new(open: Thalium) -> Self {
        Self(Arc::new(RwLock::new(Some(open))))
    }

    fn with<T>(
        &self,
        run: impl FnOnce(&Thalium) -> std::result::Result<T, Failure>,
    ) -> std::result::Result<T, Failure> {
        let open = self.0.read().unwrap_or_else(PoisonError::into_inner);
        run(open.as_ref().ok_or_else(|| Failure::closed("the ledger is closed: open it again"))?)
    }

    fn close(&self) -> std::result::Result<(), Failure> {
        let open = self.0.write().unwrap_or_else(PoisonError::into_inner).take();
        open.map_or(Ok(()), |open| Ok(open.close()?))
    }
}

/// An open ledger.
#[napi]
pub struct NativeLedger {
    shared: Shared,
    submitter: Submitter,
}

impl NativeLedger {
    fn new(open: Thalium) -> std::result::Result<Self, Failure> {
        let shared = Shared::new(open);
        Ok(Self { submitter: Submitter::start(shared.clone())?, shared })
    }
}

#[napi]
impl NativeLedger {
    /// Asks something, as JSON.
    #[napi(catch_unwind)]
    pub fn call(&self, request: String) -> Result<AsyncTask<Task>> {
        border(|| Ok(AsyncTask::new(Task::call(&self.shared, request))))
    }

    /// Submits commands, as JSON. Requests that wait at the same time become durable together.
    #[napi(catch_unwind)]
    pub fn submit<'env>(&self, env: &'env Env, request: String) -> Result<Object<'env>> {
        let (deferred, promise) =
            border(|| env.create_deferred().map_err(|error| Failure::panicked(&error.reason)))?;
        self.submitter.send(request, deferred);
        Ok(promise)
    }

    /// Books columns of posts, and gives the outcomes.
    #[napi(catch_unwind)]
    pub fn post_columns(
        &self,
        columns: &NativeColumns,
        asset: Option<String>,
    ) -> Result<AsyncTask<tasks::Post>> {
        let columns = Some((columns.0.take(), asset));
        border(|| Ok(AsyncTask::new(tasks::Post { shared: self.shared.clone(), columns })))
    }

    /// The transfers that a query asks for, as an Arrow stream.
    #[napi(catch_unwind)]
    pub fn transfer_columns(&self, query: String) -> Result<AsyncTask<Task>> {
        border(|| Ok(AsyncTask::new(Task::transfers(&self.shared, query))))
    }

    /// The accounts with their balances, as an Arrow stream.
    #[napi(catch_unwind)]
    pub fn account_columns(&self) -> Result<AsyncTask<Task>> {
        border(|| Ok(AsyncTask::new(Task::accounts(&self.shared))))
    }

    /// Closes it when the calls that are under way have ended.
    #[napi(catch_unwind)]
    pub fn close(&self) -> Result<AsyncTask<Task>> {
        border(|| Ok(AsyncTask::new(Task::close(&self.shared))))
    }

    /// Closes it at once, waiting for the calls that are under way.
    #[napi(catch_unwind)]
    pub fn close_sync(&self) -> Result<()> {
        border(|| self.shared.close())
    }
}

/// What became of the rows of columns. What is not asked for is not copied.
#[napi]
pub struct NativeOutcomes(Arc<PostOutcomes>);

impl NativeOutcomes {
    fn new(done: PostOutcomes) -> Self {
        Self(Arc::new(done))
    }
}

#[napi]
impl NativeOutcomes {
    /// How many rows were booked, replayed and rejected, as JSON.
    #[napi(catch_unwind)]
    pub fn counts(&self) -> Result<String> {
        let PostOutcomes { booked, replayed, rejected, .. } = &*self.0;
        let counts =
            serde_json::json!({ "booked": booked, "replayed": replayed, "rejected": rejected });
        border(|| Ok(counts.to_string()))
    }

    /// The number of each row's status.
    #[napi(catch_unwind)]
    pub fn statuses(&self) -> Result<Uint16Array> {
        border(|| {
            let numbers: Vec<u16> = self.0.statuses.iter().map(|status| status.number()).collect();
            Ok(numbers.into())
        })
    }

    /// The place of each row in the log; zero where nothing is booked.
    #[napi(catch_unwind)]
    pub fn sequences(&self) -> Result<BigUint64Array> {
        border(|| Ok(self.0.sequences.clone().into()))
    }

    /// When each row was decided, in nanoseconds since 1970.
    #[napi(catch_unwind)]
    pub fn timestamps(&self) -> Result<BigInt64Array> {
        border(|| Ok(self.0.timestamps.clone().into()))
    }

    /// All of it as an Arrow stream.
    #[napi(catch_unwind)]
    pub fn arrow(&self) -> Result<AsyncTask<Task>> {
        border(|| Ok(AsyncTask::new(Task::outcomes(Arc::clone(&self.0)))))
    }
}

/// Columns that are being collected.
#[napi]
#[derive(Default)]
pub struct NativeColumns(Columns);

#[napi]
impl NativeColumns {
    /// None yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Result<Self> {
        border(|| Ok(Self::default()))
    }

    /// Takes a column of whole numbers or ids from the bytes of a typed array, whose memory is JavaScript's: a copy.
    #[napi(catch_unwind)]
    pub fn buffer(&self, name: String, kind: String, bytes: Uint8Array) -> Result<()> {
        border(|| self.0.buffer(&name, &kind, &bytes))
    }

    /// Takes a column of texts.
    #[napi(catch_unwind)]
    pub fn texts(&self, name: String, texts: Vec<Option<String>>) -> Result<()> {
        border(|| {
            self.0.texts(&name, texts);
            Ok(())
        })
    }

    /// Takes a table from an Arrow stream.
    #[napi(catch_unwind)]
    pub fn arrow(&self, stream: Uint8Array) -> Result<()> {
        border(|| self.0.arrow(&stream))
    }
}

/// Opens the ledger at an address, with options as JSON.
#[napi(catch_unwind)]
pub fn open(address: String, options: String) -> Result<AsyncTask<tasks::Open>> {
    border(|| Ok(AsyncTask::new(tasks::Open { address, options })))
}

/// Opens a ledger in memory at once.
#[napi(catch_unwind)]
pub fn open_memory(options: String) -> Result<NativeLedger> {
    border(|| NativeLedger::new(wire::open("memory:", &options)?))
}

/// Opens a policy, which JSON names, off the event loop.
#[napi(catch_unwind)]
pub fn open_policy(request: String) -> Result<AsyncTask<policy::OpenPolicy>> {
    border(|| Ok(AsyncTask::new(policy::OpenPolicy(request))))
}

/// Opens a policy at once.
#[napi(catch_unwind)]
pub fn open_policy_sync(request: String) -> Result<NativePolicy> {
    border(|| NativePolicy::open(&request))
}

/// Opens a chart, which JSON names, off the event loop.
#[napi(catch_unwind)]
pub fn open_chart(request: String) -> Result<AsyncTask<chart::OpenChart>> {
    border(|| Ok(AsyncTask::new(chart::OpenChart(request))))
}

/// Opens a chart at once.
#[napi(catch_unwind)]
pub fn open_chart_sync(request: String) -> Result<NativeChart> {
    border(|| NativeChart::open(&request))
}

/// Does something with the files of a ledger, as JSON.
#[napi(catch_unwind)]
pub fn run(request: String) -> Result<AsyncTask<Task>> {
    border(|| Ok(AsyncTask::new(Task::run(request))))
}

/// As `run`, at once.
#[napi(catch_unwind)]
pub fn run_sync(request: String) -> Result<String> {
    border(|| wire::run(&request, &mut |_| {}))
}

/// The codes of failures with what each means, as JSON.
#[napi(catch_unwind)]
pub fn codes() -> Result<String> {
    border(|| Ok(serde_json::json!(wire::CODES).to_string()))
}

/// The names of the operations with what each works on, as JSON.
#[napi(catch_unwind)]
pub fn operations() -> Result<String> {
    let names: Vec<_> = wire::OPERATIONS.iter().map(|one| (one.name, one.surface.name())).collect();
    border(|| Ok(serde_json::json!(names).to_string()))
}

/// A new time-ordered id.
#[napi(catch_unwind)]
pub fn new_id() -> Result<String> {
    border(|| Ok(thalium_host::new_id().to_string()))
}

/// Makes the next call panic, for the tests of what becomes of that.
#[cfg(feature = "test-hooks")]
#[allow(clippy::panic, reason = "a panic is what is asked for")]
mod hooks {
    use std::sync::atomic::{AtomicBool, Ordering};

    use napi_derive::napi;

    static ASKED: AtomicBool = AtomicBool::new(false);

    pub(super) fn panic_if_asked() {
        if ASKED.swap(false, Ordering::SeqCst) {
            panic!("a panic was asked for");
        }
    }

    /// Makes the next call panic.
    #[napi]
    pub fn panic_next() {
        ASKED.store(true, Ordering::SeqCst);
    }
}
