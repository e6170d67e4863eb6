//! What is kept and what follows: every change by hand is found, and where.

use super::{DIFFERENCES, Replay, Replayed, What, replay};
use crate::kyc::case::office::{CHART, DAY, KIND, Office, attach, by, json, open, send, why};
use crate::kyc::case::{By, Change, Command, Fact, Json, Kept};

/// An office where something of each kind happened.
fn busy() -> Office {
    let mut office = Office::new();
    office.ask("group", "host", open(None));
    office.ask("c1", "host", open(Some("group")));
    office.ask("c1", "host", send("papers.in", None));
    office.ask("c1", "clerk-3", attach("report", 1));
    assert_eq!(office.votes("c1", "clerk-1", "approve", &["checked"]), "done");
    office.advance(3 * DAY);
    let noted = By { request_id: Some("r1".to_owned()), ..by("clerk-1", 3 * DAY) };
    drop(office.try_as("group", Command::Note { text: why() }, &noted).unwrap());
    office.define(&KIND.replace("quorum: 3", "quorum: 2"), CHART);
    assert_eq!(office.votes("c1", "clerk-2", "approve", &["accepted"]), "done");
    office.ask("c1", "senior-1", Command::Reopen { why: why() });
    office.check();
    office
}

/// Changes the change that a command led to.
fn changed(facts: &mut [Fact], key: &str, name: &str, change: impl FnOnce(&mut Change)) {
    let found = facts.iter_mut().find_map(|fact| match fact {
        Fact::Changed(it) if it.case.key == key && it.command.name() == name => Some(it),
        _ => None,
    });
    change(found.unwrap());
}

fn first(replayed: &Replayed) -> String {
    replayed.differences.first().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn what_happened_is_what_follows() {
    let office = busy();
    let replayed = replay(office.facts.clone());
    assert_eq!(replayed.differences, []);
    assert_eq!((replayed.cases, replayed.more), (2, 0));
    assert_eq!(replayed.facts, office.facts.len() as u64);
    let mut other = busy();
    assert_eq!(replay(other.facts.clone()).digest, replayed.digest);
    other.ask("group", "clerk-1", Command::Note { text: why() });
    assert_ne!(replay(other.facts.clone()).digest, replayed.digest);
}

#[test]
fn what_was_changed_by_hand_is_told_with_its_place() {
    type Forge = fn(&mut Vec<Fact>);
    let forgeries: [(&str, Forge, &str); 11] = [
        (
            "another clerk voted",
            |facts| {
                changed(facts, "c1", "decide", |it| {
                    it.case.pending.as_mut().unwrap().votes[0].by = "clerk-2".to_owned();
                });
            },
            r#"/case/pending/votes/0/by: "clerk-2" -> "clerk-1""#,
        ),
        (
            "somebody else asked",
            |facts| changed(facts, "c1", "decide", |it| it.by.actor = "teller".to_owned()),
            "is refused: `teller` may not vote for it",
        ),
        (
            "at another time",
            |facts| changed(facts, "c1", "attach", |it| it.by.at += 1),
            "/case/changed_at: ",
        ),
        (
            "a variable of the chart",
            |facts| {
                let mut office = Office::new();
                office.ask("c1", "host", open(None));
                office.ask("c1", "host", send("risk.is", Some(r#"{"level": "none"}"#)));
                let session = office.case("c1").session().clone();
                changed(facts, "c1", "open", |it| it.case.session = Kept(session));
            },
            r#"/case/session/data/risk: "none" -> "low""#,
        ),
        (
            "what a step tells",
            |facts| changed(facts, "c1", "send", |it| it.steps[0] = Json(json("{}").0)),
            "+ /steps/0/",
        ),
        (
            "a document that nobody handed in",
            |facts| changed(facts, "c1", "open", |it| it.case.submitters.extend(["x".to_owned()])),
            "/case/submitters/0",
        ),
        (
            "a parent that did not hear",
            |facts| facts.retain(|it| !is(it, "child_ended")),
            "case `group`, version 3: a change follows that is not kept",
        ),
        (
            "a parent that heard of nothing",
            |facts| {
                let at = facts.iter().position(|it| is(it, "child_ended")).unwrap();
                facts.swap(at, at - 1);
            },
            "case `group`, version 3: a change is kept that follows from nothing",
        ),
        (
            "a change twice",
            |facts| {
                let at = facts.iter().position(|it| is(it, "note")).unwrap();
                facts.insert(at, facts[at].clone());
            },
            "the request was done before, and led to version 2",
        ),
        (
            "a change that is left out",
            |facts| facts.retain(|it| !is(it, "attach")),
            "is refused: the evidence is another",
        ),
        (
            "a kind that is none",
            |facts| {
                if let Some(Fact::Defined(defined)) = facts.first_mut() {
                    defined.charts.clear();
                }
            },
            "version 0: the kind does not load",
        ),
    ];
    for (what, forge, wanted) in forgeries {
        let mut facts = busy().facts;
        forge(&mut facts);
        let replayed = replay(facts);
        let told = first(&replayed);
        assert!(told.contains(wanted), "{what}: {told}");
    }
}

fn is(fact: &Fact, name: &str) -> bool {
    matches!(fact, Fact::Changed(change) if change.command.name() == name)
}

#[test]
fn so_many_differences_are_told_and_no_more() {
    let mut office = Office::new();
    office.ask("c1", "host", open(None));
    let Some(Fact::Changed(change)) = office.facts.last() else { unreachable!() };
    let mut forged = change.clone();
    forged.case.retention = Some("x".to_owned());
    forged.case.key = "c2".to_owned();
    let facts = office.facts.iter().cloned();
    let more = (0..DIFFERENCES + 5).map(|_| Fact::Changed(forged.clone()));
    let replayed = replay(facts.chain(more));
    assert_eq!((replayed.differences.len(), replayed.more), (DIFFERENCES, 5));
    assert!(matches!(&replayed.differences[0].what, What::Otherwise(_)));
    assert!(matches!(&replayed.differences[1].what, What::Refused(_)));
}

/// Of whom was forgotten nothing can be read: what they told others, and what was opened for them, is no difference.
#[test]
fn cases_beside_those_that_were_forgotten_replay() {
    let mut office = Office::new();
    office.ask("above", "teller", open(None));
    office.ask("gone", "teller", open(Some("above")));
    office.ask("below", "teller", open(Some("gone")));
    office.ask("below", "host", send("closed", None));
    office.ask("gone", "host", send("closed", None));
    assert!(office.variable("above", "note").contains("gone"));
    let is_gone = |fact: &Fact| matches!(fact, Fact::Changed(change) if change.case.key == "gone");
    let replayed = |tells: bool| {
        let mut replay = Replay::default();
        for fact in &office.facts {
            match (is_gone(fact), tells) {
                (false, _) => replay.take(fact.clone()),
                (true, true) => replay.pass_over(Some("gone".to_owned())),
                (true, false) => {}
            }
        }
        replay.finish()
    };
    assert_eq!(replayed(true).differences, []);
    // Nobody else is excused by it.
    let mut replay = Replay::default();
    replay.pass_over(Some("another".to_owned()));
    office.facts.iter().filter(|fact| !is_gone(fact)).cloned().for_each(|fact| replay.take(fact));
    assert!(replay.finish().differences.len() > 1);
    // Where nobody was forgotten, what is not there is missed.
    assert!(replayed(false).differences.len() > 1);
    office.check();
}
