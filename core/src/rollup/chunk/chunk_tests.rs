use proptest::prelude::*;

use super::*;

fn ints(rows: impl IntoIterator<Item = i64>) -> Column {
    Column::Ints(rows.into_iter().collect())
}

/// What columns of a thousand rows take, in bytes.
#[test]
fn a_column_takes_what_its_numbers_need() {
    let count = 1_000;
    let millisecond = 1_000_000;
    for (name, column, most) in [
        ("all the same", ints((0..count).map(|_| 7)), 40),
        ("every minute", ints((0..count).map(|n| n * 60_000_000_000)), 60),
        ("a counter", ints(0..count), 60),
        // Of 20 ms to 119 ms apart: seven bits.
        (
            "every while",
            ints((0..count).scan(0, |at, n| {
                *at += (20 + n * n * 7 % 100) * millisecond;
                Some(*at)
            })),
            930,
        ),
        ("yes or no", ints((0..count).map(|n| n * n % 7 % 2)), 160),
        (
            "the widest",
            ints((0..count).map(|n| if n % 2 == 0 { i64::MIN } else { i64::MAX })),
            8_100,
        ),
        ("amounts that fit", Column::Wide((0..1_000).map(|n| n % 16).collect()), 580),
        (
            "one of two",
            Column::Texts {
                texts: vec!["BTC".into(), "ETH".into()],
                rows: (0..1_000).map(|n| n % 2).collect(),
            },
            180,
        ),
    ] {
        let bytes = encode(std::slice::from_ref(&column)).unwrap();
        assert!(bytes.len() <= most, "{name}: {}", bytes.len());
        assert_eq!(decode(&bytes), Ok(vec![column]), "{name}");
    }
}

/// A chunk of version 1 that was written once is read for ever.
#[test]
fn a_chunk_is_written_byte_by_byte_as_it_is_told() {
    let columns = [
        ints([1_000, 3_000, 5_000, 9_000]),
        Column::Wide(vec![1 << 64, 2, 3, 4]),
        Column::Texts { texts: vec!["a".into(), "é".into()], rows: vec![1, 0, 0, 1] },
    ];
    let hex: String = encode(&columns).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let golden = [
        // A head; three columns of four rows.
        "5468436b", "01", "03", "04000000",
        // Numbers as they are, from 1,000 in steps of 2,000, three bits each.
        "01", "09000000", "00", "d00f", "d00f", "00", "03", "8808",
        // The upper halves in one bit each, the lower in three.
        "02", "0d000000", "00", "00", "01", "00", "01", "01", "00", "00", "01", "00", "03", "d008",
        // Two texts, and a bit for each row.
        "03", "11000000", "02000000", "0100", "61", "0200", "c3a9", "00", "00", "01", "00", "01",
        "09",
    ];
    assert_eq!(hex, golden.concat());
}

#[test]
fn what_is_no_chunk_says_where() {
    let two = [ints([1, 2]), ints([1])];
    assert_eq!(encode(&two), Err(ChunkError::Size { rows: 2, columns: 2 }));
    assert_eq!(
        encode(&[ints(vec![0; ROWS + 1])]),
        Err(ChunkError::Size { rows: ROWS + 1, columns: 1 })
    );
    assert_eq!(encode(&vec![ints([]); 65]), Err(ChunkError::Size { rows: 0, columns: 65 }));
    let texts = |texts: &[&str], rows: &[u32]| Column::Texts {
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        rows: rows.to_vec(),
    };
    assert_eq!(encode(&[texts(&["a"], &[0, 1])]), Err(ChunkError::Text { column: 0, row: 1 }));
    let long = "x".repeat(TEXT + 1);
    assert_eq!(
        encode(&[ints([1]), texts(&["a", &long], &[0])]),
        Err(ChunkError::Text { column: 1, row: 1 })
    );
    let whole = encode(&[ints([1, 5, 7]), texts(&["a"], &[0, 0, 0])]).unwrap();
    for cut in 0..whole.len() {
        assert!(matches!(decode(&whole[..cut]), Err(ChunkError::Damaged { .. })), "{cut}");
    }
    let longer = [&whole[..], &[0]].concat();
    assert_eq!(
        decode(&longer),
        Err(ChunkError::Damaged { at: whole.len(), what: "more than there is to be" })
    );
    let newer = [&whole[..4], &[2], &whole[5..]].concat();
    assert!(decode(&newer).unwrap_err().to_string().contains("newer version"));
}

proptest! {
    /// Whatever the numbers, they are read back.
    #[test]
    fn what_is_written_is_read_back(
        rows in prop::collection::vec((any::<i64>(), any::<u128>(), 0..5_u32, 0..64_u32), 0..300), step in any::<i64>(),
    ) {
        let rows = || rows.iter();
        let columns = [
            ints(rows().map(|row| row.0)),
            ints(rows().map(|row| row.0 >> row.3)),
            ints(rows().zip(0..).map(|(row, n)| step.wrapping_mul(n).wrapping_add(row.0 >> 58))),
            ints(rows().map(|row| (row.0 >> 40).wrapping_mul(1_000_000).wrapping_add(step))),
            Column::Wide(rows().map(|row| row.1 >> (row.3 * 2)).collect()),
            Column::Texts { texts: (0..5).map(|n| "ß".repeat(n)).collect(), rows: rows().map(|row| row.2).collect() },
        ];
        prop_assert_eq!(decode(&encode(&columns).unwrap()), Ok(columns.to_vec()));
    }

    /// Whatever bytes are damaged, what is read is told to be none, or other columns: never more than there may be.
    #[test]
    fn damage_is_told_or_reads_as_other_columns(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let columns = [ints((0..300).map(|n| n * n)), Column::Wide(vec![1 << 90; 300])];
        let mut bytes = encode(&columns).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(read) = decode(&bytes) {
            prop_assert!(read.len() <= COLUMNS && read.iter().all(|column| column.rows() <= ROWS));
        }
    }
}
