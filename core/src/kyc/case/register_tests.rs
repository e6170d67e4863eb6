//! What the register of parties is told of whom a case is about, and policies that guards ask.

use std::sync::Arc;

use super::office::{Office, by, json, send};
use super::*;
use crate::kyc::Policies;
use crate::value::Value;

const CHART: &str = "
chart: 1
id: level
context: {granted: none, risk: null, score: 0}
states:
  customer:
    on:
      granted: {actions: [{assign: {granted: {expr: {var: event.data.level}}}}]}
      rated: {actions: [{assign: {risk: {expr: {var: event.data.risk}}}}]}
      closed: closed
    states:
      active: {on: {suspended: suspended}, after: {P30D: suspended}}
      suspended: {on: {lifted: active}}
  closed: {type: final}
";

const KIND: &str = "
case: 1
id: level
chart: level
party:
  kyc_level:
    of: \"contains(states, 'active') && granted || 'none'\"
    levels: {none: 0, L1: 1, L2: 2}
  risk: risk
  flags: {suspended: \"contains(states, 'suspended')\"}
";

fn office(kind: &str) -> Office {
    let mut office = Office::new();
    office.define(kind, CHART);
    office
}

fn opened(party: Option<&str>) -> Command {
    let party = party.map(str::to_owned);
    Command::Open { kind: "level".to_owned(), party, parent: None, given: None, retention: None }
}

fn standing(level: u8, risk: Option<&str>, is_suspended: bool) -> PartyStanding {
    PartyStanding {
        kyc_level: Some(level),
        risk: risk.map(str::to_owned),
        flags: [("suspended".to_owned(), is_suspended)].into(),
    }
}

#[test]
fn a_level_follows_the_case_and_is_told_once() {
    let mut office = office(KIND);
    office.ask("c", "host", opened(Some("c42")));
    let way = [
        ("opened", None, standing(0, None, false)),
        ("granted", Some(("granted", "{\"level\": \"L1\"}")), standing(1, None, false)),
        ("rated", Some(("rated", "{\"risk\": \"high\"}")), standing(1, Some("high"), false)),
        ("suspended", Some(("suspended", "{}")), standing(0, Some("high"), true)),
        ("lifted", Some(("lifted", "{}")), standing(1, Some("high"), false)),
        ("closed", Some(("closed", "{}")), standing(0, Some("high"), false)),
    ];
    for (name, event, wanted) in way {
        if let Some((event, data)) = event {
            office.ask("c", "host", send(event, Some(data)));
        }
        // Whoever opens a case says what it begins with: that is told to nobody.
        let untold: Vec<&str> = office.cases.untold().map(|case| &*case.key).collect();
        let to_tell = if event.is_some() { vec!["c"] } else { vec![] };
        assert_eq!(untold, to_tell, "{name}");
        assert_eq!(office.case("c").standing.as_ref(), Some(&wanted), "{name}");
        office.ask("c", "host", Command::RegisterTold { standing: wanted.clone() });
        assert_eq!((office.case("c").untold(), office.cases.untold().count()), (None, 0), "{name}");
        assert_eq!(office.case("c").standing, Some(wanted), "{name}");
        office.check();
    }
}

#[test]
fn what_time_brings_about_is_told_too() {
    let mut office = office(KIND);
    office.ask("c", "host", opened(Some("c42")));
    office.ask("c", "host", send("granted", Some("{\"level\": \"L2\"}")));
    office.advance(31 * super::office::DAY);
    assert_eq!(office.case("c").untold(), Some(&standing(0, None, true)));
    office.check();
}

#[test]
fn what_was_told_is_no_deed_of_the_case() {
    let mut office = office(KIND);
    office.ask("c", "host", opened(Some("c42")));
    let told = standing(0, None, false);
    // Late: its timer is due, and stays so.
    office.now = 31 * super::office::DAY;
    let command = Command::RegisterTold { standing: told.clone() };
    let done = office.try_ask("c", "host", command).unwrap();
    assert_eq!((done.effects.len(), done.changes.len(), done.changes[0].steps.len()), (0, 1, 0));
    assert!(office.case("c").next_due().is_some_and(|due| due <= office.now));
    // What was told of the past is not what is to be told now.
    office.ask("c", "host", send("granted", Some("{\"level\": \"L2\"}")));
    assert_eq!(office.case("c").untold(), Some(&standing(0, None, true)));
    office.ask("c", "host", Command::RegisterTold { standing: told });
    assert!(office.case("c").untold().is_some());
    office.check();
}

#[test]
fn what_differs_is_told_and_all_of_it_where_nobody_knows_what_was() {
    let mut office = office(KIND);
    office.ask("c", "host", opened(Some("c42")));
    let news = |office: &Office| office.case("c").news_of_party();
    let only = |kyc_level, flags: &[(&str, bool)]| PartyStanding {
        kyc_level,
        risk: None,
        flags: flags.iter().map(|(name, is_set)| ((*name).to_owned(), *is_set)).collect(),
    };
    assert_eq!(news(&office), None);
    office.ask("c", "host", send("granted", Some("{\"level\": \"L2\"}")));
    assert_eq!(news(&office), Some(only(Some(2), &[])), "the flag is as it was");
    // It may have been booked, and the case does not know: the way back is told as well.
    office.ask("c", "host", send("suspended", Some("{}")));
    office.ask("c", "host", send("granted", Some("{\"level\": \"none\"}")));
    office.ask("c", "host", send("lifted", Some("{}")));
    assert_eq!(office.case("c").standing, Some(standing(0, None, false)), "as it began");
    assert_eq!(news(&office), Some(only(Some(0), &[("suspended", false)])));
    let told = standing(0, None, false);
    office.ask("c", "host", Command::RegisterTold { standing: told });
    assert_eq!(news(&office), None);
    office.check();
}

#[test]
fn a_flag_that_the_kind_knows_no_more_is_taken_away() {
    let mut case = office(KIND);
    case.ask("c", "host", opened(Some("c42")));
    let mut case = case.case("c").clone();
    (case.standing, case.told) = (Some(PartyStanding::default()), Some(standing(2, None, true)));
    let news = case.news_of_party().unwrap();
    assert_eq!((news.kyc_level, news.flags), (None, [("suspended".to_owned(), false)].into()));
}

#[test]
fn of_nobody_nothing_is_told() {
    let mut office = office(KIND);
    office.ask("c", "host", opened(None));
    assert_eq!((office.case("c").standing.as_ref(), office.cases.untold().count()), (None, 0));
    // Nor by a kind that tells nothing.
    let Command::Open { parent, given, retention, .. } = opened(None) else { unreachable!() };
    let (kind, party) = ("account".to_owned(), Some("c42".to_owned()));
    office.ask("d", "host", Command::Open { kind, party, parent, given, retention });
    assert_eq!(office.case("d").standing, None);
}

#[test]
fn what_cannot_be_told_does_not_happen() {
    for (event, data, wanted) in [
        (
            "granted",
            "{\"level\": \"L3\"}",
            "party/kyc_level/of: came to a name that is none of `L1`, `L2`, `none`",
        ),
        (
            "granted",
            "{\"level\": 3}",
            "party/kyc_level/of: came to no text; the name of a level is told, or null, which tells nothing",
        ),
        (
            "rated",
            "{\"risk\": \"hihg\"}",
            "party/risk: came to a name that is none of `low`, `medium`, `high`, `prohibited`",
        ),
    ] {
        let mut office = office(KIND);
        office.ask("c", "host", opened(Some("c42")));
        let told = office.refuses("c", "host", send(event, Some(data)));
        assert_eq!(told, format!("a guard of the kind `level`: {wanted}"));
        assert_eq!(office.case("c").version, 1, "nothing has changed");
    }
}

#[test]
fn a_case_can_be_cancelled_whatever_its_kind_makes_of_it() {
    // Of a case that has no state any more this cannot be told.
    let kind = KIND.replace("\"contains(states, 'suspended')\"", "\"starts_with(states[0], 's')\"");
    assert_ne!(kind, KIND);
    let mut office = office(&kind);
    office.ask("c", "host", opened(Some("c42")));
    office.ask("c", "host", send("granted", Some("{\"level\": \"L1\"}")));
    office.staff("officer", &["officer"], true);
    let before = office.case("c").standing.clone().unwrap();
    office.ask("c", "officer", Command::Cancel { why: "a mistake".to_owned() });
    let case = office.case("c");
    assert!(!case.is_open());
    let level = before.kyc_level.map(|_| 0);
    let wanted = PartyStanding { kyc_level: level, ..before };
    assert_eq!(
        case.standing,
        Some(wanted),
        "what it has found stays, and what it granted does not"
    );
    office.check();
}

#[test]
fn what_is_wrong_with_it_is_told_when_it_is_loaded() {
    for (from, to, wanted) in [
        ("  risk: risk\n", "  risk: risc\n", "did you mean `risk`?"),
        ("L2: 2", "L2: 256", "a whole number from 0 to 255 belongs here"),
        ("  risk: risk\n", "  rsk: risk\n", "did you mean `risk`?"),
        ("'suspended')", "'suspended'", "party/flags/suspended"),
    ] {
        let kind = KIND.replace(from, to);
        assert_ne!(kind, KIND);
        let office = Office::new();
        let told = office.cases.define(&kind, &[CHART.to_owned()], false, None, &by("host", 0));
        let told = told.unwrap_err().to_string();
        assert!(told.contains(wanted), "{told}");
    }
}

/// A bundle that knows the paths in its files, each with a limit.
#[derive(Debug)]
struct Limits(Vec<(String, i64)>);

impl Policies for Limits {
    fn check(&self, path: &str) -> Result<(), String> {
        let is_it = |(own, _): &&(String, i64)| own == path;
        self.0.iter().find(is_it).map(|_| ()).ok_or_else(|| format!("there is no `{path}`"))
    }

    fn ask(&self, path: &str, input: Value, _: i64) -> Result<Option<Value>, String> {
        let limit = self.0.iter().find(|(own, _)| own == path).map(|(_, limit)| *limit);
        let score = input.get_str("score").cloned().unwrap_or(Value::Null);
        Ok(limit.map(|limit| Value::from(score >= Value::int(limit))))
    }

    fn digest(&self) -> [u8; 32] {
        let [(_, limit), ..] = &*self.0 else { return [0; 32] };
        [u8::try_from(*limit).unwrap(); 32]
    }
}

fn lend(files: &[PolicyFile]) -> Result<Arc<dyn Policies>, String> {
    let limit = |file: &PolicyFile| {
        let text = std::str::from_utf8(&file.bytes).ok()?;
        Some((file.name.clone(), text.parse().ok()?))
    };
    let limits: Option<Vec<_>> = files.iter().map(limit).collect();
    Ok(Arc::new(Limits(limits.ok_or("no limit stands there")?)))
}

const ASKING: &str = "
case: 1
id: level
chart: level
queues:
  - {id: high, states: [active], when: {rego: aml/high}, roles: [senior]}
  - {id: usual, states: [active], roles: [clerk]}
";

fn bundle(limit: &str) -> Option<Vec<PolicyFile>> {
    let (name, bytes) = ("aml/high".to_owned(), limit.as_bytes().to_vec().into());
    Some(vec![PolicyFile { name, bytes }])
}

#[test]
fn a_guard_asks_the_policy_that_is_kept_with_the_kind() {
    let chart = [CHART.to_owned()];
    let mut office = Office::new();
    office.cases = Cases::lending(lend);
    office.facts.clear();
    let host = by("host", 0);
    let define = |office: &Office, limit: &str| {
        office.cases.define(ASKING, &chart, false, bundle(limit), &host).unwrap()
    };
    let first = define(&office, "5");
    office.fold(first);
    let mut queue_of = |key: &str, score: &str| {
        let given = Some(json(&format!("{{\"score\": {score}}}")));
        let (kind, party) = ("level".to_owned(), None);
        office.ask(
            key,
            "host",
            Command::Open { kind, party, parent: None, given, retention: None },
        );
        office.queue(key).map(str::to_owned)
    };
    assert_eq!(queue_of("low", "4").as_deref(), Some("usual"));
    assert_eq!(queue_of("high", "5").as_deref(), Some("high"));
    let digest = *office.cases.kind("level").unwrap().digest();
    // Another bundle is another version, for cases that are opened from now on.
    let second = define(&office, "9");
    office.fold(second);
    assert_ne!(*office.cases.kind("level").unwrap().digest(), digest);
    office.ask("low", "host", send("rated", Some("{\"risk\": null}")));
    assert_eq!(office.queue("high"), Some("high"));

    // It is all there again, from what was kept, wherever somebody lends policies.
    let mut replay = Replay::lending(lend);
    office.facts.iter().map(super::office::read_again).for_each(|fact| replay.take(fact));
    assert_eq!(replay.finish().differences, []);
    let mut alone = Cases::default();
    let told = alone.fold(office.facts[0].clone()).unwrap_err().to_string();
    assert_eq!(told, "policy: there is nobody who lends one here");
}

#[test]
fn a_policy_that_is_none_is_refused_with_the_kind() {
    let cases = Cases::lending(lend);
    let (chart, host) = ([CHART.to_owned()], by("host", 0));
    let told = |kind: &str, policy| cases.define(kind, &chart, false, policy, &host).unwrap_err();
    assert_eq!(told(ASKING, bundle("high")).to_string(), "policy: no limit stands there");
    assert!(told(ASKING, None).to_string().contains("there is no policy to ask"));
    let other = ASKING.replace("aml/high", "aml/low");
    assert!(told(&other, bundle("5")).to_string().contains("there is no `aml/low`"));
}
