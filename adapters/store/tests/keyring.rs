//! The keys of subjects, on a disk that loses, tears and reorders whatever no sync covered: no key that was acknowledged is
//! lost, and nothing is left of one whose destruction was.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "a test")]

mod lossy;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use lossy::blocks::block;
use lossy::{Faults, LossyDisk};
use thalium::Id;
use thalium::party::Basis;
use thalium::party::Basis::{Consent, Law};
use thalium::port::journal::Journal;
use thalium::port::keys::{DataKey, KeyError, Keys};
use thalium::port::subjects::{NoKey, SubjectKeys};
use thalium::port::subjects_conformance;
use thalium_store::disk::{Directory, Disk, DiskFile};
use thalium_store::{Keyring, Options, StoreError, StoreJournal};

const SEEDS: u64 = 7;
const KEYS: &str = "subjects.keys";
const HEAD: &str = "subjects.head";
const NEW: &str = "subjects.new";
const SLOT: usize = 128;

/// Wraps under a name: only keys of the same name unwrap. The keys that it makes are all different, and it keeps no secret.
#[derive(Debug)]
struct Outer(&'static str);

static GENERATED: AtomicU64 = AtomicU64::new(1);

impl Outer {
    fn head(&self, context: &[u8]) -> Vec<u8> {
        [self.0.as_bytes(), b"\0", context, b"\0"].concat()
    }
}

impl Keys for Outer {
    fn name(&self) -> String {
        self.0.to_owned()
    }

    fn generate(&self) -> Result<DataKey, KeyError> {
        let mut bytes = [0; 32];
        for word in bytes.chunks_mut(8) {
            // SplitMix64: no word comes twice.
            let count = GENERATED.fetch_add(1, Ordering::Relaxed);
            let mut mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
        }
        Ok(DataKey::new(bytes))
    }

    fn wrap(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut wrapped = self.head(context);
        wrapped.extend(key.as_bytes().iter().map(|byte| byte ^ 0x5a));
        Ok(wrapped)
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<DataKey, KeyError> {
        let bytes = wrapped.strip_prefix(&self.head(context)[..]);
        let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or_else(|| KeyError("it was wrapped by another key".to_owned()))?;
        Ok(DataKey::new(bytes.map(|byte| byte ^ 0x5a)))
    }
}

fn outer(name: &'static str) -> Arc<dyn Keys> {
    Arc::new(Outer(name))
}

fn open(disk: &LossyDisk) -> Keyring<LossyDisk> {
    Keyring::open(disk.clone(), outer("a")).unwrap()
}

fn id(number: u128) -> Id {
    Id((0x0192_e4a0 << 96) | number)
}

/// Both keys of each.
fn both(subjects: impl IntoIterator<Item = u128>) -> Vec<(Id, Basis)> {
    subjects.into_iter().flat_map(|number| Basis::ALL.map(|basis| (id(number), basis))).collect()
}

fn bytes_of(keyring: &dyn SubjectKeys, subject: Id, basis: Basis) -> Result<[u8; 32], NoKey> {
    keyring.key(subject, basis).map(|key| *key.as_bytes())
}

fn files<D: Disk>(disk: &D) -> BTreeMap<String, Vec<u8>> {
    let read = |name: String| {
        let file = disk.open(&name).unwrap();
        let mut bytes = vec![0_u8; usize::try_from(file.len().unwrap()).unwrap()];
        let read = file.read_at(&mut bytes, 0).unwrap();
        assert_eq!(read, bytes.len());
        (name, bytes)
    };
    disk.list().unwrap().into_iter().map(read).collect()
}

/// The file that holds some bytes.
fn holder<D: Disk>(disk: &D, part: &[u8]) -> Option<String> {
    let holds = |bytes: &Vec<u8>| bytes.windows(part.len()).any(|window| window == part);
    files(disk).into_iter().find(|(_, bytes)| holds(bytes)).map(|(name, _)| name)
}

/// The wrapped keys of an owner, in whatever file they are.
fn wrapped<D: Disk>(disk: &D, subject: Id, basis: Basis) -> Vec<Vec<u8>> {
    let is_its =
        |slot: &&[u8]| slot[..2] == [1, basis.number()] && slot[8..24] == subject.0.to_be_bytes();
    let files = files(disk);
    let slots = files.values().flat_map(|bytes| bytes.chunks_exact(SLOT));
    slots.filter(is_its).map(|slot| slot[24..72].to_vec()).collect()
}

/// Puts a file in place of another, as who restores a copy does.
fn put<D: Disk>(disk: &D, name: &str, bytes: &[u8]) {
    let file = disk.create(name).unwrap();
    file.write_at(bytes, 0).unwrap();
    file.sync().unwrap();
    disk.sync_names().unwrap();
}

fn rotate<D: Disk>(keyring: &Keyring<D>, most: usize) -> Result<u32, StoreError> {
    let generation = keyring.begin_rotation()?;
    loop {
        let progress = keyring.rewrap_some(most)?;
        assert_eq!(progress.generation, generation);
        if progress.finished {
            assert_eq!(progress.done, progress.of);
            return Ok(generation);
        }
    }
}

/// What was acknowledged.
#[derive(Clone, Default)]
struct Run {
    live: BTreeMap<(Id, Basis), [u8; 32]>,
    /// Keys that were to be destroyed, which was not acknowledged.
    doomed: BTreeSet<(Id, Basis)>,
    destroyed: BTreeSet<(Id, Basis)>,
    roots: BTreeMap<u32, [u8; 32]>,
    /// What the files held of the destroyed ones before.
    remains: Vec<Vec<u8>>,
    /// The keys one of which opens the keyring.
    outer: Vec<&'static str>,
}

impl Run {
    fn ensure(
        &mut self,
        keyring: &Keyring<LossyDisk>,
        wanted: &[(Id, Basis)],
    ) -> Result<(), KeyError> {
        keyring.ensure(wanted)?;
        for (subject, basis) in wanted {
            match bytes_of(keyring, *subject, *basis) {
                Ok(key) => {
                    let before = self.live.insert((*subject, *basis), key);
                    assert!(before.is_none_or(|before| before == key));
                }
                Err(error) => {
                    assert_eq!(error, NoKey::Destroyed);
                    assert!(self.destroyed.contains(&(*subject, *basis)));
                }
            }
        }
        Ok(())
    }

    fn destroy(
        &mut self,
        disk: &LossyDisk,
        keyring: &Keyring<LossyDisk>,
        subject: Id,
        which: &[Basis],
    ) -> Result<(), KeyError> {
        let mut remains = Vec::new();
        for basis in which {
            remains.extend(wrapped(disk, subject, *basis));
            self.live.remove(&(subject, *basis));
            self.doomed.insert((subject, *basis));
        }
        keyring.destroy(subject, which)?;
        self.remains.extend(remains);
        for basis in which {
            self.doomed.remove(&(subject, *basis));
            self.destroyed.insert((subject, *basis));
        }
        Ok(())
    }

    fn root(&mut self, keyring: &Keyring<LossyDisk>, number: u32) -> Result<(), KeyError> {
        let root = *keyring.root(number)?.as_bytes();
        assert_eq!(*self.roots.entry(number).or_insert(root), root);
        Ok(())
    }

    fn open(&self, disk: &LossyDisk) -> Result<Keyring<LossyDisk>, String> {
        let mut opened = Err("it was never made".to_owned());
        for name in &self.outer {
            opened = Keyring::open(disk.clone(), outer(name)).map_err(|error| error.to_string());
            if opened.is_ok() {
                break;
            }
        }
        opened
    }

    fn compare(&self, disk: &LossyDisk, keyring: &Keyring<LossyDisk>) -> Result<(), String> {
        for remains in &self.remains {
            if let Some(name) = holder(disk, remains) {
                return Err(format!("`{name}` holds a key whose destruction was acknowledged"));
            }
        }
        for ((subject, basis), expected) in &self.live {
            let key = bytes_of(keyring, *subject, *basis);
            if key.as_ref() != Ok(expected) {
                let found = key.map_or_else(|error| error.to_string(), |_| "another".to_owned());
                return Err(format!("{subject}, {basis:?} was acknowledged: {found}"));
            }
        }
        for (subject, basis) in &self.destroyed {
            let key = bytes_of(keyring, *subject, *basis);
            if key != Err(NoKey::Destroyed) {
                return Err(format!("{subject}, {basis:?} was acknowledged to be destroyed"));
            }
        }
        for (subject, basis) in &self.doomed {
            if let Err(NoKey::Lost(why)) = bytes_of(keyring, *subject, *basis) {
                return Err(format!("{subject}, {basis:?} was to be destroyed: {why}"));
            }
        }
        for (number, expected) in &self.roots {
            let root = keyring.root(*number).map_err(|error| error.to_string())?;
            if root.as_bytes() != expected {
                return Err(format!("root {number} was acknowledged and is another"));
            }
        }
        let report = keyring.check();
        if (report.damaged, report.lost_count) != (0, 0) {
            return Err(format!("a crash looks like damage: {report:?}"));
        }
        Ok(())
    }
}

/// Keys that are made and destroyed, before, during and after a rotation; an opening in between; another outer key; a
/// rotation that does not come to its end.
fn script(disk: &LossyDisk, run: &mut Run) -> Result<(), Box<dyn Error>> {
    run.outer = vec!["a"];
    let keyring = Keyring::open(disk.clone(), outer("a"))?;
    run.ensure(&keyring, &[(id(1), Consent), (id(1), Law), (id(2), Consent)])?;
    run.root(&keyring, 1)?;
    run.destroy(disk, &keyring, id(1), &[Consent])?;
    run.ensure(&keyring, &both(1..=9))?;
    run.destroy(disk, &keyring, id(99), &Basis::ALL)?;
    drop(keyring);
    let keyring = Keyring::open(disk.clone(), outer("a"))?;
    run.destroy(disk, &keyring, id(3), &Basis::ALL)?;
    keyring.begin_rotation()?;
    for round in 0.. {
        if keyring.rewrap_some(2)?.finished {
            assert!(round > 6 && !keyring.rotation_pending());
            break;
        }
        match round {
            0 => run.ensure(&keyring, &both([20]))?,
            // The first was copied, the second was not.
            1 => run.destroy(disk, &keyring, id(2), &[Consent])?,
            2 => run.destroy(disk, &keyring, id(9), &Basis::ALL)?,
            3 => run.root(&keyring, 2)?,
            4 => run.destroy(disk, &keyring, id(98), &Basis::ALL)?,
            5 => run.ensure(&keyring, &both([2, 9, 21]))?,
            _ => {}
        }
    }
    run.outer.push("b");
    keyring.rewrap_tenant(outer("b"))?;
    run.outer = vec!["b"];
    run.ensure(&keyring, &both([30]))?;
    run.destroy(disk, &keyring, id(20), &[Law])?;
    keyring.begin_rotation()?;
    keyring.rewrap_some(6)?;
    run.ensure(&keyring, &both([31]))?;
    run.destroy(disk, &keyring, id(1), &[Law])?;
    Ok(())
}

/// Opens what a crash left: what was acknowledged holds, and the keyring goes on.
fn check(disk: &LossyDisk, run: &Run) -> Result<(), String> {
    let told = |error: KeyError| format!("does not go on: {error}");
    let mut run = run.clone();
    // Before anything is opened: what is destroyed is destroyed on the disk.
    for remains in &run.remains {
        if let Some(name) = holder(disk, remains) {
            return Err(format!("`{name}` holds a key whose destruction was acknowledged"));
        }
    }
    let keyring = run.open(disk)?;
    run.compare(disk, &keyring)?;
    for (subject, basis) in run.doomed.clone() {
        run.destroy(disk, &keyring, subject, &[basis]).map_err(told)?;
    }
    run.ensure(&keyring, &both(40..46)).map_err(told)?;
    run.root(&keyring, 1).map_err(told)?;
    run.compare(disk, &keyring)?;
    drop(keyring);
    let keyring = run.open(disk)?;
    run.compare(disk, &keyring)?;
    rotate(&keyring, 5).map_err(|error| format!("does not rotate: {error}"))?;
    run.destroy(disk, &keyring, id(41), &Basis::ALL).map_err(told)?;
    run.compare(disk, &keyring)?;
    drop(keyring);
    let keyring = run.open(disk)?;
    run.compare(disk, &keyring)?;
    let names: Vec<String> = files(disk).into_keys().collect();
    if keyring.rotation_pending() || names != [HEAD, KEYS] {
        return Err(format!("a rotation has left something: {names:?}"));
    }
    Ok(())
}

/// Cuts the power in every operation of the script, several ways each. The script runs for each way: to crash a disk takes
/// away from it what no sync covered.
fn cut_everywhere(faults: Faults) -> Result<usize, String> {
    let whole = LossyDisk::new(faults);
    script(&whole, &mut Run::default()).map_err(|error| error.to_string())?;
    let operations = whole.operations();
    let mut checked = 0;
    for power_at in 0..=operations {
        for seed in 0..SEEDS {
            let disk = LossyDisk::new(Faults { power_at: Some(power_at), ..faults });
            let mut run = Run::default();
            let done = script(&disk, &mut run);
            assert_eq!(done.is_ok(), power_at == operations, "{done:?}");
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
    let checked = cut_everywhere(Faults::default()).unwrap();
    println!("recovered {checked} times");
    assert!(checked > 500);
}

/// The canary: were anything acknowledged without a sync, this harness would see it.
#[test]
fn a_sync_that_does_nothing_is_noticed() {
    let why = cut_everywhere(Faults { lying_sync: true, ..Faults::default() }).unwrap_err();
    assert!(why.contains("acknowledged") || why.contains("damaged"), "{why}");
}

/// After a sync that failed the system may take what it holds in memory for written. Who opens the keyring then, without a
/// crash, sees keys that are not on the disk, and makes sure of them.
#[test]
fn what_is_seen_after_a_failed_sync_stays() {
    let whole = LossyDisk::new(Faults::default());
    script(&whole, &mut Run::default()).unwrap();
    let owners = both((0..50).chain([98, 99]));
    let shown = |keyring: &Keyring<LossyDisk>| -> Vec<Result<[u8; 32], NoKey>> {
        owners.iter().map(|(subject, basis)| bytes_of(keyring, *subject, *basis)).collect()
    };
    let mut failed = 0;
    for sync_at in 1..=whole.operations() {
        for seed in 0..SEEDS {
            let disk = LossyDisk::new(Faults { sync_at: Some(sync_at), ..Faults::default() });
            let mut run = Run::default();
            if script(&disk, &mut run).is_ok() {
                break;
            }
            failed += 1;
            disk.set_faults(Faults::default());
            let keyring = run.open(&disk).unwrap();
            run.compare(&disk, &keyring)
                .unwrap_or_else(|why| panic!("sync {sync_at}, seed {seed}: {why}"));
            let expected = shown(&keyring);
            drop(keyring);
            let crashed = disk.crash(seed);
            assert_eq!(shown(&run.open(&crashed).unwrap()), expected, "sync {sync_at}");
            check(&crashed, &run).unwrap_or_else(|why| panic!("sync {sync_at}, {seed}: {why}"));
        }
    }
    println!("{failed} scripts failed");
    assert!(failed > 50);
}

#[test]
fn after_a_failed_write_it_gives_keys_and_takes_none() {
    let disk = LossyDisk::new(Faults::default());
    let keyring = open(&disk);
    keyring.ensure(&both([1])).unwrap();
    let key = bytes_of(&keyring, id(1), Law).unwrap();
    disk.set_faults(Faults { power_at: Some(disk.operations()), ..Faults::default() });
    assert!(keyring.destroy(id(1), &[Law]).is_err());
    disk.set_faults(Faults::default());
    assert_eq!(bytes_of(&keyring, id(1), Law), Ok(key));
    keyring.ensure(&both([1])).unwrap();
    for refused in [keyring.ensure(&both([2])), keyring.destroy(id(1), &[Law])] {
        let why = refused.unwrap_err().to_string();
        assert!(why.contains("reopen it"), "{why}");
    }
    assert!(matches!(keyring.begin_rotation(), Err(StoreError::Stopped)));
    assert!(matches!(keyring.rewrap_tenant(outer("b")), Err(StoreError::Stopped)));
    drop(keyring);
    let keyring = open(&disk);
    keyring.destroy(id(1), &[Law]).unwrap();
    assert_eq!(bytes_of(&keyring, id(1), Law), Err(NoKey::Destroyed));
}

#[test]
fn it_passes_the_suite_of_keepers_of_subjects_keys() {
    let disk = LossyDisk::new(Faults::default());
    let reopened = |keyring: Box<dyn SubjectKeys>| -> Box<dyn SubjectKeys> {
        drop(keyring);
        Box::new(open(&disk))
    };
    subjects_conformance::subjects(Box::new(open(&disk)), reopened).unwrap();

    // Every time under another of the tenant's keys.
    let disk = LossyDisk::new(Faults::default());
    let rotated = |keyring: Box<dyn SubjectKeys>| -> Box<dyn SubjectKeys> {
        drop(keyring);
        let keyring = open(&disk);
        rotate(&keyring, 1_000).unwrap();
        Box::new(keyring)
    };
    subjects_conformance::subjects(Box::new(open(&disk)), rotated).unwrap();

    let directory = tempfile::tempdir().unwrap();
    let open = || Keyring::open(Directory::new(directory.path()), outer("a")).unwrap();
    let reopened = |keyring: Box<dyn SubjectKeys>| -> Box<dyn SubjectKeys> {
        drop(keyring);
        Box::new(open())
    };
    subjects_conformance::subjects(Box::new(open()), reopened).unwrap();
}

#[test]
fn no_key_stands_in_a_file_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path());
    let keyring = Keyring::open(disk.clone(), outer("a")).unwrap();
    let owners = both(1..=20);
    keyring.ensure(&owners).unwrap();
    let mut plain = vec![*keyring.root(1).unwrap().as_bytes()];
    plain.extend(owners.iter().map(|one| bytes_of(&keyring, one.0, one.1).unwrap()));
    keyring.begin_rotation().unwrap();
    keyring.rewrap_some(10).unwrap();
    for key in &plain {
        assert_eq!(holder(&disk, &key[..8]), None);
        assert_eq!(holder(&disk, &key[24..]), None);
    }
    // What is looked for would be found: the wrapped key is there, in the file and in the copy.
    let before = wrapped(&disk, id(1), Consent);
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
    keyring.destroy(id(1), &[Consent]).unwrap();
    assert!(before.iter().all(|key| holder(&disk, key).is_none()));
    assert_eq!(wrapped(&disk, id(1), Consent).len(), 0);
    assert_eq!(wrapped(&disk, id(1), Law).len(), 2);
}

#[test]
fn other_keys_do_not_open_it_and_change_nothing() {
    let disk = LossyDisk::new(Faults::default());
    open(&disk).ensure(&both([1])).unwrap();
    let before = files(&disk);
    let refused = Keyring::open(disk.clone(), outer("b")).unwrap_err();
    assert!(matches!(refused, StoreError::Key { .. }), "{refused}");
    assert!(refused.to_string().contains("another key"), "{refused}");
    assert_eq!(files(&disk), before);
}

#[test]
fn keys_are_the_same_under_other_outer_keys() {
    let disk = LossyDisk::new(Faults::default());
    let keyring = open(&disk);
    keyring.ensure(&both([1])).unwrap();
    let key = bytes_of(&keyring, id(1), Law).unwrap();
    keyring.rewrap_tenant(outer("b")).unwrap();
    keyring.ensure(&both([2])).unwrap();
    drop(keyring);
    assert!(Keyring::open(disk.clone(), outer("a")).is_err());
    let keyring = Keyring::open(disk, outer("b")).unwrap();
    assert_eq!(bytes_of(&keyring, id(1), Law), Ok(key));
    assert_eq!(keyring.subjects(), [id(1), id(2)]);
}

/// Four subjects, one key destroyed, a root; opened once more, so that the header says that all of it is durable.
fn small() -> (LossyDisk, Run) {
    let disk = LossyDisk::new(Faults::default());
    let mut run = Run { outer: vec!["a"], ..Run::default() };
    let keyring = open(&disk);
    run.ensure(&keyring, &both(1..=4)).unwrap();
    run.root(&keyring, 1).unwrap();
    run.destroy(&disk, &keyring, id(2), &[Consent]).unwrap();
    drop(keyring);
    drop(open(&disk));
    (disk, run)
}

#[test]
fn a_byte_that_is_flipped_loses_one_key_at_most() {
    let (disk, run) = small();
    let before = disk.bytes(KEYS);
    for byte in 0..before.len() {
        let copy = disk.copy();
        assert!(copy.flip(KEYS, byte));
        let keyring = open(&copy);
        let mut lost = Vec::new();
        for ((subject, basis), expected) in &run.live {
            match bytes_of(&keyring, *subject, *basis) {
                Ok(key) => assert_eq!(key, *expected),
                Err(NoKey::Lost(_)) => lost.push((*subject, *basis)),
                Err(other) => panic!("byte {byte}: {other}"),
            }
        }
        for (subject, basis) in &run.destroyed {
            match bytes_of(&keyring, *subject, *basis) {
                Err(NoKey::Destroyed) => {}
                Err(NoKey::Lost(_)) => lost.push((*subject, *basis)),
                other => panic!("byte {byte}: {other:?}"),
            }
        }
        let is_root_lost = match keyring.root(1) {
            Ok(root) => {
                assert_eq!(root.as_bytes(), &run.roots[&1]);
                false
            }
            Err(_) => true,
        };
        let is_slot = byte >= SLOT;
        assert_eq!(lost.len() + usize::from(is_root_lost), usize::from(is_slot), "byte {byte}");
        assert_eq!(keyring.check().damaged, u64::from(is_slot));
        // Those whom it does not concern get their keys, and what is lost can be destroyed.
        keyring.ensure(&both([7])).unwrap();
        bytes_of(&keyring, id(7), Law).unwrap();
        assert_eq!(keyring.root(2).is_err(), is_slot);
        for (subject, basis) in lost {
            keyring.destroy(subject, &[basis]).unwrap();
            let keyring = open(&copy);
            assert_eq!(bytes_of(&keyring, subject, basis), Err(NoKey::Destroyed));
            let says_whose = !matches!(byte % SLOT, 1 | 8..24);
            assert_eq!(keyring.check().damaged, u64::from(!says_whose), "byte {byte}");
            for remains in wrapped(&disk, subject, basis) {
                assert!(!says_whose || holder(&copy, &remains).is_none(), "byte {byte}");
            }
        }
    }
}

#[test]
fn no_key_is_made_for_whom_a_damaged_slot_says_it_is_of() {
    let (disk, _) = small();
    let at = disk.bytes(KEYS).chunks(SLOT).position(|slot| slot[8..24] == id(3).0.to_be_bytes());
    let at = at.unwrap() * SLOT;
    let basis = Basis::from_number(disk.bytes(KEYS)[at + 1]).unwrap();
    assert!(disk.flip(KEYS, at + 30));
    let keyring = open(&disk);
    keyring.ensure(&[(id(3), basis)]).unwrap();
    assert!(matches!(bytes_of(&keyring, id(3), basis), Err(NoKey::Lost(_))));
    // Another that was never there may be lost, as far as anyone knows, and is made when it is asked for.
    assert!(matches!(bytes_of(&keyring, id(9), Law), Err(NoKey::Lost(_))));
    keyring.ensure(&[(id(9), Law)]).unwrap();
    bytes_of(&keyring, id(9), Law).unwrap();
    // A rotation carries it over as it is.
    rotate(&keyring, 3).unwrap();
    assert_eq!(keyring.check().damaged, 1);
    drop(keyring);
    let keyring = open(&disk);
    assert!(matches!(bytes_of(&keyring, id(3), basis), Err(NoKey::Lost(_))));
    keyring.destroy(id(3), &[basis]).unwrap();
    assert_eq!(bytes_of(&keyring, id(3), basis), Err(NoKey::Destroyed));
    assert_eq!(keyring.check().damaged, 0);
}

/// A slot that did not say whose it is, and says it again: the key that was made meanwhile counts, and both are destroyed.
#[test]
fn a_key_that_is_there_twice_is_destroyed_twice() {
    let (disk, _) = small();
    let slots = disk.bytes(KEYS);
    let is_its = |slot: &[u8]| slot[1] == 2 && slot[8..24] == id(3).0.to_be_bytes();
    let byte = slots.chunks(SLOT).position(is_its).unwrap() * SLOT + 10;
    let first = wrapped(&disk, id(3), Law);
    assert!(disk.flip(KEYS, byte));
    let keyring = open(&disk);
    keyring.ensure(&[(id(3), Law)]).unwrap();
    let made = bytes_of(&keyring, id(3), Law).unwrap();
    drop(keyring);
    assert!(disk.flip(KEYS, byte));
    let keyring = open(&disk);
    assert_eq!(bytes_of(&keyring, id(3), Law), Ok(made));
    rotate(&keyring, 3).unwrap();
    assert_eq!(bytes_of(&keyring, id(3), Law), Ok(made));
    let both = wrapped(&disk, id(3), Law);
    assert_eq!((first.len(), both.len()), (1, 2));
    keyring.destroy(id(3), &[Law]).unwrap();
    for remains in both.iter().chain(&first) {
        assert_eq!(holder(&disk, remains), None);
    }
    drop(keyring);
    assert_eq!(bytes_of(&open(&disk), id(3), Law), Err(NoKey::Destroyed));
}

#[test]
fn a_file_that_was_cut_short_has_lost_keys_and_not_none() {
    let (disk, run) = small();
    let whole = disk.bytes(KEYS);
    put(&disk, KEYS, &whole[..4 * SLOT + 50]);
    let keyring = open(&disk);
    let found = run.live.keys().map(|(subject, basis)| bytes_of(&keyring, *subject, *basis));
    let (had, lost): (Vec<_>, Vec<_>) = found.partition(Result::is_ok);
    assert!(had.len() <= 3 && lost.iter().all(|one| matches!(one, Err(NoKey::Lost(_)))));
    assert_eq!(keyring.check().damaged, (whole.len() / SLOT - 4) as u64);
    assert!(keyring.root(2).is_err());
}

#[test]
fn files_that_are_missing_or_are_none_are_refused() {
    let (disk, _) = small();
    let len = disk.bytes(KEYS).len();
    let refused = |damage: &dyn Fn(&LossyDisk)| {
        let copy = disk.copy();
        damage(&copy);
        let before = files(&copy);
        let why = Keyring::open(copy.clone(), outer("a")).unwrap_err().to_string();
        assert_eq!(files(&copy), before, "{why}");
        why
    };
    let why = refused(&|disk: &LossyDisk| disk.remove(HEAD).unwrap());
    assert!(why.contains("`subjects.head` is missing"), "{why}");
    let why = refused(&|disk: &LossyDisk| assert!(disk.flip(HEAD, 20)));
    assert!(why.contains("`subjects.head` is missing or damaged"), "{why}");
    let why = refused(&|disk: &LossyDisk| disk.remove(KEYS).unwrap());
    assert!(why.contains("`subjects.keys`") && why.contains("is missing"), "{why}");
    for bytes in [Vec::new(), vec![7_u8; len], vec![0; len]] {
        let why = refused(&|disk: &LossyDisk| put(disk, KEYS, &bytes));
        assert!(why.contains("neither the header nor any slot is whole"), "{why}");
    }
}

#[test]
fn files_of_a_newer_version_are_refused() {
    let (disk, _) = small();
    for (name, covered) in [(KEYS, SLOT - 4), (HEAD, disk.bytes(HEAD).len() - 4)] {
        let copy = disk.copy();
        let mut bytes = disk.bytes(name);
        bytes[6] = b'3';
        let sum = crc32c::crc32c(&bytes[..covered]);
        bytes[covered..covered + 4].copy_from_slice(&sum.to_le_bytes());
        put(&copy, name, &bytes);
        let refused = Keyring::open(copy, outer("a")).unwrap_err();
        assert!(matches!(refused, StoreError::Version { version: 3, known: 1, .. }), "{refused}");
    }
}

#[test]
fn a_rotation_leaves_old_copies_without_a_key() {
    let (disk, run) = small();
    let (keys, head) = (disk.bytes(KEYS), disk.bytes(HEAD));
    let keyring = open(&disk);
    assert_eq!((keyring.check().generation, keyring.rotation_pending()), (1, false));
    // Nothing runs: there is nothing to do.
    assert!(keyring.rewrap_some(10).unwrap().finished);
    assert_eq!(rotate(&keyring, 2).unwrap(), 2);
    let report = keyring.check();
    assert_eq!((report.generation, report.live, report.destroyed), (2, 8, 1));
    assert_eq!(report.subjects, 4);
    run.compare(&disk, &keyring).unwrap();
    drop(keyring);
    run.compare(&disk, &open(&disk)).unwrap();
    assert_ne!(disk.bytes(HEAD), head);

    put(&disk, KEYS, &keys);
    let keyring = open(&disk);
    for (subject, basis) in run.live.keys() {
        match bytes_of(&keyring, *subject, *basis) {
            Err(NoKey::Lost(why)) => assert!(why.contains("generation 1"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    let report = keyring.check();
    assert_eq!((report.live, report.lost_count, report.damaged), (0, 8, 0));
    assert_eq!(report.lost.len(), 8);
    assert!(keyring.root(1).is_err());
    // A rotation keeps what is lost as it is: with a copy of the head it would be there.
    rotate(&keyring, 2).unwrap();
    drop(keyring);
    put(&disk, HEAD, &head);
    run.compare(&disk, &open(&disk)).unwrap();
}

#[test]
fn a_rotation_that_was_interrupted_is_begun_anew() {
    let (disk, run) = small();
    let keyring = open(&disk);
    assert_eq!(keyring.begin_rotation().unwrap(), 2);
    assert_eq!(keyring.begin_rotation().unwrap(), 2, "it is under way");
    let progress = keyring.rewrap_some(3).unwrap();
    assert_eq!((progress.done, progress.of, progress.finished), (3, 9, false));
    keyring.ensure(&both([5])).unwrap();
    assert!(files(&disk).contains_key(NEW));
    drop(keyring);

    let keyring = open(&disk);
    assert!(keyring.rotation_pending() && !files(&disk).contains_key(NEW));
    run.compare(&disk, &keyring).unwrap();
    let why = keyring.rewrap_some(3).unwrap_err().to_string();
    assert!(why.contains("begin it anew"), "{why}");
    assert_eq!(rotate(&keyring, 4).unwrap(), 3);
    assert!(!keyring.rotation_pending());
    drop(keyring);
    let keyring = open(&disk);
    assert!(!keyring.rotation_pending());
    run.compare(&disk, &keyring).unwrap();
    bytes_of(&keyring, id(5), Law).unwrap();
}

/// The head that has both keys, and the file that needs the new one only: what a crash before the last step leaves.
#[test]
fn the_last_step_of_a_rotation_is_made_up_for() {
    let (disk, run) = small();
    let keyring = open(&disk);
    keyring.begin_rotation().unwrap();
    let head = disk.bytes(HEAD);
    while !keyring.rewrap_some(4).unwrap().finished {}
    drop(keyring);
    let expected = disk.bytes(HEAD);
    put(&disk, HEAD, &head);
    let keyring = open(&disk);
    assert!(!keyring.rotation_pending());
    run.compare(&disk, &keyring).unwrap();
    assert_eq!(disk.bytes(HEAD), expected);
}

#[test]
fn a_copy_that_cannot_be_written_stops_the_rotation_and_nothing_else() {
    let (disk, mut run) = small();
    let keyring = open(&disk);
    keyring.begin_rotation().unwrap();
    keyring.rewrap_some(5).unwrap();
    // The next sync is that of the copy, after the write of it.
    disk.set_faults(Faults { sync_at: Some(disk.operations() + 2), ..Faults::default() });
    run.destroy(&disk, &keyring, id(1), &[Consent]).unwrap();
    disk.set_faults(Faults::default());
    assert!(!files(&disk).contains_key(NEW) && keyring.rotation_pending());
    run.ensure(&keyring, &both([6])).unwrap();
    run.compare(&disk, &keyring).unwrap();
    assert_eq!(rotate(&keyring, 4).unwrap(), 3);
    run.compare(&disk, &keyring).unwrap();

    // Nor does one that cannot be made durable at its end.
    keyring.begin_rotation().unwrap();
    // Its slots, its header, and then the sync.
    disk.set_faults(Faults { sync_at: Some(disk.operations() + 3), ..Faults::default() });
    keyring.rewrap_some(100).unwrap_err();
    disk.set_faults(Faults::default());
    assert!(!files(&disk).contains_key(NEW) && keyring.rotation_pending());
    run.destroy(&disk, &keyring, id(1), &[Law]).unwrap();
    run.compare(&disk, &keyring).unwrap();
    drop(keyring);
    check(&disk.crash(3), &run).unwrap();
}

#[test]
fn others_make_and_get_keys_while_it_rotates() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path());
    let keyring = Keyring::open(disk.clone(), outer("a")).unwrap();
    let owners = both(0..200);
    keyring.ensure(&owners).unwrap();
    let before: Vec<[u8; 32]> =
        owners.iter().map(|one| bytes_of(&keyring, one.0, one.1).unwrap()).collect();
    let is_done = AtomicBool::new(false);
    let made = std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let mut made = 0;
            while !is_done.load(Ordering::Relaxed) || made == 0 {
                let number = 1_000 + made;
                keyring.ensure(&both([number])).unwrap();
                keyring.destroy(id(number), &[Consent]).unwrap();
                for (one, expected) in owners.iter().zip(&before) {
                    assert_eq!(bytes_of(&keyring, one.0, one.1).as_ref(), Ok(expected));
                }
                made += 1;
            }
            made
        });
        for _ in 0..3 {
            rotate(&keyring, 7).unwrap();
        }
        is_done.store(true, Ordering::Relaxed);
        work.join().unwrap()
    });
    drop(keyring);
    let keyring = Keyring::open(disk, outer("a")).unwrap();
    for (one, expected) in owners.iter().zip(&before) {
        assert_eq!(bytes_of(&keyring, one.0, one.1).as_ref(), Ok(expected));
    }
    for number in 1_000..1_000 + made {
        assert_eq!(bytes_of(&keyring, id(number), Consent), Err(NoKey::Destroyed));
        bytes_of(&keyring, id(number), Law).unwrap();
    }
    assert_eq!((keyring.check().generation, keyring.check().lost_count), (4, 0));
}

#[test]
fn too_many_keys_at_once_are_refused_and_none_is_made() {
    let disk = LossyDisk::new(Faults::default());
    let keyring = open(&disk);
    let many: Vec<(Id, Basis)> = (0..65_537).map(|number| (id(number), Law)).collect();
    let why = keyring.ensure(&many).unwrap_err().to_string();
    assert!(why.contains("65537 keys are to be made"), "{why}");
    assert!(keyring.subjects().is_empty());
    keyring.ensure(&many[1..]).unwrap();
    // What is there is not counted.
    keyring.ensure(&many).unwrap();
    assert_eq!(keyring.subjects().len(), 65_537);
    assert_eq!(keyring.check().live, 65_537);
    drop(keyring);
    assert_eq!(open(&disk).subjects().len(), 65_537);
}

#[test]
#[ignore = "a measurement: how long opening takes, with 200,000 keys"]
fn opening_takes() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path());
    let keyring = Keyring::open(disk.clone(), outer("a")).unwrap();
    for part in 0..4 {
        keyring.ensure(&both(part * 25_000..(part + 1) * 25_000)).unwrap();
    }
    drop(keyring);
    let start = std::time::Instant::now();
    let keyring = Keyring::open(disk, outer("a")).unwrap();
    println!("opened in {:?}", start.elapsed());
    let start = std::time::Instant::now();
    assert_eq!(keyring.check().live, 200_000);
    println!("checked in {:?}", start.elapsed());
    let start = std::time::Instant::now();
    rotate(&keyring, 1_000).unwrap();
    println!("rotated in {:?}", start.elapsed());
}

/// A copy that is brought up to date after a rotation opens every key wherever the power fails: between its two files too.
#[test]
fn a_copy_of_the_keys_opens_wherever_the_power_fails() {
    let source = LossyDisk::new(Faults::default());
    let mut journal =
        StoreJournal::create(source.clone(), Options { segment_len: 24 << 10 }).unwrap();
    journal.append(&block(&journal.tree(), 3, 40)).unwrap();
    let keyring = open(&source);
    let subjects = both(0..40);
    keyring.ensure(&subjects).unwrap();
    let expected: Vec<_> =
        subjects.iter().map(|(of, basis)| bytes_of(&keyring, *of, *basis).unwrap()).collect();
    let run =
        |target: &LossyDisk| thalium_store::backup(source.clone(), target, &mut |_| ()).map(|_| ());
    // The copy of before the rotations, made whole; of each disk anew, since a crash takes away what no sync covered.
    let first = LossyDisk::new(Faults::default());
    run(&first).unwrap();
    let begun = first.operations();
    let old = files(&source);
    for _ in 0..2 {
        rotate(&keyring, 7).unwrap();
    }
    run(&first).unwrap();
    let all = first.operations();
    assert!(all > begun, "there is something to bring up to date");
    let new = files(&source);
    for power_at in begun..all {
        for seed in 0..SEEDS {
            let target = LossyDisk::new(Faults { power_at: Some(power_at), ..Faults::default() });
            for name in [HEAD, KEYS] {
                put(&source, name, &old[name]);
            }
            run(&target).unwrap();
            for name in [HEAD, KEYS] {
                put(&source, name, &new[name]);
            }
            assert!(run(&target).is_err());
            let after = target.crash(seed + power_at as u64 * SEEDS);
            let copied = open(&after);
            for ((of, basis), key) in subjects.iter().zip(&expected) {
                let there = bytes_of(&copied, *of, *basis);
                assert_eq!(there, Ok(*key), "power off in operation {power_at}, seed {seed}");
            }
        }
    }
}

/// A disk whose keys are rotated in the moment before a file is opened for the n-th time: what a reader meets beside a writer.
#[derive(Clone)]
struct Moving {
    disk: LossyDisk,
    opened: Arc<AtomicU64>,
    rotated_at: u64,
    after: Arc<BTreeMap<String, Vec<u8>>>,
}

impl Disk for Moving {
    type File = <LossyDisk as Disk>::File;
    type Lock = <LossyDisk as Disk>::Lock;

    fn lock(&self) -> std::io::Result<Option<Self::Lock>> {
        self.disk.lock()
    }

    fn is_written(&self) -> std::io::Result<bool> {
        self.disk.is_written()
    }

    fn list(&self) -> std::io::Result<Vec<String>> {
        self.disk.list()
    }

    fn open(&self, name: &str) -> std::io::Result<Self::File> {
        if self.opened.fetch_add(1, Ordering::Relaxed) == self.rotated_at {
            for name in [HEAD, KEYS] {
                put(&self.disk, name, &self.after[name]);
            }
        }
        self.disk.open(name)
    }

    fn create(&self, name: &str) -> std::io::Result<Self::File> {
        self.disk.create(name)
    }

    fn rename(&self, from: &str, to: &str) -> std::io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> std::io::Result<()> {
        self.disk.remove(name)
    }

    fn sync_names(&self) -> std::io::Result<()> {
        self.disk.sync_names()
    }

    fn place(&self) -> String {
        self.disk.place()
    }
}

/// Whenever a rotation comes in between, what is carried over opens: both files are of one moment.
#[test]
fn keys_are_carried_over_beside_a_rotation() {
    let source = LossyDisk::new(Faults::default());
    let keyring = open(&source);
    let subjects = both(0..20);
    keyring.ensure(&subjects).unwrap();
    let expected: Vec<_> =
        subjects.iter().map(|(of, basis)| bytes_of(&keyring, *of, *basis).unwrap()).collect();
    let before = files(&source);
    for _ in 0..2 {
        rotate(&keyring, 7).unwrap();
    }
    let after = Arc::new(files(&source));
    let mut rotated_at = 0;
    loop {
        for name in [HEAD, KEYS] {
            put(&source, name, &before[name]);
        }
        let opened = Arc::new(AtomicU64::new(0));
        let (disk, after) = (source.clone(), Arc::clone(&after));
        let moving = Moving { disk, opened: Arc::clone(&opened), rotated_at, after };
        let target = LossyDisk::new(Faults::default());
        thalium_store::carry_over(&moving, outer("a"), &target, outer("b")).unwrap();
        let carried = Keyring::open(target, outer("b")).unwrap();
        for ((of, basis), key) in subjects.iter().zip(&expected) {
            assert_eq!(
                bytes_of(&carried, *of, *basis),
                Ok(*key),
                "rotated at opening {rotated_at}"
            );
        }
        if opened.load(Ordering::Relaxed) <= rotated_at {
            break;
        }
        rotated_at += 1;
    }
    assert!(rotated_at >= 3, "both files were read, and the first again");
}
