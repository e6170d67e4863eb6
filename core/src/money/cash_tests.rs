use proptest::prelude::*;

use super::*;
use crate::money::model::words;
use crate::money::{AssetKind, iso4217};

fn money(text: &str) -> Money {
    Money::parse(text, iso4217::by_code).unwrap()
}

#[test]
fn reads_and_prints() {
    for (text, printed) in [
        ("250.00 ZAR", "250.00 ZAR"),
        ("250 ZAR", "250.00 ZAR"),
        ("1 JPY", "1 JPY"),
        ("0.0001 CLF", "0.0001 CLF"),
        ("12 XAU", "12 XAU"),
    ] {
        assert_eq!(money(text).to_string(), printed);
    }
}

#[test]
fn refuses_everything_else() {
    #[rustfmt::skip]
    let cases = [
        ("",            "money `` is not an amount, one space and an asset code"),
        ("250.00",      "money `250.00` is not an amount, one space and an asset code"),
        ("250.00ZAR",   "money `250.00ZAR` is not an amount, one space and an asset code"),
        ("250.00\tZAR", "money `250.00\\tZAR` is not an amount, one space and an asset code"),
        ("250.00  ZAR", "asset code ` ZAR` has a character that is not allowed at character 1"),
        ("250.00 ZAR ", "asset code `ZAR ` has a character that is not allowed at character 4"),
        ("250.00 ",     "asset code is empty"),
        (" ZAR",        "amount is empty"),
        ("ZAR 250.00",  "asset `250.00` is not known"),
        ("250.00 zar",  "asset code `zar` has a character that is not allowed at character 1"),
        ("250.00 DEM",  "asset `DEM` is not known"),
        ("-250.00 ZAR", "amount `-250.00` begins with the sign `-`, amounts are unsigned"),
        ("2.505 ZAR",   "amount `2.505` has 3 fraction digits, the scale allows 2"),
        ("1.5 XAU",     "amount `1.5` has 1 fraction digits, the scale allows 0"),
    ];
    for (text, expected) in cases {
        assert_eq!(Money::parse(text, iso4217::by_code).unwrap_err().to_string(), expected);
    }
}

#[test]
fn only_the_same_asset_adds_up() {
    let (one, two) = (money("1.00 ZAR"), money("2.00 ZAR"));
    assert_eq!(one.checked_add(two), Ok(money("3.00 ZAR")));
    assert_eq!(two.checked_sub(one), Ok(one));
    let message = |result: Result<Money, MoneyError>| result.unwrap_err().to_string();
    assert_eq!(message(one.checked_sub(two)), "amount of `ZAR` would fall below zero");
    let most = Money::new(Amount::MAX, one.asset);
    assert_eq!(message(most.checked_add(one)), "amount of `ZAR` is too large");
    let yen = "`ZAR` (scale 2) and `JPY` (scale 0) are different assets";
    assert_eq!(message(one.checked_add(money("1 JPY"))), yen);
    assert_eq!(message(one.checked_sub(money("1 JPY"))), yen);
    let finer = Asset::new(one.asset.code(), 4, AssetKind::Fiat { number: 710 }).unwrap();
    assert_eq!(
        message(one.checked_add(Money::new(Amount::ZERO, finer))),
        "`ZAR` (scale 2) and `ZAR` (scale 4) are different assets"
    );
}

#[test]
fn serialised_form() {
    let json =
        r#"{"amount":"25000","asset":{"code":"ZAR","scale":2,"kind":{"fiat":{"number":710}}}}"#;
    assert_eq!(serde_json::to_string(&money("250.00 ZAR")).unwrap(), json);
    assert_eq!(serde_json::from_str::<Money>(json).unwrap(), money("250.00 ZAR"));
}

proptest! {
    #[test]
    fn text_is_read_back(units in words(), index in 0..178_usize) {
        let asset = iso4217::all().nth(index).unwrap();
        let amount = Money::new(Amount::from_units(units), asset);
        prop_assert_eq!(Money::parse(&amount.to_string(), iso4217::by_code), Ok(amount));
    }
}
