//! Who opens, ends, and rests a case, and what they may say.

use super::super::office::{DAY, Office, json, send, submit, why};
use super::super::{Command, Refusal};

const CHART: &str = "
chart: 1
id: papers
context: {party: '', level: none, note: ''}
states:
  open: {on: {papers_in: held}}
  held: {on: {given: {target: granted, actions: [{assign: {level: L1}}]}}}
  granted: {}
";
const KIND: &str = "
case: 1
id: papers
chart: papers
opening: {given: [party, note], once: true}
cancelling: {roles: [officer]}
resting: {roles: [officer], most: P10D}
party: {kyc_level: {of: level, levels: {none: 0, L1: 1}}}
";

fn office() -> Office {
    Office::of(&[(KIND, [CHART].as_slice())], &[("ann", "officer"), ("olga", "clerk")], 0)
}

fn opens(party: &str, given: &str) -> Command {
    Command::Open {
        kind: "papers".to_owned(),
        party: Some(party.to_owned()),
        parent: None,
        given: Some(json(given)),
        retention: None,
    }
}

#[test]
fn of_a_new_case_is_said_what_its_kind_lets_be_said() {
    let mut office = office();
    for (given, wanted) in [
        (r#"{"party": "c1", "level": "L1"}"#, "text"),
        (r#"{"levels": []}"#, "text"),
        (r#"{"party": "c1", "note": "walked in"}"#, "done"),
    ] {
        assert_eq!(office.says("a", "host", opens("c1", given)), wanted, "{given}");
    }
    let told = office.try_ask("b", "host", opens("c2", r#"{"level": "L1"}"#)).unwrap_err();
    let wanted = "says what `level` is: of a new case of this kind one says `party`, `note`, and nothing else";
    assert!(matches!(&told, Refusal::Text { field: "data", what } if what == wanted), "{told}");
    office.check();
}

#[test]
fn a_party_has_one_case_of_a_kind_that_says_so() {
    let mut office = office();
    office.ask("a", "host", opens("c1", "{}"));
    office.ask("b", "host", opens("c2", "{}"));
    let told = office.try_ask("c", "host", opens("c1", "{}")).unwrap_err();
    assert!(told.to_string().contains("the case `a`"), "{told}");
    // One that was given up is opened again, and none beside it.
    office.ask("a", "ann", Command::Cancel { why: why() });
    assert_eq!(office.says("c", "host", opens("c1", "{}")), "text");
    office.check();
    // Whose it is, is said, and once: no second case comes by another name.
    for (party, given, wanted) in
        [(None, r#"{"party": "c1"}"#, "party"), (Some("c3"), r#"{"party": "c1"}"#, "data.party")]
    {
        let mut open = opens("c3", given);
        if let Command::Open { party: of, .. } = &mut open {
            *of = party.map(str::to_owned);
        }
        let told = office.try_ask("d", "host", open).unwrap_err();
        assert!(matches!(&told, Refusal::Text { field, .. } if *field == wanted), "{told}");
    }
    // Whose case cannot be read any more has none.
    office.cases.forget_case("a");
    assert_eq!(office.cases.only_about("papers", "c1"), None);
    assert_eq!(office.cases.only_about("papers", "c2"), Some("b"));
}

#[test]
fn who_gives_a_case_up_or_lets_it_rest_has_a_role_of_the_kind() {
    let mut office = office();
    office.ask("a", "host", opens("c1", "{}"));
    office.ask("a", "host", send("papers_in", None));
    office.ask("a", "host", send("given", None));
    assert_eq!(office.case("a").standing.as_ref().unwrap().kyc_level, Some(1));
    let rest = |days| Command::Snooze { until: days * DAY, why: why(), pause: Some(true) };
    for (who, command, wanted) in [
        ("olga", rest(1), "role"),
        ("mallory", rest(1), "no_person"),
        ("ann", rest(11), "instant"),
        ("ann", rest(10), "done"),
        ("olga", Command::Cancel { why: why() }, "role"),
        ("ann", Command::Cancel { why: why() }, "done"),
    ] {
        assert_eq!(office.says("a", who, command.clone()), wanted, "{who} {command:?}");
    }
    // Nobody watches over what it granted.
    assert_eq!(office.case("a").standing.as_ref().unwrap().kyc_level, Some(0));
    office.check();
}

#[test]
fn what_providers_tell_finds_room_however_much_is_attached() {
    let mut office = office();
    office.ask("a", "host", opens("c1", "{}"));
    let attach = |name: usize| match submit("passport", 1) {
        Command::SubmitDocument { hash, .. } => {
            Command::Attach { name: format!("report {name}"), hash, file: None }
        }
        other => other,
    };
    // Whom it is about leaves room for those who work on it.
    for (who, from, to) in [("c1", 0, 64), ("ann", 64, 128)] {
        for name in from..to {
            office.ask("a", who, attach(name));
        }
        assert_eq!(office.says("a", "c1", attach(200)), "too_many");
        assert_eq!(office.says("a", who, attach(from)), "done", "one takes the place of another");
    }
    assert_eq!(office.says("a", "ann", attach(200)), "too_many");
    office.check();
}
