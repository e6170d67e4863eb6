//! Columns of trades: a row is a trade of a rollup. For millions at a time, without a text or an object for each.
//!
//! | Column | Type |
//! |---|---|
//! | `at` | a timestamp of any unit, in UTC if it has no zone; or nanoseconds since 1970 as `int64` |
//! | `symbol` | text, plain or as a dictionary |
//! | `price`, `quantity` | decimals of 128 bits, or decimal text; what has more digits than the rollup has zeros there |
//! | `price_units`, `quantity_units` | in their place: units of the rollup's last digit, as `int64` or `uint64` |
//! | `id` | `int64` or `uint64`, below 2⁶³: in every row, or there is no such column |
//! | `taker` | `buyer`, `seller` or nothing: text, plain or as a dictionary |
//!
//! What has the form that a rollup reads is not copied: timestamps in nanoseconds, decimals of its own scale, text with offsets of 32 bits,
//! dictionaries with keys of 32 bits, units, ids.

use std::collections::BTreeMap;
use std::fmt::Display;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use thalium::api::Invalid;
use thalium::money::Amount;
use thalium::rollup::{FAULTS, Names, Numbers, RowError, Trades};

use crate::texts::{Coded, texts};
use crate::times::timestamps;

const KNOWN: [&str; 8] =
    ["at", "symbol", "price", "price_units", "quantity", "quantity_units", "id", "taker"];

/// The trades of a batch of rows, ready to be given to a rollup.
pub struct TradeColumns<'a> {
    at: ScalarBuffer<i64>,
    id: Option<ScalarBuffer<u64>>,
    symbol: Symbols<'a>,
    price: Amounts,
    quantity: Amounts,
    taker: Option<Vec<u8>>,
    faults: Faults,
}

enum Symbols<'a> {
    Coded { codes: ScalarBuffer<u32>, names: Vec<&'a str> },
    Texts { offsets: &'a [i32], bytes: &'a [u8] },
}

/// Units of the last digit.
enum Amounts {
    Ints(ScalarBuffer<i64>),
    Wide(ScalarBuffer<i128>),
}

impl Amounts {
    fn numbers(&self) -> Numbers<'_> {
        match self {
            Self::Ints(rows) => Numbers::Ints(rows),
            Self::Wide(rows) => Numbers::Wide(rows),
        }
    }
}

impl<'a> TradeColumns<'a> {
    /// Reads a batch for a rollup whose prices and quantities have so many digits behind the point. A row with a cell that cannot be read
    /// is there and missing: see [`TradeColumns::fault`].
    ///
    /// # Errors
    /// A column that is missing, unknown, there twice, or of a type that is not read.
    pub fn read(
        batch: &'a RecordBatch,
        price_scale: u8,
        quantity_scale: u8,
    ) -> Result<Self, Invalid> {
        let names = || batch.schema_ref().fields().iter().map(|field| field.name());
        for (place, name) in names().enumerate() {
            if !KNOWN.contains(&name.as_str()) {
                let message = format!("is not known; there are {}", KNOWN.join(", "));
                return Err(invalid(name, message));
            }
            if names().take(place).any(|other| other == name) {
                return Err(invalid(name, "is there twice: leave one of them out"));
            }
        }
        let faults = Faults { rows: batch.num_rows(), valid: None, told: BTreeMap::new() };
        let mut reading = Reading { batch, faults };
        Ok(Self {
            symbol: reading.symbols()?,
            at: reading.instants()?,
            id: reading.ids()?,
            price: reading.amounts("price", "price_units", price_scale)?,
            quantity: reading.amounts("quantity", "quantity_units", quantity_scale)?,
            taker: reading.takers()?,
            faults: reading.faults,
        })
    }

    /// The trades.
    #[must_use]
    pub fn trades(&self) -> Trades<'_> {
        Trades {
            at: &self.at,
            sequence: self.id.as_deref(),
            symbol: match &self.symbol {
                Symbols::Coded { codes, names } => Names::Coded { codes, names },
                Symbols::Texts { offsets, bytes } => Names::Texts { offsets, bytes },
            },
            price: self.price.numbers(),
            quantity: self.quantity.numbers(),
            taker: self.taker.as_deref(),
            valid: self.faults.valid.as_deref(),
        }
    }

    /// What is wrong with a row that a rollup has refused: the column, and why. Of those that could not be read, the first thousand are known.
    #[must_use]
    pub fn fault(&self, error: &RowError) -> Invalid {
        match self.faults.told.get(&error.row).filter(|_| error.column == "valid") {
            Some(unread) => unread.clone(),
            None if error.column == "sequence" => invalid("id", error.why),
            None => invalid(error.column, error.why),
        }
    }
}

/// Rows with a cell that cannot be read.
struct Faults {
    rows: usize,
    /// Of each row a bit, the least first: zero for these.
    valid: Option<Vec<u8>>,
    /// What is wrong with the first [`FAULTS`] of them: a rollup tells no more.
    told: BTreeMap<usize, Invalid>,
}

impl Faults {
    fn add(&mut self, row: usize, column: &'static str, why: &dyn Display) {
        let rows = self.rows;
        let valid = self.valid.get_or_insert_with(|| vec![u8::MAX; rows.div_ceil(8)]);
        if let Some(bits) = valid.get_mut(row / 8) {
            *bits &= !(1_u8 << (row % 8));
        }
        let last = self.told.last_key_value().map(|(last, _)| *last);
        if self.told.len() < FAULTS || last.is_some_and(|last| row < last) {
            self.told.entry(row).or_insert_with(|| invalid(column, why));
            if self.told.len() > FAULTS {
                self.told.pop_last();
            }
        }
    }
}

/// A batch while it is read.
struct Reading<'a> {
    batch: &'a RecordBatch,
    faults: Faults,
}

impl<'a> Reading<'a> {
    /// A column in which no cell may be empty.
    fn full(&mut self, name: &'static str) -> Option<&'a ArrayRef> {
        let array = self.batch.column_by_name(name)?;
        if let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
            for row in (0..nulls.len()).filter(|row| nulls.is_null(*row)) {
                self.faults.add(row, name, &"is missing: leave the row out, or fill it in");
            }
        }
        Some(array)
    }

    fn symbols(&mut self) -> Result<Symbols<'a>, Invalid> {
        let array = self.full("symbol").ok_or_else(|| invalid("symbol", "is missing"))?;
        if let Some(texts) = array.as_string_opt::<i32>() {
            return Ok(Symbols::Texts { offsets: texts.offsets(), bytes: texts.value_data() });
        }
        let Coded { codes, texts } =
            Coded::of(array).ok_or_else(|| other_type("symbol", array, "text"))?;
        // A name that is missing is none.
        Ok(Symbols::Coded {
            codes,
            names: texts.into_iter().map(Option::unwrap_or_default).collect(),
        })
    }

    fn instants(&mut self) -> Result<ScalarBuffer<i64>, Invalid> {
        let array = self.full("at").ok_or_else(|| invalid("at", "is missing"))?;
        let nanoseconds = || array.as_primitive_opt::<Int64Type>().map(|rows| (rows.values(), 1));
        let (rows, nanos) = timestamps(array)
            .or_else(nanoseconds)
            .ok_or_else(|| other_type("at", array, "timestamps, or nanoseconds as int64"))?;
        let mut read = |(row, at): (usize, &i64)| {
            at.checked_mul(nanos).filter(|at| *at > 0).unwrap_or_else(|| {
                self.faults.add(row, "at", &"is no instant from 1970 to 2262");
                0
            })
        };
        if nanos == 1 {
            for row in rows.iter().enumerate() {
                read(row);
            }
            return Ok(rows.clone());
        }
        Ok(rows.iter().enumerate().map(read).collect())
    }

    fn ids(&mut self) -> Result<Option<ScalarBuffer<u64>>, Invalid> {
        let Some(array) = self.full("id") else { return Ok(None) };
        let ids: ScalarBuffer<u64> = match array.data_type() {
            DataType::UInt64 => array.as_primitive::<UInt64Type>().values().clone(),
            // One below zero is past the greatest then.
            DataType::Int64 => array.as_primitive::<Int64Type>().values().inner().clone().into(),
            _ => return Err(other_type("id", array, "int64 or uint64")),
        };
        for (row, _) in ids.iter().enumerate().filter(|(_, id)| i64::try_from(**id).is_err()) {
            self.faults.add(row, "id", &"is no whole number below 2^63");
        }
        Ok(Some(ids))
    }

    fn amounts(
        &mut self,
        name: &'static str,
        units: &'static str,
        scale: u8,
    ) -> Result<Amounts, Invalid> {
        match (self.full(name), self.full(units)) {
            (Some(array), None) => self.decimals(name, array, scale).map(Amounts::Wide),
            (None, Some(array)) => match array.data_type() {
                DataType::Int64 => {
                    Ok(Amounts::Ints(array.as_primitive::<Int64Type>().values().clone()))
                }
                DataType::UInt64 => {
                    let rows = array.as_primitive::<UInt64Type>().values().iter();
                    Ok(Amounts::Wide(rows.map(|units| i128::from(*units)).collect()))
                }
                _ => Err(other_type(units, array, "int64 or uint64")),
            },
            (Some(_), Some(_)) => {
                let message = format!("is there beside `{name}`: leave one of them out");
                Err(invalid(units, message))
            }
            (None, None) => Err(invalid(name, format!("is missing, and `{units}` too"))),
        }
    }

    fn decimals(
        &mut self,
        name: &'static str,
        array: &ArrayRef,
        scale: u8,
    ) -> Result<ScalarBuffer<i128>, Invalid> {
        let kind = array.data_type();
        if let DataType::Decimal128(_, own) = kind {
            let rows = array.as_primitive::<Decimal128Type>().values();
            return Ok(self.scaled(name, rows, (*own).into(), scale.into()));
        }
        if kind.is_floating() {
            let what = "is a float, which cannot hold money: cast it to";
            return Err(invalid(name, format!("{what} decimal128(38, {scale})")));
        }
        if kind.is_integer() {
            let what =
                format!("is of whole numbers: name it `{name}_units` if they count units of");
            let message = format!("{what} the last digit, or cast it to decimal128(38, {scale})");
            return Err(invalid(name, message));
        }
        let texts = texts(array)
            .ok_or_else(|| other_type(name, array, "decimals of 128 bits, or decimal text"))?;
        let read = |(row, text): (usize, Option<&str>)| {
            let Some(text) = text else { return 0 };
            let parsed = Amount::parse(text, scale);
            let why: &dyn Display = match &parsed {
                Ok(amount) => match i128::try_from(amount.units()) {
                    Ok(units) => return units,
                    Err(_) => &"is too large",
                },
                Err(error) => error,
            };
            self.faults.add(row, name, why);
            0
        };
        Ok(texts.enumerate().map(read).collect())
    }

    /// Decimals with other digits behind the point, none of them rounded.
    fn scaled(
        &mut self,
        name: &'static str,
        rows: &ScalarBuffer<i128>,
        from: i32,
        to: i32,
    ) -> ScalarBuffer<i128> {
        if from == to {
            return rows.clone();
        }
        let power = 10_i128.checked_pow(from.abs_diff(to));
        let why = match from < to {
            true => "is too large".to_owned(),
            false => format!("has more than {to} digits behind the point"),
        };
        let scaled = |decimal: i128| match power {
            Some(power) if from < to => decimal.checked_mul(power),
            Some(power) if decimal % power == 0 => Some(decimal / power),
            None if decimal == 0 => Some(0),
            _ => None,
        };
        let rows = rows.iter().enumerate().map(|(row, decimal)| {
            scaled(*decimal).unwrap_or_else(|| {
                self.faults.add(row, name, &why);
                0
            })
        });
        rows.collect()
    }

    fn takers(&mut self) -> Result<Option<Vec<u8>>, Invalid> {
        let Some(array) = self.batch.column_by_name("taker") else { return Ok(None) };
        if array.data_type() == &DataType::Null {
            return Ok(None);
        }
        let Coded { codes, texts } = Coded::of(array)
            .ok_or_else(|| other_type("taker", array, "`buyer`, `seller` or nothing, as text"))?;
        let number = |text: Option<&str>| match text {
            None => Some(0),
            Some("buyer") => Some(1),
            Some("seller") => Some(2),
            Some(_) => None,
        };
        let numbers: Vec<Option<u8>> = texts.into_iter().map(number).collect();
        let taker = |(row, code): (usize, &u32)| {
            let number = usize::try_from(*code).ok().and_then(|code| *numbers.get(code)?);
            let number = if array.is_null(row) { Some(0) } else { number };
            number.unwrap_or_else(|| {
                self.faults.add(row, "taker", &"is neither `buyer` nor `seller`: leave it empty");
                0
            })
        };
        Ok(Some(codes.iter().enumerate().map(taker).collect()))
    }
}

fn other_type(column: &'static str, array: &ArrayRef, wanted: &str) -> Invalid {
    invalid(column, format!("has the type {}: give {wanted}", array.data_type()))
}

fn invalid(column: &str, message: impl ToString) -> Invalid {
    Invalid { field: column.to_owned().into(), message: message.to_string() }
}

#[cfg(test)]
#[path = "trades_tests.rs"]
mod tests;
