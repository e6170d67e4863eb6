//! Where a backup is: in a directory, or in an object store.

use std::path::Path;
use std::sync::Arc;

use thalium::port::keys::Keys;
use thalium_store::StoreJournal;
use thalium_store::disk::Directory;

use crate::Error;

/// Whether there is a directory, and a journal in it, be it a damaged one.
pub(crate) fn has_journal(disk: &Directory) -> Result<bool, Error> {
    Ok(disk.path().is_dir() && StoreJournal::is_at(disk)?)
}

/// Where a backup is.
pub(crate) enum Place {
    Directory(Directory),
    #[cfg(feature = "objects")]
    Objects(thalium_store::objects::ObjectDirectory),
}

/// Does the same with either kind of place.
macro_rules! at {
    ($place:expr, $disk:ident => $do:expr) => {
        match $place {
            $crate::place::Place::Directory($disk) => $do,
            #[cfg(feature = "objects")]
            $crate::place::Place::Objects($disk) => $do,
        }
    };
}
pub(crate) use at;

impl Place {
    /// The place that a path names: `s3://bucket/prefix` and the like an object store, anything else a directory.
    pub(crate) fn of(path: &Path) -> Result<Self, Error> {
        match path.to_str().filter(|path| path.contains("://")) {
            Some(address) => Self::objects(address),
            None => Ok(Self::Directory(Directory::new(path))),
        }
    }

    /// What the store needs (region, endpoint, credentials) comes from the variables of the environment that its own tools
    /// read.
    #[cfg(feature = "objects")]
    fn objects(address: &str) -> Result<Self, Error> {
        thalium_store::objects::ObjectDirectory::open(address, std::env::vars())
            .map(Self::Objects)
            .map_err(|source| Error::Objects { address: address.to_owned(), source })
    }

    #[cfg(not(feature = "objects"))]
    fn objects(address: &str) -> Result<Self, Error> {
        let what = "this build knows directories alone: build it with the feature `objects`";
        let source = std::io::Error::new(std::io::ErrorKind::Unsupported, what);
        Err(Error::Objects { address: address.to_owned(), source })
    }

    /// The same, with the keys that its contents are encrypted with.
    pub(crate) fn with_keys(self, keys: Option<Arc<dyn Keys>>) -> Result<Self, Error> {
        Ok(match self {
            Self::Directory(disk) => Self::Directory(disk.with_keys(keys)?),
            #[cfg(feature = "objects")]
            Self::Objects(disk) => Self::Objects(disk.with_keys(keys)?),
        })
    }

    /// The place that a path names with the keys of what is there; `None` where no journal is.
    pub(crate) fn found(path: &Path, keys: Option<Arc<dyn Keys>>) -> Result<Option<Self>, Error> {
        let place = Self::of(path)?;
        if place.is_store()? { place.with_keys(keys).map(Some) } else { Ok(None) }
    }

    /// Whether it holds a journal, be it a damaged one.
    pub(crate) fn is_store(&self) -> Result<bool, Error> {
        Ok(match self {
            Self::Directory(disk) => has_journal(disk)?,
            #[cfg(feature = "objects")]
            Self::Objects(disk) => StoreJournal::is_at(disk)?,
        })
    }

    /// Makes the directory, if it is one.
    pub(crate) fn create(&self) -> Result<(), Error> {
        match self {
            Self::Directory(disk) => std::fs::create_dir_all(disk.path()).map_err(|source| {
                Error::Create { path: disk.path().display().to_string(), source }
            }),
            #[cfg(feature = "objects")]
            Self::Objects(_) => Ok(()),
        }
    }
}
