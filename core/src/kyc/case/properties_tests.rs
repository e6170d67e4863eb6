//! Laws of cases: whatever several people ask for, in any order.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::kyc::case::office::{
    HOUR, Office, PEOPLE, attach, callback, find, json, open, read_again, send, submit, why,
};
use crate::kyc::case::{By, Command, Fact, Finding, Part, Vote};

/// What somebody asks for; votes are on the evidence as it is, or as it was at first.
#[derive(Clone, Debug)]
enum Asked {
    Plain(Command),
    Vote { decision: &'static str, reason: Option<&'static str>, is_stale: bool },
    Time,
    There { person: usize, is_present: bool },
}

fn asked() -> impl Strategy<Value = Asked> {
    let person = 0..PEOPLE.len();
    let name = |person: usize| PEOPLE[person].0.to_owned();
    let plain = prop_oneof![
        Just(open(None)),
        Just(open(Some("c1"))),
        prop_oneof![
            Just("papers.in"),
            Just("vip.in"),
            Just("lists"),
            Just("answered"),
            Just("closed"),
            Just("late"),
            Just("approved"),
            Just("other")
        ]
        .prop_map(|event| send(event, None)),
        prop_oneof![Just("low"), Just("high")]
            .prop_map(|level| send("risk.is", Some(&format!(r#"{{"level": "{level}"}}"#)))),
        Just(Command::Advance),
        person.clone().prop_map(move |to| Command::Assign { to: name(to) }),
        Just(Command::Claim),
        Just(Command::Release),
        Just(Command::Note { text: why() }),
        (1..90_i64, proptest::option::of(any::<bool>())).prop_map(|(hours, pause)| {
            Command::Snooze { until: hours * 12 * HOUR, why: why(), pause }
        }),
        Just(Command::Wake),
        document().prop_map(|document| Command::RequestDocument { document, why: None }),
        (document(), 0..3_u8, proptest::option::of(1..90_i64)).prop_map(
            |(document, hash, until)| {
                let Command::SubmitDocument { hash, file, .. } = submit(&document, hash) else {
                    unreachable!()
                };
                let valid_until = until.map(|hours| hours * 12 * HOUR);
                Command::SubmitDocument { document, hash, file, valid_until, data: None }
            }
        ),
        (document(), 0..3_usize, any::<bool>(), 0..3_u8).prop_map(
            |(document, finding, has_reason, hash)| {
                let reasons: &[&str] = if has_reason { &["illegible"] } else { &[] };
                find(&document, Finding::ALL[finding], reasons, hash)
            }
        ),
        (0..2_u8, 0..3_u8).prop_map(|(name, hash)| attach(&format!("report {name}"), hash)),
        (0..6_u8, 0..6_u8, 0..2_u8).prop_map(|(event, minute, outcome)| {
            let outcome = ["review", "processing"][usize::from(outcome)];
            callback(&format!("evt_{event}"), minute, outcome)
        }),
        Just(Command::Return { why: why() }),
        (1..90_i64).prop_map(|hours| {
            let data = Some(json(r#"{"amount": 5}"#));
            Command::Override { data, why: why(), until: hours * 12 * HOUR }
        }),
        prop_oneof![Just("usual"), Just("high"), Just("overdue"), Just("given")]
            .prop_map(|queue| Command::Escalate { queue: queue.to_owned(), why: why() }),
        Just(Command::Reopen { why: why() }),
        Just(Command::Cancel { why: why() }),
    ];
    let decision = prop_oneof![
        3 => Just(("approve", Some("checked"))),
        2 => Just(("refuse", Some("match"))),
        1 => Just(("ask", None)),
        1 => Just(("answer", None)),
        1 => Just(("both", None)),
        2 => Just(("last", None)),
        1 => Just(("deaf", None)),
        1 => Just(("approve", None)),
    ];
    prop_oneof![
        10 => plain.prop_map(Asked::Plain),
        16 => (decision, prop::bool::weighted(0.1))
            .prop_map(|((decision, reason), is_stale)| Asked::Vote { decision, reason, is_stale }),
        1 => Just(Asked::Time),
        1 => (person, any::<bool>()).prop_map(|(person, is_present)| Asked::There { person, is_present }),
    ]
}

/// The number of a case; those that are in review already come more often.
fn key() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..2_usize, 1 => Just(2)]
}

/// The id of a request, of few, so that one comes twice.
fn request() -> impl Strategy<Value = Option<u8>> {
    proptest::option::weighted(0.2, 0..4_u8)
}

fn document() -> impl Strategy<Value = String> {
    prop_oneof![Just("passport".to_owned()), Just("bill".to_owned())]
}

/// That each decision was taken by so many different people as it takes, of whom so many of higher rank, none of whom had a part in the case,
/// and on what all of them saw. It is told of the facts, without asking the cases.
fn lawful(office: &Office) {
    let mut given = BTreeSet::new();
    for fact in &office.facts {
        let Fact::Changed(change) = fact else { continue };
        let Command::Decide { decision, seen, .. } = &change.command else { continue };
        let case = &change.case;
        given.insert((&case.key, &change.by.actor, change.by.at, decision, **seen));
        let Some(decided) = case.decided.last() else { continue };
        if case.pending.is_some() || decided.at != change.by.at {
            continue;
        }
        let ruling = &office.cases.desk_of(case).unwrap().kind().decisions[decision];
        let people: BTreeSet<&String> = decided.votes.iter().map(|vote| &vote.by).collect();
        assert_eq!(people.len(), usize::from(ruling.quorum), "so many people");
        assert_eq!(decided.votes.len(), people.len(), "each once");
        assert!(decided.since <= decided.at);
        for vote in &decided.votes {
            let vote_of = (&case.key, &vote.by, vote.at, decision, *decided.seen);
            assert!(given.contains(&vote_of), "they asked for it, and saw this");
            assert!(ruling.roles.contains(&vote.role), "in a role that may");
            let staff = office.cases.person(&vote.by).unwrap();
            assert!(staff.roles.contains(&vote.role), "in a role that they have");
            let parts = ruling.not_by.iter().any(|part| match part {
                Part::Opener => {
                    let before = case.openers.iter().flatten();
                    before.chain([&case.opened_by]).any(|who| *who == vote.by)
                }
                Part::Submitter => case.submitters.contains(&vote.by),
                Part::Overrider => case.overriders.iter().flatten().any(|who| *who == vote.by),
            });
            assert!(!parts, "and had no part in it");
        }
        if let Some(senior) = &ruling.senior {
            let risk = case.session().data().get_str("risk").unwrap();
            let rank = |vote: &&Vote| senior.roles.contains(&vote.role);
            let ranks = decided.votes.iter().filter(rank).count();
            let is_needed = senior.when.is_none() || risk.as_str() == Some("high");
            assert!(!is_needed || ranks >= usize::from(senior.count), "of higher rank");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_cases_are_in_order(
        steps in vec((key(), 0..PEOPLE.len(), 0..40_i64, request(), asked()), 1..60),
    ) {
        let mut office = Office::new();
        // Two that are in review already, so that there is something to decide.
        office.in_review("c0");
        office.in_review("c1");
        let stale = office.evidence("c0");
        for (key, person, hours, request, asked) in steps {
            // Now and then a clock is behind.
            office.now = (office.now + (hours - 8) * HOUR / 2).max(0);
            let key = format!("c{key}");
            let actor = PEOPLE[person].0;
            let command = match asked {
                Asked::Plain(command) => command,
                Asked::Vote { decision, reason, is_stale } => {
                    if office.cases.get(&key).is_none() {
                        continue;
                    }
                    let reasons: Vec<&str> = reason.into_iter().collect();
                    let mut vote = office.vote(&key, decision, &reasons);
                    if let Command::Decide { seen, .. } = &mut vote && is_stale {
                        *seen = stale.into();
                    }
                    vote
                }
                Asked::Time => {
                    let advanced = office.advanced(office.now, 2);
                    prop_assert!(advanced.refused.is_empty());
                    let is_due = office.cases.next_due().is_some_and(|due| due <= office.now);
                    prop_assert_eq!(advanced.is_more, is_due);
                    continue;
                }
                Asked::There { person, is_present } => {
                    let (name, roles) = PEOPLE[person];
                    office.staff(name, roles, is_present);
                    continue;
                }
            };
            let before = office.cases.get(&key).cloned();
            let request_id = request.map(|it| format!("r{it}"));
            let by = By { at: office.now, actor: actor.to_owned(), request_id };
            let done = office.try_as(&key, command, &by);
            let after = office.cases.get(&key);
            if let (Ok(done), Some(after)) = (&done, after) && done.replayed.is_none() {
                let version = before.as_ref().map_or(0, |before| before.version);
                prop_assert_eq!(after.version, version + 1);
                let was = before.as_ref().map_or(0, |before| before.changed_at);
                prop_assert!(was <= after.changed_at);
            } else {
                prop_assert_eq!(before.as_ref(), after, "nothing has changed");
            }
        }
        let report = office.cases.report(office.now);
        let waiting: usize = office.cases.queues().map(|(_, count)| count).sum();
        let told: u64 = report.queues.values().map(|queue| queue.cases).sum();
        prop_assert_eq!(told, waiting as u64);
        let opened: u64 = report.kinds.values().map(|kind| kind.opened).sum();
        prop_assert_eq!(opened, office.cases.iter().count() as u64);
        lawful(&office);
        office.check();
    }
}

/// What is damaged is not read, or is read as something else; nothing breaks.
#[test]
fn whatever_bit_is_flipped_nothing_breaks() {
    let mut office = Office::new();
    office.in_review("c1");
    office.ask("c1", "clerk-3", attach("report", 1));
    office.ask("c1", "customer", submit("passport", 1));
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
    let Some(last) = office.facts.last() else { unreachable!() };
    assert_eq!(&read_again(last), last);
    let Fact::Changed(change) = last else { unreachable!() };
    let bytes = minicbor::to_vec(&**change).unwrap();
    let mut read = 0;
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            let Ok(change) = minicbor::decode::<crate::kyc::case::Change>(&damaged) else {
                continue;
            };
            read += 1;
            if read % 40 != 0 {
                continue;
            }
            let mut other = office.clone();
            other.facts.pop();
            other.facts.push(Fact::Changed(Box::new(change)));
            let replayed = crate::kyc::case::replay(other.facts.clone());
            assert!(!replayed.differences.is_empty(), "byte {at}, bit {bit}");
            let Some(fact) = other.facts.pop() else { unreachable!() };
            other.cases.fold(fact).unwrap();
            drop(
                other
                    .cases
                    .advance(&By { at: i64::MAX, actor: "clock".to_owned(), request_id: None }, 10),
            );
            drop(other.cases.report(i64::MIN));
        }
        assert!(minicbor::decode::<crate::kyc::case::Change>(&bytes[..at]).is_err());
    }
    assert!(read > 40, "some are read as something else");
}
