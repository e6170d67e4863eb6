//! Decisions on record: durable, sealed, told, masked, and decided once more.

use thalium::api::decision::Masks;
use thalium::api::party::{
    AccessQuery, DefineRetention, ForgetParty, GrantAccess, MergeParties, PersonalField,
    RegisterParty, SealData, SplitParty,
};
use thalium::party::ForgetScope;
use thalium::policy::Outcome;

use super::*;
use crate::sealed::OpenSealed;
use crate::wire::{OpenPolicy, call};
use crate::{KeyText, Keys, NewKeys, Options, Until, backup, restore, verify};

const MODULE: &str = r#"
package aml

default verdict := {"outcome": "allow"}

verdict := {"outcome": "review", "reasons": [{
    "code": 12001, "rule": "aml/large", "audience": "officer", "severity": "high", "message": "A large amount.",
}]} if to_number(input.amount) >= LIMIT

broken := 1 if input.amount
broken := 2 if input.amount
"#;

fn bundle(limit: &str) -> OpenPolicy {
    let manifest = format!("{{\"revision\": \"limit {limit}\"}}");
    let files = [
        ("aml.rego".to_owned(), MODULE.replace("LIMIT", limit)),
        (".manifest".to_owned(), manifest),
    ];
    OpenPolicy { files: Some(files.into()), ..OpenPolicy::default() }
}

fn load(t: &Thalium, limit: &str, shadow: bool) -> LoadedPolicy {
    t.load_policy(&LoadPolicy { bundle: bundle(limit), shadow, ..LoadPolicy::default() }).unwrap()
}

fn in_memory() -> Thalium {
    let options = Options { insecure_seed: Some([7; 32]), ..Options::default() };
    let t = Thalium::open_with("memory:", options).unwrap();
    load(&t, "10000", false);
    t
}

fn on_record(t: &Thalium, amount: &str, subject: Option<&str>) -> Decided {
    let call = DecideOnRecord {
        path: "aml/verdict".to_owned(),
        subject: subject.map(str::to_owned),
        ..DecideOnRecord::default()
    };
    let input =
        Value::from_json(&format!("{{\"amount\": \"{amount}\", \"name\": \"Zodwa\"}}")).unwrap();
    t.decide_on_record(&call, Some(input)).unwrap()
}

fn told(t: &Thalium, query: &DecisionQuery) -> Vec<Value> {
    let page = t.list_decisions(query, &Masks::default()).unwrap();
    page.get_str("decisions").and_then(Value::as_array).unwrap().to_vec()
}

fn opened(why: &str) -> DecisionQuery {
    let open = OpenSealed { why: why.to_owned(), ..OpenSealed::default() };
    DecisionQuery { open: Some(open), ..DecisionQuery::default() }
}

fn text<'a>(decision: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(decision, |value, key| value.get_str(key)).and_then(Value::as_str)
}

#[test]
fn a_decision_is_on_record_with_the_names_of_opa() {
    let t = in_memory();
    let asked = r#"{"op":"decide_on_record","path":"aml/verdict","input":{"amount":"10000","cents":19.990},"actor":"api",
        "request_id":"r-1","concerns":"w-17","now":"2026-01-31T12:00:00Z",
        "decision_id":"0192e4a0-0000-7000-8000-000000000001"}"#;
    let decided = call(&t, asked).unwrap();
    assert!(decided.contains(r#""outcome":"review""#), "{decided}");
    let page = call(&t, r#"{"op":"list_decisions"}"#).unwrap();
    let digest = &load(&t, "10000", false).current.digest;
    let wanted = r#"{"decisions":[{"bundles":{"policy":{"digest":"DIGEST","revision":"limit 10000"}},"concerns":"w-17","decision_id":"0192e4a0-0000-7000-8000-000000000001","input":{"amount":"10000","cents":19.990},"number":0,"outcome":"review","path":"aml/verdict","req_id":"r-1","requested_by":"api","result":{"obligations":[],"outcome":"review","reasons":[{"audience":"officer","code":12001,"message":"A large amount.","rule":"aml/large","severity":"high"}]},"timestamp":"2026-01-31T12:00:00.000000000Z"}]}"#;
    assert_eq!(page, wanted.replace("DIGEST", digest));
}

#[test]
fn decisions_are_found_by_what_is_said_of_them() {
    let t = in_memory();
    assert!(t.do_one(RegisterParty::person("zodwa")).unwrap().ok);
    for (at, amount, subject, concerns) in [
        ("2026-01-01T00:00:00Z", "1", None, "a"),
        ("2026-01-02T00:00:00Z", "20000", None, "b"),
        ("2026-01-03T00:00:00Z", "3", Some("zodwa"), "c"),
    ] {
        let asked = DecideOnRecord {
            path: "aml/verdict".to_owned(),
            now: Some(at.to_owned()),
            subject: subject.map(str::to_owned),
            concerns: Some(concerns.to_owned()),
            ..DecideOnRecord::default()
        };
        let input = Value::from_json(&format!("{{\"amount\": {amount}}}")).unwrap();
        t.decide_on_record(&asked, Some(input)).unwrap();
    }
    let some = |text: &str| Some(text.to_owned());
    let all = DecisionQuery::default;
    let cases = [
        ("all", all(), "a b c"),
        ("of a path", DecisionQuery { path: some("aml/verdict"), ..all() }, "a b c"),
        ("of another path", DecisionQuery { path: some("aml/broken"), ..all() }, ""),
        ("by outcome", DecisionQuery { outcome: Some(Outcome::Review), ..all() }, "b"),
        ("by subject", DecisionQuery { subject: some("zodwa"), ..all() }, "c"),
        ("by what they concern", DecisionQuery { concerns: some("b"), ..all() }, "b"),
        ("from a date on", DecisionQuery { from: some("2026-01-02"), ..all() }, "b c"),
        ("up to a date", DecisionQuery { until: some("2026-01-02"), ..all() }, "a b"),
        ("before an instant", DecisionQuery { until: some("2026-01-02T00:00:00Z"), ..all() }, "a"),
        ("behind one", DecisionQuery { after: Some(0), ..all() }, "b c"),
        ("a few", DecisionQuery { limit: Some(2), ..all() }, "a b"),
    ];
    for (name, query, wanted) in cases {
        let found: Vec<Value> = told(&t, &query);
        let found: Vec<&str> = found.iter().filter_map(|one| text(one, &["concerns"])).collect();
        assert_eq!(found.join(" "), wanted, "{name}");
    }
    let page =
        t.list_decisions(&DecisionQuery { limit: Some(2), ..all() }, &Masks::default()).unwrap();
    assert_eq!(page.get_str("next").map(Value::to_json).as_deref(), Some("1"));
    for (query, field) in [
        (DecisionQuery { limit: Some(0), ..all() }, "limit"),
        (DecisionQuery { from: some("yesterday"), ..all() }, "from"),
        (DecisionQuery { subject: some("nobody"), ..all() }, "subject"),
        (DecisionQuery { decision_id: some("x"), ..all() }, "decision_id"),
    ] {
        let error = t.list_decisions(&query, &Masks::default()).unwrap_err();
        assert!(matches!(&error, Error::Invalid(invalid) if invalid.field == field), "{error}");
    }
}

#[test]
fn what_is_about_someone_is_sealed_opened_for_a_reason_and_goes_with_them() {
    let t = in_memory();
    assert!(t.do_one(RegisterParty::person("zodwa")).unwrap().ok);
    on_record(&t, "5", Some("zodwa"));
    on_record(&t, "7", None);
    let sealed = told(&t, &DecisionQuery::default());
    assert_eq!(sealed[0].get_str("sealed"), Some(&Value::Bool(true)));
    assert!(sealed[0].get_str("input").is_none() && sealed[0].get_str("result").is_none());
    assert_eq!(text(&sealed[1], &["input", "amount"]), Some("7"));

    let open = told(&t, &opened("complaint 12"));
    assert_eq!(text(&open[0], &["input", "name"]), Some("Zodwa"));
    let until = "2099-12-31".to_owned();
    let grant = GrantAccess { actor: "auditor".to_owned(), until, ..GrantAccess::default() };
    assert!(t.do_one(grant).unwrap().ok);
    let readings = t.access_log(&AccessQuery {
        party: Some("zodwa".to_owned()),
        actor: Some("auditor".to_owned()),
        ..AccessQuery::default()
    });
    let readings = serde_json::to_string(&readings.unwrap()).unwrap();
    assert!(readings.contains("complaint 12") && readings.contains("decisions"), "{readings}");
    let error = t.list_decisions(&opened(""), &Masks::default()).unwrap_err().to_string();
    assert!(error.contains("why"), "{error}");

    let forget = ForgetParty { party: "zodwa".to_owned(), scope: ForgetScope::Consent };
    assert!(t.do_one(forget).unwrap().ok);
    let gone = told(&t, &opened("complaint 13"));
    assert_eq!(gone[0].get_str("subject_forgotten"), Some(&Value::Bool(true)));
    assert!(gone[0].get_str("input").is_none());
    assert_eq!(text(&gone[0], &["outcome"]), Some("allow"));
    let call = DecideOnRecord {
        path: "aml/verdict".to_owned(),
        subject: Some("zodwa".to_owned()),
        ..DecideOnRecord::default()
    };
    let error = t.decide_on_record(&call, None).unwrap_err().to_string();
    assert!(error.starts_with("subject"), "{error}");
}

#[test]
fn a_retention_class_keeps_the_decisions_of_someone_who_is_forgotten_by_consent() {
    let t = in_memory();
    assert!(t.do_one(RegisterParty::person("zodwa")).unwrap().ok);
    let class = DefineRetention { name: "aml".to_owned(), years: 5, law: "AML law".to_owned() };
    assert!(t.do_one(class).unwrap().ok);
    let mut call = DecideOnRecord {
        path: "aml/verdict".to_owned(),
        subject: Some("zodwa".to_owned()),
        retention: Some("aml".to_owned()),
        ..DecideOnRecord::default()
    };
    t.decide_on_record(&call, Value::from_json(r#"{"amount": 5}"#).ok()).unwrap();
    let forget = ForgetParty { party: "zodwa".to_owned(), scope: ForgetScope::Consent };
    assert!(t.do_one(forget).unwrap().ok);
    let open = told(&t, &opened("audit"));
    assert_eq!(text(&open[0], &["retention"]), Some("aml"));
    assert_eq!(open[0].get_str("input").map(Value::to_json).as_deref(), Some(r#"{"amount":5}"#));
    call.retention = Some("unheard of".to_owned());
    let error = t.decide_on_record(&call, None).unwrap_err().to_string();
    assert!(error.contains("subject"), "{error}");
    call.subject = None;
    let error = t.decide_on_record(&call, None).unwrap_err().to_string();
    assert!(error.contains("name the subject"), "{error}");
}

#[test]
fn what_came_to_no_verdict_is_on_record_and_no_permission() {
    let t = in_memory();
    let call = DecideOnRecord { path: "aml/broken".to_owned(), ..DecideOnRecord::default() };
    let error = t.decide_on_record(&call, Value::from_json(r#"{"amount": 1}"#).ok()).unwrap_err();
    assert!(matches!(error, OnRecordError::Policy(_)), "{error}");
    let all = told(&t, &DecisionQuery::default());
    assert_eq!(text(&all[0], &["error", "code"]), Some("undecided"));
    assert!(all[0].get_str("outcome").is_none() && all[0].get_str("result").is_none());
    let misspelt = DecideOnRecord { path: "aml/verdct".to_owned(), ..DecideOnRecord::default() };
    assert!(t.decide_on_record(&misspelt, None).is_err());
    assert_eq!(
        told(&t, &DecisionQuery::default()).len(),
        1,
        "a path that leads nowhere is no decision"
    );
}

#[test]
fn a_version_is_tried_out_put_in_force_and_taken_back() {
    let t = in_memory();
    load(&t, "5000", true);
    let decided =
        [on_record(&t, "7000", None), on_record(&t, "1", None), on_record(&t, "10000", None)];
    let outcomes = decided.each_ref().map(|one| one.verdict.outcome);
    assert_eq!(
        outcomes,
        [Outcome::Allow, Outcome::Allow, Outcome::Review],
        "the shadow decides nothing"
    );
    let shadow = t.list_policies().remove(0).shadow.unwrap();
    assert_eq!((shadow.decisions, shadow.same, shadow.changed, shadow.flipped), (3, 2, 0, 1));
    assert_eq!(shadow.flips[0].decision_id, decided[0].decision_id);
    assert_eq!((shadow.flips[0].was.as_str(), shadow.flips[0].now.as_str()), ("allow", "review"));
    assert_eq!(shadow.flips[0].reasons.len(), 1);
    let reason = &shadow.flips[0].reasons[0];
    assert_eq!((reason.code, reason.rule.as_str()), (12001, "aml/large"));

    let loaded = load(&t, "5000", false);
    assert_eq!((loaded.current.revision.as_str(), loaded.former.len()), ("limit 5000", 1));
    assert_eq!(on_record(&t, "7000", None).verdict.outcome, Outcome::Review);
    let back = t.roll_back_policy(&NamedPolicy::default()).unwrap();
    assert_eq!((back.current.revision.as_str(), back.former.len()), ("limit 10000", 0));
    assert_eq!(on_record(&t, "7000", None).verdict.outcome, Outcome::Allow);
    assert!(t.roll_back_policy(&NamedPolicy::default()).is_err());

    t.drop_policy(&DropPolicy { shadow: true, ..DropPolicy::default() }).unwrap();
    assert!(t.list_policies()[0].shadow.is_none());
    t.drop_policy(&DropPolicy::default()).unwrap();
    assert!(t.list_policies().is_empty());
    let call = DecideOnRecord { path: "aml/verdict".to_owned(), ..DecideOnRecord::default() };
    assert!(t.decide_on_record(&call, None).unwrap_err().to_string().contains("none is loaded"));
    let alone = LoadPolicy { bundle: bundle("1"), shadow: true, ..LoadPolicy::default() };
    assert!(t.load_policy(&alone).unwrap_err().message.contains("load one first"));
    let refused = OpenPolicy {
        files: Some([("a.rego".to_owned(), "pakage a".to_owned())].into()),
        ..OpenPolicy::default()
    };
    load(&t, "1", false);
    assert!(t.load_policy(&LoadPolicy { bundle: refused, ..LoadPolicy::default() }).is_err());
    assert_eq!(
        t.list_policies()[0].current.revision,
        "limit 1",
        "what is refused replaces nothing"
    );
}

#[test]
fn replay_tells_what_another_version_would_have_decided() {
    let t = in_memory();
    assert!(t.do_one(RegisterParty::person("zodwa")).unwrap().ok);
    assert!(t.do_one(RegisterParty::person("thabo")).unwrap().ok);
    let flipped = on_record(&t, "7000", Some("thabo"));
    on_record(&t, "100", None);
    on_record(&t, "20000", None);
    on_record(&t, "8000", Some("zodwa"));
    let forget = ForgetParty { party: "zodwa".to_owned(), scope: ForgetScope::Consent };
    assert!(t.do_one(forget).unwrap().ok);
    let other = ReplayDecisions { bundle: bundle("5000"), ..ReplayDecisions::default() };
    let replay =
        |call: &ReplayDecisions| t.replay_decisions(&call.bundle.open().unwrap(), call).unwrap();
    let report = replay(&other);
    assert_eq!((report.decisions, report.same, report.changed, report.flipped), (3, 2, 0, 1));
    assert_eq!(report.subject_forgotten, 1);
    assert_eq!(report.flips.len(), 1);
    assert_eq!(report.flips[0].decision_id, flipped.decision_id);
    let same = replay(&ReplayDecisions { bundle: bundle("10000"), ..ReplayDecisions::default() });
    assert_eq!((same.decisions, same.same), (3, 3), "the same version decides the same");
    let few = replay(&ReplayDecisions { limit: Some(0), ..other });
    assert_eq!((few.flipped, few.flips.len()), (1, 0));
}

#[test]
fn those_of_many_threads_are_durable_together_and_none_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let address = directory.path().join("books").display().to_string();
    let t = Thalium::open(&address).unwrap();
    load(&t, "10000", false);
    let mut given: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    (0..25).map(|_| on_record(&t, "1", None).decision_id).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    given.sort();
    // Dropped, not closed: as if the process had died.
    drop(t);
    let again = Thalium::open(&address).unwrap();
    load(&again, "10000", false);
    let ids = |t: &Thalium| {
        let all = told(t, &DecisionQuery { limit: Some(1_000), ..DecisionQuery::default() });
        let mut ids: Vec<String> =
            all.iter().filter_map(|one| text(one, &["decision_id"]).map(str::to_owned)).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&again), given);
    given.push(on_record(&again, "2", None).decision_id);
    given.sort();
    again.close().unwrap();
    let third = Thalium::open_to_read(&address).unwrap();
    assert_eq!(ids(&third), given);
    let call = DecideOnRecord { path: "aml/verdict".to_owned(), ..DecideOnRecord::default() };
    assert!(matches!(
        third.decide_on_record(&call, None),
        Err(OnRecordError::Ledger(Error::ReadOnly))
    ));
    drop(third);
    // What was closed goes on where it ended.
    let fourth = Thalium::open(&address).unwrap();
    load(&fourth, "10000", false);
    given.push(on_record(&fourth, "3", None).decision_id);
    given.sort();
    assert_eq!(ids(&fourth), given);
    let large = Value::object([
        ("text".into(), "x".repeat(300_000).as_str().into()),
        ("amount".into(), 1_usize.into()),
    ]);
    let call = DecideOnRecord {
        path: "aml/verdict".to_owned(),
        concerns: Some("large".to_owned()),
        ..DecideOnRecord::default()
    };
    fourth.decide_on_record(&call, Some(large.clone())).unwrap();
    let found = told(
        &fourth,
        &DecisionQuery { concerns: Some("large".to_owned()), ..DecisionQuery::default() },
    );
    assert_eq!(found[0].get_str("input"), Some(&large), "an input is kept whole");
}

#[test]
fn a_backup_has_the_decisions_and_what_is_encrypted_tells_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let key = KeyText::generate().unwrap();
    let keys: Option<std::sync::Arc<dyn Keys>> = Some(std::sync::Arc::new(key));
    let options = || Options { keys: keys.clone(), ..Options::default() };
    let t = Thalium::open_with(&at("books").display().to_string(), options()).unwrap();
    load(&t, "10000", false);
    assert!(t.do_one(RegisterParty::person("zodwa")).unwrap().ok);
    on_record(&t, "20000", Some("zodwa"));
    on_record(&t, "1", None);
    assert_eq!(t.rotate_keys().unwrap(), 2);
    on_record(&t, "2", None);
    backup(&at("books"), &at("copy"), keys.clone(), &mut |_| {}).unwrap();
    let (_, verified) =
        restore(&at("copy"), &at("again"), Until::End, keys.clone(), NewKeys::Same).unwrap();
    assert_eq!(verified.decisions.map(|found| found.entries), Some(3));
    let restored = Thalium::open_with(&at("again").display().to_string(), options()).unwrap();
    assert_eq!(told(&restored, &opened("audit")), told(&t, &opened("audit")));
    drop((t, restored));
    assert_eq!(verify(&at("books"), keys).unwrap().decisions.map(|found| found.entries), Some(3));
    for file in std::fs::read_dir(at("books").join("decisions")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"Zodwa"), "a file tells of it");
    }
}

#[test]
fn a_page_begins_where_the_last_one_ended_however_long_the_log_is() {
    let directory = tempfile::tempdir().unwrap();
    let t = Thalium::open(&directory.path().join("books").display().to_string()).unwrap();
    load(&t, "10000", false);
    // Three records each, so that a mark comes soon.
    let large = Value::object([("text".into(), "x".repeat(40_000).as_str().into())]);
    let call = DecideOnRecord { path: "aml/verdict".to_owned(), ..DecideOnRecord::default() };
    let count = 6_000;
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..count / 20 {
                    t.decide_on_record(&call, Some(large.clone())).unwrap();
                }
            });
        }
    });
    let (mut after, mut found) = (None, 0);
    let paths = |after| DecisionQuery { after, limit: Some(500), ..DecisionQuery::default() };
    loop {
        let page = t.list_decisions(&paths(after), &Masks::default()).unwrap();
        let decisions = page.get_str("decisions").and_then(Value::as_array).unwrap();
        let first = decisions.first().and_then(|one| one.get_str("number")).unwrap().to_json();
        assert_eq!(first.parse::<u64>().unwrap(), found * 3, "no page skips or tells twice");
        found += decisions.len() as u64;
        after = page.get_str("next").map(|next| next.to_json().parse().unwrap());
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, count);
    assert!(!t.decisions.marks().is_empty());
}

#[test]
fn a_decision_thought_of_in_the_future_does_not_move_the_clock_of_the_books() {
    let t = in_memory();
    assert!(t.do_one(RegisterParty::person("zodwa")).unwrap().ok);
    let call = DecideOnRecord {
        path: "aml/verdict".to_owned(),
        subject: Some("zodwa".to_owned()),
        now: Some("2034-01-01T00:00:00Z".to_owned()),
        ..DecideOnRecord::default()
    };
    t.decide_on_record(&call, None).unwrap();
    let stats = call_of(&t, r#"{"op":"stats"}"#);
    let clock = text(&stats, &["clock"]).unwrap();
    assert!(clock < "2034", "{clock}");
    assert_eq!(
        text(&told(&t, &DecisionQuery::default())[0], &["timestamp"]).map(|at| &at[..4]),
        Some("2034")
    );
}

fn call_of(t: &Thalium, request: &str) -> Value {
    Value::from_json(&call(t, request).unwrap()).unwrap()
}

#[test]
fn a_path_is_kept_in_one_way_however_it_was_written() {
    let t = in_memory();
    for path in ["aml/verdict", "/aml/verdict/", "data.aml.verdict"] {
        let call = DecideOnRecord { path: path.to_owned(), ..DecideOnRecord::default() };
        t.decide_on_record(&call, None).unwrap();
    }
    let long = DecideOnRecord {
        path: format!("{}aml/verdict", "/".repeat(2_000)),
        ..DecideOnRecord::default()
    };
    assert!(t.decide_on_record(&long, None).is_err());
    for path in ["aml/verdict", "data.aml.verdict"] {
        let query = DecisionQuery { path: Some(path.to_owned()), ..DecisionQuery::default() };
        assert_eq!(told(&t, &query).len(), 3, "{path}");
    }
}

#[test]
fn who_was_merged_has_decisions_of_their_own() {
    let t = in_memory();
    for key in ["a", "b"] {
        assert!(t.do_one(RegisterParty::person(key)).unwrap().ok);
    }
    on_record(&t, "1", Some("b"));
    let merge = MergeParties { party: "b".to_owned(), into: "a".to_owned() };
    assert!(t.do_one(merge).unwrap().ok);
    on_record(&t, "2", Some("a"));
    assert!(t.do_one(SplitParty { party: "b".to_owned() }).unwrap().ok);
    let open = told(&t, &opened("audit"));
    let amounts: Vec<_> = open.iter().map(|one| text(one, &["input", "amount"]).unwrap()).collect();
    assert_eq!(amounts, ["1", "2"]);
    let own = PersonalField {
        value: "mine".into(),
        purpose: "contact".to_owned(),
        ..PersonalField::default()
    };
    assert!(t.do_one(RegisterParty::person("c")).unwrap().ok);
    let fields = [("decisions".to_owned(), own)].into();
    assert!(t.do_one(SealData { party: "c".to_owned(), fields }).unwrap().ok);
    let call = DecideOnRecord {
        path: "aml/verdict".to_owned(),
        subject: Some("c".to_owned()),
        ..DecideOnRecord::default()
    };
    let error = t.decide_on_record(&call, None).unwrap_err().to_string();
    assert!(error.contains("of another purpose"), "{error}");
}

#[test]
fn what_another_version_makes_of_sealed_inputs_is_a_reading() {
    let t = in_memory();
    assert!(t.do_one(RegisterParty::person("zodwa")).unwrap().ok);
    load(&t, "5000", true);
    on_record(&t, "7000", Some("zodwa"));
    on_record(&t, "7000", None);
    let flips = t.list_policies().remove(0).shadow.unwrap().flips;
    let reasons: Vec<usize> = flips.iter().map(|flip| flip.reasons.len()).collect();
    assert_eq!(reasons, [0, 1], "a shadow tells no reason where the decision is sealed");
    let until = "2099-12-31".to_owned();
    let grant = GrantAccess { actor: "auditor".to_owned(), until, ..GrantAccess::default() };
    assert!(t.do_one(grant).unwrap().ok);
    let readings = || {
        let actor = Some("auditor".to_owned());
        t.access_log(&AccessQuery { actor, ..AccessQuery::default() }).unwrap().entries.len()
    };
    let before = readings();
    let call = ReplayDecisions { bundle: bundle("5000"), ..ReplayDecisions::default() };
    let report = t.replay_decisions(&call.bundle.open().unwrap(), &call).unwrap();
    assert_eq!((report.flipped, report.flips.len()), (2, 2));
    assert_eq!(readings(), before + 1);
}

#[test]
fn a_log_that_has_lost_its_end_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let books = directory.path().join("books");
    let address = books.display().to_string();
    let ask = |t: &Thalium| {
        load(t, "10000", false);
        let call = DecideOnRecord { path: "aml/verdict".to_owned(), ..DecideOnRecord::default() };
        t.decide_on_record(&call, None)
    };
    let t = Thalium::open(&address).unwrap();
    ask(&t).unwrap();
    t.close().unwrap();
    let segment = || {
        let files =
            std::fs::read_dir(books.join("decisions")).unwrap().map(|file| file.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|end| end == "log")).min().unwrap()
    };
    let before = std::fs::read(segment()).unwrap();
    let t = Thalium::open(&address).unwrap();
    ask(&t).unwrap();
    t.close().unwrap();
    assert_eq!(verify(&books, None).unwrap().decisions.map(|found| found.entries), Some(2));
    std::fs::write(segment(), before).unwrap();
    let error = verify(&books, None).unwrap_err();
    assert!(error.is_damaged(), "{error}");
    let t = Thalium::open(&address).unwrap();
    assert!(ask(&t).is_err());
    let health = t.health().unwrap();
    assert!(health.why.is_some_and(|why| why.starts_with("decisions: ")));
}
