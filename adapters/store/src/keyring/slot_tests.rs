use super::*;

fn live() -> Slot {
    let wrapped = Wrapped { key: [0xaa; 32], tag: [0xbb; 16] };
    let owner = Owner::of(Id(0x0192_0000_0000_7000_8000_0000_0000_0001), Basis::Law);
    Slot::Live { owner, generation: 3, wrapped }
}

#[test]
fn a_slot_is_laid_out_as_documented() {
    let bytes = live().to_bytes().unwrap();
    assert_eq!(bytes[..8], [1, 2, 0, 0, 3, 0, 0, 0]);
    assert_eq!(bytes[8..24], [1, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(bytes[24..56], [0xaa; 32]);
    assert_eq!(bytes[56..72], [0xbb; 16]);
    assert_eq!(bytes[72..124], [0; 52]);
    assert_eq!(bytes[124..], crc32c::crc32c(&bytes[..124]).to_le_bytes());
    let destroyed = Slot::Destroyed(Owner::root(0x0102_0304)).to_bytes().unwrap();
    assert_eq!(destroyed[..2], [2, 3]);
    assert_eq!(destroyed[20..24], [1, 2, 3, 4]);
    assert_eq!(destroyed[24..124], [0; 100]);
    assert_eq!(offset(0), 128);
    assert_eq!(header(0x0102)[..16], *b"THSUBJ1\0\x02\x01\0\0\0\0\0\0");
}

#[test]
fn what_was_written_is_read_and_nothing_else() {
    let destroyed = Slot::Destroyed(Owner::of(Id(9), Basis::Consent));
    for slot in [live(), destroyed] {
        let bytes = slot.to_bytes().unwrap();
        assert_eq!(Slot::from_bytes(&bytes), slot);
        for at in 0..LEN {
            for bit in 0..8 {
                let mut other = bytes;
                other[at] ^= 1 << bit;
                assert!(matches!(Slot::from_bytes(&other), Slot::Damaged(_)), "byte {at}");
            }
        }
    }
    assert_eq!(Slot::from_bytes(&[0; LEN]), Slot::Free);
    assert_eq!(Slot::Free.to_bytes(), Some([0; LEN]));
    assert_eq!(Slot::Damaged(Owner::UNKNOWN).to_bytes(), None);
}

#[test]
fn a_destroyed_slot_that_holds_a_key_is_damage() {
    let mut bytes = live().to_bytes().unwrap();
    bytes[0] = 2;
    let sum = crc32c::crc32c(&bytes[..124]);
    bytes[124..].copy_from_slice(&sum.to_le_bytes());
    assert!(matches!(Slot::from_bytes(&bytes), Slot::Damaged(_)));
}

#[test]
fn a_wiped_slot_keeps_nothing_of_its_key() {
    let mut slot = live();
    slot.wipe();
    let Slot::Live { wrapped, .. } = slot else { panic!() };
    assert_eq!(wrapped, Wrapped { key: [0; 32], tag: [0; 16] });
}

#[test]
fn a_header_is_believed_where_its_sum_fits() {
    for count in [0, 1, 77, SLOTS_MAX] {
        let bytes = header(count);
        assert_eq!((settled(&bytes), newer(&bytes)), (Some(count), None));
        for at in 0..LEN {
            let mut other = bytes;
            other[at] ^= 1;
            assert_eq!((settled(&other), newer(&other)), (None, None), "byte {at}");
        }
    }
    assert_eq!(settled(&header(SLOTS_MAX + 1)), None);
    let mut later = header(7);
    later[6] = b'4';
    assert_eq!(newer(&later), None, "its sum does not fit");
    let sum = crc32c::crc32c(&later[..124]);
    later[124..].copy_from_slice(&sum.to_le_bytes());
    assert_eq!((settled(&later), newer(&later)), (None, Some(4)));
}
