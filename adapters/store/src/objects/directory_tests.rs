use crate::disk::{Directory, DiskFile};
use crate::{Options, StoreJournal, Until, backup, restore, verify};
use std::sync::atomic::{AtomicUsize, Ordering};

use object_store::memory::InMemory;
use thalium::audit::merkle::MerkleTree;
use thalium::event::{self, Body, Envelope, Header};
use thalium::port::journal::{Block, Journal};

use super::*;

const OPTIONS: Options = Options { segment_len: 24 << 10 };

fn in_memory() -> (Arc<InMemory>, ObjectDirectory) {
    let store = Arc::new(InMemory::new());
    (Arc::clone(&store), again(store))
}

/// The same directory, as another process finds it.
fn again(store: Arc<InMemory>) -> ObjectDirectory {
    ObjectDirectory::in_store(store, Path::from("backups/books"), "memory".to_owned()).unwrap()
}

fn block(tree: &MerkleTree, count: u64) -> Block {
    let mut block = Block { tree: tree.clone(), event_count: count, ..Block::default() };
    for _ in 0..count {
        let sequence = block.tree.size();
        let envelope = Envelope { actor: "a".repeat(200), ..Envelope::default() };
        let header = Header { sequence, timestamp: 1, request: sequence };
        let mut bytes = Vec::new();
        event::encode(header, &Body::Request(envelope), &mut bytes);
        block.tree.push(&bytes);
        block.events.extend_from_slice(&bytes);
    }
    block
}

/// After every step the backup is whole, is gone on with by another process, and is restored from where it is.
#[test]
fn a_journal_is_shipped_and_restored() {
    let directory = tempfile::tempdir().unwrap();
    let source = Directory::new(directory.path());
    let mut journal = StoreJournal::create(source.clone(), OPTIONS).unwrap();
    let (store, _) = in_memory();
    for count in [1, 5, 40, 1, 1, 60, 2, 1, 90, 3] {
        journal.append(&block(&journal.tree(), count)).unwrap();
        let target = again(Arc::clone(&store));
        let copied = backup(source.clone(), &target, &mut |_| ()).unwrap();
        assert_eq!((copied.copied, copied.root), (count, journal.tree().root()));
        assert_eq!(backup(source.clone(), &target, &mut |_| ()).unwrap().copied, 0);
        assert_eq!(verify(&target, &mut |_| ()).unwrap().events, copied.events);
        let fresh = tempfile::tempdir().unwrap();
        let restored = restore(&target, Directory::new(fresh.path()), OPTIONS, Until::End).unwrap();
        assert_eq!((restored.root, restored.generation), (copied.root, 2));
    }
    // Of all segments but the last there is one object each.
    let objects = again(store).objects(None).unwrap();
    let segments: Vec<_> = objects.iter().filter(|(name, _)| name.starts_with("segment")).collect();
    assert!(segments.len() > 2);
    let (_, before) = segments.split_last().unwrap();
    assert!(before.iter().all(|(_, objects)| objects.len() == 1), "{segments:?}");
}

#[test]
fn another_journal_is_refused() {
    let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let (_, target) = in_memory();
    for (n, directory) in [&one, &other].into_iter().enumerate() {
        let source = Directory::new(directory.path());
        let mut journal = StoreJournal::create(source.clone(), OPTIONS).unwrap();
        for _ in 0..=n {
            journal.append(&block(&journal.tree(), 50 + n as u64)).unwrap();
        }
        let copied = backup(source, &target, &mut |_| ());
        assert_eq!(copied.is_ok(), n == 0, "{copied:?}");
    }
}

#[test]
fn what_was_synced_is_there_and_what_was_not_is_not() {
    let (store, directory) = in_memory();
    let file = directory.create("segment-00000001.log").unwrap();
    file.write_at(b"abc", 0).unwrap();
    file.write_at(b"def", 3).unwrap();
    file.write_at(b"z", 10).unwrap();
    assert_eq!(file.len().unwrap(), 11);
    assert!(again(Arc::clone(&store)).open("segment-00000001.log").is_err());
    file.sync().unwrap();
    let mut bytes = [b'.'; 12];
    let read =
        again(Arc::clone(&store)).open("segment-00000001.log").unwrap().read_at(&mut bytes, 2);
    assert_eq!((read.unwrap(), &bytes[..9]), (9, &b"cdef\0\0\0\0z"[..]));
    // A small file is there when it has its name.
    let file = directory.create("backup.tmp").unwrap();
    file.write_at(b"state", 0).unwrap();
    file.sync().unwrap();
    assert_eq!(again(Arc::clone(&store)).list().unwrap(), ["segment-00000001.log"]);
    directory.rename("backup.tmp", "backup").unwrap();
    assert_eq!(again(Arc::clone(&store)).list().unwrap(), ["backup", "segment-00000001.log"]);
    directory.remove("backup").unwrap();
    assert_eq!(again(store).list().unwrap(), ["segment-00000001.log"]);
}

#[test]
fn an_address_that_names_no_store_is_told() {
    for (address, told) in [("books", "is no address"), ("gopher://books", "cannot be used")] {
        let error = ObjectDirectory::open(address, []).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
    let directory = tempfile::tempdir().unwrap();
    let address = format!("file://{}", directory.path().display());
    let local = ObjectDirectory::open(&address, []).unwrap();
    local.create("keys.tmp").unwrap().sync().unwrap();
    local.rename("keys.tmp", "keys").unwrap();
    assert_eq!(local.list().unwrap(), ["keys"]);
}

/// A directory whose process is killed after so many requests.
#[derive(Clone)]
struct Killed {
    directory: ObjectDirectory,
    left: Arc<AtomicUsize>,
}

struct KilledFile(ObjectFile, Killed);

impl Killed {
    fn request(&self) -> io::Result<()> {
        let left = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| io::Error::other("killed"))
    }
}

impl Disk for Killed {
    type File = KilledFile;
    type Lock = ();

    fn lock(&self) -> io::Result<Option<()>> {
        self.directory.lock()
    }
    fn is_written(&self) -> io::Result<bool> {
        self.directory.is_written()
    }
    fn list(&self) -> io::Result<Vec<String>> {
        self.directory.list()
    }
    fn open(&self, name: &str) -> io::Result<KilledFile> {
        Ok(KilledFile(self.directory.open(name)?, self.clone()))
    }
    fn create(&self, name: &str) -> io::Result<KilledFile> {
        self.request()?;
        Ok(KilledFile(self.directory.create(name)?, self.clone()))
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.request()?;
        self.directory.rename(from, to)
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.request()?;
        self.directory.remove(name)
    }
    fn sync_names(&self) -> io::Result<()> {
        self.directory.sync_names()
    }
    fn place(&self) -> String {
        self.directory.place()
    }
}

impl DiskFile for KilledFile {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn read_at(&self, to: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(to, offset)
    }
    fn write_at(&self, from: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_at(from, offset)
    }
    fn sync(&self) -> io::Result<()> {
        self.1.request()?;
        self.0.sync()
    }
}

#[test]
fn a_backup_that_was_killed_anywhere_is_gone_on_with() {
    let directory = tempfile::tempdir().unwrap();
    let source = Directory::new(directory.path());
    let mut journal = StoreJournal::create(source.clone(), OPTIONS).unwrap();
    for count in [1, 40, 60, 2, 90] {
        journal.append(&block(&journal.tree(), count)).unwrap();
    }
    let whole = journal.tree().root();
    let mut killed = 0;
    for requests in 0.. {
        let (store, first) = in_memory();
        let left = Arc::new(AtomicUsize::new(requests));
        let cut = backup(source.clone(), &Killed { directory: first, left }, &mut |_| ());
        let target = again(store);
        let gone_on = backup(source.clone(), &target, &mut |_| ()).unwrap();
        assert_eq!(gone_on.root, whole, "killed after {requests} requests");
        assert_eq!(verify(&target, &mut |_| ()).unwrap().events, gone_on.events);
        if cut.is_ok() {
            break;
        }
        killed += 1;
    }
    assert!(killed > 8, "{killed}");
}
