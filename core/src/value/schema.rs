//! JSON Schema, drafts 4, 6 and 7, as OPA judges by it: a schema is compiled once and validates documents.
//!
//! A schema says its draft by `$schema`; one that does not is read with the keywords of all three. References are to the schema itself; nothing is
//! fetched. Numbers are compared exactly, texts count by their characters, and unknown formats admit everything.
//!
//! Errors have the texts, the kinds and the order of gojsonschema, except that members come in the order of their names.

mod address;
mod compile;
mod format;
mod kept;
mod keywords;
mod node;
mod pattern;
mod reference;
mod report;
mod scalars;
mod validate;

pub(crate) use self::kept::Kept;
use self::node::Node;
pub(crate) use self::report::Violation;
use super::{Exhausted, Value};

/// A compiled schema.
#[derive(Debug)]
pub(crate) struct Schema {
    nodes: Vec<Node>,
}

/// Why a schema is none: gojsonschema's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SchemaError {
    /// What is wrong with it.
    #[error("{0}")]
    Invalid(String),
    /// It used up what it may.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

/// What takes steps, about one for each member that is looked at, and refuses when they are used up.
pub(crate) type Charge<'a> = dyn FnMut(usize) -> Result<(), Exhausted> + 'a;

impl Schema {
    /// Compiles a schema.
    ///
    /// # Errors
    ///
    /// The document is no schema, or refers to another.
    pub(crate) fn compile(document: &Value, charge: &mut Charge<'_>) -> Result<Self, SchemaError> {
        Ok(Self { nodes: compile::compile(document, charge)? })
    }

    /// What of the document is not as the schema has it; nothing, if all is.
    ///
    /// # Errors
    ///
    /// It took too many steps, or the schema goes round in circles.
    pub(crate) fn validate(
        &self,
        document: &Value,
        charge: &mut Charge<'_>,
    ) -> Result<Vec<Violation>, Exhausted> {
        validate::validate(&self.nodes, document, charge)
    }
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
