//! Policies: a decision takes microseconds, so it is made at once; what may take longer runs off the event loop.

use std::sync::Arc;

use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Result};
use napi_derive::napi;
use thalium_host::wire::Failure;
use thalium_host::{Policy, wire};

use crate::border;
use crate::tasks::Task;

/// A policy that answers.
#[napi]
pub struct NativePolicy(Arc<Policy>);

#[napi]
impl NativePolicy {
    /// The verdict at a path for an input, which is JSON; as JSON.
    #[napi(catch_unwind)]
    pub fn decide(
        &self,
        path: String,
        input: Option<String>,
        now: Option<String>,
    ) -> Result<String> {
        border(|| wire::decide_policy(&self.0, &path, input.as_deref(), now.as_deref()))
    }

    /// Asks something, as JSON, at once.
    #[napi(catch_unwind)]
    pub fn call(&self, request: String) -> Result<String> {
        border(|| wire::policy(&self.0, &request))
    }

    /// Asks something, as JSON, off the event loop.
    #[napi(catch_unwind)]
    pub fn call_apart(&self, request: String) -> Result<AsyncTask<Task>> {
        border(|| Ok(AsyncTask::new(Task::policy(&self.0, request))))
    }
}

/// Opens a policy.
pub struct OpenPolicy(pub(crate) String);

impl NativePolicy {
    pub(crate) fn open(request: &str) -> std::result::Result<Self, Failure> {
        Ok(Self(Arc::new(wire::open_policy(request)?)))
    }
}

impl napi::Task for OpenPolicy {
    type Output = NativePolicy;
    type JsValue = NativePolicy;

    fn compute(&mut self) -> Result<NativePolicy> {
        border(|| NativePolicy::open(&self.0))
    }

    fn resolve(&mut self, _: Env, opened: NativePolicy) -> Result<NativePolicy> {
        Ok(opened)
    }
}
