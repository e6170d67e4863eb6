//! What is found of a customer is looked at by two people, whatever the customer, a provider or one member of staff does about it.

use super::*;
use crate::audit::merkle::hex;

const LATE: i64 = NOW + 900 * DAY;

/// A customer of the first level who has handed in all that the second one needs.
fn at_the_second_level() -> Office {
    let mut office = office();
    screened(&mut office, LATE);
    office.ask("c", "host", found("[]", false, "low"));
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L2"}"#)));
    for (hash, document) in [(11, "national_id"), (12, "proof_of_address"), (13, "biometric")] {
        proven(&mut office, document, hash, LATE);
    }
    assert!(is(&office, "checks"));
    office
}

fn noticed(reason: &str, pep: bool) -> Command {
    let data = format!(r#"{{"reason": "{reason}", "pep": {pep}}}"#);
    send("review.triggered", Some(&data))
}

#[test]
fn who_withdraws_or_does_nothing_more_is_looked_at() {
    let ways: [(&str, &str, bool, &str, &[&str]); 5] = [
        // The application is sent back, and withdrawn.
        ("a hit", r#"["UN-1"]"#, false, "low", &["revise", "withdraw"]),
        ("a hit, and nothing more comes", r#"["UN-1"]"#, false, "low", &["revise", "wait"]),
        ("politically exposed", "[]", true, "low", &["withdraw"]),
        ("high risk", "[]", false, "high", &["withdraw"]),
        ("prohibited", "[]", false, "prohibited", &[]),
    ];
    for (why, hits, pep, risk, ways) in ways {
        let mut office = at_the_second_level();
        office.ask("c", "host", found_for("L2", hits, pep, risk));
        for way in ways {
            match *way {
                "revise" => assert_eq!(
                    voted(&mut office, "ann", "revise", "documents_insufficient", None),
                    "done"
                ),
                "withdraw" => office.ask("c", "c42", send("application.withdrawn", None)),
                _ => office.advance(NOW + 31 * DAY),
            }
        }
        assert_eq!(level(&office), "L1", "{why}");
        assert!(is(&office, "settled") && is(&office, "reviewing"), "{why}");
        assert!(office.queue("c").is_some(), "{why}: somebody sees it");
        assert_eq!(is(&office, "suspended"), risk == "prohibited", "{why}");
        office.check();
    }
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_looked_at() {
    let mut office = office();
    screened(&mut office, LATE);
    office.ask("c", "c42", send("application.withdrawn", None));
    office.ask("c", "host", found(r#"["UN-1"]"#, false, "low"));
    assert!(is(&office, "reviewing") && office.queue("c").is_some());
    // So is a doubt of a provider about who has a wallet alone, and nothing is granted beside it.
    let mut office = self::office();
    screened(&mut office, LATE);
    office.ask("c", "c42", send("application.withdrawn", None));
    office.ask("c", "persona", called(2, "rejected", "null"));
    assert!(is(&office, "reviewing"));
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L1"}"#)));
    for (document, hash) in [("email", 21), ("phone", 22)] {
        proven(&mut office, document, hash, LATE);
    }
    office.ask("c", "host", found("[]", false, "low"));
    assert!(is(&office, "requires_review") && level(&office) == "L0");
    office.check();
}

#[test]
fn an_answer_is_one_to_what_was_asked() {
    // The first level was screened twice: the second answer says nothing of the second level.
    let mut office = at_the_second_level();
    office.ask("c", "host", found("[]", false, "low"));
    assert!(is(&office, "checks") && level(&office) == "L1");
    // Lists alone are not all that the second level asks for.
    for (event, kind) in [(1, "approved"), (2, "other")] {
        office.ask("c", "persona", called(event, kind, r#""passed""#));
        assert!(is(&office, "checks") && level(&office) == "L1", "{kind}");
    }
    // What such an answer finds counts all the same.
    office.ask("c", "host", found(r#"["UN-1"]"#, false, "low"));
    office.ask("c", "host", found_for("L2", "[]", false, "low"));
    assert!(is(&office, "requires_review"));
    office.check();
}

#[test]
fn what_comes_up_in_a_review_is_decided_with_that_known() {
    let mut office = customer(false);
    office.ask("c", "host", noticed("high_risk_country", false));
    let first = office.case("c").assignee.clone().unwrap_or_else(|| "ann".to_owned());
    assert_eq!(voted(&mut office, &first, "retain", "risk_accepted", None), "done");
    let seen = office.vote("c", "retain", &["risk_accepted"]);
    office.ask("c", "host", noticed("suspicious_activity", true));
    assert!(office.case("c").pending.is_none(), "who voted did not know that");
    assert_eq!(office.says("c", "ben", seen), "stale");
    assert_eq!(office.variable("c", "pep"), "true");
    assert_eq!(office.variable("c", "hits"), r#"["high_risk_country","suspicious_activity"]"#);
    decide(&mut office, ["sue", "ann"], "retain", "risk_accepted", None);
    assert!(is(&office, "watched"));
    assert_eq!(
        (office.variable("c", "hits").as_str(), office.variable("c", "found").as_str()),
        ("[]", "false")
    );
    office.check();
}

#[test]
fn nothing_is_granted_for_a_document_that_is_over() {
    for wants_people in [false, true] {
        let mut office = office();
        screened(&mut office, NOW + 10 * DAY);
        office.now = NOW + 11 * DAY;
        let hits = if wants_people { r#"["a name like it"]"# } else { "[]" };
        if wants_people {
            office.now = NOW;
            office.ask("c", "host", found(hits, false, "low"));
            office.advance(NOW + 11 * DAY);
            decide(&mut office, ["ann", "ben"], "approve", "false_positive", None);
        } else {
            office.ask("c", "host", found(hits, false, "low"));
        }
        assert!(is(&office, "documents") && level(&office) == "L0", "people: {wants_people}");
        for (document, hash) in [("email", 31), ("phone", 32)] {
            assert_eq!(office.case("c").documents[document].standing, Standing::Requested);
            proven(&mut office, document, hash, LATE);
        }
        office.ask("c", "host", found("[]", false, "low"));
        assert_eq!(level(&office), "L1");
        office.check();
    }
}

#[test]
fn thirty_days_after_its_day_a_document_that_is_not_renewed_suspends() {
    let until = NOW + 100 * DAY;
    let mut office = office();
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    office.advance(until);
    // Whatever is handed in: it is not good, or nobody looks at it, which stands in a queue.
    office.now = until + 20 * DAY;
    office.ask("c", "c42", handed_in("email", 41, LATE));
    assert_eq!(office.queue("c"), Some("documents"));
    office.ask("c", "olga", find("email", Finding::Revise, &["code_wrong"], 41));
    office.now = until + 29 * DAY;
    office.ask("c", "c42", handed_in("email", 42, LATE));
    office.advance(until + 30 * DAY);
    assert!(is(&office, "suspended") && is(&office, "renewing"));
    // Two people do not lift it as long as none is there that is valid.
    office.ask("c", "ann", send("lifting.asked", None));
    decide(&mut office, ["ann", "ben"], "lift", "review_done", None);
    assert!(is(&office, "suspended") && is(&office, "held"));
    // What was handed in in time counts once somebody has looked at it.
    assert_eq!(office.queue("c"), Some("documents"));
    office.ask("c", "olga", find("email", Finding::Approve, &[], 42));
    assert!(is(&office, "current"));
    office.ask("c", "ann", send("lifting.asked", None));
    decide(&mut office, ["ann", "ben"], "lift", "document_renewed", None);
    assert!(is(&office, "active"));
    office.check();
}

/// Regulation (EU) 2024/1624, Art. 26: so many years after the last time, and not after the risk was found.
#[test]
fn a_risk_that_rises_brings_the_refresh_forward() {
    for (days, then) in [(4 * 366, true), (2 * 365, false)] {
        let mut office = customer(false);
        office.advance(NOW + days * DAY);
        assert!(is(&office, "watched"));
        office.ask("c", "host", monitored("[]", false, "medium"));
        assert_eq!(is(&office, "reviewing"), then, "{days}");
        office.advance(NOW + 3 * 366 * DAY);
        assert!(is(&office, "reviewing"), "{days}");
        office.check();
    }
}

#[test]
fn who_was_closed_while_suspended_is_looked_at_when_coming_back() {
    let mut office = customer(false);
    let force = Command::Override { why: why(), until: NOW + 20 * DAY, data: None };
    office.ask("c", "sue", force);
    assert!(is(&office, "suspended"));
    office.ask("c", "olga", send("relationship.ended", None));
    office.ask("c", "tom", Command::Reopen { why: why() });
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L0"}"#)));
    proven(&mut office, "wallet", 51, LATE);
    assert!(is(&office, "requires_review") && level(&office) == "none", "two people decide");
    office.check();
}

#[test]
fn whom_is_prohibited_while_two_people_decide_is_granted_nothing() {
    for (people, decision, reason) in
        [(["ann", "sue"], "approve", "risk_accepted"), (["ann", "ben"], "reject", "true_match")]
    {
        for hits in ["[]", r#"["UN-1"]"#] {
            let mut office = at_the_second_level();
            office.ask("c", "host", found_for("L2", hits, true, "low"));
            assert!(is(&office, "requires_review"));
            office.ask("c", "host", monitored("[]", false, "prohibited"));
            assert!(is(&office, "suspended"), "nothing can be used from now on");
            decide(&mut office, people, decision, reason, None);
            assert!(is(&office, "rejected") && is(&office, "suspended"), "{decision} {hits}");
            assert_eq!(level(&office), "L1", "{decision} {hits}");
            let standing = office.case("c").standing.as_ref().unwrap();
            assert_eq!(standing.kyc_level, Some(0));
            office.check();
        }
    }
    // They say that it is another risk.
    let mut office = at_the_second_level();
    office.ask("c", "host", found_for("L2", "[]", true, "low"));
    office.ask("c", "host", monitored("[]", false, "prohibited"));
    let said = Some(r#"{"risk": "high"}"#);
    decide(&mut office, ["ann", "sue"], "approve", "risk_accepted", said);
    assert!(is(&office, "approved") && level(&office) == "L2" && risk(&office) == "high");
    assert!(is(&office, "suspended"), "lifting is another decision");
    office.check();
}

#[test]
fn a_review_gives_nobody_more_time_for_a_document() {
    let until = NOW + 100 * DAY;
    let mut office = office();
    screened(&mut office, until);
    office.ask("c", "host", found("[]", false, "low"));
    office.advance(until);
    office.advance(until + 10 * DAY);
    assert!(is(&office, "renewing"));
    office.ask("c", "host", noticed("unusual", false));
    assert!(is(&office, "reviewing") && is(&office, "renewing"), "it is asked for all the same");
    office.advance(until + 20 * DAY);
    decide(&mut office, ["ann", "ben"], "retain", "data_confirmed", None);
    office.advance(until + 29 * DAY);
    assert!(is(&office, "active"));
    office.advance(until + 31 * DAY);
    assert!(is(&office, "suspended"));
    // Another review says nothing of the document.
    office.ask("c", "host", noticed("unusual", false));
    decide(&mut office, ["ann", "ben"], "retain", "data_confirmed", None);
    office.ask("c", "ann", send("lifting.asked", None));
    decide(&mut office, ["ann", "ben"], "lift", "review_done", None);
    assert!(is(&office, "suspended") && is(&office, "held"));
    office.check();
}

#[test]
fn what_began_a_review_is_not_forgotten_with_the_relationship() {
    let mut office = customer(false);
    office.ask("c", "host", noticed("unusual", false));
    assert_eq!(office.variable("c", "found"), "true");
    office.ask("c", "olga", send("relationship.ended", None));
    office.ask("c", "tom", Command::Reopen { why: why() });
    office.ask("c", "c42", send("application.requested", Some(r#"{"level": "L0"}"#)));
    proven(&mut office, "wallet", 51, LATE);
    assert!(is(&office, "requires_review") && level(&office) == "none");
    office.check();
}

#[test]
fn what_is_told_each_day_is_known_once() {
    let mut office = customer(false);
    office.ask("c", "host", monitored(r#"["UN-1"]"#, false, "low"));
    let first = office.case("c").assignee.clone().unwrap_or_else(|| "ann".to_owned());
    assert_eq!(voted(&mut office, &first, "retain", "false_positive", None), "done");
    office.ask("c", "host", monitored(r#"["UN-1"]"#, false, "low"));
    assert_eq!(office.variable("c", "hits"), r#"["UN-1"]"#);
    assert!(office.case("c").pending.is_some(), "nothing is new");
    office.ask("c", "host", monitored(r#"["UN-1", "EU-7"]"#, false, "low"));
    assert_eq!(office.variable("c", "hits"), r#"["UN-1","EU-7"]"#);
    assert!(office.case("c").pending.is_none());
    office.check();
}

#[test]
fn who_has_a_wallet_alone_is_not_watched_after_a_review_either() {
    let mut office = self::office();
    proven(&mut office, "wallet", 1, NOW + 100 * DAY);
    office.ask("c", "host", noticed("unusual", false));
    decide(&mut office, ["ann", "ben"], "retain", "data_confirmed", None);
    assert!(is(&office, "unwatched"));
    office.advance(NOW + 7 * 366 * DAY);
    assert!(is(&office, "unwatched") && is(&office, "current") && is(&office, "active"));
    office.check();
}

#[test]
fn nobody_ends_a_watch_by_moving_a_case() {
    let mut office = customer(false);
    let digest =
        |office: &Office| hex(office.cases.kind("individual").unwrap().definition().digest());
    let from = digest(&office);
    // The newer version of the chart says something else about itself, and nothing else.
    let newer = CHARTS[0].replace("The case of an individual:", "A case of an individual:");
    let mut charts = CHARTS;
    charts[0] = &newer;
    office.define_on(include_str!("../../../../examples/kyc/cases.yaml"), &charts);
    let to = digest(&office);
    let map = |rest: &str| Command::Migrate {
        map: format!(
            "migration: 1\nfrom: {from}\nto: {to}\nsame: true\ncontext: {{keep: true}}\ntimers: keep\nhistory: keep\n{rest}"
        ),
    };
    let told = office.refuses("c", "sue", map("invoked: {monitoring: drop}\n"));
    assert!(told.contains("what goes on as `monitoring` would not go on"), "{told}");
    let watch = |set: &str| {
        map(&format!("charts: {{monitoring: {{same: true, context: {{keep: true{set}}}}}}}\n"))
    };
    let told = office.refuses("c", "sue", watch(", set: {years: 3}"));
    assert!(told.contains("`years` of `monitoring` would be another"), "{told}");
    assert_eq!(office.says("c", "sue", watch("")), "done");
    office.check();
}
