use proptest::prelude::*;

use super::*;
use crate::Id;
use crate::ledger::detail::{Detail, Sealed};

#[test]
fn one_value_has_one_spelling() {
    let detail = Detail {
        key: "dep-9".into(),
        metadata: [("bb".to_owned(), "2".to_owned()), ("c".to_owned(), "1".to_owned())].into(),
        ..Detail::default()
    };
    // a2           map of 2
    //   01 65…     key: "dep-9"
    //   03 a2      metadata, the shorter key first
    let bytes = detail.to_bytes();
    assert_eq!(bytes, b"\xa2\x01\x65dep-9\x03\xa2\x61c\x611\x62bb\x612");
    assert_eq!(Detail::from_bytes(&bytes), Ok(detail));
}

#[test]
fn other_spellings_are_refused() {
    let table: [(&[u8], CodecError); 7] = [
        (b"", CodecError::Malformed),
        (b"\x01", CodecError::Malformed),
        (b"\xa1\x01\x65dep-9\x00", CodecError::NotCanonical), // a byte left over
        (b"\xa1\x18\x01\x65dep-9", CodecError::NotCanonical), // 1 in two bytes
        (b"\xa1\x01\x60", CodecError::NotCanonical),          // an empty field is left out
        (b"\xbf\x01\x65dep-9\xff", CodecError::NotCanonical), // indefinite length
        (b"\xa1\x09\x60", CodecError::UnknownField(9)),
    ];
    for (bytes, want) in table {
        assert_eq!(Detail::from_bytes(bytes), Err(want), "{bytes:02x?}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        key in ".{0,40}", description in ".{0,40}",
        metadata in prop::collection::btree_map(".{0,30}", ".{0,30}", 0..8),
        sealed in prop::option::of(
            (any::<u128>(), any::<Option<u8>>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..80)),
        ),
    ) {
        let sealed = sealed.map(|(subject, years, by_class, value)| {
            let retention = if by_class && years.is_none() { "kyc".to_owned() } else { String::new() };
            Sealed { subject: Id(subject), years, retention, value }
        });
        let detail = Detail { key, description, metadata, sealed };
        prop_assert_eq!(Detail::from_bytes(&detail.to_bytes()), Ok(detail));
    }

    #[test]
    fn what_is_read_is_canonical(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(detail) = Detail::from_bytes(&bytes) {
            prop_assert_eq!(detail.to_bytes(), bytes);
        }
    }
}
