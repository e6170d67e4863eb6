//! What is written is read again as it was.

use proptest::prelude::*;

use super::super::document::Chart;
use super::random::{chart, without_places};
use crate::value::Value;
use crate::value::schema::Schema;

/// A chart as it is read, and as it is read again from what was written; without the places.
fn again(text: &str) -> (Chart, Chart) {
    let read = Chart::from_text(text).unwrap();
    let written = read.to_json();
    let again =
        Chart::from_text(&written).unwrap_or_else(|errors| panic!("{written}\n{errors:#?}"));
    assert_eq!(again.to_json(), written);
    (without_places(read), without_places(again))
}

#[test]
fn the_pleasant_form_is_chosen_where_it_says_all() {
    let cases = [
        // Written as it is read.
        r#"{ "a": { "on": { "x": "b", "y z": [{ "target": "b", "guard": "g" }, "c"] }, "always": "b" } }"#,
        r#"{ "a": { "always": "b", "on": { "x": "b" } } }"#,
        r#"{ "a": { "after": { "PT72H": "b", "P1D": { "restore": "remaining", "target": "c" } } } }"#,
        r#"{ "a": { "after": { "PT72H": ["b", "c"], "P1D": {} } } }"#,
        r#"{ "a": { "after": [{ "delay": "P1D", "target": "b" }, { "delay": "P1D", "target": "c" }] } }"#,
        r#"{ "a": { "on": { "x": "b" }, "after": { "P1D": "b" }, "done": "c" } }"#,
        r#"{ "a": { "invoke": { "id": "i", "onDone": "b", "onError": "c" } } }"#,
        r#"{ "a": { "invoke": [{ "id": "i", "onDone": "b" }, { "id": "j", "onError": "c" }] } }"#,
        r#"{ "a": { "type": "history", "target": "b" } }"#,
        r#"{ "a": { "on": { "x": {} }, "states": { "b": {}, "c": { "type": "final" } } } }"#,
        r#"{ "a": { "entry": [{ "effect": "notify", "with": { "to": { "expr": "x" } } }] } }"#,
        r#"{ "a": { "entry": [{ "assign": { "x": 1, "y": { "literal": { "expr": 1 } } } }] } }"#,
        r#"{ "a": { "entry": [[{ "raise": "x" }], []] } }"#,
        r#"{ "a": { "type": "final", "output": { "x": 1 } }, "b": { "type": "final", "output": {} } }"#,
        r#"{ "a": { "type": "final", "output": { "literal": { "x": 1 } } } }"#,
        r#"[{ "on": { "x": "b" } }, { "id": "b" }]"#,
        r#"{ "a": { "context": [{ "id": "x" }] } }"#,
        // A list tells the order that an object cannot.
        r#"{ "a": { "on": [{ "event": "x", "target": "b" }, { "event": "*" }, { "event": "x" }] } }"#,
        r#"{ "a": { "on": [{ "event": "x" }, { "target": "b" }, { "event": "y" }] } }"#,
    ];
    for states in cases {
        let text = format!("{{\n  \"chart\": 1,\n  \"states\": {states}\n}}\n");
        let chart = Chart::from_text(&text).unwrap_or_else(|errors| panic!("{text} {errors:?}"));
        let space = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("");
        assert_eq!(space(&chart.to_json()), space(&text));
        again(&text);
    }
}

/// What is not valid by `core/chart.schema.json`.
fn invalid(text: &str) -> Vec<String> {
    let mut schema = Value::from_json(include_str!("../../../chart.schema.json")).unwrap();
    // The validator knows older drafts, and the schema needs nothing that is newer.
    let fields =
        schema.as_object().unwrap().iter().filter(|(key, _)| key.as_str() != Some("$schema"));
    schema = Value::object(fields.map(|(key, value)| (key.clone(), value.clone())));
    let mut charge = |_| Ok(());
    let schema = Schema::compile(&schema, &mut charge).unwrap();
    let chart = Value::from_json(text).unwrap();
    schema.validate(&chart, &mut charge).unwrap().iter().map(|wrong| format!("{wrong:?}")).collect()
}

#[test]
fn the_chart_of_the_manual_is_read_and_valid() {
    let manual = include_str!("../../../../docs/charts.md");
    let (_, rest) = manual.split_once("```yaml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let (read, written) = again(text);
    assert_eq!(read, written);
    assert_eq!(invalid(&read.to_json()), [""; 0]);
    let states: Vec<_> = read.states.iter().filter_map(|state| state.id.as_deref()).collect();
    let wanted = [
        "collecting",
        "checking",
        "decision",
        "review",
        "approved",
        "rejected",
        "expired",
        "closed",
    ];
    assert_eq!(states, wanted);
}

#[test]
fn seeds_of_the_fuzzer_are_charts() {
    let seeds = [
        include_str!("../../../../fuzz/seeds/chart/case"),
        include_str!("../../../../fuzz/seeds/chart/small"),
        include_str!("../../../../fuzz/seeds/chart/every"),
        include_str!("../../../../fuzz/seeds/chart/aliases"),
    ];
    for seed in seeds {
        let (read, written) = again(seed);
        assert_eq!(read, written);
        assert_eq!(invalid(&read.to_json()), [""; 0]);
    }
}

#[test]
fn the_schema_refuses_what_is_no_chart() {
    let cases = [
        r#"{"states": {}}"#,
        r#"{"chart": 2}"#,
        r#"{"chart": 1, "stats": {}}"#,
        r#"{"chart": 1, "states": {"a": {"type": "paralel"}}}"#,
        r#"{"chart": 1, "states": {"a": {"on": {"x": {"trget": "b"}}}}}"#,
        r#"{"chart": 1, "states": {"a": {"entry": [{"rais": "x"}]}}}"#,
        r#"{"chart": 1, "states": {"a": {"entry": [{"raise": "x", "log": "y"}]}}}"#,
        r#"{"chart": 1, "states": {"a": {"after": [{"target": "b"}]}}}"#,
        r#"{"chart": 1, "states": {"a": {"states": {"b": {"id": "c"}}}}}"#,
    ];
    for text in cases {
        assert!(Chart::from_text(text).is_err(), "{text}");
        assert!(!invalid(text).is_empty(), "{text}");
    }
    assert_eq!(invalid(r#"{"chart": 1, "states": {"a": {"on": {"x": "b"}}}}"#), [""; 0]);
}

#[test]
fn texts_with_odd_characters_are_read_again() {
    let odd = "\u{7f}\u{85}\u{9f}\u{2028}\u{feff}\u{ffff}\u{0}\n\t\"\\ 😀 é <&>";
    let chart = Chart { description: Some(odd.to_owned()), ..Chart::default() };
    assert_eq!(without_places(Chart::from_text(&chart.to_json()).unwrap()), chart);
}

#[test]
fn what_is_long_is_laid_out() {
    let text = format!(
        "chart: 1\nid: x\ncontext: {{a: [1, 2], b: [{}]}}\n",
        ["abcdefghijkl"; 8].join(", ")
    );
    let wanted = r#"{
  "chart": 1,
  "id": "x",
  "context": {
    "a": [1, 2],
    "b": [
      "abcdefghijkl",
      "abcdefghijkl",
      "abcdefghijkl",
      "abcdefghijkl",
      "abcdefghijkl",
      "abcdefghijkl",
      "abcdefghijkl",
      "abcdefghijkl"
    ]
  }
}
"#;
    assert_eq!(Chart::from_text(&text).unwrap().to_json(), wanted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_chart_is_read_again_as_it_was_written(chart in chart()) {
        let written = chart.to_json();
        let read = Chart::from_text(&written);
        let read = read.unwrap_or_else(|errors| panic!("{written}\n{errors:#?}"));
        prop_assert_eq!(read.to_json(), written.as_str());
        prop_assert_eq!(without_places(read), chart, "{}", written);
        prop_assert_eq!(invalid(&written), Vec::<String>::new(), "{}", written);
    }

    #[test]
    fn nothing_that_is_almost_a_chart_panics(chart in chart(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}:,\"a-z0-9 \n]{0,3}") {
        let mut text: Vec<char> = chart.to_json().chars().collect();
        let at = at.index(text.len());
        text.splice(at..(at + 1).min(text.len()), with.chars());
        let text: String = text.into_iter().collect();
        if let Ok(read) = Chart::from_text(&text) {
            let again = Chart::from_text(&read.to_json()).unwrap();
            prop_assert_eq!(without_places(again), without_places(read));
        }
    }
}
