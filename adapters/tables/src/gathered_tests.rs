//! Columns of one length become a batch; others are refused by name.

use arrow_array::Array;
use arrow_schema::DataType;

use super::*;

#[test]
fn buffers_are_read_as_what_they_hold() {
    for (element, bytes, kind) in [
        (Element::Signed(1), 1, DataType::Int8),
        (Element::Signed(8), 8, DataType::Int64),
        (Element::Unsigned(2), 2, DataType::UInt16),
        (Element::Unsigned(4), 4, DataType::UInt32),
        (Element::Id, 16, DataType::FixedSizeBinary(16)),
    ] {
        let mut gathered = Gathered::default();
        gathered.buffer("a", element, Buffer::from(vec![0_u8; 3 * bytes])).unwrap();
        gathered.texts("b", vec![None, Some("x".to_owned()), None]);
        let batches = gathered.batches().unwrap();
        let column = batches[0].column_by_name("a").unwrap();
        assert_eq!((column.len(), column.data_type()), (3, &kind));
    }
}

#[test]
fn what_does_not_fit_is_told_with_its_column() {
    let mut gathered = Gathered::default();
    let refused = gathered.buffer("a", Element::Signed(3), Buffer::from(vec![0_u8; 3]));
    assert_eq!(refused.unwrap_err().column, "a");
    gathered.buffer("a", Element::Id, Buffer::from(vec![0_u8; 32])).unwrap();
    gathered.texts("b", vec![None]);
    let error = gathered.batches().unwrap_err();
    assert!(error.column == "b" && error.to_string().contains("1 rows"), "{error}");
    assert!(Gathered::default().batches().unwrap().is_empty());
}
