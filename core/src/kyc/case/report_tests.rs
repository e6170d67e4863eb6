//! What is counted, and how.

use super::Spread;
use crate::kyc::case::office::{DAY, HOUR, Office, find, open, send, submit, why};
use crate::kyc::case::{Command, Finding};

#[test]
fn ranks_are_lengths_that_were_measured() {
    let cases: [(&[i64], [i64; 4]); 5] = [
        (&[], [0, 0, 0, 0]),
        (&[7], [7, 7, 7, 7]),
        (&[9, 1], [1, 1, 9, 9]),
        (&[3, 1, 2], [1, 2, 3, 3]),
        (&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [1, 5, 9, 10]),
    ];
    for (lengths, wanted) in cases {
        let spread = Spread::of(lengths);
        let found = [spread.least, spread.median, spread.ninetieth, spread.most];
        assert_eq!((found, spread.count), (wanted, lengths.len() as u64), "{lengths:?}");
    }
}

#[test]
fn what_was_found_of_documents_is_counted_by_who_found_it_and_why() {
    let mut office = Office::new();
    office.in_review("a");
    office.in_review("b");
    let passport = |finding| ("account".to_owned(), "passport".to_owned(), finding);
    let steps = [
        ("a", 1, Finding::Revise, ["illegible"].as_slice(), HOUR),
        ("a", 2, Finding::Reject, &["expired", "illegible"], 3 * HOUR),
        ("b", 3, Finding::Approve, &[], 2 * HOUR),
    ];
    for (case, hash, finding, reasons, waits) in steps {
        office.ask(case, "customer", submit("passport", hash));
        office.now += waits;
        office.ask(case, "clerk-1", find("passport", finding, reasons, hash));
    }
    // What is refused is not counted.
    let again = find("passport", Finding::Approve, &[], 3);
    assert_eq!(office.says("b", "clerk-2", again), "document");
    let report = office.cases.report(office.now);
    let found = |finding| &report.people["clerk-1"].looked[&passport(finding)];
    assert_eq!(found(Finding::Revise).reasons, [("illegible".to_owned(), 1)].into());
    let both = [("expired".to_owned(), 1), ("illegible".to_owned(), 1)];
    assert_eq!((found(Finding::Reject).votes, &found(Finding::Reject).reasons), (1, &both.into()));
    assert_eq!((found(Finding::Approve).votes, found(Finding::Approve).reasons.len()), (1, 0));
    assert!(report.people["clerk-2"].looked.is_empty());
    let waited = report.documents[&("account".to_owned(), "passport".to_owned())].waited;
    let found = [waited.least, waited.median, waited.ninetieth, waited.most];
    assert_eq!((waited.count, found), (3, [HOUR, 2 * HOUR, 3 * HOUR, 3 * HOUR]));
    office.check();
}

#[test]
fn an_office_at_the_end_of_a_month() {
    let mut office = Office::new();
    // Nobody tells the time to these, so that they grow old where they are.
    for (key, at) in [("a", 0), ("b", 38 * DAY), ("c", 39 * DAY + HOUR), ("d", 39 * DAY + HOUR)] {
        office.now = at;
        office.in_review(key);
    }
    office.now = 39 * DAY + 2 * HOUR;
    office.ask("c", "clerk-1", Command::Claim);
    office.ask("d", "clerk-1", Command::Snooze { until: 60 * DAY, why: why(), pause: None });
    office.ask("d", "customer", submit("passport", 1));
    office.ask("c", "customer", submit("passport", 2));
    office.ask("c", "clerk-2", find("passport", Finding::Approve, &[], 2));
    office.ask("waits", "host", open(None));
    office.in_review("e");
    office.now += HOUR;
    for (actor, reason) in [("clerk-1", "checked"), ("clerk-2", "accepted")] {
        assert_eq!(office.votes("e", actor, "approve", &[reason]), "done");
    }
    office.in_review("f");
    office.ask("f", "clerk-1", Command::Cancel { why: why() });
    office.ask("e", "senior-1", Command::Reopen { why: why() });
    assert_eq!(office.votes("c", "clerk-1", "refuse", &["match"]), "done");
    let report = office.cases.report(40 * DAY);

    let queue = &report.queues[&("account".to_owned(), "usual".to_owned())];
    assert_eq!((queue.cases, queue.ages), (4, [2, 1, 0, 0, 1]));
    assert_eq!((queue.oldest_since, queue.overdue), (Some(0), 2));
    assert_eq!(
        (queue.unassigned, queue.snoozed),
        (4, 1),
        "who has voted has nothing left to decide"
    );
    assert_eq!(report.elsewhere["account"], 2, "one that waits for papers, one that began again");
    let kind = &report.kinds["account"];
    assert_eq!((kind.opened, kind.open, kind.ended, kind.cancelled), (7, 6, 0, 1));
    assert_eq!(kind.reopened, 1);
    let clerk = &report.people["clerk-1"];
    let voted = &clerk.decided[&("account".to_owned(), "approve".to_owned())];
    assert_eq!((clerk.assigned, clerk.pending, voted.votes), (0, 1, 1));
    assert_eq!(
        voted.reasons,
        [("checked".to_owned(), 1)].into(),
        "their own reasons, and no others"
    );
    assert!(report.people["clerk-3"].is_registered);
    let approved = &report.decisions[&("account".to_owned(), "approve".to_owned())];
    let reasons: Vec<(&str, u64)> =
        approved.reasons.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
    assert_eq!((approved.taken, reasons), (1, vec![("accepted", 1), ("checked", 1)]));
    assert_eq!((approved.waited.count, approved.waited.median), (1, HOUR));
    let passports = &report.documents[&("account".to_owned(), "passport".to_owned())];
    assert_eq!((passports.submitted, passports.approved, passports.requested), (1, 1, 0));
    assert_eq!((passports.waited.count, passports.waited.most), (1, 0));
    let looked = &report.people["clerk-2"].looked;
    let approve = ("account".to_owned(), "passport".to_owned(), Finding::Approve);
    assert_eq!((looked.len(), looked[&approve].votes), (1, 1));
    office.check();

    // By the clock: the old ones have gone on.
    office.advance(40 * DAY);
    let report = office.cases.report(40 * DAY);
    for ((_, name), queue) in &report.queues {
        let late = if name == "overdue" { queue.cases } else { 0 };
        assert_eq!(queue.overdue, late, "{name}: what is late stays late, wherever it goes");
    }
    assert_eq!(
        report.queues[&("account".to_owned(), "given".to_owned())].cases,
        1,
        "it has lapsed"
    );
    office.ask("a", "host", send("papers.in", None));
    office.check();
}
