//! Columns of posts: one row moves money once. For thousands at a time, without a text or an object for each.
//!
//! | Column | Type |
//! |---|---|
//! | `id` | 16 bytes, big-endian; an unsigned number; a UUID or decimal number as text. Or `key` |
//! | `key` | text: the caller's name for it |
//! | `from`, `to` | as `id`; or an account's key as text, plain or as a dictionary |
//! | `units` | a whole number of smallest units: an integer of up to 64 bits, or a decimal of scale 0 |
//! | `amount` | in place of `units`: a decimal, or decimal text |
//! | `asset` | text, plain or as a dictionary; by default the asset of the account `from` |
//! | `code` | a whole number from 1 to 65,535; by default 1 |
//! | `effective_date` | a date; by default the day on which it is booked |
//! | `description` | text |
//!
//! The types are checked before the first row is booked; what is wrong with a cell is told with its row.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use thalium::ledger::Book;
use thalium::ledger::detail::Detail;
use thalium::ledger::transfer::EffectiveDate;
use thalium::money::{Amount, AssetCode};
use thalium::{Command, Id, Transfer, api};

use crate::texts::{Coded, texts};

/// Columns that cannot be read: which, in which row, what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", place(column, *row))]
pub struct PostsError {
    /// The column.
    pub column: String,
    /// The row, from zero; `None` if all of the column is at fault.
    pub row: Option<u64>,
    /// What is wrong, and what to do.
    pub message: String,
}

fn place(column: &str, row: Option<u64>) -> String {
    row.map_or_else(|| format!("column `{column}`"), |row| format!("column `{column}`, row {row}"))
}

const KNOWN: [&str; 9] =
    ["id", "key", "from", "to", "units", "amount", "asset", "code", "effective_date"];
const DESCRIPTION: &str = "description";

/// The posts of a batch of rows, read and ready to be booked.
pub struct PostColumns {
    ids: Vec<Id>,
    from: Vec<Id>,
    to: Vec<Id>,
    amounts: Amounts,
    assets: Option<Assets>,
    codes: Option<Vec<u16>>,
    dates: Option<Vec<EffectiveDate>>,
    details: Option<Vec<Option<Box<Detail>>>>,
    /// The number of the first row.
    first: u64,
    is_cheap: bool,
}

enum Amounts {
    Units(Vec<u128>),
    /// Digits with a point somewhere: read in the scale of the row's asset.
    Text(Vec<String>),
}

/// The code of each row's asset, each code once.
struct Assets {
    codes: Vec<AssetCode>,
    of: ScalarBuffer<u32>,
}

impl PostColumns {
    /// Reads a batch, of which the first row has the number `first`; `asset` is that of every row, where no column says.
    ///
    /// # Errors
    /// A column that is missing, unknown or of a type that is not read; a cell that is empty or makes no sense.
    pub fn read(batch: &RecordBatch, first: u64, asset: Option<&str>) -> Result<Self, PostsError> {
        for field in batch.schema_ref().fields() {
            let name = field.name().as_str();
            if !KNOWN.contains(&name) && name != DESCRIPTION {
                let message =
                    format!("is not known; there are {}, {DESCRIPTION}", KNOWN.join(", "));
                return Err(fault(name, None, message));
            }
        }
        let read = Columns { batch, first };
        let keys = read.texts("key")?;
        let descriptions = read.texts(DESCRIPTION)?;
        let ids = match (read.ids("id", "transfer")?, &keys) {
            (Some(ids), _) => ids,
            (None, Some(keys)) => read.own_ids(keys)?,
            (None, None) => {
                let message = "is missing, and `id` too: without one a retry is not recognised";
                return Err(fault("key", None, message));
            }
        };
        let needed = |name: &'static str, ids: Option<Vec<Id>>| {
            ids.ok_or_else(|| fault(name, None, "is missing: give keys or ids of accounts"))
        };
        Ok(Self {
            ids,
            from: needed("from", read.ids("from", "account")?)?,
            to: needed("to", read.ids("to", "account")?)?,
            amounts: read.amounts()?,
            assets: read.assets(asset)?,
            codes: read.codes()?,
            dates: read.dates()?,
            details: read.details(keys, descriptions)?,
            first,
            is_cheap: batch.columns().iter().all(|column| column.data_type().is_primitive())
                && batch.column_by_name("amount").is_none(),
        })
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Resolves assets and amounts against the books.
    ///
    /// # Errors
    /// An asset that is not there; an amount that is none in its asset.
    pub fn resolve(mut self, book: &Book) -> Result<Posts, PostsError> {
        let ledgers = self.ledgers(book)?;
        let units = match std::mem::replace(&mut self.amounts, Amounts::Units(Vec::new())) {
            Amounts::Units(units) => units,
            Amounts::Text(texts) => {
                let mut units = Vec::with_capacity(texts.len());
                for (row, (text, ledger)) in (self.first..).zip(texts.iter().zip(&ledgers)) {
                    let asset = book.asset(*ledger).ok_or_else(|| {
                        fault("asset", Some(row), "is not known: add a column `asset`")
                    })?;
                    let amount = Amount::parse(text, asset.scale())
                        .map_err(|error| fault("amount", Some(row), error.to_string()))?;
                    units.push(amount.units());
                }
                units
            }
        };
        Ok(Posts { columns: self, ledgers, units })
    }

    /// The posts of columns of which the ledger numbers are known: see [`Posts::forget`].
    ///
    /// # Errors
    /// Amounts that are text, which only the books can read.
    pub fn in_ledgers(mut self, ledgers: Vec<u32>) -> Result<Posts, PostsError> {
        match std::mem::replace(&mut self.amounts, Amounts::Units(Vec::new())) {
            Amounts::Units(units) => Ok(Posts { columns: self, ledgers, units }),
            Amounts::Text(_) => Err(fault("amount", None, "has to be read by the books")),
        }
    }

    /// The ledger number of each row's asset; zero where the account is not there, which is the ledger's to refuse.
    fn ledgers(&self, book: &Book) -> Result<Vec<u32>, PostsError> {
        let Some(assets) = &self.assets else {
            let mut known: HashMap<Id, u32> = HashMap::new();
            let ledger_of = |id: &Id| {
                *known
                    .entry(*id)
                    .or_insert_with(|| book.account(*id).map_or(0, |account| account.opened.ledger))
            };
            return Ok(self.from.iter().map(ledger_of).collect());
        };
        let find = |code: &AssetCode| {
            book.ledger_of(*code).ok_or_else(|| {
                fault("asset", None, format!("there is no asset `{code}`: register it first"))
            })
        };
        let ledgers = assets.codes.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let at = |index: &u32| usize::try_from(*index).ok().and_then(|i| ledgers.get(i).copied());
        Ok(assets.of.iter().map(|index| at(index).unwrap_or(0)).collect())
    }
}

/// Posts that are ready to be booked.
pub struct Posts {
    columns: PostColumns,
    ledgers: Vec<u32>,
    units: Vec<u128>,
}

impl Posts {
    /// Gives the ledger numbers alone where reading the rest again costs less than keeping it in memory: where nothing of it
    /// was text. Else all of it.
    ///
    /// # Errors
    /// None: what is not forgotten comes back.
    pub fn forget(self) -> Result<Vec<u32>, Box<Self>> {
        if self.columns.is_cheap { Ok(self.ledgers) } else { Err(Box::new(self)) }
    }

    /// The commands, in the order of the rows.
    pub fn commands(&mut self) -> impl Iterator<Item = Command> {
        let PostColumns { ids, from, to, codes, dates, details, .. } = &mut self.columns;
        let (ledgers, units) = (&self.ledgers, &self.units);
        let mut rows = 0..ids.len();
        std::iter::from_fn(move || {
            let row = rows.next()?;
            Some(Command::Transfer(Transfer {
                id: *ids.get(row)?,
                debit_account_id: *from.get(row)?,
                credit_account_id: *to.get(row)?,
                amount: *units.get(row)?,
                ledger: *ledgers.get(row)?,
                code: codes.as_ref().and_then(|codes| codes.get(row).copied()).unwrap_or(1),
                effective_date: dates
                    .as_ref()
                    .and_then(|dates| dates.get(row).copied())
                    .unwrap_or_default(),
                detail: details.as_mut().and_then(|details| details.get_mut(row)?.take()),
                ..Transfer::default()
            }))
        })
    }
}

/// A batch while it is read.
struct Columns<'a> {
    batch: &'a RecordBatch,
    first: u64,
}

impl Columns<'_> {
    fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.batch.column_by_name(name)
    }

    fn fault(&self, column: &str, row: usize, message: impl ToString) -> PostsError {
        fault(column, Some(self.first + row as u64), message)
    }

    /// A column in which no cell may be empty.
    fn full(&self, name: &str) -> Result<Option<&ArrayRef>, PostsError> {
        let Some(array) = self.column(name) else { return Ok(None) };
        match (0..array.len()).find(|row| array.is_null(*row)) {
            Some(row) if array.null_count() > 0 => Err(self.fault(name, row, "is empty")),
            _ => Ok(Some(array)),
        }
    }

    /// Ids, or keys that stand for ids of a namespace.
    fn ids(&self, name: &'static str, namespace: &str) -> Result<Option<Vec<Id>>, PostsError> {
        let Some(array) = self.full(name)? else { return Ok(None) };
        let of_text = |text: &str| match namespace {
            "account" => api::account_id(name, text).map_err(|error| error.message),
            // An id of its own is written as one: a key has its own column.
            _ => text.parse::<Id>().map_err(|error| error.to_string()),
        };
        Ok(Some(match array.data_type() {
            DataType::FixedSizeBinary(16) => {
                let id = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).map(u128::from_be_bytes);
                let array = array.as_fixed_size_binary();
                array.iter().flatten().map(|bytes| Id(id(bytes).unwrap_or_default())).collect()
            }
            DataType::UInt64 => {
                let numbers = array.as_primitive::<UInt64Type>().values();
                numbers.iter().map(|number| Id((*number).into())).collect()
            }
            DataType::Int64 => {
                let numbers = array.as_primitive::<Int64Type>().values().iter().enumerate();
                let id = |(row, number): (usize, &i64)| {
                    let id = u128::try_from(*number);
                    id.map(Id).map_err(|_| self.fault(name, row, format!("{number} is negative")))
                };
                numbers.map(id).collect::<Result<_, _>>()?
            }
            DataType::Dictionary(..) => {
                let texts = self.distinct(name, array)?;
                let ids: Vec<_> = texts.texts.iter().map(|text| of_text(text)).collect();
                self.by_index(name, &texts.of, &ids)?
            }
            _ => {
                // The same names come again and again.
                let mut known: HashMap<&str, Result<Id, String>> = HashMap::new();
                let ids = self.strings(name, array)?.enumerate().map(|(row, text)| {
                    let id = known.entry(text).or_insert_with(|| of_text(text));
                    id.clone().map_err(|why| self.fault(name, row, why))
                });
                ids.collect::<Result<_, _>>()?
            }
        }))
    }

    /// The ids that keys of transfers stand for.
    fn own_ids(&self, keys: &[Option<&str>]) -> Result<Vec<Id>, PostsError> {
        let id = |(row, key): (usize, &Option<&str>)| {
            let key = key.unwrap_or_default();
            if key.parse::<Id>().is_ok() {
                let message = "reads as an id: give it in the column `id`, or add a letter";
                return Err(self.fault("key", row, message));
            }
            api::transfer_id("key", key).map_err(|error| self.fault("key", row, error.message))
        };
        keys.iter().enumerate().map(id).collect()
    }

    fn amounts(&self) -> Result<Amounts, PostsError> {
        let (units, amounts) = (self.full("units")?, self.full("amount")?);
        match (units, amounts) {
            (Some(_), Some(_)) => {
                Err(fault("amount", None, "is there beside `units`: leave one of them out"))
            }
            (None, None) => Err(fault("units", None, "is missing, and `amount` too")),
            (Some(array), None) => self.units(array).map(Amounts::Units),
            (None, Some(array)) => match array.data_type() {
                DataType::Decimal128(_, scale) if *scale >= 0 => {
                    let array = array.as_primitive::<Decimal128Type>();
                    let texts = (0..array.len()).map(|row| array.value_as_string(row));
                    Ok(Amounts::Text(texts.collect()))
                }
                DataType::Float64 | DataType::Float32 | DataType::Float16 => Err(fault(
                    "amount",
                    None,
                    "is a float, which cannot hold money: give decimals, decimal text, or whole `units`",
                )),
                _ => {
                    let texts = self.strings("amount", array)?.map(str::to_owned);
                    Ok(Amounts::Text(texts.collect()))
                }
            },
        }
    }

    fn units(&self, array: &ArrayRef) -> Result<Vec<u128>, PostsError> {
        let negative = |row: usize, units: &dyn std::fmt::Display| {
            self.fault("units", row, format!("{units} is negative: swap `from` and `to`"))
        };
        macro_rules! signed {
            ($type:ty) => {{
                let values = array.as_primitive::<$type>().values().iter().enumerate();
                values
                    .map(|(row, units)| u128::try_from(*units).map_err(|_| negative(row, units)))
                    .collect()
            }};
        }
        macro_rules! unsigned {
            ($type:ty) => {
                Ok(array.as_primitive::<$type>().values().iter().map(|u| (*u).into()).collect())
            };
        }
        match array.data_type() {
            DataType::UInt64 => unsigned!(UInt64Type),
            DataType::UInt32 => unsigned!(UInt32Type),
            DataType::UInt16 => unsigned!(UInt16Type),
            DataType::UInt8 => unsigned!(UInt8Type),
            DataType::Int64 => signed!(Int64Type),
            DataType::Int32 => signed!(Int32Type),
            DataType::Int16 => signed!(Int16Type),
            DataType::Int8 => signed!(Int8Type),
            DataType::Decimal128(_, 0) => signed!(Decimal128Type),
            other => Err(fault(
                "units",
                None,
                format!("has the type {other}: give whole numbers, or decimals of scale 0"),
            )),
        }
    }

    fn assets(&self, all: Option<&str>) -> Result<Option<Assets>, PostsError> {
        let code = |text: &str| {
            text.parse::<AssetCode>().map_err(|error| fault("asset", None, error.to_string()))
        };
        let Some(array) = self.full("asset")? else {
            let of = vec![0; self.batch.num_rows()].into();
            return all.map(|all| Ok(Assets { codes: vec![code(all)?], of })).transpose();
        };
        if all.is_some() {
            let message = "is there, and an asset for all rows was given: leave one of them out";
            return Err(fault("asset", None, message));
        }
        let Distinct { texts, of } = self.distinct("asset", array)?;
        let codes = texts.iter().map(|text| code(text)).collect::<Result<_, _>>()?;
        Ok(Some(Assets { codes, of }))
    }

    fn codes(&self) -> Result<Option<Vec<u16>>, PostsError> {
        let Some(array) = self.full("code")? else { return Ok(None) };
        let code = |(row, value): (usize, u128)| {
            u16::try_from(value).map_err(|_| self.fault("code", row, "is past 65,535"))
        };
        let numbers = self.units(array).map_err(|error| fault("code", error.row, error.message))?;
        numbers.into_iter().enumerate().map(code).collect::<Result<_, _>>().map(Some)
    }

    fn dates(&self) -> Result<Option<Vec<EffectiveDate>>, PostsError> {
        let Some(array) = self.column("effective_date") else { return Ok(None) };
        if array.data_type() != &DataType::Date32 {
            let message = format!("has the type {}: give dates (date32)", array.data_type());
            return Err(fault("effective_date", None, message));
        }
        let days = array.as_primitive::<Date32Type>().iter();
        Ok(Some(days.map(|days| days.map_or(EffectiveDate::NONE, EffectiveDate::days)).collect()))
    }

    fn details(
        &self,
        keys: Option<Vec<Option<&str>>>,
        descriptions: Option<Vec<Option<&str>>>,
    ) -> Result<Option<Vec<Option<Box<Detail>>>>, PostsError> {
        if keys.is_none() && descriptions.is_none() {
            return Ok(None);
        }
        let text = |texts: &Option<Vec<Option<&str>>>, row: usize| {
            texts.as_ref().and_then(|texts| *texts.get(row)?).unwrap_or_default().to_owned()
        };
        let detail = |row: usize| {
            let (key, description) = (text(&keys, row), text(&descriptions, row));
            let detail = Detail { key, description, ..Detail::default() };
            detail.check().map_err(|error| self.fault(DESCRIPTION, row, error))?;
            Ok(detail.boxed())
        };
        (0..self.batch.num_rows()).map(detail).collect::<Result<_, _>>().map(Some)
    }

    fn texts(&self, name: &'static str) -> Result<Option<Vec<Option<&str>>>, PostsError> {
        let Some(array) = self.column(name) else { return Ok(None) };
        if let Some(texts) = texts(array) {
            return Ok(Some(texts.collect()));
        }
        if !matches!(array.data_type(), DataType::Dictionary(..)) {
            let message = format!("has the type {}: give text", array.data_type());
            return Err(fault(name, None, message));
        }
        let Distinct { texts, of } = self.distinct(name, array)?;
        let text = |(row, index): (usize, &u32)| {
            let index = usize::try_from(*index).ok().filter(|_| !array.is_null(row))?;
            texts.get(index).copied()
        };
        Ok(Some(of.iter().enumerate().map(text).collect()))
    }

    /// The texts of a column in which no cell is empty.
    fn strings<'a>(
        &self,
        name: &str,
        array: &'a ArrayRef,
    ) -> Result<impl Iterator<Item = &'a str>, PostsError> {
        let texts = texts(array).ok_or_else(|| not_read(name, array.data_type()))?;
        Ok(texts.flatten())
    }

    /// A column of texts, each text once; of a dictionary all that it has.
    fn distinct<'a>(&self, name: &str, array: &'a ArrayRef) -> Result<Distinct<'a>, PostsError> {
        let Some(Coded { codes, texts }) = Coded::of(array) else {
            let kind = match array.data_type() {
                DataType::Dictionary(_, values) => values,
                other => other,
            };
            return Err(not_read(name, kind));
        };
        let texts: Option<Vec<&str>> = texts.into_iter().collect();
        let texts =
            texts.ok_or_else(|| fault(name, None, "has an empty text in its dictionary"))?;
        Ok(Distinct { texts, of: codes })
    }

    /// What each row's index stands for.
    fn by_index(
        &self,
        name: &str,
        of: &[u32],
        values: &[Result<Id, String>],
    ) -> Result<Vec<Id>, PostsError> {
        let value = |(row, index): (usize, &u32)| match usize::try_from(*index)
            .ok()
            .and_then(|index| values.get(index))
        {
            Some(Ok(id)) => Ok(*id),
            Some(Err(why)) => Err(self.fault(name, row, why)),
            None => Err(self.fault(name, row, "points past its dictionary")),
        };
        of.iter().enumerate().map(value).collect()
    }
}

/// Texts of a column, each once, and which of them stands in each row.
struct Distinct<'a> {
    texts: Vec<&'a str>,
    of: ScalarBuffer<u32>,
}

fn not_read(column: &str, kind: &DataType) -> PostsError {
    fault(column, None, format!("has the type {kind}, which is not read here"))
}

pub(crate) fn fault(column: &str, row: Option<u64>, message: impl ToString) -> PostsError {
    PostsError { column: column.to_owned(), row, message: message.to_string() }
}

#[cfg(test)]
#[path = "posts_tests.rs"]
mod tests;
