//! Parts and images on a disk that loses, tears and reorders whatever no sync covered, at every write.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "a test")]

mod lossy;

use std::collections::VecDeque;

use lossy::{Faults, LossyDisk};
use thalium::ledger::detail::Detail;
use thalium::part::{PAGE_LEN, Part};
use thalium::port::journal::{Block, Journal};
use thalium::{Command, Engine, Genesis, Id, NewAccount, Request, Transfer};
use thalium_store::disk::{Disk, DiskFile};
use thalium_store::{Archive, BlockPlace, End, Image, Options, StoreError, StoreJournal, Visit};

const OPTIONS: Options = Options { segment_len: 48 << 10 };
const NOW: i64 = 1_700_000_000_000_000_000;

fn seeds() -> u64 {
    if std::env::var("THALIUM_TEST_TIER").is_ok_and(|tier| tier == "full") { 10 } else { 3 }
}

/// A request of so many transfers, every fifth with metadata of 4 KiB.
fn request(n: u64, transfers: u64) -> Request {
    let opening =
        (1..=4).map(|id| NewAccount { id: Id(id), ledger: 840, code: 1, ..NewAccount::default() });
    let transfer = |m: u64| {
        let mut detail = Detail::keyed(format!("{n}-{m}"));
        if m.is_multiple_of(5) {
            detail.metadata.insert("memo".to_owned(), "m".repeat(4_000));
        }
        Transfer {
            id: Id((u128::from(NOW.unsigned_abs() / 1_000_000) << 80)
                | (7 << 76)
                | (2 << 62)
                | u128::from(n * 1_000 + m)),
            debit_account_id: Id(u128::from(m % 4 + 1)),
            credit_account_id: Id(u128::from((m + 1) % 4 + 1)),
            amount: 1,
            ledger: 840,
            code: 1,
            detail: Some(Box::new(detail)),
            ..Transfer::default()
        }
    };
    let mut commands: Vec<Command> = Vec::new();
    if n == 0 {
        commands.extend(opening.map(Command::from));
    }
    commands.extend((0..transfers).map(|m| transfer(m).into()));
    Request { now: NOW, commands, ..Request::default() }
}

/// Writes blocks, and from time to time a part and an image. Returns how many events were acknowledged.
fn script(disk: &LossyDisk, engine: &mut Engine) -> Result<(), StoreError> {
    let mut journal = StoreJournal::create(disk.clone(), OPTIONS)?;
    let mut archive = Archive::new(disk.clone());
    let mut blocks: VecDeque<BlockPlace> = VecDeque::new();
    for (n, transfers) in (0..).zip([1, 30, 1, 1, 3, 40, 2, 1]) {
        let first = if n == 0 { 0 } else { engine.book().event_count() };
        engine.execute(&request(n, transfers)).unwrap();
        let mut block = Block { tree: engine.tree().clone(), ..Block::default() };
        for event in engine.book().events_from(first) {
            block.events.extend_from_slice(&event);
            block.event_count += 1;
        }
        journal.append(&block)?;
        blocks.extend(journal.last());
        if n % 2 == 1 {
            let image = engine.image();
            let cut = engine.cut();
            archive.write(&cut, &blocks, &journal.end())?;
            blocks.clear();
            Image { end: journal.end(), state: image.to_bytes() }.write(disk)?;
            let sealed = archive.open_next().unwrap();
            engine.attach(&sealed.summary, Box::new(sealed.part)).unwrap();
        }
    }
    Ok(())
}

/// Whether what stands on a disk is told as the journal has it.
fn check(disk: &LossyDisk) {
    let mut whole = Engine::empty();
    let opened =
        StoreJournal::open(disk.copy(), OPTIONS, &mut |event| whole.replay(event).unwrap());
    if matches!(opened, Err(StoreError::Missing { .. })) {
        return;
    }
    let (journal, _) = opened.unwrap();
    let mut again = Engine::empty();
    let mut archive = Archive::new(disk.clone());
    let mut ends = Vec::new();
    while let Some(sealed) = archive.open_next() {
        ends.push((sealed.end, sealed.last));
        again.attach(&sealed.summary, Box::new(sealed.part)).unwrap();
    }
    // A part is there only when its events are durable.
    assert!(archive.end() <= journal.event_count());
    if let Some(image) = Image::read(disk) {
        assert!(ends.contains(&(image.end.tree().size(), image.end.last_hash())));
        again.restore(&image.state, image.end.tree().clone()).unwrap();
    }
    for event in whole.book().events_from(again.book().event_count()) {
        again.replay(&event).unwrap();
    }
    assert_eq!(again.state_hash(), whole.state_hash());
    assert_eq!(again.root(), whole.root());
    assert!(again.book().transfers().eq(whole.book().transfers()));
    for account in whole.book().accounts() {
        let id = account.opened.id;
        assert!(again.book().account_history(id).eq(whole.book().account_history(id)));
    }
    for record in whole.book().transfers() {
        assert_eq!(again.book().transfer(record.transfer.id), Some(record));
    }
    again.book().is_readable().unwrap();
}

#[test]
fn parts_tell_what_the_journal_has_and_take_its_place_in_memory() {
    parts_tell(Faults::default());
    parts_tell(Faults { sealed: true, ..Faults::default() });
}

fn parts_tell(faults: Faults) {
    let disk = LossyDisk::new(faults);
    let mut engine = Engine::new(Genesis::default());
    script(&disk, &mut engine).unwrap();
    assert_eq!(engine.book().parts().0, 4);
    check(&disk);
    let mut whole = Engine::empty();
    StoreJournal::open(disk.copy(), OPTIONS, &mut |event| whole.replay(event).unwrap()).unwrap();
    assert!(engine.book().transfers().eq(whole.book().transfers()));
    assert!(engine.book().history_bytes() * 4 < whole.book().history_bytes());
}

#[test]
fn wherever_the_power_fails_a_part_is_whole_or_not_there() {
    for sealed in [false, true] {
        let faults = Faults { sealed, ..Faults::default() };
        let sound = LossyDisk::new(faults);
        script(&sound, &mut Engine::new(Genesis::default())).unwrap();
        // Encryption changes what is written and not in which order: a third of the places is enough.
        for power_at in (0..sound.operations()).step_by(if sealed { 3 } else { 1 }) {
            let disk = LossyDisk::new(Faults { power_at: Some(power_at), ..faults });
            let _ = script(&disk, &mut Engine::new(Genesis::default()));
            for seed in 0..seeds() {
                check(&disk.crash(seed));
            }
        }
    }
}

#[test]
fn what_is_damaged_in_a_part_is_told_and_never_believed() {
    damage_is_told(Faults::default());
    damage_is_told(Faults { sealed: true, ..Faults::default() });
}

fn damage_is_told(faults: Faults) {
    let disk = LossyDisk::new(faults);
    script(&disk, &mut Engine::new(Genesis::default())).unwrap();
    let open = |disk: &LossyDisk| Archive::new(disk.clone()).open_next();
    let sound = open(&disk).unwrap();
    let pages: Vec<_> = (0..).map_while(|number| sound.part.page(number).ok()).collect();
    let events: Vec<_> = (0..sound.end).map(|n| sound.part.events(n, 1).unwrap()).collect();
    let len = disk.bytes("part-00000001.idx").len();
    for byte in (0..len).step_by(97) {
        let damaged = disk.copy();
        assert!(damaged.flip("part-00000001.idx", byte));
        // In what is read at once: the part is passed over. In a page: whoever reads it is told.
        let Some(opened) = open(&damaged) else { continue };
        assert!((4096..len).contains(&byte), "byte {byte}");
        for (number, sound) in (0..).zip(&pages) {
            match opened.part.page(number) {
                Ok(page) => assert_eq!(&page, sound),
                Err(error) => assert!(error.0.contains("remove the file"), "{error}"),
            }
        }
        for (n, sound) in (0..).zip(&events) {
            match opened.part.events(n, 1) {
                Ok(read) => assert!(read.starts_with(&sound[..100.min(sound.len())])),
                Err(error) => assert!(error.0.contains("part-00000001.idx"), "{error}"),
            }
        }
    }
    assert!(pages.len() >= 4 && pages.iter().all(|page| page.len() == PAGE_LEN));
    // Damage in the segment is told as the segment's.
    let damaged = disk.copy();
    assert!(damaged.flip("segment-00000001.log", 4096 + 700));
    let told = open(&damaged).unwrap().part;
    let failed = (0..sound.end).find_map(|n| told.events(n, 1).err()).unwrap();
    assert!(failed.0.contains("segment-00000001.log") && failed.0.contains("restore"), "{failed}");
}

#[test]
fn a_part_of_other_blocks_is_not_written() {
    let disk = LossyDisk::new(Faults::default());
    let mut engine = Engine::new(Genesis::default());
    script(&disk, &mut engine).unwrap();
    engine.execute(&request(50, 3)).unwrap();
    let cut = engine.cut();
    let journal = StoreJournal::open(disk.copy(), OPTIONS, &mut |_| ()).unwrap().0;
    let place = BlockPlace { segment: 1, offset: 4096, first: 0, count: 5 };
    let archive = Archive::new(disk);
    let refused = archive.write(&cut, &VecDeque::from([place]), &journal.end());
    assert!(matches!(refused, Err(StoreError::OutOfOrder { .. })));
}

/// The seeds were written from `docs/format.md` by a program that shares no code with this one.
#[test]
fn a_part_and_an_image_written_from_the_documentation_are_read_and_are_those_that_are_written() {
    let journal = include_bytes!("../../../fuzz/seeds/segment/three_blocks");
    let part = include_bytes!("../../../fuzz/seeds/part/three_blocks");
    let image = include_bytes!("../../../fuzz/seeds/image/file");
    let read = |files: &[(&str, &[u8])]| {
        let disk = LossyDisk::new(Faults::default());
        for (name, bytes) in files {
            disk.create(name).unwrap().write_at(bytes, 0).unwrap();
        }
        disk
    };
    let documented =
        read(&[("segment-00000001.log", journal), ("part-00000001.idx", part), ("image", image)]);
    check(&documented);
    let image_read = Image::read(&documented).unwrap();
    assert_eq!(image_read.state, include_bytes!("../../../fuzz/seeds/image/state"));
    let bare = read(&[("segment-00000001.log", journal)]);
    let mut blocks = Blocks(Engine::empty(), VecDeque::new());
    let (journal, _) = StoreJournal::open_from(bare.copy(), OPTIONS, None, &mut blocks).unwrap();
    let Blocks(mut engine, places) = blocks;
    let state = engine.image().to_bytes();
    Archive::new(bare.clone()).write(&engine.cut(), &places, &journal.end()).unwrap();
    Image { end: journal.end(), state }.write(&bare).unwrap();
    assert_eq!(bare.bytes("part-00000001.idx"), part);
    assert_eq!(bare.bytes("image"), image);
}

/// An engine, and where the blocks stand that were folded into it.
struct Blocks(Engine, VecDeque<BlockPlace>);

impl Visit for Blocks {
    fn event(&mut self, bytes: &[u8]) {
        self.0.replay(bytes).unwrap();
    }

    fn block(&mut self, place: BlockPlace, _: &End, _: &[u8]) -> Result<(), StoreError> {
        self.1.push_back(place);
        Ok(())
    }
}
