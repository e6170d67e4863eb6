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
        let (mut block, mut event) = (1, 0);
        for file in &found {
            let (blocks, events) = (file.blocks.unwrap(), file.events.unwrap());
            assert_eq!((blocks.0, events.0), (block, event), "{}", file.name);
            (block, event) = (block + blocks.1, event + events.1);
            assert!(file.used.unwrap() <= file.len && file.torn.is_none());
        }
        assert_eq!(block - 1, whole.blocks);
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
        ("segment-00000001.log", 8, "byte 0: the header is unreadable"),
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

/// A block that was being written when the power failed is told as what it is; beside a writer it is being written.
#[test]
fn a_torn_tail_is_no_damage_and_is_told() {
    let (disk, journal) = journal(Faults::default());
    let whole = verify(&disk, &mut |_| ()).unwrap();
    drop(journal);
    let last = |disk: &LossyDisk| segments(&inspect(disk).unwrap().files).pop().unwrap().clone();
    let before = last(&disk);
    let (name, (first, blocks)) = (before.name.as_str(), before.blocks.unwrap());
    // The beginning of the next block, and not its end.
    let other = disk.copy();
    let mut journal = StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ()).unwrap().0;
    journal.append(&block(&journal.tree(), 3, 900)).unwrap();
    drop(journal);
    let at = usize::try_from(before.used.unwrap()).unwrap();
    let written = disk.bytes(name)[at..at + 512].to_vec();
    other.open(name).unwrap().write_at(&written, at as u64).unwrap();
    let torn = last(&other);
    assert_eq!((torn.torn, torn.wrong.as_deref()), (Some(at as u64), None));
    assert_eq!((torn.blocks, torn.events), (Some((first, blocks)), before.events));
    let lock = other.lock().unwrap();
    assert_eq!((last(&other).torn, last(&other).wrong), (None, None));
    drop(lock);
    assert_eq!(verify(&other, &mut |_| ()).unwrap().events, whole.events);
}

#[test]
fn a_segment_that_is_missing_or_ends_too_soon_is_told() {
    let (disk, journal) = journal(Faults::default());
    journal.close([0; 32]).unwrap();
    let count = inspect(&disk).unwrap().files.len();
    let missing = disk.copy();
    missing.remove("segment-00000002.log").unwrap();
    let found = inspect(&missing).unwrap();
    let wrong: Vec<_> = found.damaged().collect();
    assert_eq!((found.files.len(), wrong.len()), (count, 1));
    assert_eq!(wrong[0].name, "segment-00000002.log");
    assert!(wrong[0].wrong.as_deref().unwrap().contains("missing"), "{wrong:?}");

    // A segment in the middle and the last, with a block that never came whole, and with none, as if they had never been
    // written.
    let segments: Vec<FileFound> =
        segments(&inspect(&disk).unwrap().files).into_iter().cloned().collect();
    let (middle, last) = (&segments[1], segments.last().unwrap());
    let behind = |file: &FileFound| usize::try_from(file.used.unwrap()).unwrap() - 4096;
    for (file, at, told) in [
        (middle, behind(middle), "part of the block is missing"),
        (middle, 4096, "though the next segment begins with block"),
        (last, 4096, "are known"),
    ] {
        let short = disk.copy();
        let blank = vec![0; disk.bytes(&file.name).len() - at];
        short.open(&file.name).unwrap().write_at(&blank, at as u64).unwrap();
        let found = inspect(&short).unwrap();
        let wrong: Vec<_> = found.damaged().collect();
        assert_eq!((wrong.len(), &wrong[0].name), (1, &file.name), "{wrong:?}");
        let what = wrong[0].wrong.as_deref().unwrap();
        assert!(what.contains(told), "{what}");
    }
}

/// Beside a writer what is durable is held against the writer's mark: no damage to it passes for a block being written.
#[test]
fn damage_beside_a_writer_is_told() {
    let (disk, journal) = journal(Faults::default());
    let last = segments(&inspect(&disk).unwrap().files).pop().unwrap().clone();
    disk.flip(&last.name, 4096 + 100);
    let found = inspect(&disk).unwrap();
    assert!(found.is_written);
    let wrong: Vec<_> = found.damaged().map(|file| file.name.as_str()).collect();
    assert_eq!(wrong, [last.name]);
    drop(journal);
}

/// A file of a newer build is told as one, and is not to be removed.
#[test]
fn a_file_of_a_newer_build_is_told() {
    let (disk, journal) = journal(Faults::default());
    journal.close([0; 32]).unwrap();
    let mut bytes = disk.bytes("snapshot");
    let sum_at = bytes.len() - 4;
    bytes[6] = b'9';
    let sum = crc32c(&bytes[..sum_at]).to_le_bytes();
    bytes[sum_at..].copy_from_slice(&sum);
    disk.open("snapshot").unwrap().write_at(&bytes, 0).unwrap();
    let found = inspect(&disk).unwrap();
    let wrong = found.damaged().next().unwrap();
    assert_eq!((wrong.name.as_str(), wrong.version), ("snapshot", Some(9)));
    assert!(wrong.wrong.as_deref().unwrap().contains("newer build"), "{wrong:?}");
    assert_eq!(found.damaged().count(), 1);
}

/// CRC-32C by its definition.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0x82f6_3b78 * (sum & 1)))
    })
}

#[test]
fn a_directory_that_is_not_there_is_no_store() {
    let missing = thalium_store::disk::Directory::new("/nowhere/at/all");
    assert!(matches!(inspect(&missing), Err(StoreError::Missing { .. })));
}
