//! Random changes of the registry over few parties, so that everything collides.

use minicbor::bytes::ByteVec;
use proptest::prelude::*;
use thalium::party::change::{
    Amendment, Assignment, DataRead, Forget, Grant, LegalHold, LiftHold, Merge, NewParty, Relation,
    RetentionClass, Revoke, SealedField, SealedFields, Split,
};
use thalium::party::{AccountRole, Basis, Change, ForgetScope, PartyKind, RelationRole, RiskLevel};
use thalium::{Command, Id};

/// Parties 1 and 2 are brokers; every third has a key.
fn register() -> impl Strategy<Value = Change> {
    let kinds = prop::sample::select(vec![PartyKind::Person, PartyKind::Company]);
    (1..9_u128, kinds, prop::option::weighted(0.3, 1..4_u128), prop::bool::weighted(0.1)).prop_map(
        |(id, kind, broker, other)| {
            let kind = if id < 3 && !other { PartyKind::Broker } else { kind };
            let broker = broker.filter(|_| id > 2).map(Id);
            let key = id.is_multiple_of(3).then(|| format!("party-{id}"));
            NewParty { id: Id(id), kind, broker, key }.into()
        },
    )
}

fn party() -> impl Strategy<Value = Id> {
    (0..10_u128, any::<bool>()).prop_map(|(id, by_key)| {
        if by_key && id.is_multiple_of(3) && id > 0 {
            Id::from_key("party", &format!("party-{id}"))
        } else {
            Id(id)
        }
    })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

fn names() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(name(), 1..4).prop_map(|names| names.into_iter().collect())
}

fn days() -> impl Strategy<Value = Option<i32>> {
    prop::option::of(-2_000..2_i32)
}

fn sealed() -> impl Strategy<Value = Change> {
    (party(), names(), prop::option::of(0..6_u8), prop::option::of(name()), any::<u8>()).prop_map(
        |(party, names, years, retention, byte)| {
            let retention = retention.filter(|_| years.is_none());
            let is_law = years.is_some() || retention.is_some();
            let basis = if is_law { Basis::Law } else { Basis::Consent };
            let field = |name: String| SealedField {
                name,
                purpose: "kyc".to_owned(),
                basis,
                years,
                value: ByteVec::from(vec![byte; 33]),
                token: (byte < 128).then(|| ByteVec::from(vec![byte; 49])),
                retention: retention.clone(),
            };
            SealedFields { party, fields: names.into_iter().map(field).collect() }.into()
        },
    )
}

pub(crate) fn change() -> impl Strategy<Value = Command> {
    let risks = prop::sample::select(vec![RiskLevel::Low, RiskLevel::High, RiskLevel::Prohibited]);
    let amend = (
        party(),
        prop::option::of(0..4_u8),
        prop::option::of(risks),
        names(),
        names(),
        days(),
        0..4_u8,
    )
        .prop_map(|(party, kyc_level, risk, set, clear, ended, which)| {
            let resumed = (which == 0).then_some(true);
            let ended = ended.filter(|_| which != 0);
            let set = (which < 2).then_some(set);
            let clear = (which == 2).then_some(clear);
            Amendment { party, kyc_level, risk, set, clear, ended, resumed }.into()
        });
    let roles = prop::sample::select(vec![RelationRole::Owner, RelationRole::Director]);
    let relate = (party(), party(), roles, days(), days(), prop::option::of(0..10_001_u32))
        .prop_map(|(from, to, role, since, until, share)| {
            Relation { from, to, role, since, until, share }.into()
        });
    let roles = prop::sample::select(vec![AccountRole::Owner, AccountRole::Operator]);
    let assign = (party(), 0..9_u128, roles, days(), days()).prop_map(
        |(party, account, role, since, until)| {
            Assignment { party, account: Id(account), role, since, until }.into()
        },
    );
    let merge = (party(), party()).prop_map(|(into, party)| Merge { into, party }.into());
    let split = party().prop_map(|party| Split { party }.into());
    let hold = (party(), name(), days(), prop::option::of(name()))
        .prop_map(|(party, name, until, reason)| LegalHold { party, name, until, reason }.into());
    let lift = (party(), name()).prop_map(|(party, name)| LiftHold { party, name }.into());
    let scopes = prop::sample::select(vec![ForgetScope::Consent, ForgetScope::All]);
    let forget = (party(), scopes).prop_map(|(party, scope)| Forget { party, scope }.into());
    let read = (party(), names()).prop_map(|(party, fields)| {
        DataRead { party, fields, why: "audit".to_owned(), ..DataRead::default() }.into()
    });
    let grant = (name(), prop::option::of(party()), 0..i64::MAX)
        .prop_map(|(actor, party, until)| Grant { actor, party, until }.into());
    let revoke = name().prop_map(|actor| Revoke { actor }.into());
    let retain = (name(), 0..6_u8, prop::option::of(name()))
        .prop_map(|(name, years, law)| RetentionClass { name, years, law }.into());
    let change: BoxedStrategy<Change> = prop_oneof![
        6 => register(),
        3 => amend,
        3 => relate,
        3 => assign,
        4 => sealed(),
        2 => merge,
        1 => split,
        1 => hold,
        1 => lift,
        2 => forget,
        2 => read,
        1 => grant,
        1 => revoke,
        2 => retain,
    ]
    .boxed();
    change.prop_map(Command::from)
}
