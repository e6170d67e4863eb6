//! Charts: a step takes microseconds, so it is made at once; opening one reads files, and runs off the event loop.

use napi::{Env, Result};
use napi_derive::napi;
use thalium_host::wire::Failure;
use thalium_host::{Chart, wire};

use crate::border;

/// A chart that runs sessions.
#[napi]
pub struct NativeChart(Chart);

#[napi]
impl NativeChart {
    /// Asks something, as JSON, at once.
    #[napi(catch_unwind)]
    pub fn call(&self, request: String) -> Result<String> {
        border(|| wire::chart(&self.0, &request))
    }
}

/// Opens a chart.
pub struct OpenChart(pub(crate) String);

impl NativeChart {
    pub(crate) fn open(request: &str) -> std::result::Result<Self, Failure> {
        Ok(Self(wire::open_chart(request)?))
    }
}

impl napi::Task for OpenChart {
    type Output = NativeChart;
    type JsValue = NativeChart;

    fn compute(&mut self) -> Result<NativeChart> {
        border(|| NativeChart::open(&self.0))
    }

    fn resolve(&mut self, _: Env, opened: NativeChart) -> Result<NativeChart> {
        Ok(opened)
    }
}
