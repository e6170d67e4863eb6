use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use thalium::api::{Account, Post};
use thalium_store::{FileFound, FileKind};

use super::*;
use crate::{KeyText, Options, Thalium};

/// A ledger with three parts at least, and an image.
fn used(path: &Path, options: Options) -> Thalium {
    let options = Options { memory: 1 << 12, ..options };
    let t = Thalium::open_with(&path.display().to_string(), options).unwrap();
    t.submit(&[Account::asset("bank", "ZAR").into(), Account::liability("client", "ZAR").into()])
        .unwrap();
    let mut n = 0;
    while !path.join("part-00000003.idx").exists() || !path.join("image").exists() {
        n += 1;
        assert!(n < 5_000);
        t.do_one(Post::new(format!("p-{n}"), "bank", "client", "1.00")).unwrap();
    }
    t
}

/// What stands in a directory, and since when.
fn contents(path: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let entries = fs::read_dir(path).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, (fs::read(entry.path()).unwrap(), entry.metadata().unwrap().modified().unwrap()))
        })
        .collect()
}

fn of_kind(found: &Inspection, kind: FileKind) -> Vec<&FileFound> {
    found.files.iter().filter(|file| file.kind == kind).collect()
}

#[test]
fn a_ledger_is_told_file_by_file_beside_its_writer_and_without_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let t = used(path, Options::default());
    t.drain().unwrap();
    let events = t.health().unwrap().events;
    let live = inspect(path, None).unwrap();
    assert_eq!(live.damaged().collect::<Vec<_>>(), Vec::<&FileFound>::new());
    assert_eq!((live.is_written, live.writer), (true, Some(std::process::id())));
    assert_eq!(live.marked, Some(events));
    assert_eq!(live.genesis.as_ref().unwrap().tenant, "default");
    t.close().unwrap();

    let before = contents(path);
    let closed = inspect(path, None).unwrap();
    assert!(contents(path) == before, "nothing is written");
    assert_eq!((closed.is_written, closed.writer), (false, None));
    let segments = of_kind(&closed, FileKind::Segment);
    assert_eq!(segments.iter().map(|file| file.events.unwrap().1).sum::<u64>(), events);
    let mut end = 0;
    let parts = of_kind(&closed, FileKind::Part);
    assert!(parts.len() >= 3);
    for part in parts {
        assert_eq!((part.events.unwrap().0, part.version), (end, Some(thalium::part::VERSION)));
        end += part.events.unwrap().1;
    }
    assert!(end <= events);
    let image = of_kind(&closed, FileKind::Image)[0];
    assert!(image.events.unwrap().1 <= end && image.version == Some(1));
    assert!(of_kind(&closed, FileKind::Other).is_empty());
}

/// Whatever is damaged, it is told and nothing else is; and every other file is told as if nothing were.
#[test]
fn what_is_damaged_is_told_and_hides_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    used(path, Options::default()).close().unwrap();
    let whole = inspect(path, None).unwrap();
    for name in
        ["part-00000001.idx", "part-00000002.idx", "image", "snapshot", "segment-00000001.log"]
    {
        let file = path.join(name);
        let bytes = fs::read(&file).unwrap();
        for (what, damaged) in [
            ("a bit", {
                let mut damaged = bytes.clone();
                damaged[20] ^= 1;
                damaged
            }),
            ("cut short", bytes[..10].to_vec()),
            ("empty", Vec::new()),
        ] {
            fs::write(&file, damaged).unwrap();
            let found = inspect(path, None).unwrap();
            let wrong: Vec<_> = found.damaged().map(|file| file.name.as_str()).collect();
            assert_eq!(wrong, [name], "{what}");
            for (found, whole) in found.files.iter().zip(&whole.files) {
                assert!(found.name == name || found == whole, "{found:?}");
            }
        }
        fs::write(&file, bytes).unwrap();
    }
    // A part that is not there is made anew; those behind it do not follow it.
    fs::remove_file(path.join("part-00000001.idx")).unwrap();
    let found = inspect(path, None).unwrap();
    let wrong: Vec<_> = found.damaged().map(|file| file.name.as_str()).collect();
    assert_eq!(wrong, ["part-00000002.idx"]);
}

#[test]
fn what_is_encrypted_is_measured_without_its_keys() {
    let directory = tempfile::tempdir().unwrap();
    let (path, keys) =
        (directory.path(), || Some(Arc::new(KeyText::generate().unwrap()) as Arc<dyn Keys>));
    let own = keys();
    used(path, Options { keys: own.clone(), ..Options::default() }).close().unwrap();
    let opened = inspect(path, own.clone()).unwrap();
    assert_eq!((opened.damaged().count(), opened.data_keys), (0, 1));
    assert_eq!(opened.genesis.as_ref().unwrap().tenant, "default");
    let closed = inspect(path, None).unwrap();
    assert_eq!((closed.damaged().count(), closed.data_keys), (0, 1));
    assert_eq!(closed.genesis, None);
    for (closed, opened) in closed.files.iter().zip(&opened.files) {
        let is_sealed = matches!(closed.kind, FileKind::Part | FileKind::Image);
        assert_eq!((closed.is_closed, opened.is_closed), (is_sealed, false), "{}", closed.name);
        assert_eq!((&closed.name, closed.len), (&opened.name, opened.len));
        assert!(closed.kind == FileKind::Image || closed.events == opened.events);
    }
    let refused = inspect(path, keys()).unwrap_err();
    assert!(matches!(refused, Error::Store(thalium_store::StoreError::Key { .. })), "{refused}");
    // Keys that cannot be read are the damage, and all else is told.
    let mut bytes = fs::read(path.join("keys")).unwrap();
    bytes[20] ^= 1;
    fs::write(path.join("keys"), bytes).unwrap();
    let found = inspect(path, own).unwrap();
    assert_eq!(found.damaged().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["keys"]);
    assert_eq!(found.files.len(), opened.files.len());
}

/// Beside a writer that goes on nothing is taken for damage.
#[test]
fn beside_a_writer_nothing_is_taken_for_damage() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let t = used(path, Options { segment_len: 1 << 20, ..Options::default() });
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 0..40 {
                let posts: Vec<_> = (0..200)
                    .map(|m| Post::new(format!("w-{n}-{m}"), "bank", "client", "1.00").into())
                    .collect();
                t.submit(&posts).unwrap();
            }
        });
        let mut looks = 0;
        while !writer.is_finished() || looks == 0 {
            let found = inspect(path, None).unwrap();
            let wrong: Vec<_> = found.damaged().collect();
            assert!(wrong.is_empty() && found.is_written, "{wrong:?}");
            looks += 1;
        }
    });
}
