//! The vectors of `core/vectors`: what every language has to answer, here through the facade as plain data.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use thalium::audit::merkle;
use thalium_host::wire::{self, OPERATIONS, Operation, Surface};
use thalium_host::{Device, Genesis, Options, Thalium};

/// What is written for people, and may be worded otherwise.
const WORDED: [&str; 2] = ["reason", "message"];

/// Stands for what the step before answered: its request, or all of it.
const LAST: &str = "$last";

/// The operations whose answers are of this machine and this run.
const OF_THE_MACHINE: [&str; 12] = [
    "health",
    "metrics",
    "drain",
    "rotate_keys",
    "rewrap_keys",
    "check_keys",
    "export_table",
    "import_tables",
    "import_blnk",
    "party_page",
    "rotate_subject_keys",
    "check_subject_keys",
];

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/vectors");
    let in_folder = |folder: PathBuf| {
        let found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> =
            found.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
        files.sort();
        assert!(!files.is_empty());
        files
    };
    let inner = ["device", "decisions", "cases", "collecting"].map(|name| folder.join(name));
    [folder].into_iter().chain(inner).flat_map(in_folder).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A value without what is worded and what is null.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields
                .into_iter()
                .filter(|(name, value)| !WORDED.contains(&name.as_str()) && !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, plain(value))).collect())
        }
        Value::Array(values) => values.into_iter().map(plain).collect(),
        value => value,
    }
}

/// Where two values differ.
fn difference(at: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            let null = Value::Null;
            names.into_iter().find_map(|name| {
                let (a, b) = (a.get(name).unwrap_or(&null), b.get(name).unwrap_or(&null));
                difference(&format!("{at}.{name}"), a, b)
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(index, (a, b))| difference(&format!("{at}[{index}]"), a, b))
        }
        _ if expected == found => None,
        _ => Some(format!("{at}: expected {expected}, found {found}")),
    }
}

fn is_of_device(call: &Value) -> bool {
    let named = |operation: &&Operation| call["op"] == operation.name;
    OPERATIONS.iter().find(named).is_some_and(|operation| operation.surface == Surface::Device)
}

/// Runs a scenario, and tells the differences.
fn run(vector: &Value) -> Vec<String> {
    let tenant = vector["tenant"].as_str().unwrap_or("default").to_owned();
    let genesis = Genesis { tenant, ..Genesis::default() };
    let seed = vector["seed"].as_str().map(|seed| merkle::from_hex(seed).unwrap());
    let options = Options { genesis, insecure_seed: seed, ..Options::default() };
    let t = Thalium::open_with("memory:", options).unwrap();
    let device = Device::open("memory:").unwrap();
    let (mut differences, mut last) = (Vec::new(), Value::Null);
    for (number, step) in vector["steps"].as_array().unwrap().iter().enumerate() {
        let mut call = step["call"].clone();
        // What a device sends and what it is told is what the step before answered.
        for name in ["request", "reply"] {
            if call[name] == LAST {
                call[name] = last.clone();
            }
        }
        let answered = match is_of_device(&call) {
            true => wire::device(&device, &call.to_string()),
            false => wire::call(&t, &call.to_string()),
        };
        let found = match answered {
            Ok(answer) => {
                let answer: Value = serde_json::from_str(&answer).unwrap();
                last = answer.get("request").unwrap_or(&answer).clone();
                json!({ "answer": answer })
            }
            Err(failure) => json!({ "failure": failure }),
        };
        let mut expected = step.as_object().unwrap().clone();
        expected.remove("call");
        let at = format!("step {number}");
        let expected = plain(Value::Object(expected));
        differences.extend(difference(&at, &expected, &plain(found)));
    }
    let root: Value = serde_json::from_str(&wire::call(&t, r#"{"op":"root"}"#).unwrap()).unwrap();
    let check: Value = serde_json::from_str(&wire::call(&t, r#"{"op":"check"}"#).unwrap()).unwrap();
    let mut end = Map::new();
    end.extend(root.as_object().unwrap().clone());
    end.extend(check.as_object().unwrap().clone());
    differences.extend(difference("end", &vector["end"], &Value::Object(end)));
    differences
}

#[test]
fn every_vector_is_answered() {
    let mut wrong = Vec::new();
    let mut steps = 0;
    for path in files() {
        let vector = read(&path);
        steps += vector["steps"].as_array().unwrap().len();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        wrong.extend(run(&vector).into_iter().map(|why| format!("{name}: {why}")));
    }
    println!("vectors: {} files, {steps} steps", files().len());
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

fn files_of(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/vectors").join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What was expected of a call, and what came of it.
fn compared(at: &str, step: &Value, answered: Result<String, wire::Failure>) -> Option<String> {
    let found = match answered {
        Ok(answer) => json!({ "answer": serde_json::from_str::<Value>(&answer).unwrap() }),
        Err(failure) => json!({ "failure": failure }),
    };
    let mut expected = step.as_object().unwrap().clone();
    expected.retain(|name, _| name == "answer" || name == "failure");
    difference(at, &plain(Value::Object(expected)), &plain(found))
}

/// Stands for the session that was answered last.
const SESSION: &str = "$session";

/// What a folder's handles answer otherwise than its vectors say, and how many steps there are: each vector opens one and asks it, or has some that
/// are refused.
fn asked<T>(
    folder: &str,
    open: impl Fn(&str) -> Result<T, wire::Failure>,
    ask: impl Fn(&T, &str) -> Result<String, wire::Failure>,
) -> (Vec<String>, usize) {
    let (mut wrong, mut steps) = (Vec::new(), 0);
    for path in files_of(folder) {
        let vector = read(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (number, one) in vector["refused"].as_array().into_iter().flatten().enumerate() {
            let answered = open(&one["open"].to_string()).map(|_| "{}".to_owned());
            wrong.extend(compared(&format!("{name}: refused {number}"), one, answered));
            steps += 1;
        }
        let Some(asked) = vector["steps"].as_array() else { continue };
        let handle = open(&vector["open"].to_string()).unwrap();
        let mut session = Value::Null;
        for (number, step) in asked.iter().enumerate() {
            let mut call = step["call"].clone();
            if call["session"] == SESSION {
                call["session"] = session.clone();
            }
            let answered = ask(&handle, &call.to_string());
            if let Ok(answer) = &answered {
                let answer: Value = serde_json::from_str(answer).unwrap();
                let held = answer.pointer("/at/session").or_else(|| answer.get("session"));
                session = held.cloned().unwrap_or(session);
            }
            wrong.extend(compared(&format!("{name}: step {number}"), step, answered));
            steps += 1;
        }
    }
    println!("{folder}: {steps} steps");
    (wrong, steps)
}

/// A bundle and what is asked of it; or bundles that are refused.
#[test]
fn every_policy_answers() {
    let (wrong, steps) = asked("policy", wire::open_policy, wire::policy);
    assert!(steps > 30 && wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// A chart and the sessions that run on it; or charts that are refused.
#[test]
fn every_chart_answers() {
    let (wrong, steps) = asked("charts", wire::open_chart, wire::chart);
    assert!(steps > 50 && wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_operation_has_a_vector() {
    let mut called = BTreeSet::new();
    for path in [files(), files_of("policy"), files_of("charts")].concat() {
        for step in read(&path)["steps"].as_array().into_iter().flatten() {
            if step.get("answer").is_some() {
                called.insert(step["call"]["op"].as_str().unwrap().to_owned());
            }
        }
    }
    let missing: Vec<_> = OPERATIONS
        .iter()
        .filter(|operation| operation.surface != Surface::Files)
        .map(|operation| operation.name)
        .filter(|name| !OF_THE_MACHINE.contains(name) && !called.contains(*name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// A driver that takes anything for right would pass as well: so every expected value is changed, one at a time.
#[test]
fn a_changed_value_is_noticed() {
    let vector = read(&files()[0]);
    let mut changed = 0;
    for (number, step) in vector["steps"].as_array().unwrap().iter().enumerate() {
        for part in ["answer", "failure"] {
            let mut paths = Vec::new();
            leaves(step.get(part).unwrap_or(&Value::Null), String::new(), &mut paths);
            for path in paths {
                let mut other = vector.clone();
                let leaf = other["steps"][number][part].pointer_mut(&path).unwrap();
                *leaf = match &*leaf {
                    Value::Bool(value) => json!(!value),
                    Value::Number(_) => json!("changed"),
                    _ => json!(1),
                };
                assert!(!run(&other).is_empty(), "step {number} {part}{path}");
                changed += 1;
            }
        }
    }
    for name in ["events", "root", "state_hash"] {
        let mut other = vector.clone();
        other["end"][name] = json!("changed");
        assert!(!run(&other).is_empty(), "end {name}");
    }
    assert!(changed > 10);
}

fn leaves(value: &Value, at: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(value, format!("{at}/{name}"), paths));
        }
        Value::Array(values) => {
            values
                .iter()
                .enumerate()
                .for_each(|(i, value)| leaves(value, format!("{at}/{i}"), paths));
        }
        Value::Null => {}
        _ => paths.push(at),
    }
}
