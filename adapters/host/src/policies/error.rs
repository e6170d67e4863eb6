//! Why a policy is not there, or does not answer.

use thalium::policy::bundle::BundleError;
use thalium::policy::filter::FilterError;
use thalium::policy::rego::{EvalError, JsonError, LoadError};
use thalium::policy::snapshot::{AskError, DecideError};

use super::INPUT_BYTES;

/// Why a policy is not there, or does not answer.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// What should be a bundle cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// Where.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The bundle is refused.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The path leads nowhere.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The query is refused.
    #[error(transparent)]
    Query(LoadError),
    /// The input is no JSON.
    #[error("input: {0}")]
    Input(JsonError),
    /// The input is too large.
    #[error("input: is larger than {} MiB", INPUT_BYTES >> 20)]
    InputTooLarge,
    /// The policy came to no answer.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// There is no condition for the rows that a rule is true for.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The policy came to no verdict.
    #[error(transparent)]
    Decide(#[from] DecideError),
}
