//! Policies.

use pyo3::prelude::*;
use thalium_host::wire;

use crate::border;

/// A policy that answers.
#[pyclass(frozen, module = "thalium._native")]
pub(crate) struct Policy(thalium_host::Policy);

#[pymethods]
impl Policy {
    /// Opens a policy, which JSON names.
    #[new]
    fn open(py: Python<'_>, request: &str) -> PyResult<Self> {
        border(py, || Ok(Self(wire::open_policy(request)?)))
    }

    /// The verdict at a path for an input, which is JSON; as JSON.
    #[pyo3(signature = (path, input=None, now=None))]
    fn decide(
        &self,
        py: Python<'_>,
        path: &str,
        input: Option<&str>,
        now: Option<&str>,
    ) -> PyResult<String> {
        border(py, || wire::decide_policy(&self.0, path, input, now))
    }

    /// Asks something, as JSON.
    fn call(&self, py: Python<'_>, request: &str) -> PyResult<String> {
        border(py, || wire::policy(&self.0, request))
    }
}
