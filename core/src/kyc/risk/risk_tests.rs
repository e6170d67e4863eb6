//! The digest of a model, and what a score is as a value.

use super::*;

const YAML: &str = "
# A model.
risk: 1
id: m
description: A model.
method: average
factors:
  - {id: a, description: A, weight: 1, value: {var: a}, points: {low: 0, high: 100}}
  - {id: b, description: B, weight: 2.0, value: {var: b}, bands: [{to: 10, points: 0}, {from: 10, points: 12.50}]}
levels: [{level: low, from: 0, refresh: P5Y, high: false}]
";

const JSON: &str = r#"{"levels": [{"high": false, "from": 0, "level": "low", "refresh": "P5Y"}], "description": "A model.", "risk": 1, "id": "m", "method": "average",
    "factors": [{"id": "a", "description": "A", "weight": 1, "points": {"high": 100, "low": 0}, "value": {"var": "a"}},
    {"id": "b", "description": "B", "weight": 2, "bands": [{"points": 0, "to": 10}, {"from": 10, "points": 12.5}], "value": {"var": "b"}}]}"#;

#[test]
fn a_model_that_is_written_in_another_way_has_the_same_digest() {
    let (yaml, json) = (RiskModel::from_text(YAML).unwrap(), RiskModel::from_text(JSON).unwrap());
    assert_eq!(yaml.digest(), json.digest());
    let other = RiskModel::from_text(&YAML.replace("12.50", "12.51")).unwrap();
    assert_ne!(yaml.digest(), other.digest());
    assert_eq!(yaml.id(), "m");
    assert_eq!(yaml.description(), "A model.");
    assert_eq!(yaml.method(), Method::Average);
    assert_eq!(yaml.factors().collect::<Vec<_>>(), [("a", "A"), ("b", "B")]);
    assert_eq!(yaml.levels().collect::<Vec<_>>(), ["low"]);
}

#[test]
fn a_score_as_a_value() {
    let model = RiskModel::from_text(YAML).unwrap();
    let facts = Value::from_json(r#"{"a": "high", "b": 10, "other": [1]}"#).unwrap();
    let score = model.score(&facts, 0, &[]).unwrap();
    let value = score.to_value();
    let told = |name: &str| value.get_str(name).map(Value::to_json).unwrap_or_default();
    assert_eq!(told("score"), "41.666667");
    assert_eq!(told("score_exact"), "\"125/3\"");
    assert_eq!(told("level"), "\"low\"");
    assert_eq!(told("refresh_by"), "\"1975-01-01T00:00:00.000000000Z\"");
    assert_eq!(told("digest").len(), 66);
    assert_eq!(told("override"), "");
    let point = value.get_str("points").unwrap().as_array().unwrap()[1].to_json();
    assert_eq!(
        point,
        r#"{"contribution":8.333333,"contribution_exact":"25/3","factor":"b","points":12.50,"read":{"b":10},"weight":2.0,"why":"it is 10, from 10 on"}"#
    );
    // What was written is read again, and is the same.
    assert_eq!(Value::from_json(&value.to_json()).unwrap(), value);
}

#[test]
fn facts_are_bounded() {
    let model = RiskModel::from_text(YAML).unwrap();
    let facts =
        |size: usize| Value::fields([("a", Value::from("x".repeat(size))), ("b", Value::int(1))]);
    let told = |facts: Value| model.score(&facts, 0, &[]).unwrap_err().to_string();
    assert!(told(facts(1 << 20)).starts_with("facts have at most 1048576 bytes"));
    let wanted = format!(
        "factors/a: the table does not have `{}`: add it, or write `otherwise`",
        "x".repeat(64)
    );
    assert_eq!(told(facts(1 << 19)), wanted);
    assert_eq!(told(Value::array([])), "facts are an object, and this is a array");
}
