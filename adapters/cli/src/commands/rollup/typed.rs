//! Trades of a file whose columns have the types of trades: they are given by the batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use thalium_host::tables::arrow_array::cast::AsArray;
use thalium_host::tables::arrow_array::{
    ArrayRef, DictionaryArray, RecordBatch, StringArray, UInt32Array,
};
use thalium_host::tables::arrow_schema::{ArrowError, DataType, Schema};
use thalium_host::tables::texts;

use super::ingest::{Field, taker};

/// Which columns of a file are those of trades.
#[derive(Debug)]
pub(super) struct Typed {
    /// Their places, and what they are called.
    columns: Vec<(usize, &'static str)>,
    /// The symbol of all trades.
    symbol: Option<String>,
}

impl Typed {
    /// `None` where a column has to be read cell by cell, as times that are counted in a unit and numbers that are text.
    pub(super) fn of(
        schema: &Schema,
        known: &BTreeMap<String, Field>,
        symbol: Option<&str>,
    ) -> Option<Self> {
        let mut columns: Vec<(usize, &'static str)> = Vec::new();
        for (place, column) in schema.fields().iter().enumerate() {
            let Some(field) = known.get(column.name()) else { continue };
            if *field == Field::Symbol && symbol.is_some() {
                continue;
            }
            let name = name_of(*field, column.data_type())?;
            if columns.iter().any(|(_, other)| *other == name) {
                return None;
            }
            columns.push((place, name));
        }
        Some(Self { columns, symbol: symbol.map(ToOwned::to_owned) })
    }

    /// The trades of a batch.
    pub(super) fn batch(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        if let Some(symbol) = &self.symbol {
            let codes = UInt32Array::from(vec![0_u32; batch.num_rows()]);
            let names = Arc::new(StringArray::from_iter_values([symbol]));
            columns.push(("symbol", Arc::new(DictionaryArray::try_new(codes, names)?)));
        }
        for (place, name) in &self.columns {
            let Some(array) = batch.columns().get(*place) else { continue };
            let array = if *name == "taker" { takers(array) } else { Arc::clone(array) };
            columns.push((*name, array));
        }
        RecordBatch::try_from_iter(columns)
    }
}

/// What a column is called among those of trades; `None` where its type is not that of one.
fn name_of(field: Field, kind: &DataType) -> Option<&'static str> {
    let is_text = matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let is_decimal = matches!(kind, DataType::Decimal128(..));
    Some(match field {
        Field::Symbol if is_text || matches!(kind, DataType::Dictionary(..)) => "symbol",
        Field::At(_) if matches!(kind, DataType::Timestamp(..)) => "at",
        Field::Id if matches!(kind, DataType::Int64 | DataType::UInt64) => "id",
        Field::Price if is_decimal => "price",
        Field::Quantity if is_decimal => "quantity",
        Field::Taker if is_text => "taker",
        Field::BuyerMaker if *kind == DataType::Boolean => "taker",
        _ => return None,
    })
}

/// Who took the trades, by the sides, or by whether the buyer was there first.
fn takers(array: &ArrayRef) -> ArrayRef {
    let takers: StringArray = match (texts(array), array.as_boolean_opt()) {
        (Some(sides), _) => sides.map(|side| side.map(taker)).collect(),
        (None, Some(makers)) => {
            let taker = |is_maker: bool| if is_maker { "seller" } else { "buyer" };
            makers.iter().map(|is_maker| is_maker.map(taker)).collect()
        }
        (None, None) => return Arc::clone(array),
    };
    Arc::new(takers)
}

#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
