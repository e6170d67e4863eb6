//! Charts.

use pyo3::prelude::*;
use thalium_host::wire;

use crate::border;

/// A chart that sessions run on.
#[pyclass(frozen, module = "thalium._native")]
pub(crate) struct Chart(thalium_host::Chart);

#[pymethods]
impl Chart {
    /// Opens a chart, which JSON names.
    #[new]
    fn open(py: Python<'_>, request: &str) -> PyResult<Self> {
        border(py, || Ok(Self(wire::open_chart(request)?)))
    }

    /// Asks something, as JSON.
    fn call(&self, py: Python<'_>, request: &str) -> PyResult<String> {
        border(py, || wire::chart(&self.0, request))
    }
}
