//! The charts of `examples/kyc`, with their scenarios: what happens to a customer, and where the case stands then.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thalium_host::kyc::chart::Duration;
use thalium_host::time::{format_instant, parse_instant};
use thalium_host::{Chart, wire};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/kyc")
}

fn text(name: &Value) -> String {
    let name = name.as_str().unwrap();
    std::fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn scenarios() -> Vec<(String, Value)> {
    let all: Value = serde_json::from_str(&text(&json!("scenarios.json"))).unwrap();
    let groups = all.as_object().unwrap().iter();
    groups
        .flat_map(|(group, of)| of.as_array().unwrap().iter().map(move |one| (group.clone(), one)))
        .map(|(group, one)| (format!("{group}: {}", one["name"].as_str().unwrap()), one.clone()))
        .collect()
}

fn open(scenario: &Value) -> Chart {
    let charts: Vec<String> = scenario["with"].as_array().unwrap().iter().map(text).collect();
    let request = json!({ "text": text(&scenario["chart"]), "charts": charts });
    wire::open_chart(&request.to_string()).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Whether all that is wanted is there; an object may have more.
fn holds(want: &Value, found: &Value) -> bool {
    match (want, found) {
        (Value::Object(want), Value::Object(found)) => {
            want.iter().all(|(name, want)| found.get(name).is_some_and(|found| holds(want, found)))
        }
        (Value::Array(want), Value::Array(found)) => {
            want.len() == found.len() && want.iter().zip(found).all(|(a, b)| holds(a, b))
        }
        _ => want == found,
    }
}

/// A case on its way.
struct Case {
    chart: Chart,
    last: Value,
    wrong: Vec<String>,
}

impl Case {
    fn tell(&mut self, at: &str, call: &Value, want: &Value) {
        let answered = wire::chart(&self.chart, &call.to_string());
        let is_refused = want["refused"] == true;
        let mut wrong = Vec::new();
        match answered {
            Err(failure) if is_refused => assert_eq!(failure.code, "refused", "{failure}"),
            Err(failure) => wrong.push(format!("refused: {failure}")),
            Ok(_) if is_refused => wrong.push("it is not refused".to_owned()),
            Ok(answer) => {
                self.last = serde_json::from_str(&answer).unwrap();
                let done = want["done"] == true;
                if self.last["at"]["done"] != done {
                    wrong.push(format!("it is done: {}", !done));
                }
            }
        }
        let of_kind = |kind: &str| {
            let effects = self.last["effects"].as_array().into_iter().flatten();
            effects.filter(|effect| effect["kind"] == kind).cloned().collect::<Vec<_>>()
        };
        let sent = if is_refused { Vec::new() } else { of_kind("send") };
        let sent: Vec<Value> = sent.iter().map(|effect| effect["name"].clone()).collect();
        let json_in = |text: &Value| serde_json::from_str(text.as_str().unwrap_or("null")).unwrap();
        let output = of_kind("done").first().map_or(Value::Null, |effect| json_in(&effect["data"]));
        for (name, found) in [
            ("states", self.last["at"]["states"].clone()),
            ("data", json_in(&self.last["at"]["data"])),
            ("effects", Value::Array(sent)),
            ("output", output),
        ] {
            if want.get(name).is_some_and(|want| !holds(want, &found)) {
                wrong.push(format!("{name} {found}, wanted {}", want[name]));
            }
        }
        self.wrong.extend(wrong.into_iter().map(|wrong| format!("{at}: {wrong}")));
    }
}

#[test]
fn every_scenario_of_the_examples_goes_as_it_says() {
    let (mut wrong, mut steps) = (Vec::new(), 0);
    for (name, scenario) in scenarios() {
        let mut case = Case { chart: open(&scenario), last: Value::Null, wrong: Vec::new() };
        let mut now = parse_instant(scenario["now"].as_str().unwrap()).unwrap();
        let data = scenario.get("data").cloned().unwrap_or_else(|| json!({}));
        let start =
            json!({ "op": "start_session", "id": "case", "data": data, "now": now.to_string() });
        case.tell(&format!("{name}: start"), &start, &scenario["want"]);
        for (number, step) in scenario["steps"].as_array().unwrap().iter().enumerate() {
            steps += 1;
            if let Some(at) = step["at"].as_str() {
                now = parse_instant(at).unwrap();
            }
            if let Some(wait) = step["after"].as_str() {
                now = wait.parse::<Duration>().unwrap().after(now).unwrap();
            }
            let mut call = json!({ "session": case.last["at"]["session"], "now": now.to_string() });
            call["op"] = json!("advance_session");
            if let Some(event) = step.get("event") {
                call["op"] = json!("step_session");
                call["event"] = event.clone();
                if let Some(data) = step.get("data") {
                    call["data"] = data.clone();
                }
            }
            let at = format!("{name}: step {number} at {}", format_instant(now));
            case.tell(&at, &call, &step["want"]);
        }
        wrong.extend(case.wrong);
    }
    println!("scenarios: {} with {steps} steps", scenarios().len());
    assert!(steps > 300 && wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nothing_in_the_examples_is_probably_wrong() {
    for (name, scenario) in scenarios() {
        let found: Vec<String> =
            open(&scenario).lint(None).into_iter().map(|finding| finding.message).collect();
        assert_eq!(found, Vec::<String>::new(), "{name}");
    }
}

/// The driver notices what is wrong: a scenario that wants something else fails.
#[test]
fn a_changed_scenario_is_noticed() {
    let (_, scenario) = scenarios().into_iter().next().unwrap();
    let call = json!({ "op": "start_session", "id": "case", "data": scenario["data"], "now": "1" });
    for want in [
        json!({ "states": ["elsewhere"] }),
        json!({ "effects": ["other"] }),
        json!({ "done": true }),
        json!({ "refused": true }),
        json!({ "data": { "party": "other" } }),
        json!({ "output": { "status": "verified" } }),
    ] {
        let mut case = Case { chart: open(&scenario), last: Value::Null, wrong: Vec::new() };
        case.tell("start", &call, &want);
        assert_eq!(case.wrong.len(), 1, "{want}");
    }
}
