//! A backup's directory in an object store.
//!
//! A file of the directory is a row of objects under its name: `segment-00000001.log/00000000000000004096` holds what stands
//! in that file from byte 4,096 on. What is appended is a new object; an object is never changed. When the journal goes on
//! in the next segment, the objects of those before it are put together. A small file is one object, which is replaced as a
//! whole.
//!
//! There is no lock in an object store: let one process ship to a prefix. Two that ship the same journal write the same
//! bytes to the same places; another journal is refused as in a directory.

mod directory;
mod file;

pub use directory::ObjectDirectory;
pub use file::ObjectFile;
