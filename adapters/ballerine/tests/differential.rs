//! Definitions run as Ballerine runs them, and imported: the same states, the same contexts, and the same is asked of the host.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use thalium::kyc::chart::{Effect, Event, Session, Step};
use thalium::kyc::{Definition, Surroundings};
use thalium::value::Value;
use thalium_ballerine::{Mode, import};

#[test]
fn differential() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(here.join("tests/cases.json")).unwrap();
    let cases = Value::from_json(&text).unwrap();
    let cases = cases.as_array().unwrap();
    // What is imported runs, whether there is something to compare it with or not.
    let own: Vec<_> = cases.iter().map(|case| std::panic::catch_unwind(|| run(case))).collect();
    let folder = std::env::var_os("THALIUM_BALLERINE")
        .map_or_else(|| here.join("../../target/peers/ballerine"), PathBuf::from);
    assert!(own.iter().all(Result::is_ok) || folder.is_dir(), "some cases do not run");
    if !folder.join("node_modules").is_dir() {
        println!(
            "ballerine: skipped: run `npm ci` with tests/oracle/package-lock.json in {} or set THALIUM_BALLERINE",
            folder.display()
        );
        return;
    }
    let Some(theirs) = oracle(here, &folder, &text) else { return };
    let mut passed = 0;
    let mut failures = Vec::new();
    for ((case, own), theirs) in cases.iter().zip(&own).zip(theirs.as_array().unwrap()) {
        let compared = match own {
            Ok(own) => compare(case, own, theirs),
            Err(_) => Err("it panicked".to_owned()),
        };
        match compared {
            Ok(()) => passed += 1,
            Err(reason) => failures.push(format!("{}: {reason}", name(case))),
        }
    }
    println!("ballerine: {passed}/{}", cases.len());
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn name(case: &Value) -> &str {
    case.get_str("name").and_then(Value::as_str).unwrap()
}

/// What Ballerine makes of the cases; none if there is no Node.
fn oracle(here: &Path, folder: &Path, cases: &str) -> Option<Value> {
    let folder = folder.canonicalize().unwrap();
    let node = Command::new("node")
        .arg(here.join("tests/oracle/run.mjs"))
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut node) = node else {
        println!("ballerine: skipped: there is no `node`");
        return None;
    };
    node.stdin.take().unwrap().write_all(cases.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the oracle failed");
    Some(Value::from_json(&String::from_utf8(output.stdout).unwrap()).unwrap())
}

/// The case after an event: its states, its context, and what the host was asked for.
struct Stage {
    states: Vec<String>,
    context: Value,
    calls: Vec<Value>,
}

/// Runs a case as it was imported.
fn run(case: &Value) -> Vec<Stage> {
    let text = case.get_str("definition").unwrap().to_json();
    let imported =
        import(&text, Mode::Lenient).unwrap_or_else(|errors| panic!("{}: {errors:?}", name(case)));
    let mut told: Vec<&str> = imported.leniencies.iter().map(|own| own.rule).collect();
    told.sort_unstable();
    let mut wanted: Vec<_> = case
        .get_str("lenient")
        .and_then(Value::as_array)
        .unwrap_or(&[])
        .iter()
        .filter_map(Value::as_str)
        .collect();
    wanted.sort_unstable();
    assert_eq!(told, wanted, "{}: {:?}", name(case), imported.leniencies);
    assert_eq!(import(&text, Mode::Strict).is_err(), !wanted.is_empty(), "{}", name(case));
    let surroundings = Surroundings { dialect: imported.dialect, ..Surroundings::default() };
    let definition = Definition::load(imported.chart, imported.others, surroundings).unwrap();
    let answers = case.get_str("answers").and_then(Value::as_object);
    let queues = answers.into_iter().flat_map(|answers| answers.iter()).map(|(plugin, all)| {
        (plugin.as_str().unwrap().to_owned(), all.as_array().unwrap().iter().cloned().collect())
    });
    let mut host = Host {
        definition: &definition,
        answers: queues.collect(),
        helpers: case.get_str("helpers").cloned().unwrap_or(Value::Null),
        session: None,
        calls: Vec::new(),
    };
    host.take(definition.start("case-1", 0, &Value::Null).unwrap());
    let mut stages = Vec::new();
    for event in case.get_str("events").and_then(Value::as_array).unwrap() {
        let name = event.get_str("type").and_then(Value::as_str).unwrap();
        host.calls.clear();
        let mut told = Event::named(name);
        told.data = event.get_str("payload").cloned();
        host.tell(told);
        let session = host.session.as_ref().unwrap();
        stages.push(Stage {
            states: definition.program().atomic(session).map(outer).collect(),
            context: session.data().clone(),
            calls: host.calls.clone(),
        });
    }
    stages
}

/// The state of the definition that a state of the chart stands for.
fn outer(state: &str) -> String {
    let end = [".run.", ".ask.", ".waiting"].iter().filter_map(|part| state.find(part)).min();
    let state = &state[..end.unwrap_or(state.len())];
    state.rsplit('.').next().unwrap().to_owned()
}

/// Answers what a chart asks for, as the interfaces would.
struct Host<'d> {
    definition: &'d Definition,
    answers: BTreeMap<String, VecDeque<Value>>,
    helpers: Value,
    session: Option<Session>,
    calls: Vec<Value>,
}

impl Host<'_> {
    fn tell(&mut self, event: Event) {
        let session = self.session.clone().unwrap();
        // A case that has ended takes nothing.
        if let Ok(step) = self.definition.step(&session, event, 1) {
            self.take(step);
        }
    }

    fn take(&mut self, step: Step) {
        assert!(
            step.faults.iter().all(|(_, fault)| fault.contains("argument")),
            "{:?}",
            step.faults
        );
        self.session = Some(step.session);
        for effect in step.effects {
            match effect {
                Effect::Invoke { id, kind, src, data, .. } => {
                    self.serve(&id, &kind, &src.unwrap(), &data.unwrap());
                }
                Effect::Send { message, .. } => {
                    let data = message.data.clone().unwrap();
                    let plugin = data.get_str("name").and_then(Value::as_str).unwrap().to_owned();
                    self.call(&plugin, &data);
                    // Nobody hears it.
                    let _ = self.answer(&plugin);
                }
                _ => {}
            }
        }
    }

    fn serve(&mut self, id: &str, kind: &str, plugin: &str, data: &Value) {
        let told = match kind {
            "transformer" => Ok(self.helpers.get_str(plugin).cloned().unwrap()),
            "iterative" => self.for_each(data),
            "child-workflows" => match data.get_str("contexts").and_then(Value::as_array) {
                Some(contexts) => {
                    let definition = data.get_str("definitionId").unwrap();
                    for context in contexts {
                        let mut fields = vec![
                            ("plugin", definition.clone()),
                            ("method", Value::from("child")),
                            ("request", context.clone()),
                        ];
                        fields.extend(data.get_str("event").map(|event| ("event", event.clone())));
                        self.calls.push(Value::fields(fields));
                    }
                    Ok(Value::Null)
                }
                None => Err(NO_LIST.to_owned()),
            },
            _ => {
                self.call(plugin, data);
                self.answer(plugin)
            }
        };
        let (name, data) = match told {
            Ok(answer) => (format!("done.invoke.{id}"), answer),
            Err(why) => (format!("error.invoke.{id}"), Value::from(why)),
        };
        let event = Event { invoke_id: Some(id.to_owned()), ..Event::named(name).with(data) };
        self.tell(event);
    }

    fn for_each(&mut self, data: &Value) -> Result<Value, String> {
        let requests = data.get_str("request").and_then(Value::as_array).ok_or(NO_LIST)?;
        let urls = data.get_str("url").and_then(Value::as_array).unwrap();
        let plugin = data.get_str("plugin").and_then(Value::as_str).unwrap();
        for (request, url) in requests.iter().zip(urls) {
            let one = Value::fields([
                ("url", url.clone()),
                ("method", data.get_str("method").unwrap().clone()),
                ("request", request.clone()),
            ]);
            self.call(plugin, &one);
            self.answer(plugin).unwrap();
        }
        Ok(Value::Null)
    }

    fn call(&mut self, plugin: &str, data: &Value) {
        let method = data.get_str("method").unwrap().clone();
        let request = data.get_str("request").unwrap().clone();
        let is_query = method.as_str() == Some("GET");
        let mut fields = vec![
            ("plugin", Value::from(plugin)),
            ("method", method),
            ("url", data.get_str("url").unwrap().clone()),
            (if is_query { "query" } else { "request" }, request),
        ];
        if let Some(header) = data.get_str("headers").and_then(|headers| headers.get_str("x-case"))
        {
            fields.push(("header", header.clone()));
        }
        self.calls.push(Value::fields(fields));
    }

    fn answer(&mut self, plugin: &str) -> Result<Value, String> {
        let queue = self.answers.entry(plugin.to_owned()).or_default();
        let answer = if queue.len() > 1 { queue.pop_front() } else { queue.front().cloned() };
        let Some(answer) = answer else { return Ok(Value::object([])) };
        if let Some(why) = answer.get_str("unreachable") {
            return Err(why.as_str().unwrap().to_owned());
        }
        let status = answer.get_str("status").and_then(Value::as_number).unwrap().to_i64().unwrap();
        let body = answer.get_str("body").unwrap();
        match status {
            202 | 204 => Ok(Value::fields([("statusCode", Value::from(status))])),
            200..300 => Ok(body.clone()),
            _ => {
                let text = answer.get_str("text").and_then(Value::as_str).unwrap_or("");
                Err(format!("Request Failed: {text} Error: {}", body.to_json()))
            }
        }
    }
}

const NO_LIST: &str = "Iterative plugin could not find iterate on param";

fn compare(case: &Value, own: &[Stage], theirs: &Value) -> Result<(), String> {
    let steps = theirs.get_str("steps").and_then(Value::as_array);
    let steps = steps.ok_or_else(|| format!("Ballerine refuses it: {}", theirs.to_json()))?;
    for (nth, (own, theirs)) in own.iter().zip(steps).enumerate() {
        let nth = nth + 1;
        let mut states = Vec::new();
        leaves(theirs.get_str("state").unwrap(), &mut states);
        let mut own_states = own.states.clone();
        states.sort();
        own_states.sort();
        if states != own_states {
            return Err(format!(
                "after event {nth} it is in {own_states:?}, and there in {states:?} ({})",
                theirs.to_json()
            ));
        }
        let ignored = case.get_str("ignore").and_then(Value::as_array).unwrap_or(&[]);
        let is_ignored =
            |name: &Value| ignored.contains(name) || name.as_str() == Some("workflowRuntimeId");
        let (context, there) = (
            kept(&own.context, &is_ignored),
            kept(theirs.get_str("context").unwrap(), &is_ignored),
        );
        if context != there {
            return Err(format!(
                "after event {nth} its context is {}, and there {}",
                context.to_json(),
                there.to_json()
            ));
        }
        let calls: Vec<Value> = theirs.get_str("calls").and_then(Value::as_array).unwrap().to_vec();
        if case.get_str("requests").is_some() {
            // What the plugin makes of it is the host's.
            let names = |calls: &[Value]| {
                calls.iter().map(|call| call.get_str("plugin").cloned()).collect::<Vec<_>>()
            };
            if names(&calls) != names(&own.calls) {
                return Err(format!("at event {nth} it asks for other things"));
            }
        } else if calls != own.calls {
            return Err(format!(
                "at event {nth} it asks for {}, and there {}",
                Value::array(own.calls.clone()).to_json(),
                Value::array(calls).to_json()
            ));
        }
    }
    Ok(())
}

/// The names of the innermost states.
fn leaves(state: &Value, found: &mut Vec<String>) {
    match state {
        Value::String(name) => found.push(name.to_string()),
        Value::Object(fields) => {
            for (key, inner) in fields.iter() {
                if inner.is_empty() && inner.as_str().is_none() {
                    found.push(key.as_str().unwrap().to_owned());
                } else {
                    leaves(inner, found);
                }
            }
        }
        _ => {}
    }
}

/// A context without what is null: there it is not there.
fn kept(context: &Value, is_ignored: &dyn Fn(&Value) -> bool) -> Value {
    match context {
        Value::Object(fields) => {
            let kept =
                fields.iter().filter(|(key, value)| **value != Value::Null && !is_ignored(key));
            Value::object(kept.map(|(key, value)| (key.clone(), kept_inner(value))))
        }
        other => other.clone(),
    }
}

fn kept_inner(value: &Value) -> Value {
    kept(value, &|_| false)
}
