//! Copies made beside the writer, cut short anywhere, and what is restored from them.

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
use thalium::audit::merkle::Hash;
use thalium::port::journal::Journal;
use thalium_store::disk::Disk;
use thalium_store::{
    Backup, Behind, Options, StoreError, StoreJournal, Until, copy, restore, verify,
};

const OPTIONS: Options = Options { segment_len: 24 << 10 };
fn disk() -> LossyDisk {
    LossyDisk::new(Faults::default())
}

fn backup(source: LossyDisk, target: &LossyDisk) -> Result<Backup, StoreError> {
    thalium_store::backup(source, target, &mut |_| ())
}

/// A journal, and the root at each of its blocks' ends.
fn journal(disk: &LossyDisk) -> (StoreJournal<LossyDisk>, Vec<(u64, Hash)>) {
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    let mut roots = Vec::new();
    for (count, size) in SIZES {
        let block = block(&journal.tree(), count, size);
        journal.append(&block).unwrap();
        roots.push((block.tree.size(), block.tree.root()));
    }
    (journal, roots)
}

#[test]
fn a_copy_follows_the_journal_while_it_is_written() {
    let (source, target) = (disk(), disk());
    let mut journal = StoreJournal::create(source.clone(), OPTIONS).unwrap();
    for (count, size) in SIZES {
        let next = block(&journal.tree(), count, size);
        journal.append(&next).unwrap();
        let copied = backup(source.clone(), &target).unwrap();
        assert_eq!((copied.events, copied.copied), (next.tree.size(), count));
        assert_eq!((copied.root, copied.generation), (next.tree.root(), 1));
        assert_eq!(verify(&target, &mut |_| ()).unwrap().events, next.tree.size());
        assert_eq!(backup(source.clone(), &target).unwrap().copied, 0);
    }
    let mut names = target.list().unwrap();
    names.retain(|name| name.starts_with("segment-"));
    assert!(names.len() > 2, "the copy goes over several segments");
}

#[test]
fn a_copy_that_was_cut_short_is_gone_on_with() {
    cut_short(Faults::default());
    cut_short(Faults { sealed: true, ..Faults::default() });
}

fn cut_short(faults: Faults) {
    let disk = || LossyDisk::new(faults);
    let source = disk();
    let (_writer, roots) = journal(&source);
    let whole = *roots.last().unwrap();
    let count = {
        let target = disk();
        backup(source.clone(), &target).unwrap();
        target.operations()
    };
    for power_at in 0..count {
        for seed in 0..5 {
            let target = LossyDisk::new(Faults { power_at: Some(power_at), ..faults });
            let _ = backup(source.clone(), &target);
            let after = target.crash(seed);
            // What is there verifies, if anything is: it is a copy of fewer events.
            match verify(&after, &mut |_| ()) {
                Ok(part) => assert!(part.events <= whole.0),
                Err(StoreError::Missing { .. } | StoreError::Damaged { .. }) => {}
                Err(other) => panic!("{other}"),
            }
            let again = backup(source.clone(), &after)
                .unwrap_or_else(|error| panic!("power {power_at}, seed {seed}: {error}"));
            assert_eq!((again.events, again.root), whole, "power {power_at}, seed {seed}");
            assert_eq!(verify(&after, &mut |_| ()).unwrap().events, whole.0);
        }
    }
}

#[test]
fn a_copy_that_follows_a_journal_is_gone_on_with_wherever_the_power_fails() {
    follow_and_fail(Faults::default(), 1);
    // Encryption changes what is written and not in which order: a third of the places is enough.
    follow_and_fail(Faults { sealed: true, ..Faults::default() }, 3);
}

/// Copies a journal after each of its blocks, with the power failing in every operation of the copy.
fn follow_and_fail(faults: Faults, step: usize) {
    let follow = |target: &LossyDisk| {
        let source = LossyDisk::new(faults);
        let mut journal = StoreJournal::create(source.clone(), OPTIONS).unwrap();
        let mut acknowledged = 0;
        for (count, size) in SIZES {
            let next = block(&journal.tree(), count, size);
            journal.append(&next).unwrap();
            match copy(source.clone(), target, &mut |_| true) {
                Ok(step) => acknowledged = step.copy.events,
                Err(_) => break,
            }
        }
        (source, acknowledged)
    };
    let sound = LossyDisk::new(faults);
    follow(&sound);
    for power_at in (0..sound.operations()).step_by(step) {
        let target = LossyDisk::new(Faults { power_at: Some(power_at), ..faults });
        let (source, acknowledged) = follow(&target);
        for seed in 0..5 {
            let after = target.crash(seed);
            // What a step said that the copy has is in it.
            if acknowledged > 0 {
                assert!(verify(&after, &mut |_| ()).unwrap().events >= acknowledged);
            }
            let again = copy(source.clone(), &after, &mut |_| true)
                .unwrap_or_else(|error| panic!("power {power_at}, seed {seed}: {error}"));
            let whole = verify(&source, &mut |_| ()).unwrap().events;
            assert_eq!((again.copy.events, again.is_complete), (whole, true));
            assert!(again.copy.copied <= whole - acknowledged);
            assert_eq!(verify(&after, &mut |_| ()).unwrap().events, whole);
        }
    }
}

#[test]
fn a_copy_tells_how_far_it_is_behind_and_stops_when_it_is_told_to() {
    const LONG: Options = Options { segment_len: 64 << 20 };
    let (source, target) = (disk(), disk());
    let mut journal = StoreJournal::create(source.clone(), LONG).unwrap();
    let mut bytes = 0;
    for _ in 0..3 {
        let next = block(&journal.tree(), 40_000, 5);
        journal.append(&next).unwrap();
        bytes += (next.events.len() as u64 + 128).div_ceil(496).next_multiple_of(8) * 512;
    }
    let all = 3 * 40_000;
    let stopped = copy(source.clone(), &target, &mut |_| false).unwrap();
    assert_eq!((stopped.copy.events, stopped.is_complete), (2 * 40_000, false));
    // What the first segment leaves unused at its end is among them.
    let left = bytes - stopped.bytes;
    assert_eq!(stopped.behind.events, 40_000);
    assert!((left..left + (4 << 20)).contains(&stopped.behind.bytes), "{:?}", stopped.behind);
    assert_eq!(verify(&target, &mut |_| ()).unwrap().events, 2 * 40_000);
    let done = copy(source.clone(), &target, &mut |_| true).unwrap();
    assert_eq!((done.copy.events, done.copy.copied, done.is_complete), (all, 40_000, true));
    assert_eq!(done.behind, Behind::default());
    // Where there is nothing to copy, nothing is written.
    let operations = target.operations();
    let idle = copy(source.clone(), &target, &mut |_| true).unwrap();
    assert_eq!((idle.copy.copied, idle.bytes, idle.is_complete), (0, 0, true));
    assert_eq!(target.operations(), operations);
    // What is written while it is copied is behind, to the byte.
    journal.append(&block(&journal.tree(), 1, 1)).unwrap();
    let mut is_first = true;
    let step = copy(source.clone(), &target, &mut |_| {
        if std::mem::take(&mut is_first) {
            journal.append(&block(&journal.tree(), 1, 1)).unwrap();
        }
        true
    });
    let step = step.unwrap();
    assert_eq!((step.copy.copied, step.bytes, step.is_complete), (1, 4096, true));
    assert_eq!(step.behind, Behind { events: 1, bytes: 4096 });
}

#[test]
fn a_copy_of_what_the_store_no_longer_is_is_refused_and_says_what_to_do() {
    let source = disk();
    let (mut journal, _) = journal(&source);
    let (earlier, target) = (source.copy(), disk());
    journal.append(&block(&journal.tree(), 3, 100)).unwrap();
    drop(journal);
    backup(source.clone(), &target).unwrap();
    // The store is put back to an earlier state, and goes on another way.
    let refused = |source: &LossyDisk| backup(source.clone(), &target).unwrap_err().to_string();
    assert!(refused(&earlier).contains("put back to an earlier state"), "{}", refused(&earlier));
    let (mut other, _) = StoreJournal::open(earlier.clone(), OPTIONS, &mut |_| ()).unwrap();
    other.append(&block(&other.tree(), 2, 120)).unwrap();
    other.append(&block(&other.tree(), 2, 120)).unwrap();
    assert!(refused(&earlier).contains("put back to an earlier state"), "{}", refused(&earlier));
    // The copy is of what was restored since.
    let (restored, second) = (disk(), disk());
    restore(&target, restored.clone(), OPTIONS, Until::End).unwrap();
    backup(restored.clone(), &second).unwrap();
    let error = backup(source.clone(), &second).unwrap_err().to_string();
    assert!(error.contains("generation 2") && error.contains("generation 1"), "{error}");
    let error = backup(restored, &target).unwrap_err().to_string();
    assert!(error.contains("holds no backup of this store"), "{error}");
    // The copy has lost what it says that it has.
    let lost = target.copy();
    let last = lost.list().unwrap().into_iter().filter(|name| name.starts_with("segment-")).max();
    let last = last.unwrap();
    let len = lost.bytes(&last).len();
    lost.flip(&last, len - 4096 + 20);
    let error = backup(source, &lost).unwrap_err();
    assert!(error.to_string().contains("begin the copy anew"), "{error}");
}

#[test]
fn only_its_own_copy_is_gone_on_with() {
    let (source, other) = (disk(), disk());
    let (mut writer, _) = journal(&source);
    let mut foreign = StoreJournal::create(other.clone(), OPTIONS).unwrap();
    for _ in 0..40 {
        foreign.append(&block(&foreign.tree(), 30, 20)).unwrap();
    }
    let refused = |target: &LossyDisk, name: &str| {
        let error = backup(source.clone(), target).unwrap_err().to_string();
        assert!(error.contains("holds no backup of this store"), "{name}: {error}");
    };
    let copy_of_other = disk();
    backup(other.clone(), &copy_of_other).unwrap();
    drop(foreign);
    refused(&other, "a store");
    refused(&copy_of_other, "another's copy");
    let opened = disk();
    backup(source.clone(), &opened).unwrap();
    drop(StoreJournal::open(opened.clone(), OPTIONS, &mut |_| ()).unwrap());
    writer.append(&block(&writer.tree(), 1, 1)).unwrap();
    refused(&opened, "a copy that was opened as a store");
}

#[test]
fn what_is_restored_has_the_root_of_its_size_and_a_new_generation() {
    let source = disk();
    let (writer, roots) = journal(&source);
    let copy = disk();
    backup(source.clone(), &copy).unwrap();
    let whole = *roots.last().unwrap();
    for (size, root) in &roots {
        let target = disk();
        let restored = restore(&copy, target.clone(), OPTIONS, Until::Size(*size)).unwrap();
        assert_eq!((restored.events, restored.root), (*size, *root));
        assert_eq!((restored.of, restored.generation), (whole.0, 2));
        assert_eq!(verify(&target, &mut |_| ()).unwrap().events, *size);
    }
    // What was restored goes on, is copied and restored again.
    let target = disk();
    restore(&copy, target.clone(), OPTIONS, Until::End).unwrap();
    let (mut journal, _) = StoreJournal::open(target.clone(), OPTIONS, &mut |_| ()).unwrap();
    assert_eq!(journal.tree().root(), writer.tree().root());
    journal.append(&block(&journal.tree(), 2, 9)).unwrap();
    let second = disk();
    assert_eq!(backup(target, &second).unwrap().generation, 2);
    let third = restore(&second, disk(), OPTIONS, Until::End).unwrap();
    assert_eq!((third.generation, third.root), (3, journal.tree().root()));
}

#[test]
fn a_damaged_copy_is_not_restored_and_a_store_is_not_overwritten() {
    let source = disk();
    let (_writer, _) = journal(&source);
    let copy = disk();
    backup(source.clone(), &copy).unwrap();
    for byte in [4096, 9000] {
        let broken = copy.copy();
        assert!(broken.flip("segment-00000001.log", byte));
        let error = restore(&broken, disk(), OPTIONS, Until::End).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
    let error = restore(&copy, source, OPTIONS, Until::End).unwrap_err();
    assert!(matches!(error, StoreError::Exists { .. } | StoreError::Locked { .. }), "{error}");
}

/// The seeds were written from `docs/format.md` by a program that shares no code with this one.
#[test]
fn the_state_of_a_backup_written_from_the_documentation_is_gone_on_with() {
    use thalium_store::disk::Directory;
    let journal = include_bytes!("../../../fuzz/seeds/segment/three_blocks");
    let table: [(&str, &[u8], u64); 2] = [
        ("two blocks", include_bytes!("../../../fuzz/seeds/backup/two_blocks"), 5),
        ("all of it", include_bytes!("../../../fuzz/seeds/backup/three_blocks"), 0),
    ];
    for (what, state, copied) in table {
        let (source, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for directory in [&source, &copy] {
            std::fs::write(directory.path().join("segment-00000001.log"), journal).unwrap();
        }
        std::fs::write(copy.path().join("backup"), state).unwrap();
        let (source, copy) = (Directory::new(source.path()), Directory::new(copy.path()));
        let done = thalium_store::backup(source, &copy, &mut |_| ()).unwrap();
        assert_eq!((done.events, done.copied), (10, copied), "{what}");
        assert_eq!(verify(&copy, &mut |_| ()).unwrap().events, 10, "{what}");
    }
}
