//! Large pages for the log in memory: a page fault for every 4 KiB of history can cost more than deciding it. Memory that
//! is given back is given out again: what was written to once is near.

use std::sync::{Arc, Mutex, PoisonError};

use memmap2::{MmapMut, MmapOptions};
use thalium::pages::{Chunk, Heap, Pages};

/// Chunks that are kept for the next who asks.
const KEPT_MAX: usize = 8;

/// Memory of the system's, with its large pages where it has them; the allocator's where it gives none.
#[derive(Clone, Debug, Default)]
pub struct LargePages(Arc<Mutex<Vec<MmapMut>>>);

struct Mapped {
    /// There until it is given back.
    map: Option<MmapMut>,
    kept: LargePages,
}

impl Pages for LargePages {
    fn chunk(&self, len: usize) -> Box<dyn Chunk> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let used = kept.iter().rposition(|map| map.len() == len).map(|at| kept.swap_remove(at));
        drop(kept);
        match used.map_or_else(|| fresh(len), Ok) {
            Ok(map) => Box::new(Mapped { map: Some(map), kept: self.clone() }),
            Err(_) => Heap.chunk(len),
        }
    }
}

fn fresh(len: usize) -> std::io::Result<MmapMut> {
    let map = MmapOptions::new().len(len).map_anon()?;
    // A wish: a system without large pages, or short of them, serves small ones.
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::HugePage);
    Ok(map)
}

/// A copy of bytes that another language may change: where there are many, in large pages.
#[cfg(feature = "tables")]
#[must_use]
pub fn copied(from: &[u8]) -> bytes::Bytes {
    const MANY: usize = 2 << 20;
    let map = (from.len() >= MANY).then(|| fresh(from.len()).ok()).flatten();
    let Some(mut map) = map else { return bytes::Bytes::copy_from_slice(from) };
    map.copy_from_slice(from);
    bytes::Bytes::from_owner(map)
}

impl Drop for Mapped {
    fn drop(&mut self) {
        let mut kept = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT_MAX {
            kept.extend(self.map.take());
        }
    }
}

impl Chunk for Mapped {
    #[inline]
    fn bytes(&self) -> &[u8] {
        self.map.as_deref().unwrap_or_default()
    }

    #[inline]
    fn bytes_mut(&mut self) -> &mut [u8] {
        self.map.as_deref_mut().unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
