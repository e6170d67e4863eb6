//! What runs off the event loop, in Node.js's own threads.

use std::sync::Arc;

use napi::{Env, Result};
use thalium_host::tables::Gathered;
use thalium_host::wire::{self, Failure};
use thalium_host::{Policy, PostOutcomes, TransferQuery};

use crate::columns::ipc;
use crate::{NativeLedger, NativeOutcomes, Shared, border};

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

/// Books columns of posts.
pub struct Post {
    pub(crate) shared: Shared,
    pub(crate) columns: Option<(Gathered, Option<String>)>,
}

impl napi::Task for Post {
    type Output = PostOutcomes;
    type JsValue = NativeOutcomes;

    fn compute(&mut self) -> Result<PostOutcomes> {
        let columns = self.columns.take();
        border(|| {
            let (columns, asset) = columns.unwrap_or_default();
            let batches = columns.batches()?;
            self.shared
                .with(|ledger| Ok(ledger.post_columns(&batches, asset.as_deref(), |_| {})?))
        })
    }

    fn resolve(&mut self, _: Env, done: PostOutcomes) -> Result<NativeOutcomes> {
        Ok(NativeOutcomes::new(done))
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

    pub(crate) fn policy(policy: &Arc<Policy>, request: String) -> Self {
        let policy = Arc::clone(policy);
        Self::new(move || Ok((wire::policy(&policy, &request)?, None)))
    }

    pub(crate) fn run(request: String) -> Self {
        Self::new(move || Ok((wire::run(&request, &mut |_| {})?, None)))
    }

    pub(crate) fn outcomes(of: Arc<PostOutcomes>) -> Self {
        Self::new(move || Ok((String::new(), Some(ipc(&[of.batch()?])?))))
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
