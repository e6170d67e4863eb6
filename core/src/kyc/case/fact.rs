//! What happened, as it is kept.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::command::{By, Command};
use super::json::Json;
use super::state::Case;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A kind of case was defined, or defined anew.
    Defined(Defined),
    /// Somebody came to the register of staff, or stands there otherwise.
    Staffed(Staffed),
    /// A case changed.
    Changed(Box<Change>),
}

impl From<Change> for Fact {
    fn from(change: Change) -> Self {
        Self::Changed(Box::new(change))
    }
}

/// A kind of case, with the charts that its cases run on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Defined {
    /// By whom, and when.
    #[n(1)]
    pub by: By,
    /// The kind, as JSON.
    #[n(2)]
    pub kind: String,
    /// The charts, as JSON.
    #[n(3)]
    pub charts: Vec<String>,
    /// Whether JSON Logic takes values of other kinds as JavaScript does.
    #[n(4)]
    pub javascript: bool,
    /// The files of the bundle of policies that guards ask, if they ask one.
    #[n(5)]
    pub policy: Option<Vec<PolicyFile>>,
}

/// A file of a bundle of policies.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PolicyFile {
    /// Its path in the bundle.
    #[n(1)]
    pub name: String,
    /// What stands in it.
    #[n(2)]
    pub bytes: ByteVec,
}

/// How somebody stands on the register of staff.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Staffed {
    /// By whom, and when.
    #[n(1)]
    pub by: By,
    /// Who.
    #[n(2)]
    pub person: String,
    /// What they may do. Without any they are taken off.
    #[n(3)]
    pub roles: Vec<String>,
    /// Whether they are there, and are given work.
    #[n(4)]
    pub is_present: bool,
}

/// A case changed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Change {
    /// By whom, and when.
    #[n(1)]
    pub by: By,
    /// What was asked.
    #[n(2)]
    pub command: Command,
    /// What happened in its chart, step by step.
    #[n(3)]
    pub steps: Vec<Json>,
    /// The case as it is now.
    #[n(4)]
    pub case: Case,
}
