//! Scores: the scale, caps, floors and overrides, and facts that are missing.

use super::*;
use crate::time::parse_instant;

const MODEL: &str = "
risk: 1
id: m
description: A model.
factors:
  - {id: points, description: As told., weight: 1, value: {var: points}, bands: [{to: 10, points: -20}, {from: 10, to: 50, points: 20}, {from: 50, to: 90, points: 65}, {from: 90, points: 130}]}
floors:
  - {when: {var: [pep, false]}, at_least: high, reason: pep}
  - {when: {var: [sanctioned, false]}, at_least: 85, reason: sanctioned, hard: true}
  - {when: {var: [listed, false]}, at_least: prohibited, reason: list, hard: true}
caps:
  - {when: {var: [public, false]}, at_most: 40, reason: public}
  - {when: {var: [tiny, false]}, at_most: 10, reason: tiny}
levels:
  - {level: low, from: 0, refresh: P5Y}
  - {level: medium, from: 30, refresh: P2Y}
  - {level: high, from: 60, refresh: P1Y}
  - {level: prohibited, from: 90, refuse: true}
";

fn instant(text: &str) -> i64 {
    parse_instant(&format!("{text}T00:00:00Z")).unwrap()
}

fn given(text: &str) -> Override {
    Override::from_value(&Value::from_json(text).unwrap())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn scored(facts: &str, overrides: &[&str]) -> Score {
    let model = RiskModel::from_text(MODEL).unwrap_or_else(|errors| panic!("{errors:?}"));
    let overrides: Vec<Override> = overrides.iter().map(|text| given(text)).collect();
    let facts = Value::from_json(facts).unwrap();
    model.score(&facts, instant("2026-06-01"), &overrides).unwrap()
}

#[test]
fn the_scale_then_caps_then_floors() {
    for (facts, total, score, level) in [
        (r#"{"points": 20}"#, "20", "20", "low"),
        (r#"{"points": 0}"#, "-20", "0", "low"),
        (r#"{"points": 99}"#, "130", "100", "prohibited"),
        (r#"{"points": "9.999999999999999999999"}"#, "-20", "0", "low"),
        (r#"{"points": 60, "public": true}"#, "65", "40", "medium"),
        (r#"{"points": 60, "public": true, "tiny": true}"#, "65", "10", "low"),
        (r#"{"points": 20, "public": true}"#, "20", "20", "low"),
        (r#"{"points": 20, "pep": true}"#, "20", "60", "high"),
        (r#"{"points": 60, "pep": true}"#, "65", "65", "high"),
        (r#"{"points": 20, "pep": true, "sanctioned": true}"#, "20", "85", "high"),
        // A floor wins over a cap.
        (r#"{"points": 60, "public": true, "pep": true}"#, "65", "60", "high"),
        (r#"{"points": 0, "tiny": true, "listed": true}"#, "-20", "90", "prohibited"),
    ] {
        let told = scored(facts, &[]);
        let got = (told.total.to_string(), told.score.to_string(), told.level.as_str());
        assert_eq!(got, (total.to_owned(), score.to_owned(), level), "{facts}");
        assert_eq!(
            (told.refuse, told.refresh_by.is_none()),
            (level == "prohibited", level == "prohibited")
        );
    }
}

#[test]
fn the_next_review_is_when_the_refresh_or_the_override_is_over() {
    let until = |level: &str, expires: &str| {
        format!(
            r#"{{"level": "{level}", "by": "o", "reason": "r", "expires": "{expires}T00:00:00Z"}}"#
        )
    };
    for (what, level, expires, wanted) in [
        ("an override that ends before the refresh", "low", "2026-09-01", "2026-09-01"),
        ("one that ends after it", "high", "2030-01-01", "2027-06-01"),
        ("one that ends at the same time", "high", "2027-06-01", "2027-06-01"),
        ("one to a level that has no refresh", "prohibited", "2026-07-01", "2026-07-01"),
        ("one that is over", "low", "2026-05-01", "2027-06-01"),
    ] {
        let told = scored(r#"{"points": 60}"#, &[&until(level, expires)]);
        assert_eq!(told.refresh_by, Some(instant(wanted)), "{what}");
    }
}

#[test]
fn overrides_of_officers() {
    let plain = r#"{"points": 20}"#;
    let high = r#"{"points": 60}"#;
    let lower = r#"{"level": "low", "by": "officer-1", "reason": "known for years", "expires": "2026-12-31T00:00:00Z"}"#;
    let raise = r#"{"score": "72.5", "by": "officer-2", "reason": "a tip", "since": "2026-05-01T00:00:00Z", "expires": "2026-12-31T00:00:00Z"}"#;
    let gone = r#"{"level": "high", "by": "officer-2", "reason": "a tip", "expires": "2026-06-01T00:00:00Z"}"#;
    let later = r#"{"level": "high", "by": "officer-2", "reason": "a trip", "since": "2026-06-01T00:00:01Z", "expires": "2027-06-01T00:00:00Z"}"#;
    let pep = r#"{"points": 20, "pep": true}"#;
    let sanctioned = r#"{"points": 20, "pep": true, "sanctioned": true}"#;
    // Facts, overrides, the score and its level, what holds it, how many are expired and to come.
    for (what, facts, overrides, score, level, held, others) in [
        ("none", plain, vec![], "20", "low", "", (0, 0)),
        ("a raise", plain, vec![raise], "72.5", "high", "", (0, 0)),
        (
            "a level above",
            plain,
            vec![
                r#"{"level": "medium", "by": "o", "reason": "r", "expires": "2026-12-31T00:00:00Z"}"#,
            ],
            "30",
            "medium",
            "",
            (0, 0),
        ),
        ("the level it has", plain, vec![lower], "20", "low", "", (0, 0)),
        ("a lower level", high, vec![lower], "0", "low", "", (0, 0)),
        ("a floor that is not hard", pep, vec![lower], "0", "low", "", (0, 0)),
        ("a hard floor", sanctioned, vec![lower], "85", "high", "sanctioned", (0, 0)),
        (
            "above a hard floor",
            sanctioned,
            vec![r#"{"score": 99, "by": "o", "reason": "r", "expires": "2026-12-31T00:00:00Z"}"#],
            "99",
            "prohibited",
            "",
            (0, 0),
        ),
        ("one that expired at this instant", plain, vec![gone], "20", "low", "", (1, 0)),
        ("one to come", plain, vec![later], "20", "low", "", (0, 1)),
        (
            "the latest of several",
            high,
            vec![lower, raise, gone, later],
            "72.5",
            "high",
            "",
            (1, 1),
        ),
        ("in another order", high, vec![later, gone, raise, lower], "72.5", "high", "", (1, 1)),
    ] {
        let told = scored(facts, &overrides);
        let held_by = told.overridden.as_ref().map(|it| it.held_by.join(",")).unwrap_or_default();
        let got = (told.score.to_string(), told.level.as_str(), held_by.as_str());
        assert_eq!(got, (score.to_owned(), level, held), "{what}");
        assert_eq!((told.expired.len(), told.pending.len()), others, "{what}");
    }
    let told = scored(sanctioned, &[lower, gone]).explain();
    assert_eq!(
        told[2..],
        [
            "floor pep: at least 60",
            "hard floor sanctioned: at least 85",
            "within the scale, caps and floors: 85",
            "override to low by officer-1 until 2026-12-31T00:00:00.000000000Z (known for years); held by sanctioned: 85",
            "expired override to high by officer-2 until 2026-06-01T00:00:00.000000000Z (a tip)",
            "score 85: high, refresh by 2026-12-31T00:00:00.000000000Z",
        ]
    );
}

#[test]
fn overrides_that_are_none() {
    for (text, wanted) in [
        (
            r#"{"level": "low", "by": "o", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: `reason` is missing",
        ),
        (
            r#"{"level": "low", "by": "o", "reason": " ", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: `reason` has 1 to",
        ),
        (
            r#"{"level": "low", "by": "", "reason": "r", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: `by` has 1 to",
        ),
        (r#"{"level": "low", "by": "o", "reason": "r"}"#, "override: `expires` is missing"),
        (
            r#"{"level": "low", "by": "o", "reason": "r", "expires": "2026-12-31"}"#,
            "override: `expires` is an instant",
        ),
        (
            r#"{"level": "low", "by": "o", "reason": "r", "expries": "2026-12-31"}"#,
            "override: `expries` is not known here: did you mean `expires`?",
        ),
        (
            r#"{"level": "low", "score": 3, "by": "o", "reason": "r", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: write either `level` or `score`",
        ),
        (
            r#"{"by": "o", "reason": "r", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: write either `level` or `score`",
        ),
        (
            r#"{"score": "x", "by": "o", "reason": "r", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: `score` is no number",
        ),
        (
            r#"{"score": 1e99, "by": "o", "reason": "r", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: `score` has too many digits",
        ),
        (
            r#"{"score": 1, "by": "o", "reason": "r", "since": "2026-12-31T00:00:00Z", "expires": "2026-12-31T00:00:00Z"}"#,
            "override: `expires` is not behind `since`",
        ),
        ("[]", "override: an override is an object, and this is a array"),
    ] {
        let told = Override::from_value(&Value::from_json(text).unwrap()).unwrap_err().to_string();
        assert!(told.starts_with(wanted), "{text}\n{told}\n{wanted}");
    }
    let model = RiskModel::from_text(MODEL).unwrap();
    let facts = Value::from_json(r#"{"points": 1}"#).unwrap();
    let expires = "\"by\": \"o\", \"reason\": \"r\", \"expires\": \"2026-12-31T00:00:00Z\"";
    for (to, wanted) in [
        ("\"level\": \"hig\"", "overrides/0: `hig` is not known here: did you mean `high`?"),
        (
            "\"score\": 100.01",
            "overrides/0: the score is not on the scale, which goes from 0 to 100",
        ),
    ] {
        let given = given(&format!("{{{to}, {expires}}}"));
        let read = Override::from_value(&given.to_value()).unwrap();
        assert_eq!(read, given);
        let told = model.score(&facts, 0, std::slice::from_ref(&given)).unwrap_err().to_string();
        assert_eq!(told, wanted);
        // What it names may be gone since.
        assert_eq!(model.score(&facts, instant("2027-01-01"), &[given]).unwrap().expired.len(), 1);
    }
    let mut empty = given(&format!("{{\"score\": 1, {expires}}}"));
    empty.reason = String::new();
    assert!(model.score(&facts, 0, &[empty]).is_err());
}

/// A score of one factor, or why there is none.
fn one(factor: &str, facts: &str) -> String {
    let text = format!(
        "risk: 1\nid: m\ndescription: M\nfactors: [{{id: f, description: F, weight: 1, {factor}}}]\nlevels: [{{level: low, from: 0, refresh: P5Y, high: false}}]"
    );
    let model = RiskModel::from_text(&text).unwrap_or_else(|errors| panic!("{factor}: {errors:?}"));
    match model.score(&Value::from_json(facts).unwrap(), 0, &[]) {
        Ok(score) => score.score.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_fact_that_is_missing_is_no_good_one() {
    let needs = "there is no score without all facts: factors/f needs ";
    for (factor, facts, wanted) in [
        ("value: {var: a}, points: {x: 1}, otherwise: 0", "{}", "`a`"),
        ("value: {var: a}, points: {x: 1}, otherwise: 0", r#"{"a": null}"#, "`a`"),
        ("value: {var: a.b}, points: {x: 1}, otherwise: 0", r#"{"a": {}}"#, "`a.b`"),
        ("value: {var: [a, x]}, points: {x: 1}, otherwise: 0", "{}", "1"),
        ("value: a.b, points: {x: 1}, otherwise: 0", r#"{"a": {}}"#, "`a.b`"),
        ("value: \"a[0].b\", points: {x: 1}, otherwise: 0", r#"{"a": []}"#, "`a[0].b`"),
        ("value: {var: a}, points: {x: 1}, missing: 7", "{}", "7"),
        ("value: {var: a}, points: {x: 1}, missing: refuse", "{}", "`a`"),
        // Nothing on the way hides that a fact is missing.
        ("when: [{guard: \"(a).b == 'yes'\", points: 1}], otherwise: 0", r#"{"a": {}}"#, "`a.b`"),
        ("when: [{guard: \"a | b == 'yes'\", points: 1}], otherwise: 0", r#"{"a": {}}"#, "`a.b`"),
        (
            "when: [{guard: \"a.{c: b}.c == 'yes'\", points: 1}], otherwise: 0",
            r#"{"a": {}}"#,
            "`a.b`",
        ),
        (
            "when: [{guard: \"not_null(a).b == 'yes'\", points: 1}], otherwise: 0",
            r#"{"a": {}}"#,
            "`a.b`",
        ),
        ("value: {var: a}, bands: [{points: 1}]", "{}", "`a`"),
        ("when: [{guard: {'==': [{var: a}, true]}, points: 5}], otherwise: 0", "{}", "`a`"),
        ("when: [{guard: {'<': [{var: a}, 3]}, points: 5}], otherwise: 0", "{}", "`a`"),
        (
            "when: [{guard: 'a.b == `true`', points: 5}], otherwise: 0",
            r#"{"a": {"c": 1}}"#,
            "`a.b`",
        ),
        ("when: [{guard: '!(a.b)', points: 0}], otherwise: 9", "{}", "`a.b`"),
        ("when: [{guard: 'a.b == `true`', points: 5}], otherwise: 0", r#"{"a": {"b": true}}"#, "5"),
        (
            "when: [{guard: {or: [{var: a}, {var: b}]}, points: 5}], otherwise: 0",
            r#"{"a": true}"#,
            "5",
        ),
        (
            "when: [{guard: {or: [{var: a}, {var: b}]}, points: 5}], otherwise: 0",
            r#"{"a": false}"#,
            "`b`",
        ),
        (
            "when: [{guard: {var: a}, points: 5}, {guard: {var: b}, points: 6}], otherwise: 0",
            r#"{"a": true}"#,
            "5",
        ),
        (
            "when: [{guard: {var: a}, points: 5}, {guard: {var: b}, points: 6}], sum: true",
            r#"{"a": true}"#,
            "`b`",
        ),
        (
            "when: [{guard: {var: a}, points: 5}, {guard: {var: b}, points: 6}], sum: true",
            r#"{"a": true, "b": true}"#,
            "11",
        ),
        ("when: [{guard: {var: a}, points: 5}], sum: true, missing: 5", "{}", "5"),
    ] {
        let wanted =
            if wanted.starts_with('`') { format!("{needs}{wanted}") } else { wanted.to_owned() };
        assert_eq!(one(factor, facts), wanted, "{factor} of {facts}");
    }
}

#[test]
fn facts_that_do_not_fit() {
    for (factor, facts, wanted) in [
        (
            "value: {var: a}, points: {x: 1}",
            r#"{"a": "y"}"#,
            "factors/f: the table does not have `y`",
        ),
        (
            "value: {var: a}, points: {1: 1}",
            r#"{"a": 1}"#,
            "factors/f: a table is of texts and truths, and this is a number",
        ),
        (
            "value: {var: a}, bands: [{points: 1}]",
            r#"{"a": true}"#,
            "factors/f: bands are of numbers, and this is a boolean",
        ),
        (
            "value: {var: a}, bands: [{points: 1}]",
            r#"{"a": "1,5"}"#,
            "factors/f: bands are of numbers, and `1,5` is no number",
        ),
        (
            "when: [{guard: {var: a}, points: 5}], otherwise: 0",
            r#"{"a": 1}"#,
            "factors/f: rule: a condition must be true or false",
        ),
        (
            "when: [{guard: {'<': [{var: a}, 3]}, points: 5}], otherwise: 0",
            r#"{"a": "1"}"#,
            "factors/f: <: compares a text with a number",
        ),
    ] {
        let told = one(factor, facts);
        assert!(told.starts_with(wanted), "{factor} of {facts}\n{told}");
    }
}

#[test]
fn what_is_large_is_not_repeated() {
    let text = MODEL.replace("value: {var: points}", "value: {var: [points, {var: list}]}");
    let model = RiskModel::from_text(&text).unwrap();
    let long = "x".repeat(5_000);
    let facts =
        Value::from_json(&format!("{{\"points\": 1, \"pep\": true, \"note\": \"{long}\"}}"));
    let told = model.score(&facts.unwrap(), 0, &[]).unwrap().to_value().to_json();
    assert!(!told.contains(&long));
}
