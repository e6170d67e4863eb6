//! Stores that were written once are read for ever, to the byte; those of a newer build are refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a test"
)]

#[path = "golden/books.rs"]
mod books;
#[path = "golden/keys.rs"]
mod keys;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::Digest;
use thalium_host::{Access, Keys, Options, Thalium, inspect, older_files, upgrade, verify};

const MEMORY: usize = 6 << 10;
const ROOT: &str = "d4e33cbc1fae305055ddea6ed7f5f51a8f6146175bd883af9dd125a61e514f5c";
const STATE: &str = "65f970f143874a8d1cf58c7d6dc884bcbe9f36b3c5e7b3e6d075ae5f2bd13bb5";

/// The golden directories: parts of version 1, of version 2, and encrypted.
const ALL: [(&str, bool, bool); 3] =
    [("parts_1", false, true), ("parts_2", false, false), ("encrypted", true, false)];

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn keys_if(encrypted: bool) -> Option<Arc<dyn Keys>> {
    encrypted.then(|| Arc::new(keys::GoldenKeys) as Arc<dyn Keys>)
}

fn options(encrypted: bool) -> Options {
    Options { keys: keys_if(encrypted), memory: MEMORY, ..Options::default() }
}

fn copy_of(name: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(golden(name)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, directory.path().join(path.file_name().unwrap())).unwrap();
    }
    directory
}

fn open(path: &Path, encrypted: bool, access: Access) -> Result<Thalium, thalium_host::Error> {
    Thalium::open_with(&path.display().to_string(), Options { access, ..options(encrypted) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is in a directory of the files that are kept, segments without what is prewritten.
fn kept(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(path).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("segment") {
            let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
            bytes.resize(used.next_multiple_of(4096), 0);
        }
        (name, bytes)
    });
    files
        .filter(|(name, _)| !["durable", "lock", "prepared.log"].contains(&name.as_str()))
        .collect()
}

/// A writer lets the last two holds run out, which were due long ago; a reader sees them open.
fn check(t: &Thalium, what: &str, available: &str) {
    assert_eq!(hex(&t.root().unwrap().1), ROOT, "{what}");
    let balance = |key: &str| t.account(key).unwrap().unwrap().balances;
    assert_eq!(balance("c1:ZAR").balance, "598.60", "{what}");
    assert_eq!(balance("c1:ZAR").available, available, "{what}");
    assert_eq!(balance("c1:BTC").balance, "0.00000001", "{what}");
    let first = t.transfer("p0").unwrap().unwrap();
    assert_eq!((first.amount.as_str(), first.metadata["round"].as_str()), ("10.01 ZAR", "0"));
}

#[test]
fn what_was_written_once_is_read_for_ever() {
    for (name, encrypted, _) in ALL {
        let copy = copy_of(name);
        let verified = verify(copy.path(), keys_if(encrypted)).unwrap();
        assert_eq!(
            (hex(&verified.root).as_str(), hex(&verified.state_hash).as_str()),
            (ROOT, STATE)
        );
        assert_eq!(
            inspect(copy.path(), keys_if(encrypted)).unwrap().damaged().count(),
            0,
            "{name}"
        );
        check(&open(copy.path(), encrypted, Access::Read).unwrap(), name, "591.60");
        let t = open(copy.path(), encrypted, Access::Write).unwrap();
        check(&t, name, "593.60");
        t.close().unwrap();
    }
}

/// The same requests give the same bytes today. A difference is a new version of a format, and a new golden directory.
#[test]
fn what_is_written_today_is_what_was_written_then() {
    for (name, encrypted, is_older) in ALL {
        let directory = tempfile::tempdir().unwrap();
        let t = open(directory.path(), encrypted, Access::Write).unwrap();
        books::write(&t);
        t.close().unwrap();
        let mut today = kept(directory.path());
        // A new version of a format begins with a folder that this fills.
        if let Some(to) = std::env::var_os("THALIUM_GOLDEN").filter(|_| !is_older) {
            std::fs::create_dir_all(Path::new(&to).join(name)).unwrap();
            for (file, bytes) in &today {
                std::fs::write(Path::new(&to).join(name).join(file), bytes).unwrap();
            }
        }
        let mut then = kept(&golden(name));
        if is_older {
            // What is derived is written in a newer version; the journal is the same.
            today.retain(|file, _| !file.starts_with("part-"));
            then.retain(|file, _| !file.starts_with("part-"));
        }
        assert_eq!(today.keys().collect::<Vec<_>>(), then.keys().collect::<Vec<_>>(), "{name}");
        for (file, bytes) in &today {
            assert!(then[file] == *bytes, "{name}/{file} differs");
        }
    }
}

/// Upgrading makes what is derived anew, and of the newest version; the journal is not touched.
#[test]
fn older_files_are_made_anew_and_once() {
    for (name, encrypted, is_older) in ALL {
        let copy = copy_of(name);
        let before = kept(copy.path());
        let older = older_files(copy.path(), keys_if(encrypted)).unwrap();
        assert_eq!(!older.is_empty(), is_older, "{name}: {older:?}");
        assert_eq!(upgrade(copy.path(), options(encrypted)).unwrap(), older);
        assert_eq!(older_files(copy.path(), keys_if(encrypted)).unwrap(), [""; 0]);
        assert_eq!(upgrade(copy.path(), options(encrypted)).unwrap(), [""; 0]);
        let after = kept(copy.path());
        assert_eq!(before["segment-00000001.log"], after["segment-00000001.log"]);
        if is_older {
            let current = kept(&golden("parts_2"));
            let parts = |files: &BTreeMap<String, Vec<u8>>| {
                let parts = files.iter().filter(|(name, _)| name.starts_with("part-"));
                parts.map(|(name, bytes)| (name.clone(), bytes.clone())).collect::<Vec<_>>()
            };
            assert!(parts(&after).len() > 1);
            assert_eq!(inspect(copy.path(), None).unwrap().damaged().count(), 0);
            assert!(parts(&current).iter().all(|(name, _)| after.contains_key(name)));
        }
        check(&open(copy.path(), encrypted, Access::Write).unwrap(), name, "593.60");
    }
}

/// Parts are made in order, each whole or not there: what is left of an upgrade that was killed is some new ones and some old.
#[test]
fn an_upgrade_that_was_killed_anywhere_opens_and_is_done_again() {
    let part = |n: usize| format!("part-{n:08}.idx");
    for made in 0..=3 {
        for has_image in [true, false] {
            let copy = copy_of("parts_1");
            for n in 1..=made {
                std::fs::copy(golden("parts_2").join(part(n)), copy.path().join(part(n))).unwrap();
            }
            std::fs::write(copy.path().join("part.tmp"), b"half of it").unwrap();
            if !has_image {
                std::fs::remove_file(copy.path().join("image")).unwrap();
            }
            check(&open(copy.path(), false, Access::Read).unwrap(), "read", "591.60");
            let older: Vec<_> = (made + 1..=3).map(part).collect();
            assert_eq!(upgrade(copy.path(), options(false)).unwrap(), older);
            assert_eq!(older_files(copy.path(), None).unwrap(), [""; 0]);
            check(&open(copy.path(), false, Access::Read).unwrap(), "read again", "591.60");
        }
    }
}

#[test]
fn a_writer_and_an_upgrade_exclude_each_other() {
    let copy = copy_of("parts_1");
    let before = kept(copy.path());
    let lock = std::fs::File::create(copy.path().join("lock")).unwrap();
    lock.lock().unwrap();
    let told = upgrade(copy.path(), options(false)).unwrap_err().to_string();
    assert!(told.contains("in use by another writer"), "{told}");
    assert!(kept(copy.path()) == before, "nothing was changed");
    lock.unlock().unwrap();
    assert_eq!(upgrade(copy.path(), options(false)).unwrap().len(), 3);
}

/// Changes a file, with the sum that covers the change.
fn raise(path: &Path, name: &str, at: usize, to: &[u8], sum: Sum) {
    let mut bytes = std::fs::read(path.join(name)).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    let (covered, sum_at) = match sum {
        Sum::Sector => (0..508, 508),
        Sum::Whole => (0..bytes.len() - 4, bytes.len() - 4),
        Sum::Unit(at) => (at + 4..at + 512, at),
        Sum::Damaged => (0..0, bytes.len()),
    };
    if !covered.is_empty() {
        let sum = crc32c::crc32c(&bytes[covered]).to_le_bytes();
        bytes[sum_at..sum_at + 4].copy_from_slice(&sum);
    }
    std::fs::write(path.join(name), bytes).unwrap();
}

/// Where a sum stands, and what it covers; or that it is left as it is, and does not fit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sum {
    Sector,
    Whole,
    Unit(usize),
    Damaged,
}

/// That an error names the file, its version, the newest that is known, and what to do.
fn refused(told: &impl ToString, name: &str, version: u16, known: u16) {
    let told = told.to_string();
    let says = format!(
        "`{name}` has format version {version}, this build knows versions up to {known}: open it with a newer build"
    );
    assert!(told.contains(&says), "{told}");
}

fn check_refused(path: &Path, encrypted: bool, name: &str, version: u16, known: u16) {
    let before = kept(path);
    for access in [Access::Write, Access::Read] {
        refused(&open(path, encrypted, access).err().unwrap(), name, version, known);
    }
    assert!(kept(path) == before, "nothing was changed");
}

#[test]
fn files_of_a_newer_build_are_refused_with_what_to_do() {
    // The file, where its version stands, what a newer one has there, and the versions that are told.
    let table: [(&str, usize, u8, Sum, [u16; 2]); 12] = [
        ("parts_2/segment-00000001.log", 8, 3, Sum::Sector, [3, 2]),
        ("parts_2/segment-00000001.log", 7, b'2', Sum::Sector, [2, 1]),
        ("parts_2/segment-00000001.log", 4096 + 16 + 4, 2, Sum::Unit(4096), [2, 1]),
        ("parts_2/part-00000001.idx", 6, b'2', Sum::Sector, [2, 1]),
        ("parts_2/image", 6, b'3', Sum::Whole, [3, 2]),
        ("parts_2/snapshot", 6, b'2', Sum::Whole, [2, 1]),
        ("encrypted/keys", 6, b'2', Sum::Whole, [2, 1]),
        ("encrypted/segment-00000001.log", 8, 3, Sum::Sector, [3, 2]),
        ("encrypted/segment-00000001.log", 4096 + 16 + 4, 2, Sum::Unit(4096), [2, 1]),
        ("encrypted/part-00000001.idx", 6, b'2', Sum::Sector, [2, 1]),
        ("encrypted/image", 6, b'3', Sum::Whole, [3, 2]),
        ("encrypted/snapshot", 6, b'2', Sum::Whole, [2, 1]),
    ];
    for (path, at, to, sum, [version, known]) in table {
        let (name, file) = path.split_once('/').unwrap();
        let encrypted = name == "encrypted";
        let copy = copy_of(name);
        raise(copy.path(), file, at, &[to], sum);
        if let Sum::Unit(_) = sum {
            // Blocks that an image spares are not read.
            std::fs::remove_file(copy.path().join("image")).unwrap();
        }
        check_refused(copy.path(), encrypted, file, version, known);
        let verified = verify(copy.path(), keys_if(encrypted)).unwrap_err();
        refused(&verified, file, version, known);
    }
}

/// The versions that stand inside of what is derived.
#[test]
fn an_index_and_an_image_of_a_newer_build_are_refused() {
    let copy = copy_of("parts_2");
    let name = "part-00000002.idx";
    let mut bytes = std::fs::read(copy.path().join(name)).unwrap();
    let number = |at: usize| {
        usize::try_from(u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())).unwrap()
    };
    // Behind the pages stands a fence for each page of places, and then the summary; its hash is in the header.
    let (pages, places) = (number(40), number(48));
    let tail = (1 + pages + places) * 4096;
    bytes[tail + places * 20] += 1;
    let hash: [u8; 32] = sha2::Sha256::digest(&bytes[tail..]).into();
    std::fs::write(copy.path().join(name), &bytes).unwrap();
    raise(copy.path(), name, 136, &hash, Sum::Sector);
    check_refused(copy.path(), false, name, 3, 2);

    let copy = copy_of("parts_2");
    let image = std::fs::read(copy.path().join("image")).unwrap();
    let end = usize::from(image[16]);
    raise(copy.path(), "image", 24 + end, &[3], Sum::Whole);
    check_refused(copy.path(), false, "image", 3, 2);
}

/// What is damaged looks like any version: it is told as damaged, or passed over where it is derived.
#[test]
fn what_is_damaged_is_not_taken_for_what_a_newer_build_wrote() {
    for (file, at, to) in
        [("part-00000001.idx", 6, b'9'), ("image", 6, b'9'), ("snapshot", 6, b'9')]
    {
        let copy = copy_of("parts_2");
        raise(copy.path(), file, at, &[to], Sum::Damaged);
        check(&open(copy.path(), false, Access::Read).unwrap(), file, "591.60");
        check(&open(copy.path(), false, Access::Write).unwrap(), file, "593.60");
    }
    for (at, to) in [(7, b'9'), (8, 9)] {
        let copy = copy_of("parts_2");
        raise(copy.path(), "segment-00000001.log", at, &[to], Sum::Damaged);
        assert!(verify(copy.path(), None).unwrap_err().is_damaged());
    }
}

#[test]
fn a_log_of_a_newer_build_is_refused_with_what_to_do() {
    // A byte of the head of a log: its event's version, its kind, the log's format.
    let table = [("event version 2", 6, 2), ("event kind 99", 4, 99), ("format 2", 34, 2)];
    for (says, at, to) in table {
        let directory = tempfile::tempdir().unwrap();
        write_head(directory.path(), at, to);
        for access in [Access::Read, Access::Write] {
            let told = open(directory.path(), false, access).err().unwrap().to_string();
            assert!(told.contains(says) && told.contains("open it with a newer build"), "{told}");
        }
    }
}

/// A journal of one event, the head of a log, with a byte of it changed.
fn write_head(path: &Path, at: usize, to: u8) {
    use thalium::port::journal::{Block, Journal};
    use thalium_store::{Options, StoreJournal, disk::Directory};
    let engine = thalium::Engine::new(thalium::Genesis::default());
    let mut event = engine.book().events_from(0).next().unwrap().to_vec();
    event[at] = to;
    let options = Options { segment_len: 8 << 10 };
    let mut journal = StoreJournal::create(Directory::new(path), options).unwrap();
    let mut block = Block { event_count: 1, ..Block::default() };
    block.tree.push(&event);
    block.events = event;
    journal.append(&block).unwrap();
}

#[test]
fn a_backup_of_a_newer_build_is_refused_with_what_to_do() {
    let (books, copy, again) =
        (copy_of("parts_2"), copy_of("parts_2"), tempfile::tempdir().unwrap());
    kept(copy.path()).keys().for_each(|name| std::fs::remove_file(copy.path().join(name)).unwrap());
    let backup = || thalium_host::backup(books.path(), copy.path(), None, &mut |_| ());
    backup().unwrap();
    raise(copy.path(), "backup", 6, b"2", Sum::Whole);
    refused(&backup().unwrap_err(), "backup", 2, 1);
    refused(&verify(copy.path(), None).unwrap_err(), "backup", 2, 1);
    let (until, keys) = (thalium_host::Until::End, thalium_host::NewKeys::Same);
    let restored = thalium_host::restore(copy.path(), again.path(), until, None, keys);
    refused(&restored.unwrap_err(), "backup", 2, 1);
}
