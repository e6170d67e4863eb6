//! What a customer may hand in, and what they are told: as the back end lets them.

use serde_json::{Value as Plain, json};

use super::*;
use crate::kyc::case::{By, DEVICES, Fact, Finding};

const DAY: i64 = 86_400_000_000_000;
const NOW: i64 = 1_769_767_200_000_000_000; // 2026-01-30, 10:00 in UTC.

const KIND: &str = "
case: 1
id: onboarding
chart: onboarding
queues: [{id: reviews, states: [review], roles: [officer]}]
decisions: {approve: {states: [review], roles: [officer], quorum: 2, event: approved}}
documents:
  passport: {attempts: 2, within: P7D, roles: [officer], reasons: [blurred, forged]}
  bill: {roles: [officer]}
  memo: {roles: [officer]}
document_events: {submitted: document.in}
";

const CHART: &str = "
chart: 1
id: onboarding
context: {street: '', hits: 0, made_at: '', issuer: ''}
states:
  collecting:
    on:
      document.in: {actions: [{assign: {made_at: {expr: {var: event.data.made_at}}}}, {assign: {issuer: {expr: {var: event.data.zone.issuer}}}}]}
      address.given: {actions: [{assign: {street: {expr: {var: event.data.street}}}}]}
      screened: {actions: [{assign: {hits: {expr: {var: event.data.hits}}}}]}
      complete: screening_hit
  screening_hit: {on: {cleared: review}}
  review: {on: {approved: settled, wealth.given: review}}
  settled: {type: final}
";

struct Office {
    cases: Cases,
    now: i64,
}

impl Office {
    /// Two customers with a case each, and one case about nobody.
    fn open() -> Self {
        let mut office = Self { cases: Cases::default(), now: NOW };
        let by = |at| By { at, actor: "host".to_owned(), request_id: None };
        let defined =
            office.cases.define(KIND, &[CHART.to_owned()], false, None, &by(NOW)).unwrap();
        office.cases.fold(defined).unwrap();
        let roles = ["officer".to_owned()];
        let staffed = office.cases.staff("officer-1", &roles, true, &by(NOW)).unwrap();
        office.cases.fold(staffed).unwrap();
        for (case, party) in [("case-1", Some("c1")), ("case-2", Some("c2")), ("case-3", None)] {
            let (kind, party) = ("onboarding".to_owned(), party.map(str::to_owned));
            let open = Command::Open { kind, party, parent: None, given: None, retention: None };
            office.asks(case, open, "host");
        }
        office
    }

    fn does(&mut self, case: &str, command: Command, by: &By) -> Result<bool, Refusal> {
        let done = self.cases.decide(case, command, by)?;
        for change in done.changes {
            self.cases.fold(Fact::from(change)).unwrap();
        }
        Ok(done.replayed.is_some())
    }

    fn asks(&mut self, case: &str, command: Command, actor: &str) {
        self.now += 1;
        let by = By { at: self.now, actor: actor.to_owned(), request_id: None };
        self.does(case, command, &by).unwrap();
    }

    fn request(&mut self, document: &str) {
        let why = Some("the officer's own words".to_owned());
        let command = Command::RequestDocument { document: document.to_owned(), why };
        self.asks("case-1", command, "officer-1");
    }

    fn finds(&mut self, document: &str, finding: Finding, reasons: &[&str], seen: u8) {
        let command = Command::DecideDocument {
            document: document.to_owned(),
            finding,
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            seen: [seen; 32].into(),
            valid_until: None,
            data: None,
        };
        self.asks("case-1", command, "officer-1");
    }

    fn sends(&mut self, event: &str) {
        let event = event.to_owned();
        let send = Command::Send { event, data: None, session: None, invoke_id: None };
        self.asks("case-1", send, "host");
    }

    /// Hands in as the customer `c1`; the code, or `ok`, or `replayed`.
    fn hands_in(&mut self, hand_in: Plain) -> (String, Option<String>) {
        let (call, said) = (call(), hand_in.to_string());
        let hand_in: HandIn = serde_json::from_value(hand_in).unwrap();
        let case = self.cases.get(&hand_in.case);
        let case = case.filter(|case| case.party.as_deref() == Some("c1"));
        let told = |told: HandInOutcome| {
            assert!(!told.ok && told.reason.is_some());
            // Nothing of the office stands in what the customer is told.
            let text = serde_json::to_string(&told).unwrap();
            for word in ["officer", "review", "screening", "screened", "blurred", "memo"] {
                assert!(said.contains(word) || !text.contains(word), "{text}");
            }
            (told.code.unwrap(), told.field)
        };
        let command = match call.admit_hand_in(&self.cases, case, &hand_in) {
            Ok(Admitted::Asked(command)) => command,
            Ok(Admitted::There) => return ("there".to_owned(), None),
            Err(refused) => return told(*refused),
        };
        let by = By {
            at: self.now,
            actor: "c1".to_owned(),
            request_id: Some(call.hand_in_id(&hand_in)),
        };
        match self.does(&hand_in.case, command, &by) {
            Ok(replayed) => (if replayed { "replayed" } else { "ok" }.to_owned(), None),
            Err(refusal) => told(refused_hand_in(&hand_in.key, &refusal)),
        }
    }

    fn news(&self) -> CaseNews {
        call().case_news(&self.cases, self.cases.get("case-1").unwrap())
    }
}

/// What the back end lets the customer do and know.
fn call() -> SyncCall {
    serde_json::from_value(json!({
        "customer": "c1", "accounts": [], "request": {},
        "cases": { "parties": ["c1"], "documents": ["bill"], "states": ["collecting", "settled"], "reasons": ["blurred", "the officer's own words"],
            "forms": { "address.given": ["street", "city"], "wealth.given": ["source"], "approved": [] } },
    }))
    .unwrap()
}

fn hash(byte: u8) -> String {
    crate::audit::merkle::hex(&[byte; 32])
}

fn paper(key: &str, document: &str, byte: u8) -> Plain {
    json!({ "key": key, "case": "case-1", "made_at": "2026-01-30T09:59:00Z", "document": { "document": document, "hash": hash(byte) } })
}

fn form(key: &str, form: &str, answers: &str) -> Plain {
    json!({ "key": key, "case": "case-1", "made_at": "2026-01-30T09:59:00Z", "form": { "form": form, "answers": answers } })
}

fn with(mut hand_in: Plain, path: &str, value: Plain) -> Plain {
    let (object, field) = path.rsplit_once('/').unwrap();
    hand_in.pointer_mut(object).unwrap()[field] = value;
    hand_in
}

#[test]
fn what_a_customer_may_hand_in() {
    let mut office = Office::open();
    office.request("passport");
    let is = |code: &str, field: &str| {
        (code.to_owned(), Some(field.to_owned()).filter(|field| !field.is_empty()))
    };
    let address = r#"{"street": "Long Street 1", "city": "Cape Town"}"#;
    let table = [
        // Only to a case of their own: another's, one about nobody and one that is not there are told the same.
        (with(paper("a", "passport", 1), "/case", json!("case-2")), is("not_permitted", "case")),
        (with(paper("b", "passport", 1), "/case", json!("case-3")), is("not_permitted", "case")),
        (with(paper("c", "passport", 1), "/case", json!("case-9")), is("not_permitted", "case")),
        // Only what is asked for: a document of the kind that nobody asked for is none, and looks like one that is not there.
        (paper("d", "memo", 1), is("not_permitted", "document")),
        (paper("e", "pasport", 1), is("not_permitted", "document")),
        (form("f", "screened", r#"{"hits": 0}"#), is("not_permitted", "form")),
        (form("g", "wealth.given", r#"{"source": "wages"}"#), is("not_permitted", "form")),
        (form("h", "approved", "{}"), is("not_permitted", "form")),
        (
            form("i", "address.given", r#"{"street": "", "hits": 0}"#),
            is("not_permitted", "answers"),
        ),
        // Only what can be read.
        (with(paper("j", "passport", 1), "/document/hash", json!("abc")), is("invalid", "hash")),
        (with(paper("k", "passport", 1), "/made_at", json!("today")), is("invalid", "made_at")),
        (
            with(paper("l", "passport", 1), "/document/valid_until", json!("soon")),
            is("invalid", "valid_until"),
        ),
        (with(paper("m", "passport", 1), "/document/file", json!(" ")), is("invalid", "file")),
        (with(paper("n", "passport", 1), "/key", json!("k".repeat(57))), is("invalid", "key")),
        (form("o", "address.given", "[]"), is("invalid", "answers")),
        (form("p", "address.given", r#"{"made_at": "2020-01-01"}"#), is("invalid", "answers")),
        (
            form("q", "address.given", &format!(r#"{{"street": "{}"}}"#, "x".repeat(ANSWERS_MAX))),
            is("invalid", "answers"),
        ),
        (with(form("r", "address.given", "{}"), "/form", Plain::Null), is("invalid", "document")),
        // Not what is over by the back end's clock.
        (
            with(paper("s", "passport", 1), "/document/valid_until", json!("2026-01-30T10:00:00Z")),
            is("instant", ""),
        ),
        // What is asked for, and what may be handed in unasked.
        (paper("t", "passport", 1), is("ok", "")),
        (paper("u", "bill", 2), is("ok", "")),
        (form("v", "address.given", address), is("ok", "")),
        // Again, it is the same; another under the same key is none; another key finds that it is there.
        (with(paper("t", "passport", 1), "/again", json!(true)), is("replayed", "")),
        (paper("t", "passport", 1), is("replayed", "")),
        (with(form("v", "address.given", address), "/again", json!(true)), is("replayed", "")),
        (paper("t", "passport", 3), is("other_request", "")),
        (paper("w", "passport", 1), is("document", "document")),
    ];
    for (number, (hand_in, expected)) in table.into_iter().enumerate() {
        assert_eq!(office.hands_in(hand_in.clone()), expected, "{number}: {hand_in}");
    }
    // The chart hears what the device says of when, and the answers as they are.
    let case = office.cases.get("case-1").unwrap();
    let data = case.session().data();
    assert_eq!(data.get_str("made_at").unwrap().as_str(), Some("2026-01-30T09:59:00Z"));
    assert_eq!(data.get_str("street").unwrap().as_str(), Some("Long Street 1"));
    assert_eq!(data.get_str("hits").unwrap().to_json(), "0");
    // So often and no more.
    office.finds("passport", Finding::Revise, &["blurred"], 1);
    assert_eq!(office.hands_in(paper("x", "passport", 4)), is("ok", ""));
    assert_eq!(office.hands_in(paper("y", "passport", 5)), is("attempts", "document"));
    // What has ended takes nothing, and tells again what it took.
    let why = "closed by the officer".to_owned();
    office.asks("case-1", Command::Cancel { why }, "officer-1");
    assert_eq!(office.hands_in(paper("z", "bill", 6)), is("ended", "case"));
    assert_eq!(office.hands_in(paper("x", "passport", 4)), is("replayed", ""));
}

#[test]
fn what_the_case_may_have_forgotten_is_not_handed_in_twice() {
    let mut office = Office::open();
    office.request("passport");
    assert_eq!(office.hands_in(paper("a", "passport", 1)).0, "ok");
    assert_eq!(office.hands_in(form("b", "address.given", r#"{"street": "1"}"#)).0, "ok");
    for number in 0..40 {
        let (name, hash) = (format!("{DEVICES}{number}"), [9; 32].into());
        let by = By { at: office.now, actor: "host".to_owned(), request_id: Some(name.clone()) };
        office.does("case-1", Command::Attach { name, hash, file: None }, &by).unwrap();
    }
    let again = |hand_in: Plain| with(hand_in, "/again", json!(true));
    // The document is there, as everyone can see; whether the answers were heard nobody can tell any more.
    assert_eq!(office.hands_in(again(paper("a", "passport", 1))).0, "there");
    assert_eq!(office.hands_in(again(form("b", "address.given", r#"{"street": "1"}"#))).0, "stale");
    office.finds("passport", Finding::Revise, &["blurred"], 1);
    assert_eq!(office.hands_in(again(paper("a", "passport", 1))).0, "stale");
    // What was never sent before cannot have been heard.
    assert_eq!(office.hands_in(paper("c", "passport", 1)).0, "ok");
}

#[test]
fn nothing_is_told_of_the_office() {
    let mut office = Office::open();
    let document =
        |news: &CaseNews, name: &str| news.documents.iter().find(|it| it.document == name).cloned();
    // A document that may come unasked; nobody has asked for the others.
    let news = office.news();
    assert_eq!(
        (news.open, news.states, news.documents.len()),
        (true, vec!["collecting".to_owned()], 1)
    );
    let asked = AskedForm {
        form: "address.given".to_owned(),
        variables: vec!["street".to_owned(), "city".to_owned()],
    };
    assert_eq!(news.forms, [asked]);
    assert_eq!(news.documents[0].attempts_left, 3);
    // What is asked for, until when, and not in whose words.
    office.request("passport");
    let news = office.news();
    let passport = document(&news, "passport").unwrap();
    let due = parse_instant(passport.due.as_deref().unwrap()).unwrap();
    assert_eq!((passport.standing.as_str(), passport.wanted), ("requested", true));
    assert_eq!((due, passport.attempts_left), (office.now + 7 * DAY, 2));
    assert_eq!(passport.reasons, Vec::<String>::new());
    // It was handed in, and is to be handed in again: the reason is one that the customer may know.
    assert_eq!(office.hands_in(paper("a", "passport", 1)).0, "ok");
    let passport = document(&office.news(), "passport").unwrap();
    assert_eq!((passport.standing.as_str(), passport.wanted), ("submitted", false));
    office.finds("passport", Finding::Revise, &["blurred", "forged"], 1);
    let passport = document(&office.news(), "passport").unwrap();
    assert_eq!((passport.wanted, passport.attempts_left), (true, 1));
    assert_eq!(passport.reasons, ["blurred"]);
    assert_eq!(office.hands_in(paper("b", "passport", 2)).0, "ok");
    office.finds("passport", Finding::Reject, &["forged"], 2);
    let passport = document(&office.news(), "passport").unwrap();
    assert_eq!((passport.standing.as_str(), passport.wanted), ("rejected", false));
    assert_eq!(passport.reasons, Vec::<String>::new());
    // Notes, evidence, who works on it, where it waits and what was found change nothing that is told but how new it is.
    let before = office.news();
    let (name, hash) = ("report".to_owned(), [3; 32].into());
    office.asks("case-1", Command::Attach { name, hash, file: Some("vault/9".to_owned()) }, "host");
    office.asks("case-1", Command::Note { text: "the officer's note".to_owned() }, "officer-1");
    assert_eq!(CaseNews { facts: before.facts, ..office.news() }, before);
    office.sends("complete");
    let hit = office.news();
    assert_eq!((hit.states.len(), hit.forms.len(), hit.open), (0, 0, true));
    office.sends("cleared");
    let vote = |seen| Command::Decide {
        decision: "approve".to_owned(),
        reasons: Vec::new(),
        seen,
        comment: Some("fine".to_owned()),
        data: None,
    };
    let before = office.news();
    assert_eq!(before.forms[0].form, "wealth.given");
    office.asks("case-1", Command::Claim, "officer-1");
    let case = office.cases.get("case-1").unwrap();
    let desk = office.cases.desk_of(case).unwrap();
    let seen = case.evidence_digest(&desk.evidence_of(case.session()));
    office.asks("case-1", vote(seen.into()), "officer-1");
    assert_eq!(CaseNews { facts: before.facts, ..office.news() }, before);
    let text = serde_json::to_string(&office.news()).unwrap();
    for word in ["officer", "review", "screening", "forged", "memo", "note", "vault", "report"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // Without a word of the back end's nothing is told but that the case goes on.
    let silent = SyncCall { cases: CustomerCases::default(), ..call() };
    let case = office.cases.get("case-1").unwrap();
    let news = silent.case_news(&office.cases, case);
    assert_eq!((news.open, news.states.len(), news.forms.len()), (true, 0, 0));
    assert!(news.documents.iter().all(|document| document.reasons.is_empty()));
}

#[test]
fn what_goes_together_is_bounded() {
    let engine = crate::Engine::new(crate::Genesis::default());
    let hand_ins = |count| vec![serde_json::from_value(paper("a", "passport", 1)).unwrap(); count];
    for (hand_ins, cases, field) in [
        (hand_ins(HAND_INS_MAX + 1), vec![], "request.hand_ins"),
        (vec![], vec!["c".to_owned(); 2], "request.cases"),
        (vec![], (0..=CASES_MAX).map(|n| n.to_string()).collect(), "request.cases"),
    ] {
        let mut call = call();
        (call.request.hand_ins, call.request.cases) = (hand_ins, cases);
        assert_eq!(call.admit(engine.book()).unwrap_err().field, field);
    }
}
