use std::collections::BTreeSet;

use super::*;

fn code(text: &str) -> AssetCode {
    text.parse().unwrap()
}

#[test]
fn the_list_is_sorted_and_has_no_doubles() {
    let codes: Vec<AssetCode> = all().map(|asset| asset.code()).collect();
    assert_eq!(codes.len(), 178);
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    let numbers: BTreeSet<u16> = LIST_ONE.iter().map(|row| row.number).collect();
    assert_eq!(numbers.len(), codes.len());
    assert!(numbers.iter().all(|number| (1..=999).contains(number)));
}

#[test]
fn everything_listed_is_found_and_is_a_valid_asset() {
    for asset in all() {
        let AssetKind::Fiat { number } = asset.kind() else { panic!("{asset:?} is not fiat") };
        assert_eq!(by_code(asset.code()), Some(asset));
        assert_eq!(by_number(number), Some(asset));
        assert_eq!(AssetCode::parse(asset.code().as_str()), Ok(asset.code()));
        assert_eq!(Asset::new(asset.code(), asset.scale(), asset.kind()), Ok(asset));
    }
}

#[test]
fn well_known_and_awkward_entries() {
    #[rustfmt::skip]
    let cases = [
        ("ALL",   8, 2), ("BHD",  48, 3), ("CLF", 990, 4), ("CLP", 152, 0), ("COU", 970, 2),
        ("EUR", 978, 2), ("GBP", 826, 2), ("HUF", 348, 2), ("IQD", 368, 3), ("ISK", 352, 0),
        ("JOD", 400, 3), ("JPY", 392, 0), ("KRW", 410, 0), ("KWD", 414, 3), ("LYD", 434, 3),
        ("MGA", 969, 2), ("MRU", 929, 2), ("OMR", 512, 3), ("SLE", 925, 2), ("STN", 930, 2),
        ("TND", 788, 3), ("UGX", 800, 0), ("USD", 840, 2), ("USN", 997, 2), ("UYI", 940, 0),
        ("UYW", 927, 4), ("VED", 926, 2), ("VES", 928, 2), ("VND", 704, 0), ("XAD", 396, 2),
        ("XAF", 950, 0), ("XCD", 951, 2), ("XCG", 532, 2), ("XOF", 952, 0), ("XPF", 953, 0),
        ("ZAR", 710, 2), ("ZMW", 967, 2), ("ZWG", 924, 2),
    ];
    for (text, number, scale) in cases {
        let asset = by_code(code(text)).unwrap();
        assert_eq!((asset.kind(), asset.scale()), (AssetKind::Fiat { number }, scale), "{text}");
        assert!(has_minor_unit(code(text)), "{text}");
    }
}

#[test]
fn codes_without_a_minor_unit_are_whole() {
    let without: Vec<String> = all()
        .filter(|asset| !has_minor_unit(asset.code()))
        .map(|asset| {
            assert_eq!(asset.scale(), 0);
            asset.code().to_string()
        })
        .collect();
    let expected = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX";
    assert_eq!(without.join(" "), expected);
}

#[test]
fn withdrawn_and_unknown_codes_are_not_found() {
    for text in ["ANG", "BGN", "CUC", "DEM", "HRK", "SLL", "ZWL", "BTC", "ZA", "ZARR", "A"] {
        assert_eq!(by_code(code(text)), None, "{text}");
        assert!(!has_minor_unit(code(text)), "{text}");
    }
    for number in [0, 1, 191, 975, 1000, u16::MAX] {
        assert_eq!(by_number(number), None, "{number}");
    }
}
