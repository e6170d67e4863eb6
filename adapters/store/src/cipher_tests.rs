use proptest::prelude::*;

use super::*;

fn cipher(byte: u8) -> Cipher {
    Cipher::new(&DataKey::new([byte; 32]), Purpose::Segment)
}

/// A promise: what was sealed once is opened for ever. Key and message were computed by HKDF-SHA256 and AES-256-GCM-SIV of
/// another library.
#[test]
fn the_seal_is_golden() {
    let sealed = cipher(7).seal(9, b"event");
    assert_eq!(hex(&sealed), GOLDEN);
}

const GOLDEN: &str = "569319b9230f8330785218a6207c1f333dfa890340";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn each_purpose_and_place_has_its_own_seal() {
    let key = DataKey::new([7; 32]);
    let sealed = [Purpose::Segment, Purpose::Part, Purpose::Image]
        .map(|purpose| Cipher::new(&key, purpose).seal(9, b"event").into_owned());
    let moved =
        [cipher(7).seal(10, b"event").into_owned(), cipher(8).seal(9, b"event").into_owned()];
    let mut all = [&sealed[..], &moved].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 5);
}

proptest! {
    #[test]
    fn what_is_sealed_is_opened_in_its_place_alone(
        events in prop::collection::vec(any::<u8>(), 0..3 * PIECE),
        block: u64,
        from in 0_usize..3,
        at: prop::sample::Index,
    ) {
        let cipher = cipher(1);
        let sealed = cipher.seal(block, &events).into_owned();
        prop_assert_eq!(sealed.len(), sealed_len(events.len()));
        // From any piece on.
        let mut opened = sealed.get(from * (PIECE + TAG)..).unwrap_or_default().to_vec();
        let len = cipher.open(block, u32::try_from(from).unwrap(), &mut opened).unwrap();
        prop_assert_eq!(&opened[..len], events.get(from * PIECE..).unwrap_or_default());
        if !events.is_empty() {
            let mut damaged = sealed.clone();
            let at = at.index(sealed.len());
            damaged[at] ^= 1;
            prop_assert_eq!(cipher.open(block, 0, &mut damaged), None);
            prop_assert_eq!(cipher.open(block ^ 1, 0, &mut sealed.clone()), None);
            prop_assert_eq!(cipher.open(block, 1, &mut sealed.clone()), None);
            prop_assert_eq!(self::cipher(2).open(block, 0, &mut sealed.clone()), None);
        }
    }
}
