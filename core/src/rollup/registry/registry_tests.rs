//! Rollups by name: what is built later is what was there from the beginning.

use proptest::prelude::*;

use super::*;
use crate::rollup::{Late, Names, Numbers, Width};

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;

fn definition(name: &str, of: Option<&str>, levels: &[&str], late: Late) -> Definition {
    Definition {
        name: name.into(),
        of: of.map(Into::into),
        levels: levels.iter().map(|width| width.parse::<Width>().unwrap()).collect(),
        zone: None,
        origin: None,
        offset: 0,
        delay: 0,
        late,
        keep: vec![(0, 10 * MINUTE)],
        price_scale: 2,
        quantity_scale: 8,
    }
}

/// Rollups with their journal.
#[derive(Default)]
struct Books {
    rollups: Rollups,
    journal: Vec<Vec<u8>>,
}

impl Books {
    fn define(&mut self, definition: Definition) -> Result<(), RollupError> {
        if let Some(mut building) = self.rollups.define(definition)? {
            while !building.is_complete(&self.rollups) {
                let next = usize::try_from(building.next()).unwrap();
                building.take(&self.journal[next]).unwrap();
            }
            self.journal.extend(self.rollups.install(building)?.records);
        }
        Ok(())
    }

    fn ingest(&mut self, rows: &[(i64, u64, u128)], bad: BadRows) -> Result<Ingested, RollupError> {
        let at: Vec<_> = rows.iter().map(|row| row.0).collect();
        let sequence: Vec<_> = rows.iter().map(|row| row.1).collect();
        let codes: Vec<u32> = rows.iter().map(|row| u32::from(row.2 % 2 == 1)).collect();
        let price: Vec<_> = rows.iter().map(|row| i128::try_from(row.2).unwrap()).collect();
        let trades = Trades {
            at: &at,
            sequence: Some(&sequence),
            symbol: Names::Coded { codes: &codes, names: &["A-B", "C-D"] },
            price: Numbers::Wide(&price),
            quantity: Numbers::Wide(&price),
            taker: None,
            valid: None,
        };
        let done = self.rollups.ingest("root", &trades, bad, 1_000 * MINUTE)?;
        self.journal.extend(done.records);
        Ok(done.answer)
    }

    /// What is there with an image of the first so many records.
    fn through_image(&self, records: usize) -> Rollups {
        let records = (0..=records).rev().find(|records| self.ends_at(*records)).unwrap();
        let first = Books { journal: self.journal[..records].to_vec(), ..Self::default() };
        let image = first.again().image();
        let mut again = Rollups::from_image(&image).unwrap();
        assert_eq!(again.image(), image);
        self.replay(&mut again, records);
        again
    }

    /// Takes in all records from one on.
    fn replay(&self, again: &mut Rollups, from: usize) {
        for record in &self.journal[from..] {
            again.replay(record).unwrap();
        }
        for mut building in again.stale().collect::<Vec<_>>() {
            for record in &self.journal {
                building.take(record).unwrap();
            }
            again.complete(building).unwrap();
        }
    }

    /// Whether nothing that was given together is on both sides.
    fn ends_at(&self, records: usize) -> bool {
        let Some(last) = records.checked_sub(1) else { return true };
        let record = Record::from_bytes(&self.journal[last], last as u64).unwrap();
        !matches!(record, Record::Trades { goes_on: true, .. })
    }

    /// What is there after opening again.
    fn again(&self) -> Rollups {
        let mut again = Rollups::default();
        self.replay(&mut again, 0);
        again
    }
}

/// All that can be asked of a rollup.
fn content(rollup: &Rollup) -> impl PartialEq + std::fmt::Debug + use<> {
    let (lost, changes) = rollup.changes().after(0);
    let changes: Vec<_> =
        changes.map(|(number, symbol, change)| (number, symbol.to_owned(), *change)).collect();
    (rollup.version(), rollup.trades(), rollup.market().image(), lost, changes)
}

fn all(rollups: &Rollups) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
    rollups.iter().map(content).collect()
}

/// What is done to rollups.
#[derive(Clone, Debug)]
enum Act {
    Ingest(Vec<(i64, u64, u128)>, bool),
    Correct((i64, u64, u128)),
    Remove((i64, u64)),
    Advance(i64),
    Define(usize),
    Drop(usize),
    Reopen,
    /// Through an image of how it was when so many records are left.
    Image(usize),
}

fn late() -> [Late; 3] {
    [Late::Refuse, Late::Merge { horizon: 3 * MINUTE }, Late::Correct { horizon: 5 * MINUTE }]
}

fn definitions() -> Vec<Definition> {
    let [refuse, merge, correct] = late();
    vec![
        definition("root", None, &["1m", "5m"], correct),
        definition("root", None, &["30s", "1m", "1h"], merge),
        definition("root", None, &["1m"], correct),
        definition("other", Some("root"), &["1m", "1h"], refuse),
        definition("other", Some("root"), &["2m"], correct),
        definition("third", Some("root"), &["1m"], merge),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let at = (0..600_i64).prop_map(|seconds| seconds * SECOND);
    let row = (at.clone(), 0..3_u64, 1..50_u128);
    prop_oneof![
        6 => (prop::collection::vec(row.clone(), 0..6), any::<bool>()).prop_map(|(rows, keep)| Act::Ingest(rows, keep)),
        2 => row.prop_map(Act::Correct),
        2 => (at.clone(), 0..3_u64).prop_map(Act::Remove),
        1 => at.prop_map(Act::Advance),
        3 => (0..6_usize).prop_map(Act::Define),
        1 => (0..6_usize).prop_map(Act::Drop),
        1 => Just(Act::Reopen),
        1 => (0..6_usize).prop_map(Act::Image),
    ]
}

fn key(trade: &(i64, u64, u128)) -> (&'static str, Trade) {
    let (at, sequence, units) = *trade;
    let amount = crate::money::Amount::from_units(units);
    let symbol = if units % 2 == 1 { "C-D" } else { "A-B" };
    (symbol, Trade { at, sequence, price: amount, quantity: amount, taker: None })
}

proptest! {
    /// Whatever was done, rollups that are opened again are what they were, to the last change.
    #[test]
    fn rollups_are_what_their_records_say(acts in prop::collection::vec(act(), 1..40)) {
        let mut books = Books::default();
        books.define(definitions()[0].clone()).unwrap();
        for act in acts {
            let before = all(&books.rollups);
            let records = books.journal.len();
            let failed = match act {
                Act::Ingest(rows, keep) => {
                    let bad = if keep { BadRows::Keep } else { BadRows::Refuse };
                    books.ingest(&rows, bad).is_err()
                }
                Act::Correct(trade) => {
                    let (symbol, trade) = key(&trade);
                    let done = books.rollups.correct("root", symbol, &trade, i64::MAX);
                    done.map(|done| books.journal.extend(done.records)).is_err()
                }
                Act::Remove(key) => {
                    let done = books.rollups.remove("root", "A-B", key);
                    done.map(|done| books.journal.extend(done.records)).is_err()
                }
                Act::Advance(now) => {
                    let done = books.rollups.advance("root", now);
                    done.map(|done| books.journal.extend(done.records)).is_err()
                }
                Act::Define(index) => books.define(definitions()[index].clone()).is_err(),
                Act::Drop(index) => {
                    let done = books.rollups.discard(&definitions()[index].name);
                    done.map(|done| books.journal.extend(done.records)).is_err()
                }
                Act::Image(left) => {
                    let records = books.journal.len().saturating_sub(left);
                    let again = books.through_image(records);
                    prop_assert_eq!(all(&again), all(&books.rollups));
                    continue;
                }
                Act::Reopen => {
                    let again = books.again();
                    prop_assert_eq!(all(&again), all(&books.rollups));
                    books.rollups = again;
                    continue;
                }
            };
            if failed {
                prop_assert_eq!(all(&books.rollups), before, "what is refused changes nothing");
                prop_assert_eq!(books.journal.len(), records);
            }
        }
        prop_assert_eq!(all(&books.again()), all(&books.rollups));
    }

    /// One that is defined when there are trades holds what one holds that was there before them.
    #[test]
    fn a_rollup_that_comes_later_is_as_one_that_was_there(acts in prop::collection::vec(act(), 1..30), which in 3..6_usize) {
        let [mut early, mut late] = [Books::default(), Books::default()];
        for books in [&mut early, &mut late] {
            books.define(definitions()[0].clone()).unwrap();
        }
        early.define(definitions()[which].clone()).unwrap();
        for act in acts {
            for books in [&mut early, &mut late] {
                match &act {
                    Act::Ingest(rows, _) => drop(books.ingest(rows, BadRows::Keep).unwrap()),
                    Act::Correct(trade) => {
                        let (symbol, trade) = key(trade);
                        drop(books.rollups.correct("root", symbol, &trade, i64::MAX).map(|done| books.journal.extend(done.records)));
                    }
                    Act::Remove(key) => {
                        drop(books.rollups.remove("root", "C-D", *key).map(|done| books.journal.extend(done.records)));
                    }
                    Act::Advance(now) => books.journal.extend(books.rollups.advance("root", *now).unwrap().records),
                    Act::Define(_) | Act::Drop(_) | Act::Reopen | Act::Image(_) => {}
                }
            }
        }
        late.define(definitions()[which].clone()).unwrap();
        prop_assert_eq!(all(&early.rollups), all(&late.rollups));
    }
}

/// What a name, a definition, and what is made of what, may be.
#[test]
fn what_a_rollup_can_be() {
    let [_, merge, correct] = late();
    let root = || definition("root", None, &["1m"], correct);
    let other = |name, of| definition(name, Some(of), &["1m"], merge);
    let cases: [(&str, Definition, &str); 16] = [
        ("no name", Definition { name: "".into(), ..root() }, "name"),
        ("a name of other letters", Definition { name: "Kurse".into(), ..root() }, "name"),
        ("a name too long", Definition { name: "a".repeat(65).into(), ..root() }, "name"),
        ("no level", Definition { levels: vec![], keep: vec![], ..root() }, "levels"),
        ("weeks in months", definition("x", None, &["1w", "1M"], correct), "levels"),
        ("a level twice", definition("x", None, &["60s", "1m"], correct), "levels"),
        ("a delay below zero", Definition { delay: -1, ..root() }, "delay"),
        ("no horizon", Definition { late: Late::Merge { horizon: 0 }, ..root() }, "horizon"),
        (
            "a horizon below zero",
            Definition { late: Late::Correct { horizon: -1 }, ..root() },
            "horizon",
        ),
        ("kept for no time", Definition { keep: vec![(0, 0)], ..root() }, "keep"),
        ("kept of no level", Definition { keep: vec![(1, 1)], ..root() }, "keep"),
        ("kept twice", Definition { keep: vec![(0, 1), (0, 2)], ..root() }, "keep"),
        ("too many digits", Definition { price_scale: 19, ..root() }, "price_scale"),
        ("of itself", other("x", "x"), "of"),
        ("of what is not there", other("x", "y"), "of"),
        ("of what is of another", other("x", "other"), "of"),
    ];
    let mut books = Books::default();
    books.define(root()).unwrap();
    books.define(other("other", "root")).unwrap();
    for (what, definition, field) in cases {
        assert_eq!(books.rollups.define(definition).unwrap_err().field(), field, "{what}");
    }
    assert!(books.rollups.define(root()).unwrap().is_none(), "as it is");
    books.ingest(&[(0, 0, 2)], BadRows::Refuse).unwrap();
    for (what, definition, field) in [
        (
            "other digits than the trades",
            Definition { quantity_scale: 7, ..root() },
            "quantity_scale",
        ),
        (
            "other digits than its trades",
            Definition { price_scale: 3, ..other("x", "root") },
            "price_scale",
        ),
        ("of another, with trades", other("root", "other"), "of"),
    ] {
        assert_eq!(books.rollups.define(definition).unwrap_err().field(), field, "{what}");
    }
    assert_eq!(books.rollups.discard("root").unwrap_err().field(), "name", "others are made of it");
    assert!(matches!(books.rollups.discard("none"), Err(RollupError::Unknown { .. })));
    assert!(matches!(books.rollups.advance("other", 0), Err(RollupError::NotOwn { .. })));
    assert!(matches!(books.rollups.advance("none", 0), Err(RollupError::Unknown { .. })));
    for n in books.rollups.iter().count()..ROLLUPS {
        let name = format!("o{n}");
        books.define(Definition { name: name.as_str().into(), ..other("o", "root") }).unwrap();
    }
    assert_eq!(books.define(other("more", "root")), Err(RollupError::TooMany));
}

/// A rollup cannot be put in its place before all that was given is in it.
#[test]
fn what_is_not_complete_is_not_there() {
    let [refuse, _, correct] = late();
    let mut books = Books::default();
    books.define(definition("root", None, &["1m"], correct)).unwrap();
    books.ingest(&[(0, 0, 2)], BadRows::Refuse).unwrap();
    let other = definition("other", Some("root"), &["1m"], refuse);
    let building = books.rollups.define(other).unwrap().unwrap();
    assert!(matches!(
        books.rollups.install(building),
        Err(RollupError::Incomplete { next: 0, records: 2 })
    ));
    assert!(books.rollups.get("other").is_none());
}

/// What a call takes is told in as many records as it needs, and each comes back as it was.
#[test]
fn many_trades_are_several_records() {
    let [.., correct] = late();
    let mut books = Books::default();
    books.define(definition("root", None, &["1m"], correct)).unwrap();
    let rows: Vec<_> = (0..9_000_i64)
        .map(|n| (n * SECOND, n.cast_unsigned(), u128::MAX >> (1 + n % 64)))
        .collect();
    assert_eq!(books.ingest(&rows, BadRows::Refuse).unwrap().taken, 9_000);
    assert!(books.journal.len() > 10, "{}", books.journal.len());
    assert!(books.journal.iter().all(|record| record.len() <= crate::event::EVENT_MAX));
    assert_eq!(all(&books.again()), all(&books.rollups));
}

/// What is no image is told to be none.
#[test]
fn what_is_no_image_is_refused() {
    let [refuse, _, correct] = late();
    let mut books = Books::default();
    books.define(definition("root", None, &["1m"], correct)).unwrap();
    books.define(definition("other", Some("root"), &["1m"], refuse)).unwrap();
    books.ingest(&[(0, 0, 2), (1, 1, 3)], BadRows::Refuse).unwrap();
    let image = books.rollups.image();
    assert!(Rollups::from_image(&image).is_ok());
    for cut in 0..image.len() {
        assert!(Rollups::from_image(&image[..cut]).is_err(), "cut at {cut}");
    }
    assert!(Rollups::from_image(&[&image[..], &[0]].concat()).is_err());
    for byte in 0..5 {
        let mut other = image.clone();
        other[byte] ^= 1;
        assert!(matches!(Rollups::from_image(&other), Err(RollupsImageError::Damaged { at: 0 })));
    }
}

/// What was allowed while there were no trades is looked at again when there are.
#[test]
fn trades_that_come_while_one_is_defined_keep_their_scales() {
    let [.., correct] = late();
    let mut books = Books::default();
    books.define(definition("root", None, &["1m"], correct)).unwrap();
    let other = Definition { price_scale: 8, ..definition("root", None, &["1m"], correct) };
    let mut building = books.rollups.define(other).unwrap().unwrap();
    books.ingest(&[(0, 0, 2)], BadRows::Refuse).unwrap();
    building.take(&books.journal[1]).unwrap();
    let refused = books.rollups.install(building).unwrap_err();
    assert_eq!(refused.field(), "price_scale");
}

/// One that was made of another has nothing of its own when it begins anew.
#[test]
fn one_that_was_made_of_another_begins_without_trades() {
    let [_, merge, correct] = late();
    let mut books = Books::default();
    books.define(definition("root", None, &["1m"], correct)).unwrap();
    books.define(definition("other", Some("root"), &["1m"], merge)).unwrap();
    books.ingest(&[(0, 0, 2)], BadRows::Refuse).unwrap();
    books.define(definition("other", None, &["1m"], merge)).unwrap();
    assert_eq!(books.rollups.get("other").unwrap().trades(), 0);
    let scaled = Definition { price_scale: 3, ..definition("other", None, &["1m"], merge) };
    books.define(scaled).unwrap();
    assert_eq!(all(&books.again()), all(&books.rollups));
}

proptest! {
    /// Bytes of an image or of records that were changed are refused, or are those of rollups that can be written and read again.
    #[test]
    fn what_was_changed_is_refused_or_read(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let change = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            for (index, byte) in &changes {
                let index = index.index(bytes.len());
                bytes[index] = *byte;
            }
            bytes
        };
        let image = change(include_bytes!("../../../../fuzz/seeds/rollups/image-correct"));
        if let Ok(rollups) = Rollups::from_image(&image) {
            let image = rollups.image();
            prop_assert_eq!(Rollups::from_image(&image).unwrap().image(), image);
        }
        let records = change(include_bytes!("../../../../fuzz/seeds/rollups/records-merge"));
        let mut books = Books::default();
        let mut left = &records[..];
        while let Some((length, rest)) = left.split_first_chunk::<2>() {
            let (record, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
            left = rest;
            if books.rollups.replay(record).is_ok() {
                books.journal.push(record.to_vec());
            }
        }
        let again = books.again();
        let image = again.image();
        prop_assert_eq!(Rollups::from_image(&image).unwrap().image(), image);
    }
}
