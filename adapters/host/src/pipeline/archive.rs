//! What was cut from the log goes into parts, once it is durable.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender};

use thalium::ledger::image::Image;
use thalium_store::disk::Directory;
use thalium_store::{BlockPlace, End, Sealed};

use crate::history::{History, Sealing};

/// What the archiver is told.
pub(super) enum Written {
    /// Where a block stands that is durable.
    Block(BlockPlace),
    /// What was cut behind the last block, and where the journal ended with it.
    Cut(Box<(Sealing, End)>),
    /// An image that was begun with the last cut.
    Image(Box<Image>),
}

/// Puts what was cut into parts. What fails is tried again with the next cut's turn; until then it stays in memory.
pub(super) fn archive_all(
    mut history: History,
    written: &Receiver<Written>,
    ready: &Sender<Sealed<Directory>>,
    told: &dyn Fn(Option<String>),
) -> History {
    let mut waiting: VecDeque<(Sealing, End)> = VecDeque::new();
    while let Ok(next) = written.recv() {
        match next {
            Written::Block(place) => history.note(place),
            // Without it, the next opening reads more.
            Written::Image(image) => drop(history.image(&image)),
            Written::Cut(cut) => {
                waiting.push_back(*cut);
                while let Some((sealing, end)) = waiting.pop_front() {
                    let sealed = history.seal(&sealing, &end);
                    told(sealed.as_ref().err().map(ToString::to_string));
                    let Ok(sealed) = sealed else {
                        waiting.push_front((sealing, end));
                        break;
                    };
                    // The memory of what was cut is free as soon as the engine has the part.
                    drop(sealing);
                    if let Some(sealed) = sealed {
                        let _ = ready.send(sealed);
                    }
                }
            }
        }
    }
    history
}
