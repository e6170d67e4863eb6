//! Names and numbers of providers.

use super::*;

#[test]
fn names_and_numbers_are_promises() {
    let promised = [
        ("onfido", 1),
        ("persona", 2),
        ("sumsub", 3),
        ("veriff", 4),
        ("jumio", 5),
        ("ballerine", 6),
    ];
    let told = Provider::ALL.map(|provider| (provider.name(), provider.number()));
    assert_eq!(told, promised);
    for (name, number) in promised {
        assert_eq!(Provider::from_name(name).ok(), Provider::from_number(number), "{name}");
    }
    assert_eq!([0, 7, 255].map(Provider::from_number), [None; 3]);
}

#[test]
fn a_name_that_is_nearly_another() {
    let cases = [
        ("verif", "there is no provider `verif`: did you mean `veriff`?"),
        (
            "Acme",
            "there is no provider `Acme`: there are onfido, persona, sumsub, veriff, jumio, ballerine",
        ),
    ];
    for (written, wanted) in cases {
        assert_eq!(Provider::from_name(written).unwrap_err().to_string(), wanted);
    }
    assert_eq!(Provider::from_name(&"x".repeat(900)).unwrap_err().written.len(), 64);
}
