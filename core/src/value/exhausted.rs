//! What ran out while something was read or evaluated.

/// What a query used up, or what it needs beyond what the engine can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exhausted {
    /// The steps.
    #[error("took more steps than a query may")]
    Steps,
    /// The memory.
    #[error("took more memory than a query may")]
    Memory,
    /// The depth of evaluation, or of a value.
    #[error("nests deeper than a query may")]
    Depth,
    /// A number, a text or a pattern is too large.
    #[error("has a number, a text or a pattern that is larger than a query may have")]
    Size,
    /// Bytes that are no text: Open Policy Agent's texts hold any, this engine's do not.
    #[error("the result is not UTF-8 text, which this engine cannot hold")]
    Text,
    /// What there is in Open Policy Agent and not here.
    #[error("needs what this engine does not support")]
    Unsupported,
}
