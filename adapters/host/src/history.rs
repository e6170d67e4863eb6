//! The history of a ledger in a directory: parts of it that stand in files, and what is yet to be put there.

use std::collections::VecDeque;

use thalium::audit::merkle::Hash;
use thalium::ledger::image::{ImageError, VERSION};
use thalium::part::{self, Cut, SummaryError};
use thalium::{Engine, PartError, ledger};
use thalium_store::disk::Directory;
use thalium_store::{Archive, BlockPlace, End, Image, Sealed, StoreError};

use crate::Error;

/// An image is made when so many times as many events as there are accounts have followed the last one: writing it costs
/// less than a quarter of writing them.
const EVENTS_PER_ACCOUNT: u64 = 4;

/// What is left in memory at a close is put into a part of its own if it is at least one part in so many.
const WORTH_A_PART: usize = 8;
/// About what an event takes.
const EVENT_BYTES: u64 = 112;

fn is_image_due(engine: &Engine, imaged: u64) -> bool {
    let accounts = engine.book().account_count() as u64;
    engine.book().event_count() - imaged >= accounts.saturating_mul(EVENTS_PER_ACCOUNT)
}

/// Accounts that are copied for an image at each request: a millisecond's worth.
const ACCOUNTS_AT_A_TIME: u32 = 1 << 13;

/// Ends of blocks that are kept to prove a part of another process.
const ENDS_MAX: usize = 1 << 16;

/// What was cut from the log, and whether an image of the state at that point is made.
#[derive(Debug)]
pub(crate) struct Sealing {
    cut: Cut,
    is_imaged: bool,
}

impl Sealing {
    /// Cuts the log, and begins an image if one is due; `imaged` is how many events the last one was made of.
    pub(crate) fn of(engine: &mut Engine, imaged: &mut u64) -> Self {
        let is_imaged = is_image_due(engine, *imaged);
        if is_imaged {
            *imaged = engine.book().event_count();
            engine.begin_image();
        }
        Self { cut: engine.cut(), is_imaged }
    }

    /// What was cut.
    pub(crate) fn into_cut(self) -> Cut {
        self.cut
    }

    /// What a close leaves, unless the next opening has little to read without it.
    pub(crate) fn at_close(engine: &mut Engine, imaged: &mut u64, memory: usize) -> Option<Self> {
        let worth = memory / WORTH_A_PART;
        let behind = (engine.book().event_count() - *imaged).saturating_mul(EVENT_BYTES);
        let is_long = usize::try_from(behind).map_or(true, |behind| behind >= worth);
        let is_worth = engine.uncut() >= worth || (is_long && is_image_due(engine, *imaged));
        is_worth.then(|| Self::of(engine, imaged))
    }
}

/// Goes on with the image that is being made, and gives it when it is whole.
pub(crate) fn go_on_with_image(engine: &mut Engine) -> Option<ledger::image::Image> {
    engine.go_on_with_image(ACCOUNTS_AT_A_TIME)
}

/// The parts of a directory, and where the blocks stand that follow them.
#[derive(Debug)]
pub(crate) struct History {
    disk: Directory,
    archive: Archive<Directory>,
    blocks: VecDeque<BlockPlace>,
    /// After how many events the blocks end that were read behind the parts, and the hashes of their headers.
    ends: VecDeque<(u64, Hash)>,
    /// Ends of parts, and the hashes of the blocks with which the journal must come to them.
    unproven: VecDeque<(u64, Hash)>,
    /// Where the journal ended when the image was begun that is being made.
    imaged_at: Option<End>,
    /// Whether the parts that are there are done without: then one of another journal is no error.
    is_without: bool,
}

impl History {
    /// A history of which nothing stands in files yet.
    pub(crate) fn new(disk: Directory) -> Self {
        let archive = Archive::new(disk.clone());
        Self {
            disk,
            archive,
            blocks: VecDeque::new(),
            ends: VecDeque::new(),
            unproven: VecDeque::new(),
            imaged_at: None,
            is_without: false,
        }
    }

    /// A history that does without the parts that are there, but for what they know of the journal's length.
    fn without(disk: Directory) -> Self {
        let mut there = Archive::new(disk.clone());
        let known = std::iter::from_fn(|| there.open_next());
        let unproven = known.map(|sealed| (sealed.end, sealed.last)).collect();
        Self { unproven, is_without: true, ..Self::new(disk) }
    }

    /// The history of a directory as [`History::restore`] gives it, or without what is derived.
    pub(crate) fn open(
        disk: &Directory,
        engine: &mut Engine,
        most: Option<u64>,
        with_parts: bool,
    ) -> Result<(Self, Option<End>), Error> {
        if with_parts {
            Self::restore(disk.clone(), engine, most)
        } else {
            Ok((Self::without(disk.clone()), None))
        }
    }

    /// The history of a directory, and an engine that has it: the parts are attached, and the state is that of the image
    /// if there is one that fits and is not of more than `most` events. The journal is read from the end that is given.
    fn restore(
        disk: Directory,
        engine: &mut Engine,
        most: Option<u64>,
    ) -> Result<(Self, Option<End>), Error> {
        let mut history = Self::new(disk);
        while let Some(sealed) = history.archive.open_next() {
            history.unproven.push_back((sealed.end, sealed.last));
            attach(engine, sealed)?;
        }
        let mut start = None;
        if let Some(image) = Image::read(&history.disk) {
            let (events, last) = (image.end.tree().size(), image.end.last_hash());
            let fits = history.unproven.contains(&(events, last))
                && most.is_none_or(|most| events <= most);
            let restored = fits.then(|| engine.restore(&image.state, image.end.tree().clone()));
            match restored {
                Some(Ok(())) => start = Some(image.end),
                Some(Err(ImageError::Version(version))) if version > VERSION => {
                    let name = "image".to_owned();
                    return Err(StoreError::Version { name, version, known: VERSION }.into());
                }
                Some(Err(_)) | None => {}
            }
        }
        let events = engine.book().event_count();
        if start.as_ref().is_some_and(|start| start.tree().size() != events) {
            return Err(StoreError::OtherHistory { events }.into());
        }
        history.unproven.retain(|(end, _)| *end > events);
        Ok((history, start))
    }

    /// Whether the journal has all the events that stand in parts, now that it was read.
    ///
    /// # Errors
    /// A journal that has lost some.
    pub(crate) fn check_end(&self, events: u64) -> Result<(), Error> {
        match self.unproven.back() {
            Some(&(known, _)) => Err(StoreError::Shorter { events, known }.into()),
            None => Ok(()),
        }
    }

    /// Removes what no one can use any more, now that the journal was read. What is left of it takes room and no more.
    pub(crate) fn remove_stale(&self) {
        if let Err(error) = self.archive.remove_stale() {
            tracing::warn!(%error, "parts of no use are left");
        }
    }

    /// Takes note of a block that was appended.
    pub(crate) fn note(&mut self, place: BlockPlace) {
        if place.first >= self.archive.end() {
            self.blocks.push_back(place);
        }
    }

    /// Takes note of a block that was read.
    ///
    /// # Errors
    /// A block with which the journal does not come to where a part says that it does: the part is of another journal.
    pub(crate) fn read(&mut self, place: BlockPlace, end: &End) -> Result<(), StoreError> {
        let events = place.first + place.count;
        while let Some((at, last)) = self.unproven.front().copied().filter(|(at, _)| *at <= events)
        {
            let is_ours = at == events && last == end.last_hash();
            if !is_ours && !self.is_without {
                return Err(StoreError::OtherHistory { events: at });
            }
            if is_ours {
                self.unproven.pop_front();
            } else {
                self.unproven.clear();
            }
        }
        self.note(place);
        self.ends.push_back((events, end.last_hash()));
        if self.ends.len() > ENDS_MAX {
            self.ends.pop_front();
        }
        Ok(())
    }

    /// Writes what was cut as the next part, and opens it; `None` for a cut without events. `end` is where the journal
    /// ended with it.
    ///
    /// # Errors
    /// The disk's; then the events stay in memory.
    pub(crate) fn seal(
        &mut self,
        sealing: &Sealing,
        end: &End,
    ) -> Result<Option<Sealed<Directory>>, Error> {
        let cut = &sealing.cut;
        let own = self.blocks.iter().take_while(|block| block.first < cut.end()).count();
        let blocks = self.blocks.iter().take(own).copied().collect();
        let mut sealed = None;
        if cut.count() > 0 {
            self.archive.write(cut, &blocks, end)?;
            sealed = Some(self.open_next().ok_or(Error::PartLost)?);
        }
        if sealing.is_imaged && self.archive.end() == end.tree().size() {
            self.imaged_at = Some(end.clone());
        }
        Ok(sealed)
    }

    /// Writes an image, if the part was written at whose end it was begun.
    ///
    /// # Errors
    /// The disk's; then the next opening reads more.
    pub(crate) fn image(&mut self, image: &ledger::image::Image) -> Result<(), Error> {
        let begun = |end: &End| end.tree().size() == image.event_count();
        if let Some(end) = self.imaged_at.take_if(|end| begun(end)) {
            Image { end, state: image.to_bytes() }.write(&self.disk)?;
        }
        Ok(())
    }

    /// Opens the part that was written last.
    fn open_next(&mut self) -> Option<Sealed<Directory>> {
        let sealed = self.archive.open_next()?;
        self.forget_before(sealed.end);
        Some(sealed)
    }

    /// Forgets the blocks that stand in parts.
    fn forget_before(&mut self, end: u64) {
        self.blocks.retain(|block| block.first >= end);
        self.ends.retain(|(events, _)| *events > end);
    }

    /// Opens the next part that another process has written, if it ends with a block that was read.
    pub(crate) fn open_proven(&mut self) -> Option<Sealed<Directory>> {
        let mut archive = self.archive.clone();
        let sealed = archive.open_next()?;
        // One of another version is left to the writer, who makes it anew.
        let version = sealed.summary.first_chunk().map(|version| u16::from_le_bytes(*version));
        if !self.ends.contains(&(sealed.end, sealed.last)) || version != Some(part::VERSION) {
            return None;
        }
        self.archive = archive;
        self.forget_before(sealed.end);
        Some(sealed)
    }
}

/// Lets an engine read a part where it stands from now on.
pub(crate) fn attach(engine: &mut Engine, sealed: Sealed<Directory>) -> Result<(), Error> {
    let name = sealed.part.name();
    engine.attach(&sealed.summary, Box::new(sealed.part)).map_err(|error| match error {
        PartError::Summary(SummaryError::Version(version)) if version > part::VERSION => {
            StoreError::Version { name, version, known: part::VERSION }.into()
        }
        error => error.into(),
    })
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
