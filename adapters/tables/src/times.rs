//! Columns of times.

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_buffer::ScalarBuffer;
use arrow_schema::{DataType, TimeUnit};

/// The timestamps of a column, counted since 1970 in a unit of so many nanoseconds; `None` for a column of something else.
pub(crate) fn timestamps(array: &ArrayRef) -> Option<(&ScalarBuffer<i64>, i64)> {
    let DataType::Timestamp(unit, _) = array.data_type() else { return None };
    Some(match unit {
        TimeUnit::Nanosecond => (array.as_primitive::<TimestampNanosecondType>().values(), 1),
        TimeUnit::Microsecond => (array.as_primitive::<TimestampMicrosecondType>().values(), 1_000),
        TimeUnit::Millisecond => {
            (array.as_primitive::<TimestampMillisecondType>().values(), 1_000_000)
        }
        TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().values(), 1_000_000_000),
    })
}
