//! What was cut from the log goes into parts, once it is durable.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Instant;

use thalium::ledger::image::Image;
use thalium::port::telemetry::Stage;
use thalium_store::disk::Directory;
use thalium_store::{BlockPlace, End, Sealed};

use super::Shared;
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
    shared: &Shared,
) -> History {
    let mut waiting: VecDeque<(Sealing, End)> = VecDeque::new();
    while let Ok(next) = written.recv() {
        match next {
            Written::Block(place) => history.note(place),
            // Without it, the next opening reads more.
            Written::Image(image) => {
                let begun = Instant::now();
                match history.image(&image) {
                    Ok(()) => {
                        shared.metrics.took(Stage::Image, begun.elapsed());
                        let events = image.event_count();
                        tracing::debug!(events, took = ?begun.elapsed(), "image written");
                    }
                    Err(error) => tracing::warn!(%error, "no image was written"),
                }
            }
            Written::Cut(cut) => {
                waiting.push_back(*cut);
                while let Some((sealing, end)) = waiting.pop_front() {
                    let begun = Instant::now();
                    let sealed = history.seal(&sealing, &end);
                    let failed = sealed.as_ref().err().map(ToString::to_string);
                    shared.update(|progress| progress.archive_failed = failed);
                    let sealed = match sealed {
                        Ok(sealed) => sealed,
                        Err(error) => {
                            tracing::warn!(%error, "no part was written: its events stay in memory");
                            waiting.push_front((sealing, end));
                            break;
                        }
                    };
                    shared.uncut.fetch_sub(1, Ordering::Relaxed);
                    shared.metrics.took(Stage::Part, begun.elapsed());
                    let events = end.tree().size();
                    tracing::debug!(events, took = ?begun.elapsed(), "part written");
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
