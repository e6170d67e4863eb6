use proptest::prelude::*;

use super::*;
use crate::money::Amount;
use crate::rollup::{Aggregate, Calendar, Hierarchy, Late, MergeError, Taker};

const MINUTE: i64 = 60_000_000_000;
const NAMES: [&str; 4] = ["BTC-ZAR", "ETH-ZAR", "", "XRP-ZAR"];

fn market(late: Late) -> Market {
    let calendars = ["1m", "1h"].map(|width| Calendar::new(width.parse().unwrap()));
    let levels = Hierarchy::new(calendars.to_vec()).unwrap();
    Market::new(Arc::new(Rules { levels, delay: 0, late }))
}

/// A row: minute, sequence, symbol, price, quantity, taker.
type Row = (i64, u64, u32, i64, i64, u8);

fn ingest(
    market: &mut Market,
    rows: &[Row],
    valid: Option<&[u8]>,
    bad: BadRows,
) -> Result<Ingested, IngestError> {
    let at: Vec<i64> = rows.iter().map(|row| row.0 * MINUTE).collect();
    let sequence: Vec<u64> = rows.iter().map(|row| row.1).collect();
    let codes: Vec<u32> = rows.iter().map(|row| row.2).collect();
    let price: Vec<i64> = rows.iter().map(|row| row.3).collect();
    let quantity: Vec<i128> = rows.iter().map(|row| row.4.into()).collect();
    let taker: Vec<u8> = rows.iter().map(|row| row.5).collect();
    let trades = Trades {
        at: &at,
        sequence: Some(&sequence),
        symbol: Names::Coded { codes: &codes, names: &NAMES },
        price: Numbers::Ints(&price),
        quantity: Numbers::Wide(&quantity),
        taker: Some(&taker),
        valid,
    };
    market.ingest(&trades, bad)
}

/// All that is told of a market.
fn whole(market: &Market) -> impl PartialEq + std::fmt::Debug + use<> {
    let candles = |symbol: &str| {
        let series = market.series(symbol).unwrap();
        let level = |level| series.buckets(level, i64::MIN..i64::MAX).cloned().collect::<Vec<_>>();
        (symbol.to_owned(), level(0), level(1), series.watermark())
    };
    (market.symbols().map(candles).collect::<Vec<_>>(), market.rows)
}

#[test]
fn a_row_that_is_not_taken_is_told_and_the_others_are_as_asked() {
    let good = (10, 1, 0, 100, 5, 1);
    let late = (1, 1, 0, 100, 5, 0);
    for (bad, valid, column, why) in [
        ((10, 2, 0, -1, 5, 0), 0b111, "price", RowFault::Negative),
        ((10, 2, 0, 1, -5, 0), 0b111, "quantity", RowFault::Negative),
        ((10, 2, 2, 1, 5, 0), 0b111, "symbol", RowFault::Name),
        ((10, 2, 9, 1, 5, 0), 0b111, "symbol", RowFault::Name),
        ((10, 2, 0, 1, 5, 3), 0b111, "taker", RowFault::Taker),
        ((10, 1, 0, 100, 6, 1), 0b111, "sequence", RowFault::Refused(Refusal::Differs)),
        (
            late,
            0b111,
            "at",
            RowFault::Refused(Refusal::Late { end: 2 * MINUTE, closed: 10 * MINUTE }),
        ),
        ((10, 2, 0, -1, -1, 9), 0b101, "valid", RowFault::Missing),
    ] {
        let rows = [good, bad, (10, 7, 3, 1, 1, 2)];
        let fault = RowError { row: 1, column, why };
        let mut own = market(Late::Correct { horizon: 0 });
        let before = whole(&own);
        assert_eq!(ingest(&mut own, &rows, Some(&[valid]), BadRows::Refuse), Err(fault.into()));
        assert_eq!(whole(&own), before);
        assert_eq!(own.take_changes(), []);
        let told = ingest(&mut own, &rows, Some(&[valid]), BadRows::Keep).unwrap();
        assert_eq!(told, Ingested { taken: 2, again: 0, refused: 1, faults: vec![fault] });
        assert_eq!(own.symbols().collect::<Vec<_>>(), ["BTC-ZAR", "XRP-ZAR"]);
        // The same again counts once.
        let told = ingest(&mut own, &[good], None, BadRows::Refuse).unwrap();
        assert_eq!((told.taken, told.again), (0, 1));
    }
    // A row without a sequence is no other's.
    let mut own = market(Late::Correct { horizon: 0 });
    ingest(&mut own, &[(10, 0, 0, 100, 5, 1)], None, BadRows::Refuse).unwrap();
    let row = Trades {
        at: &[10 * MINUTE],
        sequence: None,
        symbol: Names::Coded { codes: &[0], names: &NAMES },
        price: Numbers::Ints(&[100]),
        quantity: Numbers::Ints(&[5]),
        taker: Some(&[1]),
        valid: None,
    };
    assert_eq!(own.ingest(&row, BadRows::Refuse).map(|told| told.taken), Ok(1));
    let told = own.ingest(&Trades { sequence: Some(&[1 << 63]), ..row }, BadRows::Refuse);
    let fault = RowError { row: 0, column: "sequence", why: RowFault::Sequence };
    assert_eq!(told, Err(fault.into()));
    // Records have such rows, but for the very last, whose number would not be written out.
    for (sequence, wanted) in [(u64::MAX - 1, Ok(1)), (u64::MAX, Err(fault.into()))] {
        let row = Trades { sequence: Some(&[sequence]), ..row };
        let told = own.take(&row, BadRows::Refuse, Origin::Record);
        assert_eq!(told.map(|told| told.ingested.taken), wanted, "{sequence}");
        let image = own.image();
        let read = Market::from_image(Arc::clone(&own.rules), image.iter().map(Vec::as_slice));
        assert_eq!(whole(&read.unwrap()), whole(&own));
    }
    // A row that is not taken brings no symbol.
    let mut own = market(Late::Refuse);
    let far = (i64::MIN / MINUTE, 1, 1, 1, 1, 0);
    let told = ingest(&mut own, &[good, far, good], None, BadRows::Keep).unwrap();
    assert_eq!((told.taken, told.refused, told.faults[0].row), (2, 1, 1));
    assert_eq!(own.symbols().collect::<Vec<_>>(), ["BTC-ZAR"]);
    let error = RowError { row: 3, column: "price", why: RowFault::Negative };
    assert_eq!(error.to_string(), "row 3, `price`: is below zero");
}

#[test]
fn columns_of_other_lengths_are_refused() {
    let mut own = market(Late::Refuse);
    let trades = Trades {
        at: &[1, 2],
        sequence: None,
        symbol: Names::Texts { offsets: &[0, 1, 2], bytes: b"ab" },
        price: Numbers::Ints(&[1, 2]),
        quantity: Numbers::Ints(&[1, 2]),
        taker: None,
        valid: None,
    };
    let rows = |column, rows| Err(IngestError::Rows { column, rows, of: 2 });
    assert_eq!(
        own.ingest(&Trades { price: Numbers::Ints(&[1]), ..trades }, BadRows::Keep),
        rows("price", 1)
    );
    assert_eq!(own.ingest(&Trades { taker: Some(&[]), ..trades }, BadRows::Keep), rows("taker", 0));
    assert_eq!(own.ingest(&Trades { valid: Some(&[]), ..trades }, BadRows::Keep), rows("valid", 0));
    let short = Names::Texts { offsets: &[0], bytes: b"" };
    assert_eq!(own.ingest(&Trades { symbol: short, ..trades }, BadRows::Keep), rows("symbol", 0));
    // Offsets that lead nowhere are a row's fault.
    let wrong = Names::Texts { offsets: &[1, 0, 9], bytes: b"ab" };
    let told = own.ingest(&Trades { symbol: wrong, ..trades }, BadRows::Keep).unwrap();
    assert_eq!((told.taken, told.refused), (0, 2));
    // Without a sequence, every row is another trade.
    own.ingest(&trades, BadRows::Refuse).unwrap();
    let same = Trades { at: &[2, 2], ..trades };
    own.ingest(&same, BadRows::Refuse).unwrap();
    let bucket = own.series("b").unwrap().buckets(0, 0..1).next().unwrap().clone();
    assert_eq!(bucket.value.unwrap().volume().trades(), 2);
}

#[test]
fn who_watches_is_told_of_each_symbol() {
    let mut own = market(Late::Correct { horizon: 100 * MINUTE });
    ingest(
        &mut own,
        &[(1, 1, 0, 5, 1, 0), (1, 1, 1, 7, 1, 0), (3, 1, 0, 5, 1, 0)],
        None,
        BadRows::Refuse,
    )
    .unwrap();
    let closed = |symbol: &str, level, start| (Arc::from(symbol), Change::Closed { level, start });
    assert_eq!(own.take_changes(), [closed("BTC-ZAR", 0, MINUTE)]);
    own.advance(2 * MINUTE);
    assert_eq!(own.take_changes(), [closed("ETH-ZAR", 0, MINUTE)]);
    let trade = |price| Trade {
        at: MINUTE,
        sequence: 1,
        price: Amount::from_units(price),
        quantity: Amount::from_units(1),
        taker: None,
    };
    assert_eq!(own.correct("ETH-ZAR", &trade(9)), Some(Ok(trade(7))));
    assert_eq!(own.remove("ETH-ZAR", (MINUTE, 1)), Some(Ok(trade(9))));
    assert_eq!(own.remove("DOGE-ZAR", (MINUTE, 1)), None);
    assert_eq!(own.correct("DOGE-ZAR", &trade(9)), None);
    assert_eq!(own.take_changes().len(), 2);
    assert_eq!(own.expire(0, i64::MAX), 0, "what can be changed stays");
}

proptest! {
    /// A batch that is refused changes nothing; one that is kept takes each row that it takes by itself.
    #[test]
    fn a_batch_is_what_its_rows_are(
        rows in prop::collection::vec((0..200_i64, 0..4_u64, 0..4_u32, -1..9_i64, 0..9_i64, 0..3_u8), 0..60), cut in any::<prop::sample::Index>(),
    ) {
        let late = Late::Correct { horizon: 100 * MINUTE };
        let (early, rest) = rows.split_at(cut.index(rows.len() + 1));
        let (mut one, mut all) = (market(late), market(late));
        ingest(&mut all, early, None, BadRows::Keep).unwrap();
        let mut refused = Vec::new();
        for row in early {
            ingest(&mut one, &[*row], None, BadRows::Keep).unwrap();
        }
        prop_assert_eq!(whole(&one), whole(&all));
        for (index, row) in rest.iter().enumerate() {
            refused.extend(ingest(&mut one, &[*row], None, BadRows::Refuse).err().map(|_| index));
        }
        let mut tried = all.clone();
        let told = ingest(&mut tried, rest, None, BadRows::Refuse);
        match told {
            Ok(_) => prop_assert_eq!(whole(&tried), whole(&one)),
            Err(IngestError::Row(fault)) => {
                prop_assert_eq!(Some(&fault.row), refused.first());
                prop_assert_eq!(whole(&tried), whole(&all));
            }
            Err(error) => panic!("{error}"),
        }
        let told = ingest(&mut all, rest, None, BadRows::Keep).unwrap();
        prop_assert_eq!(told.faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), refused);
        prop_assert_eq!(whole(&all), whole(&one));
    }
}

/// A batch that fails late, of a symbol with a sum that has no room, leaves the candle of every other as it was.
#[test]
fn what_has_no_room_undoes_the_batch() {
    let mut own = market(Late::Merge { horizon: 0 });
    let most = i128::MAX;
    let trades = Trades {
        at: &[MINUTE, MINUTE, MINUTE],
        sequence: None,
        symbol: Names::Coded { codes: &[1, 0, 0], names: &NAMES },
        price: Numbers::Ints(&[1, 1, 1]),
        quantity: Numbers::Wide(&[7, most, most]),
        taker: Some(&[0, 1, 2]),
        valid: None,
    };
    own.ingest(&trades, BadRows::Refuse).unwrap();
    let before = whole(&own);
    let error = own.ingest(&trades, BadRows::Refuse).unwrap_err();
    let why = RowFault::Refused(Refusal::Merge(MergeError::Overflow));
    assert_eq!(error, RowError { row: 1, column: "quantity", why }.into());
    assert_eq!(whole(&own), before);
    let bucket = own.series("BTC-ZAR").unwrap().buckets(0, 0..2 * MINUTE).next().unwrap().clone();
    let trade = |taker| Trade {
        at: MINUTE,
        sequence: 1 << 63 | if taker == Taker::Buyer { 1 } else { 2 },
        price: Amount::from_units(1),
        quantity: Amount::from_units(most.unsigned_abs()),
        taker: Some(taker),
    };
    let mut candle = Candle::of(&trade(Taker::Buyer));
    candle.add(&trade(Taker::Seller)).unwrap();
    assert_eq!(bucket.value, Some(candle));
}
