//! Recovery on a disk that loses, tears and reorders whatever no sync covered, at every write of a scripted run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "a test")]

mod lossy;

use lossy::blocks::block;
use lossy::{Faults, LossyDisk};
use thalium::event;
use thalium::port::journal::Journal;
use thalium_store::{Options, StoreError, StoreJournal};

const OPTIONS: Options = Options { segment_len: 24 << 10 };
const SEEDS: u64 = 10;

/// What a run tried to write and what was acknowledged, in events.
#[derive(Default)]
struct Run {
    acknowledged: u64,
    /// The ends of the blocks that were tried.
    ends: Vec<u64>,
    created: bool,
    finished: bool,
}

/// Blocks of one unit, of many, and of a whole segment; segments prewritten and not; a close in the middle.
fn script(disk: &LossyDisk, run: &mut Run) -> Result<(), StoreError> {
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS)?;
    run.created = true;
    let sizes = [
        (1, 10),
        (3, 200),
        (20, 250),
        (1, 1),
        (60, 250),
        (2, 30),
        (2, 30),
        (30, 200),
        (5, 100),
        (1, 5),
    ];
    for (round, (count, size)) in sizes.into_iter().enumerate() {
        let block = block(&journal.tree(), count, size);
        run.ends.push(block.tree.size());
        journal.append(&block)?;
        run.acknowledged = block.tree.size();
        if round % 3 == 1 {
            // Failing to prewrite is no failure: the segment grows instead.
            let _ = journal.preparer().run(journal.segment() + 1);
        }
        if round == 5 {
            journal.close([7; 32])?;
            journal = StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ())?.0;
        }
    }
    journal.close([8; 32])?;
    run.finished = true;
    Ok(())
}

/// Opens what a crash left: nothing acknowledged is lost, nothing is half there, and the journal goes on.
fn check(disk: &LossyDisk, run: &Run) -> Result<(), String> {
    let mut events = Vec::new();
    let opened =
        StoreJournal::open(disk.clone(), OPTIONS, &mut |event| events.push(event.to_vec()));
    let (mut journal, recovery) = match opened {
        Ok(opened) => opened,
        Err(StoreError::Missing { .. }) if !run.created => return Ok(()),
        Err(error) => return Err(format!("refused to open: {error}")),
    };
    let count = events.len() as u64;
    if count < run.acknowledged {
        return Err(format!("{} events were acknowledged, {count} are there", run.acknowledged));
    }
    if count != 0 && !run.ends.contains(&count) {
        return Err(format!("{count} events are there: a block is there in part"));
    }
    for (sequence, bytes) in (0..).zip(&events) {
        let (header, _) = event::header(bytes).map_err(|error| error.to_string())?;
        if header.sequence != sequence {
            return Err(format!("event {} stands at {sequence}", header.sequence));
        }
    }
    if recovery.events != count || journal.event_count() != count {
        return Err("the count is wrong".to_owned());
    }
    // Twice as many events as were torn, so that leftovers would be taken for a part of the new block.
    for size in [40, 1] {
        let next = block(&journal.tree(), 2, size);
        journal.append(&next).map_err(|error| format!("does not go on: {error}"))?;
    }
    drop(journal);
    let mut again = 0_u64;
    let reopened = StoreJournal::open(disk.clone(), OPTIONS, &mut |_| again += 1);
    let (_, recovery) = reopened.map_err(|error| format!("does not open again: {error}"))?;
    if again != count + 4 || recovery.torn.is_some() {
        return Err(format!("{again} events after going on from {count}"));
    }
    Ok(())
}

/// Cuts the power in every operation of the script, several ways each.
fn cut_everywhere(faults: Faults) -> Result<usize, String> {
    let whole = LossyDisk::new(faults);
    script(&whole, &mut Run::default()).map_err(|error| error.to_string())?;
    let operations = whole.operations();
    let mut checked = 0;
    for power_at in 0..=operations {
        let disk = LossyDisk::new(Faults { power_at: Some(power_at), ..faults });
        let mut run = Run::default();
        let ended = script(&disk, &mut run);
        assert_eq!(ended.is_ok(), run.finished);
        for seed in 0..SEEDS {
            let seed = seed + power_at as u64 * SEEDS;
            check(&disk.crash(seed), &run)
                .map_err(|why| format!("power off in operation {power_at}, seed {seed}: {why}"))?;
            checked += 1;
        }
    }
    Ok(checked)
}

#[test]
fn nothing_acknowledged_is_lost_wherever_the_power_fails() {
    for sealed in [false, true] {
        let checked = cut_everywhere(Faults { sealed, ..Faults::default() }).unwrap();
        println!("recovered {checked} times");
        assert!(checked > 500);
    }
}

/// The canary: were the journal to acknowledge without a sync, this harness would see it.
#[test]
fn a_sync_that_does_nothing_is_noticed() {
    let why = cut_everywhere(Faults { lying_sync: true, ..Faults::default() }).unwrap_err();
    assert!(why.contains("acknowledged") || why.contains("refused to open"), "{why}");
}

#[test]
fn a_failed_sync_stops_the_journal_and_loses_nothing_acknowledged() {
    let whole = LossyDisk::new(Faults::default());
    script(&whole, &mut Run::default()).unwrap();
    for sync_at in 0..=whole.operations() {
        let disk = LossyDisk::new(Faults { sync_at: Some(sync_at), ..Faults::default() });
        let mut run = Run::default();
        if script(&disk, &mut run).is_ok() {
            continue;
        }
        disk.set_faults(Faults::default());
        for seed in 0..SEEDS {
            check(&disk.crash(seed), &run)
                .unwrap_or_else(|why| panic!("sync {sync_at}, seed {seed}: {why}"));
        }
    }
}

#[test]
fn a_journal_that_failed_takes_no_more_and_opens_again() {
    let disk = LossyDisk::new(Faults::default());
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    journal.append(&block(&journal.tree(), 1, 10)).unwrap();
    disk.set_faults(Faults { sync_at: Some(disk.operations() + 2), ..Faults::default() });
    let doubtful = block(&journal.tree(), 1, 10);
    assert!(matches!(journal.append(&doubtful), Err(StoreError::Io { what: "sync", .. })));
    disk.set_faults(Faults::default());
    assert!(matches!(journal.append(&doubtful), Err(StoreError::Stopped)));
    drop(journal);
    let (journal, _) = StoreJournal::open(disk.crash(3), OPTIONS, &mut |_| ()).unwrap();
    assert!(journal.event_count() >= 1);
}

#[test]
fn a_full_disk_loses_nothing_acknowledged() {
    let mut full = 0;
    for kib in 20..160 {
        let disk = LossyDisk::new(Faults { capacity: Some(kib << 10), ..Faults::default() });
        let mut run = Run::default();
        match script(&disk, &mut run) {
            Ok(()) => continue,
            Err(StoreError::Io { source, .. }) => {
                assert_eq!(source.kind(), std::io::ErrorKind::StorageFull)
            }
            Err(other) => panic!("{other}"),
        }
        full += 1;
        // Room is made, and the store goes on where it was.
        disk.set_faults(Faults::default());
        check(&disk.crash(kib as u64), &run).unwrap_or_else(|why| panic!("{kib} KiB: {why}"));
    }
    assert!(full > 20);
}

#[test]
fn damage_before_the_tail_refuses_to_open_and_says_where() {
    damage_is_seen(Faults::default());
    damage_is_seen(Faults { sealed: true, ..Faults::default() });
}

fn damage_is_seen(faults: Faults) {
    let disk = LossyDisk::new(faults);
    let mut run = Run::default();
    script(&disk, &mut run).unwrap();
    let mut refused = 0;
    for name in ["segment-00000001.log", "segment-00000002.log"] {
        let len = disk.bytes(name).len();
        for byte in (0..len).step_by(97) {
            let copy = disk.copy();
            assert!(copy.flip(name, byte));
            let mut events = 0;
            match thalium_store::verify(&copy, &mut |_| events += 1) {
                Err(
                    StoreError::Damaged { name: at, .. } | StoreError::Version { name: at, .. },
                ) => {
                    refused += 1;
                    assert_eq!(at, name, "byte {byte}");
                }
                Err(other) => panic!("{name}, byte {byte}: {other}"),
                Ok(_) => panic!("{name}, byte {byte}: damage was not seen"),
            }
        }
    }
    assert!(refused > 100);
}

#[test]
fn a_missing_segment_is_named() {
    let disk = LossyDisk::new(Faults::default());
    script(&disk, &mut Run::default()).unwrap();
    use thalium_store::disk::Disk;
    disk.remove("segment-00000002.log").unwrap();
    let error = StoreJournal::open(disk, OPTIONS, &mut |_| ()).err().unwrap();
    assert!(error.to_string().contains("segment-00000002.log"), "{error}");
}

/// A snapshot is left where there was a journal: it says what must still be there.
#[test]
fn a_journal_that_lost_its_end_or_all_of_itself_is_damaged() {
    use thalium_store::disk::Disk;
    let disk = LossyDisk::new(Faults::default());
    script(&disk, &mut Run::default()).unwrap();
    StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ()).unwrap().0.close([0; 32]).unwrap();
    let segments: Vec<String> = {
        let mut names = disk.list().unwrap();
        names.retain(|name| name.starts_with("segment-"));
        names.sort();
        names
    };
    let last = segments.last().unwrap();
    disk.remove(last).unwrap();
    let says = |result: Result<(), StoreError>, what: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("is damaged") && error.contains(what), "{error}");
    };
    let open = || StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ()).map(|_| ());
    let verify = || thalium_store::verify(&disk, &mut |_| ()).map(|_| ());
    says(open(), "though a snapshot knows of");
    says(verify(), "though a snapshot knows of");
    segments.iter().take(segments.len() - 1).for_each(|name| disk.remove(name).unwrap());
    says(open(), "though a snapshot says");
    says(verify(), "though a snapshot says");
    assert!(matches!(StoreJournal::create(disk.clone(), OPTIONS), Err(StoreError::Exists { .. })));
}

#[test]
fn one_writer_at_a_time() {
    let disk = LossyDisk::new(Faults::default());
    let journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    assert!(matches!(
        StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ()),
        Err(StoreError::Locked { .. })
    ));
    drop(journal);
    assert!(StoreJournal::open(disk, OPTIONS, &mut |_| ()).is_ok());
}

#[test]
fn the_store_passes_the_suite_of_journals() {
    let directory = tempfile::tempdir().unwrap();
    let disk = thalium_store::disk::Directory::new(directory.path());
    let journal = StoreJournal::create(disk.clone(), OPTIONS).unwrap();
    thalium::port::conformance::journal(journal, |journal| {
        journal.close([0; 32]).unwrap();
        StoreJournal::open(disk.clone(), OPTIONS, &mut |_| ()).unwrap().0
    })
    .unwrap();
}

/// The seeds were written from `docs/format.md` by a program that shares no code with this one.
#[test]
fn a_segment_written_from_the_documentation_is_read() {
    use thalium_store::disk::Directory;
    let table: [(&str, &[u8], u64, bool); 2] = [
        ("three blocks", include_bytes!("../../../fuzz/seeds/segment/three_blocks"), 10, false),
        ("a torn third block", include_bytes!("../../../fuzz/seeds/segment/torn_tail"), 5, true),
    ];
    for (what, bytes, events, torn) in table {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("segment-00000001.log"), bytes).unwrap();
        let recovery =
            thalium_store::verify(&Directory::new(directory.path()), &mut |_| ()).unwrap();
        assert_eq!((recovery.events, recovery.torn.is_some()), (events, torn), "{what}");
    }
}
