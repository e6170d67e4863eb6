//! Rollups in a directory: durable, read beside their writer, sealed, copied and restored.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use thalium::api::rollup::{
    BadRowsView, DefineRollup, IngestTrades, KlineQuery, KlineView, TradeRow,
};

use super::*;
use crate::{KeyText, Keys, NewKeys, Options, Until, backup, rehearse, restore, verify};

const SECOND: i64 = 1_000_000_000;
const NOON: i64 = 1_768_478_400 * SECOND;

fn define(name: &str, of: Option<&str>, levels: &[&str]) -> DefineRollup {
    let levels = levels.iter().map(ToString::to_string).collect();
    DefineRollup {
        name: name.to_owned(),
        of: of.map(ToOwned::to_owned),
        levels: Some(levels),
        price_scale: Some(2),
        ..DefineRollup::default()
    }
}

fn trades(from: i64, count: i64) -> IngestTrades {
    let row = |n: i64| TradeRow {
        symbol: Some(["BTC-ZAR", "ETH-ZAR"][usize::try_from(n % 2).unwrap()].to_owned()),
        at: Some((NOON + n * SECOND).to_string()),
        id: Some(n.to_string()),
        price: Some(format!("{}.{:02}", 100 + n % 50, n % 100)),
        quantity: Some("0.5".to_owned()),
        taker: None,
    };
    IngestTrades {
        rollup: "klines".to_owned(),
        trades: (from..from + count).map(row).collect(),
        ..IngestTrades::default()
    }
}

fn candles(t: &Thalium, rollup: &str, width: &str) -> Vec<KlineView> {
    let query = KlineQuery {
        rollup: rollup.to_owned(),
        symbol: "BTC-ZAR".to_owned(),
        width: width.to_owned(),
        limit: Some(10_000),
        ..KlineQuery::default()
    };
    t.klines(&query).unwrap().klines
}

fn give(t: &Thalium, from: i64, count: i64) -> u64 {
    t.ingest_trades_at(NOON + 100_000 * SECOND, &trades(from, count)).unwrap().taken
}

/// A ledger with rollups in a directory: where it is, and that it is to be there as long.
fn ledger(options: Options) -> (TempDir, String, Thalium) {
    let dir = TempDir::new().unwrap();
    let address = dir.path().join("books").display().to_string();
    let t = Thalium::open_with(&address, options).unwrap();
    t.define_rollup(&define("klines", None, &["1m", "1h"])).unwrap();
    assert_eq!(give(&t, 0, 3_000), 3_000);
    (dir, address, t)
}

#[test]
fn what_was_acknowledged_is_there_after_opening_again() {
    let (_dir, address, t) = ledger(Options::default());
    t.define_rollup(&define("later", Some("klines"), &["5m"])).unwrap();
    give(&t, 3_000, 100);
    let told = [candles(&t, "klines", "1m"), candles(&t, "later", "5m")];
    let listed = t.list_rollups().unwrap();
    assert_eq!(listed.iter().map(|rollup| rollup.trades).collect::<Vec<_>>(), [3_100, 3_100]);
    // Neither closed nor dropped in order: what was told is durable.
    std::mem::forget(t);
    // The lock is the process's: a copy has none.
    let copy = TempDir::new().unwrap();
    let (books, rollups) = (copy.path().join("books"), copy.path().join("books/rollups"));
    for (from, to) in [(address.clone(), &books), (format!("{address}/rollups"), &rollups)] {
        std::fs::create_dir_all(to).unwrap();
        for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
            }
        }
    }
    let t = Thalium::open(&books.display().to_string()).unwrap();
    assert_eq!(t.list_rollups().unwrap(), listed);
    assert_eq!([candles(&t, "klines", "1m"), candles(&t, "later", "5m")], told);
    assert_eq!(give(&t, 3_000, 200), 100, "a hundred had been taken before");
}

#[test]
fn a_reader_beside_the_writer_sees_what_is_durable() {
    let (_dir, address, t) = ledger(Options::default());
    let reader = Thalium::open_to_read(&address).unwrap();
    assert_eq!(candles(&reader, "klines", "1m"), candles(&t, "klines", "1m"));
    give(&t, 3_000, 500);
    t.define_rollup(&define("later", Some("klines"), &["30s"])).unwrap();
    t.define_rollup(&define("klines", None, &["1m", "1d"])).unwrap();
    give(&t, 3_500, 500);
    for (rollup, width) in [("klines", "1d"), ("later", "30s")] {
        assert_eq!(candles(&reader, rollup, width), candles(&t, rollup, width), "{rollup}");
    }
    assert_eq!(reader.list_rollups().unwrap(), t.list_rollups().unwrap());
    let refused = reader.ingest_trades_at(NOON, &trades(0, 1));
    assert!(matches!(refused, Err(Error::ReadOnly)));
}

/// A ledger that had no rollups when it was opened to be read is told of the first.
#[test]
fn a_reader_sees_the_first_rollup() {
    let dir = TempDir::new().unwrap();
    let address = dir.path().display().to_string();
    let t = Thalium::open(&address).unwrap();
    let reader = Thalium::open_to_read(&address).unwrap();
    assert_eq!(reader.list_rollups().unwrap(), []);
    assert!(!dir.path().join("rollups").exists(), "nothing is made before something is defined");
    t.define_rollup(&define("klines", None, &["1m"])).unwrap();
    assert_eq!(reader.list_rollups().unwrap().len(), 1);
}

#[test]
fn one_that_is_defined_later_is_filled_and_tells_how_far_it_is() {
    for options in [None, Some(Options::default())] {
        let (_dir, t) = match options {
            None => (None, Thalium::open("memory:").unwrap()),
            Some(options) => {
                let (dir, _, t) = ledger(options);
                (Some(dir), t)
            }
        };
        t.define_rollup(&define("klines", None, &["1m", "1h"])).unwrap();
        give(&t, 0, 3_000);
        let mut told = Vec::new();
        let later = define("later", Some("klines"), &["1m"]);
        t.define_rollup_telling(&later, &mut |done, of| told.push((done, of))).unwrap();
        assert_eq!(candles(&t, "later", "1m"), candles(&t, "klines", "1m"));
        if let Some((done, of)) = told.last() {
            assert_eq!(done, of);
        }
    }
}

/// Trades that are given while a rollup is built are in it.
#[test]
fn trades_go_on_while_a_rollup_is_built() {
    let (_dir, _, t) = ledger(Options::default());
    std::thread::scope(|scope| {
        let giving = scope.spawn(|| (0..60).map(|n| give(&t, 3_000 + n * 50, 50)).sum::<u64>());
        for n in 0..20 {
            t.define_rollup(&define(&format!("later-{n}"), Some("klines"), &["1m"])).unwrap();
            t.define_rollup(&define(
                "klines",
                None,
                if n % 2 == 0 { &["1m"] } else { &["1m", "1h"] },
            ))
            .unwrap();
        }
        assert_eq!(giving.join().unwrap(), 3_000);
    });
    for n in 0..20 {
        assert_eq!(candles(&t, &format!("later-{n}"), "1m"), candles(&t, "klines", "1m"));
    }
}

fn keys() -> Arc<dyn Keys> {
    Arc::new(KeyText::generate().unwrap())
}

#[test]
fn rollups_are_sealed_with_the_books_and_their_keys_change_with_those() {
    let (own, other) = (keys(), keys());
    let with =
        |keys: &Arc<dyn Keys>| Options { keys: Some(Arc::clone(keys)), ..Options::default() };
    let (_dir, address, t) = ledger(with(&own));
    let told = candles(&t, "klines", "1m");
    t.rotate_keys().unwrap();
    give(&t, 3_000, 2);
    assert_eq!(t.check_keys().unwrap(), 2);
    t.rewrap_keys(Arc::clone(&other)).unwrap();
    t.close().unwrap();
    let segment = std::fs::read(format!("{address}/rollups/segment-00000001.log")).unwrap();
    assert!(!segment.windows(7).any(|bytes| bytes == b"BTC-ZAR"), "what is on the disk is sealed");
    assert!(Thalium::open_with(&address, with(&own)).is_err());
    let t = Thalium::open_with(&address, with(&other)).unwrap();
    assert_eq!(candles(&t, "klines", "1m")[..50], told[..50]);
    // With keys or without, a ledger that is not encrypted has rollups that are not.
    let (_dir, address, t) = ledger(Options::default());
    t.close().unwrap();
    let t = Thalium::open_with(&address, with(&own)).unwrap();
    assert_eq!(candles(&t, "klines", "1m").len(), 50);
}

#[test]
fn a_backup_has_the_rollups() {
    for keys in [None, Some(keys())] {
        let (dir, address, t) = ledger(Options { keys: keys.clone(), ..Options::default() });
        let (address, copy, again) =
            (Path::new(&address), dir.path().join("copy"), dir.path().join("again"));
        backup(address, &copy, keys.clone(), &mut |_| {}).unwrap();
        give(&t, 3_000, 100);
        backup(address, &copy, keys.clone(), &mut |_| {}).unwrap();
        rehearse(&copy, keys.clone()).unwrap();
        let (_, verified) =
            restore(&copy, &again, Until::End, keys.clone(), NewKeys::Same).unwrap();
        assert_eq!(verified.rollups.unwrap().rollups, 1);
        let options = Options { keys: keys.clone(), ..Options::default() };
        let restored = Thalium::open_with(&again.display().to_string(), options).unwrap();
        assert_eq!(candles(&restored, "klines", "1m"), candles(&t, "klines", "1m"));
        assert_eq!(restored.list_rollups().unwrap(), t.list_rollups().unwrap());
    }
}

#[test]
fn damage_is_told_and_does_not_concern_the_books() {
    let (_dir, address, t) = ledger(Options::default());
    give(&t, 3_000, 100);
    t.close().unwrap();
    assert_eq!(verify(Path::new(&address), None).unwrap().rollups.unwrap().rollups, 1);
    let segment = format!("{address}/rollups/segment-00000001.log");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[5_000] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    assert!(verify(Path::new(&address), None).is_err());
    let t = Thalium::open(&address).unwrap();
    assert!(t.list_rollups().is_err());
    assert!(t.check().is_ok());
}

/// A ledger that will be closed takes no trades.
#[test]
fn one_that_drains_takes_nothing() {
    let (_dir, _, t) = ledger(Options::default());
    t.drain().unwrap();
    assert!(matches!(t.ingest_trades_at(NOON, &trades(0, 1)), Err(Error::Draining)));
    assert_eq!(candles(&t, "klines", "1m").len(), 50);
}

/// Columns come to what rows come to.
#[test]
fn columns_are_rows() {
    use thalium::rollup::{Names, Numbers};
    let (_dir, _, t) = ledger(Options::default());
    t.define_rollup(&DefineRollup {
        quantity_scale: Some(8),
        ..define("columns", None, &["1m", "1h"])
    })
    .unwrap();
    let rows = 0..3_000_i64;
    let at: Vec<_> = rows.clone().map(|n| NOON + n * SECOND).collect();
    let ids: Vec<_> = rows.clone().map(i64::cast_unsigned).collect();
    let codes: Vec<_> = rows.clone().map(|n| u32::from(n % 2 == 1)).collect();
    let price: Vec<_> = rows.map(|n| (100 + n % 50) * 100 + n % 100).collect();
    let columns = Trades {
        at: &at,
        sequence: Some(&ids),
        symbol: Names::Coded { codes: &codes, names: &["BTC-ZAR", "ETH-ZAR"] },
        price: Numbers::Ints(&price),
        quantity: Numbers::Ints(&vec![50_000_000; 3_000]),
        taker: None,
        valid: None,
    };
    assert_eq!(t.ingest_columns("columns", &columns, BadRows::Refuse).unwrap().taken, 3_000);
    assert_eq!(candles(&t, "columns", "1m"), candles(&t, "klines", "1m"));
    let call = IngestTrades { bad_rows: Some(BadRowsView::Keep), ..trades(0, 1) };
    assert_eq!(t.ingest_trades(&call).unwrap().again, 1);
}

/// A ledger that was closed opens from an image; one that is damaged, or not there, is passed over.
#[test]
fn an_image_spares_reading_and_is_not_needed() {
    let (_dir, address, t) = ledger(Options::default());
    // Enough that it is worth an image: ids that do not compress.
    for n in 0..40 {
        let mut call = trades(3_000 + n * 4_000, 4_000);
        let scatter = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1;
        for (n, trade) in (0..).zip(&mut call.trades) {
            trade.id = Some(scatter(n).to_string());
        }
        assert_eq!(t.ingest_trades_at(NOON + 1_000_000 * SECOND, &call).unwrap().taken, 4_000);
    }
    let told = (candles(&t, "klines", "1m"), t.list_rollups().unwrap());
    t.close().unwrap();
    let image = Path::new(&address).join("rollups/image");
    let written = std::fs::read(&image).unwrap();
    {
        let t = Thalium::open(&address).unwrap();
        assert_eq!((candles(&t, "klines", "1m"), t.list_rollups().unwrap()), told);
        let reader = Thalium::open_to_read(&address).unwrap();
        assert_eq!(candles(&reader, "klines", "1m"), told.0);
        assert_eq!(
            t.ingest_trades_at(NOON + 1_000_000 * SECOND, &trades(900_000, 10)).unwrap().taken,
            10
        );
        assert_eq!(candles(&reader, "klines", "1m"), candles(&t, "klines", "1m"));
    }
    let mut damaged = written.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    for bytes in [None, Some(damaged), Some(written)] {
        match bytes {
            None => std::fs::remove_file(&image).unwrap(),
            Some(bytes) => std::fs::write(&image, bytes).unwrap(),
        }
        let t = Thalium::open(&address).unwrap();
        assert_eq!(t.list_rollups().unwrap()[0].trades, told.1[0].trades + 10);
        assert!(candles(&t, "klines", "1m").starts_with(&told.0[..told.0.len() - 2]));
    }
}

/// A call that fails makes no directory, and what is lost of changes is told once.
#[test]
fn what_fails_leaves_nothing_and_what_is_lost_is_told_once() {
    let dir = TempDir::new().unwrap();
    let address = dir.path().display().to_string();
    let t = Thalium::open(&address).unwrap();
    assert!(t.ingest_trades_at(NOON, &trades(0, 1)).is_err());
    assert!(t.drop_rollup("klines").is_err());
    assert!(!dir.path().join("rollups").exists());
    let (_dir, address, t) = ledger(Options::default());
    let ask = |t: &Thalium, after| {
        let rollup = "klines".to_owned();
        let query = api::ChangeQuery { rollup, after: Some(after), limit: Some(10_000) };
        t.rollup_changes(&query).unwrap()
    };
    let all = ask(&t, 0);
    for n in 0..60 {
        give(&t, 3_000 + n * 1_000, 1_000);
    }
    let image = t.shelf.with_image().unwrap();
    assert!(image, "there is an image");
    drop(t);
    let t = Thalium::open(&address).unwrap();
    let page = ask(&t, 0);
    assert_eq!(page.lost, 0, "an image has the changes");
    assert!(page.next > all.next);
    assert_eq!(page.changes[..all.changes.len()], all.changes[..]);
    let behind = ask(&t, page.next);
    assert_eq!((behind.changes.len(), behind.lost, behind.next), (0, 0, page.next));
}
