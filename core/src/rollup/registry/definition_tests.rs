//! Definitions as bytes.

use super::*;

fn klines() -> Definition {
    Definition {
        name: "klines".into(),
        of: Some("trades".into()),
        levels: ["1m", "1d", "1M"].map(|width| width.parse().unwrap()).to_vec(),
        zone: Some("Africa/Johannesburg".parse().unwrap()),
        origin: None,
        offset: 0,
        delay: 5_000_000_000,
        late: Late::Correct { horizon: 3_600_000_000_000 },
        keep: vec![(0, 86_400_000_000_000)],
        price_scale: 2,
        quantity_scale: 8,
    }
}

/// The bytes are a promise.
#[test]
fn a_definition_has_these_bytes() {
    let hex: String = klines().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "aa01666b6c696e65730266747261646573038362316d62316462314d04734166726963612f4a6f68616e6e657362757267051b000000012a05f2\
         000602071b00000346\
         30b8a00008818200\
         1b00004e94914f0000090\
         20a08"
    );
}

/// One comes back as it was, and others do not.
#[test]
fn a_definition_comes_back() {
    let moved = Definition { origin: Some(946_809_000_000_000_000), offset: -1, ..klines() };
    let plain =
        Definition { of: None, zone: None, late: Late::Refuse, keep: vec![], delay: 0, ..klines() };
    for definition in [klines(), moved, plain] {
        let bytes = definition.to_bytes();
        assert_eq!(Definition::from_bytes(&bytes), Ok(definition));
        for cut in 0..bytes.len() {
            assert!(Definition::from_bytes(&bytes[..cut]).is_err());
        }
    }
    for wrong in [
        Definition { delay: -1, ..klines() },
        Definition { levels: vec![], ..klines() },
        Definition { keep: vec![(9, 1)], ..klines() },
        Definition { offset: i64::MIN, ..klines() },
        // Minutes that are counted from a half of one are not those that months begin with.
        Definition { origin: Some(30_000_000_000), ..klines() },
    ] {
        assert_eq!(Definition::from_bytes(&wrong.to_bytes()), Err(CodecError::TooLarge));
    }
}
