//! Large pages for the log in memory: a page fault for every 4 KiB of history can cost more than deciding it.

use memmap2::{MmapMut, MmapOptions};
use thalium::pages::{Chunk, Heap, Pages};

/// Memory of the system's, with its large pages where it has them; the allocator's where it gives none.
#[derive(Clone, Copy, Debug, Default)]
pub struct LargePages;

struct Mapped(MmapMut);

impl Pages for LargePages {
    fn chunk(&self, len: usize) -> Box<dyn Chunk> {
        match MmapOptions::new().len(len).map_anon() {
            Ok(map) => {
                // A wish: a system without large pages, or short of them, serves small ones.
                #[cfg(target_os = "linux")]
                let _ = map.advise(memmap2::Advice::HugePage);
                Box::new(Mapped(map))
            }
            Err(_) => Heap.chunk(len),
        }
    }
}

impl Chunk for Mapped {
    fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
