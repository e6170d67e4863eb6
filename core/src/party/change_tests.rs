use super::*;

fn sealed(fields: Vec<SealedField>) -> Change {
    SealedFields { party: Id(1), fields }.into()
}

fn field(name: &str) -> SealedField {
    SealedField {
        name: name.to_owned(),
        purpose: "kyc".to_owned(),
        basis: Basis::Consent,
        years: None,
        value: ByteVec::from(vec![1, 2, 3]),
        token: None,
        retention: None,
    }
}

/// The bytes of each kind, as `docs/format.md` writes them down.
#[test]
fn every_change_has_one_spelling() {
    let id = Id(0x0102);
    let own = format!("50{:032x}", id.0);
    for (change, bytes) in [
        (
            NewParty { id, kind: PartyKind::Company, broker: None, key: Some("mill".to_owned()) }
                .into(),
            format!("a301{own}020204646d696c6c"),
        ),
        (
            Amendment { party: id, kyc_level: Some(2), ended: Some(-1), ..Amendment::default() }
                .into(),
            format!("a301{own}02020620"),
        ),
        (Change::from(Split { party: id }), format!("a101{own}")),
        (Forget { party: id, scope: ForgetScope::All }.into(), format!("a201{own}0202")),
        (
            SealedFields { party: id, fields: vec![field("a")] }.into(),
            format!("a201{own}0281a4016161 02636b7963 0301 0543010203").replace(' ', ""),
        ),
        (
            DataRead {
                party: id,
                why: "w".to_owned(),
                transfers: Some(vec![id]),
                ..DataRead::default()
            }
            .into(),
            format!("a401{own}0280 036177 0481{own}").replace(' ', ""),
        ),
        (
            DataRead { party: id, why: "w".to_owned(), details: Some(true), ..DataRead::default() }
                .into(),
            format!("a401{own}0280 036177 06f5").replace(' ', ""),
        ),
        (
            Grant { actor: "ann".to_owned(), party: None, until: 500 }.into(),
            "a20163616e6e031901f4".to_owned(),
        ),
        (
            RetentionClass { name: "kyc".to_owned(), years: 5, law: Some("AMLD".to_owned()) }
                .into(),
            "a301636b796302050364414d4c44".to_owned(),
        ),
        (
            RetentionClass { name: "kyc".to_owned(), ..RetentionClass::default() }.into(),
            "a201636b79630200".to_owned(),
        ),
    ] {
        let told: String = change.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(told, bytes, "{}", change.kind().name());
        assert_eq!(Change::from_bytes(change.kind(), &change.to_bytes()), Ok(change));
    }
}

#[test]
fn what_is_out_of_its_bounds_is_told_by_field() {
    let text = |bytes: usize| "x".repeat(bytes);
    let read = |change: fn(&mut DataRead)| {
        let mut read = DataRead { party: Id(1), why: "audit".to_owned(), ..DataRead::default() };
        change(&mut read);
        Change::from(read)
    };
    let law = SealedField { basis: Basis::Law, ..field("a") };
    for (field, change) in [
        ("key", NewParty { key: Some(text(257)), ..NewParty::default() }.into()),
        ("key", NewParty { key: Some(String::new()), ..NewParty::default() }.into()),
        ("set", Amendment { set: Some(Vec::new()), ..Amendment::default() }.into()),
        ("set", Amendment { set: Some(vec![text(65)]), ..Amendment::default() }.into()),
        ("clear", Amendment { clear: Some(vec![text(2), text(1)]), ..Amendment::default() }.into()),
        ("clear", Amendment { clear: Some(vec![text(1), text(1)]), ..Amendment::default() }.into()),
        ("fields", sealed(vec![])),
        ("fields", sealed(vec![field("b"), field("a")])),
        ("fields", sealed((0..33).map(|n| field(&format!("{n:02}"))).collect())),
        (
            "fields",
            sealed(vec![SealedField { value: vec![0; SEALED_MAX + 1].into(), ..field("a") }]),
        ),
        ("years", sealed(vec![law.clone()])),
        ("years", sealed(vec![SealedField { years: Some(101), ..law }])),
        ("years", sealed(vec![SealedField { years: Some(5), ..field("a") }])),
        ("fields", read(|_| ())),
        ("transfers", read(|read| read.transfers = Some(Vec::new()))),
        ("transfers", read(|read| read.transfers = Some(vec![Id(2), Id(1)]))),
        ("accounts", read(|read| read.accounts = Some(vec![Id(1), Id(1)]))),
        ("accounts", read(|read| read.accounts = Some((0..33).map(Id).collect()))),
        ("details", read(|read| read.details = Some(false))),
        (
            "why",
            Change::from(DataRead { party: Id(1), fields: vec![text(1)], ..DataRead::default() }),
        ),
    ] {
        assert_eq!(change.check().unwrap_err().field, field, "{change:?}");
        let read = Change::from_bytes(change.kind(), &change.to_bytes());
        assert_eq!(read, Err(CodecError::TooLarge));
    }
}

#[test]
fn what_is_no_canonical_change_is_refused() {
    let bytes = Change::from(Split { party: Id(1) }).to_bytes();
    let longer = [bytes.as_slice(), &[0]].concat();
    // An unknown field; a number that is spelt longer than it need be.
    let unknown = [&[0xa2], &bytes[1..], &[0x09, 0x01]].concat();
    let wide = [&[0xa1, 0x18, 0x01], &bytes[2..]].concat();
    for (what, bytes) in
        [("longer", longer), ("unknown", unknown), ("wide", wide), ("none", vec![])]
    {
        assert!(Change::from_bytes(ChangeKind::Split, &bytes).is_err(), "{what}");
    }
}
