//! Whatever stands in a row is read again as it was written, in every form; and what cannot be read is told.

use proptest::prelude::*;

use super::*;
use crate::{Cell, Shape, Table, Writer};

fn cell(shape: Shape) -> BoxedStrategy<Cell> {
    let some = match shape {
        Shape::Text => "[ -~äß€\n\r\t\"',;]{1,20}".prop_map(Cell::Text).boxed(),
        Shape::Count => any::<u64>().prop_map(Cell::Count).boxed(),
        Shape::Units => (0..10_u128.pow(38)).prop_map(Cell::Units).boxed(),
        Shape::Instant => any::<i64>().prop_map(Cell::Instant).boxed(),
        Shape::Date => (-700_000..700_000).prop_map(Cell::Date).boxed(),
    };
    prop_oneof![4 => some, 1 => Just(Cell::Nothing)].boxed()
}

fn row() -> impl Strategy<Value = Vec<Cell>> {
    Table::Transfers.columns().iter().map(|column| cell(column.shape)).collect::<Vec<_>>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_read_as_they_were_written(rows in prop::collection::vec(row(), 0..8)) {
        let expected: Vec<Row> = rows
            .iter()
            .map(|row| {
                let cells = Table::Transfers.columns().iter().zip(row);
                let cells = cells.map(|(column, cell)| (column.name.to_owned(), cell.to_text()));
                cells.filter(|(_, text)| !text.is_empty()).collect()
            })
            .collect();
        let dir = tempfile::tempdir().unwrap();
        for form in [Form::Csv, Form::JsonLines, Form::Parquet] {
            let path = dir.path().join("table");
            let mut writer = Writer::new(Table::Transfers, form, File::create(&path).unwrap()).unwrap();
            for row in &rows {
                writer.write(row).unwrap();
            }
            writer.finish().unwrap();
            let found: Vec<Row> = read(&path, form).unwrap().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(&found, &expected, "{:?}", form);
        }
    }
}

#[test]
fn what_is_no_table_is_told_with_its_row() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table");
    let shown = path.display();
    for (form, text, expected) in [
        (
            Form::Csv,
            "id,key\n1,2\n3\n",
            format!(
                "`{shown}`, row 2: CSV error: record 2 (line: 3, byte: 11): found record with 1 fields, but the previous record has 2 fields"
            ),
        ),
        (
            Form::JsonLines,
            "{\"id\":\"1\"}\n\n{\"units\":1.5}\n",
            format!("`{shown}`, row 2: units: `1.5` is neither text nor a whole number"),
        ),
        (
            Form::JsonLines,
            "[]",
            format!("`{shown}`, row 1: invalid type: sequence, expected a map at line 1 column 0"),
        ),
        (
            Form::Parquet,
            "id,key\n1,2\n",
            format!("`{shown}`: Parquet error: Invalid Parquet file. Corrupt footer"),
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = match read(&path, form) {
            Err(error) => error,
            Ok(rows) => rows.last().unwrap().unwrap_err(),
        };
        assert_eq!(error.to_string(), expected);
    }
    let missing = dir.path().join("nothing");
    let error = read(&missing, Form::Csv).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("No such file"), "{error}");
}

#[test]
fn types_of_other_programs_are_read() {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BooleanArray, Decimal128Array, TimestampMicrosecondArray,
        TimestampMillisecondArray,
    };

    let decimals = Decimal128Array::from(vec![Some(150), Some(-7), None]);
    let columns: [(&str, ArrayRef); 4] = [
        ("at", Arc::new(TimestampMicrosecondArray::from(vec![1, 2, 3]))),
        ("then", Arc::new(TimestampMillisecondArray::from(vec![1, 2, 3]).with_timezone("UTC"))),
        ("price", Arc::new(decimals.with_precision_and_scale(20, 2).unwrap())),
        ("maker", Arc::new(BooleanArray::from(vec![true, false, true]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table");
    let file = File::create(&path).unwrap();
    let mut writer = ::parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();

    let rows: Vec<Row> = read(&path, Form::Parquet).unwrap().collect::<Result<_, _>>().unwrap();
    let of = |row: usize, name: &str| rows[row].get(name).map(String::as_str);
    assert_eq!(of(0, "at"), Some("1970-01-01T00:00:00.000001000Z"));
    assert_eq!(of(1, "then"), Some("1970-01-01T00:00:00.002000000Z"));
    let column = |name: &str| (0..3).map(|row| of(row, name)).collect::<Vec<_>>();
    assert_eq!(column("price"), [Some("1.50"), Some("-0.07"), None]);
    assert_eq!(column("maker"), [Some("true"), Some("false"), Some("true")]);

    let (schema, batches) = read_batches(&path).unwrap();
    assert_eq!(schema.fields().len(), 4);
    let batches: Vec<RecordBatch> = batches.collect::<Result<_, _>>().unwrap();
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].columns(), batch.columns());
}

#[test]
fn a_row_without_end_is_refused() {
    let open = std::io::Cursor::new("id,key\n1,\"").chain(std::io::repeat(b'x'));
    let why = csv_rows(open).unwrap().last().unwrap().unwrap_err();
    assert_eq!(why, "a row has more than 1048576 bytes");
    let why = json_rows(std::io::repeat(b' ')).next().unwrap().unwrap_err();
    assert_eq!(why, "has more than 1048576 bytes");
}

/// A damaged file is told or read as what it says: never a panic.
#[test]
fn damage_in_a_parquet_file_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table");
    let mut writer = Writer::new(Table::Transfers, Form::Parquet, Vec::new()).unwrap();
    for number in 0..50 {
        let mut cells = vec![Cell::Count(number), Cell::Instant(7), Cell::Date(1)];
        cells.extend((3..Table::Transfers.columns().len()).map(|_| Cell::Nothing));
        writer.write(&cells).unwrap();
    }
    let whole = writer.finish().unwrap();
    let (mut told, mut read_on) = (0, 0);
    for at in (0..whole.len()).step_by(23) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x41;
        std::fs::write(&path, &damaged).unwrap();
        match read(&path, Form::Parquet).map(|rows| rows.collect::<Result<Vec<_>, _>>()) {
            Ok(Ok(_)) => read_on += 1,
            Ok(Err(_)) | Err(_) => told += 1,
        }
    }
    assert!(told > 10, "{told} told, {read_on} read");
}
