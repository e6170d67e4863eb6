use proptest::prelude::*;

use super::*;
use crate::rollup::{BadRows, Calendar, Hierarchy, Names, Numbers, Trades};

const MINUTE: i64 = 60_000_000_000;

fn rules(late: Late) -> Arc<Rules> {
    let calendars = ["1m", "1h", "1M"].map(|width| Calendar::new(width.parse().unwrap()));
    let levels = Hierarchy::new(calendars.to_vec()).unwrap();
    Arc::new(Rules { levels, delay: 0, late })
}

/// A row: minute, sequence, symbol, price, quantity, taker.
type Row = (i64, u64, u32, i64, i64, u8);

fn ingest(market: &mut Market, rows: &[Row]) {
    let column = |of: fn(&Row) -> i64| rows.iter().map(of).collect::<Vec<_>>();
    let sequence: Vec<u64> = rows.iter().map(|row| row.1).collect();
    let codes: Vec<u32> = rows.iter().map(|row| row.2).collect();
    let taker: Vec<u8> = rows.iter().map(|row| row.5).collect();
    let trades = Trades {
        at: &column(|row| row.0 * MINUTE),
        sequence: Some(&sequence),
        symbol: Names::Coded { codes: &codes, names: &["BTC-ZAR", "ETH-ZAR", "XRP-ZAR"] },
        price: Numbers::Ints(&column(|row| row.3)),
        quantity: Numbers::Ints(&column(|row| row.4)),
        taker: Some(&taker),
        valid: None,
    };
    market.ingest(&trades, BadRows::Keep).unwrap();
}

fn read(rules: &Arc<Rules>, chunks: &[Vec<u8>]) -> Result<Market, MarketImageError> {
    Market::from_image(Arc::clone(rules), chunks.iter().map(Vec::as_slice))
}

/// All that is there of a market.
fn whole(market: &Market) -> String {
    let mut market = market.clone();
    drop(market.take_changes());
    market.changed.clear();
    format!(
        "{:?} {:?}",
        market
            .symbols
            .iter()
            .map(|(symbol, series)| {
                let levels: Vec<_> = (0..3)
                    .map(|level| (series.level_buckets(level).to_vec(), series.before(level)))
                    .collect();
                (
                    symbol.clone(),
                    levels,
                    series.kept_entries().cloned().collect::<Vec<_>>(),
                    series.watermark(),
                )
            })
            .collect::<Vec<_>>(),
        market.rows
    )
}

fn some() -> Vec<Row> {
    (0..500)
        .map(|n| {
            (
                n % 97 * 3,
                u64::try_from(n).unwrap(),
                u32::try_from(n % 3).unwrap(),
                n % 11,
                n % 7,
                u8::try_from(n % 3).unwrap(),
            )
        })
        .collect()
}

#[test]
fn what_is_no_image_of_the_rules_says_which_chunk() {
    let rules = rules(Late::Correct { horizon: 1_000 * MINUTE });
    let mut own = Market::new(Arc::clone(&rules));
    ingest(&mut own, &some());
    let chunks = own.image();
    assert_eq!(chunks.len(), 6, "a head, symbols, three levels, trades");
    for left in 0..chunks.len() {
        assert!(read(&rules, &chunks[..left]).is_err(), "{left}");
        let mut other = chunks.clone();
        other[left].truncate(20);
        let error = read(&rules, &other).unwrap_err();
        assert!(matches!(error, MarketImageError::Chunk { chunk, .. } if chunk == left), "{error}");
        let mut other = chunks.clone();
        other.swap(left, (left + 1) % chunks.len());
        assert!(read(&rules, &other).is_err(), "{left}");
    }
    let more = [&chunks[..], &chunks[..1]].concat();
    assert_eq!(
        read(&rules, &more).unwrap_err(),
        MarketImageError::Content { chunk: 5, what: "more chunks than there are to be" }
    );
    let minutes = Hierarchy::new(vec![Calendar::new("1m".parse().unwrap())]).unwrap();
    let fewer = Arc::new(Rules { levels: minutes, ..(*rules).clone() });
    assert!(read(&fewer, &chunks).is_err());
    let calendars = ["1m", "2h", "1M"].map(|width| Calendar::new(width.parse().unwrap()));
    let others =
        Arc::new(Rules { levels: Hierarchy::new(calendars.to_vec()).unwrap(), ..(*rules).clone() });
    assert!(read(&others, &chunks).unwrap_err().to_string().contains("of other rules"));
    let merged = self::rules(Late::Merge { horizon: 0 });
    assert!(read(&merged, &chunks).is_err(), "these keep no trades");
    // A trade that is missing is noticed by the candle that is made of it.
    let mut own = Market::new(Arc::clone(&rules));
    ingest(&mut own, &some()[..1]);
    let mut less = own.image();
    ingest(&mut own, &some()[..4]);
    let kept = own.image().pop().unwrap();
    *less.last_mut().unwrap() = kept;
    assert!(read(&rules, &less).is_err());
}

#[test]
fn tables_are_cut_into_chunks() {
    let rules = rules(Late::Merge { horizon: 0 });
    let mut own = Market::new(Arc::clone(&rules));
    let rows: Vec<Row> = (0..70_000).map(|n| (n, 1, 0, 5, 1, 0)).collect();
    ingest(&mut own, &rows);
    let chunks = own.image();
    assert_eq!(chunks.len(), 6, "a head, symbols, twice minutes, hours, months");
    assert_eq!(whole(&read(&rules, &chunks).unwrap()), whole(&own));
    let empty = Market::new(Arc::clone(&rules));
    assert_eq!(whole(&read(&rules, &empty.image()).unwrap()), whole(&empty));
}

proptest! {
    /// What is written out is read as it was, and goes on as it would have.
    #[test]
    fn a_market_goes_on_as_if_it_had_not_been_written_out(
        rows in prop::collection::vec((0..3_000_i64, 0..4_u64, 0..3_u32, 0..=i64::MAX, 0..=i64::MAX, 0..3_u8), 0..80),
        cut in any::<prop::sample::Index>(), is_kept in any::<bool>(), dropped in 0..3_000_i64,
    ) {
        let horizon = 200 * MINUTE;
        let rules = rules(if is_kept { Late::Correct { horizon } } else { Late::Merge { horizon } });
        let (early, late) = rows.split_at(cut.index(rows.len() + 1));
        let mut own = Market::new(Arc::clone(&rules));
        ingest(&mut own, early);
        own.expire(0, dropped * MINUTE);
        if let Some(row) = early.first() {
            own.remove("BTC-ZAR", (row.0 * MINUTE, row.1));
        }
        let mut again = read(&rules, &own.image()).unwrap();
        prop_assert_eq!(whole(&again), whole(&own));
        drop(own.take_changes());
        ingest(&mut again, late);
        ingest(&mut own, late);
        prop_assert_eq!(whole(&again), whole(&own));
        prop_assert_eq!(again.take_changes(), own.take_changes());
    }
}
