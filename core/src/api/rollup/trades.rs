//! Trades as text: given, corrected, taken back.

use serde::{Deserialize, Serialize};

use super::{Invalid, instant, invalid, too_many_trades};
use crate::money::Amount;
use crate::rollup::{
    BadRows, Done, IngestError, Ingested, Names, Numbers, RollupError, Rollups, RowError, RowFault,
    Taker, Trade, Trades,
};
use crate::time;

/// One call takes at most so many trades.
pub const TRADES_MAX: usize = 65_536;

/// A trade as it is given. All fields are text: prices and quantities are no numbers of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TradeRow {
    /// Of which symbol: 1 to 128 bytes.
    pub symbol: Option<String>,
    /// When: RFC 3339 or nanoseconds since 1970.
    pub at: Option<String>,
    /// The number that the market gave it, below 2⁶³. All trades of a call have one, or none has.
    pub id: Option<String>,
    /// The price.
    pub price: Option<String>,
    /// How much was traded.
    pub quantity: Option<String>,
    /// Who took it, where that is known: `buyer` or `seller`.
    pub taker: Option<String>,
}

/// What becomes of the others where a row is not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BadRowsView {
    /// None is taken.
    #[default]
    Refuse,
    /// They are taken, and it is told which is not.
    Keep,
}

impl From<BadRowsView> for BadRows {
    fn from(view: BadRowsView) -> Self {
        match view {
            BadRowsView::Refuse => Self::Refuse,
            BadRowsView::Keep => Self::Keep,
        }
    }
}

/// Trades for a rollup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct IngestTrades {
    /// The rollup.
    pub rollup: String,
    /// The trades, in order: at most 65,536.
    pub trades: Vec<TradeRow>,
    /// What becomes of the others where a row is not taken.
    pub bad_rows: Option<BadRowsView>,
    /// What time it is: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    pub now: Option<String>,
}

/// What has become of trades.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IngestReport {
    /// How many are new.
    pub taken: u64,
    /// How many had been taken before: these count once.
    pub again: u64,
    /// How many were not taken.
    pub refused: u64,
    /// The first thousand of those.
    pub faults: Vec<RowFaultView>,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowFaultView {
    /// Which, from zero.
    pub row: u64,
    /// The field at fault.
    pub field: String,
    /// What is wrong, and what to do.
    pub message: String,
}

/// A trade to put in the place of that with its symbol, instant and id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CorrectTrade {
    /// The rollup.
    pub rollup: String,
    /// What the trade is now.
    pub trade: TradeRow,
    /// What time it is: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    pub now: Option<String>,
}

/// A trade to take back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RemoveTrade {
    /// The rollup.
    pub rollup: String,
    /// Its symbol.
    pub symbol: String,
    /// When it was.
    pub at: String,
    /// Its id.
    pub id: String,
}

/// A rollup to tell what time it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AdvanceRollup {
    /// The rollup.
    pub rollup: String,
    /// What time it is: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    pub now: Option<String>,
}

/// A rollup by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct NamedRollup {
    /// The name.
    pub name: String,
}

/// A trade as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TradeView {
    /// Its symbol.
    pub symbol: String,
    /// When it was.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub at: String,
    /// The number that the market gave it.
    pub id: String,
    /// The price.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub price: String,
    /// How much was traded.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "exact")))]
    pub quantity: String,
    /// Who took it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub taker: Option<String>,
}

/// Digits of prices and of quantities.
type Scales = (u8, u8);

fn scales(rollups: &Rollups, name: &str) -> Result<Scales, Invalid> {
    let definition = rollups.existing(name)?.definition();
    Ok((definition.price_scale, definition.quantity_scale))
}

/// Gives trades to a rollup at an instant.
///
/// # Errors
/// A rollup that is not there or has no trades of its own; too many trades; a row that is not taken, where none is to be taken then.
pub fn ingest_trades(
    rollups: &mut Rollups,
    call: &IngestTrades,
    now: i64,
) -> Result<Done<IngestReport>, Invalid> {
    let scales = scales(rollups, &call.rollup)?;
    let rows = &call.trades;
    if rows.len() > TRADES_MAX {
        return Err(too_many_trades(rows.len(), TRADES_MAX));
    }
    let has_ids = rows.first().is_some_and(|row| row.id.is_some());
    let mut columns = Columns::with_capacity(rows.len());
    let mut faults = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match read(row, has_ids, scales) {
            Ok(trade) => columns.push(row.symbol.as_deref().unwrap_or_default(), Some(trade)),
            Err(fault) => {
                faults.push((index, fault));
                columns.push("", None);
            }
        }
    }
    let bad = call.bad_rows.unwrap_or_default().into();
    // What is wrong with a row that cannot be read is known here alone.
    let told = |error: &RowError| {
        let unread = faults.binary_search_by_key(&error.row, |(row, _)| *row).ok();
        let unread = unread.and_then(|at| faults.get(at)).map(|(_, fault)| fault.clone());
        unread.unwrap_or_else(|| invalid(field_of(error), error.why))
    };
    ingest_report(rollups.ingest(&call.rollup, &columns.trades(has_ids), bad, now), 0, told)
}

/// What is told of trades that were given. The first row has the number `first`; what is wrong with one is told by `fault`.
///
/// # Errors
/// None of them was taken.
pub fn ingest_report(
    given: Result<Done<Ingested>, RollupError>,
    first: u64,
    fault: impl Fn(&RowError) -> Invalid,
) -> Result<Done<IngestReport>, Invalid> {
    let told = |error: &RowError| {
        let Invalid { field, message } = fault(error);
        RowFaultView { row: first + error.row as u64, field: field.into_owned(), message }
    };
    match given {
        Ok(done) => Ok(done.map(|Ingested { taken, again, refused, faults }| {
            let faults = faults.iter().map(told).collect();
            IngestReport { taken, again, refused, faults }
        })),
        Err(RollupError::Ingest(IngestError::Row(error))) => {
            let RowFaultView { row, field, message } = told(&error);
            Err(invalid(format!("trades[{row}].{field}"), message))
        }
        Err(error) => Err(error.into()),
    }
}

/// The field of a trade that a column has.
fn field_of(error: &RowError) -> &'static str {
    if error.column == "sequence" { "id" } else { error.column }
}

/// Puts a trade in the place of that with its symbol, instant and id; gives what that was.
///
/// # Errors
/// As [`Rollups::correct`]; a field that is missing or cannot be read.
pub fn correct_trade(
    rollups: &mut Rollups,
    call: &CorrectTrade,
    now: i64,
) -> Result<Done<TradeView>, Invalid> {
    let scales = scales(rollups, &call.rollup)?;
    let of_trade = |fault: Invalid| invalid(format!("trade.{}", fault.field), fault.message);
    let trade = read(&call.trade, true, scales).map_err(of_trade)?;
    let symbol = call.trade.symbol.as_deref().unwrap_or_default();
    let done = rollups.correct(&call.rollup, symbol, &trade, now);
    let done = done.map_err(|error| match error.field() {
        "rollup" => error.into(),
        _ => of_trade(error.into()),
    })?;
    Ok(done.map(|was| view(symbol, &was, scales)))
}

/// Takes a trade back; gives what it was.
///
/// # Errors
/// As [`Rollups::remove`]; a field that cannot be read.
pub fn remove_trade(rollups: &mut Rollups, call: &RemoveTrade) -> Result<Done<TradeView>, Invalid> {
    let scales = scales(rollups, &call.rollup)?;
    let symbol = symbol(Some(&call.symbol))?;
    let key = (instant("at", &call.at)?, id(Some(&call.id))?);
    let done = rollups.remove(&call.rollup, symbol, key)?;
    Ok(done.map(|was| view(symbol, &was, scales)))
}

fn view(symbol: &str, trade: &Trade, (price, quantity): Scales) -> TradeView {
    let taker = trade.taker.map(|taker| match taker {
        Taker::Buyer => "buyer".to_owned(),
        Taker::Seller => "seller".to_owned(),
    });
    TradeView {
        symbol: symbol.to_owned(),
        at: time::format_instant(trade.at),
        id: trade.sequence.to_string(),
        price: trade.price.to_text(price),
        quantity: trade.quantity.to_text(quantity),
        taker,
    }
}

/// The trade of a row, with an id or without.
fn read(row: &TradeRow, has_id: bool, scales: Scales) -> Result<Trade, Invalid> {
    symbol(row.symbol.as_deref())?;
    let at = instant("at", row.at.as_deref().unwrap_or_default())?;
    let sequence = match (&row.id, has_id) {
        (None, false) => 0,
        (Some(_), false) => {
            let what = "is given, and the first trade has none: give all of them one, or none";
            return Err(invalid("id", what));
        }
        (own, true) => id(own.as_deref())?,
    };
    let amount = |field: &'static str, text: &Option<String>, scale| {
        let text = text.as_deref().unwrap_or_default();
        Amount::parse(text, scale).map_err(|error| invalid(field, error))
    };
    let price = amount("price", &row.price, scales.0)?;
    let quantity = amount("quantity", &row.quantity, scales.1)?;
    let taker = match row.taker.as_deref() {
        None => None,
        Some("buyer") => Some(Taker::Buyer),
        Some("seller") => Some(Taker::Seller),
        Some(_) => {
            return Err(invalid("taker", "is neither `buyer` nor `seller`: leave it out"));
        }
    };
    Ok(Trade { at, sequence, price, quantity, taker })
}

fn symbol(text: Option<&str>) -> Result<&str, Invalid> {
    let is_one = |text: &&str| (1..=crate::rollup::SYMBOL).contains(&text.len());
    text.filter(is_one).ok_or_else(|| invalid("symbol", RowFault::Name))
}

fn id(text: Option<&str>) -> Result<u64, Invalid> {
    let is_number =
        |text: &&str| text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.filter(is_number).and_then(|text| text.parse::<u64>().ok());
    number
        .filter(|number| i64::try_from(*number).is_ok())
        .ok_or_else(|| invalid("id", "is no whole number below 2^63: write its digits as text"))
}

/// Rows as columns.
struct Columns<'a> {
    at: Vec<i64>,
    sequence: Vec<u64>,
    names: Vec<&'a str>,
    codes: Vec<u32>,
    price: Vec<u128>,
    quantity: Vec<u128>,
    taker: Vec<u8>,
    valid: Vec<u8>,
}

impl<'a> Columns<'a> {
    fn with_capacity(rows: usize) -> Self {
        Self {
            at: Vec::with_capacity(rows),
            sequence: Vec::with_capacity(rows),
            names: Vec::with_capacity(rows),
            codes: Vec::with_capacity(rows),
            price: Vec::with_capacity(rows),
            quantity: Vec::with_capacity(rows),
            taker: Vec::with_capacity(rows),
            valid: vec![0; rows.div_ceil(8)],
        }
    }

    /// Adds a row; `None` for one that cannot be read.
    fn push(&mut self, symbol: &'a str, trade: Option<Trade>) {
        let row = self.at.len();
        if trade.is_some()
            && let Some(byte) = self.valid.get_mut(row / 8)
        {
            *byte |= 1 << (row % 8);
        }
        let zero = Amount::from_units(0);
        let none = Trade { at: 0, sequence: 0, price: zero, quantity: zero, taker: None };
        let trade = trade.unwrap_or(none);
        self.at.push(trade.at);
        self.sequence.push(trade.sequence);
        self.codes.push(u32::try_from(row).unwrap_or(u32::MAX));
        self.names.push(symbol);
        self.price.push(trade.price.units());
        self.quantity.push(trade.quantity.units());
        self.taker.push(Taker::number(trade.taker));
    }

    fn trades(&self, has_ids: bool) -> Trades<'_> {
        Trades {
            at: &self.at,
            sequence: has_ids.then_some(&*self.sequence),
            symbol: Names::Coded { codes: &self.codes, names: &self.names },
            price: Numbers::Units(&self.price),
            quantity: Numbers::Units(&self.quantity),
            taker: Some(&self.taker),
            valid: Some(&self.valid),
        }
    }
}
