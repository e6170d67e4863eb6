//! Keys that are wrapped with a directory's own data keys.

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

use lossy::keys::FixedKeys;
use thalium::port::conformance;
use thalium::port::keys::Keys;
use thalium_store::SealedKeys;
use thalium_store::disk::{Directory, Disk};

fn made(path: &Path, name: &'static str) -> Directory {
    Directory::new(path).with_new_keys(Some(Arc::new(FixedKeys(name)))).unwrap()
}

fn opened(path: &Path, name: &'static str) -> Directory {
    Directory::new(path).with_keys(Some(Arc::new(FixedKeys(name)))).unwrap()
}

#[test]
fn they_keep_to_the_contract_of_keys() {
    let [own, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let keys = SealedKeys::new(made(own.path(), "a"));
    let again = SealedKeys::new(opened(own.path(), "a"));
    let other = SealedKeys::new(made(other.path(), "a"));
    conformance::keys(&keys, &again, &other).unwrap();
}

#[test]
fn what_is_wrapped_outlives_both_rotations() {
    let folder = tempfile::tempdir().unwrap();
    let disk = made(folder.path(), "a");
    let keys = SealedKeys::new(disk.clone());
    let key = keys.generate().unwrap();
    let wrapped = keys.wrap(&key, b"for").unwrap();
    disk.seal().rotate(&disk).unwrap();
    disk.seal().rewrap(&disk, Arc::new(FixedKeys("b"))).unwrap();
    let again = SealedKeys::new(opened(folder.path(), "b"));
    assert_eq!(again.unwrap(&wrapped, b"for").unwrap().as_bytes(), key.as_bytes());
    assert_ne!(again.wrap(&key, b"for").unwrap(), wrapped, "with the newest data key");
    let plain = tempfile::tempdir().unwrap();
    let told = SealedKeys::new(Directory::new(plain.path())).wrap(&key, b"for");
    assert!(told.is_err(), "a directory that is not encrypted");
}
