//! Verifying a directory from its first byte.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use thalium::Engine;
use thalium::api::case::CaseRecord;
use thalium::api::decision::DecisionRecord;
use thalium::audit::merkle::Hash;
use thalium::ledger::Book;
use thalium::port::keys::Keys;
use thalium_store::Recovery;

use crate::Error;
use crate::beside::{self, VerifiedLog};
use crate::fold::Fold;
use crate::pages::LargePages;
use crate::place::{Place, at};
use crate::rollups::{self, VerifiedRollups};

/// What verifying a directory found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What the journal's recovery found.
    pub recovery: Recovery,
    /// The Merkle root over the log.
    pub root: Hash,
    /// The digest of the state that the log leads to.
    pub state_hash: Hash,
    /// Accounts in it.
    pub accounts: usize,
    /// Transfers in it.
    pub transfers: u64,
    /// What was found of its rollups, if it has any.
    pub rollups: Option<VerifiedRollups>,
    /// What was found of the decisions on record, if there are any.
    pub decisions: Option<VerifiedLog>,
    /// What was found of its cases, if it has any.
    pub cases: Option<VerifiedLog>,
}

/// Verifies a directory that no one writes, trusting nothing in it: every checksum, the chain of blocks, every root,
/// the replay, and the invariants of the books that it leads to. Changes nothing.
///
/// # Errors
/// What does not fit, and where; a ledger that is encrypted, without its keys.
pub fn verify(path: &Path, keys: Option<Arc<dyn Keys>>) -> Result<Verified, Error> {
    let place = Place::of(path)?.with_keys(keys.clone())?;
    let _span = tracing::info_span!("verify").entered();
    let begun = Instant::now();
    let mut engine = Engine::empty_in(Arc::new(LargePages::default()));
    let mut fold = Fold::into(&mut engine);
    let recovery = at!(&place, disk => thalium_store::verify(disk, &mut |event| fold.take(event)))?;
    fold.end()?;
    check_book(engine.book())?;
    let rollups = rollups::verify(path, keys.clone())?;
    let decisions = beside::verify::<DecisionRecord>(path, keys.clone())?;
    let cases = beside::verify::<CaseRecord>(path, keys)?;
    tracing::info!(events = recovery.events, took = ?begun.elapsed(), "verified");
    Ok(Verified {
        recovery,
        root: engine.root(),
        state_hash: engine.state_hash(),
        accounts: engine.book().account_count(),
        transfers: engine.book().transfer_count(),
        rollups,
        decisions,
        cases,
    })
}

pub(crate) fn check_book(book: &Book) -> Result<(), Error> {
    thalium::invariants::check(book)?;
    thalium::invariants::check_log(book)?;
    Ok(())
}
