//! A migration as it is written: what becomes of the parts of a case, by their names.

use std::collections::BTreeMap;

use super::super::chart::{Content, Place};

/// What becomes of the sessions of one chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::kyc) struct Mapping {
    /// The new state of an old one.
    pub(in crate::kyc) states: BTreeMap<String, (String, Place)>,
    /// Whether a state that is not named stays the state of its name.
    pub(in crate::kyc) same: bool,
    /// The new states that begin where they say they begin.
    pub(in crate::kyc) enter: BTreeMap<String, Place>,
    pub(in crate::kyc) context: Context,
    pub(in crate::kyc) timers: Timers,
    /// Whether a timer that the new chart does not have is dropped.
    pub(in crate::kyc) drop_timers: bool,
    pub(in crate::kyc) history: History,
    /// The new id of what was invoked; none drops it.
    pub(in crate::kyc) invoked: BTreeMap<String, (Option<String>, Place)>,
    /// What becomes of the sessions of charts that were invoked, by the charts' ids.
    pub(in crate::kyc) charts: BTreeMap<String, Self>,
    pub(in crate::kyc) place: Place,
}

/// What becomes of the variables.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::kyc) struct Context {
    pub(in crate::kyc) set: BTreeMap<String, (Content, Place)>,
    pub(in crate::kyc) drop: BTreeMap<String, Place>,
    /// Whether what is not named stays.
    pub(in crate::kyc) keep: bool,
}

/// What becomes of timers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::kyc) enum Timers {
    /// They are due when they were.
    #[default]
    Keep,
    /// They begin as if their states were entered now.
    Restart,
}

/// What becomes of what history states stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::kyc) enum History {
    /// It is mapped as states are.
    #[default]
    Keep,
    /// Nothing is remembered.
    Forget,
}
