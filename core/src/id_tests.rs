use super::Id;

#[test]
fn text_is_a_uuid_or_decimal() {
    let table = [
        ("1", Some(1)),
        ("340282366920938463463374607431768211455", Some(u128::MAX)),
        ("340282366920938463463374607431768211456", None),
        ("00000000-0000-0000-0000-00000000000a", Some(10)),
        ("0000000000000000000000000000000a", None),
        ("", None),
        ("-1", None),
        ("١", None),
        ("c42:ZAR", None),
    ];
    for (text, want) in table {
        assert_eq!(text.parse::<Id>().ok().map(|id| id.0), want, "{text}");
    }
    assert_eq!(Id(10).to_string(), "00000000-0000-0000-0000-00000000000a");
    assert_eq!(Id(10).to_string().parse(), Ok(Id(10)));
}

#[test]
fn a_key_always_names_the_same_id() {
    assert_eq!(Id::from_key("account", "c42:ZAR"), Id::from_key("account", "c42:ZAR"));
    assert_ne!(Id::from_key("account", "c42:ZAR"), Id::from_key("transfer", "c42:ZAR"));
    // A promise: stored references depend on it.
    assert_eq!(
        Id::from_key("account", "c42:ZAR").to_string(),
        "4857af3e-ba83-8d0f-af20-01a7486edc5e"
    );
    assert_eq!(Id(5).part(0), Id(5));
    assert_ne!(Id(5).part(1), Id(5).part(2));
}

#[test]
fn only_a_uuidv7_has_an_instant() {
    assert_eq!(
        "019205d8-4d00-7abc-8def-0123456789ab".parse::<Id>().unwrap().millis(),
        Some(0x0192_05d8_4d00)
    );
    assert_eq!(Id(1).millis(), None);
    assert_eq!(Id::from_key("account", "c42:ZAR").millis(), None);
}
