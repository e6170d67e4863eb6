use minicbor::bytes::ByteVec;

use super::*;
use crate::party::change::{
    AccountRole, Change, DataRead, ForgetScope, Grant, PartyKind, RelationRole, RetentionClass,
    SealedField, SealedFields, Split,
};
use crate::party::{Basis, Stamp};

fn party(id: u128, key: &str) -> Change {
    let key = (!key.is_empty()).then(|| key.to_owned());
    NewParty { id: Id(id), kind: PartyKind::Person, broker: None, key }.into()
}

/// One change of every kind that leaves something.
fn changes() -> Vec<Change> {
    let field = SealedField {
        name: "name".to_owned(),
        purpose: "kyc".to_owned(),
        basis: Basis::Law,
        years: Some(5),
        value: ByteVec::from(vec![1; 49]),
        token: Some(ByteVec::from(vec![2; 49])),
        retention: None,
    };
    let class = RetentionClass { name: "kyc".to_owned(), years: 5, law: Some("FICA".to_owned()) };
    let of_class = SealedField {
        name: "passport".to_owned(),
        years: None,
        retention: Some(class.name.clone()),
        ..field.clone()
    };
    let set = Some(vec!["pep".to_owned()]);
    vec![
        party(1, "one"),
        party(2, ""),
        party(3, "three"),
        party(4, ""),
        Amendment { party: Id(1), kyc_level: Some(2), set, ended: Some(7), ..Amendment::default() }
            .into(),
        Relation {
            from: Id(1),
            to: Id(2),
            role: RelationRole::Owner,
            since: None,
            until: Some(9),
            share: Some(50),
        }
        .into(),
        Assignment {
            party: Id(1),
            account: Id(100),
            role: AccountRole::Owner,
            since: Some(1),
            until: None,
        }
        .into(),
        class.into(),
        SealedFields { party: Id(2), fields: vec![field, of_class] }.into(),
        Merge { into: Id(1), party: Id(2) }.into(),
        Merge { into: Id(3), party: Id(1) }.into(),
        LegalHold {
            party: Id(3),
            name: "case".to_owned(),
            until: None,
            reason: Some("court".to_owned()),
        }
        .into(),
        DataRead {
            party: Id(3),
            fields: vec!["name".to_owned()],
            why: "audit".to_owned(),
            ..DataRead::default()
        }
        .into(),
        Grant { actor: "ann".to_owned(), party: Some(Id(3)), until: 9 }.into(),
        Forget { party: Id(4), scope: ForgetScope::Consent }.into(),
    ]
}

fn registry(changes: &[Change]) -> Registry {
    let mut registry = Registry::default();
    for (sequence, change) in (1..).zip(changes) {
        registry.follows(change).unwrap();
        registry.apply(change, Stamp { sequence, timestamp: 1_000 });
    }
    registry
}

#[test]
fn what_is_written_is_read_with_all_that_is_found_by_it() {
    let written = registry(&changes());
    let read = Registry::from_bytes(&written.to_bytes()).unwrap();
    assert_eq!(read, written);
    let found = read.party(Id::from_key("party", "one")).unwrap();
    assert_eq!(found.id, Id(3));
    let members: Vec<u128> = read.members(found).map(|one| one.id.0).collect();
    assert_eq!(members, [3, 1, 2]);
    assert_eq!(read.fields_of(found)[0].subject, Id(2));
    assert_eq!(read.relations_to(found).count() + read.relations_of(found).count(), 2);
    assert_eq!(read.holders_of(Id(100)).count(), 1);
}

#[test]
fn a_merger_of_mergers_is_undone_step_by_step() {
    let mut read = registry(&changes());
    read.apply(&Split { party: Id(1) }.into(), Stamp { sequence: 90, timestamp: 1_000 });
    assert_eq!(read.party(Id(2)).unwrap().id, Id(1), "what was merged into it goes with it");
    assert_eq!(read.members(read.party(Id(3)).unwrap()).count(), 1);
}

#[test]
fn every_change_is_in_the_digest() {
    let all = changes();
    let mut seen = std::collections::BTreeSet::new();
    for count in 0..=all.len() {
        let is_new = seen.insert(registry(&all[..count]).digest());
        // A reading changes nothing of the state but where it is found.
        let is_read = matches!(all.get(count.wrapping_sub(1)), Some(Change::Read(_)));
        assert_eq!(is_new, !is_read, "{count}");
    }
}

#[test]
fn what_is_no_registry_is_refused() {
    let bytes = registry(&changes()).to_bytes();
    for len in 0..bytes.len() {
        assert!(Registry::from_bytes(&bytes[..len]).is_err(), "{len} of {}", bytes.len());
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(Registry::from_bytes(&longer).is_err());
    let mut circle = registry(&changes());
    circle.parties.get_mut(&Id(3)).unwrap().merged_into = Some(Id(2));
    assert!(Registry::from_bytes(&circle.to_bytes()).unwrap_err().contains("circle"));
    circle.parties.get_mut(&Id(3)).unwrap().merged_into = Some(Id(77));
    assert!(Registry::from_bytes(&circle.to_bytes()).is_err());
    // Whatever one byte is changed to, what is accepted is written as it was read.
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x15;
        if let Ok(read) = Registry::from_bytes(&damaged) {
            assert_eq!(read.to_bytes(), damaged, "byte {at}");
        }
    }
}
