//! What is refused when a model is read, and where.

use super::super::RiskModel;

/// A model with these factors and other parts.
fn model(factor: &str, rest: &str) -> String {
    format!(
        "risk: 1\nid: m\ndescription: A model.\nfactors:\n  - {{id: f, description: A factor., weight: 1, {factor}}}\n{rest}\n"
    )
}

const TABLE: &str = "value: {var: a}, points: {low: 0, high: 40}";
const LEVELS: &str =
    "levels: [{level: low, from: 0, refresh: P5Y}, {level: high, from: 60, refresh: P1Y}]";

fn first(text: &str) -> String {
    match RiskModel::from_text(text) {
        Ok(_) => "read".to_owned(),
        Err(errors) => errors[0].to_string(),
    }
}

#[test]
fn ways_to_points() {
    for (factor, wanted) in [
        (TABLE, "read"),
        ("value: a, points: {low: 0}", "read"),
        ("value: {jmespath: a.b}, points: {low: 0}, otherwise: 5", "read"),
        ("value: {var: a}, bands: [{to: 0, points: 0}, {from: 0, points: 1}]", "read"),
        ("value: {var: a}, bands: [{from: 1, to: 2, points: 1}], otherwise: 0", "read"),
        ("value: {var: a}, bands: [{from: 0.5, points: 2}, {to: 0.5, points: 1}]", "read"),
        ("when: [{guard: {var: a}, points: 3}], otherwise: 0", "read"),
        ("when: [{guard: {var: a}, points: 3}], sum: true", "read"),
        ("value: {var: a}, points: {low: -5, high: 40}, missing: 40", "read"),
        (
            "value: {var: a}, points: {low: 0, high: 40}, missing: 39.9",
            "factors/0/missing: a fact that is not told has at least the 40 points of the worst",
        ),
        ("value: {var: a}", "factors/0: a factor has one way to its points"),
        (
            "value: {var: a}, points: {a: 1}, bands: [{points: 1}]",
            "factors/0: a factor has one way",
        ),
        ("value: {var: a}, point: {a: 1}", "factors/0: a factor has one way"),
        ("value: {vra: a}, points: {a: 1}", "factors/0/value: rule: there is no operator `vra`"),
        ("value: 'a..b', points: {a: 1}", "factors/0/value: column "),
        (
            "when: [{guard: \"In('x')\", points: 1}], otherwise: 0",
            "factors/0/when/0/guard: column ",
        ),
        (
            "value: 'type(@)', points: {a: 1}",
            "factors/0/value: column 1: it reads all data as one value",
        ),
        ("when: [{guard: {var: a}, points: 3}]", "factors/0: `otherwise` is missing"),
        (
            "when: [{guard: {var: a}, points: 3}], sum: true, otherwise: 1",
            "factors/0: a sum of nothing",
        ),
        ("value: {var: a}, points: {a: 1}, sum: true", "factors/0: `sum` belongs to `when`"),
        (
            "value: {var: a}, points: {a: one}",
            "factors/0/points/a: a number belongs here, and not a text",
        ),
        (
            "value: {var: a}, points: {a: 1, a: 2}",
            "factors/0/points/a: `a` stands here twice, first in row 5, column 74: keep one of them",
        ),
        (
            "value: {var: a}, points: {a: 1e41}",
            "factors/0/points/a: the number has more than 40 digits",
        ),
        (
            "value: {var: a}, bands: [{to: 2, points: 0}, {from: 1, points: 1}]",
            "factors/0/bands/1: overlaps with the band that ends at 2",
        ),
        (
            "value: {var: a}, bands: [{to: 1, points: 0}, {from: 1.5, points: 1}]",
            "factors/0/bands/1: no band has what is from 1 to 1.5",
        ),
        (
            "value: {var: a}, bands: [{from: 1, points: 1}]",
            "factors/0/bands/0: no band has what is below 1",
        ),
        (
            "value: {var: a}, bands: [{to: 1, points: 1}]",
            "factors/0/bands/0: no band has what is from 1 on",
        ),
        (
            "value: {var: a}, bands: [{points: 1}, {points: 1}]",
            "factors/0/bands/1: overlaps with another band",
        ),
        (
            "value: {var: a}, bands: [{from: 2, to: 2, points: 1}], otherwise: 0",
            "factors/0/bands/0: the band is empty",
        ),
    ] {
        let told = first(&model(factor, LEVELS));
        // Where in the text is another test's.
        let told =
            told.strip_prefix("5:").and_then(|it| it.split_once(": ")).map_or(&*told, |it| it.1);
        assert!(told.starts_with(wanted), "{factor}\n{told}\n{wanted}");
    }
}

#[test]
fn levels_and_their_refresh() {
    for (levels, wanted) in [
        ("{level: low, from: 0, refresh: P5Y}, {level: high, from: 60, refresh: P1Y}", "read"),
        ("{level: low, from: 0, refresh: P60M}, {level: high, from: 60, refresh: P365D}", "read"),
        (
            "{level: low, from: 0, refresh: P5Y}, {level: no, from: 60, refuse: true, high: true}",
            "read",
        ),
        ("{level: low, from: 0, refresh: P6Y, beyond_amlr: true}", "read"),
        ("{level: low, from: 0, refresh: P5Y, high: false}", "read"),
        (
            "{level: low, from: 0, refresh: P61M}",
            "6:34: levels/0/refresh: Art. 26(2)(b) of Regulation (EU) 2024/1624 allows P5Y at most here",
        ),
        (
            "{level: low, from: 0, refresh: P5Y}, {level: high, from: 60, refresh: P366D}",
            "6:73: levels/1/refresh: Art. 26(2)(a)",
        ),
        (
            "{level: high, from: 0, refresh: P1Y}, {level: worst, from: 60, refresh: P2Y}",
            "6:75: levels/1/refresh: Art. 26(2)(a)",
        ),
        // Where the risk is higher is said, whatever the levels are called.
        (
            "{level: a, from: 0, refresh: P5Y}, {level: b, from: 60, refresh: P1Y, high: true}",
            "read",
        ),
        (
            "{level: a, from: 0, refresh: P5Y}, {level: elevated, from: 60, refresh: P2Y, high: true}",
            "6:75: levels/1/refresh: Art. 26(2)(a)",
        ),
        (
            "{level: a, high: true, from: 0, refresh: P1Y}, {level: b, from: 60, refresh: P2Y}",
            "6:80: levels/1/refresh: Art. 26(2)(a)",
        ),
        (
            "{level: high, from: 0, refresh: P5Y}, {level: b, from: 60, refresh: P1Y, high: true}",
            "read",
        ),
        ("{level: high, from: 0, refresh: P5Y, high: false}", "read"),
        ("{level: a, from: 0, refresh: P1Y}, {level: b, from: 60, refresh: P1Y}", "read"),
        (
            "{level: a, from: 0, refresh: P5Y}, {level: elevated, from: 60, refresh: P5Y}",
            "6:32: levels/0/refresh: no level says where the risk is higher",
        ),
        (
            "{level: a, from: 0, refresh: P1Y, high: true}, {level: b, from: 60, refresh: P1Y, high: false}",
            "6:94: levels/1/high: a level below says `high: true`",
        ),
        ("{level: low, from: 0, refresh: P5Y, high: 1}", "6:48: levels/0/high: `true` or `false`"),
        ("{level: low, from: 0, refresh: 0}", "6:34: levels/0/refresh: a duration belongs here"),
        ("{level: low, from: 0, refresh: P0D}", "6:34: levels/0/refresh: no time is no refresh"),
        ("{level: low, from: 0}", "6:12: levels/0: `refresh` is missing"),
        (
            "{level: low, from: 1, refresh: P5Y}",
            "6:12: levels/0: the first level begins where the scale does",
        ),
        (
            "{level: low, from: 0, refresh: P1Y}, {level: b, from: 0, refresh: P1Y}",
            "6:49: levels/1: levels rise",
        ),
        (
            "{level: low, from: 0, refresh: P1Y}, {level: low, from: 5, refresh: P1Y}",
            "6:49: levels/1: another level is called `low`",
        ),
        (
            "{level: low, from: 0, refresh: P1Y}, {level: b, from: 100.1, refresh: P1Y}",
            "6:49: levels/1: no score is as high",
        ),
    ] {
        let told = first(&model(TABLE, &format!("levels:   [{levels}]")));
        assert!(told.starts_with(wanted), "{levels}\n{told}\n{wanted}");
    }
}

#[test]
fn floors_caps_and_the_rest() {
    for (rest, wanted) in [
        ("floors: [{when: {var: b}, at_least: high, reason: b, hard: true}]", "read"),
        ("floors: [{when: b, at_least: 12.5, reason: b, description: why}]", "read"),
        ("caps: [{when: {var: b}, at_most: 50, reason: b}]", "read"),
        (
            "floors: [{when: {var: b}, at_least: hig, reason: b}]",
            "7:27: floors/0/at_least: there is no such level: `hig` is not known here: did you mean `high`?",
        ),
        (
            "floors: [{when: {var: b}, at_least: 101, reason: b}]",
            "7:27: floors/0/at_least: is not on the scale",
        ),
        (
            "floors: [{when: {var: b}, at_most: 10, reason: b}]",
            "7:10: floors/0: `at_least` is missing",
        ),
        (
            "caps: [{when: {var: b}, at_most: high, reason: b}]",
            "7:25: caps/0/at_most: a number belongs here",
        ),
        (
            "caps: [{when: {var: b}, at_most: 1, reason: b, hard: true}]",
            "7:48: caps/0/hard: `hard` is not known",
        ),
        ("floors: [{when: {var: b}, at_least: 5}]", "7:10: floors/0: `reason` is missing"),
        (
            "floors: [{when: b, at_least: 5, reason: b}, {when: b, at_least: 6, reason: b}]",
            "7:45: floors/1: the reason `b` is another's already",
        ),
        ("floors: []", "7:1: floors: the list is empty"),
        ("flors: []", "7:1: flors: `flors` is not known here: did you mean `floors`?"),
        ("maximum: 0", "7:1: maximum: the maximum is not above the minimum"),
        ("method: mean", "7:1: method: `mean` is not known here; there are: sum, average"),
        (
            "floors: &a [{when: b, at_least: 5, reason: b}]\ncaps: []",
            "8:1: caps: the list is empty",
        ),
        (
            "floors: &a [5]\ncaps: *a",
            "7:13: floors/0: an object that is a floor belongs here, and not a number",
        ),
    ] {
        let told = match RiskModel::from_text(&model(TABLE, &format!("{LEVELS}\n{rest}"))) {
            Ok(_) => "read".to_owned(),
            Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        };
        assert!(told.lines().any(|line| line.starts_with(wanted)), "{rest}\n{told}\n{wanted}");
    }
}

#[test]
fn texts_that_are_no_model() {
    let many = |count: usize, each: &str| (0..count).map(|_| each).collect::<String>();
    let table = |count: usize| -> String { (0..count).map(|at| format!("k{at}: 1, ")).collect() };
    let factors = |count: usize| -> String {
        (0..count)
            .map(|at| format!("  - {{id: f{at}, description: F, weight: 1, {TABLE}}}\n"))
            .collect()
    };
    for (text, wanted) in [
        (String::new(), "1:1: : nothing is written here"),
        ("[1".to_owned(), "2:1: 1: this is neither JSON nor YAML"),
        ("- 1".to_owned(), "1:1: : an object that is a model of risk belongs here, and not a list"),
        ("risk: 2\nid: m".to_owned(), "1:1: risk: the format has version 1: write `risk: 1`"),
        ("a: 1\n---\nb: 2".to_owned(), "2:1: : a second document begins here"),
        (many(80, "["), "1:65: "),
        (many(600_000, "a:"), "1:1: : the text is longer than 1048576 bytes"),
        (
            format!("risk: 1\nid: m\ndescription: M\nfactors:\n{}{LEVELS}", factors(257)),
            "4:1: factors: the list has 257 items, and at most 256 are taken",
        ),
    ] {
        let told = first(&text);
        let shown: String = text.chars().take(80).collect();
        assert!(told.starts_with(wanted), "{shown}\n{told}\n{wanted}");
    }
    let told = first(&model(&format!("value: {{var: a}}, points: {{{}}}", table(1_001)), LEVELS));
    assert!(told.ends_with("factors/0/points/k1000: a model writes down at most 1000 points"));
    assert_eq!(
        first(&model(&format!("value: {{var: a}}, points: {{{}}}", table(1_000)), LEVELS)),
        "read"
    );
    let most = format!("risk: 1\nid: m\ndescription: M\nfactors:\n{}{LEVELS}", factors(256));
    assert_eq!(first(&most), "read");
}

#[test]
fn all_that_is_wrong_is_told_with_its_row_and_column() {
    let text = "risk: 1\nid: m\ndescription: M\nfactors:\n  - id: f\n    wieght: 1\n    description: F\n    value: {var: a}\n    points:\n      low: no\nlevels:\n  - {level: low, from: 0, refresh: P9Y}\n";
    let told: Vec<String> =
        RiskModel::from_text(text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "5:5: factors/0: `weight` is missing",
            "6:5: factors/0/wieght: `wieght` is not known here: did you mean `weight`?",
            "10:7: factors/0/points/low: a number belongs here, and not a text",
            "12:27: levels/0/refresh: Art. 26(2)(b) of Regulation (EU) 2024/1624 allows P5Y at most here: shorten it, or write `beyond_amlr: true` beside it",
        ]
    );
}

#[test]
fn keys_and_values_mean_what_is_written() {
    // A country is no truth, and no number either.
    let text = model("value: {var: a}, points: {NO: 1, 007: 2, true: 3, no: 4}", LEVELS);
    let model = RiskModel::from_text(&text).unwrap();
    for (fact, wanted) in [("\"NO\"", "1"), ("\"007\"", "2"), ("true", "3"), ("\"no\"", "4")] {
        let facts = crate::value::Value::from_json(&format!("{{\"a\": {fact}}}")).unwrap();
        assert_eq!(model.score(&facts, 0, &[]).unwrap().score.to_string(), wanted, "{fact}");
    }
}
