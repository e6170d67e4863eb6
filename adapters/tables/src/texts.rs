//! Columns of text, plain or as a dictionary.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;

/// The texts of a column, row by row; none for an empty cell.
pub type Texts<'a> = Box<dyn Iterator<Item = Option<&'a str>> + 'a>;

/// The texts of a column of plain text; `None` for a column of something else.
#[must_use]
pub fn texts(array: &ArrayRef) -> Option<Texts<'_>> {
    Some(match array.data_type() {
        DataType::Utf8 => Box::new(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => Box::new(array.as_string::<i64>().iter()),
        DataType::Utf8View => Box::new(array.as_string_view().iter()),
        _ => return None,
    })
}

/// Texts, and which of them stands in each row; in an empty row any may.
pub(crate) struct Coded<'a> {
    pub(crate) codes: ScalarBuffer<u32>,
    pub(crate) texts: Vec<Option<&'a str>>,
}

impl<'a> Coded<'a> {
    /// The texts of a column; `None` for a column of something else.
    pub(crate) fn of(array: &'a ArrayRef) -> Option<Self> {
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            let found = texts(dictionary.values())?.collect();
            return Some(Self { codes: codes(dictionary.keys())?, texts: found });
        }
        let mut known = HashMap::new();
        let mut found = Vec::new();
        let mut of_rows = Vec::with_capacity(array.len());
        for text in texts(array)? {
            let code = *known.entry(text).or_insert_with(|| {
                found.push(text);
                u32::try_from(found.len() - 1).unwrap_or(u32::MAX)
            });
            of_rows.push(code);
        }
        Some(Self { codes: of_rows.into(), texts: found })
    }
}

/// The keys of a dictionary; what is none of its places is the greatest number.
fn codes(keys: &dyn Array) -> Option<ScalarBuffer<u32>> {
    Some(match keys.data_type() {
        DataType::UInt32 => keys.as_primitive::<UInt32Type>().values().clone(),
        // One below zero is past every dictionary then.
        DataType::Int32 => keys.as_primitive::<Int32Type>().values().inner().clone().into(),
        DataType::Int8 => converted::<Int8Type>(keys),
        DataType::Int16 => converted::<Int16Type>(keys),
        DataType::Int64 => converted::<Int64Type>(keys),
        DataType::UInt8 => converted::<UInt8Type>(keys),
        DataType::UInt16 => converted::<UInt16Type>(keys),
        DataType::UInt64 => converted::<UInt64Type>(keys),
        _ => return None,
    })
}

fn converted<K: ArrowPrimitiveType>(keys: &dyn Array) -> ScalarBuffer<u32>
where
    K::Native: TryInto<u32>,
{
    let keys = keys.as_primitive::<K>().values().iter();
    keys.map(|key| (*key).try_into().unwrap_or(u32::MAX)).collect()
}
