//! What a directory holds is told file by file: beside a writer, without keys, and where something is damaged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "a test")]

mod lossy;

use lossy::blocks::{SIZES, block};
use lossy::{Faults, LossyDisk};
use thalium::port::journal::Journal;
use thalium_store::disk::{Disk, DiskFile};
use thalium_store::{FileFound, FileKind, Options, StoreError, StoreJournal, inspect, verify};

const OPTIONS: Options = Options { segment_len: 24 << 10 };

fn journal(faults: Faults) -> (LossyDisk, StoreJournal<LossyDisk>) {
    let disk = LossyDisk::new(faults);
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    for (count, size) in SIZES {
        journal.append(&block(&journal.tree(), count, size)).unwrap();
    }
    (disk, journal)
}

fn segments(files: &[FileFound]) -> Vec<&FileFound> {
    files.iter().filter(|file| file.kind == FileKind::Segment).collect()
}

#[test]
fn every_file_is_told_beside_the_writer_and_without_one() {
    for sealed in [false, true] {
        let (disk, journal) = journal(Faults { sealed, ..Faults::default() });
        let before = disk.operations();
        let live = inspect(&disk).unwrap();
        assert_eq!(disk.operations(), before, "nothing is written");
        let whole = verify(&disk, &mut |_| ()).unwrap();
        assert_eq!((live.is_written, live.marked), (true, Some(whole.events)));
        assert_eq!(live.data_keys, u32::from(sealed));
        let found = segments(&live.files);
        assert_eq!(found.len() as u64, whole.segments);
        assert_eq!(found.iter().filter_map(|file| file.blocks).sum::<u64>(), whole.blocks);
        assert_eq!(
            found.iter().filter_map(|file| file.events).map(|(_, n)| n).sum::<u64>(),
            whole.events
        );
        assert!(found.iter().all(|file| file.data_key == Some(u32::from(sealed))));
        assert_eq!(live.damaged().count(), 0);
        journal.close([0; 32]).unwrap();
        let closed = inspect(&disk).unwrap();
        assert!(!closed.is_written);
        let kinds = |kind| closed.files.iter().filter(move |file| file.kind == kind);
        assert_eq!(kinds(FileKind::Snapshot).next().unwrap().events, Some((0, whole.events)));
        assert_eq!(kinds(FileKind::Keys).count(), usize::from(sealed));
        assert_eq!(kinds(FileKind::Other).count(), 0);
    }
}

#[test]
fn a_damaged_file_is_told_with_the_place_and_the_others_all_the_same() {
    let (disk, journal) = journal(Faults::default());
    journal.close([0; 32]).unwrap();
    let count = inspect(&disk).unwrap().files.len();
    for (name, byte, told) in [
        ("segment-00000001.log", 20, "byte 0: the header is unreadable"),
        ("segment-00000001.log", 8, "is of version"),
        ("segment-00000002.log", 4096 + 100, "byte 4096: the checksum does not fit"),
        ("snapshot", 20, "remove it, it is made anew"),
    ] {
        let damaged = disk.copy();
        if byte == 8 {
            damaged.open(name).unwrap().write_at(&[9, 0], 8).unwrap();
        } else {
            damaged.flip(name, byte);
        }
        let found = inspect(&damaged).unwrap();
        assert_eq!(found.files.len(), count);
        let wrong: Vec<_> = found.damaged().collect();
        assert_eq!((wrong.len(), wrong[0].name.as_str()), (1, name));
        assert!(wrong[0].wrong.as_deref().unwrap().contains(told), "{wrong:?}");
    }
    let strange = disk.copy();
    strange.create("holiday.jpg").unwrap();
    let found = inspect(&strange).unwrap();
    assert!(found.files.iter().any(|file| file.kind == FileKind::Other && file.wrong.is_none()));
}

#[test]
fn a_directory_that_is_not_there_is_no_store() {
    let missing = thalium_store::disk::Directory::new("/nowhere/at/all");
    assert!(matches!(inspect(&missing), Err(StoreError::Missing { .. })));
}
