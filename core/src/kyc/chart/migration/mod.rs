//! The part of migrations that looks into charts and sessions, whose insides no other room sees.

mod configuration;
mod context;
mod graft;
mod invoked;
mod read;
mod states;
mod timers;

pub(in crate::kyc) use graft::Plans;
