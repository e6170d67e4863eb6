//! The native module beneath the Python package `thalium`: it converts, and decides nothing.
//!
//! Requests and answers are JSON (`thalium_host::wire`), columns are Arrow. Every export goes through [`border`]: the GIL is
//! released, a panic becomes an exception, and a failure is raised as the package's own exception with its code.

mod arrow;
mod batches;
mod chart;
mod columns;
mod policy;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{PoisonError, RwLock};

use pyo3::prelude::*;
use thalium_host::wire::{self, Failure};
use thalium_host::{Thalium, TransferQuery};

use batches::{Batches, Outcomes};
use chart::Chart;
use columns::Columns;
use policy::Policy;

/// Runs what a function does without the GIL, and turns whatever goes wrong into an exception.
fn border<T: Send>(py: Python<'_>, run: impl FnOnce() -> Result<T, Failure> + Send) -> PyResult<T> {
    let run = || {
        #[cfg(feature = "test-hooks")]
        hooks::panic_if_asked();
        run()
    };
    let done = py.detach(|| match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => done,
        Err(panic) => Err(Failure::of_panic(panic.as_ref())),
    });
    done.map_err(|failure| raised(py, &failure))
}

/// As [`border`], for what works on Python's own objects and so needs the GIL.
pub(crate) fn guard<T>(py: Python<'_>, run: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    let run = || {
        #[cfg(feature = "test-hooks")]
        hooks::panic_if_asked();
        run()
    };
    catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|panic| Err(raised(py, &Failure::of_panic(panic.as_ref()))))
}

/// The package's exception for a failure.
pub(crate) fn raised(py: Python<'_>, failure: &Failure) -> PyErr {
    let exception = py.import("thalium._errors").and_then(|errors| {
        errors.call_method1("failure", (&failure.code, &failure.message, &failure.field))
    });
    exception.map_or_else(|error| error, PyErr::from_value)
}

/// An open ledger.
#[pyclass(frozen, module = "thalium._native")]
struct Ledger {
    open: RwLock<Option<Thalium>>,
    process: u32,
}

impl Ledger {
    fn with<T>(&self, run: impl FnOnce(&Thalium) -> Result<T, Failure>) -> Result<T, Failure> {
        self.check_process()?;
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        run(open.as_ref().ok_or_else(|| Failure::closed("the ledger is closed: open it again"))?)
    }

    /// A forked child has the handle's memory without its threads: nothing would ever become durable.
    fn check_process(&self) -> Result<(), Failure> {
        if self.process == std::process::id() {
            return Ok(());
        }
        Err(Failure::closed(
            "the process was forked since the ledger was opened: open it again in the child",
        ))
    }
}

#[pymethods]
impl Ledger {
    /// Opens the ledger at an address, with options as JSON.
    #[new]
    fn open(py: Python<'_>, address: &str, options: &str) -> PyResult<Self> {
        let open = border(py, || wire::open(address, options))?;
        Ok(Self { open: RwLock::new(Some(open)), process: std::process::id() })
    }

    /// Asks something, as JSON.
    fn call(&self, py: Python<'_>, request: &str) -> PyResult<String> {
        border(py, || self.with(|ledger| wire::call(ledger, request)))
    }

    /// Books columns of posts.
    fn post_columns(
        &self,
        py: Python<'_>,
        columns: &Columns,
        asset: Option<&str>,
    ) -> PyResult<Outcomes> {
        let columns = columns.take();
        border(py, || {
            let batches = columns.batches()?;
            self.with(|ledger| Ok(Outcomes(ledger.post_columns(&batches, asset, |_| {})?)))
        })
    }

    /// Gives columns of trades to a rollup; what stands beside them is JSON, as is the answer.
    fn ingest_columns(&self, py: Python<'_>, columns: &Columns, call: &str) -> PyResult<String> {
        let columns = columns.take();
        border(py, || {
            let batches = columns.batches()?;
            self.with(|ledger| wire::ingest_batches(ledger, call, &batches))
        })
    }

    /// The transfers that a query asks for.
    fn transfer_columns(&self, py: Python<'_>, query: &str) -> PyResult<Batches> {
        border(py, || {
            let query: TransferQuery = wire::read_json(query)?;
            self.with(|ledger| Ok(Batches(ledger.transfer_batches(&query)?)))
        })
    }

    /// The accounts with their balances.
    fn account_columns(&self, py: Python<'_>) -> PyResult<Batches> {
        border(py, || self.with(|ledger| Ok(Batches(ledger.account_batches()?))))
    }

    /// Whether it is open.
    fn is_open(&self, py: Python<'_>) -> PyResult<bool> {
        border(py, || Ok(self.open.read().unwrap_or_else(PoisonError::into_inner).is_some()))
    }

    /// Closes it when the calls that are under way have ended. Closing again does nothing.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        border(py, || {
            self.check_process()?;
            let open = self.open.write().unwrap_or_else(PoisonError::into_inner).take();
            open.map_or(Ok(()), |open| Ok(open.close()?))
        })
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // The threads that its end would wait for are the parent's.
        if self.check_process().is_err() {
            let open = self.open.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(open.take());
        }
    }
}

/// Does something with the files of a ledger, as JSON.
#[pyfunction]
fn run(py: Python<'_>, request: &str) -> PyResult<String> {
    border(py, || wire::run(request, &mut |_| {}))
}

/// The codes of failures, with what each means.
#[pyfunction]
fn codes(py: Python<'_>) -> PyResult<Vec<(&'static str, &'static str)>> {
    border(py, || Ok(wire::CODES.to_vec()))
}

/// The names of the operations, each with what it works on.
#[pyfunction]
fn operations(py: Python<'_>) -> PyResult<Vec<(&'static str, &'static str)>> {
    border(py, || Ok(wire::OPERATIONS.iter().map(|one| (one.name, one.surface.name())).collect()))
}

/// A new time-ordered id.
#[pyfunction]
fn new_id(py: Python<'_>) -> PyResult<String> {
    border(py, || Ok(thalium_host::new_id().to_string()))
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

    #[pyo3::pyfunction]
    pub(super) fn _panic_next() {
        ASKED.store(true, Ordering::SeqCst);
    }
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    #[cfg(feature = "test-hooks")]
    module.add_function(wrap_pyfunction!(hooks::_panic_next, module)?)?;
    module.add_class::<Ledger>()?;
    module.add_class::<Columns>()?;
    module.add_class::<Batches>()?;
    module.add_class::<Outcomes>()?;
    module.add_class::<Policy>()?;
    module.add_class::<Chart>()?;
    module.add_function(wrap_pyfunction!(run, module)?)?;
    module.add_function(wrap_pyfunction!(codes, module)?)?;
    module.add_function(wrap_pyfunction!(operations, module)?)?;
    module.add_function(wrap_pyfunction!(new_id, module)?)
}
