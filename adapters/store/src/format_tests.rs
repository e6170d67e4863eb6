use proptest::prelude::*;

use super::*;

fn header(events_len: usize) -> BlockHeader {
    BlockHeader {
        number: 7,
        generation: 1,
        first_sequence: 40,
        event_count: 3,
        events_len: u32::try_from(events_len).unwrap(),
        tree_size: 43,
        root: [0xaa; 32],
        previous: [0xbb; 32],
    }
}

/// A promise: stored blocks depend on it.
#[test]
fn the_block_layout_is_golden() {
    let mut bytes = Vec::new();
    let start = encode_block(header(5), b"event", &Cipher::default(), &mut bytes);
    bytes.drain(..start);
    assert_eq!(bytes.len(), SECTOR);
    assert_eq!(bytes[4..16], [0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(&bytes[16..22], b"THB1\x01\0");
    assert_eq!(
        bytes[24..64],
        [
            7, 0, 0, 0, 0, 0, 0, 0, // number
            1, 0, 0, 0, 0, 0, 0, 0, // generation
            40, 0, 0, 0, 0, 0, 0, 0, // first sequence
            3, 0, 0, 0, 5, 0, 0, 0, // events, their bytes
            43, 0, 0, 0, 0, 0, 0, 0, // tree size
        ]
    );
    assert_eq!(bytes[64..96], [0xaa; 32]);
    assert_eq!(bytes[96..128], [0xbb; 32]);
    assert_eq!(&bytes[144..149], b"event");
    assert!(bytes[149..].iter().all(|byte| *byte == 0));
    assert_eq!(crc32c::crc32c(&bytes[4..512]).to_le_bytes(), bytes[..4]);
}

#[test]
fn names_of_segments_are_read_back() {
    for number in [1, 42, 123_456_789] {
        assert_eq!(segment_number(&segment_name(number)), Some(number));
    }
    for name in [
        "segment-1.log",
        "segment-.log",
        "segment-00000001.tmp",
        "snapshot",
        "segment-+0000001.log",
    ] {
        assert_eq!(segment_number(name), None, "{name}");
    }
}

proptest! {
    #[test]
    fn units_give_the_events_back(events in prop::collection::vec(any::<u8>(), 0..5_000)) {
        let mut bytes = Vec::new();
        let start = encode_block(header(events.len()), &events, &Cipher::default(), &mut bytes);
        bytes.drain(..start);
        prop_assert_eq!(bytes.len() % SECTOR, 0);
        let mut stream = Vec::new();
        for (at, chunk) in (0..).zip(bytes.chunks(UNIT).take(header(events.len()).units(false))) {
            match unit(chunk) {
                Unit::Good { stamp: 7, index, payload } => {
                    prop_assert_eq!(index, at);
                    stream.extend_from_slice(payload);
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
        prop_assert_eq!(BlockHeader::from_bytes(&stream), Some(header(events.len())));
        prop_assert_eq!(&stream[HEADER_LEN..HEADER_LEN + events.len()], events.as_slice());
    }

    #[test]
    fn a_flipped_bit_is_seen(events in prop::collection::vec(any::<u8>(), 0..1_000), at in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = Vec::new();
        let start = encode_block(header(events.len()), &events, &Cipher::default(), &mut bytes);
        bytes.drain(..start);
        let at = at.index(header(events.len()).units(false) * UNIT);
        bytes[at] ^= 1_u8 << bit;
        let hit = unit(&bytes[at / UNIT * UNIT..][..UNIT]);
        prop_assert!(matches!(hit, Unit::Bad), "{:?}", hit);
    }
}
