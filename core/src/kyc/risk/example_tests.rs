//! The model that ships as an example, customer by customer.

use super::*;
use crate::time::{format_instant, parse_instant};

const MODEL: &str = include_str!("../../../../examples/kyc/risk.yaml");

/// An employee at home, who asks for a wallet and expects little.
const PLAIN: &str = r#"{"occupation": "employed", "source_of_funds": "salary", "country": "ZA", "country_risk": "low", "product": "wallet",
    "delivery_channel": "branch", "expected_volume": "10000.00", "adverse_media": false, "alerts": 0, "pep": false, "sanctioned": false}"#;

/// The plain customer with other facts; null takes one away.
fn customer(other: &str) -> Value {
    let mut facts = Value::from_json(PLAIN).unwrap();
    for (name, value) in Value::from_json(other).unwrap().as_object().unwrap().iter() {
        facts =
            Value::Object(Arc::new(facts.as_object().unwrap().with(name.clone(), value.clone())));
    }
    facts
}

#[test]
fn customers_of_the_example() {
    let model = RiskModel::from_text(MODEL).unwrap_or_else(|errors| panic!("{errors:?}"));
    let now = parse_instant("2026-03-01T09:00:00Z").unwrap();
    for (who, facts, total, score, level, refresh_by) in [
        ("plain", "{}", "1.5", "1.5", "low", "2031-03-01"),
        (
            "the worked example of docs/risk.md",
            r#"{"occupation": "cash_intensive", "country_risk": "medium", "product": "trading", "delivery_channel": "remote_verified",
                "expected_volume": "250000.00", "alerts": 1}"#,
            "38.5",
            "38.5",
            "medium",
            "2029-03-01",
        ),
        ("politically exposed", r#"{"pep": true}"#, "1.5", "60", "high", "2027-03-01"),
        (
            "of a high-risk country",
            r#"{"country_risk": "high"}"#,
            "26.5",
            "60",
            "high",
            "2027-03-01",
        ),
        ("of a country without business", r#"{"country": "KP"}"#, "1.5", "90", "prohibited", ""),
        ("on a list of sanctions", r#"{"sanctioned": true}"#, "1.5", "90", "prohibited", ""),
        (
            "funds of unknown source",
            r#"{"source_of_funds": null}"#,
            "16.5",
            "16.5",
            "low",
            "2031-03-01",
        ),
        (
            "an occupation without points",
            r#"{"occupation": "diver"}"#,
            "10.5",
            "10.5",
            "low",
            "2031-03-01",
        ),
        (
            "a cent below a band",
            r#"{"expected_volume": "24999.99"}"#,
            "1.5",
            "1.5",
            "low",
            "2031-03-01",
        ),
        (
            "on the edge of a band",
            r#"{"expected_volume": "25000.00"}"#,
            "3.5",
            "3.5",
            "low",
            "2031-03-01",
        ),
        (
            "adverse media and alerts",
            r#"{"adverse_media": true, "alerts": 4}"#,
            "13.5",
            "13.5",
            "low",
            "2031-03-01",
        ),
        (
            "a listed company of much risk",
            r#"{"listed": true, "occupation": "cash_intensive", "source_of_funds": "third_party", "country_risk": "medium", "product": "private_banking"}"#,
            "54.5",
            "45",
            "medium",
            "2029-03-01",
        ),
        (
            "a listed company whose owner is politically exposed",
            r#"{"listed": true, "pep": true, "source_of_funds": "third_party", "country_risk": "medium", "product": "private_banking", "delivery_channel": "remote", "expected_volume": "9000000"}"#,
            "60.5",
            "60",
            "high",
            "2027-03-01",
        ),
    ] {
        let told = model
            .score(&customer(facts), now, &[])
            .unwrap_or_else(|error| panic!("{who}: {error}"));
        let by = told.refresh_by.map(|by| format_instant(by)[..10].to_owned()).unwrap_or_default();
        let got =
            (told.total.to_string(), told.score.to_string(), told.level.as_str(), by.as_str());
        assert_eq!(got, (total.to_owned(), score.to_owned(), level, refresh_by), "{who}");
        assert_eq!(told.refuse, level == "prohibited", "{who}");
    }
}

#[test]
fn what_the_example_does_not_score() {
    let model = RiskModel::from_text(MODEL).unwrap();
    for (facts, wanted) in [
        (
            r#"{"pep": null, "country_risk": null}"#,
            "there is no score without all facts: factors/geography needs `country_risk`; floors/0 needs `pep`; floors/1 needs `country_risk`",
        ),
        (
            r#"{"product": "trade"}"#,
            "factors/product: the table does not have `trade`: add it, or write `otherwise`",
        ),
        (
            r#"{"expected_volume": "much"}"#,
            "factors/volume: bands are of numbers, and `much` is no number",
        ),
        (r#"{"pep": "no"}"#, "floors/0: rule: a condition must be true or false, and is a text"),
        (
            r#"{"alerts": "3"}"#,
            "factors/behaviour: >=: compares a text with a number; only two numbers or two texts have an order",
        ),
    ] {
        let told = model.score(&customer(facts), 0, &[]).unwrap_err().to_string();
        assert!(told.starts_with(wanted), "{told}\n{wanted}");
    }
}

#[test]
fn the_worked_example_line_by_line() {
    let model = RiskModel::from_text(MODEL).unwrap();
    let facts = customer(
        r#"{"occupation": "cash_intensive", "country_risk": "medium", "product": "trading", "delivery_channel": "remote_verified",
            "expected_volume": "250000.00", "alerts": 1}"#,
    );
    let now = parse_instant("2026-03-01T09:00:00Z").unwrap();
    let told = model.score(&facts, now, &[]).unwrap().explain().join("\n");
    let wanted = r#"occupation: 12 (80 points, weight 0.15): it is `cash_intensive` [occupation = "cash_intensive"]
source_of_funds: 0 (0 points, weight 0.15): it is `salary` [source_of_funds = "salary"]
geography: 12.5 (50 points, weight 0.25): it is `medium` [country_risk = "medium"]
product: 6 (40 points, weight 0.15): it is `trading` [product = "trading"]
channel: 2 (20 points, weight 0.1): it is `remote_verified` [delivery_channel = "remote_verified"]
volume: 4 (40 points, weight 0.1): it is 250000, from 100000 to below 500000 [expected_volume = "250000.00"]
behaviour: 2 (20 points, weight 0.1): An alert within a year [adverse_media = false, alerts = 1]
total: 38.5
score 38.5: medium, refresh by 2029-03-01T09:00:00.000000000Z"#;
    assert_eq!(told, wanted);
    let page = include_str!("../../../../docs/risk.md");
    assert!(page.contains(wanted), "docs/risk.md has other lines");
}
