//! The part of migrations that looks into charts and sessions, whose insides no other room sees.

mod configuration;
mod context;
mod graft;
mod invoked;
mod read;
mod states;
mod timers;

/// A finding at a place.
fn finding(
    weight: crate::kyc::migration::Weight,
    place: &crate::kyc::chart::Place,
    message: String,
) -> crate::kyc::migration::MigrationFinding {
    let error = crate::kyc::chart::ChartError { place: place.clone(), message };
    crate::kyc::migration::MigrationFinding { weight, error }
}
