use proptest::prelude::*;

use super::*;

fn code(text: &str) -> AssetCode {
    text.parse().unwrap()
}

#[test]
fn reads_codes() {
    for text in ["A", "ZAR", "USDC.E", "1INCH", "BRK-B", "POINTS_2026", "ABCDEFGHIJKLMNOP"] {
        assert_eq!(code(text).to_string(), text);
        assert_eq!(code(text).as_str(), text);
    }
    assert_eq!(format!("{:?}", code("ZAR")), "AssetCode(ZAR)");
    assert_eq!(format!("[{:<5}]", code("ZAR")), "[ZAR  ]");
}

#[test]
fn refuses_other_codes() {
    #[rustfmt::skip]
    let cases = [
        ("",                  "asset code is empty"),
        ("ABCDEFGHIJKLMNOPQ", "asset code `ABCDEFGHIJKLMNOPQ` has 17 bytes, at most 16 are allowed"),
        ("zar",               "asset code `zar` has a character that is not allowed at character 1"),
        ("ZAr",               "asset code `ZAr` has a character that is not allowed at character 3"),
        ("ZA R",              "asset code `ZA R` has a character that is not allowed at character 3"),
        ("ZA\0",              "asset code `ZA\\0` has a character that is not allowed at character 3"),
        ("ÄR",                "asset code `ÄR` has a character that is not allowed at character 1"),
        (".ZAR",              "asset code `.ZAR` begins with neither a letter nor a digit"),
        ("_",                 "asset code `_` begins with neither a letter nor a digit"),
        ("-A",                "asset code `-A` begins with neither a letter nor a digit"),
    ];
    for (text, expected) in cases {
        assert_eq!(AssetCode::parse(text).unwrap_err().to_string(), expected);
    }
}

#[test]
fn assets_are_checked() {
    let (zar, fiat) = (code("ZAR"), |number| AssetKind::Fiat { number });
    let asset = Asset::new(zar, 38, fiat(999)).unwrap();
    assert_eq!((asset.code(), asset.scale(), asset.kind()), (zar, 38, fiat(999)));
    assert_eq!(
        Asset::new(zar, 39, AssetKind::Crypto).unwrap_err().to_string(),
        "scale 39 of asset `ZAR` is larger than 38"
    );
    assert_eq!(
        Asset::new(zar, 2, fiat(1000)).unwrap_err().to_string(),
        "number 1000 of asset `ZAR` is larger than 999"
    );
}

#[test]
fn serialised_forms() {
    #[rustfmt::skip]
    let cases = [
        (Asset::new(code("ZAR"), 2, AssetKind::Fiat { number: 710 }), r#"{"code":"ZAR","scale":2,"kind":{"fiat":{"number":710}}}"#),
        (Asset::new(code("ETH"), 18, AssetKind::Crypto), r#"{"code":"ETH","scale":18,"kind":"crypto"}"#),
        (Asset::new(code("BRK-B"), 0, AssetKind::Security), r#"{"code":"BRK-B","scale":0,"kind":"security"}"#),
        (Asset::new(code("MILES"), 0, AssetKind::Points), r#"{"code":"MILES","scale":0,"kind":"points"}"#),
    ];
    for (asset, json) in cases {
        let asset = asset.unwrap();
        assert_eq!(serde_json::to_string(&asset).unwrap(), json);
        assert_eq!(serde_json::from_str::<Asset>(json).unwrap(), asset);
    }
    #[rustfmt::skip]
    let refused = [
        (r#"{"code":"eth","scale":18,"kind":"crypto"}"#, "not allowed"),
        (r#"{"code":"ETH","scale":39,"kind":"crypto"}"#, "larger than 38"),
        (r#"{"code":"ETH","scale":18,"kind":"coin"}"#, "unknown variant"),
        (r#"{"code":"ETH","scale":18,"kind":"crypto","name":"x"}"#, "unknown field"),
    ];
    for (json, expected) in refused {
        let error = serde_json::from_str::<Asset>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

proptest! {
    #[test]
    fn codes_are_read_back_and_ordered_as_text(
        a in "[A-Z0-9][A-Z0-9._-]{0,15}",
        b in "[A-Z0-9][A-Z0-9._-]{0,15}",
    ) {
        prop_assert_eq!(code(&a).to_string(), &*a);
        prop_assert_eq!(code(&a).cmp(&code(&b)), a.cmp(&b));
        let mut cbor = Vec::new();
        ciborium::into_writer(&code(&a), &mut cbor).unwrap();
        prop_assert_eq!(ciborium::from_reader::<AssetCode, _>(&*cbor).unwrap(), code(&a));
    }
}
