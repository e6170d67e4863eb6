//! The kinds of companies and of their owners that the repository shows: a company waits for its owners, each in a case of their own.

use super::office::{DAY, Office, find, json, send, submit, why};
use super::*;
use crate::kyc::chart::Effect;

/// 2026-01-01.
const NOW: i64 = 1_767_225_600_000_000_000;
const EACH: &str = include_str!("../../../../examples/kyc/each.yaml");
const DOCUMENT: &str = include_str!("../../../../examples/kyc/document.yaml");
const DECISION: &str = include_str!("../../../../examples/kyc/decision.yaml");
const COMPANY: [&str; 6] = [
    include_str!("../../../../examples/kyc/institution.yaml"),
    include_str!("../../../../examples/kyc/owner_case.yaml"),
    include_str!("../../../../examples/kyc/monitoring.yaml"),
    EACH,
    DOCUMENT,
    DECISION,
];
const OWNER: [&str; 4] =
    [include_str!("../../../../examples/kyc/owner.yaml"), EACH, DOCUMENT, DECISION];
const PAPERS: [&str; 6] = [
    "company_registration",
    "certificate_of_incorporation",
    "ownership_structure",
    "signatories",
    "source_of_funds",
    "business_licence",
];

/// An office with a company that has two owners, and both have cases.
fn office() -> Office {
    let kinds = [
        (include_str!("../../../../examples/kyc/cases_institution.yaml"), COMPANY.as_slice()),
        (include_str!("../../../../examples/kyc/cases_owner.yaml"), OWNER.as_slice()),
    ];
    let people = [
        ("ann", "compliance"),
        ("ben", "compliance"),
        ("cay", "compliance"),
        ("sue", "senior_compliance"),
        ("host", "screening"),
    ];
    let mut office = Office::of(&kinds, &people, NOW);
    office.ask("k", "host", open("institution", "k1", None, r#"{"party": "k1"}"#));
    let owners = r#"{"owners": [{"party": "o1", "share": 60}, {"party": "o2", "share": 40}]}"#;
    let done = office.try_ask("k", "k1", send("application.requested", Some(owners))).unwrap();
    // What the host does: it opens the cases that the company's asks for.
    for told in done.effects {
        let Effect::Send { message, .. } = told.effect else { continue };
        if message.event.as_deref() != Some("open_case") {
            continue;
        }
        let asked = message.data.clone().unwrap();
        let text = |name| asked.as_object().unwrap().get_str(name).unwrap().as_str().unwrap();
        let given = format!(
            r#"{{"party": "{}", "company": "{}", "share": 1}}"#,
            text("party"),
            text("company")
        );
        let key = format!("k-{}", text("party"));
        office.ask(&key, "host", open(text("kind"), text("party"), Some("k"), &given));
    }
    assert_eq!(office.cases.iter().count(), 3, "the company's, and one for each owner");
    office
}

fn open(kind: &str, party: &str, parent: Option<&str>, given: &str) -> Command {
    Command::Open {
        kind: kind.to_owned(),
        party: Some(party.to_owned()),
        parent: parent.map(str::to_owned),
        given: Some(json(given)),
        retention: None,
    }
}

fn is(office: &Office, key: &str, state: &str) -> bool {
    let case = office.case(key);
    office.cases.desk_of(case).unwrap().in_states(&[state.to_owned()], case.session())
}

/// All documents are handed in and found good.
fn proves(office: &mut Office, key: &str, papers: &[&str]) {
    let party = office.case(key).party.clone().unwrap();
    for (paper, hash) in papers.iter().zip(1..) {
        office.ask(key, &party, submit(paper, hash));
        office.ask(key, "cay", find(paper, Finding::Approve, &[], hash));
    }
}

fn screened(office: &mut Office, key: &str, about: &str, hits: &str, pep: bool) -> bool {
    let party = office.case(key).party.clone().unwrap();
    let data = format!(
        r#"{{"party": "{party}", "for": "{about}", "hits": {hits}, "pep": {pep}, "risk": "low"}}"#
    );
    office.try_ask(key, "host", send("screening.done", Some(&data))).unwrap().heard
}

/// Who works on the case votes first.
fn votes(
    office: &mut Office,
    key: &str,
    second: &str,
    decision: &str,
    reason: &str,
) -> &'static str {
    let first = office.case(key).assignee.clone().unwrap_or_else(|| "ann".to_owned());
    let second = if first == second { "ben" } else { second };
    assert_eq!(office.votes(key, &first, decision, &[reason]), "done");
    office.votes(key, second, decision, &[reason])
}

const OWN: [&str; 3] = ["national_id", "proof_of_address", "biometric"];

#[test]
fn a_company_waits_for_its_owners_and_two_people_let_it_in() {
    let mut office = office();
    proves(&mut office, "k", &PAPERS);
    assert!(is(&office, "k", "documents_verified") && is(&office, "k", "owners_open"));
    proves(&mut office, "k-o1", &OWN);
    assert!(screened(&mut office, "k-o1", "owner", "[]", false));
    assert!(!office.case("k-o1").is_open() && is(&office, "k", "owners_open"));
    proves(&mut office, "k-o2", &OWN);
    assert!(screened(&mut office, "k-o2", "owner", "[]", false));
    assert!(is(&office, "k", "checks"), "both owners are accepted");
    assert!(screened(&mut office, "k", "application", "[]", false));
    assert_eq!(office.queue("k"), Some("reviews"));
    assert_eq!(votes(&mut office, "k", "ann", "approve", "ownership_understood"), "done");
    assert!(is(&office, "k", "approved"));
    let standing = office.case("k").standing.clone().unwrap();
    assert_eq!((standing.kyc_level, standing.flags["closed"]), (Some(5), false));
    assert_eq!(office.case("k-o1").standing.as_ref().unwrap().kyc_level, None);
    office.ask("k", "ann", send("relationship.ended", None));
    let standing = office.case("k").standing.clone().unwrap();
    assert_eq!((standing.kyc_level, standing.flags["closed"]), (Some(0), true));
    office.check();
}

#[test]
fn an_owner_who_is_exposed_brings_in_senior_management_twice() {
    let mut office = office();
    proves(&mut office, "k-o1", &OWN);
    assert!(screened(&mut office, "k-o1", "owner", "[]", true));
    assert_eq!(office.queue("k-o1"), Some("senior"));
    assert_eq!(votes(&mut office, "k-o1", "ben", "approve", "risk_accepted"), "not_senior");
    assert_eq!(office.votes("k-o1", "sue", "approve", &["risk_accepted"]), "done");
    proves(&mut office, "k-o2", &OWN);
    screened(&mut office, "k-o2", "owner", "[]", false);
    proves(&mut office, "k", &PAPERS);
    screened(&mut office, "k", "application", "[]", false);
    assert_eq!((office.queue("k"), office.variable("k", "pep").as_str()), (Some("senior"), "true"));
    // Of the owner's case the company's says in which state it ended, and nothing else.
    assert!(!office.variable("k", "papers").contains("o1"), "what is sealed to the owner");
    assert_eq!(votes(&mut office, "k", "ben", "approve", "risk_accepted"), "not_senior");
    assert_eq!(office.votes("k", "sue", "approve", &["risk_accepted"]), "done");
    assert!(is(&office, "k", "approved"));
    office.check();
}

#[test]
fn an_owner_who_is_refused_ends_the_application() {
    for gives_up in [false, true] {
        let mut office = office();
        if gives_up {
            office.ask("k-o2", "ann", Command::Cancel { why: "the owner has left".to_owned() });
        } else {
            proves(&mut office, "k-o2", &OWN);
            screened(&mut office, "k-o2", "owner", r#"["a list"]"#, false);
            assert_eq!(votes(&mut office, "k-o2", "ann", "reject", "true_match"), "done");
        }
        assert!(is(&office, "k", "rejected"), "gives up: {gives_up}");
        assert!(office.case("k-o1").is_open() && office.case("k").is_open());
        office.check();
    }
}

#[test]
fn a_document_of_a_company_that_runs_out_is_asked_for_again() {
    let mut office = office();
    for owner in ["k-o1", "k-o2"] {
        proves(&mut office, owner, &OWN);
        screened(&mut office, owner, "owner", "[]", false);
    }
    proves(&mut office, "k", &PAPERS[..5]);
    let until = NOW + 200 * DAY;
    let Command::SubmitDocument { document, hash, file, data, .. } = submit("business_licence", 9)
    else {
        unreachable!()
    };
    let licence = Command::SubmitDocument { document, hash, file, data, valid_until: Some(until) };
    office.ask("k", "k1", licence);
    office.ask("k", "cay", find("business_licence", Finding::Approve, &[], 9));
    screened(&mut office, "k", "application", "[]", false);
    assert_eq!(votes(&mut office, "k", "ann", "approve", "ownership_understood"), "done");
    for day in 1..=201 {
        office.advance(NOW + day * DAY);
    }
    assert!(is(&office, "k", "renewing"));
    assert_eq!(office.case("k").documents["business_licence"].standing, Standing::Requested);
    office.check();
}

#[test]
fn an_owner_who_is_looked_at_again_begins_a_review_of_the_company() {
    for (pep, hits, wanted) in
        [(false, "[]", false), (true, "[]", true), (false, r#"["UN-1"]"#, true)]
    {
        let mut office = office();
        for owner in ["k-o1", "k-o2"] {
            proves(&mut office, owner, &OWN);
            screened(&mut office, owner, "owner", "[]", false);
        }
        proves(&mut office, "k", &PAPERS);
        screened(&mut office, "k", "application", "[]", false);
        assert_eq!(votes(&mut office, "k", "ann", "approve", "ownership_understood"), "done");
        office.now += 100 * DAY;
        let given = r#"{"party": "o1", "company": "k1", "share": 60}"#;
        office.ask("k-o1-again", "host", open("owner", "o1", Some("k"), given));
        proves(&mut office, "k-o1-again", &OWN);
        screened(&mut office, "k-o1-again", "owner", hits, pep);
        if pep {
            assert_eq!(
                votes(&mut office, "k-o1-again", "ben", "approve", "risk_accepted"),
                "not_senior"
            );
            assert_eq!(office.votes("k-o1-again", "sue", "approve", &["risk_accepted"]), "done");
        } else if wanted {
            assert_eq!(votes(&mut office, "k-o1-again", "ann", "reject", "true_match"), "done");
        }
        assert!(!office.case("k-o1-again").is_open());
        assert_eq!(is(&office, "k", "reviewing"), wanted, "{pep} {hits}");
        assert_eq!(office.variable("k", "pep"), pep.to_string());
        office.check();
    }
}

#[test]
fn what_becomes_of_an_owner_is_known_while_the_company_is_decided() {
    let mut office = office();
    for owner in ["k-o1", "k-o2"] {
        proves(&mut office, owner, &OWN);
        assert!(screened(&mut office, owner, "owner", "[]", false));
    }
    proves(&mut office, "k", &PAPERS);
    assert!(screened(&mut office, "k", "application", "[]", false));
    assert_eq!(office.votes("k", "ann", "approve", &["ownership_understood"]), "done");
    // An owner is looked at again, and is not accepted.
    office.ask("k-o1", "sue", Command::Reopen { why: why() });
    proves(&mut office, "k-o1", &OWN);
    screened(&mut office, "k-o1", "owner", r#"["un"]"#, false);
    assert_eq!(votes(&mut office, "k-o1", "ben", "reject", "true_match"), "done");
    assert_eq!(office.variable("k", "hits"), r#"["owner/o1"]"#);
    assert!(office.case("k").pending.is_none(), "who voted did not know that");
    office.check();
}

#[test]
fn what_becomes_of_an_owner_is_known_while_the_company_is_reviewed_and_before_it_applies() {
    let refused = |office: &mut Office, hits: &str| {
        office.ask("k-o1", "sue", Command::Reopen { why: why() });
        proves(office, "k-o1", &OWN);
        screened(office, "k-o1", "owner", r#"["un"]"#, false);
        assert_eq!(votes(office, "k-o1", "ann", "reject", "true_match"), "done");
        assert_eq!(office.variable("k", "hits"), hits);
    };
    let mut office = office();
    for owner in ["k-o1", "k-o2"] {
        proves(&mut office, owner, &OWN);
        assert!(screened(&mut office, owner, "owner", "[]", false));
    }
    proves(&mut office, "k", &PAPERS);
    screened(&mut office, "k", "application", "[]", false);
    assert_eq!(votes(&mut office, "k", "ann", "approve", "ownership_understood"), "done");
    office.ask("k", "sue", send("review.triggered", Some(r#"{"reason": "owners changed"}"#)));
    let first = office.case("k").assignee.clone().unwrap_or_else(|| "ann".to_owned());
    assert_eq!(office.votes("k", &first, "retain", &["risk_accepted"]), "done");
    refused(&mut office, r#"["owners changed","owner/o1"]"#);
    assert!(is(&office, "k", "reviewing") && office.case("k").pending.is_none());
    office.check();
    // A company that has withdrawn is looked at, too.
    let mut office = self::office();
    office.ask("k", "k1", send("application.withdrawn", None));
    proves(&mut office, "k-o1", &OWN);
    screened(&mut office, "k-o1", "owner", "[]", false);
    refused(&mut office, r#"["owner/o1"]"#);
    assert!(is(&office, "k", "reviewing") && office.queue("k").is_some());
    office.check();
}

#[test]
fn what_comes_up_about_an_owner_counts_until_it_is_decided() {
    let mut office = office();
    proves(&mut office, "k-o1", &OWN);
    screened(&mut office, "k-o1", "owner", "[]", true);
    let first = office.case("k-o1").assignee.clone().unwrap_or_else(|| "ann".to_owned());
    assert_eq!(office.votes("k-o1", &first, "approve", &["risk_accepted"]), "done");
    let anew =
        r#"{"party": "o1", "for": "owner", "hits": ["UN-1"], "pep": false, "risk": "prohibited"}"#;
    assert!(office.try_ask("k-o1", "host", send("screening.done", Some(anew))).unwrap().heard);
    assert!(office.case("k-o1").pending.is_none(), "who voted did not know that");
    // With whom business is prohibited it goes on only where two people say another risk.
    assert_eq!(office.votes("k-o1", "sue", "approve", &["risk_accepted"]), "done");
    let second = if first == "sue" { "ann" } else { &first };
    assert_eq!(office.votes("k-o1", second, "approve", &["risk_accepted"]), "done");
    assert!(is(&office, "k", "rejected") && !office.case("k-o1").is_open());
    assert_eq!(office.variable("k", "hits"), r#"["owner/o1"]"#);
    office.check();
}
