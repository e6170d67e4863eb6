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

#[test]
fn files_of_a_newer_build_are_refused_with_what_to_do() {
    // The file, where its version stands, and what a newer one has there.
    let table: [(&str, &str, u64, &[u8], bool); 7] = [
        ("parts_2", "segment-00000001.log", 8, &[3], true),
        ("parts_2", "part-00000001.idx", 6, b"2", true),
        ("parts_2", "image", 6, b"3", true),
        ("parts_2", "snapshot", 6, b"2", true),
        ("encrypted", "keys", 6, b"2", true),
        ("encrypted", "segment-00000001.log", 8, &[3], true),
        ("encrypted", "image", 6, b"3", true),
    ];
    for (name, file, at, byte, refused) in table {
        let encrypted = name == "encrypted";
        let copy = copy_of(name);
        let path = copy.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[usize::try_from(at).unwrap()..][..byte.len()].copy_from_slice(byte);
        std::fs::write(&path, bytes).unwrap();
        let before = kept(copy.path());
        for access in [Access::Write, Access::Read] {
            let told = open(copy.path(), encrypted, access).err().map(|error| error.to_string());
            assert_eq!(told.is_some(), refused, "{name}/{file}");
            let told = told.unwrap();
            assert!(told.contains(file) && told.contains("newer build"), "{name}/{file}: {told}");
        }
        assert!(kept(copy.path()) == before, "nothing was changed");
    }
}
