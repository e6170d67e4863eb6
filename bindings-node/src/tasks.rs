//! What runs off the event loop, in Node.js's own threads.

use napi::{Env, Result};
use thalium_host::TransferQuery;
use thalium_host::tables::Gathered;
use thalium_host::wire::{self, Failure};

use crate::columns::ipc;
use crate::{NativeLedger, Shared, border};

/// Opens a ledger.
pub struct Open {
    pub(crate) address: String,
    pub(crate) options: String,
}

impl napi::Task for Open {
    type Output = NativeLedger;
    type JsValue = NativeLedger;

    fn compute(&mut self) -> Result<NativeLedger> {
        border(|| NativeLedger::new(wire::open(&self.address, &self.options)?))
    }

    fn resolve(&mut self, _: Env, opened: NativeLedger) -> Result<NativeLedger> {
        Ok(opened)
    }
}

type Work = Box<dyn FnOnce() -> std::result::Result<Done, Failure> + Send>;

/// Something to do, once.
pub struct Task(Option<Work>);

/// What came of it: text, and bytes where there are columns.
pub(crate) type Done = (String, Option<Vec<u8>>);

impl Task {
    fn new(work: impl FnOnce() -> std::result::Result<Done, Failure> + Send + 'static) -> Self {
        Self(Some(Box::new(work)))
    }

    pub(crate) fn call(shared: &Shared, request: String) -> Self {
        let shared = shared.clone();
        Self::new(move || Ok((shared.with(|ledger| wire::call(ledger, &request))?, None)))
    }

    pub(crate) fn run(request: String) -> Self {
        Self::new(move || Ok((wire::run(&request, &mut |_| {})?, None)))
    }

    pub(crate) fn post(shared: &Shared, columns: Gathered, asset: Option<String>) -> Self {
        let shared = shared.clone();
        Self::new(move || {
            let batches = columns.batches()?;
            shared.with(|ledger| {
                let done = ledger.post_columns(&batches, asset.as_deref(), |_| {})?;
                let counts = serde_json::json!({
                    "booked": done.booked, "replayed": done.replayed, "rejected": done.rejected,
                });
                Ok((counts.to_string(), Some(ipc(&[done.batch()?])?)))
            })
        })
    }

    pub(crate) fn transfers(shared: &Shared, query: String) -> Self {
        let shared = shared.clone();
        Self::new(move || {
            let query: TransferQuery = wire::read_json(&query)?;
            let batches = shared.with(|ledger| Ok(ledger.transfer_batches(&query)?))?;
            Ok((String::new(), Some(ipc(&batches)?)))
        })
    }

    pub(crate) fn accounts(shared: &Shared) -> Self {
        let shared = shared.clone();
        Self::new(move || {
            let batches = shared.with(|ledger| Ok(ledger.account_batches()?))?;
            Ok((String::new(), Some(ipc(&batches)?)))
        })
    }

    pub(crate) fn close(shared: &Shared) -> Self {
        let shared = shared.clone();
        Self::new(move || {
            shared.close()?;
            Ok((String::new(), None))
        })
    }
}

impl napi::Task for Task {
    type Output = Done;
    type JsValue = (String, Option<napi::bindgen_prelude::Buffer>);

    fn compute(&mut self) -> Result<Done> {
        let work = self.0.take();
        border(|| work.map_or_else(|| Ok((String::new(), None)), |work| work()))
    }

    fn resolve(&mut self, _: Env, (text, bytes): Done) -> Result<Self::JsValue> {
        Ok((text, bytes.map(Into::into)))
    }
}
