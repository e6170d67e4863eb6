//! Rollups: what is called by name.

use serde_json::{Map, Value};

use super::failure::{Failure, TOO_LARGE};
use super::{Surface, instant, json, nothing, operation, read};
use crate::Thalium;
use crate::api::Invalid;
use crate::api::rollup::{
    AdvanceRollup, CorrectTrade, IngestTrades, NamedRollup, RemoveTrade, TRADES_MAX, TradeRow,
    too_many_trades,
};

/// Calls an operation of rollups.
pub(super) fn call(
    ledger: &Thalium,
    op: &str,
    object: Map<String, Value>,
) -> Result<String, Failure> {
    match op {
        "define_rollup" => read(object).and_then(|call| json(&ledger.define_rollup(&call)?)),
        "drop_rollup" => {
            read(object).and_then(|NamedRollup { name }| json(&ledger.drop_rollup(&name)?))
        }
        "list_rollups" => nothing(object).and_then(|()| json(&ledger.list_rollups()?)),
        "ingest_trades" => ingest(ledger, object),
        "correct_trade" => correct(ledger, object),
        "remove_trade" => {
            read(object).and_then(|call: RemoveTrade| json(&ledger.remove_trade(&call)?))
        }
        "advance_rollup" => read(object).and_then(|call: AdvanceRollup| {
            let now = instant(ledger, call.now.as_deref())?;
            json(&ledger.advance_rollup(&call.rollup, now)?)
        }),
        "klines" => read(object).and_then(|call| json(&ledger.klines(&call)?)),
        "list_symbols" => read(object).and_then(|call| json(&ledger.list_symbols(&call)?)),
        "rollup_changes" => read(object).and_then(|call| json(&ledger.rollup_changes(&call)?)),
        op => Err(operation::unknown(op, Surface::Ledger)),
    }
}

fn ingest(ledger: &Thalium, mut object: Map<String, Value>) -> Result<String, Failure> {
    // The trades are read one by one, so that what is wrong is told with its row.
    let Some(Value::Array(rows)) = object.remove("trades") else {
        return Err(Failure::usage("trades", "is missing or no list: write [{\"symbol\":…},…]"));
    };
    if rows.len() > TRADES_MAX {
        let Invalid { field, message } = too_many_trades(rows.len(), TRADES_MAX);
        return Err(Failure { code: TOO_LARGE.to_owned(), ..Failure::usage(&field, message) });
    }
    let rows = rows.into_iter().enumerate();
    let trades = rows.map(|(index, row)| trade(&format!("trades[{index}]"), row));
    let trades = trades.collect::<Result<Vec<_>, _>>()?;
    let call = IngestTrades { trades, ..read(object)? };
    let now = instant(ledger, call.now.as_deref())?;
    json(&ledger.ingest_trades_at(now, &call)?)
}

/// Gives a table of trades to a rollup. The call is JSON: what stands beside the trades where they are text.
///
/// # Errors
/// A call that cannot be read, or what [`Thalium::ingest_batches`] says.
#[cfg(feature = "tables")]
pub fn ingest_batches(
    ledger: &Thalium,
    call: &str,
    batches: &[thalium_tables::arrow_array::RecordBatch],
) -> Result<String, Failure> {
    let call: IngestTrades = super::read_json(call)?;
    if !call.trades.is_empty() {
        return Err(Failure::usage("trades", "stand in the table: leave them out"));
    }
    let now = instant(ledger, call.now.as_deref())?;
    let bad = call.bad_rows.unwrap_or_default().into();
    json(&ledger.ingest_batches_at(now, &call.rollup, batches, bad)?)
}

fn correct(ledger: &Thalium, mut object: Map<String, Value>) -> Result<String, Failure> {
    let Some(row @ Value::Object(_)) = object.remove("trade") else {
        return Err(Failure::usage("trade", "is missing or no object: write {\"symbol\":…}"));
    };
    let trade = trade("trade", row)?;
    let call = CorrectTrade { trade, ..read(object)? };
    let now = instant(ledger, call.now.as_deref())?;
    json(&ledger.correct_trade_at(now, &call)?)
}

/// A trade; a field that is no text stands there as one that cannot be read.
fn trade(at: &str, row: Value) -> Result<TradeRow, Failure> {
    let Value::Object(fields) = row else {
        return Err(Failure::usage(at, "is no object: write {\"symbol\":…}"));
    };
    let mut trade = TradeRow::default();
    for (name, value) in fields {
        let field = match name.as_str() {
            "symbol" => &mut trade.symbol,
            "at" => &mut trade.at,
            "id" => &mut trade.id,
            "price" => &mut trade.price,
            "quantity" => &mut trade.quantity,
            "taker" => &mut trade.taker,
            _ => {
                let name: String = name.chars().take(64).collect();
                let known = "symbol, at, id, price, quantity and taker";
                return Err(Failure::usage(
                    &format!("{at}.{name}"),
                    format!("a trade has {known}"),
                ));
            }
        };
        *field = match value {
            Value::String(text) => Some(text),
            Value::Null => None,
            _ => Some(String::new()),
        };
    }
    Ok(trade)
}
