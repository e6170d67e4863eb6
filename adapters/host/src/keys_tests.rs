use std::path::Path;

use crate::{
    Access, Account, Error, KeyText, Keys, NewKeys, Options, Post, Thalium, Until, backup,
    rehearse, restore, verify,
};
use std::sync::Arc;

fn key() -> Arc<dyn Keys> {
    Arc::new(KeyText::generate().unwrap())
}

fn open(path: &Path, keys: &Arc<dyn Keys>, access: Access) -> Result<Thalium, Error> {
    let options =
        Options { keys: Some(Arc::clone(keys)), access, memory: 1 << 16, ..Options::default() };
    Thalium::open_with(&path.display().to_string(), options)
}

fn post(t: &Thalium, from: u32, to: u32) {
    for n in from..to {
        let key = format!("canary-key-{n}");
        let post = Post::new(key, "canary-bank", "canary-client", "1.00");
        assert!(t.do_one(post).unwrap().ok);
    }
}

fn books(path: &Path, keys: &Arc<dyn Keys>) -> Thalium {
    let t = open(path, keys, Access::Write).unwrap();
    t.submit(&[
        Account::asset("canary-bank", "ZAR").into(),
        Account::liability("canary-client", "ZAR").into(),
    ])
    .unwrap();
    t
}

fn holds_canary(path: &Path) -> bool {
    std::fs::read_dir(path).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(6).any(|window| window == b"canary")
    })
}

/// Over segments, parts, images, a reader, a rotation and a rewrapping: the books are whole, and no file tells of them.
#[test]
fn an_encrypted_ledger_is_a_ledger_and_no_file_tells_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let (path, keys, others) = (directory.path().join("books"), key(), key());
    let t = books(&path, &keys);
    post(&t, 0, 400);
    let reader = open(&path, &keys, Access::Read).unwrap();
    assert_eq!(reader.account("canary-client").unwrap().unwrap().balances.balance, "400.00");
    assert_eq!((t.data_key(), t.rotate_keys().unwrap(), t.data_key()), (1, 2, 2));
    assert!(matches!(reader.rotate_keys(), Err(Error::ReadOnly)));
    post(&t, 400, 800);
    assert_eq!(reader.account("canary-client").unwrap().unwrap().balances.balance, "800.00");
    t.rewrap_keys(Arc::clone(&others)).unwrap();
    post(&t, 800, 900);
    let (parts, _) = t.read(|book| book.parts()).unwrap();
    assert!(parts > 1, "{parts} parts");
    t.close().unwrap();
    assert!(path.join("image").exists());
    assert!(!holds_canary(&path));

    let told = open(&path, &keys, Access::Write).err().unwrap().to_string();
    assert!(told.contains("not the one that it was encrypted with"), "{told}");
    let told = Thalium::open(&path.display().to_string()).err().unwrap().to_string();
    assert!(told.contains("is encrypted: give the key"), "{told}");
    assert!(verify(&path, None).is_err());
    assert_eq!(verify(&path, Some(Arc::clone(&others))).unwrap().transfers, 900);
    let again = open(&path, &others, Access::Write).unwrap();
    assert!(again.opened().recovery.from_image > 0, "the image was of use");
    assert_eq!(again.check_keys().unwrap(), 2);
    let first = again.transfer("canary-key-3").unwrap().unwrap();
    assert_eq!(first.amount, "1.00 ZAR");
    assert_eq!(again.account("canary-client").unwrap().unwrap().balances.balance, "900.00");
}

#[test]
fn backups_are_as_encrypted_as_the_ledger_and_restored_under_the_same_keys_others_or_none() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let (keys, others) = (key(), key());
    let t = books(&at("books"), &keys);
    post(&t, 0, 50);
    assert!(backup(&at("books"), &at("copy"), None, &mut |_| ()).is_err());
    assert!(!at("copy").exists(), "nothing is left of a backup that cannot be made");
    let root =
        backup(&at("books"), &at("copy"), Some(Arc::clone(&keys)), &mut |_| ()).unwrap().root;
    assert!(!holds_canary(&at("copy")));
    assert_eq!(rehearse(&at("copy"), Some(Arc::clone(&keys))).unwrap().0.root, root);
    for (name, new_keys, opens_with) in [
        ("same", NewKeys::Same, Some(&keys)),
        ("other", NewKeys::Other(Arc::clone(&others)), Some(&others)),
        ("without", NewKeys::Without, None),
    ] {
        let from = Some(Arc::clone(&keys));
        restore(&at("copy"), &at(name), Until::End, from, new_keys).unwrap();
        assert_eq!(holds_canary(&at(name)), opens_with.is_none(), "{name}");
        assert_eq!(verify(&at(name), opens_with.cloned()).unwrap().root, root, "{name}");
    }
}

#[test]
fn what_is_not_encrypted_has_no_keys_to_rotate() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("books");
    Thalium::open(&path.display().to_string()).unwrap().close().unwrap();
    // A key that is given changes nothing of what is there.
    for t in [open(&path, &key(), Access::Write).unwrap(), Thalium::open("memory:").unwrap()] {
        assert_eq!(t.data_key(), 0);
        assert!(t.rotate_keys().unwrap_err().to_string().contains("is not encrypted"));
    }
}
