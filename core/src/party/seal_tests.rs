use proptest::prelude::*;

use super::*;

#[test]
fn what_is_sealed_opens_with_its_key_in_its_place_and_nowhere_else() {
    let (own, other) = (Sealer::new(&[1; 32]), Sealer::new(&[2; 32]));
    let sealed = own.seal(b"a", b"secret");
    assert_eq!(own.open(b"a", &sealed).unwrap().as_slice(), b"secret");
    assert_eq!(sealed, own.seal(b"a", b"secret"), "a retry gives the same bytes");
    assert_ne!(sealed, own.seal(b"b", b"secret"));
    for (what, opened) in [
        ("another key", other.open(b"a", &sealed)),
        ("another place", own.open(b"b", &sealed)),
        ("cut short", own.open(b"a", &sealed[..sealed.len() - 1])),
        ("nothing", own.open(b"a", b"")),
    ] {
        assert!(opened.is_none(), "{what}");
    }
    for at in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[at] ^= 1;
        assert!(own.open(b"a", &damaged).is_none(), "byte {at}");
    }
}

#[test]
fn the_length_of_a_value_shows_only_in_steps() {
    let sealer = Sealer::new(&[1; 32]);
    let len = |len: usize| sealer.seal(b"", &vec![7; len]).len();
    for (from, to) in [(0, 31), (32, 63), (64, 95)] {
        assert!((from..=to).all(|own| len(own) == len(from)), "{from}");
    }
    assert_eq!((len(0), len(200)), (49, 241));
}

proptest! {
    #[test]
    fn anything_comes_back_as_it_was(key: [u8; 32], context: Vec<u8>, plain: Vec<u8>) {
        let sealer = Sealer::new(&key);
        let sealed = sealer.seal(&context, &plain);
        let opened = sealer.open(&context, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), &plain[..]);
        prop_assert!(plain.len() < 8 || !sealed.windows(plain.len()).any(|run| run == plain));
    }
}
