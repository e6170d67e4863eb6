//! Reading beside a writer: what is seen is durable, all of it is seen, and damage is told.

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
use thalium::event;
use thalium::port::journal::Journal;
use thalium_store::disk::{Disk, DiskFile};
use thalium_store::{Events, Options, Reader, StoreError, StoreJournal};

const OPTIONS: Options = Options { segment_len: 24 << 10 };
const ALL: u64 = u64::MAX;

/// Polls, checks that the events follow one another, and says how many there are in all.
fn poll<D: Disk>(reader: &mut Reader<D>, enough: u64) -> Result<u64, StoreError> {
    let mut next = reader.event_count();
    reader.poll(enough, &mut |event| {
        assert_eq!(event::header(event).unwrap().0.sequence, next);
        next += 1;
    })?;
    assert_eq!(reader.event_count(), next);
    Ok(next)
}

#[test]
fn a_reader_sees_every_block_when_it_is_acknowledged_and_none_before() {
    let disk = LossyDisk::new(Faults::default());
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    let mut early = Reader::open(disk.clone(), false).unwrap();
    for (count, size) in SIZES {
        let block = block(&journal.tree(), count, size);
        journal.append(&block).unwrap();
        assert_eq!(poll(&mut early, ALL).unwrap(), block.tree.size());
        assert_eq!(early.tree().root(), block.tree.root());
        let mut late = Reader::open(disk.clone(), true).unwrap();
        assert_eq!(poll(&mut late, ALL).unwrap(), block.tree.size());
    }
    assert!(journal.segment() > 2, "the run goes over several segments");
    journal.close([0; 32]).unwrap();
    let mut trusting = Reader::open(disk.clone(), true).unwrap();
    assert_eq!(poll(&mut trusting, ALL).unwrap(), early.event_count());
    assert_eq!(trusting.tree().root(), early.tree().root());
}

#[test]
fn a_reader_stops_behind_the_block_that_is_enough() {
    let disk = LossyDisk::new(Faults::default());
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    let mut ends = vec![];
    for (count, size) in SIZES {
        let block = block(&journal.tree(), count, size);
        journal.append(&block).unwrap();
        ends.push(block.tree.size());
    }
    for enough in 0..=*ends.last().unwrap() {
        let mut reader = Reader::open(disk.clone(), false).unwrap();
        let seen = poll(&mut reader, enough).unwrap();
        let want = if enough == 0 { 0 } else { *ends.iter().find(|end| **end >= enough).unwrap() };
        assert_eq!(seen, want, "enough: {enough}");
    }
}

/// A block whose sync failed was never acknowledged: no reader sees it while its writer lives. What the next opening
/// then counts as durable survives the loss of power, although the system may take the block for written.
#[test]
fn a_block_whose_sync_failed_is_seen_by_no_one_until_it_is_durable() {
    let whole = LossyDisk::new(Faults::default());
    let run = |disk: &LossyDisk, journal: &mut StoreJournal<LossyDisk>| {
        let mut acknowledged = 0;
        for (count, size) in SIZES {
            let block = block(&journal.tree(), count, size);
            if journal.append(&block).is_err() {
                break;
            }
            acknowledged = block.tree.size();
        }
        (acknowledged, disk.operations())
    };
    let mut journal = StoreJournal::create(whole.clone(), OPTIONS).unwrap();
    let begun = whole.operations();
    let (_, operations) = run(&whole, &mut journal);
    let mut left_whole = 0;
    for sync_at in begun..operations {
        let disk = LossyDisk::new(Faults { sync_at: Some(sync_at), ..Faults::default() });
        let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
        let (acknowledged, _) = run(&disk, &mut journal);
        let mut reader = Reader::open(disk.clone(), false).unwrap();
        assert_eq!(poll(&mut reader, ALL).unwrap(), acknowledged, "sync {sync_at}");
        drop(journal);

        let (journal, recovery) = StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ()).unwrap();
        left_whole += u64::from(recovery.events > acknowledged);
        assert_eq!(poll(&mut reader, ALL).unwrap(), recovery.events, "sync {sync_at}");
        drop(journal);
        for seed in 0..6 {
            let after = disk.crash(seed);
            let mut reader = Reader::open(after, false).unwrap();
            let seen = poll(&mut reader, ALL).unwrap();
            assert_eq!(seen, recovery.events, "sync {sync_at}, seed {seed}");
        }
    }
    assert!(left_whole > 3, "blocks are left whole by a sync that fails: {left_whole}");
}

#[test]
fn damage_is_told_and_what_stands_before_it_is_handed_on() {
    let disk = LossyDisk::new(Faults::default());
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    for (count, size) in SIZES {
        journal.append(&block(&journal.tree(), count, size)).unwrap();
    }
    let name = "segment-00000001.log";
    // The second block begins in the third sector.
    for byte in [8192, 8192 + 20, 8192 + 700] {
        let copy = disk.copy();
        copy.flip(name, byte);
        let mut reader = Reader::open(copy, false).unwrap();
        let error = reader.poll(ALL, &mut |_| ()).unwrap_err().to_string();
        assert!(error.contains("is damaged") && error.contains(name), "byte {byte}: {error}");
        assert_eq!(reader.event_count(), 1);
    }
    // A part that is gone in the middle of the journal is no torn tail, with a writer or without.
    for writing in [true, false] {
        let copy = disk.copy();
        // The third block is the first of the second segment.
        let name = "segment-00000002.log";
        copy.open(name).unwrap().write_at(&[0; 512], 4096 + 512).unwrap();
        let _lock = writing.then(|| copy.lock().unwrap().unwrap());
        let mut reader = Reader::open(copy.clone(), false).unwrap();
        let error = reader.poll(ALL, &mut |_| ()).unwrap_err().to_string();
        assert!(error.contains("is damaged") && error.contains(name), "{writing}: {error}");
        assert_eq!(reader.event_count(), 4);
        if !writing {
            let reader = Reader::open(copy, false).unwrap();
            let lock = reader.try_lock().unwrap().unwrap();
            assert!(
                StoreJournal::take_over(reader, lock, OPTIONS, &mut Events(&mut |_| ())).is_err()
            );
        }
    }
    assert!(matches!(
        Reader::open(LossyDisk::new(Faults::default()), false),
        Err(StoreError::Missing { .. })
    ));
}

/// Whatever a crash left: a reader that takes over comes to what an opening comes to, torn tails among it, and goes on.
#[test]
fn taking_over_comes_to_what_opening_comes_to() {
    let script = |disk: &LossyDisk| -> Result<(), StoreError> {
        let mut journal = StoreJournal::create(disk.clone(), OPTIONS)?;
        for (count, size) in SIZES {
            journal.append(&block(&journal.tree(), count, size))?;
        }
        Ok(())
    };
    let whole = LossyDisk::new(Faults::default());
    script(&whole).unwrap();
    let (mut taken, mut torn) = (0, 0);
    for power_at in 0..whole.operations() {
        for seed in 0..4 {
            let disk = LossyDisk::new(Faults { power_at: Some(power_at), ..Faults::default() });
            // The last operation is the mark, which may fail unnoticed.
            let _ = script(&disk);
            let left = disk.crash(seed);
            let copy = left.copy();
            let Ok(mut reader) = Reader::open(copy.clone(), false) else {
                assert!(StoreJournal::open(left, OPTIONS, &mut |_| ()).is_err());
                continue;
            };
            poll(&mut reader, ALL).unwrap();
            let lock = reader.try_lock().unwrap().unwrap();
            let mut journals = [
                StoreJournal::open(left, OPTIONS, &mut |_| ()).unwrap(),
                StoreJournal::take_over(reader, lock, OPTIONS, &mut Events(&mut |_| ())).unwrap(),
            ];
            let [(opened, first), (taken_over, second)] = &mut journals;
            assert_eq!((first.events, &first.torn), (second.events, &second.torn));
            let next = block(&opened.tree(), 3, 40);
            opened.append(&next).unwrap();
            taken_over.append(&next).unwrap();
            drop(journals);
            let verified = thalium_store::verify(&copy, &mut |_| ()).unwrap();
            assert_eq!(verified.events, next.tree.size());
            torn += u64::from(verified.torn.is_some());
            taken += 1;
        }
    }
    assert!(taken > 50 && torn == 0, "{taken}, {torn}");
}
