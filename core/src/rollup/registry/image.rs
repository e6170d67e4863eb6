//! Rollups written out, so that they are there without all records that they were made of. `docs/series.md` has the bytes.

use std::sync::Arc;

use super::bytes::{Bytes, push};
use super::changes::Changes;
use super::definition::Definition;
use super::{ROLLUPS, Rollup, RollupError, Rollups, Slot};
use crate::codec::Canonical;
use crate::rollup::{Market, MarketImageError};

const MAGIC: [u8; 4] = *b"ThRI";
const VERSION: u8 = 2;

/// Bytes that are no image of rollups.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollupsImageError {
    /// They are cut short, longer than they say, or of a newer version.
    #[error("an image of rollups is cut short, damaged, or of a newer version: at byte {at}")]
    Damaged {
        /// Where.
        at: usize,
    },
    /// A rollup of it is none.
    #[error("rollup {rollup} of an image: {why}")]
    Rollup {
        /// Which, from zero.
        rollup: usize,
        /// What is wrong.
        why: Box<RollupError>,
    },
    /// The candles of a rollup are none.
    #[error("rollup {rollup} of an image: {why}")]
    Market {
        /// Which, from zero.
        rollup: usize,
        /// What is wrong.
        why: MarketImageError,
    },
}

impl Rollups {
    /// Writes them out, with the changes that are kept.
    #[must_use]
    pub fn image(&self) -> Vec<u8> {
        let mut image = Vec::from(MAGIC);
        image.push(VERSION);
        image.extend(self.records.to_le_bytes());
        image.extend((self.all.len() as u64).to_le_bytes());
        for Slot { rollup, has_history, .. } in self.all.values() {
            push(&mut image, &rollup.definition.to_bytes());
            image.push((*has_history).into());
            for number in [rollup.version.into(), rollup.trades] {
                image.extend(number.to_le_bytes());
            }
            rollup.changes.write(&mut image);
            for instant in std::iter::once(&rollup.newest).chain(&rollup.dropped) {
                image.extend(instant.to_le_bytes());
            }
            let chunks = rollup.market.image();
            image.extend((chunks.len() as u64).to_le_bytes());
            chunks.iter().for_each(|chunk| push(&mut image, chunk));
        }
        image
    }

    /// Reads what was written out; what happened since is to be [replayed](Rollups::replay).
    ///
    /// # Errors
    /// Bytes that are no image.
    pub fn from_image(bytes: &[u8]) -> Result<Self, RollupsImageError> {
        let mut bytes = Bytes { all: bytes, at: 0 };
        if bytes.array()? != MAGIC || bytes.array()? != [VERSION] {
            return Err(RollupsImageError::Damaged { at: 0 });
        }
        let mut rollups = Self { records: bytes.count()?, ..Self::default() };
        let count = bytes.count()?;
        let at = bytes.at;
        for index in 0..usize::try_from(count).unwrap_or(usize::MAX) {
            if index >= ROLLUPS {
                return Err(RollupsImageError::Damaged { at });
            }
            let slot = slot(&mut bytes, index)?;
            let name = Arc::clone(&slot.rollup.definition.name);
            // In order, so that the same is written again.
            if rollups.all.last_key_value().is_some_and(|(last, _)| *last >= name) {
                return Err(RollupsImageError::Damaged { at });
            }
            rollups.all.insert(name, slot);
        }
        let is_root = |name: &Arc<str>| {
            rollups.all.get(name).is_some_and(|slot| slot.rollup.definition.of.is_none())
        };
        let made_of = rollups.all.values().filter_map(|slot| slot.rollup.definition.of.as_ref());
        if bytes.at != bytes.all.len() || !made_of.into_iter().all(is_root) {
            return Err(RollupsImageError::Damaged { at: bytes.at });
        }
        Ok(rollups)
    }
}

fn slot(bytes: &mut Bytes<'_>, index: usize) -> Result<Slot, RollupsImageError> {
    let at = bytes.at;
    let damaged = RollupsImageError::Damaged { at };
    let definition = Definition::from_bytes(bytes.text()?).map_err(|_| damaged.clone())?;
    let has_history = match bytes.array()? {
        [0] => false,
        [1] => true,
        _ => return Err(damaged),
    };
    let version = u32::try_from(bytes.count()?).map_err(|_| damaged.clone())?;
    let trades = bytes.count()?;
    let changes = Changes::read(bytes).ok_or(damaged)?;
    let newest = bytes.int()?;
    let definition = Arc::new(definition);
    let new = Rollup::new(Arc::clone(&definition), version);
    let new = new.map_err(|why| RollupsImageError::Rollup { rollup: index, why: Box::new(why) })?;
    let mut dropped = Vec::with_capacity(definition.keep.len());
    for _ in &definition.keep {
        dropped.push(bytes.int()?);
    }
    let count = bytes.count()?;
    let mut chunks = Vec::new();
    for _ in 0..count {
        chunks.push(bytes.text()?);
    }
    let rules = new.market.shared_rules();
    let market = Market::from_image(rules, chunks);
    let market = market.map_err(|why| RollupsImageError::Market { rollup: index, why })?;
    let rollup = Rollup { definition, version, market, trades, changes, newest, dropped };
    Ok(Slot { rollup, has_history, is_stale: false })
}
