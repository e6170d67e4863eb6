//! Columns of a file as those of trades.

use thalium_host::tables::arrow_array::types::UInt32Type;
use thalium_host::tables::arrow_array::{
    Array, BooleanArray, Decimal128Array, Int64Array, TimestampMillisecondArray,
};

use super::*;

fn known() -> BTreeMap<String, Field> {
    let known = [
        ("symbol", Field::Symbol),
        ("time", Field::At(1)),
        ("time_ms", Field::At(1_000_000)),
        ("trade_id", Field::Id),
        ("price", Field::Price),
        ("qty", Field::Quantity),
        ("side", Field::Taker),
        ("buyer_maker", Field::BuyerMaker),
    ];
    known.into_iter().map(|(name, field)| (name.to_owned(), field)).collect()
}

fn file(more: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let decimals: ArrayRef = Arc::new(Decimal128Array::from(vec![150, 2]));
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("time", Arc::new(TimestampMillisecondArray::from(vec![1, 2]))),
        ("price", Arc::clone(&decimals)),
        ("fee", Arc::new(Int64Array::from(vec![0, 0]))),
        ("qty", decimals),
    ];
    columns.extend(more);
    RecordBatch::try_from_iter(columns).unwrap()
}

fn typed(file: &RecordBatch, symbol: Option<&str>) -> Option<RecordBatch> {
    let typed = Typed::of(file.schema_ref(), &known(), symbol)?;
    Some(typed.batch(file).unwrap())
}

fn names(batch: &RecordBatch) -> Vec<String> {
    batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> &'a ArrayRef {
    batch.column_by_name(name).unwrap()
}

#[test]
fn columns_of_their_types_are_taken_as_they_are() {
    let text = |texts: [&str; 2]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let ids = || Arc::new(Int64Array::from(vec![7, 8])) as ArrayRef;
    let found = file(vec![("symbol", text(["A-B", "C-D"])), ("trade_id", ids())]);
    let batch = typed(&found, None).unwrap();
    assert_eq!(names(&batch), ["at", "price", "quantity", "symbol", "id"]);
    assert_eq!(column(&batch, "price"), column(&found, "price"));
    // The symbol that is given is that of all trades.
    let batch = typed(&found, Some("E-F")).unwrap();
    assert_eq!(names(&batch), ["symbol", "at", "price", "quantity", "id"]);
    let symbols = column(&batch, "symbol").as_dictionary::<UInt32Type>();
    let symbols = symbols.downcast_dict::<StringArray>().unwrap();
    assert_eq!(symbols.into_iter().collect::<Vec<_>>(), [Some("E-F"); 2]);
}

#[test]
fn takers_are_told_by_sides_and_by_makers() {
    let sides = StringArray::from(vec![Some("BUY"), Some("ask")]);
    let batch = typed(&file(vec![("side", Arc::new(sides))]), Some("A-B")).unwrap();
    let takers = column(&batch, "taker").as_string::<i32>();
    assert_eq!(takers.iter().collect::<Vec<_>>(), [Some("buyer"), Some("seller")]);
    let makers = BooleanArray::from(vec![Some(true), None]);
    let batch = typed(&file(vec![("buyer_maker", Arc::new(makers))]), Some("A-B")).unwrap();
    let takers = column(&batch, "taker");
    assert!(takers.is_null(1) && takers.as_string::<i32>().value(0) == "seller");
}

#[test]
fn what_has_to_be_read_cell_by_cell_is_not_taken() {
    let ints = || Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef;
    assert!(typed(&file(vec![("side", ints())]), None).is_none());
    assert!(typed(&file(vec![("buyer_maker", ints())]), None).is_none());
    // Two of the same.
    let other = Arc::new(TimestampMillisecondArray::from(vec![1, 2]));
    assert!(typed(&file(vec![("time_ms", other)]), None).is_none());
    let milliseconds = RecordBatch::try_from_iter([("time_ms", ints())]).unwrap();
    assert!(typed(&milliseconds, None).is_none());
    let floats = RecordBatch::try_from_iter([("price", ints())]).unwrap();
    assert!(typed(&floats, None).is_none());
}
