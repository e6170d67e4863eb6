//! What is encrypted: nothing of it can be read without its keys, and with them it is what it was.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "a test")]

mod lossy;

use std::path::Path;
use std::sync::Arc;

use lossy::blocks::{SIZES, block};
use lossy::keys::FixedKeys;
use thalium::audit::merkle::Hash;
use thalium::port::journal::Journal;
use thalium::port::keys::Keys;
use thalium_store::disk::{Directory, Disk};
use thalium_store::{
    Options, Reader, Seal, StoreError, StoreJournal, Until, backup, restore, verify,
};

const OPTIONS: Options = Options { segment_len: 24 << 10 };
/// What the actor of every event is called.
const CANARY: &str = "aaaaaaaa";

fn keys(name: &'static str) -> Option<Arc<dyn Keys>> {
    Some(Arc::new(FixedKeys(name)))
}

fn open(path: &Path, name: &'static str) -> Result<Directory, StoreError> {
    Directory::new(path).with_keys(keys(name))
}

/// A journal under key `a`, that went on under a second data key.
fn journal(path: &Path) -> Hash {
    let disk = Directory::new(path).with_new_keys(keys("a")).unwrap();
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    for (round, (count, size)) in SIZES.into_iter().enumerate() {
        if round == 3 {
            let segment = journal.segment();
            assert_eq!(disk.seal().rotate(&disk).unwrap(), 2);
            journal.append(&block(&journal.tree(), 1, 8)).unwrap();
            assert_eq!(journal.segment(), segment + 1, "the new key begins a segment");
        }
        journal.append(&block(&journal.tree(), count, size)).unwrap();
    }
    let root = journal.tree().root();
    journal.close([1; 32]).unwrap();
    root
}

fn root(disk: &Directory) -> Result<Hash, StoreError> {
    verify(disk, &mut |_| ())?;
    let mut reader = Reader::open(disk.clone(), false)?;
    reader.poll(u64::MAX, &mut |_| ())?;
    Ok(reader.tree().root())
}

fn holds_canary(path: &Path) -> Vec<String> {
    let files = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let told = files.filter(|path| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())
    });
    told.map(|path| path.display().to_string()).collect()
}

#[test]
fn nothing_that_is_encrypted_can_be_read_without_its_keys() {
    let directory = tempfile::tempdir().unwrap();
    let plain = tempfile::tempdir().unwrap();
    let expected = journal(directory.path());
    assert_eq!(root(&open(directory.path(), "a").unwrap()).unwrap(), expected);
    assert_eq!(holds_canary(directory.path()), [""; 0]);
    // The canary is there where nothing is encrypted.
    let mut bare = StoreJournal::create(Directory::new(plain.path()), OPTIONS).unwrap();
    bare.append(&block(&bare.tree(), 1, 10)).unwrap();
    assert_eq!(holds_canary(plain.path()).len(), 1);

    let without = root(&Directory::new(directory.path())).unwrap_err();
    assert!(matches!(without, StoreError::Sealed { .. }), "{without}");
    let other = open(directory.path(), "b").unwrap_err().to_string();
    assert!(other.contains("wrapped by another key"), "{other}");
    std::fs::remove_file(directory.path().join("keys")).unwrap();
    let lost = root(&open(directory.path(), "a").unwrap()).unwrap_err();
    assert!(matches!(lost, StoreError::Sealed { .. }), "{lost}");
}

#[test]
fn keys_are_wrapped_anew_while_others_read() {
    let directory = tempfile::tempdir().unwrap();
    let expected = journal(directory.path());
    let reading = open(directory.path(), "a").unwrap();
    let disk = open(directory.path(), "a").unwrap();
    disk.seal().rewrap(&disk, Arc::new(FixedKeys("b"))).unwrap();
    assert_eq!(root(&disk).unwrap(), expected);
    assert!(open(directory.path(), "a").is_err());
    assert_eq!(root(&open(directory.path(), "b").unwrap()).unwrap(), expected);
    // Who has opened before knows the keys that it has used; the others it cannot unwrap any more, and says so.
    let told = root(&reading).map_err(|error| error.to_string());
    assert!(told.is_ok() || told.unwrap_err().contains("wrapped by another key"));
}

/// A reader goes on over a key that was added after it had opened.
#[test]
fn a_reader_follows_into_a_new_key() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path()).with_new_keys(keys("a")).unwrap();
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    journal.append(&block(&journal.tree(), 1, 8)).unwrap();
    let mut reader = Reader::open(open(directory.path(), "a").unwrap(), false).unwrap();
    reader.poll(u64::MAX, &mut |_| ()).unwrap();
    disk.seal().rotate(&disk).unwrap();
    journal.append(&block(&journal.tree(), 5, 8)).unwrap();
    reader.poll(u64::MAX, &mut |_| ()).unwrap();
    assert_eq!(reader.tree().root(), journal.tree().root());
    // So does the next writer, who seals with the newest key.
    journal.close([0; 32]).unwrap();
    let disk = open(directory.path(), "a").unwrap();
    assert_eq!(disk.seal().current(), 2);
    let mut journal = StoreJournal::open(disk, OPTIONS, &mut |_| ()).unwrap().0;
    let segment = journal.segment();
    journal.append(&block(&journal.tree(), 1, 8)).unwrap();
    assert_eq!(journal.segment(), segment);
}

/// A key that is added before anything was written begins a segment all the same; the one before it stays empty.
#[test]
fn a_segment_may_stay_empty() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path()).with_new_keys(keys("a")).unwrap();
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    disk.seal().rotate(&disk).unwrap();
    disk.seal().rotate(&disk).unwrap();
    journal.append(&block(&journal.tree(), 3, 8)).unwrap();
    assert_eq!(journal.segment(), 2);
    let expected = journal.tree().root();
    assert_eq!(root(&disk).unwrap(), expected);
    drop(journal);
    let mut journal = StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ()).unwrap().0;
    journal.append(&block(&journal.tree(), 1, 8)).unwrap();
    let expected = journal.tree().root();
    assert_eq!(root(&open(directory.path(), "a").unwrap()).unwrap(), expected);
}

/// Backups are copies as they are, with the keys as they are; restoring puts all under new keys, or none.
#[test]
fn what_is_restored_is_under_its_own_keys() {
    let [store, copy, sealed, plain] = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let expected = journal(store.path());
    let copied =
        backup(open(store.path(), "a").unwrap(), &Directory::new(copy.path()), &mut |_| ());
    assert_eq!(copied.unwrap().root, expected);
    assert_eq!(root(&open(copy.path(), "a").unwrap()).unwrap(), expected);
    assert_eq!(holds_canary(copy.path()), [""; 0]);
    let from = open(copy.path(), "a").unwrap();
    for (target, name) in [(&sealed, Some("c")), (&plain, None)] {
        let to = Directory::new(target.path()).with_new_keys(name.and_then(keys)).unwrap();
        assert_eq!(restore(&from, to, OPTIONS, Until::End).unwrap().root, expected);
        let again = Directory::new(target.path()).with_keys(name.and_then(keys)).unwrap();
        assert_eq!(root(&again).unwrap(), expected);
        assert_eq!(holds_canary(target.path()).is_empty(), name.is_some());
    }
}

/// What anyone could have written is not taken for the store's own.
#[test]
fn a_segment_that_is_not_encrypted_is_refused_where_the_others_are() {
    let [sealed, plain] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    journal(sealed.path());
    let mut forged = StoreJournal::create(Directory::new(plain.path()), OPTIONS).unwrap();
    forged.append(&block(&forged.tree(), 1, 8)).unwrap();
    let segment = "segment-00000001.log";
    std::fs::copy(plain.path().join(segment), sealed.path().join(segment)).unwrap();
    let told = root(&open(sealed.path(), "a").unwrap()).unwrap_err().to_string();
    assert!(told.contains("put there without the key"), "{told}");
}

#[test]
fn what_is_not_encrypted_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path());
    StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    let disk = disk.with_keys(keys("a")).unwrap();
    assert_eq!(disk.seal().current(), 0);
    let refused = disk.seal().rotate(&disk).unwrap_err();
    assert!(matches!(refused, StoreError::Unsealed { .. }), "{refused}");
    assert!(!Seal::is_at(&disk).unwrap());
}
