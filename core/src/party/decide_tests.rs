//! Tables of what may be asked of the registry: each line is what is asked, and what comes of it.

use minicbor::bytes::ByteVec;

use super::*;
use crate::party::change::{AccountRole, Change, RelationRole, RiskLevel, SealedField};

const DAY: i64 = 86_400_000_000_000;
/// 2026-01-01.
const TODAY: i32 = 20_454;

/// A registry in which everything that is asked for is done, a second after another.
struct Desk {
    registry: Registry,
    sequence: u64,
    today: i32,
}

impl Desk {
    fn open() -> Self {
        let mut desk = Self { registry: Registry::default(), sequence: 0, today: TODAY };
        for (id, kind, broker, key) in [
            (1, PartyKind::Broker, 0, "house"),
            (2, PartyKind::Broker, 0, "other house"),
            (3, PartyKind::Person, 1, "thandi"),
            (4, PartyKind::Person, 1, "sipho"),
            (5, PartyKind::Person, 2, "anna"),
            (6, PartyKind::Company, 0, "mill"),
        ] {
            let broker = (broker > 0).then_some(Id(broker));
            let new = NewParty { id: Id(id), kind, broker, key: Some(key.to_owned()) };
            assert_eq!(desk.ask(new), PartyStatus::Created);
        }
        desk
    }

    fn ask(&mut self, change: impl Into<Change>) -> PartyStatus {
        let change = change.into();
        change.check().unwrap();
        let now = i64::from(self.today) * DAY + i64::try_from(self.sequence).unwrap();
        // Accounts 100 to 199 are there; 50 is the id of the key of account 150.
        let account = |id: Id| match id.0 {
            100..200 => Some(id),
            50 => Some(Id(150)),
            _ => None,
        };
        let decided = self.registry.decide(&change, now, account);
        let before = self.registry.clone();
        match decided {
            Ok(change) => {
                self.sequence += 1;
                let at = Stamp { sequence: self.sequence, timestamp: now };
                self.registry.follows(&change).unwrap();
                self.registry.apply(&change, at);
                assert_eq!(Registry::from_bytes(&self.registry.to_bytes()).unwrap(), self.registry);
                PartyStatus::Created
            }
            Err(refused) => {
                assert_eq!(self.registry, before);
                refused.status
            }
        }
    }
}

fn field(name: &str, years: Option<u8>) -> SealedField {
    SealedField {
        name: name.to_owned(),
        purpose: "due_diligence".to_owned(),
        basis: if years.is_some() { Basis::Law } else { Basis::Consent },
        years,
        value: ByteVec::from(vec![1; 49]),
        token: None,
        retention: None,
    }
}

fn sealed(party: u128, fields: Vec<SealedField>) -> SealedFields {
    SealedFields { party: Id(party), fields }
}

fn ended(party: u128, day: i32) -> Amendment {
    Amendment { party: Id(party), ended: Some(day), ..Amendment::default() }
}

fn hold(party: u128, name: &str, until: Option<i32>) -> LegalHold {
    LegalHold { party: Id(party), name: name.to_owned(), until, reason: None }
}

fn forget(party: u128, scope: ForgetScope) -> Forget {
    Forget { party: Id(party), scope }
}

#[test]
fn who_is_registered_and_who_is_not() {
    use PartyKind::{Broker, Company, Person};
    use PartyStatus as S;
    let mut desk = Desk::open();
    let named = |name: &str| Id::from_key("party", name).0;
    for (what, id, kind, broker, key, status) in [
        ("a new person", 9, Person, 1, "", S::Created),
        ("the same again", 3, Person, 1, "thandi", S::Exists),
        ("by the broker's key", 3, Person, named("house"), "thandi", S::Exists),
        ("no id", 0, Person, 0, "", S::IdMustNotBeZero),
        ("the last id", u128::MAX, Person, 0, "", S::IdMustNotBeIntMax),
        ("as a company", 3, Company, 1, "thandi", S::ExistsWithDifferentKind),
        ("at another broker", 3, Person, 2, "thandi", S::ExistsWithDifferentBroker),
        ("at none", 3, Person, 0, "thandi", S::ExistsWithDifferentBroker),
        ("under another key", 3, Person, 1, "thabo", S::ExistsWithDifferentKey),
        ("under no key", 3, Person, 1, "", S::ExistsWithDifferentKey),
        ("under someone's key", 10, Person, 0, "thandi", S::ExistsWithDifferentKey),
        (
            "as the id of someone's key",
            named("thandi"),
            Person,
            1,
            "thandi",
            S::ExistsWithDifferentKey,
        ),
        ("at no one's house", 11, Person, 99, "", S::BrokerNotFound),
        ("at a person's", 11, Person, 4, "", S::BrokerNotFound),
        ("a broker at a broker's", 11, Broker, 1, "", S::BrokerNotFound),
        ("at its own", 11, Broker, 11, "", S::BrokerNotFound),
    ] {
        let broker = (broker > 0).then_some(Id(broker));
        let key = (!key.is_empty()).then(|| key.to_owned());
        assert_eq!(desk.ask(NewParty { id: Id(id), kind, broker, key }), status, "{what}");
    }
    let clients: Vec<u128> =
        desk.registry.clients_from(Id(1), Id::ZERO).map(|party| party.id.0).collect();
    assert_eq!(clients, [3, 4, 9], "a broker's own clients, and no others");
}

#[test]
fn levels_flags_and_the_end_of_a_relationship() {
    use PartyStatus as S;
    let mut desk = Desk::open();
    let flags = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    let none = Amendment { party: Id(3), ..Amendment::default() };
    for (what, change, status) in [
        ("a level", Amendment { kyc_level: Some(2), ..none.clone() }, S::Created),
        ("the same level", Amendment { kyc_level: Some(2), ..none.clone() }, S::Exists),
        ("a risk", Amendment { risk: Some(RiskLevel::High), ..none.clone() }, S::Created),
        ("two flags", Amendment { set: flags(&["pep", "watch"]), ..none.clone() }, S::Created),
        ("one of them", Amendment { set: flags(&["pep"]), ..none.clone() }, S::Exists),
        (
            "both ways",
            Amendment { set: flags(&["a"]), clear: flags(&["a"]), ..none.clone() },
            S::FlagsAreMutuallyExclusive,
        ),
        ("off", Amendment { clear: flags(&["pep"]), ..none.clone() }, S::Created),
        ("off again", Amendment { clear: flags(&["pep"]), ..none.clone() }, S::Exists),
        ("the end", Amendment { ended: Some(TODAY), ..none.clone() }, S::Created),
        ("no end after all", Amendment { resumed: Some(true), ..none.clone() }, S::Created),
        ("and again", Amendment { resumed: Some(true), ..none.clone() }, S::Exists),
        (
            "ended and resumed",
            Amendment { ended: Some(1), resumed: Some(true), ..none.clone() },
            S::FlagsAreMutuallyExclusive,
        ),
        (
            "of no one",
            Amendment { party: Id(99), kyc_level: Some(1), ..none.clone() },
            S::PartyNotFound,
        ),
    ] {
        assert_eq!(desk.ask(change), status, "{what}");
    }
    let party = desk.registry.party(Id(3)).unwrap();
    assert_eq!((party.kyc_level, party.risk, party.ended), (2, Some(RiskLevel::High), None));
    assert_eq!(party.flags.iter().collect::<Vec<_>>(), ["watch"]);
    let many = (0..LIST_MAX).map(|n| format!("flag-{n:02}")).collect();
    let change = Amendment { set: Some(many), ..none };
    assert_eq!(desk.ask(change), S::TooMany);
}

#[test]
fn relations_and_accounts_have_dates() {
    use PartyStatus as S;
    let mut desk = Desk::open();
    let own = |from: u128, to: u128, share| Relation {
        from: Id(from),
        to: Id(to),
        role: RelationRole::BeneficialOwner,
        since: Some(TODAY),
        until: None,
        share,
    };
    for (what, relation, status) in [
        ("a quarter", own(3, 6, Some(2_500)), S::Created),
        ("the same", own(3, 6, Some(2_500)), S::Exists),
        ("a third", own(3, 6, Some(3_333)), S::Created),
        ("of itself", own(6, 6, None), S::PartiesMustBeDifferent),
        ("of no one", own(3, 99, None), S::OtherPartyNotFound),
        ("by no one", own(99, 6, None), S::PartyNotFound),
        (
            "back to front",
            Relation { until: Some(TODAY - 1), ..own(3, 6, None) },
            S::UntilMustNotPrecedeSince,
        ),
        ("until today", Relation { until: Some(TODAY), ..own(3, 6, None) }, S::Created),
    ] {
        assert_eq!(desk.ask(relation), status, "{what}");
    }
    let mill = desk.registry.party(Id(6)).unwrap();
    let related: Vec<_> = desk.registry.relations_to(mill).collect();
    let (role, who, span) = related[0];
    assert_eq!((related.len(), role, who), (1, RelationRole::BeneficialOwner, Id(3)));
    assert!(span.holds(TODAY) && !span.holds(TODAY + 1) && !span.holds(TODAY - 1));

    let give = |party: u128, account: u128, until| Assignment {
        party: Id(party),
        account: Id(account),
        role: AccountRole::Owner,
        since: None,
        until,
    };
    for (what, assignment, status) in [
        ("an account", give(3, 100, None), S::Created),
        ("the same", give(3, 100, None), S::Exists),
        ("to another as well", give(4, 100, None), S::Created),
        ("by the id of its key", give(3, 50, None), S::Created),
        ("that is not there", give(3, 7, None), S::AccountNotFound),
        ("taken away", give(3, 100, Some(TODAY)), S::Created),
    ] {
        assert_eq!(desk.ask(assignment), status, "{what}");
    }
    let thandi = desk.registry.party(Id(3)).unwrap();
    let accounts: Vec<u128> = desk.registry.accounts_of(thandi).map(|(id, ..)| id.0).collect();
    assert_eq!(accounts, [100, 150]);
    assert_eq!(desk.registry.holders_of(Id(100)).count(), 2);
}

#[test]
fn two_records_of_one_person_become_one_and_two_again() {
    use PartyStatus as S;
    let mut desk = Desk::open();
    let merge = |party: u128, into: u128| Merge { party: Id(party), into: Id(into) };
    desk.ask(sealed(4, vec![field("name", None), field("phone", None)]));
    desk.ask(sealed(3, vec![field("name", None)]));
    for (what, change, status) in [
        ("a person and a company", merge(3, 6), S::PartiesMustBeAlike),
        ("clients of two houses", merge(3, 5), S::PartiesMustBeAlike),
        ("two houses", merge(1, 2), S::PartiesMustBeAlike),
        ("oneself", merge(3, 3), S::PartiesMustBeDifferent),
        ("no one", merge(99, 3), S::PartyNotFound),
        ("into no one", merge(3, 99), S::OtherPartyNotFound),
        ("two records", merge(4, 3), S::Created),
        ("the same again", merge(4, 3), S::Exists),
        ("the other way round", merge(3, 4), S::PartiesMustBeDifferent),
    ] {
        assert_eq!(desk.ask(change), status, "{what}");
    }
    assert_eq!(desk.ask(sealed(4, vec![field("town", None)])), S::PartyWasMerged);
    let thandi = desk.registry.party(Id(4)).unwrap();
    let fields: Vec<_> = desk.registry.fields_of(thandi);
    let told: Vec<_> = fields.iter().map(|one| (one.name.as_str(), one.subject.0)).collect();
    assert_eq!((thandi.id, told), (Id(3), vec![("name", 3), ("phone", 4)]), "the newest of each");
    assert_eq!(desk.registry.clients_from(Id(1), Id::ZERO).count(), 1);
    assert_eq!(desk.ask(Split { party: Id(3) }), S::PartyWasNotMerged);
    assert_eq!(desk.ask(Split { party: Id(4) }), S::Created);
    assert_eq!(desk.registry.party(Id(4)).unwrap().id, Id(4));
    assert_eq!(desk.registry.clients_from(Id(1), Id::ZERO).count(), 2);
}

#[test]
fn what_is_kept_and_when_it_may_be_forgotten() {
    use ForgetScope::{All, Consent};
    use PartyStatus as S;
    let mut desk = Desk::open();
    desk.ask(sealed(3, vec![field("passport", Some(5)), field("phone", None)]));
    // The law, the end of the relationship and a hold, day by day: 2031-01-01 is the last day of five years.
    let last = TODAY + 5 * 365 + 1;
    for (what, day, change, status) in [
        ("while the relationship lasts", TODAY, forget(3, All).into(), S::RelationshipHasNotEnded),
        ("what consent allowed", TODAY, forget(3, Consent).into(), S::Created),
        ("once more", TODAY, forget(3, Consent).into(), S::Exists),
        (
            "consent cannot be given anew",
            TODAY,
            Change::from(sealed(3, vec![field("phone", None)])),
            S::PartyWasForgotten,
        ),
        (
            "what the law asks for goes on",
            TODAY,
            sealed(3, vec![field("tax", Some(2))]).into(),
            S::Created,
        ),
        ("the relationship ends", TODAY, ended(3, TODAY).into(), S::Created),
        ("the day after", TODAY + 1, forget(3, All).into(), S::RetentionHasNotPassed),
        ("on the last day", last, forget(3, All).into(), S::RetentionHasNotPassed),
        ("a court asks for it", last, hold(3, "case 9", None).into(), S::Created),
        ("the hold is in force", last + 1, forget(3, All).into(), S::LegalHoldInForce),
        ("even for consent", last + 1, forget(3, All).into(), S::LegalHoldInForce),
        ("it gets a last day", last + 1, hold(3, "case 9", Some(last + 9)).into(), S::Created),
        ("that day", last + 9, forget(3, All).into(), S::LegalHoldInForce),
        ("the day after that", last + 10, forget(3, All).into(), S::Created),
        (
            "nothing more is known",
            last + 10,
            sealed(3, vec![field("tax", Some(2))]).into(),
            S::PartyWasForgotten,
        ),
        ("nor changed", last + 10, ended(3, TODAY).into(), S::PartyWasForgotten),
        ("forgotten once", last + 11, forget(3, Consent).into(), S::Exists),
        ("no one", last + 11, forget(99, All).into(), S::PartyNotFound),
    ] {
        desk.today = day;
        assert_eq!(desk.ask(change), status, "{what}");
    }
    let forgotten: Vec<_> = desk.registry.forgotten(0).collect();
    assert_eq!(forgotten, [(Id(3), &Basis::ALL[..])]);
    assert!(desk.registry.fields_of(desk.registry.party(Id(3)).unwrap()).is_empty());
}

/// What a class says of how long counts for all that was sealed under it, before and after.
#[test]
fn a_retention_class_moves_the_clock_of_all_that_was_sealed_under_it() {
    use ForgetScope::All;
    use PartyStatus as S;
    let class = |name: &str, years, law: &str| RetentionClass {
        name: name.to_owned(),
        years,
        law: (!law.is_empty()).then(|| law.to_owned()),
    };
    let under = |name: &str| SealedField {
        basis: Basis::Law,
        retention: Some(name.to_owned()),
        ..field("passport", None)
    };
    let mut desk = Desk::open();
    let (three, ten) = (TODAY + 3 * 365, TODAY + 10 * 365 + 3);
    let steps: [(&str, i32, Change, PartyStatus); 18] = [
        ("there is none yet", TODAY, sealed(3, vec![under("kyc")]).into(), S::RetentionNotFound),
        ("defined", TODAY, class("kyc", 5, "AMLD").into(), S::Created),
        ("as it is", TODAY, class("kyc", 5, "AMLD").into(), S::Exists),
        ("another", TODAY, class("tax", 0, "").into(), S::Created),
        ("under a class", TODAY, sealed(3, vec![under("kyc")]).into(), S::Created),
        ("under none", TODAY, sealed(3, vec![under("aml")]).into(), S::RetentionNotFound),
        ("of no one", TODAY, sealed(99, vec![under("aml")]).into(), S::PartyNotFound),
        ("it lasts", TODAY, forget(3, All).into(), S::RelationshipHasNotEnded),
        ("it ends", TODAY, ended(3, TODAY).into(), S::Created),
        ("five years", three, forget(3, All).into(), S::RetentionHasNotPassed),
        ("now ten", three, class("kyc", 10, "AMLR").into(), S::Created),
        ("not after six", three + 3 * 366, forget(3, All).into(), S::RetentionHasNotPassed),
        ("now three", ten, class("kyc", 3, "AMLR").into(), S::Created),
        (
            "and by a law of its own",
            ten,
            sealed(3, vec![field("tax", Some(11))]).into(),
            S::Created,
        ),
        ("the longest counts", ten, forget(3, All).into(), S::RetentionHasNotPassed),
        ("under another class too", ten, sealed(3, vec![under("tax")]).into(), S::Created),
        ("by then", ten + 366, forget(3, All).into(), S::Created),
        (
            "under a class, of one forgotten",
            ten + 366,
            sealed(3, vec![under("kyc")]).into(),
            S::PartyWasForgotten,
        ),
    ];
    for (what, day, change, status) in steps {
        desk.today = day;
        assert_eq!(desk.ask(change), status, "{what}");
    }
    let told: Vec<_> =
        desk.registry.retentions().map(|(one, at)| (one.years, at.sequence)).collect();
    assert_eq!(told, [(3, 12), (0, 8)]);
}

/// A class is known by what it says, not by when its name was first used.
#[test]
fn a_class_that_says_otherwise_is_another_state() {
    let class = |years| RetentionClass { name: "kyc".to_owned(), years, law: None };
    let digest = |changes: &[Change]| {
        let mut desk = Desk::open();
        for change in changes {
            desk.ask(change.clone());
        }
        desk.registry.digest()
    };
    let five = digest(&[class(5).into()]);
    assert_ne!(five, digest(&[]));
    assert_ne!(five, digest(&[class(6).into()]));
    assert_eq!(five, digest(&[class(6).into(), class(5).into()]));
    // Under which classes anything stands, says when it may be forgotten.
    let field = SealedField { basis: Basis::Law, ..field("passport", Some(5)) };
    let of_class = SealedField { years: None, retention: Some("kyc".to_owned()), ..field.clone() };
    let once = |fields: &[SealedField]| {
        let sealed = fields.iter().map(|field| sealed(3, vec![field.clone()]).into());
        digest(&[class(5).into()].into_iter().chain(sealed).collect::<Vec<_>>())
    };
    assert_ne!(once(&[field.clone(), field.clone()]), once(&[field, of_class]));
}

#[test]
fn a_merged_party_is_forgotten_with_all_its_records_or_not_at_all() {
    use PartyStatus as S;
    let mut desk = Desk::open();
    desk.ask(sealed(4, vec![field("passport", Some(5))]));
    desk.ask(hold(4, "case 9", None));
    desk.ask(Merge { party: Id(4), into: Id(3) });
    assert_eq!(desk.ask(forget(3, ForgetScope::Consent)), S::LegalHoldInForce);
    assert_eq!(desk.ask(LiftHold { party: Id(3), name: "case 9".to_owned() }), S::Created);
    assert_eq!(desk.ask(LiftHold { party: Id(3), name: "case 9".to_owned() }), S::HoldNotFound);
    assert_eq!(desk.ask(forget(4, ForgetScope::All)), S::RelationshipHasNotEnded);
    desk.ask(ended(3, TODAY - 6 * 366));
    // That the one ended says nothing of the other, which has what a law keeps.
    assert_eq!(desk.ask(forget(4, ForgetScope::All)), S::RelationshipHasNotEnded);
    assert_eq!(desk.ask(Split { party: Id(4) }), S::Created);
    desk.ask(ended(4, TODAY - 6 * 366));
    desk.ask(Merge { party: Id(4), into: Id(3) });
    desk.ask(hold(3, "case 10", None));
    assert_eq!(desk.ask(Split { party: Id(4) }), S::LegalHoldInForce);
    desk.ask(LiftHold { party: Id(3), name: "case 10".to_owned() });
    assert_eq!(desk.ask(forget(4, ForgetScope::All)), S::Created);
    assert_eq!(desk.registry.forgotten(0).map(|(id, _)| id.0).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(desk.ask(Split { party: Id(4) }), S::PartyWasForgotten);
}

#[test]
fn who_may_read_the_access_log_and_until_when() {
    use PartyStatus as S;
    let mut desk = Desk::open();
    desk.ask(sealed(3, vec![field("name", None)]));
    let read = |party: u128, name: &str| DataRead {
        party: Id(party),
        fields: vec![name.to_owned()],
        why: "a complaint".to_owned(),
        ..DataRead::default()
    };
    assert_eq!(desk.ask(read(3, "name")), S::Created);
    assert_eq!(desk.ask(read(3, "name")), S::Created, "each reading is recorded");
    assert_eq!(desk.ask(read(3, "phone")), S::FieldNotFound);
    assert_eq!(desk.ask(read(99, "name")), S::PartyNotFound);
    assert_eq!(desk.registry.reads().len(), 2);

    let now = i64::from(TODAY) * DAY;
    let grant = |actor: &str, party: u128, until: i64| Grant {
        actor: actor.to_owned(),
        party: (party > 0).then_some(Id(party)),
        until,
    };
    assert_eq!(desk.ask(grant("ann", 0, now + DAY)), S::Created);
    assert_eq!(desk.ask(grant("ann", 0, now + DAY)), S::Exists);
    assert_eq!(desk.ask(grant("ben", 1, now + DAY)), S::Created);
    assert_eq!(desk.ask(grant("cas", 3, now + DAY)), S::Created);
    assert_eq!(desk.ask(grant("dan", 0, now - DAY)), S::UntilMustNotBePast);
    assert_eq!(desk.ask(grant("dan", 99, now + DAY)), S::PartyNotFound);
    let may = |desk: &Desk, actor: &str, party: u128, at: i64| {
        let party = (party > 0).then(|| desk.registry.party(Id(party)).unwrap());
        desk.registry.may_audit(actor, party, at)
    };
    for (what, actor, party, at, expected) in [
        ("all of it", "ann", 0, now, true),
        ("anyone's", "ann", 5, now, true),
        ("to the last instant", "ann", 0, now + DAY, true),
        ("no longer", "ann", 0, now + DAY + 1, false),
        ("a house and its clients", "ben", 3, now, true),
        ("the house itself", "ben", 1, now, true),
        ("another house's client", "ben", 5, now, false),
        ("all, for one house", "ben", 0, now, false),
        ("one client", "cas", 3, now, true),
        ("another client", "cas", 4, now, false),
        ("who was granted nothing", "dan", 3, now, false),
    ] {
        assert_eq!(may(&desk, actor, party, at), expected, "{what}");
    }
    assert_eq!(desk.ask(Revoke { actor: "ann".to_owned() }), S::Created);
    assert_eq!(desk.ask(Revoke { actor: "ann".to_owned() }), S::Exists);
    assert!(!may(&desk, "ann", 0, now));
}
