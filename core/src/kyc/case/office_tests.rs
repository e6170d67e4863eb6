//! An office for tests: a kind of cases, those who work there, and all that was asked of them.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::*;
use crate::value::Value;

/// An hour, in nanoseconds.
pub(super) const HOUR: i64 = 3_600_000_000_000;
/// A day.
pub(super) const DAY: i64 = 24 * HOUR;

/// A person who opens an account.
pub(super) const CHART: &str = "
chart: 1
id: account
context: {risk: low, amount: 0, note: '', votes: 0}
states:
  open:
    on:
      risk.is: {actions: [{assign: {risk: {expr: {var: event.data.level}}}}]}
      note.is: {actions: [{assign: {note: {expr: {var: event.data.text}}}}]}
      child.done: {actions: [{assign: {note: {expr: {var: event.data.case}}}}]}
      document: {actions: [{assign: {note: {expr: {var: event.data.document}}}}]}
    states:
      collecting:
        on: {papers.in: review, vip.in: vip, closed: settled, decided.early: settled}
      review:
        after: {P20D: lapsed}
        on:
          decision.first: {actions: [{assign: {votes: {expr: {'+': [{var: votes}, 1]}}}}]}
          decision.back: {actions: [{assign: {votes: 0}}]}
          approved: settled
          refused: settled
          asked: waiting
          limits.raised: {actions: [{assign: {amount: {expr: {var: event.data.amount}}}}]}
          limits.restored: {actions: [{assign: {amount: 0}}]}
          late: {actions: [{assign: {note: late}}]}
          lists: collecting
      waiting:
        after: {P30D: settled}
        on: {answered: review}
      vip:
        on: {approved: settled}
      lapsed:
        on: {approved: settled, papers.in: review}
  settled: {type: final, output: {risk: {expr: {var: risk}}}}
";

/// What the office does with it.
pub(super) const KIND: &str = "
case: 1
id: account
chart: account
evidence: [risk]
queues:
  - {id: vip, states: [vip], roles: [senior], assign: round_robin}
  - {id: high, states: [review], when: \"risk == 'high'\", roles: [senior], within: P1D}
  - {id: usual, states: [review], roles: [clerk, senior], within: P2D, missed: late, escalate: overdue}
  - {id: given, states: [waiting, lapsed], roles: [clerk], assign: least_loaded}
  - {id: overdue, when: false, roles: [senior]}
decisions:
  approve:
    states: [review]
    roles: [clerk, senior]
    quorum: 2
    senior: {when: \"risk == 'high'\", roles: [senior]}
    reasons: [checked, accepted]
    not_by: [opener, submitter]
    proposed: decision.first
    event: approved
    returned: decision.back
    data: {outcome: approve}
  refuse: {states: [review], roles: [clerk, senior], quorum: 3, reasons: [match], event: refused}
  ask: {states: [review], roles: [clerk], event: asked}
  answer: {states: [waiting], roles: [clerk], event: answered}
  both: {states: [review], roles: [clerk, senior], quorum: 2, senior: {roles: [senior], count: 2}, event: approved}
  last: {states: [review], roles: [clerk, senior], quorum: 3, senior: {roles: [senior]}, event: approved}
  deaf: {states: [review, waiting], roles: [clerk], event: decided.early}
documents:
  passport: {attempts: 2, within: P10D, roles: [clerk], reasons: [illegible, expired]}
  bill: {roles: [clerk]}
document_events: {submitted: document.in, approved: document.good, expired: document.over}
overrides: {roles: [senior], most: P5D, event: limits.raised, expired: limits.restored}
reopening: {roles: [senior], keep: [risk]}
child_ended: child.done
";

/// Those who work there.
pub(super) const PEOPLE: [(&str, &[&str]); 6] = [
    ("clerk-1", &["clerk"]),
    ("clerk-2", &["clerk"]),
    ("clerk-3", &["clerk"]),
    ("senior-1", &["senior"]),
    ("senior-2", &["senior"]),
    ("teller", &["front"]),
];

/// An office, and all that happened there.
#[derive(Clone)]
pub(super) struct Office {
    pub(super) cases: Cases,
    pub(super) facts: Vec<Fact>,
    pub(super) now: i64,
}

pub(super) fn by(actor: &str, at: i64) -> By {
    By { at, actor: actor.to_owned(), request_id: None }
}

pub(super) fn json(text: &str) -> Json {
    Json(Value::from_json(text).unwrap())
}

impl Office {
    pub(super) fn new() -> Self {
        Self::with(KIND)
    }

    pub(super) fn with(kind: &str) -> Self {
        let mut office = Self { cases: Cases::default(), facts: Vec::new(), now: 0 };
        office.define(kind, CHART);
        for (person, roles) in PEOPLE {
            office.staff(person, roles, true);
        }
        office
    }

    /// Of kinds with their charts, and people with a role each, at an instant.
    pub(super) fn of(kinds: &[(&str, &[&str])], people: &[(&str, &str)], now: i64) -> Self {
        let mut office = Self { cases: Cases::default(), facts: Vec::new(), now };
        kinds.iter().for_each(|(kind, charts)| office.define_on(kind, charts));
        people.iter().for_each(|(person, role)| office.staff(person, &[role], true));
        office
    }

    pub(super) fn define(&mut self, kind: &str, chart: &str) {
        self.define_on(kind, &[chart]);
    }

    pub(super) fn define_on(&mut self, kind: &str, charts: &[&str]) {
        let charts: Vec<String> = charts.iter().map(|&chart| chart.to_owned()).collect();
        let by = by("host", self.now);
        let defined = self.cases.define(kind, &charts, false, None, &by).unwrap();
        self.fold(defined);
    }

    pub(super) fn staff(&mut self, person: &str, roles: &[&str], is_present: bool) {
        let roles: Vec<String> = roles.iter().map(|&role| role.to_owned()).collect();
        let staffed = self.cases.staff(person, &roles, is_present, &by("host", self.now)).unwrap();
        self.fold(staffed);
    }

    pub(super) fn fold(&mut self, fact: Fact) {
        self.facts.push(fact.clone());
        self.cases.fold(fact).unwrap();
    }

    /// Asks for something. What is refused leaves all cases as they were.
    pub(super) fn try_as(&mut self, key: &str, command: Command, by: &By) -> Result<Done, Refusal> {
        let before: Vec<Case> = self.cases.iter().cloned().collect();
        let done = self.cases.decide(key, command, by);
        assert!(self.cases.iter().eq(&before), "deciding changes nothing");
        if let Ok(done) = &done {
            for change in &done.changes {
                self.fold(Fact::Changed(Box::new(change.clone())));
            }
        }
        done
    }

    pub(super) fn try_ask(
        &mut self,
        key: &str,
        actor: &str,
        command: Command,
    ) -> Result<Done, Refusal> {
        let by = by(actor, self.now);
        self.try_as(key, command, &by)
    }

    /// Asks for something that is done.
    pub(super) fn ask(&mut self, key: &str, actor: &str, command: Command) {
        drop(self.try_ask(key, actor, command).unwrap());
    }

    /// `done`, or the code of the refusal.
    pub(super) fn says(&mut self, key: &str, actor: &str, command: Command) -> &'static str {
        self.try_ask(key, actor, command).map_or_else(|refusal| refusal.code(), |_| "done")
    }

    /// The whole message of a refusal.
    pub(super) fn refuses(&mut self, key: &str, actor: &str, command: Command) -> String {
        self.try_ask(key, actor, command).unwrap_err().to_string()
    }

    /// A case that waits for a decision.
    pub(super) fn in_review(&mut self, key: &str) {
        self.ask(key, "teller", open(None));
        self.ask(key, "host", send("papers.in", None));
    }

    pub(super) fn case(&self, key: &str) -> &Case {
        self.cases.get(key).unwrap()
    }

    pub(super) fn variable(&self, key: &str, name: &str) -> String {
        self.case(key).session().data().get_str(name).unwrap().to_json()
    }

    /// The digest of the evidence as whoever looks at the case sees it.
    pub(super) fn evidence(&self, key: &str) -> [u8; 32] {
        let case = self.case(key);
        let desk = self.cases.desk_of(case).unwrap();
        case.evidence_digest(&desk.evidence_of(case.session()))
    }

    /// A vote on the evidence as it is.
    pub(super) fn vote(&self, key: &str, decision: &str, reasons: &[&str]) -> Command {
        let reasons = reasons.iter().map(|&reason| reason.to_owned()).collect();
        let seen = self.evidence(key).into();
        Command::Decide { decision: decision.to_owned(), reasons, seen, comment: None, data: None }
    }

    /// Votes; `done`, or the code of the refusal.
    pub(super) fn votes(
        &mut self,
        key: &str,
        actor: &str,
        decision: &str,
        reasons: &[&str],
    ) -> &'static str {
        let vote = self.vote(key, decision, reasons);
        self.says(key, actor, vote)
    }

    pub(super) fn queue(&self, key: &str) -> Option<&str> {
        self.case(key).place.as_ref().map(|place| place.queue.as_str())
    }

    /// Time passes, for all cases.
    pub(super) fn advance(&mut self, at: i64) {
        drop(self.advanced(at, 100));
    }

    pub(super) fn advanced(&mut self, at: i64, most: usize) -> Advanced {
        self.now = at;
        let advanced = self.cases.advance(&by("clock", at), most);
        let changes = advanced.changes.iter().cloned().map(Box::new).map(Fact::Changed);
        self.facts.extend(changes);
        advanced
    }

    /// That what is looked up is what the cases say, and that all that happened can be read and decided again.
    pub(super) fn check(&self) {
        let open = || self.cases.iter().filter(|case| case.is_open());
        let due = open().filter_map(Case::next_due).min();
        assert_eq!(self.cases.next_due(), due, "what is due next");
        let mut waiting: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut load: BTreeMap<&str, usize> = BTreeMap::new();
        for case in self.cases.iter() {
            assert_eq!(case.is_open(), case.ended_at.is_none());
            if let Some(place) = &case.place {
                waiting.entry(&place.queue).or_default().insert(&case.key);
            }
            if let Some(assignee) = &case.assignee {
                assert!(case.place.is_some(), "nobody works on what waits for nobody");
                *load.entry(assignee).or_default() += 1;
            }
            assert!(case.is_open() || case.place.is_none() && case.pending.is_none());
            if let Some(pending) = &case.pending {
                let seen = self.evidence(&case.key);
                assert_eq!(*pending.seen, seen, "votes stand on the evidence as it is");
            }
        }
        let queues: BTreeMap<&str, usize> = self.cases.queues().collect();
        let counted = waiting.iter().map(|(queue, keys)| (*queue, keys.len())).collect();
        assert_eq!(queues, counted, "how many wait");
        for (queue, keys) in &waiting {
            let told: Vec<&Case> = self.cases.waiting(queue).collect();
            assert!(told.is_sorted_by_key(|case| case.place.as_ref().map(|place| place.since)));
            assert_eq!(told.iter().map(|case| &*case.key).collect::<BTreeSet<_>>(), *keys);
        }
        for (person, _) in self.cases.people() {
            assert_eq!(self.cases.load_of(person), load.get(person).copied().unwrap_or_default());
        }
        let replayed = replay(self.facts.iter().cloned());
        assert_eq!(replayed.differences, []);
        let read = replay(self.facts.iter().map(read_again));
        assert_eq!(read, replayed, "what is written is read again the same");
    }
}

/// A fact as it is after it was kept.
pub(super) fn read_again(fact: &Fact) -> Fact {
    fn through<T>(it: &T) -> T
    where
        T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq + std::fmt::Debug,
    {
        let read = minicbor::decode(&minicbor::to_vec(it).unwrap()).unwrap();
        assert_eq!(&read, it);
        read
    }
    match fact {
        Fact::Defined(defined) => Fact::Defined(through(defined)),
        Fact::Staffed(staffed) => Fact::Staffed(through(staffed)),
        Fact::Changed(change) => Fact::Changed(Box::new(through(&**change))),
    }
}

pub(super) fn open(parent: Option<&str>) -> Command {
    Command::Open {
        kind: "account".to_owned(),
        party: None,
        parent: parent.map(str::to_owned),
        given: None,
        retention: None,
    }
}

pub(super) fn send(event: &str, data: Option<&str>) -> Command {
    let event = event.to_owned();
    Command::Send { event, data: data.map(json), session: None, invoke_id: None }
}

/// The body of the callback `evt_1`.
pub(super) const BODY: &str = r#"{"id": "evt_1"}"#;

/// What was read of a callback: its event, the minute in which it happened, and what came of it.
pub(super) fn callback(event: &str, minute: u8, outcome: &str) -> Command {
    let hash =
        crate::audit::merkle::hex(&Sha256::digest(if event == "evt_1" { BODY } else { event }));
    let data = format!(
        r#"{{"provider": "persona", "event_id": "{event}", "kind": "inquiry", "about": "inq_1", "outcome": "{outcome}",
        "occurred_at": "2026-01-31T09:{minute:02}:00Z", "evidence": "{hash}", "verified": {{"key": "2026"}}}}"#
    );
    Command::Callback { data: Some(json(&data)), body: None }
}

pub(super) fn attach(name: &str, hash: u8) -> Command {
    Command::Attach { name: name.to_owned(), hash: [hash; 32].into(), file: None }
}

pub(super) fn submit(document: &str, hash: u8) -> Command {
    Command::SubmitDocument {
        document: document.to_owned(),
        hash: [hash; 32].into(),
        file: Some(format!("files/{hash}")),
        valid_until: None,
        data: None,
    }
}

pub(super) fn find(document: &str, finding: Finding, reasons: &[&str], hash: u8) -> Command {
    Command::DecideDocument {
        document: document.to_owned(),
        finding,
        reasons: reasons.iter().map(|&reason| reason.to_owned()).collect(),
        seen: [hash; 32].into(),
        valid_until: None,
        data: None,
    }
}

pub(super) fn why() -> String {
    "as the manual says".to_owned()
}
