//! The image of the books: the state that a log leads to, written out, so that opening need not read the log again.
//!
//! An image holds what deciding needs (accounts, balances, holds, assets), not the history, which stays where it is. It
//! can be thrown away: reading the log again gives the same. `docs/format.md` writes it down byte by byte.

use std::collections::BTreeMap;

use super::Book;
use super::account::{AccountFlags, AccountKind};
use super::accounts::{AccountRecord, Accounts, Kept};
use super::book::OpenHold;
use super::view::Newest;
use crate::Id;
use crate::event::{self, Body, Header, Reader};
use crate::log::States;
use crate::money::Asset;

/// The newest version of an image. One without parties is of version 1, as it always was.
pub const VERSION: u16 = 2;
const WITHOUT_PARTIES: u16 = 1;
/// What stands for an instant that never comes.
const NEVER: i64 = i64::MAX;
/// The header of an asset's event, which is kept for what it says of the asset alone.
const NO_HEADER: Header = Header { sequence: 0, timestamp: 0, request: 0 };

/// A copy of the state, to be written out beside the engine.
#[derive(Debug)]
pub struct Image {
    count: u64,
    clock: i64,
    newest: Newest,
    transfer_count: u64,
    times: Vec<(i64, u64)>,
    accounts: Held,
    holds: BTreeMap<u64, OpenHold>,
    assets: BTreeMap<u32, Asset>,
    states: States,
    /// The registry of parties, which means nothing here; nothing where there is none.
    parties: Vec<u8>,
}

/// The accounts of an image: copied from books, or read from its bytes.
#[derive(Debug)]
enum Held {
    Copied(Vec<Kept>, BTreeMap<Id, u32>),
    Read(Box<Accounts>),
}

impl Held {
    fn aliases(&self) -> &BTreeMap<Id, u32> {
        match self {
            Self::Copied(_, aliases) => aliases,
            Self::Read(accounts) => accounts.aliases(),
        }
    }

    fn kept(&self) -> Box<dyn Iterator<Item = Kept> + '_> {
        match self {
            Self::Copied(kept, _) => Box::new(kept.iter().copied()),
            Self::Read(accounts) => Box::new(accounts.kept()),
        }
    }

    fn count(&self) -> u64 {
        match self {
            Self::Copied(kept, _) => kept.len() as u64,
            Self::Read(accounts) => u64::from(accounts.count()),
        }
    }
}

/// Bytes that are no image, or one that does not fit the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// They are of another version.
    #[error("the image has version {0}, this build knows version {VERSION}")]
    Version(u16),
    /// They stop early or say something impossible.
    #[error("the image is damaged at byte {at}: {what}")]
    Damaged {
        /// Where.
        at: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The parts end before the events that the image was made of.
    #[error("the image is of {events} events, of which the parts hold {parts}")]
    History {
        /// The events of the image.
        events: u64,
        /// The events in parts.
        parts: u64,
    },
    /// The engine has events already.
    #[error("an image is read into an engine without events")]
    NotEmpty,
}

impl ImageError {
    /// Of what was kept beside the books.
    pub(crate) fn parties(what: &'static str) -> Self {
        Self::Damaged { at: 0, what }
    }
}

impl Book {
    /// An image of the state as it is now.
    pub(crate) fn image(&self, parties: Vec<u8>) -> Image {
        self.image_of(self.accounts.kept().collect(), parties)
    }

    /// Begins an image of the state as it is now, in place of one that is under way.
    pub(crate) fn begin_image(&mut self, parties: Vec<u8>) {
        self.accounts.begin_copy();
        self.image = Some(Box::new(self.image_of(Vec::new(), parties)));
    }

    fn image_of(&self, accounts: Vec<Kept>, parties: Vec<u8>) -> Image {
        Image {
            count: self.log.count(),
            clock: self.clock,
            newest: self.newest,
            transfer_count: self.transfer_count,
            times: self.times.clone(),
            accounts: Held::Copied(accounts, self.accounts.aliases().clone()),
            holds: self.holds.clone(),
            assets: self.assets.clone(),
            states: self.log.states.clone(),
            parties,
        }
    }

    /// Goes on with an image by so many accounts, and gives it when it is whole.
    pub(crate) fn go_on_with_image(&mut self, accounts: u32) -> Option<Image> {
        let copied = self.accounts.go_on_copying(accounts)?;
        let mut image = self.image.take()?;
        if let Held::Copied(kept, _) = &mut image.accounts {
            *kept = copied;
        }
        Some(*image)
    }

    /// Takes in the state of an image. The history that it was made of stands in the parts that are attached.
    ///
    /// # Errors
    /// Books that are not empty, an image that is damaged or reaches beyond the parts; nothing has changed then.
    pub(crate) fn restore(&mut self, image: Image) -> Result<(), ImageError> {
        if self.log.count() > 0 {
            return Err(ImageError::NotEmpty);
        }
        let parts = self.log.sealed.end();
        if image.count > parts {
            return Err(ImageError::History { events: image.count, parts });
        }
        self.clock = image.clock;
        self.newest = image.newest;
        self.transfer_count = image.transfer_count;
        self.times = image.times;
        if let Held::Read(accounts) = image.accounts {
            self.accounts = *accounts;
        }
        let due = |(sequence, hold): (&u64, &OpenHold)| Some((hold.due?, *sequence));
        self.timeouts = image.holds.iter().filter_map(due).collect();
        self.holds = image.holds;
        self.asset_codes =
            image.assets.iter().map(|(ledger, asset)| (asset.code(), *ledger)).collect();
        self.assets = image.assets;
        self.log.resume(image.count, image.states);
        Ok(())
    }
}

impl Image {
    /// How many events led to it.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.count
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut to = Vec::new();
        let version = if self.parties.is_empty() { WITHOUT_PARTIES } else { VERSION };
        to.extend_from_slice(&version.to_le_bytes());
        to.resize(8, 0);
        to.extend_from_slice(&self.count.to_le_bytes());
        to.extend_from_slice(&self.clock.to_le_bytes());
        to.extend_from_slice(&self.newest.account.to_le_bytes());
        to.extend_from_slice(&self.newest.transfer.to_le_bytes());
        to.extend_from_slice(&self.transfer_count.to_le_bytes());
        let aliases = self.accounts.aliases();
        let lengths = [
            self.accounts.count(),
            aliases.len() as u64,
            self.holds.len() as u64,
            self.assets.len() as u64,
            self.times.len() as u64,
            self.states.blocks().count() as u64,
        ];
        for length in lengths {
            to.extend_from_slice(&length.to_le_bytes());
        }
        if !self.parties.is_empty() {
            to.extend_from_slice(&(self.parties.len() as u64).to_le_bytes());
        }
        for kept in self.accounts.kept() {
            kept.write(&mut to);
        }
        for (id, index) in aliases {
            to.extend_from_slice(&id.0.to_be_bytes());
            to.extend_from_slice(&index.to_le_bytes());
        }
        for (sequence, hold) in &self.holds {
            to.extend_from_slice(&sequence.to_le_bytes());
            to.extend_from_slice(&hold.id.0.to_be_bytes());
            to.extend_from_slice(&hold.due.unwrap_or(NEVER).to_le_bytes());
        }
        for (ledger, asset) in &self.assets {
            let registered = event::AssetRegistered { ledger: *ledger, asset: *asset };
            event::encode(NO_HEADER, &Body::AssetRegistered(registered), &mut to);
        }
        for (timestamp, sequence) in &self.times {
            to.extend_from_slice(&timestamp.to_le_bytes());
            to.extend_from_slice(&sequence.to_le_bytes());
        }
        for (number, words) in self.states.blocks() {
            to.extend_from_slice(&number.to_le_bytes());
            for word in words {
                to.extend_from_slice(&word.to_le_bytes());
            }
        }
        to.extend_from_slice(&self.parties);
        to
    }

    /// What was kept beside the books: the registry of parties.
    pub(crate) fn parties(&self) -> &[u8] {
        &self.parties
    }

    /// Reads an image.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImageError> {
        let mut from = Source(Reader { bytes, at: 0 });
        let version = from.u16()?;
        if ![WITHOUT_PARTIES, VERSION].contains(&version) {
            return Err(ImageError::Version(version));
        }
        from.zeros(6)?;
        let count = from.u64()?;
        let clock = from.i64()?;
        let newest = Newest { account: from.i64()?, transfer: from.i64()? };
        let transfer_count = from.u64()?;
        let [accounts, aliases, holds, assets, times, blocks] = from.lengths()?;
        let parties = if version == VERSION { from.u64()? } else { 0 };
        if version == VERSION && parties == 0 {
            return Err(from.damaged("it says that there are parties, and has none"));
        }
        if transfer_count > count || accounts > count {
            return Err(from.damaged("it has more records than events"));
        }
        let mut opened = Accounts::default();
        let mut image = Self {
            count,
            clock,
            newest,
            transfer_count,
            times: Vec::new(),
            accounts: Held::Copied(Vec::new(), BTreeMap::new()),
            holds: BTreeMap::new(),
            assets: BTreeMap::new(),
            states: States::default(),
            parties: Vec::new(),
        };
        for _ in 0..accounts {
            let kept = from.kept(count)?;
            if !opened.restore(&kept) {
                return Err(from.damaged("an account stands twice or out of order"));
            }
        }
        for _ in 0..aliases {
            let (id, index) = (from.id()?, from.u32()?);
            if index >= opened.count() || opened.find(id).is_some() {
                return Err(from.damaged("a key names no account, or one that has it already"));
            }
            opened.alias(id, index);
        }
        image.accounts = Held::Read(Box::new(opened));
        for _ in 0..holds {
            let (sequence, id, due) = (from.u64()?, from.id()?, from.i64()?);
            let last = image.holds.last_key_value();
            if sequence >= count || last.is_some_and(|(last, _)| *last >= sequence) {
                return Err(from.damaged("a hold is out of order, or of no event"));
            }
            image.holds.insert(sequence, OpenHold { id, due: (due != NEVER).then_some(due) });
        }
        for _ in 0..assets {
            from.asset(&mut image.assets)?;
        }
        for _ in 0..times {
            let (timestamp, sequence) = (from.i64()?, from.u64()?);
            let is_next = image.times.last().is_none_or(|(_, last)| *last < sequence);
            if sequence >= count || !is_next {
                return Err(from.damaged("a transfer is out of order, or of no event"));
            }
            image.times.push((timestamp, sequence));
        }
        let mut last = None;
        for _ in 0..blocks {
            let number = from.u32()?;
            if u64::from(number) >= States::blocks_of(count) || last.is_some_and(|l| l >= number) {
                return Err(from.damaged("the ends of holds are out of order, or of no event"));
            }
            last = Some(number);
            let mut words = [0; States::WORDS];
            for word in &mut words {
                *word = from.u64()?;
            }
            image.states.put(number, words);
        }
        image.parties = from.bytes(parties)?.to_vec();
        if !from.0.rest().is_empty() {
            return Err(from.damaged("something stands behind its end"));
        }
        Ok(image)
    }
}

impl Kept {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.id.0.to_be_bytes());
        to.extend_from_slice(&self.record.sequence.to_le_bytes());
        to.extend_from_slice(&self.record.timestamp.to_le_bytes());
        to.extend_from_slice(&self.record.parent.0.to_be_bytes());
        to.extend_from_slice(&self.last.to_le_bytes());
        to.extend_from_slice(&self.ledger.to_le_bytes());
        to.extend_from_slice(&self.flags.0.to_le_bytes());
        to.push(self.record.kind.map_or(0, AccountKind::number));
        to.push(u8::from(self.highs.is_some()));
        for half in self.lows.iter().chain(self.highs.iter().flatten()) {
            to.extend_from_slice(&half.to_le_bytes());
        }
    }
}

/// What an image is read from.
struct Source<'a>(Reader<'a>);

impl Source<'_> {
    fn damaged(&self, what: &'static str) -> ImageError {
        ImageError::Damaged { at: self.0.at, what }
    }

    fn short(at: usize) -> impl FnOnce(event::EventError) -> ImageError {
        move |_| ImageError::Damaged { at, what: "it is cut short, or a reserved byte is not zero" }
    }

    fn u8(&mut self) -> Result<u8, ImageError> {
        self.0.u8().map_err(Self::short(self.0.at))
    }

    fn u16(&mut self) -> Result<u16, ImageError> {
        self.0.u16().map_err(Self::short(self.0.at))
    }

    fn u32(&mut self) -> Result<u32, ImageError> {
        self.0.u32().map_err(Self::short(self.0.at))
    }

    fn u64(&mut self) -> Result<u64, ImageError> {
        self.0.u64().map_err(Self::short(self.0.at))
    }

    fn i64(&mut self) -> Result<i64, ImageError> {
        self.0.i64().map_err(Self::short(self.0.at))
    }

    fn id(&mut self) -> Result<Id, ImageError> {
        self.0.id().map_err(Self::short(self.0.at))
    }

    fn zeros(&mut self, count: usize) -> Result<(), ImageError> {
        self.0.zeros(count).map_err(Self::short(self.0.at))
    }

    fn bytes(&mut self, len: u64) -> Result<&[u8], ImageError> {
        let short = self.damaged("it is cut short");
        let taken = usize::try_from(len).ok().and_then(|len| self.0.rest().get(..len));
        let taken = taken.ok_or(short)?;
        self.0.at += taken.len();
        Ok(taken)
    }

    fn lengths(&mut self) -> Result<[u64; 6], ImageError> {
        let mut lengths = [0; 6];
        for length in &mut lengths {
            *length = self.u64()?;
        }
        Ok(lengths)
    }

    fn halves(&mut self) -> Result<[u64; 4], ImageError> {
        Ok([self.u64()?, self.u64()?, self.u64()?, self.u64()?])
    }

    fn kept(&mut self, events: u64) -> Result<Kept, ImageError> {
        let (id, sequence, timestamp) = (self.id()?, self.u64()?, self.i64()?);
        let (parent, last, ledger) = (self.id()?, self.u64()?, self.u32()?);
        let (flags, kind, has_highs) = (self.u16()?, self.u8()?, self.u8()?);
        if sequence >= events || last >= events {
            return Err(self.damaged("an account is of no event"));
        }
        let kind = match kind {
            0 => None,
            kind => Some(
                AccountKind::from_number(kind)
                    .ok_or_else(|| self.damaged("an account has a kind that there is not"))?,
            ),
        };
        let record = AccountRecord { timestamp, sequence, parent, kind };
        let lows = self.halves()?;
        let highs = match has_highs {
            0 => None,
            1 => Some(self.halves()?),
            _ => return Err(self.damaged("an account's halves are neither four nor eight")),
        };
        Ok(Kept { id, record, last, ledger, flags: AccountFlags(flags), lows, highs })
    }

    fn asset(&mut self, to: &mut BTreeMap<u32, Asset>) -> Result<(), ImageError> {
        let size = event::size_of(self.0.rest()).unwrap_or(0);
        let bytes = self.0.rest().get(..size).unwrap_or_default();
        let registered = match event::decode(bytes) {
            Ok((NO_HEADER, Body::AssetRegistered(registered))) => registered,
            _ => return Err(self.damaged("an asset is unreadable")),
        };
        if to.last_key_value().is_some_and(|(last, _)| *last >= registered.ledger) {
            return Err(self.damaged("an asset is out of order"));
        }
        to.insert(registered.ledger, registered.asset);
        self.0.at += size;
        Ok(())
    }
}

#[cfg(test)]
#[path = "image_tests.rs"]
mod tests;
